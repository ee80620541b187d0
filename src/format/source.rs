//! The texts a scenario is made of.

use std::ops::Range;

/// A text as it was given: a scenario file, standard input, one `--set`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// What messages call it: `scenarios/double11.toml`, `<stdin>`, `--set groups.x.staff=3`.
    pub label: String,
    /// Its bytes, not yet known to be text.
    pub bytes: Vec<u8>,
}

impl SourceText {
    /// A source called `label`.
    pub fn new(label: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { label: label.into(), bytes: bytes.into() }
    }
}

/// A place in one of the texts a scenario was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which text: index into the sources of the parse.
    pub source: usize,
    /// Byte range in it.
    pub span: Range<usize>,
}

/// A value and where it stands in the file.
#[derive(Clone, Debug)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub place: Place,
}

/// One `--set PATH=VALUE`, or one value of a `--vary`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// What messages call it.
    flag: &'static str,
    /// Keys separated by dots; a key with dots in quotes; a number indexes a list, from 0; `*` is
    /// every name that has what follows.
    pub path: String,
    /// A TOML value; what is none is taken as a string.
    pub value: String,
}

impl Override {
    /// Sets what stands at `path`.
    pub fn new(path: impl Into<String>, value: impl Into<String>) -> Self {
        Self { flag: SET, path: path.into(), value: value.into() }
    }

    /// The same for one of the values that are tried at `path`.
    pub fn varied(path: impl Into<String>, value: impl Into<String>) -> Self {
        Self { flag: VARY, ..Self::new(path, value) }
    }

    /// What messages call it: the flag and what follows it.
    pub(crate) fn label(&self) -> String {
        format!("{}{}={}", self.flag, self.path, self.value)
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
const SET: &str = "--set ";

/// How the label of a value of a `--vary` starts.
const VARY: &str = "--vary ";

impl Sources {
    /// Keeps a text; bytes that are no UTF-8 are replaced. Returns its index.
    pub(crate) fn add(&mut self, source: SourceText) -> usize {
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
        self.list.get(index).map_or(("", ""), |(label, text)| (label, text))
    }

    /// Whether source `index` is an override, not a file.
    pub(crate) fn is_override(&self, index: usize) -> bool {
        let label = self.get(index).0;
        index > 0 && [SET, VARY].iter().any(|flag| label.starts_with(flag))
    }

    /// The file that names in source `index` are relative to: itself, or the root for a `--set`.
    pub(crate) fn base(&self, index: usize) -> &str {
        let index = if self.is_override(index) { 0 } else { index };
        self.get(index).0
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
        let column = 1 + before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count();
        Some((label, line, column))
    }

    /// The place of the bytes `span` of the string `value` that is written at `place`; all of
    /// `place` where the way it is written cannot be followed.
    pub fn inside(&self, place: &Place, value: &str, span: Range<usize>) -> Place {
        let (_, text) = self.get(place.source);
        let written = text.get(place.span.clone()).unwrap_or("");
        let Some(places) = written_places(written, value) else {
            return place.clone();
        };
        let at = |index: usize| places.get(index).or(places.last()).copied();
        match (at(span.start), at(span.end)) {
            (Some(start), Some(end)) => Place {
                source: place.source,
                span: place.span.start + start..place.span.start + end.max(start),
            },
            _ => place.clone(),
        }
    }
}

/// Where each byte of `value`, and its end, stands in what is written: a TOML string with quotes,
/// or the value itself. `None` where the two do not go together.
fn written_places(written: &str, value: &str) -> Option<Vec<usize>> {
    let quotes = ["\"\"\"", "'''", "\"", "'"];
    let quote = quotes.into_iter().find(|quote| {
        let inner = written.len() >= 2 * quote.len();
        inner && written.starts_with(quote) && written.ends_with(quote)
    });
    let quote = quote.unwrap_or("");
    let has_escapes = quote.starts_with('"');
    let mut rest = &written[quote.len()..written.len() - quote.len()];
    let mut at = quote.len();
    let mut places = Vec::with_capacity(value.len() + 1);
    // A line break right behind three quotes does not count.
    if quote.len() == 3 {
        let line = rest.strip_prefix("\r\n").or(rest.strip_prefix('\n'));
        at += rest.len() - line.unwrap_or(rest).len();
        rest = line.unwrap_or(rest);
    }
    let mut decoded = value.chars();
    while let Some(c) = rest.chars().next() {
        let length = match (c, rest.chars().nth(1)) {
            ('\\', Some('u')) if has_escapes => 6,
            ('\\', Some('U')) if has_escapes => 10,
            ('\\', Some(escaped)) if has_escapes && !escaped.is_whitespace() => 2,
            ('\\', _) if has_escapes => return None,
            _ => c.len_utf8(),
        };
        let own = decoded.next()?;
        if length == c.len_utf8() && own != c {
            return None;
        }
        places.extend(std::iter::repeat_n(at, own.len_utf8()));
        at += length;
        rest = rest.get(length..)?;
    }
    places.push(at);
    decoded.next().is_none().then_some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_strings_are_found_however_they_are_written() {
        for (written, value, part, found) in [
            (r#""wait <= 5""#, "wait <= 5", 8..9, "5"),
            ("'wait <= 5'", "wait <= 5", 0..4, "wait"),
            ("wait <= 5", "wait <= 5", 0..4, "wait"),
            (r#""a\tb\u00e9cd""#, "a\tb\u{e9}cd", 5..6, "c"),
            (r#""a\tbc""#, "a\tbc", 1..2, r"\t"),
            ("\"\"\"\nwait\"\"\"", "wait", 1..2, "a"),
            // A line that goes on: all of it.
            ("\"\"\"a\\\n  b\"\"\"", "ab", 1..2, "\"\"\"a\\\n  b\"\"\""),
        ] {
            let mut sources = Sources::default();
            sources.add(SourceText::new("day.toml", format!("x = {written}\n")));
            let place = Place { source: 0, span: 4..4 + written.len() };
            let inside = sources.inside(&place, value, part);
            let (_, text) = sources.get(0);
            assert_eq!(&text[inside.span], found, "{written}");
        }
    }
}
