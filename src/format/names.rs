//! Names that stand for other parts of the document: entries of a table of tables.

use std::collections::BTreeMap;

use super::near::{nearest, suggestion};
use super::node::Node;
use super::units::shorten;

/// A table of tables whose names other keys refer to.
#[derive(Debug)]
pub(crate) struct Namespace {
    /// Its key at the top of the document.
    pub(crate) key: &'static str,
    /// What one of them is called.
    pub(crate) one: &'static str,
    /// What several are called.
    pub(crate) all: &'static str,
    /// The code of a name that nothing has.
    pub(crate) unknown: &'static str,
    /// Whether a document must have one, so that it is told so where it has none.
    pub(crate) needed: bool,
}

/// The names of a namespace, in order of listing.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) list: Vec<String>,
    index: BTreeMap<String, usize>,
}

impl Names {
    /// The names that `document` gives to a namespace. A table that a part of a `--set` has brought
    /// counts as well.
    pub(crate) fn of(space: &Namespace, document: &Node) -> Self {
        let table = document.table().and_then(|table| table.get(space.key));
        let entries = table.and_then(|entry| entry.node.table());
        let list: Vec<String> =
            entries.iter().flat_map(|table| &table.entries).map(|it| it.key.clone()).collect();
        let index = list.iter().cloned().zip(0..).collect();
        Self { list, index }
    }

    /// The index of a name, nothing said.
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// The index of a name, or of what a misspelt one probably means.
    pub(crate) fn probable(&self, name: &str) -> Option<usize> {
        let known = || self.list.iter().map(String::as_str).collect::<Vec<_>>();
        self.index(name).or_else(|| self.index(nearest(name, &known())?))
    }

    /// What to write instead of a name that nothing has.
    pub(crate) fn suggestion(&self, space: &Namespace, name: &str) -> String {
        if self.list.is_empty() {
            return format!("describe it in `[{}.{}]`", space.key, shorten(name));
        }
        let known: Vec<&str> = self.list.iter().map(String::as_str).collect();
        suggestion(name, &known, space.all)
    }

    /// The indices that a table or list of names probably means; `None`: it is neither, or empty.
    pub(crate) fn probably_named(&self, node: &Node) -> Option<Vec<usize>> {
        let named = node.named().filter(|named| !named.is_empty())?;
        Some(named.into_iter().filter_map(|name| self.probable(name)).collect())
    }
}
