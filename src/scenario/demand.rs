//! How many contacts of a type come, and when.

use std::sync::Arc;

use crate::time::SimSpan;

use super::data;
use super::distribution::Quantity;
use super::moment;
use super::recorded::{self, MustTell};
use super::section::Section;
use super::values;
use super::{ContactType, Demand, Profile, Steps};
use crate::format::Problem;
use crate::format::near::suggestion;

/// The keys of which a contact type has one.
const KEYS: [&str; 4] = ["rate", "daily", "counts", "recorded"];

/// Reads how many contacts of a type come.
pub(crate) fn demand(section: &Section<'_>) -> Option<Demand> {
    let given = |key: &&'static str| section.entry(key).is_some();
    let given: Vec<&'static str> = KEYS.into_iter().filter(|key| given(key)).collect();
    match given.as_slice() {
        [] => section.missing("rate"),
        [first, others @ ..] => {
            let help = "give a rate, a number per day, counts per interval, or a log";
            for other in others {
                section.exclude(first, other, help);
            }
        }
    }
    section.exclude("counts", "profile", "counts have a shape of their own");
    section.exclude("recorded", "profile", "a log has a shape of its own");
    section.exclude("recorded", "busyness", "a log is the same on every day");
    let rate = section.get("rate", |context, node| {
        let keys = ("contacts.*.rate[]", section.child_path("rate"), "rate");
        moment::steps(context, context.calendar()?, node, keys, values::rate)
    });
    let daily = section.get("daily", values::number);
    let counts = section.optional_section("counts", "contacts.*.counts", counts);
    let must_tell =
        if section.entry("handling").is_none() { MustTell::Handling } else { MustTell::Nothing };
    let recorded = section.optional_section("recorded", "contacts.*.recorded", |section| {
        recorded::recorded(section, must_tell).map(|log| Demand::Recorded(Arc::new(log)))
    });
    let counted = counts.ok()?.or(recorded.ok()?);
    rate.map(Demand::Rate).or(daily.map(Demand::Daily)).or(counted)
}

/// Whether the contact type replays a log.
pub(crate) fn is_recorded(section: &Section<'_>) -> bool {
    section.entry("recorded").is_some()
}

/// Whether a log has a column for handling.
pub(crate) fn logs_handling(section: &Section<'_>) -> bool {
    let log = section.entry("recorded").and_then(|entry| entry.node.table());
    log.is_some_and(|log| log.get("handling").is_some())
}

/// Reads `counts`.
fn counts(section: &Section<'_>) -> Option<Demand> {
    let file = section.required("file", values::located);
    let column = section.required("column", values::located);
    let interval = section.required("interval", values::positive_span);
    let counts = data::column(section.context, &file?, &column?, Quantity::Number);
    Some(Demand::Counts { interval: interval?, counts: counts? })
}

/// The profile that a contact type names.
pub(crate) fn profile(
    section: &Section<'_>,
    profiles: &[(String, Option<Profile>)],
) -> Option<Profile> {
    section.get("profile", |context, node| {
        let name = values::name(context, node)?;
        if let Some((_, profile)) = profiles.iter().find(|(known, _)| *known == name) {
            return profile.clone();
        }
        let known: Vec<&str> = profiles.iter().map(|(name, _)| name.as_str()).collect();
        let message = format!("there is no profile `{}`", crate::format::units::shorten(&name));
        let help = if known.is_empty() {
            format!("describe it in `[profiles.{name}]`")
        } else {
            suggestion(&name, &known, "profiles")
        };
        context.report(Problem::new("unknown-profile", &node.place, message).help(help));
        None
    })
}

/// An upper bound of the contacts that arrive within `duration`, surges aside.
pub(crate) fn most_arrivals(contact: &ContactType, duration: SimSpan) -> f64 {
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
