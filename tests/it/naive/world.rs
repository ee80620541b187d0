//! The plain engine: one list of pending events, and what each of them does.

use surgecast::engine::{Before, Cause, Ended, How, SessionEnd};
use surgecast::model::{Change, GroupId, Model, SourceKind, Team, TypeBot, WhenFull};
use surgecast::random::{ContactKey, Distribution, NameKey, Purpose, Streams, gamma_factor};
use surgecast::time::{SimSpan, SimTime};

use super::Told;
use super::contact::Contact;
use super::people::Person;

/// Something that will happen.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    at: SimTime,
    /// Order among what happens at one instant, and then of planning.
    order: (u8, u64),
    pub(super) what: What,
}

/// What will happen.
#[derive(Clone, Debug)]
pub(super) enum What {
    Release(usize),
    LineFree,
    Chat(usize),
    Change(Change),
    BreakEnd(usize),
    Stage(u64),
    SessionEnd(Contact, SessionEnd, SimSpan),
    Return(Contact),
    Arrival(Arrival),
    PatienceEnd(u64),
}

impl What {
    /// Releases, then changes, then arrivals, then the ends of patience.
    fn rank(&self) -> u8 {
        match self {
            Self::Release(_) | Self::LineFree => 0,
            Self::Chat(_) => 1,
            Self::Change(_) => 2,
            Self::BreakEnd(_) => 3,
            Self::Stage(_) => 4,
            Self::SessionEnd(..) => 5,
            Self::Return(_) => 6,
            Self::Arrival(_) => 7,
            Self::PatienceEnd(_) => 8,
        }
    }
}

/// A first attempt.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    kind: usize,
    key: ContactKey,
    log_row: Option<u32>,
    source: SourceKind,
    is_listed: bool,
}

/// A contact in a human queue.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    id: u64,
    pub(super) contact: Contact,
    /// Stages up to this long after joining have begun.
    pub(super) reached: SimSpan,
}

/// The state of the plain engine.
pub(super) struct World<'m> {
    pub(super) model: &'m Model,
    pub(super) streams: Streams,
    pub(super) told: Told,
    pub(super) now: SimTime,
    pub(super) pending: Vec<Pending>,
    pub(super) persons: Vec<Person>,
    /// By group: how many are scheduled.
    pub(super) scheduled: Vec<u32>,
    pub(super) waiting: Vec<Waiting>,
    bot_queue: Vec<Contact>,
    bot_capacity: u32,
    deflection_factor: f64,
    /// The day's factor of each surge.
    factors: Vec<f64>,
    pub(super) open: Vec<bool>,
    pub(super) lines: u32,
    /// Numbers that only go up.
    pub(super) order: u64,
    places: u64,
    numbers: u64,
    rows: u64,
}

impl<'m> World<'m> {
    pub(super) fn new(model: &'m Model, streams: Streams) -> Self {
        let mut world = Self {
            model,
            streams,
            told: Told::default(),
            now: SimTime::START,
            pending: Vec::new(),
            persons: Vec::new(),
            scheduled: vec![0; model.groups.len()],
            waiting: Vec::new(),
            bot_queue: Vec::new(),
            bot_capacity: model.bot.capacity,
            deflection_factor: 1.0,
            factors: Vec::new(),
            open: model.contact_types.iter().map(|kind| kind.hours.is_none()).collect(),
            lines: 0,
            order: 0,
            places: 0,
            numbers: 0,
            rows: 0,
        };
        for (at, change) in &model.changes {
            world.plan(*at, What::Change(*change));
        }
        for (index, group) in model.groups.iter().enumerate() {
            let most = model.changes.iter().filter_map(|(_, change)| match change {
                Change::Staff { group, scheduled, .. } if group.index() == index => {
                    Some(*scheduled)
                }
                _ => None,
            });
            let (people, is_head_count) = match group.team {
                Team::Count { .. } => (most.max().unwrap_or(0), true),
                Team::Heads(people) => (people, true),
                Team::Shifts(people) => (people, false),
            };
            world.persons.extend((0..people).map(|_| Person::new(index, is_head_count)));
        }
        world.plan_arrivals(streams);
        world
    }

    /// All arrivals: who waits already first, then in order of listing.
    fn plan_arrivals(&mut self, streams: Streams) {
        let busyness = |key: NameKey, cv: f64| {
            gamma_factor(cv, streams.named(key).draw(Purpose::Busyness).uniform())
        };
        let shared = busyness(NameKey::new(&["run"]), self.model.busyness);
        for surge in &self.model.surges {
            let draw = streams.named(surge.key).draw(Purpose::SurgeFactor);
            self.factors.push(surge.factor.sample(draw));
        }
        for backlog in [true, false] {
            for (index, kind) in self.model.contact_types.iter().enumerate() {
                let day = shared * busyness(kind.key, kind.busyness);
                for source in &kind.sources {
                    if (source.kind == SourceKind::Backlog) != backlog {
                        continue;
                    }
                    let size = match source.kind {
                        SourceKind::Surge(surge) => self.factors[surge.index()] - 1.0,
                        SourceKind::Base | SourceKind::Backlog => 1.0,
                    };
                    if size <= 0.0 {
                        continue;
                    }
                    let has_log = kind.log.is_some() && source.kind == SourceKind::Base;
                    let arrivals = source.schedule.arrivals(streams.named(source.key), day * size);
                    for ((at, key), row) in arrivals.zip(0..) {
                        let arrival = Arrival {
                            kind: index,
                            key,
                            log_row: has_log.then_some(row),
                            source: source.kind,
                            is_listed: has_log || backlog,
                        };
                        self.plan(at, What::Arrival(arrival));
                    }
                }
            }
        }
    }

    pub(super) fn plan(&mut self, at: SimTime, what: What) {
        let order = (what.rank(), self.order);
        self.order += 1;
        self.pending.push(Pending { at, order, what });
    }

    /// Contacts that something will still happen to, other than the end of their handling by an
    /// agent who serves one at a time.
    fn is_over(&self) -> bool {
        let moves = |pending: &Pending| {
            matches!(
                pending.what,
                What::SessionEnd(..) | What::Return(_) | What::Arrival(_) | What::Chat(_)
            )
        };
        self.waiting.is_empty() && self.bot_queue.is_empty() && !self.pending.iter().any(moves)
    }

    pub(super) fn run(mut self) -> Told {
        let horizon = &self.model.horizon;
        let mut is_open = true;
        loop {
            let places = 0..self.pending.len();
            let next = places.min_by_key(|place| {
                let pending = &self.pending[*place];
                (pending.at, pending.order)
            });
            let at = next.map_or(SimTime::NEVER, |next| self.pending[next].at);
            if is_open && at >= horizon.duration {
                self.now = horizon.duration;
                self.close();
                is_open = false;
            }
            let Some(next) = next else { break };
            if at > horizon.end || (!is_open && self.is_over()) {
                break;
            }
            let pending = self.pending.swap_remove(next);
            self.now = pending.at;
            self.happens(pending.what);
        }
        self.finish();
        self.told
    }

    fn happens(&mut self, what: What) {
        match what {
            What::Release(person) => {
                self.end_contact(person, 0);
                self.look_at_queues(self.persons[person].group);
            }
            What::LineFree => self.lines -= 1,
            What::Chat(person) => self.chat_ends(person),
            What::Change(change) => self.changes(change),
            What::BreakEnd(person) => self.break_ends(person),
            What::Stage(id) => self.stage(id),
            What::SessionEnd(contact, end, length) => self.session_ends(contact, end, length),
            What::Return(contact) => self.returns(contact),
            What::Arrival(arrival) => self.arrives(&arrival),
            What::PatienceEnd(id) => {
                let place = self.waiting.iter().position(|waiting| waiting.id == id);
                self.abandons(place.expect("it waits"));
            }
        }
    }

    fn changes(&mut self, change: Change) {
        match change {
            Change::Staff { group, scheduled, .. } => {
                self.scheduled[group.index()] = scheduled;
                self.settle_staff(group.index());
            }
            Change::Shrinkage(group) => self.settle_staff(group.index()),
            Change::Scheduled { group, agents } => {
                self.scheduled[group.index()] = agents;
                self.tell_staff(group.index());
            }
            Change::ShiftStart(people) => self.shift_starts(people),
            Change::BreakDue(people, length) => self.break_due(people, length),
            Change::ShiftEnd(people) => self.shift_ends(people),
            Change::Hours { contact_type, open } => self.hours(contact_type.index(), open),
            Change::Bot { capacity, deflection_factor } => {
                self.bot_capacity = capacity;
                self.deflection_factor = deflection_factor;
                self.look_at_bot_queue();
            }
        }
    }

    fn hours(&mut self, kind: usize, open: bool) {
        self.open[kind] = open;
        let disconnects = self.model.contact_types[kind].hours.unwrap().disconnects;
        for (index, class) in self.model.classes.iter().enumerate() {
            if class.contact_type.index() != kind {
                continue;
            }
            if open {
                for reach in &class.route {
                    self.look_at_queues(reach.group.index());
                }
            }
            while let (false, true, Some(place)) = (open, disconnects, self.first_of(index)) {
                self.abandons(place);
            }
        }
    }

    fn arrives(&mut self, arrival: &Arrival) {
        let kind = arrival.kind;
        let is_thinned = self.factors.iter().any(|factor| *factor < 1.0) && !arrival.is_listed;
        if is_thinned {
            let kept = self.share_kept(kind, arrival.source);
            if arrival.key.draw(Purpose::Thinning).uniform() >= kept {
                return;
            }
        }
        let waits_already = arrival.source == SourceKind::Backlog;
        let contact = Contact {
            number: self.numbers,
            row: 0,
            key: arrival.key,
            kind,
            class: self.model.contact_types[kind].class.index(),
            log_row: arrival.log_row,
            attempt: 0,
            retries: 0,
            cause: Cause::Arrival,
            escalated: false,
            past_bot: waits_already,
            misrouted: false,
            transferred: false,
            counted: self.now >= self.model.horizon.warm_up,
            arrived_at: self.now,
            queued_at: self.now,
            waits_from: self.now,
            before: Before::default(),
            place: 0,
        };
        self.numbers += 1;
        self.enters(contact, waits_already);
    }

    /// Share of the arrivals that surges with a factor below 1 leave.
    fn share_kept(&self, kind: usize, source: SourceKind) -> f64 {
        let (mut raised, mut lowered) = (0.0, 1.0);
        for surge in &self.model.contact_types[kind].surges {
            let strength = self.model.surges[surge.index()].strength(self.now);
            let change = (self.factors[surge.index()] - 1.0) * strength;
            if change > 0.0 {
                raised += change;
            } else {
                lowered += change;
            }
        }
        match source {
            SourceKind::Surge(_) if lowered > 0.0 => 1.0,
            SourceKind::Surge(_) => ((lowered + raised) / raised).clamp(0.0, 1.0),
            SourceKind::Base | SourceKind::Backlog => lowered.clamp(0.0, 1.0),
        }
    }

    /// The queue of an escalated contact among its own.
    fn own_class(&self, contact: &Contact) -> usize {
        let is_urgent = |bot: &TypeBot| bot.urgent.filter(|_| is_urgent(contact, bot));
        let kind = &self.model.contact_types[contact.kind];
        let urgent = kind.bot.as_ref().and_then(is_urgent);
        urgent.map_or(kind.class, |urgent| urgent.class).index()
    }

    fn returns(&mut self, mut contact: Contact) {
        contact.waits_from = self.now;
        if contact.transferred {
            contact.class = self.own_class(&contact);
            let agent = self.choose_agent(&contact);
            let waits = agent.is_none();
            self.told.contact(self.now, &format!("transferred {waits}"), &contact);
            return self.takes_or_waits(contact, agent);
        }
        contact.arrived_at = self.now;
        contact.queued_at = self.now;
        self.enters(contact, false);
    }

    fn enters(&mut self, mut contact: Contact, waits_already: bool) {
        contact.row = self.rows;
        self.rows += 1;
        self.told.contact(self.now, "arrives", &contact);
        match &self.model.contact_types[contact.kind].bot {
            _ if waits_already => self.queues(contact),
            Some(bot) if !contact.past_bot => self.meets_bot(contact, bot),
            _ => self.reaches_humans(contact),
        }
    }

    fn meets_bot(&mut self, contact: Contact, bot: &TypeBot) {
        if contact.draws().draw(Purpose::OptOut).uniform() < bot.opt_out {
            self.told.contact(self.now, "opts out", &contact);
            return self.reaches_humans(contact);
        }
        if self.bot_has_room() {
            return self.begins_session(contact, bot);
        }
        let when_full = self.model.bot.when_full;
        let waits = when_full == WhenFull::Queue;
        self.told.contact(self.now, &format!("bot full {waits}"), &contact);
        match when_full {
            WhenFull::Escalate => self.reaches_humans(contact),
            WhenFull::Reject => self.is_blocked(contact),
            WhenFull::Queue => self.bot_queue.push(contact),
        }
    }

    fn bot_has_room(&self) -> bool {
        let is_session = |pending: &&Pending| matches!(pending.what, What::SessionEnd(..));
        let sessions = self.pending.iter().filter(is_session).count();
        sessions < self.bot_capacity as usize
    }

    fn begins_session(&mut self, contact: Contact, bot: &TypeBot) {
        let draws = contact.draws();
        let kept = bot.surges.iter();
        let kept: f64 =
            kept.map(|surge| self.model.surges[surge.index()].deflection_kept(self.now)).product();
        let deflection = bot.deflection.at(self.now) * kept * self.deflection_factor;
        let outcome = draws.draw(Purpose::BotOutcome).uniform();
        let end = if outcome < deflection {
            let falsely = draws.draw(Purpose::FalseResolution).uniform();
            match &bot.false_resolution {
                Some(of) if falsely < of.probability => SessionEnd::FalselyResolved,
                _ => SessionEnd::Resolved,
            }
        } else if outcome >= 1.0 - bot.abandonment {
            SessionEnd::Abandoned
        } else {
            SessionEnd::Escalated
        };
        let law = if end == SessionEnd::Escalated { &bot.escalation_session } else { &bot.session };
        let length = SimSpan::from_seconds(law.sample(draws.draw(Purpose::Session)));
        let ends_at = self.now + length;
        // Nobody waits for the end of a session: it is told at the beginning.
        let is_told = self.model.has_unlimited_bot() && ends_at <= self.model.horizon.end;
        let told = is_told.then_some((end, length));
        self.told.contact(self.now, &format!("session {told:?}"), &contact);
        if is_told {
            self.ends_at_bot(&contact, end, ends_at);
        }
        let goes_on = matches!(end, SessionEnd::FalselyResolved | SessionEnd::Escalated);
        if goes_on || !is_told {
            self.plan(ends_at, What::SessionEnd(contact, end, length));
        }
    }

    fn session_ends(&mut self, mut contact: Contact, end: SessionEnd, length: SimSpan) {
        if !self.model.has_unlimited_bot() {
            self.told.contact(self.now, &format!("session {end:?} {length:?}"), &contact);
            self.ends_at_bot(&contact, end, self.now);
        }
        let bot = self.model.contact_types[contact.kind].bot.as_ref().unwrap();
        match (end, &bot.false_resolution) {
            (SessionEnd::FalselyResolved, Some(of)) => {
                let draw = contact.draws().draw(Purpose::RecontactDelay);
                let after = SimSpan::from_seconds(of.recontact_after.sample(draw));
                contact.attempt += 1;
                contact.cause = Cause::Recontact;
                contact.past_bot = true;
                self.plan(self.now + after, What::Return(contact));
            }
            (SessionEnd::Escalated, _) => {
                contact.escalated = true;
                self.reaches_humans(contact);
            }
            _ => {}
        }
        self.look_at_bot_queue();
    }

    fn ends_at_bot(&mut self, contact: &Contact, end: SessionEnd, left_at: SimTime) {
        let how = match end {
            SessionEnd::Resolved => How::Resolved,
            SessionEnd::FalselyResolved => How::FalselyResolved,
            SessionEnd::Abandoned => How::LeftBot,
            SessionEnd::Escalated => return,
        };
        let again = (end == SessionEnd::FalselyResolved).then_some(Cause::Recontact);
        let ended = Ended { how, left_at, wait: SimSpan::ZERO, group: None, again };
        self.told.ended(self.now, contact, &ended);
    }

    fn look_at_bot_queue(&mut self) {
        while !self.bot_queue.is_empty() && self.bot_has_room() {
            let contact = self.bot_queue.remove(0);
            let bot = self.model.contact_types[contact.kind].bot.as_ref().unwrap();
            self.begins_session(contact, bot);
        }
    }

    fn reaches_humans(&mut self, mut contact: Contact) {
        contact.queued_at = self.now;
        contact.waits_from = self.now;
        let bot = self.model.contact_types[contact.kind].bot.as_ref();
        if let Some(bot) = bot.filter(|_| contact.escalated) {
            triage(&mut contact, bot);
        }
        let limits = self.model.limits;
        let agent = self.choose_agent(&contact);
        let waits_as = self.model.classes[contact.class].contact_type.index();
        let kind = &self.model.contact_types[waits_as];
        let is_closed = !self.open[waits_as] && kind.hours.is_some_and(|hours| hours.rejects);
        let has_no_place = self.waiting.len() >= limits.waiting_room as usize
            || self.waiting_as(waits_as) >= kind.queue_limit;
        let has_no_line = limits.lines != u32::MAX && self.lines >= limits.lines;
        if has_no_line || (agent.is_none() && (is_closed || has_no_place)) {
            return self.is_blocked(contact);
        }
        self.queues(contact);
    }

    /// A contact enters a human queue.
    fn queues(&mut self, mut contact: Contact) {
        contact.place = self.places;
        self.places += 1;
        self.lines += 1;
        let agent = self.choose_agent(&contact);
        let waits = agent.is_none();
        self.told.contact(self.now, &format!("queued {waits}"), &contact);
        self.takes_or_waits(contact, agent);
    }

    fn takes_or_waits(&mut self, contact: Contact, agent: Option<usize>) {
        if let Some(person) = agent {
            return self.answer(contact, person, false);
        }
        let id = self.order;
        if let Some(patience) = self.patience(&contact) {
            self.plan(self.now + patience, What::PatienceEnd(id));
        }
        self.order += 1;
        self.waiting.push(Waiting { id, contact, reached: SimSpan::ZERO });
        self.plan_stage(self.waiting.len() - 1);
    }

    fn patience(&self, contact: &Contact) -> Option<SimSpan> {
        let kind = &self.model.contact_types[contact.kind];
        let logged = kind.log.as_ref().and_then(|log| log.patience.as_ref());
        if let (Some(row), Some(logged)) = (contact.log_row, logged) {
            return logged[row as usize];
        }
        let purpose =
            if contact.transferred { Purpose::TransferPatience } else { Purpose::Patience };
        let draw = self.kept_draws(contact).draw(purpose);
        let law: Option<&Distribution> = kind.patience.as_ref();
        law.map(|law| SimSpan::from_seconds(law.sample(draw)))
    }

    pub(super) fn kept_draws(&self, contact: &Contact) -> ContactKey {
        let retry = self.model.contact_types[contact.kind].retry.as_ref();
        if retry.is_some_and(|retry| retry.keep_draws) { contact.key } else { contact.draws() }
    }

    /// Stages that have begun have been reached; the next one is planned.
    fn plan_stage(&mut self, place: usize) {
        let now = self.now;
        let waiting = &mut self.waiting[place];
        waiting.reached = now - waiting.contact.queued_at;
        let (id, contact) = (waiting.id, waiting.contact);
        let route = self.model.classes[contact.class].route.iter();
        let begin = route.map(|reach| contact.queued_at + reach.after);
        if let Some(next) = begin.filter(|at| *at > now).min() {
            self.plan(next, What::Stage(id));
        }
    }

    fn stage(&mut self, id: u64) {
        let place = self.waiting.iter().position(|waiting| waiting.id == id);
        let place = place.expect("it waits");
        match self.choose_agent(&self.waiting[place].contact) {
            Some(person) => {
                let contact = self.leave_queue(place);
                self.answer(contact, person, true);
            }
            None => self.plan_stage(place),
        }
    }

    /// Takes a contact out of its queue, and forgets what was planned for it there.
    pub(super) fn leave_queue(&mut self, place: usize) -> Contact {
        let Waiting { id, contact, .. } = self.waiting.remove(place);
        self.pending.retain(|pending| match pending.what {
            What::Stage(of) | What::PatienceEnd(of) => of != id,
            _ => true,
        });
        contact
    }

    fn abandons(&mut self, place: usize) {
        let contact = self.leave_queue(place);
        self.lines -= 1;
        let retry = self.model.contact_types[contact.kind].retry.as_ref();
        let probability = retry.map_or(0.0, |retry| retry.after_abandoning);
        self.is_lost(contact, How::Abandoned, probability);
    }

    fn is_blocked(&mut self, contact: Contact) {
        let retry = self.model.contact_types[contact.kind].retry.as_ref();
        let probability = retry.map_or(0.0, |retry| retry.after_blocking);
        self.is_lost(contact, How::Blocked, probability);
    }

    fn is_lost(&mut self, mut contact: Contact, how: How, probability: f64) {
        let kind = &self.model.contact_types[contact.kind];
        let draws = contact.draws();
        let comes = draws.draw(Purpose::Retry).uniform() < probability;
        let retry = kind.retry.as_ref().filter(|_| comes);
        let retry = retry.filter(|retry| retry.at_most.is_none_or(|most| contact.retries < most));
        let again = retry.map(|_| Cause::Retry);
        let (left_at, wait) = (self.now, contact.wait(self.now));
        let ended = Ended { how, left_at, wait, group: None, again };
        self.told.ended(self.now, &contact, &ended);
        let Some(retry) = retry else { return };
        let after = SimSpan::from_seconds(retry.after.sample(draws.draw(Purpose::RetryDelay)));
        contact.attempt += 1;
        contact.retries += 1;
        contact.cause = Cause::Retry;
        contact.escalated = false;
        contact.misrouted = false;
        contact.transferred = false;
        contact.class = kind.class.index();
        contact.before = Before::default();
        self.plan(self.now + after, What::Return(contact));
    }

    /// Who waits, by queue and place.
    fn in_order(&self) -> Vec<Contact> {
        let mut all: Vec<Contact> = self.waiting.iter().map(|waiting| waiting.contact).collect();
        all.sort_by_key(|contact| (contact.class, contact.place));
        all
    }

    fn close(&mut self) {
        for contact in self.in_order() {
            let mut work = self.work(&contact, None).agent_time();
            if contact.misrouted {
                // The agent who finds out is not the one who solves it.
                let mut own = contact;
                own.class = self.own_class(&contact);
                own.misrouted = false;
                own.transferred = true;
                work += self.work(&own, None).agent_time();
            }
            self.told.contact(self.now, &format!("left waiting {work:?}"), &contact);
        }
    }

    /// Who is still in the system is unfinished, or was answered.
    fn finish(&mut self) {
        let end = self.model.horizon.end;
        for contact in self.in_order() {
            self.is_unfinished(&contact, true, contact.wait(end));
        }
        for pending in std::mem::take(&mut self.pending) {
            match pending.what {
                What::Return(contact) if contact.transferred => {
                    self.is_unfinished(&contact, true, contact.before.wait);
                }
                What::SessionEnd(contact, ..) => {
                    self.is_unfinished(&contact, false, SimSpan::ZERO);
                }
                _ => {}
            }
        }
        for contact in std::mem::take(&mut self.bot_queue) {
            self.is_unfinished(&contact, false, SimSpan::ZERO);
        }
        for person in std::mem::take(&mut self.persons) {
            if self.model.groups[person.group].speeds.is_none() {
                continue;
            }
            for open in person.open {
                let wait = open.contact.wait(open.answered_at);
                if !open.contact.misrouted {
                    let ended = Ended {
                        how: How::Answered(None),
                        left_at: open.left_at.unwrap_or(end),
                        wait,
                        group: Some(GroupId::new(person.group)),
                        again: None,
                    };
                    self.told.ended(end, &open.contact, &ended);
                } else if open.left_at.is_none() {
                    self.is_unfinished(&open.contact, true, wait);
                }
            }
        }
    }

    fn is_unfinished(&mut self, contact: &Contact, queued: bool, wait: SimSpan) {
        let how = How::Unfinished { queued };
        let left_at = self.model.horizon.end;
        let ended = Ended { how, left_at, wait, group: None, again: None };
        self.told.ended(left_at, contact, &ended);
    }
}

fn is_urgent(contact: &Contact, bot: &TypeBot) -> bool {
    let draw = contact.draws().draw(Purpose::Urgent).uniform();
    bot.urgent.is_some_and(|urgent| draw < urgent.probability)
}

/// What an escalation is taken for, and how urgent it is.
fn triage(contact: &mut Contact, bot: &TypeBot) {
    let draw = contact.draws().draw(Purpose::Misroute).uniform();
    let urgent = bot.urgent.filter(|_| is_urgent(contact, bot));
    let misroute = bot.misroute.filter(|(probability, _)| draw < *probability);
    if let Some((_, class)) = misroute {
        contact.misrouted = true;
        contact.class = class.index();
    }
    if let Some(urgent) = urgent {
        let class = if contact.misrouted { urgent.misrouted } else { None };
        contact.class = class.unwrap_or(urgent.class).index();
    }
}
