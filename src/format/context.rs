//! What all readers of a document share, and a value on its way to be read.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::calendar::RunClock;
use super::names::{Names, Namespace};
use super::node::{Entry, Node, Value};
use super::problem::Problem;
use super::source::{Files, Place, Sources};
use super::units::shorten;

/// Most problems that are kept.
const MOST_PROBLEMS: usize = 1000;

/// The label and the bytes of a data file.
pub(crate) type ReadFile = (String, Rc<Vec<u8>>);

/// What all readers share.
pub(crate) struct Context<'a> {
    pub(crate) document: &'a Node,
    pub(crate) problems: RefCell<Vec<Problem>>,
    pub(crate) sources: RefCell<Sources>,
    pub(crate) files: &'a dyn Files,
    /// Hashes of the data files read, by label.
    pub(crate) data: RefCell<BTreeMap<String, u64>>,
    /// Data files that are kept, by base and name.
    pub(crate) read: RefCell<BTreeMap<(String, String), ReadFile>>,
    /// Names that a `--set` has taken for those of a table of the file.
    pub(crate) strays: RefCell<Vec<String>>,
    /// What moments are held against, as soon as it is known.
    calendar: RefCell<Option<Rc<RunClock>>>,
    names: RefCell<BTreeMap<&'static str, Rc<Names>>>,
}

impl<'a> Context<'a> {
    /// Before anything of `document` is read.
    pub(crate) fn new(
        document: &'a Node,
        files: &'a dyn Files,
        sources: Sources,
        problems: Vec<Problem>,
    ) -> Self {
        Self {
            document,
            problems: RefCell::new(problems),
            sources: RefCell::new(sources),
            files,
            data: RefCell::default(),
            read: RefCell::default(),
            strays: RefCell::default(),
            calendar: RefCell::default(),
            names: RefCell::default(),
        }
    }

    /// Keeps a problem, unless there are already more than anyone reads.
    pub(crate) fn report(&self, problem: Problem) {
        if !self.is_full() {
            self.problems.borrow_mut().push(problem);
        }
    }

    /// Whether further problems are dropped.
    pub(crate) fn is_full(&self) -> bool {
        self.problems.borrow().len() >= MOST_PROBLEMS
    }

    /// Whether a table is there only because a `--set` names one of its keys.
    pub(crate) fn is_from_set(&self, entry: &Entry) -> bool {
        let sources = self.sources.borrow();
        sources.is_override(entry.place.source) && entry.node.place == entry.place
    }

    /// What moments are held against; `None` until it is known.
    pub(crate) fn calendar(&self) -> Option<Rc<RunClock>> {
        self.calendar.borrow().clone()
    }

    /// Holds moments against `calendar` from now on; returns what they were held against.
    pub(crate) fn set_calendar(&self, calendar: Rc<RunClock>) -> Option<Rc<RunClock>> {
        self.calendar.borrow_mut().replace(calendar)
    }

    /// The names in the table of a namespace.
    pub(crate) fn names(&self, space: &'static Namespace) -> Rc<Names> {
        let names = || Rc::new(Names::of(space, self.document));
        self.names.borrow_mut().entry(space.key).or_insert_with(names).clone()
    }
}

/// A value on its way to be read.
#[derive(Clone)]
pub(crate) struct ValueAt<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) node: &'a Node,
    /// The key that it stands under; empty in a list.
    pub(crate) key: &'a str,
    /// Where to say that something is missing in it.
    pub(crate) key_place: Place,
    /// Its path in the document, for messages.
    pub(crate) path: String,
    /// How the declaration of its key writes such a value.
    pub(crate) example: &'static str,
}

impl<'a> ValueAt<'a> {
    /// Where it stands.
    pub(crate) fn place(&self) -> &'a Place {
        &self.node.place
    }

    /// Entry number `at` of it.
    pub(crate) fn item(&self, at: usize, node: &'a Node) -> Self {
        let (path, key_place) = (format!("{}[{at}]", self.path), node.place.clone());
        Self { node, key: "", key_place, path, ..*self }
    }

    /// What stands under a key of it.
    pub(crate) fn child(&self, entry: &'a Entry) -> Self {
        let (path, key_place) = (join(&self.path, &entry.key), entry.place.clone());
        Self { node: &entry.node, key: &entry.key, key_place, path, ..*self }
    }

    /// Reports a problem of this value. Gives `None`, so that a reader can end with it.
    pub(crate) fn refuse<T>(
        &self,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Option<T> {
        self.context.report(Problem::new(code, self.place(), message).help(help));
        None
    }

    /// What to write, as the declaration of the key does.
    pub(crate) fn help(&self) -> String {
        let key = self.path.rsplit('.').next().unwrap_or_default();
        let key = key.split('[').next().unwrap_or_default();
        format!("for example `{key} = {}`", self.example)
    }

    /// Reports a value of another type than `wanted`, unless it has been reported already.
    pub(crate) fn wrong_type<T>(&self, wanted: &str, help: impl Into<String>) -> Option<T> {
        if matches!(self.node.value, Value::Broken) {
            return None;
        }
        let message = format!("{} stands here, {wanted} is expected", self.node.kind());
        self.refuse("wrong-type", message, help)
    }
}

/// Joins a path and a name; names that are no bare keys get quotes.
pub(crate) fn join(path: &str, name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '[' | ']');
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
