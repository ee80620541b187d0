//! Linear and integer programs: costs, bounds, and sums that are at least or at most something.

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

/// Most nodes of a search for whole numbers: the same on every machine, unlike a limit of time.
/// Chosen, not tuned.
const MOST_NODES: u64 = 20_000;
/// Relative distance from the best at which whole numbers are good enough.
const CLOSE: f64 = 1e-4;

/// A program that is to be made as cheap as possible.
#[derive(Debug)]
pub(super) struct Program {
    problem: Problem,
    variables: Vec<Variable>,
    is_integer: bool,
}

/// What a program came to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Solved {
    /// Cost of the values.
    pub(super) cost: f64,
    /// The values, in the order in which they were added.
    pub(super) values: Vec<f64>,
}

impl Default for Program {
    fn default() -> Self {
        let problem = Problem::new(OptimizationDirection::Minimize);
        Self { problem, variables: Vec::new(), is_integer: false }
    }
}

impl Program {
    /// Adds a divisible quantity with this cost of one; gives its place.
    pub(super) fn real(&mut self, cost: f64, bounds: (f64, f64)) -> usize {
        self.variables.push(self.problem.add_var(cost, bounds));
        self.variables.len() - 1
    }

    /// Adds a whole number with this cost of one; gives its place.
    pub(super) fn whole(&mut self, cost: f64, (low, high): (u32, u32)) -> usize {
        let cut = |bound: u32| i32::try_from(bound).unwrap_or(i32::MAX);
        self.is_integer = true;
        self.variables.push(self.problem.add_integer_var(cost, (cut(low), cut(high))));
        self.variables.len() - 1
    }

    /// Asks for a weighted sum of at least so much.
    pub(super) fn at_least(&mut self, sum: impl IntoIterator<Item = (usize, f64)>, least: f64) {
        self.constrain(sum, ComparisonOp::Ge, least);
    }

    /// Asks for a weighted sum of at most so much.
    pub(super) fn at_most(&mut self, sum: impl IntoIterator<Item = (usize, f64)>, most: f64) {
        self.constrain(sum, ComparisonOp::Le, most);
    }

    fn constrain(
        &mut self,
        sum: impl IntoIterator<Item = (usize, f64)>,
        comparison: ComparisonOp,
        limit: f64,
    ) {
        let sum: Vec<(Variable, f64)> =
            sum.into_iter().map(|(place, weight)| (self.variables[place], weight)).collect();
        self.problem.add_constraint(sum, comparison, limit);
    }

    /// The cheapest values; `None`: there are none, or too many nodes were searched without any.
    pub(super) fn solve(self) -> Option<Solved> {
        let mut options = SolveOptions::default();
        if self.is_integer {
            options.mip_gap = CLOSE;
            options.node_limit = Some(MOST_NODES);
        }
        let solution = self.problem.solve_with(options).ok()?.into_solution().ok()?;
        let values = self.variables.iter().map(|variable| solution.var_value_raw(*variable));
        Some(Solved { cost: solution.objective(), values: values.collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two groups at 2 and 3 an hour, the second twice as fast, for 7 agents of usual speed.
    fn program(is_whole: bool) -> Solved {
        let mut program = Program::default();
        let mut add = |cost: f64| {
            if is_whole { program.whole(cost, (0, 10)) } else { program.real(cost, (0.0, 10.0)) }
        };
        let (slow, fast) = (add(2.0), add(3.0));
        program.at_least([(slow, 1.0), (fast, 2.0)], 7.0);
        program.at_most([(fast, 1.0)], 3.5);
        program.solve().unwrap()
    }

    #[test]
    fn divisible_and_whole_agents_cost_what_they_do_by_hand() {
        let divisible = program(false);
        assert!((divisible.cost - 10.5).abs() < 1e-9, "{divisible:?}");
        let whole = program(true);
        assert!((whole.cost - 11.0).abs() < 1e-9, "{whole:?}");
        assert_eq!(whole.values, [1.0, 3.0]);
    }

    #[test]
    fn what_cannot_be_is_said() {
        let mut program = Program::default();
        let only = program.real(1.0, (0.0, 1.0));
        program.at_least([(only, 1.0)], 2.0);
        assert_eq!(program.solve(), None);
    }
}
