//! Pending events of one kind, earliest first; ties in the order of scheduling.
//!
//! A heap with four children a node: half as many levels as with two, and the least of four is found
//! without a branch. An entry is compared by one integer of 64 bits, its key: the instant, below it
//! the kind, and in the bits that are left the order of scheduling (22 of them for a day and a day of
//! drain, 11 for ten years). Where these overflow they begin again at 0: of two events of one
//! microsecond the one scheduled later comes first if that lies between them. Each kind of event
//! has a calendar of its own, so that each stays small and compares what is alike. Keys of all of them
//! compare as well: the least is the next event of the center, by the tie rule of [`super::world`].
//!
//! Two calls save the half of the work where an event brings about the next of its kind at once, as
//! when an agent goes from one contact to the next: [`Calendar::take_first`] lets what is below the
//! first entry go up at once, and what is scheduled before [`Calendar::settle`] falls into the gap
//! that this leaves at the bottom, where it mostly belongs. The way down does not wait for its key.

use crate::time::SimTime;

/// Children per node.
const ARITY: usize = 4;
/// Bits of the kind of an event.
const KIND_BITS: u32 = 4;
/// The head of an empty calendar: later than any event.
pub(super) const NOTHING: u64 = u64::MAX;
/// The place of no gap.
const NO_GAP: usize = usize::MAX;

/// How the events of a run are made keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    /// Bits below the instant.
    low_bits: u32,
    /// All bits of the order of scheduling.
    orders: u64,
    /// The first microsecond after the run; events that lie further off never happen.
    never: u64,
}

impl Keys {
    /// Keys of a run up to `end`.
    pub(super) fn new(end: SimTime) -> Self {
        let never = end.as_micros().cast_unsigned() + 1;
        let low_bits = (never + 1).leading_zeros();
        Self { low_bits, orders: (1 << (low_bits - KIND_BITS)) - 1, never }
    }

    /// The bits by which keys tell a kind, below 16: the rank of these events among those of one
    /// instant.
    pub(super) fn kind(self, kind: u64) -> u64 {
        kind << (self.low_bits - KIND_BITS)
    }

    /// The least key of an instant that does not lie before the start, and of a kind, as
    /// [`Keys::kind`] has it.
    #[inline(always)]
    pub(super) fn at(self, at: SimTime, kind: u64) -> u64 {
        debug_assert!(at >= SimTime::START, "events lie in the run");
        at.as_micros().cast_unsigned().min(self.never) << self.low_bits | kind
    }

    /// The key of an event that is number `order` of its kind to be scheduled.
    #[inline(always)]
    pub(super) fn key(self, at: SimTime, kind: u64, order: u64) -> u64 {
        self.at(at, kind) | order & self.orders
    }

    /// The instant of a key; of [`NOTHING`] one after the run.
    #[inline(always)]
    pub(super) fn instant(self, key: u64) -> SimTime {
        SimTime::from_micros((key >> self.low_bits).cast_signed())
    }

    /// The kind of a key.
    #[inline(always)]
    pub(super) fn kind_of(self, key: u64) -> usize {
        ((key >> (self.low_bits - KIND_BITS)) & ((1 << KIND_BITS) - 1)) as usize
    }
}

/// A pending event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PendingEvent {
    /// When, and in which order: tells an event from an earlier one with the same payload.
    pub(super) key: u64,
    /// What it is about.
    pub(super) payload: u32,
}

/// Pending events of one kind.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    heap: Vec<PendingEvent>,
    /// The first key.
    head: u64,
    scheduled: u64,
    keys: Keys,
    /// As [`Keys::kind`] has it.
    kind: u64,
    /// Where an entry is missing; [`NO_GAP`] if none is.
    gap: usize,
}

impl Calendar {
    /// Nothing yet; `kind`, below 16, is the rank of these events among those of one instant.
    pub(super) fn new(keys: Keys, kind: u64) -> Self {
        Self {
            heap: Vec::new(),
            head: NOTHING,
            scheduled: 0,
            keys,
            kind: keys.kind(kind),
            gap: NO_GAP,
        }
    }

    /// The key of the next event; [`NOTHING`] if there is none.
    #[inline(always)]
    pub(super) fn head(&self) -> u64 {
        self.head
    }

    /// The next event, left in place.
    #[inline(always)]
    pub(super) fn first(&self) -> Option<PendingEvent> {
        self.heap.first().copied()
    }

    /// Schedules an event and returns its key.
    #[inline(always)]
    pub(super) fn schedule(&mut self, at: SimTime, payload: u32) -> u64 {
        let key = self.keys.key(at, self.kind, self.scheduled);
        self.scheduled += 1;
        let entry = PendingEvent { key, payload };
        let mut place = std::mem::replace(&mut self.gap, NO_GAP);
        if place == NO_GAP {
            place = self.heap.len();
            self.heap.push(entry);
        }
        self.rise(place, 0, entry);
        self.head = self.head.min(key);
        key
    }

    /// Takes the next event out.
    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<PendingEvent> {
        let first = self.take_first();
        self.settle();
        first
    }

    /// Takes the next event out and leaves a gap, which the next that is scheduled fills; `settle`
    /// has to follow before anything else is asked of the calendar.
    #[inline(always)]
    pub(super) fn take_first(&mut self) -> Option<PendingEvent> {
        debug_assert_eq!(self.gap, NO_GAP, "one gap at a time");
        let first = self.first()?;
        self.gap = self.sink(0);
        self.head = if self.gap == 0 { NOTHING } else { self.heap[0].key };
        Some(first)
    }

    /// Closes the gap that [`Calendar::take_first`] left, unless it is filled.
    #[inline(always)]
    pub(super) fn settle(&mut self) {
        let gap = std::mem::replace(&mut self.gap, NO_GAP);
        if gap == NO_GAP {
            return;
        }
        if let Some(last) = self.heap.pop()
            && gap < self.heap.len()
        {
            self.rise(gap, 0, last);
        }
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
    pub(super) fn retain(&mut self, mut wanted: impl FnMut(PendingEvent) -> bool) {
        self.heap.retain(|entry| wanted(*entry));
        for node in (0..=self.heap.len() / ARITY).rev() {
            if let Some(entry) = self.heap.get(node).copied() {
                let bottom = self.sink(node);
                self.rise(bottom, node, entry);
            }
        }
        self.head = self.heap.first().map_or(NOTHING, |first| first.key);
    }

    /// Puts an entry in the place of `node`, or as far above it, up to `top`, as it belongs.
    #[inline(always)]
    fn rise(&mut self, mut node: usize, top: usize, entry: PendingEvent) {
        let heap = self.heap.as_mut_slice();
        while node > top {
            let parent = (node - 1) / ARITY;
            if heap[parent].key <= entry.key {
                break;
            }
            heap[node] = heap[parent];
            node = parent;
        }
        heap[node] = entry;
    }

    /// Lets what is below `node` go up, the least child first, and returns the place that this leaves
    /// at the bottom.
    #[inline(always)]
    fn sink(&mut self, mut node: usize) -> usize {
        let heap = self.heap.as_mut_slice();
        loop {
            let first = node * ARITY + 1;
            let children = heap.get(first..first + ARITY);
            let children = children.and_then(<[_]>::first_chunk::<ARITY>);
            let (child, least) = if let Some(children) = children {
                // All of them: comparisons without branches.
                let [a, b, c, d] = children;
                let (left, left_key) = (usize::from(b.key < a.key), a.key.min(b.key));
                let (right, right_key) = (2 + usize::from(d.key < c.key), c.key.min(d.key));
                let child = if right_key < left_key { right } else { left };
                (child, children[child % ARITY])
            } else {
                let rest = heap.get(first..).unwrap_or_default();
                let children = rest.iter().copied().enumerate();
                match children.min_by_key(|(_, child)| child.key) {
                    Some(least) => least,
                    None => return node,
                }
            };
            heap[node] = least;
            node = first + child;
        }
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
        let mut expected: Vec<_> =
            times.into_iter().zip(0..).filter(|(_, payload)| *payload != 8).collect();
        expected.sort_unstable();
        let mut left = Vec::new();
        while let Some(entry) = calendar.first() {
            assert_eq!(calendar.keys.kind_of(calendar.head()), 3);
            let instant = calendar.keys.instant(calendar.head());
            left.push((instant.as_micros(), entry.payload));
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
            let now = plain.first().map_or(SimTime::START, |_| plain.keys.instant(plain.head()));
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
            let keys = Keys::new(at(end));
            let mut calendar = Calendar::new(keys, 15);
            calendar.schedule(SimTime::NEVER, 1);
            calendar.schedule(at(end) + SimSpan::LONGEST, 2);
            calendar.schedule(at(end), 3);
            assert_eq!(keys.instant(calendar.head()), at(end));
            assert_eq!(calendar.pop().map(|entry| entry.payload), Some(3));
            assert_eq!(calendar.pop().map(|entry| entry.payload), Some(1));
            assert!(keys.instant(calendar.head()) > at(end) && calendar.head() < NOTHING);
            assert!(keys.instant(NOTHING) > at(end));
        }
    }
}
