//! Charts over time, drawn as SVG by hand.
//!
//! A drawing is as wide as the page and of fixed height: only the curves stretch, in an inner
//! `svg`, while text keeps its size on a phone and on paper. What a pointer rests on is told by
//! `title` elements, so that nothing has to run in the page.

use super::markup::Markup;
use crate::report::day::Row;
use crate::report::format::{self, Unit};

/// Most points of a curve: more than there are pixels between them help nobody.
pub(super) const MOST_POINTS: usize = 240;

/// Labels below the time axis.
const MOST_LABELS: usize = 12;

/// Where the curves are, in pixels from the top, and how high the drawing is.
const TOP: f64 = 16.0;
const HEIGHT: f64 = 120.0;
const ALL: &str = "174";

/// What is drawn over time.
pub(super) struct Chart {
    pub(super) title: String,
    /// What the highest number of the first curve is called in the description.
    pub(super) highest: &'static str,
    pub(super) unit: Unit,
    pub(super) curves: Vec<Curve>,
}

/// One quantity over time.
pub(super) struct Curve {
    pub(super) name: &'static str,
    pub(super) look: Look,
    /// Class that gives it its color.
    pub(super) class: &'static str,
    pub(super) of: fn(&Row) -> Option<f64>,
}

/// How a curve is told from others without its color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// A filled area below a line.
    Area,
    /// A line.
    Line,
    /// A dashed line.
    Dashed,
}

/// Rows with a time axis, and the one to be pointed at.
pub(super) struct Axis<'a> {
    rows: &'a [Row],
    worst: Option<usize>,
    /// Places of labels, by row.
    labels: Vec<usize>,
}

impl<'a> Axis<'a> {
    pub(super) fn new(rows: &'a [Row], worst: Option<usize>) -> Self {
        Self { rows, worst, labels: labels(rows) }
    }

    fn start(&self) -> f64 {
        self.rows.first().map_or(0.0, |row| row.start.as_seconds())
    }

    fn length(&self) -> f64 {
        self.rows.last().map_or(0.0, |row| row.start.as_seconds() + row.span.as_seconds())
            - self.start()
    }

    /// Seconds from the left edge at which a row begins.
    fn x(&self, row: &Row) -> f64 {
        row.start.as_seconds() - self.start()
    }
}

/// Rows to label: the finest round clock times that leave room, or every so many rows.
fn labels(rows: &[Row]) -> Vec<usize> {
    const STEPS: [u32; 9] = [5, 10, 15, 30, 60, 120, 180, 360, 720];
    let minute = |row: &Row| {
        let (hours, minutes) = row.time.split_once(':')?;
        Some(hours.parse::<u32>().ok()? * 60 + minutes.parse::<u32>().ok()?)
    };
    let every = |step: u32| -> Vec<usize> {
        let round = |row: &Row| minute(row).is_some_and(|minute| minute % step == 0);
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
pub(super) fn draw(out: &mut Markup, id: &Markup, chart: &Chart, axis: &Axis<'_>) {
    let top = top(highest(chart, axis).map_or(0.0, |(_, value)| value), chart.unit);
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
        band(out, "worst", &axis.rows[worst], axis);
        out.raw("/>\n");
    }
    for curve in &chart.curves {
        draw_curve(out, curve, top, axis);
    }
    for row in axis.rows {
        band(out, "hit", row, axis);
        out.raw("><title>").text(&tip(row)).raw("</title></rect>\n");
    }
    out.raw("</svg>\n");
    scale(out, top, chart.unit);
    times(out, axis);
    out.raw("</svg>\n</figure>\n");
}

fn legend(out: &mut Markup, chart: &Chart) {
    for curve in &chart.curves {
        out.raw(" <span><span class=\"swatch ")
            .raw(curve.class)
            .raw("\" aria-hidden=\"true\"><i class=\"")
            .raw(match curve.look {
                Look::Area => "fill",
                Look::Line => "stroke",
                Look::Dashed => "dashes",
            })
            .raw("\"></i></span>")
            .text(curve.name)
            .raw("</span>");
    }
}

/// The highest number of all curves, and whose row it is of the first curve.
fn highest<'a>(chart: &Chart, axis: &Axis<'a>) -> Option<(&'a Row, f64)> {
    let known = |curve: &Curve| {
        let of = curve.of;
        axis.rows.iter().filter_map(move |row| Some((row, of(row)?)))
    };
    let all = chart.curves.iter().flat_map(known);
    all.reduce(|highest, next| if next.1 > highest.1 { next } else { highest })
}

/// What somebody hears who does not see the chart.
fn description(chart: &Chart, axis: &Axis<'_>) -> String {
    let first = Chart {
        title: String::new(),
        curves: chart.curves.iter().take(1).map(|curve| Curve { ..*curve }).collect(),
        ..*chart
    };
    match highest(&first, axis) {
        Some((row, value)) => format!(
            "{} {} at {}, {}. The table below has the numbers.",
            chart.highest,
            format::rough(Some(value), chart.unit).unwrap_or_default(),
            row.date,
            row.time,
        ),
        None => "Nothing is known.".to_owned(),
    }
}

/// What is told of a row to whoever points at it.
fn tip(row: &Row) -> String {
    let of = |value, unit| format::rough(value, unit).unwrap_or_else(|| "–".to_owned());
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

/// A rectangle over the whole height of a row, not closed yet.
fn band(out: &mut Markup, class: &'static str, row: &Row, axis: &Axis<'_>) {
    out.raw("<rect class=\"")
        .raw(class)
        .raw("\" y=\"0\" height=\"100\" x=\"")
        .number(axis.x(row))
        .raw("\" width=\"")
        .number(row.span.as_seconds())
        .raw("\"");
}

fn draw_curve(out: &mut Markup, curve: &Curve, top: f64, axis: &Axis<'_>) {
    let pieces = pieces(axis.rows, curve.of);
    out.raw("<g class=\"").raw(curve.class).raw("\">");
    if curve.look == Look::Area {
        out.raw("<path class=\"area\" d=\"");
        for piece in &pieces {
            out.raw("M").number(axis.x(&axis.rows[piece.start])).raw(",100");
            steps(out, "L", piece.clone(), curve, top, axis);
            out.raw("V100Z");
        }
        out.raw("\"/>");
    }
    out.raw(match curve.look {
        Look::Area | Look::Line => "<path class=\"line\" d=\"",
        Look::Dashed => "<path class=\"dashed\" d=\"",
    });
    for piece in pieces {
        steps(out, "M", piece, curve, top, axis);
    }
    out.raw("\"/></g>\n");
}

/// Runs of rows whose value is known: what is not known is not drawn.
fn pieces(rows: &[Row], of: fn(&Row) -> Option<f64>) -> Vec<std::ops::Range<usize>> {
    let mut pieces: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, _) in rows.iter().enumerate().filter(|(_, row)| of(row).is_some()) {
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
    curve: &Curve,
    top: f64,
    axis: &Axis<'_>,
) {
    let mut command = first;
    for row in &axis.rows[piece] {
        let height = 100.0 - (curve.of)(row).unwrap_or(0.0) / top * 100.0;
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
        if let Some(label) = format::rough(Some(value), unit) {
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
fn times(out: &mut Markup, axis: &Axis<'_>) {
    let begins = |number: usize| {
        let date = |number: usize| &axis.rows[axis.labels[number]].date;
        number == 0 || date(number) != date(number - 1)
    };
    let share_at = |row: usize| axis.x(&axis.rows[row]) / axis.length().max(1.0) * 100.0;
    let kept = (1..axis.labels.len()).find(|number| begins(*number));
    for (number, at) in axis.labels.iter().enumerate() {
        let row = &axis.rows[*at];
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
    use crate::report::day::Rows;
    use crate::report::fixture;
    use crate::time::SimSpan;

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
        let rows = Rows::finest(&fixture::peak_day(), MOST_POINTS).list;
        let shown: Vec<&str> = labels(&rows).iter().map(|at| &*rows[*at].time).collect();
        assert_eq!(shown[..4], ["18:00", "21:00", "00:00", "03:00"]);
        assert_eq!(shown.len(), 10);
        let shown: Vec<&str> = labels(&rows[..8]).iter().map(|at| &*rows[*at].time).collect();
        assert_eq!(shown.len(), 8, "two hours: every quarter");
        let days: Vec<Row> = (0..40)
            .map(|day| Row {
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
        let mut rows = Rows::finest(&fixture::peak_day(), MOST_POINTS).list;
        rows[1].wait = None;
        rows.truncate(4);
        assert_eq!(pieces(&rows, |row| row.wait), [0..1, 2..4]);
        assert_eq!(pieces(&rows, |row| row.wait_p95), [0..0; 0]);
    }

    #[test]
    fn curves_are_steps_of_the_whole_height() {
        let mut rows = Rows::finest(&fixture::peak_day(), MOST_POINTS).list;
        rows.truncate(2);
        rows[0].wait = Some(1.0);
        rows[1].wait = Some(3.0);
        let axis = Axis::new(&rows, None);
        let curve = Curve { name: "", look: Look::Line, class: "wait", of: |row| row.wait };
        let mut out = Markup::default();
        steps(&mut out, "M", 0..2, &curve, 4.0, &axis);
        assert_eq!(out.as_str(), "M0,75H900V25H1800");
    }
}
