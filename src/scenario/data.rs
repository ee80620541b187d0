//! Columns of CSV files that a scenario names.

use super::digest;
use super::distribution::Quantity;
use super::near::suggestion;
use super::problem::{Place, Problem};
use super::section::Context;
use super::source::Source;
use super::units::{self, shorten};

/// Largest data file, in bytes.
const LARGEST_FILE: usize = 256 << 20;

/// Most broken rows that are reported of one file.
const MOST_ROWS: usize = 10;

/// The numbers of a column: seconds (or durations with a unit) or pure numbers. A header row names
/// the columns; empty cells are problems.
pub(crate) fn column(
    context: &Context<'_>,
    (file, place): (&str, &Place),
    (column, column_place): (&str, &Place),
    quantity: Quantity,
) -> Option<Vec<f64>> {
    let refuse = |code, place: &Place, message: String, help: String| {
        context.report(Problem::new(code, place, message).help(help));
        None
    };
    let base = context.sources.borrow().base(place.source).to_owned();
    let (label, bytes) = match context.files.read(&base, file) {
        Ok(found) => found,
        Err(why) => {
            let message = format!("`{}` cannot be read: {why}", shorten(file));
            let help = "the name is relative to the folder of this file".to_owned();
            return refuse("file-unreadable", place, message, help);
        }
    };
    if bytes.len() > LARGEST_FILE {
        let message = format!("`{label}` has {} bytes", bytes.len());
        return refuse(
            "file-too-large",
            place,
            message,
            "data files have at most 256 MiB".into(),
        );
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes.as_slice());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').to_owned())
            .collect(),
        Err(error) => {
            let message = format!("the header of `{label}` cannot be read: {error}");
            return refuse(
                "invalid-data",
                place,
                message,
                "save the file as UTF-8".into(),
            );
        }
    };
    let Some(at) = header.iter().position(|name| name == column) else {
        let known: Vec<&str> = header.iter().map(String::as_str).collect();
        let message = format!("`{label}` has no column `{}`", shorten(column));
        return refuse(
            "invalid-data",
            column_place,
            message,
            suggestion(column, &known, "columns"),
        );
    };
    let (values, broken) = read(reader, at, quantity);
    if values.is_empty() && broken.is_empty() {
        let message = format!("`{label}` has no rows");
        let help = "give it at least one row under the header".to_owned();
        return refuse("invalid-data", place, message, help);
    }
    if broken.is_empty() {
        context
            .data
            .borrow_mut()
            .insert(label, digest::content(&bytes));
        return Some(values);
    }
    let source = context.sources.borrow_mut().add(Source::new(label, bytes));
    report_rows(context, source, column, &broken, quantity);
    None
}

/// Reports rows at their place in the data file.
fn report_rows(
    context: &Context<'_>,
    source: usize,
    column: &str,
    broken: &[BrokenRow],
    quantity: Quantity,
) {
    let help = match quantity {
        Quantity::Time => "write seconds, such as `95.5`, or a duration, such as `2m`",
        Quantity::Number => "write a number, such as `1.5`",
    };
    for row in broken {
        let place = Place {
            source,
            span: row.at..row.at,
        };
        let message = format!(
            "line {}, column `{}`: {}",
            row.line,
            shorten(column),
            row.why
        );
        context.report(Problem::new("invalid-data", &place, message).help(help));
    }
}

/// A row that cannot be used.
struct BrokenRow {
    at: usize,
    line: u64,
    why: String,
}

fn read(
    mut reader: csv::Reader<&[u8]>,
    at: usize,
    quantity: Quantity,
) -> (Vec<f64>, Vec<BrokenRow>) {
    let (mut values, mut broken) = (Vec::new(), Vec::new());
    let mut record = csv::ByteRecord::new();
    loop {
        let position = reader.position().clone();
        let value = match reader.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) => number(record.get(at), quantity),
            Err(error) => Err(error.to_string()),
        };
        let position = record.position().cloned().unwrap_or(position);
        match value {
            Ok(value) => values.push(value),
            Err(why) => broken.push(BrokenRow {
                at: usize::try_from(position.byte()).unwrap_or(0),
                line: position.line(),
                why,
            }),
        }
        if broken.len() >= MOST_ROWS {
            break;
        }
    }
    (values, broken)
}

/// A cell as a number from 0.
fn number(cell: Option<&[u8]>, quantity: Quantity) -> Result<f64, String> {
    let cell = cell.ok_or("the row is too short")?;
    let text = std::str::from_utf8(cell).map_err(|_| "the cell is not UTF-8 text")?;
    if text.is_empty() {
        return Err("the cell is empty".to_owned());
    }
    let value = match text.parse::<f64>() {
        Ok(value) => value,
        Err(_) if quantity == Quantity::Time => units::duration(text)
            .map_err(|_| format!("`{}` is no number of seconds", shorten(text)))?,
        Err(_) => return Err(format!("`{}` is no number", shorten(text))),
    };
    if value.is_finite() && value >= 0.0 {
        Ok(value)
    } else {
        Err(format!("`{}` is not a number from 0", shorten(text)))
    }
}
