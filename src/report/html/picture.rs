//! Pictures of one figure over one or two varied values.

use super::markup::Markup;
use super::table;
use crate::metrics::definition::Unit;
use crate::report::block::{FigureLimit, Picture};
use crate::report::kept::{Keeping, exact};
use crate::report::numbers;
use crate::report::shades::Shades;
use crate::stats::Estimate;

/// How wide and high a curve is, in units that stretch with the page.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 160.0;

/// A curve above its numbers, or a map of numbers; below it where the figure keeps to its bound.
pub(super) fn picture<'m>(out: &'m mut Markup, id: &Markup, picture: &Picture) -> &'m mut Markup {
    out.raw("<h3>").name(&picture.title()).raw("</h3>\n");
    if picture.scales.len() == 1 {
        curve(out, id, picture);
    }
    map(out, picture);
    if let Some(bound) = picture.limit {
        out.raw("<p class=\"note\">").text(&bound.legend(picture.unit)).raw("</p>\n");
    }
    if let Some((words, each)) = picture.reaches() {
        out.raw("<p>").text(&words).raw(" ").text(&each.join(", ")).raw("</p>\n");
    }
    out
}

/// A row for each value that goes down, a cell for each that goes across.
fn map(out: &mut Markup, picture: &Picture) {
    let (across, rows) = picture.rows();
    let shades = Shades::new(&picture.estimates);
    let heads: Vec<&str> = [""].into_iter().chain(across.iter().map(String::as_str)).collect();
    table::begin(out, &picture.title(), &heads);
    let down = if picture.scales.len() > 1 { Some(&picture.scales[0].values) } else { None };
    for (at, row) in rows.enumerate() {
        let name = down.and_then(|values| values.get(at)).unwrap_or(&picture.figure);
        out.raw("<tr><th scope=\"row\">").name(name).raw("</th>");
        for estimate in row {
            cell(out, picture, estimate, &shades);
        }
        out.raw("</tr>\n");
    }
    table::end(out);
}

fn cell(out: &mut Markup, picture: &Picture, estimate: &Estimate, shades: &Shades) {
    let Some(value) = estimate.value else {
        out.raw("<td>–</td>");
        return;
    };
    let kept = picture.limit.map(|bound| bound.is_kept(estimate));
    let class = match kept {
        Some(Keeping::Yes) => "kept",
        Some(Keeping::No) => "broken",
        Some(Keeping::Open) => "open",
        None => ["shade0", "shade1", "shade2", "shade3", "shade4"][shades.step(value)],
    };
    out.raw("<td class=\"").raw(class).raw("\">");
    if let Some(kept) = kept {
        out.text(&kept.sign().to_string()).raw(" ");
    }
    out.text(&shown(estimate, picture.unit)).raw("</td>");
}

fn shown(estimate: &Estimate, unit: Unit) -> String {
    numbers::measured(&Estimate { low: None, high: None, ..*estimate }, unit).unwrap_or_default()
}

/// Points with their intervals over values that stand at equal distances.
fn curve(out: &mut Markup, id: &Markup, picture: &Picture) {
    let known = picture.estimates.iter().flat_map(|one| [one.value, one.low, one.high]);
    let known = known.flatten().chain(picture.limit.map(FigureLimit::value));
    let top = known.filter(|value| value.is_finite()).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let last = picture.estimates.len().saturating_sub(1).max(1);
    let x = |at: usize| WIDTH * (0.02 + 0.96 * at as f64 / last as f64);
    let y = |value: f64| HEIGHT * (1.0 - value.max(0.0) / top);
    out.raw("<figure class=\"chart\">\n<figcaption>").text(&picture.figure);
    out.raw(", up to ").text(&exact(top, picture.unit)).raw("</figcaption>\n");
    out.raw("<svg role=\"img\" width=\"100%\" height=\"160\" viewBox=\"0 0 1000 160\" ");
    out.raw("preserveAspectRatio=\"none\" aria-labelledby=\"").add(id).raw("t\">\n<title id=\"");
    out.add(id).raw("t\">").text(&picture.title()).raw("</title>\n");
    line(out, "base", [(0.0, HEIGHT), (WIDTH, HEIGHT)]);
    if let Some(bound) = picture.limit {
        line(out, "grid", [(0.0, y(bound.value())), (WIDTH, y(bound.value()))]);
    }
    out.raw("<g class=\"wait\">");
    let points = || picture.estimates.iter().enumerate();
    for (at, estimate) in points() {
        if let (Some(low), Some(high)) = (estimate.low, estimate.high) {
            line(out, "line", [(x(at), y(low)), (x(at), y(high))]);
        }
    }
    out.raw("<path class=\"line\" d=\"");
    let known = points().filter_map(|(at, estimate)| Some((x(at), y(estimate.value?))));
    for (number, (x, y)) in known.enumerate() {
        out.raw(if number == 0 { "M" } else { "L" }).number(x).raw(",").number(y);
    }
    out.raw("\"/></g>\n</svg>\n</figure>\n");
}

fn line(out: &mut Markup, class: &'static str, [from, to]: [(f64, f64); 2]) {
    out.raw("<line class=\"").raw(class).raw("\" x1=\"").number(from.0).raw("\" y1=\"");
    out.number(from.1).raw("\" x2=\"").number(to.0).raw("\" y2=\"").number(to.1).raw("\"/>\n");
}
