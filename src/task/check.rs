//! A scenario held against what it expects, and against its baseline.

use super::{Prepared, Spot, Spotted, TaskError};
use crate::experiment::{Asked, Catalog, Control, Keep, Options, Study, precision};
use crate::judge::certainty::check_looks;
use crate::judge::guard;
use crate::judge::{Agenda, Baseline, Findings, Guard, Inspection, Target};
use crate::model::Replications;
use crate::scenario::MOST_REPLICATIONS;

/// Share of checks of an unchanged system that may fail.
const FALSE_ALARMS: f64 = 0.01;

/// How a check is to be made.
#[derive(Clone, Debug)]
pub struct CheckRequest {
    /// What goes before the scenario.
    pub options: Options,
    /// Most replications; `None`: by the scenario.
    pub at_most: Option<u32>,
    /// Share of checks of an unchanged system that may fail; `None`: the usual one.
    pub false_alarms: Option<f64>,
}

/// What becomes of a baseline.
#[derive(Clone, Debug)]
pub enum Against {
    /// There is none.
    Nothing,
    /// The run is compared with it.
    Baseline {
        /// What is stored.
        baseline: Baseline,
        /// What messages call it.
        place: String,
    },
    /// The run becomes the baseline.
    Record,
}

/// A scenario that is ready to be checked.
#[derive(Clone, Debug)]
pub struct Checking {
    scenario: Prepared,
    options: Options,
    agenda: Agenda,
    against: Against,
    /// Paths of the figures that a baseline holds.
    recorded: Vec<String>,
    /// Where the guards stand.
    guard: Vec<Option<Spot>>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The file as the user named it.
    pub file: String,
    /// The verdicts.
    pub findings: Findings,
    /// Where the expectations stand, in file order.
    pub expect: Vec<Option<Spot>>,
    /// Where the guards stand; defaults stand nowhere.
    pub guard: Vec<Option<Spot>>,
    /// What the baseline is called that it was compared with.
    pub baseline: Option<String>,
    /// The new baseline, where that was wanted.
    pub recorded: Option<Baseline>,
}

impl Checking {
    /// Settles what is to be looked at, and when.
    ///
    /// # Errors
    /// Where there is nothing to check, or the baseline is of something else.
    pub fn new(
        scenario: Prepared,
        against: Against,
        request: &CheckRequest,
    ) -> Result<Self, TaskError> {
        let looks = looks(&scenario, request)?;
        let mut recorded = Vec::new();
        let guards = match &against {
            Against::Nothing => Vec::new(),
            Against::Record => {
                let defaults = default_guards(&scenario);
                for guard in scenario.guard.iter().chain(&defaults) {
                    if !recorded.contains(&guard.expression.figure.path) {
                        recorded.push(guard.expression.figure.path.clone());
                    }
                }
                Vec::new()
            }
            Against::Baseline { baseline, place } => {
                let seed = request.options.seed.unwrap_or(scenario.model.seed);
                let matched = baseline.match_run(seed, &looks);
                matched.map_err(|error| TaskError::Unusable(format!("`{place}` {error}")))?;
                guards(&scenario, baseline, place)?
            }
        };
        if scenario.expect.is_empty() && guards.is_empty() && !matches!(against, Against::Record) {
            return Err(nothing(&scenario, &against));
        }
        let (guard, spots) = guards.into_iter().map(|g| (g.expression, g.spot)).unzip();
        let agenda = Agenda {
            expect: scenario.expect.iter().map(|expect| expect.expression.clone()).collect(),
            guard,
            looks,
            false_alarms: request.false_alarms.unwrap_or(FALSE_ALARMS),
        };
        let options = request.options.clone();
        Ok(Self { scenario, options, agenda, against, recorded, guard: spots })
    }

    /// Looks until all is decided, or at all looks where a baseline is recorded.
    ///
    /// # Errors
    /// When it is to stop before the first look, or memory would not do.
    pub fn run(self, control: &Control<'_>) -> Result<Checked, TaskError> {
        let Self { scenario, options, agenda, against, recorded, guard } = self;
        let catalog = Catalog::new(&scenario.model);
        let keep = match against {
            Against::Nothing => Keep::Nothing,
            Against::Baseline { .. } | Against::Record => Keep::ObservationsAndEvents,
        };
        let asked = Asked { keep, ..Target::asked(agenda.expect.iter(), &catalog) };
        let mut study = Study::new(&scenario.model, &options, &asked);
        let looks = agenda.looks.clone();
        let (first, last) = (looks[0], looks[looks.len() - 1]);
        let (mut record, stored) = match against {
            Against::Nothing => (None, None),
            Against::Baseline { baseline, place } => (None, Some((baseline, place))),
            Against::Record => {
                let version = env!("CARGO_PKG_VERSION");
                (Some(Baseline::new(version, &study, &looks, &recorded)), None)
            }
        };
        let (stored, baseline) = stored.unzip();
        let mut inspection = Inspection::new(agenda, stored);
        for look in looks {
            let wanted = inspection.next() == Some(look);
            if !wanted && record.is_none() {
                break;
            }
            let done =
                study.advance(look, &control.telling(&|done, _| (control.progress)(done, last)));
            done.map_err(|error| TaskError::run(&scenario.file, error))?;
            if study.replications() < look {
                break;
            }
            if wanted {
                inspection.look(&study);
            }
            if let Some(record) = &mut record {
                record.record(&study);
            }
        }
        let findings = inspection.findings().ok_or_else(|| {
            let (file, done) = (&scenario.file, study.replications());
            let message =
                format!("{file}: stopped after {done} of {first} replications, too early");
            TaskError::Stopped(message)
        })?;
        let expect = scenario.expect.iter().map(|e| e.spot.clone()).collect();
        let file = scenario.file.clone();
        Ok(Checked { file, findings, expect, guard, baseline, recorded: record })
    }
}

/// At how many replications to look: from those of the scenario to the cap. Where the scenario asks
/// for a precision, from 30 to its cap.
fn looks(scenario: &Prepared, request: &CheckRequest) -> Result<Vec<u32>, TaskError> {
    let fixed = request.options.replications.map(Replications::Fixed);
    let (first, cap) = match fixed.as_ref().unwrap_or(&scenario.model.replications) {
        Replications::Fixed(first) => (*first, first.saturating_mul(4).min(MOST_REPLICATIONS)),
        Replications::Precision { at_most, .. } => {
            let cap = request.at_most.unwrap_or(*at_most);
            (precision::next_look(0, cap), cap)
        }
    };
    let last = request.at_most.unwrap_or(cap);
    if last < first {
        return Err(TaskError::Unusable(format!(
            "--at-most {last} is less than the {first} replications of `{}`: give at least as \
             many, or fewer with --replications",
            scenario.file
        )));
    }
    Ok(check_looks(first, last))
}

/// The scenario's own guards; where there are none, those of the default guards of which the
/// baseline knows anything.
fn guards(
    scenario: &Prepared,
    baseline: &Baseline,
    place: &str,
) -> Result<Vec<Spotted<Guard>>, TaskError> {
    let stored = |guard: &Spotted<Guard>| baseline.figure(&guard.expression.figure.path);
    if scenario.guard.is_empty() {
        let mut guards = default_guards(scenario);
        guards.retain(|guard| stored(guard).is_some_and(|s| s.looks.iter().any(Option::is_some)));
        return Ok(guards);
    }
    let missing = scenario.guard.iter().filter(|guard| stored(guard).is_none());
    let missing: Vec<String> =
        missing.map(|guard| format!("`{}`", guard.expression.figure.path)).collect();
    if missing.is_empty() {
        return Ok(scenario.guard.clone());
    }
    Err(TaskError::Unusable(format!(
        "`{place}` does not hold {}, which a guard is about: write it again with --update",
        missing.join(", ")
    )))
}

fn default_guards(scenario: &Prepared) -> Vec<Spotted<Guard>> {
    let guards = guard::default_guards(&Catalog::new(&scenario.model)).into_iter();
    guards.map(|expression| Spotted { expression, spot: None }).collect()
}

fn nothing(scenario: &Prepared, against: &Against) -> TaskError {
    let advice = if !matches!(against, Against::Nothing) {
        "all default guards are about figures that are null in the baseline: write `[check] guard`, \
         or `expect`"
    } else if scenario.guard.is_empty() {
        "write `expect = [\"wait.p95 <= 15s\"]` into it, or compare with --baseline DIR"
    } else {
        "its guards need --baseline DIR"
    };
    TaskError::Unusable(format!("`{}` expects nothing: {advice}", scenario.file))
}
