//! From needs to a roster that simulated days agree with.

use super::need::{Look, Lowers};
use super::roster::{Column, Cover, Roster, columns};
use super::search::{Search, Seen};
use super::staffing::Staffing;
use crate::experiment::RunError;
use crate::model::Model;
use crate::scenario::{PlanShift, Scenario, Shift};

/// Standard errors by which promises are to be kept on the days seen.
const SURE: f64 = 1.5;
/// Times that a roster is found anew for raised needs.
const MOST_ROUNDS: usize = 4;
/// Simulations that taking people out may cost.
const MOST_LOOKS: usize = 60;

/// A roster and what it is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Rostered {
    /// The shifts that there are.
    pub shifts: Vec<PlanShift>,
    /// The columns.
    pub columns: Vec<Column>,
    /// People on them.
    pub roster: Roster,
}

impl Rostered {
    /// The model of a scenario with this roster.
    pub fn model(&self, scenario: &Scenario, search: &Search<'_, '_>) -> Model {
        let planned = search.bench.planned;
        let staffed = self
            .roster
            .apply(scenario, &self.columns, &self.shifts, planned);
        Model::compile(&staffed)
    }

    /// Agents on duty.
    pub fn coverage(&self, search: &Search<'_, '_>) -> Staffing {
        let (planned, grid) = (search.bench.planned, search.bench.grid);
        self.roster.coverage(&self.columns, planned, grid)
    }

    /// What it costs.
    pub fn cost(&self, search: &Search<'_, '_>) -> f64 {
        self.roster.cost(&self.columns, search.bench.planned)
    }

    /// The shifts of a planned group.
    pub fn of_group(&self, group: usize, planned: &[super::staffing::Planned]) -> Vec<Shift> {
        self.roster
            .shifts(group, &self.columns, &self.shifts, planned)
    }
}

/// Finds a roster for the needs that a search has come to.
///
/// # Errors
/// When the search is to end, or memory would not do.
pub fn roster(search: &mut Search<'_, '_>, shifts: &[PlanShift]) -> Result<Rostered, RunError> {
    let bench = search.bench;
    let mut found = Rostered {
        columns: columns(bench.scenario, shifts, bench.planned, bench.grid),
        shifts: shifts.to_vec(),
        roster: Roster(Vec::new()),
    };
    for _ in 0..MOST_ROUNDS {
        search.tell("covering with shifts");
        found.roster = solve(search, &found).0;
        let seen = look(search, &found, search.effort.middle)?;
        if seen.keeps() {
            break;
        }
        let staffing = found.coverage(search);
        let changed = search.needs.correct(&Look {
            margins: &seen.margins,
            promises: bench.promises,
            staffing: &staffing,
            lowers: Lowers::Never,
        });
        if !changed {
            break;
        }
    }
    repair(search, &mut found)?;
    trim(search, &mut found)?;
    Ok(found)
}

/// What is needed beyond the agents who are there anyway, by row and step.
pub fn beyond(search: &Search<'_, '_>, needs: &[Vec<u32>]) -> Vec<Vec<f64>> {
    let rows = search.needs.rows.iter().zip(needs);
    rows.map(|(row, steps)| {
        let of_step = |(step, need): (usize, &u32)| {
            (f64::from(*need) - search.needs.fixed(row, step)).max(0.0)
        };
        steps.iter().enumerate().map(of_step).collect()
    })
    .collect()
}

/// The cheapest roster for the needs, and the least that any costs.
fn solve(search: &Search<'_, '_>, found: &Rostered) -> (Roster, Option<f64>) {
    let needs = beyond(search, &search.needs.all(search.bench.promises));
    let cover = Cover {
        columns: &found.columns,
        shifts: &found.shifts,
        planned: search.bench.planned,
        rows: search.needs.rows,
        needs: &needs,
    };
    cover.solve()
}

/// The least that a roster for these needs costs.
pub fn least(search: &Search<'_, '_>, found: &Rostered, needs: &[Vec<u32>]) -> Option<f64> {
    let needs = beyond(search, needs);
    let cover = Cover {
        columns: &found.columns,
        shifts: &found.shifts,
        planned: search.bench.planned,
        rows: search.needs.rows,
        needs: &needs,
    };
    cover.least()
}

fn look(search: &Search<'_, '_>, found: &Rostered, days: u32) -> Result<Seen, RunError> {
    let model = found.model(search.bench.scenario, search);
    search.look_at(&model, days, SURE)
}

/// Puts a person more on shifts as long as something is short.
fn repair(search: &mut Search<'_, '_>, found: &mut Rostered) -> Result<(), RunError> {
    for _ in 0..2 * MOST_ROUNDS {
        let seen = look(search, found, search.effort.middle)?;
        if seen.keeps() || !raise(search, found, &seen.margins) {
            break;
        }
        search.tell("mending the roster");
    }
    Ok(())
}

/// Puts people on the shifts that help where something is short: as many as it takes until each
/// such step has one more. Returns whether anybody could be put on.
pub fn raise(search: &Search<'_, '_>, found: &mut Rostered, margins: &[Option<f64>]) -> bool {
    let (grid, promises) = (search.bench.grid, search.bench.promises);
    let mut short = vec![false; grid.steps()];
    for (cell, margin) in promises.cells.iter().zip(margins) {
        if margin.is_some_and(|margin| margin < 0.0) {
            let last = grid.step_at(cell.to - crate::time::SimSpan::from_micros(1));
            short[grid.step_at(cell.from)..=last].fill(true);
        }
    }
    let before = found.roster.clone();
    while short.contains(&true) {
        let worth = |column: &Column| -> f64 {
            let steps = column.cover.iter().zip(&short);
            let helped: f64 = steps.filter(|(_, short)| **short).map(|(c, _)| c).sum();
            helped / column.cost.max(1e-9)
        };
        let open = found.columns.iter().enumerate();
        let best = open
            .filter(|(index, _)| has_room(search, found, *index))
            .map(|(index, column)| (worth(column), index))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        match best {
            Some((worth, index)) if worth > 0.0 => {
                found.roster.0[index] += 1;
                for (short, cover) in short.iter_mut().zip(&found.columns[index].cover) {
                    *short &= *cover < 0.5;
                }
            }
            _ => break,
        }
    }
    found.roster != before
}

fn has_room(search: &Search<'_, '_>, found: &Rostered, column: usize) -> bool {
    let shift = found.columns[column].shift;
    let planned = search.bench.planned;
    let on_it = found.columns.iter().zip(&found.roster.0);
    let on_it: u32 = on_it
        .filter(|(other, _)| other.shift == shift)
        .map(|(other, count)| planned[other.group].scheduled(*count))
        .sum();
    found.shifts[shift].at_most.is_none_or(|most| on_it < most)
}

/// Takes out people, dearest shifts first, wherever that breaks nothing.
fn trim(search: &mut Search<'_, '_>, found: &mut Rostered) -> Result<(), RunError> {
    let mut looks = 0;
    loop {
        let mut order: Vec<usize> = (0..found.columns.len()).collect();
        let price = |column: &usize| found.columns[*column].cost;
        order.sort_by(|a, b| price(b).total_cmp(&price(a)));
        let before = found.roster.clone();
        for column in order {
            if found.roster.0[column] == 0 {
                continue;
            }
            if looks >= MOST_LOOKS {
                return Ok(());
            }
            looks += 1;
            found.roster.0[column] -= 1;
            if !look(search, found, search.effort.middle)?.keeps() {
                found.roster.0[column] += 1;
            }
            search.tell("trimming the roster");
        }
        if found.roster == before {
            return Ok(());
        }
    }
}
