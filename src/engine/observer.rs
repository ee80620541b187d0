//! What the engine tells. Observers count; they cannot change the run.

use super::contact::Contact;
use crate::model::GroupId;
use crate::time::{SimSpan, SimTime};

/// How a bot session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// Solved.
    Resolved,
    /// Solved only seemingly.
    FalselyResolved,
    /// Left unserved.
    Abandoned,
    /// On to a human.
    Escalated,
}

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

/// How long a contact takes an agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Until the customer leaves.
    pub handling: SimSpan,
    /// The agent's work after that.
    pub wrap_up: SimSpan,
}

impl Service {
    /// All of it.
    pub fn agent_time(self) -> SimSpan {
        self.handling + self.wrap_up
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

/// Listens to one replication. Instants never decrease; every attempt gets exactly one of
/// `on_session` or `on_session_end` with an end (other than escalated), `on_answered` (of a contact that is not misrouted),
/// `on_abandoned`, `on_blocked` and `on_unfinished`.
pub trait Observer {
    /// An attempt arrives.
    fn on_arrival(&mut self, at: SimTime, contact: &Contact);
    /// It refuses the bot.
    fn on_opted_out(&mut self, at: SimTime, contact: &Contact);
    /// It finds the bot full or down; `waits`: it waits for a session.
    fn on_bot_full(&mut self, at: SimTime, contact: &Contact, waits: bool);
    /// Its session begins. Where nobody has to wait for the end of a session, it is told now how it
    /// ends and how long it takes, and `on_session_end` does not follow.
    fn on_session(&mut self, at: SimTime, contact: &Contact, end: Option<(SessionEnd, SimSpan)>);
    /// Its session ends, as could not be told before.
    fn on_session_end(&mut self, at: SimTime, contact: &Contact, end: SessionEnd, length: SimSpan);
    /// It joins a human queue; `waits`: nobody answers it at once.
    fn on_queued(&mut self, at: SimTime, contact: &Contact, waits: bool);
    /// There is no room for it.
    fn on_blocked(&mut self, at: SimTime, contact: &Contact);
    /// An agent answers. Of a misrouted contact it is not the last.
    fn on_answered(&mut self, at: SimTime, contact: &Contact, answer: Answer);
    /// An agent is done with a contact whose service was not known when it was answered.
    fn on_served(&mut self, at: SimTime, contact: &Contact, service: Service);
    /// A misrouted contact is back among its own; `waits`: nobody answers it at once.
    fn on_transferred(&mut self, at: SimTime, contact: &Contact, waits: bool);
    /// It leaves the queue unserved.
    fn on_abandoned(&mut self, at: SimTime, contact: &Contact);
    /// It will try again.
    fn on_retry_planned(&mut self, at: SimTime, contact: &Contact);
    /// An agent who had so many contacts `open` is done with one, wrap-up included.
    fn on_released(&mut self, at: SimTime, group: GroupId, open: u32);
    /// The staff of a group changes.
    fn on_staff(&mut self, at: SimTime, group: GroupId, staff: Staff);
    /// Arrivals are over: told once for each contact that waits in a human queue then, with the
    /// agent time it needs at speed 1: of two agents if it is misrouted.
    fn on_left_waiting(&mut self, at: SimTime, contact: &Contact, work: SimSpan);
    /// The run ends with the contact still in it; `queued`: it has reached the human side.
    fn on_unfinished(&mut self, contact: &Contact, queued: bool);
    /// Nothing happens after this.
    fn on_end(&mut self, at: SimTime);
}
