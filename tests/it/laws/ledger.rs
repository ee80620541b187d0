//! Writes down when each attempt and each agent did what.

use surgecast::engine::{Answer, Cause, Contact, Observer, Service, SessionEnd, Staff};
use surgecast::model::{GroupId, Model};
use surgecast::time::{SimSpan, SimTime};

/// From an instant to another.
pub(super) type Span = (SimTime, SimTime);

/// Seconds that two spans share.
pub(super) fn overlap(a: Span, b: Span) -> f64 {
    let (start, end) = (a.0.max(b.0), a.1.min(b.1));
    if end > start {
        (end - start).as_seconds()
    } else {
        0.0
    }
}

/// One attempt.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) contact_type: usize,
    pub(super) index: u32,
    pub(super) counted: bool,
    pub(super) escalated: bool,
    /// Begin and end of its bot session.
    pub(super) session: Option<Span>,
    pub(super) arrived: SimTime,
    pub(super) queued: Option<SimTime>,
    /// When it left the human queue.
    pub(super) left: Option<SimTime>,
    pub(super) group: Option<usize>,
    pub(super) agent_time: SimSpan,
    pub(super) abandoned: bool,
    pub(super) blocked: Option<SimTime>,
    /// How often it was told to have ended.
    pub(super) ends: u32,
}

impl Attempt {
    pub(super) fn answered(&self) -> bool {
        self.group.is_some()
    }

    pub(super) fn wait(&self) -> Option<SimSpan> {
        Some(self.left? - self.queued?)
    }

    pub(super) fn left_or_never(&self) -> SimTime {
        self.left.unwrap_or(SimTime::NEVER)
    }
}

/// All that one replication tells.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) attempts: Vec<Attempt>,
    /// By contact type: from losing a contact to its return.
    pub(super) retrying: Vec<(usize, Span)>,
    /// Contacts that wait to retry: number, contact type, since when.
    away: Vec<(u64, usize, SimTime)>,
    /// By group: from answer to the end of wrap-up.
    pub(super) work: Vec<(usize, Span)>,
    /// By group: since when how many are present.
    staff: Vec<Vec<(SimTime, u32)>>,
    now: SimTime,
}

impl Ledger {
    pub(super) fn new(model: &Model) -> Self {
        Self {
            attempts: Vec::new(),
            retrying: Vec::new(),
            away: Vec::new(),
            work: Vec::new(),
            staff: vec![Vec::new(); model.groups.len()],
            now: SimTime::START,
        }
    }

    /// Agent hours present within a span.
    pub(super) fn present(&self, group: usize, span: Span) -> f64 {
        let staff = &self.staff[group];
        let ends = staff
            .iter()
            .skip(1)
            .map(|(at, _)| *at)
            .chain([SimTime::NEVER]);
        let hours = staff
            .iter()
            .zip(ends)
            .map(|((from, agents), to)| f64::from(*agents) * overlap((*from, to), span) / 3600.0);
        hours.sum()
    }

    /// The attempt; time must not run backward.
    fn at(&mut self, at: SimTime, contact: &Contact) -> &mut Attempt {
        assert!(at >= self.now);
        self.now = at;
        &mut self.attempts[usize::try_from(contact.row).unwrap()]
    }
}

impl Observer for Ledger {
    fn on_arrival(&mut self, at: SimTime, contact: &Contact) {
        assert_eq!(contact.row, self.attempts.len() as u64);
        assert_eq!(contact.arrived_at, at);
        if contact.cause == Cause::Retry {
            let place = self
                .away
                .iter()
                .position(|(number, ..)| *number == contact.number)
                .unwrap();
            let (_, kind, since) = self.away.swap_remove(place);
            self.retrying.push((kind, (since, at)));
        }
        self.attempts.push(Attempt {
            contact_type: contact.contact_type.index(),
            index: contact.attempt,
            counted: contact.counted,
            escalated: false,
            session: None,
            arrived: at,
            queued: None,
            left: None,
            group: None,
            agent_time: SimSpan::ZERO,
            abandoned: false,
            blocked: None,
            ends: 0,
        });
    }
    fn on_opted_out(&mut self, at: SimTime, contact: &Contact) {
        self.at(at, contact);
    }
    fn on_bot_full(&mut self, at: SimTime, contact: &Contact, _waits: bool) {
        self.at(at, contact);
    }
    fn on_session(&mut self, at: SimTime, contact: &Contact) {
        let attempt = self.at(at, contact);
        assert!(attempt.session.is_none());
        attempt.session = Some((at, SimTime::NEVER));
    }
    fn on_session_end(&mut self, at: SimTime, contact: &Contact, end: SessionEnd, length: SimSpan) {
        let attempt = self.at(at, contact);
        attempt.ends += u32::from(end != SessionEnd::Escalated);
        attempt.escalated = end == SessionEnd::Escalated;
        let session = attempt.session.as_mut().unwrap();
        assert_eq!(session.0 + length, at);
        session.1 = at;
    }
    fn on_queued(&mut self, at: SimTime, contact: &Contact, _waits: bool) {
        let attempt = self.at(at, contact);
        assert!(attempt.queued.is_none());
        assert_eq!(attempt.escalated, contact.escalated);
        attempt.queued = Some(at);
    }
    fn on_blocked(&mut self, at: SimTime, contact: &Contact) {
        let attempt = self.at(at, contact);
        attempt.blocked = Some(at);
        attempt.ends += 1;
    }
    fn on_answered(&mut self, at: SimTime, contact: &Contact, answer: Answer) {
        let attempt = self.at(at, contact);
        attempt.left = Some(at);
        attempt.group = Some(answer.group.index());
        let service = answer.service.expect("one contact at a time");
        attempt.agent_time = service.handling + service.wrap_up;
        attempt.ends += 1;
        let until = at + service.handling + service.wrap_up;
        self.work.push((answer.group.index(), (at, until)));
    }
    fn on_served(&mut self, _at: SimTime, _contact: &Contact, _service: Service) {
        unreachable!("one contact at a time");
    }
    fn on_transferred(&mut self, _at: SimTime, _contact: &Contact, _waits: bool) {
        unreachable!("nobody is misrouted");
    }
    fn on_abandoned(&mut self, at: SimTime, contact: &Contact) {
        let attempt = self.at(at, contact);
        attempt.left = Some(at);
        attempt.abandoned = true;
        attempt.ends += 1;
    }
    fn on_retry_planned(&mut self, at: SimTime, contact: &Contact) {
        self.away
            .push((contact.number, contact.contact_type.index(), at));
    }
    fn on_released(&mut self, at: SimTime, group: GroupId, _open: u32) {
        let done = |(of, (_, until)): &(usize, Span)| *of == group.index() && *until == at;
        assert!(
            self.work.iter().any(done),
            "released at another time than it takes"
        );
    }
    fn on_staff(&mut self, at: SimTime, group: GroupId, staff: Staff) {
        self.staff[group.index()].push((at, staff.present));
    }
    fn on_left_waiting(&mut self, at: SimTime, contact: &Contact, _work: SimSpan) {
        let attempt = self.at(at, contact);
        assert!(attempt.queued.is_some() && attempt.left.is_none());
    }
    fn on_unfinished(&mut self, contact: &Contact, queued: bool) {
        let row = usize::try_from(contact.row).unwrap();
        assert_eq!(queued, self.attempts[row].queued.is_some());
        self.attempts[row].ends += 1;
    }
    fn on_end(&mut self, _at: SimTime) {
        // Who still waits to retry does so beyond the end.
        for (_, kind, since) in std::mem::take(&mut self.away) {
            self.retrying.push((kind, (since, SimTime::NEVER)));
        }
    }
}
