//! `simulate compare`: the options of one file, or several files, side by side.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;

use super::args::{CompareArgs, Shared};
use super::interrupt::Interrupt;
use super::page::HtmlFile;
use super::progress::Meter;
use super::{Failure, Outcome, load, output, run, tell};
use crate::compare::Comparison;
use crate::document::{self, ComparisonDocument, Origin};
use crate::report::comparison::{self, ShownOptions};
use crate::task::compare::{CompareRequest, Comparing};
use crate::task::{self, Prepared};

/// Checks all options, runs them on the same customers and prints how they differ.
///
/// # Errors
///
/// Where something keeps it from its end; it may have been told already.
pub(super) fn compare(
    args: &CompareArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let scenarios = options(args, shared, interrupt)?;
    let names = if args.files.len() > 1 {
        task::compare::names_of_files(&scenarios)
    } else {
        task::compare::names_of_options(&scenarios)
    };
    let request = CompareRequest {
        show: args.show.clone(),
        decide: args.decide.clone(),
        pick: args.pick.clone().zip(args.within.clone()),
        at_most: args.at_most,
    };
    let comparing = Comparing::new(scenarios, names, &request, run::options(shared))?;
    let html = HtmlFile::open(args.html.as_deref(), interrupt)?;
    let meter = Meter::begin(shared, 1, 1);
    let (result, elapsed) = run::timed(|| {
        let show = |done, of| meter.show(done, of);
        comparing.run(&run::control(shared, interrupt, &show))
    });
    drop(meter);
    let comparison = result?;
    let blocks = comparison::comparison(&comparison, &shown(&comparing));
    if shared.json {
        print_json(&comparing, &comparison, elapsed)?;
    } else if !html.has_stdout() {
        output::print(&blocks)?;
    }
    html.write(&comparing.names[0], [blocks.as_slice()])?;
    if !shared.quiet {
        tell_warnings(&comparison, shared);
    }
    if comparison.partial {
        tell("warning", "interrupted: this is what was finished");
        return Ok(Outcome::Interrupted);
    }
    Ok(Outcome::Done)
}

fn print_json(
    comparing: &Comparing,
    comparison: &Comparison,
    elapsed: Duration,
) -> Result<(), Failure> {
    let mut out = output::stdout();
    let origin = |scenario| run::origin(scenario, elapsed);
    let origins: Vec<Origin> = comparing.scenarios.iter().map(origin).collect();
    let written = document::write(&ComparisonDocument::new(comparison, &origins), &mut out);
    written.and_then(|()| out.flush()).map_err(|error| Failure::stdout(&error))
}

/// What the reports of the options warn of, and what cannot be compared, unless the table says it.
fn tell_warnings(comparison: &Comparison, shared: &Shared) {
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
fn options(
    args: &CompareArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Vec<Prepared>, Failure> {
    let [file] = args.files.as_slice() else {
        return load::all(&args.files, shared, interrupt);
    };
    let draft = load::draft(file, interrupt)?;
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
        return Err(Failure::unusable(message));
    }
    Ok(std::iter::once(every.base).chain(every.options).collect())
}

fn shown(comparing: &Comparing) -> ShownOptions {
    let scenarios = &comparing.scenarios;
    let base = scenarios[0].model.title.as_ref();
    let own = |(at, one): (usize, &Prepared)| {
        let title = one.model.title.clone()?;
        // An option without a title of its own has that of its file.
        (at == 0 || one.option.is_none() || base != Some(&title)).then_some(title)
    };
    ShownOptions {
        figures: comparing.shown.clone(),
        titles: scenarios.iter().enumerate().map(own).collect(),
    }
}
