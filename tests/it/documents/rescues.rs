//! What goes wrong on Double 11, and what is bought against it.

use surgecast::experiment::summary::Summary;

use super::{DAYS, Hour, hours, options, value, within};

/// Days where many options are put in order.
const FEW: u32 = 8;

fn from_midnight(summary: &Summary) -> Hour {
    hours(summary)["11T00"]
}

#[test]
fn an_outage_at_midnight_costs_the_hour_and_a_fallback_saves_half() {
    let names = ["", "no_outage", "fallback"];
    let every = options("bot-outage.toml", &names, &[], DAYS);
    let lost = |name: &str| value(&every[name], "abandonment_rate");
    let midnight = from_midnight(&every[""]);
    within("wait, bot down", midnight.mean_wait(), 225.0, 275.0);
    within("lost in the hour", midnight.lost(), 0.75, 0.85);
    within("lost, bot down", lost(""), 0.20, 0.27);
    let midnight = from_midnight(&every["fallback"]);
    within("wait, fallback", midnight.mean_wait(), 110.0, 140.0);
    within("lost, fallback", lost("fallback"), 0.09, 0.13);
    within("lost, no outage", lost("no_outage"), 0.02, 0.035);
}

#[test]
fn every_rescue_helps_a_night_without_the_bot_and_none_is_as_good_as_the_bot() {
    let names = ["", "no_outage", "fallback", "until_two", "quota", "planned", "reserve"];
    let night = [("run.duration", "8h"), ("run.drain", "1h")];
    let every = options("bot-outage.toml", &names, &night, FEW);
    let lost = |name: &str| value(&every[name], "abandonment_rate");
    for milder in ["quota", "planned", "fallback", "reserve"] {
        assert!(lost("no_outage") < lost(milder), "{milder}");
        assert!(lost(milder) < lost(""), "{milder}");
    }
    assert!(lost("fallback") < lost("reserve"));
    let people = |name: &str| value(&every[name], "abandoned");
    assert!(people("") < people("until_two"));
    let second_hour = |name: &str| hours(&every[name])["11T01"].mean_wait();
    within("wait after recovery", second_hour(""), 0.0, 1.0);
    within("wait, still down", second_hour("until_two"), 30.0, 120.0);
    let paid = cost(&every["reserve"]) - cost(&every[""]);
    within("the reserve", paid, 5_900.0, 6_100.0);
}

fn cost(summary: &Summary) -> f64 {
    let known = |group: &str| summary.figure(&format!("groups.{group}.cost"));
    let groups = ["chat", "temps", "reserve"].into_iter();
    groups.filter_map(|group| known(group)?.estimate.value).sum()
}

#[test]
fn temps_cost_three_times_the_bot_and_serve_worse_and_both_together_serve_best() {
    let every = options("temp-vs-bot.toml", &["", "bot", "both"], &[], DAYS);
    let (temps, bot, both) = (&every[""], &every["bot"], &every["both"]);
    let wait = |summary| value(summary, "wait.mean");
    let lost = |summary| value(summary, "abandonment_rate");
    within("wait, temps", wait(temps), 5.0, 10.0);
    within("wait, bot", wait(bot), 2.0, 6.0);
    within("wait, both", wait(both), 1.0, 3.0);
    within("lost, temps", lost(temps), 0.04, 0.07);
    within("lost, bot", lost(bot), 0.02, 0.035);
    within("lost, both", lost(both), 0.01, 0.02);

    within("cost, temps", cost(temps), 300_000.0, 350_000.0);
    within("cost, bot", cost(bot), 65_000.0, 75_000.0);
    within("cost of 40 temps", cost(both) - cost(bot), 12_000.0, 14_000.0);
    let with_sessions = |summary| cost(summary) + 0.30 * value(summary, "bot.sessions");
    assert!(with_sessions(bot) * 3.0 < cost(temps));
    assert!(wait(both) < wait(bot) && wait(bot) < wait(temps));
}
