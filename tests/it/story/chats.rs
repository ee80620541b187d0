//! Several contacts at once: each at a speed that depends on how many are open.

use super::story;

/// One agent with two chats, each at half speed while both are open.
const TWO_CHATS: &str = r#"
    [run]
    duration = "100s"
    [contacts.x]
    rate = "1/s"
    handling = { fixed = { value = "10s" } }
    [groups.g]
    skills = ["x"]
    staff = 1
    concurrency = { chats = 2, speed = [1.0, 0.5] }
"#;

#[test]
fn chats_slow_each_other_down_as_they_come_and_go() {
    // At 4 six seconds of a are left: at half speed until 16. Then four of b, next to c: until 24.
    // Six of c are left then, alone: until 30.
    story(
        TWO_CHATS,
        &[&[0.0, 4.0, 6.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 beside 0
         4 arrives b
         4 answered b by 0 beside 1
         6 arrives c
         6 waits c
         16 served(16s and 0s) a
         16 released 0 of 2
         16 answered c by 0 beside 1
         24 served(20s and 0s) b
         24 released 0 of 2
         30 served(14s and 0s) c",
    );
}

#[test]
fn wrap_up_counts_as_an_open_chat() {
    // The customer of a leaves at 10; of its wrap-up 4 s are left at 12, at half speed until 20.
    // Then b has 6 s left beside c: until 32. c has 4 left beside the wrap-up of b: until 40. That
    // has 2 left beside the wrap-up of c: until 44. 4 are left of this, alone: until 48.
    story(
        &TWO_CHATS.replace("[groups.g]", "wrap_up = { fixed = { value = \"6s\" } }\n[groups.g]"),
        &[&[0.0, 12.0, 13.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 beside 0
         12 arrives b
         12 answered b by 0 beside 1
         13 arrives c
         13 waits c
         20 served(10s and 10s) a
         20 released 0 of 2
         20 answered c by 0 beside 1
         44 served(20s and 12s) b
         44 released 0 of 2
         48 served(20s and 8s) c",
    );
}

#[test]
fn chats_that_end_at_one_instant_are_ended_one_after_the_other() {
    story(
        TWO_CHATS,
        &[&[0.0, 0.0, 1.0, 20.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 beside 0
         0 arrives b
         0 answered b by 0 beside 1
         1 arrives c
         1 waits c
         20 served(20s and 0s) a
         20 released 0 of 2
         20 answered c by 0 beside 1
         20 served(20s and 0s) b
         20 released 0 of 2
         20 arrives d
         20 answered d by 0 beside 1
         40 served(20s and 0s) c
         40 released 0 of 2
         40 served(20s and 0s) d",
    );
}

#[test]
fn a_chat_may_overtake_one_that_began_before_it() {
    // b has 3 s of work: until 10 at half speed. a has had 4 s alone and 3 s beside it.
    let text = TWO_CHATS
        .replace(
            "[groups.g]",
            "[contacts.y]\nrate = \"1/s\"\nhandling = { fixed = { value = \"6s\" } }\n[groups.g]",
        )
        .replace("[\"x\"]", "{ x = 1.0, y = 2.0 }");
    story(
        &text,
        &[&[0.0], &[4.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 beside 0
         4 arrives b
         4 answered b by 0 beside 1
         10 served(6s and 0s) b
         10 released 0 of 2
         13 served(13s and 0s) a",
    );
}

#[test]
fn of_a_head_count_that_falls_those_with_the_fewest_chats_take_no_more() {
    let text = TWO_CHATS
        .replace(
            "staff = 1",
            r#"staff = [{ from = "0s", agents = 2 }, { from = "8s", agents = 1 }]"#,
        )
        .replace("[1.0, 0.5]", "[1.0, 1.0, 1.0]")
        .replace("chats = 2", "chats = 3");
    // Each of the two has one chat: the one who is listed last is to leave. The other takes c at
    // once, and at 10, without a, both have one. At 11 the one who stays takes d.
    story(
        &text,
        &[&[0.0, 2.0, 9.0, 11.0]],
        "0 staff 0 is 2
         0 arrives a
         0 answered a by 0 beside 0
         2 arrives b
         2 answered b by 0 beside 0
         8 staff 0 is 1 and 1 over
         9 arrives c
         9 answered c by 0 beside 1
         10 served(10s and 0s) a
         10 released 0 of 2
         11 arrives d
         11 answered d by 0 beside 1
         12 served(10s and 0s) b
         12 released 0
         12 staff 0 is 1
         19 served(10s and 0s) c
         19 released 0 of 2
         21 served(10s and 0s) d",
    );
}

#[test]
fn who_comes_to_have_fewer_chats_than_one_who_is_leaving_leaves_instead() {
    let text = TWO_CHATS
        .replace(
            "staff = 1",
            r#"staff = [{ from = "0s", agents = 2 }, { from = "8s", agents = 1 }]"#,
        )
        .replace("[1.0, 0.5]", "[1.0, 1.0]");
    // At 8 the one with a is to stay. At 10 that one has nothing open and leaves, and the other, who
    // still has b, stays and takes c.
    story(
        &text,
        &[&[0.0, 2.0, 11.0]],
        "0 staff 0 is 2
         0 arrives a
         0 answered a by 0 beside 0
         2 arrives b
         2 answered b by 0 beside 0
         8 staff 0 is 1 and 1 over
         10 served(10s and 0s) a
         10 released 0
         10 staff 0 is 1
         11 arrives c
         11 answered c by 0 beside 1
         12 served(10s and 0s) b
         12 released 0 of 2
         21 served(10s and 0s) c",
    );
}

#[test]
fn who_has_chats_open_when_the_shift_ends_takes_no_more_and_stays_until_all_are_done() {
    let shift = r#"shifts = [{ start = "0s", length = "10s", agents = 1 }]"#;
    let text = TWO_CHATS
        .replace("staff = 1", shift)
        .replace("[groups.g]", "patience = { fixed = { value = \"8s\" } }\n[groups.g]");
    // a has 5 s left at 5: until 15. b has had 5 s by then: until 20.
    story(
        &text,
        &[&[0.0, 5.0, 16.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 beside 0
         5 arrives b
         5 answered b by 0 beside 1
         10 staff 0 is 0 and 1 over
         15 served(15s and 0s) a
         15 released 0 of 2
         16 arrives c
         16 waits c
         20 served(15s and 0s) b
         20 released 0
         20 staff 0 is 0
         24 abandons c",
    );
}

#[test]
fn a_break_that_is_due_waits_for_the_last_chat_and_lets_no_further_one_begin() {
    let shift = r#"shifts = [{ start = "0s", length = "60s", agents = 1,
                              breaks = [{ after = "6s", length = "10s" }] }]"#;
    story(
        &TWO_CHATS.replace("staff = 1", shift),
        &[&[0.0, 4.0, 6.0, 20.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 beside 0
         4 arrives b
         4 answered b by 0 beside 1
         6 arrives c
         6 waits c
         16 served(16s and 0s) a
         16 released 0 of 2
         20 served(16s and 0s) b
         20 released 0
         20 staff 0 is 0
         20 arrives d
         20 waits d
         30 staff 0 is 1
         30 answered c by 0 beside 0
         30 answered d by 0 beside 1
         50 served(20s and 0s) c
         50 released 0 of 2
         50 served(20s and 0s) d
         50 released 0
         60 staff 0 is 0",
    );
}

#[test]
fn speeds_multiply_with_the_skill_and_may_exceed_one() {
    // 10 s at skill 2 is 5 s of work; two at once at speed 1.25 each.
    let text = TWO_CHATS.replace("[\"x\"]", "{ x = 2.0 }").replace("[1.0, 0.5]", "[0.5, 1.25]");
    // a: 1 s of work until 2, 4 s at 1.25 until 5.2. b: 4 s done then, 1 s at 0.5 until 7.2.
    story(
        &text,
        &[&[0.0, 2.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 beside 0
         2 arrives b
         2 answered b by 0 beside 1
         5.2 served(5.2s and 0s) a
         5.2 released 0 of 2
         7.2 served(5.2s and 0s) b",
    );
}

#[test]
fn who_still_chats_at_the_end_of_the_run_was_answered() {
    story(
        &TWO_CHATS.replace("\"100s\"", "\"10s\"\ndrain = \"5s\""),
        &[&[2.0, 9.0, 9.5]],
        "0 staff 0 is 1
         2 arrives a
         2 answered a by 0 beside 0
         9 arrives b
         9 answered b by 0 beside 1
         9.5 arrives c
         9.5 waits c
         10 left-waiting(10s) c
         15 served(13s and 0s) a
         15 released 0 of 2
         15 answered c by 0 beside 1",
    );
}
