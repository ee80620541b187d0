//! Errors of the program: they end it with a message and status 3, whatever thread they are on.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

use super::{Failure, Outcome, tell};
use crate::experiment::parallel;

/// What `work` gives, or that it panicked.
pub(super) fn caught(work: impl FnOnce() -> Result<Outcome, Failure>) -> Result<Outcome, Failure> {
    panic::set_hook(Box::new(note));
    // What the work has touched is not looked at again.
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    done.unwrap_or_else(|panic: Box<dyn Any + Send>| {
        Err(Failure::panicked(&parallel::message(&*panic)))
    })
}

/// Says where it happened, for whoever is to mend it.
fn note(panic: &PanicHookInfo<'_>) {
    if let Some(place) = panic.location() {
        tell("note", &format!("the program has an error at {}:{}", place.file(), place.line()));
    }
}

/// Panics where a test wants to see what comes of it.
#[cfg(debug_assertions)]
pub(super) fn provoke(place: &str) {
    let is_wanted = std::env::var_os("SIMULATE_PANIC").is_some_and(|wanted| wanted == place);
    assert!(!is_wanted, "a test has asked for this");
}

/// Only tests provoke errors.
#[cfg(not(debug_assertions))]
pub(super) fn provoke(_place: &str) {}
