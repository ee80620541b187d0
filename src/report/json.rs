//! The JSON report, version 1.
//!
//! Compact, with one line per key of the top level, per contact type, channel and group, and per
//! interval, so that two reports can be compared line by line.

use std::io::{self, Write};

use serde_json::{Number, Value, json};

use super::Origin;
use crate::experiment::Summary;
use crate::experiment::summary::{
    ContactSummary, Expectation, Figure, Figures, IntervalSummary, Named,
};
use crate::stats::Estimate;

/// Writes one report, which ends with a line feed.
///
/// Unknown numbers are `null`. Everything but `run.wall_seconds` depends on scenario, seed and
/// version alone.
///
/// # Errors
///
/// Those of the writer.
pub fn json(summary: &Summary, origin: &Origin, out: &mut impl Write) -> io::Result<()> {
    write_report(summary, origin, out)?;
    writeln!(out)
}

/// Writes several reports as one JSON array, each as soon as it is there.
#[derive(Debug)]
pub struct Array<W> {
    out: W,
    is_empty: bool,
}

impl<W: Write> Array<W> {
    /// Begins the array.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn begin(mut out: W) -> io::Result<Self> {
        write!(out, "[")?;
        Ok(Self {
            out,
            is_empty: true,
        })
    }

    /// Adds a report.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn push(&mut self, summary: &Summary, origin: &Origin) -> io::Result<()> {
        if !self.is_empty {
            writeln!(self.out, ",")?;
        }
        self.is_empty = false;
        write_report(summary, origin, &mut self.out)?;
        self.out.flush()
    }

    /// Ends the array.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn end(mut self) -> io::Result<()> {
        writeln!(self.out, "]")?;
        self.out.flush()
    }
}

/// Writes one report as a part of another document, without a line feed at its end.
///
/// # Errors
///
/// Those of the writer.
pub fn fragment(summary: &Summary, origin: &Origin, out: &mut impl Write) -> io::Result<()> {
    write_report(summary, origin, out)
}

fn write_report(summary: &Summary, origin: &Origin, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{{\"report\":1,")?;
    writeln!(out, "\"scenario\":{},", scenario(summary, origin))?;
    writeln!(out, "\"run\":{},", run(summary, origin))?;
    write!(out, "\"overall\":")?;
    metrics(out, &summary.overall)?;
    write!(out, ",\n\"contacts\":")?;
    let contacts = summary.contacts.iter().map(|c| (c.name.as_str(), c));
    object(out, "\n", contacts, contact)?;
    write!(out, ",\n\"channels\":")?;
    object(out, "\n", named(&summary.channels), metrics)?;
    write!(out, ",\n\"bot\":")?;
    metrics(out, &summary.bot)?;
    write!(out, ",\n\"groups\":")?;
    object(out, "\n", named(&summary.groups), metrics)?;
    write!(out, ",\n\"intervals\":")?;
    list(out, &summary.intervals, interval)?;
    write!(out, ",\n\"warnings\":")?;
    list(out, &summary.warnings, |out, warning| {
        let warning = json!({ "code": warning.code, "message": warning.message });
        write!(out, "{warning}")
    })?;
    write!(out, ",\n\"expectations\":")?;
    list(out, &summary.expectations, |out, expected| {
        write!(out, "{}", expectation(expected))
    })?;
    write!(out, "}}")
}

/// What was expected and whether it is so, as in `expectations`.
pub(crate) fn expectation(expected: &Expectation) -> Value {
    let mut value = json!({
        "text": expected.text,
        "verdict": expected.verdict.word(),
        "estimate": estimate(&expected.estimate),
    });
    if let Some(interval) = &expected.interval {
        value["interval"] = json!({
            "start": number(Some(interval.start.as_seconds())),
            "clock": interval.clock,
        });
    }
    if let Some(reason) = &expected.reason {
        value["reason"] = Value::from(reason.as_str());
    }
    value
}

/// A value with its interval.
pub(crate) fn estimate(estimate: &Estimate) -> Value {
    json!({
        "value": number(estimate.value),
        "low": number(estimate.low),
        "high": number(estimate.high),
    })
}

/// What was run, as in the report: `scenario` and `run`.
pub(super) fn facts(summary: &Summary, origin: &Origin) -> Value {
    json!({ "scenario": scenario(summary, origin), "run": run(summary, origin) })
}

fn scenario(summary: &Summary, origin: &Origin) -> Value {
    let mut value = json!({ "title": summary.title, "file": origin.file });
    if let Some(option) = &origin.option {
        value["option"] = json!(option);
    }
    value["digest"] = json!(summary.digest);
    value
}

fn run(summary: &Summary, origin: &Origin) -> Value {
    let run = &summary.run;
    json!({
        "seed": run.seed,
        "replications": run.replications,
        "duration": number(Some(run.duration.as_seconds())),
        "version": origin.version,
        "events": run.events,
        "contacts": run.contacts,
        "partial": run.partial,
        "wall_seconds": number(origin.wall_seconds),
    })
}

// From here on there are thousands of numbers: they go straight to the writer.

fn contact<W: Write>(out: &mut W, contact: &ContactSummary) -> io::Result<()> {
    write!(out, "{{")?;
    members(out, contact.figures.iter().collect())?;
    write!(out, ",\"handled_by\":")?;
    object(out, "", named(&contact.handled_by), figure)?;
    write!(out, "}}")
}

fn interval<W: Write>(out: &mut W, interval: &IntervalSummary) -> io::Result<()> {
    number_after(out, "{\"start\":", Some(interval.start.as_seconds()))?;
    write!(out, ",\"clock\":{},\"overall\":", json!(interval.clock))?;
    metrics(out, &interval.overall)?;
    write!(out, ",\"contacts\":")?;
    object(out, "", named(&interval.contacts), metrics)?;
    write!(out, ",\"groups\":")?;
    object(out, "", named(&interval.groups), metrics)?;
    write!(out, "}}")
}

fn named<T>(list: &[Named<T>]) -> impl Iterator<Item = (&str, &T)> {
    list.iter().map(|named| (named.name.as_str(), &named.value))
}

/// An object whose members begin with `gap`.
fn object<'a, W: Write, T: 'a>(
    out: &mut W,
    gap: &str,
    members: impl Iterator<Item = (&'a str, &'a T)>,
    value: impl Fn(&mut W, &T) -> io::Result<()>,
) -> io::Result<()> {
    write!(out, "{{")?;
    for (at, (name, member)) in members.enumerate() {
        out.write_all(if at == 0 { b"" } else { b"," })?;
        out.write_all(gap.as_bytes())?;
        key(out, name)?;
        value(out, member)?;
    }
    write!(out, "}}")
}

/// A list of one line per element.
fn list<W: Write, T>(
    out: &mut W,
    elements: &[T],
    value: impl Fn(&mut W, &T) -> io::Result<()>,
) -> io::Result<()> {
    write!(out, "[")?;
    for (at, element) in elements.iter().enumerate() {
        out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        value(out, element)?;
    }
    write!(out, "]")
}

/// Figures nested along their dotted paths.
fn metrics<W: Write>(out: &mut W, figures: &Figures) -> io::Result<()> {
    nested(out, figures.iter().collect())
}

/// A list where numbers stand for the places in it, else an object.
fn nested<W: Write>(out: &mut W, figures: Vec<(&str, Figure)>) -> io::Result<()> {
    let is_list = figures.first().is_some_and(|(path, _)| is_place(path));
    out.write_all(if is_list { b"[" } else { b"{" })?;
    members(out, figures)?;
    out.write_all(if is_list { b"]" } else { b"}" })
}

fn is_place(path: &str) -> bool {
    path.starts_with(|first: char| first.is_ascii_digit())
}

/// A figure, or all those whose paths begin with the same word.
enum Member<'f> {
    Figure(Figure),
    Below(Vec<(&'f str, Figure)>),
}

/// What stands between the braces, words in the order in which they are first used.
fn members<W: Write>(out: &mut W, figures: Vec<(&str, Figure)>) -> io::Result<()> {
    let mut members: Vec<(&str, Member<'_>)> = Vec::with_capacity(figures.len());
    for (path, figure) in figures {
        let Some((word, rest)) = path.split_once('.') else {
            members.push((path, Member::Figure(figure)));
            continue;
        };
        match members.iter_mut().rev().find(|(known, _)| *known == word) {
            Some((_, Member::Below(below))) => below.push((rest, figure)),
            _ => members.push((word, Member::Below(vec![(rest, figure)]))),
        }
    }
    for (at, (word, member)) in members.into_iter().enumerate() {
        out.write_all(if at == 0 { b"" } else { b"," })?;
        if !is_place(word) {
            key(out, word)?;
        }
        match member {
            Member::Figure(one) => figure(out, &one)?,
            Member::Below(below) => nested(out, below)?,
        }
    }
    Ok(())
}

fn figure<W: Write>(out: &mut W, figure: &Figure) -> io::Result<()> {
    number_after(out, "{\"value\":", figure.estimate.value)?;
    number_after(out, ",\"low\":", figure.estimate.low)?;
    number_after(out, ",\"high\":", figure.estimate.high)?;
    if let Some(days) = &figure.days {
        number_after(out, ",\"days\":{\"p05\":", Some(days.p05))?;
        number_after(out, ",\"p50\":", Some(days.p50))?;
        number_after(out, ",\"p95\":", Some(days.p95))?;
        out.write_all(b"}")?;
    }
    out.write_all(b"}")
}

fn number_after(out: &mut impl Write, before: &str, value: Option<f64>) -> io::Result<()> {
    out.write_all(before.as_bytes())?;
    Ok(serde_json::to_writer(out, &number(value))?)
}

fn key(out: &mut impl Write, name: &str) -> io::Result<()> {
    serde_json::to_writer(&mut *out, name)?;
    out.write_all(b":")
}

/// A number that reads back as the same; whole ones without a fraction, `null` where unknown.
pub(crate) fn number(value: Option<f64>) -> Value {
    // Up to here every whole number has an exact place in both types.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Some(value) if value.fract() == 0.0 && value.abs() < EXACT => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "whole and small, as just tested"
            )]
            let whole = value as i64;
            Value::from(whole)
        }
        Some(value) => Number::from_f64(value).map_or(Value::Null, Value::Number),
        None => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn written(summary: &Summary) -> String {
        let mut out = Vec::new();
        json(summary, &fixture::origin(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn paths_nest_and_numbers_make_lists() {
        let report: Value = serde_json::from_str(&written(&fixture::peak_day())).unwrap();
        assert_eq!(report["report"], 1);
        assert_eq!(report["run"]["duration"], 108_000);
        assert_eq!(report["run"]["wall_seconds"], 1.93);
        assert_eq!(report["overall"]["wait"]["mean"]["value"], 12.42);
        assert_eq!(
            report["overall"]["wait"]["mean"]["days"]["p95"],
            12.42 * 2.5
        );
        assert_eq!(report["overall"]["wait"]["p50"]["days"], Value::Null);
        assert_eq!(
            report["groups"]["chat"]["open_chats"]["share"][1]["value"],
            0.8
        );
        assert_eq!(
            report["contacts"]["complaint"]["handled_by"]["chat"]["value"],
            120
        );
        assert_eq!(report["intervals"][119]["start"], 107_100);
        assert_eq!(report["intervals"][4]["clock"], "2026-11-10T19:00:00+08:00");
        assert_eq!(
            report["intervals"][4]["groups"]["chat"]["staffed"]["value"],
            34.0 * 0.7
        );
        assert_eq!(report["expectations"], json!([]));
        let keys: Vec<_> = report
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            keys.join(" "),
            "report scenario run overall contacts channels bot groups \
             intervals warnings expectations"
        );
    }

    #[test]
    fn unknown_and_not_finite_is_null_and_whole_numbers_are_short() {
        for (value, text) in [
            (None, "null"),
            (Some(f64::NAN), "null"),
            (Some(f64::INFINITY), "null"),
            (Some(-0.0), "0"),
            (Some(12.0), "12"),
            (Some(0.1 + 0.2), "0.30000000000000004"),
            (Some(1e15), "1000000000000000"),
        ] {
            assert_eq!(number(value).to_string(), text);
        }
    }

    #[test]
    fn names_from_a_scenario_are_escaped() {
        let mut summary = fixture::peak_day();
        summary.title = Some("a\"b\n</script>\u{1b}".into());
        summary.contacts[0].name = "x\"},{".into();
        let report: Value = serde_json::from_str(&written(&summary)).unwrap();
        assert_eq!(report["scenario"]["title"], "a\"b\n</script>\u{1b}");
        assert!(report["contacts"]["x\"},{"].is_object());
    }

    #[test]
    fn one_line_per_interval_contact_type_and_group() {
        let text = written(&fixture::peak_day());
        assert_eq!(text.lines().count(), 11 + 7 + 1 + 2 + 120 + 1);
    }

    #[test]
    fn several_reports_are_one_array() {
        let (summary, mut out) = (fixture::peak_day(), Vec::new());
        for count in 0..3 {
            out.clear();
            let mut array = Array::begin(&mut out).unwrap();
            for _ in 0..count {
                array.push(&summary, &fixture::origin()).unwrap();
            }
            array.end().unwrap();
            let reports: Value = serde_json::from_slice(&out).unwrap();
            assert_eq!(reports.as_array().unwrap().len(), count);
        }
    }
}
