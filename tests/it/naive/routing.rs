//! Who takes whom in the plain engine, and what that takes.

use std::cmp::Reverse;

use surgecast::engine::{Answer, Ended, How, Service};
use surgecast::model::{AgentChoice, ClassId, GroupId, Team};
use surgecast::random::Purpose;
use surgecast::time::{SimSpan, SimTime};

use super::contact::Contact;
use super::world::{Waiting, What, World};

impl World<'_> {
    /// The agent that a contact takes.
    pub(super) fn choose_agent(&self, contact: &Contact) -> Option<usize> {
        let class = &self.model.classes[contact.class];
        if !self.open[class.contact_type.index()] {
            return None;
        }
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for reach in &class.route {
            let free = self.free(reach.group.index());
            let has_begun = self.now - contact.queued_at >= reach.after;
            if has_begun && free.len() > reach.reserve as usize {
                groups.push(free);
            }
        }
        if class.agents == AgentChoice::Listed {
            groups.truncate(1);
        }
        self.pick(contact, &groups)
    }

    /// One of the free agents of some groups.
    fn pick(&self, contact: &Contact, groups: &[Vec<usize>]) -> Option<usize> {
        let class = &self.model.classes[contact.class];
        let since = |person: &usize| self.persons[*person].since;
        let open = |person: &usize| self.persons[*person].open.len();
        let all = groups.iter().flatten().copied();
        match class.agents {
            AgentChoice::LongestIdle | AgentChoice::LeastBusy | AgentChoice::Listed => {
                all.min_by_key(|person| (open(person), since(person)))
            }
            AgentChoice::MostBusy => {
                all.min_by_key(|person| (Reverse(open(person)), since(person)))
            }
            AgentChoice::Fastest => all.min_by(|a, b| {
                let pace = |person: &usize| {
                    let group = &self.model.groups[self.persons[*person].group];
                    let skill = group.skills[class.contact_type.index()].as_ref().unwrap();
                    let speeds = group.speeds.as_ref();
                    skill.pace * speeds.map_or(1.0, |speeds| speeds[open(person)])
                };
                let slower = pace(b).total_cmp(&pace(a));
                slower.then((open(a), since(a)).cmp(&(open(b), since(b))))
            }),
            AgentChoice::Random => self.any(contact, groups),
        }
    }

    /// Any agent. Those of a head count with one contact each are not told apart: which of them it
    /// is does not matter, and the one who has been idle for the longest time goes.
    fn any(&self, contact: &Contact, groups: &[Vec<usize>]) -> Option<usize> {
        let all: Vec<usize> = groups.iter().flatten().copied().collect();
        let draw = contact.draws().draw(Purpose::AgentChoice);
        let uniform = draw.child(u64::from(contact.transferred)).uniform();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below the number of agents"
        )]
        let place = (uniform * all.len() as f64) as usize;
        let chosen = *all.get(place.min(all.len().checked_sub(1)?))?;
        let group = self.persons[chosen].group;
        let first = groups.iter().flatten().find(|person| self.persons[**person].group == group);
        match self.model.groups[group].team {
            Team::Count { .. } => first.copied(),
            _ => Some(chosen),
        }
    }

    /// Free agents of a group take who waits for them.
    pub(super) fn look_at_queues(&mut self, group: usize) {
        loop {
            let free = self.free(group);
            let Some(place) = self.choose_contact(group, free.len()) else {
                break;
            };
            let contact = self.leave_queue(place);
            let person = self.pick(&contact, &[free]).unwrap();
            self.answer(contact, person, true);
        }
    }

    /// The place, among those who wait, of the contact that one of so many free agents takes.
    fn choose_contact(&self, group: usize, free: usize) -> Option<usize> {
        let mut best: Option<(f64, u64, usize)> = None;
        for (class, of) in self.model.classes.iter().enumerate() {
            let reach = of.route.iter().find(|reach| reach.group.index() == group);
            let (Some(reach), Some(place)) = (reach, self.first_of(class)) else {
                continue;
            };
            let Waiting { contact, reached, .. } = &self.waiting[place];
            let may = free > reach.reserve as usize
                && self.open[of.contact_type.index()]
                && *reached >= reach.after;
            if !may {
                continue;
            }
            let offer = self.model.offer(
                GroupId::new(group),
                ClassId::new(class),
                self.now - contact.queued_at,
                self.waiting_as(of.contact_type.index()),
            );
            let urgency = self.model.policy.urgency(&offer);
            let is_better = best.is_none_or(|(most, joined, _)| {
                urgency > most || urgency >= most && contact.place < joined
            });
            if is_better {
                best = Some((urgency, contact.place, place));
            }
        }
        best.map(|(_, _, place)| place)
    }

    /// The place of the first contact of a class among those who wait.
    pub(super) fn first_of(&self, class: usize) -> Option<usize> {
        let of_class = |place: &usize| self.waiting[*place].contact.class == class;
        let all = (0..self.waiting.len()).filter(of_class);
        all.min_by_key(|place| self.waiting[*place].contact.place)
    }

    /// How many wait as a contact type.
    pub(super) fn waiting_as(&self, kind: usize) -> u32 {
        let served_as = |class: usize| self.model.classes[class].contact_type.index();
        let waiting = self.waiting.iter();
        let waiting = waiting.filter(|waiting| served_as(waiting.contact.class) == kind);
        u32::try_from(waiting.count()).unwrap()
    }

    pub(super) fn answer(&mut self, contact: Contact, person: usize, waited: bool) {
        let group = self.persons[person].group;
        let service = self.work(&contact, Some(group));
        let is_shared = self.is_shared(person);
        let answer = Answer {
            group: GroupId::new(group),
            open: u32::try_from(self.persons[person].open.len()).unwrap(),
            waited,
            service: (!is_shared).then_some(service),
        };
        self.told.contact(self.now, &format!("{answer:?}"), &contact);
        self.start(person, contact, service);
        if is_shared {
            return self.plan_chat(person);
        }
        let left_at = self.now + service.handling;
        if contact.misrouted {
            self.transfer(contact, self.now, left_at, service);
        } else {
            self.is_served(&contact, group, self.now, (left_at, service));
            self.plan(left_at, What::LineFree);
        }
        self.plan(left_at + service.wrap_up, What::Release(person));
    }

    /// An agent serves a contact to the end.
    pub(super) fn is_served(
        &mut self,
        contact: &Contact,
        group: usize,
        answered_at: SimTime,
        (left_at, service): (SimTime, Service),
    ) {
        let ended = Ended {
            how: How::Answered(Some(service)),
            left_at,
            wait: contact.wait(answered_at),
            group: Some(GroupId::new(group)),
            again: None,
        };
        self.told.ended(self.now, contact, &ended);
    }

    /// What a contact takes an agent of a group, or of speed 1.
    pub(super) fn work(&self, contact: &Contact, group: Option<usize>) -> Service {
        let served_as = self.model.classes[contact.class].contact_type.index();
        let kind = &self.model.contact_types[served_as];
        let skill = group.and_then(|group| self.model.groups[group].skills[served_as].as_ref());
        let (handling, wrap_up) = if contact.misrouted {
            (Purpose::MisroutedHandling, Purpose::MisroutedWrapUp)
        } else {
            (Purpose::Handling, Purpose::WrapUp)
        };
        let draws = self.kept_draws(contact);
        let speed = skill.map_or(1.0, |skill| skill.speed);
        let own = skill.and_then(|skill| skill.handling.as_ref());
        let is_escalated = contact.escalated && !contact.misrouted;
        let logged = self.logged_handling(contact);
        let seconds = if let Some(logged) = logged {
            logged.as_seconds() / speed
        } else {
            let escalated = &kind.escalation_handling;
            let plain = if is_escalated { &escalated.handling } else { &kind.handling };
            let sampled = own.unwrap_or(plain).sample(draws.draw(handling));
            let left = if is_escalated { sampled * escalated.factor } else { sampled };
            if own.is_some() { left } else { left / speed }
        };
        let wrap_up = kind.wrap_up.as_ref().map(|law| law.sample(draws.draw(wrap_up)));
        Service {
            handling: SimSpan::from_seconds(seconds),
            wrap_up: SimSpan::from_seconds(wrap_up.unwrap_or(0.0)),
        }
    }

    fn logged_handling(&self, contact: &Contact) -> Option<SimSpan> {
        let log = self.model.contact_types[contact.kind].log.as_ref()?;
        let row = contact.log_row.filter(|_| !contact.misrouted)?;
        log.handling.as_ref()?[row as usize]
    }
}
