//! What a number of simulated days say about the targets, and how surely.
//!
//! Staffings are compared on the same days. How many contacts happened to come explains a part of
//! each day's result, and so does how long they happened to take: an agent time says nothing about
//! whether its contact is answered, so the times of the answered are on average what all need.
//! Where the expectations are known, that part is taken off (control variates; Lavenberg, Welch
//! 1981, Management Science 27), and fewer days tell as much. Figures that are shown are never
//! adjusted.

use std::ops::Range;

mod expected;
mod regression;

use expected::ArrivalMoments;
pub use expected::{AgentTime, ExpectedArrivals, agent_times};
use regression::{CONTROLS, SPANS, intercept, spans};

use super::targets::PlanTargets;
use crate::experiment::{Control, RunError, parallel};

/// Fewest days from which effects of arrivals are estimated.
const FEWEST_ADJUSTED: usize = 60;

/// Days of one staffing.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// By day, then interval: numerator and denominator.
    pub pairs: Vec<Vec<(f64, f64)>>,
    /// By day, then bin of the grid: first attempts of all types.
    pub arrivals: Vec<Vec<f64>>,
    /// By day, then bin of the grid: agent time of those who queued then and were answered,
    /// beyond what as many need on average, and the variance of that; 0 where it is not known.
    pub surplus: Vec<Vec<(f64, f64)>>,
}

/// What is known of one interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TargetEstimate {
    /// The ratio of sums.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// Standard deviation of one day: the standard error times the root of the days.
    pub spread: f64,
}

impl Sample {
    /// How many days.
    pub fn days(&self) -> usize {
        self.pairs.len()
    }

    /// Adds further days of the same staffing.
    pub fn extend(&mut self, more: Self) {
        self.pairs.extend(more.pairs);
        self.arrivals.extend(more.arrivals);
        self.surplus.extend(more.surplus);
    }

    /// What the days say about an interval, unadjusted; `None` where nothing was observed.
    pub fn plain(&self, interval: usize) -> Option<TargetEstimate> {
        let days = self.days() as f64;
        let (x, y) = self.sums(interval);
        if y <= 0.0 {
            return None;
        }
        let value = x / y;
        if !value.is_finite() {
            return Some(TargetEstimate { value, error: 0.0, spread: 0.0 });
        }
        let squares: f64 =
            self.pairs.iter().map(|day| (day[interval].0 - value * day[interval].1).powi(2)).sum();
        let spread = (squares / (days - 1.0).max(1.0)).sqrt() * days / y;
        Some(TargetEstimate { value, error: spread / days.sqrt(), spread })
    }

    /// By how much an interval differs from what it is on the same days of another staffing, and the
    /// standard error of that; `None` where one of them is unknown.
    pub fn change(&self, interval: usize, other: &Self) -> Option<(f64, f64)> {
        let days = self.days().min(other.days());
        let sums = |pairs: &[Vec<(f64, f64)>]| {
            let pairs = pairs[..days].iter();
            pairs.fold((0.0, 0.0), |sum, day| (sum.0 + day[interval].0, sum.1 + day[interval].1))
        };
        let ((x, y), (x_other, y_other)) = (sums(&self.pairs), sums(&other.pairs));
        if y <= 0.0 || y_other <= 0.0 {
            return None;
        }
        let (value, before) = (x / y, x_other / y_other);
        let residual = |day: usize| {
            let (own, other) = (self.pairs[day][interval], other.pairs[day][interval]);
            (own.0 - value * own.1) / y - (other.0 - before * other.1) / y_other
        };
        let squares: f64 = (0..days).map(|day| residual(day).powi(2)).sum();
        Some((value - before, squares.sqrt()))
    }

    /// The same with the effect of what came in the interval and before it taken off.
    pub fn adjusted(
        &self,
        interval: usize,
        targets: &PlanTargets,
        expected: &ExpectedArrivals,
    ) -> Option<TargetEstimate> {
        let plain = self.plain(interval)?;
        let ExpectedArrivals(Some(expected)) = expected else {
            return Some(plain);
        };
        if self.days() < FEWEST_ADJUSTED || plain.error <= 0.0 || !plain.value.is_finite() {
            return Some(plain);
        }
        let bins = targets.intervals[interval].bins.clone();
        let bins = bins.unwrap_or(0..expected.mean.len());
        let controls: Vec<[f64; CONTROLS]> =
            (0..self.days()).map(|day| self.controls(day, &bins, expected)).collect();
        let residuals: Vec<f64> =
            self.pairs.iter().map(|day| day[interval].0 - plain.value * day[interval].1).collect();
        let denominator = self.sums(interval).1 / self.days() as f64;
        let Some(found) = intercept(&residuals, &controls) else {
            return Some(plain);
        };
        Some(TargetEstimate {
            value: plain.value + found.offset / denominator,
            error: found.error / denominator,
            spread: found.spread / denominator,
        })
    }

    /// What explains a day's result in some bins: how many more than expected came in them and
    /// before, how much longer than expected they take, and what kind of day it was.
    fn controls(
        &self,
        day: usize,
        bins: &Range<usize>,
        expected: &ArrivalMoments,
    ) -> [f64; CONTROLS] {
        let mut controls = [0.0; CONTROLS];
        let length = bins.len();
        let (arrivals, surplus) = (&self.arrivals[day], &self.surplus[day]);
        let off = |span: &Range<usize>| {
            let came: f64 = arrivals[span.clone()].iter().sum();
            came - expected.mean[span.clone()].iter().sum::<f64>()
        };
        let longer = |span: &Range<usize>| {
            let parts = surplus[span.clone()].iter();
            parts.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
        };
        for (at, span) in spans(bins).enumerate() {
            controls[at] = off(&span);
            controls[SPANS + at] = longer(&span).0;
        }
        // Squares, and products of what is independent: a queue does not grow in proportion.
        let mut next = 2 * SPANS;
        for spans in 1..=2 {
            let Some(start) = bins.start.checked_sub((spans - 1) * length) else {
                break;
            };
            let span = start..bins.end;
            let (off, (longer, its_variance)) = (off(&span), longer(&span));
            if let Some(variance) = &expected.variance {
                controls[next] = off * off - variance.of(&span);
            }
            controls[next + 1] = longer * longer - its_variance;
            controls[next + 2] = off * longer;
            next += 3;
        }
        if let Some(variance) = &expected.variance {
            let all = 0..arrivals.len();
            let off = off(&all);
            controls[CONTROLS - 2] = off;
            controls[CONTROLS - 1] = off * off - variance.of(&all);
        }
        controls
    }

    /// [`Sample::adjusted`] of all intervals.
    ///
    /// # Errors
    /// When it is over before all are done.
    pub fn all_adjusted(
        &self,
        targets: &PlanTargets,
        expected: &ExpectedArrivals,
        control: &Control<'_>,
    ) -> Result<Vec<Option<TargetEstimate>>, RunError> {
        let adjusted = |interval| Ok(self.adjusted(interval, targets, expected));
        Ok(parallel::collect(
            0..targets.intervals.len(),
            &control.quiet(control.threads),
            &adjusted,
        )?)
    }

    /// The sum of the denominators of an interval over the days.
    pub fn denominator(&self, interval: usize) -> f64 {
        self.sums(interval).1
    }

    fn sums(&self, interval: usize) -> (f64, f64) {
        let pairs = self.pairs.iter().map(|day| day[interval]);
        pairs.fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1))
    }
}
