//! A contact of the plain engine.

use surgecast::engine::{self, Before, Cause, Leg};
use surgecast::random::ContactKey;
use surgecast::time::{SimSpan, SimTime};

/// One attempt; all that the engine tells of it, and its place.
#[derive(Clone, Copy, Debug)]
#[expect(dead_code, reason = "some fields are only told, as text")]
pub(super) struct Contact {
    pub(super) number: u64,
    pub(super) row: u64,
    pub(super) key: ContactKey,
    pub(super) kind: usize,
    pub(super) class: usize,
    pub(super) log_row: Option<u32>,
    pub(super) attempt: u32,
    pub(super) retries: u32,
    pub(super) cause: Cause,
    pub(super) escalated: bool,
    pub(super) past_bot: bool,
    pub(super) misrouted: bool,
    pub(super) transferred: bool,
    pub(super) counted: bool,
    pub(super) arrived_at: SimTime,
    pub(super) queued_at: SimTime,
    pub(super) waits_from: SimTime,
    pub(super) before: Before,
    /// Order of its first queue entry.
    pub(super) place: u64,
}

impl Contact {
    /// All but its place, which the engine keeps to itself.
    pub(super) fn text(&self) -> String {
        format!("{:?}", Self { place: 0, ..*self })
    }

    pub(super) fn draws(&self) -> ContactKey {
        self.key.attempt(self.attempt)
    }

    pub(super) fn wait(&self, now: SimTime) -> SimSpan {
        self.before.wait + (now - self.waits_from)
    }
}

impl From<&engine::Contact> for Contact {
    fn from(contact: &engine::Contact) -> Self {
        Self {
            number: contact.number,
            row: contact.row,
            key: contact.key,
            kind: contact.contact_type.index(),
            class: contact.class.index(),
            log_row: contact.log_row,
            attempt: contact.attempt,
            retries: contact.retries,
            cause: contact.cause,
            escalated: contact.escalated,
            past_bot: contact.past_bot,
            misrouted: contact.leg == Leg::Misrouted,
            transferred: contact.leg == Leg::Transferred,
            counted: contact.counted,
            arrived_at: contact.arrived_at,
            queued_at: contact.queued_at,
            waits_from: contact.waits_from,
            before: contact.before,
            place: 0,
        }
    }
}
