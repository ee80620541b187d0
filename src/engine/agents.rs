//! Agents of a group: a head count, how many are busy, and since when the others are idle.

use std::collections::VecDeque;

use crate::time::SimTime;

/// Since when an agent is idle; the order of becoming idle breaks ties.
pub(super) type IdleSince = (SimTime, u64);

/// The agents of one group.
#[derive(Clone, Debug)]
pub(super) struct Agents {
    present: u32,
    busy: u32,
    /// Idle agents, longest idle first; kept only where a contact may choose between groups.
    idle: Option<VecDeque<IdleSince>>,
}

impl Agents {
    /// Nobody yet. `ordered`: whether it matters who has been idle how long.
    pub(super) fn new(ordered: bool) -> Self {
        Self {
            present: 0,
            busy: 0,
            idle: ordered.then(VecDeque::new),
        }
    }

    /// Agents who may start a contact.
    pub(super) fn free(&self) -> u32 {
        self.present.saturating_sub(self.busy)
    }

    /// Since when the longest idle agent is idle; `None` where nobody asks.
    pub(super) fn longest_idle(&self) -> Option<IdleSince> {
        self.idle.as_ref()?.front().copied()
    }

    /// An agent, the longest idle, starts a contact.
    pub(super) fn start(&mut self) {
        self.busy += 1;
        if let Some(idle) = &mut self.idle {
            idle.pop_front();
        }
    }

    /// An agent who is to take the next contact at once ends one.
    pub(super) fn finish(&mut self) {
        self.busy -= 1;
    }

    /// Whoever is free and not yet on the list of the idle joins it.
    pub(super) fn settle(&mut self, now: SimTime, order: &mut u64) {
        let free = self.free() as usize;
        if let Some(idle) = &mut self.idle {
            while idle.len() < free {
                idle.push_back((now, *order));
                *order += 1;
            }
        }
    }

    /// The head count changes. Of the idle, those who have been idle for the shortest time leave.
    pub(super) fn staff(&mut self, present: u32) {
        self.present = present;
        let free = self.free() as usize;
        if let Some(idle) = &mut self.idle {
            idle.truncate(free);
        }
    }
}
