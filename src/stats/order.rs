//! Quantiles and shares of independent observations, such as one number per simulated day.
//!
//! The two are one question asked from two sides: the interval of a quantile by order statistics
//! and the interval of the share up to a limit (Clopper and Pearson 1934) always agree on which
//! side of a limit a quantile lies.

use statrs::distribution::{Beta, Binomial, ContinuousCDF, DiscreteCDF};

use super::Estimate;

/// Interval for the probability behind `successes` of `trials` independent trials; exact, hence
/// rather too long than too short. At most as many successes as trials.
///
/// Clopper and Pearson 1934, "The use of confidence or fiducial limits", Biometrika 26.
///
/// # Panics
/// When `confidence` does not lie within 0 to 1.
pub fn clopper_pearson(successes: u64, trials: u64, confidence: f64) -> Estimate {
    if trials == 0 {
        return Estimate::UNKNOWN;
    }
    let tail = (1.0 - confidence) / 2.0;
    let (hits, misses) = (successes as f64, (trials - successes) as f64);
    let bound = |a: f64, b: f64, p: f64| {
        Beta::new(a, b).expect("both parameters are positive").inverse_cdf(p)
    };
    let low = if successes == 0 { 0.0 } else { bound(hits, misses + 1.0, tail) };
    let high = if successes == trials { 1.0 } else { bound(hits + 1.0, misses, 1.0 - tail) };
    let share = hits / trials as f64;
    Estimate::between(share, low.min(share), high.max(share))
}

/// The quantile at `p` of independent observations with the ends of its interval, each as far as
/// it is known: `(value, low, high)`. `beyond` more observations are above all others.
///
/// The ends are the observations of ranks l and u with P(B < l) and P(B ≥ u) at most
/// (1 − confidence)/2 for B of the binomial distribution (n, p): for 100 observations and p = 0.9
/// those of ranks 84 and 96 at 95 % (David and Nagaraja 2003, "Order statistics", section 7.1).
///
/// # Panics
/// When `p` or `confidence` does not lie within 0 to 1.
pub fn quantile(
    observations: &[f64],
    beyond: usize,
    p: f64,
    confidence: f64,
) -> (Option<f64>, Option<f64>, Option<f64>) {
    let mut sorted = observations.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len() + beyond;
    if count == 0 {
        return (None, None, None);
    }
    let at_rank = |rank: u64| {
        let index = usize::try_from(rank).ok()?.checked_sub(1)?;
        sorted.get(index).copied()
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to count")]
    let nearest = (p * count as f64 - 1e-9).ceil().max(1.0) as u64;
    let binomial = Binomial::new(p, count as u64).expect("`p` is a probability");
    let tail = (1.0 - confidence) / 2.0;
    let low = binomial.inverse_cdf(tail);
    let high = binomial.inverse_cdf(1.0 - tail) + 1;
    (at_rank(nearest), at_rank(low), at_rank(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_those_of_the_tables() {
        for (count, p, ranks) in
            [(100, 0.9, (84.0, 96.0)), (400, 0.95, (371.0, 389.0)), (1000, 0.95, (936.0, 964.0))]
        {
            let values: Vec<f64> = (1..=count).map(f64::from).collect();
            let (value, low, high) = quantile(&values, 0, p, 0.95);
            assert_eq!(value, Some(p * f64::from(count)));
            assert_eq!((low.unwrap(), high.unwrap()), ranks, "{count} at {p}");
        }
    }

    #[test]
    fn ends_beyond_what_was_observed_are_unknown() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        let (value, low, high) = quantile(&values, 0, 0.95, 0.95);
        assert_eq!((value, low, high), (Some(19.0), Some(17.0), None));
        assert_eq!(quantile(&values, 80, 0.5, 0.95), (None, None, None));
        assert_eq!(quantile(&[], 0, 0.5, 0.95), (None, None, None));
    }

    #[test]
    fn exact_intervals_of_shares_are_those_of_the_tables() {
        // 0.025^(1/100), and the intervals of 8 of 10 and 0 of 10 as printed in many textbooks.
        let all = clopper_pearson(100, 100, 0.95);
        assert!((all.low.unwrap() - 0.025f64.powf(0.01)).abs() < 1e-9);
        assert_eq!(all.high, Some(1.0));
        let most = clopper_pearson(8, 10, 0.95);
        assert!((most.low.unwrap() - 0.4439).abs() < 1e-4, "{most:?}");
        assert!((most.high.unwrap() - 0.9748).abs() < 1e-4, "{most:?}");
        assert!((clopper_pearson(0, 10, 0.95).high.unwrap() - 0.3085).abs() < 1e-4);
        assert_eq!(clopper_pearson(0, 0, 0.95), Estimate::UNKNOWN);
    }

    #[test]
    fn both_sides_of_the_question_agree() {
        for count in [30u64, 100, 400] {
            for below in 0..=count {
                let values: Vec<f64> =
                    (0..count).map(|i| if i < below { 0.0 } else { 2.0 }).collect();
                let (_, low, high) = quantile(&values, 0, 0.95, 0.95);
                let share = clopper_pearson(below, count, 0.95);
                let holds = high.is_some_and(|high| high <= 1.0);
                assert_eq!(holds, share.low.unwrap() >= 0.95, "{below} of {count}");
                let fails = low.is_some_and(|low| low > 1.0);
                assert_eq!(fails, share.high.unwrap() < 0.95, "{below} of {count}");
            }
        }
    }
}
