//! The day at a glance: arrivals, wait, backlog and staff over time.
//!
//! The table has at most 30 rows, so a row may merge several reporting intervals. Then arrivals are
//! their sum, the mean wait is weighted by answered contacts, staff and busy agents are averages
//! over time, and the backlog is that of the interval where it is highest. (The expected peak of the
//! whole row can be a little higher still: it cannot be had from the intervals, and the note says
//! what is shown.)

use crate::experiment::Summary;
use crate::metrics::definition::Unit;
use crate::report::block::{
    Block, CurveLook, FigureTable, Heading, NameColumn, RowLook, RowName, ShownOn, TableCell,
    TableColumn, TableRow, TimeChart, TimeCurve, TimePoint, Timeline,
};
use crate::report::day::{DayRow, DayRows, worst};
use crate::report::numbers;
use crate::time::SimSpan;

/// Most points of a curve: more than there are pixels between them help nobody.
pub(in crate::report) const MOST_POINTS: usize = 240;

/// A figure of a row.
type RowFigure = fn(&DayRow) -> Option<f64>;

/// Columns of date and time.
const TIME: usize = 13;

/// The day in charts, and in numbers with bars; nothing where it has no intervals.
pub(super) fn day(summary: &Summary) -> Vec<Block> {
    let rows = DayRows::at_a_glance(summary);
    if rows.list.is_empty() {
        return Vec::new();
    }
    let note = note(summary, rows.per_row, worst(&rows.list).is_some());
    vec![Block::Timeline(timeline(summary)), Block::Table(table(&rows)), Block::Note(note)]
}

fn table(rows: &DayRows) -> FigureTable {
    let heading = if rows.length == SimSpan::HOUR {
        Heading::new("Hour by hour")
    } else {
        Heading::with("Every", format!(" {}", rows.length))
    };
    let worst = worst(&rows.list);
    let figures: [(RowFigure, Unit); 4] = [
        (|row| row.arrivals, Unit::Count),
        (|row| row.wait, Unit::Seconds),
        (|row| row.backlog, Unit::Count),
        (|row| row.staff, Unit::Count),
    ];
    let highest = figures.map(|(of, _)| rows.list.iter().filter_map(of).fold(0.0, f64::max));
    let row = |(at, row): (usize, &'_ DayRow)| {
        let mut cells = Vec::new();
        for ((of, unit), highest) in figures.iter().zip(highest) {
            let value = of(row);
            cells.push(TableCell::Text(numbers::rough(value, *unit)));
            let share = value.filter(|_| highest > 0.0).map_or(0.0, |value| value / highest);
            cells.push(TableCell::Bar(share));
        }
        cells.push(TableCell::Text(numbers::rough(row.occupancy(), Unit::Share)));
        let begins = at == 0 || rows.list[at - 1].date != row.date || row.time.is_empty();
        TableRow {
            name: RowName::Time { date: begins.then(|| row.date.clone()), time: row.time.clone() },
            cells,
            look: if worst == Some(at) { RowLook::Worst } else { RowLook::Plain },
            weight: 0.0,
        }
    };
    FigureTable {
        heading,
        names: NameColumn::Flush(TIME),
        columns: columns(),
        rows: rows.list.iter().enumerate().map(row).collect(),
        left_out: None,
        place: ShownOn::Everywhere,
    }
}

fn columns() -> Vec<TableColumn> {
    let mut columns = Vec::new();
    for (name, width) in [("arrive", 8), ("wait", 8), ("backlog", 8), ("staff", 6)] {
        columns.push(TableColumn::number(name, width));
        columns.push(TableColumn::bars());
    }
    columns.push(TableColumn::number("busy", 8));
    columns
}

/// How to read the day in rows of so many intervals.
fn note(summary: &Summary, per_row: usize, has_worst: bool) -> String {
    let (word, interval) = (summary.run.word(), summary.run.interval);
    let worst = if has_worst { "◀ is where people wait longest. " } else { "" };
    let backlog = if per_row == 1 {
        format!("its peak, on an average {word}.")
    } else {
        format!("its average-{word} peak in the highest of the {per_row} intervals of {interval}.")
    };
    format!("{worst}Wait: mean of the contacts that joined the queue then. Backlog: {backlog}")
}

fn timeline(summary: &Summary) -> Timeline {
    let DayRows { list: rows, per_row, length } = DayRows::finest(summary, MOST_POINTS);
    let times = rows.iter().map(|row| TimePoint {
        date: row.date.clone(),
        time: row.time.clone(),
        start: row.start,
        span: row.span,
        tip: tip(row),
    });
    Timeline {
        heading: Heading::new("How it goes over time"),
        times: times.collect(),
        worst: worst(&rows),
        charts: charts(&rows, per_row, length),
    }
}

fn charts(rows: &[DayRow], per_row: usize, length: SimSpan) -> Vec<TimeChart> {
    let curve = |name, look, class, of: RowFigure| TimeCurve {
        name,
        look,
        class,
        values: rows.iter().map(of).collect(),
    };
    let mut waits = vec![curve("on average", CurveLook::Area, "wait", |row| row.wait)];
    if rows.iter().any(|row| row.wait_p95.is_some()) {
        let longer = curve("1 in 20 waits longer", CurveLook::Dashed, "wait", |row| row.wait_p95);
        waits.push(longer);
    }
    let peak = if per_row == 1 { "at the peak" } else { "at the highest peak" };
    let chart = |title: String, highest, unit, curves| TimeChart { title, highest, unit, curves };
    let mut charts = vec![
        chart(
            format!("Contacts that arrive, every {length}"),
            "Most arrive, ",
            Unit::Count,
            vec![curve("", CurveLook::Area, "arrive", |row| row.arrivals)],
        ),
        chart("Wait for an agent".to_owned(), "The longest mean wait is", Unit::Seconds, waits),
        chart(
            format!("Backlog: people waiting for an agent, {peak}"),
            "The highest is",
            Unit::Count,
            vec![curve("", CurveLook::Area, "backlog", |row| row.backlog)],
        ),
    ];
    if rows.iter().any(|row| row.staff.is_some()) {
        let busy = curve("busy", CurveLook::Area, "busy", |row| row.busy);
        let present = curve("present", CurveLook::Line, "staff", |row| row.staff);
        let agents = "Agents".to_owned();
        charts.push(chart(agents, "Most are busy,", Unit::Count, vec![busy, present]));
    }
    charts
}

/// What is told of a row to whoever points at it.
fn tip(row: &DayRow) -> String {
    let of = |value, unit| numbers::rough(value, unit).unwrap_or_else(|| "–".to_owned());
    let mut facts = vec![
        format!("{}, {}", row.date, row.time),
        format!("{} arrive", of(row.arrivals, Unit::Count)),
    ];
    let worst = row.wait_p95.map_or_else(String::new, |wait| {
        format!(", 1 in 20 over {}", of(Some(wait), Unit::Seconds))
    });
    let wait = of(row.wait, Unit::Seconds);
    facts.push(format!("wait {wait} on average{worst}"));
    facts.push(format!("backlog {}", of(row.backlog, Unit::Count)));
    if row.staff.is_some() {
        let (staff, busy) = (of(row.staff, Unit::Count), of(row.occupancy(), Unit::Share));
        facts.push(format!("{staff} agents, {busy} busy"));
    }
    facts.join(" · ")
}
