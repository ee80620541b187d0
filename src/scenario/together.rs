//! What only the whole scenario shows.

use std::collections::BTreeSet;

use crate::format::units::shorten;
use crate::format::{Context, Moment, Namespace, Node, Place, Problem, Section, Steps};
use crate::time::SimSpan;

use super::contacts::{ContactSection, ReadContact};
use super::demand::Demand;
use super::groups::ReadGroup;
use super::names::{CONTACTS, GROUPS};
use super::run::Run;
use super::surges::{SurgeDecay, SurgeSection};

/// Most contacts that a replication may be expected to have.
const MOST_ARRIVALS: f64 = 2e9;

/// Reports what contact types and groups say of each other and does not fit.
pub(super) fn check(
    root: &Section<'_>,
    contacts: &[Option<ReadContact>],
    groups: &[Option<ReadGroup>],
) {
    let context = root.context;
    let help = "write `[contacts.NAME]` with `rate` and `handling` below";
    check_presence(root, &CONTACTS, ("no-contacts", "the scenario has no contact type", help));
    let help = "write `[groups.NAME]` with `skills` and `staff` below";
    check_presence(root, &GROUPS, ("no-groups", "the scenario has no agent group", help));
    check_mistaken(context, contacts);
    let mut lacking = BTreeSet::new();
    for (index, read) in contacts.iter().enumerate() {
        for group in read.iter().flat_map(|read| &read.route) {
            if let Some(Some(read)) = groups.get(group.value)
                && read.served.lacks(context, index, &group.place)
            {
                lacking.insert(index);
            }
        }
    }
    let served = groups.iter().map(|group| group.as_ref()?.served.contacts.as_ref());
    if let Some(served) = served.collect::<Option<Vec<_>>>() {
        // Where a group of the route lacks the skill, that is said, and giving it the skill helps.
        check_served(context, &served.into_iter().flatten().copied().chain(lacking).collect());
    }
}

/// Reports contact types that others are mistaken for, but whose handling only a log tells.
fn check_mistaken(context: &Context<'_>, contacts: &[Option<ReadContact>]) {
    for to in contacts.iter().flatten().filter_map(|read| read.mistaken_for.as_ref()) {
        if let Some(Some(other)) = contacts.get(to.value)
            && !other.has_handling
            && other.is_recorded
        {
            let name = shorten(&other.name);
            let message = format!(
                "`contacts.{name}.handling` is missing: its log does not tell that of others"
            );
            let help = format!("write `handling` into `[contacts.{name}]`");
            let problem = Problem::new("missing-key", &to.place, message).help(help);
            context.report(problem.related(&other.place, "the contact type"));
        }
    }
}

/// The node and place of a namespace's table.
fn table_of<'a>(context: &Context<'a>, space: &Namespace) -> Option<(&'a Node, &'a Place)> {
    let entry = context.document.table()?.get(space.key)?;
    Some((&entry.node, &entry.place))
}

/// Reports a scenario with none of what it must have.
fn check_presence(
    root: &Section<'_>,
    space: &'static Namespace,
    (code, message, help): (&'static str, &str, &str),
) {
    let table = table_of(root.context, space);
    let is_table = table.is_none_or(|(node, _)| node.table().is_some());
    if is_table && root.context.names(space).list.is_empty() {
        let place = table.map_or(&root.place, |(_, place)| place);
        root.report(Problem::new(code, place, message).help(help));
    }
}

/// Reports contact types that no group serves.
fn check_served(context: &Context<'_>, served: &BTreeSet<usize>) {
    if context.names(&GROUPS).list.is_empty() {
        return;
    }
    let contacts = table_of(context, &CONTACTS).and_then(|(node, _)| node.table());
    for (index, entry) in contacts.iter().flat_map(|table| &table.entries).enumerate() {
        let is_stray = context.strays.borrow().contains(&entry.key);
        if !served.contains(&index) && !is_stray {
            let name = shorten(&entry.key);
            let problem =
                Problem::new("unserved-contact", &entry.place, format!("no group serves `{name}`"));
            context.report(problem.help(format!("add `{name}` to the `skills` of a group")));
        }
    }
}

/// An upper bound of the strength of a surge that may come again before it is over.
fn most_at_once(surge: &SurgeSection, duration: SimSpan) -> f64 {
    if !matches!(surge.start, Moment::Clock(_)) {
        return 1.0;
    }
    let full = surge.ramp + surge.hold;
    let days = match surge.decay {
        SurgeDecay::Linear(decay) => (full + decay).as_hours() / 24.0,
        // The halves of a day, of two days and so on add up to so much.
        SurgeDecay::HalfLife(half) => (full.as_hours() + half.as_hours() / 2f64.ln()) / 24.0,
    };
    (days + 1.0).min(duration.as_hours() / 24.0 + 2.0)
}

/// Reports more contacts than a replication can hold.
pub(super) fn check_arrivals(
    root: &Section<'_>,
    run: &Run,
    contacts: &[ContactSection],
    surges: &[SurgeSection],
) {
    let surge = |index: usize| {
        let touching = |surge: &&SurgeSection| surge.contacts.contains(&index);
        let sizes = surges
            .iter()
            .filter(touching)
            .map(|surge| (surge.factor.mean() - 1.0) * most_at_once(surge, run.duration));
        1.0 + sizes.map(|size| size.max(0.0)).sum::<f64>()
    };
    let most = |(index, contact): (usize, &ContactSection)| {
        f64::from(contact.initial_backlog) + most_arrivals(contact, run.duration) * surge(index)
    };
    let expected: f64 = contacts.iter().enumerate().map(most).sum();
    if expected > MOST_ARRIVALS || expected.is_nan() {
        let place = table_of(root.context, &CONTACTS).map_or(&root.place, |(_, place)| place);
        let contacts = if expected.is_finite() {
            format!("{expected:.1e} contacts")
        } else {
            "more contacts than can be counted".to_owned()
        };
        let message = format!("a replication may have {contacts}, at most 2e9 are possible");
        let help = "shorten `run.duration`, lower the rates, or split the scenario";
        root.report(Problem::new("too-many-arrivals", place, message).help(help));
    }
}

/// An upper bound of the contacts that arrive within `duration`, surges aside.
fn most_arrivals(contact: &ContactSection, duration: SimSpan) -> f64 {
    let weights = contact.profile.iter().flat_map(|profile| &profile.weights);
    let peak = weights.copied().fold(if contact.profile.is_some() { 0.0 } else { 1.0 }, f64::max);
    match &contact.demand {
        Demand::Counts { interval, counts } => {
            let intervals = (duration.as_seconds() / interval.as_seconds()).ceil();
            let begun = counts.iter().zip(0_u32..);
            let begun = begun.take_while(|(_, index)| f64::from(*index) < intervals);
            begun.map(|(count, _)| count).sum()
        }
        Demand::Recorded(log) => log.times.len() as f64,
        Demand::Daily(daily) => match &contact.profile {
            // Of a period that the run covers in part, it may be the busy part.
            Some(profile) => {
                let period = profile.interval.as_hours() * profile.weights.len() as f64;
                daily * (duration.as_hours() / period).ceil() * (period / 24.0)
            }
            None => daily * duration.as_hours() / 24.0,
        },
        Demand::Rate(Steps::Constant(rate)) => rate * peak * duration.as_seconds(),
        Demand::Rate(Steps::List(list)) => {
            let most = list.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
            most * peak * duration.as_seconds()
        }
    }
}
