//! Agents with several contacts open, as a Markov chain: limited processor sharing.
//!
//! An agent with k contacts open works on each at `speeds[k - 1]`; handling, wrap-up and patience
//! are exponential. Agents on one shift are alike, so a state is how many agents have what open, and
//! how many contacts wait.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::chains::Chain;
use crate::exact::advance;

/// What an agent has open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Desk {
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
    fn idle(presence: Presence) -> Self {
        Self {
            handling: 0,
            wrapping: 0,
            presence,
        }
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
    /// Idle agents who stay, and others who go.
    pub(super) fn idle(stay: usize, go: usize) -> Self {
        let mut desks = vec![Desk::idle(Presence::Stays); stay];
        desks.extend(vec![Desk::idle(Presence::Goes); go]);
        Self { desks, waiting: 0 }
    }

    fn sorted(mut self) -> Self {
        self.desks.sort_unstable();
        self
    }

    fn busy(&self) -> usize {
        self.desks.iter().filter(|desk| desk.open() > 0).count()
    }

    fn with_open(&self, open: usize) -> usize {
        self.desks.iter().filter(|desk| desk.open() == open).count()
    }

    fn open(&self) -> usize {
        self.desks.iter().map(|desk| desk.open()).sum()
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
    Random,
}

/// How contacts come and are served.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// Arrivals per second.
    pub(super) arrivals: f64,
    /// Speed of each contact while 1, 2, … are open.
    pub(super) speeds: Vec<f64>,
    /// Mean handling at speed 1.
    pub(super) handling: f64,
    /// Mean wrap-up at speed 1.
    pub(super) wrap_up: Option<f64>,
    pub(super) patience: Option<f64>,
    /// Most waiting contacts.
    pub(super) room: u8,
    pub(super) choice: Choice,
    /// Nobody takes a contact while more than so many are busy.
    pub(super) head_count: Option<usize>,
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
}

type Outcomes = Vec<(Team, f64)>;

impl Rules {
    /// What may happen next, at which rate.
    pub(super) fn next(&self, team: &Team) -> Outcomes {
        let mut next = Vec::new();
        let takers = self.takers(team);
        if takers.is_empty() && team.waiting < self.room {
            let mut to = team.clone();
            to.waiting += 1;
            next.push((to, self.arrivals));
        }
        for (at, share) in takers {
            let mut to = team.clone();
            to.desks[at].handling += 1;
            next.push((to.sorted(), self.arrivals * share));
        }
        for (at, desk) in team.desks.iter().enumerate() {
            if desk.open() == 0 {
                continue;
            }
            let speed = self.speeds[desk.open() - 1];
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
            let mut to = team.clone();
            to.waiting -= 1;
            next.push((to, f64::from(team.waiting) / patience));
        }
        next
    }

    /// An agent has ended a contact: whoever is one too many leaves, the others look at the queue.
    fn ended(&self, mut team: Team, at: usize, rate: f64, next: &mut Outcomes) {
        if team.desks[at].open() == 0 {
            let is_over = team.desks[at].presence == Presence::Overtime;
            let is_too_many = self.head_count.is_some_and(|most| team.busy() >= most);
            if is_over || is_too_many {
                team.desks.remove(at);
            }
        }
        self.settle(team, rate, next);
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
        if self.head_count.is_some_and(|most| team.busy() > most) {
            return Vec::new();
        }
        let merit = |desk: &Desk| match self.choice {
            Choice::LeastBusy => -(desk.open() as f64),
            Choice::MostBusy => desk.open() as f64,
            Choice::Fastest => self.speeds[desk.open()],
            Choice::Random => 0.0,
        };
        let may =
            |desk: &Desk| desk.presence != Presence::Overtime && desk.open() < self.speeds.len();
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
        let is_idle = |desk: &Desk| desk.open() == 0;
        match change {
            Change::HeadCount(count) => {
                while team.desks.len() > count
                    && let Some(at) = team.desks.iter().position(is_idle)
                {
                    team.desks.remove(at);
                }
                let missing = count.saturating_sub(team.desks.len());
                team.desks
                    .extend(vec![Desk::idle(Presence::Stays); missing]);
            }
            Change::ShiftEnds => {
                let goes = |desk: &Desk| desk.presence == Presence::Goes;
                team.desks.retain(|desk| !(goes(desk) && is_idle(desk)));
                for desk in team.desks.iter_mut().filter(|desk| goes(desk)) {
                    desk.presence = Presence::Overtime;
                }
            }
            Change::ShiftStarts(count) => {
                team.desks.extend(vec![Desk::idle(Presence::Stays); count]);
            }
        }
        let mut next = Vec::new();
        self.settle(team, 1.0, &mut next);
        next
    }

    /// The contact type and the concurrency of the group, as a scenario writes them.
    pub(super) fn text(&self, group: &str) -> String {
        let exponential = |mean: f64| format!("{{ exponential = {{ mean = \"{mean}s\" }} }}");
        let mut text = format!(
            "[routing]\nagents = \"{}\"\n[contacts.x]\nrate = \"{}/h\"\nqueue_limit = {}\nhandling = {}\n",
            match self.choice {
                Choice::LeastBusy => "least_busy",
                Choice::MostBusy => "most_busy",
                Choice::Fastest => "fastest",
                Choice::Random => "random",
            },
            self.arrivals * 3600.0,
            self.room,
            exponential(self.handling)
        );
        for (key, mean) in [("wrap_up", self.wrap_up), ("patience", self.patience)] {
            if let Some(mean) = mean {
                writeln!(text, "{key} = {}", exponential(mean)).unwrap();
            }
        }
        writeln!(text, "[groups.g]\nskills = [\"x\"]\n{group}").unwrap();
        if self.speeds.len() > 1 {
            writeln!(
                text,
                "concurrency = {{ chats = {}, speed = {:?} }}",
                self.speeds.len(),
                self.speeds
            )
            .unwrap();
        }
        text
    }

    /// The figures of so many agents in steady state.
    pub(super) fn steady_figures(&self, agents: usize) -> Vec<(String, f64)> {
        let chain = Chain::from(Team::idle(agents, 0), |team| self.next(&team));
        let all = agents as f64;
        let is = |yes: bool| f64::from(u8::from(yes));
        let blocked =
            chain.mean(|team| is(self.takers(&team).is_empty() && team.waiting >= self.room));
        let full = chain.mean(|team| is(self.takers(&team).is_empty()));
        let backlog = chain.mean(|team| f64::from(team.waiting));
        let queued = self.arrivals * (1.0 - blocked);
        let lost = self.patience.map_or(0.0, |patience| backlog / patience);
        let answered = queued - lost;
        let open = chain.mean(|team| team.open() as f64);
        let slots = all * self.speeds.len() as f64;
        let mut figures = vec![
            ("blocking_rate".to_owned(), blocked),
            ("abandonment_rate".to_owned(), lost / queued),
            (
                "delay_probability".to_owned(),
                (full - blocked) / (1.0 - blocked),
            ),
            ("wait_all.mean".to_owned(), backlog / queued),
            ("backlog.mean".to_owned(), backlog),
            ("handling.mean".to_owned(), open / answered),
            (
                "service.mean".to_owned(),
                chain.mean(|team| team.in_handling()) / answered,
            ),
            ("groups.g.open_chats.mean".to_owned(), open),
            ("groups.g.slot_occupancy".to_owned(), open / slots),
            (
                "groups.g.occupancy".to_owned(),
                chain.mean(|team| team.busy() as f64) / all,
            ),
        ];
        for open in 0..=self.speeds.len() {
            let share = chain.mean(|team| team.with_open(open) as f64) / all;
            figures.push((format!("groups.g.open_chats.share.{open}"), share));
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
}

impl Window {
    fn add(&mut self, team: &Team, head_count: Option<usize>, weight: f64) {
        let overtime = match head_count {
            Some(count) => team.busy().saturating_sub(count),
            None => {
                let past = |desk: &&Desk| desk.presence == Presence::Overtime;
                team.desks.iter().filter(past).count()
            }
        };
        self.backlog += weight * f64::from(team.waiting);
        self.busy += weight * team.busy() as f64;
        self.staffed += weight * team.desks.len() as f64;
        self.overtime += weight * overtime as f64;
        self.open += weight * team.open() as f64;
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
    for interval in 0..count {
        for (_, change) in changes.iter().filter(|(at, _)| *at == interval) {
            if let Change::HeadCount(count) = change {
                rules.head_count = Some(*count);
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
        let mut window = Window::default();
        let mut note = |p: &[f64], weight: f64| {
            for (team, p) in teams.iter().zip(p) {
                window.add(team, rules.head_count, weight * p);
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
        windows.push(window);
        mass = teams.into_iter().zip(p).collect();
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
