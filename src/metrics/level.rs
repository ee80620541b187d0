//! Levels that move up and down: their integral and maximum between cuts.

use crate::time::SimTime;

/// A whole number that changes over time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Level {
    value: u64,
    peak: u64,
    /// Start of the stretch since the last cut.
    cut_at: SimTime,
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
    /// Integral, level-seconds.
    pub(super) fn seconds(&self) -> f64 {
        self.micros as f64 / 1e6
    }

    /// Integral, level-hours.
    pub(super) fn hours(&self) -> f64 {
        self.micros as f64 / 3.6e9
    }
}

impl Level {
    pub(super) fn value(&self) -> u64 {
        self.value
    }

    pub(super) fn up(&mut self, at: SimTime) {
        self.excess += self.since_cut(at);
        self.value += 1;
        self.peak = self.peak.max(self.value);
    }

    pub(super) fn down(&mut self, at: SimTime) {
        self.excess -= self.since_cut(at);
        self.value -= 1;
    }

    /// From now on the level is `value`.
    pub(super) fn set(&mut self, at: SimTime, value: u64) {
        let step = i128::from(value) - i128::from(self.value);
        self.excess += step * self.since_cut(at);
        self.value = value;
        self.peak = self.peak.max(value);
    }

    fn since_cut(&self, at: SimTime) -> i128 {
        i128::from((at - self.cut_at).as_micros())
    }

    /// Ends a stretch of time and begins the next.
    pub(super) fn cut(&mut self, at: SimTime) -> Cut {
        let micros = i128::from(self.value) * self.since_cut(at) - self.excess;
        let cut = Cut {
            micros,
            peak: self.peak as f64,
            end: self.value as f64,
        };
        self.cut_at = at;
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
        use crate::time::SimSpan;

        let at = |seconds| SimTime::START + SimSpan::from_seconds(seconds);
        let mut level = Level::default();
        level.up(at(1.0));
        level.up(at(2.0));
        level.down(at(4.0));
        assert_eq!(
            level.cut(at(10.0)),
            Cut {
                micros: 11_000_000,
                peak: 2.0,
                end: 1.0
            }
        );
        level.down(at(11.0));
        assert_eq!(
            level.cut(at(12.0)),
            Cut {
                micros: 1_000_000,
                peak: 1.0,
                end: 0.0
            }
        );
        level.set(at(13.0), 4);
        level.set(at(15.0), 3);
        assert_eq!(
            level.cut(at(16.0)),
            Cut {
                micros: 11_000_000,
                peak: 4.0,
                end: 3.0
            }
        );
    }
}
