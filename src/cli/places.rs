//! What a run reads and writes: no output may be a file that is read, or another output.
//!
//! Files are the same where device and number are, whatever their names say: links, other spellings
//! and absolute paths lead to one place.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::Failure;

/// The files of this run.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(Arc<Mutex<Vec<Known>>>);

/// A file of this run.
#[derive(Debug)]
struct Known {
    place: Place,
    name: String,
    usage: Usage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Usage {
    Read,
    Written,
}

/// Where a file is, or will be.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Existing(Identity),
    /// In this folder, under this name.
    New(Option<Identity>, PathBuf),
}

impl Places {
    /// Notes that standard input and output are files, where they are.
    pub(super) fn note_streams(&self) {
        for (path, name, usage) in [
            ("/dev/stdin", "standard input", Usage::Read),
            ("/dev/stdout", "standard output", Usage::Written),
        ] {
            if let Some(place @ Place::Existing(_)) = Place::of(Path::new(path)) {
                self.add(Known { place, name: name.to_owned(), usage });
            }
        }
    }

    /// Notes that a file is read.
    ///
    /// # Errors
    ///
    /// Where it is an output.
    pub(super) fn read(&self, path: &Path) -> Result<(), String> {
        let Some(place) = Place::of(path) else { return Ok(()) };
        if let Some((name, Usage::Written)) = self.find(&place) {
            return Err(format!("`{}` is written by this run, as {name}", path.display()));
        }
        let name = format!("`{}`", path.display());
        self.add(Known { place, name, usage: Usage::Read });
        Ok(())
    }

    /// Notes that a file is written.
    ///
    /// # Errors
    ///
    /// Where it is read, or another output.
    pub(super) fn write(&self, path: &Path) -> Result<(), Failure> {
        let Some(place) = Place::of(path) else { return Ok(()) };
        let own = format!("`{}`", path.display());
        match self.find(&place) {
            Some((name, Usage::Read)) => {
                let what = if name == own { String::new() } else { format!(", which is {name}") };
                Err(Failure::unusable(format!(
                    "{own}{what} is read by this run and would be replaced: name another file"
                )))
            }
            Some((name, Usage::Written)) => Err(Failure::unusable(format!(
                "{own} is an output already, as {name}: write each output to a file of its own"
            ))),
            None => {
                self.add(Known { place, name: own, usage: Usage::Written });
                Ok(())
            }
        }
    }

    fn add(&self, known: Known) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(known);
    }

    fn find(&self, place: &Place) -> Option<(String, Usage)> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().find(|known| known.place == *place)?;
        Some((found.name.clone(), found.usage))
    }
}

impl Place {
    /// `None`: a folder, a pipe or a device, which many may share.
    fn of(path: &Path) -> Option<Self> {
        match fs::metadata(path) {
            Ok(found) if found.is_file() => Some(Self::Existing(Identity::of(path, &found)?)),
            Ok(_) => None,
            Err(_) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                let folder = folder.unwrap_or(Path::new("."));
                let identity = fs::metadata(folder).ok();
                let identity = identity.and_then(|found| Identity::of(folder, &found));
                // A folder that is not there yet has its name only.
                let name = if identity.is_some() { path.file_name()?.into() } else { path.into() };
                Some(Self::New(identity, name))
            }
        }
    }
}

/// What tells a file from all others.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Identity(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] PathBuf);

impl Identity {
    #[cfg(unix)]
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere a path may not be found")]
    fn of(_path: &Path, found: &fs::Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        Some(Self((found.dev(), found.ino())))
    }

    #[cfg(not(unix))]
    fn of(path: &Path, _found: &fs::Metadata) -> Option<Self> {
        fs::canonicalize(path).ok().map(Self)
    }
}
