//! One scenario simulated, and held against what it expects.

use super::{Prepared, TaskError};
use crate::experiment::{self, Asked, Catalog, Control, Options, Summary};
use crate::judge::{Certainty, Target, evaluate};

/// What the summary has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What the report needs.
    Report,
    /// The distributions of waits too.
    Distributions,
}

/// Runs a scenario; the summary has the verdicts of its `expect`.
///
/// # Errors
/// When it is to stop before the first replication is done, or memory would not do.
pub fn run(
    scenario: &Prepared,
    options: &Options,
    detail: Detail,
    control: &Control<'_>,
) -> Result<Summary, TaskError> {
    let model = &scenario.model;
    let expected = || scenario.expect.iter().map(|spotted| &spotted.expression);
    // Names of thousands of figures: not for nothing.
    let mut asked = if scenario.expect.is_empty() {
        Asked::NOTHING
    } else {
        Target::asked(expected(), &Catalog::new(model))
    };
    asked.distributions = detail == Detail::Distributions;
    let done = experiment::run_asked(model, options, &asked, control);
    let mut summary = done.map_err(|error| TaskError::run(&scenario.file, error))?;
    let judged = expected().map(|e| evaluate(e, &summary, Certainty::REPORT));
    summary.expectations = judged.collect();
    Ok(summary)
}
