//! Replications looked at one by one, where no report is wanted: what a search needs of a day is a
//! few sums, and a search takes thousands of days.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::study::Keep;
use super::{RunError, one};
use crate::engine::{self, Stopped};
use crate::metrics::Day;
use crate::metrics::watch::{Watch, Watched};
use crate::model::Model;
use crate::random::Streams;

/// Which replications of a model, and on how many threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Which {
    /// Seed of all draws.
    pub seed: u64,
    /// The replications, from 0.
    pub replications: Range<u32>,
    /// Threads that simulate; at least 1.
    pub threads: usize,
}

/// Runs replications with an observer that only counts, and gives what `extract` makes of each, in
/// order.
///
/// # Errors
/// When `stop` is set before all are done, or memory would not do.
pub fn watched<T: Send>(
    model: &Model,
    watch: &Watch,
    which: &Which,
    extract: &(dyn Fn(&Watched) -> T + Sync),
    stop: &AtomicBool,
) -> Result<Vec<T>, RunError> {
    in_order(which, stop, &|index| {
        let mut observer = watch.observer(model);
        let streams = Streams::new(which.seed, u64::from(index));
        engine::replicate(model, streams, &mut observer, stop)?;
        Ok(extract(&observer.finish()))
    })
}

/// Runs replications with every figure of the report, and gives what `extract` makes of each, in
/// order.
///
/// # Errors
/// When `stop` is set before all are done, or memory would not do.
pub fn days<T: Send>(
    model: &Model,
    which: &Which,
    extract: &(dyn Fn(&Day) -> T + Sync),
    stop: &AtomicBool,
) -> Result<Vec<T>, RunError> {
    in_order(which, stop, &|index| {
        let streams = Streams::new(which.seed, u64::from(index));
        one(model, Keep::Nothing, streams, stop).map(|(day, _)| extract(&day))
    })
}

fn in_order<T: Send>(
    which: &Which,
    stop: &AtomicBool,
    one: &(dyn Fn(u32) -> Result<T, Stopped> + Sync),
) -> Result<Vec<T>, RunError> {
    let first = which.replications.start;
    let next = AtomicU32::new(first);
    let failed = AtomicBool::new(false);
    let results = Mutex::new(Vec::new());
    let work = || {
        let mut own = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let over = failed.load(Ordering::Relaxed) || stop.load(Ordering::Relaxed);
            if index >= which.replications.end || over {
                break;
            }
            let result = one(index);
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            own.push((index, result));
        }
        let mut all = results.lock().unwrap_or_else(PoisonError::into_inner);
        all.append(&mut own);
    };
    if which.threads <= 1 {
        work();
    } else {
        thread::scope(|scope| {
            for _ in 0..which.threads {
                scope.spawn(work);
            }
        });
    }
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_unstable_by_key(|(index, _)| *index);
    let wanted = which.replications.len();
    let mut found = Vec::with_capacity(wanted);
    for (index, result) in results {
        match result {
            Ok(value) => found.push(value),
            Err(Stopped::Asked) => {}
            Err(Stopped::TooMany { at }) => {
                let replication = index + 1;
                return Err(RunError::TooManyContacts { replication, at });
            }
        }
    }
    if found.len() < wanted {
        return Err(RunError::NothingFinished);
    }
    Ok(found)
}
