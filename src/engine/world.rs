//! The state of the center, and the loop that moves it from event to event.
//!
//! Pending events live in one calendar per kind. Of the earliest ones the tie rule picks: agents
//! and lines that become free, then changes of staff and bot, then arrivals at the bot or at the
//! human side (ends of bot sessions, returns, first attempts, in this order), then contacts whose
//! patience ends. Queues are looked at after each event that frees an agent, so that an answer at the very moment
//! patience ends is an answer.

use std::sync::atomic::{AtomicBool, Ordering};

use super::agents::Agents;
use super::bot::BotState;
use super::calendar::{Calendar, Entry};
use super::contact::{Cause, Contact, Contacts, Slot};
use super::demand::{Birth, Demand};
use super::observer::Observer;
use super::queue::Queue;
use super::{MOST_IN_SYSTEM, Stopped, Tally};
use crate::model::WhenFull;
use crate::model::{Change, GroupId, Model};
use crate::random::{Purpose, Streams};
use crate::time::{SimSpan, SimTime};

/// Payload of a release that frees a line and no agent.
pub(super) const LINE: u32 = u32::MAX;
/// Events between two looks at the stop signal.
const LOOK_EVERY: u64 = 4096;

/// State of one replication.
pub(super) struct World<'m, O> {
    pub(super) model: &'m Model,
    pub(super) observer: &'m mut O,
    pub(super) now: SimTime,
    pub(super) contacts: Contacts,
    pub(super) bot: BotState,
    demand: Demand<'m>,
    /// Agents and lines that become free; the payload is the group, or [`LINE`].
    pub(super) releases: Calendar,
    /// Retries and recontacts on their way; the payload is the slot.
    returns: Calendar,
    /// When patience ends; the payload is the slot. Those who were answered first stay in it until
    /// there are too many of them.
    deadlines: Calendar,
    /// Place in `model.changes`.
    change: usize,
    pub(super) queues: Vec<Queue>,
    pub(super) agents: Vec<Agents>,
    pub(super) waiting: u32,
    /// Contacts waiting or being handled; kept only where lines are limited.
    pub(super) lines: u32,
    joined: u64,
    pub(super) became_idle: u64,
    tally: Tally,
    rows: u64,
}

/// The kinds of events in the order of the tie rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Release,
    Change,
    SessionEnd,
    Return,
    Arrival,
    Deadline,
}

impl<'m, O: Observer> World<'m, O> {
    pub(super) fn new(model: &'m Model, streams: Streams, observer: &'m mut O) -> Self {
        Self {
            model,
            observer,
            now: SimTime::START,
            contacts: Contacts::default(),
            bot: BotState::new(model),
            demand: Demand::new(model, streams),
            releases: Calendar::default(),
            returns: Calendar::default(),
            deadlines: Calendar::default(),
            change: 0,
            queues: vec![Queue::default(); model.contact_types.len()],
            agents: model
                .groups
                .iter()
                .map(|group| Agents::new(group.shares_contacts))
                .collect(),
            waiting: 0,
            lines: 0,
            joined: 0,
            became_idle: 0,
            tally: Tally::default(),
            rows: 0,
        }
    }

    /// Runs until nothing is left to happen or the horizon ends.
    pub(super) fn run(mut self, stop: &AtomicBool) -> Result<Tally, Stopped> {
        let duration = self.model.horizon.duration;
        let mut open = true;
        loop {
            let (at, kind) = self.next();
            if open && at >= duration {
                self.close(duration);
                open = false;
            }
            let idle = self.contacts.len() == 0 && self.demand.next_at() == SimTime::NEVER;
            if at > self.model.horizon.end || (idle && !open) {
                break;
            }
            self.now = at;
            self.tally.events += 1;
            self.step(kind);
            debug_assert!(
                self.conserves_work(),
                "a contact waits while an agent for it is free"
            );
            if self.tally.events.is_multiple_of(LOOK_EVERY) && stop.load(Ordering::Relaxed) {
                return Err(Stopped::Asked);
            }
            if self.contacts.len() > MOST_IN_SYSTEM {
                return Err(Stopped::TooMany { at: self.now });
            }
        }
        self.finish();
        Ok(self.tally)
    }

    /// The next event: the earliest, at equal instants the first in the order of [`Kind`].
    fn next(&self) -> (SimTime, Kind) {
        let change = self
            .model
            .changes
            .get(self.change)
            .map_or(SimTime::NEVER, |(at, _)| *at);
        let mut next = (self.releases.next_at(), Kind::Release);
        for other in [
            (change, Kind::Change),
            (self.bot.next_end(), Kind::SessionEnd),
            (self.returns.next_at(), Kind::Return),
            (self.demand.next_at(), Kind::Arrival),
            (self.deadlines.next_at(), Kind::Deadline),
        ] {
            if other.0 < next.0 {
                next = other;
            }
        }
        next
    }

    fn step(&mut self, kind: Kind) {
        match kind {
            Kind::Release => {
                let payload = self.releases.pop().map_or(LINE, Entry::payload);
                if payload == LINE {
                    self.lines -= 1;
                } else {
                    self.released(GroupId::new(payload as usize));
                }
            }
            Kind::Change => {
                let (_, change) = self.model.changes[self.change];
                self.change += 1;
                self.changed(change);
            }
            Kind::SessionEnd => self.session_ended(),
            Kind::Return => {
                if let Some(entry) = self.returns.pop() {
                    self.returned(Slot(entry.payload()));
                }
            }
            Kind::Arrival => {
                if let Some(birth) = self.demand.take() {
                    self.born(birth);
                }
            }
            Kind::Deadline => {
                if let Some(entry) = self.deadlines.pop() {
                    self.deadline(entry);
                }
            }
        }
    }

    fn born(&mut self, birth: Birth) {
        let contact = Contact {
            number: self.tally.contacts,
            row: 0,
            key: birth.key,
            contact_type: birth.contact_type,
            attempt: 0,
            retries: 0,
            cause: Cause::Arrival,
            escalated: false,
            past_bot: false,
            counted: self.now >= self.model.horizon.warm_up,
            arrived_at: self.now,
            queued_at: self.now,
        };
        self.tally.contacts += 1;
        self.enter(contact);
    }

    fn returned(&mut self, slot: Slot) {
        let mut contact = self.contacts.release(slot);
        contact.arrived_at = self.now;
        contact.queued_at = self.now;
        self.enter(contact);
    }

    /// An attempt comes in by the front door; who returns after a false resolution goes past the
    /// bot, and keeps doing so in the retries that follow.
    fn enter(&mut self, mut contact: Contact) {
        contact.row = self.rows;
        self.rows += 1;
        self.observer.on_arrival(self.now, &contact);
        let kind = &self.model.contact_types[contact.contact_type.index()];
        match &kind.bot {
            Some(bot) if !contact.past_bot => self.enter_bot(contact, bot),
            _ => self.reach_humans(contact),
        }
    }

    /// An attempt reaches the human side: it is answered, waits, or finds no room.
    pub(super) fn reach_humans(&mut self, mut contact: Contact) {
        contact.queued_at = self.now;
        let limits = self.model.limits;
        if limits.lines != u32::MAX && self.lines >= limits.lines {
            return self.block(contact);
        }
        if let Some(group) = self.choose_group(contact.contact_type) {
            self.observer.on_queued(self.now, &contact, false);
            self.lines += 1;
            return self.answer(&contact, group, false);
        }
        let kind = &self.model.contact_types[contact.contact_type.index()];
        let queue = &self.queues[contact.contact_type.index()];
        if self.waiting >= limits.waiting_room || queue.len() >= kind.queue_limit {
            return self.block(contact);
        }
        self.observer.on_queued(self.now, &contact, true);
        self.lines += 1;
        self.join(contact);
    }

    fn join(&mut self, contact: Contact) {
        let index = contact.contact_type.index();
        let patience = self.model.contact_types[index]
            .patience
            .as_ref()
            .map(|patience| {
                let draws = self.kept_draws(&contact);
                SimSpan::from_seconds(patience.sample(draws.draw(Purpose::Patience)))
            });
        let slot = self.contacts.keep(contact);
        self.queues[index].join(&mut self.contacts, slot);
        self.waiting += 1;
        let kept = self.contacts.get_mut(slot);
        kept.joined = self.joined;
        self.joined += 1;
        if let Some(patience) = patience {
            kept.ticket = self.deadlines.schedule(self.now + patience, slot.0);
            self.thin_deadlines();
        }
    }

    /// Drops the deadlines of those who no longer wait once they are the larger part, so that
    /// memory follows the contacts in the system and the work per contact stays constant.
    fn thin_deadlines(&mut self) {
        if self.deadlines.len() > 2 * self.waiting as usize + 256 {
            let contacts = &self.contacts;
            self.deadlines
                .retain(|entry| contacts.get(Slot(entry.payload())).ticket == entry.order());
        }
    }

    /// What patience and handling are keyed by: the attempt, or the first one where retries keep
    /// their draws.
    pub(super) fn kept_draws(&self, contact: &Contact) -> crate::random::ContactKey {
        let kind = &self.model.contact_types[contact.contact_type.index()];
        match &kind.retry {
            Some(retry) if retry.keep_draws => contact.key,
            _ => contact.draws(),
        }
    }

    fn deadline(&mut self, entry: Entry) {
        let slot = Slot(entry.payload());
        if self.contacts.get(slot).ticket != entry.order() {
            self.tally.events -= 1;
            return;
        }
        let contact = self.take_from_queue(slot);
        self.lines -= 1;
        self.observer.on_abandoned(self.now, &contact);
        let retry = self.model.contact_types[contact.contact_type.index()]
            .retry
            .as_ref();
        self.maybe_retry(contact, retry.map_or(0.0, |retry| retry.after_abandoning));
    }

    /// Takes a contact out of its queue.
    pub(super) fn take_from_queue(&mut self, slot: Slot) -> Contact {
        let index = self.contacts.get(slot).contact.contact_type.index();
        self.queues[index].leave(&mut self.contacts, slot);
        self.waiting -= 1;
        self.contacts.release(slot)
    }

    pub(super) fn block(&mut self, contact: Contact) {
        self.observer.on_blocked(self.now, &contact);
        let retry = self.model.contact_types[contact.contact_type.index()]
            .retry
            .as_ref();
        self.maybe_retry(contact, retry.map_or(0.0, |retry| retry.after_blocking));
    }

    fn maybe_retry(&mut self, contact: Contact, probability: f64) {
        let kind = &self.model.contact_types[contact.contact_type.index()];
        let Some(retry) = &kind.retry else { return };
        let draws = contact.draws();
        if retry.at_most.is_some_and(|most| contact.retries >= most)
            || draws.draw(Purpose::Retry).uniform() >= probability
        {
            return;
        }
        let after = SimSpan::from_seconds(retry.after.sample(draws.draw(Purpose::RetryDelay)));
        self.observer.on_retry_planned(self.now, &contact);
        let again = Contact {
            attempt: contact.attempt + 1,
            retries: contact.retries + 1,
            cause: Cause::Retry,
            escalated: false,
            ..contact
        };
        self.return_at(self.now + after, again);
    }

    /// A further attempt is on its way.
    pub(super) fn return_at(&mut self, at: SimTime, contact: Contact) {
        let slot = self.contacts.keep(contact);
        self.returns.schedule(at, slot.0);
    }

    fn changed(&mut self, change: Change) {
        match change {
            Change::Staff {
                group,
                scheduled,
                present,
            } => {
                self.agents[group.index()].staff(present);
                self.observer.on_staff(self.now, group, scheduled, present);
                self.look_at_queues(group);
            }
            Change::Bot {
                capacity,
                deflection_factor,
            } => {
                self.bot.change(capacity, deflection_factor);
                self.look_at_bot_queue();
            }
        }
    }

    /// Arrivals are over.
    fn close(&mut self, at: SimTime) {
        self.now = at;
        for queue in &self.queues {
            for slot in queue.iter(&self.contacts) {
                let contact = &self.contacts.get(slot).contact;
                let (handling, wrap_up) = self.work(contact);
                let work = SimSpan::from_seconds(handling) + wrap_up;
                self.observer.on_left_waiting(at, contact, work);
            }
        }
    }

    /// The run is over: who is still in it is told as unfinished.
    fn finish(&mut self) {
        for queue in &self.queues {
            for slot in queue.iter(&self.contacts) {
                self.observer
                    .on_unfinished(&self.contacts.get(slot).contact, true);
            }
        }
        for slot in self.bot.inside() {
            self.observer
                .on_unfinished(&self.contacts.get(slot).contact, false);
        }
        self.observer.on_end(self.now);
    }

    /// What happens to whoever finds the bot full.
    pub(super) fn when_full(&self) -> WhenFull {
        self.model.bot.when_full
    }
}
