//! CSV files that a scenario names: their header, their cells, and what is wrong with their rows.

use std::rc::Rc;

use crate::format::digest;
use crate::format::units::{self, shorten};
use crate::format::{Context, Located, Place, Problem, ReadFile, SourceText, suggestion};

/// Largest data file, in bytes.
const LARGEST_FILE: usize = 256 << 20;

/// Largest data file that is kept for whoever else names it, in bytes.
const LARGEST_KEPT: usize = 16 << 20;

/// Most broken rows that are reported one by one of one file.
const MOST_ROWS: usize = 10;

/// What numbers are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dimension {
    /// A length of time: parameters are durations.
    Time,
    /// A pure number: so are the parameters, and a plain number is fixed.
    Number,
}

/// A file with its header read.
pub(crate) struct DataFile {
    label: String,
    bytes: Rc<Vec<u8>>,
    header: Vec<String>,
    /// Where the scenario names it.
    place: Place,
}

/// Why a row cannot be used.
pub(crate) enum Refusal {
    /// A cell is wrong: its column, why, and what to write.
    Cell(usize, String, &'static str),
    /// Something is wrong with the whole file, and has been reported.
    Stop,
}

/// A row that cannot be used.
struct BrokenRow {
    at: usize,
    why: String,
    help: &'static str,
}

impl DataFile {
    /// Reads a file and its header; reports why it cannot be used.
    pub(crate) fn open(context: &Context<'_>, file: &Located<String>) -> Option<Self> {
        let Located { value: name, place } = file;
        let refuse = |code, message: String, help: &str| {
            context.report(Problem::new(code, place, message).help(help));
            None
        };
        let (label, bytes) = match bytes(context, name, place) {
            Ok(found) => found,
            Err(why) => {
                let message = format!("`{}` cannot be read: {why}", shorten(name));
                let help = "the name is relative to the folder of this file";
                return refuse("file-unreadable", message, help);
            }
        };
        if bytes.len() > LARGEST_FILE {
            let message = format!("`{label}` has {} bytes", bytes.len());
            return refuse("file-too-large", message, "data files have at most 256 MiB");
        }
        let header = match reader(&bytes).headers() {
            Ok(header) => header
                .iter()
                .map(|name| name.trim_start_matches('\u{feff}').trim().to_owned())
                .collect(),
            Err(error) => {
                let message = format!("the header of `{label}` cannot be read: {error}");
                return refuse("invalid-data", message, "save the file as UTF-8");
            }
        };
        Some(Self { label, bytes, header, place: place.clone() })
    }

    /// What messages call it.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// The index of a column; reports a name that no column has.
    pub(crate) fn column(&self, context: &Context<'_>, name: &Located<String>) -> Option<usize> {
        let found = self.header.iter().position(|known| *known == name.value);
        if found.is_none() {
            let known: Vec<&str> = self.header.iter().map(String::as_str).collect();
            let message = format!("`{}` has no column `{}`", self.label, shorten(&name.value));
            let help = suggestion(&name.value, &known, "columns");
            context.report(Problem::new("invalid-data", &name.place, message).help(help));
        }
        found
    }

    /// Gives every row to `read`, then reports those that it refuses, the first few one by one. `None`
    /// after a problem; otherwise what the file says counts in the digest.
    pub(crate) fn rows(
        self,
        context: &Context<'_>,
        mut read: impl FnMut(&csv::ByteRecord) -> Result<(), Refusal>,
    ) -> Option<()> {
        let mut reader = reader(&self.bytes);
        let mut record = csv::ByteRecord::new();
        let (mut broken, mut count, mut rows) = (Vec::new(), 0_u64, 0_u64);
        loop {
            let position = reader.position().clone();
            let (why, help) = match reader.read_byte_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {
                    rows += 1;
                    match read(&record) {
                        Ok(()) => continue,
                        Err(Refusal::Stop) => return None,
                        Err(Refusal::Cell(at, why, help)) => {
                            let column = self.header.get(at).map_or("", String::as_str);
                            (format!("column `{}`: {why}", shorten(column)), help)
                        }
                    }
                }
                Err(error) => (error.to_string(), "save the file as UTF-8"),
            };
            count += 1;
            if broken.len() <= MOST_ROWS {
                let position = record.position().unwrap_or(&position);
                let at = self.first_byte(position);
                broken.push(BrokenRow { at, why, help });
            }
        }
        if count > 0 {
            self.report(context, &broken, count);
            return None;
        }
        if rows == 0 {
            let message = format!("`{}` has no rows", self.label);
            let help = "give it at least one row under the header";
            context.report(Problem::new("invalid-data", &self.place, message).help(help));
            return None;
        }
        let mut data = context.data.borrow_mut();
        data.entry(self.label).or_insert_with(|| digest::content(&self.bytes));
        Some(())
    }

    /// Where a row begins, the blank lines before it passed over.
    fn first_byte(&self, position: &csv::Position) -> usize {
        let at = usize::try_from(position.byte()).unwrap_or(0);
        let rest = self.bytes.get(at..).unwrap_or_default();
        let blank = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        at + rest.iter().take_while(blank).count()
    }

    /// Reports broken rows at their place in the data file.
    fn report(self, context: &Context<'_>, broken: &[BrokenRow], count: u64) {
        let line = |row: &BrokenRow| self.bytes[..row.at].split(|byte| *byte == b'\n').count();
        let lines: Vec<usize> = broken.iter().map(line).collect();
        let bytes = Rc::try_unwrap(self.bytes).unwrap_or_else(|shared| shared.to_vec());
        let source = SourceText::new(self.label, bytes);
        let source = context.sources.borrow_mut().add(source);
        for (at, (row, line)) in broken.iter().zip(lines).enumerate() {
            let place = Place { source, span: row.at..row.at };
            let others = count - at as u64 - 1;
            let message = if at == MOST_ROWS && others > 0 {
                format!("line {line} and {others} further rows cannot be used")
            } else {
                format!("line {line}, {}", row.why)
            };
            let problem = Problem::new("invalid-data", &place, message);
            context.report(problem.help(row.help));
        }
    }
}

/// Cells are trimmed by whoever reads them: the reader would allocate for every row.
fn reader(bytes: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().flexible(true).from_reader(bytes)
}

/// The label and bytes of a file, read once if it is not too large to keep.
fn bytes(context: &Context<'_>, name: &str, place: &Place) -> Result<ReadFile, String> {
    let base = context.sources.borrow().base(place.source).to_owned();
    let key = (base, name.to_owned());
    if let Some(found) = context.read.borrow().get(&key) {
        return Ok(found.clone());
    }
    let (label, bytes) = context.files.read(&key.0, name)?;
    let found = (label, Rc::new(bytes));
    if found.1.len() <= LARGEST_KEPT {
        context.read.borrow_mut().insert(key, found.clone());
    }
    Ok(found)
}

/// The numbers of a column: seconds (or durations with a unit) or pure numbers. A header row names
/// the columns; empty cells are problems.
pub(crate) fn column(
    context: &Context<'_>,
    file: &Located<String>,
    column: &Located<String>,
    dimension: Dimension,
) -> Option<Vec<f64>> {
    let file = DataFile::open(context, file)?;
    let at = file.column(context, column)?;
    let mut values = Vec::new();
    file.rows(context, |row| {
        let text = text(row, at).and_then(|text| {
            let value = number(text, dimension)?;
            value.ok_or_else(|| "the cell is empty".to_owned())
        });
        values.push(text.map_err(|why| Refusal::Cell(at, why, dimension.cells()))?);
        Ok(())
    })?;
    Some(values)
}

impl Dimension {
    /// What to write into a cell.
    pub(crate) fn cells(self) -> &'static str {
        match self {
            Self::Time => "write seconds, such as `95.5`, or a duration, such as `2m`",
            Self::Number => "write a number, such as `1.5`",
        }
    }
}

/// The trimmed text of a cell.
pub(crate) fn text(row: &csv::ByteRecord, at: usize) -> Result<&str, String> {
    let cell = row.get(at).ok_or("the row is too short")?;
    std::str::from_utf8(cell.trim_ascii()).map_err(|_| "the cell is not UTF-8 text".to_owned())
}

/// A cell as a number from 0; `None`: it is empty.
pub(crate) fn number(text: &str, dimension: Dimension) -> Result<Option<f64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let value = match text.parse::<f64>() {
        Ok(value) => value,
        Err(_) if dimension == Dimension::Time => units::duration(text)
            .map_err(|_| format!("`{}` is no number of seconds", shorten(text)))?,
        Err(_) => return Err(format!("`{}` is no number", shorten(text))),
    };
    if value.is_finite() && value >= 0.0 {
        Ok(Some(value))
    } else {
        Err(format!("`{}` is not a number from 0", shorten(text)))
    }
}
