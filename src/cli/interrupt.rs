//! Ctrl-C: the first stops the simulation, the second ends the program at once. While nothing is
//! simulated yet, the first does: nothing would be reported, and whoever waits for a pipe or reads
//! a thousand options does not look up.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::Outcome;
use super::places::Places;

/// What a signal has to know.
#[derive(Clone, Debug, Default)]
pub(super) struct Interrupt {
    stop: Arc<AtomicBool>,
    /// Whether somebody looks at `stop`.
    is_heeded: Arc<AtomicBool>,
    unfinished: Arc<Mutex<Vec<PathBuf>>>,
    /// What this run reads and writes.
    pub(super) places: Places,
}

impl Interrupt {
    /// Listens to Ctrl-C and to requests to terminate.
    pub(super) fn install() -> Self {
        let interrupt = Self::default();
        let heard = interrupt.clone();
        // Without a handler Ctrl-C ends the program at once, which will do.
        let _ = ctrlc::set_handler(move || heard.hear());
        interrupt
    }

    /// Whether and when to stop. Whoever takes this looks at it within a second, from now on.
    pub(super) fn stop(&self) -> &AtomicBool {
        self.is_heeded.store(true, Ordering::Relaxed);
        &self.stop
    }

    /// Whether it was asked to stop.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// A file or an empty folder that must not stay behind unless the program gets to its end.
    pub(super) fn remove_at_exit(&self, path: &Path) {
        self.files().push(path.to_owned());
    }

    fn hear(&self) {
        let is_first = !self.stop.swap(true, Ordering::Relaxed);
        if is_first && self.is_heeded.load(Ordering::Relaxed) {
            return;
        }
        // What was made later may be in what was made before.
        for path in self.files().iter().rev() {
            // It may be gone already, renamed or never written; folders go if they are empty.
            let _ = std::fs::remove_file(path).or_else(|_| std::fs::remove_dir(path));
        }
        // At once, whatever the threads are doing.
        std::process::exit(Outcome::Interrupted.code().into());
    }

    fn files(&self) -> std::sync::MutexGuard<'_, Vec<PathBuf>> {
        self.unfinished.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
