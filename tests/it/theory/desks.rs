//! Agents with several contacts open, as a Markov chain: limited processor sharing.
//!
//! An agent with k contacts open works on each at `speeds[group][k - 1]`; handling, wrap-up and
//! patience are exponential. Agents of one group and shift are alike, so a state is how many agents
//! have what open, and how many contacts wait.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::chains::Chain;
use crate::exact::advance;

/// What an agent has open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Desk {
    group: usize,
    handling: u8,
    wrapping: u8,
    presence: Presence,
}

/// Until when an agent is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Presence {
    /// Throughout.
    Stays,
    /// On the shift that ends first.
    Goes,
    /// After the end of the shift, until done.
    Overtime,
}

impl Desk {
    fn idle(group: usize, presence: Presence) -> Self {
        Self { group, handling: 0, wrapping: 0, presence }
    }

    /// Whether the agent is to leave and has nothing open.
    fn has_left(self) -> bool {
        self.presence == Presence::Overtime && self.open() == 0
    }

    fn open(self) -> usize {
        usize::from(self.handling + self.wrapping)
    }
}

/// The agents who are there, in order, and who waits for them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Team {
    desks: Vec<Desk>,
    waiting: u8,
}

impl Team {
    /// So many idle agents of each group.
    pub(super) fn idle(agents: &[usize]) -> Self {
        let groups = agents.iter().enumerate();
        let desks = groups.flat_map(|(group, agents)| {
            std::iter::repeat_n(Desk::idle(group, Presence::Stays), *agents)
        });
        Self { desks: desks.collect(), waiting: 0 }
    }

    /// Idle agents of one group who stay, and others who go.
    pub(super) fn on_shifts(stay: usize, go: usize) -> Self {
        let mut team = Self::idle(&[stay]);
        let goes = std::iter::repeat_n(Desk::idle(0, Presence::Goes), go);
        team.desks.extend(goes);
        team
    }

    /// So many contacts wait.
    pub(super) fn with_backlog(self, waiting: u8) -> Self {
        Self { waiting, ..self }
    }

    fn sorted(mut self) -> Self {
        self.desks.sort_unstable();
        self
    }

    fn busy(&self) -> usize {
        self.desks.iter().filter(|desk| desk.open() > 0).count()
    }

    fn open(&self) -> usize {
        self.desks.iter().map(|desk| desk.open()).sum()
    }

    /// What each agent of a group has open.
    fn open_in(&self, group: usize) -> impl Iterator<Item = usize> {
        let own = self.desks.iter().filter(move |desk| desk.group == group);
        own.map(|desk| desk.open())
    }

    /// Those of one presence who have the most of something.
    fn extremes(&self, presence: Presence, of: fn(&Desk) -> usize) -> Vec<usize> {
        let all = self.desks.iter().enumerate().filter(|(_, desk)| desk.presence == presence);
        let most = all.clone().map(|(_, desk)| of(desk)).max();
        all.filter(|(_, desk)| Some(of(desk)) == most).map(|(at, _)| at).collect()
    }

    fn in_handling(&self) -> f64 {
        self.desks.iter().map(|desk| f64::from(desk.handling)).sum()
    }
}

/// Which agent a contact takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    LeastBusy,
    MostBusy,
    Fastest,
    Listed,
    Random,
}

/// Whether contacts are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hours {
    Open,
    /// Who comes waits.
    Queues,
    /// Who comes is turned away.
    Rejects,
}

/// How contacts come and are served.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// Arrivals per second.
    pub(super) arrivals: f64,
    /// By group: speed of each contact while 1, 2, … are open.
    pub(super) speeds: Vec<Vec<f64>>,
    /// Mean handling at speed 1.
    pub(super) handling: f64,
    /// Mean wrap-up at speed 1.
    pub(super) wrap_up: Option<f64>,
    pub(super) patience: Option<f64>,
    /// Most waiting contacts.
    pub(super) room: u8,
    /// Most waiting contacts and customers with an agent.
    pub(super) lines: Option<usize>,
    pub(super) hours: Hours,
    pub(super) choice: Choice,
    /// Whether who leaves is told by a head count.
    pub(super) is_head_count: bool,
}

/// Who comes and goes at an instant.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    /// Another head count.
    HeadCount(usize),
    /// The first shift ends.
    ShiftEnds,
    /// So many come on a shift that lasts.
    ShiftStarts(usize),
    /// It opens or closes; those who wait keep their place.
    Hours(Hours),
    /// It closes, and those who wait are disconnected.
    Disconnects(Hours),
}

type Outcomes = Vec<(Team, f64)>;

impl Rules {
    /// What may happen next, at which rate.
    pub(super) fn next(&self, team: &Team) -> Outcomes {
        let mut next = Vec::new();
        let takers = self.takers(team);
        if self.blocks(team) {
            // Whoever comes goes.
        } else if takers.is_empty() {
            let waiting = team.waiting + 1;
            next.push((team.clone().with_backlog(waiting), self.arrivals));
        } else {
            for (at, share) in takers {
                let mut to = team.clone();
                to.desks[at].handling += 1;
                next.push((to.sorted(), self.arrivals * share));
            }
        }
        for (at, desk) in team.desks.iter().enumerate() {
            if desk.open() == 0 {
                continue;
            }
            let speed = self.speeds[desk.group][desk.open() - 1];
            let rate = speed * f64::from(desk.handling) / self.handling;
            let mut to = team.clone();
            if desk.handling > 0 {
                to.desks[at].handling -= 1;
                if self.wrap_up.is_some() {
                    to.desks[at].wrapping += 1;
                    next.push((to.sorted(), rate));
                } else {
                    self.ended(to, at, rate, &mut next);
                }
            }
            if let (Some(wrap_up), 1..) = (self.wrap_up, desk.wrapping) {
                let mut to = team.clone();
                to.desks[at].wrapping -= 1;
                let rate = speed * f64::from(desk.wrapping) / wrap_up;
                self.ended(to, at, rate, &mut next);
            }
        }
        if let (Some(patience), 1..) = (self.patience, team.waiting) {
            let to = team.clone().with_backlog(team.waiting - 1);
            next.push((to, f64::from(team.waiting) / patience));
        }
        next
    }

    /// Whether a contact that comes is turned away.
    fn blocks(&self, team: &Team) -> bool {
        let on_lines = team.in_handling() + f64::from(team.waiting);
        if self.lines.is_some_and(|lines| on_lines >= lines as f64) {
            return true;
        }
        let is_full = team.waiting >= self.room || self.hours == Hours::Rejects;
        is_full && self.takers(team).is_empty()
    }

    /// An agent has ended a contact: whoever is to leave does so with the last one, the others look
    /// at the queue. Of a head count those with the fewest contacts are to leave.
    fn ended(&self, team: Team, at: usize, rate: f64, next: &mut Outcomes) {
        if self.is_head_count && team.desks[at].presence != Presence::Overtime {
            let open = team.desks[at].open();
            let mut others = team.extremes(Presence::Overtime, |desk| desk.open());
            others.retain(|other| team.desks[*other].open() > open);
            let share = rate / others.len() as f64;
            for other in &others {
                let mut to = team.clone();
                to.desks[*other].presence = Presence::Stays;
                to.desks[at].presence = Presence::Overtime;
                self.leave(to, share, next);
            }
            if !others.is_empty() {
                return;
            }
        }
        self.leave(team, rate, next);
    }

    /// Whoever is to leave and has nothing open does so, the others look at the queue.
    fn leave(&self, mut team: Team, rate: f64, next: &mut Outcomes) {
        team.desks.retain(|desk| !desk.has_left());
        self.settle(team, rate, next);
    }

    /// A head count comes to hold: any of equals may be listed last.
    fn head_count(&self, mut team: Team, count: usize, rate: f64, next: &mut Outcomes) {
        let stay = team.desks.iter().filter(|desk| desk.presence == Presence::Stays).count();
        let (from, to) = match stay.cmp(&count) {
            Ordering::Equal => return self.leave(team, rate, next),
            Ordering::Greater => (Presence::Stays, Presence::Overtime),
            Ordering::Less => (Presence::Overtime, Presence::Stays),
        };
        let most: fn(&Desk) -> usize = |desk| desk.open();
        let fewest: fn(&Desk) -> usize = |desk| usize::MAX - desk.open();
        let extremes = team.extremes(from, if from == Presence::Stays { fewest } else { most });
        if extremes.is_empty() {
            team.desks.push(Desk::idle(0, Presence::Stays));
            return self.head_count(team, count, rate, next);
        }
        for at in &extremes {
            let mut changed = team.clone();
            changed.desks[*at].presence = to;
            self.head_count(changed, count, rate / extremes.len() as f64, next);
        }
    }

    /// Agents take from the queue as long as one may.
    fn settle(&self, team: Team, rate: f64, next: &mut Outcomes) {
        let takers = self.takers(&team);
        if team.waiting == 0 || takers.is_empty() {
            next.push((team.sorted(), rate));
            return;
        }
        for (at, share) in takers {
            let mut to = team.clone();
            to.waiting -= 1;
            to.desks[at].handling += 1;
            self.settle(to, rate * share, next);
        }
    }

    /// The agents that a contact may take, each with its probability.
    fn takers(&self, team: &Team) -> Vec<(usize, f64)> {
        if self.hours != Hours::Open {
            return Vec::new();
        }
        let merit = |desk: &Desk| match self.choice {
            Choice::LeastBusy => -(desk.open() as f64),
            Choice::MostBusy => desk.open() as f64,
            Choice::Fastest => self.speeds[desk.group][desk.open()],
            // The first group; in it, who has the fewest open.
            Choice::Listed => -((desk.group * 100 + desk.open()) as f64),
            Choice::Random => 0.0,
        };
        let may = |desk: &Desk| {
            desk.presence != Presence::Overtime && desk.open() < self.speeds[desk.group].len()
        };
        let able = team.desks.iter().enumerate().filter(|(_, desk)| may(desk));
        let best = able.clone().map(|(_, desk)| merit(desk)).reduce(f64::max);
        let best: Vec<usize> = able
            .filter(|(_, desk)| best.is_some_and(|best| merit(desk) >= best))
            .map(|(at, _)| at)
            .collect();
        let share = 1.0 / best.len() as f64;
        best.into_iter().map(|at| (at, share)).collect()
    }

    /// What a change makes of a state.
    fn changed(&self, mut team: Team, change: Change) -> Outcomes {
        let mut next = Vec::new();
        let is_idle = |desk: &Desk| desk.open() == 0;
        match change {
            Change::HeadCount(count) => {
                self.head_count(team, count, 1.0, &mut next);
                return next;
            }
            Change::ShiftEnds => {
                let goes = |desk: &Desk| desk.presence == Presence::Goes;
                team.desks.retain(|desk| !(goes(desk) && is_idle(desk)));
                for desk in team.desks.iter_mut().filter(|desk| goes(desk)) {
                    desk.presence = Presence::Overtime;
                }
            }
            Change::ShiftStarts(count) => {
                team.desks.extend(vec![Desk::idle(0, Presence::Stays); count]);
            }
            Change::Hours(_) => {}
            Change::Disconnects(_) => team.waiting = 0,
        }
        self.settle(team, 1.0, &mut next);
        next
    }

    /// The scenario: `contact` and `groups` are further keys.
    pub(super) fn text(&self, contact: &str, groups: &[&str]) -> String {
        let exponential = |mean: f64| format!("{{ exponential = {{ mean = \"{mean}s\" }} }}");
        let choice = match self.choice {
            Choice::LeastBusy => "least_busy",
            Choice::MostBusy => "most_busy",
            Choice::Fastest => "fastest",
            Choice::Listed => "listed",
            Choice::Random => "random",
        };
        let lines = self.lines.map(|lines| format!("lines = {lines}\n"));
        let mut text = format!(
            "[routing]\nagents = \"{choice}\"\n{}[contacts.x]\nrate = \"{}/h\"\n\
             queue_limit = {}\nhandling = {}\n",
            lines.unwrap_or_default(),
            self.arrivals * 3600.0,
            self.room,
            exponential(self.handling)
        );
        for (key, mean) in [("wrap_up", self.wrap_up), ("patience", self.patience)] {
            if let Some(mean) = mean {
                writeln!(text, "{key} = {}", exponential(mean)).unwrap();
            }
        }
        writeln!(text, "{contact}").unwrap();
        for (at, (group, speeds)) in groups.iter().zip(&self.speeds).enumerate() {
            writeln!(text, "[groups.g{at}]\nskills = [\"x\"]\n{group}").unwrap();
            let chats = speeds.len();
            if chats > 1 {
                let speeds = format!("chats = {chats}, speed = {speeds:?}");
                writeln!(text, "concurrency = {{ {speeds} }}").unwrap();
            }
        }
        text
    }

    /// The figures of so many agents of each group in steady state.
    pub(super) fn steady_figures(&self, agents: &[usize]) -> Vec<(String, f64)> {
        let chain = Chain::from(Team::idle(agents), |team| self.next(&team));
        let is = |yes: bool| f64::from(u8::from(yes));
        let blocked = chain.mean(|team| is(self.blocks(&team)));
        let delayed = chain.mean(|team| is(self.takers(&team).is_empty() && !self.blocks(&team)));
        let backlog = chain.mean(|team| f64::from(team.waiting));
        let queued = self.arrivals * (1.0 - blocked);
        let lost = self.patience.map_or(0.0, |patience| backlog / patience);
        let answered = queued - lost;
        let all_open = chain.mean(|team| team.open() as f64);
        let in_handling = chain.mean(|team| team.in_handling());
        let mut figures = vec![
            ("blocking_rate".to_owned(), blocked),
            ("abandonment_rate".to_owned(), lost / queued),
            ("delay_probability".to_owned(), delayed / (1.0 - blocked)),
            ("wait_all.mean".to_owned(), backlog / queued),
            ("backlog.mean".to_owned(), backlog),
            ("handling.mean".to_owned(), all_open / answered),
            ("service.mean".to_owned(), in_handling / answered),
        ];
        for (group, speeds) in self.speeds.iter().enumerate() {
            let mut add = |path: &str, exact: f64| {
                figures.push((format!("groups.g{group}.{path}"), exact));
            };
            let all = agents[group] as f64;
            let open = chain.mean(|team| team.open_in(group).sum::<usize>() as f64);
            add("open_chats.mean", open);
            add("slot_occupancy", open / (all * speeds.len() as f64));
            let share = |count: usize| {
                let with = |team: Team| team.open_in(group).filter(|open| *open == count).count();
                chain.mean(|team| with(team) as f64) / all
            };
            add("occupancy", 1.0 - share(0));
            for count in 0..=speeds.len() {
                add(&format!("open_chats.share.{count}"), share(count));
            }
        }
        figures
    }
}

/// Time averages over an interval.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    pub(super) backlog: f64,
    pub(super) busy: f64,
    pub(super) staffed: f64,
    pub(super) overtime: f64,
    pub(super) open: f64,
    /// Share of the time in which whoever comes is turned away.
    pub(super) blocked: f64,
    /// Waiting at the end.
    pub(super) backlog_end: f64,
    /// Disconnected at the start.
    pub(super) disconnected: f64,
}

impl Window {
    fn add(&mut self, team: &Team, rules: &Rules, weight: f64) {
        let past = |desk: &&Desk| desk.presence == Presence::Overtime;
        let overtime = team.desks.iter().filter(past).count();
        self.backlog += weight * f64::from(team.waiting);
        self.busy += weight * team.busy() as f64;
        self.staffed += weight * team.desks.len() as f64;
        self.overtime += weight * overtime as f64;
        self.open += weight * team.open() as f64;
        self.blocked += weight * f64::from(u8::from(rules.blocks(team)));
    }
}

/// Averages over `count` intervals of `length` seconds from 0 on, by Kolmogorov's forward
/// equations. Changes are in order of time, at the borders of intervals.
pub(super) fn windows(
    rules: &Rules,
    start: Team,
    changes: &[(usize, Change)],
    (count, length): (usize, f64),
) -> Vec<Window> {
    let steps = 900u32;
    let step = length / f64::from(steps);
    let mut rules = rules.clone();
    let mut mass = BTreeMap::from([(start.sorted(), 1.0)]);
    let mut windows = Vec::new();
    let backlog = |mass: &BTreeMap<Team, f64>| -> f64 {
        let waiting = mass.iter().map(|(team, p)| p * f64::from(team.waiting));
        waiting.sum()
    };
    for interval in 0..count {
        let mut window = Window::default();
        for (_, change) in changes.iter().filter(|(at, _)| *at == interval) {
            match change {
                Change::Hours(hours) => rules.hours = *hours,
                Change::Disconnects(hours) => {
                    rules.hours = *hours;
                    window.disconnected = backlog(&mass);
                }
                Change::HeadCount(_) | Change::ShiftEnds | Change::ShiftStarts(_) => {}
            }
            let mut after: BTreeMap<Team, f64> = BTreeMap::new();
            for (team, p) in mass {
                for (to, share) in rules.changed(team, *change) {
                    *after.entry(to).or_default() += p * share;
                }
            }
            mass = after;
        }
        let (teams, flows, mut p) = explore(&rules, mass);
        let mut note = |p: &[f64], weight: f64| {
            for (team, p) in teams.iter().zip(p) {
                window.add(team, &rules, weight * p);
            }
        };
        for _ in 0..steps {
            note(&p, 0.5 / f64::from(steps));
            advance(&mut p, step, |_, p, dp| {
                for (from, to, rate) in &flows {
                    dp[*from] -= rate * p[*from];
                    dp[*to] += rate * p[*from];
                }
            });
            note(&p, 0.5 / f64::from(steps));
        }
        mass = teams.into_iter().zip(p).collect();
        window.backlog_end = backlog(&mass);
        windows.push(window);
    }
    windows
}

/// Transitions from the place of a state to that of another, at a rate.
type Flows = Vec<(usize, usize, f64)>;

/// All states that can be reached, and their probabilities now.
fn explore(rules: &Rules, mass: BTreeMap<Team, f64>) -> (Vec<Team>, Flows, Vec<f64>) {
    let (mut teams, mut p): (Vec<Team>, Vec<f64>) = mass.into_iter().unzip();
    let known = teams.iter().cloned().enumerate();
    let mut place: BTreeMap<Team, usize> = known.map(|(at, team)| (team, at)).collect();
    let mut flows = Vec::new();
    let mut at = 0;
    while at < teams.len() {
        for (to, rate) in rules.next(&teams[at]) {
            let target = *place.entry(to).or_insert_with_key(|to| {
                teams.push(to.clone());
                teams.len() - 1
            });
            flows.push((at, target, rate));
        }
        at += 1;
    }
    p.resize(teams.len(), 0.0);
    (teams, flows, p)
}
