//! What leaves the program as data: one declaration for each document, written and read back.
//!
//! Each document names its version in its first member, the name of which tells what it is.
//! Unknown numbers are `null`. A [`Quantity`] carries the unit of its numbers, so that nobody who
//! writes one for people has to know what it is of.

use std::io::{self, Write};

use serde::Serialize;

mod check;
mod comparison;
mod figures;
mod found;
mod lines;
mod members;
mod number;
mod origin;
mod plan;
mod report;
mod sweep;
mod validation;
mod words;

pub use check::{
    CheckDocument, CheckedExpectation, CheckedRecord, GuardRecord, IntervalLossRecord,
    TypeLossRecord,
};
pub use comparison::{ComparisonDocument, DifferenceRecord, OptionRecord};
pub use figures::{FigureRecord, FigureTree, Quantity};
pub use found::FindDocument;
pub use members::Members;
pub use number::Number;
pub use origin::{ClearsFrom, Origin, ServicePromise};
pub use plan::{
    BlockingRecord, BreakRecord, FormulaPromise, FormulaRecord, GroupPlan, JudgedRecord,
    PlanDocument, PromiseRecord, Searched, ShiftRecord, StaffStep, VerifiedRecord, WholeDay, start,
};
pub use report::{
    ContactRecord, ExpectationRecord, IntervalRecord, MomentRecord, ReportDocument, RunRecord,
    ScenarioRecord, WarningRecord,
};
pub use sweep::{PointRecord, SweepDocument};
pub use validation::{ProblemRecord, ScenarioSize, ValidationDocument};
pub use words::Version;

/// Writes a document with a line for each of its parts; it ends with a line feed.
///
/// # Errors
/// Those of the writer.
pub fn write(document: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    lines::write(document, out)?;
    writeln!(out)
}

/// Writes a document that a person may read, indented; it ends with a line feed.
///
/// # Errors
/// Those of the writer.
pub fn write_indented(document: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    writeln!(out)
}

/// Writes several documents as one list, each as soon as it is there.
#[derive(Debug)]
pub struct List<W> {
    out: W,
    is_empty: bool,
}

impl<W: Write> List<W> {
    /// Begins the list.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn begin(mut out: W) -> io::Result<Self> {
        write!(out, "[")?;
        Ok(Self { out, is_empty: true })
    }

    /// Adds a document.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn push(&mut self, document: &impl Serialize) -> io::Result<()> {
        if !self.is_empty {
            writeln!(self.out, ",")?;
        }
        self.is_empty = false;
        lines::write(document, &mut self.out)
    }

    /// Ends the list.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn end(mut self) -> io::Result<()> {
        writeln!(self.out, "]")?;
        self.out.flush()
    }
}
