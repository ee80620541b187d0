//! The same seed gives the same results, whatever the threads; an interrupted run is a prefix.

use std::sync::atomic::{AtomicBool, Ordering};

use surgecast::experiment::{Control, Options, RunError, Summary, run};
use surgecast::model::Model;

use crate::support::{scenario, simulate_on};

const CENTER: &str = r#"
    [run]
    duration = "2h"
    warm_up = "15m"
    interval = "15m"
    replications = 60
    busyness = 0.2
    [contacts.a]
    rate = "150/h"
    patience = { lognormal = { mean = "2m", cv = 1.0 } }
    handling = { gamma = { mean = "4m", cv = 0.7 } }
    wrap_up = { exponential = { mean = "20s" } }
    retry = { probability = 0.5, after = { exponential = { mean = "5m" } } }
    [contacts.a.bot]
    deflection = 0.4
    opt_out = 0.1
    session = { lognormal = { mean = "1m", cv = 0.5 } }
    false_resolution = { probability = 0.2, recontact_after = { exponential = { mean = "20m" } } }
    [contacts.b]
    rate = "50/h"
    busyness = 0.3
    channel = "voice"
    handling = { exponential = { mean = "3m" } }
    [bot]
    capacity = 4
    when_full = "queue"
    [surges.s]
    start = "30m"
    ramp = "10m"
    half_life = "10m"
    factor = { triangular = { low = 1, mode = 2, high = 4 } }
    [groups.g]
    skills = ["a", "b"]
    staff = 9
    [groups.h]
    skills = { b = 1.3 }
    staff = 2
"#;

#[test]
fn any_number_of_threads_gives_the_same_results() {
    let one = format!("{:?}", simulate_on(1, CENTER));
    for threads in [2, 7] {
        assert_eq!(one, format!("{:?}", simulate_on(threads, CENTER)));
    }
}

#[test]
fn running_until_it_is_precise_enough_stops_alike_on_any_number_of_threads() {
    let precise = "precision = { of = \"wait.mean\", relative = 0.1, at_most = 2000 }";
    let text = CENTER.replace("replications = 60", precise);
    let one = simulate_on(1, &text);
    let wait = one.figure("wait.mean").unwrap().estimate;
    assert!(wait.half_width().unwrap() <= 0.1 / 1.1 * wait.value.unwrap());
    assert!((31..2000).contains(&one.run.replications), "{}", one.run.replications);
    assert!(!one.run.partial);
    for threads in [2, 7] {
        assert_eq!(format!("{one:?}"), format!("{:?}", simulate_on(threads, &text)));
    }
    // And it is the same as asking for so many replications.
    let fixed = CENTER.replace("= 60", &format!("= {}", one.run.replications));
    same_figures(&one, &simulate_on(2, &fixed));
}

/// All figures but the digest, which is that of the file.
fn same_figures(a: &Summary, b: &Summary) {
    assert_eq!(a.run.replications, b.run.replications);
    assert_eq!((a.run.events, a.run.contacts), (b.run.events, b.run.contacts));
    assert_eq!(format!("{:?}", a.overall), format!("{:?}", b.overall));
    assert_eq!(format!("{:?}", a.contacts), format!("{:?}", b.contacts));
    assert_eq!(format!("{:?}", a.bot), format!("{:?}", b.bot));
    assert_eq!(format!("{:?}", a.groups), format!("{:?}", b.groups));
    assert_eq!(format!("{:?}", a.intervals), format!("{:?}", b.intervals));
}

#[test]
fn an_interrupted_run_reports_its_first_replications() {
    let model = Model::compile(&scenario(CENTER));
    for threads in [1, 3] {
        let options = Options::default();
        let stop = AtomicBool::new(false);
        let progress = |done, _| stop.store(done >= 10, Ordering::Relaxed);
        let control = Control { progress: &progress, stop: &stop, ..Control::new(threads) };
        let partial = run(&model, &options, &control).unwrap();
        assert!(partial.run.partial && partial.run.replications < 60);
        let fewer = Options { replications: Some(partial.run.replications), ..options };
        let whole = run(&model, &fewer, &Control::new(threads)).unwrap();
        assert!(!whole.run.partial);
        same_figures(&partial, &whole);
    }
}

#[test]
fn a_run_that_is_stopped_at_once_has_no_results() {
    let model =
        Model::compile(&scenario(&CENTER.replace("duration = \"2h\"", "duration = \"200h\"")));
    let stop = AtomicBool::new(true);
    let control = Control { stop: &stop, ..Control::new(2) };
    let stopped = run(&model, &Options::default(), &control);
    assert_eq!(stopped.err(), Some(RunError::NothingFinished));
}

#[test]
fn another_seed_gives_other_results_and_the_same_seed_the_same() {
    let other = CENTER.replace("[run]", "[run]\nseed = 2");
    let first = simulate_on(2, CENTER);
    assert_eq!(first.run.seed, 1);
    let second = simulate_on(2, &other);
    assert_ne!(first.run.contacts, second.run.contacts);
    assert_ne!(first.figure("wait.mean"), second.figure("wait.mean"));
}
