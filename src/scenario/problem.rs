//! What is wrong with a scenario, where, and what to write instead.

/// A place in one of the texts a scenario was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which text: index into the sources of the parse.
    pub source: usize,
    /// Byte range in it.
    pub span: std::ops::Range<usize>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable short name, such as `unknown-key`.
    pub code: &'static str,
    /// Where, if a place can be named.
    pub place: Option<Place>,
    /// What is wrong: lower case, no final period, values in backticks.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}
