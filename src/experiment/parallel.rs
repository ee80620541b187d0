//! Jobs on several threads, their results in order.
//!
//! Each thread takes the next job that nobody has begun. The results go to one receiver, in order
//! of the jobs, by a thread that has just finished one: a thread that only received would take
//! turns with those that work, and what it still had to do after the last job all would wait for.
//! So what the receiver sees is the same for any number of threads.

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::Control;

/// How far ahead of the first unfinished job others are begun, for each thread: results that wait
/// for a slow job take memory.
const AHEAD: usize = 4;

/// Why not all jobs were done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfinished<E> {
    /// The work was stopped.
    Stopped,
    /// A job failed: the first of those that did.
    Failed {
        /// Which one.
        job: usize,
        /// Why.
        error: E,
    },
    /// A job, or the receiver of its result, panicked: an error of the program.
    Panicked {
        /// Which one.
        job: usize,
        /// What the panic says.
        message: String,
    },
}

/// Does `jobs` and gives their results to `receive`, in order, until it breaks off.
///
/// As soon as a job fails or panics no other is begun. The results of all jobs before it are
/// received, so that these are the same for any number of threads. Where the system refuses a
/// thread, the others do its work.
///
/// # Errors
/// When a job fails or panics, or the work is stopped before its end.
pub fn in_order<T: Send, E: Send>(
    jobs: Range<usize>,
    control: &Control<'_>,
    job: &(dyn Fn(usize) -> Result<T, E> + Sync),
    receive: &mut (dyn FnMut(usize, T) -> ControlFlow<()> + Send),
) -> Result<(), Unfinished<E>> {
    let threads = control.threads.min(jobs.len()).max(1);
    let crew = Crew::new(jobs, control, threads, job, receive);
    thread::scope(|scope| {
        for _ in 1..threads {
            if thread::Builder::new().spawn_scoped(scope, || crew.work()).is_err() {
                break;
            }
        }
        crew.work();
    });
    let state = crew.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    match state.failure {
        // What was begun beyond what the receiver wanted is nobody's concern.
        Some((job, failure)) if !state.is_full || job < state.wanted => Err(failure),
        _ if state.is_full || state.wanted >= crew.last => Ok(()),
        _ => Err(Unfinished::Stopped),
    }
}

/// The results of `jobs`, in order.
///
/// # Errors
/// As [`in_order`].
pub fn collect<T: Send, E: Send>(
    jobs: Range<usize>,
    control: &Control<'_>,
    job: &(dyn Fn(usize) -> Result<T, E> + Sync),
) -> Result<Vec<T>, Unfinished<E>> {
    let mut results = Vec::with_capacity(jobs.len());
    in_order(jobs, control, job, &mut |_, result| {
        results.push(result);
        ControlFlow::Continue(())
    })?;
    Ok(results)
}

/// The threads, and what they share.
struct Crew<'a, T, E> {
    control: &'a Control<'a>,
    job: &'a (dyn Fn(usize) -> Result<T, E> + Sync),
    /// One more than the last job.
    last: usize,
    /// How far ahead of the first unfinished job others are begun.
    ahead: usize,
    state: Mutex<State<T, E>>,
    changed: Condvar,
    /// Held by whoever hands results over.
    receive: Mutex<&'a mut (dyn FnMut(usize, T) -> ControlFlow<()> + Send)>,
}

struct State<T, E> {
    /// The job that nobody has begun.
    next: usize,
    /// No job from here on is begun.
    end: usize,
    /// The job whose result is to be received next.
    wanted: usize,
    /// Results that wait for those before them.
    waiting: BTreeMap<usize, T>,
    /// Whether the receiver wants no more.
    is_full: bool,
    /// The first job that failed.
    failure: Option<(usize, Unfinished<E>)>,
}

impl<'a, T: Send, E: Send> Crew<'a, T, E> {
    fn new(
        jobs: Range<usize>,
        control: &'a Control<'a>,
        threads: usize,
        job: &'a (dyn Fn(usize) -> Result<T, E> + Sync),
        receive: &'a mut (dyn FnMut(usize, T) -> ControlFlow<()> + Send),
    ) -> Self {
        let state = State {
            next: jobs.start,
            end: jobs.end,
            wanted: jobs.start,
            waiting: BTreeMap::new(),
            is_full: false,
            failure: None,
        };
        Self {
            control,
            job,
            last: jobs.end,
            ahead: threads.saturating_mul(AHEAD),
            state: Mutex::new(state),
            changed: Condvar::new(),
            receive: Mutex::new(receive),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works and hands results over until there is nothing left to begin.
    fn work(&self) {
        while let Some(job) = self.begin() {
            let result = match catch_unwind(AssertUnwindSafe(|| (self.job)(job))) {
                Ok(Ok(result)) => Ok(result),
                Ok(Err(error)) => Err(Unfinished::Failed { job, error }),
                Err(panic) => Err(Unfinished::Panicked { job, message: message(&*panic) }),
            };
            match result {
                Ok(result) => drop(self.state().waiting.insert(job, result)),
                Err(failure) => self.fail(job, failure),
            }
            self.hand_over();
        }
    }

    /// The next job, when it is not too far ahead.
    fn begin(&self) -> Option<usize> {
        let too_far = |state: &mut State<T, E>| {
            state.next < state.end && state.next - state.wanted >= self.ahead
        };
        let waited = self.changed.wait_while(self.state(), too_far);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        if self.control.is_over() {
            state.end = state.end.min(state.next);
            self.changed.notify_all();
        }
        let job = state.next;
        (job < state.end).then(|| {
            state.next += 1;
            job
        })
    }

    fn fail(&self, job: usize, failure: Unfinished<E>) {
        let mut state = self.state();
        state.end = state.end.min(job);
        if state.failure.as_ref().is_none_or(|(first, _)| job < *first) {
            state.failure = Some((job, failure));
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Hands over what can be; if somebody does that already, leaves it to them.
    fn hand_over(&self) {
        while self.state().is_ready() {
            let Ok(mut receive) = self.receive.try_lock() else { return };
            while let Some((job, result)) = self.take() {
                // What is behind the lock is never used again after a panic.
                match catch_unwind(AssertUnwindSafe(|| receive(job, result))) {
                    Ok(ControlFlow::Continue(())) => {}
                    Ok(ControlFlow::Break(())) => self.close(),
                    Err(panic) => {
                        self.fail(job, Unfinished::Panicked { job, message: message(&*panic) });
                        self.close();
                    }
                }
            }
            // Something may have come after the last look, and found somebody handing over.
        }
    }

    /// The result that is to be received next, if it is there.
    fn take(&self) -> Option<(usize, T)> {
        let mut state = self.state();
        if !state.is_ready() {
            return None;
        }
        let job = state.wanted;
        let result = state.waiting.remove(&job)?;
        state.wanted += 1;
        drop(state);
        self.changed.notify_all();
        Some((job, result))
    }

    /// The receiver wants no more.
    fn close(&self) {
        let mut state = self.state();
        state.is_full = true;
        state.end = state.end.min(state.next);
        drop(state);
        self.changed.notify_all();
    }
}

impl<T, E> State<T, E> {
    fn is_ready(&self) -> bool {
        !self.is_full && self.waiting.contains_key(&self.wanted)
    }
}

/// What a panic says.
pub(crate) fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests;
