//! What a scenario says of agents, and of how contacts and agents find each other.

use jiff::tz::TimeZone;

use super::{Moment, Steps};
use crate::random::Distribution;
use crate::time::SimSpan;

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
    /// What becomes of the rest after whole agents.
    pub rounding: Rounding,
    /// How long the last agent is present or not; more than 0.
    pub shrinkage_every: SimSpan,
    /// How many contacts an agent serves at once; `None`: one.
    pub concurrency: Option<Concurrency>,
    /// Agents held back for some contact types.
    pub reserve: Option<Reserve>,
    /// Per scheduled agent; `None`: unknown.
    pub cost_per_hour: Option<f64>,
}

/// What becomes of the rest after whole agents are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// One more agent is present for that share of the time.
    Expected,
    /// It is lost.
    Down,
    /// One more agent from one half on.
    Nearest,
    /// One more agent.
    Up,
}

/// Who is scheduled when.
#[derive(Clone, Debug, PartialEq)]
pub enum Staffing {
    /// A head count. When it falls, the surplus take no further contact, finish what they have, and
    /// leave: those with the fewest contacts open. With one contact at a time nobody starts another
    /// until fewer than the head count are busy.
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
