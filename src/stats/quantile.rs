//! Histograms of lengths of time with bounded error, for quantiles of pooled observations.
//!
//! Buckets are log-linear, as in Gil Tene's `HdrHistogram`: 512 µs wide at first, then so many to
//! each doubling. Each bucket also keeps its least and greatest value, so an atom (fixed handling,
//! all waits of zero) is reproduced exactly, and so is any bucket of one or two values. Merging
//! adds integers: its order does not matter.

mod buckets;
mod sketch;

pub use buckets::Resolution;
use buckets::{Bucket, quantile_of};
pub use sketch::Sketch;

/// So many observations are kept one by one before they are counted in buckets.
const FEW: usize = if cfg!(test) { 50 } else { 512 };

/// A histogram to record into: quick, and as long as its highest bucket, or as the observations
/// where those are few.
///
/// ```
/// use surgecast::stats::quantile::{Histogram, Resolution};
///
/// let mut waits = Histogram::new(Resolution::FINE);
/// for micros in [0, 0, 0, 20_000_000] {
///     waits.record(micros);
/// }
/// assert_eq!(waits.quantile(0.5), Some(0.0));
/// assert_eq!(waits.quantile(0.95), Some(20_000_000.0));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    resolution: Resolution,
    /// Observations of 0, which are many where waits are observed.
    zeros: u64,
    /// The first other observations, until there are too many of them.
    few: Vec<u64>,
    /// Whether there were too many: then they are counted in buckets.
    is_spilled: bool,
    /// The buckets above that of 0.
    cells: Vec<Bucket>,
    count: u64,
}

impl Histogram {
    /// An empty histogram; it takes no memory until something is recorded.
    pub const fn new(resolution: Resolution) -> Self {
        Self {
            resolution,
            zeros: 0,
            few: Vec::new(),
            is_spilled: false,
            cells: Vec::new(),
            count: 0,
        }
    }

    /// Counts an observation.
    #[expect(clippy::inline_always, reason = "a call would add a quarter")]
    #[inline(always)]
    pub fn record(&mut self, micros: u64) {
        self.count += 1;
        if micros == 0 {
            self.zeros += 1;
        } else if self.is_spilled {
            self.count_in_cells(micros);
        } else if self.few.len() < FEW {
            self.few.push(micros);
        } else {
            self.spill(micros);
        }
    }

    /// From here on observations are counted in buckets.
    #[cold]
    fn spill(&mut self, next: u64) {
        self.is_spilled = true;
        let mut few = std::mem::take(&mut self.few);
        for micros in few.drain(..) {
            self.count_in_cells(micros);
        }
        self.few = few;
        self.count_in_cells(next);
    }

    #[expect(clippy::inline_always, reason = "a call would add a quarter")]
    #[inline(always)]
    fn count_in_cells(&mut self, micros: u64) {
        // The bucket of 0 has no cell.
        let index = self.resolution.locate(micros).0 - 1;
        if index >= self.cells.len() {
            self.grow(index);
        }
        let cell = &mut self.cells[index];
        cell.count += 1;
        cell.low = cell.low.min(micros);
        cell.high = cell.high.max(micros);
    }

    #[cold]
    fn grow(&mut self, index: usize) {
        self.cells.resize(index + 1, Bucket::EMPTY);
    }

    /// How many observations were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The smallest value that at least the share `p` of the observations does not exceed, in
    /// microseconds; `None` without observations. Off by less than the width of a bucket, which
    /// is what [`Resolution`] says; exact for buckets of at most two values.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        quantile_of(&self.buckets(), self.count, p)
    }

    /// How many observations are at most `micros`, interpolated within its bucket.
    pub fn count_at_most(&self, micros: f64) -> f64 {
        self.to_sketch().count_at_most(micros)
    }

    /// The greatest observation.
    pub fn max(&self) -> Option<u64> {
        self.buckets().last().map(|bucket| bucket.high)
    }

    /// The same observations in less memory.
    pub fn to_sketch(&self) -> Sketch {
        Sketch { resolution: self.resolution, buckets: self.buckets(), count: self.count }
    }

    /// The same, and the histogram is empty again; it keeps its memory.
    pub fn drain(&mut self) -> Sketch {
        self.few.sort_unstable();
        let sketch = Sketch {
            resolution: self.resolution,
            buckets: self.buckets_with(&self.few),
            count: self.count,
        };
        self.zeros = 0;
        self.count = 0;
        if std::mem::take(&mut self.is_spilled) {
            self.cells.fill(Bucket::EMPTY);
        }
        self.few.clear();
        sketch
    }

    /// The buckets that hold something, by rising value.
    fn buckets(&self) -> Vec<Bucket> {
        let mut few = self.few.clone();
        few.sort_unstable();
        self.buckets_with(&few)
    }

    /// The same where the few first observations are sorted already.
    fn buckets_with(&self, few: &[u64]) -> Vec<Bucket> {
        let filled = || self.cells.iter().filter(|cell| cell.count > 0);
        let others = if self.is_spilled { filled().count() } else { few.len() };
        let mut buckets = Vec::with_capacity(others + usize::from(self.zeros > 0));
        if self.zeros > 0 {
            buckets.push(Bucket { low: 0, high: 0, count: self.zeros });
        }
        if self.is_spilled {
            buckets.extend(filled().copied());
        } else {
            self.resolution.add_sorted(few, &mut buckets);
        }
        buckets.shrink_to_fit();
        buckets
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn histogram(resolution: Resolution, values: &[u64]) -> Histogram {
        let mut histogram = Histogram::new(resolution);
        for &value in values {
            histogram.record(value);
        }
        histogram
    }

    /// Lengths of every magnitude, zero and repetitions among them.
    fn lengths() -> impl Strategy<Value = Vec<u64>> {
        let length = prop_oneof![
            2 => Just(0),
            1 => Just(20_000_000),
            3 => 0u64..1_000_000,
            4 => (0u32..52, any::<u64>()).prop_map(|(bits, word)| word >> (63 - bits)),
        ];
        prop::collection::vec(length, 1..400)
    }

    #[test]
    fn buckets_follow_each_other_without_gap() {
        for resolution in [Resolution::FINE, Resolution::COARSE] {
            assert_eq!(resolution.locate(0).0, 0);
            assert_eq!(resolution.locate(1).0, 1);
            let mut next = 0;
            for index in 1..=resolution.locate(u64::MAX).0 {
                let (start, width_bits) = resolution.start(index);
                assert_eq!(start, next, "bucket {index}");
                assert_eq!(resolution.locate(start.max(1)), (index, width_bits));
                let last = start + ((1 << width_bits) - 1);
                assert_eq!(resolution.locate(last), (index, width_bits));
                assert_eq!(resolution.bounds(last), (start.max(1), last));
                assert!(start < 1 << 16 || (start >> width_bits) >= 1 << resolution.bits);
                next = last.wrapping_add(1);
            }
            assert_eq!(next, 0, "the last bucket ends with the last word");
        }
    }

    #[test]
    fn atoms_and_small_samples_are_exact() {
        let waits = histogram(Resolution::COARSE, &[0, 0, 0, 5_000_000, 5_000_000, 77_777_777]);
        for (p, expected) in [(0.0, 0.0), (0.5, 0.0), (0.51, 5e6), (0.83, 5e6), (1.0, 77_777_777.0)]
        {
            assert_eq!(waits.quantile(p), Some(expected), "{p}");
        }
        for (micros, expected) in [(0.0, "3"), (4_999_999.0, "3"), (5e6, "5"), (8e7, "6")] {
            assert_eq!(waits.count_at_most(micros).to_string(), expected);
        }
        assert_eq!(waits.max(), Some(77_777_777));
    }

    #[test]
    fn seven_percent_of_a_hundred_is_rank_seven() {
        let values: Vec<u64> = (1..=100).map(|second| second * 1_000_000).collect();
        let histogram = histogram(Resolution::FINE, &values);
        for percent in 1..=100u32 {
            let expected = f64::from(percent) * 1e6;
            assert_eq!(histogram.quantile(f64::from(percent) / 100.0), Some(expected));
        }
    }

    #[test]
    fn an_empty_histogram_knows_nothing() {
        let mut histogram = Histogram::new(Resolution::FINE);
        assert_eq!((histogram.quantile(0.5), histogram.max()), (None, None));
        assert_eq!(histogram.to_sketch().quantile(0.5), None);
        histogram.record(1 << 50);
        assert_eq!(histogram.max(), Some(1 << 50));
    }

    proptest! {
        #[test]
        fn quantiles_are_near_the_order_statistics(mut values in lengths(), percent in 0u32..=100) {
            values.sort_unstable();
            let rank = (values.len() * percent as usize).div_ceil(100).max(1);
            let (exact, greatest) = (values[rank - 1] as f64, values[values.len() - 1]);
            for (resolution, relative) in
                [(Resolution::FINE, 1.0 / 128.0), (Resolution::COARSE, 1.0 / 32.0)]
            {
                let histogram = histogram(resolution, &values);
                let p = f64::from(percent) / 100.0;
                let error = (histogram.quantile(p).unwrap() - exact).abs();
                prop_assert!(error <= (exact * relative).max(512.0), "{} at {}", error, exact);
                prop_assert_eq!(histogram.to_sketch().quantile(p), histogram.quantile(p));
                let max = histogram.max().unwrap();
                prop_assert_eq!(max, greatest);
            }
        }

        #[test]
        fn counts_and_quantiles_undo_each_other(values in lengths(), p in 0.001..=1.0) {
            let sketch = histogram(Resolution::FINE, &values).to_sketch();
            let share = sketch.count_at_most(sketch.quantile(p).unwrap()) / values.len() as f64;
            prop_assert!(share >= p - 1e-9, "{} of {}", share, p);
            let all = sketch.count_at_most(u64::MAX as f64) - values.len() as f64;
            prop_assert!(all.abs() < 1e-9 && sketch.count_at_most(-1.0) <= 0.0);
        }

        #[test]
        fn merging_is_recording_together(values in lengths(), others in lengths()) {
            let both: Vec<u64> = values.iter().chain(&others).copied().collect();
            let together = histogram(Resolution::COARSE, &both);
            let mut sketch = histogram(Resolution::COARSE, &others).to_sketch();
            sketch.merge(&histogram(Resolution::COARSE, &values).to_sketch());
            prop_assert_eq!(sketch, together.to_sketch());
        }

        #[test]
        fn merging_into_coarser_buckets_is_merging_what_was_made_coarse(
            values in lengths(),
            others in lengths(),
        ) {
            let fine = histogram(Resolution::FINE, &values).to_sketch();
            let coarse = fine.coarsened(Resolution::COARSE);
            let mut all = histogram(Resolution::FINE, &others)
                .to_sketch()
                .coarsened(Resolution::COARSE);
            let mut expected = all.clone();
            expected.merge(&coarse);
            all.merge(&fine);
            prop_assert_eq!(all, expected);
            let mut first = Sketch::new(Resolution::COARSE);
            first.merge(&fine);
            prop_assert_eq!(first, coarse);
        }

        #[test]
        fn counting_together_is_counting_what_was_merged(
            values in lengths(),
            others in lengths(),
            micros in prop_oneof![-1.0..70e6, Just(0.0), Just(20e6), Just(2e19)],
            p in 0.0..=1.0,
        ) {
            let parts = [&values, &others, &vec![]]
                .map(|values| histogram(Resolution::COARSE, values).to_sketch());
            let mut all = parts[0].clone();
            all.merge(&parts[1]);
            // Bucket by bucket, as the definition says.
            let counted = |micros: f64| {
                let reached = all.buckets.iter().take_while(|bucket| bucket.low as f64 <= micros);
                reached.map(|bucket| bucket.at_most(micros)).sum::<f64>()
            };
            for micros in [micros, all.quantile(p).unwrap()] {
                let together = Sketch::count_at_most_together(&parts, micros);
                prop_assert_eq!(together.to_bits(), (counted(micros) + 0.0).to_bits());
                prop_assert_eq!(all.count_at_most(micros).to_bits(), together.to_bits());
            }
            let parts = [&values, &others, &values]
                .map(|values| histogram(Resolution::FINE, values).to_sketch());
            let mut all = parts[0].clone();
            all.merge(&parts[1]);
            all.merge(&parts[2]);
            prop_assert_eq!(Sketch::together(&[&parts[0], &parts[1], &parts[2]]), all);
        }

        #[test]
        fn coarser_buckets_are_those_that_coarse_recording_fills(values in lengths()) {
            let fine = histogram(Resolution::FINE, &values).to_sketch();
            let coarse = histogram(Resolution::COARSE, &values).to_sketch();
            let coarsened = fine.coarsened(Resolution::COARSE);
            prop_assert_eq!(coarsened.count(), coarse.count());
            for p in [0.0, 0.5, 0.9, 1.0] {
                let (a, b) = (coarsened.quantile(p).unwrap(), coarse.quantile(p).unwrap());
                prop_assert!((a - b).abs() <= 1e-9 * b, "{} {}", a, b);
            }
        }
    }
}
