//! On how many threads to work, whom to tell, and when to stop.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// What whoever asks for work wants of it beyond the result.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// Threads that work, the caller's own among them; at least 1.
    pub threads: usize,
    /// Told how much is done, of how much at most.
    pub progress: &'a (dyn Fn(u32, u32) + Sync),
    /// Set when the work is to end. What is under way ends too.
    pub stop: &'a AtomicBool,
    /// Says whether time is up. Nothing more is begun then; what is under way is finished.
    pub deadline: &'a (dyn Fn() -> bool + Sync),
}

impl Control<'static> {
    /// So many threads, nobody to tell, and no reason to stop.
    pub const fn new(threads: usize) -> Self {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Self { threads, progress: &|_, _| {}, stop: &NEVER, deadline: &|| false }
    }
}

impl<'a> Control<'a> {
    /// The same with so many threads and nobody to tell: for a part of the work.
    #[must_use]
    pub fn quiet(&self, threads: usize) -> Self {
        Self { threads, progress: &|_, _| {}, ..*self }
    }

    /// The same with somebody else to tell.
    #[must_use]
    pub fn telling<'b>(&self, progress: &'b (dyn Fn(u32, u32) + Sync)) -> Control<'b>
    where
        'a: 'b,
    {
        Control { progress, ..*self }
    }

    /// The same, whatever time it is.
    #[must_use]
    pub fn without_deadline(self) -> Self {
        Self { deadline: &|| false, ..self }
    }

    /// Whether somebody has asked for the end.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether nothing more is to be begun.
    pub fn is_over(&self) -> bool {
        self.is_stopped() || (self.deadline)()
    }
}

impl fmt::Debug for Control<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control")
            .field("threads", &self.threads)
            .field("stop", &self.stop)
            .finish_non_exhaustive()
    }
}
