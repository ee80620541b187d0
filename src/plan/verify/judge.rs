//! Verdicts on promises.

use super::{Again, Judged, MORE, Round, Verifier};
use crate::experiment::summary::{Expectation, IntervalSummary, Moment, Verdict};
use crate::judge::expression::Extent;
use crate::judge::{Certainty, evaluate};
use crate::metrics::definition::{Measure, Unit};
use crate::plan::promise::{Promise, What};
use crate::stats::{Estimate, normal_quantile, student_t};
use crate::time::SimTime;

/// What the days say.
pub(super) struct Judge<'a> {
    pub(super) verifier: &'a Verifier<'a>,
    pub(super) round: &'a Round,
}

impl Judge<'_> {
    /// Holm's procedure: the surest promise is held against the smallest error; once it holds, the
    /// next against a larger one.
    pub(super) fn judge(&self) -> (Vec<Expectation>, Vec<Option<Judged>>) {
        let all = self.verifier.expressions.len();
        let mut outcomes: Vec<Option<Expectation>> = vec![None; all];
        let mut judged = vec![None; all];
        let mut open = all;
        loop {
            let before = open;
            let error = self.verifier.error() / before as f64;
            for (promise, outcome) in outcomes.iter_mut().enumerate() {
                let holds = |found: &Expectation| found.verdict == Verdict::Holds;
                if !outcome.as_ref().is_some_and(holds) {
                    *outcome = Some(self.outcome(promise, error));
                    judged[promise] = self.judged(promise, error);
                }
            }
            let holds = |found: &&Expectation| found.verdict == Verdict::Holds;
            open = all - outcomes.iter().flatten().filter(holds).count();
            if open == 0 || open == before {
                return (outcomes.into_iter().flatten().collect(), judged);
            }
        }
    }

    fn outcome(&self, promise: usize, error: f64) -> Expectation {
        let found = &self.verifier.promises.list[promise];
        let expression = &self.verifier.expressions[promise];
        // Only one side of the interval can break the promise.
        let certainty = Certainty::one_sided(error, 1);
        let cells = self.cells(promise);
        if let (true, Some(summary)) = (!is_sum(found) || cells.is_empty(), &self.round.summary) {
            return evaluate(expression, summary, certainty);
        }
        let single = error / cells.len() as f64;
        let of_cell = |cell: &usize| -> (Verdict, f64) {
            let verdict = if self.margin(*cell, error) >= 0.0 {
                Verdict::Holds
            } else if self.margin(*cell, -single) < 0.0 {
                Verdict::Fails
            } else {
                Verdict::Undecided
            };
            (verdict, self.value_margin(*cell))
        };
        let judged: Vec<(Verdict, f64)> = cells.iter().map(of_cell).collect();
        // Of what nothing was observed nothing is known.
        let nothing = cells.is_empty().then_some(Verdict::Undecided);
        let verdicts = judged.iter().map(|(verdict, _)| *verdict);
        let verdict = Verdict::all(verdicts.chain(nothing));
        let worst =
            cells.iter().zip(&judged).min_by(|a, b| a.1.1.total_cmp(&b.1.1)).map(|(cell, _)| *cell);
        let mut outcome = Expectation {
            text: expression.text.clone(),
            verdict,
            estimate: Estimate::UNKNOWN,
            unit: if found.days.is_some() { Unit::Share } else { expression.figure.unit },
            interval: None,
            reason: None,
        };
        if let Some(cell) = worst {
            outcome.estimate = self.shown(promise, cell);
            let place = &self.verifier.promises.cells[cell];
            outcome.interval = place.stretches.as_ref().map(|_| self.moment(place.from));
        }
        outcome
    }

    /// What the verdict on a promise was found by: the interval in the place where it is kept least
    /// surely. `None` where it was found in the figures of the report.
    fn judged(&self, promise: usize, error: f64) -> Option<Judged> {
        let promises = self.verifier.promises;
        if !is_sum(&promises.list[promise]) {
            return None;
        }
        let cells = self.cells(promise).into_iter();
        let cell = cells.min_by(|a, b| {
            let of = |cell: &usize| self.margin(*cell, error);
            of(a).total_cmp(&of(b))
        })?;
        let known = self.round.known[cell]?;
        let least = self.margin(cell, error);
        let reach = promises.standard(cell).margin(known.value) - least;
        let place = &promises.cells[cell];
        Some(Judged {
            estimate: Estimate::around(known.value, reach),
            at: place.stretches.as_ref().map(|_| place.from),
        })
    }

    /// The cells of a promise of which something is known.
    fn cells(&self, promise: usize) -> Vec<usize> {
        let cells = self.verifier.promises.cells.iter().enumerate();
        cells
            .filter(|(index, cell)| cell.promise == promise && self.round.known[*index].is_some())
            .map(|(index, _)| index)
            .collect()
    }

    /// By how much the unadjusted value keeps the promise.
    fn value_margin(&self, cell: usize) -> f64 {
        let standard = self.verifier.promises.standard(cell);
        let known = self.round.sample.plain(cell);
        known.map_or(f64::INFINITY, |known| standard.margin(known.value))
    }

    /// By how much a promise is kept where only the error of this size is left that it is not; for
    /// a negative one, by how much it would be were chance that much against it.
    fn margin(&self, cell: usize, error: f64) -> f64 {
        let Some(known) = self.round.known[cell] else {
            return f64::INFINITY;
        };
        let days = self.round.sample.days() as f64;
        let sure = if days > 200.0 {
            normal_quantile(1.0 - error.abs())
        } else {
            student_t((days - 1.0).max(1.0), 1.0 - error.abs())
        };
        let standard = self.verifier.promises.standard(cell);
        let margin = standard.margin(known.value);
        if days < 2.0 {
            // One day says nothing about others.
            return if error > 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
        }
        let is_share =
            self.verifier.expressions[self.verifier.promises.cells[cell].promise].figure.unit
                == Unit::Share;
        if known.spread <= 0.0 && is_share {
            // All of the contacts, or none: Wilson's interval for independent ones.
            let count = self.round.sample.denominator(cell);
            let reach = sure * sure / (count + sure * sure);
            return if error > 0.0 { margin - reach } else { margin };
        }
        margin - error.signum() * sure * known.error
    }

    pub(super) fn margins(&self) -> Vec<Option<f64>> {
        let promises = self.verifier.promises;
        let error = self.verifier.error() / promises.list.len() as f64;
        let of_cell = |cell: usize| {
            let known = self.round.known[cell]?;
            let more = match self.verifier.again {
                Again::SameDays => 0.0,
                Again::First | Again::OtherDays => MORE * known.error,
            };
            Some(self.margin(cell, error) - more)
        };
        (0..promises.cells.len()).map(of_cell).collect()
    }

    /// The figure in a cell as the report shows it.
    fn shown(&self, promise: usize, cell: usize) -> Estimate {
        let found = &self.verifier.promises.list[promise];
        let place = &self.verifier.promises.cells[cell];
        if found.quantile().is_some() && found.days.is_none() {
            let figure = if place.stretches.is_some() {
                let interval = self.interval(promise, place.from);
                interval.and_then(|interval| interval.figure(&found.path))
            } else {
                let summary = self.round.summary.as_ref();
                summary.and_then(|summary| summary.figure(&found.path))
            };
            return figure.unwrap_or_default().estimate;
        }
        let Some(known) = self.round.sample.plain(cell) else {
            return Estimate::UNKNOWN;
        };
        let t = student_t((self.round.sample.days() as f64 - 1.0).max(1.0), 0.975);
        let estimate = Estimate::around(known.value, t * known.error);
        let is_share = self.verifier.expressions[promise].figure.unit == Unit::Share;
        if is_share || found.days.is_some() { estimate.within(0.0, 1.0) } else { estimate }
    }

    fn interval(&self, promise: usize, at: SimTime) -> Option<&IntervalSummary> {
        let Extent::Every(length) = self.verifier.expressions[promise].extent else {
            return None;
        };
        let summary = self.round.summary.as_ref()?;
        let mut stretches = summary.stretches.iter();
        let intervals = match stretches.find(|found| found.length == length) {
            Some(found) => &found.intervals,
            None => &summary.intervals,
        };
        let start = at - SimTime::START;
        intervals.iter().find(|interval| interval.start == start)
    }

    fn moment(&self, at: SimTime) -> Moment {
        let start = at - SimTime::START;
        let intervals = self.round.summary.iter().flat_map(|all| &all.intervals);
        let interval = intervals.into_iter().find(|interval| interval.start == start);
        Moment { start, clock: interval.and_then(|interval| interval.clock.clone()) }
    }
}

/// Whether a promise is a ratio of sums over days: not a maximum, a deviation, or a time until
/// something happens that may never do.
pub(super) fn is_sum(promise: &Promise) -> bool {
    if promise.days.is_some() {
        return true;
    }
    match promise.what {
        What::Contacts(_, definition) => plain(&definition.measure),
        What::Group(_, definition) => plain(&definition.measure),
        What::Bot(definition) => plain(&definition.measure),
        What::Handled { .. } => true,
    }
}

fn plain<T>(measure: &Measure<T>) -> bool {
    !matches!(
        measure,
        Measure::Maximum(_) | Measure::Deviation(_) | Measure::Until(_) | Measure::Known(_)
    )
}
