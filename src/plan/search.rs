//! From formulas to a staffing that simulated days agree with.
//!
//! 1. Needs by formulas, covered at least cost.
//! 2. On few days: needs are corrected, both ways, by the slacks that are found.
//! 3. Targets over the day: as many agents as prevent enough losses to be worth having, the shadow price
//!    adjusted until the target is just met.
//! 4. Where agents of several skills share the work: agents are taken out, or exchanged for cheaper
//!    ones, wherever that breaks nothing. Moves far enough apart in time are tried on the same days.
//! 5. On many days: what is short is raised.
//!
//! Everything is decided by sums over the same days in the same order: the result does not depend
//! on the number of threads.

use super::evaluator::Evaluator;
use super::need::{Needs, ObservedSlacks, is_within_steps};
use super::sample::{ExpectedArrivals, Sample, TargetEstimate};
use super::staffing::HeadCounts;
use super::staffing::whole;
use super::targets::PlanTarget;
use crate::experiment::RunError;
use crate::model::Model;

mod shadow_price;

pub(super) use shadow_price::UNKNOWN;

/// How many days each part of the search looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// To get near.
    pub coarse: u32,
    /// To try moves.
    pub middle: u32,
    /// To settle.
    pub fine: u32,
    /// To verify.
    pub verify: u32,
}

impl Effort {
    /// For days with so many contacts. Days are as many as some millions of contacts make; few
    /// contacts a day say little each.
    pub fn new(contacts: f64, verify: Option<u32>) -> Self {
        let days = |contacts_in_all: f64, least: u32, most: u32| {
            whole(contacts_in_all / contacts.max(1.0)).clamp(least, most)
        };
        Self {
            coarse: days(0.6e6, 30, 200),
            middle: days(2.0e6, 60, 800),
            fine: days(7.0e6, 150, 4500),
            verify: verify.unwrap_or_else(|| days(26.0e6, 400, 12_000)),
        }
    }
}

/// How sure the search has to be, in standard errors of the days it looks at, where what it finds
/// short later cannot be raised alone.
pub(super) const SURE: f64 = 1.0;
/// Times that needs are corrected at one number of days.
const MOST_CORRECTIONS: usize = 2;
/// What the search tells while it goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanProgress {
    /// What it is doing.
    pub stage: &'static str,
    /// Days simulated so far.
    pub simulated: u64,
    /// Cost of the staffing that the search has come to.
    pub cost: Option<f64>,
    /// Cost of the best plan that is verified already.
    pub verified: Option<f64>,
}

/// A search for one plan.
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct Search<'a, 'n> {
    /// Where staffings are tried.
    pub evaluator: &'a Evaluator<'a>,
    /// Formulas and corrections.
    pub needs: Needs<'n>,
    /// What is known of arrivals.
    pub expected: ExpectedArrivals,
    /// Days to look at.
    pub effort: Effort,
    /// Told what goes on.
    pub tell: &'a dyn Fn(PlanProgress),
    /// What it is to find.
    pub goal: SearchGoal,
    /// The staffing that the search has come to, and its cost.
    pub best: Option<(HeadCounts, f64)>,
    /// Cost of the best plan that is verified already.
    pub best_verified: Option<f64>,
    /// Standard errors of the days it will be verified on by which a target has to be met on
    /// them.
    pub reserve: f64,
}

/// What a search is to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchGoal {
    /// Head counts.
    HeadCounts,
    /// What is needed, for a roster to cover.
    Needs,
}

/// What is known of a staffing.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The days.
    pub sample: Sample,
    /// By interval; `None`: nothing was observed.
    pub known: Vec<Option<TargetEstimate>>,
    /// By interval: by how much the target is met beyond what chance asks for.
    pub slacks: Vec<Option<f64>>,
}

impl Evaluation {
    /// Whether every target is met with the certainty asked for.
    pub fn meets(&self) -> bool {
        self.slacks.iter().flatten().all(|slack| *slack >= 0.0)
    }
}

impl Search<'_, '_> {
    /// A first staffing: by formulas, corrected by few days.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn sketch(&mut self) -> Result<HeadCounts, RunError> {
        self.tell("formulas");
        self.shadow_prices_by_formula();
        let staffing = self.needs.cover(self.evaluator.targets);
        let first = self.evaluate(&staffing, self.effort.coarse, 0.0)?;
        self.expected = std::mem::replace(&mut self.expected, ExpectedArrivals::unknown())
            .confirmed(&first.sample);
        self.tell("getting near");
        match self.corrected(&staffing, &first) {
            Some(next) => self.correct(next, self.effort.coarse, 0.0),
            None => Ok(staffing),
        }
    }

    /// A staffing that is surely enough on days of which there are few.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn safe(
        &self,
        staffing: &HeadCounts,
        days: u32,
        sure: f64,
    ) -> Result<HeadCounts, RunError> {
        let mut safe = staffing.clone();
        let evaluation = self.evaluate(&safe, days, sure)?;
        self.add(&mut safe, &evaluation.slacks);
        Ok(safe)
    }

    /// Finds the cheapest staffing it can, from a first one on.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn refine(&mut self, mut staffing: HeadCounts) -> Result<HeadCounts, RunError> {
        let effort = self.effort;
        self.remember(&staffing);
        self.tell("getting near");
        staffing = self.correct(staffing, effort.middle, 0.0)?;
        if self.goal == SearchGoal::Needs {
            // What a roster covers beyond them does much for targets over the day.
            return Ok(staffing);
        }
        if self.has_day_targets() {
            self.tell("weighing the day");
            staffing = self.price_day_targets(staffing)?;
        }
        if self.evaluator.planned.len() > 1 || self.reaches_ends() {
            self.tell("raising");
            staffing = self.repair(staffing, effort.middle, SURE)?;
            self.tell("exchanging agents");
            staffing = self.exchange(staffing)?;
        }
        self.settle(staffing)
    }

    /// Looks at many days once, and raises and lowers by what they say: what little that changes
    /// for others shows when the plan is verified.
    fn settle(&mut self, mut staffing: HeadCounts) -> Result<HeadCounts, RunError> {
        self.tell("settling");
        if self.has_day_targets() || self.needs.sets.len() > 1 {
            return self.repair(staffing, self.effort.fine, SURE);
        }
        let evaluation = self.evaluate(&staffing, self.effort.fine, 0.0)?;
        if let Some(next) = self.corrected(&staffing, &evaluation) {
            staffing = next;
        }
        self.remember(&staffing);
        Ok(staffing)
    }

    /// Whether formulas and slacks say little of how many agents a target takes: where days are
    /// alike, or all or none is asked for.
    fn reaches_ends(&self) -> bool {
        let targets = self.evaluator.targets;
        let is_end =
            |target: &PlanTarget| target.days.is_none() && target.standard().is_end_of_scale();
        targets.are_days_alike || targets.list.iter().any(is_end)
    }

    /// Whether something is targeted over several steps together.
    fn has_day_targets(&self) -> bool {
        let mut list = self.evaluator.targets.list.iter();
        list.any(|target| !is_within_steps(target, self.evaluator.grid))
    }

    /// Tells of the stage.
    pub fn tell(&self, stage: &'static str) {
        (self.tell)(PlanProgress {
            stage,
            simulated: self.evaluator.simulated.get(),
            cost: self.best.as_ref().map(|(_, cost)| *cost),
            verified: self.best_verified,
        });
    }

    pub(super) fn cost(&self, staffing: &HeadCounts) -> f64 {
        staffing.cost(self.evaluator.planned, self.evaluator.grid)
    }

    /// Looks at a staffing on so many days; slacks are what is left after `sure` standard errors
    /// and what verification will ask for.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn evaluate(
        &self,
        staffing: &HeadCounts,
        days: u32,
        sure: f64,
    ) -> Result<Evaluation, RunError> {
        let sample = self.evaluator.sample(staffing, 0..days)?;
        self.evaluation(sample, sure)
    }

    /// The same for a model.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn evaluate_model(
        &self,
        model: &Model,
        days: u32,
        sure: f64,
    ) -> Result<Evaluation, RunError> {
        let sample = self.evaluator.sample_model(model, 0..days)?;
        self.evaluation(sample, sure)
    }

    fn evaluation(&self, sample: Sample, sure: f64) -> Result<Evaluation, RunError> {
        let targets = self.evaluator.targets;
        let known = sample.all_adjusted(targets, &self.expected, &self.evaluator.control)?;
        let verified = f64::from(self.effort.verify).sqrt();
        let slack = |(interval, known): (usize, &Option<TargetEstimate>)| {
            known.map(|known| {
                let chance = sure * known.error + self.reserve * known.spread / verified;
                targets.standard(interval).slack(known.value) - chance
            })
        };
        let slacks = known.iter().enumerate().map(slack).collect();
        Ok(Evaluation { sample, known, slacks })
    }

    /// Corrects the needs until nothing changes.
    fn correct(
        &mut self,
        mut staffing: HeadCounts,
        days: u32,
        sure: f64,
    ) -> Result<HeadCounts, RunError> {
        for _ in 0..MOST_CORRECTIONS {
            let evaluation = self.evaluate(&staffing, days, sure)?;
            match self.corrected(&staffing, &evaluation) {
                Some(next) => staffing = next,
                None => break,
            }
            self.remember(&staffing);
            self.tell("getting near");
        }
        Ok(staffing)
    }

    /// The staffing by needs corrected both ways; `None`: it is the same.
    fn corrected(&mut self, staffing: &HeadCounts, evaluation: &Evaluation) -> Option<HeadCounts> {
        let targets = self.evaluator.targets;
        let changed = self.needs.correct(&ObservedSlacks {
            slacks: &evaluation.slacks,
            targets,
            staffing,
            is_roster: false,
        });
        let next = self.needs.cover(targets);
        (changed && next != *staffing).then_some(next)
    }

    /// Remembers a staffing, in case the search is cut off.
    pub(super) fn remember(&mut self, staffing: &HeadCounts) {
        self.best = Some((staffing.clone(), self.cost(staffing)));
    }
}
