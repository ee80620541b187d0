//! `--set PATH=VALUE`: one value of the document replaced.

use super::merge::Grammar;
use super::node::{Entry, Node, Table, Value};
use super::problem::Problem;
use super::shape::ValueShape;
use super::source::{Override, Place, SourceText, Sources};
use super::syntax;

/// Longest path.
const LONGEST_PATH: usize = 16;

/// Sets one value; problems name the text of the `--set` as their source.
pub(crate) fn apply(
    root: &mut Node,
    item: &Override,
    grammar: Grammar,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) {
    let text = format!("{}={}", item.path, item.value);
    let source = sources.add(SourceText::new(item.label(), text));
    let value = syntax::value(&item.value, source, item.path.len() + 1, problems);
    let outcome = segments(&item.path, source).and_then(|segments| {
        let way = Way { grammar, path: &segments };
        way.put(root, 0, Some(&grammar.document()), value)
    });
    problems.extend(outcome.err());
}

/// One part of a path and its place.
pub(crate) struct Segment {
    pub(crate) name: String,
    place: Place,
    /// Whether it is an unquoted `*`: every name there is.
    is_every: bool,
}

/// Splits a path at dots outside quotes.
pub(crate) fn segments(path: &str, source: usize) -> Result<Vec<Segment>, Problem> {
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

/// The path of a value to be set.
struct Way<'p> {
    grammar: Grammar,
    path: &'p [Segment],
}

impl Way<'_> {
    /// Puts `value` below `root`, which is of this shape and stands at the first `depth` segments;
    /// tables on the way there are created.
    fn put(
        &self,
        root: &mut Node,
        depth: usize,
        shape: Option<&ValueShape>,
        value: Node,
    ) -> Result<(), Problem> {
        let Some(segment) = self.path.get(depth) else {
            *root = value;
            return Ok(());
        };
        let below = self.grammar.child(shape, &segment.name);
        match &mut root.value {
            Value::Table(table) if segment.is_every => self.put_every(table, depth, shape, &value),
            Value::Table(table) => {
                self.grammar.end_excluded(table, shape, |key| key == segment.name);
                let at = table.position(&segment.name).unwrap_or_else(|| {
                    let place = segment.place.clone();
                    let node = Node { place: place.clone(), value: Value::Table(Table::default()) };
                    table.entries.push(Entry { key: segment.name.clone(), place, node });
                    table.entries.len() - 1
                });
                if depth + 1 == self.path.len() {
                    table.entries[at].place = segment.place.clone();
                }
                self.put(&mut table.entries[at].node, depth + 1, below.as_ref(), value)
            }
            Value::List(list) => {
                let count = list.len();
                let item = segment.name.parse().ok().and_then(|at: usize| list.get_mut(at));
                let item = item.ok_or_else(|| {
                    let message = format!("`{}` is no entry of this list of {count}", segment.name);
                    Problem::new("set-path", &segment.place, message)
                        .help("write the number of an entry, from 0")
                })?;
                self.put(item, depth + 1, below.as_ref(), value)
            }
            Value::Broken => Ok(()),
            _ => {
                let (name, kind) = (&segment.name, root.kind());
                let message = format!("`{name}` cannot be set: what it belongs to is {kind}");
                Err(Problem::new("set-path", &segment.place, message)
                    .related(&root.place, format!("{kind}, not a table"))
                    .help("set the whole value instead"))
            }
        }
    }

    /// Puts `value` into every entry of a table that has what the path leads through.
    fn put_every(
        &self,
        table: &mut Table,
        depth: usize,
        shape: Option<&ValueShape>,
        value: &Node,
    ) -> Result<(), Problem> {
        let mut is_anywhere = false;
        for entry in &mut table.entries {
            if leads_on(&entry.node, &self.path[depth + 1..]) {
                is_anywhere = true;
                let below = self.grammar.child(shape, &entry.key);
                self.put(&mut entry.node, depth + 1, below.as_ref(), value.clone())?;
            }
        }
        if is_anywhere {
            return Ok(());
        }
        let message = "`*` stands for nothing here: no entry has what follows";
        Err(Problem::new("set-path", &self.path[depth].place, message)
            .help("write a path that an entry has, or the name of one"))
    }
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
