//! The stages of a plan: search, roster, verify, raise, bound.

use std::sync::atomic::Ordering;

use super::bench::Bench;
use super::bound::{self, Bound};
use super::need::whole;
use super::rostering::{self, Rostered};
use super::search::{Effort, Search};
use super::spreadsheet::{self, Sheet};
use super::staffing::Staffing;
use super::verify::{Again, Verified, Verifier};
use super::{Blocking, CostUnit, Plan, PlanError, Question, load};
use crate::experiment::RunError;
use crate::experiment::summary::Verdict;
use crate::model::Model;
use crate::scenario::Scenario;

mod verifying;

/// Standard errors by which the first plan, verified on few days, is to keep its promises.
const FIRST_SURE: f64 = 3.0;

/// A question and what is at hand to answer it.
pub(super) struct Planner<'a, 'b, 'n> {
    pub(super) question: &'a Question<'a>,
    pub(super) bench: &'b Bench<'b>,
    pub(super) search: Search<'b, 'n>,
    pub(super) unit: CostUnit,
    pub(super) effort: Effort,
    /// The best roster so far, verified or not.
    pub(super) rostered: Option<Rostered>,
}

impl Planner<'_, '_, '_> {
    pub(super) fn run(mut self) -> Result<Plan, PlanError> {
        let blocking = self.blocking()?;
        if !blocking.is_empty()
            && let Some(plan) = self.infeasible(blocking)?
        {
            return Ok(plan);
        }
        let mut first = None;
        let (found, cut) = match self.find(&mut first) {
            Ok(answer) => (answer, false),
            Err(RunError::NothingFinished) => (self.so_far(), true),
            Err(error) => return Err(error.into()),
        };
        let (answer, verified) = match (self.verify(found, cut), first) {
            (Ok(found), Some(first)) => self.better(found, first),
            (Ok(found), None) | (Err(PlanError::NothingVerified), Some(found)) => found,
            (Err(error), _) => return Err(error),
        };
        if cut || self.question.hurry.load(Ordering::Relaxed) {
            return Ok(self.plan(answer, verified, None, Vec::new(), Vec::new()));
        }
        // From here on figures are told as they are.
        self.search.reserve = 0.0;
        // A plan that is verified is told, whatever there is no time left for.
        let (sheets, bound) = match self.beside(&answer) {
            Err(PlanError::NothingVerified) => (Vec::new(), None),
            beside => beside?,
        };
        Ok(self.plan(answer, verified, bound, sheets, Vec::new()))
    }

    /// What is told beside a plan.
    fn beside(&self, answer: &Answer) -> Result<(Vec<Sheet>, Option<Bound>), PlanError> {
        Ok((self.sheets()?, self.bound(answer)?))
    }

    /// Searches. As soon as there is a plan that might do, it is verified on few days and left in
    /// `first`, for the case that there is no time for more.
    fn find(&mut self, first: &mut Option<(Answer, Verified)>) -> Result<Answer, RunError> {
        self.search.reserve = self.verifier(self.effort.verify).reserve();
        let staffing = self.search.sketch()?;
        let shifts = &self.question.settings.shifts;
        *first = self.first(&staffing)?;
        let staffing = self.search.refine(staffing)?;
        if shifts.is_empty() {
            return Ok(Answer::Heads(staffing));
        }
        let found = rostering::roster(&mut self.search, shifts, &mut self.rostered)?;
        Ok(Answer::Shifts(found))
    }

    /// The first plan: dearer than it has to be, so that few days are enough to verify it.
    fn first(&mut self, staffing: &Staffing) -> Result<Option<(Answer, Verified)>, RunError> {
        self.search.tell("a first plan");
        let days = self.effort.coarse;
        let shifts = &self.question.settings.shifts;
        let answer = if shifts.is_empty() {
            let safe = self.search.safe(staffing, days, FIRST_SURE)?;
            Answer::Heads(safe)
        } else {
            let safe = rostering::first(&mut self.search, shifts, days, FIRST_SURE)?;
            self.rostered = Some(safe.clone());
            Answer::Shifts(safe)
        };
        let with = Verifier { again: Again::First, ..self.verifier(days.min(self.effort.verify)) };
        let verified = self.verified(&answer, &with, self.bench.scenario.run.seed)?;
        self.search.best_verified = Some(self.cost(&answer));
        Ok(Some((answer, verified)))
    }

    /// What a search that was cut off had come to: formulas, at least.
    fn so_far(&mut self) -> Answer {
        let shifts = &self.question.settings.shifts;
        if shifts.is_empty() {
            return Answer::Heads(match self.search.best.take() {
                Some((staffing, _)) => staffing,
                None => self.search.needs.cover(self.bench.promises),
            });
        }
        let found = self.rostered.take();
        Answer::Shifts(found.unwrap_or_else(|| rostering::filled(&self.search, shifts)))
    }

    /// Of two plans the one with the better verdict, then the cheaper one.
    fn better(&self, one: (Answer, Verified), other: (Answer, Verified)) -> (Answer, Verified) {
        let rank = |verified: &Verified| match verified.verdict() {
            Verdict::Holds => 0,
            Verdict::Undecided => 1,
            Verdict::Fails => 2,
        };
        let (own, others) = (rank(&one.1), rank(&other.1));
        let is_dearer = self.cost(&one.0) > self.cost(&other.0);
        if others < own || others == own && own == 0 && is_dearer { other } else { one }
    }

    fn cost(&self, answer: &Answer) -> f64 {
        match answer {
            Answer::Heads(staffing) => staffing.cost(self.bench.planned, self.bench.grid),
            Answer::Shifts(found) => found.cost(&self.search),
        }
    }

    fn bound(&self, answer: &Answer) -> Result<Option<Bound>, PlanError> {
        self.search.tell("bound");
        let staffing = match answer {
            Answer::Heads(staffing) => staffing.clone(),
            // No more than there are.
            Answer::Shifts(found) => found.coverage(&self.search, f64::floor),
        };
        let Some(least) = bound::least(&self.search, &staffing)? else {
            return Ok(None);
        };
        let cost = match answer {
            Answer::Heads(_) => bound::of_head_counts(&self.search, &least),
            Answer::Shifts(found) => rostering::least(&self.search, found, &least),
        };
        // A plan that is cheaper has refuted what was assumed, or does not keep its promises.
        let cost = cost.filter(|cost| *cost <= self.cost(answer) + 1e-6);
        Ok(cost.map(|cost| Bound { cost, assumption: least.assumption }))
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

    /// All that the bounds allow, verified; `None` where that does keep what seemed to be in the way.
    fn infeasible(&self, mut blocking: Vec<Blocking>) -> Result<Option<Plan>, PlanError> {
        let most = self.most();
        self.search.tell("verifying");
        let seed = self.bench.scenario.run.seed;
        let most = Answer::Heads(most);
        let with = self.verifier(self.effort.middle.min(self.effort.verify));
        let with = Verifier { again: Again::OtherDays, ..with };
        let verified = self.verified(&most, &with, seed)?;
        blocking.retain(|found| verified.outcomes[found.promise].verdict != Verdict::Holds);
        let plan = || self.plan(most, verified, None, Vec::new(), blocking.clone());
        Ok((!blocking.is_empty()).then(plan))
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
            Answer::Shifts(found) => found.coverage(&self.search, f64::round),
        }
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
        let staffing = self.coverage(&answer);
        let required = needs.all(self.bench.promises);
        let widest = (0..needs.rows.len()).max_by_key(|row| needs.rows[*row].types.len());
        // In agents as the plan has them: several contacts at a time make one agent worth several.
        let speed = |step: usize| {
            let heads: u32 = staffing.0.iter().map(|steps| steps[step]).sum();
            let worth = widest.map_or(0.0, |row| needs.staff(&needs.rows[row], step, &staffing));
            if heads > 0 && worth > 0.0 { worth / f64::from(heads) } else { 1.0 }
        };
        let load_at = |step: usize| -> f64 {
            let offered = needs.load.offered.iter();
            offered.map(|of_type| of_type[step]).sum::<f64>() / speed(step)
        };
        let load = (0..steps).map(load_at).collect();
        let required_at =
            |(step, need): (usize, &u32)| whole((f64::from(*need) / speed(step)).ceil());
        let required = widest.map_or_else(Vec::new, |row| {
            required[row].iter().enumerate().map(required_at).collect()
        });
        let fails = verified.verdict() == Verdict::Fails;
        Plan {
            feasible: blocking.is_empty() && !fails,
            cost: self.cost(&answer),
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
            required,
            blocking,
            simulations: self.bench.simulated.get(),
        }
    }
}

/// Head counts or shifts.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    Heads(Staffing),
    Shifts(Rostered),
}
