//! Bytes to [`Node`]s: every syntax error at once, and no input that could exhaust the stack.

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::node::{Entry, Node, Table, Value};
use super::problem::Problem;
use super::source::{Place, SourceText, Sources};
use super::units::shorten;

/// Largest scenario file, in bytes.
pub(crate) const LARGEST_FILE: usize = 16 << 20;

/// Most syntax errors kept of one file: after the first few they follow from each other.
const MOST_ERRORS: usize = 200;

/// Most parts of a dotted key. The parser bounds brackets but not dots, and each part is a level
/// that has to be dropped recursively.
const LONGEST_KEY: usize = 32;

/// Deepest nesting of tables and lists.
const DEEPEST: usize = 64;

/// Keeps `source` in `sources` and parses it. `None`: nothing could be read; the problems say why.
pub(crate) fn read(
    source: SourceText,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<Node> {
    if source.bytes.len() > LARGEST_FILE {
        let message = format!("`{}` has {} bytes", source.label, source.bytes.len());
        let index = sources.add(SourceText::new(source.label, ""));
        problems.push(
            Problem::new("file-too-large", &Place { source: index, span: 0..0 }, message)
                .help("scenario files have at most 16 MiB; keep data in CSV files"),
        );
        return None;
    }
    let broken = std::str::from_utf8(&source.bytes).err();
    let index = sources.add(source);
    let text = sources.get(index).1;
    if let Some(error) = broken {
        let at = error.valid_up_to();
        let line = 1 + text[..at].matches('\n').count();
        let place = Place { source: index, span: at..at + '\u{fffd}'.len_utf8() };
        problems.push(
            Problem::new(
                "not-utf8",
                &place,
                format!(
                    "the file is not UTF-8 text: byte {at}, in line {line}, belongs to no character"
                ),
            )
            .help("save the file as UTF-8"),
        );
        return None;
    }
    if let Some(at) = long_key(text) {
        let place = Place { source: index, span: at..at + 1 };
        let message = format!("a key has more than {LONGEST_KEY} parts");
        problems.push(Problem::new("too-deep", &place, message).help("write tables instead"));
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let mut converter = Converter { source: index, offset: 0, problems };
        return Some(converter.table_node(table.span(), table.get_ref(), 0));
    }
    for error in errors.iter().take(MOST_ERRORS) {
        problems.push(syntax_problem(index, 0, text, error));
    }
    None
}

/// Parses a single value that stands at `offset` of source `index`; what is no TOML is a string.
pub(crate) fn value(text: &str, index: usize, offset: usize, problems: &mut Vec<Problem>) -> Node {
    let place = Place { source: index, span: offset..offset + text.len() };
    if let Some(at) = long_key(text) {
        let place = Place { source: index, span: offset + at..offset + at + 1 };
        problems.push(Problem::new("too-deep", &place, "a key has too many parts"));
        return Node { place, value: Value::Broken };
    }
    let (value, errors) = DeValue::parse_recoverable(text);
    if errors.is_empty() {
        let mut converter = Converter { source: index, offset, problems };
        return converter.node(&value, 0);
    }
    // `[`, `{` and quotes announce TOML: then an error is an error, not a string.
    if text.trim_start().starts_with(['[', '{', '"', '\'']) {
        for error in errors.iter().take(MOST_ERRORS) {
            problems.push(syntax_problem(index, offset, text, error));
        }
        return Node { place, value: Value::Broken };
    }
    Node { place, value: Value::Text(text.to_owned()) }
}

/// One error of the parser as a problem.
fn syntax_problem(source: usize, offset: usize, text: &str, error: &toml::de::Error) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let first = error.message().lines().next().unwrap_or("not TOML");
    let place = Place { source, span: offset + span.start..offset + span.end };
    if let (true, Some(key)) = (first.starts_with("duplicate key"), text.get(span.clone())) {
        let message = format!("`{}` is written twice", shorten(key.trim()));
        let problem = Problem::new("syntax", &place, message);
        return problem.help("leave one of them out, or bring both under one heading");
    }
    let written = text.get(span.clone()).unwrap_or("").trim();
    if first.starts_with("string values must be quoted") && !written.is_empty() {
        let written = shorten(written);
        let problem = Problem::new("syntax", &place, format!("`{written}` is not a value"));
        return problem.help(format!("put strings into quotes: `\"{written}\"`"));
    }
    if first.starts_with("invalid basic string, expected `\"`") {
        let problem = Problem::new("syntax", &place, "the string is not closed");
        return problem.help("end it with `\"`");
    }
    let message = shorten_long(first.trim().trim_end_matches(", expected nothing"));
    let problem = Problem::new("syntax", &place, message);
    match accented_word(text, span.start) {
        Some(word) => problem.help(format!(
            "names with other letters than a-z, digits, `_` and `-` need quotes: `\"{}\"`",
            shorten(word)
        )),
        None => problem,
    }
}

/// The word around a letter at `at` that is not ASCII.
fn accented_word(text: &str, at: usize) -> Option<&str> {
    let (before, after) = (text.get(..at)?, text.get(at..)?);
    let first = after.chars().next()?;
    if first.is_ascii() || !first.is_alphabetic() {
        return None;
    }
    let other = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-');
    let start = before
        .rfind(other)
        .map_or(0, |end| end + before[end..].chars().next().map_or(1, char::len_utf8));
    let end = at + after.find(other).unwrap_or(after.len());
    text.get(start..end)
}

fn shorten_long(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match plain.char_indices().nth(200) {
        Some((at, _)) => format!("{}…", &plain[..at]),
        None => plain,
    }
}

/// Where a key of more than [`LONGEST_KEY`] parts starts. Looks at every dot on its own, whether or
/// not it stands in a string, so that no trick with quotes hides a key; text such as `a.b.c…` in a
/// string is refused too, which no scenario needs.
fn long_key(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // For each dot that a key part and another dot follow: how many such dots come after it.
    let mut chain: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    for (at, _) in bytes.iter().enumerate().rev().filter(|(_, byte)| **byte == b'.') {
        let length = next_dot(bytes, at).map_or(0, |next| chain.get(&next).map_or(1, |n| n + 1));
        if length >= LONGEST_KEY {
            return Some(at);
        }
        if length > 0 {
            chain.insert(at, length);
        }
    }
    None
}

/// The dot that follows the key part after the dot at `at`.
fn next_dot(bytes: &[u8], at: usize) -> Option<usize> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let skip = |from: usize| from + bytes[from..].iter().take_while(|byte| blank(byte)).count();
    let start = skip(at + 1);
    let end = if let quote @ (b'"' | b'\'') = *bytes.get(start)? {
        let mut end = start + 1;
        while bytes.get(end).is_some_and(|byte| *byte != quote && *byte != b'\n') {
            end += if quote == b'"' && bytes[end] == b'\\' { 2 } else { 1 };
        }
        end.min(bytes.len() - 1) + 1
    } else {
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | 128..);
        start + bytes[start..].iter().take_while(|byte| part(byte)).count()
    };
    if end == start || end > bytes.len() {
        return None;
    }
    let end = skip(end);
    (bytes.get(end) == Some(&b'.')).then_some(end)
}

/// From the parser's tables to ours.
struct Converter<'p> {
    source: usize,
    offset: usize,
    problems: &'p mut Vec<Problem>,
}

impl Converter<'_> {
    fn place(&self, span: std::ops::Range<usize>) -> Place {
        Place { source: self.source, span: self.offset + span.start..self.offset + span.end }
    }

    fn node(&mut self, value: &Spanned<DeValue<'_>>, depth: usize) -> Node {
        let place = self.place(value.span());
        if depth > DEEPEST {
            let message = format!("tables and lists are nested more than {DEEPEST} deep");
            self.problems.push(Problem::new("too-deep", &place, message));
            return Node { place, value: Value::Broken };
        }
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.as_ref().to_owned()),
            DeValue::Integer(number) => self.integer(number, &place),
            DeValue::Float(number) => self.float(number.as_str(), &place),
            DeValue::Boolean(value) => Value::Boolean(*value),
            DeValue::Datetime(date) => Value::Date(*date),
            DeValue::Array(list) => {
                Value::List(list.iter().map(|item| self.node(item, depth + 1)).collect())
            }
            DeValue::Table(table) => return self.table_node(value.span(), table, depth),
        };
        Node { place, value }
    }

    fn table_node(
        &mut self,
        span: std::ops::Range<usize>,
        table: &DeTable<'_>,
        depth: usize,
    ) -> Node {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| {
                let place = self.place(key.span());
                if key.get_ref().trim().is_empty() {
                    self.problems.push(
                        Problem::new("empty-name", &place, "a name has no characters")
                            .help("give it a name, such as `[groups.general]`"),
                    );
                }
                Entry {
                    key: key.get_ref().as_ref().to_owned(),
                    place,
                    node: self.node(value, depth + 1),
                }
            })
            .collect();
        entries.sort_by_key(|entry| entry.place.span.start);
        Node { place: self.place(span), value: Value::Table(Table { entries }) }
    }

    fn integer(&mut self, number: &DeInteger<'_>, place: &Place) -> Value {
        if let Ok(value) = i64::from_str_radix(number.as_str(), number.radix()) {
            return Value::Integer(value);
        }
        let message = format!("`{}` is too large a number", shorten(number.as_str()));
        self.problems.push(
            Problem::new("out-of-range", place, message)
                .help("whole numbers go up to 9223372036854775807"),
        );
        Value::Broken
    }

    fn float(&mut self, text: &str, place: &Place) -> Value {
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Value::Float(value),
            _ => {
                let message = format!("`{}` is not a finite number", shorten(text));
                self.problems.push(
                    Problem::new("not-finite", place, message)
                        .help("write a number, or leave the key out where there is no limit"),
                );
                Value::Broken
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(bytes: &[u8]) -> Vec<&'static str> {
        let (mut sources, mut problems) = (Sources::default(), Vec::new());
        read(SourceText::new("x.toml", bytes), &mut sources, &mut problems);
        problems.iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn entries_keep_the_order_of_the_file() {
        let (mut sources, mut problems) = (Sources::default(), Vec::new());
        let source = SourceText::new("x.toml", "z = 1\na = 2\n[m]\n[b]\n");
        let node = read(source, &mut sources, &mut problems).unwrap();
        let keys: Vec<&str> =
            node.table().unwrap().entries.iter().map(|e| e.key.as_str()).collect();
        assert_eq!(keys, ["z", "a", "m", "b"]);
    }

    #[test]
    fn a_byte_order_mark_is_tolerated() {
        assert!(codes("\u{feff}title = \"x\"\n".as_bytes()).is_empty());
    }

    #[test]
    fn deep_keys_are_refused_however_they_are_quoted() {
        for part in ["a.", "'a'.", "\"a\".", "a . ", "\"\\\"\".", "'a\"'.\"b'\"."] {
            let key = format!("{}a = 1", part.repeat(100_000));
            assert_eq!(codes(key.as_bytes()), ["too-deep"], "{part}");
        }
        assert!(codes(b"a.b.c.d.e.f = 1").is_empty());
    }

    #[test]
    fn nested_brackets_with_dotted_keys_do_not_exhaust_the_stack() {
        let part = format!("{{{}x = ", "a.".repeat(31));
        for depth in [79, 100, 10_000] {
            let text = format!("k = {}1{}", part.repeat(depth), "}".repeat(depth));
            assert!(!codes(text.as_bytes()).is_empty());
        }
    }

    #[test]
    fn numbers_that_do_not_fit_are_reported() {
        assert_eq!(codes(b"a = 99999999999999999999"), ["out-of-range"]);
        assert_eq!(codes(b"a = 1e999\nb = inf\nc = nan"), ["not-finite"; 3]);
    }
}
