//! `simulate plan --find`: how much of something the promises allow, or ask for.

use std::io::Write;
use std::thread;

use serde_json::json;

use super::args::{PlanArgs, Shared};
use super::interrupt::Interrupt;
use super::load;
use super::plan::asked;
use super::progress::Spinner;
use super::{Failure, Outcome, output};
use crate::experiment::RunError;
use crate::judge::Expression;
use crate::model::Model;
use crate::plan::find::{self, Answer, Found, Range, Side};
use crate::plan::search::Effort;
use crate::plan::{self, PlanError};
use crate::report::json::number;
use crate::scenario::{Measure, Override, Quantity};

/// Times that a range is widened when nothing changes within it.
const WIDENED: usize = 3;

/// Finds the value and prints it.
///
/// # Errors
///
/// Where something keeps it from its end; it may have been told already.
pub(super) fn find(
    task: &PlanArgs,
    path: &str,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let draft = load::draft(&task.file)?;
    let (scenario, _) = asked(&draft, shared, &shared.overrides)?;
    let option = shared.option.as_deref();
    let quantity = draft.quantity(option, &shared.overrides, path);
    let Some(quantity) = quantity else {
        let message =
            format!("--find {path}: no number stands there; name one, such as `groups.NAME.staff`");
        return Err(Failure::new(Outcome::Unusable, message));
    };
    let spinner = Spinner::begin(shared);
    let days = shared
        .replications
        .unwrap_or_else(|| Effort::new(Model::compile(&scenario).expected_arrivals(), None).middle);
    let mut tried = 0;
    let mut keeps = |value: f64| -> Result<Option<bool>, Failure> {
        tried += 1;
        spinner.tell(&format!("{path} = {}", quantity.measure.text(value)));
        let mut overrides = shared.overrides.clone();
        overrides.push(Override::new(path, quantity.measure.text(value)));
        let Ok(loaded) = draft.prepare(option, &overrides) else {
            return Ok(None);
        };
        let meet = loaded.meet.into_iter().map(|spotted| spotted.expression);
        let expressions: Vec<Expression> = meet.collect();
        let seed = shared.seed.unwrap_or(loaded.scenario.run.seed);
        let threads = threads(shared);
        plan::keeps(&loaded.scenario, &expressions, (seed, days, threads), interrupt.stop())
            .map(Some)
            .map_err(|error| failed(&error))
    };
    let answer = search(quantity, &mut keeps)?;
    drop(spinner);
    print(path, quantity.measure, answer, (days, tried), shared)?;
    Ok(match answer {
        Answer::Never => Outcome::No,
        Answer::Always | Answer::Found(_) => Outcome::Done,
    })
}

fn threads(shared: &Shared) -> usize {
    let available = || thread::available_parallelism().map_or(1, usize::from);
    shared.threads.map_or_else(available, usize::from)
}

fn failed(error: &RunError) -> Failure {
    let outcome = match error {
        RunError::NothingFinished => Outcome::Interrupted,
        RunError::TooManyContacts { .. } => Outcome::Unfinished,
    };
    let message = match error {
        RunError::NothingFinished => "stopped before the value was found".to_owned(),
        RunError::TooManyContacts { .. } => PlanError::Run(error.clone()).to_string(),
    };
    Failure::new(outcome, message)
}

/// Looks between 0 and a few times what there is now; farther where nothing changes there.
fn search(
    quantity: Quantity,
    keeps: &mut dyn FnMut(f64) -> Result<Option<bool>, Failure>,
) -> Result<Answer, Failure> {
    let usual = match quantity.measure {
        Measure::Share => 1.0,
        Measure::Whole => 64.0,
        Measure::Number => 8.0,
        Measure::Duration => 3600.0,
        Measure::Rate => 3.0,
    };
    let now = quantity.value.filter(|value| *value > 0.0);
    let mut high = match quantity.measure {
        Measure::Share => 1.0,
        _ => now.map_or(usual, |now| now * 4.0),
    };
    let mut answer = Answer::Never;
    for _ in 0..WIDENED {
        let range = Range { low: 0.0, high, whole: quantity.measure == Measure::Whole };
        answer = find::find(range, keeps)?;
        if matches!(answer, Answer::Found(_)) || quantity.measure == Measure::Share {
            break;
        }
        high *= 4.0;
    }
    Ok(answer)
}

fn print(
    path: &str,
    measure: Measure,
    answer: Answer,
    (days, tried): (u32, u32),
    shared: &Shared,
) -> Result<(), Failure> {
    let mut out = output::stdout();
    let written = if shared.json {
        let found = match answer {
            Answer::Found(found) => Some(found),
            Answer::Always | Answer::Never => None,
        };
        let value = json!({
            "find": 1,
            "path": path,
            "value": number(found.map(|found| found.value)),
            "low": number(found.map(|found| found.low)),
            "high": number(found.map(|found| found.high)),
            "keeps": match answer {
                Answer::Found(Found { keeps: Side::Above, .. }) => "above",
                Answer::Found(Found { keeps: Side::Below, .. }) => "below",
                Answer::Always => "always",
                Answer::Never => "never",
            },
            "monotone": found.map(|found| found.is_monotone),
            "replications": days,
            "tried": tried,
        });
        writeln!(out, "{value:#}")
    } else {
        let text = sentence(path, measure, answer);
        let lines = crate::report::lines(&text, 80).join("\n");
        writeln!(out, "{lines}\n{tried} values, each on the same {days} days")
    };
    written.and_then(|()| out.flush()).map_err(|error| Failure::stdout(&error))
}

fn sentence(path: &str, measure: Measure, answer: Answer) -> String {
    let text = |value: f64| measure.text(value).replace('"', "");
    match answer {
        Answer::Always => {
            format!("The promises are kept at every value of {path} that was looked at.")
        }
        Answer::Never => format!("No value of {path} that was looked at keeps the promises."),
        Answer::Found(found) => {
            let (side, other) = match found.keeps {
                Side::Above => ("from", found.low),
                Side::Below => ("up to", found.high),
            };
            let several = if found.is_monotone {
                ""
            } else {
                " But it is not as simple as that: elsewhere in the range this changes again."
            };
            format!(
                "The promises are kept {side} {path} = {}, and no longer at {}.{several}",
                text(found.value),
                text(other)
            )
        }
    }
}
