//! TOML with places: what a text says, where it says so, and what is wrong with it. Knows no
//! contact center.
//!
//! The way of a text: `syntax` makes nodes of it that know their [`Place`]; `layers` lays files,
//! options and what is set over each other; `section` reads tables by the declarations of their keys
//! (`key`, `shape`) with readers of values (`values`, `tables`, `moments`). [`Problems`] shows all
//! that is wrong. Out of the same declarations come the JSON Schema and the reference.

pub(crate) mod calendar;
mod context;
pub(crate) mod digest;
mod key;
pub(crate) mod layers;
mod merge;
mod moments;
mod names;
mod near;
mod node;
mod options;
mod problem;
pub(crate) mod reference;
pub(crate) mod schema;
mod section;
pub(crate) mod set;
mod shape;
mod source;
mod syntax;
mod tables;
pub mod units;
mod values;

pub use calendar::{Moment, Steps};
pub(crate) use calendar::{RunClock, Start, instant};
pub(crate) use context::{Context, ReadFile, ValueAt};
pub(crate) use key::{Key, Reader, key};
pub(crate) use layers::Request;
pub(crate) use merge::Grammar;
pub(crate) use moments::{
    ReadDate, ReadMoment, ReadSteps, ReadZone, clock_micros, looks_like_date, moment,
    moment_or_midnight, steps,
};
pub(crate) use names::Namespace;
pub(crate) use near::suggestion;
pub(crate) use node::{Node, Value};
pub use problem::{Problem, Problems};
pub(crate) use section::{ReadTable, Record, Section, table};
#[cfg(test)]
pub(crate) use shape::DeclaredKey;
pub(crate) use shape::{AnyKey, KeyRule, SpanLimits, TableKeys, ValueShape};
pub use source::{Files, Located, NoFiles, Override, Place, SourceText, Sources};
pub(crate) use tables::{
    ReadByName, ReadList, ReadNameOf, ReadNamed, ReadNamesOf, by_name, list, name_of, named,
    names_of, some, some_tables, tables,
};
pub(crate) use values::{
    ReadChoice, ReadCount, ReadFlag, ReadLocated, ReadName, ReadNumber, ReadRate, ReadSeconds,
    ReadShare, ReadSpan, ReadText, ReadWhole, choice, count, duration, located, number,
    number_between, share, whole,
};
