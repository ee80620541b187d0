//! Rows on standard output as they come: CSV, JSON, or none above a picture.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::super::args::Shared;
use super::super::{Failure, output};
use super::plan::Plan;
use crate::report::json::number;
use crate::stats::Estimate;
use crate::sweep::{Row, table};

/// Where the rows go, and the first figure of each for a picture.
pub(super) struct Rows {
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

impl Rows {
    /// Prints what stands before the rows.
    ///
    /// # Errors
    ///
    /// Where standard output cannot be written.
    pub(super) fn begin(plan: &Plan<'_>, shared: &Shared, picture: bool) -> Result<Self, Failure> {
        let form = match (shared.json, picture) {
            (true, _) => Form::Json,
            (false, true) if !output::stdout_is_watched() => Form::None,
            (false, _) => Form::Csv,
        };
        print(|out| match form {
            Form::Csv => table::write(out, &table::header(&plan.grid, &plan.shown)),
            Form::Json => {
                let shown: Vec<&str> = plan.shown.iter().map(|shown| shown.text.as_str()).collect();
                writeln!(out, "{{\"sweep\":1,")?;
                writeln!(out, "\"file\":{},", json!(plan.file))?;
                writeln!(out, "\"vary\":{},", json!(plan.grid.paths()))?;
                writeln!(out, "\"show\":{},", json!(shown))?;
                write!(out, "\"points\":[")
            }
            Form::None => Ok(()),
        })?;
        Ok(Self { form, estimates: Vec::new() })
    }

    /// Prints the row of a point.
    ///
    /// # Errors
    ///
    /// Where standard output cannot be written.
    pub(super) fn push(&mut self, plan: &Plan<'_>, point: usize, row: &Row) -> Result<(), Failure> {
        print(|out| match self.form {
            Form::Csv => table::write(out, &table::record(&plan.grid.points()[point], row)),
            Form::Json => {
                let comma = if point == 0 { "" } else { "," };
                write!(out, "{comma}\n{}", object(plan, point, row))
            }
            Form::None => Ok(()),
        })?;
        self.estimates.push(row.figures[0]);
        Ok(())
    }

    /// Prints what stands behind the rows; gives the first figure of each.
    ///
    /// # Errors
    ///
    /// Where standard output cannot be written.
    pub(super) fn end(self, is_partial: bool) -> Result<Vec<Estimate>, Failure> {
        if self.form == Form::Json {
            print(|out| writeln!(out, "],\n\"partial\":{is_partial}}}"))?;
        }
        Ok(self.estimates)
    }
}

/// Writes to standard output and makes sure that it arrives.
fn print(write: impl FnOnce(&mut output::Stdout) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = output::stdout();
    let written = write(&mut out).and_then(|()| out.flush());
    written.map_err(|error| Failure::stdout(&error))
}

fn object(plan: &Plan<'_>, point: usize, row: &Row) -> Value {
    let pairs = plan.grid.paths().iter().zip(&plan.grid.points()[point]);
    let values: Map<String, Value> =
        pairs.map(|(path, value)| (path.clone(), json!(value))).collect();
    let pairs = plan.shown.iter().zip(&row.figures);
    let figures: Map<String, Value> =
        pairs.map(|(shown, estimate)| (shown.text.clone(), estimate_object(estimate))).collect();
    json!({
        "values": values,
        "figures": figures,
        "replications": row.replications,
        "seed": row.seed,
        "digest": row.digest,
    })
}

fn estimate_object(estimate: &Estimate) -> Value {
    json!({
        "value": number(estimate.value),
        "low": number(estimate.low),
        "high": number(estimate.high),
    })
}
