//! The laws of distributions and their parameters.

use super::super::{Key, Kind};
use super::{optional, required, table};

/// Keys in the order of the contract.
pub(super) const KEYS: &[Key] = &[
    table("DISTRIBUTION.fixed", Kind::Table, "always the same"),
    required(
        "DISTRIBUTION.fixed.value",
        Kind::Quantity,
        "\"20s\"",
        "the value",
    ),
    table("DISTRIBUTION.exponential", Kind::Table, "without memory"),
    required(
        "DISTRIBUTION.exponential.mean",
        Kind::Quantity,
        "\"4m\"",
        "the mean",
    ),
    table(
        "DISTRIBUTION.lognormal",
        Kind::Table,
        "skewed; (mean, cv), (median, cv) or (median, p95)",
    ),
    optional(
        "DISTRIBUTION.lognormal.mean",
        Kind::Quantity,
        "`median` instead",
        "\"5m\"",
        "the mean",
    ),
    optional(
        "DISTRIBUTION.lognormal.median",
        Kind::Quantity,
        "`mean` instead",
        "\"4m\"",
        "the median",
    ),
    optional(
        "DISTRIBUTION.lognormal.cv",
        Kind::Number,
        "`p95` instead",
        "0.8",
        "standard deviation over mean",
    ),
    optional(
        "DISTRIBUTION.lognormal.p95",
        Kind::Quantity,
        "`cv` instead",
        "\"15m\"",
        "the value that 5 % exceed",
    ),
    table(
        "DISTRIBUTION.gamma",
        Kind::Table,
        "skewed, lighter tail than lognormal",
    ),
    required(
        "DISTRIBUTION.gamma.mean",
        Kind::Quantity,
        "\"5m\"",
        "the mean",
    ),
    required(
        "DISTRIBUTION.gamma.cv",
        Kind::Number,
        "0.8",
        "standard deviation over mean",
    ),
    table(
        "DISTRIBUTION.hyperexponential",
        Kind::Table,
        "two exponentials with balanced means",
    ),
    required(
        "DISTRIBUTION.hyperexponential.mean",
        Kind::Quantity,
        "\"5m\"",
        "the mean",
    ),
    required(
        "DISTRIBUTION.hyperexponential.cv",
        Kind::Number,
        "2",
        "standard deviation over mean; at least 1",
    ),
    table(
        "DISTRIBUTION.weibull",
        Kind::Table,
        "rising or falling hazard",
    ),
    required(
        "DISTRIBUTION.weibull.mean",
        Kind::Quantity,
        "\"4m\"",
        "the mean",
    ),
    required(
        "DISTRIBUTION.weibull.shape",
        Kind::Number,
        "0.7",
        "under 1: those who stay, stay longer",
    ),
    table(
        "DISTRIBUTION.erlang",
        Kind::Table,
        "sum of equal exponential stages",
    ),
    required(
        "DISTRIBUTION.erlang.mean",
        Kind::Quantity,
        "\"5m\"",
        "the mean",
    ),
    required(
        "DISTRIBUTION.erlang.stages",
        Kind::Whole,
        "3",
        "number of stages; 1 to 10000",
    ),
    table("DISTRIBUTION.uniform", Kind::Table, "all values alike"),
    required(
        "DISTRIBUTION.uniform.low",
        Kind::Quantity,
        "\"1m\"",
        "least value",
    ),
    required(
        "DISTRIBUTION.uniform.high",
        Kind::Quantity,
        "\"3m\"",
        "greatest value",
    ),
    table(
        "DISTRIBUTION.triangular",
        Kind::Table,
        "an expert's least, likeliest and greatest value",
    ),
    required(
        "DISTRIBUTION.triangular.low",
        Kind::Quantity,
        "\"1m\"",
        "least value",
    ),
    required(
        "DISTRIBUTION.triangular.mode",
        Kind::Quantity,
        "\"2m\"",
        "likeliest value",
    ),
    required(
        "DISTRIBUTION.triangular.high",
        Kind::Quantity,
        "\"5m\"",
        "greatest value",
    ),
    table(
        "DISTRIBUTION.empirical",
        Kind::Table,
        "drawn from values: `values`, or `file` and `column`",
    ),
    optional(
        "DISTRIBUTION.empirical.values",
        Kind::Quantities,
        "`file` instead",
        "[\"90s\", \"2m\", \"4m\"]",
        "the values",
    ),
    optional(
        "DISTRIBUTION.empirical.file",
        Kind::Text,
        "`values` instead",
        "\"calls.csv\"",
        "CSV file with a header row, relative to this file",
    ),
    optional(
        "DISTRIBUTION.empirical.column",
        Kind::Text,
        "with `file`",
        "\"handling\"",
        "its column: seconds, or plain numbers",
    ),
    optional(
        "DISTRIBUTION.mixture",
        Kind::Mixture,
        "none",
        "[{ weight = 0.1, fixed = { value = \"0s\" } }, { weight = 0.9, exponential = { mean = \"4m\" } }]",
        "one of several distributions, each with a `weight`",
    ),
];
