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

/// Who serves a contact, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The group of the agent.
    pub group: GroupId,
    /// Until the customer leaves.
    pub handling: SimSpan,
    /// The agent's work after that.
    pub wrap_up: SimSpan,
}

/// Listens to one replication. Instants never decrease; every attempt gets exactly one of
/// `on_session_end` (other than escalated), `on_answered`, `on_abandoned`, `on_blocked` and
/// `on_unfinished`.
pub trait Observer {
    /// An attempt arrives.
    fn on_arrival(&mut self, at: SimTime, contact: &Contact);
    /// It refuses the bot.
    fn on_opted_out(&mut self, at: SimTime, contact: &Contact);
    /// It finds the bot full or down; `waits`: it waits for a session.
    fn on_bot_full(&mut self, at: SimTime, contact: &Contact, waits: bool);
    /// Its session begins.
    fn on_session(&mut self, at: SimTime, contact: &Contact);
    /// Its session ends.
    fn on_session_end(&mut self, at: SimTime, contact: &Contact, end: SessionEnd, length: SimSpan);
    /// It joins a human queue; `waits`: nobody answers it at once.
    fn on_queued(&mut self, at: SimTime, contact: &Contact, waits: bool);
    /// There is no room for it.
    fn on_blocked(&mut self, at: SimTime, contact: &Contact);
    /// An agent answers; `waited`: it was waiting in a queue.
    fn on_answered(&mut self, at: SimTime, contact: &Contact, answer: Answer, waited: bool);
    /// It leaves the queue unserved.
    fn on_abandoned(&mut self, at: SimTime, contact: &Contact);
    /// It will try again.
    fn on_retry_planned(&mut self, at: SimTime, contact: &Contact);
    /// An agent is done with a contact, wrap-up included.
    fn on_released(&mut self, at: SimTime, group: GroupId);
    /// The staff of a group changes.
    fn on_staff(&mut self, at: SimTime, group: GroupId, scheduled: u32, present: u32);
    /// Arrivals are over: told once for each contact that waits in a human queue then, with the
    /// agent time it needs at speed 1.
    fn on_left_waiting(&mut self, at: SimTime, contact: &Contact, work: SimSpan);
    /// The run ends with the contact still in it; `queued`: in a human queue.
    fn on_unfinished(&mut self, contact: &Contact, queued: bool);
    /// Nothing happens after this.
    fn on_end(&mut self, at: SimTime);
}
