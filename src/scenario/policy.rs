//! `[routing]`: how contacts and agents find each other.

use crate::format::units::short;
use crate::format::{
    Key, KeyRule, Located, ReadByName, ReadChoice, ReadCount, ReadNumber, ReadRate, ReadTable,
    Reader, Record, Section, TableKeys, Value, ValueAt, ValueShape, by_name, choice, key,
    number_between, table,
};

use super::limits::LIMIT;
use super::names::CONTACTS;

/// Levels of priority per second that contacts gain where nothing else is said: one a minute.
const AGING: f64 = 1.0 / 60.0;

/// Most levels per second.
const MOST_AGING: f64 = 1e6;

/// How contacts and agents find each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Routing {
    /// Which waiting contact a free agent takes.
    pub policy: PolicyChoice,
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
pub enum PolicyChoice {
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

/// How the choice of an agent is written.
pub(super) const AGENT_CHOICES: ReadChoice<AgentChoice> = choice(&[
    ("longest_idle", AgentChoice::LongestIdle),
    ("least_busy", AgentChoice::LeastBusy),
    ("most_busy", AgentChoice::MostBusy),
    ("fastest", AgentChoice::Fastest),
    ("listed", AgentChoice::Listed),
    ("random", AgentChoice::Random),
]);

const POLICY: Key<ReadPolicy> = key("policy", ReadPolicy)
    .or("\"priority\"")
    .means("which waiting contact a free agent takes; ties: longest waiting")
    .example("\"fcfs\"")
    .note(
        "Each looks at the contacts that the agent may serve. `fcfs`: the longest waiting. `priority`: the\n\
         lowest priority number; that of an urgent escalation goes before that of the group, and that\n\
         before the type's. `priority_aging`: the same, but a contact loses `rate` from its number as it\n\
         waits, so that at `1/min` one of priority 5 that has waited 4 minutes equals one of priority 1\n\
         that has just come. `longest_queue`: of the type of which most wait. `weighted`: the largest\n\
         weight × wait. `generalized_c_mu`: the largest cost × wait ÷ mean agent time (van Mieghem 1995,\n\
         for costs that grow with the square of the wait). The last three have no regard for priority. A\n\
         policy with parameters is written `policy = { weighted = { weight = { refund = 3.0 } } }`.",
    );
const AGENTS: Key<ReadChoice<AgentChoice>> = key("agents", AGENT_CHOICES)
    .or("\"longest_idle\"")
    .means("which free agent a contact takes")
    .example("\"fastest\"");
const WAITING_ROOM: Key<ReadCount> = key("waiting_room", LIMIT)
    .without("no limit")
    .means("waiting contacts of all types together")
    .example("300");
const LINES: Key<ReadCount> = key("lines", LIMIT)
    .without("no limit")
    .means("contacts waiting or being handled, all types together")
    .example("400");

impl Record for Routing {
    const KEYS: &'static TableKeys =
        &TableKeys { keys: &[&POLICY, &AGENTS, &WAITING_ROOM, &LINES], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (policy, agents) = (section.take(&POLICY), section.take(&AGENTS));
        let (waiting_room, lines) = (section.take(&WAITING_ROOM), section.take(&LINES));
        Some(Self { policy: policy?, agents: agents?, waiting_room, lines })
    }
}

/// A name, or a table with one name and its parameters.
#[derive(Clone, Copy, Debug)]
struct ReadPolicy;

/// The policy that a name alone means, for so many contact types.
type Plain = fn(usize) -> PolicyChoice;

const PLAIN: ReadChoice<Plain> = choice(&[
    ("fcfs", |_| PolicyChoice::Fcfs),
    ("priority", |_| PolicyChoice::Priority),
    ("priority_aging", |types| PolicyChoice::PriorityAging(vec![AGING; types])),
    ("longest_queue", |_| PolicyChoice::LongestQueue),
    ("weighted", |types| PolicyChoice::Weighted(vec![1.0; types])),
    ("generalized_c_mu", |types| PolicyChoice::GeneralizedCMu(vec![1.0; types])),
]);

const PRIORITY_AGING: Key<ReadTable<Aging>> = key("priority_aging", table())
    .optional()
    .means("the lowest priority number, which falls as a contact waits")
    .example("{ rate = \"1/min\" }");
const WEIGHTED: Key<ReadTable<Weighted>> = key("weighted", table())
    .optional()
    .means("the largest weight × wait")
    .example("{ weight = { promotion = 3.0 } }");
const GENERALIZED_C_MU: Key<ReadTable<CMu>> = key("generalized_c_mu", table())
    .optional()
    .means("the largest cost × wait ÷ mean agent time in the agent's group")
    .example("{ cost = { promotion = 2.0 } }");

const WITH_PARAMETERS: &TableKeys = &TableKeys {
    keys: &[&PRIORITY_AGING, &WEIGHTED, &GENERALIZED_C_MU],
    rules: &[KeyRule::Single { beside: &[], help: "a center has one policy" }],
};

impl Reader for ReadPolicy {
    type Value = PolicyChoice;

    fn shape(&self) -> ValueShape {
        let names = PLAIN.shape();
        let both = vec![names, ValueShape::Table(WITH_PARAMETERS)];
        ValueShape::Either(both)
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<PolicyChoice> {
        let Value::Table(table) = &value.node.value else {
            let plain = PLAIN.read(value)?;
            return Some(plain(value.context.names(&CONTACTS).list.len()));
        };
        if table.entries.is_empty() {
            let help = "write `\"priority\"`, or a table such as `{ priority_aging = { rate = \"1/min\" } }`";
            return value.refuse("empty-list", "the policy has no name", help);
        }
        Section::open(value, WITH_PARAMETERS, |section| {
            let aging =
                section.take(&PRIORITY_AGING).map(|read| PolicyChoice::PriorityAging(read.0));
            let weighted = section.take(&WEIGHTED).map(|read| PolicyChoice::Weighted(read.0));
            let c_mu =
                section.take(&GENERALIZED_C_MU).map(|read| PolicyChoice::GeneralizedCMu(read.0));
            aging.or(weighted).or(c_mu)
        })
    }
}

/// Numbers for every contact type: those of `named`, and `default` for the others.
fn per_type<T>(
    section: &Section<'_>,
    named: Option<Vec<(Located<usize>, f64)>>,
    default: f64,
    wrap: impl FnOnce(Vec<f64>) -> T,
) -> T {
    let mut all = vec![default; section.context.names(&CONTACTS).list.len()];
    for (contact, value) in named.unwrap_or_default() {
        all[contact.value] = value;
    }
    wrap(all)
}

/// Levels of priority per second, by contact type.
struct Aging(Vec<f64>);

/// Weights by contact type.
struct Weighted(Vec<f64>);

/// Costs of waiting by contact type.
struct CMu(Vec<f64>);

/// What weighs types against each other, so that products with waits stay finite.
const WEIGHTS: ReadByName<ReadNumber> =
    by_name(&CONTACTS, number_between(0.0, 1e9, "write a number around 1: only ratios count"));

const RATE: Key<ReadAging> = key("rate", ReadAging)
    .or("\"1/min\"")
    .means("levels gained per time waited: one rate, or one by contact type")
    .example("{ order_status = \"2/min\" }");
const WEIGHT: Key<ReadByName<ReadNumber>> = key("weight", WEIGHTS)
    .without("1 each")
    .means("weights by contact type")
    .example("{ promotion = 3.0 }");
const COST: Key<ReadByName<ReadNumber>> = key("cost", WEIGHTS)
    .without("1 each")
    .means("cost of waiting by contact type, per time squared")
    .example("{ promotion = 2.0 }");

impl Record for Aging {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&RATE], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (default, named) = section.take(&RATE)?;
        Some(per_type(section, Some(named), default, Self))
    }
}

impl Record for Weighted {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&WEIGHT], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        Some(per_type(section, section.take(&WEIGHT), 1.0, Self))
    }
}

impl Record for CMu {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&COST], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        Some(per_type(section, section.take(&COST), 1.0, Self))
    }
}

/// Levels of priority per second: one rate for all, or one by contact type.
#[derive(Clone, Copy, Debug)]
struct ReadAging;

/// One rate.
#[derive(Clone, Copy, Debug)]
struct ReadGain;

impl Reader for ReadGain {
    type Value = f64;

    fn shape(&self) -> ValueShape {
        ReadRate.shape()
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<f64> {
        let rate = ReadRate.read(value)?;
        if rate <= MOST_AGING {
            return Some(rate);
        }
        let message = format!("`{}` levels of priority per second are too many", short(rate));
        let help = "write levels gained per time waited, such as `\"1/min\"`";
        value.refuse("out-of-range", message, help)
    }
}

impl Reader for ReadAging {
    type Value = (f64, Vec<(Located<usize>, f64)>);

    fn shape(&self) -> ValueShape {
        let both = vec![ReadGain.shape(), by_name(&CONTACTS, ReadGain).shape()];
        let words = "rate, or a table of contact types with rates";
        ValueShape::Called(words, Box::new(ValueShape::Either(both)))
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Self::Value> {
        match &value.node.value {
            Value::Table(_) => Some((AGING, by_name(&CONTACTS, ReadGain).read(value)?)),
            _ => Some((ReadGain.read(value)?, Vec::new())),
        }
    }
}
