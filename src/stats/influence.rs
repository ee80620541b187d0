//! Figures as means of influences, so that figures of paired runs can be subtracted and divided.
//!
//! To first order the error of a mean, a ratio, a deviation or a quantile is the mean of one number
//! per independent unit (replication, or section of replications): its influence (Hampel 1974,
//! "The influence curve and its role in robust estimation", JASA 69). What two figures share, such
//! as the customers of a day, is in the influences of both, and leaves their difference: its
//! interval is that of the mean of the differences, whatever kinds of figures they are.

use super::Estimate;
use super::interval::student_t;

/// Differences below this share of their terms are rounding and count as 0.
const NOISE: f64 = 1e-12;

/// A figure with one influence per unit. The mean of the influences is 0 up to rounding.
#[derive(Clone, Debug, PartialEq)]
pub struct Influence {
    /// The estimate.
    pub value: f64,
    /// One per unit, in order; fewer than two tell nothing about the uncertainty.
    pub units: Vec<f64>,
}

impl Influence {
    /// A value of which nothing more is known, such as a largest observation.
    pub const fn without_interval(value: f64) -> Self {
        Self { value, units: Vec::new() }
    }

    /// Standard error of the value; `None` for fewer than two units.
    pub fn standard_error(&self) -> Option<f64> {
        let count = self.units.len() as f64;
        if count < 2.0 {
            return None;
        }
        let mean = self.units.iter().sum::<f64>() / count;
        let squares: f64 = self.units.iter().map(|d| (d - mean) * (d - mean)).sum();
        Some((squares / (count - 1.0) / count).sqrt())
    }

    /// Degrees of freedom of the interval.
    pub fn degrees(&self) -> f64 {
        self.units.len() as f64 - 1.0
    }

    /// The value with its two-sided interval, value ± t · s / √n.
    ///
    /// # Panics
    /// When `confidence` does not lie within 0 to 1.
    pub fn estimate(&self, confidence: f64) -> Estimate {
        match self.standard_error() {
            None => Estimate::without_interval(self.value),
            Some(0.0) => Estimate::around(self.value, 0.0),
            Some(error) => {
                let t = student_t(self.degrees(), f64::midpoint(1.0, confidence));
                Estimate::around(self.value, t * error)
            }
        }
    }

    /// `own` times this figure plus `others` times another of the same units. Two figures without
    /// units give one without; `None` where the units do not pair.
    pub fn combine(&self, own: f64, other: &Self, others: f64) -> Option<Self> {
        let (a, b) = (&self.units, &other.units);
        let sum = |a: f64, b: f64| {
            let (a, b) = (own * a, others * b);
            let sum = a + b;
            if sum.abs() <= NOISE * (a.abs() + b.abs()) { 0.0 } else { sum }
        };
        if a.len() != b.len() {
            return None;
        }
        Some(Self {
            value: sum(self.value, other.value),
            units: a.iter().zip(b).map(|(a, b)| sum(*a, *b)).collect(),
        })
    }

    /// This figure minus another of the same units.
    pub fn minus(&self, other: &Self) -> Option<Self> {
        self.combine(1.0, other, -1.0)
    }

    /// This figure divided by another of the same units, by the delta method; `None` where that is
    /// 0 or the units do not pair.
    pub fn over(&self, other: &Self) -> Option<Self> {
        if other.value == 0.0 {
            return None;
        }
        let ratio = self.value / other.value;
        let residual = self.combine(1.0 / other.value, other, -ratio / other.value)?;
        Some(Self { value: ratio, ..residual })
    }

    /// The same figure plus a constant.
    #[must_use]
    pub fn plus(mut self, constant: f64) -> Self {
        self.value += constant;
        self
    }

    /// The same figure in another unit: everything times a `factor`.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        self.value *= factor;
        self.units.iter_mut().for_each(|unit| *unit *= factor);
        self
    }

    /// Everything rounded to so many significant digits: what is stored reads back as the same.
    #[must_use]
    pub fn rounded(mut self, digits: usize) -> Self {
        let round = |number: f64| {
            let shown = format!("{number:.*e}", digits.saturating_sub(1));
            shown.parse().unwrap_or(number)
        };
        self.value = round(self.value);
        // Adding 0 turns −0 into 0.
        for unit in &mut self.units {
            *unit = round(*unit) + 0.0;
        }
        self
    }
}

/// What was observed of a figure, one entry per replication.
#[derive(Clone, Debug, PartialEq)]
pub enum Observations {
    /// Numbers whose mean is the figure.
    Mean(Vec<f64>),
    /// Numerators and denominators of a ratio of means.
    Ratio(Vec<[f64; 2]>),
    /// Counts, sums and sums of squares of pooled values whose standard deviation is the figure.
    Deviation(Vec<[f64; 3]>),
}

impl Observations {
    /// The figure; `None` where it is not known.
    ///
    /// Mean: dᵣ = xᵣ − x̄. Ratio: dᵣ = (Xᵣ − θ Yᵣ) / Ȳ, as in
    /// [`RatioAccumulator`](super::RatioAccumulator). Deviation:
    /// dᵣ = (Qᵣ − 2μ Sᵣ + (μ² − σ²) Nᵣ) / (2σ N̄), as in
    /// [`MomentAccumulator`](super::MomentAccumulator).
    pub fn influence(&self) -> Option<Influence> {
        match self {
            Self::Mean(values) => mean(values),
            Self::Ratio(pairs) => ratio(pairs),
            Self::Deviation(triples) => deviation(triples),
        }
    }
}

fn mean(values: &[f64]) -> Option<Influence> {
    if values.is_empty() {
        return None;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    Some(Influence { value: mean, units: values.iter().map(|x| apart(*x, mean)).collect() })
}

/// A difference without rounding noise.
fn apart(a: f64, b: f64) -> f64 {
    let difference = a - b;
    if difference.abs() <= NOISE * (a.abs() + b.abs()) { 0.0 } else { difference }
}

fn sums<const K: usize>(all: &[[f64; K]]) -> [f64; K] {
    let mut sums = [0.0; K];
    for one in all {
        for (sum, value) in sums.iter_mut().zip(one) {
            *sum += value;
        }
    }
    sums
}

fn ratio(pairs: &[[f64; 2]]) -> Option<Influence> {
    let [x, y] = sums(pairs);
    if y == 0.0 {
        return None;
    }
    let (theta, mean_y) = (x / y, y / pairs.len() as f64);
    let unit = |[x, y]: &[f64; 2]| apart(*x, theta * y) / mean_y;
    Some(Influence { value: theta, units: pairs.iter().map(unit).collect() })
}

fn deviation(triples: &[[f64; 3]]) -> Option<Influence> {
    let [count, sum, squares] = sums(triples);
    if count < 2.0 {
        return None;
    }
    let mu = sum / count;
    let variance = squares / count - mu * mu;
    // As in `MomentAccumulator`: below it nothing can be told from rounding.
    if variance <= NOISE * mu * mu {
        return Some(Influence { value: 0.0, units: vec![0.0; triples.len()] });
    }
    let sigma = variance.sqrt();
    let scale = 2.0 * sigma * count / triples.len() as f64;
    let unit = |[n, s, q]: &[f64; 3]| (q - 2.0 * mu * s + (mu * mu - variance) * n) / scale;
    Some(Influence { value: sigma, units: triples.iter().map(unit).collect() })
}

#[cfg(test)]
mod tests {
    use super::super::testing::Uniforms;
    use super::super::{Histogram, Resolution, Sections, Sketch, Together};
    use super::*;

    #[track_caller]
    fn assert_close(actual: f64, expected: f64) {
        assert!(
            (actual - expected).abs() <= 1e-9 * (1.0 + expected.abs()),
            "{actual} is not {expected}"
        );
    }

    #[test]
    fn differences_and_ratios_of_small_figures_are_those_by_hand() {
        let a = Observations::Mean(vec![4.0, 6.0, 8.0]).influence().unwrap();
        let b = Observations::Mean(vec![3.0, 5.0, 4.0]).influence().unwrap();
        let difference = a.minus(&b).unwrap();
        assert_eq!((difference.value, &*difference.units), (2.0, &[-1.0, -1.0, 2.0][..]));
        // Mean 2, standard deviation √3, so the standard error is 1; t(2, 0.975) = 4.302653.
        let estimate = difference.estimate(0.95);
        assert_close(estimate.high.unwrap(), 2.0 + 4.302_652_729_749_464);
        let ratio = a.over(&b).unwrap();
        assert_close(ratio.value, 1.5);
        assert_close(ratio.units[0], (-2.0 + 1.5) / 4.0);
        let shares = Observations::Ratio(vec![[1.0, 2.0], [3.0, 4.0]]);
        let shares = shares.influence().unwrap();
        assert_close(shares.value, 4.0 / 6.0);
        assert_close(shares.units[0], (1.0 - 2.0 * 4.0 / 6.0) / 3.0);
    }

    #[test]
    fn what_is_unknown_or_does_not_pair_is_none() {
        assert_eq!(Observations::Mean(Vec::new()).influence(), None);
        assert_eq!(Observations::Ratio(vec![[0.0, 0.0]; 3]).influence(), None);
        assert_eq!(Observations::Deviation(vec![[1.0, 2.0, 4.0]]).influence(), None);
        let one = Observations::Mean(vec![3.0]).influence().unwrap();
        assert_eq!(one.estimate(0.95), Estimate::without_interval(3.0));
        let two = Observations::Mean(vec![3.0, 4.0]).influence().unwrap();
        assert_eq!(one.minus(&two), None);
        let zero = Observations::Mean(vec![0.0, 0.0]).influence().unwrap();
        assert_eq!(two.over(&zero), None);
        let most = Influence::without_interval(5.0);
        assert_close(most.minus(&Influence::without_interval(3.0)).unwrap().value, 2.0);
    }

    #[test]
    fn what_is_the_same_does_not_differ_by_rounding() {
        let values: Vec<f64> = (0..50).map(|i| 0.1 * f64::from(i)).collect();
        let a = Observations::Mean(values.clone()).influence().unwrap();
        let turned = Observations::Mean(values.into_iter().rev().collect());
        let b = turned.influence().unwrap();
        assert!(a.minus(&b).unwrap().value.abs() < f64::MIN_POSITIVE);
        let constant = Observations::Mean(vec![0.1; 7]).influence().unwrap();
        assert_eq!(constant.standard_error(), Some(0.0));
        let stored = a.clone().rounded(7);
        assert_eq!(stored.clone().rounded(7), stored);
        assert!((stored.value - a.value).abs() < 1e-6);
    }

    /// Waits of one day in two systems. The first multiplies the waits of the second by 1.25, and
    /// a third of its customers draw anew, so the pairing is good but not perfect.
    struct Pair {
        first: Vec<f64>,
        second: Vec<f64>,
    }

    /// A day of 100 customers who wait with probability 0.7, exponentially with a mean of 60 s
    /// over a factor of the day: gamma with mean 1 and variance 1/25.
    fn day(uniforms: &mut Uniforms) -> Pair {
        let busyness = uniforms.busyness(25);
        let mut pair = Pair { first: Vec::new(), second: Vec::new() };
        let draw = |uniforms: &mut Uniforms| {
            let wait = 60.0 / busyness * uniforms.exponential();
            if uniforms.next() < 0.7 { wait } else { 0.0 }
        };
        for _ in 0..100 {
            let wait = draw(uniforms);
            pair.second.push(wait);
            let again = uniforms.next() < 1.0 / 3.0;
            let own = if again { draw(uniforms) } else { wait };
            pair.first.push(1.25 * own);
        }
        pair
    }

    fn sketch(waits: &[f64]) -> Sketch {
        let mut histogram = Histogram::new(Resolution::FINE);
        for wait in waits {
            #[expect(clippy::cast_possible_truncation, reason = "rounding is wanted")]
            #[expect(clippy::cast_sign_loss, reason = "waits are not negative")]
            histogram.record((wait * 1e6) as u64);
        }
        histogram.to_sketch()
    }

    /// Mean, share over 60 s, deviation and quantile at 0.9 of one system's days.
    fn figures(days: &[Vec<f64>]) -> [Influence; 4] {
        let sum = |day: &Vec<f64>| day.iter().sum::<f64>();
        let long = |day: &Vec<f64>| day.iter().filter(|wait| **wait > 60.0).count() as f64;
        let moments = |day: &Vec<f64>| {
            let squares = day.iter().map(|wait| wait * wait).sum();
            [day.len() as f64, sum(day), squares]
        };
        let mut sections = Sections::new();
        for (index, day) in days.iter().enumerate() {
            sections.push(index, sketch(day));
        }
        [
            Observations::Mean(days.iter().map(|day| sum(day) / 100.0).collect())
                .influence()
                .unwrap(),
            Observations::Ratio(days.iter().map(|day| [long(day), day.len() as f64]).collect())
                .influence()
                .unwrap(),
            Observations::Deviation(days.iter().map(moments).collect()).influence().unwrap(),
            Together::new(vec![&sections]).influence(0.9).unwrap().scaled(1e-6),
        ]
    }

    /// What the figures of the second system are in the long run, with waits times `factor`.
    /// E[1/G] = 25/24 and E[1/G²] = 625/(24·23); P(W > x) = 0.7 (1 + x/(60·25))^−25.
    fn truths(factor: f64) -> [f64; 4] {
        let mean = 0.7 * 60.0 * 25.0 / 24.0;
        let square = 0.7 * 2.0 * 3600.0 * 625.0 / (24.0 * 23.0);
        let over = |x: f64| 0.7 * (1.0 + x / 1500.0).powi(-25);
        let quantile = 1500.0 * ((0.1f64 / 0.7).powf(-1.0 / 25.0) - 1.0);
        [
            factor * mean,
            over(60.0 / factor),
            factor * (square - mean * mean).sqrt(),
            factor * quantile,
        ]
    }

    #[test]
    fn paired_intervals_cover_what_they_should() {
        // 1,000 repetitions: an interval that covers 95 % leaves the band for one seed in 250;
        // eight of them for one seed in 31.
        let mut uniforms = Uniforms(11);
        let (first, second) = (truths(1.25), truths(1.0));
        let mut covered = [[0u32; 4]; 2];
        let mut gain = [0.0; 4];
        for _ in 0..1000 {
            let pairs: Vec<Pair> = (0..40).map(|_| day(&mut uniforms)).collect();
            let (a, b): (Vec<_>, Vec<_>) = pairs.into_iter().map(|p| (p.first, p.second)).unzip();
            let (a, b) = (figures(&a), figures(&b));
            for which in 0..4 {
                let difference = a[which].minus(&b[which]).unwrap();
                let ratio = a[which].over(&b[which]).unwrap();
                let truth = [first[which] - second[which], first[which] / second[which]];
                for (kind, influence) in [&difference, &ratio].into_iter().enumerate() {
                    let estimate = influence.estimate(0.95);
                    let (low, high) = (estimate.low.unwrap(), estimate.high.unwrap());
                    covered[kind][which] += u32::from(low <= truth[kind] && truth[kind] <= high);
                }
                let single = |i: &Influence| i.standard_error().unwrap();
                let unpaired = single(&a[which]).hypot(single(&b[which]));
                gain[which] += unpaired / single(&difference) / 1000.0;
            }
        }
        let honest = |count: &u32| (930..=970).contains(count);
        assert!(covered.iter().flatten().all(honest), "{covered:?} of 1000");
        assert!(gain.iter().all(|gain| *gain > 1.3), "pairing pays: {gain:?}");
    }
}
