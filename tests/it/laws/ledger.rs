//! Writes down when each attempt and each agent did what.

use surgecast::engine::{
    Answer, Cause, Contact, Ended, How, Leg, Observer, Service, SessionEnd, Staff,
};
use surgecast::model::{GroupId, Model, Team};
use surgecast::time::{SimSpan, SimTime};

/// From an instant to another.
pub(super) type Span = (SimTime, SimTime);

/// Seconds that two spans share.
pub(super) fn overlap(a: Span, b: Span) -> f64 {
    let (start, end) = (a.0.max(b.0), a.1.min(b.1));
    if end > start { (end - start).as_seconds() } else { 0.0 }
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
    /// Its times in human queues: one, or two if it was transferred.
    pub(super) waits: Vec<Span>,
    /// Its times with agents, as far as they are known.
    pub(super) services: Vec<Work>,
    /// When it was last answered.
    pub(super) answered: Option<SimTime>,
    /// When it was transferred to its own queue.
    pub(super) transferred: Option<SimTime>,
    pub(super) abandoned: Option<SimTime>,
    pub(super) blocked: Option<SimTime>,
    pub(super) unfinished: bool,
    /// How often it was told to have ended.
    pub(super) ends: u32,
}

/// The work of an agent on a contact.
#[derive(Clone, Debug)]
pub(super) struct Work {
    pub(super) group: usize,
    pub(super) from: SimTime,
    /// How long it took; `None`: not known yet, or ever.
    pub(super) service: Option<Service>,
    /// Whether the contact was misrouted.
    pub(super) misrouted: bool,
    /// Whether the agent had several contacts at once.
    pub(super) shared: bool,
}

impl Work {
    /// From the answer to the end of wrap-up.
    pub(super) fn span(&self) -> Span {
        let end = |service: Service| self.from + service.handling + service.wrap_up;
        (self.from, self.service.map_or(SimTime::NEVER, end))
    }
}

impl Attempt {
    pub(super) fn wait(&self) -> SimSpan {
        let lengths = self.waits.iter().map(|(from, to)| *to - *from);
        lengths.fold(SimSpan::ZERO, |sum, length| sum + length)
    }

    /// The service that ended it, where that is known.
    pub(super) fn served(&self) -> Option<&Work> {
        self.services.iter().find(|work| !work.misrouted && work.service.is_some())
    }

    /// When the customer left, as far as it is known.
    pub(super) fn left(&self) -> Option<SimTime> {
        let served = self.served();
        let served = served.and_then(|work| Some(work.from + work.service?.handling));
        let bot = self.session.filter(|_| self.queued.is_none() && self.blocked.is_none());
        let bot = bot.map(|(_, end)| end).filter(|end| *end < SimTime::NEVER);
        served.or(self.abandoned).or(self.blocked).or(bot)
    }
}

/// What a group's agents did.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// Since when who is staffed.
    pub(super) staff: Vec<(SimTime, Staff)>,
    /// When an agent came to a number of open contacts (+1) or left it (−1).
    pub(super) open: Vec<(SimTime, usize, f64)>,
    busy: u32,
}

/// All that one replication tells.
#[derive(Debug)]
pub(super) struct Ledger<'m> {
    model: &'m Model,
    pub(super) attempts: Vec<Attempt>,
    /// By contact type: from losing a contact to its return.
    pub(super) retrying: Vec<(usize, Span)>,
    /// Contacts that wait to retry: number, contact type, since when.
    away: Vec<(u64, usize, SimTime)>,
    pub(super) groups: Vec<Group>,
    now: SimTime,
}

impl<'m> Ledger<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        Self {
            model,
            attempts: Vec::new(),
            retrying: Vec::new(),
            away: Vec::new(),
            groups: vec![Group::default(); model.groups.len()],
            now: SimTime::START,
        }
    }

    /// All work of a group.
    pub(super) fn work(&self, group: usize) -> impl Iterator<Item = &Work> {
        let all = self.attempts.iter().flat_map(|attempt| &attempt.services);
        all.filter(move |work| work.group == group)
    }

    /// Agent hours of some part of the staff within a span.
    pub(super) fn staffed(&self, group: usize, span: Span, part: fn(&Staff) -> u32) -> f64 {
        let staff = &self.groups[group].staff;
        let ends = staff.iter().skip(1).map(|(at, _)| *at);
        let ends = ends.chain([SimTime::NEVER]);
        let hours = staff.iter().zip(ends).map(|((from, staff), to)| {
            f64::from(part(staff)) * overlap((*from, to), span) / 3600.0
        });
        hours.sum()
    }

    /// Hours of agents with so many contacts open within a span.
    pub(super) fn open(&self, group: usize, open: usize, span: Span) -> f64 {
        let changes = self.groups[group].open.iter();
        let of_level = changes.filter(|(_, level, _)| *level == open);
        let hours =
            of_level.map(|(at, _, change)| change * overlap((*at, SimTime::NEVER), span) / 3600.0);
        hours.sum()
    }

    /// Time must not run backward; what holds at the end of each instant.
    fn pass(&mut self, at: SimTime) {
        assert!(at >= self.now);
        if at == self.now {
            return;
        }
        self.now = at;
        for (group, of) in self.model.groups.iter().zip(&self.groups) {
            let Some((_, staff)) = of.staff.last() else {
                assert_eq!(of.busy, 0);
                continue;
            };
            assert_eq!(staff.staffed, staff.present + staff.overtime);
            match group.team {
                Team::Shifts(_) | Team::Heads(_) => {
                    assert!(staff.overtime <= of.busy && of.busy <= staff.staffed);
                }
                Team::Count { .. } => {
                    assert_eq!(staff.overtime, of.busy.saturating_sub(staff.present));
                }
            }
        }
    }

    /// The attempt.
    fn at(&mut self, at: SimTime, contact: &Contact) -> &mut Attempt {
        self.pass(at);
        &mut self.attempts[usize::try_from(contact.row).unwrap()]
    }

    /// Nobody starts a contact in overtime, before the stage of its route, or while too few others
    /// would be left for those whom the group holds agents back for.
    fn may_start(&self, at: SimTime, contact: &Contact, answer: Answer) {
        let group = &self.model.groups[answer.group.index()];
        let of = &self.groups[answer.group.index()];
        let (_, staff) = of.staff.last().unwrap();
        let overtime = match group.team {
            Team::Shifts(_) | Team::Heads(_) => staff.overtime,
            Team::Count { .. } => 0,
        };
        let starts = u32::from(answer.open == 0);
        assert!(of.busy + starts <= staff.present + overtime);
        assert!((answer.open as usize) < group.slots());
        let route = &self.model.classes[contact.class.index()].route;
        let reach = route.iter().find(|reach| reach.group == answer.group);
        let reach = reach.unwrap();
        assert!(at - contact.queued_at >= reach.after);
        if group.slots() == 1 {
            assert!(staff.present + overtime - of.busy > reach.reserve);
        }
    }
}

impl Ledger<'_> {
    fn session_ends(&mut self, at: SimTime, contact: &Contact, end: SessionEnd, length: SimSpan) {
        let place = usize::try_from(contact.row).unwrap();
        let attempt = &mut self.attempts[place];
        attempt.escalated = end == SessionEnd::Escalated;
        let session = attempt.session.as_mut().unwrap();
        assert_eq!(session.0 + length, at);
        session.1 = at;
    }
}

impl Observer for Ledger<'_> {
    fn on_arrival(&mut self, at: SimTime, contact: &Contact) {
        self.pass(at);
        assert_eq!(contact.row, self.attempts.len() as u64);
        assert_eq!(contact.arrived_at, at);
        if contact.cause == Cause::Retry {
            let place =
                self.away.iter().position(|(number, ..)| *number == contact.number).unwrap();
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
            waits: Vec::new(),
            services: Vec::new(),
            answered: None,
            transferred: None,
            abandoned: None,
            blocked: None,
            unfinished: false,
            ends: 0,
        });
    }
    fn on_opted_out(&mut self, at: SimTime, contact: &Contact) {
        self.at(at, contact);
    }
    fn on_bot_full(&mut self, at: SimTime, contact: &Contact, _waits: bool) {
        self.at(at, contact);
    }
    fn on_session(&mut self, at: SimTime, contact: &Contact, end: Option<(SessionEnd, SimSpan)>) {
        let attempt = self.at(at, contact);
        assert!(attempt.session.is_none());
        attempt.session = Some((at, SimTime::NEVER));
        if let Some((end, length)) = end {
            assert!(self.model.has_unlimited_bot());
            self.session_ends(at + length, contact, end, length);
        }
    }
    fn on_session_end(&mut self, at: SimTime, contact: &Contact, end: SessionEnd, length: SimSpan) {
        assert!(!self.model.has_unlimited_bot());
        self.pass(at);
        self.session_ends(at, contact, end, length);
    }
    fn on_queued(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        let attempt = self.at(at, contact);
        assert!(attempt.queued.is_none());
        assert_eq!(attempt.escalated, contact.escalated);
        attempt.queued = Some(at);
        if waits {
            attempt.waits.push((at, SimTime::NEVER));
        }
    }
    fn on_answered(&mut self, at: SimTime, contact: &Contact, answer: Answer) {
        self.pass(at);
        self.may_start(at, contact, answer);
        let attempt = self.at(at, contact);
        if answer.waited {
            let wait = attempt.waits.last_mut().unwrap();
            assert_eq!(wait.1, SimTime::NEVER);
            wait.1 = at;
        }
        assert_eq!(contact.wait(at), attempt.wait());
        attempt.answered = Some(at);
        attempt.services.push(Work {
            group: answer.group.index(),
            from: at,
            service: answer.service,
            misrouted: contact.leg == Leg::Misrouted,
            shared: answer.service.is_none(),
        });
        let group = &mut self.groups[answer.group.index()];
        let open = answer.open as usize;
        group.busy += u32::from(open == 0);
        group.open.push((at, open, -1.0));
        group.open.push((at, open + 1, 1.0));
    }
    fn on_served(&mut self, at: SimTime, contact: &Contact, service: Service) {
        let attempt = self.at(at, contact);
        let mut open = attempt.services.iter_mut();
        let work = open.find(|work| {
            work.misrouted == (contact.leg == Leg::Misrouted) && work.service.is_none()
        });
        let work = work.unwrap();
        work.service = Some(service);
        assert_eq!(work.span().1, at);
        if let (true, Some(transferred)) = (work.misrouted, attempt.transferred) {
            assert_eq!(attempt.services[0].from + service.handling, transferred);
        }
    }
    fn on_transferred(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        let attempt = self.at(at, contact);
        assert!(attempt.transferred.is_none() && attempt.services.len() == 1);
        attempt.transferred = Some(at);
        attempt.answered = None;
        if waits {
            attempt.waits.push((at, SimTime::NEVER));
        }
    }
    fn on_ended(&mut self, at: SimTime, contact: &Contact, ended: &Ended) {
        if ended.again == Some(Cause::Retry) {
            self.away.push((contact.number, contact.contact_type.index(), at));
        }
        let end = self.model.horizon.end;
        let attempt = self.at(at, contact);
        attempt.ends += 1;
        match ended.how {
            How::Answered(service) => {
                let work = attempt.services.last().unwrap();
                assert_eq!(work.service, service);
                assert_eq!(ended.group.unwrap().index(), work.group);
                assert_eq!(attempt.answered, Some(work.from));
                assert_eq!(attempt.wait(), ended.wait);
            }
            How::Abandoned => {
                attempt.waits.last_mut().unwrap().1 = at;
                assert_eq!(attempt.wait(), ended.wait);
                attempt.abandoned = Some(at);
            }
            How::Blocked => attempt.blocked = Some(at),
            How::Unfinished { queued } => {
                assert_eq!(queued, attempt.queued.is_some());
                assert_eq!(at, end);
                attempt.unfinished = true;
            }
            How::Resolved | How::FalselyResolved | How::LeftBot => {
                assert_eq!(attempt.session.unwrap().1, ended.left_at);
            }
        }
    }
    fn on_released(&mut self, at: SimTime, group: GroupId, open: u32) {
        self.pass(at);
        assert!(
            self.work(group.index()).any(|work| work.span().1 == at),
            "released at another time than it takes"
        );
        let group = &mut self.groups[group.index()];
        group.busy -= u32::from(open == 1);
        group.open.push((at, open as usize, -1.0));
        group.open.push((at, open as usize - 1, 1.0));
    }
    fn on_staff(&mut self, at: SimTime, group: GroupId, staff: Staff) {
        self.pass(at);
        self.groups[group.index()].staff.push((at, staff));
    }
    fn on_left_waiting(&mut self, at: SimTime, contact: &Contact, _work: SimSpan) {
        let attempt = self.at(at, contact);
        assert_eq!(attempt.waits.last().unwrap().1, SimTime::NEVER);
    }
    fn on_end(&mut self, _at: SimTime) {
        // Who still waits to retry does so beyond the end.
        for (_, kind, since) in std::mem::take(&mut self.away) {
            self.retrying.push((kind, (since, SimTime::NEVER)));
        }
    }
}
