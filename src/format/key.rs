//! One declaration per key: its name, what it may be, what holds without it, what it means.

use super::context::ValueAt;
use super::shape::{Absent, AnyKey, DeclaredKey, ValueShape};

/// How values of one kind are read, and what they may be.
pub(crate) trait Reader: Copy + Sync {
    /// What a value means.
    type Value;

    /// What a value may be: the schema, the reference and the tests go by it.
    fn shape(&self) -> ValueShape;

    /// The value; `None` after its problem was reported.
    fn read(&self, value: &ValueAt<'_>) -> Option<Self::Value>;
}

/// A key of a table, declared once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key<R> {
    /// Its name.
    pub(crate) name: &'static str,
    /// How its value is read.
    pub(crate) reader: R,
    /// What holds when it is left out.
    pub(crate) absent: Absent,
    meaning: &'static str,
    pub(crate) example: &'static str,
    note: &'static str,
}

/// A key that its table must have, unless [`Key::or`] or [`Key::without`] says otherwise.
pub(crate) const fn key<R: Reader>(name: &'static str, reader: R) -> Key<R> {
    Key { name, reader, absent: Absent::Required, meaning: "", example: "", note: "" }
}

impl<R: Reader> Key<R> {
    /// Left out, it is this TOML value.
    pub(crate) const fn or(self, default: &'static str) -> Self {
        Self { absent: Absent::Value(default), ..self }
    }

    /// It may be left out, and then this holds, in words.
    pub(crate) const fn without(self, what: &'static str) -> Self {
        Self { absent: Absent::Words(what), ..self }
    }

    /// It may be left out.
    pub(crate) const fn optional(self) -> Self {
        Self { absent: Absent::Nothing, ..self }
    }

    /// What it means, in one line.
    pub(crate) const fn means(self, meaning: &'static str) -> Self {
        Self { meaning, ..self }
    }

    /// A value as it is written in a file.
    pub(crate) const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    /// What takes more than a line to say; Markdown.
    pub(crate) const fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }
}

impl<R: Reader> AnyKey for Key<R> {
    fn declared(&self) -> DeclaredKey {
        DeclaredKey {
            name: self.name,
            shape: self.reader.shape(),
            absent: self.absent,
            meaning: self.meaning,
            example: self.example,
            note: self.note,
        }
    }

    fn name(&self) -> &'static str {
        self.name
    }
}
