//! Contacts in human queues: patience, stages of routes, leaving.

use super::calendar::Entry;
use super::contact::{Contact, Leg, Slot};
use super::observer::Observer;
use super::world::World;
use crate::random::{Distribution, Purpose};
use crate::time::SimSpan;

impl<O: Observer> World<'_, O> {
    pub(super) fn join(&mut self, contact: Contact) {
        let patience = self.patience(&contact);
        let class = contact.class.index();
        let slot = self.contacts.keep(contact);
        if contact.leg == Leg::Transferred {
            self.queues[class].join_by_age(&mut self.contacts, slot);
        } else {
            self.queues[class].join(&mut self.contacts, slot);
        }
        self.waiting += 1;
        let waits_as = self.model.classes[class].contact_type;
        self.waiting_of[waits_as.index()] += 1;
        if let Some(patience) = patience {
            let order = self.deadlines.schedule(self.now + patience, slot.0);
            self.contacts.get_mut(slot).ticket = order;
            self.thin_deadlines();
        }
        self.plan_stage(slot);
    }

    /// How long a contact that joins a queue now will wait; `None`: for ever.
    fn patience(&self, contact: &Contact) -> Option<SimSpan> {
        let kind = &self.model.contact_types[contact.contact_type.index()];
        let logged = kind.log.as_ref().and_then(|log| log.patience.as_ref());
        if let (Some(row), Some(logged)) = (contact.log_row, logged) {
            return logged[row as usize];
        }
        let purpose = if contact.leg == Leg::Transferred {
            Purpose::TransferPatience
        } else {
            Purpose::Patience
        };
        let draw = |patience: &Distribution| {
            let draws = self.kept_draws(contact);
            SimSpan::from_seconds(patience.sample(draws.draw(purpose)))
        };
        kind.patience.as_ref().map(draw)
    }

    /// A waiting contact has reached the stages of its route that have begun by now. Plans when it
    /// reaches the next, if there is one.
    fn plan_stage(&mut self, slot: Slot) {
        let kept = self.contacts.get_mut(slot);
        kept.reached = self.now - kept.contact.queued_at;
        let contact = &self.contacts.get(slot).contact;
        let stages = &self.model.classes[contact.class.index()].stages;
        let due = stages.iter().map(|after| contact.queued_at + *after);
        let Some(next) = due.into_iter().find(|at| *at > self.now) else {
            return;
        };
        let order = self.stages.schedule(next, slot.0);
        self.contacts.get_mut(slot).stage_ticket = order;
        if self.stages.len() > 2 * self.waiting as usize + 256 {
            let contacts = &self.contacts;
            self.stages
                .retain(|entry| contacts.get(Slot(entry.payload())).stage_ticket == entry.order());
        }
    }

    /// A contact reaches a stage of its route, if it still waits.
    pub(super) fn stage(&mut self, entry: Entry) {
        let slot = Slot(entry.payload());
        let kept = self.contacts.get(slot);
        if kept.stage_ticket != entry.order() {
            self.tally.events -= 1;
            return;
        }
        match self.choose_agent(&kept.contact) {
            Some(agent) => {
                let contact = self.take_from_queue(slot);
                self.answer(contact, agent, true);
            }
            None => self.plan_stage(slot),
        }
    }

    /// Drops the deadlines of those who no longer wait once they are the larger part, so that
    /// memory follows the contacts in the system and the work per contact stays constant.
    fn thin_deadlines(&mut self) {
        if self.deadlines.len() > 2 * self.waiting as usize + 256 {
            let contacts = &self.contacts;
            self.deadlines
                .retain(|entry| contacts.get(Slot(entry.payload())).ticket == entry.order());
        }
    }

    pub(super) fn deadline(&mut self, entry: Entry) {
        let slot = Slot(entry.payload());
        if self.contacts.get(slot).ticket != entry.order() {
            self.tally.events -= 1;
            return;
        }
        self.abandon(slot);
    }

    /// A contact leaves its queue unserved.
    pub(super) fn abandon(&mut self, slot: Slot) {
        let contact = self.take_from_queue(slot);
        self.lines -= 1;
        self.observer.on_abandoned(self.now, &contact);
        let retry = self.model.contact_types[contact.contact_type.index()]
            .retry
            .as_ref();
        self.maybe_retry(contact, retry.map_or(0.0, |retry| retry.after_abandoning));
    }

    /// Takes a contact out of its queue.
    pub(super) fn take_from_queue(&mut self, slot: Slot) -> Contact {
        let class = self.contacts.get(slot).contact.class.index();
        self.queues[class].leave(&mut self.contacts, slot);
        self.waiting -= 1;
        let waited_as = self.model.classes[class].contact_type;
        self.waiting_of[waited_as.index()] -= 1;
        self.contacts.release(slot)
    }
}
