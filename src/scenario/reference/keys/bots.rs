//! `[contacts.*.bot]` and `[bot]`.

use super::super::{Key, Kind};
use super::{inline, optional, required, table};

/// The bot in front of a contact type.
pub(super) const OF_TYPES: &[Key] = &[
    table("contacts.*.bot", Kind::Table, "the bot in front; left out: straight to a human"),
    required(
        "contacts.*.bot.deflection",
        Kind::ShareSteps,
        "0.85",
        "share of sessions that end with no human; a step function too",
    ),
    required(
        "contacts.*.bot.deflection[].from",
        Kind::Moment,
        "\"6h\"",
        "when this share begins to hold",
    ),
    required(
        "contacts.*.bot.deflection[].deflection",
        Kind::Share,
        "0.7",
        "the share until the next entry",
    ),
    required(
        "contacts.*.bot.session",
        Kind::Distribution,
        "{ lognormal = { mean = \"75s\", cv = 0.7 } }",
        "length of a session",
    ),
    optional(
        "contacts.*.bot.escalation_session",
        Kind::Distribution,
        "`session`",
        "{ lognormal = { mean = \"25s\", cv = 0.5 } }",
        "length of a session that ends with a human",
    ),
    optional(
        "contacts.*.bot.opt_out",
        Kind::Share,
        "0",
        "0.05",
        "share that asks for a human at once, with no session",
    ),
    optional(
        "contacts.*.bot.abandonment",
        Kind::Share,
        "0",
        "0.02",
        "share of sessions left unserved; with `deflection` at most 1",
    ),
    table(
        "contacts.*.bot.false_resolution",
        Kind::Table,
        "deflected contacts that return, to a human",
    ),
    required(
        "contacts.*.bot.false_resolution.probability",
        Kind::Share,
        "0.06",
        "share of the deflected",
    ),
    required(
        "contacts.*.bot.false_resolution.recontact_after",
        Kind::Distribution,
        "{ exponential = { mean = \"3h\" } }",
        "how long until they return",
    ),
    inline(
        "contacts.*.bot.misroute",
        Kind::Table,
        "{ probability = 0.04, to = \"promotion\" }",
        "escalations that are first served as another type, then transferred back",
    ),
    required("contacts.*.bot.misroute.probability", Kind::Share, "0.04", "share of the escalated"),
    required(
        "contacts.*.bot.misroute.to",
        Kind::Text,
        "\"promotion\"",
        "the contact type that they are taken for",
    ),
    optional(
        "contacts.*.bot.escalation_handling",
        Kind::Distribution,
        "`handling`",
        "{ lognormal = { mean = \"6m\", cv = 0.8 } }",
        "handling of what the bot could not solve",
    ),
    optional(
        "contacts.*.bot.context_saving",
        Kind::Share,
        "0",
        "0.2",
        "share of that handling that the hand-off summary saves; less than 1",
    ),
    inline(
        "contacts.*.bot.urgent",
        Kind::Table,
        "{ probability = 0.1, priority = 1 }",
        "escalations whose priority triage raises",
    ),
    required("contacts.*.bot.urgent.probability", Kind::Share, "0.1", "share of the escalated"),
    optional(
        "contacts.*.bot.urgent.priority",
        Kind::Whole,
        "1",
        "1",
        "their priority, before a group's own and the type's",
    ),
];

/// What all sessions share.
pub(super) const SHARED: &[Key] = &[
    table("bot", Kind::Table, "what all bot sessions share"),
    optional(
        "bot.enabled",
        Kind::Boolean,
        "true",
        "false",
        "false: everyone goes straight to a human",
    ),
    optional("bot.capacity", Kind::Whole, "no limit", "20000", "concurrent sessions"),
    optional(
        "bot.when_full",
        Kind::Choice(&["escalate", "queue", "reject"]),
        "\"escalate\"",
        "\"queue\"",
        "what happens to whoever finds the bot full or down",
    ),
    table("bot.outages", Kind::Tables, "when the bot is down or weak"),
    required(
        "bot.outages[].start",
        Kind::Moment,
        "\"6h\"",
        "when it starts; a clock time repeats daily",
    ),
    required("bot.outages[].length", Kind::Duration, "\"20m\"", "how long it lasts; more than 0"),
    optional(
        "bot.outages[].capacity",
        Kind::Whole,
        "0; with a `deflection_factor`: as outside the outage",
        "0",
        "sessions that may be begun at once during it; sessions in progress go on",
    ),
    optional(
        "bot.outages[].deflection_factor",
        Kind::Share,
        "1",
        "0.5",
        "share of its deflection that the bot keeps",
    ),
];
