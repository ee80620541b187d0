//! Figures of a contact type, a channel, or all contacts together.

use super::{Better, Definition, Measure, Reported, Unit, Waits, per_second};
use crate::metrics::totals::{Moments, Totals};
use crate::model::Formula;

const fn define<T>(
    path: &'static str,
    measure: Measure<T>,
    unit: Unit,
    better: Better,
) -> Definition<T> {
    Definition { path, measure, unit, better, reported: Reported::Both, least_slots: 0 }
}

const fn count(path: &'static str, value: fn(&Totals) -> f64) -> Definition<Totals> {
    define(path, Measure::Total(value), Unit::Count, Better::Neither)
}

const fn share(
    path: &'static str,
    better: Better,
    ratio: fn(&Totals) -> (f64, f64),
) -> Definition<Totals> {
    define(path, Measure::Share(ratio), Unit::Share, better)
}

const fn seconds(path: &'static str, ratio: fn(&Totals) -> (f64, f64)) -> Definition<Totals> {
    define(path, Measure::Ratio(ratio), Unit::Seconds, Better::Lower)
}

const fn quantile(path: &'static str, waits: Waits, p: f64) -> Definition<Totals> {
    define(path, Measure::Quantile(waits, p), Unit::Seconds, Better::Lower)
}

const fn spread(path: &'static str, moments: fn(&Totals) -> Moments) -> Definition<Totals> {
    define(path, Measure::Deviation(moments), Unit::Seconds, Better::Lower)
}

const fn most(path: &'static str, moments: fn(&Totals) -> Moments) -> Definition<Totals> {
    define(path, Measure::Maximum(moments), Unit::Seconds, Better::Lower)
}

const fn event(path: &'static str, value: fn(&Totals) -> f64) -> Definition<Totals> {
    Definition { reported: Reported::Interval, ..count(path, value) }
}

const fn level(path: &'static str, value: fn(&Totals) -> f64) -> Definition<Totals> {
    define(path, Measure::Total(value), Unit::Count, Better::Lower)
}

const fn of_day(definition: Definition<Totals>, unit: Unit) -> Definition<Totals> {
    Definition { reported: Reported::Day, unit, ..definition }
}

fn mean(moments: Moments) -> (f64, f64) {
    (moments.sum, moments.count)
}

fn all_waits(totals: &Totals) -> Moments {
    totals.wait.with(&totals.wait_abandoned)
}

fn promised(totals: &Totals) -> (f64, f64) {
    totals.promise.map_or((0.0, 0.0), |promise| totals.service_level(promise.formula))
}

/// 1 of 1 on a day that reaches the goal, 0 of 1 on one that does not; nothing when nothing queued.
fn goal_met(totals: &Totals) -> (f64, f64) {
    let (good, all) = promised(totals);
    match totals.promise {
        // The tolerance keeps 8 of 10 at a goal of 0.8 in floating point.
        Some(promise) if all > 0.0 => {
            let met = good / all >= promise.goal - 1e-12;
            (f64::from(u8::from(met)), 1.0)
        }
        _ => (0.0, 0.0),
    }
}

/// Figures of a contact type, a channel, or all contacts together.
pub const METRICS: &[Definition<Totals>] = &[
    count("arrivals", |t| t.arrivals),
    count("retries", |t| t.retries),
    count("recontacts", |t| t.recontacts),
    count("attempts", Totals::attempts),
    count("bot_sessions", |t| t.bot_sessions),
    count("deflected", Totals::deflected),
    count("resolved", |t| t.resolved),
    count("bot_abandoned", |t| t.bot_abandoned),
    count("escalated", |t| t.escalated),
    count("opted_out", |t| t.opted_out),
    count("overflowed", |t| t.overflowed),
    count("offered", Totals::offered),
    count("queued", |t| t.queued),
    count("answered", |t| t.answered),
    count("abandoned", |t| t.abandoned),
    count("blocked", |t| t.blocked),
    count("unfinished", |t| t.unfinished),
    share("deflection_rate", Better::Higher, |t| (t.deflected(), t.bot_sessions)),
    share("resolution_rate", Better::Higher, |t| (t.resolved, t.bot_sessions)),
    // Retries can be resolved too: the ratio may exceed 1 where few come only once.
    define(
        "automation_rate",
        Measure::Ratio(|t| (t.resolved, t.arrivals)),
        Unit::Share,
        Better::Higher,
    ),
    share("abandonment_rate", Better::Lower, |t| (t.abandoned, t.queued)),
    share("blocking_rate", Better::Lower, |t| (t.blocked, t.offered())),
    share("delay_probability", Better::Lower, |t| (t.queued - t.answered_at_once, t.queued)),
    share("service_level", Better::Higher, promised),
    share("service_levels.excl_quick_abandons", Better::Higher, |t| {
        t.service_level(Formula::ExclQuickAbandons)
    }),
    share("service_levels.strict", Better::Higher, |t| t.service_level(Formula::Strict)),
    share("service_levels.answered_only", Better::Higher, |t| {
        t.service_level(Formula::AnsweredOnly)
    }),
    share("service_levels.abandon_in_time_ok", Better::Higher, |t| {
        t.service_level(Formula::AbandonInTimeOk)
    }),
    // A share of days: 0 or 1 for all of them does not make its interval a point.
    share("goal_met", Better::Higher, goal_met),
    seconds("wait.mean", |t| mean(t.wait)),
    spread("wait.sd", |t| t.wait),
    quantile("wait.p50", Waits::Answered, 0.5),
    quantile("wait.p90", Waits::Answered, 0.9),
    quantile("wait.p95", Waits::Answered, 0.95),
    quantile("wait.p99", Waits::Answered, 0.99),
    most("wait.max", |t| t.wait),
    seconds("wait_all.mean", |t| mean(all_waits(t))),
    spread("wait_all.sd", all_waits),
    quantile("wait_all.p50", Waits::All, 0.5),
    quantile("wait_all.p90", Waits::All, 0.9),
    quantile("wait_all.p95", Waits::All, 0.95),
    quantile("wait_all.p99", Waits::All, 0.99),
    most("wait_all.max", all_waits),
    seconds("wait_abandoned.mean", |t| mean(t.wait_abandoned)),
    seconds("excess_wait", |t| (t.excess_wait, t.queued - t.unfinished)),
    seconds("time_to_human.mean", |t| mean(t.time_to_human)),
    spread("time_to_human.sd", |t| t.time_to_human),
    quantile("time_to_human.p50", Waits::ToHuman, 0.5),
    quantile("time_to_human.p90", Waits::ToHuman, 0.9),
    quantile("time_to_human.p95", Waits::ToHuman, 0.95),
    quantile("time_to_human.p99", Waits::ToHuman, 0.99),
    most("time_to_human.max", |t| t.time_to_human),
    seconds("handling.mean", |t| (t.handling, t.served)),
    seconds("service.mean", |t| (t.service, t.served)),
    seconds("sojourn.mean", |t| (t.sojourn, t.ended)),
    level("backlog.mean", |t| per_second(t.backlog.area, &t.backlog)),
    level("backlog.peak", |t| t.backlog.peak),
    level("backlog.end", |t| t.backlog.end),
    of_day(level("backlog.work", |t| t.backlog.work / 3600.0), Unit::Hours),
    of_day(until("backlog.clear_time", |t| t.backlog.clear), Unit::Seconds),
    level("escalation_backlog.mean", |t| {
        per_second(t.escalation_backlog.area, &t.escalation_backlog)
    }),
    level("escalation_backlog.peak", |t| t.escalation_backlog.peak),
    level("escalation_backlog.end", |t| t.escalation_backlog.end),
    of_day(level("escalation_backlog.work", |t| t.escalation_backlog.work / 3600.0), Unit::Hours),
    of_day(until("escalation_backlog.clear_time", |t| t.escalation_backlog.clear), Unit::Seconds),
    level("retrying.mean", |t| per_second(t.backlog.retrying_area, &t.backlog)),
    event("events.queued", |t| t.events_queued),
    event("events.answered", |t| t.events_answered),
    event("events.abandoned", |t| t.events_abandoned),
    event("events.blocked", |t| t.events_blocked),
];

const fn until(path: &'static str, value: fn(&Totals) -> Option<f64>) -> Definition<Totals> {
    define(path, Measure::Until(value), Unit::Seconds, Better::Lower)
}
