//! The reference that a person reads.

use std::fmt::Write as _;

use super::super::codes::CODES;
use super::notes::NOTES;
use super::{Key, Kind, children};

/// What stands before the keys.
const INTRODUCTION: &str = "\
# The scenario file

A scenario is a TOML 1.0 file. Unknown keys are errors; all problems of a file are reported at once.

- A duration is a string with units: `\"15s\"`, `\"2m30s\"`, `\"1.5h\"`, `\"250ms\"`, `\"7d\"`, `\"2w\"`.
- A rate is a string: `\"1200/h\"`, `\"20/min\"`, `\"3/s\"`, `\"900/d\"`.
- A share is `0.85` or `\"85%\"`.
- A moment is an offset from the start (`\"2h\"`), a clock time (`\"20:00\"`, repeats daily) or a local
  date-time without quotes (`2026-11-10T20:00:00`, needs `run.start`). Clock times and dates are in
  `run.timezone`, those of a group's `staff` and `shifts` in the group's `timezone`.
- A step function is one value, or a list of tables with `from` and the value; each holds from its
  moment to the next. Before the first moment nothing holds, except that the last clock time of a
  day holds into the next.
- A distribution is a table with one key, its law: `{ exponential = { mean = \"4m\" } }`. Where the
  quantity is a pure number, so are its parameters, and a plain number is fixed.
- An expression is a figure of the JSON report, a comparison (`<=`, `<`, `>=`, `>`) and a limit in the
  figure's unit: `\"wait.p95 <= 15s\"`, `\"contacts.refund.service_level >= 80%\"`. Behind it may stand
  `in every interval`, `in every 30m` (a multiple of `run.interval`) or `in 95% of days`; a path may
  end in `days.p05`, `days.p50` or `days.p95`. In `check.guard` the limit is `baseline`, perhaps times
  a factor, perhaps plus or minus a number.
- A data file is CSV in UTF-8 with a header row, at most 256 MiB; its name is relative to the folder
  of the file that names it.
- `extends` lays this file over another: tables merge key by key, everything else is replaced. A
  distribution replaces one of another law, a policy one of another name, and of `rate`, `daily`,
  `counts` and `recorded`, of `staff` and `shifts`, of `decay` and `half_life`, of `replications` and
  `precision` the later file's choice counts: it ends the others, and what it excludes (`profile`,
  `busyness`). `--set` works the same way; in its path `*` is every name that has what follows:
  `contacts.*.bot.deflection`.
- `[options.NAME]` holds a what-if: any keys of a scenario, laid over the file in the same way when
  `--option NAME` asks for it (before any `--set`), and checked by `simulate validate` in any case.
";

/// The reference of the format, as Markdown: every key with type, default, meaning and example.
pub fn reference() -> String {
    let mut text = INTRODUCTION.to_owned();
    text.push('\n');
    section(&mut text, "");
    text.push_str("\n## Distributions\n\n");
    section(&mut text, "DISTRIBUTION");
    text.push_str("\n## Problems\n\n");
    for (code, meaning) in CODES {
        let _ = writeln!(text, "- `{code}`: {meaning}");
    }
    text
}

/// The keys of a table, then the tables in it.
fn section(text: &mut String, pattern: &str) {
    let tables = [Kind::Table, Kind::Named, Kind::Options, Kind::Tables];
    let known = || children(pattern);
    for (_, key) in known().filter(|(_, key)| !tables.contains(&key.kind)) {
        write_key(text, key);
    }
    for (_, key) in known().filter(|(_, key)| tables.contains(&key.kind)) {
        let path = shown(key.path).replace("[]", "");
        let heading = match (key.kind, key.path.strip_prefix("DISTRIBUTION.")) {
            (_, Some(law)) => format!("### {law}"),
            (Kind::Named | Kind::Options, _) => format!("## `[{path}.NAME]`"),
            (Kind::Tables, _) => format!("## `[[{path}]]`"),
            _ => format!("## `[{path}]`"),
        };
        let _ = writeln!(text, "\n{heading}\n\n{}\n", sentence(key.meaning));
        if !key.example.is_empty() {
            let name = key.path.rsplit('.').next().unwrap_or(key.path);
            let _ = writeln!(text, "In one line: `{name} = {}`\n", key.example);
        }
        if let Some((_, note)) = NOTES.iter().find(|(path, _)| *path == key.path) {
            let _ = writeln!(text, "{note}\n");
        }
        let below = match key.kind {
            Kind::Named => format!("{}.*", key.path),
            Kind::Tables => format!("{}[]", key.path),
            _ => key.path.to_owned(),
        };
        section(text, &below);
    }
}

/// One key, with the keys that its value may have if it is a table or list.
fn write_key(text: &mut String, key: &Key) {
    let default = match key.default {
        None => "required".to_owned(),
        Some("none") => "optional".to_owned(),
        Some(default) if default.starts_with("required") => default.to_owned(),
        Some(default) if serde_json::from_str::<serde_json::Value>(default).is_ok() => {
            format!("default `{default}`")
        }
        Some(default) => format!("default {default}"),
    };
    let path = shown(key.path.trim_start_matches("DISTRIBUTION."));
    let name = path.rsplit('.').next().unwrap_or(&path);
    let _ = writeln!(text, "- `{path}` ({}; {default}): {}.", kind(key.kind), key.meaning);
    let _ = writeln!(text, "  Example: `{name} = {}`", key.example);
    if let Some((_, note)) = NOTES.iter().find(|(path, _)| *path == key.path) {
        text.push('\n');
        for line in note.lines() {
            let _ = writeln!(text, "  {line}");
        }
        text.push('\n');
    }
    for below in ["", "[]", ".*"] {
        for (_, key) in children(&format!("{}{below}", key.path)) {
            write_key(text, key);
        }
    }
}

/// A path as the user writes it.
fn shown(path: &str) -> String {
    path.replace('*', "NAME")
}

/// A meaning as a sentence of its own.
fn sentence(meaning: &str) -> String {
    let mut letters = meaning.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// What a value of this kind is called.
fn kind(kind: Kind) -> String {
    let name = match kind {
        Kind::Table | Kind::Named | Kind::Options => "table",
        Kind::Tables | Kind::Mixture => "list of tables",
        Kind::Text => "string",
        Kind::Duration => "duration",
        Kind::Rate => "rate",
        Kind::Share => "share",
        Kind::Number => "number",
        Kind::Whole => "whole number",
        Kind::Boolean => "true or false",
        Kind::Moment => "moment",
        Kind::Date => "local date-time",
        Kind::Distribution => "distribution of durations",
        Kind::Factor => "distribution of numbers, or a number",
        Kind::Choice(choices) => return format!("one of `{}`", choices.join("`, `")),
        Kind::RateSteps => "rate, or a step function",
        Kind::ShareSteps => "share, or a step function",
        Kind::AgentSteps => "whole number, or a step function",
        Kind::Names => "list of names",
        Kind::Expressions => "list of expressions",
        Kind::Numbers => "list of numbers",
        Kind::Skills => "table or list of contact types",
        Kind::RetryProbability => "share, or a table of two",
        Kind::DistributionByType => "table of contact types with distributions of durations",
        Kind::RateByType => "rate, or a table of contact types with rates",
        Kind::NumberByType => "table of contact types with numbers",
        Kind::Policy(names) => {
            return format!("one of `{}`, or a table with one of them", names.join("`, `"));
        }
        Kind::Quantity => "duration, or a number where the quantity is one",
        Kind::Quantities => "list of durations, or of numbers",
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::keys;
    use super::*;

    #[test]
    fn the_docs_show_the_reference() {
        assert!(
            include_str!("../format.md") == reference(),
            "write it again: cargo run -- schema --reference > src/scenario/format.md"
        );
    }

    #[test]
    fn every_note_belongs_to_a_key() {
        for (path, note) in NOTES {
            assert!(keys().any(|key| key.path == *path), "{path}");
            for line in note.lines() {
                assert!(line.chars().count() <= 100, "{line}");
            }
        }
    }

    #[test]
    fn every_key_is_in_the_reference() {
        let text = reference();
        for key in keys() {
            let path = shown(key.path.trim_start_matches("DISTRIBUTION."));
            assert!(text.contains(&path), "{path}");
        }
    }
}
