//! The model: all that a replication needs, compiled once, shared by all threads, never changed.
//!
//! Names are resolved to ids, clock times to instants, step functions and profiles to tables of
//! smooth pieces, routes and priorities to the order in which each group serves each queue. Names
//! stay here for whoever reports; the engine does not read them.

use std::sync::Arc;

use crate::random::arrivals::Schedule;
use crate::random::{Distribution, NameKey};
pub use crate::scenario::{
    AgentChoice, FalseResolution, Formula, Recorded, Replications, Retry, ServiceLevel, WhenFull,
};
use crate::time::{SimSpan, SimTime};

mod civil;
mod classes;
mod compile;
mod demand;
mod duty;
pub mod ids;
pub mod roster;
pub mod routing;
mod shrinkage;
mod steps;
pub mod surge;

pub use duty::Unattended;
pub use ids::{ClassId, ContactTypeId, GroupId, SurgeId};
pub use roster::{Change, Team};
pub use routing::{Class, Policy, Reach, Served};
pub use shrinkage::{Rounding, Shrinkage, present};
pub use steps::StepTable;
pub use surge::Surge;

/// A compiled scenario.
#[derive(Clone, Debug)]
pub struct Model {
    /// Title of the scenario.
    pub title: Option<String>,
    /// Digest of the scenario.
    pub digest: String,
    /// Seed of all draws.
    pub seed: u64,
    /// How many replications.
    pub replications: Replications,
    /// When what is simulated and counted.
    pub horizon: Horizon,
    /// Coefficient of variation of the day factor that all contact types share.
    pub busyness: f64,
    /// Contact types in order of listing.
    pub contact_types: Vec<ContactType>,
    /// Labels of the channels, in order of first use.
    pub channels: Vec<String>,
    /// What the contacts of all types together are held against.
    pub service_level: ServiceLevel,
    /// What all bot sessions share.
    pub bot: Bot,
    /// Surges in order of listing.
    pub surges: Vec<Surge>,
    /// Agent groups in order of listing.
    pub groups: Vec<Group>,
    /// The human queues: one for each contact type, and one for each kind of urgent contact.
    pub classes: Vec<Class>,
    /// Which waiting contact a free agent takes.
    pub policy: Arc<dyn Policy>,
    /// Limits of the center as a whole.
    pub limits: Limits,
    /// What changes at a given instant: staff, opening hours and bot, in order of time and of the
    /// tie rule.
    pub changes: Vec<(SimTime, Change)>,
}

/// When what is simulated and counted.
#[derive(Clone, Debug)]
pub struct Horizon {
    /// Arrivals before it are not counted.
    pub warm_up: SimTime,
    /// Nothing new arrives from here on.
    pub duration: SimTime,
    /// Counted contacts are followed until here at most.
    pub end: SimTime,
    /// Length of a reporting interval.
    pub interval: SimSpan,
    /// Reporting intervals from the start to `duration`, the last one perhaps cut.
    pub intervals: usize,
    /// The first interval that is reported: earlier ones lie before `warm_up`.
    pub first_interval: usize,
    /// From when it is asked how long the backlog takes to clear: the end of the last surge's
    /// hold, or `duration`.
    pub clear_from: SimTime,
    /// Local date and time with offset of each interval's start, if the scenario has a start.
    pub clocks: Option<Vec<String>>,
}

/// One contact type.
#[derive(Clone, Debug)]
pub struct ContactType {
    /// Its name.
    pub name: String,
    /// What its day factor is keyed by.
    pub key: NameKey,
    /// Place of its label in [`Model::channels`].
    pub channel: usize,
    /// Where its contacts come from: the base demand first, then one source for each
    /// occurrence of each surge.
    pub sources: Vec<Source>,
    /// The surges that touch it.
    pub surges: Vec<SurgeId>,
    /// Coefficient of variation of its own day factor.
    pub busyness: f64,
    /// 1 is served first.
    pub priority: u32,
    /// Patience in a human queue; `None`: for ever.
    pub patience: Option<Distribution>,
    /// Agent time at speed 1, without wrap-up.
    pub handling: Distribution,
    /// The same for contacts that the bot escalated, context saving taken off.
    pub escalation_handling: Escalated,
    /// Agent time after the customer has left.
    pub wrap_up: Option<Distribution>,
    /// What lost contacts do.
    pub retry: Option<Retry>,
    /// Most waiting contacts of this type; `u32::MAX`: no limit.
    pub queue_limit: u32,
    /// What happens outside opening hours; `None`: humans always take it.
    pub hours: Option<Closing>,
    /// The log that its base demand replays.
    pub log: Option<Arc<Recorded>>,
    /// The promise.
    pub service_level: ServiceLevel,
    /// The bot in front of it.
    pub bot: Option<TypeBot>,
    /// The queue of its contacts.
    pub class: ClassId,
    /// Groups whose agents may serve its contacts, also those taken for another type, in order of
    /// listing.
    pub groups: Vec<GroupId>,
}

/// What happens to contacts outside opening hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Whether those who reach the human side then are turned away.
    pub rejects: bool,
    /// Whether those who wait at closing time are disconnected.
    pub disconnects: bool,
}

/// Handling of escalated contacts.
#[derive(Clone, Debug)]
pub struct Escalated {
    /// Agent time at speed 1, without wrap-up.
    pub handling: Distribution,
    /// Share of it that is left after context saving.
    pub factor: f64,
}

/// Where contacts of a type come from.
#[derive(Clone, Debug)]
pub struct Source {
    /// What its contacts are keyed by.
    pub key: NameKey,
    /// When they come at the mean day's busyness; those of a surge at a factor of 2.
    pub schedule: Schedule,
    /// What brings them.
    pub kind: SourceKind,
}

/// What brings contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// They wait already at the start: past the bot, whatever room there is.
    Backlog,
    /// The base demand; contact `n` is row `n` of the type's log, where it has one.
    Base,
    /// A surge.
    Surge(SurgeId),
}

/// The bot in front of one contact type.
#[derive(Clone, Debug)]
pub struct TypeBot {
    /// Share of sessions that end with no human, before surges and outages.
    pub deflection: StepTable<f64>,
    /// Surges that lower it.
    pub surges: Vec<SurgeId>,
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
    /// Share of escalations that are first served as another type, and the queue of that type.
    pub misroute: Option<(f64, ClassId)>,
    /// Escalations that triage puts first.
    pub urgent: Option<Urgent>,
}

/// Escalations that triage puts first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Urgent {
    /// Share of the escalated.
    pub probability: f64,
    /// Their queue.
    pub class: ClassId,
    /// The queue of those that are first served as another type.
    pub misrouted: Option<ClassId>,
}

/// What all bot sessions share.
#[derive(Clone, Debug)]
pub struct Bot {
    /// Most sessions at once outside outages; `u32::MAX`: no limit.
    pub capacity: u32,
    /// What happens to whoever finds it full.
    pub when_full: WhenFull,
}

/// An agent group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What it can do, by contact type; `None`: nothing.
    pub skills: Vec<Option<Skill>>,
    /// Whether its agents have to be told apart.
    pub team: Team,
    /// How many of its people are present at a moment; `None`: all.
    pub shrinkage: Option<Shrinkage>,
    /// Speed of each contact while 1, 2, … are open at an agent; `None`: one at a time.
    pub speeds: Option<Vec<f64>>,
    /// The queues it serves, by rank: in order of preference where the policy knows it beforehand,
    /// else all of one rank.
    pub order: Vec<Served>,
    /// Cost of a scheduled agent per hour.
    pub cost_per_hour: Option<f64>,
}

/// What a group can do for one contact type.
#[derive(Clone, Debug)]
pub struct Skill {
    /// The type's handling is divided by it.
    pub speed: f64,
    /// The group's own handling, whatever its speed.
    pub handling: Option<Distribution>,
    /// The type's priority in this group.
    pub priority: u32,
    /// One over the mean handling of contacts that the bot did not escalate; per second.
    pub pace: f64,
    /// Their mean agent time, wrap-up included; seconds.
    pub agent_time: f64,
}

impl Group {
    /// Agents present of so many people, where the draw of the moment is `draw`.
    pub fn present(&self, people: u32, draw: f64) -> u32 {
        self.shrinkage.map_or(people, |shrinkage| shrinkage.present(people, draw))
    }

    /// Contacts that an agent serves at once.
    pub fn slots(&self) -> usize {
        self.speeds.as_ref().map_or(1, Vec::len)
    }
}

/// Limits of the center as a whole; `u32::MAX`: none.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most waiting contacts.
    pub waiting_room: u32,
    /// Most contacts waiting or being handled.
    pub lines: u32,
}

impl Model {
    /// First attempts that a replication brings on average; a little low where surges that lower
    /// the rate could take away more than there is.
    pub fn expected_arrivals(&self) -> f64 {
        let factor = |source: &Source| match source.kind {
            SourceKind::Backlog | SourceKind::Base => 1.0,
            SourceKind::Surge(surge) => self.surges[surge.index()].factor.mean() - 1.0,
        };
        let of_type = |kind: &ContactType| -> f64 {
            let sources = kind.sources.iter();
            sources.map(|source| source.schedule.total() * factor(source)).sum()
        };
        let types = self.contact_types.iter();
        types.map(|kind| of_type(kind).max(0.0)).sum()
    }

    /// Whether the bot has room for everybody all day long.
    pub fn has_unlimited_bot(&self) -> bool {
        let limits = |change: &Change| matches!(change, Change::Bot { capacity, .. } if *capacity != u32::MAX);
        self.bot.capacity == u32::MAX && !self.changes.iter().any(|(_, change)| limits(change))
    }

    /// Start of interval `index`.
    pub fn interval_start(&self, index: usize) -> SimTime {
        #[expect(clippy::cast_possible_wrap, reason = "intervals number at most 100,000")]
        let micros = self.horizon.interval.as_micros().saturating_mul(index as i64);
        SimTime::from_micros(micros)
    }
}
