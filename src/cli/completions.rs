//! `simulate completions`: what a shell offers when Tab is pressed.

use std::io::Write;

use super::{Failure, Outcome, output};

/// Prints the completion script of a shell.
///
/// # Errors
///
/// Where standard output cannot be written.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<Outcome, Failure> {
    // The generator panics where it cannot write: it gets a buffer.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut super::args::command(), "simulate", &mut script);
    let mut out = output::stdout();
    let written = out.write_all(&script).and_then(|()| out.flush());
    written.map_err(|error| Failure::stdout(&error))?;
    Ok(Outcome::Done)
}
