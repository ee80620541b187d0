//! Every routing policy with every agent choice passes the same tests.
//!
//! That no contact waits while an agent for it is free is checked by the engine itself after each
//! event of every test (a debug assertion), and by `naive`.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use surgecast::engine::{self, Answer, Contact, Ended, How, Observer};
use surgecast::experiment::{Control, Options, Summary, run};
use surgecast::model::routing::Offer;
use surgecast::model::{Model, Policy};
use surgecast::random::Streams;
use surgecast::time::SimTime;

use crate::support::scenario;

const POLICIES: [&str; 6] = [
    "\"fcfs\"",
    "\"priority\"",
    "{ priority_aging = { rate = { a = \"2/min\", b = \"1/min\", c = \"3/min\" } } }",
    "\"longest_queue\"",
    "{ weighted = { weight = { a = 1.0, b = 3.0, c = 0.5 } } }",
    "{ generalized_c_mu = { cost = { a = 1.0, b = 0.4, c = 2.0 } } }",
];

const CHOICES: [&str; 6] =
    ["longest_idle", "least_busy", "most_busy", "fastest", "listed", "random"];

/// A center with all kinds of agents; `more` stands before its contact types, and `skill` in its
/// groups.
fn center(policy: &str, agents: &str, (more, skill): (&str, &str)) -> String {
    format!(
        r#"
        [run]
        duration = "90m"
        replications = 6
        [routing]
        policy = {policy}
        agents = "{agents}"
        {more}
        [contacts.a]
        rate = "70/h"
        priority = 3
        patience = {{ exponential = {{ mean = "4m" }} }}
        handling = {{ lognormal = {{ mean = "4m", cv = 1.0 }} }}
        wrap_up = {{ exponential = {{ mean = "20s" }} }}
        retry = {{ probability = 0.5, after = {{ exponential = {{ mean = "5m" }} }} }}
        [contacts.a.bot]
        deflection = 0.2
        session = {{ exponential = {{ mean = "1m" }} }}
        misroute = {{ probability = 0.2, to = "b" }}
        urgent = {{ probability = 0.2, priority = 1 }}
        [contacts.b]
        rate = "50/h"
        priority = 2
        handling = {{ exponential = {{ mean = "3m" }} }}
        [contacts.c]
        rate = "40/h"
        priority = 4
        route = [{{ groups = ["slow"] }}, {{ after = "30s", groups = ["quick", "people"] }}]
        handling = {{ exponential = {{ mean = "3m" }} }}
        [groups.slow]
        skills = {{ {skill}a = 0.8, b = 1.0, c = 1.0 }}
        staff = 4
        [groups.quick]
        skills = {{ {skill}a = 1.3, b = {{ priority = 5 }}, c = 1.1 }}
        staff = [{{ from = "0s", agents = 2 }}, {{ from = "30m", agents = 1 }}]
        concurrency = {{ chats = 3, speed = [1.0, 0.8, 0.6] }}
        [groups.people]
        skills = {{ {skill}a = 1.0, b = 1.0, c = 1.0 }}
        shifts = [{{ start = "0s", length = "45m", agents = 2 }},
                  {{ start = "20m", length = "60m", agents = 3, breaks = [{{ after = "20m", length = "5m" }}] }}]
        "#
    )
}

/// A policy with each agent choice.
fn each(mut test: impl FnMut(&str, &str)) {
    for policy in POLICIES {
        for agents in CHOICES {
            test(policy, agents);
        }
    }
}

#[track_caller]
fn results(model: &Model, threads: usize) -> Summary {
    run(model, &Options::default(), &Control::new(threads)).unwrap()
}

/// All figures, as text.
fn figures(summary: &Summary) -> String {
    let overall = format!("{:?} {:?}", summary.overall, summary.contacts);
    format!("{overall} {:?} {:?}", summary.groups, summary.intervals)
}

#[test]
fn the_results_do_not_depend_on_the_number_of_threads() {
    each(|policy, agents| {
        let model = Model::compile(&scenario(&center(policy, agents, ("", ""))));
        let one = figures(&results(&model, 1));
        assert_eq!(one, figures(&results(&model, 4)), "{policy}, {agents}");
    });
}

/// A team's own policy: the built-in rules written anew, from the offer alone.
#[derive(Debug)]
struct Own(&'static str);

impl Policy for Own {
    fn urgency(&self, offer: &Offer) -> f64 {
        let kind = offer.contact_type.index();
        let wait = offer.wait.as_seconds();
        match self.0 {
            "fcfs" => 7.0,
            "priority" => 100.0 - f64::from(offer.priority),
            "priority_aging" => {
                let gain = [2.0 / 60.0, 1.0 / 60.0, 3.0 / 60.0][kind];
                gain * wait - f64::from(offer.priority)
            }
            "longest_queue" => f64::from(offer.waiting),
            "weighted" => [1.0, 3.0, 0.5][kind] * wait,
            _ => [1.0, 0.4, 2.0][kind] * wait / offer.agent_time,
        }
    }
}

#[test]
fn a_policy_of_ones_own_equals_the_built_in_one_to_the_bit() {
    each(|policy, agents| {
        let names =
            ["fcfs", "priority_aging", "priority", "longest_queue", "weighted", "generalized_c_mu"];
        let name = names.into_iter().find(|name| policy.contains(name));
        let model = Model::compile(&scenario(&center(policy, agents, ("", ""))));
        let built_in = figures(&results(&model, 2));
        let own = model.with_policy(Arc::new(Own(name.unwrap())));
        assert_eq!(built_in, figures(&results(&own, 2)), "{policy}, {agents}");
    });
}

#[test]
fn a_policy_that_knows_no_answer_comes_last_and_serves_everybody() {
    #[derive(Debug)]
    struct Lost;
    impl Policy for Lost {
        fn urgency(&self, _offer: &Offer) -> f64 {
            f64::NAN
        }
    }
    let model = Model::compile(&scenario(&center("\"fcfs\"", "listed", ("", ""))));
    let fcfs = figures(&results(&model, 2));
    let lost = results(&model.with_policy(Arc::new(Lost)), 2);
    assert_eq!(fcfs, figures(&lost), "ties go to who has waited longest");
}

#[test]
fn a_type_that_nobody_calls_leaves_the_figures_of_the_others() {
    let more = "[contacts.aaa]\nrate = \"0/h\"\npriority = 1\n\
                handling = { exponential = { mean = \"9m\" } }";
    each(|policy, agents| {
        let text = center(policy, agents, ("", ""));
        let without = results(&Model::compile(&scenario(&text)), 2);
        let text = center(policy, agents, (more, "aaa = 1.0, "));
        let with = results(&Model::compile(&scenario(&text)), 2);
        same(&without.overall, &with.overall, policy);
        same(&without.contacts, &with.contacts[1..].to_vec(), policy);
        same(&without.groups, &with.groups, policy);
        same(&without.bot, &with.bot, policy);
    });
}

#[track_caller]
fn same<T: Debug>(a: &T, b: &T, what: &str) {
    assert_eq!(format!("{a:?}"), format!("{b:?}"), "{what}");
}

/// Holds who waits in which queue against who is answered.
#[derive(Debug, Default)]
struct Overtaking {
    /// Queue, row and order of the first queue entry.
    waiting: Vec<(usize, u64, u64)>,
    /// By row: order of the first queue entry.
    entries: Vec<(u64, u64)>,
    answered: u32,
}

impl Overtaking {
    fn entry(&self, contact: &Contact) -> u64 {
        let found = self.entries.iter().rev().find(|(row, _)| *row == contact.row);
        found.unwrap().1
    }

    fn leaves(&mut self, contact: &Contact) {
        let place = self.waiting.iter().position(|(_, row, _)| *row == contact.row);
        self.waiting.swap_remove(place.unwrap());
    }
}

impl Observer for Overtaking {
    fn on_queued(&mut self, _at: SimTime, contact: &Contact, waits: bool) {
        let entry = self.entries.len() as u64;
        self.entries.push((contact.row, entry));
        if waits {
            self.waiting.push((contact.class.index(), contact.row, entry));
        }
    }
    fn on_answered(&mut self, _at: SimTime, contact: &Contact, answer: Answer) {
        let (entry, class) = (self.entry(contact), contact.class.index());
        if answer.waited {
            self.leaves(contact);
            self.answered += 1;
        }
        let mut behind = self.waiting.iter().filter(|(of, ..)| *of == class);
        assert!(behind.all(|(_, _, other)| entry < *other), "overtaken");
    }
    fn on_transferred(&mut self, _at: SimTime, contact: &Contact, waits: bool) {
        if waits {
            let entry = self.entry(contact);
            self.waiting.push((contact.class.index(), contact.row, entry));
        }
    }
    fn on_ended(&mut self, _at: SimTime, contact: &Contact, ended: &Ended) {
        if ended.how == How::Abandoned {
            self.leaves(contact);
        }
    }
}

#[test]
fn nobody_overtakes_within_a_type_and_urgency() {
    each(|policy, agents| {
        let model = Model::compile(&scenario(&center(policy, agents, ("", ""))));
        for replication in 0..3 {
            let mut overtaking = Overtaking::default();
            let (streams, stop) = (Streams::new(1, replication), AtomicBool::new(false));
            engine::replicate(&model, streams, &mut overtaking, &stop).unwrap();
            assert!(overtaking.answered > 30, "{policy}, {agents}: {overtaking:?}");
        }
    });
}
