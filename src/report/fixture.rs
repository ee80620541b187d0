//! A results document of a plausible peak day, for tests.

use crate::experiment::summary::{
    ContactSummary, Days, Figure, Figures, IntervalSummary, Named, RunFacts, Summary, Warning,
};
use crate::report::{ClearsFrom, Origin, ServicePromise};
use crate::stats::Estimate;
use crate::time::SimSpan;

/// Name, share of the arrivals, share that reaches a human, mean wait in seconds.
const TYPES: [(&str, f64, f64, f64); 7] = [
    ("order_status", 0.30, 0.08, 11.2),
    ("returns_and_refunds_after_delivery", 0.20, 0.31, 14.8),
    ("promotion", 0.25, 0.09, 16.1),
    ("product_advice", 0.12, 0.24, 9.7),
    ("change_order", 0.06, 0.33, 12.4),
    ("退款 account", 0.05, 0.41, 13.3),
    ("complaint", 0.02, 0.86, 6.4),
];

/// Arrivals in each hour from 18:00 on.
const HOURS: [f64; 30] = [
    2900.0, 3400.0, 9100.0, 5200.0, 3900.0, 4400.0, 12_800.0, 5100.0, 1700.0, 800.0, 450.0, 380.0,
    520.0, 1100.0, 2100.0, 3000.0, 3600.0, 3700.0, 3300.0, 3500.0, 3700.0, 3650.0, 3500.0, 3200.0,
    3400.0, 3900.0, 4100.0, 3800.0, 2600.0, 1500.0,
];

pub(crate) fn figure(value: f64, half: f64) -> Figure {
    let estimate =
        Estimate { value: Some(value), low: Some(value - half), high: Some(value + half) };
    Figure { estimate, days: None }
}

/// A figure that describes a whole day.
fn daily(value: f64, half: f64, p05: f64, p95: f64) -> Figure {
    Figure { days: Some(Days { p05, p50: value, p95 }), ..figure(value, half) }
}

fn figures(list: &[(&'static str, Figure)]) -> Figures {
    let mut figures = Figures::default();
    for (path, figure) in list {
        figures.push(path, *figure);
    }
    figures
}

/// Figures of one contact type or all of them: arrivals, share to humans, mean wait.
fn metrics(arrivals: f64, to_humans: f64, wait: f64) -> Figures {
    let offered = arrivals * to_humans;
    figures(&[
        ("arrivals", daily(arrivals, arrivals * 0.018, arrivals * 0.85, arrivals * 1.18)),
        ("deflected", figure(arrivals * (0.95 - to_humans), arrivals * 0.016)),
        ("resolved", figure(arrivals * (0.90 - to_humans), arrivals * 0.015)),
        ("bot_abandoned", figure(arrivals * 0.02, 31.0)),
        ("escalated", figure(offered * 0.8, offered * 0.02)),
        ("opted_out", figure(arrivals * 0.05, 61.0)),
        ("offered", daily(offered, offered * 0.02, offered * 0.82, offered * 1.22)),
        ("queued", figure(offered, offered * 0.02)),
        ("answered", figure(offered * 0.977, offered * 0.02)),
        ("abandoned", daily(offered * 0.023, offered * 0.003, offered * 0.004, offered * 0.07)),
        ("blocked", figure(0.0, 0.0)),
        ("deflection_rate", daily(0.761, 0.0012, 0.752, 0.769)),
        ("resolution_rate", daily(0.703, 0.0013, 0.692, 0.711)),
        ("automation_rate", figure(0.665, 0.0013)),
        ("abandonment_rate", daily(0.023, 0.0031, 0.004, 0.061)),
        ("service_level", daily(0.842, 0.0114, 0.71, 0.953)),
        ("service_levels.strict", figure(0.835, 0.0114)),
        ("goal_met", figure(0.38, 0.096)),
        ("wait.mean", daily(wait, wait * 0.07, wait * 0.4, wait * 2.5)),
        ("wait.p50", figure(0.0, 0.0)),
        ("wait.p95", daily(wait * 4.7, wait * 0.35, wait * 1.9, wait * 13.0)),
        ("wait.max", figure(wait * 50.0, wait * 3.0)),
        ("backlog.mean", figure(offered / 9000.0, 0.2)),
        ("backlog.peak", daily(offered * 0.02, offered * 0.0018, offered * 0.003, offered * 0.06)),
        ("backlog.clear_time", daily(2890.0, 310.0, 0.0, 6720.0)),
        ("escalation_backlog.mean", figure(offered / 10_000.0, 0.2)),
        ("escalation_backlog.peak", daily(offered * 0.018, offered * 0.0017, 61.0, offered * 0.05)),
        ("escalation_backlog.end", figure(0.0, 0.0)),
        ("escalation_backlog.clear_time", daily(2870.0, 310.0, 0.0, 6720.0)),
    ])
}

fn interval(at: u32) -> IntervalSummary {
    let arrivals = HOURS[(at / 4) as usize] / 4.0;
    let offered = arrivals * 0.22;
    let wait = (arrivals / 1000.0).powi(3) * 2.4;
    let staffed = if arrivals > 1200.0 { 55.0 } else { 34.0 };
    let busy = f64::min(staffed * 0.985, offered * 300.0 / 900.0 / 3.0);
    let (day, hour) = ((18 + at / 4) / 24, (18 + at / 4) % 24);
    IntervalSummary {
        start: SimSpan::from_micros(i64::from(at) * 900_000_000),
        length: SimSpan::from_micros(900_000_000),
        clock: Some(format!("2026-11-{:02}T{hour:02}:{:02}:00+08:00", 10 + day, at % 4 * 15)),
        overall: figures(&[
            ("arrivals", figure(arrivals, 20.0)),
            ("queued", figure(offered, 9.0)),
            ("answered", figure(offered * 0.97, 9.0)),
            ("wait.mean", figure(wait, wait * 0.2)),
            ("backlog.peak", figure(wait * 3.1, wait)),
        ]),
        contacts: Vec::new(),
        groups: [("chat", 0.7), ("voice", 0.3)]
            .map(|(name, share)| Named {
                name: name.to_owned(),
                value: figures(&[
                    ("staffed", figure(staffed * share, 0.0)),
                    ("busy", figure(busy * share, 0.4)),
                    ("occupancy", figure(busy / staffed, 0.02)),
                ]),
            })
            .into(),
    }
}

fn group(name: &str, hours: f64, handled: f64, cost: Option<f64>) -> Named<Figures> {
    let mut value = figures(&[
        ("occupancy", daily(0.812, 0.011, 0.7, 0.9)),
        ("scheduled_hours", figure(hours, 0.0)),
        ("staffed_hours", figure(hours * 0.88, 0.0)),
        ("handled", figure(handled, handled * 0.02)),
    ]);
    value.push("cost", cost.map_or_else(Figure::default, |cost| figure(cost, 0.0)));
    value.push("open_chats.share.0", figure(0.2, 0.01));
    value.push("open_chats.share.1", figure(0.8, 0.01));
    Named { name: name.to_owned(), value }
}

/// Thirty hours around the openings at 20:00 and 00:00, 100 days of them.
pub(crate) fn peak_day() -> Summary {
    let arrivals = HOURS.iter().sum::<f64>();
    let contacts = TYPES.map(|(name, share, to_humans, wait)| ContactSummary {
        name: name.to_owned(),
        figures: metrics(arrivals * share, to_humans, wait),
        handled_by: vec![Named { name: "chat".into(), value: figure(120.0, 3.0) }],
    });
    let day = SimSpan::HOUR.as_micros() * 30;
    Summary {
        title: Some("Double 11: openings at 20:00 and 00:00, bot first".into()),
        digest: "9b1c7d0a52e4f833".into(),
        run: RunFacts {
            seed: 11,
            replications: 100,
            duration: SimSpan::from_micros(day),
            warm_up: SimSpan::ZERO,
            interval: SimSpan::from_micros(900_000_000),
            events: 31_204_118,
            contacts: 10_512_338,
            partial: false,
        },
        overall: metrics(arrivals, 0.2149, 12.42),
        contacts: contacts.into(),
        channels: vec![Named { name: "chat".into(), value: metrics(arrivals, 0.2149, 12.42) }],
        bot: figures(&[
            ("sessions", daily(98_310.0, 1790.0, 83_900.0, 116_400.0)),
            ("deflection_rate", daily(0.761, 0.0012, 0.752, 0.769)),
            ("full_probability", daily(0.0, 0.0, 0.0, 0.0)),
            ("concurrent.mean", figure(68.3, 1.2)),
            ("concurrent.peak", daily(812.0, 41.0, 530.0, 1190.0)),
            ("session_time.mean", figure(75.0, 0.2)),
            ("session_time.p95", figure(171.0, 0.4)),
        ]),
        groups: vec![
            group("chat", 1203.0, 19_380.0, Some(45_714.0)),
            group("voice_overflow_and_evening_team", 96.0, 2610.0, None),
        ],
        intervals: (0..120).map(interval).collect(),
        warnings: vec![Warning {
            code: "backlog-grows",
            message:
                "between 00:00 and 01:00 contacts reach `chat` faster than it can serve them: \
                      its backlog only grows. 74 agents instead of 55 would hold it."
                    .into(),
        }],
        expectations: Vec::new(),
        stretches: Vec::new(),
        day_values: Vec::new(),
        distributions: Vec::new(),
    }
}

/// What the command line knows about [`peak_day`].
pub(crate) fn origin() -> Origin {
    Origin {
        file: "scenarios/double11.toml".into(),
        option: None,
        version: "0.1.0",
        wall_seconds: Some(1.93),
        promise: Some(ServicePromise { answer_within: SimSpan::from_seconds(15.0), goal: 0.9 }),
        clears_from: ClearsFrom::LastSurge,
    }
}
