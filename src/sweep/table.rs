//! Rows as CSV: one column a varied path, then value, low and high of each figure shown, then what a
//! row came from (`replications`, `seed`, `digest`).

use std::io::{self, Write};

use super::{PointRow, Points, ShownFigure};

/// The columns behind the figures.
pub(super) const ORIGIN: [&str; 3] = ["replications", "seed", "digest"];

/// The first row.
pub fn header(points: &Points, shown: &[ShownFigure]) -> Vec<String> {
    let figures = shown.iter().flat_map(|shown| {
        let text = &shown.text;
        [text.clone(), format!("{text}.low"), format!("{text}.high")]
    });
    let paths = points.paths().iter().cloned();
    let origin = ORIGIN.iter().map(|name| (*name).to_owned());
    paths.chain(figures).chain(origin).collect()
}

/// The row of one point; unknown numbers are empty.
pub fn record(values: &[String], row: &PointRow) -> Vec<String> {
    let number = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
    let figures = row
        .figures
        .iter()
        .flat_map(|estimate| [estimate.value, estimate.low, estimate.high].map(number));
    let origin = [row.replications.to_string(), row.seed.to_string(), row.digest.clone()];
    values.iter().cloned().chain(figures).chain(origin).collect()
}

/// Writes one row of CSV.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut impl Write, record: &[String]) -> io::Result<()> {
    let mut line = csv::Writer::from_writer(Vec::new());
    line.write_record(record)?;
    let line = line.into_inner().map_err(csv::IntoInnerError::into_error)?;
    out.write_all(&line)
}

/// Points from CSV: paths in the first row, then one point a row.
///
/// # Errors
/// What is wrong, with the line.
pub fn points(bytes: &[u8]) -> Result<Points, String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut records = records(bytes)?.into_iter();
    let (_, paths) = records.next().ok_or("it is empty")?;
    if let Some(at) = paths.iter().position(String::is_empty) {
        return Err(format!("column {} has no path", at + 1));
    }
    let mut points = Vec::new();
    for (line, values) in records {
        if values.len() != paths.len() {
            let (found, wanted) = (values.len(), paths.len());
            return Err(format!("line {line} has {found} values, the first has {wanted}"));
        }
        if let Some(at) = values.iter().position(String::is_empty) {
            return Err(format!("line {line} has no value for `{}`", paths[at]));
        }
        points.push(values);
    }
    if points.is_empty() {
        return Err("it has no point below its first line".to_owned());
    }
    Points::new(paths, points)
}

/// All records with the lines they start in, from 1.
fn records(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let mut records = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        records.push((line, record.iter().map(str::to_owned).collect()));
    }
    Ok(records)
}
