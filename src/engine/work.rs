//! How long a contact takes an agent.

use super::contact::{Contact, Leg, Service};
use super::observer::Observer;
use super::world::World;
use crate::model::GroupId;
use crate::random::Purpose;
use crate::time::SimSpan;

impl<O: Observer> World<'_, O> {
    /// The service of a contact by an agent of a group who has nothing else open; without a group,
    /// by an agent of speed 1.
    #[inline(always)]
    pub(super) fn work(&self, contact: &Contact, group: Option<GroupId>) -> Service {
        let lane = &self.lanes[contact.class.index()];
        let kind = lane.kind;
        let skill = group.and_then(|group| {
            let skills = self.crews[group.index()].group.skills.as_slice();
            skills[lane.class.contact_type.index()].as_ref()
        });
        let (handling_for, wrap_up_for) = if contact.leg == Leg::Misrouted {
            (Purpose::MisroutedHandling, Purpose::MisroutedWrapUp)
        } else {
            (Purpose::Handling, Purpose::WrapUp)
        };
        let draws = self.kept_draws(contact);
        let speed = skill.map_or(1.0, |skill| skill.speed);
        let own = skill.and_then(|skill| skill.handling.as_ref());
        let escalated = &kind.escalation_handling;
        let is_escalated = contact.escalated && contact.leg != Leg::Misrouted;
        let factor = if is_escalated { escalated.factor } else { 1.0 };
        let is_drawn = contact.handling >= 0.0 && contact.leg != Leg::Misrouted;
        let seconds = if is_drawn && own.is_none() {
            contact.handling * factor / speed
        } else if let Some(logged) = self.logged_handling(contact) {
            logged.as_seconds() / speed
        } else {
            let law = match own {
                Some(own) => own,
                None if is_escalated => &escalated.handling,
                None => &kind.handling,
            };
            // The group's own handling is what it takes this group, whatever its speed.
            let speed = if own.is_some() { 1.0 } else { speed };
            law.sample(draws.draw(handling_for)) * factor / speed
        };
        let wrap_up = kind.wrap_up.as_ref().map_or(SimSpan::ZERO, |wrap_up| {
            SimSpan::from_seconds(wrap_up.sample(draws.draw(wrap_up_for)))
        });
        Service { handling: SimSpan::from_seconds(seconds), wrap_up }
    }

    /// The handling that a log gives a contact, once it is among its own.
    #[inline(always)]
    fn logged_handling(&self, contact: &Contact) -> Option<SimSpan> {
        let row = contact.log_row?;
        self.handling_of_row(contact, row)
    }

    #[cold]
    fn handling_of_row(&self, contact: &Contact, row: u32) -> Option<SimSpan> {
        let kind = &self.model.contact_types[contact.contact_type.index()];
        let handling = kind.log.as_ref()?.handling.as_ref()?;
        handling[row as usize].filter(|_| contact.leg != Leg::Misrouted)
    }
}
