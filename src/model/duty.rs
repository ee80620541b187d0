//! Times at which contacts arrive and nobody is on duty who could serve them.

use super::roster::Change;
use super::{ContactTypeId, Model, SourceKind};
use crate::time::SimTime;

/// A stretch of time in which a contact type is open and none of its groups has an agent on duty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unattended {
    /// The type.
    pub contact_type: ContactTypeId,
    /// Its start.
    pub from: SimTime,
    /// Its end.
    pub to: SimTime,
    /// Contacts that arrive in it, on average; some of them the bot may serve.
    pub contacts: f64,
}

impl Model {
    /// When contacts arrive and nobody is on duty who could serve them, by contact type and in order
    /// of time. Breaks do not count, nor do hours in which humans do not take the type.
    pub fn unattended(&self) -> Vec<Unattended> {
        let types = (0..self.contact_types.len()).map(ContactTypeId::new);
        types.flat_map(|contact_type| self.unattended_of(contact_type)).collect()
    }

    fn unattended_of(&self, contact_type: ContactTypeId) -> Vec<Unattended> {
        let kind = &self.contact_types[contact_type.index()];
        if kind.groups.is_empty() {
            return Vec::new();
        }
        let mut on_duty = vec![0_u32; self.groups.len()];
        let (mut is_open, mut since, mut found) =
            (kind.hours.is_none(), SimTime::START, Vec::new());
        let mut close = |from: SimTime, to: SimTime, is_missed: bool| {
            let to = to.min(self.horizon.duration);
            let contacts = self.expected_between(contact_type, from, to);
            if is_missed && contacts > 0.0 {
                found.push(Unattended { contact_type, from, to, contacts });
            }
        };
        let mut is_missed = false;
        for (number, (at, change)) in self.changes.iter().enumerate() {
            apply(change, contact_type, &mut on_duty, &mut is_open);
            if self.changes.get(number + 1).is_some_and(|(next, _)| next == at) {
                continue;
            }
            let is_empty = kind.groups.iter().all(|group| on_duty[group.index()] == 0);
            if (is_open && is_empty) != is_missed {
                close(since, *at, is_missed);
                (since, is_missed) = (*at, is_open && is_empty);
            }
        }
        close(since, self.horizon.duration, is_missed);
        found
    }

    /// Contacts of a type that arrive between two instants, on average.
    fn expected_between(&self, contact_type: ContactTypeId, from: SimTime, to: SimTime) -> f64 {
        let sources = self.contact_types[contact_type.index()].sources.iter();
        let expected = sources.map(|source| {
            let factor = match source.kind {
                SourceKind::Backlog | SourceKind::Base => 1.0,
                SourceKind::Surge(surge) => self.surges[surge.index()].factor.mean() - 1.0,
            };
            let before = |at| source.schedule.expected_before(at);
            factor * (before(to) - before(from.min(to)))
        });
        expected.sum::<f64>().max(0.0)
    }
}

fn apply(change: &Change, of: ContactTypeId, on_duty: &mut [u32], is_open: &mut bool) {
    match change {
        Change::Staff { group, present, .. } => on_duty[group.index()] = *present,
        Change::ShiftStart(people) => on_duty[people.group.index()] += people.count,
        Change::ShiftEnd(people) => {
            let count = &mut on_duty[people.group.index()];
            *count = count.saturating_sub(people.count);
        }
        Change::Hours { contact_type, open } if *contact_type == of => *is_open = *open,
        _ => {}
    }
}
