//! `[surges.*]`.

use super::super::{Key, Kind};
use super::{optional, required, table};

/// Keys in the order of the contract.
pub(super) const KEYS: &[Key] = &[
    table("surges", Kind::Named, "times of more, or fewer, arrivals"),
    optional(
        "surges.*.contacts",
        Kind::Names,
        "all but those that replay a log",
        "[\"order_status\"]",
        "the contact types it touches",
    ),
    required(
        "surges.*.start",
        Kind::Moment,
        "\"2h\"",
        "when it starts; a clock time repeats daily",
    ),
    optional("surges.*.ramp", Kind::Duration, "\"0s\"", "\"15m\"", "rise in a straight line"),
    optional("surges.*.hold", Kind::Duration, "\"0s\"", "\"2h\"", "time at full strength"),
    optional("surges.*.decay", Kind::Duration, "\"0s\"", "\"3h\"", "fall in a straight line"),
    optional(
        "surges.*.half_life",
        Kind::Duration,
        "`decay` instead",
        "\"25m\"",
        "exponential fall, by half in this time; more than 0",
    ),
    required(
        "surges.*.factor",
        Kind::Factor,
        "{ triangular = { low = 3, mode = 4, high = 5 } }",
        "size, drawn once per replication: rate × (1 + Σ (factor − 1) · shape(t))",
    ),
    optional(
        "surges.*.deflection_factor",
        Kind::Share,
        "1",
        "0.9",
        "share of its deflection that the bot keeps at full surge",
    ),
];
