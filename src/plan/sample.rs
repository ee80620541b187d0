//! What a number of simulated days say about the promises, and how surely.
//!
//! Staffings are compared on the same days. Where the expected number of arrivals is known, the
//! arrivals that happened to come explain a part of each day's result, and that part is taken off
//! (control variates; Lavenberg, Welch 1981, Management Science 27): the search needs fewer days.
//! Verified figures are never adjusted.

use super::promise::Promises;
use crate::model::{Model, SourceKind};
use crate::time::{SimSpan, SimTime};

/// Fewest days from which effects of arrivals are estimated.
const FEWEST_ADJUSTED: usize = 60;

/// Days of one staffing.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// By day, then cell: numerator and denominator.
    pub pairs: Vec<Vec<(f64, f64)>>,
    /// By day, then stretch of the grid: first attempts of all types.
    pub arrivals: Vec<Vec<f64>>,
}

/// What is known of one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// The ratio of sums.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// Standard deviation of one day: the standard error times the root of the days.
    pub spread: f64,
}

/// Expected arrivals by stretch of the grid, where they are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected(Option<Vec<f64>>);

impl Expected {
    /// For a model on a grid. Unknown where a surge may lower the rate, and in the warm-up.
    pub fn new(model: &Model, grid: SimSpan) -> Self {
        let lowers = |surge: &crate::model::Surge| surge.factor.cdf(1.0) > 0.0;
        if model.surges.iter().any(lowers) || model.horizon.warm_up > SimTime::START {
            return Self(None);
        }
        let before = |at: SimTime| -> f64 {
            let sources = model.contact_types.iter().flat_map(|kind| &kind.sources);
            let of_source = |source: &crate::model::Source| {
                let factor = match source.kind {
                    SourceKind::Surge(surge) => model.surges[surge.index()].factor.mean() - 1.0,
                    SourceKind::Backlog | SourceKind::Base => 1.0,
                };
                source.schedule.expected_before(at) * factor
            };
            sources.map(of_source).sum()
        };
        let mut expected = Vec::new();
        let mut at = SimTime::START;
        while at < model.horizon.duration {
            let next = (at + grid).min(model.horizon.duration);
            expected.push(before(next) - before(at));
            at = next;
        }
        Self(Some(expected))
    }

    /// Nothing is known.
    pub const fn unknown() -> Self {
        Self(None)
    }

    /// Only if the days of a sample agree with it.
    #[must_use]
    pub fn confirmed(self, sample: &Sample) -> Self {
        let Some(expected) = &self.0 else { return self };
        let days = sample.arrivals.len() as f64;
        let sums: Vec<f64> = sample.arrivals.iter().map(|day| day.iter().sum()).collect();
        let mean = sums.iter().sum::<f64>() / days;
        let variance = sums.iter().map(|sum| (sum - mean).powi(2)).sum::<f64>() / (days - 1.0);
        let off = (mean - expected.iter().sum::<f64>()).abs();
        if off <= 5.0 * (variance / days).sqrt() + 1e-9 {
            self
        } else {
            Self(None)
        }
    }
}

impl Sample {
    /// How many days.
    pub fn days(&self) -> usize {
        self.pairs.len()
    }

    /// Adds further days of the same staffing.
    pub fn extend(&mut self, more: Self) {
        self.pairs.extend(more.pairs);
        self.arrivals.extend(more.arrivals);
    }

    /// What the days say about a cell, unadjusted; `None` where nothing was observed.
    pub fn plain(&self, cell: usize) -> Option<Known> {
        let days = self.days() as f64;
        let (x, y) = self.sums(cell);
        if y <= 0.0 {
            return None;
        }
        let value = x / y;
        if !value.is_finite() {
            return Some(Known {
                value,
                error: 0.0,
                spread: 0.0,
            });
        }
        let squares: f64 = self
            .pairs
            .iter()
            .map(|day| (day[cell].0 - value * day[cell].1).powi(2))
            .sum();
        let spread = (squares / (days - 1.0).max(1.0)).sqrt() * days / y;
        Some(Known {
            value,
            error: spread / days.sqrt(),
            spread,
        })
    }

    /// The same with the effect of the arrivals in the cell and before it taken off.
    pub fn adjusted(&self, cell: usize, promises: &Promises, expected: &Expected) -> Option<Known> {
        let plain = self.plain(cell)?;
        let Expected(Some(expected)) = expected else {
            return Some(plain);
        };
        let stretches = promises.cells[cell].stretches.clone();
        let stretches = stretches.unwrap_or(0..expected.len());
        if self.days() < FEWEST_ADJUSTED || plain.error <= 0.0 || !plain.value.is_finite() {
            return Some(plain);
        }
        let length = stretches.len();
        let windows = (0..CONTROLS).map_while(|back| {
            let start = stretches.start.checked_sub(back * length)?;
            Some(start..start + length)
        });
        let windows: Vec<_> = windows.collect();
        let deviations = |day: &Vec<f64>| -> [f64; CONTROLS] {
            std::array::from_fn(|at| {
                windows.get(at).map_or(0.0, |window| {
                    let came: f64 = day[window.clone()].iter().sum();
                    came - expected[window.clone()].iter().sum::<f64>()
                })
            })
        };
        let controls: Vec<[f64; CONTROLS]> = self.arrivals.iter().map(deviations).collect();
        let residuals: Vec<f64> = self
            .pairs
            .iter()
            .map(|day| day[cell].0 - plain.value * day[cell].1)
            .collect();
        let denominator = self.sums(cell).1 / self.days() as f64;
        let Some((offset, spread)) = intercept(&residuals, &controls) else {
            return Some(plain);
        };
        Some(Known {
            value: plain.value + offset / denominator,
            error: spread / denominator / (self.days() as f64).sqrt(),
            spread: spread / denominator,
        })
    }

    /// The sum of the denominators of a cell over the days.
    pub fn denominator(&self, cell: usize) -> f64 {
        self.sums(cell).1
    }

    fn sums(&self, cell: usize) -> (f64, f64) {
        let pairs = self.pairs.iter().map(|day| day[cell]);
        pairs.fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1))
    }
}

/// Windows of arrivals that a result is explained by: its own, and those before it.
const CONTROLS: usize = 3;

/// What is left of the mean of `values`, and the deviation of one of them, when their linear
/// dependence on `controls`, whose expectations are 0, is taken off.
fn intercept(values: &[f64], controls: &[[f64; CONTROLS]]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let centers: [f64; CONTROLS] =
        std::array::from_fn(|at| controls.iter().map(|c| c[at]).sum::<f64>() / n);
    let mut products = [[0.0; CONTROLS + 1]; CONTROLS];
    for (value, control) in values.iter().zip(controls) {
        for (i, row) in products.iter_mut().enumerate() {
            let own = control[i] - centers[i];
            for (j, product) in row.iter_mut().take(CONTROLS).enumerate() {
                *product += own * (control[j] - centers[j]);
            }
            row[CONTROLS] += own * (value - mean);
        }
    }
    let slopes = solve(products)?;
    let offset = mean - dot(&slopes, &centers);
    let squares: f64 = values
        .iter()
        .zip(controls)
        .map(|(value, control)| (value - offset - dot(&slopes, control)).powi(2))
        .sum();
    Some((offset, (squares / (n - 1.0 - CONTROLS as f64)).sqrt()))
}

fn dot(a: &[f64; CONTROLS], b: &[f64; CONTROLS]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Solves the symmetric system by elimination; a control that does not vary gets a slope of 0.
fn solve(mut rows: [[f64; CONTROLS + 1]; CONTROLS]) -> Option<[f64; CONTROLS]> {
    let scale = (0..CONTROLS).map(|i| rows[i][i]).fold(0.0, f64::max);
    if scale <= 0.0 {
        return None;
    }
    for at in 0..CONTROLS {
        if rows[at][at] <= 1e-9 * scale {
            rows[at] = [0.0; CONTROLS + 1];
            rows[at][at] = 1.0;
            continue;
        }
        for below in at + 1..CONTROLS {
            let factor = rows[below][at] / rows[at][at];
            let row = rows[at];
            for (value, above) in rows[below].iter_mut().zip(row).skip(at) {
                *value -= factor * above;
            }
        }
    }
    let mut slopes = [0.0; CONTROLS];
    for at in (0..CONTROLS).rev() {
        let known: f64 = (at + 1..CONTROLS).map(|j| rows[at][j] * slopes[j]).sum();
        slopes[at] = (rows[at][CONTROLS] - known) / rows[at][at];
    }
    Some(slopes)
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
        let controls: Vec<[f64; CONTROLS]> = (0..200).map(|_| [next(), next(), 0.0]).collect();
        let values: Vec<f64> = controls
            .iter()
            .map(|c| 2.0 + 3.0 * c[0] - c[1] + 0.02 * next())
            .collect();
        let (offset, spread) = intercept(&values, &controls).unwrap();
        assert!((offset - 2.0).abs() < 0.002, "{offset}");
        assert!(spread < 0.007, "{spread}");
        assert_eq!(intercept(&values, &vec![[0.0; CONTROLS]; 200]), None);
    }
}
