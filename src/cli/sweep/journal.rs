//! `--resume FILE`: the rows so far, kept where the next run can go on.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::super::{Failure, Outcome};
use super::plan::Plan;
use crate::sweep::Row;
use crate::sweep::table::{self, Expected, Finished};

/// A file that gets each row as soon as it is there; or none.
pub(super) struct Journal(Option<(File, PathBuf)>);

impl Journal {
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// Opens the file, making it if it is not there, and cuts off what was torn. Gives the rows it
    /// has.
    ///
    /// # Errors
    ///
    /// Where it holds something else, which then stays as it is, or cannot be read and written.
    pub(super) fn open(path: &Path, plan: &Plan<'_>) -> Result<(Self, Vec<Row>), Failure> {
        let broken = |error: &std::io::Error| {
            let message = format!("cannot use `{}`: {error}", path.display());
            Failure::new(Outcome::Unfinished, message)
        };
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(path).map_err(|error| broken(&error))?;
        if is_stdout(&file) {
            let message = format!(
                "standard output is `{}` itself: it gets the rows anyway, so leave out the `>`",
                path.display()
            );
            return Err(Failure::new(Outcome::Unusable, message));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| broken(&error))?;
        let expected = Expected {
            grid: &plan.grid,
            shown: &plan.shown,
            digests: &plan.digests,
            runs: &plan.runs,
        };
        let Finished { rows, length } = table::finished(&bytes, &expected).map_err(|why| {
            let message = format!(
                "cannot resume from `{}`: {why}; name another file to begin anew",
                path.display()
            );
            Failure::new(Outcome::Unusable, message)
        })?;
        let cut = file.set_len(length as u64).and_then(|()| file.seek(SeekFrom::End(0)));
        cut.map_err(|error| broken(&error))?;
        let mut journal = Self(Some((file, path.to_owned())));
        if length == 0 {
            journal.write(&table::header(&plan.grid, &plan.shown))?;
        }
        Ok((journal, rows))
    }

    /// Adds the row of a point.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub(super) fn push(&mut self, plan: &Plan<'_>, point: usize, row: &Row) -> Result<(), Failure> {
        self.write(&table::record(&plan.grid.points()[point], row))
    }

    fn write(&mut self, record: &[String]) -> Result<(), Failure> {
        let Some((file, path)) = &mut self.0 else {
            return Ok(());
        };
        let mut line = Vec::new();
        let written = table::write(&mut line, record)
            .and_then(|()| file.write_all(&line))
            .and_then(|()| file.flush());
        written.map_err(|error| {
            let message = format!("cannot write `{}`: {error}", path.display());
            Failure::new(Outcome::Unfinished, message)
        })
    }
}

/// Whether a file is where standard output goes.
#[cfg(unix)]
fn is_stdout(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = || {
        let (file, stdout) = (file.metadata().ok()?, std::fs::metadata("/dev/stdout").ok()?);
        Some(stdout.is_file() && (file.dev(), file.ino()) == (stdout.dev(), stdout.ino()))
    };
    same().unwrap_or(false)
}

#[cfg(not(unix))]
fn is_stdout(_file: &File) -> bool {
    false
}
