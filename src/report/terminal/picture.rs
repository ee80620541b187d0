//! Pictures of one figure over one or two varied values, in characters.

use std::io::{self, Write};

use super::{Lines, PLAIN};
use crate::report::block::Picture;
use crate::report::glyphs::{harmless, width};

mod curve;
mod heat;

impl<W: Write> Lines<'_, W> {
    pub(super) fn picture(&mut self, picture: &Picture) -> io::Result<()> {
        self.paragraph(PLAIN, "", &picture.title())?;
        if picture.estimates.iter().all(|estimate| estimate.value.is_none()) {
            return self.paragraph(PLAIN, "", "Nothing is known at any point.");
        }
        match picture.scales.as_slice() {
            [_] => self.curve(picture)?,
            _ => self.map(picture)?,
        }
        if let Some(bound) = picture.limit {
            self.line(PLAIN, &bound.legend(picture.unit))?;
        }
        match picture.reaches() {
            Some((words, each)) => {
                self.paragraph(PLAIN, "", &words)?;
                self.entries(&each)
            }
            None => Ok(()),
        }
    }

    /// Entries behind each other, none of them broken.
    fn entries(&mut self, entries: &[String]) -> io::Result<()> {
        let mut line = String::new();
        for (at, entry) in entries.iter().enumerate() {
            let comma = if at + 1 < entries.len() { "," } else { "" };
            let entry = format!("  {}{comma}", harmless(entry));
            if !line.is_empty() && width(&line) + width(&entry) > self.width {
                self.line(PLAIN, &line)?;
                line.clear();
            }
            line.push_str(&self.style.charset.shorten(&entry, self.width));
        }
        if line.is_empty() { Ok(()) } else { self.line(PLAIN, &line) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::definition::Unit;
    use crate::report::block::{Block, FigureLimit, PictureScale};
    use crate::report::{Charset, Style, terminal};
    use crate::stats::Estimate;

    fn numbers(count: u32) -> PictureScale {
        let values = (0..count).map(|at| (80 + 10 * at).to_string()).collect();
        PictureScale { path: "groups.team.staff".to_owned(), values }
    }

    fn shares() -> PictureScale {
        let values = ["50%", "60%"].map(String::from).into();
        PictureScale { path: "contacts.order.bot.deflection".to_owned(), values }
    }

    fn waits(count: u32) -> Vec<Estimate> {
        let wait = |at: u32| 300.0 * 0.6f64.powi(i32::try_from(at).unwrap());
        let estimate = |at| Estimate::around(wait(at), 0.1 * wait(at));
        (0..count).map(estimate).collect()
    }

    fn drawn(
        scales: Vec<PictureScale>,
        estimates: Vec<Estimate>,
        limit: Option<FigureLimit>,
        charset: Charset,
    ) -> String {
        let figure = "wait.p95".to_owned();
        let picture = Picture { figure, unit: Unit::Seconds, limit, scales, estimates };
        let mut out = Vec::new();
        let style = Style { charset, ..Style::default() };
        terminal(&[Block::Picture(picture)], &style, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        for line in text.lines() {
            assert!(width(line) <= 80, "{line}");
            assert!(charset == Charset::Unicode || line.is_ascii(), "{line}");
        }
        text
    }

    #[test]
    fn a_curve_falls_and_tells_from_where_on_it_keeps_to_its_bound() {
        for charset in [Charset::Unicode, Charset::Ascii] {
            let text = drawn(vec![numbers(8)], waits(8), Some(FigureLimit::AtMost(25.0)), charset);
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
    fn a_map_shows_every_point_and_the_line_of_its_bound() {
        for (charset, count) in
            [(Charset::Unicode, 13), (Charset::Ascii, 13), (Charset::Unicode, 40)]
        {
            let (scales, estimates) = (vec![shares(), numbers(count)], waits(count).repeat(2));
            let text = drawn(scales, estimates, Some(FigureLimit::AtMost(25.0)), charset);
            assert!(text.contains("60%: from 140"), "{text}");
            let row = text.lines().find(|line| line.contains(" 50% ")).unwrap();
            let sign = if charset == Charset::Ascii { '*' } else { '●' };
            let kept = usize::try_from(count).unwrap() - 6;
            assert_eq!(row.chars().filter(|c| *c == sign).count(), kept, "{text}");
        }
    }

    #[test]
    fn without_a_bound_a_map_is_shaded() {
        for (charset, darkest) in [(Charset::Unicode, '█'), (Charset::Ascii, '#')] {
            let estimates = [waits(30), vec![Estimate::UNKNOWN; 30]].concat();
            let text = drawn(vec![shares(), numbers(30)], estimates, None, charset);
            let row = text.lines().find(|line| line.contains(darkest)).unwrap();
            assert!(row.trim_start().starts_with("50%"), "{text}");
        }
    }
}
