//! The table itself, in the order of the contract.

mod bots;
mod contacts;
mod distributions;
mod groups;
mod operations;
mod plan;
mod run;
mod surges;

use super::{Key, Kind};

/// A key that may be left out.
const fn optional(
    path: &'static str,
    kind: Kind,
    default: &'static str,
    example: &'static str,
    meaning: &'static str,
) -> Key {
    Key { path, kind, default: Some(default), meaning, example }
}

/// A key that its table must have.
const fn required(
    path: &'static str,
    kind: Kind,
    example: &'static str,
    meaning: &'static str,
) -> Key {
    Key { path, kind, default: None, meaning, example }
}

/// A table that may be left out.
const fn table(path: &'static str, kind: Kind, meaning: &'static str) -> Key {
    Key { path, kind, default: Some("none"), meaning, example: "" }
}

/// A table or list of tables that may be left out, with how it is written in one line.
const fn inline(
    path: &'static str,
    kind: Kind,
    example: &'static str,
    meaning: &'static str,
) -> Key {
    optional(path, kind, "none", example, meaning)
}

/// All keys of the format.
pub(crate) fn keys() -> impl Iterator<Item = &'static Key> {
    [
        run::KEYS,
        contacts::KEYS,
        bots::OF_TYPES,
        bots::SHARED,
        surges::KEYS,
        groups::KEYS,
        operations::KEYS,
        plan::KEYS,
        distributions::KEYS,
    ]
    .into_iter()
    .flatten()
}

/// What happens to abandoned contacts in a service level.
const FORMULAS: &[&str] = &["excl_quick_abandons", "strict", "answered_only", "abandon_in_time_ok"];

/// Which free agent a contact takes.
const AGENTS: &[&str] = &["longest_idle", "least_busy", "most_busy", "fastest", "listed", "random"];
