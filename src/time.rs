//! Instants and lengths of simulated time, in whole microseconds.
//!
//! Integers make equal instants equal: the tie rule of the engine needs that, and sums do not
//! depend on their order. Seconds as `f64` appear only in statistics and output.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// Microseconds in a second.
const MICROS: f64 = 1e6;

/// An instant: microseconds since the start of the simulated day. May lie before the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(i64);

/// A length of time in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimSpan(i64);

impl SimTime {
    /// The start of the simulation.
    pub const START: Self = Self(0);
    /// Later than any instant a simulation reaches.
    pub const NEVER: Self = Self(1 << 60);

    /// The instant so many microseconds after the start.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the start.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Seconds since the start.
    #[inline]
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / MICROS
    }

    /// The instant nearest to `seconds` after the start; far values stop at [`SimSpan::LONGEST`].
    pub fn from_seconds(seconds: f64) -> Self {
        Self::START + SimSpan::from_seconds(seconds)
    }
}

impl SimSpan {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// One second.
    pub const SECOND: Self = Self(1_000_000);
    /// One minute.
    pub const MINUTE: Self = Self(60_000_000);
    /// One hour.
    pub const HOUR: Self = Self(3_600_000_000);
    /// One day of 24 hours.
    pub const DAY: Self = Self(86_400_000_000);
    /// The longest length that is told: about 71 years. Longer draws are cut to it, so that sums of
    /// instants and lengths never overflow.
    pub const LONGEST: Self = Self(1 << 51);

    /// A length of so many microseconds.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The length in microseconds.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The length in seconds.
    #[inline]
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / MICROS
    }

    /// The length in hours.
    pub fn as_hours(self) -> f64 {
        self.as_seconds() / 3600.0
    }

    /// The whole number of microseconds nearest to `seconds` (of two the even one), within
    /// ± [`SimSpan::LONGEST`]; not a number counts as zero.
    #[inline]
    pub fn from_seconds(seconds: f64) -> Self {
        /// Whole numbers from 2^52 to 2^53 are one apart: what is added rounds.
        const WHOLE: f64 = 1.5 * (1u64 << 52) as f64;

        let micros = seconds * MICROS;
        let longest = Self::LONGEST.0 as f64;
        if micros.abs() <= longest {
            Self((micros + WHOLE).to_bits().cast_signed() - WHOLE.to_bits().cast_signed())
        } else if micros.is_nan() {
            Self::ZERO
        } else {
            Self(if micros > 0.0 { Self::LONGEST.0 } else { -Self::LONGEST.0 })
        }
    }
}

impl Add<SimSpan> for SimTime {
    type Output = Self;
    #[inline]
    fn add(self, span: SimSpan) -> Self {
        Self(self.0 + span.0)
    }
}

impl Sub<SimSpan> for SimTime {
    type Output = Self;
    #[inline]
    fn sub(self, span: SimSpan) -> Self {
        Self(self.0 - span.0)
    }
}

impl Sub for SimTime {
    type Output = SimSpan;
    #[inline]
    fn sub(self, earlier: Self) -> SimSpan {
        SimSpan(self.0 - earlier.0)
    }
}

impl Add for SimSpan {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for SimSpan {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl AddAssign for SimSpan {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl fmt::Display for SimSpan {
    /// Two units at most, as a person says it: `1h 30m`, `12.4s`, `350ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.as_seconds();
        let magnitude = seconds.abs();
        if seconds < 0.0 {
            f.write_str("-")?;
        }
        if magnitude == 0.0 {
            f.write_str("0s")
        } else if magnitude < 0.9995 {
            write!(f, "{:.0}ms", magnitude * 1e3)
        } else if magnitude < 59.95 {
            let text = format!("{magnitude:.1}");
            write!(f, "{}s", text.strip_suffix(".0").unwrap_or(&text))
        } else if magnitude < 3599.5 {
            two_units(f, magnitude.round(), (60.0, "m"), (1.0, "s"))
        } else if magnitude < 48.0 * 3600.0 {
            two_units(f, magnitude.round(), (3600.0, "h"), (60.0, "m"))
        } else {
            two_units(f, magnitude.round(), (86_400.0, "d"), (3600.0, "h"))
        }
    }
}

/// Writes `seconds` in a large and a small unit, the small one left out where it is zero.
fn two_units(
    f: &mut fmt::Formatter<'_>,
    seconds: f64,
    (large, large_name): (f64, &str),
    (small, small_name): (f64, &str),
) -> fmt::Result {
    let total = (seconds / small).round();
    let per_large = (large / small).round();
    let whole = (total / per_large).floor();
    let rest = total - whole * per_large;
    if rest == 0.0 {
        write!(f, "{whole:.0}{large_name}")
    } else {
        write!(f, "{whole:.0}{large_name} {rest:.0}{small_name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_the_nearest_microseconds() {
        for (seconds, micros) in [
            (0.0, 0),
            (0.000_000_499_999_99, 0),
            (0.499_999_999_999e-6, 0),
            (0.5e-6, 0),
            (1.5e-6, 2),
            (2.5e-6, 2),
            (-1.6e-6, -2),
            (-0.5e-6, 0),
            (-0.4e-6, 0),
            (2.500_000_1, 2_500_000),
            (2e9, 2_000_000_000_000_000),
            (1e300, 1 << 51),
            (f64::INFINITY, 1 << 51),
            (f64::NEG_INFINITY, -(1 << 51)),
            (f64::NAN, 0),
        ] {
            assert_eq!(SimSpan::from_seconds(seconds).as_micros(), micros, "{seconds}");
        }
    }

    #[test]
    fn a_length_reads_as_a_person_says_it() {
        for (seconds, text) in [
            (0.0, "0s"),
            (0.25, "250ms"),
            (12.0, "12s"),
            (12.44, "12.4s"),
            (60.0, "1m"),
            (150.0, "2m 30s"),
            (3600.0, "1h"),
            (5430.0, "1h 31m"),
            (7.0 * 86_400.0, "7d"),
            (-90.0, "-1m 30s"),
        ] {
            assert_eq!(SimSpan::from_seconds(seconds).to_string(), text);
        }
    }

    #[test]
    fn draws_without_bound_are_cut_and_not_a_number_is_zero() {
        assert_eq!(SimSpan::from_seconds(f64::INFINITY), SimSpan::LONGEST);
        assert_eq!(SimSpan::from_seconds(f64::NAN), SimSpan::ZERO);
        assert!(SimTime::NEVER + SimSpan::LONGEST > SimTime::NEVER);
    }
}
