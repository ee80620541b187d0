//! Agents of a group: how many could take a contact, who of them is next, who is on shift.
//!
//! Where agents are alike and serve one contact at a time, only numbers are kept ([`Count`]). Where
//! they serve several at once or work shifts, each is told apart ([`Named`]): those who could take
//! a contact stand in one list for each number of contacts they have open, in the order in which
//! they came to it. Starting and ending a contact, coming and going each touch a handful of words.

use std::collections::VecDeque;

use super::observer::Staff;
use crate::model::{AgentChoice, Team};
use crate::time::{SimSpan, SimTime};

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

/// The agents of one group.
#[derive(Clone, Debug)]
pub(super) enum Agents {
    /// Alike, one contact at a time.
    Count(Count),
    /// Told apart.
    Named(Box<Named>),
}

impl Agents {
    /// Nobody yet; `speeds` of contacts while 1, 2, … are open.
    pub(super) fn new(team: Team, speeds: Option<&[f64]>) -> Self {
        let speeds = speeds.unwrap_or(&[1.0]);
        match team {
            Team::Count { is_ordered } => Self::Count(Count::new(is_ordered)),
            Team::Heads(agents) => Self::Named(Box::new(Named::new(agents, false, speeds))),
            Team::Shifts(agents) => Self::Named(Box::new(Named::new(agents, true, speeds))),
        }
    }

    /// Agents who could take a contact.
    pub(super) fn free(&self) -> u32 {
        match self {
            Self::Count(count) => count.free(),
            Self::Named(named) => named.free(),
        }
    }

    /// The agent of this group that a choice prefers; [`AgentChoice::Random`] is [`Agents::nth`].
    pub(super) fn first(&self, choice: AgentChoice) -> Option<Free> {
        match self {
            Self::Count(count) => count.first(),
            Self::Named(named) => named.first(choice),
        }
    }

    /// The agent at place `n`, from 0, among those who could take a contact.
    pub(super) fn nth(&self, n: u32) -> Option<Free> {
        match self {
            Self::Count(count) => count.first(),
            Self::Named(named) => named.nth(n),
        }
    }

    /// An agent takes a contact.
    pub(super) fn start(&mut self, free: Free, now: SimTime, order: &mut u64) {
        match self {
            Self::Count(count) => count.start(),
            Self::Named(named) => named.start(free.agent, (now, next(order))),
        }
    }

    /// Who is staffed.
    pub(super) fn staff(&self) -> Staff {
        match self {
            Self::Count(count) => count.staff(),
            Self::Named(named) => named.staff,
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
        Self {
            scheduled: 0,
            present: 0,
            busy: 0,
            idle: is_ordered.then(VecDeque::new),
        }
    }

    fn free(&self) -> u32 {
        self.present.saturating_sub(self.busy)
    }

    fn first(&self) -> Option<Free> {
        let since = self.idle.as_ref().and_then(|idle| idle.front().copied());
        (self.free() > 0).then_some(Free {
            agent: NOBODY,
            open: 0,
            since: since.unwrap_or_default(),
        })
    }

    fn start(&mut self) {
        self.busy += 1;
        if let Some(idle) = &mut self.idle {
            idle.pop_front();
        }
    }

    /// An agent who is to take the next contact at once ends one. Whether the agent was one too
    /// many, and leaves.
    pub(super) fn finish(&mut self) -> bool {
        self.busy -= 1;
        self.busy >= self.present
    }

    /// Whoever is free and not yet on the list of the idle joins it.
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

/// Agents who are told apart.
#[derive(Clone, Debug)]
pub(super) struct Named {
    agents: Vec<Agent>,
    /// Who could take a contact, by number of open contacts.
    lists: Vec<List>,
    /// Together on lists but the first.
    partly_busy: u32,
    /// With at least one contact open.
    busy: u32,
    pub(super) staff: Staff,
    /// Speed of each contact while 1, 2, … are open.
    speeds: Vec<f64>,
    /// Whether they work shifts; else there is a head count.
    on_shifts: bool,
    /// With a head count: those who are not there.
    away: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Agent {
    open: u32,
    /// Shifts in progress; with a head count 1 for all who are there.
    shifts: u32,
    /// Until when the agent is on a break.
    rests_until: Option<SimTime>,
    /// Breaks that are due as soon as the agent is free.
    due: SimSpan,
    since: Since,
    is_listed: bool,
    before: u32,
    behind: u32,
}

#[derive(Clone, Copy, Debug)]
struct List {
    first: u32,
    last: u32,
    len: u32,
}

const EMPTY: List = List {
    first: NOBODY,
    last: NOBODY,
    len: 0,
};

impl Agent {
    /// Staffed, and in overtime.
    fn presence(&self) -> (u32, u32) {
        match (self.shifts > 0, self.open > 0) {
            (true, _) => (u32::from(self.rests_until.is_none()), 0),
            (false, true) => (1, 1),
            (false, false) => (0, 0),
        }
    }
}

impl Named {
    fn new(agents: u32, on_shifts: bool, speeds: &[f64]) -> Self {
        let agent = Agent {
            open: 0,
            shifts: 0,
            rests_until: None,
            due: SimSpan::ZERO,
            since: Since::default(),
            is_listed: false,
            before: NOBODY,
            behind: NOBODY,
        };
        let away = if on_shifts { 0..0 } else { 0..agents };
        Self {
            agents: vec![agent; agents as usize],
            lists: vec![EMPTY; speeds.len()],
            partly_busy: 0,
            busy: 0,
            staff: Staff::default(),
            speeds: speeds.to_vec(),
            on_shifts,
            // The first in order of listing comes first.
            away: away.rev().collect(),
        }
    }

    /// Whether whoever has a contact open may take another: with a head count not while more are
    /// busy than it allows.
    fn busy_may_take(&self) -> bool {
        self.on_shifts || self.busy <= self.staff.present
    }

    fn free(&self) -> u32 {
        let partly = if self.busy_may_take() {
            self.partly_busy
        } else {
            0
        };
        self.lists[0].len + partly
    }

    /// The lists whose agents may take a contact now, by open contacts.
    fn usable(&self) -> usize {
        if self.busy_may_take() {
            self.lists.len()
        } else {
            1
        }
    }

    fn first(&self, choice: AgentChoice) -> Option<Free> {
        let usable = 0..self.usable();
        let has_some = |open: &usize| self.lists[*open].len > 0;
        let open = match choice {
            AgentChoice::MostBusy => usable.rev().find(has_some),
            AgentChoice::Fastest => {
                // The first of equally fast ones: fewest open.
                let faster = |a: &usize, b: &usize| self.speeds[*b].total_cmp(&self.speeds[*a]);
                usable.filter(has_some).min_by(faster)
            }
            _ => usable.into_iter().find(has_some),
        }?;
        Some(self.free_agent(self.lists[open].first))
    }

    fn nth(&self, n: u32) -> Option<Free> {
        let mut left = n;
        for list in &self.lists[..self.usable()] {
            if left < list.len {
                let mut agent = list.first;
                for _ in 0..left {
                    agent = self.agents[agent as usize].behind;
                }
                return Some(self.free_agent(agent));
            }
            left -= list.len;
        }
        None
    }

    fn free_agent(&self, agent: u32) -> Free {
        let Agent { open, since, .. } = self.agents[agent as usize];
        Free { agent, open, since }
    }

    /// Contacts that an agent has open.
    pub(super) fn open(&self, agent: u32) -> u32 {
        self.agents[agent as usize].open
    }

    fn start(&mut self, agent: u32, since: Since) {
        self.delist(agent);
        self.change(agent, |agent| agent.open += 1);
        self.enlist(agent, since);
    }

    /// An agent ends a contact. The length of the break that begins with it, if one does.
    pub(super) fn finish(&mut self, agent: u32, now: SimTime, order: &mut u64) -> Option<SimSpan> {
        self.delist(agent);
        self.change(agent, |agent| agent.open -= 1);
        let Agent { open, due, .. } = self.agents[agent as usize];
        if open == 0 && !self.on_shifts && self.busy >= self.staff.present {
            self.change(agent, |agent| agent.shifts = 0);
            self.away.push(agent);
            return None;
        }
        if open == 0 && due > SimSpan::ZERO {
            return Some(self.rest(agent, now));
        }
        self.enlist(agent, (now, next(order)));
        None
    }

    /// The head count changes. Of the idle, those who have been idle for the shortest time leave.
    pub(super) fn set_staff(&mut self, counts: (u32, u32), now: SimTime, order: &mut u64) {
        (self.staff.scheduled, self.staff.present) = counts;
        while self.lists[0].len + self.busy < self.staff.present {
            let Some(agent) = self.away.pop() else { break };
            self.change(agent, |agent| agent.shifts = 1);
            self.enlist(agent, (now, next(order)));
        }
        while self.lists[0].len > 0 && self.lists[0].len + self.busy > self.staff.present {
            let agent = self.lists[0].last;
            self.delist(agent);
            self.change(agent, |agent| agent.shifts = 0);
            self.away.push(agent);
        }
        self.count_overtime();
    }

    /// So many people are on the schedule.
    pub(super) fn set_scheduled(&mut self, scheduled: u32) {
        self.staff.scheduled = scheduled;
    }

    /// An agent comes on shift.
    pub(super) fn come(&mut self, agent: u32, now: SimTime, order: &mut u64) {
        self.change(agent, |agent| agent.shifts += 1);
        if !self.agents[agent as usize].is_listed {
            self.enlist(agent, (now, next(order)));
        }
    }

    /// A break of an agent is due. Its length if it begins now.
    pub(super) fn break_due(
        &mut self,
        agent: u32,
        length: SimSpan,
        now: SimTime,
    ) -> Option<SimSpan> {
        let place = &mut self.agents[agent as usize];
        if place.shifts == 0 {
            return None;
        }
        place.due += length;
        let is_free = place.open == 0 && place.rests_until.is_none();
        self.delist(agent);
        is_free.then(|| self.rest(agent, now))
    }

    /// The breaks that are due begin. Their length.
    fn rest(&mut self, agent: u32, now: SimTime) -> SimSpan {
        let due = self.agents[agent as usize].due;
        self.change(agent, |agent| {
            agent.rests_until = Some(now + due);
            agent.due = SimSpan::ZERO;
        });
        due
    }

    /// A break is over, unless the shift was before. The length of the next one if it begins now.
    pub(super) fn rested(&mut self, agent: u32, now: SimTime, order: &mut u64) -> Option<SimSpan> {
        if self.agents[agent as usize].rests_until != Some(now) {
            return None;
        }
        self.change(agent, |agent| agent.rests_until = None);
        if self.agents[agent as usize].due > SimSpan::ZERO {
            return Some(self.rest(agent, now));
        }
        self.enlist(agent, (now, next(order)));
        None
    }

    /// An agent's shift is over: whoever is idle leaves.
    pub(super) fn go(&mut self, agent: u32) {
        self.change(agent, |agent| agent.shifts -= 1);
        if self.agents[agent as usize].shifts == 0 {
            self.delist(agent);
            self.change(agent, |agent| {
                agent.rests_until = None;
                agent.due = SimSpan::ZERO;
            });
        }
    }

    /// Changes an agent and keeps count of who is busy, staffed and in overtime.
    fn change(&mut self, agent: u32, change: impl FnOnce(&mut Agent)) {
        let agent = &mut self.agents[agent as usize];
        let (was_busy, (staffed, overtime)) = (agent.open > 0, agent.presence());
        change(agent);
        let (is_busy, (now_staffed, now_overtime)) = (agent.open > 0, agent.presence());
        self.busy = self.busy + u32::from(is_busy) - u32::from(was_busy);
        self.staff.staffed = self.staff.staffed + now_staffed - staffed;
        if self.on_shifts {
            self.staff.present = self.staff.present + (now_staffed - now_overtime);
            self.staff.present -= staffed - overtime;
            self.staff.overtime = self.staff.overtime + now_overtime - overtime;
        } else {
            self.count_overtime();
        }
    }

    /// With a head count, whoever is busy beyond it is in overtime.
    fn count_overtime(&mut self) {
        if !self.on_shifts {
            self.staff.overtime = self.busy.saturating_sub(self.staff.present);
        }
    }

    /// An agent joins the list of those with as many open contacts, if another may be taken.
    fn enlist(&mut self, agent: u32, since: Since) {
        let place = &mut self.agents[agent as usize];
        let is_there = place.shifts > 0 && place.rests_until.is_none();
        if !is_there || place.due > SimSpan::ZERO || place.open as usize >= self.lists.len() {
            return;
        }
        let list = &mut self.lists[place.open as usize];
        place.since = since;
        place.is_listed = true;
        place.before = list.last;
        place.behind = NOBODY;
        self.partly_busy += u32::from(place.open > 0);
        let last = std::mem::replace(&mut list.last, agent);
        list.len += 1;
        if last == NOBODY {
            list.first = agent;
        } else {
            self.agents[last as usize].behind = agent;
        }
    }

    fn delist(&mut self, agent: u32) {
        let place = &mut self.agents[agent as usize];
        if !place.is_listed {
            return;
        }
        place.is_listed = false;
        let (before, behind, open) = (place.before, place.behind, place.open);
        self.partly_busy -= u32::from(open > 0);
        let list = &mut self.lists[open as usize];
        list.len -= 1;
        if before == NOBODY {
            list.first = behind;
        }
        if behind == NOBODY {
            list.last = before;
        }
        if before != NOBODY {
            self.agents[before as usize].behind = behind;
        }
        if behind != NOBODY {
            self.agents[behind as usize].before = before;
        }
    }
}
