//! Every scenario file and every scenario in the README loads, and yields what it states.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use surgecast::compare::{self, Change, Contender, Goal, Settings};
use surgecast::experiment::summary::{Figures, Summary};
use surgecast::experiment::{self, Options};
use surgecast::model::Model;
use surgecast::scenario::{Files, Override, Parsed, Problems, Source, parse, parse_every};

/// Days that the bands are checked with. Seeds are fixed, so the tests cannot fail by chance; bands
/// are those that the files state for 100 days.
const DAYS: u32 = 20;

/// The folder of the scenarios.
struct Shipped;

impl Files for Shipped {
    fn read(&self, _base: &str, name: &str) -> Result<(String, Vec<u8>), String> {
        let bytes = fs::read(folder().join(name)).map_err(|error| error.to_string())?;
        Ok((name.to_owned(), bytes))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder() -> PathBuf {
    root().join("scenarios")
}

#[track_caller]
fn shown(parsed: Result<Parsed, Problems>) -> Parsed {
    parsed.unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

#[track_caller]
fn results(name: &str, overrides: &[(&str, &str)]) -> Summary {
    let bytes = fs::read(folder().join(name)).expect("the file is in the tree");
    let overrides: Vec<Override> = overrides
        .iter()
        .map(|(path, value)| Override::new(*path, *value))
        .collect();
    let parsed = shown(parse(Source::new(name, bytes), &overrides, &Shipped));
    let model = Model::compile(&parsed.scenario);
    let options = Options {
        threads: 2,
        replications: Some(DAYS),
        seed: None,
    };
    let stop = AtomicBool::new(false);
    experiment::run(&model, &options, &|_, _| {}, &stop).expect("nothing stops it")
}

#[track_caller]
fn value(summary: &Summary, path: &str) -> f64 {
    let figure = summary.figure(path);
    figure
        .and_then(|figure| figure.estimate.value)
        .unwrap_or_else(|| panic!("`{path}` is unknown"))
}

#[track_caller]
fn within(what: &str, value: f64, low: f64, high: f64) {
    assert!(
        (low..=high).contains(&value),
        "{what}: {value} is not within {low} to {high}"
    );
}

/// Waits and losses of the contacts that queued within one clock hour.
#[derive(Clone, Copy, Debug, Default)]
struct Hour {
    queued: f64,
    answered: f64,
    abandoned: f64,
    waited: f64,
}

impl Hour {
    fn add(&mut self, figures: &Figures) {
        let known = |path: &str| figures.value(path).unwrap_or(0.0);
        self.queued += known("queued");
        self.answered += known("answered");
        self.abandoned += known("abandoned");
        self.waited += known("wait.mean") * known("answered");
    }

    fn mean_wait(self) -> f64 {
        self.waited / self.answered
    }

    fn lost(self) -> f64 {
        self.abandoned / self.queued
    }
}

/// By date and hour, as in `11T20`.
fn hours(summary: &Summary) -> BTreeMap<String, Hour> {
    let mut hours: BTreeMap<String, Hour> = BTreeMap::new();
    for interval in &summary.intervals {
        let clock = interval.clock.as_deref().expect("the scenario has a start");
        let hour = hours.entry(clock[8..13].to_owned()).or_default();
        hour.add(&interval.overall);
    }
    hours
}

/// The hour in which people wait longest.
fn worst(hours: &BTreeMap<String, Hour>) -> (&str, Hour) {
    let longer =
        |a: &(&String, &Hour), b: &(&String, &Hour)| a.1.mean_wait().total_cmp(&b.1.mean_wait());
    let (name, hour) = hours.iter().max_by(longer).expect("there are hours");
    (name, *hour)
}

#[test]
fn every_shipped_scenario_loads() {
    let mut names: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder is in the tree")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    names.sort();
    assert!(names.len() >= 4, "{names:?}");
    for path in names {
        let name = path.file_name().expect("a file").to_string_lossy();
        let bytes = fs::read(&path).expect("the file can be read");
        let text = String::from_utf8(bytes).expect("scenarios are text");
        let source = Source::new(name.as_ref(), text.as_str());
        for (_, parsed) in parse_every(&source, &[], &Shipped) {
            shown(parsed);
        }
        assert!(text.starts_with("# "), "{name} does not say why it exists");
        for line in text.lines() {
            assert!(line.chars().count() <= 100, "{name}: {line}");
        }
    }
}

#[test]
fn every_scenario_in_the_readme_loads() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README is in the tree");
    let blocks: Vec<&str> = readme
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or(""))
        .collect();
    assert!(!blocks.is_empty(), "the README shows no scenario");
    for block in blocks {
        shown(parse(Source::new("README.md", block), &[], &Shipped));
    }
    let options = fs::read_to_string(folder().join("double11-options.toml")).expect("it is there");
    let start = options.find("extends").expect("it extends another file");
    let end = options.find("[options.temps.groups").expect("it has temps");
    assert!(
        readme.contains(options[start..end].trim_end()),
        "the README shows other options than the file has"
    );
    let first = fs::read_to_string(folder().join("first.toml")).expect("the file is in the tree");
    assert!(first.lines().count() < 20, "the first scenario is short");
    assert!(
        readme.contains(first.trim_end()),
        "the README shows another first scenario than the one it runs"
    );
}

#[test]
fn the_first_scenario_is_a_good_day_but_for_one_hour() {
    let summary = results("first.toml", &[]);
    let hours = hours(&summary);
    let (name, opening) = worst(&hours);
    assert_eq!(name, "11T20");
    within("wait from 20:00", opening.mean_wait(), 60.0, 120.0);
    for (name, hour) in hours.iter().filter(|(name, _)| *name != "11T20") {
        within(name, hour.mean_wait(), 0.0, 15.0);
    }
    within("busy", value(&summary, "groups.chat.occupancy"), 0.6, 0.85);

    let alone = results("first.toml", &[("bot.enabled", "false")]);
    within("wait with no bot", value(&alone, "wait.mean"), 180.0, 300.0);
    let more = results("first.toml", &[("groups.chat.staff", "45")]);
    within("45 agents", value(&more, "service_level"), 0.77, 0.86);
}

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
    assert!(days.p95 > 2.0 * days.p50, "{days:?}");
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
    let bytes = fs::read(folder().join(name)).expect("the file is in the tree");
    let every = parse_every(&Source::new(name, bytes), &[], &Shipped).into_iter();
    let models: Vec<(String, Model)> = every
        .map(|(option, parsed)| {
            let model = Model::compile(&shown(parsed).scenario);
            (option.unwrap_or_default(), model)
        })
        .collect();
    let contenders: Vec<Contender<'_>> = models
        .iter()
        .map(|(name, model)| Contender {
            name: name.clone(),
            model,
        })
        .collect();
    let settings = Settings {
        options: Options {
            threads: 2,
            replications: None,
            seed: None,
        },
        first_look: DAYS,
        at_most: DAYS,
        show: Vec::new(),
        goal: Goal::Differences(Vec::new()),
    };
    let stop = AtomicBool::new(false);
    let comparison = compare::run(&contenders, &settings, &|_, _| {}, &stop);
    let options = comparison.expect("nothing stops it").options;
    let wait = |name: &str| {
        let option = options.iter().find(|option| option.name == name);
        let difference = option.and_then(|option| option.difference("wait.mean"));
        difference.map(|difference| difference.change)
    };
    assert_eq!(wait("better_bot"), Some(Change::Better));
    assert_eq!(wait("temps"), Some(Change::Better));
    assert_eq!(wait("weak_bot"), Some(Change::Worse));
    assert_eq!(wait("lean"), Some(Change::Worse));
}

#[test]
fn seats_planned_from_the_average_fail_at_the_opening_of_618_and_only_there() {
    let stepped = results("618.toml", &[]);
    within("60 seats", value(&stepped, "service_level"), 0.85, 0.92);
    let hours_stepped = hours(&stepped);
    let (name, opening) = worst(&hours_stepped);
    assert_eq!(name, "17T20");
    within("60 seats, opening", opening.mean_wait(), 30.0, 42.0);

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
