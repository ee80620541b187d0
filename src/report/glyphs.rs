//! Characters on a terminal: how wide they are, bars made of them, and keeping strange ones out.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthChar;

/// Which characters a report may use beside those of the scenario's own names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// Bars in eighths, `±`, `–` and `…`.
    #[default]
    Unicode,
    /// `#` bars, `+-`, `-` and `...`.
    Ascii,
}

impl Charset {
    fn ellipsis(self) -> &'static str {
        match self {
            Self::Unicode => "…",
            Self::Ascii => "...",
        }
    }

    /// A bar of `share` (0 to 1) of `cells` columns, padded to them.
    pub(super) fn bar(self, share: f64, cells: usize) -> String {
        let per_cell = match self {
            Self::Unicode => 8,
            Self::Ascii => 1,
        };
        let steps = steps(share, cells * per_cell);
        let mut bar = match self {
            Self::Unicode => "█".repeat(steps / per_cell),
            Self::Ascii => "#".repeat(steps),
        };
        let rest = steps % per_cell;
        if rest > 0 {
            bar.push(['▏', '▎', '▍', '▌', '▋', '▊', '▉'][rest - 1]);
        }
        pad_right(&bar, cells)
    }

    /// `text` in at most `columns`, cut at its end.
    pub(super) fn shorten(self, text: &str, columns: usize) -> String {
        self.cut(text.chars(), width(text), columns).0
    }

    /// `text` in at most `columns`, cut in its middle.
    pub(super) fn shorten_middle(self, text: &str, columns: usize) -> String {
        if width(text) <= columns {
            return text.to_owned();
        }
        let room = columns.saturating_sub(width(self.ellipsis()));
        let head = fitting(text.chars(), room.div_ceil(2));
        let tail: String = fitting(text.chars().rev(), room / 2).chars().rev().collect();
        format!("{head}{}{tail}", self.ellipsis())
    }

    /// Names in at most `columns` each, cut where they remain distinct: at the end if that will do,
    /// else in the middle or at the start. `None`: wherever they are cut, some look alike.
    pub(super) fn shorten_apart(self, names: &[String], columns: usize) -> Option<Vec<String>> {
        let distinct = |list: &[String]| list.iter().collect::<BTreeSet<_>>().len();
        let mut cuts = [Self::shorten, Self::shorten_middle, Self::shorten_path];
        if names.iter().any(|name| name.contains('/')) {
            // The end of a path says most.
            cuts.reverse();
        }
        let mut ways = cuts.into_iter().map(|cut| -> Vec<String> {
            names.iter().map(|name| cut(self, name, columns)).collect()
        });
        ways.find(|short| distinct(short) == distinct(names))
    }

    /// `text` in at most `columns`, cut at its start: the end of a path says most.
    pub(super) fn shorten_path(self, text: &str, columns: usize) -> String {
        if width(text) <= columns {
            return text.to_owned();
        }
        let room = columns.saturating_sub(width(self.ellipsis()));
        let kept: Vec<char> = fitting(text.chars().rev(), room).chars().rev().collect();
        format!("{}{}", self.ellipsis(), kept.into_iter().collect::<String>())
    }

    /// Text of our own with the signs that this charset has.
    pub(super) fn spell(self, text: &str) -> String {
        match self {
            Self::Unicode => text.to_owned(),
            Self::Ascii => SPELLINGS
                .iter()
                .fold(text.to_owned(), |text, (sign, plain)| text.replace(sign, plain)),
        }
    }

    fn cut(self, chars: std::str::Chars<'_>, all: usize, columns: usize) -> (String, bool) {
        if all <= columns {
            return (chars.collect(), false);
        }
        let room = columns.saturating_sub(width(self.ellipsis()));
        (format!("{}{}", fitting(chars, room).trim_end(), self.ellipsis()), true)
    }
}

/// Signs that messages use, and what stands for them in plain characters.
const SPELLINGS: [(&str, &str); 24] = [
    ("±", "+-"),
    ("–", "-"),
    ("—", "-"),
    ("×", "x"),
    ("÷", "/"),
    ("≤", "<="),
    ("≥", ">="),
    ("…", "..."),
    (" · ", ", "),
    ("◀", "<"),
    ("✓", "v"),
    ("✗", "x"),
    ("─", "-"),
    ("┄", "-"),
    ("│", "|"),
    ("└", "+"),
    ("●", "*"),
    ("·", "."),
    ("░", ":"),
    ("▒", "+"),
    ("▓", "%"),
    ("█", "#"),
    ("’", "'"),
    ("→", "->"),
];

/// How many of `all` steps a share fills.
fn steps(share: f64, all: usize) -> usize {
    (1..=all).rev().find(|step| *step as f64 <= share * all as f64 + 0.5).unwrap_or(0)
}

/// As many of the first `chars` as fit in `columns`.
fn fitting(chars: impl Iterator<Item = char>, columns: usize) -> String {
    let mut used = 0;
    chars
        .take_while(|c| {
            used += char_width(*c);
            used <= columns
        })
        .collect()
}

/// `text` with spaces after it, up to `columns`.
pub(super) fn pad_right(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// `text` with spaces before it, up to `columns`.
pub(super) fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Lines of at most `columns` each; only a word wider than that is cut. A percent sign stays with
/// its number.
pub(super) fn wrap(text: &str, columns: usize, charset: Charset) -> Vec<String> {
    let words = words(text).into_iter();
    fill(words.map(|word| charset.shorten(&word, columns)), columns)
}

/// The same without cutting any word: one that is wider makes a line that is wider.
pub(super) fn wrap_whole(text: &str, columns: usize) -> Vec<String> {
    fill(words(text).into_iter(), columns)
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(number) if word.starts_with('%') => {
                number.push(' ');
                number.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

fn fill(words: impl Iterator<Item = String>, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words {
        if !line.is_empty() && width(&line) + 1 + width(&word) > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// `text` with everything replaced that could steer a terminal or turn the writing direction.
pub(super) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if c.is_control() || steers_layout(c) => '?',
            c => c,
        })
        .collect()
}

/// Line and paragraph separators, and the marks that embed or override a writing direction.
fn steers_layout(c: char) -> bool {
    matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// Columns of `text` on a terminal.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Columns of one character.
fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_combining_characters_count_as_a_terminal_shows_them() {
        assert_eq!(width("退款 refund"), 11);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width("▇±–…◀"), 5);
    }

    #[test]
    fn long_names_are_cut_to_their_columns() {
        let unicode = Charset::Unicode;
        assert_eq!(unicode.shorten("order_status", 12), "order_status");
        assert_eq!(unicode.shorten("order_status", 8), "order_s…");
        assert_eq!(unicode.shorten("退款退款退款", 6), "退款…");
        assert_eq!(Charset::Ascii.shorten("order_status", 8), "order...");
        assert_eq!(unicode.shorten_path("a/long/way/double11.toml", 15), "…/double11.toml");
    }

    #[test]
    fn names_are_cut_where_they_stay_apart() {
        let apart = |names: [&str; 2]| {
            let names = names.map(str::to_owned);
            Charset::Unicode.shorten_apart(&names, 9)
        };
        let some = |names: [&str; 2]| Some(names.map(str::to_owned).to_vec());
        assert_eq!(apart(["short", "order_status"]), some(["short", "order_st…"]));
        assert_eq!(
            apart(["returns_after_delivery_german", "returns_after_delivery_french"]),
            some(["retu…rman", "retu…ench"])
        );
        assert_eq!(
            apart([
                "a very long name number 1 in the middle",
                "a very long name number 2 in the middle"
            ]),
            None
        );
        assert_eq!(apart(["the same name", "the same name"]), some(["the same…"; 2]));
    }

    #[test]
    fn bars_grow_with_their_share() {
        let unicode = Charset::Unicode;
        assert_eq!(unicode.bar(0.0, 3), "   ");
        assert_eq!(unicode.bar(1e-9, 3), "   ");
        assert_eq!(unicode.bar(0.5, 3), "█▌ ");
        assert_eq!(unicode.bar(1.0, 3), "███");
        assert_eq!(unicode.bar(7.0, 3), "███");
        assert_eq!(unicode.bar(f64::NAN, 3), "   ");
        assert_eq!(Charset::Ascii.bar(0.5, 4), "##  ");
    }

    #[test]
    fn nothing_that_steers_a_terminal_gets_through() {
        assert_eq!(harmless("a\x1b[2J\u{202e}b\nc\u{9b}d"), "a?[2J?b c?d");
    }

    #[test]
    fn wrapped_lines_keep_within_their_columns() {
        let lines = wrap("one two three fourfourfour five", 9, Charset::Unicode);
        assert_eq!(lines, ["one two", "three", "fourfour…", "five"]);
    }
}
