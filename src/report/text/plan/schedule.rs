//! Who works when, as a table and a picture, and the roster.

use std::io::{self, Write};

use super::super::{FAINT, PLAIN, Page, STRONG};
use super::clock;
use crate::plan::StaffingPlan;
use crate::report::Charset;
use crate::report::format::{self, Unit};
use crate::report::glyphs::{harmless, pad_left, pad_right};
use crate::time::{SimSpan, SimTime};

/// Most rows of the day.
const MOST_ROWS: usize = 48;

/// Columns of a group's head count.
const COUNT: usize = 9;

/// Most groups with a column of their own.
const MOST_GROUPS: usize = 4;

/// One row of the day.
struct Row {
    from: SimSpan,
    counts: Vec<u32>,
    present: f64,
    load: f64,
    required: f64,
}

fn rows(plan: &StaffingPlan) -> Vec<Row> {
    let steps = plan.grid.steps();
    let per_row = steps.div_ceil(MOST_ROWS);
    let scheduled = |group: usize, step: usize| {
        if plan.roster.is_some() {
            return plan.staffing.0[group][step];
        }
        let planned = &plan.planned[group];
        planned.scheduled(plan.staffing.0[group][step]).max(planned.at_least)
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

pub(super) fn staffing<W: Write>(plan: &StaffingPlan, page: &mut Page<'_, W>) -> io::Result<()> {
    let rows = rows(plan);
    let groups = plan.planned.len();
    let shown = if groups > MOST_GROUPS { 0 } else { groups };
    let columns = if shown == 0 { 1 } else { shown };
    let bar = page.width - 13 - columns * COUNT;
    let scale =
        rows.iter().map(|row| row.present.max(row.load).max(row.required)).fold(1.0, f64::max);
    page.line(PLAIN, "")?;
    let what = if plan.roster.is_some() { "ON DUTY" } else { "SCHEDULED" };
    let mut title = pad_right(what, 12);
    if shown == 0 {
        title.push_str(&pad_left("all", COUNT));
    }
    for group in plan.planned.iter().take(shown) {
        let name = page.style.charset.shorten(&harmless(&group.name), COUNT - 1);
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
            line.push_str(&pad_left(&row.counts.iter().sum::<u32>().to_string(), COUNT));
        }
        for count in row.counts.iter().take(shown) {
            line.push_str(&pad_left(&count.to_string(), COUNT));
        }
        line.push(' ');
        line.push_str(&picture(row, scale, bar, page));
        let next = rows.get(index + 1).map(|next| next.from);
        let binds = binding.iter().any(|at| *at >= row.from && next.is_none_or(|next| *at < next));
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
        if plan.roster.is_some() { "of people on duty" } else { "scheduled ones" },
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
pub(super) fn roster<W: Write>(plan: &StaffingPlan, page: &mut Page<'_, W>) -> io::Result<()> {
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
                pad_right(&crate::document::start(shift.start), 10),
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
        Charset::Unicode => ('█', '░', '│'),
        Charset::Ascii => ('#', '.', '|'),
    }
}

fn picture<W: Write>(row: &Row, scale: f64, columns: usize, page: &Page<'_, W>) -> String {
    let (full, spare, mark) = signs(page);
    let place = |value: f64| {
        let at = (value / scale * (columns - 3) as f64).round();
        (0..columns).rfind(|column| *column as f64 <= at).unwrap_or(0)
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
fn by_group<W: Write>(plan: &StaffingPlan, page: &mut Page<'_, W>) -> io::Result<()> {
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
            page.cell(format::plain(Some(hours * group.cost_per_hour), Unit::Count), 10),
        );
        page.line(PLAIN, &line)?;
    }
    Ok(())
}
