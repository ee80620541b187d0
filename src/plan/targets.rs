//! Targets: figures of the report held against limits, on average over days or in most days, for
//! the whole day or in every interval of it.
//!
//! To a search every target is a ratio of two sums over days against a limit: answered in time
//! over queued; good days over all days; waits of at most L over all waits, where the p95 of
//! waits shall be at most L. One day gives a numerator and a denominator for each [`TargetInterval`].

use crate::judge::expression::{Aspect, Extent, Target};
use crate::metrics::definition::{
    BOT_METRICS, Better, BotTotals, CONTACT_METRICS, Definition, GROUP_METRICS, Measure, Waits,
};
use crate::metrics::totals::{GroupTotals, Totals};
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
    Contacts(ContactScope, &'static Definition<Totals>),
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

/// Which contacts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactScope {
    /// All.
    Overall,
    /// Those of the channel at this place.
    Channel(usize),
    /// Those of the type at this place.
    Type(usize),
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
            what: Self::what(&target.figure.path, model).expect("the language knows all figures"),
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

    /// Whose figure stands at `path` of the report of `model`; `None` if it has no such figure.
    fn what(path: &str, model: &Model) -> Option<TargetFigure> {
        if let Some(rest) = path.strip_prefix("bot.") {
            return Some(TargetFigure::Bot(find(BOT_METRICS, rest)?));
        }
        let of = |prefix: &str, names: &mut dyn Iterator<Item = &String>| {
            let rest = path.strip_prefix(prefix)?;
            names.enumerate().find_map(|(index, name)| {
                let rest = rest.strip_prefix(name.as_str())?.strip_prefix('.')?;
                Some((index, rest.to_owned()))
            })
        };
        let types = &mut model.contact_types.iter().map(|kind| &kind.name);
        if let Some((index, rest)) = of("contacts.", types) {
            if let Some(name) = rest.strip_prefix("handled_by.") {
                let mut groups = model.groups.iter();
                let group = groups.position(|group| group.name == name)?;
                let contact = index;
                return Some(TargetFigure::Handled { contact, group });
            }
            return Some(TargetFigure::Contacts(
                ContactScope::Type(index),
                find(CONTACT_METRICS, &rest)?,
            ));
        }
        if let Some((index, rest)) = of("channels.", &mut model.channels.iter()) {
            return Some(TargetFigure::Contacts(
                ContactScope::Channel(index),
                find(CONTACT_METRICS, &rest)?,
            ));
        }
        let groups = &mut model.groups.iter().map(|group| &group.name);
        if let Some((index, rest)) = of("groups.", groups) {
            return Some(TargetFigure::Group(index, find(GROUP_METRICS, &rest)?));
        }
        let rest = path.strip_prefix("overall.").unwrap_or(path);
        Some(TargetFigure::Contacts(ContactScope::Overall, find(CONTACT_METRICS, rest)?))
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
            TargetFigure::Contacts(_, definition) => definition.better,
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
        match self.what {
            TargetFigure::Contacts(_, Definition { measure: Measure::Quantile(waits, p), .. })
            | TargetFigure::Bot(Definition { measure: Measure::Quantile(waits, p), .. }) => {
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
        let TargetFigure::Contacts(scope, definition) = self.what else {
            return None;
        };
        match definition.path {
            "service_level" => Some(service_level_of(scope, model).formula),
            "service_levels.excl_quick_abandons" => Some(Formula::ExclQuickAbandons),
            "service_levels.strict" => Some(Formula::Strict),
            "service_levels.answered_only" => Some(Formula::AnsweredOnly),
            "service_levels.abandon_in_time_ok" => Some(Formula::AbandonInTimeOk),
            _ => None,
        }
    }

    /// Whether counting waits and losses is enough to know it.
    pub(super) fn is_counted(&self) -> bool {
        const COUNTED: [&str; 20] = [
            "arrivals",
            "offered",
            "queued",
            "answered",
            "abandoned",
            "blocked",
            "unfinished",
            "abandonment_rate",
            "blocking_rate",
            "delay_probability",
            "service_level",
            "service_levels.excl_quick_abandons",
            "service_levels.strict",
            "service_levels.answered_only",
            "service_levels.abandon_in_time_ok",
            "goal_met",
            "wait.mean",
            "wait_all.mean",
            "wait_abandoned.mean",
            "excess_wait",
        ];
        match self.what {
            TargetFigure::Contacts(_, definition) => {
                self.quantile().is_some() || COUNTED.contains(&definition.path)
            }
            TargetFigure::Group(..) | TargetFigure::Bot(_) | TargetFigure::Handled { .. } => false,
        }
    }
}

pub(super) fn service_level_of(scope: ContactScope, model: &Model) -> ServiceLevel {
    match scope {
        ContactScope::Type(index) => model.contact_types[index].service_level,
        ContactScope::Overall | ContactScope::Channel(_) => model.service_level,
    }
}

fn find<T>(metrics: &'static [Definition<T>], path: &str) -> Option<&'static Definition<T>> {
    metrics.iter().find(|definition| definition.path == path)
}
