//! The cheapest staffing that meets its targets.
//!
//! - [`targets`]: what has to be met, as sums over days against a limit;
//! - [`load`], [`formulas`], [`skill_sets`], [`need`]: how many agents formulas ask for, and what
//!   simulated days teach them;
//! - [`mod@evaluator`], [`sample`]: simulated days, and what they say how surely;
//! - [`search`]: from formulas to a staffing that the days seen agree with;
//! - [`verify`]: the same on days that the search for it never saw;
//! - [`bound`]: what no plan can be cheaper than, under assumptions that are told;
//! - [`formula_plans`]: what formulas alone would have bought, and how that does.
//!
//! Only figures of verified days are shown as the performance of a plan.

use std::cell::Cell;

use crate::experiment::{Control, RunError};
use crate::judge::Target;
use crate::model::Model;
use crate::scenario::{self, MOST_SEED, Replications, Scenario};
use crate::time::{SimSpan, SimTime};

mod add;
pub mod bound;
pub mod evaluator;
mod exchange;
pub mod find;
pub mod formula_plans;
pub mod formulas;
mod in_time;
pub mod load;
pub mod need;
mod planner;
mod program;
pub mod roster;
pub mod rostering;
pub mod sample;
pub mod search;
pub mod skill_sets;
pub mod staffing;
pub mod targets;
pub mod uncovered;
pub mod verify;

use bound::Bound;
use evaluator::Evaluator;
use formula_plans::FormulaPlan;
use load::Load;
use need::Needs;
use planner::Planner;
use rostering::RosterPlan;
use sample::ExpectedArrivals;
use search::{Effort, PlanProgress, Search, SearchGoal};
use staffing::{HeadCounts, Planned, StepGrid};
use targets::{PlanTarget, PlanTargets, TargetFigure};
use uncovered::Uncovered;
use verify::Verified;

/// What is asked.
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct Question<'a> {
    /// The scenario; its seed is that of the verified days.
    pub scenario: &'a Scenario,
    /// Its `[plan]`.
    pub settings: &'a scenario::Plan,
    /// What its `meet` says, in order.
    pub expressions: &'a [Target],
    /// Days to verify on; `None`: as many as make the verdict sure enough.
    pub verify: Option<u32>,
    /// Threads that search, and when what they have come to is to be verified. The plan is the same
    /// for any number of threads.
    pub search: Control<'a>,
    /// Threads that verify, when the days verified so far have to do, and when everything is to end.
    pub verification: Control<'a>,
    /// Told what goes on.
    pub tell: &'a dyn Fn(PlanProgress),
}

/// What was found.
#[derive(Clone, Debug)]
pub struct StaffingPlan {
    /// Whether a staffing within the bounds meets the targets, as far as is known.
    pub feasible: bool,
    /// The staffing, or agents on duty by the roster; where the targets cannot be met, the one
    /// that meets them best.
    pub staffing: HeadCounts,
    /// The roster, where shifts were to be found.
    pub roster: Option<RosterPlan>,
    /// The groups whose staffing could change.
    pub planned: Vec<Planned>,
    /// Steps of the day.
    pub grid: StepGrid,
    /// Cost of the schedule.
    pub cost: f64,
    /// What costs are.
    pub unit: CostUnit,
    /// What no plan can be cheaper than.
    pub bound: Option<Bound>,
    /// How it does on days that the search for it never saw.
    pub verified: Verified,
    /// Whether the search was cut off.
    pub partial: bool,
    /// What formulas would have bought.
    pub formula_plans: Vec<FormulaPlan>,
    /// By step, the load of all types: agents that would be busy were there always a free one, in
    /// agents of the speed that those of the plan have on average.
    pub load: Vec<f64>,
    /// By step, agents that formulas and simulation ask for, all types together, of that speed too.
    pub required: Vec<u32>,
    /// Targets that no staffing within the bounds meets.
    pub blocking: Vec<Blocking>,
    /// Days simulated, verified ones included.
    pub simulations: u64,
}

/// What costs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostUnit {
    /// The currency of `cost_per_hour`.
    Money,
    /// Scheduled agent hours: some planned group has no `cost_per_hour`.
    Hours,
}

/// A target that cannot be met.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocking {
    /// Place in the list of targets.
    pub target: usize,
    /// Where it fails most; `None`: over the whole day.
    pub at: Option<SimTime>,
    /// The figure there with all the agents that the bounds allow.
    pub nearest: f64,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// It was to end before any plan was verified.
    NothingVerified,
    /// No shift is on duty where contacts come.
    Uncovered(Box<Uncovered>),
    /// A simulation could not be finished.
    Run(RunError),
}

impl From<RunError> for PlanError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::NothingFinished => Self::NothingVerified,
            error @ (RunError::TooManyContacts { .. } | RunError::Panicked { .. }) => {
                Self::Run(error)
            }
        }
    }
}

impl std::fmt::Display for PlanError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NothingVerified => f.write_str("stopped before a plan was verified"),
            Self::Uncovered(found) => found.fmt(f),
            Self::Run(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PlanError {}

/// The groups that may be staffed, and what costs are.
fn planned(
    scenario: &Scenario,
    settings: &scenario::Plan,
    targets: &[PlanTarget],
) -> (Vec<Planned>, CostUnit) {
    let is_priced = |group: &usize| scenario.groups[*group].cost_per_hour.is_some();
    let unit =
        if settings.groups.iter().all(is_priced) { CostUnit::Money } else { CostUnit::Hours };
    let of_group = |index: &usize| {
        let group = &scenario.groups[*index];
        let bounds = settings.bounds[*index];
        Planned {
            group: *index,
            name: group.name.clone(),
            shrinkage: group.shrinkage,
            cost_per_hour: match unit {
                CostUnit::Money => group.cost_per_hour.unwrap_or(1.0),
                CostUnit::Hours => 1.0,
            },
            at_least: bounds
                .at_least
                .max(someone(*index, group, targets).min(bounds.at_most.unwrap_or(u32::MAX))),
            at_most: bounds.at_most,
        }
    };
    (settings.groups.iter().map(of_group).collect(), unit)
}

/// Agents scheduled so that one is present, in a group of whose own figures something is targeted:
/// with nobody there nothing of it could be measured.
fn someone(index: usize, group: &scenario::GroupSection, targets: &[PlanTarget]) -> u32 {
    let is_about = |target: &PlanTarget| match target.what {
        TargetFigure::Group(own, _) | TargetFigure::Handled { group: own, .. } => own == index,
        TargetFigure::Contacts(..) | TargetFigure::Bot(_) => false,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a shrinkage of less than 1"
    )]
    let scheduled = (1.0 / (1.0 - group.shrinkage) - 1e-9).ceil().min(1e7) as u32;
    if targets.iter().any(is_about) { scheduled } else { 0 }
}

/// Seed of the days that a search sees: other days than any that the plan is verified on.
fn search_seed(seed: u64) -> u64 {
    (seed ^ 0x5ea2_c4da) & MOST_SEED
}

/// Finds the cheapest staffing that meets the targets, and verifies it.
///
/// # Errors
/// When `stop` is set before a plan is verified, or memory would not do.
pub fn plan(question: &Question<'_>) -> Result<StaffingPlan, PlanError> {
    let base = Model::compile(question.scenario);
    let grid = StepGrid { step: question.settings.step, duration: base.horizon.duration };
    let list = question.expressions.iter();
    let list = list.map(|expression| PlanTarget::new(expression, &base));
    let targets = PlanTargets::new(list.collect(), &base);
    let (planned, unit) = planned(question.scenario, question.settings, &targets.list);
    let mut scenario = question.scenario.clone();
    scenario.run.interval = targets.grid;
    scenario.run.replications = Replications::Fixed(1);
    let evaluator = Evaluator {
        scenario: &scenario,
        targets: &targets,
        planned: &planned,
        grid: &grid,
        seed: search_seed(scenario.run.seed),
        control: question.search,
        simulated: Cell::new(0),
    };
    let effort = Effort::new(base.expected_arrivals(), question.verify);
    let load = Load::observe(&evaluator, effort.coarse)?;
    let sets = skill_sets::skill_sets(&base, &planned);
    let levels = formulas::busyness_levels(&base);
    let needs = Needs::new(&targets, (&base, &load), (&sets, &planned), &grid, &levels);
    let shifts = &question.settings.shifts;
    if !shifts.is_empty() {
        let patterns = roster::patterns(&scenario, shifts, &planned, &grid);
        if let Some(found) = uncovered::first(&scenario, &needs, &patterns, &targets) {
            return Err(PlanError::Uncovered(Box::new(found)));
        }
    }
    let search = Search {
        evaluator: &evaluator,
        needs,
        expected: ExpectedArrivals::new(&base, targets.grid),
        effort,
        tell: question.tell,
        goal: if question.settings.shifts.is_empty() {
            SearchGoal::HeadCounts
        } else {
            SearchGoal::Needs
        },
        best: None,
        best_verified: None,
        reserve: 0.0,
    };
    Planner { question, evaluator: &evaluator, search, unit, effort, rostered: None }.run()
}

/// Whether a scenario meets its targets as it is, by the plain values of so many days of a seed.
///
/// # Errors
/// When it is over before all are done, or memory would not do.
pub fn meets(
    scenario: &Scenario,
    expressions: &[Target],
    (seed, days): (u64, u32),
    control: Control<'_>,
) -> Result<bool, RunError> {
    let model = Model::compile(scenario);
    let list = expressions.iter();
    let list = list.map(|expression| PlanTarget::new(expression, &model));
    let targets = PlanTargets::new(list.collect(), &model);
    let mut fine = scenario.clone();
    fine.run.interval = targets.grid;
    let grid = StepGrid { step: targets.grid, duration: model.horizon.duration };
    let evaluator = Evaluator {
        scenario: &fine,
        targets: &targets,
        planned: &[],
        grid: &grid,
        seed,
        control,
        simulated: Cell::new(0),
    };
    let sample = evaluator.sample_model(&Model::compile(&fine), 0..days)?;
    Ok(find::meets(&sample, &targets))
}

impl StaffingPlan {
    /// The schedule of the planned group at a place.
    pub fn schedule(&self, index: usize) -> Vec<(SimSpan, u32)> {
        self.staffing.schedule(index, &self.planned, &self.grid)
    }

    /// The shifts of the planned group at a place; none where head counts were to be found.
    pub fn shifts(&self, index: usize) -> Vec<scenario::Shift> {
        let roster = self.roster.as_ref();
        roster.map_or_else(Vec::new, |roster| roster.of_group(index, &self.planned))
    }

    /// 1 − bound / cost.
    pub fn gap(&self) -> Option<f64> {
        let bound = self.bound.as_ref()?;
        (self.cost > 0.0).then(|| (1.0 - bound.cost / self.cost).max(0.0))
    }
}
