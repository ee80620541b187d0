//! Statistics that know no domain: estimates with honest intervals, from independent replications.
//!
//! Everything here is mergeable and counts observations in integers where it can. What is unknown
//! is `None`, never 0 and never not-a-number.

pub mod influence;
pub mod interval;
mod moments;
pub mod order;
pub mod quantile;
pub mod sections;

pub use influence::{Influence, Observations};
pub use interval::{
    MeanAccumulator, MomentAccumulator, RatioAccumulator, gamma_quantile, normal_probability,
    normal_quantile, student_t, wilson,
};
pub use quantile::{Histogram, Resolution, Sketch};
pub use sections::{Sections, Together};

/// A value with a confidence interval, as far as they are known.
///
/// `low` and `high` are known or unknown together, and only where `value` is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// The estimate; `None`: nothing was observed.
    pub value: Option<f64>,
    /// Lower end of the interval; `None`: too few replications to tell.
    pub low: Option<f64>,
    /// Upper end of the interval; `None`: too few replications to tell.
    pub high: Option<f64>,
}

impl Estimate {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { value: None, low: None, high: None };

    /// A value whose uncertainty is unknown.
    pub const fn without_interval(value: f64) -> Self {
        Self { value: Some(value), low: None, high: None }
    }

    /// A value with the ends of its interval.
    pub const fn between(value: f64, low: f64, high: f64) -> Self {
        Self { value: Some(value), low: Some(low), high: Some(high) }
    }

    /// A value with an interval that reaches `half_width` to both sides.
    pub fn around(value: f64, half_width: f64) -> Self {
        Self::between(value, value - half_width, value + half_width)
    }

    /// Half the length of the interval.
    pub fn half_width(&self) -> Option<f64> {
        self.low.zip(self.high).map(|(low, high)| (high - low) / 2.0)
    }

    /// The same estimate in another unit: everything times a positive `factor`.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        let scale = |end: Option<f64>| end.map(|end| end * factor);
        Self { value: scale(self.value), low: scale(self.low), high: scale(self.high) }
    }

    /// The same estimate with its interval cut to what is possible, such as 0 to 1 for a share.
    #[must_use]
    pub fn within(self, least: f64, most: f64) -> Self {
        let cut = |end: Option<f64>| end.map(|end| end.clamp(least, most));
        Self { value: self.value, low: cut(self.low), high: cut(self.high) }
    }
}

/// Random numbers for the tests of this module, which may not use those of the crate.
#[cfg(test)]
mod testing {
    /// `SplitMix64` as uniforms on (0, 1).
    pub(super) struct Uniforms(pub(super) u64);

    impl Uniforms {
        pub(super) fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let a = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let b = (a ^ (a >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (((b ^ (b >> 31)) >> 12) as f64 + 0.5) / (1u64 << 52) as f64
        }

        pub(super) fn exponential(&mut self) -> f64 {
            -self.next().ln()
        }

        /// Gamma with mean 1 and variance 1/`calm`.
        pub(super) fn busyness(&mut self, calm: u32) -> f64 {
            (0..calm).map(|_| self.exponential()).sum::<f64>() / f64::from(calm)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_cut_to_what_is_possible_but_the_value_stays() {
        let share = Estimate::around(0.98, 0.05).within(0.0, 1.0);
        assert_eq!(share, Estimate::between(0.98, 0.98 - 0.05, 1.0));
        assert!((share.half_width().unwrap() - 0.035).abs() < 1e-12);
        assert_eq!(Estimate::UNKNOWN.half_width(), None);
        assert_eq!(Estimate::without_interval(3.0).half_width(), None);
    }
}
