//! Which free agent a contact takes, over the borders of groups.

use super::story;

/// Two groups of one agent each, the first one slower, and a choice.
fn two_groups(agents: &str, first: &str, second: &str) -> String {
    format!(
        r#"
        [run]
        duration = "100s"
        [routing]
        agents = "{agents}"
        [contacts.x]
        rate = "1/s"
        handling = {{ fixed = {{ value = "6s" }} }}
        [groups.g]
        {first}
        [groups.h]
        {second}
        "#
    )
}

const PLAIN: &str = "skills = [\"x\"]\nstaff = 1";

#[test]
fn listed_goes_by_the_route_or_else_by_the_listing_of_groups() {
    // g is free again at 6, and is taken though h has been idle for longer.
    story(
        &two_groups("listed", PLAIN, PLAIN),
        &[&[0.0, 7.0, 8.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 0 for 6
         6 released 0
         7 arrives b
         7 answered b by 0 for 6
         8 arrives c
         8 answered c by 1 for 6",
    );
    let route = two_groups("longest_idle", PLAIN, PLAIN)
        .replace("rate", "agents = \"listed\"\nroute = [{ groups = [\"h\", \"g\"] }]\nrate");
    story(
        &route,
        &[&[0.0, 7.0, 8.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 1 for 6
         6 released 1
         7 arrives b
         7 answered b by 1 for 6
         8 arrives c
         8 answered c by 0 for 6",
    );
}

#[test]
fn fastest_goes_by_the_time_that_the_contact_takes() {
    let twice = "skills = { x = 2.0 }\nstaff = 1";
    story(
        &two_groups("fastest", PLAIN, twice),
        &[&[0.0, 1.0, 20.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 1 for 3
         1 arrives b
         1 answered b by 0 for 6
         3 released 1
         7 released 0
         20 arrives c
         20 answered c by 1 for 3",
    );
    // A handling of the group's own of 2 s, whatever its speed.
    let own = "skills = { x = 0.1 }\nstaff = 1\nhandling = { x = { fixed = { value = \"2s\" } } }";
    story(
        &two_groups("fastest", own, twice),
        &[&[0.0, 1.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 0 for 2
         1 arrives b
         1 answered b by 1 for 3",
    );
    // Equally fast: who has been idle for longer.
    story(
        &two_groups("fastest", PLAIN, PLAIN),
        &[&[0.0, 7.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 0 for 6
         6 released 0
         7 arrives b
         7 answered b by 1 for 6",
    );
}

#[test]
fn fastest_reckons_with_the_chats_that_are_open() {
    // h alone: 2.0; with one open 2.0 × 0.4 = 0.8, slower than g with 1.0; with none g.
    let chats = "skills = { x = 2.0 }\nstaff = 1\nconcurrency = { chats = 2, speed = [1.0, 0.4] }";
    story(
        &two_groups("fastest", PLAIN, chats),
        &[&[0.0, 1.0, 2.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 1 beside 0
         1 arrives b
         1 answered b by 0 for 6
         2 arrives c
         2 answered c by 1 beside 1
         4.5 served(4.5s and 0s) a
         4.5 released 1 of 2
         6.5 served(4.5s and 0s) c",
    );
    // Within a group: two at once at 0.9 each are slower than a colleague with nothing open; at 1.5
    // each they are faster.
    for (speed, beside) in [("0.9", 0), ("1.5", 1)] {
        let chats = format!(
            "skills = [\"x\"]\nstaff = 2\nconcurrency = {{ chats = 2, speed = [1.0, {speed}] }}"
        );
        let text = two_groups("fastest", &chats, "skills = [\"x\"]\nstaff = 0");
        let text = text.replace("\"100s\"", "\"2s\"\ndrain = \"0s\"");
        story(
            &text,
            &[&[0.0, 1.0]],
            &format!(
                "0 staff 0 is 2
                 0 staff 1 is 0
                 0 arrives a
                 0 answered a by 0 beside 0
                 1 arrives b
                 1 answered b by 0 beside {beside}"
            ),
        );
    }
}

#[test]
fn longest_idle_counts_from_coming_on_shift_or_from_the_last_contact() {
    let first = "skills = [\"x\"]\nshifts = [{ start = \"0s\", length = \"90s\", agents = 1 }]";
    let second = r#"skills = ["x"]
        staff = [{ from = "0s", agents = 0 }, { from = "10s", agents = 1 }]"#;
    // g has been idle since 6, h since 10.
    story(
        &two_groups("longest_idle", first, second),
        &[&[0.0, 12.0, 13.0]],
        "0 staff 0 is 1
         0 staff 1 is 0
         0 arrives a
         0 answered a by 0 for 6
         6 released 0
         10 staff 1 is 1
         12 arrives b
         12 answered b by 0 for 6
         13 arrives c
         13 answered c by 1 for 6
         18 released 0
         19 released 1
         90 staff 0 is 0",
    );
    // g has been idle since 11, h since 10.
    story(
        &two_groups("longest_idle", first, second),
        &[&[5.0, 12.0]],
        "0 staff 0 is 1
         0 staff 1 is 0
         5 arrives a
         5 answered a by 0 for 6
         10 staff 1 is 1
         11 released 0
         12 arrives b
         12 answered b by 1 for 6
         18 released 1
         90 staff 0 is 0",
    );
    // Both since 10: the one that was released, since releases come before changes of staff.
    story(
        &two_groups("longest_idle", second, PLAIN),
        &[&[4.0, 12.0]],
        "0 staff 0 is 0
         0 staff 1 is 1
         4 arrives a
         4 answered a by 1 for 6
         10 released 1
         10 staff 0 is 1
         12 arrives b
         12 answered b by 1 for 6",
    );
}

#[test]
fn never_busy_yet_means_the_order_of_listing_within_and_between_groups() {
    story(
        &two_groups("longest_idle", "skills = [\"x\"]\nstaff = 2", PLAIN),
        &[&[0.0, 1.0, 2.0, 9.0]],
        "0 staff 0 is 2
         0 staff 1 is 1
         0 arrives a
         0 answered a by 0 for 6
         1 arrives b
         1 answered b by 0 for 6
         2 arrives c
         2 answered c by 1 for 6
         6 released 0
         7 released 0
         8 released 1
         9 arrives d
         9 answered d by 0 for 6",
    );
}

#[test]
fn least_and_most_busy_go_by_open_chats_over_all_groups() {
    let chats = "skills = [\"x\"]\nstaff = 1\nconcurrency = { chats = 2, speed = [1.0, 0.5] }";
    let text = |agents: &str| {
        let text = two_groups(agents, chats, chats).replace("\"6s\"", "\"60s\"");
        text.replace("\"100s\"", "\"10s\"\ndrain = \"0s\"")
    };
    // Ties go to who has had so many open for the longest time: g since 0, h since 1.
    story(
        &text("least_busy"),
        &[&[0.0, 1.0, 2.0, 3.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 0 beside 0
         1 arrives b
         1 answered b by 1 beside 0
         2 arrives c
         2 answered c by 0 beside 1
         3 arrives d
         3 answered d by 1 beside 1",
    );
    story(
        &text("most_busy"),
        &[&[0.0, 1.0, 2.0, 3.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 0 beside 0
         1 arrives b
         1 answered b by 0 beside 1
         2 arrives c
         2 answered c by 1 beside 0
         3 arrives d
         3 answered d by 1 beside 1",
    );
    // Listed fills the first group up.
    story(
        &text("listed"),
        &[&[0.0, 1.0, 2.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 0 beside 0
         1 arrives b
         1 answered b by 0 beside 1
         2 arrives c
         2 answered c by 1 beside 0",
    );
}

#[test]
fn most_busy_fills_one_agent_of_a_group_before_the_next() {
    let chats = "skills = [\"x\"]\nstaff = 2\nconcurrency = { chats = 3, speed = [1.0, 1.0, 1.0] }";
    let text = |agents: &str| two_groups(agents, chats, "skills = [\"x\"]\nstaff = 0");
    let at_once = [0.0, 1.0, 2.0, 3.0];
    story(
        &text("most_busy"),
        &[&at_once],
        "0 staff 0 is 2
         0 staff 1 is 0
         0 arrives a
         0 answered a by 0 beside 0
         1 arrives b
         1 answered b by 0 beside 1
         2 arrives c
         2 answered c by 0 beside 2
         3 arrives d
         3 answered d by 0 beside 0
         6 served(6s and 0s) a
         6 released 0 of 3
         7 served(6s and 0s) b
         7 released 0 of 2
         8 served(6s and 0s) c
         8 released 0
         9 served(6s and 0s) d",
    );
    story(
        &text("least_busy"),
        &[&at_once],
        "0 staff 0 is 2
         0 staff 1 is 0
         0 arrives a
         0 answered a by 0 beside 0
         1 arrives b
         1 answered b by 0 beside 0
         2 arrives c
         2 answered c by 0 beside 1
         3 arrives d
         3 answered d by 0 beside 1
         6 served(6s and 0s) a
         6 released 0 of 2
         7 served(6s and 0s) b
         7 released 0 of 2
         8 served(6s and 0s) c
         8 released 0
         9 served(6s and 0s) d",
    );
}

#[test]
fn a_type_may_choose_its_agents_otherwise_than_the_others() {
    let text = two_groups("listed", PLAIN, "skills = { x = 1.0, y = 2.0 }\nstaff = 1").replace(
        "[groups.g]",
        "[contacts.y]\nrate = \"1/s\"\nagents = \"fastest\"\n\
         handling = { fixed = { value = \"6s\" } }\n[groups.g]",
    );
    let text = text.replacen("skills = [\"x\"]", "skills = [\"x\", \"y\"]", 1);
    story(
        &text,
        &[&[10.0], &[0.0]],
        "0 staff 0 is 1
         0 staff 1 is 1
         0 arrives a
         0 answered a by 1 for 3
         3 released 1
         10 arrives b
         10 answered b by 0 for 6",
    );
}
