//! A floor of agent groups with different skills, as a Markov chain.
//!
//! Gaps, handling and patience are exponential. A state tells what each group's agents do, in which
//! order idle agents became idle, and in which order who waits has come; where an order does not
//! matter it is forgotten, which keeps the chain small.

use std::fmt::Write as _;

use super::chains::Chain;

/// What the agents do and who waits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    /// By group: the types in service, in order.
    busy: Vec<Vec<usize>>,
    /// Groups of the idle agents, longest idle first.
    idle: Vec<usize>,
    /// Types of those who wait, longest waiting first.
    waiting: Vec<usize>,
}

/// Agents alike.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) agents: usize,
    /// By type: speed, and the group's priority of the type; `None`: no skill.
    pub(super) skills: Vec<Option<(f64, u32)>>,
    /// By type: agents held back from it.
    pub(super) reserve: Vec<usize>,
    /// Whether the scenario gives the group's own handling instead of speeds.
    pub(super) has_own_handling: bool,
}

/// A contact type; times in seconds.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    /// Arrivals per hour.
    pub(super) rate: f64,
    pub(super) handling: f64,
    pub(super) patience: Option<f64>,
    /// Most that wait.
    pub(super) room: usize,
    /// Groups in order of preference.
    pub(super) route: Vec<usize>,
    pub(super) choice: Choice,
}

/// Which free agent a contact takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    LongestIdle,
    Listed,
    Fastest,
    Random,
}

/// Which waiting contact a free agent takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    Fcfs,
    Priority,
    LongestQueue,
}

#[derive(Clone, Debug)]
pub(super) struct Floor {
    pub(super) kinds: Vec<Kind>,
    pub(super) groups: Vec<Group>,
    pub(super) policy: Policy,
}

const NAMES: [&str; 3] = ["a", "b", "c"];

impl Floor {
    fn start(&self) -> State {
        let groups = self.groups.iter().enumerate();
        State {
            busy: vec![Vec::new(); self.groups.len()],
            idle: groups.flat_map(|(group, team)| vec![group; team.agents]).collect(),
            waiting: Vec::new(),
        }
    }

    /// Forgets the orders that do not matter.
    fn settled(&self, mut state: State) -> State {
        for types in &mut state.busy {
            types.sort_unstable();
        }
        if self.kinds.iter().all(|kind| kind.choice != Choice::LongestIdle) {
            state.idle.sort_unstable();
        }
        if self.policy == Policy::Priority {
            state.waiting.sort_unstable();
        }
        state
    }

    fn free(&self, state: &State, group: usize) -> usize {
        self.groups[group].agents - state.busy[group].len()
    }

    fn may_take(&self, state: &State, group: usize, kind: usize) -> bool {
        self.groups[group].skills[kind].is_some()
            && self.free(state, group) > self.groups[group].reserve[kind]
    }

    fn served(&self, group: usize, kind: usize) -> f64 {
        let skill = self.groups[group].skills[kind];
        skill.map_or(0.0, |(speed, _)| speed / self.kinds[kind].handling)
    }

    /// The groups that a contact may go to now, each with its probability.
    fn takers(&self, state: &State, kind: usize) -> Vec<(usize, f64)> {
        let Kind { route, choice, .. } = &self.kinds[kind];
        let able = route.iter().filter(|group| self.may_take(state, **group, kind));
        let able: Vec<usize> = able.copied().collect();
        let one = match choice {
            Choice::Listed => able.first().copied(),
            Choice::LongestIdle => state.idle.iter().find(|group| able.contains(group)).copied(),
            Choice::Fastest => able.into_iter().reduce(|best, other| {
                if self.served(other, kind) > self.served(best, kind) { other } else { best }
            }),
            Choice::Random => {
                let all: usize = able.iter().map(|group| self.free(state, *group)).sum();
                let share = |group: usize| self.free(state, group) as f64 / all as f64;
                return able.into_iter().map(|group| (group, share(group))).collect();
            }
        };
        one.into_iter().map(|group| (group, 1.0)).collect()
    }

    /// Place in the queue of the contact that a free agent of a group takes.
    fn chosen(&self, state: &State, group: usize) -> Option<usize> {
        let able =
            (0..state.waiting.len()).filter(|at| self.may_take(state, group, state.waiting[*at]));
        let waiting = |kind: usize| state.waiting.iter().filter(|other| **other == kind).count();
        match self.policy {
            Policy::Fcfs => able.min(),
            // The first of equal ones: the longest waiting.
            Policy::Priority => able.min_by_key(|at| {
                let skill = self.groups[group].skills[state.waiting[*at]];
                skill.map(|(_, priority)| priority)
            }),
            Policy::LongestQueue => {
                able.min_by_key(|at| std::cmp::Reverse(waiting(state.waiting[*at])))
            }
        }
    }

    fn begin(state: &mut State, group: usize, kind: usize) {
        let longest = state.idle.iter().position(|idle| *idle == group);
        state.idle.remove(longest.expect("somebody is free"));
        state.busy[group].push(kind);
    }

    fn next(&self, state: &State) -> Vec<(State, f64)> {
        let mut next = Vec::new();
        for (kind, of) in self.kinds.iter().enumerate() {
            let rate = of.rate / 3600.0;
            for (group, share) in self.takers(state, kind) {
                let mut to = state.clone();
                Self::begin(&mut to, group, kind);
                next.push((self.settled(to), rate * share));
            }
            if self.waits(state, kind) {
                let mut to = state.clone();
                to.waiting.push(kind);
                next.push((self.settled(to), rate));
            }
        }
        for (group, types) in state.busy.iter().enumerate() {
            for (at, kind) in types.iter().enumerate() {
                let mut to = state.clone();
                to.busy[group].remove(at);
                to.idle.push(group);
                while let Some(place) = self.chosen(&to, group) {
                    let kind = to.waiting.remove(place);
                    Self::begin(&mut to, group, kind);
                }
                next.push((self.settled(to), self.served(group, *kind)));
            }
        }
        for (at, kind) in state.waiting.iter().enumerate() {
            let mut to = state.clone();
            to.waiting.remove(at);
            let lost = self.kinds[*kind].patience.map_or(0.0, |mean| 1.0 / mean);
            next.push((to, lost));
        }
        next
    }

    fn waiting(state: &State, kind: usize) -> usize {
        state.waiting.iter().filter(|other| **other == kind).count()
    }

    /// Whether a contact that comes now waits.
    fn waits(&self, state: &State, kind: usize) -> bool {
        self.takers(state, kind).is_empty() && Self::waiting(state, kind) < self.kinds[kind].room
    }

    /// The figures in steady state.
    pub(super) fn figures(&self, hours: f64) -> Vec<(String, f64)> {
        let chain = Chain::from(self.start(), |state| self.next(&state));
        let is = |yes: bool| f64::from(u8::from(yes));
        let mut figures = Vec::new();
        for (kind, of) in self.kinds.iter().enumerate() {
            let mut add = |path: &str, exact: f64| {
                figures.push((format!("contacts.{}.{path}", NAMES[kind]), exact));
            };
            let rate = of.rate / 3600.0;
            let full = chain.mean(|state| is(self.takers(&state, kind).is_empty()));
            let delayed = chain.mean(|state| is(self.waits(&state, kind)));
            let blocked = full - delayed;
            let backlog = chain.mean(|state| Self::waiting(&state, kind) as f64);
            let queued = rate * (1.0 - blocked);
            add("blocking_rate", blocked);
            add("delay_probability", delayed / (1.0 - blocked));
            add("wait_all.mean", backlog / queued);
            add("backlog.mean", backlog);
            if let Some(patience) = of.patience {
                add("abandonment_rate", backlog / patience / queued);
            }
            for group in &of.route {
                let here = chain.mean(|state| {
                    let here = state.busy[*group].iter().filter(|other| **other == kind);
                    here.count() as f64
                });
                let handled = here * self.served(*group, kind) * hours * 3600.0;
                add(&format!("handled_by.g{group}"), handled);
            }
        }
        for (group, team) in self.groups.iter().enumerate() {
            let busy = chain.mean(|state| state.busy[group].len() as f64);
            figures.push((format!("groups.g{group}.occupancy"), busy / team.agents as f64));
        }
        figures
    }

    /// The scenario.
    pub(super) fn text(&self) -> String {
        let policy = match self.policy {
            Policy::Fcfs => "fcfs",
            Policy::Priority => "priority",
            Policy::LongestQueue => "longest_queue",
        };
        let mut text = format!("[routing]\npolicy = \"{policy}\"\n");
        for (kind, of) in self.kinds.iter().enumerate() {
            let choice = match of.choice {
                Choice::LongestIdle => "longest_idle",
                Choice::Listed => "listed",
                Choice::Fastest => "fastest",
                Choice::Random => "random",
            };
            let groups: Vec<String> = of.route.iter().map(|group| format!("g{group}")).collect();
            write!(
                text,
                "[contacts.{}]\nrate = \"{}/h\"\nqueue_limit = {}\nagents = \"{choice}\"\n\
                 handling = {{ exponential = {{ mean = \"{}s\" }} }}\n\
                 route = [{{ groups = {groups:?} }}]\n",
                NAMES[kind], of.rate, of.room, of.handling
            )
            .unwrap();
            if let Some(patience) = of.patience {
                let law = format!("{{ exponential = {{ mean = \"{patience}s\" }} }}");
                writeln!(text, "patience = {law}").unwrap();
            }
        }
        for (group, team) in self.groups.iter().enumerate() {
            let (mut skills, mut own) = (Vec::new(), Vec::new());
            for (kind, skill) in team.skills.iter().enumerate() {
                let (Some((speed, priority)), name) = (skill, NAMES[kind]) else {
                    continue;
                };
                if team.has_own_handling {
                    let mean = self.kinds[kind].handling / speed;
                    own.push(format!("{name} = {{ exponential = {{ mean = \"{mean}s\" }} }}"));
                    skills.push(format!("{name} = {{ priority = {priority} }}"));
                } else {
                    let speed = format!("speed = {speed:?}, priority = {priority}");
                    skills.push(format!("{name} = {{ {speed} }}"));
                }
            }
            let (agents, skills, own) = (team.agents, skills.join(", "), own.join(", "));
            writeln!(text, "[groups.g{group}]\nstaff = {agents}\nskills = {{ {skills} }}").unwrap();
            writeln!(text, "handling = {{ {own} }}").unwrap();
            let held = *team.reserve.iter().max().unwrap_or(&0);
            if held > 0 {
                let kinds = 0..self.kinds.len();
                let for_them: Vec<&str> = kinds
                    .filter(|kind| team.reserve[*kind] == 0 && team.skills[*kind].is_some())
                    .map(|kind| NAMES[kind])
                    .collect();
                writeln!(text, "reserve = {{ contacts = {for_them:?}, agents = {held} }}").unwrap();
            }
        }
        text
    }
}
