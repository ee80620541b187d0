//! Distributions as the file writes them: a table with one key, the law.

use crate::random::{Distribution, DistributionError};

use super::data;
use super::reference::LAWS;
use super::section::{Context, Section};
use super::values;
use crate::format::Problem;
use crate::format::near::suggestion;
use crate::format::node::{Node, Value};
use crate::format::units::short;

/// Deepest nesting of mixtures.
const DEEPEST: usize = 8;

/// What the quantity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// A length of time: parameters are durations.
    Time,
    /// A pure number: so are the parameters, and a plain number is fixed.
    Number,
}

/// A distribution of durations.
pub(crate) fn duration<'a>(context: &'a Context<'a>, node: &'a Node) -> Option<Distribution> {
    distribution(context, node, Quantity::Time, 0)
}

/// A distribution of numbers, or a number.
pub(crate) fn factor<'a>(context: &'a Context<'a>, node: &'a Node) -> Option<Distribution> {
    match node.value {
        Value::Integer(_) | Value::Float(_) => {
            built(context, node, Distribution::fixed(values::number(context, node)?))
        }
        _ => distribution(context, node, Quantity::Number, 0),
    }
}

fn distribution<'a>(
    context: &'a Context<'a>,
    node: &'a Node,
    quantity: Quantity,
    depth: usize,
) -> Option<Distribution> {
    let Value::Table(table) = &node.value else {
        let help = match &node.value {
            Value::Text(text) if quantity == Quantity::Time => format!(
                "write `{{ fixed = {{ value = \"{0}\" }} }}` or `{{ exponential = {{ mean = \"{0}\" }} }}`",
                crate::format::units::shorten(text)
            ),
            _ if quantity == Quantity::Time => {
                "write a table with one law, such as `{ exponential = { mean = \"4m\" } }`"
                    .to_owned()
            }
            _ => "write a number, or a table such as `{ uniform = { low = 3, high = 5 } }`"
                .to_owned(),
        };
        context.wrong_type(node, "a distribution", help);
        return None;
    };
    let laws: Vec<_> =
        table.entries.iter().filter(|entry| law_name(&entry.key).is_some()).collect();
    for entry in &table.entries {
        if law_name(&entry.key).is_none() {
            let message =
                format!("there is no distribution `{}`", crate::format::units::shorten(&entry.key));
            let problem = Problem::new("unknown-key", &entry.place, message);
            context.report(problem.help(suggestion(&entry.key, LAWS, "distributions")));
        }
    }
    match laws.as_slice() {
        [] if table.entries.is_empty() => {
            let problem =
                Problem::new("invalid-distribution", &node.place, "the distribution has no law");
            context
                .report(problem.help("write one, such as `{ exponential = { mean = \"4m\" } }`"));
            None
        }
        [] => None,
        [entry] => law(context, &entry.node, law_name(&entry.key)?, quantity, depth),
        [first, second, ..] => {
            let message = format!("`{}` and `{}` exclude each other", first.key, second.key);
            context.report(
                Problem::new("conflicting-keys", &second.place, message)
                    .related(&first.place, format!("`{}` is here", first.key))
                    .help("a distribution has one law; for several use `mixture`"),
            );
            None
        }
    }
}

fn law_name(key: &str) -> Option<&'static str> {
    LAWS.iter().find(|law| **law == key).copied()
}

/// One law with its parameters.
fn law<'a>(
    context: &'a Context<'a>,
    node: &'a Node,
    name: &'static str,
    quantity: Quantity,
    depth: usize,
) -> Option<Distribution> {
    if name == "mixture" {
        return mixture(context, node, quantity, depth);
    }
    let pattern = LAW_PATTERNS.iter().find(|pattern| pattern.ends_with(&format!(".{name}")))?;
    Section::read(context, (pattern, name.to_owned(), &node.place), node, |section| {
        parameters(section, node, name, quantity)
    })
    .flatten()
}

/// Where the parameters of each law stand in the table of keys.
const LAW_PATTERNS: &[&str] = &[
    "DISTRIBUTION.fixed",
    "DISTRIBUTION.exponential",
    "DISTRIBUTION.lognormal",
    "DISTRIBUTION.gamma",
    "DISTRIBUTION.hyperexponential",
    "DISTRIBUTION.weibull",
    "DISTRIBUTION.erlang",
    "DISTRIBUTION.uniform",
    "DISTRIBUTION.triangular",
    "DISTRIBUTION.empirical",
];

fn parameters<'a>(
    section: &Section<'a>,
    node: &Node,
    name: &str,
    quantity: Quantity,
) -> Option<Distribution> {
    let context = section.context;
    let value = |key| section.required(key, |context, node| read(context, node, quantity));
    let number = |key| section.required(key, values::number);
    // Every parameter is read before the first `?`, so that all their problems are reported.
    match name {
        "fixed" => built(context, node, Distribution::fixed(value("value")?)),
        "exponential" => built(context, node, Distribution::exponential(value("mean")?)),
        "lognormal" => lognormal(section, node, quantity),
        "gamma" => {
            let (mean, cv) = (value("mean"), number("cv"));
            built(context, node, Distribution::gamma(mean?, cv?))
        }
        "hyperexponential" => {
            let (mean, cv) = (value("mean"), number("cv"));
            built(context, node, Distribution::hyperexponential(mean?, cv?))
        }
        "weibull" => {
            let (mean, shape) = (value("mean"), number("shape"));
            built(context, node, Distribution::weibull(mean?, shape?))
        }
        "erlang" => {
            let stages = |context: &'a Context<'a>, node| values::count(context, node, 1, 10_000);
            let (mean, stages) = (value("mean"), section.required("stages", stages));
            built(context, node, Distribution::erlang(mean?, stages?))
        }
        "uniform" => {
            let (low, high) = (value("low"), value("high"));
            built(context, node, Distribution::uniform(low?, high?))
        }
        "triangular" => {
            let (low, mode, high) = (value("low"), value("mode"), value("high"));
            built(context, node, Distribution::triangular(low?, mode?, high?))
        }
        _ => empirical(section, node, quantity),
    }
}

/// A parameter in the unit of the quantity.
fn read(context: &Context<'_>, node: &Node, quantity: Quantity) -> Option<f64> {
    match quantity {
        Quantity::Time => values::seconds(context, node),
        Quantity::Number => values::number(context, node),
    }
}

/// `(mean, cv)`, `(median, cv)` or `(median, p95)`.
fn lognormal(section: &Section<'_>, node: &Node, quantity: Quantity) -> Option<Distribution> {
    let context = section.context;
    section.exclude(
        "mean",
        "median",
        "give `mean` and `cv`, `median` and `cv`, or `median` and `p95`",
    );
    section.exclude("cv", "p95", "give `mean` and `cv`, `median` and `cv`, or `median` and `p95`");
    let value = |key| section.get(key, |context, node| read(context, node, quantity));
    let given = |key| section.entry(key).is_some();
    let (mean, median, p95) = (value("mean"), value("median"), value("p95"));
    let cv = section.get("cv", values::number);
    if !given("mean") && !given("median") {
        section.missing("mean");
    } else if given("mean") && given("p95") && !given("median") && !given("cv") {
        section.exclude("mean", "p95", "give `mean` and `cv`, or `median` and `p95`");
    } else if !given("cv") && !given("p95") {
        section.missing("cv");
    }
    match (mean, median, cv, p95) {
        (Some(mean), None, Some(cv), None) => {
            built(context, node, Distribution::lognormal(mean, cv))
        }
        (None, Some(median), Some(cv), None) => {
            built(context, node, Distribution::lognormal_median_cv(median, cv))
        }
        (None, Some(median), None, Some(p95)) => {
            built(context, node, Distribution::lognormal_median_p95(median, p95))
        }
        _ => None,
    }
}

/// `values`, or `file` and `column`.
fn empirical<'a>(section: &Section<'a>, node: &Node, quantity: Quantity) -> Option<Distribution> {
    let context = section.context;
    section.exclude("values", "file", "give `values`, or `file` and `column`");
    if section.entry("values").is_some() {
        if section.entry("file").is_none() {
            section.exclude("values", "column", "`column` belongs to `file`");
        }
        let numbers = section.get("values", |context: &'a Context<'a>, node: &'a Node| {
            let list = values::list(context, node, "write values such as `[\"90s\", \"2m\"]`")?;
            values::each(list, |item| read(context, item, quantity))
        });
        return built(context, node, Distribution::empirical(numbers?));
    }
    if section.entry("file").is_none() {
        section.missing("values");
        section.entry("column");
        return None;
    }
    let column = section.required("column", values::located);
    let file = section.get("file", values::located);
    let numbers = data::column(context, &file?, &column?, quantity)?;
    built(context, node, Distribution::empirical(numbers))
}

/// A list of tables, each a weight and a distribution.
fn mixture<'a>(
    context: &'a Context<'a>,
    node: &'a Node,
    quantity: Quantity,
    depth: usize,
) -> Option<Distribution> {
    if depth >= DEEPEST {
        let message = format!("mixtures are nested more than {DEEPEST} deep");
        let problem = Problem::new("too-deep", &node.place, message);
        context.report(problem.help("multiply the weights and write one mixture"));
        return None;
    }
    let help = "for example `[{ weight = 0.1, fixed = { value = \"0s\" } }, …]`";
    let list = values::list(context, node, help)?;
    let components = values::each(list, |item| {
        let Value::Table(table) = &item.value else {
            context.wrong_type(item, "a table with `weight` and a distribution", help);
            return None;
        };
        let weight = table.get("weight").map(|entry| values::number(context, &entry.node));
        if weight.is_none() {
            let problem = Problem::new("missing-key", &item.place, "`weight` is missing");
            context.report(problem.help("for example `weight = 0.1` into each entry"));
        }
        let law = component(context, item, quantity, depth);
        Some((weight??, law?))
    })?;
    built(context, node, Distribution::mixture(components))
}

/// The distribution beside a weight.
fn component<'a>(
    context: &'a Context<'a>,
    item: &'a Node,
    quantity: Quantity,
    depth: usize,
) -> Option<Distribution> {
    let entries = &item.table()?.entries;
    let mut laws = Vec::new();
    for entry in entries.iter().filter(|entry| entry.key != "weight") {
        if let Some(name) = law_name(&entry.key) {
            laws.push((entry, name));
        } else {
            let message =
                format!("there is no distribution `{}`", crate::format::units::shorten(&entry.key));
            let problem = Problem::new("unknown-key", &entry.place, message);
            context.report(problem.help(suggestion(&entry.key, LAWS, "distributions")));
        }
    }
    match laws.as_slice() {
        [(entry, name)] => law(context, &entry.node, name, quantity, depth + 1),
        [] if entries.iter().all(|entry| entry.key == "weight") => {
            let problem = Problem::new("invalid-distribution", &item.place, "the entry has no law");
            context.report(
                problem.help("write one beside `weight`, such as `fixed = { value = \"0s\" }`"),
            );
            None
        }
        [] => None,
        [(first, _), (second, _), ..] => {
            let message = format!("`{}` and `{}` exclude each other", first.key, second.key);
            context.report(
                Problem::new("conflicting-keys", &second.place, message)
                    .related(&first.place, format!("`{}` is here", first.key))
                    .help("write one entry for each, with its own weight"),
            );
            None
        }
    }
}

/// Reports why a distribution could not be built.
fn built(
    context: &Context<'_>,
    node: &Node,
    built: Result<Distribution, DistributionError>,
) -> Option<Distribution> {
    built
        .map_err(|error| {
            context.report(Problem::new("invalid-distribution", &node.place, message(&error)));
        })
        .ok()
}

/// What the error says, without rows of zeros.
fn message(error: &DistributionError) -> String {
    match error {
        DistributionError::OutOfRange { parameter, value, must } => {
            format!("`{parameter}` is `{}`, it must be {must}", short(*value))
        }
        _ => error.to_string(),
    }
}
