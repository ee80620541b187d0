//! What may be typed, checked as far as that goes without opening a file.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::format::Override;
use crate::scenario;

mod check;
mod compare;
mod outputs;
mod plan;
mod run;
mod sweep;

pub(super) use check::CheckArgs;
pub(super) use compare::CompareArgs;
pub(super) use plan::PlanArgs;
pub(super) use run::RunArgs;
pub(super) use sweep::SweepArgs;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  simulate scenarios/double11.toml              what the peak day will do
  simulate peak.toml --replications 400         the same, surer
  simulate peak.toml --set groups.day.staff=60  with other staff
  simulate peak.toml --option temps             one of the scenario's what-ifs
  simulate peak.toml --json > peak.json         every figure, for programs
  simulate peak.toml --html peak.html           a page with charts, to mail
  simulate peak.toml --csv peak/                the figures as tables
  simulate peak.toml --trace peak.csv           one row per attempt of a contact
  simulate compare peak.toml                    all its what-ifs side by side
  simulate sweep peak.toml --vary groups.day.staff=50..80:5
                                                one row for each number of staff
  simulate check peak.toml                      is everything as expected?
  simulate validate *.toml                      check files without running them

Exit status: 0 done, 1 the answer is no, 2 bad usage or bad scenario,
3 could not finish, 4 undecided, 130 interrupted.";

/// As in the scenario file.
const MOST_REPLICATIONS: i64 = scenario::MOST_REPLICATIONS as i64;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "simulate",
    version,
    about = "What a peak will do to a contact center: waits, losses and backlogs, with their \
             uncertainty",
    long_about = "What a peak will do to a contact center: waits, losses and backlogs, with their \
                  uncertainty.\n\nA scenario file says who contacts you when, what the bot takes \
                  and who works when. `simulate FILE` plays that day a hundred times and reports \
                  how long people wait, how many give up, how big the backlog gets and when it \
                  clears.",
    after_help = EXAMPLES,
    override_usage = "simulate [OPTIONS] <FILE>...\n       simulate <COMMAND> ...",
    styles = STYLES,
    subcommand_negates_reqs = true,
    subcommand_precedence_over_arg = true,
    arg_required_else_help = true,
    max_term_width = 80
)]
struct CommandLine {
    #[command(flatten)]
    run: RunArgs,
    #[command(flatten)]
    shared: SharedArgs,
    #[command(subcommand)]
    command: Option<Typed>,
}

#[derive(Debug, Subcommand)]
enum Typed {
    /// Simulate scenarios and report the results (the same as `simulate FILE`)
    Run {
        #[command(flatten)]
        run: RunArgs,
        #[command(flatten)]
        shared: SharedArgs,
    },
    /// Lay the options of a file, or several files, side by side on the same customers
    #[command(after_help = compare::EXAMPLES)]
    Compare {
        #[command(flatten)]
        compare: CompareArgs,
        #[command(flatten)]
        shared: SharedArgs,
    },
    /// Find the cheapest staffing that keeps the promises of `[plan]`, and verify it
    #[command(after_help = plan::EXAMPLES)]
    Plan {
        #[command(flatten)]
        plan: PlanArgs,
        #[command(flatten)]
        shared: SharedArgs,
    },
    /// Simulate a grid of scenarios on the same customers: one row a point
    #[command(after_help = sweep::EXAMPLES)]
    Sweep {
        #[command(flatten)]
        sweep: SweepArgs,
        #[command(flatten)]
        shared: SharedArgs,
    },
    /// Hold results against what `expect` asks for, and against a stored baseline
    #[command(after_help = check::EXAMPLES)]
    Check {
        #[command(flatten)]
        check: CheckArgs,
        #[command(flatten)]
        shared: SharedArgs,
    },
    /// Check scenario files without running them: all problems of all files
    Validate {
        /// Scenario files; `-` is standard input
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        shared: SharedArgs,
    },
    /// Print the JSON Schema of the scenario format
    Schema {
        /// Print a description of every key for people instead
        #[arg(long)]
        reference: bool,
    },
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  simulate completions bash \\\n    > \
                            ~/.local/share/bash-completion/completions/simulate")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Flags that most commands share.
///
/// They are arguments of every command, not clap's global ones: of a repeatable global flag given
/// before and after the sub-command, clap would keep only the later ones.
#[derive(Clone, Debug, Default, Args)]
struct SharedArgs {
    /// Put VALUE at PATH of the scenario, as in --set groups.day.staff=60 (repeatable)
    #[arg(long, value_name = "PATH=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
    /// Lay [options.NAME] of the scenario over it, before --set
    #[arg(long, value_name = "NAME")]
    option: Option<String>,
    /// Seed of all random draws, instead of the scenario's
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = seed)]
    seed: Option<u64>,
    /// Simulate so many days, instead of the scenario's number or precision
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u32).range(1..=MOST_REPLICATIONS))]
    replications: Option<u32>,
    /// Use so many threads [default: all]; the results are the same for any number
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print JSON for programs; several files make a list
    #[arg(long)]
    json: bool,
    /// Print results and errors only: no progress, no warnings beside the report
    #[arg(long, short)]
    quiet: bool,
    /// Color: auto colors on a terminal unless `NO_COLOR` is set [default: auto]
    #[arg(long, value_name = "WHEN")]
    color: Option<WhenColor>,
}

/// When output is colored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum WhenColor {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// In files and pipes too.
    Always,
    /// Never.
    Never,
}

/// A command line that makes sense.
#[derive(Debug)]
pub(super) struct Arguments {
    pub(super) command: Command,
    pub(super) shared: Shared,
}

/// What is to be done.
#[derive(Debug)]
pub(super) enum Command {
    Run(RunArgs),
    Compare(CompareArgs),
    Plan(PlanArgs),
    Sweep(SweepArgs),
    Check(CheckArgs),
    Validate { files: Vec<PathBuf> },
    Schema(SchemaForm),
    Completions { shell: clap_complete::Shell },
}

/// In which form the format is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SchemaForm {
    /// JSON Schema, for editors.
    Schema,
    /// A description of every key, for people.
    Reference,
}

/// The shared flags, wherever they were given.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) overrides: Vec<Override>,
    /// One of the scenario's what-ifs.
    pub(super) option: Option<String>,
    pub(super) seed: Option<u64>,
    pub(super) replications: Option<u32>,
    /// `None`: as many as the machine has.
    pub(super) threads: Option<u16>,
    pub(super) json: bool,
    pub(super) quiet: bool,
    pub(super) color: WhenColor,
}

/// Takes a command line apart.
///
/// # Errors
///
/// Whatever clap would print, help and version included.
pub(super) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Arguments, clap::Error> {
    let args: Vec<OsString> = args.into_iter().collect();
    let line = CommandLine::try_parse_from(&args)?;
    let (command, shared) = match line.command {
        None => (Command::Run(line.run), SharedArgs::default()),
        Some(command) => {
            beside_a_command(&line.run)?;
            match command {
                Typed::Run { run, shared } => (Command::Run(run), shared),
                Typed::Compare { compare, shared } => (Command::Compare(compare), shared),
                Typed::Plan { plan, shared } => (Command::Plan(plan), shared),
                Typed::Sweep { sweep, shared } => (Command::Sweep(sweep), shared),
                Typed::Check { check, shared } => (Command::Check(check), shared),
                Typed::Validate { files, shared } => (Command::Validate { files }, shared),
                Typed::Schema { reference: false } => {
                    (Command::Schema(SchemaForm::Schema), SharedArgs::default())
                }
                Typed::Schema { reference: true } => {
                    (Command::Schema(SchemaForm::Reference), SharedArgs::default())
                }
                Typed::Completions { shell } => {
                    (Command::Completions { shell }, SharedArgs::default())
                }
            }
        }
    };
    let arguments = Arguments { command, shared: merge(line.shared, shared) };
    conflicts(&arguments)?;
    Ok(arguments)
}

/// The command with all its sub-commands, for completions.
pub(super) fn command() -> clap::Command {
    CommandLine::command()
}

/// Clap reads what stands before a sub-command and would then forget it.
fn beside_a_command(before: &RunArgs) -> Result<(), clap::Error> {
    let what = if let Some(file) = before.files.first() {
        format!("the file '{}'", file.display())
    } else if let Some((flag, _)) = run::outputs(before).next() {
        flag.to_owned()
    } else {
        return Ok(());
    };
    let message = format!("{what} cannot stand before a command; put it after the command");
    Err(command().error(ErrorKind::ArgumentConflict, message))
}

fn refuse(message: &str) -> clap::Error {
    command().error(ErrorKind::ArgumentConflict, message)
}

fn conflicts(arguments: &Arguments) -> Result<(), clap::Error> {
    let is_json = arguments.shared.json;
    let mut points = Vec::new();
    let files = match &arguments.command {
        Command::Run(run) => {
            run::clashes(run, is_json)?;
            &run.files
        }
        Command::Check(check) => {
            let written = [("--junit", &check.junit), ("--html", &check.html)];
            outputs::clashes(&written, is_json)?;
            &check.files
        }
        Command::Compare(compare) => {
            outputs::clashes(&[("--html", &compare.html)], is_json)?;
            &compare.files
        }
        Command::Validate { files } => files,
        Command::Sweep(sweep) => {
            points.push(sweep.file.clone());
            let written = [("--html", &sweep.html), ("--resume", &sweep.resume)];
            outputs::clashes(&written, is_json)?;
            points.extend(sweep.vary_csv.clone());
            &points
        }
        Command::Plan(plan) => {
            let written = [("--html", &plan.html), ("--out", &plan.out)];
            return outputs::clashes(&written, is_json);
        }
        Command::Schema(_) | Command::Completions { .. } => return Ok(()),
    };
    if files.iter().filter(|file| file.as_os_str() == "-").count() > 1 {
        return Err(refuse("standard input ('-') can be read only once"));
    }
    Ok(())
}

/// Flags before and after the sub-command together; of single ones the later counts.
fn merge(before: SharedArgs, after: SharedArgs) -> Shared {
    let set = before.set.into_iter().chain(after.set);
    Shared {
        overrides: set.map(|(path, value)| Override::new(path, value)).collect(),
        option: after.option.or(before.option),
        seed: after.seed.or(before.seed),
        replications: after.replications.or(before.replications),
        threads: after.threads.or(before.threads),
        json: before.json || after.json,
        quiet: before.quiet || after.quiet,
        color: after.color.or(before.color).unwrap_or_default(),
    }
}

/// A seed that the scenario file could hold too.
fn seed(text: &str) -> Result<u64, String> {
    let number: i128 = text.parse().map_err(|_| "write a whole number".to_owned())?;
    match i64::try_from(number).map(u64::try_from) {
        Ok(Ok(seed)) => Ok(seed),
        _ => Err(format!("{text} is not in 0..={}", i64::MAX)),
    }
}

/// Splits at the first `=` outside quotes: keys may be quoted and contain one.
fn assignment(text: &str) -> Result<(String, String), String> {
    let mut quote = None;
    let at = text.char_indices().find_map(|(at, c)| {
        match (quote, c) {
            (None, '=') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
        None
    });
    match at.map(|at| (text[..at].trim(), text[at + 1..].trim())) {
        Some((path, value)) if !path.is_empty() => Ok((path.to_owned(), value.to_owned())),
        _ => Err("write PATH=VALUE, such as groups.day.staff=60".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Arguments, clap::Error> {
        parse(line.split(' ').map(OsString::from))
    }

    fn refused(line: &str) -> String {
        parsed(line).expect_err(line).to_string()
    }

    #[test]
    fn clap_finds_nothing_wrong_with_the_definition() {
        command().debug_assert();
    }

    #[test]
    fn a_file_alone_is_a_run() {
        for line in ["simulate a.toml --seed 4", "simulate run a.toml --seed 4"] {
            let arguments = parsed(line).unwrap();
            assert_eq!(arguments.shared.seed, Some(4));
            assert!(matches!(arguments.command, Command::Run(run) if run.files.len() == 1));
        }
    }

    #[test]
    fn shared_flags_add_up_before_and_after_the_command() {
        let arguments =
            parsed("simulate --set a=1 --json --color always run --set b=2 x.toml").unwrap();
        let paths: Vec<_> = arguments.shared.overrides.iter().map(|set| &*set.path).collect();
        assert_eq!(paths, ["a", "b"]);
        assert!(arguments.shared.json);
        assert_eq!(arguments.shared.color, WhenColor::Always);
    }

    #[test]
    fn what_would_be_forgotten_is_refused() {
        assert!(
            refused("simulate a.toml validate b.toml").contains("'a.toml' cannot stand before")
        );
        assert!(
            refused("simulate --trace t.csv run b.toml").contains("--trace cannot stand before")
        );
        for flag in ["--csv", "--html"] {
            let message = refused(&format!("simulate {flag} x run b.toml"));
            assert!(message.contains(&format!("{flag} cannot stand before")), "{message}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        assert!(refused("simulate - -").contains("only once"));
        assert!(refused("simulate a b --trace t.csv").contains("one scenario at a time"));
        for line in [
            "--trace - --json",
            "--html - --json",
            "--html - --trace -",
            "--csv -",
            "--html x --trace x",
            "--csv x --html x",
        ] {
            let message = refused(&format!("simulate a {line}"));
            let flag = line.split(' ').next().unwrap();
            assert!(message.contains(&format!("error: {flag} ")), "{message}");
        }
        assert!(refused("simulate a --trace-replications 2").contains("--trace"));
        for line in ["replications 0", "replications -1", "replications 1000001", "seed -1"] {
            let message = refused(&format!("simulate a --{line}"));
            assert!(message.contains(" is not in "), "{message}");
        }
        assert!(refused("simulate a --set staff").contains("PATH=VALUE"));
    }

    #[test]
    fn help_fits_a_terminal() {
        let mut command = command();
        command.build();
        let mut commands: Vec<_> = command.get_subcommands().cloned().collect();
        commands.push(command);
        for mut command in commands {
            for help in [command.render_help(), command.render_long_help()] {
                for line in help.to_string().lines() {
                    assert!(line.chars().count() <= 80, "{line}");
                }
            }
        }
    }

    #[test]
    fn an_assignment_splits_at_the_first_equals_sign_outside_quotes() {
        for (text, path, value) in [
            ("a.b=1", "a.b", "1"),
            ("a = { x = 1 }", "a", "{ x = 1 }"),
            ("a.\"b=c\".d=e=f", "a.\"b=c\".d", "e=f"),
            ("a=", "a", ""),
        ] {
            assert_eq!(assignment(text).unwrap(), (path.to_owned(), value.to_owned()));
        }
        assert!(assignment("=1").is_err());
    }
}
