//! Which figures the report of a model has: what an expression may name.

use std::collections::BTreeMap;

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
        let mut figures = Vec::new();
        add(&mut figures, "", METRICS, |_| true);
        for contact in &model.contact_types {
            let prefix = format!("contacts.{}.", contact.name);
            add(&mut figures, &prefix, METRICS, |_| true);
            let handled_by = contact.groups.iter().map(|group| Known {
                path: format!("{prefix}handled_by.{}", model.groups[group.index()].name),
                unit: Unit::Count,
                better: Better::Neither,
                is_of_day: true,
                is_of_interval: false,
                statistic: Statistic::Mean,
            });
            figures.extend(handled_by);
        }
        let start = figures.len();
        for channel in &model.channels {
            add(&mut figures, &format!("channels.{channel}."), METRICS, |_| true);
        }
        add(&mut figures, "bot.", BOT_METRICS, |_| true);
        of_days_only(&mut figures, start);
        for group in &model.groups {
            let has_slots = |definition: &Definition<_>| definition.least_slots <= group.slots();
            let prefix = format!("groups.{}.", group.name);
            add(&mut figures, &prefix, GROUP_METRICS, has_slots);
        }
        let places = figures.iter().enumerate();
        let places = places.map(|(at, known)| (known.path.clone(), at)).collect::<BTreeMap<_, _>>();
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

/// Adds the figures of one scope; whole days have those that `is_there` tells.
fn add<T>(
    figures: &mut Vec<Known>,
    prefix: &str,
    definitions: &'static [Definition<T>],
    is_there: impl Fn(&Definition<T>) -> bool,
) {
    for definition in definitions {
        let known = Known {
            path: format!("{prefix}{}", definition.path),
            unit: definition.unit,
            better: definition.better,
            is_of_day: definition.is_of_day() && is_there(definition),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::merge::Merged;
    use crate::experiment::study::Asked;
    use crate::format::{NoFiles, SourceText};
    use crate::scenario::parse;

    #[test]
    fn the_catalog_names_what_a_summary_tells() {
        let text = r#"
            run.duration = "2h"
            contacts.chat = { rate = "9/h", handling = { fixed = { value = "1m" } } }
            contacts.call = { rate = "9/h", channel = "voice", handling = { fixed = { value = "1m" } } }
            groups.both = { skills = ["chat", "call"], staff = 3, concurrency = { chats = 3 } }
            groups.one = { skills = ["call"], staff = 1 }
        "#;
        let parsed = parse(SourceText::new("a.toml", text), &[], &NoFiles)
            .map_err(|problems| problems.render(false))
            .unwrap();
        let model = Model::compile(&parsed.scenario);
        let (catalog, summary) =
            (Catalog::new(&model), Merged::new(&model, &Asked::NOTHING).summary(0, 0, 1));
        let known = |is_there: fn(&&Known) -> bool| catalog.figures().iter().filter(is_there);
        for figure in known(|known| known.is_of_day) {
            assert!(summary.figure(&figure.path).is_some(), "{}", figure.path);
        }
        let of_days = summary.overall.iter().count()
            + summary.contacts.iter().fold(0, |sum, contact| {
                sum + contact.figures.iter().count() + contact.handled_by.len()
            })
            + summary.bot.iter().count()
            + [&summary.channels, &summary.groups]
                .into_iter()
                .flatten()
                .fold(0, |sum, named| sum + named.value.iter().count());
        assert_eq!(known(|known| known.is_of_day).count(), of_days);
        let interval = &summary.intervals[0];
        for figure in known(|known| known.is_of_interval) {
            assert!(interval.figure(&figure.path).is_some(), "{}", figure.path);
        }
        let of_intervals = interval.overall.iter().count()
            + [&interval.contacts, &interval.groups]
                .into_iter()
                .flatten()
                .fold(0, |sum, named| sum + named.value.iter().count());
        assert_eq!(known(|known| known.is_of_interval).count(), of_intervals);
    }
}
