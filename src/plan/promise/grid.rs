//! All promises of a plan, and the places where they are to hold, on one grid of time.

use std::ops::Range;

use super::{Promise, Standard};
use crate::metrics::Day;
use crate::metrics::watch::{Watch, Watched};
use crate::model::Model;
use crate::time::{SimSpan, SimTime};

/// One place where a promise is to hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Place in the list of promises.
    pub promise: usize,
    /// When it begins.
    pub from: SimTime,
    /// When it ends.
    pub to: SimTime,
    /// The stretches of the common grid that it consists of; `None`: the whole day, what ends
    /// after the last arrival included.
    pub stretches: Option<Range<usize>>,
}

/// All promises of a plan on one grid of time.
#[derive(Clone, Debug)]
pub struct Promises {
    /// The promises, in the order of the file.
    pub list: Vec<Promise>,
    /// Where they are to hold, by promise and then by time.
    pub cells: Vec<Cell>,
    /// What is counted; `None`: some promise needs every figure of the report.
    pub watch: Option<Watch>,
    /// Length of a stretch of the grid.
    pub grid: SimSpan,
}

/// Stretches of the grid in each cell, where only counts are needed: what comes early in a cell does
/// more to it than what comes late, and a search that knows when it came needs fewer days.
pub const PARTS: usize = 3;

impl Promises {
    /// The promises of a plan for `model`.
    pub fn new(list: Vec<Promise>, model: &Model) -> Self {
        let grid = list
            .iter()
            .filter_map(|promise| promise.every)
            .reduce(common)
            .unwrap_or(model.horizon.interval);
        let is_counted = list.iter().all(Promise::is_counted);
        let grid = match i64::try_from(PARTS) {
            Ok(parts) if is_counted && grid.as_micros() % parts == 0 => {
                SimSpan::from_micros(grid.as_micros() / parts)
            }
            _ => grid,
        };
        let limits = list
            .iter()
            .filter_map(|promise| {
                let (waits, _) = promise.quantile()?;
                Some((waits, SimSpan::from_seconds(promise.limit)))
            })
            .collect();
        let cells = list
            .iter()
            .enumerate()
            .flat_map(|(index, promise)| cells(index, promise, grid, model))
            .collect();
        Self { cells, watch: is_counted.then_some(Watch { grid, limits }), list, grid }
    }

    /// The standard of a cell.
    pub fn standard(&self, cell: usize) -> Standard {
        self.list[self.cells[cell].promise].standard()
    }

    /// The pairs of all cells on one day. The intervals of the day must be those of the grid.
    pub fn of_day(&self, day: &Day, model: &Model) -> Vec<(f64, f64)> {
        let first = model.horizon.first_interval;
        let of_cell = |cell: &Cell| {
            let stretches =
                cell.stretches.as_ref().map(|range| range.start - first..range.end - first);
            self.list[cell.promise].of_day(day, stretches.as_ref(), model)
        };
        self.cells.iter().map(of_cell).collect()
    }

    /// The pairs of all cells of a replication that was only watched.
    pub fn of_watched(&self, watched: &Watched, model: &Model) -> Vec<(f64, f64)> {
        // The limits of the watch are those of the quantiles, in order.
        let limits: Vec<Option<usize>> = self
            .list
            .iter()
            .scan(0, |next, promise| {
                let own = promise.quantile().map(|_| *next);
                *next += usize::from(own.is_some());
                Some(own)
            })
            .collect();
        let of_cell = |cell: &Cell| {
            let promise = &self.list[cell.promise];
            promise.of_watched(watched, cell.stretches.as_ref(), limits[cell.promise], model)
        };
        self.cells.iter().map(of_cell).collect()
    }
}

/// The cells of one promise.
fn cells(index: usize, promise: &Promise, grid: SimSpan, model: &Model) -> Vec<Cell> {
    let horizon = &model.horizon;
    let Some(every) = promise.every else {
        return vec![Cell {
            promise: index,
            from: horizon.warm_up,
            to: horizon.duration,
            stretches: None,
        }];
    };
    let per_cell = usize::try_from(every.as_micros() / grid.as_micros()).unwrap_or(1);
    let length = (horizon.duration - SimTime::START).as_micros();
    let all = usize::try_from(length / grid.as_micros()).unwrap_or(0)
        + usize::from(length % grid.as_micros() != 0);
    let warm_up = (horizon.warm_up - SimTime::START).as_micros() / every.as_micros();
    let first = usize::try_from(warm_up).unwrap_or(0);
    (first..all.div_ceil(per_cell))
        .map(|number| {
            let stretches = number * per_cell..((number + 1) * per_cell).min(all);
            #[expect(clippy::cast_possible_wrap, reason = "stretches are few")]
            let at = |stretch: usize| SimTime::from_micros(grid.as_micros() * stretch as i64);
            Cell {
                promise: index,
                from: at(stretches.start),
                to: at(stretches.end).min(horizon.duration),
                stretches: Some(stretches),
            }
        })
        .collect()
}

/// The longest length that divides both.
pub fn common(one: SimSpan, other: SimSpan) -> SimSpan {
    let (mut a, mut b) = (one.as_micros(), other.as_micros());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    SimSpan::from_micros(a)
}
