//! A plan for people: what it costs and keeps, who works when, and what formulas would have bought.

use std::io::{self, Write};

use super::{ALARM, FAINT, PLAIN, Page, STRONG, Style};
use crate::experiment::summary::{Expectation, Verdict};
use crate::metrics::definition::Unit as FigureUnit;
use crate::plan::{CostUnit, Plan};
use crate::report::format::{self, Unit};
use crate::report::glyphs::{harmless, pad_left, pad_right};
use crate::report::plan::verdict;
use crate::time::{SimSpan, SimTime};

/// Most rows of the day.
const MOST_ROWS: usize = 48;
/// Columns of a group's head count.
const COUNT: usize = 9;
/// Most groups with a column of their own.
const MOST_GROUPS: usize = 4;

/// What the caller knows about a plan beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanOrigin {
    /// The scenario file as the user named it.
    pub file: String,
    /// Units of the promised figures, in order.
    pub units: Vec<FigureUnit>,
    /// Limits of the promises, in order.
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
    plan: &Plan,
    origin: &PlanOrigin,
    style: &Style,
    out: &mut impl Write,
) -> io::Result<()> {
    let width = style.width.clamp(72, 120);
    let mut page = Page { out, style, width };
    head(plan, origin, &mut page)?;
    promises(plan, origin, &mut page)?;
    if !plan.blocking.is_empty() {
        return blocking(plan, origin, &mut page);
    }
    staffing(plan, &mut page)?;
    roster(plan, &mut page)?;
    sheets(plan, origin, &mut page)?;
    foot(plan, origin, &mut page)
}

fn head<W: Write>(plan: &Plan, origin: &PlanOrigin, page: &mut Page<'_, W>) -> io::Result<()> {
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

fn promises<W: Write>(plan: &Plan, origin: &PlanOrigin, page: &mut Page<'_, W>) -> io::Result<()> {
    let days = format::plain(Some(f64::from(plan.verified.days)), Unit::Count);
    let days = days.unwrap_or_default();
    let word = plan.verified.summary.run.word();
    page.line(PLAIN, "")?;
    let title = format!("PROMISES, on {days} {word}s that the search never saw");
    page.line(STRONG, &title)?;
    for (outcome, unit) in plan.verified.outcomes.iter().zip(&origin.units) {
        let paint = match outcome.verdict {
            Verdict::Holds => PLAIN,
            Verdict::Fails | Verdict::Undecided => ALARM,
        };
        let line = format!(
            "  {} {}",
            pad_right(verdict(outcome.verdict), 10),
            outcome.text
        );
        page.line(paint, &line)?;
        page.paragraph(
            FAINT,
            "             ",
            &detail(outcome, unit_of(*unit), plan, page),
        )?;
    }
    average_day(plan, page)
}

fn detail<W: Write>(outcome: &Expectation, unit: Unit, plan: &Plan, page: &Page<'_, W>) -> String {
    let figure = crate::experiment::summary::Figure {
        estimate: outcome.estimate,
        days: None,
    };
    let value =
        format::value(&figure, unit).unwrap_or_else(|| page.style.charset.unknown().to_owned());
    let half = format::half_width(&figure, unit).map_or_else(String::new, |half| {
        format!(" {} {half}", page.style.charset.plus_minus())
    });
    let place = outcome.interval.as_ref().map(|at| clock(at.start, plan));
    let place = place.map_or_else(String::new, |at| format!(" at {at}, where it is worst"));
    let reason = outcome.reason.as_ref();
    let reason = reason.map_or_else(String::new, |reason| format!("; {reason}"));
    format!("{value}{half}{place}{reason}")
}

/// The time of day at an offset from the start.
fn clock(at: SimSpan, plan: &Plan) -> String {
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
    let day = if days > 0 {
        format!(" +{days}d")
    } else {
        String::new()
    };
    format!("{:02}:{:02}{day}", minute / 60, minute % 60)
}

/// What is promised on average, and what a bad day makes of it.
fn average_day<W: Write>(plan: &Plan, page: &mut Page<'_, W>) -> io::Result<()> {
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

fn blocking<W: Write>(plan: &Plan, origin: &PlanOrigin, page: &mut Page<'_, W>) -> io::Result<()> {
    page.heading("WHAT CANNOT BE KEPT, with all the agents that the bounds allow")?;
    for found in &plan.blocking {
        let outcome = &plan.verified.outcomes[found.promise];
        let place = found.at.map_or_else(String::new, |at| {
            format!(" at {}", clock(at - SimTime::START, plan))
        });
        let unit = unit_of(origin.units[found.promise]);
        let nearest = format::plain(Some(found.nearest), unit).unwrap_or_default();
        let text = format!("{}: {nearest}{place} is the nearest", outcome.text);
        page.paragraph(ALARM, "  ! ", &text)?;
    }
    Ok(())
}

/// One row of the day.
struct Row {
    from: SimSpan,
    counts: Vec<u32>,
    present: f64,
    load: f64,
    required: f64,
}

fn rows(plan: &Plan) -> Vec<Row> {
    let steps = plan.grid.steps();
    let per_row = steps.div_ceil(MOST_ROWS);
    let scheduled = |group: usize, step: usize| {
        if plan.roster.is_some() {
            return plan.staffing.0[group][step];
        }
        let planned = &plan.planned[group];
        planned
            .scheduled(plan.staffing.0[group][step])
            .max(planned.at_least)
    };
    (0..steps)
        .step_by(per_row)
        .map(|first| {
            let all = first..(first + per_row).min(steps);
            let mean =
                |of: &dyn Fn(usize) -> f64| all.clone().map(of).sum::<f64>() / all.len() as f64;
            Row {
                from: plan.grid.start(first) - SimTime::START,
                counts: (0..plan.planned.len())
                    .map(|group| {
                        let counts = all.clone().map(|step| scheduled(group, step));
                        counts.max().unwrap_or(0)
                    })
                    .collect(),
                present: mean(&|step| {
                    let groups = plan.staffing.0.iter();
                    groups.map(|steps| f64::from(steps[step])).sum()
                }),
                load: mean(&|step| plan.load[step]),
                required: mean(&|step| plan.required.get(step).copied().map_or(0.0, f64::from)),
            }
        })
        .collect()
}

fn staffing<W: Write>(plan: &Plan, page: &mut Page<'_, W>) -> io::Result<()> {
    let rows = rows(plan);
    let groups = plan.planned.len();
    let shown = if groups > MOST_GROUPS { 0 } else { groups };
    let columns = if shown == 0 { 1 } else { shown };
    let bar = page.width - 13 - columns * COUNT;
    let scale = rows
        .iter()
        .map(|row| row.present.max(row.load).max(row.required))
        .fold(1.0, f64::max);
    page.line(PLAIN, "")?;
    let what = if plan.roster.is_some() {
        "ON DUTY"
    } else {
        "SCHEDULED"
    };
    let mut title = pad_right(what, 12);
    if shown == 0 {
        title.push_str(&pad_left("all", COUNT));
    }
    for group in plan.planned.iter().take(shown) {
        let name = page
            .style
            .charset
            .shorten(&harmless(&group.name), COUNT - 1);
        title.push_str(&pad_left(&name, COUNT));
    }
    page.line(STRONG, &title)?;
    let binding: Vec<SimSpan> = plan
        .verified
        .outcomes
        .iter()
        .filter_map(|outcome| outcome.interval.as_ref().map(|at| at.start))
        .collect();
    for (index, row) in rows.iter().enumerate() {
        let mut line = pad_right(&format!("  {}", clock(row.from, plan)), 12);
        if shown == 0 {
            line.push_str(&pad_left(
                &row.counts.iter().sum::<u32>().to_string(),
                COUNT,
            ));
        }
        for count in row.counts.iter().take(shown) {
            line.push_str(&pad_left(&count.to_string(), COUNT));
        }
        line.push(' ');
        line.push_str(&picture(row, scale, bar, page));
        let next = rows.get(index + 1).map(|next| next.from);
        let binds = binding
            .iter()
            .any(|at| *at >= row.from && next.is_none_or(|next| *at < next));
        if binds {
            line = format!("{} {}", line.trim_end(), page.style.charset.pointer());
        }
        page.line(PLAIN, &line)?;
    }
    let (full, spare, mark) = signs(page);
    let mut note = format!(
        "{full} load (agents that would be busy if nobody ever waited), {spare} present beyond \
         it, {mark} required. {} is where a promise binds. Head counts are {}",
        page.style.charset.pointer(),
        if plan.roster.is_some() {
            "of people on duty"
        } else {
            "scheduled ones"
        },
    );
    if plan.grid.steps() > rows.len() {
        note.push_str(", the highest of each row; --json and --out have every step");
    }
    note.push('.');
    page.paragraph(FAINT, "  ", &note)?;
    if shown == 0 {
        by_group(plan, page)?;
    }
    Ok(())
}

/// Who is on which shift.
fn roster<W: Write>(plan: &Plan, page: &mut Page<'_, W>) -> io::Result<()> {
    if plan.roster.is_none() {
        return Ok(());
    }
    page.heading("ROSTER                    people  start       length  breaks")?;
    for (index, group) in plan.planned.iter().enumerate() {
        for shift in plan.shifts(index) {
            let breaks = shift.breaks.iter().map(|rest| {
                let paid = if rest.paid { "paid" } else { "unpaid" };
                format!("{} after {} ({paid})", rest.length, rest.after)
            });
            let breaks: Vec<String> = breaks.collect();
            let name = shift.name.as_deref().unwrap_or_default();
            let line = format!(
                "  {}{:>8}  {}{:>8}  {}",
                name_in(&format!("{} {name}", group.name), 22, page),
                shift.agents,
                pad_right(&crate::report::plan::start(shift.start), 10),
                shift.length.to_string(),
                breaks.join(", ")
            );
            page.line(PLAIN, &line)?;
        }
    }
    Ok(())
}

/// Load, spare agents, requirement.
fn signs<W: Write>(page: &Page<'_, W>) -> (char, char, char) {
    match page.style.charset {
        super::Charset::Unicode => ('█', '░', '│'),
        super::Charset::Ascii => ('#', '.', '|'),
    }
}

fn picture<W: Write>(row: &Row, scale: f64, columns: usize, page: &Page<'_, W>) -> String {
    let (full, spare, mark) = signs(page);
    let place = |value: f64| {
        let at = (value / scale * (columns - 3) as f64).round();
        (0..columns)
            .rfind(|column| *column as f64 <= at)
            .unwrap_or(0)
    };
    let (load, present, required) = (place(row.load), place(row.present), place(row.required));
    (0..columns)
        .map(|column| {
            if column == required && row.required > 0.0 {
                mark
            } else if column < load {
                full
            } else if column < present {
                spare
            } else {
                ' '
            }
        })
        .collect()
}

/// A name from the scenario in so many columns.
fn name_in<W: Write>(name: &str, columns: usize, page: &Page<'_, W>) -> String {
    let name = page.style.charset.shorten(&harmless(name), columns);
    pad_right(&name, columns)
}

/// Where there are too many groups for columns: a line for each.
fn by_group<W: Write>(plan: &Plan, page: &mut Page<'_, W>) -> io::Result<()> {
    page.heading("GROUPS                     fewest      most     hours      cost")?;
    for (index, group) in plan.planned.iter().enumerate() {
        let steps = plan.staffing.0[index].iter().enumerate();
        let scheduled = steps.map(|(step, present)| {
            let scheduled = group.scheduled(*present).max(group.at_least);
            (scheduled, f64::from(scheduled) * plan.grid.hours(step))
        });
        let scheduled: Vec<(u32, f64)> = scheduled.collect();
        let hours: f64 = scheduled.iter().map(|(_, hours)| hours).sum();
        let counts = scheduled.iter().map(|(count, _)| *count);
        let (few, many) = (counts.clone().min(), counts.max());
        let count = |count: Option<u32>| format::plain(count.map(f64::from), Unit::Count);
        let line = format!(
            "  {}{}{}{}{}",
            name_in(&group.name, 22, page),
            page.cell(count(few), 9),
            page.cell(count(many), 10),
            page.cell(format::plain(Some(hours), Unit::Count), 10),
            page.cell(
                format::plain(Some(hours * group.cost_per_hour), Unit::Count),
                10
            ),
        );
        page.line(PLAIN, &line)?;
    }
    Ok(())
}

fn sheets<W: Write>(plan: &Plan, origin: &PlanOrigin, page: &mut Page<'_, W>) -> io::Result<()> {
    if plan.sheets.is_empty() {
        return Ok(());
    }
    page.line(PLAIN, "")?;
    let title = format!(
        "{:<28}{:>12}{:>10}   {}",
        "WHAT FORMULAS WOULD HAVE BOUGHT", "cost", "to plan", "worst (places missed)"
    );
    page.line(STRONG, &title)?;
    for sheet in &plan.sheets {
        let change = sheet.cost / plan.cost.max(1e-9) - 1.0;
        let worst = sheet
            .promises
            .iter()
            .zip(&origin.units)
            .map(|(kept, unit)| {
                let value = format::plain(kept.worst, unit_of(*unit));
                let value = value.unwrap_or_else(|| page.style.charset.unknown().to_owned());
                if kept.of > 1 {
                    format!("{value} ({} of {})", kept.missed, kept.of)
                } else {
                    value
                }
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

fn foot<W: Write>(plan: &Plan, origin: &PlanOrigin, page: &mut Page<'_, W>) -> io::Result<()> {
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
