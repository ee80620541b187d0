//! The agents of the plain engine: each one told apart.

use std::cmp::Reverse;

use surgecast::engine::{Service, Staff};
use surgecast::model::Team;
use surgecast::model::roster::People;
use surgecast::time::{SimSpan, SimTime};

use super::contact::Contact;
use super::world::{Pending, What, World};

/// An agent.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) group: usize,
    /// Shifts in progress; with a head count always 1.
    shifts: u32,
    /// Whether the agent is away, or to leave, while on shift.
    off: bool,
    rests_until: Option<SimTime>,
    /// Length of the breaks that are due.
    due: SimSpan,
    pub(super) open: Vec<Open>,
    /// Since when so many contacts are open, and in which order agents came to it.
    pub(super) since: (SimTime, u64),
    counted_to: SimTime,
}

/// A contact that an agent has open.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) contact: Contact,
    pub(super) answered_at: SimTime,
    /// When the customer left.
    pub(super) left_at: Option<SimTime>,
    /// Microseconds of work, at speed 1, that are left of the handling, then of the wrap-up.
    left: f64,
    wrap_up: f64,
}

impl Person {
    pub(super) fn new(group: usize, is_head_count: bool) -> Self {
        Self {
            group,
            shifts: u32::from(is_head_count),
            off: is_head_count,
            rests_until: None,
            due: SimSpan::ZERO,
            open: Vec::new(),
            since: (SimTime::START, 0),
            counted_to: SimTime::START,
        }
    }

    /// Whether the agent is there and has room for a contact.
    fn has_room(&self, slots: usize) -> bool {
        self.is_there() && self.due == SimSpan::ZERO && self.open.len() < slots
    }

    /// Whether the agent is on shift and not on a break.
    fn is_on(&self) -> bool {
        self.shifts > 0 && self.rests_until.is_none()
    }

    fn is_there(&self) -> bool {
        self.is_on() && !self.off
    }
}

impl World<'_> {
    fn is_head_count(&self, group: usize) -> bool {
        !matches!(self.model.groups[group].team, Team::Shifts(_))
    }

    fn people(&self, group: usize) -> std::vec::IntoIter<usize> {
        let all = 0..self.persons.len();
        let of: Vec<usize> = all.filter(|person| self.persons[*person].group == group).collect();
        of.into_iter()
    }

    fn count(&self, group: usize, what: impl Fn(&Person) -> bool) -> u32 {
        let found = self.people(group).filter(|person| what(&self.persons[*person]));
        u32::try_from(found.count()).unwrap()
    }

    /// Agents who may take a contact: fewest open first, then by since when.
    pub(super) fn free(&self, group: usize) -> Vec<usize> {
        let slots = self.model.groups[group].slots();
        let may = |person: &usize| self.persons[*person].has_room(slots);
        let mut free: Vec<usize> = self.people(group).filter(may).collect();
        free.sort_by_key(|person| (self.persons[*person].open.len(), self.persons[*person].since));
        free
    }

    /// Changes an agent; whoever has come to a number of open contacts with room for more has done
    /// so now.
    fn change(&mut self, person: usize, change: impl FnOnce(&mut Person)) {
        let slots = self.model.groups[self.persons[person].group].slots();
        let of = &mut self.persons[person];
        let before = (of.has_room(slots), of.open.len());
        change(of);
        let after = (of.has_room(slots), of.open.len());
        if after.0 && after != before {
            of.since = (self.now, self.order);
            self.order += 1;
        }
    }

    pub(super) fn tell_staff(&mut self, group: usize) {
        let present = self.count(group, Person::is_there);
        let stays = |person: &Person| (person.off || person.shifts == 0) && !person.open.is_empty();
        let overtime = self.count(group, stays);
        let staffed = present + overtime;
        let scheduled = self.scheduled[group];
        self.told.staff(self.now, group, Staff { scheduled, present, staffed, overtime });
    }

    /// Those of a group on shift who are away or to leave; or the others.
    fn who(&self, group: usize, off: bool) -> std::vec::IntoIter<usize> {
        let is_one = |person: &usize| {
            let person = &self.persons[*person];
            person.is_on() && person.off == off
        };
        self.people(group).filter(is_one).collect::<Vec<_>>().into_iter()
    }

    /// How dear an agent is to a head count: the most contacts open, then first listed. Who serves
    /// one contact at a time and is idle is the dearer, the longer.
    fn rank(&self, person: usize) -> (usize, Reverse<(SimTime, u64)>, Reverse<usize>) {
        let of = &self.persons[person];
        let is_alike = matches!(self.model.groups[of.group].team, Team::Count { .. });
        let since = if is_alike { of.since } else { (SimTime::START, 0) };
        (of.open.len(), Reverse(since), Reverse(person))
    }

    /// So many are present as shrinkage leaves: those with the fewest contacts leave; those come who
    /// have not left yet, then others.
    pub(super) fn settle_staff(&mut self, group: usize) {
        let of = &self.model.groups[group];
        let people = if self.is_head_count(group) {
            self.scheduled[group]
        } else {
            self.count(group, Person::is_on)
        };
        let draw = of.shrinkage.map_or(0.0, |shrinkage| shrinkage.draw(self.streams, self.now));
        let present = of.present(people, draw);
        while self.count(group, Person::is_there) < present {
            let Some(person) = self.who(group, true).max_by_key(|person| self.rank(*person)) else {
                break;
            };
            self.change(person, |person| person.off = false);
        }
        while self.count(group, Person::is_there) > present {
            let least = self.who(group, false).min_by_key(|person| self.rank(*person));
            self.change(least.unwrap(), |person| person.off = true);
        }
        self.tell_staff(group);
        self.look_at_queues(group);
    }

    /// Who has come to have fewer contacts than somebody who is to leave leaves instead.
    fn change_places(&mut self, person: usize) {
        let group = self.persons[person].group;
        let most = self.who(group, true).max_by_key(|person| self.rank(*person));
        let open = |person: usize| self.persons[person].open.len();
        let is_more = |other: &usize| open(*other) > open(person);
        let of = &self.persons[person];
        let rests = of.open.is_empty() && of.due > SimSpan::ZERO;
        if of.is_there()
            && !rests
            && let Some(other) = most.filter(is_more)
        {
            self.change(other, |other| other.off = false);
            self.change(person, |person| person.off = true);
        }
    }

    fn persons_of(&self, people: People) -> Vec<usize> {
        let group: Vec<usize> = self.people(people.group.index()).collect();
        people.agents().map(|place| group[place as usize]).collect()
    }

    pub(super) fn shift_starts(&mut self, people: People) {
        for person in self.persons_of(people) {
            self.change(person, |person| person.shifts += 1);
        }
        self.settle_staff(people.group.index());
    }

    pub(super) fn shift_ends(&mut self, people: People) {
        for person in self.persons_of(people) {
            self.change(person, |person| {
                person.shifts -= 1;
                if person.shifts == 0 {
                    person.rests_until = None;
                    person.due = SimSpan::ZERO;
                    person.off = false;
                }
            });
        }
        self.settle_staff(people.group.index());
    }

    pub(super) fn break_due(&mut self, people: People, length: SimSpan) {
        for person in self.persons_of(people) {
            if self.persons[person].shifts > 0 {
                self.change(person, |person| person.due += length);
                self.rest(person);
            }
        }
        self.settle_staff(people.group.index());
    }

    /// The breaks that are due begin if the agent is free.
    fn rest(&mut self, person: usize) {
        let of = &self.persons[person];
        if of.due > SimSpan::ZERO && of.open.is_empty() && of.rests_until.is_none() {
            let until = self.now + of.due;
            self.change(person, |person| {
                person.rests_until = Some(until);
                person.due = SimSpan::ZERO;
            });
            self.plan(until, What::BreakEnd(person));
        }
    }

    pub(super) fn break_ends(&mut self, person: usize) {
        let group = self.persons[person].group;
        if self.persons[person].rests_until == Some(self.now) {
            self.change(person, |person| person.rests_until = None);
            self.rest(person);
        }
        self.settle_staff(group);
    }

    /// An agent takes a contact.
    pub(super) fn start(&mut self, person: usize, contact: Contact, service: Service) {
        self.count_work(person);
        let open = Open {
            contact,
            answered_at: self.now,
            left_at: None,
            left: service.handling.as_micros() as f64,
            wrap_up: service.wrap_up.as_micros() as f64,
        };
        self.change(person, |person| person.open.push(open));
    }

    /// An agent is done with a contact.
    pub(super) fn end_contact(&mut self, person: usize, place: usize) {
        let group = self.persons[person].group;
        let open = self.persons[person].open.len();
        self.change(person, |person| {
            person.open.remove(place);
        });
        self.change_places(person);
        self.told.line(self.now, &format!("released {group} of {open}"));
        self.rest(person);
        if self.persons[person].rests_until.is_some() {
            return self.settle_staff(group);
        }
        self.tell_staff(group);
    }

    fn speed(&self, person: usize) -> f64 {
        let of = &self.persons[person];
        let speeds = self.model.groups[of.group].speeds.as_ref().unwrap();
        speeds[of.open.len() - 1]
    }

    /// Takes off the work done since it was last counted.
    fn count_work(&mut self, person: usize) {
        let elapsed = (self.now - self.persons[person].counted_to).as_micros() as f64;
        self.persons[person].counted_to = self.now;
        if self.persons[person].open.is_empty() || !self.is_shared(person) {
            return;
        }
        let done = elapsed * self.speed(person);
        for open in &mut self.persons[person].open {
            open.left = (open.left - done).max(0.0);
        }
    }

    pub(super) fn is_shared(&self, person: usize) -> bool {
        self.model.groups[self.persons[person].group].speeds.is_some()
    }

    /// Plans the end of the handling or wrap-up that is done first, and forgets what was planned.
    pub(super) fn plan_chat(&mut self, person: usize) {
        let is_other = |pending: &Pending| !matches!(pending.what, What::Chat(of) if of == person);
        self.pending.retain(is_other);
        let open = self.persons[person].open.iter();
        if let Some(least) = open.map(|open| open.left).min_by(f64::total_cmp) {
            let span = least / self.speed(person);
            self.plan(self.now + SimSpan::from_seconds(span.round() / 1e6), What::Chat(person));
        }
    }

    pub(super) fn chat_ends(&mut self, person: usize) {
        let group = self.persons[person].group;
        self.count_work(person);
        let open = self.persons[person].open.iter().enumerate();
        let (place, first) = open.min_by(|(_, a), (_, b)| a.left.total_cmp(&b.left)).unwrap();
        let first = first.clone();
        if first.left_at.is_none() {
            self.customer_leaves(&first.contact, first.answered_at);
        }
        if first.left_at.is_none() && first.wrap_up > 0.0 {
            let now = self.now;
            let open = &mut self.persons[person].open[place];
            open.left_at = Some(now);
            open.left = open.wrap_up;
            return self.plan_chat(person);
        }
        let left_at = first.left_at.unwrap_or(self.now);
        let service =
            Service { handling: left_at - first.answered_at, wrap_up: self.now - left_at };
        self.told.contact(self.now, &format!("{service:?}"), &first.contact);
        if !first.contact.misrouted {
            self.is_served(&first.contact, group, first.answered_at, (left_at, service));
        }
        self.end_contact(person, place);
        self.plan_chat(person);
        self.look_at_queues(group);
    }

    /// The customer of a chat leaves: for good, or to be transferred.
    fn customer_leaves(&mut self, contact: &Contact, answered_at: SimTime) {
        if contact.misrouted {
            let service = Service { handling: self.now - answered_at, wrap_up: SimSpan::ZERO };
            self.transfer(*contact, answered_at, self.now, service);
        } else {
            self.lines -= 1;
        }
    }

    /// A misrouted contact will be back among its own.
    pub(super) fn transfer(
        &mut self,
        contact: Contact,
        answered_at: SimTime,
        at: SimTime,
        service: Service,
    ) {
        let mut contact = contact;
        contact.before.wait = contact.wait(answered_at);
        contact.before.service = service;
        contact.misrouted = false;
        contact.transferred = true;
        self.plan(at, What::Return(contact));
    }
}
