//! The integer program of a roster, relaxed: people taken for divisible.

use super::{Roster, ShiftPattern};
use crate::experiment::Control;
use crate::plan::program::{Program, Solved};
use crate::plan::skill_sets::SkillSet;
use crate::plan::staffing::Planned;
use crate::scenario::PlanShift;

/// Cost of an agent who is missing for a set, in the dearest patterns.
const MISSING: f64 = 50.0;

/// What a roster has to cover.
#[derive(Clone, Copy, Debug)]
pub struct CoveringProgram<'a> {
    /// The patterns.
    pub patterns: &'a [ShiftPattern],
    /// The shifts that they are of.
    pub shifts: &'a [PlanShift],
    /// The groups.
    pub planned: &'a [Planned],
    /// Sets of contact types.
    pub sets: &'a [SkillSet],
    /// By set, then step: agents needed beyond those who are there anyway.
    pub needs: &'a [Vec<f64>],
    /// When the first roster found has to do.
    pub control: Control<'a>,
}

impl CoveringProgram<'_> {
    /// The cheapest roster that could be found.
    pub fn solve(&self) -> Roster {
        Roster(self.rounded())
    }

    /// A roster without any solver.
    pub fn filled(&self) -> Roster {
        Roster(self.filled_up())
    }

    /// The least that any roster costs, people taken for divisible.
    pub fn least(&self) -> Option<f64> {
        let free = vec![(0.0, f64::INFINITY); self.patterns.len()];
        self.relaxed(&free).map(|solved| solved.cost)
    }

    pub(super) fn penalty(&self) -> f64 {
        let dearest = self.patterns.iter().map(|c| c.cost).fold(0.0, f64::max);
        // Where people cost nothing, missing ones still do.
        MISSING * if dearest > 0.0 { dearest } else { 1.0 }
    }

    pub(super) fn price(&self, pattern: &ShiftPattern) -> f64 {
        pattern.cost / (1.0 - self.planned[pattern.group].shrinkage)
    }

    /// What one person on a pattern adds to a set in a step.
    pub(super) fn adds(&self, pattern: usize, set: usize, step: usize) -> f64 {
        let found = &self.patterns[pattern];
        let mut planned = self.sets[set].planned.iter();
        let speed = planned.find(|(group, _)| *group == found.group);
        speed.map_or(0.0, |(_, speed)| speed * found.cover[step])
    }

    /// Whether one person more on a pattern is within the bounds of its shift and its group: those are
    /// about people scheduled, of whom each pattern has whole ones.
    pub fn has_room(&self, pattern: usize, counts: &[u32]) -> bool {
        let own = &self.patterns[pattern];
        let then = |(place, (other, count)): (usize, (&ShiftPattern, &u32))| {
            let present = count + u32::from(place == pattern);
            f64::from(self.planned[other.group].scheduled(present))
        };
        let all = || self.patterns.iter().zip(counts).enumerate();
        if let Some(most) = self.shifts[own.shift].at_most {
            let on_it = all().filter(|(_, (other, _))| other.shift == own.shift);
            if on_it.map(then).sum::<f64>() > f64::from(most) {
                return false;
            }
        }
        let Some(most) = self.planned[own.group].at_most else {
            return true;
        };
        let is_free = |(step, cover): (usize, &f64)| {
            let in_group = all().filter(|(_, (other, _))| other.group == own.group);
            let there: f64 = in_group.map(|found| found.1.0.cover[step] * then(found)).sum();
            *cover <= 0.0 || there <= f64::from(most) + 1e-9
        };
        own.cover.iter().enumerate().all(is_free)
    }

    /// The program over divisible people, each pattern within its bounds: what it costs, what is
    /// missing included, and people on each pattern, which come first of the values.
    pub(super) fn relaxed(&self, bounds: &[(f64, f64)]) -> Option<Solved> {
        let mut program = Program::default();
        let most = self.needs.iter().flatten().copied().fold(0.0, f64::max);
        let most = (most * 4.0).ceil() + 10.0;
        for (pattern, (low, high)) in self.patterns.iter().zip(bounds) {
            program.real(self.price(pattern), (*low, high.min(most).max(*low)));
        }
        for (set, steps) in self.needs.iter().enumerate() {
            for (step, need) in steps.iter().enumerate().filter(|(_, need)| **need > 0.0) {
                let missing = program.real(self.penalty(), (0.0, *need));
                let there = (0..self.patterns.len())
                    .map(|pattern| (pattern, self.adds(pattern, set, step)))
                    .filter(|(_, adds)| *adds > 0.0);
                program.at_least(there.chain([(missing, 1.0)]), *need);
            }
        }
        self.bound_shifts(&mut program);
        self.bound_groups(&mut program);
        program.solve()
    }

    /// At most so many scheduled on each shift with a bound.
    fn bound_shifts(&self, program: &mut Program) {
        for (index, shift) in self.shifts.iter().enumerate() {
            let Some(most) = shift.at_most else { continue };
            let own = self.patterns.iter().enumerate();
            let own = own.filter(|(_, pattern)| pattern.shift == index);
            let scheduled = own.map(|(place, pattern)| {
                (place, 1.0 / (1.0 - self.planned[pattern.group].shrinkage))
            });
            program.at_most(scheduled, f64::from(most));
        }
    }

    /// At most so many present of each group with a bound, in each step.
    fn bound_groups(&self, program: &mut Program) {
        for (place, group) in self.planned.iter().enumerate() {
            let Some(most) = group.most() else { continue };
            for step in 0..self.needs.first().map_or(0, Vec::len) {
                let own = self.patterns.iter().enumerate();
                let own = own.filter(|(_, own)| own.group == place && own.cover[step] > 0.0);
                let there = own.map(|(pattern, own)| (pattern, own.cover[step]));
                program.at_most(there, f64::from(most));
            }
        }
    }
}
