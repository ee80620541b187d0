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
use super::need::{Look, Lowers, Needs, whole};
use super::sample::{Expected, Known, Sample};
use super::staffing::Staffing;
use crate::experiment::RunError;
use crate::model::Model;

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
            coarse: days(1.0e6, 40, 400),
            middle: days(3.0e6, 80, 1000),
            fine: days(10.0e6, 200, 5000),
            verify: verify.unwrap_or_else(|| days(22.0e6, 1000, 10_000)),
        }
    }
}

/// How sure the search has to be, in standard errors of the days it looks at and of those the
/// plan will be verified on together.
const SURE: f64 = 2.0;
/// Times that needs are corrected at one number of days.
const MOST_CORRECTIONS: usize = 2;
/// Times that promises over the day are adjusted.
const MOST_ADJUSTMENTS: usize = 14;

/// What the search tells while it goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// What it is doing.
    pub stage: &'static str,
    /// Days simulated so far.
    pub simulated: u64,
    /// Cost of the staffing that the search has come to.
    pub cost: Option<f64>,
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
    /// Finds a staffing.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn run(&mut self) -> Result<Staffing, RunError> {
        let promises = self.bench.promises;
        self.tell("formulas");
        self.worth_by_formula();
        let mut staffing = self.needs.cover(promises);
        let effort = self.effort;
        let first = self.look(&staffing, effort.coarse, 0.0)?;
        self.expected =
            std::mem::replace(&mut self.expected, Expected::unknown()).confirmed(&first.sample);
        self.tell("getting near");
        staffing = self.correct(staffing, effort.coarse, 0.5)?;
        staffing = self.correct(staffing, effort.middle, 1.2)?;
        if promises.cells.iter().any(|cell| cell.stretches.is_none()) {
            self.tell("weighing the day");
            staffing = self.weigh(staffing)?;
        }
        if self.goal == Goal::Needs {
            return Ok(staffing);
        }
        if self.bench.planned.len() > 1 {
            self.tell("raising");
            staffing = self.repair(staffing, effort.middle, 1.0)?;
            self.tell("exchanging agents");
            staffing = self.polish(staffing)?;
        }
        self.settle(staffing)
    }

    /// Looks at many days once, and raises and lowers by what they say: what little that changes
    /// for others shows when the plan is verified.
    fn settle(&mut self, mut staffing: Staffing) -> Result<Staffing, RunError> {
        self.tell("settling");
        let promises = self.bench.promises;
        let over_the_day = promises.cells.iter().any(|cell| cell.stretches.is_none());
        if over_the_day || self.needs.rows.len() > 1 {
            return self.repair(staffing, self.effort.fine, SURE);
        }
        let seen = self.look(&staffing, self.effort.fine, SURE)?;
        self.needs.correct(&Look {
            margins: &seen.margins,
            promises,
            staffing: &staffing,
            lowers: Lowers::Yes,
        });
        staffing = self.needs.cover(promises);
        self.keep(&staffing);
        Ok(staffing)
    }

    /// Tells of the stage.
    pub fn tell(&self, stage: &'static str) {
        (self.tell)(Progress {
            stage,
            simulated: self.bench.simulated.get(),
            cost: self.best.as_ref().map(|(_, cost)| *cost),
        });
    }

    fn cost(&self, staffing: &Staffing) -> f64 {
        staffing.cost(self.bench.planned, self.bench.grid)
    }

    /// Looks at a staffing on so many days; margins are what is left after `sure` standard errors.
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
        let known: Vec<Option<Known>> = (0..promises.cells.len())
            .map(|cell| sample.adjusted(cell, promises, &self.expected))
            .collect();
        let verified = f64::from(self.effort.verify).sqrt();
        let margin = |(cell, known): (usize, &Option<Known>)| {
            known.map(|known| {
                let error = known.error.hypot(known.spread / verified);
                promises.standard(cell).margin(known.value) - sure * error
            })
        };
        let margins = known.iter().enumerate().map(margin).collect();
        Seen {
            sample,
            known,
            margins,
        }
    }

    /// Corrects the needs until nothing changes.
    fn correct(
        &mut self,
        mut staffing: Staffing,
        days: u32,
        sure: f64,
    ) -> Result<Staffing, RunError> {
        let promises = self.bench.promises;
        for _ in 0..MOST_CORRECTIONS {
            let seen = self.look(&staffing, days, sure)?;
            let changed = self.needs.correct(&Look {
                margins: &seen.margins,
                promises,
                staffing: &staffing,
                lowers: Lowers::Yes,
            });
            let next = self.needs.cover(promises);
            if !changed || next == staffing {
                break;
            }
            staffing = next;
            self.keep(&staffing);
            self.tell("getting near");
        }
        Ok(staffing)
    }

    /// Remembers a staffing, in case the search is cut off.
    pub(super) fn keep(&mut self, staffing: &Staffing) {
        self.best = Some((staffing.clone(), self.cost(staffing)));
    }

    /// Sets the worth of an agent for promises over the day so that formulas just keep them.
    fn worth_by_formula(&mut self) {
        let promises = self.bench.promises;
        for index in 0..promises.list.len() {
            if promises.list[index].every.is_some() {
                continue;
            }
            let standard = self.needs.formula_standard(index, promises);
            let keeps = |needs: &Needs<'_>| {
                let staffing = needs.cover(promises);
                standard.margin(needs.day_by_formula(index, promises, &staffing)) >= 0.0
            };
            if keeps(&self.needs) {
                continue;
            }
            // Losses a second that one agent prevents: at most what one agent can serve.
            let (mut many, mut few) = (1e-9f64, 10.0f64);
            for _ in 0..18 {
                let middle = (many * few).sqrt();
                self.needs.worth[index] = Some(middle);
                if keeps(&self.needs) {
                    many = middle;
                } else {
                    few = middle;
                }
            }
            self.needs.worth[index] = Some(many);
        }
    }

    /// Adjusts the worth of an agent for each promise over the day, until days agree.
    fn weigh(&mut self, mut staffing: Staffing) -> Result<Staffing, RunError> {
        let promises = self.bench.promises;
        for (cell, place) in promises.cells.iter().enumerate() {
            if place.stretches.is_some() {
                continue;
            }
            let index = place.promise;
            let days = self.effort.middle;
            let sure = SURE;
            let mut seen = self.look(&staffing, days, sure)?;
            // Unknown is what nobody is there to be measured by: more agents make it known.
            let keeps = |seen: &Seen| seen.margins[cell].is_some_and(|margin| margin >= 0.0);
            if keeps(&seen) && self.needs.worth[index].is_none() {
                continue;
            }
            let mut worth = self.needs.worth[index].unwrap_or(1e-3);
            let (mut many, mut few): (Option<f64>, Option<f64>) = (None, None);
            let mut good: Option<Staffing> = None;
            for _ in 0..MOST_ADJUSTMENTS {
                if keeps(&seen) {
                    many = Some(worth);
                    good = Some(staffing.clone());
                } else {
                    few = Some(worth);
                }
                worth = match (many, few) {
                    (Some(many), Some(few)) => (many * few).sqrt(),
                    (Some(many), None) => many * 1.5,
                    (None, Some(few)) => few / 1.5,
                    (None, None) => break,
                };
                if many.zip(few).is_some_and(|(many, few)| few / many < 1.02) || worth < 1e-15 {
                    break;
                }
                self.needs.worth[index] = Some(worth);
                let next = self.needs.cover(promises);
                if next == staffing {
                    if few.is_some() && many.is_some() {
                        break;
                    }
                    continue;
                }
                staffing = next;
                seen = self.look(&staffing, days, sure)?;
                self.tell("weighing the day");
            }
            if let Some(many) = many {
                self.needs.worth[index] = Some(many);
            }
            staffing = good.unwrap_or(staffing);
        }
        Ok(staffing)
    }
}
