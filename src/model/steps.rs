//! Step functions of simulated time.

use crate::time::SimTime;

/// A value that changes at given instants.
#[derive(Clone, Debug, PartialEq)]
pub struct StepTable<T> {
    first: T,
    later: Vec<(SimTime, T)>,
}

impl<T: Copy + PartialEq> StepTable<T> {
    /// `first` holds from the start of time; each entry of `later`, in order of time, from its
    /// instant to the next. Entries that change nothing are dropped.
    pub fn new(first: T, later: impl IntoIterator<Item = (SimTime, T)>) -> Self {
        let mut table = Self { first, later: Vec::new() };
        for (at, value) in later {
            let held = table.later.last().map_or(table.first, |(_, held)| *held);
            if value != held {
                table.later.push((at, value));
            }
        }
        table
    }

    /// The value at an instant.
    pub fn at(&self, at: SimTime) -> T {
        if self.later.is_empty() {
            return self.first;
        }
        match self.later.partition_point(|(from, _)| *from <= at) {
            0 => self.first,
            after => self.later[after - 1].1,
        }
    }
}
