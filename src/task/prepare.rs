//! A scenario's text to all that a task needs of it, with every problem at once.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::experiment::Catalog;
use crate::format::{Files, Located, Override, Problem, Problems, SourceText};
use crate::judge::{self, ExpressionError, Guard, Target};
use crate::model::Model;
use crate::scenario::{self, NumberAt, Parsed, Replications, Scenario};

/// A scenario that is ready to run: checked, compiled, its expressions read.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The file as the user named it.
    pub file: String,
    /// The what-if that was laid over it.
    pub option: Option<String>,
    /// What a replication needs.
    pub model: Model,
    /// What the model was compiled from.
    pub scenario: Scenario,
    /// `expect`, in file order.
    pub expect: Vec<Spotted<Target>>,
    /// `[check] guard`, in file order.
    pub guard: Vec<Spotted<Guard>>,
    /// `[plan] meet`, in file order.
    pub meet: Vec<Spotted<Target>>,
}

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub struct Spotted<T> {
    /// What it says.
    pub expression: T,
    /// `None`: it stands in no file, but in the program's defaults.
    pub spot: Option<Spot>,
}

/// A place in a file, for those who read the output: line and column from 1.
#[derive(Clone, Debug)]
pub struct Spot {
    /// What messages call the file.
    pub file: String,
    /// Its line.
    pub line: usize,
    /// Its column, in characters.
    pub column: usize,
}

/// A scenario as it is and under each of its options.
#[derive(Clone, Debug)]
pub struct Every {
    /// As it is.
    pub base: Prepared,
    /// Under each option, in file order.
    pub options: Vec<Prepared>,
}

/// The text of a scenario, from which it is prepared with any option and any values. What it names
/// is read once: whoever prepares it again gets the same.
#[derive(Debug)]
pub struct Draft<F> {
    /// The file as the user named it.
    pub file: String,
    root: SourceText,
    files: ReadOnce<F>,
}

impl<F: Files> Draft<F> {
    /// The text `root` of the scenario that the user calls `file`; `files` gives what it names.
    pub fn new(file: impl Into<String>, root: SourceText, files: F) -> Self {
        Self { file: file.into(), root, files: ReadOnce { files, known: Mutex::default() } }
    }

    /// The scenario with one of its options, or as it is, and what is set on top.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn prepare(
        &self,
        option: Option<&str>,
        overrides: &[Override],
    ) -> Result<Prepared, Problems> {
        let parsed = scenario::parse_option(self.root.clone(), option, overrides, &self.files)?;
        Prepared::new(&self.file, option, parsed)
    }

    /// The scenario as it is, then with each of its options.
    ///
    /// # Errors
    /// All that is wrong with any of them.
    pub fn prepare_every(&self, overrides: &[Override]) -> Result<Every, Problems> {
        let mut ready = Vec::new();
        let mut wrong = Vec::new();
        for (option, parsed) in scenario::parse_every(&self.root, overrides, &self.files) {
            match parsed.and_then(|parsed| Prepared::new(&self.file, option.as_deref(), parsed)) {
                Ok(prepared) => ready.push(prepared),
                Err(problems) => wrong.push((option, problems)),
            }
        }
        match Problems::together(wrong) {
            None => Ok(Every { base: ready.remove(0), options: ready }),
            Some(problems) => Err(problems),
        }
    }

    /// The number at a path of the scenario, which may be there or not.
    pub fn quantity(
        &self,
        option: Option<&str>,
        overrides: &[Override],
        path: &str,
    ) -> Option<NumberAt> {
        scenario::quantity(self.root.clone(), option, overrides, &self.files, path)
    }
}

impl Prepared {
    /// Compiles a scenario and reads its expressions.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn new(file: &str, option: Option<&str>, parsed: Parsed) -> Result<Self, Problems> {
        let model = Model::compile(&parsed.scenario);
        let mut reader = Reader {
            parsed: &parsed,
            model: &model,
            catalog: OnceCell::new(),
            problems: Vec::new(),
        };
        reader.check_precision();
        let checks = &parsed.scenario.checks;
        let target =
            |text: &str, catalog: &Catalog| Target::parse(text, catalog).map(|one| vec![one]);
        let expect = reader.expressions(&checks.expect, target);
        let guard = reader.expressions(&checks.guard, Guard::parse_each);
        let plan = parsed.scenario.plan.as_ref();
        let meet = plan.map_or(&[][..], |plan| &plan.meet);
        let meet = reader.expressions(meet, target);
        let problems = reader.problems;
        if !problems.is_empty() {
            return Err(parsed.problems(problems));
        }
        let (file, option) = (file.to_owned(), option.map(str::to_owned));
        Ok(Self { file, option, model, scenario: parsed.scenario, expect, guard, meet })
    }
}

/// Reads what a scenario says about the figures of its report.
struct Reader<'a> {
    parsed: &'a Parsed,
    model: &'a Model,
    /// Thousands of names: only where one of them is looked up.
    catalog: OnceCell<Catalog>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn catalog(&self) -> &Catalog {
        self.catalog.get_or_init(|| Catalog::new(self.model))
    }

    fn expressions<T>(
        &mut self,
        texts: &[Located<String>],
        parse: impl Fn(&str, &Catalog) -> Result<Vec<T>, ExpressionError>,
    ) -> Vec<Spotted<T>> {
        let mut read = Vec::new();
        for text in texts {
            match parse(&text.value, self.catalog()) {
                Ok(all) => {
                    let spot = self.spot(text);
                    let spotted = |expression| Spotted { expression, spot: spot.clone() };
                    read.extend(all.into_iter().map(spotted));
                }
                Err(error) => {
                    let place = self.parsed.inside(text, error.span);
                    let problem = Problem::new(error.code, &place, error.message);
                    self.problems.push(problem.help(error.help));
                }
            }
        }
        read
    }

    fn spot(&self, text: &Located<String>) -> Option<Spot> {
        let (file, line, column) = self.parsed.sources.position(&text.place)?;
        Some(Spot { file: file.to_owned(), line, column })
    }

    /// The figure whose precision ends the run must be one of the report.
    fn check_precision(&mut self) {
        let Replications::Precision { of, .. } = &self.parsed.scenario.run.replications else {
            return;
        };
        let catalog = self.catalog();
        if catalog.get(&of.value).is_some_and(|known| known.is_of_day) {
            return;
        }
        let message = format!("the report has no figure `{}`", of.value);
        let help = judge::expression::suggest(&of.value, catalog);
        self.problems.push(Problem::new("unknown-figure", &of.place, message).help(help));
    }
}

/// Files that are read once and then remembered.
#[derive(Debug)]
struct ReadOnce<F> {
    files: F,
    known: Mutex<BTreeMap<(String, String), Answer>>,
}

/// Label and bytes of a file, or why it cannot be read.
type Answer = Result<(String, Vec<u8>), String>;

impl<F: Files> Files for ReadOnce<F> {
    fn read(&self, base: &str, name: &str) -> Answer {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (base.to_owned(), name.to_owned());
        known.entry(key).or_insert_with(|| self.files.read(base, name)).clone()
    }
}
