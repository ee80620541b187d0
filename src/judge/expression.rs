//! The language of `expect`, `guard` and `[plan] meet`: one figure, one comparison, one limit.
//!
//! ```text
//! expression = path op limit [scope]
//! op         = "<=" | "<" | ">=" | ">"
//! limit      = number [unit]
//!            | "baseline" ["*" factor] [("+" | "-") number [unit]]      only in guards
//! scope      = "in every interval" | "in every" duration | "in" share "of days"
//! path       = a path of the report, or one to its "days.p05", "days.p50" or "days.p95"
//! ```
//!
//! Names in paths may stand in quotes, as they must where comparisons are in them; inside, `\"` is a
//! quote and `\\` a backslash.
//!
//! Numbers are written as in scenario files and must fit the figure: `80%` or `0.8` for shares,
//! `15s` for lengths of time, plain numbers for counts. `- 0.5%` on a share means percentage points.

use std::ops::Range;

use crate::experiment::catalog::{KnownFigure, Statistic};
use crate::experiment::{Asked, Catalog};
use crate::metrics::definition::{Better, Unit};
use crate::time::SimSpan;

mod excerpt;
mod extent;
mod figure;
mod limit;
mod names;

use excerpt::Excerpt;
pub use figure::suggest;
pub use limit::shown;

/// Where an expression stands, which decides what it may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// In `expect` or `[plan] meet`: the limit is a number.
    Target,
    /// In `[check] guard`: the limit is relative to the baseline, for the whole day.
    Guard,
}

/// An expression that makes sense for a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// As the user wrote it, without surrounding blanks.
    pub text: String,
    /// Path of the figure, as [`Summary::figure`](crate::experiment::Summary::figure) takes it.
    pub path: String,
    /// What of the figure is compared.
    pub aspect: Aspect,
    /// How it is compared.
    pub op: Op,
    /// What with.
    pub limit: Limit,
    /// For what it shall hold.
    pub extent: Extent,
    /// What the figure's numbers mean.
    pub unit: Unit,
    /// Which direction of the figure is better.
    pub better: Better,
    /// How the figure is estimated.
    pub statistic: Statistic,
}

/// What of a figure is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aspect {
    /// Its value.
    Value,
    /// Its percentile over simulated days, 0 to 1.
    Days(f64),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
}

/// What a figure is compared with, in the unit of the figure (seconds, 0 to 1, hours).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// A number.
    Number(f64),
    /// Factor × baseline + offset.
    Baseline {
        /// What the baseline is multiplied by; more than 0.
        factor: f64,
        /// What is added; may be negative.
        offset: f64,
    },
}

/// For what an expression shall hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extent {
    /// For the figure of all days together.
    Whole,
    /// In every interval of this length.
    Every(SimSpan),
    /// On at least this share of the days.
    Days(f64),
}

impl Op {
    /// Whether the comparison asks for small numbers.
    pub fn is_upper_limit(self) -> bool {
        matches!(self, Self::AtMost | Self::Below)
    }

    /// Whether `value` is as asked.
    pub fn is_met(self, value: f64, limit: f64) -> bool {
        match self {
            Self::AtMost => value <= limit,
            Self::Below => value < limit,
            Self::AtLeast => value >= limit,
            Self::Above => value > limit,
        }
    }
}

/// Why a text is no expression, where in it, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError {
    /// `unknown-figure` or `invalid-expression`, as in [`codes`](crate::scenario::codes).
    pub code: &'static str,
    /// Bytes of the text.
    pub span: Range<usize>,
    /// What is wrong: lower case, no final period.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// Reads an expression about the figures in `catalog`.
///
/// # Errors
/// When the text is anything else; the error points to the part that is wrong.
pub fn parse(
    text: &str,
    catalog: &Catalog,
    setting: Setting,
) -> Result<Expression, ExpressionError> {
    let whole = Excerpt { at: 0, text };
    let usual = match setting {
        Setting::Target => "write a figure, a comparison and a limit, such as `wait.p95 <= 15s`",
        Setting::Guard => "write, for example, `service_level >= baseline - 0.5%`",
    };
    let Some(at) = operator_at(text) else {
        return Err(whole.from(0).wrong("there is no `<=` or `>=` here", usual));
    };
    let (op, width) = operator(&text[at..])
        .map_err(|help| whole.part(at, at + 1).wrong("this is no comparison", help))?;
    let path = whole.part(0, at);
    if path.text.is_empty() {
        return Err(path.wrong("there is no figure before the comparison", usual));
    }
    let (path, aspect, known) = figure::figure(path, catalog)?;
    let rest = whole.from(at + width);
    let (limit, scope) = match extent::extent_at(rest.text) {
        Some(at) => (rest.part(0, at), Some(rest.from(at))),
        None => (rest, None),
    };
    let limit = match setting {
        Setting::Target => limit::target(limit, known)?,
        Setting::Guard => limit::guard(limit, known)?,
    };
    let expression = Expression {
        text: text.trim().to_owned(),
        path: known.path.clone(),
        aspect,
        op,
        limit,
        extent: scope.map_or(Ok(Extent::Whole), |excerpt| extent::read_extent(excerpt, catalog))?,
        unit: known.unit,
        better: known.better,
        statistic: known.statistic,
    };
    fits(&expression, known, setting, (path, scope))?;
    Ok(expression)
}

impl Expression {
    /// What a summary must tell beyond the report so that `expressions` can be evaluated.
    pub fn asked<'e>(expressions: impl IntoIterator<Item = &'e Self>, catalog: &Catalog) -> Asked {
        let mut asked = Asked::NOTHING;
        for expression in expressions {
            if let Extent::Every(length) = expression.extent
                && length != catalog.interval
                && !asked.stretches.contains(&length)
            {
                asked.stretches.push(length);
            }
            let of_days =
                expression.aspect != Aspect::Value || matches!(expression.extent, Extent::Days(_));
            if of_days && !asked.day_values.contains(&expression.path) {
                asked.day_values.push(expression.path.clone());
            }
        }
        asked
    }
}

/// Where the comparison starts: names in the path may be quoted.
fn operator_at(text: &str) -> Option<usize> {
    names::outside_quotes(text, |c| matches!(c, '<' | '>' | '=' | '!' | '≤' | '≥'))
}

/// The comparison at the start of `text` and its length; else what to write.
fn operator(text: &str) -> Result<(Op, usize), &'static str> {
    for (spelling, op) in [
        ("<=", Op::AtMost),
        (">=", Op::AtLeast),
        ("≤", Op::AtMost),
        ("≥", Op::AtLeast),
        ("<", Op::Below),
        (">", Op::Above),
    ] {
        if text.starts_with(spelling) && !text[spelling.len()..].starts_with(['=', '<', '>']) {
            return Ok((op, spelling.len()));
        }
    }
    Err("write `<=`, `<`, `>=` or `>`; estimates are never exactly equal to a number")
}

/// Whether the parts of an expression go together.
fn fits(
    expression: &Expression,
    known: &KnownFigure,
    setting: Setting,
    (path, scope): (Excerpt<'_>, Option<Excerpt<'_>>),
) -> Result<(), ExpressionError> {
    let behind = scope.unwrap_or(path);
    let of_intervals = matches!(expression.extent, Extent::Every(_));
    if setting == Setting::Guard && (scope.is_some() || expression.aspect != Aspect::Value) {
        let message = "a guard is about the figure of all days together";
        return Err(behind.wrong(message, "leave this out; `expect` can ask for it"));
    }
    if expression.aspect != Aspect::Value && scope.is_some() {
        let message = "a percentile over days has no scope of its own";
        return Err(behind.wrong(message, "leave out `days.…`, or the scope"));
    }
    if of_intervals && !known.is_of_interval {
        let message = format!("`{}` is not reported for intervals", known.path);
        return Err(behind.wrong(message, "leave out `in every …`, or name another figure"));
    }
    if !of_intervals && !known.is_of_day {
        let message = format!("`{}` is reported for intervals only", known.path);
        return Err(path.wrong(message, "write `in every interval` at the end"));
    }
    if setting == Setting::Guard && known.statistic == Statistic::Maximum {
        let message = format!("`{}` is one contact's, so chance moves it freely", known.path);
        return Err(path.wrong(message, "guard a percentile, such as `wait.p99`"));
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::format::{NoFiles, SourceText};
    use crate::model::Model;
    use crate::scenario::parse as read;

    /// Two hours in half-hours, one contact type with a name in two words.
    pub(crate) fn model() -> Model {
        let text = r#"
            [run]
            duration = "2h"
            interval = "30m"
            [contacts.refund]
            rate = "60/h"
            handling = { exponential = { mean = "3m" } }
            patience = { exponential = { mean = "2m" } }
            [contacts."late fee"]
            rate = "6/h"
            handling = { exponential = { mean = "3m" } }
            [groups.team]
            skills = ["refund", "late fee"]
            staff = 4
            cost_per_hour = 30
        "#;
        let parsed = read(SourceText::new("test.toml", text), &[], &NoFiles).unwrap();
        Model::compile(&parsed.scenario)
    }

    fn catalog() -> Catalog {
        Catalog::new(&model())
    }

    fn expect(text: &str) -> Expression {
        let parsed = parse(text, &catalog(), Setting::Target);
        parsed.unwrap_or_else(|error| panic!("{text}: {error:?}"))
    }

    #[test]
    fn figures_of_every_scope_are_compared_in_their_own_unit() {
        for (text, path, op, limit) in [
            ("wait.p95 <= 15s", "wait.p95", Op::AtMost, 15.0),
            ("overall.wait.p95<1m30s", "wait.p95", Op::Below, 90.0),
            ("service_level.value >= 80%", "service_level", Op::AtLeast, 0.8),
            (" contacts.refund.queued > 100 ", "contacts.refund.queued", Op::Above, 100.0),
            (
                "contacts.\"late fee\".abandonment_rate ≤ 0.05",
                "contacts.late fee.abandonment_rate",
                Op::AtMost,
                0.05,
            ),
            (
                "contacts.refund.handled_by.team >= 10",
                "contacts.refund.handled_by.team",
                Op::AtLeast,
                10.0,
            ),
            ("channels.chat.wait.mean <= 20s", "channels.chat.wait.mean", Op::AtMost, 20.0),
            ("groups.team.overtime_hours <= 90m", "groups.team.overtime_hours", Op::AtMost, 1.5),
            ("groups.team.scheduled_hours <= 8", "groups.team.scheduled_hours", Op::AtMost, 8.0),
            ("groups.team.cost <= 250.5", "groups.team.cost", Op::AtMost, 250.5),
            ("bot.full_probability <= 1%", "bot.full_probability", Op::AtMost, 0.01),
            ("automation_rate >= 120%", "automation_rate", Op::AtLeast, 1.2),
        ] {
            let read = expect(text);
            assert_eq!((read.path.as_str(), read.op), (path, op), "{text}");
            assert_eq!(read.limit, Limit::Number(limit), "{text}");
            assert_eq!((read.extent, read.aspect), (Extent::Whole, Aspect::Value));
            assert_eq!(read.text, text.trim());
        }
    }

    #[test]
    fn scopes_say_when_and_how_often() {
        let half_hour = SimSpan::from_seconds(1800.0);
        for (text, scope) in [
            ("service_level >= 80% in every interval", Extent::Every(half_hour)),
            ("service_level >= 80% in every 30m", Extent::Every(half_hour)),
            ("wait.p95 <= 5 min in every 1h 30 min", Extent::Every(SimSpan::from_seconds(5400.0))),
            ("groups.team.busy <= 4 in every 1h", Extent::Every(SimSpan::HOUR)),
            ("events.queued <= 60 in every interval", Extent::Every(half_hour)),
            ("backlog.peak <= 30 in 95% of days", Extent::Days(0.95)),
        ] {
            assert_eq!(expect(text).extent, scope, "{text}");
        }
        let expressions = [
            expect("backlog.peak.days.p95 <= 30"),
            expect("wait.p95 <= 5m in every 1h"),
            expect("wait.p95 <= 5m in every interval"),
            expect("backlog.peak <= 30 in 9% of days"),
        ];
        assert_eq!(expressions[0].aspect, Aspect::Days(0.95));
        let asked = Expression::asked(&expressions, &catalog());
        assert_eq!(asked.stretches, [SimSpan::HOUR]);
        assert_eq!(asked.day_values, ["backlog.peak"]);
    }

    #[test]
    fn guards_are_relative_to_the_baseline() {
        for (text, factor, offset) in [
            ("service_level >= baseline - 0.5%", 1.0, -0.005),
            ("wait.p95 <= baseline * 1.05", 1.05, 0.0),
            ("wait.p95 <= baseline*110% + 2s", 1.1, 2.0),
            ("queued >= baseline", 1.0, 0.0),
            ("backlog.peak <= baseline + 5", 1.0, 5.0),
        ] {
            let read = parse(text, &catalog(), Setting::Guard).unwrap();
            let Limit::Baseline { factor: f, offset: o } = read.limit else { panic!("{text}") };
            assert!((f - factor).abs() < 1e-12 && (o - offset).abs() < 1e-12, "{text}");
        }
    }

    /// What is wrong in a text, and something of message or help.
    fn refused(text: &str, setting: Setting) -> (&str, String) {
        let error = parse(text, &catalog(), setting).expect_err(text);
        let end = error.span.end.min(text.len());
        let shown = format!("{}: {} ({})", error.code, error.message, error.help);
        (&text[error.span.start.min(end)..end], shown)
    }

    /// Text, the part that is wrong, and something of message or help.
    const WRONG: &[(&str, &str, &str)] = &[
        (
            "wait.p59 <= 15s",
            "wait.p59",
            "unknown-figure: the report has no figure `wait.p59` (did you mean `wait.p50`?)",
        ),
        ("contacts.refnd.queued <= 1", "contacts.refnd.queued", "`contacts.refund.queued`"),
        ("p95 <= 15s", "p95", "`wait.p95`"),
        ("x <= 15s", "x", "write the path of a figure such as"),
        ("wait.p95.high <= 15s", "wait.p95.high", "name the figure itself"),
        ("backlog.peak.days.p90 <= 3", "backlog.peak.days.p90", "in 90% of days"),
        ("wait.p95 is 15s", "wait.p95 is 15s", "no `<=`"),
        ("", "", "no `<=`"),
        ("wait.p95 == 15s", "=", "never exactly equal"),
        ("wait.p95 => 15s", "=", "`<=`, `<`, `>=`"),
        (" <= 15s", "<", "no figure before"),
        ("wait.p95 <= 15", "15", "has no unit of time (write, for example, `15s`)"),
        ("wait.p95 <= 15%", "15%", "is not a duration"),
        ("wait.p95 <=", "", "the limit is missing"),
        ("service_level >= 80", "80", "write `80%` or `0.8`"),
        ("service_level >= 15s", "15s", "not a share"),
        ("backlog.peak <= 3000 contacts", "3000 contacts", "no plain number"),
        ("backlog.peak <= -3", "-3", "no plain number"),
        ("groups.team.cost <= 3h", "3h", "no plain number"),
        ("wait.p95 <= baseline * 2", "baseline * 2", "[check] guard"),
        ("wait.p95 <= 9s in every 45m", "in every 45m", "not a multiple"),
        ("wait.p95 <= 9s in every 3h", "in every 3h", "longer than the run"),
        ("wait.p95 <= 9s in every", "in every", "neither when nor how often"),
        ("wait.p95 <= 9s in most days", "in most days", "neither when nor how often"),
        ("wait.p95 <= 9s in 0% of days", "in 0% of days", "anything holds"),
        ("wait.p95.days.p95 <= 9s in every 1h", "in every 1h", "no scope of its own"),
        ("bot.sessions <= 9 in every 1h", "in every 1h", "not reported for intervals"),
        ("events.queued <= 9", "events.queued", "for intervals only"),
    ];

    #[test]
    fn errors_point_to_the_part_that_is_wrong_and_say_what_to_write() {
        for (text, part, says) in WRONG {
            let (found, message) = refused(text, Setting::Target);
            assert_eq!(found, *part, "{text}: {message}");
            assert!(message.contains(says), "{text}: {message}");
        }
    }

    #[test]
    fn guards_without_sense_are_refused() {
        for (text, part, says) in [
            ("wait.p95 <= 15s", "15s", "a fixed limit belongs into `expect`"),
            ("wait.p95 <= baseline + 5%", "5%", "`baseline * 1.05`"),
            ("wait.p95 <= baseline * 0", "0", "no factor over 0"),
            ("wait.p95 <= baseline / 2", "/ 2", "cannot follow"),
            ("wait.p95 <= baseline + ", " ", "the limit is missing"),
            ("wait.p95 <= baseline in every 1h", "in every 1h", "all days together"),
            ("wait.max <= baseline", "wait.max", "`wait.p99`"),
        ] {
            let (found, message) = refused(text, Setting::Guard);
            assert_eq!(found, part, "{text}: {message}");
            assert!(message.contains(says), "{text}: {message}");
        }
    }

    #[test]
    fn every_figure_of_the_report_can_be_named() {
        let (model, catalog) = (model(), catalog());
        for path in crate::experiment::paths(&model) {
            let known = catalog.get(&path).unwrap();
            let limit = match known.unit {
                Unit::Share => "50%",
                Unit::Seconds => "5s",
                _ => "5",
            };
            let read = parse(&format!("{path} <= {limit}"), &catalog, Setting::Target);
            assert_eq!(read.unwrap().path, path);
        }
    }
}
