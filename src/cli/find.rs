//! `simulate plan --find`: how much of something the promises allow, or ask for.

use std::io::Write;

use super::args::{PlanArgs, Shared};
use super::interrupt::Interrupt;
use super::progress::Spinner;
use super::{Failure, Outcome, load, output, run};
use crate::document::{self, FindDocument};
use crate::plan::find::{FindAnswer, MetSide};
use crate::scenario::NumberKind;
use crate::task;
use crate::task::find::{FindRequest, Sought};

/// Finds the value and prints it.
///
/// # Errors
///
/// Where something keeps it from its end; it may have been told already.
pub(super) fn find(
    args: &PlanArgs,
    path: &str,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let draft = load::draft(&args.file, interrupt)?;
    let spinner = Spinner::begin(shared);
    let request = FindRequest {
        path,
        option: shared.option.as_deref(),
        overrides: &shared.overrides,
        options: &run::options(shared),
    };
    let tell = |value: &str| spinner.tell(&format!("{path} = {value}"));
    let sought =
        task::find::find(&draft, request, &tell, &run::control(shared, interrupt, &|_, _| {}))?;
    drop(spinner);
    print(path, &sought, shared)?;
    Ok(match sought.answer {
        FindAnswer::Never => Outcome::No,
        FindAnswer::Always | FindAnswer::Crossing(_) => Outcome::Done,
    })
}

fn print(path: &str, sought: &Sought, shared: &Shared) -> Result<(), Failure> {
    let Sought { measure, answer, days, tried } = *sought;
    let mut out = output::stdout();
    let written = if shared.json {
        document::write_indented(&FindDocument::new(path, answer, days, tried), &mut out)
    } else {
        let text = sentence(path, measure, answer);
        let lines = crate::report::lines(&text, 80).join("\n");
        writeln!(out, "{lines}\n{tried} values, each on the same {days} days")
    };
    written.and_then(|()| out.flush()).map_err(|error| Failure::stdout(&error))
}

fn sentence(path: &str, measure: NumberKind, answer: FindAnswer) -> String {
    let text = |value: f64| measure.text(value).replace('"', "");
    match answer {
        FindAnswer::Always => {
            format!("The promises are kept at every value of {path} that was looked at.")
        }
        FindAnswer::Never => format!("No value of {path} that was looked at keeps the promises."),
        FindAnswer::Crossing(found) => {
            let (side, other) = match found.meets {
                MetSide::Above => ("from", found.low),
                MetSide::Below => ("up to", found.high),
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
