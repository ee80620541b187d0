//! Contacts in the system, and where they are kept while they wait for something.

use super::observer::{Service, SessionEnd};
use crate::model::{ClassId, ContactTypeId};
use crate::random::ContactKey;
use crate::time::{SimSpan, SimTime};

/// One attempt of one contact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contact {
    /// Number of the contact in order of first arrival, from 0.
    pub number: u64,
    /// Number of this attempt among all attempts of the replication in order of arrival, from 0.
    pub row: u64,
    /// What its draws are keyed by.
    pub key: ContactKey,
    /// Its type.
    pub contact_type: ContactTypeId,
    /// The queue for it; before it reaches the human side that of its type.
    pub class: ClassId,
    /// Its row in the log of its type, where it comes from one.
    pub log_row: Option<u32>,
    /// Attempts before this one.
    pub attempt: u32,
    /// Those of them that were retries.
    pub retries: u32,
    /// Why this attempt came.
    pub cause: Cause,
    /// Whether it escalated from the bot in this attempt.
    pub escalated: bool,
    /// Whether it goes past the bot, straight to a human.
    pub past_bot: bool,
    /// Whether it is where it belongs.
    pub leg: Leg,
    /// Whether its first attempt arrived in the counted part of the run.
    pub counted: bool,
    /// When this attempt arrived.
    pub arrived_at: SimTime,
    /// When it reached the human side; before that, when it arrived.
    pub queued_at: SimTime,
    /// When its present wait began: `queued_at` unless it was transferred.
    pub waits_from: SimTime,
    /// Order of its first queue entry among all of the replication.
    pub(super) joined: u64,
    /// What went before a transfer.
    pub before: Before,
}

/// Whether an attempt is where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// It is, and always was.
    Direct,
    /// It is taken for another type, and will be transferred.
    Misrouted,
    /// It is, after a transfer.
    Transferred,
}

/// What a contact went through before it was transferred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Its wait.
    pub wait: SimSpan,
    /// Its time with an agent, and that agent's work after it.
    pub service: Service,
}

/// Why an attempt came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A first attempt.
    Arrival,
    /// A repeat after abandoning or blocking.
    Retry,
    /// A return after a false resolution.
    Recontact,
}

impl Contact {
    /// What the draws of this attempt are keyed by.
    pub fn draws(&self) -> ContactKey {
        self.key.attempt(self.attempt)
    }

    /// How long it has waited in human queues in this attempt, if it waits now.
    pub fn wait(&self, at: SimTime) -> SimSpan {
        self.before.wait + (at - self.waits_from)
    }

    /// Time from arrival to the human side.
    pub fn bot_time(&self) -> SimSpan {
        self.queued_at - self.arrived_at
    }
}

/// Place of a kept contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot(pub(super) u32);

/// No slot: the end of a list.
pub(super) const NO_SLOT: Slot = Slot(u32::MAX);

/// A kept contact and its neighbors in a queue.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) contact: Contact,
    /// Order of the end of its patience; tells it from an earlier user of the slot.
    pub(super) ticket: u64,
    /// The same of the next stage of its route.
    pub(super) stage_ticket: u64,
    /// Stages up to this long after joining the queue have begun for it.
    pub(super) reached: SimSpan,
    /// How its bot session will end, and the length of it.
    pub(super) session: Option<(SessionEnd, SimSpan)>,
    pub(super) before: Slot,
    pub(super) behind: Slot,
}

/// Contacts that wait for something: memory is that of the most kept at once.
#[derive(Debug, Default)]
pub(super) struct Contacts {
    slots: Vec<Kept>,
    free: Vec<Slot>,
}

impl Contacts {
    /// Keeps a contact.
    pub(super) fn keep(&mut self, contact: Contact) -> Slot {
        let kept = Kept {
            contact,
            ticket: u64::MAX,
            stage_ticket: u64::MAX,
            reached: SimSpan::ZERO,
            session: None,
            before: NO_SLOT,
            behind: NO_SLOT,
        };
        if let Some(slot) = self.free.pop() {
            self.slots[slot.0 as usize] = kept;
            return slot;
        }
        let slot = Slot(u32::try_from(self.slots.len()).expect("the engine stops far earlier"));
        self.slots.push(kept);
        slot
    }

    /// Lets a contact go; its slot is used again.
    pub(super) fn release(&mut self, slot: Slot) -> Contact {
        let kept = self.get_mut(slot);
        kept.ticket = u64::MAX;
        kept.stage_ticket = u64::MAX;
        let contact = kept.contact;
        self.free.push(slot);
        contact
    }

    pub(super) fn get(&self, slot: Slot) -> &Kept {
        &self.slots[slot.0 as usize]
    }

    pub(super) fn get_mut(&mut self, slot: Slot) -> &mut Kept {
        &mut self.slots[slot.0 as usize]
    }

    /// Number of kept contacts.
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }
}
