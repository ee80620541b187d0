//! Verdicts on targets.

use super::{JudgedBy, MORE, Reverify, Round, Verifier};
use crate::experiment::summary::{Expectation, IntervalStart, IntervalSummary, Verdict};
use crate::judge::expression::Extent;
use crate::judge::{self, Certainty};
use crate::metrics::definition::{Measure, Unit};
use crate::plan::targets::{PlanTarget, TargetFigure};
use crate::stats::{Estimate, normal_quantile, student_t};
use crate::time::SimTime;

/// What a target at the end of its scale counts as short while days are too few.
const MISS: f64 = 1e-6;

/// What the days say.
pub(super) struct Verdicts<'a> {
    pub(super) verifier: &'a Verifier<'a>,
    pub(super) round: &'a Round,
}

impl Verdicts<'_> {
    /// Holm's procedure: the surest target is held against the smallest error; once it holds, the
    /// next against a larger one.
    pub(super) fn judge(&self) -> (Vec<Expectation>, Vec<Option<JudgedBy>>) {
        let all = self.verifier.expressions.len();
        let mut outcomes: Vec<Option<Expectation>> = vec![None; all];
        let mut judged = vec![None; all];
        let mut open = all;
        loop {
            let before = open;
            let error = self.verifier.error() / before as f64;
            for (target, outcome) in outcomes.iter_mut().enumerate() {
                let holds = |found: &Expectation| found.verdict == Verdict::Holds;
                if !outcome.as_ref().is_some_and(holds) {
                    *outcome = Some(self.outcome(target, error));
                    judged[target] = self.judged(target, error);
                }
            }
            let holds = |found: &&Expectation| found.verdict == Verdict::Holds;
            open = all - outcomes.iter().flatten().filter(holds).count();
            if open == 0 || open == before {
                return (outcomes.into_iter().flatten().collect(), judged);
            }
        }
    }

    fn outcome(&self, target: usize, error: f64) -> Expectation {
        let found = &self.verifier.targets.list[target];
        let expression = &self.verifier.expressions[target];
        // Only one side of the interval can break the target.
        let certainty = Certainty::one_sided(error, 1);
        let intervals = self.intervals(target);
        if let (true, Some(summary)) = (!is_sum(found) || intervals.is_empty(), &self.round.summary)
        {
            return judge::evaluate(expression, summary, certainty);
        }
        let single = error / intervals.len() as f64;
        let of_cell = |interval: &usize| -> (Verdict, f64) {
            let verdict = if self.slack(*interval, error) >= 0.0 {
                Verdict::Holds
            } else if self.slack(*interval, -single) < 0.0 {
                Verdict::Fails
            } else {
                Verdict::Undecided
            };
            (verdict, self.value_slack(*interval))
        };
        let judged: Vec<(Verdict, f64)> = intervals.iter().map(of_cell).collect();
        // Of what nothing was observed nothing is known.
        let nothing = intervals.is_empty().then_some(Verdict::Undecided);
        let verdicts = judged.iter().map(|(verdict, _)| *verdict);
        let verdict = Verdict::all(verdicts.chain(nothing));
        let worst = intervals
            .iter()
            .zip(&judged)
            .min_by(|a, b| a.1.1.total_cmp(&b.1.1))
            .map(|(interval, _)| *interval);
        let mut outcome = Expectation {
            text: expression.text.clone(),
            verdict,
            estimate: Estimate::UNKNOWN,
            unit: if found.days.is_some() { Unit::Share } else { expression.figure.unit },
            interval: None,
            reason: None,
        };
        if let Some(interval) = worst {
            outcome.estimate = self.shown(target, interval);
            let place = &self.verifier.targets.intervals[interval];
            outcome.interval = place.bins.as_ref().map(|_| self.moment(place.from));
        }
        outcome
    }

    /// What the verdict on a target was found by: the interval in the place where it is met least
    /// surely. `None` where it was found in the figures of the report.
    fn judged(&self, target: usize, error: f64) -> Option<JudgedBy> {
        let targets = self.verifier.targets;
        if !is_sum(&targets.list[target]) {
            return None;
        }
        let intervals = self.intervals(target).into_iter();
        let interval = intervals.min_by(|a, b| {
            let of = |interval: &usize| self.slack(*interval, error);
            of(a).total_cmp(&of(b))
        })?;
        let known = self.round.known[interval]?;
        let least = self.slack(interval, error);
        let reach = targets.standard(interval).slack(known.value) - least;
        let place = &targets.intervals[interval];
        Some(JudgedBy {
            estimate: Estimate::around(known.value, reach),
            at: place.bins.as_ref().map(|_| place.from),
        })
    }

    /// The intervals of a target of which something is known.
    fn intervals(&self, target: usize) -> Vec<usize> {
        let intervals = self.verifier.targets.intervals.iter().enumerate();
        intervals
            .filter(|(index, interval)| {
                interval.target == target && self.round.known[*index].is_some()
            })
            .map(|(index, _)| index)
            .collect()
    }

    /// By how much the unadjusted value meets the target.
    fn value_slack(&self, interval: usize) -> f64 {
        let standard = self.verifier.targets.standard(interval);
        let known = self.round.sample.plain(interval);
        known.map_or(f64::INFINITY, |known| standard.slack(known.value))
    }

    /// By how much a target is met where only the error of this size is left that it is not; for
    /// a negative one, by how much it would be were chance that much against it.
    fn slack(&self, interval: usize, error: f64) -> f64 {
        let Some(known) = self.round.known[interval] else {
            return f64::INFINITY;
        };
        let days = self.round.sample.days() as f64;
        let standard = self.verifier.targets.standard(interval);
        let slack = standard.slack(known.value);
        if self.verifier.targets.are_days_alike {
            return slack;
        }
        let is_share =
            self.verifier.expressions[self.verifier.targets.intervals[interval].target].figure.unit
                == Unit::Share;
        if is_share && standard.is_end_of_scale() {
            // One miss refutes it. Days without any tell that so large a share of all days has none,
            // at the confidence asked for (Wilks 1941, Annals of Mathematical Statistics 12).
            let enough = error.abs().ln() / self.verifier.confidence.ln();
            return if slack >= 0.0 && error > 0.0 && days < enough { -MISS } else { slack };
        }
        let sure = if days > 200.0 {
            normal_quantile(1.0 - error.abs())
        } else {
            student_t((days - 1.0).max(1.0), 1.0 - error.abs())
        };
        if days < 2.0 {
            // One day says nothing about others.
            return if error > 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
        }
        if known.spread <= 0.0 && is_share {
            // All of the contacts, or none: Wilson's interval for independent ones.
            let count = self.round.sample.denominator(interval);
            let reach = sure * sure / (count + sure * sure);
            return if error > 0.0 { slack - reach } else { slack };
        }
        slack - error.signum() * sure * known.error
    }

    pub(super) fn slacks(&self) -> Vec<Option<f64>> {
        let targets = self.verifier.targets;
        let error = self.verifier.error() / targets.list.len() as f64;
        let of_cell = |interval: usize| {
            let known = self.round.known[interval]?;
            let more = match self.verifier.again {
                Reverify::SameDays => 0.0,
                Reverify::First | Reverify::OtherDays => MORE * known.error,
            };
            Some(self.slack(interval, error) - more)
        };
        (0..targets.intervals.len()).map(of_cell).collect()
    }

    /// The figure in an interval as the report shows it.
    fn shown(&self, target: usize, interval: usize) -> Estimate {
        let found = &self.verifier.targets.list[target];
        let place = &self.verifier.targets.intervals[interval];
        if found.quantile().is_some() && found.days.is_none() {
            let figure = if place.bins.is_some() {
                let interval = self.interval(target, place.from);
                interval.and_then(|interval| interval.figure(&found.path))
            } else {
                let summary = self.round.summary.as_ref();
                summary.and_then(|summary| summary.figure(&found.path))
            };
            return figure.unwrap_or_default().estimate;
        }
        let Some(known) = self.round.sample.plain(interval) else {
            return Estimate::UNKNOWN;
        };
        let t = student_t((self.round.sample.days() as f64 - 1.0).max(1.0), 0.975);
        let estimate = Estimate::around(known.value, t * known.error);
        let is_share = self.verifier.expressions[target].figure.unit == Unit::Share;
        if is_share || found.days.is_some() { estimate.within(0.0, 1.0) } else { estimate }
    }

    fn interval(&self, target: usize, at: SimTime) -> Option<&IntervalSummary> {
        let Extent::Every(length) = self.verifier.expressions[target].extent else {
            return None;
        };
        let summary = self.round.summary.as_ref()?;
        let mut bins = summary.stretches.iter();
        let intervals = match bins.find(|found| found.length == length) {
            Some(found) => &found.intervals,
            None => &summary.intervals,
        };
        let start = at - SimTime::START;
        intervals.iter().find(|interval| interval.start == start)
    }

    fn moment(&self, at: SimTime) -> IntervalStart {
        let start = at - SimTime::START;
        let intervals = self.round.summary.iter().flat_map(|all| &all.intervals);
        let interval = intervals.into_iter().find(|interval| interval.start == start);
        IntervalStart { start, clock: interval.and_then(|interval| interval.clock.clone()) }
    }
}

/// Whether a target is a ratio of sums over days: not a maximum, a deviation, or a time until
/// something happens that may never do.
pub(super) fn is_sum(target: &PlanTarget) -> bool {
    if target.days.is_some() {
        return true;
    }
    match target.what {
        TargetFigure::Contacts(_, metric) => plain(&metric.definition().measure),
        TargetFigure::Group(_, definition) => plain(&definition.measure),
        TargetFigure::Bot(definition) => plain(&definition.measure),
        TargetFigure::Handled { .. } => true,
    }
}

fn plain<T>(measure: &Measure<T>) -> bool {
    !matches!(
        measure,
        Measure::Maximum(_) | Measure::Deviation(_) | Measure::Until(_) | Measure::Known(_)
    )
}
