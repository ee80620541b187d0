//! Waiting contacts of one type in order of joining.
//!
//! A doubly linked list through the slots of [`Contacts`]: joining, leaving from the front and
//! leaving from the middle each touch a handful of words, whatever the length.

use super::kept::{Contacts, NO_SLOT, Slot};

/// Waiting contacts in order of joining.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    first: Slot,
    last: Slot,
}

impl Default for Queue {
    fn default() -> Self {
        Self { first: NO_SLOT, last: NO_SLOT }
    }
}

impl Queue {
    /// The longest waiting contact.
    #[inline(always)]
    pub(super) fn first(&self) -> Option<Slot> {
        (self.first != NO_SLOT).then_some(self.first)
    }

    /// Adds a contact at the end.
    #[inline(always)]
    pub(super) fn join(&mut self, contacts: &mut Contacts, slot: Slot) {
        let kept = contacts.get_mut(slot);
        kept.before = self.last;
        kept.behind = NO_SLOT;
        if self.last == NO_SLOT {
            self.first = slot;
        } else {
            contacts.get_mut(self.last).behind = slot;
        }
        self.last = slot;
    }

    /// Adds a contact where it belongs by its order of first joining: in front of all who joined
    /// later. Linear in those who joined earlier.
    pub(super) fn join_by_age(&mut self, contacts: &mut Contacts, slot: Slot) {
        let joined = contacts.get(slot).contact.joined;
        let older = |slot: &Slot| contacts.get(*slot).contact.joined < joined;
        let behind = self.iter(contacts).find(|slot| !older(slot));
        let Some(behind) = behind else {
            return self.join(contacts, slot);
        };
        let before = std::mem::replace(&mut contacts.get_mut(behind).before, slot);
        let kept = contacts.get_mut(slot);
        (kept.before, kept.behind) = (before, behind);
        if before == NO_SLOT {
            self.first = slot;
        } else {
            contacts.get_mut(before).behind = slot;
        }
    }

    /// Takes a contact out, wherever it stands.
    #[inline(always)]
    pub(super) fn leave(&mut self, contacts: &mut Contacts, slot: Slot) {
        let (before, behind) = {
            let kept = contacts.get(slot);
            (kept.before, kept.behind)
        };
        if before == NO_SLOT {
            self.first = behind;
        } else {
            contacts.get_mut(before).behind = behind;
        }
        if behind == NO_SLOT {
            self.last = before;
        } else {
            contacts.get_mut(behind).before = before;
        }
    }

    /// The waiting contacts, longest waiting first.
    pub(super) fn iter<'a>(&self, contacts: &'a Contacts) -> impl Iterator<Item = Slot> + 'a {
        std::iter::successors(self.first(), |slot| {
            let behind = contacts.get(*slot).behind;
            (behind != NO_SLOT).then_some(behind)
        })
    }
}
