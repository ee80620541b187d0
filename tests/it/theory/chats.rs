//! Agents who serve several contacts at once: limited processor sharing, and what does not depend
//! on the law of the work.

use surgecast::erlang;
use surgecast::experiment::Summary;
use surgecast::experiment::summary::Figure;

use super::desks::{Choice, Hours, Rules};
use super::steady;
use crate::support::{Comparison, simulate};

/// Speeds at which two chats together are worth 1.4 of one, and three 1.5.
fn rules(arrivals: f64, choice: Choice) -> Rules {
    Rules {
        arrivals,
        speeds: vec![vec![1.0, 0.7, 0.5]],
        handling: 200.0,
        wrap_up: None,
        patience: Some(300.0),
        room: 12,
        lines: None,
        hours: Hours::Open,
        choice,
        is_head_count: false,
    }
}

fn simulated(rules: &Rules, agents: &[usize], hours: u32) -> Summary {
    let staff: Vec<String> = agents.iter().map(|n| format!("staff = {n}")).collect();
    let groups: Vec<&str> = staff.iter().map(String::as_str).collect();
    simulate(&steady(hours, 40, &rules.text("", &groups)))
}

fn compare(rules: &Rules, agents: &[usize], hours: u32) {
    Comparison::new(&simulated(rules, agents, hours)).all(&rules.steady_figures(agents)).holds();
}

#[test]
fn one_agent_with_chats_follows_the_chain_with_and_without_queue_and_patience() {
    for (patience, room, chats) in [(Some(300.0), 12, 3), (None, 5, 2), (Some(150.0), 0, 3)] {
        let mut rules = rules(27.0 / 3600.0, Choice::LeastBusy);
        (rules.patience, rules.room) = (patience, room);
        rules.speeds[0].truncate(chats);
        compare(&rules, &[1], 400);
    }
}

#[test]
fn wrap_up_counts_as_an_open_chat_and_slows_the_others() {
    let mut one = rules(18.0 / 3600.0, Choice::LeastBusy);
    one.wrap_up = Some(80.0);
    compare(&one, &[1], 500);
    // With a random choice agents need not be told apart by how long they have had so many open.
    let mut two = rules(36.0 / 3600.0, Choice::Random);
    (two.wrap_up, two.speeds) = (Some(120.0), vec![vec![1.0, 0.7]]);
    compare(&two, &[2], 250);
    // A line is free as soon as the customer leaves; the slot is not.
    (two.lines, two.room) = (Some(4), 8);
    compare(&two, &[2], 250);
}

#[test]
fn busiest_first_and_least_busy_first_give_the_right_different_answers() {
    for (agents, arrivals, room) in [(2, 38.0, 12), (3, 55.0, 0), (5, 100.0, 12)] {
        let of = |choice| {
            let mut rules = rules(arrivals / 3600.0, choice);
            rules.room = room;
            let summary = simulated(&rules, &[agents], 200);
            (rules.steady_figures(&[agents]), summary)
        };
        let (spread_exact, spread) = of(Choice::LeastBusy);
        let (packed_exact, packed) = of(Choice::MostBusy);
        Comparison::new(&spread).all(&spread_exact).holds();
        Comparison::new(&packed).all(&packed_exact).holds();
        Comparison::new(&spread).all(&packed_exact).is_refuted();
        Comparison::new(&packed).all(&spread_exact).is_refuted();
    }
}

#[test]
fn the_fastest_agent_need_not_be_the_least_busy_and_any_agent_may_be_random() {
    // An agent with one chat is fastest, one without second, one with two last.
    let mut unlike = rules(40.0 / 3600.0, Choice::Fastest);
    unlike.speeds = vec![vec![0.7, 1.0, 0.4]];
    compare(&unlike, &[3], 250);
    let random = rules(60.0 / 3600.0, Choice::Random);
    compare(&random, &[4], 150);
}

#[test]
fn groups_with_different_concurrency_are_chosen_among_by_order_or_by_speed() {
    // The fastest agent is one of the second group with a single chat open, then one of the first
    // with none, and so on: no two are equally fast.
    let exact = |choice| {
        let mut rules = rules(50.0 / 3600.0, choice);
        rules.speeds = vec![vec![1.0, 0.65, 0.4], vec![0.8, 1.1]];
        (rules.steady_figures(&[2, 1]), rules)
    };
    let (by_speed, fastest) = exact(Choice::Fastest);
    let (by_order, listed) = exact(Choice::Listed);
    let fastest = simulated(&fastest, &[2, 1], 200);
    let listed = simulated(&listed, &[2, 1], 200);
    Comparison::new(&fastest).all(&by_speed).holds();
    Comparison::new(&listed).all(&by_order).holds();
    Comparison::new(&fastest).all(&by_order).is_refuted();
    Comparison::new(&listed).all(&by_speed).is_refuted();
}

#[test]
fn chats_that_do_not_slow_each_other_are_as_many_agents() {
    // Without patience the law does not matter where nobody can wait: Erlang B; with exponential
    // handling and a queue: Erlang A. Whichever agent is chosen.
    let (load, handling, slots) = (9.5, 180.0, 12);
    let rate = load / handling * 3600.0;
    let blocked = erlang::blocking(load, slots);
    let impatient = erlang::exponential_patience(load / handling, slots, handling, 200.0, 20.0);
    for choice in ["least_busy", "most_busy", "random"] {
        let text = |contact: &str| {
            format!(
                "[routing]\nagents = \"{choice}\"\n\
                 [contacts.x]\nrate = \"{rate}/h\"\n{contact}\n\
                 [groups.g]\nskills = [\"x\"]\nstaff = 4\n\
                 concurrency = {{ chats = 3, speed = [1.0, 1.0, 1.0] }}"
            )
        };
        let lost = "queue_limit = 0\nhandling = { lognormal = { mean = \"180s\", cv = 1.5 } }";
        let summary = simulate(&steady(60, 40, &text(lost)));
        Comparison::new(&summary)
            .of("blocking_rate", blocked)
            .of("groups.g.open_chats.mean", load * (1.0 - blocked))
            .of("groups.g.slot_occupancy", load * (1.0 - blocked) / 12.0)
            .of("service.mean", handling)
            .holds();
        let waiting = "handling = { exponential = { mean = \"180s\" } }\n\
                       patience = { exponential = { mean = \"200s\" } }";
        let summary = simulate(&steady(60, 40, &text(waiting)));
        Comparison::new(&summary)
            .of("abandonment_rate", impatient.abandoned)
            .of("delay_probability", 1.0 - impatient.no_wait)
            .of("service_levels.strict", impatient.answered_within)
            .holds();
    }
}

#[test]
fn three_agents_at_full_speed_times_four_are_twelve_contact_by_contact() {
    let group = |group: &str| {
        let text = format!(
            "[contacts.x]\nrate = \"180/h\"\n\
             handling = {{ lognormal = {{ mean = \"200s\", cv = 1.0 }} }}\n\
             patience = {{ weibull = {{ mean = \"100s\", shape = 0.8 }} }}\n\
             retry = {{ probability = 0.5, after = {{ exponential = {{ mean = \"5m\" }} }} }}\n\
             [groups.g]\nskills = {{ x = 0.8 }}\n{group}"
        );
        simulate(&steady(20, 10, &text))
    };
    let twelve = group("staff = 12");
    for shared in [
        group("staff = 3\nconcurrency = { chats = 4 }"),
        group("staff = 12\nconcurrency = { chats = 1 }"),
    ] {
        for (path, figure) in twelve.overall.iter() {
            let other = shared.overall.figure(path);
            if ["handling.mean", "service.mean", "sojourn.mean"].contains(&path) {
                // Summed in another order: when a contact ends, not when it is answered.
                let value = |figure: Figure| figure.estimate.value.unwrap();
                let ratio = value(other) / value(figure);
                assert!((ratio - 1.0).abs() < 1e-12, "{path}: {ratio}");
            } else {
                assert_eq!(figure, other, "{path}");
            }
        }
    }
}

/// The number of open chats at one agent whose total speed with k open is `speeds[k] * k`, where
/// whoever finds all slots taken is lost, with offered work per time `load`: pₖ in proportion to
/// loadᵏ / Πⱼ (j speeds[j]). It is a symmetric queue, so it depends on the law of the work only
/// through its mean: Kelly 1979, "Reversibility and stochastic networks", theorem 3.10.
fn symmetric(load: f64, speeds: &[f64]) -> Vec<f64> {
    let mut weight = vec![1.0];
    for (open, speed) in speeds.iter().enumerate() {
        weight.push(weight[open] * load / (speed * (open + 1) as f64));
    }
    let total: f64 = weight.iter().sum();
    weight.iter().map(|weight| weight / total).collect()
}

#[test]
fn open_chats_of_one_agent_depend_on_the_work_only_through_its_mean() {
    let constant: Vec<f64> = (1..=5).map(|open| 1.0 / f64::from(open)).collect();
    for speeds in [constant, vec![1.0, 0.7, 0.5]] {
        let load = 0.9;
        let p = symmetric(load, &speeds);
        let most = speeds.len();
        let open: f64 = p.iter().enumerate().map(|(k, p)| k as f64 * p).sum();
        for law in [
            "handling = { fixed = { value = \"120s\" } }",
            "handling = { lognormal = { mean = \"120s\", cv = 2.0 } }",
            "handling = { exponential = { mean = \"120s\" } }",
            // Wrap-up is work like any other: together as much.
            "handling = { uniform = { low = \"0s\", high = \"160s\" } }\n\
             wrap_up = { fixed = { value = \"40s\" } }",
        ] {
            let text = format!(
                "[contacts.x]\nrate = \"{}/h\"\nqueue_limit = 0\n{law}\n\
                 [groups.g]\nskills = [\"x\"]\nstaff = 1\n\
                 concurrency = {{ chats = {most}, speed = {speeds:?} }}",
                load / 120.0 * 3600.0
            );
            let summary = simulate(&steady(300, 40, &text));
            let mut comparison = Comparison::new(&summary);
            comparison
                .of("blocking_rate", p[most])
                .of("groups.g.open_chats.mean", open)
                .of("groups.g.occupancy", 1.0 - p[0])
                .of("handling.mean", open / (load / 120.0 * (1.0 - p[most])));
            for (k, p) in p.iter().enumerate() {
                comparison.of(&format!("groups.g.open_chats.share.{k}"), *p);
            }
            comparison.holds();
        }
    }
}

#[test]
fn types_that_share_an_agent_stay_in_proportion_to_their_work() {
    // Two laws, one of them longer: in a symmetric queue the time of each is its work times the
    // same factor, and both are blocked alike.
    let (loads, works) = ([0.5, 0.6], [60.0, 300.0]);
    let speeds = [1.0, 0.6, 0.4, 0.3];
    let load: f64 = loads.iter().sum();
    let p = symmetric(load, &speeds);
    let open: f64 = p.iter().enumerate().map(|(k, p)| k as f64 * p).sum();
    let stretch = open / (load * (1.0 - p[4]));
    let text = format!(
        "[contacts.a]\nrate = \"{}/h\"\nqueue_limit = 0\n\
         handling = {{ gamma = {{ mean = \"60s\", cv = 0.5 }} }}\n\
         [contacts.b]\nrate = \"{}/h\"\nqueue_limit = 0\n\
         handling = {{ hyperexponential = {{ mean = \"150s\", cv = 2.0 }} }}\n\
         [groups.g]\nskills = {{ a = 1.0, b = 0.5 }}\nstaff = 1\n\
         concurrency = {{ chats = 4, speed = {speeds:?} }}",
        loads[0] / works[0] * 3600.0,
        loads[1] / works[1] * 3600.0,
    );
    let summary = simulate(&steady(600, 40, &text));
    Comparison::new(&summary)
        .of("contacts.a.blocking_rate", p[4])
        .of("contacts.b.blocking_rate", p[4])
        .of("contacts.a.service.mean", works[0] * stretch)
        .of("contacts.b.service.mean", works[1] * stretch)
        .of("groups.g.open_chats.mean", open)
        .holds();
}
