//! Opening hours of a contact type.

use crate::time::SimSpan;

use super::moment::{self, Calendar};
use super::section::{Context, Reported, Section};
use super::values;
use super::{AtClose, Hours, Moment, WhenClosed};
use crate::format::node::{Node, Value};
use crate::format::{Place, Problem};

/// A window and where its ends are written.
struct Window<'a> {
    from: (Moment, &'a Place),
    to: (Moment, &'a Place),
}

/// Reads `hours`, `when_closed` and `at_close` of a contact type.
pub(crate) fn hours(section: &Section<'_>) -> Result<Option<Hours>, Reported> {
    let closed = [("queue", WhenClosed::Queue), ("reject", WhenClosed::Reject)];
    let close = [("keep", AtClose::Keep), ("disconnect", AtClose::Disconnect)];
    let when_closed = section.get_or("when_closed", WhenClosed::Queue, |context, node| {
        values::choice(context, node, &closed)
    });
    let at_close = section
        .get_or("at_close", AtClose::Keep, |context, node| values::choice(context, node, &close));
    if section.entry("hours").is_none() {
        for key in ["when_closed", "at_close"] {
            if let Some(entry) = section.entry(key) {
                let message = format!("`{key}` needs `hours`: without them it is never closed");
                let help =
                    "write `hours = [{ from = \"08:00\", to = \"22:00\" }]`, or leave it out";
                let problem = Problem::new("needs-other-key", &entry.place, message);
                section.context.report(problem.help(help));
            }
        }
        return Ok(None);
    }
    let windows = section.get("hours", |context, node| windows(context, section, node));
    Ok(Some(Hours { windows: windows.ok_or(Reported)?, when_closed, at_close }))
}

fn windows<'a>(
    context: &'a Context<'a>,
    section: &Section<'_>,
    node: &'a Node,
) -> Option<Vec<(Moment, Moment)>> {
    let help = "write `hours = [{ from = \"08:00\", to = \"22:00\" }]`";
    let list = values::list(context, node, help)?;
    let mut at = 0;
    let windows = values::each(list, |item| {
        let path = format!("{}[{at}]", section.child_path("hours"));
        at += 1;
        let at = ("contacts.*.hours[]", path, &item.place);
        Section::read(context, at, item, window).flatten()
    })?;
    let calendar = context.calendar()?;
    let sound: Vec<bool> =
        windows.iter().map(|window| is_sound(context, calendar, window)).collect();
    if sound.contains(&false) {
        return None;
    }
    check_overlaps(context, calendar, &windows);
    check_within(context, calendar, &windows);
    Some(windows.iter().map(|window| (window.from.0, window.to.0)).collect())
}

fn window<'a>(section: &Section<'a>) -> Option<Window<'a>> {
    let from = section.required("from", |context, node| {
        moment::moment(context, node).map(|moment| (moment, &node.place))
    });
    let to = section.required("to", |context, node| {
        let is_midnight = |text: &str| matches!(text.trim(), "24:00" | "24:00:00");
        match &node.value {
            Value::Text(text) if is_midnight(text) => {
                Some(Moment::Clock(jiff::civil::Time::midnight()))
            }
            _ => moment::moment(context, node),
        }
        .map(|moment| (moment, &node.place))
    });
    Some(Window { from: from?, to: to? })
}

/// Whether a window has a length; reports when it has none.
fn is_sound(context: &Context<'_>, calendar: &Calendar, window: &Window<'_>) -> bool {
    let is_daily = |moment| matches!(moment, Moment::Clock(_));
    let refuse = |message: &str, help: &str| {
        context.report(
            Problem::new("invalid-hours", window.to.1, message)
                .related(window.from.1, "from here")
                .help(help),
        );
        false
    };
    if is_daily(window.from.0) != is_daily(window.to.0) {
        return refuse(
            "one end of the window repeats daily, the other does not",
            "write two clock times, or two moments that happen once",
        );
    }
    match span(calendar, window) {
        Some((from, to)) if from >= to => {
            refuse("the window ends before it begins", "write a `to` after its `from`")
        }
        _ => true,
    }
}

/// Start and end of a window that happens once, in microseconds from the start.
fn span(calendar: &Calendar, window: &Window<'_>) -> Option<(i64, i64)> {
    calendar.offset(window.from.0).zip(calendar.offset(window.to.0))
}

/// The parts of a day that a daily window covers, in microseconds.
fn parts(window: &Window<'_>) -> Vec<(i64, i64)> {
    let (Moment::Clock(from), Moment::Clock(to)) = (window.from.0, window.to.0) else {
        return Vec::new();
    };
    let micros = |time: jiff::civil::Time| {
        time.duration_since(jiff::civil::Time::midnight()).as_secs() * 1_000_000
    };
    let (from, to) = (micros(from), micros(to));
    if from < to {
        return vec![(from, to)];
    }
    vec![(from, SimSpan::DAY.as_micros()), (0, to)]
}

/// Reports windows that overlap: daily ones with each other, and those that happen once. One that
/// happens once may prolong a daily one.
fn check_overlaps(context: &Context<'_>, calendar: &Calendar, windows: &[Window<'_>]) {
    let daily = windows.iter().enumerate().flat_map(|(at, window)| {
        let parts = parts(window).into_iter();
        parts.map(move |(from, to)| (from, to, at))
    });
    let once = windows
        .iter()
        .enumerate()
        .filter_map(|(at, window)| span(calendar, window).map(|(from, to)| (from, to, at)));
    for mut spans in [daily.collect::<Vec<_>>(), once.collect::<Vec<_>>()] {
        spans.retain(|(from, to, _)| from < to);
        spans.sort_unstable();
        let mut reported = std::collections::BTreeSet::new();
        let mut last: Option<(i64, i64, usize)> = None;
        for (from, to, at) in spans {
            if let Some((_, end, other)) = last
                && from < end
                && other != at
                && reported.insert((at.min(other), at.max(other)))
            {
                let (first, second) = (&windows[at.min(other)], &windows[at.max(other)]);
                context.report(
                    Problem::new(
                        "overlapping-hours",
                        second.from.1,
                        "two windows of `hours` overlap",
                    )
                    .related(first.from.1, "the other one")
                    .help("write one window from the first `from` to the last `to`"),
                );
            }
            if last.is_none_or(|(_, end, _)| to > end) {
                last = Some((from, to, at));
            }
        }
    }
}

/// Reports windows that happen once, none of them within the run.
fn check_within(context: &Context<'_>, calendar: &Calendar, windows: &[Window<'_>]) {
    let (Some(first), Some(duration)) = (windows.first(), calendar.duration) else {
        return;
    };
    let is_outside = |window| {
        let outside = |(from, to)| to <= 0 || from >= duration.as_micros();
        span(calendar, window).is_some_and(outside)
    };
    if windows.iter().all(is_outside) {
        let message = format!("no window is open within the run of `{duration}`");
        let help = "write clock times, such as `\"08:00\"`, for hours of every day";
        context.report(Problem::new("hours-outside-run", first.from.1, message).help(help));
    }
}
