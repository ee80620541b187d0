//! Charts over time, drawn as SVG by hand.
//!
//! A drawing is as wide as the page and of fixed height: only the curves stretch, in an inner
//! `svg`, while text keeps its size on a phone and on paper. What a pointer rests on is told by
//! `title` elements, so that nothing has to run in the page.

use super::markup::Markup;
use crate::metrics::definition::Unit;
use crate::report::block::{CurveLook, TimeChart, TimeCurve, TimePoint, Timeline};
use crate::report::numbers;

/// Labels below the time axis.
const MOST_LABELS: usize = 12;

/// Where the curves are, in pixels from the top, and how high the drawing is.
const TOP: f64 = 16.0;
const HEIGHT: f64 = 120.0;
const ALL: &str = "174";

/// Times with their places on the page, and the one to be pointed at.
struct TimeAxis<'a> {
    times: &'a [TimePoint],
    worst: Option<usize>,
    /// Places of labels, by number of the time.
    labels: Vec<usize>,
}

impl<'a> TimeAxis<'a> {
    fn new(times: &'a [TimePoint], worst: Option<usize>) -> Self {
        Self { times, worst, labels: labels(times) }
    }

    fn start(&self) -> f64 {
        self.times.first().map_or(0.0, |time| time.start.as_seconds())
    }

    fn length(&self) -> f64 {
        self.times.last().map_or(0.0, |time| time.start.as_seconds() + time.span.as_seconds())
            - self.start()
    }

    /// Seconds from the left edge at which a stretch of time begins.
    fn x(&self, time: &TimePoint) -> f64 {
        time.start.as_seconds() - self.start()
    }
}

/// Draws the charts. `id` tells them from all others of the page.
pub(super) fn timeline<'m>(
    out: &'m mut Markup,
    id: &Markup,
    timeline: &Timeline,
) -> &'m mut Markup {
    let axis = TimeAxis::new(&timeline.times, timeline.worst);
    for (at, chart) in timeline.charts.iter().enumerate() {
        let mut own = id.clone();
        own.raw("-").index(at + 1);
        draw(out, &own, chart, &axis);
    }
    out
}

/// Rows to label: the finest round clock times that leave room, or every so many rows.
fn labels(rows: &[TimePoint]) -> Vec<usize> {
    const STEPS: [u32; 9] = [5, 10, 15, 30, 60, 120, 180, 360, 720];
    let minute = |row: &TimePoint| {
        let (hours, minutes) = row.time.split_once(':')?;
        Some(hours.parse::<u32>().ok()? * 60 + minutes.parse::<u32>().ok()?)
    };
    let every = |step: u32| -> Vec<usize> {
        let round = |row: &TimePoint| minute(row).is_some_and(|minute| minute % step == 0);
        let rows = rows.iter().enumerate();
        rows.filter(|(_, row)| round(row)).map(|(at, _)| at).collect()
    };
    let fits = |places: &Vec<usize>| places.len() <= MOST_LABELS;
    if let Some(places) = STEPS.into_iter().map(every).find(fits)
        && places.len() >= 2
    {
        return places;
    }
    let midnights = every(24 * 60);
    let places = if midnights.len() >= 2 { midnights } else { (0..rows.len()).collect() };
    let step = places.len().div_ceil(MOST_LABELS).max(1);
    places.into_iter().step_by(step).collect()
}

/// Draws a chart. `id` tells it from all others of the page.
fn draw(out: &mut Markup, id: &Markup, chart: &TimeChart, axis: &TimeAxis<'_>) {
    let top = top(highest(&chart.curves, axis).map_or(0.0, |(_, value)| value), chart.unit);
    out.raw("<figure class=\"chart\">\n<figcaption>").text(&chart.title);
    if chart.curves.len() > 1 {
        legend(out, chart);
    }
    out.raw("</figcaption>\n<svg role=\"img\" width=\"100%\" height=\"")
        .raw(ALL)
        .raw("\" aria-labelledby=\"")
        .add(id)
        .raw("t ")
        .add(id)
        .raw("d\">\n<title id=\"")
        .add(id)
        .raw("t\">")
        .text(&chart.title)
        .raw("</title>\n<desc id=\"")
        .add(id)
        .raw("d\">")
        .text(&description(chart, axis))
        .raw("</desc>\n");
    grid(out);
    out.raw("<svg x=\"0\" y=\"")
        .number(TOP)
        .raw("\" width=\"100%\" height=\"")
        .number(HEIGHT)
        .raw("\" viewBox=\"0 0 ")
        .number(axis.length().max(1.0))
        .raw(" 100\" preserveAspectRatio=\"none\" overflow=\"visible\">\n");
    if let Some(worst) = axis.worst {
        band(out, "worst", &axis.times[worst], axis);
        out.raw("/>\n");
    }
    for curve in &chart.curves {
        draw_curve(out, curve, top, axis);
    }
    for row in axis.times {
        band(out, "hit", row, axis);
        out.raw("><title>").text(&row.tip).raw("</title></rect>\n");
    }
    out.raw("</svg>\n");
    scale(out, top, chart.unit);
    times(out, axis);
    out.raw("</svg>\n</figure>\n");
}

fn legend(out: &mut Markup, chart: &TimeChart) {
    for curve in &chart.curves {
        out.raw(" <span><span class=\"swatch ")
            .raw(curve.class)
            .raw("\" aria-hidden=\"true\"><i class=\"")
            .raw(match curve.look {
                CurveLook::Area => "fill",
                CurveLook::Line => "stroke",
                CurveLook::Dashed => "dashes",
            })
            .raw("\"></i></span>")
            .text(curve.name)
            .raw("</span>");
    }
}

/// The highest number of some curves, and when it is.
fn highest<'a>(curves: &[TimeCurve], axis: &TimeAxis<'a>) -> Option<(&'a TimePoint, f64)> {
    let known = |curve: &TimeCurve| -> Vec<(&'a TimePoint, f64)> {
        let pairs = axis.times.iter().zip(&curve.values);
        pairs.filter_map(|(time, value)| Some((time, (*value)?))).collect()
    };
    let all = curves.iter().flat_map(known);
    all.reduce(|highest, next| if next.1 > highest.1 { next } else { highest })
}

/// What somebody hears who does not see the chart.
fn description(chart: &TimeChart, axis: &TimeAxis<'_>) -> String {
    let first = chart.curves.get(..1).unwrap_or_default();
    match highest(first, axis) {
        Some((time, value)) => format!(
            "{} {} at {}. The table below has the numbers.",
            chart.highest,
            numbers::rough(Some(value), chart.unit).unwrap_or_default(),
            [&*time.date, &*time.time].join(", ").trim_start_matches(", "),
        ),
        None => "Nothing is known.".to_owned(),
    }
}

/// A rectangle over the whole height of a row, not closed yet.
fn band(out: &mut Markup, class: &'static str, row: &TimePoint, axis: &TimeAxis<'_>) {
    out.raw("<rect class=\"")
        .raw(class)
        .raw("\" y=\"0\" height=\"100\" x=\"")
        .number(axis.x(row))
        .raw("\" width=\"")
        .number(row.span.as_seconds())
        .raw("\"");
}

fn draw_curve(out: &mut Markup, curve: &TimeCurve, top: f64, axis: &TimeAxis<'_>) {
    let pieces = pieces(&curve.values);
    out.raw("<g class=\"").raw(curve.class).raw("\">");
    if curve.look == CurveLook::Area {
        out.raw("<path class=\"area\" d=\"");
        for piece in &pieces {
            out.raw("M").number(axis.x(&axis.times[piece.start])).raw(",100");
            steps(out, "L", piece.clone(), curve, top, axis);
            out.raw("V100Z");
        }
        out.raw("\"/>");
    }
    out.raw(match curve.look {
        CurveLook::Area | CurveLook::Line => "<path class=\"line\" d=\"",
        CurveLook::Dashed => "<path class=\"dashed\" d=\"",
    });
    for piece in pieces {
        steps(out, "M", piece, curve, top, axis);
    }
    out.raw("\"/></g>\n");
}

/// Runs of rows whose value is known: what is not known is not drawn.
fn pieces(values: &[Option<f64>]) -> Vec<std::ops::Range<usize>> {
    let mut pieces: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, _) in values.iter().enumerate().filter(|(_, value)| value.is_some()) {
        match pieces.last_mut() {
            Some(piece) if piece.end == at => piece.end = at + 1,
            _ => pieces.push(at..at + 1),
        }
    }
    pieces
}

/// A value holds for its whole row: horizontal lines, and vertical ones between them.
fn steps(
    out: &mut Markup,
    first: &'static str,
    piece: std::ops::Range<usize>,
    curve: &TimeCurve,
    top: f64,
    axis: &TimeAxis<'_>,
) {
    let mut command = first;
    for (row, value) in axis.times.iter().zip(&curve.values).take(piece.end).skip(piece.start) {
        let height = 100.0 - value.unwrap_or(0.0) / top * 100.0;
        if command == "V" {
            out.raw("V").number(height);
        } else {
            out.raw(command).number(axis.x(row)).raw(",").number(height);
        }
        out.raw("H").number(axis.x(row) + row.span.as_seconds());
        command = "V";
    }
}

fn grid(out: &mut Markup) {
    for (class, share) in [("grid", 0.0), ("grid", 0.5), ("base", 1.0)] {
        let y = (TOP + share * HEIGHT).round() + 0.5;
        out.raw("<line class=\"")
            .raw(class)
            .raw("\" x1=\"0\" x2=\"100%\" y1=\"")
            .number(y)
            .raw("\" y2=\"")
            .number(y)
            .raw("\"/>\n");
    }
}

/// The numbers that the horizontal lines stand for.
fn scale(out: &mut Markup, top: f64, unit: Unit) {
    for (share, value) in [(0.0, top), (0.5, top / 2.0)] {
        if let Some(label) = numbers::rough(Some(value), unit) {
            out.raw("<text class=\"scale\" x=\"0\" y=\"")
                .number(TOP + share * HEIGHT - 4.0)
                .raw("\">")
                .text(&label)
                .raw("</text>\n");
        }
    }
}

/// Times below the axis; a date below them where it begins. Every other one is left out where there
/// is little room, but none at which a date begins.
fn times(out: &mut Markup, axis: &TimeAxis<'_>) {
    let begins = |number: usize| {
        let date = |number: usize| &axis.times[axis.labels[number]].date;
        number == 0 || date(number) != date(number - 1)
    };
    let share_at = |row: usize| axis.x(&axis.times[row]) / axis.length().max(1.0) * 100.0;
    let kept = (1..axis.labels.len()).find(|number| begins(*number));
    for (number, at) in axis.labels.iter().enumerate() {
        let row = &axis.times[*at];
        let share = share_at(*at);
        let place = |out: &mut Markup, class: &'static str, y: f64| {
            // The first date needs room before the second one.
            let is_crowded = class == "date"
                && number == 0
                && kept.is_some_and(|kept| share_at(axis.labels[kept]) < 25.0);
            let is_odd = number % 2 != kept.unwrap_or(0) % 2 || is_crowded;
            out.raw("<text class=\"").raw(class);
            out.raw(if is_odd { " odd" } else { "" });
            out.raw("\" x=\"").number(share).raw("%\" y=\"").number(y);
            out.raw("\" text-anchor=\"").raw(if share < 3.0 {
                "start"
            } else if share > 97.0 {
                "end"
            } else {
                "middle"
            });
            out.raw("\">");
        };
        place(out, "time", TOP + HEIGHT + 15.0);
        out.text(&row.time).raw("</text>\n");
        if begins(number) {
            place(out, "date", TOP + HEIGHT + 31.0);
            out.text(&row.date).raw("</text>\n");
        }
    }
}

/// The next round number from `highest` on, whose half is round too.
fn top(highest: f64, unit: Unit) -> f64 {
    const TIMES: [f64; 22] = [
        0.1, 0.2, 0.4, 1.0, 2.0, 4.0, 10.0, 20.0, 30.0, 60.0, 120.0, 240.0, 600.0, 1200.0, 1800.0,
        3600.0, 7200.0, 14_400.0, 21_600.0, 28_800.0, 43_200.0, 86_400.0,
    ];
    let decade = 10f64.powf(highest.max(0.1).log10().floor());
    let round = [1.0, 2.0, 4.0, 6.0, 8.0, 10.0].map(|step| step * decade);
    let fits = |round: &f64| *round >= highest * 0.999_999;
    let time = TIMES.into_iter().find(fits).filter(|_| unit == Unit::Seconds);
    time.or_else(|| round.into_iter().find(fits)).unwrap_or(highest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::block::Block;
    use crate::report::{fixture, run};
    use crate::time::SimSpan;

    fn timeline() -> Timeline {
        let blocks = run(&fixture::peak_day(), &fixture::origin());
        let found = blocks.into_iter().find_map(|block| match block {
            Block::Timeline(timeline) => Some(timeline),
            _ => None,
        });
        found.unwrap()
    }

    #[test]
    fn scales_end_at_round_numbers() {
        for (highest, unit, expected) in [
            (0.0, Unit::Count, 0.1),
            (3987.0, Unit::Count, 4000.0),
            (4001.0, Unit::Count, 6000.0),
            (100.0, Unit::Count, 100.0),
            (30.0, Unit::Count, 40.0),
            (90.0, Unit::Seconds, 120.0),
            (7201.0, Unit::Seconds, 14_400.0),
            (90_000.0, Unit::Seconds, 100_000.0),
        ] {
            let top = top(highest, unit);
            assert!((top - expected).abs() < 1e-9 * expected, "{highest}: {top}");
        }
    }

    #[test]
    fn labels_are_round_times_that_leave_room() {
        let rows = timeline().times;
        let shown: Vec<&str> = labels(&rows).iter().map(|at| &*rows[*at].time).collect();
        assert_eq!(shown[..4], ["18:00", "21:00", "00:00", "03:00"]);
        assert_eq!(shown.len(), 10);
        let shown: Vec<&str> = labels(&rows[..8]).iter().map(|at| &*rows[*at].time).collect();
        assert_eq!(shown.len(), 8, "two hours: every quarter");
        let days: Vec<TimePoint> = (0..40)
            .map(|day| TimePoint {
                time: "00:00".into(),
                start: SimSpan::from_micros(day * SimSpan::DAY.as_micros()),
                ..rows[0].clone()
            })
            .collect();
        assert_eq!(labels(&days), [0, 4, 8, 12, 16, 20, 24, 28, 32, 36]);
        assert_eq!(labels(&[]), [0; 0]);
    }

    #[test]
    fn what_is_not_known_is_not_drawn() {
        assert_eq!(pieces(&[Some(1.0), None, Some(1.0), Some(2.0)]), [0..1, 2..4]);
        assert_eq!(pieces(&[None]), [0..0; 0]);
    }

    #[test]
    fn curves_are_steps_of_the_whole_height() {
        let timeline = timeline();
        let mut curve = timeline.charts[0].curves[0].clone();
        curve.values = vec![Some(1.0), Some(3.0)];
        let axis = TimeAxis::new(&timeline.times[..2], None);
        let mut out = Markup::default();
        steps(&mut out, "M", 0..2, &curve, 4.0, &axis);
        assert_eq!(out.as_str(), "M0,75H900V25H1800");
    }
}
