//! First attempts of all sources, merged in order of time: one pending contact a source. Those of
//! one instant come in order of listing, whoever waits already at the start first.

use super::calendar::Calendar;
use crate::model::{ContactTypeId, Model, SourceKind};
use crate::random::arrivals::Arrivals;
use crate::random::distribution::gamma_factor;
use crate::random::{ContactKey, NameKey, Purpose, Streams};
use crate::time::SimTime;

/// First attempts of one replication.
#[derive(Debug)]
pub(super) struct Demand<'m> {
    model: &'m Model,
    sources: Vec<Pending<'m>>,
    /// The next arrival of each source; the payload is its index.
    next: Calendar,
    /// The day's factor of each surge.
    factors: Vec<f64>,
    /// Whether a surge lowers the rate today, so that arrivals are thinned.
    thins: bool,
}

#[derive(Debug)]
struct Pending<'m> {
    arrivals: Arrivals<'m>,
    contact_type: ContactTypeId,
    kind: SourceKind,
    key: ContactKey,
    /// Number of the pending contact, where they are rows of a log.
    log_row: Option<u32>,
}

/// A first attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Birth {
    pub(super) contact_type: ContactTypeId,
    pub(super) key: ContactKey,
    /// Its row in the log of its type.
    pub(super) log_row: Option<u32>,
    /// Whether it waits already at the start.
    pub(super) waits_already: bool,
}

impl<'m> Demand<'m> {
    /// Draws the factors of the day and the first arrival of each source.
    pub(super) fn new(model: &'m Model, streams: Streams, next: Calendar) -> Self {
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
            next,
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
        demand
    }

    fn add(&mut self, contact_type: ContactTypeId, mut arrivals: Arrivals<'m>, kind: SourceKind) {
        if let Some((at, key)) = arrivals.next() {
            let index = u32::try_from(self.sources.len()).expect("sources are few");
            self.next.schedule(at, index);
            let has_log = self.model.contact_types[contact_type.index()].log.is_some();
            self.sources.push(Pending {
                arrivals,
                contact_type,
                kind,
                key,
                log_row: (has_log && kind == SourceKind::Base).then_some(0),
            });
        }
    }

    /// The head of the calendar of arrivals, those that are left out among them.
    #[inline]
    pub(super) fn head(&self) -> u64 {
        self.next.head()
    }

    /// Takes the next arrival; `None`: it is left out, since a surge lowers the rate.
    #[inline]
    pub(super) fn take(&mut self) -> Option<Birth> {
        let entry = self.next.first()?;
        let now = self.next.next_at();
        let source = &mut self.sources[entry.payload as usize];
        let (kind, is_listed) = (
            source.kind,
            matches!(source.arrivals, Arrivals::Listed { .. }),
        );
        let birth = Birth {
            contact_type: source.contact_type,
            key: source.key,
            log_row: source.log_row,
            waits_already: kind == SourceKind::Backlog,
        };
        source.log_row = source.log_row.map(|row| row + 1);
        if let Some((at, next)) = source.arrivals.next() {
            source.key = next;
            self.next.put_off_first(at);
        } else {
            self.next.pop();
        }
        // Those who are listed come as they are listed.
        if self.thins && !is_listed {
            let kept = self.share_kept(birth.contact_type, kind, now);
            if birth.key.draw(Purpose::Thinning).uniform() >= kept {
                return None;
            }
        }
        Some(birth)
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
