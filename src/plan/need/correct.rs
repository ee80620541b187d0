//! Needs corrected by what simulated days say about a staffing.

use super::{Needs, is_within_steps};
use crate::plan::staffing::{HeadCounts, whole};
use crate::plan::targets::PlanTargets;

/// A set counts as tight, and its need may be raised, where no more agents than this are spare.
const TIGHT: u32 = 2;

/// What simulated days say about a staffing.
#[derive(Clone, Copy, Debug)]
pub struct ObservedSlacks<'l> {
    /// By interval, by how much its target is met more than it has to be, negative where it is not;
    /// `None`: unknown.
    pub slacks: &'l [Option<f64>],
    /// The targets.
    pub targets: &'l PlanTargets,
    /// The staffing.
    pub staffing: &'l HeadCounts,
    /// Whether shifts cover the needs: a roster covers more than it must here and there.
    pub is_roster: bool,
}

impl Needs<'_> {
    /// Raises and lowers needs by what was found. Returns whether anything changed.
    pub fn correct(&mut self, observed: &ObservedSlacks<'_>) -> bool {
        let mut changed = false;
        for step in 0..self.grid.steps() {
            let worst = self.worst_by_type(step, observed);
            for set in 0..self.sets.len() {
                if let Some((slack, target)) = self.of_set(set, step, &worst) {
                    changed |= self.correct_set((set, step), slack, target, observed);
                }
            }
        }
        changed
    }

    fn correct_set(
        &mut self,
        (set, step): (usize, usize),
        slack: f64,
        target: usize,
        observed: &ObservedSlacks<'_>,
    ) -> bool {
        let alone = self.sets.len() == 1;
        let agents = whole(self.staff(&self.sets[set], step, observed.staffing));
        let before = self.need[set][step];
        let spare = agents.saturating_sub(before);
        let part = if alone { 1.0 } else { 0.5 };
        let wanted =
            |needs: &Self| needs.wanted((set, step), target, agents, slack, observed.targets);
        if slack < 0.0 && (alone || spare <= TIGHT || observed.is_roster) {
            let more = f64::from(wanted(self).saturating_sub(agents));
            let most = (agents / 2).max(8);
            self.need[set][step] = agents + whole(more * part).clamp(1, most);
        } else if slack > 0.0 && (alone || observed.is_roster) {
            // Where nobody is staffed, what is targeted may be unknown: that is no reason to try it.
            let fewest = wanted(self).max(agents - agents / 3).max(1).min(before);
            self.need[set][step] = before - whole(f64::from(before - fewest) * part);
        }
        self.need[set][step] != before
    }

    /// By type: its worst slack in the intervals that overlap a step, and whose target that is.
    fn worst_by_type(
        &self,
        step: usize,
        observed: &ObservedSlacks<'_>,
    ) -> Vec<Option<(f64, usize)>> {
        let targets = observed.targets;
        let (start, end) = (self.grid.start(step), self.grid.end(step));
        let mut worst: Vec<Option<(f64, usize)>> = vec![None; self.model.contact_types.len()];
        for (interval, slack) in targets.intervals.iter().zip(observed.slacks) {
            let is_within = is_within_steps(&targets.list[interval.target], self.grid);
            let overlaps = is_within && interval.from < end && start < interval.to;
            let (true, Some(slack)) = (overlaps, slack) else {
                continue;
            };
            for member in targets.list[interval.target].members(self.model) {
                if worst[member].is_none_or(|(other, _)| *slack < other) {
                    worst[member] = Some((*slack, interval.target));
                }
            }
        }
        worst
    }

    /// The slack of a set: that of its types weighted by load, and the target of the worst.
    fn of_set(
        &self,
        set: usize,
        step: usize,
        worst: &[Option<(f64, usize)>],
    ) -> Option<(f64, usize)> {
        let (mut sum, mut total) = (0.0, 0.0);
        let mut of: Option<(f64, usize)> = None;
        for member in &self.sets[set].types {
            let Some((slack, target)) = worst[*member] else {
                continue;
            };
            let weight = self.load.offered[*member][step].max(1e-12);
            sum += weight * slack;
            total += weight;
            if of.is_none_or(|(other, _)| slack < other) {
                of = Some((slack, target));
            }
        }
        (total > 0.0).then_some(())?;
        Some((sum / total, of?.1))
    }
}
