//! `simulate schema`: the scenario format, for editors and for people.

use std::io::Write;

use super::args::SchemaForm;
use super::{Failure, Outcome, output};
use crate::scenario;

/// Prints the format.
///
/// # Errors
///
/// Where standard output cannot be written.
pub(super) fn schema(form: SchemaForm) -> Result<Outcome, Failure> {
    let text = match form {
        SchemaForm::Schema => format!("{:#}", scenario::schema()),
        SchemaForm::Reference => scenario::reference(),
    };
    let mut out = output::stdout();
    let written = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
    written.map_err(|error| Failure::stdout(&error))?;
    Ok(Outcome::Done)
}
