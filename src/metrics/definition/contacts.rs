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

metrics! {
    /// Figures of a contact type, a channel, or all contacts together.
    ContactMetric, CONTACT_METRICS, Totals:
    /// First attempts.
    Arrivals = count("arrivals", |t| t.arrivals),
    /// Repeats after abandoning or blocking.
    Retries = count("retries", |t| t.retries),
    /// Returns after a false resolution.
    Recontacts = count("recontacts", |t| t.recontacts),
    /// First attempts, repeats and returns together.
    Attempts = count("attempts", Totals::attempts),
    /// Bot sessions begun.
    BotSessions = count("bot_sessions", |t| t.bot_sessions),
    /// Sessions that ended with no human.
    Deflected = count("deflected", Totals::deflected),
    /// Sessions that ended solved.
    Resolved = count("resolved", |t| t.resolved),
    /// Sessions that ended unserved.
    BotAbandoned = count("bot_abandoned", |t| t.bot_abandoned),
    /// Sessions that ended with a human.
    Escalated = count("escalated", |t| t.escalated),
    /// Attempts that asked for a human at once.
    OptedOut = count("opted_out", |t| t.opted_out),
    /// Attempts that found the bot full or down.
    Overflowed = count("overflowed", |t| t.overflowed),
    /// Reached the human side.
    Offered = count("offered", Totals::offered),
    /// Joined a human queue.
    Queued = count("queued", |t| t.queued),
    /// Answered by an agent.
    Answered = count("answered", |t| t.answered),
    /// Left the queue unserved.
    Abandoned = count("abandoned", |t| t.abandoned),
    /// Found no room.
    Blocked = count("blocked", |t| t.blocked),
    /// Still waiting when the simulation ends.
    Unfinished = count("unfinished", |t| t.unfinished),
    /// Deflected of sessions.
    DeflectionRate = share("deflection_rate", Better::Higher, |t| (t.deflected(), t.bot_sessions)),
    /// Resolved of sessions.
    ResolutionRate = share("resolution_rate", Better::Higher, |t| (t.resolved, t.bot_sessions)),
    // Retries can be resolved too: the ratio may exceed 1 where few come only once.
    /// Resolved of first attempts.
    AutomationRate = define(
        "automation_rate",
        Measure::Ratio(|t| (t.resolved, t.arrivals)),
        Unit::Share,
        Better::Higher,
    ),
    /// Abandoned of queued.
    AbandonmentRate = share("abandonment_rate", Better::Lower, |t| (t.abandoned, t.queued)),
    /// Blocked of offered.
    BlockingRate = share("blocking_rate", Better::Lower, |t| (t.blocked, t.offered())),
    /// Not answered at once, of queued.
    DelayProbability = share("delay_probability", Better::Lower, |t| (t.queued - t.answered_at_once, t.queued)),
    /// Service level by the scenario's formula.
    ServiceLevel = share("service_level", Better::Higher, promised),
    /// Service level: those who left within the threshold do not count.
    ServiceLevelExclQuickAbandons = share("service_levels.excl_quick_abandons", Better::Higher, |t| {
        t.service_level(Formula::ExclQuickAbandons)
    }),
    /// Service level: answered within the threshold, of all that queued.
    ServiceLevelStrict = share("service_levels.strict", Better::Higher, |t| t.service_level(Formula::Strict)),
    /// Service level: answered within the threshold, of the answered.
    ServiceLevelAnsweredOnly = share("service_levels.answered_only", Better::Higher, |t| {
        t.service_level(Formula::AnsweredOnly)
    }),
    /// Service level: who left within the threshold counts as answered in time.
    ServiceLevelAbandonInTimeOk = share("service_levels.abandon_in_time_ok", Better::Higher, |t| {
        t.service_level(Formula::AbandonInTimeOk)
    }),
    // A share of days: 0 or 1 for all of them does not make its interval a point.
    /// Share of days whose service level reaches the goal.
    GoalMet = share("goal_met", Better::Higher, goal_met),
    /// Mean wait of answered contacts.
    WaitMean = seconds("wait.mean", |t| mean(t.wait)),
    /// Standard deviation of the wait of answered contacts.
    WaitSd = spread("wait.sd", |t| t.wait),
    /// The 50 % quantile of the wait of answered contacts.
    WaitP50 = quantile("wait.p50", Waits::Answered, 0.5),
    /// The 90 % quantile of the wait of answered contacts.
    WaitP90 = quantile("wait.p90", Waits::Answered, 0.9),
    /// The 95 % quantile of the wait of answered contacts.
    WaitP95 = quantile("wait.p95", Waits::Answered, 0.95),
    /// The 99 % quantile of the wait of answered contacts.
    WaitP99 = quantile("wait.p99", Waits::Answered, 0.99),
    /// Longest wait of answered contacts.
    WaitMax = most("wait.max", |t| t.wait),
    /// Mean wait of all that queued.
    WaitAllMean = seconds("wait_all.mean", |t| mean(all_waits(t))),
    /// Standard deviation of the wait of all that queued.
    WaitAllSd = spread("wait_all.sd", all_waits),
    /// The 50 % quantile of the wait of all that queued.
    WaitAllP50 = quantile("wait_all.p50", Waits::All, 0.5),
    /// The 90 % quantile of the wait of all that queued.
    WaitAllP90 = quantile("wait_all.p90", Waits::All, 0.9),
    /// The 95 % quantile of the wait of all that queued.
    WaitAllP95 = quantile("wait_all.p95", Waits::All, 0.95),
    /// The 99 % quantile of the wait of all that queued.
    WaitAllP99 = quantile("wait_all.p99", Waits::All, 0.99),
    /// Longest wait of all that queued.
    WaitAllMax = most("wait_all.max", all_waits),
    /// Mean wait of the abandoned.
    WaitAbandonedMean = seconds("wait_abandoned.mean", |t| mean(t.wait_abandoned)),
    /// Mean wait beyond the threshold.
    ExcessWait = seconds("excess_wait", |t| (t.excess_wait, t.queued - t.unfinished)),
    /// Mean wait of answered contacts, bot time included.
    TimeToHumanMean = seconds("time_to_human.mean", |t| mean(t.time_to_human)),
    /// Standard deviation of the wait of answered contacts, bot time included.
    TimeToHumanSd = spread("time_to_human.sd", |t| t.time_to_human),
    /// The 50 % quantile of the wait of answered contacts, bot time included.
    TimeToHumanP50 = quantile("time_to_human.p50", Waits::ToHuman, 0.5),
    /// The 90 % quantile of the wait of answered contacts, bot time included.
    TimeToHumanP90 = quantile("time_to_human.p90", Waits::ToHuman, 0.9),
    /// The 95 % quantile of the wait of answered contacts, bot time included.
    TimeToHumanP95 = quantile("time_to_human.p95", Waits::ToHuman, 0.95),
    /// The 99 % quantile of the wait of answered contacts, bot time included.
    TimeToHumanP99 = quantile("time_to_human.p99", Waits::ToHuman, 0.99),
    /// Longest wait of answered contacts, bot time included.
    TimeToHumanMax = most("time_to_human.max", |t| t.time_to_human),
    /// Mean agent time of an answered contact, wrap-up included.
    HandlingMean = seconds("handling.mean", |t| (t.handling, t.served)),
    /// Mean time from answer to leaving.
    ServiceMean = seconds("service.mean", |t| (t.service, t.served)),
    /// Mean time from arrival to end.
    SojournMean = seconds("sojourn.mean", |t| (t.sojourn, t.ended)),
    /// Mean number of contacts in human queues.
    BacklogMean = level("backlog.mean", |t| per_second(t.backlog.area, &t.backlog)),
    /// Most contacts in human queues at once.
    BacklogPeak = level("backlog.peak", |t| t.backlog.peak),
    /// Number of contacts in human queues when arrivals end.
    BacklogEnd = level("backlog.end", |t| t.backlog.end),
    /// Agent hours of contacts in human queues when arrivals end.
    BacklogWork = of_day(level("backlog.work", |t| t.backlog.work / 3600.0), Unit::Hours),
    /// Time until there are no contacts in human queues.
    BacklogClearTime = of_day(until("backlog.clear_time", |t| t.backlog.clear), Unit::Seconds),
    /// Mean number of contacts in human queues that came from the bot.
    EscalationBacklogMean = level("escalation_backlog.mean", |t| {
        per_second(t.escalation_backlog.area, &t.escalation_backlog)
    }),
    /// Most contacts in human queues that came from the bot at once.
    EscalationBacklogPeak = level("escalation_backlog.peak", |t| t.escalation_backlog.peak),
    /// Number of contacts in human queues that came from the bot when arrivals end.
    EscalationBacklogEnd = level("escalation_backlog.end", |t| t.escalation_backlog.end),
    /// Agent hours of contacts in human queues that came from the bot when arrivals end.
    EscalationBacklogWork = of_day(level("escalation_backlog.work", |t| t.escalation_backlog.work / 3600.0), Unit::Hours),
    /// Time until there are no contacts in human queues that came from the bot.
    EscalationBacklogClearTime = of_day(until("escalation_backlog.clear_time", |t| t.escalation_backlog.clear), Unit::Seconds),
    /// Mean number of contacts that wait to retry.
    RetryingMean = level("retrying.mean", |t| per_second(t.backlog.retrying_area, &t.backlog)),
    /// Queued during the interval.
    EventsQueued = event("events.queued", |t| t.events_queued),
    /// Answered during the interval.
    EventsAnswered = event("events.answered", |t| t.events_answered),
    /// Abandoned during the interval.
    EventsAbandoned = event("events.abandoned", |t| t.events_abandoned),
    /// Blocked during the interval.
    EventsBlocked = event("events.blocked", |t| t.events_blocked),
}

const fn until(path: &'static str, value: fn(&Totals) -> Option<f64>) -> Definition<Totals> {
    define(path, Measure::Until(value), Unit::Seconds, Better::Lower)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ServiceLevel;
    use crate::time::SimSpan;

    #[test]
    fn a_day_meets_the_goal_at_the_goal_and_not_a_contact_below() {
        let promise = ServiceLevel {
            answer_within: SimSpan::from_seconds(20.0),
            goal: 0.8,
            formula: Formula::Strict,
        };
        let met = |answered_in_time: f64, queued: f64| {
            goal_met(&Totals {
                answered_in_time,
                queued,
                promise: Some(promise),
                ..Totals::default()
            })
        };
        for (good, all, expected) in [
            (8.0, 10.0, (1.0, 1.0)),
            (79.0, 100.0, (0.0, 1.0)),
            (79_999.0, 100_000.0, (0.0, 1.0)),
            (80_000.0, 100_000.0, (1.0, 1.0)),
            (0.0, 0.0, (0.0, 0.0)),
        ] {
            assert_eq!(met(good, all), expected, "{good} of {all}");
        }
    }
}
