//! What a spreadsheet would have bought: formulas step by step, and how their staffing does on
//! simulated days.

use super::formulas::{Pool, QueueFigure};
use super::search::Search;
use super::staffing::HeadCounts;
use super::targets::Sense;
use super::verify::Round;
use crate::erlang;
use crate::experiment::RunError;

/// A rule that planners use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Erlang C on the rate of each step: everybody waits for ever.
    ErlangC,
    /// Erlang A on the rate of each step.
    ErlangA,
    /// Erlang A on the modified offered load.
    OfferedLoad,
    /// Load and a multiple of its root.
    SquareRoot,
}

impl Rule {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::ErlangC, Self::ErlangA, Self::OfferedLoad, Self::SquareRoot];

    /// Its name in JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ErlangC => "erlang_c",
            Self::ErlangA => "erlang_a",
            Self::OfferedLoad => "offered_load",
            Self::SquareRoot => "square_root",
        }
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ErlangC => "Erlang C",
            Self::ErlangA => "Erlang A",
            Self::OfferedLoad => "Erlang A, offered load",
            Self::SquareRoot => "square-root rule",
        }
    }
}

/// What a rule buys, and how it does on the days that the search looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct FormulaPlan {
    /// The rule.
    pub rule: Rule,
    /// The staffing.
    pub staffing: HeadCounts,
    /// Its cost.
    pub cost: f64,
    /// By target: the worst value of what is held against its standard, and in how many of how
    /// many places it is not met.
    pub targets: Vec<TargetMissed>,
}

/// How a target is met by a staffing that nobody has verified.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TargetMissed {
    /// The worst value; `None`: nothing was observed.
    pub worst: Option<f64>,
    /// Places in which it is not met.
    pub missed: usize,
    /// Places in which it is to be met.
    pub of: usize,
}

/// What all rules would buy; `simulate` says how a staffing does on the days of the plan.
///
/// # Errors
/// When the search is to end, or memory would not do.
pub fn formula_plans(
    search: &Search<'_, '_>,
    simulate: &dyn Fn(&HeadCounts) -> Result<Round, RunError>,
) -> Result<Vec<FormulaPlan>, RunError> {
    let mut formula_plans = Vec::new();
    for rule in Rule::ALL {
        let staffing = staffing(search, rule);
        let round = simulate(&staffing)?;
        let outcomes = round.outcomes.iter().enumerate();
        let missed = outcomes.map(|(target, outcome)| {
            let (missed, of) = round.missed(target, search.evaluator.targets);
            TargetMissed { worst: outcome.estimate.value, missed, of }
        });
        formula_plans.push(FormulaPlan {
            rule,
            cost: staffing.cost(search.evaluator.planned, search.evaluator.grid),
            targets: missed.collect(),
            staffing,
        });
    }
    Ok(formula_plans)
}

fn staffing(search: &Search<'_, '_>, rule: Rule) -> HeadCounts {
    let needs = &search.needs;
    // A spreadsheet knows service levels: the strictest that is targeted, or the scenario's goal.
    let targets = search.evaluator.targets.list.iter();
    let goal = targets
        .filter(|target| target.formula(needs.model).is_some() && target.sense == Sense::AtLeast)
        .map(|target| target.limit)
        .reduce(f64::max)
        .unwrap_or(needs.model.service_level.goal)
        .clamp(0.01, 0.999);
    let buys = |set: usize, step: usize| -> u32 {
        let set = &needs.sets[set];
        let pool = match rule {
            Rule::ErlangC | Rule::ErlangA => {
                Pool::of_rates(&set.types, step, needs.load, needs.model)
            }
            Rule::OfferedLoad | Rule::SquareRoot => needs.pool(set, step),
        };
        if pool.rate() <= 0.0 {
            return 0;
        }
        let threshold = set
            .types
            .iter()
            .map(|index| needs.model.contact_types[*index].service_level)
            .map(|level| level.answer_within.as_seconds())
            .fold(f64::INFINITY, f64::min);
        match rule {
            Rule::ErlangC => {
                erlang::agents_for_service_level(pool.offered(), pool.handling(), threshold, goal)
            }
            Rule::ErlangA | Rule::OfferedLoad => {
                let level = QueueFigure::Level(needs.model.service_level.formula);
                let standard = super::targets::RatioLimit { sense: Sense::AtLeast, limit: goal };
                pool.fewest(level, standard, 0.0)
            }
            Rule::SquareRoot => super::staffing::whole(
                erlang::square_root_staffing(pool.offered(), 1.0 - goal).ceil(),
            ),
        }
    };
    needs.cover_with(&buys)
}
