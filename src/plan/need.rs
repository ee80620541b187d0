//! What each set of contact types needs in each step: by formulas at first, then corrected by what
//! simulated days say.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::formulas::{Pool, QueueFigure};
use super::load::Load;
use super::skill_sets::{SkillSet, StepProgram, present_at};
use super::staffing::{HeadCounts, Planned, StepGrid, whole};
use super::targets::{PlanTarget, PlanTargets, RatioLimit, Sense};
use crate::model::{Formula, Model};

mod correct;
mod formula;

pub use correct::ObservedSlacks;

/// How near the end of a scale formulas begin.
const NEAR_THE_END: f64 = 1e-3;
/// A target that no formula knows is begun like this service level.
const PROXY: (QueueFigure, f64) = (QueueFigure::Level(Formula::Strict), 0.8);

/// Formulas, what they say, and what was learned since.
#[derive(Debug)]
pub struct Needs<'a> {
    /// The model, for names, thresholds and patience.
    pub model: &'a Model,
    /// What reaches agents.
    pub load: &'a Load,
    /// Sets of types, and who serves them.
    pub sets: &'a [SkillSet],
    /// Groups that may be staffed.
    pub planned: &'a [Planned],
    /// Steps of the day.
    pub grid: &'a StepGrid,
    levels: &'a [f64],
    /// By target: what a formula computes for it.
    analytic: Vec<(QueueFigure, bool)>,
    /// By type: the strictest limits that are to hold in every interval.
    limits: Vec<Vec<(QueueFigure, RatioLimit)>>,
    /// By set, then step.
    need: Vec<Vec<u32>>,
    /// By step, then group of the scenario: who is there anyway.
    present: Vec<Vec<u32>>,
    /// What formulas have said about targets over the day, by target, set, step and agents: how
    /// much an agent is worth is found by asking for the same ones again and again.
    values: RefCell<BTreeMap<(usize, usize, usize, u32), f64>>,
    /// By target over the day: how many losses a second one agent must prevent to be worth having.
    pub shadow_price: Vec<Option<f64>>,
}

impl<'a> Needs<'a> {
    /// What formulas say.
    pub fn new(
        targets: &PlanTargets,
        (model, load): (&'a Model, &'a Load),
        (sets, planned): (&'a [SkillSet], &'a [Planned]),
        grid: &'a StepGrid,
        levels: &'a [f64],
    ) -> Self {
        let analytic = |target: &PlanTarget| match QueueFigure::of(target, model) {
            Some(analytic) => (analytic, true),
            None => (PROXY.0, false),
        };
        let steps = grid.steps();
        let mut needs = Self {
            model,
            load,
            sets,
            planned,
            grid,
            levels,
            analytic: targets.list.iter().map(analytic).collect(),
            limits: vec![Vec::new(); model.contact_types.len()],
            need: Vec::new(),
            present: (0..steps).map(|step| present_at(model, grid.start(step))).collect(),
            values: RefCell::default(),
            shadow_price: vec![None; targets.list.len()],
        };
        for (index, target) in targets.list.iter().enumerate() {
            if is_within_steps(target, grid) {
                needs.limit(index, target);
            }
        }
        needs.need = sets
            .iter()
            .map(|set| (0..steps).map(|step| needs.by_formula(set, step, 0.0)).collect())
            .collect();
        needs
    }

    /// Takes a target for every interval into the limits of its types, the stricter where there is
    /// one of the kind already.
    fn limit(&mut self, index: usize, target: &PlanTarget) {
        let (analytic, known) = self.analytic[index];
        let standard = standard(target, known);
        for member in target.members(self.model) {
            let limits = &mut self.limits[member];
            match limits.iter_mut().find(|(other, _)| *other == analytic) {
                Some((_, other)) => {
                    let is_stricter = match standard.sense {
                        Sense::AtLeast => standard.limit > other.limit,
                        Sense::AtMost => standard.limit < other.limit,
                    };
                    if is_stricter {
                        *other = standard;
                    }
                }
                None => limits.push((analytic, standard)),
            }
        }
    }

    /// The pool of a set in a step.
    pub fn pool(&self, set: &SkillSet, step: usize) -> Pool<'_> {
        Pool::new(&set.types, step, self.load, self.model, self.levels)
    }

    /// The fewest agents by formulas with whom every target for an interval has a slack of `extra`.
    /// Where types have different limits, the mean of them weighted by load holds for the set.
    pub fn by_formula(&self, set: &SkillSet, step: usize, extra: f64) -> u32 {
        let pool = self.pool(set, step);
        let mut kinds: Vec<(QueueFigure, RatioLimit, f64)> = Vec::new();
        for member in &set.types {
            let weight = self.load.offered[*member][step].max(1e-12);
            for (analytic, standard) in &self.limits[*member] {
                match kinds.iter_mut().find(|(other, ..)| other == analytic) {
                    Some((_, mean, total)) => {
                        *total += weight;
                        mean.limit += (standard.limit - mean.limit) * weight / *total;
                    }
                    None => kinds.push((*analytic, *standard, weight)),
                }
            }
        }
        let fewest = |(analytic, standard, _): &(QueueFigure, RatioLimit, f64)| {
            pool.fewest(*analytic, *standard, extra)
        };
        kinds.iter().map(fewest).max().unwrap_or(0)
    }

    /// What a set needs in a step, with what targets over the day make worth having.
    fn need(&self, set: usize, step: usize, targets: &PlanTargets) -> u32 {
        let mut need = self.need[set][step];
        for (index, shadow_price) in self.shadow_price.iter().enumerate() {
            let Some(shadow_price) = shadow_price else { continue };
            let target = &targets.list[index];
            let members = target.members(self.model);
            let types = &self.sets[set].types;
            if types.iter().any(|member| members.contains(member)) {
                let sense = standard(target, self.analytic[index].1).sense;
                let pool = self.pool(&self.sets[set], step);
                let value = |agents| self.value(index, (set, step), agents);
                need = need.max(pool.agents_at_price(sense, *shadow_price, &value));
            }
        }
        need
    }

    /// What the formula says that the ratio of a target is, with so many agents in a set.
    fn value(&self, target: usize, (set, step): (usize, usize), agents: u32) -> f64 {
        let mut values = self.values.borrow_mut();
        let value = values.entry((target, set, step, agents));
        *value.or_insert_with(|| {
            self.pool(&self.sets[set], step).value(self.analytic[target].0, agents)
        })
    }

    /// The cheapest staffing that covers the needs.
    pub fn cover(&self, targets: &PlanTargets) -> HeadCounts {
        self.cover_with(&|set, step| self.need(set, step, targets))
    }

    /// The cheapest staffing that gives each set so many agents in each step.
    pub fn cover_with(&self, need: &dyn Fn(usize, usize) -> u32) -> HeadCounts {
        let mut cover = StepProgram::new(self.sets, self.planned);
        let mut staffing = HeadCounts(vec![Vec::new(); self.planned.len()]);
        for step in 0..self.grid.steps() {
            let needs: Vec<u32> = (0..self.sets.len()).map(|set| need(set, step)).collect();
            let found = cover.step(&needs, &self.present[step]);
            for (counts, agents) in staffing.0.iter_mut().zip(found) {
                counts.push(agents);
            }
        }
        staffing
    }

    /// Agents of each group of the scenario who are there anyway in a step.
    pub fn present_in(&self, step: usize) -> &[u32] {
        &self.present[step]
    }

    /// Agents who are there anyway and count for a set, by speed.
    pub fn fixed(&self, set: &SkillSet, step: usize) -> f64 {
        let fixed = set.fixed.iter();
        fixed.map(|(group, speed)| speed * f64::from(self.present[step][*group])).sum()
    }

    /// What is needed beyond the agents who are there anyway, by set and step.
    pub fn beyond_fixed(&self, needs: &[Vec<u32>]) -> Vec<Vec<f64>> {
        let of_set = |(set, steps): (&SkillSet, &Vec<u32>)| {
            let of_step =
                |(step, need): (usize, &u32)| (f64::from(*need) - self.fixed(set, step)).max(0.0);
            steps.iter().enumerate().map(of_step).collect()
        };
        self.sets.iter().zip(needs).map(of_set).collect()
    }

    /// Agents of a staffing who count for a set, by speed.
    pub(super) fn staff(&self, set: &SkillSet, step: usize, staffing: &HeadCounts) -> f64 {
        let planned = set.planned.iter();
        let planned: f64 =
            planned.map(|(place, speed)| speed * f64::from(staffing.0[*place][step])).sum();
        planned + self.fixed(set, step)
    }

    /// The same in whole agents, by place of the set.
    pub fn staff_of(&self, set: usize, step: usize, staffing: &HeadCounts) -> u32 {
        whole(self.staff(&self.sets[set], step, staffing))
    }

    /// Agents of the first group of a set whom it needs in a step by formula, where they serve it alone.
    pub fn staff_for(&self, set: usize, step: usize) -> u32 {
        let found = &self.sets[set];
        let (speed, fixed) = (found.planned[0].1, self.fixed(found, step));
        let need = f64::from(self.by_formula(found, step, 0.0));
        whole(((need - fixed) / speed).ceil())
    }

    /// What one agent more in a set adds to the slack of a target, by formula.
    pub fn slope(
        &self,
        target: usize,
        set: &SkillSet,
        step: usize,
        agents: u32,
        all: &PlanTargets,
    ) -> f64 {
        let (analytic, known) = self.analytic[target];
        let standard = standard(&all.list[target], known);
        self.pool(set, step).slope(analytic, standard, agents)
    }

    /// How many agents more a set needs for a target, where a staffing has left this slack.
    pub(super) fn more(
        &self,
        (set, step): (usize, usize),
        target: usize,
        staffing: &HeadCounts,
        slack: f64,
        targets: &PlanTargets,
    ) -> u32 {
        let agents = whole(self.staff(&self.sets[set], step, staffing));
        self.wanted((set, step), target, agents, slack, targets).saturating_sub(agents)
    }

    /// How many agents a set needs for a target, where so many have left this slack.
    pub(super) fn wanted(
        &self,
        (set, step): (usize, usize),
        target: usize,
        agents: u32,
        slack: f64,
        targets: &PlanTargets,
    ) -> u32 {
        let (analytic, known) = self.analytic[target];
        let standard = standard(&targets.list[target], known);
        let pool = self.pool(&self.sets[set], step);
        let fitted = pool.fitted(analytic, standard, agents, slack);
        fitted.fewest(analytic, standard, 0.0)
    }

    /// Needs by set and step, those of targets over the day included.
    pub fn all(&self, targets: &PlanTargets) -> Vec<Vec<u32>> {
        (0..self.sets.len())
            .map(|set| (0..self.grid.steps()).map(|step| self.need(set, step, targets)).collect())
            .collect()
    }
}

/// Whether what is targeted is about single steps, so that agents needed in a step tell whether it
/// is met: in every interval of the day, or of a day of one step.
pub fn is_within_steps(target: &PlanTarget, grid: &StepGrid) -> bool {
    target.every.is_some() || grid.steps() == 1 && target.days.is_none()
}

/// What a formula holds a target against, on average over days.
fn standard(target: &PlanTarget, known: bool) -> RatioLimit {
    if known {
        let mut average = target.clone();
        average.days = None;
        let mut standard = average.standard();
        // Formulas reach the end of a scale with no number of agents: near it is where to begin.
        standard.limit = match standard.sense {
            Sense::AtLeast if standard.is_end_of_scale() => 1.0 - NEAR_THE_END,
            Sense::AtMost if standard.is_end_of_scale() => NEAR_THE_END,
            _ => standard.limit,
        };
        standard
    } else {
        RatioLimit { sense: Sense::AtLeast, limit: PROXY.1 }
    }
}
