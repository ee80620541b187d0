//! Levels that move up and down: their integral and maximum between cuts.

use crate::time::{SimSpan, SimTime};

/// A whole number that changes over time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Level {
    value: u64,
    peak: u64,
    since: SimTime,
    /// Level-microseconds since the last cut.
    area: u128,
}

/// What happened since the last cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cut {
    /// Integral, level-seconds.
    pub(super) area: f64,
    pub(super) peak: f64,
    pub(super) end: f64,
}

impl Level {
    pub(super) fn value(&self) -> u64 {
        self.value
    }

    pub(super) fn up(&mut self, at: SimTime) {
        self.pass(at);
        self.value += 1;
        self.peak = self.peak.max(self.value);
    }

    pub(super) fn down(&mut self, at: SimTime) {
        self.pass(at);
        self.value -= 1;
    }

    fn pass(&mut self, at: SimTime) {
        self.area += area(self.value, at - self.since);
        self.since = at;
    }

    /// Ends a stretch of time and begins the next.
    pub(super) fn cut(&mut self, at: SimTime) -> Cut {
        self.pass(at);
        let cut = Cut {
            area: self.area as f64 / 1e6,
            peak: self.peak as f64,
            end: self.value as f64,
        };
        self.area = 0;
        self.peak = self.value;
        cut
    }
}

/// A level times the length it held.
pub(super) fn area(level: u64, span: SimSpan) -> u128 {
    u128::from(level) * u128::from(span.as_micros().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_tells_the_integral_and_the_peak_since_the_last() {
        let at = |seconds| SimTime::START + SimSpan::from_seconds(seconds);
        let mut level = Level::default();
        level.up(at(1.0));
        level.up(at(2.0));
        level.down(at(4.0));
        assert_eq!(
            level.cut(at(10.0)),
            Cut {
                area: 1.0 + 4.0 + 6.0,
                peak: 2.0,
                end: 1.0
            }
        );
        level.down(at(11.0));
        assert_eq!(
            level.cut(at(12.0)),
            Cut {
                area: 1.0,
                peak: 1.0,
                end: 0.0
            }
        );
    }
}
