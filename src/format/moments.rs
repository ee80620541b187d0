//! How moments, dates, time zones and step functions are read.

use std::collections::BTreeMap;

use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use toml::value::Datetime;

use super::calendar::{Moment, Start, Steps};
use super::context::ValueAt;
use super::key::{Reader, key};
use super::near::suggestion;
use super::node::Value;
use super::problem::Problem;
use super::section::Section;
use super::shape::ValueShape;
use super::source::{Located, Place};
use super::tables::entries;
use super::units::{self, shorten};
use super::values::{ReadName, duration, located};

/// A local date-time that its zone has exactly once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadDate;

impl Reader for ReadDate {
    type Value = civil::DateTime;

    fn shape(&self) -> ValueShape {
        ValueShape::Date
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<civil::DateTime> {
        match &value.node.value {
            Value::Date(date) => once(value, local(value, date)?),
            Value::Text(text) if looks_like_date(text) => unquoted(value, text),
            _ => {
                let help = "write a local date-time without quotes, such as `2026-11-10T18:00:00`";
                value.wrong_type("a local date-time", help)
            }
        }
    }
}

/// Whether a text begins as a date does.
pub(crate) fn looks_like_date(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && text.as_bytes().get(4) == Some(&b'-')
}

fn unquoted<T>(value: &ValueAt<'_>, text: &str) -> Option<T> {
    let text = shorten(text);
    let message = format!("the date `{text}` is a string");
    let shown = if text.len() == 10 { format!("{text}T00:00:00") } else { text.replace(' ', "T") };
    let help = format!("write it without quotes: `{}`", shown.trim_end_matches('Z'));
    value.refuse("invalid-date-time", message, help)
}

/// A TOML date-time as a local time.
fn local(value: &ValueAt<'_>, date: &Datetime) -> Option<civil::DateTime> {
    let refuse = |message: &str, help: &str| value.refuse("invalid-date-time", message, help);
    let (day, time) = match (date.date, date.time) {
        (Some(day), Some(time)) => (day, time),
        (Some(day), None) => {
            return refuse("the date has no time", &format!("write `{day}T00:00:00`"));
        }
        (None, Some(time)) => {
            let clock = format!("`\"{:02}:{:02}\"`", time.hour, time.minute);
            let help = format!("write clock times in quotes, such as {clock}");
            return refuse("the time is not in quotes", &help);
        }
        (None, None) => return refuse("this is no date-time", "write `2026-11-10T18:00:00`"),
    };
    if date.offset.is_some() {
        let plain = Datetime { offset: None, ..*date };
        let help = format!(
            "write the local time without offset, `{plain}`, and the zone in `run.timezone`"
        );
        return refuse("the date-time has an offset from UTC", &help);
    }
    let part = |part: u8| i8::try_from(part).unwrap_or(-1);
    let found = civil::DateTime::new(
        i16::try_from(day.year).unwrap_or(0),
        part(day.month),
        part(day.day),
        part(time.hour),
        part(time.minute),
        part(time.second.unwrap_or(0)),
        i32::try_from(time.nanosecond.unwrap_or(0)).unwrap_or(0),
    );
    let example = "for example `2026-11-10T18:00:00`";
    match found {
        Err(_) => refuse("the calendar has no such date-time", example),
        Ok(found) if !(1900..=2200).contains(&found.year()) => {
            refuse("the year is not between 1900 and 2200", example)
        }
        Ok(found) => Some(found),
    }
}

/// Reports a local time that the zone skips or has twice.
fn once(value: &ValueAt<'_>, date: civil::DateTime) -> Option<civil::DateTime> {
    let timezone = value.context.calendar().map_or(TimeZone::UTC, |it| it.timezone.clone());
    let zone = timezone.iana_name().unwrap_or("UTC");
    match timezone.to_ambiguous_timestamp(date).offset() {
        AmbiguousOffset::Unambiguous { .. } => Some(date),
        AmbiguousOffset::Gap { .. } => {
            let message = format!("clocks in `{zone}` skip `{date}`: they are put forward then");
            value.refuse("time-gap", message, "write a time an hour earlier or later")
        }
        AmbiguousOffset::Fold { .. } => {
            let message = format!("clocks in `{zone}` show `{date}` twice: they are put back then");
            let help = "write a time before or after that hour, or an offset from the start such \
                        as `\"2h\"`";
            value.refuse("time-fold", message, help)
        }
    }
}

/// Reads a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadMoment {
    midnight: bool,
}

/// An offset, a clock time or a local date-time.
pub(crate) const fn moment() -> ReadMoment {
    ReadMoment { midnight: false }
}

/// A moment, or `"24:00"`: the end of a day.
pub(crate) const fn moment_or_midnight() -> ReadMoment {
    ReadMoment { midnight: true }
}

impl Reader for ReadMoment {
    type Value = Moment;

    fn shape(&self) -> ValueShape {
        ValueShape::Moment { midnight: self.midnight }
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Moment> {
        match &value.node.value {
            Value::Text(text) if self.midnight && text.trim() == "24:00" => {
                Some(Moment::Clock(civil::Time::midnight()))
            }
            Value::Text(text) if looks_like_date(text) => unquoted(value, text),
            Value::Text(text) if units::looks_like_clock(text) => {
                let refuse = |error: units::UnitError| {
                    value.refuse::<()>("invalid-moment", error.message, error.help);
                };
                units::clock(text).map_err(refuse).ok().map(Moment::Clock)
            }
            Value::Text(_) | Value::Integer(_) | Value::Float(_) => {
                duration().read(value).map(Moment::Offset)
            }
            Value::Date(date) => {
                let date = once(value, local(value, date)?)?;
                if value.context.calendar()?.start == Start::Missing {
                    let message = "a date needs to know when the run starts";
                    let help = "write `run.start`, or an offset from the start such as `\"2h\"`";
                    return value.refuse("date-without-start", message, help);
                }
                Some(Moment::Local(date))
            }
            _ => {
                let help = "write an offset such as `\"2h\"`, a clock time such as `\"08:30\"`, or \
                            a local date-time such as `2026-11-10T18:00:00`";
                value.wrong_type("a moment", help)
            }
        }
    }
}

/// An IANA time zone of the bundled database.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadZone;

impl Reader for ReadZone {
    type Value = TimeZone;

    fn shape(&self) -> ValueShape {
        ValueShape::Name
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<TimeZone> {
        let name = ReadName.read(value)?;
        let database = TimeZoneDatabase::bundled();
        if let Ok(zone) = database.get(&name) {
            return Some(zone);
        }
        let known: Vec<String> = database.available().map(|name| name.to_string()).collect();
        // The city alone is what people remember.
        let city = |zone: &str| zone.rsplit('/').next().unwrap_or(zone).to_lowercase();
        let wanted = city(&name).replace(' ', "_");
        let list: Vec<&str> = known.iter().map(String::as_str).collect();
        let near = suggestion(&name, &list, "zones");
        let help = match list.iter().find(|zone| city(zone) == wanted) {
            Some(zone) => format!("did you mean `{zone}`?"),
            None if near.starts_with("did you mean") => near,
            None => "write an IANA name, such as `\"Asia/Shanghai\"` or `\"UTC\"`".to_owned(),
        };
        let message = format!("there is no time zone `{}`", shorten(&name));
        value.refuse("unknown-timezone", message, help)
    }
}

/// Reads a step function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadSteps<R> {
    each: R,
    key: &'static str,
    noun: &'static str,
    examples: (&'static str, &'static str),
}

/// One value, or a list of tables with `from` and the value under `key`; `noun` is what the value
/// is called, `examples` are those of a `from` and of a value.
pub(crate) const fn steps<R: Reader>(
    each: R,
    key: &'static str,
    noun: &'static str,
    examples: (&'static str, &'static str),
) -> ReadSteps<R> {
    ReadSteps { each, key, noun, examples }
}

impl<R: Reader> Reader for ReadSteps<R> {
    type Value = Steps<R::Value>;

    fn shape(&self) -> ValueShape {
        let Self { each, key, noun, examples } = *self;
        ValueShape::Steps { value: Box::new(each.shape()), key, noun, examples }
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Self::Value> {
        if !matches!(value.node.value, Value::List(_)) {
            return self.each.read(value).map(Steps::Constant);
        }
        let Self { each, key: name, examples, .. } = *self;
        let from = key("from", located(moment())).means("when it begins").example(examples.0);
        let step = key(name, each).means("the value until the next entry").example(examples.1);
        let names = [from.name, name];
        let read: Vec<_> = entries(value, 1)?
            .iter()
            .zip(0..)
            .map(|(item, at)| {
                Section::with_keys(&value.item(at, item), &names, |section| {
                    let (from, step) = (section.take(&from), section.take(&step));
                    Some((from?, step?))
                })
            })
            .collect();
        let moments: Vec<&Located<Moment>> = read.iter().flatten().map(|(from, _)| from).collect();
        let is_whole = moments.len() == read.len();
        let is_distinct = distinct(value, &moments);
        if (is_whole && !some_within(value, &moments)) || !is_distinct {
            return None;
        }
        let list = read.into_iter().map(|entry| entry.map(|(from, step)| (from.value, step)));
        list.collect::<Option<Vec<_>>>().map(Steps::List)
    }
}

/// Whether one of the moments comes before the run is over; reports when none does.
fn some_within(value: &ValueAt<'_>, moments: &[&Located<Moment>]) -> bool {
    let calendar = value.context.calendar();
    let (Some(calendar), [first, ..]) = (calendar, moments) else {
        return true;
    };
    let Some(duration) = calendar.duration else {
        return true;
    };
    if !moments.iter().all(|from| calendar.is_after_run(from.value)) {
        return true;
    }
    let message =
        format!("no entry begins within the run of `{duration}`: nothing would ever hold");
    let problem = Problem::new("steps-outside-run", &first.place, message);
    value.context.report(problem.help("write `from = \"0s\"` for what holds from the start"));
    false
}

/// Whether no two moments are the same; reports those that are.
fn distinct(value: &ValueAt<'_>, moments: &[&Located<Moment>]) -> bool {
    let calendar = value.context.calendar();
    let offset = |moment| calendar.as_ref().and_then(|calendar| calendar.offset(moment));
    let key = |moment: Moment| match moment {
        Moment::Clock(time) => Some((true, clock_micros(time))),
        other => offset(other).map(|offset| (false, offset)),
    };
    let mut seen: BTreeMap<(bool, i64), &Place> = BTreeMap::new();
    let mut is_distinct = true;
    for from in moments {
        if let Some(key) = key(from.value)
            && let Some(first) = seen.insert(key, &from.place)
        {
            is_distinct = false;
            let message = "two entries hold from the same moment";
            value.context.report(
                Problem::new("duplicate-moment", &from.place, message)
                    .related(first, "the other one")
                    .help("leave one of them out"),
            );
        }
    }
    is_distinct
}

/// Microseconds from midnight to a clock time.
pub(crate) fn clock_micros(time: civil::Time) -> i64 {
    i64::try_from(time.duration_since(civil::Time::midnight()).as_micros()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_strings_are_recognized() {
        assert!(looks_like_date("2026-11-10 18:00"));
        assert!(!looks_like_date("2026h") && !looks_like_date("20:26"));
    }
}
