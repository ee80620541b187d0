//! Verification of what was found, and raising what is short.

use super::{Candidate, Planner};
use crate::experiment::RunError;
use crate::experiment::summary::Verdict;
use crate::plan::staffing::whole;
use crate::plan::targets::PlanTarget;
use crate::plan::verify::{self, Reverify, Round, Verification, Verified, Verifier};
use crate::plan::{PlanError, rostering};
use crate::scenario::MOST_SEED;

/// Share of the days simulated so far that a search cut off may still be verified on: whoever cuts
/// it off leaves as much time.
const LEFT: f64 = 0.5;
/// Fewest days that a plan is verified on, if the question does not say it.
const FEWEST: u32 = 40;
/// Times that a plan may turn out short on the first of the days.
const MOST_SHORT: u32 = 12;

impl Planner<'_, '_, '_> {
    pub(super) fn evaluate(
        &self,
        candidate: &Candidate,
        verifier: &Verifier<'_>,
        seed: u64,
    ) -> Result<Verification, RunError> {
        let model = self.model(candidate, self.question.scenario);
        let fine = self.model(candidate, self.evaluator.scenario);
        let expected = &self.search.expected;
        verifier.evaluate((&model, &fine), self.evaluator, expected, seed)
    }

    /// Verifies an candidate that is not to be changed, at whatever the days say.
    pub(super) fn verified(
        &self,
        candidate: &Candidate,
        verifier: &Verifier<'_>,
        seed: u64,
    ) -> Result<Verified, RunError> {
        match self.evaluate(candidate, verifier, seed)? {
            Verification::Whole(round) => self.finish(candidate, verifier, *round),
            Verification::Short(_) => Err(RunError::NothingFinished),
        }
    }

    fn finish(
        &self,
        candidate: &Candidate,
        verifier: &Verifier<'_>,
        round: Round,
    ) -> Result<Verified, RunError> {
        let model = self.model(candidate, self.question.scenario);
        verifier.finish(round, &model, self.evaluator)
    }

    pub(super) fn verifier(&self, days: u32) -> Verifier<'_> {
        let targets = self.evaluator.targets;
        let alone = self.search.needs.sets.len() == 1 && self.evaluator.planned.len() == 1;
        Verifier {
            expressions: self.question.expressions,
            targets,
            confidence: self.question.settings.confidence,
            again: if alone && targets.list.iter().all(PlanTarget::is_helped) {
                Reverify::SameDays
            } else {
                Reverify::OtherDays
            },
            days: days.max(verify::FEWEST),
            control: self.question.verification,
        }
    }

    /// Days to verify on: fewer where the search was cut off.
    fn days(&self, cut: bool) -> u32 {
        let is_hurried = cut || self.question.search.is_over();
        if self.question.verify.is_some() || !is_hurried {
            return self.effort.verify;
        }
        let left = whole(self.evaluator.simulated.get() as f64 * LEFT);
        left.clamp(FEWEST, self.effort.verify.max(FEWEST))
    }

    /// Verifies; what is not sure enough is raised and verified again. Where that is on the same
    /// days, agents beyond what they ask for are taken out as well, once.
    pub(super) fn verify(
        &self,
        mut candidate: Candidate,
        cut: bool,
    ) -> Result<(Candidate, Verified), PlanError> {
        let with = self.verifier(self.days(cut));
        let mut good = None::<(Candidate, Round, bool)>;
        let mut last = None::<(Candidate, Round, bool)>;
        let mut round = 0;
        let mut short = 0;
        let mut is_fitted = false;
        while round < with.again.rounds() && short <= MOST_SHORT {
            self.search.tell("verifying");
            let seed = match with.again {
                Reverify::SameDays => self.evaluator.scenario.run.seed,
                Reverify::First | Reverify::OtherDays => {
                    (self.evaluator.scenario.run.seed + u64::from(round)) & MOST_SEED
                }
            };
            let looked = match self.evaluate(&candidate, &with, seed) {
                Ok(looked) => looked,
                Err(error) if good.is_none() && last.is_none() => return Err(error.into()),
                Err(_) => break,
            };
            let before = candidate.clone();
            let slacks = match looked {
                Verification::Short(slacks) => {
                    if self.is_over(cut) {
                        break;
                    }
                    short += 1;
                    slacks
                }
                Verification::Whole(looked) => {
                    round += 1;
                    let slacks = looked.slacks.clone();
                    let holds = looked.verdict() == Verdict::Holds;
                    let is_first = round == 1 && with.again == Reverify::SameDays;
                    let is_cheaper = |other: &(Candidate, Round, bool)| {
                        self.cost(&other.0) > self.cost(&candidate)
                    };
                    if !holds {
                        last = Some((candidate.clone(), *looked, is_fitted));
                    } else if good.as_ref().is_none_or(is_cheaper) {
                        good = Some((candidate.clone(), *looked, is_fitted));
                    }
                    if self.is_over(cut) || holds && !is_first {
                        break;
                    }
                    if let (Candidate::Heads(staffing), true) = (&mut candidate, is_first) {
                        self.search.remove(staffing, &slacks);
                    }
                    slacks
                }
            };
            match &mut candidate {
                Candidate::Heads(staffing) => self.search.add(staffing, &slacks),
                Candidate::Shifts(found) => rostering::add(&self.search, found, &slacks),
            };
            if candidate == before {
                break;
            }
            is_fitted = with.again == Reverify::SameDays;
        }
        let Some((candidate, round, is_fitted)) = good.or(last) else {
            let with = Verifier { again: Reverify::OtherDays, ..with };
            let verified = self.verified(&candidate, &with, self.evaluator.scenario.run.seed)?;
            return Ok((candidate, verified));
        };
        let mut verified = self.finish(&candidate, &with, round)?;
        verified.fitted = is_fitted;
        Ok((candidate, verified))
    }

    /// Whether what is verified has to do.
    fn is_over(&self, cut: bool) -> bool {
        cut || self.question.search.is_over() || self.question.verification.is_over()
    }
}
