//! General handling laws, priorities, and what agents do with their time.

use std::fmt::Write as _;

use super::steady;
use crate::exact::mean;
use crate::support::{Comparison, simulate};
use surgecast::erlang;

/// First three moments of a handling law.
type ThreeMoments = [f64; 3];

fn lognormal(mean: f64, cv: f64) -> ThreeMoments {
    let q = 1.0 + cv * cv;
    [mean, mean.powi(2) * q, mean.powi(3) * q.powi(3)]
}

/// Two exponential branches that contribute half of the mean each.
fn hyperexponential(mean: f64, cv: f64) -> ThreeMoments {
    let often = 0.5 * (1.0 + ((cv * cv - 1.0) / (cv * cv + 1.0)).sqrt());
    let branches = [often, 1.0 - often].map(|p| (p, mean / (2.0 * p)));
    let moment = |k: i32, factorial: f64| -> f64 {
        branches.iter().map(|(p, m)| p * factorial * m.powi(k)).sum()
    };
    [moment(1, 1.0), moment(2, 2.0), moment(3, 6.0)]
}

/// The sum of an Erlang law of three stages with mean 60 and a uniform one on 10 to 50.
fn three_stages_and_uniform() -> ThreeMoments {
    let [a1, a2, a3] = [60.0, 3600.0 * 4.0 / 3.0, 216_000.0 * 20.0 / 9.0];
    let uniform = |k: i32| (50f64.powi(k + 1) - 10f64.powi(k + 1)) / (40.0 * f64::from(k + 1));
    let [b1, b2, b3] = [uniform(1), uniform(2), uniform(3)];
    [a1 + b1, a2 + 2.0 * a1 * b1 + b2, a3 + 3.0 * a2 * b1 + 3.0 * a1 * b2 + b3]
}

#[test]
fn one_agent_follows_pollaczek_and_khinchine() {
    for (law, [first, second, third], wrap_up) in [
        ("lognormal = { mean = \"90s\", cv = 1.0 }", lognormal(90.0, 1.0), ""),
        ("hyperexponential = { mean = \"90s\", cv = 2.0 }", hyperexponential(90.0, 2.0), ""),
        (
            "erlang = { mean = \"60s\", stages = 3 }",
            three_stages_and_uniform(),
            "wrap_up = { uniform = { low = \"10s\", high = \"50s\" } }",
        ),
        ("fixed = { value = \"90s\" }", [90.0, 8100.0, 729_000.0], ""),
    ] {
        let occupancy = 0.7;
        let rate = occupancy / first;
        let text = steady(
            1000,
            40,
            &format!(
                "[contacts.x]\nrate = \"{}/h\"\nhandling = {{ {law} }}\n{wrap_up}\n\
                 [groups.g]\nskills = [\"x\"]\nstaff = 1",
                rate * 3600.0
            ),
        );
        let wait = rate * second / (2.0 * (1.0 - occupancy));
        let variance = wait * wait + rate * third / (3.0 * (1.0 - occupancy));
        let summary = simulate(&text);
        Comparison::new(&summary)
            .of("wait.mean", wait)
            .of("wait.sd", variance.sqrt())
            .of("delay_probability", occupancy)
            .of("groups.g.occupancy", occupancy)
            .of("handling.mean", first)
            .holds();
    }
}

/// Number in M/D/c at an instant, truncated: after one handling time all who were in service have
/// left, and those who arrived meanwhile are there. Crommelin 1932, "Delay probability formulae
/// when the holding times are constant".
fn crommelin(load: f64, agents: usize) -> Vec<f64> {
    let most = 400;
    let mut poisson = vec![(-load).exp()];
    for k in 1..=most {
        poisson.push(poisson[k - 1] * load / k as f64);
    }
    let mut p = vec![0.0; most + 1];
    p[0] = 1.0;
    for _ in 0..2000 {
        let mut next = vec![0.0; most + 1];
        for (n, mass) in p.iter().enumerate().filter(|(_, mass)| **mass > 1e-18) {
            let left = n.saturating_sub(agents);
            for (to, arrived) in next[left..].iter_mut().zip(poisson.iter().take(80)) {
                *to += mass * arrived;
            }
        }
        p = next;
    }
    p
}

/// P(wait ≤ t) in M/D/c for t less than the handling time: Franx 2001, "A simple solution for the
/// M/D/c waiting time distribution", Operations Research Letters 29, equation for k = 1.
fn franx(p: &[f64], load: f64, agents: usize, share: f64) -> f64 {
    let x = load * (1.0 - share);
    let mut term = (-x).exp();
    let mut sum = 0.0;
    for j in 0..agents {
        let queue_at_most = agents - 1 - j;
        let probability: f64 = p[..=agents + queue_at_most].iter().sum();
        sum += probability * term;
        term *= x / (j + 1) as f64;
    }
    sum
}

#[test]
fn fixed_handling_follows_crommelin_and_franx() {
    for (agents, occupancy) in [(1usize, 0.8), (5, 0.85), (12, 0.9)] {
        let handling = 100.0;
        let load = occupancy * agents as f64;
        let rate = load / handling;
        let p = crommelin(load, agents);
        let backlog = mean(&p, |n| n.saturating_sub(agents) as f64);
        let delayed: f64 = p[agents..].iter().sum();
        let text = steady(
            300,
            40,
            &format!(
                "[service_level]\nanswer_within = \"30s\"\n[contacts.x]\nrate = \"{}/h\"\n\
                 handling = {{ fixed = {{ value = \"100s\" }} }}\n\
                 [groups.g]\nskills = [\"x\"]\nstaff = {agents}",
                rate * 3600.0
            ),
        );
        let summary = simulate(&text);
        Comparison::new(&summary)
            .of("wait.mean", backlog / rate)
            .of("delay_probability", delayed)
            .of("service_level", franx(&p, load, agents, 0.3))
            .of("backlog.mean", backlog)
            .of("groups.g.occupancy", occupancy)
            .holds();
    }
}

/// Mean waits of non-preemptive classes, most urgent first, from the mean wait W₀ of who finds all
/// busy for the next release, and the loads per agent: Cobham 1954, "Priority assignment in waiting
/// line problems", Operations Research 2.
pub(super) fn cobham(next_release: f64, loads: &[f64]) -> Vec<f64> {
    let mut above = 0.0;
    let mut waits = Vec::new();
    for load in loads {
        let with = above + load;
        waits.push(next_release / ((1.0 - above) * (1.0 - with)));
        above = with;
    }
    waits
}

#[test]
fn priorities_of_one_agent_follow_cobham() {
    let laws = [
        ("first", 0.2, "exponential = { mean = \"60s\" }", [60.0, 7200.0, 0.0]),
        ("second", 0.3, "lognormal = { mean = \"100s\", cv = 1.2 }", lognormal(100.0, 1.2)),
        ("third", 0.25, "fixed = { value = \"40s\" }", [40.0, 1600.0, 0.0]),
    ];
    let residual: f64 = laws.iter().map(|(_, load, _, m)| load / m[0] * m[1] / 2.0).sum();
    let loads = laws.map(|(_, load, ..)| load);
    let waits = cobham(residual, &loads);
    // The order of listing must not matter, nor the numbers of equal order; and where the group
    // has priorities of its own, those of the types do not matter.
    for (priorities, skills) in [
        ([1, 2, 3], "[\"first\", \"second\", \"third\"]"),
        (
            [9, 7, 7],
            "{ third = { priority = 30 }, second = { priority = 20 }, first = { priority = 10 } }",
        ),
        ([1, 5, 2], "{ first = 1.0, third = { priority = 8 }, second = 1.0 }"),
    ] {
        let mut text = String::new();
        for at in [1, 0, 2] {
            let (name, load, law, [first, ..]) = laws[at];
            writeln!(
                text,
                "[contacts.{name}]\nrate = \"{}/h\"\npriority = {}\nhandling = {{ {law} }}",
                load / first * 3600.0,
                priorities[at],
            )
            .unwrap();
        }
        writeln!(text, "[groups.g]\nstaff = 1\nskills = {skills}").unwrap();
        let summary = simulate(&steady(1000, 40, &text));
        let mut comparison = Comparison::new(&summary);
        for ((name, ..), wait) in laws.iter().zip(&waits) {
            comparison.of(&format!("contacts.{name}.wait.mean"), *wait);
        }
        comparison.of("groups.g.occupancy", loads.iter().sum()).holds();
    }
}

#[test]
fn priorities_of_many_agents_follow_cobham() {
    let (agents, handling) = (6u32, 120.0);
    let loads = [1.2, 2.4, 1.5];
    let total: f64 = loads.iter().sum();
    let next = erlang::delay_probability(total, agents) * handling / f64::from(agents);
    let waits = cobham(next, &loads.map(|load| load / f64::from(agents)));
    let mut types = String::new();
    for (at, load) in loads.iter().enumerate() {
        let (rate, priority) = (load / handling * 3600.0, at + 1);
        writeln!(
            types,
            "[contacts.c{at}]\nrate = \"{rate}/h\"\npriority = {priority}\n\
             handling = {{ exponential = {{ mean = \"120s\" }} }}"
        )
        .unwrap();
    }
    let text = |policy: &str| {
        steady(
            300,
            40,
            &format!(
                "{types}[groups.g]\nstaff = 6\nskills = [\"c0\", \"c1\", \"c2\"]\n\
                 [routing]\npolicy = \"{policy}\""
            ),
        )
    };
    let summary = simulate(&text("priority"));
    let mut comparison = Comparison::new(&summary);
    for (at, wait) in waits.iter().enumerate() {
        comparison.of(&format!("contacts.c{at}.wait.mean"), *wait);
    }
    comparison.of("wait.mean", erlang::mean_wait(total, agents, handling).unwrap()).holds();
    // First come, first served: all wait alike.
    let summary = simulate(&text("fcfs"));
    let mut comparison = Comparison::new(&summary);
    let alike = erlang::mean_wait(total, agents, handling).unwrap();
    for at in 0..3 {
        comparison.of(&format!("contacts.c{at}.wait.mean"), alike);
    }
    comparison.holds();
}

#[test]
fn speed_wrap_up_and_shrinkage_change_time_as_they_say() {
    // Two groups with a type each, so many agents that nobody waits.
    let summary = simulate(&steady(
        50,
        40,
        "[contacts.a]\nrate = \"100/h\"\nhandling = { lognormal = { mean = \"5m\", cv = 0.8 } }\n\
         wrap_up = { exponential = { mean = \"40s\" } }\n\
         [contacts.b]\nrate = \"50/h\"\nhandling = { gamma = { mean = \"4m\", cv = 0.5 } }\n\
         [groups.slow]\nskills = { a = 0.8 }\nstaff = 100\nshrinkage = 0.2\ncost_per_hour = 30.0\n\
         [groups.fast]\nskills = { b = 1.25 }\nstaff = 60",
    ));
    let (service, wrap_up, short) = (300.0 / 0.8, 40.0, 240.0 / 1.25);
    let slow_load = 100.0 / 3600.0 * (service + wrap_up);
    let fast_load = 50.0 / 3600.0 * short;
    Comparison::new(&summary)
        .of("contacts.a.service.mean", service)
        .of("contacts.a.handling.mean", service + wrap_up)
        .of("contacts.b.handling.mean", short)
        .of("service.mean", (2.0 * service + short) / 3.0)
        .of("groups.slow.occupancy", slow_load / 80.0)
        .of("groups.fast.occupancy", fast_load / 60.0)
        .of("groups.slow.busy_hours", slow_load * 45.0)
        .of("groups.slow.scheduled_hours", 4500.0)
        .of("groups.slow.staffed_hours", 3600.0)
        .of("groups.slow.cost", 135_000.0)
        .of("contacts.a.handled_by.slow", 4500.0)
        .of("groups.fast.handled", 2250.0)
        .of("sojourn.mean", (2.0 * service + short) / 3.0)
        .holds();
}
