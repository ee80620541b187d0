//! From the sums of single replications to figures with intervals.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use super::summary::{Days, Figure, Figures};
use crate::metrics::day::Sketches;
use crate::metrics::definition::{Definition, Measure, Waits};
use crate::metrics::totals::Moments;
use crate::stats::{Estimate, Influence, MeanAccumulator, MomentAccumulator};
use crate::stats::{Observations, RatioAccumulator, Sketch};

mod observations;
mod observed;

pub(super) use observed::{Observed, together};

/// Confidence of every interval in the report.
pub const CONFIDENCE: f64 = 0.95;
/// Microseconds in a second.
const MICROS: f64 = 1e6;

/// Figures of one scope over the replications so far.
#[derive(Clone, Debug)]
pub(super) struct Gathered<T: 'static> {
    /// Shared by all intervals.
    definitions: Arc<[&'static Definition<T>]>,
    states: Vec<State>,
    /// Values of the single days, by figure; only for scopes that are whole days.
    days: Option<Vec<Vec<f64>>>,
    /// What was observed in each replication, by figure; only where that is asked for.
    kept: Option<Vec<Option<Observations>>>,
    replications: usize,
}

#[derive(Clone, Debug)]
enum State {
    Mean(MeanAccumulator),
    /// And whether it did not happen on some day.
    Until(MeanAccumulator, bool),
    Ratio(RatioAccumulator),
    Share(RatioAccumulator),
    TimeShare(RatioAccumulator),
    Deviation(MomentAccumulator),
    Maximum(Option<f64>),
    Quantile(Waits, f64),
}

impl State {
    fn new<T>(measure: &Measure<T>) -> Self {
        match measure {
            Measure::Total(_) | Measure::Known(_) => Self::Mean(MeanAccumulator::default()),
            Measure::Until(_) => Self::Until(MeanAccumulator::default(), false),
            Measure::Ratio(_) => Self::Ratio(RatioAccumulator::default()),
            Measure::Share(_) => Self::Share(RatioAccumulator::default()),
            Measure::TimeShare(_) => Self::TimeShare(RatioAccumulator::default()),
            Measure::Deviation(_) => Self::Deviation(MomentAccumulator::default()),
            Measure::Maximum(_) => Self::Maximum(None),
            Measure::Quantile(waits, p) => Self::Quantile(*waits, *p),
        }
    }
}

impl<T> Gathered<T> {
    /// Nothing yet, for whole days.
    pub(super) fn of_days(definitions: &'static [Definition<T>]) -> Self {
        Self::of_days_with(definitions, usize::MAX)
    }

    /// Nothing yet, for whole days of agents who can have so many contacts open.
    pub(super) fn of_days_with(definitions: &'static [Definition<T>], slots: usize) -> Self {
        let definitions: Vec<_> =
            definitions.iter().filter(|d| d.is_of_day() && d.least_slots <= slots).collect();
        let days = Some(vec![Vec::new(); definitions.len()]);
        Self::new(definitions, days)
    }

    /// Nothing yet, for an interval.
    pub(super) fn of_interval(definitions: &'static [Definition<T>]) -> Self {
        Self::new(definitions.iter().filter(|d| d.is_of_interval()).collect(), None)
    }

    fn new(definitions: Vec<&'static Definition<T>>, days: Option<Vec<Vec<f64>>>) -> Self {
        let states = definitions.iter().map(|d| State::new(&d.measure)).collect();
        Self { definitions: definitions.into(), states, days, kept: None, replications: 0 }
    }

    /// Adds the next replication. Its waits are needed where the spread over days is asked for.
    pub(super) fn push(&mut self, totals: &T, waits: Option<&Sketches>) {
        let waits = waits.map(DayWaits::new);
        for (index, definition) in self.definitions.iter().enumerate() {
            let state = &mut self.states[index];
            let today = gather(state, &definition.measure, totals, waits.as_ref());
            if let (Some(days), Some(today)) = (&mut self.days, today) {
                days[index].push(today);
            }
            if let Some(kept) = &mut self.kept {
                observations::observe(&mut kept[index], &definition.measure, totals);
            }
        }
        self.replications += 1;
    }

    /// The figures; quantiles are of all that is `observed`.
    pub(super) fn figures(&self, observed: &[&Observed]) -> Figures {
        let mut figures = Figures::with_capacity(self.definitions.len());
        let quantiles = Quantiles::new(&self.states, observed);
        for (index, definition) in self.definitions.iter().enumerate() {
            let estimate = estimate(&self.states[index], &quantiles);
            let days = self.days.as_ref().and_then(|days| {
                let missing = match self.states[index] {
                    State::Until(..) => self.replications - days[index].len(),
                    _ => 0,
                };
                spread(&days[index], missing)
            });
            figures.push(definition.path, Figure { estimate, days });
        }
        figures
    }

    /// From now on what is observed in each replication is kept.
    pub(super) fn keep(&mut self) {
        let all = self.definitions.iter();
        self.kept = Some(all.map(|d| observations::begin(&d.measure)).collect());
    }

    fn place(&self, metric: &str) -> Option<usize> {
        self.definitions.iter().position(|d| d.path == metric)
    }
}

/// Whose figures are asked for one at a time, by their metrics; quantiles are of all that is
/// `observed`.
pub(super) trait FigureScope {
    /// The estimate of a figure.
    fn estimate(&self, metric: &str, observed: &[&Observed]) -> Option<Estimate>;

    /// A figure with its influences.
    fn influence(&self, metric: &str, observed: &[&Observed]) -> Option<Influence>;

    /// Values of the single days that have one, and whether days without are days on which
    /// something never happened; `None`: there is no such figure, or not of days.
    fn values_of_days(&self, metric: &str) -> Option<(&[f64], bool)>;
}

impl<T> FigureScope for Gathered<T> {
    fn estimate(&self, metric: &str, observed: &[&Observed]) -> Option<Estimate> {
        let state = &self.states[self.place(metric)?];
        Some(estimate(state, &Quantiles::new(std::slice::from_ref(state), observed)))
    }

    fn influence(&self, metric: &str, observed: &[&Observed]) -> Option<Influence> {
        let index = self.place(metric)?;
        match &self.states[index] {
            State::Quantile(waits, p) => observed::influence(observed, *waits, *p),
            State::Maximum(most) => most.map(Influence::without_interval),
            State::Until(_, true) => None,
            _ => self.kept.as_ref()?[index].as_ref()?.influence(),
        }
    }

    fn values_of_days(&self, metric: &str) -> Option<(&[f64], bool)> {
        let index = self.place(metric)?;
        let is_until = matches!(self.states[index], State::Until(..));
        Some((self.days.as_ref()?[index].as_slice(), is_until))
    }
}

/// Contacts of a type that a group answers, by day: its only figure.
impl FigureScope for Vec<f64> {
    fn estimate(&self, _: &str, _: &[&Observed]) -> Option<Estimate> {
        let mut mean = MeanAccumulator::default();
        for value in self {
            mean.push(*value);
        }
        Some(mean.estimate(CONFIDENCE))
    }

    fn influence(&self, _: &str, _: &[&Observed]) -> Option<Influence> {
        Observations::Mean(self.clone()).influence()
    }

    fn values_of_days(&self, _: &str) -> Option<(&[f64], bool)> {
        Some((self, false))
    }
}

/// Waits of one day; those of several kinds together are put together once.
struct DayWaits<'w> {
    waits: &'w Sketches,
    all: OnceCell<Cow<'w, Sketch>>,
}

impl<'w> DayWaits<'w> {
    const fn new(waits: &'w Sketches) -> Self {
        let all = OnceCell::new();
        Self { waits, all }
    }

    fn get(&self, of: Waits) -> Cow<'_, Sketch> {
        match of {
            Waits::All => Cow::Borrowed(self.all.get_or_init(|| self.waits.of(of))),
            Waits::Answered | Waits::ToHuman => self.waits.of(of),
        }
    }
}

/// Adds one replication to a figure and tells its value on that day, if it has one.
fn gather<T>(
    state: &mut State,
    measure: &Measure<T>,
    totals: &T,
    waits: Option<&DayWaits<'_>>,
) -> Option<f64> {
    match (measure, state) {
        (Measure::Total(value), State::Mean(mean)) => {
            let value = value(totals);
            mean.push(value);
            Some(value)
        }
        (Measure::Known(value), State::Mean(mean)) => {
            let value = value(totals)?;
            mean.push(value);
            Some(value)
        }
        (Measure::Until(value), State::Until(mean, missing)) => {
            let value = value(totals);
            *missing |= value.is_none();
            mean.push(value?);
            value
        }
        (Measure::Ratio(ratio), State::Ratio(gathered))
        | (Measure::Share(ratio), State::Share(gathered))
        | (Measure::TimeShare(ratio), State::TimeShare(gathered)) => {
            let (x, y) = ratio(totals);
            gathered.push(x, y);
            (y > 0.0).then(|| x / y)
        }
        (Measure::Deviation(moments), State::Deviation(gathered)) => {
            let moments = moments(totals);
            gathered.push(moments.count, moments.sum, moments.squares);
            deviation(moments)
        }
        (Measure::Maximum(moments), State::Maximum(most)) => {
            let moments = moments(totals);
            let today = (moments.count > 0.0).then_some(moments.max);
            *most = most.max_with(today);
            today
        }
        (Measure::Quantile(of, p), _) => Some(waits?.get(*of).quantile(*p)? / MICROS),
        _ => None,
    }
}

/// The larger of two numbers that may be unknown.
trait MaxWith {
    fn max_with(self, other: Self) -> Self;
}

impl MaxWith for Option<f64> {
    fn max_with(self, other: Self) -> Self {
        match (self, other) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        }
    }
}

/// Standard deviation of one day's observations.
fn deviation(moments: Moments) -> Option<f64> {
    if moments.count < 2.0 {
        return None;
    }
    let mean = moments.sum / moments.count;
    Some((moments.squares / moments.count - mean * mean).max(0.0).sqrt())
}

/// Estimates of all quantiles of a scope, in seconds.
struct Quantiles(Vec<(Waits, f64, Estimate)>);

impl Quantiles {
    fn new(states: &[State], observed: &[&Observed]) -> Self {
        let mut all = Vec::new();
        for kind in [Waits::Answered, Waits::All, Waits::ToHuman] {
            let asked = |state: &State| match state {
                State::Quantile(of, p) if *of == kind => Some(*p),
                _ => None,
            };
            let levels: Vec<f64> = states.iter().filter_map(asked).collect();
            if levels.is_empty() {
                continue;
            }
            let together = together(observed, kind);
            let estimates = together.quantiles(&levels, CONFIDENCE);
            let found = levels.into_iter().zip(estimates);
            all.extend(found.map(|(p, estimate)| (kind, p, estimate.scaled(1.0 / MICROS))));
        }
        Self(all)
    }

    #[expect(clippy::float_cmp, reason = "the level is looked up as it was given")]
    fn get(&self, waits: Waits, p: f64) -> Estimate {
        let found = self.0.iter().find(|(kind, level, _)| *kind == waits && *level == p);
        found.map_or(Estimate::UNKNOWN, |(_, _, estimate)| *estimate)
    }
}

fn estimate(state: &State, quantiles: &Quantiles) -> Estimate {
    match state {
        State::Mean(mean) | State::Until(mean, false) => mean.estimate(CONFIDENCE),
        State::Until(_, true) => Estimate::UNKNOWN,
        State::Ratio(ratio) => ratio.estimate(CONFIDENCE),
        State::Share(ratio) => ratio.estimate_share(CONFIDENCE),
        State::TimeShare(ratio) => ratio.estimate(CONFIDENCE).within(0.0, 1.0),
        State::Deviation(moments) => moments.estimate_deviation(CONFIDENCE),
        State::Maximum(most) => most.map_or(Estimate::UNKNOWN, Estimate::without_interval),
        State::Quantile(waits, p) => quantiles.get(*waits, *p),
    }
}

/// Percentiles over days; `missing` more days lie above all others. Unknown if one of the
/// percentiles is.
pub(super) fn spread(days: &[f64], missing: usize) -> Option<Days> {
    let mut sorted = days.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = days.len() + missing;
    let at = |p: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to count")]
        let rank = (p * count as f64 - 1e-9).ceil().max(1.0) as usize;
        sorted.get(rank - 1).copied()
    };
    Some(Days { p05: at(0.05)?, p50: at(0.5)?, p95: at(0.95)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_over_days_are_nearest_ranks() {
        let days: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(spread(&days, 0), Some(Days { p05: 5.0, p50: 50.0, p95: 95.0 }));
        let month: Vec<f64> = (1..=30).map(f64::from).collect();
        assert_eq!(spread(&month, 0), Some(Days { p05: 2.0, p50: 15.0, p95: 29.0 }));
        assert_eq!(spread(&[], 0), None);
        assert_eq!(spread(&[3.0], 0), Some(Days { p05: 3.0, p50: 3.0, p95: 3.0 }));
    }

    #[test]
    fn a_percentile_among_days_on_which_it_never_happened_is_unknown() {
        assert_eq!(spread(&[1.0; 90], 10), None);
        assert!(spread(&[1.0; 96], 4).is_some());
    }
}
