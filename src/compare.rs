//! Options side by side on the same customers.
//!
//! All options run the same replications with the same seed, so that they see the same customers.
//! Each is held against the first, replication by replication ([`paired`](crate::judge::paired)); all of them against
//! each other ([`best`]). Replications are added until the differences that matter are decided, at
//! looks planned beforehand: the errors of all looks together stay within 5 % for each difference,
//! because every look has its share of them (Bonferroni).

use std::sync::atomic::Ordering;

use crate::experiment::{COST, Catalog, Control, Options, RunError, Summary};
use crate::metrics::definition::{Better, Unit};
use crate::model::Model;
use crate::stats::Estimate;

pub mod best;
mod field;
mod notes;
mod stopping;

use crate::judge::certainty::{Certainty, compare_looks};
pub use crate::judge::paired::Standing;
use field::Field;
use stopping::StoppingRule;

/// Figures whose differences are decided where nothing else is asked for.
pub const DECISIVE: [&str; 3] = ["wait.mean", "service_level", "abandonment_rate"];

/// Figures of which the best options are told where nothing else is asked for.
pub const HEADLINES: [&str; 6] =
    ["wait.mean", "wait.p95", "service_level", "abandonment_rate", "backlog.peak", COST];

/// One of the options.
#[derive(Debug)]
pub struct Contender<'m> {
    /// What it is called; unique.
    pub name: String,
    /// Its model.
    pub model: &'m Model,
}

/// How to compare.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The seed; the first model's seed where there is none.
    pub options: Options,
    /// Replications before the first look; at least 2 tell something.
    pub first_look: u32,
    /// No more replications than this.
    pub at_most: u32,
    /// Figures of which the best options are told.
    pub show: Vec<String>,
    /// When to stop before `at_most`.
    pub stop_when: StopWhen,
}

/// When a comparison is decided.
#[derive(Clone, Debug, PartialEq)]
pub enum StopWhen {
    /// As soon as the differences of these figures from the first option are.
    Decided(Vec<String>),
    /// As soon as one option is picked.
    Picked {
        /// By this figure.
        path: String,
        /// Options that are so near to the best are as good.
        zone: f64,
    },
}

/// The results of all options.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// In the order given; the first is what the others are held against.
    pub options: Vec<Compared>,
    /// For each figure shown that has a direction: which options cannot be told from the best, by
    /// index. Figures that some option does not have are left out.
    pub best: Vec<(String, Vec<usize>)>,
    /// The option picked, where that was the goal and it was reached.
    pub pick: Option<usize>,
    /// Confidence of each interval: so that those of all looks together reach 95 %.
    pub confidence: f64,
    /// Replications of each option.
    pub replications: u32,
    /// Figures whose difference is still undecided for some option.
    pub undecided: Vec<String>,
    /// Whether it was stopped before it was decided.
    pub partial: bool,
    /// What cannot be compared, in sentences.
    pub notes: Vec<String>,
}

/// One option.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What it is called.
    pub name: String,
    /// Its results.
    pub summary: Summary,
    /// How it differs from the first; empty for the first. In the order of the report.
    pub differences: Vec<Difference>,
}

/// How a figure differs from that of the first option.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Path of the figure.
    pub path: String,
    /// What its numbers mean.
    pub unit: Unit,
    /// This option minus the first, with the paired interval.
    pub estimate: Estimate,
    /// What that means.
    pub standing: Standing,
}

impl Compared {
    /// The difference at a path, if both options have the figure.
    pub fn difference(&self, path: &str) -> Option<&Difference> {
        self.differences.iter().find(|known| known.path == path)
    }

    /// The estimate at a path of the report, or of [`COST`].
    pub fn estimate(&self, path: &str) -> Estimate {
        if path == COST {
            return self.summary.cost();
        }
        let figure = self.summary.figure(path);
        figure.map_or(Estimate::UNKNOWN, |figure| figure.estimate)
    }
}

/// What is known of a figure that can be compared: its unit and which direction is better.
pub fn meaning(path: &str, catalog: &Catalog) -> Option<(Unit, Better)> {
    if path == COST {
        return Some((Unit::Money, Better::Lower));
    }
    let known = catalog.get(path).filter(|known| known.is_of_day)?;
    Some((known.unit, known.better))
}

/// Runs all options until the goal is reached. `progress` is told how many replications of all
/// options are done, of how many at most.
///
/// # Errors
/// When it is to stop before anything is finished, or memory would not do.
///
/// # Panics
/// Without a contender.
pub fn run(
    contenders: &[Contender<'_>],
    settings: &Settings,
    control: &Control<'_>,
) -> Result<Comparison, RunError> {
    let mut field = Field::new(contenders, settings);
    let looks = compare_looks(settings.first_look, settings.at_most);
    let confidence = Certainty::of_looks(looks.len()).confidence();
    let mut stopping = StoppingRule::new(settings, &field.catalogs[0], confidence);
    let mut is_settled = false;
    for look in looks {
        field.advance(look, settings.at_most, control)?;
        if field.is_stopped(look) {
            break;
        }
        is_settled = stopping.look(&field, look);
        if is_settled {
            break;
        }
    }
    let replications = field.studies[0].replications();
    if replications == 0 {
        return Err(RunError::NothingFinished);
    }
    let is_stopped = control.stop.load(Ordering::Relaxed);
    let partial = is_stopped && !is_settled && replications < settings.at_most;
    Ok(Comparison {
        options: field.compared(confidence, partial),
        best: field.best(&settings.show, confidence),
        pick: stopping.pick(),
        confidence,
        replications,
        undecided: stopping.undecided,
        partial,
        notes: notes::notes(contenders),
    })
}
