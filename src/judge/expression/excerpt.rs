//! A part of an expression that knows where it stands.

use std::ops::Range;

use super::ExpressionError;

/// A part of the text and where it starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Excerpt<'t> {
    pub(super) at: usize,
    pub(super) text: &'t str,
}

impl Excerpt<'_> {
    /// The bytes from `from` to `to` of this excerpt, without surrounding blanks.
    pub(super) fn part(self, from: usize, to: usize) -> Self {
        let text = &self.text[from..to];
        let blank = text.len() - text.trim_start().len();
        Self { at: self.at + from + blank, text: text.trim() }
    }

    pub(super) fn from(self, from: usize) -> Self {
        self.part(from, self.text.len())
    }

    /// Its bytes; of an empty excerpt the one behind it, so that a caret can be shown.
    pub(super) fn span(self) -> Range<usize> {
        self.at..self.at + self.text.len().max(1)
    }

    pub(super) fn wrong(
        self,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> ExpressionError {
        ExpressionError {
            code: "invalid-expression",
            span: self.span(),
            message: message.into(),
            help: help.into(),
        }
    }
}
