//! `--set PATH=VALUE`: one value of the document replaced.

use super::load::drop_alternatives;
use crate::format::node::{Entry, Node, Table, Value};
use crate::format::syntax;
use crate::format::{Override, SourceText, Sources};
use crate::format::{Place, Problem};

/// Longest path.
const LONGEST_PATH: usize = 16;

/// Sets one value; problems name the text of the `--set` as their source.
pub(crate) fn apply(
    root: &mut Node,
    item: &Override,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) {
    let text = format!("{}={}", item.path, item.value);
    let source = sources.add(SourceText::new(item.label(), text));
    let value = syntax::value(&item.value, source, item.path.len() + 1, problems);
    let outcome = segments(&item.path, source).and_then(|segments| put(root, &segments, 0, value));
    problems.extend(outcome.err());
}

/// One part of a path and its place.
struct Segment {
    name: String,
    place: Place,
    /// Whether it is an unquoted `*`: every name there is.
    is_every: bool,
}

impl AsRef<str> for Segment {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

/// Splits a path at dots outside quotes.
fn segments(path: &str, source: usize) -> Result<Vec<Segment>, Problem> {
    let place = |span| Place { source, span };
    let wrong = |message: &str| {
        Problem::new("set-path", &place(0..path.len()), message.to_owned())
            .help("write keys separated by dots, such as `groups.general.staff` or `groups.\"night shift\".staff`")
    };
    let mut list = Vec::new();
    let mut at = 0;
    loop {
        let rest = &path[at..];
        let length = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => rest[1..]
                .find(quote)
                .map(|end| end + 2)
                .ok_or_else(|| wrong("a quote is not closed"))?,
            _ => rest.find('.').unwrap_or(rest.len()),
        };
        let part = &rest[..length];
        let name =
            part.strip_prefix(['"', '\'']).map_or(part, |name| &name[..name.len() - 1]).trim();
        if name.is_empty() {
            return Err(wrong("the path has an empty part"));
        }
        list.push(Segment {
            name: name.to_owned(),
            place: place(at..at + length),
            is_every: part.trim() == "*",
        });
        at += length;
        match path[at..].chars().next() {
            None if list.len() > LONGEST_PATH => return Err(wrong("the path is too long")),
            None => return Ok(list),
            Some('.') => at += 1,
            Some(_) => return Err(wrong("a dot is missing after a quoted part")),
        }
    }
}

/// Puts `value` at the path below `root`, which itself stands at its first `depth` segments; tables
/// on the way there are created.
fn put(root: &mut Node, path: &[Segment], depth: usize, value: Node) -> Result<(), Problem> {
    let Some(segment) = path.get(depth) else {
        *root = value;
        return Ok(());
    };
    match &mut root.value {
        Value::Table(table) if segment.is_every => put_every(table, path, depth, &value),
        Value::Table(table) => {
            drop_alternatives(table, &path[..depth], |key| key == segment.name);
            let at = table.position(&segment.name).unwrap_or_else(|| {
                let node =
                    Node { place: segment.place.clone(), value: Value::Table(Table::default()) };
                let entry = Entry { key: segment.name.clone(), place: segment.place.clone(), node };
                table.entries.push(entry);
                table.entries.len() - 1
            });
            if depth + 1 == path.len() {
                table.entries[at].place = segment.place.clone();
            }
            put(&mut table.entries[at].node, path, depth + 1, value)
        }
        Value::List(list) => {
            let count = list.len();
            let item = segment.name.parse().ok().and_then(|at: usize| list.get_mut(at));
            let item = item.ok_or_else(|| {
                let message = format!("`{}` is no entry of this list of {count}", segment.name);
                Problem::new("set-path", &segment.place, message)
                    .help("write the number of an entry, from 0")
            })?;
            put(item, path, depth + 1, value)
        }
        Value::Broken => Ok(()),
        _ => {
            let kind = root.kind();
            let message = format!("`{}` cannot be set: what it belongs to is {kind}", segment.name);
            Err(Problem::new("set-path", &segment.place, message)
                .related(&root.place, format!("{kind}, not a table"))
                .help("set the whole value instead"))
        }
    }
}

/// Puts `value` into every entry of a table that has what the path leads through.
fn put_every(
    table: &mut Table,
    path: &[Segment],
    depth: usize,
    value: &Node,
) -> Result<(), Problem> {
    let mut is_anywhere = false;
    for entry in &mut table.entries {
        if leads_on(&entry.node, &path[depth + 1..]) {
            is_anywhere = true;
            put(&mut entry.node, path, depth + 1, value.clone())?;
        }
    }
    if is_anywhere {
        return Ok(());
    }
    let message = "`*` stands for nothing here: no entry has what follows";
    Err(Problem::new("set-path", &path[depth].place, message)
        .help("write a path that an entry has, or the name of one"))
}

/// Whether there is what all but the last segment name.
fn leads_on(node: &Node, path: &[Segment]) -> bool {
    let [segment, rest @ ..] = path else {
        return true;
    };
    if rest.is_empty() {
        return true;
    }
    let below = |node: &Node| leads_on(node, rest);
    match &node.value {
        Value::Table(table) if segment.is_every => {
            table.entries.iter().any(|entry| below(&entry.node))
        }
        Value::Table(table) => table.get(&segment.name).is_some_and(|entry| below(&entry.node)),
        Value::List(_) => true,
        _ => false,
    }
}
