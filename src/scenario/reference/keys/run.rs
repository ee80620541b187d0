//! The top, `[run]`, `[service_level]` and `[profiles.*]`.

use super::super::{Key, Kind};
use super::{FORMULAS, optional, required, table};

/// Keys in the order of the contract.
pub(super) const KEYS: &[Key] = &[
    optional("title", Kind::Text, "none", "\"Double 11\"", "what reports call the scenario"),
    optional(
        "extends",
        Kind::Text,
        "none",
        "\"base.toml\"",
        "a file that this one is laid over: tables merge, everything else is replaced",
    ),
    optional(
        "expect",
        Kind::Expressions,
        "none",
        "[\"wait.p95 <= 15s\", \"service_level >= 80% in every 30m\"]",
        "what the results shall be: a figure of the report, a comparison and a limit",
    ),
    table("run", Kind::Table, "when the simulation runs and how often"),
    optional(
        "run.start",
        Kind::Date,
        "clock times count from 00:00",
        "2026-11-10T18:00:00",
        "local date and time of the start",
    ),
    optional(
        "run.timezone",
        Kind::Text,
        "\"UTC\"",
        "\"Asia/Shanghai\"",
        "IANA time zone of clock times and dates",
    ),
    required(
        "run.duration",
        Kind::Duration,
        "\"30h\"",
        "how long contacts arrive; more than 0, at most 3660 days",
    ),
    optional(
        "run.warm_up",
        Kind::Duration,
        "\"0s\"",
        "\"2h\"",
        "start that is not counted; less than `duration`",
    ),
    optional(
        "run.drain",
        Kind::Duration,
        "\"24h\"",
        "\"24h\"",
        "how long counted contacts are followed after `duration`",
    ),
    optional("run.interval", Kind::Duration, "\"15m\"", "\"15m\"", "reporting interval"),
    optional("run.seed", Kind::Whole, "1", "11", "seed of all draws"),
    optional(
        "run.replications",
        Kind::Whole,
        "100",
        "100",
        "how many independent days; 1 to 1000000",
    ),
    table(
        "run.precision",
        Kind::Table,
        "instead of `replications`: until a figure is precise enough",
    ),
    required("run.precision.of", Kind::Text, "\"wait.mean\"", "path of the figure in the report"),
    required(
        "run.precision.relative",
        Kind::Share,
        "0.02",
        "half-width of its interval over its value; more than 0, less than 1",
    ),
    optional(
        "run.precision.at_most",
        Kind::Whole,
        "2000",
        "2000",
        "cap on the replications; 2 to 1000000",
    ),
    optional(
        "run.busyness",
        Kind::Number,
        "0",
        "0.1",
        "coefficient of variation of a factor on all rates, drawn once per replication",
    ),
    table(
        "service_level",
        Kind::Table,
        "the promise that waits are held against, for all contact types",
    ),
    optional(
        "service_level.answer_within",
        Kind::Duration,
        "\"20s\"",
        "\"15s\"",
        "the threshold T",
    ),
    optional("service_level.goal", Kind::Share, "0.8", "0.9", "the share that a good day reaches"),
    optional(
        "service_level.formula",
        Kind::Choice(FORMULAS),
        "\"excl_quick_abandons\"",
        "\"strict\"",
        "what happens to abandoned contacts",
    ),
    table("profiles", Kind::Named, "shapes of the day or week that multiply rates"),
    required("profiles.*.interval", Kind::Duration, "\"6h\"", "length that each weight covers"),
    required(
        "profiles.*.weights",
        Kind::Numbers,
        "[0.2, 1.0, 1.5, 0.6]",
        "one per interval of 24 hours or 7 days (from Monday)",
    ),
    optional(
        "profiles.*.shape",
        Kind::Choice(&["step", "linear"]),
        "\"step\"",
        "\"linear\"",
        "between weights: steps, or straight lines between interval midpoints",
    ),
];
