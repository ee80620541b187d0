//! The life of an attempt outside the queue: how it arrives, reaches the human side, is transferred,
//! and comes again.

use super::contact::{Before, Cause, Contact, Leg};
use super::demand::{Birth, UNDRAWN};
use super::observer::{Ended, How, Observer};
use super::returns::{Back, Person};
use super::triage::{own_class, triage};
use super::world::World;
use crate::model::{ClassId, SourceKind};
use crate::random::{ContactKey, Purpose};
use crate::time::{SimSpan, SimTime};

impl<O: Observer> World<'_, O> {
    #[inline(always)]
    pub(super) fn born(&mut self, birth: &Birth) {
        let waits_already = birth.source == SourceKind::Backlog;
        let person = Person {
            number: self.tally.contacts,
            key: birth.key,
            contact_type: birth.contact_type,
            log_row: birth.log_row,
            attempt: 0,
            retries: 0,
            cause: Cause::Arrival,
            past_bot: waits_already,
            counted: self.now >= self.model.horizon.warm_up,
        };
        let mut contact = self.here(&person, birth.class, birth.handling);
        self.tally.contacts += 1;
        if waits_already {
            self.announce(&mut contact);
            self.queue(&mut contact);
        } else {
            self.enter(&mut contact, birth.first);
        }
    }

    /// An attempt begins now; `handling` is as [`Birth`] has it.
    #[inline(always)]
    fn here(&self, person: &Person, class: ClassId, handling: f64) -> Contact {
        Contact {
            number: person.number,
            row: 0,
            key: person.key,
            contact_type: person.contact_type,
            class,
            log_row: person.log_row,
            attempt: person.attempt,
            retries: person.retries,
            cause: person.cause,
            escalated: false,
            past_bot: person.past_bot,
            leg: Leg::Direct,
            counted: person.counted,
            arrived_at: self.now,
            queued_at: self.now,
            waits_from: self.now,
            handling,
            joined: 0,
            before: Before::default(),
        }
    }

    pub(super) fn returned(&mut self, back: Back) {
        match back {
            Back::Again(person) => {
                let kind = &self.model.contact_types[person.contact_type.index()];
                let mut contact = self.here(&person, kind.class, UNDRAWN);
                self.enter(&mut contact, UNDRAWN);
            }
            Back::Transferred(slot) => {
                let mut contact = self.contacts.release(slot);
                contact.waits_from = self.now;
                self.rejoin(&mut contact);
            }
        }
    }

    /// An attempt arrives.
    #[inline(always)]
    fn announce(&mut self, contact: &mut Contact) {
        contact.row = self.rows;
        self.rows += 1;
        self.observer.on_arrival(self.now, contact);
    }

    /// An attempt comes in by the front door; who returns after a false resolution goes past the
    /// bot, and keeps doing so in the retries that follow. `first` is as [`Birth`] has it.
    #[inline(always)]
    pub(super) fn enter(&mut self, contact: &mut Contact, first: f64) {
        self.announce(contact);
        match self.bots[contact.contact_type.index()] {
            Some(bot) if !contact.past_bot => self.enter_bot(contact, bot, first),
            _ => self.reach_humans(contact, first),
        }
    }

    /// An attempt reaches the human side: it is answered, waits, or finds no room. `patience` is in
    /// seconds, or [`UNDRAWN`].
    pub(super) fn reach_humans(&mut self, contact: &mut Contact, patience: f64) {
        contact.queued_at = self.now;
        contact.waits_from = self.now;
        if contact.escalated
            && let Some(bot) = &self.model.contact_types[contact.contact_type.index()].bot
        {
            triage(contact, bot);
        }
        let limits = self.model.limits;
        if limits.lines != u32::MAX && self.lines >= limits.lines {
            return self.is_lost(contact, How::Blocked);
        }
        if let Some(chosen) = self.choose_agent(contact) {
            self.enters_queue(contact, false);
            return self.answer(contact, chosen, false);
        }
        let lane = &self.lanes[contact.class.index()];
        let is_closed = !lane.is_open && lane.kind.hours.is_some_and(|hours| hours.rejects);
        let waiting = self.waiting_of[lane.class.contact_type.index()];
        let is_full = self.waiting >= limits.waiting_room || waiting >= lane.kind.queue_limit;
        if is_closed || is_full {
            return self.is_lost(contact, How::Blocked);
        }
        self.enters_queue(contact, true);
        self.join(contact, patience);
    }

    /// An attempt enters a human queue, answered at once or not: from here on it has its place.
    #[inline(always)]
    fn enters_queue(&mut self, contact: &mut Contact, waits: bool) {
        contact.joined = self.joined;
        self.joined += 1;
        self.lines += 1;
        self.observer.on_queued(self.now, contact, waits);
    }

    /// An attempt that nothing keeps from its queue.
    fn queue(&mut self, contact: &mut Contact) {
        let agent = self.choose_agent(contact);
        self.enters_queue(contact, agent.is_none());
        match agent {
            Some(agent) => self.answer(contact, agent, false),
            None => self.join(contact, UNDRAWN),
        }
    }

    /// A misrouted contact is transferred to its own queue; it keeps its line and its place.
    fn rejoin(&mut self, contact: &mut Contact) {
        contact.class = match &self.model.contact_types[contact.contact_type.index()].bot {
            Some(bot) => own_class(contact, bot, self.model),
            None => contact.class,
        };
        let agent = self.choose_agent(contact);
        self.observer.on_transferred(self.now, contact, agent.is_none());
        match agent {
            Some(agent) => self.answer(contact, agent, false),
            None => self.join(contact, UNDRAWN),
        }
    }

    /// What patience and handling are keyed by: the attempt, or the first one where retries keep
    /// their draws.
    #[inline(always)]
    pub(super) fn kept_draws(&self, contact: &Contact) -> ContactKey {
        if contact.attempt == 0 {
            return contact.key;
        }
        let kind = &self.model.contact_types[contact.contact_type.index()];
        match &kind.retry {
            Some(retry) if retry.keep_draws => contact.key,
            _ => contact.draws(),
        }
    }

    /// An attempt is lost: it gave up, or found no room. It may come again.
    pub(super) fn is_lost(&mut self, contact: &Contact, how: How) {
        let retry_after = self.retry_after(contact, how);
        let ended = Ended {
            how,
            left_at: self.now,
            wait: contact.wait(self.now),
            group: None,
            again: retry_after.map(|_| Cause::Retry),
        };
        self.observer.on_ended(self.now, contact, &ended);
        if let Some(after) = retry_after {
            self.comes_again(after, Person::of(contact, Cause::Retry));
        }
    }

    /// After how long a lost contact tries again; `None`: never.
    fn retry_after(&self, contact: &Contact, how: How) -> Option<SimSpan> {
        let kind = &self.model.contact_types[contact.contact_type.index()];
        let retry = kind.retry.as_ref()?;
        let probability =
            if how == How::Abandoned { retry.after_abandoning } else { retry.after_blocking };
        let draws = contact.draws();
        let comes = retry.at_most.is_none_or(|most| contact.retries < most)
            && draws.draw(Purpose::Retry).uniform() < probability;
        comes.then(|| SimSpan::from_seconds(retry.after.sample(draws.draw(Purpose::RetryDelay))))
    }

    /// A further attempt is on its way.
    pub(super) fn comes_again(&mut self, after: SimSpan, person: Person) {
        self.returns.plan(self.now + after, person);
        self.look_at_seldom();
    }

    /// A misrouted contact will be back among its own.
    pub(super) fn transfer(&mut self, at: SimTime, contact: &Contact) {
        let slot = self.contacts.keep(contact);
        self.returns.transfer(at, slot);
        self.look_at_seldom();
    }
}
