//! Where staffings are tried: the same days for each of them.

use std::cell::Cell;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

use super::promise::Promises;
use super::sample::Sample;
use super::staffing::{Grid, Planned, Staffing};
use crate::experiment::RunError;
use crate::experiment::each::{self, Which};
use crate::metrics::Day;
use crate::metrics::watch::Watched;
use crate::model::Model;
use crate::scenario::Scenario;

/// Simulates staffings of a scenario and holds them against promises.
#[derive(Debug)]
pub struct Bench<'a> {
    /// The scenario, its reporting interval that of the promises' grid.
    pub scenario: &'a Scenario,
    /// What is promised.
    pub promises: &'a Promises,
    /// The groups whose staffing may change.
    pub planned: &'a [Planned],
    /// The steps in which it may.
    pub grid: &'a Grid,
    /// Seed of the days that the search sees.
    pub seed: u64,
    /// Threads that simulate.
    pub threads: usize,
    /// Set when the search is to end.
    pub stop: &'a AtomicBool,
    /// Days simulated so far.
    pub simulated: Cell<u64>,
}

impl Bench<'_> {
    /// The model of a staffing.
    pub fn model(&self, staffing: &Staffing) -> Model {
        Model::compile(&staffing.apply(self.scenario, self.planned, self.grid))
    }

    /// What these days say about a staffing.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn sample(&self, staffing: &Staffing, days: Range<u32>) -> Result<Sample, RunError> {
        self.sample_model(&self.model(staffing), days)
    }

    /// What these days say about a model.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn sample_model(&self, model: &Model, days: Range<u32>) -> Result<Sample, RunError> {
        self.simulated
            .set(self.simulated.get() + u64::from(days.end - days.start));
        let which = Which {
            seed: self.seed,
            replications: days,
            threads: self.threads,
        };
        let all = if let Some(watch) = &self.promises.watch {
            let extract = |day: &Watched| {
                let pairs = self.promises.of_watched(day, model);
                (pairs, arrivals(day, model))
            };
            each::watched(model, watch, &which, &extract, self.stop)?
        } else {
            let extract = |day: &Day| {
                let arrivals = day.intervals.iter();
                let arrivals = arrivals.map(|interval| interval.overall.arrivals);
                (self.promises.of_day(day, model), arrivals.collect())
            };
            each::days(model, &which, &extract, self.stop)?
        };
        let (pairs, arrivals) = all.into_iter().unzip();
        Ok(Sample { pairs, arrivals })
    }
}

fn arrivals(day: &Watched, model: &Model) -> Vec<f64> {
    let types = model.contact_types.len();
    let in_stretch = |stretch| -> f64 {
        (0..types)
            .map(|index| f64::from(day.arrivals(stretch, index)))
            .sum()
    };
    (0..day.stretches()).map(in_stretch).collect()
}
