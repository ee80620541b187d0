//! What a path of a scenario measures, for questions about how much of it there may be.

use crate::format::units;
use crate::format::{
    Files, Grammar, Node, Override, Record, Request, SourceText, Sources, Value, ValueShape,
};
use crate::format::{layers, set};

use super::Scenario;

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
    let grammar = Grammar(Scenario::KEYS);
    let (document, _) = layers::load(request, grammar, files, &mut sources, &mut problems)?;
    let segments = set::segments(path, 0).ok()?;
    let below = |shape: ValueShape, part: &set::Segment| grammar.child(Some(&shape), &part.name);
    let shape = segments.iter().try_fold(grammar.document(), below);
    let known = shape.as_ref().and_then(measure);
    let node = segments.iter().try_fold(&document, |node, segment| child(node, &segment.name));
    let (measure, value) = match node.map(|node| &node.value) {
        Some(Value::Text(text)) => number(text)?,
        Some(Value::Integer(value)) => (known.unwrap_or(Measure::Number), *value as f64),
        Some(Value::Float(value)) => (known.unwrap_or(Measure::Number), *value),
        _ => {
            return Some(Quantity { measure: known?, value: None });
        }
    };
    Some(Quantity { measure: known.unwrap_or(measure), value: Some(value) })
}

fn child<'n>(node: &'n Node, segment: &str) -> Option<&'n Node> {
    match &node.value {
        Value::Table(table) => table.get(segment).map(|entry| &entry.node),
        Value::List(list) => list.get(segment.parse::<usize>().ok()?),
        _ => None,
    }
}

/// What kind of number a value of this shape is.
fn measure(shape: &ValueShape) -> Option<Measure> {
    match shape {
        ValueShape::Share(_) => Some(Measure::Share),
        ValueShape::Duration(_) => Some(Measure::Duration),
        ValueShape::Rate => Some(Measure::Rate),
        ValueShape::Whole(..) => Some(Measure::Whole),
        ValueShape::Number(..) => Some(Measure::Number),
        ValueShape::Steps { value, .. } | ValueShape::Called(_, value) => measure(value),
        ValueShape::Either(shapes) => shapes.iter().find_map(measure),
        ValueShape::Shared(_, shape) => measure(&shape()),
        _ => None,
    }
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
