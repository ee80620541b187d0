//! The life of an attempt outside the queue: how it arrives, reaches the human side, is transferred,
//! and comes again.

use super::contact::{Before, Cause, Contact, Leg};
use super::demand::{Birth, UNDRAWN};
use super::observer::Observer;
use super::returns::{Back, Person};
use super::world::World;
use crate::model::{ClassId, Model, SourceKind, TypeBot, Urgent};
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
            return self.block(contact);
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
            return self.block(contact);
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

    pub(super) fn block(&mut self, contact: &Contact) {
        self.observer.on_blocked(self.now, contact);
        let retry = self.model.contact_types[contact.contact_type.index()].retry.as_ref();
        self.maybe_retry(contact, retry.map_or(0.0, |retry| retry.after_blocking));
    }

    pub(super) fn maybe_retry(&mut self, contact: &Contact, probability: f64) {
        let kind = &self.model.contact_types[contact.contact_type.index()];
        let Some(retry) = &kind.retry else { return };
        let draws = contact.draws();
        if retry.at_most.is_some_and(|most| contact.retries >= most)
            || draws.draw(Purpose::Retry).uniform() >= probability
        {
            return;
        }
        let after = SimSpan::from_seconds(retry.after.sample(draws.draw(Purpose::RetryDelay)));
        self.observer.on_retry_planned(self.now, contact);
        self.comes_again(after, Person::of(contact, Cause::Retry));
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

/// What an escalation is taken for, and how urgent it is.
fn triage(contact: &mut Contact, bot: &TypeBot) {
    let draws = contact.draws();
    if let Some((probability, class)) = bot.misroute
        && draws.draw(Purpose::Misroute).uniform() < probability
    {
        contact.leg = Leg::Misrouted;
        contact.class = class;
    }
    if let Some(urgent) = &bot.urgent
        && is_urgent(contact, urgent)
    {
        contact.class = match urgent.misrouted {
            Some(class) if contact.leg == Leg::Misrouted => class,
            _ => urgent.class,
        };
    }
}

fn is_urgent(contact: &Contact, urgent: &Urgent) -> bool {
    let draw = contact.draws().draw(Purpose::Urgent);
    draw.uniform() < urgent.probability
}

/// The queue of an escalated contact among its own.
pub(super) fn own_class(contact: &Contact, bot: &TypeBot, model: &Model) -> ClassId {
    match &bot.urgent {
        Some(urgent) if is_urgent(contact, urgent) => urgent.class,
        _ => model.contact_types[contact.contact_type.index()].class,
    }
}
