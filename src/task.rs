//! What can be done with scenarios: each use case from a checked scenario to its results.
//!
//! - [`prepare`]: a scenario's text to all that a task needs, checked completely;
//! - [`mod@run`]: a scenario to the summary of its replications, with its `expect` judged;
//! - [`compare`]: scenarios to their differences on the same customers;
//! - [`sweep`]: a grid of scenarios to a row of figures each;
//! - [`check`]: a scenario to verdicts about what it expects and about its baseline;
//! - [`plan`] and [`find`]: what is promised, and how much of something that allows.
//!
//! A task reads no files and no clock. Whoever calls it, the command line or another program, opens
//! files, and says how many threads simulate and when to stop.

use crate::experiment::RunError;
use crate::format::Problems;

pub mod check;
pub mod compare;
pub mod find;
pub mod plan;
pub mod prepare;
pub mod run;
pub mod sweep;

pub use prepare::{Draft, Prepared, Spot, Spotted};

/// Why a task has no result.
#[derive(Debug)]
pub enum TaskError {
    /// Something is wrong with a scenario.
    Problems(Problems),
    /// What is asked for does not fit the scenario: what, and what to write instead.
    Unusable(String),
    /// It was stopped before there was a result, which the message says.
    Stopped(String),
    /// The program has an error, which the message says with the place.
    Panicked(String),
    /// The simulation of a file could not be finished.
    Run {
        /// The file as the user named it.
        file: String,
        /// Why.
        error: RunError,
    },
}

impl TaskError {
    /// A simulation of `file` that could not be finished.
    pub(crate) fn run(file: &str, error: RunError) -> Self {
        Self::Run { file: file.to_owned(), error }
    }
}

impl From<Problems> for TaskError {
    fn from(problems: Problems) -> Self {
        Self::Problems(problems)
    }
}
