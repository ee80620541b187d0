//! The trace: the first replications once more, telling of every attempt.

use std::sync::atomic::Ordering;

use crate::cli::interrupt::Interrupt;
use crate::cli::output::Destination;
use crate::cli::{Failure, Outcome};
use crate::experiment::{self, Options, RunError};
use crate::metrics::trace::TraceRow;
use crate::report::trace::Trace;
use crate::task::{Prepared, TaskError};

/// Runs the first replications again, telling of every attempt.
///
/// # Errors
///
/// Where it is interrupted, or the trace cannot be written.
pub(super) fn trace(
    scenario: &Prepared,
    options: &Options,
    replications: u32,
    target: Destination,
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
    let result = experiment::trace(&scenario.model, options, replications, push, interrupt.stop());
    if let Some(error) = failed {
        return Err(trace.target().failure(&error));
    }
    result.map_err(|error| match error {
        RunError::NothingFinished => {
            let target = trace.target();
            let what = if target.is_whole() { "was not written" } else { "is not complete" };
            let message = format!("interrupted: {} {what}", name(target));
            Failure::new(Outcome::Interrupted, message)
        }
        RunError::TooManyContacts { .. } | RunError::Panicked { .. } => {
            TaskError::run(&scenario.file, error).into()
        }
    })?;
    if let Err(error) = trace.flush() {
        return Err(trace.target().failure(&error));
    }
    let target = trace.end().map_err(|error| Failure::writing("the trace", &error))?;
    target.finish()
}

/// What messages call the trace.
pub(super) fn name(target: &Destination) -> String {
    if target.is_stdout() { "the trace".to_owned() } else { target.name() }
}
