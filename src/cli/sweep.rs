//! `simulate sweep`: a grid of scenarios in, one row a point out.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::args::{Shared, SweepArgs};
use super::interrupt::Interrupt;
use super::load::{self, Disk};
use super::page::HtmlFile;
use super::progress::Meter;
use super::{Failure, Outcome, output, run, tell};
use crate::judge::expression::Op;
use crate::report::block::{Block, FigureLimit, Picture, PictureScale};
use crate::stats::Estimate;
use crate::sweep::{PointRow, Points, Varied, table};
use crate::task::sweep::{SweepRequest, Sweeping};

mod journal;
mod rows;

use journal::Journal;
use rows::PrintedRows;

/// A sweep of a file.
type Sweep = Sweeping<Disk>;

/// Simulates the points that are not finished yet, checking them as it goes, and prints their rows.
///
/// # Errors
///
/// Where something keeps it from its end; it may have been told already.
pub(super) fn sweep(
    args: &SweepArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let (points, drawn) = points(args, interrupt)?;
    if (args.picture || args.html.is_some()) && drawn.is_none() {
        let message = "a picture needs one or two varied values, each given with --vary";
        return Err(Failure::unusable(message));
    }
    // Before anything heeds a signal: whoever waits for a pipe does not look up.
    let draft = load::draft(&args.file, interrupt)?;
    let meter = Meter::points(shared);
    let show = |done, of| meter.show(done, of);
    let control = run::control(shared, interrupt, &show);
    let sweep = Sweeping::new(draft, points, request(args, shared), &control)?;
    let (journal, journaled) = Journal::open(args, &sweep, interrupt)?;
    let html = HtmlFile::open(args.html.as_deref(), interrupt)?;
    let mut sink = Sink {
        sweep: &sweep,
        journal,
        rows: PrintedRows::new(&sweep, shared, args.picture || html.has_stdout()),
        warnings: Warnings::default(),
        failure: None,
    };
    let done = sweep.run(&journaled, &control, &mut |point, row| {
        sink.receive(point, &row, journaled.contains_key(&point))
    });
    drop(meter);
    let Sink { rows, warnings, failure, .. } = sink;
    let ended = failure.map_or(done.map_err(Failure::from), Err);
    let is_partial = matches!(&ended, Err(failure) if failure.outcome == Outcome::Interrupted);
    let estimates = rows.end(ended, is_partial)?;
    if !shared.quiet {
        warnings.tell(&sweep.points);
    }
    if is_partial {
        tell("warning", "interrupted: these are the points that were finished");
        return Ok(Outcome::Interrupted);
    }
    if let Some(drawn) = drawn {
        let picture = picture(&sweep, &drawn, estimates);
        let is_printed = args.picture || (output::stdout_is_watched() && !shared.json);
        if is_printed && !html.has_stdout() {
            let above = if args.picture { None } else { Some(Block::Gap) };
            output::print(&above.into_iter().chain([picture.clone()]).collect::<Vec<_>>())?;
        }
        let title = format!("Sweep of {}", args.file.display());
        html.write(&title, [[Block::Title(title.clone()), picture].as_slice()])?;
    }
    Ok(Outcome::Done)
}

/// Where the rows of a sweep go.
struct Sink<'a> {
    sweep: &'a Sweep,
    journal: Journal,
    rows: PrintedRows<'a>,
    warnings: Warnings,
    /// Why no more rows are wanted.
    failure: Option<Failure>,
}

impl Sink<'_> {
    fn receive(&mut self, point: usize, row: &PointRow, is_kept: bool) -> ControlFlow<()> {
        self.warnings.push(point, row);
        let kept = if is_kept { Ok(()) } else { self.journal.push(self.sweep, point, row) };
        match kept.and_then(|()| self.rows.push(point, row)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(failure) => {
                self.failure = Some(failure);
                ControlFlow::Break(())
            }
        }
    }
}

fn request(args: &SweepArgs, shared: &Shared) -> SweepRequest {
    SweepRequest {
        show: args.show.clone(),
        limit: args.limit.clone(),
        option: shared.option.clone(),
        overrides: shared.overrides.clone(),
        options: run::options(shared),
    }
}

/// The points, and what is varied if it can be drawn.
fn points(
    args: &SweepArgs,
    interrupt: &Interrupt,
) -> Result<(Points, Option<Vec<Varied>>), Failure> {
    let Some(file) = &args.vary_csv else {
        let points = Points::cross(&args.vary).map_err(Failure::unusable)?;
        return Ok((points, (args.vary.len() <= 2).then(|| args.vary.clone())));
    };
    let (name, bytes) = load::read(file, interrupt)?;
    let points =
        table::points(&bytes).map_err(|why| Failure::unusable(format!("{name}: {why}")))?;
    let drawn = match points.paths() {
        [path] => Some(vec![Varied { path: path.clone(), values: points.points().concat() }]),
        _ => None,
    };
    Ok((points, drawn))
}

/// Warnings of all points, each told once.
#[derive(Debug, Default)]
struct Warnings(BTreeMap<&'static str, (usize, usize, String)>);

impl Warnings {
    fn push(&mut self, point: usize, row: &PointRow) {
        for warning in &row.warnings {
            let new = || (0, point, warning.message.clone());
            self.0.entry(warning.code).or_insert_with(new).0 += 1;
        }
    }

    fn tell(&self, points: &Points) {
        let all = points.points().len();
        for (code, (count, first, message)) in &self.0 {
            let name = points.name(*first);
            let text = format!("{count} of {all} points, the first at {name}: {message} [{code}]");
            tell("warning", &text);
        }
    }
}

/// The picture of the first figure.
fn picture(sweep: &Sweep, drawn: &[Varied], estimates: Vec<Estimate>) -> Block {
    let limit = sweep.limit.map(|(op, value)| match op {
        Op::AtLeast | Op::Above => FigureLimit::AtLeast(value),
        Op::AtMost | Op::Below => FigureLimit::AtMost(value),
    });
    let scale = |varied: &Varied| {
        let Varied { path, values } = varied.clone();
        PictureScale { path, values }
    };
    Block::Picture(Picture {
        figure: sweep.shown[0].text.clone(),
        unit: sweep.unit,
        limit,
        scales: drawn.iter().map(scale).collect(),
        estimates,
    })
}
