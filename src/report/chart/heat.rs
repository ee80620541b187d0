//! One figure over two values.

use std::io::{self, Write};

use super::super::glyphs::{harmless, pad_left, width};
use super::super::{Charset, Style};
use super::{Axis, Subject, columns, exact, legend, paragraph, reach, sign};
use crate::metrics::definition::Unit;
use crate::stats::Estimate;

/// From little to much.
const SHADES: [char; 5] = ['·', '░', '▒', '▓', '█'];
const PLAIN_SHADES: [char; 5] = ['.', ':', '+', '%', '#'];

/// Longest value that stands before a row.
const LONGEST_LABEL: usize = 16;

/// Fewest columns of a cell that has a number.
const NUMBERED: usize = 5;

/// Draws a figure as a map: one row for each value of the first axis, one cell for each value of the
/// second. `estimates` go through the second axis first.
///
/// # Errors
/// Those of the writer.
pub fn heat_map(
    subject: &Subject<'_>,
    (down, across): (&Axis<'_>, &Axis<'_>),
    estimates: &[Estimate],
    style: &Style,
    out: &mut impl Write,
) -> io::Result<()> {
    let title = format!("{} over {} (down) and {} (across)", subject.name, down.name, across.name);
    paragraph(&title, style, out)?;
    let labels: Vec<String> = down
        .values
        .iter()
        .map(|value| style.charset.shorten(&harmless(value), LONGEST_LABEL))
        .collect();
    let margin = 1 + labels.iter().map(|label| width(label)).max().unwrap_or(0);
    let room = columns(style) - margin - 1;
    let count = across.values.len().max(1);
    // Where not even one column each is left, the last values are not drawn.
    let shown = count.min(room);
    let map = Map {
        subject,
        cell: (room / count).clamp(1, 9),
        shades: Shades::new(estimates, style),
        style,
    };
    writeln!(out, "{} {}", " ".repeat(margin), map.ticks(&across.values[..shown]))?;
    for (label, row) in labels.iter().zip(estimates.chunks(count)) {
        let cells: String = row[..shown].iter().map(|estimate| map.cell(estimate)).collect();
        writeln!(out, "{} {}", pad_left(label, margin), cells.trim_end())?;
    }
    if shown < count {
        let more = format!("{} more values to the right are not drawn", count - shown);
        paragraph(&more, style, out)?;
    }
    match subject.limit {
        None => map.shades.legend(subject.unit, out),
        Some(limit) => {
            writeln!(out, "{}", legend(limit, subject.unit, style))?;
            let rows = down.values.iter().zip(estimates.chunks(count));
            let reached: Vec<String> = rows
                .map(|(value, row)| format!("{value}: {}", reach(across.values, row, limit)))
                .collect();
            let words = limit.words(subject.unit);
            let text = format!("{} {words}, {} by {}:", subject.name, across.name, down.name);
            paragraph(&text, style, out)?;
            entries(&reached, style, out)
        }
    }
}

/// Writes entries behind each other, none of them broken.
fn entries(entries: &[String], style: &Style, out: &mut impl Write) -> io::Result<()> {
    let mut line = String::new();
    for (at, entry) in entries.iter().enumerate() {
        let comma = if at + 1 < entries.len() { "," } else { "" };
        let entry = format!("  {}{comma}", harmless(entry));
        if !line.is_empty() && width(&line) + width(&entry) > columns(style) {
            writeln!(out, "{line}")?;
            line.clear();
        }
        line.push_str(&style.charset.shorten(&entry, columns(style)));
    }
    writeln!(out, "{line}")
}

/// How cells look.
struct Map<'a> {
    subject: &'a Subject<'a>,
    cell: usize,
    shades: Shades,
    style: &'a Style,
}

impl Map<'_> {
    fn cell(&self, estimate: &Estimate) -> String {
        let kept = self.subject.limit.map(|limit| limit.is_kept(estimate));
        let sign = kept.map(|kept| sign(kept, self.style));
        let Some(value) = estimate.value else {
            return pad_left(self.style.charset.unknown(), self.cell);
        };
        let mark = sign.unwrap_or_else(|| self.shades.of(value));
        if self.cell < NUMBERED {
            let blank = usize::from(self.cell > 2);
            let mark = if sign.is_some() { 1 } else { self.cell - blank };
            let text = self.mark(estimate).to_string().repeat(mark);
            return pad_left(&text, self.cell);
        }
        let digits = self.cell - 2;
        format!("{}{mark}", pad_left(&brief(value, self.subject.unit, digits), self.cell - 1))
    }

    fn mark(&self, estimate: &Estimate) -> char {
        match self.subject.limit {
            Some(limit) => sign(limit.is_kept(estimate), self.style),
            None => self.shades.of(estimate.value.unwrap_or(f64::NAN)),
        }
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

/// Equal steps from the least to the most; of the logarithm where they lie far apart.
struct Shades {
    bounds: Vec<f64>,
    signs: [char; 5],
}

impl Shades {
    fn new(estimates: &[Estimate], style: &Style) -> Self {
        let known = estimates.iter().filter_map(|estimate| estimate.value);
        let known: Vec<f64> = known.filter(|value| value.is_finite()).collect();
        let most = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = known.iter().copied().fold(f64::INFINITY, f64::min);
        let steps = (1..SHADES.len()).map(|step| step as f64 / SHADES.len() as f64);
        // What lies below a thousandth of the most is all the same on a map.
        let floor = least.max(most / 1000.0);
        let bound = |share: f64| {
            if floor > 0.0 && most > 20.0 * floor {
                floor * (most / floor).powf(share)
            } else {
                least + share * (most - least)
            }
        };
        Self {
            bounds: steps.map(bound).collect(),
            signs: match style.charset {
                Charset::Unicode => SHADES,
                Charset::Ascii => PLAIN_SHADES,
            },
        }
    }

    fn of(&self, value: f64) -> char {
        let step = self.bounds.iter().filter(|bound| value >= **bound).count();
        self.signs[step]
    }

    fn legend(&self, unit: Unit, out: &mut impl Write) -> io::Result<()> {
        write!(out, "{}", self.signs[0])?;
        for (sign, bound) in self.signs[1..].iter().zip(&self.bounds) {
            write!(out, "   {sign} from {}", exact(*bound, unit))?;
        }
        writeln!(out)
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
