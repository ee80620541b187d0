//! What a path of a scenario measures, for questions about how much of it there may be.

use super::load::{self, Request};
use super::reference::{Kind, kind_at};
use crate::format::node::{Node, Value};
use crate::format::units;
use crate::format::{Files, Override, SourceText, Sources};

/// What kind of number stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// From 0 to 1.
    Share,
    /// A whole number.
    Whole,
    /// Any number.
    Number,
    /// Seconds.
    Duration,
    /// Per second.
    Rate,
}

impl Measure {
    /// A number of this kind as a scenario has it.
    pub fn text(self, value: f64) -> String {
        match self {
            Self::Share | Self::Number | Self::Whole => format!("{value}"),
            Self::Duration => format!("\"{value}s\""),
            Self::Rate => format!("\"{}/h\"", (value * 3600.0 * 1e6).round() / 1e6),
        }
    }
}

/// The number at a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// What kind of number.
    pub measure: Measure,
    /// What it is now; `None`: it is left out, or is no single number.
    pub value: Option<f64>,
}

/// What stands at a path of a scenario, or would. `None`: no number can stand there, or the
/// scenario cannot be read.
pub fn quantity(
    root: SourceText,
    option: Option<&str>,
    overrides: &[Override],
    files: &dyn Files,
    path: &str,
) -> Option<Quantity> {
    let request = Request { root, option, overrides };
    let (mut sources, mut problems) = (Sources::default(), Vec::new());
    let (document, _) = load::load(request, files, &mut sources, &mut problems)?;
    let segments = segments(path);
    let kind = kind_at(&segments);
    let node = segments.iter().try_fold(&document, |node, segment| child(node, segment));
    let (measure, value) = match node.map(|node| &node.value) {
        Some(Value::Text(text)) => number(text)?,
        Some(Value::Integer(value)) => (of_kind(kind).unwrap_or(Measure::Number), *value as f64),
        Some(Value::Float(value)) => (of_kind(kind).unwrap_or(Measure::Number), *value),
        _ => {
            return Some(Quantity { measure: of_kind(kind)?, value: None });
        }
    };
    Some(Quantity { measure: of_kind(kind).unwrap_or(measure), value: Some(value) })
}

fn child<'n>(node: &'n Node, segment: &str) -> Option<&'n Node> {
    match &node.value {
        Value::Table(table) => table.get(segment).map(|entry| &entry.node),
        Value::List(list) => list.get(segment.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Splits a path at dots outside quotes, as `--set` does.
fn segments(path: &str) -> Vec<String> {
    let mut segments = vec![String::new()];
    let mut quote = None;
    for c in path.chars() {
        match (quote, c) {
            (None, '.') => segments.push(String::new()),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => segments.last_mut().expect("there is one").push(c),
        }
    }
    segments
}

fn of_kind(kind: Option<Kind>) -> Option<Measure> {
    Some(match kind? {
        Kind::Share | Kind::ShareSteps | Kind::RetryProbability => Measure::Share,
        Kind::Duration => Measure::Duration,
        Kind::Rate | Kind::RateSteps => Measure::Rate,
        Kind::Whole | Kind::AgentSteps => Measure::Whole,
        Kind::Number | Kind::Factor => Measure::Number,
        _ => return None,
    })
}

/// A text that is a number with a unit.
fn number(text: &str) -> Option<(Measure, f64)> {
    if let Ok(value) = units::share(text) {
        return Some((Measure::Share, value));
    }
    if let Ok(value) = units::rate(text) {
        return Some((Measure::Rate, value));
    }
    let value = units::duration(text).ok()?;
    Some((Measure::Duration, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::NoFiles;

    #[test]
    fn every_kind_of_number_is_known_by_its_path() {
        let text = include_str!("every_key.toml");
        let at = |path: &str| quantity(SourceText::new("x", text), None, &[], &Data, path);
        for (path, measure, value) in [
            ("groups.senior.staff", Measure::Whole, Some(12.0)),
            ("surges.opening.factor", Measure::Number, None),
            ("surges.coupons.factor", Measure::Number, Some(2.0)),
            ("service_level.answer_within", Measure::Duration, Some(15.0)),
            ("contacts.promotion.daily", Measure::Number, Some(5000.0)),
            ("contacts.order_status.bot.deflection", Measure::Share, None),
            ("contacts.order_status.bot.deflection.1.deflection", Measure::Share, Some(0.7)),
            ("contacts.order_status.handling.lognormal.mean", Measure::Duration, Some(300.0)),
            ("groups.general.shrinkage", Measure::Share, Some(0.12)),
        ] {
            let found = at(path).unwrap_or_else(|| panic!("{path}"));
            assert_eq!((found.measure, found.value), (measure, value), "{path}");
        }
        assert_eq!(at("title"), None);
        assert_eq!(at("groups"), None);
    }

    /// The scenario names data files, which nobody reads here.
    struct Data;

    impl Files for Data {
        fn read(&self, base: &str, name: &str) -> Result<(String, Vec<u8>), String> {
            NoFiles.read(base, name)
        }
    }
}
