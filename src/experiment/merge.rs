//! All replications so far.

use super::asked::{Asked, Keep};
use super::figures::{FigureScope, Gathered, Observed};
use crate::metrics::Day;
use crate::metrics::day::{IntervalDay, TypeDay};
use crate::metrics::definition::{BOT_METRICS, BotTotals, CONTACT_METRICS, GROUP_METRICS};
use crate::metrics::digest::mixed;
use crate::metrics::path::{ContactScope, FigurePath};
use crate::metrics::totals::{GroupTotals, Totals};
use crate::model::Model;
use crate::stats::{Estimate, Influence};

mod document;
mod stretch;

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
    handled_by: Vec<Vec<f64>>,
    intervals: Vec<Interval>,
    /// Several reporting intervals at a time.
    stretches: Vec<Stretch>,
    /// Figures whose values of the single days are wanted.
    day_values: Vec<String>,
    /// Whether the document has the distributions of waits.
    distributions: bool,
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
            overall: Gathered::of_interval(CONTACT_METRICS),
            types: vec![Gathered::of_interval(CONTACT_METRICS); types],
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
            overall: Gathered::of_days(CONTACT_METRICS),
            channels: vec![Gathered::of_days(CONTACT_METRICS); model.channels.len()],
            types: vec![Gathered::of_days(CONTACT_METRICS); types],
            waits: vec![Observed::new(); types],
            bot: Gathered::of_days(BOT_METRICS),
            session_lengths: Observed::new(),
            groups: model
                .groups
                .iter()
                .map(|group| Gathered::of_days_with(GROUP_METRICS, group.slots()))
                .collect(),
            handled_by: vec![Vec::new(); types * groups],
            stretches: asked
                .stretches
                .iter()
                .map(|length| Stretch::new(model, *length, &interval))
                .collect(),
            intervals: vec![interval; reported],
            day_values: asked.day_values.clone(),
            distributions: asked.distributions,
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
        for (days, handled) in self.handled_by.iter_mut().zip(&day.handled_by) {
            days.push(*handled);
        }
        day.intervals
    }

    /// As [`Study::influence`](super::Study::influence).
    pub(super) fn influence(&self, path: &str) -> Option<Influence> {
        let path = FigurePath::parse(path, self.model)?;
        let (scope, observed) = self.scope(path);
        scope.influence(path.metric(), &observed)
    }

    /// The estimate at a path, as in [`Summary::figure`](super::Summary::figure).
    pub(super) fn estimate(&self, path: &str) -> Estimate {
        let estimate = FigurePath::parse(path, self.model).and_then(|path| {
            let (scope, observed) = self.scope(path);
            scope.estimate(path.metric(), &observed)
        });
        estimate.unwrap_or(Estimate::UNKNOWN)
    }

    /// Where a figure is gathered, and the waits of which its quantiles are.
    fn scope(&self, path: FigurePath) -> (&dyn FigureScope, Vec<&Observed>) {
        match path {
            FigurePath::Contacts(ContactScope::Overall, _) => (&self.overall, all(&self.waits)),
            FigurePath::Contacts(ContactScope::Channel(channel), _) => {
                (&self.channels[channel], self.members(channel))
            }
            FigurePath::Contacts(ContactScope::Type(contact), _) => {
                (&self.types[contact], vec![&self.waits[contact]])
            }
            FigurePath::Bot(_) => (&self.bot, vec![&self.session_lengths]),
            FigurePath::Group(group, _) | FigurePath::OpenShare { group, .. } => {
                (&self.groups[group], Vec::new())
            }
            FigurePath::HandledBy { contact, group } => {
                (self.handled_by(contact, group), Vec::new())
            }
        }
    }

    /// Contacts of a type that a group answers, by replication.
    fn handled_by(&self, contact: usize, group: usize) -> &Vec<f64> {
        &self.handled_by[contact * self.model.groups.len() + group]
    }
}
