//! A grid of scenarios: its points, and a row of figures for each.
//!
//! A point is a scenario with some values replaced. All points share the seed, and draws depend on
//! nothing else: so all see the same customers, and rows differ by what was varied, not by luck.
//!
//! - [`values`]: `80..200:10` to values;
//! - [`table`]: points from CSV, rows to CSV;
//! - [`journal`]: rows kept so that another sweep can go on where this one was stopped.

use std::collections::BTreeSet;

use crate::experiment::COST;
use crate::experiment::summary::{Figure, Summary, Warning};
use crate::format::Override;
use crate::stats::Estimate;

pub mod journal;
pub mod table;
pub mod values;

/// Most points of a sweep.
pub const MOST_POINTS: usize = 100_000;

/// The figures of a row where nothing else is asked for.
pub const HEADLINES: [&str; 5] =
    ["wait.mean", "wait.p95", "service_level", "abandonment_rate", "backlog.peak"];

/// One value of the scenario that is varied, and the values it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Varied {
    /// Its path.
    pub path: String,
    /// At least one, each as it would be given to `--set`.
    pub values: Vec<String>,
}

/// The points of a sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Points {
    paths: Vec<String>,
    points: Vec<Vec<String>>,
}

impl Points {
    /// All combinations, the last axis varying fastest.
    ///
    /// # Errors
    /// Where two axes have the same path or there are too many points.
    pub fn cross(axes: &[Varied]) -> Result<Self, String> {
        let paths: Vec<String> = axes.iter().map(|axis| axis.path.clone()).collect();
        let count =
            axes.iter().try_fold(1_usize, |count, axis| count.checked_mul(axis.values.len()));
        if count.is_none_or(|count| count > MOST_POINTS) {
            return Err(format!("a sweep has at most {MOST_POINTS} points"));
        }
        let mut points = vec![Vec::new()];
        for axis in axes {
            let longer = |point: &Vec<String>| -> Vec<Vec<String>> {
                let with =
                    |value: &String| [point.as_slice(), std::slice::from_ref(value)].concat();
                axis.values.iter().map(with).collect()
            };
            points = points.iter().flat_map(longer).collect();
        }
        Self::new(paths, points)
    }

    /// These points, in this order.
    ///
    /// # Errors
    /// Where two columns have the same path, a value has a line break, or there are too many points.
    pub fn new(paths: Vec<String>, points: Vec<Vec<String>>) -> Result<Self, String> {
        for (at, path) in paths.iter().enumerate() {
            if paths[..at].contains(path) {
                return Err(format!("`{path}` is varied twice"));
            }
        }
        if points.len() > MOST_POINTS {
            return Err(format!("a sweep has at most {MOST_POINTS} points"));
        }
        let breaks = |text: &&String| text.contains(['\n', '\r']);
        if let Some(text) = paths.iter().chain(points.iter().flatten()).find(breaks) {
            return Err(format!("`{}` has a line break", text.trim()));
        }
        Ok(Self { paths, points })
    }

    /// What is varied.
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// The values at each point, in order of [`Self::paths`].
    pub fn points(&self) -> &[Vec<String>] {
        &self.points
    }

    /// What makes the scenario that of a point.
    pub fn overrides(&self, point: usize) -> Vec<Override> {
        let pairs = self.paths.iter().zip(&self.points[point]);
        pairs.map(|(path, value)| Override::varied(path, value)).collect()
    }

    /// Points in which a value stands that no earlier point has: together they have every value.
    pub fn with_new_values(&self) -> impl Iterator<Item = usize> {
        let mut seen = vec![BTreeSet::new(); self.paths.len()];
        (0..self.points.len()).filter(move |point| {
            let values = seen.iter_mut().zip(&self.points[*point]);
            // Every value is to be seen: no shortcut at the first that is new.
            values.fold(false, |is_new, (seen, value)| seen.insert(value) || is_new)
        })
    }

    /// A point in words, for messages.
    pub fn name(&self, point: usize) -> String {
        let pairs = self.paths.iter().zip(&self.points[point]);
        let named: Vec<String> = pairs.map(|(path, value)| format!("{path}={value}")).collect();
        named.join(", ")
    }
}

/// One number of the report that a row shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownFigure {
    /// As it was asked for.
    pub text: String,
    /// Path of the figure.
    pub figure: String,
    part: Part,
}

/// Which number of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Estimate,
    Low,
    High,
    P05,
    P50,
    P95,
}

/// The parts that a path may end in.
const PARTS: [(&str, Part); 6] = [
    (".value", Part::Estimate),
    (".low", Part::Low),
    (".high", Part::High),
    (".days.p05", Part::P05),
    (".days.p50", Part::P50),
    (".days.p95", Part::P95),
];

impl ShownFigure {
    /// The number at a path of the report, or of [`COST`]: an estimate, or one of its parts, as in
    /// `backlog.peak.days.p95`.
    pub fn new(text: &str) -> Self {
        let part = PARTS.iter().find_map(|(end, part)| Some((text.strip_suffix(end)?, *part)));
        let (figure, part) = part.unwrap_or((text, Part::Estimate));
        Self { text: text.to_owned(), figure: figure.to_owned(), part }
    }

    /// What a summary says about it; unknown where it has no such figure.
    pub fn of(&self, summary: &Summary) -> Estimate {
        let Figure { estimate, days } = match self.figure.as_str() {
            COST => Figure { estimate: summary.cost(), days: None },
            path => summary.figure(path).unwrap_or_default(),
        };
        let number = match self.part {
            Part::Estimate => return estimate,
            Part::Low => estimate.low,
            Part::High => estimate.high,
            Part::P05 => days.map(|days| days.p05),
            Part::P50 => days.map(|days| days.p50),
            Part::P95 => days.map(|days| days.p95),
        };
        number.map_or(Estimate::UNKNOWN, Estimate::without_interval)
    }
}

/// The results at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct PointRow {
    /// One per figure shown.
    pub figures: Vec<Estimate>,
    /// Replications that are in them.
    pub replications: u32,
    /// Seed of all draws.
    pub seed: u64,
    /// Digest of the scenario of the point.
    pub digest: String,
    /// What a planner should know; empty for rows read from a file.
    pub warnings: Vec<Warning>,
}

impl PointRow {
    /// What a row shows of a summary.
    pub fn new(shown: &[ShownFigure], summary: Summary) -> Self {
        Self {
            figures: shown.iter().map(|shown| shown.of(&summary)).collect(),
            replications: summary.run.replications,
            seed: summary.run.seed,
            digest: summary.digest,
            warnings: summary.warnings,
        }
    }
}
