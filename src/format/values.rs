//! Single values: each reader gives the checked value, or reports why there is none.

use crate::time::SimSpan;

use super::context::ValueAt;
use super::key::Reader;
use super::near::suggestion;
use super::node::Value;
use super::shape::{ShareLimits, SpanLimits, ValueShape};
use super::source;
use super::units::{self, UnitError, short, shorten};

/// Any string.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadText;

impl Reader for ReadText {
    type Value = String;

    fn shape(&self) -> ValueShape {
        ValueShape::Text
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<String> {
        match &value.node.value {
            Value::Text(text) => Some(text.clone()),
            _ => value.wrong_type("a string", "put it into quotes: `\"…\"`"),
        }
    }
}

/// A string with characters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadName;

impl Reader for ReadName {
    type Value = String;

    fn shape(&self) -> ValueShape {
        ValueShape::Name
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<String> {
        let text = ReadText.read(value)?;
        if text.trim().is_empty() {
            let help = "give it a name, or leave the key out";
            return value.refuse("empty-name", "a name has no characters", help);
        }
        Some(text)
    }
}

/// Reads what another reader reads, with its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadLocated<R>(R);

/// A value with its place.
pub(crate) const fn located<R: Reader>(reader: R) -> ReadLocated<R> {
    ReadLocated(reader)
}

impl<R: Reader> Reader for ReadLocated<R> {
    type Value = source::Located<R::Value>;

    fn shape(&self) -> ValueShape {
        self.0.shape()
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Self::Value> {
        let read = self.0.read(value)?;
        Some(source::Located { value: read, place: value.place().clone() })
    }
}

/// `true` or `false`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadFlag;

impl Reader for ReadFlag {
    type Value = bool;

    fn shape(&self) -> ValueShape {
        ValueShape::Flag
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<bool> {
        match value.node.value {
            Value::Boolean(flag) => Some(flag),
            _ => value.wrong_type("`true` or `false`", "write `true` or `false`, without quotes"),
        }
    }
}

/// Reads a duration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadSpan(SpanLimits);

/// A duration from 0.
pub(crate) const fn duration() -> ReadSpan {
    ReadSpan(SpanLimits { with_zero: true, most: SimSpan::LONGEST })
}

impl ReadSpan {
    /// More than 0.
    pub(crate) const fn positive(self) -> Self {
        Self(SpanLimits { with_zero: false, ..self.0 })
    }

    /// At most so long.
    pub(crate) const fn at_most(self, most: SimSpan) -> Self {
        Self(SpanLimits { most, ..self.0 })
    }
}

impl Reader for ReadSpan {
    type Value = SimSpan;

    fn shape(&self) -> ValueShape {
        ValueShape::Duration(self.0)
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<SimSpan> {
        let SpanLimits { with_zero, most } = self.0;
        let span = SimSpan::from_seconds(ReadSeconds(most).read(value)?);
        if span == SimSpan::ZERO && !with_zero {
            let help = "write a duration of more than 0, such as `\"15m\"`";
            return value.refuse("out-of-range", "the duration is 0", help);
        }
        Some(span)
    }
}

/// The seconds of a duration, at most this long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadSeconds(pub(crate) SimSpan);

impl Reader for ReadSeconds {
    type Value = f64;

    fn shape(&self) -> ValueShape {
        ValueShape::Duration(SpanLimits { with_zero: true, most: self.0 })
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<f64> {
        let seconds = match &value.node.value {
            Value::Text(text) => {
                units::duration(text).map_err(|error| refuse(value, "invalid-duration", error)).ok()
            }
            _ => bare(value, "a duration", ["90", "s", "m"]),
        }?;
        if seconds > self.0.as_seconds() {
            let most = self.0;
            let message = format!("the duration is over `{most}`");
            return value.refuse("out-of-range", message, format!("write at most `\"{most}\"`"));
        }
        Some(seconds)
    }
}

/// Reports a number where a quantity with a unit belongs; `usual` is a number and two units.
fn bare<T>(value: &ValueAt<'_>, wanted: &str, usual: [&str; 3]) -> Option<T> {
    let number = match &value.node.value {
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => short(*number),
        _ => return value.wrong_type(wanted, format!("{}, in quotes", value.help())),
    };
    let is_odd = number.starts_with('-') || number.contains('e') || number.len() > 20;
    let [example, one, other] = usual;
    let shown = if is_odd { example } else { &number };
    let help = format!("write it with a unit, such as `\"{shown}{one}\"` or `\"{shown}{other}\"`");
    value.refuse("bare-number", format!("`{}` has no unit of time", shorten(&number)), help)
}

/// Reports a unit error at a value.
fn refuse(value: &ValueAt<'_>, code: &'static str, error: UnitError) {
    value.refuse::<()>(code, error.message, error.help);
}

/// Reads a number per time as one per second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadRate;

impl Reader for ReadRate {
    type Value = f64;

    fn shape(&self) -> ValueShape {
        ValueShape::Rate
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<f64> {
        match &value.node.value {
            Value::Text(text) => {
                units::rate(text).map_err(|error| refuse(value, "invalid-rate", error)).ok()
            }
            _ => bare(value, "a rate", ["1200", "/h", "/min"]),
        }
    }
}

/// Reads a share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadShare(ShareLimits);

/// A share from 0 to 1.
pub(crate) const fn share() -> ReadShare {
    ReadShare(ShareLimits { least: 0.0, with_least: true, with_one: true })
}

impl ReadShare {
    /// Less than 1.
    pub(crate) const fn below_one(self) -> Self {
        Self(ShareLimits { with_one: false, ..self.0 })
    }

    /// At least this.
    pub(crate) const fn from(self, least: f64) -> Self {
        Self(ShareLimits { least, ..self.0 })
    }

    /// More than the least.
    pub(crate) const fn above(self) -> Self {
        Self(ShareLimits { with_least: false, ..self.0 })
    }
}

impl Reader for ReadShare {
    type Value = f64;

    fn shape(&self) -> ValueShape {
        ValueShape::Share(self.0)
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<f64> {
        let share = match (&value.node.value, value.node.number()) {
            (Value::Text(text), _) => units::share(text),
            (_, Some(number)) if (0.0..=1.0).contains(&number) => Ok(number),
            (_, Some(number)) => Err(units::share_over_one(number)),
            _ => return value.wrong_type("a share", "write `0.85` or `\"85%\"`"),
        };
        let share = share.map_err(|error| refuse(value, "invalid-share", error)).ok()?;
        let limits = self.0;
        let enough = if limits.with_least { share >= limits.least } else { share > limits.least };
        if enough && (limits.with_one || share < 1.0) {
            return Some(share);
        }
        let message = format!("this share must be {limits}");
        value.refuse("out-of-range", message, format!("{}: {limits}", value.help()))
    }
}

/// Reads a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadNumber {
    least: f64,
    most: f64,
    help: &'static str,
}

/// A number from 0.
pub(crate) const fn number() -> ReadNumber {
    ReadNumber { least: 0.0, most: f64::MAX, help: "" }
}

/// A number from `least` to `most`; `help` says what to write instead of others.
pub(crate) const fn number_between(least: f64, most: f64, help: &'static str) -> ReadNumber {
    ReadNumber { least, most, help }
}

impl Reader for ReadNumber {
    type Value = f64;

    fn shape(&self) -> ValueShape {
        ValueShape::Number(self.least, self.most)
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<f64> {
        let Some(number) = value.node.number() else {
            let help = match &value.node.value {
                Value::Text(text) if text.trim().parse::<f64>().is_ok_and(f64::is_finite) => {
                    format!("write it without quotes: `{}`", shorten(text.trim()))
                }
                _ => value.help(),
            };
            return value.wrong_type("a number", help);
        };
        if (self.least..=self.most).contains(&number) {
            return Some(number);
        }
        let (shown, most) = (short(number), short_limit(self.most));
        let message = match number {
            ..0.0 => format!("`{shown}` is negative"),
            _ if self.least == 0.0 => format!("`{shown}` is over {most}"),
            _ => format!("`{shown}` is not between {} and {most}", short(self.least)),
        };
        let help = if self.help.is_empty() { "write 0 or more" } else { self.help };
        value.refuse("out-of-range", message, help)
    }
}

/// A limit as people write it.
pub(crate) fn short_limit(limit: f64) -> String {
    if limit >= 1e6 { format!("{limit:e}") } else { short(limit) }
}

/// Reads a whole number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadWhole(u64, u64);

/// A whole number from `least` to `most`.
pub(crate) const fn whole(least: u64, most: u64) -> ReadWhole {
    ReadWhole(least, most)
}

impl Reader for ReadWhole {
    type Value = u64;

    fn shape(&self) -> ValueShape {
        ValueShape::Whole(self.0, self.1)
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<u64> {
        let Self(least, most) = *self;
        let advice = format!("write a whole number from {least} to {most}");
        let Value::Integer(number) = value.node.value else {
            let whole = value.node.number();
            let whole = whole.filter(|it| it.fract() == 0.0 && (0.0..1e15).contains(it));
            let help = whole.map_or(advice, |whole| format!("write `{whole:.0}`"));
            return value.wrong_type("a whole number", help);
        };
        match u64::try_from(number) {
            Ok(number) if (least..=most).contains(&number) => Some(number),
            _ => {
                let message = format!("`{number}` is not between {least} and {most}");
                value.refuse("out-of-range", message, advice)
            }
        }
    }
}

/// Reads a whole number of 32 bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadCount(u32, u32);

/// A whole number from `least` to `most`.
pub(crate) const fn count(least: u32, most: u32) -> ReadCount {
    ReadCount(least, most)
}

impl Reader for ReadCount {
    type Value = u32;

    fn shape(&self) -> ValueShape {
        ValueShape::Whole(self.0.into(), self.1.into())
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<u32> {
        let number = whole(self.0.into(), self.1.into()).read(value)?;
        u32::try_from(number).ok()
    }
}

/// Reads one of some words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadChoice<T: 'static>(&'static [(&'static str, T)]);

/// One of these words.
pub(crate) const fn choice<T: Copy>(choices: &'static [(&'static str, T)]) -> ReadChoice<T> {
    ReadChoice(choices)
}

impl<T: Copy + Sync> Reader for ReadChoice<T> {
    type Value = T;

    fn shape(&self) -> ValueShape {
        ValueShape::Choice(self.0.iter().map(|(name, _)| *name).collect())
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<T> {
        let known: Vec<&str> = self.0.iter().map(|(name, _)| *name).collect();
        let Value::Text(text) = &value.node.value else {
            let help = format!("write one of: `\"{}\"`", known.join("\"`, `\""));
            return value.wrong_type("a choice", help);
        };
        if let Some((_, chosen)) = self.0.iter().find(|(name, _)| name == text) {
            return Some(*chosen);
        }
        let message = format!("`{}` is not a choice here", shorten(text));
        value.refuse("invalid-choice", message, suggestion(text, &known, "choices"))
    }
}
