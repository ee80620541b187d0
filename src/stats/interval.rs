//! Confidence intervals from independent replications: means, ratios of means, deviations.
//!
//! All intervals are two-sided and use Student's t with one degree of freedom fewer than there
//! are replications. One replication gives a value without an interval.

use std::cell::Cell;

use statrs::distribution::{ContinuousCDF, Gamma, Normal, StudentsT};

use super::Estimate;
use super::moments::CoMoments;

/// The value below which Student's t with `degrees` of freedom lies with probability `p`.
///
/// # Panics
/// When `degrees` is not positive or `p` not within 0 to 1.
pub fn student_t(degrees: f64, p: f64) -> f64 {
    StudentsT::new(0.0, 1.0, degrees).expect("degrees of freedom are positive").inverse_cdf(p)
}

/// [`student_t`], remembered: a report asks for the same quantile tens of thousands of times, and
/// each takes as long as a thousand additions.
fn student_t_again(degrees: f64, p: f64) -> f64 {
    thread_local! {
        static LAST: Cell<Option<[f64; 3]>> = const { Cell::new(None) };
    }
    match LAST.get() {
        Some([d, q, t]) if d.to_bits() == degrees.to_bits() && q.to_bits() == p.to_bits() => t,
        _ => {
            let t = student_t(degrees, p);
            LAST.set(Some([degrees, p, t]));
            t
        }
    }
}

/// The value below which a normal quantity of mean 0 and deviation 1 lies with probability `p`.
///
/// # Panics
/// When `p` does not lie within 0 to 1.
pub fn normal_quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

/// The probability that a normal quantity of mean 0 and deviation 1 lies below `z`.
pub fn normal_probability(z: f64) -> f64 {
    Normal::standard().cdf(z)
}

/// The value below which a gamma quantity of mean 1 lies with probability `p`.
///
/// # Panics
/// When `cv`, its coefficient of variation, is not positive or `p` not within 0 to 1.
pub fn gamma_quantile(cv: f64, p: f64) -> f64 {
    let shape = 1.0 / (cv * cv);
    Gamma::new(shape, shape).expect("a coefficient of variation is positive").inverse_cdf(p)
}

/// Interval for the probability behind `successes` of `trials` independent trials.
///
/// Wilson 1927, "Probable inference, the law of succession, and statistical inference", JASA 22;
/// unlike the plain normal interval it says something where all or none succeeded.
///
/// # Panics
/// When `confidence` does not lie within 0 to 1.
pub fn wilson(successes: f64, trials: f64, confidence: f64) -> Estimate {
    if trials <= 0.0 {
        return Estimate::UNKNOWN;
    }
    let z = Normal::standard().inverse_cdf(f64::midpoint(1.0, confidence));
    let share = successes / trials;
    let weight = trials + z * z;
    let center = (successes + z * z / 2.0) / weight;
    let reach = z / weight * (trials * share * (1.0 - share) + z * z / 4.0).sqrt();
    Estimate::between(share, (center - reach).min(share), (center + reach).max(share))
        .within(0.0, 1.0)
}

/// The interval around `value` of a statistic that is a mean of `count` independent influences
/// with sample variance `variance`.
fn t_interval(value: f64, variance: Option<f64>, count: u64, confidence: f64) -> Estimate {
    let Some(variance) = variance else {
        return Estimate::without_interval(value);
    };
    let t = student_t_again((count - 1) as f64, f64::midpoint(1.0, confidence));
    Estimate::around(value, t * (variance / count as f64).sqrt())
}

/// Mean of independent observations, such as one number per replication.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeanAccumulator {
    moments: CoMoments<1>,
}

impl MeanAccumulator {
    /// Adds an observation.
    pub fn push(&mut self, value: f64) {
        self.moments.push([value]);
    }

    /// Adds what another accumulator observed. Merge in a fixed order: sums of floats depend on it.
    pub fn merge(&mut self, other: &Self) {
        self.moments.merge(&other.moments);
    }

    /// How many observations there are.
    pub fn count(&self) -> u64 {
        self.moments.count()
    }

    /// Their mean; `None` without any.
    pub fn mean(&self) -> Option<f64> {
        (self.count() > 0).then(|| self.moments.means()[0])
    }

    /// Their sample variance; `None` for fewer than two.
    pub fn variance(&self) -> Option<f64> {
        self.moments.variance_of([1.0])
    }

    /// mean ± t · s / √n.
    ///
    /// # Panics
    /// When `confidence` does not lie within 0 to 1.
    pub fn estimate(&self, confidence: f64) -> Estimate {
        let Some(mean) = self.mean() else {
            return Estimate::UNKNOWN;
        };
        t_interval(mean, self.variance(), self.count(), confidence)
    }
}

/// Ratio of means over replications, θ = ΣX / ΣY, such as answered in time over queued.
///
/// The interval is by the delta method: with the residuals dᵣ = Xᵣ − θ Yᵣ it reaches
/// t · sd(d) / (√n · Ȳ) (Cochran 1977, "Sampling techniques", section 2.11). A replication in
/// which Y is 0 is a valid observation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RatioAccumulator {
    moments: CoMoments<2>,
    /// Plain sums: exact for counts, so that a share of exactly 0 or 1 is known as such.
    sums: [f64; 2],
}

impl RatioAccumulator {
    /// Adds the numerator and denominator of one replication.
    pub fn push(&mut self, x: f64, y: f64) {
        self.moments.push([x, y]);
        self.sums[0] += x;
        self.sums[1] += y;
    }

    /// Adds what another accumulator observed. Merge in a fixed order: sums of floats depend on it.
    pub fn merge(&mut self, other: &Self) {
        self.moments.merge(&other.moments);
        self.sums[0] += other.sums[0];
        self.sums[1] += other.sums[1];
    }

    /// How many replications there are.
    pub fn count(&self) -> u64 {
        self.moments.count()
    }

    /// ΣX / ΣY; `None` when ΣY is 0.
    pub fn ratio(&self) -> Option<f64> {
        let [x, y] = self.sums;
        (y != 0.0).then(|| x / y)
    }

    /// The ratio with its interval. Where all replications have the same ratio, the interval has
    /// no length.
    ///
    /// # Panics
    /// When `confidence` does not lie within 0 to 1.
    pub fn estimate(&self, confidence: f64) -> Estimate {
        let Some(ratio) = self.ratio() else {
            return Estimate::UNKNOWN;
        };
        let mean_y = self.sums[1] / self.count() as f64;
        let variance = self.moments.variance_of([1.0 / mean_y, -ratio / mean_y]);
        t_interval(ratio, variance, self.count(), confidence)
    }

    /// The same for X that counts some of the Y: the interval stays within 0 to 1. Where none or
    /// all of the Y were counted, replications do not differ and say nothing about the rest of the
    /// world; then it is Wilson's interval for ΣY trials, which takes them for independent: it is
    /// indicative only, and too short where the contacts of a day share their fate.
    ///
    /// # Panics
    /// When `confidence` does not lie within 0 to 1.
    pub fn estimate_share(&self, confidence: f64) -> Estimate {
        let [x, y] = self.sums;
        if self.count() >= 2 && y > 0.0 && (x <= 0.0 || x >= y) {
            return wilson(x, y, confidence);
        }
        self.estimate(confidence).within(0.0, 1.0)
    }
}

/// Standard deviation of the pooled observations of all replications.
///
/// With totals N, S, Q of count, sum and sum of squares, μ = S/N and σ² = Q/N − μ². The interval
/// is by the delta method: to first order σ is the mean of the influences
/// (Qᵣ − 2μ Sᵣ + (μ² − σ²) Nᵣ) / (2σ N̄) of the replications.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MomentAccumulator {
    moments: CoMoments<3>,
    sums: [f64; 3],
}

impl MomentAccumulator {
    /// Adds one replication: how many observations it had, their sum, and the sum of their squares.
    pub fn push(&mut self, count: f64, sum: f64, sum_of_squares: f64) {
        let observation = [count, sum, sum_of_squares];
        self.moments.push(observation);
        for (total, value) in self.sums.iter_mut().zip(observation) {
            *total += value;
        }
    }

    /// Adds what another accumulator observed. Merge in a fixed order: sums of floats depend on it.
    pub fn merge(&mut self, other: &Self) {
        self.moments.merge(&other.moments);
        for (total, value) in self.sums.iter_mut().zip(other.sums) {
            *total += value;
        }
    }

    /// The standard deviation; unknown for fewer than two pooled observations. Deviations below
    /// 1 part in 10^6 of the values cannot be told from rounding and count as 0.
    ///
    /// # Panics
    /// When `confidence` does not lie within 0 to 1.
    pub fn estimate_deviation(&self, confidence: f64) -> Estimate {
        let [count, sum, squares] = self.sums;
        if count < 2.0 {
            return Estimate::UNKNOWN;
        }
        let mean = sum / count;
        let variance = squares / count - mean * mean;
        let replications = self.moments.count();
        if variance <= 1e-12 * mean * mean {
            return t_interval(0.0, (replications > 1).then_some(0.0), replications, confidence);
        }
        let deviation = variance.sqrt();
        let scale = 2.0 * deviation * count / replications as f64;
        let influence = [(mean * mean - variance) / scale, -2.0 * mean / scale, 1.0 / scale];
        let spread = self.moments.variance_of(influence);
        let estimate = t_interval(deviation, spread, replications, confidence);
        estimate.within(0.0, f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Uniforms;
    use super::*;

    fn covers(estimate: Estimate, truth: f64) -> bool {
        estimate.low.unwrap() <= truth && truth <= estimate.high.unwrap()
    }

    #[track_caller]
    fn assert_close(actual: f64, expected: f64, tolerance: f64) {
        assert!((actual - expected).abs() <= tolerance, "{actual} is not {expected}");
    }

    /// (degrees, p, quantile), the quantile computed with mpmath.
    const STUDENT: [(f64, f64, f64); 5] = [
        (1.0, 0.975, 12.706_204_736_174_7),
        (2.0, 0.975, 4.302_652_729_749_464),
        (19.0, 0.975, 2.093_024_054_408_31),
        (29.0, 0.995, 2.756_385_903_670_605),
        (999.0, 0.975, 1.962_341_461_133_45),
    ];

    #[test]
    fn student_t_is_that_of_the_tables() {
        for (degrees, p, expected) in STUDENT {
            assert_close(student_t(degrees, p), expected, 1e-9 * expected.abs());
            assert_close(student_t(degrees, 1.0 - p), -expected, 1e-9 * expected.abs());
        }
    }

    #[test]
    fn what_is_unknown_is_none() {
        let mut mean = MeanAccumulator::default();
        assert_eq!(mean.estimate(0.95), Estimate::UNKNOWN);
        mean.push(3.0);
        assert_eq!(mean.estimate(0.95), Estimate::without_interval(3.0));
        mean.push(3.0);
        assert_eq!(mean.estimate(0.95), Estimate::between(3.0, 3.0, 3.0));
        let mut ratio = RatioAccumulator::default();
        assert_eq!(ratio.estimate_share(0.95), Estimate::UNKNOWN);
        ratio.push(0.0, 0.0);
        ratio.push(0.0, 0.0);
        assert_eq!(ratio.estimate_share(0.95), Estimate::UNKNOWN);
        let mut deviation = MomentAccumulator::default();
        deviation.push(1.0, 4.0, 16.0);
        assert_eq!(deviation.estimate_deviation(0.95), Estimate::UNKNOWN);
        deviation.push(2.0, 8.0, 32.0);
        assert_eq!(deviation.estimate_deviation(0.95), Estimate::between(0.0, 0.0, 0.0));
    }

    #[test]
    fn one_replication_has_no_interval_even_where_all_succeed() {
        let mut ratio = RatioAccumulator::default();
        ratio.push(8.0, 8.0);
        assert_eq!(ratio.estimate_share(0.95), Estimate::without_interval(1.0));
    }

    #[test]
    fn the_mean_of_three_is_as_by_hand() {
        let mut mean = MeanAccumulator::default();
        for value in [1.0, 2.0, 6.0] {
            mean.push(value);
        }
        assert_close(mean.mean().unwrap(), 3.0, 1e-15);
        assert_close(mean.variance().unwrap(), 7.0, 1e-14);
        let half = 4.302_652_729_911_275 * (7.0f64 / 3.0).sqrt();
        assert_close(mean.estimate(0.95).half_width().unwrap(), half, 1e-9);
    }

    #[test]
    fn a_ratio_of_three_is_as_by_hand() {
        let mut ratio = RatioAccumulator::default();
        for (x, y) in [(1.0, 2.0), (3.0, 4.0), (4.0, 10.0)] {
            ratio.push(x, y);
        }
        // θ = 1/2, residuals 0, 1, −1, Ȳ = 16/3.
        let estimate = ratio.estimate(0.95);
        assert_eq!(estimate.value, Some(0.5));
        let half = 4.302_652_729_911_275 / (3f64.sqrt() * 16.0 / 3.0);
        assert_close(estimate.half_width().unwrap(), half, 1e-9);
    }

    #[test]
    fn equal_ratios_have_an_interval_without_length_but_extreme_shares_are_wilsons() {
        let mut ratio = RatioAccumulator::default();
        let mut none = RatioAccumulator::default();
        let mut all = RatioAccumulator::default();
        for y in [3.0, 7.0, 11.0, 1.0] {
            ratio.push(y * 0.3, y);
            none.push(0.0, y);
            all.push(y, y);
        }
        assert_close(ratio.estimate(0.95).half_width().unwrap(), 0.0, 1e-15);
        assert_eq!(none.estimate(0.95), Estimate::between(0.0, 0.0, 0.0));
        let z2 = 1.959_963_984_540_054f64.powi(2);
        let none = none.estimate_share(0.95);
        assert_eq!((none.value, none.low), (Some(0.0), Some(0.0)));
        assert_close(none.high.unwrap(), z2 / (22.0 + z2), 1e-9);
        let all = all.estimate_share(0.95);
        assert_eq!((all.value, all.high), (Some(1.0), Some(1.0)));
        assert_close(all.low.unwrap(), 22.0 / (22.0 + z2), 1e-9);
    }

    #[test]
    fn wilson_is_as_published() {
        // Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263 and 15 of 148.
        for (successes, trials, low, high) in
            [(81.0, 263.0, 0.2553, 0.3662), (15.0, 148.0, 0.0624, 0.1605)]
        {
            let estimate = wilson(successes, trials, 0.95);
            assert_close(estimate.low.unwrap(), low, 5e-5);
            assert_close(estimate.high.unwrap(), high, 5e-5);
        }
        assert_eq!(wilson(0.0, 0.0, 0.95), Estimate::UNKNOWN);
    }

    type Three = (MeanAccumulator, RatioAccumulator, MomentAccumulator);

    fn push_all(target: &mut Three, [a, b, c]: [f64; 3]) {
        target.0.push(a);
        target.1.push(a, b);
        target.2.push(b * 10.0, c * 10.0, 20.0 + 9.0 * c);
    }

    #[test]
    fn merging_is_the_same_as_observing_together() {
        let mut uniforms = Uniforms(5);
        let observations: Vec<[f64; 3]> =
            (0..60).map(|_| [0.0, 1.0, 2.0].map(|shift| uniforms.next() + shift)).collect();
        let pushed = |part: &[[f64; 3]]| {
            let mut target = Three::default();
            for &observation in part {
                push_all(&mut target, observation);
            }
            target
        };
        let whole = pushed(&observations);
        for split in [0, 1, 17, 60] {
            let (early, late) = observations.split_at(split);
            let (mut first, second) = (pushed(early), pushed(late));
            first.0.merge(&second.0);
            first.1.merge(&second.1);
            first.2.merge(&second.2);
            for (merged, direct) in [
                (first.0.estimate(0.95), whole.0.estimate(0.95)),
                (first.1.estimate(0.95), whole.1.estimate(0.95)),
                (first.2.estimate_deviation(0.95), whole.2.estimate_deviation(0.95)),
            ] {
                assert_close(merged.value.unwrap(), direct.value.unwrap(), 1e-12);
                assert_close(merged.half_width().unwrap(), direct.half_width().unwrap(), 1e-12);
            }
        }
    }

    #[test]
    fn intervals_of_normal_means_cover_what_they_should() {
        // Exact coverage of 95 % over 10,000 repetitions leaves the band for one seed in 700.
        let mut uniforms = Uniforms(1);
        let mut covered = 0;
        for _ in 0..10_000 {
            let mut mean = MeanAccumulator::default();
            for _ in 0..7 {
                // Sums of twelve uniforms are normal for this purpose.
                mean.push((0..12).map(|_| uniforms.next()).sum());
            }
            covered += u32::from(covers(mean.estimate(0.95), 6.0));
        }
        assert!((9430..=9570).contains(&covered), "{covered}");
    }

    #[test]
    fn intervals_of_ratios_and_deviations_on_busy_days_cover_what_they_should() {
        // 60 days with a busyness b, gamma with mean 1 and variance 1/25: Y = 1000 b contacts, of
        // which X = Y (0.1 + 0.1 b) e are lost, E e = 1: E X / E Y = 0.1 + 0.104. Exact coverage
        // over 2,000 repetitions leaves the band for one seed in 20,000.
        let mut uniforms = Uniforms(2);
        let (mut ratios, mut deviations) = (0, 0);
        for _ in 0..2_000 {
            let mut ratio = RatioAccumulator::default();
            let mut deviation = MomentAccumulator::default();
            for _ in 0..60 {
                let busyness = uniforms.busyness(25);
                let contacts = 1000.0 * busyness;
                let lost = contacts * (0.1 + 0.1 * busyness) * (0.5 + uniforms.next());
                ratio.push(lost, contacts);
                // Forty waits, exponential with mean b: the pooled second moment is 2 E b².
                let waits = (0..40).map(|_| busyness * uniforms.exponential());
                let (sum, squares) = waits.fold((0.0, 0.0), |(s, q), w| (s + w, q + w * w));
                deviation.push(40.0, sum, squares);
            }
            ratios += u32::from(covers(ratio.estimate_share(0.95), 0.204));
            let truth = (2.0f64 * 1.04 - 1.0).sqrt();
            deviations += u32::from(covers(deviation.estimate_deviation(0.95), truth));
        }
        assert!((1860..=1940).contains(&ratios), "{ratios}");
        assert!((1860..=1940).contains(&deviations), "{deviations}");
    }
}
