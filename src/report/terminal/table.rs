//! Tables in columns of a terminal.

use std::io::{self, Write};

use super::{ALARM, FAINT, Lines, PLAIN, STRONG};
use crate::report::block::{
    FigureTable, NameColumn, RowLook, RowName, ShownOn, TableCell, TableColumn, TableRow, Width,
};
use crate::report::glyphs::{Charset, harmless, pad_left, pad_right, width};

/// Most rows that a reader takes in at once.
const MOST_ROWS: usize = 30;

/// Blanks before most names.
const INDENT: usize = 2;

/// Columns of a date before a time.
const DATE: usize = 7;

/// Columns that a pointer behind a row takes.
const POINTER: usize = 2;

/// Where everything goes.
struct Layout<'t> {
    indent: usize,
    /// Columns of the names, indent included.
    names: usize,
    columns: Vec<(usize, &'t TableColumn)>,
    /// Columns of each of `columns`, gaps included.
    widths: Vec<usize>,
}

impl<'t> Layout<'t> {
    fn new(table: &'t FigureTable, width: usize) -> Self {
        let columns: Vec<(usize, &TableColumn)> = table
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.place != ShownOn::Page)
            .collect();
        let fixed: usize = columns
            .iter()
            .map(|(_, column)| match column.width {
                Width::Right(columns) | Width::Left(columns) => columns,
                Width::Rest { gap } => gap,
            })
            .sum();
        let is_rest = |column: &TableColumn| matches!(column.width, Width::Rest { .. });
        let has_bars = columns.iter().any(|(_, column)| column.place == ShownOn::Terminal);
        let pointer = if has_bars { POINTER } else { 0 };
        let (indent, names) = match table.names {
            NameColumn::Rest => (INDENT, width.saturating_sub(fixed + pointer)),
            NameColumn::Fixed(columns) => (INDENT, columns),
            NameColumn::Flush(columns) => (0, columns),
        };
        // What is left is shared; the first gets what cannot be.
        let left = width.saturating_sub(names + fixed + pointer);
        let shares = columns.iter().filter(|(_, column)| is_rest(column)).count().max(1);
        let mut share = left - (shares - 1) * (left / shares);
        let widths = columns
            .iter()
            .map(|(_, column)| match column.width {
                Width::Right(columns) | Width::Left(columns) => columns,
                Width::Rest { gap } => gap + std::mem::replace(&mut share, left / shares),
            })
            .collect();
        Self { indent, names, columns, widths }
    }
}

impl<W: Write> Lines<'_, W> {
    pub(super) fn table(&mut self, table: &FigureTable) -> io::Result<()> {
        if table.place == ShownOn::Page || table.rows.is_empty() {
            return Ok(());
        }
        let layout = Layout::new(table, self.width);
        self.heads(table, &layout)?;
        let rows = most(&table.rows, table.left_out.is_some());
        let left_out = table.rows.len() - rows.len();
        let names = self.names(&rows, &layout);
        for (row, name) in rows.into_iter().zip(names) {
            self.row(row, &name, &layout)?;
        }
        match table.left_out {
            Some(words) if left_out > 0 => {
                let has = "--html, --csv and --json have them all.";
                self.paragraph(FAINT, "  ", &format!("Left out: {left_out} {words}. {has}"))
            }
            _ => Ok(()),
        }
    }

    fn heads(&mut self, table: &FigureTable, layout: &Layout<'_>) -> io::Result<()> {
        let head = |line: usize| {
            let columns = layout.columns.iter().zip(&layout.widths);
            columns
                .map(|((_, column), width)| {
                    let head = self.style.charset.spell(&harmless(&column.head[line]));
                    let head = self.style.charset.shorten(&head, width.saturating_sub(1));
                    self.placed(&head, column, *width)
                })
                .collect::<String>()
        };
        let (first, second) = (head(0), head(1));
        if !self.is_ruled {
            self.line(PLAIN, "")?;
        }
        if !first.trim().is_empty() {
            self.line(STRONG, &format!("{}{first}", " ".repeat(layout.names)))?;
        }
        let title = pad_right(&self.title(&table.heading), layout.names);
        self.line(STRONG, &format!("{title}{second}"))
    }

    /// The names as they fit; those that look alike wherever they are cut stand whole.
    fn names(&self, rows: &[&TableRow], layout: &Layout<'_>) -> Vec<String> {
        let name = |row: &&TableRow| match &row.name {
            RowName::Words(name) => self.style.charset.spell(&harmless(name)),
            RowName::Time { date, time } => {
                format!("{}{time}", pad_right(date.as_deref().unwrap_or_default(), DATE))
            }
        };
        let names: Vec<String> = rows.iter().map(name).collect();
        let room = layout.names.saturating_sub(layout.indent.max(1));
        self.style.charset.shorten_apart(&names, room).unwrap_or(names)
    }

    fn row(&mut self, row: &TableRow, name: &str, layout: &Layout<'_>) -> io::Result<()> {
        let is_time = matches!(row.name, RowName::Time { .. });
        let indent = if is_time { 0 } else { layout.indent };
        let before = format!("{}{name}", " ".repeat(indent));
        let mut line = if width(&before) > layout.names {
            self.line(PLAIN, &before)?;
            " ".repeat(layout.names)
        } else {
            pad_right(&before, layout.names)
        };
        for ((at, column), width) in layout.columns.iter().zip(&layout.widths) {
            line.push_str(&self.cell(&row.cells[*at], column, *width));
        }
        if matches!(row.look, RowLook::Pointed | RowLook::Worst) {
            line = format!("{} ◀", line.trim_end());
        }
        let paint = match row.look {
            RowLook::Plain | RowLook::Pointed | RowLook::Total => PLAIN,
            RowLook::Worst => ALARM,
            RowLook::Faint => FAINT,
        };
        self.line(paint, &line)
    }

    fn cell(&self, cell: &TableCell, column: &TableColumn, columns: usize) -> String {
        let charset = self.style.charset;
        let gap = |column: &TableColumn| match column.width {
            Width::Rest { gap } => gap,
            Width::Right(_) | Width::Left(_) => 0,
        };
        match cell {
            TableCell::Text(text) | TableCell::Figure(text, _) => {
                let text = text.as_deref().unwrap_or("–");
                self.placed(&charset.spell(&harmless(text)), column, columns)
            }
            TableCell::Bar(share) => {
                let gap = gap(column);
                format!("{}{}", " ".repeat(gap), charset.bar(*share, columns - gap))
            }
            TableCell::Staff(shares) => {
                let gap = gap(column);
                format!("{}{}", " ".repeat(gap), staff(shares, columns - gap, charset))
            }
        }
    }

    /// Text at its side of a column, without blanks or cut where it is wider.
    fn placed(&self, text: &str, column: &TableColumn, columns: usize) -> String {
        let charset = self.style.charset;
        let fitting = |room: usize| {
            if width(text) > room {
                charset.shorten(&text.replace(' ', ""), room)
            } else {
                text.to_owned()
            }
        };
        match column.width {
            Width::Right(_) => pad_left(&fitting(columns.saturating_sub(1)), columns),
            Width::Left(_) => {
                let room = columns.saturating_sub(INDENT);
                format!("{}{}", " ".repeat(INDENT), pad_right(&charset.shorten(text, room), room))
            }
            Width::Rest { gap } => {
                let room = columns.saturating_sub(gap);
                format!("{}{}", " ".repeat(gap), pad_right(&charset.shorten(text, room), room))
            }
        }
    }
}

/// The rows that matter most, in their order, as many as a reader takes in, and the total.
fn most(rows: &[TableRow], may_leave_out: bool) -> Vec<&TableRow> {
    let is_total = |row: &&TableRow| row.look == RowLook::Total;
    let (totals, rows): (Vec<_>, Vec<_>) = rows.iter().partition(is_total);
    let mut places: Vec<usize> = (0..rows.len()).collect();
    if may_leave_out {
        places.sort_by(|a, b| rows[*b].weight.total_cmp(&rows[*a].weight));
        places.truncate(MOST_ROWS);
        places.sort_unstable();
    }
    places.into_iter().map(|at| rows[at]).chain(totals).collect()
}

/// Load, agents present beyond it, and a mark where the required number is.
fn staff([load, present, required]: &[f64; 3], columns: usize, charset: Charset) -> String {
    let place = |share: f64| {
        let at = (share * columns.saturating_sub(1) as f64).round();
        (0..columns).rfind(|column| *column as f64 <= at).unwrap_or(0)
    };
    let (full, beyond, mark) = (place(*load), place(*present), place(*required));
    let picture = (0..columns).map(|column| match column {
        column if column == mark && *required > 0.0 => '│',
        column if column < full => '█',
        column if column < beyond => '░',
        _ => ' ',
    });
    charset.spell(&picture.collect::<String>())
}
