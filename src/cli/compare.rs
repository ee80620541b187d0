//! `simulate compare`: the options of one file, or several files, side by side.

use std::collections::BTreeSet;
use std::io::Write;

use super::args::{CompareArgs, Shared};
use super::interrupt::Interrupt;
use super::load;
use super::progress::Progress;
use super::{Failure, Outcome, output, run, tell};
use crate::compare::{self, Contender, DECISIVE, HEADLINES, Settings, StopWhen};
use crate::experiment::{COST, Catalog, precision};
use crate::judge::expression::{self, Setting};
use crate::metrics::definition::{Better, Unit};
use crate::report::Origin;
use crate::report::comparison::{self, Shown};
use crate::scenario::Replications;
use crate::task::{Prepared, TaskError};

/// Without `--at-most` so many times the first look's replications are the cap.
const AT_MOST: u32 = 10;

/// Checks all options, runs them on the same customers and prints how they differ.
///
/// # Errors
///
/// Where something keeps it from its end; it may have been told already.
pub(super) fn compare(
    task: &CompareArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let loaded = options(task, shared)?;
    let names = names(&loaded, task.files.len() > 1);
    let contenders: Vec<Contender<'_>> = loaded
        .iter()
        .zip(&names)
        .map(|(loaded, name)| Contender { name: name.clone(), model: &loaded.model })
        .collect();
    let catalog = Catalog::new(&loaded[0].model);
    let settings = settings(task, shared, &loaded[0], &catalog)?;
    let progress = Progress::begin(shared, 1, 1);
    let (result, elapsed) = run::timed(|| {
        let show = |done, of| progress.show(done, of);
        compare::run(&contenders, &settings, &show, interrupt.stop())
    });
    drop(progress);
    let file = &loaded[0].file;
    let comparison = result.map_err(|error| TaskError::run(file, error))?;
    let mut out = output::stdout();
    let written = if shared.json {
        let origins: Vec<Origin> = loaded.iter().map(|one| run::origin(one, elapsed)).collect();
        comparison::json(&comparison, &origins, &mut out)
    } else {
        let shown = shown(&settings, &catalog, &loaded);
        comparison::text(&comparison, &shown, &output::style(), &mut out)
    };
    written.and_then(|()| out.flush()).map_err(|error| Failure::stdout(&error))?;
    if !shared.quiet {
        tell_warnings(&comparison, shared);
    }
    if comparison.partial {
        tell("warning", "interrupted: this is what was finished");
        return Ok(Outcome::Interrupted);
    }
    Ok(Outcome::Done)
}

/// What the reports of the options warn of, and what cannot be compared, unless the table says it.
fn tell_warnings(comparison: &compare::Comparison, shared: &Shared) {
    let mut told = BTreeSet::new();
    for option in &comparison.options {
        for warning in &option.summary.warnings {
            if told.insert(&warning.message) {
                load::warn(&option.name, &format!("{} [{}]", warning.message, warning.code));
            }
        }
    }
    if shared.json {
        for note in &comparison.notes {
            tell("warning", note);
        }
    }
}

/// All that is to be compared, the first one first.
fn options(task: &CompareArgs, shared: &Shared) -> Result<Vec<Prepared>, Failure> {
    let [file] = task.files.as_slice() else {
        return load::all(&task.files, shared);
    };
    let draft = load::draft(file)?;
    if let Some(option) = &shared.option {
        let pair = [None, Some(option.as_str())];
        let prepare = |option| Ok(draft.prepare(option, &shared.overrides)?);
        return pair.into_iter().map(prepare).collect();
    }
    let every = draft.prepare_every(&shared.overrides)?;
    if every.options.is_empty() {
        let message = format!(
            "`{}` has no [options] to compare; write some, or name a second file",
            file.display()
        );
        return Err(Failure::new(Outcome::Unusable, message));
    }
    Ok(std::iter::once(every.base).chain(every.options).collect())
}

/// Names of the options, each another: the file by its title, its options by theirs; several files
/// by their names.
fn names(loaded: &[Prepared], are_files: bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for one in loaded {
        let name = match (&one.option, are_files) {
            (Some(option), false) => option.clone(),
            (None, false) => one.model.title.clone().unwrap_or_else(|| "base".to_owned()),
            (_, true) => one.file.clone(),
        };
        names.push(name);
    }
    // Options have names of their own; only the file's title, or files named twice, can collide.
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

fn settings(
    task: &CompareArgs,
    shared: &Shared,
    first: &Prepared,
    catalog: &Catalog,
) -> Result<Settings, Failure> {
    let mut show = paths(&task.show, catalog)?;
    let mut decisive = paths(&task.decide, catalog)?;
    if show.is_empty() {
        show = HEADLINES.map(str::to_owned).to_vec();
    }
    if decisive.is_empty() {
        decisive = DECISIVE.map(str::to_owned).to_vec();
    }
    let stop_when = match (&task.pick, &task.within) {
        (Some(path), Some(within)) => pick(path, within, catalog)?,
        _ => StopWhen::Decided(decisive),
    };
    if let StopWhen::Picked { path, .. } = &stop_when
        && !show.contains(path)
    {
        show.push(path.clone());
    }
    let (first_look, usual) = match (shared.replications, &first.model.replications) {
        (Some(fixed), _) => (fixed, fixed),
        (None, Replications::Fixed(fixed)) => (*fixed, fixed.saturating_mul(AT_MOST)),
        (None, Replications::Precision { at_most, .. }) => {
            (precision::next_look(0, *at_most), *at_most)
        }
    };
    let at_most = task.at_most.unwrap_or(usual);
    Ok(Settings {
        options: run::options(shared),
        first_look: first_look.min(at_most),
        at_most,
        show,
        stop_when,
    })
}

/// Paths of figures that can be compared.
fn paths(asked: &[String], catalog: &Catalog) -> Result<Vec<String>, Failure> {
    let asked = asked.iter().map(|path| path.trim());
    let mut paths: Vec<String> = Vec::new();
    for path in asked.filter(|path| !path.is_empty()) {
        meaning(path, catalog)?;
        let path = path.strip_prefix("overall.").unwrap_or(path).to_owned();
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    Ok(paths)
}

fn meaning(path: &str, catalog: &Catalog) -> Result<(Unit, Better), Failure> {
    compare::meaning(path, catalog).ok_or_else(|| {
        let help = expression::suggest(path, catalog);
        let message = format!("the report has no figure `{path}`; {help}");
        Failure::new(Outcome::Unusable, message)
    })
}

/// The goal to pick an option by a figure, within a zone in the unit of the figure.
fn pick(path: &str, within: &str, catalog: &Catalog) -> Result<StopWhen, Failure> {
    let unusable = |message: String| Failure::new(Outcome::Unusable, message);
    let path = path.strip_prefix("overall.").unwrap_or(path);
    let (_, better) = meaning(path, catalog)?;
    if better == Better::Neither {
        return Err(unusable(format!("of `{path}` neither more nor less is better")));
    }
    let zone = if path == COST {
        within.trim().parse().map_err(|_| format!("`{within}` is no amount of money"))
    } else {
        let text = format!("{path} <= {within}");
        match expression::parse(&text, catalog, Setting::Target) {
            Ok(parsed) => match parsed.limit {
                expression::Limit::Number(zone) => Ok(zone),
                expression::Limit::Baseline { .. } => Err("write a number".to_owned()),
            },
            Err(error) => Err(format!("`{within}` fits no difference of `{path}`; {}", error.help)),
        }
    };
    let zone: f64 = zone.map_err(unusable)?;
    if zone > 0.0 {
        Ok(StopWhen::Picked { path: path.to_owned(), zone })
    } else {
        Err(unusable("--within must be more than 0".to_owned()))
    }
}

fn shown(settings: &Settings, catalog: &Catalog, loaded: &[Prepared]) -> Shown {
    let unit = |path: &String| {
        let (unit, _) = compare::meaning(path, catalog)?;
        Some((path.clone(), unit))
    };
    let base = loaded[0].model.title.as_ref();
    let own = |at: usize, one: &Prepared| {
        let title = one.model.title.clone()?;
        // An option without a title of its own has that of its file.
        (at == 0 || one.option.is_none() || base != Some(&title)).then_some(title)
    };
    Shown {
        figures: settings.show.iter().filter_map(unit).collect(),
        titles: loaded.iter().enumerate().map(|(at, one)| own(at, one)).collect(),
    }
}
