//! The day at a glance: arrivals, wait, backlog and staff over time.

use std::io::{self, Write};

use super::{ALARM, FAINT, PLAIN, Page, STRONG};
use crate::experiment::Summary;
use crate::report::answer;
use crate::report::day::{Row, Rows, worst};
use crate::report::format::{self, Unit};
use crate::report::glyphs::{pad_left, pad_right};
use crate::time::SimSpan;

/// Columns of the numbers; the bars share what is left.
const NUMBERS: [usize; 5] = [8, 8, 8, 6, 8];

/// The intervals in at most 30 rows, the worst of which is pointed at.
pub(super) fn day<W: Write>(summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let rows = Rows::at_a_glance(summary);
    let (length, per_row) = (rows.length, rows.per_row);
    let mut rows = rows.list;
    if rows.is_empty() {
        return Ok(());
    }
    for at in (1..rows.len()).rev() {
        if rows[at].date == rows[at - 1].date && !rows[at].time.is_empty() {
            rows[at].date.clear();
        }
    }
    let title =
        if length == SimSpan::HOUR { "HOUR BY HOUR".to_owned() } else { format!("EVERY {length}") };
    let bars = bars(page.width);
    titles(&title, bars, page)?;
    let worst = worst(&rows);
    let scales = Scales::of(&rows);
    for (at, row) in rows.iter().enumerate() {
        write(row, &scales, worst == Some(at), page)?;
    }
    notes(summary, per_row, worst.is_some(), page)
}

/// What a full bar stands for.
struct Scales {
    arrivals: f64,
    wait: f64,
    backlog: f64,
    staff: f64,
}

impl Scales {
    fn of(rows: &[Row]) -> Self {
        let highest = |of: fn(&Row) -> Option<f64>| rows.iter().filter_map(of).fold(0.0, f64::max);
        Self {
            arrivals: highest(|row| row.arrivals),
            wait: highest(|row| row.wait),
            backlog: highest(|row| row.backlog),
            staff: highest(|row| row.staff),
        }
    }
}

/// Columns of the bars of arrivals, wait, backlog and staff.
fn bars(width: usize) -> [usize; 4] {
    // Date and time, the numbers, a blank before each bar, the flag.
    let left = width - 13 - NUMBERS.iter().sum::<usize>() - 4 - 2;
    [left - 3 * (left / 4), left / 4, left / 4, left / 4]
}

fn titles<W: Write>(title: &str, bars: [usize; 4], page: &mut Page<'_, W>) -> io::Result<()> {
    page.line(PLAIN, "")?;
    let mut line = pad_right(title, 13);
    let names = ["arrive", "wait", "backlog", "staff"];
    for ((name, columns), bar) in names.into_iter().zip(NUMBERS).zip(bars) {
        line.push_str(&pad_left(name, columns));
        line.push_str(&" ".repeat(bar + 1));
    }
    line.push_str(&pad_left("busy", NUMBERS[4]));
    page.line(STRONG, &line)
}

fn write<W: Write>(
    row: &Row,
    scales: &Scales,
    is_worst: bool,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let charset = page.style.charset;
    let mut line = format!("{:<7}{:<6}", row.date, row.time);
    let values = [
        (row.arrivals, scales.arrivals, Unit::Count),
        (row.wait, scales.wait, Unit::Seconds),
        (row.backlog, scales.backlog, Unit::Count),
        (row.staff, scales.staff, Unit::Count),
    ];
    for (((value, scale, unit), columns), bar) in
        values.into_iter().zip(NUMBERS).zip(bars(page.width))
    {
        line.push_str(&page.cell(format::rough(value, unit), columns));
        let share = value.filter(|_| scale > 0.0).map_or(0.0, |value| value / scale);
        line.push(' ');
        line.push_str(&charset.bar(share, bar));
    }
    line.push_str(&page.cell(format::rough(row.occupancy(), Unit::Share), NUMBERS[4]));
    if is_worst {
        line.push(' ');
        line.push_str(charset.pointer());
    }
    page.line(if is_worst { ALARM } else { PLAIN }, &line)
}

fn notes<W: Write>(
    summary: &Summary,
    per_row: usize,
    has_worst: bool,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let pointer = has_worst.then(|| page.style.charset.pointer());
    let note = answer::day_note(summary, per_row, pointer);
    page.paragraph(FAINT, "  ", &note)
}
