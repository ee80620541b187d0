//! What a spreadsheet would have bought: formulas step by step, and how their staffing does on
//! simulated days.

use super::promise::Sense;
use super::requirement::{Analytic, Pool};
use super::search::Search;
use super::staffing::Staffing;
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
pub struct Sheet {
    /// The rule.
    pub rule: Rule,
    /// The staffing.
    pub staffing: Staffing,
    /// Its cost.
    pub cost: f64,
    /// By promise: the worst value of what is held against its standard, and in how many of how
    /// many places it is not kept.
    pub promises: Vec<Kept>,
}

/// How a promise is kept by a staffing that nobody has verified.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// The worst value; `None`: nothing was observed.
    pub worst: Option<f64>,
    /// Places in which it is not kept.
    pub missed: usize,
    /// Places in which it is to be kept.
    pub of: usize,
}

/// What all rules would buy.
///
/// # Errors
/// When the search is to end, or memory would not do.
pub fn sheets(search: &Search<'_, '_>) -> Result<Vec<Sheet>, RunError> {
    let mut sheets = Vec::new();
    for rule in Rule::ALL {
        let staffing = staffing(search, rule);
        let seen = search.look(&staffing, search.effort.coarse, 0.0)?;
        let promises = search.bench.promises;
        let kept = |promise: usize| {
            let cells = promises.cells.iter().enumerate();
            let cells: Vec<usize> =
                cells.filter(|(_, cell)| cell.promise == promise).map(|(index, _)| index).collect();
            let worst = cells
                .iter()
                .filter_map(|cell| Some((seen.margins[*cell]?, seen.known[*cell]?.value)))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            let missed =
                cells.iter().filter(|cell| seen.margins[**cell].is_some_and(|margin| margin < 0.0));
            Kept { worst: worst.map(|(_, value)| value), missed: missed.count(), of: cells.len() }
        };
        sheets.push(Sheet {
            rule,
            cost: staffing.cost(search.bench.planned, search.bench.grid),
            promises: (0..promises.list.len()).map(kept).collect(),
            staffing,
        });
    }
    Ok(sheets)
}

fn staffing(search: &Search<'_, '_>, rule: Rule) -> Staffing {
    let needs = &search.needs;
    // A spreadsheet knows service levels: the strictest that is promised, or the scenario's goal.
    let promises = search.bench.promises.list.iter();
    let goal = promises
        .filter(|promise| promise.formula(needs.model).is_some() && promise.sense == Sense::AtLeast)
        .map(|promise| promise.limit)
        .reduce(f64::max)
        .unwrap_or(needs.model.service_level.goal)
        .clamp(0.01, 0.999);
    let buys = |row: usize, step: usize| -> u32 {
        let row = &needs.rows[row];
        let pool = match rule {
            Rule::ErlangC | Rule::ErlangA => {
                Pool::of_rates(&row.types, step, needs.load, needs.model)
            }
            Rule::OfferedLoad | Rule::SquareRoot => needs.pool(row, step),
        };
        if pool.rate() <= 0.0 {
            return 0;
        }
        let threshold = row
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
                let level = Analytic::Level(needs.model.service_level.formula);
                let standard = super::promise::Standard { sense: Sense::AtLeast, limit: goal };
                pool.fewest(level, standard, 0.0)
            }
            Rule::SquareRoot => {
                super::need::whole(erlang::square_root_staffing(pool.offered(), 1.0 - goal).ceil())
            }
        }
    };
    needs.cover_with(&buys)
}
