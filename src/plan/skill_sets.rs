//! The cheapest head counts that cover a requirement: an integer program for each step.
//!
//! For a set of contact types, everyone who serves one of them counts, by relative speed. A
//! staffing that is short for some set cannot do the work of it, whatever the routing does.

use std::collections::{BTreeMap, BTreeSet};

use super::program::Program;
use super::staffing::{Planned, whole};
use crate::model::{Change, ContactType, Group, Model};
use crate::time::SimTime;

/// Most contact types of which every set makes a set.
const MOST_FULL: usize = 6;
/// Cost of an agent that is missing for a set, in the dearest agents: used only where the bounds do
/// not let the requirement be covered.
const MISSING: f64 = 1000.0;
/// Agents of a group that may stand in for one of usual speed.
const SLOWEST: u32 = 1000;

/// A set of contact types, and who serves them.
#[derive(Clone, Debug, PartialEq)]
pub struct SkillSet {
    /// The types.
    pub types: Vec<usize>,
    /// Planned groups, by place among them, and their relative speed at these types.
    pub planned: Vec<(usize, f64)>,
    /// Other groups, by place in the scenario, and their relative speed.
    pub fixed: Vec<(usize, f64)>,
}

/// The sets of types that matter: all of them where they are few, otherwise single types, pairs,
/// what each group serves, and everything.
pub fn skill_sets(model: &Model, planned: &[Planned]) -> Vec<SkillSet> {
    let types = model.contact_types.len();
    let mut sets: BTreeSet<Vec<usize>> = BTreeSet::new();
    if types <= MOST_FULL {
        for set in 1u32..1 << types {
            sets.insert((0..types).filter(|index| set >> index & 1 == 1).collect());
        }
    } else {
        for index in 0..types {
            sets.insert(vec![index]);
            sets.extend((index + 1..types).map(|other| vec![index, other]));
        }
        for group in &model.groups {
            let serves = |index: &usize| group.skills[*index].is_some();
            let own: Vec<usize> = (0..types).filter(serves).collect();
            let rest: Vec<usize> = (0..types).filter(|index| !serves(index)).collect();
            sets.insert(own);
            sets.insert(rest);
        }
        sets.insert((0..types).collect());
    }
    sets.retain(|set| !set.is_empty());
    let sets = sets.into_iter().map(|types| skill_set(types, model, planned));
    let sets: Vec<SkillSet> = sets.filter(|set| !set.planned.is_empty()).collect();
    // Of sets with the same agents the largest asks for the most.
    let is_widest = |set: &&SkillSet| {
        !sets.iter().any(|other| {
            other.types.len() > set.types.len()
                && other.planned == set.planned
                && other.fixed == set.fixed
                && set.types.iter().all(|index| other.types.contains(index))
        })
    };
    sets.iter().filter(is_widest).cloned().collect()
}

fn skill_set(types: Vec<usize>, model: &Model, planned: &[Planned]) -> SkillSet {
    let mut set = SkillSet { types, planned: Vec::new(), fixed: Vec::new() };
    for (group, found) in model.groups.iter().enumerate() {
        let speeds = set.types.iter().map(|index| pace(model, found, *index));
        let speeds: Vec<f64> = speeds.flatten().collect();
        if speeds.is_empty() {
            continue;
        }
        let speed = speeds.iter().sum::<f64>() / speeds.len() as f64;
        match planned.iter().position(|planned| planned.group == group) {
            Some(place) => set.planned.push((place, speed)),
            None => set.fixed.push((group, speed)),
        }
    }
    set
}

/// Contacts of a type that an agent of a group can serve in the time in which one of usual speed
/// serves one: several at a time where they take several.
fn pace(model: &Model, group: &Group, contact_type: usize) -> Option<f64> {
    let skill = group.skills[contact_type].as_ref()?;
    let kind = &model.contact_types[contact_type];
    let wrap_up = wrap_up_time(kind);
    let usual = kind.handling.mean() + wrap_up;
    let own =
        if skill.agent_time > 0.0 && usual > 0.0 { usual / skill.agent_time } else { skill.speed };
    let chats = group.speeds.as_ref().map_or(1.0, |speeds| {
        let at = |(open, speed): (usize, &f64)| (open + 1) as f64 * speed;
        speeds.iter().enumerate().map(at).fold(1.0, f64::max)
    });
    Some(own * chats)
}

/// Mean time after the customer has left, seconds.
pub(super) fn wrap_up_time(kind: &ContactType) -> f64 {
    match &kind.wrap_up {
        Some(wrap_up) => wrap_up.mean(),
        None => 0.0,
    }
}

/// Agents of each group present at an instant, as the scenario has it.
pub fn present_at(model: &Model, at: SimTime) -> Vec<u32> {
    let mut present = vec![0; model.groups.len()];
    for (when, change) in &model.changes {
        if let (
            Change::Staff { group, present: count, .. }
            | Change::Scheduled { group, agents: count },
            true,
        ) = (change, *when <= at)
        {
            present[group.index()] = *count;
        }
    }
    present
}

/// Solves the steps of a plan, each requirement once.
#[derive(Debug)]
pub struct StepProgram<'a> {
    sets: &'a [SkillSet],
    planned: &'a [Planned],
    known: BTreeMap<Vec<u32>, Vec<u32>>,
}

impl<'a> StepProgram<'a> {
    /// For these sets and groups.
    pub fn new(sets: &'a [SkillSet], planned: &'a [Planned]) -> Self {
        Self { sets, planned, known: BTreeMap::new() }
    }

    /// The cheapest head counts within the bounds that give each set what it needs beyond the
    /// agents of `present`, by group of the scenario, who are there anyway. What cannot be covered
    /// is covered as far as it can be.
    pub fn step(&mut self, needs: &[u32], present: &[u32]) -> Vec<u32> {
        let short = |(set, need): (&SkillSet, &u32)| -> u32 {
            let there: f64 =
                set.fixed.iter().map(|(group, speed)| speed * f64::from(present[*group])).sum();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and a head count"
            )]
            let short = (f64::from(*need) - there - 1e-9).ceil().max(0.0) as u32;
            short
        };
        let needs: Vec<u32> = self.sets.iter().zip(needs).map(short).collect();
        if let Some(known) = self.known.get(&needs) {
            return known.clone();
        }
        let found = self.solve(&needs);
        self.known.insert(needs, found.clone());
        found
    }

    fn solve(&self, needs: &[u32]) -> Vec<u32> {
        if let [only] = self.planned {
            let most = only.most().unwrap_or(u32::MAX);
            let need = self.sets.iter().zip(needs).map(|(set, need)| {
                let speed = set.planned[0].1;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "between 0 and a head count"
                )]
                let agents = (f64::from(*need) / speed - 1e-9).ceil() as u32;
                agents
            });
            return vec![need.max().unwrap_or(0).clamp(only.fewest().min(most), most)];
        }
        // Without a gap the first cover found would do for the solver.
        self.program(needs).unwrap_or_else(|| self.everyone(needs))
    }

    /// `None` where the solver gives up.
    fn program(&self, needs: &[u32]) -> Option<Vec<u32>> {
        let costs: Vec<f64> = self.planned.iter().map(Planned::cost_of_present).collect();
        let dearest = costs.iter().copied().fold(0.0, f64::max);
        // Where people cost nothing, missing ones still do.
        let dearest = if dearest > 0.0 { dearest } else { 1.0 };
        let most = needs.iter().copied().max().unwrap_or(0);
        let mut program = Program::default();
        for (group, cost) in self.planned.iter().zip(&costs) {
            let enough = most.saturating_mul(SLOWEST).max(group.fewest());
            let most = group.most().unwrap_or(enough);
            program.whole(*cost, (group.fewest().min(most), most));
        }
        for (set, need) in self.sets.iter().zip(needs) {
            let missing = program.real(MISSING * dearest, (0.0, f64::from(*need)));
            let there = set.planned.iter().copied().chain([(missing, 1.0)]);
            program.at_least(there, f64::from(*need));
        }
        let mut counts = program.solve()?.values;
        counts.truncate(self.planned.len());
        Some(counts.into_iter().map(whole).collect())
    }

    /// A cover that is far from the cheapest: every group does all it can.
    fn everyone(&self, needs: &[u32]) -> Vec<u32> {
        let most = needs.iter().copied().max().unwrap_or(0);
        let of_group = |group: &Planned| group.most().unwrap_or(most).max(group.fewest());
        self.planned.iter().map(of_group).collect()
    }
}

/// The least cost of real-valued head counts that cover a requirement, and so a lower bound on
/// that of whole agents; `None` where the solver gives up.
pub fn least_cost(sets: &[SkillSet], needs: &[f64], planned: &[Planned]) -> Option<f64> {
    let mut program = Program::default();
    for group in planned {
        let most = group.most().map_or(1e9, f64::from);
        program.real(group.cost_of_present(), (f64::from(group.fewest()).min(most), most));
    }
    for (set, need) in sets.iter().zip(needs) {
        program.at_least(set.planned.iter().copied(), *need);
    }
    Some(program.solve()?.cost)
}
