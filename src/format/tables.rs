//! Lists, and tables under names: how each is read out of the readers of its parts.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use super::context::ValueAt;
use super::key::Reader;
use super::names::Namespace;
use super::near::suggestion;
use super::node::{Entry, Node, Table, Value};
use super::problem::Problem;
use super::section::{ReadTable, Record, Section, table};
use super::shape::ValueShape;
use super::source::{Located, Place};
use super::units::shorten;

/// Reads a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadList<R> {
    item: R,
    least: usize,
}

/// A list.
pub(crate) const fn list<R: Reader>(item: R) -> ReadList<R> {
    ReadList { item, least: 0 }
}

/// A list with at least one entry.
pub(crate) const fn some<R: Reader>(item: R) -> ReadList<R> {
    ReadList { item, least: 1 }
}

/// A list of tables.
pub(crate) const fn tables<T: Record>() -> ReadList<ReadTable<T>> {
    list(table())
}

/// A list of tables, at least one.
pub(crate) const fn some_tables<T: Record>() -> ReadList<ReadTable<T>> {
    some(table())
}

impl<R: Reader> Reader for ReadList<R> {
    type Value = Vec<R::Value>;

    fn shape(&self) -> ValueShape {
        let item = Box::new(self.item.shape());
        ValueShape::List { item, least: self.least, distinct: false }
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Self::Value> {
        let items = entries(value, self.least)?;
        all(items.iter().zip(0..).map(|(item, at)| self.item.read(&value.item(at, item))))
    }
}

/// The entries of a list.
pub(crate) fn entries<'a>(value: &ValueAt<'a>, least: usize) -> Option<&'a [Node]> {
    match &value.node.value {
        Value::List(items) if items.len() < least => {
            value.refuse("empty-list", "the list has no entries", value.help())
        }
        Value::List(items) => Some(items),
        _ => value.wrong_type("a list", value.help()),
    }
}

/// All values, after each has been read, so that all their problems are reported.
pub(crate) fn all<T>(read: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    read.collect::<Vec<_>>().into_iter().collect()
}

/// Reads the tables of a namespace.
#[derive(Debug)]
pub(crate) struct ReadNamed<T>(&'static Namespace, PhantomData<fn() -> T>);

/// Tables under names that the user chooses.
pub(crate) const fn named<T: Record>(space: &'static Namespace) -> ReadNamed<T> {
    ReadNamed(space, PhantomData)
}

impl<T> Clone for ReadNamed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ReadNamed<T> {}

impl<T: Record> Reader for ReadNamed<T> {
    /// By index of the name; `None`: the table has problems.
    type Value = Vec<Option<T>>;

    fn shape(&self) -> ValueShape {
        ValueShape::Named(T::KEYS)
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Self::Value> {
        let Some(tables) = value.node.table() else {
            let help = format!("write `[{}.NAME]` and its keys below", value.path);
            return value.wrong_type("a table of tables", help);
        };
        let read = tables.entries.iter().map(|entry| {
            let before = value.context.problems.borrow().len();
            let at = value.child(entry);
            Section::open(&at, T::KEYS, |section| {
                let read = T::read(section);
                self.refuse_stray_set(value, tables, entry, before);
                read
            })
        });
        Some(read.collect())
    }
}

impl<T> ReadNamed<T> {
    /// A table that only a `--set` of one of its keys has brought, and that lacks others, is a
    /// misspelt name: that is said, not what is missing.
    fn refuse_stray_set(self, value: &ValueAt<'_>, tables: &Table, entry: &Entry, before: usize) {
        let context = value.context;
        if !context.is_from_set(entry) {
            return;
        }
        let mut problems = context.problems.borrow_mut();
        let is_lack = |problem: &Problem| {
            problem.code == "missing-key" && problem.place.as_ref() == Some(&entry.place)
        };
        if !problems[before..].iter().any(is_lack) {
            return;
        }
        problems.truncate(before);
        let known = tables.entries.iter().filter(|entry| !context.is_from_set(entry));
        let known: Vec<&str> = known.map(|entry| entry.key.as_str()).collect();
        let message = format!("there is no {} `{}`", self.0.one, shorten(&entry.key));
        let near = match known.as_slice() {
            [] => format!("the file has no {}", self.0.all),
            known => suggestion(&entry.key, known, self.0.all),
        };
        problems.push(Problem::new("set-path", &entry.place, message).help(near));
        context.strays.borrow_mut().push(entry.key.clone());
    }
}

/// Reads a name of a namespace as its index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadNameOf(&'static Namespace);

/// The name of something that the document describes.
pub(crate) const fn name_of(space: &'static Namespace) -> ReadNameOf {
    ReadNameOf(space)
}

impl Reader for ReadNameOf {
    type Value = Located<usize>;

    fn shape(&self) -> ValueShape {
        ValueShape::Text
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Located<usize>> {
        let Value::Text(name) = &value.node.value else {
            let wanted = format!("the name of a {}", self.0.one);
            return value.wrong_type(&wanted, "put it into quotes");
        };
        find(self.0, value, value.place(), name)
    }
}

/// The index of a name that is written at `place`; reports one that nothing has.
fn find(
    space: &'static Namespace,
    value: &ValueAt<'_>,
    place: &Place,
    name: &str,
) -> Option<Located<usize>> {
    let names = value.context.names(space);
    let found = names.index(name).map(|index| Located { value: index, place: place.clone() });
    // A document that must have one, and has none, is told so once.
    if found.is_none() && !(names.list.is_empty() && space.needed) {
        let message = format!("there is no {} `{}`", space.one, shorten(name));
        let help = names.suggestion(space, name);
        value.context.report(Problem::new(space.unknown, place, message).help(help));
    }
    found
}

/// Reads different names of a namespace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadNamesOf(&'static Namespace);

/// A list of different names, at least one.
pub(crate) const fn names_of(space: &'static Namespace) -> ReadNamesOf {
    ReadNamesOf(space)
}

impl Reader for ReadNamesOf {
    type Value = Vec<Located<usize>>;

    fn shape(&self) -> ValueShape {
        ValueShape::List { item: Box::new(ValueShape::Text), least: 1, distinct: true }
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Self::Value> {
        let items = entries(value, 1)?;
        let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
        all(items.iter().zip(0..).map(|(item, at)| {
            if let Value::Text(name) = &item.value
                && let Some(first) = seen.insert(name, &item.place)
            {
                let message = format!("`{}` is listed twice", shorten(name));
                value.context.report(
                    Problem::new("duplicate-name", &item.place, message)
                        .related(first, "the first time")
                        .help("leave one of them out"),
                );
                return None;
            }
            name_of(self.0).read(&value.item(at, item))
        }))
    }
}

/// Reads values by name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadByName<R> {
    space: &'static Namespace,
    each: R,
}

/// A table from names to values.
pub(crate) const fn by_name<R: Reader>(space: &'static Namespace, each: R) -> ReadByName<R> {
    ReadByName { space, each }
}

impl<R: Reader> Reader for ReadByName<R> {
    type Value = Vec<(Located<usize>, R::Value)>;

    fn shape(&self) -> ValueShape {
        ValueShape::ByName(Box::new(self.each.shape()))
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Self::Value> {
        let Some(table) = value.node.table() else {
            let wanted = format!("a table of {}", self.space.all);
            return value.wrong_type(&wanted, value.help());
        };
        all(table.entries.iter().map(|entry| {
            let name = find(self.space, value, &entry.place, &entry.key);
            let read = self.each.read(&value.child(entry));
            Some((name?, read?))
        }))
    }
}
