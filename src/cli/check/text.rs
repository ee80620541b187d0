//! What was found, for people.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};

use super::Shown;
use crate::experiment::summary::{Expectation, Verdict};
use crate::judge::attribution::TypeLoss;
use crate::judge::guard::Guarded;
use crate::metrics::definition::Unit;
use crate::report::{self, Style};
use crate::stats::Estimate;

/// Contact types that are named; the others are counted.
const NAMED: usize = 3;

/// Writes all files, each with its verdict, its expectations and its guards.
///
/// # Errors
///
/// Those of the writer.
pub(super) fn write(shown: &[Shown], style: &Style, out: &mut impl Write) -> io::Result<()> {
    let mut page = Page { out, style };
    for (at, shown) in shown.iter().enumerate() {
        if at > 0 {
            page.line(Paint::new(), "")?;
        }
        page.file(shown)?;
    }
    Ok(())
}

struct Page<'a, W> {
    out: &'a mut W,
    style: &'a Style,
}

impl<W: Write> Page<'_, W> {
    fn file(&mut self, Shown { checked, stored }: &Shown) -> io::Result<()> {
        let findings = &checked.findings;
        let file = if checked.file == "-" { "standard input" } else { &checked.file };
        if let (Some(place), true) = (stored, findings.expectations.is_empty()) {
            let head = format!("{file}: stored as the baseline {place}");
            return self.wrapped(Paint::new().bold(), "", &head);
        }
        let times = if findings.replications == 1 { "" } else { "s" };
        let head = format!(
            "{file}: {} after {} replication{times}",
            findings.verdict.word(),
            findings.replications
        );
        self.wrapped(Paint::new().bold(), "", &head)?;
        for found in &findings.expectations {
            let text = format!("{}: {}", found.text, report::found(found));
            self.verdict(found.verdict, &text)?;
        }
        if let Some(place) = stored {
            self.wrapped(Paint::new(), "  ", &format!("stored as the baseline {place}"))?;
        }
        let Some(baseline) = &checked.baseline else {
            return Ok(());
        };
        let same = if findings.same_events { ": all events are the same" } else { "" };
        self.wrapped(Paint::new(), "  ", &format!("against {baseline}{same}"))?;
        for (found, worse) in &findings.guards {
            self.verdict(found.verdict, &format!("{}: {}", found.text, compared(found)))?;
            for line in parts(worse, found.unit) {
                self.wrapped(Paint::new(), INDENT, &line)?;
            }
        }
        Ok(())
    }

    fn verdict(&mut self, verdict: Verdict, text: &str) -> io::Result<()> {
        let (mark, paint) = match verdict {
            Verdict::Holds => (" ", Paint::new()),
            Verdict::Fails => ("!", AnsiColor::Red.on_default().bold()),
            Verdict::Undecided => ("?", AnsiColor::Yellow.on_default()),
        };
        let first = format!("{mark} {:<11}", verdict.word());
        self.wrapped(paint, &first, text)
    }

    /// Lines of the style's width; those after the first are indented as `first` is wide.
    fn wrapped(&mut self, paint: Paint, first: &str, text: &str) -> io::Result<()> {
        let indent = first.len();
        for (at, line) in report::lines(text, self.style.width - indent).iter().enumerate() {
            let start = if at == 0 { first.to_owned() } else { " ".repeat(indent) };
            self.line(paint, &format!("{start}{line}"))?;
        }
        Ok(())
    }

    fn line(&mut self, paint: Paint, text: &str) -> io::Result<()> {
        if self.style.color && paint != Paint::new() {
            writeln!(self.out, "{paint}{text}{paint:#}")
        } else {
            writeln!(self.out, "{text}")
        }
    }
}

/// As wide as a verdict with its mark.
const INDENT: &str = "             ";

fn plain(value: Option<f64>, unit: Unit) -> String {
    let estimate = Estimate { value, ..Estimate::UNKNOWN };
    report::measured(&estimate, unit).unwrap_or_else(|| "null".to_owned())
}

/// `79.2 % instead of 81.1 %, difference -1.9 pt (-2.4 pt to -1.4 pt)`.
pub(super) fn compared(found: &Guarded) -> String {
    let unit = found.unit;
    let mut text =
        format!("{}, in the baseline {}", plain(found.now, unit), plain(found.baseline, unit));
    if let Some(difference) = report::difference(&found.difference, unit) {
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
pub(super) fn parts(worse: &[TypeLoss], unit: Unit) -> Vec<String> {
    let from = |now: f64, was: f64| {
        let (now, was) = (plain(Some(now), unit), plain(Some(was), unit));
        format!("{now} instead of {was}")
    };
    let line = |worse: &TypeLoss| {
        let mut text = format!("{}: {}", worse.contact, from(worse.now, worse.baseline));
        if let Some(first) = &worse.first {
            let at = report::moment(&first.start);
            let values = from(first.now, first.baseline);
            text = format!("{text}, first from {at} ({values})");
        }
        text
    };
    let mut lines: Vec<String> = worse.iter().take(NAMED).map(line).collect();
    if worse.len() > NAMED {
        lines.push(format!("and {} more contact types", worse.len() - NAMED));
    }
    lines
}

/// Why an expectation does not hold, as a text that stands alone.
pub(super) fn about_expectation(found: &Expectation) -> String {
    let is = match found.verdict {
        Verdict::Holds => "holds",
        Verdict::Fails => "fails",
        Verdict::Undecided => "is undecided",
    };
    format!("`{}` {is}: {}", found.text, report::found(found))
}

/// Why a guard does not hold, as a text that stands alone.
pub(super) fn about_guard(found: &Guarded, worse: &[TypeLoss]) -> String {
    let is = match found.verdict {
        Verdict::Holds => "holds",
        Verdict::Fails => "fails",
        Verdict::Undecided => "is undecided",
    };
    let mut text = format!("`{}` {is}: {}", found.text, compared(found));
    for line in parts(worse, found.unit) {
        text.push('\n');
        text.push_str(&line);
    }
    text
}
