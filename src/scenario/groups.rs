//! `[groups.*]`: who serves what, when, and how much at once.

use crate::random::Distribution;
use crate::time::SimSpan;

use super::contacts::priority;
use super::distribution;
use super::moment::{self, Start};
use super::names::Names;
use super::run;
use super::section::{Context, Section, join};
use super::shifts;
use super::values;
use super::{Concurrency, Group, Reserve, Rounding, Skill, Staffing};
use crate::format::node::{Entry, Node, Value};
use crate::format::units::shorten;
use crate::format::{Place, Problem};

/// Most agents of a group.
pub(crate) const MOST_AGENTS: u32 = 10_000_000;

/// Most contacts that an agent serves at once.
const MOST_CHATS: u32 = 20;

/// A group and the contact types that its skills name, known even if the rest has problems.
pub(crate) struct ReadGroup<'a> {
    pub(crate) name: &'a str,
    pub(crate) group: Option<Group>,
    /// What its skills name or probably mean; `None`: they cannot be read.
    pub(crate) serves: Option<Vec<usize>>,
    /// Where its skills stand.
    pub(crate) skills: Option<&'a Place>,
}

/// Reads one group.
pub(crate) fn group<'a>(
    section: &Section<'a>,
    name: &'a str,
    contacts: &Names<'_>,
) -> ReadGroup<'a> {
    let skills =
        section.required("skills", |context, node| skills(context, node, section, contacts));
    let entry = section.entry("skills");
    let serves = entry.and_then(|entry| serves(&entry.node, contacts));
    let known = Served {
        contacts,
        serves: serves.as_deref(),
        skills: entry.map(|entry| &entry.place),
        name,
    };
    let handling = section.get("handling", |context, node| handling(context, node, &known));
    let timezone = section.get("timezone", |context, node| {
        let zone = run::timezone(context, node)?;
        if context.calendar()?.start == Start::Missing {
            let message = "the clocks of two zones differ by what day it is";
            let help = "write `run.start`, or leave the group's `timezone` out";
            let problem = Problem::new("timezone-without-start", &node.place, message);
            context.report(problem.help(help));
        }
        Some(zone)
    });
    let staffing = staffing(section, timezone.as_ref());
    let shrinkage = section.get_or("shrinkage", 0.0, values::share_below_one);
    let roundings = [
        ("expected", Rounding::Expected),
        ("down", Rounding::Down),
        ("nearest", Rounding::Nearest),
        ("up", Rounding::Up),
    ];
    let rounding = section.get_or("rounding", Rounding::Expected, |context, node| {
        values::choice(context, node, &roundings)
    });
    let half_hour = SimSpan::from_micros(SimSpan::HOUR.as_micros() / 2);
    let shrinkage_every = section.get_or("shrinkage_every", half_hour, values::period);
    let concurrency = section.optional_section("concurrency", "groups.*.concurrency", concurrency);
    let reserve =
        section.optional_section("reserve", "groups.*.reserve", |section| reserve(section, &known));
    let cost_per_hour = section.get("cost_per_hour", values::number);
    let group = || {
        Some(Group {
            name: name.to_owned(),
            skills: with_handling(skills?, handling.unwrap_or_default()),
            staffing: staffing?,
            timezone,
            shrinkage,
            rounding,
            shrinkage_every,
            concurrency: concurrency.ok()?,
            reserve: reserve.ok()?,
            cost_per_hour,
        })
    };
    ReadGroup { name, group: group(), serves, skills: entry.map(|entry| &entry.place) }
}

/// What a group serves, for the keys that refer to it.
struct Served<'s> {
    contacts: &'s Names<'s>,
    serves: Option<&'s [usize]>,
    skills: Option<&'s Place>,
    name: &'s str,
}

impl Served<'_> {
    /// Reports a contact type that the group has no skill for.
    fn check(&self, context: &Context<'_>, contact: usize, place: &Place) {
        if self.serves.is_none_or(|serves| serves.contains(&contact)) {
            return;
        }
        let (group, contact) = (shorten(self.name), shorten(self.contacts.list[contact]));
        let message = format!("`{group}` has no skill for `{contact}`");
        let help = format!("add `{contact}` to the `skills` of `{group}`, or leave it out here");
        let mut problem = Problem::new("missing-skill", place, message).help(help);
        if let Some(skills) = self.skills {
            problem = problem.related(skills, "its `skills`");
        }
        context.report(problem);
    }
}

/// A head count or shifts, with the clocks of `timezone`.
fn staffing(section: &Section<'_>, timezone: Option<&jiff::tz::TimeZone>) -> Option<Staffing> {
    let run = section.context.calendar()?;
    let calendar = match timezone {
        Some(zone) => run.in_zone(zone.clone()),
        None => run.clone(),
    };
    section.exclude("staff", "shifts", "give a head count over time, or shifts of named people");
    if section.entry("staff").is_none() && section.entry("shifts").is_none() {
        section.missing("staff");
    }
    let staff = section.get("staff", |context, node| {
        let keys = ("groups.*.staff[]", section.child_path("staff"), "agents");
        moment::steps(context, &calendar, node, keys, |context, node| {
            values::count(context, node, 0, MOST_AGENTS)
        })
    });
    let shifts = section.get("shifts", |context, node| {
        shifts::shifts(context, &calendar, node, &section.child_path("shifts"))
    });
    staff.map(Staffing::HeadCount).or(shifts.map(Staffing::Shifts))
}

/// Distributions of the group's own, by contact type.
fn handling<'a>(
    context: &'a Context<'a>,
    node: &'a Node,
    known: &Served<'_>,
) -> Option<Vec<(usize, Distribution)>> {
    let Some(table) = node.table() else {
        let help = "for example `{ refund = { exponential = { mean = \"3m\" } } }`";
        context.wrong_type(node, "a table of contact types", help);
        return None;
    };
    let read = table.entries.iter().map(|entry| {
        let contact = known.contacts.find(context, &entry.place, &entry.key);
        if let Some(contact) = contact {
            known.check(context, contact, &entry.place);
        }
        let law = distribution::duration(context, &entry.node);
        Some((contact?, law?))
    });
    let read: Vec<Option<(usize, Distribution)>> = read.collect();
    read.into_iter().collect()
}

/// Gives each skill the group's own handling of its contact type.
fn with_handling(mut skills: Vec<Skill>, handling: Vec<(usize, Distribution)>) -> Vec<Skill> {
    for (contact, law) in handling {
        if let Some(skill) = skills.iter_mut().find(|skill| skill.contact == contact) {
            skill.handling = Some(law);
        }
    }
    skills
}

/// How many contacts at once, and how fast each.
fn concurrency(section: &Section<'_>) -> Option<Concurrency> {
    let chats = section.required("chats", |context, node| {
        values::count(context, node, 1, MOST_CHATS).map(|chats| (chats, &node.place))
    });
    let given = section.entry("speed").is_some();
    let speeds = section.get("speed", |context, node| {
        let help = "write the speed of each chat while 1, 2, … are open, such as `[1.0, 0.9, 0.8]`";
        let list = values::list(context, node, help)?;
        let speeds = values::each(list, |item| values::speed(context, item))?;
        Some((speeds, &node.place))
    });
    let (chats, place) = chats?;
    if !given {
        return Some(Concurrency { speeds: vec![1.0; usize::try_from(chats).ok()?] });
    }
    let (speeds, at) = speeds?;
    if u32::try_from(speeds.len()) != Ok(chats) {
        let message = format!("{} speeds are given for {chats} chats", speeds.len());
        section.context.report(
            Problem::new("speed-count", at, message)
                .related(place, "the most that may be open")
                .help("write the speed of each chat while 1, 2, … are open: one per chat"),
        );
        return None;
    }
    Some(Concurrency { speeds })
}

/// Agents held back for some contact types.
fn reserve(section: &Section<'_>, known: &Served<'_>) -> Option<Reserve> {
    let contacts = section.required("contacts", |context, node| {
        let named = known.contacts.several(context, node)?;
        for (contact, place) in &named {
            known.check(context, *contact, place);
        }
        Some(named.into_iter().map(|(contact, _)| contact).collect())
    });
    let agents =
        section.required("agents", |context, node| values::count(context, node, 0, MOST_AGENTS));
    Some(Reserve { contacts: contacts?, agents: agents? })
}

/// The contact types that skills name, misspelt names counted as what they probably mean: they are
/// reported already.
fn serves(node: &Node, contacts: &Names<'_>) -> Option<Vec<usize>> {
    let named: Vec<&str> = match &node.value {
        Value::Table(table) => table.entries.iter().map(|entry| entry.key.as_str()).collect(),
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
    Some(named.into_iter().filter_map(|name| contacts.probable(name)).collect())
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
        let plain = |(contact, _)| Skill { contact, speed: 1.0, priority: None, handling: None };
        let named = contacts.several(context, node);
        return named.map(|named| named.into_iter().map(plain).collect());
    };
    if table.entries.is_empty() {
        let problem = Problem::new("empty-list", &node.place, "the group serves no contact type");
        context.report(problem.help("for example `{ refund = 1.0 }` or `[\"refund\"]`"));
        return None;
    }
    let read = |entry: &'a Entry| {
        let index = contacts.find(context, &entry.place, &entry.key);
        let path = join(&section.child_path("skills"), &entry.key);
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
        Some(Skill { contact: index?, speed, priority, handling: None })
    };
    let read: Vec<Option<Skill>> = table.entries.iter().map(read).collect();
    read.into_iter().collect()
}
