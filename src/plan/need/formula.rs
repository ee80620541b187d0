//! What formulas alone say: bounds, and promises over the day.

use super::{Needs, is_within_steps, standard};
use crate::plan::cover::Row;
use crate::plan::promise::{Promises, Standard};
use crate::plan::requirement::{Analytic, Pool};
use crate::plan::staffing::Staffing;

impl Needs<'_> {
    /// The fewest agents by formulas without whom some promise about single steps is broken, however
    /// agents share the work: a promise about several types together says nothing about some of
    /// them, and one that no formula knows says nothing at all.
    pub fn least_by_formula(&self, row: &Row, step: usize, promises: &Promises) -> u32 {
        let pool = |members: &[usize]| Pool::new(members, step, self.load, self.model, self.levels);
        // Types with promises of their own are pooled: together they keep the mean of the limits.
        let mut single: Vec<usize> = Vec::new();
        let mut kinds: Vec<(Analytic, Standard, f64)> = Vec::new();
        let mut least = 0;
        for (index, promise) in promises.list.iter().enumerate() {
            let own = promise.members(self.model);
            let is_inside = own.iter().all(|member| row.types.contains(member));
            let (analytic, known) = self.analytic[index];
            if !is_inside || !known || !is_within_steps(promise, self.grid) {
                continue;
            }
            let standard = standard(promise, known);
            least = least.max(pool(&own).fewest(analytic, standard, 0.0));
            let [only] = own.as_slice() else { continue };
            let is_first = kinds.first().is_none_or(|(kind, ..)| *kind == analytic);
            if is_first && !single.contains(only) {
                single.push(*only);
                let weight = self.load.offered[*only][step].max(1e-12);
                kinds.push((analytic, standard, weight));
            }
        }
        if let Some((analytic, mut mean, mut total)) = kinds.first().copied() {
            for (_, standard, weight) in &kinds[1..] {
                total += weight;
                mean.limit += (standard.limit - mean.limit) * weight / total;
            }
            least = least.max(pool(&single).fewest(analytic, mean, 0.0));
        }
        least
    }

    /// What the formula says a promise over the day comes to, weighted by contacts, with the needs
    /// as they are.
    pub fn day_by_formula(&self, promise: usize, promises: &Promises, staffing: &Staffing) -> f64 {
        let members = promises.list[promise].members(self.model);
        let rows = self.rows.iter().enumerate();
        let Some((row, _)) = rows
            .filter(|(_, row)| members.iter().all(|member| row.types.contains(member)))
            .min_by_key(|(_, row)| row.types.len())
        else {
            return 0.0;
        };
        let (mut x, mut y) = (0.0, 0.0);
        for step in 0..self.grid.steps() {
            let weight = self.pool(&self.rows[row], step).rate() * self.grid.hours(step);
            let agents = self.staff_of(row, step, staffing);
            x += weight * self.value(promise, (row, step), agents);
            y += weight;
        }
        if y > 0.0 { x / y } else { 0.0 }
    }

    /// By how much a promise over the day is kept, by the formula.
    pub fn day_margin(&self, promise: usize, promises: &Promises, staffing: &Staffing) -> f64 {
        let standard = standard(&promises.list[promise], self.analytic[promise].1);
        standard.margin(self.day_by_formula(promise, promises, staffing))
    }

    /// Whether there is a formula for what a promise is about.
    pub fn is_known(&self, promise: usize) -> bool {
        self.analytic[promise].1
    }
}
