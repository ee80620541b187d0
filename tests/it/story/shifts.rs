//! People on shifts: who comes, who leaves, who stays on, and their breaks.

use super::story;

/// One contact type and the people of one group.
fn people(handling: &str, staff: &str) -> String {
    format!(
        r#"
        [run]
        duration = "100s"
        [contacts.x]
        rate = "1/s"
        patience = {{ fixed = {{ value = "30s" }} }}
        handling = {{ fixed = {{ value = "{handling}" }} }}
        [groups.g]
        skills = ["x"]
        {staff}
        "#
    )
}

/// One agent from the start on, with these breaks.
fn one_agent(handling: &str, length: &str, breaks: &str) -> String {
    let shift =
        format!("{{ start = \"0s\", length = \"{length}\", agents = 1, breaks = {breaks} }}");
    people(handling, &format!("shifts = [{shift}]"))
}

#[test]
fn who_comes_takes_from_the_queue_and_who_is_idle_at_the_end_leaves() {
    story(
        &people("10s", r#"shifts = [{ start = "10s", length = "30s", agents = 1 }]"#),
        &[&[5.0, 22.0, 40.0]],
        "5 arrives a
         5 waits a
         10 staff 0 is 1
         10 answered a by 0 for 10
         20 released 0
         22 arrives b
         22 answered b by 0 for 10
         32 released 0
         40 staff 0 is 0
         40 arrives c
         40 waits c
         70 abandons c",
    );
}

/// A long contact at 12, and two short ones at 13 and 14.
const LONG_AND_SHORT: &str = r#"
    [run]
    duration = "100s"
    [contacts.long]
    rate = "1/s"
    handling = { fixed = { value = "22s" } }
    wrap_up = { fixed = { value = "8s" } }
    [contacts.short]
    rate = "1/s"
    handling = { fixed = { value = "10s" } }
    [groups.g]
    skills = ["long", "short"]
"#;

#[test]
fn who_is_busy_at_the_end_of_a_shift_finishes_and_leaves_while_the_others_go_on() {
    // The first in order of listing takes the long contact, and is the one who leaves.
    let shifts = r#"shifts = [{ start = "0s", length = "20s", agents = 1 },
                              { start = "0s", length = "60s", agents = 1 }]"#;
    story(
        &format!("{LONG_AND_SHORT}{shifts}"),
        &[&[12.0], &[13.0, 14.0, 39.0]],
        "0 staff 0 is 1
         0 staff 0 is 2
         12 arrives a
         12 answered a by 0 for 22
         13 arrives b
         13 answered b by 0 for 10
         14 arrives c
         14 waits c
         20 staff 0 is 1 and 1 over
         23 released 0
         23 answered c by 0 for 10
         33 released 0
         39 arrives d
         39 answered d by 0 for 10
         42 released 0
         42 staff 0 is 1
         49 released 0
         60 staff 0 is 0",
    );
}

#[test]
fn a_head_count_that_falls_starts_nobody_until_fewer_are_busy() {
    // The same day as above: here nobody starts `c` while the long contact goes on.
    let staff = r#"staff = [{ from = "0s", agents = 2 }, { from = "20s", agents = 1 }]"#;
    story(
        &format!("{LONG_AND_SHORT}{staff}"),
        &[&[12.0], &[13.0, 14.0, 39.0]],
        "0 staff 0 is 2
         12 arrives a
         12 answered a by 0 for 22
         13 arrives b
         13 answered b by 0 for 10
         14 arrives c
         14 waits c
         20 staff 0 is 1 and 1 over
         23 released 0
         23 staff 0 is 1
         39 arrives d
         39 waits d
         42 released 0
         42 answered c by 0 for 10
         52 released 0
         52 answered d by 0 for 10",
    );
}

#[test]
fn one_shift_hands_over_to_the_next_at_one_instant() {
    let shifts = r#"shifts = [{ start = "0s", length = "20s", agents = 1 },
                              { start = "20s", length = "20s", agents = 1 }]"#;
    story(
        &people("10s", shifts),
        &[&[15.0, 16.0, 20.0, 40.0]],
        "0 staff 0 is 1
         15 arrives a
         15 answered a by 0 for 10
         16 arrives b
         16 waits b
         20 staff 0 is 2
         20 answered b by 0 for 10
         20 staff 0 is 1 and 1 over
         20 arrives c
         20 waits c
         25 released 0
         25 staff 0 is 1
         30 released 0
         30 answered c by 0 for 10
         40 released 0
         40 staff 0 is 0
         40 arrives d
         40 waits d
         70 abandons d",
    );
}

#[test]
fn a_shift_of_a_whole_day_goes_on_into_the_next() {
    let text = people("10s", r#"shifts = [{ start = "00:00", length = "24h", agents = 1 }]"#);
    story(
        &text.replace("\"100s\"", "\"25h\""),
        &[&[86_395.0, 86_400.0]],
        "0 staff 0 is 1
         86395 arrives a
         86395 answered a by 0 for 10
         86400 arrives b
         86400 waits b
         86405 released 0
         86405 answered b by 0 for 10",
    );
}

#[test]
fn a_night_shift_began_before_the_run_and_its_break_is_in_progress() {
    // Since 22:00 of the day before until 06:00; the break is from 23:30 to 00:30.
    let text = people(
        "10s",
        r#"shifts = [{ start = "22:00", length = "8h", agents = 1,
                       breaks = [{ after = "30m", length = "15m" }, { after = "1h30m", length = "1h" }] }]"#,
    );
    story(
        &text.replace("\"100s\"", "\"7h\"").replace("value = \"30s\"", "value = \"1h\""),
        &[&[100.0, 21_595.0, 21_600.0]],
        "0 staff 0 is 1
         0 staff 0 is 0
         100 arrives a
         100 waits a
         1800 staff 0 is 1
         1800 answered a by 0 for 10
         1810 released 0
         21595 arrives b
         21595 answered b by 0 for 10
         21600 staff 0 is 0 and 1 over
         21600 arrives c
         21600 waits c
         21605 released 0
         21605 staff 0 is 0
         25200 left-waiting(10s) c
         25200 abandons c",
    );
}

#[test]
fn a_break_that_is_due_while_idle_begins_at_once_and_ends_before_arrivals() {
    story(
        &one_agent("10s", "80s", r#"[{ after = "10s", length = "20s" }]"#),
        &[&[15.0, 29.0]],
        "0 staff 0 is 1
         10 staff 0 is 0
         15 arrives a
         15 waits a
         29 arrives b
         29 waits b
         30 staff 0 is 1
         30 answered a by 0 for 10
         40 released 0
         40 answered b by 0 for 10
         50 released 0
         80 staff 0 is 0",
    );
    story(
        &one_agent("10s", "80s", r#"[{ after = "10s", length = "20s" }]"#),
        &[&[30.0]],
        "0 staff 0 is 1
         10 staff 0 is 0
         30 staff 0 is 1
         30 arrives a
         30 answered a by 0 for 10
         40 released 0
         80 staff 0 is 0",
    );
}

#[test]
fn a_break_that_is_due_while_busy_begins_when_the_agent_is_free_and_lasts_its_length() {
    let text = one_agent("10s", "80s", r#"[{ after = "10s", length = "20s" }]"#)
        .replace("[groups.g]", "wrap_up = { fixed = { value = \"5s\" } }\n[groups.g]");
    story(
        &text,
        &[&[5.0, 12.0]],
        "0 staff 0 is 1
         5 arrives a
         5 answered a by 0 for 10
         12 arrives b
         12 waits b
         20 released 0
         20 staff 0 is 0
         40 staff 0 is 1
         40 answered b by 0 for 10
         55 released 0
         80 staff 0 is 0",
    );
}

#[test]
fn released_at_the_moment_a_break_is_due_goes_first_and_takes_the_next_contact() {
    story(
        &one_agent("10s", "80s", r#"[{ after = "10s", length = "20s" }]"#),
        &[&[0.0, 5.0, 15.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         5 arrives b
         5 waits b
         10 released 0
         10 answered b by 0 for 10
         15 arrives c
         15 waits c
         20 released 0
         20 staff 0 is 0
         40 staff 0 is 1
         40 answered c by 0 for 10
         50 released 0
         80 staff 0 is 0",
    );
}

#[test]
fn two_breaks_that_are_due_follow_one_another() {
    // Both are due while busy: 15 seconds from 40 on.
    story(
        &one_agent(
            "35s",
            "95s",
            r#"[{ after = "10s", length = "5s" }, { after = "18s", length = "10s" }]"#,
        ),
        &[&[5.0, 42.0]],
        "0 staff 0 is 1
         5 arrives a
         5 answered a by 0 for 35
         40 released 0
         40 staff 0 is 0
         42 arrives b
         42 waits b
         55 staff 0 is 1
         55 answered b by 0 for 35
         90 released 0
         95 staff 0 is 0",
    );
    // The second is due while the first, which began late, goes on: from 40 on.
    story(
        &one_agent(
            "15s",
            "95s",
            r#"[{ after = "10s", length = "20s" }, { after = "35s", length = "10s" }]"#,
        ),
        &[&[5.0, 42.0]],
        "0 staff 0 is 1
         5 arrives a
         5 answered a by 0 for 15
         20 released 0
         20 staff 0 is 0
         42 arrives b
         42 waits b
         50 staff 0 is 1
         50 answered b by 0 for 15
         65 released 0
         95 staff 0 is 0",
    );
}

#[test]
fn nobody_comes_back_from_a_break_after_the_shift() {
    // A break until the very end of the shift.
    story(
        &one_agent("10s", "30s", r#"[{ after = "20s", length = "10s" }]"#),
        &[&[25.0]],
        "0 staff 0 is 1
         20 staff 0 is 0
         25 arrives a
         25 waits a
         55 abandons a",
    );
    // One that began late.
    story(
        &one_agent("20s", "30s", r#"[{ after = "10s", length = "10s" }]"#),
        &[&[5.0, 31.0]],
        "0 staff 0 is 1
         5 arrives a
         5 answered a by 0 for 20
         25 released 0
         25 staff 0 is 0
         31 arrives b
         31 waits b
         61 abandons b",
    );
    // One that was due while the agent was busy beyond the end.
    story(
        &one_agent("40s", "30s", r#"[{ after = "10s", length = "10s" }]"#),
        &[&[5.0]],
        "0 staff 0 is 1
         5 arrives a
         5 answered a by 0 for 40
         30 staff 0 is 0 and 1 over
         45 released 0
         45 staff 0 is 0",
    );
}

#[test]
fn who_is_on_a_break_is_not_the_one_who_is_there() {
    // Two people, one break each at different times; the other serves meanwhile.
    let shifts = r#"shifts = [
        { start = "0s", length = "60s", agents = 1, breaks = [{ after = "10s", length = "10s" }] },
        { start = "0s", length = "70s", agents = 1, breaks = [{ after = "20s", length = "10s" }] }]"#;
    story(
        &people("7s", shifts),
        &[&[12.0, 13.0, 21.0, 25.0, 65.0]],
        "0 staff 0 is 1
         0 staff 0 is 2
         10 staff 0 is 1
         12 arrives a
         12 answered a by 0 for 7
         13 arrives b
         13 waits b
         19 released 0
         19 answered b by 0 for 7
         20 staff 0 is 2
         21 arrives c
         21 answered c by 0 for 7
         25 arrives d
         25 waits d
         26 released 0
         26 staff 0 is 1
         28 released 0
         28 answered d by 0 for 7
         35 released 0
         36 staff 0 is 2
         60 staff 0 is 1
         65 arrives e
         65 answered e by 0 for 7
         70 staff 0 is 0 and 1 over
         72 released 0
         72 staff 0 is 0",
    );
}
