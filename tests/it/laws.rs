//! Laws that hold exactly on every day of every scenario: Little's law, conservation of contacts,
//! and sums over intervals; on scenarios that nobody chose.
//!
//! A ledger writes down the spans of each contact and agent, in microseconds, with no clever
//! bookkeeping; the collector's integrals and counts must be those of the ledger.

mod ledger;
mod random;

use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use surgecast::engine;
use surgecast::metrics::totals::Totals;
use surgecast::metrics::trace::Tracer;
use surgecast::metrics::{Collector, Day};
use surgecast::model::Model;
use surgecast::random::Streams;
use surgecast::time::{SimSpan, SimTime};

use crate::support::scenario;
use ledger::{Attempt, Ledger, Span, overlap};

/// Replications of each random scenario.
const DAYS: u64 = 3;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 40,
        rng_seed: RngSeed::Fixed(2),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_day_of_any_scenario_adds_up(words in prop::collection::vec(any::<u16>(), 150)) {
        let text = random::scenario(&words);
        let model = Model::compile(&scenario(&text));
        for replication in 0..DAYS {
            let (day, ledger) = simulate(&model, replication);
            let check = Check { model: &model, day: &day, ledger: &ledger, text: &text };
            check.outcomes();
            check.contacts();
            check.intervals();
            check.levels();
            check.clearing();
            check.groups();
            check.flow();
        }
    }
}

fn simulate(model: &Model, replication: u64) -> (Day, Ledger) {
    let (stop, streams) = (
        AtomicBool::new(false),
        Streams::new(model.seed, replication),
    );
    let mut collector = Collector::new(model);
    let tally = engine::replicate(model, streams, &mut collector, &stop).unwrap();
    let mut ledger = Ledger::new(model);
    let again = engine::replicate(model, streams, &mut ledger, &stop).unwrap();
    assert_eq!(tally, again, "observers cannot change the run");
    let mut rows = 0;
    let mut tracer = Tracer::new(model, 1, |_| rows += 1);
    engine::replicate(model, streams, &mut tracer, &stop).unwrap();
    drop(tracer);
    assert_eq!(rows, ledger.attempts.len());
    (collector.finish(tally), ledger)
}

/// One day held against its ledger.
struct Check<'a> {
    model: &'a Model,
    day: &'a Day,
    ledger: &'a Ledger,
    text: &'a str,
}

impl Check<'_> {
    #[track_caller]
    fn equal(&self, what: &str, found: f64, expected: f64) {
        let close = (found - expected).abs() <= 1e-9 * expected.abs() + 1e-6;
        assert!(
            close,
            "{what} is {found} and not {expected} in\n{}",
            self.text
        );
    }

    fn whole(&self) -> Span {
        (self.model.horizon.warm_up, self.model.horizon.duration)
    }

    /// Reported interval `index`, and the part of it after the warm-up.
    fn interval(&self, index: usize) -> (Span, Span) {
        let horizon = &self.model.horizon;
        let start = self.model.interval_start(horizon.first_interval + index);
        let end = (start + horizon.interval).min(horizon.duration);
        ((start, end), (start.max(horizon.warm_up), end))
    }

    fn of_type(&self, index: usize) -> impl Iterator<Item = &Attempt> {
        self.ledger
            .attempts
            .iter()
            .filter(move |attempt| attempt.contact_type == index)
    }

    /// Every attempt ended exactly once, and each contact is told one arrival.
    fn outcomes(&self) {
        for attempt in &self.ledger.attempts {
            assert_eq!(attempt.ends, 1, "{attempt:?} in\n{}", self.text);
        }
        for day in self
            .day
            .types
            .iter()
            .chain([&self.day.overall])
            .chain(&self.day.channels)
        {
            let t = &day.totals;
            assert!(t.conserves());
            let begun = t.deflected() + t.bot_abandoned + t.escalated;
            assert!(begun <= t.bot_sessions && t.bot_sessions <= begun + t.unfinished_at_bot);
            self.equal("blocked + queued", t.offered(), t.queued + t.blocked);
        }
    }

    /// Counts and sums of counted contacts over the day.
    fn contacts(&self) {
        let mut all = Totals::default();
        for (index, day) in self.day.types.iter().enumerate() {
            let counted: Vec<&Attempt> = self.of_type(index).filter(|a| a.counted).collect();
            let t = &day.totals;
            compare_counts(self, t, &counted);
            all.add_counts(t);
        }
        let counted: Vec<&Attempt> = self.ledger.attempts.iter().filter(|a| a.counted).collect();
        compare_counts(self, &self.day.overall.totals, &counted);
        compare_counts(self, &all, &counted);
    }

    /// Counts by the interval of joining, and by that of happening.
    fn intervals(&self) {
        for (at, interval) in self.day.intervals.iter().enumerate() {
            let (span, _) = self.interval(at);
            for (index, day) in interval.types.iter().enumerate() {
                let counted = || self.of_type(index).filter(|a| a.counted);
                let count = |f: &dyn Fn(&Attempt) -> Option<SimTime>| {
                    counted()
                        .filter(|a| f(a).is_some_and(|t| span.0 <= t && t < span.1))
                        .count() as f64
                };
                let t = &day.totals;
                self.equal("attempts", t.attempts(), count(&|a| Some(a.arrived)));
                self.equal("queued", t.queued, count(&|a| a.queued));
                self.equal(
                    "answered",
                    t.answered,
                    count(&|a| a.queued.filter(|_| a.answered())),
                );
                self.equal(
                    "abandoned",
                    t.abandoned,
                    count(&|a| a.queued.filter(|_| a.abandoned)),
                );
                self.equal("events.queued", t.events_queued, count(&|a| a.queued));
                self.equal(
                    "events.answered",
                    t.events_answered,
                    count(&|a| a.left.filter(|_| a.answered())),
                );
                self.equal(
                    "events.abandoned",
                    t.events_abandoned,
                    count(&|a| a.left.filter(|_| a.abandoned)),
                );
                self.equal("events.blocked", t.events_blocked, count(&|a| a.blocked));
            }
        }
        if self.model.horizon.warm_up == SimTime::START {
            let sum = |value: fn(&Totals) -> f64| -> f64 {
                self.day.intervals.iter().map(|i| value(&i.overall)).sum()
            };
            self.equal(
                "sum of arrivals",
                sum(|t| t.arrivals),
                self.day.overall.totals.arrivals,
            );
            self.equal(
                "sum of backlog",
                sum(|t| t.backlog.area),
                self.day.overall.totals.backlog.area,
            );
        }
    }

    /// Little's law: the integral of a level is the sum of what each contact spends in it.
    fn levels(&self) {
        let waits = |span: Span, index: Option<usize>, escalated: bool| -> f64 {
            let inside = self.ledger.attempts.iter().filter(|a| {
                index.is_none_or(|index| a.contact_type == index) && (a.escalated || !escalated)
            });
            inside
                .filter_map(|a| Some(overlap((a.queued?, a.left_or_never()), span)))
                .sum()
        };
        let compare = |t: &Totals, span: Span, index: Option<usize>| {
            self.equal("backlog", t.backlog.area, waits(span, index, false));
            self.equal(
                "escalation backlog",
                t.escalation_backlog.area,
                waits(span, index, true),
            );
            self.equal("seconds", t.backlog.seconds, overlap(span, span));
            let retrying = self
                .ledger
                .retrying
                .iter()
                .filter(|(of, _)| index.is_none_or(|i| i == *of));
            self.equal(
                "retrying",
                t.backlog.retrying_area,
                retrying.map(|(_, s)| overlap(*s, span)).sum(),
            );
            let end = self
                .ledger
                .attempts
                .iter()
                .filter(|a| index.is_none_or(|i| a.contact_type == i));
            let waiting = end
                .filter(|a| a.queued.is_some_and(|at| at < span.1) && a.left_or_never() >= span.1);
            self.equal("backlog.end", t.backlog.end, waiting.count() as f64);
            assert!(t.backlog.peak >= t.backlog.end);
            assert!(t.backlog.peak * t.backlog.seconds >= t.backlog.area - 1e-6);
        };
        compare(&self.day.overall.totals, self.whole(), None);
        for (index, day) in self.day.types.iter().enumerate() {
            compare(&day.totals, self.whole(), Some(index));
        }
        for (at, interval) in self.day.intervals.iter().enumerate() {
            let (_, span) = self.interval(at);
            compare(&interval.overall, span, None);
            for (index, day) in interval.types.iter().enumerate() {
                compare(&day.totals, span, Some(index));
            }
        }
        let sessions = self.ledger.attempts.iter().filter_map(|a| a.session);
        self.equal(
            "sessions",
            self.day.sessions.area,
            sessions.map(|s| overlap(s, self.whole())).sum(),
        );
    }

    /// The backlog is first empty when all who waited have left and nobody has joined meanwhile;
    /// who joins at the very instant comes after it.
    fn clearing(&self) {
        let from = self.model.horizon.clear_from;
        let cleared = |index: Option<usize>| -> Option<f64> {
            let waits: Vec<Span> = self
                .ledger
                .attempts
                .iter()
                .filter(|a| index.is_none_or(|index| a.contact_type == index))
                .filter_map(|a| Some((a.queued?, a.left_or_never())))
                .collect();
            let mut at = from;
            while let Some(left) = waits
                .iter()
                .filter(|(queued, left)| *queued < at && at < *left)
                .map(|(_, left)| *left)
                .max()
            {
                at = left;
            }
            (at < SimTime::NEVER).then(|| (at - from).as_seconds())
        };
        let compare = |t: &Totals, index: Option<usize>| match (t.backlog.clear, cleared(index)) {
            (Some(found), Some(expected)) => self.equal("clear time", found, expected),
            (found, expected) => assert_eq!(found, expected, "in\n{}", self.text),
        };
        compare(&self.day.overall.totals, None);
        for (index, day) in self.day.types.iter().enumerate() {
            compare(&day.totals, Some(index));
        }
    }

    fn groups(&self) {
        for (index, group) in self.day.groups.iter().enumerate() {
            let work = || self.ledger.work.iter().filter(move |(of, _)| *of == index);
            let busy = |span: Span| -> f64 { work().map(|(_, s)| overlap(*s, span)).sum() };
            self.equal("busy", group.busy * 3600.0, busy(self.whole()));
            assert!(group.staffed >= group.busy - 1e-9);
            self.equal(
                "staffed",
                group.staffed,
                self.ledger.present(index, self.whole()) + group.overtime,
            );
            let handled = self
                .ledger
                .attempts
                .iter()
                .filter(|a| a.counted && a.group == Some(index));
            self.equal("handled", group.handled, handled.count() as f64);
            for (at, interval) in self.day.intervals.iter().enumerate() {
                let (_, span) = self.interval(at);
                let group = &interval.groups[index];
                self.equal("busy in interval", group.busy * 3600.0, busy(span));
                assert!(group.staffed >= group.busy - 1e-9);
            }
        }
    }

    /// What comes in less what goes out is the change of the backlog.
    fn flow(&self) {
        if self.model.horizon.warm_up > SimTime::START {
            // Events are told of counted contacts, levels of all.
            return;
        }
        let mut before = vec![0.0; self.day.types.len()];
        for interval in &self.day.intervals {
            for (before, day) in before.iter_mut().zip(&interval.types) {
                let t = &day.totals;
                let change = t.events_queued - t.events_answered - t.events_abandoned;
                self.equal("backlog", t.backlog.end, *before + change);
                *before = t.backlog.end;
            }
        }
    }
}

fn compare_counts(check: &Check<'_>, t: &Totals, counted: &[&Attempt]) {
    let count = |f: &dyn Fn(&Attempt) -> bool| counted.iter().filter(|a| f(a)).count() as f64;
    check.equal("attempts", t.attempts(), counted.len() as f64);
    check.equal("arrivals", t.arrivals, count(&|a| a.index == 0));
    check.equal("queued", t.queued, count(&|a| a.queued.is_some()));
    check.equal("answered", t.answered, count(&Attempt::answered));
    check.equal("abandoned", t.abandoned, count(&|a| a.abandoned));
    check.equal("blocked", t.blocked, count(&|a| a.blocked.is_some()));
    let answered = || counted.iter().filter(|a| a.answered());
    let seconds = |span: Option<SimSpan>| span.map_or(0.0, SimSpan::as_seconds);
    check.equal(
        "waits",
        t.wait.sum,
        answered().map(|a| seconds(a.wait())).sum(),
    );
    let lost = counted.iter().filter(|a| a.abandoned);
    check.equal(
        "lost waits",
        t.wait_abandoned.sum,
        lost.map(|a| seconds(a.wait())).sum(),
    );
    check.equal(
        "handling",
        t.handling,
        answered().map(|a| a.agent_time.as_seconds()).sum(),
    );
    let to_human = answered().filter_map(|a| Some((a.left? - a.arrived).as_seconds()));
    check.equal("time to human", t.time_to_human.sum, to_human.sum());
    check.equal("sessions", t.bot_sessions, count(&|a| a.session.is_some()));
}
