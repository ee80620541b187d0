//! Beyond the festivals: local teams over a change of clocks, an ordinary fortnight, and the internet.

use surgecast::experiment::summary::Summary;
use surgecast::format::SourceText;
use surgecast::model::Model;
use surgecast::scenario::parse;

use super::{Shipped, options, results_of, run, shown, source, value, within};

/// Clock of each interval, as in `24T20:30`, with a figure of it.
fn by_clock(summary: &Summary, path: &str) -> Vec<(String, f64)> {
    let each = summary.intervals.iter().map(|interval| {
        let clock = interval.clock.as_deref().expect("the scenario has a start");
        let figure = interval.figure(path).and_then(|it| it.estimate.value);
        (clock[8..16].to_owned(), figure.unwrap_or(0.0))
    });
    each.collect()
}

/// Where the figure rises from 0.
fn begins(summary: &Summary, path: &str) -> Vec<String> {
    let values = by_clock(summary, path);
    let pairs = values.windows(2);
    pairs.filter(|pair| pair[0].1 == 0.0 && pair[1].1 > 0.0).map(|pair| pair[1].0.clone()).collect()
}

#[test]
fn teams_start_by_their_own_clocks_while_only_europe_sets_them_back() {
    let summary = results_of("cross-border.toml", &[], 2);
    let begin = |team: &str| begins(&summary, &format!("groups.{team}.staffed"));
    // 14:00 in Berlin: 6 h behind China, and 7 h behind from 25 October 09:00 on.
    assert_eq!(begin("central_europe"), ["24T20:00", "25T21:00", "26T21:00"]);
    assert_eq!(begin("latin_america"), ["24T03:00", "25T03:00", "26T03:00"]);
    assert_eq!(begin("manila"), ["24T14:00", "25T14:00", "26T14:00"]);

    // Full strength in the first half hour, before any break.
    let staffed = by_clock(&summary, "groups.central_europe.staffed");
    for clock in ["24T20:00", "25T21:00", "26T21:00"] {
        let (_, agents) = staffed.iter().find(|(at, _)| at == clock).expect("an interval");
        within(clock, *agents, 16.0, 16.0);
    }
}

#[test]
fn european_customers_come_an_hour_later_by_the_clock_of_china_when_clocks_are_set_back() {
    let summary = results_of("cross-border.toml", &[("run.busyness", "0")], 10);
    let arrivals = by_clock(&summary, "contacts.european.arrivals");
    let from = |clock: &str, count: usize| -> f64 {
        let first = arrivals.iter().position(|(at, _)| at == clock).expect("an interval");
        arrivals[first..first + count].iter().map(|(_, number)| number).sum()
    };
    // From 20:00 to 23:00 in Berlin: 21 % of 2,160 in a day, 450, give or take 7.
    within("evening of the 23rd", from("24T02:00", 6), 430.0, 470.0);
    within("evening of the 24th", from("25T02:00", 6), 430.0, 470.0);
    within("evening of the 25th", from("26T03:00", 6), 430.0, 470.0);
    // The hour before, 19:00 in Berlin, has 5.6 %.
    assert!(from("26T02:00", 2) < 0.9 * from("25T02:00", 2));
}

#[test]
fn a_profile_follows_the_clock_of_the_run_when_it_is_set_back() {
    let text = r#"
[run]
start = 2026-10-24T00:00:00
timezone = "Europe/Berlin"
duration = "49h"
interval = "1h"

[profiles.evening]
interval = "1h"
weights = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]

[contacts.chat]
rate = "600/h"
profile = "evening"
handling = { fixed = { value = "1s" } }

[groups.team]
skills = ["chat"]
staff = [{ from = "00:00", agents = 0 }, { from = "21:00", agents = 5 }, { from = "22:00", agents = 0 }]
"#;
    let parsed = shown(parse(SourceText::new("clocks.toml", text), &[], &Shipped));
    let summary = run(&Model::compile(&parsed.scenario), 5);
    let busy: Vec<usize> = (0..49)
        .filter(|hour| {
            let arrivals = summary.intervals[*hour].figure("arrivals");
            arrivals.and_then(|it| it.estimate.value).unwrap_or(0.0) > 0.0
        })
        .collect();
    // A day of 25 hours lies between 21:00 and 21:00.
    assert_eq!(busy, [21, 46]);
    assert_eq!(begins(&summary, "groups.team.staffed"), ["24T21:00", "25T21:00"]);
    within("answered at once", value(&summary, "wait.max"), 0.0, 5.0);
}

#[test]
fn local_teams_behind_a_bot_answer_in_minutes_what_one_hub_leaves_for_the_next_day() {
    let names = ["", "hub", "hub_with_bot"];
    let every = options("cross-border.toml", &names, &[], 5);
    let service = |name: &str| value(&every[name], "service_level");
    within("in 3 minutes, teams", service(""), 0.55, 0.65);
    within("in 3 minutes, hub", service("hub"), 0.06, 0.12);
    within("in 3 minutes, hub and bot", service("hub_with_bot"), 0.20, 0.28);
    let lost = |name: &str| value(&every[name], "abandonment_rate");
    within("lost, teams", lost(""), 0.09, 0.13);
    within("lost, hub", lost("hub"), 0.25, 0.31);
    within("lost, hub and bot", lost("hub_with_bot"), 0.19, 0.25);

    let hours = [("service_level.answer_within", "4h")];
    let every = options("cross-border.toml", &names, &hours, 5);
    let next_day = |name: &str| 1.0 - value(&every[name], "service_levels.answered_only");
    within("next day, teams", next_day(""), 0.10, 0.20);
    within("next day, hub", next_day("hub"), 0.65, 0.77);
    assert!(next_day("") < next_day("hub_with_bot"));
    assert!(next_day("hub_with_bot") < next_day("hub"));
}

#[test]
fn a_bot_that_solves_four_fifths_of_the_routine_saves_two_fifths_of_the_work() {
    let names = ["", "no_bot", "false_quarter", "half"];
    let every = options("retail-routine.toml", &names, &[("run.duration", "7d")], 3);
    let work = |name: &str| value(&every[name], "groups.team.busy_hours");
    let saved = |name: &str| 1.0 - work(name) / work("no_bot");
    within("saved", saved(""), 0.34, 0.39);
    within("saved, one in four false", saved("false_quarter"), 0.29, 0.34);
    within("saved, half", saved("half"), 0.25, 0.31);
    for option in ["", "no_bot"] {
        within(option, value(&every[option], "service_level"), 0.90, 1.0);
    }
    within("routine", value(&every[""], "contacts.routine.deflection_rate"), 0.79, 0.81);
}

/// A thousandth of the internet: rates and seats, with at least one seat in each group.
fn a_thousandth() -> String {
    let text = String::from_utf8(source("internet-scale.toml").bytes).expect("text");
    let mut small = String::new();
    for line in text.lines() {
        let scaled = |key: &str| -> Option<f64> {
            let rest = line.split_once(key)?.1;
            let digits = rest.trim_end_matches(|it: char| !it.is_ascii_digit());
            digits.replace('_', "").parse().ok()
        };
        let line = if let Some(daily) = scaled("daily = ") {
            format!("daily = {}", daily / 1000.0)
        } else if let Some(agents) = scaled("agents = ") {
            let head = line.split_once("agents").expect("it has agents").0;
            format!("{head}agents = {} }},", (agents / 1000.0).ceil())
        } else {
            line.to_owned()
        };
        small.push_str(&line);
        small.push('\n');
    }
    small
}

#[test]
fn a_thousandth_of_the_internet_keeps_its_shares_and_loses_its_pooling() {
    let source = SourceText::new("internet-scale.toml", a_thousandth());
    let parsed = shown(parse(source, &[], &Shipped));
    let summary = run(&Model::compile(&parsed.scenario), 2);
    let arrivals = value(&summary, "arrivals");
    within("arrivals", arrivals, 76_000.0, 84_000.0);
    let carried = (value(&summary, "deflected") + value(&summary, "bot_abandoned")) / arrivals;
    within("carried", carried, 0.92, 0.94);
    within("resolved", value(&summary, "automation_rate"), 0.75, 0.85);
    assert_eq!(summary.groups.len(), 60);
    within("lost", value(&summary, "abandonment_rate"), 0.0, 0.03);

    // 352 seat hours would be a thousandth; each group has one seat at least.
    let hours = |group: &str| value(&summary, &format!("groups.{group}.scheduled_hours"));
    let seats: f64 = summary.groups.iter().map(|group| hours(&group.name)).sum();
    within("seat hours", seats, 3.5 * 352.5, 4.5 * 352.5);
}
