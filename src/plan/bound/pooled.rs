//! What steps need of agents who can do all that anybody can.

use std::cell::Cell;

use super::alone;
use crate::experiment::RunError;
use crate::model::Model;
use crate::plan::evaluator::Evaluator;
use crate::plan::formulas;
use crate::plan::need::Needs;
use crate::plan::search::{Search, SearchGoal};
use crate::plan::skill_sets;
use crate::plan::staffing::{HeadCounts, Planned};
use crate::scenario::{
    Concurrency, GroupSection, Scenario, SkillSection, Staffing as Scheduled, Steps,
};

/// By step, how many of such agents are needed, of up to as many as a staffing has of all groups.
pub(super) fn needs(search: &Search<'_, '_>, staffing: &HeadCounts) -> Result<Vec<u32>, RunError> {
    let scenario = pooled(search.evaluator.scenario, search.evaluator.planned);
    let planned = [Planned {
        group: search.evaluator.planned[0].group,
        name: String::new(),
        shrinkage: 0.0,
        cost_per_hour: 1.0,
        at_least: 0,
        at_most: None,
    }];
    let evaluator = Evaluator {
        scenario: &scenario,
        planned: &planned,
        simulated: Cell::new(0),
        ..*search.evaluator
    };
    let model = Model::compile(&scenario);
    let (sets, levels) =
        (skill_sets::skill_sets(&model, &planned), formulas::busyness_levels(&model));
    let (targets, load, grid) = (evaluator.targets, search.needs.load, evaluator.grid);
    let alone = Search {
        evaluator: &evaluator,
        needs: Needs::new(targets, (&model, load), (&sets, &planned), grid, &levels),
        expected: search.expected.clone(),
        effort: search.effort,
        tell: search.tell,
        goal: SearchGoal::Needs,
        best: None,
        best_verified: search.best_verified,
        reserve: 0.0,
    };
    let together = |step: usize| staffing.0.iter().map(|counts| counts[step]).sum();
    let all = HeadCounts(vec![(0..grid.steps()).map(together).collect()]);
    let needs = alone::needs(&alone, &all, 1.0)?;
    search.evaluator.count_all(evaluator.simulated.get());
    Ok(needs)
}

/// The scenario with all that planned groups can do in the first of them.
fn pooled(scenario: &Scenario, planned: &[Planned]) -> Scenario {
    let mut pooled = scenario.clone();
    let groups: Vec<&GroupSection> =
        planned.iter().map(|planned| &scenario.groups[planned.group]).collect();
    let mut skills: Vec<SkillSection> = Vec::new();
    for skill in groups.iter().flat_map(|group| &group.skills) {
        let usual = match &scenario.contacts[skill.contact].handling {
            Some(usual) => usual.mean(),
            None => 1.0,
        };
        match skills.iter_mut().find(|own| own.contact == skill.contact) {
            Some(own) => {
                if time(skill, usual) < time(own, usual) {
                    *own = skill.clone();
                }
            }
            None => skills.push(skill.clone()),
        }
    }
    let slots =
        |group: &&GroupSection| group.concurrency.as_ref().map_or(1, |own| own.speeds.len());
    let most = groups.iter().map(slots).max().unwrap_or(1);
    let speed = |open: usize| {
        let speeds = groups.iter().filter_map(|group| match &group.concurrency {
            Some(own) => own.speeds.get(open).copied(),
            None => (open == 0).then_some(1.0),
        });
        speeds.fold(0.0, f64::max)
    };
    let concurrency = (most > 1).then(|| Concurrency { speeds: (0..most).map(speed).collect() });
    for group in planned {
        let group = &mut pooled.groups[group.group];
        group.staffing = Scheduled::HeadCount(Steps::Constant(0));
        group.reserve = None;
    }
    let own = &mut pooled.groups[planned[0].group];
    own.skills = skills;
    own.concurrency = concurrency;
    own.shrinkage = 0.0;
    for contact in &mut pooled.contacts {
        // At once to everybody who has the skill.
        contact.route = None;
    }
    pooled
}

/// Mean time that a contact takes with this skill, where it usually takes so long.
fn time(skill: &SkillSection, usual: f64) -> f64 {
    match &skill.handling {
        Some(own) => own.mean(),
        None => usual / skill.speed,
    }
}
