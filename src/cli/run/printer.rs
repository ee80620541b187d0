//! Reports on standard output, each as soon as it is there.

use std::io::Write;

use crate::cli::args::Shared;
use crate::cli::{Failure, Outcome, load, output};
use crate::document::{self, List, Origin, ReportDocument};
use crate::experiment::Summary;
use crate::report;

/// Prints reports as they come.
pub(super) struct Printer {
    form: Form,
    is_quiet: bool,
}

enum Form {
    Text {
        is_first: bool,
    },
    Json,
    JsonList(Box<List<output::Stdout>>),
    /// Something else has standard output, or whoever read it has gone.
    Silent,
}

impl Printer {
    /// Begins to print the reports of so many scenarios.
    ///
    /// # Errors
    ///
    /// Where standard output cannot be written.
    pub(super) fn begin(shared: &Shared, scenarios: usize) -> Result<Self, Failure> {
        let form = if !shared.json {
            Form::Text { is_first: true }
        } else if scenarios == 1 {
            Form::Json
        } else {
            let list = List::begin(output::stdout());
            Form::JsonList(Box::new(list.map_err(|error| Failure::stdout(&error))?))
        };
        Ok(Self { form, is_quiet: shared.quiet })
    }

    /// Prints nothing but warnings.
    pub(super) fn silent(shared: &Shared) -> Self {
        Self { form: Form::Silent, is_quiet: shared.quiet }
    }

    /// Prints a report.
    ///
    /// # Errors
    ///
    /// Where standard output cannot be written. If nobody reads it any more, nothing is printed
    /// from then on.
    pub(super) fn print(&mut self, summary: &Summary, origin: &Origin) -> Result<(), Failure> {
        let written = match &mut self.form {
            Form::Text { is_first } => {
                let mut out = output::stdout();
                let blank = if *is_first { Ok(()) } else { writeln!(out) };
                *is_first = false;
                blank
                    .and_then(|()| {
                        let blocks = report::run(summary, origin);
                        report::terminal(&blocks, &output::style(), &mut out)
                    })
                    .and_then(|()| out.flush())
            }
            Form::Json => {
                let mut out = output::stdout();
                let report = ReportDocument::new(summary, origin);
                document::write(&report, &mut out).and_then(|()| out.flush())
            }
            Form::JsonList(list) => list.push(&ReportDocument::new(summary, origin)),
            Form::Silent => Ok(()),
        };
        // The text report shows them itself.
        if !self.is_quiet && !matches!(self.form, Form::Text { .. }) {
            for warning in &summary.warnings {
                load::warn(&origin.file, &warning.message);
            }
        }
        written.map_err(|error| {
            let failure = Failure::stdout(&error);
            if failure.outcome == Outcome::Done {
                self.form = Form::Silent;
                self.is_quiet = true;
            }
            failure
        })
    }

    /// Ends what was begun.
    ///
    /// # Errors
    ///
    /// Where standard output cannot be written.
    pub(super) fn end(self) -> Result<(), Failure> {
        match self.form {
            Form::JsonList(list) => list.end().map_err(|error| Failure::stdout(&error)),
            Form::Text { .. } | Form::Json | Form::Silent => Ok(()),
        }
    }
}
