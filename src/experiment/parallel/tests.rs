use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::*;

/// What a job gives that takes the longer the earlier it is among four.
#[expect(clippy::unnecessary_wraps, reason = "the runner takes jobs that may fail")]
fn slow_first(job: usize) -> Result<usize, &'static str> {
    thread::sleep(Duration::from_micros(300 * (3 - job as u64 % 4)));
    Ok(job * job)
}

#[test]
fn results_come_in_order_on_any_number_of_threads() {
    let squares: Vec<usize> = (5..60).map(|job| job * job).collect();
    for threads in [0, 1, 2, 3, 8, 100] {
        assert_eq!(collect(5..60, &Control::new(threads), &slow_first), Ok(squares.clone()));
    }
    assert_eq!(collect(7..7, &Control::new(2), &slow_first), Ok(Vec::new()));
}

#[test]
fn after_a_failure_no_job_is_begun_and_all_before_it_are_received() {
    for threads in [1, 2, 4] {
        let begun = AtomicUsize::new(0);
        let job = |job: usize| {
            begun.fetch_max(job, Ordering::Relaxed);
            if job == 6 || job == 8 { Err("no") } else { slow_first(job) }
        };
        let mut received = Vec::new();
        let ended = in_order(0..1000, &Control::new(threads), &job, &mut |job, _| {
            received.push(job);
            ControlFlow::Continue(())
        });
        assert_eq!(ended, Err(Unfinished::Failed { job: 6, error: "no" }));
        assert_eq!(received, [0, 1, 2, 3, 4, 5]);
        assert!(begun.into_inner() < 6 + AHEAD * threads);
    }
}

#[test]
fn a_panic_in_a_job_is_an_error_and_nothing_hangs() {
    for threads in [1, 2, 4] {
        let job = |job: usize| {
            assert_ne!(job, 3, "three");
            slow_first(job)
        };
        match collect(0..1000, &Control::new(threads), &job) {
            Err(Unfinished::Panicked { job: 3, message }) => assert!(message.contains("three")),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_panic_in_the_receiver_is_an_error_too() {
    let ended = in_order(0..1000, &Control::new(3), &slow_first, &mut |job, _| {
        assert!(job < 9, "enough");
        ControlFlow::Continue(())
    });
    assert!(matches!(ended, Err(Unfinished::Panicked { job: 9, .. })), "{ended:?}");
}

#[test]
fn the_receiver_may_break_off_and_hears_no_more() {
    for threads in [1, 3] {
        // What comes after is not wanted: nor is its failure.
        let job = |job: usize| if job == 12 { Err("no") } else { slow_first(job) };
        let mut received = 0;
        let ended = in_order(0..1000, &Control::new(threads), &job, &mut |job, _| {
            received += 1;
            if job == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!((ended, received), (Ok(()), 11));
    }
}

#[test]
fn nothing_is_begun_once_it_is_to_stop_or_time_is_up() {
    for threads in [1, 3] {
        let stop = AtomicBool::new(false);
        let job = |job: usize| {
            stop.fetch_or(job == 20, Ordering::Relaxed);
            slow_first(job)
        };
        let control = Control { stop: &stop, ..Control::new(threads) };
        assert_eq!(collect(0..1000, &control, &job), Err(Unfinished::Stopped));
        let is_up = || stop.load(Ordering::Relaxed);
        let control = Control { deadline: &is_up, ..Control::new(threads) };
        assert_eq!(collect(0..1000, &control, &job), Err(Unfinished::Stopped));
        // All were done already: nothing is missing.
        stop.store(false, Ordering::Relaxed);
        let control = Control { stop: &stop, ..Control::new(threads) };
        assert_eq!(collect(0..21, &control, &job).map(|all| all.len()), Ok(21));
    }
}

#[test]
fn no_job_is_begun_far_ahead_of_a_slow_one() {
    let (threads, first_is_done) = (3, AtomicBool::new(false));
    let job = |job: usize| -> Result<(), ()> {
        if job == 0 {
            thread::sleep(Duration::from_millis(20));
            first_is_done.store(true, Ordering::Relaxed);
        } else {
            assert!(job < AHEAD * threads || first_is_done.load(Ordering::Relaxed), "{job}");
        }
        Ok(())
    };
    assert_eq!(collect(0..200, &Control::new(threads), &job).map(|all| all.len()), Ok(200));
}
