//! More agents where something is short: as many as formulas think it takes, where they help most for
//! their money.

use super::cover::Row;
use super::need::{is_within_steps, whole};
use super::search::Search;
use super::staffing::Staffing;
use crate::experiment::RunError;
use crate::time::SimSpan;

/// Part of a margin that an agent may cost who is taken out, where others are taken out before.
const SPARED: f64 = 0.85;
/// Times that what is short is raised.
const MOST_REPAIRS: usize = 8;
/// Steps before a stretch whose agents may still help it, where its own are at their bounds.
const BEFORE: usize = 4;

impl Search<'_, '_> {
    /// Raises what is short, agent by agent, until nothing is or nothing can be done.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn repair(
        &mut self,
        mut staffing: Staffing,
        days: u32,
        sure: f64,
    ) -> Result<Staffing, RunError> {
        for _ in 0..MOST_REPAIRS {
            let seen = self.look(&staffing, days, sure)?;
            if seen.keeps() || !self.raise(&mut staffing, &seen.margins) {
                break;
            }
            self.keep(&staffing);
            self.tell("settling");
        }
        Ok(staffing)
    }

    /// Raises what is short by as many agents as formulas think it takes. Returns whether anybody
    /// could be added.
    pub fn raise(&self, staffing: &mut Staffing, margins: &[Option<f64>]) -> bool {
        let promises = self.bench.promises;
        let before = staffing.clone();
        for (cell, margin) in margins.iter().enumerate() {
            let Some(short) = margin.filter(|margin| *margin < 0.0) else {
                continue;
            };
            let place = &promises.cells[cell];
            let grid = self.bench.grid;
            let first = grid.step_at(place.from);
            let last = grid.step_at(place.to - SimSpan::from_micros(1));
            // Another cell may have had the steps raised already.
            if is_within_steps(&promises.list[place.promise], grid) {
                self.raise_within(staffing, &before, (first, last), place.promise, -short);
            } else {
                self.raise_day(staffing, place.promise, -short);
            }
        }
        *staffing != before
    }

    /// Takes agents out of the one group there is where a step keeps its promises by more than they
    /// are worth by formula. Returns whether there were any.
    pub fn lower(&self, staffing: &mut Staffing, margins: &[Option<f64>]) -> bool {
        let (grid, promises) = (self.bench.grid, self.bench.promises);
        let before = staffing.clone();
        let spared = if grid.steps() > 1 { SPARED } else { 1.0 };
        for (step, count) in staffing.0[0].iter_mut().enumerate() {
            let (start, end) = (grid.start(step), grid.end(step));
            let own = promises.cells.iter().zip(margins);
            let own = own.filter(|(cell, _)| cell.from < end && start < cell.to);
            let mut fewest = *count - (*count / 20).max(1).min(*count);
            let mut is_known = false;
            for (cell, margin) in own {
                is_known |= margin.is_some();
                fewest = fewest.max(match margin {
                    Some(margin)
                        if *margin > 0.0 && is_within_steps(&promises.list[cell.promise], grid) =>
                    {
                        self.wanted_alone(step, cell.promise, *count, margin * spared)
                    }
                    _ => *count,
                });
            }
            // With nobody there nothing is known of those who come.
            if is_known {
                let fewest = fewest.max(1).max(self.bench.planned[0].fewest());
                *count = fewest.min(*count);
            }
        }
        *staffing != before
    }

    /// How many agents of the one group there is a step needs, where so many have left this margin.
    pub(super) fn wanted_alone(
        &self,
        step: usize,
        promise: usize,
        agents: u32,
        margin: f64,
    ) -> u32 {
        let row = &self.needs.rows[0];
        let (speed, fixed) = (row.planned[0].1, self.needs.fixed(row, step));
        let together = whole(f64::from(agents) * speed + fixed);
        let promises = self.bench.promises;
        let wanted = self.needs.wanted((0, step), promise, together, margin, promises);
        whole(((f64::from(wanted) - fixed) / speed).ceil())
    }

    fn raise_within(
        &self,
        staffing: &mut Staffing,
        before: &Staffing,
        (first, last): (usize, usize),
        promise: usize,
        short: f64,
    ) {
        let promises = self.bench.promises;
        let Some(row) = self.row_of(promise) else {
            return;
        };
        let steps = (last - first + 1) as f64;
        let middle = usize::midpoint(first, last);
        let agents = self.staffed(row, middle, before);
        let more = self.needs.more((row, middle), promise, before, -short, promises);
        let wanted = whole(f64::from(more) * steps).clamp(1, (agents / 2).max(8));
        let added: u32 = (first..=last).map(|step| self.added(row, step, staffing, before)).sum();
        for _ in added..wanted {
            // The step in which an agent helps most; where all are at their bounds, one before.
            let candidates = (first..=last).chain((first.saturating_sub(BEFORE)..first).rev());
            let mut best: Option<(f64, usize, usize)> = None;
            for step in candidates {
                if best.is_some() && step < first {
                    break;
                }
                let Some(group) = self.cheapest(row, step, staffing) else {
                    continue;
                };
                let agents = self.staffed(row, step, staffing);
                let slope =
                    self.needs.slope(promise, &self.needs.rows[row], step, agents, promises);
                let rate = self.needs.pool(&self.needs.rows[row], step).rate();
                let worth = slope * rate.max(1e-9);
                if best.is_none_or(|(other, ..)| worth > other) {
                    best = Some((worth, group, step));
                }
            }
            let Some((_, group, step)) = best else { return };
            staffing.0[group][step] += 1;
        }
    }

    fn raise_day(&self, staffing: &mut Staffing, promise: usize, short: f64) {
        let promises = self.bench.promises;
        let Some(row) = self.row_of(promise) else {
            return;
        };
        let steps = self.bench.grid.steps();
        let weight = |step: usize| {
            self.needs.pool(&self.needs.rows[row], step).rate() * self.bench.grid.hours(step)
        };
        let total: f64 = (0..steps).map(weight).sum();
        let gain = |step: usize, staffing: &Staffing| {
            let agents = self.staffed(row, step, staffing);
            let slope = self.needs.slope(promise, &self.needs.rows[row], step, agents, promises);
            slope * weight(step) / total.max(1e-12)
        };
        let mut gains: Vec<f64> = (0..steps).map(|step| gain(step, staffing)).collect();
        let mut left = short;
        for _ in 0..steps * 4 {
            if left <= 0.0 {
                return;
            }
            let best = (0..steps)
                .filter(|step| self.cheapest(row, *step, staffing).is_some())
                .max_by(|a, b| gains[*a].total_cmp(&gains[*b]));
            let Some(step) = best else { return };
            let Some(group) = self.cheapest(row, step, staffing) else {
                return;
            };
            left -= gains[step].max(1e-5);
            staffing.0[group][step] += 1;
            gains[step] = gain(step, staffing);
        }
    }

    /// The smallest row with all the types of a promise.
    pub(super) fn row_of(&self, promise: usize) -> Option<usize> {
        let members = self.bench.promises.list[promise].members(self.needs.model);
        let rows = self.needs.rows.iter().enumerate();
        let holds = |row: &Row| members.iter().all(|member| row.types.contains(member));
        let touches = |row: &Row| members.iter().any(|member| row.types.contains(member));
        let smallest =
            rows.clone().filter(|(_, row)| holds(row)).min_by_key(|(_, row)| row.types.len());
        smallest
            .or_else(|| rows.filter(|(_, row)| touches(row)).max_by_key(|(_, row)| row.types.len()))
            .map(|(index, _)| index)
    }

    pub(super) fn staffed(&self, row: usize, step: usize, staffing: &Staffing) -> u32 {
        let planned = self.needs.rows[row].planned.iter();
        planned.map(|(place, _)| staffing.0[*place][step]).sum()
    }

    fn added(&self, row: usize, step: usize, staffing: &Staffing, before: &Staffing) -> u32 {
        self.staffed(row, step, staffing).saturating_sub(self.staffed(row, step, before))
    }

    /// The planned group of a row that can be raised in a step and costs least by what it does.
    fn cheapest(&self, row: usize, step: usize, staffing: &Staffing) -> Option<usize> {
        let planned = self.bench.planned;
        let open = self.needs.rows[row].planned.iter().filter(|(place, _)| {
            let most = planned[*place].most();
            most.is_none_or(|most| staffing.0[*place][step] < most)
        });
        let price = |(place, speed): &(usize, f64)| planned[*place].cost_per_hour / speed;
        open.min_by(|a, b| price(a).total_cmp(&price(b))).map(|(place, _)| *place)
    }
}
