//! Routing policies and agent choices: which are the same, and known mean waits.

use std::fmt::Write as _;

use surgecast::erlang;
use surgecast::experiment::Summary;

use super::chains::Chain;
use super::steady;
use crate::support::{Comparison, simulate};

/// What customers see, whoever serves them; not the digest, which is that of the file.
fn customers(summary: &Summary) -> String {
    let mut seen = format!("{:?}", summary.overall);
    for contact in &summary.contacts {
        write!(seen, "{:?}", contact.figures).unwrap();
    }
    seen
}

fn everything(summary: &Summary) -> String {
    let (customers, groups) = (customers(summary), &summary.groups);
    format!("{customers}{groups:?}{:?}", summary.intervals)
}

/// Three types of different priority, patience and handling, and two groups that share one of them.
fn busy_center(routing: &str) -> Summary {
    simulate(&format!(
        "[run]\nduration = \"10h\"\ninterval = \"1h\"\nreplications = 10\n[routing]\n{routing}\n\
         [contacts.a]\nrate = \"60/h\"\npriority = 3\nhandling = {{ exponential = {{ mean = \"128s\" }} }}\n\
         patience = {{ exponential = {{ mean = \"5m\" }} }}\n\
         [contacts.b]\nrate = \"50/h\"\npriority = 1\nhandling = {{ lognormal = {{ mean = \"64s\", cv = 1.0 }} }}\n\
         [contacts.c]\nrate = \"30/h\"\npriority = 2\nhandling = {{ fixed = {{ value = \"256s\" }} }}\n\
         patience = {{ fixed = {{ value = \"3m\" }} }}\n\
         [groups.one]\nskills = [\"a\", \"b\"]\nstaff = 3\n\
         [groups.two]\nskills = {{ c = 1.0, b = 0.5 }}\nstaff = 2"
    ))
}

#[test]
fn policies_that_mean_the_same_give_the_same_results_to_the_last_digit() {
    let of = |policy: &str| everything(&busy_center(&format!("policy = {policy}")));
    let (fcfs, priority) = (of("\"fcfs\""), of("\"priority\""));
    // Agent times are 128 s of a and 64 s of b in the first group, 256 s of c and 128 s of b in the
    // second: by default b counts twice in both, and costs in proportion make all alike.
    let twice = of("{ weighted = { weight = { b = 2.0 } } }");
    assert!(fcfs != priority && fcfs != twice && priority != twice);
    for (same, policy) in [
        (&fcfs, "\"weighted\""),
        (&fcfs, "{ weighted = { weight = { a = 2.5, b = 2.5, c = 2.5 } } }"),
        (&fcfs, "{ generalized_c_mu = { cost = { a = 2.0, c = 2.0 } } }"),
        (&twice, "\"generalized_c_mu\""),
        (&priority, "{ priority_aging = { rate = \"0/h\" } }"),
    ] {
        assert!(*same == of(policy), "{policy}");
    }
    // Among agents who serve one contact at a time, the least and the most busy of those who are
    // free are all of them.
    let choose = |choice: &str| everything(&busy_center(&format!("agents = \"{choice}\"")));
    let longest_idle = choose("longest_idle");
    assert!(longest_idle == choose("least_busy") && longest_idle == choose("most_busy"));
    assert!(longest_idle != choose("listed") && longest_idle != choose("random"));
}

#[test]
fn identical_groups_first_come_first_served_are_erlang_a_whichever_agent_is_chosen() {
    let (load, handling, patience) = (6.3, 120.0, 150.0);
    let (rate, agents) = (load / handling, 6u32);
    let text = |choice: &str, groups: &str| {
        let mut text = format!("[routing]\npolicy = \"fcfs\"\nagents = \"{choice}\"\n");
        for (name, share) in [("a", 0.3), ("b", 0.7)] {
            write!(
                text,
                "[contacts.{name}]\nrate = \"{}/h\"\nhandling = {{ exponential = {{ mean = \"120s\" }} }}\n\
                 patience = {{ exponential = {{ mean = \"150s\" }} }}\n",
                rate * share * 3600.0
            )
            .unwrap();
        }
        steady(60, 40, &format!("{text}{groups}"))
    };
    let skills = "skills = [\"a\", \"b\"]";
    let split = format!(
        "[groups.x]\n{skills}\nstaff = 2\n[groups.y]\n{skills}\nstaff = 3\n[groups.z]\n{skills}\nstaff = 1"
    );
    let exact = erlang::exponential_patience(rate, agents, handling, patience, 20.0);
    let occupancy = load * (1.0 - exact.abandoned) / f64::from(agents);
    let together = simulate(&text("listed", &format!("[groups.all]\n{skills}\nstaff = 6")));
    Comparison::new(&together)
        .of("abandonment_rate", exact.abandoned)
        .of("contacts.a.abandonment_rate", exact.abandoned)
        .of("contacts.b.abandonment_rate", exact.abandoned)
        .of("delay_probability", 1.0 - exact.no_wait)
        .of("service_levels.strict", exact.answered_within)
        .of("groups.all.occupancy", occupancy)
        .holds();
    // Agents in order of preference: states are busy in x, y, z and waiting.
    let chain = Chain::from([0usize; 4], |[x, y, z, waiting]: [usize; 4]| {
        let mut next = Vec::new();
        next.push(match (x < 2, y < 3, z < 1) {
            (true, ..) => ([x + 1, y, z, 0], rate),
            (_, true, _) => ([x, y + 1, z, 0], rate),
            (.., true) => ([x, y, z + 1, 0], rate),
            _ if waiting < 40 => ([x, y, z, waiting + 1], rate),
            _ => ([x, y, z, waiting], 0.0),
        });
        if waiting > 0 {
            let gone = 6.0 / handling + waiting as f64 / patience;
            next.push(([x, y, z, waiting - 1], gone));
        } else {
            for (group, busy) in [x, y, z].into_iter().enumerate().filter(|(_, busy)| *busy > 0) {
                let mut to = [x, y, z, 0];
                to[group] -= 1;
                next.push((to, busy as f64 / handling));
            }
        }
        next
    });
    for choice in ["listed", "longest_idle", "least_busy", "most_busy", "fastest", "random"] {
        let summary = simulate(&text(choice, &split));
        assert!(customers(&summary) == customers(&together), "{choice}");
        let mut comparison = Comparison::new(&summary);
        for (group, (name, agents)) in [("x", 2.0), ("y", 3.0), ("z", 1.0)].into_iter().enumerate()
        {
            // Any rule that does not look at the group keeps all agents alike.
            let exact = match choice {
                "listed" => chain.mean(|state| state[group] as f64) / agents,
                _ => occupancy,
            };
            comparison.of(&format!("groups.{name}.occupancy"), exact);
        }
        comparison.holds();
    }
}

/// Mean waits where the priority of each type grows at its own rate from 0: Kleinrock 1976,
/// "Queueing systems", volume 2, section 3.7; for several agents with the same exponential
/// handling Sharif, Stanford, Taylor, Ziedins 2014, "A multi-class multi-server accumulating
/// priority queue with application to health care", Operations Research for Health Care 3.
/// `residual` is the mean time until the next release for whoever comes, `loads` are per agent.
fn accumulating(residual: f64, loads: &[f64], growth: &[f64]) -> Vec<f64> {
    let all = residual / (1.0 - loads.iter().sum::<f64>());
    let mut order: Vec<usize> = (0..loads.len()).collect();
    order.sort_by(|a, b| growth[*a].total_cmp(&growth[*b]));
    let mut waits = vec![0.0; loads.len()];
    for (place, &own) in order.iter().enumerate() {
        let slower = order[..place].iter();
        let faster = order[place + 1..].iter();
        let let_by: f64 = slower
            .map(|other| loads[*other] * waits[*other] * (1.0 - growth[*other] / growth[own]))
            .sum();
        let overtaken: f64 =
            faster.map(|other| loads[*other] * (1.0 - growth[own] / growth[*other])).sum();
        waits[own] = (all - let_by) / (1.0 - overtaken);
    }
    waits
}

#[test]
fn waits_of_growing_priorities_follow_kleinrock() {
    // Loads, laws with their first two moments; the second is the group's own, with wrap-up.
    let loads = [0.2, 0.35, 0.25];
    let means = [60.0, 100.0, 160.0];
    let squares =
        [2.0 * 3600.0, 80.0f64.powi(2) * 1.25 + 2.0 * 80.0 * 20.0 + 400.0, 160.0f64.powi(2)];
    let residual: f64 = (0..3).map(|at| loads[at] / means[at] * squares[at] / 2.0).sum();
    let text = |policy: &str| {
        let [a, b, c] = [0, 1, 2].map(|at| loads[at] / means[at] * 3600.0);
        steady(
            1000,
            40,
            &format!(
                "[contacts.a]\nrate = \"{a}/h\"\nhandling = {{ exponential = {{ mean = \"60s\" }} }}\n\
                 [contacts.b]\nrate = \"{b}/h\"\nhandling = {{ fixed = {{ value = \"1s\" }} }}\n\
                 wrap_up = {{ fixed = {{ value = \"20s\" }} }}\n\
                 [contacts.c]\nrate = \"{c}/h\"\nhandling = {{ fixed = {{ value = \"80s\" }} }}\n\
                 [groups.g]\nstaff = 1\nskills = {{ a = 1.0, b = 1.0, c = 0.5 }}\n\
                 handling = {{ b = {{ lognormal = {{ mean = \"80s\", cv = 0.5 }} }} }}\n\
                 [routing]\npolicy = {policy}"
            ),
        )
    };
    for (policy, growth) in [
        ("{ weighted = { weight = { a = 1.0, b = 3.0, c = 2.0 } } }", [1.0, 3.0, 2.0]),
        (
            "{ priority_aging = { rate = { a = \"4/min\", b = \"1/min\", c = \"30/h\" } } }",
            [8.0, 2.0, 1.0],
        ),
        // Alike in cost, each grows with one over its mean agent time.
        ("\"generalized_c_mu\"", [1.0 / 60.0, 1.0 / 100.0, 1.0 / 160.0]),
        (
            "{ generalized_c_mu = { cost = { a = 1.0, b = 5.0, c = 4.0 } } }",
            [1.0 / 60.0, 5.0 / 100.0, 4.0 / 160.0],
        ),
    ] {
        let waits = accumulating(residual, &loads, &growth);
        // Kleinrock's conservation law.
        let total: f64 = (0..3).map(|at| loads[at] * waits[at]).sum();
        assert!((total - 0.8 * residual / 0.2).abs() < 1e-9 * total);
        let summary = simulate(&text(policy));
        Comparison::new(&summary)
            .of("contacts.a.wait.mean", waits[0])
            .of("contacts.b.wait.mean", waits[1])
            .of("contacts.c.wait.mean", waits[2])
            .of("groups.g.occupancy", 0.8)
            .holds();
        let alike = residual / 0.2;
        Comparison::new(&summary)
            .of("contacts.a.wait.mean", alike)
            .of("contacts.b.wait.mean", alike)
            .is_refuted();
    }
}

#[test]
fn growing_priorities_of_several_agents_follow_kleinrock_too() {
    let (agents, handling, loads) = (4u32, 120.0, [1.1, 1.5, 0.8]);
    let total: f64 = loads.iter().sum();
    let residual = erlang::delay_probability(total, agents) * handling / f64::from(agents);
    let waits =
        accumulating(residual, &loads.map(|load| load / f64::from(agents)), &[3.0, 1.0, 2.0]);
    let mut text = String::new();
    for (name, load) in ["a", "b", "c"].into_iter().zip(loads) {
        write!(
            text,
            "[contacts.{name}]\nrate = \"{}/h\"\nhandling = {{ exponential = {{ mean = \"120s\" }} }}\n",
            load / handling * 3600.0
        )
        .unwrap();
    }
    write!(
        text,
        "[groups.g]\nstaff = 4\nskills = [\"a\", \"b\", \"c\"]\n\
         [routing]\npolicy = {{ weighted = {{ weight = {{ a = 3.0, c = 2.0 }} }} }}"
    )
    .unwrap();
    let summary = simulate(&steady(300, 40, &text));
    Comparison::new(&summary)
        .of("contacts.a.wait.mean", waits[0])
        .of("contacts.b.wait.mean", waits[1])
        .of("contacts.c.wait.mean", waits[2])
        .holds();
}
