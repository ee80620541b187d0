//! The bot: an infinite-server queue in front of the agents, or a finite one.

use statrs::distribution::{ContinuousCDF, LogNormal};
use surgecast::erlang;

use super::steady;
use crate::exact::{Center, Window};
use crate::support::{Comparison, simulate};

fn lognormal(mean: f64, cv: f64) -> LogNormal {
    let variance_of_log = (1.0 + cv * cv).ln();
    LogNormal::new(mean.ln() - variance_of_log / 2.0, variance_of_log.sqrt()).unwrap()
}

/// Arrivals a second: 200 an hour, and after 40 minutes a surge that rises within 10 minutes to
/// three times as many, holds for 20 and falls within 30.
fn arriving(t: f64) -> f64 {
    let since = t - 2400.0;
    let strength = if since < 0.0 {
        0.0
    } else if since < 600.0 {
        since / 600.0
    } else if since < 1800.0 {
        1.0
    } else {
        (1.0 - (since - 1800.0) / 1800.0).max(0.0)
    };
    200.0 / 3600.0 * (1.0 + 2.0 * strength)
}

/// ∫₀ᵗ g(t − u) dF(u), with the mass of each step of F at its middle.
fn convolve(arriving: impl Fn(f64) -> f64, law: &LogNormal, t: f64) -> f64 {
    let step = 4.0;
    let mut sum = 0.0;
    let mut from = 0.0;
    while from < t {
        let to = (from + step).min(t);
        sum += arriving(t - f64::midpoint(from, to)) * (law.cdf(to) - law.cdf(from));
        from = to;
    }
    sum
}

/// ∫₀ᵗ g(t − u) (1 − F(u)) du: mean number in an infinite-server queue.
fn in_session(arriving: impl Fn(f64) -> f64, law: &LogNormal, t: f64) -> f64 {
    let step = 4.0;
    let mut sum = 0.0;
    let mut from = 0.0;
    while from < t {
        let middle = from + step / 2.0;
        sum += step * arriving(t - middle) * law.sf(middle);
        from += step;
    }
    sum
}

const BOT_DAY: &str = r#"
    [run]
    duration = "2h"
    interval = "20m"
    replications = 2000
    [contacts.x]
    rate = "200/h"
    handling = { exponential = { mean = "100s" } }
    patience = { exponential = { mean = "200s" } }
    [contacts.x.bot]
    deflection = 0.6
    abandonment = 0.1
    session = { lognormal = { mean = "3m", cv = 0.8 } }
    escalation_session = { lognormal = { mean = "6m", cv = 1.2 } }
    escalation_handling = { exponential = { mean = "200s" } }
    context_saving = 0.25
    [surges.s]
    start = "40m"
    ramp = "10m"
    hold = "20m"
    decay = "30m"
    factor = 3.0
    [groups.g]
    skills = ["x"]
    staff = [{ from = "0s", agents = 4 }, { from = "1h", agents = 6 }]
"#;

#[test]
fn a_lognormal_bot_sends_a_poisson_stream_to_the_agents() {
    // Eick, Massey, Whitt 1993, "The physics of the M(t)/G/∞ queue", Operations Research 41: the
    // departures of an infinite-server queue with nonhomogeneous Poisson arrivals are Poisson.
    let (session, escalation) = (lognormal(180.0, 0.8), lognormal(360.0, 1.2));
    let step = 4.0;
    let escalating: Vec<f64> =
        (0..=1800).map(|at| 0.3 * convolve(arriving, &escalation, f64::from(at) * step)).collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1800")]
    let rate = |t: f64| {
        let index = ((t / step) as usize).min(1799);
        let share = t / step - index as f64;
        escalating[index] * (1.0 - share) + escalating[index + 1] * share
    };
    let center = Center {
        rate,
        served: 1.0 / 150.0,
        lost: 1.0 / 200.0,
        staff: vec![(0.0, 4), (3600.0, 6)],
        most_waiting: 40,
        step: 2.0,
    };
    let windows = center.windows(6, 1200.0, 3600.0);
    // The middles of steps of 4 s, on each of which the rate is linear.
    let arrivals_in = |at: usize| -> f64 {
        (0..300).map(|k| 4.0 * arriving(at as f64 * 1200.0 + f64::from(k) * 4.0 + 2.0)).sum()
    };
    let summary = simulate(BOT_DAY);
    let mut comparison = Comparison::new(&summary);
    for (at, window) in windows.iter().enumerate() {
        comparison
            .of_interval(at, "queued", window.joined)
            .of_interval(at, "events.queued", window.joined)
            .of_interval(at, "escalated", 0.3 * arrivals_in(at))
            .of_interval(at, "backlog.mean", window.backlog)
            .of_interval(at, "escalation_backlog.mean", window.backlog)
            .of_interval(at, "escalation_backlog.end", window.backlog_end)
            .of_interval(at, "group.busy", window.busy)
            .of_interval(at, "abandonment_rate", window.abandoned / window.joined)
            .of_interval(at, "wait_all.mean", window.waited / window.joined);
    }
    let inside = |t: f64| {
        0.7 * in_session(arriving, &session, t) + 0.3 * in_session(arriving, &escalation, t)
    };
    let concurrent: f64 =
        (0..240).map(|at| inside(f64::from(at) * 30.0 + 15.0)).sum::<f64>() / 240.0;
    let arrivals = 200.0 * 2.0 + 400.0 * (5.0 + 20.0 + 15.0) / 60.0;
    let total = Window::total(&windows);
    comparison
        .of("bot.concurrent.mean", concurrent)
        .of("arrivals", arrivals)
        .of("escalated", 0.3 * arrivals)
        .of("backlog.mean", total.backlog / 6.0)
        .of("bot.session_time.mean", 0.7 * 180.0 + 0.3 * 360.0)
        .daily_variance("escalated", 0.3 * arrivals, 0.01)
        .holds();
}

#[test]
fn shares_of_the_bot_are_what_the_file_says() {
    let summary = simulate(
        r#"
        [run]
        duration = "4h"
        interval = "1h"
        drain = "72h"
        replications = 400
        [contacts.x]
        rate = "300/h"
        handling = { exponential = { mean = "40s" } }
        [contacts.x.bot]
        deflection = [{ from = "0s", deflection = 0.5 }, { from = "2h", deflection = 0.7 }]
        abandonment = 0.08
        opt_out = 0.05
        session = { lognormal = { mean = "2m", cv = 0.7 } }
        escalation_session = { fixed = { value = "30s" } }
        escalation_handling = { lognormal = { mean = "80s", cv = 0.5 } }
        context_saving = 0.2
        false_resolution = { probability = 0.3, recontact_after = { exponential = { mean = "30m" } } }
        [groups.g]
        skills = ["x"]
        staff = 200
        "#,
    );
    let arrivals = 1200.0;
    let sessions = 0.95 * arrivals;
    let (deflected, left) = (0.6 * sessions, 0.08 * sessions);
    let escalated = sessions - deflected - left;
    let returns = 0.3 * deflected;
    let opted_out = 0.05 * arrivals;
    let answered = escalated + opted_out + returns;
    let agent_time = escalated * 64.0 + (opted_out + returns) * 40.0;
    let mut comparison = Comparison::new(&summary);
    comparison
        .of("arrivals", arrivals)
        .of("bot_sessions", sessions)
        .of("opted_out", opted_out)
        .of("deflection_rate", 0.6)
        .of("resolution_rate", 0.6 * 0.7)
        .of("automation_rate", 0.6 * 0.7 * 0.95)
        .of("bot_abandoned", left)
        .of("escalated", escalated)
        .of("recontacts", returns)
        .of("attempts", arrivals + returns)
        .of("answered", answered)
        .of("handling.mean", agent_time / answered)
        .of("time_to_human.mean", escalated * 30.0 / answered)
        .of("bot.sessions", sessions)
        .of("bot.deflection_rate", 0.6)
        .of("bot.session_time.mean", ((deflected + left) * 120.0 + escalated * 30.0) / sessions);
    for (at, deflection) in [0.5, 0.5, 0.7, 0.7].into_iter().enumerate() {
        comparison.of_interval(at, "deflection_rate", deflection);
    }
    comparison.holds();
}

/// A bot of 20 sessions at a load of 18 erlangs from both laws of session.
fn small_bot(when_full: &str, sessions: &str) -> String {
    // Of 100 sessions 60 last 100 s and 40 last 150 s: 120 s on average. Opting out takes 4 %.
    let rate = 18.0 / 120.0 / 0.96 * 3600.0;
    steady(
        60,
        40,
        &format!(
            "[contacts.x]\nrate = \"{rate}/h\"\nhandling = {{ fixed = {{ value = \"20s\" }} }}\n\
             [contacts.x.bot]\ndeflection = 0.5\nabandonment = 0.1\nopt_out = 0.04\n{sessions}\n\
             [bot]\ncapacity = 20\nwhen_full = \"{when_full}\"\n\
             [groups.g]\nskills = [\"x\"]\nstaff = 100"
        ),
    )
}

#[test]
fn a_full_bot_overflows_by_erlang_b_whatever_the_session_law() {
    let full = erlang::blocking(18.0, 20);
    let arrivals = 18.0 / 120.0 / 0.96 * 54.0 * 3600.0;
    let sessions = "session = { lognormal = { mean = \"100s\", cv = 1.5 } }\n\
                    escalation_session = { gamma = { mean = \"150s\", cv = 0.5 } }";
    let summary = simulate(&small_bot("escalate", sessions));
    let begun = 0.96 * arrivals * (1.0 - full);
    Comparison::new(&summary)
        .of("bot.full_probability", full)
        .of("overflowed", 0.96 * arrivals * full)
        .of("bot_sessions", begun)
        .of("bot.concurrent.mean", 18.0 * (1.0 - full))
        .of("answered", 0.04 * arrivals + 0.96 * arrivals * full + 0.4 * begun)
        .of("bot.session_time.mean", 120.0)
        .holds();
    let summary = simulate(&small_bot("reject", sessions));
    let reached = 0.04 * arrivals + 0.4 * begun;
    Comparison::new(&summary)
        .of("bot.full_probability", full)
        .of("blocked", 0.96 * arrivals * full)
        .of("blocking_rate", 0.96 * arrivals * full / (0.96 * arrivals * full + reached))
        .of("answered", reached)
        .of("bot.concurrent.mean", 18.0 * (1.0 - full))
        .holds();
}

#[test]
fn a_full_bot_keeps_waiting_by_erlang_c() {
    let sessions = "session = { exponential = { mean = \"120s\" } }";
    let summary = simulate(&small_bot("queue", sessions));
    let delayed = erlang::delay_probability(18.0, 20);
    let wait = erlang::mean_wait(18.0, 20, 120.0).unwrap();
    // Of those who reach a human, 0.4 · 0.96 come from a session, and 0.04 opted out.
    let from_bot = 0.4 * 0.96 / (0.4 * 0.96 + 0.04);
    Comparison::new(&summary)
        .of("bot.full_probability", delayed)
        .of("overflowed", 0.0)
        .of("bot.concurrent.mean", 18.0)
        .of("time_to_human.mean", from_bot * (wait + 120.0))
        .of("wait.mean", 0.0)
        .of("bot.session_time.mean", 120.0)
        .holds();
}

#[test]
fn a_surge_weakens_the_bot_in_proportion_and_an_outage_stops_it() {
    let summary = simulate(
        r#"
        [run]
        duration = "4h"
        interval = "1h"
        replications = 400
        [bot]
        capacity = 100000
        outages = [{ start = "2h", length = "1h", capacity = 0 },
                   { start = "3h", length = "1h", deflection_factor = 0.5 }]
        [contacts.x]
        rate = "300/h"
        handling = { fixed = { value = "20s" } }
        [contacts.x.bot]
        deflection = 0.8
        session = { exponential = { mean = "2m" } }
        [surges.s]
        start = "30m"
        ramp = "30m"
        hold = "15m"
        decay = "45m"
        factor = 3.0
        deflection_factor = 0.5
        [groups.g]
        skills = ["x"]
        staff = 200
        "#,
    );
    // With the strength s(t) of the surge the rate is 1 + 2 s and the deflection 0.8 (1 − s / 2).
    // ∫ (1 + 2s)(1 − s/2) over a ramp of unit length is 1 + 3/2 · 1/2 − 1/3.
    let kept = 1.0 + 0.75 - 1.0 / 3.0;
    let (first, second) = (0.5 + 0.5 * 2.0, 0.25 * 3.0 + 0.75 * 2.0);
    Comparison::new(&summary)
        .of_interval(0, "arrivals", 300.0 * first)
        .of_interval(0, "deflected", 240.0 * (0.5 + 0.5 * kept))
        .of_interval(0, "deflection_rate", 0.8 * (0.5 + 0.5 * kept) / first)
        .of_interval(1, "arrivals", 300.0 * second)
        .of_interval(1, "deflected", 240.0 * (0.25 * 1.5 + 0.75 * kept))
        .of_interval(2, "bot_sessions", 0.0)
        .of_interval(2, "overflowed", 300.0)
        .of_interval(3, "deflection_rate", 0.4)
        .of("bot.full_probability", 300.0 / (300.0 * (first + second + 2.0)))
        .holds();
}
