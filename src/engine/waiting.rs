//! Contacts in human queues: patience, stages of routes, leaving.

use super::calendar::PendingEvent;
use super::contact::{Contact, Leg};
use super::kept::{Slot, Staged};
use super::observer::{How, Observer};
use super::world::World;
use crate::model::ClassId;
use crate::random::Purpose;
use crate::time::SimSpan;

impl<O: Observer> World<'_, O> {
    /// A contact joins its queue. `patience` is in seconds; negative: not yet drawn.
    #[inline(always)]
    pub(super) fn join(&mut self, contact: &Contact, patience: f64) {
        let patience = if patience >= 0.0 {
            Some(SimSpan::from_seconds(patience))
        } else {
            self.patience(contact)
        };
        let slot = self.contacts.keep(contact);
        let lane = &mut self.lanes[contact.class.index()];
        if contact.leg == Leg::Transferred {
            lane.queue.join_by_age(&mut self.contacts, slot);
        } else {
            lane.queue.join(&mut self.contacts, slot);
        }
        self.waiting += 1;
        self.waiting_of[lane.class.contact_type.index()] += 1;
        let has_stages = !lane.class.stages.is_empty();
        if let Some(patience) = patience {
            let key = self.deadlines.schedule(self.now + patience, slot.0);
            self.contacts.get_mut(slot).deadline = key;
            if self.deadlines.len() > 2 * self.waiting as usize + 32 {
                self.thin_deadlines();
            }
        }
        if has_stages {
            self.plan_stage(slot);
        }
    }

    /// How long a contact that joins a queue now will wait; `None`: for ever.
    #[inline(always)]
    fn patience(&self, contact: &Contact) -> Option<SimSpan> {
        let kind = &self.model.contact_types[contact.contact_type.index()];
        if let Some(row) = contact.log_row
            && let Some(logged) = kind.log.as_ref().and_then(|log| log.patience.as_ref())
        {
            return logged[row as usize];
        }
        let purpose = if contact.leg == Leg::Transferred {
            Purpose::TransferPatience
        } else {
            Purpose::Patience
        };
        let patience = kind.patience.as_ref()?;
        let draw = self.kept_draws(contact).draw(purpose);
        Some(SimSpan::from_seconds(patience.sample(draw)))
    }

    /// A waiting contact has reached the stages of its route that have begun by now. Plans when it
    /// reaches the next, if there is one.
    fn plan_stage(&mut self, slot: Slot) {
        let contact = &self.contacts.get(slot).contact;
        let queued_at = contact.queued_at;
        let stages = &self.model.classes[contact.class.index()].stages;
        let due = stages.iter().map(|after| queued_at + *after);
        let next = due.into_iter().find(|at| *at > self.now);
        let next = next.map(|next| self.stages.schedule(next, slot.0));
        let place = Staged {
            next: next.unwrap_or(self.contacts.staged(slot).next),
            reached: self.now - queued_at,
        };
        self.contacts.set_staged(slot, place);
        if self.stages.len() > 2 * self.waiting as usize + 256 {
            let contacts = &self.contacts;
            self.stages.retain(|entry| contacts.staged(Slot(entry.payload)).next == entry.key);
        }
        self.look_at_seldom();
    }

    /// A contact reaches a stage of its route, if it still waits.
    pub(super) fn stage(&mut self, entry: PendingEvent) {
        let slot = Slot(entry.payload);
        if self.contacts.staged(slot).next != entry.key {
            self.tally.events -= 1;
            return;
        }
        match self.choose_agent(&self.contacts.get(slot).contact) {
            Some(agent) => {
                let contact = self.take_from_queue(slot);
                self.answer(&contact, agent, true);
            }
            None => self.plan_stage(slot),
        }
    }

    /// Drops the deadlines of those who no longer wait, once they are the larger part: so memory
    /// follows the contacts in the system, and the work per contact stays constant.
    #[cold]
    fn thin_deadlines(&mut self) {
        let contacts = &self.contacts;
        self.deadlines.retain(|entry| contacts.get(Slot(entry.payload)).deadline == entry.key);
    }

    #[inline(always)]
    pub(super) fn deadline(&mut self, entry: PendingEvent) {
        let slot = Slot(entry.payload);
        if self.contacts.get(slot).deadline != entry.key {
            self.tally.events -= 1;
            return;
        }
        self.abandon(slot);
    }

    /// A contact leaves its queue unserved.
    pub(super) fn abandon(&mut self, slot: Slot) {
        let contact = self.take_from_queue(slot);
        self.lines -= 1;
        self.is_lost(&contact, How::Abandoned);
    }

    /// Takes a contact out of its queue.
    #[inline(always)]
    pub(super) fn take_from_queue(&mut self, slot: Slot) -> Contact {
        self.take_from(self.contacts.get(slot).contact.class, slot)
    }

    /// Takes a contact out of its queue, which is this.
    #[inline(always)]
    pub(super) fn take_from(&mut self, class: ClassId, slot: Slot) -> Contact {
        let lane = &mut self.lanes[class.index()];
        lane.queue.leave(&mut self.contacts, slot);
        self.waiting -= 1;
        self.waiting_of[lane.class.contact_type.index()] -= 1;
        self.contacts.release(slot)
    }
}
