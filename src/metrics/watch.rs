//! The observer of a search: it only counts, by stretch of time and contact type, what promises
//! about waits and losses are held against. No histograms, no levels, no figures: a day costs
//! about half of what it costs a [`Collector`](super::Collector).

use super::definition::Waits;
use super::totals::{Moments, Totals};
use crate::engine::{Answer, Cause, Contact, Ended, How, Leg, Observer, Service};
use crate::model::Model;
use crate::time::{SimSpan, SimTime};

/// What is counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// Length of a stretch of time; more than 0. The grid starts at the start, like that of the
    /// reporting intervals.
    pub grid: SimSpan,
    /// Waits of which it is counted how many are at most so long.
    pub limits: Vec<(Waits, SimSpan)>,
}

/// Counts of one contact type in one stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Counts {
    arrivals: u32,
    queued: u32,
    answered: u32,
    answered_at_once: u32,
    answered_in_time: u32,
    abandoned: u32,
    abandoned_in_time: u32,
    blocked: u32,
    unfinished: u32,
    wait: f64,
    wait_abandoned: f64,
    excess_wait: f64,
    handling: f64,
}

/// Counts of one replication.
#[derive(Clone, Debug)]
pub struct Watched {
    types: usize,
    limits: usize,
    /// By stretch of time, then contact type; the last stretch is the time after `duration`.
    cells: Vec<Counts>,
    /// By cell, then limit: waits that are at most so long.
    within: Vec<u32>,
}

impl Watched {
    /// Stretches of time up to the end of arrivals.
    pub fn stretches(&self) -> usize {
        self.cells.len() / self.types.max(1) - 1
    }

    /// Adds the counts of a stretch and type to `totals`. The stretch after the last is the time
    /// after the end of arrivals.
    pub fn add_to(&self, totals: &mut Totals, stretch: usize, contact_type: usize) {
        let cell = &self.cells[stretch * self.types + contact_type];
        let moments =
            |count: u32, sum: f64| Moments { count: f64::from(count), sum, ..Moments::default() };
        totals.arrivals += f64::from(cell.arrivals);
        totals.queued += f64::from(cell.queued);
        totals.answered += f64::from(cell.answered);
        totals.answered_at_once += f64::from(cell.answered_at_once);
        totals.answered_in_time += f64::from(cell.answered_in_time);
        totals.abandoned += f64::from(cell.abandoned);
        totals.abandoned_in_time += f64::from(cell.abandoned_in_time);
        totals.blocked += f64::from(cell.blocked);
        totals.unfinished += f64::from(cell.unfinished);
        totals.excess_wait += cell.excess_wait;
        totals.handling += cell.handling;
        totals.wait.add(&moments(cell.answered, cell.wait));
        let abandoned = moments(cell.abandoned, cell.wait_abandoned);
        totals.wait_abandoned.add(&abandoned);
    }

    /// First attempts of a type in a stretch.
    pub fn arrivals(&self, stretch: usize, contact_type: usize) -> u32 {
        self.cells[stretch * self.types + contact_type].arrivals
    }

    /// Of the waits that limit `limit` is about, how many are at most so long.
    pub fn within(&self, limit: usize, stretch: usize, contact_type: usize) -> u32 {
        let place = stretch * self.types + contact_type;
        self.within[place * self.limits + limit]
    }
}

/// Counts one replication.
#[derive(Debug)]
pub struct Watcher<'m> {
    model: &'m Model,
    watch: &'m Watch,
    counted: Watched,
    /// The stretch that holds the present, and its start and end.
    stretch: usize,
    start: SimTime,
    end: SimTime,
}

impl Watch {
    /// An observer for one replication of `model`.
    pub fn observer<'m>(&'m self, model: &'m Model) -> Watcher<'m> {
        let types = model.contact_types.len();
        let length = model.horizon.duration - SimTime::START;
        let stretches = length.as_micros().div_euclid(self.grid.as_micros())
            + i64::from(length.as_micros() % self.grid.as_micros() != 0);
        let cells = (usize::try_from(stretches).unwrap_or(0) + 1) * types;
        Watcher {
            model,
            watch: self,
            counted: Watched {
                types,
                limits: self.limits.len(),
                cells: vec![Counts::default(); cells],
                within: vec![0; cells * self.limits.len()],
            },
            stretch: 0,
            start: SimTime::START,
            end: (SimTime::START + self.grid).min(model.horizon.duration),
        }
    }
}

impl Watcher<'_> {
    /// The counts of the replication.
    pub fn finish(self) -> Watched {
        self.counted
    }

    #[inline]
    fn reach(&mut self, at: SimTime) {
        while at >= self.end {
            self.stretch += 1;
            self.start = self.end;
            let duration = self.model.horizon.duration;
            self.end = if self.start >= duration {
                SimTime::NEVER
            } else {
                (self.start + self.watch.grid).min(duration)
            };
        }
    }

    /// Place of the cell of an instant that is not later than the present.
    fn place(&self, at: SimTime, contact: &Contact) -> usize {
        let stretch = if at >= self.start {
            self.stretch
        } else {
            usize::try_from(at.as_micros() / self.watch.grid.as_micros()).unwrap_or(0)
        };
        stretch * self.counted.types + contact.contact_type.index()
    }

    fn threshold(&self, contact: &Contact) -> SimSpan {
        let kind = &self.model.contact_types[contact.contact_type.index()];
        kind.service_level.answer_within
    }

    fn serves(&mut self, contact: &Contact, service: Service) {
        let place = self.place(contact.queued_at, contact);
        let cell = &mut self.counted.cells[place];
        cell.handling += (service.handling + service.wrap_up).as_seconds();
    }

    fn abandons(&mut self, contact: &Contact, wait: SimSpan) {
        let threshold = self.threshold(contact);
        let place = self.place(contact.queued_at, contact);
        let cell = &mut self.counted.cells[place];
        cell.abandoned += 1;
        if wait <= threshold {
            cell.abandoned_in_time += 1;
        } else {
            cell.excess_wait += (wait - threshold).as_seconds();
        }
        cell.wait_abandoned += wait.as_seconds();
        self.count_within(place, |waits| (waits == Waits::All).then_some(wait));
    }

    fn count_within(&mut self, place: usize, is_of: impl Fn(Waits) -> Option<SimSpan>) {
        let limits = self.watch.limits.len();
        for (index, (waits, limit)) in self.watch.limits.iter().enumerate() {
            if is_of(*waits).is_some_and(|wait| wait <= *limit) {
                self.counted.within[place * limits + index] += 1;
            }
        }
    }
}

impl Observer for Watcher<'_> {
    fn on_arrival(&mut self, at: SimTime, contact: &Contact) {
        self.reach(at);
        if contact.counted && contact.cause == Cause::Arrival {
            let place = self.place(at, contact);
            self.counted.cells[place].arrivals += 1;
        }
    }

    fn on_queued(&mut self, at: SimTime, contact: &Contact, _waits: bool) {
        self.reach(at);
        if contact.counted {
            let place = self.place(contact.queued_at, contact);
            self.counted.cells[place].queued += 1;
        }
    }

    fn on_answered(&mut self, at: SimTime, contact: &Contact, _answer: Answer) {
        self.reach(at);
        if !contact.counted || contact.leg == Leg::Misrouted {
            return;
        }
        let wait = contact.wait(at);
        let threshold = self.threshold(contact);
        let place = self.place(contact.queued_at, contact);
        let cell = &mut self.counted.cells[place];
        cell.answered += 1;
        if wait == SimSpan::ZERO {
            cell.answered_at_once += 1;
        }
        if wait <= threshold {
            cell.answered_in_time += 1;
        } else {
            cell.excess_wait += (wait - threshold).as_seconds();
        }
        cell.wait += wait.as_seconds();
        let to_human = wait + contact.bot_time();
        self.count_within(place, |waits| {
            Some(match waits {
                Waits::Answered | Waits::All => wait,
                Waits::ToHuman => to_human,
            })
        });
    }

    fn on_transferred(&mut self, at: SimTime, _contact: &Contact, _waits: bool) {
        self.reach(at);
    }

    fn on_ended(&mut self, at: SimTime, contact: &Contact, ended: &Ended) {
        if !contact.counted {
            return;
        }
        match ended.how {
            How::Answered(Some(service)) => self.serves(contact, service),
            How::Abandoned => {
                self.reach(at);
                self.abandons(contact, ended.wait);
            }
            How::Blocked => {
                self.reach(at);
                let place = self.place(at, contact);
                self.counted.cells[place].blocked += 1;
            }
            How::Unfinished { queued: true } => {
                let place = self.place(contact.queued_at, contact);
                self.counted.cells[place].unfinished += 1;
            }
            _ => {}
        }
    }
}
