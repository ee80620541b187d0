//! One figure over one value.

use std::io::{self, Write};

use crate::report::block::{FigureLimit, Picture};
use crate::report::glyphs::{harmless, pad_left, width};
use crate::report::kept::{Keeping, exact};
use crate::report::terminal::{Lines, PLAIN};
use crate::stats::Estimate;

/// Lines of the drawing.
const LINES: usize = 13;

impl<W: Write> Lines<'_, W> {
    /// Draws a figure over its varied value, each point with its interval.
    pub(super) fn curve(&mut self, picture: &Picture) -> io::Result<()> {
        let Some(scale) = LineScale::new(picture) else {
            return Ok(());
        };
        let label = |line: usize| match line % 4 {
            0 => exact(scale.value(line), picture.unit),
            _ => String::new(),
        };
        let labels: Vec<String> = (0..LINES).map(label).collect();
        let margin = labels.iter().map(|label| width(label)).max().unwrap_or(0);
        let room = self.width - margin - 3;
        for (label, line) in labels.iter().zip(draw(picture, &scale, room)) {
            // Sign by sign: a point between blanks is no dot between words.
            let spelled = |sign: char| self.style.charset.spell(&sign.to_string());
            let line: String = line.into_iter().map(spelled).collect();
            self.line(PLAIN, &format!("{} │{line}", pad_left(label, margin)))?;
        }
        let blank = " ".repeat(margin);
        self.line(PLAIN, &format!("{blank} └{}", "─".repeat(room)))?;
        self.line(PLAIN, &format!("{blank}  {}", ticks(picture.rows().0, room)))
    }
}

/// From numbers to lines.
struct LineScale {
    top: f64,
    bottom: f64,
}

impl LineScale {
    /// All points with their intervals, from 0 where that does not flatten them.
    fn new(picture: &Picture) -> Option<Self> {
        let points = picture.estimates.iter();
        let ends = points.flat_map(|estimate| [estimate.value, estimate.low, estimate.high]);
        let known = ends.flatten().chain(picture.limit.map(FigureLimit::value));
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

fn draw(picture: &Picture, scale: &LineScale, room: usize) -> Vec<Vec<char>> {
    let mut canvas = vec![vec![' '; room]; LINES];
    if let Some(bound) = picture.limit {
        canvas[scale.line(bound.value())].fill('┄');
    }
    for (at, estimate) in picture.estimates.iter().enumerate() {
        let Estimate { value, low, high } = *estimate;
        let column = column(at, picture.estimates.len(), room);
        if let (Some(low), Some(high)) = (low, high) {
            for line in &mut canvas[scale.line(high)..=scale.line(low)] {
                line[column] = '│';
            }
        }
        if let Some(value) = value {
            let kept = picture.limit.map_or(Keeping::Yes, |bound| bound.is_kept(estimate));
            canvas[scale.line(value)][column] = kept.sign();
        }
    }
    canvas
}

/// The values below the points, as many as there is room for.
fn ticks(values: &[String], room: usize) -> String {
    let mut line = String::new();
    for (at, value) in values.iter().enumerate() {
        let value = harmless(value);
        let middle = column(at, values.len(), room);
        let start = middle.saturating_sub(width(&value) / 2);
        let free = line.is_empty() || start > width(&line);
        if free && start + width(&value) <= room {
            line.push_str(&" ".repeat(start - width(&line)));
            line.push_str(&value);
        }
    }
    line
}
