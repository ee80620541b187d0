//! A fingerprint of all that the engine tells of a replication.
//!
//! Two replications with the same digest had the same events: the same contacts at the same
//! microseconds, answered by the same groups. It says nothing about what is made of the events.

use crate::engine::{Answer, Contact, Ended, How, Observer, Service, SessionEnd, Staff};
use crate::model::GroupId;
use crate::time::{SimSpan, SimTime};

/// Tells another observer everything, and keeps a digest of it.
#[derive(Clone, Debug)]
pub struct Digest<O> {
    observer: O,
    hash: u64,
}

/// Mixes a number into a hash: a multiplication by an odd number and a rotation keep all that was
/// there, so that a difference anywhere changes the result (but for one chance in 2^64).
pub const fn mixed(hash: u64, number: u64) -> u64 {
    (hash ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
}

impl<O: Observer> Digest<O> {
    /// Nothing told yet.
    pub const fn new(observer: O) -> Self {
        Self { observer, hash: 0 }
    }

    /// The other observer, and the digest of what it was told.
    pub fn finish(self) -> (O, u64) {
        // The rotation leaves the last number in few bits: mix them once more.
        (self.observer, mixed(mixed(self.hash, 1), 2))
    }

    fn add(&mut self, number: u64) {
        self.hash = mixed(self.hash, number);
    }

    /// What happens to a contact.
    fn event(&mut self, kind: Kind, at: SimTime, contact: &Contact) {
        self.add(kind as u64);
        self.add(at.as_micros().cast_unsigned());
        self.add(contact.row);
        self.add(contact.number);
        self.add(contact.contact_type.index() as u64);
    }

    fn service(&mut self, service: Service) {
        self.span(service.handling);
        self.span(service.wrap_up);
    }

    fn span(&mut self, span: SimSpan) {
        self.add(span.as_micros().cast_unsigned());
    }
}

/// What happened.
#[derive(Clone, Copy)]
enum Kind {
    Arrival = 1,
    OptedOut,
    BotFull,
    Session,
    SessionEnd,
    Queued,
    Answered,
    Served,
    Transferred,
    Ended,
    Released,
    Staff,
    LeftWaiting,
    End,
}

impl<O: Observer> Observer for Digest<O> {
    fn on_arrival(&mut self, at: SimTime, contact: &Contact) {
        self.event(Kind::Arrival, at, contact);
        self.add(contact.cause as u64);
        self.observer.on_arrival(at, contact);
    }

    fn on_opted_out(&mut self, at: SimTime, contact: &Contact) {
        self.event(Kind::OptedOut, at, contact);
        self.observer.on_opted_out(at, contact);
    }

    fn on_bot_full(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        self.event(Kind::BotFull, at, contact);
        self.add(waits.into());
        self.observer.on_bot_full(at, contact, waits);
    }

    fn on_session(&mut self, at: SimTime, contact: &Contact, end: Option<(SessionEnd, SimSpan)>) {
        self.event(Kind::Session, at, contact);
        if let Some((end, length)) = end {
            self.add(end as u64);
            self.span(length);
        }
        self.observer.on_session(at, contact, end);
    }

    fn on_session_end(&mut self, at: SimTime, contact: &Contact, end: SessionEnd, length: SimSpan) {
        self.event(Kind::SessionEnd, at, contact);
        self.add(end as u64);
        self.span(length);
        self.observer.on_session_end(at, contact, end, length);
    }

    fn on_queued(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        self.event(Kind::Queued, at, contact);
        self.add(waits.into());
        self.observer.on_queued(at, contact, waits);
    }

    fn on_answered(&mut self, at: SimTime, contact: &Contact, answer: Answer) {
        self.event(Kind::Answered, at, contact);
        self.add(answer.group.index() as u64);
        self.add(answer.open.into());
        self.add(answer.waited.into());
        self.service(answer.service.unwrap_or_default());
        self.observer.on_answered(at, contact, answer);
    }

    fn on_served(&mut self, at: SimTime, contact: &Contact, service: Service) {
        self.event(Kind::Served, at, contact);
        self.service(service);
        self.observer.on_served(at, contact, service);
    }

    fn on_transferred(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        self.event(Kind::Transferred, at, contact);
        self.add(waits.into());
        self.observer.on_transferred(at, contact, waits);
    }

    fn on_ended(&mut self, at: SimTime, contact: &Contact, ended: &Ended) {
        self.event(Kind::Ended, at, contact);
        let Ended { how, left_at, wait, group, again } = *ended;
        let (how, service) = match how {
            How::Resolved => (0, None),
            How::FalselyResolved => (1, None),
            How::LeftBot => (2, None),
            How::Answered(service) => (3, service),
            How::Abandoned => (4, None),
            How::Blocked => (5, None),
            How::Unfinished { queued } => (6 + u64::from(queued), None),
        };
        self.add(how);
        self.service(service.unwrap_or_default());
        self.add(left_at.as_micros().cast_unsigned());
        self.span(wait);
        self.add(group.map_or(u64::MAX, |group| group.index() as u64));
        self.add(again.map_or(u64::MAX, |cause| cause as u64));
        self.observer.on_ended(at, contact, ended);
    }

    fn on_released(&mut self, at: SimTime, group: GroupId, open: u32) {
        self.add(Kind::Released as u64);
        self.add(at.as_micros().cast_unsigned());
        self.add(group.index() as u64);
        self.add(open.into());
        self.observer.on_released(at, group, open);
    }

    fn on_staff(&mut self, at: SimTime, group: GroupId, staff: Staff) {
        self.add(Kind::Staff as u64);
        self.add(at.as_micros().cast_unsigned());
        self.add(group.index() as u64);
        for agents in [staff.scheduled, staff.present, staff.staffed, staff.overtime] {
            self.add(agents.into());
        }
        self.observer.on_staff(at, group, staff);
    }

    fn on_left_waiting(&mut self, at: SimTime, contact: &Contact, work: SimSpan) {
        self.event(Kind::LeftWaiting, at, contact);
        self.span(work);
        self.observer.on_left_waiting(at, contact, work);
    }

    fn on_end(&mut self, at: SimTime) {
        self.add(Kind::End as u64);
        self.add(at.as_micros().cast_unsigned());
        self.observer.on_end(at);
    }
}
