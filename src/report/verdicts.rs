//! What was asked of results, and what was found.

use super::block::VerdictItem;
use super::{day, numbers};
use crate::experiment::summary::{Expectation, Verdict};
use crate::judge::attribution::TypeLoss;
use crate::judge::guard::Guarded;
use crate::metrics::definition::Unit;
use crate::stats::Estimate;

/// Contact types that are named; the others are counted.
const NAMED: usize = 3;

/// An expectation and what was found.
pub(super) fn expectation(expected: &Expectation) -> VerdictItem {
    VerdictItem {
        verdict: expected.verdict,
        word: expected.verdict.word(),
        text: expected.text.clone(),
        found: found(expected),
        parts: Vec::new(),
    }
}

/// A guard, what was found, and what got worse.
pub(super) fn guard(guarded: &Guarded, worse: &[TypeLoss]) -> VerdictItem {
    VerdictItem {
        verdict: guarded.verdict,
        word: guarded.verdict.word(),
        text: guarded.text.clone(),
        found: compared(guarded),
        parts: parts(worse, guarded.unit),
    }
}

/// Why an expectation does not hold, as a text that stands alone.
pub fn about_expectation(found: &Expectation) -> String {
    about(&expectation(found))
}

/// Why a guard does not hold, as a text that stands alone.
pub fn about_guard(found: &Guarded, worse: &[TypeLoss]) -> String {
    about(&guard(found, worse))
}

fn about(item: &VerdictItem) -> String {
    let is = match item.verdict {
        Verdict::Holds => "holds",
        Verdict::Fails => "fails",
        Verdict::Undecided => "is undecided",
    };
    let first = format!("`{}` {is}: {}", item.text, item.found);
    [first].iter().chain(&item.parts).map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// What was found: `79.1 % (78.2 % to 80.1 %), worst from 10 Nov 20:30`, or why it is not known.
fn found(expected: &Expectation) -> String {
    let measured = numbers::measured(&expected.estimate, expected.unit);
    let of_days = expected.text.ends_with("of days");
    let measured = measured.map(|text| if of_days { format!("{text} of days") } else { text });
    let interval = expected.interval.as_ref().map(|interval| {
        let word = match expected.verdict {
            Verdict::Holds => "at worst",
            _ => "worst",
        };
        format!("{word} from {}", day::moment(interval))
    });
    let said: Vec<String> = measured.into_iter().chain(interval).collect();
    match (&expected.reason, said.is_empty()) {
        (Some(reason), true) => reason.clone(),
        (Some(reason), false) => format!("{}; {reason}", said.join(", ")),
        (None, _) => said.join(", "),
    }
}

/// `79.2 %, in the baseline 81.1 %, difference -1.9 pt (-2.4 pt to -1.4 pt)`.
fn compared(found: &Guarded) -> String {
    let unit = found.unit;
    let (now, baseline) = (known(found.now, unit), known(found.baseline, unit));
    let mut text = format!("{now}, in the baseline {baseline}");
    if let Some(difference) = numbers::difference(&found.difference, unit) {
        text.push_str(", difference ");
        text.push_str(&difference);
    }
    if let Some(reason) = &found.reason {
        text.push_str("; ");
        text.push_str(reason);
    }
    text
}

/// What got worse, a line per contact type.
fn parts(worse: &[TypeLoss], unit: Unit) -> Vec<String> {
    let from =
        |now, was| format!("{} instead of {}", known(Some(now), unit), known(Some(was), unit));
    let line = |worse: &TypeLoss| {
        let text = format!("{}: {}", worse.contact, from(worse.now, worse.baseline));
        match &worse.first {
            Some(first) => {
                let at = day::moment(&first.start);
                format!("{text}, first from {at} ({})", from(first.now, first.baseline))
            }
            None => text,
        }
    };
    let mut lines: Vec<String> = worse.iter().take(NAMED).map(line).collect();
    match worse.len().saturating_sub(NAMED) {
        0 => {}
        1 => lines.push("and 1 more contact type".to_owned()),
        more => lines.push(format!("and {more} more contact types")),
    }
    lines
}

fn known(value: Option<f64>, unit: Unit) -> String {
    let estimate = Estimate { value, ..Estimate::UNKNOWN };
    numbers::measured(&estimate, unit).unwrap_or_else(|| "unknown".to_owned())
}
