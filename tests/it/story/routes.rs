//! Routes with timed stages, and agents held back.

use super::story;

/// One contact type that may go to `g` at once, to `h` after 10 s and to `i` after 5 s more; and
/// another for `h` alone.
const STAGES: &str = r#"
    [run]
    duration = "60s"
    [contacts.x]
    rate = "1/s"
    handling = { fixed = { value = "70s" } }
    route = [{ groups = ["g"] }, { after = "10s", groups = ["h"] }, { after = "5s", groups = ["i"] }]
    [contacts.y]
    rate = "1/s"
    handling = { fixed = { value = "8s" } }
    [groups.g]
    skills = ["x"]
    staff = 1
    [groups.h]
    skills = ["x", "y"]
    staff = 1
    [groups.i]
    skills = ["x"]
    staff = 1
"#;

#[test]
fn stages_of_a_route_add_up() {
    story(
        STAGES,
        &[&[0.0, 1.0, 2.0, 30.0], &[]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 staff 2 is 1
         0 arrives a
         0 answered a by 0 for 70
         1 arrives b
         1 waits b
         2 arrives c
         2 waits c
         11 answered b by 1 for 70
         17 answered c by 2 for 70
         30 arrives d
         30 waits d
         60 left-waiting(70s) d
         70 released 0
         70 answered d by 0 for 70",
    );
}

#[test]
fn a_stage_that_begins_when_patience_ends_still_answers() {
    story(
        &STAGES.replacen("rate", "patience = { fixed = { value = \"10s\" } }\nrate", 1),
        &[&[0.0, 1.0, 2.0], &[]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 staff 2 is 1
         0 arrives a
         0 answered a by 0 for 70
         1 arrives b
         1 waits b
         2 arrives c
         2 waits c
         11 answered b by 1 for 70
         12 abandons c",
    );
}

#[test]
fn a_stage_comes_before_an_arrival_and_after_a_release() {
    // d arrives when b may go to h: b is first.
    story(
        STAGES,
        &[&[0.0, 1.0], &[11.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 staff 2 is 1
         0 arrives a
         0 answered a by 0 for 70
         1 arrives b
         1 waits b
         11 answered b by 1 for 70
         11 arrives c
         11 waits c
         60 left-waiting(8s) c
         70 released 0
         81 released 1
         81 answered c by 1 for 8",
    );
    // h is released when b may go there: it takes d, whom it may take already, though b has waited
    // longer; b gets to i in the end.
    story(
        STAGES,
        &[&[0.0, 1.0], &[3.0, 4.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 staff 2 is 1
         0 arrives a
         0 answered a by 0 for 70
         1 arrives b
         1 waits b
         3 arrives c
         3 answered c by 1 for 8
         4 arrives d
         4 waits d
         11 released 1
         11 answered d by 1 for 8
         16 answered b by 2 for 70",
    );
}

#[test]
fn a_group_reached_late_serves_whoever_may_come_and_waits_longest() {
    // h is busy when b reaches it, and takes b before d, who came later.
    story(
        &STAGES.replace("groups = [\"i\"]", "groups = [\"h\"]").replace(
            "{ after = \"5s\", groups = [\"h\"] }",
            "{ after = \"50s\", groups = [\"i\"] }",
        ),
        &[&[0.0, 1.0, 8.0], &[5.0, 6.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 staff 2 is 1
         0 arrives a
         0 answered a by 0 for 70
         1 arrives b
         1 waits b
         5 arrives c
         5 answered c by 1 for 8
         6 arrives d
         6 waits d
         8 arrives e
         8 waits e
         13 released 1
         13 answered b by 1 for 70
         60 left-waiting(70s) e
         60 left-waiting(8s) d
         68 answered e by 2 for 70
         70 released 0
         83 released 1
         83 answered d by 1 for 8",
    );
}

#[test]
fn the_first_stage_may_begin_late_too() {
    story(
        &STAGES.replace("[{ groups = [\"g\"] }", "[{ after = \"4s\", groups = [\"g\"] }"),
        &[&[0.0, 1.0], &[]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 staff 2 is 1
         0 arrives a
         0 waits a
         1 arrives b
         1 waits b
         4 answered a by 0 for 70
         15 answered b by 1 for 70",
    );
}

/// Two agents, one of them held back for `vip`.
const RESERVE: &str = r#"
    [run]
    duration = "100s"
    [contacts.vip]
    rate = "1/s"
    handling = { fixed = { value = "10s" } }
    [contacts.other]
    rate = "1/s"
    patience = { fixed = { value = "40s" } }
    handling = { fixed = { value = "10s" } }
    [groups.g]
    skills = ["vip", "other"]
    reserve = { contacts = ["vip"], agents = 1 }
    staff = 2
"#;

#[test]
fn a_reserve_is_held_back_until_more_than_it_are_free() {
    story(
        RESERVE,
        &[&[2.0], &[0.0, 1.0]],
        "0 staff 0 is 2
         0 arrives a
         0 answered a by 0 for 10
         1 arrives b
         1 waits b
         2 arrives c
         2 answered c by 0 for 10
         10 released 0
         12 released 0
         12 answered b by 0 for 10",
    );
    // A further agent at 5 is not enough, two are.
    let staff = |agents: &str| {
        let steps = format!(
            "staff = [{{ from = \"0s\", agents = 2 }}, {{ from = \"5s\", agents = {agents} }}]"
        );
        RESERVE.replace("staff = 2", &steps)
    };
    story(
        &staff("3"),
        &[&[2.0], &[0.0, 1.0, 9.0]],
        "0 staff 0 is 2
         0 arrives a
         0 answered a by 0 for 10
         1 arrives b
         1 waits b
         2 arrives c
         2 answered c by 0 for 10
         5 staff 0 is 3
         9 arrives d
         9 waits d
         10 released 0
         10 answered b by 0 for 10
         12 released 0
         12 answered d by 0 for 10",
    );
    story(
        &staff("4"),
        &[&[2.0], &[0.0, 1.0, 9.0]],
        "0 staff 0 is 2
         0 arrives a
         0 answered a by 0 for 10
         1 arrives b
         1 waits b
         2 arrives c
         2 answered c by 0 for 10
         5 staff 0 is 4
         5 answered b by 0 for 10
         9 arrives d
         9 waits d
         10 released 0
         10 answered d by 0 for 10",
    );
}

#[test]
fn those_held_back_take_their_own_before_others_who_wait_longer() {
    let text = RESERVE
        .replace("staff = 2", "staff = 1")
        .replace("[contacts.vip]", "[routing]\npolicy = \"fcfs\"\n[contacts.vip]");
    story(
        &text,
        &[&[0.0, 2.0, 50.0], &[1.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         1 arrives b
         1 waits b
         2 arrives c
         2 waits c
         10 released 0
         10 answered c by 0 for 10
         20 released 0
         41 abandons b
         50 arrives d
         50 answered d by 0 for 10",
    );
}

#[test]
fn a_reserve_of_chats_counts_agents_who_could_take_one() {
    // Two agents with two chats each: both may take one until an agent has two open.
    let text =
        RESERVE.replace("staff = 2", "staff = 2\nconcurrency = { chats = 2, speed = [1.0, 1.0] }");
    story(
        &text,
        &[&[3.0], &[0.0, 1.0, 2.0, 2.5]],
        "0 staff 0 is 2
         0 arrives a
         0 answered a by 0 beside 0
         1 arrives b
         1 answered b by 0 beside 0
         2 arrives c
         2 answered c by 0 beside 1
         2.5 arrives d
         2.5 waits d
         3 arrives e
         3 answered e by 0 beside 1
         10 served(10s and 0s) a
         10 released 0 of 2
         11 served(10s and 0s) b
         11 released 0 of 2
         11 answered d by 0 beside 1
         12 served(10s and 0s) c
         12 released 0 of 2
         13 served(10s and 0s) e
         13 released 0
         21 served(10s and 0s) d",
    );
}
