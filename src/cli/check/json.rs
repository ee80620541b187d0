//! What was found, for programs.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Shown;
use crate::judge::attribution::TypeLoss;
use crate::judge::guard::Guarded;
use crate::report::json::{estimate, expectation, number};

/// Writes all files, one line per expectation and guard.
///
/// # Errors
///
/// Those of the writer.
pub(super) fn write(shown: &[Shown], out: &mut impl Write) -> io::Result<()> {
    write!(out, "{{\"check\":1,\n\"files\":[")?;
    for (at, Shown { checked, stored }) in shown.iter().enumerate() {
        let findings = &checked.findings;
        let before = if at == 0 { "" } else { "," };
        writeln!(out, "{before}\n{{\"file\":{},", Value::from(checked.file.as_str()))?;
        writeln!(out, "\"verdict\":\"{}\",", findings.verdict.word())?;
        writeln!(out, "\"replications\":{},", findings.replications)?;
        let baseline = checked.baseline.as_deref();
        writeln!(out, "\"baseline\":{},", json!(baseline))?;
        writeln!(out, "\"stored\":{},", json!(stored))?;
        let same = baseline.map(|_| findings.same_events);
        writeln!(out, "\"same_events\":{},", json!(same))?;
        let expectations = findings.expectations.iter().map(|found| {
            let mut value = expectation(found);
            value["confidence"] = number(Some(findings.confidence));
            value
        });
        list(out, "expectations", expectations)?;
        writeln!(out, ",")?;
        let guards = findings.guards.iter();
        let guards = guards.map(|(found, worse)| guard(found, worse, findings.guard_confidence));
        list(out, "guards", guards)?;
        write!(out, "}}")?;
    }
    writeln!(out, "\n]}}")
}

fn list(out: &mut impl Write, key: &str, entries: impl Iterator<Item = Value>) -> io::Result<()> {
    write!(out, "\"{key}\":[")?;
    for (at, entry) in entries.enumerate() {
        write!(out, "{}\n{entry}", if at == 0 { "" } else { "," })?;
    }
    write!(out, "]")
}

fn guard(found: &Guarded, worse: &[TypeLoss], confidence: f64) -> Value {
    let mut value = json!({
        "text": found.text,
        "verdict": found.verdict.word(),
        "now": number(found.now),
        "baseline": number(found.baseline),
        "limit": number(found.limit),
        "difference": estimate(&found.difference),
        "confidence": number(Some(confidence)),
    });
    if let Some(reason) = &found.reason {
        value["reason"] = Value::from(reason.as_str());
    }
    let worse: Vec<Value> = worse.iter().map(part).collect();
    if !worse.is_empty() {
        value["worse"] = Value::Array(worse);
    }
    value
}

/// A contact type for which it got worse.
fn part(worse: &TypeLoss) -> Value {
    let mut value = json!({
        "contact": worse.contact,
        "now": number(Some(worse.now)),
        "baseline": number(Some(worse.baseline)),
    });
    if let Some(first) = &worse.first {
        value["first"] = json!({
            "start": number(Some(first.start.start.as_seconds())),
            "clock": first.start.clock,
            "now": number(Some(first.now)),
            "baseline": number(Some(first.baseline)),
        });
    }
    value
}
