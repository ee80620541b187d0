//! Models without a closed formula whose Markov chain is small enough to solve.

use std::collections::BTreeMap;

use super::steady;
use crate::exact::stationary;
use crate::support::{Comparison, simulate};

/// A Markov chain explored from a start: transitions of a state are (to, rate).
pub(super) struct Chain<S> {
    states: Vec<S>,
    distribution: Vec<f64>,
}

impl<S: Clone + Ord> Chain<S> {
    pub(super) fn from(start: S, next: impl Fn(S) -> Vec<(S, f64)>) -> Self {
        let mut place = BTreeMap::from([(start.clone(), 0)]);
        let mut states = vec![start];
        let mut transitions = Vec::new();
        let mut at = 0;
        while at < states.len() {
            for (to, rate) in next(states[at].clone()).into_iter().filter(|(_, rate)| *rate > 0.0) {
                let target = *place.entry(to).or_insert_with_key(|to| {
                    states.push(to.clone());
                    states.len() - 1
                });
                transitions.push((at, target, rate));
            }
            at += 1;
        }
        let distribution = stationary(states.len(), &transitions);
        Self { states, distribution }
    }

    pub(super) fn mean(&self, value: impl Fn(S) -> f64) -> f64 {
        let weighted = self.states.iter().zip(&self.distribution);
        weighted.map(|(state, p)| p * value(state.clone())).sum()
    }
}

#[test]
fn blocked_contacts_that_retry_follow_their_chain() {
    // Falin, Templeton 1997, "Retrial queues", section 2.2, with persistence `again`: states are
    // (lines in use, contacts that wait to retry), the latter cut at 60.
    let (rate, handling, lines, after) = (4.5 / 120.0, 120.0, 5usize, 200.0);
    for (again, at_most) in [(0.7, None), (0.9, None), (0.8, Some(1))] {
        // Whoever returns to full lines tries once more with this probability.
        let once_more = if at_most.is_none() { again } else { 0.0 };
        let chain = Chain::from((0usize, 0usize), |(busy, away)| {
            let (served, returns) = (busy as f64 / handling, away as f64 / after);
            let mut next = Vec::new();
            if busy > 0 {
                next.push(((busy - 1, away), served));
            }
            if busy < lines {
                next.push(((busy + 1, away), rate));
                if away > 0 {
                    next.push(((busy + 1, away - 1), returns));
                }
            } else {
                if away < 60 {
                    next.push(((busy, away + 1), rate * again));
                }
                if away > 0 {
                    next.push(((busy, away - 1), returns * (1.0 - once_more)));
                }
            }
            next
        });
        let full = |busy: usize| f64::from(u8::from(busy == lines));
        let retries = chain.mean(|(_, away)| away as f64) / after;
        let blocked = chain.mean(|(busy, away)| full(busy) * (rate + away as f64 / after));
        let limit = at_most.map_or(String::new(), |most: u32| format!("at_most = {most}, "));
        let text = steady(
            300,
            40,
            &format!(
                "[contacts.x]\nrate = \"135/h\"\nqueue_limit = 0\n\
                 handling = {{ exponential = {{ mean = \"120s\" }} }}\n\
                 retry = {{ {limit}probability = {again}, after = {{ exponential = {{ mean = \"200s\" }} }} }}\n\
                 [groups.g]\nskills = [\"x\"]\nstaff = 5"
            ),
        );
        let summary = simulate(&text);
        Comparison::new(&summary)
            .of("blocking_rate", blocked / (rate + retries))
            .of("retrying.mean", retries * after)
            .of("retries", retries * 270.0 * 3600.0)
            .of("groups.g.occupancy", chain.mean(|(busy, _)| busy as f64) / 5.0)
            .holds();
    }
}

#[test]
fn abandoned_contacts_that_retry_follow_their_chain() {
    let (rate, handling, agents, patience) = (3.3 / 120.0, 120.0, 3usize, 100.0);
    let (again, after) = (0.5, 300.0);
    let waiting = move |n: usize| n.saturating_sub(agents) as f64;
    let chain = Chain::from((0usize, 0usize), |(n, away)| {
        let mut next = Vec::new();
        let (lost, returns) = (waiting(n) / patience, away as f64 / after);
        if n < 24 {
            next.push(((n + 1, away), rate));
            if away > 0 {
                next.push(((n + 1, away - 1), returns));
            }
        }
        if n > 0 {
            let gone = n.min(agents) as f64 / handling + lost * (1.0 - again);
            next.push(((n - 1, away), gone));
            if away < 24 {
                next.push(((n - 1, away + 1), lost * again));
            }
        }
        next
    });
    let retries = chain.mean(|(_, away)| away as f64) / after;
    let backlog = chain.mean(|(n, _)| waiting(n));
    let delayed =
        chain.mean(|(n, away)| f64::from(u8::from(n >= agents)) * (rate + away as f64 / after));
    let attempts = rate + retries;
    let text = steady(
        300,
        40,
        "[contacts.x]\nrate = \"99/h\"\nhandling = { exponential = { mean = \"120s\" } }\n\
                 patience = { exponential = { mean = \"100s\" } }\n\
                 retry = { probability = { abandoned = 0.5, blocked = 0.0 }, after = { exponential = { mean = \"300s\" } } }\n\
                 [groups.g]\nskills = [\"x\"]\nstaff = 3",
    );
    let summary = simulate(&text);
    Comparison::new(&summary)
        .of("abandonment_rate", backlog / patience / attempts)
        .of("delay_probability", delayed / attempts)
        .of("wait_all.mean", backlog / attempts)
        .of("retrying.mean", retries * after)
        .of("backlog.mean", backlog)
        .of("groups.g.occupancy", chain.mean(|(n, _)| n.min(agents) as f64) / 3.0)
        .holds();
}

/// State of the N design: what the first group's agent does (0 idle, 1 busy), the second's (0 idle,
/// 1 with a, 2 with b), whose agent has been idle longer (1 or 2; 0: not both idle), waiting a's
/// and b's.
type Nodes = (u8, u8, u8, u8, u8);

/// Group 1 serves a; group 2 serves both and b first. One agent each, queues of up to `ROOM`.
const ROOM: u8 = 3;

struct NDesign {
    arrivals: [f64; 2],
    /// Rates at which group 1 serves a, group 2 serves a, group 2 serves b.
    served: [f64; 3],
    lost: f64,
}

impl NDesign {
    fn next(&self, (one, two, longer, a, b): Nodes) -> Vec<(Nodes, f64)> {
        let mut next = Vec::new();
        let [rate_a, rate_b] = self.arrivals;
        let takes_one = one == 0 && (two != 0 || longer == 1);
        if takes_one {
            next.push(((1, two, 0, a, b), rate_a));
        } else if two == 0 {
            next.push(((one, 1, 0, a, b), rate_a));
        } else if a < ROOM {
            next.push(((one, two, 0, a + 1, b), rate_a));
        }
        if two == 0 {
            next.push(((one, 2, 0, a, b), rate_b));
        } else if b < ROOM {
            next.push(((one, two, 0, a, b + 1), rate_b));
        }
        let [one_a, two_a, two_b] = self.served;
        if one == 1 {
            let to = match (a > 0, two == 0) {
                (true, _) => (1, two, 0, a - 1, b),
                (false, true) => (0, two, 2, a, b),
                (false, false) => (0, two, 0, a, b),
            };
            next.push((to, one_a));
        }
        if two != 0 {
            let to = match (b > 0, a > 0, one == 0) {
                (true, ..) => (one, 2, 0, a, b - 1),
                (_, true, _) => (one, 1, 0, a - 1, b),
                (_, _, true) => (one, 0, 1, a, b),
                _ => (one, 0, 0, a, b),
            };
            next.push((to, if two == 1 { two_a } else { two_b }));
        }
        if a > 0 {
            next.push(((one, two, longer, a - 1, b), f64::from(a) * self.lost));
        }
        if b > 0 {
            next.push(((one, two, longer, a, b - 1), f64::from(b) * self.lost));
        }
        next
    }
}

#[test]
fn shared_agents_follow_their_chain() {
    let design = NDesign {
        arrivals: [1.0 / 120.0, 1.0 / 250.0],
        served: [1.0 / 100.0, 1.0 / 125.0, 1.0 / 150.0],
        lost: 1.0 / 200.0,
    };
    let chain = Chain::from((0, 0, 1, 0, 0), |state| design.next(state));
    let text = steady(
        2000,
        40,
        "[contacts.a]\nrate = \"30/h\"\nqueue_limit = 3\n\
         handling = { exponential = { mean = \"100s\" } }\n\
         patience = { exponential = { mean = \"200s\" } }\n\
         [contacts.b]\nrate = \"14.4/h\"\nqueue_limit = 3\n\
         handling = { exponential = { mean = \"150s\" } }\n\
         patience = { exponential = { mean = \"200s\" } }\n\
         [groups.one]\nskills = [\"a\"]\nstaff = 1\n\
         [groups.two]\nskills = { a = 0.8, b = { priority = 1 } }\nstaff = 1",
    );
    let [rate_a, rate_b] = design.arrivals;
    let is = |yes: bool| f64::from(u8::from(yes));
    let waiting_a = chain.mean(|(.., a, _)| f64::from(a));
    let waiting_b = chain.mean(|(.., b)| f64::from(b));
    let blocked_a = chain.mean(|(.., a, _)| is(a == ROOM));
    let queued_a = rate_a * (1.0 - blocked_a);
    let queued_b = rate_b * (1.0 - chain.mean(|(.., b)| is(b == ROOM)));
    let busy_one = chain.mean(|(one, ..)| f64::from(one));
    let a_by_two = chain.mean(|(_, two, ..)| is(two == 1)) * design.served[1];
    let summary = simulate(&text);
    Comparison::new(&summary)
        .of("contacts.a.blocking_rate", blocked_a)
        .of("contacts.a.wait_all.mean", waiting_a / queued_a)
        .of("contacts.b.wait_all.mean", waiting_b / queued_b)
        .of("contacts.a.abandonment_rate", waiting_a * design.lost / queued_a)
        .of("contacts.b.abandonment_rate", waiting_b * design.lost / queued_b)
        .of("contacts.a.backlog.mean", waiting_a)
        .of("contacts.b.backlog.mean", waiting_b)
        .of("groups.one.occupancy", busy_one)
        .of("groups.two.occupancy", chain.mean(|(_, two, ..)| is(two > 0)))
        .of("contacts.a.handled_by.one", busy_one * design.served[0] * 1800.0 * 3600.0)
        .of("contacts.a.handled_by.two", a_by_two * 1800.0 * 3600.0)
        .holds();
}
