//! Reports: results in, bytes out.
//!
//! A document becomes [blocks](block) once: those of a [run](mod@run), a [`comparison`], a
//! [check](mod@check), a [`plan`], a [picture](block::Picture) of a sweep. [`terminal`](mod@terminal)
//! and [`html`] render them. [`mod@csv`] is the [document](crate::document) as tables,
//! [`trace`] one row per attempt. Nothing here simulates or estimates: reports choose and format.
//! All they reckon is the day at a glance, whose rows merge reporting intervals, and how much
//! repeats add to the arrivals.

pub mod block;
pub mod check;
pub mod comparison;
pub mod csv;
pub mod histogram;
pub mod html;
pub mod plan;
pub mod run;
pub mod terminal;
pub mod trace;

mod day;
mod glyphs;
mod kept;
mod numbers;
mod shades;
mod verdicts;

#[cfg(test)]
pub(crate) mod fixture;

pub use crate::document::{ClearsFrom, Origin, ServicePromise};
pub use glyphs::Charset;
pub use run::run;
pub use terminal::{Style, terminal};
pub use verdicts::{about_expectation, about_guard};

use crate::experiment::summary::Figure;
use crate::metrics::definition::Unit;

/// Whether anything of a figure is known and not zero.
fn is_something(figure: &Figure) -> bool {
    figure.estimate.value.is_some_and(|value| value > 0.0)
}

/// A message in lines of at most `columns`, with nothing in it that could steer a terminal. Words
/// wider than that, such as paths, are kept whole.
pub fn lines(message: &str, columns: usize) -> Vec<String> {
    glyphs::wrap_whole(&glyphs::harmless(message), columns)
}

/// A number in two or three digits for messages: `105,000`.
pub fn about(number: f64) -> String {
    let step = 10f64.powf((number.abs().max(1.0).log10() - 2.0).floor().max(0.0));
    numbers::plain(Some((number / step).round() * step), Unit::Count)
        .unwrap_or_else(|| "very many".to_owned())
}
