//! Several scenarios on the same customers, side by side.

use super::{Prepared, TaskError};
use crate::compare::{self, Comparison, Contender, DECISIVE, HEADLINES, Settings, StopWhen};
use crate::experiment::{COST, Catalog, Control, Options, precision};
use crate::judge::{Target, expression};
use crate::metrics::definition::{Better, Unit};
use crate::scenario::Replications;

/// Where nothing is said, so many times the first look's replications are the cap.
const AT_MOST: u32 = 10;

/// What is wanted of a comparison beside the scenarios.
#[derive(Clone, Debug, Default)]
pub struct CompareRequest {
    /// Paths of the figures to tell the best options of; empty: the headline figures.
    pub show: Vec<String>,
    /// Paths of the figures whose differences are to be decided; empty: the usual ones.
    pub decide: Vec<String>,
    /// The figure by which the best is to be picked, and the difference in it that does not matter.
    pub pick: Option<(String, String)>,
    /// Most replications of each; `None`: by the scenario.
    pub at_most: Option<u32>,
}

/// A comparison that can be run.
#[derive(Clone, Debug)]
pub struct Comparing {
    /// What is compared; the first is what the others are held against.
    pub scenarios: Vec<Prepared>,
    /// What each is called.
    pub names: Vec<String>,
    /// The figures shown, with what their numbers mean.
    pub shown: Vec<(String, Unit)>,
    settings: Settings,
}

impl Comparing {
    /// Scenarios as they are called, and what is wanted of them.
    ///
    /// # Errors
    /// Where a figure is none, or its difference cannot be what is asked for.
    pub fn new(
        scenarios: Vec<Prepared>,
        names: Vec<String>,
        request: &CompareRequest,
        options: Options,
    ) -> Result<Self, TaskError> {
        let catalog = Catalog::new(&scenarios[0].model);
        let stop_when = stop_when(request, &catalog)?;
        let mut show = paths(&request.show, &HEADLINES, &catalog)?;
        if let StopWhen::Picked { path, .. } = &stop_when
            && !show.contains(path)
        {
            show.push(path.clone());
        }
        let (first_look, usual) = match (options.replications, &scenarios[0].model.replications) {
            (Some(fixed), _) => (fixed, fixed),
            (None, Replications::Fixed(fixed)) => (*fixed, fixed.saturating_mul(AT_MOST)),
            (None, Replications::Precision { at_most, .. }) => {
                (precision::next_look(0, *at_most), *at_most)
            }
        };
        let at_most = request.at_most.unwrap_or(usual);
        let with_unit = |path: &String| Some((path.clone(), compare::meaning(path, &catalog)?.0));
        let shown = show.iter().filter_map(with_unit).collect();
        let settings =
            Settings { options, first_look: first_look.min(at_most), at_most, show, stop_when };
        Ok(Self { scenarios, names, shown, settings })
    }

    /// Runs until the goal is reached, telling how many replications of all options are done.
    ///
    /// # Errors
    /// When it is to stop before anything is finished, or memory would not do.
    pub fn run(&self, control: &Control<'_>) -> Result<Comparison, TaskError> {
        let named = self.scenarios.iter().zip(&self.names);
        let contenders: Vec<Contender<'_>> = named
            .map(|(scenario, name)| Contender { name: name.clone(), model: &scenario.model })
            .collect();
        let done = compare::run(&contenders, &self.settings, control);
        done.map_err(|error| TaskError::run(&self.scenarios[0].file, error))
    }
}

/// Names of the options of a file, each another: the file by its title, its options by theirs.
pub fn names_of_options(scenarios: &[Prepared]) -> Vec<String> {
    let name = |one: &Prepared| match &one.option {
        Some(option) => option.clone(),
        None => one.model.title.clone().unwrap_or_else(|| "base".to_owned()),
    };
    unlike(scenarios.iter().map(name).collect())
}

/// Names of files, each another.
pub fn names_of_files(scenarios: &[Prepared]) -> Vec<String> {
    unlike(scenarios.iter().map(|one| one.file.clone()).collect())
}

/// Numbers names that are there already. Options have names of their own; only a file's title, or
/// files named twice, can be.
fn unlike(mut names: Vec<String>) -> Vec<String> {
    for at in (0..names.len()).rev() {
        let wanted = names[at].clone();
        let mut number = 1;
        while names.iter().enumerate().any(|(other, name)| other != at && *name == names[at]) {
            number += 1;
            names[at] = format!("{wanted} ({number})");
        }
    }
    names
}

fn stop_when(request: &CompareRequest, catalog: &Catalog) -> Result<StopWhen, TaskError> {
    match &request.pick {
        Some((path, within)) => pick(path, within, catalog),
        None => Ok(StopWhen::Decided(paths(&request.decide, &DECISIVE, catalog)?)),
    }
}

/// Paths of figures that can be compared, the usual ones where none are asked for.
fn paths(asked: &[String], usual: &[&str], catalog: &Catalog) -> Result<Vec<String>, TaskError> {
    let asked = asked.iter().map(|path| path.trim());
    let mut paths: Vec<String> = Vec::new();
    for path in asked.filter(|path| !path.is_empty()) {
        meaning(path, catalog)?;
        let path = path.strip_prefix("overall.").unwrap_or(path).to_owned();
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        paths = usual.iter().map(|path| (*path).to_owned()).collect();
    }
    Ok(paths)
}

fn meaning(path: &str, catalog: &Catalog) -> Result<(Unit, Better), TaskError> {
    compare::meaning(path, catalog).ok_or_else(|| {
        let help = expression::suggest(path, catalog);
        TaskError::Unusable(format!("the report has no figure `{path}`; {help}"))
    })
}

/// The goal to pick an option by a figure, within a zone in the unit of the figure.
fn pick(path: &str, within: &str, catalog: &Catalog) -> Result<StopWhen, TaskError> {
    let path = path.strip_prefix("overall.").unwrap_or(path);
    let (_, better) = meaning(path, catalog)?;
    if better == Better::Neither {
        let message = format!("of `{path}` neither more nor less is better");
        return Err(TaskError::Unusable(message));
    }
    let zone = if path == COST {
        within.trim().parse().map_err(|_| format!("`{within}` is no amount of money"))
    } else {
        let read = Target::parse(&format!("{path} <= {within}"), catalog);
        read.map(|target| target.limit)
            .map_err(|error| format!("`{within}` fits no difference of `{path}`; {}", error.help))
    };
    let zone: f64 = zone.map_err(TaskError::Unusable)?;
    if zone > 0.0 {
        Ok(StopWhen::Picked { path: path.to_owned(), zone })
    } else {
        Err(TaskError::Unusable("--within must be more than 0".to_owned()))
    }
}
