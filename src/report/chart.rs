//! Pictures of one figure over one or two varied values, in the characters of a terminal.
//!
//! [`curve`] draws one figure over one value, with its intervals; [`heat_map`] over two. With a
//! [`Limit`] both tell where the figure keeps to it, and where the interval leaves that open.

use std::io::{self, Write};

use super::glyphs::{harmless, wrap};
use super::{Style, format};
use crate::metrics::definition::Unit;
use crate::stats::Estimate;

mod curve;
mod heat;

pub use curve::curve;
pub use heat::heat_map;

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Path of the figure.
    pub name: &'a str,
    /// What its numbers mean.
    pub unit: Unit,
    /// What it is to keep to, if anything.
    pub limit: Option<Limit>,
}

/// What a figure is to keep to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// Not more than this.
    AtMost(f64),
    /// Not less than this.
    AtLeast(f64),
}

/// A varied value, and the values that it takes.
#[derive(Clone, Copy, Debug)]
pub struct Axis<'a> {
    /// Its path.
    pub name: &'a str,
    /// Its values in order.
    pub values: &'a [String],
}

/// Whether a figure keeps to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// The whole interval does.
    Yes,
    /// The whole interval does not.
    No,
    /// The interval straddles the limit, or nothing is known.
    Open,
}

impl Limit {
    fn value(self) -> f64 {
        match self {
            Self::AtMost(value) | Self::AtLeast(value) => value,
        }
    }

    fn keeps(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }

    fn is_kept(self, estimate: &Estimate) -> Kept {
        let ends = [estimate.low, estimate.high].map(|end| end.or(estimate.value));
        match ends.map(|end| end.map(|end| self.keeps(end))) {
            [Some(true), Some(true)] => Kept::Yes,
            [Some(false), Some(false)] => Kept::No,
            _ => Kept::Open,
        }
    }

    /// `at most 15s`.
    fn words(self, unit: Unit) -> String {
        let value = exact(self.value(), unit);
        match self {
            Self::AtMost(_) => format!("at most {value}"),
            Self::AtLeast(_) => format!("at least {value}"),
        }
    }
}

/// Signs for what is kept, what is left open, and what is not kept.
fn sign(kept: Kept, style: &Style) -> char {
    let is_plain = style.charset == super::Charset::Ascii;
    match kept {
        Kept::Yes if is_plain => '*',
        Kept::Yes => '●',
        Kept::Open => '?',
        Kept::No if is_plain => '.',
        Kept::No => '·',
    }
}

/// What the signs mean.
fn legend(limit: Limit, unit: Unit, style: &Style) -> String {
    let sign = |kept| sign(kept, style);
    format!(
        "{} {}   {} not   {} the interval straddles it",
        sign(Kept::Yes),
        limit.words(unit),
        sign(Kept::No),
        sign(Kept::Open)
    )
}

/// From which value on a figure keeps to its limit, in words: `180`, `up to 40`, `all`, `none`.
/// Where the interval leaves it open, it is not kept.
fn reach(values: &[String], estimates: &[Estimate], limit: Limit) -> String {
    let kept: Vec<bool> =
        estimates.iter().map(|estimate| limit.is_kept(estimate) == Kept::Yes).collect();
    let first = kept.iter().position(|kept| *kept);
    let last = kept.iter().rposition(|kept| *kept);
    let (Some(first), Some(last)) = (first, last) else {
        return "none".to_owned();
    };
    let is_one_piece = kept[first..=last].iter().all(|kept| *kept);
    match (first, last + 1 == kept.len()) {
        (0, true) if is_one_piece => "all".to_owned(),
        (_, true) if is_one_piece => format!("from {}", values[first]),
        (0, _) if is_one_piece => format!("up to {}", values[last]),
        _ => {
            let pairs = values.iter().zip(&kept).filter(|(_, kept)| **kept);
            let values: Vec<&str> = pairs.map(|(value, _)| value.as_str()).collect();
            values.join(" ")
        }
    }
}

/// A number that stands alone.
fn exact(value: f64, unit: Unit) -> String {
    format::plain(Some(value), plain_unit(unit)).unwrap_or_default()
}

fn plain_unit(unit: Unit) -> format::Unit {
    match unit {
        Unit::Share => format::Unit::Share,
        Unit::Seconds => format::Unit::Seconds,
        Unit::Hours => format::Unit::Hours,
        Unit::Count | Unit::Money => format::Unit::Count,
    }
}

/// Writes wrapped text.
fn paragraph(text: &str, style: &Style, out: &mut impl Write) -> io::Result<()> {
    let text = style.charset.spell(&harmless(text));
    for line in wrap(&text, columns(style), style.charset) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Columns of a line.
fn columns(style: &Style) -> usize {
    style.width.clamp(72, 120)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Charset;
    use crate::report::glyphs::width;

    fn numbers(count: u32) -> Vec<String> {
        (0..count).map(|at| (80 + 10 * at).to_string()).collect()
    }

    fn waits(count: u32) -> Vec<Estimate> {
        let wait = |at: u32| 300.0 * 0.6f64.powi(i32::try_from(at).unwrap());
        let estimate = |at| Estimate::around(wait(at), 0.1 * wait(at));
        (0..count).map(estimate).collect()
    }

    fn subject(limit: Option<Limit>) -> Subject<'static> {
        Subject { name: "wait.p95", unit: Unit::Seconds, limit }
    }

    fn drawn(
        draw: impl FnOnce(&Style, &mut Vec<u8>) -> io::Result<()>,
        charset: Charset,
    ) -> String {
        let style = Style { charset, ..Style::default() };
        let mut out = Vec::new();
        draw(&style, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        for line in text.lines() {
            assert!(width(line) <= 80, "{line}");
            assert!(charset == Charset::Unicode || line.is_ascii(), "{line}");
        }
        text
    }

    #[test]
    fn a_curve_falls_and_tells_from_where_on_it_keeps_to_its_limit() {
        for charset in [Charset::Unicode, Charset::Ascii] {
            let (values, estimates) = (numbers(8), waits(8));
            let axis = Axis { name: "groups.team.staff", values: &values };
            let subject = subject(Some(Limit::AtMost(25.0)));
            let text = drawn(|style, out| curve(&subject, &axis, &estimates, style, out), charset);
            let signs: &[char] = match charset {
                Charset::Unicode => &['·', '?', '●'],
                Charset::Ascii => &['.', '?', '*'],
            };
            let columns: Vec<usize> = text
                .lines()
                .skip(1)
                .take(13)
                .filter_map(|line| line.chars().position(|c| signs.contains(&c)))
                .collect();
            assert!(columns.len() >= 6 && columns.is_sorted(), "{text}");
            assert!(text.contains("at most 25s: from 140"), "{text}");
            assert!(text.contains(" 80 ") && text.contains("150"), "{text}");
        }
    }

    #[test]
    fn a_map_shows_every_point_and_the_line_of_its_limit() {
        for (charset, count) in
            [(Charset::Unicode, 13), (Charset::Ascii, 13), (Charset::Unicode, 40)]
        {
            let (down, across) = (["50%", "60%"].map(String::from), numbers(count));
            let estimates = [waits(count), waits(count)].concat();
            let down = Axis { name: "contacts.order.bot.deflection", values: &down };
            let across = Axis { name: "groups.team.staff", values: &across };
            let subject = subject(Some(Limit::AtMost(25.0)));
            let text = drawn(
                |style, out| heat_map(&subject, (&down, &across), &estimates, style, out),
                charset,
            );
            assert!(text.contains("60%: from 140"), "{text}");
            let row = text.lines().find(|line| line.contains(" 50% ")).unwrap();
            let sign = if charset == Charset::Ascii { '*' } else { '●' };
            let kept = usize::try_from(count).unwrap() - 6;
            assert_eq!(row.chars().filter(|c| *c == sign).count(), kept, "{text}");
        }
    }

    #[test]
    fn without_a_limit_a_map_is_shaded() {
        let (down, across) = (["1".to_owned(), "2".to_owned()], numbers(30));
        let estimates = [waits(30), vec![Estimate::UNKNOWN; 30]].concat();
        let (down, across) =
            (Axis { name: "a", values: &down }, Axis { name: "b", values: &across });
        for (charset, darkest) in [(Charset::Unicode, '█'), (Charset::Ascii, '#')] {
            let text = drawn(
                |style, out| heat_map(&subject(None), (&down, &across), &estimates, style, out),
                charset,
            );
            let row = text.lines().find(|line| line.contains(darkest)).unwrap();
            assert!(row.trim_start().starts_with('1'), "{text}");
        }
    }

    #[test]
    fn what_is_kept_is_told_in_words() {
        let values = numbers(4);
        let told = |kept: [f64; 4]| {
            let estimates = kept.map(|value| Estimate::around(value, 0.1));
            reach(&values, &estimates, Limit::AtMost(5.0))
        };
        assert_eq!(told([9.0, 9.0, 1.0, 1.0]), "from 100");
        assert_eq!(told([1.0, 9.0, 9.0, 9.0]), "up to 80");
        assert_eq!(told([1.0; 4]), "all");
        assert_eq!(told([9.0; 4]), "none");
        assert_eq!(told([9.0, 1.0, 5.05, 1.0]), "90 110");
        let estimates = [Estimate::UNKNOWN; 4];
        assert_eq!(reach(&values, &estimates, Limit::AtLeast(5.0)), "none");
    }
}
