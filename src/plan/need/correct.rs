//! Needs corrected by what simulated days say about a staffing.

use super::{Needs, is_within_steps};
use crate::plan::staffing::{HeadCounts, whole};
use crate::plan::targets::PlanTargets;

/// A set counts as tight, and its need may be raised, where no more agents than this are spare.
const TIGHT: u32 = 2;

/// What simulated days say about a staffing.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'l> {
    /// By interval, by how much its target is met more than it has to be, negative where it is not;
    /// `None`: unknown.
    pub slacks: &'l [Option<f64>],
    /// The targets.
    pub targets: &'l PlanTargets,
    /// The staffing.
    pub staffing: &'l HeadCounts,
    /// Whether needs are only raised, and whatever else covers a set: a roster covers more than it
    /// must here and there.
    pub only_raises: bool,
}

impl Needs<'_> {
    /// Raises and lowers needs by what was found. Returns whether anything changed.
    pub fn correct(&mut self, evaluate: &Observed<'_>) -> bool {
        let mut changed = false;
        for step in 0..self.grid.steps() {
            let worst = self.worst_by_type(step, evaluate);
            for set in 0..self.sets.len() {
                if let Some((slack, target)) = self.of_row(set, step, &worst) {
                    changed |= self.correct_row((set, step), slack, target, evaluate);
                }
            }
        }
        changed
    }

    fn correct_row(
        &mut self,
        (set, step): (usize, usize),
        slack: f64,
        target: usize,
        evaluate: &Observed<'_>,
    ) -> bool {
        let alone = self.sets.len() == 1;
        let agents = whole(self.staff(&self.sets[set], step, evaluate.staffing));
        let before = self.need[set][step];
        let spare = agents.saturating_sub(before);
        let is_tight = alone || spare <= TIGHT || evaluate.only_raises;
        if slack < 0.0 && is_tight {
            let more = self.wanted((set, step), target, agents, slack, evaluate.targets);
            let more = f64::from(more.saturating_sub(agents));
            let part = if alone { 1.0 } else { 0.5 };
            let most = (agents / 2).max(8);
            self.need[set][step] = agents + whole(more * part).clamp(1, most);
        } else if slack > 0.0 && alone && !evaluate.only_raises {
            let fewest = self.wanted((set, step), target, agents, slack, evaluate.targets);
            // Where nobody is staffed, what is targeted may be unknown: that is no reason to try it.
            let fewest = fewest.max(agents - agents / 3).max(1);
            self.need[set][step] = before.min(fewest);
        }
        self.need[set][step] != before
    }

    /// By type: its worst slack in the intervals that overlap a step, and whose target that is.
    fn worst_by_type(&self, step: usize, evaluate: &Observed<'_>) -> Vec<Option<(f64, usize)>> {
        let targets = evaluate.targets;
        let (start, end) = (self.grid.start(step), self.grid.end(step));
        let mut worst: Vec<Option<(f64, usize)>> = vec![None; self.model.contact_types.len()];
        for (interval, slack) in targets.intervals.iter().zip(evaluate.slacks) {
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
    fn of_row(
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
