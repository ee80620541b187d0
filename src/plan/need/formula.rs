//! What formulas alone say: bounds, and targets over the day.

use super::{Needs, is_within_steps, standard};
use crate::plan::formulas::{Pool, QueueFigure};
use crate::plan::skill_sets::SkillSet;
use crate::plan::staffing::HeadCounts;
use crate::plan::targets::{PlanTargets, RatioLimit};

impl Needs<'_> {
    /// The fewest agents by formulas without whom some target about single steps is broken, however
    /// agents share the work: a target about several types together says nothing about some of
    /// them, and one that no formula knows says nothing at all.
    pub fn least_by_formula(&self, set: &SkillSet, step: usize, targets: &PlanTargets) -> u32 {
        let pool = |members: &[usize]| Pool::new(members, step, self.load, self.model, self.levels);
        // Types with targets of their own are pooled: together they meet the mean of the limits.
        let mut single: Vec<usize> = Vec::new();
        let mut kinds: Vec<(QueueFigure, RatioLimit, f64)> = Vec::new();
        let mut least = 0;
        for (index, target) in targets.list.iter().enumerate() {
            let own = target.members(self.model);
            let is_inside = own.iter().all(|member| set.types.contains(member));
            let (analytic, known) = self.analytic[index];
            if !is_inside || !known || !is_within_steps(target, self.grid) {
                continue;
            }
            let standard = standard(target, known);
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

    /// What the formula says a target over the day comes to, weighted by contacts, with the needs
    /// as they are.
    pub fn day_by_formula(
        &self,
        target: usize,
        targets: &PlanTargets,
        staffing: &HeadCounts,
    ) -> f64 {
        let members = targets.list[target].members(self.model);
        let sets = self.sets.iter().enumerate();
        let Some((set, _)) = sets
            .filter(|(_, set)| members.iter().all(|member| set.types.contains(member)))
            .min_by_key(|(_, set)| set.types.len())
        else {
            return 0.0;
        };
        let (mut x, mut y) = (0.0, 0.0);
        for step in 0..self.grid.steps() {
            let weight = self.pool(&self.sets[set], step).rate() * self.grid.hours(step);
            let agents = self.staff_of(set, step, staffing);
            x += weight * self.value(target, (set, step), agents);
            y += weight;
        }
        if y > 0.0 { x / y } else { 0.0 }
    }

    /// By how much a target over the day is met, by the formula.
    pub fn day_slack(&self, target: usize, targets: &PlanTargets, staffing: &HeadCounts) -> f64 {
        let standard = standard(&targets.list[target], self.analytic[target].1);
        standard.slack(self.day_by_formula(target, targets, staffing))
    }

    /// Whether there is a formula for what a target is about.
    pub fn is_known(&self, target: usize) -> bool {
        self.analytic[target].1
    }
}
