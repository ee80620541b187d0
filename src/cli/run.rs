//! `simulate run`: scenarios in, reports out.

use std::time::{Duration, Instant};

use super::args::{RunArgs, Shared};
use super::interrupt::Interrupt;
use super::load;
use super::output::{Destination, Folder};
use super::progress::Meter;
use super::{Failure, Outcome, tell};
use crate::document::{ClearsFrom, Origin, ServicePromise};
use crate::experiment::{Control, Options};
use crate::task::{self, Prepared};
use documents::Documents;
use printer::Printer;

mod documents;
mod printer;
mod traced;

/// Checks all there is to check, simulates each scenario, prints its report and writes what else
/// was asked for.
///
/// # Errors
///
/// Where something keeps it from its end; it may have been told already.
pub(super) fn run(
    args: &RunArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let scenarios = load::all(&args.files, shared, interrupt)?;
    // Dropped last: other outputs may be in it.
    let folders = [&args.csv, &args.histogram].into_iter().flatten();
    let _folders: Vec<Folder> =
        folders.map(|path| Folder::open(path, interrupt)).collect::<Result<_, _>>()?;
    let target = match &args.trace {
        Some(path) => Some(Destination::open(path, interrupt)?),
        None => None,
    };
    let documents = Documents::open(args, &scenarios, interrupt)?;
    let options = options(shared);
    let is_trace_printed = target.as_ref().is_some_and(Destination::is_stdout);
    let reports = if is_trace_printed && !documents.are_wanted() {
        Ok(Outcome::Done)
    } else {
        let printer = if is_trace_printed || documents.have_stdout() {
            Printer::silent(shared)
        } else {
            Printer::begin(shared, scenarios.len())?
        };
        let outputs = Outputs { printer, documents };
        report(&scenarios, &options, shared, interrupt, outputs)
    };
    // Whoever closed the report's pipe may still want the trace.
    match target {
        Some(target) if ended_well(&reports) => {
            let replications = args.trace_replications.unwrap_or(1);
            traced::trace(&scenarios[0], &options, replications, target, interrupt)?;
        }
        Some(target) => {
            let name = traced::name(&target);
            tell("warning", &format!("{name} was not written"));
        }
        None => {}
    }
    reports
}

fn ended_well(reports: &Result<Outcome, Failure>) -> bool {
    let outcome = reports.as_ref().map_or_else(|failure| failure.outcome, |outcome| *outcome);
    outcome == Outcome::Done
}

/// Everything that is made of the results.
struct Outputs {
    printer: Printer,
    documents: Documents,
}

pub(super) fn options(shared: &Shared) -> Options {
    Options { replications: shared.replications, seed: shared.seed }
}

/// Threads that work.
pub(super) fn threads(shared: &Shared) -> usize {
    let available = || std::thread::available_parallelism().map_or(1, usize::from);
    shared.threads.map_or_else(available, usize::from)
}

/// How to work until it is interrupted, telling `progress`.
pub(super) fn control<'a>(
    shared: &Shared,
    interrupt: &'a Interrupt,
    progress: &'a (dyn Fn(u32, u32) + Sync),
) -> Control<'a> {
    Control { progress, stop: interrupt.stop(), ..Control::new(threads(shared)) }
}

/// Simulates all scenarios, and ends the reports in the way that this ended.
fn report(
    scenarios: &[Prepared],
    options: &Options,
    shared: &Shared,
    interrupt: &Interrupt,
    mut outputs: Outputs,
) -> Result<Outcome, Failure> {
    let done = simulate_all(scenarios, options, shared, interrupt, &mut outputs);
    let Outputs { printer, documents } = outputs;
    let printed = printer.end();
    match done {
        Ok(Outcome::Done) => {
            documents.finish()?;
        }
        Ok(Outcome::Interrupted) => {
            documents.finish_interrupted()?;
            tell("warning", "interrupted: this is what was finished");
        }
        Ok(_) | Err(_) => documents.abandon(),
    }
    let outcome = done?;
    printed.map(|()| outcome)
}

fn simulate_all(
    scenarios: &[Prepared],
    options: &Options,
    shared: &Shared,
    interrupt: &Interrupt,
    outputs: &mut Outputs,
) -> Result<Outcome, Failure> {
    for (at, scenario) in scenarios.iter().enumerate() {
        let meter = Meter::begin(shared, at + 1, scenarios.len());
        let (result, elapsed) = timed(|| {
            let show = |done, of| meter.show(done, of);
            task::run::run(
                scenario,
                options,
                outputs.documents.detail(),
                &control(shared, interrupt, &show),
            )
        });
        drop(meter);
        let summary = result?;
        let origin = origin(scenario, elapsed);
        let printed = outputs.printer.print(&summary, &origin);
        outputs.documents.push(&summary, &origin)?;
        match printed {
            // Whoever closed the report's pipe may still want what else was asked for.
            Err(failure) if failure.outcome == Outcome::Done && outputs.documents.are_wanted() => {}
            printed => printed?,
        }
        if summary.run.partial || interrupt.is_stopped() && at + 1 < scenarios.len() {
            return Ok(Outcome::Interrupted);
        }
    }
    Ok(Outcome::Done)
}

pub(super) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_methods, reason = "this is the command line")]
    let started = Instant::now();
    let result = work();
    (result, started.elapsed())
}

pub(super) fn origin(scenario: &Prepared, elapsed: Duration) -> Origin {
    let model = &scenario.model;
    Origin {
        file: scenario.file.clone(),
        option: scenario.option.clone(),
        version: env!("CARGO_PKG_VERSION"),
        // Nobody needs the microseconds.
        wall_seconds: Some((elapsed.as_secs_f64() * 1e3).round() / 1e3),
        promise: Some(ServicePromise {
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
