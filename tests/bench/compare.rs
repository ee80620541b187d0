//! What comparing on the same customers is worth, and how often a pick is right:
//! `cargo bench --bench compare`.
//!
//! 1. One agent more on the main example: how much narrower the interval of the difference is with
//!    the same customers than with customers of their own.
//! 2. Ten ways to divide twenty agents between two kinds of contacts: how often the option picked is
//!    the best, or within the indifference zone of it, over 300 repetitions with other seeds. The
//!    procedure promises 95 %; what is best is known from 10,000 days of each option.
//!
//! Seeds are fixed: the figures are the same whenever it runs.

#![expect(clippy::print_stdout, reason = "a program that measures prints its results")]

use surgecast::compare::{Contender, Settings, StopWhen, run};
use surgecast::experiment::{Asked, Control, Keep, Options, Study};
use surgecast::format::{NoFiles, Override, SourceText};
use surgecast::judge::paired;
use surgecast::model::Model;
use surgecast::scenario::parse;

fn main() {
    pairing();
    picking();
}

fn options(seed: u64) -> Options {
    Options { replications: None, seed: Some(seed) }
}

fn model(name: &str, text: &str, set: &[Override]) -> Model {
    let parsed = parse(SourceText::new(name, text), set, &NoFiles);
    Model::compile(&parsed.expect("it is a valid scenario").scenario)
}

/// Days of the main example for each side.
const DAYS: u32 = 100;

const FIGURES: [&str; 5] =
    ["wait.mean", "wait.p95", "service_level", "abandonment_rate", "backlog.mean"];

/// One agent more at all times, with the same customers and with others.
fn pairing() {
    let name = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/double11.toml");
    let text = std::fs::read_to_string(name).expect("the main example is in the tree");
    let base = model("double11.toml", &text, &[]);
    let more = model("double11.toml", &with_one_more(&text), &[]);
    let asked = Asked { keep: Keep::Observations, ..Asked::NOTHING };
    let study = |model, seed| {
        let mut study = Study::new(model, &options(seed), &asked);
        let done = study.advance(DAYS, &Control::new(2));
        done.expect("the main example fits into memory");
        study
    };
    let (first, same, other) = (study(&base, 11), study(&more, 11), study(&more, 12));
    println!("one agent more on double11, {DAYS} days: the difference, and half its interval\n");
    println!("{:18}{:>12}{:>12}{:>14}{:>8}", "", "difference", "paired", "independent", "ratio");
    for path in FIGURES {
        let half = |option: &Study<'_>| {
            let (own, base) = (option.influence(path), first.influence(path));
            let difference = paired::difference(own.as_ref(), base.as_ref(), 0.95);
            (
                difference.value.expect("it is known"),
                difference.half_width().expect("there are enough days"),
            )
        };
        let ((difference, paired), (_, independent)) = (half(&same), half(&other));
        let ratio = independent / paired;
        println!("{path:18}{difference:12.5}{paired:12.5}{independent:14.5}{ratio:8.1}");
    }
}

/// The scenario with one agent more in every entry of its step function of staff.
fn with_one_more(text: &str) -> String {
    let mut changed = String::new();
    for line in text.lines() {
        let agents = line.split_once("agents = ").and_then(|(before, rest)| {
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            let agents: u32 = rest[..digits].parse().ok()?;
            Some(format!("{before}agents = {}{}", agents + 1, &rest[digits..]))
        });
        changed.push_str(agents.as_deref().unwrap_or(line));
        changed.push('\n');
    }
    changed
}

/// Two kinds of contacts that do not share their agents.
const DESKS: &str = r#"
[run]
duration = "4h"
interval = "1h"
busyness = 0.1
[contacts.chat]
rate = "100/h"
patience = { exponential = { mean = "3m" } }
handling = { lognormal = { mean = "4m", cv = 1 } }
[contacts.call]
rate = "60/h"
patience = { exponential = { mean = "2m" } }
handling = { lognormal = { mean = "6m", cv = 1 } }
[groups.chats]
skills = ["chat"]
staff = 10
[groups.calls]
skills = ["call"]
staff = 10
"#;

/// Agents of the first group in the ten options, of twenty.
const SPLITS: std::ops::RangeInclusive<u32> = 6..=15;
/// Seconds of mean wait that do not matter.
const ZONE: f64 = 0.2;
const REPETITIONS: u32 = 300;

fn picking() {
    let desks = |chats: u32| {
        let set = [
            Override::new("groups.chats.staff", chats.to_string()),
            Override::new("groups.calls.staff", (20 - chats).to_string()),
        ];
        model("desks.toml", DESKS, &set)
    };
    let models: Vec<Model> = SPLITS.map(desks).collect();
    let truths: Vec<f64> = models.iter().map(truth).collect();
    let least = truths.iter().copied().fold(f64::INFINITY, f64::min);
    let shown: Vec<String> = truths.iter().map(|wait| format!("{wait:.1}")).collect();
    println!("\nten ways to divide twenty agents, mean waits in seconds:\n{}", shown.join(" "));
    let contenders: Vec<Contender<'_>> = models
        .iter()
        .zip(SPLITS)
        .map(|(model, chats)| Contender { name: chats.to_string(), model })
        .collect();
    let (mut best, mut good, mut open, mut days) = (0, 0, 0, 0);
    for repetition in 0..REPETITIONS {
        let settings = Settings {
            options: options(1_000 + u64::from(repetition)),
            first_look: 30,
            at_most: 4_000,
            show: Vec::new(),
            stop_when: StopWhen::Picked { path: "wait.mean".to_owned(), zone: ZONE },
        };
        let done = run(&contenders, &settings, &Control::new(2));
        let comparison = done.expect("nothing stops it");
        days += comparison.replications;
        match comparison.pick {
            Some(pick) => {
                best += u32::from(truths[pick] <= least);
                good += u32::from(truths[pick] <= least + ZONE);
            }
            None => open += 1,
        }
    }
    println!("picked within {ZONE} s of the best: {good} of {REPETITIONS}, the very best: {best}");
    println!(
        "not decided: {open}; {:.0} days of each option on average",
        f64::from(days) / f64::from(REPETITIONS)
    );
    assert!(good * 100 >= 95 * REPETITIONS, "fewer right picks than promised");
}

/// The mean wait over very many days.
fn truth(model: &Model) -> f64 {
    let mut study = Study::new(model, &options(7), &Asked::NOTHING);
    let done = study.advance(10_000, &Control::new(2));
    done.expect("two desks fit into memory");
    study.estimate("wait.mean").value.expect("somebody waits")
}
