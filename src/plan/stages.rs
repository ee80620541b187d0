//! The stages of a plan: search, roster, verify, raise, bound.

use std::sync::atomic::Ordering;

use super::bench::Bench;
use super::bound::{self, Bound};
use super::rostering::{self, Rostered};
use super::search::{Effort, Search};
use super::spreadsheet::{self, Sheet};
use super::staffing::Staffing;
use super::verify::{self, Verified, Verifier};
use super::{Blocking, CostUnit, Plan, PlanError, Question, load};
use crate::experiment::RunError;
use crate::experiment::summary::Verdict;
use crate::model::Model;
use crate::scenario::{MOST_SEED, Scenario};

/// A question and what is at hand to answer it.
pub(super) struct Planner<'a, 'b, 'n> {
    pub(super) question: &'a Question<'a>,
    pub(super) bench: &'b Bench<'b>,
    pub(super) search: Search<'b, 'n>,
    pub(super) unit: CostUnit,
    pub(super) effort: Effort,
}

impl Planner<'_, '_, '_> {
    pub(super) fn run(mut self) -> Result<Plan, PlanError> {
        let blocking = self.blocking()?;
        if !blocking.is_empty() {
            return self.infeasible(blocking);
        }
        let found = self.search.run();
        let (staffing, cut) = match found {
            Ok(staffing) => (staffing, false),
            Err(RunError::NothingFinished) => match self.search.best.take() {
                Some((staffing, _)) => (staffing, true),
                None => (self.search.needs.cover(self.bench.promises), true),
            },
            Err(error) => return Err(error.into()),
        };
        let shifts = &self.question.settings.shifts;
        let answer = if shifts.is_empty() {
            Answer::Heads(staffing)
        } else {
            Answer::Shifts(rostering::roster(&mut self.search, shifts)?)
        };
        let (answer, verified) = self.verify(answer, cut)?;
        if cut || self.question.hurry.load(Ordering::Relaxed) {
            return Ok(self.plan(answer, verified, None, Vec::new(), Vec::new()));
        }
        let sheets = self.sheets()?;
        let bound = self.bound(&answer)?;
        Ok(self.plan(answer, verified, bound, sheets, Vec::new()))
    }

    fn bound(&self, answer: &Answer) -> Result<Option<Bound>, PlanError> {
        self.search.tell("bound");
        let staffing = self.coverage(answer);
        let Some(least) = bound::least(&self.search, &staffing)? else {
            return Ok(None);
        };
        let cost = match answer {
            Answer::Heads(_) => bound::of_head_counts(&self.search, &least),
            Answer::Shifts(found) => rostering::least(&self.search, found, &least.needs),
        };
        Ok(cost.map(|cost| Bound {
            cost,
            assumption: least.assumption,
        }))
    }

    /// Promises that even the most agents do not keep: those that more agents would help.
    fn blocking(&self) -> Result<Vec<Blocking>, PlanError> {
        let promises = self.bench.promises;
        let most = self.most();
        let seen = match self.search.look(&most, self.effort.coarse, -3.0) {
            // In a hurry nothing is known to be in the way; verification will tell.
            Err(RunError::NothingFinished) if !self.question.stop.load(Ordering::Relaxed) => {
                return Ok(Vec::new());
            }
            seen => seen?,
        };
        let mut blocking: Vec<Blocking> = Vec::new();
        for (cell, margin) in seen.margins.iter().enumerate() {
            let place = &promises.cells[cell];
            let (Some(margin), Some(known)) = (margin, seen.known[cell]) else {
                continue;
            };
            if *margin >= 0.0 || !promises.list[place.promise].is_helped() {
                continue;
            }
            let found = Blocking {
                promise: place.promise,
                at: place.stretches.as_ref().map(|_| place.from),
                nearest: known.value,
            };
            let standard = promises.standard(cell);
            match blocking.iter_mut().find(|b| b.promise == place.promise) {
                Some(worst) => {
                    if standard.margin(known.value) < standard.margin(worst.nearest) {
                        *worst = found;
                    }
                }
                None => blocking.push(found),
            }
        }
        Ok(blocking)
    }

    /// All that the bounds allow; where there are none, more than can be busy.
    fn most(&self) -> Staffing {
        let mut most = load::ample(self.bench);
        for (counts, group) in most.0.iter_mut().zip(self.bench.planned) {
            for count in counts {
                *count = group.most().unwrap_or(*count);
            }
        }
        most
    }

    fn infeasible(self, blocking: Vec<Blocking>) -> Result<Plan, PlanError> {
        let most = self.most();
        self.search.tell("verifying");
        let seed = self.bench.scenario.run.seed;
        let most = Answer::Heads(most);
        let verified = self.verified(&most, seed)?;
        Ok(self.plan(most, verified, None, Vec::new(), blocking))
    }

    /// The model of an answer for a scenario.
    fn model(&self, answer: &Answer, scenario: &Scenario) -> Model {
        match answer {
            Answer::Heads(staffing) => {
                Model::compile(&staffing.apply(scenario, self.bench.planned, self.bench.grid))
            }
            Answer::Shifts(found) => found.model(scenario, &self.search),
        }
    }

    fn coverage(&self, answer: &Answer) -> Staffing {
        match answer {
            Answer::Heads(staffing) => staffing.clone(),
            Answer::Shifts(found) => found.coverage(&self.search),
        }
    }

    fn verified(&self, answer: &Answer, seed: u64) -> Result<Verified, RunError> {
        let model = self.model(answer, self.question.scenario);
        let fine = self.model(answer, self.bench.scenario);
        let expected = &self.search.expected;
        self.verifier()
            .verify((&model, &fine), self.bench, expected, seed)
    }

    fn verifier(&self) -> Verifier<'_> {
        Verifier {
            expressions: self.question.expressions,
            promises: self.bench.promises,
            confidence: self.question.settings.confidence,
            days: self.effort.verify,
            threads: self.question.threads,
            stop: self.question.stop,
        }
    }

    /// Verifies; what is not sure enough is raised and verified on other days.
    fn verify(&self, mut answer: Answer, cut: bool) -> Result<(Answer, Verified), PlanError> {
        let mut last: Option<(Answer, Verified)> = None;
        for round in 0..verify::ROUNDS {
            self.search.tell("verifying");
            let seed = (self.bench.scenario.run.seed + u64::from(round)) & MOST_SEED;
            let verified = match self.verified(&answer, seed) {
                Ok(verified) => verified,
                Err(error) => return last.ok_or(error.into()),
            };
            let is_over = verified.verdict() == Verdict::Holds
                || cut
                || self.question.hurry.load(Ordering::Relaxed);
            let margins = verified.margins.clone();
            last = Some((answer.clone(), verified));
            let raised = !is_over
                && match &mut answer {
                    Answer::Heads(staffing) => self.search.raise(staffing, &margins),
                    Answer::Shifts(found) => rostering::raise(&self.search, found, &margins),
                };
            if !raised {
                break;
            }
        }
        last.ok_or(PlanError::NothingVerified)
    }

    fn sheets(&self) -> Result<Vec<Sheet>, PlanError> {
        self.search.tell("formulas");
        Ok(spreadsheet::sheets(&self.search)?)
    }

    fn plan(
        &self,
        answer: Answer,
        verified: Verified,
        bound: Option<Bound>,
        sheets: Vec<Sheet>,
        blocking: Vec<Blocking>,
    ) -> Plan {
        let needs = &self.search.needs;
        let steps = self.bench.grid.steps();
        let required = needs.all(self.bench.promises);
        let widest = (0..needs.rows.len()).max_by_key(|row| needs.rows[*row].types.len());
        let load = (0..steps)
            .map(|step| needs.load.offered.iter().map(|of_type| of_type[step]).sum())
            .collect();
        let fails = verified.verdict() == Verdict::Fails;
        let staffing = self.coverage(&answer);
        Plan {
            feasible: blocking.is_empty() && !fails,
            cost: match &answer {
                Answer::Heads(staffing) => staffing.cost(self.bench.planned, self.bench.grid),
                Answer::Shifts(found) => found.cost(&self.search),
            },
            staffing,
            roster: match answer {
                Answer::Heads(_) => None,
                Answer::Shifts(found) => Some(found),
            },
            planned: self.bench.planned.to_vec(),
            grid: self.bench.grid.clone(),
            unit: self.unit,
            bound,
            verified,
            partial: self.question.hurry.load(Ordering::Relaxed),
            sheets,
            load,
            required: widest.map_or_else(Vec::new, |row| required[row].clone()),
            blocking,
            simulations: self.bench.simulated.get(),
        }
    }
}

/// Head counts or shifts.
#[derive(Clone, Debug)]
enum Answer {
    Heads(Staffing),
    Shifts(Rostered),
}
