//! From needs to a roster that simulated days agree with.

use super::bound::Least;
use super::cover::Row;
use super::need::{Look, is_within_steps};
use super::roster::{Column, Cover, Roster, columns};
use super::search::{SURE, Search, Seen, UNKNOWN};
use super::staffing::Staffing;
use crate::experiment::RunError;
use crate::model::Model;
use crate::scenario::{PlanShift, Scenario, Shift};
use crate::time::SimSpan;

mod trim;

use trim::trim;

/// Times that a roster is found anew for raised needs.
const MOST_ROUNDS: usize = 4;
/// Times that the first roster is raised.
const MOST_FIRST: usize = 4;
/// Most people more that a step is given at once.
const MOST_MORE: f64 = 8.0;

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
        let staffed = self.roster.apply(scenario, &self.columns, &self.shifts, planned);
        Model::compile(&staffed)
    }

    /// Agents on duty.
    pub fn coverage(&self, search: &Search<'_, '_>, whole: fn(f64) -> f64) -> Staffing {
        let (planned, grid) = (search.bench.planned, search.bench.grid);
        self.roster.coverage(&self.columns, planned, grid, whole)
    }

    /// What it costs.
    pub fn cost(&self, search: &Search<'_, '_>) -> f64 {
        self.roster.cost(&self.columns, search.bench.planned)
    }

    /// The shifts of a planned group.
    pub fn of_group(&self, group: usize, planned: &[super::staffing::Planned]) -> Vec<Shift> {
        self.roster.shifts(group, &self.columns, &self.shifts, planned)
    }
}

/// A roster for the needs as they are, found by filling up.
pub fn filled(search: &Search<'_, '_>, shifts: &[PlanShift]) -> Rostered {
    let mut found = empty(search, shifts);
    let wanted = Wanted::new(search, &search.needs.all(search.bench.promises));
    found.roster = wanted.cover(search, &found).filled();
    found
}

/// A first roster that is surely enough on days of which there are few.
///
/// # Errors
/// When the search is to end, or memory would not do.
pub fn first(
    search: &mut Search<'_, '_>,
    shifts: &[PlanShift],
    days: u32,
    sure: f64,
) -> Result<Rostered, RunError> {
    let mut found = filled(search, shifts);
    for _ in 0..MOST_FIRST {
        let model = found.model(search.bench.scenario, search);
        let seen = search.look_at(&model, days, sure)?;
        if seen.keeps() || !raise(search, &mut found, &seen.margins) {
            break;
        }
    }
    Ok(found)
}

/// Finds a roster for the needs that a search has come to. What it has found so far is left in
/// `best`, which begins with a roster that is dearer than it has to be.
///
/// # Errors
/// When the search is to end, or memory would not do.
pub fn roster(
    search: &mut Search<'_, '_>,
    shifts: &[PlanShift],
    best: &mut Option<Rostered>,
) -> Result<Rostered, RunError> {
    let mut found = empty(search, shifts);
    for _ in 0..MOST_ROUNDS {
        search.tell("covering with shifts");
        found.roster = solve(search, &found);
        let seen = look(search, &found)?;
        if seen.keeps() || !corrected(search, &found, &seen) {
            break;
        }
    }
    let seen = repair(search, &mut found)?;
    *best = Some(found.clone());
    trim(search, &mut found, seen, best)?;
    Ok(found)
}

/// Raises needs by what a roster has shown. Returns whether anything changed.
fn corrected(search: &mut Search<'_, '_>, found: &Rostered, seen: &Seen) -> bool {
    let promises = search.bench.promises;
    let before = search.needs.all(promises);
    let staffing = found.coverage(search, f64::round);
    search.needs.correct(&Look {
        margins: &seen.margins,
        promises,
        staffing: &staffing,
        only_raises: true,
    });
    for (cell, margin) in promises.cells.iter().zip(&seen.margins) {
        let is_short = margin.is_none_or(|margin| margin < 0.0);
        let is_within = is_within_steps(&promises.list[cell.promise], search.bench.grid);
        if !is_within && is_short {
            search.correct_worth(cell.promise, margin.unwrap_or(UNKNOWN));
        }
    }
    search.needs.all(promises) != before
}

/// Nobody on any shift yet.
fn empty(search: &Search<'_, '_>, shifts: &[PlanShift]) -> Rostered {
    let bench = search.bench;
    Rostered {
        columns: columns(bench.scenario, shifts, bench.planned, bench.grid),
        shifts: shifts.to_vec(),
        roster: Roster(Vec::new()),
    }
}

/// What a roster has to cover: needs beyond the agents who are there anyway, and the fewest agents
/// of each group.
struct Wanted {
    rows: Vec<Row>,
    needs: Vec<Vec<f64>>,
}

impl Wanted {
    fn new(search: &Search<'_, '_>, needs: &[Vec<u32>]) -> Self {
        Self::of_rows(search, search.needs.rows.to_vec(), beyond(search, needs))
    }

    fn of_rows(search: &Search<'_, '_>, rows: Vec<Row>, needs: Vec<Vec<f64>>) -> Self {
        let mut wanted = Self { rows, needs };
        for (place, group) in search.bench.planned.iter().enumerate() {
            if group.fewest() > 0 {
                wanted.rows.push(Row {
                    types: Vec::new(),
                    planned: vec![(place, 1.0)],
                    fixed: Vec::new(),
                });
                let steps = search.bench.grid.steps();
                wanted.needs.push(vec![f64::from(group.fewest()); steps]);
            }
        }
        wanted
    }

    fn cover<'c>(&'c self, search: &'c Search<'_, '_>, found: &'c Rostered) -> Cover<'c> {
        Cover {
            columns: &found.columns,
            shifts: &found.shifts,
            planned: search.bench.planned,
            rows: &self.rows,
            needs: &self.needs,
            stop: search.bench.stop,
        }
    }
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

/// The cheapest roster for the needs that could be found.
fn solve(search: &Search<'_, '_>, found: &Rostered) -> Roster {
    let wanted = Wanted::new(search, &search.needs.all(search.bench.promises));
    wanted.cover(search, found).solve()
}

/// The least that a roster for these needs costs.
pub fn least(search: &Search<'_, '_>, found: &Rostered, least: &Least) -> Option<f64> {
    let wanted = Wanted::of_rows(search, least.rows.clone(), least.needs.clone());
    wanted.cover(search, found).least()
}

fn look(search: &Search<'_, '_>, found: &Rostered) -> Result<Seen, RunError> {
    let model = found.model(search.bench.scenario, search);
    search.look_at(&model, search.effort.middle, SURE)
}

/// Puts a person more on shifts as long as something is short.
fn repair(search: &mut Search<'_, '_>, found: &mut Rostered) -> Result<Seen, RunError> {
    let mut seen = look(search, found)?;
    for _ in 0..2 * MOST_ROUNDS {
        if seen.keeps() || !raise(search, found, &seen.margins) {
            break;
        }
        search.tell("mending the roster");
        seen = look(search, found)?;
    }
    Ok(seen)
}

/// Puts people on the shifts that help where something is short: as many as formulas think it takes
/// in each such step. Returns whether anybody could be put on.
pub fn raise(search: &Search<'_, '_>, found: &mut Rostered, margins: &[Option<f64>]) -> bool {
    let mut short = short(search, found, margins);
    let before = found.roster.clone();
    while short.iter().any(|short| *short > 0.0) {
        let worth = |column: &Column| -> f64 {
            let steps = column.cover.iter().zip(&short);
            let helped: f64 = steps.map(|(cover, short)| cover.min(short.max(0.0))).sum();
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
                    *short -= cover;
                    // Half an hour of somebody is not worth another person.
                    if *short < 0.5 {
                        *short = 0.0;
                    }
                }
            }
            _ => break,
        }
    }
    found.roster != before
}

/// By step, how many people are short.
fn short(search: &Search<'_, '_>, found: &Rostered, margins: &[Option<f64>]) -> Vec<f64> {
    let (grid, promises) = (search.bench.grid, search.bench.promises);
    let staffing = found.coverage(search, f64::round);
    let mut short = vec![0.0f64; grid.steps()];
    for (cell, margin) in promises.cells.iter().zip(margins) {
        let Some(margin) = margin.filter(|margin| *margin < 0.0) else {
            continue;
        };
        let last = grid.step_at(cell.to - SimSpan::from_micros(1));
        let is_within = is_within_steps(&promises.list[cell.promise], grid);
        let row = search.row_of(cell.promise).filter(|_| is_within);
        for (step, short) in short.iter_mut().enumerate().take(last + 1) {
            if step < grid.step_at(cell.from) {
                continue;
            }
            // Agents by speed to people, of whom each is worth several.
            let people = row.map_or(1.0, |row| {
                let more =
                    search.needs.more((row, step), cell.promise, &staffing, margin, promises);
                let planned = search.needs.rows[row].planned.iter();
                let speed = planned.map(|(_, speed)| *speed).fold(0.0, f64::max);
                (f64::from(more) / speed.max(1e-9)).clamp(1.0, MOST_MORE)
            });
            *short = short.max(people);
        }
    }
    short
}

fn has_room(search: &Search<'_, '_>, found: &Rostered, column: usize) -> bool {
    let cover = Cover {
        columns: &found.columns,
        shifts: &found.shifts,
        planned: search.bench.planned,
        rows: &[],
        needs: &[],
        stop: search.bench.stop,
    };
    cover.has_room(column, &found.roster.0)
}
