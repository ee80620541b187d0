//! TOML with places: what a text says, where it says so, and what is wrong with it. Knows no
//! contact center.
//!
//! The way of a text: `syntax` makes [`Place`]d nodes of it, `units` reads its durations, rates and
//! shares, `near` guesses what a misspelt name means, and [`Problems`] shows all that is wrong.

pub(crate) mod digest;
pub(crate) mod near;
pub(crate) mod node;
mod problem;
mod source;
pub(crate) mod syntax;
pub mod units;

pub use problem::{Problem, Problems};
pub use source::{Files, Located, NoFiles, Override, Place, SourceText, Sources};
