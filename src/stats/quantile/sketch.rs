//! Filled buckets only: to keep and to merge.

use super::Resolution;
use super::buckets::{Bucket, count_before, quantile_of, run_below};

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
        Self { resolution, buckets: Vec::new(), count: 0 }
    }

    /// The sketch of observations in rising order.
    pub fn of_sorted(resolution: Resolution, values: &[u64]) -> Self {
        let zeros = values.partition_point(|value| *value == 0);
        let mut buckets = Vec::new();
        if zeros > 0 {
            buckets.push(Bucket { low: 0, high: 0, count: zeros as u64 });
        }
        resolution.add_sorted(&values[zeros..], &mut buckets);
        Self { resolution, buckets, count: values.len() as u64 }
    }

    /// The observations of several sketches of [`Resolution::FINE`].
    ///
    /// # Panics
    /// When they are of another.
    pub fn together(sketches: &[&Self]) -> Self {
        let count = sketches.iter().map(|sketch| sketch.buckets.len()).sum();
        let mut buckets = Vec::with_capacity(count);
        for sketch in sketches {
            assert_eq!(sketch.resolution, Resolution::FINE);
            buckets.extend_from_slice(&sketch.buckets);
        }
        // The stable sort finds the sorted runs and merges them.
        buckets.sort_by_key(|bucket| bucket.low);
        Self {
            resolution: Resolution::FINE,
            buckets: Resolution::FINE.join(&buckets),
            count: sketches.iter().map(|sketch| sketch.count).sum(),
        }
    }

    /// The same observations in buckets of another resolution, which must not be finer.
    #[must_use]
    pub fn coarsened(&self, resolution: Resolution) -> Self {
        Self { resolution, buckets: resolution.join(&self.buckets), count: self.count }
    }

    /// Whether it is of [`Resolution::FINE`].
    pub(in crate::stats) fn is_fine(&self) -> bool {
        self.resolution == Resolution::FINE
    }

    /// What is known of the observations, in rising order: of each bucket the least and the greatest
    /// value, in microseconds, and how many there are.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64, u64)> {
        self.buckets.iter().map(|bucket| (bucket.low, bucket.high, bucket.count))
    }

    /// How many observations were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Adds the observations of another sketch, whose buckets may be finer.
    ///
    /// # Panics
    /// When they are coarser.
    pub fn merge(&mut self, other: &Self) {
        assert!(
            self.resolution.bits <= other.resolution.bits,
            "observations are not known any finer than they were kept"
        );
        if self.buckets.is_empty() {
            self.replace(other);
            return;
        }
        // Most replications fill the buckets that earlier ones did: those are updated in place.
        let mut missing: Vec<(usize, Bucket)> = Vec::new();
        let mut from = 0;
        // The greatest value of the bucket that was missing last.
        let mut up_to = None;
        for (done, bucket) in other.buckets.iter().enumerate() {
            if let Some((_, last)) = missing.last_mut().filter(|_| Some(bucket.low) <= up_to) {
                last.high = bucket.high;
                last.count += bucket.count;
                continue;
            }
            let (first, last) = self.resolution.bounds(bucket.low);
            from += run_below(&self.buckets[from..], first);
            match self.buckets.get_mut(from) {
                Some(own) if own.low <= last => own.add(*bucket),
                _ => {
                    if missing.is_empty() {
                        missing.reserve_exact(other.buckets.len() - done);
                    }
                    missing.push((from, *bucket));
                    up_to = Some(last);
                }
            }
        }
        insert(&mut self.buckets, &missing);
        self.count += other.count;
    }

    /// The same for a sketch that is empty.
    fn replace(&mut self, other: &Self) {
        if self.resolution == other.resolution {
            self.buckets.clone_from(&other.buckets);
        } else {
            self.buckets = self.resolution.join(&other.buckets);
        }
        self.count = other.count;
    }

    /// As [`Histogram::quantile`](super::Histogram::quantile).
    pub fn quantile(&self, p: f64) -> Option<f64> {
        quantile_of(&self.buckets, self.count, p)
    }

    /// As [`Histogram::count_at_most`](super::Histogram::count_at_most).
    pub fn count_at_most(&self, micros: f64) -> f64 {
        Self::count_at_most_together([self], micros)
    }

    /// The same for the observations of several sketches of one resolution together: what merging
    /// them first would give, to the bit, without the work.
    pub(in crate::stats) fn count_at_most_together<'s>(
        sketches: impl IntoIterator<Item = &'s Self>,
        micros: f64,
    ) -> f64 {
        #[expect(clippy::cast_possible_truncation, reason = "rounding down is wanted")]
        #[expect(clippy::cast_sign_loss, reason = "what is below 0 shares the bucket of 0")]
        let whole = micros as u64;
        let mut below = 0;
        let mut shared = Bucket::EMPTY;
        for sketch in sketches {
            let (first, last) = sketch.resolution.bounds(whole);
            let buckets = &sketch.buckets;
            let place = buckets.partition_point(|bucket| bucket.low < first);
            below += count_before(buckets, sketch.count, place);
            if let Some(bucket) = buckets.get(place).filter(|bucket| bucket.low <= last) {
                shared.add(*bucket);
            }
        }
        below as f64 + shared.at_most(micros)
    }

    /// The greatest observation.
    pub fn max(&self) -> Option<u64> {
        self.buckets.last().map(|bucket| bucket.high)
    }
}

/// Inserts buckets at places among those that are there, by rising place.
fn insert(buckets: &mut Vec<Bucket>, missing: &[(usize, Bucket)]) {
    let mut end = buckets.len();
    buckets.resize(end + missing.len(), Bucket::EMPTY);
    // From the last on, so that each stretch is moved once.
    for (before, (place, bucket)) in missing.iter().enumerate().rev() {
        buckets.copy_within(*place..end, *place + before + 1);
        buckets[*place + before] = *bucket;
        end = *place;
    }
}
