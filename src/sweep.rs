//! A grid of scenarios: one row a point, in order, as soon as all before it are there.
//!
//! A point is a scenario with some values replaced. All points share the seed, and draws depend on
//! nothing else: so all see the same customers, and rows differ by what was varied, not by luck.
//!
//! - [`values`]: `80..200:10` to values;
//! - [`table`]: rows as CSV, and back, to go on where another sweep was stopped;
//! - [`run`]: points in parallel; the rows are the same for any number of threads.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::experiment::summary::{Figure, Summary, Warning};
use crate::experiment::{self, COST, Control, Options, RunError};
use crate::format::Override;
use crate::model::Model;
use crate::stats::Estimate;

pub mod table;
pub mod values;

/// Most points of a sweep.
pub const MOST_POINTS: usize = 100_000;

/// The figures of a row where nothing else is asked for.
pub const HEADLINES: [&str; 5] =
    ["wait.mean", "wait.p95", "service_level", "abandonment_rate", "backlog.peak"];

/// One value of the scenario that is varied, and the values it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Its path.
    pub path: String,
    /// At least one, each as it would be given to `--set`.
    pub values: Vec<String>,
}

/// The points of a sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    paths: Vec<String>,
    points: Vec<Vec<String>>,
}

impl Grid {
    /// All combinations, the last axis varying fastest.
    ///
    /// # Errors
    /// Where two axes have the same path or there are too many points.
    pub fn cross(axes: &[Axis]) -> Result<Self, String> {
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

    /// A point in words, for messages.
    pub fn name(&self, point: usize) -> String {
        let pairs = self.paths.iter().zip(&self.points[point]);
        let named: Vec<String> = pairs.map(|(path, value)| format!("{path}={value}")).collect();
        named.join(", ")
    }
}

/// One number of the report that a row shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
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

impl Shown {
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
pub struct Row {
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

impl Row {
    fn new(shown: &[Shown], summary: Summary) -> Self {
        Self {
            figures: shown.iter().map(|shown| shown.of(&summary)).collect(),
            replications: summary.run.replications,
            seed: summary.run.seed,
            digest: summary.digest,
            warnings: summary.warnings,
        }
    }
}

/// Why a sweep ended before its last point. All points before were given to the sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SweepError {
    /// It was stopped, or the sink wants no more.
    Stopped,
    /// The point could not be simulated.
    Failed {
        /// Which one.
        point: usize,
        /// Why.
        error: RunError,
    },
}

/// What is to be simulated.
pub struct Task<'a> {
    /// First point that is not finished yet.
    pub first: usize,
    /// One more than the last point.
    pub end: usize,
    /// The model of a point.
    pub model: &'a (dyn Fn(usize) -> Model + Sync),
    /// What a row shows.
    pub shown: &'a [Shown],
    /// What holds for each point.
    pub options: &'a Options,
}

impl std::fmt::Debug for Task<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Task")
            .field("first", &self.first)
            .field("end", &self.end)
            .field("shown", &self.shown)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Simulates the points of a task and gives each row to `sink`, in order. The sink returns whether
/// to go on.
///
/// # Errors
/// Where it is to stop, the sink wants no more, or a point cannot be simulated.
pub fn run(
    task: &Task<'_>,
    sink: &mut dyn FnMut(usize, Row) -> bool,
    control: &Control<'_>,
) -> Result<(), SweepError> {
    let stop = control.stop;
    let threads = control.threads.max(1);
    let workers = threads.min(task.end.saturating_sub(task.first)).max(1);
    let each = control.quiet((threads / workers).max(1));
    let next = AtomicUsize::new(task.first);
    // Set when there is no use in further points: unlike `stop` it is this sweep's own.
    let over = AtomicBool::new(false);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers {
            let sender = sender.clone();
            let (next, over, each) = (&next, &over, &each);
            scope.spawn(move || {
                loop {
                    let point = next.fetch_add(1, Ordering::Relaxed);
                    let ended = over.load(Ordering::Relaxed) || stop.load(Ordering::Relaxed);
                    if point >= task.end || ended {
                        break;
                    }
                    let row = simulate(task, point, each);
                    over.fetch_or(row.is_err(), Ordering::Relaxed);
                    if sender.send((point, row)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut wanted = task.first;
        for (point, row) in receiver {
            early.insert(point, row);
            while let Some(row) = early.remove(&wanted) {
                if !sink(wanted, row?) {
                    over.store(true, Ordering::Relaxed);
                    return Err(SweepError::Stopped);
                }
                wanted += 1;
            }
        }
        // A point that failed is told only where all before it are done.
        if wanted < task.end {
            return Err(SweepError::Stopped);
        }
        Ok(())
    })
}

fn simulate(task: &Task<'_>, point: usize, control: &Control<'_>) -> Result<Row, SweepError> {
    let model = (task.model)(point);
    match experiment::run(&model, task.options, control) {
        Ok(summary) if summary.run.partial => Err(SweepError::Stopped),
        Ok(summary) => Ok(Row::new(task.shown, summary)),
        Err(RunError::NothingFinished) => Err(SweepError::Stopped),
        Err(error) => Err(SweepError::Failed { point, error }),
    }
}
