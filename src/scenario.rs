//! The scenario: what a user wrote, checked and immutable.
//!
//! [`parse`] turns text into a [`Scenario`] or into *all* its [`Problem`]s. Every value here has
//! been validated: shares lie in 0 to 1, lengths are not negative, names resolve. Clock times are
//! still clock times; `model` turns them into instants.
//!
//! The way of a text: `syntax` (nodes that know their place) → `load` and `set` (one document out
//! of `extends` and `--set`) → `section`, `values` and the readers of each section → [`Scenario`].
//! The readers are written by hand, not derived with serde: serde stops at the first wrong value and
//! loses the places of values that come from several texts. What keys there are stands in one
//! table, `reference`; it tells unknown keys from those that are not supported yet, and gives
//! [`schema`] and [`reference()`], which the docs show as [`format`](mod@format).

use std::sync::Arc;

use jiff::civil;
use jiff::tz::TimeZone;

use crate::random::Distribution;
use crate::time::{SimSpan, SimTime};

mod bots;
mod checks;
pub mod codes;
mod contacts;
mod data;
mod demand;
mod digest;
mod distribution;
pub mod format;
mod groups;
mod hours;
mod load;
mod moment;
mod names;
mod near;
mod node;
mod options;
mod plan;
mod policy;
pub mod problem;
mod profiles;
mod quantity;
mod read;
mod recorded;
mod reference;
mod route;
mod run;
mod section;
mod set;
mod shifts;
mod source;
mod surges;
mod syntax;
mod together;
pub mod units;
mod values;

pub use problem::{Place, Problem, Problems};
pub use quantity::{Measure, Quantity, quantity};
pub use read::{Parsed, parse, parse_every, parse_option};
pub use reference::{reference, schema};
pub use source::{Files, NoFiles, Override, Source, Sources};

/// Largest seed, wherever it is given: the largest whole number that TOML has.
pub const MOST_SEED: u64 = i64::MAX.unsigned_abs();

/// Most replications, wherever they are given; the fewest are 1.
pub const MOST_REPLICATIONS: u32 = 1_000_000;

/// A checked scenario. Lists keep the order of the file: it is the order of listing.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The title, if the file has one.
    pub title: Option<String>,
    /// Sixteen hex digits over the resolved content (after `extends` and `--set`), independent of
    /// comments, spacing and key order.
    pub digest: String,
    /// `[run]`.
    pub run: Run,
    /// `[contacts.*]`, at least one.
    pub contacts: Vec<ContactType>,
    /// `[bot]`.
    pub bot: BotCapacity,
    /// `[surges.*]`.
    pub surges: Vec<Surge>,
    /// `[groups.*]`.
    pub groups: Vec<Group>,
    /// `[routing]`.
    pub routing: Routing,
    /// `[service_level]`: what holds for all contacts together; types have their own resolved copy.
    pub service_level: ServiceLevel,
    /// `expect` and `[check]`.
    pub checks: Checks,
    /// `[plan]`.
    pub plan: Option<Plan>,
}

/// What `simulate plan` is to find.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Promises, in the language of `expect`; at least one.
    pub meet: Vec<Located<String>>,
    /// Indices of the groups whose staffing may change; at least one.
    pub groups: Vec<usize>,
    /// The head count may change this often; more than 0.
    pub step: SimSpan,
    /// Fewest and most scheduled at any time, by group of the scenario.
    pub bounds: Vec<Bounds>,
    /// How surely all promises hold on average over days; less than 1.
    pub confidence: f64,
    /// Shifts that rosters are made of; empty: head counts are found.
    pub shifts: Vec<PlanShift>,
}

/// Fewest and most scheduled agents of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// At any time at least so many.
    pub at_least: u32,
    /// And at most so many; `None`: no limit.
    pub at_most: Option<u32>,
}

/// A shift that people may be put on.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanShift {
    /// Its name, different from those of the others.
    pub name: String,
    /// Indices of the groups that work it.
    pub groups: Vec<usize>,
    /// When it may start, by clock or offset, in order; at least one. A clock time repeats daily.
    pub starts: Vec<Moment>,
    /// Its length, breaks included; more than 0, at most 24 hours.
    pub length: SimSpan,
    /// Breaks in order of time; they lie within the shift and do not overlap.
    pub breaks: Vec<Break>,
    /// Most people on it, over all its starts of a day; `None`: no limit.
    pub at_most: Option<u32>,
    /// What one person on it costs; `None`: the paid hours at the group's cost.
    pub cost: Option<f64>,
}

/// What the results are held against. The expressions are read when the figures of the report are
/// known; here they are texts.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    /// `expect`, in file order.
    pub expect: Vec<Located<String>>,
    /// `[check] guard`, in file order.
    pub guard: Vec<Located<String>>,
}

/// When the simulation runs and how often.
#[derive(Clone, Debug)]
pub struct Run {
    /// Local date and time of the start; `None`: clock times count from 00:00.
    pub start: Option<civil::DateTime>,
    /// Zone of the clock times.
    pub timezone: TimeZone,
    /// Length of the arrivals; more than 0.
    pub duration: SimSpan,
    /// Start that is not counted; less than `duration`.
    pub warm_up: SimSpan,
    /// How long counted contacts are followed after `duration`.
    pub drain: SimSpan,
    /// Reporting interval; more than 0.
    pub interval: SimSpan,
    /// Seed of all draws.
    pub seed: u64,
    /// How many days.
    pub replications: Replications,
    /// Coefficient of variation of the factor that all contact types share; 0: none.
    pub busyness: f64,
}

/// How many replications to run.
#[derive(Clone, Debug)]
pub enum Replications {
    /// Exactly so many; at least 1.
    Fixed(u32),
    /// Until the interval of a figure is narrow enough.
    Precision {
        /// Path of the figure in the report, with its place for messages.
        of: Located<String>,
        /// Half-width over value that is narrow enough; more than 0, less than 1.
        relative: f64,
        /// Cap on the replications; at least 2.
        at_most: u32,
    },
}

/// A value and where it stands in the file.
#[derive(Clone, Debug)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub place: Place,
}

/// The promise a wait is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServiceLevel {
    /// The threshold T.
    pub answer_within: SimSpan,
    /// The share that a good day reaches.
    pub goal: f64,
    /// What happens to abandoned contacts.
    pub formula: Formula,
}

/// The four service level formulas; S answered, A queued, T the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// S(≤T) ÷ (A − abandoned(≤T)).
    ExclQuickAbandons,
    /// S(≤T) ÷ A.
    Strict,
    /// S(≤T) ÷ S.
    AnsweredOnly,
    /// (S(≤T) + abandoned(≤T)) ÷ A.
    AbandonInTimeOk,
}

/// When something holds: an entry of a step function, the start of a surge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    /// So long after the start of the simulation.
    Offset(SimSpan),
    /// At this clock time of every day, in the zone of whoever it belongs to.
    Clock(civil::Time),
    /// At this local date and time.
    Local(civil::DateTime),
}

/// A step function: each value holds from its moment to the next.
#[derive(Clone, Debug, PartialEq)]
pub enum Steps<T> {
    /// One value throughout.
    Constant(T),
    /// At least one entry, in file order. Before the first moment nothing holds (zero), except
    /// that clock times repeat daily, so the last of a day holds into the next.
    List(Vec<(Moment, T)>),
}

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

/// What all sessions share.
#[derive(Clone, Debug, PartialEq)]
pub struct BotCapacity {
    /// Most sessions at once; `None`: no limit.
    pub capacity: Option<u32>,
    /// What happens to whoever finds it full.
    pub when_full: WhenFull,
    /// When it is down or weak.
    pub outages: Vec<Outage>,
}

/// What happens to a contact that finds the bot full or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenFull {
    /// On to a human.
    Escalate,
    /// Waits for a session, first come first served, without losing patience.
    Queue,
    /// Turned away.
    Reject,
}

/// A time in which the bot can do less.
#[derive(Clone, Debug, PartialEq)]
pub struct Outage {
    /// When it starts; a clock time repeats daily.
    pub start: Moment,
    /// How long it lasts; more than 0.
    pub length: SimSpan,
    /// Sessions that may be begun at once during it; sessions in progress go on.
    pub capacity: Option<u32>,
    /// Share of its deflection that the bot keeps.
    pub deflection_factor: f64,
}

/// A time of more (or fewer) arrivals.
#[derive(Clone, Debug)]
pub struct Surge {
    /// Its name, the key in the file.
    pub name: String,
    /// Indices of the contact types it touches.
    pub contacts: Vec<usize>,
    /// When it starts; a clock time repeats daily.
    pub start: Moment,
    /// Rise from 0 to full, in a straight line.
    pub ramp: SimSpan,
    /// At full strength.
    pub hold: SimSpan,
    /// Fall back to 0.
    pub decay: Decay,
    /// Size, drawn once per replication: the rate is multiplied by 1 + (factor − 1) · shape.
    pub factor: Distribution,
    /// Share of its deflection that the bot keeps at full surge.
    pub deflection_factor: f64,
}

/// How a surge falls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decay {
    /// In a straight line within this length; zero: at once.
    Linear(SimSpan),
    /// Exponentially, by half in this length; more than 0.
    HalfLife(SimSpan),
}

/// Agents alike in skills and schedule.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name, the key in the file.
    pub name: String,
    /// What it serves, in file order.
    pub skills: Vec<Skill>,
    /// Who is scheduled when.
    pub staffing: Staffing,
    /// Zone of the group's clock times; `None`: the run's.
    pub timezone: Option<TimeZone>,
    /// Share of the scheduled who are not present.
    pub shrinkage: f64,
    /// How many contacts an agent serves at once; `None`: one.
    pub concurrency: Option<Concurrency>,
    /// Agents held back for some contact types.
    pub reserve: Option<Reserve>,
    /// Per scheduled agent; `None`: unknown.
    pub cost_per_hour: Option<f64>,
}

/// Who is scheduled when.
#[derive(Clone, Debug, PartialEq)]
pub enum Staffing {
    /// A head count. When it falls below the number busy, nobody starts a contact until fewer than
    /// the head count are busy.
    HeadCount(Steps<u32>),
    /// Named people; at least one shift.
    Shifts(Vec<Shift>),
}

/// Agents who work the same hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// Its name, for messages.
    pub name: Option<String>,
    /// When it starts; a clock time repeats daily.
    pub start: Moment,
    /// Its length, breaks included; more than 0, and at most 24 hours where it repeats.
    pub length: SimSpan,
    /// How many agents are scheduled.
    pub agents: u32,
    /// Breaks in order of time; they lie within the shift and do not overlap.
    pub breaks: Vec<Break>,
}

/// A break of a shift; it starts when the agent is free, and lasts its length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Break {
    /// When it is due, from the start of the shift.
    pub after: SimSpan,
    /// Its length; more than 0.
    pub length: SimSpan,
    /// Whether it counts as scheduled time.
    pub paid: bool,
}

/// Several contacts at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Concurrency {
    /// Speed of each contact while 1, 2, … are open; as long as the most that may be open, and at
    /// least one. All more than 0.
    pub speeds: Vec<f64>,
}

/// Agents held back.
#[derive(Clone, Debug, PartialEq)]
pub struct Reserve {
    /// Indices of the contact types they are held back for.
    pub contacts: Vec<usize>,
    /// Other types may take an agent only while more than this many could take a contact.
    pub agents: u32,
}

/// What a group can do for one contact type.
#[derive(Clone, Debug)]
pub struct Skill {
    /// Index of the contact type.
    pub contact: usize,
    /// Handling is divided by it; more than 0.
    pub speed: f64,
    /// The group's own priority of the type; `None`: the type's.
    pub priority: Option<u32>,
    /// The group's own handling of the type, whatever its speed; `None`: the type's over `speed`.
    pub handling: Option<Distribution>,
}

/// How contacts and agents find each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Routing {
    /// Which waiting contact a free agent takes.
    pub policy: Policy,
    /// Which free agent a contact takes.
    pub agents: AgentChoice,
    /// Most waiting contacts of all types; `None`: no limit.
    pub waiting_room: Option<u32>,
    /// Most contacts waiting or being handled; `None`: no limit.
    pub lines: Option<u32>,
}

/// Which waiting contact a free agent takes; ties go to the longest waiting. Lists are by contact
/// type.
#[derive(Clone, Debug, PartialEq)]
pub enum Policy {
    /// The longest waiting of all it can serve.
    Fcfs,
    /// The lowest priority number.
    Priority,
    /// The lowest priority number, from which a contact loses so many per second of its wait.
    PriorityAging(Vec<f64>),
    /// From the queue of the contact type of which most wait.
    LongestQueue,
    /// The largest weight × wait.
    Weighted(Vec<f64>),
    /// The largest cost × wait ÷ mean agent time in the agent's group.
    GeneralizedCMu(Vec<f64>),
}

/// Which free agent a contact takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentChoice {
    /// Who has been idle for the longest time.
    LongestIdle,
    /// Who has the fewest contacts open.
    LeastBusy,
    /// Who has the most open and can take one more.
    MostBusy,
    /// Who would serve it in the shortest time.
    Fastest,
    /// Of the group that is listed first in the route.
    Listed,
    /// Any, with equal probability.
    Random,
}
