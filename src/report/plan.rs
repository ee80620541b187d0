//! A plan as JSON and as a scenario to run.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::json::number;
use crate::experiment::summary::{Expectation, Verdict};
use crate::plan::bound::Bound;
use crate::plan::roster::{Moment, Shift};
use crate::plan::spreadsheet::{Kept, Sheet};
use crate::plan::verify::Judged;
use crate::plan::{Blocking, CostUnit, Plan};
use crate::stats::Estimate;
use crate::time::SimTime;

/// What a plan's promise came to.
pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "met",
        Verdict::Fails => "missed",
        Verdict::Undecided => "undecided",
    }
}

/// Writes a plan as JSON; `seconds` is what it took by the clock on the wall.
///
/// # Errors
///
/// Those of the writer.
pub fn json(plan: &Plan, file: &str, seconds: f64, out: &mut impl Write) -> io::Result<()> {
    let groups: Map<String, Value> = plan
        .planned
        .iter()
        .enumerate()
        .map(|(index, group)| (group.name.clone(), self::group(plan, index)))
        .collect();
    let outcomes = plan.verified.outcomes.iter().zip(&plan.verified.judged);
    let promises: Vec<Value> = outcomes.map(promise).collect();
    let sheets: Map<String, Value> = plan
        .sheets
        .iter()
        .map(|sheet| (sheet.rule.key().to_owned(), self::sheet(sheet, plan)))
        .collect();
    let infeasible: Vec<Value> = plan.blocking.iter().map(|found| blocking(found, plan)).collect();
    let bound = plan.bound.as_ref();
    let value = json!({
        "plan": 1,
        "file": file,
        "feasible": plan.feasible,
        "partial": plan.partial,
        "cost": number(Some(plan.cost)),
        "cost_unit": match plan.unit { CostUnit::Money => "money", CostUnit::Hours => "hours" },
        "bound": number(bound.map(|bound| bound.cost)),
        "bound_assumes": bound.map(|bound: &Bound| bound.assumption.clone()),
        "gap": number(plan.gap()),
        "step": number(Some(plan.grid.step.as_seconds())),
        "groups": groups,
        "promises": promises,
        "infeasible": infeasible,
        "analytic": sheets,
        "load": plan.load.iter().map(|load| number(Some(*load))).collect::<Vec<_>>(),
        "required": plan.required,
        "whole_day": whole_day(plan),
        "verified": {
            "seed": plan.verified.seed,
            "replications": plan.verified.days,
            "fitted": plan.verified.fitted,
        },
        "searched": { "simulations": plan.simulations, "seconds": number(Some(seconds)) },
    });
    writeln!(out, "{value:#}")
}

/// What is promised on average, and what a bad day makes of it: figures of the whole day with their
/// spread over days.
fn whole_day(plan: &Plan) -> Value {
    let figures = ["service_level", "abandonment_rate", "wait.mean", "wait.p95"];
    let of = |path: &&str| {
        let figure = plan.verified.summary.overall.figure(path);
        let mut value = estimate(&figure.estimate);
        value["days"] = figure.days.map_or(Value::Null, |days| {
            json!({
                "p05": number(Some(days.p05)),
                "p50": number(Some(days.p50)),
                "p95": number(Some(days.p95)),
            })
        });
        ((*path).to_owned(), value)
    };
    let mut all: Map<String, Value> = figures.iter().map(of).collect();
    all.insert("replications".to_owned(), plan.verified.summary.run.replications.into());
    Value::Object(all)
}

fn group(plan: &Plan, index: usize) -> Value {
    let on_duty: Vec<u32> = plan.staffing.0[index].clone();
    let staff = plan.schedule(index).into_iter();
    let staff = staff
        .map(|(from, agents)| json!({ "from": number(Some(from.as_seconds())), "agents": agents }));
    let shifts: Vec<Value> = plan.shifts(index).iter().map(shift).collect();
    json!({
        "staff": if plan.roster.is_none() { staff.collect::<Vec<_>>() } else { Vec::new() },
        "shifts": shifts,
        "present": on_duty,
    })
}

fn shift(shift: &Shift) -> Value {
    let breaks = shift.breaks.iter().map(|rest| {
        json!({
            "after": number(Some(rest.after.as_seconds())),
            "length": number(Some(rest.length.as_seconds())),
            "paid": rest.paid,
        })
    });
    json!({
        "name": shift.name,
        "start": start(shift.start),
        "length": number(Some(shift.length.as_seconds())),
        "agents": shift.agents,
        "breaks": breaks.collect::<Vec<_>>(),
    })
}

/// A moment as a scenario has it, without quotes.
pub(super) fn start(moment: Moment) -> String {
    match moment {
        Moment::Offset(span) => format!("{}s", span.as_seconds()),
        Moment::Clock(time) if time.second() == 0 && time.subsec_nanosecond() == 0 => {
            format!("{:02}:{:02}", time.hour(), time.minute())
        }
        Moment::Clock(time) => time.to_string(),
        Moment::Local(date) => date.to_string(),
    }
}

fn estimate(estimate: &Estimate) -> Value {
    json!({
        "value": number(estimate.value),
        "low": number(estimate.low),
        "high": number(estimate.high),
    })
}

fn promise((found, judged): (&Expectation, &Option<Judged>)) -> Value {
    let at = found.interval.as_ref();
    let judged = judged.as_ref().map(|judged| {
        let mut value = estimate(&judged.estimate);
        let at = judged.at.map(|at| (at - SimTime::START).as_seconds());
        value["where"] = number(at);
        value
    });
    json!({
        "text": found.text,
        "verdict": verdict(found.verdict),
        "worst": estimate(&found.estimate),
        "judged": judged,
        "where": at.map(|at| number(Some(at.start.as_seconds()))),
        "clock": at.and_then(|at| at.clock.clone()),
        "reason": found.reason,
    })
}

fn sheet(sheet: &Sheet, plan: &Plan) -> Value {
    let kept = |(kept, outcome): (&Kept, &Expectation)| {
        json!({
            "text": outcome.text,
            "worst": number(kept.worst),
            "missed_places": kept.missed,
            "places": kept.of,
        })
    };
    let promises = sheet.promises.iter().zip(&plan.verified.outcomes);
    json!({
        "cost": number(Some(sheet.cost)),
        "promises": promises.map(kept).collect::<Vec<_>>(),
    })
}

fn blocking(found: &Blocking, plan: &Plan) -> Value {
    json!({
        "text": plan.verified.outcomes[found.promise].text,
        "where": found.at.map(|at| number(Some((at - SimTime::START).as_seconds()))),
        "nearest": number(Some(found.nearest)),
    })
}

/// The plan as a scenario that extends the one planned: the same figures as it was verified with.
///
/// `base` is the name of that scenario as the new file has to write it; `overrides` are lines of
/// TOML for what was set on the command line.
pub fn scenario(plan: &Plan, base: &str, overrides: &[String]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "# Staffing found by `simulate plan`.");
    let verified = &plan.verified;
    for outcome in &verified.outcomes {
        let _ = writeln!(text, "# {}: {}", verdict(outcome.verdict), outcome.text);
    }
    let _ = writeln!(text, "extends = {}", quoted(base));
    for line in overrides {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "run.seed = {}", verified.seed);
    let replications = verified.days;
    let _ = writeln!(text, "run.replications = {replications}");
    for (index, group) in plan.planned.iter().enumerate() {
        let shifts = plan.shifts(index);
        let is_roster = plan.roster.is_some() && !shifts.is_empty();
        let key = if is_roster { "shifts" } else { "staff" };
        let _ = writeln!(text, "groups.{}.{key} = [", quoted(&group.name));
        if is_roster {
            for shift in &shifts {
                let _ = writeln!(text, "  {},", shift_line(shift));
            }
        } else if plan.roster.is_some() {
            let _ = writeln!(text, "  {{ from = \"0s\", agents = 0 }},");
        } else {
            for (from, agents) in plan.schedule(index) {
                let seconds = from.as_seconds();
                let _ = writeln!(text, "  {{ from = \"{seconds}s\", agents = {agents} }},");
            }
        }
        let _ = writeln!(text, "]");
    }
    text
}

/// A shift as an inline table.
fn shift_line(shift: &Shift) -> String {
    let start = match shift.start {
        Moment::Local(_) => start(shift.start),
        Moment::Offset(_) | Moment::Clock(_) => format!("\"{}\"", start(shift.start)),
    };
    let mut line = format!(
        "{{ name = {}, start = {start}, length = \"{}s\", agents = {}",
        quoted(shift.name.as_deref().unwrap_or("shift")),
        shift.length.as_seconds(),
        shift.agents
    );
    if !shift.breaks.is_empty() {
        let breaks = shift.breaks.iter().map(|rest| {
            format!(
                "{{ after = \"{}s\", length = \"{}s\", paid = {} }}",
                rest.after.as_seconds(),
                rest.length.as_seconds(),
                rest.paid
            )
        });
        let breaks: Vec<String> = breaks.collect();
        let _ = write!(line, ", breaks = [{}]", breaks.join(", "));
    }
    line.push_str(" }");
    line
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
