//! Markup in the making, into which nothing from a scenario gets unescaped.

use crate::report::glyphs::harmless;

/// HTML or SVG. Only markup written in this crate goes in as it is, since it must be there when the
/// program is built; all other text is escaped.
#[derive(Clone, Debug, Default)]
pub(super) struct Markup(String);

impl Markup {
    /// Adds markup.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds text, in which nothing can be markup, end an attribute or turn the writing direction. A
    /// percent sign stays in the line of its number.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for c in harmless(text).replace(" %", "\u{a0}%").chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// Adds a name, which may be broken behind what joins its words.
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        for (at, part) in name.split_inclusive(['_', '-', '.', '/']).enumerate() {
            self.raw(if at == 0 { "" } else { "<wbr>" }).text(part);
        }
        self
    }

    /// Adds a whole number.
    pub(super) fn index(&mut self, number: usize) -> &mut Self {
        self.0.push_str(&number.to_string());
        self
    }

    /// Adds a coordinate.
    pub(super) fn number(&mut self, number: f64) -> &mut Self {
        let text = format!("{number:.2}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        self.0.push_str(text);
        self
    }

    /// Adds other markup.
    pub(super) fn add(&mut self, other: &Self) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        let mut markup = Markup::default();
        markup
            .raw("<b title=\"")
            .text("\"'><script>alert(1)</script>&amp;\u{202e}\u{1b}")
            .raw("\">");
        assert_eq!(
            markup.as_str(),
            "<b title=\"&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;??\">"
        );
    }

    #[test]
    fn names_break_between_their_words() {
        let mut markup = Markup::default();
        markup.name("a_b<c-d");
        assert_eq!(markup.as_str(), "a_<wbr>b&lt;c-<wbr>d");
    }

    #[test]
    fn coordinates_are_short() {
        let mut markup = Markup::default();
        for number in [0.0, 12.0, 0.125, 1.0 / 3.0, 100.0] {
            markup.number(number).raw(" ");
        }
        assert_eq!(markup.as_str(), "0 12 0.12 0.33 100 ");
    }
}
