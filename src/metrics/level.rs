//! Levels that move up and down: their integral and maximum between cuts.
//!
//! All levels of a collector are cut at the same instants, so it is the collector that knows how long
//! ago that was; a step takes that time, in microseconds.

/// A whole number that changes over time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct RunningLevel {
    value: u64,
    peak: u64,
    /// Level-microseconds since the last cut, as if the level had held all the time that its value
    /// holds now: every step takes off what it did not. One addition a step, and no product.
    excess: i128,
}

/// What happened since the last cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cut {
    /// Integral, level-microseconds.
    micros: i128,
    pub(super) peak: f64,
    pub(super) end: f64,
}

impl Cut {
    /// An integral in level-microseconds, the maximum, and the last value.
    pub(super) fn new(micros: i128, peak: u64, end: u64) -> Self {
        Self { micros, peak: peak as f64, end: end as f64 }
    }

    /// Integral, level-seconds.
    pub(super) fn seconds(&self) -> f64 {
        self.micros as f64 / 1e6
    }

    /// Integral, level-hours.
    pub(super) fn hours(&self) -> f64 {
        self.micros as f64 / 3.6e9
    }
}

impl RunningLevel {
    #[inline]
    pub(super) fn value(&self) -> u64 {
        self.value
    }

    /// One more, `since` microseconds after the last cut.
    #[inline]
    pub(super) fn up(&mut self, since: i64) {
        self.excess += i128::from(since);
        self.value += 1;
        self.peak = self.peak.max(self.value);
    }

    /// One less.
    #[inline]
    pub(super) fn down(&mut self, since: i64) {
        self.excess -= i128::from(since);
        self.value -= 1;
    }

    /// From now on the level is `value`.
    pub(super) fn set(&mut self, since: i64, value: u64) {
        let step = i128::from(value) - i128::from(self.value);
        self.excess += step * i128::from(since);
        self.value = value;
        self.peak = self.peak.max(value);
    }

    /// Ends a stretch of time and begins the next.
    pub(super) fn cut(&mut self, since: i64) -> Cut {
        let micros = i128::from(self.value) * i128::from(since) - self.excess;
        let cut = Cut::new(micros, self.peak, self.value);
        self.excess = 0;
        self.peak = self.value;
        cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_tells_the_integral_and_the_peak_since_the_last() {
        const SECOND: i64 = 1_000_000;
        let cut = |micros, peak, end| Cut { micros, peak, end };
        let mut level = RunningLevel::default();
        level.up(SECOND);
        level.up(2 * SECOND);
        level.down(4 * SECOND);
        assert_eq!(level.cut(10 * SECOND), cut(11_000_000, 2.0, 1.0));
        level.down(SECOND);
        assert_eq!(level.cut(2 * SECOND), cut(1_000_000, 1.0, 0.0));
        level.set(SECOND, 4);
        level.set(3 * SECOND, 3);
        assert_eq!(level.cut(4 * SECOND), cut(11_000_000, 4.0, 3.0));
    }
}
