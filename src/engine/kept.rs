//! Where contacts are kept while they wait for something.

use super::contact::{Contact, SessionEnd};
use crate::time::SimSpan;

/// Place of a kept contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot(pub(super) u32);

/// No slot: the end of a list.
pub(super) const NO_SLOT: Slot = Slot(u32::MAX);

/// A kept contact and its neighbors in a queue.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) contact: Contact,
    /// Key of the end of its patience; tells it from an earlier user of the slot.
    pub(super) deadline: u64,
    /// Length of its bot session, and how it will end.
    pub(super) session: SimSpan,
    pub(super) end: SessionEnd,
    pub(super) before: Slot,
    /// The next in the queue; of a slot that is free the next that is.
    pub(super) behind: Slot,
}

/// Where a waiting contact is on its route.
#[derive(Clone, Copy, Debug)]
pub(super) struct Staged {
    /// Key of the next stage; tells it from an earlier user of the slot.
    pub(super) next: u64,
    /// Stages up to this long after joining the queue have begun for it.
    pub(super) reached: SimSpan,
}

/// The key of no event.
const NO_EVENT: u64 = u64::MAX;

const UNSTAGED: Staged = Staged { next: NO_EVENT, reached: SimSpan::ZERO };

/// Contacts that wait for something: memory is that of the most kept at once.
#[derive(Debug)]
pub(super) struct Contacts {
    slots: Vec<Kept>,
    /// By slot; empty where no route has stages.
    staged: Vec<Staged>,
    has_stages: bool,
    free: Slot,
    kept: usize,
}

impl Contacts {
    pub(super) fn new(has_stages: bool) -> Self {
        Self { slots: Vec::new(), staged: Vec::new(), has_stages, free: NO_SLOT, kept: 0 }
    }

    /// Keeps a contact.
    #[inline(always)]
    pub(super) fn keep(&mut self, contact: &Contact) -> Slot {
        self.kept += 1;
        let slot = self.free;
        if slot == NO_SLOT {
            return self.add(contact);
        }
        let kept = self.get_mut(slot);
        kept.contact = *contact;
        self.free = kept.behind;
        slot
    }

    #[cold]
    fn add(&mut self, contact: &Contact) -> Slot {
        let slot = Slot(u32::try_from(self.slots.len()).expect("the engine stops far earlier"));
        self.slots.push(Kept {
            contact: *contact,
            deadline: NO_EVENT,
            session: SimSpan::ZERO,
            end: SessionEnd::Escalated,
            before: NO_SLOT,
            behind: NO_SLOT,
        });
        if self.has_stages {
            self.staged.push(UNSTAGED);
        }
        slot
    }

    /// Lets a contact go; its slot is used again.
    #[inline(always)]
    pub(super) fn release(&mut self, slot: Slot) -> Contact {
        self.kept -= 1;
        let free = std::mem::replace(&mut self.free, slot);
        let kept = self.get_mut(slot);
        kept.deadline = NO_EVENT;
        kept.behind = free;
        let contact = kept.contact;
        if self.has_stages {
            self.staged[slot.0 as usize] = UNSTAGED;
        }
        contact
    }

    #[inline(always)]
    pub(super) fn get(&self, slot: Slot) -> &Kept {
        &self.slots[slot.0 as usize]
    }

    #[inline(always)]
    pub(super) fn get_mut(&mut self, slot: Slot) -> &mut Kept {
        &mut self.slots[slot.0 as usize]
    }

    /// Where a waiting contact is on its route.
    pub(super) fn staged(&self, slot: Slot) -> Staged {
        self.staged.get(slot.0 as usize).copied().unwrap_or(UNSTAGED)
    }

    pub(super) fn set_staged(&mut self, slot: Slot, staged: Staged) {
        self.staged[slot.0 as usize] = staged;
    }

    /// Number of kept contacts.
    pub(super) fn len(&self) -> usize {
        self.kept
    }
}
