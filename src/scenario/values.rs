//! Single values: each reader gives the checked value, or reports why there is none.

use crate::time::SimSpan;

use super::Located;
use super::section::Context;
use crate::format::Problem;
use crate::format::near::suggestion;
use crate::format::node::{Node, Value};
use crate::format::units::{self, UnitError, short, shorten};

/// Reports a unit error at a value.
fn refuse<T>(
    context: &Context<'_>,
    code: &'static str,
    node: &Node,
    error: UnitError,
) -> Option<T> {
    context.report(Problem::new(code, &node.place, error.message).help(error.help));
    None
}

/// A text.
pub(crate) fn text(context: &Context<'_>, node: &Node) -> Option<String> {
    if let Value::Text(text) = &node.value {
        return Some(text.clone());
    }
    context.wrong_type(node, "a string", "put it into quotes: `\"…\"`");
    None
}

/// A text with characters.
pub(crate) fn name(context: &Context<'_>, node: &Node) -> Option<String> {
    let text = text(context, node)?;
    if text.trim().is_empty() {
        let problem = Problem::new("empty-name", &node.place, "a name has no characters");
        context.report(problem.help("give it a name, or leave the key out"));
        return None;
    }
    Some(text)
}

/// `true` or `false`.
pub(crate) fn boolean(context: &Context<'_>, node: &Node) -> Option<bool> {
    if let Value::Boolean(value) = node.value {
        return Some(value);
    }
    context.wrong_type(node, "`true` or `false`", "write `true` or `false`, without quotes");
    None
}

/// The seconds of a duration, at most [`SimSpan::LONGEST`].
pub(crate) fn seconds(context: &Context<'_>, node: &Node) -> Option<f64> {
    let seconds = match &node.value {
        Value::Text(text) => match units::duration(text) {
            Ok(seconds) => seconds,
            Err(error) => return refuse(context, "invalid-duration", node, error),
        },
        Value::Integer(number) => return bare(context, node, &number.to_string()),
        Value::Float(number) => return bare(context, node, &short(*number)),
        _ => {
            context.wrong_type(node, "a duration", "write a string with a unit, such as `\"90s\"`");
            return None;
        }
    };
    if seconds > SimSpan::LONGEST.as_seconds() {
        let problem = Problem::new("out-of-range", &node.place, "the duration is too long");
        context.report(problem.help("durations go up to 50000 days"));
        return None;
    }
    Some(seconds)
}

/// Whether a number is nothing to write a unit behind.
fn is_odd(number: &str) -> bool {
    number.starts_with('-') || number.contains('e') || number.len() > 20
}

/// Reports a number where a duration belongs.
fn bare<T>(context: &Context<'_>, node: &Node, number: &str) -> Option<T> {
    let help = if is_odd(number) {
        "write a string with a unit, such as `\"90s\"`".to_owned()
    } else {
        format!("write it with a unit, such as `\"{number}s\"` or `\"{number}m\"`")
    };
    let message = format!("`{}` has no unit of time", shorten(number));
    context.report(Problem::new("bare-number", &node.place, message).help(help));
    None
}

/// A duration.
pub(crate) fn span(context: &Context<'_>, node: &Node) -> Option<SimSpan> {
    seconds(context, node).map(SimSpan::from_seconds)
}

/// A duration over 0.
pub(crate) fn positive_span(context: &Context<'_>, node: &Node) -> Option<SimSpan> {
    let span = span(context, node)?;
    if span > SimSpan::ZERO {
        return Some(span);
    }
    let problem = Problem::new("out-of-range", &node.place, "the duration is 0");
    context.report(problem.help("write a duration of more than 0, such as `\"15m\"`"));
    None
}

/// A duration of at least a minute: something happens as often.
pub(crate) fn period(context: &Context<'_>, node: &Node) -> Option<SimSpan> {
    let span = span(context, node)?;
    if span.as_seconds() >= 60.0 {
        return Some(span);
    }
    let problem = Problem::new("out-of-range", &node.place, "the duration is under a minute");
    context.report(problem.help("write at least `\"1m\"`, such as `\"30m\"`"));
    None
}

/// A duration over 0 of at most ten years.
pub(crate) fn run_span(context: &Context<'_>, node: &Node) -> Option<SimSpan> {
    at_most_ten_years(context, node, positive_span(context, node)?)
}

/// A duration of at most ten years.
pub(crate) fn drain_span(context: &Context<'_>, node: &Node) -> Option<SimSpan> {
    at_most_ten_years(context, node, span(context, node)?)
}

fn at_most_ten_years(context: &Context<'_>, node: &Node, span: SimSpan) -> Option<SimSpan> {
    if span.as_hours() <= 24.0 * 3660.0 {
        return Some(span);
    }
    let problem = Problem::new("out-of-range", &node.place, "the duration is over 3660 days");
    context.report(problem.help("simulate at most `\"3660d\"`"));
    None
}

/// Contacts per second.
pub(crate) fn rate(context: &Context<'_>, node: &Node) -> Option<f64> {
    let number = match &node.value {
        Value::Text(text) => {
            return units::rate(text)
                .map_or_else(|error| refuse(context, "invalid-rate", node, error), Some);
        }
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => short(*number),
        _ => {
            context.wrong_type(node, "a rate", "write a string, such as `\"1200/h\"`");
            return None;
        }
    };
    let shown = if is_odd(&number) { "1200" } else { &number };
    let message = format!("`{}` has no unit of time", shorten(&number));
    let help = format!("write per what, such as `\"{shown}/h\"` or `\"{shown}/min\"`");
    context.report(Problem::new("bare-number", &node.place, message).help(help));
    None
}

/// A share from 0 to 1.
pub(crate) fn share(context: &Context<'_>, node: &Node) -> Option<f64> {
    let share = match &node.value {
        Value::Text(text) => units::share(text),
        Value::Integer(_) | Value::Float(_) => {
            let value = plain(node)?;
            if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(units::share_over_one(value)) }
        }
        _ => {
            context.wrong_type(node, "a share", "write `0.85` or `\"85%\"`");
            return None;
        }
    };
    share.map_or_else(|error| refuse(context, "invalid-share", node, error), Some)
}

/// A share under 1.
pub(crate) fn share_below_one(context: &Context<'_>, node: &Node) -> Option<f64> {
    let share = share(context, node)?;
    if share < 1.0 {
        return Some(share);
    }
    let problem = Problem::new("out-of-range", &node.place, "this share must be less than 1");
    context.report(problem.help("write less than 1, such as `0.2` or `\"20%\"`"));
    None
}

/// The number a value is, if any.
fn plain(node: &Node) -> Option<f64> {
    match node.value {
        Value::Integer(number) => Some(number as f64),
        Value::Float(number) => Some(number),
        _ => None,
    }
}

/// A number from 0.
pub(crate) fn number(context: &Context<'_>, node: &Node) -> Option<f64> {
    let Some(value) = plain(node) else {
        let help = match &node.value {
            Value::Text(text) if text.trim().parse::<f64>().is_ok_and(f64::is_finite) => {
                format!("write it without quotes: `{}`", shorten(text.trim()))
            }
            _ => "write a number, such as `1.5`".to_owned(),
        };
        context.wrong_type(node, "a number", help);
        return None;
    };
    if value >= 0.0 {
        return Some(value);
    }
    let message = format!("`{}` is negative", short(value));
    context.report(Problem::new("out-of-range", &node.place, message).help("write 0 or more"));
    None
}

/// How fast agents work, relative to others.
pub(crate) fn speed(context: &Context<'_>, node: &Node) -> Option<f64> {
    let value = number(context, node)?;
    if (0.001..=1000.0).contains(&value) {
        return Some(value);
    }
    let message = format!("`{}` is not a speed from 0.001 to 1000", short(value));
    let help = "write `1.0` for the usual speed, or `0.8` where handling takes 25 % longer";
    context.report(Problem::new("out-of-range", &node.place, message).help(help));
    None
}

/// A number from 0 to a billion: what weighs types against each other, so that products with
/// waits stay finite.
pub(crate) fn weight(context: &Context<'_>, node: &Node) -> Option<f64> {
    let value = number(context, node)?;
    if value <= 1e9 {
        return Some(value);
    }
    let message = format!("`{}` is over 1e9", short(value));
    let problem = Problem::new("out-of-range", &node.place, message);
    context.report(problem.help("write a number around 1: only ratios count"));
    None
}

/// A text with characters and its place.
pub(crate) fn located(context: &Context<'_>, node: &Node) -> Option<Located<String>> {
    let value = name(context, node)?;
    Some(Located { value, place: node.place.clone() })
}

/// A coefficient of variation that a day factor can have.
pub(crate) fn busyness(context: &Context<'_>, node: &Node) -> Option<f64> {
    let value = number(context, node)?;
    if value <= 10.0 {
        return Some(value);
    }
    let message = format!("a coefficient of variation of `{}` is over 10", short(value));
    let problem = Problem::new("out-of-range", &node.place, message);
    context.report(problem.help("write standard deviation over mean, such as `0.1` for 10 %"));
    None
}

/// A whole number from `low` to `high`.
pub(crate) fn whole(context: &Context<'_>, node: &Node, low: u64, high: u64) -> Option<u64> {
    let advice = format!("write a whole number from {low} to {high}");
    let Value::Integer(value) = node.value else {
        let whole = plain(node).filter(|value| value.fract() == 0.0 && (0.0..1e15).contains(value));
        let help = whole.map_or(advice, |value| format!("write `{value:.0}`"));
        context.wrong_type(node, "a whole number", help);
        return None;
    };
    match u64::try_from(value) {
        Ok(number) if (low..=high).contains(&number) => Some(number),
        _ => {
            let message = format!("`{value}` is not between {low} and {high}");
            context.report(Problem::new("out-of-range", &node.place, message).help(advice));
            None
        }
    }
}

/// A whole number from `low` to `high`.
pub(crate) fn count(context: &Context<'_>, node: &Node, low: u32, high: u32) -> Option<u32> {
    whole(context, node, low.into(), high.into()).and_then(|value| u32::try_from(value).ok())
}

/// One of the choices of the format.
pub(crate) fn choice<T: Copy>(
    context: &Context<'_>,
    node: &Node,
    choices: &[(&str, T)],
) -> Option<T> {
    let known: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
    let Value::Text(text) = &node.value else {
        let help = format!("write one of: `\"{}\"`", known.join("\"`, `\""));
        context.wrong_type(node, "a choice", help);
        return None;
    };
    let found = choices.iter().find(|(name, _)| name == text);
    if found.is_none() {
        let message = format!("`{}` is not a choice here", shorten(text));
        let help = suggestion(text, &known, "choices");
        context.report(Problem::new("invalid-choice", &node.place, message).help(help));
    }
    found.map(|(_, choice)| *choice)
}

/// The entries of a list that has some.
pub(crate) fn list<'n>(
    context: &Context<'_>,
    node: &'n Node,
    help: &'static str,
) -> Option<&'n [Node]> {
    match &node.value {
        Value::List(list) if list.is_empty() => {
            let problem = Problem::new("empty-list", &node.place, "the list has no entries");
            context.report(problem.help(help));
            None
        }
        Value::List(list) => Some(list),
        _ => {
            context.wrong_type(node, "a list", help);
            None
        }
    }
}

/// Reads every entry of a list, so that all their problems are reported.
pub(crate) fn each<'n, T>(
    list: &'n [Node],
    read: impl FnMut(&'n Node) -> Option<T>,
) -> Option<Vec<T>> {
    let read: Vec<Option<T>> = list.iter().map(read).collect();
    read.into_iter().collect()
}
