//! The observer that writes down every attempt, in order of arrival.
//!
//! A row leaves as soon as it and all rows before it are complete, so memory is that of the
//! attempts that arrived after the oldest one still in the system.

use std::collections::VecDeque;

use crate::engine::observer::{Answer, Observer, Service, SessionEnd, Staff};
use crate::engine::{Contact, Leg};
use crate::model::{GroupId, Model};
use crate::time::{SimSpan, SimTime};

/// One attempt from arrival to end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TraceRow<'m> {
    /// From 1.
    pub replication: u32,
    /// Number of the contact within the replication in order of first arrival, from 1.
    pub contact: u64,
    /// From 1.
    pub attempt: u32,
    /// Name of the contact type.
    pub contact_type: &'m str,
    /// Priority of the contact type, or the one that triage gave to the contact.
    pub priority: u32,
    /// When it arrived.
    pub arrived: SimTime,
    /// When it joined a human queue.
    pub queued: Option<SimTime>,
    /// When an agent answered.
    pub answered: Option<SimTime>,
    /// When the customer left.
    pub ended: Option<SimTime>,
    /// How it ended, in the words of the report.
    pub outcome: &'static str,
    /// Name of the group whose agent answered.
    pub group: Option<&'m str>,
    /// From joining the queue to the answer or to leaving it.
    pub wait: Option<SimSpan>,
    /// Agent time until the customer left.
    pub handling: Option<SimSpan>,
    /// Agent time after that.
    pub wrap_up: Option<SimSpan>,
}

/// Writes down one replication.
#[derive(Debug)]
pub struct Tracer<'m, F> {
    model: &'m Model,
    replication: u32,
    sink: F,
    /// Rows that are incomplete, or behind one that is.
    rows: VecDeque<(TraceRow<'m>, bool)>,
    /// Rows that have left.
    left: u64,
}

impl<'m, F: FnMut(&TraceRow<'m>)> Tracer<'m, F> {
    /// Gives the rows of replication `replication`, from 1, to `sink`.
    pub fn new(model: &'m Model, replication: u32, sink: F) -> Self {
        Self { model, replication, sink, rows: VecDeque::new(), left: 0 }
    }

    fn row(&mut self, contact: &Contact) -> Option<&mut (TraceRow<'m>, bool)> {
        let place = usize::try_from(contact.row.checked_sub(self.left)?).ok()?;
        self.rows.get_mut(place)
    }

    /// The customer leaves at this instant; what went before a transfer counts too.
    fn serves(&mut self, left_at: SimTime, contact: &Contact, service: Service) {
        let before = contact.before.service;
        self.complete(contact, |row| {
            row.ended = Some(left_at);
            row.handling = Some(before.handling + service.handling);
            row.wrap_up = Some(before.wrap_up + service.wrap_up);
        });
    }

    fn complete(&mut self, contact: &Contact, change: impl FnOnce(&mut TraceRow<'m>)) {
        if let Some((row, complete)) = self.row(contact) {
            change(row);
            *complete = true;
        }
        while let Some((row, true)) = self.rows.front() {
            (self.sink)(row);
            self.rows.pop_front();
            self.left += 1;
        }
    }
}

impl<'m, F: FnMut(&TraceRow<'m>)> Observer for Tracer<'m, F> {
    fn on_arrival(&mut self, at: SimTime, contact: &Contact) {
        let kind = &self.model.contact_types[contact.contact_type.index()];
        let row = TraceRow {
            replication: self.replication,
            contact: contact.number + 1,
            attempt: contact.attempt + 1,
            contact_type: &kind.name,
            priority: kind.priority,
            arrived: at,
            queued: None,
            answered: None,
            ended: None,
            outcome: "unfinished",
            group: None,
            wait: None,
            handling: None,
            wrap_up: None,
        };
        self.rows.push_back((row, false));
    }

    fn on_opted_out(&mut self, _at: SimTime, _contact: &Contact) {}

    fn on_bot_full(&mut self, _at: SimTime, _contact: &Contact, _waits: bool) {}

    fn on_session(&mut self, at: SimTime, contact: &Contact, end: Option<(SessionEnd, SimSpan)>) {
        if let Some((end, length)) = end {
            self.on_session_end(at + length, contact, end, length);
        }
    }

    fn on_session_end(&mut self, at: SimTime, contact: &Contact, end: SessionEnd, _: SimSpan) {
        let outcome = match end {
            SessionEnd::Resolved => "resolved",
            SessionEnd::FalselyResolved => "falsely_resolved",
            SessionEnd::Abandoned => "bot_abandoned",
            SessionEnd::Escalated => return,
        };
        self.complete(contact, |row| {
            row.ended = Some(at);
            row.outcome = outcome;
        });
    }

    fn on_queued(&mut self, at: SimTime, contact: &Contact, _waits: bool) {
        let urgent = self.model.classes[contact.class.index()].urgent;
        if let Some((row, _)) = self.row(contact) {
            row.queued = Some(at);
            row.priority = urgent.unwrap_or(row.priority);
        }
    }

    fn on_blocked(&mut self, at: SimTime, contact: &Contact) {
        self.complete(contact, |row| {
            row.ended = Some(at);
            row.outcome = "blocked";
        });
    }

    fn on_answered(&mut self, at: SimTime, contact: &Contact, answer: Answer) {
        if contact.leg == Leg::Misrouted {
            return;
        }
        let group = &self.model.groups[answer.group.index()].name;
        if let Some((row, _)) = self.row(contact) {
            row.answered = Some(at);
            row.outcome = "answered";
            row.group = Some(group);
            row.wait = Some(contact.wait(at));
        }
        if let Some(service) = answer.service {
            self.serves(at + service.handling, contact, service);
        }
    }

    fn on_served(&mut self, at: SimTime, contact: &Contact, service: Service) {
        if contact.leg != Leg::Misrouted {
            self.serves(at - service.wrap_up, contact, service);
        }
    }

    fn on_transferred(&mut self, _at: SimTime, _contact: &Contact, _waits: bool) {}

    fn on_abandoned(&mut self, at: SimTime, contact: &Contact) {
        self.complete(contact, |row| {
            row.ended = Some(at);
            row.outcome = "abandoned";
            row.wait = Some(contact.wait(at));
        });
    }

    fn on_retry_planned(&mut self, _at: SimTime, _contact: &Contact) {}

    fn on_released(&mut self, _at: SimTime, _group: GroupId, _open: u32) {}

    fn on_staff(&mut self, _at: SimTime, _group: GroupId, _staff: Staff) {}

    fn on_left_waiting(&mut self, _at: SimTime, _contact: &Contact, _work: SimSpan) {}

    fn on_unfinished(&mut self, contact: &Contact, _queued: bool) {
        self.complete(contact, |_| {});
    }

    fn on_end(&mut self, _at: SimTime) {
        while let Some((row, _)) = self.rows.pop_front() {
            (self.sink)(&row);
            self.left += 1;
        }
    }
}
