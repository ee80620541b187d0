//! Needs corrected by what simulated days say about a staffing.

use super::{Needs, is_within_steps, whole};
use crate::plan::promise::Promises;
use crate::plan::staffing::Staffing;

/// A row counts as tight, and its need may be raised, where no more agents than this are spare.
const TIGHT: u32 = 2;

/// What simulated days say about a staffing.
#[derive(Clone, Copy, Debug)]
pub struct Look<'l> {
    /// By cell, by how much its promise is kept more than it has to be, negative where it is not;
    /// `None`: unknown.
    pub margins: &'l [Option<f64>],
    /// The promises.
    pub promises: &'l Promises,
    /// The staffing.
    pub staffing: &'l Staffing,
    /// Whether needs are only raised, and whatever else covers a row: a roster covers more than it
    /// must here and there.
    pub only_raises: bool,
}

impl Needs<'_> {
    /// Raises and lowers needs by what was found. Returns whether anything changed.
    pub fn correct(&mut self, look: &Look<'_>) -> bool {
        let mut changed = false;
        for step in 0..self.grid.steps() {
            let worst = self.worst_by_type(step, look);
            for row in 0..self.rows.len() {
                if let Some((margin, promise)) = self.of_row(row, step, &worst) {
                    changed |= self.correct_row((row, step), margin, promise, look);
                }
            }
        }
        changed
    }

    fn correct_row(
        &mut self,
        (row, step): (usize, usize),
        margin: f64,
        promise: usize,
        look: &Look<'_>,
    ) -> bool {
        let alone = self.rows.len() == 1;
        let agents = whole(self.staff(&self.rows[row], step, look.staffing));
        let before = self.need[row][step];
        let spare = agents.saturating_sub(before);
        let is_tight = alone || spare <= TIGHT || look.only_raises;
        if margin < 0.0 && is_tight {
            let more = self.wanted((row, step), promise, agents, margin, look.promises);
            let more = f64::from(more.saturating_sub(agents));
            let part = if alone { 1.0 } else { 0.5 };
            let most = (agents / 2).max(8);
            self.need[row][step] = agents + whole(more * part).clamp(1, most);
        } else if margin > 0.0 && alone && !look.only_raises {
            let fewest = self.wanted((row, step), promise, agents, margin, look.promises);
            // Where nobody is staffed, what is promised may be unknown: that is no reason to try it.
            let fewest = fewest.max(agents - agents / 3).max(1);
            self.need[row][step] = before.min(fewest);
        }
        self.need[row][step] != before
    }

    /// By type: its worst margin in the cells that overlap a step, and whose promise that is.
    fn worst_by_type(&self, step: usize, look: &Look<'_>) -> Vec<Option<(f64, usize)>> {
        let promises = look.promises;
        let (start, end) = (self.grid.start(step), self.grid.end(step));
        let mut worst: Vec<Option<(f64, usize)>> = vec![None; self.model.contact_types.len()];
        for (cell, margin) in promises.cells.iter().zip(look.margins) {
            let is_within = is_within_steps(&promises.list[cell.promise], self.grid);
            let overlaps = is_within && cell.from < end && start < cell.to;
            let (true, Some(margin)) = (overlaps, margin) else {
                continue;
            };
            for member in promises.list[cell.promise].members(self.model) {
                if worst[member].is_none_or(|(other, _)| *margin < other) {
                    worst[member] = Some((*margin, cell.promise));
                }
            }
        }
        worst
    }

    /// The margin of a row: that of its types weighted by load, and the promise of the worst.
    fn of_row(
        &self,
        row: usize,
        step: usize,
        worst: &[Option<(f64, usize)>],
    ) -> Option<(f64, usize)> {
        let (mut sum, mut total) = (0.0, 0.0);
        let mut of: Option<(f64, usize)> = None;
        for member in &self.rows[row].types {
            let Some((margin, promise)) = worst[*member] else {
                continue;
            };
            let weight = self.load.offered[*member][step].max(1e-12);
            sum += weight * margin;
            total += weight;
            if of.is_none_or(|(other, _)| margin < other) {
                of = Some((margin, promise));
            }
        }
        (total > 0.0).then_some(())?;
        Some((sum / total, of?.1))
    }
}
