//! One document laid over another.
//!
//! Tables merge key by key and everything else is replaced. What keys say of each other holds here
//! too: a key ends those that it excludes, and of tables with one key a new key ends the other.

use super::node::{Entry, Node, Table, Value};
use super::shape::{KeyRule, TableKeys, ValueShape};

/// The keys of a document, by which layers are merged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grammar(pub(crate) &'static TableKeys);

impl Grammar {
    /// What the whole document may be.
    pub(crate) fn document(self) -> ValueShape {
        ValueShape::Table(self.0)
    }

    /// What may stand under a key of a value; `None`: nothing that is known.
    pub(crate) fn child(self, shape: Option<&ValueShape>, key: &str) -> Option<ValueShape> {
        shape?.child(key, self.0)
    }

    /// Lays `over` over `base`, both of this shape: the base's keys keep their position, new ones
    /// follow.
    pub(crate) fn merge(self, base: &mut Node, over: Node, shape: Option<&ValueShape>) {
        match (&mut base.value, over.value) {
            (Value::Table(below), Value::Table(above)) => {
                base.place = over.place;
                self.end_excluded(below, shape, |key| above.get(key).is_some());
                for entry in above.entries {
                    self.insert(below, entry, shape);
                }
            }
            (value, above) => {
                *value = above;
                base.place = over.place;
            }
        }
    }

    /// Merges one entry into a table.
    fn insert(self, table: &mut Table, entry: Entry, shape: Option<&ValueShape>) {
        match table.position(&entry.key) {
            Some(at) => {
                let below = &mut table.entries[at];
                below.place = entry.place;
                let shape = self.child(shape, &entry.key);
                self.merge(&mut below.node, entry.node, shape.as_ref());
            }
            None => table.entries.push(entry),
        }
    }

    /// Removes from a table what a key among the `new` ones excludes, unless that is new as well.
    pub(crate) fn end_excluded(
        self,
        table: &mut Table,
        shape: Option<&ValueShape>,
        new: impl Fn(&str) -> bool,
    ) {
        let rules = shape.map_or(&[][..], |shape| shape.rules(self.0));
        for rule in rules {
            let is_ended = |key: &str| match rule {
                KeyRule::OneOf { keys, .. } => {
                    keys.contains(&key) && keys.iter().any(|key| new(key))
                }
                KeyRule::Excludes(one, others, _) => new(one) && others.contains(&key),
                KeyRule::Single { beside, .. } => !beside.contains(&key),
                KeyRule::Needs(..) => false,
            };
            table.entries.retain(|entry| new(&entry.key) || !is_ended(&entry.key));
        }
    }
}
