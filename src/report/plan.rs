//! A plan as blocks and as a scenario to run.

use std::fmt::Write as _;

use crate::document::start;
use crate::experiment::summary::Verdict;
use crate::plan::StaffingPlan;
use crate::plan::roster::{Moment, Shift};

mod page;
mod schedule;

pub use page::{PlanOrigin, blocks};

/// What a plan's promise came to.
const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "met",
        Verdict::Fails => "missed",
        Verdict::Undecided => "undecided",
    }
}

/// The plan as a scenario that extends the one planned: the same figures as it was verified with.
///
/// `base` is the name of that scenario as the new file has to write it; `overrides` are lines of
/// TOML for what was set on the command line.
pub fn scenario(plan: &StaffingPlan, base: &str, overrides: &[String]) -> String {
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
