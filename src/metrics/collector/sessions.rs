//! How many bot sessions are in progress.
//!
//! The end of a session is known when it begins, and only the level at each instant is wanted. So
//! beginnings and ends are gathered, and looked at in order some thousands at a time: cheaper than to
//! have each end wait for its turn.

use crate::metrics::level::{Cut, Level};
use crate::time::{SimSpan, SimTime};

/// So many beginnings are gathered at least.
const BATCH: usize = 2048;

/// Sessions in progress.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    level: Level,
    /// Beginnings since the level was brought up to date, in order.
    begun: Vec<Begun>,
    /// Ends since then, and later; in no order.
    ends: Vec<SimTime>,
    /// Those that are looked at: empty otherwise.
    due: Vec<SimTime>,
}

#[derive(Clone, Copy, Debug)]
struct Begun {
    at: SimTime,
    /// Whether it ends at the same instant.
    is_empty: bool,
}

impl Sessions {
    /// A session begins; where its end is known, it is given here and nowhere else. `cut_at` is when
    /// the level was last cut.
    #[inline]
    pub(super) fn begin(&mut self, at: SimTime, end: Option<SimTime>, cut_at: SimTime) {
        let gathered = self.begun.len();
        if gathered >= BATCH && gathered >= self.ends.len() / 2 && self.begun[gathered - 1].at < at
        {
            self.catch_up(at, cut_at);
        }
        let is_empty = end == Some(at);
        self.begun.push(Begun { at, is_empty });
        if let Some(end) = end
            && !is_empty
        {
            self.ends.push(end);
        }
    }

    /// A session ends that began so long before.
    pub(super) fn end(&mut self, at: SimTime, length: SimSpan) {
        if length > SimSpan::ZERO {
            self.ends.push(at);
        } else if let Some(begun) = self.begun.iter_mut().rfind(|begun| !begun.is_empty) {
            begun.is_empty = true;
        }
    }

    /// Ends a stretch of time and begins the next.
    pub(super) fn cut(&mut self, at: SimTime, cut_at: SimTime) -> Cut {
        self.catch_up(at, cut_at);
        self.level.cut((at - cut_at).as_micros())
    }

    /// Brings the level up to all that happened before `now`, which is later than the last beginning.
    #[inline(never)]
    fn catch_up(&mut self, now: SimTime, cut_at: SimTime) {
        let (due, level) = (&mut self.due, &mut self.level);
        self.ends.retain(|end| {
            let is_due = *end < now;
            if is_due {
                due.push(*end);
            }
            !is_due
        });
        due.sort_unstable();
        let since = |at: SimTime| (at - cut_at).as_micros();
        let mut next = 0;
        for Begun { at, is_empty } in self.begun.drain(..) {
            // Of one instant, ends come first.
            while let Some(end) = due.get(next)
                && *end <= at
            {
                level.down(since(*end));
                next += 1;
            }
            level.up(since(at));
            if is_empty {
                level.down(since(at));
            }
        }
        for end in &due[next..] {
            level.down(since(*end));
        }
        due.clear();
    }
}
