//! `[plan]`.

use super::super::{Key, Kind};
use super::{optional, required, table};

/// Keys in the order of the contract.
pub(super) const KEYS: &[Key] = &[
    table("plan", Kind::Table, "what `simulate plan` is to find"),
    required(
        "plan.meet",
        Kind::Names,
        "[\"service_level >= 80% in every 30m\", \"abandonment_rate <= 5%\"]",
        "promises, in the language of `expect`",
    ),
    optional(
        "plan.groups",
        Kind::Names,
        "all",
        "[\"general\"]",
        "the groups whose staffing may change",
    ),
    optional(
        "plan.step",
        Kind::Duration,
        "\"30m\"",
        "\"30m\"",
        "without shifts: the head count may change this often",
    ),
    optional(
        "plan.confidence",
        Kind::Share,
        "0.95",
        "0.95",
        "how surely all promises hold on average over days; from 0.5, less than 1",
    ),
    table("plan.bounds", Kind::Named, "fewest and most scheduled agents, by group"),
    optional("plan.bounds.*.at_least", Kind::Whole, "0", "10", "at any time at least so many"),
    optional(
        "plan.bounds.*.at_most",
        Kind::Whole,
        "no limit",
        "300",
        "at any time at most so many",
    ),
    table(
        "plan.shifts",
        Kind::Tables,
        "shifts that a roster is made of; left out: a head count is found",
    ),
    required("plan.shifts[].name", Kind::Text, "\"day\"", "what reports call it"),
    optional(
        "plan.shifts[].groups",
        Kind::Names,
        "plan.groups",
        "[\"general\"]",
        "the groups that work it",
    ),
    Key {
        path: "plan.shifts[].starts",
        kind: Kind::Table,
        default: None,
        meaning: "when it may start",
        example: "{ from = \"07:00\", to = \"11:00\", every = \"30m\" }",
    },
    required(
        "plan.shifts[].starts.from",
        Kind::Moment,
        "\"07:00\"",
        "the first start: a clock time, which repeats daily, or an offset",
    ),
    optional(
        "plan.shifts[].starts.to",
        Kind::Moment,
        "the first start",
        "\"11:00\"",
        "the last start",
    ),
    optional(
        "plan.shifts[].starts.every",
        Kind::Duration,
        "\"30m\"",
        "\"30m\"",
        "from one start to the next",
    ),
    required(
        "plan.shifts[].length",
        Kind::Duration,
        "\"9h\"",
        "from start to end, breaks included; at most 24 hours",
    ),
    table(
        "plan.shifts[].breaks",
        Kind::Tables,
        "breaks, each of which begins when its agent is free",
    ),
    required(
        "plan.shifts[].breaks[].after",
        Kind::Duration,
        "\"4h\"",
        "when it is due, from the start of the shift",
    ),
    required(
        "plan.shifts[].breaks[].length",
        Kind::Duration,
        "\"1h\"",
        "how long it lasts; it ends before the shift does",
    ),
    optional(
        "plan.shifts[].breaks[].paid",
        Kind::Boolean,
        "true",
        "false",
        "whether it counts as scheduled time",
    ),
    optional(
        "plan.shifts[].at_most",
        Kind::Whole,
        "no limit",
        "80",
        "most people on it, over all its starts of a day",
    ),
    optional(
        "plan.shifts[].cost",
        Kind::Number,
        "paid hours × the group's `cost_per_hour`",
        "320.0",
        "what one person on it costs",
    ),
];
