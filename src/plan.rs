//! The cheapest staffing that keeps its promises.
//!
//! - [`promise`]: what is promised, as sums over days against a limit;
//! - [`load`], [`requirement`], [`cover`], [`need`]: how many agents formulas ask for, and what
//!   simulated days teach them;
//! - [`bench`], [`sample`]: simulated days, and what they say how surely;
//! - [`search`]: from formulas to a staffing that the days seen agree with;
//! - [`verify`]: the same on days that the search never saw;
//! - [`bound`]: what no plan can be cheaper than, under assumptions that are told;
//! - [`spreadsheet`]: what formulas alone would have bought, and how that does.
//!
//! Only figures of verified days are shown as the performance of a plan.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::check::Expression;
use crate::experiment::RunError;
use crate::experiment::summary::Verdict;
use crate::model::Model;
use crate::scenario::{self, MOST_SEED, Replications, Scenario};
use crate::time::{SimSpan, SimTime};

pub mod bench;
pub mod bound;
pub mod cover;
pub mod find;
pub mod load;
pub mod need;
mod polish;
pub mod promise;
mod raise;
pub mod requirement;
pub mod roster;
pub mod rostering;
pub mod sample;
pub mod search;
pub mod spreadsheet;
pub mod staffing;
pub mod verify;

use bench::Bench;
use bound::Bound;
use load::Load;
use need::Needs;
use promise::{Promise, Promises};
use rostering::Rostered;
use sample::Expected;
use search::{Effort, Goal, Progress, Search};
use spreadsheet::Sheet;
use staffing::{Grid, Planned, Staffing};
use verify::{Verified, Verifier};

/// What is asked.
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct Question<'a> {
    /// The scenario; its seed is that of the verified days.
    pub scenario: &'a Scenario,
    /// Its `[plan]`.
    pub settings: &'a scenario::Plan,
    /// What its `meet` says, in order.
    pub expressions: &'a [Expression],
    /// Threads that simulate; the plan is the same for any number.
    pub threads: usize,
    /// Days to verify on; `None`: as many as make the verdict sure enough.
    pub verify: Option<u32>,
    /// Set when the search is to end with what it has.
    pub hurry: &'a AtomicBool,
    /// Set when everything is to end.
    pub stop: &'a AtomicBool,
    /// Told what goes on.
    pub tell: &'a dyn Fn(Progress),
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Whether a staffing within the bounds keeps the promises, as far as is known.
    pub feasible: bool,
    /// The staffing, or agents on duty by the roster; where the promises cannot be kept, the one
    /// that keeps them best.
    pub staffing: Staffing,
    /// The roster, where shifts were to be found.
    pub roster: Option<Rostered>,
    /// The groups whose staffing could change.
    pub planned: Vec<Planned>,
    /// Steps of the day.
    pub grid: Grid,
    /// Cost of the schedule.
    pub cost: f64,
    /// What costs are.
    pub unit: CostUnit,
    /// What no plan can be cheaper than.
    pub bound: Option<Bound>,
    /// How it does on days that the search never saw.
    pub verified: Verified,
    /// Whether the search was cut off.
    pub partial: bool,
    /// What formulas would have bought.
    pub sheets: Vec<Sheet>,
    /// By step, the load of all types: agents that would be busy were there always a free one.
    pub load: Vec<f64>,
    /// By step, agents that formulas and simulation ask for, all types together.
    pub required: Vec<u32>,
    /// Promises that no staffing within the bounds keeps.
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

/// A promise that cannot be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocking {
    /// Place in the list of promises.
    pub promise: usize,
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
    /// A simulation could not be finished.
    Run(RunError),
}

impl From<RunError> for PlanError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::NothingFinished => Self::NothingVerified,
            error @ RunError::TooManyContacts { .. } => Self::Run(error),
        }
    }
}

impl std::fmt::Display for PlanError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NothingVerified => f.write_str("stopped before a plan was verified"),
            Self::Run(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PlanError {}

/// The groups that may be staffed, and what costs are.
pub fn planned(scenario: &Scenario, settings: &scenario::Plan) -> (Vec<Planned>, CostUnit) {
    let is_priced = |group: &usize| scenario.groups[*group].cost_per_hour.is_some();
    let unit = if settings.groups.iter().all(is_priced) {
        CostUnit::Money
    } else {
        CostUnit::Hours
    };
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
            at_least: bounds.at_least,
            at_most: bounds.at_most,
        }
    };
    (settings.groups.iter().map(of_group).collect(), unit)
}

/// Seed of the days that a search sees: other days than any that the plan is verified on.
fn search_seed(seed: u64) -> u64 {
    (seed ^ 0x5ea2_c4da) & MOST_SEED
}

/// Finds the cheapest staffing that keeps the promises, and verifies it.
///
/// # Errors
/// When `stop` is set before a plan is verified, or memory would not do.
pub fn plan(question: &Question<'_>) -> Result<Plan, PlanError> {
    let (planned, unit) = planned(question.scenario, question.settings);
    let base = Model::compile(question.scenario);
    let grid = Grid {
        step: question.settings.step,
        duration: base.horizon.duration,
    };
    let list = question.expressions.iter();
    let list = list.map(|expression| Promise::new(expression, &base));
    let promises = Promises::new(list.collect(), &base);
    let mut scenario = question.scenario.clone();
    scenario.run.interval = promises.grid;
    scenario.run.replications = Replications::Fixed(1);
    let bench = Bench {
        scenario: &scenario,
        promises: &promises,
        planned: &planned,
        grid: &grid,
        seed: search_seed(scenario.run.seed),
        threads: question.threads,
        stop: question.hurry,
        simulated: Cell::new(0),
    };
    let effort = Effort::new(base.expected_arrivals(), question.verify);
    let load = Load::observe(&bench, effort.coarse)?;
    let rows = cover::rows(&base, &planned);
    let levels = requirement::levels(&base);
    let needs = Needs::new(&promises, (&base, &load), (&rows, &planned), &grid, &levels);
    let search = Search {
        bench: &bench,
        needs,
        expected: Expected::new(&base, promises.grid),
        effort,
        tell: question.tell,
        goal: if question.settings.shifts.is_empty() {
            Goal::Staffing
        } else {
            Goal::Needs
        },
        best: None,
    };
    Planner {
        question,
        bench: &bench,
        search,
        unit,
        effort,
    }
    .run()
}

/// Whether a scenario keeps its promises as it is, by the plain values of so many days on so many
/// threads: `(seed, days, threads)`.
///
/// # Errors
/// When `stop` is set before all are done, or memory would not do.
pub fn keeps(
    scenario: &Scenario,
    expressions: &[Expression],
    (seed, days, threads): (u64, u32, usize),
    stop: &AtomicBool,
) -> Result<bool, RunError> {
    let model = Model::compile(scenario);
    let list = expressions.iter();
    let list = list.map(|expression| Promise::new(expression, &model));
    let promises = Promises::new(list.collect(), &model);
    let mut fine = scenario.clone();
    fine.run.interval = promises.grid;
    let grid = Grid {
        step: promises.grid,
        duration: model.horizon.duration,
    };
    let bench = Bench {
        scenario: &fine,
        promises: &promises,
        planned: &[],
        grid: &grid,
        seed,
        threads,
        stop,
        simulated: Cell::new(0),
    };
    let sample = bench.sample_model(&Model::compile(&fine), 0..days)?;
    Ok(find::keeps(&sample, &promises))
}

/// A question and what is at hand to answer it.
struct Planner<'a, 'b, 'n> {
    question: &'a Question<'a>,
    bench: &'b Bench<'b>,
    search: Search<'b, 'n>,
    unit: CostUnit,
    effort: Effort,
}

impl Planner<'_, '_, '_> {
    fn run(mut self) -> Result<Plan, PlanError> {
        let blocking = self.blocking()?;
        if !blocking.is_empty() {
            return self.infeasible(blocking);
        }
        let found = self.search.run();
        let (staffing, cut) = match found {
            Ok(staffing) => (staffing, false),
            Err(RunError::NothingFinished) => match self.search.best.take() {
                Some((staffing, _)) => (staffing, true),
                None => (self.search.needs.cover(self.bench.promises), true),
            },
            Err(error) => return Err(error.into()),
        };
        let shifts = &self.question.settings.shifts;
        let answer = if shifts.is_empty() {
            Answer::Heads(staffing)
        } else {
            Answer::Shifts(rostering::roster(&mut self.search, shifts)?)
        };
        let (answer, verified) = self.verify(answer, cut)?;
        if cut || self.question.hurry.load(Ordering::Relaxed) {
            return Ok(self.plan(answer, verified, None, Vec::new(), Vec::new()));
        }
        let sheets = self.sheets()?;
        let bound = self.bound(&answer)?;
        Ok(self.plan(answer, verified, bound, sheets, Vec::new()))
    }

    fn bound(&self, answer: &Answer) -> Result<Option<Bound>, PlanError> {
        self.search.tell("bound");
        let staffing = self.coverage(answer);
        let Some(least) = bound::least(&self.search, &staffing)? else {
            return Ok(None);
        };
        let cost = match answer {
            Answer::Heads(_) => bound::of_head_counts(&self.search, &least),
            Answer::Shifts(found) => rostering::least(&self.search, found, &least.needs),
        };
        Ok(cost.map(|cost| Bound {
            cost,
            assumption: least.assumption,
        }))
    }

    /// Promises that even the most agents do not keep: those that more agents would help.
    fn blocking(&self) -> Result<Vec<Blocking>, PlanError> {
        let promises = self.bench.promises;
        let most = self.most();
        let seen = self.search.look(&most, self.effort.coarse, -3.0)?;
        let mut blocking: Vec<Blocking> = Vec::new();
        for (cell, margin) in seen.margins.iter().enumerate() {
            let place = &promises.cells[cell];
            let (Some(margin), Some(known)) = (margin, seen.known[cell]) else {
                continue;
            };
            if *margin >= 0.0 || !promises.list[place.promise].is_helped() {
                continue;
            }
            let found = Blocking {
                promise: place.promise,
                at: place.stretches.as_ref().map(|_| place.from),
                nearest: known.value,
            };
            let standard = promises.standard(cell);
            match blocking.iter_mut().find(|b| b.promise == place.promise) {
                Some(worst) => {
                    if standard.margin(known.value) < standard.margin(worst.nearest) {
                        *worst = found;
                    }
                }
                None => blocking.push(found),
            }
        }
        Ok(blocking)
    }

    /// All that the bounds allow; where there are none, more than can be busy.
    fn most(&self) -> Staffing {
        let mut most = load::ample(self.bench);
        for (counts, group) in most.0.iter_mut().zip(self.bench.planned) {
            for count in counts {
                *count = group.most().unwrap_or(*count);
            }
        }
        most
    }

    fn infeasible(self, blocking: Vec<Blocking>) -> Result<Plan, PlanError> {
        let most = self.most();
        self.search.tell("verifying");
        let seed = self.bench.scenario.run.seed;
        let most = Answer::Heads(most);
        let verified = self.verified(&most, seed)?;
        Ok(self.plan(most, verified, None, Vec::new(), blocking))
    }

    /// The model of an answer for a scenario.
    fn model(&self, answer: &Answer, scenario: &Scenario) -> Model {
        match answer {
            Answer::Heads(staffing) => {
                Model::compile(&staffing.apply(scenario, self.bench.planned, self.bench.grid))
            }
            Answer::Shifts(found) => found.model(scenario, &self.search),
        }
    }

    fn coverage(&self, answer: &Answer) -> Staffing {
        match answer {
            Answer::Heads(staffing) => staffing.clone(),
            Answer::Shifts(found) => found.coverage(&self.search),
        }
    }

    fn verified(&self, answer: &Answer, seed: u64) -> Result<Verified, RunError> {
        let model = self.model(answer, self.question.scenario);
        let fine = self.model(answer, self.bench.scenario);
        let expected = &self.search.expected;
        self.verifier()
            .verify((&model, &fine), self.bench, expected, seed)
    }

    fn verifier(&self) -> Verifier<'_> {
        Verifier {
            expressions: self.question.expressions,
            promises: self.bench.promises,
            confidence: self.question.settings.confidence,
            days: self.effort.verify,
            threads: self.question.threads,
            stop: self.question.stop,
        }
    }

    /// Verifies; what is not sure enough is raised and verified on other days.
    fn verify(&self, mut answer: Answer, cut: bool) -> Result<(Answer, Verified), PlanError> {
        let mut last: Option<(Answer, Verified)> = None;
        for round in 0..verify::ROUNDS {
            self.search.tell("verifying");
            let seed = (self.bench.scenario.run.seed + u64::from(round)) & MOST_SEED;
            let verified = match self.verified(&answer, seed) {
                Ok(verified) => verified,
                Err(error) => return last.ok_or(error.into()),
            };
            let is_over = verified.verdict() == Verdict::Holds
                || cut
                || self.question.hurry.load(Ordering::Relaxed);
            let margins = verified.margins.clone();
            last = Some((answer.clone(), verified));
            let raised = !is_over
                && match &mut answer {
                    Answer::Heads(staffing) => self.search.raise(staffing, &margins),
                    Answer::Shifts(found) => rostering::raise(&self.search, found, &margins),
                };
            if !raised {
                break;
            }
        }
        last.ok_or(PlanError::NothingVerified)
    }

    fn sheets(&self) -> Result<Vec<Sheet>, PlanError> {
        self.search.tell("formulas");
        Ok(spreadsheet::sheets(&self.search)?)
    }

    fn plan(
        &self,
        answer: Answer,
        verified: Verified,
        bound: Option<Bound>,
        sheets: Vec<Sheet>,
        blocking: Vec<Blocking>,
    ) -> Plan {
        let needs = &self.search.needs;
        let steps = self.bench.grid.steps();
        let required = needs.all(self.bench.promises);
        let widest = (0..needs.rows.len()).max_by_key(|row| needs.rows[*row].types.len());
        let load = (0..steps)
            .map(|step| needs.load.offered.iter().map(|of_type| of_type[step]).sum())
            .collect();
        let fails = verified.verdict() == Verdict::Fails;
        let staffing = self.coverage(&answer);
        Plan {
            feasible: blocking.is_empty() && !fails,
            cost: match &answer {
                Answer::Heads(staffing) => staffing.cost(self.bench.planned, self.bench.grid),
                Answer::Shifts(found) => found.cost(&self.search),
            },
            staffing,
            roster: match answer {
                Answer::Heads(_) => None,
                Answer::Shifts(found) => Some(found),
            },
            planned: self.bench.planned.to_vec(),
            grid: self.bench.grid.clone(),
            unit: self.unit,
            bound,
            verified,
            partial: self.question.hurry.load(Ordering::Relaxed),
            sheets,
            load,
            required: widest.map_or_else(Vec::new, |row| required[row].clone()),
            blocking,
            simulations: self.bench.simulated.get(),
        }
    }
}

/// Head counts or shifts.
#[derive(Clone, Debug)]
enum Answer {
    Heads(Staffing),
    Shifts(Rostered),
}

impl Plan {
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
