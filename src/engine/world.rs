//! The state of the center, and the loop that moves it from event to event.
//!
//! Pending events live in one calendar per kind. Of the earliest ones the tie rule picks: agents
//! and lines that become free; then changes of staff, opening hours and bot, ends of breaks, and
//! stages of routes, in this order; then arrivals at the bot or at the human side (ends of bot
//! sessions, returns and transfers, first attempts, in this order); then contacts whose patience
//! ends. Queues are looked at after each event that frees an agent or lets a contact go further, so
//! that an answer at the very moment patience ends is an answer.

use std::sync::atomic::{AtomicBool, Ordering};

use super::agents::Agents;
use super::bot::BotState;
use super::calendar::{Calendar, Entry};
use super::chats::Chats;
use super::contact::{Contacts, Leg, Slot};
use super::demand::Demand;
use super::observer::Observer;
use super::queue::Queue;
use super::{MOST_IN_SYSTEM, Stopped, Tally};
use crate::model::{GroupId, Model, Team, WhenFull};
use crate::random::Streams;
use crate::time::SimTime;

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
    pub(super) demand: Demand<'m>,
    /// Agents who serve one contact at a time and lines, as they become free; the payload is an
    /// agent as in [`World::release_payload`], or [`LINE`].
    pub(super) releases: Calendar,
    /// Agents who serve several contacts at a time.
    pub(super) chats: Chats,
    /// Retries, recontacts and transfers on their way; the payload is the slot.
    pub(super) returns: Calendar,
    /// When patience ends; the payload is the slot. Those who were answered first stay in it until
    /// there are too many of them.
    pub(super) deadlines: Calendar,
    /// When a waiting contact reaches the next stage of its route; the payload is the slot.
    pub(super) stages: Calendar,
    /// Ends of breaks; the payload is as in [`World::release_payload`].
    pub(super) breaks: Calendar,
    /// Place in `model.changes`.
    pub(super) change: usize,
    /// By class.
    pub(super) queues: Vec<Queue>,
    pub(super) agents: Vec<Agents>,
    /// By group: the payload of its first agent who is told apart.
    pub(super) payloads: Vec<u32>,
    /// By contact type: whether humans take it now.
    pub(super) open: Vec<bool>,
    pub(super) waiting: u32,
    /// By contact type.
    pub(super) waiting_of: Vec<u32>,
    /// Contacts waiting or being handled; where lines are not limited, those who wait and those
    /// whose agents serve several.
    pub(super) lines: u32,
    pub(super) joined: u64,
    /// Whether the policy has ordered the classes beforehand.
    pub(super) is_ranked: bool,
    pub(super) became_idle: u64,
    pub(super) tally: Tally,
    pub(super) rows: u64,
}

/// The kinds of events in the order of the tie rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Release,
    ChatEnd,
    Change,
    BreakEnd,
    Stage,
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
            chats: Chats::new(model),
            returns: Calendar::default(),
            deadlines: Calendar::default(),
            stages: Calendar::default(),
            breaks: Calendar::default(),
            change: 0,
            queues: vec![Queue::default(); model.classes.len()],
            agents: model
                .groups
                .iter()
                .map(|group| Agents::new(group.team, group.speeds.as_deref()))
                .collect(),
            payloads: payloads(model),
            open: model
                .contact_types
                .iter()
                .map(|kind| kind.hours.is_none())
                .collect(),
            waiting: 0,
            waiting_of: vec![0; model.contact_types.len()],
            lines: 0,
            joined: 0,
            is_ranked: model.policy.is_fixed(),
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
            (self.chats.next_at(), Kind::ChatEnd),
            (change, Kind::Change),
            (self.breaks.next_at(), Kind::BreakEnd),
            (self.stages.next_at(), Kind::Stage),
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
                    self.released(payload);
                }
            }
            Kind::ChatEnd => self.chat_ended(),
            Kind::Change => {
                let (_, change) = self.model.changes[self.change];
                self.change += 1;
                self.changed(change);
            }
            Kind::BreakEnd => {
                if let Some(entry) = self.breaks.pop() {
                    self.break_over(entry.payload());
                }
            }
            Kind::Stage => {
                if let Some(entry) = self.stages.pop() {
                    self.stage(entry);
                }
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
        let mut contact = Contact {
            number: self.tally.contacts,
            row: 0,
            key: birth.key,
            contact_type: birth.contact_type,
            class: self.model.contact_types[birth.contact_type.index()].class,
            log_row: birth.log_row,
            attempt: 0,
            retries: 0,
            cause: Cause::Arrival,
            escalated: false,
            past_bot: birth.waits_already,
            misrouted: false,
            transferred: false,
            counted: self.now >= self.model.horizon.warm_up,
            arrived_at: self.now,
            queued_at: self.now,
            waits_from: self.now,
            joined: 0,
            before: Before::default(),
        };
        self.tally.contacts += 1;
        if birth.waits_already {
            self.announce(&mut contact);
            self.queue(contact);
        } else {
            self.enter(contact);
        }
    }

    fn returned(&mut self, slot: Slot) {
        let mut contact = self.contacts.release(slot);
        contact.waits_from = self.now;
        if contact.transferred {
            return self.rejoin(contact);
        }
        contact.arrived_at = self.now;
        contact.queued_at = self.now;
        self.enter(contact);
    }

    /// An attempt arrives.
    fn announce(&mut self, contact: &mut Contact) {
        contact.row = self.rows;
        self.rows += 1;
        self.observer.on_arrival(self.now, contact);
    }

    /// An attempt comes in by the front door; who returns after a false resolution goes past the
    /// bot, and keeps doing so in the retries that follow.
    fn enter(&mut self, mut contact: Contact) {
        self.announce(&mut contact);
        let kind = &self.model.contact_types[contact.contact_type.index()];
        match &kind.bot {
            Some(bot) if !contact.past_bot => self.enter_bot(contact, bot),
            _ => self.reach_humans(contact),
        }
    }

    /// An attempt reaches the human side: it is answered, waits, or finds no room.
    pub(super) fn reach_humans(&mut self, mut contact: Contact) {
        contact.queued_at = self.now;
        contact.waits_from = self.now;
        if contact.escalated
            && let Some(bot) = &self.model.contact_types[contact.contact_type.index()].bot
        {
            triage(&mut contact, bot);
        }
        let limits = self.model.limits;
        if limits.lines != u32::MAX && self.lines >= limits.lines {
            return self.block(contact);
        }
        if let Some(agent) = self.choose_agent(&contact) {
            self.enters_queue(&mut contact, false);
            return self.answer(contact, agent, false);
        }
        let waits_as = self.model.classes[contact.class.index()]
            .contact_type
            .index();
        let kind = &self.model.contact_types[waits_as];
        let is_closed = !self.open[waits_as] && kind.hours.is_some_and(|hours| hours.rejects);
        let is_full =
            self.waiting >= limits.waiting_room || self.waiting_of[waits_as] >= kind.queue_limit;
        if is_closed || is_full {
            return self.block(contact);
        }
        self.enters_queue(&mut contact, true);
        self.join(contact);
    }

    /// An attempt enters a human queue, answered at once or not: from here on it has its place.
    fn enters_queue(&mut self, contact: &mut Contact, waits: bool) {
        contact.joined = self.joined;
        self.joined += 1;
        self.lines += 1;
        self.observer.on_queued(self.now, contact, waits);
    }

    /// An attempt that nothing keeps from its queue.
    fn queue(&mut self, mut contact: Contact) {
        let agent = self.choose_agent(&contact);
        self.enters_queue(&mut contact, agent.is_none());
        match agent {
            Some(agent) => self.answer(contact, agent, false),
            None => self.join(contact),
        }
    }

    /// A misrouted contact is transferred to its own queue; it keeps its line and its place.
    fn rejoin(&mut self, mut contact: Contact) {
        contact.class = match &self.model.contact_types[contact.contact_type.index()].bot {
            Some(bot) => own_class(&contact, bot, self.model),
            None => contact.class,
        };
        let agent = self.choose_agent(&contact);
        self.observer
            .on_transferred(self.now, &contact, agent.is_none());
        match agent {
            Some(agent) => self.answer(contact, agent, false),
            None => self.join(contact),
        }
    }

    fn join(&mut self, contact: Contact) {
        let patience = self.patience(&contact);
        let class = contact.class.index();
        let slot = self.contacts.keep(contact);
        if contact.transferred {
            self.queues[class].join_by_age(&mut self.contacts, slot);
        } else {
            self.queues[class].join(&mut self.contacts, slot);
        }
        self.waiting += 1;
        let waits_as = self.model.classes[class].contact_type;
        self.waiting_of[waits_as.index()] += 1;
        if let Some(patience) = patience {
            let order = self.deadlines.schedule(self.now + patience, slot.0);
            self.contacts.get_mut(slot).ticket = order;
            self.thin_deadlines();
        }
        self.plan_stage(slot);
    }

    /// How long a contact that joins a queue now will wait; `None`: for ever.
    fn patience(&self, contact: &Contact) -> Option<SimSpan> {
        let kind = &self.model.contact_types[contact.contact_type.index()];
        let logged = kind.log.as_ref().and_then(|log| log.patience.as_ref());
        if let (Some(row), Some(logged)) = (contact.log_row, logged) {
            return logged[row as usize];
        }
        let purpose = if contact.transferred {
            Purpose::TransferPatience
        } else {
            Purpose::Patience
        };
        let draw = |patience: &crate::random::Distribution| {
            let draws = self.kept_draws(contact);
            SimSpan::from_seconds(patience.sample(draws.draw(purpose)))
        };
        kind.patience.as_ref().map(draw)
    }

    /// A waiting contact has reached the stages of its route that have begun by now. Plans when it
    /// reaches the next, if there is one.
    fn plan_stage(&mut self, slot: Slot) {
        let kept = self.contacts.get_mut(slot);
        kept.reached = self.now - kept.contact.queued_at;
        let contact = &self.contacts.get(slot).contact;
        let stages = &self.model.classes[contact.class.index()].stages;
        let due = stages.iter().map(|after| contact.queued_at + *after);
        let Some(next) = due.into_iter().find(|at| *at > self.now) else {
            return;
        };
        let order = self.stages.schedule(next, slot.0);
        self.contacts.get_mut(slot).stage_ticket = order;
        if self.stages.len() > 2 * self.waiting as usize + 256 {
            let contacts = &self.contacts;
            self.stages
                .retain(|entry| contacts.get(Slot(entry.payload())).stage_ticket == entry.order());
        }
    }

    /// A contact reaches a stage of its route, if it still waits.
    fn stage(&mut self, entry: Entry) {
        let slot = Slot(entry.payload());
        let kept = self.contacts.get(slot);
        if kept.stage_ticket != entry.order() {
            self.tally.events -= 1;
            return;
        }
        match self.choose_agent(&kept.contact) {
            Some(agent) => {
                let contact = self.take_from_queue(slot);
                self.answer(contact, agent, true);
            }
            None => self.plan_stage(slot),
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
    pub(super) fn kept_draws(&self, contact: &Contact) -> ContactKey {
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
        self.abandon(slot);
    }

    /// A contact leaves its queue unserved.
    pub(super) fn abandon(&mut self, slot: Slot) {
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
        let class = self.contacts.get(slot).contact.class.index();
        self.queues[class].leave(&mut self.contacts, slot);
        self.waiting -= 1;
        let waited_as = self.model.classes[class].contact_type;
        self.waiting_of[waited_as.index()] -= 1;
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
            class: kind.class,
            misrouted: false,
            transferred: false,
            before: Before::default(),
            ..contact
        };
        self.return_at(self.now + after, again);
    }

    /// A further attempt is on its way.
    pub(super) fn return_at(&mut self, at: SimTime, contact: Contact) {
        let slot = self.contacts.keep(contact);
        self.returns.schedule(at, slot.0);
    }

    /// Arrivals are over.
    fn close(&mut self, at: SimTime) {
        self.now = at;
        for queue in &self.queues {
            for slot in queue.iter(&self.contacts) {
                let contact = &self.contacts.get(slot).contact;
                let work = self.work(contact, None);
                self.observer
                    .on_left_waiting(at, contact, work.handling + work.wrap_up);
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
        let transferred = self.returns.payloads().map(Slot);
        for slot in transferred.chain(self.chats.in_handling()) {
            let contact = &self.contacts.get(slot).contact;
            if contact.leg != Leg::Direct {
                self.observer.on_unfinished(contact, true);
            }
        }
        for slot in self.bot.inside() {
            self.observer
                .on_unfinished(&self.contacts.get(slot).contact, false);
        }
        self.observer.on_end(self.now);
    }

    /// What stands in calendars for an agent of a group.
    pub(super) fn release_payload(&self, group: GroupId, agent: u32) -> u32 {
        match self.agents[group.index()] {
            Agents::Count(_) => u32::try_from(group.index()).expect("groups are few"),
            Agents::Named(_) => self.payloads[group.index()] + agent,
        }
    }

    /// The group, and the agent's place in it where agents are told apart.
    pub(super) fn of_payload(&self, payload: u32) -> (GroupId, u32) {
        if (payload as usize) < self.agents.len() {
            return (GroupId::new(payload as usize), 0);
        }
        let group = self.payloads.partition_point(|first| *first <= payload) - 1;
        (GroupId::new(group), payload - self.payloads[group])
    }

    /// What happens to whoever finds the bot full.
    pub(super) fn when_full(&self) -> WhenFull {
        self.model.bot.when_full
    }
}

/// By group: what stands in calendars for its first agent who is told apart. Groups come first, for
/// agents who are not.
fn payloads(model: &Model) -> Vec<u32> {
    let mut next = u32::try_from(model.groups.len()).expect("groups are few");
    let mut payloads = Vec::new();
    for group in &model.groups {
        payloads.push(next);
        next = match group.team {
            Team::Count { .. } => next,
            Team::Heads(agents) | Team::Shifts(agents) => next
                .checked_add(agents)
                .expect("agents number at most 2^31"),
        };
    }
    payloads
}
