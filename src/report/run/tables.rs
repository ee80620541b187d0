//! One row per contact type, channel and agent group.

use crate::experiment::Summary;
use crate::experiment::summary::{Figure, Figures};
use crate::metrics::definition::Unit;
use crate::report::block::{
    Block, FigureTable, Heading, NameColumn, RowLook, ShownOn, TableCell, TableColumn, TableRow,
};
use crate::report::day::{DayRow, DayRows};
use crate::report::{is_something, numbers};

/// A column, with the path of its figure and what its numbers mean.
type FigureColumn = (TableColumn, &'static str, Unit);

/// What each contact type meets; then each channel, where there are several.
pub(super) fn contacts(summary: &Summary) -> Vec<Block> {
    let types = summary.contacts.iter().map(|c| (c.name.as_str(), &c.figures)).collect();
    let channels: Vec<_> = summary.channels.iter().map(|c| (c.name.as_str(), &c.value)).collect();
    let mut blocks = vec![Block::Table(people("Contact types", types, summary))];
    let is_repeated =
        ["retries", "recontacts"].iter().any(|path| is_something(&summary.overall.figure(path)));
    if is_repeated && !summary.contacts.is_empty() {
        let note = "Attempts at agents are first ones, repeats and returns that get that far.";
        blocks.push(Block::Note(note.to_owned()));
    }
    if channels.len() > 1 {
        let table = people("Channels", channels, summary);
        blocks.push(Block::Table(FigureTable { place: ShownOn::Page, ..table }));
    }
    blocks
}

fn people(title: &str, rows: Vec<(&str, &Figures)>, summary: &Summary) -> FigureTable {
    let mut columns: Vec<FigureColumn> = vec![
        (TableColumn::number("arrive", 10), "arrivals", Unit::Count),
        (TableColumn::number("at agents", 10).below("attempts"), "offered", Unit::Count),
        (TableColumn::number("wait", 9).below("mean"), "wait.mean", Unit::Seconds),
        (TableColumn::number("less than", 11).below("95 % wait"), "wait.p95", Unit::Seconds),
        (TableColumn::number("time", 8).below("in"), "service_level", Unit::Share),
        (TableColumn::number("up", 8).below("give"), "abandonment_rate", Unit::Share),
    ];
    if is_something(&summary.overall.figure("blocked")) {
        columns.push((
            TableColumn::number("away", 8).below("turned"),
            "blocking_rate",
            Unit::Share,
        ));
    }
    let row = |(name, figures): (&str, &Figures)| TableRow {
        weight: late(figures),
        ..TableRow::new(name, cells(figures, &columns))
    };
    let total = (rows.len() > 1)
        .then(|| TableRow::new("all", cells(&summary.overall, &columns)).looking(RowLook::Total));
    FigureTable {
        heading: Heading::new(title),
        names: NameColumn::Rest,
        rows: rows.into_iter().map(row).chain(total).collect(),
        columns: columns.into_iter().map(|(column, ..)| column).collect(),
        left_out: Some("with the fewest people not served in time"),
        place: ShownOn::Everywhere,
    }
}

/// How many reach the agents' side and are not answered within the promised wait.
fn late(figures: &Figures) -> f64 {
    let of = |path| figures.value(path).unwrap_or(0.0);
    of("offered") - of("queued") * of("service_levels.strict")
}

/// What each agent group does.
pub(super) fn groups(summary: &Summary) -> Block {
    let some = |path: &str| {
        let mut groups = summary.groups.iter();
        groups.any(|group| is_something(&group.value.figure(path)))
    };
    let mut columns: Vec<FigureColumn> = vec![
        (TableColumn::number("scheduled", 12), "scheduled_hours", Unit::Hours),
        (TableColumn::number("present", 12), "staffed_hours", Unit::Hours),
        (TableColumn::number("busy", 9), "occupancy", Unit::Share),
        (TableColumn::number("handled", 11), "handled", Unit::Count),
        (TableColumn::number("cost", 12), "cost", Unit::Count),
    ];
    if some("overtime_hours") {
        let overtime = TableColumn::number("overtime", 0).only(ShownOn::Page);
        columns.insert(2, (overtime, "overtime_hours", Unit::Hours));
    }
    let rows = DayRows::finest(summary, usize::MAX).list;
    let groups = summary.groups.iter().enumerate().map(|(at, group)| {
        let busiest = TableCell::Text(busiest(summary, &rows, at));
        let cells = cells(&group.value, &columns).into_iter().chain([busiest]);
        let weight = group.value.value("handled").unwrap_or(0.0);
        TableRow { weight, ..TableRow::new(&*group.name, cells.collect()) }
    });
    let rows = groups.collect();
    let busiest = TableColumn::number("busiest at", 0).only(ShownOn::Page);
    Block::Table(FigureTable {
        heading: Heading::new("Agent groups"),
        names: NameColumn::Rest,
        rows,
        columns: columns.into_iter().map(|(column, ..)| column).chain([busiest]).collect(),
        left_out: Some("that handle the least"),
        place: ShownOn::Everywhere,
    })
}

fn cells(figures: &Figures, columns: &[FigureColumn]) -> Vec<TableCell> {
    let cell = |(_, path, unit): &FigureColumn| cell(&figures.figure(path), *unit);
    columns.iter().map(cell).collect()
}

/// A figure with half its interval, unless it is fixed beforehand. Hours are planned: chance hardly
/// moves them, and rounding hides how little.
fn cell(figure: &Figure, unit: Unit) -> TableCell {
    let is_certain = unit == Unit::Hours || figure.estimate.low == figure.estimate.high;
    let half = numbers::half_width(figure, unit).filter(|_| !is_certain);
    TableCell::Figure(numbers::value(figure, unit), half)
}

/// The interval in which a group is busiest: `10 Nov, 20:15 (99 %)`.
fn busiest(summary: &Summary, rows: &[DayRow], group: usize) -> Option<String> {
    let occupancies = summary.intervals.iter().zip(rows).filter_map(|(interval, row)| {
        let occupancy = interval.groups.get(group)?.value.value("occupancy")?;
        Some((row, occupancy))
    });
    let highest =
        occupancies.reduce(|highest, next| if next.1 > highest.1 { next } else { highest });
    let (row, occupancy) = highest.filter(|(_, occupancy)| *occupancy > 0.0)?;
    let share = numbers::rough(Some(occupancy), Unit::Share)?;
    Some(format!("{}, {} ({share})", row.date, row.time))
}
