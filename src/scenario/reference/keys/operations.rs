//! `[routing]`, `[options]` and `[check]`.

use super::super::{Key, Kind};
use super::{AGENTS, inline, optional, table};

/// Keys in the order of the contract.
pub(super) const KEYS: &[Key] = &[
    table("routing", Kind::Table, "how contacts and agents find each other"),
    optional(
        "routing.policy",
        Kind::Policy(&[
            "fcfs",
            "priority",
            "priority_aging",
            "longest_queue",
            "weighted",
            "generalized_c_mu",
        ]),
        "\"priority\"",
        "\"fcfs\"",
        "which waiting contact a free agent takes; ties: longest waiting",
    ),
    inline(
        "routing.policy.priority_aging",
        Kind::Table,
        "{ rate = \"1/min\" }",
        "the lowest priority number, which falls as a contact waits",
    ),
    optional(
        "routing.policy.priority_aging.rate",
        Kind::RateByType,
        "\"1/min\"",
        "{ order_status = \"2/min\" }",
        "levels gained per time waited: one rate, or one by contact type",
    ),
    inline(
        "routing.policy.weighted",
        Kind::Table,
        "{ weight = { promotion = 3.0 } }",
        "the largest weight × wait",
    ),
    optional(
        "routing.policy.weighted.weight",
        Kind::NumberByType,
        "1 each",
        "{ promotion = 3.0 }",
        "weights by contact type, from 0 to 1e9",
    ),
    inline(
        "routing.policy.generalized_c_mu",
        Kind::Table,
        "{ cost = { promotion = 2.0 } }",
        "the largest cost × wait ÷ mean agent time in the agent's group",
    ),
    optional(
        "routing.policy.generalized_c_mu.cost",
        Kind::NumberByType,
        "1 each",
        "{ promotion = 2.0 }",
        "cost of waiting by contact type, per time squared, from 0 to 1e9",
    ),
    optional(
        "routing.agents",
        Kind::Choice(AGENTS),
        "\"longest_idle\"",
        "\"fastest\"",
        "which free agent a contact takes",
    ),
    optional(
        "routing.waiting_room",
        Kind::Whole,
        "no limit",
        "300",
        "waiting contacts of all types together",
    ),
    optional(
        "routing.lines",
        Kind::Whole,
        "no limit",
        "400",
        "contacts waiting or being handled, all types together",
    ),
    table(
        "options",
        Kind::Options,
        "what-ifs: each holds any key of a scenario but `extends` and `options`, and `--option` lays \
         it over the file, as `extends` would",
    ),
    table("check", Kind::Table, "what `simulate check` does"),
    optional(
        "check.guard",
        Kind::Expressions,
        "service level, waits, abandonment and backlog",
        "[\"service_level >= baseline - 0.5%\", \"wait.p95 <= baseline * 1.05\"]",
        "how far a figure may be from the stored baseline",
    ),
];
