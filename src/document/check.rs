//! What a check found.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::words::{VerdictWord, Version};
use super::{ExpectationRecord, FigureRecord, MomentRecord, Number};
use crate::experiment::summary::{Expectation, Verdict};
use crate::judge::Findings;
use crate::judge::attribution::{IntervalLoss, TypeLoss};
use crate::judge::guard::Guarded;

/// What a check found, file by file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckDocument<'a> {
    check: Version<1>,
    /// In the order given.
    pub files: Vec<CheckedRecord<'a>>,
}

/// What was found in a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckedRecord<'a> {
    /// The file as the user named it.
    pub file: Cow<'a, str>,
    /// Of everything together.
    #[serde(with = "VerdictWord")]
    pub verdict: Verdict,
    /// Replications that were looked at.
    pub replications: u32,
    /// What the baseline is called that it was compared with.
    pub baseline: Option<Cow<'a, str>>,
    /// What the baseline is called that it has become.
    pub stored: Option<Cow<'a, str>>,
    /// Whether all events are those of the baseline.
    pub same_events: Option<bool>,
    /// Each expectation.
    pub expectations: Vec<CheckedExpectation<'a>>,
    /// Each guard.
    pub guards: Vec<GuardRecord<'a>>,
}

/// An expectation with the confidence of its interval.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckedExpectation<'a> {
    /// What was expected, and whether it is so.
    #[serde(flatten)]
    pub expectation: ExpectationRecord<'a>,
    /// Confidence of the interval.
    pub confidence: Number,
}

/// What became of a guard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GuardRecord<'a> {
    /// As it was written.
    pub text: Cow<'a, str>,
    /// Whether the figure is still as the baseline allows.
    #[serde(with = "VerdictWord")]
    pub verdict: Verdict,
    /// The figure now.
    pub now: Number,
    /// The figure in the baseline.
    pub baseline: Number,
    /// What is allowed.
    pub limit: Number,
    /// Now minus baseline, with the bounds that the verdict is by.
    pub difference: FigureRecord,
    /// Confidence of the interval between the bounds.
    pub confidence: Number,
    /// Why it is undecided where the difference does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
    /// The contact types for which it got worse.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worse: Vec<TypeLossRecord<'a>>,
}

/// A contact type for which a figure got worse.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TypeLossRecord<'a> {
    /// Its name.
    pub contact: Cow<'a, str>,
    /// The figure now.
    pub now: Number,
    /// The figure in the baseline.
    pub baseline: Number,
    /// Where it got worse first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<IntervalLossRecord<'a>>,
}

/// An interval in which a figure got worse.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IntervalLossRecord<'a> {
    /// When it starts.
    #[serde(flatten)]
    pub moment: MomentRecord<'a>,
    /// The figure now.
    pub now: Number,
    /// The figure in the baseline.
    pub baseline: Number,
}

impl<'a> CheckDocument<'a> {
    /// What was found in `files`.
    pub fn new(files: Vec<CheckedRecord<'a>>) -> Self {
        Self { check: Version, files }
    }
}

impl<'a> CheckedRecord<'a> {
    /// What was found in `file`, compared with the baseline `baseline` and stored as `stored`.
    pub fn new(
        file: &'a str,
        findings: &'a Findings,
        baseline: Option<&'a str>,
        stored: Option<&'a str>,
    ) -> Self {
        let expectation = |found: &'a Expectation| CheckedExpectation {
            expectation: found.into(),
            confidence: findings.confidence.into(),
        };
        let guards = findings.guards.iter();
        Self {
            file: file.into(),
            verdict: findings.verdict,
            replications: findings.replications,
            baseline: baseline.map(Cow::Borrowed),
            stored: stored.map(Cow::Borrowed),
            same_events: baseline.map(|_| findings.same_events),
            expectations: findings.expectations.iter().map(expectation).collect(),
            guards: guards
                .map(|(found, worse)| GuardRecord::new(found, worse, findings.guard_confidence))
                .collect(),
        }
    }
}

impl<'a> GuardRecord<'a> {
    fn new(found: &'a Guarded, worse: &'a [TypeLoss], confidence: f64) -> Self {
        Self {
            text: found.text.as_str().into(),
            verdict: found.verdict,
            now: found.now.into(),
            baseline: found.baseline.into(),
            limit: found.limit.into(),
            difference: found.difference.into(),
            confidence: confidence.into(),
            reason: found.reason.as_deref().map(Cow::Borrowed),
            worse: worse.iter().map(TypeLossRecord::from).collect(),
        }
    }
}

impl<'a> From<&'a TypeLoss> for TypeLossRecord<'a> {
    fn from(worse: &'a TypeLoss) -> Self {
        Self {
            contact: worse.contact.as_str().into(),
            now: worse.now.into(),
            baseline: worse.baseline.into(),
            first: worse.first.as_ref().map(IntervalLossRecord::from),
        }
    }
}

impl<'a> From<&'a IntervalLoss> for IntervalLossRecord<'a> {
    fn from(loss: &'a IntervalLoss) -> Self {
        Self { moment: (&loss.start).into(), now: loss.now.into(), baseline: loss.baseline.into() }
    }
}
