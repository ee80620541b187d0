//! How tables are read: each key by its declaration, what is no key is a problem, and no problem
//! stops the reading.

use std::marker::PhantomData;

use super::context::{Context, ValueAt, join};
use super::key::{Key, Reader};
use super::near::suggestion;
use super::node::{EMPTY, Entry, Table};
use super::problem::Problem;
use super::shape::{Absent, AnyKey, KeyRule, TableKeys, ValueShape};
use super::source::Place;
use super::syntax;
use super::units::shorten;

/// What a table of the format means.
pub(crate) trait Record: Sized {
    /// Its keys.
    const KEYS: &'static TableKeys;

    /// Reads it; `None` after a problem was reported.
    fn read(section: &Section<'_>) -> Option<Self>;
}

/// Reads a table.
#[derive(Debug)]
pub(crate) struct ReadTable<T>(PhantomData<fn() -> T>);

/// A table that is a record.
pub(crate) const fn table<T: Record>() -> ReadTable<T> {
    ReadTable(PhantomData)
}

impl<T> Clone for ReadTable<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ReadTable<T> {}

impl<T: Record> Reader for ReadTable<T> {
    type Value = T;

    fn shape(&self) -> ValueShape {
        ValueShape::Table(T::KEYS)
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<T> {
        Section::open(value, T::KEYS, T::read)
    }
}

/// A table being read.
pub(crate) struct Section<'a> {
    pub(crate) context: &'a Context<'a>,
    /// The key that it stands under; empty in a list.
    pub(crate) name: &'a str,
    /// Its path in the document, for messages.
    pub(crate) path: String,
    /// Where to say that a key is missing.
    pub(crate) place: Place,
    table: &'a Table,
}

impl<'a> Section<'a> {
    /// Reads `value`, a table, with `body`; reports what the declared `keys` do not allow.
    pub(crate) fn open<T>(
        value: &ValueAt<'a>,
        keys: &TableKeys,
        body: impl FnOnce(&Section<'a>) -> Option<T>,
    ) -> Option<T> {
        let known: Vec<&str> = keys.names().collect();
        Self::with_keys(value, &known, |section| {
            section.check_rules(keys);
            body(section)
        })
    }

    /// Reads `value`, a table, with `body`; reports keys that are not `known`.
    pub(crate) fn with_keys<T>(
        value: &ValueAt<'a>,
        known: &[&str],
        body: impl FnOnce(&Section<'a>) -> Option<T>,
    ) -> Option<T> {
        let Some(table) = value.node.table() else {
            let is_inline = value.path.contains('[') || value.path.matches('.').count() > 2;
            let help = if is_inline {
                "write a table: `{ key = value }`".to_owned()
            } else {
                format!("write a table: `[{}]` and its keys below", value.path)
            };
            return value.wrong_type("a table", help);
        };
        let section = Self {
            context: value.context,
            name: value.key,
            path: value.path.clone(),
            place: value.key_place.clone(),
            table,
        };
        let result = body(&section);
        section.refuse_unknown(known);
        result
    }

    /// Reads a table; one that is left out as if it were empty.
    pub(crate) fn take_table<T: Record>(&self, key: &Key<ReadTable<T>>) -> Option<T> {
        if self.has(key) {
            return self.take(key);
        }
        let (path, place) = (self.path_of(key), self.place.clone());
        T::read(&Self { context: self.context, name: key.name, path, place, table: &EMPTY })
    }

    /// The value of a key. `None`: it is left out and has no default, or has a problem, which has
    /// been reported.
    pub(crate) fn take<R: Reader>(&self, key: &Key<R>) -> Option<R::Value> {
        if let Some(entry) = self.table.get(key.name) {
            return key.reader.read(&self.at(entry, key.example));
        }
        match key.absent {
            Absent::Value(default) => self.default(key, default),
            Absent::Required => {
                self.missing(key);
                None
            }
            Absent::Words(_) | Absent::Nothing => None,
        }
    }

    /// What a default means.
    fn default<R: Reader>(&self, key: &Key<R>, default: &str) -> Option<R::Value> {
        let mut problems = Vec::new();
        let mut node = syntax::value(default, self.place.source, 0, &mut problems);
        node.place = self.place.clone();
        key.reader.read(&ValueAt {
            context: self.context,
            node: &node,
            key: key.name,
            key_place: self.place.clone(),
            path: self.path_of(key),
            example: key.example,
        })
    }

    /// The entry of a key, if it is there.
    pub(crate) fn entry<R>(&self, key: &Key<R>) -> Option<&'a Entry> {
        self.table.get(key.name)
    }

    /// Whether a key is there.
    pub(crate) fn has<R>(&self, key: &Key<R>) -> bool {
        self.entry(key).is_some()
    }

    /// The place of a key's value; that of the table where the key is left out.
    pub(crate) fn place_of<R>(&self, key: &Key<R>) -> &Place {
        self.entry(key).map_or(&self.place, |entry| &entry.node.place)
    }

    /// The path of a key.
    pub(crate) fn path_of<R>(&self, key: &Key<R>) -> String {
        join(&self.path, key.name)
    }

    /// An entry as a value to be read.
    fn at(&self, entry: &'a Entry, example: &'static str) -> ValueAt<'a> {
        ValueAt {
            context: self.context,
            node: &entry.node,
            key: &entry.key,
            key_place: entry.place.clone(),
            path: join(&self.path, &entry.key),
            example,
        }
    }

    /// All entries, in order.
    pub(crate) fn entries(&self) -> &'a [Entry] {
        &self.table.entries
    }

    /// Reports a problem.
    pub(crate) fn report(&self, problem: Problem) {
        self.context.report(problem);
    }

    /// Reports that a key is left out.
    pub(crate) fn missing(&self, key: &dyn AnyKey) {
        let key = key.declared();
        let message = format!("`{}` is missing", join(&self.path, key.name));
        let problem = Problem::new("missing-key", &self.place, message);
        let help = format!("for example `{} = {}`: {}", key.name, key.example, key.meaning);
        self.report(problem.help(help));
    }

    /// Reports what breaks the rules of the table.
    fn check_rules(&self, keys: &TableKeys) {
        for rule in keys.rules {
            match rule {
                KeyRule::OneOf { keys: names, needed, help } => {
                    let there: Vec<&Entry> =
                        names.iter().filter_map(|name| self.table.get(name)).collect();
                    if let [first, others @ ..] = there.as_slice() {
                        for other in others {
                            self.exclude(first, other, help);
                        }
                    } else if *needed {
                        keys.keys
                            .iter()
                            .filter(|key| key.name() == names[0])
                            .for_each(|key| self.missing(*key));
                    }
                }
                KeyRule::Excludes(one, others, help) => {
                    let others = others.iter().filter_map(|other| self.table.get(other));
                    if let Some(one) = self.table.get(one) {
                        others.for_each(|other| self.exclude(one, other, help));
                    }
                }
                KeyRule::Needs(one, other, why, help) => {
                    if let (Some(entry), None) = (self.table.get(one), self.table.get(other)) {
                        let message = format!("`{one}` needs `{other}`: {why}");
                        self.report(
                            Problem::new("needs-other-key", &entry.place, message).help(*help),
                        );
                    }
                }
                KeyRule::Single { beside, help } => {
                    let known = |entry: &&Entry| {
                        let is_key = keys.names().any(|name| name == entry.key);
                        is_key && !beside.contains(&entry.key.as_str())
                    };
                    let there: Vec<&Entry> = self.table.entries.iter().filter(known).collect();
                    if let [first, second, ..] = there.as_slice() {
                        self.exclude(first, second, help);
                    }
                }
            }
        }
    }

    /// Reports that two keys exclude each other.
    fn exclude(&self, first: &Entry, second: &Entry, help: &str) {
        let message = format!("`{}` and `{}` exclude each other", first.key, second.key);
        self.report(
            Problem::new("conflicting-keys", &second.place, message)
                .related(&first.place, format!("`{}` is here", first.key))
                .help(help),
        );
    }

    /// Reports what is no key of the table.
    fn refuse_unknown(&self, known: &[&str]) {
        for entry in &self.table.entries {
            if self.context.is_full() {
                return;
            }
            if known.contains(&entry.key.as_str()) || entry.key.trim().is_empty() {
                continue;
            }
            let place = match self.path.as_str() {
                "" => "at the top of a scenario".to_owned(),
                path => format!("in `{path}`"),
            };
            let message = format!("there is no key `{}` {place}", shorten(&entry.key));
            let problem = Problem::new("unknown-key", &entry.place, message);
            self.report(problem.help(suggestion(&entry.key, known, "keys")));
        }
    }
}
