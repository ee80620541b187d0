//! Tables of the page.

use super::markup::Markup;
use crate::experiment::Summary;
use crate::experiment::summary::{Figure, Figures, Verdict};
use crate::report::answer::{self, Entry, Worse};
use crate::report::day::{Row, Rows, worst};
use crate::report::format::{self, Unit};
use crate::report::is_something;
use crate::report::text::found;

/// A table in the making: a name in the first column, numbers in the others.
struct Table<'a> {
    out: &'a mut Markup,
}

impl<'a> Table<'a> {
    /// Begins a table; `label` is what is heard of it.
    fn begin(out: &'a mut Markup, label: &str, titles: &[&str]) -> Self {
        out.raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
            .text(label)
            .raw("\">\n<table>\n<thead><tr>");
        for title in titles {
            out.raw("<th scope=\"col\">").text(title).raw("</th>");
        }
        out.raw("</tr></thead>\n<tbody>\n");
        Self { out }
    }

    /// Begins a row.
    fn row(&mut self, class: &'static str, name: &str) {
        self.out.raw("<tr class=\"").raw(class).raw("\">");
        self.out
            .raw(if name.starts_with(' ') {
                "<th scope=\"row\" class=\"deep\">"
            } else {
                "<th scope=\"row\">"
            })
            .name(name.trim())
            .raw("</th>");
    }

    /// Adds a number to the row, or what stands for an unknown one.
    fn cell(&mut self, number: Option<String>) {
        let number = number.unwrap_or_else(|| UNKNOWN.to_owned());
        self.out.raw("<td>").text(&number).raw("</td>");
    }

    /// Adds a figure with its half-width.
    fn figure(&mut self, figure: &Figure, unit: Unit) {
        let number = format::value(figure, unit).unwrap_or_else(|| UNKNOWN.to_owned());
        self.out.raw("<td>").text(&number);
        // Of what is fixed beforehand, such as scheduled hours, there is none.
        let is_certain = figure.estimate.low == figure.estimate.high;
        if let Some(half) = format::half_width(figure, unit).filter(|_| !is_certain) {
            self.out.raw("<small>± ").text(&half).raw("</small>");
        }
        self.out.raw("</td>");
    }

    fn end_row(&mut self) {
        self.out.raw("</tr>\n");
    }

    fn end(self) {
        self.out.raw("</tbody>\n</table>\n</div>\n");
    }
}

const UNKNOWN: &str = "–";

/// The answer or the bot: value, interval and bad day.
pub(super) fn entries(out: &mut Markup, label: &str, entries: &[Entry], summary: &Summary) {
    let word = summary.run.word();
    let (average, bad) = (format!("average {word}"), format!("1 {word} in 20"));
    let titles = ["", &average, "± (95 %)", &bad];
    let mut table = Table::begin(out, label, &titles);
    for entry in entries {
        table.row("", &entry.label);
        table.cell(format::value(&entry.figure, entry.unit));
        table.cell(format::half_width(&entry.figure, entry.unit).map(|half| format!("± {half}")));
        let tells = answer::tells_bad_days(summary);
        table.cell(match entry.worse {
            Worse::Neither => Some(String::new()),
            Worse::Higher | Worse::Lower => entry.bad_day().filter(|_| tells),
        });
        table.end_row();
    }
    table.end();
}

/// What was expected, and whether it is so; nothing where nothing was.
pub(super) fn expectations(out: &mut Markup, summary: &Summary) {
    if summary.expectations.is_empty() {
        return;
    }
    out.raw("<h3>What was expected</h3>\n");
    let titles = ["expectation", "", "found"];
    let mut table = Table::begin(out, "What was expected", &titles);
    for expected in &summary.expectations {
        let (class, mark) = match expected.verdict {
            Verdict::Holds => ("holds", "✓"),
            Verdict::Fails => ("fails", "✗"),
            Verdict::Undecided => ("undecided", "?"),
        };
        table.row(class, &expected.text);
        table.cell(Some(format!("{mark} {}", expected.verdict.word())));
        table.cell(Some(found(expected)));
        table.end_row();
    }
    table.end();
}

/// What each contact type meets; then each channel, where there are several.
pub(super) fn contacts(out: &mut Markup, summary: &Summary) {
    let types = summary.contacts.iter();
    let types: Vec<_> = types.map(|c| (c.name.as_str(), &c.figures)).collect();
    let channels = summary.channels.iter();
    let channels: Vec<_> = channels.map(|c| (c.name.as_str(), &c.value)).collect();
    for (title, heading, rows) in [
        ("Contact types", "<h3>Contact types</h3>\n", types),
        ("Channels", "<h3>Channels</h3>\n", channels),
    ] {
        if rows.is_empty() || title == "Channels" && rows.len() < 2 {
            continue;
        }
        out.raw(heading);
        people(out, title, &rows, &summary.overall);
    }
    if summary.contacts.is_empty() {
        return;
    }
    out.raw(
        "<p class=\"note\">Attempts at agents are first ones, repeats and returns that get that \
         far.</p>\n",
    );
}

fn people(out: &mut Markup, label: &str, rows: &[(&str, &Figures)], all: &Figures) {
    let is_blocked = is_something(&all.figure("blocked"));
    let mut columns = vec![
        ("arrive", "arrivals", Unit::Count),
        ("attempts at agents", "offered", Unit::Count),
        ("mean wait", "wait.mean", Unit::Seconds),
        ("1 in 20 waits longer than", "wait.p95", Unit::Seconds),
        ("in time", "service_level", Unit::Share),
        ("give up", "abandonment_rate", Unit::Share),
    ];
    if is_blocked {
        columns.push(("turned away", "blocking_rate", Unit::Share));
    }
    let titles: Vec<&str> =
        std::iter::once("").chain(columns.iter().map(|column| column.0)).collect();
    let mut table = Table::begin(out, label, &titles);
    let total = (rows.len() > 1).then_some(("all", all));
    let last = rows.len();
    for (at, (name, figures)) in rows.iter().copied().chain(total).enumerate() {
        table.row(if at == last { "total" } else { "" }, name);
        for (_, path, unit) in &columns {
            table.figure(&figures.figure(path), *unit);
        }
        table.end_row();
    }
    table.end();
}

/// What each agent group does.
pub(super) fn groups(out: &mut Markup, summary: &Summary) {
    if summary.groups.is_empty() {
        return;
    }
    let some = |path: &str| {
        let mut groups = summary.groups.iter();
        groups.any(|group| is_something(&group.value.figure(path)))
    };
    let columns: Vec<_> = [
        ("scheduled", "scheduled_hours", Unit::Hours),
        ("present", "staffed_hours", Unit::Hours),
        ("overtime", "overtime_hours", Unit::Hours),
        ("handled", "handled", Unit::Count),
        ("cost", "cost", Unit::Count),
        ("busy", "occupancy", Unit::Share),
    ]
    .into_iter()
    .filter(|(_, path, _)| !["overtime_hours", "cost"].contains(path) || some(path))
    .collect();
    let titles = std::iter::once("").chain(columns.iter().map(|column| column.0));
    let titles: Vec<&str> = titles.chain(["busiest at"]).collect();
    let rows = Rows::finest(summary, usize::MAX).list;
    out.raw("<h3>Agent groups</h3>\n");
    let mut table = Table::begin(out, "Agent groups", &titles);
    for (at, group) in summary.groups.iter().enumerate() {
        table.row("", &group.name);
        for (_, path, unit) in &columns {
            let figure = group.value.figure(path);
            // Hours are planned: chance hardly moves them, and rounding hides how little.
            if *unit == Unit::Hours {
                table.cell(format::value(&figure, *unit));
            } else {
                table.figure(&figure, *unit);
            }
        }
        table.cell(busiest(summary, &rows, at));
        table.end_row();
    }
    table.end();
}

/// The interval in which a group is busiest: `20:15 (99 %)`.
fn busiest(summary: &Summary, rows: &[Row], group: usize) -> Option<String> {
    let occupancies = summary.intervals.iter().zip(rows).filter_map(|(interval, row)| {
        let occupancy = interval.groups.get(group)?.value.value("occupancy")?;
        Some((row, occupancy))
    });
    let highest =
        occupancies.reduce(|highest, next| if next.1 > highest.1 { next } else { highest });
    let (row, occupancy) = highest.filter(|(_, occupancy)| *occupancy > 0.0)?;
    let share = format::rough(Some(occupancy), Unit::Share)?;
    Some(format!("{}, {} ({share})", row.date, row.time))
}

/// The day in numbers, in as many rows as a reader takes in.
pub(super) fn day(out: &mut Markup, summary: &Summary) {
    let Rows { list: rows, per_row, .. } = Rows::at_a_glance(summary);
    let pointed = worst(&rows);
    let titles = ["from", "arrive", "mean wait", "backlog", "agents", "busy"];
    out.raw("<details open>\n<summary>The same in numbers</summary>\n");
    let mut table = Table::begin(out, "The day in numbers", &titles);
    let mut date = "";
    for (at, row) in rows.iter().enumerate() {
        let is_worst = pointed == Some(at);
        let mark = if is_worst { " ◀" } else { "" };
        let name = if row.date == date {
            format!("{}{mark}", row.time)
        } else {
            format!("{}, {}{mark}", row.date, row.time)
        };
        date = &row.date;
        table.row(if is_worst { "worst" } else { "" }, &name);
        day_cells(&mut table, row);
        table.end_row();
    }
    table.end();
    out.raw("<p class=\"note\">")
        .text(&answer::day_note(summary, per_row, pointed.map(|_| "◀")))
        .raw("</p>\n</details>\n");
}

fn day_cells(table: &mut Table<'_>, row: &Row) {
    for (value, unit) in [
        (row.arrivals, Unit::Count),
        (row.wait, Unit::Seconds),
        (row.backlog, Unit::Count),
        (row.staff, Unit::Count),
        (row.occupancy(), Unit::Share),
    ] {
        table.cell(format::rough(value, unit));
    }
}
