//! One figure over two values.

use std::io::{self, Write};

use crate::metrics::definition::Unit;
use crate::report::block::Picture;
use crate::report::glyphs::{Charset, harmless, pad_left, width};
use crate::report::kept::exact;
use crate::report::shades::Shades;
use crate::report::terminal::{Lines, PLAIN};
use crate::stats::Estimate;

/// Longest value that stands before a row.
const LONGEST_LABEL: usize = 16;

/// Fewest columns of a cell that has a number.
const NUMBERED: usize = 5;

impl<W: Write> Lines<'_, W> {
    /// Draws a figure as a map: one row for each value of the first scale, one cell for each value
    /// of the second.
    pub(super) fn map(&mut self, picture: &Picture) -> io::Result<()> {
        let charset = self.style.charset;
        let down = picture.scales.first().map_or([].as_slice(), |scale| scale.values.as_slice());
        let labels: Vec<String> =
            down.iter().map(|value| charset.shorten(&harmless(value), LONGEST_LABEL)).collect();
        let margin = 1 + labels.iter().map(|label| width(label)).max().unwrap_or(0);
        let room = self.width - margin - 1;
        let (across, rows) = picture.rows();
        let count = across.len().max(1);
        // Where not even one column each is left, the last values are not drawn.
        let shown = count.min(room);
        let shades = Shades::new(&picture.estimates);
        let map = CellMap { picture, charset, cell: (room / count).clamp(1, 9), shades };
        self.line(PLAIN, &format!("{} {}", " ".repeat(margin), map.ticks(&across[..shown])))?;
        for (label, row) in labels.iter().zip(rows) {
            let cells: String = row[..shown].iter().map(|estimate| map.cell(estimate)).collect();
            self.line(PLAIN, &format!("{} {cells}", pad_left(label, margin)))?;
        }
        if shown < count {
            let more = format!("{} more values to the right are not drawn", count - shown);
            self.paragraph(PLAIN, "", &more)?;
        }
        match picture.limit {
            None => self.line(PLAIN, &map.shades.legend(picture.unit)),
            Some(_) => Ok(()),
        }
    }
}

/// How cells look.
struct CellMap<'a> {
    picture: &'a Picture,
    charset: Charset,
    /// Columns of a cell.
    cell: usize,
    shades: Shades,
}

impl CellMap<'_> {
    fn cell(&self, estimate: &Estimate) -> String {
        let Some(value) = estimate.value else {
            return pad_left("–", self.cell);
        };
        let kept = self.picture.limit.map(|bound| bound.is_kept(estimate).sign());
        let mark = kept.unwrap_or_else(|| self.shades.sign(value));
        let mark = self.charset.spell(&mark.to_string());
        if self.cell < NUMBERED {
            let blank = usize::from(self.cell > 2);
            let times = if kept.is_some() { 1 } else { self.cell - blank };
            return pad_left(&mark.repeat(times), self.cell);
        }
        let digits = self.cell - 2;
        format!("{}{mark}", pad_left(&brief(value, self.picture.unit, digits), self.cell - 1))
    }

    /// The values above the cells, as many as there is room for, each ending above its cell's end.
    fn ticks(&self, values: &[String]) -> String {
        let mut line = String::new();
        for (at, value) in values.iter().enumerate() {
            let value = harmless(value);
            let mark = usize::from(self.cell >= NUMBERED);
            let end = (at + 1) * self.cell - mark;
            let start = end.saturating_sub(width(&value));
            if line.is_empty() || start > width(&line) {
                line.push_str(&" ".repeat(start.saturating_sub(width(&line))));
                line.push_str(&value);
            }
        }
        line
    }
}

/// A number in three to seven columns.
fn brief(value: f64, unit: Unit, columns: usize) -> String {
    let whole = exact(value, unit).replace(' ', "");
    if width(&whole) <= columns {
        return whole;
    }
    let steps: &[(f64, &str)] = match unit {
        Unit::Share => &[(0.01, "%")],
        Unit::Seconds => &[(1.0, "s"), (60.0, "m"), (3600.0, "h"), (86_400.0, "d")],
        Unit::Count | Unit::Hours | Unit::Money => &[(1.0, ""), (1e3, "k"), (1e6, "M"), (1e9, "G")],
    };
    // The smallest step whose number fits, with a decimal where there is room for it.
    let fitting = steps.iter().find_map(|(step, name)| {
        let places = [1, 0].into_iter();
        let mut texts = places.map(|places| format!("{:.places$}{name}", value / step));
        texts.find(|text| width(text) <= columns)
    });
    fitting.unwrap_or_else(|| "+".repeat(columns))
}
