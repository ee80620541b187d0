//! `simulate run`: scenarios in, reports out.

use std::io::Write;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::args::{RunArgs, Shared};
use super::interrupt::Interrupt;
use super::load::{self, Loaded};
use super::output::{self, Target};
use super::progress::Progress;
use super::{Failure, Outcome, tell};
use crate::experiment::Summary;
use crate::experiment::{self, Options, RunError};
use crate::metrics::trace::TraceRow;
use crate::report::trace::Trace;
use crate::report::{self, ClearsFrom, Origin, Promise};

/// Checks all there is to check, simulates each scenario and prints its report.
///
/// # Errors
///
/// Where something keeps it from its end; it may have been told already.
pub(super) fn run(
    task: &RunArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let scenarios = load::all(&task.files, shared)?;
    let target = match &task.trace {
        Some(path) => Some(Target::open(path, interrupt)?),
        None => None,
    };
    let options = options(shared);
    let reports = if target.as_ref().is_some_and(Target::is_stdout) {
        Ok(Outcome::Done)
    } else {
        simulate_all(&scenarios, &options, shared, interrupt)
    };
    // Whoever closed the report's pipe may still want the trace.
    match target {
        Some(target) if ended_well(&reports) => {
            let replications = task.trace_replications.unwrap_or(1);
            trace(&scenarios[0], &options, replications, target, interrupt)?;
        }
        Some(target) => tell("warning", &format!("{} was not written", target.name())),
        None => {}
    }
    reports
}

fn ended_well(reports: &Result<Outcome, Failure>) -> bool {
    let outcome = reports
        .as_ref()
        .map_or_else(|failure| failure.outcome, |outcome| *outcome);
    outcome == Outcome::Done
}

pub(super) fn options(shared: &Shared) -> Options {
    let available = || std::thread::available_parallelism().map_or(1, usize::from);
    Options {
        threads: shared.threads.map_or_else(available, usize::from),
        replications: shared.replications,
        seed: shared.seed,
    }
}

fn simulate_all(
    scenarios: &[Loaded],
    options: &Options,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let mut printer = Printer::begin(shared, scenarios.len())?;
    for (at, scenario) in scenarios.iter().enumerate() {
        let progress = Progress::begin(shared, at + 1, scenarios.len());
        let (result, elapsed) = timed(|| {
            let show = |done, of| progress.show(done, of);
            experiment::run(&scenario.model, options, &show, interrupt.stop())
        });
        drop(progress);
        let summary = match result {
            Ok(summary) => summary,
            Err(error) => {
                printer.end()?;
                return Err(unfinished(&scenario.file, &error));
            }
        };
        printer.print(&summary, &origin(scenario, elapsed))?;
        if summary.run.partial || interrupt.is_stopped() && at + 1 < scenarios.len() {
            printer.end()?;
            tell("warning", "interrupted: this is what was finished");
            return Ok(Outcome::Interrupted);
        }
    }
    printer.end()?;
    Ok(Outcome::Done)
}

pub(super) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_methods, reason = "this is the command line")]
    let started = Instant::now();
    let result = work();
    (result, started.elapsed())
}

pub(super) fn origin(scenario: &Loaded, elapsed: Duration) -> Origin {
    let model = &scenario.model;
    Origin {
        file: scenario.file.clone(),
        option: scenario.option.clone(),
        version: env!("CARGO_PKG_VERSION"),
        // Nobody needs the microseconds.
        wall_seconds: Some((elapsed.as_secs_f64() * 1e3).round() / 1e3),
        promise: Some(Promise {
            answer_within: model.service_level.answer_within,
            goal: model.service_level.goal,
        }),
        clears_from: if model.surges.is_empty() {
            ClearsFrom::LastArrival
        } else {
            ClearsFrom::LastSurge
        },
    }
}

pub(super) fn unfinished(file: &str, error: &RunError) -> Failure {
    let outcome = match error {
        RunError::NothingFinished => Outcome::Interrupted,
        RunError::TooManyContacts { .. } => Outcome::Unfinished,
    };
    Failure::new(outcome, format!("{file}: {error}"))
}

/// Prints reports as they come.
enum Printer {
    Text {
        is_first: bool,
    },
    Json {
        is_quiet: bool,
    },
    JsonList {
        list: Box<report::json::Array<output::Stdout>>,
        is_quiet: bool,
    },
}

impl Printer {
    fn begin(shared: &Shared, scenarios: usize) -> Result<Self, Failure> {
        let is_quiet = shared.quiet;
        if !shared.json {
            return Ok(Self::Text { is_first: true });
        }
        if scenarios == 1 {
            return Ok(Self::Json { is_quiet });
        }
        let list = report::json::Array::begin(output::stdout());
        let list = Box::new(list.map_err(|error| Failure::stdout(&error))?);
        Ok(Self::JsonList { list, is_quiet })
    }

    fn print(&mut self, summary: &Summary, origin: &Origin) -> Result<(), Failure> {
        let written = match self {
            Self::Text { is_first } => {
                let mut out = output::stdout();
                let blank = if *is_first { Ok(()) } else { writeln!(out) };
                *is_first = false;
                blank
                    .and_then(|()| report::text(summary, origin, &output::style(), &mut out))
                    .and_then(|()| out.flush())
            }
            Self::Json { .. } => {
                let mut out = output::stdout();
                report::json::json(summary, origin, &mut out).and_then(|()| out.flush())
            }
            Self::JsonList { list, .. } => list.push(summary, origin),
        };
        // The text report shows them itself.
        if let Self::Json { is_quiet: false }
        | Self::JsonList {
            is_quiet: false, ..
        } = self
        {
            for warning in &summary.warnings {
                load::warn(&origin.file, &warning.message);
            }
        }
        written.map_err(|error| Failure::stdout(&error))
    }

    fn end(self) -> Result<(), Failure> {
        match self {
            Self::Text { .. } | Self::Json { .. } => Ok(()),
            Self::JsonList { list, .. } => list.end().map_err(|error| Failure::stdout(&error)),
        }
    }
}

/// Runs the first replications again, telling of every attempt.
fn trace(
    scenario: &Loaded,
    options: &Options,
    replications: u32,
    target: Target,
    interrupt: &Interrupt,
) -> Result<(), Failure> {
    let mut trace = match Trace::begin(target) {
        Ok(trace) => trace,
        Err(error) => return Err(Failure::writing("the trace", &error)),
    };
    let mut failed = None;
    let push = |row: &TraceRow<'_>| {
        if failed.is_none()
            && let Err(error) = trace.push(row)
        {
            failed = Some(error);
            // There is no use in simulating on.
            interrupt.stop().store(true, Ordering::Relaxed);
        }
    };
    let result = experiment::trace(
        &scenario.model,
        options,
        replications,
        push,
        interrupt.stop(),
    );
    if let Some(error) = failed {
        return Err(trace.target().failure(&error));
    }
    result.map_err(|error| match error {
        RunError::NothingFinished => {
            let target = trace.target();
            let what = if target.is_whole() {
                "was not written"
            } else {
                "is not complete"
            };
            let message = format!("interrupted: {} {what}", target.name());
            Failure::new(Outcome::Interrupted, message)
        }
        RunError::TooManyContacts { .. } => unfinished(&scenario.file, &error),
    })?;
    if let Err(error) = trace.flush() {
        return Err(trace.target().failure(&error));
    }
    let target = trace
        .end()
        .map_err(|error| Failure::writing("the trace", &error))?;
    target.finish()
}
