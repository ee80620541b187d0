//! One line per contact type and per agent group.

use std::io::{self, Write};

use super::{FAINT, PLAIN, Page, STRONG};
use crate::experiment::Summary;
use crate::experiment::summary::Figures;
use crate::report::format::Unit;
use crate::report::glyphs::pad_left;
use crate::report::is_something;

/// A column: two lines of title, path of the figure, unit, width.
struct Column {
    titles: [&'static str; 2],
    path: &'static str,
    unit: Unit,
    width: usize,
}

const fn column(titles: [&'static str; 2], path: &'static str, unit: Unit, width: usize) -> Column {
    Column {
        titles,
        path,
        unit,
        width,
    }
}

const CONTACTS: [Column; 6] = [
    column(["", "arrive"], "arrivals", Unit::Count, 10),
    column(["attempts", "at agents"], "offered", Unit::Count, 10),
    column(["mean", "wait"], "wait.mean", Unit::Seconds, 9),
    column(["95 % wait", "less than"], "wait.p95", Unit::Seconds, 11),
    column(["in", "time"], "service_level", Unit::Share, 8),
    column(["give", "up"], "abandonment_rate", Unit::Share, 8),
];

/// Goes behind the others where contacts are turned away.
const TURNED_AWAY: Column = column(["turned", "away"], "blocking_rate", Unit::Share, 8);

const GROUPS: [Column; 5] = [
    column(["", "scheduled"], "scheduled_hours", Unit::Hours, 12),
    column(["", "present"], "staffed_hours", Unit::Hours, 12),
    column(["", "busy"], "occupancy", Unit::Share, 9),
    column(["", "handled"], "handled", Unit::Count, 11),
    column(["", "cost"], "cost", Unit::Count, 12),
];

/// What each contact type meets.
pub(super) fn contacts<W: Write>(summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let rows: Vec<_> = summary
        .contacts
        .iter()
        .map(|c| (c.name.as_str(), &c.figures))
        .collect();
    let all = ("all", &summary.overall);
    let total = (rows.len() > 1).then_some(all);
    let is_blocked = is_something(&summary.overall.figure("blocked"));
    let columns: Vec<&Column> = CONTACTS
        .iter()
        .chain(is_blocked.then_some(&TURNED_AWAY))
        .collect();
    let is_empty = rows.is_empty();
    let rows = rows.into_iter().chain(total);
    table("CONTACT TYPES", &columns, rows, page)?;
    let is_repeated = ["retries", "recontacts"]
        .iter()
        .any(|path| is_something(&summary.overall.figure(path)));
    if is_empty || !is_repeated {
        return Ok(());
    }
    let note = "Attempts at agents are first ones, repeats and returns that get that far.";
    page.paragraph(FAINT, "  ", note)
}

/// What each agent group does.
pub(super) fn groups<W: Write>(summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let rows = summary
        .groups
        .iter()
        .map(|group| (group.name.as_str(), &group.value));
    table("AGENT GROUPS", &GROUPS.each_ref(), rows, page)
}

fn table<'f, W: Write>(
    title: &str,
    columns: &[&Column],
    rows: impl Iterator<Item = (&'f str, &'f Figures)>,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let numbers: usize = columns.iter().map(|column| column.width).sum();
    let name_columns = page.width - 2 - numbers;
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    page.line(PLAIN, "")?;
    let titles = |line: usize| -> String {
        columns
            .iter()
            .map(|column| pad_left(column.titles[line], column.width))
            .collect()
    };
    if !titles(0).trim().is_empty() {
        page.line(
            STRONG,
            &format!("{}{}", " ".repeat(2 + name_columns), titles(0)),
        )?;
    }
    page.line(
        STRONG,
        &format!("{title:<0$}{1}", 2 + name_columns, titles(1)),
    )?;
    for (name, figures) in rows {
        let mut line = format!("  {}", page.name(name, name_columns));
        for column in columns {
            line.push_str(&page.figure(figures, column.path, column.unit, column.width));
        }
        page.line(PLAIN, &line)?;
    }
    Ok(())
}
