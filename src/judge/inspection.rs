//! One scenario under inspection: look, and look again at more replications while undecided.

use super::attribution::{Breakdown, TypeLoss, worse};
use super::baseline::{Baseline, as_stored};
use super::certainty::Certainty;
use super::expression::{Aspect, Guard, Target};
use super::guard::{Guarded, judge};
use super::target::evaluate;
use crate::experiment::catalog::Statistic;
use crate::experiment::summary::{Expectation, Verdict};
use crate::experiment::{Study, Summary};
use crate::stats::Estimate;

/// What is inspected.
#[derive(Clone, Debug)]
pub struct Agenda {
    /// Expectations, in file order.
    pub expect: Vec<Target>,
    /// Guards, in file order; without a baseline there are none.
    pub guard: Vec<Guard>,
    /// Numbers of replications at which to look, rising; at least one.
    pub looks: Vec<u32>,
    /// Share of checks of an unchanged system that may fail.
    pub false_alarms: f64,
}

/// An inspection that goes on while something is undecided.
#[derive(Debug)]
pub struct Inspection {
    agenda: Agenda,
    baseline: Option<Baseline>,
    /// Looks taken.
    taken: usize,
    expectations: Vec<Option<Expectation>>,
    guards: Vec<Option<Guarded>>,
    /// What the first look showed; what got worse is told by it.
    first: Option<Summary>,
    same_events: bool,
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Findings {
    /// Of everything together.
    pub verdict: Verdict,
    /// Replications that were looked at.
    pub replications: u32,
    /// Confidence of the intervals of the expectations.
    pub confidence: f64,
    /// Confidence of the intervals of the guards.
    pub guard_confidence: f64,
    /// Each expectation, in file order.
    pub expectations: Vec<Expectation>,
    /// Each guard, in file order, with what got worse where it fails.
    pub guards: Vec<(Guarded, Vec<TypeLoss>)>,
    /// Whether all events are those of the baseline.
    pub same_events: bool,
}

impl Inspection {
    /// Nothing looked at yet. Guards are judged where there is a baseline.
    pub fn new(agenda: Agenda, baseline: Option<Baseline>) -> Self {
        let guards = if baseline.is_some() { agenda.guard.len() } else { 0 };
        Self {
            taken: 0,
            expectations: vec![None; agenda.expect.len()],
            guards: vec![None; guards],
            first: None,
            same_events: false,
            agenda,
            baseline,
        }
    }

    /// At how many replications to look next; `None`: all is decided, more replications would not
    /// decide it, or there is no look left.
    pub fn next(&self) -> Option<u32> {
        let next = self.agenda.looks.get(self.taken).copied()?;
        if self.taken == 0 {
            return Some(next);
        }
        let expectations = self.agenda.expect.iter().zip(&self.expectations);
        let is_open = expectations
            .into_iter()
            .any(|(expression, found)| could_be_decided(expression, found.as_ref()));
        let guards = self.guards.iter().flatten();
        let is_guard_open = guards
            .into_iter()
            .any(|found| found.verdict == Verdict::Undecided && found.difference.low.is_some());
        (is_open || is_guard_open).then_some(next)
    }

    /// Looks at a study that has as many replications as [`Inspection::next`] said.
    pub fn look(&mut self, study: &Study<'_>) {
        let summary = study.summary(study.replications());
        self.expect(&summary);
        if self.baseline.is_some() {
            self.guard(study);
        }
        self.taken += 1;
        if self.first.is_none() {
            self.first = Some(summary);
        }
    }

    fn certainty(&self) -> Certainty {
        Certainty::of_looks(self.agenda.looks.len())
    }

    fn guard_certainty(&self) -> Certainty {
        let verdicts = self.agenda.guard.len() * self.agenda.looks.len();
        Certainty::one_sided(self.agenda.false_alarms, verdicts)
    }

    /// What is decided stays decided.
    fn expect(&mut self, summary: &Summary) {
        let certainty = self.certainty();
        for (expression, found) in self.agenda.expect.iter().zip(&mut self.expectations) {
            if found.as_ref().is_none_or(|found| found.verdict == Verdict::Undecided) {
                *found = Some(evaluate(expression, summary, certainty));
            }
        }
    }

    fn guard(&mut self, study: &Study<'_>) {
        let certainty = self.guard_certainty();
        let Some(baseline) = &self.baseline else {
            return;
        };
        let same_events = study.events_digest().as_ref() == baseline.events.get(self.taken);
        self.same_events |= same_events;
        for (guard, found) in self.agenda.guard.iter().zip(&mut self.guards) {
            let is_decided =
                found.as_ref().is_some_and(|found| found.verdict != Verdict::Undecided);
            if is_decided {
                continue;
            }
            let now = study.influence(&guard.figure.path).map(as_stored);
            let stored = baseline.figure(&guard.figure.path);
            let stored = stored.and_then(|stored| stored.looks.get(self.taken)?.as_ref());
            let mut guarded = judge(guard, now.as_ref(), stored, certainty);
            let replications = self.agenda.looks[self.taken];
            if let Some(planned) = planned(&guarded, replications) {
                guarded.reason = Some(format!(
                    "about {planned} replications would tell a loss of the margin from none"
                ));
            }
            if same_events && now.as_ref() == stored {
                pass_at_once(guard, &mut guarded);
            }
            *found = Some(guarded);
        }
    }

    /// Whether anything was looked at.
    pub fn has_begun(&self) -> bool {
        self.taken > 0
    }

    /// What came out so far; `None` before the first look.
    pub fn findings(self) -> Option<Findings> {
        let first = self.first.as_ref()?;
        let guards: Vec<(Guarded, Vec<TypeLoss>)> = self
            .agenda
            .guard
            .iter()
            .zip(self.guards.iter().flatten())
            .map(|(guard, guarded)| {
                let worse = match (guarded.verdict, &self.baseline) {
                    (Verdict::Holds, _) | (_, None) => Vec::new(),
                    (_, Some(baseline)) => what_got_worse(guard, baseline, first),
                };
                (guarded.clone(), worse)
            })
            .collect();
        let expectations: Vec<Expectation> = self.expectations.iter().flatten().cloned().collect();
        let verdicts = expectations.iter().map(|found| found.verdict);
        let verdicts = verdicts.chain(guards.iter().map(|(found, _)| found.verdict));
        Some(Findings {
            verdict: Verdict::all(verdicts),
            replications: self.agenda.looks[self.taken - 1],
            confidence: self.certainty().confidence(),
            guard_confidence: self.guard_certainty().confidence(),
            expectations,
            guards,
            same_events: self.same_events,
        })
    }
}

/// How many replications an undecided guard with a margin would take, to two digits.
fn planned(guarded: &Guarded, replications: u32) -> Option<u64> {
    let times = guarded.planned.filter(|times| *times > 1.0)?;
    if guarded.verdict != Verdict::Undecided {
        return None;
    }
    let wanted = times * f64::from(replications);
    let step = 10f64.powf((wanted.log10() - 1.0).floor().max(0.0));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive; a number beyond the type stops at its end"
    )]
    let rounded = ((wanted / step).ceil() * step) as u64;
    Some(rounded)
}

/// The same events and the same figure, or none: there is nothing that chance could explain, and
/// nothing that got worse; unless the limit is an improvement.
fn pass_at_once(guard: &Guard, guarded: &mut Guarded) {
    let limit = guarded.limit.or(guarded.now);
    if guarded.now.zip(limit).is_none_or(|(value, limit)| guard.op.is_met(value, limit)) {
        guarded.verdict = Verdict::Holds;
        guarded.difference = Estimate::between(0.0, 0.0, 0.0);
        guarded.reason = None;
    }
}

fn what_got_worse(guard: &Guard, baseline: &Baseline, first: &Summary) -> Vec<TypeLoss> {
    let Some(stored) = baseline.figure(&guard.figure.path) else {
        return Vec::new();
    };
    let mut now = Breakdown::of(&guard.figure.path, first);
    // Other intervals than those of the baseline cannot be compared one by one.
    if (baseline.interval - first.run.interval.as_seconds()).abs() > 0.0 {
        for part in &mut now.contacts {
            part.intervals.clear();
        }
    }
    worse(guard, &stored.breakdown, &now, first)
}

/// Whether more replications could decide it: a figure that is null stays null, and the largest
/// wait of all only grows.
fn could_be_decided(target: &Target, found: Option<&Expectation>) -> bool {
    let Some(found) = found else {
        return true;
    };
    found.verdict == Verdict::Undecided
        && (found.estimate.value.is_some() || target.aspect != Aspect::Value)
        && target.figure.statistic != Statistic::Maximum
}

#[cfg(test)]
mod tests {
    use super::super::expression::tests::model;
    use super::super::guard::default_guards;
    use super::super::paired;
    use super::*;
    use crate::experiment::{Asked, Catalog, Control, Keep, Options};

    #[test]
    fn the_error_is_shared_by_all_guards_and_looks_together() {
        let model = model();
        let catalog = Catalog::new(&model);
        let asked = Asked { keep: Keep::ObservationsAndEvents, ..Asked::NOTHING };
        let study = |seed| {
            let options = Options { replications: None, seed: Some(seed) };
            let mut study = Study::new(&model, &options, &asked);
            study.advance(20, &Control::new(2)).unwrap();
            study
        };
        let (before, after) = (study(1), study(2));
        let guard = default_guards(&catalog);
        assert_eq!(guard.len(), 4 + 2 * 3 + 1, "those of two contact types and a group too");
        let paths: Vec<String> = guard.iter().map(|guard| guard.figure.path.clone()).collect();
        let looks = vec![20, 40, 80];
        let mut baseline = Baseline::new("", &before, &looks, &paths);
        baseline.record(&before);
        let expect = vec![Target::parse("arrivals <= 132", &catalog).unwrap()];
        let agenda = Agenda { expect, guard, looks, false_alarms: 0.01 };
        let mut inspection = Inspection::new(agenda, Some(baseline));
        inspection.look(&after);
        let findings = inspection.findings().unwrap();
        // 1 % in all, one-sided, over 11 guards at 3 looks; 5 %, two-sided, over 3 looks.
        assert!((findings.guard_confidence - (1.0 - 0.02 / 33.0)).abs() < 1e-12);
        assert!((findings.confidence - (1.0 - 0.05 / 3.0)).abs() < 1e-12);
        let (now, was) = (after.influence("wait.p95"), before.influence("wait.p95"));
        let wanted = paired::difference(now.as_ref(), was.as_ref(), findings.guard_confidence);
        let found = findings.guards[1].0.difference.half_width().unwrap();
        assert!((found / wanted.half_width().unwrap() - 1.0).abs() < 1e-5, "{found}");
        let report = after.estimate("arrivals").half_width().unwrap();
        // Quantiles of Student's t with 19 degrees: 2.0930 and 2.6251 (0.975 and 0.99167).
        let ratio = findings.expectations[0].estimate.half_width().unwrap() / report;
        assert!((ratio - 2.6251 / 2.0930).abs() < 1e-3, "{ratio}");
    }
}
