//! The texts a scenario is made of.

use super::problem::{Place, Problem, Problems};

/// A text as it was given: a scenario file, standard input, one `--set`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What messages call it: `scenarios/double11.toml`, `<stdin>`, `--set groups.x.staff=3`.
    pub label: String,
    /// Its bytes, not yet known to be text.
    pub bytes: Vec<u8>,
}

impl Source {
    /// A source called `label`.
    pub fn new(label: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            label: label.into(),
            bytes: bytes.into(),
        }
    }
}

/// One `--set PATH=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Keys separated by dots; a key with dots in quotes; a number indexes a list, from 0.
    pub path: String,
    /// A TOML value; what is none is taken as a string.
    pub value: String,
}

impl Override {
    /// Sets what stands at `path`.
    pub fn new(path: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            value: value.into(),
        }
    }
}

/// Gives the bytes of a file that a scenario names. `cli` implements it: this module never touches
/// the disk.
pub trait Files {
    /// The file that `name` means, relative to the file called `base`: the label of the file found
    /// and its bytes.
    ///
    /// # Errors
    /// Why it cannot be read, as a person would be told.
    fn read(&self, base: &str, name: &str) -> Result<(String, Vec<u8>), String>;
}

/// No files at all: every name is refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _base: &str, _name: &str) -> Result<(String, Vec<u8>), String> {
        Err("no files can be read here".to_owned())
    }
}

/// The texts a parse has read, in order: the root file, what it extends, each `--set`, data files.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    list: Vec<(String, String)>,
}

/// How the label of a `--set` starts.
pub(crate) const SET: &str = "--set ";

impl Sources {
    /// Keeps a text; bytes that are no UTF-8 are replaced. Returns its index.
    pub(crate) fn add(&mut self, source: Source) -> usize {
        let text = String::from_utf8(source.bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        self.list.push((source.label, text));
        self.list.len() - 1
    }

    /// All texts, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(String, String)> {
        self.list.iter()
    }

    /// Where a label with this text is, from now on.
    pub(crate) fn index(&mut self, text: &(String, String)) -> usize {
        let known = self.list.iter().position(|known| known == text);
        known.unwrap_or_else(|| {
            self.list.push(text.clone());
            self.list.len() - 1
        })
    }

    /// Label and text; both empty where there is no such source.
    pub fn get(&self, index: usize) -> (&str, &str) {
        self.list
            .get(index)
            .map_or(("", ""), |(label, text)| (label, text))
    }

    /// The file that names in source `index` are relative to: itself, or the root for a `--set`.
    pub(crate) fn base(&self, index: usize) -> &str {
        let label = self.get(index).0;
        if index > 0 && label.starts_with(SET) {
            self.get(0).0
        } else {
            label
        }
    }

    /// Label, line and column (both from 1, columns in characters) at which a place starts.
    pub fn position(&self, place: &Place) -> Option<(&str, usize, usize)> {
        let (label, text) = self.list.get(place.source)?;
        let mut at = place.span.start.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &text[..at];
        let line = 1 + before.matches('\n').count();
        let column = 1 + before[before.rfind('\n').map_or(0, |at| at + 1)..]
            .chars()
            .count();
        Some((label, line, column))
    }

    /// How a later stage reports problems at places of this scenario.
    pub fn problems(&self, list: Vec<Problem>) -> Problems {
        Problems::new(list, self.clone())
    }
}
