//! First attempts of all sources, merged in order of time: one pending contact a source. Those of
//! one instant come in order of listing, whoever waits already at the start first.
//!
//! Of a few sources the next is looked for among all. Of many it is the winner of a tournament: of each
//! two the one that comes first goes on to the next round, and when its contact has come, a source plays
//! its own rounds again and no other.

use super::calendar::{NOTHING, head_at};
use crate::model::{ClassId, ContactTypeId, Model, SourceKind};
use crate::random::arrivals::Arrivals;
use crate::random::distribution::gamma_factor;
use crate::random::{ContactKey, NameKey, Purpose, Streams};
use crate::time::SimTime;

/// So many sources are few.
const FEW: usize = 16;

/// First attempts of one replication.
#[derive(Debug)]
pub(super) struct Demand<'m> {
    model: &'m Model,
    sources: Vec<Pending<'m>>,
    /// By source: when its pending contact comes; more up to a power of two, at which nothing does.
    times: Vec<SimTime>,
    /// The tournament: its root at 1, the rounds 2 and 3 below it, and so on; in the second half the
    /// sources themselves. Empty where sources are few.
    winners: Vec<u32>,
    /// The source that is next.
    first: usize,
    head: u64,
    /// The rank of arrivals among the events of one instant.
    kind: u64,
    /// The day's factor of each surge.
    factors: Vec<f64>,
    /// Whether a surge lowers the rate today, so that arrivals are thinned.
    thins: bool,
}

#[derive(Debug)]
struct Pending<'m> {
    arrivals: Arrivals<'m>,
    contact_type: ContactTypeId,
    class: ClassId,
    kind: SourceKind,
    key: ContactKey,
    /// Number of the pending contact, where they are rows of a log.
    log_row: Option<u32>,
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
}

impl<'m> Demand<'m> {
    /// Draws the factors of the day and the first arrival of each source. `kind` is the rank of
    /// arrivals among the events of one instant.
    pub(super) fn new(model: &'m Model, streams: Streams, kind: u64) -> Self {
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
            times: Vec::new(),
            winners: Vec::new(),
            first: 0,
            head: NOTHING,
            kind,
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

    fn add(&mut self, contact_type: ContactTypeId, mut arrivals: Arrivals<'m>, kind: SourceKind) {
        if let Some((at, key)) = arrivals.next() {
            self.times.push(at);
            let of_type = &self.model.contact_types[contact_type.index()];
            let has_log = of_type.log.is_some();
            self.sources.push(Pending {
                arrivals,
                contact_type,
                class: of_type.class,
                kind,
                key,
                log_row: (has_log && kind == SourceKind::Base).then_some(0),
            });
        }
    }

    /// Looks for the first source, or plays the whole tournament.
    fn begin(&mut self) {
        let size = self.times.len().next_power_of_two();
        self.times.resize(size, SimTime::NEVER);
        if size > FEW {
            let sources = 0..u32::try_from(size).expect("sources are few");
            self.winners = sources.clone().chain(sources).collect();
            for round in (1..size).rev() {
                self.play(round);
            }
        }
        self.look(0);
    }

    /// Plays one round: of equals the first in order of listing wins.
    #[inline(always)]
    fn play(&mut self, round: usize) {
        let (left, right) = (self.winners[2 * round], self.winners[2 * round + 1]);
        let is_right = self.times[right as usize] < self.times[left as usize];
        self.winners[round] = if is_right { right } else { left };
    }

    /// Looks which source is next, now that the pending contact of one has changed.
    #[inline(always)]
    fn look(&mut self, changed: usize) {
        let mut at = SimTime::NEVER;
        if self.winners.is_empty() {
            for (source, time) in self.times.iter().enumerate() {
                if *time < at {
                    (self.first, at) = (source, *time);
                }
            }
        } else {
            let mut round = usize::midpoint(changed, self.times.len());
            while round > 0 {
                self.play(round);
                round /= 2;
            }
            self.first = self.winners[1] as usize;
            at = self.times[self.first];
        }
        self.head = head_at(at, self.kind);
    }

    /// When the next contact comes, those that are left out among them, as the head of a calendar.
    #[inline(always)]
    pub(super) fn head(&self) -> u64 {
        self.head
    }

    /// Takes the next arrival; there is one.
    #[inline(always)]
    pub(super) fn take(&mut self) -> Birth {
        let first = self.first;
        let source = &mut self.sources[first];
        let birth = Birth {
            contact_type: source.contact_type,
            class: source.class,
            key: source.key,
            log_row: source.log_row,
            source: source.kind,
        };
        if let Some(row) = &mut source.log_row {
            *row += 1;
        }
        let mut at = SimTime::NEVER;
        if let Some((time, key)) = source.arrivals.next() {
            (at, source.key) = (time, key);
        }
        self.times[first] = at;
        self.look(first);
        birth
    }

    /// Whether an arrival that was taken now is left out, since a surge lowers the rate. Those who
    /// are listed come as they are listed.
    #[inline(always)]
    pub(super) fn leaves_out(&self, birth: &Birth, now: SimTime) -> bool {
        self.thins && self.is_thinned(birth, now)
    }

    #[cold]
    fn is_thinned(&self, birth: &Birth, now: SimTime) -> bool {
        let is_listed = birth.log_row.is_some() || birth.source == SourceKind::Backlog;
        let kept = self.share_kept(birth.contact_type, birth.source, now);
        !is_listed && birth.key.draw(Purpose::Thinning).uniform() >= kept
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
