//! Validated distributions: sample, mean, variance.

use super::Draw;

/// A distribution of a non-negative quantity: seconds, or a pure number.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution(f64);

/// What is wrong with the parameters of a distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct DistributionError(String);

impl Distribution {
    /// Always `value`.
    ///
    /// # Errors
    /// When it is negative or not finite.
    pub fn fixed(value: f64) -> Result<Self, DistributionError> {
        if value >= 0.0 {
            Ok(Self(value))
        } else {
            Err(DistributionError(String::new()))
        }
    }

    /// The value that belongs to `draw`.
    pub fn sample(&self, _draw: Draw) -> f64 {
        self.0
    }
}
