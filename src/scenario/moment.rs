//! Moments and step functions, against the calendar of the run.

use jiff::ToSpan;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone};
use toml::value::Datetime;

use crate::time::SimSpan;

use super::node::{Node, Value};
use super::problem::{Place, Problem};
use super::section::{Context, Section};
use super::units;
use super::values;
use super::{Moment, Steps};

/// What moments are held against.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    pub(crate) start: Start,
    pub(crate) timezone: TimeZone,
    /// Length of the run, where it is known.
    pub(crate) duration: Option<SimSpan>,
}

/// `run.start`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Start {
    /// Left out.
    Missing,
    /// Written, but a problem.
    Broken,
    /// This local time.
    At(civil::DateTime),
}

impl Calendar {
    /// The offset from the start of a moment that happens once, in microseconds; may be negative.
    pub(crate) fn offset(&self, moment: Moment) -> Option<i64> {
        match moment {
            Moment::Offset(span) => Some(span.as_micros()),
            Moment::Clock(_) => None,
            Moment::Local(date) => {
                let Start::At(start) = self.start else {
                    return None;
                };
                let instant = |date| self.timezone.to_ambiguous_timestamp(date).compatible().ok();
                let micros = instant(date)?.as_microsecond() - instant(start)?.as_microsecond();
                Some(micros)
            }
        }
    }

    /// The offsets of a moment from the day before the run to the end of the run, or that of one
    /// that happens once; in microseconds. `None`: unknown.
    pub(crate) fn offsets(&self, moment: Moment) -> Option<Vec<i64>> {
        let Moment::Clock(time) = moment else {
            return self.offset(moment).map(|offset| vec![offset]);
        };
        let (start, zone) = match self.start {
            Start::At(start) => (start, &self.timezone),
            // The clock is plain then.
            Start::Missing => (civil::date(2001, 1, 1).at(0, 0, 0, 0), &TimeZone::UTC),
            Start::Broken => return None,
        };
        let days = self.duration?.as_micros() / SimSpan::DAY.as_micros() + 2;
        let instant = |date| {
            let timestamp = zone.to_ambiguous_timestamp(date).compatible().ok();
            timestamp.map(jiff::Timestamp::as_microsecond)
        };
        let begin = instant(start)?;
        // Two whole days hold every clock time: more need not be looked at.
        (-1..=days.min(3))
            .map(|day| {
                let date = start.date().checked_add(day.days()).ok()?;
                Some(instant(date.to_datetime(time))? - begin)
            })
            .collect()
    }

    /// Whether a moment comes only when the run is over.
    fn is_after_run(&self, moment: Moment) -> bool {
        match (self.offset(moment), self.duration) {
            (Some(offset), Some(duration)) => offset >= duration.as_micros(),
            _ => false,
        }
    }
}

/// A local date-time that its zone has exactly once.
pub(crate) fn date(
    context: &Context<'_>,
    node: &Node,
    timezone: &TimeZone,
) -> Option<civil::DateTime> {
    match &node.value {
        Value::Date(date) => local(context, &node.place, date, timezone),
        Value::Text(text) if looks_like_date(text) => unquoted(context, node, text),
        _ => {
            let help = "write a local date-time without quotes, such as `2026-11-10T18:00:00`";
            context.wrong_type(node, "a local date-time", help);
            None
        }
    }
}

fn looks_like_date(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && text.as_bytes().get(4) == Some(&b'-')
}

fn unquoted<T>(context: &Context<'_>, node: &Node, text: &str) -> Option<T> {
    let text = units::shorten(text);
    let message = format!("the date `{text}` is a string");
    let shown = if text.len() == 10 {
        format!("{text}T00:00:00")
    } else {
        text.replace(' ', "T")
    };
    let help = format!("write it without quotes: `{}`", shown.trim_end_matches('Z'));
    context.report(Problem::new("invalid-date-time", &node.place, message).help(help));
    None
}

/// A TOML date-time as a local time of `timezone`.
fn local(
    context: &Context<'_>,
    place: &Place,
    date: &Datetime,
    timezone: &TimeZone,
) -> Option<civil::DateTime> {
    let refuse = |message: &str, help: String| {
        context.report(Problem::new("invalid-date-time", place, message).help(help));
        None
    };
    let (day, time) = match (date.date, date.time) {
        (Some(day), Some(time)) => (day, time),
        (Some(day), None) => {
            return refuse("the date has no time", format!("write `{day}T00:00:00`"));
        }
        (None, Some(time)) => {
            let help = format!(
                "write clock times in quotes, such as `\"{:02}:{:02}\"`",
                time.hour, time.minute
            );
            return refuse("the time is not in quotes", help);
        }
        (None, None) => {
            return refuse("this is no date-time", "write `2026-11-10T18:00:00`".into());
        }
    };
    if date.offset.is_some() {
        let plain = Datetime {
            offset: None,
            ..*date
        };
        let help = format!(
            "write the local time without offset, `{plain}`, and the zone in `run.timezone`"
        );
        return refuse("the date-time has an offset from UTC", help);
    }
    let year = i16::try_from(day.year).unwrap_or(0);
    let second = time.second.unwrap_or(0);
    let nanosecond = i32::try_from(time.nanosecond.unwrap_or(0)).unwrap_or(0);
    let parts = [day.month, day.day, time.hour, time.minute, second]
        .map(|part| i8::try_from(part).unwrap_or(-1));
    let [month, day, hour, minute, second] = parts;
    let Ok(value) = civil::DateTime::new(year, month, day, hour, minute, second, nanosecond) else {
        return refuse(
            "the calendar has no such date-time",
            "for example `2026-11-10T18:00:00`".into(),
        );
    };
    if !(1900..=2200).contains(&year) {
        return refuse(
            "the year is not between 1900 and 2200",
            "for example `2026-11-10T18:00:00`".into(),
        );
    }
    once(context, place, value, timezone)
}

/// Reports a local time that the zone skips or has twice.
fn once(
    context: &Context<'_>,
    place: &Place,
    value: civil::DateTime,
    timezone: &TimeZone,
) -> Option<civil::DateTime> {
    let zone = timezone.iana_name().unwrap_or("UTC");
    let problem = match timezone.to_ambiguous_timestamp(value).offset() {
        AmbiguousOffset::Unambiguous { .. } => return Some(value),
        AmbiguousOffset::Gap { .. } => {
            let message = format!("clocks in `{zone}` skip `{value}`: they are put forward then");
            Problem::new("time-gap", place, message).help("write a time an hour earlier or later")
        }
        AmbiguousOffset::Fold { .. } => {
            let message =
                format!("clocks in `{zone}` show `{value}` twice: they are put back then");
            Problem::new("time-fold", place, message)
                .help("write a time before or after that hour, or an offset from the start such as `\"2h\"`")
        }
    };
    context.report(problem);
    None
}

/// A moment: an offset, a clock time or a local date-time.
pub(crate) fn moment(context: &Context<'_>, node: &Node) -> Option<Moment> {
    match &node.value {
        Value::Text(text) if text.contains(':') && !looks_like_date(text) => {
            match units::clock(text) {
                Ok(time) => Some(Moment::Clock(time)),
                Err(error) => {
                    let problem = Problem::new("invalid-moment", &node.place, error.message);
                    context.report(problem.help(error.help));
                    None
                }
            }
        }
        Value::Text(text) if looks_like_date(text) => unquoted(context, node, text),
        Value::Text(_) | Value::Integer(_) | Value::Float(_) => {
            values::span(context, node).map(Moment::Offset)
        }
        Value::Date(date) => {
            let calendar = context.calendar()?;
            let value = local(context, &node.place, date, &calendar.timezone)?;
            if calendar.start == Start::Missing {
                let message = "a date needs to know when the run starts";
                let help = "write `run.start`, or an offset from the start such as `\"2h\"`";
                context.report(Problem::new("date-without-start", &node.place, message).help(help));
                return None;
            }
            Some(Moment::Local(value))
        }
        _ => {
            let help = "write an offset such as `\"2h\"`, a clock time such as `\"08:30\"`, or a local \
                        date-time such as `2026-11-10T18:00:00`";
            context.wrong_type(node, "a moment", help);
            None
        }
    }
}

/// A step function at `path`: one value, or a list of tables with `from` and `key`.
pub(crate) fn steps<'a, T>(
    context: &'a Context<'a>,
    node: &'a Node,
    (pattern, path, key): (&'static str, &str, &'static str),
    read: impl Fn(&'a Context<'a>, &'a Node) -> Option<T>,
) -> Option<Steps<T>> {
    if !matches!(node.value, Value::List(_)) {
        return read(context, node).map(Steps::Constant);
    }
    let help = "write entries such as `{ from = \"08:00\", … }`, or a single value";
    let list = values::list(context, node, help)?;
    let entry = |(at, item): (usize, &'a Node)| {
        let path = format!("{path}[{at}]");
        Section::read(context, (pattern, path, &item.place), item, |entry| {
            let from = entry.required("from", moment);
            let place = entry.entry("from").map(|entry| entry.node.place.clone());
            let value = entry.required(key, &read);
            Some((from?, place?, value?))
        })
        .flatten()
    };
    let read: Vec<Option<(Moment, Place, T)>> = list.iter().enumerate().map(entry).collect();
    let moments: Vec<(Moment, &Place)> = read
        .iter()
        .flatten()
        .map(|(from, place, _)| (*from, place))
        .collect();
    let distinct = distinct(context, &moments);
    let within = moments.len() < read.len() || some_within(context, &moments);
    let list = read
        .into_iter()
        .map(|entry| entry.map(|(from, _, value)| (from, value)));
    let list = list.collect::<Option<Vec<_>>>()?;
    (distinct && within).then_some(Steps::List(list))
}

/// Whether one of the moments comes before the run is over; reports when none does.
fn some_within(context: &Context<'_>, moments: &[(Moment, &Place)]) -> bool {
    let (Some(calendar), Some((_, first))) = (context.calendar(), moments.first()) else {
        return true;
    };
    let after = |(moment, _): &(Moment, &Place)| calendar.is_after_run(*moment);
    let (true, Some(duration)) = (moments.iter().all(after), calendar.duration) else {
        return true;
    };
    let message =
        format!("no entry begins within the run of `{duration}`: nothing would ever hold");
    let help = "write `from = \"0s\"` for what holds from the start";
    context.report(Problem::new("steps-outside-run", first, message).help(help));
    false
}

/// Whether no two moments are the same; reports those that are.
fn distinct(context: &Context<'_>, moments: &[(Moment, &Place)]) -> bool {
    let calendar = context.calendar();
    let key = |moment: Moment| match moment {
        Moment::Clock(time) => (true, time.duration_since(civil::Time::midnight()).as_secs()),
        other => (
            false,
            calendar
                .and_then(|calendar| calendar.offset(other))
                .unwrap_or(i64::MIN),
        ),
    };
    let mut seen = std::collections::BTreeMap::new();
    let mut distinct = true;
    for (moment, place) in moments {
        if let Some(first) = seen.insert(key(*moment), *place) {
            if key(*moment) == (false, i64::MIN) {
                continue;
            }
            distinct = false;
            context.report(
                Problem::new(
                    "duplicate-moment",
                    place,
                    "two entries hold from the same moment",
                )
                .related(first, "the other one")
                .help("leave one of them out"),
            );
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(zone: &str) -> Calendar {
        Calendar {
            start: Start::At(civil::date(2026, 10, 24).at(12, 0, 0, 0)),
            timezone: TimeZone::get(zone).unwrap(),
            duration: Some(SimSpan::DAY),
        }
    }

    #[test]
    fn a_date_is_so_far_from_the_start_as_clocks_of_the_zone_run() {
        let moment = Moment::Local(civil::date(2026, 10, 25).at(12, 0, 0, 0));
        let hours = |zone| {
            calendar(zone)
                .offset(moment)
                .map(|micros| micros / 3_600_000_000)
        };
        assert_eq!(hours("UTC"), Some(24));
        assert_eq!(
            hours("Europe/Berlin"),
            Some(25),
            "clocks are put back that night"
        );
    }

    #[test]
    fn a_clock_time_has_no_single_offset() {
        assert_eq!(
            calendar("UTC").offset(Moment::Clock(civil::Time::midnight())),
            None
        );
    }

    #[test]
    fn dates_in_strings_are_recognized() {
        assert!(looks_like_date("2026-11-10 18:00"));
        assert!(!looks_like_date("2026h") && !looks_like_date("20:26"));
    }
}
