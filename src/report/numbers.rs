//! Numbers as a person reads them, with no more digits than the interval allows.

use crate::experiment::summary::Figure;
use crate::metrics::definition::Unit;
use crate::stats::Estimate;
use crate::time::SimSpan;

/// The value of a figure, or `None` where it is unknown.
pub(super) fn value(figure: &Figure, unit: Unit) -> Option<String> {
    let value = known(figure.estimate.value)?;
    Some(with_step(value, step(&figure.estimate, value, unit), unit))
}

/// Another value of the same figure, such as a percentile over days, as finely as the figure.
pub(super) fn alike(figure: &Figure, other: f64, unit: Unit) -> Option<String> {
    let other = known(Some(other))?;
    Some(with_step(other, step(&figure.estimate, other, unit), unit))
}

/// Half the interval of a figure, the wider side where they differ; `None` where unknown.
pub(super) fn half_width(figure: &Figure, unit: Unit) -> Option<String> {
    let half = half(&figure.estimate)?;
    let magnitude = if unit == Unit::Share { half * 100.0 } else { half };
    let step = step_up_to(magnitude / 3.0, unit).max(match unit {
        // The value's own finest step: its digits end there.
        Unit::Share => finest_step(figure.estimate.value?.abs() * 100.0, unit),
        Unit::Count | Unit::Money | Unit::Hours => finest_step(figure.estimate.value?, unit),
        // Hours and minutes hide seconds that matter.
        Unit::Seconds => finest_step(magnitude, unit),
    });
    let text = with_step(half, step, unit);
    // Percent of what? Percentage points, as the value beside it.
    Some(match (unit, text.strip_suffix(" %")) {
        (Unit::Share, Some(points)) => format!("{points} pt"),
        _ => text,
    })
}

/// A number of which no interval is known.
pub(super) fn plain(value: Option<f64>, unit: Unit) -> Option<String> {
    let value = known(value)?;
    Some(with_step(value, step(&Estimate::default(), value, unit), unit))
}

/// So many of something: `1 day`, `1,000 days`.
pub(super) fn counted(number: u64, one: &str) -> String {
    let count = plain(Some(number as f64), Unit::Count).unwrap_or_else(|| number.to_string());
    format!("{count} {one}{}", if number == 1 { "" } else { "s" })
}

/// A value with the ends of its interval: `79.1 % (78.2 % to 80.1 %)`.
pub(super) fn measured(estimate: &Estimate, unit: Unit) -> Option<String> {
    let figure = Figure { estimate: *estimate, days: None };
    let shown = value(&figure, unit)?;
    let ends = estimate.low.zip(estimate.high);
    let ends = ends
        .and_then(|(low, high)| Some((alike(&figure, low, unit)?, alike(&figure, high, unit)?)));
    Some(match ends {
        Some((low, high)) if low == high => shown,
        Some((low, high)) => format!("{shown} ({low} to {high})"),
        None => shown,
    })
}

/// A difference with its sign and the ends of its interval: `+1.2 pt (+0.4 pt to +2.1 pt)`.
pub(super) fn difference(estimate: &Estimate, unit: Unit) -> Option<String> {
    let shown = signed(estimate, known(estimate.value)?, unit)?;
    let ends = estimate.low.zip(estimate.high);
    let ends = ends.and_then(|(low, high)| {
        Some((signed(estimate, low, unit)?, signed(estimate, high, unit)?))
    });
    Some(match ends {
        Some((low, high)) if low == high => shown,
        Some((low, high)) => format!("{shown} ({low} to {high})"),
        None => shown,
    })
}

/// A number of a difference, as finely as its estimate allows, with its sign: `-4.3s`, `+1.2 pt`.
pub(super) fn signed(estimate: &Estimate, number: f64, unit: Unit) -> Option<String> {
    let own = Figure { estimate: *estimate, days: None };
    let text = alike(&own, number.abs(), unit)?;
    let sign = match number {
        number if number > 0.0 => "+",
        number if number < 0.0 => "-",
        _ => "",
    };
    // Percent of what? Percentage points, as the values are percent.
    Some(match (unit, text.strip_suffix(" %")) {
        (Unit::Share, Some(points)) => format!("{sign}{points} pt"),
        _ => format!("{sign}{text}"),
    })
}

/// A number at a glance: no digit that a row among thirty does not need.
pub(super) fn rough(value: Option<f64>, unit: Unit) -> Option<String> {
    let value = known(value)?;
    let magnitude = value.abs();
    let step = match unit {
        Unit::Share => 1.0,
        Unit::Seconds if magnitude >= 600.0 => finest_step(magnitude, unit).max(10.0),
        Unit::Count | Unit::Money | Unit::Hours | Unit::Seconds => {
            if magnitude >= 10.0 {
                1.0
            } else {
                0.1
            }
        }
    };
    Some(with_step(value, step, unit))
}

/// Not a number and infinity count as unknown.
fn known(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite())
}

fn half(estimate: &Estimate) -> Option<f64> {
    let value = estimate.value?;
    let (low, high) = (estimate.low?, estimate.high?);
    known(Some((high - value).max(value - low).max(0.0)))
}

/// What the last digit of a value stands for, in the unit written (percent for shares).
///
/// The largest step of at most a third of the half-width, so that the half-width keeps one or two
/// digits; never coarser than the first digit of the value, nor finer than a reader can use.
fn step(estimate: &Estimate, value: f64, unit: Unit) -> f64 {
    let scale = if unit == Unit::Share { 100.0 } else { 1.0 };
    let magnitude = (value * scale).abs();
    let finest = finest_step(magnitude, unit);
    match half(estimate) {
        Some(half) if half > 0.0 => {
            let coarsest = step_up_to(magnitude, unit).max(finest);
            step_up_to(half * scale / 3.0, unit).clamp(finest, coarsest)
        }
        _ => finest,
    }
}

/// The largest step of the unit that is at most `limit`.
fn step_up_to(limit: f64, unit: Unit) -> f64 {
    if unit == Unit::Seconds && limit >= 60.0 {
        return if limit >= 3600.0 {
            3600.0
        } else if limit >= 600.0 {
            600.0
        } else {
            60.0
        };
    }
    if limit <= 0.0 { 0.0 } else { 10f64.powf(limit.log10().floor()) }
}

fn finest_step(magnitude: f64, unit: Unit) -> f64 {
    match unit {
        _ if magnitude < 1.0 => 0.01,
        Unit::Seconds if magnitude >= 3600.0 => 60.0,
        Unit::Seconds if magnitude >= 60.0 => 1.0,
        Unit::Count | Unit::Money | Unit::Hours if magnitude >= 10.0 => 1.0,
        _ => 0.1,
    }
}

/// Writes a value to the nearest multiple of `step`.
fn with_step(value: f64, step: f64, unit: Unit) -> String {
    match unit {
        Unit::Count | Unit::Money => number(value, step),
        Unit::Hours => format!("{} h", number(value, step)),
        Unit::Share => format!("{} %", number(value * 100.0, step)),
        Unit::Seconds => seconds(value, step),
    }
}

fn seconds(value: f64, step: f64) -> String {
    let rounded = (value / step).round() * step;
    if rounded.abs() >= 60.0 || (rounded == 0.0 && value == 0.0) {
        SimSpan::from_seconds(rounded).to_string()
    } else {
        format!("{}s", number(value, step))
    }
}

/// A number with separated thousands, to the nearest multiple of `step`. Whole numbers below 10
/// carry no decimals, nor does an exact zero; from ten million on, millions and billions do.
fn number(value: f64, step: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let rounded = (value / step).round() * step;
    if rounded == 0.0 {
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}<{}", decimals(step, step));
    }
    for (from, unit, name) in [(1e15, 0.0, ""), (1e10, 1e9, "bn"), (1e7, 1e6, "M")] {
        if rounded.abs() >= from {
            return if unit == 0.0 {
                format!("{rounded:.1e}")
            } else {
                format!("{}{name}", thousands(&format!("{:.1}", rounded / unit)))
            };
        }
    }
    let exact = (value - value.round()).abs() < 1e-9;
    thousands(&decimals(rounded, if exact { step.max(1.0) } else { step }))
}

fn decimals(value: f64, step: f64) -> String {
    let places = if step >= 1.0 {
        0
    } else if step >= 0.1 {
        1
    } else if step >= 0.01 {
        2
    } else {
        3
    };
    format!("{value:.places$}")
}

/// Puts commas between groups of three digits before the decimal point.
fn thousands(text: &str) -> String {
    let whole = text.split('.').next().unwrap_or(text).len();
    let mut out = String::with_capacity(text.len() + whole / 3);
    for (at, c) in text.chars().enumerate() {
        let digits_left = whole.saturating_sub(at);
        let after_digit = out.ends_with(|last: char| last.is_ascii_digit());
        if at < whole && after_digit && digits_left.is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: f64, half: f64) -> Figure {
        Figure {
            estimate: Estimate {
                value: Some(value),
                low: Some(value - half),
                high: Some(value + half),
            },
            days: None,
        }
    }

    #[test]
    fn digits_follow_the_interval() {
        for (number, half, unit, text, plus_minus) in [
            (104_812.4, 1234.0, Unit::Count, "104,800", "1,200"),
            (104_812.4, 12.0, Unit::Count, "104,812", "12"),
            (412.3, 38.0, Unit::Count, "410", "40"),
            (3.0, 40.0, Unit::Count, "3", "40"),
            (0.8532, 0.011, Unit::Share, "85.3 %", "1.1 pt"),
            (0.8532, 0.08, Unit::Share, "85 %", "8 pt"),
            (0.0, 0.0, Unit::Share, "0 %", "0 pt"),
            (1.0, 0.0, Unit::Share, "100 %", "0 pt"),
            (12.44, 0.9, Unit::Seconds, "12.4s", "0.9s"),
            (12.44, 4.0, Unit::Seconds, "12s", "4s"),
            (59.96, 0.5, Unit::Seconds, "1m", "0.5s"),
            (0.1234, 0.05, Unit::Seconds, "0.12s", "0.05s"),
            (150.2, 4.0, Unit::Seconds, "2m 30s", "4s"),
            (2893.0, 200.0, Unit::Seconds, "48m", "3m"),
            (8000.0, 10.0, Unit::Seconds, "2h 13m", "10s"),
            (8000.0, 500.0, Unit::Seconds, "2h 13m", "8m"),
        ] {
            let figure = figure(number, half);
            assert_eq!(value(&figure, unit).as_deref(), Some(text), "{number} {half}");
            assert_eq!(half_width(&figure, unit).as_deref(), Some(plus_minus), "{number} {half}");
        }
    }

    #[test]
    fn what_is_not_known_or_not_finite_is_not_written() {
        assert_eq!(value(&Figure::default(), Unit::Count), None);
        assert_eq!(plain(Some(f64::NAN), Unit::Seconds), None);
        assert_eq!(plain(Some(f64::INFINITY), Unit::Count), None);
        assert_eq!(half_width(&Figure::default(), Unit::Share), None);
    }

    #[test]
    fn plain_numbers_are_short() {
        for (number, unit, text) in [
            (1_234_567.0, Unit::Count, "1,234,567"),
            (-1234.5, Unit::Count, "-1,235"),
            (31_204_118.0, Unit::Count, "31.2M"),
            (98_765_432_109.6, Unit::Count, "98.8bn"),
            (1e18, Unit::Count, "1.0e18"),
            (3.25, Unit::Count, "3.3"),
            (0.004, Unit::Count, "<0.01"),
            (1234.4, Unit::Hours, "1,234 h"),
            (0.00004, Unit::Share, "<0.01 %"),
            (0.0, Unit::Seconds, "0s"),
        ] {
            assert_eq!(plain(Some(number), unit).as_deref(), Some(text));
        }
    }
}
