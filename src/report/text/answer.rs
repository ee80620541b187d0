//! The answer as it stands in a terminal: sentences, then a table of numbers.

use std::io::{self, Write};

use super::{FAINT, PLAIN, Page, STRONG};
use crate::experiment::Summary;
use crate::report::answer::{self, Entry, Worse};
use crate::report::glyphs::{pad_left, pad_right};
use crate::report::{Origin, format};

/// Columns of value, half-width and worst day.
const COLUMNS: [usize; 3] = [12, 11, 15];

/// The answer in sentences, then in numbers.
pub(super) fn answer<W: Write>(
    summary: &Summary,
    origin: &Origin,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    page.paragraph(PLAIN, "", &answer::sentences(summary, origin))?;
    page.line(PLAIN, "")?;
    titles("THE ANSWER", summary, page)?;
    for entry in answer::entries(summary, origin) {
        write(&entry, summary, page)?;
    }
    let note = answer::note(summary, page.style.charset.plus_minus(), "The last column");
    page.paragraph(FAINT, "  ", &note)
}

/// What the bot took from the agents; nothing where there is no bot.
pub(super) fn bot<W: Write>(summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let Some(entries) = answer::bot(summary) else {
        return Ok(());
    };
    page.line(PLAIN, "")?;
    titles("THE BOT", summary, page)?;
    entries.iter().try_for_each(|entry| write(entry, summary, page))
}

fn titles<W: Write>(title: &str, summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let [value, half, worst] = COLUMNS;
    let word = summary.run.word();
    let line = format!(
        "{}{}{}{}",
        pad_right(title, page.width - value - half - worst),
        pad_left(&format!("average {word}"), value),
        pad_left(&format!("{} (95 %)", page.style.charset.plus_minus()), half),
        pad_left(&format!("1 {word} in 20"), worst),
    );
    page.line(STRONG, &line)
}

fn write<W: Write>(entry: &Entry, summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let charset = page.style.charset;
    let [value, half, worst] = COLUMNS;
    let days = match entry.worse {
        Worse::Neither => String::new(),
        _ if answer::tells_bad_days(summary) => page.cell(entry.bad_day(), worst),
        _ => page.cell(None, worst),
    };
    let plus_minus = format::half_width(&entry.figure, entry.unit)
        .map_or_else(String::new, |half| format!("{} {half}", charset.plus_minus()));
    let label_columns = page.width - 2 - value - half - worst;
    let line = format!(
        "  {}{}{}{days}",
        pad_right(&charset.shorten(&entry.label, label_columns), label_columns),
        page.cell(format::value(&entry.figure, entry.unit), value),
        pad_left(&plus_minus, half),
    );
    page.line(PLAIN, &line)
}
