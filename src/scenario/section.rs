//! How sections of the document are read: known keys are taken, what is left over is a problem, and
//! no problem stops the reading.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::moment::Calendar;
use super::reference::{Kind, children};
use crate::format::near::suggestion;
use crate::format::node::{EMPTY, Entry, Node, Table, Value};
use crate::format::units::shorten;
use crate::format::{Files, Sources};
use crate::format::{Place, Problem};

/// Most problems that are kept.
const MOST_PROBLEMS: usize = 1000;

/// The label and the bytes of a data file.
pub(crate) type ReadFile = (String, Rc<Vec<u8>>);

/// What all readers share.
pub(crate) struct Context<'a> {
    pub(crate) problems: RefCell<Vec<Problem>>,
    pub(crate) sources: RefCell<Sources>,
    pub(crate) files: &'a dyn Files,
    /// Hashes of the data files read, by label.
    pub(crate) data: RefCell<BTreeMap<String, u64>>,
    /// Data files that are kept, by base and name.
    pub(crate) read: RefCell<BTreeMap<(String, String), ReadFile>>,
    /// Names that a `--set` has taken for those of a table of the file.
    pub(crate) strays: RefCell<Vec<String>>,
    /// Set as soon as `[run]` is read.
    pub(crate) calendar: OnceCell<Calendar>,
}

impl Context<'_> {
    /// Keeps a problem, unless there are already more than anyone reads.
    pub(crate) fn report(&self, problem: Problem) {
        if !self.is_full() {
            self.problems.borrow_mut().push(problem);
        }
    }

    /// Whether further problems are dropped.
    fn is_full(&self) -> bool {
        self.problems.borrow().len() >= MOST_PROBLEMS
    }

    /// Whether a table is there only because a `--set` names one of its keys.
    fn is_from_set(&self, entry: &Entry) -> bool {
        let sources = self.sources.borrow();
        sources.is_override(entry.place.source) && entry.node.place == entry.place
    }

    /// The calendar of the run.
    pub(crate) fn calendar(&self) -> Option<&Calendar> {
        self.calendar.get()
    }

    /// Reports a value of another type than `wanted`, unless it has been reported already.
    pub(crate) fn wrong_type(&self, node: &Node, wanted: &str, help: impl Into<String>) {
        if !matches!(node.value, Value::Broken) {
            let message = format!("{} stands here, {wanted} is expected", node.kind());
            self.report(Problem::new("wrong-type", &node.place, message).help(help));
        }
    }
}

/// There is no value because of a problem, which has been reported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reported;

/// A table being read.
pub(crate) struct Section<'a> {
    pub(crate) context: &'a Context<'a>,
    /// Its path in the table of keys.
    pattern: &'static str,
    /// Its path in the document, for messages.
    pub(crate) path: String,
    /// Where to say that a key is missing.
    pub(crate) place: Place,
    table: &'a Table,
    taken: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Section<'a> {
    /// Reads `node`, a table, with `body`; then reports the keys that `body` has not taken.
    pub(crate) fn read<T>(
        context: &'a Context<'a>,
        (pattern, path, place): (&'static str, String, &Place),
        node: &'a Node,
        body: impl FnOnce(&Section<'a>) -> T,
    ) -> Option<T> {
        let Some(table) = node.table() else {
            let help = if path.contains('[') || pattern.starts_with("DISTRIBUTION") {
                "write a table: `{ key = value }`".to_owned()
            } else {
                format!("write a table: `[{path}]` and its keys below")
            };
            context.wrong_type(node, "a table", help);
            return None;
        };
        let place = place.clone();
        let section =
            Self { context, pattern, path, place, table, taken: RefCell::new(BTreeSet::new()) };
        let result = body(&section);
        section.finish();
        Some(result)
    }

    /// Reads the table under `key`; one that is left out is read as an empty one. `None` when it is
    /// no table.
    pub(crate) fn section<T>(
        &self,
        key: &'static str,
        pattern: &'static str,
        body: impl FnOnce(&Section<'a>) -> T,
    ) -> Option<T> {
        let path = self.child_path(key);
        if let Some(entry) = self.entry(key) {
            return Self::read(self.context, (pattern, path, &entry.place), &entry.node, body);
        }
        let (context, place) = (self.context, self.place.clone());
        let taken = RefCell::new(BTreeSet::new());
        Some(body(&Self { context, pattern, path, place, table: &EMPTY, taken }))
    }

    /// Reads the table under `key`; `None` when it is left out.
    pub(crate) fn optional_section<T>(
        &self,
        key: &'static str,
        pattern: &'static str,
        body: impl FnOnce(&Section<'a>) -> Option<T>,
    ) -> Result<Option<T>, Reported> {
        let Some(entry) = self.entry(key) else {
            return Ok(None);
        };
        let path = self.child_path(key);
        let read = Self::read(self.context, (pattern, path, &entry.place), &entry.node, body);
        read.flatten().map(Some).ok_or(Reported)
    }

    /// Reads each table in the table under `key`: names with what `body` makes of them.
    pub(crate) fn named<T>(
        &self,
        key: &'static str,
        pattern: &'static str,
        body: impl Fn(&Section<'a>, &'a Entry) -> T,
    ) -> Vec<T> {
        let Some(entry) = self.entry(key) else {
            return Vec::new();
        };
        let Some(table) = entry.node.table() else {
            let help = format!("write `[{key}.NAME]` and its keys below");
            self.context.wrong_type(&entry.node, "a table of tables", help);
            return Vec::new();
        };
        let read = |entry: &'a Entry| {
            let path = join(key, &entry.key);
            let at = (pattern, path, &entry.place);
            Self::read(self.context, at, &entry.node, |section| {
                let before = self.context.problems.borrow().len();
                let result = body(section, entry);
                section.refuse_stray_set(key, table, entry, before);
                result
            })
        };
        table.entries.iter().filter_map(read).collect()
    }

    /// A table under `key` that only a `--set` of one of its keys has brought, and that lacks
    /// others, is a misspelt name: that is said, not what is missing.
    fn refuse_stray_set(&self, key: &str, table: &Table, entry: &Entry, before: usize) {
        if !self.context.is_from_set(entry) {
            return;
        }
        let mut problems = self.context.problems.borrow_mut();
        let is_lack = |problem: &Problem| {
            problem.code == "missing-key" && problem.place.as_ref() == Some(&entry.place)
        };
        if !problems[before..].iter().any(is_lack) {
            return;
        }
        problems.truncate(before);
        let known: Vec<&str> = table
            .entries
            .iter()
            .filter(|entry| !self.context.is_from_set(entry))
            .map(|entry| entry.key.as_str())
            .collect();
        let (one, all) = match key {
            "contacts" => ("contact type", "contact types"),
            "groups" => ("group", "groups"),
            "profiles" => ("profile", "profiles"),
            _ => ("surge", "surges"),
        };
        let message = format!("there is no {one} `{}`", shorten(&entry.key));
        let near = if known.is_empty() {
            format!("the file has no {all}")
        } else {
            suggestion(&entry.key, &known, all)
        };
        problems.push(Problem::new("set-path", &entry.place, message).help(near));
        self.context.strays.borrow_mut().push(entry.key.clone());
    }

    /// The entry under `key`, which counts as known from now on.
    pub(crate) fn entry(&self, key: &'static str) -> Option<&'a Entry> {
        self.taken.borrow_mut().insert(key);
        self.table.get(key)
    }

    /// All entries, in order.
    pub(crate) fn entries(&self) -> &'a [Entry] {
        &self.table.entries
    }

    /// The value under `key`; `None` when it is left out or a problem.
    pub(crate) fn get<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&'a Context<'a>, &'a Node) -> Option<T>,
    ) -> Option<T> {
        read(self.context, &self.entry(key)?.node)
    }

    /// The value under `key`, or `default` when it is left out; a problem gives the default too,
    /// since a scenario with problems is never built.
    pub(crate) fn get_or<T>(
        &self,
        key: &'static str,
        default: T,
        read: impl FnOnce(&'a Context<'a>, &'a Node) -> Option<T>,
    ) -> T {
        self.get(key, read).unwrap_or(default)
    }

    /// The value under `key`; that it is left out is a problem.
    pub(crate) fn required<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&'a Context<'a>, &'a Node) -> Option<T>,
    ) -> Option<T> {
        if self.entry(key).is_none() {
            self.missing(key);
        }
        self.get(key, read)
    }

    /// Reports that `key` is left out.
    pub(crate) fn missing(&self, key: &str) {
        let message = format!("`{}` is missing", self.child_path(key));
        let known = children(self.pattern).find(|(name, _)| *name == key);
        let help = known.map(|(_, known)| {
            if known.kind == Kind::Named {
                format!("write `[{key}.NAME]` and its keys below")
            } else {
                format!("for example `{key} = {}`: {}", known.example, known.meaning)
            }
        });
        let mut problem = Problem::new("missing-key", &self.place, message);
        problem.help = help;
        self.context.report(problem);
    }

    /// Reports that two keys exclude each other, if both are there.
    pub(crate) fn exclude(&self, one: &'static str, other: &'static str, help: &str) {
        if let (Some(first), Some(second)) = (self.entry(one), self.entry(other)) {
            let message = format!("`{one}` and `{other}` exclude each other");
            self.context.report(
                Problem::new("conflicting-keys", &second.place, message)
                    .related(&first.place, format!("`{one}` is here"))
                    .help(help),
            );
        }
    }

    /// The path of a key of this section.
    pub(crate) fn child_path(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// Reports what is left over.
    fn finish(&self) {
        let taken = self.taken.borrow();
        for entry in &self.table.entries {
            if self.context.is_full() {
                return;
            }
            if !taken.contains(entry.key.as_str()) && !entry.key.trim().is_empty() {
                self.left_over(entry);
            }
        }
    }

    fn left_over(&self, entry: &Entry) {
        let known: Vec<&str> =
            children(self.pattern).map(|(name, _)| name).filter(|name| *name != "*").collect();
        let place = if self.path.is_empty() {
            "at the top of a scenario".to_owned()
        } else {
            format!("in `{}`", self.path)
        };
        let message = format!("there is no key `{}` {place}", shorten(&entry.key));
        let problem = Problem::new("unknown-key", &entry.place, message);
        self.context.report(problem.help(suggestion(&entry.key, &known, "keys")));
    }
}

/// Joins a path and a name; names that are no bare keys get quotes.
pub(crate) fn join(path: &str, name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '[' || c == ']';
    let name = shorten(name);
    let name = if name.chars().all(bare) { name } else { format!("\"{name}\"") };
    if path.is_empty() { name } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_no_bare_keys_are_quoted_in_paths() {
        assert_eq!(join("groups", "night shift"), "groups.\"night shift\"");
        assert_eq!(join("", "run"), "run");
    }
}
