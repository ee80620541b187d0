//! What no plan can be cheaper than.
//!
//! A step cannot do with fewer agents than it would need if everybody before had been served at
//! once, so that it begins with an empty queue, and if the largest share that may abandon had
//! abandoned before, so that it begins with few contacts in service. That need is found by
//! simulation: every other step has few agents, all others have plenty, and arrivals outside of the
//! steps looked at are thinned by that share. Nothing that a plan does elsewhere can then lower the
//! need, and the cheapest cover of these needs costs at most what any plan does. It assumes that a
//! target is met better with more agents and with less work at the beginning of a step, as first
//! come, first served has it.
//!
//! Where several groups serve types that are promised something together, the agents looked at are
//! better than any that there are: each serves what some group does, as fast as the fastest. Every
//! agent of a plan counts for one of them. Nothing is left from before then: agents who have several
//! contacts open would begin a step otherwise than any plan lets them, each of many with one.
//!
//! Where types have targets of their own, or targets span several steps, the needs are those of
//! formulas, and the assumption is that these hold.

use super::need::is_within_steps;
use super::search::Search;
use super::skill_sets::{SkillSet, least_cost};
use super::staffing::HeadCounts;
use super::targets::TargetFigure;
use crate::experiment::RunError;
use crate::time::SimSpan;

mod alone;
mod pooled;

/// A remove bound on the cost of any plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// No plan costs less, if the assumption is true.
    pub cost: f64,
    /// If this is so: goes on after "assuming that".
    pub assumption: String,
}

/// What sets of groups need in each step at least.
#[derive(Clone, Debug, PartialEq)]
pub struct LeastNeeds {
    /// The groups, and what an agent of each counts for.
    pub sets: Vec<SkillSet>,
    /// By set, then step: agents beyond those who are there anyway.
    pub needs: Vec<Vec<f64>>,
    /// If this is so: goes on after "assuming that".
    pub assumption: String,
}

/// The least needs for a plan with this staffing; `None` where nothing can be said. Targets over
/// the whole day are left out: without them a plan can only be cheaper.
///
/// # Errors
/// When the search is to end, or memory would not do.
pub fn least(
    search: &Search<'_, '_>,
    staffing: &HeadCounts,
) -> Result<Option<LeastNeeds>, RunError> {
    let targets = search.evaluator.targets;
    let of_stretches =
        targets.list.iter().filter(|target| is_within_steps(target, search.evaluator.grid));
    // A log is no Poisson stream, and thinning does not lessen it: nothing holds for it.
    let replays = search.needs.model.contact_types.iter().any(|kind| kind.log.is_some());
    if replays || of_stretches.clone().next().is_none() || search.evaluator.planned.is_empty() {
        return Ok(None);
    }
    let step = search.evaluator.grid.step.as_micros();
    let within_steps = of_stretches.clone().all(|target| {
        let every = target.every.map_or(step, SimSpan::as_micros);
        target.is_helped() && step % every == 0
    });
    if !within_steps {
        return Ok(Some(by_formulas(search)));
    }
    if search.needs.sets.len() == 1 && search.evaluator.planned.len() == 1 {
        let abandoned = alone::abandoned(search);
        let needs = alone::needs(search, staffing, abandoned)?;
        let assumption = format!(
            "at most {} % abandon before, and promises are kept no worse with more agents or with \
             less work left from before; what each step needs is known to a standard error",
            (abandoned * 1000.0).round() / 10.0
        );
        return Ok(Some(LeastNeeds::of_all(search, needs, assumption)));
    }
    let all = search.needs.model.contact_types.len();
    let mut of_all = of_stretches.map(|target| match target.what {
        TargetFigure::Contacts(..) => target.members(search.needs.model).len() == all,
        TargetFigure::Bot(_) | TargetFigure::Group(..) | TargetFigure::Handled { .. } => false,
    });
    if of_all.all(|of_all| of_all) {
        let needs = pooled::needs(search, staffing)?;
        let assumption = "promises are kept no worse with more agents, with agents who serve every \
                          contact type as fast as any does, or with no work left from before; what \
                          each step needs, as one head count, is known to a standard error";
        let assumption = assumption.to_owned();
        return Ok(Some(LeastNeeds::of_all(search, needs, assumption)));
    }
    Ok(Some(by_formulas(search)))
}

impl LeastNeeds {
    /// So many agents of all groups together.
    fn of_all(search: &Search<'_, '_>, needs: Vec<u32>, assumption: String) -> Self {
        let groups = 0..search.evaluator.planned.len();
        let set = SkillSet {
            types: Vec::new(),
            planned: groups.map(|group| (group, 1.0)).collect(),
            fixed: Vec::new(),
        };
        Self {
            sets: vec![set],
            needs: vec![needs.into_iter().map(f64::from).collect()],
            assumption,
        }
    }
}

/// The least cost of head counts for these needs; `None` where the solver gives up.
pub fn of_head_counts(search: &Search<'_, '_>, least: &LeastNeeds) -> Option<f64> {
    let mut cost = 0.0;
    for step in 0..search.evaluator.grid.steps() {
        let of_rows: Vec<f64> = least.needs.iter().map(|steps| steps[step]).collect();
        let hourly = least_cost(&least.sets, &of_rows, search.evaluator.planned)?;
        cost += hourly * search.evaluator.grid.hours(step);
    }
    Some(cost)
}

fn by_formulas(search: &Search<'_, '_>) -> LeastNeeds {
    let needs = &search.needs;
    let of_row = |set: &SkillSet| {
        let steps = 0..search.evaluator.grid.steps();
        steps.map(|step| needs.least_by_formula(set, step, search.evaluator.targets)).collect()
    };
    let least: Vec<Vec<u32>> = needs.sets.iter().map(of_row).collect();
    LeastNeeds {
        sets: needs.sets.to_vec(),
        needs: needs.beyond_fixed(&least),
        assumption: "agents who serve all of some contact types do no worse than those who serve \
                     some of them, and Erlang A holds for them together"
            .to_owned(),
    }
}
