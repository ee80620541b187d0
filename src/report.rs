//! Reports: a [`Summary`](crate::experiment::Summary) in, bytes out.
//!
//! [`mod@text`] is what a planner reads in a terminal, [`mod@csv`] the tables that programs read
//! beside the [document](crate::document), [`html`] a page for whoever decides, [`trace`] one row
//! per attempt. Nothing here
//! simulates or estimates: reports choose and format. All they reckon is the day at a glance, whose
//! rows merge reporting intervals (see [`mod@text`]), and how much repeats add to the arrivals.
//!
//! What text and page say alike is written once: `answer` and `day`.

pub mod chart;
pub mod comparison;
pub mod csv;
pub mod html;
pub mod plan;
pub mod text;
pub mod trace;

mod answer;
mod day;
mod format;
mod glyphs;

#[cfg(test)]
pub(crate) mod fixture;

pub use crate::document::{ClearsFrom, Origin, ServicePromise};
pub use text::plan::{PlanOrigin, plan as plan_text};
pub use text::{Charset, Style, text};

use crate::experiment::summary::{Expectation, Figure, Moment};
use crate::metrics::definition::Unit;
use crate::stats::Estimate;

/// Whether anything of a figure is known and not zero.
fn is_something(figure: &Figure) -> bool {
    figure.estimate.value.is_some_and(|value| value > 0.0)
}

/// A value with the ends of its interval as a person reads it, `79.1 % (78.2 % to 80.1 %)`; `None`
/// where it is unknown.
pub fn measured(estimate: &Estimate, unit: Unit) -> Option<String> {
    format::measured(estimate, format::unit(unit))
}

/// A difference with its sign and the ends of its interval, `+1.2 pt (+0.4 pt to +2.1 pt)`; `None`
/// where it is unknown.
pub fn difference(estimate: &Estimate, unit: Unit) -> Option<String> {
    format::difference(estimate, format::unit(unit))
}

/// The start of an interval as a person reads it: `10 Nov 20:30`, or `day 1 20:30`.
pub fn moment(moment: &Moment) -> String {
    text::moment(moment)
}

/// What was found of an expectation: `79.1 % (78.2 % to 80.1 %), worst from 10 Nov 20:30`.
pub fn found(expected: &Expectation) -> String {
    text::found(expected)
}

/// A message in lines of at most `columns`, with nothing in it that could steer a terminal. Words
/// wider than that, such as paths, are kept whole.
pub fn lines(message: &str, columns: usize) -> Vec<String> {
    glyphs::wrap_whole(&glyphs::harmless(message), columns)
}

/// A number in two or three digits for messages: `105,000`.
pub fn about(number: f64) -> String {
    let step = 10f64.powf((number.abs().max(1.0).log10() - 2.0).floor().max(0.0));
    format::plain(Some((number / step).round() * step), format::Unit::Count)
        .unwrap_or_else(|| "very many".to_owned())
}
