//! How much of something the promises of a plan allow, or ask for.

use super::plan::Promising;
use super::{Draft, TaskError};
use crate::experiment::{Control, Options, RunError};
use crate::format::{Files, Override};
use crate::model::Model;
use crate::plan;
use crate::plan::find::{self, FindAnswer, FindRange};
use crate::plan::search::Effort;
use crate::scenario::{NumberAt, NumberKind};

/// Times that a range is widened when nothing changes within it.
const WIDENED: usize = 3;

/// What is sought.
#[derive(Clone, Copy, Debug)]
pub struct FindRequest<'a> {
    /// Path of the value.
    pub path: &'a str,
    /// The option in which it is sought.
    pub option: Option<&'a str>,
    /// What is set beside it.
    pub overrides: &'a [Override],
    /// Seed, and the days that each value is simulated for.
    pub options: &'a Options,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct Sought {
    /// How the value is written.
    pub measure: NumberKind,
    /// Where the promises begin or cease to be kept.
    pub answer: FindAnswer,
    /// Days that each value was simulated for.
    pub days: u32,
    /// Values tried.
    pub tried: u32,
}

/// Seeks the value with which the promises are just kept. `tell` is told each value before it is
/// tried.
///
/// # Errors
/// Where there is no such value, when it is to stop, or memory would not do.
pub fn find<F: Files>(
    draft: &Draft<F>,
    request: FindRequest<'_>,
    tell: &dyn Fn(&str),
    control: &Control<'_>,
) -> Result<Sought, TaskError> {
    let FindRequest { path, option, overrides, options } = request;
    let promising = Promising::new(draft, option, overrides)?;
    let quantity = draft.quantity(option, overrides, path).ok_or_else(|| {
        TaskError::Unusable(format!(
            "--find {path}: no number stands there; name one, such as `groups.NAME.staff`"
        ))
    })?;
    let usual = || {
        let model = Model::compile(&promising.scenario);
        Effort::new(model.expected_arrivals(), None).middle
    };
    let days = options.replications.unwrap_or_else(usual);
    let measure = quantity.measure;
    let mut tried = 0;
    let mut keeps = |value: f64| -> Result<Option<bool>, TaskError> {
        tried += 1;
        let text = measure.text(value);
        tell(&text);
        let with = [overrides, &[Override::new(path, text)]].concat();
        let Ok(Promising { scenario, targets, .. }) = Promising::new(draft, option, &with) else {
            return Ok(None);
        };
        let seed = options.seed.unwrap_or(scenario.run.seed);
        let kept = plan::meets(&scenario, &targets, (seed, days), *control);
        kept.map(Some).map_err(|error| match error {
            RunError::NothingFinished => {
                TaskError::Stopped("stopped before the value was found".to_owned())
            }
            error @ (RunError::TooManyContacts { .. } | RunError::Panicked { .. }) => {
                TaskError::run(&draft.file, error)
            }
        })
    };
    let answer = search(quantity, &mut keeps)?;
    Ok(Sought { measure, answer, days, tried })
}

/// Looks between 0 and a few times what there is now; farther where nothing changes there.
fn search(
    quantity: NumberAt,
    keeps: &mut dyn FnMut(f64) -> Result<Option<bool>, TaskError>,
) -> Result<FindAnswer, TaskError> {
    let usual = match quantity.measure {
        NumberKind::Share => 1.0,
        NumberKind::Whole => 64.0,
        NumberKind::Number => 8.0,
        NumberKind::Duration => 3600.0,
        NumberKind::Rate => 3.0,
    };
    let now = quantity.value.filter(|value| *value > 0.0);
    let mut high = match quantity.measure {
        NumberKind::Share => 1.0,
        _ => now.map_or(usual, |now| now * 4.0),
    };
    let mut answer = FindAnswer::Never;
    for _ in 0..WIDENED {
        let range = FindRange { low: 0.0, high, whole: quantity.measure == NumberKind::Whole };
        answer = find::find(range, keeps)?;
        if matches!(answer, FindAnswer::Crossing(_)) || quantity.measure == NumberKind::Share {
            break;
        }
        high *= 4.0;
    }
    Ok(answer)
}
