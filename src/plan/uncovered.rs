//! Times at which contacts come and no shift of a plan is on duty: told before any search.

use std::fmt;

use super::load::Load;
use super::need::{Needs, is_within_steps};
use super::roster::ShiftPattern;
use super::skill_sets::SkillSet;
use super::targets::{PlanTargets, TargetInterval};
use crate::model::Model;
use crate::scenario::Scenario;
use crate::time::SimTime;

/// A time that no shift covers, and a target that then cannot be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncovered {
    /// When it begins, by the clock of the scenario.
    pub from: String,
    /// When it ends.
    pub to: String,
    /// The contact types that come.
    pub contacts: Vec<String>,
    /// Agents that formulas ask for, of usual speed.
    pub agents: u32,
    /// The target, as it is written.
    pub target: String,
}

impl fmt::Display for Uncovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.contacts.iter().map(|name| format!("`{name}`")).collect();
        write!(
            f,
            "no shift of `[plan]` is on duty from {} to {}, where contacts of {} come and about {} \
             agents are needed for `{}`; let a shift start earlier or last longer, or leave that time \
             out of the target",
            self.from,
            self.to,
            names.join(", "),
            self.agents,
            self.target
        )
    }
}

/// The first time at which nobody can serve what comes, however many people are on the shifts.
pub(super) fn first(
    scenario: &Scenario,
    needs: &Needs<'_>,
    patterns: &[ShiftPattern],
    targets: &PlanTargets,
) -> Option<Uncovered> {
    let day = Day { needs, patterns };
    let is_open = |interval: &&TargetInterval| {
        let target = &targets.list[interval.target];
        interval.bins.is_some()
            && target.is_helped()
            && is_within_steps(target, needs.grid)
            && day.is_uncovered(interval, &target.members(needs.model))
    };
    let mut open = targets.intervals.iter().filter(is_open);
    let first = open.next()?;
    // What follows without a break belongs to it.
    let joined = |end: SimTime, next: &TargetInterval| {
        if next.target == first.target && next.from == end { next.to } else { end }
    };
    let to = open.fold(first.to, joined);
    let target = &targets.list[first.target];
    let members = target.members(needs.model);
    let steps = needs.grid.step_at(first.from)..=needs.grid.last_step_before(to);
    let set = SkillSet { types: members.clone(), planned: Vec::new(), fixed: Vec::new() };
    let comes = |member: &usize| steps.clone().any(|step| needs.load.rates[*member][step] > 0.0);
    Some(Uncovered {
        from: clock(scenario, first.from),
        to: clock(scenario, to),
        contacts: names(needs.model, members.iter().copied().filter(comes)),
        agents: steps.clone().map(|step| needs.by_formula(&set, step, 0.0)).max().unwrap_or(0),
        target: target.text.clone(),
    })
}

fn names(model: &Model, types: impl Iterator<Item = usize>) -> Vec<String> {
    types.map(|index| model.contact_types[index].name.clone()).collect()
}

/// An instant by the clock of the scenario; days are left out.
fn clock(scenario: &Scenario, at: SimTime) -> String {
    let seconds = (at - SimTime::START).as_micros() / 1_000_000;
    let begun = scenario.run.start.map_or(0, |start| {
        i64::from(start.hour()) * 3600 + i64::from(start.minute()) * 60 + i64::from(start.second())
    });
    let minutes = (begun + seconds) / 60;
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// Who may be there, and what comes.
struct Day<'a> {
    needs: &'a Needs<'a>,
    patterns: &'a [ShiftPattern],
}

impl Day<'_> {
    /// Whether some of these types come in an interval, and nobody can be there for any that does.
    fn is_uncovered(&self, interval: &TargetInterval, members: &[usize]) -> bool {
        let grid = self.needs.grid;
        let load: &Load = self.needs.load;
        let steps = grid.step_at(interval.from)..=grid.last_step_before(interval.to);
        let mut comes = false;
        for step in steps {
            for member in members.iter().filter(|member| load.rates[**member][step] > 0.0) {
                comes = true;
                if self.is_covered(*member, step) {
                    return false;
                }
            }
        }
        comes
    }

    fn is_covered(&self, member: usize, step: usize) -> bool {
        let model = self.needs.model;
        let serves = |group: usize| model.groups[group].skills[member].is_some();
        let present = self.needs.present_in(step);
        let is_planned =
            |group: usize| self.needs.planned.iter().any(|planned| planned.group == group);
        let fixed = (0..model.groups.len())
            .any(|group| serves(group) && !is_planned(group) && present[group] > 0);
        fixed
            || self.patterns.iter().any(|pattern| {
                pattern.cover[step] > 0.0 && serves(self.needs.planned[pattern.group].group)
            })
    }
}
