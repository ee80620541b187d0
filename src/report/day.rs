//! The reporting intervals as rows that a reader takes in: several of them may make one row.

use super::numbers;
use crate::experiment::Summary;
use crate::experiment::summary::{IntervalStart, IntervalSummary};
use crate::time::SimSpan;

/// One row: one or several reporting intervals.
#[derive(Clone, Debug)]
pub(super) struct DayRow {
    /// Date of the start: `10 Nov`, or `day 1` without one.
    pub(super) date: String,
    /// Clock time of the start.
    pub(super) time: String,
    /// From the start of the simulation to that of the row.
    pub(super) start: SimSpan,
    /// Its length.
    pub(super) span: SimSpan,
    /// Contacts that arrive.
    pub(super) arrivals: Option<f64>,
    /// Mean wait of the answered, in seconds.
    pub(super) wait: Option<f64>,
    /// 95th percentile of it; only where the row is one interval.
    pub(super) wait_p95: Option<f64>,
    /// The highest of the intervals' peaks.
    pub(super) backlog: Option<f64>,
    /// Agents present, of all groups.
    pub(super) staff: Option<f64>,
    /// Busy ones among them.
    pub(super) busy: Option<f64>,
}

impl DayRow {
    /// Busy time over staffed time.
    pub(super) fn occupancy(&self) -> Option<f64> {
        let staff = self.staff.filter(|staff| *staff > 0.0);
        self.busy.zip(staff).map(|(busy, staff)| busy / staff)
    }
}

/// The intervals in rows of so many each.
pub(super) struct DayRows {
    pub(super) list: Vec<DayRow>,
    /// Intervals that make a row.
    pub(super) per_row: usize,
    /// Length of a row; the last may be shorter.
    pub(super) length: SimSpan,
}

impl DayRows {
    /// The intervals of `summary` at a glance: in at most [`MOST_ROWS`], an hour each if that will
    /// do.
    pub(super) fn at_a_glance(summary: &Summary) -> Self {
        Self::of(summary, per_row(summary.run.interval, summary.intervals.len()))
    }

    /// The intervals of `summary`, merged only if there are more than `most`.
    pub(super) fn finest(summary: &Summary, most: usize) -> Self {
        Self::of(summary, finest(summary.run.interval, summary.intervals.len(), most))
    }

    fn of(summary: &Summary, per_row: usize) -> Self {
        let (interval, intervals) = (summary.run.interval, &summary.intervals);
        let micros =
            i64::try_from(per_row).map_or(i64::MAX, |n| interval.as_micros().saturating_mul(n));
        Self {
            list: intervals.chunks(per_row).map(merge).collect(),
            per_row,
            length: SimSpan::from_micros(micros),
        }
    }
}

/// Most rows that a reader takes in at once.
pub(super) const MOST_ROWS: usize = 30;

/// When it begins, as people write it, if the scenario has a start: `10 Nov 2026, 18:00`.
pub(super) fn begin(summary: &Summary) -> Option<String> {
    let first = summary.intervals.first();
    let first = first.filter(|first| first.start == SimSpan::ZERO)?;
    start(first.clock.as_deref()?)
}

/// The date and time of an interval's clock, as people write it: `10 Nov 2026, 18:00`.
fn start(clock: &str) -> Option<String> {
    let (date, time) = split(clock)?;
    Some(format!("{date} {}, {time}", clock.get(..4)?))
}

/// How many intervals make a row: an hour's, if that makes neither too many rows nor a handful.
fn per_row(interval: SimSpan, intervals: usize) -> usize {
    fitting(interval, SimSpan::HOUR, intervals, MOST_ROWS)
        .filter(|hourly| intervals.div_ceil(*hourly) >= 6)
        .unwrap_or_else(|| finest(interval, intervals, MOST_ROWS))
}

/// How many intervals make a row of a usual length, in at most `most` rows.
fn finest(interval: SimSpan, intervals: usize, most: usize) -> usize {
    let of = |unit: SimSpan, n: i64| SimSpan::from_micros(n * unit.as_micros());
    let minutes = [1, 2, 5, 10, 15, 20, 30].map(|n| of(SimSpan::MINUTE, n));
    let hours = [1, 2, 3, 4, 6, 8, 12, 24, 48, 168].map(|n| of(SimSpan::HOUR, n));
    let fewest = intervals.div_ceil(most).max(1);
    std::iter::once(interval)
        .chain(minutes)
        .chain(hours)
        .find_map(|row| fitting(interval, row, intervals, most))
        .filter(|per_row| *per_row <= 2 * fewest)
        .unwrap_or(fewest)
}

/// How many intervals make a row of length `row`, where that divides evenly into at most `most`.
fn fitting(interval: SimSpan, row: SimSpan, intervals: usize, most: usize) -> Option<usize> {
    let length = interval.as_micros().max(1);
    let per_row = usize::try_from(row.as_micros() / length).ok()?;
    let is_whole = per_row > 0 && row.as_micros() % length == 0;
    (is_whole && intervals.div_ceil(per_row) <= most).then_some(per_row)
}

fn merge(intervals: &[IntervalSummary]) -> DayRow {
    let first = &intervals[0];
    let (date, time) =
        first.clock.as_deref().and_then(split).unwrap_or_else(|| clock_from_midnight(first.start));
    let sum = |path: &str| total(intervals.iter().map(|interval| interval.overall.value(path)));
    // Weighted by the answered, so that a row's wait is what its contacts met on average.
    let waited = intervals.iter().map(|interval| {
        Some(interval.overall.value("wait.mean")? * interval.overall.value("answered")?)
    });
    let answered = sum("answered").filter(|answered| *answered > 0.0);
    let level = |path: &str| {
        let lengths: f64 = intervals.iter().map(|interval| interval.length.as_seconds()).sum();
        let held = intervals.iter().flat_map(|interval| {
            let length = interval.length.as_seconds();
            interval.groups.iter().map(move |group| Some(group.value.value(path)? * length))
        });
        total(held).filter(|_| lengths > 0.0).map(|held| held / lengths)
    };
    let peaks = intervals.iter().filter_map(|interval| interval.overall.value("backlog.peak"));
    DayRow {
        date,
        time,
        start: first.start,
        span: intervals.iter().fold(SimSpan::ZERO, |sum, interval| sum + interval.length),
        arrivals: sum("arrivals"),
        wait: total(waited).zip(answered).map(|(waited, answered)| waited / answered),
        wait_p95: match intervals {
            [single] => single.overall.value("wait.p95"),
            _ => None,
        },
        backlog: peaks.reduce(f64::max),
        staff: level("staffed"),
        busy: level("busy"),
    }
}

/// The sum of what is known; unknown where nothing is.
fn total(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    values.flatten().reduce(|sum, value| sum + value)
}

/// What was simulated, from when on, under which option and how often.
pub(super) fn extent(summary: &Summary, option: Option<&str>) -> String {
    let run = &summary.run;
    let start = begin(summary).map_or_else(String::new, |at| format!(" from {at}"));
    let times = numbers::counted(u64::from(run.replications), "time");
    let option = option.map_or_else(String::new, |name| format!(" · option {name}"));
    format!("{}{start}{option} · simulated {times}", run.duration)
}

/// The start of an interval: `10 Nov 20:30`, or `day 1 20:30` where the scenario has no date.
pub(super) fn moment(moment: &IntervalStart) -> String {
    let clock = moment.clock.as_deref().and_then(split);
    let (date, time) = clock.unwrap_or_else(|| clock_from_midnight(moment.start));
    format!("{date} {time}")
}

/// `2026-11-10T18:00:00+08:00` as `10 Nov` and `18:00`.
fn split(clock: &str) -> Option<(String, String)> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month: usize = clock.get(5..7)?.parse().ok()?;
    let month = MONTHS.get(month.checked_sub(1)?)?;
    Some((format!("{} {month}", clock.get(8..10)?), clock.get(11..16)?.to_owned()))
}

/// Without a start, clock times count from 00:00 of day 1.
fn clock_from_midnight(start: SimSpan) -> (String, String) {
    let minutes = start.as_micros().div_euclid(SimSpan::MINUTE.as_micros());
    let (day, minute) = (minutes.div_euclid(1440), minutes.rem_euclid(1440));
    (format!("day {}", day + 1), format!("{:02}:{:02}", minute / 60, minute % 60))
}

/// The row in which people wait longest, where there is any wait and anything to compare with.
pub(super) fn worst(rows: &[DayRow]) -> Option<usize> {
    let waits = rows.iter().enumerate().filter_map(|(at, row)| Some((at, row.wait?)));
    let longest = waits
        .filter(|(_, wait)| *wait > 0.0)
        .reduce(|longest, next| if next.1 > longest.1 { next } else { longest });
    longest.filter(|_| rows.len() > 1).map(|(at, _)| at)
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
            (60, 0, 1),
        ] {
            assert_eq!(
                self::per_row(minutes(interval), intervals),
                per_row,
                "{interval}m × {intervals}"
            );
        }
    }

    #[test]
    fn a_chart_has_the_intervals_themselves_where_it_can() {
        let summary = fixture::peak_day();
        let rows = DayRows::finest(&summary, 240);
        assert_eq!((rows.per_row, rows.list.len()), (1, 120));
        let rows = DayRows::finest(&summary, 60);
        assert_eq!((rows.per_row, rows.list.len()), (2, 60));
        assert_eq!(rows.length, SimSpan::from_seconds(1800.0));
        assert_eq!(rows.list[3].start, SimSpan::from_seconds(5400.0));
    }

    #[test]
    fn merged_rows_add_arrivals_and_weigh_waits_and_levels() {
        let summary = fixture::peak_day();
        let mut pair = summary.intervals[..2].to_vec();
        for (at, interval) in pair.iter_mut().enumerate() {
            let (wait, answered) = [(10.0, 100.0), (40.0, 50.0)][at];
            interval.overall = crate::experiment::summary::Figures::default();
            interval.overall.push("arrivals", fixture::figure(100.0, 1.0));
            interval.overall.push("answered", fixture::figure(answered, 1.0));
            interval.overall.push("wait.mean", fixture::figure(wait, 1.0));
            interval.overall.push("backlog.peak", fixture::figure(wait, 1.0));
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
        assert_eq!(start("2026-11-10T18:00:00+08:00").unwrap(), "10 Nov 2026, 18:00");
        assert_eq!(start("nonsense"), None);
        assert_eq!(split("2026-13-10T18:00:00Z"), None);
        let late = SimSpan::from_seconds(86_400.0 + 5400.0);
        assert_eq!(clock_from_midnight(late), ("day 2".into(), "01:30".into()));
    }

    #[test]
    fn the_worst_row_is_the_longest_wait() {
        let rows: Vec<DayRow> = fixture::peak_day().intervals.chunks(4).map(merge).collect();
        assert_eq!(worst(&rows), Some(6), "the opening at midnight");
        assert_eq!(worst(&rows[..1]), None);
    }
}
