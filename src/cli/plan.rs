//! `simulate plan`: the cheapest staffing that keeps its promises.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::args::{PlanArgs, Shared};
use super::interrupt::Interrupt;
use super::output::{self, Destination};
use super::page::HtmlFile;
use super::progress::Spinner;
use super::{Failure, Outcome, load, tell};
use crate::document::{self, PlanDocument};
use crate::experiment::Control;
use crate::experiment::summary::Verdict;
use crate::judge;
use crate::plan::{PlanError, StaffingPlan};
use crate::report;
use crate::report::plan::PlanOrigin;
use crate::task::plan::{PlanRequest, Promising};

/// Share of a time limit after which the search ends, so that its plan can be verified.
const SEARCH_SHARE: f64 = 0.6;
/// Share after which that ends too, so that its figures can be told in time.
const VERIFY_SHARE: f64 = 0.85;
/// Time that a first plan may take, however little is given: nobody waits less for one.
const LEAST_TIME: Duration = Duration::from_secs(1);
/// How often somebody looks whether to stop.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Finds a plan and prints it.
///
/// # Errors
///
/// Where something keeps it from its end; it may have been told already.
pub(super) fn plan(
    args: &PlanArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    if let Some(path) = &args.find {
        return super::find::find(args, path, shared, interrupt);
    }
    let draft = load::draft(&args.file, interrupt)?;
    let mut promising = Promising::new(&draft, shared.option.as_deref(), &shared.overrides)?;
    if let Some(seed) = shared.seed {
        promising.scenario.run.seed = seed;
    }
    let out = match &args.out {
        Some(path) => Some((path.as_path(), Destination::open(path, interrupt)?)),
        None => None,
    };
    let html = HtmlFile::open(args.html.as_deref(), interrupt)?;
    let started = now();
    let found = search(&promising, args, shared, interrupt);
    let seconds = (started.elapsed().as_secs_f64() * 1e3).round() / 1e3;
    let file = args.file.display().to_string();
    let found = found.map_err(|error| failed(&file, &error, interrupt))?;
    let limits = promising.targets.iter().map(judge::Target::bound).collect();
    print(&found, &PlanOrigin { file, limits, seconds }, shared, html)?;
    if let Some((path, mut target)) = out {
        if found.blocking.is_empty() {
            let base = base(&args.file, path)?;
            let lines = overrides(shared, &found)?;
            let text = report::plan::scenario(&found, &base, &lines);
            target.write_all(text.as_bytes()).map_err(|error| target.failure(&error))?;
            target.finish()?;
        } else {
            tell("warning", &format!("{} was not written", target.name()));
        }
    }
    Ok(outcome(&found, interrupt))
}

fn outcome(found: &StaffingPlan, interrupt: &Interrupt) -> Outcome {
    if interrupt.is_stopped() {
        return Outcome::Interrupted;
    }
    match found.verified.verdict() {
        _ if !found.feasible => Outcome::No,
        Verdict::Holds => Outcome::Done,
        _ if found.partial => Outcome::Undecided,
        Verdict::Fails => Outcome::No,
        Verdict::Undecided => Outcome::Undecided,
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the command line")]
fn now() -> Instant {
    Instant::now()
}

fn failed(file: &str, error: &PlanError, interrupt: &Interrupt) -> Failure {
    let outcome = match error {
        PlanError::NothingVerified if !interrupt.is_stopped() => {
            let message = "no plan could be verified in that time; give it a longer `--time-limit`";
            return Failure::new(Outcome::Undecided, format!("{file}: {message}"));
        }
        PlanError::NothingVerified => Outcome::Interrupted,
        PlanError::Uncovered(_) => Outcome::No,
        PlanError::Run(_) => Outcome::Unfinished,
    };
    Failure::new(outcome, format!("{file}: {error}"))
}

/// Searches until most of the time is up or somebody has asked for the end, and then verifies.
fn search(
    promising: &Promising,
    args: &PlanArgs,
    shared: &Shared,
    interrupt: &Interrupt,
) -> Result<StaffingPlan, PlanError> {
    let spinner = Spinner::begin(shared);
    let started = now();
    let is_past =
        |share: f64| args.time_limit.is_some_and(|limit| started.elapsed() >= limit.mul_f64(share));
    let (searched, verified) = (|| is_past(SEARCH_SHARE), || is_past(VERIFY_SHARE));
    let (stop, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let control = super::run::control(shared, interrupt, &|_, _| {});
    let control = Control { stop: &stop, ..control };
    let request = PlanRequest {
        verify: shared.replications,
        search: Control { deadline: &searched, ..control },
        verification: Control { deadline: &verified, ..control },
    };
    let is_late = || started.elapsed() >= LEAST_TIME && is_past(1.0);
    let is_to_stop = || interrupt.is_stopped() || is_late();
    thread::scope(|scope| {
        scope.spawn(|| raise_when(&is_to_stop, &stop, &over));
        let _over = Raised(&over);
        promising.plan(request, &|progress| spinner.show(&progress))
    })
}

/// Raises `stop` as soon as it is time to, in the middle of a day too; looks until `over`.
fn raise_when(is_time: &dyn Fn() -> bool, stop: &AtomicBool, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        if is_time() {
            stop.store(true, Ordering::Relaxed);
            return;
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// Sets a flag when dropped, after a panic too: whoever waits for it must not wait for ever.
struct Raised<'a>(&'a AtomicBool);

impl Drop for Raised<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn print(
    found: &StaffingPlan,
    origin: &PlanOrigin,
    shared: &Shared,
    html: HtmlFile,
) -> Result<(), Failure> {
    let blocks = report::plan::blocks(found, origin);
    if shared.json {
        let mut out = output::stdout();
        let written = document::write_indented(
            &PlanDocument::new(found, &origin.file, origin.seconds),
            &mut out,
        );
        let written = written.and_then(|()| out.flush());
        written.map_err(|error| Failure::stdout(&error))?;
    } else if !html.has_stdout() {
        output::print(&blocks)?;
    }
    html.write(&format!("Plan of {}", origin.file), [blocks.as_slice()])
}

/// The planned scenario as the new file has to name it: relative to its folder.
fn base(file: &Path, out: &Path) -> Result<String, Failure> {
    if file.as_os_str() == "-" {
        let message = "--out needs a scenario file that the plan can extend, not standard input";
        return Err(Failure::new(Outcome::Unusable, message));
    }
    let folder = |path: &Path| {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        parent.canonicalize().unwrap_or_else(|_| parent.to_owned())
    };
    let name = file.file_name().unwrap_or_default();
    let from = folder(file);
    let to = folder(out);
    let path = if out.as_os_str() == "-" || from == to {
        name.into()
    } else if let Ok(below) = from.strip_prefix(&to) {
        below.join(name)
    } else {
        from.join(name)
    };
    Ok(path.display().to_string())
}

/// What was set on the command line, as lines of TOML; what the plan itself says is left out.
fn overrides(shared: &Shared, found: &StaffingPlan) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    for set in &shared.overrides {
        let is_list = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        if set.path.split('.').any(is_list) {
            let message = format!(
                "--out cannot keep `--set {}`: set the whole list, or write it into the scenario",
                set.path
            );
            return Err(Failure::new(Outcome::Unusable, message));
        }
        let is_planned = found.planned.iter().any(|group| {
            let name = set.path.strip_prefix("groups.");
            let rest = name.and_then(|rest| {
                let quoted = format!("\"{}\"", group.name);
                rest.strip_prefix(&group.name).or_else(|| rest.strip_prefix(quoted.as_str()))
            });
            rest.is_some_and(|rest| rest.starts_with(".staff") || rest.starts_with(".shifts"))
        });
        let is_run = ["run.seed", "run.replications"].contains(&set.path.as_str())
            || set.path.starts_with("run.precision");
        if is_planned || is_run {
            continue;
        }
        let is_toml = format!("x = {}", set.value).parse::<toml::Table>().is_ok();
        let value = if is_toml {
            set.value.clone()
        } else {
            toml::Value::String(set.value.clone()).to_string()
        };
        lines.push(format!("{} = {value}", set.path));
    }
    Ok(lines)
}
