//! A plan on days that the search never saw.
//!
//! A promise for every stretch of the day holds if it holds in each; that each of them is
//! confident enough makes all of them so (an intersection-union test: Berger 1982, Technometrics
//! 24). It is missed if one of them is missed for sure, at an error divided by their number
//! (Bonferroni). Several promises are tested one after the other at the levels of Holm 1979. If a
//! plan is changed after it was verified, it is verified again on yet other days, with a share of
//! the error allowed to each round.
//!
//! Figures are shown as they are, and that is what a run of the same days shows too. Verdicts are
//! found with the effect of how many contacts happened to come taken off (see
//! [`sample`](super::sample)): they need fewer days.

use std::sync::atomic::AtomicBool;

use super::bench::Bench;
use super::promise::{Promise, Promises, What};
use super::sample::{Expected, Known, Sample};
use crate::check::expression::{Expression, Scope};
use crate::check::{self, Certainty};
use crate::experiment::summary::{Expectation, IntervalSummary, Moment, Verdict};
use crate::experiment::{Catalog, Options, RunError, Study, Summary};
use crate::metrics::definition::{Measure, Unit};
use crate::model::Model;
use crate::stats::{Estimate, normal_quantile, student_t};
use crate::time::SimTime;

/// Times that a plan may be verified.
pub const ROUNDS: u32 = 2;
/// What is not sure enough is raised until it is by so many standard errors more: on other days
/// chance is another.
const MORE: f64 = 1.0;
/// Days for the figures beside the promises.
const SUMMARIZED: u32 = 1000;

/// What verification found.
#[derive(Clone, Debug)]
pub struct Verified {
    /// All figures, of the first days or all of them.
    pub summary: Summary,
    /// By promise.
    pub outcomes: Vec<Expectation>,
    /// Seed of the days.
    pub seed: u64,
    /// How many days.
    pub days: u32,
    /// By cell, how much is missing to be surer than sure, negative where something is.
    pub margins: Vec<Option<f64>>,
}

impl Verified {
    /// The verdict on all promises together.
    pub fn verdict(&self) -> Verdict {
        Verdict::all(self.outcomes.iter().map(|outcome| outcome.verdict))
    }
}

/// How to verify.
#[derive(Debug)]
pub struct Verifier<'a> {
    /// What is promised, as it was read.
    pub expressions: &'a [Expression],
    /// The same, as sums over days.
    pub promises: &'a Promises,
    /// How sure all promises have to be together.
    pub confidence: f64,
    /// How many days.
    pub days: u32,
    /// Threads that simulate.
    pub threads: usize,
    /// Set when everything is to end.
    pub stop: &'a AtomicBool,
}

impl Verifier<'_> {
    /// Simulates a staffing on the days of `seed`: `model` has the reporting intervals of the
    /// scenario, `fine` those of the promises.
    ///
    /// # Errors
    /// When everything is to end, or memory would not do.
    pub fn verify(
        &self,
        (model, fine): (&Model, &Model),
        bench: &Bench<'_>,
        expected: &Expected,
        seed: u64,
    ) -> Result<Verified, RunError> {
        let own = Bench {
            seed,
            stop: self.stop,
            simulated: std::cell::Cell::new(0),
            ..*bench
        };
        let sample = own.sample_model(fine, 0..self.days)?;
        let summarized = self.days.min(SUMMARIZED);
        let options = Options {
            threads: self.threads,
            replications: Some(summarized),
            seed: Some(seed),
        };
        let asked = Expression::asked(self.expressions, &Catalog::new(model));
        let mut study = Study::new(model, &options, &asked);
        study.advance(summarized, &|_| {}, self.stop)?;
        if study.replications() < summarized {
            return Err(RunError::NothingFinished);
        }
        let summary = study.summary(summarized);
        let simulated = u64::from(self.days) + u64::from(summarized);
        bench.simulated.set(bench.simulated.get() + simulated);
        let looked = Looked {
            verifier: self,
            sample: &sample,
            known: (0..self.promises.cells.len())
                .map(|cell| sample.adjusted(cell, self.promises, expected))
                .collect(),
            summary: &summary,
        };
        Ok(Verified {
            outcomes: looked.judge(),
            margins: looked.margins(),
            summary,
            seed,
            days: self.days,
        })
    }

    /// The error that one round may make.
    fn error(&self) -> f64 {
        (1.0 - self.confidence) / f64::from(ROUNDS)
    }
}

/// What the days say.
struct Looked<'a> {
    verifier: &'a Verifier<'a>,
    sample: &'a Sample,
    known: Vec<Option<Known>>,
    summary: &'a Summary,
}

impl Looked<'_> {
    /// Holm's procedure: the surest promise is held against the smallest error; once it holds, the
    /// next against a larger one.
    fn judge(&self) -> Vec<Expectation> {
        let all = self.verifier.expressions.len();
        let mut outcomes: Vec<Option<Expectation>> = vec![None; all];
        let mut open = all;
        loop {
            let before = open;
            let error = self.verifier.error() / before as f64;
            for (promise, outcome) in outcomes.iter_mut().enumerate() {
                let holds = |found: &Expectation| found.verdict == Verdict::Holds;
                if !outcome.as_ref().is_some_and(holds) {
                    *outcome = Some(self.outcome(promise, error));
                }
            }
            let holds = |found: &&Expectation| found.verdict == Verdict::Holds;
            open = all - outcomes.iter().flatten().filter(holds).count();
            if open == 0 || open == before {
                return outcomes.into_iter().flatten().collect();
            }
        }
    }

    fn outcome(&self, promise: usize, error: f64) -> Expectation {
        let found = &self.verifier.promises.list[promise];
        let expression = &self.verifier.expressions[promise];
        let certainty = Certainty {
            // Only one side of the interval can break the promise.
            confidence: 1.0 - 2.0 * error,
        };
        if !is_sum(found) {
            return check::evaluate(expression, self.summary, certainty);
        }
        let cells = self.cells(promise);
        if cells.is_empty() {
            return check::evaluate(expression, self.summary, certainty);
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
        let verdict = Verdict::all(judged.iter().map(|(verdict, _)| *verdict));
        let worst = cells
            .iter()
            .zip(&judged)
            .min_by(|a, b| a.1.1.total_cmp(&b.1.1))
            .map(|(cell, _)| *cell);
        let mut outcome = Expectation {
            text: expression.text.clone(),
            verdict,
            estimate: Estimate::UNKNOWN,
            unit: if found.days.is_some() {
                Unit::Share
            } else {
                expression.unit
            },
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

    /// The cells of a promise of which something is known.
    fn cells(&self, promise: usize) -> Vec<usize> {
        let cells = self.verifier.promises.cells.iter().enumerate();
        cells
            .filter(|(index, cell)| cell.promise == promise && self.known[*index].is_some())
            .map(|(index, _)| index)
            .collect()
    }

    /// By how much the unadjusted value keeps the promise.
    fn value_margin(&self, cell: usize) -> f64 {
        let standard = self.verifier.promises.standard(cell);
        let known = self.sample.plain(cell);
        known.map_or(f64::INFINITY, |known| standard.margin(known.value))
    }

    /// By how much a promise is kept where only the error of this size is left that it is not; for
    /// a negative one, by how much it would be were chance that much against it.
    fn margin(&self, cell: usize, error: f64) -> f64 {
        let Some(known) = self.known[cell] else {
            return f64::INFINITY;
        };
        let days = self.sample.days() as f64;
        let sure = if days > 200.0 {
            normal_quantile(1.0 - error.abs())
        } else {
            student_t((days - 1.0).max(1.0), 1.0 - error.abs())
        };
        let standard = self.verifier.promises.standard(cell);
        let margin = standard.margin(known.value);
        if known.spread <= 0.0 {
            // All of the contacts, or none: Wilson's interval for independent ones.
            let count = self.sample.denominator(cell);
            let reach = sure * sure / (count + sure * sure);
            return if error > 0.0 { margin - reach } else { margin };
        }
        margin - error.signum() * sure * known.error
    }

    fn margins(&self) -> Vec<Option<f64>> {
        let promises = self.verifier.promises;
        let error = self.verifier.error() / promises.list.len() as f64;
        let of_cell = |cell: usize| {
            let known = self.known[cell]?;
            Some(self.margin(cell, error) - MORE * known.error)
        };
        (0..promises.cells.len()).map(of_cell).collect()
    }

    /// The figure in a cell as the report shows it.
    fn shown(&self, promise: usize, cell: usize) -> Estimate {
        let found = &self.verifier.promises.list[promise];
        let place = &self.verifier.promises.cells[cell];
        if found.quantile().is_some() && found.days.is_none() {
            let figure = match place.stretches {
                Some(_) => self
                    .interval(promise, place.from)
                    .and_then(|interval| interval.figure(&found.path)),
                None => self.summary.figure(&found.path),
            };
            return figure.unwrap_or_default().estimate;
        }
        let Some(known) = self.sample.plain(cell) else {
            return Estimate::UNKNOWN;
        };
        let t = student_t((self.sample.days() as f64 - 1.0).max(1.0), 0.975);
        let estimate = Estimate::around(known.value, t * known.error);
        let is_share = self.verifier.expressions[promise].unit == Unit::Share;
        if is_share || found.days.is_some() {
            estimate.within(0.0, 1.0)
        } else {
            estimate
        }
    }

    fn interval(&self, promise: usize, at: SimTime) -> Option<&IntervalSummary> {
        let Scope::Every(length) = self.verifier.expressions[promise].scope else {
            return None;
        };
        let mut stretches = self.summary.stretches.iter();
        let intervals = match stretches.find(|found| found.length == length) {
            Some(found) => &found.intervals,
            None => &self.summary.intervals,
        };
        let start = at - SimTime::START;
        intervals.iter().find(|interval| interval.start == start)
    }

    fn moment(&self, at: SimTime) -> Moment {
        let start = at - SimTime::START;
        let mut intervals = self.summary.intervals.iter();
        let interval = intervals.find(|interval| interval.start == start);
        Moment {
            start,
            clock: interval.and_then(|interval| interval.clock.clone()),
        }
    }
}

/// Whether a promise is a ratio of sums over days: not a maximum, a deviation, or a time until
/// something happens that may never do.
fn is_sum(promise: &Promise) -> bool {
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
