//! Durations, rates, shares and clock times as people write them: one parser each, used wherever
//! the format has one.

use jiff::civil;

/// Why a text is not the quantity, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl UnitError {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// Units of a duration, in seconds, from large to small.
const UNITS: &[(&str, f64)] = &[
    ("w", 604_800.0),
    ("d", 86_400.0),
    ("h", 3600.0),
    ("min", 60.0),
    ("m", 60.0),
    ("s", 1.0),
    ("ms", 0.001),
];

/// Units of time in a rate, in seconds.
const PER: &[(&str, f64)] = &[("s", 1.0), ("min", 60.0), ("h", 3600.0), ("d", 86_400.0)];

/// The seconds of `"15s"`, `"2m30s"`, `"1h 30m"`, `"250ms"`, `"1.5h"`, `"1d"`, `"2w"`: numbers with
/// units, large units first. The result is finite and not negative.
///
/// # Errors
/// When the text is anything else; the error tells what to write.
pub fn duration(text: &str) -> Result<f64, UnitError> {
    let wrong = |why: &str, help: &str| {
        Err(UnitError::new(format!("`{}` is not a duration: {why}", shorten(text)), help))
    };
    let usual = "write a number and a unit, such as `\"90s\"`, `\"2m30s\"`, `\"1.5h\"` or `\"7d\"`";
    let mut rest = text.trim();
    if rest.is_empty() {
        return wrong("it is empty", usual);
    }
    if rest.starts_with('-') {
        return wrong("it is negative", "durations are 0 or more, such as `\"90s\"`");
    }
    let (mut total, mut smallest) = (0.0, f64::INFINITY);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let Some(number) = decimal(number) else {
            return wrong("a number is missing or malformed", usual);
        };
        if unit.is_empty() && after.is_empty() {
            let help = format!("write a unit too, such as `\"{}s\"`", shorten(text.trim()));
            return wrong("a unit is missing", &help);
        }
        if matches!(unit, "M" | "mo" | "month" | "months" | "y" | "year" | "years") {
            return wrong("months and years differ in length", "write days, such as `\"30d\"`");
        }
        let Some((_, seconds)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            let why = format!("`{}` is not a unit", shorten(unit));
            return wrong(&why, "units are `ms`, `s`, `m`, `h`, `d` and `w`, such as `\"2m30s\"`");
        };
        if *seconds >= smallest {
            return wrong("units go from large to small, each once", usual);
        }
        smallest = *seconds;
        total += number * seconds;
        rest = after.trim_start();
    }
    if f64::is_finite(total) { Ok(total) } else { wrong("it is too long", usual) }
}

/// Contacts per second of `"1200/h"`, `"20/min"`, `"3/s"`, `"900/d"`: finite, not negative.
///
/// # Errors
/// When the text is anything else; the error tells what to write.
pub fn rate(text: &str) -> Result<f64, UnitError> {
    let wrong = |why: &str, help: &str| {
        Err(UnitError::new(format!("`{}` is not a rate: {why}", shorten(text)), help))
    };
    let usual = "write a number per unit of time, such as `\"1200/h\"`, `\"20/min\"` or `\"3/s\"`";
    let Some((number, unit)) = text.split_once('/') else {
        if decimal(text.trim()).is_some() {
            let help = format!("write per what, such as `\"{}/h\"`", shorten(text.trim()));
            return wrong("the unit of time is missing", &help);
        }
        return wrong("it has no `/`", usual);
    };
    let (number, unit) = (number.trim(), unit.trim());
    if number.starts_with('-') {
        return wrong("it is negative", "rates are 0 or more, such as `\"1200/h\"`");
    }
    let Some(value) = decimal(number) else {
        return wrong("it has no number before the `/`", usual);
    };
    if let Some((_, seconds)) = PER.iter().find(|(name, _)| *name == unit) {
        return Ok(value / seconds);
    }
    let meant = match unit {
        "m" | "M" | "mins" | "minute" | "minutes" => Some("min"),
        "hr" | "hour" | "hours" | "H" => Some("h"),
        "sec" | "second" | "seconds" | "S" => Some("s"),
        "day" | "days" | "D" => Some("d"),
        _ => None,
    };
    let why = format!("`{}` is not a unit of time of rates", shorten(unit));
    match meant {
        Some(unit) => wrong(&why, &format!("write `\"{}/{unit}\"`", shorten(number))),
        None => wrong(&why, usual),
    }
}

/// The share that `"85%"` or `"0.85"` means, from 0 to 1.
///
/// # Errors
/// When the text is anything else; the error tells what to write.
pub fn share(text: &str) -> Result<f64, UnitError> {
    let trimmed = text.trim();
    let usual = "write a number from 0 to 1, such as `0.85`, or a percentage, such as `\"85%\"`";
    let value = match trimmed.strip_suffix('%') {
        Some(percent) => decimal(percent.trim_end()).map(|percent| percent / 100.0),
        None => decimal(trimmed),
    };
    match value {
        Some(value) if value <= 1.0 => Ok(value),
        Some(value) if !trimmed.ends_with('%') => Err(share_over_one(value)),
        _ => Err(UnitError::new(format!("`{}` is not a share from 0 to 1", shorten(text)), usual)),
    }
}

/// What to say about a plain number that is no share.
pub fn share_over_one(value: f64) -> UnitError {
    let help = if value > 1.0 && value < 2.0 {
        "a share is from 0 to 1: write a number such as `0.85`".to_owned()
    } else if value > 1.0 && value <= 100.0 {
        format!("write `\"{}%\"` or `{}`", rounded(value), rounded(value / 100.0))
    } else {
        "write a number from 0 to 1, such as `0.85`, or a percentage, such as `\"85%\"`".to_owned()
    };
    UnitError::new(format!("`{}` is not a share from 0 to 1", short(value)), help)
}

/// The time of day of `"08:30"` or `"08:30:15"`.
///
/// # Errors
/// When the text is anything else; the error tells what to write.
pub fn clock(text: &str) -> Result<civil::Time, UnitError> {
    let usual = "write hours and minutes from `\"00:00\"` to `\"23:59\"`, such as `\"08:30\"`";
    let wrong = || UnitError::new(format!("`{}` is not a clock time", shorten(text)), usual);
    let mut numbers = [0_i8; 3];
    let parts: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return Err(wrong());
    }
    for (number, part) in numbers.iter_mut().zip(&parts) {
        if !(1..=2).contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        *number = part.parse().map_err(|_| wrong())?;
    }
    civil::Time::new(numbers[0], numbers[1], numbers[2], 0).map_err(|_| {
        if numbers == [24, 0, 0] {
            UnitError::new("`24:00` is not a clock time", "write `\"00:00\"`")
        } else {
            wrong()
        }
    })
}

/// Whether a text is meant as a clock time.
pub(crate) fn looks_like_clock(text: &str) -> bool {
    text.contains(':')
}

/// A decimal number without sign.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    if plain && digits { text.parse().ok().filter(|value: &f64| value.is_finite()) } else { None }
}

/// A number as messages show it: exact, with an exponent where it would have many zeros.
pub(crate) fn short(value: f64) -> String {
    if value == 0.0 || (1e-6..1e15).contains(&value.abs()) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// A number as suggestions show it: at most six significant digits.
pub(crate) fn rounded(value: f64) -> String {
    short(format!("{value:.5e}").parse().unwrap_or(value))
}

/// A text that fits into a message.
pub(crate) fn shorten(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match plain.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &plain[..at]),
        None => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_numbers_with_units() {
        for (text, seconds) in [
            ("15s", 15.0),
            ("2m30s", 150.0),
            ("1h", 3600.0),
            ("1h 30m", 5400.0),
            ("250ms", 0.25),
            ("1.5h", 5400.0),
            ("1d", 86_400.0),
            ("2w", 1_209_600.0),
            ("0s", 0.0),
            ("5min", 300.0),
        ] {
            assert_eq!(duration(text), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn other_durations_are_refused_with_help() {
        for (text, part) in [
            ("", "empty"),
            ("90", "unit is missing"),
            ("1h30", "unit is missing"),
            ("-5s", "negative"),
            ("3M", "months"),
            ("1y", "months"),
            ("5 parsecs", "parsecs"),
            ("s", "number is missing"),
            ("1..5h", "malformed"),
            ("30s1h", "large to small"),
            ("inf s", "number is missing"),
            ("1e3s", "`e`"),
        ] {
            let error = duration(text).unwrap_err();
            assert!(error.message.contains(part), "{text}: {}", error.message);
        }
        assert!(duration(&format!("{}d", "9".repeat(400))).is_err());
        assert!(duration("90").unwrap_err().help.contains("\"90s\""));
    }

    #[test]
    fn rates_are_numbers_per_time() {
        for (text, per_second) in
            [("1200/h", 1.0 / 3.0), ("30/min", 0.5), ("3/s", 3.0), ("0/h", 0.0)]
        {
            assert_eq!(rate(text), Ok(per_second), "{text}");
        }
        assert!((rate("86400/d").unwrap() - 1.0).abs() < 1e-12);
        for (text, part) in [
            ("20/m", "`\"20/min\"`"),
            ("20", "`\"20/h\"`"),
            ("-3/s", "0 or more"),
            ("x/h", "1200/h"),
            ("/h", "1200/h"),
            ("5/fortnight", "1200/h"),
        ] {
            let error = rate(text).unwrap_err();
            assert!(error.help.contains(part), "{text}: {}", error.help);
        }
    }

    #[test]
    fn shares_are_percentages_or_at_most_one() {
        assert_eq!(share("85%"), Ok(0.85));
        assert_eq!(share("0.85"), Ok(0.85));
        assert_eq!(share("100%"), Ok(1.0));
        assert!(share("85").unwrap_err().help.contains("\"85%\""));
        for text in ["101%", "-1%", "", "%", "half", "NaN"] {
            assert!(share(text).is_err(), "{text}");
        }
    }

    #[test]
    fn suggested_shares_are_short_and_near_what_was_meant() {
        assert_eq!(
            share_over_one(85.0).help,
            "write `\"85%\"` or `0.85`",
            "a percentage without its sign"
        );
        assert_eq!(share_over_one(2.9).help, "write `\"2.9%\"` or `0.029`");
        let third = share_over_one(100.0 / 3.0).help;
        assert_eq!(third, "write `\"33.3333%\"` or `0.333333`");
        assert!(share_over_one(1.4).help.starts_with("a share is from 0 to 1"));
        assert!(share("1.4").unwrap_err().help.starts_with("a share is"));
    }

    #[test]
    fn numbers_in_messages_have_no_rows_of_zeros() {
        for (value, shown) in [
            (0.0, "0"),
            (-2.5, "-2.5"),
            (1e14, "100000000000000"),
            (1e300, "1e300"),
            (-1e300, "-1e300"),
            (1e-300, "1e-300"),
        ] {
            assert_eq!(short(value), shown);
        }
    }

    #[test]
    fn clock_times_have_two_or_three_parts() {
        assert_eq!(clock("08:30"), Ok(civil::time(8, 30, 0, 0)));
        assert_eq!(clock("8:30:15"), Ok(civil::time(8, 30, 15, 0)));
        for text in ["24:00", "08:60", "8", "8:3:1:2", "-1:00", "08:+3", "aa:bb", "٠8:00"] {
            assert!(clock(text).is_err(), "{text}");
        }
    }
}
