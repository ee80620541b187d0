//! What is wrong with the parameters of a distribution, and how it is found.

use std::fmt;

/// Largest parameter in seconds or as a pure number: squares and sums of such stay finite.
pub(super) const LARGEST: f64 = 1e15;
/// Largest coefficient of variation.
pub(super) const LARGEST_CV: f64 = 1000.0;

/// What is wrong with the parameters of a distribution, and what would be right.
#[derive(Clone, Debug, PartialEq)]
pub enum DistributionError {
    /// A parameter lies outside its range.
    OutOfRange {
        /// Its name.
        parameter: &'static str,
        /// What was given.
        value: f64,
        /// What it must be.
        must: &'static str,
    },
    /// A mean or median is 0, where the law has no meaning.
    Zero {
        /// Its name.
        parameter: &'static str,
    },
    /// Two parameters contradict each other.
    OutOfOrder {
        /// The one that should be less, and its value.
        lower: (&'static str, f64),
        /// The one that should be more, and its value.
        upper: (&'static str, f64),
    },
    /// A list holds nothing.
    Empty {
        /// Its name.
        parameter: &'static str,
    },
    /// All weights of a mixture are 0.
    NoWeight,
}

impl fmt::Display for DistributionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfRange { parameter, value, must } => {
                write!(f, "`{parameter}` is `{value}`, it must be {must}")
            }
            Self::Zero { parameter } => write!(
                f,
                "`{parameter}` is `0`, it must be more than 0; for what is always 0 use `fixed` \
                 with value 0"
            ),
            Self::OutOfOrder { lower: (lower, low), upper: (upper, high) } => write!(
                f,
                "`{lower}` is `{low}` and `{upper}` is `{high}`, `{lower}` must be at most \
                 `{upper}`"
            ),
            Self::Empty { parameter } => {
                write!(f, "`{parameter}` is empty, it must have at least one entry")
            }
            Self::NoWeight => f.write_str("all weights are `0`, at least one must be more than 0"),
        }
    }
}

impl std::error::Error for DistributionError {}

/// A value that may be 0; turns −0 into 0.
pub(super) fn checked_value(parameter: &'static str, value: f64) -> Result<f64, DistributionError> {
    if (0.0..=LARGEST).contains(&value) {
        return Ok(value + 0.0);
    }
    let must = "a number from 0 to 1e15";
    Err(DistributionError::OutOfRange { parameter, value, must })
}

/// A mean or median, which must not be 0.
pub(super) fn checked_mean(parameter: &'static str, value: f64) -> Result<f64, DistributionError> {
    let value = checked_value(parameter, value)?;
    if value > 0.0 { Ok(value) } else { Err(DistributionError::Zero { parameter }) }
}

/// A coefficient of variation.
pub(super) fn checked_cv(value: f64) -> Result<f64, DistributionError> {
    if (0.0..=LARGEST_CV).contains(&value) {
        return Ok(value);
    }
    let must = "a number from 0 to 1000";
    Err(DistributionError::OutOfRange { parameter: "cv", value, must })
}

/// That two parameters do not contradict each other.
pub(super) fn in_order(
    lower: (&'static str, f64),
    upper: (&'static str, f64),
) -> Result<(), DistributionError> {
    if lower.1 <= upper.1 { Ok(()) } else { Err(DistributionError::OutOfOrder { lower, upper }) }
}
