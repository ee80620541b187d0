//! Options that differ only in staffing or routing see the same customers: type, arrival, bot,
//! patience, work, whether and when they try again. Held against the draws of every contact, bit
//! for bit.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use surgecast::engine::{self, Answer, Cause, Contact, Ended, How, Leg, Observer, SessionEnd};
use surgecast::model::Model;
use surgecast::random::Streams;
use surgecast::time::{SimSpan, SimTime};

use crate::support::scenario;

/// What one attempt showed of its draws.
#[derive(Clone, Debug, Default, PartialEq)]
struct Shown {
    contact_type: String,
    arrived: SimTime,
    opted_out: bool,
    bot: Option<(SessionEnd, SimSpan)>,
    /// The queue it was handed to, and whether that was the wrong one.
    handed: Option<(usize, bool)>,
    /// Handling and wrap-up by the agent who transferred it.
    misrouted_work: Option<(usize, SimSpan, SimSpan)>,
    /// Its patience after that, if it lost it.
    later_patience: Option<SimSpan>,
    /// How long it waited for an agent after that.
    later_wait: Option<SimSpan>,
    /// Its patience, if it lost it.
    patience: Option<SimSpan>,
    /// How long it waited for an agent.
    wait: Option<SimSpan>,
    /// Handling and wrap-up.
    work: Option<(usize, SimSpan, SimSpan)>,
    retry: bool,
}

/// What a replication showed, by contact and attempt.
struct Customers<'m> {
    model: &'m Model,
    shown: BTreeMap<(String, u32), Shown>,
}

impl Customers<'_> {
    fn of(text: &str, replication: u64) -> BTreeMap<(String, u32), Shown> {
        let model = Model::compile(&scenario(text));
        let mut customers = Customers { model: &model, shown: BTreeMap::new() };
        let (streams, stop) = (Streams::new(model.seed, replication), AtomicBool::new(false));
        engine::replicate(&model, streams, &mut customers, &stop).unwrap();
        customers.shown
    }

    fn at(&mut self, contact: &Contact) -> &mut Shown {
        self.shown.entry((format!("{:?}", contact.key), contact.attempt)).or_default()
    }
}

impl Observer for Customers<'_> {
    fn on_arrival(&mut self, at: SimTime, contact: &Contact) {
        let name = self.model.contact_types[contact.contact_type.index()].name.clone();
        assert!(contact.attempt == 0 || contact.cause != Cause::Arrival);
        let shown = self.at(contact);
        assert_eq!(*shown, Shown::default(), "two contacts share their draws");
        shown.contact_type = name;
        shown.arrived = at;
    }
    fn on_opted_out(&mut self, _at: SimTime, contact: &Contact) {
        self.at(contact).opted_out = true;
    }
    fn on_session(&mut self, _: SimTime, contact: &Contact, end: Option<(SessionEnd, SimSpan)>) {
        self.at(contact).bot = end;
    }
    fn on_session_end(
        &mut self,
        _at: SimTime,
        contact: &Contact,
        end: SessionEnd,
        length: SimSpan,
    ) {
        self.at(contact).bot = Some((end, length));
    }
    fn on_queued(&mut self, _at: SimTime, contact: &Contact, _waits: bool) {
        self.at(contact).handed = Some((contact.class.index(), contact.leg == Leg::Misrouted));
    }
    fn on_answered(&mut self, at: SimTime, contact: &Contact, answer: Answer) {
        let shown = self.at(contact);
        let service = answer.service.expect("one contact at a time");
        let work = Some((answer.group.index(), service.handling, service.wrap_up));
        let wait = Some(at - contact.waits_from);
        if contact.leg == Leg::Transferred {
            shown.later_wait = wait;
        } else {
            shown.wait = wait;
        }
        if contact.leg == Leg::Misrouted {
            shown.misrouted_work = work;
        } else {
            shown.work = work;
        }
    }
    fn on_ended(&mut self, at: SimTime, contact: &Contact, ended: &Ended) {
        let shown = self.at(contact);
        shown.retry = ended.again == Some(Cause::Retry);
        if ended.how == How::Abandoned {
            let patience = Some(at - contact.waits_from);
            if contact.leg == Leg::Transferred {
                shown.later_patience = patience;
            } else {
                shown.patience = patience;
            }
        }
    }
}

/// How many attempts could be compared in each respect.
#[derive(Debug, Default)]
struct Compared {
    patience: u32,
    work: u32,
    retries: u32,
    bounds: u32,
    transfers: u32,
    later: u32,
}

/// Compares what an attempt showed in two runs with the same groups.
fn compare(a: &Shown, b: &Shown, compared: &mut Compared) {
    let patience = [
        (a.patience, b.patience, a.wait, b.wait),
        (a.later_patience, b.later_patience, a.later_wait, b.later_wait),
    ];
    for (lost, lost_too, answered, answered_too) in patience {
        if let (Some(a), Some(b)) = (lost, lost_too) {
            assert_eq!(a, b);
            compared.patience += 1;
        }
        // Who loses patience here and is answered there was answered before patience ended.
        for (lost, answered) in [(lost, answered_too), (lost_too, answered)] {
            if let (Some(patience), Some(wait)) = (lost, answered) {
                assert!(wait <= patience);
                compared.bounds += 1;
            }
        }
    }
    compared.later += u32::from(a.later_patience.and(b.later_patience).is_some());
    for (a, b) in [(a.work, b.work), (a.misrouted_work, b.misrouted_work)] {
        if let (Some((group, handling, wrap_up)), Some((other, again, and_again))) = (a, b) {
            assert_eq!(wrap_up, and_again);
            if group == other {
                assert_eq!(handling, again);
                compared.work += 1;
            }
        }
    }
    compared.transfers += u32::from(a.misrouted_work.and(b.misrouted_work).is_some());
    let is_lost = |shown: &Shown| shown.patience.is_some() || shown.later_patience.is_some();
    if is_lost(a) && is_lost(b) {
        assert_eq!(a.retry, b.retry);
        compared.retries += u32::from(a.retry);
    }
}

const CENTER: &str = r#"
    [run]
    duration = "4h"
    busyness = 0.2
    [contacts.chat]
    rate = "120/h"
    busyness = 0.3
    priority = 2
    patience = { lognormal = { mean = "2m", cv = 1.0 } }
    handling = { gamma = { mean = "5m", cv = 0.7 } }
    wrap_up = { exponential = { mean = "20s" } }
    retry = { probability = 0.5, after = { exponential = { mean = "5m" } }, at_most = 3 }
    [contacts.chat.bot]
    deflection = 0.5
    abandonment = 0.05
    opt_out = 0.1
    session = { lognormal = { mean = "1m", cv = 0.5 } }
    escalation_session = { weibull = { mean = "90s", shape = 1.5 } }
    false_resolution = { probability = 0.2, recontact_after = { exponential = { mean = "20m" } } }
    misroute = { probability = 0.3, to = "phone" }
    urgent = { probability = 0.2, priority = 1 }
    [contacts.phone]
    rate = "40/h"
    priority = 1
    patience = { exponential = { mean = "90s" } }
    handling = { hyperexponential = { mean = "4m", cv = 1.5 } }
    [groups.general]
    skills = ["chat", "phone"]
    staff = 7
    [groups.phones]
    skills = { phone = 1.2 }
    staff = 1
"#;

/// First attempts see the same day whatever the agents do; later attempts of a contact draw the
/// same wherever they happen. Retries that happen in one run only are left out.
fn same_customers(base: &str, other: &str) {
    let mut compared = Compared::default();
    for replication in 0..5 {
        let (a, b) = (Customers::of(base, replication), Customers::of(other, replication));
        let firsts = |all: &BTreeMap<(String, u32), Shown>| -> Vec<String> {
            let firsts = all.iter().filter(|((_, attempt), _)| *attempt == 0);
            firsts.map(|((key, _), _)| key.clone()).collect()
        };
        assert_eq!(firsts(&a), firsts(&b));
        for ((key, attempt), shown) in &a {
            let Some(again) = b.get(&(key.clone(), *attempt)) else {
                assert!(*attempt > 0);
                continue;
            };
            assert_eq!(shown.contact_type, again.contact_type);
            if *attempt == 0 {
                assert_eq!(shown.arrived, again.arrived);
                assert_eq!((shown.opted_out, shown.bot), (again.opted_out, again.bot));
                if let (Some(queue), Some(same)) = (shown.handed, again.handed) {
                    assert_eq!(queue, same);
                }
            } else if let (Some(before), Some(and)) =
                (a.get(&(key.clone(), attempt - 1)), b.get(&(key.clone(), attempt - 1)))
            {
                // The same loss at the same moment: the same return.
                if before == and {
                    assert_eq!(shown.arrived, again.arrived);
                }
            }
            compare(shown, again, &mut compared);
        }
    }
    assert!(compared.work > 100 && compared.patience > 20, "{compared:?}");
    assert!(compared.retries > 5 && compared.bounds > 5, "{compared:?}");
    assert!(compared.transfers > 50 && compared.later > 2, "{compared:?}");
}

#[test]
fn whatever_the_agents_do_the_customers_are_the_same() {
    for (from, to) in [
        ("staff = 7", "staff = 8"),
        ("staff = 7", "staff = [{ from = \"0s\", agents = 12 }, { from = \"2h\", agents = 4 }]"),
        ("[groups.general]", "[routing]\npolicy = \"fcfs\"\n[groups.general]"),
        ("[groups.general]", "[routing]\nwaiting_room = 4\n[groups.general]"),
        ("priority = 1", "priority = 3"),
        ("staff = 1", "staff = 4"),
    ] {
        assert!(CENTER.contains(from));
        same_customers(CENTER, &CENTER.replace(from, to));
    }
    let kept = CENTER.replace("at_most = 3", "at_most = 3, keep_draws = true");
    same_customers(&kept, &kept.replace("staff = 7", "staff = 8"));
}

#[test]
fn retries_keep_patience_only_where_they_are_told_to() {
    let lost_twice = |text: &str| -> (u32, u32) {
        let all = Customers::of(text, 0);
        let (mut same, mut other) = (0, 0);
        for ((key, attempt), shown) in &all {
            let before = attempt.checked_sub(1).and_then(|last| all.get(&(key.clone(), last)));
            if let (Some(first), Some(second)) = (before.and_then(|b| b.patience), shown.patience) {
                *(if first == second { &mut same } else { &mut other }) += 1;
            }
        }
        (same, other)
    };
    let text = CENTER
        .replace("misroute = { probability = 0.3, to = \"phone\" }", "")
        .replace("staff = 7", "staff = 2");
    assert_eq!(lost_twice(&text).0, 0);
    assert!(lost_twice(&text).1 > 20);
    let text = text.replace("at_most = 3", "at_most = 3, keep_draws = true");
    assert_eq!(lost_twice(&text).1, 0);
    assert!(lost_twice(&text).0 > 20);
}

#[test]
fn a_new_contact_type_leaves_the_others_as_they_were() {
    let with = CENTER.replace(
        "[contacts.chat]",
        "[contacts.aaa]\nrate = \"50/h\"\nbusyness = 0.5\nhandling = { exponential = { mean = \"3m\" } }\n\
         patience = { exponential = { mean = \"60s\" } }\n[contacts.chat]",
    );
    let with = with.replace("[\"chat\", \"phone\"]", "[\"aaa\", \"chat\", \"phone\"]");
    let mut compared = Compared::default();
    for replication in 0..5 {
        let (before, after) =
            (Customers::of(CENTER, replication), Customers::of(&with, replication));
        let first = |shown: &(&(String, u32), &Shown)| shown.0.1 == 0;
        let old = after.iter().filter(|(_, shown)| shown.contact_type != "aaa");
        assert_eq!(before.iter().filter(first).count(), old.filter(first).count());
        for (key, shown) in before.iter().filter(first) {
            let again = &after[key];
            assert_eq!(shown.arrived, again.arrived);
            assert_eq!((shown.opted_out, shown.bot), (again.opted_out, again.bot));
            compare(shown, again, &mut compared);
        }
        assert!(after.len() > before.len() + 50);
    }
    assert!(compared.work > 100 && compared.patience > 20, "{compared:?}");
}

/// First attempts by key: type and arrival.
fn arrivals(text: &str, replication: u64) -> BTreeMap<String, (String, SimTime)> {
    Customers::of(text, replication)
        .into_iter()
        .filter(|((_, attempt), _)| *attempt == 0)
        .map(|((key, _), shown)| (key, (shown.contact_type, shown.arrived)))
        .collect()
}

fn contains(all: &BTreeMap<String, (String, SimTime)>, part: &BTreeMap<String, (String, SimTime)>) {
    for (key, shown) in part {
        assert_eq!(all.get(key), Some(shown));
    }
}

#[test]
fn a_surge_adds_contacts_and_leaves_the_others_as_they_were() {
    let surge = |name: &str, start: &str, factor: &str| {
        format!(
            "\n[surges.{name}]\nstart = \"{start}\"\nramp = \"10m\"\nhold = \"30m\"\nhalf_life = \"10m\"\nfactor = {factor}\n"
        )
    };
    let one = format!(
        "{CENTER}{}",
        surge("one", "1h", "{ triangular = { low = 2, mode = 3, high = 5 } }")
    );
    let both = format!("{one}{}", surge("another", "90m", "2.0"));
    let small = format!("{CENTER}{}", surge("one", "1h", "1.5"));
    let large = format!("{CENTER}{}", surge("one", "1h", "2.5"));
    let less = format!("{CENTER}{}", surge("one", "1h", "0.3"));
    for replication in 0..5 {
        let base = arrivals(CENTER, replication);
        let with_one = arrivals(&one, replication);
        let with_both = arrivals(&both, replication);
        contains(&with_one, &base);
        contains(&with_both, &with_one);
        assert!(base.len() + 30 < with_one.len() && with_one.len() + 30 < with_both.len());
        // A surge that lowers the rate leaves some out and moves nobody.
        let with_less = arrivals(&less, replication);
        contains(&base, &with_less);
        assert!(with_less.len() + 20 < base.len());
        // A larger surge keeps the contacts of a smaller one, if at other instants.
        let (with_small, with_large) =
            (arrivals(&small, replication), arrivals(&large, replication));
        assert!(with_small.keys().all(|key| with_large.contains_key(key)));
    }
}

#[test]
fn replications_differ() {
    let (first, second) = (arrivals(CENTER, 0), arrivals(CENTER, 1));
    assert!(first.keys().all(|key| !second.contains_key(key)));
    let seeded = CENTER.replace("[run]", "[run]\nseed = 2");
    assert!(arrivals(&seeded, 0).keys().all(|key| !first.contains_key(key)));
}
