//! Rows as CSV: one column a varied path, then value, low and high of each figure shown, then what a
//! row came from (`replications`, `seed`, `digest`), which tells whether another sweep can go on
//! behind it.

use std::io::{self, Write};

use super::{Grid, Row, Shown};
use crate::stats::Estimate;

/// The columns behind the figures.
const ORIGIN: [&str; 3] = ["replications", "seed", "digest"];

/// The first row.
pub fn header(grid: &Grid, shown: &[Shown]) -> Vec<String> {
    let figures = shown.iter().flat_map(|shown| {
        let text = &shown.text;
        [text.clone(), format!("{text}.low"), format!("{text}.high")]
    });
    let paths = grid.paths().iter().cloned();
    let origin = ORIGIN.iter().map(|name| (*name).to_owned());
    paths.chain(figures).chain(origin).collect()
}

/// The row of one point; unknown numbers are empty.
pub fn record(values: &[String], row: &Row) -> Vec<String> {
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

/// A grid from CSV: paths in the first row, then one point a row.
///
/// # Errors
/// What is wrong, with the line.
pub fn grid(bytes: &[u8]) -> Result<Grid, String> {
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
    Grid::new(paths, points)
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

/// What a sweep has written before it was stopped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Finished {
    /// The rows of the first points.
    pub rows: Vec<Row>,
    /// How many bytes hold them and the header; what follows was torn off.
    pub length: usize,
}

/// What the points of a sweep must have come from.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The points.
    pub grid: &'a Grid,
    /// What rows show.
    pub shown: &'a [Shown],
    /// Digest of the scenario of each point.
    pub digests: &'a [String],
    /// Seed and replications of each point; unknown where it depends on the results.
    pub runs: &'a [(u64, Option<u32>)],
}

/// Reads the rows that a sweep has written, as far as they are whole: a last line without its end
/// is left out.
///
/// # Errors
/// Where the file belongs to another sweep: what differs first, with the line.
pub fn finished(bytes: &[u8], expected: &Expected<'_>) -> Result<Finished, String> {
    let length = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let mut records = records(&bytes[..length])?.into_iter();
    let header = header(expected.grid, expected.shown);
    let Some((_, found)) = records.next() else {
        return torn_header(bytes, &header);
    };
    if found != header {
        return Err(difference(&found, &header));
    }
    let mut rows = Vec::new();
    for (line, record) in records {
        let point = rows.len();
        if point == expected.grid.points().len() {
            return Err(format!("line {line} is one more than the sweep has points"));
        }
        rows.push(expected.row(point, &record).map_err(|why| format!("line {line} {why}"))?);
    }
    Ok(Finished { rows, length })
}

/// A file without a whole line: nothing is finished, if what there is begins like the header.
fn torn_header(bytes: &[u8], header: &[String]) -> Result<Finished, String> {
    let mut whole = Vec::new();
    // A vector takes all that is written.
    let _ = write(&mut whole, header);
    if whole.starts_with(bytes) {
        Ok(Finished::default())
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

impl Expected<'_> {
    /// The row of a point, if the record is that.
    fn row(&self, point: usize, record: &[String]) -> Result<Row, String> {
        let columns = header(self.grid, self.shown).len();
        if record.len() != columns {
            return Err(format!("has {} columns, not {columns}", record.len()));
        }
        let (values, rest) = record.split_at(self.grid.paths().len());
        let wanted: Vec<&str> = self.grid.points()[point].iter().map(|v| v.trim()).collect();
        if values != wanted {
            let at = (0..values.len()).find(|at| values[*at] != wanted[*at]);
            let at = at.unwrap_or(0);
            let path = &self.grid.paths()[at];
            return Err(format!(
                "has `{}` for `{path}`, this sweep has `{}` at that point",
                values[at], wanted[at]
            ));
        }
        let (numbers, origin) = rest.split_at(3 * self.shown.len());
        let [replications, seed, digest] = origin else {
            return Err("has no origin".to_owned());
        };
        if *digest != self.digests[point] {
            let wanted = &self.digests[point];
            return Err(format!(
                "comes from another scenario: digest {digest}, now it is {wanted}"
            ));
        }
        let (seed, replications) = (parse::<u64>(seed)?, parse::<u32>(replications)?);
        let (wanted_seed, wanted) = self.runs[point];
        if seed != wanted_seed {
            return Err(format!("has seed {seed}, this sweep has {wanted_seed}"));
        }
        if let Some(wanted) = wanted.filter(|wanted| *wanted != replications) {
            return Err(format!("has {replications} replications, this sweep has {wanted}"));
        }
        let figures: Result<Vec<Estimate>, String> = numbers.chunks(3).map(estimate).collect();
        Ok(Row {
            figures: figures?,
            replications,
            seed,
            digest: digest.clone(),
            warnings: Vec::new(),
        })
    }
}

fn parse<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("has `{text}` where a number belongs"))
}

fn estimate(numbers: &[String]) -> Result<Estimate, String> {
    let number = |at: usize| match numbers[at].as_str() {
        "" => Ok(None),
        text => parse::<f64>(text).map(Some),
    };
    Ok(Estimate { value: number(0)?, low: number(1)?, high: number(2)? })
}
