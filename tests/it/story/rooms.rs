//! Limits of queues, waiting room and lines where contacts chat, wait from the start or are urgent.

use super::story;

const BACKLOG: &str = r#"
    [run]
    duration = "100s"
    [contacts.x]
    rate = "1/s"
    queue_limit = 1
    initial_backlog = 3
    handling = { fixed = { value = "10s" } }
    [groups.g]
    skills = ["x"]
    staff = 1
"#;

#[test]
fn who_waits_at_the_start_is_not_turned_away_and_takes_up_room() {
    // Of three one is answered at once; c and then d, e fill the queue until 20.
    story(
        BACKLOG,
        &[&[0.0, 15.0, 20.0, 21.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         0 arrives b
         0 waits b
         0 arrives c
         0 waits c
         0 arrives d
         0 blocked d
         10 released 0
         10 answered b by 0 for 10
         15 arrives e
         15 blocked e
         20 released 0
         20 answered c by 0 for 10
         20 arrives f
         20 waits f
         21 arrives g
         21 blocked g
         30 released 0
         30 answered f by 0 for 10",
    );
}

#[test]
fn who_waits_at_the_start_comes_before_all_who_arrive_then_past_bot_and_limits() {
    // y is listed after x, has a bot, is closed, and there is no room at all: its backlog waits all
    // the same, and comes first.
    let text = r#"
        [run]
        duration = "100s"
        [routing]
        policy = "fcfs"
        waiting_room = 0
        lines = 0
        [contacts.x]
        rate = "1/s"
        handling = { fixed = { value = "10s" } }
        [contacts.y]
        rate = "1/s"
        initial_backlog = 2
        hours = [{ from = "5s", to = "50s" }]
        when_closed = "reject"
        at_close = "disconnect"
        handling = { fixed = { value = "60s" } }
        [contacts.y.bot]
        deflection = 1.0
        session = { fixed = { value = "1s" } }
        [groups.g]
        skills = ["x", "y"]
        staff = 1
    "#;
    story(
        text,
        &[&[0.0], &[]],
        "0 staff 0 is 1
         0 arrives a
         0 waits a
         0 arrives b
         0 waits b
         0 arrives c
         0 blocked c
         5 answered a by 0 for 60
         50 abandons b",
    );
}

#[test]
fn a_line_is_free_when_the_customer_of_a_chat_leaves() {
    story(
        r#"
        [run]
        duration = "100s"
        [routing]
        lines = 1
        [contacts.x]
        rate = "1/s"
        handling = { fixed = { value = "10s" } }
        wrap_up = { fixed = { value = "5s" } }
        [groups.g]
        skills = ["x"]
        staff = 1
        concurrency = { chats = 2, speed = [1.0, 1.0] }
        "#,
        &[&[0.0, 9.0, 10.0, 14.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 beside 0
         9 arrives b
         9 blocked b
         10 arrives c
         10 answered c by 0 beside 1
         14 arrives d
         14 blocked d
         15 served(10s and 5s) a
         15 released 0 of 2
         25 served(10s and 5s) c",
    );
}

#[test]
fn a_queue_without_places_answers_at_once_or_blocks_whatever_the_later_stages() {
    story(
        r#"
        [run]
        duration = "100s"
        [contacts.x]
        rate = "1/s"
        queue_limit = 0
        handling = { fixed = { value = "10s" } }
        route = [{ groups = ["g"] }, { after = "5s", groups = ["h"] }]
        [groups.g]
        skills = ["x"]
        staff = 1
        [groups.h]
        skills = ["x"]
        staff = 1
        "#,
        &[&[0.0, 1.0, 10.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 0 for 10
         1 arrives b
         1 blocked b
         10 released 0
         10 arrives c
         10 answered c by 0 for 10",
    );
}

#[test]
fn urgent_contacts_count_among_those_of_their_type() {
    // Place for two, taken by b and c, who find the bot full; the urgent a and d find none.
    story(
        r#"
        [run]
        duration = "100s"
        [routing]
        policy = "fcfs"
        [bot]
        capacity = 1
        [contacts.x]
        rate = "1/s"
        queue_limit = 2
        handling = { fixed = { value = "10s" } }
        [contacts.x.bot]
        deflection = 0.0
        session = { fixed = { value = "5s" } }
        urgent = { probability = 1.0, priority = 1 }
        [groups.g]
        skills = ["x"]
        staff = [{ from = "0s", agents = 0 }, { from = "50s", agents = 1 }]
        "#,
        &[&[0.0, 1.0, 2.0, 6.0]],
        "0 staff 0 is 0
         0 arrives a
         0 session a
         1 arrives b
         1 bot-full b
         1 waits b
         2 arrives c
         2 bot-full c
         2 waits c
         5 escalated a
         5 blocked a
         6 arrives d
         6 session d
         11 escalated d
         11 blocked d
         50 staff 0 is 1
         50 answered b by 0 for 10
         60 released 0
         60 answered c by 0 for 10",
    );
}
