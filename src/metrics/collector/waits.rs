//! Waits by interval and contact type.
//!
//! Most contacts are answered in the interval in which they joined: those waits go into one set of
//! histograms, which is emptied into sketches when the interval ends. The others are gathered and
//! added to the sketches of their intervals many at a time. The day is the sum of its intervals.

use crate::metrics::day::Sketches;
use crate::stats::quantile::{Histogram, Resolution, Sketch};

/// So many waits of earlier intervals are gathered.
const LATE: usize = 8192;

/// Which wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Which {
    Answered,
    Abandoned,
    ToHuman,
}

/// Waits of one replication.
#[derive(Debug)]
pub(super) struct RecordedWaits {
    types: usize,
    /// Of the open interval, by contact type and [`Which`].
    open: Vec<[Histogram; 3]>,
    /// Place of the first contact type in the open interval.
    first: usize,
    /// Of intervals that have ended: place, which, microseconds.
    late: Vec<(u32, Which, u64)>,
    /// By place: interval, then contact type.
    closed: Vec<[Sketch; 3]>,
}

impl RecordedWaits {
    /// For so many contact types and intervals.
    pub(super) fn new(types: usize, intervals: usize) -> Self {
        let histogram = Histogram::new(Resolution::FINE);
        let sketch = Sketch::new(Resolution::FINE);
        let histograms = [histogram.clone(), histogram.clone(), histogram];
        let sketches = [sketch.clone(), sketch.clone(), sketch];
        Self {
            types,
            open: vec![histograms; types],
            first: 0,
            late: Vec::new(),
            closed: vec![sketches; types * intervals],
        }
    }

    /// Counts a wait; `place` is not later than the open interval.
    #[inline(always)]
    pub(super) fn record(&mut self, place: usize, which: Which, micros: u64) {
        if place >= self.first {
            self.open[place - self.first][which as usize].record(micros);
        } else {
            self.record_late(place, which, micros);
        }
    }

    fn record_late(&mut self, place: usize, which: Which, micros: u64) {
        let place = u32::try_from(place).expect("intervals times types are few");
        self.late.push((place, which, micros));
        if self.late.len() >= LATE {
            self.add_late();
        }
    }

    /// The open interval ends, and the next begins.
    pub(super) fn close(&mut self) {
        let closed = &mut self.closed[self.first..];
        for (histograms, sketches) in self.open.iter_mut().zip(closed) {
            for (histogram, sketch) in histograms.iter_mut().zip(sketches) {
                // What came late to it is not there yet.
                *sketch = histogram.drain();
            }
        }
        self.first += self.types;
    }

    fn add_late(&mut self) {
        self.late.sort_unstable();
        let mut values = Vec::new();
        for same in self.late.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (place, which, _) = same[0];
            values.clear();
            values.extend(same.iter().map(|(_, _, micros)| *micros));
            let sketch = Sketch::of_sorted(Resolution::FINE, &values);
            self.closed[place as usize][which as usize].merge(&sketch);
        }
        self.late.clear();
    }

    /// The waits by place; `has_bot` by contact type. The last interval is what came after it was
    /// begun.
    pub(super) fn finish(mut self, has_bot: &[bool]) -> Vec<Sketches> {
        self.close();
        self.add_late();
        let sketches = |(place, [answered, abandoned, to_human]): (usize, [Sketch; 3])| Sketches {
            answered,
            abandoned,
            to_human: has_bot[place % self.types].then_some(to_human),
        };
        self.closed.into_iter().enumerate().map(sketches).collect()
    }
}
