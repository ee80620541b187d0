//! `simulate validate`: are these scenarios?

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::Shared;
use super::interrupt::Interrupt;
use super::load;
use super::{Failure, Outcome, Said, output};
use crate::document::{ProblemRecord, ScenarioSize, ValidationDocument};
use crate::experiment;
use crate::format::{Problem, Problems};
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
            let record = record(file.display().to_string(), &loaded);
            reports.push(json!(record));
        }
        match loaded {
            Ok(loaded) => {
                if !shared.json {
                    print(&sentence(&loaded))?;
                }
                if !shared.quiet {
                    for text in warnings(&loaded) {
                        load::warn(&loaded.base.file, &text);
                    }
                }
            }
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

/// What is no problem and still seldom meant, once for the scenario and its options.
fn warnings(every: &Every) -> Vec<String> {
    let all = std::iter::once(&every.base).chain(&every.options);
    let mut told = Vec::new();
    for warning in all.flat_map(|one| experiment::nobody_on_duty(&one.model)) {
        let text = format!("{} [{}]", warning.message, warning.code);
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told
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

fn record(file: String, loaded: &Result<Every, Failure>) -> ValidationDocument<'_> {
    let (size, problems) = match loaded {
        Ok(every) => (Some(size(every)), Vec::new()),
        Err(failure) => (None, problems(&failure.said)),
    };
    ValidationDocument { file: file.into(), ok: size.is_some(), size, problems }
}

fn size(Every { base, options }: &Every) -> ScenarioSize<'_> {
    let model = &base.model;
    ScenarioSize {
        options: options.iter().filter_map(|each| Some(each.option.as_deref()?.into())).collect(),
        contact_types: model.contact_types.len(),
        groups: model.groups.len(),
        duration: (model.horizon.duration - SimTime::START).into(),
        expected_contacts: model.expected_arrivals().into(),
    }
}

fn problems(said: &Said) -> Vec<ProblemRecord<'_>> {
    let unreadable = |message| ProblemRecord {
        code: "unreadable".into(),
        message,
        help: None,
        file: None,
        line: None,
        column: None,
    };
    match said {
        Said::Nothing => Vec::new(),
        Said::Line(message) => vec![unreadable(message.as_str().into())],
        Said::Problems(problems) => {
            problems.list().iter().map(|problem| problem_record(problems, problem)).collect()
        }
    }
}

fn problem_record<'a>(problems: &'a Problems, problem: &'a Problem) -> ProblemRecord<'a> {
    let position = problems.position(problem);
    ProblemRecord {
        code: problem.code.into(),
        message: problem.message.as_str().into(),
        help: problem.help.as_deref().map(Into::into),
        file: position.map(|(file, _, _)| file.into()),
        line: position.map(|(_, line, _)| line),
        column: position.map(|(_, _, column)| column),
    }
}
