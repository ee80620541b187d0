//! One queue and its agents: ties, drops of staff, priorities, rooms, retries, the end of the run.

use super::story;

const ONE_AGENT: &str = r#"
    [run]
    duration = "100s"
    [contacts.x]
    rate = "1/s"
    patience = { fixed = { value = "10s" } }
    handling = { fixed = { value = "10s" } }
    [groups.g]
    skills = ["x"]
    staff = 1
"#;

#[test]
fn arriving_at_the_moment_of_release_is_answered_at_once() {
    story(
        ONE_AGENT,
        &[&[0.0, 10.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         10 released 0
         10 arrives b
         10 answered b by 0 for 10",
    );
}

#[test]
fn abandoning_at_the_moment_of_answer_counts_as_answered() {
    story(
        ONE_AGENT,
        &[&[0.0, 0.0, 0.5]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         0 arrives b
         0 waits b
         0.5 arrives c
         0.5 waits c
         10 released 0
         10 answered b by 0 for 10
         10.5 abandons c",
    );
}

#[test]
fn staff_that_arrives_when_patience_ends_still_answers() {
    story(
        &ONE_AGENT.replace(
            "staff = 1",
            r#"staff = [{ from = "0s", agents = 0 }, { from = "15s", agents = 1 }]"#,
        ),
        &[&[4.0, 5.0, 15.0]],
        "0 staff 0 is 0
         4 arrives a
         4 waits a
         5 arrives b
         5 waits b
         14 abandons a
         15 staff 0 is 1
         15 answered b by 0 for 10
         15 arrives c
         15 waits c
         25 released 0
         25 answered c by 0 for 10",
    );
}

#[test]
fn after_a_drop_of_staff_nobody_starts_until_fewer_than_the_head_count_are_busy() {
    story(
        &ONE_AGENT
            .replace(
                "staff = 1",
                r#"staff = [{ from = "0s", agents = 3 }, { from = "4s", agents = 1 }]"#,
            )
            .replace(r#"patience = { fixed = { value = "10s" } }"#, ""),
        &[&[0.0, 1.0, 2.0, 3.0, 3.5]],
        "0 staff 0 is 3
         0 arrives a
         0 answered a by 0 for 10
         1 arrives b
         1 answered b by 0 for 10
         2 arrives c
         2 answered c by 0 for 10
         3 arrives d
         3 waits d
         3.5 arrives e
         3.5 waits e
         4 staff 0 is 1 and 2 over
         10 released 0
         10 staff 0 is 1 and 1 over
         11 released 0
         11 staff 0 is 1
         12 released 0
         12 answered d by 0 for 10
         22 released 0
         22 answered e by 0 for 10",
    );
}

#[test]
fn released_at_the_moment_of_a_drop_goes_first_and_takes_the_next_contact() {
    story(
        &ONE_AGENT.replace(
            "staff = 1",
            r#"staff = [{ from = "0s", agents = 1 }, { from = "10s", agents = 0 }]"#,
        ),
        &[&[0.0, 5.0, 10.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         5 arrives b
         5 waits b
         10 released 0
         10 answered b by 0 for 10
         10 staff 0 is 0 and 1 over
         10 arrives c
         10 waits c
         20 released 0
         20 staff 0 is 0
         20 abandons c",
    );
}

#[test]
fn urgent_types_go_first_and_equals_by_how_long_they_wait() {
    let text = r#"
        [run]
        duration = "100s"
        [contacts.low]
        rate = "1/s"
        priority = 2
        handling = { fixed = { value = "10s" } }
        [contacts.high]
        rate = "1/s"
        priority = 1
        handling = { fixed = { value = "5s" } }
        [contacts.also_low]
        rate = "1/s"
        priority = 2
        handling = { fixed = { value = "1s" } }
        [groups.g]
        skills = ["low", "high", "also_low"]
        staff = 1
    "#;
    let arrivals: [&[f64]; 3] = [&[0.0, 2.0], &[3.0], &[1.0]];
    story(
        text,
        &arrivals,
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         1 arrives b
         1 waits b
         2 arrives c
         2 waits c
         3 arrives d
         3 waits d
         10 released 0
         10 answered d by 0 for 5
         15 released 0
         15 answered b by 0 for 1
         16 released 0
         16 answered c by 0 for 10",
    );
    // First come, first served whatever the priority; and a group's own priority.
    story(
        &format!("{text}\n[routing]\npolicy = \"fcfs\""),
        &arrivals,
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         1 arrives b
         1 waits b
         2 arrives c
         2 waits c
         3 arrives d
         3 waits d
         10 released 0
         10 answered b by 0 for 1
         11 released 0
         11 answered c by 0 for 10
         21 released 0
         21 answered d by 0 for 5",
    );
    let own = r"{ low = { priority = 1, speed = 2.0 }, high = 1.0, also_low = 1.0 }";
    story(
        &text.replace(r#"["low", "high", "also_low"]"#, own),
        &arrivals,
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 5
         1 arrives b
         1 waits b
         2 arrives c
         2 waits c
         3 arrives d
         3 waits d
         5 released 0
         5 answered c by 0 for 5
         10 released 0
         10 answered d by 0 for 5
         15 released 0
         15 answered b by 0 for 1",
    );
}

#[test]
fn the_longest_idle_agent_is_taken_and_at_first_the_order_of_listing() {
    story(
        r#"
        [run]
        duration = "100s"
        [contacts.x]
        rate = "1/s"
        handling = { fixed = { value = "3s" } }
        [groups.second_name]
        skills = ["x"]
        staff = 1
        [groups.a_name]
        skills = { x = 0.5 }
        staff = 1
        "#,
        &[&[0.0, 1.0, 8.0, 9.0, 20.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 0 for 3
         1 arrives b
         1 answered b by 1 for 6
         3 released 0
         7 released 1
         8 arrives c
         8 answered c by 0 for 3
         9 arrives d
         9 answered d by 1 for 6
         11 released 0
         15 released 1
         20 arrives e
         20 answered e by 0 for 3",
    );
}

#[test]
fn rooms_and_lines_block_whoever_finds_no_place() {
    let room = |limit: &str| {
        format!("{ONE_AGENT}\n{limit}").replace(
            r#"handling = { fixed = { value = "10s" } }"#,
            "handling = { fixed = { value = \"10s\" } }\nwrap_up = { fixed = { value = \"5s\" } }",
        )
    };
    // Waiting room of one: c finds it taken.
    story(
        &room("[routing]\nwaiting_room = 1"),
        &[&[0.0, 8.0, 9.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         8 arrives b
         8 waits b
         9 arrives c
         9 blocked c
         15 released 0
         15 answered b by 0 for 10",
    );
    // One line: it is free again when the customer leaves, while the agent still wraps up.
    story(
        &room("[routing]\nlines = 1"),
        &[&[0.0, 9.0, 10.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         9 arrives b
         9 blocked b
         10 arrives c
         10 waits c
         15 released 0
         15 answered c by 0 for 10",
    );
    // No place to wait: served at once or blocked, and the agent is busy until wrap-up ends.
    story(
        &room("").replace("rate", "queue_limit = 0\n    rate"),
        &[&[0.0, 14.0, 15.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         14 arrives b
         14 blocked b
         15 released 0
         15 arrives c
         15 answered c by 0 for 10",
    );
}

#[test]
fn lost_contacts_come_back_as_often_as_allowed() {
    story(
        &ONE_AGENT.replace("staff = 1", "staff = 0").replace(
            "rate",
            "retry = { probability = { abandoned = 1.0, blocked = 0.0 }, at_most = 2, \
             after = { fixed = { value = \"30s\" } } }\n    rate",
        ),
        &[&[1.0]],
        "0 staff 0 is 0
         1 arrives a
         1 waits a
         11 abandons a
         11 will-retry a
         41 arrives a'
         41 waits a'
         51 abandons a'
         51 will-retry a'
         81 arrives a''
         81 waits a''
         91 abandons a''",
    );
}

#[test]
fn who_is_not_served_within_the_drain_is_unfinished() {
    story(
        &ONE_AGENT
            .replace("staff = 1", "staff = 0")
            .replace(r#"patience = { fixed = { value = "10s" } }"#, "")
            .replace("duration = \"100s\"", "duration = \"20s\"\n    drain = \"30s\""),
        &[&[5.0]],
        "0 staff 0 is 0
         5 arrives a
         5 waits a
         20 left-waiting(10s) a
         0 unfinished a",
    );
}
