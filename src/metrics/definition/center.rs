//! Figures of the bot and of agent groups.

use super::{Better, Definition, Measure, Reported, Unit, Waits, per_second};
use crate::metrics::totals::{GroupTotals, LevelTotals, Totals};

const fn group(
    path: &'static str,
    measure: Measure<GroupTotals>,
    unit: Unit,
    better: Better,
) -> Definition<GroupTotals> {
    Definition { path, measure, unit, better, reported: Reported::Day, least_slots: 0 }
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
        least_slots: 0,
    }
}

fn over_time(hours: f64, group: &GroupTotals) -> f64 {
    if group.hours > 0.0 { hours / group.hours } else { 0.0 }
}

/// Share of staffed time with so many contacts open.
macro_rules! share_open {
    ($open:literal) => {
        Definition {
            least_slots: $open,
            ..group(
                concat!("open_chats.share.", $open),
                Measure::TimeShare(|g| (g.hours_open($open), g.staffed)),
                Unit::Share,
                Better::Neither,
            )
        }
    };
}

/// The share of staffed time with so many contacts open, where that is reported.
pub fn open_share(open: usize) -> Option<&'static Definition<GroupTotals>> {
    GROUP_METRICS.get(GroupMetric::ALL.len() + open)
}

metrics! {
    /// Figures of an agent group.
    GroupMetric, GROUP_METRICS, GroupTotals:
    /// Busy time of staffed time.
    Occupancy = Definition {
        reported: Reported::Both,
        ..group(
            "occupancy",
            Measure::TimeShare(|g| (g.busy, g.staffed)),
            Unit::Share,
            Better::Neither,
        )
    },
    /// Open contacts of those that could be open.
    SlotOccupancy = group(
        "slot_occupancy",
        Measure::TimeShare(|g| (g.open, g.slots)),
        Unit::Share,
        Better::Neither,
    ),
    /// Agent hours on the schedule.
    ScheduledHours =
        group("scheduled_hours", Measure::Total(|g| g.scheduled), Unit::Hours, Better::Lower),
    /// Agent hours present, or staying on while busy.
    StaffedHours =
        group("staffed_hours", Measure::Total(|g| g.staffed), Unit::Hours, Better::Lower),
    /// Agent hours in handling or wrap-up.
    BusyHours = group("busy_hours", Measure::Total(|g| g.busy), Unit::Hours, Better::Neither),
    /// Agent hours past the end of shifts.
    OvertimeHours =
        group("overtime_hours", Measure::Total(|g| g.overtime), Unit::Hours, Better::Lower),
    /// What the scheduled hours cost.
    Cost = group(
        "cost",
        Measure::Known(|g| g.cost_per_hour.map(|cost| cost * g.scheduled)),
        Unit::Money,
        Better::Lower,
    ),
    /// Contacts answered.
    Handled = group("handled", Measure::Total(|g| g.handled), Unit::Count, Better::Neither),
    /// Mean number of agents present.
    Staffed = group_level("staffed", |g| over_time(g.staffed, g)),
    /// Mean number of agents who are busy.
    Busy = group_level("busy", |g| over_time(g.busy, g)),
    /// Mean number of open contacts.
    OpenChatsMean = group(
        "open_chats.mean",
        Measure::Total(|g| over_time(g.open, g)),
        Unit::Count,
        Better::Neither,
    ),
    => share_open 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
}

/// Sums of the bot over one day.
#[derive(Clone, Debug, Default)]
pub struct BotTotals {
    /// Counts of all contact types together.
    pub totals: Totals,
    /// Sessions in progress.
    pub sessions: LevelTotals,
}

metrics! {
    /// Figures of the bot; the quantile is of session lengths.
    BotMetric, BOT_METRICS, BotTotals:
    /// Sessions begun.
    Sessions = bot("sessions", Measure::Total(|b| b.totals.bot_sessions), Unit::Count, Better::Neither),
    /// Deflected of sessions.
    DeflectionRate = bot(
        "deflection_rate",
        Measure::Share(|b| (b.totals.deflected(), b.totals.bot_sessions)),
        Unit::Share,
        Better::Higher,
    ),
    // Of those who wanted a session: who waited for one and got it counts among the sessions.
    /// Found it full or down, of those who wanted a session.
    FullProbability = bot(
        "full_probability",
        Measure::Share(|b| (b.totals.bot_full, b.totals.wanted_bot)),
        Unit::Share,
        Better::Lower,
    ),
    /// Mean number of sessions in progress.
    ConcurrentMean = bot(
        "concurrent.mean",
        Measure::Total(|b| per_second(b.sessions.area, &b.sessions)),
        Unit::Count,
        Better::Neither,
    ),
    /// Most sessions in progress at once.
    ConcurrentPeak = bot("concurrent.peak", Measure::Total(|b| b.sessions.peak), Unit::Count, Better::Neither),
    /// Mean length of a session.
    SessionTimeMean = bot(
        "session_time.mean",
        Measure::Ratio(|b| (b.totals.session_time, b.totals.sessions_ended)),
        Unit::Seconds,
        Better::Neither,
    ),
    /// The 95 % quantile of the lengths of sessions.
    SessionTimeP95 = bot(
        "session_time.p95",
        Measure::Quantile(Waits::Answered, 0.95),
        Unit::Seconds,
        Better::Neither,
    ),
    // The contract has no figure for them; without it sessions would not add up when a run ends
    // before they do.
    /// Sessions still in progress when the simulation ends.
    Unfinished = bot("unfinished", Measure::Total(|b| b.totals.unfinished_at_bot), Unit::Count, Better::Lower),
}

const fn bot(
    path: &'static str,
    measure: Measure<BotTotals>,
    unit: Unit,
    better: Better,
) -> Definition<BotTotals> {
    Definition { path, measure, unit, better, reported: Reported::Day, least_slots: 0 }
}
