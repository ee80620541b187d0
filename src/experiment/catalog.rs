//! Which figures the report of a model has: what an expression may name.

use std::collections::BTreeMap;

use crate::metrics::definition::{
    Better, BotMetric, ContactMetric, Definition, GroupMetric, Measure, Unit, open_share,
};
use crate::metrics::path::{CenterNames, ContactScope, FigurePath};
use crate::model::Model;
use crate::time::{SimSpan, SimTime};

/// One figure that a report has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFigure {
    /// Which one.
    pub figure: FigurePath,
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

/// Words in paths behind which a name stands.
pub const SCOPES: [&str; 3] = ["contacts", "channels", "groups"];

/// All figures of the reports of one model.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Length of the reporting interval.
    pub interval: SimSpan,
    /// Length of the arrivals.
    pub duration: SimSpan,
    names: KnownNames,
    figures: Vec<KnownFigure>,
    places: BTreeMap<FigurePath, usize>,
}

/// Names of contact types, channels and groups.
#[derive(Clone, Debug)]
struct KnownNames([Vec<String>; 3]);

impl CenterNames for KnownNames {
    fn contact(&self, place: usize) -> Option<&str> {
        self.0[0].get(place).map(String::as_str)
    }

    fn channel(&self, place: usize) -> Option<&str> {
        self.0[1].get(place).map(String::as_str)
    }

    fn group(&self, place: usize) -> Option<&str> {
        self.0[2].get(place).map(String::as_str)
    }
}

impl Catalog {
    /// The figures of `model`, those of all contacts together first.
    pub fn new(model: &Model) -> Self {
        let figures: Vec<KnownFigure> =
            paths(model).into_iter().filter_map(|path| KnownFigure::of(path, model)).collect();
        let places = figures.iter().enumerate();
        let places = places.map(|(at, known)| (known.figure, at)).collect();
        let contacts = model.contact_types.iter().map(|kind| kind.name.clone());
        let groups = model.groups.iter().map(|group| group.name.clone());
        Self {
            interval: model.horizon.interval,
            duration: model.horizon.duration - SimTime::START,
            names: KnownNames([contacts.collect(), model.channels.clone(), groups.collect()]),
            figures,
            places,
        }
    }

    /// The names that may stand behind `contacts`, `channels` or `groups` in a path, in order of
    /// listing; none behind any other word.
    pub fn names(&self, scope: &str) -> &[String] {
        let at = SCOPES.iter().position(|known| *known == scope);
        at.map_or(&[], |at| &self.names.0[at])
    }

    /// All figures, those of all contacts together first.
    pub fn figures(&self) -> &[KnownFigure] {
        &self.figures
    }

    /// The figure at `path`; an `overall.` before it may be left out.
    pub fn get(&self, path: &str) -> Option<&KnownFigure> {
        let path = FigurePath::parse(path, &self.names)?;
        self.places.get(&path).map(|at| &self.figures[*at])
    }
}

/// Every figure that there can be, those of all contacts together first.
fn paths(model: &Model) -> Vec<FigurePath> {
    let contacts = |scope| {
        let all = ContactMetric::ALL.iter();
        all.map(move |metric| FigurePath::Contacts(scope, *metric))
    };
    let mut paths: Vec<FigurePath> = contacts(ContactScope::Overall).collect();
    for (contact, kind) in model.contact_types.iter().enumerate() {
        paths.extend(contacts(ContactScope::Type(contact)));
        let groups = kind.groups.iter().map(|group| group.index());
        paths.extend(groups.map(|group| FigurePath::HandledBy { contact, group }));
    }
    for channel in 0..model.channels.len() {
        paths.extend(contacts(ContactScope::Channel(channel)));
    }
    paths.extend(BotMetric::ALL.iter().map(|metric| FigurePath::Bot(*metric)));
    for (group, about) in model.groups.iter().enumerate() {
        paths.extend(GroupMetric::ALL.iter().map(|metric| FigurePath::Group(group, *metric)));
        let open = 0..=about.slots();
        paths.extend(open.map(|open| FigurePath::OpenShare { group, open }));
    }
    paths
}

impl KnownFigure {
    /// What is known of a figure of a model; `None` where no report tells it.
    fn of(figure: FigurePath, model: &Model) -> Option<Self> {
        let known = match figure {
            FigurePath::Contacts(scope, metric) => {
                let known = Self::defined(figure, metric.definition(), model);
                let is_of_interval =
                    known.is_of_interval && !matches!(scope, ContactScope::Channel(_));
                Self { is_of_interval, ..known }
            }
            FigurePath::Bot(metric) => Self::defined(figure, metric.definition(), model),
            FigurePath::Group(_, metric) => Self::defined(figure, metric.definition(), model),
            FigurePath::OpenShare { open, .. } => Self::defined(figure, open_share(open)?, model),
            FigurePath::HandledBy { .. } => Self {
                figure,
                path: figure.text(model),
                unit: Unit::Count,
                better: Better::Neither,
                is_of_day: true,
                is_of_interval: false,
                statistic: Statistic::Mean,
            },
        };
        (known.is_of_day || known.is_of_interval).then_some(known)
    }

    fn defined<T>(figure: FigurePath, definition: &Definition<T>, model: &Model) -> Self {
        Self {
            figure,
            path: figure.text(model),
            unit: definition.unit,
            better: definition.better,
            is_of_day: definition.is_of_day(),
            is_of_interval: definition.is_of_interval(),
            statistic: match definition.measure {
                Measure::Until(_) => Statistic::Until,
                Measure::Quantile(..) => Statistic::Quantile,
                Measure::Maximum(_) => Statistic::Maximum,
                _ => Statistic::Mean,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::asked::Asked;
    use crate::experiment::merge::Merged;
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
        let known = |is_there: fn(&&KnownFigure) -> bool| catalog.figures().iter().filter(is_there);
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
