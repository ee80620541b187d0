//! A scenario whose `[plan]` promises something.

use super::{Draft, Prepared, TaskError};
use crate::format::{Files, Override};

/// A scenario with the promises of a `[plan]`.
///
/// # Errors
/// Where something is wrong with it, or nothing is promised.
pub fn promising<F: Files>(
    draft: &Draft<F>,
    option: Option<&str>,
    overrides: &[Override],
) -> Result<Prepared, TaskError> {
    let prepared = draft.prepare(option, overrides)?;
    if prepared.scenario.plan.is_none() {
        let message = "there is no `[plan]` that says what is promised; write, for example, \
                       `[plan]` and `meet = [\"service_level >= 80% in every 30m\"]` below";
        return Err(TaskError::Unusable(message.to_owned()));
    }
    Ok(prepared)
}
