//! What a path of a scenario measures, for questions about how much of it there may be.

use crate::format::units;
use crate::format::{
    Files, Grammar, Node, Override, Record, Request, SourceText, Sources, Value, ValueShape,
};
use crate::format::{layers, set};

use super::Scenario;

/// What kind of number stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberKind {
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

impl NumberKind {
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
pub struct NumberAt {
    /// What kind of number.
    pub measure: NumberKind,
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
) -> Option<NumberAt> {
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
        Some(Value::Integer(value)) => (known.unwrap_or(NumberKind::Number), *value as f64),
        Some(Value::Float(value)) => (known.unwrap_or(NumberKind::Number), *value),
        _ => {
            return Some(NumberAt { measure: known?, value: None });
        }
    };
    Some(NumberAt { measure: known.unwrap_or(measure), value: Some(value) })
}

fn child<'n>(node: &'n Node, segment: &str) -> Option<&'n Node> {
    match &node.value {
        Value::Table(table) => table.get(segment).map(|entry| &entry.node),
        Value::List(list) => list.get(segment.parse::<usize>().ok()?),
        _ => None,
    }
}

/// What kind of number a value of this shape is.
fn measure(shape: &ValueShape) -> Option<NumberKind> {
    match shape {
        ValueShape::Share(_) => Some(NumberKind::Share),
        ValueShape::Duration(_) => Some(NumberKind::Duration),
        ValueShape::Rate => Some(NumberKind::Rate),
        ValueShape::Whole(..) => Some(NumberKind::Whole),
        ValueShape::Number(..) => Some(NumberKind::Number),
        ValueShape::Steps { value, .. } | ValueShape::Called(_, value) => measure(value),
        ValueShape::Either(shapes) => shapes.iter().find_map(measure),
        ValueShape::Shared(_, shape) => measure(&shape()),
        _ => None,
    }
}

/// A text that is a number with a unit.
fn number(text: &str) -> Option<(NumberKind, f64)> {
    if let Ok(value) = units::share(text) {
        return Some((NumberKind::Share, value));
    }
    if let Ok(value) = units::rate(text) {
        return Some((NumberKind::Rate, value));
    }
    let value = units::duration(text).ok()?;
    Some((NumberKind::Duration, value))
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
            ("groups.senior.staff", NumberKind::Whole, Some(12.0)),
            ("surges.opening.factor", NumberKind::Number, None),
            ("surges.coupons.factor", NumberKind::Number, Some(2.0)),
            ("service_level.answer_within", NumberKind::Duration, Some(15.0)),
            ("contacts.promotion.daily", NumberKind::Number, Some(5000.0)),
            ("contacts.order_status.bot.deflection", NumberKind::Share, None),
            ("contacts.order_status.bot.deflection.1.deflection", NumberKind::Share, Some(0.7)),
            ("contacts.order_status.handling.lognormal.mean", NumberKind::Duration, Some(300.0)),
            ("groups.general.shrinkage", NumberKind::Share, Some(0.12)),
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
