//! The values that `--vary PATH=VALUES` stands for: `10,20,40`, `80..200:10`, `50%..95%:5%`,
//! `30s..2m:30s`, `1000/h..3000/h:500/h`.
//!
//! Ranges are counted in whole steps of decimal numbers, so that `0.1..0.3:0.1` ends at `0.3`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::format::units;

use super::MOST_POINTS;

/// The values of a list, whose entries may be ranges: `from..to:step`. The end of a range belongs
/// to it where a step leads there. Commas within quotes or brackets separate nothing.
///
/// # Errors
/// What is wrong with the text, and what to write.
pub fn values(text: &str) -> Result<Vec<String>, String> {
    let mut values = Vec::new();
    for entry in entries(text)? {
        match range(&entry)? {
            Some(range) => values.extend(range),
            None => values.push(entry),
        }
        if values.len() > MOST_POINTS {
            return Err(too_many());
        }
    }
    let mut seen = BTreeSet::new();
    if let Some(value) = values.iter().find(|value| !seen.insert(value.as_str())) {
        return Err(format!("`{value}` is there twice"));
    }
    Ok(values)
}

fn too_many() -> String {
    format!("there are more than {MOST_POINTS} values")
}

/// The text between commas outside quotes and brackets.
fn entries(text: &str) -> Result<Vec<String>, String> {
    let mut list = vec![String::new()];
    let (mut quote, mut depth) = (None, 0_usize);
    for c in text.chars() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                list.push(String::new());
                continue;
            }
            _ => {}
        }
        list.iter_mut().last().expect("it begins with one").push(c);
    }
    let list: Vec<String> = list.iter().map(|entry| entry.trim().to_owned()).collect();
    if list.iter().any(String::is_empty) {
        return Err("a value is missing".to_owned());
    }
    Ok(list)
}

/// The values of `from..to:step`; `None`: the text is no range.
fn range(text: &str) -> Result<Option<Vec<String>>, String> {
    let Some((from, rest)) = text.split_once("..") else {
        return Ok(None);
    };
    let Some(from) = Decimal::read(from) else {
        return Ok(None);
    };
    let example = "write from..to:step, such as 80..200:10 or 50%..95%:5%";
    let Some((to, step)) = rest.split_once(':') else {
        return Err(format!("`{text}` has no step; {example}"));
    };
    let read = |part: &str| {
        let read = Decimal::read(part).filter(|read| read.unit == from.unit);
        read.ok_or_else(|| {
            let part = part.trim();
            format!("`{part}` in `{text}` is not {}; {example}", from.unit.name())
        })
    };
    let (to, step) = (read(to)?, read(step)?);
    let digits = from.digits.max(to.digits).max(step.digits);
    let scaled = [&from, &to, &step].map(|quantity| quantity.at(digits));
    let [Some(from_at), Some(to_at), Some(step_at)] = scaled else {
        return Err(format!("the numbers of `{text}` are too long"));
    };
    let way = to_at - from_at;
    if step_at == 0 || (way != 0 && way.signum() != step_at.signum()) {
        return Err(format!("the step of `{text}` does not lead to its end"));
    }
    let count = usize::try_from(way / step_at).ok();
    let Some(count) = count.filter(|count| *count < MOST_POINTS) else {
        return Err(too_many());
    };
    let steps = std::iter::successors(Some(from_at), |at| Some(at + step_at)).take(count + 1);
    Ok(Some(steps.map(|at| from.unit.write(at, digits)).collect()))
}

/// What a number counts.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Unit {
    Plain,
    Percent,
    /// Microseconds.
    Duration,
    /// Per `s`, `min`, `h` or `d`.
    Rate(String),
}

impl Unit {
    fn name(&self) -> String {
        match self {
            Self::Plain => "a plain number".to_owned(),
            Self::Percent => "a percentage".to_owned(),
            Self::Duration => "a duration".to_owned(),
            Self::Rate(per) => format!("a number per {per}"),
        }
    }

    /// A number with so many digits after the point, as it is written in a scenario.
    fn write(&self, number: i128, digits: u32) -> String {
        match self {
            Self::Plain => decimal(number, digits),
            Self::Percent => format!("{}%", decimal(number, digits)),
            Self::Duration => duration(number),
            Self::Rate(per) => format!("{}/{per}", decimal(number, digits)),
        }
    }
}

/// A decimal number with a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Decimal {
    /// The number times ten to the power of `digits`.
    number: i128,
    digits: u32,
    unit: Unit,
}

impl Decimal {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(percent) = text.strip_suffix('%') {
            return Self::parse(percent.trim_end(), Unit::Percent);
        }
        if let Some((number, per)) = text.split_once('/') {
            units::rate(text.trim_start_matches('-')).ok()?;
            return Self::parse(number.trim(), Unit::Rate(per.trim().to_owned()));
        }
        if let Some(plain) = Self::parse(text, Unit::Plain) {
            return Some(plain);
        }
        let seconds = units::duration(text.trim_start_matches('-')).ok()?;
        let micros = (seconds * 1e6).round();
        if micros > 1e18 {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "it is a whole number below 1e18")]
        let micros = micros as i128;
        Some(Self {
            number: if text.starts_with('-') { -micros } else { micros },
            digits: 0,
            unit: Unit::Duration,
        })
    }

    /// Digits, perhaps with a sign and a point.
    fn parse(text: &str, unit: Unit) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || part.len() > 12 || whole.len() > 18 {
            return None;
        }
        if !is_number(whole) || !is_number(part) || unsigned.ends_with('.') {
            return None;
        }
        let number: i128 = format!("{whole}{part}").parse().ok()?;
        Some(Self {
            number: if text.starts_with('-') { -number } else { number },
            digits: u32::try_from(part.len()).ok()?,
            unit,
        })
    }

    /// The number with more digits after the point.
    fn at(&self, digits: u32) -> Option<i128> {
        self.number.checked_mul(10_i128.checked_pow(digits - self.digits)?)
    }
}

fn decimal(number: i128, digits: u32) -> String {
    let (sign, number) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
    let unit = 10_u128.pow(digits);
    let (whole, part) = (number / unit, number % unit);
    if digits == 0 {
        return format!("{sign}{whole}");
    }
    let width = digits as usize;
    let part = format!("{part:0width$}");
    let part = part.trim_end_matches('0');
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// Microseconds as `1h30m`, `90s` as `1m30s`, `1.5ms`.
fn duration(micros: i128) -> String {
    let (sign, mut rest) = (if micros < 0 { "-" } else { "" }, micros.abs());
    let mut text = sign.to_owned();
    for (length, unit) in [(3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s")] {
        if rest >= length {
            let _ = write!(text, "{}{unit}", rest / length);
            rest %= length;
        }
    }
    if rest > 0 {
        let _ = write!(text, "{}ms", decimal(rest, 3));
    } else if micros == 0 {
        text.push_str("0s");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(text: &str) -> String {
        values(text).unwrap().join(" ")
    }

    #[test]
    fn lists_are_split_at_commas_outside_quotes_and_brackets() {
        assert_eq!(listed("10, 20,40"), "10 20 40");
        assert_eq!(listed("fcfs,priority"), "fcfs priority");
        let laws = "{ fixed = { value = '1m' } },{ gamma = { mean = '1m', cv = 1 } }";
        assert_eq!(values(laws).unwrap().len(), 2);
        assert_eq!(values("\"a,b\",[1,2]").unwrap(), ["\"a,b\"", "[1,2]"]);
    }

    #[test]
    fn ranges_keep_their_units_and_end_where_a_step_leads() {
        for (text, expected) in [
            ("80..200:40", "80 120 160 200"),
            ("80..199:40", "80 120 160"),
            ("0.1..0.3:0.1", "0.1 0.2 0.3"),
            ("0.85..1:0.05", "0.85 0.9 0.95 1"),
            ("50%..60%:5%", "50% 55% 60%"),
            ("30s..2m:30s", "30s 1m 1m30s 2m"),
            ("1h..2h:30m", "1h 1h30m 2h"),
            ("0s..500ms:250ms", "0s 250ms 500ms"),
            ("1000/h..2000/h:500/h", "1000/h 1500/h 2000/h"),
            ("3..1:-1", "3 2 1"),
            ("5..5:1", "5"),
            ("1,5..7:1,20", "1 5 6 7 20"),
            ("../a.csv,a..b", "../a.csv a..b"),
        ] {
            assert_eq!(listed(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused_with_advice() {
        for (text, piece) in [
            ("80..200", "no step"),
            ("80..200:0", "does not lead"),
            ("80..200:-10", "does not lead"),
            ("50%..95%:5", "is not a percentage"),
            ("50..95%:5%", "is not a plain number"),
            ("1h..90/min:1h", "is not a duration"),
            ("3/s..900/min:1/s", "is not a number per s"),
            ("1..1000000:1", "more than 100000"),
            ("1,,2", "missing"),
            ("", "missing"),
            ("1,2,1", "twice"),
        ] {
            let error = values(text).unwrap_err();
            assert!(error.contains(piece), "{text}: {error}");
        }
    }
}
