//! Rows kept in a file, so that another sweep can go on where one was stopped.
//!
//! A line is a row as [`table`] writes it, then the version of the program that wrote it and a
//! checksum over the whole line: a changed byte is told, not taken for a result. Rows stand in any
//! order; each says by its values which point it is of.

use std::collections::BTreeMap;

use super::{PointRow, Points, ShownFigure, table};
use crate::format::digest;
use crate::stats::Estimate;

/// The columns behind those of a row.
const PROOF: [&str; 2] = ["version", "checksum"];

/// What stands between fields where a checksum is made of them: no field has it.
const BETWEEN: &str = "\n";

/// What a journal has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Journaled {
    /// Rows by the place of their point.
    pub rows: BTreeMap<usize, JournalRow>,
    /// Lines whose content is not what was written, each with the reason.
    pub damaged: Vec<(usize, String)>,
    /// What the journal has, without damaged and torn lines, with Unix line ends.
    pub sound: Vec<u8>,
}

/// One row of a journal.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalRow {
    /// Where it stands, from 1.
    pub line: usize,
    /// What it says.
    pub row: PointRow,
}

/// The first line.
pub fn header(points: &Points, shown: &[ShownFigure]) -> Vec<String> {
    let mut header = table::header(points, shown);
    header.extend(PROOF.map(str::to_owned));
    header
}

/// The line of one point.
pub fn record(values: &[String], row: &PointRow) -> Vec<String> {
    let mut record = table::record(values, row);
    record.push(env!("CARGO_PKG_VERSION").to_owned());
    record.push(checksum(&record));
    record
}

fn checksum(fields: &[String]) -> String {
    format!("{:016x}", digest::content(fields.join(BETWEEN).as_bytes()))
}

/// Reads what a sweep has written. A last line without its end was torn and is left out.
///
/// # Errors
/// Where the file is not a journal of this sweep: what differs first, with the line.
pub fn read(bytes: &[u8], points: &Points, shown: &[ShownFigure]) -> Result<Journaled, String> {
    let header = header(points, shown);
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let mut lines = bytes[..whole].split_inclusive(|byte| *byte == b'\n').map(unix);
    let Some(first) = lines.next() else {
        return torn_header(bytes, &header);
    };
    if fields(&first)? != header {
        return Err(difference(&fields(&first)?, &header));
    }
    let of_values: BTreeMap<&[String], usize> =
        points.points().iter().enumerate().map(|(at, values)| (values.as_slice(), at)).collect();
    let mut journaled = Journaled { sound: first, ..Journaled::default() };
    for (line, text) in (2..).zip(lines) {
        let record = match proven(&text, header.len()) {
            Ok(record) => record,
            Err(why) => {
                journaled.damaged.push((line, why));
                continue;
            }
        };
        let told = |why: String| format!("line {line} {why}");
        let (point, row) = row(&record, points, &of_values).map_err(told)?;
        if let Some(twin) = journaled.rows.insert(point, JournalRow { line, row }) {
            return Err(told(format!("is of the same point as line {}", twin.line)));
        }
        journaled.sound.extend(text);
    }
    Ok(journaled)
}

/// A line that ends as it was written, whatever an editor made of its end.
fn unix(line: &[u8]) -> Vec<u8> {
    let text = line.strip_suffix(b"\r\n").or(line.strip_suffix(b"\n")).unwrap_or(line);
    [text, b"\n"].concat()
}

/// A file without a whole line: nothing is finished, if what there is begins like the header.
fn torn_header(bytes: &[u8], header: &[String]) -> Result<Journaled, String> {
    let mut whole = Vec::new();
    // A vector takes all that is written.
    let _ = table::write(&mut whole, header);
    if whole.starts_with(bytes) {
        Ok(Journaled::default())
    } else {
        Err("its first line is not that of this sweep".to_owned())
    }
}

fn difference(found: &[String], wanted: &[String]) -> String {
    let at = (0..wanted.len().max(found.len())).find(|at| found.get(*at) != wanted.get(*at));
    let at = at.unwrap_or(0);
    let named = |list: &[String]| match list.get(at) {
        Some(name) => format!("`{name}`"),
        None => "nothing".to_owned(),
    };
    format!("column {} is {}, this sweep has {} there", at + 1, named(found), named(wanted))
}

/// The fields of one line.
fn fields(line: &[u8]) -> Result<Vec<String>, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line);
    let mut records = reader.records();
    match (records.next(), records.next()) {
        (Some(Ok(record)), None) => Ok(record.iter().map(str::to_owned).collect()),
        (Some(Err(error)), _) => Err(error.to_string()),
        _ => Err("is not one row".to_owned()),
    }
}

/// The fields of a line whose checksum holds.
fn proven(line: &[u8], columns: usize) -> Result<Vec<String>, String> {
    let record = fields(line)?;
    if record.len() != columns {
        return Err(format!("it has {} columns, not {columns}", record.len()));
    }
    match record.split_last() {
        Some((sum, rest)) if *sum == checksum(rest) => Ok(record),
        _ => Err("its checksum does not fit".to_owned()),
    }
}

/// The row that a proven record is, and the place of its point.
fn row(
    record: &[String],
    points: &Points,
    of_values: &BTreeMap<&[String], usize>,
) -> Result<(usize, PointRow), String> {
    let (values, rest) = record.split_at(points.paths().len());
    let point = of_values.get(values).copied().ok_or_else(|| {
        let pairs = points.paths().iter().zip(values);
        let named: Vec<String> =
            pairs.map(|(path, value)| format!("`{value}` for `{path}`")).collect();
        format!("has {}: this sweep has no such point", named.join(" and "))
    })?;
    let numbers = rest.len().saturating_sub(table::ORIGIN.len() + PROOF.len());
    let (numbers, origin) = rest.split_at(numbers);
    let [replications, seed, digest, version, _] = origin else {
        return Err("has no origin".to_owned());
    };
    if version != env!("CARGO_PKG_VERSION") {
        let own = env!("CARGO_PKG_VERSION");
        return Err(format!("was written by version {version} of this program, which is {own}"));
    }
    let figures: Result<Vec<Estimate>, String> = numbers.chunks(3).map(estimate).collect();
    let row = PointRow {
        figures: figures?,
        replications: parse(replications)?,
        seed: parse(seed)?,
        digest: digest.clone(),
        warnings: Vec::new(),
    };
    Ok((point, row))
}

fn parse<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("has `{text}` where a number belongs"))
}

fn estimate(numbers: &[String]) -> Result<Estimate, String> {
    let number = |at: usize| match numbers[at].as_str() {
        "" => Ok(None),
        text => match parse::<f64>(text)? {
            number if number.is_finite() => Ok(Some(number)),
            _ => Err(format!("has `{text}` where a number belongs")),
        },
    };
    Ok(Estimate { value: number(0)?, low: number(1)?, high: number(2)? })
}

#[cfg(test)]
mod tests;
