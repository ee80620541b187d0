//! Shrinkage: of the people of a group at a moment a share is present, and the rest after whole
//! agents is not lost.

use std::fmt::Write as _;

use surgecast::experiment::Summary;

use crate::support::{Comparison, simulate};

/// Hardly any traffic, so that who is staffed is who is present.
fn center(duration: &str, group: &str) -> Summary {
    simulate(&format!(
        "run = {{ duration = \"{duration}\", replications = 200, interval = \"1h\" }}\n\
         [contacts.c]\nrate = \"1/h\"\nhandling = {{ fixed = {{ value = \"1s\" }} }}\n\
         [groups.g]\nskills = [\"c\"]\n{group}\n"
    ))
}

/// Twelve shifts of three people each of 8 hours, each half an hour later: 36 from 12:30 to 15:00.
fn shifts() -> String {
    let mut shifts = String::from("shifts = [\n");
    for half in 14..26 {
        let (hour, minute) = (half / 2, half % 2 * 30);
        writeln!(shifts, "{{ start = \"{hour:02}:{minute:02}\", length = \"8h\", agents = 3 }},")
            .unwrap();
    }
    shifts + "]\n"
}

#[test]
fn people_of_many_shifts_are_shrunk_together() {
    let summary = center("24h", &format!("shrinkage = 0.12\n{}", shifts()));
    Comparison::new(&summary)
        .of("groups.g.scheduled_hours", 288.0)
        .of("groups.g.staffed_hours", 288.0 * 0.88)
        .of_interval(13, "group.staffed", 36.0 * 0.88)
        .holds();
    for (rounding, present) in [("down", 31.0), ("nearest", 32.0), ("up", 32.0)] {
        let text = format!("shrinkage = 0.12\nrounding = \"{rounding}\"\n{}", shifts());
        let summary = center("24h", &text);
        let staffed = summary.intervals[13].groups[0].value.value("staffed").unwrap();
        assert!((staffed - present).abs() < 1e-9, "{rounding}: {staffed}");
    }
}

#[test]
fn one_agent_is_there_for_the_share_of_the_time() {
    let summary = center("8h", "staff = 1\nshrinkage = 0.12");
    Comparison::new(&summary).of("groups.g.staffed_hours", 8.0 * 0.88).holds();
    let summary = center("8h", "staff = 7\nshrinkage = 0.3\nshrinkage_every = \"10m\"");
    Comparison::new(&summary).of("groups.g.staffed_hours", 8.0 * 4.9).holds();
}

#[test]
fn people_on_a_break_are_not_shrunk() {
    // Half of ten people are on a break in the second hour: 5 × 0.8 are left.
    let shift = |breaks: &str| format!("{{ start = \"0s\", length = \"4h\", agents = 5{breaks} }}");
    let pause = shift(", breaks = [{ after = \"1h\", length = \"1h\" }]");
    let summary = center("3h", &format!("shrinkage = 0.2\nshifts = [{}, {pause}]", shift("")));
    for (hour, present) in [(0, 8.0), (1, 4.0), (2, 8.0)] {
        let staffed = summary.intervals[hour].groups[0].value.value("staffed").unwrap();
        assert!((staffed - present).abs() < 0.01, "hour {hour}: {staffed}");
    }
}
