//! The integer program of a roster, and a rounding of its relaxation that it starts from.

use good_lp::solvers::{WithInitialSolution, WithMipGap, WithTimeLimit};
use good_lp::{
    Expression, Solution, SolverModel, Variable, constraint, microlp, variable, variables,
};

use super::{Column, Roster};
use crate::plan::cover::Row;
use crate::plan::need::whole;
use crate::plan::staffing::Planned;
use crate::scenario::PlanShift;

/// Relative gap at which a roster counts as the cheapest.
const GAP: f32 = 0.005;
/// Seconds after which the best roster so far has to do.
const LONGEST: f64 = 8.0;
/// Cost of an agent who is missing for a row, in the dearest columns.
const MISSING: f64 = 50.0;

/// What a roster has to cover.
#[derive(Clone, Copy, Debug)]
pub struct Cover<'a> {
    /// The columns.
    pub columns: &'a [Column],
    /// The shifts that they are of.
    pub shifts: &'a [PlanShift],
    /// The groups.
    pub planned: &'a [Planned],
    /// Sets of contact types.
    pub rows: &'a [Row],
    /// By row, then step: agents needed beyond those who are there anyway.
    pub needs: &'a [Vec<f64>],
}

impl Cover<'_> {
    /// The cheapest roster that could be found.
    pub fn solve(&self) -> Roster {
        let relaxed = self.program(None);
        let start = self.rounded(relaxed.as_ref().map(|(_, counts)| counts.as_slice()));
        let found = self.program(Some(&start));
        let whole_counts = |(_, counts): (f64, Vec<f64>)| {
            Roster(counts.into_iter().map(whole).collect::<Vec<u32>>())
        };
        let cost = |roster: &Roster| self.cost(roster);
        let rounded = Roster(start);
        match found.map(whole_counts) {
            Some(found) if cost(&found) <= cost(&rounded) => found,
            _ => rounded,
        }
    }

    /// A roster without any solver: filled up where most is short for the money.
    pub fn filled(&self) -> Roster {
        Roster(self.rounded(None))
    }

    /// The least that any roster costs, people taken for divisible.
    pub fn least(&self) -> Option<f64> {
        self.program(None).map(|(cost, _)| cost)
    }

    /// Cost, with what is missing.
    fn cost(&self, roster: &Roster) -> f64 {
        let missing: f64 = self.missing(&roster.0).iter().flatten().sum();
        roster.cost(self.columns, self.planned) + missing * self.penalty()
    }

    fn penalty(&self) -> f64 {
        MISSING * self.columns.iter().map(|c| c.cost).fold(0.0, f64::max)
    }

    fn price(&self, column: &Column) -> f64 {
        column.cost / (1.0 - self.planned[column.group].shrinkage)
    }

    /// What one person on a column adds to a row in a step.
    fn adds(&self, column: usize, row: usize, step: usize) -> f64 {
        let found = &self.columns[column];
        let mut planned = self.rows[row].planned.iter();
        let speed = planned.find(|(group, _)| *group == found.group);
        speed.map_or(0.0, |(_, speed)| speed * found.cover[step])
    }

    /// What is short, by row and step.
    fn missing(&self, counts: &[u32]) -> Vec<Vec<f64>> {
        let short = |row: usize, step: usize| -> f64 {
            let there: f64 = counts
                .iter()
                .enumerate()
                .filter(|(_, count)| **count > 0)
                .map(|(column, count)| f64::from(*count) * self.adds(column, row, step))
                .sum();
            (self.needs[row][step] - there - 1e-9).max(0.0)
        };
        (0..self.rows.len())
            .map(|row| {
                (0..self.needs[row].len())
                    .map(|step| short(row, step))
                    .collect()
            })
            .collect()
    }

    /// A roster from a fractional one: rounded down, then filled up where most is short for the
    /// money, then without those who are not needed.
    fn rounded(&self, relaxed: Option<&[f64]>) -> Vec<u32> {
        let mut counts: Vec<u32> = match relaxed {
            Some(relaxed) => relaxed
                .iter()
                .map(|count| whole((count + 1e-6).floor()))
                .collect(),
            None => vec![0; self.columns.len()],
        };
        let mut missing = self.missing(&counts);
        let gain = |column: usize, missing: &[Vec<f64>]| -> f64 {
            let mut sum = 0.0;
            for (row, steps) in missing.iter().enumerate() {
                for (step, short) in steps.iter().enumerate().filter(|(_, short)| **short > 0.0) {
                    sum += short.min(self.adds(column, row, step));
                }
            }
            sum / self.price(&self.columns[column]).max(1e-9)
        };
        while missing.iter().flatten().any(|short| *short > 0.0) {
            let open = (0..self.columns.len()).filter(|column| self.has_room(*column, &counts));
            let best = open
                .map(|column| (gain(column, &missing), column))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            match best {
                Some((gain, column)) if gain > 0.0 => {
                    counts[column] += 1;
                    for (row, steps) in missing.iter_mut().enumerate() {
                        for (step, short) in steps.iter_mut().enumerate() {
                            *short = (*short - self.adds(column, row, step)).max(0.0);
                        }
                    }
                }
                _ => break,
            }
        }
        let before: f64 = missing.iter().flatten().sum();
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        order.sort_by(|a, b| {
            let (a, b) = (&self.columns[*a], &self.columns[*b]);
            self.price(b).total_cmp(&self.price(a))
        });
        for column in order {
            while counts[column] > 0 {
                counts[column] -= 1;
                if self.missing(&counts).iter().flatten().sum::<f64>() > before + 1e-9 {
                    counts[column] += 1;
                    break;
                }
            }
        }
        counts
    }

    /// Whether one person more on a column is within the bounds of its shift and its group.
    pub fn has_room(&self, column: usize, counts: &[u32]) -> bool {
        let own = &self.columns[column];
        if let Some(most) = self.shifts[own.shift].at_most {
            let on_it = self.columns.iter().zip(counts);
            let on_it: u32 = on_it
                .filter(|(other, _)| other.shift == own.shift)
                .map(|(other, count)| self.planned[other.group].scheduled(*count))
                .sum();
            if on_it >= most {
                return false;
            }
        }
        let Some(most) = self.planned[own.group].most() else {
            return true;
        };
        let is_free = |(step, cover): (usize, &f64)| {
            let there: f64 = self
                .columns
                .iter()
                .zip(counts)
                .filter(|(other, _)| other.group == own.group)
                .map(|(other, count)| other.cover[step] * f64::from(*count))
                .sum();
            *cover <= 0.0 || there + cover <= f64::from(most) + 1e-9
        };
        own.cover.iter().enumerate().all(is_free)
    }

    /// Agents of each group with a bound, in each step, and the bound.
    fn at_most(&self, people: &[Variable]) -> Vec<(Expression, f64)> {
        let mut all = Vec::new();
        for (place, group) in self.planned.iter().enumerate() {
            let Some(most) = group.most() else { continue };
            for step in 0..self.needs.first().map_or(0, Vec::len) {
                let own = people
                    .iter()
                    .zip(self.columns)
                    .filter(|(_, column)| column.group == place && column.cover[step] > 0.0);
                let there = own.map(|(people, column)| *people * column.cover[step]);
                all.push((there.sum(), f64::from(most)));
            }
        }
        all
    }

    /// The program over fractional people, or over whole ones from a roster on.
    fn program(&self, start: Option<&[u32]>) -> Option<(f64, Vec<f64>)> {
        let mut problem = variables!();
        let most = self.needs.iter().flatten().copied().fold(0.0, f64::max);
        let people: Vec<Variable> = self
            .columns
            .iter()
            .map(|_| {
                let count = variable().clamp(0.0, (most * 4.0).ceil() + 10.0);
                problem.add(if start.is_some() {
                    count.integer()
                } else {
                    count
                })
            })
            .collect();
        let mut rows: Vec<(Expression, f64)> = Vec::new();
        let mut cost: Expression = people
            .iter()
            .zip(self.columns)
            .map(|(people, column)| *people * self.price(column))
            .sum();
        let mut slack = Vec::new();
        let now_missing = start.map(|start| self.missing(start));
        for (row, steps) in self.needs.iter().enumerate() {
            for (step, need) in steps.iter().enumerate().filter(|(_, need)| **need > 0.0) {
                let missing = problem.add(variable().clamp(0.0, *need));
                cost += missing * self.penalty();
                let there: Expression = people
                    .iter()
                    .enumerate()
                    .map(|(column, people)| *people * self.adds(column, row, step))
                    .sum();
                rows.push((there + missing, *need));
                let missing_now = now_missing
                    .as_ref()
                    .map_or(0.0, |missing| missing[row][step]);
                slack.push((missing, missing_now));
            }
        }
        let mut model = problem.minimise(cost.clone()).using(microlp);
        for (there, need) in rows {
            model = model.with(constraint!(there >= need));
        }
        for (index, shift) in self.shifts.iter().enumerate() {
            if let Some(most) = shift.at_most {
                let on_it: Expression = people
                    .iter()
                    .zip(self.columns)
                    .filter(|(_, column)| column.shift == index)
                    .map(|(people, column)| {
                        *people * (1.0 / (1.0 - self.planned[column.group].shrinkage))
                    })
                    .sum();
                model = model.with(constraint!(on_it <= f64::from(most)));
            }
        }
        for (there, most) in self.at_most(&people) {
            model = model.with(constraint!(there <= most));
        }
        if let Some(start) = start {
            let known = people
                .iter()
                .copied()
                .zip(start.iter().map(|n| f64::from(*n)));
            model = model.with_initial_solution(known.chain(slack));
        }
        let model = model.with_mip_gap(GAP).ok()?.with_time_limit(LONGEST);
        let solution = model.solve().ok()?;
        let counts = people
            .iter()
            .map(|people| solution.value(*people))
            .collect();
        Some((solution.eval(&cost), counts))
    }
}
