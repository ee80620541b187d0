//! Opening hours of a contact type.

use std::collections::BTreeSet;

use crate::format::{
    Context, Key, KeyRule, Located, Moment, Problem, ReadChoice, ReadList, ReadLocated, ReadMoment,
    ReadTable, Record, RunClock, Section, TableKeys, choice, clock_micros, key, located, moment,
    moment_or_midnight, some_tables,
};
use crate::time::SimSpan;

/// When humans take a contact type, and what happens at other times.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// From when to when; at least one. A window that starts at a clock time ends at the next
    /// `to` after it, so that one may span midnight, and from a time to the same is a whole day.
    pub windows: Vec<(Moment, Moment)>,
    /// What happens to contacts that reach the human side outside of them.
    pub when_closed: WhenClosed,
    /// What happens at closing time to those who wait.
    pub at_close: AtClose,
}

/// What happens to contacts that reach the human side outside opening hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenClosed {
    /// They wait for the opening, as long as their patience lasts.
    Queue,
    /// They are turned away: blocked.
    Reject,
}

/// What happens at closing time to contacts that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtClose {
    /// They wait for the next opening, as long as their patience lasts.
    Keep,
    /// They are disconnected: abandoned.
    Disconnect,
}

pub(super) const HOURS: Key<ReadList<ReadTable<Window>>> = key("hours", some_tables())
    .optional()
    .means("when humans take this type; left out: always")
    .example("[{ from = \"08:00\", to = \"22:00\" }]")
    .note(
        "Hours are those of humans: arrivals and the bot go on, and contacts in service are finished.\n\
         Moments are in `run.timezone`. Two clock times repeat daily, and `to` is the next one after\n\
         `from`: `{ from = \"22:00\", to = \"06:00\" }` spans midnight, and from a time to the same is a\n\
         whole day. Two offsets or dates happen once, and may prolong a daily window. `when_closed` says\n\
         what happens to those who reach humans outside of the hours, `at_close` to those who wait when\n\
         the hours end; both need `hours`.",
    );
pub(super) const WHEN_CLOSED: Key<ReadChoice<WhenClosed>> =
    key("when_closed", choice(&[("queue", WhenClosed::Queue), ("reject", WhenClosed::Reject)]))
        .or("\"queue\"")
        .means("who reaches humans outside `hours` waits for the opening, or is blocked")
        .example("\"reject\"");
pub(super) const AT_CLOSE: Key<ReadChoice<AtClose>> =
    key("at_close", choice(&[("keep", AtClose::Keep), ("disconnect", AtClose::Disconnect)]))
        .or("\"keep\"")
        .means("who still waits when `hours` end waits on, or is disconnected (abandoned)")
        .example("\"disconnect\"");

/// What happens outside of hours needs hours.
pub(super) const NEEDED: [KeyRule; 2] = [needs_hours("when_closed"), needs_hours("at_close")];

const fn needs_hours(key: &'static str) -> KeyRule {
    let help = "write `hours = [{ from = \"08:00\", to = \"22:00\" }]`, or leave it out";
    KeyRule::Needs(key, "hours", "without them it is never closed", help)
}

/// Reads `hours`, `when_closed` and `at_close` of a contact type.
pub(super) fn hours(section: &Section<'_>) -> Option<Hours> {
    let (when_closed, at_close) = (section.take(&WHEN_CLOSED), section.take(&AT_CLOSE));
    let windows = section.take(&HOURS)?;
    let (context, calendar) = (section.context, section.context.calendar()?);
    let sound = |window: &Window| is_sound(context, &calendar, window);
    let sound: Vec<bool> = windows.iter().map(sound).collect();
    if !sound.contains(&false) {
        check_overlaps(context, &calendar, &windows);
        check_within(context, &calendar, &windows);
    }
    let windows = windows.iter().map(|window| (window.from.value, window.to.value)).collect();
    Some(Hours { windows, when_closed: when_closed?, at_close: at_close? })
}

/// A window and where its ends are written.
pub(super) struct Window {
    from: Located<Moment>,
    to: Located<Moment>,
}

const FROM: Key<ReadLocated<ReadMoment>> =
    key("from", located(moment())).means("when they open").example("\"08:00\"");
const TO: Key<ReadLocated<ReadMoment>> = key("to", located(moment_or_midnight()))
    .means("when they close; `\"24:00\"` is midnight")
    .example("\"22:00\"");

impl Record for Window {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&FROM, &TO], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (from, to) = (section.take(&FROM), section.take(&TO));
        Some(Self { from: from?, to: to? })
    }
}

/// Whether a window has a length; reports when it has none.
fn is_sound(context: &Context<'_>, calendar: &RunClock, window: &Window) -> bool {
    let is_daily = |moment| matches!(moment, Moment::Clock(_));
    let refuse = |message: &str, help: &str| {
        context.report(
            Problem::new("invalid-hours", &window.to.place, message)
                .related(&window.from.place, "from here")
                .help(help),
        );
        false
    };
    if is_daily(window.from.value) != is_daily(window.to.value) {
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
fn span(calendar: &RunClock, window: &Window) -> Option<(i64, i64)> {
    calendar.offset(window.from.value).zip(calendar.offset(window.to.value))
}

/// The parts of a day that a daily window covers, in microseconds.
fn parts(window: &Window) -> Vec<(i64, i64)> {
    let (Moment::Clock(from), Moment::Clock(to)) = (window.from.value, window.to.value) else {
        return Vec::new();
    };
    let (from, to) = (clock_micros(from), clock_micros(to));
    if from < to {
        return vec![(from, to)];
    }
    vec![(from, SimSpan::DAY.as_micros()), (0, to)]
}

/// Reports windows that overlap: daily ones with each other, and those that happen once. One that
/// happens once may prolong a daily one.
fn check_overlaps(context: &Context<'_>, calendar: &RunClock, windows: &[Window]) {
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
        let mut reported = BTreeSet::new();
        let mut last: Option<(i64, i64, usize)> = None;
        for (from, to, at) in spans {
            if let Some((_, end, other)) = last
                && from < end
                && other != at
                && reported.insert((at.min(other), at.max(other)))
            {
                let (first, second) = (&windows[at.min(other)], &windows[at.max(other)]);
                let message = "two windows of `hours` overlap";
                context.report(
                    Problem::new("overlapping-hours", &second.from.place, message)
                        .related(&first.from.place, "the other one")
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
fn check_within(context: &Context<'_>, calendar: &RunClock, windows: &[Window]) {
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
        context.report(Problem::new("hours-outside-run", &first.from.place, message).help(help));
    }
}
