//! Which figures the report of a model has: what an expression may name.

use std::collections::BTreeMap;

use super::merge::Merged;
use super::study::Asked;
use super::summary::Figures;
use crate::metrics::definition::{
    BOT_METRICS, Better, Definition, GROUP_METRICS, METRICS, Measure, Unit,
};
use crate::model::Model;
use crate::time::SimSpan;

/// One figure that a report has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its path, as [`Summary::figure`](super::Summary::figure) takes it.
    pub path: String,
    /// What its number means.
    pub unit: Unit,
    /// Which direction serves customers or costs.
    pub better: Better,
    /// Whether it is reported for the whole day.
    pub is_of_day: bool,
    /// Whether it is reported for each interval.
    pub is_of_interval: bool,
    /// What kind of statistic it is.
    pub statistic: Statistic,
}

/// What a caller has to know of how a figure is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// A mean or a ratio of means over replications.
    Mean,
    /// A mean of times until something happens: unknown where it did not on some day.
    Until,
    /// A quantile of pooled observations; its interval rests on at most 20 sections.
    Quantile,
    /// A largest observation, which has no interval.
    Maximum,
}

/// All figures of the reports of one model.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Length of the reporting interval.
    pub interval: SimSpan,
    /// Length of the arrivals.
    pub duration: SimSpan,
    figures: Vec<Known>,
    places: BTreeMap<String, usize>,
}

impl Catalog {
    /// The figures of `model`, those of all contacts together first.
    pub fn new(model: &Model) -> Self {
        let summary = Merged::new(model, &Asked::NOTHING).summary(0, 0);
        let mut figures = Vec::new();
        add(&mut figures, "", &summary.overall, METRICS);
        for contact in &summary.contacts {
            let prefix = format!("contacts.{}.", contact.name);
            add(&mut figures, &prefix, &contact.figures, METRICS);
            let handled_by = contact.handled_by.iter().map(|group| Known {
                path: format!("{prefix}handled_by.{}", group.name),
                unit: Unit::Count,
                better: Better::Neither,
                is_of_day: true,
                is_of_interval: false,
                statistic: Statistic::Mean,
            });
            figures.extend(handled_by);
        }
        for channel in &summary.channels {
            let prefix = format!("channels.{}.", channel.name);
            let start = figures.len();
            add(&mut figures, &prefix, &channel.value, METRICS);
            of_days_only(&mut figures, start);
        }
        let start = figures.len();
        add(&mut figures, "bot.", &summary.bot, BOT_METRICS);
        of_days_only(&mut figures, start);
        for group in &summary.groups {
            let prefix = format!("groups.{}.", group.name);
            add(&mut figures, &prefix, &group.value, GROUP_METRICS);
        }
        let places = figures.iter().enumerate();
        let places = places
            .map(|(at, known)| (known.path.clone(), at))
            .collect::<BTreeMap<_, _>>();
        Self {
            interval: model.horizon.interval,
            duration: model.horizon.duration - crate::time::SimTime::START,
            figures,
            places,
        }
    }

    /// All figures, those of all contacts together first.
    pub fn figures(&self) -> &[Known] {
        &self.figures
    }

    /// The figure at `path`; an `overall.` before it may be left out.
    pub fn get(&self, path: &str) -> Option<&Known> {
        let path = path.strip_prefix("overall.").unwrap_or(path);
        self.places.get(path).map(|at| &self.figures[*at])
    }
}

/// Adds the figures of one scope; `of_days` are those of whole days.
fn add<T>(
    figures: &mut Vec<Known>,
    prefix: &str,
    of_days: &Figures,
    definitions: &'static [Definition<T>],
) {
    for definition in definitions {
        let known = Known {
            path: format!("{prefix}{}", definition.path),
            unit: definition.unit,
            better: definition.better,
            is_of_day: of_days.get(definition.path).is_some(),
            is_of_interval: definition.is_of_interval(),
            statistic: statistic(&definition.measure),
        };
        if known.is_of_day || known.is_of_interval {
            figures.push(known);
        }
    }
}

/// Intervals do not tell of these scopes.
fn of_days_only(figures: &mut Vec<Known>, start: usize) {
    for known in &mut figures[start..] {
        known.is_of_interval = false;
    }
    figures.retain(|known| known.is_of_day || known.is_of_interval);
}

fn statistic<T>(measure: &Measure<T>) -> Statistic {
    match measure {
        Measure::Until(_) => Statistic::Until,
        Measure::Quantile(..) => Statistic::Quantile,
        Measure::Maximum(_) => Statistic::Maximum,
        _ => Statistic::Mean,
    }
}
