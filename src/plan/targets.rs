//! Targets: figures of the report held against limits, on average over days or in most days, for
//! the whole day or in every interval of it.
//!
//! To a search every target is a ratio of two sums over days against a limit: answered in time
//! over queued; good days over all days; waits of at most L over all waits, where the p95 of
//! waits shall be at most L. One day gives a numerator and a denominator for each [`TargetInterval`].

use crate::judge::expression::{Aspect, Extent, Target};
use crate::metrics::definition::{
    Better, BotTotals, ContactMetric, Definition, Measure, Waits, open_share,
};
use crate::metrics::path::{ContactScope, FigurePath};
use crate::metrics::totals::GroupTotals;
use crate::model::{Formula, Model, ServiceLevel};
use crate::time::SimSpan;

mod intervals;
mod measure;

pub use intervals::{PARTS, PlanTargets, TargetInterval, common};

/// Which side of the limit is the targeted one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// At the limit or above it.
    AtLeast,
    /// At the limit or below it.
    AtMost,
}

/// A figure of the report and the limit it is held against.
#[derive(Clone, Debug)]
pub struct PlanTarget {
    /// As it is written in the scenario.
    pub text: String,
    /// Path of the figure in the report, a leading `overall.` taken off.
    pub path: String,
    /// Whose figure it is.
    pub what: TargetFigure,
    /// Which side of the limit is targeted.
    pub sense: Sense,
    /// The limit, in the unit of the figure.
    pub limit: f64,
    /// Held in every interval of this length; `None`: over the whole day.
    pub every: Option<SimSpan>,
    /// Held in at least this share of days; `None`: on average over days.
    pub days: Option<f64>,
}

/// Whose figure, and which.
#[derive(Clone, Copy, Debug)]
pub enum TargetFigure {
    /// Of contacts.
    Contacts(ContactScope, ContactMetric),
    /// Of the agent group at this place.
    Group(usize, &'static Definition<GroupTotals>),
    /// Of the bot.
    Bot(&'static Definition<BotTotals>),
    /// Contacts of a type that a group answers.
    Handled {
        /// The type.
        contact: usize,
        /// The group.
        group: usize,
    },
}

impl TargetFigure {
    /// Whose figure stands at `path` of the report of `model`; `None` if it has no such figure.
    fn at(path: &str, model: &Model) -> Option<Self> {
        Some(match FigurePath::parse(path, model)? {
            FigurePath::Contacts(scope, metric) => Self::Contacts(scope, metric),
            FigurePath::Bot(metric) => Self::Bot(metric.definition()),
            FigurePath::Group(group, metric) => Self::Group(group, metric.definition()),
            FigurePath::OpenShare { group, open } => Self::Group(group, open_share(open)?),
            FigurePath::HandledBy { contact, group } => Self::Handled { contact, group },
        })
    }
}

/// A ratio of sums over days, and the limit it is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioLimit {
    /// Which side of the limit is targeted.
    pub sense: Sense,
    /// The limit.
    pub limit: f64,
}

impl RatioLimit {
    /// Whether no value can be beyond the limit of a share: all, or none.
    pub fn is_end_of_scale(&self) -> bool {
        match self.sense {
            Sense::AtLeast => self.limit >= 1.0,
            Sense::AtMost => self.limit <= 0.0,
        }
    }

    /// By how much `value` meets the target; negative where it does not.
    pub fn slack(&self, value: f64) -> f64 {
        match self.sense {
            Sense::AtLeast => value - self.limit,
            Sense::AtMost => self.limit - value,
        }
    }
}

impl PlanTarget {
    /// The target that an expression of `[plan] meet` makes for a model.
    ///
    /// # Panics
    /// When the figure is none of the model: the language refuses that.
    pub fn new(target: &Target, model: &Model) -> Self {
        let sense = if target.op.is_upper_limit() { Sense::AtMost } else { Sense::AtLeast };
        let days = match (target.extent, target.aspect, sense) {
            (Extent::Days(share), ..) => Some(share),
            // The p95 over days is at most L where 95 % of days are.
            (_, Aspect::Days(p), Sense::AtMost) => Some(p),
            (_, Aspect::Days(p), Sense::AtLeast) => Some(1.0 - p),
            _ => None,
        };
        Self {
            text: target.text.clone(),
            what: TargetFigure::at(&target.figure.path, model)
                .expect("the language knows all figures"),
            path: target.figure.path.clone(),
            sense,
            limit: target.limit,
            every: match target.extent {
                Extent::Every(length) => Some(length),
                Extent::Whole | Extent::Days(_) => None,
            },
            days,
        }
    }

    /// What the ratio of sums is held against.
    pub fn standard(&self) -> RatioLimit {
        if let Some(share) = self.days {
            let sense = Sense::AtLeast;
            return RatioLimit { sense, limit: share };
        }
        self.within_a_day()
    }

    /// What the figure itself, on average over days, is held against.
    pub fn average(&self) -> RatioLimit {
        RatioLimit { sense: self.sense, limit: self.limit }
    }

    pub(super) fn within_a_day(&self) -> RatioLimit {
        match self.quantile() {
            // The p95 is at most L where 95 % are at most L.
            Some((_, p)) => RatioLimit {
                sense: match self.sense {
                    Sense::AtMost => Sense::AtLeast,
                    Sense::AtLeast => Sense::AtMost,
                },
                limit: p,
            },
            None => RatioLimit { sense: self.sense, limit: self.limit },
        }
    }

    /// Whether more agents help to meet it: a limit on what had better be small, or large.
    pub fn is_helped(&self) -> bool {
        let better = match self.what {
            TargetFigure::Contacts(_, metric) => metric.definition().better,
            TargetFigure::Bot(definition) => definition.better,
            TargetFigure::Group(_, definition) if definition.path.contains("occupancy") => {
                Better::Lower
            }
            TargetFigure::Group(..) | TargetFigure::Handled { .. } => Better::Neither,
        };
        matches!(
            (better, self.sense),
            (Better::Higher, Sense::AtLeast) | (Better::Lower, Sense::AtMost)
        )
    }

    /// The waits and the level, where the figure is a quantile.
    pub fn quantile(&self) -> Option<(Waits, f64)> {
        let of_contacts = |metric: ContactMetric| match metric.definition().measure {
            Measure::Quantile(waits, p) => Some((waits, p)),
            _ => None,
        };
        match self.what {
            TargetFigure::Contacts(_, metric) => of_contacts(metric),
            TargetFigure::Bot(Definition { measure: Measure::Quantile(waits, p), .. }) => {
                Some((*waits, *p))
            }
            _ => None,
        }
    }

    /// The contact types it is about.
    pub fn members(&self, model: &Model) -> Vec<usize> {
        let types = 0..model.contact_types.len();
        match self.what {
            TargetFigure::Contacts(ContactScope::Type(index), _)
            | TargetFigure::Handled { contact: index, .. } => {
                vec![index]
            }
            TargetFigure::Contacts(ContactScope::Channel(channel), _) => {
                types.filter(|index| model.contact_types[*index].channel == channel).collect()
            }
            TargetFigure::Contacts(ContactScope::Overall, _) | TargetFigure::Bot(_) => {
                types.collect()
            }
            TargetFigure::Group(group, _) => types
                .filter(|index| {
                    let groups = &model.contact_types[*index].groups;
                    groups.iter().any(|id| id.index() == group)
                })
                .collect(),
        }
    }

    /// Where the figure is a service level, its formula and the targets of the types.
    pub fn formula(&self, model: &Model) -> Option<Formula> {
        let TargetFigure::Contacts(scope, metric) = self.what else {
            return None;
        };
        match metric {
            ContactMetric::ServiceLevel => Some(service_level_of(scope, model).formula),
            ContactMetric::ServiceLevelExclQuickAbandons => Some(Formula::ExclQuickAbandons),
            ContactMetric::ServiceLevelStrict => Some(Formula::Strict),
            ContactMetric::ServiceLevelAnsweredOnly => Some(Formula::AnsweredOnly),
            ContactMetric::ServiceLevelAbandonInTimeOk => Some(Formula::AbandonInTimeOk),
            _ => None,
        }
    }

    /// Whether counting waits and losses is enough to know it.
    pub(super) fn is_counted(&self) -> bool {
        use ContactMetric::{
            Abandoned, AbandonmentRate, Answered, Arrivals, Blocked, BlockingRate,
            DelayProbability, ExcessWait, GoalMet, Offered, Queued, ServiceLevel,
            ServiceLevelAbandonInTimeOk, ServiceLevelAnsweredOnly, ServiceLevelExclQuickAbandons,
            ServiceLevelStrict, Unfinished, WaitAbandonedMean, WaitAllMean, WaitMean,
        };
        let TargetFigure::Contacts(_, metric) = self.what else {
            return false;
        };
        self.quantile().is_some()
            || matches!(
                metric,
                Arrivals
                    | Offered
                    | Queued
                    | Answered
                    | Abandoned
                    | Blocked
                    | Unfinished
                    | AbandonmentRate
                    | BlockingRate
                    | DelayProbability
                    | ServiceLevel
                    | ServiceLevelExclQuickAbandons
                    | ServiceLevelStrict
                    | ServiceLevelAnsweredOnly
                    | ServiceLevelAbandonInTimeOk
                    | GoalMet
                    | WaitMean
                    | WaitAllMean
                    | WaitAbandonedMean
                    | ExcessWait
            )
    }
}

pub(super) fn service_level_of(scope: ContactScope, model: &Model) -> ServiceLevel {
    match scope {
        ContactScope::Type(index) => model.contact_types[index].service_level,
        ContactScope::Overall | ContactScope::Channel(_) => model.service_level,
    }
}
