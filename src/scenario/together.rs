//! What only the whole scenario shows.

use std::collections::{BTreeMap, BTreeSet};

use crate::time::SimSpan;

use super::contacts::{Known, ReadContact};
use super::demand::most_arrivals;
use super::groups::ReadGroup;
use super::read::names;
use super::route;
use super::section::Section;
use super::{ContactType, Decay, Moment, Scenario, Surge};
use crate::format::Problem;
use crate::format::units::shorten;

/// Most contacts that a replication may be expected to have.
const MOST_ARRIVALS: f64 = 2e9;

/// Reports what contact types and groups say of each other and does not fit.
pub(crate) fn check(
    root: &Section<'_>,
    contacts: &[ReadContact<'_>],
    groups: &[ReadGroup<'_>],
    known: &Known<'_>,
) {
    check_presence(root, &known.contacts.list);
    check_mistaken(root, contacts, known);
    let by_name: BTreeMap<&str, &ReadGroup<'_>> =
        groups.iter().map(|group| (group.name, group)).collect();
    let mut lacking = BTreeSet::new();
    for read in contacts {
        let name = read.entry.key.as_str();
        if let Some(contact) = known.contacts.index(name) {
            let this = (contact, name);
            if route::check_skills(root.context, this, &read.route, &by_name, known.groups) {
                lacking.insert(contact);
            }
        }
    }
    let skills: Option<Vec<&Vec<usize>>> =
        groups.iter().map(|group| group.serves.as_ref()).collect();
    if let Some(skills) = skills {
        // Where a group of the route lacks the skill, that is said, and giving it the skill helps.
        let served = skills.into_iter().flatten().copied().chain(lacking);
        check_served(root, &served.collect());
    }
}

/// Reports contact types that others are mistaken for, but whose handling only a log tells.
fn check_mistaken(root: &Section<'_>, contacts: &[ReadContact<'_>], known: &Known<'_>) {
    let named = |index: usize| {
        let name = known.contacts.list[index];
        contacts.iter().find(move |read| read.entry.key == name)
    };
    for read in contacts {
        if let Some((to, place)) = read.mistaken_for
            && let Some(other) = named(to)
            && !other.has_handling
            && other.is_recorded
        {
            let name = shorten(&other.entry.key);
            let message = format!(
                "`contacts.{name}.handling` is missing: its log does not tell that of others"
            );
            let help = format!("write `handling` into `[contacts.{name}]`");
            let problem = Problem::new("missing-key", place, message).help(help);
            let problem = problem.related(&other.entry.place, "the contact type");
            root.context.report(problem);
        }
    }
}

/// Reports a scenario without contacts or without groups.
fn check_presence(root: &Section<'_>, contacts: &[&str]) {
    let report = |key: &'static str, code, message: &str, help: &str| {
        let place = root.entry(key).map_or(&root.place, |entry| &entry.place);
        root.context.report(Problem::new(code, place, message).help(help));
    };
    let is_table = |key| root.entry(key).is_none_or(|entry| entry.node.table().is_some());
    if contacts.is_empty() && is_table("contacts") {
        let help = "write `[contacts.NAME]` with `rate` and `handling` below";
        report("contacts", "no-contacts", "the scenario has no contact type", help);
    }
    if names(root, "groups").is_empty() && is_table("groups") {
        let help = "write `[groups.NAME]` with `skills` and `staff` below";
        report("groups", "no-groups", "the scenario has no agent group", help);
    }
}

/// Reports contact types that no group serves.
fn check_served(root: &Section<'_>, served: &BTreeSet<usize>) {
    if names(root, "groups").is_empty() {
        return;
    }
    let contacts = root.entry("contacts").and_then(|entry| entry.node.table());
    for (index, entry) in contacts.iter().flat_map(|table| &table.entries).enumerate() {
        let stray = root.context.strays.borrow().contains(&entry.key);
        if !served.contains(&index) && !stray {
            let message = format!("no group serves `{}`", shorten(&entry.key));
            let help = format!("add `{}` to the `skills` of a group", shorten(&entry.key));
            root.context.report(Problem::new("unserved-contact", &entry.place, message).help(help));
        }
    }
}

/// An upper bound of the strength of a surge that may come again before it is over.
fn most_at_once(surge: &Surge, duration: SimSpan) -> f64 {
    if !matches!(surge.start, Moment::Clock(_)) {
        return 1.0;
    }
    let full = surge.ramp + surge.hold;
    let days = match surge.decay {
        Decay::Linear(decay) => (full + decay).as_hours() / 24.0,
        // The halves of a day, of two days and so on add up to so much.
        Decay::HalfLife(half) => (full.as_hours() + half.as_hours() / 2f64.ln()) / 24.0,
    };
    (days + 1.0).min(duration.as_hours() / 24.0 + 2.0)
}

/// Reports more contacts than a replication can hold.
pub(crate) fn check_arrivals(root: &Section<'_>, scenario: &Scenario) {
    let surge = |index: usize| {
        let touching = |surge: &&Surge| surge.contacts.contains(&index);
        let sizes =
            scenario.surges.iter().filter(touching).map(|surge| {
                (surge.factor.mean() - 1.0) * most_at_once(surge, scenario.run.duration)
            });
        1.0 + sizes.map(|size| size.max(0.0)).sum::<f64>()
    };
    let most = |(index, contact): (usize, &ContactType)| {
        f64::from(contact.initial_backlog)
            + most_arrivals(contact, scenario.run.duration) * surge(index)
    };
    let expected: f64 = scenario.contacts.iter().enumerate().map(most).sum();
    if expected > MOST_ARRIVALS || expected.is_nan() {
        let place = root.entry("contacts").map_or(&root.place, |entry| &entry.place);
        let contacts = if expected.is_finite() {
            format!("{expected:.1e} contacts")
        } else {
            "more contacts than can be counted".to_owned()
        };
        let message = format!("a replication may have {contacts}, at most 2e9 are possible");
        let help = "shorten `run.duration`, lower the rates, or split the scenario";
        root.context.report(Problem::new("too-many-arrivals", place, message).help(help));
    }
}
