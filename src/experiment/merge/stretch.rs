//! Several reporting intervals at a time.

use super::Interval;
use crate::metrics::Day;
use crate::model::Model;
use crate::time::SimSpan;

/// The day in pieces of so many reporting intervals.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    /// Reporting intervals in a piece.
    pub(super) size: usize,
    /// The first piece that lies after the warm-up.
    first: usize,
    pub(super) pieces: Vec<Interval>,
}

impl Stretch {
    pub(super) fn new(model: &Model, length: SimSpan, empty: &Interval) -> Self {
        let horizon = &model.horizon;
        let size = length.as_micros() / horizon.interval.as_micros().max(1);
        let size = usize::try_from(size).unwrap_or(1).max(1);
        let first = horizon.first_interval.div_ceil(size);
        let count = horizon.intervals.div_ceil(size).saturating_sub(first);
        Self { size, first, pieces: vec![empty.clone(); count] }
    }

    /// The reporting intervals of piece `index`, as places among all of the run.
    pub(super) fn places(&self, index: usize, model: &Model) -> std::ops::Range<usize> {
        let from = (self.first + index) * self.size;
        from..(from + self.size).min(model.horizon.intervals)
    }

    pub(super) fn push(&mut self, replication: usize, day: &Day, model: &Model) {
        for index in 0..self.pieces.len() {
            let places = self.places(index, model);
            let first = model.horizon.first_interval;
            let mut parts = day.intervals[places.start - first..places.end - first].iter();
            if let Some(part) = parts.next() {
                let mut piece = part.clone();
                parts.for_each(|part| piece.join(part));
                self.pieces[index].push(replication, piece);
            }
        }
    }
}
