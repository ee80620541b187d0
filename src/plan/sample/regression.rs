//! What explains a day's result, and what is left when that is taken off.

use std::ops::Range;

use crate::plan::targets::PARTS;

/// Windows of time that a result is explained by: parts of its own and of those before.
pub(super) const SPANS: usize = 2 * PARTS + 1;
/// Quantities that explain a result.
pub(super) const CONTROLS: usize = 2 * SPANS + 8;

/// The parts of some bins and of as many before, where they have parts, and then as many
/// before in one; those that begin after the start.
pub(super) fn spans(bins: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let length = bins.len();
    let part = if length.is_multiple_of(PARTS) { length / PARTS } else { length };
    let fine = 2 * length / part;
    let end = bins.end;
    let parts = (1..=fine).map_while(move |back| {
        let start = end.checked_sub(back * part)?;
        Some(start..start + part)
    });
    let before = end.checked_sub(3 * length);
    parts.chain(before.map(|start| start..start + length))
}

/// What is left when the dependence on controls is taken off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Intercept {
    /// Of the mean.
    pub(super) offset: f64,
    /// Its standard error: that of a mean, and that of the slopes by as much as the controls are off
    /// their expectations.
    pub(super) error: f64,
    /// The deviation of one value.
    pub(super) spread: f64,
}

/// What is left of the mean of `values` when their linear dependence on `controls`, whose
/// expectations are 0, is taken off (ordinary least squares).
pub(super) fn intercept(values: &[f64], controls: &[[f64; CONTROLS]]) -> Option<Intercept> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let centers: [f64; CONTROLS] =
        std::array::from_fn(|at| controls.iter().map(|c| c[at]).sum::<f64>() / n);
    let mut products = [[0.0; CONTROLS + 1]; CONTROLS];
    for (value, control) in values.iter().zip(controls) {
        let own: [f64; CONTROLS] = std::array::from_fn(|at| control[at] - centers[at]);
        for (i, set) in products.iter_mut().enumerate() {
            for (product, other) in set.iter_mut().zip(&own).take(i + 1) {
                *product += own[i] * other;
            }
            set[CONTROLS] += own[i] * (value - mean);
        }
    }
    let remove = products;
    for (i, set) in products.iter_mut().enumerate() {
        for (j, product) in set.iter_mut().take(CONTROLS).enumerate().skip(i + 1) {
            *product = remove[j][i];
        }
    }
    // In units of their own deviations, so that one that does not vary is told from one that is
    // merely small.
    let scales: [f64; CONTROLS] = std::array::from_fn(|at| products[at][at].sqrt());
    if scales.iter().all(|scale| *scale <= 0.0) {
        return None;
    }
    let unit = |at: usize| if scales[at] > 0.0 { scales[at] } else { 1.0 };
    for (i, set) in products.iter_mut().enumerate() {
        for (j, product) in set.iter_mut().enumerate() {
            *product /= unit(i) * if j < CONTROLS { unit(j) } else { 1.0 };
        }
    }
    let centered: [f64; CONTROLS] = std::array::from_fn(|at| centers[at] / unit(at));
    let mut of_centers = products;
    for (set, center) in of_centers.iter_mut().zip(&centered) {
        set[CONTROLS] = *center;
    }
    let leverage = dot(&solve(of_centers), &centered);
    let mut slopes = solve(products);
    for (at, slope) in slopes.iter_mut().enumerate() {
        *slope /= unit(at);
    }
    let offset = mean - dot(&slopes, &centers);
    let squares: f64 = values
        .iter()
        .zip(controls)
        .map(|(value, control)| (value - offset - dot(&slopes, control)).powi(2))
        .sum();
    let spread = (squares / (n - 1.0 - CONTROLS as f64)).sqrt();
    Some(Intercept { offset, error: spread * (1.0 / n + leverage).sqrt(), spread })
}

fn dot(a: &[f64; CONTROLS], b: &[f64; CONTROLS]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Solves a system of correlations by elimination; a control that does not vary, or not apart from
/// those before it, gets a slope of 0.
fn solve(mut sets: [[f64; CONTROLS + 1]; CONTROLS]) -> [f64; CONTROLS] {
    for at in 0..CONTROLS {
        if sets[at][at] <= 1e-6 {
            for set in &mut sets {
                set[at] = 0.0;
            }
            sets[at] = [0.0; CONTROLS + 1];
            sets[at][at] = 1.0;
            continue;
        }
        for below in at + 1..CONTROLS {
            let factor = sets[below][at] / sets[at][at];
            let set = sets[at];
            for (value, above) in sets[below].iter_mut().zip(set).skip(at) {
                *value -= factor * above;
            }
        }
    }
    let mut slopes = [0.0; CONTROLS];
    for at in (0..CONTROLS).rev() {
        let known: f64 = (at + 1..CONTROLS).map(|j| sets[at][j] * slopes[j]).sum();
        slopes[at] = (sets[at][CONTROLS] - known) / sets[at][at];
    }
    slopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arrivals_explain_is_taken_off() {
        // value = 2 + 3 a − b + noise of ±0.01; the controls are off center by chance.
        let mut word = 9u64;
        let mut next = || {
            word = word
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (word >> 40) as f64 / f64::from(1u32 << 24) - 0.5
        };
        // The third is small, the fourth the same as the first, the others do not vary.
        let mut set = || {
            let (a, b, c) = (next(), next(), 1e-9 * next());
            let mut set = [0.0; CONTROLS];
            set[..4].copy_from_slice(&[a, b, c, a]);
            set
        };
        let controls: Vec<[f64; CONTROLS]> = (0..200).map(|_| set()).collect();
        let values: Vec<f64> =
            controls.iter().map(|c| 2.0 + 3.0 * c[0] - c[1] + 5e8 * c[2] + 0.02 * next()).collect();
        let Intercept { offset, error, spread } = intercept(&values, &controls).unwrap();
        assert!((offset - 2.0).abs() < 0.002, "{offset}");
        assert!(spread < 0.007, "{spread}");
        // Four standard errors, which are a little more than those of a mean.
        assert!((offset - 2.0).abs() < 4.0 * error, "{offset} {error}");
        let of_mean = spread / 200f64.sqrt();
        assert!(error > of_mean && error < 1.2 * of_mean, "{error}");
        assert_eq!(intercept(&values, &vec![[0.0; CONTROLS]; 200]), None);
    }
}
