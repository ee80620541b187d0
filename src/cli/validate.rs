//! `simulate validate`: are these scenarios?

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::Shared;
use super::interrupt::Interrupt;
use super::load;
use super::{Failure, Outcome, Said, output};
use crate::format::Problems;
use crate::report::json::number;
use crate::task::Prepared;
use crate::task::prepare::Every;
use crate::time::SimTime;

/// Prints a line for each good file and tells all problems of the others.
///
/// # Errors
///
/// Where standard output cannot be written.
pub(super) fn validate(
    files: &[PathBuf],
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let mut worst = Outcome::Done;
    let mut reports = Vec::new();
    for file in files {
        let loaded = check(file, shared, interrupt);
        if shared.json {
            reports.push(report(&file.display().to_string(), loaded.as_ref()));
        }
        match loaded {
            Ok(loaded) if !shared.json => print(&sentence(&loaded))?,
            Ok(_) => {}
            Err(failure) => {
                if !(shared.json && matches!(failure.said, Said::Problems(_))) {
                    failure.tell();
                }
                worst = worst.max(failure.outcome);
            }
        }
    }
    if shared.json {
        print(&Value::Array(reports).to_string())?;
    }
    Ok(worst)
}

/// The scenario and what it becomes under each of its options, or under the one that is asked for.
fn check(file: &Path, shared: &Shared, interrupt: &Interrupt) -> Result<Every, Failure> {
    let draft = load::draft(file, interrupt)?;
    Ok(match &shared.option {
        None => draft.prepare_every(&shared.overrides)?,
        Some(option) => {
            let base = draft.prepare(Some(option), &shared.overrides)?;
            Every { base, options: Vec::new() }
        }
    })
}

fn print(line: &str) -> Result<(), Failure> {
    let mut out = output::stdout();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    written.map_err(|error| Failure::stdout(&error))
}

/// `ok: FILE: 9 contact types, 2 groups, 30h, about 105,000 contacts each time, 2 options`.
fn sentence(every: &Every) -> String {
    let Prepared { file, model, .. } = &every.base;
    let count = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    let options = match every.options.len() {
        0 => String::new(),
        n => format!(", {}", count(n, "option")),
    };
    format!(
        "ok: {file}: {}, {}, {}, about {} contacts each time{options}",
        count(model.contact_types.len(), "contact type"),
        count(model.groups.len(), "group"),
        model.horizon.duration - SimTime::START,
        crate::report::about(model.expected_arrivals()),
    )
}

fn report(file: &str, loaded: Result<&Every, &Failure>) -> Value {
    match loaded {
        Ok(Every { base: Prepared { model, .. }, options }) => json!({
            "file": file,
            "ok": true,
            "options": options.iter().filter_map(|each| each.option.as_ref()).collect::<Vec<_>>(),
            "contact_types": model.contact_types.len(),
            "groups": model.groups.len(),
            "duration": number(Some((model.horizon.duration - SimTime::START).as_seconds())),
            "expected_contacts": number(Some(model.expected_arrivals())),
            "problems": [],
        }),
        Err(failure) => {
            let problems = match &failure.said {
                Said::Problems(problems) => list(problems),
                Said::Line(message) => vec![json!({ "code": "unreadable", "message": message })],
                Said::Nothing => Vec::new(),
            };
            json!({ "file": file, "ok": false, "problems": problems })
        }
    }
}

fn list(problems: &Problems) -> Vec<Value> {
    let object = |problem| {
        let position = problems.position(problem);
        json!({
            "code": problem.code,
            "message": problem.message,
            "help": problem.help,
            "file": position.map(|(file, _, _)| file),
            "line": position.map(|(_, line, _)| line),
            "column": position.map(|(_, _, column)| column),
        })
    };
    problems.list().iter().map(object).collect()
}
