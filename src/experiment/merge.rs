//! All replications so far.

use super::figures::{CONFIDENCE, Gathered, Observed};
use super::study::{Asked, Keep};
use crate::metrics::Day;
use crate::metrics::day::{IntervalDay, TypeDay};
use crate::metrics::definition::{BOT_METRICS, BotTotals, GROUP_METRICS, METRICS};
use crate::metrics::digest::mixed;
use crate::metrics::totals::{GroupTotals, Totals};
use crate::model::Model;
use crate::stats::{Estimate, Influence, MeanAccumulator, Observations};

mod document;
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

/// The waits of all contact types.
fn all(waits: &[Observed]) -> Vec<&Observed> {
    waits.iter().collect()
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

    /// What is simulated.
    pub(super) fn model(&self) -> &'m Model {
        self.model
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

    /// Adds the next replications. Several at once cost less: what is kept of the intervals is larger
    /// than the memory next to a processor, and has to come there only once.
    pub(super) fn push(&mut self, days: Vec<(Day, Option<u64>)>) {
        let first = self.replications as usize;
        let days = days.into_iter();
        let intervals: Vec<_> = days.map(|(day, events)| self.push_day(day, events)).collect();
        let mut intervals: Vec<_> = intervals.into_iter().map(Vec::into_iter).collect();
        for gathered in &mut self.intervals {
            for (index, of_day) in (first..).zip(&mut intervals) {
                if let Some(day) = of_day.next() {
                    gathered.push(index, day);
                }
            }
        }
    }

    /// Adds all of the next replication but its intervals, which are returned.
    fn push_day(&mut self, day: Day, events: Option<u64>) -> Vec<IntervalDay> {
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
        let bot = BotTotals { totals: day.overall.totals, sessions: day.sessions };
        self.bot.push(&bot, Some(&day.session_lengths));
        self.session_lengths.push(index, day.session_lengths);
        for (gathered, day) in self.groups.iter_mut().zip(&day.groups) {
            gathered.push(day, None);
        }
        for ((mean, days), handled) in self.handled_by.iter_mut().zip(&day.handled_by) {
            mean.push(*handled);
            days.push(*handled);
        }
        day.intervals
    }

    /// As [`Study::influence`](super::Study::influence).
    pub(super) fn influence(&self, path: &str) -> Option<Influence> {
        let model = self.model;
        match Place::of(path, model)? {
            Place::Overall(rest) => self.overall.influence(rest, &all(&self.waits)),
            Place::Contact(index, rest) => self.types[index].influence(rest, &[&self.waits[index]]),
            Place::Channel(index, rest) => {
                self.channels[index].influence(rest, &self.members(index))
            }
            Place::Bot(rest) => self.bot.influence(rest, &[&self.session_lengths]),
            Place::Group(index, rest) => self.groups[index].influence(rest, &[]),
            Place::HandledBy(contact, group) => {
                let (_, days) = &self.handled_by[contact * model.groups.len() + group];
                Observations::Mean(days.clone()).influence()
            }
        }
    }

    /// The estimate at a path, as in [`Summary::figure`](super::Summary::figure).
    pub(super) fn estimate(&self, path: &str) -> Estimate {
        let model = self.model;
        let estimate = Place::of(path, model).and_then(|place| match place {
            Place::Overall(rest) => self.overall.estimate_of(rest, &all(&self.waits)),
            Place::Contact(index, rest) => {
                self.types[index].estimate_of(rest, &[&self.waits[index]])
            }
            Place::Channel(index, rest) => {
                self.channels[index].estimate_of(rest, &self.members(index))
            }
            Place::Bot(rest) => self.bot.estimate_of(rest, &[&self.session_lengths]),
            Place::Group(index, rest) => self.groups[index].estimate_of(rest, &[]),
            Place::HandledBy(contact, group) => {
                let (mean, _) = &self.handled_by[contact * model.groups.len() + group];
                Some(mean.estimate(CONFIDENCE))
            }
        });
        estimate.unwrap_or(Estimate::UNKNOWN)
    }
}
