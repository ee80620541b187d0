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
const fn share_open<const OPEN: usize>(path: &'static str) -> Definition<GroupTotals> {
    Definition {
        least_slots: OPEN,
        ..group(
            path,
            Measure::TimeShare(|g| (g.hours_open(OPEN), g.staffed)),
            Unit::Share,
            Better::Neither,
        )
    }
}

/// A list of definitions, followed by one for each number of contacts that an agent has open.
macro_rules! with_shares {
    ($($open:literal)*, [$($definition:expr,)*]) => {
        &[
            $($definition,)*
            $(share_open::<$open>(concat!("open_chats.share.", $open)),)*
        ]
    };
}

/// Figures of an agent group.
pub const GROUP_METRICS: &[Definition<GroupTotals>] = with_shares!(
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20,
    [
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
        Measure::TimeShare(|g| (g.open, g.slots)),
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
    group_level("staffed", |g| over_time(g.staffed, g)),
    group_level("busy", |g| over_time(g.busy, g)),
    group(
        "open_chats.mean",
        Measure::Total(|g| over_time(g.open, g)),
        Unit::Count,
        Better::Neither,
    ),
    ]
);

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
    bot("sessions", Measure::Total(|b| b.totals.bot_sessions), Unit::Count, Better::Neither),
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
    bot("concurrent.peak", Measure::Total(|b| b.sessions.peak), Unit::Count, Better::Neither),
    bot(
        "session_time.mean",
        Measure::Ratio(|b| (b.totals.session_time, b.totals.sessions_ended)),
        Unit::Seconds,
        Better::Neither,
    ),
    // The contract has no figure for them; without it sessions would not add up when a run ends
    // before they do.
    bot("unfinished", Measure::Total(|b| b.totals.unfinished_at_bot), Unit::Count, Better::Lower),
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
    Definition { path, measure, unit, better, reported: Reported::Day, least_slots: 0 }
}
