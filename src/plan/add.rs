//! More agents where something is short: as many as formulas think it takes, where they help most for
//! their money.

use super::need::is_within_steps;
use super::search::Search;
use super::skill_sets::SkillSet;
use super::staffing::HeadCounts;
use super::staffing::whole;
use crate::experiment::RunError;

/// Part of a slack that an agent may cost who is taken out, where others are taken out before.
const SPARED: f64 = 0.85;
/// Times that what is short is raised.
const MOST_REPAIRS: usize = 8;
/// Steps before an interval whose agents may still help it, where its own are at their bounds.
const BEFORE: usize = 4;

impl Search<'_, '_> {
    /// Raises what is short, agent by agent, until nothing is or nothing can be done.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn repair(
        &mut self,
        mut staffing: HeadCounts,
        days: u32,
        sure: f64,
    ) -> Result<HeadCounts, RunError> {
        for _ in 0..MOST_REPAIRS {
            let evaluation = self.evaluate(&staffing, days, sure)?;
            if evaluation.meets() || !self.add(&mut staffing, &evaluation.slacks) {
                break;
            }
            self.remember(&staffing);
            self.tell("settling");
        }
        Ok(staffing)
    }

    /// Raises what is short by as many agents as formulas think it takes. Returns whether anybody
    /// could be added.
    pub fn add(&self, staffing: &mut HeadCounts, slacks: &[Option<f64>]) -> bool {
        let targets = self.evaluator.targets;
        let before = staffing.clone();
        for (interval, slack) in slacks.iter().enumerate() {
            let Some(short) = slack.filter(|slack| *slack < 0.0) else {
                continue;
            };
            let place = &targets.intervals[interval];
            let grid = self.evaluator.grid;
            let first = grid.step_at(place.from);
            let last = grid.last_step_before(place.to);
            // Another interval may have had the steps raised already.
            if is_within_steps(&targets.list[place.target], grid) {
                self.add_within(staffing, &before, (first, last), place.target, -short);
            } else {
                self.add_over_day(staffing, place.target, -short);
            }
        }
        *staffing != before
    }

    /// Takes agents out of the one group there is where a step meets its targets by more than they
    /// are worth by formula. Returns whether there were any.
    pub fn remove(&self, staffing: &mut HeadCounts, slacks: &[Option<f64>]) -> bool {
        let (grid, targets) = (self.evaluator.grid, self.evaluator.targets);
        let before = staffing.clone();
        let spared = if grid.steps() > 1 { SPARED } else { 1.0 };
        for (step, count) in staffing.0[0].iter_mut().enumerate() {
            let (start, end) = (grid.start(step), grid.end(step));
            let own = targets.intervals.iter().zip(slacks);
            let own = own.filter(|(interval, _)| interval.from < end && start < interval.to);
            let mut fewest = *count - (*count / 20).max(1).min(*count);
            let mut is_known = false;
            for (interval, slack) in own {
                is_known |= slack.is_some();
                fewest = fewest.max(match slack {
                    Some(slack)
                        if *slack > 0.0
                            && is_within_steps(&targets.list[interval.target], grid) =>
                    {
                        self.wanted_alone(step, interval.target, *count, slack * spared)
                    }
                    _ => *count,
                });
            }
            // With nobody there nothing is known of those who come.
            if is_known {
                let fewest = fewest.max(1).max(self.evaluator.planned[0].fewest());
                *count = fewest.min(*count);
            }
        }
        *staffing != before
    }

    /// How many agents of the one group there is a step needs, where so many have left this slack.
    pub(super) fn wanted_alone(&self, step: usize, target: usize, agents: u32, slack: f64) -> u32 {
        let set = &self.needs.sets[0];
        let (speed, fixed) = (set.planned[0].1, self.needs.fixed(set, step));
        let together = whole(f64::from(agents) * speed + fixed);
        let targets = self.evaluator.targets;
        let wanted = self.needs.wanted((0, step), target, together, slack, targets);
        whole(((f64::from(wanted) - fixed) / speed).ceil())
    }

    fn add_within(
        &self,
        staffing: &mut HeadCounts,
        before: &HeadCounts,
        (first, last): (usize, usize),
        target: usize,
        short: f64,
    ) {
        let targets = self.evaluator.targets;
        let Some(set) = self.set_of(target) else {
            return;
        };
        let steps = (last - first + 1) as f64;
        let middle = usize::midpoint(first, last);
        let agents = self.staffed(set, middle, before);
        let more = self.needs.more((set, middle), target, before, -short, targets);
        let wanted = whole(f64::from(more) * steps).clamp(1, (agents / 2).max(8));
        let added: u32 = (first..=last).map(|step| self.added(set, step, staffing, before)).sum();
        for _ in added..wanted {
            // The step in which an agent helps most; where all are at their bounds, one before.
            let candidates = (first..=last).chain((first.saturating_sub(BEFORE)..first).rev());
            let mut best: Option<(f64, usize, usize)> = None;
            for step in candidates {
                if best.is_some() && step < first {
                    break;
                }
                let Some(group) = self.cheapest(set, step, staffing) else {
                    continue;
                };
                let agents = self.staffed(set, step, staffing);
                let slope = self.needs.slope(target, &self.needs.sets[set], step, agents, targets);
                let rate = self.needs.pool(&self.needs.sets[set], step).rate();
                let shadow_price = slope * rate.max(1e-9);
                if best.is_none_or(|(other, ..)| shadow_price > other) {
                    best = Some((shadow_price, group, step));
                }
            }
            let Some((_, group, step)) = best else { return };
            staffing.0[group][step] += 1;
        }
    }

    fn add_over_day(&self, staffing: &mut HeadCounts, target: usize, short: f64) {
        let targets = self.evaluator.targets;
        let Some(set) = self.set_of(target) else {
            return;
        };
        let steps = self.evaluator.grid.steps();
        let weight = |step: usize| {
            self.needs.pool(&self.needs.sets[set], step).rate() * self.evaluator.grid.hours(step)
        };
        let total: f64 = (0..steps).map(weight).sum();
        let gain = |step: usize, staffing: &HeadCounts| {
            let agents = self.staffed(set, step, staffing);
            let slope = self.needs.slope(target, &self.needs.sets[set], step, agents, targets);
            slope * weight(step) / total.max(1e-12)
        };
        let mut gains: Vec<f64> = (0..steps).map(|step| gain(step, staffing)).collect();
        let mut left = short;
        for _ in 0..steps * 4 {
            if left <= 0.0 {
                return;
            }
            let best = (0..steps)
                .filter(|step| self.cheapest(set, *step, staffing).is_some())
                .max_by(|a, b| gains[*a].total_cmp(&gains[*b]));
            let Some(step) = best else { return };
            let Some(group) = self.cheapest(set, step, staffing) else {
                return;
            };
            left -= gains[step].max(1e-5);
            staffing.0[group][step] += 1;
            gains[step] = gain(step, staffing);
        }
    }

    /// The smallest set with all the types of a target.
    pub(super) fn set_of(&self, target: usize) -> Option<usize> {
        let members = self.evaluator.targets.list[target].members(self.needs.model);
        let sets = self.needs.sets.iter().enumerate();
        let holds = |set: &SkillSet| members.iter().all(|member| set.types.contains(member));
        let touches = |set: &SkillSet| members.iter().any(|member| set.types.contains(member));
        let smallest =
            sets.clone().filter(|(_, set)| holds(set)).min_by_key(|(_, set)| set.types.len());
        smallest
            .or_else(|| sets.filter(|(_, set)| touches(set)).max_by_key(|(_, set)| set.types.len()))
            .map(|(index, _)| index)
    }

    pub(super) fn staffed(&self, set: usize, step: usize, staffing: &HeadCounts) -> u32 {
        let planned = self.needs.sets[set].planned.iter();
        planned.map(|(place, _)| staffing.0[*place][step]).sum()
    }

    fn added(&self, set: usize, step: usize, staffing: &HeadCounts, before: &HeadCounts) -> u32 {
        self.staffed(set, step, staffing).saturating_sub(self.staffed(set, step, before))
    }

    /// The planned group of a set that can be raised in a step and costs least by what it does.
    fn cheapest(&self, set: usize, step: usize, staffing: &HeadCounts) -> Option<usize> {
        let planned = self.evaluator.planned;
        let open = self.needs.sets[set].planned.iter().filter(|(place, _)| {
            let most = planned[*place].most();
            most.is_none_or(|most| staffing.0[*place][step] < most)
        });
        let price = |(place, speed): &(usize, f64)| planned[*place].cost_per_hour / speed;
        open.min_by(|a, b| price(a).total_cmp(&price(b))).map(|(place, _)| *place)
    }
}
