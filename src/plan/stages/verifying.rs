//! Verification of what was found, and raising what is short.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Answer, Planner};
use crate::experiment::RunError;
use crate::experiment::summary::Verdict;
use crate::plan::need::whole;
use crate::plan::promise::Promise;
use crate::plan::verify::{self, Again, Looked, Round, Verified, Verifier};
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
    fn look(
        &self,
        answer: &Answer,
        verifier: &Verifier<'_>,
        seed: u64,
    ) -> Result<Looked, RunError> {
        let model = self.model(answer, self.question.scenario);
        let fine = self.model(answer, self.bench.scenario);
        let expected = &self.search.expected;
        verifier.look((&model, &fine), self.bench, expected, seed)
    }

    /// Verifies an answer that is not to be changed, at whatever the days say.
    pub(super) fn verified(
        &self,
        answer: &Answer,
        verifier: &Verifier<'_>,
        seed: u64,
    ) -> Result<Verified, RunError> {
        match self.look(answer, verifier, seed)? {
            Looked::Whole(round) => self.finish(answer, verifier, *round),
            Looked::Short(_) => Err(RunError::NothingFinished),
        }
    }

    fn finish(
        &self,
        answer: &Answer,
        verifier: &Verifier<'_>,
        round: Round,
    ) -> Result<Verified, RunError> {
        let model = self.model(answer, self.question.scenario);
        verifier.finish(round, &model, self.bench)
    }

    pub(super) fn verifier(&self, days: u32) -> Verifier<'_> {
        let promises = self.bench.promises;
        let alone = self.search.needs.rows.len() == 1 && self.bench.planned.len() == 1;
        Verifier {
            expressions: self.question.expressions,
            promises,
            confidence: self.question.settings.confidence,
            again: if alone && promises.list.iter().all(Promise::is_helped) {
                Again::SameDays
            } else {
                Again::OtherDays
            },
            days: days.max(verify::FEWEST),
            threads: self.question.threads,
            late: self.question.late,
            stop: self.question.stop,
        }
    }

    /// Days to verify on: fewer where the search was cut off.
    fn days(&self, cut: bool) -> u32 {
        let is_hurried = cut || self.question.hurry.load(Ordering::Relaxed);
        if self.question.verify.is_some() || !is_hurried {
            return self.effort.verify;
        }
        let left = whole(self.bench.simulated.get() as f64 * LEFT);
        left.clamp(FEWEST, self.effort.verify.max(FEWEST))
    }

    /// Verifies; what is not sure enough is raised and verified again. Where that is on the same
    /// days, agents beyond what they ask for are taken out as well, once.
    pub(super) fn verify(
        &self,
        mut answer: Answer,
        cut: bool,
    ) -> Result<(Answer, Verified), PlanError> {
        let with = self.verifier(self.days(cut));
        let mut good = None::<(Answer, Round, bool)>;
        let mut last = None::<(Answer, Round, bool)>;
        let mut round = 0;
        let mut short = 0;
        let mut is_fitted = false;
        while round < with.again.rounds() && short <= MOST_SHORT {
            self.search.tell("verifying");
            let seed = match with.again {
                Again::SameDays => self.bench.scenario.run.seed,
                Again::First | Again::OtherDays => {
                    (self.bench.scenario.run.seed + u64::from(round)) & MOST_SEED
                }
            };
            let looked = match self.look(&answer, &with, seed) {
                Ok(looked) => looked,
                Err(error) if good.is_none() && last.is_none() => return Err(error.into()),
                Err(_) => break,
            };
            let before = answer.clone();
            let margins = match looked {
                Looked::Short(margins) => {
                    if self.is_over(cut) {
                        break;
                    }
                    short += 1;
                    margins
                }
                Looked::Whole(looked) => {
                    round += 1;
                    let margins = looked.margins.clone();
                    let holds = looked.verdict() == Verdict::Holds;
                    let is_first = round == 1 && with.again == Again::SameDays;
                    let is_cheaper =
                        |other: &(Answer, Round, bool)| self.cost(&other.0) > self.cost(&answer);
                    if !holds {
                        last = Some((answer.clone(), *looked, is_fitted));
                    } else if good.as_ref().is_none_or(is_cheaper) {
                        good = Some((answer.clone(), *looked, is_fitted));
                    }
                    if self.is_over(cut) || holds && !is_first {
                        break;
                    }
                    if let (Answer::Heads(staffing), true) = (&mut answer, is_first) {
                        self.search.lower(staffing, &margins);
                    }
                    margins
                }
            };
            match &mut answer {
                Answer::Heads(staffing) => self.search.raise(staffing, &margins),
                Answer::Shifts(found) => rostering::raise(&self.search, found, &margins),
            };
            if answer == before {
                break;
            }
            is_fitted = with.again == Again::SameDays;
        }
        let Some((answer, round, is_fitted)) = good.or(last) else {
            let with = Verifier { again: Again::OtherDays, ..with };
            let verified = self.verified(&answer, &with, self.bench.scenario.run.seed)?;
            return Ok((answer, verified));
        };
        let mut verified = self.finish(&answer, &with, round)?;
        verified.fitted = is_fitted;
        Ok((answer, verified))
    }

    /// Whether what is verified has to do.
    fn is_over(&self, cut: bool) -> bool {
        let is_set = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        cut || is_set(self.question.hurry) || is_set(self.question.late)
    }
}
