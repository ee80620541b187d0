//! Designs of agents who share skills, named after their pictures, against exact chains: which
//! agent a contact prefers and which contact an agent prefers matter separately.

use super::floor::{Choice, Floor, Group, Kind, Policy};
use super::steady;
use crate::support::{Comparison, simulate};

/// Length of a run, the counted part of it, and how often.
const HOURS: u32 = 200;
const COUNTED: f64 = 180.0;
const REPLICATIONS: u32 = 40;

fn kind(rate: f64, handling: f64, route: &[usize], choice: Choice) -> Kind {
    Kind { rate, handling, patience: Some(240.0), room: 3, route: route.to_vec(), choice }
}

/// A group that holds nobody back.
fn group(agents: usize, skills: &[Option<(f64, u32)>]) -> Group {
    Group {
        agents,
        skills: skills.to_vec(),
        reserve: vec![0; skills.len()],
        has_own_handling: false,
    }
}

/// All variants follow their own chain, and none that of another.
fn compare(variants: &[Floor]) {
    let exact: Vec<_> = variants.iter().map(|floor| floor.figures(COUNTED)).collect();
    for (own, floor) in variants.iter().enumerate() {
        let summary = simulate(&steady(HOURS, REPLICATIONS, &floor.text()));
        for (at, figures) in exact.iter().enumerate() {
            let mut comparison = Comparison::new(&summary);
            comparison.all(figures);
            if at == own {
                comparison.holds();
            } else {
                comparison.is_refuted();
            }
        }
    }
}

#[test]
fn v_design_the_policy_decides_which_contact_is_taken() {
    let floor = |policy| Floor {
        kinds: vec![
            kind(50.0, 80.0, &[0], Choice::Listed),
            kind(25.0, 140.0, &[0], Choice::Listed),
        ],
        groups: vec![group(2, &[Some((1.0, 2)), Some((1.0, 1))])],
        policy,
    };
    compare(&[floor(Policy::Fcfs), floor(Policy::Priority), floor(Policy::LongestQueue)]);
}

#[test]
fn n_design_both_orders_of_preference_matter() {
    // The specialist serves a; the others serve both, a more slowly.
    let floor = |route: &[usize], priorities: [u32; 2], choice| Floor {
        kinds: vec![kind(60.0, 100.0, route, choice), kind(22.0, 120.0, &[1], Choice::LongestIdle)],
        groups: vec![
            group(1, &[Some((1.0, 5)), None]),
            group(2, &[Some((0.8, priorities[0])), Some((1.0, priorities[1]))]),
        ],
        policy: Policy::Priority,
    };
    compare(&[
        floor(&[0, 1], [2, 1], Choice::Listed),
        floor(&[1, 0], [2, 1], Choice::Listed),
        floor(&[0, 1], [1, 2], Choice::Listed),
        floor(&[1, 0], [1, 2], Choice::Listed),
        floor(&[1, 0], [2, 1], Choice::LongestIdle),
        floor(&[1, 0], [2, 1], Choice::Random),
    ]);
    // The fastest agent is the specialist, wherever he stands in the route.
    let listed = simulate(&steady(20, 5, &floor(&[0, 1], [2, 1], Choice::Listed).text()));
    let fastest = simulate(&steady(20, 5, &floor(&[1, 0], [2, 1], Choice::Fastest).text()));
    let overall = |summary: &surgecast::experiment::Summary| format!("{:?}", summary.overall);
    assert_eq!(overall(&listed), overall(&fastest));
}

#[test]
fn w_design_two_groups_help_the_type_in_the_middle() {
    let floor = |middle: &[usize], priority, choice| Floor {
        kinds: vec![
            kind(25.0, 90.0, &[0], Choice::Listed),
            kind(30.0, 110.0, middle, choice),
            kind(20.0, 100.0, &[1], Choice::Listed),
        ],
        groups: vec![
            group(1, &[Some((1.0, 2)), Some((1.0, priority)), None]),
            group(1, &[None, Some((0.75, 1)), Some((1.0, 2))]),
        ],
        policy: Policy::Priority,
    };
    compare(&[
        floor(&[0, 1], 1, Choice::Listed),
        floor(&[0, 1], 3, Choice::Listed),
        floor(&[1, 0], 1, Choice::Listed),
    ]);
}

#[test]
fn m_design_two_types_overflow_to_the_same_helpers() {
    let floor = |a: &[usize], b: &[usize], helpers: [u32; 2], policy| Floor {
        kinds: vec![kind(48.0, 90.0, a, Choice::Listed), kind(40.0, 110.0, b, Choice::Listed)],
        groups: vec![
            group(1, &[Some((1.0, 1)), None]),
            group(1, &[Some((0.7, helpers[0])), Some((0.9, helpers[1]))]),
            group(1, &[None, Some((1.0, 1))]),
        ],
        policy,
    };
    compare(&[
        floor(&[0, 1], &[2, 1], [1, 2], Policy::Priority),
        floor(&[0, 1], &[2, 1], [2, 1], Policy::Priority),
        floor(&[1, 0], &[2, 1], [1, 2], Policy::Priority),
        floor(&[0, 1], &[2, 1], [1, 2], Policy::LongestQueue),
    ]);
}

#[test]
fn x_design_each_order_of_preference_changes_the_answer() {
    // Each group is better at one type, serves both, and may prefer either.
    let floor = |orders: [[usize; 2]; 2], priorities: [[u32; 2]; 2], choice, policy| Floor {
        kinds: vec![kind(45.0, 90.0, &orders[0], choice), kind(36.0, 110.0, &orders[1], choice)],
        groups: vec![
            group(1, &[Some((1.0, priorities[0][0])), Some((0.7, priorities[0][1]))]),
            group(1, &[Some((0.8, priorities[1][0])), Some((1.0, priorities[1][1]))]),
        ],
        policy,
    };
    let own_first = [[1, 2], [2, 1]];
    let (own, other) = ([[0, 1], [1, 0]], [[1, 0], [0, 1]]);
    compare(&[
        floor(own, own_first, Choice::Listed, Policy::Priority),
        floor(other, own_first, Choice::Listed, Policy::Priority),
        floor(own, [[1, 2], [1, 2]], Choice::Listed, Policy::Priority),
        floor(own, own_first, Choice::LongestIdle, Policy::Priority),
        floor(own, own_first, Choice::Random, Policy::LongestQueue),
        floor(own, own_first, Choice::Listed, Policy::Fcfs),
    ]);
    // Whoever is fastest is each type's own group; by speed, or by handling of the group's own.
    let mut fastest = floor(other, own_first, Choice::Fastest, Policy::Priority);
    compare(std::slice::from_ref(&fastest));
    fastest.groups[1].has_own_handling = true;
    compare(&[fastest]);
}

#[test]
fn a_reserve_turns_away_by_the_chain_of_trunk_reservation() {
    // Birth and death: below the threshold both types come, above it only the first. Types alike.
    let (agents, handling) = (5usize, 100.0);
    let (first, rest) = (60.0 / 3600.0, 110.0 / 3600.0);
    for held in [0usize, 1, 2, 4] {
        let rate = |busy: usize| first + if busy + held < agents { rest } else { 0.0 };
        let chain = crate::exact::birth_and_death(agents, rate, |busy| busy as f64 / handling);
        let turned_away: f64 = chain[agents - held..].iter().sum();
        let text = format!(
            "[contacts.first]\nrate = \"60/h\"\nqueue_limit = 0\n\
             handling = {{ exponential = {{ mean = \"100s\" }} }}\n\
             [contacts.rest]\nrate = \"110/h\"\nqueue_limit = 0\n\
             handling = {{ exponential = {{ mean = \"100s\" }} }}\n\
             [groups.g]\nskills = [\"first\", \"rest\"]\nstaff = 5\n\
             reserve = {{ contacts = [\"first\"], agents = {held} }}"
        );
        let summary = simulate(&steady(100, 40, &text));
        Comparison::new(&summary)
            .of("contacts.first.blocking_rate", chain[agents])
            .of("contacts.rest.blocking_rate", turned_away)
            .of(
                "groups.g.occupancy",
                crate::exact::mean(&chain, |busy| busy as f64) / agents as f64,
            )
            .holds();
    }
}

#[test]
fn a_reserve_lets_contacts_wait_while_agents_are_free() {
    // One group, then an N design whose shared agents are held back from a.
    let shared = |held: usize, policy| Floor {
        kinds: vec![
            kind(50.0, 100.0, &[0], Choice::Listed),
            kind(40.0, 100.0, &[0], Choice::Listed),
        ],
        groups: vec![Group {
            reserve: vec![held, 0],
            ..group(3, &[Some((1.0, 1)), Some((1.0, 2))])
        }],
        policy,
    };
    compare(&[shared(0, Policy::Fcfs), shared(1, Policy::Fcfs), shared(2, Policy::Priority)]);
    let n_design = |held: usize, route: &[usize]| Floor {
        kinds: vec![
            kind(60.0, 100.0, route, Choice::LongestIdle),
            kind(22.0, 120.0, &[1], Choice::LongestIdle),
        ],
        groups: vec![
            group(1, &[Some((1.0, 5)), None]),
            Group { reserve: vec![held, 0], ..group(2, &[Some((0.8, 1)), Some((1.0, 2))]) },
        ],
        policy: Policy::Priority,
    };
    compare(&[n_design(1, &[0, 1]), n_design(0, &[0, 1])]);
}
