//! Moments and step functions, against the calendar of the run.

use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};
use toml::value::Datetime;

use crate::time::SimSpan;

use super::section::{Context, Section};
use super::values;
use super::{Moment, Steps};
use crate::format::node::{Node, Value};
use crate::format::units;
use crate::format::{Place, Problem};

/// What moments are held against.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    /// In the zone of the run.
    pub(crate) start: Start,
    pub(crate) run_timezone: TimeZone,
    /// Zone of the moments.
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
    /// The same run with the clocks of another zone.
    pub(crate) fn in_zone(&self, timezone: TimeZone) -> Self {
        Self { timezone, ..self.clone() }
    }

    /// The instant at which the run starts.
    pub(crate) fn begin(&self) -> Option<Timestamp> {
        let Start::At(start) = self.start else {
            return None;
        };
        instant(&self.run_timezone, start)
    }

    /// The offset from the start of a moment that happens once, in microseconds; may be negative.
    pub(crate) fn offset(&self, moment: Moment) -> Option<i64> {
        match moment {
            Moment::Offset(span) => Some(span.as_micros()),
            Moment::Clock(_) => None,
            Moment::Local(date) => {
                let begin = self.begin()?.as_microsecond();
                Some(instant(&self.timezone, date)?.as_microsecond() - begin)
            }
        }
    }

    /// The offsets of a moment from the day before the run to the end of the run, or that of one
    /// that happens once; in microseconds. `None`: unknown.
    pub(crate) fn offsets(&self, moment: Moment) -> Option<Vec<i64>> {
        let Moment::Clock(time) = moment else {
            return self.offset(moment).map(|offset| vec![offset]);
        };
        let (begin, zone) = match self.start {
            Start::At(_) => (self.begin()?, &self.timezone),
            // The clock is plain then.
            Start::Missing => {
                let midnight = civil::date(2001, 1, 1).at(0, 0, 0, 0);
                (instant(&TimeZone::UTC, midnight)?, &TimeZone::UTC)
            }
            Start::Broken => return None,
        };
        let days = self.duration?.as_micros() / SimSpan::DAY.as_micros() + 2;
        let first = zone.to_datetime(begin).date();
        // Two whole days hold every clock time: more need not be looked at.
        (-1..=days.min(3))
            .map(|day| {
                let date = first.checked_add(day.days()).ok()?;
                let at = instant(zone, date.to_datetime(time))?;
                Some(at.as_microsecond() - begin.as_microsecond())
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

/// The instant of a local time: one that the clocks skip is the instant of the change, one that
/// occurs twice is the first.
pub(crate) fn instant(timezone: &TimeZone, local: civil::DateTime) -> Option<Timestamp> {
    let ambiguous = timezone.to_ambiguous_timestamp(local);
    let AmbiguousOffset::Gap { after, .. } = ambiguous.offset() else {
        return ambiguous.compatible().ok();
    };
    // Clocks that had been put forward already would show it before the change.
    let before = after.to_timestamp(local).ok()?;
    timezone.following(before).next().map(|change| change.timestamp())
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

pub(crate) fn looks_like_date(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && text.as_bytes().get(4) == Some(&b'-')
}

fn unquoted<T>(context: &Context<'_>, node: &Node, text: &str) -> Option<T> {
    let text = units::shorten(text);
    let message = format!("the date `{text}` is a string");
    let shown = if text.len() == 10 { format!("{text}T00:00:00") } else { text.replace(' ', "T") };
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
        let plain = Datetime { offset: None, ..*date };
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

/// A moment: an offset, a clock time or a local date-time of the run's zone.
pub(crate) fn moment(context: &Context<'_>, node: &Node) -> Option<Moment> {
    moment_on(context, context.calendar()?, node)
}

/// A moment whose clock times and dates are those of this calendar.
pub(crate) fn moment_on(context: &Context<'_>, calendar: &Calendar, node: &Node) -> Option<Moment> {
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

/// A step function at `path`: one value, or a list of tables with `from` and `key`; its moments are
/// those of `calendar`.
pub(crate) fn steps<'a, T>(
    context: &'a Context<'a>,
    calendar: &Calendar,
    node: &'a Node,
    (pattern, path, key): (&'static str, String, &'static str),
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
            let from = entry.required("from", |context, node| moment_on(context, calendar, node));
            let place = entry.entry("from").map(|entry| entry.node.place.clone());
            let value = entry.required(key, &read);
            Some((from?, place?, value?))
        })
        .flatten()
    };
    let read: Vec<Option<(Moment, Place, T)>> = list.iter().enumerate().map(entry).collect();
    let moments: Vec<(Moment, &Place)> =
        read.iter().flatten().map(|(from, place, _)| (*from, place)).collect();
    let distinct = distinct(context, calendar, &moments);
    let within = moments.len() < read.len() || some_within(context, calendar, &moments);
    let list = read.into_iter().map(|entry| entry.map(|(from, _, value)| (from, value)));
    let list = list.collect::<Option<Vec<_>>>()?;
    (distinct && within).then_some(Steps::List(list))
}

/// Whether one of the moments comes before the run is over; reports when none does.
fn some_within(context: &Context<'_>, calendar: &Calendar, moments: &[(Moment, &Place)]) -> bool {
    let Some((_, first)) = moments.first() else {
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
fn distinct(context: &Context<'_>, calendar: &Calendar, moments: &[(Moment, &Place)]) -> bool {
    let key = |moment: Moment| match moment {
        Moment::Clock(time) => (true, time.duration_since(civil::Time::midnight()).as_secs()),
        other => (false, calendar.offset(other).unwrap_or(i64::MIN)),
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
                Problem::new("duplicate-moment", place, "two entries hold from the same moment")
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
        let timezone = TimeZone::get(zone).unwrap();
        Calendar {
            start: Start::At(civil::date(2026, 10, 24).at(12, 0, 0, 0)),
            run_timezone: timezone.clone(),
            timezone,
            duration: Some(SimSpan::DAY),
        }
    }

    #[test]
    fn a_date_is_so_far_from_the_start_as_clocks_of_the_zone_run() {
        let moment = Moment::Local(civil::date(2026, 10, 25).at(12, 0, 0, 0));
        let hours = |zone| calendar(zone).offset(moment).map(|micros| micros / 3_600_000_000);
        assert_eq!(hours("UTC"), Some(24));
        assert_eq!(hours("Europe/Berlin"), Some(25), "clocks are put back that night");
    }

    #[test]
    fn moments_of_another_zone_are_those_of_its_clocks() {
        let berlin = calendar("Asia/Shanghai").in_zone(TimeZone::get("Europe/Berlin").unwrap());
        let noon = civil::date(2026, 10, 24).at(12, 0, 0, 0);
        let hours = |micros: i64| micros / 3_600_000_000;
        assert_eq!(berlin.offset(Moment::Local(noon)).map(hours), Some(6));
        let daily = berlin.offsets(Moment::Clock(noon.time())).unwrap();
        let daily: Vec<i64> = daily.into_iter().map(hours).collect();
        assert_eq!(daily, [-18, 6, 31, 55, 79], "clocks are put back on the 25th");
    }

    #[test]
    fn a_clock_time_has_no_single_offset() {
        assert_eq!(calendar("UTC").offset(Moment::Clock(civil::Time::midnight())), None);
    }

    #[test]
    fn dates_in_strings_are_recognized() {
        assert!(looks_like_date("2026-11-10 18:00"));
        assert!(!looks_like_date("2026h") && !looks_like_date("20:26"));
    }
}
