//! Rows of a sweep.

use std::borrow::Cow;
use std::io;

use serde::{Deserialize, Serialize};

use super::words::Version;
use super::{FigureRecord, Members, lines};

/// What stands before the points.
const KEY: &str = "\"points\":[";

/// A sweep: one row a point.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SweepDocument<'a> {
    sweep: Version<1>,
    /// The file as the user named it.
    pub file: Cow<'a, str>,
    /// Paths of what is varied.
    pub vary: Cow<'a, [String]>,
    /// Paths of the figures shown.
    pub show: Vec<Cow<'a, str>>,
    /// The points that are finished.
    pub points: Vec<PointRecord<'a>>,
    /// Whether it was stopped before all were.
    pub partial: bool,
}

/// One point.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PointRecord<'a> {
    /// What is varied, as it was given.
    pub values: Members<'a, Cow<'a, str>>,
    /// The figures shown.
    pub figures: Members<'a, FigureRecord>,
    /// Replications that are in the figures.
    pub replications: u32,
    /// Seed of all draws.
    pub seed: u64,
    /// Digest of the scenario.
    pub digest: Cow<'a, str>,
}

impl<'a> SweepDocument<'a> {
    /// A sweep of which no point is finished.
    pub fn new(file: &'a str, vary: &'a [String], show: Vec<Cow<'a, str>>) -> Self {
        let (vary, points) = (Cow::Borrowed(vary), Vec::new());
        Self { sweep: Version, file: file.into(), vary, show, points, partial: false }
    }

    /// What is written before and behind the points, for rows that are written one by one.
    ///
    /// # Errors
    /// None: memory takes all.
    pub fn split(&self) -> io::Result<(String, String)> {
        let mut text = Vec::new();
        lines::write(self, &mut text)?;
        let text = String::from_utf8(text).map_err(io::Error::other)?;
        // Quotes within a text are escaped: these are those of the key.
        let at = text.find(KEY).map_or(text.len(), |at| at + KEY.len());
        Ok((text[..at].to_owned(), text[at..].to_owned()))
    }
}
