//! Formulas made to say what was found.

use super::{Pool, QueueFigure};
use crate::plan::targets::RatioLimit;

/// A factor on the load is sought up to e to this, and down to its reciprocal.
const FURTHEST: f64 = 1.2;

impl Pool<'_> {
    /// The pool at the rate at which the formula says what was found: with so many agents, a slack
    /// of `slack`. What a formula leaves out, such as work left from before, is made up for by
    /// load, and what other head counts would do follows the formula's shape from there. A slack
    /// that no rate near this one explains is taken for that of the nearest.
    #[must_use]
    pub fn fitted(
        &self,
        analytic: QueueFigure,
        standard: RatioLimit,
        agents: u32,
        slack: f64,
    ) -> Self {
        let at = |factor: f64| {
            let mut pool = self.clone();
            pool.scale(factor);
            standard.slack(pool.value(analytic, agents)) - slack
        };
        // More load, less slack: false position on the logarithm of the factor, the weight of an
        // end that stays put halved each time (Dowell, Jarratt 1971, BIT 11).
        let (mut low, mut high) = (-FURTHEST, FURTHEST);
        let (mut above, mut below) = (at(low.exp()), at(high.exp()));
        let mut factor = if above <= 0.0 {
            low
        } else if below >= 0.0 {
            high
        } else {
            0.0
        };
        if above > 0.0 && below < 0.0 {
            for round in 0..40 {
                let found = at(factor.exp());
                if found.abs() < 1e-7 {
                    break;
                }
                if found > 0.0 {
                    (low, above) = (factor, found);
                    below *= 0.5;
                } else {
                    (high, below) = (factor, found);
                    above *= 0.5;
                }
                if high - low < 1e-5 {
                    break;
                }
                factor = if round % 3 == 2 {
                    f64::midpoint(low, high)
                } else {
                    low + (high - low) * above / (above - below)
                };
            }
        }
        let mut pool = self.clone();
        pool.scale(factor.exp());
        pool
    }

    fn scale(&mut self, factor: f64) {
        self.rate *= factor;
        for (rate, _) in &mut self.parts {
            *rate *= factor;
        }
    }
}
