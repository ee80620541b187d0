//! When enough replications are done.

use crate::stats::Estimate;

/// Replications before the first look: fewer say too little about their own spread.
const FIRST_LOOK: u32 = 30;

/// How many replications to have done at the next look: 30, then a tenth more each time.
pub fn next_look(done: u32, at_most: u32) -> u32 {
    let next = if done == 0 { FIRST_LOOK } else { done.saturating_add((done / 10).max(1)) };
    next.min(at_most)
}

/// Whether the half-width is small enough that the relative error against the truth, not only
/// against the estimate, is at most `relative`: h ≤ ε/(1 + ε) · |value| (Law 2015, *Simulation
/// Modeling and Analysis*, §9.4.1).
pub fn is_enough(estimate: Estimate, relative: f64) -> bool {
    match (estimate.value, estimate.half_width()) {
        (Some(value), Some(half)) => half <= relative / (1.0 + relative) * value.abs(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_grow_by_a_tenth_up_to_the_cap() {
        assert_eq!(next_look(0, 2000), 30);
        assert_eq!(next_look(0, 10), 10);
        assert_eq!(next_look(30, 2000), 33);
        assert_eq!(next_look(1990, 2000), 2000);
    }

    #[test]
    fn an_unknown_figure_is_never_precise_enough() {
        assert!(!is_enough(Estimate::default(), 0.5));
        assert!(is_enough(Estimate::around(100.0, 1.9), 0.02));
        assert!(!is_enough(Estimate::around(100.0, 2.0), 0.02));
    }
}
