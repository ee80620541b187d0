//! Recorded logs, replayed as they were.

use super::story_with;

const RECORDED: &str = r#"
    [run]
    duration = "100s"
    [contacts.x]
    recorded = { file = "log.csv", time = "at", handling = "took", patience = "stayed" }
    [groups.g]
    skills = ["x"]
    staff = 1
"#;

#[test]
fn contacts_come_are_served_and_leave_as_the_log_tells() {
    // b leaves after 3 s; c waits for ever; d has no patience, nor has e, who needs none.
    story_with(
        &[("log.csv", "at,took,stayed\n0,40,\n1,5,3\n2,7,\n41,2.5,0\n49.5,1,0\n49.5,1,10\n")],
        RECORDED,
        &[],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 40
         1 arrives b
         1 waits b
         2 arrives c
         2 waits c
         4 abandons b
         40 released 0
         40 answered c by 0 for 7
         41 arrives d
         41 waits d
         41 abandons d
         47 released 0
         49.5 arrives e
         49.5 answered e by 0 for 1
         49.5 arrives f
         49.5 waits f
         50.5 released 0
         50.5 answered f by 0 for 1",
    );
}

#[test]
fn logged_handling_is_at_speed_one_and_goes_before_that_of_the_group() {
    // Twice the speed; the group's own handling is for those of whom the log tells nothing: here
    // the one who waits at the start.
    let text = RECORDED
        .replace("[\"x\"]", "{ x = 2.0 }")
        .replace("staff = 1", "staff = 1\nhandling = { x = { fixed = { value = \"3s\" } } }")
        .replace(
            "[groups.g]",
            "initial_backlog = 1\nhandling = { fixed = { value = \"9s\" } }\n\
             wrap_up = { fixed = { value = \"2s\" } }\n[groups.g]",
        );
    story_with(
        &[("log.csv", "at,took,stayed\n10,8,\n20,1,\n")],
        &text,
        &[],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 3
         5 released 0
         10 arrives b
         10 answered b by 0 for 4
         16 released 0
         20 arrives c
         20 answered c by 0 for 0.5",
    );
}

#[test]
fn a_retry_keeps_what_the_log_gave_it() {
    let text = RECORDED.replace(
        "[groups.g]",
        "retry = { probability = 1.0, at_most = 2, after = { fixed = { value = \"20s\" } } }\n\
         [groups.g]",
    );
    story_with(
        &[("log.csv", "at,took,stayed\n0,10,\n1,5,3\n20,30,\n")],
        &text,
        &[],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         1 arrives b
         1 waits b
         4 abandons b
         4 will-retry b
         10 released 0
         20 arrives c
         20 answered c by 0 for 30
         24 arrives b'
         24 waits b'
         27 abandons b'
         27 will-retry b'
         47 arrives b''
         47 waits b''
         50 released 0
         50 answered b'' by 0 for 5",
    );
}

#[test]
fn logged_contacts_come_in_order_of_time_and_those_outside_the_run_do_not() {
    // Rows in any order; of one instant in the order of the log.
    story_with(
        &[("log.csv", "at,took,stayed\n30,3,\n10,1,\n30,4,\n100,5,\n")],
        RECORDED,
        &[],
        "0 staff 0 is 1
         10 arrives a
         10 answered a by 0 for 1
         11 released 0
         30 arrives b
         30 answered b by 0 for 3
         30 arrives c
         30 waits c
         33 released 0
         33 answered c by 0 for 4",
    );
}

#[test]
fn a_log_of_times_alone_draws_the_rest() {
    let text = RECORDED.replace(", handling = \"took\", patience = \"stayed\"", "").replace(
        "[groups.g]",
        "handling = { fixed = { value = \"9s\" } }\n\
             patience = { fixed = { value = \"2s\" } }\n[groups.g]",
    );
    story_with(
        &[("log.csv", "at,took\n5,1\n6,1\n")],
        &text,
        &[],
        "0 staff 0 is 1
         5 arrives a
         5 answered a by 0 for 9
         6 arrives b
         6 waits b
         8 abandons b",
    );
}

#[test]
fn logged_contacts_keep_their_handling_through_bot_and_transfer() {
    // As `y` a takes what `y` takes; among its own 6 s at speed 1.5, whatever the escalation.
    let text = RECORDED
        .replace("[\"x\"]", "{ x = 1.5, y = 1.0 }")
        .replace(
            "[groups.g]",
            "[contacts.x.bot]\ndeflection = 0.0\nsession = { fixed = { value = \"5s\" } }\n\
             context_saving = 0.5\nmisroute = { probability = 1.0, to = \"y\" }\n\
             [contacts.y]\nrate = \"1/s\"\nhandling = { fixed = { value = \"20s\" } }\n[groups.g]",
        )
        .replace(", patience = \"stayed\"", "");
    let text = text.replace("[contacts.y]", "[contacts.y]\ninitial_backlog = 1");
    story_with(
        &[("log.csv", "at,took\n0,6\n")],
        &text.replace("rate = \"1/s\"", "rate = \"0/s\""),
        &[],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 20
         0 arrives b
         0 session b
         5 escalated b
         5 waits b
         20 released 0
         20 answered b by 0 for 20
         40 released 0
         40 transferred b
         40 answered b by 0 for 4",
    );
}
