//! Queues and groups, each with all that is asked of it at every event side by side.

use super::agents::Agents;
use super::queue::Queue;
use crate::model::{AgentChoice, Class, ContactType, Group, GroupId, Model, Reach, Team};
use crate::time::SimSpan;

/// The queue of a class.
#[derive(Debug)]
pub(super) struct Lane<'m> {
    pub(super) queue: Queue,
    /// Whether humans take its contacts now.
    pub(super) is_open: bool,
    pub(super) class: &'m Class,
    /// The type as which its contacts wait and are served.
    pub(super) kind: &'m ContactType,
    /// The one group that may serve it, from the first moment on and without a random choice; `None`:
    /// it is not as simple.
    pub(super) only: Option<Reach>,
}

/// The agents of a group.
#[derive(Debug)]
pub(super) struct Crew<'m> {
    pub(super) agents: Agents,
    pub(super) group: &'m Group,
    /// With a head count: how many are scheduled.
    pub(super) scheduled: u32,
    /// Where they are told apart: what stands in calendars for the first of them.
    pub(super) first: u32,
}

/// By class. Types with opening hours are closed until a change opens them.
pub(super) fn lanes(model: &Model) -> Vec<Lane<'_>> {
    let lane = |class| {
        let class: &Class = class;
        let kind = &model.contact_types[class.contact_type.index()];
        let only = match class.route.as_slice() {
            [only] if only.after == SimSpan::ZERO => Some(*only),
            _ => None,
        };
        Lane {
            queue: Queue::default(),
            is_open: kind.hours.is_none(),
            class,
            kind,
            only: only.filter(|_| class.agents != AgentChoice::Random),
        }
    };
    model.classes.iter().map(lane).collect()
}

/// By group. In calendars groups come first, for agents who are not told apart.
pub(super) fn crews(model: &Model) -> Vec<Crew<'_>> {
    let mut next = u32::try_from(model.groups.len()).expect("groups are few");
    let mut crews = Vec::new();
    for group in &model.groups {
        crews.push(Crew {
            agents: Agents::new(group.team, group.speeds.as_deref()),
            group,
            scheduled: 0,
            first: next,
        });
        next = match group.team {
            Team::Count { .. } => next,
            Team::Heads(agents) | Team::Shifts(agents) => {
                next.checked_add(agents).expect("agents number at most 2^31")
            }
        };
    }
    crews
}

impl Crew<'_> {
    /// What stands in calendars for an agent of this group, which is number `group`.
    #[inline(always)]
    pub(super) fn payload(&self, group: GroupId, agent: u32) -> u32 {
        match self.agents {
            Agents::Count(_) => u32::try_from(group.index()).expect("groups are few"),
            Agents::NamedAgents(_) => self.first + agent,
        }
    }
}
