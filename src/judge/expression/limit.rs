//! What a figure is compared with.

use super::excerpt::Excerpt;
use super::{Allowance, ExpressionError};
use crate::experiment::catalog::KnownFigure;
use crate::format::units::{self, decimal, short, shorten};
use crate::metrics::definition::Unit;

/// A limit that is a number.
pub(super) fn number(excerpt: Excerpt<'_>, known: &KnownFigure) -> Result<f64, ExpressionError> {
    if excerpt.text.starts_with("baseline") {
        return Err(excerpt.wrong(
            "there is no baseline here",
            "write a number; what is compared with a baseline belongs into `[check] guard`",
        ));
    }
    quantity(excerpt, known)
}

/// A limit relative to the baseline.
pub(super) fn allowance(
    excerpt: Excerpt<'_>,
    known: &KnownFigure,
) -> Result<Allowance, ExpressionError> {
    let example = match known.unit {
        Unit::Share => "write, for example, `baseline - 0.5%`",
        Unit::Seconds => "write, for example, `baseline * 1.05` or `baseline + 2s`",
        _ => "write, for example, `baseline * 1.05`",
    };
    let Some(rest) = excerpt.text.strip_prefix("baseline") else {
        let message = "a guard compares with the baseline";
        let help = format!("{example}; a fixed limit belongs into `expect`");
        return Err(excerpt.wrong(message, help));
    };
    let mut rest = excerpt.from(excerpt.text.len() - rest.len());
    let mut factor = 1.0;
    if rest.text.starts_with('*') {
        let end = rest.text.find(['+', '-']).unwrap_or(rest.text.len());
        let number = rest.part(1, end);
        factor = read_factor(number.text).ok_or_else(|| {
            number.wrong("this is no factor over 0", "write, for example, `1.05`")
        })?;
        rest = rest.from(end);
    }
    let sign = match rest.text.chars().next() {
        None => {
            return Ok(Allowance { factor, offset: 0.0 });
        }
        Some('+') => 1.0,
        Some('-') => -1.0,
        Some(_) => return Err(rest.wrong("this cannot follow `baseline`", example)),
    };
    let number = rest.from(1);
    if number.text.ends_with('%') && known.unit != Unit::Share {
        let message = format!("`{}` is no share, so `%` is not clear", known.path);
        return Err(number.wrong(message, "write a factor, such as `baseline * 1.05`"));
    }
    let offset = sign * quantity(number, known)?;
    Ok(Allowance { factor, offset })
}

fn read_factor(text: &str) -> Option<f64> {
    let value = match text.strip_suffix('%') {
        Some(percent) => decimal(percent.trim_end())? / 100.0,
        None => decimal(text)?,
    };
    (value > 0.0).then_some(value)
}

/// A number in the unit of a figure.
fn quantity(excerpt: Excerpt<'_>, known: &KnownFigure) -> Result<f64, ExpressionError> {
    let text = excerpt.text;
    if text.is_empty() {
        let help = match known.unit {
            Unit::Share => "write a share, such as `80%`",
            Unit::Seconds => "write a length of time, such as `15s`",
            Unit::Hours => "write hours, such as `10h`",
            Unit::Count | Unit::Money => "write a number, such as `3000`",
        };
        return Err(excerpt.wrong("the limit is missing", help));
    }
    let wrong = |error: units::UnitError| {
        // Here the quotes are around the whole expression.
        excerpt.wrong(error.message, error.help.replace('"', ""))
    };
    match known.unit {
        // Repeats can be resolved too: this ratio may exceed 1.
        Unit::Share if known.path.ends_with("automation_rate") && text.ends_with('%') => {
            read_factor(text)
                .ok_or_else(|| excerpt.wrong("this is no percentage", "write, for example, `80%`"))
        }
        Unit::Share => units::share(text).map_err(wrong),
        Unit::Seconds => units::duration(text).map_err(|error| {
            if decimal(text).is_some() {
                let message = format!("`{}` has no unit of time", shorten(text));
                excerpt.wrong(message, format!("write, for example, `{}s`", shorten(text)))
            } else {
                wrong(error)
            }
        }),
        Unit::Hours => match decimal(text) {
            Some(hours) => Ok(hours),
            None => units::duration(text).map(|seconds| seconds / 3600.0).map_err(wrong),
        },
        Unit::Count | Unit::Money => decimal(text).ok_or_else(|| {
            let message = format!("`{}` is no plain number", shorten(text));
            let help = format!("`{}` has no unit: write, for example, `3000`", known.path);
            excerpt.wrong(message, help)
        }),
    }
}

/// A limit as messages show it: `15s`, `80%`, `3000`.
pub fn shown(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Share => format!("{}%", units::rounded(value * 100.0)),
        Unit::Seconds => format!("{}s", units::rounded(value)),
        Unit::Hours => format!("{}h", units::rounded(value)),
        Unit::Count | Unit::Money => short(value),
    }
}
