//! A second engine, as plain as can be, must tell what the first one tells: event by event, on
//! scenarios that nobody chose.
//!
//! All pending events stand in one list, all who wait in another, all agents in a third; whatever is
//! looked for is searched from the first to the last. It shares with the engine the model and the
//! draws, and nothing else.

mod contact;
mod people;
mod routing;
mod world;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use surgecast::engine::{
    self, Answer, Contact as Seen, Ended, How, Observer, Service, SessionEnd, Staff,
};
use surgecast::model::{GroupId, Model};
use surgecast::random::Streams;
use surgecast::time::{SimSpan, SimTime};

use crate::laws::random;
use contact::Contact;
use world::World;

/// Random scenarios.
const CASES: u32 = 120;

/// What happened, a line each: the instant in microseconds, what, and all that is known of the
/// contact.
#[derive(Debug, Default)]
struct Told {
    lines: Vec<String>,
    /// Who is unfinished at the end; they are told in no order.
    unfinished: Vec<String>,
    /// By group.
    staff: Vec<Option<Staff>>,
}

impl Told {
    fn line(&mut self, at: SimTime, what: &str) {
        self.lines.push(format!("{} {what}", at.as_micros()));
    }

    fn contact(&mut self, at: SimTime, what: &str, contact: &Contact) {
        self.line(at, &format!("{what} {}", contact.text()));
    }

    /// Only changes are told.
    fn staff(&mut self, at: SimTime, group: usize, staff: Staff) {
        self.staff.resize(self.staff.len().max(group + 1), None);
        if self.staff[group].replace(staff) != Some(staff) {
            self.line(at, &format!("group {group} has {staff:?}"));
        }
    }

    fn ended(&mut self, at: SimTime, contact: &Contact, ended: &Ended) {
        match ended.how {
            How::Unfinished { .. } | How::Answered(None) => {
                self.unfinished.push(format!("{ended:?} {}", contact.text()));
            }
            _ => self.contact(at, &format!("{ended:?}"), contact),
        }
    }

    fn sorted(mut self) -> Self {
        self.unfinished.sort_unstable();
        self
    }
}

impl Observer for Told {
    fn on_arrival(&mut self, at: SimTime, contact: &Seen) {
        self.contact(at, "arrives", &contact.into());
    }
    fn on_opted_out(&mut self, at: SimTime, contact: &Seen) {
        self.contact(at, "opts out", &contact.into());
    }
    fn on_bot_full(&mut self, at: SimTime, contact: &Seen, waits: bool) {
        self.contact(at, &format!("bot full {waits}"), &contact.into());
    }
    fn on_session(&mut self, at: SimTime, contact: &Seen, end: Option<(SessionEnd, SimSpan)>) {
        self.contact(at, &format!("session {end:?}"), &contact.into());
    }
    fn on_session_end(&mut self, at: SimTime, contact: &Seen, end: SessionEnd, length: SimSpan) {
        self.contact(at, &format!("session {end:?} {length:?}"), &contact.into());
    }
    fn on_queued(&mut self, at: SimTime, contact: &Seen, waits: bool) {
        self.contact(at, &format!("queued {waits}"), &contact.into());
    }
    fn on_answered(&mut self, at: SimTime, contact: &Seen, answer: Answer) {
        self.contact(at, &format!("{answer:?}"), &contact.into());
    }
    fn on_served(&mut self, at: SimTime, contact: &Seen, service: Service) {
        self.contact(at, &format!("{service:?}"), &contact.into());
    }
    fn on_transferred(&mut self, at: SimTime, contact: &Seen, waits: bool) {
        self.contact(at, &format!("transferred {waits}"), &contact.into());
    }
    fn on_ended(&mut self, at: SimTime, contact: &Seen, ended: &Ended) {
        self.ended(at, &contact.into(), ended);
    }
    fn on_released(&mut self, at: SimTime, group: GroupId, open: u32) {
        self.line(at, &format!("released {} of {open}", group.index()));
    }
    fn on_staff(&mut self, at: SimTime, group: GroupId, staff: Staff) {
        self.staff(at, group.index(), staff);
    }
    fn on_left_waiting(&mut self, at: SimTime, contact: &Seen, work: SimSpan) {
        self.contact(at, &format!("left waiting {work:?}"), &contact.into());
    }
}

/// Compares what both tell of a replication.
#[track_caller]
fn compare(model: &Model, replication: u64, text: &str) -> Told {
    let streams = Streams::new(model.seed, replication);
    let mut engine = Told::default();
    engine::replicate(model, streams, &mut engine, &AtomicBool::new(false)).unwrap();
    let (engine, naive) = (engine.sorted(), World::new(model, streams).run().sorted());
    let differs = |(a, b): (&String, &String)| a != b;
    let (told, expected) = (&engine.lines, &naive.lines);
    if let Some(at) = told.iter().zip(expected).position(differs) {
        let from = at.saturating_sub(5);
        panic!(
            "after\n{}\nthe engine tells\n{}\nand not\n{}\nin\n{text}",
            told[from..at].join("\n"),
            told[at],
            expected[at],
        );
    }
    assert_eq!(told.len(), expected.len(), "in\n{text}");
    assert_eq!(engine.unfinished, naive.unfinished, "in\n{text}");
    engine
}

/// What the scenarios must bring about, by words of what is told.
const TOLD: &[&str] = &[
    "bot full true",
    "session FalselyResolved",
    "how: Blocked",
    "how: Abandoned",
    "again: Some(Retry)",
    "again: Some(Recontact)",
    "transferred true",
    "transferred false",
    "left waiting",
    "open: 2, waited: true",
    "Service {",
    "of 3",
    "overtime: 2",
    "log_row: Some",
    "past_bot: true",
];

/// What must stand in the scenarios.
const WRITTEN: &[&str] = &[
    "shifts = ",
    "[surges.t]",
    "[surges.u]",
    "capacity = 9, deflection_factor",
    "breaks = ",
    "concurrency = ",
    "shrinkage_every = ",
    "rounding = ",
    "reserve = ",
    "route = ",
    "after = \"45s\"",
    "when_closed = \"reject\"",
    "at_close = \"disconnect\"",
    "to = \"01:00\"",
    "initial_backlog = ",
    "recorded = ",
    "counts = ",
    "urgent = ",
    "misroute = ",
    "keep_draws = true",
    "waiting_room = ",
    "lines = ",
    "fcfs",
    "priority_aging",
    "longest_queue",
    "weighted",
    "generalized_c_mu",
    "least_busy",
    "most_busy",
    "fastest",
    "listed",
    "random",
];

#[test]
fn the_engine_tells_what_a_plain_one_tells() {
    let counts = RefCell::new(BTreeMap::new());
    let config = ProptestConfig {
        cases: CASES,
        rng_seed: RngSeed::Fixed(3),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let words = prop::collection::vec(any::<u16>(), 300);
    let result = TestRunner::new(config).run(&words, |words| {
        let text = random::text(&words);
        let model = Model::compile(&random::scenario(&text));
        let told = compare(&model, 0, &text);
        let lines = told.lines.join("\n");
        let mut counts = counts.borrow_mut();
        for (all, of) in [(TOLD, &lines), (WRITTEN, &text)] {
            for what in all.iter().filter(|what| of.contains(**what)) {
                *counts.entry(*what).or_insert(0) += 1;
            }
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    // So that the scenarios do not lose what they are there for: each in several of them.
    for what in TOLD.iter().chain(WRITTEN) {
        let count = counts.borrow().get(what).copied().unwrap_or(0);
        assert!(count >= 3, "{count} times `{what}`: {counts:?}");
    }
}
