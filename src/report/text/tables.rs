//! One line per contact type and per agent group: of very many, those that matter most.

use std::io::{self, Write};

use super::{FAINT, PLAIN, Page, STRONG};
use crate::experiment::Summary;
use crate::experiment::summary::Figures;
use crate::report::day::MOST_ROWS;
use crate::report::format::Unit;
use crate::report::glyphs::{harmless, pad_left, pad_right, width};
use crate::report::is_something;

/// A column: two lines of title, path of the figure, unit, width.
struct Column {
    titles: [&'static str; 2],
    path: &'static str,
    unit: Unit,
    width: usize,
}

const fn column(titles: [&'static str; 2], path: &'static str, unit: Unit, width: usize) -> Column {
    Column { titles, path, unit, width }
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

/// A row: name and figures.
type Row<'f> = (&'f str, &'f Figures);

/// Which rows are left out where there are too many of them.
struct Least {
    /// A count of which those with the least are left out.
    of: fn(&Figures) -> f64,
    /// The same in words.
    words: &'static str,
}

const FEWEST_LATE: Least = Least { of: late, words: "with the fewest people not served in time" };

const FEWEST_HANDLED: Least =
    Least { of: |group| group.value("handled").unwrap_or(0.0), words: "that handle the least" };

/// How many reach the agents' side and are not answered within the promised wait.
fn late(figures: &Figures) -> f64 {
    let of = |path| figures.value(path).unwrap_or(0.0);
    of("offered") - of("queued") * of("service_levels.strict")
}

/// What each contact type meets.
pub(super) fn contacts<W: Write>(summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let types = summary.contacts.iter();
    let rows: Vec<Row<'_>> = types.map(|c| (c.name.as_str(), &c.figures)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let is_blocked = is_something(&summary.overall.figure("blocked"));
    let columns: Vec<&Column> = CONTACTS.iter().chain(is_blocked.then_some(&TURNED_AWAY)).collect();
    let total = (rows.len() > 1).then_some(("all", &summary.overall));
    let (mut rows, left_out) = most(&rows, &FEWEST_LATE);
    rows.extend(total);
    table("CONTACT TYPES", &columns, &rows, page)?;
    tell_left_out(left_out, &FEWEST_LATE, page)?;
    let is_repeated =
        ["retries", "recontacts"].iter().any(|path| is_something(&summary.overall.figure(path)));
    if !is_repeated {
        return Ok(());
    }
    let note = "Attempts at agents are first ones, repeats and returns that get that far.";
    page.paragraph(FAINT, "  ", note)
}

/// What each agent group does.
pub(super) fn groups<W: Write>(summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let groups = summary.groups.iter();
    let rows: Vec<Row<'_>> = groups.map(|g| (g.name.as_str(), &g.value)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let (rows, left_out) = most(&rows, &FEWEST_HANDLED);
    table("AGENT GROUPS", &GROUPS.each_ref(), &rows, page)?;
    tell_left_out(left_out, &FEWEST_HANDLED, page)
}

/// The rows that matter most, in their order, as many as a reader takes in; and how many are left
/// out.
fn most<'f>(rows: &[Row<'f>], least: &Least) -> (Vec<Row<'f>>, usize) {
    let left_out = rows.len().saturating_sub(MOST_ROWS);
    let size = |at: &usize| (least.of)(rows[*at].1);
    let mut places: Vec<usize> = (0..rows.len()).collect();
    places.sort_by(|a, b| size(b).total_cmp(&size(a)));
    places.truncate(MOST_ROWS);
    places.sort_unstable();
    (places.into_iter().map(|at| rows[at]).collect(), left_out)
}

fn tell_left_out<W: Write>(
    left_out: usize,
    least: &Least,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    if left_out == 0 {
        return Ok(());
    }
    let note =
        format!("Left out: {left_out} {}. --html, --csv and --json have them all.", least.words);
    page.paragraph(FAINT, "  ", &note)
}

fn table<W: Write>(
    title: &str,
    columns: &[&Column],
    rows: &[Row<'_>],
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let numbers: usize = columns.iter().map(|column| column.width).sum();
    let name_columns = page.width - 2 - numbers;
    page.line(PLAIN, "")?;
    let titles = |line: usize| -> String {
        columns.iter().map(|column| pad_left(column.titles[line], column.width)).collect()
    };
    if !titles(0).trim().is_empty() {
        page.line(STRONG, &format!("{}{}", " ".repeat(2 + name_columns), titles(0)))?;
    }
    page.line(STRONG, &format!("{title:<0$}{1}", 2 + name_columns, titles(1)))?;
    let names: Vec<String> = rows.iter().map(|(name, _)| harmless(name)).collect();
    let short = page.style.charset.shorten_apart(&names, name_columns);
    // Names that look alike wherever they are cut stand whole, in lines of their own.
    let names = short.unwrap_or(names);
    for (name, (_, figures)) in names.iter().zip(rows) {
        let mut line = if width(name) > name_columns {
            page.line(PLAIN, &format!("  {name}"))?;
            " ".repeat(2 + name_columns)
        } else {
            format!("  {}", pad_right(name, name_columns))
        };
        for column in columns {
            line.push_str(&page.figure(figures, column.path, column.unit, column.width));
        }
        page.line(PLAIN, &line)?;
    }
    Ok(())
}
