//! `simulate check`: is everything as expected, and nothing worse than the baseline?

use std::io::Write;
use std::path::Path;

use super::args::{CheckArgs, Shared};
use super::interrupt::Interrupt;
use super::load;
use super::output::{self, Target};
use super::progress::Progress;
use super::run;
use super::{Failure, Outcome, tell};
use crate::experiment::summary::Verdict;
use crate::experiment::{Asked, Catalog, Keep, Study};
use crate::judge::{Agenda, Baseline, Expression, Findings, Inspection};
use crate::task::{Prepared, Spot, TaskError};

mod annotations;
mod baselines;
mod json;
mod junit;
mod plans;
mod text;

use baselines::Store;

/// What was found in one file.
struct Checked {
    file: String,
    findings: Findings,
    /// Where the expectations stand, in file order.
    expect: Vec<Option<Spot>>,
    /// Where the guards stand.
    guard: Vec<Option<Spot>>,
    /// Where the baseline is that it was compared with.
    baseline: Option<String>,
    /// Where the baseline is that it has become.
    stored: Option<String>,
}

/// One file, ready to be checked.
struct Job {
    scenario: Prepared,
    plan: Agenda,
    /// Where the guards stand; defaults stand nowhere.
    guard: Vec<Option<Spot>>,
    store: Store,
}

/// Checks all there is to check before simulating, simulates each scenario, stores baselines when
/// all are done, and tells what was found.
///
/// # Errors
///
/// Where something keeps it from its end; it may have been told already. Then no baseline is
/// changed.
pub(super) fn check(
    task: &CheckArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let scenarios = load::all(&task.files, shared)?;
    let jobs = plans::prepare(scenarios, task, shared, interrupt)?;
    let junit = match &task.junit {
        Some(path) => Some(Target::open(path, interrupt)?),
        None => None,
    };
    let mut checked = Vec::new();
    let mut recorded = Vec::new();
    let count = jobs.len();
    for (at, job) in jobs.into_iter().enumerate() {
        let progress = Progress::begin(shared, at + 1, count);
        let found = inspect(job, shared, &progress, interrupt);
        drop(progress);
        match found {
            Ok((found, record)) => {
                checked.push(found);
                recorded.extend(record);
            }
            // The files before it are worth showing.
            Err(failure) if failure.outcome == Outcome::Interrupted && at > 0 => failure.tell(),
            Err(failure) => return Err(failure),
        }
        if interrupt.is_stopped() {
            for checked in &mut checked {
                checked.stored = None;
            }
            show(&checked, shared, junit.as_ref())?;
            tell("warning", "interrupted: this is what was finished");
            return Ok(Outcome::Interrupted);
        }
    }
    for (target, text) in recorded {
        baselines::write(target, &text)?;
    }
    show(&checked, shared, junit.as_ref())?;
    if let Some(target) = junit {
        junit::write(&checked, target)?;
    }
    annotations::annotate(&checked);
    let verdicts = checked.iter().map(|checked| checked.findings.verdict);
    Ok(match Verdict::all(verdicts) {
        Verdict::Holds => Outcome::Done,
        Verdict::Fails => Outcome::No,
        Verdict::Undecided => Outcome::Undecided,
    })
}

/// A baseline to be stored: where, and what.
type Record = (Target, String);

/// Looks at one scenario until all is decided, or at all looks where a baseline is stored.
fn inspect(
    job: Job,
    shared: &Shared,
    progress: &Progress,
    interrupt: &Interrupt,
) -> Result<(Checked, Option<Record>), Failure> {
    let scenario = &job.scenario;
    let expressions = || job.plan.expect.iter();
    let asked = Asked {
        keep: match job.store {
            Store::Nothing => Keep::Nothing,
            _ => Keep::ObservationsAndEvents,
        },
        ..Expression::asked(expressions(), &Catalog::new(&scenario.model))
    };
    let mut study = Study::new(&scenario.model, &run::options(shared), &asked);
    let looks = job.plan.looks.clone();
    let (first, last) = (looks[0], looks[looks.len() - 1]);
    let (stored, mut record) = match job.store {
        Store::Nothing => (None, None),
        Store::Compare { baseline, place } => (Some((baseline, place)), None),
        Store::Update { target, paths, place } => {
            let version = env!("CARGO_PKG_VERSION");
            let baseline = Baseline::new(version, &study, &looks, &paths);
            (None, Some((target, baseline, place)))
        }
    };
    let place = stored.as_ref().map(|(_, place)| place.clone());
    let mut inspection = Inspection::new(job.plan, stored.map(|(baseline, _)| baseline));
    for look in looks {
        let wanted = inspection.next() == Some(look);
        if !wanted && record.is_none() {
            break;
        }
        let result = study.advance(look, &|done| progress.show(done, last), interrupt.stop());
        result.map_err(|error| TaskError::run(&scenario.file, error))?;
        if study.replications() < look {
            break;
        }
        if wanted {
            inspection.look(&study);
        }
        if let Some((_, baseline, _)) = &mut record {
            baseline.record(&study);
        }
    }
    let findings = inspection.findings().ok_or_else(|| {
        let (file, done) = (&scenario.file, study.replications());
        let message = format!("{file}: stopped after {done} of {first} replications, too early");
        Failure::new(Outcome::Interrupted, message)
    })?;
    let checked = Checked {
        file: scenario.file.clone(),
        findings,
        expect: scenario.expect.iter().map(|e| e.spot.clone()).collect(),
        guard: job.guard,
        baseline: place,
        stored: record.as_ref().map(|(_, _, place)| place.clone()),
    };
    let record = record.map(|(target, baseline, _)| (target, baseline.to_text()));
    Ok((checked, record))
}

/// Prints what was found, unless the place is taken by the file for CI systems.
fn show(checked: &[Checked], shared: &Shared, junit: Option<&Target>) -> Result<(), Failure> {
    if junit.is_some_and(Target::is_stdout) {
        return Ok(());
    }
    let mut out = output::stdout();
    let written = if shared.json {
        json::write(checked, &mut out)
    } else {
        text::write(checked, &output::style(), &mut out)
    };
    written.and_then(|()| out.flush()).map_err(|error| Failure::stdout(&error))
}

/// What a file is called without its folders and its ending.
fn stem(file: &str) -> String {
    match Path::new(file).file_stem() {
        Some(stem) if file != "-" => stem.to_string_lossy().into_owned(),
        _ => "stdin".to_owned(),
    }
}
