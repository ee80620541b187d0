//! Baselines on disk: a folder with a file per scenario.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::super::interrupt::Interrupt;
use super::super::output::Destination;
use super::super::{Failure, Outcome};
use super::stem;
use crate::judge::Baseline;
use crate::task::Prepared;

/// Largest baseline that is read: far more than any.
const LARGEST: u64 = 256 << 20;

/// A baseline that is to be written: where, and what.
pub(super) struct BaselineFile {
    target: Destination,
    /// What messages call it.
    pub(super) place: String,
    pub(super) text: String,
}

fn path_of(folder: &Path, file: &str) -> PathBuf {
    folder.join(format!("{}.json", stem(file)))
}

/// Refuses files that would share a baseline.
///
/// # Errors
///
/// Where two of them have the same name in different folders.
pub(super) fn refuse_same_names(scenarios: &[Prepared]) -> Result<(), Failure> {
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    for Prepared { file, .. } in scenarios {
        if let Some(other) = known.insert(stem(file), file) {
            return Err(Failure::unusable(format!(
                "`{other}` and `{file}` would have the same baseline, `{}.json`: check them one by \
                 one with a DIR each",
                stem(file)
            )));
        }
    }
    Ok(())
}

/// Reads the baseline of a scenario file; with what messages call it.
///
/// # Errors
///
/// Where there is none, or it cannot be used.
pub(super) fn read(
    folder: &Path,
    file: &str,
    interrupt: &Interrupt,
) -> Result<(Baseline, String), Failure> {
    let path = path_of(folder, file);
    interrupt.places.read(&path).map_err(Failure::unusable)?;
    let place = path.display().to_string();
    let refuse = |message: String| Err(Failure::unusable(message));
    let how =
        format!("store one with `simulate check {file} --baseline {} --update`", folder.display());
    let text = match fs::metadata(&path).map(|found| found.len()) {
        Ok(length) if length > LARGEST => {
            return refuse(format!("`{place}` is no baseline: it is far too large; {how}"));
        }
        Ok(_) => fs::read_to_string(&path),
        Err(error) => Err(error),
    };
    let text = match text {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return refuse(if folder.is_dir() {
                format!("`{}` has no baseline of `{file}` (no `{place}`): {how}", folder.display())
            } else {
                format!("there is no folder `{}`: {how}", folder.display())
            });
        }
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            return refuse(format!("`{place}` is no baseline: it is not text; {how}"));
        }
        Err(error) => {
            let message = format!("cannot read `{place}`: {error}");
            return Err(Failure::new(Outcome::Unfinished, message));
        }
    };
    match Baseline::parse(&text) {
        Ok(baseline) => Ok((baseline, place)),
        Err(error) => refuse(format!("`{place}` {error}")),
    }
}

impl BaselineFile {
    /// Makes sure that the baseline of a scenario file can be written; the folder is made where
    /// there is none.
    ///
    /// # Errors
    ///
    /// Where it cannot be.
    pub(super) fn open(folder: &Path, file: &str, interrupt: &Interrupt) -> Result<Self, Failure> {
        fs::create_dir_all(folder).map_err(|error| {
            let message = format!("cannot make the folder `{}`: {error}", folder.display());
            Failure::new(Outcome::Unfinished, message)
        })?;
        let path = path_of(folder, file);
        let target = Destination::open(&path, interrupt)?;
        Ok(Self { target, place: path.display().to_string(), text: String::new() })
    }

    /// Puts it in its place, whole or not at all.
    ///
    /// # Errors
    ///
    /// Where that cannot be done; what was there stays.
    pub(super) fn write(mut self) -> Result<(), Failure> {
        let written = self.target.write_all(self.text.as_bytes());
        written.map_err(|error| self.target.failure(&error))?;
        self.target.finish()
    }
}
