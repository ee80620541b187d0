//! Pending events of one kind, earliest first; ties in the order of scheduling.
//!
//! A heap with four children a node, so that the children of a node lie in one cache line. An entry
//! is compared by one integer of 64 bits: the instant, and in the bits that the run leaves the order
//! of scheduling (27 of them for a day, 15 for ten years; where they overflow, events of one
//! microsecond that were scheduled so far apart may change places). Each kind of event has a calendar
//! of its own, so that each stays small and compares what is alike; the tie rule between kinds is in
//! [`super::world`], which sees of each calendar one integer, the [`Calendar::head`].
//!
//! Two calls save the half of the work where an event brings about the next of its kind at once, as
//! when an agent goes from one contact to the next: [`Calendar::take_first`] leaves a gap at the top,
//! and what is scheduled before [`Calendar::settle`] falls into it.

use crate::time::SimTime;

/// Children per node.
const ARITY: usize = 4;
/// Bits of a head below the instant.
const KIND_BITS: u32 = 4;
/// The head of an empty calendar: later than any instant.
pub(super) const NOTHING: u64 = u64::MAX;

/// How the instants of a run are made keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    /// Bits below the instant.
    order_bits: u32,
    /// The first microsecond after the run; events that lie further off never happen.
    never: u64,
}

impl Keys {
    /// Keys of a run up to `end`.
    pub(super) fn new(end: SimTime) -> Self {
        let never = end.as_micros().cast_unsigned() + 1;
        Self {
            order_bits: (never + 1).leading_zeros(),
            never,
        }
    }

    /// The key of an instant that does not lie before the start.
    #[inline(always)]
    pub(super) fn key(self, at: SimTime, order: u64) -> u64 {
        debug_assert!(at >= SimTime::START, "events lie in the run");
        let at = at.as_micros().cast_unsigned().min(self.never);
        at << self.order_bits | order & ((1 << self.order_bits) - 1)
    }

    /// The head of a calendar of the kind `kind`, whose first key is `key`.
    #[inline(always)]
    pub(super) fn head(self, key: u64, kind: u64) -> u64 {
        key >> self.order_bits << KIND_BITS | kind
    }
}

/// The head of a calendar of the kind `kind`, whose first event comes at `at`.
#[inline(always)]
pub(super) fn head_at(at: SimTime, kind: u64) -> u64 {
    if at == SimTime::NEVER {
        return NOTHING;
    }
    at.as_micros().cast_unsigned() << KIND_BITS | kind
}

/// The instant of a head.
#[inline(always)]
pub(super) fn instant(head: u64) -> SimTime {
    SimTime::from_micros((head >> KIND_BITS).cast_signed())
}

/// The kind of a head.
#[inline(always)]
pub(super) fn kind(head: u64) -> usize {
    (head & ((1 << KIND_BITS) - 1)) as usize
}

/// A pending event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// When, and in which order: tells an event from an earlier one with the same payload.
    pub(super) key: u64,
    /// What it is about.
    pub(super) payload: u32,
}

/// Pending events of one kind.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    heap: Vec<Entry>,
    head: u64,
    scheduled: u64,
    keys: Keys,
    kind: u64,
    /// Whether the first entry is over, and nothing has taken its place.
    has_gap: bool,
}

impl Calendar {
    /// Nothing yet; `kind`, below 16, is the rank of these events among those of one instant.
    pub(super) fn new(keys: Keys, kind: u64) -> Self {
        Self {
            heap: Vec::new(),
            head: NOTHING,
            scheduled: 0,
            keys,
            kind,
            has_gap: false,
        }
    }

    /// When the next event happens, and below that its kind; [`NOTHING`] if there is none.
    #[inline(always)]
    pub(super) fn head(&self) -> u64 {
        self.head
    }

    /// The next event, left in place.
    #[inline(always)]
    pub(super) fn first(&self) -> Option<Entry> {
        self.heap.first().copied()
    }

    /// Schedules an event and returns its key.
    #[inline(always)]
    pub(super) fn schedule(&mut self, at: SimTime, payload: u32) -> u64 {
        let key = self.keys.key(at, self.scheduled);
        self.scheduled += 1;
        let entry = Entry { key, payload };
        if self.has_gap {
            self.has_gap = false;
            self.sink(0, entry);
        } else {
            self.heap.push(entry);
            self.rise(self.heap.len() - 1, entry);
        }
        self.look();
        key
    }

    /// Takes the next event out.
    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<Entry> {
        let first = self.take_first();
        self.settle();
        first
    }

    /// Takes the next event out and leaves a gap, which the next that is scheduled fills; `settle`
    /// has to follow before anything else is asked of the calendar.
    #[inline(always)]
    pub(super) fn take_first(&mut self) -> Option<Entry> {
        debug_assert!(!self.has_gap, "one gap at a time");
        let first = self.first();
        self.has_gap = first.is_some();
        first
    }

    /// Closes the gap that [`Calendar::take_first`] left, unless it is filled.
    #[inline(always)]
    pub(super) fn settle(&mut self) {
        if !self.has_gap {
            return;
        }
        self.has_gap = false;
        if let Some(last) = self.heap.pop()
            && !self.heap.is_empty()
        {
            self.sink(0, last);
        }
        self.look();
    }

    /// Number of pending events.
    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }

    /// What the pending events are about, in no order.
    pub(super) fn payloads(&self) -> impl Iterator<Item = u32> + '_ {
        self.heap.iter().map(|entry| entry.payload)
    }

    /// Drops the events that are no longer wanted.
    pub(super) fn retain(&mut self, mut wanted: impl FnMut(Entry) -> bool) {
        self.heap.retain(|entry| wanted(*entry));
        for node in (0..=self.heap.len() / ARITY).rev() {
            if let Some(entry) = self.heap.get(node) {
                self.sink(node, *entry);
            }
        }
        self.look();
    }

    /// Takes a look at the first entry.
    #[inline(always)]
    fn look(&mut self) {
        self.head = match self.heap.first() {
            Some(first) => self.keys.head(first.key, self.kind),
            None => NOTHING,
        };
    }

    #[inline(always)]
    fn rise(&mut self, mut node: usize, entry: Entry) {
        while node > 0 {
            let parent = (node - 1) / ARITY;
            if self.heap[parent].key <= entry.key {
                break;
            }
            self.heap[node] = self.heap[parent];
            node = parent;
        }
        self.heap[node] = entry;
    }

    /// Puts an entry in the place of `node`, or as far below it as it belongs.
    #[inline(always)]
    fn sink(&mut self, mut node: usize, entry: Entry) {
        let heap = self.heap.as_mut_slice();
        loop {
            let first = node * ARITY + 1;
            let rest = heap.get(first..).unwrap_or_default();
            let (child, least) = if let Some(children) = rest.first_chunk::<ARITY>() {
                // All of them: a length known beforehand makes the comparisons branch-free.
                let [a, b, c, d] = children;
                let (left, left_key) = (usize::from(b.key < a.key), a.key.min(b.key));
                let (right, right_key) = (2 + usize::from(d.key < c.key), c.key.min(d.key));
                let child = if right_key < left_key { right } else { left };
                (child, children[child & (ARITY - 1)])
            } else {
                let children = rest.iter().copied().enumerate();
                match children.min_by_key(|(_, child)| child.key) {
                    Some(least) => least,
                    None => break,
                }
            };
            if entry.key <= least.key {
                break;
            }
            heap[node] = least;
            node = first + child;
        }
        heap[node] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SimSpan;

    fn at(micros: i64) -> SimTime {
        SimTime::from_micros(micros)
    }

    fn calendar() -> Calendar {
        Calendar::new(Keys::new(SimTime::START + SimSpan::DAY), 3)
    }

    #[test]
    fn events_leave_in_order_of_time_and_of_scheduling() {
        let mut calendar = calendar();
        let times = [5, 3, 5, 1, 3, 9, 1, 1, 7, 5, 0, 3];
        for (payload, micros) in times.into_iter().enumerate() {
            calendar.schedule(at(micros), u32::try_from(payload).unwrap());
        }
        calendar.retain(|entry| entry.payload != 8);
        let mut expected: Vec<_> = times
            .into_iter()
            .zip(0..)
            .filter(|(_, payload)| *payload != 8)
            .collect();
        expected.sort_unstable();
        let mut left = Vec::new();
        while let Some(entry) = calendar.first() {
            assert_eq!(kind(calendar.head()), 3);
            left.push((instant(calendar.head()).as_micros(), entry.payload));
            assert_eq!(calendar.pop(), Some(entry));
        }
        assert_eq!(left, expected);
        assert_eq!(calendar.head(), NOTHING);
    }

    #[test]
    fn what_falls_into_a_gap_stands_as_if_the_gap_had_been_closed_before() {
        let (mut with_gaps, mut plain) = (calendar(), calendar());
        let mut word = 1u64;
        let mut next = move || {
            word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            word >> 40
        };
        for payload in 0..5000 {
            let now = plain
                .first()
                .map_or(SimTime::START, |_| instant(plain.head()));
            let (coming, takes) = (next() % 3, next() % 2 == 0);
            assert_eq!(with_gaps.head(), plain.head());
            if takes {
                assert_eq!(with_gaps.take_first(), plain.pop());
            }
            for _ in 0..coming {
                let later = now + SimSpan::from_micros(i64::try_from(next() % 20).unwrap());
                with_gaps.schedule(later, payload);
                plain.schedule(later, payload);
            }
            with_gaps.settle();
        }
    }

    #[test]
    fn what_lies_beyond_the_run_never_comes_before_its_end() {
        for end in [0, 1, 86_400_000_000, 10 * 365 * 86_400_000_000] {
            let mut calendar = Calendar::new(Keys::new(at(end)), 15);
            calendar.schedule(SimTime::NEVER, 1);
            calendar.schedule(at(end) + SimSpan::LONGEST, 2);
            calendar.schedule(at(end), 3);
            assert_eq!(instant(calendar.head()), at(end));
            assert_eq!(calendar.pop().map(|entry| entry.payload), Some(3));
            assert_eq!(calendar.pop().map(|entry| entry.payload), Some(1));
            assert!(instant(calendar.head()) > at(end) && calendar.head() < NOTHING);
        }
    }
}
