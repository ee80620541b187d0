//! Ranges of numbers that several tables share.

use crate::format::{ReadCount, ReadNumber, count, number_between};

/// Most agents of a group.
pub(super) const MOST_AGENTS: u32 = 10_000_000;

/// A number of agents.
pub(super) const AGENTS: ReadCount = count(0, MOST_AGENTS);

/// A priority; 1 is served first.
pub(super) const PRIORITIES: ReadCount = count(1, 1_000_000);

/// A limit that may be 0.
pub(super) const LIMIT: ReadCount = count(0, u32::MAX);

/// The coefficient of variation of a day factor.
pub(super) const DAY_FACTOR: ReadNumber =
    number_between(0.0, 10.0, "write standard deviation over mean, such as `0.1` for 10 %");
