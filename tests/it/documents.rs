//! Every scenario file and every scenario in the README loads, and yields what it states.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use surgecast::experiment;
use surgecast::experiment::summary::{Figures, Summary};
use surgecast::format::{Files, Override, Problems, SourceText};
use surgecast::model::Model;
use surgecast::scenario::{Parsed, parse, parse_every};

mod flagship;
mod rescues;
mod wider;

/// Days that the bands are checked with. Seeds are fixed, so the tests cannot fail by chance; bands
/// are those that the files state for 100 days.
const DAYS: u32 = 20;

/// What the options of a file come to.
type Options = BTreeMap<String, Summary>;

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

fn source(name: &str) -> SourceText {
    let bytes = fs::read(folder().join(name)).expect("the file is in the tree");
    SourceText::new(name, bytes)
}

fn overriding(overrides: &[(&str, &str)]) -> Vec<Override> {
    let each = overrides.iter();
    each.map(|(path, value)| Override::new(*path, *value)).collect()
}

#[track_caller]
fn results(name: &str, overrides: &[(&str, &str)]) -> Summary {
    results_of(name, overrides, DAYS)
}

#[track_caller]
fn results_of(name: &str, overrides: &[(&str, &str)], days: u32) -> Summary {
    let parsed = shown(parse(source(name), &overriding(overrides), &Shipped));
    run(&Model::compile(&parsed.scenario), days)
}

/// Options of the file by name; the file as it is has an empty one.
#[track_caller]
fn options(name: &str, only: &[&str], overrides: &[(&str, &str)], days: u32) -> Options {
    let every = parse_every(&source(name), &overriding(overrides), &Shipped).into_iter();
    let named = every.map(|(option, parsed)| (option.unwrap_or_default(), parsed));
    named
        .filter(|(option, _)| only.contains(&option.as_str()))
        .map(|(option, parsed)| (option, run(&Model::compile(&shown(parsed).scenario), days)))
        .collect()
}

fn run(model: &Model, replications: u32) -> Summary {
    let options = experiment::Options { replications: Some(replications), seed: None };
    experiment::run(model, &options, &experiment::Control::new(2)).expect("nothing stops it")
}

#[track_caller]
fn value(summary: &Summary, path: &str) -> f64 {
    let figure = summary.figure(path);
    figure.and_then(|figure| figure.estimate.value).unwrap_or_else(|| panic!("`{path}` is unknown"))
}

#[track_caller]
fn within(what: &str, value: f64, low: f64, high: f64) {
    assert!((low..=high).contains(&value), "{what}: {value} is not within {low} to {high}");
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
        let source = SourceText::new(name.as_ref(), text.as_str());
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
        shown(parse(SourceText::new("README.md", block), &[], &Shipped));
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
