//! Contacts on their way back: those who will come again, and those who are being transferred.
//!
//! Most contacts in the system of a day with retries and false resolutions are not there at all: they
//! will call again in an hour. Of these only what makes them the same person is kept.

use super::calendar::{Calendar, NOTHING};
use super::contact::{Cause, Contact};
use super::kept::Slot;
use crate::model::ContactTypeId;
use crate::random::ContactKey;
use crate::time::SimTime;

/// Set in the payload of a transfer; the rest is its slot.
const TRANSFER: u32 = 1 << 31;

/// What is the same in all attempts of a contact, and what is known of the one to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub(super) number: u64,
    pub(super) key: ContactKey,
    pub(super) contact_type: ContactTypeId,
    pub(super) log_row: Option<u32>,
    /// Of the attempt to come.
    pub(super) attempt: u32,
    pub(super) retries: u32,
    pub(super) cause: Cause,
    pub(super) past_bot: bool,
    pub(super) counted: bool,
}

impl Person {
    /// What will come of a contact for this reason.
    pub(super) fn of(contact: &Contact, cause: Cause) -> Self {
        let is_retry = cause == Cause::Retry;
        Self {
            number: contact.number,
            key: contact.key,
            contact_type: contact.contact_type,
            log_row: contact.log_row,
            attempt: contact.attempt + 1,
            retries: contact.retries + u32::from(is_retry),
            cause,
            // A false resolution is not told to the bot again.
            past_bot: contact.past_bot || cause == Cause::Recontact,
            counted: contact.counted,
        }
    }
}

/// Who is back.
#[derive(Clone, Copy, Debug)]
pub(super) enum Back {
    /// For another attempt.
    Again(Person),
    /// In the queue of its own.
    Transferred(Slot),
}

/// Contacts on their way back.
#[derive(Debug)]
pub(super) struct Returns {
    calendar: Calendar,
    absent: Vec<Person>,
    /// Places of `absent` that are free.
    free: Vec<u32>,
}

impl Returns {
    pub(super) fn new(calendar: Calendar) -> Self {
        Self { calendar, absent: Vec::new(), free: Vec::new() }
    }

    /// The key of the next return; [`NOTHING`] if there is none.
    #[inline(always)]
    pub(super) fn head(&self) -> u64 {
        self.calendar.head()
    }

    /// Somebody will come again.
    pub(super) fn plan(&mut self, at: SimTime, person: Person) {
        let place = if let Some(place) = self.free.pop() {
            self.absent[place as usize] = person;
            place
        } else {
            self.absent.push(person);
            u32::try_from(self.absent.len() - 1).expect("the engine stops far earlier")
        };
        self.calendar.schedule(at, place);
    }

    /// Somebody is being transferred.
    pub(super) fn transfer(&mut self, at: SimTime, slot: Slot) {
        self.calendar.schedule(at, slot.0 | TRANSFER);
    }

    /// The next who is back; there is one.
    pub(super) fn pop(&mut self) -> Option<Back> {
        debug_assert!(self.head() < NOTHING, "somebody is on the way");
        let payload = self.calendar.pop()?.payload;
        if payload & TRANSFER != 0 {
            return Some(Back::Transferred(Slot(payload & !TRANSFER)));
        }
        self.free.push(payload);
        Some(Back::Again(self.absent[payload as usize]))
    }

    /// How many will come again.
    pub(super) fn absent(&self) -> usize {
        self.absent.len() - self.free.len()
    }

    /// Who is being transferred.
    pub(super) fn transfers(&self) -> impl Iterator<Item = Slot> + '_ {
        let transfers = self.calendar.payloads();
        let transfers = transfers.filter(|payload| payload & TRANSFER != 0);
        transfers.map(|payload| Slot(payload & !TRANSFER))
    }
}
