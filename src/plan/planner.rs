//! The stages of a plan: search, roster, verify, add, bound.

use super::bound::{self, Bound};
use super::evaluator::Evaluator;
use super::formula_plans::{self, FormulaPlan};
use super::rostering::{self, RosterPlan};
use super::search::{Effort, Search};
use super::staffing::HeadCounts;
use super::staffing::whole;
use super::verify::{Reverify, Verification, Verified, Verifier};
use super::{Blocking, CostUnit, PlanError, Question, StaffingPlan, load};
use crate::experiment::RunError;
use crate::experiment::summary::Verdict;
use crate::model::Model;
use crate::scenario::Scenario;

mod verifying;

/// Standard errors by which the first plan, verified on few days, is to meet its targets.
const FIRST_SURE: f64 = 3.0;

/// A question and what is at hand to candidate it.
pub(super) struct Planner<'a, 'b, 'n> {
    pub(super) question: &'a Question<'a>,
    pub(super) evaluator: &'b Evaluator<'b>,
    pub(super) search: Search<'b, 'n>,
    pub(super) unit: CostUnit,
    pub(super) effort: Effort,
    /// The best roster so far, verified or not.
    pub(super) rostered: Option<RosterPlan>,
}

impl Planner<'_, '_, '_> {
    pub(super) fn run(mut self) -> Result<StaffingPlan, PlanError> {
        let blocking = self.blocking()?;
        if !blocking.is_empty()
            && let Some(plan) = self.infeasible(blocking)?
        {
            return Ok(plan);
        }
        let mut first = None;
        let (found, cut) = match self.find(&mut first) {
            Ok(candidate) => (candidate, false),
            Err(RunError::NothingFinished) => (self.so_far(), true),
            Err(error) => return Err(error.into()),
        };
        let (candidate, verified) = match (self.verify(found, cut), first) {
            (Ok(found), Some(first)) => self.better(found, first),
            (Ok(found), None) | (Err(PlanError::NothingVerified), Some(found)) => found,
            (Err(error), _) => return Err(error),
        };
        if cut || self.question.search.is_over() {
            return Ok(self.plan(candidate, verified, None, Vec::new(), Vec::new()));
        }
        // From here on figures are told as they are.
        self.search.reserve = 0.0;
        // A plan that is verified is told, whatever there is no time left for.
        let (formula_plans, bound) = match self.beside(&candidate, verified.seed) {
            Err(PlanError::NothingVerified) => (Vec::new(), None),
            beside => beside?,
        };
        Ok(self.plan(candidate, verified, bound, formula_plans, Vec::new()))
    }

    /// What is told beside a plan.
    fn beside(
        &self,
        candidate: &Candidate,
        seed: u64,
    ) -> Result<(Vec<FormulaPlan>, Option<Bound>), PlanError> {
        Ok((self.formula_plans(seed)?, self.bound(candidate)?))
    }

    /// Searches. As soon as there is a plan that might do, it is verified on few days and left in
    /// `first`, for the case that there is no time for more.
    fn find(&mut self, first: &mut Option<(Candidate, Verified)>) -> Result<Candidate, RunError> {
        self.search.reserve = self.verifier(self.effort.verify).reserve();
        let staffing = self.search.sketch()?;
        let shifts = &self.question.settings.shifts;
        *first = self.first(&staffing)?;
        let staffing = self.search.refine(staffing)?;
        if shifts.is_empty() {
            return Ok(Candidate::Heads(staffing));
        }
        let found = rostering::roster(&mut self.search, shifts, &mut self.rostered)?;
        Ok(Candidate::Shifts(found))
    }

    /// The first plan: dearer than it has to be, so that few days are enough to verify it.
    fn first(&mut self, staffing: &HeadCounts) -> Result<Option<(Candidate, Verified)>, RunError> {
        self.search.tell("a first plan");
        let days = self.effort.coarse;
        let shifts = &self.question.settings.shifts;
        let candidate = if shifts.is_empty() {
            let safe = self.search.safe(staffing, days, FIRST_SURE)?;
            Candidate::Heads(safe)
        } else {
            let safe = rostering::first(&mut self.search, shifts, days, FIRST_SURE)?;
            self.rostered = Some(safe.clone());
            Candidate::Shifts(safe)
        };
        let with =
            Verifier { again: Reverify::First, ..self.verifier(days.min(self.effort.verify)) };
        let verified = self.verified(&candidate, &with, self.evaluator.scenario.run.seed)?;
        self.search.best_verified = Some(self.cost(&candidate));
        Ok(Some((candidate, verified)))
    }

    /// What a search that was cut off had come to: formulas, at least.
    fn so_far(&mut self) -> Candidate {
        let shifts = &self.question.settings.shifts;
        if shifts.is_empty() {
            return Candidate::Heads(match self.search.best.take() {
                Some((staffing, _)) => staffing,
                None => self.search.needs.cover(self.evaluator.targets),
            });
        }
        let found = self.rostered.take();
        Candidate::Shifts(found.unwrap_or_else(|| rostering::filled(&self.search, shifts)))
    }

    /// Of two plans the one with the better verdict, then the cheaper one.
    fn better(
        &self,
        one: (Candidate, Verified),
        other: (Candidate, Verified),
    ) -> (Candidate, Verified) {
        let rank = |verified: &Verified| match verified.verdict() {
            Verdict::Holds => 0,
            Verdict::Undecided => 1,
            Verdict::Fails => 2,
        };
        let (own, others) = (rank(&one.1), rank(&other.1));
        let is_dearer = self.cost(&one.0) > self.cost(&other.0);
        if others < own || others == own && own == 0 && is_dearer { other } else { one }
    }

    fn cost(&self, candidate: &Candidate) -> f64 {
        match candidate {
            Candidate::Heads(staffing) => {
                staffing.cost(self.evaluator.planned, self.evaluator.grid)
            }
            Candidate::Shifts(found) => found.cost(&self.search),
        }
    }

    fn bound(&self, candidate: &Candidate) -> Result<Option<Bound>, PlanError> {
        self.search.tell("bound");
        let staffing = match candidate {
            Candidate::Heads(staffing) => staffing.clone(),
            // No more than there are.
            Candidate::Shifts(found) => found.coverage(&self.search, f64::floor),
        };
        let Some(least) = bound::least(&self.search, &staffing)? else {
            return Ok(None);
        };
        let cost = match candidate {
            Candidate::Heads(_) => bound::of_head_counts(&self.search, &least),
            Candidate::Shifts(found) => {
                rostering::least_cost(&self.search, found, (&least.sets, &least.needs))
            }
        };
        // A plan that is cheaper has refuted what was assumed, or does not meet its targets.
        let cost = cost.filter(|cost| *cost <= self.cost(candidate) + 1e-6);
        Ok(cost.map(|cost| Bound { cost, assumption: least.assumption }))
    }

    /// Targets that even the most agents do not meet: those that more agents would help.
    fn blocking(&self) -> Result<Vec<Blocking>, PlanError> {
        let targets = self.evaluator.targets;
        let most = self.most();
        let evaluation = match self.search.evaluate(&most, self.effort.coarse, -3.0) {
            // In a hurry nothing is known to be in the way; verification will tell.
            Err(RunError::NothingFinished) if !self.question.verification.is_stopped() => {
                return Ok(Vec::new());
            }
            evaluation => evaluation?,
        };
        let mut blocking: Vec<Blocking> = Vec::new();
        for (interval, slack) in evaluation.slacks.iter().enumerate() {
            let place = &targets.intervals[interval];
            let (Some(slack), Some(known)) = (slack, evaluation.known[interval]) else {
                continue;
            };
            if *slack >= 0.0 || !targets.list[place.target].is_helped() {
                continue;
            }
            let found = Blocking {
                target: place.target,
                at: place.bins.as_ref().map(|_| place.from),
                nearest: known.value,
            };
            let standard = targets.standard(interval);
            match blocking.iter_mut().find(|b| b.target == place.target) {
                Some(worst) => {
                    if standard.slack(known.value) < standard.slack(worst.nearest) {
                        *worst = found;
                    }
                }
                None => blocking.push(found),
            }
        }
        Ok(blocking)
    }

    /// All that the bounds allow; where there are none, more than can be busy.
    fn most(&self) -> HeadCounts {
        let mut most = load::ample(self.evaluator);
        for (counts, group) in most.0.iter_mut().zip(self.evaluator.planned) {
            for count in counts {
                *count = group.most().unwrap_or(*count);
            }
        }
        most
    }

    /// All that the bounds allow, verified; `None` where that does meet what seemed to be in the way.
    fn infeasible(&self, mut blocking: Vec<Blocking>) -> Result<Option<StaffingPlan>, PlanError> {
        let most = self.most();
        self.search.tell("verifying");
        let seed = self.evaluator.scenario.run.seed;
        let most = Candidate::Heads(most);
        let with = self.verifier(self.effort.middle.min(self.effort.verify));
        let with = Verifier { again: Reverify::OtherDays, ..with };
        let verified = self.verified(&most, &with, seed)?;
        for found in &mut blocking {
            // In the unit of the figure: the search compares shares of waits where that is a quantile.
            let shown = verified.outcomes[found.target].estimate.value;
            found.nearest = shown.unwrap_or(found.nearest);
        }
        blocking.retain(|found| verified.outcomes[found.target].verdict != Verdict::Holds);
        let plan = || self.plan(most, verified, None, Vec::new(), blocking.clone());
        Ok((!blocking.is_empty()).then(plan))
    }

    /// The model of an candidate for a scenario.
    fn model(&self, candidate: &Candidate, scenario: &Scenario) -> Model {
        match candidate {
            Candidate::Heads(staffing) => Model::compile(&staffing.apply(
                scenario,
                self.evaluator.planned,
                self.evaluator.grid,
            )),
            Candidate::Shifts(found) => found.model(scenario, &self.search),
        }
    }

    fn coverage(&self, candidate: &Candidate) -> HeadCounts {
        match candidate {
            Candidate::Heads(staffing) => staffing.clone(),
            Candidate::Shifts(found) => found.coverage(&self.search, f64::round),
        }
    }

    fn formula_plans(&self, seed: u64) -> Result<Vec<FormulaPlan>, PlanError> {
        self.search.tell("formulas");
        let days = self.effort.middle.min(self.effort.verify);
        let verifier = Verifier { again: Reverify::OtherDays, ..self.verifier(days) };
        let simulate = |staffing: &HeadCounts| match self.evaluate(
            &Candidate::Heads(staffing.clone()),
            &verifier,
            seed,
        )? {
            Verification::Whole(round) => Ok(*round),
            Verification::Short(_) => Err(RunError::NothingFinished),
        };
        Ok(formula_plans::formula_plans(&self.search, &simulate)?)
    }

    fn plan(
        &self,
        candidate: Candidate,
        verified: Verified,
        bound: Option<Bound>,
        formula_plans: Vec<FormulaPlan>,
        blocking: Vec<Blocking>,
    ) -> StaffingPlan {
        let needs = &self.search.needs;
        let steps = self.evaluator.grid.steps();
        let staffing = self.coverage(&candidate);
        let required = needs.all(self.evaluator.targets);
        let widest = (0..needs.sets.len()).max_by_key(|set| needs.sets[*set].types.len());
        // In agents as the plan has them: several contacts at a time make one agent worth several.
        let speed = |step: usize| {
            let heads: u32 = staffing.0.iter().map(|steps| steps[step]).sum();
            let shadow_price =
                widest.map_or(0.0, |set| needs.staff(&needs.sets[set], step, &staffing));
            if heads > 0 && shadow_price > 0.0 { shadow_price / f64::from(heads) } else { 1.0 }
        };
        let load_at = |step: usize| -> f64 {
            let offered = needs.load.offered.iter();
            offered.map(|of_type| of_type[step]).sum::<f64>() / speed(step)
        };
        let load = (0..steps).map(load_at).collect();
        let required_at =
            |(step, need): (usize, &u32)| whole((f64::from(*need) / speed(step)).ceil());
        let required = widest.map_or_else(Vec::new, |set| {
            required[set].iter().enumerate().map(required_at).collect()
        });
        let fails = verified.verdict() == Verdict::Fails;
        StaffingPlan {
            // What was cut off has shown nothing of what a longer search may find.
            feasible: blocking.is_empty() && (!fails || self.question.search.is_over()),
            cost: self.cost(&candidate),
            staffing,
            roster: match candidate {
                Candidate::Heads(_) => None,
                Candidate::Shifts(found) => Some(found),
            },
            planned: self.evaluator.planned.to_vec(),
            grid: self.evaluator.grid.clone(),
            unit: self.unit,
            bound,
            verified,
            partial: self.question.search.is_over(),
            formula_plans,
            load,
            required,
            blocking,
            simulations: self.evaluator.simulated.get(),
        }
    }
}

/// Head counts or shifts.
#[derive(Clone, Debug, PartialEq)]
enum Candidate {
    Heads(HeadCounts),
    Shifts(RosterPlan),
}
