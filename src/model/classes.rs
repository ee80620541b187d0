//! The queues of a scenario and their policy.

use std::sync::Arc;

use super::routing::{self, Class, Policy, Reach};
use super::{ClassId, ContactTypeId, GroupId};
use crate::scenario::{self, Scenario};
use crate::time::SimSpan;

/// The policy that a scenario names.
pub(super) fn policy(policy: &scenario::PolicyChoice) -> Arc<dyn Policy> {
    match policy {
        scenario::PolicyChoice::Fcfs => Arc::new(routing::Fcfs),
        scenario::PolicyChoice::Priority => Arc::new(routing::Priority),
        scenario::PolicyChoice::PriorityAging(gain) => {
            Arc::new(routing::PriorityAging { gain: gain.clone() })
        }
        scenario::PolicyChoice::LongestQueue => Arc::new(routing::LongestQueue),
        scenario::PolicyChoice::Weighted(weight) => {
            Arc::new(routing::Weighted { weight: weight.clone() })
        }
        scenario::PolicyChoice::GeneralizedCMu(cost) => {
            Arc::new(routing::GeneralizedCMu { cost: cost.clone() })
        }
    }
}

/// One class for each contact type, in order of listing, then those of urgent contacts.
pub(super) fn classes(scenario: &Scenario) -> Vec<Class> {
    let mut classes: Vec<Class> =
        (0..scenario.contacts.len()).map(|index| class(scenario, index, None)).collect();
    for contact in 0..scenario.contacts.len() {
        for (served_as, priority) in urgent_kinds(scenario, contact) {
            let known = |class: &Class| {
                class.contact_type.index() == served_as && class.urgent == Some(priority)
            };
            if !classes.iter().any(known) {
                classes.push(class(scenario, served_as, Some(priority)));
            }
        }
    }
    classes
}

/// As which types, and with which priority, urgent contacts of a type wait.
fn urgent_kinds(scenario: &Scenario, contact: usize) -> impl Iterator<Item = (usize, u32)> {
    let bot = scenario.contacts[contact].bot.as_ref();
    let priority = bot.and_then(|bot| bot.urgent).map(|urgent| urgent.priority);
    let taken_for = bot.and_then(|bot| bot.misroute).map(|misroute| misroute.to);
    let kinds = priority.into_iter();
    kinds.flat_map(move |priority| {
        let served_as = [Some(contact), taken_for].into_iter().flatten();
        served_as.map(move |served_as| (served_as, priority))
    })
}

fn class(scenario: &Scenario, index: usize, urgent: Option<u32>) -> Class {
    let contact = &scenario.contacts[index];
    let reach = |group: usize, after: SimSpan| {
        let reserve = scenario.groups[group].reserve.as_ref();
        Reach {
            group: GroupId::new(group),
            after,
            reserve: reserve
                .filter(|reserve| !reserve.contacts.contains(&index))
                .map_or(0, |reserve| reserve.agents),
        }
    };
    let has_skill = |group: &usize| {
        let skills = &scenario.groups[*group].skills;
        skills.iter().any(|skill| skill.contact == index)
    };
    let mut route = Vec::new();
    match &contact.route {
        None => {
            let able = (0..scenario.groups.len()).filter(has_skill);
            route.extend(able.map(|group| reach(group, SimSpan::ZERO)));
        }
        Some(stages) => {
            let mut after = SimSpan::ZERO;
            for stage in stages {
                after += stage.after;
                route.extend(stage.groups.iter().map(|group| reach(*group, after)));
            }
        }
    }
    let mut stages: Vec<SimSpan> = route.iter().map(|reach| reach.after).collect();
    stages.dedup();
    stages.retain(|after| *after > SimSpan::ZERO);
    Class {
        contact_type: ContactTypeId::new(index),
        urgent,
        route,
        stages,
        agents: contact.agents.unwrap_or(scenario.routing.agents),
    }
}

/// The class of contacts that wait as a type, with the priority of triage if they have one.
pub(super) fn class_of(classes: &[Class], served_as: usize, urgent: Option<u32>) -> ClassId {
    let found = classes
        .iter()
        .position(|class| class.contact_type.index() == served_as && class.urgent == urgent);
    ClassId::new(found.expect("`classes` made one for each combination"))
}
