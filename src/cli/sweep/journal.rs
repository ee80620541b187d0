//! `--resume FILE`: the rows so far, kept where the next run can go on.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::super::args::SweepArgs;
use super::super::interrupt::Interrupt;
use super::super::load;
use super::super::output::Destination;
use super::super::{Failure, Outcome};
use super::Sweep;
use crate::sweep::journal::{self, JournalRow, Journaled};
use crate::sweep::{PointRow, table};

/// A file that gets each row as soon as it is there; or none.
pub(super) struct Journal(Option<(File, PathBuf)>);

impl Journal {
    /// Opens the file, making it if it is not there, and takes out what is torn, or damaged where
    /// that is to be simulated again. Gives the rows it has.
    ///
    /// # Errors
    ///
    /// Where it holds something else, which then stays as it is, or cannot be read and written.
    pub(super) fn open(
        args: &SweepArgs,
        sweep: &Sweep,
        interrupt: &Interrupt,
    ) -> Result<(Self, BTreeMap<usize, JournalRow>), Failure> {
        let Some(path) = &args.resume else {
            return Ok((Self(None), BTreeMap::new()));
        };
        interrupt.places.write(path)?;
        let bytes = existing(path)?;
        let read = journal::read(&bytes, &sweep.points, &sweep.shown);
        let Journaled { rows, damaged, sound } = read.map_err(|why| refused(path, &why))?;
        if let (Some((line, why)), false) = (damaged.first(), args.repair) {
            let more = match damaged.len() {
                1 => String::new(),
                count => format!(", and {} more lines are", count - 1),
            };
            return Err(Failure::unusable(format!(
                "cannot resume from `{}`: line {line} is damaged ({why}){more}; add --repair to \
                 simulate such points again",
                path.display()
            )));
        }
        // Beside a last line that was torn off, nothing is written over in place.
        if !bytes.starts_with(&sound) {
            let mut target = Destination::replace(path, interrupt)?;
            target.write_all(&sound).map_err(|error| target.failure(&error))?;
            target.finish()?;
        }
        let file = open(path, sound.len()).map_err(|error| broken(path, &error))?;
        let mut journal = Self(Some((file, path.clone())));
        if sound.is_empty() {
            journal.write(&journal::header(&sweep.points, &sweep.shown))?;
        }
        Ok((journal, rows))
    }

    /// Adds the row of a point.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub(super) fn push(
        &mut self,
        sweep: &Sweep,
        point: usize,
        row: &PointRow,
    ) -> Result<(), Failure> {
        self.write(&journal::record(&sweep.points.points()[point], row))
    }

    fn write(&mut self, record: &[String]) -> Result<(), Failure> {
        let Some((file, path)) = &mut self.0 else {
            return Ok(());
        };
        let mut line = Vec::new();
        let written = table::write(&mut line, record)
            .and_then(|()| file.write_all(&line))
            .and_then(|()| file.flush());
        written.map_err(|error| Failure::writing(&format!("`{}`", path.display()), &error))
    }
}

/// What the file has; nothing where there is none yet.
fn existing(path: &Path) -> Result<Vec<u8>, Failure> {
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(broken(path, &error)),
    };
    if !found.is_file() {
        let message = format!("`{}` is no file that rows can be kept in", path.display());
        return Err(Failure::unusable(message));
    }
    load::contents(path).map_err(|error| broken(path, &error))
}

/// The file, cut off behind so many bytes.
fn open(path: &Path, length: usize) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(false).open(path)?;
    file.set_len(length as u64)?;
    file.seek(SeekFrom::End(0))?;
    Ok(file)
}

fn refused(path: &Path, why: &str) -> Failure {
    Failure::unusable(format!(
        "cannot resume from `{}`: {why}; name another file to begin anew",
        path.display()
    ))
}

fn broken(path: &Path, error: &io::Error) -> Failure {
    Failure::new(Outcome::Unfinished, format!("cannot use `{}`: {error}", path.display()))
}
