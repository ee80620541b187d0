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
//! In guards the name of a contact type, channel or group may be `*`, which stands for each of them:
//! `contacts.*.service_level >= baseline - 1%`.
//!
//! Names in paths may stand in quotes, as they must where comparisons are in them; inside, `\"` is a
//! quote and `\\` a backslash.
//!
//! Numbers are written as in scenario files and must fit the figure: `80%` or `0.8` for shares,
//! `15s` for lengths of time, plain numbers for counts. `- 0.5%` on a share means percentage points.

use std::ops::Range;

use crate::experiment::catalog::{KnownFigure, Statistic};
use crate::experiment::{Asked, Catalog};
use crate::metrics::definition::Unit;
use crate::time::SimSpan;

mod excerpt;
mod extent;
mod figure;
mod limit;
mod names;

use excerpt::Excerpt;
pub use figure::suggest;
pub use limit::shown;

/// A figure held against a number: what `expect` and `[plan] meet` ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// As the user wrote it, without surrounding blanks.
    pub text: String,
    /// The figure.
    pub figure: KnownFigure,
    /// What of the figure is compared.
    pub aspect: Aspect,
    /// How it is compared.
    pub op: Op,
    /// What with, in the unit of the figure (seconds, 0 to 1, hours).
    pub limit: f64,
    /// For what it shall hold.
    pub extent: Extent,
}

/// A figure held against the baseline's: what `[check] guard` asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Guard {
    /// As the user wrote it, without surrounding blanks.
    pub text: String,
    /// The figure.
    pub figure: KnownFigure,
    /// How it is compared.
    pub op: Op,
    /// What it is compared with.
    pub allowance: Allowance,
}

/// What a guard allows, in the unit of the figure: factor × baseline + offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowance {
    /// What the baseline is multiplied by; more than 0.
    pub factor: f64,
    /// What is added; may be negative.
    pub offset: f64,
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

/// Code of a path that names no figure.
const UNKNOWN_FIGURE: &str = "unknown-figure";

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

impl ExpressionError {
    /// The same about a text in which one character stands for what is at `put_in`.
    fn shortened(mut self, put_in: Range<usize>) -> Self {
        let back = |at: usize| match at {
            _ if at <= put_in.start => at,
            _ if at < put_in.end => put_in.start + 1,
            _ => at - (put_in.len() - 1),
        };
        self.span = back(self.span.start)..back(self.span.end);
        self
    }
}

impl Target {
    /// Reads a target about the figures in `catalog`.
    ///
    /// # Errors
    /// When the text is anything else; the error points to the part that is wrong.
    pub fn parse(text: &str, catalog: &Catalog) -> Result<Self, ExpressionError> {
        let usual = "write a figure, a comparison and a limit, such as `wait.p95 <= 15s`";
        let parts = Parts::split(text, catalog, usual)?;
        let (known, aspect) = (parts.known, parts.aspect);
        let limit = limit::number(parts.limit, known)?;
        let extent = parts.extent(catalog)?;
        if aspect != Aspect::Value && parts.extent.is_some() {
            let message = "a percentile over days has no scope of its own";
            return Err(parts.behind().wrong(message, "leave out `days.…`, or the scope"));
        }
        if matches!(extent, Extent::Every(_)) {
            if !known.is_of_interval {
                let message = format!("`{}` is not reported for intervals", known.path);
                let help = "leave out `in every …`, or name another figure";
                return Err(parts.behind().wrong(message, help));
            }
        } else {
            parts.of_day()?;
        }
        let (text, figure) = (text.trim().to_owned(), known.clone());
        Ok(Self { text, figure, aspect, op: parts.op, limit, extent })
    }

    /// What the estimate of its verdict is held against: of a target in a share of days that share,
    /// else the limit.
    pub fn bound(&self) -> f64 {
        if let Extent::Days(share) = self.extent { share } else { self.limit }
    }

    /// What the numbers of that estimate mean.
    pub fn unit(&self) -> Unit {
        if let Extent::Days(_) = self.extent { Unit::Share } else { self.figure.unit }
    }

    /// What a summary must tell beyond the report so that `targets` can be judged.
    pub fn asked<'t>(targets: impl IntoIterator<Item = &'t Self>, catalog: &Catalog) -> Asked {
        let mut asked = Asked::NOTHING;
        for target in targets {
            if let Extent::Every(length) = target.extent
                && length != catalog.interval
                && !asked.stretches.contains(&length)
            {
                asked.stretches.push(length);
            }
            let of_days =
                target.aspect != Aspect::Value || matches!(target.extent, Extent::Days(_));
            if of_days && !asked.day_values.contains(&target.figure.path) {
                asked.day_values.push(target.figure.path.clone());
            }
        }
        asked
    }
}

impl Guard {
    /// Reads a guard of which the name of a contact type, channel or group may be `*`: one guard
    /// for each of them that has the figure.
    ///
    /// # Errors
    /// As [`Guard::parse`], and where nobody has the figure.
    pub fn parse_each(text: &str, catalog: &Catalog) -> Result<Vec<Self>, ExpressionError> {
        let Some((scope, star)) = names::star(text) else {
            return Self::parse(text, catalog).map(|guard| vec![guard]);
        };
        let mut guards = Vec::new();
        let mut unknown = None;
        for name in catalog.names(scope) {
            let name = names::quoted_name(name);
            let written = [&text[..star], &name, &text[star + 1..]].concat();
            match Self::parse(&written, catalog) {
                Ok(guard) => guards.push(guard),
                Err(error) => {
                    let error = error.shortened(star..star + name.len());
                    if error.code != UNKNOWN_FIGURE {
                        return Err(error);
                    }
                    unknown = Some(error);
                }
            }
        }
        match unknown {
            Some(error) if guards.is_empty() => Err(error),
            None if guards.is_empty() => {
                let star = Excerpt { at: star, text: "*" };
                let message = format!("the scenario has no {scope} to put here");
                Err(star.wrong(message, "leave the guard out"))
            }
            _ => Ok(guards),
        }
    }

    /// Reads a guard about the figures in `catalog`.
    ///
    /// # Errors
    /// When the text is anything else; the error points to the part that is wrong.
    pub fn parse(text: &str, catalog: &Catalog) -> Result<Self, ExpressionError> {
        let usual = "write, for example, `service_level >= baseline - 0.5%`";
        let parts = Parts::split(text, catalog, usual)?;
        let allowance = limit::allowance(parts.limit, parts.known)?;
        if parts.extent(catalog)? != Extent::Whole || parts.aspect != Aspect::Value {
            let message = "a guard is about the figure of all days together";
            return Err(parts.behind().wrong(message, "leave this out; `expect` can ask for it"));
        }
        parts.of_day()?;
        if parts.known.statistic == Statistic::Maximum {
            let message =
                format!("`{}` is one contact's, so chance moves it freely", parts.known.path);
            return Err(parts.path.wrong(message, "guard a percentile, such as `wait.p99`"));
        }
        let (text, figure) = (text.trim().to_owned(), parts.known.clone());
        Ok(Self { text, figure, op: parts.op, allowance })
    }
}

/// What targets and guards have in common.
struct Parts<'t, 'c> {
    path: Excerpt<'t>,
    known: &'c KnownFigure,
    aspect: Aspect,
    op: Op,
    limit: Excerpt<'t>,
    extent: Option<Excerpt<'t>>,
}

impl<'t, 'c> Parts<'t, 'c> {
    /// Takes the text apart; `usual` is what to write instead of something else.
    fn split(text: &'t str, catalog: &'c Catalog, usual: &str) -> Result<Self, ExpressionError> {
        let whole = Excerpt { at: 0, text };
        let Some(at) = operator_at(text) else {
            return Err(whole.from(0).wrong("there is no `<=` or `>=` here", usual));
        };
        let (op, width) = operator(&text[at..])
            .map_err(|help| whole.part(at, at + 1).wrong("this is no comparison", help))?;
        let path = whole.part(0, at);
        if path.text.is_empty() {
            return Err(path.wrong("there is no figure before the comparison", usual));
        }
        let (aspect, known) = figure::figure(path, catalog)?;
        let rest = whole.from(at + width);
        let (limit, extent) = match extent::extent_at(rest.text) {
            Some(at) => (rest.part(0, at), Some(rest.from(at))),
            None => (rest, None),
        };
        Ok(Self { path, known, aspect, op, limit, extent })
    }

    fn extent(&self, catalog: &Catalog) -> Result<Extent, ExpressionError> {
        self.extent.map_or(Ok(Extent::Whole), |excerpt| extent::read_extent(excerpt, catalog))
    }

    /// What stands last and can be left out.
    fn behind(&self) -> Excerpt<'t> {
        self.extent.unwrap_or(self.path)
    }

    /// Whether the figure is one of whole days.
    fn of_day(&self) -> Result<(), ExpressionError> {
        if self.known.is_of_day {
            return Ok(());
        }
        let message = format!("`{}` is reported for intervals only", self.known.path);
        Err(self.path.wrong(message, "write `in every interval` at the end"))
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

#[cfg(test)]
pub(crate) mod tests;
