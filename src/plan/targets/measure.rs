//! What one day says about a target: numerator and denominator of the ratio it is about.

use std::ops::Range;

use super::{PlanTarget, TargetFigure, service_level_of};
use crate::metrics::Day;
use crate::metrics::day::{IntervalDay, Sketches};
use crate::metrics::definition::{BotTotals, Definition, Measure, Waits};
use crate::metrics::path::ContactScope;
use crate::metrics::totals::{GroupTotals, Totals};
use crate::metrics::watch::Watched;
use crate::model::Model;

impl PlanTarget {
    /// Of one day, the numerator and denominator of what is held against the standard.
    fn finish(&self, pair: Option<(f64, f64)>) -> (f64, f64) {
        let (x, y) = pair.unwrap_or((0.0, 0.0));
        if self.days.is_none() {
            return (x, y);
        }
        if y <= 0.0 {
            return (0.0, 0.0);
        }
        // The tolerance keeps 8 of 10 at a limit of 0.8 in floating point.
        let good = self.within_a_day().slack(x / y) >= -1e-12;
        (f64::from(u8::from(good)), 1.0)
    }

    pub(super) fn of_day(
        &self,
        day: &Day,
        bins: Option<&Range<usize>>,
        model: &Model,
    ) -> (f64, f64) {
        let pair = match (self.what, bins) {
            (TargetFigure::Bot(definition), _) => self.of_bot(definition, day),
            (TargetFigure::Handled { contact, group }, _) => {
                let place = contact * model.groups.len() + group;
                Some((day.handled_by[place], 1.0))
            }
            (TargetFigure::Group(group, definition), None) => {
                measured(&definition.measure, &day.groups[group])
            }
            (TargetFigure::Group(group, definition), Some(bins)) => {
                let mut totals = GroupTotals::default();
                for interval in &day.intervals[bins.clone()] {
                    totals.extend(&interval.groups[group]);
                }
                measured(&definition.measure, &totals)
            }
            (TargetFigure::Contacts(scope, metric), None) => {
                let measure = &metric.definition().measure;
                let day = match scope {
                    ContactScope::Overall => &day.overall,
                    ContactScope::Channel(channel) => &day.channels[channel],
                    ContactScope::Type(index) => &day.types[index],
                };
                match measure {
                    Measure::Quantile(waits, _) => Some(self.at_most(&day.waits, *waits)),
                    _ => measured(measure, &day.totals),
                }
            }
            (TargetFigure::Contacts(scope, metric), Some(bins)) => {
                let measure = &metric.definition().measure;
                let intervals = &day.intervals[bins.clone()];
                match measure {
                    Measure::Quantile(waits, _) => Some(self.within_of(intervals, *waits, model)),
                    _ => measured(measure, &self.totals_of(intervals, scope, model)),
                }
            }
        };
        self.finish(pair)
    }

    fn of_bot(&self, definition: &Definition<BotTotals>, day: &Day) -> Option<(f64, f64)> {
        if let Measure::Quantile(waits, _) = definition.measure {
            return Some(self.at_most(&day.session_lengths, waits));
        }
        let totals = BotTotals { totals: day.overall.totals.clone(), sessions: day.sessions };
        measured(&definition.measure, &totals)
    }

    /// How many waits are at most the limit, and how many there are.
    fn at_most(&self, sketches: &Sketches, waits: Waits) -> (f64, f64) {
        let sketch = sketches.of(waits);
        (sketch.count_at_most(self.limit * 1e6), sketch.count() as f64)
    }

    fn within_of(&self, intervals: &[IntervalDay], waits: Waits, model: &Model) -> (f64, f64) {
        let mut sum = (0.0, 0.0);
        for interval in intervals {
            for member in self.members(model) {
                let (x, y) = self.at_most(&interval.types[member].waits, waits);
                sum = (sum.0 + x, sum.1 + y);
            }
        }
        sum
    }

    fn totals_of(&self, intervals: &[IntervalDay], scope: ContactScope, model: &Model) -> Totals {
        let mut totals =
            Totals { promise: Some(service_level_of(scope, model)), ..Totals::default() };
        let members = self.members(model);
        for interval in intervals {
            for member in &members {
                totals.add_counts(&interval.types[*member].totals);
            }
            let levels = match scope {
                ContactScope::Type(index) => &interval.types[index].totals,
                ContactScope::Overall | ContactScope::Channel(_) => &interval.overall,
            };
            totals.backlog.join(&levels.backlog);
            totals.escalation_backlog.join(&levels.escalation_backlog);
        }
        totals
    }

    pub(super) fn of_watched(
        &self,
        watched: &Watched,
        bins: Option<&Range<usize>>,
        limit: Option<usize>,
        model: &Model,
    ) -> (f64, f64) {
        let TargetFigure::Contacts(scope, metric) = self.what else {
            return (0.0, 0.0);
        };
        let bins = bins.cloned().unwrap_or(0..watched.stretches() + 1);
        let mut totals =
            Totals { promise: Some(service_level_of(scope, model)), ..Totals::default() };
        let mut within = 0.0;
        for bin in bins {
            let mut add = |index| {
                watched.add_to(&mut totals, bin, index);
                if let Some(limit) = limit {
                    within += f64::from(watched.within(limit, bin, index));
                }
            };
            match scope {
                ContactScope::Type(index) => add(index),
                ContactScope::Overall => (0..model.contact_types.len()).for_each(add),
                ContactScope::Channel(channel) => (0..model.contact_types.len())
                    .filter(|index| model.contact_types[*index].channel == channel)
                    .for_each(add),
            }
        }
        let measure = &metric.definition().measure;
        let pair = match measure {
            Measure::Quantile(Waits::All, _) => {
                Some((within, totals.wait.count + totals.wait_abandoned.count))
            }
            Measure::Quantile(..) => Some((within, totals.wait.count)),
            _ => measured(measure, &totals),
        };
        self.finish(pair)
    }
}

/// Numerator and denominator of a figure on one day. A deviation and a maximum, which are no
/// ratios of sums, count as the mean over days of the day's own: that of the report is of all
/// days together, and decides when the plan is verified.
fn measured<T>(measure: &Measure<T>, totals: &T) -> Option<(f64, f64)> {
    match measure {
        Measure::Total(value) => Some((value(totals), 1.0)),
        Measure::Known(value) => value(totals).map(|value| (value, 1.0)),
        Measure::Until(value) => Some((value(totals).unwrap_or(f64::INFINITY), 1.0)),
        Measure::Ratio(ratio) | Measure::Share(ratio) | Measure::TimeShare(ratio) => {
            Some(ratio(totals))
        }
        Measure::Deviation(moments) => {
            let moments = moments(totals);
            let mean = moments.sum / moments.count.max(1.0);
            let variance = moments.squares / moments.count.max(1.0) - mean * mean;
            Some((variance.max(0.0).sqrt(), 1.0))
        }
        Measure::Maximum(moments) => Some((moments(totals).max, 1.0)),
        Measure::Quantile(..) => None,
    }
}
