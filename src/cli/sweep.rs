//! `simulate sweep`: a grid of scenarios in, one row a point out.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use super::args::{Shared, SweepArgs};
use super::interrupt::Interrupt;
use super::progress::Progress;
use super::{Failure, Outcome, output, run, tell};
use crate::report::chart::{self, Subject};
use crate::stats::Estimate;
use crate::sweep::{self, Axis, Row, SweepError, Task};

mod journal;
mod plan;
mod rows;

use journal::Journal;
use plan::Plan;
use rows::Rows;

/// Checks every point, simulates those that are not finished yet, and prints their rows.
///
/// # Errors
///
/// Where something keeps it from its end; it may have been told already.
pub(super) fn sweep(
    task: &SweepArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let plan = Plan::new(task, shared)?;
    let (mut journal, finished) = match &task.resume {
        Some(path) => Journal::open(path, &plan)?,
        None => (Journal::none(), Vec::new()),
    };
    let mut rows = Rows::begin(&plan, shared, task.picture)?;
    let mut told = Told::default();
    let progress = Progress::begin_points(shared);
    let mut keep = |point: usize, row: Row, is_new: bool| -> Result<(), Failure> {
        if is_new {
            journal.push(&plan, point, &row)?;
        }
        told.push(point, &row);
        progress.show(count(point + 1), count(plan.grid.points().len()));
        rows.push(&plan, point, &row)
    };
    let first = finished.len();
    for (point, row) in finished.into_iter().enumerate() {
        keep(point, row, false)?;
    }
    let done = simulate(&plan, first, &mut keep, interrupt);
    drop(progress);
    let is_partial = matches!(done, Err(Ended::Stopped));
    let ended = match done {
        Err(Ended::Failed(failure)) => Err(failure),
        _ => Ok(()),
    };
    let estimates = rows.end(is_partial || ended.is_err())?;
    ended?;
    if !shared.quiet {
        told.tell(&plan);
    }
    if is_partial {
        tell("warning", "interrupted: these are the points that were finished");
        return Ok(Outcome::Interrupted);
    }
    if task.picture || (output::stdout_is_watched() && !shared.json && plan.axes().is_some()) {
        picture(&plan, &estimates, task.picture)?;
    }
    Ok(Outcome::Done)
}

fn count(points: usize) -> u32 {
    u32::try_from(points).expect("a sweep has at most 100,000 points")
}

/// Why there are not all rows.
enum Ended {
    Stopped,
    Failed(Failure),
}

/// Simulates the points from `first` on.
fn simulate(
    plan: &Plan<'_>,
    first: usize,
    keep: &mut dyn FnMut(usize, Row, bool) -> Result<(), Failure>,
    interrupt: &Interrupt,
) -> Result<(), Ended> {
    let model = |point| plan.model(point);
    let task = Task {
        first,
        end: plan.grid.points().len(),
        model: &model,
        shown: &plan.shown,
        options: &plan.options,
    };
    let mut failure = None;
    let mut sink = |point, row| match keep(point, row, true) {
        Ok(()) => true,
        Err(error) => {
            failure = Some(error);
            // There is no use in simulating on.
            interrupt.stop().store(true, Ordering::Relaxed);
            false
        }
    };
    let done = sweep::run(&task, &mut sink, &run::control(plan.shared, interrupt, &|_, _| {}));
    match (failure, done) {
        (Some(failure), _) => Err(Ended::Failed(failure)),
        (None, Ok(())) => Ok(()),
        (None, Err(SweepError::Stopped)) => Err(Ended::Stopped),
        (None, Err(SweepError::Failed { point, error })) => {
            let message = format!("{}: {}: {error}", plan.file, plan.grid.name(point));
            Err(Ended::Failed(Failure::new(Outcome::Unfinished, message)))
        }
    }
}

/// Warnings of all points, each told once.
#[derive(Debug, Default)]
struct Told(BTreeMap<&'static str, (usize, usize, String)>);

impl Told {
    fn push(&mut self, point: usize, row: &Row) {
        for warning in &row.warnings {
            let new = || (0, point, warning.message.clone());
            self.0.entry(warning.code).or_insert_with(new).0 += 1;
        }
    }

    fn tell(&self, plan: &Plan<'_>) {
        let all = plan.grid.points().len();
        for (code, (count, first, message)) in &self.0 {
            let name = plan.grid.name(*first);
            let text = format!("{count} of {all} points, the first at {name}: {message} [{code}]");
            tell("warning", &text);
        }
    }
}

/// Prints the picture of the first figure; `alone`: nothing stands above it.
fn picture(plan: &Plan<'_>, estimates: &[Estimate], alone: bool) -> Result<(), Failure> {
    use std::io::Write;

    let subject = Subject { name: &plan.shown[0].text, unit: plan.unit, limit: plan.limit };
    let axes = plan.axes().unwrap_or_default();
    let drawn: Vec<chart::Axis<'_>> = axes.iter().map(axis).collect();
    let (style, mut out) = (output::style(), output::stdout());
    let blank = if alone { Ok(()) } else { writeln!(out) };
    let done = blank.and_then(|()| match drawn.as_slice() {
        [one] => chart::curve(&subject, one, estimates, &style, &mut out),
        [down, across] => chart::heat_map(&subject, (down, across), estimates, &style, &mut out),
        _ => Ok(()),
    });
    done.and_then(|()| out.flush()).map_err(|error| Failure::stdout(&error))
}

fn axis(axis: &Axis) -> chart::Axis<'_> {
    chart::Axis { name: &axis.path, values: &axis.values }
}
