//! Rows on standard output as they come: CSV, JSON, or none above a picture.

use std::io::{self, Write};

use serde_json::json;

use super::super::args::Shared;
use super::super::{Failure, output};
use super::Sweep;
use crate::document::{Members, PointRecord, SweepDocument};
use crate::stats::Estimate;
use crate::sweep::{PointRow, table};

/// Where the rows go, and the first figure of each for a picture.
pub(super) struct PrintedRows<'a> {
    sweep: &'a Sweep,
    form: Form,
    estimates: Vec<Estimate>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv,
    Json,
    /// A picture stands for them.
    None,
}

impl<'a> PrintedRows<'a> {
    /// No rows yet, and nothing printed: who reads them sees nothing where there are none.
    pub(super) fn new(sweep: &'a Sweep, shared: &Shared, picture: bool) -> Self {
        let form = match (shared.json, picture) {
            (true, _) => Form::Json,
            (false, true) if !output::stdout_is_watched() => Form::None,
            (false, _) => Form::Csv,
        };
        Self { sweep, form, estimates: Vec::new() }
    }

    /// Prints the row of a point, and before the first one what stands before the rows.
    ///
    /// # Errors
    ///
    /// Where standard output cannot be written.
    pub(super) fn push(&mut self, point: usize, row: &PointRow) -> Result<(), Failure> {
        print(|out| {
            if point == 0 {
                self.begin(out)?;
            }
            match self.form {
                Form::Csv => table::write(out, &table::record(self.values(point), row)),
                Form::Json => {
                    let comma = if point == 0 { "" } else { "," };
                    write!(out, "{comma}\n{}", json!(self.record(point, row)))
                }
                Form::None => Ok(()),
            }
        })?;
        self.estimates.push(row.figures[0]);
        Ok(())
    }

    /// Prints what stands behind the rows; gives the first figure of each. Where the sweep failed
    /// before its first row, nothing is printed.
    ///
    /// # Errors
    ///
    /// Where the sweep failed, or standard output cannot be written.
    pub(super) fn end(
        self,
        ended: Result<(), Failure>,
        is_interrupted: bool,
    ) -> Result<Vec<Estimate>, Failure> {
        let failure = ended.err().filter(|_| !is_interrupted);
        if failure.is_none() || !self.estimates.is_empty() {
            print(|out| {
                if self.estimates.is_empty() {
                    self.begin(out)?;
                }
                match self.form {
                    Form::Json => {
                        let is_partial = is_interrupted || failure.is_some();
                        let (_, tail) = self.document(is_partial).split()?;
                        writeln!(out, "{tail}")
                    }
                    Form::Csv | Form::None => Ok(()),
                }
            })?;
        }
        failure.map_or(Ok(self.estimates), Err)
    }

    fn values(&self, point: usize) -> &[String] {
        &self.sweep.points.points()[point]
    }

    fn begin(&self, out: &mut output::Stdout) -> io::Result<()> {
        let Sweep { points, shown, .. } = self.sweep;
        match self.form {
            Form::Csv => table::write(out, &table::header(points, shown)),
            Form::Json => {
                let (head, _) = self.document(false).split()?;
                write!(out, "{head}")
            }
            Form::None => Ok(()),
        }
    }

    /// The sweep without its rows.
    fn document(&self, is_partial: bool) -> SweepDocument<'_> {
        let shown = self.sweep.shown.iter().map(|shown| shown.text.as_str().into()).collect();
        let mut document = SweepDocument::new(self.sweep.file(), self.sweep.points.paths(), shown);
        document.partial = is_partial;
        document
    }

    fn record<'r>(&'r self, point: usize, row: &'r PointRow) -> PointRecord<'r> {
        let values = self.sweep.points.paths().iter().zip(self.values(point));
        let figures = self.sweep.shown.iter().zip(&row.figures);
        PointRecord {
            values: Members::new(
                values.map(|(path, value)| (path.as_str(), value.as_str().into())),
            ),
            figures: Members::new(
                figures.map(|(shown, estimate)| (shown.text.as_str(), (*estimate).into())),
            ),
            replications: row.replications,
            seed: row.seed,
            digest: row.digest.as_str().into(),
        }
    }
}

/// Writes to standard output and makes sure that it arrives.
fn print(write: impl FnOnce(&mut output::Stdout) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = output::stdout();
    let written = write(&mut out).and_then(|()| out.flush());
    written.map_err(|error| Failure::stdout(&error))
}
