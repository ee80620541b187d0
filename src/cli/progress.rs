//! One progress bar on standard error, if anybody watches it.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::Shared;
use super::output;

/// The progress of one scenario.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Begins the bar of scenario `number` of `all`.
    pub(super) fn begin(shared: &Shared, number: usize, all: usize) -> Self {
        let is_shown = output::stderr_is_watched() && !shared.quiet && !shared.json;
        let target = if is_shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template(
            "{msg}simulating {bar:32} {pos} of {len} replications, {eta} left",
        );
        bar.set_style(style.expect("the template is well-formed"));
        if all > 1 {
            bar.set_message(format!("{number}/{all}: "));
        }
        Self { bar }
    }

    /// So many replications of so many are done.
    pub(super) fn show(&self, done: u32, of: u32) {
        self.bar.set_length(of.into());
        self.bar.set_position(done.into());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// What a search is doing.
#[derive(Debug)]
pub(super) struct Spinner {
    bar: ProgressBar,
}

impl Spinner {
    /// Begins to tell.
    pub(super) fn begin(shared: &Shared) -> Self {
        let is_shown = output::stderr_is_watched() && !shared.quiet && !shared.json;
        let target = if is_shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
        bar.set_style(style.expect("the template is well-formed"));
        Self { bar }
    }

    /// Tells what is looked at.
    pub(super) fn tell(&self, what: &str) {
        self.bar.set_message(what.to_owned());
        self.bar.tick();
    }

    /// Tells the stage, the days simulated and the best cost so far.
    pub(super) fn show(&self, progress: &crate::plan::search::Progress) {
        let best = progress
            .cost
            .map_or_else(String::new, |cost| format!(", cost {cost:.0}"));
        self.bar.set_message(format!(
            "{}: {} days simulated{best}",
            progress.stage, progress.simulated
        ));
        self.bar.tick();
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
