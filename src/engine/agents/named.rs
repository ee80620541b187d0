//! Agents who are told apart: on shifts, or with several contacts open.
//!
//! Those who could take a contact stand in one list for each number of contacts they have open, in
//! the order in which they came to it. Starting and ending a contact, coming and going each touch a
//! handful of words.

use std::cmp::Reverse;

use super::{Free, NOBODY, Since, next};
use crate::engine::observer::Staff;
use crate::model::AgentChoice;
use crate::time::{SimSpan, SimTime};

/// Agents who are told apart.
#[derive(Clone, Debug)]
pub(in super::super) struct NamedAgents {
    agents: Vec<Agent>,
    /// Who could take a contact, by number of open contacts.
    lists: Vec<List>,
    /// Together on the lists.
    free: u32,
    staff: Staff,
    /// Speed of each contact while 1, 2, … are open.
    speeds: Vec<f64>,
    /// People on shift who are not on a break, present or not.
    people: u32,
    /// Who is not to be there, and finishes what is open before leaving.
    leaving: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Agent {
    open: u32,
    /// Shifts in progress; with a head count always 1.
    shifts: u32,
    /// Whether the agent is away while on shift: not needed by the head count, or lost to shrinkage.
    is_off: bool,
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

const EMPTY: List = List { first: NOBODY, last: NOBODY, len: 0 };

impl Agent {
    /// Staffed, and in overtime.
    fn presence(&self) -> (u32, u32) {
        match (self.shifts > 0 && !self.is_off, self.open > 0) {
            (true, _) => (u32::from(self.rests_until.is_none()), 0),
            (false, true) => (1, 1),
            (false, false) => (0, 0),
        }
    }

    /// Whether the agent is on shift and not on a break, present or not.
    fn is_on(&self) -> bool {
        self.shifts > 0 && self.rests_until.is_none()
    }
}

impl NamedAgents {
    /// People who are there while on shift.
    pub(super) fn on_shifts(agents: u32, speeds: &[f64]) -> Self {
        Self::new(agents, speeds, 0)
    }

    /// Agents of a head count, of whom nobody is there yet.
    pub(super) fn head_count(agents: u32, speeds: &[f64]) -> Self {
        Self::new(agents, speeds, 1)
    }

    fn new(agents: u32, speeds: &[f64], shifts: u32) -> Self {
        let agent = Agent {
            open: 0,
            shifts,
            is_off: shifts > 0,
            rests_until: None,
            due: SimSpan::ZERO,
            since: Since::default(),
            is_listed: false,
            before: NOBODY,
            behind: NOBODY,
        };
        Self {
            agents: vec![agent; agents as usize],
            lists: vec![EMPTY; speeds.len()],
            free: 0,
            staff: Staff::default(),
            speeds: speeds.to_vec(),
            people: agents * shifts,
            leaving: Vec::new(),
        }
    }

    pub(super) fn free(&self) -> u32 {
        self.free
    }

    pub(super) fn first(&self, choice: AgentChoice) -> Option<Free> {
        let all = 0..self.lists.len();
        let has_some = |open: &usize| self.lists[*open].len > 0;
        let open = match choice {
            AgentChoice::MostBusy => all.rev().find(has_some),
            AgentChoice::Fastest => {
                // The first of equally fast ones: fewest open.
                let faster = |a: &usize, b: &usize| self.speeds[*b].total_cmp(&self.speeds[*a]);
                all.filter(has_some).min_by(faster)
            }
            _ => all.into_iter().find(has_some),
        }?;
        Some(self.free_agent(self.lists[open].first))
    }

    pub(super) fn nth(&self, n: u32) -> Option<Free> {
        let mut left = n;
        for list in &self.lists {
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

    /// Who is staffed.
    pub(in super::super) fn staff(&self) -> Staff {
        self.staff
    }

    /// Contacts that an agent has open.
    pub(in super::super) fn open(&self, agent: u32) -> u32 {
        self.agents[agent as usize].open
    }

    pub(super) fn start(&mut self, agent: u32, since: Since) {
        self.delist(agent);
        // Whoever could take a contact is there: who is staffed does not change.
        self.agents[agent as usize].open += 1;
        self.enlist(agent, since);
    }

    /// An agent ends a contact. The length of the break that begins with it, if one does.
    pub(in super::super) fn finish(
        &mut self,
        agent: u32,
        now: SimTime,
        order: &mut u64,
    ) -> Option<SimSpan> {
        self.delist(agent);
        self.change(agent, |agent| agent.open -= 1);
        let Agent { open, due, is_off, .. } = self.agents[agent as usize];
        if is_off && open == 0 {
            self.leaving.retain(|other| *other != agent);
        }
        if open == 0 && due > SimSpan::ZERO {
            return Some(self.rest(agent, now));
        }
        self.enlist(agent, (now, next(order)));
        if !self.leaving.is_empty() {
            self.change_places(agent, now, order);
        }
        None
    }

    /// The surplus are those with the fewest open contacts: when one of the others comes to have
    /// fewer than somebody who is leaving, the two change places.
    fn change_places(&mut self, agent: u32, now: SimTime, order: &mut u64) {
        let Agent { open, is_off, shifts, .. } = self.agents[agent as usize];
        if is_off || shifts == 0 {
            return;
        }
        let most = self.leaving.iter().copied().max_by_key(|other| self.rank(*other));
        if let Some(other) = most.filter(|other| self.open(*other) > open) {
            self.recall(other, now, order);
            self.dismiss(agent);
        }
    }

    /// An agent is not to be there any longer.
    fn dismiss(&mut self, agent: u32) {
        self.delist(agent);
        self.change(agent, |agent| agent.is_off = true);
        if self.open(agent) > 0 {
            self.leaving.push(agent);
        }
    }

    /// An agent who was away, or was to leave, is to be there.
    fn recall(&mut self, agent: u32, now: SimTime, order: &mut u64) {
        self.leaving.retain(|other| *other != agent);
        self.change(agent, |agent| agent.is_off = false);
        self.enlist(agent, (now, next(order)));
    }

    /// Order in which agents are kept: most open contacts first, then first listed.
    fn rank(&self, agent: u32) -> (u32, Reverse<u32>) {
        (self.open(agent), Reverse(agent))
    }

    /// People on shift who are not on a break, present or not.
    pub(in super::super) fn people(&self) -> u32 {
        self.people
    }

    /// So many of those on shift are to be there. Who is to leave are those with the fewest open
    /// contacts, of equals the last listed; who comes are first those who have not left yet.
    pub(in super::super) fn keep(&mut self, present: u32, now: SimTime, order: &mut u64) {
        let here = self.staff.present;
        if present == here {
            return;
        }
        let is_surplus = present < here;
        let all = 0..u32::try_from(self.agents.len()).expect("agents number at most 2^31");
        let concerned = all.filter(|agent| {
            let agent = &self.agents[*agent as usize];
            agent.is_on() && agent.is_off != is_surplus
        });
        let mut concerned: Vec<u32> = concerned.collect();
        concerned.sort_unstable_by_key(|agent| Reverse(self.rank(*agent)));
        if is_surplus {
            for agent in concerned.into_iter().rev().take((here - present) as usize) {
                self.dismiss(agent);
            }
        } else {
            for agent in concerned.into_iter().take((present - here) as usize) {
                self.recall(agent, now, order);
            }
        }
    }

    /// So many people are on the schedule.
    pub(in super::super) fn set_scheduled(&mut self, scheduled: u32) {
        self.staff.scheduled = scheduled;
    }

    /// An agent comes on shift.
    pub(in super::super) fn come(&mut self, agent: u32, now: SimTime, order: &mut u64) {
        self.change(agent, |agent| agent.shifts += 1);
        if !self.agents[agent as usize].is_listed {
            self.enlist(agent, (now, next(order)));
        }
    }

    /// A break of an agent is due. Its length if it begins now.
    pub(in super::super) fn break_due(
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
    pub(in super::super) fn rested(
        &mut self,
        agent: u32,
        now: SimTime,
        order: &mut u64,
    ) -> Option<SimSpan> {
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
    pub(in super::super) fn go(&mut self, agent: u32) {
        self.change(agent, |agent| agent.shifts -= 1);
        if self.agents[agent as usize].shifts == 0 {
            self.delist(agent);
            self.leaving.retain(|other| *other != agent);
            self.change(agent, |agent| {
                agent.rests_until = None;
                agent.due = SimSpan::ZERO;
                agent.is_off = false;
            });
        }
    }

    /// Changes an agent and keeps count of who is staffed and in overtime.
    #[inline]
    fn change(&mut self, agent: u32, change: impl FnOnce(&mut Agent)) {
        let agent = &mut self.agents[agent as usize];
        let (was_on, (staffed, overtime)) = (agent.is_on(), agent.presence());
        change(agent);
        let (is_on, (now_staffed, now_overtime)) = (agent.is_on(), agent.presence());
        self.people = self.people + u32::from(is_on) - u32::from(was_on);
        self.staff.staffed = self.staff.staffed + now_staffed - staffed;
        self.staff.present += now_staffed - now_overtime;
        self.staff.present -= staffed - overtime;
        self.staff.overtime = self.staff.overtime + now_overtime - overtime;
    }

    /// An agent joins the list of those with as many open contacts, if another may be taken.
    fn enlist(&mut self, agent: u32, since: Since) {
        let place = &mut self.agents[agent as usize];
        if !place.is_on()
            || place.is_off
            || place.due > SimSpan::ZERO
            || place.open as usize >= self.lists.len()
        {
            return;
        }
        let list = &mut self.lists[place.open as usize];
        place.since = since;
        place.is_listed = true;
        place.before = list.last;
        place.behind = NOBODY;
        self.free += 1;
        let tail = std::mem::replace(&mut list.last, agent);
        list.len += 1;
        if tail == NOBODY {
            list.first = agent;
        } else {
            self.agents[tail as usize].behind = agent;
        }
    }

    fn delist(&mut self, agent: u32) {
        let place = &mut self.agents[agent as usize];
        if !place.is_listed {
            return;
        }
        place.is_listed = false;
        let (before, behind, open) = (place.before, place.behind, place.open);
        self.free -= 1;
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
