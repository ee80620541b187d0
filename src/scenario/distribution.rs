//! Distributions as the file writes them: a table with one key, the law.

mod laws;

use crate::format::units::{short, shorten};
use crate::format::{Problem, Reader, Section, Value, ValueAt, ValueShape, number};
use crate::random::{Distribution, DistributionError};

use super::data::Dimension;
pub(super) use laws::LAWS;
use laws::LawKeys;

/// Reads a distribution.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReadDistribution {
    dimension: Dimension,
}

/// A distribution of durations.
pub(super) const fn durations() -> ReadDistribution {
    ReadDistribution { dimension: Dimension::Time }
}

/// A distribution of numbers, or a number.
pub(super) const fn numbers() -> ReadDistribution {
    ReadDistribution { dimension: Dimension::Number }
}

impl Reader for ReadDistribution {
    type Value = Distribution;

    fn shape(&self) -> ValueShape {
        let (name, words, shape): (_, _, fn() -> ValueShape) = match self.dimension {
            Dimension::Time => ("distribution", "distribution of durations", || {
                ValueShape::Table(LawKeys::<true>::KEYS)
            }),
            Dimension::Number => ("factor", "distribution of numbers, or a number", || {
                let law = ValueShape::Table(LawKeys::<false>::KEYS);
                ValueShape::Either(vec![number().shape(), law])
            }),
        };
        ValueShape::Called(words, Box::new(ValueShape::Shared(name, shape)))
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Distribution> {
        match (self.dimension, &value.node.value) {
            (Dimension::Time, Value::Table(_)) => law::<true>(value),
            (Dimension::Number, Value::Table(_)) => law::<false>(value),
            (Dimension::Number, Value::Integer(_) | Value::Float(_)) => {
                built(value, Distribution::fixed(number().read(value)?))
            }
            (Dimension::Time, Value::Text(text)) => {
                let text = shorten(text);
                let help = format!(
                    "write `{{ fixed = {{ value = \"{text}\" }} }}` or `{{ exponential = {{ mean = \"{text}\" }} }}`"
                );
                value.wrong_type("a distribution", help)
            }
            (Dimension::Time, _) => {
                let help =
                    "write a table with one law, such as `{ exponential = { mean = \"4m\" } }`";
                value.wrong_type("a distribution", help)
            }
            (Dimension::Number, _) => {
                let help =
                    "write a number, or a table such as `{ uniform = { low = 3, high = 5 } }`";
                value.wrong_type("a distribution", help)
            }
        }
    }
}

/// Reports why a distribution could not be built.
fn built(
    value: &ValueAt<'_>,
    built: Result<Distribution, DistributionError>,
) -> Option<Distribution> {
    let error = match built {
        Ok(distribution) => return Some(distribution),
        Err(error) => error,
    };
    // Without rows of zeros.
    let message = match &error {
        DistributionError::OutOfRange { parameter, value, must } => {
            format!("`{parameter}` is `{}`, it must be {must}", short(*value))
        }
        _ => error.to_string(),
    };
    value.context.report(Problem::new("invalid-distribution", value.place(), message));
    None
}

/// A distribution of durations (`TIME`) or numbers that is a table.
fn law<const TIME: bool>(value: &ValueAt<'_>) -> Option<Distribution> {
    if value.node.table().is_some_and(|table| table.entries.is_empty()) {
        let help = "write one, such as `{ exponential = { mean = \"4m\" } }`";
        return value.refuse("invalid-distribution", "the distribution has no law", help);
    }
    Section::open(value, LawKeys::<TIME>::KEYS, LawKeys::<TIME>::read)
}
