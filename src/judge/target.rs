//! A target and a summary give a verdict.

use super::certainty::Certainty;
use super::expression::{Aspect, Extent, Op, Target};
use crate::experiment::catalog::Statistic;
use crate::experiment::summary::{DayValues, Expectation, IntervalSummary, Verdict};
use crate::experiment::{CONFIDENCE, Summary};
use crate::metrics::definition::Unit;
use crate::stats::interval::student_t;
use crate::stats::{Estimate, order};

/// Holds the results against a target.
///
/// A figure with the interval from `low` to `high` is at most L if `high` is, and is not if `low`
/// lies above it; between the two it is undecided. Of a share of days the interval is Clopper and
/// Pearson's, of a percentile over days that of order statistics.
///
/// In every interval: it holds if it does in each. It fails if it does in one, with an interval
/// widened for as many comparisons as there are intervals (Bonferroni), since one in forty would
/// fail by chance alone. Intervals in which the figure is unknown because nothing happens in any
/// replication are passed over; if it is unknown in all, it is undecided.
///
/// What is unknown is undecided and comes with a reason. So is the largest of all waits while it
/// keeps its limit, since more days could bring a larger one.
pub fn evaluate(target: &Target, summary: &Summary, certainty: Certainty) -> Expectation {
    let judge = Judge { target, summary, confidence: certainty.confidence() };
    match (target.extent, target.aspect) {
        (Extent::Whole, Aspect::Value) => judge.whole(),
        (Extent::Whole, Aspect::Days(p)) => judge.percentile(p),
        (Extent::Days(share), _) => judge.share_of_days(share),
        (Extent::Every(_), _) => judge.every(),
    }
}

/// The ends of an interval; infinite where they are not known.
#[derive(Clone, Copy, Debug)]
struct Range {
    low: f64,
    high: f64,
}

impl Range {
    fn verdict(self, op: Op, limit: f64) -> Verdict {
        let (best, worst) =
            if op.is_upper_limit() { (self.low, self.high) } else { (self.high, self.low) };
        if op.is_met(worst, limit) {
            Verdict::Holds
        } else if op.is_met(best, limit) {
            Verdict::Undecided
        } else {
            Verdict::Fails
        }
    }
}

struct Judge<'a> {
    target: &'a Target,
    summary: &'a Summary,
    confidence: f64,
}

impl Judge<'_> {
    fn verdict(&self, range: Range) -> Verdict {
        range.verdict(self.target.op, self.target.limit)
    }

    fn expectation(&self, verdict: Verdict, estimate: Estimate) -> Expectation {
        Expectation {
            text: self.target.text.clone(),
            verdict,
            estimate,
            unit: self.target.unit(),
            interval: None,
            reason: None,
        }
    }

    fn unknown(&self, estimate: Estimate, reason: impl Into<String>) -> Expectation {
        Expectation {
            reason: Some(reason.into()),
            ..self.expectation(Verdict::Undecided, estimate)
        }
    }

    /// The figure of all days together.
    fn whole(&self) -> Expectation {
        let path = &self.target.figure.path;
        let figure = self.summary.figure(path).unwrap_or_default();
        let estimate = self.widened(figure.estimate, self.confidence);
        let Some(value) = estimate.value else {
            return self.unknown(estimate, self.why_unknown());
        };
        if self.target.figure.statistic == Statistic::Maximum {
            return self.maximum(value);
        }
        match (estimate.low, estimate.high) {
            (Some(low), Some(high)) => {
                self.expectation(self.verdict(Range { low, high }), estimate)
            }
            _ => self.unknown(estimate, ONE_REPLICATION),
        }
    }

    /// The largest observation: more days can only raise it.
    fn maximum(&self, value: f64) -> Expectation {
        let (low, high) = (value, f64::INFINITY);
        let verdict = self.verdict(Range { low, high });
        let estimate = Estimate::without_interval(value);
        if verdict != Verdict::Undecided {
            return self.expectation(verdict, estimate);
        }
        let path = &self.target.figure.path;
        let reason = format!(
            "more days could bring a larger `{path}`, so it cannot be known to keep its limit: \
             ask for `{path}.days.p95`, or write `in 95% of days` at the end"
        );
        self.unknown(estimate, reason)
    }

    fn why_unknown(&self) -> &'static str {
        if self.target.figure.statistic == Statistic::Until {
            "the figure is null: on some days it did not happen before the end of the run"
        } else {
            "the figure is null: nothing that it measures happened in any replication"
        }
    }

    /// An interval of the report at another confidence. Which statistic it came from is not known
    /// here, only that Student's t scales it; a quantile's has the degrees of freedom of its
    /// sections. Wilson's, of a share of exactly 0 or 1, grows with the square of the quantile.
    fn widened(&self, estimate: Estimate, confidence: f64) -> Estimate {
        let replications = f64::from(self.summary.run.replications);
        let (Some(value), Some(low), Some(high)) = (estimate.value, estimate.low, estimate.high)
        else {
            return estimate;
        };
        if replications < 2.0 || (confidence - CONFIDENCE).abs() < 1e-12 {
            return estimate;
        }
        let sections =
            if self.target.figure.statistic == Statistic::Quantile { 20.0 } else { f64::INFINITY };
        let degrees = replications.min(sections) - 1.0;
        let t = |confidence| student_t(degrees, f64::midpoint(1.0, confidence));
        let mut factor = t(confidence) / t(CONFIDENCE);
        let is_share = self.target.figure.unit == Unit::Share;
        if is_share && (value <= 0.0 || value >= 1.0) {
            factor *= factor;
        }
        let wide = Estimate::between(
            value,
            value - (value - low) * factor,
            value + (high - value) * factor,
        );
        if is_share { wide.within(low.min(0.0), high.max(1.0)) } else { wide }
    }

    /// The values of the single days; `None` where there are none.
    fn days(&self) -> Option<&DayValues> {
        let path = &self.target.figure.path;
        let mut all = self.summary.day_values.iter();
        all.find(|days| days.path == *path).filter(|days| !days.values.is_empty() || days.never > 0)
    }

    /// A percentile over days.
    fn percentile(&self, p: f64) -> Expectation {
        let Some(days) = self.days() else {
            return self.unknown(Estimate::UNKNOWN, self.why_unknown());
        };
        let (value, low, high) = order::quantile(&days.values, days.never, p, self.confidence);
        let estimate = match (value, low, high) {
            (Some(value), Some(low), Some(high)) => Estimate::between(value, low, high),
            (Some(value), ..) => Estimate::without_interval(value),
            _ => Estimate::UNKNOWN,
        };
        let range =
            Range { low: low.unwrap_or(f64::NEG_INFINITY), high: high.unwrap_or(f64::INFINITY) };
        match self.verdict(range) {
            Verdict::Undecided if low.is_none() || high.is_none() => {
                self.unknown(estimate, "there are too few days to tell their percentiles")
            }
            verdict => self.expectation(verdict, estimate),
        }
    }

    /// The share of days on which it is met. Days without a value are passed over: on them nothing
    /// happened that the figure could be about.
    fn share_of_days(&self, share: f64) -> Expectation {
        let Some(days) = self.days() else {
            return self.unknown(Estimate::UNKNOWN, self.why_unknown());
        };
        let op = self.target.op;
        let is_met = |value: f64| op.is_met(value, self.target.limit);
        let never = if is_met(f64::INFINITY) { days.never } else { 0 };
        let good = days.values.iter().filter(|value| is_met(**value)).count() + never;
        let all = days.values.len() + days.never;
        let estimate = order::clopper_pearson(good as u64, all as u64, self.confidence);
        let range = Range { low: estimate.low.unwrap_or(0.0), high: estimate.high.unwrap_or(1.0) };
        self.expectation(range.verdict(Op::AtLeast, share), estimate)
    }

    /// Every interval.
    fn every(&self) -> Expectation {
        let intervals = self.intervals();
        let known: Vec<(&IntervalSummary, Estimate)> = intervals
            .iter()
            .map(|interval| {
                let figure = interval.figure(&self.target.figure.path);
                (interval, figure.unwrap_or_default().estimate)
            })
            .filter(|(_, estimate)| estimate.value.is_some())
            .collect();
        let single = 1.0 - (1.0 - self.confidence) / known.len().max(1) as f64;
        let judged = known.iter().map(|(interval, estimate)| {
            let range = |confidence| {
                let estimate = self.widened(*estimate, confidence);
                let (low, high) = (estimate.low, estimate.high);
                low.zip(high).map(|(low, high)| Range { low, high })
            };
            let verdict = match (range(self.confidence), range(single)) {
                (Some(one), Some(all)) => match self.verdict(one) {
                    Verdict::Fails => self.verdict(all),
                    verdict => verdict,
                },
                _ => Verdict::Undecided,
            };
            (*interval, *estimate, verdict)
        });
        self.worst(judged)
    }

    fn intervals(&self) -> &[IntervalSummary] {
        let Extent::Every(length) = self.target.extent else {
            return &[];
        };
        let mut stretches = self.summary.stretches.iter();
        match stretches.find(|stretch| stretch.length == length) {
            Some(stretch) => &stretch.intervals,
            None if length == self.summary.run.interval => &self.summary.intervals,
            None => &[],
        }
    }

    /// The interval that decides: of those with the overall verdict the one with the worst value,
    /// the first where several are alike.
    fn worst<'i>(
        &self,
        judged: impl Iterator<Item = (&'i IntervalSummary, Estimate, Verdict)>,
    ) -> Expectation {
        let judged: Vec<_> = judged.collect();
        let overall = Verdict::all(judged.iter().map(|(.., verdict)| *verdict));
        let badness = |estimate: &Estimate| {
            let value = estimate.value.unwrap_or_default();
            if self.target.op.is_upper_limit() { value } else { -value }
        };
        let mut decides: Option<&(&IntervalSummary, Estimate, Verdict)> = None;
        for one in judged.iter().filter(|(.., verdict)| *verdict == overall) {
            if decides.is_none_or(|worst| badness(&one.1) > badness(&worst.1)) {
                decides = Some(one);
            }
        }
        let Some((interval, estimate, _)) = decides else {
            return self.unknown(Estimate::UNKNOWN, self.why_unknown());
        };
        let reason = (estimate.low.is_none()).then(|| ONE_REPLICATION.to_owned());
        Expectation {
            interval: Some(interval.moment()),
            reason,
            ..self.expectation(overall, self.widened(*estimate, self.confidence))
        }
    }
}

const ONE_REPLICATION: &str = "one replication tells nothing about its own uncertainty";

#[cfg(test)]
mod tests {
    use super::super::expression::tests::model;
    use super::*;
    use crate::experiment::{Asked, Catalog, Control, Options, run_asked};

    fn summary(texts: &[&str], replications: u32) -> (Vec<Target>, Summary) {
        let model = model();
        let catalog = Catalog::new(&model);
        let targets: Vec<Target> =
            texts.iter().map(|text| Target::parse(text, &catalog).unwrap()).collect();
        let asked = Target::asked(&targets, &catalog);
        let options = Options { replications: Some(replications), seed: None };
        let summary = run_asked(&model, &options, &asked, &Control::new(2)).unwrap();
        (targets, summary)
    }

    fn verdicts(texts: &[&str], replications: u32) -> Vec<Expectation> {
        let (targets, summary) = summary(texts, replications);
        targets.iter().map(|target| evaluate(target, &summary, Certainty::REPORT)).collect()
    }

    #[test]
    fn a_verdict_needs_the_whole_interval_on_one_side() {
        for (low, high, op, limit, verdict) in [
            (1.0, 2.0, Op::AtMost, 2.0, Verdict::Holds),
            (1.0, 2.0, Op::Below, 2.0, Verdict::Undecided),
            (1.0, 2.0, Op::AtMost, 1.0, Verdict::Undecided),
            (1.0, 2.0, Op::AtMost, 0.9, Verdict::Fails),
            (1.0, 2.0, Op::Below, 1.0, Verdict::Fails),
            (1.0, 2.0, Op::AtLeast, 1.0, Verdict::Holds),
            (1.0, 2.0, Op::Above, 1.0, Verdict::Undecided),
            (1.0, 2.0, Op::AtLeast, 2.1, Verdict::Fails),
            (1.0, 2.0, Op::Above, 2.0, Verdict::Fails),
            (2.0, 2.0, Op::AtMost, 2.0, Verdict::Holds),
            (2.0, 2.0, Op::Below, 2.0, Verdict::Fails),
        ] {
            assert_eq!(Range { low, high }.verdict(op, limit), verdict, "{op:?} {limit}");
        }
    }

    #[test]
    fn clear_cases_are_decided_and_near_ones_are_not() {
        let found = verdicts(
            &[
                "service_level >= 1%",
                "service_level >= 99.9%",
                "arrivals >= 131.9",
                "groups.team.scheduled_hours <= 8h",
                "wait.p95 <= 30m",
                "wait.p95 <= 0s",
            ],
            40,
        );
        let verdicts: Vec<&str> = found.iter().map(|found| found.verdict.word()).collect();
        let wanted = ["holds", "fails", "undecided", "holds", "holds", "fails"];
        assert_eq!(verdicts, wanted);
        assert!(found.iter().all(|found| found.reason.is_none()));
        let level = found[0].estimate;
        assert!(level.low < level.value && level.value < level.high);
    }

    #[test]
    fn what_is_unknown_is_undecided_with_a_reason() {
        let texts = ["bot.deflection_rate >= 0", "deflection_rate <= 1", "wait.max <= 10h"];
        for found in verdicts(&texts, 5) {
            assert_eq!(found.verdict, Verdict::Undecided, "{}", found.text);
            assert!(found.reason.is_some(), "{}", found.text);
        }
        let one = verdicts(&["service_level >= 1%", "wait.p95 <= 9h in every 1h"], 1);
        for found in one {
            assert_eq!(found.verdict, Verdict::Undecided, "{}", found.text);
            assert_eq!(found.reason.as_deref(), Some(ONE_REPLICATION));
        }
        assert_eq!(verdicts(&["wait.max <= 1s"], 5)[0].verdict, Verdict::Fails);
    }

    #[test]
    fn days_are_counted_and_their_percentiles_have_intervals() {
        let texts = [
            "backlog.peak <= 40 in 90% of days",
            "backlog.peak <= 1 in 90% of days",
            "backlog.peak.days.p95 <= 40",
            "backlog.peak.days.p95 <= 1",
            "backlog.peak.days.p05 >= 40",
        ];
        let found = verdicts(&texts, 100);
        let words: Vec<&str> = found.iter().map(|found| found.verdict.word()).collect();
        assert_eq!(words, ["holds", "fails", "holds", "fails", "fails"]);
        assert_eq!(found[0].estimate.value, Some(1.0));
        let few = verdicts(&["backlog.peak.days.p95 <= 40"], 10);
        assert_eq!(few[0].verdict, Verdict::Undecided);
        assert!(few[0].reason.as_ref().unwrap().contains("too few days"));
    }

    #[test]
    fn in_every_interval_the_worst_one_decides() {
        let texts = [
            "service_level >= 1% in every interval",
            "service_level >= 99.9% in every 1h",
            "queued >= 60 in every interval",
            "groups.team.staffed <= 4 in every 30m",
        ];
        let (targets, summary) = summary(&texts, 40);
        let found: Vec<Expectation> =
            targets.iter().map(|target| evaluate(target, &summary, Certainty::REPORT)).collect();
        let words: Vec<&str> = found.iter().map(|found| found.verdict.word()).collect();
        assert_eq!(words, ["holds", "fails", "fails", "holds"]);
        // The worst of four intervals is what the report says of it.
        let levels = summary.intervals.iter().map(|i| {
            let level = i.overall.value("service_level").unwrap();
            (i.start, level)
        });
        let worst = levels.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        assert_eq!(found[0].estimate.value, Some(worst.1));
        assert_eq!(found[0].interval.as_ref().unwrap().start, worst.0);
        // An hour is two half-hours: counts add up.
        let hours = &summary.stretches[0].intervals;
        assert_eq!(hours.len(), 2);
        for (at, hour) in hours.iter().enumerate() {
            let half = |i: usize| summary.intervals[2 * at + i].overall.value("queued").unwrap();
            let queued = hour.overall.value("queued").unwrap();
            assert!((queued - half(0) - half(1)).abs() < 1e-9);
            assert_eq!(hour.length, crate::time::SimSpan::HOUR);
        }
    }

    #[test]
    fn looks_widen_the_interval_by_student_t() {
        let (targets, summary) = summary(&["arrivals >= 100"], 40);
        let estimate = |certainty| evaluate(&targets[0], &summary, certainty).estimate;
        let one = estimate(Certainty::REPORT).half_width().unwrap();
        let three = estimate(Certainty::of_looks(3)).half_width().unwrap();
        // Quantiles of Student's t with 39 degrees: 2.0227 and 2.5006 (0.975 and 0.99167).
        assert!((three / one - 2.5006 / 2.0227).abs() < 1e-3, "{}", three / one);
    }

    #[test]
    fn a_run_without_anything_asked_tells_no_more_than_the_report() {
        let (_, summary) = summary(&[], 2);
        assert!(summary.stretches.is_empty() && summary.day_values.is_empty());
        assert_eq!(Asked::NOTHING, Asked::default());
    }
}
