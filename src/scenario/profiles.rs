//! `[profiles.*]`.

use crate::time::SimSpan;

use super::section::{Context, Section};
use super::values;
use super::{Profile, ProfileShape};
use crate::format::node::Node;
use crate::format::units::short;
use crate::format::{Place, Problem};

/// Largest weight of a profile, and its inverse the least that one of them must have: so products
/// and quotients of rates and weights stay finite.
pub(crate) const MOST_WEIGHT: f64 = 1e9;

/// `[profiles.*]` by name; `None`: the profile has problems.
pub(crate) fn profiles(root: &Section<'_>) -> Vec<(String, Option<Profile>)> {
    root.named("profiles", "profiles.*", |section, entry| (entry.key.clone(), profile(section)))
}

fn profile(section: &Section<'_>) -> Option<Profile> {
    let interval = section.required("interval", values::positive_span);
    let help = "write one weight per interval, such as `[0.5, 1.0, 1.5, 1.0]`";
    let weights = section.required("weights", |context, node| {
        let list = values::list(context, node, help)?;
        let weights = values::each(list, |item| weight(context, item))?;
        if weights.iter().all(|weight| *weight == 0.0) {
            let problem = Problem::new("empty-profile", &node.place, "all weights are 0");
            context.report(problem.help("write at least one weight of more than 0"));
            return None;
        }
        if weights.iter().all(|weight| *weight < 1.0 / MOST_WEIGHT) {
            let message = format!("all weights are less than {:e}", 1.0 / MOST_WEIGHT);
            let problem = Problem::new("out-of-range", &node.place, message);
            context.report(problem.help("write weights around 1"));
            return None;
        }
        Some((weights, &node.place))
    });
    let shapes = [("step", ProfileShape::Step), ("linear", ProfileShape::Linear)];
    let shape = section.get_or("shape", ProfileShape::Step, |context, node| {
        values::choice(context, node, &shapes)
    });
    let (interval, (weights, place)) = (interval?, weights?);
    fills_a_period(section, interval, weights.len(), place)?;
    Some(Profile { interval, weights, shape })
}

/// A weight of a profile.
fn weight(context: &Context<'_>, node: &Node) -> Option<f64> {
    let weight = values::number(context, node)?;
    if weight <= MOST_WEIGHT {
        return Some(weight);
    }
    let message = format!("a weight of `{}` is over {MOST_WEIGHT:e}", short(weight));
    let problem = Problem::new("out-of-range", &node.place, message);
    context.report(problem.help("write weights around 1"));
    None
}

/// Whether the weights fill a day or a week; reports when they do not.
fn fills_a_period(
    section: &Section<'_>,
    interval: SimSpan,
    count: usize,
    place: &Place,
) -> Option<()> {
    let micros = interval.as_micros();
    let (day, week) = (SimSpan::DAY.as_micros(), 7 * SimSpan::DAY.as_micros());
    let filled = i64::try_from(count).ok()?.checked_mul(micros);
    if filled == Some(day) || filled == Some(week) {
        return Some(());
    }
    let message = format!("{count} weights of `{interval}` fill neither 24 hours nor 7 days");
    let help = match (day % micros, week % micros) {
        (0, 0) => {
            format!("write {} weights for a day or {} for a week", day / micros, week / micros)
        }
        (_, 0) => format!("write {} weights for a week", week / micros),
        _ => "write an interval that divides a day, such as `\"1h\"` with 24 weights".to_owned(),
    };
    let mut problem = Problem::new("profile-length", place, message).help(help);
    if let Some(entry) = section.entry("interval") {
        problem = problem.related(&entry.node.place, "the length of each");
    }
    section.context.report(problem);
    None
}
