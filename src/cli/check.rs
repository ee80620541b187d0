//! `simulate check`: is everything as expected, and nothing worse than the baseline?

use std::io::Write;
use std::path::Path;

use super::args::{CheckArgs, Shared};
use super::interrupt::Interrupt;
use super::output::{self, Destination};
use super::page::HtmlFile;
use super::progress::Meter;
use super::{Failure, Outcome, load, run, tell};
use crate::document::{self, CheckDocument, CheckedRecord};
use crate::experiment::summary::Verdict;
use crate::report;
use crate::report::block::Block;
use crate::report::check::CheckedFile;
use crate::task::Prepared;
use crate::task::check::{Against, CheckRequest, Checked, Checking};

mod annotations;
mod baselines;
mod junit;

use baselines::BaselineFile;

/// One file, ready to be checked.
struct Job {
    checking: Checking,
    /// Where its baseline goes, if it is to be written.
    update: Option<BaselineFile>,
}

/// What was found in a file.
struct Shown {
    checked: Checked,
    /// What messages call the baseline that it has become.
    stored: Option<String>,
}

impl Shown {
    fn record(&self) -> CheckedRecord<'_> {
        let Checked { file, findings, baseline, .. } = &self.checked;
        CheckedRecord::new(file, findings, baseline.as_deref(), self.stored.as_deref())
    }
}

/// Checks all there is to check before simulating, simulates each scenario, stores baselines when
/// all are done, and tells what was found.
///
/// # Errors
///
/// Where something keeps it from its end; it may have been told already. Then no baseline is
/// changed.
pub(super) fn check(
    args: &CheckArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let scenarios = load::all(&args.files, shared, interrupt)?;
    if args.baseline.is_some() {
        baselines::refuse_same_names(&scenarios)?;
    }
    let jobs = scenarios.into_iter().map(|scenario| job(scenario, args, shared, interrupt));
    let jobs = load::collect(jobs)?;
    let junit = args.junit.as_deref().map(|path| Destination::open(path, interrupt)).transpose()?;
    let html = HtmlFile::open(args.html.as_deref(), interrupt)?;
    let (mut shown, updates) = simulate(jobs, shared, interrupt)?;
    if interrupt.is_stopped() {
        for shown in &mut shown {
            shown.stored = None;
        }
        show(&shown, shared, junit.as_ref(), html)?;
        tell("warning", "interrupted: this is what was finished");
        return Ok(Outcome::Interrupted);
    }
    updates.into_iter().try_for_each(BaselineFile::write)?;
    show(&shown, shared, junit.as_ref(), html)?;
    if let Some(target) = junit {
        junit::write(&shown, target)?;
    }
    annotations::annotate(&shown);
    let verdicts = shown.iter().map(|shown| shown.checked.findings.verdict);
    Ok(match Verdict::all(verdicts) {
        Verdict::Holds => Outcome::Done,
        Verdict::Fails => Outcome::No,
        Verdict::Undecided => Outcome::Undecided,
    })
}

/// Reads or opens the baseline of a scenario and settles what to look at.
fn job(
    scenario: Prepared,
    args: &CheckArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Job, Failure> {
    let request = CheckRequest {
        options: run::options(shared),
        at_most: args.at_most,
        false_alarms: args.false_alarms,
    };
    let (against, update) = match &args.baseline {
        None => (Against::Nothing, None),
        Some(folder) if args.update => {
            let stored = BaselineFile::open(folder, &scenario.file, interrupt)?;
            (Against::Record, Some(stored))
        }
        Some(folder) => {
            let (baseline, place) = baselines::read(folder, &scenario.file, interrupt)?;
            (Against::Baseline { baseline, place }, None)
        }
    };
    Ok(Job { checking: Checking::new(scenario, against, &request)?, update })
}

/// Checks one after the other, and ends early when it is interrupted.
fn simulate(
    jobs: Vec<Job>,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<(Vec<Shown>, Vec<BaselineFile>), Failure> {
    let (mut shown, mut updates) = (Vec::new(), Vec::new());
    let count = jobs.len();
    for (at, Job { checking, mut update }) in jobs.into_iter().enumerate() {
        let meter = Meter::begin(shared, at + 1, count);
        let show = |done, of| meter.show(done, of);
        let done = checking.run(&run::control(shared, interrupt, &show));
        drop(meter);
        match done.map_err(Failure::from) {
            Ok(checked) => {
                let stored = update.as_ref().map(|update| update.place.clone());
                if let (Some(update), Some(baseline)) = (&mut update, &checked.recorded) {
                    update.text = baseline.to_text();
                }
                updates.extend(update);
                shown.push(Shown { checked, stored });
            }
            // The files before it are worth showing.
            Err(failure) if failure.outcome == Outcome::Interrupted && at > 0 => failure.tell(),
            Err(failure) => return Err(failure),
        }
        if interrupt.is_stopped() {
            break;
        }
    }
    Ok((shown, updates))
}

/// What was found in a file.
fn blocks(shown: &Shown) -> Vec<Block> {
    report::check::check(&CheckedFile {
        file: &shown.checked.file,
        findings: &shown.checked.findings,
        baseline: shown.checked.baseline.as_deref(),
        stored: shown.stored.as_deref(),
    })
}

/// Tells what was found as text or JSON, unless another output takes the place, and as a page.
fn show(
    shown: &[Shown],
    shared: &Shared,
    junit: Option<&Destination>,
    html: HtmlFile,
) -> Result<(), Failure> {
    let files: Vec<Vec<Block>> = shown.iter().map(blocks).collect();
    if shared.json {
        let mut out = output::stdout();
        let files = shown.iter().map(Shown::record).collect();
        let written = document::write(&CheckDocument::new(files), &mut out);
        let written = written.and_then(|()| out.flush());
        written.map_err(|error| Failure::stdout(&error))?;
    } else if !junit.is_some_and(Destination::is_stdout) && !html.has_stdout() {
        output::print(&files.join(&Block::Gap))?;
    }
    html.write("Check", files.iter().map(Vec::as_slice))
}

/// What a file is called without its folders and its ending.
fn stem(file: &str) -> String {
    match Path::new(file).file_stem() {
        Some(stem) if file != "-" => stem.to_string_lossy().into_owned(),
        _ => "stdin".to_owned(),
    }
}
