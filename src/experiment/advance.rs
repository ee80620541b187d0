//! Replications on several threads, merged in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::merge::Merged;
use super::{Keep, Options, RunError, one};
use crate::engine::Stopped;
use crate::metrics::Day;
use crate::model::Model;
use crate::random::Streams;

/// Replications that are merged together.
const BATCH: usize = 4;

/// How a replication ended.
type Ended = Result<(Day, Option<u64>), Stopped>;

/// What to run, and when to stop.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) model: &'a Model,
    pub(super) options: &'a Options,
    /// Replications that are to be merged in the end.
    pub(super) until: u32,
    /// Told how many are, or about to be.
    pub(super) progress: &'a (dyn Fn(u32) + Sync),
    pub(super) stop: &'a AtomicBool,
}

impl Task<'_> {
    fn one(&self, keep: Keep, index: u32) -> Ended {
        let streams = Streams::new(self.options.seed(self.model), u64::from(index));
        one(self.model, keep, streams, self.stop)
    }
}

/// Runs and merges replications until enough of them are merged, or the task is stopped.
pub(super) fn advance(task: Task<'_>, merged: &mut Merged<'_>) -> Result<(), RunError> {
    let wanted = task.until.saturating_sub(merged.replications()) as usize;
    let threads = task.options.threads.min(wanted);
    if threads <= 1 {
        return alone(task, merged);
    }
    let workers = Workers::new(task, merged, threads);
    thread::scope(|scope| {
        for _ in 1..threads {
            let spawned = thread::Builder::new().spawn_scoped(scope, || workers.work());
            if spawned.is_err() {
                // The system refuses another thread: fewer do the same work.
                break;
            }
        }
        workers.work();
    });
    let error = workers.pending().error.take();
    error.map_or(Ok(()), Err)
}

/// The same on this thread: memory of a replication serves the next, and the summary.
fn alone(task: Task<'_>, merged: &mut Merged<'_>) -> Result<(), RunError> {
    let mut days = Vec::new();
    let mut result = Ok(());
    for index in merged.replications()..task.until {
        if task.stop.load(Ordering::Relaxed) {
            break;
        }
        match task.one(merged.keep(), index) {
            Ok(day) => days.push(day),
            Err(Stopped::Asked) => break,
            Err(Stopped::TooMany { at }) => {
                let replication = index + 1;
                result = Err(RunError::TooManyContacts { replication, at });
                break;
            }
        }
        if days.len() == BATCH {
            merged.push(std::mem::take(&mut days));
        }
        (task.progress)(index + 1);
    }
    merged.push(days);
    result
}

/// Threads that share a task. None of them only merges: it would take turns with those that
/// simulate, and what it still had to do after the last replication all others would wait for.
struct Workers<'a, 'm> {
    task: Task<'a>,
    keep: Keep,
    /// The replication that nobody has begun.
    next: AtomicU32,
    /// The first replication that could not finish: none after it is begun.
    failed: AtomicU32,
    /// Held by whoever merges.
    merged: Mutex<&'a mut Merged<'m>>,
    pending: Mutex<Pending>,
    changed: Condvar,
}

/// What waits for a slow replication before it. There is not much of it: nobody begins a
/// replication too far ahead.
struct Pending {
    days: BTreeMap<u32, (Day, Option<u64>)>,
    /// Replications that are being simulated.
    running: usize,
    /// The first replication that may not be begun yet.
    limit: u32,
    error: Option<RunError>,
}

impl<'a, 'm> Workers<'a, 'm> {
    fn new(task: Task<'a>, merged: &'a mut Merged<'m>, threads: usize) -> Self {
        let ahead = u32::try_from(threads.saturating_mul(4)).unwrap_or(u32::MAX);
        Self {
            task,
            keep: merged.keep(),
            next: AtomicU32::new(merged.replications()),
            failed: AtomicU32::new(u32::MAX),
            pending: Mutex::new(Pending {
                days: BTreeMap::new(),
                running: 0,
                limit: merged.replications().saturating_add(ahead),
                error: None,
            }),
            merged: Mutex::new(merged),
            changed: Condvar::new(),
        }
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Simulates and merges until there is nothing left to begin.
    fn work(&self) {
        // Whoever ends, for whatever reason, leaves nobody waiting for what it had begun.
        let _release = Release(self);
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let too_far = |pending: &mut Pending| index >= pending.limit;
            let pending = self.changed.wait_while(self.pending(), too_far);
            // The engine looks at the signal only so often: a short replication never.
            let stop = self.task.stop.load(Ordering::Relaxed);
            let failed = self.failed.load(Ordering::Relaxed);
            if index >= self.task.until.min(failed) || stop {
                return;
            }
            pending.unwrap_or_else(PoisonError::into_inner).running += 1;
            let ended = self.task.one(self.keep, index);
            if ended.is_err() {
                self.failed.fetch_min(index, Ordering::Relaxed);
            }
            self.hand_in(index, ended);
            self.merge();
        }
    }

    fn hand_in(&self, index: u32, ended: Ended) {
        let mut pending = self.pending();
        pending.running -= 1;
        match ended {
            Ok(day) => {
                pending.days.insert(index, day);
            }
            Err(Stopped::Asked) => {}
            Err(Stopped::TooMany { at }) => {
                let replication = index + 1;
                match &pending.error {
                    Some(RunError::TooManyContacts { replication: first, .. })
                        if *first < replication => {}
                    _ => pending.error = Some(RunError::TooManyContacts { replication, at }),
                }
            }
        }
    }

    /// Merges what can be, some replications together; if somebody does that already, leaves it to
    /// them.
    fn merge(&self) {
        while let Ok(mut merged) = self.merged.try_lock() {
            loop {
                let days = self.pending().ready(merged.replications());
                if days.is_empty() {
                    break;
                }
                let more = days.len();
                merged.push(days);
                self.advance_limit(more);
                (self.task.progress)(merged.replications());
            }
            let next = merged.replications();
            drop(merged);
            // Something may have come after the last look, and found somebody merging.
            if !self.pending().is_ready(next) {
                return;
            }
        }
    }

    fn advance_limit(&self, more: usize) {
        let mut pending = self.pending();
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        pending.limit = pending.limit.saturating_add(more);
        drop(pending);
        self.changed.notify_all();
    }
}

impl Pending {
    /// Whether enough replications are there from `next` on, or no more will come.
    fn is_ready(&self, next: u32) -> bool {
        let there = (next..).zip(self.days.keys());
        let there = there.take_while(|(expected, index)| expected == *index);
        match there.take(BATCH).count() {
            0 => false,
            BATCH => true,
            _ => self.running == 0,
        }
    }

    /// Takes out what is to be merged now, from replication `next` on.
    fn ready(&mut self, next: u32) -> Vec<(Day, Option<u64>)> {
        if !self.is_ready(next) {
            return Vec::new();
        }
        let there = (next..).map_while(|index| self.days.remove(&index));
        there.collect()
    }
}

/// Lifts the limit when dropped.
struct Release<'c, 'a, 'm>(&'c Workers<'a, 'm>);

impl Drop for Release<'_, '_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            // Nobody merges beyond what panicked.
            self.0.failed.store(0, Ordering::Relaxed);
        }
        self.0.pending().limit = u32::MAX;
        self.0.changed.notify_all();
    }
}
