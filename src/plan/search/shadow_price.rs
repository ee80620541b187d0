//! Targets over the day: how many losses an agent has to prevent to be worth having.

use super::{Evaluation, SURE, Search};
use crate::experiment::RunError;
use crate::plan::need::{Needs, is_within_steps};
use crate::plan::staffing::HeadCounts;

/// Times that targets over the day are adjusted.
const MOST_ADJUSTMENTS: usize = 10;
/// The same where a formula says by how much.
const MOST_BY_FORMULA: usize = 4;
/// The slack that counts for a target of which nothing is known: nobody is there to be measured by.
/// A little short, so that somebody comes.
pub(in crate::plan) const UNKNOWN: f64 = -0.02;

impl Search<'_, '_> {
    /// Sets the shadow price of an agent for targets over the day so that formulas just meet them.
    pub(super) fn shadow_prices_by_formula(&mut self) {
        let targets = self.evaluator.targets;
        for index in 0..targets.list.len() {
            if !is_within_steps(&targets.list[index], self.evaluator.grid) {
                self.set_shadow_price(index, 0.0);
            }
        }
    }

    /// Sets the shadow price of an agent for a target over the day so that the formula meets it by so much.
    fn set_shadow_price(&mut self, index: usize, slack: f64) {
        let targets = self.evaluator.targets;
        let meets = |needs: &Needs<'_>| {
            let staffing = needs.cover(targets);
            needs.day_slack(index, targets, &staffing) >= slack
        };
        self.needs.shadow_price[index] = None;
        if meets(&self.needs) {
            return;
        }
        // Losses a second that one agent prevents: at most what one agent can serve.
        let (mut many, mut few) = (1e-9f64, 10.0f64);
        for _ in 0..18 {
            if self.evaluator.control.is_over() {
                break;
            }
            let middle = (many * few).sqrt();
            self.needs.shadow_price[index] = Some(middle);
            if meets(&self.needs) {
                many = middle;
            } else {
                few = middle;
            }
        }
        self.needs.shadow_price[index] = Some(many);
    }

    /// Asks the formula for as much more, or less, of a target over the day as days have shown to
    /// be short, or spare.
    pub(in crate::plan) fn correct_shadow_price(&mut self, index: usize, slack: f64) {
        let targets = self.evaluator.targets;
        let staffing = self.needs.cover(targets);
        let now = self.needs.day_slack(index, targets, &staffing);
        self.set_shadow_price(index, now - slack);
    }

    /// Adjusts the shadow price of an agent for each target over the day: on average over days by what
    /// the formula makes of the slacks found, in most days step by step.
    pub(super) fn price_day_targets(
        &mut self,
        mut staffing: HeadCounts,
    ) -> Result<HeadCounts, RunError> {
        let targets = self.evaluator.targets;
        for (interval, place) in targets.intervals.iter().enumerate() {
            let target = &targets.list[place.target];
            if is_within_steps(target, self.evaluator.grid) {
                continue;
            }
            let is_by_formula = target.days.is_none() && self.needs.is_known(place.target);
            staffing = if is_by_formula {
                self.price_by_formula(staffing, interval)?
            } else {
                self.price_by_steps(staffing, interval)?
            };
        }
        Ok(staffing)
    }

    fn price_by_formula(
        &mut self,
        mut staffing: HeadCounts,
        interval: usize,
    ) -> Result<HeadCounts, RunError> {
        let targets = self.evaluator.targets;
        let index = targets.intervals[interval].target;
        let mut good: Option<(HeadCounts, Option<f64>)> = None;
        for _ in 0..MOST_BY_FORMULA {
            let evaluation = self.evaluate(&staffing, self.effort.middle, 0.0)?;
            let slack = evaluation.slacks[interval];
            if slack.is_some_and(|slack| slack >= 0.0) {
                let cost = self.cost(&staffing);
                let is_best = good.as_ref().is_none_or(|(good, _)| cost < self.cost(good));
                if is_best {
                    good = Some((staffing.clone(), self.needs.shadow_price[index]));
                }
                if self.needs.shadow_price[index].is_none() {
                    break;
                }
            }
            self.correct_shadow_price(index, slack.unwrap_or(UNKNOWN));
            let next = self.needs.cover(targets);
            if next == staffing {
                break;
            }
            staffing = next;
            self.tell("weighing the day");
        }
        if let Some((good, shadow_price)) = good {
            self.needs.shadow_price[index] = shadow_price;
            staffing = good;
        }
        Ok(staffing)
    }

    /// Where no formula knows what a target comes to.
    fn price_by_steps(
        &mut self,
        mut staffing: HeadCounts,
        interval: usize,
    ) -> Result<HeadCounts, RunError> {
        let targets = self.evaluator.targets;
        let index = targets.intervals[interval].target;
        let days = self.effort.middle;
        let mut evaluation = self.evaluate(&staffing, days, SURE)?;
        let meets =
            |evaluation: &Evaluation| evaluation.slacks[interval].is_some_and(|slack| slack >= 0.0);
        if meets(&evaluation) && self.needs.shadow_price[index].is_none() {
            return Ok(staffing);
        }
        let mut shadow_price = self.needs.shadow_price[index].unwrap_or(1e-3);
        let (mut many, mut few): (Option<f64>, Option<f64>) = (None, None);
        let mut good: Option<HeadCounts> = None;
        for _ in 0..MOST_ADJUSTMENTS {
            if meets(&evaluation) {
                many = Some(shadow_price);
                good = Some(staffing.clone());
            } else {
                few = Some(shadow_price);
            }
            shadow_price = match (many, few) {
                (Some(many), Some(few)) => (many * few).sqrt(),
                (Some(many), None) => many * 2.0,
                (None, Some(few)) => few / 2.0,
                (None, None) => break,
            };
            if many.zip(few).is_some_and(|(many, few)| few / many < 1.05) || shadow_price < 1e-15 {
                break;
            }
            self.needs.shadow_price[index] = Some(shadow_price);
            let next = self.needs.cover(targets);
            if next == staffing {
                if few.is_some() && many.is_some() {
                    break;
                }
                continue;
            }
            staffing = next;
            evaluation = self.evaluate(&staffing, days, SURE)?;
            self.tell("weighing the day");
        }
        if let Some(many) = many {
            self.needs.shadow_price[index] = Some(many);
        }
        Ok(good.unwrap_or(staffing))
    }
}
