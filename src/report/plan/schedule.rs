//! Who works when, as a table and as curves, and the roster.

use crate::metrics::definition::Unit;
use crate::plan::StaffingPlan;
use crate::report::block::{
    Block, CurveLook, FigureTable, Heading, NameColumn, RowLook, ShownOn, TableCell, TableColumn,
    TableRow, TimeChart, TimeCurve, TimePoint, Timeline, Width,
};
use crate::report::numbers;
use crate::time::{SimSpan, SimTime};

/// Most rows of the day.
const MOST_ROWS: usize = 48;

/// Columns of the time of day, and of a group's head count.
const TIME: usize = 12;
const COUNT: usize = 9;

/// Most groups with a column of their own.
const MOST_GROUPS: usize = 4;

/// One row of the day.
struct StaffRow {
    from: SimSpan,
    span: SimSpan,
    counts: Vec<u32>,
    present: f64,
    load: f64,
    required: f64,
}

fn rows(plan: &StaffingPlan) -> Vec<StaffRow> {
    let steps = plan.grid.steps();
    let per_row = steps.div_ceil(MOST_ROWS);
    (0..steps)
        .step_by(per_row)
        .map(|first| row(plan, first..(first + per_row).min(steps)))
        .collect()
}

/// Some steps of the plan: the highest head counts of them, and means.
fn row(plan: &StaffingPlan, steps: std::ops::Range<usize>) -> StaffRow {
    let scheduled = |group: usize, step: usize| {
        if plan.roster.is_some() {
            return plan.staffing.0[group][step];
        }
        let planned = &plan.planned[group];
        planned.scheduled(plan.staffing.0[group][step]).max(planned.at_least)
    };
    let highest = |group: usize| steps.clone().map(|step| scheduled(group, step)).max();
    let mean = |of: &dyn Fn(usize) -> f64| steps.clone().map(of).sum::<f64>() / steps.len() as f64;
    let present = |step: usize| plan.staffing.0.iter().map(|steps| f64::from(steps[step])).sum();
    let from = plan.grid.start(steps.start) - SimTime::START;
    StaffRow {
        from,
        span: plan.grid.start(steps.end) - SimTime::START - from,
        counts: (0..plan.planned.len()).map(|group| highest(group).unwrap_or(0)).collect(),
        present: mean(&present),
        load: mean(&|step| plan.load[step]),
        required: mean(&|step| plan.required.get(step).copied().map_or(0.0, f64::from)),
    }
}

/// The staffing over the day, then by group where there are too many groups for columns.
pub(super) fn staffing(plan: &StaffingPlan) -> Vec<Block> {
    let rows = rows(plan);
    let shown = if plan.planned.len() > MOST_GROUPS { 0 } else { plan.planned.len() };
    let mut blocks = vec![
        Block::Timeline(timeline(plan, &rows)),
        Block::Table(table(plan, &rows, shown)),
        Block::Note(note(plan, rows.len())),
    ];
    if shown == 0 {
        blocks.push(Block::Table(by_group(plan)));
    }
    blocks
}

fn table(plan: &StaffingPlan, rows: &[StaffRow], shown: usize) -> FigureTable {
    let what = if plan.roster.is_some() { "On duty" } else { "Scheduled" };
    let mut columns: Vec<TableColumn> = match shown {
        0 => vec![TableColumn::number("all", COUNT)],
        _ => plan.planned.iter().map(|group| TableColumn::number(&*group.name, COUNT)).collect(),
    };
    columns.push(TableColumn::bars());
    let of = |row: &StaffRow| row.present.max(row.load).max(row.required);
    let scale = rows.iter().map(of).fold(1.0, f64::max);
    let outcomes = plan.verified.outcomes.iter();
    let binding: Vec<SimSpan> =
        outcomes.filter_map(|outcome| outcome.interval.as_ref().map(|at| at.start)).collect();
    let row = |(index, row): (usize, &StaffRow)| {
        let counts = match shown {
            0 => vec![row.counts.iter().sum::<u32>()],
            _ => row.counts.clone(),
        };
        let mut cells: Vec<TableCell> =
            counts.iter().map(|count| TableCell::words(count.to_string())).collect();
        cells.push(TableCell::Staff([row.load, row.present, row.required].map(|n| n / scale)));
        let next = rows.get(index + 1).map(|next| next.from);
        let binds = binding.iter().any(|at| *at >= row.from && next.is_none_or(|next| *at < next));
        TableRow::new(clock(row.from, plan), cells).looking(if binds {
            RowLook::Pointed
        } else {
            RowLook::Plain
        })
    };
    FigureTable {
        heading: Heading::new(what),
        names: NameColumn::Fixed(TIME),
        columns,
        rows: rows.iter().enumerate().map(row).collect(),
        left_out: None,
        place: ShownOn::Everywhere,
    }
}

fn note(plan: &StaffingPlan, rows: usize) -> String {
    let counts = if plan.roster.is_some() { "of people on duty" } else { "scheduled ones" };
    let merged = if plan.grid.steps() > rows {
        ", the highest of each row; --json and --out have every step"
    } else {
        ""
    };
    format!(
        "█ load (agents that would be busy if nobody ever waited), ░ present beyond it, │ \
         required. ◀ is where a promise binds. Head counts are {counts}{merged}."
    )
}

fn timeline(plan: &StaffingPlan, rows: &[StaffRow]) -> Timeline {
    let whole = |value: f64| numbers::rough(Some(value), Unit::Count).unwrap_or_default();
    let times = rows.iter().map(|row| {
        let clock = clock(row.from, plan);
        let (time, date) = clock.split_once(' ').unwrap_or((&clock, ""));
        let (load, present) = (whole(row.load), whole(row.present));
        let tip =
            format!("{time} · load {load} · {present} present · {} required", whole(row.required));
        TimePoint {
            date: date.to_owned(),
            time: time.to_owned(),
            start: row.from,
            span: row.span,
            tip,
        }
    });
    let curve = |name, look, class, of: fn(&StaffRow) -> f64| TimeCurve {
        name,
        look,
        class,
        values: rows.iter().map(|row| Some(of(row))).collect(),
    };
    let chart = TimeChart {
        title: "Agents".to_owned(),
        highest: "Most are busy,",
        unit: Unit::Count,
        curves: vec![
            curve("load", CurveLook::Area, "busy", |row| row.load),
            curve("present", CurveLook::Line, "staff", |row| row.present),
            curve("required", CurveLook::Dashed, "wait", |row| row.required),
        ],
    };
    let heading = Heading::new("Agents over the day");
    Timeline { heading, times: times.collect(), worst: None, charts: vec![chart] }
}

/// Who is on which shift.
pub(super) fn roster(plan: &StaffingPlan) -> Option<Block> {
    plan.roster.as_ref()?;
    let mut rows = Vec::new();
    for (index, group) in plan.planned.iter().enumerate() {
        for shift in plan.shifts(index) {
            let breaks = shift.breaks.iter().map(|rest| {
                let paid = if rest.paid { "paid" } else { "unpaid" };
                format!("{} after {} ({paid})", rest.length, rest.after)
            });
            let name = shift.name.as_deref().unwrap_or_default();
            let cells = [
                shift.agents.to_string(),
                crate::document::start(shift.start),
                shift.length.to_string(),
                breaks.collect::<Vec<_>>().join(", "),
            ];
            let name = format!("{} {name}", group.name);
            rows.push(TableRow::new(name, cells.map(TableCell::words).into()));
        }
    }
    Some(Block::Table(FigureTable {
        heading: Heading::new("Roster"),
        names: NameColumn::Fixed(24),
        columns: vec![
            TableColumn::number("people", 8),
            TableColumn::number("start", 0).wide(Width::Left(12)),
            TableColumn::number("length", 8),
            TableColumn::number("breaks", 0).wide(Width::Rest { gap: 2 }),
        ],
        rows,
        left_out: None,
        place: ShownOn::Everywhere,
    }))
}

/// Where there are too many groups for columns: a line for each.
fn by_group(plan: &StaffingPlan) -> FigureTable {
    let row = |(index, group): (usize, &crate::plan::staffing::Planned)| {
        let steps = plan.staffing.0[index].iter().enumerate();
        let scheduled = steps.map(|(step, present)| {
            let scheduled = group.scheduled(*present).max(group.at_least);
            (scheduled, f64::from(scheduled) * plan.grid.hours(step))
        });
        let scheduled: Vec<(u32, f64)> = scheduled.collect();
        let hours: f64 = scheduled.iter().map(|(_, hours)| hours).sum();
        let counts = scheduled.iter().map(|(count, _)| f64::from(*count));
        let (few, many) = (counts.clone().reduce(f64::min), counts.reduce(f64::max));
        let cells = [few, many, Some(hours), Some(hours * group.cost_per_hour)];
        let cells = cells.map(|count| TableCell::Text(numbers::plain(count, Unit::Count)));
        TableRow::new(&*group.name, cells.into())
    };
    let columns = [("fewest", 9), ("most", 10), ("hours", 10), ("cost", 10)];
    FigureTable {
        heading: Heading::new("Groups"),
        names: NameColumn::Fixed(24),
        columns: columns.map(|(head, columns)| TableColumn::number(head, columns)).into(),
        rows: plan.planned.iter().enumerate().map(row).collect(),
        left_out: None,
        place: ShownOn::Everywhere,
    }
}

/// The time of day at an offset from the start.
pub(super) fn clock(at: SimSpan, plan: &StaffingPlan) -> String {
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
    let day = if days > 0 { format!(" +{days}d") } else { String::new() };
    format!("{:02}:{:02}{day}", minute / 60, minute % 60)
}
