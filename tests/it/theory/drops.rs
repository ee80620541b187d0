//! People who leave and come, doors that close and open, against Kolmogorov's equations; a head
//! count and shifts differ.

use surgecast::experiment::Summary;

use super::desks::{Change, Choice, Hours, Rules, Team, Window, windows};
use crate::support::{Comparison, simulate};

/// Six intervals; the drop is at the start of the third, the rise at that of the fifth.
const INTERVALS: usize = 6;
const LENGTH: f64 = 600.0;

fn rules(arrivals: f64, speeds: &[f64]) -> Rules {
    Rules {
        arrivals: arrivals / 3600.0,
        speeds: vec![speeds.to_vec()],
        handling: 100.0,
        wrap_up: None,
        patience: Some(120.0),
        room: 14,
        lines: None,
        hours: Hours::Open,
        // So that who goes is as likely to be busy as who stays.
        choice: Choice::Random,
        is_head_count: false,
    }
}

/// Follows one set of windows, and none of the others.
fn compare(rules: &Rules, (contact, group): (&str, &str), own: &[Window], others: &[&[Window]]) {
    let text = format!(
        "[run]\nduration = \"1h\"\ninterval = \"10m\"\nreplications = 3000\n{}",
        rules.text(contact, &[group])
    );
    let summary = simulate(&text);
    compare_windows(&summary, rules, own).holds();
    for other in others {
        compare_windows(&summary, rules, other).is_refuted();
    }
}

fn compare_windows<'s>(summary: &'s Summary, rules: &Rules, windows: &[Window]) -> Comparison<'s> {
    let mut comparison = Comparison::new(summary);
    for (at, window) in windows.iter().enumerate() {
        let impatient = window.backlog * LENGTH / rules.patience.unwrap();
        let blocked = window.blocked * LENGTH * rules.arrivals;
        // What hardly ever happens need not happen in these runs.
        let unseen = if window.overtime < 1e-3 { window.overtime } else { 0.0 };
        comparison
            .of_interval(at, "backlog.mean", window.backlog)
            .of_interval(at, "events.abandoned", impatient + window.disconnected)
            .of_interval(at, "group.busy", window.busy)
            .of_interval(at, "group.staffed", window.staffed - unseen);
        if blocked > 0.1 {
            comparison.of_interval(at, "events.blocked", blocked);
        }
        if window.backlog_end > 0.1 {
            comparison.of_interval(at, "backlog.end", window.backlog_end);
        }
    }
    let mean = |of: fn(&Window) -> f64| windows.iter().map(of).sum::<f64>() / 6.0;
    let (busy, staffed) = (mean(|window| window.busy), mean(|window| window.staffed));
    comparison
        .of("backlog.mean", mean(|window| window.backlog))
        .of("groups.g0.busy_hours", busy)
        .of("groups.g0.staffed_hours", staffed)
        .of("groups.g0.overtime_hours", mean(|window| window.overtime))
        .of("groups.g0.occupancy", busy / staffed);
    if rules.speeds[0].len() > 1 {
        comparison.of("groups.g0.open_chats.mean", mean(|window| window.open));
    }
    comparison
}

/// The same rise and fall of so many agents in two ways. At the drop of a head count those leave who
/// have the fewest contacts; of people on shifts those whose shift is over.
fn compare_both(rules: &Rules, stay: usize, go: usize, come: usize) {
    let all = stay + go;
    let counted = Rules { is_head_count: true, ..rules.clone() };
    let by_count = windows(
        &counted,
        Team::idle(&[all]),
        &[(2, Change::HeadCount(stay)), (4, Change::HeadCount(stay + come))],
        (INTERVALS, LENGTH),
    );
    let by_shift = windows(
        rules,
        Team::on_shifts(stay, go),
        &[(2, Change::ShiftEnds), (4, Change::ShiftStarts(come))],
        (INTERVALS, LENGTH),
    );
    let staff = format!(
        "staff = [{{ from = \"0s\", agents = {all} }}, {{ from = \"20m\", agents = {stay} }}, \
         {{ from = \"40m\", agents = {} }}]",
        stay + come
    );
    compare(rules, ("", &staff), &by_count, &[&by_shift]);
    let shifts = format!(
        "shifts = [{{ start = \"0s\", length = \"30h\", agents = {stay} }}, \
         {{ start = \"0s\", length = \"20m\", agents = {go} }}, \
         {{ start = \"40m\", length = \"30h\", agents = {come} }}]"
    );
    compare(rules, ("", &shifts), &by_shift, &[&by_count]);
}

#[test]
fn a_head_count_and_shifts_fall_and_rise_each_by_their_own_equations() {
    compare_both(&rules(170.0, &[1.0]), 2, 3, 2);
}

#[test]
fn agents_with_chats_leave_by_a_head_count_or_a_shift_each_in_their_own_way() {
    compare_both(&rules(190.0, &[1.0, 0.7]), 2, 2, 1);
    let mut wrapping = rules(120.0, &[1.0, 0.7]);
    wrapping.wrap_up = Some(40.0);
    compare_both(&wrapping, 1, 2, 1);
}

#[test]
fn nobody_notices_that_few_of_many_agents_with_chats_leave() {
    // 100 agents use less than half of their 500 places; then 10 of them leave.
    let summary = simulate(
        r#"
        [run]
        duration = "150m"
        interval = "5m"
        replications = 20
        [contacts.c]
        rate = "2400/h"
        patience = { exponential = { mean = "3m" } }
        handling = { exponential = { mean = "5m" } }
        [groups.a]
        skills = ["c"]
        concurrency = { chats = 5, speed = [1, 0.9, 0.8, 0.7, 0.6] }
        staff = [{ from = "0s", agents = 100 }, { from = "2h", agents = 90 }]
        "#,
    );
    for after in &summary.intervals[24..] {
        assert!(after.overall.value("queued").unwrap() > 190.0);
        assert!(after.overall.value("wait_all.mean").unwrap() < 1e-9);
        assert!(after.overall.value("abandonment_rate").unwrap() < 1e-9);
    }
}

#[test]
fn a_backlog_at_the_start_is_worked_off_by_the_equations() {
    let rules = rules(80.0, &[1.0, 0.7]);
    let from = |backlog: u8| {
        let start = Team::idle(&[2]).with_backlog(backlog);
        let changes = [(0, Change::Hours(Hours::Open))];
        windows(&rules, start, &changes, (INTERVALS, LENGTH))
    };
    let contact = "initial_backlog = 12";
    let others: [&[Window]; 2] = [&from(0), &from(10)];
    compare(&rules, (contact, "staff = 2"), &from(12), &others);
}

#[test]
fn closed_doors_let_wait_or_turn_away_and_keep_or_disconnect() {
    // Open from the second interval to the end of the fourth.
    let rules = rules(150.0, &[1.0, 0.7]);
    let run = |closed: Hours, close: fn(Hours) -> Change| {
        let closes = Rules { hours: closed, ..rules.clone() };
        let changes = [(1, Change::Hours(Hours::Open)), (4, close(closed))];
        windows(&closes, Team::idle(&[2]), &changes, (INTERVALS, LENGTH))
    };
    let ways = [
        ("queue", "keep", run(Hours::Queues, Change::Hours)),
        ("queue", "disconnect", run(Hours::Queues, Change::Disconnects)),
        ("reject", "keep", run(Hours::Rejects, Change::Hours)),
        ("reject", "disconnect", run(Hours::Rejects, Change::Disconnects)),
    ];
    for (own, (when_closed, at_close, windows)) in ways.iter().enumerate() {
        let contact = format!(
            "hours = [{{ from = \"10m\", to = \"40m\" }}]\n\
             when_closed = \"{when_closed}\"\nat_close = \"{at_close}\""
        );
        let others = ways.iter().enumerate().filter(|(at, _)| *at != own);
        let others: Vec<&[Window]> = others.map(|(_, (.., other))| other.as_slice()).collect();
        compare(&rules, (&contact, "staff = 2"), windows, &others);
    }
}

#[test]
fn a_break_lasts_its_length_whenever_it_starts() {
    // Busy agents begin it later, by at most the 4 minutes of one contact, and end it later.
    let summary = simulate(
        r#"
        [run]
        duration = "3h"
        interval = "30m"
        replications = 100
        [contacts.x]
        rate = "40/h"
        handling = { fixed = { value = "4m" } }
        [groups.g0]
        skills = ["x"]
        shifts = [{ start = "0s", length = "4h", agents = 4, breaks = [
            { after = "30m", length = "15m" }, { after = "90m", length = "30m", paid = false }] }]
        "#,
    );
    Comparison::new(&summary)
        .of("groups.g0.staffed_hours", 4.0 * (3.0 - 0.75))
        .of("groups.g0.scheduled_hours", 4.0 * (3.0 - 0.5))
        .of("groups.g0.overtime_hours", 0.0)
        .of_interval(0, "group.staffed", 4.0)
        .of_interval(2, "group.staffed", 4.0)
        .of_interval(5, "group.staffed", 4.0)
        .holds();
    let staffed = |at: usize| {
        let group = &summary.intervals[at].groups[0].value;
        group.value("staffed").unwrap()
    };
    // At least two of the four are busy on average: their break begins in the second interval, and
    // a part of it lies after the first half of that.
    assert!((2.0..2.4).contains(&staffed(1)), "{}", staffed(1));
    assert!(staffed(3) > 0.0 && staffed(4) < 4.0);
}
