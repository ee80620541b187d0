//! Opening hours: who comes before, during and after them, and who waits when they end.

use super::story;

/// Open from 10 to 30; nobody waits longer than 60 s.
fn open(keys: &str) -> String {
    format!(
        r#"
        [run]
        duration = "100s"
        [contacts.x]
        rate = "1/s"
        hours = [{{ from = "10s", to = "30s" }}]
        {keys}
        patience = {{ fixed = {{ value = "60s" }} }}
        handling = {{ fixed = {{ value = "10s" }} }}
        [groups.g]
        skills = ["x"]
        staff = 1
        "#
    )
}

#[test]
fn who_comes_before_the_opening_waits_for_it_and_who_waits_at_the_end_waits_on() {
    story(
        &open(""),
        &[&[5.0, 25.0, 26.0, 30.0]],
        "0 staff 0 is 1
         5 arrives a
         5 waits a
         10 answered a by 0 for 10
         20 released 0
         25 arrives b
         25 answered b by 0 for 10
         26 arrives c
         26 waits c
         30 arrives d
         30 waits d
         35 released 0
         86 abandons c
         90 abandons d",
    );
}

#[test]
fn who_comes_outside_the_hours_may_be_turned_away() {
    // At 10 it is open, at 30 it is closed; who waits by then waits on.
    story(
        &open("when_closed = \"reject\""),
        &[&[9.0, 10.0, 25.0, 30.0]],
        "0 staff 0 is 1
         9 arrives a
         9 blocked a
         10 arrives b
         10 answered b by 0 for 10
         20 released 0
         25 arrives c
         25 answered c by 0 for 10
         30 arrives d
         30 blocked d",
    );
}

#[test]
fn who_waits_at_the_end_may_be_disconnected_and_try_again() {
    let retry = "retry = { probability = { abandoned = 1.0 }, at_most = 1, \
                 after = { fixed = { value = \"10s\" } } }";
    story(
        &open(&format!("at_close = \"disconnect\"\n{retry}")),
        &[&[22.0, 23.0, 24.0, 30.0]],
        "0 staff 0 is 1
         22 arrives a
         22 answered a by 0 for 10
         23 arrives b
         23 waits b
         24 arrives c
         24 waits c
         30 abandons b
         30 will-retry b
         30 abandons c
         30 will-retry c
         30 arrives d
         30 waits d
         32 released 0
         40 arrives b'
         40 waits b'
         40 arrives c'
         40 waits c'
         90 abandons d
         90 will-retry d
         100 left-waiting(10s) b'
         100 left-waiting(10s) c'
         100 arrives d'
         100 waits d'
         100 abandons b'
         100 abandons c'
         160 abandons d'",
    );
}

#[test]
fn a_contact_whose_patience_ends_at_closing_time_is_lost_once() {
    story(
        &open("at_close = \"disconnect\"").replace("\"60s\"", "\"7s\""),
        &[&[20.0, 23.0]],
        "0 staff 0 is 1
         20 arrives a
         20 answered a by 0 for 10
         23 arrives b
         23 waits b
         30 released 0
         30 answered b by 0 for 10",
    );
    story(
        &open("at_close = \"disconnect\"").replace("\"60s\"", "\"7s\""),
        &[&[21.0, 23.0]],
        "0 staff 0 is 1
         21 arrives a
         21 answered a by 0 for 10
         23 arrives b
         23 waits b
         30 abandons b",
    );
}

#[test]
fn windows_may_span_midnight_or_touch() {
    let text = |hours: &str| {
        open("when_closed = \"reject\"\nat_close = \"disconnect\"")
            .replace("\"100s\"", "\"24h\"")
            .replace("[{ from = \"10s\", to = \"30s\" }]", hours)
    };
    // Open since 22:00 of the day before.
    story(
        &text("[{ from = \"22:00\", to = \"02:00\" }]"),
        &[&[0.0, 7199.0, 7199.5, 7200.0, 79_199.0, 79_200.0, 86_399.0]],
        "0 staff 0 is 1
         0 arrives a
         0 answered a by 0 for 10
         10 released 0
         7199 arrives b
         7199 answered b by 0 for 10
         7199.5 arrives c
         7199.5 waits c
         7200 abandons c
         7200 arrives d
         7200 blocked d
         7209 released 0
         79199 arrives e
         79199 blocked e
         79200 arrives f
         79200 answered f by 0 for 10
         79210 released 0
         86399 arrives g
         86399 answered g by 0 for 10",
    );
    // Nobody is disconnected where one window follows the other, at 06:00 or at midnight.
    for hours in [
        "[{ from = \"06:00\", to = \"06:00\" }]",
        "[{ from = \"00:00\", to = \"06:00\" }, { from = \"06:00\", to = \"24:00\" }]",
    ] {
        let text = text(hours).replace("\"24h\"", "\"36h\"");
        story(
            &text.replace("staff = 1", "staff = 0"),
            &[&[21_590.0, 86_390.0]],
            "0 staff 0 is 0
             21590 arrives a
             21590 waits a
             21650 abandons a
             86390 arrives b
             86390 waits b
             86450 abandons b",
        );
    }
}

#[test]
fn the_hours_of_one_type_do_not_bind_the_others() {
    // y waits for its hours, and x is served though it came later. At 10 y has waited longest.
    let text = open("").replace(
        "[groups.g]",
        "[contacts.y]\nrate = \"1/s\"\nhandling = { fixed = { value = \"4s\" } }\n[groups.g]",
    );
    story(
        &text.replace("[\"x\"]", "[\"x\", \"y\"]"),
        &[&[1.0, 2.0], &[3.0, 4.0, 5.0]],
        "0 staff 0 is 1
         1 arrives a
         1 waits a
         2 arrives b
         2 waits b
         3 arrives c
         3 answered c by 0 for 4
         4 arrives d
         4 waits d
         5 arrives e
         5 waits e
         7 released 0
         7 answered d by 0 for 4
         11 released 0
         11 answered a by 0 for 10
         21 released 0
         21 answered b by 0 for 10
         31 released 0
         31 answered e by 0 for 4",
    );
}

#[test]
fn among_changes_at_one_instant_who_comes_and_what_opens_is_first() {
    let staff = |steps: &str| open("at_close = \"disconnect\"").replace("staff = 1", steps);
    story(
        &staff(r#"shifts = [{ start = "30s", length = "20s", agents = 1 }]"#),
        &[&[20.0, 21.0]],
        "20 arrives a
         20 waits a
         21 arrives b
         21 waits b
         30 staff 0 is 1
         30 answered a by 0 for 10
         30 abandons b
         40 released 0
         50 staff 0 is 0",
    );
    story(
        &staff(r#"shifts = [{ start = "0s", length = "10s", agents = 1 }]"#),
        &[&[5.0]],
        "0 staff 0 is 1
         5 arrives a
         5 waits a
         10 answered a by 0 for 10
         10 staff 0 is 0 and 1 over
         20 released 0
         20 staff 0 is 0",
    );
}
