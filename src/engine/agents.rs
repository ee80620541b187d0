//! Agents of a group: how many could take a contact, who of them is next, who is on shift.
//!
//! Where agents are alike and serve one contact at a time, only numbers are kept ([`Count`]). Where
//! they serve several at once or work shifts, each is told apart ([`NamedAgents`]).

use std::collections::VecDeque;

use super::observer::Staff;
use crate::model::{AgentChoice, GroupId, Team};
use crate::time::SimTime;

mod named;

pub(super) use named::NamedAgents;

/// Since when an agent has had so many contacts open; the order of events breaks ties.
pub(super) type Since = (SimTime, u64);

/// An agent that is not told apart; the end of a list.
const NOBODY: u32 = u32::MAX;

/// An agent who could take a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Free {
    /// Place among the agents of the group, where they are told apart.
    pub(super) agent: u32,
    /// Contacts that the agent has open.
    pub(super) open: u32,
    /// Since when.
    pub(super) since: Since,
}

/// Who serves a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChosenAgent {
    pub(super) group: GroupId,
    /// Place among the agents of the group, where they are told apart.
    pub(super) agent: u32,
    /// Contacts that the agent has open.
    pub(super) open: u32,
}

impl Free {
    /// As an agent of a group.
    #[inline(always)]
    pub(super) fn of(self, group: GroupId) -> ChosenAgent {
        let Self { agent, open, .. } = self;
        ChosenAgent { group, agent, open }
    }
}

/// The agents of one group.
#[derive(Clone, Debug)]
pub(super) enum Agents {
    /// Alike, one contact at a time.
    Count(Count),
    /// Told apart.
    NamedAgents(Box<NamedAgents>),
}

impl Agents {
    /// Nobody yet; `speeds` of contacts while 1, 2, … are open.
    pub(super) fn new(team: Team, speeds: Option<&[f64]>) -> Self {
        let speeds = speeds.unwrap_or(&[1.0]);
        match team {
            Team::Count { is_ordered } => Self::Count(Count::new(is_ordered)),
            Team::Heads(agents) => {
                Self::NamedAgents(Box::new(NamedAgents::head_count(agents, speeds)))
            }
            Team::Shifts(agents) => {
                Self::NamedAgents(Box::new(NamedAgents::on_shifts(agents, speeds)))
            }
        }
    }

    /// Agents who could take a contact.
    #[inline(always)]
    pub(super) fn free(&self) -> u32 {
        match self {
            Self::Count(count) => count.free(),
            Self::NamedAgents(named) => named.free(),
        }
    }

    /// The agent of this group that a choice prefers; [`AgentChoice::Random`] is [`Agents::nth`].
    #[inline(always)]
    pub(super) fn first(&self, choice: AgentChoice) -> Option<Free> {
        match self {
            Self::Count(count) => count.first(),
            Self::NamedAgents(named) => named.first(choice),
        }
    }

    /// The same, of a group where some are free.
    #[inline(always)]
    pub(super) fn choose(&self, choice: AgentChoice, group: GroupId) -> ChosenAgent {
        match self {
            Self::Count(_) => ChosenAgent { group, agent: NOBODY, open: 0 },
            Self::NamedAgents(named) => named.first(choice).expect("somebody is free").of(group),
        }
    }

    /// The agent at place `n`, from 0, among those who could take a contact.
    pub(super) fn nth(&self, n: u32) -> Option<Free> {
        match self {
            Self::Count(count) => count.first(),
            Self::NamedAgents(named) => named.nth(n),
        }
    }

    /// An agent takes a contact.
    #[inline(always)]
    pub(super) fn start(&mut self, agent: u32, now: SimTime, order: &mut u64) {
        match self {
            Self::Count(count) => count.start(),
            Self::NamedAgents(named) => named.start(agent, (now, next(order))),
        }
    }

    /// Who is staffed.
    pub(super) fn staff(&self) -> Staff {
        match self {
            Self::Count(count) => count.staff(),
            Self::NamedAgents(named) => named.staff(),
        }
    }
}

fn next(order: &mut u64) -> u64 {
    *order += 1;
    *order - 1
}

/// Agents who are alike and serve one contact at a time.
#[derive(Clone, Debug)]
pub(super) struct Count {
    scheduled: u32,
    present: u32,
    busy: u32,
    /// Idle agents, longest idle first; kept only where a contact may choose between groups.
    idle: Option<VecDeque<Since>>,
}

impl Count {
    fn new(is_ordered: bool) -> Self {
        Self { scheduled: 0, present: 0, busy: 0, idle: is_ordered.then(VecDeque::new) }
    }

    #[inline(always)]
    pub(super) fn free(&self) -> u32 {
        self.present.saturating_sub(self.busy)
    }

    #[inline(always)]
    fn first(&self) -> Option<Free> {
        let since = self.idle.as_ref().and_then(|idle| idle.front().copied());
        (self.free() > 0).then_some(Free {
            agent: NOBODY,
            open: 0,
            since: since.unwrap_or_default(),
        })
    }

    #[inline(always)]
    fn start(&mut self) {
        self.busy += 1;
        if let Some(idle) = &mut self.idle {
            idle.pop_front();
        }
    }

    /// An agent who is to take the next contact at once ends one. Whether the agent was one too
    /// many, and leaves.
    #[inline(always)]
    pub(super) fn finish(&mut self) -> bool {
        self.busy -= 1;
        self.busy >= self.present
    }

    /// Whoever is free and not yet on the list of the idle joins it.
    #[inline(always)]
    pub(super) fn settle(&mut self, now: SimTime, order: &mut u64) {
        let free = self.free() as usize;
        if let Some(idle) = &mut self.idle {
            while idle.len() < free {
                idle.push_back((now, next(order)));
            }
        }
    }

    /// The head count changes. Of the idle, those who have been idle for the shortest time leave.
    pub(super) fn set_staff(&mut self, scheduled: u32, present: u32) {
        self.scheduled = scheduled;
        self.present = present;
        let free = self.free() as usize;
        if let Some(idle) = &mut self.idle {
            idle.truncate(free);
        }
    }

    fn staff(&self) -> Staff {
        Staff {
            scheduled: self.scheduled,
            present: self.present,
            staffed: self.present.max(self.busy),
            overtime: self.busy.saturating_sub(self.present),
        }
    }
}
