//! `[bot]`, `[surges.*]` and `[groups.*]`: what meets the contacts.

use std::collections::BTreeMap;

use crate::time::SimSpan;

use super::contacts::{limit, priority};
use super::distribution;
use super::moment::{self, Start};
use super::near::{nearest, suggestion};
use super::node::{Entry, Node, Value};
use super::problem::{Place, Problem};
use super::section::{Context, Section};
use super::units::shorten;
use super::values;
use super::{BotCapacity, Decay, Group, Moment, Outage, Skill, Staffing, Surge, WhenFull};

/// The contact types that surges and groups can name.
pub(crate) struct Names<'n> {
    /// In order of listing.
    pub(super) list: Vec<&'n str>,
    pub(super) index: BTreeMap<&'n str, usize>,
}

impl<'n> Names<'n> {
    pub(crate) fn new(list: Vec<&'n str>) -> Self {
        let index = list
            .iter()
            .enumerate()
            .map(|(index, name)| (*name, index))
            .collect();
        Self { list, index }
    }
}

/// Most agents of a group.
const MOST_AGENTS: u32 = 10_000_000;

/// Reads `[bot]`: whether it is enabled, and the rest.
pub(crate) fn bot(root: &Section<'_>) -> (bool, Option<BotCapacity>) {
    let choices = [
        ("escalate", WhenFull::Escalate),
        ("queue", WhenFull::Queue),
        ("reject", WhenFull::Reject),
    ];
    let read = root.section("bot", "bot", |section| {
        let enabled = section.get_or("enabled", true, values::boolean);
        let capacity = section.get("capacity", limit);
        let when_full = section.get_or("when_full", WhenFull::Escalate, |context, node| {
            values::choice(context, node, &choices, &[])
        });
        let outages = match section.entry("outages") {
            None => Some(Vec::new()),
            Some(entry) => outages(section.context, &entry.node),
        };
        (
            enabled,
            outages.map(|outages| BotCapacity {
                capacity,
                when_full,
                outages,
            }),
        )
    });
    read.unwrap_or((true, None))
}

fn outages<'a>(context: &'a Context<'a>, node: &'a Node) -> Option<Vec<Outage>> {
    let Value::List(list) = &node.value else {
        let help = "for example `outages = [{ start = \"6h\", length = \"20m\", capacity = 0 }]`";
        context.wrong_type(node, "a list of tables", help);
        return None;
    };
    let read: Vec<Option<Outage>> = list
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let path = format!("bot.outages[{at}]");
            let at = ("bot.outages[]", path, &item.place);
            Section::read(context, at, item, outage).flatten()
        })
        .collect();
    read.into_iter().collect()
}

fn outage(section: &Section<'_>) -> Option<Outage> {
    let start = section.required("start", moment::moment);
    let length = section.required("length", values::positive_span);
    // An outage that says nothing else is a bot that is down; one that only weakens the bot is not.
    let is_down = section.entry("deflection_factor").is_none();
    let capacity = section.get("capacity", limit).or(is_down.then_some(0));
    let deflection_factor = section.get_or("deflection_factor", 1.0, values::share);
    let (start, length) = (start?, length?);
    check_inside(section, "outage-outside-run", start, Some(length));
    Some(Outage {
        start,
        length,
        capacity,
        deflection_factor,
    })
}

/// Reports what is over before the run (`length` is `None` when it never is) or begins after it,
/// or happens daily but never within it.
fn check_inside(section: &Section<'_>, code: &'static str, start: Moment, length: Option<SimSpan>) {
    let Some(calendar) = section.context.calendar() else {
        return;
    };
    let (Some(offsets), Some(duration)) = (calendar.offsets(start), calendar.duration) else {
        return;
    };
    let at = section
        .entry("start")
        .map_or(&section.place, |entry: &Entry| &entry.node.place);
    let begins = match (start, calendar.start) {
        (Moment::Local(_) | Moment::Clock(_), Start::At(run)) => {
            format!("the run starts at `{run}` and lasts `{duration}`")
        }
        (Moment::Clock(_), _) => {
            format!("the run starts at `00:00` and lasts `{duration}`, for want of a `run.start`")
        }
        _ => format!("the run lasts `{duration}`"),
    };
    let is_after = |offset: i64| offset >= duration.as_micros();
    let is_before = |offset: i64| {
        let over = length.is_some_and(|length| offset.saturating_add(length.as_micros()) <= 0);
        offset < 0 && over
    };
    if offsets.iter().any(|at| !is_after(*at) && !is_before(*at)) {
        return;
    }
    let message = match offsets.as_slice() {
        [offset] if is_after(*offset) => format!("this begins after the run: {begins}"),
        [_] => format!("this is over before the run: {begins}"),
        _ => format!("this is never within the run: {begins}"),
    };
    let help = "write a `start` within the run, or leave it out";
    section
        .context
        .report(Problem::new(code, at, message).help(help));
}

/// Reads one surge; `None`: it has problems.
pub(crate) fn surge(section: &Section<'_>, name: &str, contacts: &Names<'_>) -> Option<Surge> {
    let touched = match section.entry("contacts") {
        None => Some((0..contacts.list.len()).collect()),
        Some(entry) => names(section.context, &entry.node, contacts)
            .map(|names| names.into_iter().map(|(index, _)| index).collect()),
    };
    let start = section.required("start", moment::moment);
    let ramp = section.get_or("ramp", SimSpan::ZERO, values::span);
    let hold = section.get_or("hold", SimSpan::ZERO, values::span);
    section.exclude(
        "decay",
        "half_life",
        "give `decay` (a straight line) or `half_life` (exponential)",
    );
    let decay = section.get_or("decay", SimSpan::ZERO, values::span);
    let decay = match section.get("half_life", values::positive_span) {
        Some(half_life) => Decay::HalfLife(half_life),
        None => Decay::Linear(decay),
    };
    let factor = section.required("factor", distribution::factor);
    let deflection_factor = section.get_or("deflection_factor", 1.0, values::share);
    let length = match decay {
        Decay::Linear(decay) => Some(ramp + hold + decay),
        Decay::HalfLife(_) => None,
    };
    let lengths = ["ramp", "hold", "decay", "half_life"];
    let broken = lengths.iter().any(|key| {
        section
            .entry(key)
            .is_some_and(|entry| match &entry.node.value {
                Value::Text(text) => super::units::duration(text).is_err(),
                _ => true,
            })
    });
    if length == Some(SimSpan::ZERO) && !broken {
        let message = "the surge has no length";
        let help = "give it a `ramp`, `hold`, `decay` or `half_life`, such as `hold = \"2h\"`";
        section
            .context
            .report(Problem::new("surge-without-length", &section.place, message).help(help));
    }
    let start = start?;
    check_inside(
        section,
        "surge-outside-run",
        start,
        length.filter(|_| !broken),
    );
    Some(Surge {
        name: name.to_owned(),
        contacts: touched?,
        start,
        ramp,
        hold,
        decay,
        factor: factor?,
        deflection_factor,
    })
}

/// The index of a contact type; reports a name that is none.
fn contact(
    context: &Context<'_>,
    place: &Place,
    name: &str,
    contacts: &Names<'_>,
) -> Option<usize> {
    let found = contacts.index.get(name).copied();
    // A scenario without contact types is told so once.
    if found.is_none() && !contacts.list.is_empty() {
        let message = format!("there is no contact type `{}`", shorten(name));
        let help = suggestion(name, &contacts.list, "contact types");
        context.report(Problem::new("unknown-contact", place, message).help(help));
    }
    found
}

/// A list of different contact types, each with its place.
fn names<'n>(
    context: &Context<'_>,
    node: &'n Node,
    contacts: &Names<'_>,
) -> Option<Vec<(usize, &'n Place)>> {
    let list = values::list(
        context,
        node,
        "write names of contact types, such as `[\"refund\"]`",
    )?;
    let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
    values::each(list, |item| {
        let Value::Text(name) = &item.value else {
            context.wrong_type(item, "the name of a contact type", "put it into quotes");
            return None;
        };
        if let Some(first) = seen.insert(name, &item.place) {
            let message = format!("`{}` is listed twice", shorten(name));
            context.report(
                Problem::new("duplicate-name", &item.place, message)
                    .related(first, "the first time")
                    .help("leave one of them out"),
            );
            return None;
        }
        contact(context, &item.place, name, contacts).map(|index| (index, &item.place))
    })
}

/// A group and the contact types that its skills name, known even if the rest has problems.
pub(crate) struct ReadGroup {
    pub(crate) group: Option<Group>,
    /// What its skills name or probably mean; `None`: they cannot be read.
    pub(crate) serves: Option<Vec<usize>>,
}

/// Reads one group.
pub(crate) fn group(section: &Section<'_>, name: &str, contacts: &Names<'_>) -> ReadGroup {
    let skills = section.required("skills", |context, node| {
        skills(context, node, section, contacts)
    });
    let staff = section.required("staff", |context, node| {
        moment::steps(
            context,
            node,
            ("groups.*.staff[]", &section.child_path("staff"), "agents"),
            |context, node| values::count(context, node, 0, MOST_AGENTS),
        )
    });
    let shrinkage = section.get_or("shrinkage", 0.0, values::share_below_one);
    let cost_per_hour = section.get("cost_per_hour", values::number);
    let serves = section
        .entry("skills")
        .and_then(|entry| serves(&entry.node, contacts));
    let group = skills.zip(staff).map(|(skills, staff)| Group {
        name: name.to_owned(),
        skills,
        staffing: Staffing::HeadCount(staff),
        timezone: None,
        shrinkage,
        concurrency: None,
        reserve: None,
        cost_per_hour,
    });
    ReadGroup { group, serves }
}

/// The contact types that skills name, misspelt names counted as what they probably mean: they are
/// reported already.
fn serves(node: &Node, contacts: &Names<'_>) -> Option<Vec<usize>> {
    let named: Vec<&str> = match &node.value {
        Value::Table(table) => table
            .entries
            .iter()
            .map(|entry| entry.key.as_str())
            .collect(),
        Value::List(list) => {
            let names = list.iter().map(|item| match &item.value {
                Value::Text(name) => Some(name.as_str()),
                _ => None,
            });
            names.collect::<Option<_>>()?
        }
        _ => return None,
    };
    if named.is_empty() {
        return None;
    }
    let index = |name: &str| {
        let found = contacts.index.get(name).copied();
        found.or_else(|| contacts.index.get(nearest(name, &contacts.list)?).copied())
    };
    Some(named.into_iter().filter_map(index).collect())
}

/// A table of contact types, or a list of their names.
fn skills<'a>(
    context: &'a Context<'a>,
    node: &'a Node,
    section: &Section<'_>,
    contacts: &Names<'_>,
) -> Option<Vec<Skill>> {
    let Some(table) = node.table() else {
        if !matches!(node.value, Value::List(_)) {
            let help = "for example `{ refund = 1.0 }` or `[\"refund\"]`";
            context.wrong_type(node, "a table or list of contact types", help);
            return None;
        }
        let plain = |(contact, _)| Skill {
            contact,
            speed: 1.0,
            priority: None,
            handling: None,
        };
        return names(context, node, contacts).map(|names| names.into_iter().map(plain).collect());
    };
    if table.entries.is_empty() {
        let problem = Problem::new(
            "empty-list",
            &node.place,
            "the group serves no contact type",
        );
        context.report(problem.help("for example `{ refund = 1.0 }` or `[\"refund\"]`"));
        return None;
    }
    let read = |entry: &'a Entry| {
        let index = contact(context, &entry.place, &entry.key, contacts);
        let path = super::section::join(&section.child_path("skills"), &entry.key);
        let (speed, priority) = match &entry.node.value {
            Value::Table(_) => {
                let at = ("groups.*.skills.*", path, &entry.place);
                Section::read(context, at, &entry.node, |skill| {
                    let speed = skill.get_or("speed", 1.0, values::speed);
                    (speed, skill.get("priority", priority))
                })?
            }
            _ => (values::speed(context, &entry.node)?, None),
        };
        Some(Skill {
            contact: index?,
            speed,
            priority,
            handling: None,
        })
    };
    let read: Vec<Option<Skill>> = table.entries.iter().map(read).collect();
    read.into_iter().collect()
}
