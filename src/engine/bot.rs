//! The state of the bot: sessions in progress, capacity, outages.

use std::collections::VecDeque;

use super::calendar::Calendar;
use super::kept::Slot;
use crate::model::Model;

/// State of the bot.
#[derive(Debug)]
pub(super) struct BotState {
    /// Ends of sessions in progress; the payload is the slot.
    pub(super) sessions: Calendar,
    capacity: usize,
    /// Whether there is room for everybody all day long: then nobody waits for the end of a session.
    pub(super) is_unlimited: bool,
    pub(super) deflection_factor: f64,
    /// Who waits for a session, first come first served.
    pub(super) queue: VecDeque<Slot>,
}

impl BotState {
    pub(super) fn new(model: &Model, sessions: Calendar) -> Self {
        Self {
            sessions,
            capacity: model.bot.capacity as usize,
            is_unlimited: model.has_unlimited_bot(),
            deflection_factor: 1.0,
            queue: VecDeque::new(),
        }
    }

    /// The head of the calendar of ends of sessions.
    #[inline(always)]
    pub(super) fn head(&self) -> u64 {
        self.sessions.head()
    }

    /// From now on so many sessions may be begun at once, and so much of the deflection is left.
    /// Sessions in progress go on.
    pub(super) fn change(&mut self, capacity: u32, deflection_factor: f64) {
        self.capacity = capacity as usize;
        self.deflection_factor = deflection_factor;
    }

    pub(super) fn has_room(&self) -> bool {
        self.sessions.len() < self.capacity
    }

    /// Contacts in a session or waiting for one.
    pub(super) fn inside(&self) -> impl Iterator<Item = Slot> + '_ {
        self.sessions.payloads().map(Slot).chain(self.queue.iter().copied())
    }
}
