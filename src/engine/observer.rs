//! What the engine tells. Observers count; they cannot change the run.

use super::contact::{Cause, Contact, Service, SessionEnd};
use crate::model::GroupId;
use crate::time::{SimSpan, SimTime};

/// Who serves a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The group of the agent.
    pub group: GroupId,
    /// Contacts that the agent had open before.
    pub open: u32,
    /// Whether the contact was waiting in a queue.
    pub waited: bool,
    /// How long it takes; `None` where that depends on what else the agent will have open:
    /// `on_served` tells it.
    pub service: Option<Service>,
}

/// How an attempt ends. What led to it stands in the contact: its type, how often it came, whether
/// the bot escalated it, how urgent it is, whether it was misrouted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The way in which it ends.
    pub how: How,
    /// When the customer leaves: now, or later if nothing has to wait for it, or earlier if the
    /// agent had wrap-up to do.
    pub left_at: SimTime,
    /// Time in human queues.
    pub wait: SimSpan,
    /// The group of the agent who answered last.
    pub group: Option<GroupId>,
    /// Why another attempt will come, if one will.
    pub again: Option<Cause>,
}

/// The ways in which an attempt ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The bot solved it.
    Resolved,
    /// The bot solved it only seemingly.
    FalselyResolved,
    /// It left the bot unserved.
    LeftBot,
    /// An agent served it. How long the last agent took; `None` if the run ends before that is
    /// known.
    Answered(Option<Service>),
    /// It left the queue unserved.
    Abandoned,
    /// There was no room for it.
    Blocked,
    /// The run ends with the attempt in the bot (`queued` is false), or past it.
    Unfinished {
        /// Whether it has reached the human side.
        queued: bool,
    },
}

impl Ended {
    /// Of an attempt that an agent serves to the end.
    #[inline(always)]
    pub(super) fn served(
        group: GroupId,
        service: Option<Service>,
        left_at: SimTime,
        wait: SimSpan,
    ) -> Self {
        Self { how: How::Answered(service), left_at, wait, group: Some(group), again: None }
    }

    /// Of an attempt that is still in the center at the end of the run.
    pub(super) fn unfinished(queued: bool, end: SimTime, wait: SimSpan) -> Self {
        Self { how: How::Unfinished { queued }, left_at: end, wait, group: None, again: None }
    }
}

/// Who is staffed in a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Staff {
    /// Agents on the schedule.
    pub scheduled: u32,
    /// Those of them who should be there: after shrinkage, and not on a break.
    pub present: u32,
    /// Who is there: present, or staying on while busy.
    pub staffed: u32,
    /// Who stays on past the end of the shift, or beyond the head count.
    pub overtime: u32,
}

/// Listens to one replication, and ignores what it does not ask for. Instants never decrease, except
/// that an instant that is told beforehand may lie ahead. Every attempt gets `on_arrival` first and
/// `on_ended` exactly once.
#[expect(unused_variables, reason = "the names document what an observer is told")]
pub trait Observer {
    /// An attempt arrives.
    fn on_arrival(&mut self, at: SimTime, contact: &Contact) {}
    /// It refuses the bot.
    fn on_opted_out(&mut self, at: SimTime, contact: &Contact) {}
    /// It finds the bot full or down; `waits`: it waits for a session.
    fn on_bot_full(&mut self, at: SimTime, contact: &Contact, waits: bool) {}
    /// Its session begins. Where nobody has to wait for the end of a session, it is told now how it
    /// ends and how long it takes, and `on_session_end` does not follow.
    fn on_session(&mut self, at: SimTime, contact: &Contact, end: Option<(SessionEnd, SimSpan)>) {}
    /// Its session ends, as could not be told before.
    fn on_session_end(&mut self, at: SimTime, contact: &Contact, end: SessionEnd, length: SimSpan) {
    }
    /// It joins a human queue; `waits`: nobody answers it at once.
    fn on_queued(&mut self, at: SimTime, contact: &Contact, waits: bool) {}
    /// An agent answers. Of a misrouted contact it is not the last.
    fn on_answered(&mut self, at: SimTime, contact: &Contact, answer: Answer) {}
    /// An agent is done with a contact whose service was not known when it was answered.
    fn on_served(&mut self, at: SimTime, contact: &Contact, service: Service) {}
    /// A misrouted contact is back among its own; `waits`: nobody answers it at once.
    fn on_transferred(&mut self, at: SimTime, contact: &Contact, waits: bool) {}
    /// The attempt ends, or it is known now how it will.
    fn on_ended(&mut self, at: SimTime, contact: &Contact, ended: &Ended) {}
    /// An agent who had so many contacts `open` is done with one, wrap-up included.
    fn on_released(&mut self, at: SimTime, group: GroupId, open: u32) {}
    /// The staff of a group changes.
    fn on_staff(&mut self, at: SimTime, group: GroupId, staff: Staff) {}
    /// Arrivals are over: told once for each contact that waits in a human queue then, with the
    /// agent time it needs at speed 1: of two agents if it is misrouted.
    fn on_left_waiting(&mut self, at: SimTime, contact: &Contact, work: SimSpan) {}
    /// Nothing happens after this.
    fn on_end(&mut self, at: SimTime) {}
}
