//! Options side by side: blocks.

use super::block::{
    Block, FigureTable, Heading, NameColumn, RowLook, ShownOn, TableCell, TableColumn, TableRow,
    Tone,
};
use super::glyphs::Charset;
use super::numbers;
use crate::compare::{Compared, Comparison, Difference, Standing};
use crate::experiment::COST;
use crate::experiment::summary::Figure;
use crate::metrics::definition::Unit;
use crate::stats::Estimate;

/// Columns of an option's name, of a figure, and how many figures stand beside each other.
const NAME: usize = 14;
const CELL: usize = 11;
const BESIDE: usize = 6;
/// Columns of an option's name in a sentence.
const NAMED: usize = 24;

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
pub struct ShownOptions {
    /// Paths of the figures, with what their numbers mean.
    pub figures: Vec<(String, Unit)>,
    /// Titles of the options, where they have one of their own.
    pub titles: Vec<Option<String>>,
}

/// The comparison: for each option its figures, how they differ from the first, and half the paired
/// interval.
pub fn comparison(comparison: &Comparison, shown: &ShownOptions) -> Vec<Block> {
    let mut blocks = head(comparison, shown);
    // A column without any number says nothing.
    let is_known = |(path, _): &&(String, Unit)| {
        let mut options = comparison.options.iter();
        options.any(|option| option.estimate(path).value.is_some())
    };
    let figures: Vec<&(String, Unit)> = shown.figures.iter().filter(is_known).collect();
    let tables = figures.chunks(BESIDE).map(|figures| table(comparison, figures));
    blocks.extend(tables.map(Block::Table));
    blocks.push(Block::Gap);
    blocks.extend(foot(comparison, shown));
    blocks
}

fn head(comparison: &Comparison, shown: &ShownOptions) -> Vec<Block> {
    let [first, others @ ..] = comparison.options.as_slice() else {
        return Vec::new();
    };
    let title = shown.titles.first().cloned().flatten();
    let times = numbers::counted(u64::from(comparison.replications), "time");
    let facts = [
        first.summary.run.duration.to_string(),
        format!("{} beside it", numbers::counted(others.len() as u64, "option")),
        format!("the same customers {times}"),
    ];
    let mut blocks = vec![
        Block::Title(title.unwrap_or_else(|| first.name.clone())),
        Block::Facts(facts.join(" · ")),
    ];
    if comparison.partial {
        let text = "Interrupted: these are the replications that were finished.";
        blocks.push(Block::Alarm(text.to_owned()));
    }
    blocks.push(Block::Rule);
    blocks
}

fn table(comparison: &Comparison, figures: &[&(String, Unit)]) -> FigureTable {
    let mut rows = Vec::new();
    for (at, option) in comparison.options.iter().enumerate() {
        let cells = figures.iter().map(|(path, unit)| TableCell::Text(value(option, path, *unit)));
        rows.push(TableRow::new(&*option.name, cells.collect()));
        if at > 0 {
            rows.extend(differences(option, figures));
        }
    }
    FigureTable {
        heading: Heading::new(""),
        names: NameColumn::Flush(NAME),
        columns: figures.iter().map(|(path, _)| TableColumn::number(heading(path), CELL)).collect(),
        rows,
        left_out: None,
        place: ShownOn::Everywhere,
    }
}

/// How an option differs from the first, and half the paired intervals where there are any.
fn differences(option: &Compared, figures: &[&(String, Unit)]) -> Vec<TableRow> {
    let change = |(path, unit): &&(String, Unit)| {
        let change = option.difference(path).map(|known| {
            let amount = signed(known, *unit).unwrap_or_else(|| "–".to_owned());
            format!("{amount} {}", mark(known.standing))
        });
        TableCell::Text(change)
    };
    let half = |(path, unit): &&(String, Unit)| {
        let known = option.difference(path);
        let half = known.and_then(|known| half_width(known.estimate, *unit));
        half.map_or_else(String::new, |half| format!("± {half}"))
    };
    let halves: Vec<String> = figures.iter().map(half).collect();
    let has_halves = halves.iter().any(|half| !half.is_empty());
    let halves = halves.into_iter().map(TableCell::words).collect();
    let mut rows = vec![TableRow::new("", figures.iter().map(change).collect())];
    if has_halves {
        rows.push(TableRow::new("", halves).looking(RowLook::Faint));
    }
    rows
}

fn foot(comparison: &Comparison, shown: &ShownOptions) -> Vec<Block> {
    let plain = |text: String| Block::Sentence(Tone::Plain, text);
    let mut blocks = vec![Block::Sentence(Tone::Faint, legend(comparison))];
    if let Some(pick) = comparison.pick {
        let name = called(&comparison.options[pick]);
        blocks.push(Block::Sentence(Tone::Strong, format!("Picked: {name}.")));
    }
    blocks.extend(best(comparison).into_iter().map(plain));
    if !comparison.undecided.is_empty() && comparison.pick.is_none() && !comparison.partial {
        let times = numbers::counted(u64::from(comparison.replications), "replication");
        let figures = comparison.undecided.join(", ");
        let text = format!("Undecided after {times}: {figures}. --at-most allows more.");
        blocks.push(plain(text));
    }
    for (option, title) in comparison.options.iter().zip(&shown.titles).skip(1) {
        if let Some(title) = title {
            blocks.push(Block::Sentence(Tone::Faint, format!("{}: {title}", option.name)));
        }
    }
    blocks.extend(comparison.notes.iter().map(|note| Block::Alarm(format!("{note}."))));
    blocks
}

fn legend(comparison: &Comparison) -> String {
    format!(
        "Against {}: {} better, {} worse, {} the same, {} undecided, beyond what chance explains: \
         {} intervals of the paired differences.",
        comparison.options.first().map_or_else(String::new, called),
        mark(Standing::Better),
        mark(Standing::Worse),
        mark(Standing::Equal),
        mark(Standing::Undecided),
        numbers::plain(Some(comparison.confidence), Unit::Share).unwrap_or_default()
    )
}

/// The best options, each set with the figures that agree on it.
fn best(comparison: &Comparison) -> Vec<String> {
    let mut sets: Vec<(_, Vec<String>)> = Vec::new();
    for (path, best) in &comparison.best {
        let set = (best, are_alike(comparison, best, path));
        match sets.iter_mut().find(|(known, _)| *known == set) {
            Some((_, paths)) => paths.push(heading(path)),
            None => sets.push((set, vec![heading(path)])),
        }
    }
    let sentence = |((best, are_alike), paths): ((&Vec<usize>, bool), Vec<String>)| {
        let names: Vec<String> =
            best.iter().map(|option| called(&comparison.options[*option])).collect();
        let who = match names.as_slice() {
            [] => return None,
            [one] => one.clone(),
            several if are_alike => format!("{}, all the same", several.join(", ")),
            several => format!("cannot be told among {}", several.join(", ")),
        };
        Some(format!("Best by {}: {who}.", paths.join(", ")))
    };
    sets.into_iter().filter_map(sentence).collect()
}

/// The name of an option in a sentence: of a file's the end says most.
fn called(option: &Compared) -> String {
    if option.name.contains('/') {
        Charset::Unicode.shorten_path(&option.name, NAMED)
    } else {
        Charset::Unicode.shorten(&option.name, NAMED)
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
    known.map_or_else(|| path.to_owned(), |(_, heading)| (*heading).to_owned())
}

/// The sign beside a difference.
fn mark(standing: Standing) -> &'static str {
    match standing {
        Standing::Better => "✓",
        Standing::Worse => "✗",
        Standing::Equal => "=",
        Standing::Undecided => "?",
    }
}

fn value(option: &Compared, path: &str, unit: Unit) -> Option<String> {
    let figure = Figure { estimate: option.estimate(path), days: None };
    numbers::value(&figure, unit)
}

/// The size of a difference with its sign: `-4.3s`, `+1.2 pt`.
fn signed(difference: &Difference, unit: Unit) -> Option<String> {
    let value = difference.estimate.value?;
    let half = difference.estimate.half_width();
    let estimate =
        half.map_or(Estimate::without_interval(value), |half| Estimate::around(value, half));
    numbers::signed(&estimate, value, unit)
}

fn half_width(estimate: Estimate, unit: Unit) -> Option<String> {
    let half = estimate.half_width().filter(|half| *half > 0.0)?;
    let figure = Figure { estimate: Estimate::around(estimate.value?.abs(), half), days: None };
    numbers::half_width(&figure, unit)
}
