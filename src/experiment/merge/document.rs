//! The results document made of all replications so far.

use std::convert::Infallible;
use std::ops::Range;

use super::stretch::Stretch;
use super::{Interval, Merged, all};
use crate::experiment::figures::{FigureScope, Observed, spread, together};
use crate::experiment::summary::{
    ContactSummary, DayValues, Figure, Figures, IntervalSummary, Named, RunFacts, Stretches,
    Summary, WaitDistribution,
};
use crate::experiment::{Control, parallel, warnings};
use crate::metrics::definition::Waits;
use crate::metrics::path::{ContactScope, FigurePath};
use crate::time::{SimSpan, SimTime};

/// A thread is not worth its start for fewer intervals.
const LEAST_OF_A_THREAD: usize = 8;

impl Merged<'_> {
    /// The results document, made by so many threads; `wanted` replications were asked for.
    pub(in crate::experiment) fn summary(&self, seed: u64, wanted: u32, threads: usize) -> Summary {
        let model = self.model;
        let named = |names: Vec<&String>, figures: Vec<Figures>| -> Vec<Named<Figures>> {
            let pairs = names.into_iter().zip(figures);
            pairs.map(|(name, value)| Named { name: name.clone(), value }).collect()
        };
        let mut summary = Summary {
            title: model.title.clone(),
            digest: model.digest.clone(),
            run: RunFacts {
                seed,
                replications: self.replications,
                duration: model.horizon.duration - SimTime::START,
                warm_up: model.horizon.warm_up - SimTime::START,
                interval: model.horizon.interval,
                events: self.events,
                contacts: self.contacts,
                partial: self.replications < wanted,
            },
            overall: self.overall.figures(&all(&self.waits)),
            contacts: (0..self.types.len()).map(|index| self.contact(index)).collect(),
            channels: named(
                model.channels.iter().collect(),
                (0..self.channels.len()).map(|index| self.channel(index)).collect(),
            ),
            bot: self.bot.figures(&[&self.session_lengths]),
            groups: named(
                model.groups.iter().map(|group| &group.name).collect(),
                self.groups.iter().map(|group| group.figures(&[])).collect(),
            ),
            intervals: all_of(self.intervals.len(), threads, &|index| self.interval(index)),
            warnings: Vec::new(),
            expectations: Vec::new(),
            stretches: self
                .stretches
                .iter()
                .map(|stretch| self.stretch(stretch, threads))
                .collect(),
            day_values: self
                .day_values
                .iter()
                .filter_map(|path| self.values_of_days(path))
                .collect(),
            distributions: if self.distributions { self.distributions() } else { Vec::new() },
        };
        if self.replications > 0 {
            summary.warnings = warnings::all(model, &summary);
        }
        summary
    }

    /// The waits of all, of each channel, and of each contact type.
    fn distributions(&self) -> Vec<WaitDistribution> {
        let channels = (0..self.channels.len()).map(ContactScope::Channel);
        let types = (0..self.types.len()).map(ContactScope::Type);
        let scopes = [ContactScope::Overall].into_iter().chain(channels).chain(types);
        let of_scope = |scope: ContactScope| {
            let observed = match scope {
                ContactScope::Overall => all(&self.waits),
                ContactScope::Channel(channel) => self.members(channel),
                ContactScope::Type(contact) => vec![&self.waits[contact]],
            };
            [Waits::Answered, Waits::All, Waits::ToHuman].map(|waits| WaitDistribution {
                scope,
                waits,
                observations: together(&observed, waits).pooled().clone(),
            })
        };
        scopes.flat_map(of_scope).collect()
    }

    fn channel(&self, index: usize) -> Figures {
        self.channels[index].figures(&self.members(index))
    }

    /// Waits of the contact types of a channel.
    pub(super) fn members(&self, channel: usize) -> Vec<&Observed> {
        let types = self.model.contact_types.iter().zip(&self.waits);
        types.filter(move |(kind, _)| kind.channel == channel).map(|(_, waits)| waits).collect()
    }

    fn contact(&self, index: usize) -> ContactSummary {
        let kind = &self.model.contact_types[index];
        let handled_by = kind.groups.iter().map(|group| {
            let days = self.handled_by(index, group.index());
            let estimate = days.estimate("", &[]).unwrap_or_default();
            let figure = Figure { estimate, days: spread(days, 0) };
            Named { name: self.model.groups[group.index()].name.clone(), value: figure }
        });
        ContactSummary {
            name: kind.name.clone(),
            figures: self.types[index].figures(&[&self.waits[index]]),
            handled_by: handled_by.collect(),
        }
    }

    fn interval(&self, index: usize) -> IntervalSummary {
        let place = self.model.horizon.first_interval + index;
        self.piece(&self.intervals[index], place..place + 1)
    }

    fn stretch(&self, stretch: &Stretch, threads: usize) -> Stretches {
        let micros = self.model.horizon.interval.as_micros();
        Stretches {
            length: SimSpan::from_micros(
                micros.saturating_mul(i64::try_from(stretch.size).unwrap_or(i64::MAX)),
            ),
            intervals: all_of(stretch.pieces.len(), threads, &|index| {
                self.piece(&stretch.pieces[index], stretch.places(index, self.model))
            }),
        }
    }

    /// Values of the single days of a figure of whole days, in order of replication.
    fn values_of_days(&self, path: &str) -> Option<DayValues> {
        let figure = FigurePath::parse(path, self.model)?;
        let (values, is_until) = self.scope(figure).0.values_of_days(figure.metric())?;
        let missing = if is_until { self.replications as usize - values.len() } else { 0 };
        Some(DayValues { path: path.to_owned(), values: values.to_vec(), never: missing })
    }

    /// The figures of the reporting intervals at `places` together.
    fn piece(&self, interval: &Interval, places: Range<usize>) -> IntervalSummary {
        let horizon = &self.model.horizon;
        let place = places.start;
        let start = self.model.interval_start(place);
        let end = self.model.interval_start(places.end).min(horizon.duration);
        let types = interval.types.iter().zip(&interval.waits);
        let types = self.model.contact_types.iter().zip(types);
        let groups = self.model.groups.iter().zip(&interval.groups);
        IntervalSummary {
            start: start - SimTime::START,
            length: end - start,
            clock: horizon.clocks.as_ref().map(|clocks| clocks[place].clone()),
            overall: interval.overall.figures(&all(&interval.waits)),
            contacts: types
                .map(|(kind, (gathered, waits))| Named {
                    name: kind.name.clone(),
                    value: gathered.figures(&[waits]),
                })
                .collect(),
            groups: groups
                .map(|(group, gathered)| Named {
                    name: group.name.clone(),
                    value: gathered.figures(&[]),
                })
                .collect(),
        }
    }
}

/// What `one` makes of 0 to `count`, in order.
fn all_of<T: Send>(count: usize, threads: usize, one: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
    let control = Control::new(threads.min(count / LEAST_OF_A_THREAD));
    let job = |index: usize| Ok::<T, Infallible>(one(index));
    parallel::collect(0..count, &control, &job).expect("figures are made without panics")
}
