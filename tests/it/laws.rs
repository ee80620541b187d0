//! Laws that hold exactly on every day of every scenario: Little's law, conservation of contacts,
//! and sums over intervals; on scenarios that nobody chose.
//!
//! A ledger writes down the spans of each contact and agent, in microseconds, with no clever
//! bookkeeping; the collector's integrals and counts must be those of the ledger.

mod ledger;
pub(crate) mod random;
mod schedule;

use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use surgecast::engine;
use surgecast::metrics::totals::{GroupTotals, Totals};
use surgecast::metrics::trace::Tracer;
use surgecast::metrics::{Collector, Day};
use surgecast::model::Model;
use surgecast::random::Streams;
use surgecast::time::{SimSpan, SimTime};

use ledger::{Attempt, Ledger, Span, overlap};
use schedule::Schedule;

/// Replications of each random scenario.
const DAYS: u64 = 3;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        rng_seed: RngSeed::Fixed(2),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_day_of_any_scenario_adds_up(words in prop::collection::vec(any::<u16>(), 300)) {
        let text = random::text(&words);
        let scenario = random::scenario(&text);
        let model = Model::compile(&scenario);
        for replication in 0..DAYS {
            let (day, ledger) = simulate(&model, replication);
            let schedule = Schedule::new(&scenario);
            let check = Check { model: &model, day: &day, ledger: &ledger, schedule, text: &text };
            check.outcomes();
            check.contacts();
            check.intervals();
            check.levels();
            check.clearing();
            check.groups();
            check.handled();
            check.flow();
            check.journeys();
        }
    }
}

fn simulate(model: &Model, replication: u64) -> (Day, Ledger<'_>) {
    let (stop, streams) = (AtomicBool::new(false), Streams::new(model.seed, replication));
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
    ledger: &'a Ledger<'a>,
    schedule: Schedule,
    text: &'a str,
}

impl Check<'_> {
    #[track_caller]
    fn equal(&self, what: &str, found: f64, expected: f64) {
        let close = (found - expected).abs() <= 1e-9 * expected.abs() + 1e-6;
        assert!(close, "{what} is {found} and not {expected} in\n{}", self.text);
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
        self.ledger.attempts.iter().filter(move |attempt| attempt.contact_type == index)
    }

    /// Every attempt ended exactly once, and each contact is told one arrival.
    fn outcomes(&self) {
        for attempt in &self.ledger.attempts {
            assert_eq!(attempt.ends, 1, "{attempt:?} in\n{}", self.text);
        }
        for day in self.day.types.iter().chain([&self.day.overall]).chain(&self.day.channels) {
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
                    counted().filter(|a| f(a).is_some_and(|t| span.0 <= t && t < span.1)).count()
                        as f64
                };
                let t = &day.totals;
                self.equal("attempts", t.attempts(), count(&|a| Some(a.arrived)));
                self.equal("queued", t.queued, count(&|a| a.queued));
                self.equal("answered", t.answered, count(&|a| a.queued.filter(|_| a.answered())));
                self.equal(
                    "abandoned",
                    t.abandoned,
                    count(&|a| a.queued.filter(|_| a.abandoned.is_some())),
                );
                self.equal("events.queued", t.events_queued, count(&|a| a.queued));
                self.equal(
                    "events.answered",
                    t.events_answered,
                    count(&|a| a.answered.filter(|_| a.answered())),
                );
                self.equal("events.abandoned", t.events_abandoned, count(&|a| a.abandoned));
                self.equal("events.blocked", t.events_blocked, count(&|a| a.blocked));
            }
        }
        if self.model.horizon.warm_up == SimTime::START {
            let sum = |value: fn(&Totals) -> f64| -> f64 {
                self.day.intervals.iter().map(|i| value(&i.overall)).sum()
            };
            self.equal("sum of arrivals", sum(|t| t.arrivals), self.day.overall.totals.arrivals);
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
            let waits = inside.flat_map(|a| &a.waits);
            waits.map(|wait| overlap(*wait, span)).sum()
        };
        let compare = |t: &Totals, span: Span, index: Option<usize>| {
            self.equal("backlog", t.backlog.area, waits(span, index, false));
            self.equal("escalation backlog", t.escalation_backlog.area, waits(span, index, true));
            self.equal("seconds", t.backlog.seconds, overlap(span, span));
            let retrying =
                self.ledger.retrying.iter().filter(|(of, _)| index.is_none_or(|i| i == *of));
            self.equal(
                "retrying",
                t.backlog.retrying_area,
                retrying.map(|(_, s)| overlap(*s, span)).sum(),
            );
            let end =
                self.ledger.attempts.iter().filter(|a| index.is_none_or(|i| a.contact_type == i));
            let mut waits = end.flat_map(|a| &a.waits);
            let at_end = |(from, to): &&Span| *from < span.1 && *to >= span.1;
            let waiting = waits.by_ref().filter(at_end).count();
            self.equal("backlog.end", t.backlog.end, waiting as f64);
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
                .flat_map(|a| a.waits.iter().copied())
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

    /// Hours of agents, from what each was told to do and from the schedule of the file.
    fn groups(&self) {
        for (index, group) in self.day.groups.iter().enumerate() {
            self.group_hours(index, group, self.whole());
            for (at, interval) in self.day.intervals.iter().enumerate() {
                let (_, span) = self.interval(at);
                self.group_hours(index, &interval.groups[index], span);
            }
        }
    }

    fn group_hours(&self, index: usize, found: &GroupTotals, span: Span) {
        let group = &self.model.groups[index];
        let staffed = |part| self.ledger.staffed(index, span, part);
        self.equal("scheduled", found.scheduled, staffed(|staff| staff.scheduled));
        self.equal("scheduled", found.scheduled, self.schedule.hours(index, span));
        self.equal("staffed", found.staffed, staffed(|staff| staff.staffed));
        self.equal("overtime", found.overtime, staffed(|staff| staff.overtime));
        let present = staffed(|staff| staff.present);
        self.equal("present", found.staffed - found.overtime, present);
        // Little's law of the agents: what is open is what is handled.
        let work = self.ledger.work(index).map(|work| overlap(work.span(), span));
        self.equal("open", found.open * 3600.0, work.sum());
        let slots = group.slots();
        self.equal("slots", found.slots, found.staffed * slots as f64);
        let mut open = 0.0;
        let mut busy = 0.0;
        for count in 1..=slots {
            let hours = self.ledger.open(index, count, span);
            self.equal("hours by open contacts", found.hours_open(count), hours);
            open += count as f64 * hours;
            busy += hours;
        }
        self.equal("open by number", found.open, open);
        self.equal("busy", found.busy, busy);
        assert!(found.busy <= found.staffed + 1e-9 && found.overtime <= found.busy + 1e-9);
        self.equal("seconds", found.hours * 3600.0, overlap(span, span));
    }

    /// Answers by contact type and group; of a misrouted contact there are two.
    fn handled(&self) {
        let groups = self.day.groups.len();
        for (group, totals) in self.day.groups.iter().enumerate() {
            let mut sum = 0.0;
            for kind in 0..self.day.types.len() {
                let counted = self.of_type(kind).filter(|a| a.counted);
                let services = counted.flat_map(|a| &a.services);
                let handled = services.filter(|work| work.group == group).count() as f64;
                self.equal("handled_by", self.day.handled_by[kind * groups + group], handled);
                sum += handled;
            }
            self.equal("handled", totals.handled, sum);
        }
    }

    /// What comes in less what goes out is the change of the backlog, and of those who are with an
    /// agent that will transfer them.
    fn flow(&self) {
        if self.model.horizon.warm_up > SimTime::START {
            // Events are told of counted contacts, levels of all.
            return;
        }
        let mut before = vec![0.0; self.day.types.len()];
        for (at, interval) in self.day.intervals.iter().enumerate() {
            let ((_, end), _) = self.interval(at);
            for (index, day) in interval.types.iter().enumerate() {
                let t = &day.totals;
                let between = self.of_type(index).filter(|a| {
                    let first = a.services.first().filter(|work| work.misrouted);
                    let back = a.transferred.unwrap_or(SimTime::NEVER);
                    first.is_some_and(|work| work.from < end && back >= end)
                });
                let inside = t.backlog.end + between.count() as f64;
                let change = t.events_queued - t.events_answered - t.events_abandoned;
                self.equal("backlog", inside, before[index] + change);
                before[index] = inside;
            }
        }
    }

    /// The time of each contact is what it spends at the bot, in queues and with agents, to the
    /// microsecond.
    fn journeys(&self) {
        for attempt in &self.ledger.attempts {
            let (Some(left), Some(queued)) = (attempt.left(), attempt.queued) else {
                continue;
            };
            let mut sum = (queued - attempt.arrived) + attempt.wait();
            for work in &attempt.services {
                sum += match (work.misrouted, attempt.transferred) {
                    (true, Some(transferred)) => transferred - work.from,
                    _ => work.service.map_or(SimSpan::ZERO, |service| service.handling),
                };
            }
            assert_eq!(left - attempt.arrived, sum, "{attempt:?} in\n{}", self.text);
        }
    }
}

impl Attempt {
    /// Whether an agent answered it who did not transfer it.
    fn answered(&self) -> bool {
        self.services.iter().any(|work| !work.misrouted)
    }

    /// The time of agents that counts for it: all, once it has ended, as far as it is known; wrap-up
    /// after a chat that was transferred at once.
    fn agent_time(&self) -> f64 {
        let has_ended = self.abandoned.is_some() || self.unfinished || self.served().is_some();
        let seconds = self.services.iter().map(|work| {
            let handling = match (work.service, self.transferred) {
                (Some(service), _) => service.handling,
                (None, Some(transferred)) if work.misrouted => transferred - work.from,
                (None, _) => SimSpan::ZERO,
            };
            let wrap_up = work.service.map_or(SimSpan::ZERO, |service| service.wrap_up);
            match (has_ended, work.misrouted && work.shared) {
                (true, _) => (handling + wrap_up).as_seconds(),
                (false, true) => wrap_up.as_seconds(),
                (false, false) => 0.0,
            }
        });
        seconds.sum()
    }
}

fn compare_counts(check: &Check<'_>, t: &Totals, counted: &[&Attempt]) {
    let count = |f: &dyn Fn(&Attempt) -> bool| counted.iter().filter(|a| f(a)).count() as f64;
    let sum = |f: &dyn Fn(&Attempt) -> Option<f64>| counted.iter().filter_map(|a| f(a)).sum();
    check.equal("attempts", t.attempts(), counted.len() as f64);
    check.equal("arrivals", t.arrivals, count(&|a| a.index == 0));
    check.equal("queued", t.queued, count(&|a| a.queued.is_some()));
    check.equal("answered", t.answered, count(&Attempt::answered));
    check.equal("served", t.served, count(&|a| a.served().is_some()));
    check.equal("abandoned", t.abandoned, count(&|a| a.abandoned.is_some()));
    check.equal("blocked", t.blocked, count(&|a| a.blocked.is_some()));
    let wait = |a: &Attempt| a.wait().as_seconds();
    check.equal("waits", t.wait.sum, sum(&|a| a.answered().then(|| wait(a))));
    check.equal("lost waits", t.wait_abandoned.sum, sum(&|a| a.abandoned.map(|_| wait(a))));
    check.equal("handling", t.handling, sum(&|a| Some(a.agent_time())));
    let to_human = |a: &Attempt| {
        let bot = a.queued? - a.arrived;
        a.answered().then(|| bot.as_seconds() + wait(a))
    };
    check.equal("time to human", t.time_to_human.sum, sum(&to_human));
    check.equal("ended", t.ended, count(&|a| a.left().is_some()));
    let sojourn = |a: &Attempt| a.left().map(|left| (left - a.arrived).as_seconds());
    check.equal("sojourn", t.sojourn, sum(&sojourn));
    check.equal("sessions", t.bot_sessions, count(&|a| a.session.is_some()));
}
