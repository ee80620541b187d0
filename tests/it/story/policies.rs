//! Which waiting contact a free agent takes: indices worked out by hand, and their ties.

use super::story;

/// Two types that one agent serves.
fn center(policy: &str, x: &str, y: &str, skills: &str) -> String {
    format!(
        r#"
        [run]
        duration = "100s"
        [routing]
        policy = {policy}
        [contacts.x]
        rate = "1/s"
        {x}
        [contacts.y]
        rate = "1/s"
        {y}
        [groups.g]
        skills = {skills}
        staff = 1
        "#
    )
}

const TEN: &str = "handling = { fixed = { value = \"10s\" } }";

#[test]
fn priority_aging_gains_levels_with_the_wait() {
    // At 40 x has 0.125 · 32 − 5 = −1. y at 24 has 0.0625 · 16 − 2 = −1: x has waited longer. At 23
    // y has −0.9375.
    let policy = r#"{ priority_aging = { rate = { x = "7.5/min", y = "3.75/min" } } }"#;
    let text = center(
        policy,
        "priority = 5\nhandling = { fixed = { value = \"40s\" } }",
        "priority = 2\nhandling = { fixed = { value = \"1s\" } }",
        "[\"x\", \"y\"]",
    );
    story(
        &text,
        &[&[0.0, 8.0], &[24.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 40
         8 arrives b
         8 waits b
         24 arrives c
         24 waits c
         40 released 0
         40 answered b by 0 for 40
         80 released 0
         80 answered c by 0 for 1",
    );
    story(
        &text,
        &[&[0.0, 8.0], &[23.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 40
         8 arrives b
         8 waits b
         23 arrives c
         23 waits c
         40 released 0
         40 answered c by 0 for 1
         41 released 0
         41 answered b by 0 for 40",
    );
}

#[test]
fn priority_aging_is_priority_at_first_and_first_come_first_served_in_the_end() {
    let day = |rate: &str, order: [char; 2]| {
        let text = center(
            &format!("{{ priority_aging = {{ rate = \"{rate}\" }} }}"),
            &format!("priority = 5\n{TEN}"),
            &format!("priority = 2\n{TEN}"),
            "[\"x\", \"y\"]",
        );
        let expected = format!(
            "0 staff 0 is 1
             0 arrives a
             0 answered a by 0 for 10
             1 arrives b
             1 waits b
             5 arrives c
             5 waits c
             10 released 0
             10 answered {} by 0 for 10
             20 released 0
             20 answered {} by 0 for 10",
            order[0], order[1]
        );
        story(&text, &[&[0.0, 1.0], &[5.0]], &expected);
    };
    // b is 3 levels behind and has waited for 4 s more.
    day("0/s", ['c', 'b']);
    day("0.74/s", ['c', 'b']);
    day("0.75/s", ['b', 'c']);
    day("10/s", ['b', 'c']);
}

#[test]
fn longest_queue_takes_from_the_type_of_which_most_wait() {
    // x has 2 and y 3: d of y. Then 2 each: b, who has waited longest. Then 1 and 2: e. Then 1
    // each: c, and f in the end.
    story(
        &center("\"longest_queue\"", TEN, TEN, "[\"x\", \"y\"]"),
        &[&[0.0, 1.0, 2.0], &[3.0, 4.0, 5.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         1 arrives b
         1 waits b
         2 arrives c
         2 waits c
         3 arrives d
         3 waits d
         4 arrives e
         4 waits e
         5 arrives f
         5 waits f
         10 released 0
         10 answered d by 0 for 10
         20 released 0
         20 answered b by 0 for 10
         30 released 0
         30 answered e by 0 for 10
         40 released 0
         40 answered c by 0 for 10
         50 released 0
         50 answered f by 0 for 10",
    );
}

#[test]
fn weighted_takes_the_largest_weight_times_wait() {
    let text = center("{ weighted = { weight = { y = 3.0 } } }", TEN, TEN, "[\"x\", \"y\"]");
    // At 10 b has 1 · 9, and y since 7 has 3 · 3: b has waited longer. Since 6 y has 3 · 4.
    for (joined, order) in [(7.0, ['b', 'c']), (6.0, ['c', 'b'])] {
        story(
            &text,
            &[&[0.0, 1.0], &[joined]],
            &format!(
                "0 staff 0 is 1
                 0 arrives a
                 0 answered a by 0 for 10
                 1 arrives b
                 1 waits b
                 {joined} arrives c
                 {joined} waits c
                 10 released 0
                 10 answered {} by 0 for 10
                 20 released 0
                 20 answered {} by 0 for 10",
                order[0], order[1]
            ),
        );
    }
    // A weight of 0 comes after all others, and is still served.
    story(
        &text.replace("y = 3.0", "x = 0"),
        &[&[0.0, 1.0], &[9.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         1 arrives b
         1 waits b
         9 arrives c
         9 waits c
         10 released 0
         10 answered c by 0 for 10
         20 released 0
         20 answered b by 0 for 10",
    );
}

#[test]
fn generalized_c_mu_divides_cost_times_wait_by_the_mean_agent_time() {
    // x takes 20 s at speed 2: 10 s. y takes 6 s and 2 s of wrap-up: 8 s, and costs 2. At 10 b has
    // 1 · 10/10 = 1 since 0, and c since 6 has 2 · 4/8 = 1: b has waited longer. Since 5 c has 1.25.
    let text = center(
        "{ generalized_c_mu = { cost = { y = 2.0 } } }",
        "handling = { fixed = { value = \"20s\" } }",
        "handling = { fixed = { value = \"6s\" } }\nwrap_up = { fixed = { value = \"2s\" } }",
        "{ x = 2.0, y = 1.0 }",
    );
    story(
        &text,
        &[&[0.0, 0.0], &[6.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         0 arrives b
         0 waits b
         6 arrives c
         6 waits c
         10 released 0
         10 answered b by 0 for 10
         20 released 0
         20 answered c by 0 for 6",
    );
    story(
        &text,
        &[&[0.0, 0.0], &[5.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         0 arrives b
         0 waits b
         5 arrives c
         5 waits c
         10 released 0
         10 answered c by 0 for 6
         18 released 0
         18 answered b by 0 for 10",
    );
    // With a handling of this group's own of 3 s, c would take 5 s: 2 · 3/5 = 1.2 since 7.
    let own =
        text.replace("staff = 1", "handling = { y = { fixed = { value = \"3s\" } } }\nstaff = 1");
    story(
        &own,
        &[&[0.0, 0.0], &[7.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         0 arrives b
         0 waits b
         7 arrives c
         7 waits c
         10 released 0
         10 answered c by 0 for 3
         15 released 0
         15 answered b by 0 for 10",
    );
}

#[test]
fn fcfs_of_one_instant_goes_by_who_joined_first() {
    story(
        &center("\"fcfs\"", TEN, &format!("priority = 1\n{TEN}"), "[\"y\", \"x\"]"),
        &[&[0.0, 1.0, 2.0], &[1.0, 2.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         1 arrives b
         1 waits b
         1 arrives c
         1 waits c
         2 arrives d
         2 waits d
         2 arrives e
         2 waits e
         10 released 0
         10 answered b by 0 for 10
         20 released 0
         20 answered c by 0 for 10
         30 released 0
         30 answered d by 0 for 10
         40 released 0
         40 answered e by 0 for 10",
    );
}
