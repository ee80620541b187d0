//! What the collector does when the engine tells something.

use super::Collector;
use super::waits::Which;
use crate::engine::{
    Answer, Cause, Contact, Ended, How, Leg, Observer, Service, SessionEnd, Staff,
};
use crate::metrics::totals::Totals;
use crate::model::GroupId;
use crate::time::{SimSpan, SimTime};

impl Observer for Collector<'_> {
    #[inline(always)]
    fn on_arrival(&mut self, at: SimTime, contact: &Contact) {
        self.reach(at);
        if contact.cause == Cause::Retry {
            let since = self.since_cut(at);
            self.levels(contact, |levels| levels.retrying.down(since));
        }
        let Some(cell) = self.at_arrival(contact) else {
            return;
        };
        match contact.cause {
            Cause::Arrival => cell.arrivals += 1.0,
            Cause::Retry => cell.retries += 1.0,
            Cause::Recontact => cell.recontacts += 1.0,
        }
    }

    fn on_opted_out(&mut self, _at: SimTime, contact: &Contact) {
        if let Some(cell) = self.at_arrival(contact) {
            cell.opted_out += 1.0;
        }
    }

    fn on_bot_full(&mut self, _at: SimTime, contact: &Contact, waits: bool) {
        if let Some(cell) = self.at_arrival(contact) {
            cell.wanted_bot += 1.0;
            cell.bot_full += 1.0;
            if !waits {
                cell.overflowed += 1.0;
            }
        }
    }

    #[inline(always)]
    fn on_session(&mut self, at: SimTime, contact: &Contact, end: Option<(SessionEnd, SimSpan)>) {
        self.reach(at);
        let ends_at = end.map(|(_, length)| at + length);
        self.sessions.begin(at, ends_at);
        let Some(cell) = self.at_arrival(contact) else {
            return;
        };
        // All who got a session wanted one: they are counted at the end. Who waited for it was
        // counted on finding the bot full.
        if contact.arrived_at != at {
            cell.wanted_bot -= 1.0;
        }
        cell.bot_sessions += 1.0;
        if let Some((end, length)) = end {
            cell.end_session(end, length, at + length - contact.arrived_at);
            self.session.record(length.as_micros().unsigned_abs());
        }
    }

    fn on_session_end(&mut self, at: SimTime, contact: &Contact, end: SessionEnd, length: SimSpan) {
        self.reach(at);
        self.sessions.end(at, length);
        if let Some(cell) = self.at_arrival(contact) {
            cell.end_session(end, length, at - contact.arrived_at);
            self.session.record(length.as_micros().unsigned_abs());
        }
    }

    #[inline(always)]
    fn on_queued(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        self.reach(at);
        if waits {
            self.joins_queue(at, contact);
        }
        if let Some(cell) = self.at_queue(contact) {
            cell.queued += 1.0;
        }
    }

    #[inline(always)]
    fn on_answered(&mut self, at: SimTime, contact: &Contact, answer: Answer) {
        self.reach(at);
        let since = self.since_cut(at);
        self.groups[answer.group.index()].take(since, answer.open);
        if answer.waited {
            self.leaves_queue(at, contact);
        }
        if !contact.counted {
            return;
        }
        let groups = self.model.groups.len();
        self.handled_by[contact.contact_type.index() * groups + answer.group.index()] += 1.0;
        if contact.leg == Leg::Misrouted {
            return;
        }
        let kind = &self.kinds[contact.contact_type.index()];
        let (threshold, has_bot) = (kind.answer_within, kind.has_bot);
        let wait = contact.wait(at);
        let place = self.place(contact.queued_at, contact.contact_type);
        let cell = &mut self.cells[place];
        cell.answered += 1.0;
        if wait == SimSpan::ZERO {
            cell.answered_at_once += 1.0;
            cell.answered_in_time += 1.0;
        } else {
            if wait <= threshold {
                cell.answered_in_time += 1.0;
            } else {
                cell.excess_wait += (wait - threshold).as_seconds();
            }
            cell.wait.push(wait.as_seconds());
        }
        let to_human = wait + contact.bot_time();
        if has_bot {
            cell.time_to_human.push(to_human.as_seconds());
        }
        // The present belongs to the open interval.
        self.cells[self.first_cell + contact.contact_type.index()].events_answered += 1.0;
        if has_bot {
            let micros = to_human.as_micros().unsigned_abs();
            self.waits.record(place, Which::ToHuman, micros);
        }
        let micros = wait.as_micros().unsigned_abs();
        self.waits.record(place, Which::Answered, micros);
    }

    fn on_served(&mut self, at: SimTime, contact: &Contact, service: Service) {
        self.reach(at);
        // The handling of a misrouted contact goes along with it, but not the wrap-up.
        if contact.leg == Leg::Misrouted
            && let Some(cell) = self.at_queue(contact)
        {
            cell.handling += service.wrap_up.as_seconds();
        }
    }

    fn on_transferred(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        self.reach(at);
        if waits {
            self.joins_queue(at, contact);
        }
    }

    #[inline(always)]
    fn on_ended(&mut self, at: SimTime, contact: &Contact, ended: &Ended) {
        match ended.how {
            How::Answered(Some(service)) => self.serves(contact, ended, service),
            How::Abandoned => self.abandons(at, contact, ended),
            How::Blocked => {
                self.reach(at);
                if let Some(cell) = self.at_moment(at, contact) {
                    cell.blocked += 1.0;
                }
                self.ends(contact, ended);
            }
            How::Unfinished { queued: true } => {
                if let Some(cell) = self.at_queue(contact) {
                    cell.unfinished += 1.0;
                    cell.handling += contact.before.service.agent_time().as_seconds();
                }
            }
            How::Unfinished { queued: false } => {
                if let Some(cell) = self.at_arrival(contact) {
                    cell.unfinished_at_bot += 1.0;
                }
            }
            // Counted with its session, or at the answer.
            How::Resolved | How::FalselyResolved | How::LeftBot | How::Answered(None) => {}
        }
        if ended.again == Some(Cause::Retry) {
            let since = self.since_cut(at);
            self.levels(contact, |levels| levels.retrying.up(since));
        }
    }

    #[inline(always)]
    fn on_released(&mut self, at: SimTime, group: GroupId, open: u32) {
        self.reach(at);
        let since = self.since_cut(at);
        self.groups[group.index()].end(since, open);
    }

    fn on_staff(&mut self, at: SimTime, group: GroupId, staff: Staff) {
        self.reach(at);
        let since = self.since_cut(at);
        self.groups[group.index()].staff(since, staff);
    }

    fn on_left_waiting(&mut self, at: SimTime, contact: &Contact, work: SimSpan) {
        self.reach(at);
        let work = work.as_seconds();
        self.levels(contact, |levels| {
            levels.work += work;
            if contact.escalated {
                levels.escalated_work += work;
            }
        });
    }

    fn on_end(&mut self, at: SimTime) {
        self.reach(at.max(self.model.horizon.duration));
    }
}

impl Collector<'_> {
    #[inline(always)]
    fn serves(&mut self, contact: &Contact, ended: &Ended, service: Service) {
        if !contact.counted {
            return;
        }
        let place = self.place(contact.queued_at, contact.contact_type);
        self.cells[place].serve(contact, service);
        // Most contacts reach the human side in the interval of their arrival.
        let arrival = if contact.arrived_at >= self.interval_start {
            place
        } else {
            self.place(contact.arrived_at, contact.contact_type)
        };
        self.cells[arrival].end(contact, ended);
    }

    fn abandons(&mut self, at: SimTime, contact: &Contact, ended: &Ended) {
        self.reach(at);
        self.leaves_queue(at, contact);
        if !contact.counted {
            return;
        }
        let wait = ended.wait;
        let threshold = self.kinds[contact.contact_type.index()].answer_within;
        let place = self.place(contact.queued_at, contact.contact_type);
        let cell = &mut self.cells[place];
        cell.abandoned += 1.0;
        if wait <= threshold {
            cell.abandoned_in_time += 1.0;
        } else {
            cell.excess_wait += (wait - threshold).as_seconds();
        }
        cell.wait_abandoned.push(wait.as_seconds());
        cell.handling += contact.before.service.agent_time().as_seconds();
        let micros = wait.as_micros().unsigned_abs();
        self.waits.record(place, Which::Abandoned, micros);
        if let Some(cell) = self.at_moment(at, contact) {
            cell.events_abandoned += 1.0;
        }
        self.ends(contact, ended);
    }

    /// The customer leaves, so long after the arrival.
    #[inline(always)]
    fn ends(&mut self, contact: &Contact, ended: &Ended) {
        if let Some(cell) = self.at_arrival(contact) {
            cell.end(contact, ended);
        }
    }
}

impl Totals {
    /// A session ends, so long after the arrival.
    #[inline(always)]
    fn end_session(&mut self, end: SessionEnd, length: SimSpan, sojourn: SimSpan) {
        self.session_time += length.as_seconds();
        match end {
            SessionEnd::Resolved => self.resolved += 1.0,
            SessionEnd::FalselyResolved => self.falsely_resolved += 1.0,
            SessionEnd::Abandoned => self.bot_abandoned += 1.0,
            SessionEnd::Escalated => self.escalated += 1.0,
        }
        // That it ended is counted at the end.
        if end != SessionEnd::Escalated {
            self.sojourn += sojourn.as_seconds();
        }
    }

    /// An agent is done with a contact, which adds so much to its service.
    #[inline(always)]
    fn serve(&mut self, contact: &Contact, service: Service) {
        let before = contact.before.service;
        self.served += 1.0;
        self.service += (before.handling + service.handling).as_seconds();
        self.handling += (before.agent_time() + service.agent_time()).as_seconds();
    }

    /// The customer leaves.
    #[inline(always)]
    fn end(&mut self, contact: &Contact, ended: &Ended) {
        self.ended += 1.0;
        self.sojourn += (ended.left_at - contact.arrived_at).as_seconds();
    }
}
