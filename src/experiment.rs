//! Replications in parallel, merged in replication order.
//!
//! The numbers of a replication are merged when all before it are ([`parallel`]). So the results are
//! the same for any number of threads, and an interrupted run reports its first replications, not
//! the quick ones.

use std::sync::atomic::AtomicBool;

use crate::engine::{self, Stopped, Tally};
use crate::metrics::digest::Digest;
use crate::metrics::trace::{TraceRow, Tracer};
use crate::metrics::{Collector, Day};
use crate::model::Model;
use crate::model::Replications;
use crate::random::Streams;
use crate::time::SimTime;

mod advance;
mod asked;
pub mod catalog;
mod control;
pub mod each;
mod figures;
mod merge;
pub mod parallel;
pub mod precision;
mod study;
pub mod summary;
mod warnings;

pub use asked::{Asked, Keep};
pub use catalog::Catalog;
pub use control::Control;
pub use figures::CONFIDENCE;
use parallel::Unfinished;
pub use study::Study;
pub use summary::{COST, Summary};
pub use warnings::nobody_on_duty;

/// Which replications of a model to run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// So many replications instead of what the scenario says.
    pub replications: Option<u32>,
    /// Another seed than the scenario's.
    pub seed: Option<u64>,
}

impl Options {
    fn seed(&self, model: &Model) -> u64 {
        self.seed.unwrap_or(model.seed)
    }

    fn replications(&self, model: &Model) -> Replications {
        self.replications.map_or_else(|| model.replications.clone(), Replications::Fixed)
    }
}

/// Why there are no results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunError {
    /// It was stopped before the first replication was finished.
    NothingFinished,
    /// More contacts were in the system than memory is meant for.
    TooManyContacts {
        /// In which replication, from 1.
        replication: u32,
        /// When, in simulated time.
        at: SimTime,
    },
    /// The program has an error.
    Panicked {
        /// In which replication, from 1.
        replication: u32,
        /// What the panic says.
        message: String,
    },
}

impl RunError {
    fn of(replication: u32, stopped: Stopped) -> Self {
        match stopped {
            Stopped::Asked => Self::NothingFinished,
            Stopped::TooMany { at } => Self::TooManyContacts { replication, at },
        }
    }
}

impl From<Unfinished<Stopped>> for RunError {
    fn from(unfinished: Unfinished<Stopped>) -> Self {
        let replication = |job: usize| u32::try_from(job + 1).unwrap_or(u32::MAX);
        match unfinished {
            Unfinished::Stopped => Self::NothingFinished,
            Unfinished::Failed { job, error } => Self::of(replication(job), error),
            Unfinished::Panicked { job, message } => {
                Self::Panicked { replication: replication(job), message }
            }
        }
    }
}

impl std::fmt::Display for RunError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NothingFinished => f.write_str("stopped before the first replication was done"),
            Self::TooManyContacts { replication, at } => write!(
                f,
                "more than {} contacts were in the system at once, {} into replication \
                 {replication}: give them `patience`, set a `queue_limit`, or staff more agents",
                engine::MOST_IN_SYSTEM,
                *at - SimTime::START,
            ),
            Self::Panicked { replication, message } => write!(
                f,
                "an error of this program, not of the scenario, in replication {replication}: \
                 {message}",
            ),
        }
    }
}

impl std::error::Error for RunError {}

/// Every path that [`Summary::figure`] knows for a model, overall figures first.
pub fn paths(model: &Model) -> Vec<String> {
    let catalog = Catalog::new(model);
    let of_day = catalog.figures().iter().filter(|known| known.is_of_day);
    of_day.map(|known| known.path.clone()).collect()
}

/// Runs the replications of a model.
///
/// # Errors
/// When it is to stop before the first replication is done, or memory would not do.
pub fn run(model: &Model, options: &Options, control: &Control<'_>) -> Result<Summary, RunError> {
    run_asked(model, options, &Asked::NOTHING, control)
}

/// The same, with a summary that tells what is `asked` beyond the report.
///
/// # Errors
/// When it is to stop before the first replication is done, or memory would not do.
pub fn run_asked(
    model: &Model,
    options: &Options,
    asked: &Asked,
    control: &Control<'_>,
) -> Result<Summary, RunError> {
    let mut study = Study::new(model, options, asked);
    let mut missed = None;
    let wanted = match options.replications(model) {
        Replications::Fixed(replications) => {
            study.advance(replications, control)?;
            replications
        }
        Replications::Precision { of, relative, at_most } => loop {
            let look = precision::next_look(study.replications(), at_most);
            study.advance(look, &control.telling(&|done, _| (control.progress)(done, at_most)))?;
            let estimate = study.estimate(&of.value);
            let enough = precision::is_enough(estimate, relative);
            let done = study.replications();
            if !enough && done >= at_most {
                missed = Some(warnings::imprecise(&of.value, estimate, relative, done));
            }
            if enough || look >= at_most || done < look {
                break look;
            }
        },
    };
    if study.replications() == 0 {
        return Err(RunError::NothingFinished);
    }
    let mut summary = study.summary(wanted);
    summary.warnings.extend(missed);
    Ok(summary)
}

/// The numbers of one replication, and the digest of its events where that is kept.
fn one(
    model: &Model,
    keep: Keep,
    streams: Streams,
    stop: &AtomicBool,
) -> Result<(Day, Option<u64>), Stopped> {
    let mut collector = Collector::new(model);
    if keep != Keep::ObservationsAndEvents {
        let tally = engine::replicate(model, streams, &mut collector, stop)?;
        return Ok((collector.finish(tally), None));
    }
    let mut digest = Digest::new(collector);
    let tally = engine::replicate(model, streams, &mut digest, stop)?;
    let (collector, events) = digest.finish();
    Ok((collector.finish(tally), Some(events)))
}

/// Runs the first `replications` once more and gives every attempt to `sink`, in order of
/// replication and arrival.
///
/// # Errors
/// When `stop` is set while it runs, or memory would not do.
pub fn trace<'m>(
    model: &'m Model,
    options: &Options,
    replications: u32,
    mut sink: impl FnMut(&TraceRow<'m>),
    stop: &AtomicBool,
) -> Result<(), RunError> {
    for index in 0..replications {
        let mut tracer = Tracer::new(model, index + 1, &mut sink);
        let streams = Streams::new(options.seed(model), u64::from(index));
        let done: Result<Tally, Stopped> = engine::replicate(model, streams, &mut tracer, stop);
        done.map_err(|stopped| RunError::of(index + 1, stopped))?;
    }
    Ok(())
}
