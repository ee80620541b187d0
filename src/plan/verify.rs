//! A plan on days that the search never saw.
//!
//! A promise for every stretch of the day holds if it holds in each; that each of them is
//! confident enough makes all of them so (an intersection-union test: Berger 1982, Technometrics
//! 24). Several promises are tested one after the other at the levels of Holm 1979. If a plan is
//! changed after it was verified, it is verified again on yet other days, with a share of the
//! error allowed to each round.

use std::sync::atomic::AtomicBool;

use super::promise::Promises;
use super::staffing::Staffing;
use crate::check::expression::{Expression, Scope};
use crate::check::{self, Certainty};
use crate::experiment::summary::{Expectation, Verdict};
use crate::experiment::{Catalog, Options, RunError, Study, Summary};
use crate::model::Model;

/// Times that a plan may be verified.
pub const ROUNDS: u32 = 2;

/// What is not sure enough is raised until it is by so many standard errors more: on other days
/// chance is another.
const MORE: f64 = 0.5;

/// What verification found.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The staffing.
    pub staffing: Staffing,
    /// All figures of the days it was verified on.
    pub summary: Summary,
    /// By promise.
    pub outcomes: Vec<Expectation>,
    /// Seed of those days.
    pub seed: u64,
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
    /// What is promised.
    pub expressions: &'a [Expression],
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
    /// Simulates a staffing, as a model, on the days of `seed`.
    ///
    /// # Errors
    /// When everything is to end, or memory would not do.
    pub fn verify(
        &self,
        model: &Model,
        staffing: &Staffing,
        seed: u64,
    ) -> Result<Verified, RunError> {
        let options = Options {
            threads: self.threads,
            replications: Some(self.days),
            seed: Some(seed),
        };
        let asked = Expression::asked(self.expressions, &Catalog::new(model));
        let mut study = Study::new(model, &options, &asked);
        study.advance(self.days, &|_| {}, self.stop)?;
        if study.replications() < self.days {
            return Err(RunError::NothingFinished);
        }
        let summary = study.summary(self.days);
        Ok(Verified {
            staffing: staffing.clone(),
            outcomes: self.judge(&summary),
            summary,
            seed,
        })
    }

    /// Holm's procedure: the surest promise is held against the smallest error; once it holds, the
    /// next against a larger one.
    fn judge(&self, summary: &Summary) -> Vec<Expectation> {
        let error = (1.0 - self.confidence) / f64::from(ROUNDS);
        let at = |promises: usize| Certainty {
            // Only one side of the interval can break the promise.
            confidence: 1.0 - 2.0 * error / promises as f64,
        };
        let mut outcomes: Vec<Option<Expectation>> = vec![None; self.expressions.len()];
        let mut open = self.expressions.len();
        loop {
            let before = open;
            for (outcome, expression) in outcomes.iter_mut().zip(self.expressions) {
                let holds = |found: &Expectation| found.verdict == Verdict::Holds;
                if !outcome.as_ref().is_some_and(holds) {
                    *outcome = Some(check::evaluate(expression, summary, at(before)));
                }
            }
            let holds = |found: &&Expectation| found.verdict == Verdict::Holds;
            open = outcomes.len() - outcomes.iter().flatten().filter(holds).count();
            if open == 0 || open == before {
                return outcomes.into_iter().flatten().collect();
            }
        }
    }

    /// By cell, how much the summary is short of what would be sure enough; `None` where nothing
    /// is known. Where only a share of days or a quantile is promised, a trifle.
    pub fn margins(&self, verified: &Verified, promises: &Promises) -> Vec<Option<f64>> {
        let error = (1.0 - self.confidence) / f64::from(ROUNDS) / promises.list.len() as f64;
        let sure = crate::stats::normal_quantile(1.0 - error) + MORE;
        let report = crate::stats::normal_quantile(0.975);
        let mut margins = Vec::with_capacity(promises.cells.len());
        for (index, promise) in promises.list.iter().enumerate() {
            let expression = &self.expressions[index];
            let is_plain = promise.days.is_none() && promise.quantile().is_none();
            let margin = |estimate: crate::stats::Estimate| {
                let value = estimate.value?;
                let half = estimate.half_width().unwrap_or(0.0);
                let margin = promise.average().margin(value) - half / report * sure;
                Some(if is_plain { margin } else { margin.clamp(-1e-9, 1e-9) })
            };
            match expression.scope {
                Scope::Every(length) => {
                    let stretches = verified.summary.stretches.iter();
                    let stretches = stretches.clone().find(|found| found.length == length);
                    let intervals =
                        stretches.map_or(&verified.summary.intervals, |found| &found.intervals);
                    margins.extend(intervals.iter().map(|interval| {
                        let figure = interval.figure(&expression.path);
                        margin(figure.copied().unwrap_or_default().estimate)
                    }));
                }
                Scope::Whole | Scope::Days(_) if is_plain => {
                    let figure = verified.summary.figure(&expression.path);
                    margins.push(margin(figure.copied().unwrap_or_default().estimate));
                }
                Scope::Whole | Scope::Days(_) => {
                    let holds = verified.outcomes[index].verdict == Verdict::Holds;
                    margins.push(Some(if holds { 1e-9 } else { -1e-9 }));
                }
            }
        }
        margins
    }
}
