//! A plan: what to staff, and how sure it is.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::words::{CostUnitWord, KeptWord, Version};
use super::{FigureRecord, Members, Number};
use crate::experiment::summary::{Expectation, Verdict};
use crate::plan::formula_plans::FormulaPlan;
use crate::plan::roster::{Moment, Shift};
use crate::plan::verify::{JudgedBy, Verified};
use crate::plan::{Blocking, CostUnit, StaffingPlan};
use crate::time::{SimSpan, SimTime};

/// The cheapest staffing that keeps its promises, as far as is known.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlanDocument<'a> {
    plan: Version<1>,
    /// The file as the user named it.
    pub file: Cow<'a, str>,
    /// Whether a staffing within the bounds keeps the promises.
    pub feasible: bool,
    /// Whether the search was cut off.
    pub partial: bool,
    /// Cost of the schedule.
    pub cost: Number,
    /// What costs are.
    #[serde(with = "CostUnitWord")]
    pub cost_unit: CostUnit,
    /// No plan costs less, if what it assumes is true.
    pub bound: Number,
    /// What the bound assumes.
    pub bound_assumes: Option<Cow<'a, str>>,
    /// How far the cost lies above the bound, as a share of the bound.
    pub gap: Number,
    /// Length of a step of the day in seconds.
    pub step: Number,
    /// The groups whose staffing could change.
    pub groups: Members<'a, GroupPlan<'a>>,
    /// Each promise and what it came to.
    pub promises: Vec<PromiseRecord<'a>>,
    /// Promises that no staffing within the bounds keeps.
    pub infeasible: Vec<BlockingRecord<'a>>,
    /// What formulas would have bought.
    pub analytic: Members<'a, FormulaRecord<'a>>,
    /// By step, the load of all types in agents.
    pub load: Vec<Number>,
    /// By step, the agents that formulas and simulation ask for.
    pub required: Cow<'a, [u32]>,
    /// Figures of the whole day.
    pub whole_day: WholeDay,
    /// The days on which the plan was tried that the search for it never saw.
    pub verified: VerifiedRecord,
    /// What the search took.
    pub searched: Searched,
}

/// The staffing of a group: by step, or by shifts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GroupPlan<'a> {
    /// Scheduled agents from each moment on.
    pub staff: Vec<StaffStep>,
    /// Shifts, where those were to be found.
    pub shifts: Vec<ShiftRecord<'a>>,
    /// Agents present, by step.
    pub present: Cow<'a, [u32]>,
}

/// Scheduled agents from a moment on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StaffStep {
    /// Seconds from the start of the simulation.
    pub from: Number,
    /// How many.
    pub agents: u32,
}

/// A shift.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShiftRecord<'a> {
    /// Its name.
    pub name: Option<Cow<'a, str>>,
    /// When it starts, as a scenario has it.
    pub start: Cow<'a, str>,
    /// Its length in seconds.
    pub length: Number,
    /// Agents on it.
    pub agents: u32,
    /// Its breaks.
    pub breaks: Vec<BreakRecord>,
}

/// A break of a shift.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BreakRecord {
    /// Seconds from the start of the shift.
    pub after: Number,
    /// Its length in seconds.
    pub length: Number,
    /// Whether it is paid.
    pub paid: bool,
}

/// A promise and what it came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PromiseRecord<'a> {
    /// As it stands in the scenario.
    pub text: Cow<'a, str>,
    /// Whether it is kept.
    #[serde(with = "KeptWord")]
    pub verdict: Verdict,
    /// The figure where it is worst.
    pub worst: FigureRecord,
    /// What the verdict was found by, where that is another number.
    pub judged: Option<JudgedRecord>,
    /// Seconds to the start of the interval where it is worst.
    #[serde(rename = "where")]
    pub place: Option<Number>,
    /// Local date and time of that.
    pub clock: Option<Cow<'a, str>>,
    /// Why it is undecided where the figure does not say it.
    pub reason: Option<Cow<'a, str>>,
}

/// What a verdict was found by.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JudgedRecord {
    /// What was promised, with the effect of what happened to come taken off.
    #[serde(flatten)]
    pub estimate: FigureRecord,
    /// Seconds to the start of the interval where it is kept least surely.
    #[serde(rename = "where")]
    pub place: Number,
}

/// A promise that cannot be kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BlockingRecord<'a> {
    /// As it stands in the scenario.
    pub text: Cow<'a, str>,
    /// Seconds to the start of the interval where it fails most.
    #[serde(rename = "where")]
    pub place: Number,
    /// The figure there with all the agents that the bounds allow.
    pub nearest: Number,
}

/// What a formula would have bought.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FormulaRecord<'a> {
    /// Its cost.
    pub cost: Number,
    /// How it keeps each promise.
    pub promises: Vec<FormulaPromise<'a>>,
}

/// How a promise is kept by what a formula would have bought.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FormulaPromise<'a> {
    /// As it stands in the scenario.
    pub text: Cow<'a, str>,
    /// The worst value.
    pub worst: Number,
    /// Places in which it is not kept.
    pub missed_places: usize,
    /// Places in which it is to be kept.
    pub places: usize,
}

/// What is promised on average, and what a bad day makes of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WholeDay {
    /// Figures by path.
    #[serde(flatten)]
    pub figures: Members<'static, FigureRecord>,
    /// Days that are in them.
    pub replications: u32,
}

/// The days on which a plan was verified.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VerifiedRecord {
    /// Seed of the days.
    pub seed: u64,
    /// How many days.
    pub replications: u32,
    /// Whether agents were added or taken out by what these days said.
    pub fitted: bool,
}

/// What a search took.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Searched {
    /// Days simulated, verified ones included.
    pub simulations: u64,
    /// Seconds by the clock on the wall.
    pub seconds: Number,
}

impl<'a> PlanDocument<'a> {
    /// A plan of `file`; `seconds` is what it took by the clock on the wall.
    pub fn new(plan: &'a StaffingPlan, file: &'a str, seconds: f64) -> Self {
        let groups = plan.planned.iter().enumerate();
        let verified = &plan.verified;
        let promises = verified.outcomes.iter().zip(&verified.judged);
        let sheets = plan.formula_plans.iter();
        let bound = plan.bound.as_ref();
        Self {
            plan: Version,
            file: file.into(),
            feasible: plan.feasible,
            partial: plan.partial,
            cost: plan.cost.into(),
            cost_unit: plan.unit,
            bound: bound.map(|bound| bound.cost).into(),
            bound_assumes: bound.map(|bound| bound.assumption.as_str().into()),
            gap: plan.gap().into(),
            step: plan.grid.step.into(),
            groups: Members::new(
                groups.map(|(at, group)| (group.name.as_str(), GroupPlan::new(plan, at))),
            ),
            promises: promises
                .map(|(found, judged)| PromiseRecord::new(found, judged.as_ref()))
                .collect(),
            infeasible: plan.blocking.iter().map(|one| BlockingRecord::new(one, plan)).collect(),
            analytic: Members::new(
                sheets.map(|sheet| (sheet.rule.key(), FormulaRecord::new(sheet, plan))),
            ),
            load: plan.load.iter().map(|load| (*load).into()).collect(),
            required: Cow::Borrowed(&plan.required),
            whole_day: WholeDay::new(verified),
            verified: VerifiedRecord {
                seed: verified.seed,
                replications: verified.days,
                fitted: verified.fitted,
            },
            searched: Searched { simulations: plan.simulations, seconds: seconds.into() },
        }
    }
}

impl<'a> GroupPlan<'a> {
    fn new(plan: &'a StaffingPlan, group: usize) -> Self {
        let staff = plan.roster.is_none().then(|| plan.schedule(group)).into_iter().flatten();
        Self {
            staff: staff.map(|(from, agents)| StaffStep { from: from.into(), agents }).collect(),
            shifts: plan.shifts(group).into_iter().map(ShiftRecord::new).collect(),
            present: Cow::Borrowed(&plan.staffing.0[group]),
        }
    }
}

impl ShiftRecord<'_> {
    fn new(shift: Shift) -> Self {
        let breaks = shift.breaks.iter().map(|rest| BreakRecord {
            after: rest.after.into(),
            length: rest.length.into(),
            paid: rest.paid,
        });
        Self {
            breaks: breaks.collect(),
            name: shift.name.map(Cow::Owned),
            start: start(shift.start).into(),
            length: shift.length.into(),
            agents: shift.agents,
        }
    }
}

impl<'a> PromiseRecord<'a> {
    fn new(found: &'a Expectation, judged: Option<&JudgedBy>) -> Self {
        let at = found.interval.as_ref();
        Self {
            text: found.text.as_str().into(),
            verdict: found.verdict,
            worst: found.estimate.into(),
            judged: judged.map(|judged| JudgedRecord {
                estimate: judged.estimate.into(),
                place: place(judged.at),
            }),
            place: at.map(|at| at.start.into()),
            clock: at.and_then(|at| at.clock.as_deref()).map(Cow::Borrowed),
            reason: found.reason.as_deref().map(Cow::Borrowed),
        }
    }
}

impl<'a> BlockingRecord<'a> {
    fn new(found: &Blocking, plan: &'a StaffingPlan) -> Self {
        Self {
            text: plan.verified.outcomes[found.target].text.as_str().into(),
            place: place(found.at),
            nearest: found.nearest.into(),
        }
    }
}

impl<'a> FormulaRecord<'a> {
    fn new(sheet: &FormulaPlan, plan: &'a StaffingPlan) -> Self {
        let promises = sheet.targets.iter().zip(&plan.verified.outcomes);
        let promises = promises.map(|(kept, outcome)| FormulaPromise {
            text: outcome.text.as_str().into(),
            worst: kept.worst.into(),
            missed_places: kept.missed,
            places: kept.of,
        });
        Self { cost: sheet.cost.into(), promises: promises.collect() }
    }
}

impl WholeDay {
    fn new(verified: &Verified) -> Self {
        let paths = ["service_level", "abandonment_rate", "wait.mean", "wait.p95"];
        let figures = &verified.summary.overall;
        Self {
            figures: Members::new(paths.map(|path| (path, figures.figure(path).into()))),
            replications: verified.summary.run.replications,
        }
    }
}

fn place(at: Option<SimTime>) -> Number {
    let span: Option<SimSpan> = at.map(|at| at - SimTime::START);
    span.map(SimSpan::as_seconds).into()
}

/// A moment as a scenario has it, without quotes.
pub fn start(moment: Moment) -> String {
    match moment {
        Moment::Offset(span) => format!("{}s", span.as_seconds()),
        Moment::Clock(time) if time.second() == 0 && time.subsec_nanosecond() == 0 => {
            format!("{:02}:{:02}", time.hour(), time.minute())
        }
        Moment::Clock(time) => time.to_string(),
        Moment::Local(date) => date.to_string(),
    }
}
