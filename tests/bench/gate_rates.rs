//! How often the gate of `simulate check --baseline` is wrong: `cargo run --release --example
//! gate_rates`.
//!
//! False alarms: 1,000 pairs of runs of one system under different seeds, so that chance alone
//! moves the figures, and far more than between runs of the same customers; with the default
//! guards, and with guards that allow no loss at all. The same with the same seeds and an
//! equivalent policy (one group split into two that serve alike) must never fail. Power: agents who
//! take a little longer, guarded with half of what that costs.
//!
//! What it prints stands in the docs of `judge`. It ends with an error where a rate is worse than
//! stated.

#![expect(clippy::print_stdout, reason = "a measurement prints its results")]

use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, atomic::AtomicU32};

use surgecast::experiment::summary::Verdict;
use surgecast::experiment::{Asked, Catalog, Control, Keep, Options, Study};
use surgecast::format::{NoFiles, Override, SourceText};
use surgecast::judge::certainty::check_looks;
use surgecast::judge::guard::DEFAULT_GUARDS;
use surgecast::judge::{Agenda, Baseline, Findings, Guard, Inspection};
use surgecast::model::Model;
use surgecast::scenario::parse;

/// Two hours of a small team at 80 % occupancy, with days that differ.
const SYSTEM: &str = r#"
[run]
duration = "2h"
interval = "30m"
busyness = 0.1

[contacts.chat]
rate = "60/h"
patience = { exponential = { mean = "2m" } }
handling = { lognormal = { mean = "3m", cv = 0.8 } }

[contacts.refund]
rate = "20/h"
patience = { exponential = { mean = "2m" } }
handling = { lognormal = { mean = "3m", cv = 0.8 } }

[groups.team]
skills = ["chat", "refund"]
staff = 5
"#;

/// The same agents in two groups, which serve alike.
const SPLIT: &str = r#"
[groups.others]
skills = ["chat", "refund"]
staff = 2
"#;

const PAIRS: u32 = 1000;
const FALSE_ALARMS: f64 = 0.01;
const FIRST_LOOK: u32 = 50;
const LAST_LOOK: u32 = 200;
/// How much longer agents take in the planted regression.
const SLOWER: f64 = 1.06;

fn model(text: &str, overrides: &[(&str, &str)]) -> Model {
    let overrides: Vec<Override> =
        overrides.iter().map(|(path, value)| Override::new(*path, *value)).collect();
    let parsed = parse(SourceText::new("system.toml", text), &overrides, &NoFiles);
    Model::compile(&parsed.expect("the system is a valid scenario").scenario)
}

fn study(model: &Model, seed: u64) -> Study<'_> {
    let options = Options { replications: None, seed: Some(seed) };
    let asked = Asked { keep: Keep::ObservationsAndEvents, ..Asked::NOTHING };
    Study::new(model, &options, &asked)
}

fn advance(study: &mut Study<'_>, look: u32) {
    study.advance(look, &Control::new(1)).expect("nothing stops it");
}

fn guards(model: &Model, texts: &[String]) -> Vec<Guard> {
    let catalog = Catalog::new(model);
    let read = |text: &String| Guard::parse(text, &catalog);
    let read: Result<Vec<_>, _> = texts.iter().map(read).collect();
    read.expect("the guards make sense")
}

/// One check: `after` with `seed` against `before` with `baseline_seed`.
fn check(
    (before, baseline_seed): (&Model, u64),
    (after, seed): (&Model, u64),
    guard: &[Guard],
) -> Findings {
    let looks = check_looks(FIRST_LOOK, LAST_LOOK);
    let mut stored = study(before, baseline_seed);
    let paths: Vec<String> = guard.iter().map(|guard| guard.figure.path.clone()).collect();
    let mut baseline = Baseline::new("", &stored, &looks, &paths);
    for look in &looks {
        advance(&mut stored, *look);
        baseline.record(&stored);
    }
    let plan =
        Agenda { expect: Vec::new(), guard: guard.to_vec(), looks, false_alarms: FALSE_ALARMS };
    let mut present = study(after, seed);
    let mut inspection = Inspection::new(plan, Some(baseline));
    while let Some(look) = inspection.next() {
        advance(&mut present, look);
        inspection.look(&present);
    }
    inspection.findings().expect("it has looked")
}

/// How many of the checks `one` (by number) fail, hold and are undecided.
fn count(one: impl Fn(u64) -> Verdict + Sync) -> [u32; 3] {
    let next = AtomicU32::new(0);
    let counts = Mutex::new([0; 3]);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let pair = next.fetch_add(1, Ordering::Relaxed);
                    if pair >= PAIRS {
                        break;
                    }
                    let at = match one(pair.into()) {
                        Verdict::Fails => 0,
                        Verdict::Holds => 1,
                        Verdict::Undecided => 2,
                    };
                    counts.lock().expect("no thread panics")[at] += 1;
                }
            });
        }
    });
    counts.into_inner().expect("no thread panics")
}

fn print(name: &str, [fails, holds, undecided]: [u32; 3]) {
    println!("{name:<44} {fails:>6} {holds:>6} {undecided:>10}");
}

fn main() -> ExitCode {
    let system = model(SYSTEM, &[]);
    let split = model(&format!("{SYSTEM}{SPLIT}"), &[("groups.team.staff", "3")]);
    let slow = format!("{{ lognormal = {{ mean = \"{}s\", cv = 0.8 }} }}", 180.0 * SLOWER);
    let slower =
        model(SYSTEM, &[("contacts.chat.handling", &slow), ("contacts.refund.handling", &slow)]);
    let defaults = guards(&system, &DEFAULT_GUARDS.map(str::to_owned));
    let strict = guards(
        &system,
        &[
            "service_level >= baseline",
            "wait.p95 <= baseline",
            "abandonment_rate <= baseline",
            "backlog.peak <= baseline",
        ]
        .map(str::to_owned),
    );
    println!(
        "{PAIRS} checks each, looks at {:?} replications, stated rate {} %\n",
        check_looks(FIRST_LOOK, LAST_LOOK),
        100.0 * FALSE_ALARMS
    );
    println!("{:<44} {:>6} {:>6} {:>10}", "", "fails", "holds", "undecided");
    let other_seeds = |guard: &[Guard]| {
        count(|pair| {
            let (baseline, seed) = (2 * pair + 1, 2 * pair + 2);
            check((&system, baseline), (&system, seed), guard).verdict
        })
    };
    let unchanged = other_seeds(&defaults);
    print("unchanged, other seeds, default guards", unchanged);
    let unforgiving = other_seeds(&strict);
    print("unchanged, other seeds, no loss allowed", unforgiving);
    let same_seed = count(|pair| check((&system, pair + 1), (&split, pair + 1), &strict).verdict);
    print("equivalent, same seed, no loss allowed", same_seed);
    let (caught, margin) = power(&system, &slower);
    print(
        &format!("{} % slower, margin {:.2} points", 100.0 * SLOWER - 100.0, 100.0 * margin),
        caught,
    );
    let most = FALSE_ALARMS * f64::from(PAIRS);
    let is_honest = f64::from(unchanged[0].max(unforgiving[0])) <= most
        && same_seed[0] == 0
        && f64::from(caught[0]) >= 0.99 * f64::from(PAIRS);
    ExitCode::from(u8::from(!is_honest))
}

/// How often a loss of twice the margin is caught by the one guard it is about, among the default
/// guards; with that margin.
fn power(system: &Model, slower: &Model) -> ([u32; 3], f64) {
    let truth = |model| {
        let mut study = study(model, 1_000_000);
        advance(&mut study, 20_000);
        study.estimate("service_level").value.expect("somebody queued")
    };
    let margin = (truth(system) - truth(slower)) / 2.0;
    let mut texts = DEFAULT_GUARDS.map(str::to_owned);
    texts[0] = format!("service_level >= baseline - {:.4}%", 100.0 * margin);
    let guard = guards(system, &texts);
    let caught = count(|pair| {
        let findings = check((system, pair + 1), (slower, pair + 1), &guard);
        findings.guards[0].0.verdict
    });
    (caught, margin)
}
