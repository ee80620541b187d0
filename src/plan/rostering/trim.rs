//! People taken out of a roster again.

use super::{Rostered, look};
use crate::experiment::RunError;
use crate::plan::promise::Cell;
use crate::plan::roster::Column;
use crate::plan::search::{Search, Seen};
use crate::plan::staffing::Staffing;
use crate::time::SimSpan;

/// Simulations that it may cost.
const MOST_LOOKS: usize = 12;
/// Part of what formulas think that a person less costs, at which it is worth a try.
const LIKELY: f64 = 0.7;

/// Takes out people wherever that breaks nothing, those first who save most: as many at once as
/// formulas think possible, half as many where that was too much.
pub(super) fn trim(
    search: &mut Search<'_, '_>,
    found: &mut Rostered,
    mut seen: Seen,
    best: &mut Option<Rostered>,
) -> Result<(), RunError> {
    let mut tried = vec![false; found.columns.len()];
    let mut most = usize::MAX;
    for _ in 0..MOST_LOOKS {
        let out = superfluous(search, found, (&seen, &tried), most);
        let Some(first) = out.first().copied() else {
            break;
        };
        search.tell("trimming the roster");
        for column in &out {
            found.roster.0[*column] -= 1;
        }
        let now = look(search, found)?;
        if now.keeps() {
            seen = now;
            *best = Some(found.clone());
            continue;
        }
        for column in &out {
            found.roster.0[*column] += 1;
        }
        most = out.len() / 2;
        if most == 0 {
            tried[first] = true;
            most = 1;
        }
    }
    Ok(())
}

/// Up to `most` people without whom promises may still be kept, by formula, one entry for each, on
/// columns that have not been tried alone.
fn superfluous(
    search: &Search<'_, '_>,
    found: &Rostered,
    (seen, tried): (&Seen, &[bool]),
    most: usize,
) -> Vec<usize> {
    let mut left = found.clone();
    let mut margins = seen.margins.clone();
    let mut out = Vec::new();
    while out.len() < most {
        let saves = |column: usize| {
            let (own, count) = (&left.columns[column], left.roster.0[column]);
            let group = &search.bench.planned[own.group];
            let scheduled = group.scheduled(count) - group.scheduled(count - 1);
            f64::from(scheduled) * own.cost
        };
        let there = (0..left.columns.len()).filter(|column| left.roster.0[*column] > 0);
        let mut order: Vec<usize> = there.filter(|column| !tried[*column]).collect();
        order.sort_by(|a, b| saves(*b).total_cmp(&saves(*a)));
        let mut without = order.into_iter().filter_map(|column| {
            let margins = without(search, &left, column, &margins)?;
            Some((column, margins))
        });
        let Some((column, now)) = without.next() else {
            break;
        };
        margins = now;
        left.roster.0[column] -= 1;
        out.push(column);
    }
    out
}

/// Margins with a person less on a column, by formula; `None` where promises would be broken, or
/// the group has no agents to spare.
fn without(
    search: &Search<'_, '_>,
    found: &Rostered,
    column: usize,
    margins: &[Option<f64>],
) -> Option<Vec<Option<f64>>> {
    let staffing = found.coverage(search, f64::round);
    let lost = &found.columns[column];
    let group = &search.bench.planned[lost.group];
    let mut steps = staffing.0[lost.group].iter().zip(&lost.cover);
    if !steps.all(|(there, cover)| *cover <= 0.0 || *there > group.fewest()) {
        return None;
    }
    let cells = search.bench.promises.cells.iter().zip(margins);
    let of_cell = |(cell, margin): (&Cell, &Option<f64>)| -> Option<Option<f64>> {
        let Some(margin) = *margin else {
            return Some(None);
        };
        let left = margin - LIKELY * loss(search, cell, lost, &staffing);
        (left >= 0.0).then_some(Some(left))
    };
    cells.map(of_cell).collect()
}

/// What formulas think that a promise loses in a cell with a person less on a column.
fn loss(search: &Search<'_, '_>, cell: &Cell, lost: &Column, staffing: &Staffing) -> f64 {
    let (grid, promises) = (search.bench.grid, search.bench.promises);
    let (Some(row), true) = (search.row_of(cell.promise), cell.stretches.is_some()) else {
        return 0.0;
    };
    let found = &search.needs.rows[row];
    let mut planned = found.planned.iter();
    let speed = planned.find(|(place, _)| *place == lost.group);
    let Some((_, speed)) = speed else { return 0.0 };
    let end = grid.step_at(cell.to - SimSpan::from_micros(1));
    let steps = grid.step_at(cell.from)..=end;
    let count = steps.clone().count() as f64;
    let covered: f64 = steps.clone().map(|step| lost.cover[step]).sum::<f64>() / count;
    if covered <= 0.0 {
        return 0.0;
    }
    let step = usize::midpoint(*steps.start(), *steps.end());
    let agents = search.needs.staff_of(row, step, staffing);
    let slope = search.needs.slope(cell.promise, found, step, agents, promises);
    slope * speed * covered
}
