//! The JSON report, version 1.
//!
//! Compact, with one line per key of the top level, per contact type, channel and group, and per
//! interval, so that two reports can be compared line by line.

use std::io::{self, Write};

use serde_json::{Map, Number, Value, json};

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

fn write_report(summary: &Summary, origin: &Origin, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{{\"report\":1,")?;
    writeln!(out, "\"scenario\":{},", scenario(summary, origin))?;
    writeln!(out, "\"run\":{},", run(summary, origin))?;
    writeln!(out, "\"overall\":{},", metrics(&summary.overall))?;
    let contacts = summary
        .contacts
        .iter()
        .map(|c| (c.name.as_str(), contact(c)));
    write_members(out, "contacts", contacts)?;
    write_members(out, "channels", summary.channels.iter().map(named))?;
    writeln!(out, "\"bot\":{},", metrics(&summary.bot))?;
    write_members(out, "groups", summary.groups.iter().map(named))?;
    write_elements(out, "intervals", summary.intervals.iter().map(interval))?;
    let warnings = summary.warnings.iter();
    let warnings = warnings.map(|w| json!({ "code": w.code, "message": w.message }));
    write_elements(out, "warnings", warnings)?;
    write!(out, "\"expectations\":[")?;
    for (at, expected) in summary.expectations.iter().enumerate() {
        let before = if at == 0 { "" } else { "," };
        write!(out, "{before}\n{}", expectation(expected))?;
    }
    write!(out, "]}}")
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

/// An object of one line per member, followed by a comma.
fn write_members<'a>(
    out: &mut impl Write,
    key: &str,
    members: impl Iterator<Item = (&'a str, Value)>,
) -> io::Result<()> {
    write!(out, "\"{key}\":{{")?;
    for (at, (name, value)) in members.enumerate() {
        write!(
            out,
            "{}\n{}:{value}",
            if at == 0 { "" } else { "," },
            Value::from(name)
        )?;
    }
    writeln!(out, "}},")
}

/// A list of one line per element, followed by a comma.
fn write_elements(
    out: &mut impl Write,
    key: &str,
    elements: impl Iterator<Item = Value>,
) -> io::Result<()> {
    write!(out, "\"{key}\":[")?;
    for (at, value) in elements.enumerate() {
        write!(out, "{}\n{value}", if at == 0 { "" } else { "," })?;
    }
    writeln!(out, "],")
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

fn contact(contact: &ContactSummary) -> Value {
    let mut value = metrics(&contact.figures);
    let handled = contact.handled_by.iter();
    let handled: Map<_, _> = handled
        .map(|by| (by.name.clone(), figure(&by.value)))
        .collect();
    value["handled_by"] = Value::Object(handled);
    value
}

fn named(named: &Named<Figures>) -> (&str, Value) {
    (&named.name, metrics(&named.value))
}

fn interval(interval: &IntervalSummary) -> Value {
    let object = |list: &[Named<Figures>]| -> Map<String, Value> {
        list.iter()
            .map(|named| (named.name.clone(), metrics(&named.value)))
            .collect()
    };
    json!({
        "start": number(Some(interval.start.as_seconds())),
        "clock": interval.clock,
        "overall": metrics(&interval.overall),
        "contacts": object(&interval.contacts),
        "groups": object(&interval.groups),
    })
}

/// Figures nested along their dotted paths.
fn metrics(figures: &Figures) -> Value {
    let mut root = Value::Object(Map::new());
    for (path, value) in figures.iter() {
        *place(&mut root, path) = figure(value);
    }
    root
}

/// The place of a path, made where it is missing. A number as segment is a place in a list.
fn place<'a>(root: &'a mut Value, path: &str) -> &'a mut Value {
    path.split('.').fold(root, |parent, segment| {
        if let Ok(at) = segment.parse::<usize>() {
            if !parent.is_array() {
                *parent = Value::Array(Vec::new());
            }
            let list = parent.as_array_mut().expect("made a list just before");
            if list.len() <= at {
                list.resize(at + 1, Value::Null);
            }
            &mut list[at]
        } else {
            if !parent.is_object() {
                *parent = Value::Object(Map::new());
            }
            &mut parent[segment]
        }
    })
}

fn figure(figure: &Figure) -> Value {
    let mut value = estimate(&figure.estimate);
    if let Some(days) = &figure.days {
        value["days"] = json!({
            "p05": number(Some(days.p05)),
            "p50": number(Some(days.p50)),
            "p95": number(Some(days.p95)),
        });
    }
    value
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
