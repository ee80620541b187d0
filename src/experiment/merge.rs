//! All replications so far, and the results document made of them.

use super::figures::{Gathered, Observed};
use super::study::{Asked, Keep};
use super::summary::{
    ContactSummary, DayValues, Figure, Figures, IntervalSummary, Named, RunFacts, Stretches,
    Summary,
};
use super::warnings;
use crate::metrics::Day;
use crate::metrics::day::{IntervalDay, TypeDay};
use crate::metrics::definition::{BOT_METRICS, BotTotals, GROUP_METRICS, METRICS};
use crate::metrics::digest::mixed;
use crate::metrics::totals::{GroupTotals, Totals};
use crate::model::Model;
use crate::stats::{Estimate, Influence, MeanAccumulator, Observations};
use crate::time::{SimSpan, SimTime};

mod place;
mod stretch;

use place::Place;
use stretch::Stretch;

/// All replications so far.
#[derive(Debug)]
pub(super) struct Merged<'m> {
    model: &'m Model,
    keep: Keep,
    replications: u32,
    events: u64,
    events_digest: u64,
    contacts: u64,
    overall: Gathered<Totals>,
    channels: Vec<Gathered<Totals>>,
    types: Vec<Gathered<Totals>>,
    /// Waits by contact type; those of channels and of all are made of them.
    waits: Vec<Observed>,
    bot: Gathered<BotTotals>,
    session_lengths: Observed,
    groups: Vec<Gathered<GroupTotals>>,
    /// By contact type, then group.
    handled_by: Vec<(MeanAccumulator, Vec<f64>)>,
    intervals: Vec<Interval>,
    /// Several reporting intervals at a time.
    stretches: Vec<Stretch>,
    /// Figures whose values of the single days are wanted.
    day_values: Vec<String>,
}

#[derive(Clone, Debug)]
struct Interval {
    overall: Gathered<Totals>,
    types: Vec<Gathered<Totals>>,
    waits: Vec<Observed>,
    groups: Vec<Gathered<GroupTotals>>,
}

fn push(gathered: &mut Gathered<Totals>, day: &TypeDay) {
    gathered.push(&day.totals, Some(&day.waits));
}

impl Interval {
    fn push(&mut self, index: usize, day: IntervalDay) {
        self.overall.push(&day.overall, None);
        for (gathered, day) in self.types.iter_mut().zip(&day.types) {
            gathered.push(&day.totals, None);
        }
        for (observed, day) in self.waits.iter_mut().zip(day.types) {
            observed.push(index, day.waits);
        }
        for (gathered, day) in self.groups.iter_mut().zip(&day.groups) {
            gathered.push(day, None);
        }
    }
}

impl<'m> Merged<'m> {
    pub(super) fn new(model: &'m Model, asked: &Asked) -> Self {
        let (types, groups) = (model.contact_types.len(), model.groups.len());
        let interval = Interval {
            overall: Gathered::of_interval(METRICS),
            types: vec![Gathered::of_interval(METRICS); types],
            waits: vec![Observed::new(); types],
            groups: vec![Gathered::of_interval(GROUP_METRICS); groups],
        };
        let reported = model.horizon.intervals - model.horizon.first_interval;
        let mut merged = Self {
            model,
            keep: asked.keep,
            replications: 0,
            events: 0,
            events_digest: 0,
            contacts: 0,
            overall: Gathered::of_days(METRICS),
            channels: vec![Gathered::of_days(METRICS); model.channels.len()],
            types: vec![Gathered::of_days(METRICS); types],
            waits: vec![Observed::new(); types],
            bot: Gathered::of_days(BOT_METRICS),
            session_lengths: Observed::new(),
            groups: model
                .groups
                .iter()
                .map(|group| Gathered::of_days_with(GROUP_METRICS, group.slots()))
                .collect(),
            handled_by: vec![(MeanAccumulator::default(), Vec::new()); types * groups],
            stretches: asked
                .stretches
                .iter()
                .map(|length| Stretch::new(model, *length, &interval))
                .collect(),
            intervals: vec![interval; reported],
            day_values: asked.day_values.clone(),
        };
        if asked.keep != Keep::Nothing {
            merged.keep_observations();
        }
        merged
    }

    /// From now on observations of whole days are kept.
    fn keep_observations(&mut self) {
        self.overall.keep();
        self.channels.iter_mut().for_each(Gathered::keep);
        self.types.iter_mut().for_each(Gathered::keep);
        self.bot.keep();
        self.groups.iter_mut().for_each(Gathered::keep);
    }

    /// What is kept of the replications.
    pub(super) fn keep(&self) -> Keep {
        self.keep
    }

    /// Digest of the events of all replications in order, where they are kept.
    pub(super) fn events_digest(&self) -> Option<u64> {
        (self.keep == Keep::ObservationsAndEvents).then_some(self.events_digest)
    }

    /// Replications merged so far.
    pub(super) fn replications(&self) -> u32 {
        self.replications
    }

    /// Adds the next replication.
    pub(super) fn push(&mut self, day: Day, events: Option<u64>) {
        let index = self.replications as usize;
        self.replications += 1;
        self.events += day.tally.events;
        if let Some(events) = events {
            self.events_digest = mixed(self.events_digest, events);
        }
        self.contacts += day.tally.contacts;
        push(&mut self.overall, &day.overall);
        for (gathered, day) in self.channels.iter_mut().zip(&day.channels) {
            push(gathered, day);
        }
        for (gathered, day) in self.types.iter_mut().zip(&day.types) {
            push(gathered, day);
        }
        for stretch in &mut self.stretches {
            stretch.push(index, &day, self.model);
        }
        for (observed, day) in self.waits.iter_mut().zip(day.types) {
            observed.push(index, day.waits);
        }
        let bot = BotTotals {
            totals: day.overall.totals,
            sessions: day.sessions,
        };
        self.bot.push(&bot, Some(&day.session_lengths));
        self.session_lengths.push(index, day.session_lengths);
        for (gathered, day) in self.groups.iter_mut().zip(&day.groups) {
            gathered.push(day, None);
        }
        for ((mean, days), handled) in self.handled_by.iter_mut().zip(&day.handled_by) {
            mean.push(*handled);
            days.push(*handled);
        }
        for (gathered, day) in self.intervals.iter_mut().zip(day.intervals) {
            gathered.push(index, day);
        }
    }

    /// As [`Study::influence`](super::Study::influence).
    pub(super) fn influence(&self, path: &str) -> Option<Influence> {
        let model = self.model;
        match Place::of(path, model)? {
            Place::Overall(rest) => {
                let waits = || Observed::together(&self.waits);
                self.overall.influence(rest, &waits)
            }
            Place::Contact(index, rest) => {
                let waits = || self.waits[index].clone();
                self.types[index].influence(rest, &waits)
            }
            Place::Channel(index, rest) => {
                let waits = || Observed::together(self.members(index));
                self.channels[index].influence(rest, &waits)
            }
            Place::Bot(rest) => self.bot.influence(rest, &|| self.session_lengths.clone()),
            Place::Group(index, rest) => self.groups[index].influence(rest, &Observed::new),
            Place::HandledBy(contact, group) => {
                let (_, days) = &self.handled_by[contact * model.groups.len() + group];
                Observations::Mean(days.clone()).influence()
            }
        }
    }

    /// The estimate at a path, as in [`Summary::figure`].
    pub(super) fn estimate(&self, path: &str) -> Estimate {
        let waits = Observed::together(&self.waits);
        if let Some(estimate) = self.overall.estimate_of(path, &waits) {
            return estimate;
        }
        let summary = self.summary(0, 0);
        summary
            .figure(path)
            .map_or(Estimate::UNKNOWN, |figure| figure.estimate)
    }

    /// The results document; `wanted` replications were asked for.
    pub(super) fn summary(&self, seed: u64, wanted: u32) -> Summary {
        let model = self.model;
        let named = |names: Vec<&String>, figures: Vec<Figures>| -> Vec<Named<Figures>> {
            let pairs = names.into_iter().zip(figures);
            pairs
                .map(|(name, value)| Named {
                    name: name.clone(),
                    value,
                })
                .collect()
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
            overall: self.overall.figures(Some(&Observed::together(&self.waits))),
            contacts: (0..self.types.len())
                .map(|index| self.contact(index))
                .collect(),
            channels: named(
                model.channels.iter().collect(),
                (0..self.channels.len())
                    .map(|index| self.channel(index))
                    .collect(),
            ),
            bot: self.bot.figures(Some(&self.session_lengths)),
            groups: named(
                model.groups.iter().map(|group| &group.name).collect(),
                self.groups
                    .iter()
                    .map(|group| group.figures(None))
                    .collect(),
            ),
            intervals: (0..self.intervals.len())
                .map(|index| self.interval(index))
                .collect(),
            warnings: Vec::new(),
            expectations: Vec::new(),
            stretches: self.stretches.iter().map(|s| self.stretch(s)).collect(),
            day_values: self
                .day_values
                .iter()
                .filter_map(|path| self.values_of_days(path))
                .collect(),
        };
        if self.replications > 0 {
            summary.warnings = warnings::all(model, &summary);
        }
        summary
    }

    fn channel(&self, index: usize) -> Figures {
        self.channels[index].figures(Some(&Observed::together(self.members(index))))
    }

    /// Waits of the contact types of a channel.
    fn members(&self, channel: usize) -> impl Iterator<Item = &Observed> {
        let types = self.model.contact_types.iter().zip(&self.waits);
        types
            .filter(move |(kind, _)| kind.channel == channel)
            .map(|(_, waits)| waits)
    }

    fn contact(&self, index: usize) -> ContactSummary {
        let kind = &self.model.contact_types[index];
        let groups = self.model.groups.len();
        let handled_by = kind.groups.iter().map(|group| {
            let (mean, days) = &self.handled_by[index * groups + group.index()];
            let figure = Figure {
                estimate: mean.estimate(super::figures::CONFIDENCE),
                days: super::figures::spread(days, 0),
            };
            Named {
                name: self.model.groups[group.index()].name.clone(),
                value: figure,
            }
        });
        ContactSummary {
            name: kind.name.clone(),
            figures: self.types[index].figures(Some(&self.waits[index])),
            handled_by: handled_by.collect(),
        }
    }

    fn interval(&self, index: usize) -> IntervalSummary {
        let place = self.model.horizon.first_interval + index;
        self.piece(&self.intervals[index], place..place + 1)
    }

    fn stretch(&self, stretch: &Stretch) -> Stretches {
        let pieces = stretch.pieces.iter().enumerate();
        let micros = self.model.horizon.interval.as_micros();
        Stretches {
            length: SimSpan::from_micros(
                micros.saturating_mul(i64::try_from(stretch.size).unwrap_or(i64::MAX)),
            ),
            intervals: pieces
                .map(|(index, piece)| self.piece(piece, stretch.places(index, self.model)))
                .collect(),
        }
    }

    /// Values of the single days of a figure of whole days, in order of replication.
    fn values_of_days(&self, path: &str) -> Option<DayValues> {
        let model = self.model;
        let place = Place::of(path, model)?;
        let (values, is_until) = match place {
            Place::Overall(rest) => self.overall.values_of_days(rest),
            Place::Contact(index, rest) => self.types[index].values_of_days(rest),
            Place::Channel(index, rest) => self.channels[index].values_of_days(rest),
            Place::Bot(rest) => self.bot.values_of_days(rest),
            Place::Group(index, rest) => self.groups[index].values_of_days(rest),
            Place::HandledBy(contact, group) => {
                let (_, days) = &self.handled_by[contact * model.groups.len() + group];
                Some((days.as_slice(), false))
            }
        }?;
        let missing = if is_until {
            self.replications as usize - values.len()
        } else {
            0
        };
        Some(DayValues {
            path: path.to_owned(),
            values: values.to_vec(),
            never: missing,
        })
    }

    /// The figures of the reporting intervals at `places` together.
    fn piece(&self, interval: &Interval, places: std::ops::Range<usize>) -> IntervalSummary {
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
            overall: interval
                .overall
                .figures(Some(&Observed::together(&interval.waits))),
            contacts: types
                .map(|(kind, (gathered, waits))| Named {
                    name: kind.name.clone(),
                    value: gathered.figures(Some(waits)),
                })
                .collect(),
            groups: groups
                .map(|(group, gathered)| Named {
                    name: group.name.clone(),
                    value: gathered.figures(None),
                })
                .collect(),
        }
    }
}
