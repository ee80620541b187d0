//! Bot sessions: how they begin and end, and who waits for one.

use super::contact::{Cause, Contact, SessionEnd};
use super::demand::UNDRAWN;
use super::kept::Slot;
use super::observer::{Ended, How, Observer};
use super::returns::Person;
use super::world::World;
use crate::model::{SurgeId, TypeBot, WhenFull};
use crate::random::Purpose;
use crate::time::{SimSpan, SimTime};

impl<O: Observer> World<'_, O> {
    /// A contact meets the bot. `session` is how many seconds its session takes, or [`UNDRAWN`].
    #[inline(always)]
    pub(super) fn enter_bot(&mut self, contact: &mut Contact, bot: &TypeBot, session: f64) {
        if bot.opt_out > 0.0 && contact.draws().draw(Purpose::OptOut).uniform() < bot.opt_out {
            self.observer.on_opted_out(self.now, contact);
            return self.reach_humans(contact, UNDRAWN);
        }
        if self.bot.has_room() {
            return self.begin_session(contact, bot, session);
        }
        let when_full = self.model.bot.when_full;
        self.observer.on_bot_full(self.now, contact, when_full == WhenFull::Queue);
        match when_full {
            WhenFull::Escalate => self.reach_humans(contact, UNDRAWN),
            WhenFull::Reject => self.is_lost(contact, How::Blocked),
            WhenFull::Queue => {
                let slot = self.contacts.keep(contact);
                self.bot.queue.push_back(slot);
            }
        }
    }

    /// A session begins; how and when it ends is drawn now. Where nobody waits for its end, it is
    /// told at once, and those who go no further need no event for it.
    #[inline(always)]
    fn begin_session(&mut self, contact: &Contact, bot: &TypeBot, session: f64) {
        let end = self.outcome(contact, bot);
        let draws = self.kept_draws(contact);
        let session = if session >= 0.0 {
            session
        } else {
            let law = match end {
                SessionEnd::Escalated => &bot.escalation_session,
                _ => &bot.session,
            };
            law.sample(contact.draws().draw(Purpose::Session))
        };
        let length = SimSpan::from_seconds(session);
        let ends_at = self.now + length;
        let is_told = self.bot.is_unlimited && ends_at <= self.model.horizon.end;
        self.observer.on_session(self.now, contact, is_told.then_some((end, length)));
        if is_told {
            self.tell_bot_ended(contact, end, ends_at);
        }
        if is_told && matches!(end, SessionEnd::Resolved | SessionEnd::Abandoned) {
            self.tally.events += 1;
            return;
        }
        let slot = self.contacts.keep(contact);
        let kept = self.contacts.get_mut(slot);
        (kept.session, kept.end) = (length, end);
        if end == SessionEnd::Escalated && contact.log_row.is_none() {
            // Beside the session: at the answer everything would have to wait for this draw. Of rows
            // of a log the log tells it.
            let kind = &self.model.contact_types[contact.contact_type.index()];
            let law = &kind.escalation_handling.handling;
            kept.contact.handling = law.sample(draws.draw(Purpose::Handling));
        }
        self.bot.sessions.schedule(ends_at, slot.0);
    }

    /// How a session that begins now will end. Solved sessions lie at the low end of the draw and
    /// abandoned ones at the high end: a weaker bot escalates more, and loses nobody else.
    #[inline(always)]
    fn outcome(&self, contact: &Contact, bot: &TypeBot) -> SessionEnd {
        let kept = |surge: &SurgeId| self.model.surges[surge.index()].deflection_kept(self.now);
        let weakened: f64 = bot.surges.iter().map(kept).product();
        let deflection = bot.deflection.at(self.now) * weakened * self.bot.deflection_factor;
        let draws = contact.draws();
        let u = draws.draw(Purpose::BotOutcome).uniform();
        if u < deflection {
            let seemingly = bot.false_resolution.as_ref().is_some_and(|false_resolution| {
                let u = draws.draw(Purpose::FalseResolution).uniform();
                u < false_resolution.probability
            });
            if seemingly { SessionEnd::FalselyResolved } else { SessionEnd::Resolved }
        } else if u >= 1.0 - bot.abandonment {
            SessionEnd::Abandoned
        } else {
            SessionEnd::Escalated
        }
    }

    /// The next session ends that somebody waits for.
    #[inline(always)]
    pub(super) fn session_ended(&mut self) {
        let Some(entry) = self.bot.sessions.pop() else {
            return;
        };
        let slot = Slot(entry.payload);
        let kept = self.contacts.get(slot);
        let (end, length) = (kept.end, kept.session);
        let mut contact = self.contacts.release(slot);
        if !self.bot.is_unlimited {
            self.observer.on_session_end(self.now, &contact, end, length);
            self.tell_bot_ended(&contact, end, self.now);
        }
        match end {
            SessionEnd::Resolved | SessionEnd::Abandoned => {}
            SessionEnd::FalselyResolved => self.recontact(&contact),
            SessionEnd::Escalated => {
                contact.escalated = true;
                self.reach_humans(&mut contact, UNDRAWN);
            }
        }
        self.look_at_bot_queue();
    }

    /// Tells how an attempt ends that ends with the bot.
    #[inline(always)]
    fn tell_bot_ended(&mut self, contact: &Contact, end: SessionEnd, left_at: SimTime) {
        let (how, again) = match end {
            SessionEnd::Resolved => (How::Resolved, None),
            SessionEnd::FalselyResolved => (How::FalselyResolved, Some(Cause::Recontact)),
            SessionEnd::Abandoned => (How::LeftBot, None),
            SessionEnd::Escalated => return,
        };
        let ended = Ended { how, left_at, wait: SimSpan::ZERO, group: None, again };
        self.observer.on_ended(self.now, contact, &ended);
    }

    fn recontact(&mut self, contact: &Contact) {
        let kind = &self.model.contact_types[contact.contact_type.index()];
        let bot = kind.bot.as_ref();
        let Some(false_resolution) = bot.and_then(|bot| bot.false_resolution.as_ref()) else {
            return;
        };
        let draw = contact.draws().draw(Purpose::RecontactDelay);
        let after = SimSpan::from_seconds(false_resolution.recontact_after.sample(draw));
        self.comes_again(after, Person::of(contact, Cause::Recontact));
    }

    /// Who waits for a session begins one as far as there is room.
    #[inline(always)]
    pub(super) fn look_at_bot_queue(&mut self) {
        while !self.bot.queue.is_empty() && self.bot.has_room() {
            let Some(slot) = self.bot.queue.pop_front() else {
                break;
            };
            let contact = self.contacts.release(slot);
            let kind = &self.model.contact_types[contact.contact_type.index()];
            if let Some(bot) = &kind.bot {
                self.begin_session(&contact, bot, UNDRAWN);
            }
        }
    }
}
