//! What a scenario says of a contact type: who comes, what they want, what the bot does for them.

use std::sync::Arc;

use super::{AgentChoice, Moment, ServiceLevel, Steps};
use crate::random::Distribution;
use crate::time::{SimSpan, SimTime};

/// One kind of contact.
#[derive(Clone, Debug)]
pub struct ContactType {
    /// Its name, the key in the file.
    pub name: String,
    /// Label to report by.
    pub channel: String,
    /// How many come when.
    pub demand: Demand,
    /// What multiplies the rate over the day.
    pub profile: Option<Profile>,
    /// Coefficient of variation of this type's own day factor; 0: none.
    pub busyness: f64,
    /// 1 is served first.
    pub priority: u32,
    /// How long a contact waits in a human queue; `None`: for ever.
    pub patience: Option<Distribution>,
    /// Agent time without wrap-up, at speed 1; `None` only where a log gives that of its contacts.
    pub handling: Option<Distribution>,
    /// Agent time after the customer has left; `None`: none.
    pub wrap_up: Option<Distribution>,
    /// What those do who abandoned or were blocked.
    pub retry: Option<Retry>,
    /// Most waiting contacts of this type; `None`: no limit.
    pub queue_limit: Option<u32>,
    /// The promise, defaults filled in.
    pub service_level: ServiceLevel,
    /// Contacts that already wait at the start.
    pub initial_backlog: u32,
    /// When humans take this type; `None`: always.
    pub hours: Option<Hours>,
    /// Where contacts of this type may go, in which order and when; `None`: at once to every
    /// group with the skill, in order of listing.
    pub route: Option<Vec<Stage>>,
    /// Which free agent a contact takes; `None`: as in `[routing]`.
    pub agents: Option<AgentChoice>,
    /// The bot in front; `None` also when `bot.enabled = false`.
    pub bot: Option<TypeBot>,
}

/// How many contacts come.
#[derive(Clone, Debug)]
pub enum Demand {
    /// Contacts per second, times the profile's weight.
    Rate(Steps<f64>),
    /// Contacts per day of 24 hours, spread over the profile's shape (evenly without a profile).
    Daily(f64),
    /// Contacts expected in each interval from the start on; after the last one nobody comes.
    Counts {
        /// Length of an interval; more than 0.
        interval: SimSpan,
        /// Expected contacts, none negative.
        counts: Vec<f64>,
    },
    /// The contacts of a log, as they were, on every day.
    Recorded(Arc<Recorded>),
}

/// A log to replay.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// When contacts arrive, in order of time; all within the run.
    pub times: Vec<SimTime>,
    /// The agent time at speed 1 of each, as far as the log tells; `None`: it has no such column.
    pub handling: Option<Vec<Option<SimSpan>>>,
    /// The patience of each, `None`: waits for ever. Without such a column it is drawn.
    pub patience: Option<Vec<Option<SimSpan>>>,
}

/// When humans take a contact type, and what happens at other times.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// From when to when; at least one. A window that starts at a clock time ends at the next
    /// `to` after it, so that one may span midnight, and from a time to the same is a whole day.
    pub windows: Vec<(Moment, Moment)>,
    /// What happens to contacts that reach the human side outside of them.
    pub when_closed: WhenClosed,
    /// What happens at closing time to those who wait.
    pub at_close: AtClose,
}

/// What happens to contacts that reach the human side outside opening hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenClosed {
    /// They wait for the opening, as long as their patience lasts.
    Queue,
    /// They are turned away: blocked.
    Reject,
}

/// What happens at closing time to contacts that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtClose {
    /// They wait for the next opening, as long as their patience lasts.
    Keep,
    /// They are disconnected: abandoned.
    Disconnect,
}

/// A stage of a route: further groups that may serve from then on.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// How long after the stage before it begins; that of the first stage counts from joining the
    /// queue.
    pub after: SimSpan,
    /// Indices of the groups, in order of preference; each has the skill.
    pub groups: Vec<usize>,
}

/// Weights over the day or week.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Length that each weight covers; `interval × weights.len()` is 24 hours or 7 days.
    pub interval: SimSpan,
    /// At least one is positive, none negative. A week starts on Monday.
    pub weights: Vec<f64>,
    /// Between the weights.
    pub shape: ProfileShape,
}

/// How a profile goes from weight to weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileShape {
    /// Each weight holds for its interval.
    Step,
    /// Straight lines between interval midpoints, around midnight too.
    Linear,
}

/// What lost contacts do.
#[derive(Clone, Debug)]
pub struct Retry {
    /// Probability of a further attempt after abandoning.
    pub after_abandoning: f64,
    /// Probability of a further attempt after being blocked.
    pub after_blocking: f64,
    /// How long until then.
    pub after: Distribution,
    /// Most further attempts of one contact; `None`: no limit.
    pub at_most: Option<u32>,
    /// Whether an attempt keeps patience and handling of the first.
    pub keep_draws: bool,
}

/// What the bot does for one contact type.
#[derive(Clone, Debug)]
pub struct TypeBot {
    /// Share of sessions that end with no human; with `abandonment` at most 1.
    pub deflection: Steps<f64>,
    /// Length of a session.
    pub session: Distribution,
    /// Length of a session that ends with a human.
    pub escalation_session: Distribution,
    /// Share that asks for a human at once.
    pub opt_out: f64,
    /// Share of sessions that end unserved.
    pub abandonment: f64,
    /// What is solved only seemingly.
    pub false_resolution: Option<FalseResolution>,
    /// Handling of what the bot could not solve; `None`: the type's handling.
    pub escalation_handling: Option<Distribution>,
    /// Share of that handling that the hand-off summary saves; less than 1.
    pub context_saving: f64,
    /// Escalations that are first served as another type.
    pub misroute: Option<Misroute>,
    /// Escalations whose priority triage raises.
    pub urgent: Option<Urgent>,
}

/// Escalations that are first served as another type, then transferred back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Misroute {
    /// Share of the escalated.
    pub probability: f64,
    /// Index of the contact type they are taken for.
    pub to: usize,
}

/// Escalations that triage puts first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Urgent {
    /// Share of the escalated.
    pub probability: f64,
    /// Their priority, whatever the type's or a group's own is.
    pub priority: u32,
}

/// What is solved only seemingly comes back, to a human.
#[derive(Clone, Debug)]
pub struct FalseResolution {
    /// Share of the deflected.
    pub probability: f64,
    /// How long until they return.
    pub recontact_after: Distribution,
}
