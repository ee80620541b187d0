//! What the whole simulation was for: waits, losses, backlogs; and what the bot took.

use std::io::{self, Write};

use super::{FAINT, PLAIN, Page, STRONG, is_something};
use crate::experiment::Summary;
use crate::experiment::summary::{Figure, Figures};
use crate::report::format::{self, Unit};
use crate::report::glyphs::{pad_left, pad_right};
use crate::report::{ClearsFrom, Origin};

/// Which end of the spread over days is the bad one.
#[derive(Clone, Copy)]
enum Worse {
    Higher,
    Lower,
    Neither,
}

/// One line of figures.
struct Entry {
    label: String,
    figure: Figure,
    unit: Unit,
    worse: Worse,
}

/// Columns of value, half-width and worst day.
const COLUMNS: [usize; 3] = [12, 11, 15];

/// The backlog that matters: of escalated contacts where there is a bot.
struct Backlog {
    name: &'static str,
    peak: Figure,
    end: Figure,
    clear_time: Figure,
    /// From when on `clear_time` counts.
    since: &'static str,
}

impl Backlog {
    fn sentence(&self) -> Option<String> {
        let name = self.name.to_lowercase();
        if self.peak.estimate.value == Some(0.0) {
            return Some(format!("There is never an {name}.").replace("an backlog", "a backlog"));
        }
        let peak = format::value(&self.peak, Unit::Count)?;
        let cleared = format::value(&self.clear_time, Unit::Seconds)
            .map_or_else(String::new, |time| {
                format!(" and is gone {time} {}", self.since)
            });
        Some(format!("The {name} peaks at {peak}{cleared}."))
    }
}

/// The answer in sentences, then in numbers.
pub(super) fn answer<W: Write>(
    summary: &Summary,
    origin: &Origin,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let backlog = backlog(summary, origin);
    page.paragraph(PLAIN, "", &sentences(summary, origin, &backlog))?;
    page.line(PLAIN, "")?;
    titles("THE ANSWER", page)?;
    for entry in entries(summary, origin, &backlog) {
        write(&entry, page)?;
    }
    let plus_minus = page.style.charset.plus_minus();
    let note = format!(
        "{plus_minus} is the 95 % interval of the average: more replications shrink it. The last \
         column is the luck of the day: on 1 day in 20 it gets that bad or worse, however many \
         replications are run."
    );
    page.paragraph(FAINT, "  ", &note)
}

/// What the bot took from the agents; nothing where there is no bot.
pub(super) fn bot<W: Write>(summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let (bot, all) = (&summary.bot, &summary.overall);
    if !has_bot(summary) {
        return Ok(());
    }
    page.line(PLAIN, "")?;
    titles("THE BOT", page)?;
    for (label, figures, path, unit, worse) in [
        ("Sessions", bot, "sessions", Unit::Count, Worse::Higher),
        (
            "Deflected: ended without an agent",
            bot,
            "deflection_rate",
            Unit::Share,
            Worse::Lower,
        ),
        (
            "Resolved: and did not come back",
            all,
            "resolution_rate",
            Unit::Share,
            Worse::Lower,
        ),
        (
            "Escalated to agents",
            all,
            "escalated",
            Unit::Count,
            Worse::Higher,
        ),
        (
            "Asked for an agent at once",
            all,
            "opted_out",
            Unit::Count,
            Worse::Higher,
        ),
        (
            "Found the bot full or down",
            bot,
            "full_probability",
            Unit::Share,
            Worse::Higher,
        ),
        (
            "Sessions at once, at the peak",
            bot,
            "concurrent.peak",
            Unit::Count,
            Worse::Higher,
        ),
    ] {
        write(
            &Entry {
                label: label.into(),
                figure: figures.figure(path),
                unit,
                worse,
            },
            page,
        )?;
    }
    Ok(())
}

fn has_bot(summary: &Summary) -> bool {
    is_something(&summary.bot.figure("sessions"))
        || is_something(&summary.overall.figure("escalated"))
}

fn backlog(summary: &Summary, origin: &Origin) -> Backlog {
    let since = match origin.clears_from {
        ClearsFrom::LastSurge => "after the last surge's hold",
        ClearsFrom::LastArrival => "after the last arrival",
    };
    let of = |name, peak, end, clear_time| {
        let figure = |path| summary.overall.figure(path);
        Backlog {
            name,
            peak: figure(peak),
            end: figure(end),
            clear_time: figure(clear_time),
        }
    };
    if has_bot(summary) {
        of(
            "Escalation backlog",
            "escalation_backlog.peak",
            "escalation_backlog.end",
            "escalation_backlog.clear_time",
        )
    } else {
        of(
            "Backlog",
            "backlog.peak",
            "backlog.end",
            "backlog.clear_time",
        )
    }
}

/// The answer as it would be told; parts that are not known are left out.
fn sentences(summary: &Summary, origin: &Origin, backlog: &Backlog) -> String {
    let all = &summary.overall;
    let of = |path, unit| format::value(&all.figure(path), unit);
    let mut said = Vec::new();
    match (
        of("wait.mean", Unit::Seconds),
        of("wait.p95", Unit::Seconds),
    ) {
        (Some(mean), Some(p95)) => said.push(format!(
            "People wait {mean} on average until an agent answers, 1 in 20 of them longer than \
             {p95}."
        )),
        (Some(mean), None) => {
            said.push(format!(
                "People wait {mean} on average until an agent answers."
            ));
        }
        (None, _) => {}
    }
    said.extend(promise(all, origin));
    said.extend(of("abandonment_rate", Unit::Share).map(|rate| format!("{rate} give up waiting.")));
    said.extend(backlog.sentence());
    if said.is_empty() {
        said.push("Nobody reached an agent: there is no wait to report.".to_owned());
    }
    said.join(" ")
}

fn promise(all: &Figures, origin: &Origin) -> Option<String> {
    let level = format::value(&all.figure("service_level"), Unit::Share)?;
    let Some(promise) = origin.promise else {
        return Some(format!("The service level is {level}."));
    };
    let goal = format::plain(Some(promise.goal), Unit::Share)?;
    let met = format::value(&all.figure("goal_met"), Unit::Share)
        .map_or_else(String::new, |met| format!(", met on {met} of days"));
    Some(format!(
        "{level} are answered within {} (goal {goal}{met}).",
        promise.answer_within
    ))
}

fn entries(summary: &Summary, origin: &Origin, backlog: &Backlog) -> Vec<Entry> {
    let all = &summary.overall;
    let entry = |label: &str, path, unit, worse| Entry {
        label: label.to_owned(),
        figure: all.figure(path),
        unit,
        worse,
    };
    let level = origin.promise.map_or_else(
        || "Service level".to_owned(),
        |promise| {
            let goal = format::plain(Some(promise.goal), Unit::Share).unwrap_or_default();
            format!("Answered within {} (goal {goal})", promise.answer_within)
        },
    );
    let backlog_entry = |label: String, figure, unit, worse| Entry {
        label,
        figure,
        unit,
        worse,
    };
    let mut entries = vec![
        entry(
            "Contacts that arrive",
            "arrivals",
            Unit::Count,
            Worse::Higher,
        ),
        entry(
            "Contacts that need an agent",
            "offered",
            Unit::Count,
            Worse::Higher,
        ),
        entry(
            "Mean wait for an agent",
            "wait.mean",
            Unit::Seconds,
            Worse::Higher,
        ),
        entry(
            "95th percentile of the wait",
            "wait.p95",
            Unit::Seconds,
            Worse::Higher,
        ),
        entry(&level, "service_level", Unit::Share, Worse::Lower),
        entry(
            "Days that meet the goal",
            "goal_met",
            Unit::Share,
            Worse::Neither,
        ),
        entry(
            "Give up waiting",
            "abandonment_rate",
            Unit::Share,
            Worse::Higher,
        ),
    ];
    if is_something(&all.figure("blocked")) {
        entries.push(entry(
            "Turned away: no room",
            "blocking_rate",
            Unit::Share,
            Worse::Higher,
        ));
    }
    entries.extend([
        backlog_entry(
            format!("{} at its peak", backlog.name),
            backlog.peak,
            Unit::Count,
            Worse::Higher,
        ),
        backlog_entry(
            format!(
                "  gone, counted from {}",
                backlog.since.trim_start_matches("after ")
            ),
            backlog.clear_time,
            Unit::Seconds,
            Worse::Higher,
        ),
    ]);
    if is_something(&backlog.end) {
        let label = "  left at the end of the day".to_owned();
        entries.push(backlog_entry(
            label,
            backlog.end,
            Unit::Count,
            Worse::Higher,
        ));
    }
    entries
}

fn titles<W: Write>(title: &str, page: &mut Page<'_, W>) -> io::Result<()> {
    let [value, half, worst] = COLUMNS;
    let line = format!(
        "{}{}{}{}",
        pad_right(title, page.width - value - half - worst),
        pad_left("average day", value),
        pad_left(&format!("{} (95 %)", page.style.charset.plus_minus()), half),
        pad_left("1 day in 20", worst),
    );
    page.line(STRONG, &line)
}

fn write<W: Write>(entry: &Entry, page: &mut Page<'_, W>) -> io::Result<()> {
    let charset = page.style.charset;
    let [value, half, worst] = COLUMNS;
    let days = entry.figure.days.and_then(|days| {
        let (word, day) = match entry.worse {
            Worse::Higher => ("over", days.p95),
            Worse::Lower => ("under", days.p05),
            Worse::Neither => return None,
        };
        let day = format::alike(&entry.figure, day, entry.unit)?;
        // "over 0s" would read as a warning where there is nothing to warn of.
        Some(if day.starts_with("0") {
            day
        } else {
            format!("{word} {day}")
        })
    });
    let days = match entry.worse {
        Worse::Neither => String::new(),
        _ => page.cell(days, worst),
    };
    let plus_minus = format::half_width(&entry.figure, entry.unit)
        .map_or_else(String::new, |half| {
            format!("{} {half}", charset.plus_minus())
        });
    let label_columns = page.width - 2 - value - half - worst;
    let line = format!(
        "  {}{}{}{days}",
        pad_right(&charset.shorten(&entry.label, label_columns), label_columns),
        page.cell(format::value(&entry.figure, entry.unit), value),
        pad_left(&plus_minus, half),
    );
    page.line(PLAIN, &line)
}
