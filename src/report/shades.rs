//! How dark a cell of a map is.

use super::kept::exact;
use crate::metrics::definition::Unit;
use crate::stats::Estimate;

/// From little to much.
const SIGNS: [char; 5] = ['·', '░', '▒', '▓', '█'];

/// Equal steps from the least to the most; of the logarithm where they lie far apart.
pub(super) struct Shades {
    bounds: Vec<f64>,
}

impl Shades {
    pub(super) fn new(estimates: &[Estimate]) -> Self {
        let known = estimates.iter().filter_map(|estimate| estimate.value);
        let known: Vec<f64> = known.filter(|value| value.is_finite()).collect();
        let most = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = known.iter().copied().fold(f64::INFINITY, f64::min);
        let steps = (1..SIGNS.len()).map(|step| step as f64 / SIGNS.len() as f64);
        // What lies below a thousandth of the most is all the same on a map.
        let floor = least.max(most / 1000.0);
        let bound = |share: f64| {
            if floor > 0.0 && most > 20.0 * floor {
                floor * (most / floor).powf(share)
            } else {
                least + share * (most - least)
            }
        };
        Self { bounds: steps.map(bound).collect() }
    }

    /// 0 for little to 4 for much.
    pub(super) fn step(&self, value: f64) -> usize {
        self.bounds.iter().filter(|bound| value >= **bound).count()
    }

    pub(super) fn sign(&self, value: f64) -> char {
        SIGNS[self.step(value)]
    }

    /// From which value on each sign stands.
    pub(super) fn legend(&self, unit: Unit) -> String {
        let from = |(sign, bound): (&char, &f64)| format!("{sign} from {}", exact(*bound, unit));
        let steps = SIGNS[1..].iter().zip(&self.bounds).map(from);
        let signs: Vec<String> = [SIGNS[0].to_string()].into_iter().chain(steps).collect();
        signs.join("   ")
    }
}
