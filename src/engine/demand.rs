//! First attempts of all sources, merged in order of time. Those of one instant come in order of
//! listing, whoever waits already at the start first.
//!
//! Who comes does not depend on what happens before, so that each source draws its next contacts some
//! dozens at a time, and with them lengths whose law is known beforehand, be they needed or not: a
//! draw depends on whose it is, not on when it is made.

use super::calendar::{Keys, NOTHING};
use super::tournament::Tournament;
use crate::model::{ClassId, ContactTypeId, Group, Model, SourceKind};
use crate::random::arrivals::Arrivals;
use crate::random::distribution::{Distribution, gamma_factor};
use crate::random::{ContactKey, NameKey, Purpose, Streams};
use crate::time::SimTime;

/// So many contacts of a source are drawn at a time: few at first, since most surges of a long run
/// are far off.
const FIRST: usize = 2;
const AT_ONCE: usize = 32;
/// A length that is not drawn yet.
pub(super) const UNDRAWN: f64 = -1.0;

/// First attempts of one replication.
#[derive(Debug)]
pub(super) struct FirstAttempts<'m> {
    model: &'m Model,
    sources: Vec<Source<'m>>,
    /// By source: the key of its next contact.
    upcoming: Tournament,
    keys: Keys,
    /// As [`Keys::kind`] has it.
    kind: u64,
    /// The day's factor of each surge.
    factors: Vec<f64>,
    /// Whether a surge lowers the rate today, so that arrivals are thinned.
    thins: bool,
}

/// A source.
#[derive(Debug)]
struct Source<'m> {
    arrivals: Arrivals<'m>,
    /// Contacts that are drawn, from place `next` on to come.
    drawn: Vec<Coming>,
    next: usize,
    /// How many were drawn last.
    at_once: usize,
    /// What is drawn with them.
    needs: Needs<'m>,
    contact_type: ContactTypeId,
    class: ClassId,
    kind: SourceKind,
    /// Number of the pending contact, where they are rows of a log.
    log_row: Option<u32>,
}

/// A contact that will come.
#[derive(Clone, Copy, Debug)]
struct Coming {
    at: SimTime,
    key: ContactKey,
    first: f64,
    handling: f64,
}

/// Lengths of the first attempts of a source whose laws are known beforehand.
#[derive(Clone, Copy, Debug, Default)]
struct Needs<'m> {
    /// See [`Birth::first`].
    first: Option<(Purpose, &'m Distribution)>,
    /// See [`Birth::handling`].
    handling: Option<&'m Distribution>,
}

impl<'m> Needs<'m> {
    fn of(model: &'m Model, contact_type: ContactTypeId) -> Self {
        let kind = &model.contact_types[contact_type.index()];
        let takes_as_usual = |group: &Group| {
            let skill = group.skills[contact_type.index()].as_ref();
            skill.is_some_and(|skill| skill.handling.is_none())
        };
        match &kind.bot {
            Some(bot) if bot.session == bot.escalation_session => {
                Self { first: Some((Purpose::Session, &bot.session)), handling: None }
            }
            Some(_) => Self::default(),
            None => Self {
                first: kind.patience.as_ref().map(|law| (Purpose::Patience, law)),
                // Not where every group that serves it has a law of its own.
                handling: model.groups.iter().any(takes_as_usual).then_some(&kind.handling),
            },
        }
    }
}

impl Source<'_> {
    /// When the next contact comes.
    #[inline(always)]
    fn at(&self) -> SimTime {
        let next = self.drawn.get(self.next);
        next.map_or(SimTime::NEVER, |coming| coming.at)
    }

    /// Draws further contacts, if there are.
    #[inline(never)]
    fn draw(&mut self) {
        self.next = 0;
        self.drawn.clear();
        self.at_once = (2 * self.at_once).clamp(FIRST, AT_ONCE);
        let coming = self.arrivals.by_ref().take(self.at_once);
        self.drawn.extend(coming.map(|(at, key)| Coming {
            at,
            key,
            first: UNDRAWN,
            handling: UNDRAWN,
        }));
        if let Some((purpose, law)) = self.needs.first {
            let drawn = self.drawn.iter_mut();
            law.sample_each(drawn.map(|coming| (coming.key.draw(purpose), &mut coming.first)));
        }
        if let Some(law) = self.needs.handling {
            let draw = |coming: &Coming| coming.key.draw(Purpose::Handling);
            let drawn = self.drawn.iter_mut();
            law.sample_each(drawn.map(|coming| (draw(coming), &mut coming.handling)));
        }
    }
}

/// A first attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Birth {
    pub(super) contact_type: ContactTypeId,
    /// The queue of its type.
    pub(super) class: ClassId,
    pub(super) key: ContactKey,
    /// Its row in the log of its type.
    pub(super) log_row: Option<u32>,
    /// What brings it.
    pub(super) source: SourceKind,
    /// Seconds of what it needs first, of its bot session or without a bot of its patience; or
    /// [`UNDRAWN`].
    pub(super) first: f64,
    /// Seconds of its handling by the law of its type; or [`UNDRAWN`].
    pub(super) handling: f64,
}

impl<'m> FirstAttempts<'m> {
    /// Draws the factors of the day and the first arrivals of each source. `kind` is the rank of
    /// arrivals among the events of one instant.
    pub(super) fn new(model: &'m Model, streams: Streams, keys: Keys, kind: u64) -> Self {
        let busyness = |key: NameKey, cv: f64| {
            gamma_factor(cv, streams.named(key).draw(Purpose::Busyness).uniform())
        };
        let shared = busyness(NameKey::new(&["run"]), model.busyness);
        let factors: Vec<f64> = model
            .surges
            .iter()
            .map(|surge| {
                let draw = streams.named(surge.key).draw(Purpose::SurgeFactor);
                surge.factor.sample(draw)
            })
            .collect();
        let thins = factors.iter().any(|factor| *factor < 1.0);
        let mut demand = Self {
            model,
            sources: Vec::new(),
            upcoming: Tournament::new(0),
            keys,
            kind: keys.kind(kind),
            factors,
            thins,
        };
        let days: Vec<f64> = model
            .contact_types
            .iter()
            .map(|kind| shared * busyness(kind.key, kind.busyness))
            .collect();
        // Who waits already comes before whoever arrives at the start.
        for waits_already in [true, false] {
            for (index, kind) in model.contact_types.iter().enumerate() {
                let sources = kind.sources.iter();
                for source in sources.filter(|s| (s.kind == SourceKind::Backlog) == waits_already) {
                    let size = match source.kind {
                        SourceKind::Surge(surge) => demand.factors[surge.index()] - 1.0,
                        SourceKind::Base | SourceKind::Backlog => 1.0,
                    };
                    if size > 0.0 {
                        let stream = streams.named(source.key);
                        let arrivals = source.schedule.arrivals(stream, days[index] * size);
                        demand.add(ContactTypeId::new(index), arrivals, source.kind);
                    }
                }
            }
        }
        demand.begin();
        demand
    }

    fn add(&mut self, contact_type: ContactTypeId, arrivals: Arrivals<'m>, kind: SourceKind) {
        let of_type = &self.model.contact_types[contact_type.index()];
        let is_log = of_type.log.is_some() && kind == SourceKind::Base;
        // Of rows of a log the log tells; whoever waits already is past the bot.
        let draws_ahead = !is_log && kind != SourceKind::Backlog;
        let mut source = Source {
            arrivals,
            drawn: Vec::new(),
            next: 0,
            at_once: 0,
            needs: if draws_ahead { Needs::of(self.model, contact_type) } else { Needs::default() },
            contact_type,
            class: of_type.class,
            kind,
            log_row: is_log.then_some(0),
        };
        source.draw();
        if !source.drawn.is_empty() {
            self.sources.push(source);
        }
    }

    /// All sources are there.
    fn begin(&mut self) {
        self.upcoming = Tournament::new(self.sources.len());
        for (place, source) in self.sources.iter().enumerate() {
            self.upcoming.set(place, self.key(source.at()));
        }
    }

    /// The key of an arrival.
    #[inline(always)]
    fn key(&self, at: SimTime) -> u64 {
        if at == SimTime::NEVER { NOTHING } else { self.keys.at(at, self.kind) }
    }

    /// The key of the next contact, be it left out or not; [`NOTHING`] if there is none.
    #[inline(always)]
    pub(super) fn head(&self) -> u64 {
        self.upcoming.least()
    }

    /// Takes the next arrival; there is one.
    #[inline(always)]
    pub(super) fn take(&mut self) -> Birth {
        let first = self.upcoming.winner();
        let source = &mut self.sources[first];
        let coming = source.drawn[source.next];
        let birth = Birth {
            contact_type: source.contact_type,
            class: source.class,
            key: coming.key,
            log_row: source.log_row,
            source: source.kind,
            first: coming.first,
            handling: coming.handling,
        };
        if let Some(row) = &mut source.log_row {
            *row += 1;
        }
        source.next += 1;
        if source.next == source.drawn.len() {
            source.draw();
        }
        let at = source.at();
        self.upcoming.set(first, self.key(at));
        birth
    }

    /// Whether an arrival that was taken now is left out, since a surge lowers the rate. Those who
    /// are listed come as they are listed.
    #[inline(always)]
    pub(super) fn leaves_out(&self, birth: &Birth, now: SimTime) -> bool {
        let Birth { contact_type, key, .. } = *birth;
        self.thins
            && birth.log_row.is_none()
            && self.is_thinned((contact_type, birth.source), key, now)
    }

    #[cold]
    fn is_thinned(
        &self,
        (contact_type, source): (ContactTypeId, SourceKind),
        key: ContactKey,
        now: SimTime,
    ) -> bool {
        source != SourceKind::Backlog && {
            let kept = self.share_kept(contact_type, source, now);
            key.draw(Purpose::Thinning).uniform() >= kept
        }
    }

    /// Share of arrivals that come in spite of surges with a factor below 1. The base demand
    /// shrinks first; if nothing of it is left, so do the contacts that other surges bring.
    fn share_kept(&self, contact_type: ContactTypeId, kind: SourceKind, at: SimTime) -> f64 {
        let (mut raised, mut lowered) = (0.0, 1.0);
        for surge in &self.model.contact_types[contact_type.index()].surges {
            let strength = self.model.surges[surge.index()].strength(at);
            let change = (self.factors[surge.index()] - 1.0) * strength;
            if change > 0.0 {
                raised += change;
            } else {
                lowered += change;
            }
        }
        match (kind, lowered > 0.0) {
            (SourceKind::Base | SourceKind::Backlog, _) => lowered.clamp(0.0, 1.0),
            (SourceKind::Surge(_), true) => 1.0,
            (SourceKind::Surge(_), false) => ((lowered + raised) / raised).clamp(0.0, 1.0),
        }
    }
}
