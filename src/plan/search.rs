//! From formulas to a staffing that simulated days agree with.
//!
//! 1. Needs by formulas, covered at least cost.
//! 2. On few days: needs are corrected, both ways, by the margins that are found.
//! 3. Promises over the day: as many agents as prevent enough losses to be worth having, the worth
//!    adjusted until the promise is just kept.
//! 4. Where agents of several skills share the work: agents are taken out, or exchanged for cheaper
//!    ones, wherever that breaks nothing. Moves far enough apart in time are tried on the same days.
//! 5. On many days: what is short is raised.
//!
//! Everything is decided by sums over the same days in the same order: the result does not depend
//! on the number of threads.

use super::bench::Bench;
use super::need::{Look, Needs, is_within_steps, whole};
use super::sample::{Expected, Known, Sample};
use super::staffing::Staffing;
use crate::experiment::RunError;
use crate::model::Model;

mod weigh;

pub(super) use weigh::UNKNOWN;

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
pub struct Progress {
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
    pub bench: &'a Bench<'a>,
    /// Formulas and corrections.
    pub needs: Needs<'n>,
    /// What is known of arrivals.
    pub expected: Expected,
    /// Days to look at.
    pub effort: Effort,
    /// Told what goes on.
    pub tell: &'a dyn Fn(Progress),
    /// What it is to find.
    pub goal: Goal,
    /// The staffing that the search has come to, and its cost.
    pub best: Option<(Staffing, f64)>,
    /// Cost of the best plan that is verified already.
    pub best_verified: Option<f64>,
    /// Standard errors of the days it will be verified on by which a promise has to be kept on
    /// them.
    pub reserve: f64,
}

/// What a search is to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Head counts.
    Staffing,
    /// What is needed, for a roster to cover.
    Needs,
}

/// What is known of a staffing.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The days.
    pub sample: Sample,
    /// By cell; `None`: nothing was observed.
    pub known: Vec<Option<Known>>,
    /// By cell: by how much the promise is kept beyond what chance asks for.
    pub margins: Vec<Option<f64>>,
}

impl Seen {
    /// Whether every promise is kept with the certainty asked for.
    pub fn keeps(&self) -> bool {
        self.margins.iter().flatten().all(|margin| *margin >= 0.0)
    }
}

impl Search<'_, '_> {
    /// A first staffing: by formulas, corrected by few days.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn sketch(&mut self) -> Result<Staffing, RunError> {
        self.tell("formulas");
        self.worth_by_formula();
        let staffing = self.needs.cover(self.bench.promises);
        let first = self.look(&staffing, self.effort.coarse, 0.0)?;
        self.expected =
            std::mem::replace(&mut self.expected, Expected::unknown()).confirmed(&first.sample);
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
    pub fn safe(&self, staffing: &Staffing, days: u32, sure: f64) -> Result<Staffing, RunError> {
        let mut safe = staffing.clone();
        let seen = self.look(&safe, days, sure)?;
        self.raise(&mut safe, &seen.margins);
        Ok(safe)
    }

    /// Finds the cheapest staffing it can, from a first one on.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn refine(&mut self, mut staffing: Staffing) -> Result<Staffing, RunError> {
        let effort = self.effort;
        self.keep(&staffing);
        self.tell("getting near");
        staffing = self.correct(staffing, effort.middle, 0.0)?;
        if self.goal == Goal::Needs {
            // What a roster covers beyond them does much for promises over the day.
            return Ok(staffing);
        }
        if self.promises_days() {
            self.tell("weighing the day");
            staffing = self.weigh(staffing)?;
        }
        if self.bench.planned.len() > 1 {
            self.tell("raising");
            staffing = self.repair(staffing, effort.middle, SURE)?;
            self.tell("exchanging agents");
            staffing = self.polish(staffing)?;
        }
        self.settle(staffing)
    }

    /// Looks at many days once, and raises and lowers by what they say: what little that changes
    /// for others shows when the plan is verified.
    fn settle(&mut self, mut staffing: Staffing) -> Result<Staffing, RunError> {
        self.tell("settling");
        if self.promises_days() || self.needs.rows.len() > 1 {
            return self.repair(staffing, self.effort.fine, SURE);
        }
        let seen = self.look(&staffing, self.effort.fine, 0.0)?;
        if let Some(next) = self.corrected(&staffing, &seen) {
            staffing = next;
        }
        self.keep(&staffing);
        Ok(staffing)
    }

    /// Whether something is promised over several steps together.
    fn promises_days(&self) -> bool {
        let mut list = self.bench.promises.list.iter();
        list.any(|promise| !is_within_steps(promise, self.bench.grid))
    }

    /// Tells of the stage.
    pub fn tell(&self, stage: &'static str) {
        (self.tell)(Progress {
            stage,
            simulated: self.bench.simulated.get(),
            cost: self.best.as_ref().map(|(_, cost)| *cost),
            verified: self.best_verified,
        });
    }

    pub(super) fn cost(&self, staffing: &Staffing) -> f64 {
        staffing.cost(self.bench.planned, self.bench.grid)
    }

    /// Looks at a staffing on so many days; margins are what is left after `sure` standard errors
    /// and what verification will ask for.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn look(&self, staffing: &Staffing, days: u32, sure: f64) -> Result<Seen, RunError> {
        let sample = self.bench.sample(staffing, 0..days)?;
        Ok(self.seen(sample, sure))
    }

    /// The same for a model.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn look_at(&self, model: &Model, days: u32, sure: f64) -> Result<Seen, RunError> {
        let sample = self.bench.sample_model(model, 0..days)?;
        Ok(self.seen(sample, sure))
    }

    fn seen(&self, sample: Sample, sure: f64) -> Seen {
        let promises = self.bench.promises;
        let known = sample.all_adjusted(promises, &self.expected, self.bench.threads);
        let verified = f64::from(self.effort.verify).sqrt();
        let margin = |(cell, known): (usize, &Option<Known>)| {
            known.map(|known| {
                let chance = sure * known.error + self.reserve * known.spread / verified;
                promises.standard(cell).margin(known.value) - chance
            })
        };
        let margins = known.iter().enumerate().map(margin).collect();
        Seen { sample, known, margins }
    }

    /// Corrects the needs until nothing changes.
    fn correct(
        &mut self,
        mut staffing: Staffing,
        days: u32,
        sure: f64,
    ) -> Result<Staffing, RunError> {
        for _ in 0..MOST_CORRECTIONS {
            let seen = self.look(&staffing, days, sure)?;
            match self.corrected(&staffing, &seen) {
                Some(next) => staffing = next,
                None => break,
            }
            self.keep(&staffing);
            self.tell("getting near");
        }
        Ok(staffing)
    }

    /// The staffing by needs corrected both ways; `None`: it is the same.
    fn corrected(&mut self, staffing: &Staffing, seen: &Seen) -> Option<Staffing> {
        let promises = self.bench.promises;
        let changed = self.needs.correct(&Look {
            margins: &seen.margins,
            promises,
            staffing,
            only_raises: false,
        });
        let next = self.needs.cover(promises);
        (changed && next != *staffing).then_some(next)
    }

    /// Remembers a staffing, in case the search is cut off.
    pub(super) fn keep(&mut self, staffing: &Staffing) {
        self.best = Some((staffing.clone(), self.cost(staffing)));
    }
}
