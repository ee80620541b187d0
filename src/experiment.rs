//! Replications in parallel, merged in replication order.
//!
//! Each thread takes the next replication that nobody has begun; the numbers of a replication are
//! merged when all before it are. So the results are the same for any number of threads, and an
//! interrupted run reports its first replications, not the quick ones.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};
use std::thread;

use crate::engine::{self, Stopped, Tally};
use crate::metrics::digest::Digest;
use crate::metrics::trace::{TraceRow, Tracer};
use crate::metrics::{Collector, Day};
use crate::model::Model;
use crate::model::Replications;
use crate::random::Streams;
use crate::time::SimTime;

pub mod catalog;
pub mod each;
mod figures;
mod merge;
pub mod precision;
mod study;
pub mod summary;
mod warnings;

pub use catalog::Catalog;
pub use figures::CONFIDENCE;
use merge::Merged;
pub use study::{Asked, Keep, Study};
pub use summary::{COST, Summary};

/// How to run a model.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads that simulate; at least 1.
    pub threads: usize,
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
        self.replications
            .map_or_else(|| model.replications.clone(), Replications::Fixed)
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

/// Runs the replications of a model. `progress` is told how many are done, of how many at most.
///
/// # Errors
/// When `stop` is set before the first replication is done, or memory would not do.
pub fn run(
    model: &Model,
    options: &Options,
    progress: &(dyn Fn(u32, u32) + Sync),
    stop: &AtomicBool,
) -> Result<Summary, RunError> {
    run_asked(model, options, &Asked::NOTHING, progress, stop)
}

/// The same, with a summary that tells what is `asked` beyond the report.
///
/// # Errors
/// When `stop` is set before the first replication is done, or memory would not do.
pub fn run_asked(
    model: &Model,
    options: &Options,
    asked: &Asked,
    progress: &(dyn Fn(u32, u32) + Sync),
    stop: &AtomicBool,
) -> Result<Summary, RunError> {
    let mut study = Study::new(model, options, asked);
    let mut missed = None;
    let wanted = match options.replications(model) {
        Replications::Fixed(replications) => {
            study.advance(replications, &|done| progress(done, replications), stop)?;
            replications
        }
        Replications::Precision {
            of,
            relative,
            at_most,
        } => loop {
            let look = precision::next_look(study.replications(), at_most);
            study.advance(look, &|done| progress(done, at_most), stop)?;
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

/// Runs and merges replications until `until` of them are merged, or `stop` is set.
fn advance(
    model: &Model,
    options: &Options,
    merged: &mut Merged<'_>,
    until: u32,
    progress: &(dyn Fn(u32) + Sync),
    stop: &AtomicBool,
) -> Result<(), RunError> {
    let wanted = until.saturating_sub(merged.replications()) as usize;
    if options.threads.min(wanted) <= 1 {
        return advance_alone(model, options, merged, until, progress, stop);
    }
    let keep = merged.keep();
    let next = AtomicU32::new(merged.replications());
    // Set by the first replication that cannot finish: no further one is begun.
    let failed = AtomicBool::new(false);
    let (sender, receiver) = mpsc::sync_channel(options.threads);
    // Days that wait for a slow one before them are kept; nobody begins one too far ahead.
    let ahead = Ahead::new(merged.replications(), options.threads);
    thread::scope(|scope| {
        for _ in 0..options.threads.max(1) {
            let sender = sender.clone();
            let (next, failed, ahead) = (&next, &failed, &ahead);
            scope.spawn(move || {
                // Whoever ends, for whatever reason, leaves nobody waiting for what it had begun.
                let _release = Release(ahead);
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    ahead.wait_for(index);
                    // The engine looks at the signal only so often: a short replication never.
                    let over = failed.load(Ordering::Relaxed) || stop.load(Ordering::Relaxed);
                    if index >= until || over {
                        break;
                    }
                    let streams = Streams::new(options.seed(model), u64::from(index));
                    let day = one(model, keep, streams, stop);
                    failed.fetch_or(day.is_err(), Ordering::Relaxed);
                    if sender.send((index, day)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut early: BTreeMap<u32, (Day, Option<u64>)> = BTreeMap::new();
        let mut error = None;
        for (index, day) in receiver {
            match day {
                Ok(day) => {
                    early.insert(index, day);
                }
                Err(Stopped::Asked) => {}
                Err(Stopped::TooMany { at }) => {
                    let replication = index + 1;
                    match &error {
                        Some(RunError::TooManyContacts {
                            replication: first, ..
                        }) if *first < replication => {}
                        _ => error = Some(RunError::TooManyContacts { replication, at }),
                    }
                }
            }
            while let Some((day, events)) = early.remove(&merged.replications()) {
                merged.push(day, events);
                ahead.advance(merged.replications());
                progress(merged.replications());
            }
        }
        error.map_or(Ok(()), Err)
    })
}

/// The same on this thread: memory of a replication serves the next, and the summary.
fn advance_alone(
    model: &Model,
    options: &Options,
    merged: &mut Merged<'_>,
    until: u32,
    progress: &(dyn Fn(u32) + Sync),
    stop: &AtomicBool,
) -> Result<(), RunError> {
    while merged.replications() < until && !stop.load(Ordering::Relaxed) {
        let index = merged.replications();
        let streams = Streams::new(options.seed(model), u64::from(index));
        match one(model, merged.keep(), streams, stop) {
            Ok((day, events)) => merged.push(day, events),
            Err(Stopped::Asked) => break,
            Err(Stopped::TooMany { at }) => {
                let replication = index + 1;
                return Err(RunError::TooManyContacts { replication, at });
            }
        }
        progress(merged.replications());
    }
    Ok(())
}

/// How far replications may run ahead of those that are merged.
struct Ahead {
    merged: Mutex<u32>,
    changed: Condvar,
    most: u32,
}

impl Ahead {
    fn new(merged: u32, threads: usize) -> Self {
        let most = u32::try_from(threads.saturating_mul(4)).unwrap_or(u32::MAX);
        Self {
            merged: Mutex::new(merged),
            changed: Condvar::new(),
            most: most.max(4),
        }
    }

    /// Waits until replication `index` is not too far ahead.
    fn wait_for(&self, index: u32) {
        let merged = self.merged.lock().unwrap_or_else(PoisonError::into_inner);
        let too_far = |merged: &mut u32| index >= merged.saturating_add(self.most);
        drop(self.changed.wait_while(merged, too_far));
    }

    /// So many replications are merged, or more.
    fn advance(&self, merged: u32) {
        let mut known = self.merged.lock().unwrap_or_else(PoisonError::into_inner);
        *known = merged.max(*known);
        self.changed.notify_all();
    }
}

/// Lifts the limit when dropped.
struct Release<'a>(&'a Ahead);

impl Drop for Release<'_> {
    fn drop(&mut self) {
        self.0.advance(u32::MAX);
    }
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
        done.map_err(|stopped| match stopped {
            Stopped::Asked => RunError::NothingFinished,
            Stopped::TooMany { at } => RunError::TooManyContacts {
                replication: index + 1,
                at,
            },
        })?;
    }
    Ok(())
}
