//! Routing: which agent a contact takes, which contact an agent takes, and the work in between.
//!
//! A contact that comes takes an agent if one of its groups has one free: the groups of its route
//! whose stage it has reached, the agent by its agent choice. Ties of that choice go to the agent
//! who has been as busy (or idle) as now for the longest time, and then to the first in order of
//! listing. An agent who becomes free takes a contact by the policy of the model
//! ([`crate::model::routing`]). Both are linear in the groups of the route and the classes of the
//! group, not in agents or contacts; only a random choice among agents who are told apart walks
//! along their list.

use super::agents::{Agents, ChosenAgent, Free};
use super::chats::{Chat, Finished};
use super::contact::{Before, Contact, Leg, Service};
use super::kept::Slot;
use super::observer::{Answer, Ended, Observer};
use super::world::{LINE, World};
use crate::model::{AgentChoice, Class, ClassId, GroupId, Reach, Served};
use crate::random::Purpose;
use crate::time::SimSpan;

impl<O: Observer> World<'_, O> {
    /// An agent starts the contact.
    #[inline(always)]
    pub(super) fn answer(&mut self, contact: &Contact, chosen: ChosenAgent, waited: bool) {
        let ChosenAgent { group, agent, open } = chosen;
        let service = self.work(contact, Some(group));
        let crew = &mut self.crews[group.index()];
        crew.agents.start(agent, self.now, &mut self.became_idle);
        let is_shared = crew.group.speeds.is_some();
        let released = crew.payload(group, agent);
        let answer = Answer { group, open, waited, service: (!is_shared).then_some(service) };
        self.observer.on_answered(self.now, contact, answer);
        if is_shared {
            let slot = self.contacts.keep(contact);
            let Service { handling, wrap_up } = service;
            self.chats.begin((group, agent), self.now, slot, (handling, wrap_up));
            self.look_at_seldom();
            return;
        }
        let left_at = self.now + service.handling;
        let wait = contact.wait(self.now);
        if contact.leg == Leg::Misrouted {
            self.transfer(left_at, &Self::transferred(contact, wait, service));
        } else {
            let ended = Ended::served(group, Some(service), left_at, wait);
            self.observer.on_ended(self.now, contact, &ended);
            if self.model.limits.lines == u32::MAX {
                self.lines -= 1;
            } else {
                self.releases.schedule(left_at, LINE);
            }
        }
        self.releases.schedule(left_at + service.wrap_up, released);
    }

    /// What a misrouted contact is once an agent has found out.
    fn transferred(contact: &Contact, wait: SimSpan, service: Service) -> Contact {
        Contact { leg: Leg::Transferred, before: Before { wait, service }, ..*contact }
    }

    /// An agent who serves one contact at a time is done with it.
    #[inline(always)]
    pub(super) fn released(&mut self, payload: u32) {
        let (group, agent) = self.of_payload(payload);
        self.end_contact(group, agent);
    }

    /// An agent with several contacts is done with the handling or all of one.
    pub(super) fn chat_ended(&mut self) {
        let (group, agent, ended) = self.chats.pop(self.now);
        match ended {
            Finished::Handling(chat) => self.customer_left(&chat),
            Finished::All(chat) => {
                if chat.left_at.is_none() {
                    self.customer_left(&chat);
                }
                let contact = self.contacts.release(chat.slot);
                let left_at = chat.left_at.unwrap_or(self.now);
                let service =
                    Service { handling: left_at - chat.answered_at, wrap_up: self.now - left_at };
                self.observer.on_served(self.now, &contact, service);
                if contact.leg != Leg::Misrouted {
                    let wait = contact.wait(chat.answered_at);
                    let ended = Ended::served(group, Some(service), left_at, wait);
                    self.observer.on_ended(self.now, &contact, &ended);
                }
                self.end_contact(group, agent);
            }
        }
        self.chats.settle(self.now);
        self.look_at_seldom();
    }

    /// The customer leaves an agent with several contacts: for good, or to be transferred.
    fn customer_left(&mut self, chat: &Chat) {
        let contact = &self.contacts.get(chat.slot).contact;
        if contact.leg == Leg::Misrouted {
            let service = Service { handling: self.now - chat.answered_at, wrap_up: SimSpan::ZERO };
            let wait = contact.wait(chat.answered_at);
            let transferred = Self::transferred(contact, wait, service);
            self.transfer(self.now, &transferred);
        } else {
            self.lines -= 1;
        }
    }

    /// An agent ends a contact and may take the next.
    #[inline(always)]
    fn end_contact(&mut self, group: GroupId, agent: u32) {
        match &mut self.crews[group.index()].agents {
            Agents::Count(count) => {
                let leaves = count.finish();
                let is_free = count.free() > 0;
                self.observer.on_released(self.now, group, 1);
                if leaves {
                    self.tell_staff(group);
                }
                if is_free {
                    self.look_at_queues(group);
                }
            }
            Agents::NamedAgents(_) => self.end_contact_of(group, agent),
        }
    }

    /// The same where agents are told apart.
    fn end_contact_of(&mut self, group: GroupId, agent: u32) {
        if let Agents::NamedAgents(named) = &mut self.crews[group.index()].agents {
            let (open, staff) = (named.open(agent), named.staff());
            let rest = named.finish(agent, self.now, &mut self.became_idle);
            let changed = named.staff() != staff;
            self.observer.on_released(self.now, group, open);
            self.rest(group, agent, rest);
            if rest.is_some() {
                return self.settle_staff(group);
            }
            if changed {
                self.tell_staff(group);
            }
        }
        self.look_at_queues(group);
    }

    /// Free agents of a group take who waits for them; the others become idle.
    #[inline(always)]
    pub(super) fn look_at_queues(&mut self, group: GroupId) {
        while self.waiting > 0 {
            let crew = &self.crews[group.index()];
            let free = crew.agents.free();
            if free == 0 {
                break;
            }
            let Some((class, slot)) = self.choose_contact(group, free) else {
                break;
            };
            let contact = self.take_from(class, slot);
            let choice = self.lanes[class.index()].class.agents;
            let agents = &self.crews[group.index()].agents;
            let chosen = if choice == AgentChoice::Random {
                let agent = agents.nth(random_below(&contact, free));
                agent.expect("somebody is free").of(group)
            } else {
                agents.choose(choice, group)
            };
            self.answer(&contact, chosen, true);
        }
        if let Agents::Count(count) = &mut self.crews[group.index()].agents {
            count.settle(self.now, &mut self.became_idle);
        }
    }

    /// The waiting contact that one of `free` agents of a group takes, and its queue.
    #[inline(always)]
    fn choose_contact(&self, group: GroupId, free: u32) -> Option<(ClassId, Slot)> {
        if !self.is_ranked {
            return self.most_urgent(group, free);
        }
        let order = self.crews[group.index()].group.order.as_slice();
        if let [only] = order {
            return Some((only.class, self.first_for(only, free)?));
        }
        let mut best: Option<(u32, u64, (ClassId, Slot))> = None;
        for served in order {
            if best.is_some_and(|(rank, ..)| rank < served.rank) {
                break;
            }
            let Some(slot) = self.first_for(served, free) else {
                continue;
            };
            let joined = self.contacts.get(slot).contact.joined;
            if best.is_none_or(|(_, before, _)| joined < before) {
                best = Some((served.rank, joined, (served.class, slot)));
            }
        }
        best.map(|(.., chosen)| chosen)
    }

    /// The same where the policy depends on wait or queues.
    fn most_urgent(&self, group: GroupId, free: u32) -> Option<(ClassId, Slot)> {
        let mut best: Option<(f64, u64, (ClassId, Slot))> = None;
        for served in &self.model.groups[group.index()].order {
            let Some(slot) = self.first_for(served, free) else {
                continue;
            };
            let kept = self.contacts.get(slot);
            let class = &self.model.classes[served.class.index()];
            let waiting = self.waiting_of[class.contact_type.index()];
            let wait = self.now - kept.contact.queued_at;
            let offer = self.model.offer(group, served.class, wait, waiting);
            let urgency = self.model.policy.urgency(&offer);
            let urgency = if urgency.is_nan() { f64::NEG_INFINITY } else { urgency };
            let is_better = best.is_none_or(|(most, joined, _)| {
                urgency > most || urgency >= most && kept.contact.joined < joined
            });
            if is_better {
                best = Some((urgency, kept.contact.joined, (served.class, slot)));
            }
        }
        best.map(|(.., chosen)| chosen)
    }

    /// The longest waiting contact of a class, if a group with so many `free` agents may take it.
    #[inline(always)]
    fn first_for(&self, served: &Served, free: u32) -> Option<Slot> {
        let lane = &self.lanes[served.class.index()];
        let slot = lane.queue.first()?;
        let may = free > served.reserve
            && lane.is_open
            && (served.after == SimSpan::ZERO || self.has_reached(slot, served.after));
        may.then_some(slot)
    }

    /// Whether a stage of its route has begun for a waiting contact: at the very instant, after the
    /// releases.
    fn has_reached(&self, slot: Slot, after: SimSpan) -> bool {
        self.contacts.staged(slot).reached >= after
    }

    /// The agent that a contact takes, if one is free for it.
    #[inline(always)]
    pub(super) fn choose_agent(&self, contact: &Contact) -> Option<ChosenAgent> {
        let lane = &self.lanes[contact.class.index()];
        if !lane.is_open {
            return None;
        }
        let Some(only) = &lane.only else {
            let chosen = self.choose_among(lane.class, contact);
            return chosen.map(|(group, free)| free.of(group));
        };
        let agents = &self.crews[only.group.index()].agents;
        let may = agents.free() > only.reserve;
        may.then(|| agents.choose(lane.class.agents, only.group))
    }

    /// The same where there is a choice.
    fn choose_among(&self, class: &Class, contact: &Contact) -> Option<(GroupId, Free)> {
        let waited = self.now - contact.queued_at;
        let mut groups = class.route.iter().filter(|reach| {
            reach.after <= waited && self.crews[reach.group.index()].agents.free() > reach.reserve
        });
        let first = |reach: &Reach| {
            let free = self.crews[reach.group.index()].agents.first(class.agents)?;
            Some((reach.group, free))
        };
        match class.agents {
            AgentChoice::LongestIdle | AgentChoice::LeastBusy => {
                groups.filter_map(first).min_by_key(|(_, free)| (free.open, free.since))
            }
            AgentChoice::MostBusy => groups
                .filter_map(first)
                .min_by_key(|(_, free)| (std::cmp::Reverse(free.open), free.since)),
            AgentChoice::Listed => groups.find_map(first),
            AgentChoice::Fastest => self.fastest(class, groups.filter_map(first)),
            AgentChoice::Random => self.any_agent(contact, groups),
        }
    }

    /// The agent at whom a contact would take the shortest time if nothing changed.
    fn fastest(
        &self,
        class: &Class,
        agents: impl Iterator<Item = (GroupId, Free)>,
    ) -> Option<(GroupId, Free)> {
        let pace = |group: GroupId, free: &Free| {
            let group = &self.model.groups[group.index()];
            let skill = group.skills[class.contact_type.index()].as_ref();
            let shared = group.speeds.as_ref();
            skill.map_or(0.0, |skill| skill.pace)
                * shared.map_or(1.0, |speeds| speeds[free.open as usize])
        };
        agents.min_by(|(a, one), (b, other)| {
            let faster = pace(*b, other).total_cmp(&pace(*a, one));
            faster.then((one.open, one.since).cmp(&(other.open, other.since)))
        })
    }

    /// Any free agent of these groups.
    fn any_agent<'r>(
        &self,
        contact: &Contact,
        groups: impl Iterator<Item = &'r Reach> + Clone,
    ) -> Option<(GroupId, Free)> {
        let free = |reach: &Reach| self.crews[reach.group.index()].agents.free();
        let all: u32 = groups.clone().map(free).sum();
        if all == 0 {
            return None;
        }
        let mut left = random_below(contact, all);
        for reach in groups {
            if left < free(reach) {
                let agent = self.crews[reach.group.index()].agents.nth(left)?;
                return Some((reach.group, agent));
            }
            left -= free(reach);
        }
        None
    }

    /// Whether no contact waits while an agent who may serve it is free.
    pub(super) fn conserves_work(&self) -> bool {
        self.lanes.iter().all(|lane| {
            let Some(slot) = lane.queue.first() else {
                return true;
            };
            let may_go = |reach: &Reach| {
                self.has_reached(slot, reach.after)
                    && self.crews[reach.group.index()].agents.free() > reach.reserve
            };
            !lane.is_open || !lane.class.route.iter().any(may_go)
        })
    }
}

/// A whole number below `limit`, by a draw of the contact.
fn random_below(contact: &Contact, limit: u32) -> u32 {
    let draw = contact.draws().draw(Purpose::AgentChoice);
    let draw = draw.child(u64::from(contact.leg == Leg::Transferred));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the limit")]
    let below = (draw.uniform() * f64::from(limit)) as u32;
    below.min(limit - 1)
}
