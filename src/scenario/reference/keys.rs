//! The table itself, in the order of the contract.

mod contacts;
mod distributions;
mod operations;
mod plan;
mod run;

use super::{Key, Kind};

/// A key that may be left out.
const fn optional(
    path: &'static str,
    kind: Kind,
    default: &'static str,
    example: &'static str,
    meaning: &'static str,
) -> Key {
    Key {
        path,
        kind,
        default: Some(default),
        meaning,
        example,
    }
}

/// A key that its table must have.
const fn required(
    path: &'static str,
    kind: Kind,
    example: &'static str,
    meaning: &'static str,
) -> Key {
    Key {
        path,
        kind,
        default: None,
        meaning,
        example,
    }
}

/// A table that may be left out.
const fn table(path: &'static str, kind: Kind, meaning: &'static str) -> Key {
    Key {
        path,
        kind,
        default: Some("none"),
        meaning,
        example: "",
    }
}

/// A key that this version refuses.
const fn later(path: &'static str, meaning: &'static str) -> Key {
    Key {
        path,
        kind: Kind::Later,
        default: Some("none"),
        meaning,
        example: "",
    }
}

/// All keys of the format.
pub(crate) fn keys() -> impl Iterator<Item = &'static Key> {
    [
        run::KEYS,
        contacts::KEYS,
        operations::KEYS,
        plan::KEYS,
        distributions::KEYS,
    ]
    .into_iter()
    .flatten()
}

/// What happens to abandoned contacts in a service level.
const FORMULAS: &[&str] = &[
    "excl_quick_abandons",
    "strict",
    "answered_only",
    "abandon_in_time_ok",
];
