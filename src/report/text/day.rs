//! The day at a glance: arrivals, wait, backlog and staff over time.

use std::io::{self, Write};

use super::{ALARM, FAINT, PLAIN, Page, STRONG};
use crate::experiment::Summary;
use crate::report::answer;
use crate::report::day::{Row, Rows, worst};
use crate::experiment::summary::{IntervalSummary, Moment};
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
    let title = if length == SimSpan::HOUR {
        "HOUR BY HOUR".to_owned()
    } else {
        format!("EVERY {length}")
    };
    let bars = bars(page.width);
    titles(&title, bars, page)?;
    let worst = worst(&rows);
    let scales = Scales::of(&rows);
    for (at, row) in rows.iter().enumerate() {
        write(row, &scales, worst == Some(at), page)?;
    }
    notes(summary, per_row, worst.is_some(), page)
}

/// The date and time of an interval's clock, as people write it: `10 Nov 2026, 18:00`.
pub(super) fn start(clock: &str) -> Option<String> {
    let (date, time) = split(clock)?;
    Some(format!("{date} {}, {time}", clock.get(..4)?))
}

/// The start of an interval: `10 Nov 20:30`, or `day 1 20:30` where the scenario has no date.
pub(in crate::report) fn moment(moment: &Moment) -> String {
    let clock = moment.clock.as_deref().and_then(split);
    let (date, time) = clock.unwrap_or_else(|| clock_from_midnight(moment.start));
    format!("{date} {time}")
}

/// How many intervals make a row: an hour's, if that makes neither too many rows nor a handful.
fn per_row(interval: SimSpan, intervals: usize) -> usize {
    const MINUTE: i64 = SimSpan::MINUTE.as_micros();
    const HOUR: i64 = SimSpan::HOUR.as_micros();
    let length = interval.as_micros().max(1);
    let rows = |per_row: usize| intervals.div_ceil(per_row);
    let fitting = |row: i64| -> Option<usize> {
        let per_row = usize::try_from(row / length).ok().filter(|n| *n > 0)?;
        (row % length == 0 && rows(per_row) <= MOST_ROWS).then_some(per_row)
    };
    if let Some(hourly) = fitting(HOUR).filter(|hourly| rows(*hourly) >= 6) {
        return hourly;
    }
    let minutes = [1, 2, 5, 10, 15, 20, 30].map(|n| n * MINUTE);
    let hours = [1, 2, 3, 4, 6, 8, 12, 24, 48, 168].map(|n| n * HOUR);
    let fewest = intervals.div_ceil(MOST_ROWS);
    fitting(length)
        .or_else(|| minutes.into_iter().chain(hours).find_map(fitting))
        .filter(|per_row| *per_row <= 2 * fewest)
        .unwrap_or(fewest)
}

fn merge(intervals: &[IntervalSummary]) -> Row {
    let first = &intervals[0];
    let (date, time) = first
        .clock
        .as_deref()
        .and_then(split)
        .unwrap_or_else(|| clock_from_midnight(first.start));
    let sum = |path: &str| {
        total(
            intervals
                .iter()
                .map(|interval| interval.overall.value(path)),
        )
    };
    // Weighted by the answered, so that a row's wait is what its contacts met on average.
    let waited = intervals.iter().map(|interval| {
        Some(interval.overall.value("wait.mean")? * interval.overall.value("answered")?)
    });
    let answered = sum("answered").filter(|answered| *answered > 0.0);
    let level = |path: &str| {
        let lengths: f64 = intervals
            .iter()
            .map(|interval| interval.length.as_seconds())
            .sum();
        let held = intervals.iter().flat_map(|interval| {
            let length = interval.length.as_seconds();
            interval
                .groups
                .iter()
                .map(move |group| Some(group.value.value(path)? * length))
        });
        total(held)
            .filter(|_| lengths > 0.0)
            .map(|held| held / lengths)
    };
    let peaks = intervals
        .iter()
        .filter_map(|interval| interval.overall.value("backlog.peak"));
    Row {
        date,
        time,
        arrivals: sum("arrivals"),
        wait: total(waited)
            .zip(answered)
            .map(|(waited, answered)| waited / answered),
        backlog: peaks.reduce(f64::max),
        staff: level("staffed"),
        busy: level("busy"),
    }
}

/// The sum of what is known; unknown where nothing is.
fn total(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    values.flatten().reduce(|sum, value| sum + value)
}

/// `2026-11-10T18:00:00+08:00` as `10 Nov` and `18:00`.
fn split(clock: &str) -> Option<(String, String)> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month: usize = clock.get(5..7)?.parse().ok()?;
    let month = MONTHS.get(month.checked_sub(1)?)?;
    Some((
        format!("{} {month}", clock.get(8..10)?),
        clock.get(11..16)?.to_owned(),
    ))
}

/// Without a start, clock times count from 00:00 of day 1.
fn clock_from_midnight(start: SimSpan) -> (String, String) {
    let minutes = start.as_micros().div_euclid(SimSpan::MINUTE.as_micros());
    let (day, minute) = (minutes.div_euclid(1440), minutes.rem_euclid(1440));
    (
        format!("day {}", day + 1),
        format!("{:02}:{:02}", minute / 60, minute % 60),
    )
}

/// The row in which people wait longest, where there is any wait and anything to compare with.
fn worst(rows: &[Row]) -> Option<usize> {
    let waits = rows
        .iter()
        .enumerate()
        .filter_map(|(at, row)| Some((at, row.wait?)));
    let longest = waits
        .filter(|(_, wait)| *wait > 0.0)
        .reduce(
            |longest, next| {
                if next.1 > longest.1 { next } else { longest }
            },
        );
    longest.filter(|_| rows.len() > 1).map(|(at, _)| at)
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
        let share = value
            .filter(|_| scale > 0.0)
            .map_or(0.0, |value| value / scale);
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
