//! Blocks: what a report says, before it is known where it is read.
//!
//! A document becomes blocks once. [`terminal`](mod@super::terminal) writes them in 80 columns,
//! [`html`](super::html) as a page. Texts have the signs of Unicode in them; a terminal that has
//! none spells them. Nothing in a block is markup: each renderer makes harmless what it writes.

use crate::experiment::summary::Verdict;
use crate::metrics::definition::Unit;
use crate::stats::Estimate;
use crate::time::SimSpan;

/// A part of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// What the report, or a part of it, is about.
    Title(String),
    /// Facts below a title.
    Facts(String),
    /// Something to know before all else.
    Alarm(String),
    /// A line between the title and what follows; a page has room instead.
    Rule,
    /// The answer in sentences.
    Lead(String),
    /// A sentence, or several.
    Sentence(Tone, String),
    /// What the blocks after it are about.
    Heading(Heading),
    /// How to read what stands above it.
    Note(String),
    /// Room between parts; a page has it anyway.
    Gap,
    /// The few numbers that a reader with no time looks at. A terminal has them in its sentences.
    Keys(Vec<KeyFigure>),
    /// What was asked, and whether it is so.
    Verdicts(Option<Heading>, Vec<VerdictItem>),
    /// What is to be known before the figures are relied on, by kind.
    Warnings(Heading, Vec<WarningKind>),
    /// Rows of figures.
    Table(FigureTable),
    /// Figures over time. A terminal has the bars of the table beside it.
    Timeline(Timeline),
    /// One figure over one or two varied values.
    Picture(Picture),
    /// How the results came about.
    Foot(Foot),
}

/// How a sentence is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As any other.
    Plain,
    /// What matters most.
    Strong,
    /// What only some readers want.
    Faint,
}

/// The words above a part: `CONTACT TYPES`, `EVERY 30m`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// In capitals where there are no sizes of letters.
    pub(super) loud: String,
    /// As it is: units and numbers.
    pub(super) rest: String,
}

impl Heading {
    /// Words without anything behind them.
    pub(super) fn new(loud: &str) -> Self {
        Self::with(loud, String::new())
    }

    /// Words with something behind them.
    pub(super) fn with(loud: &str, rest: String) -> Self {
        Self { loud: loud.to_owned(), rest }
    }
}

/// A number to be seen from afar.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyFigure {
    pub(super) label: String,
    pub(super) value: Option<String>,
    /// Half its interval.
    pub(super) half: Option<String>,
    /// What else there is to say of it.
    pub(super) more: Option<String>,
    /// Whether a promise is kept by it, in words.
    pub(super) promise: Option<(Verdict, &'static str)>,
}

/// One thing that was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictItem {
    pub(super) verdict: Verdict,
    /// What the verdict is called.
    pub(super) word: &'static str,
    /// What was asked.
    pub(super) text: String,
    /// What was found.
    pub(super) found: String,
    /// Where it comes from, a line each.
    pub(super) parts: Vec<String>,
}

/// Warnings of one kind: of one kind there may be one for each contact type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WarningKind {
    /// Code of the kind, where it has one.
    pub(super) code: Option<&'static str>,
    /// Those to be read.
    pub(super) shown: Vec<String>,
    /// More of them than a reader takes in.
    pub(super) rest: Vec<String>,
}

/// Rows of figures below a heading.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureTable {
    pub(super) heading: Heading,
    pub(super) names: NameColumn,
    pub(super) columns: Vec<TableColumn>,
    pub(super) rows: Vec<TableRow>,
    /// Where there are too many rows for a terminal: which of them it leaves out, in words.
    pub(super) left_out: Option<&'static str>,
    pub(super) place: ShownOn,
}

/// The first column of a table, in a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameColumn {
    /// What the other columns leave.
    Rest,
    /// So many columns, the blanks before the names among them.
    Fixed(usize),
    /// So many columns and no blanks before the names.
    Flush(usize),
}

/// Where something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownOn {
    /// Wherever the report is read.
    Everywhere,
    /// Where there is room.
    Page,
    /// Where there are no drawings.
    Terminal,
}

/// One column of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableColumn {
    /// What it is called, in up to two lines.
    pub(super) head: [String; 2],
    pub(super) width: Width,
    pub(super) place: ShownOn,
}

/// How wide a column is in a terminal, and to which side its text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// So many columns, text to the right.
    Right(usize),
    /// So many columns, text to the left behind a gap.
    Left(usize),
    /// A share of what is left, text or a bar to the left behind a gap.
    Rest {
        /// Blanks before it.
        gap: usize,
    },
}

impl TableColumn {
    /// A column of numbers.
    pub(super) fn number(head: impl Into<String>, columns: usize) -> Self {
        Self {
            head: [String::new(), head.into()],
            width: Width::Right(columns),
            place: ShownOn::Everywhere,
        }
    }

    /// Words in the line above the name of the column.
    pub(super) fn below(mut self, first: &str) -> Self {
        first.clone_into(&mut self.head[0]);
        self
    }

    /// The same column with another width.
    pub(super) fn wide(self, width: Width) -> Self {
        Self { width, ..self }
    }

    /// The same column in another place.
    pub(super) fn only(self, place: ShownOn) -> Self {
        Self { place, ..self }
    }

    /// A column of bars, which only terminals have.
    pub(super) fn bars() -> Self {
        Self::number("", 0).wide(Width::Rest { gap: 1 }).only(ShownOn::Terminal)
    }
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    pub(super) name: RowName,
    /// One for each column.
    pub(super) cells: Vec<TableCell>,
    pub(super) look: RowLook,
    /// Rows with little weight are left out first where there are too many.
    pub(super) weight: f64,
}

impl TableRow {
    /// A row like most.
    pub(super) fn new(name: impl Into<String>, cells: Vec<TableCell>) -> Self {
        Self { name: RowName::Words(name.into()), cells, look: RowLook::Plain, weight: 0.0 }
    }

    /// The same row in another look.
    pub(super) fn looking(self, look: RowLook) -> Self {
        Self { look, ..self }
    }
}

/// What stands before a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowName {
    /// Words, often a name from the scenario.
    Words(String),
    /// A time, with its date where that begins.
    Time {
        /// The date, unless it is that of the row above.
        date: Option<String>,
        /// The clock time.
        time: String,
    },
}

/// How a row differs from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowLook {
    /// Not at all.
    Plain,
    /// It is of all rows together.
    Total,
    /// A pointer points at it.
    Pointed,
    /// It is the worst, and pointed at.
    Worst,
    /// It adds to the row above.
    Faint,
}

/// What stands in a column of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum TableCell {
    /// Words, or a number ready to be read; `None`: not known.
    Text(Option<String>),
    /// A number and half its interval, which is shown where there is room.
    Figure(Option<String>, Option<String>),
    /// A bar of this share of the column.
    Bar(f64),
    /// Agents as shares of the column: load, present, required.
    Staff([f64; 3]),
}

impl TableCell {
    /// Words that are known.
    pub(super) fn words(text: impl Into<String>) -> Self {
        Self::Text(Some(text.into()))
    }
}

/// Charts over the same time.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    pub(super) heading: Heading,
    pub(super) times: Vec<TimePoint>,
    /// The one to be pointed at.
    pub(super) worst: Option<usize>,
    pub(super) charts: Vec<TimeChart>,
}

/// A stretch of time for which each curve has one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimePoint {
    pub(super) date: String,
    pub(super) time: String,
    pub(super) start: SimSpan,
    pub(super) span: SimSpan,
    /// What is told of it to whoever points at it.
    pub(super) tip: String,
}

/// Figures of one unit over time.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeChart {
    pub(super) title: String,
    /// What the highest number of the first curve is called in the description.
    pub(super) highest: &'static str,
    pub(super) unit: Unit,
    pub(super) curves: Vec<TimeCurve>,
}

/// One figure over time.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeCurve {
    pub(super) name: &'static str,
    pub(super) look: CurveLook,
    /// Class that gives it its color.
    pub(super) class: &'static str,
    /// One for each stretch of time.
    pub(super) values: Vec<Option<f64>>,
}

/// How a curve is told from others without its color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CurveLook {
    /// A filled area below a line.
    Area,
    /// A line.
    Line,
    /// A dashed line.
    Dashed,
}

/// One figure over one varied value, or over two.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Path of the figure.
    pub figure: String,
    /// What its numbers mean.
    pub unit: Unit,
    /// What it is to keep to, if anything.
    pub limit: Option<FigureLimit>,
    /// The varied values: one, or first those that go down and then those that go across.
    pub scales: Vec<PictureScale>,
    /// What was found, the last varied value going through its values first.
    pub estimates: Vec<Estimate>,
}

/// What a figure is to keep to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FigureLimit {
    /// Not more than this.
    AtMost(f64),
    /// Not less than this.
    AtLeast(f64),
}

/// Something varied, and the values that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureScale {
    /// Its path.
    pub path: String,
    /// Its values in order.
    pub values: Vec<String>,
}

/// How results came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foot {
    /// Facts, a line each.
    pub(super) facts: Vec<Vec<String>>,
    /// What is true of this time only, such as how long it took: a page does not change by it.
    pub(super) passing: Option<String>,
    /// The file; in a terminal it is in the command below.
    pub(super) file: Option<String>,
    /// A command that tells more, for terminals.
    pub(super) next: Option<String>,
}
