//! Scenario files from disk or standard input to models, with all problems of all files.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::args::Shared;
use super::{Failure, Outcome, output, tell};
use crate::check::{self, Expression, Setting};
use crate::experiment::Catalog;
use crate::model::Model;
use crate::scenario::{
    self, Files, Located, Override, Parsed, Problem, Problems, Quantity, Replications, Scenario,
    Source,
};

/// More than any scenario, and as much as a data file may have: what is larger is a mistake,
/// perhaps one without an end.
const LARGEST: u64 = 256 << 20;

/// What messages call standard input.
const STDIN: &str = "<stdin>";

/// A scenario ready to run.
pub(super) struct Loaded {
    /// The file as the user named it.
    pub(super) file: String,
    /// The what-if that was laid over it.
    pub(super) option: Option<String>,
    pub(super) model: Model,
    /// What the model was compiled from.
    pub(super) scenario: Scenario,
    /// `expect`, in file order.
    pub(super) expect: Vec<Spotted>,
    /// `[check] guard`, in file order.
    pub(super) guard: Vec<Spotted>,
    /// `[plan] meet`, in file order.
    pub(super) meet: Vec<Spotted>,
}

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Spotted {
    pub(super) expression: Expression,
    /// `None`: it stands in no file, but in the program's defaults.
    pub(super) spot: Option<Spot>,
}

/// A place in a file, for those who read the output: line and column from 1.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A scenario as it is and under each of its options.
pub(super) struct Every {
    pub(super) base: Loaded,
    pub(super) options: Vec<Loaded>,
}

/// The bytes of a scenario file: standard input can be read only once, a scenario with several
/// options is needed several times.
pub(super) struct Opened {
    /// The file as the user named it.
    pub(super) file: String,
    root: Source,
    files: Kept,
}

/// Why a file is not ready to run.
pub(super) enum Unready {
    /// It could be read, and this is wrong with it.
    Problems(Problems),
    /// It could not be read.
    Unreadable(Failure),
}

/// Loads all files.
///
/// # Errors
///
/// After all problems of all files have been told.
pub(super) fn all(files: &[PathBuf], shared: &Shared) -> Result<Vec<Loaded>, Failure> {
    let mut loaded = Vec::new();
    let mut worst = None;
    for file in files {
        match one(file, shared) {
            Ok(ready) => loaded.push(ready),
            Err(unready) => worst = worst.max(Some(unready.tell()?)),
        }
    }
    match worst {
        None => Ok(loaded),
        Some(outcome) => Err(Failure::told(outcome.0)),
    }
}

/// An outcome by how much it says about the machine: unreadable files go before bad ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Severity(pub(super) Outcome);

impl Ord for Severity {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.code().cmp(&other.0.code())
    }
}

impl PartialOrd for Severity {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Loads one file.
///
/// # Errors
///
/// Where it cannot be read or something is wrong with it.
pub(super) fn one(path: &Path, shared: &Shared) -> Result<Loaded, Unready> {
    let opened = Opened::open(path).map_err(Unready::Unreadable)?;
    let loaded = opened.load(shared.option.as_deref(), &shared.overrides);
    loaded.map_err(Unready::Problems)
}

impl Opened {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// Where that fails.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let (label, bytes) = read(path)?;
        Ok(Self {
            file: path.display().to_string(),
            root: Source::new(label, bytes),
            files: Kept::default(),
        })
    }

    /// The scenario with one of its options, or as it is, and what is set on top.
    ///
    /// # Errors
    ///
    /// All that is wrong with it.
    pub(super) fn load(
        &self,
        option: Option<&str>,
        overrides: &[Override],
    ) -> Result<Loaded, Problems> {
        let parsed = scenario::parse_option(self.root.clone(), option, overrides, &self.files)?;
        self.compile(option, &parsed)
    }

    /// The number at a path of the scenario, which may be there or not.
    pub(super) fn quantity(
        &self,
        option: Option<&str>,
        overrides: &[Override],
        path: &str,
    ) -> Option<Quantity> {
        scenario::quantity(self.root.clone(), option, overrides, &self.files, path)
    }

    /// The scenario as it is, then with each of its options.
    ///
    /// # Errors
    ///
    /// All that is wrong with any of them.
    pub(super) fn load_every(&self, overrides: &[Override]) -> Result<Every, Problems> {
        let mut loaded = Vec::new();
        let mut wrong = Vec::new();
        for (option, parsed) in scenario::parse_every(&self.root, overrides, &self.files) {
            match parsed.and_then(|parsed| self.compile(option.as_deref(), &parsed)) {
                Ok(ready) => loaded.push(ready),
                Err(problems) => wrong.push((option, problems)),
            }
        }
        match Problems::together(wrong) {
            None => Ok(Every { base: loaded.remove(0), options: loaded }),
            Some(problems) => Err(problems),
        }
    }

    fn compile(&self, option: Option<&str>, parsed: &Parsed) -> Result<Loaded, Problems> {
        let model = Model::compile(&parsed.scenario);
        let catalog = Catalog::new(&model);
        let mut problems = check_precision(parsed, &catalog);
        let checks = &parsed.scenario.checks;
        let expect = expressions(parsed, &catalog, (&checks.expect, Setting::Target));
        let guard = expressions(parsed, &catalog, (&checks.guard, Setting::Guard));
        let plan = parsed.scenario.plan.as_ref();
        let meet = plan.map_or(&[][..], |plan| &plan.meet);
        let meet = expressions(parsed, &catalog, (meet, Setting::Target));
        match (problems.is_empty(), expect, guard, meet) {
            (true, Ok(expect), Ok(guard), Ok(meet)) => Ok(Loaded {
                file: self.file.clone(),
                option: option.map(str::to_owned),
                model,
                scenario: parsed.scenario.clone(),
                expect,
                guard,
                meet,
            }),
            (_, expect, guard, meet) => {
                problems
                    .extend([expect, guard, meet].into_iter().filter_map(Result::err).flatten());
                Err(parsed.problems(problems))
            }
        }
    }
}

/// Reads expressions about the figures of the report.
fn expressions(
    parsed: &Parsed,
    catalog: &Catalog,
    (texts, setting): (&[Located<String>], Setting),
) -> Result<Vec<Spotted>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut read = Vec::new();
    for text in texts {
        match check::expression::parse(&text.value, catalog, setting) {
            Ok(expression) => read.push(Spotted {
                expression,
                spot: parsed.sources.position(&text.place).map(|(file, line, column)| Spot {
                    file: file.to_owned(),
                    line,
                    column,
                }),
            }),
            Err(error) => {
                let place = parsed.inside(text, error.span);
                problems.push(Problem::new(error.code, &place, error.message).help(error.help));
            }
        }
    }
    if problems.is_empty() { Ok(read) } else { Err(problems) }
}

/// The figure whose precision ends the run must be one of the report.
fn check_precision(parsed: &Parsed, catalog: &Catalog) -> Vec<Problem> {
    let Replications::Precision { of, .. } = &parsed.scenario.run.replications else {
        return Vec::new();
    };
    if catalog.get(&of.value).is_some_and(|known| known.is_of_day) {
        return Vec::new();
    }
    let message = format!("the report has no figure `{}`", of.value);
    let help = check::expression::suggest(&of.value, catalog);
    vec![Problem::new("unknown-figure", &of.place, message).help(help)]
}

impl Unready {
    /// Tells it on standard error.
    ///
    /// # Errors
    ///
    /// Where nobody listens there.
    pub(super) fn tell(self) -> Result<Severity, Failure> {
        match self {
            Self::Problems(problems) => {
                let text = problems.render(output::stderr_is_colored());
                let mut stderr = io::stderr().lock();
                stderr
                    .write_all(text.as_bytes())
                    .map_err(|error| Failure::writing("standard error", &error))?;
                Ok(Severity(Outcome::Unusable))
            }
            Self::Unreadable(failure) => {
                failure.tell();
                Ok(Severity(failure.outcome))
            }
        }
    }
}

/// The bytes of a scenario file, and what messages call it.
pub(super) fn read(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    if path.as_os_str() == "-" {
        let bytes = bounded(&mut io::stdin().lock());
        return Ok((STDIN.to_owned(), bytes.map_err(|error| unreadable(STDIN, &error))?));
    }
    let name = path.display().to_string();
    let bytes = File::open(path).and_then(|mut file| bounded(&mut file));
    match bytes {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(unreadable(&name, &error)),
    }
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

/// Files that scenarios name, read from disk once: whoever reads a scenario again, for another
/// option or point, reads the same.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<(String, String), Answer>>);

/// Label and bytes of a file, or why it cannot be read.
type Answer = Result<(String, Vec<u8>), String>;

impl Files for Kept {
    fn read(&self, base: &str, name: &str) -> Answer {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (base.to_owned(), name.to_owned());
        known.entry(key).or_insert_with(|| Disk.read(base, name)).clone()
    }
}

/// Files that scenarios name, read from disk.
struct Disk;

impl Files for Disk {
    fn read(&self, base: &str, name: &str) -> Result<(String, Vec<u8>), String> {
        let folder = if base == STDIN { None } else { Path::new(base).parent() };
        let path = folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
        let label = path.display().to_string();
        match File::open(&path).and_then(|mut file| bounded(&mut file)) {
            Ok(bytes) => Ok((label, bytes)),
            Err(error) => Err(format!("cannot read `{label}`: {error}")),
        }
    }
}

/// Says a warning on standard error.
pub(super) fn warn(file: &str, message: &str) {
    tell("warning", &format!("{file}: {message}"));
}
