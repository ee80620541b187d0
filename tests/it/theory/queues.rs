//! One queue of patient, lost and impatient contacts: Erlang B, C and A, and any patience law.

use statrs::distribution::{ContinuousCDF, LogNormal};
use surgecast::erlang::{self, Impatient};

use super::steady;
use crate::exact::{birth_and_death, mean};
use crate::support::{Comparison, simulate};

/// One contact type and one group; times in seconds, rate per second.
fn queue(rate: f64, agents: u32, contact: &str, rest: &str) -> String {
    format!(
        "[contacts.x]\nrate = \"{}/h\"\n{contact}\n[groups.g]\nskills = [\"x\"]\nstaff = {agents}\n\
         {rest}",
        rate * 3600.0
    )
}

#[test]
fn lost_contacts_follow_erlang_b_whatever_the_handling_law() {
    let (handling, agents) = (180.0, 22);
    let exponential = "handling = { exponential = { mean = \"180s\" } }";
    let lognormal = "handling = { lognormal = { mean = \"180s\", cv = 1.5 } }";
    let with_wrap_up = "handling = { erlang = { mean = \"120s\", stages = 3 } }\n\
                        wrap_up = { hyperexponential = { mean = \"60s\", cv = 2.0 } }";
    for (load, contact, rest) in [
        (20.0, format!("{exponential}\nqueue_limit = 0"), ""),
        (20.0, format!("{lognormal}\nqueue_limit = 0"), ""),
        (26.0, lognormal.to_owned(), "[routing]\nlines = 22"),
        (15.0, exponential.to_owned(), "[routing]\nwaiting_room = 0"),
        (20.0, format!("{with_wrap_up}\nqueue_limit = 0"), ""),
    ] {
        let summary = simulate(&steady(50, 40, &queue(load / handling, agents, &contact, rest)));
        let blocked = erlang::blocking(load, agents);
        Comparison::new(&summary)
            .of("blocking_rate", blocked)
            .of("contacts.x.blocking_rate", blocked)
            .of("groups.g.occupancy", load * (1.0 - blocked) / f64::from(agents))
            .of("delay_probability", 0.0)
            .of("wait.mean", 0.0)
            .of("service_level", 1.0)
            .holds();
    }
}

#[test]
fn a_line_is_free_when_the_customer_leaves_and_the_agent_later() {
    // 18 erlangs of handling on 20 lines; as much again of wrap-up, which holds no line.
    let contact = "handling = { gamma = { mean = \"120s\", cv = 0.7 } }\n\
                   wrap_up = { exponential = { mean = \"120s\" } }";
    let text = queue(18.0 / 120.0, 120, contact, "[routing]\nlines = 20");
    let summary = simulate(&steady(50, 40, &text));
    let blocked = erlang::blocking(18.0, 20);
    Comparison::new(&summary)
        .of("blocking_rate", blocked)
        .of("groups.g.occupancy", 36.0 * (1.0 - blocked) / 120.0)
        .of("delay_probability", 0.0)
        .holds();
}

#[test]
fn patient_contacts_follow_erlang_c() {
    let (handling, agents, load, threshold) = (180.0, 10, 8.5, 20.0);
    let contact = "handling = { exponential = { mean = \"180s\" } }";
    let summary = simulate(&steady(200, 40, &queue(load / handling, agents, contact, "")));
    let delayed = erlang::delay_probability(load, agents);
    let wait = erlang::mean_wait(load, agents, handling).unwrap();
    let level = erlang::service_level(load, agents, handling, threshold);
    // Whoever waits does so for an exponential time of mean S / (n − R).
    let scale = handling / (f64::from(agents) - load);
    let deviation = (2.0 * delayed * scale * scale - wait * wait).sqrt();
    let excess = scale * delayed * (-threshold / scale).exp();
    let mut comparison = Comparison::new(&summary);
    comparison
        .of("delay_probability", delayed)
        .of("wait.mean", wait)
        .of("wait_all.mean", wait)
        .of("wait.sd", deviation)
        .of("wait.p50", (scale * (delayed / 0.5).ln()).max(0.0))
        .of("wait.p90", scale * (delayed / 0.1).ln())
        .of("wait.p99", scale * (delayed / 0.01).ln())
        .of("excess_wait", excess)
        .of("service_level", level)
        .of("abandonment_rate", 0.0)
        .of("groups.g.occupancy", load / f64::from(agents))
        .of("handling.mean", handling)
        .of("sojourn.mean", wait + handling)
        .of("backlog.mean", load / handling * wait);
    for formula in ["excl_quick_abandons", "strict", "answered_only", "abandon_in_time_ok"] {
        comparison.of(&format!("service_levels.{formula}"), level);
    }
    comparison.holds();
}

/// Compares all that M/M/n+G knows. Mean waits are integrals of the probabilities: of the answered
/// ∫ (P(answered) − P(answered within t)) dt, likewise of the abandoned.
fn compare_impatient(
    text: &str,
    (rate, agents, handling): (f64, u32, f64),
    survival: impl Fn(f64) -> f64,
) {
    let threshold = 20.0;
    let at = |threshold: f64| -> Impatient {
        erlang::general_patience(rate, agents, handling, &survival, threshold).unwrap()
    };
    let exact = at(threshold);
    let answered = 1.0 - exact.abandoned;
    let (mut answered_waits, mut abandoned_waits) = (0.0, 0.0);
    let step = 2.0;
    for index in 0..3000u32 {
        let part = at((f64::from(index) + 0.5) * step);
        answered_waits += step * (answered - part.answered_within);
        abandoned_waits += step * (exact.abandoned - part.abandoned_within);
        if answered - part.answered_within < 1e-9 && exact.abandoned - part.abandoned_within < 1e-9
        {
            break;
        }
    }
    let wait_all = answered_waits + abandoned_waits;
    let summary = simulate(text);
    Comparison::new(&summary)
        .of("abandonment_rate", exact.abandoned)
        .of("delay_probability", 1.0 - exact.no_wait)
        .of("wait.mean", answered_waits / answered)
        .of("wait_abandoned.mean", abandoned_waits / exact.abandoned)
        .of("wait_all.mean", wait_all)
        .of("service_levels.strict", exact.answered_within)
        .of("service_levels.answered_only", exact.answered_within / answered)
        .of("service_level", exact.answered_within / (1.0 - exact.abandoned_within))
        .of("service_levels.abandon_in_time_ok", exact.answered_within + exact.abandoned_within)
        .of("groups.g.occupancy", rate * handling * answered / f64::from(agents))
        .of("backlog.mean", rate * wait_all)
        .of("sojourn.mean", wait_all + answered * handling)
        .holds();
}

#[test]
fn impatient_contacts_follow_erlang_a() {
    for (load, agents, patience) in [(11.0, 10, 120.0), (4.0, 5, 400.0), (30.0, 20, 90.0)] {
        let handling = 180.0;
        let rate = load / handling;
        let contact = format!(
            "handling = {{ exponential = {{ mean = \"180s\" }} }}\n\
             patience = {{ exponential = {{ mean = \"{patience}s\" }} }}"
        );
        let text = steady(60, 40, &queue(rate, agents, &contact, ""));
        compare_impatient(&text, (rate, agents, handling), |x| (-x / patience).exp());
        // The formulas themselves, against the birth-and-death chain.
        let most = 400;
        let death = |n: usize| {
            n.min(agents as usize) as f64 / handling
                + n.saturating_sub(agents as usize) as f64 / patience
        };
        let chain = birth_and_death(most, |_| rate, death);
        let lost = mean(&chain, |n| n.saturating_sub(agents as usize) as f64) / patience / rate;
        let formula = erlang::exponential_patience(rate, agents, handling, patience, 20.0);
        assert!((formula.abandoned - lost).abs() < 1e-7);
    }
}

#[test]
fn any_patience_law_follows_zeltyn_and_mandelbaum() {
    let (handling, agents, load) = (180.0, 10, 11.0);
    let rate = load / handling;
    let text = |patience: &str| {
        let contact = format!(
            "handling = {{ exponential = {{ mean = \"180s\" }} }}\npatience = {{ {patience} }}"
        );
        steady(60, 40, &queue(rate, agents, &contact, ""))
    };
    // Mean 120 s, cv 1.3.
    let variance_of_log = (1.0f64 + 1.3 * 1.3).ln();
    let law = LogNormal::new(120f64.ln() - variance_of_log / 2.0, variance_of_log.sqrt()).unwrap();
    compare_impatient(
        &text("lognormal = { mean = \"120s\", cv = 1.3 }"),
        (rate, agents, handling),
        |x| law.sf(x),
    );
    compare_impatient(
        &text("uniform = { low = \"10s\", high = \"250s\" }"),
        (rate, agents, handling),
        |x| ((250.0 - x) / 240.0).clamp(0.0, 1.0),
    );
    compare_impatient(&text("fixed = { value = \"60s\" }"), (rate, agents, handling), |x| {
        if x < 60.0 { 1.0 } else { 0.0 }
    });
    // One in five never waits at all, the others for an exponential time.
    compare_impatient(
        &text(
            "mixture = [{ weight = 0.2, fixed = { value = \"0s\" } }, \
             { weight = 0.8, exponential = { mean = \"150s\" } }]",
        ),
        (rate, agents, handling),
        |x| 0.8 * (-x / 150.0).exp(),
    );
}

#[test]
fn finite_rooms_follow_their_chain() {
    let (handling, agents, room) = (120.0, 4usize, 6usize);
    let rate = 4.4 / handling;
    let most = agents + room;
    for (patience, contact) in
        [(f64::INFINITY, ""), (90.0, "patience = { exponential = { mean = \"90s\" } }\n")]
    {
        let waiting = |n: usize| n.saturating_sub(agents) as f64;
        let death = |n: usize| n.min(agents) as f64 / handling + waiting(n) / patience;
        let chain = birth_and_death(most, |_| rate, death);
        let blocked = chain[most];
        let backlog = mean(&chain, waiting);
        let queued = rate * (1.0 - blocked);
        let delayed: f64 = chain[agents..most].iter().sum();
        let handling_law = "handling = { exponential = { mean = \"120s\" } }";
        for (own, rest) in [
            ("", "[routing]\nwaiting_room = 6"),
            ("queue_limit = 6\n", ""),
            ("", "[routing]\nlines = 10"),
        ] {
            let contact = format!("{own}{contact}{handling_law}");
            let text = steady(100, 40, &queue(rate, 4, &contact, rest));
            let summary = simulate(&text);
            Comparison::new(&summary)
                .of("blocking_rate", blocked)
                .of("abandonment_rate", backlog / patience / queued)
                .of("delay_probability", delayed / (1.0 - blocked))
                .of("wait_all.mean", backlog / queued)
                .of("backlog.mean", backlog)
                .of("groups.g.occupancy", mean(&chain, |n| n.min(agents) as f64) / 4.0)
                .holds();
        }
    }
}
