//! Replications looked at one by one, where no report is wanted: what a search needs of a day is a
//! few sums, and a search takes thousands of days.

use std::ops::Range;

use super::asked::Keep;
use super::{Control, RunError, one, parallel};
use crate::engine::{self, Stopped};
use crate::metrics::Day;
use crate::metrics::watch::{Watch, Watched};
use crate::model::Model;
use crate::random::Streams;

/// Replications of a seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Seed of all draws.
    pub seed: u64,
    /// The replications, from 0.
    pub replications: Range<u32>,
}

/// Runs replications with an observer that only counts, and gives what `extract` makes of each, in
/// order.
///
/// # Errors
/// When it is to stop before all are done, or memory would not do.
pub fn watched<T: Send>(
    model: &Model,
    watch: &Watch,
    series: &Series,
    extract: &(dyn Fn(&Watched) -> T + Sync),
    control: &Control<'_>,
) -> Result<Vec<T>, RunError> {
    in_order(series, control, &|streams| {
        let mut observer = watch.observer(model);
        engine::replicate(model, streams, &mut observer, control.stop)?;
        Ok(extract(&observer.finish()))
    })
}

/// Runs replications with every figure of the report, and gives what `extract` makes of each, in
/// order.
///
/// # Errors
/// When it is to stop before all are done, or memory would not do.
pub fn days<T: Send>(
    model: &Model,
    series: &Series,
    extract: &(dyn Fn(&Day) -> T + Sync),
    control: &Control<'_>,
) -> Result<Vec<T>, RunError> {
    in_order(series, control, &|streams| {
        one(model, Keep::Nothing, streams, control.stop).map(|(day, _)| extract(&day))
    })
}

fn in_order<T: Send>(
    series: &Series,
    control: &Control<'_>,
    one: &(dyn Fn(Streams) -> Result<T, Stopped> + Sync),
) -> Result<Vec<T>, RunError> {
    let jobs = series.replications.start as usize..series.replications.end as usize;
    let job = |index: usize| one(Streams::new(series.seed, index as u64));
    parallel::collect(jobs, control, &job).map_err(RunError::from)
}
