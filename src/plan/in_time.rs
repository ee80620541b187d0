//! Days simulated batch by batch, so that a time limit is kept.

use crate::experiment::Control;

/// Batches in which days are simulated: so much of the time that they take may a limit be overrun.
const BATCHES: u32 = 64;
/// Days by which each thread is busy in a batch: with fewer, threads wait for each other.
const DAYS_OF_THREAD: u32 = 2;
/// Fewest days that say how much they differ: so many are simulated however late it is.
const FEWEST: u32 = 2;

/// Up to which day the next batch goes, where `done` of `days` days are simulated; `None` when
/// these have to do.
pub(super) fn next_batch(done: u32, days: u32, control: &Control<'_>) -> Option<u32> {
    if done >= days || done >= FEWEST && (control.deadline)() {
        return None;
    }
    if (control.deadline)() {
        return Some(FEWEST.min(days));
    }
    let threads = u32::try_from(control.threads).unwrap_or(u32::MAX);
    let batch = days.div_ceil(BATCHES).max(threads.saturating_mul(DAYS_OF_THREAD));
    Some(done.saturating_add(batch).min(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_come_to_all_days_while_there_is_time_and_to_two_when_there_is_none() {
        let control = Control::new(3);
        let mut ends = Vec::new();
        while let Some(next) = next_batch(ends.last().copied().unwrap_or(0), 20, &control) {
            ends.push(next);
        }
        assert_eq!(ends, [6, 12, 18, 20]);
        let late = Control { deadline: &|| true, ..control };
        assert_eq!(next_batch(0, 20, &late), Some(2));
        assert_eq!(next_batch(1, 1, &late), None);
        assert_eq!(next_batch(2, 20, &late), None);
        assert_eq!(next_batch(0, 6400, &Control::new(2)), Some(100));
    }
}
