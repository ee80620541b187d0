//! What the bot hands over: misrouted contacts and their way back, and urgent ones.

use super::story;

/// All escalations of x are taken for y first; z shares the agents of x.
const MISROUTE: &str = r#"
    [run]
    duration = "200s"
    [routing]
    policy = "fcfs"
    [contacts.x]
    rate = "1/s"
    handling = { fixed = { value = "10s" } }
    [contacts.x.bot]
    deflection = 0.0
    session = { fixed = { value = "5s" } }
    misroute = { probability = 1.0, to = "y" }
    [contacts.y]
    rate = "1/s"
    handling = { fixed = { value = "20s" } }
    wrap_up = { fixed = { value = "3s" } }
    [contacts.z]
    rate = "1/s"
    handling = { fixed = { value = "30s" } }
    [groups.own]
    skills = ["x", "z"]
    staff = 1
    [groups.wrong]
    skills = ["y"]
    staff = 1
"#;

#[test]
fn a_misrouted_contact_is_served_as_the_other_type_and_then_as_its_own() {
    story(
        MISROUTE,
        &[&[0.0], &[], &[]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 session a
         5 escalated a
         5 answered a by 1 for 20
         25 transferred a
         25 answered a by 0 for 10",
    );
}

#[test]
fn after_the_transfer_it_takes_what_an_escalation_takes() {
    let bot = "escalation_handling = { fixed = { value = \"16s\" } }\ncontext_saving = 0.25\n\
               [contacts.y]";
    story(
        &MISROUTE.replacen("[contacts.y]", bot, 1),
        &[&[0.0], &[], &[]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 session a
         5 escalated a
         5 answered a by 1 for 20
         25 transferred a
         25 answered a by 0 for 12",
    );
}

#[test]
fn work_left_waiting_is_that_of_both_agents_of_a_misrouted_contact() {
    // b and c wait for y: b takes 20 s and 3 s of wrap-up, c the same and then 10 s among its own.
    story(
        &MISROUTE.replace("\"200s\"", "\"20s\""),
        &[&[6.0], &[0.0, 4.0], &[]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 1 for 20
         4 arrives b
         4 waits b
         6 arrives c
         6 session c
         11 escalated c
         11 waits c
         20 left-waiting(23s) b
         20 left-waiting(33s) c
         23 released 1
         23 answered b by 1 for 20
         46 released 1
         46 answered c by 1 for 20
         66 transferred c
         66 answered c by 0 for 10",
    );
}

#[test]
fn a_transferred_contact_keeps_its_place_by_its_first_queue_entry() {
    // a joined a queue at 5, and was answered at once: behind c, who joined at 4, before d at 6.
    story(
        MISROUTE,
        &[&[0.0], &[], &[3.0, 4.0, 6.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 session a
         3 arrives b
         3 answered b by 0 for 30
         4 arrives c
         4 waits c
         5 escalated a
         5 answered a by 1 for 20
         6 arrives d
         6 waits d
         25 transferred a
         25 waits a
         28 released 1
         33 released 0
         33 answered c by 0 for 30
         63 released 0
         63 answered a by 0 for 10
         73 released 0
         73 answered d by 0 for 30",
    );
}

#[test]
fn among_its_own_it_stands_where_it_would_have_without_the_transfer() {
    // b waits since the start, past the bot; c joined at 5, d at 24 and is back before c.
    let text = MISROUTE
        .replace("[contacts.x]", "[contacts.x]\ninitial_backlog = 2")
        .replace(
            "staff = 1\n    [groups.wrong]\n    skills = [\"y\"]\n    staff = 1",
            "staff = 1\n    [groups.slow]\n    skills = { y = 0.25 }\n    staff = 1\n    \
             [groups.quick]\n    skills = { y = 2.0 }\n    \
             staff = [{ from = \"0s\", agents = 0 }, { from = \"20s\", agents = 1 }]",
        )
        .replacen("value = \"10s\"", "value = \"60s\"", 1);
    assert!(text.contains("groups.quick"));
    story(
        &text,
        &[&[0.0, 19.0], &[], &[]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 staff 2 is 0
         0 arrives a
         0 answered a by 0 for 60
         0 arrives b
         0 waits b
         0 arrives c
         0 session c
         5 escalated c
         5 answered c by 1 for 80
         19 arrives d
         19 session d
         20 staff 2 is 1
         24 escalated d
         24 answered d by 2 for 10
         34 transferred d
         34 waits d
         37 released 2
         60 released 0
         60 answered b by 0 for 60
         85 transferred c
         85 waits c
         88 released 1
         120 released 0
         120 answered c by 0 for 60
         180 released 0
         180 answered d by 0 for 60",
    );
}

#[test]
fn patience_starts_anew_after_a_transfer() {
    // Of its 30 s a waits 20 for y, and then has 30 among its own, from 45 on.
    let text = MISROUTE.replacen("rate", "patience = { fixed = { value = \"30s\" } }\nrate", 1);
    story(
        &text,
        &[&[0.0], &[2.0], &[40.0, 41.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 session a
         2 arrives b
         2 answered b by 1 for 20
         5 escalated a
         5 waits a
         25 released 1
         25 answered a by 1 for 20
         40 arrives c
         40 answered c by 0 for 30
         41 arrives d
         41 waits d
         45 transferred a
         45 waits a
         48 released 1
         70 released 0
         70 answered a by 0 for 10
         80 released 0
         80 answered d by 0 for 30",
    );
    let long = text.replace("value = \"30s\" } }\n    [groups", "value = \"40s\" } }\n    [groups");
    story(
        &long,
        &[&[0.0], &[2.0], &[40.0, 41.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 session a
         2 arrives b
         2 answered b by 1 for 20
         5 escalated a
         5 waits a
         25 released 1
         25 answered a by 1 for 20
         40 arrives c
         40 answered c by 0 for 40
         41 arrives d
         41 waits d
         45 transferred a
         45 waits a
         48 released 1
         75 abandons a
         80 released 0
         80 answered d by 0 for 40",
    );
}

#[test]
fn a_transfer_holds_its_line_until_the_customer_leaves() {
    // From 5 until 35.
    story(
        &MISROUTE.replace("policy = \"fcfs\"", "lines = 1"),
        &[&[0.0], &[], &[5.0, 24.0, 25.0, 34.0, 35.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 session a
         5 escalated a
         5 answered a by 1 for 20
         5 arrives b
         5 blocked b
         24 arrives c
         24 blocked c
         25 transferred a
         25 answered a by 0 for 10
         25 arrives d
         25 blocked d
         28 released 1
         34 arrives e
         34 blocked e
         35 released 0
         35 arrives f
         35 answered f by 0 for 30",
    );
}

#[test]
fn who_gives_up_after_a_transfer_starts_all_over() {
    let text = MISROUTE
        .replacen(
            "rate",
            "patience = { fixed = { value = \"30s\" } }\n\
             retry = { probability = 1.0, at_most = 1, after = { fixed = { value = \"20s\" } } }\nrate",
            1,
        )
        .replacen("staff = 1", r#"staff = [{ from = "0s", agents = 0 }, { from = "109s", agents = 1 }]"#, 1);
    story(
        &text,
        &[&[0.0], &[], &[]],
        "0 staff 0 is 0
         0 staff 1 is 1
         0 arrives a
         0 session a
         5 escalated a
         5 answered a by 1 for 20
         25 transferred a
         25 waits a
         28 released 1
         55 abandons a
         55 will-retry a
         75 arrives a'
         75 session a'
         80 escalated a'
         80 answered a' by 1 for 20
         100 transferred a'
         100 waits a'
         103 released 1
         109 staff 0 is 1
         109 answered a' by 0 for 10",
    );
}

#[test]
fn who_is_being_transferred_when_the_run_ends_is_unfinished() {
    story(
        &MISROUTE.replace("\"200s\"", "\"10s\"\ndrain = \"5s\""),
        &[&[0.0, 1.0], &[], &[]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 session a
         1 arrives b
         1 session b
         5 escalated a
         5 answered a by 1 for 20
         6 escalated b
         6 waits b
         10 left-waiting(33s) b
         0 unfinished b
         0 unfinished a",
    );
}

#[test]
fn a_chat_that_was_misrouted_is_transferred_when_the_customer_has_been_heard() {
    // The agent's wrap-up of 3 s goes on beside the next chat: 25 to 28 at full speed.
    let text = MISROUTE.replace(
        "skills = [\"y\"]",
        "skills = [\"y\"]\nconcurrency = { chats = 2, speed = [1.0, 0.5] }",
    );
    // b at 26: 2 s of wrap-up left at half speed, until 30. b has done 2 of 20, until 48; wrap-up.
    story(
        &text,
        &[&[0.0], &[26.0], &[]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 session a
         5 escalated a
         5 answered a by 1 beside 0
         25 transferred a
         25 answered a by 0 for 10
         26 arrives b
         26 answered b by 1 beside 1
         30 served(20s and 5s) a
         30 released 1 of 2
         35 released 0
         51 served(22s and 3s) b",
    );
}

#[test]
fn who_was_answered_after_a_transfer_is_not_unfinished_when_the_run_ends() {
    let text = MISROUTE.replace("\"200s\"", "\"20s\"\ndrain = \"7s\"").replace(
        "skills = [\"x\", \"z\"]",
        "skills = [\"x\", \"z\"]\nconcurrency = { chats = 2, speed = [1.0, 1.0] }",
    );
    story(
        &text,
        &[&[0.0], &[], &[]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 session a
         5 escalated a
         5 answered a by 1 for 20
         25 transferred a
         25 answered a by 0 beside 0",
    );
    // As long as it is with the first agent it is.
    let text = MISROUTE.replace("\"200s\"", "\"10s\"\ndrain = \"7s\"").replace(
        "skills = [\"y\"]",
        "skills = [\"y\"]\nconcurrency = { chats = 2, speed = [1.0, 1.0] }",
    );
    story(
        &text,
        &[&[0.0], &[], &[]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 session a
         5 escalated a
         5 answered a by 1 beside 0
         0 unfinished a",
    );
}

/// Urgent escalations of x; z is served before the others of x.
fn urgent(priority: u32) -> String {
    format!(
        r#"
        [run]
        duration = "100s"
        [contacts.x]
        rate = "1/s"
        priority = 3
        initial_backlog = 2
        handling = {{ fixed = {{ value = "10s" }} }}
        [contacts.x.bot]
        deflection = 0.0
        session = {{ fixed = {{ value = "5s" }} }}
        urgent = {{ probability = 1.0, priority = {priority} }}
        [contacts.z]
        rate = "1/s"
        priority = 2
        handling = {{ fixed = {{ value = "10s" }} }}
        [groups.g]
        skills = {{ x = {{ priority = 9 }}, z = 1.0 }}
        staff = 1
        "#
    )
}

#[test]
fn triage_goes_before_the_priority_of_type_and_group() {
    // a is served from 0 on; b waits past the bot; c is urgent at 5, after d of z at 1.
    let day = |order: [char; 3]| {
        format!(
            "0 staff 0 is 1
             0 arrives a
             0 answered a by 0 for 10
             0 arrives b
             0 waits b
             0 arrives c
             0 session c
             1 arrives d
             1 waits d
             5 escalated c
             5 waits c
             10 released 0
             10 answered {} by 0 for 10
             20 released 0
             20 answered {} by 0 for 10
             30 released 0
             30 answered {} by 0 for 10",
            order[0], order[1], order[2]
        )
    };
    let arrivals: [&[f64]; 2] = [&[0.0], &[1.0]];
    story(&urgent(1), &arrivals, &day(['c', 'd', 'b']));
    // Of equal priority: who waits longest.
    story(&urgent(2), &arrivals, &day(['d', 'c', 'b']));
    story(&urgent(8), &arrivals, &day(['d', 'c', 'b']));
    story(&urgent(9), &arrivals, &day(['d', 'b', 'c']));
    story(&urgent(10), &arrivals, &day(['d', 'b', 'c']));
}

#[test]
fn who_is_urgent_and_misrouted_is_urgent_in_both_queues() {
    let text = MISROUTE
        .replace("policy = \"fcfs\"", "policy = \"priority\"")
        .replace("misroute =", "urgent = { probability = 1.0, priority = 1 }\nmisroute =");
    // Before c of y at 24, and before e of z at 60.
    story(
        &text,
        &[&[0.0], &[1.0, 2.0], &[30.0, 31.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 session a
         1 arrives b
         1 answered b by 1 for 20
         2 arrives c
         2 waits c
         5 escalated a
         5 waits a
         24 released 1
         24 answered a by 1 for 20
         30 arrives d
         30 answered d by 0 for 30
         31 arrives e
         31 waits e
         44 transferred a
         44 waits a
         47 released 1
         47 answered c by 1 for 20
         60 released 0
         60 answered a by 0 for 10
         70 released 1
         70 released 0
         70 answered e by 0 for 30",
    );
}
