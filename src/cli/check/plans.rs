//! What is to be checked of each file, settled before anything is simulated.

use super::super::args::{CheckArgs, Shared};
use super::super::interrupt::Interrupt;
use super::super::{Failure, load};
use super::Job;
use super::baselines::{self, Store};
use crate::experiment::{Catalog, precision};
use crate::judge::guard::{DEFAULT_GUARDS, looks};
use crate::judge::{Agenda, Baseline, Expression, Setting, expression};
use crate::model::Replications;
use crate::scenario::MOST_REPLICATIONS;
use crate::task::{Prepared, Spot};

/// Share of checks of an unchanged system that may fail.
const FALSE_ALARMS: f64 = 0.01;

/// Reads or opens the baselines and settles what to look at.
///
/// # Errors
///
/// After all that stands in the way has been told.
pub(super) fn prepare(
    scenarios: Vec<Prepared>,
    task: &CheckArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Vec<Job>, Failure> {
    let names: Vec<String> = scenarios.iter().map(|s| s.file.clone()).collect();
    if task.baseline.is_some() {
        baselines::refuse_same_names(&names)?;
    }
    let jobs = scenarios.into_iter().map(|scenario| job(scenario, task, shared, interrupt));
    load::collect(jobs)
}

fn job(
    scenario: Prepared,
    task: &CheckArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Job, Failure> {
    let looks = replications(&scenario, task, shared)?;
    let own: Vec<(Expression, Option<Spot>)> =
        scenario.guard.iter().map(|guard| (guard.expression.clone(), guard.spot.clone())).collect();
    let defaults = default_guards(&scenario);
    let seed = shared.seed.unwrap_or(scenario.model.seed);
    let (store, guards) = match &task.baseline {
        None => (Store::Nothing, Vec::new()),
        Some(folder) if task.update => {
            let mut paths: Vec<String> = Vec::new();
            for guard in own.iter().map(|(guard, _)| guard).chain(&defaults) {
                if !paths.contains(&guard.path) {
                    paths.push(guard.path.clone());
                }
            }
            let (target, place) = baselines::open(folder, &scenario.file, interrupt)?;
            let store = Store::Update { target, paths, place };
            (store, Vec::new())
        }
        Some(folder) => {
            let (baseline, place) = baselines::read(folder, &scenario.file)?;
            baseline
                .match_run(seed, &looks)
                .map_err(|error| Failure::unusable(format!("`{place}` {error}")))?;
            let guards = if own.is_empty() {
                known(defaults, &baseline)
            } else {
                refuse_unknown(&own, &baseline, &place)?;
                own
            };
            (Store::Compare { baseline, place }, guards)
        }
    };
    if scenario.expect.is_empty() && guards.is_empty() && !task.update {
        return Err(nothing(&scenario, task));
    }
    let (guard, spots) = guards.into_iter().unzip();
    Ok(Job {
        plan: Agenda {
            expect: scenario.expect.iter().map(|expect| expect.expression.clone()).collect(),
            guard,
            looks,
            false_alarms: task.false_alarms.unwrap_or(FALSE_ALARMS),
        },
        guard: spots,
        scenario,
        store,
    })
}

/// At how many replications to look: from those of the scenario to the cap. Where the scenario asks
/// for a precision, from 30 to its cap.
fn replications(
    scenario: &Prepared,
    task: &CheckArgs,
    shared: &Shared,
) -> Result<Vec<u32>, Failure> {
    let wanted = shared
        .replications
        .map_or_else(|| scenario.model.replications.clone(), Replications::Fixed);
    let (first, cap) = match wanted {
        Replications::Fixed(first) => (first, first.saturating_mul(4).min(MOST_REPLICATIONS)),
        Replications::Precision { at_most, .. } => {
            let cap = task.at_most.unwrap_or(at_most);
            (precision::next_look(0, cap), cap)
        }
    };
    let last = task.at_most.unwrap_or(cap);
    if last < first {
        return Err(Failure::unusable(format!(
            "--at-most {last} is less than the {first} replications of `{}`: give at least as \
             many, or fewer with --replications",
            scenario.file
        )));
    }
    Ok(looks(first, last))
}

fn default_guards(scenario: &Prepared) -> Vec<Expression> {
    let catalog = Catalog::new(&scenario.model);
    DEFAULT_GUARDS
        .iter()
        .map(|text| {
            expression::parse(text, &catalog, Setting::Guard)
                .expect("every report has the figures of the default guards")
        })
        .collect()
}

/// Those of the default guards of which the baseline knows anything.
fn known(defaults: Vec<Expression>, baseline: &Baseline) -> Vec<(Expression, Option<Spot>)> {
    let is_known = |guard: &Expression| {
        let stored = baseline.figure(&guard.path);
        stored.is_some_and(|stored| stored.looks.iter().any(Option::is_some))
    };
    let known = defaults.into_iter().filter(is_known);
    known.map(|guard| (guard, None)).collect()
}

/// Guards of figures that the baseline does not hold.
fn refuse_unknown(
    guards: &[(Expression, Option<Spot>)],
    baseline: &Baseline,
    place: &str,
) -> Result<(), Failure> {
    let missing: Vec<String> = guards
        .iter()
        .filter(|(guard, _)| baseline.figure(&guard.path).is_none())
        .map(|(guard, _)| format!("`{}`", guard.path))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::unusable(format!(
        "`{place}` does not hold {}, which a guard is about: write it again with --update",
        missing.join(", ")
    )))
}

fn nothing(scenario: &Prepared, task: &CheckArgs) -> Failure {
    let advice = if task.baseline.is_some() {
        "all default guards are about figures that are null in the baseline: write `[check] guard`, \
         or `expect`"
    } else if scenario.guard.is_empty() {
        "write `expect = [\"wait.p95 <= 15s\"]` into it, or compare with --baseline DIR"
    } else {
        "its guards need --baseline DIR"
    };
    Failure::unusable(format!("`{}` expects nothing: {advice}", scenario.file))
}
