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

use super::expression::{Expression, Limit, Op};
use crate::experiment::summary::Verdict;
use crate::metrics::definition::Unit;
use crate::stats::interval::student_t;
use crate::stats::{Estimate, Influence};

/// Replications at which a check looks, at most.
pub const MOST_LOOKS: usize = 3;

/// What is guarded where a scenario says nothing. Of these, those that the baseline knows count.
pub const DEFAULT_GUARDS: [&str; 4] = [
    "service_level >= baseline - 1%",
    "wait.p95 <= baseline * 1.1 + 1s",
    "abandonment_rate <= baseline + 1%",
    "backlog.peak <= baseline * 1.1 + 1",
];

/// At how many replications a check looks: `first`, the geometric mean, `last`; each once.
pub fn looks(first: u32, last: u32) -> Vec<u32> {
    let between = (f64::from(first) * f64::from(last)).sqrt().round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it lies between two numbers of this type"
    )]
    let between = between as u32;
    let mut looks = vec![first, between, last.max(first)];
    looks.sort_unstable();
    looks.dedup();
    looks
}

/// How sure a failing guard has to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Probability that one bound at one look is on the wrong side.
    tail: f64,
}

impl Level {
    /// That of each of `guards` at each of `looks`, so that at most the share `false_alarms` of
    /// checks of an unchanged system fails. At least one of each.
    pub fn new(false_alarms: f64, guards: usize, looks: usize) -> Self {
        Self {
            tail: false_alarms / (guards.max(1) * looks.max(1)) as f64,
        }
    }

    /// Confidence of the two-sided interval whose ends are the two bounds.
    pub fn confidence(self) -> f64 {
        1.0 - 2.0 * self.tail
    }
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
    /// Why it is undecided where the interval does not say it.
    pub reason: Option<String>,
}

/// Holds a figure against the baseline.
///
/// Something that is not known, now or in the baseline, is undecided.
///
/// # Panics
/// When the limit is a number: that is an expectation, not a guard.
pub fn judge(
    guard: &Expression,
    now: Option<&Influence>,
    baseline: Option<&Influence>,
    level: Level,
) -> Guarded {
    let Limit::Baseline { factor, offset } = guard.limit else {
        panic!("a guard is about a baseline: {}", guard.text);
    };
    let mut guarded = Guarded {
        text: guard.text.clone(),
        verdict: Verdict::Undecided,
        now: now.map(|influence| influence.value),
        baseline: baseline.map(|influence| influence.value),
        limit: baseline.map(|influence| factor * influence.value + offset),
        difference: Estimate::UNKNOWN,
        unit: guard.unit,
        reason: None,
    };
    let (Some(now), Some(baseline)) = (now, baseline) else {
        let whose = match (now.is_some(), baseline.is_some()) {
            (true, _) => "in the baseline",
            (_, true) => "now, though not in the baseline",
            _ => "in the baseline and now",
        };
        guarded.reason = Some(format!(
            "the figure is null {whose}: nothing can be compared"
        ));
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
    guarded.difference = now
        .minus(baseline)
        .map_or(Estimate::UNKNOWN, |d| d.estimate(level.confidence()));
    let Some(reach) = Reach::new(level, &loss, &excess) else {
        guarded.reason = Some("one replication tells nothing about its own uncertainty".to_owned());
        return guarded;
    };
    let margin = loss.value - excess.value;
    let is_worse = if margin >= 0.0 {
        excess.value > 0.0 && loss.value - reach.loss > 0.0
    } else {
        excess.value - reach.excess > 0.0
    };
    let at_most = if matches!(guard.op, Op::AtMost | Op::AtLeast) {
        Op::AtMost
    } else {
        Op::Below
    };
    if at_most.is_met(excess.value + reach.excess, 0.0) {
        guarded.verdict = Verdict::Holds;
    } else if is_worse {
        guarded.verdict = Verdict::Fails;
    }
    guarded
}

/// How far the bounds lie from the values.
struct Reach {
    loss: f64,
    excess: f64,
}

impl Reach {
    fn new(level: Level, loss: &Influence, excess: &Influence) -> Option<Self> {
        let (of_loss, of_excess) = (loss.standard_error()?, excess.standard_error()?);
        let t = student_t(loss.degrees(), 1.0 - level.tail);
        Some(Self {
            loss: t * of_loss,
            excess: t * of_excess,
        })
    }
}
