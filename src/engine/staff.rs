//! Changes of staff, opening hours and bot, and breaks.

use super::agents::Agents;
use super::observer::Observer;
use super::world::World;
use crate::model::roster::People;
use crate::model::{Change, ContactTypeId, GroupId, Team};
use crate::time::SimSpan;

impl<O: Observer> World<'_, O> {
    pub(super) fn changed(&mut self, change: Change) {
        match change {
            Change::Staff { group, scheduled, .. } => {
                self.crews[group.index()].scheduled = scheduled;
                self.settle_staff(group);
            }
            Change::Shrinkage(group) => self.settle_staff(group),
            Change::Scheduled { group, agents } => {
                if let Agents::NamedAgents(named) = &mut self.crews[group.index()].agents {
                    named.set_scheduled(agents);
                }
                self.tell_staff(group);
            }
            Change::ShiftStart(people) => self.shift_starts(people),
            Change::BreakDue(people, length) => self.break_due(people, length),
            Change::ShiftEnd(people) => self.shift_ends(people),
            Change::Hours { contact_type, open } => self.hours(contact_type, open),
            Change::Bot { capacity, deflection_factor } => {
                self.bot.change(capacity, deflection_factor);
                self.look_at_bot_queue();
            }
        }
    }

    fn shift_starts(&mut self, people: People) {
        let (now, order) = (self.now, &mut self.became_idle);
        if let Agents::NamedAgents(named) = &mut self.crews[people.group.index()].agents {
            for agent in people.agents() {
                named.come(agent, now, order);
            }
        }
        self.settle_staff(people.group);
    }

    fn break_due(&mut self, people: People, length: SimSpan) {
        for agent in people.agents() {
            if let Agents::NamedAgents(named) = &mut self.crews[people.group.index()].agents {
                let rest = named.break_due(agent, length, self.now);
                self.rest(people.group, agent, rest);
            }
        }
        self.settle_staff(people.group);
    }

    fn shift_ends(&mut self, people: People) {
        if let Agents::NamedAgents(named) = &mut self.crews[people.group.index()].agents {
            for agent in people.agents() {
                named.go(agent);
            }
        }
        self.settle_staff(people.group);
    }

    /// Plans the end of a break that begins now, if one does.
    pub(super) fn rest(&mut self, group: GroupId, agent: u32, length: Option<SimSpan>) {
        if let Some(length) = length {
            let payload = self.crews[group.index()].payload(group, agent);
            self.breaks.schedule(self.now + length, payload);
            self.look_at_seldom();
        }
    }

    /// A break is over: the agent is back, unless another is due.
    pub(super) fn break_over(&mut self, payload: u32) {
        let (group, agent) = self.of_payload(payload);
        let Agents::NamedAgents(named) = &mut self.crews[group.index()].agents else {
            return;
        };
        let rest = named.rested(agent, self.now, &mut self.became_idle);
        self.rest(group, agent, rest);
        self.settle_staff(group);
    }

    /// So many of the people of a group are present as shrinkage leaves. Who comes looks at the
    /// queues.
    pub(super) fn settle_staff(&mut self, group: GroupId) {
        let crew = &mut self.crews[group.index()];
        let draw = crew.group.shrinkage.map_or(0.0, |it| it.draw(self.streams, self.now));
        let (now, order) = (self.now, &mut self.became_idle);
        match (&mut crew.agents, crew.group.team) {
            (Agents::Count(count), _) => {
                count.set_staff(crew.scheduled, crew.group.present(crew.scheduled, draw));
            }
            (Agents::NamedAgents(named), Team::Shifts(_)) => {
                named.keep(crew.group.present(named.people(), draw), now, order);
            }
            (Agents::NamedAgents(named), _) => {
                named.set_scheduled(crew.scheduled);
                named.keep(crew.group.present(crew.scheduled, draw), now, order);
            }
        }
        self.tell_staff(group);
        self.look_at_queues(group);
    }

    pub(super) fn tell_staff(&mut self, group: GroupId) {
        let staff = self.crews[group.index()].agents.staff();
        self.observer.on_staff(self.now, group, staff);
    }

    /// Humans take a contact type from now on, or take it no longer.
    fn hours(&mut self, contact_type: ContactTypeId, open: bool) {
        let kind = &self.model.contact_types[contact_type.index()];
        let disconnects = kind.hours.is_some_and(|hours| hours.disconnects);
        let classes = self.model.classes.iter().enumerate();
        let own = classes.filter(|(_, class)| class.contact_type == contact_type);
        // All of them before anybody is taken: who comes first is for the policy to say.
        for (index, _) in own.clone() {
            self.lanes[index].is_open = open;
        }
        for (index, class) in own {
            if open {
                for reach in &class.route {
                    self.look_at_queues(reach.group);
                }
            } else if disconnects {
                while let Some(slot) = self.lanes[index].queue.first() {
                    self.abandon(slot);
                }
            }
        }
    }
}
