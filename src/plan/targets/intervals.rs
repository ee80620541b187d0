//! All targets of a plan, and the places where they are to hold, on one grid of time.

use std::ops::Range;

use super::{PlanTarget, RatioLimit};
use crate::metrics::Day;
use crate::metrics::watch::{Watch, Watched};
use crate::model::{ContactType, Group, Model};
use crate::random::Distribution;
use crate::time::{SimSpan, SimTime};

/// One place where a target is to hold.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetInterval {
    /// Place in the list of targets.
    pub target: usize,
    /// When it begins.
    pub from: SimTime,
    /// When it ends.
    pub to: SimTime,
    /// The bins of the common grid that it consists of; `None`: the whole day, what ends
    /// after the last arrival included.
    pub bins: Option<Range<usize>>,
}

/// All targets of a plan on one grid of time.
#[derive(Clone, Debug)]
pub struct PlanTargets {
    /// The targets, in the order of the file.
    pub list: Vec<PlanTarget>,
    /// Where they are to hold, by target and then by time.
    pub intervals: Vec<TargetInterval>,
    /// What is counted; `None`: some target needs every figure of the report.
    pub watch: Option<Watch>,
    /// Length of a bin of the grid.
    pub grid: SimSpan,
    /// Whether all days are alike: what one day shows is then known without any error.
    pub are_days_alike: bool,
}

/// Bins of the grid in each interval, where only counts are needed: what comes early in an interval does
/// more to it than what comes late, and a search that knows when it came needs fewer days.
pub const PARTS: usize = 3;

impl PlanTargets {
    /// The targets of a plan for `model`.
    pub fn new(list: Vec<PlanTarget>, model: &Model) -> Self {
        let grid = list
            .iter()
            .filter_map(|target| target.every)
            .reduce(common)
            .unwrap_or(model.horizon.interval);
        let is_counted = list.iter().all(PlanTarget::is_counted);
        let grid = match i64::try_from(PARTS) {
            Ok(parts) if is_counted && grid.as_micros() % parts == 0 => {
                SimSpan::from_micros(grid.as_micros() / parts)
            }
            _ => grid,
        };
        let limits = list
            .iter()
            .filter_map(|target| {
                let (waits, _) = target.quantile()?;
                Some((waits, SimSpan::from_seconds(target.limit)))
            })
            .collect();
        let intervals = list
            .iter()
            .enumerate()
            .flat_map(|(index, target)| intervals(index, target, grid, model))
            .collect();
        Self {
            intervals,
            watch: is_counted.then_some(Watch { grid, limits }),
            list,
            grid,
            are_days_alike: are_days_alike(model),
        }
    }

    /// The standard of an interval.
    pub fn standard(&self, interval: usize) -> RatioLimit {
        self.list[self.intervals[interval].target].standard()
    }

    /// The pairs of all intervals on one day. The intervals of the day must be those of the grid.
    pub fn of_day(&self, day: &Day, model: &Model) -> Vec<(f64, f64)> {
        let first = model.horizon.first_interval;
        let of_cell = |interval: &TargetInterval| {
            let bins = interval.bins.as_ref().map(|range| range.start - first..range.end - first);
            self.list[interval.target].of_day(day, bins.as_ref(), model)
        };
        self.intervals.iter().map(of_cell).collect()
    }

    /// The pairs of all intervals of a replication that was only watched.
    pub fn of_watched(&self, watched: &Watched, model: &Model) -> Vec<(f64, f64)> {
        // The limits of the watch are those of the quantiles, in order.
        let limits: Vec<Option<usize>> = self
            .list
            .iter()
            .scan(0, |next, target| {
                let own = target.quantile().map(|_| *next);
                *next += usize::from(own.is_some());
                Some(own)
            })
            .collect();
        let of_cell = |interval: &TargetInterval| {
            let target = &self.list[interval.target];
            target.of_watched(watched, interval.bins.as_ref(), limits[interval.target], model)
        };
        self.intervals.iter().map(of_cell).collect()
    }
}

/// Whether nothing is drawn: logs say when contacts come and how long they take, and patience is of
/// one length.
fn are_days_alike(model: &Model) -> bool {
    let is_fixed = |law: &Distribution| law.variance() <= 0.0;
    let is_told = |column: &Option<Vec<Option<SimSpan>>>| {
        column.as_ref().is_some_and(|column| column.iter().all(Option::is_some))
    };
    let is_replayed = |kind: &ContactType| {
        kind.log.as_ref().is_some_and(|log| {
            (is_told(&log.handling) || is_fixed(&kind.handling))
                && (log.patience.is_some() || kind.patience.as_ref().is_none_or(is_fixed))
        }) && kind.wrap_up.as_ref().is_none_or(is_fixed)
            && kind.surges.is_empty()
            && kind.retry.is_none()
            && kind.bot.is_none()
    };
    let draws = |group: &Group| {
        let mut skills = group.skills.iter().flatten();
        skills.any(|skill| skill.handling.is_some())
    };
    model.contact_types.iter().all(is_replayed) && !model.groups.iter().any(draws)
}

/// The intervals of one target.
fn intervals(
    index: usize,
    target: &PlanTarget,
    grid: SimSpan,
    model: &Model,
) -> Vec<TargetInterval> {
    let horizon = &model.horizon;
    let Some(every) = target.every else {
        return vec![TargetInterval {
            target: index,
            from: horizon.warm_up,
            to: horizon.duration,
            bins: None,
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
            let bins = number * per_cell..((number + 1) * per_cell).min(all);
            #[expect(clippy::cast_possible_wrap, reason = "bins are few")]
            let at = |bin: usize| SimTime::from_micros(grid.as_micros() * bin as i64);
            TargetInterval {
                target: index,
                from: at(bins.start),
                to: at(bins.end).min(horizon.duration),
                bins: Some(bins),
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
