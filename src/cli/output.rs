//! Files that appear whole or not at all, and how standard output looks.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::interrupt::Interrupt;
use super::{Failure, Outcome};
use crate::report::block::Block;
use crate::report::{Charset, Style, terminal};

/// Where a result goes that is not the report.
#[derive(Debug)]
pub(super) enum Destination {
    /// A file beside the one wanted, renamed when it is complete.
    Whole { file: NamedTempFile, path: PathBuf },
    /// A pipe or a device, which cannot be replaced.
    Direct { file: File, path: PathBuf },
    /// Standard output.
    Stdout(io::Stdout),
}

impl Destination {
    /// Makes sure that `path` can be written, and begins to.
    ///
    /// # Errors
    ///
    /// Where it cannot be, naming the file, or where this run reads it or writes it already.
    pub(super) fn open(path: &Path, interrupt: &Interrupt) -> Result<Self, Failure> {
        if path.as_os_str() == "-" {
            return Ok(Self::Stdout(io::stdout()));
        }
        interrupt.places.write(path)?;
        Self::replace(path, interrupt)
    }

    /// The same for a file that is known to be an output of this run.
    ///
    /// # Errors
    ///
    /// Where it cannot be written, naming the file.
    pub(super) fn replace(path: &Path, interrupt: &Interrupt) -> Result<Self, Failure> {
        let failure = |error: &io::Error| cannot_write(path, error);
        // A link stays a link: what it points at is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => {
                Err(failure(&io::Error::from(io::ErrorKind::IsADirectory)))
            }
            Ok(found) if found.is_file() => {
                // Renaming would replace even a file that is protected against writing.
                OpenOptions::new().write(true).open(&path).map_err(|error| failure(&error))?;
                let file = beside(&path, interrupt).map_err(|error| failure(&error))?;
                fs::set_permissions(file.path(), found.permissions())
                    .map_err(|error| failure(&error))?;
                Ok(Self::Whole { file, path })
            }
            Ok(_) => {
                let file = OpenOptions::new().write(true).open(&path);
                Ok(Self::Direct { file: file.map_err(|error| failure(&error))?, path })
            }
            Err(_) => {
                let file = beside(&path, interrupt).map_err(|error| failure(&error))?;
                Ok(Self::Whole { file, path })
            }
        }
    }

    /// Whether it is where the report would go.
    pub(super) fn is_stdout(&self) -> bool {
        matches!(self, Self::Stdout(_))
    }

    /// Whether it appears whole or not at all.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Self::Whole { .. })
    }

    /// What messages call it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Whole { path, .. } | Self::Direct { path, .. } => format!("`{}`", path.display()),
            Self::Stdout(_) => "standard output".to_owned(),
        }
    }

    /// What `error` means while writing here.
    pub(super) fn failure(&self, error: &io::Error) -> Failure {
        match self {
            Self::Whole { path, .. } => cannot_write(path, error),
            Self::Direct { path, .. } => Failure::writing(&format!("`{}`", path.display()), error),
            Self::Stdout(_) => Failure::stdout(error),
        }
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// Where that cannot be done; then there is no new file.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        self.flush().map_err(|error| self.failure(&error))?;
        match self {
            Self::Whole { file, path } => {
                file.persist(&path).map_err(|error| cannot_write(&path, &error.error))?;
                Ok(())
            }
            Self::Direct { .. } | Self::Stdout(_) => Ok(()),
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Whole { file, .. } => file.write(bytes),
            Self::Direct { file, .. } => file.write(bytes),
            Self::Stdout(stdout) => stdout.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Whole { file, .. } => file.flush(),
            Self::Direct { file, .. } => file.flush(),
            Self::Stdout(stdout) => stdout.flush(),
        }
    }
}

/// A folder for results. When this is dropped, what was made for them goes again if it is empty.
#[derive(Debug)]
pub(super) struct Folder {
    /// Folders that were not there before, outermost first.
    made: Vec<PathBuf>,
}

impl Folder {
    /// Makes the folder, and those that it is in, unless it is there.
    ///
    /// # Errors
    ///
    /// Where that cannot be done, naming the folder.
    pub(super) fn open(path: &Path, interrupt: &Interrupt) -> Result<Self, Failure> {
        let is_missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
        let missing = path.ancestors().take_while(is_missing);
        let mut made: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        made.reverse();
        for folder in &made {
            interrupt.remove_at_exit(folder);
        }
        let folder = Self { made };
        match fs::create_dir_all(path) {
            Ok(()) => Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let error = io::Error::new(error.kind(), "it is a file, not a folder");
                Err(cannot_write(path, &error))
            }
            Err(error) => Err(cannot_write(path, &error)),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // One with results in it stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// How a file in the making is called: a start, something random, an end.
const PART: (&str, &str) = (".simulate-", ".part");

/// A new file in the folder of `path`, as readable for others as any file made here, locked as long
/// as this process makes it. What runs that were killed have left there goes.
fn beside(path: &Path, interrupt: &Interrupt) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    remove_stale(folder);
    let mut builder = tempfile::Builder::new();
    builder.prefix(PART.0).suffix(PART.1);
    if let Some(permissions) = ordinary_permissions() {
        builder.permissions(permissions);
    }
    loop {
        let file = builder.tempfile_in(folder)?;
        // Where the system has no locks, others cannot remove it either.
        let _ = file.as_file().lock();
        // Another run may have taken it for a stale one before it was locked.
        if file.path().exists() {
            interrupt.remove_at_exit(file.path());
            return Ok(file);
        }
    }
}

/// Removes files in the making that nobody makes: the lock of a killed process is gone with it.
fn remove_stale(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_part = name.starts_with(PART.0) && name.ends_with(PART.1);
        let is_stale = || {
            let file = OpenOptions::new().write(true).open(entry.path());
            file.is_ok_and(|file| file.try_lock().is_ok())
        };
        if is_part && is_stale() {
            // Somebody else may have been quicker.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// What programs ask for when they make a file: the umask takes its part of it.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
fn ordinary_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn ordinary_permissions() -> Option<Permissions> {
    None
}

/// What `error` means while writing to `path`.
pub(super) fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    // Temporary files put their own name behind the cause: nobody asked for them.
    let text = error.to_string();
    let cause = text.split(" at path \"").next().unwrap_or(&text);
    Failure::new(Outcome::Unfinished, format!("cannot write `{}`: {cause}", path.display()))
}

/// Standard output for results, buffered.
pub(super) type Stdout = BufWriter<StdoutLock<'static>>;

/// Standard output for results.
pub(super) fn stdout() -> Stdout {
    // A report of a day has megabytes.
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// Prints blocks as text.
///
/// # Errors
///
/// Where standard output cannot be written.
pub(super) fn print(blocks: &[Block]) -> Result<(), Failure> {
    let mut out = stdout();
    let written = terminal(blocks, &style(), &mut out).and_then(|()| out.flush());
    written.map_err(|error| Failure::stdout(&error))
}

/// How text on standard output looks.
pub(super) fn style() -> Style {
    let choice = anstream::AutoStream::choice(&io::stdout());
    Style { color: choice != anstream::ColorChoice::Never, charset: charset(), ..Style::default() }
}

/// Whether text on standard error is colored.
pub(super) fn stderr_is_colored() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

/// Whether somebody watches standard output.
pub(super) fn stdout_is_watched() -> bool {
    io::stdout().is_terminal()
}

/// Whether somebody watches standard error.
pub(super) fn stderr_is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Plain characters only where the locale says that others are not understood. Where it says
/// nothing, as in most containers, UTF-8 is what today's terminals take.
fn charset() -> Charset {
    #[expect(clippy::disallowed_methods, reason = "this is the command line")]
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    let understands = |locale: &str| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    };
    match locale {
        Some(locale) if !understands(&locale) => Charset::Ascii,
        _ => Charset::Unicode,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Said;
    use super::*;

    #[test]
    fn a_file_appears_only_when_it_is_finished() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace.csv");
        let mut target = Destination::open(&path, &Interrupt::default()).unwrap();
        target.write_all(b"half").unwrap();
        assert!(!path.exists());
        target.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"half");
        drop(Destination::open(&path, &Interrupt::default()).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"half", "dropped without being finished");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing stays behind");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_those_of_an_ordinary_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| {
            fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777
        };
        File::create(folder.path().join("ordinary")).unwrap();
        let path = folder.path().join("ours");
        Destination::open(&path, &Interrupt::default()).unwrap().finish().unwrap();
        assert_eq!(mode("ours"), mode("ordinary"));
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        Destination::open(&path, &Interrupt::default()).unwrap().finish().unwrap();
        assert_eq!(mode("ours"), 0o640, "what the user chose stays");
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("no/such/folder.csv")] {
            let failure = Destination::open(&path, &Interrupt::default()).unwrap_err();
            assert_eq!(failure.outcome, Outcome::Unfinished);
            let Said::Line(message) = failure.said else { panic!("it says something") };
            assert!(message.contains(&*path.to_string_lossy()), "{message}");
            assert!(!message.contains(".part"), "{message}");
        }
    }

    #[test]
    fn what_a_killed_run_has_left_goes_and_what_another_makes_stays() {
        let folder = tempfile::tempdir().unwrap();
        let stale = folder.path().join(".simulate-killed.part");
        fs::write(&stale, "half").unwrap();
        let first = Destination::open(&folder.path().join("a.csv"), &Interrupt::default()).unwrap();
        assert!(!stale.exists());
        let second =
            Destination::open(&folder.path().join("b.csv"), &Interrupt::default()).unwrap();
        first.finish().unwrap();
        second.finish().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_folder_that_was_made_goes_unless_something_is_in_it() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("made/for/this");
        let open = |path: &Path| Folder::open(path, &Interrupt::default());
        let folder = open(&path).unwrap();
        assert!(path.is_dir());
        drop(folder);
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
        let folder = open(&path).unwrap();
        fs::write(path.join("result"), "x").unwrap();
        drop(folder);
        assert!(path.is_dir());
        fs::remove_file(path.join("result")).unwrap();
        drop(open(&path).unwrap());
        assert!(path.is_dir(), "it was there before");
        let file = root.path().join("file");
        fs::write(&file, "x").unwrap();
        let failure = open(&file).unwrap_err();
        assert_eq!(failure.outcome, Outcome::Unfinished);
        let Said::Line(message) = failure.said else { panic!("it says something") };
        assert!(message.contains(&*file.to_string_lossy()), "{message}");
        assert!(message.contains("not a folder"), "{message}");
    }

    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        let path = Path::new("/dev/null");
        if path.exists() {
            let mut target = Destination::open(path, &Interrupt::default()).unwrap();
            assert!(matches!(target, Destination::Direct { .. }));
            target.write_all(b"x").unwrap();
            target.finish().unwrap();
        }
    }
}
