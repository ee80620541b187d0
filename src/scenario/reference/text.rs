//! The reference that a person reads.

use std::fmt::Write as _;

use super::super::codes::CODES;
use super::{Key, Kind, keys};

/// What stands before the keys.
const INTRODUCTION: &str = "\
# The scenario file

A scenario is a TOML 1.0 file. Unknown keys are errors; all problems of a file are reported at once.

- A duration is a string with units: `\"15s\"`, `\"2m30s\"`, `\"1.5h\"`, `\"250ms\"`, `\"7d\"`, `\"2w\"`.
- A rate is a string: `\"1200/h\"`, `\"20/min\"`, `\"3/s\"`, `\"900/d\"`.
- A share is `0.85` or `\"85%\"`.
- A moment is an offset from the start (`\"2h\"`), a clock time (`\"20:00\"`, repeats daily) or a local
  date-time without quotes (`2026-11-10T20:00:00`, needs `run.start`).
- A step function is one value, or a list of tables with `from` and the value; each holds from its
  moment to the next. Before the first moment nothing holds, except that the last clock time of a
  day holds into the next.
- A distribution is a table with one key, its law: `{ exponential = { mean = \"4m\" } }`. Where the
  quantity is a pure number, so are its parameters, and a plain number is fixed.
- `extends` lays this file over another: tables merge key by key, everything else is replaced. A
  distribution replaces one of another law, and of `rate` and `daily`, `decay` and `half_life`,
  `replications` and `precision` the later file's choice counts. `--set` works the same way.
";

/// The reference of the format, as Markdown: every key with type, default, meaning and example.
pub fn reference() -> String {
    let mut text = INTRODUCTION.to_owned();
    let (mut laws, mut later) = (String::new(), String::new());
    for key in keys() {
        if key.kind == Kind::Later {
            let _ = writeln!(later, "- `{}`: {}", shown(key.path), key.meaning);
        } else if let Some(path) = key.path.strip_prefix("DISTRIBUTION.") {
            write_key(&mut laws, key, path);
        } else {
            write_key(&mut text, key, key.path);
        }
    }
    let _ = write!(
        text,
        "\n## Distributions\n{laws}\n## Not supported yet\n\n{later}"
    );
    let _ = writeln!(text, "\n## Problems\n");
    for (code, meaning) in CODES {
        let _ = writeln!(text, "- `{code}`: {meaning}");
    }
    text
}

/// One key; a table becomes a heading.
fn write_key(text: &mut String, key: &Key, path: &str) {
    let path = shown(path);
    let section = match key.kind {
        Kind::Table => Some(path.clone()),
        Kind::Named => Some(format!("{path}.NAME")),
        Kind::Tables => Some(format!("[{path}]")),
        _ => None,
    };
    if let Some(section) = section {
        let heading = if key.path.starts_with("DISTRIBUTION") {
            format!("\n### {path}\n")
        } else {
            format!("\n## [{section}]\n")
        };
        let _ = writeln!(text, "{heading}\n{}\n", sentence(key.meaning));
        return;
    }
    let default = match key.default {
        None => "required".to_owned(),
        Some("none") => "optional".to_owned(),
        Some(default) => format!("default {default}"),
    };
    let name = path.rsplit('.').next().unwrap_or(&path);
    if path == *name {
        // Keys of the top stand in no section.
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "- `{path}` ({}; {default}): {}",
        kind(key.kind),
        key.meaning
    );
    let _ = writeln!(text, "  `{name} = {}`", key.example);
}

/// A path as the user writes it.
fn shown(path: &str) -> String {
    path.replace('*', "NAME")
}

/// A meaning as a sentence of its own.
fn sentence(meaning: &str) -> String {
    let mut letters = meaning.chars();
    let first = letters
        .next()
        .map(|first| first.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// What a value of this kind is called.
fn kind(kind: Kind) -> String {
    let name = match kind {
        Kind::Later | Kind::Table | Kind::Named => "table",
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
        Kind::Numbers => "list of numbers",
        Kind::Skills => "table or list of contact types",
        Kind::RetryProbability => "share, or a table of two",
        Kind::Quantity => "duration, or a number where the quantity is one",
        Kind::Quantities => "list of durations, or of numbers",
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_in_the_reference() {
        let text = reference();
        for key in keys() {
            let path = shown(key.path.trim_start_matches("DISTRIBUTION."));
            assert!(text.contains(&path), "{path}");
        }
    }
}
