//! One progress bar on standard error, if anybody watches it.

use std::fmt;

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::args::Shared;
use super::{output, panics};

/// The progress of one scenario, or of a sweep.
#[derive(Debug)]
pub(super) struct Meter {
    bar: ProgressBar,
}

impl Meter {
    /// Begins the bar of scenario `number` of `all`.
    pub(super) fn begin(shared: &Shared, number: usize, all: usize) -> Self {
        let is_shown = output::stderr_is_watched() && !shared.quiet && !shared.json;
        let meter = Self::of("replications", is_shown);
        if all > 1 {
            meter.bar.set_message(format!("{number}/{all}: "));
        }
        meter
    }

    /// Begins the bar of a sweep, whose rows must not run into it.
    pub(super) fn points(shared: &Shared) -> Self {
        let is_shown = output::stderr_is_watched() && !output::stdout_is_watched() && !shared.quiet;
        Self::of("points", is_shown)
    }

    fn of(what: &str, is_shown: bool) -> Self {
        let target =
            if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let template = format!("{{msg}}simulating {{bar:32}} {{pos}} of {{len}} {what}{{left}}");
        let style = ProgressStyle::with_template(&template);
        let style = style.expect("the template is well-formed");
        bar.set_style(style.with_key("left", left));
        Self { bar }
    }

    /// So many of so many are done.
    pub(super) fn show(&self, done: u32, of: u32) {
        panics::provoke("progress");
        self.bar.set_length(of.into());
        self.bar.set_position(done.into());
    }
}

/// How long it will take, as soon as something tells.
fn left(state: &ProgressState, out: &mut dyn fmt::Write) {
    if state.pos() > 0 {
        // A bar that cannot be drawn stops nothing.
        let _ = write!(out, ", {:#} left", HumanDuration(state.eta()));
    }
}

impl Drop for Meter {
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
        let target =
            if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
        bar.set_style(style.expect("the template is well-formed"));
        Self { bar }
    }

    /// Tells what is looked at.
    pub(super) fn tell(&self, what: &str) {
        panics::provoke("progress");
        self.bar.set_message(what.to_owned());
        self.bar.tick();
    }

    /// Tells the stage, the days simulated and the best cost so far.
    pub(super) fn show(&self, progress: &crate::plan::search::PlanProgress) {
        panics::provoke("progress");
        let best = progress.cost.map_or_else(String::new, |cost| format!(", cost {cost:.0}"));
        let verified =
            progress.verified.map_or_else(String::new, |cost| format!(" (verified: {cost:.0})"));
        self.bar.set_message(format!(
            "{}: {} days simulated{best}{verified}",
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
