//! What is known beforehand of arrivals and agent times.

use std::ops::Range;

use super::Sample;
use crate::model::{ContactType, Model, SourceKind};
use crate::time::{SimSpan, SimTime};

/// What is known beforehand of what comes: nothing, where that cannot be told from the model.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedArrivals(pub(super) Option<ArrivalMoments>);

/// First attempts of all types.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ArrivalMoments {
    /// By bin of the grid, how many are expected.
    pub(super) mean: Vec<f64>,
    /// How they vary; `None`: surges, logs or backlogs make them vary in a way of their own.
    pub(super) variance: Option<Variance>,
}

/// How many come varies like Poisson numbers around the product of two independent factors, the
/// day's and the type's.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Variance {
    /// By contact type, then bin: how many are expected.
    means: Vec<Vec<f64>>,
    /// By contact type: squared coefficient of variation of its factor.
    own: Vec<f64>,
    /// The same of the day's factor.
    shared: f64,
}

impl Variance {
    /// `None` where surges, logs or backlogs make it another.
    fn new(model: &Model, bins: &[(SimTime, SimTime)]) -> Option<Self> {
        let is_plain = |kind: &ContactType| {
            let base = |source: &crate::model::Source| source.kind == SourceKind::Base;
            kind.log.is_none() && kind.sources.iter().all(base)
        };
        let kinds = &model.contact_types;
        let means = |kind: &ContactType| -> Vec<f64> {
            let bins = bins.iter();
            bins.map(|(from, to)| {
                expected_before(kind, model, *to) - expected_before(kind, model, *from)
            })
            .collect()
        };
        kinds.iter().all(is_plain).then(|| Self {
            means: kinds.iter().map(means).collect(),
            own: kinds.iter().map(|kind| kind.busyness.powi(2)).collect(),
            shared: model.busyness.powi(2),
        })
    }

    /// The variance of how many come in a span.
    pub(super) fn of(&self, span: &Range<usize>) -> f64 {
        let (mut sum, mut own) = (0.0, 0.0);
        for (means, factor) in self.means.iter().zip(&self.own) {
            let mean: f64 = means[span.clone()].iter().sum();
            sum += mean;
            own += factor * mean * mean;
        }
        sum + self.shared * sum * sum + (1.0 + self.shared) * own
    }
}

impl ExpectedArrivals {
    /// For a model on a grid. Unknown where a surge may lower the rate, and in the warm-up.
    pub fn new(model: &Model, grid: SimSpan) -> Self {
        let lowers = |surge: &crate::model::Surge| surge.factor.cdf(1.0) > 0.0;
        if model.surges.iter().any(lowers) || model.horizon.warm_up > SimTime::START {
            return Self(None);
        }
        let before = |at: SimTime| -> f64 {
            let kinds = model.contact_types.iter();
            kinds.map(|kind| expected_before(kind, model, at)).sum()
        };
        let mut bins = Vec::new();
        let mut at = SimTime::START;
        while at < model.horizon.duration {
            let next = (at + grid).min(model.horizon.duration);
            bins.push((at, next));
            at = next;
        }
        let mean = bins.iter().map(|(from, to)| before(*to) - before(*from));
        Self(Some(ArrivalMoments { mean: mean.collect(), variance: Variance::new(model, &bins) }))
    }

    /// Nothing is known.
    pub const fn unknown() -> Self {
        Self(None)
    }

    /// Only if the days of a sample agree with it.
    #[must_use]
    pub fn confirmed(self, sample: &Sample) -> Self {
        let Some(expected) = &self.0 else { return self };
        let days = sample.arrivals.len() as f64;
        let sums: Vec<f64> = sample.arrivals.iter().map(|day| day.iter().sum()).collect();
        let mean = sums.iter().sum::<f64>() / days;
        let variance = sums.iter().map(|sum| (sum - mean).powi(2)).sum::<f64>() / (days - 1.0);
        let off = (mean - expected.mean.iter().sum::<f64>()).abs();
        if off <= 5.0 * (variance / days).sqrt() + 1e-9 { self } else { Self(None) }
    }
}

/// First attempts of a type expected before an instant.
fn expected_before(kind: &ContactType, model: &Model, at: SimTime) -> f64 {
    let of_source = |source: &crate::model::Source| {
        let factor = match source.kind {
            SourceKind::Surge(surge) => model.surges[surge.index()].factor.mean() - 1.0,
            SourceKind::Backlog | SourceKind::Base => 1.0,
        };
        source.schedule.expected_before(at) * factor
    };
    kind.sources.iter().map(of_source).sum()
}

/// Mean and variance of an agent time, seconds.
pub type AgentTime = (f64, f64);

/// By contact type, the agent time of each answered contact: known where no bot, log or
/// concurrency changes it and all groups take equally long.
pub fn agent_times(model: &Model) -> Vec<Option<AgentTime>> {
    let bots = model.contact_types.iter().any(|kind| kind.bot.is_some());
    let of_type = |(index, kind): (usize, &ContactType)| {
        if bots || kind.log.is_some() {
            return None;
        }
        let mut speed: Option<f64> = None;
        for id in &kind.groups {
            let group = &model.groups[id.index()];
            let skill = group.skills[index].as_ref()?;
            let alike = speed.is_none_or(|speed| (speed - skill.speed).abs() <= 1e-9 * speed);
            if group.speeds.is_some() || skill.handling.is_some() || !alike {
                return None;
            }
            speed = Some(skill.speed);
        }
        let speed = speed?;
        let wrap_up = kind.wrap_up.as_ref();
        let wrap_up = wrap_up.map_or((0.0, 0.0), |wrap_up| (wrap_up.mean(), wrap_up.variance()));
        Some((
            kind.handling.mean() / speed + wrap_up.0,
            kind.handling.variance() / speed.powi(2) + wrap_up.1,
        ))
    };
    let kinds = model.contact_types.iter().enumerate();
    kinds.map(of_type).collect()
}
