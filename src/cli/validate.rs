//! `simulate validate`: are these scenarios?

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::Shared;
use super::load::{self, Every, Loaded, Opened, Unready};
use super::{Failure, Outcome, output};
use crate::report::json::number;
use crate::scenario::Problems;
use crate::time::SimTime;

/// Prints a line for each good file and tells all problems of the others.
///
/// # Errors
///
/// Where standard output cannot be written.
pub(super) fn validate(files: &[PathBuf], shared: &Shared) -> Result<Outcome, Failure> {
    let mut worst = load::Severity(Outcome::Done);
    let mut reports = Vec::new();
    for file in files {
        let loaded = check(file, shared);
        if shared.json {
            reports.push(report(&file.display().to_string(), loaded.as_ref()));
        }
        match loaded {
            Ok(loaded) if !shared.json => print(&sentence(&loaded))?,
            Ok(_) => {}
            Err(Unready::Problems(_)) if shared.json => {
                worst = worst.max(load::Severity(Outcome::Unusable));
            }
            Err(unready) => worst = worst.max(unready.tell()?),
        }
    }
    if shared.json {
        print(&Value::Array(reports).to_string())?;
    }
    Ok(worst.0)
}

/// The scenario and what it becomes under each of its options, or under the one that is asked for.
fn check(file: &Path, shared: &Shared) -> Result<Every, Unready> {
    let opened = Opened::open(file).map_err(Unready::Unreadable)?;
    let loaded = match &shared.option {
        None => opened.load_every(&shared.overrides),
        Some(option) => opened
            .load(Some(option), &shared.overrides)
            .map(|base| Every { base, options: Vec::new() }),
    };
    loaded.map_err(Unready::Problems)
}

fn print(line: &str) -> Result<(), Failure> {
    let mut out = output::stdout();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    written.map_err(|error| Failure::stdout(&error))
}

/// `ok: FILE: 9 contact types, 2 groups, 30h, about 105,000 contacts each time, 2 options`.
fn sentence(every: &Every) -> String {
    let Loaded { file, model, .. } = &every.base;
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

fn report(file: &str, loaded: Result<&Every, &Unready>) -> Value {
    match loaded {
        Ok(Every { base: Loaded { model, .. }, options }) => json!({
            "file": file,
            "ok": true,
            "options": options.iter().filter_map(|each| each.option.as_ref()).collect::<Vec<_>>(),
            "contact_types": model.contact_types.len(),
            "groups": model.groups.len(),
            "duration": number(Some((model.horizon.duration - SimTime::START).as_seconds())),
            "expected_contacts": number(Some(model.expected_arrivals())),
            "problems": [],
        }),
        Err(Unready::Problems(problems)) => {
            json!({ "file": file, "ok": false, "problems": list(problems) })
        }
        Err(Unready::Unreadable(failure)) => {
            let problem = json!({ "code": "unreadable", "message": failure.message });
            json!({ "file": file, "ok": false, "problems": [problem] })
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
