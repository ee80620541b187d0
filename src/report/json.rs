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
use shapes::Shapes;

mod shapes;

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
        Ok(Self { out, is_empty: true })
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
    let shapes = Shapes::default();
    write_figures(summary, &mut Figured { out, shapes })?;
    write!(out, "}}")
}

fn write_figures<W: Write>(summary: &Summary, to: &mut Figured<'_, W>) -> io::Result<()> {
    write!(to.out, "\"overall\":")?;
    to.metrics(&summary.overall)?;
    write!(to.out, ",\n\"contacts\":")?;
    let contacts = summary.contacts.iter().map(|c| (c.name.as_str(), c));
    to.object("\n", contacts, Figured::contact)?;
    write!(to.out, ",\n\"channels\":")?;
    to.object("\n", named(&summary.channels), Figured::metrics)?;
    write!(to.out, ",\n\"bot\":")?;
    to.metrics(&summary.bot)?;
    write!(to.out, ",\n\"groups\":")?;
    to.object("\n", named(&summary.groups), Figured::metrics)?;
    write!(to.out, ",\n\"intervals\":")?;
    to.list(&summary.intervals, Figured::interval)?;
    write!(to.out, ",\n\"warnings\":")?;
    to.list(&summary.warnings, |to, warning| {
        let warning = json!({ "code": warning.code, "message": warning.message });
        write!(to.out, "{warning}")
    })?;
    write!(to.out, ",\n\"expectations\":")?;
    to.list(&summary.expectations, |to, expected| write!(to.out, "{}", expectation(expected)))
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

/// Writes what there are thousands of, straight to the writer.
struct Figured<'o, W> {
    out: &'o mut W,
    shapes: Shapes,
}

impl<W: Write> Figured<'_, W> {
    fn contact(&mut self, contact: &ContactSummary) -> io::Result<()> {
        write!(self.out, "{{")?;
        self.members(&contact.figures)?;
        write!(self.out, ",\"handled_by\":")?;
        self.object("", named(&contact.handled_by), |this, one| figure(this.out, one))?;
        write!(self.out, "}}")
    }

    fn interval(&mut self, interval: &IntervalSummary) -> io::Result<()> {
        number_after(self.out, "{\"start\":", Some(interval.start.as_seconds()))?;
        let clock = json!(interval.clock);
        write!(self.out, ",\"clock\":{clock},\"overall\":")?;
        self.metrics(&interval.overall)?;
        write!(self.out, ",\"contacts\":")?;
        self.object("", named(&interval.contacts), Self::metrics)?;
        write!(self.out, ",\"groups\":")?;
        self.object("", named(&interval.groups), Self::metrics)?;
        write!(self.out, "}}")
    }

    /// An object whose members begin with `gap`.
    fn object<'a, T: 'a>(
        &mut self,
        gap: &str,
        members: impl Iterator<Item = (&'a str, &'a T)>,
        value: impl Fn(&mut Self, &T) -> io::Result<()>,
    ) -> io::Result<()> {
        write!(self.out, "{{")?;
        for (at, (name, member)) in members.enumerate() {
            self.out.write_all(if at == 0 { b"" } else { b"," })?;
            self.out.write_all(gap.as_bytes())?;
            serde_json::to_writer(&mut *self.out, name)?;
            self.out.write_all(b":")?;
            value(self, member)?;
        }
        write!(self.out, "}}")
    }

    /// A list of one line per element.
    fn list<T>(
        &mut self,
        elements: &[T],
        value: impl Fn(&mut Self, &T) -> io::Result<()>,
    ) -> io::Result<()> {
        write!(self.out, "[")?;
        for (at, element) in elements.iter().enumerate() {
            self.out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
            value(self, element)?;
        }
        write!(self.out, "]")
    }

    /// Figures nested along their dotted paths.
    fn metrics(&mut self, figures: &Figures) -> io::Result<()> {
        self.out.write_all(b"{")?;
        self.members(figures)?;
        self.out.write_all(b"}")
    }

    /// The same without the braces.
    fn members(&mut self, figures: &Figures) -> io::Result<()> {
        let shape = self.shapes.of(figures.paths());
        for (before, place) in &shape.parts {
            self.out.write_all(before.as_bytes())?;
            figure(self.out, &figures.at(*place))?;
        }
        self.out.write_all(shape.end.as_bytes())
    }
}

fn named<T>(list: &[Named<T>]) -> impl Iterator<Item = (&str, &T)> {
    list.iter().map(|named| (named.name.as_str(), &named.value))
}

fn figure(out: &mut impl Write, figure: &Figure) -> io::Result<()> {
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

/// Writes what [`number`] tells, without a [`Value`] in between.
fn number_after(out: &mut impl Write, before: &str, value: Option<f64>) -> io::Result<()> {
    out.write_all(before.as_bytes())?;
    let Some(value) = value else {
        return out.write_all(b"null");
    };
    Ok(match whole(value) {
        Some(whole) => serde_json::to_writer(out, &whole),
        None => serde_json::to_writer(out, &value),
    }?)
}

/// A number that reads back as the same; whole ones without a fraction, `null` where unknown.
pub(crate) fn number(value: Option<f64>) -> Value {
    let Some(value) = value else {
        return Value::Null;
    };
    match whole(value) {
        Some(whole) => Value::from(whole),
        None => Number::from_f64(value).map_or(Value::Null, Value::Number),
    }
}

fn whole(value: f64) -> Option<i64> {
    // Up to here every whole number has an exact place in both types.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and small, as just tested")]
    let whole = (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64);
    whole
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
        assert_eq!(report["overall"]["wait"]["mean"]["days"]["p95"], 12.42 * 2.5);
        assert_eq!(report["overall"]["wait"]["p50"]["days"], Value::Null);
        assert_eq!(report["groups"]["chat"]["open_chats"]["share"][1]["value"], 0.8);
        assert_eq!(report["contacts"]["complaint"]["handled_by"]["chat"]["value"], 120);
        assert_eq!(report["intervals"][119]["start"], 107_100);
        assert_eq!(report["intervals"][4]["clock"], "2026-11-10T19:00:00+08:00");
        assert_eq!(report["intervals"][4]["groups"]["chat"]["staffed"]["value"], 34.0 * 0.7);
        assert_eq!(report["expectations"], json!([]));
        let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
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
