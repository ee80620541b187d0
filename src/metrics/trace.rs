//! The observer that writes down every attempt, in order of arrival.
//!
//! A row leaves as soon as it and all rows before it are complete, so memory is that of the
//! attempts that arrived after the oldest one still in the system.

use std::collections::VecDeque;

use crate::engine::{Answer, Contact, Ended, How, Leg, Observer};
use crate::model::Model;
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

    fn on_queued(&mut self, at: SimTime, contact: &Contact, _waits: bool) {
        let urgent = self.model.classes[contact.class.index()].urgent;
        if let Some((row, _)) = self.row(contact) {
            row.queued = Some(at);
            row.priority = urgent.unwrap_or(row.priority);
        }
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
    }

    fn on_ended(&mut self, _at: SimTime, contact: &Contact, ended: &Ended) {
        let before = contact.before.service;
        self.complete(contact, |row| {
            row.outcome = match ended.how {
                How::Resolved => "resolved",
                How::FalselyResolved => "falsely_resolved",
                How::LeftBot => "bot_abandoned",
                How::Answered(_) => "answered",
                How::Abandoned => "abandoned",
                How::Blocked => "blocked",
                How::Unfinished { .. } => "unfinished",
            };
            match ended.how {
                How::Unfinished { .. } | How::Answered(None) => return,
                How::Answered(Some(service)) => {
                    row.handling = Some(before.handling + service.handling);
                    row.wrap_up = Some(before.wrap_up + service.wrap_up);
                }
                How::Abandoned => row.wait = Some(ended.wait),
                How::Resolved | How::FalselyResolved | How::LeftBot | How::Blocked => {}
            }
            row.ended = Some(ended.left_at);
        });
    }

    fn on_end(&mut self, _at: SimTime) {
        while let Some((row, _)) = self.rows.pop_front() {
            (self.sink)(&row);
            self.left += 1;
        }
    }
}
