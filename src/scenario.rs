//! The scenario: what a user wrote, checked and immutable.
//!
//! [`parse`] turns text into a [`Scenario`] or into *all* its [`Problem`](crate::format::Problem)s. Every value here has
//! been validated: shares lie in 0 to 1, lengths are not negative, names resolve. Clock times are
//! still clock times; `model` turns them into instants.
//!
//! The way of a text: `syntax` (nodes that know their place) → `load` and `set` (one document out
//! of `extends` and `--set`) → `section`, `values` and the readers of each section → [`Scenario`].
//! The readers are written by hand, not derived with serde: serde stops at the first wrong value and
//! loses the places of values that come from several texts. What keys there are stands in one
//! table, `reference`; it tells which keys are unknown, and gives
//! [`schema`] and [`reference()`], which the docs show as [`format`](mod@format).

use jiff::civil;
use jiff::tz::TimeZone;

use crate::format::Located;
use crate::random::Distribution;
use crate::time::SimSpan;

mod bots;
mod center;
mod checks;
pub mod codes;
mod contact_type;
mod contacts;
mod data;
mod demand;
mod distribution;
pub mod format;
mod groups;
mod hours;
mod load;
mod moment;
mod names;
mod options;
mod plan;
mod policy;
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
mod surges;
mod together;
mod values;

pub use center::{
    AgentChoice, Break, Concurrency, Group, Policy, Reserve, Rounding, Routing, Shift, Skill,
    Staffing,
};
pub use contact_type::{
    AtClose, ContactType, Demand, FalseResolution, Hours, Misroute, Profile, ProfileShape,
    Recorded, Retry, Stage, TypeBot, Urgent, WhenClosed,
};
pub(crate) use moment::instant;
pub use quantity::{Measure, Quantity, quantity};
pub use read::{Parsed, parse, parse_every, parse_option};
pub use reference::{reference, schema};

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
