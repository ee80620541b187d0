//! Sums of one replication for one scope: a contact type, a channel, all together; over the day
//! or over one interval.

use crate::model::{Formula, ServiceLevel};

/// Declares [`Totals`] and how two of them add up.
macro_rules! totals {
    ($($(#[$doc:meta])* $field:ident,)*) => {
        /// Counts and sums over counted contacts; lengths in seconds.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Totals {
            $($(#[$doc])* pub $field: f64,)*
            /// Waits of answered contacts.
            pub wait: Moments,
            /// Waits of abandoned contacts.
            pub wait_abandoned: Moments,
            /// Bot time and wait of answered contacts.
            pub time_to_human: Moments,
            /// Contacts in human queues.
            pub backlog: LevelTotals,
            /// Those of them that escalated from the bot.
            pub escalation_backlog: LevelTotals,
            /// What the service level is held against.
            pub promise: Option<ServiceLevel>,
        }

        impl Totals {
            /// Adds counts and sums of another part; levels are kept, they do not add up.
            pub fn add_counts(&mut self, other: &Self) {
                $(self.$field += other.$field;)*
                self.wait.add(&other.wait);
                self.wait_abandoned.add(&other.wait_abandoned);
                self.time_to_human.add(&other.time_to_human);
            }
        }
    };
}

totals! {
    /// First attempts.
    arrivals,
    /// Repeats after abandoning or blocking.
    retries,
    /// Returns after a false resolution.
    recontacts,
    /// Bot sessions begun.
    bot_sessions,
    /// Attempts that asked for a session.
    wanted_bot,
    /// Those that found the bot full or down.
    bot_full,
    /// Of those, the ones that got no session.
    overflowed,
    /// Refused the bot.
    opted_out,
    /// Sessions that ended solved.
    resolved,
    /// Sessions that ended solved only seemingly.
    falsely_resolved,
    /// Sessions that ended unserved.
    bot_abandoned,
    /// Sessions that ended with a human.
    escalated,
    /// Sessions that ended.
    sessions_ended,
    /// Sum of the lengths of ended sessions.
    session_time,
    /// Entries to human queues, those answered at once included.
    queued,
    /// Answered.
    answered,
    /// Answered without any wait.
    answered_at_once,
    /// Answered within the threshold.
    answered_in_time,
    /// Left the queue unserved.
    abandoned,
    /// Left it within the threshold.
    abandoned_in_time,
    /// Found no room.
    blocked,
    /// Still in a human queue at the end of the run.
    unfinished,
    /// Still at the bot at the end of the run.
    unfinished_at_bot,
    /// Sum over queued contacts of the wait beyond the threshold.
    excess_wait,
    /// Answered contacts with whom an agent is done, or will be at a known time.
    served,
    /// Agent time, wrap-up included, also of those who were lost after a transfer.
    handling,
    /// Time of the served with agents, until the customer leaves.
    service,
    /// From arrival to end.
    sojourn,
    /// Attempts that ended.
    ended,
    /// Joined a human queue during the scope's time.
    events_queued,
    /// Were answered during it.
    events_answered,
    /// Abandoned during it.
    events_abandoned,
    /// Were blocked during it.
    events_blocked,
}

/// Count, sum, sum of squares and maximum of some length; seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// How many.
    pub count: f64,
    /// Their sum.
    pub sum: f64,
    /// The sum of their squares.
    pub squares: f64,
    /// The largest.
    pub max: f64,
}

impl Moments {
    /// Adds one value.
    pub fn push(&mut self, seconds: f64) {
        self.count += 1.0;
        self.sum += seconds;
        self.squares += seconds * seconds;
        self.max = self.max.max(seconds);
    }

    /// Adds all values of another part.
    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.squares += other.squares;
        self.max = self.max.max(other.max);
    }

    /// Both parts together.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        self.add(other);
        self
    }
}

/// What is told of a level that moves up and down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LevelTotals {
    /// Integral over the scope's time: level-seconds.
    pub area: f64,
    /// The scope's time in seconds.
    pub seconds: f64,
    /// Maximum.
    pub peak: f64,
    /// Value at the end of the scope's time.
    pub end: f64,
    /// Agent seconds that wait at the end of arrivals.
    pub work: f64,
    /// Seconds from the end of the last surge's hold until it is first 0; `None`: it never was.
    pub clear: Option<f64>,
    /// Integral of the contacts that wait to retry.
    pub retrying_area: f64,
}

impl Totals {
    /// Repeats, returns and first attempts.
    pub fn attempts(&self) -> f64 {
        self.arrivals + self.retries + self.recontacts
    }

    /// Sessions that ended with no human, solved or seemingly so.
    pub fn deflected(&self) -> f64 {
        self.resolved + self.falsely_resolved
    }

    /// Reached the human side.
    pub fn offered(&self) -> f64 {
        self.queued + self.blocked
    }

    /// Numerator and denominator of the service level by a formula.
    pub fn service_level(&self, formula: Formula) -> (f64, f64) {
        match formula {
            Formula::ExclQuickAbandons => {
                (self.answered_in_time, self.queued - self.abandoned_in_time)
            }
            Formula::Strict => (self.answered_in_time, self.queued),
            Formula::AnsweredOnly => (self.answered_in_time, self.answered),
            Formula::AbandonInTimeOk => {
                (self.answered_in_time + self.abandoned_in_time, self.queued)
            }
        }
    }

    /// Whether every attempt ended in exactly one way, and every entry to the human side too.
    #[expect(clippy::float_cmp, reason = "counts are whole numbers")]
    pub fn conserves(&self) -> bool {
        let ended = self.resolved
            + self.falsely_resolved
            + self.bot_abandoned
            + self.answered
            + self.abandoned
            + self.blocked
            + self.unfinished
            + self.unfinished_at_bot;
        let queued = self.answered + self.abandoned + self.unfinished;
        self.attempts() == ended && self.queued == queued
    }
}

/// Most contacts that an agent can have open.
pub const MOST_OPEN: usize = 20;

/// Sums of one replication for one agent group; hours of agents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupTotals {
    /// On the schedule.
    pub scheduled: f64,
    /// Present, or staying on while busy.
    pub staffed: f64,
    /// In handling or wrap-up.
    pub busy: f64,
    /// Busy past the end of the shift, or beyond the head count.
    pub overtime: f64,
    /// Contacts open at agents, in hours.
    pub open: f64,
    /// Contacts that could be open at who is staffed, in hours.
    pub slots: f64,
    /// Hours of agents by the contacts they have open, 1 and more; `None`: as in `busy`.
    pub by_open: Option<Box<[f64; MOST_OPEN]>>,
    /// Counted contacts answered.
    pub handled: f64,
    /// Length of the scope's time in hours.
    pub hours: f64,
    /// Cost of a scheduled hour, if known.
    pub cost_per_hour: Option<f64>,
}

impl GroupTotals {
    /// Agent hours with so many contacts open.
    pub fn hours_open(&self, open: usize) -> f64 {
        match (open.checked_sub(1), &self.by_open) {
            (None, _) => self.staffed - self.busy,
            (Some(place), Some(by_open)) => by_open[place],
            (Some(_), None) => self.busy,
        }
    }
}
