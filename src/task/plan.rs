//! The cheapest staffing that keeps what a scenario's `[plan]` promises.

use super::{Draft, Prepared, TaskError};
use crate::experiment::Control;
use crate::format::{Files, Override};
use crate::judge::Target;
use crate::plan::search::PlanProgress;
use crate::plan::{self, PlanError, Question, StaffingPlan};
use crate::scenario::{Plan, Scenario};

/// A scenario whose `[plan]` promises something.
#[derive(Clone, Debug)]
pub struct Promising {
    /// The file as the user named it.
    pub file: String,
    /// The scenario; its seed is that of the days on which the plan is verified.
    pub scenario: Scenario,
    /// Its `[plan]`.
    pub settings: Plan,
    /// What its `meet` says, in file order.
    pub targets: Vec<Target>,
}

/// When a plan has to be there.
#[derive(Clone, Copy, Debug)]
pub struct PlanRequest<'a> {
    /// Days to verify on; `None`: as many as make the verdict sure enough.
    pub verify: Option<u32>,
    /// Threads that search, and when what they have come to is to be verified.
    pub search: Control<'a>,
    /// Threads that verify, when the days verified so far have to do, and when everything is to end.
    pub verification: Control<'a>,
}

impl Promising {
    /// The scenario with one of its options, or as it is, and what is set on top.
    ///
    /// # Errors
    /// Where something is wrong with it, or nothing is promised.
    pub fn new<F: Files>(
        draft: &Draft<F>,
        option: Option<&str>,
        overrides: &[Override],
    ) -> Result<Self, TaskError> {
        let Prepared { file, scenario, meet, .. } = draft.prepare(option, overrides)?;
        let Some(settings) = scenario.plan.clone() else {
            let message = "there is no `[plan]` that says what is promised; write, for example, \
                           `[plan]` and `meet = [\"service_level >= 80% in every 30m\"]` below";
            return Err(TaskError::Unusable(message.to_owned()));
        };
        let targets = meet.into_iter().map(|spotted| spotted.expression).collect();
        Ok(Self { file, scenario, settings, targets })
    }

    /// Finds the cheapest staffing that keeps the promises, and verifies it. `tell` is told what
    /// goes on.
    ///
    /// # Errors
    /// When everything is to end before a plan is verified, no shift is on duty where contacts
    /// come, or memory would not do.
    pub fn plan(
        &self,
        request: PlanRequest<'_>,
        tell: &dyn Fn(PlanProgress),
    ) -> Result<StaffingPlan, PlanError> {
        plan::plan(&Question {
            scenario: &self.scenario,
            settings: &self.settings,
            expressions: &self.targets,
            verify: request.verify,
            search: request.search,
            verification: request.verification,
            tell,
        })
    }
}
