//! The gamma distribution and its inverse.

use statrs::function::gamma::{gamma_lr, ln_gamma};

use super::normal::{inverse_normal, normal_cdf};

/// From this shape on the incomplete gamma function loses more digits to cancellation than the
/// approximation of Wilson and Hilferty lacks; both are good to about 1e-9 there.
const LARGE_SHAPE: f64 = 1e6;

/// A factor with mean 1 and coefficient of variation `cv`, gamma distributed, by inversion of
/// `uniform`: it grows with `uniform`, so days keep their rank when `cv` changes. 1 when `cv` is 0
/// or less.
///
/// # Panics
/// When `cv` is not finite or `uniform` does not lie between 0 and 1.
pub fn gamma_factor(cv: f64, uniform: f64) -> f64 {
    assert!(cv.is_finite() && uniform > 0.0 && uniform < 1.0, "cv {cv}, uniform {uniform}");
    if cv <= 0.0 {
        return 1.0;
    }
    let shape = 1.0 / (cv * cv);
    let approximation = wilson_hilferty(shape, uniform);
    if shape > LARGE_SHAPE {
        return approximation;
    }
    gamma_quantile(shape, uniform, shape * approximation) / shape
}

/// The quantile over its shape by the normal approximation of Wilson, Hilferty 1931, "The
/// distribution of chi-square", PNAS 17.
fn wilson_hilferty(shape: f64, uniform: f64) -> f64 {
    let ninth = 1.0 / (9.0 * shape);
    (1.0 - ninth + inverse_normal(uniform) * ninth.sqrt()).max(0.0).powi(3)
}

/// The x with P(X ≤ x) = `uniform`, by Newton's method on ln x from `guess`, kept in a bracket.
/// (The quantile of `statrs` stops at an absolute error that swamps small ones.)
fn gamma_quantile(shape: f64, uniform: f64, guess: f64) -> f64 {
    let log_gamma = ln_gamma(shape);
    // P(X ≤ x) ≤ x^shape / Γ(shape + 1), and hardly less where x is tiny.
    let mut low = (uniform.ln() + log_gamma + shape.ln()) / shape;
    if low < -40.0 {
        return low.exp();
    }
    let mut high = low.max(shape.ln()) + 1.0;
    while gamma_cdf(shape, high.exp()) < uniform {
        high += 1.0;
    }
    let mut log_x = guess.ln().clamp(low, high);
    for _ in 0..100 {
        let x = log_x.exp();
        let excess = gamma_cdf(shape, x) - uniform;
        if excess >= 0.0 {
            high = log_x;
        } else {
            low = log_x;
        }
        let newton = log_x - excess / (shape * log_x - x - log_gamma).exp();
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        if (next - log_x).abs() < 1e-14 {
            return next.exp();
        }
        log_x = next;
    }
    log_x.exp()
}

/// P(X ≤ `x`) of the gamma law with this shape and scale 1: the regularized lower incomplete gamma
/// function.
pub(super) fn gamma_cdf(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x.is_infinite() {
        1.0
    } else if shape > LARGE_SHAPE {
        let ninth = 1.0 / (9.0 * shape);
        normal_cdf(((x / shape).cbrt() - 1.0 + ninth) / ninth.sqrt())
    } else {
        gamma_lr(shape, x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_is_the_inverse_of_its_cdf() {
        for cv in [0.0009, 0.0011, 0.01, 0.1, 0.3, 1.0, 2.0] {
            let shape = 1.0 / (cv * cv);
            for uniform in [1e-6, 0.01, 0.3, 0.5, 0.9, 0.999, 1.0 - 1e-9] {
                let factor = gamma_factor(cv, uniform);
                let back = gamma_cdf(shape, factor * shape);
                assert!((back - uniform).abs() < 1e-8, "cv {cv}: {uniform} gives {back}");
            }
        }
    }

    #[test]
    fn both_inverses_agree_where_they_meet() {
        for uniform in [1e-9, 0.01, 0.5, 0.99, 1.0 - 1e-9] {
            let (below, above) =
                (gamma_factor(1.000_001e-3, uniform), gamma_factor(0.999_999e-3, uniform));
            // The cv differs by 2e-6 of itself, so the factor by that times 6e-3.
            assert!((below - above).abs() < 2e-8, "{below} {above}");
        }
    }

    #[test]
    fn factors_grow_with_the_uniform_and_have_mean_one() {
        for cv in [0.0005, 0.05, 0.2, 1.0, 3.0] {
            let factors: Vec<f64> =
                (0..2000).map(|i| gamma_factor(cv, (f64::from(i) + 0.5) / 2000.0)).collect();
            assert!(factors.is_sorted());
            let mean = factors.iter().sum::<f64>() / 2000.0;
            assert!((mean - 1.0).abs() < 3e-3 * cv.max(1.0), "cv {cv}: {mean}");
        }
        assert!((gamma_factor(0.0, 0.3) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn extreme_uniforms_give_finite_factors() {
        for cv in [1e-4, 0.1, 1.0, 10.0, 1000.0] {
            for uniform in [0.5f64.powi(53), 0.5, 1.0 - 0.5f64.powi(53)] {
                let factor = gamma_factor(cv, uniform);
                assert!(factor.is_finite() && factor >= 0.0, "cv {cv}: {factor}");
            }
        }
    }
}
