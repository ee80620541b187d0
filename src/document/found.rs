//! How much of something the promises allow, or ask for.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Number;
use super::words::Version;
use crate::plan::find::{Crossing, FindAnswer, MetSide};

/// The value at which promises begin or cease to be kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindDocument<'a> {
    find: Version<1>,
    /// Path of what was varied.
    pub path: Cow<'a, str>,
    /// The last value that keeps the promises.
    pub value: Number,
    /// The change lies above this value.
    pub low: Number,
    /// The change lies below this value.
    pub high: Number,
    /// Where the promises are kept: `above`, `below`, `always` or `never`.
    pub keeps: Cow<'a, str>,
    /// Whether the change is the only one in the range.
    pub monotone: Option<bool>,
    /// Days on which each value was tried.
    pub replications: u32,
    /// How many values were tried.
    pub tried: u32,
}

impl<'a> FindDocument<'a> {
    /// What was found out about `path`.
    pub fn new(path: &'a str, answer: FindAnswer, days: u32, tried: u32) -> Self {
        let found = match answer {
            FindAnswer::Crossing(found) => Some(found),
            FindAnswer::Always | FindAnswer::Never => None,
        };
        let keeps = match answer {
            FindAnswer::Crossing(Crossing { meets: MetSide::Above, .. }) => "above",
            FindAnswer::Crossing(Crossing { meets: MetSide::Below, .. }) => "below",
            FindAnswer::Always => "always",
            FindAnswer::Never => "never",
        };
        Self {
            find: Version,
            path: path.into(),
            value: found.map(|found| found.value).into(),
            low: found.map(|found| found.low).into(),
            high: found.map(|found| found.high).into(),
            keeps: keeps.into(),
            monotone: found.map(|found| found.is_monotone),
            replications: days,
            tried,
        }
    }
}
