//! The laws behind [`Distribution`], with everything precomputed that a sample needs.

use std::sync::Arc;

use rand_distr::Distribution as _;
use statrs::function::gamma::ln_gamma;

use super::elementary::{exp, ln};
use super::gamma::gamma_cdf;
use super::normal::{inverse_normal, normal_cdf};
use super::{Distribution, Draw};

/// One law; the constructors of [`Distribution`] promise that its parameters make sense.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Law {
    Fixed(f64),
    Exponential {
        mean: f64,
    },
    LogNormal {
        mu: f64,
        sigma: f64,
    },
    Gamma {
        shape: f64,
        scale: f64,
        sampler: rand_distr::Gamma<f64>,
    },
    /// With probability `often` the short branch, with `seldom` = 1 − `often` the long one.
    HyperExponential {
        often: f64,
        seldom: f64,
        short_mean: f64,
        long_mean: f64,
    },
    /// `exponent` is 1/shape.
    Weibull {
        scale: f64,
        exponent: f64,
    },
    Erlang {
        stages: u32,
        stage_mean: f64,
    },
    Uniform {
        low: f64,
        width: f64,
    },
    Triangular {
        low: f64,
        mode: f64,
        high: f64,
    },
    /// Sorted.
    Empirical(Arc<[f64]>),
    Mixture(Arc<[Branch]>),
}

/// One component of a mixture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Branch {
    /// Its share.
    pub(super) weight: f64,
    /// Its share and those before it.
    pub(super) up_to: f64,
    pub(super) law: Distribution,
}

impl Law {
    /// Gamma with density proportional to x^(shape−1) e^(−x/scale).
    pub(super) fn gamma(shape: f64, scale: f64) -> Self {
        let sampler = rand_distr::Gamma::new(shape, scale)
            .expect("shape and scale are positive and finite by the checks of the constructors");
        Self::Gamma { shape, scale, sampler }
    }

    /// What is drawn most goes without a call.
    #[inline]
    pub(super) fn sample(&self, draw: Draw) -> f64 {
        match self {
            Self::Exponential { mean } => mean * unit_exponential(draw.uniform()),
            Self::LogNormal { mu, sigma } => exp(mu + sigma * inverse_normal(draw.uniform())),
            _ => self.sample_seldom(draw),
        }
    }

    /// The same for many draws: nothing waits for the one before.
    pub(super) fn sample_each<'v>(&self, draws: impl Iterator<Item = (Draw, &'v mut f64)>) {
        match self {
            Self::Exponential { mean } => {
                draws.for_each(|(draw, value)| *value = mean * unit_exponential(draw.uniform()));
            }
            Self::LogNormal { mu, sigma } => draws.for_each(|(draw, value)| {
                *value = exp(mu + sigma * inverse_normal(draw.uniform()));
            }),
            _ => draws.for_each(|(draw, value)| *value = self.sample_seldom(draw)),
        }
    }

    #[inline(never)]
    fn sample_seldom(&self, draw: Draw) -> f64 {
        match self {
            Self::Exponential { .. } | Self::LogNormal { .. } => self.sample(draw),
            Self::Fixed(value) => *value,
            Self::Gamma { sampler, .. } => sampler.sample(&mut draw.generator()),
            Self::HyperExponential { often, seldom, short_mean, long_mean } => {
                let u = draw.uniform();
                if u < *often {
                    -short_mean * ln((often - u) / often)
                } else {
                    // Rounding may leave the quotient just above 1.
                    -long_mean * ln(((1.0 - u) / seldom).min(1.0))
                }
            }
            Self::Weibull { scale, exponent } => {
                scale * unit_exponential(draw.uniform()).powf(*exponent)
            }
            Self::Erlang { stages, stage_mean } => {
                // Eight factors of at least 2^-53 do not underflow.
                let product: f64 =
                    (0..u64::from(*stages)).map(|stage| draw.child(stage).uniform()).product();
                -stage_mean * ln(product)
            }
            Self::Uniform { low, width } => low + width * draw.uniform(),
            Self::Triangular { low, mode, high } => {
                let u = draw.uniform();
                let (width, rise, fall) = (high - low, mode - low, high - mode);
                if u * width < rise {
                    low + (u * width * rise).sqrt()
                } else {
                    high - ((1.0 - u) * width * fall).sqrt()
                }
            }
            Self::Empirical(values) => values[index_of(draw.uniform(), values.len())],
            Self::Mixture(branches) => {
                let u = draw.uniform();
                let last = branches.len() - 1;
                let branch = branches[..last].iter().position(|branch| u < branch.up_to);
                branches[branch.unwrap_or(last)].law.sample(draw.child(0))
            }
        }
    }

    pub(super) fn mean(&self) -> f64 {
        match self {
            Self::Fixed(value) => *value,
            Self::Exponential { mean } => *mean,
            Self::LogNormal { mu, sigma } => (mu + sigma * sigma / 2.0).exp(),
            Self::Gamma { shape, scale, .. } => shape * scale,
            Self::HyperExponential { often, seldom, short_mean, long_mean } => {
                often * short_mean + seldom * long_mean
            }
            Self::Weibull { scale, exponent } => scale * ln_gamma(1.0 + exponent).exp(),
            Self::Erlang { stages, stage_mean } => f64::from(*stages) * stage_mean,
            Self::Uniform { low, width } => low + width / 2.0,
            Self::Triangular { low, mode, high } => (low + mode + high) / 3.0,
            Self::Empirical(values) => values.iter().sum::<f64>() / values.len() as f64,
            Self::Mixture(branches) => {
                branches.iter().map(|branch| branch.weight * branch.law.mean()).sum()
            }
        }
    }

    pub(super) fn variance(&self) -> f64 {
        match self {
            Self::Fixed(_) => 0.0,
            Self::Exponential { mean } => mean * mean,
            Self::LogNormal { sigma, .. } => {
                let squared_cv = (sigma * sigma).exp_m1();
                squared_cv * self.mean().powi(2)
            }
            Self::Gamma { shape, scale, .. } => shape * scale * scale,
            Self::HyperExponential { often, seldom, short_mean, long_mean } => {
                2.0 * (often * short_mean * short_mean + seldom * long_mean * long_mean)
                    - self.mean().powi(2)
            }
            Self::Weibull { exponent, .. } => {
                // Γ(1 + 2e) / Γ(1 + e)² − 1 is the squared coefficient of variation.
                let log_ratio = ln_gamma(1.0 + 2.0 * exponent) - 2.0 * ln_gamma(1.0 + exponent);
                log_ratio.exp_m1() * self.mean().powi(2)
            }
            Self::Erlang { stages, stage_mean } => f64::from(*stages) * stage_mean * stage_mean,
            Self::Uniform { width, .. } => width * width / 12.0,
            Self::Triangular { low, mode, high } => {
                let (width, rise, fall) = (high - low, mode - low, high - mode);
                (width * width + rise * rise + fall * fall) / 36.0
            }
            Self::Empirical(values) => {
                let mean = self.mean();
                let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
                squares / values.len() as f64
            }
            Self::Mixture(branches) => {
                let mean = self.mean();
                branches
                    .iter()
                    .map(|Branch { weight, law, .. }| {
                        weight * (law.variance() + (law.mean() - mean).powi(2))
                    })
                    .sum()
            }
        }
    }

    pub(super) fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        match self {
            Self::Fixed(value) => f64::from(u8::from(x >= *value)),
            Self::Exponential { mean } => -(-x / mean).exp_m1(),
            Self::LogNormal { mu, sigma } => normal_cdf((x.ln() - mu) / sigma),
            Self::Gamma { shape, scale, .. } => gamma_cdf(*shape, x / scale),
            Self::HyperExponential { often, seldom, short_mean, long_mean } => {
                -(often * (-x / short_mean).exp_m1() + seldom * (-x / long_mean).exp_m1())
            }
            Self::Weibull { scale, exponent } => -(-(x / scale).powf(1.0 / exponent)).exp_m1(),
            Self::Erlang { stages, stage_mean } => gamma_cdf(f64::from(*stages), x / stage_mean),
            Self::Uniform { low, width } => ((x - low) / width).clamp(0.0, 1.0),
            Self::Triangular { low, mode, high } => triangular_cdf(x, [*low, *mode, *high]),
            Self::Empirical(values) => {
                values.partition_point(|value| *value <= x) as f64 / values.len() as f64
            }
            Self::Mixture(branches) => {
                branches.iter().map(|branch| branch.weight * branch.law.cdf(x)).sum()
            }
        }
    }
}

/// The exponential value with mean 1 that grows with `u`. 1 − u is exact and never 0 for the
/// uniforms of [`Draw`].
#[inline]
fn unit_exponential(u: f64) -> f64 {
    -ln(1.0 - u)
}

/// Which of `count` equal parts of (0, 1) holds `u`.
#[inline]
fn index_of(u: f64, count: usize) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "the floor is wanted")]
    #[expect(clippy::cast_sign_loss, reason = "a uniform is positive")]
    let index = (u * count as f64) as usize;
    index.min(count - 1)
}

/// P(X ≤ `x`) of the triangular law.
fn triangular_cdf(x: f64, [low, mode, high]: [f64; 3]) -> f64 {
    if x <= low {
        0.0
    } else if x < mode {
        (x - low).powi(2) / ((high - low) * (mode - low))
    } else if x < high {
        1.0 - (high - x).powi(2) / ((high - low) * (high - mode))
    } else {
        1.0
    }
}
