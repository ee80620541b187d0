//! The state of the center, and the loop that moves it from event to event.
//!
//! Pending events live in one calendar, tournament or list per kind; each tells the key of its first.
//! Of the earliest ones the tie rule picks: agents and lines that become free; then changes of staff,
//! opening hours and bot, ends of breaks, and stages of routes, in this order; then arrivals at the bot or at the human side (ends of bot
//! sessions, returns and transfers, first attempts, in this order); then contacts whose patience
//! ends. Queues are looked at after each event that frees an agent or lets a contact go further, so
//! that an answer at the very moment patience ends is an answer.

use std::sync::atomic::{AtomicBool, Ordering};

use super::bot::BotState;
use super::calendar::{Calendar, Keys, NOTHING};
use super::chats::Chats;
use super::contact::{Contact, Leg};
use super::demand::FirstAttempts;
use super::kept::Contacts;
use super::lane::{Crew, Lane, crews, lanes};
use super::observer::{Ended, Observer};
use super::returns::Returns;
use super::triage::own_class;
use super::{MOST_IN_SYSTEM, Stopped, Tally};
use crate::model::{GroupId, Model, TypeBot};
use crate::random::Streams;
use crate::time::{SimSpan, SimTime};

/// Payload of a release that frees a line and no agent.
pub(super) const LINE: u32 = u32::MAX;
/// Events between two looks at the stop signal and at memory.
const LOOK_EVERY: u64 = 4096;

/// State of one replication.
pub(super) struct World<'m, O> {
    pub(super) model: &'m Model,
    pub(super) streams: Streams,
    pub(super) observer: &'m mut O,
    pub(super) now: SimTime,
    keys: Keys,
    pub(super) contacts: Contacts,
    pub(super) bot: BotState,
    pub(super) demand: FirstAttempts<'m>,
    /// Agents who serve one contact at a time and lines, as they become free; the payload is an
    /// agent as in [`Crew::payload`], or [`LINE`].
    pub(super) releases: Calendar,
    /// Agents who serve several contacts at a time.
    pub(super) chats: Chats,
    /// Retries, recontacts and transfers on their way.
    pub(super) returns: Returns,
    /// When patience ends; the payload is the slot. Those who were answered first stay in it until
    /// there are too many of them.
    pub(super) deadlines: Calendar,
    /// When a waiting contact reaches the next stage of its route; the payload is the slot.
    pub(super) stages: Calendar,
    /// Ends of breaks; the payload is as in [`Crew::payload`].
    pub(super) breaks: Calendar,
    /// Place in `model.changes`, and the key of what stands there.
    pub(super) change: usize,
    change_head: u64,
    /// The least key of the calendars that are seldom touched: whoever touches one calls
    /// [`World::look_at_seldom`].
    seldom: u64,
    /// By class.
    pub(super) lanes: Vec<Lane<'m>>,
    /// By contact type: the bot in front of it.
    pub(super) bots: Vec<Option<&'m TypeBot>>,
    /// By group.
    pub(super) crews: Vec<Crew<'m>>,
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
#[repr(u64)]
pub(super) enum Kind {
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

/// By number.
const KINDS: [Kind; 9] = [
    Kind::Release,
    Kind::ChatEnd,
    Kind::Change,
    Kind::BreakEnd,
    Kind::Stage,
    Kind::SessionEnd,
    Kind::Return,
    Kind::Arrival,
    Kind::Deadline,
];

impl<'m, O: Observer> World<'m, O> {
    pub(super) fn new(model: &'m Model, streams: Streams, observer: &'m mut O) -> Self {
        let keys = Keys::new(model.horizon.end);
        let calendar = |kind: Kind| Calendar::new(keys, kind as u64);
        Self {
            model,
            streams,
            observer,
            now: SimTime::START,
            keys,
            contacts: Contacts::new(model.classes.iter().any(|class| !class.stages.is_empty())),
            bot: BotState::new(model, calendar(Kind::SessionEnd)),
            demand: FirstAttempts::new(model, streams, keys, Kind::Arrival as u64),
            releases: calendar(Kind::Release),
            chats: Chats::new(model, keys, Kind::ChatEnd as u64),
            returns: Returns::new(calendar(Kind::Return)),
            deadlines: calendar(Kind::Deadline),
            stages: calendar(Kind::Stage),
            breaks: calendar(Kind::BreakEnd),
            change: 0,
            change_head: NOTHING,
            seldom: NOTHING,
            lanes: lanes(model),
            bots: model.contact_types.iter().map(|kind| kind.bot.as_ref()).collect(),
            crews: crews(model),
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
        let mut look_at = LOOK_EVERY;
        self.look_at_changes();
        loop {
            let next = self.next();
            let at = self.keys.instant(next);
            if at >= duration {
                if open {
                    self.close(duration);
                    open = false;
                }
                let idle = self.in_system() == 0 && self.demand.head() == NOTHING;
                if idle || at > self.model.horizon.end {
                    break;
                }
            }
            self.now = at;
            self.tally.events += 1;
            self.step(KINDS[self.keys.kind_of(next)]);
            debug_assert!(self.conserves_work(), "a contact waits while an agent for it is free");
            if self.tally.events >= look_at {
                look_at = self.tally.events + LOOK_EVERY;
                if stop.load(Ordering::Relaxed) {
                    return Err(Stopped::Asked);
                }
                if self.in_system() > MOST_IN_SYSTEM {
                    return Err(Stopped::TooMany { at: self.now });
                }
            }
        }
        self.finish();
        Ok(self.tally)
    }

    /// The key of the next event: the earliest, at equal instants the first in the order of [`Kind`].
    /// Keys are instant and kind in one number, so this is the least of them.
    #[inline(always)]
    fn next(&self) -> u64 {
        debug_assert_eq!(self.seldom, self.least_seldom());
        let humans = self.releases.head().min(self.deadlines.head());
        let comers = self.demand.head().min(self.bot.head());
        humans.min(comers).min(self.seldom)
    }

    fn least_seldom(&self) -> u64 {
        let chats = self.chats.head().min(self.stages.head());
        let timed = self.change_head.min(self.breaks.head());
        chats.min(timed).min(self.returns.head())
    }

    /// One of the calendars has been touched that seldom are.
    #[inline(always)]
    pub(super) fn look_at_seldom(&mut self) {
        self.seldom = self.least_seldom();
    }

    /// Looks when the next change comes.
    fn look_at_changes(&mut self) {
        let next = self.model.changes.get(self.change);
        self.change_head =
            next.map_or(NOTHING, |(at, _)| self.keys.at(*at, self.keys.kind(Kind::Change as u64)));
        self.look_at_seldom();
    }

    #[inline(always)]
    fn step(&mut self, kind: Kind) {
        match kind {
            Kind::Release => {
                let first = self.releases.take_first();
                let payload = first.map_or(LINE, |entry| entry.payload);
                if payload == LINE {
                    self.lines -= 1;
                } else {
                    self.released(payload);
                }
                self.releases.settle();
            }
            Kind::Arrival => {
                let birth = self.demand.take();
                if !self.demand.leaves_out(&birth, self.now) {
                    self.born(&birth);
                }
            }
            Kind::SessionEnd => self.session_ended(),
            Kind::Deadline => {
                if let Some(entry) = self.deadlines.pop() {
                    self.deadline(entry);
                }
            }
            Kind::ChatEnd => self.chat_ended(),
            Kind::Change => {
                let (_, change) = self.model.changes[self.change];
                self.change += 1;
                self.look_at_changes();
                self.changed(change);
            }
            Kind::BreakEnd => {
                let entry = self.breaks.pop();
                self.look_at_seldom();
                if let Some(entry) = entry {
                    self.break_over(entry.payload);
                }
            }
            Kind::Stage => {
                let entry = self.stages.pop();
                self.look_at_seldom();
                if let Some(entry) = entry {
                    self.stage(entry);
                }
            }
            Kind::Return => {
                let back = self.returns.pop();
                self.look_at_seldom();
                if let Some(back) = back {
                    self.returned(back);
                }
            }
        }
    }

    /// Contacts that wait for something.
    fn in_system(&self) -> usize {
        self.contacts.len() + self.returns.absent()
    }

    /// Arrivals are over.
    fn close(&mut self, at: SimTime) {
        self.now = at;
        for lane in &self.lanes {
            for slot in lane.queue.iter(&self.contacts) {
                let contact = &self.contacts.get(slot).contact;
                let mut work = self.work(contact, None).agent_time();
                if let Some(transferred) = self.after_transfer(contact) {
                    work += self.work(&transferred, None).agent_time();
                }
                self.observer.on_left_waiting(at, contact, work);
            }
        }
    }

    /// What a waiting contact will be once it is transferred, if it is misrouted.
    fn after_transfer(&self, contact: &Contact) -> Option<Contact> {
        let bot = self.model.contact_types[contact.contact_type.index()].bot.as_ref()?;
        (contact.leg == Leg::Misrouted).then(|| Contact {
            leg: Leg::Transferred,
            class: own_class(contact, bot, self.model),
            ..*contact
        })
    }

    /// The run is over: who is still in it is told as unfinished, unless an agent has answered whose
    /// work on it goes on.
    fn finish(&mut self) {
        let end = self.model.horizon.end;
        for lane in &self.lanes {
            for slot in lane.queue.iter(&self.contacts) {
                let contact = &self.contacts.get(slot).contact;
                let ended = Ended::unfinished(true, end, contact.wait(end));
                self.observer.on_ended(end, contact, &ended);
            }
        }
        for slot in self.returns.transfers() {
            let contact = &self.contacts.get(slot).contact;
            let ended = Ended::unfinished(true, end, contact.before.wait);
            self.observer.on_ended(end, contact, &ended);
        }
        for (group, chat) in self.chats.open() {
            let contact = &self.contacts.get(chat.slot).contact;
            let wait = contact.wait(chat.answered_at);
            let ended = match (contact.leg, chat.left_at) {
                // It has been transferred, and is told from where it is now.
                (Leg::Misrouted, Some(_)) => continue,
                (Leg::Misrouted, None) => Ended::unfinished(true, end, wait),
                (_, left_at) => Ended::served(group, None, left_at.unwrap_or(end), wait),
            };
            self.observer.on_ended(end, contact, &ended);
        }
        for slot in self.bot.inside() {
            let ended = Ended::unfinished(false, end, SimSpan::ZERO);
            self.observer.on_ended(end, &self.contacts.get(slot).contact, &ended);
        }
        self.observer.on_end(self.now);
    }

    /// The group, and the agent's place in it where agents are told apart, that a payload stands for.
    #[inline(always)]
    pub(super) fn of_payload(&self, payload: u32) -> (GroupId, u32) {
        if (payload as usize) < self.crews.len() {
            return (GroupId::new(payload as usize), 0);
        }
        let group = self.crews.partition_point(|crew| crew.first <= payload) - 1;
        (GroupId::new(group), payload - self.crews[group].first)
    }
}
