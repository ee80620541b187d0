//! Guards: is a figure worse than the baseline, by more than is allowed, beyond what chance
//! explains?
//!
//! With the loss l = present − baseline (worse is positive) on the same customers and the allowed
//! margin δ, a guard **holds** if the upper bound of the mean loss lies below δ, **fails** if the
//! loss is more than δ and its lower bound lies above 0, and is undecided otherwise; then more
//! replications are looked at. Bounds are one-sided, of Student's t over the influences of paired
//! replications, at the level of the stated rate of false alarms divided by the number of guards
//! and looks (Bonferroni), so the rate is that of the whole gate. Where the limit is an improvement
//! (δ < 0), a guard fails if the lower bound of the loss lies above δ.
//!
//! Planned replications for a power: n = (z(1 − α) + z(power))² (sd/δ)² with the standard deviation
//! sd of the paired difference: 21.6 (sd/δ)² for one guard, one look, α = 1 % and 99 %. Measured
//! rates: see [`check`](super).

use super::certainty::Certainty;
use super::expression::{Allowance, Guard, Op};
use super::paired;
use crate::experiment::Catalog;
use crate::experiment::summary::Verdict;
use crate::metrics::definition::Unit;
use crate::stats::interval::student_t;
use crate::stats::{Estimate, Influence};

/// What is guarded where a scenario says nothing. Of these, those that the baseline knows count.
///
/// Totals alone would let a policy pass that starves one language to serve another. What a few
/// contacts have may move more than what all have: the margins are twice as wide, and a single
/// contact type is what the totals are about.
pub const DEFAULT_GUARDS: [&str; 8] = [
    "service_level >= baseline - 1%",
    "wait.p95 <= baseline * 1.1 + 1s",
    "abandonment_rate <= baseline + 1%",
    "backlog.peak <= baseline * 1.1 + 1",
    "contacts.*.service_level >= baseline - 2%",
    "contacts.*.wait.p95 <= baseline * 1.2 + 2s",
    "contacts.*.abandonment_rate <= baseline + 2%",
    "groups.*.occupancy <= baseline + 2%",
];

/// The default guards of a scenario.
pub fn default_guards(catalog: &Catalog) -> Vec<Guard> {
    let is_alone = catalog.names("contacts").len() == 1;
    let texts = DEFAULT_GUARDS.iter().filter(|text| !(is_alone && text.starts_with("contacts.")));
    // A center without groups has no figures of groups.
    texts.flat_map(|text| Guard::parse_each(text, catalog).unwrap_or_default()).collect()
}

/// What became of a guard.
#[derive(Clone, Debug, PartialEq)]
pub struct Guarded {
    /// The guard as it was written.
    pub text: String,
    /// Whether the figure is still as the baseline allows.
    pub verdict: Verdict,
    /// The figure now.
    pub now: Option<f64>,
    /// The figure in the baseline.
    pub baseline: Option<f64>,
    /// What is allowed.
    pub limit: Option<f64>,
    /// Now minus baseline, with the two bounds that the verdict is by.
    pub difference: Estimate,
    /// What the numbers mean.
    pub unit: Unit,
    /// How many times as many replications would tell, with 99 %, a loss of the margin from none;
    /// `None` where there is no margin, or no interval.
    pub planned: Option<f64>,
    /// Why it is undecided where the interval does not say it.
    pub reason: Option<String>,
}

/// Holds a figure against the baseline.
///
/// Something that is not known, now or in the baseline, is undecided.
pub fn judge(
    guard: &Guard,
    now: Option<&Influence>,
    baseline: Option<&Influence>,
    certainty: Certainty,
) -> Guarded {
    let Allowance { factor, offset } = guard.allowance;
    let mut guarded = Guarded {
        text: guard.text.clone(),
        verdict: Verdict::Undecided,
        now: now.map(|influence| influence.value),
        baseline: baseline.map(|influence| influence.value),
        limit: baseline.map(|influence| factor * influence.value + offset),
        difference: Estimate::UNKNOWN,
        unit: guard.figure.unit,
        planned: None,
        reason: None,
    };
    let (Some(now), Some(baseline)) = (now, baseline) else {
        let whose = match (now.is_some(), baseline.is_some()) {
            (true, _) => "in the baseline",
            (_, true) => "now, though not in the baseline",
            _ => "in the baseline and now",
        };
        guarded.reason = Some(format!("the figure is null {whose}: nothing can be compared"));
        return guarded;
    };
    let sign = if guard.op.is_upper_limit() { 1.0 } else { -1.0 };
    let loss = now.combine(sign, baseline, -sign);
    let excess = now.combine(sign, baseline, -sign * factor);
    let (Some(loss), Some(excess)) = (loss, excess) else {
        guarded.reason = Some("the baseline has another number of replications".to_owned());
        return guarded;
    };
    let excess = excess.plus(-sign * offset);
    guarded.difference = paired::difference(Some(now), Some(baseline), certainty.confidence());
    let Some(reach) = Reach::new(certainty, &loss, &excess) else {
        guarded.reason = Some("one replication tells nothing about its own uncertainty".to_owned());
        return guarded;
    };
    let margin = loss.value - excess.value;
    if margin > 0.0 {
        let power = student_t(loss.degrees(), POWER) * reach.loss_error;
        guarded.planned = Some(((reach.loss + power) / margin).powi(2));
    }
    let is_worse = if margin >= 0.0 {
        excess.value > 0.0 && loss.value - reach.loss > 0.0
    } else {
        excess.value - reach.excess > 0.0
    };
    let at_most = if matches!(guard.op, Op::AtMost | Op::AtLeast) { Op::AtMost } else { Op::Below };
    if at_most.is_met(excess.value + reach.excess, 0.0) {
        guarded.verdict = Verdict::Holds;
    } else if is_worse {
        guarded.verdict = Verdict::Fails;
    }
    guarded
}

/// Probability with which a loss of the margin is to be told from none by as many replications as
/// are planned.
const POWER: f64 = 0.99;

/// How far the bounds lie from the values.
struct Reach {
    /// Standard error of the loss.
    loss_error: f64,
    loss: f64,
    excess: f64,
}

impl Reach {
    fn new(certainty: Certainty, loss: &Influence, excess: &Influence) -> Option<Self> {
        let (of_loss, of_excess) = (loss.standard_error()?, excess.standard_error()?);
        let t = student_t(loss.degrees(), 1.0 - certainty.tail());
        Some(Self { loss_error: of_loss, loss: t * of_loss, excess: t * of_excess })
    }
}

#[cfg(test)]
mod tests {
    use super::super::expression::tests::model;
    use super::*;

    fn guard(text: &str) -> Guard {
        Guard::parse(text, &Catalog::new(&model())).unwrap()
    }

    /// A figure of 40 replications, half of them `apart` above and half below.
    fn figure(value: f64, apart: f64) -> Influence {
        let side = |at: i32| if at % 2 == 0 { apart } else { -apart };
        Influence { value, units: (0..40).map(side).collect() }
    }

    fn verdict(text: &str, now: &Influence, baseline: &Influence) -> Verdict {
        judge(&guard(text), Some(now), Some(baseline), Certainty::one_sided(0.01, 1)).verdict
    }

    #[test]
    fn a_guard_fails_beyond_the_margin_and_beyond_chance() {
        // The paired difference has a standard error of 0.01 · √(40/39) / √40 = 0.0016, and bounds
        // 0.0039 from its value: t(39, 0.99) = 2.4258.
        for (now, word) in [
            (0.800, Verdict::Holds),
            (0.791, Verdict::Holds),
            (0.950, Verdict::Holds),
            (0.788, Verdict::Undecided),
            (0.786, Verdict::Undecided),
            (0.784, Verdict::Fails),
            (0.779, Verdict::Fails),
        ] {
            let (base, now) = (figure(0.8, 0.05), figure(now, 0.06));
            let found = verdict("service_level >= baseline - 1.5%", &now, &base);
            assert_eq!(found, word, "{}", now.value);
        }
        let upper = "wait.p95 <= baseline * 1.1";
        let base = figure(60.0, 4.0);
        assert_eq!(verdict(upper, &figure(62.0, 5.0), &base), Verdict::Holds);
        assert_eq!(verdict(upper, &figure(70.0, 5.0), &base), Verdict::Fails);
        assert_eq!(verdict(upper, &figure(66.1, 5.0), &base), Verdict::Fails);
        assert_eq!(verdict(upper, &figure(65.9, 5.0), &base), Verdict::Undecided);
    }

    #[test]
    fn planned_replications_are_those_of_the_formula() {
        let (guard, level) =
            (guard("service_level >= baseline - 0.4%"), Certainty::one_sided(0.01, 1));
        let (base, now) = (figure(0.8, 0.05), figure(0.797, 0.06));
        let found = judge(&guard, Some(&now), Some(&base), level);
        assert_eq!(found.verdict, Verdict::Undecided);
        // (t + t)² (sd/δ)² = (2 · 2.4258)² (0.01 · √(40/39) / 0.004)² replications, of which
        // there are 40.
        let wanted = (2.0f64 * 2.4258).powi(2) * (40.0 / 39.0) * 6.25 / 40.0;
        assert!((found.planned.unwrap() / wanted - 1.0).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn without_a_margin_the_same_holds_and_chance_does_not_fail() {
        let base = figure(60.0, 4.0);
        assert_eq!(verdict("wait.p95 <= baseline", &base, &base), Verdict::Holds);
        assert_eq!(verdict("wait.p95 < baseline", &base, &base), Verdict::Undecided);
        let noisy = Influence { value: 60.5, units: base.units.iter().map(|unit| -unit).collect() };
        assert_eq!(verdict("wait.p95 <= baseline", &noisy, &base), Verdict::Undecided);
    }

    #[test]
    fn an_improvement_must_be_shown() {
        let asked = "wait.p95 <= baseline * 0.5";
        let base = figure(60.0, 4.0);
        assert_eq!(verdict(asked, &base, &base), Verdict::Fails);
        assert_eq!(verdict(asked, &figure(20.0, 4.0), &base), Verdict::Holds);
        assert_eq!(verdict(asked, &figure(30.0, 4.0), &base), Verdict::Undecided);
    }

    #[test]
    fn what_is_not_known_is_undecided_with_a_reason() {
        let (guard, level) = (guard("wait.p95 <= baseline"), Certainty::one_sided(0.01, 1));
        let known = figure(60.0, 4.0);
        let one = Influence { value: 60.0, units: vec![0.0] };
        let other = Influence { value: 60.0, units: vec![0.0; 7] };
        for (now, baseline, reason) in [
            (None, Some(&known), "null now, though not in the baseline"),
            (Some(&known), None, "null in the baseline"),
            (None, None, "null in the baseline and now"),
            (Some(&one), Some(&one), "one replication"),
            (Some(&other), Some(&known), "another number of replications"),
        ] {
            let found = judge(&guard, now, baseline, level);
            assert_eq!(found.verdict, Verdict::Undecided);
            assert!(found.reason.as_ref().unwrap().contains(reason), "{found:?}");
        }
    }
}
