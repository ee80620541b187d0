//! The reference of a format that a person reads, as Markdown: made of the declarations of its keys.

use std::fmt::Write as _;

use super::shape::{Absent, DeclaredKey, TableKeys, ValueShape};
use super::values::short_limit;

/// Writes every key of a document, with type, default, meaning and example.
pub(crate) fn write_tables(text: &mut String, root: &'static TableKeys) {
    section(text, "", root);
}

/// Writes the keys of a table that has one of them, each with a heading of its own.
pub(crate) fn write_variants(text: &mut String, keys: &'static TableKeys) {
    for key in keys.declared() {
        match key.shape {
            ValueShape::Table(below) => {
                let _ = writeln!(text, "\n### {}\n\n{}\n", key.name, sentence(key.meaning));
                section(text, key.name, below);
            }
            _ => write_key(text, "", &key),
        }
    }
}

/// The keys of a table, then the tables in it.
fn section(text: &mut String, path: &str, keys: &'static TableKeys) {
    for key in keys.declared().filter(|key| table_of(&key.shape).is_none()) {
        write_key(text, path, &key);
    }
    for key in keys.declared() {
        if let Some((suffix, below)) = table_of(&key.shape) {
            let path = joined(path, key.name);
            heading(text, &path, &key);
            if let Some(below) = below {
                section(text, &format!("{path}{suffix}"), below);
            }
        }
    }
}

/// What a table, list of tables or table of tables adds to its path, and its keys.
fn table_of(shape: &ValueShape) -> Option<(&'static str, Option<&'static TableKeys>)> {
    match shape {
        ValueShape::Table(keys) => Some(("", Some(keys))),
        ValueShape::Named(keys) => Some((".NAME", Some(keys))),
        ValueShape::Documents => Some((".NAME", None)),
        ValueShape::ByName(value) => match **value {
            ValueShape::Table(keys) => Some((".NAME", Some(keys))),
            _ => None,
        },
        ValueShape::List { item, .. } => match **item {
            ValueShape::Table(keys) => Some(("[]", Some(keys))),
            _ => None,
        },
        _ => None,
    }
}

fn heading(text: &mut String, path: &str, key: &DeclaredKey) {
    let path = path.replace("[]", "");
    let heading = match &key.shape {
        ValueShape::Named(_) | ValueShape::Documents | ValueShape::ByName(_) => {
            format!("[{path}.NAME]")
        }
        ValueShape::List { .. } => format!("[[{path}]]"),
        _ => format!("[{path}]"),
    };
    let _ = writeln!(text, "\n## `{heading}`\n\n{}\n", sentence(key.meaning));
    if !key.example.is_empty() {
        let _ = writeln!(text, "In one line: `{} = {}`\n", key.name, key.example);
    }
    if !key.note.is_empty() {
        let _ = writeln!(text, "{}\n", key.note);
    }
}

/// One key, with the keys that its value may have if it is a table or list.
fn write_key(text: &mut String, path: &str, key: &DeclaredKey) {
    let default = match key.absent {
        Absent::Required => "required".to_owned(),
        Absent::Nothing => "optional".to_owned(),
        Absent::Words(words) if words.starts_with("required") => words.to_owned(),
        Absent::Value(value) => format!("default `{value}`"),
        Absent::Words(words) => format!("default {words}"),
    };
    let path = joined(path, key.name);
    let _ = writeln!(text, "- `{path}` ({}; {default}): {}.", called(&key.shape), key.meaning);
    let _ = writeln!(text, "  Example: `{} = {}`", key.name, key.example);
    if !key.note.is_empty() {
        let _ = writeln!(text, "\n  {}\n", key.note.replace('\n', "\n  "));
    }
    write_below(text, &path, &key.shape);
}

/// The keys within a value that may be something else than a table, too.
fn write_below(text: &mut String, path: &str, shape: &ValueShape) {
    match shape {
        ValueShape::Table(keys) => keys.declared().for_each(|key| write_key(text, path, &key)),
        ValueShape::ByName(value) => write_below(text, &format!("{path}.NAME"), value),
        ValueShape::Either(shapes) => {
            for shape in shapes {
                write_below(text, path, shape);
            }
        }
        ValueShape::Called(_, shape) => write_below(text, path, shape),
        ValueShape::Steps { value, key, noun, examples } => {
            let path = format!("{path}[]");
            let from = called(&ValueShape::Moment { midnight: false });
            let _ = writeln!(
                text,
                "- `{path}.from` ({from}; required): when this {noun} begins to hold."
            );
            let _ = writeln!(text, "  Example: `from = {}`", examples.0);
            let value = called(value);
            let _ = writeln!(
                text,
                "- `{path}.{key}` ({value}; required): the {noun} until the next entry."
            );
            let _ = writeln!(text, "  Example: `{key} = {}`", examples.1);
        }
        _ => {}
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A meaning as a sentence of its own.
fn sentence(meaning: &str) -> String {
    let mut letters = meaning.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// What a value is called, with its limits.
fn called(shape: &ValueShape) -> String {
    let name = match shape {
        ValueShape::Text | ValueShape::Name => "string",
        ValueShape::Flag => "true or false",
        ValueShape::Date => "local date-time",
        ValueShape::Moment { .. } => "moment",
        ValueShape::Rate => "rate",
        ValueShape::Whole(0, most) if *most >= u64::from(u32::MAX) => "whole number",
        ValueShape::Whole(least, most) => return format!("whole number from {least} to {most}"),
        ValueShape::Number(least, most) if *most < f64::MAX => {
            return format!("number from {least} to {}", short_limit(*most));
        }
        ValueShape::Number(..) => "number",
        ValueShape::Share(limits) if limits.with_one && limits.least == 0.0 => "share",
        ValueShape::Share(limits) => return format!("share, {limits}"),
        ValueShape::Duration(limits) => return limits.to_string(),
        ValueShape::Choice(words) => return format!("one of `{}`", words.join("`, `")),
        ValueShape::List { item, .. } => return format!("list{}", several(item)),
        ValueShape::Table(_)
        | ValueShape::Named(_)
        | ValueShape::Documents
        | ValueShape::StepEntry(..) => "table",
        ValueShape::ByName(value) => {
            return format!("table of names, each with a {}", called(value));
        }
        ValueShape::Steps { value, .. } => return format!("{}, or a step function", called(value)),
        ValueShape::Either(shapes) => {
            return shapes.iter().map(called).collect::<Vec<_>>().join(", or a ");
        }
        ValueShape::Shared(_, shape) => return called(&shape()),
        ValueShape::Called(words, _) => words,
    };
    name.to_owned()
}

/// What the entries of a list are called.
fn several(shape: &ValueShape) -> String {
    match shape {
        ValueShape::Called(words, _) if !words.contains(' ') => format!(" of {words}"),
        ValueShape::Text | ValueShape::Name => " of names".to_owned(),
        other => format!(", each a {}", called(other)),
    }
}
