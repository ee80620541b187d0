//! Shifts that cover a requirement: an integer program over the whole day.
//!
//! A pattern is a shift of one group at one start; how many people are on it is to be found. A
//! person covers the share of a step in which they are on duty. What a step needs, for every set of
//! contact types, must be covered, so that groups may stand in for each other.

use super::staffing::whole;
use super::staffing::{HeadCounts, Planned, StepGrid};
use crate::model::{Change, Model};
use crate::scenario::{self, PlanShift, Scenario, Steps};
pub use crate::scenario::{Moment, Shift};
use crate::time::SimTime;

mod program;
mod rounding;

pub use program::CoveringProgram;

/// A shift of one group at one start.
#[derive(Clone, Debug, PartialEq)]
pub struct ShiftPattern {
    /// Place in `[[plan.shifts]]`.
    pub shift: usize,
    /// Planned group.
    pub group: usize,
    /// When it starts.
    pub start: Moment,
    /// The share of each step in which somebody on it is on duty.
    pub cover: Vec<f64>,
    /// What one scheduled person on it costs over the run.
    pub cost: f64,
}

/// How many people, present ones, are on each pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster(pub Vec<u32>);

/// The patterns that the shifts of a plan make.
pub fn patterns(
    scenario: &Scenario,
    shifts: &[PlanShift],
    planned: &[Planned],
    grid: &StepGrid,
) -> Vec<ShiftPattern> {
    let mut patterns = Vec::new();
    for (index, shift) in shifts.iter().enumerate() {
        let works = |(_, group): &(usize, &Planned)| shift.groups.contains(&group.group);
        for (group, found) in planned.iter().enumerate().filter(works) {
            for start in &shift.starts {
                let spans = occurrences(scenario, found.group, shift, *start);
                let inside =
                    |(from, to): &(SimTime, SimTime)| *to > SimTime::START && *from < grid.duration;
                let spans: Vec<_> = spans.into_iter().filter(inside).collect();
                if spans.is_empty() {
                    continue;
                }
                let paid = paid_hours(shift) * found.cost_per_hour;
                // A shift that repeats daily is worked by other people each day; one that was
                // begun the day before the run was paid for then, if it comes again.
                let days = spans.iter().filter(|(from, _)| *from >= SimTime::START);
                let days = days.count().max(1) as f64;
                patterns.push(ShiftPattern {
                    shift: index,
                    group,
                    start: *start,
                    cover: cover(shift, &spans, grid),
                    cost: shift.cost.unwrap_or(paid) * days,
                });
            }
        }
    }
    patterns
}

/// What a shift lasts without its unpaid breaks.
fn paid_hours(shift: &PlanShift) -> f64 {
    let unpaid = shift.breaks.iter().filter(|rest| !rest.paid);
    shift.length.as_hours() - unpaid.map(|rest| rest.length.as_hours()).sum::<f64>()
}

/// From when to when a shift of a group lasts each time that it comes.
fn occurrences(
    scenario: &Scenario,
    group: usize,
    shift: &PlanShift,
    start: Moment,
) -> Vec<(SimTime, SimTime)> {
    let mut alone = scenario.clone();
    alone.groups[group].shrinkage = 0.0;
    alone.groups[group].staffing = scenario::Staffing::Shifts(vec![Shift {
        name: None,
        start,
        length: shift.length,
        agents: 1,
        breaks: Vec::new(),
    }]);
    let ends = Model::compile(&alone).changes;
    ends.iter()
        .filter_map(|(at, change)| match change {
            Change::ShiftEnd(people) if people.group.index() == group => {
                Some((*at - shift.length, *at))
            }
            _ => None,
        })
        .collect()
}

fn cover(shift: &PlanShift, spans: &[(SimTime, SimTime)], grid: &StepGrid) -> Vec<f64> {
    let overlap = |from: SimTime, to: SimTime, step: usize| -> f64 {
        let (start, end) = (grid.start(step), grid.end(step));
        (to.min(end) - from.max(start)).as_seconds().max(0.0)
    };
    let of_step = |step: usize| -> f64 {
        let length = (grid.end(step) - grid.start(step)).as_seconds();
        let on_duty = |(from, to): &(SimTime, SimTime)| -> f64 {
            let rests = shift.breaks.iter().map(|rest| {
                let due = *from + rest.after;
                overlap(due, due + rest.length, step)
            });
            overlap(*from, *to, step) - rests.sum::<f64>()
        };
        spans.iter().map(on_duty).sum::<f64>() / length
    };
    (0..grid.steps()).map(of_step).collect()
}

impl Roster {
    /// Agents on duty by group and step, made `rounded` numbers.
    pub fn coverage(
        &self,
        patterns: &[ShiftPattern],
        planned: &[Planned],
        grid: &StepGrid,
        rounded: fn(f64) -> f64,
    ) -> HeadCounts {
        let mut duty = vec![vec![0.0; grid.steps()]; planned.len()];
        for (pattern, count) in patterns.iter().zip(&self.0) {
            for (sum, cover) in duty[pattern.group].iter_mut().zip(&pattern.cover) {
                *sum += cover * f64::from(*count);
            }
        }
        // Sums of shares of steps are off in their last digits.
        let round = |on_duty: f64| whole(rounded(on_duty + 1e-9));
        let round = |steps: Vec<f64>| steps.into_iter().map(round).collect();
        HeadCounts(duty.into_iter().map(round).collect())
    }

    /// What it costs.
    pub fn cost(&self, patterns: &[ShiftPattern], planned: &[Planned]) -> f64 {
        let of = |(pattern, count): (&ShiftPattern, &u32)| {
            f64::from(planned[pattern.group].scheduled(*count)) * pattern.cost
        };
        patterns.iter().zip(&self.0).map(of).sum()
    }

    /// The shifts of one planned group.
    pub fn shifts(
        &self,
        group: usize,
        patterns: &[ShiftPattern],
        shifts: &[PlanShift],
        planned: &[Planned],
    ) -> Vec<Shift> {
        let own = patterns.iter().zip(&self.0);
        own.filter(|(pattern, count)| pattern.group == group && **count > 0)
            .map(|(pattern, count)| Shift {
                name: Some(shifts[pattern.shift].name.clone()),
                start: pattern.start,
                length: shifts[pattern.shift].length,
                agents: planned[group].scheduled(*count),
                breaks: shifts[pattern.shift].breaks.clone(),
            })
            .collect()
    }

    /// The scenario with this roster.
    pub fn apply(
        &self,
        scenario: &Scenario,
        patterns: &[ShiftPattern],
        shifts: &[PlanShift],
        planned: &[Planned],
    ) -> Scenario {
        let mut staffed = scenario.clone();
        for (index, group) in planned.iter().enumerate() {
            let own = self.shifts(index, patterns, shifts, planned);
            staffed.groups[group.group].staffing = if own.is_empty() {
                scenario::Staffing::HeadCount(Steps::Constant(0))
            } else {
                scenario::Staffing::Shifts(own)
            };
        }
        staffed
    }
}
