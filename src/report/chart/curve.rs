//! One figure over one value.

use std::io::{self, Write};

use super::super::glyphs::{harmless, pad_left, width};
use super::super::{Charset, Style};
use super::{Axis, Limit, Subject, columns, exact, legend, paragraph, reach, sign};
use crate::stats::Estimate;

/// Lines of the drawing.
const LINES: usize = 13;

/// Draws a figure over the values of an axis, each point with its interval.
///
/// # Errors
/// Those of the writer.
pub fn curve(
    subject: &Subject<'_>,
    axis: &Axis<'_>,
    estimates: &[Estimate],
    style: &Style,
    out: &mut impl Write,
) -> io::Result<()> {
    let title = format!("{} over {}", subject.name, axis.name);
    paragraph(&title, style, out)?;
    let Some(scale) = Scale::new(estimates, subject.limit) else {
        return paragraph("Nothing is known at any point.", style, out);
    };
    let labels: Vec<String> = (0..LINES)
        .map(|line| match line % 4 {
            0 => exact(scale.value(line), subject.unit),
            _ => String::new(),
        })
        .collect();
    let margin = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    let room = columns(style) - margin - 3;
    let canvas = draw(subject, estimates, &scale, room, style);
    let bar = if style.charset == Charset::Ascii { '|' } else { '│' };
    for (label, line) in labels.iter().zip(canvas) {
        let line: String = line.into_iter().collect();
        writeln!(out, "{} {bar}{}", pad_left(label, margin), line.trim_end())?;
    }
    let corner = if style.charset == Charset::Ascii { '+' } else { '└' };
    writeln!(out, "{} {corner}{}", " ".repeat(margin), style.charset.rule(room))?;
    writeln!(out, "{}{}", " ".repeat(margin + 2), ticks(axis, room))?;
    if let Some(limit) = subject.limit {
        writeln!(out, "{}", legend(limit, subject.unit, style))?;
        let reach = reach(axis.values, estimates, limit);
        let words = limit.words(subject.unit);
        paragraph(&format!("{} {words}: {reach}", subject.name), style, out)?;
    }
    Ok(())
}

/// From numbers to lines.
struct Scale {
    top: f64,
    bottom: f64,
}

impl Scale {
    /// All points with their intervals, from 0 where that does not flatten them.
    fn new(estimates: &[Estimate], limit: Option<Limit>) -> Option<Self> {
        let points = estimates.iter();
        let ends = points.flat_map(|estimate| [estimate.value, estimate.low, estimate.high]);
        let known = ends.flatten().chain(limit.map(Limit::value));
        let known: Vec<f64> = known.filter(|value| value.is_finite()).collect();
        let top = known.iter().copied().reduce(f64::max)?;
        let least = known.iter().copied().reduce(f64::min)?;
        let bottom = if least > 0.0 && least < 0.7 * top { 0.0 } else { least };
        let top = if top > bottom { top } else { bottom + bottom.abs().max(1.0) };
        Some(Self { top, bottom })
    }

    fn value(&self, line: usize) -> f64 {
        let share = line as f64 / (LINES - 1) as f64;
        self.top - share * (self.top - self.bottom)
    }

    fn line(&self, value: f64) -> usize {
        (0..LINES)
            .min_by(|a, b| {
                let distance = |line: &usize| (self.value(*line) - value).abs();
                distance(a).total_cmp(&distance(b))
            })
            .unwrap_or(0)
    }
}

/// The column of a point.
fn column(at: usize, count: usize, room: usize) -> usize {
    let last = count.saturating_sub(1).max(1);
    1 + at * (room - 3) / last
}

fn draw(
    subject: &Subject<'_>,
    estimates: &[Estimate],
    scale: &Scale,
    room: usize,
    style: &Style,
) -> Vec<Vec<char>> {
    let (whisker, rule) = match style.charset {
        Charset::Unicode => ('│', '┄'),
        Charset::Ascii => ('|', '-'),
    };
    let mut canvas = vec![vec![' '; room]; LINES];
    if let Some(limit) = subject.limit {
        canvas[scale.line(limit.value())].fill(rule);
    }
    for (at, estimate) in estimates.iter().enumerate() {
        let column = column(at, estimates.len(), room);
        if let (Some(low), Some(high)) = (estimate.low, estimate.high) {
            for line in &mut canvas[scale.line(high)..=scale.line(low)] {
                line[column] = whisker;
            }
        }
        if let Some(value) = estimate.value {
            let kept = subject.limit.map(|limit| limit.is_kept(estimate));
            canvas[scale.line(value)][column] = sign(kept.unwrap_or(super::Kept::Yes), style);
        }
    }
    canvas
}

/// The values below the points, as many as there is room for.
fn ticks(axis: &Axis<'_>, room: usize) -> String {
    let mut line = String::new();
    for (at, value) in axis.values.iter().enumerate() {
        let value = harmless(value);
        let middle = column(at, axis.values.len(), room);
        let start = middle.saturating_sub(width(&value) / 2);
        let free = line.is_empty() || start > width(&line);
        if free && start + width(&value) <= room {
            line.push_str(&" ".repeat(start - width(&line)));
            line.push_str(&value);
        }
    }
    line
}
