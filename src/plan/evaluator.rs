//! Where staffings are tried: the same days for each of them.

use std::cell::Cell;
use std::ops::Range;

use super::sample::{AgentTime, Sample, agent_times};
use super::staffing::{HeadCounts, Planned, StepGrid};
use super::targets::PlanTargets;
use crate::experiment::each::{self, Series};
use crate::experiment::{Control, RunError};
use crate::metrics::Day;
use crate::metrics::totals::Totals;
use crate::metrics::watch::Watched;
use crate::model::Model;
use crate::scenario::Scenario;

/// Simulates staffings of a scenario and holds them against targets.
#[derive(Debug)]
pub struct Evaluator<'a> {
    /// The scenario, its reporting interval that of the targets' grid.
    pub scenario: &'a Scenario,
    /// What is targeted.
    pub targets: &'a PlanTargets,
    /// The groups whose staffing may change.
    pub planned: &'a [Planned],
    /// The steps in which it may.
    pub grid: &'a StepGrid,
    /// Seed of the days that the search sees.
    pub seed: u64,
    /// Threads that simulate, and when the search is to end.
    pub control: Control<'a>,
    /// Days simulated so far.
    pub simulated: Cell<u64>,
}

impl Evaluator<'_> {
    /// The model of a staffing.
    pub fn model(&self, staffing: &HeadCounts) -> Model {
        Model::compile(&staffing.apply(self.scenario, self.planned, self.grid))
    }

    /// Counts days that were simulated.
    pub fn count(&self, days: u32) {
        self.count_all(u64::from(days));
    }

    /// The same for as many as another evaluator has counted.
    pub fn count_all(&self, days: u64) {
        self.simulated.set(self.simulated.get() + days);
    }

    /// What these days say about a staffing.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn sample(&self, staffing: &HeadCounts, days: Range<u32>) -> Result<Sample, RunError> {
        self.sample_model(&self.model(staffing), days)
    }

    /// What these days say about a model.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn sample_model(&self, model: &Model, days: Range<u32>) -> Result<Sample, RunError> {
        self.count(days.end - days.start);
        let series = Series { seed: self.seed, replications: days };
        let times = agent_times(model);
        let all = if let Some(watch) = &self.targets.watch {
            let extract = |day: &Watched| {
                let pairs = self.targets.of_watched(day, model);
                let (arrivals, surplus) = came(day, &times);
                (pairs, arrivals, surplus)
            };
            each::watched(model, watch, &series, &extract, &self.control)?
        } else {
            let extract = |day: &Day| {
                let arrivals = day.intervals.iter();
                let arrivals = arrivals.map(|interval| interval.overall.arrivals);
                let surplus = day.intervals.iter().map(|interval| {
                    let types = interval.types.iter().zip(&times);
                    types.fold((0.0, 0.0), |sum, (kind, time)| {
                        let own = surplus(&kind.totals, *time);
                        (sum.0 + own.0, sum.1 + own.1)
                    })
                });
                let pairs = self.targets.of_day(day, model);
                (pairs, arrivals.collect(), surplus.collect())
            };
            each::days(model, &series, &extract, &self.control)?
        };
        let mut sample = Sample::default();
        for (pairs, arrivals, surplus) in all {
            sample.pairs.push(pairs);
            sample.arrivals.push(arrivals);
            sample.surplus.push(surplus);
        }
        Ok(sample)
    }
}

/// By bin: first attempts of all types, and agent time of the answered beyond its mean.
fn came(day: &Watched, times: &[Option<AgentTime>]) -> (Vec<f64>, Vec<(f64, f64)>) {
    let in_stretch = |bin| {
        let (mut arrivals, mut longer) = (0.0, (0.0, 0.0));
        for (index, time) in times.iter().enumerate() {
            arrivals += f64::from(day.arrivals(bin, index));
            if time.is_some() {
                let mut totals = Totals::default();
                day.add_to(&mut totals, bin, index);
                let own = surplus(&totals, *time);
                longer = (longer.0 + own.0, longer.1 + own.1);
            }
        }
        (arrivals, longer)
    };
    (0..day.stretches()).map(in_stretch).unzip()
}

/// Agent time of the answered beyond its mean, and the variance of that.
fn surplus(totals: &Totals, time: Option<AgentTime>) -> (f64, f64) {
    time.map_or((0.0, 0.0), |(mean, variance)| {
        (totals.handling - totals.answered * mean, totals.answered * variance)
    })
}
