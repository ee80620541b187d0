//! Routing: which agent a contact takes, which contact an agent takes.

use super::contact::{Contact, Slot};
use super::observer::{Answer, Observer};
use super::world::{LINE, World};
use crate::model::{ContactTypeId, GroupId};
use crate::random::Purpose;
use crate::time::SimSpan;

impl<O: Observer> World<'_, O> {
    /// An agent of a group, the longest idle, starts the contact.
    pub(super) fn answer(&mut self, contact: &Contact, group: GroupId, waited: bool) {
        let (handling, wrap_up) = self.work(contact);
        let speed = self.model.groups[group.index()].speeds[contact.contact_type.index()];
        let handling = SimSpan::from_seconds(handling / speed);
        self.agents[group.index()].start();
        self.observer.on_answered(
            self.now,
            contact,
            Answer {
                group,
                handling,
                wrap_up,
            },
            waited,
        );
        let left_at = self.now + handling;
        if self.model.limits.lines == u32::MAX {
            self.lines -= 1;
        } else {
            self.releases.schedule(left_at, LINE);
        }
        self.releases
            .schedule(left_at + wrap_up, group_payload(group));
    }

    /// Handling at speed 1, in seconds, and wrap-up.
    pub(super) fn work(&self, contact: &Contact) -> (f64, SimSpan) {
        let kind = &self.model.contact_types[contact.contact_type.index()];
        let draws = self.kept_draws(contact);
        let draw = draws.draw(Purpose::Handling);
        let handling = if contact.escalated {
            kind.escalation_handling.handling.sample(draw) * kind.escalation_handling.factor
        } else {
            kind.handling.sample(draw)
        };
        let wrap_up = kind.wrap_up.as_ref().map_or(SimSpan::ZERO, |wrap_up| {
            SimSpan::from_seconds(wrap_up.sample(draws.draw(Purpose::WrapUp)))
        });
        (handling, wrap_up)
    }

    /// An agent is done with a contact.
    pub(super) fn released(&mut self, group: GroupId) {
        self.agents[group.index()].finish();
        self.observer.on_released(self.now, group);
        self.look_at_queues(group);
    }

    /// Free agents of a group take who waits for them; the others become idle.
    pub(super) fn look_at_queues(&mut self, group: GroupId) {
        while self.agents[group.index()].free() > 0 && self.waiting > 0 {
            let Some(slot) = self.choose_contact(group) else {
                break;
            };
            let contact = self.take_from_queue(slot);
            self.answer(&contact, group, true);
        }
        self.agents[group.index()].settle(self.now, &mut self.became_idle);
    }

    /// The waiting contact that a free agent of a group takes: the first in the group's order, and
    /// of several types that are equal there the longest waiting. Linear in the group's types.
    fn choose_contact(&self, group: GroupId) -> Option<Slot> {
        self.model.groups[group.index()]
            .order
            .iter()
            .find_map(|equal| {
                let longest = equal
                    .iter()
                    .filter_map(|id| self.queues[id.index()].first());
                longest.min_by_key(|slot| self.contacts.get(*slot).joined)
            })
    }

    /// The group whose agent a contact takes: the one with the longest idle agent, in order of
    /// listing where that is equal. Linear in the groups with the skill.
    pub(super) fn choose_group(&self, contact_type: ContactTypeId) -> Option<GroupId> {
        let groups = &self.model.contact_types[contact_type.index()].groups;
        let free = groups
            .iter()
            .filter(|group| self.agents[group.index()].free() > 0);
        free.min_by_key(|group| self.agents[group.index()].longest_idle())
            .copied()
    }

    /// Whether no contact waits while an agent who may serve it is free.
    pub(super) fn conserves_work(&self) -> bool {
        self.model
            .contact_types
            .iter()
            .zip(&self.queues)
            .all(|(kind, queue)| {
                queue.len() == 0
                    || kind
                        .groups
                        .iter()
                        .all(|group| self.agents[group.index()].free() == 0)
            })
    }
}

fn group_payload(group: GroupId) -> u32 {
    u32::try_from(group.index()).expect("ids fit 32 bits")
}
