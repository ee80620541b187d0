//! Log-linear buckets, and what is read from them.

/// The narrowest buckets are 2^9 = 512 µs wide.
pub(super) const UNIT_BITS: u32 = 9;

/// How fine the buckets are: 2^bits of them to each doubling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolution {
    pub(super) bits: u32,
}

impl Resolution {
    /// A bucket is less than 1 % wide (1/128, 128 to each doubling) from 65 ms, 512 µs below it.
    pub const FINE: Self = Self { bits: 7 };
    /// A bucket is about 3 % wide (1/32, 32 to each doubling) from 16 ms, 512 µs below it.
    pub const COARSE: Self = Self { bits: 5 };

    /// The bucket of `micros` and the logarithm of the bucket's width. Zero has bucket 0 to
    /// itself.
    #[inline]
    pub(super) fn locate(self, micros: u64) -> (usize, u32) {
        let least_top = UNIT_BITS + self.bits;
        let top = (micros | (1 << least_top)).ilog2();
        let width_bits = top - self.bits;
        let within = (micros >> width_bits) + (u64::from(width_bits - UNIT_BITS) << self.bits);
        #[expect(clippy::cast_possible_truncation, reason = "at most 64 doublings of 2^bits")]
        let index = within as usize + usize::from(micros != 0);
        (index, width_bits)
    }

    /// The least and the greatest value that share the bucket of `micros`.
    pub(super) fn bounds(self, micros: u64) -> (u64, u64) {
        if micros == 0 {
            return (0, 0);
        }
        let within = (1 << self.locate(micros).1) - 1;
        ((micros & !within).max(1), micros | within)
    }

    /// The buckets of observations over 0 in rising order, after those that are there.
    pub(super) fn add_sorted(self, values: &[u64], buckets: &mut Vec<Bucket>) {
        // The greatest value that shares the bucket that was filled last.
        let mut up_to = 0;
        for &value in values {
            match buckets.last_mut() {
                Some(last) if value <= up_to => {
                    last.high = value;
                    last.count += 1;
                }
                _ => {
                    up_to = self.bounds(value).1;
                    buckets.push(Bucket { low: value, high: value, count: 1 });
                }
            }
        }
    }

    /// Joins parts, by rising least value, that share a bucket.
    pub(super) fn join(self, parts: &[Bucket]) -> Vec<Bucket> {
        let mut joined: Vec<Bucket> = Vec::with_capacity(parts.len());
        // The greatest value that shares the bucket that was filled last.
        let mut up_to = 0;
        for part in parts {
            match joined.last_mut() {
                Some(last) if part.low <= up_to => {
                    last.high = last.high.max(part.high);
                    last.count += part.count;
                }
                _ => {
                    up_to = self.bounds(part.low).1;
                    joined.push(*part);
                }
            }
        }
        joined.shrink_to_fit();
        joined
    }

    /// The least value that falls into bucket `index` ≥ 1 (of the first: 0), and the logarithm of
    /// its width.
    #[cfg(test)]
    pub(super) fn start(self, index: usize) -> (u64, u32) {
        let within = index as u64 - 1;
        let doubling = (within >> self.bits).saturating_sub(1);
        let width_bits = UNIT_BITS + u32::try_from(doubling).expect("there are 64 doublings");
        ((within - (doubling << self.bits)) << width_bits, width_bits)
    }
}

/// Observations that share a bucket: `count` of them from `low` to `high` microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    pub(super) low: u64,
    pub(super) high: u64,
    pub(super) count: u64,
}

impl Bucket {
    /// Nothing yet, ready for a first value.
    pub(super) const EMPTY: Self = Self { low: u64::MAX, high: 0, count: 0 };

    /// Adds more observations that share the bucket.
    pub(super) fn add(&mut self, other: Self) {
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
        self.count += other.count;
    }

    /// The value of rank `rank`, 1 to `count`, if the values are evenly spread from low to high.
    pub(super) fn at_rank(self, rank: u64) -> f64 {
        if self.count == 1 {
            return self.low as f64;
        }
        let share = (rank - 1) as f64 / (self.count - 1) as f64;
        self.low as f64 + share * (self.high - self.low) as f64
    }

    /// How many values are at most `micros`, if they are evenly spread from low to high.
    pub(super) fn at_most(self, micros: f64) -> f64 {
        let (low, high) = (self.low as f64, self.high as f64);
        if micros >= high {
            self.count as f64
        } else if micros < low {
            0.0
        } else {
            1.0 + (micros - low) / (high - low) * (self.count - 1) as f64
        }
    }
}

/// The smallest x with F(x) ≥ `p` (nearest rank) of the observations in `buckets`, `count` of them.
pub(super) fn quantile_of(buckets: &[Bucket], count: u64, p: f64) -> Option<f64> {
    if count == 0 {
        return None;
    }
    // 0.07 · 100 is a little more than 7 in floating point: that must not reach rank 8.
    let rank = (p.clamp(0.0, 1.0) * count as f64 * (1.0 - 1e-12)).ceil();
    #[expect(clippy::cast_possible_truncation, reason = "whole by `ceil`")]
    #[expect(clippy::cast_sign_loss, reason = "`p` is not negative")]
    let rank = (rank as u64).clamp(1, count);
    // From the nearer end: most quantiles that are asked for are high.
    if rank <= count / 2 {
        let mut before = 0;
        for bucket in buckets {
            if before + bucket.count >= rank {
                return Some(bucket.at_rank(rank - before));
            }
            before += bucket.count;
        }
    } else {
        let mut before = count;
        for bucket in buckets.iter().rev() {
            before -= bucket.count;
            if before < rank {
                return Some(bucket.at_rank(rank - before));
            }
        }
    }
    None
}

/// How many observations there are in `buckets`, which hold `count`, before the one at `place`.
pub(super) fn count_before(buckets: &[Bucket], count: u64, place: usize) -> u64 {
    let sum = |part: &[Bucket]| part.iter().map(|bucket| bucket.count).sum::<u64>();
    if place <= buckets.len() / 2 { sum(&buckets[..place]) } else { count - sum(&buckets[place..]) }
}

/// How many of the sorted `buckets` start below `micros`; quick where they are few.
pub(super) fn run_below(buckets: &[Bucket], micros: u64) -> usize {
    let mut reach = 1;
    while reach < buckets.len() && buckets[reach].low < micros {
        reach *= 2;
    }
    let reach = buckets.len().min(reach + 1);
    buckets[..reach].partition_point(|bucket| bucket.low < micros)
}
