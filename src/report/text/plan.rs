//! A plan for people: what it costs and keeps, who works when, and what formulas would have bought.

use std::io::{self, Write};

use super::{ALARM, FAINT, PLAIN, Page, STRONG, Style};
use crate::experiment::summary::{Expectation, Verdict};
use crate::metrics::definition::Unit as FigureUnit;
use crate::plan::{CostUnit, StaffingPlan};
use crate::report::format::{self, Unit};
use crate::report::glyphs::pad_right;
use crate::report::plan::verdict;
use crate::time::{SimSpan, SimTime};

mod schedule;

use schedule::{roster, staffing};

/// What the caller knows about a plan beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanOrigin {
    /// The scenario file as the user named it.
    pub file: String,
    /// Limits of the promises, in order: of the figure, or of the share of days on which it is kept.
    pub limits: Vec<f64>,
    /// Seconds it took, by the clock on the wall.
    pub seconds: f64,
}

/// Writes a plan. No line is wider than the style's width.
///
/// # Errors
///
/// Those of the writer.
pub fn plan(
    plan: &StaffingPlan,
    origin: &PlanOrigin,
    style: &Style,
    out: &mut impl Write,
) -> io::Result<()> {
    let width = style.width.clamp(72, 120);
    let mut page = Page { out, style, width };
    head(plan, origin, &mut page)?;
    promises(plan, origin, &mut page)?;
    if !plan.blocking.is_empty() {
        return blocking(plan, &mut page);
    }
    staffing(plan, &mut page)?;
    roster(plan, &mut page)?;
    sheets(plan, &mut page)?;
    foot(plan, origin, &mut page)
}

fn head<W: Write>(
    plan: &StaffingPlan,
    origin: &PlanOrigin,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let summary = &plan.verified.summary;
    let title = summary.title.as_deref().unwrap_or(&origin.file);
    page.paragraph(STRONG, "", &format!("Plan: {title}"))?;
    page.line(FAINT, &page.style.charset.rule(page.width))?;
    let unit = match plan.unit {
        CostUnit::Money => "",
        CostUnit::Hours => " scheduled agent hours",
    };
    let cost = format::plain(Some(plan.cost), Unit::Count).unwrap_or_default();
    let verdict = match plan.verified.verdict() {
        _ if !plan.blocking.is_empty() => "No staffing within the bounds keeps the promises.",
        Verdict::Holds => "Every promise is met.",
        Verdict::Undecided => "No promise is missed, but not all are known to be met.",
        Verdict::Fails => "No plan was found that keeps every promise.",
    };
    page.paragraph(STRONG, "", &format!("{verdict} Cost: {cost}{unit}."))?;
    if plan.partial {
        let text = "The search was cut off: a longer one may find a cheaper plan.";
        page.paragraph(ALARM, "! ", text)?;
    }
    if let (Some(bound), Some(gap)) = (&plan.bound, plan.gap()) {
        let least = format::plain(Some(bound.cost), Unit::Count).unwrap_or_default();
        let gap = format::plain(Some(gap), Unit::Share).unwrap_or_default();
        let text = format!(
            "No plan costs less than {least} ({gap} less), assuming that {}.",
            bound.assumption
        );
        page.paragraph(FAINT, "", &page.style.charset.spell(&text))?;
    }
    Ok(())
}

fn unit_of(unit: FigureUnit) -> Unit {
    match unit {
        FigureUnit::Share => Unit::Share,
        FigureUnit::Seconds => Unit::Seconds,
        FigureUnit::Hours => Unit::Hours,
        FigureUnit::Count | FigureUnit::Money => Unit::Count,
    }
}

fn promises<W: Write>(
    plan: &StaffingPlan,
    origin: &PlanOrigin,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let days = format::plain(Some(f64::from(plan.verified.days)), Unit::Count);
    let days = days.unwrap_or_default();
    let word = plan.verified.summary.run.word();
    page.line(PLAIN, "")?;
    let which = if plan.verified.fitted {
        "that only the last changes were made by"
    } else {
        "that the search never saw"
    };
    let title = format!("PROMISES, on {days} {word}s {which}");
    page.line(STRONG, &title)?;
    for outcome in &plan.verified.outcomes {
        let paint = match outcome.verdict {
            Verdict::Holds => PLAIN,
            Verdict::Fails | Verdict::Undecided => ALARM,
        };
        let line = format!("  {} {}", pad_right(verdict(outcome.verdict), 10), outcome.text);
        page.line(paint, &line)?;
        page.paragraph(
            FAINT,
            "             ",
            &detail(outcome, unit_of(outcome.unit), plan, page),
        )?;
    }
    let mut judged = plan.verified.outcomes.iter().zip(&origin.limits);
    if judged.any(|(outcome, limit)| seems_unsure(outcome, *limit)) {
        let text = "Verdicts are surer than the figures look: they take off what chance in the \
                    number of contacts explains.";
        page.paragraph(FAINT, "  ", text)?;
    }
    average_day(plan, page)
}

/// Whether a promise is called met while its plain interval reaches beyond the limit.
fn seems_unsure(outcome: &Expectation, limit: f64) -> bool {
    let (low, high) = (outcome.estimate.low, outcome.estimate.high);
    let holds = outcome.verdict == Verdict::Holds;
    let between = low.zip(high).is_some_and(|(low, high)| low < limit && limit < high);
    holds && between
}

fn detail<W: Write>(
    outcome: &Expectation,
    unit: Unit,
    plan: &StaffingPlan,
    page: &Page<'_, W>,
) -> String {
    let figure = crate::experiment::summary::Figure { estimate: outcome.estimate, days: None };
    let value =
        format::value(&figure, unit).unwrap_or_else(|| page.style.charset.unknown().to_owned());
    let half = format::half_width(&figure, unit)
        .map_or_else(String::new, |half| format!(" {} {half}", page.style.charset.plus_minus()));
    let place = outcome.interval.as_ref().map(|at| clock(at.start, plan));
    let place = place.map_or_else(String::new, |at| format!(" at {at}, where it is worst"));
    let reason = outcome.reason.as_ref();
    let reason = reason.map_or_else(String::new, |reason| format!("; {reason}"));
    format!("{value}{half}{place}{reason}")
}

/// The time of day at an offset from the start.
fn clock(at: SimSpan, plan: &StaffingPlan) -> String {
    let intervals = &plan.verified.summary.intervals;
    let first = intervals.first().and_then(|first| {
        let clock = first.clock.as_deref()?;
        Some((first.start, clock.get(11..16)?))
    });
    let minutes = |text: &str| -> Option<i64> {
        Some(text.get(..2)?.parse::<i64>().ok()? * 60 + text.get(3..)?.parse::<i64>().ok()?)
    };
    let base = first
        .and_then(|(start, text)| {
            let offset = start.as_micros() / SimSpan::MINUTE.as_micros();
            Some(minutes(text)? - offset)
        })
        .unwrap_or(0);
    let minute = base + at.as_micros() / SimSpan::MINUTE.as_micros();
    let days = minute.div_euclid(1440);
    let minute = minute.rem_euclid(1440);
    let day = if days > 0 { format!(" +{days}d") } else { String::new() };
    format!("{:02}:{:02}{day}", minute / 60, minute % 60)
}

/// What is promised on average, and what a bad day makes of it.
fn average_day<W: Write>(plan: &StaffingPlan, page: &mut Page<'_, W>) -> io::Result<()> {
    let summary = &plan.verified.summary;
    let word = summary.run.word();
    let bad = format!("1 {word} in 20");
    page.line(PLAIN, "")?;
    let days = f64::from(summary.run.replications);
    let days = format::plain(Some(days), Unit::Count).unwrap_or_default();
    let name = format!("THE WHOLE DAY, {days} times");
    let title = format!("{name:<26}{:>16}{bad:>20}", "on average");
    page.line(STRONG, &title)?;
    let rows = [
        ("answered in time", "service_level", Unit::Share, true),
        ("give up", "abandonment_rate", Unit::Share, false),
        ("mean wait", "wait.mean", Unit::Seconds, false),
        ("95 % wait less than", "wait.p95", Unit::Seconds, false),
    ];
    for (name, path, unit, low_is_bad) in rows {
        let figure = summary.overall.figure(path);
        let bad = figure.days.and_then(|days| {
            let value = if low_is_bad { days.p05 } else { days.p95 };
            format::alike(&figure, value, unit)
        });
        let side = if low_is_bad { "below" } else { "above" };
        let bad = bad.map(|bad| format!("{side} {bad}"));
        let line = format!(
            "  {}{}{}",
            pad_right(name, 24),
            page.cell(format::value(&figure, unit), 16),
            page.cell(bad, 20)
        );
        page.line(PLAIN, &line)?;
    }
    Ok(())
}

fn blocking<W: Write>(plan: &StaffingPlan, page: &mut Page<'_, W>) -> io::Result<()> {
    page.heading("WHAT CANNOT BE KEPT, with all the agents that the bounds allow")?;
    for found in &plan.blocking {
        let outcome = &plan.verified.outcomes[found.target];
        let place = found
            .at
            .map_or_else(String::new, |at| format!(" at {}", clock(at - SimTime::START, plan)));
        let unit = unit_of(outcome.unit);
        let nearest = format::plain(Some(found.nearest), unit).unwrap_or_default();
        let text = format!("{}: {nearest}{place} is the nearest", outcome.text);
        page.paragraph(ALARM, "  ! ", &text)?;
    }
    Ok(())
}

fn sheets<W: Write>(plan: &StaffingPlan, page: &mut Page<'_, W>) -> io::Result<()> {
    if plan.formula_plans.is_empty() {
        return Ok(());
    }
    page.line(PLAIN, "")?;
    let title = format!(
        "{:<28}{:>12}{:>10}   {}",
        "WHAT FORMULAS WOULD HAVE BOUGHT", "cost", "to plan", "worst (places missed)"
    );
    page.line(STRONG, &title)?;
    for sheet in &plan.formula_plans {
        let change = sheet.cost / plan.cost.max(1e-9) - 1.0;
        let worst = sheet.targets.iter().zip(&plan.verified.outcomes).map(|(kept, outcome)| {
            let value = format::plain(kept.worst, unit_of(outcome.unit));
            let value = value.unwrap_or_else(|| page.style.charset.unknown().to_owned());
            if kept.of > 1 { format!("{value} ({} of {})", kept.missed, kept.of) } else { value }
        });
        let worst: Vec<String> = worst.collect();
        let line = format!(
            "  {}{}{:>+9.1}%   {}",
            pad_right(sheet.rule.name(), 29),
            page.cell(format::plain(Some(sheet.cost), Unit::Count), 12),
            change * 100.0,
            worst.join(", ")
        );
        page.line(PLAIN, &line)?;
    }
    Ok(())
}

fn foot<W: Write>(
    plan: &StaffingPlan,
    origin: &PlanOrigin,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let charset = page.style.charset;
    let simulated = format::plain(Some(plan.simulations as f64), Unit::Count).unwrap_or_default();
    let time = format::plain(Some(origin.seconds), Unit::Seconds).unwrap_or_default();
    let word = plan.verified.summary.run.word();
    page.line(PLAIN, "")?;
    page.line(FAINT, &charset.rule(page.width))?;
    let facts = [
        format!("{simulated} {word}s simulated"),
        format!("verified with seed {}", plan.verified.seed),
        format!("in {time}"),
    ];
    page.paragraph(FAINT, "", &facts.join(charset.dot()))
}
