//! Options side by side: a table.

use std::io::{self, Write};

use anstyle::Style as Paint;

use super::glyphs::{harmless, pad_left, pad_right, width, wrap};
use super::{Charset, Style, format};
use crate::compare::{Compared, Comparison, Difference, Standing};
use crate::experiment::COST;
use crate::experiment::summary::Figure;
use crate::metrics::definition::Unit;
use crate::stats::Estimate;

/// Columns of an option's name.
const NAME: usize = 14;
/// Columns of an option's name in a sentence.
const NAMED: usize = 24;
/// Columns of a figure.
const CELL: usize = 11;

/// What the columns are called.
const HEADINGS: [(&str, &str); 6] = [
    ("wait.mean", "wait"),
    ("wait.p95", "wait p95"),
    ("service_level", "in time"),
    ("abandonment_rate", "give up"),
    ("backlog.peak", "peak"),
    (COST, "cost"),
];

/// What is shown of a comparison.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Paths of the figures, with what their numbers mean.
    pub figures: Vec<(String, Unit)>,
    /// Titles of the options, where they have one of their own.
    pub titles: Vec<Option<String>>,
}

/// Writes the comparison as tables of at most 80 columns: for each option its figures, how they
/// differ from the first, and half the paired interval.
///
/// # Errors
/// Those of the writer.
pub fn text(
    comparison: &Comparison,
    shown: &Shown,
    style: &Style,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut page = Page { out, style };
    page.head(comparison, shown)?;
    // A column without any number says nothing.
    let figures: Vec<&(String, Unit)> = shown
        .figures
        .iter()
        .filter(|(path, _)| {
            let mut options = comparison.options.iter();
            options.any(|option| option.estimate(path).value.is_some())
        })
        .collect();
    for figures in figures.chunks(columns(style)) {
        page.table(comparison, figures)?;
    }
    page.foot(comparison, shown)
}

/// Figures that fit beside each other.
fn columns(style: &Style) -> usize {
    (style.width.clamp(72, 120) - NAME) / CELL
}

struct Page<'a, W> {
    out: &'a mut W,
    style: &'a Style,
}

impl<W: Write> Page<'_, W> {
    fn line(&mut self, paint: Paint, text: &str) -> io::Result<()> {
        let text = text.trim_end();
        if self.style.color && paint != Paint::new() && !text.is_empty() {
            writeln!(self.out, "{paint}{text}{paint:#}")
        } else {
            writeln!(self.out, "{text}")
        }
    }

    fn paragraph(&mut self, paint: Paint, text: &str) -> io::Result<()> {
        let text = self.style.charset.spell(&harmless(text));
        let width = self.style.width.clamp(72, 120);
        for line in wrap(&text, width, self.style.charset) {
            self.line(paint, &line)?;
        }
        Ok(())
    }

    fn head(&mut self, comparison: &Comparison, shown: &Shown) -> io::Result<()> {
        let [first, others @ ..] = comparison.options.as_slice() else {
            return Ok(());
        };
        let title = shown.titles.first().cloned().flatten();
        self.paragraph(Paint::new().bold(), &title.unwrap_or_else(|| first.name.clone()))?;
        let run = &first.summary.run;
        let dot = self.style.charset.dot();
        let facts = [
            run.duration.to_string(),
            format!("{} beside it", format::counted(others.len() as u64, "option")),
            format!(
                "the same customers {}",
                format::counted(u64::from(comparison.replications), "time")
            ),
        ];
        self.paragraph(Paint::new().dimmed(), &facts.join(dot))?;
        if comparison.partial {
            let text = "Interrupted: these are the replications that were finished.";
            self.paragraph(Paint::new().bold(), text)?;
        }
        let rule = self.style.charset.rule(self.style.width.clamp(72, 120));
        self.line(Paint::new().dimmed(), &rule)
    }

    fn table(&mut self, comparison: &Comparison, figures: &[&(String, Unit)]) -> io::Result<()> {
        let headings = figures.iter().map(|(path, _)| {
            let heading = heading(path);
            pad_left(&self.style.charset.shorten(&heading, CELL - 1), CELL)
        });
        let headings: String = headings.collect();
        self.line(Paint::new().bold(), &format!("{}{headings}", " ".repeat(NAME)))?;
        for (at, option) in comparison.options.iter().enumerate() {
            let name = self.called(option, NAME - 1);
            let cells: String =
                figures.iter().map(|(path, unit)| self.cell(value(option, path, *unit))).collect();
            self.line(Paint::new(), &format!("{}{cells}", pad_right(&name, NAME)))?;
            if at > 0 {
                self.differences(option, figures)?;
            }
        }
        self.line(Paint::new(), "")
    }

    fn differences(&mut self, option: &Compared, figures: &[&(String, Unit)]) -> io::Result<()> {
        let (mut changes, mut halves) = (" ".repeat(NAME), " ".repeat(NAME));
        for (path, unit) in figures {
            let difference = option.difference(path);
            let change = difference.map(|known| {
                let mark = mark(known.standing, self.style.charset);
                let amount = signed(known, *unit);
                let amount = amount.unwrap_or_else(|| self.style.charset.unknown().to_owned());
                format!("{amount} {mark}")
            });
            changes.push_str(&self.cell(change));
            let half = difference.and_then(|known| half_width(known.estimate, *unit));
            let sign = self.style.charset.plus_minus();
            let half = half.map_or_else(String::new, |half| format!("{sign} {half}"));
            halves.push_str(&pad_left(&half, CELL));
        }
        self.line(Paint::new(), &changes)?;
        if halves.trim().is_empty() {
            return Ok(());
        }
        self.line(Paint::new().dimmed(), &halves)
    }

    /// A number with a blank before it, or what stands for an unknown one.
    fn cell(&self, text: Option<String>) -> String {
        let text = text.unwrap_or_else(|| self.style.charset.unknown().to_owned());
        let text = if width(&text) > CELL - 1 { text.replace(' ', "") } else { text };
        pad_left(&self.style.charset.shorten(&text, CELL - 1), CELL)
    }

    fn foot(&mut self, comparison: &Comparison, shown: &Shown) -> io::Result<()> {
        let charset = self.style.charset;
        let mark = |standing| mark(standing, charset);
        let percent = format::plain(Some(comparison.confidence), format::Unit::Share);
        let first = comparison.options.first();
        let legend = format!(
            "Against {}: {} better, {} worse, {} the same, {} undecided, beyond what chance \
             explains: {} intervals of the paired differences.",
            first.map_or_else(String::new, |first| self.called(first, NAMED)),
            mark(Standing::Better),
            mark(Standing::Worse),
            mark(Standing::Equal),
            mark(Standing::Undecided),
            percent.unwrap_or_default()
        );
        self.paragraph(Paint::new().dimmed(), &legend)?;
        self.best(comparison)?;
        if !comparison.undecided.is_empty() && comparison.pick.is_none() && !comparison.partial {
            let text = format!(
                "Undecided after {}: {}. --at-most allows more.",
                format::counted(u64::from(comparison.replications), "replication"),
                comparison.undecided.join(", ")
            );
            self.paragraph(Paint::new(), &text)?;
        }
        for (option, title) in comparison.options.iter().zip(&shown.titles).skip(1) {
            if let Some(title) = title {
                self.paragraph(Paint::new().dimmed(), &format!("{}: {title}", option.name))?;
            }
        }
        for note in &comparison.notes {
            self.paragraph(Paint::new().bold(), &format!("! {note}."))?;
        }
        Ok(())
    }

    /// The name of an option in so many columns: of a file's the end says most.
    fn called(&self, option: &Compared, columns: usize) -> String {
        let (name, charset) = (harmless(&option.name), self.style.charset);
        if name.contains('/') {
            charset.shorten_path(&name, columns)
        } else {
            charset.shorten(&name, columns)
        }
    }

    /// The best options, each set with the figures that agree on it.
    fn best(&mut self, comparison: &Comparison) -> io::Result<()> {
        if let Some(pick) = comparison.pick {
            let name = self.called(&comparison.options[pick], NAMED);
            self.paragraph(Paint::new().bold(), &format!("Picked: {name}."))?;
        }
        let mut sets: Vec<(_, Vec<String>)> = Vec::new();
        for (path, best) in &comparison.best {
            let set = (best, are_alike(comparison, best, path));
            match sets.iter_mut().find(|(known, _)| *known == set) {
                Some((_, paths)) => paths.push(heading(path)),
                None => sets.push((set, vec![heading(path)])),
            }
        }
        for ((best, are_alike), paths) in sets {
            let names: Vec<String> = best
                .iter()
                .map(|option| self.called(&comparison.options[*option], NAMED))
                .collect();
            let (paths, names) = match names.as_slice() {
                [] => continue,
                [one] => (paths.join(", "), one.clone()),
                several if are_alike => {
                    (paths.join(", "), format!("{}, all the same", several.join(", ")))
                }
                several => {
                    (paths.join(", "), format!("cannot be told among {}", several.join(", ")))
                }
            };
            let text = format!("Best by {paths}: {names}.");
            self.paragraph(Paint::new(), &text)?;
        }
        Ok(())
    }
}

/// Whether these options are the same in a figure, day by day.
fn are_alike(comparison: &Comparison, options: &[usize], path: &str) -> bool {
    let exact = |option: &usize| match comparison.options[*option].difference(path) {
        None => (*option == 0).then_some(0.0),
        Some(known) => known.estimate.low.filter(|_| known.estimate.half_width() == Some(0.0)),
    };
    let differences: Option<Vec<f64>> = options.iter().map(exact).collect();
    differences.is_some_and(|all| all.iter().all(|one| one.total_cmp(&all[0]).is_eq()))
}

/// What a column is called.
fn heading(path: &str) -> String {
    let known = HEADINGS.iter().find(|(known, _)| *known == path);
    known.map_or_else(|| harmless(path), |(_, heading)| (*heading).to_owned())
}

/// Signs beside a difference; letters of ASCII look like them.
fn mark(change: Standing, charset: Charset) -> &'static str {
    match (change, charset) {
        (Standing::Better, Charset::Unicode) => "✓",
        (Standing::Better, Charset::Ascii) => "v",
        (Standing::Worse, Charset::Unicode) => "✗",
        (Standing::Worse, Charset::Ascii) => "x",
        (Standing::Equal, _) => "=",
        (Standing::Undecided, _) => "?",
    }
}

fn plain_unit(unit: Unit) -> format::Unit {
    match unit {
        Unit::Share => format::Unit::Share,
        Unit::Seconds => format::Unit::Seconds,
        Unit::Hours => format::Unit::Hours,
        Unit::Count | Unit::Money => format::Unit::Count,
    }
}

fn value(option: &Compared, path: &str, unit: Unit) -> Option<String> {
    let estimate = option.estimate(path);
    let figure = Figure { estimate, days: None };
    format::value(&figure, plain_unit(unit))
}

/// The size of a difference with its sign: `-4.3s`, `+1.2 pt`.
fn signed(difference: &Difference, unit: Unit) -> Option<String> {
    let estimate = difference.estimate;
    let size = estimate.value?.abs();
    let half = estimate.half_width();
    let figure = Figure {
        estimate: half
            .map_or(Estimate::without_interval(size), |half| Estimate::around(size, half)),
        days: None,
    };
    let text = points(&format::value(&figure, plain_unit(unit))?);
    let sign = match estimate.value? {
        value if value < 0.0 => "-",
        value if value > 0.0 => "+",
        _ => "",
    };
    Some(format!("{sign}{text}"))
}

fn half_width(estimate: Estimate, unit: Unit) -> Option<String> {
    let half = estimate.half_width().filter(|half| *half > 0.0)?;
    let figure = Figure { estimate: Estimate::around(estimate.value?.abs(), half), days: None };
    format::half_width(&figure, plain_unit(unit))
}

/// Differences of shares are in percentage points.
fn points(text: &str) -> String {
    text.strip_suffix(" %").map_or_else(|| text.to_owned(), |points| format!("{points} pt"))
}
