//! How many bot sessions are in progress: integral and maximum.
//!
//! The end of a session is known when it begins, and nothing happens there. So beginnings and ends
//! are only gathered, and looked at some thousands at a time. The integral does not ask for their
//! order. The maximum does, but hardly anywhere: time is cut into a few hundred slices, and of most
//! slices it is enough to know that even with all their beginnings first they would not reach it. The
//! others are put in order. So the maximum is exact, without a sorted event for each session.

use crate::metrics::level::Cut;
use crate::time::{SimSpan, SimTime};

/// So many beginnings are gathered at least.
const BATCH: usize = 2048;
/// Slices of time that a batch is cut into, at most.
const SLICES: usize = 512;

/// What happens at one instant, in this order; below the instant in a key.
const END: u64 = 0;
const BEGINNING: u64 = 1;
/// The end of a session that begins at the same instant.
const EMPTY_END: u64 = 2;

fn key(at: SimTime, what: u64) -> u64 {
    at.as_micros().cast_unsigned() << 2 | what
}

fn key_of_end(at: SimTime, is_empty: bool) -> u64 {
    key(at, if is_empty { EMPTY_END } else { END })
}

/// Sessions in progress.
#[derive(Debug)]
pub(super) struct Sessions {
    /// Sessions in progress when all was looked at last, and when that was.
    value: u64,
    looked_at: u64,
    /// The most since the last cut, and when that was.
    peak: u64,
    cut_at: u64,
    /// As that of a [`RunningLevel`](crate::metrics::level::RunningLevel); microseconds.
    excess: i128,
    /// Keys of beginnings since then, in order.
    begun: Vec<u64>,
    /// Keys of ends since then, and later; in no order.
    ends: Vec<u64>,
    /// Working memory: the keys that are put in order.
    ordered: Vec<u64>,
}

impl Sessions {
    pub(super) fn new() -> Self {
        Self {
            value: 0,
            looked_at: 0,
            peak: 0,
            cut_at: 0,
            excess: 0,
            begun: Vec::new(),
            ends: Vec::new(),
            ordered: Vec::new(),
        }
    }

    /// A session begins; where its end is known, it is given here and nowhere else.
    #[inline(always)]
    pub(super) fn begin(&mut self, at: SimTime, end: Option<SimTime>) {
        let key_of_beginning = key(at, BEGINNING);
        if self.begun.len() >= BATCH && self.is_time(key_of_beginning) {
            self.look(at);
        }
        self.begun.push(key_of_beginning);
        if let Some(end) = end {
            self.ends.push(key_of_end(end, end == at));
        }
    }

    /// Whether enough is gathered for the ends that have to be gone through, and all of it lies
    /// before this beginning.
    fn is_time(&self, key: u64) -> bool {
        self.begun.len() >= self.ends.len() / 2 && self.begun.last() < Some(&key)
    }

    /// A session ends that began so long before.
    pub(super) fn end(&mut self, at: SimTime, length: SimSpan) {
        self.ends.push(key_of_end(at, length == SimSpan::ZERO));
    }

    /// Ends a stretch of time and begins the next.
    pub(super) fn cut(&mut self, at: SimTime) -> Cut {
        self.look(at);
        let now = at.as_micros().cast_unsigned();
        let micros = i128::from(self.value) * i128::from(now - self.cut_at) - self.excess;
        let cut = Cut::new(micros, self.peak, self.value);
        (self.cut_at, self.excess, self.peak) = (now, 0, self.value);
        cut
    }

    /// Looks at all that happened before `now`, which is later than the last beginning.
    #[inline(never)]
    fn look(&mut self, now: SimTime) {
        let now = now.as_micros().cast_unsigned();
        let from = self.looked_at;
        let bits = u64::BITS - (now - from).leading_zeros();
        let shift = bits.saturating_sub(SLICES.ilog2());
        #[expect(clippy::cast_possible_truncation, reason = "below the number of slices")]
        let slice = |key: u64| (((key >> 2) - from) >> shift) as usize & (SLICES - 1);
        let mut begun = [0u32; SLICES];
        let mut ended = [0u32; SLICES];
        let mut excess = 0;
        for key in &self.begun {
            begun[slice(*key)] += 1;
            excess += i128::from((key >> 2) - self.cut_at);
        }
        for key in self.ends.iter().filter(|key| **key >> 2 < now) {
            ended[slice(*key)] += 1;
            excess -= i128::from((key >> 2) - self.cut_at);
        }
        self.excess += excess;
        // The values between slices are reached for certain.
        let mut values = [0; SLICES];
        let mut value = self.value;
        for (own, (begun, ended)) in values.iter_mut().zip(begun.iter().zip(&ended)) {
            *own = value;
            value = value + u64::from(*begun) - u64::from(*ended);
            self.peak = self.peak.max(value);
        }
        self.value = value;
        self.looked_at = now;
        let (peak, may_be) = (self.peak, |slice: usize| values[slice] + u64::from(begun[slice]));
        let ordered = &mut self.ordered;
        if (0..SLICES).any(|slice| may_be(slice) > peak) {
            let is_close = |key: &&u64| may_be(slice(**key)) > peak;
            ordered.extend(self.begun.iter().filter(is_close));
            let due = self.ends.iter().filter(|key| **key >> 2 < now);
            ordered.extend(due.filter(is_close));
        }
        self.ends.retain(|key| key >> 2 >= now);
        self.ordered.sort_unstable();
        let mut last = usize::MAX;
        for key in &self.ordered {
            let own = slice(*key);
            if own != last {
                (last, value) = (own, values[own]);
            }
            if key & 3 == BEGINNING {
                value += 1;
                self.peak = self.peak.max(value);
            } else {
                value -= 1;
            }
        }
        self.begun.clear();
        self.ordered.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::metrics::level::RunningLevel;

    const CUT_EVERY: i64 = 50_000;

    /// Integral, maximum and last value of each stretch, event by event.
    fn plain(sessions: &[(i64, i64)], stretches: i64) -> Vec<Cut> {
        let mut events: Vec<(i64, u64)> = Vec::new();
        for (at, length) in sessions {
            events.push((*at, BEGINNING));
            let what = if *length == 0 { EMPTY_END } else { END };
            events.push((at + length, what));
        }
        events.sort_unstable();
        let mut level = RunningLevel::default();
        let mut cuts = Vec::new();
        let mut next = events.iter().peekable();
        for stretch in 0..stretches {
            let (from, to) = (stretch * CUT_EVERY, (stretch + 1) * CUT_EVERY);
            while let Some((at, what)) = next.next_if(|(at, _)| *at < to) {
                match *what {
                    BEGINNING => level.up(at - from),
                    _ => level.down(at - from),
                }
            }
            cuts.push(level.cut(CUT_EVERY));
        }
        cuts
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn cuts_are_those_of_a_level_that_is_moved_event_by_event(
            gaps in prop::collection::vec((0i64..60, prop_oneof![Just(0i64), 0i64..200, 0i64..90_000]), 1..6000),
            ends_are_known in any::<bool>(),
        ) {
            let mut at = 0;
            let sessions: Vec<(i64, i64)> = gaps
                .into_iter()
                .map(|(gap, length)| {
                    at += gap;
                    (at, length)
                })
                .collect();
            let stretches = at / CUT_EVERY + 3;
            let time = SimTime::from_micros;
            let mut told = Sessions::new();
            let mut cuts = Vec::new();
            // Ends that are not known are told in order, before the beginnings of their instant.
            let mut open: Vec<(i64, i64)> = Vec::new();
            let mut next = sessions.iter().peekable();
            for stretch in 1..=stretches {
                let to = stretch * CUT_EVERY;
                loop {
                    let begins = next.peek().map_or(i64::MAX, |(at, _)| *at);
                    let ends = open.iter().copied().min().unwrap_or((i64::MAX, 0));
                    if begins.min(ends.0) >= to {
                        break;
                    }
                    if ends.0 <= begins {
                        let place = open.iter().position(|other| *other == ends).unwrap();
                        open.swap_remove(place);
                        told.end(time(ends.0), SimSpan::from_micros(ends.1));
                        continue;
                    }
                    let (at, length) = *next.next().unwrap();
                    if ends_are_known {
                        told.begin(time(at), Some(time(at + length)));
                    } else {
                        told.begin(time(at), None);
                        open.push((at + length, length));
                    }
                }
                cuts.push(told.cut(time(to)));
            }
            prop_assert_eq!(cuts, plain(&sessions, stretches));
        }
    }
}
