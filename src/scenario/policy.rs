//! `[routing]`: how contacts and agents find each other.

use super::names::Names;
use super::section::{Context, Section};
use super::values;
use super::{AgentChoice, Policy, Routing};
use crate::format::Problem;
use crate::format::node::{Node, Value};
use crate::format::units::short;

/// How the choice of an agent is written.
pub(crate) const AGENT_CHOICES: &[(&str, AgentChoice)] = &[
    ("longest_idle", AgentChoice::LongestIdle),
    ("least_busy", AgentChoice::LeastBusy),
    ("most_busy", AgentChoice::MostBusy),
    ("fastest", AgentChoice::Fastest),
    ("listed", AgentChoice::Listed),
    ("random", AgentChoice::Random),
];

/// Levels of priority per second that contacts gain where nothing else is said: one a minute.
const AGING: f64 = 1.0 / 60.0;

/// Most levels per second.
const MOST_AGING: f64 = 1e6;

/// The policies by name.
#[derive(Clone, Copy, Debug)]
enum Name {
    Fcfs,
    Priority,
    PriorityAging,
    LongestQueue,
    Weighted,
    GeneralizedCMu,
}

impl Name {
    /// How each is written.
    const ALL: [(&str, Self); 6] = [
        ("fcfs", Self::Fcfs),
        ("priority", Self::Priority),
        ("priority_aging", Self::PriorityAging),
        ("longest_queue", Self::LongestQueue),
        ("weighted", Self::Weighted),
        ("generalized_c_mu", Self::GeneralizedCMu),
    ];

    /// The policy that a name alone means, for so many contact types.
    fn plain(self, types: usize) -> Policy {
        match self {
            Self::Fcfs => Policy::Fcfs,
            Self::Priority => Policy::Priority,
            Self::PriorityAging => Policy::PriorityAging(vec![AGING; types]),
            Self::LongestQueue => Policy::LongestQueue,
            Self::Weighted => Policy::Weighted(vec![1.0; types]),
            Self::GeneralizedCMu => Policy::GeneralizedCMu(vec![1.0; types]),
        }
    }
}

/// Reads `[routing]`.
pub(crate) fn routing(root: &Section<'_>, contacts: &Names<'_>) -> Routing {
    let limit = |context: &Context<'_>, node: &Node| values::count(context, node, 0, u32::MAX);
    let read = root.section("routing", "routing", |section| Routing {
        policy: section
            .get_or("policy", Policy::Priority, |context, node| policy(context, node, contacts)),
        agents: section.get_or("agents", AgentChoice::LongestIdle, |context, node| {
            values::choice(context, node, AGENT_CHOICES)
        }),
        waiting_room: section.get("waiting_room", limit),
        lines: section.get("lines", limit),
    });
    read.unwrap_or(Routing {
        policy: Policy::Priority,
        agents: AgentChoice::LongestIdle,
        waiting_room: None,
        lines: None,
    })
}

/// A name, or a table with one name and its parameters.
fn policy<'a>(context: &'a Context<'a>, node: &'a Node, contacts: &Names<'_>) -> Option<Policy> {
    let types = contacts.list.len();
    if !matches!(node.value, Value::Table(_)) {
        return values::choice(context, node, &Name::ALL).map(|name| name.plain(types));
    }
    let at = ("routing.policy", "routing.policy".to_owned(), &node.place);
    Section::read(context, at, node, |section| {
        let aging = section.optional_section(
            "priority_aging",
            "routing.policy.priority_aging",
            |section| {
                let rates = section.get("rate", |context, node| match node.value {
                    Value::Table(_) => per_type(context, node, contacts, AGING, aging),
                    _ => aging(context, node).map(|rate| vec![rate; types]),
                });
                given(section, "rate", rates, vec![AGING; types]).map(Policy::PriorityAging)
            },
        );
        let weighted = section.optional_section("weighted", "routing.policy.weighted", |section| {
            weights(section, "weight", contacts).map(Policy::Weighted)
        });
        let c_mu = section.optional_section(
            "generalized_c_mu",
            "routing.policy.generalized_c_mu",
            |section| weights(section, "cost", contacts).map(Policy::GeneralizedCMu),
        );
        let entries = section.entries();
        if let [first, second, ..] = entries {
            let message = format!("`{}` and `{}` exclude each other", first.key, second.key);
            context.report(
                Problem::new("conflicting-keys", &second.place, message)
                    .related(&first.place, format!("`{}` is here", first.key))
                    .help("a center has one policy"),
            );
        } else if entries.is_empty() {
            let problem = Problem::new("empty-list", &node.place, "the policy has no name");
            context.report(problem.help("write `\"priority\"`, or a table such as `{ priority_aging = { rate = \"1/min\" } }`"));
        }
        aging.ok()?.or(weighted.ok()?).or(c_mu.ok()?)
    })
    .flatten()
}

/// The value of a key, or `default` where it is left out; `None` after a problem.
fn given<T>(section: &Section<'_>, key: &'static str, value: Option<T>, default: T) -> Option<T> {
    value.or_else(|| section.entry(key).is_none().then_some(default))
}

/// Weights by contact type under `key`; 1 for those not named.
fn weights(section: &Section<'_>, key: &'static str, contacts: &Names<'_>) -> Option<Vec<f64>> {
    let weights =
        section.get(key, |context, node| per_type(context, node, contacts, 1.0, values::weight));
    given(section, key, weights, vec![1.0; contacts.list.len()])
}

/// Numbers by contact type; `default` for those not named.
fn per_type(
    context: &Context<'_>,
    node: &Node,
    contacts: &Names<'_>,
    default: f64,
    read: impl Fn(&Context<'_>, &Node) -> Option<f64>,
) -> Option<Vec<f64>> {
    let Some(table) = node.table() else {
        let help = "write a value for each contact type, such as `{ refund = 3.0 }`";
        context.wrong_type(node, "a table of contact types", help);
        return None;
    };
    let mut list = vec![default; contacts.list.len()];
    let mut sound = true;
    for entry in &table.entries {
        let contact = contacts.find(context, &entry.place, &entry.key);
        match (contact, read(context, &entry.node)) {
            (Some(contact), Some(value)) => list[contact] = value,
            _ => sound = false,
        }
    }
    sound.then_some(list)
}

/// Levels of priority per second.
fn aging(context: &Context<'_>, node: &Node) -> Option<f64> {
    let rate = values::rate(context, node)?;
    if rate <= MOST_AGING {
        return Some(rate);
    }
    let message = format!("`{}` levels of priority per second are too many", short(rate));
    let problem = Problem::new("out-of-range", &node.place, message);
    context.report(problem.help("write levels gained per time waited, such as `\"1/min\"`"));
    None
}
