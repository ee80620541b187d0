//! The day at a glance: arrivals, wait, backlog and staff over time.

use std::io::{self, Write};

use super::{ALARM, FAINT, PLAIN, Page, STRONG};
use crate::experiment::Summary;
use crate::experiment::summary::{IntervalSummary, Moment};
use crate::report::format::{self, Unit};
use crate::report::glyphs::{pad_left, pad_right};
use crate::time::SimSpan;

/// Most rows that a reader takes in at once.
const MOST_ROWS: usize = 30;

/// One row: one or several reporting intervals.
struct Row {
    /// Date, where it differs from that of the row before.
    date: String,
    /// Clock time of the start.
    time: String,
    arrivals: Option<f64>,
    wait: Option<f64>,
    backlog: Option<f64>,
    staff: Option<f64>,
    busy: Option<f64>,
}

/// Columns of the numbers; the bars share what is left.
const NUMBERS: [usize; 5] = [8, 8, 8, 6, 8];

/// The intervals in at most 30 rows, the worst of which is pointed at.
pub(super) fn day<W: Write>(summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let intervals = &summary.intervals;
    if intervals.is_empty() {
        return Ok(());
    }
    let per_row = per_row(summary.run.interval, intervals.len());
    let length = SimSpan::from_micros(
        summary
            .run
            .interval
            .as_micros()
            .saturating_mul(i64::try_from(per_row).unwrap_or(i64::MAX)),
    );
    let mut rows: Vec<Row> = intervals.chunks(per_row).map(merge).collect();
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
    let busy = row.busy.zip(row.staff.filter(|staff| *staff > 0.0));
    let occupancy = busy.map(|(busy, staff)| busy / staff);
    line.push_str(&page.cell(format::rough(occupancy, Unit::Share), NUMBERS[4]));
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
    let (word, interval) = (summary.run.word(), summary.run.interval);
    let worst = if has_worst {
        format!(
            "{} is where people wait longest. ",
            page.style.charset.pointer()
        )
    } else {
        String::new()
    };
    let backlog = if per_row == 1 {
        format!("its peak, on an average {word}.")
    } else {
        format!("its average-{word} peak in the highest of the {per_row} intervals of {interval}.")
    };
    let note =
        format!("{worst}Wait: mean of the contacts that joined the queue then. Backlog: {backlog}");
    page.paragraph(FAINT, "  ", &note)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn rows_are_hours_where_that_makes_no_more_than_thirty() {
        let minutes = |n: i64| SimSpan::from_micros(n * SimSpan::MINUTE.as_micros());
        for (interval, intervals, per_row) in [
            (15, 120, 4),      // 30 hours: hourly
            (15, 96, 4),       // a day: hourly
            (15, 16, 1),       // four hours: too few hours, every quarter fits
            (5, 48, 2),        // four hours: every ten minutes
            (60, 168, 6),      // a week: every six hours
            (60, 40 * 24, 48), // forty days: every other day
            (1440, 400, 14),   // no usual length is long enough
            (7, 200, 7),       // divides no hour
            (60, 1, 1),
        ] {
            assert_eq!(
                self::per_row(minutes(interval), intervals),
                per_row,
                "{interval}m × {intervals}"
            );
        }
    }

    #[test]
    fn merged_rows_add_arrivals_and_weigh_waits_and_levels() {
        let summary = fixture::peak_day();
        let mut pair = summary.intervals[..2].to_vec();
        for (at, interval) in pair.iter_mut().enumerate() {
            let (wait, answered) = [(10.0, 100.0), (40.0, 50.0)][at];
            interval.overall = crate::experiment::summary::Figures::default();
            interval
                .overall
                .push("arrivals", fixture::figure(100.0, 1.0));
            interval
                .overall
                .push("answered", fixture::figure(answered, 1.0));
            interval
                .overall
                .push("wait.mean", fixture::figure(wait, 1.0));
            interval
                .overall
                .push("backlog.peak", fixture::figure(wait, 1.0));
        }
        pair[1].length = SimSpan::from_seconds(300.0);
        let row = merge(&pair);
        assert_eq!(row.arrivals, Some(200.0));
        assert_eq!(row.wait, Some(20.0));
        assert_eq!(row.backlog, Some(40.0));
        assert!((row.staff.unwrap() - 34.0).abs() < 1e-9);
    }

    #[test]
    fn clocks_read_as_dates_and_times() {
        assert_eq!(
            start("2026-11-10T18:00:00+08:00").unwrap(),
            "10 Nov 2026, 18:00"
        );
        assert_eq!(start("nonsense"), None);
        assert_eq!(split("2026-13-10T18:00:00Z"), None);
        let late = SimSpan::from_seconds(86_400.0 + 5400.0);
        assert_eq!(clock_from_midnight(late), ("day 2".into(), "01:30".into()));
    }

    #[test]
    fn the_worst_row_is_the_longest_wait() {
        let rows: Vec<Row> = fixture::peak_day().intervals.chunks(4).map(merge).collect();
        assert_eq!(worst(&rows), Some(6), "the opening at midnight");
        assert_eq!(worst(&rows[..1]), None);
    }
}
