//! What a study is to tell beyond the report.

use crate::metrics::definition::Waits;
use crate::metrics::path::ContactScope;
use crate::stats::quantile::Sketch;
use crate::time::SimSpan;

/// What a summary is to tell beyond the report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Lengths, whole multiples of the reporting interval, for which interval figures are wanted
    /// too; see [`Summary::stretches`](super::Summary::stretches).
    pub stretches: Vec<SimSpan>,
    /// Figures whose values of the single days are wanted; see [`Summary::day_values`](super::Summary::day_values).
    pub day_values: Vec<String>,
    /// Whether the distributions of waits are wanted; see [`Summary::distributions`](super::Summary::distributions).
    pub distributions: bool,
    /// What is kept of the single replications beyond what the report needs.
    pub keep: Keep,
}

/// What is kept of the single replications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// Nothing: memory does not grow with the replications, apart from the values of days.
    #[default]
    Nothing,
    /// One to three numbers per figure of the day and replication: what [`Study::influence`](super::Study::influence) needs.
    Observations,
    /// Also a digest of the events of each replication: what [`Study::events_digest`](super::Study::events_digest) needs.
    ObservationsAndEvents,
}

impl Asked {
    /// Nothing beyond the report.
    pub const NOTHING: Self = Self {
        stretches: Vec::new(),
        day_values: Vec::new(),
        distributions: false,
        keep: Keep::Nothing,
    };
}

/// Values of a figure on the single days.
#[derive(Clone, Debug, PartialEq)]
pub struct DayValues {
    /// Path of the figure.
    pub path: String,
    /// In order of replication; days that have no value are left out.
    pub values: Vec<f64>,
    /// How many days have none because what is waited for never happened: above all others.
    pub never: usize,
}

/// How long the contacts of a scope waited, over all replications.
#[derive(Clone, Debug)]
pub struct WaitDistribution {
    /// Whose waits.
    pub scope: ContactScope,
    /// Which waits.
    pub waits: Waits,
    /// The waits, in microseconds.
    pub observations: Sketch,
}
