//! One attempt of one contact, and what happened to it.

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
    /// Seconds of its handling among its own by the law of its type, that for escalations if it is
    /// one, if drawn beforehand; negative: not yet drawn.
    pub(super) handling: f64,
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
