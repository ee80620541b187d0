//! Promises over the day: how many losses an agent has to prevent to be worth having.

use super::{SURE, Search, Seen};
use crate::experiment::RunError;
use crate::plan::need::{Needs, is_within_steps};
use crate::plan::staffing::Staffing;

/// Times that promises over the day are adjusted.
const MOST_ADJUSTMENTS: usize = 10;
/// The same where a formula says by how much.
const MOST_BY_FORMULA: usize = 4;
/// The margin that counts for a promise of which nothing is known: nobody is there to be measured by.
/// A little short, so that somebody comes.
pub(in crate::plan) const UNKNOWN: f64 = -0.02;

impl Search<'_, '_> {
    /// Sets the worth of an agent for promises over the day so that formulas just keep them.
    pub(super) fn worth_by_formula(&mut self) {
        let promises = self.bench.promises;
        for index in 0..promises.list.len() {
            if !is_within_steps(&promises.list[index], self.bench.grid) {
                self.set_worth(index, 0.0);
            }
        }
    }

    /// Sets the worth of an agent for a promise over the day so that the formula keeps it by so much.
    fn set_worth(&mut self, index: usize, margin: f64) {
        let promises = self.bench.promises;
        let keeps = |needs: &Needs<'_>| {
            let staffing = needs.cover(promises);
            needs.day_margin(index, promises, &staffing) >= margin
        };
        self.needs.worth[index] = None;
        if keeps(&self.needs) {
            return;
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

    /// Asks the formula for as much more, or less, of a promise over the day as days have shown to
    /// be short, or spare.
    pub(in crate::plan) fn correct_worth(&mut self, index: usize, margin: f64) {
        let promises = self.bench.promises;
        let staffing = self.needs.cover(promises);
        let now = self.needs.day_margin(index, promises, &staffing);
        self.set_worth(index, now - margin);
    }

    /// Adjusts the worth of an agent for each promise over the day: on average over days by what
    /// the formula makes of the margins found, in most days step by step.
    pub(super) fn weigh(&mut self, mut staffing: Staffing) -> Result<Staffing, RunError> {
        let promises = self.bench.promises;
        for (cell, place) in promises.cells.iter().enumerate() {
            let promise = &promises.list[place.promise];
            if is_within_steps(promise, self.bench.grid) {
                continue;
            }
            let is_by_formula = promise.days.is_none() && self.needs.is_known(place.promise);
            staffing = if is_by_formula {
                self.weigh_by_formula(staffing, cell)?
            } else {
                self.weigh_by_steps(staffing, cell)?
            };
        }
        Ok(staffing)
    }

    fn weigh_by_formula(
        &mut self,
        mut staffing: Staffing,
        cell: usize,
    ) -> Result<Staffing, RunError> {
        let promises = self.bench.promises;
        let index = promises.cells[cell].promise;
        let mut good: Option<(Staffing, Option<f64>)> = None;
        for _ in 0..MOST_BY_FORMULA {
            let seen = self.look(&staffing, self.effort.middle, 0.0)?;
            let margin = seen.margins[cell];
            if margin.is_some_and(|margin| margin >= 0.0) {
                let cost = self.cost(&staffing);
                let is_best = good.as_ref().is_none_or(|(good, _)| cost < self.cost(good));
                if is_best {
                    good = Some((staffing.clone(), self.needs.worth[index]));
                }
                if self.needs.worth[index].is_none() {
                    break;
                }
            }
            self.correct_worth(index, margin.unwrap_or(UNKNOWN));
            let next = self.needs.cover(promises);
            if next == staffing {
                break;
            }
            staffing = next;
            self.tell("weighing the day");
        }
        if let Some((good, worth)) = good {
            self.needs.worth[index] = worth;
            staffing = good;
        }
        Ok(staffing)
    }

    /// Where no formula knows what a promise comes to.
    fn weigh_by_steps(
        &mut self,
        mut staffing: Staffing,
        cell: usize,
    ) -> Result<Staffing, RunError> {
        let promises = self.bench.promises;
        let index = promises.cells[cell].promise;
        let days = self.effort.middle;
        let mut seen = self.look(&staffing, days, SURE)?;
        let keeps = |seen: &Seen| seen.margins[cell].is_some_and(|margin| margin >= 0.0);
        if keeps(&seen) && self.needs.worth[index].is_none() {
            return Ok(staffing);
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
                (Some(many), None) => many * 2.0,
                (None, Some(few)) => few / 2.0,
                (None, None) => break,
            };
            if many.zip(few).is_some_and(|(many, few)| few / many < 1.05) || worth < 1e-15 {
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
            seen = self.look(&staffing, days, SURE)?;
            self.tell("weighing the day");
        }
        if let Some(many) = many {
            self.needs.worth[index] = Some(many);
        }
        Ok(good.unwrap_or(staffing))
    }
}
