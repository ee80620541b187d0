//! Every figure of the report: path, estimator, unit, and which direction is better. One table, so
//! that JSON, text, expectations and targets cannot drift apart.

use super::totals::{GroupTotals, LevelTotals, Moments, Totals};
use crate::model::Formula;

/// A figure computed from sums of type `T`.
#[derive(Clone, Copy, Debug)]
pub struct Definition<T: 'static> {
    /// Place in the report, within its scope.
    pub path: &'static str,
    /// How it is computed and estimated.
    pub measure: Measure<T>,
    /// What its numbers mean.
    pub unit: Unit,
    /// Which direction serves customers or costs.
    pub better: Better,
    /// Where it is reported.
    pub reported: Reported,
}

/// How a figure is estimated from replications.
#[derive(Clone, Copy, Debug)]
pub enum Measure<T: 'static> {
    /// Mean over replications of a number of the day.
    Total(fn(&T) -> f64),
    /// The same for a number that some days do not have; those are left out.
    Known(fn(&T) -> Option<f64>),
    /// The same for the time until something happens: unknown as soon as it did not happen on some
    /// day, since the mean of the others would be too low.
    Until(fn(&T) -> Option<f64>),
    /// Ratio of expectations: totals over replications divided; interval by the delta method.
    Ratio(fn(&T) -> (f64, f64)),
    /// The same where the ratio is a share, within 0 to 1.
    Share(fn(&T) -> (f64, f64)),
    /// The same for a share of time.
    TimeShare(fn(&T) -> (f64, f64)),
    /// Standard deviation of all observations of all replications.
    Deviation(fn(&T) -> Moments),
    /// The largest observation of all replications; it has no interval.
    Maximum(fn(&T) -> Moments),
    /// Quantile of all observations of all replications; Woodruff's interval.
    Quantile(Waits, f64),
}

/// Whose waits a quantile is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Answered contacts.
    Answered,
    /// All that queued.
    All,
    /// Bot time and wait of answered contacts.
    ToHuman,
}

/// What numbers mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Contacts, sessions or agents.
    Count,
    /// 0 to 1.
    Share,
    /// Seconds.
    Seconds,
    /// Agent hours.
    Hours,
    /// The currency of `cost_per_hour`.
    Money,
}

/// Which direction is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More of it.
    Higher,
    /// Less of it.
    Lower,
    /// Neither: it describes.
    Neither,
}

/// Where a figure is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    /// For the day and for each interval.
    Both,
    /// For the day only.
    Day,
    /// For each interval only.
    Interval,
}

impl<T> Definition<T> {
    /// Whether it is reported for the day (else: for an interval).
    pub fn is_of_day(&self) -> bool {
        self.reported != Reported::Interval
    }

    /// Whether it is reported for an interval.
    pub fn is_of_interval(&self) -> bool {
        self.reported != Reported::Day
    }
}

const fn define<T>(
    path: &'static str,
    measure: Measure<T>,
    unit: Unit,
    better: Better,
) -> Definition<T> {
    Definition {
        path,
        measure,
        unit,
        better,
        reported: Reported::Both,
    }
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
    define(
        path,
        Measure::Quantile(waits, p),
        Unit::Seconds,
        Better::Lower,
    )
}

const fn spread(path: &'static str, moments: fn(&Totals) -> Moments) -> Definition<Totals> {
    define(
        path,
        Measure::Deviation(moments),
        Unit::Seconds,
        Better::Lower,
    )
}

const fn most(path: &'static str, moments: fn(&Totals) -> Moments) -> Definition<Totals> {
    define(
        path,
        Measure::Maximum(moments),
        Unit::Seconds,
        Better::Lower,
    )
}

const fn event(path: &'static str, value: fn(&Totals) -> f64) -> Definition<Totals> {
    Definition {
        reported: Reported::Interval,
        ..count(path, value)
    }
}

const fn level(path: &'static str, value: fn(&Totals) -> f64) -> Definition<Totals> {
    define(path, Measure::Total(value), Unit::Count, Better::Lower)
}

const fn of_day(definition: Definition<Totals>, unit: Unit) -> Definition<Totals> {
    Definition {
        reported: Reported::Day,
        unit,
        ..definition
    }
}

fn mean(moments: Moments) -> (f64, f64) {
    (moments.sum, moments.count)
}

fn all_waits(totals: &Totals) -> Moments {
    totals.wait.with(&totals.wait_abandoned)
}

fn per_second(area: f64, level: &LevelTotals) -> f64 {
    if level.seconds > 0.0 {
        area / level.seconds
    } else {
        0.0
    }
}

fn promised(totals: &Totals) -> (f64, f64) {
    totals
        .promise
        .map_or((0.0, 0.0), |promise| totals.service_level(promise.formula))
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
    share("deflection_rate", Better::Higher, |t| {
        (t.deflected(), t.bot_sessions)
    }),
    share("resolution_rate", Better::Higher, |t| {
        (t.resolved, t.bot_sessions)
    }),
    // Retries can be resolved too: the ratio may exceed 1 where few come only once.
    define(
        "automation_rate",
        Measure::Ratio(|t| (t.resolved, t.arrivals)),
        Unit::Share,
        Better::Higher,
    ),
    share("abandonment_rate", Better::Lower, |t| {
        (t.abandoned, t.queued)
    }),
    share("blocking_rate", Better::Lower, |t| (t.blocked, t.offered())),
    share("delay_probability", Better::Lower, |t| {
        (t.queued - t.answered_at_once, t.queued)
    }),
    share("service_level", Better::Higher, promised),
    share("service_levels.excl_quick_abandons", Better::Higher, |t| {
        t.service_level(Formula::ExclQuickAbandons)
    }),
    share("service_levels.strict", Better::Higher, |t| {
        t.service_level(Formula::Strict)
    }),
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
    seconds("handling.mean", |t| (t.handling, t.answered)),
    seconds("service.mean", |t| (t.service, t.answered)),
    seconds("sojourn.mean", |t| (t.sojourn, t.ended)),
    level("backlog.mean", |t| per_second(t.backlog.area, &t.backlog)),
    level("backlog.peak", |t| t.backlog.peak),
    level("backlog.end", |t| t.backlog.end),
    of_day(
        level("backlog.work", |t| t.backlog.work / 3600.0),
        Unit::Hours,
    ),
    of_day(
        until("backlog.clear_time", |t| t.backlog.clear),
        Unit::Seconds,
    ),
    level("escalation_backlog.mean", |t| {
        per_second(t.escalation_backlog.area, &t.escalation_backlog)
    }),
    level("escalation_backlog.peak", |t| t.escalation_backlog.peak),
    level("escalation_backlog.end", |t| t.escalation_backlog.end),
    of_day(
        level("escalation_backlog.work", |t| {
            t.escalation_backlog.work / 3600.0
        }),
        Unit::Hours,
    ),
    of_day(
        until("escalation_backlog.clear_time", |t| {
            t.escalation_backlog.clear
        }),
        Unit::Seconds,
    ),
    level("retrying.mean", |t| {
        per_second(t.backlog.retrying_area, &t.backlog)
    }),
    event("events.queued", |t| t.events_queued),
    event("events.answered", |t| t.events_answered),
    event("events.abandoned", |t| t.events_abandoned),
    event("events.blocked", |t| t.events_blocked),
];

const fn until(path: &'static str, value: fn(&Totals) -> Option<f64>) -> Definition<Totals> {
    define(path, Measure::Until(value), Unit::Seconds, Better::Lower)
}

const fn group(
    path: &'static str,
    measure: Measure<GroupTotals>,
    unit: Unit,
    better: Better,
) -> Definition<GroupTotals> {
    Definition {
        path,
        measure,
        unit,
        better,
        reported: Reported::Day,
    }
}

const fn group_level(
    path: &'static str,
    value: fn(&GroupTotals) -> f64,
) -> Definition<GroupTotals> {
    Definition {
        path,
        measure: Measure::Total(value),
        unit: Unit::Count,
        better: Better::Neither,
        reported: Reported::Interval,
    }
}

fn over_time(hours: f64, group: &GroupTotals) -> f64 {
    if group.hours > 0.0 {
        hours / group.hours
    } else {
        0.0
    }
}

/// Figures of an agent group. While agents serve one contact at a time, a slot is an agent.
pub const GROUP_METRICS: &[Definition<GroupTotals>] = &[
    Definition {
        reported: Reported::Both,
        ..group(
            "occupancy",
            Measure::TimeShare(|g| (g.busy, g.staffed)),
            Unit::Share,
            Better::Neither,
        )
    },
    group(
        "slot_occupancy",
        Measure::TimeShare(|g| (g.busy, g.staffed)),
        Unit::Share,
        Better::Neither,
    ),
    group(
        "scheduled_hours",
        Measure::Total(|g| g.scheduled),
        Unit::Hours,
        Better::Lower,
    ),
    group(
        "staffed_hours",
        Measure::Total(|g| g.staffed),
        Unit::Hours,
        Better::Lower,
    ),
    group(
        "busy_hours",
        Measure::Total(|g| g.busy),
        Unit::Hours,
        Better::Neither,
    ),
    group(
        "overtime_hours",
        Measure::Total(|g| g.overtime),
        Unit::Hours,
        Better::Lower,
    ),
    group(
        "cost",
        Measure::Known(|g| g.cost_per_hour.map(|cost| cost * g.scheduled)),
        Unit::Money,
        Better::Lower,
    ),
    group(
        "handled",
        Measure::Total(|g| g.handled),
        Unit::Count,
        Better::Neither,
    ),
    group(
        "open_chats.mean",
        Measure::Total(|g| over_time(g.busy, g)),
        Unit::Count,
        Better::Neither,
    ),
    group(
        "open_chats.share.0",
        Measure::TimeShare(|g| (g.staffed - g.busy, g.staffed)),
        Unit::Share,
        Better::Neither,
    ),
    group(
        "open_chats.share.1",
        Measure::TimeShare(|g| (g.busy, g.staffed)),
        Unit::Share,
        Better::Neither,
    ),
    group_level("staffed", |g| over_time(g.staffed, g)),
    group_level("busy", |g| over_time(g.busy, g)),
];

/// Sums of the bot over one day.
#[derive(Clone, Debug, Default)]
pub struct BotTotals {
    /// Counts of all contact types together.
    pub totals: Totals,
    /// Sessions in progress.
    pub sessions: LevelTotals,
}

/// Figures of the bot; the quantile is of session lengths.
pub const BOT_METRICS: &[Definition<BotTotals>] = &[
    bot(
        "sessions",
        Measure::Total(|b| b.totals.bot_sessions),
        Unit::Count,
        Better::Neither,
    ),
    bot(
        "deflection_rate",
        Measure::Share(|b| (b.totals.deflected(), b.totals.bot_sessions)),
        Unit::Share,
        Better::Higher,
    ),
    // Of those who wanted a session: who waited for one and got it counts among the sessions.
    bot(
        "full_probability",
        Measure::Share(|b| (b.totals.bot_full, b.totals.wanted_bot)),
        Unit::Share,
        Better::Lower,
    ),
    bot(
        "concurrent.mean",
        Measure::Total(|b| per_second(b.sessions.area, &b.sessions)),
        Unit::Count,
        Better::Neither,
    ),
    bot(
        "concurrent.peak",
        Measure::Total(|b| b.sessions.peak),
        Unit::Count,
        Better::Neither,
    ),
    bot(
        "session_time.mean",
        Measure::Ratio(|b| (b.totals.session_time, b.totals.sessions_ended)),
        Unit::Seconds,
        Better::Neither,
    ),
    bot(
        "session_time.p95",
        Measure::Quantile(Waits::Answered, 0.95),
        Unit::Seconds,
        Better::Neither,
    ),
];

const fn bot(
    path: &'static str,
    measure: Measure<BotTotals>,
    unit: Unit,
    better: Better,
) -> Definition<BotTotals> {
    Definition {
        path,
        measure,
        unit,
        better,
        reported: Reported::Day,
    }
}
