//! The command line: everything that touches files, clock, environment or terminal.
//!
//! Results go to standard output, all else to standard error. A reader that closes the pipe ends
//! the program quietly.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

mod args;
mod check;
mod compare;
mod completions;
mod find;
mod interrupt;
mod load;
mod output;
mod page;
mod panics;
mod places;
mod plan;
mod progress;
mod run;
mod schema;
mod sweep;
mod validate;

use crate::experiment::RunError;
use crate::format::Problems;
use crate::task::TaskError;
use args::{Arguments, Command, WhenColor};
use interrupt::Interrupt;

/// How the program ended. A later one says more about the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Done, or whoever read the results has had enough of them.
    Done,
    /// The answer is no: a check failed, no plan meets the targets.
    No,
    /// Bad usage or a bad scenario.
    Unusable,
    /// A file could not be read or written, or the simulation could not be finished.
    Unfinished,
    /// The results do not tell: an interval straddles its limit.
    Undecided,
    /// Stopped by Ctrl-C; what was finished has been reported.
    Interrupted,
}

impl Outcome {
    /// The exit status.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::No => 1,
            Self::Unusable => 2,
            Self::Unfinished => 3,
            Self::Undecided => 4,
            Self::Interrupted => 130,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome.code())
    }
}

/// Runs the command line `args`, of which the first is the name of the program.
pub fn main(args: impl IntoIterator<Item = OsString>) -> Outcome {
    let arguments = match args::parse(args) {
        Ok(arguments) => arguments,
        Err(error) => return explain(&error),
    };
    choose_color(arguments.shared.color);
    let interrupt = Interrupt::install();
    interrupt.places.note_streams();
    let done = panics::caught(|| command(&arguments, &interrupt));
    done.unwrap_or_else(|failure| {
        failure.tell();
        failure.outcome
    })
}

fn command(arguments: &Arguments, interrupt: &Interrupt) -> Result<Outcome, Failure> {
    panics::provoke("start");
    let shared = &arguments.shared;
    match &arguments.command {
        Command::Run(task) => run::run(task, shared, interrupt),
        Command::Compare(task) => compare::compare(task, shared, interrupt),
        Command::Plan(task) => plan::plan(task, shared, interrupt),
        Command::Sweep(task) => sweep::sweep(task, shared, interrupt),
        Command::Check(task) => check::check(task, shared, interrupt),
        Command::Validate { files } => validate::validate(files, shared, interrupt),
        Command::Schema(form) => schema::schema(*form),
        Command::Completions { shell } => completions::completions(*shell),
    }
}

/// Prints what clap has to say: help and version are results, the rest are errors.
fn explain(error: &clap::Error) -> Outcome {
    // Nobody is left to tell where that fails.
    let _ = error.print();
    if error.use_stderr() { Outcome::Unusable } else { Outcome::Done }
}

fn choose_color(when: WhenColor) {
    match when {
        // Looks at NO_COLOR, CLICOLOR and whether there is a terminal.
        WhenColor::Auto => anstream::ColorChoice::Auto,
        WhenColor::Always => anstream::ColorChoice::Always,
        WhenColor::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// Why a command ended early, and what is said about it.
#[derive(Debug)]
struct Failure {
    outcome: Outcome,
    said: Said,
}

/// What is said about a failure.
#[derive(Debug)]
enum Said {
    /// Nothing, or it has been said.
    Nothing,
    /// Lower case, no final period.
    Line(String),
    /// All that is wrong with a scenario.
    Problems(Problems),
}

impl Failure {
    fn new(outcome: Outcome, message: impl Into<String>) -> Self {
        Self { outcome, said: Said::Line(message.into()) }
    }

    /// Bad usage: what, and what to write instead.
    fn unusable(message: impl Into<String>) -> Self {
        Self::new(Outcome::Unusable, message)
    }

    /// An error of the program: what is known of it.
    fn panicked(message: &str) -> Self {
        let message = format!("an error of this program, not of the scenario: {message}");
        Self::new(Outcome::Unfinished, message)
    }

    /// All that is to be said has been said.
    fn told(outcome: Outcome) -> Self {
        Self { outcome, said: Said::Nothing }
    }

    /// What `error` means while writing to `place`; a closed pipe ends the program quietly.
    fn writing(place: &str, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::told(Outcome::Done)
        } else {
            Self::new(Outcome::Unfinished, format!("cannot write {place}: {error}"))
        }
    }

    fn stdout(error: &io::Error) -> Self {
        Self::writing("standard output", error)
    }

    fn tell(&self) {
        match &self.said {
            Said::Nothing => {}
            Said::Line(message) => tell("error", message),
            Said::Problems(problems) => {
                let text = problems.render(output::stderr_is_colored());
                // Nobody is left to tell where that fails.
                let _ = io::stderr().lock().write_all(text.as_bytes());
            }
        }
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self { outcome: Outcome::Unusable, said: Said::Problems(problems) }
    }
}

impl From<TaskError> for Failure {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::Problems(problems) => problems.into(),
            TaskError::Unusable(message) => Self::unusable(message),
            TaskError::Stopped(message) => Self::new(Outcome::Interrupted, message),
            TaskError::Panicked(message) => Self::panicked(&message),
            TaskError::Run { file, error } => {
                let outcome = match error {
                    RunError::NothingFinished => Outcome::Interrupted,
                    RunError::TooManyContacts { .. } | RunError::Panicked { .. } => {
                        Outcome::Unfinished
                    }
                };
                Self::new(outcome, format!("{file}: {error}"))
            }
        }
    }
}

/// Writes a line such as `error: …` or `warning: …` to standard error, in color if that is wanted.
fn tell(kind: &str, message: &str) {
    let color = if kind == "error" { anstyle::AnsiColor::Red } else { anstyle::AnsiColor::Yellow };
    let paint = color.on_default().bold();
    // Errors stay in one line: what they quote can be copied and searched for.
    let message = if kind == "error" { message.to_owned() } else { warning_lines(message) };
    // Nobody is left to tell where that fails.
    let _ = writeln!(anstream::stderr().lock(), "{paint}{kind}{paint:#}: {message}");
}

/// A warning in lines of 80 columns, the later ones indented below the first.
fn warning_lines(message: &str) -> String {
    let label = "warning: ".len();
    let lines = crate::report::lines(message, 80 - label);
    lines.join(&format!("\n{}", " ".repeat(label)))
}
