//! The two festivals: Double 11 with its counterfactual and its options, and 618.

use surgecast::compare::{self, Contender, Settings, Standing, StopWhen};
use surgecast::experiment::summary::Summary;
use surgecast::experiment::{Control, Options};
use surgecast::model::Model;
use surgecast::scenario::parse_every;

use super::{DAYS, Shipped, hours, results, shown, source, value, within, worst};

#[test]
fn double_11_holds_with_the_bot_and_shows_what_is_carried_and_what_is_resolved() {
    let summary = results("double11.toml", &[("service_level.answer_within", "3m")]);
    let arrivals = value(&summary, "arrivals");
    within("arrivals", arrivals, 95_000.0, 125_000.0);
    let carried = (value(&summary, "deflected") + value(&summary, "bot_abandoned")) / arrivals;
    within("carried", carried, 0.75, 0.80);
    let resolved = value(&summary, "resolution_rate");
    within("resolved, of the sessions", resolved, 0.70, 0.74);
    assert!(resolved < carried);
    within("mean wait", value(&summary, "wait.mean"), 2.0, 15.0);
    within("in 3 minutes", value(&summary, "service_level"), 0.95, 1.0);
    within("lost", value(&summary, "abandonment_rate"), 0.0, 0.03);

    let hours = hours(&summary);
    let (name, midnight) = worst(&hours);
    assert_eq!(name, "11T00");
    within("worst hour", midnight.mean_wait(), 10.0, 40.0);
    let days = summary.figure("wait.mean").and_then(|figure| figure.days);
    let days = days.expect("a figure of the day");
    assert!(days.p95 > 3.0 * days.p50, "{days:?}");
}

#[test]
fn double_11_fails_with_the_same_seats_and_no_bot() {
    let overrides = [("service_level.answer_within", "3m")];
    let summary = results("double11-human-only.toml", &overrides);
    within("mean wait", value(&summary, "wait.mean"), 200.0, 250.0);
    within("lost", value(&summary, "abandonment_rate"), 0.70, 0.78);
    let load = value(&summary, "offered") / value(&summary, "arrivals");
    within("offered over demand", load, 1.5, 1.7);
    within("in 3 minutes", value(&summary, "service_level"), 0.0, 0.15);
    assert!(summary.figure("bot.sessions").is_some());
    within("sessions", value(&summary, "bot.sessions"), 0.0, 0.0);
}

#[test]
fn the_options_of_double_11_do_what_they_say() {
    let name = "double11-options.toml";
    let every = parse_every(&source(name), &[], &Shipped).into_iter();
    let models: Vec<(String, Model)> = every
        .map(|(option, parsed)| {
            let model = Model::compile(&shown(parsed).scenario);
            (option.unwrap_or_default(), model)
        })
        .collect();
    let contenders: Vec<Contender<'_>> =
        models.iter().map(|(name, model)| Contender { name: name.clone(), model }).collect();
    let settings = Settings {
        options: Options::default(),
        first_look: DAYS,
        at_most: DAYS,
        show: Vec::new(),
        stop_when: StopWhen::Decided(Vec::new()),
    };
    let comparison = compare::run(&contenders, &settings, &Control::new(2));
    let options = comparison.expect("nothing stops it").options;
    let wait = |name: &str| {
        let option = options.iter().find(|option| option.name == name);
        let difference = option.and_then(|option| option.difference("wait.mean"));
        difference.map(|difference| difference.standing)
    };
    assert_eq!(wait("better_bot"), Some(Standing::Better));
    assert_eq!(wait("temps"), Some(Standing::Better));
    assert_eq!(wait("weak_bot"), Some(Standing::Worse));
    assert_eq!(wait("lean"), Some(Standing::Worse));
}

#[test]
fn seats_planned_from_the_average_fail_at_the_opening_of_618_and_only_there() {
    let stepped = results("618.toml", &[]);
    within("58 seats", value(&stepped, "service_level"), 0.85, 0.92);
    let hours_stepped = hours(&stepped);
    let (name, opening) = worst(&hours_stepped);
    assert_eq!(name, "17T20");
    within("58 seats, opening", opening.mean_wait(), 30.0, 42.0);

    let average = results("618.toml", &[("groups.chat.staff", "35")]);
    let hours_average = hours(&average);
    let (name, opening) = worst(&hours_average);
    assert_eq!(name, "17T20");
    within("35 seats, opening", opening.mean_wait(), 90.0, 150.0);
    within("35 seats, lost at the opening", opening.lost(), 0.4, 0.6);
    for (name, hour) in hours_average.range("17T08".to_owned().."17T19".to_owned()) {
        within(name, hour.mean_wait(), 0.0, 30.0);
    }

    let peak = results("618.toml", &[("groups.chat.staff", "80")]);
    within("80 seats", value(&peak, "service_level"), 0.96, 1.0);
    let hours_of = |summary: &Summary| value(summary, "groups.chat.scheduled_hours");
    assert!(hours_of(&average) < hours_of(&stepped));
    assert!(hours_of(&stepped) < hours_of(&peak) / 2.0);
}
