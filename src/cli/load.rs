//! Scenario files from disk or standard input, with all problems of all files.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::args::Shared;
use super::interrupt::Interrupt;
use super::places::Places;
use super::{Failure, Outcome, tell};
use crate::format::{Files, SourceText};
use crate::task::{self, Prepared};

/// More than any scenario, and as much as a data file may have: what is larger is a mistake,
/// perhaps one without an end.
const LARGEST: u64 = 256 << 20;

/// What messages call standard input.
const STDIN: &str = "<stdin>";

/// A scenario file that was read.
pub(super) type FileDraft = task::Draft<Disk>;

/// Prepares all files.
///
/// # Errors
///
/// After all problems of all files have been told.
pub(super) fn all(
    files: &[PathBuf],
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Vec<Prepared>, Failure> {
    collect(files.iter().map(|file| {
        let prepared = draft(file, interrupt)?.prepare(shared.option.as_deref(), &shared.overrides);
        prepared.map_err(Failure::from)
    }))
}

/// All results, or after all failures have been told, the one that says most about the machine.
pub(super) fn collect<T>(
    results: impl IntoIterator<Item = Result<T, Failure>>,
) -> Result<Vec<T>, Failure> {
    let mut done = Vec::new();
    let mut worst = None;
    for result in results {
        match result {
            Ok(one) => done.push(one),
            Err(failure) => {
                failure.tell();
                worst = worst.max(Some(failure.outcome));
            }
        }
    }
    worst.map_or(Ok(done), |outcome| Err(Failure::told(outcome)))
}

/// Reads a scenario file.
///
/// # Errors
///
/// Where that fails.
pub(super) fn draft(path: &Path, interrupt: &Interrupt) -> Result<FileDraft, Failure> {
    let (label, bytes) = read(path, interrupt)?;
    let disk = Disk(interrupt.places.clone());
    Ok(FileDraft::new(path.display().to_string(), SourceText::new(label, bytes), disk))
}

/// The bytes of a scenario file, and what messages call it.
pub(super) fn read(path: &Path, interrupt: &Interrupt) -> Result<(String, Vec<u8>), Failure> {
    if path.as_os_str() == "-" {
        let bytes = bounded(&mut io::stdin().lock());
        return Ok((STDIN.to_owned(), bytes.map_err(|error| unreadable(STDIN, &error))?));
    }
    let name = path.display().to_string();
    interrupt.places.read(path).map_err(Failure::unusable)?;
    match contents(path) {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(unreadable(&name, &error)),
    }
}

/// The bytes of a file, if they are not too many.
pub(super) fn contents(path: &Path) -> io::Result<Vec<u8>> {
    File::open(path).and_then(|mut file| bounded(&mut file))
}

fn bounded(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("it is larger than {} MiB", LARGEST >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// Naming a file that is not there or is no scenario is bad usage; the rest is the machine's.
fn unreadable(name: &str, error: &io::Error) -> Failure {
    use io::ErrorKind::{FileTooLarge, IsADirectory, NotADirectory, NotFound};
    let outcome = match error.kind() {
        NotFound | IsADirectory | NotADirectory | FileTooLarge => Outcome::Unusable,
        _ => Outcome::Unfinished,
    };
    let advice = match error.kind() {
        NotFound => mistyped_command(name),
        _ => None,
    };
    let advice = advice
        .map_or_else(String::new, |command| format!("; did you mean the command `{command}`?"));
    Failure::new(outcome, format!("cannot read `{name}`: {error}{advice}"))
}

/// The command that somebody may have meant who named a file that is not there.
fn mistyped_command(name: &str) -> Option<String> {
    super::args::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .find(|command| strsim::damerau_levenshtein(command, name) <= 2)
}

/// Files that scenarios name, read from disk.
#[derive(Debug)]
pub(super) struct Disk(Places);

impl Files for Disk {
    fn read(&self, base: &str, name: &str) -> Result<(String, Vec<u8>), String> {
        let folder = if base == STDIN { None } else { Path::new(base).parent() };
        let path = folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
        let label = path.display().to_string();
        self.0.read(&path)?;
        match contents(&path) {
            Ok(bytes) => Ok((label, bytes)),
            Err(error) => Err(format!("cannot read `{label}`: {error}")),
        }
    }
}

/// Says a warning on standard error.
pub(super) fn warn(file: &str, message: &str) {
    tell("warning", &format!("{file}: {message}"));
}
