//! At how many replications to look, and how sure a verdict has to be at each look.
//!
//! Stopping at the first look that decides favors decisions that chance makes. So the error that is
//! allowed in all is divided by the number of looks, and of whatever else is judged together
//! (Bonferroni): it then holds for all of them, whatever their correlation.

use crate::experiment::CONFIDENCE;

/// Looks of a check, at most.
pub const MOST_LOOKS: usize = 3;

/// Looks of a comparison, at most.
pub const MOST_LOOKS_TO_COMPARE: usize = 8;

/// How sure a verdict has to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Certainty {
    /// Probability that one end of the interval is on the wrong side.
    tail: f64,
}

impl Certainty {
    /// That of the intervals in the report: 95 %.
    pub const REPORT: Self = Self { tail: (1.0 - CONFIDENCE) / 2.0 };

    /// That of each of so many looks, for 95 % over all of them.
    pub fn of_looks(looks: usize) -> Self {
        Self { tail: (1.0 - CONFIDENCE) / looks.max(1) as f64 / 2.0 }
    }

    /// That of each of so many verdicts of which only one side can be wrong, so that one of them is
    /// with the probability `error` at most.
    pub fn one_sided(error: f64, verdicts: usize) -> Self {
        Self { tail: error / verdicts.max(1) as f64 }
    }

    /// Probability that one end of the interval is on the wrong side.
    pub fn tail(self) -> f64 {
        self.tail
    }

    /// Confidence of the two-sided interval that must lie on one side of the limit.
    pub fn confidence(self) -> f64 {
        1.0 - 2.0 * self.tail
    }
}

/// At how many replications a check looks: `first`, the geometric mean, `last`; each once.
pub fn check_looks(first: u32, last: u32) -> Vec<u32> {
    let between = (f64::from(first) * f64::from(last)).sqrt().round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it lies between two numbers of this type"
    )]
    let between = between as u32;
    let mut looks = vec![first, between, last.max(first)];
    looks.sort_unstable();
    looks.dedup();
    looks
}

/// At how many replications a comparison looks: twice as many as before, as long as there are few
/// looks; the last is at `at_most`.
pub fn compare_looks(first: u32, at_most: u32) -> Vec<u32> {
    let doubled = std::iter::successors(Some(first), |look| look.checked_mul(2));
    let mut looks: Vec<u32> = doubled
        .take_while(|look| look.saturating_mul(3) / 2 < at_most)
        .take(MOST_LOOKS_TO_COMPARE - 1)
        .collect();
    looks.push(at_most);
    looks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_go_from_the_first_to_the_last() {
        assert_eq!(check_looks(100, 400), [100, 200, 400]);
        assert_eq!(check_looks(100, 100), [100]);
        assert_eq!(check_looks(1, 2), [1, 2]);
        assert_eq!(check_looks(1, 4), [1, 2, 4]);
        assert_eq!(compare_looks(100, 100), [100]);
        assert_eq!(compare_looks(100, 120), [120]);
        assert_eq!(compare_looks(100, 1000), [100, 200, 400, 1000]);
        assert_eq!(compare_looks(30, 20), [20]);
        assert_eq!(compare_looks(1, 1_000_000).len(), MOST_LOOKS_TO_COMPARE);
    }

    #[test]
    fn what_is_judged_together_shares_the_error() {
        let each = Certainty::one_sided(0.01, 4 * 3);
        assert!((each.confidence() - (1.0 - 0.02 / 12.0)).abs() < 1e-12);
        assert_eq!(Certainty::one_sided(0.01, 0), Certainty::one_sided(0.01, 1));
        assert!((Certainty::of_looks(1).confidence() - CONFIDENCE).abs() < 1e-15);
        assert!((Certainty::of_looks(5).confidence() - 0.99).abs() < 1e-15);
        assert_eq!(Certainty::of_looks(0), Certainty::REPORT);
    }
}
