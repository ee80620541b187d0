//! `[groups.*]`.

use super::super::{Key, Kind};
use super::{inline, optional, required, table};

/// Keys in the order of the contract.
pub(super) const KEYS: &[Key] = &[
    table("groups", Kind::Named, "agent groups; at least one"),
    required(
        "groups.*.skills",
        Kind::Skills,
        "{ order_status = 1.0, promotion = { speed = 0.9, priority = 6 } }",
        "contact types it serves, with speed; a list of names means speed 1",
    ),
    optional(
        "groups.*.skills.*.speed",
        Kind::Number,
        "1",
        "0.9",
        "handling is divided by it; from 0.001 to 1000",
    ),
    optional(
        "groups.*.skills.*.priority",
        Kind::Whole,
        "the contact type's",
        "6",
        "priority of the type in this group",
    ),
    optional(
        "groups.*.handling",
        Kind::DistributionByType,
        "the contact type's, divided by `speed`",
        "{ promotion = { exponential = { mean = \"3m\" } } }",
        "handling of contact types in this group, whatever its `speed`",
    ),
    optional(
        "groups.*.staff",
        Kind::AgentSteps,
        "`shifts` instead",
        "120",
        "scheduled head count; a step function too",
    ),
    required(
        "groups.*.staff[].from",
        Kind::Moment,
        "\"09:00\"",
        "when this head count begins to hold",
    ),
    required(
        "groups.*.staff[].agents",
        Kind::Whole,
        "30",
        "the head count until the next entry; at most 10000000",
    ),
    inline(
        "groups.*.shifts",
        Kind::Tables,
        "[{ name = \"day\", start = \"08:00\", length = \"9h\", agents = 60, breaks = [{ after = \"4h\", length = \"1h\" }] }]",
        "instead of `staff`: named people, with their breaks",
    ),
    optional("groups.*.shifts[].name", Kind::Text, "none", "\"day\"", "what messages call it"),
    required(
        "groups.*.shifts[].start",
        Kind::Moment,
        "\"08:00\"",
        "when it starts; a clock time repeats daily",
    ),
    required(
        "groups.*.shifts[].length",
        Kind::Duration,
        "\"9h\"",
        "its length, breaks included; more than 0, at most 24 hours where it repeats daily",
    ),
    required(
        "groups.*.shifts[].agents",
        Kind::Whole,
        "60",
        "scheduled agents; at most 10000000 in all shifts of a group",
    ),
    inline(
        "groups.*.shifts[].breaks",
        Kind::Tables,
        "[{ after = \"4h\", length = \"1h\" }]",
        "breaks in order of time, within the shift",
    ),
    required(
        "groups.*.shifts[].breaks[].after",
        Kind::Duration,
        "\"4h\"",
        "when it is due, from the start of the shift",
    ),
    required(
        "groups.*.shifts[].breaks[].length",
        Kind::Duration,
        "\"30m\"",
        "its length; more than 0",
    ),
    optional(
        "groups.*.shifts[].breaks[].paid",
        Kind::Boolean,
        "true",
        "false",
        "whether it is scheduled time; an unpaid break costs nothing",
    ),
    optional(
        "groups.*.timezone",
        Kind::Text,
        "`run.timezone`",
        "\"Europe/Berlin\"",
        "IANA time zone of the clock times and dates of this group; needs `run.start`",
    ),
    optional(
        "groups.*.shrinkage",
        Kind::Share,
        "0",
        "0.12",
        "share of scheduled agents not present; less than 1",
    ),
    inline(
        "groups.*.concurrency",
        Kind::Table,
        "{ chats = 3, speed = [1.0, 0.9, 0.8] }",
        "several contacts at once; left out: one at a time",
    ),
    required(
        "groups.*.concurrency.chats",
        Kind::Whole,
        "3",
        "the most that an agent has open, wrap-up included; 1 to 20",
    ),
    optional(
        "groups.*.concurrency.speed",
        Kind::Numbers,
        "1 each",
        "[1.0, 0.9, 0.8]",
        "speed of each contact while 1, 2, … are open: one per chat, from 0.001 to 1000",
    ),
    optional("groups.*.cost_per_hour", Kind::Number, "unknown", "38.0", "per scheduled agent hour"),
    inline(
        "groups.*.reserve",
        Kind::Table,
        "{ contacts = [\"promotion\"], agents = 5 }",
        "agents held back for some contact types",
    ),
    required(
        "groups.*.reserve.contacts",
        Kind::Names,
        "[\"promotion\"]",
        "the contact types that they are held back for; the group has the skills",
    ),
    required(
        "groups.*.reserve.agents",
        Kind::Whole,
        "5",
        "other types may take an agent only while more than this many could take a contact",
    ),
];
