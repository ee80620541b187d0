//! Validated distributions of non-negative quantities: sample, mean, variance, cdf.
//!
//! Laws with a cheap inverse take one uniform and grow with it, so that two options whose laws
//! differ only in a parameter see coupled values: the customer who is patient in one is patient
//! in the other. Values are seconds or pure numbers; the laws do not care which.

mod law;
#[expect(
    clippy::excessive_precision,
    reason = "coefficients as printed in the paper"
)]
mod normal;

use std::fmt;
use std::sync::Arc;

use statrs::function::gamma::ln_gamma;

use super::Draw;
use law::{Branch, Law};
pub use normal::{inverse_normal, normal_cdf};

/// Largest parameter in seconds or as a pure number: squares and sums of such stay finite.
const LARGEST: f64 = 1e15;
/// Largest coefficient of variation.
const LARGEST_CV: f64 = 1000.0;
/// Range of the shape of a Weibull law: outside it the values leave the range of `f64`.
const WEIBULL_SHAPES: (f64, f64) = (0.05, 1000.0);
/// Up to so many stages an Erlang sample is a product of uniforms, beyond it a gamma sample.
const MOST_STAGES_BY_PRODUCT: u32 = 8;

/// A distribution of a non-negative quantity: seconds, or a pure number.
///
/// Every value of this type is valid: samples are finite and at least 0, mean and variance are
/// finite.
///
/// ```
/// use surgecast::random::{Distribution, Draw};
///
/// let patience = Distribution::exponential(240.0)?;
/// let median = patience.sample(Draw::from_word(1 << 63));
/// assert!((median - 240.0 * 2f64.ln()).abs() < 1e-9);
/// # Ok::<(), surgecast::random::DistributionError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution(Law);

impl Distribution {
    /// Always `value`.
    ///
    /// # Errors
    /// When `value` is negative, not finite or beyond 1e15.
    pub fn fixed(value: f64) -> Result<Self, DistributionError> {
        Ok(Self(Law::Fixed(checked_value("value", value)?)))
    }

    /// Exponential with this mean; by inversion, −mean · ln(1 − u).
    ///
    /// # Errors
    /// When `mean` is not a positive number up to 1e15.
    pub fn exponential(mean: f64) -> Result<Self, DistributionError> {
        Ok(Self(Law::Exponential {
            mean: checked_mean("mean", mean)?,
        }))
    }

    /// Lognormal with this mean and coefficient of variation; `cv` 0 is a fixed value. By
    /// inversion, exp(mu + sigma · z(u)) with sigma² = ln(1 + cv²).
    ///
    /// # Errors
    /// When `mean` is not a positive number up to 1e15, or `cv` not from 0 to 1000.
    pub fn lognormal(mean: f64, cv: f64) -> Result<Self, DistributionError> {
        let mean = checked_mean("mean", mean)?;
        let variance_of_log = checked_cv(cv)?.powi(2).ln_1p();
        if variance_of_log == 0.0 {
            return Self::fixed(mean);
        }
        let mu = mean.ln() - variance_of_log / 2.0;
        Ok(Self(Law::LogNormal {
            mu,
            sigma: variance_of_log.sqrt(),
        }))
    }

    /// Lognormal with this median and coefficient of variation; `cv` 0 is a fixed value.
    ///
    /// # Errors
    /// When `median` is not a positive number up to 1e15, or `cv` not from 0 to 1000.
    pub fn lognormal_median_cv(median: f64, cv: f64) -> Result<Self, DistributionError> {
        let median = checked_mean("median", median)?;
        let variance_of_log = checked_cv(cv)?.powi(2).ln_1p();
        if variance_of_log == 0.0 {
            return Self::fixed(median);
        }
        Ok(Self(Law::LogNormal {
            mu: median.ln(),
            sigma: variance_of_log.sqrt(),
        }))
    }

    /// Lognormal with this median and 95 % quantile; a fixed value when they are equal.
    ///
    /// # Errors
    /// When one of them is not a positive number up to 1e15, `p95` is less than `median`, or so
    /// much more (452 times) that the coefficient of variation passes 1000.
    pub fn lognormal_median_p95(median: f64, p95: f64) -> Result<Self, DistributionError> {
        let median = checked_mean("median", median)?;
        let p95 = checked_mean("p95", p95)?;
        in_order(("median", median), ("p95", p95))?;
        if p95 <= median {
            return Self::fixed(median);
        }
        let sigma = (p95.ln() - median.ln()) / inverse_normal(0.95);
        if sigma.powi(2) > LARGEST_CV.powi(2).ln_1p() {
            let must = "at most 450 times the median";
            return Err(DistributionError::OutOfRange {
                parameter: "p95",
                value: p95,
                must,
            });
        }
        Ok(Self(Law::LogNormal {
            mu: median.ln(),
            sigma,
        }))
    }

    /// Gamma with this mean and coefficient of variation (shape 1/cv²); `cv` 0 is a fixed value,
    /// `cv` 1 the exponential law. Otherwise by rejection (Marsaglia, Tsang 2000): a change of
    /// the mean scales every sample, a change of `cv` draws unrelated ones.
    ///
    /// # Errors
    /// When `mean` is not a positive number up to 1e15, or `cv` not from 0 to 1000.
    pub fn gamma(mean: f64, cv: f64) -> Result<Self, DistributionError> {
        let mean = checked_mean("mean", mean)?;
        let squared_cv = checked_cv(cv)?.powi(2);
        if squared_cv < 1e-15 {
            // The shape would pass what the sampler and the cdf resolve.
            return Self::fixed(mean);
        }
        if squared_cv.total_cmp(&1.0).is_eq() {
            return Self::exponential(mean);
        }
        Ok(Self(Law::gamma(1.0 / squared_cv, mean * squared_cv)))
    }

    /// Hyperexponential of two branches with balanced means: both contribute half of the mean
    /// (Whitt 1982, "Approximating a point process by a renewal process"). `cv` 1 is the
    /// exponential law. One uniform picks the branch and, rescaled, is inverted in it.
    ///
    /// # Errors
    /// When `mean` is not a positive number up to 1e15, or `cv` not from 1 to 1000.
    pub fn hyperexponential(mean: f64, cv: f64) -> Result<Self, DistributionError> {
        let mean = checked_mean("mean", mean)?;
        if !(1.0..=LARGEST_CV).contains(&cv) {
            let must = "from 1 to 1000; for less than 1 use `gamma` or `lognormal`";
            return Err(DistributionError::OutOfRange {
                parameter: "cv",
                value: cv,
                must,
            });
        }
        let squared_cv = cv * cv;
        if squared_cv <= 1.0 {
            return Self::exponential(mean);
        }
        let root = ((squared_cv - 1.0) / (squared_cv + 1.0)).sqrt();
        let often = f64::midpoint(1.0, root);
        // 1 − often, without the cancellation.
        let seldom = 1.0 / ((squared_cv + 1.0) * (1.0 + root));
        Ok(Self(Law::HyperExponential {
            often,
            seldom,
            short_mean: mean / (2.0 * often),
            long_mean: mean / (2.0 * seldom),
        }))
    }

    /// Weibull with this mean and shape; by inversion, scale · (−ln(1 − u))^(1/shape) with
    /// scale = mean / Γ(1 + 1/shape).
    ///
    /// # Errors
    /// When `mean` is not a positive number up to 1e15, or `shape` not from 0.05 to 1000.
    pub fn weibull(mean: f64, shape: f64) -> Result<Self, DistributionError> {
        let mean = checked_mean("mean", mean)?;
        if !(WEIBULL_SHAPES.0..=WEIBULL_SHAPES.1).contains(&shape) {
            let must = "from 0.05 to 1000";
            return Err(DistributionError::OutOfRange {
                parameter: "shape",
                value: shape,
                must,
            });
        }
        let exponent = 1.0 / shape;
        let scale = (mean.ln() - ln_gamma(1.0 + exponent)).exp();
        Ok(Self(Law::Weibull { scale, exponent }))
    }

    /// Erlang: the sum of `stages` exponential stages, with this mean in total. One stage is the
    /// exponential law; up to 8 are a product of uniforms, beyond that a gamma sample.
    ///
    /// # Errors
    /// When `mean` is not a positive number up to 1e15, or `stages` is 0.
    pub fn erlang(mean: f64, stages: u32) -> Result<Self, DistributionError> {
        let mean = checked_mean("mean", mean)?;
        let stage_mean = mean / f64::from(stages);
        match stages {
            0 => {
                let must = "a whole number from 1";
                Err(DistributionError::OutOfRange {
                    parameter: "stages",
                    value: 0.0,
                    must,
                })
            }
            1 => Self::exponential(mean),
            2..=MOST_STAGES_BY_PRODUCT => Ok(Self(Law::Erlang { stages, stage_mean })),
            _ => Ok(Self(Law::gamma(f64::from(stages), stage_mean))),
        }
    }

    /// Uniform between `low` and `high`; a fixed value when they are equal.
    ///
    /// # Errors
    /// When one of them is negative, not finite or beyond 1e15, or `low` exceeds `high`.
    pub fn uniform(low: f64, high: f64) -> Result<Self, DistributionError> {
        let low = checked_value("low", low)?;
        let high = checked_value("high", high)?;
        in_order(("low", low), ("high", high))?;
        if high <= low {
            return Self::fixed(low);
        }
        Ok(Self(Law::Uniform {
            low,
            width: high - low,
        }))
    }

    /// Triangular from `low` over its peak `mode` to `high`; a fixed value when all are equal.
    ///
    /// # Errors
    /// When one of them is negative, not finite or beyond 1e15, or they are out of order.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Result<Self, DistributionError> {
        let low = checked_value("low", low)?;
        let mode = checked_value("mode", mode)?;
        let high = checked_value("high", high)?;
        in_order(("low", low), ("mode", mode))?;
        in_order(("mode", mode), ("high", high))?;
        if high <= low {
            return Self::fixed(low);
        }
        Ok(Self(Law::Triangular { low, mode, high }))
    }

    /// One of `values`, each equally likely; their order does not matter.
    ///
    /// # Errors
    /// When there is none, or one is negative, not finite or beyond 1e15.
    pub fn empirical(mut values: Vec<f64>) -> Result<Self, DistributionError> {
        if values.is_empty() {
            return Err(DistributionError::Empty {
                parameter: "values",
            });
        }
        for value in &mut values {
            *value = checked_value("values", *value)?;
        }
        // Sorted, so that the sample grows with the uniform.
        values.sort_unstable_by(f64::total_cmp);
        Ok(Self(Law::Empirical(Arc::from(values))))
    }

    /// One of several distributions, chosen in proportion to its weight; weights need not sum to
    /// one. The branch is one uniform, the component draws from a child of the draw.
    ///
    /// # Errors
    /// When there is no component, a weight is negative, not finite or beyond 1e15, or all
    /// weights are 0.
    pub fn mixture(components: Vec<(f64, Self)>) -> Result<Self, DistributionError> {
        if components.is_empty() {
            return Err(DistributionError::Empty {
                parameter: "mixture",
            });
        }
        let mut total = 0.0;
        for (weight, _) in &components {
            total += checked_value("weight", *weight)?;
        }
        if total <= 0.0 {
            return Err(DistributionError::NoWeight);
        }
        let mut below = 0.0;
        let mut branches: Vec<Branch> = Vec::with_capacity(components.len());
        for (weight, law) in components.into_iter().filter(|(weight, _)| *weight > 0.0) {
            below += weight;
            branches.push(Branch {
                weight: weight / total,
                up_to: below / total,
                law,
            });
        }
        Ok(Self(Law::Mixture(Arc::from(branches))))
    }

    /// The value that belongs to `draw`: finite and at least 0.
    ///
    /// It grows with the word of the draw for all laws but hyperexponential, gamma, Erlang of two
    /// or more stages, and mixtures.
    #[inline]
    pub fn sample(&self, draw: Draw) -> f64 {
        self.0.sample(draw)
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.0.mean()
    }

    /// The variance.
    pub fn variance(&self) -> f64 {
        self.0.variance()
    }

    /// P(X ≤ `x`).
    pub fn cdf(&self, x: f64) -> f64 {
        self.0.cdf(x)
    }

    /// Whether it is always 0.
    pub fn is_zero(&self) -> bool {
        self.mean() <= 0.0
    }
}

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
            Self::OutOfRange {
                parameter,
                value,
                must,
            } => {
                write!(f, "`{parameter}` is `{value}`, it must be {must}")
            }
            Self::Zero { parameter } => write!(
                f,
                "`{parameter}` is `0`, it must be more than 0; for what is always 0 use `fixed` \
                 with value 0"
            ),
            Self::OutOfOrder {
                lower: (lower, low),
                upper: (upper, high),
            } => write!(
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
fn checked_value(parameter: &'static str, value: f64) -> Result<f64, DistributionError> {
    if (0.0..=LARGEST).contains(&value) {
        return Ok(value + 0.0);
    }
    let must = "a number from 0 to 1e15";
    Err(DistributionError::OutOfRange {
        parameter,
        value,
        must,
    })
}

/// A mean or median, which must not be 0.
fn checked_mean(parameter: &'static str, value: f64) -> Result<f64, DistributionError> {
    let value = checked_value(parameter, value)?;
    if value > 0.0 {
        Ok(value)
    } else {
        Err(DistributionError::Zero { parameter })
    }
}

/// A coefficient of variation.
fn checked_cv(value: f64) -> Result<f64, DistributionError> {
    if (0.0..=LARGEST_CV).contains(&value) {
        return Ok(value);
    }
    let must = "a number from 0 to 1000";
    Err(DistributionError::OutOfRange {
        parameter: "cv",
        value,
        must,
    })
}

/// That two parameters do not contradict each other.
fn in_order(
    lower: (&'static str, f64),
    upper: (&'static str, f64),
) -> Result<(), DistributionError> {
    if lower.1 <= upper.1 {
        Ok(())
    } else {
        Err(DistributionError::OutOfOrder { lower, upper })
    }
}
pub fn gamma_factor(_cv: f64, _uniform: f64) -> f64 { 1.0 } // stub
