//! The bare kernel that `cargo bench` holds the engine against simulates the same two centers.

#[path = "../bench/kernel.rs"]
mod bare;

use surgecast::erlang;
use surgecast::stats::student_t;

use crate::support::{FALSE_ALARM, simulate};

/// Fails when the mean of `values` is further from `reference` than by chance: probability
/// [`FALSE_ALARM`], by Student's t. `others`: the reference is a mean of so many like values.
#[track_caller]
fn agrees(name: &str, values: &[f64], reference: f64, others: f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let error = (squares / (count - 1.0) * (1.0 / count + 1.0 / others)).sqrt();
    let limit = student_t(count - 1.0, 1.0 - FALSE_ALARM / 2.0);
    let z = (mean - reference) / error;
    assert!(z.abs() < limit, "{name}: {mean} for {reference}, z = {z}");
}

#[test]
fn the_kernel_of_erlang_a_agrees_with_the_closed_form() {
    let exact = erlang::exponential_patience(100.0 / 60.0, 100, 60.0, 120.0, 20.0);
    let runs: Vec<_> = (0..40).map(|seed| bare::erlang_a(seed, 100_000)).collect();
    let of = |figure: fn(&bare::ErlangA) -> f64| runs.iter().map(figure).collect::<Vec<_>>();
    let waited = of(|run| run.waited as f64 / run.customers as f64);
    agrees("waited", &waited, 1.0 - exact.no_wait, f64::INFINITY);
    let abandoned = of(|run| run.abandoned as f64 / run.customers as f64);
    agrees("abandoned", &abandoned, exact.abandoned, f64::INFINITY);
    // By Little's law the mean wait of all is 120 s times the share that abandons, 3.964 s.
    let wait = of(|run| run.wait / (run.customers - run.abandoned) as f64);
    agrees("wait of answered", &wait, 3.917, f64::INFINITY);
}

#[test]
fn kernel_and_engine_agree_on_the_surge_day() {
    let text =
        include_str!("../bench/surge-day.toml").replace("replications = 1", "replications = 3");
    let summary = simulate(&text);
    let figure = |path: &str| summary.figure(path).unwrap().estimate.value.unwrap();
    let days: Vec<_> = (0..12).map(bare::surge_day).collect();
    let of = |value: &dyn Fn(&bare::SurgeDay) -> f64| days.iter().map(value).collect::<Vec<_>>();
    let contacts = of(&|day| day.contacts as f64);
    agrees("contacts", &contacts, figure("arrivals"), 3.0);
    let session = of(&|day| day.sessions / day.contacts as f64);
    agrees("session", &session, figure("bot.session_time.mean"), 3.0);
    let peak = of(&|day| f64::from(day.peak));
    agrees("peak", &peak, figure("backlog.peak"), 3.0);
    for (kind, name) in ["urgent", "normal", "long"].into_iter().enumerate() {
        let path = |what: &str| figure(&format!("contacts.{name}.{what}"));
        let escalated = of(&|day| day.escalated[kind] as f64);
        agrees(name, &escalated, path("escalated"), 3.0);
        let abandoned = of(&|day| day.abandoned[kind] as f64 / day.escalated[kind] as f64);
        agrees(name, &abandoned, path("abandonment_rate"), 3.0);
        let answered = |day: &bare::SurgeDay| (day.escalated[kind] - day.abandoned[kind]) as f64;
        let wait = of(&|day| day.waits[kind] / answered(day));
        agrees(name, &wait, path("wait.mean"), 3.0);
    }
}
