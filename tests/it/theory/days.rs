//! Days on which rates and staff change, against Kolmogorov's equations; and days that differ.

use surgecast::model::Model;

use crate::exact::{Center, Window};
use crate::support::{Comparison, scenario, simulate};

const HOUR: f64 = 3600.0;

/// Rate of the profile below at `t` seconds: 90 an hour times the weight, on straight lines
/// between the midpoints of hours; hours 0, 1, 2, 3 weigh 0.6, 1.0, 1.4, 0.8, the others 0.5.
fn profile_rate(t: f64) -> f64 {
    let weights = [0.5, 0.6, 1.0, 1.4, 0.8, 0.5];
    let place = t / HOUR + 0.5;
    let before = place.floor();
    let index = usize::from((0..5u8).find(|k| f64::from(*k + 1) > before).unwrap_or(4));
    let (from, to) = (weights[index], weights[index + 1]);
    90.0 / HOUR * (from + (to - from) * (place - before))
}

/// Strength of a surge that starts at 1 h, rises for 10 min, holds for 20 min and falls by half in
/// each 15 min.
fn half_life_surge(t: f64) -> f64 {
    let since = t - HOUR;
    if since < 0.0 {
        0.0
    } else if since < 600.0 {
        since / 600.0
    } else if since < 1800.0 {
        1.0
    } else {
        (-(since - 1800.0) / 900.0).exp2()
    }
}

const PROFILE_DAY: &str = r#"
    [run]
    duration = "3h"
    interval = "30m"
    replications = 2000
    [profiles.p]
    interval = "1h"
    shape = "linear"
    weights = [0.6, 1.0, 1.4, 0.8, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5,
               0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    [contacts.x]
    rate = "90/h"
    profile = "p"
    handling = { exponential = { mean = "160s" } }
    patience = { exponential = { mean = "150s" } }
    [groups.g]
    skills = ["x"]
    staff = [{ from = "0s", agents = 2 }, { from = "50m", agents = 5 }, { from = "01:40", agents = 7 },
             { from = "2h", agents = 3 }, { from = "2h30m", agents = 4 }]
    [surges.s]
    start = "1h"
    ramp = "10m"
    hold = "20m"
    half_life = "15m"
    factor = 2.5
"#;

#[test]
fn changing_rates_and_staff_follow_the_kolmogorov_equations() {
    let center = Center {
        rate: |t: f64| profile_rate(t) * (1.0 + 1.5 * half_life_surge(t)),
        served: 1.0 / 160.0,
        lost: 1.0 / 150.0,
        staff: vec![(0.0, 2), (3000.0, 5), (6000.0, 7), (7200.0, 3), (9000.0, 4)],
        most_waiting: 40,
        step: 2.0,
    };
    let windows = center.windows(6, 1800.0, HOUR);
    let summary = simulate(PROFILE_DAY);
    let mut comparison = Comparison::new(&summary);
    for (at, window) in windows.iter().enumerate() {
        comparison
            .of_interval(at, "arrivals", window.joined)
            .of_interval(at, "queued", window.joined)
            .of_interval(at, "delay_probability", window.delayed / window.joined)
            .of_interval(at, "abandonment_rate", window.abandoned / window.joined)
            .of_interval(at, "abandoned", window.abandoned)
            .of_interval(at, "wait_all.mean", window.waited / window.joined)
            .of_interval(at, "events.abandoned", window.abandonments)
            .of_interval(at, "backlog.mean", window.backlog)
            .of_interval(at, "backlog.end", window.backlog_end)
            .of_interval(at, "group.busy", window.busy)
            .of_interval(at, "group.staffed", window.staffed)
            .of_interval(at, "group.occupancy", window.busy / window.staffed);
    }
    let day = Window::total(&windows);
    let overtime: f64 = [2.0, 3.0, 5.0, 19.0 / 3.0, 3.0, 4.0]
        .iter()
        .zip(&windows)
        .map(|(scheduled, window)| (window.staffed - scheduled) / 2.0)
        .sum();
    comparison
        .of("abandonment_rate", day.abandoned / day.joined)
        .of("delay_probability", day.delayed / day.joined)
        .of("wait_all.mean", day.waited / day.joined)
        .of("backlog.mean", day.backlog / 6.0)
        .of("groups.g.busy_hours", day.busy / 2.0)
        .of("groups.g.overtime_hours", overtime)
        .of("groups.g.occupancy", day.busy / day.staffed)
        .holds();
}

#[test]
fn a_surge_of_random_size_brings_what_its_mean_says() {
    // The variance of a triangular law is (a² + b² + c² − ab − ac − bc) / 18: here 18.75 / 36.
    // A trapezoid of 15 min, 1 h and 30 min lasts 1.375 h at full strength.
    for (factor, mean, variance) in [
        ("{ triangular = { low = 3, mode = 4, high = 6.5 } }", 4.5, 18.75 / 36.0),
        ("0.4", 0.4, 0.0),
        ("{ fixed = { value = 3.0 } }", 3.0, 0.0),
    ] {
        let summary = simulate(&format!(
            "[run]\nduration = \"4h\"\ninterval = \"1h\"\nreplications = 2000\n\
             [contacts.x]\nrate = \"40/h\"\nhandling = {{ fixed = {{ value = \"10s\" }} }}\n\
             [contacts.y]\nrate = \"20/h\"\nhandling = {{ fixed = {{ value = \"10s\" }} }}\n\
             [surges.s]\ncontacts = [\"x\"]\nstart = \"1h\"\nramp = \"15m\"\nhold = \"1h\"\n\
             decay = \"30m\"\nfactor = {factor}\n\
             [groups.g]\nskills = [\"x\", \"y\"]\nstaff = 100"
        ));
        let base = 160.0;
        let extra = 40.0 * 1.375;
        let expected = base + extra * (mean - 1.0);
        let daily_variance = expected + extra * extra * variance;
        Comparison::new(&summary)
            .of("contacts.x.arrivals", expected)
            .of("contacts.y.arrivals", 80.0)
            .of("arrivals", expected + 80.0)
            .of_interval(0, "arrivals", 60.0)
            .of_interval(1, "arrivals", 60.0 + 40.0 * (mean - 1.0) * (0.125 + 0.75))
            .of_interval(3, "arrivals", 60.0)
            .daily_variance("contacts.x.arrivals", daily_variance, 0.3)
            .holds();
    }
}

#[test]
fn busy_days_vary_as_much_as_they_say_alone_or_together() {
    let text = |run: &str, own: &str| {
        format!(
            "[run]\nduration = \"2h\"\ninterval = \"1h\"\nreplications = 4000\n{run}\n\
             [contacts.x]\nrate = \"40/h\"\n{own}\nhandling = {{ fixed = {{ value = \"10s\" }} }}\n\
             [contacts.y]\nrate = \"60/h\"\n{own}\nhandling = {{ fixed = {{ value = \"10s\" }} }}\n\
             [groups.g]\nskills = [\"x\", \"y\"]\nstaff = 100"
        )
    };
    let (x, y, cv): (f64, f64, f64) = (80.0, 120.0, 0.3);
    let alone = |load: f64| load + (cv * load).powi(2);
    // A Poisson number with a gamma mean is negative binomial: excess 6 cv² + 1/variance; for a sum
    // of two of them less.
    let excess = 6.0 * cv * cv + 0.01;
    let apart = simulate(&text("", "busyness = 0.3"));
    Comparison::new(&apart)
        .of("arrivals", x + y)
        .daily_variance("contacts.x.arrivals", alone(x), excess)
        .daily_variance("contacts.y.arrivals", alone(y), excess)
        .daily_variance("arrivals", alone(x) + alone(y), excess)
        .holds();
    let shared = simulate(&text("busyness = 0.3", ""));
    Comparison::new(&shared)
        .of("arrivals", x + y)
        .daily_variance("contacts.x.arrivals", alone(x), excess)
        .daily_variance("contacts.y.arrivals", alone(y), excess)
        .daily_variance("arrivals", alone(x + y), excess)
        .holds();
    let none = simulate(&text("", ""));
    Comparison::new(&none).of("arrivals", x + y).daily_variance("arrivals", x + y, 0.01).holds();
}

#[test]
fn expected_arrivals_follow_surges_up_and_down() {
    // 100 an hour for 10 h; two hours at three times that, and four hours at half of it.
    let text = r#"
        run = { duration = "10h", replications = 200 }
        [contacts.x]
        rate = "100/h"
        handling = { fixed = { value = "1s" } }
        [surges.sale]
        start = "1h"
        hold = "2h"
        factor = 3
        [surges.holiday]
        start = "5h"
        hold = "4h"
        factor = 0.5
        [groups.g]
        skills = ["x"]
        staff = 50
    "#;
    let exact = 1000.0 + 2.0 * 200.0 - 4.0 * 50.0;
    let model = Model::compile(&scenario(text));
    assert!((model.expected_arrivals() - exact).abs() < 1e-6);
    let summary = simulate(text);
    Comparison::new(&summary).of("arrivals", exact).holds();
}
