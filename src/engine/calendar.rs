//! Pending events of one kind, earliest first; ties in the order of scheduling.
//!
//! A d-ary heap of 16-byte keys: 56 bits of time, 40 of scheduling order, 32 of payload, compared
//! as one integer. Each kind of event has a calendar of its own, so that the kinds that come
//! often stay small; the tie rule between kinds is in [`super::world`].

use crate::time::SimTime;

/// Children per node: four neighbors lie in one cache line.
const ARITY: usize = 4;

/// A pending event: when, and a number that says what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry(u128);

impl Entry {
    pub(super) fn new(at: SimTime, order: u64, payload: u32) -> Self {
        let at = at.as_micros().clamp(0, (1 << 56) - 1).cast_unsigned();
        let order = order & ((1 << 40) - 1);
        Self((u128::from(at) << 72) | (u128::from(order) << 32) | u128::from(payload))
    }

    /// When it happens.
    pub(super) const fn at(self) -> SimTime {
        SimTime::from_micros((self.0 >> 72) as i64)
    }

    /// What it is about.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the low 32 bits are the payload"
    )]
    pub(super) const fn payload(self) -> u32 {
        self.0 as u32
    }

    /// The order of scheduling: tells an event from an earlier one with the same payload.
    #[expect(clippy::cast_possible_truncation, reason = "40 bits")]
    pub(super) const fn order(self) -> u64 {
        (self.0 >> 32) as u64 & ((1 << 40) - 1)
    }
}

/// Pending events of one kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Calendar {
    heap: Vec<Entry>,
    scheduled: u64,
}

impl Calendar {
    /// When the next event happens; [`SimTime::NEVER`] if there is none.
    pub(super) fn next_at(&self) -> SimTime {
        self.heap.first().map_or(SimTime::NEVER, |entry| entry.at())
    }

    /// The next event, left in place.
    pub(super) fn first(&self) -> Option<Entry> {
        self.heap.first().copied()
    }

    /// Schedules an event and returns its order of scheduling.
    pub(super) fn schedule(&mut self, at: SimTime, payload: u32) -> u64 {
        let order = self.scheduled;
        self.scheduled += 1;
        self.heap.push(Entry::new(at, order, payload));
        self.rise(self.heap.len() - 1);
        order & ((1 << 40) - 1)
    }

    /// Takes the next event out.
    pub(super) fn pop(&mut self) -> Option<Entry> {
        let last = self.heap.pop()?;
        let Some(first) = self.heap.first_mut() else {
            return Some(last);
        };
        let next = std::mem::replace(first, last);
        self.sink(0);
        Some(next)
    }

    /// Puts the next event off to a later instant; among events of one instant it keeps its rank.
    pub(super) fn put_off_first(&mut self, at: SimTime) {
        if let Some(first) = self.heap.first_mut() {
            *first = Entry::new(at, first.order(), first.payload());
            self.sink(0);
        }
    }

    /// Number of pending events.
    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }

    /// What the pending events are about, in no order.
    pub(super) fn payloads(&self) -> impl Iterator<Item = u32> + '_ {
        self.heap.iter().map(|entry| entry.payload())
    }

    /// Drops the events that are no longer wanted.
    pub(super) fn retain(&mut self, mut wanted: impl FnMut(Entry) -> bool) {
        self.heap.retain(|entry| wanted(*entry));
        for node in (0..=self.heap.len() / ARITY).rev() {
            self.sink(node);
        }
    }

    fn rise(&mut self, mut node: usize) {
        let entry = self.heap[node];
        while node > 0 {
            let parent = (node - 1) / ARITY;
            if self.heap[parent] <= entry {
                break;
            }
            self.heap[node] = self.heap[parent];
            node = parent;
        }
        self.heap[node] = entry;
    }

    fn sink(&mut self, mut node: usize) {
        let Some(&entry) = self.heap.get(node) else {
            return;
        };
        loop {
            let first = node * ARITY + 1;
            // All four children but at the end of the heap: a length known beforehand makes the
            // comparisons branch-free.
            let (child, least) = if let Some(&[a, b, c, d]) = self.heap.get(first..first + ARITY) {
                let left = if b < a { (first + 1, b) } else { (first, a) };
                let right = if d < c {
                    (first + 3, d)
                } else {
                    (first + 2, c)
                };
                if right.1 < left.1 { right } else { left }
            } else {
                let rest = self.heap.get(first..).unwrap_or_default();
                match (first..)
                    .zip(rest.iter().copied())
                    .min_by_key(|(_, child)| *child)
                {
                    Some(least) => least,
                    None => break,
                }
            };
            if entry <= least {
                break;
            }
            self.heap[node] = least;
            node = child;
        }
        self.heap[node] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_leave_in_order_of_time_and_of_scheduling() {
        let mut calendar = Calendar::default();
        let times = [5, 3, 5, 1, 3, 9, 1, 1, 7, 5, 0, 3];
        for (payload, at) in times.into_iter().enumerate() {
            calendar.schedule(SimTime::from_micros(at), u32::try_from(payload).unwrap());
        }
        calendar.retain(|entry| entry.payload() != 8);
        let mut expected: Vec<_> = times
            .into_iter()
            .zip(0..)
            .filter(|(_, payload)| *payload != 8)
            .collect();
        expected.sort_unstable();
        let mut left = Vec::new();
        while let Some(entry) = calendar.pop() {
            left.push((entry.at().as_micros(), entry.payload()));
        }
        assert_eq!(left, expected);
    }

    #[test]
    fn an_event_that_is_put_off_keeps_its_rank_among_those_of_one_instant() {
        let mut calendar = Calendar::default();
        let mut plain: Vec<(i64, u32)> = (0..50).map(|source| (0, source)).collect();
        for (_, source) in &plain {
            calendar.schedule(SimTime::START, *source);
        }
        let mut word = 1u64;
        for _ in 0..2000 {
            word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let first = plain.iter_mut().min().unwrap();
            let entry = calendar.first().unwrap();
            assert_eq!((entry.at().as_micros(), entry.payload()), *first);
            first.0 += i64::try_from(word >> 62).unwrap();
            calendar.put_off_first(SimTime::from_micros(first.0));
        }
    }
}
