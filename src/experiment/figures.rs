//! From the sums of single replications to figures with intervals.

use super::summary::{Days, Figure, Figures};
use crate::metrics::day::Sketches;
use crate::metrics::definition::{Definition, Measure, Waits};
use crate::metrics::totals::Moments;
use crate::stats::quantile::{Resolution, Sketch};
use crate::stats::sections::Sections;
use crate::stats::{Estimate, MeanAccumulator, MomentAccumulator, RatioAccumulator};

/// Confidence of every interval in the report.
pub(super) const CONFIDENCE: f64 = 0.95;
/// Microseconds in a second.
const MICROS: f64 = 1e6;

/// Figures of one scope over the replications so far.
#[derive(Clone, Debug)]
pub(super) struct Gathered<T: 'static> {
    definitions: Vec<&'static Definition<T>>,
    states: Vec<State>,
    /// Values of the single days, by figure; only for scopes that are whole days.
    days: Option<Vec<Vec<f64>>>,
    waits: [Sections; 3],
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

/// What the quantiles of a scope are taken from.
pub(super) trait Observed {
    /// The observations of one replication.
    fn sketch(&self, waits: Waits) -> &Sketch;
}

impl Observed for Sketches {
    fn sketch(&self, waits: Waits) -> &Sketch {
        match waits {
            Waits::Answered => &self.answered,
            Waits::All => &self.all,
            Waits::ToHuman => &self.to_human,
        }
    }
}

/// One kind of observation, whatever is asked for.
impl Observed for Sketch {
    fn sketch(&self, _waits: Waits) -> &Sketch {
        self
    }
}

fn place(waits: Waits) -> usize {
    match waits {
        Waits::Answered => 0,
        Waits::All => 1,
        Waits::ToHuman => 2,
    }
}

impl<T> Gathered<T> {
    /// Nothing yet, for whole days.
    pub(super) fn of_days(definitions: &'static [Definition<T>]) -> Self {
        let definitions: Vec<_> = definitions.iter().filter(|d| d.is_of_day()).collect();
        let days = Some(vec![Vec::new(); definitions.len()]);
        Self::new(definitions, days, Resolution::FINE)
    }

    /// Nothing yet, for an interval.
    pub(super) fn of_interval(definitions: &'static [Definition<T>]) -> Self {
        let definitions = definitions.iter().filter(|d| d.is_of_interval()).collect();
        Self::new(definitions, None, Resolution::COARSE)
    }

    fn new(
        definitions: Vec<&'static Definition<T>>,
        days: Option<Vec<Vec<f64>>>,
        resolution: Resolution,
    ) -> Self {
        let states = definitions.iter().map(|d| State::new(&d.measure)).collect();
        let waits = [0; 3].map(|_| Sections::new(resolution));
        Self {
            definitions,
            states,
            days,
            waits,
            replications: 0,
        }
    }

    /// Adds the next replication.
    pub(super) fn push(&mut self, totals: &T, observed: Option<&impl Observed>) {
        for (index, definition) in self.definitions.iter().enumerate() {
            let state = &mut self.states[index];
            let today = gather(state, &definition.measure, totals, observed);
            if let (Some(days), Some(today)) = (&mut self.days, today) {
                days[index].push(today);
            }
        }
        if let Some(observed) = observed {
            for waits in [Waits::Answered, Waits::All, Waits::ToHuman] {
                self.waits[place(waits)].push(self.replications, observed.sketch(waits));
            }
        }
        self.replications += 1;
    }

    /// The figures.
    pub(super) fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        let quantiles = Quantiles::new(&self.states, &self.waits);
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

    /// The estimate of one figure.
    pub(super) fn estimate_of(&self, path: &str) -> Option<Estimate> {
        let index = self.definitions.iter().position(|d| d.path == path)?;
        let state = &self.states[index];
        Some(estimate(
            state,
            &Quantiles::new(std::slice::from_ref(state), &self.waits),
        ))
    }
}

/// Adds one replication to a figure and tells its value on that day, if it has one.
fn gather<T>(
    state: &mut State,
    measure: &Measure<T>,
    totals: &T,
    observed: Option<&impl Observed>,
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
        (Measure::Quantile(waits, p), _) => Some(observed?.sketch(*waits).quantile(*p)? / MICROS),
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
    Some(
        (moments.squares / moments.count - mean * mean)
            .max(0.0)
            .sqrt(),
    )
}

/// Estimates of all quantiles of a scope, in seconds.
struct Quantiles(Vec<(Waits, f64, Estimate)>);

impl Quantiles {
    fn new(states: &[State], waits: &[Sections; 3]) -> Self {
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
            let estimates = waits[place(kind)].quantiles(&levels, CONFIDENCE);
            all.extend(
                levels
                    .into_iter()
                    .zip(estimates)
                    .map(|(p, e)| (kind, p, e.scaled(1.0 / MICROS))),
            );
        }
        Self(all)
    }

    #[expect(clippy::float_cmp, reason = "the level is looked up as it was given")]
    fn get(&self, waits: Waits, p: f64) -> Estimate {
        let found = self
            .0
            .iter()
            .find(|(kind, level, _)| *kind == waits && *level == p);
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
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "1 to count"
        )]
        let rank = (p * count as f64 - 1e-9).ceil().max(1.0) as usize;
        sorted.get(rank - 1).copied()
    };
    Some(Days {
        p05: at(0.05)?,
        p50: at(0.5)?,
        p95: at(0.95)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_over_days_are_nearest_ranks() {
        let days: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(
            spread(&days, 0),
            Some(Days {
                p05: 5.0,
                p50: 50.0,
                p95: 95.0
            })
        );
        assert_eq!(spread(&[], 0), None);
        assert_eq!(
            spread(&[3.0], 0),
            Some(Days {
                p05: 3.0,
                p50: 3.0,
                p95: 3.0
            })
        );
    }

    #[test]
    fn a_percentile_among_days_on_which_it_never_happened_is_unknown() {
        assert_eq!(spread(&[1.0; 90], 10), None);
        assert!(spread(&[1.0; 96], 4).is_some());
    }
}
