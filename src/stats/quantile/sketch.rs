//! Filled buckets only: to keep and to merge.

use super::Resolution;
use super::buckets::{Bucket, count_at_most_of, quantile_of, run_below};

/// What a [`Histogram`](super::Histogram) holds, by its filled buckets only: to keep and to merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    pub(super) resolution: Resolution,
    /// By rising value.
    pub(super) buckets: Vec<Bucket>,
    pub(super) count: u64,
}

impl Sketch {
    /// An empty sketch.
    pub const fn new(resolution: Resolution) -> Self {
        Self {
            resolution,
            buckets: Vec::new(),
            count: 0,
        }
    }

    /// The sketch of observations in rising order.
    pub fn of_sorted(resolution: Resolution, values: &[u64]) -> Self {
        let zeros = values.partition_point(|value| *value == 0);
        let mut buckets = Vec::new();
        if zeros > 0 {
            buckets.push(Bucket {
                low: 0,
                high: 0,
                count: zeros as u64,
            });
        }
        resolution.add_sorted(&values[zeros..], &mut buckets);
        Self {
            resolution,
            buckets,
            count: values.len() as u64,
        }
    }

    /// The same observations in buckets of another resolution, which must not be finer.
    #[must_use]
    pub fn coarsened(&self, resolution: Resolution) -> Self {
        let buckets = resolution.join(self.buckets.iter().copied());
        Self {
            resolution,
            buckets,
            count: self.count,
        }
    }

    /// How many observations were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Adds the observations of another sketch.
    ///
    /// # Panics
    /// When the resolutions differ.
    pub fn merge(&mut self, other: &Self) {
        assert_eq!(
            self.resolution, other.resolution,
            "sketches of one metric are alike"
        );
        if self.buckets.is_empty() {
            self.buckets.clone_from(&other.buckets);
            self.count = other.count;
            return;
        }
        // Most replications fill the buckets that earlier ones did: those are updated in place.
        let mut missing = Vec::new();
        let mut from = 0;
        for bucket in &other.buckets {
            let (first, last) = self.resolution.bounds(bucket.low);
            from += run_below(&self.buckets[from..], first);
            match self.buckets.get_mut(from) {
                Some(own) if own.low <= last => {
                    own.low = own.low.min(bucket.low);
                    own.high = own.high.max(bucket.high);
                    own.count += bucket.count;
                }
                _ => missing.push(*bucket),
            }
        }
        if !missing.is_empty() {
            self.buckets.append(&mut missing);
            // The stable sort finds the two sorted runs and merges them.
            self.buckets.sort_by_key(|bucket| bucket.low);
        }
        self.count += other.count;
    }

    /// As [`Histogram::quantile`](super::Histogram::quantile).
    pub fn quantile(&self, p: f64) -> Option<f64> {
        quantile_of(self.buckets.iter().copied(), self.count, p)
    }

    /// As [`Histogram::count_at_most`](super::Histogram::count_at_most).
    pub fn count_at_most(&self, micros: f64) -> f64 {
        count_at_most_of(self.buckets.iter().copied(), micros)
    }

    /// The greatest observation.
    pub fn max(&self) -> Option<u64> {
        self.buckets.last().map(|bucket| bucket.high)
    }
}
