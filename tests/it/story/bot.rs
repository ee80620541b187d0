//! The bot: capacity, outages, escalation, false resolution.

use surgecast::model::{Change, Model};

use super::story;
use crate::support::scenario;

const WITH_BOT: &str = r#"
    [run]
    duration = "100s"
    [bot]
    capacity = 1
    when_full = "escalate"
    [contacts.x]
    rate = "1/s"
    handling = { fixed = { value = "10s" } }
    [contacts.x.bot]
    deflection = 0.0
    session = { fixed = { value = "99s" } }
    escalation_session = { fixed = { value = "5s" } }
    escalation_handling = { fixed = { value = "20s" } }
    context_saving = 0.25
    [groups.g]
    skills = { x = 1.5 }
    staff = 9
"#;

#[test]
fn what_the_bot_escalates_takes_longer_less_what_the_summary_saves() {
    // b finds the bot full and goes on to a human; c arrives when a's session has just ended.
    story(
        WITH_BOT,
        &[&[0.0, 4.0, 5.0]],
        "0 staff 0 is 9
         0 arrives a
         0 session a
         4 arrives b
         4 bot-full b
         4 answered b by 0 for 6.666667
         5 escalated a
         5 answered a by 0 for 10
         5 arrives c
         5 session c
         10 escalated c
         10 answered c by 0 for 10",
    );
}

#[test]
fn a_full_bot_keeps_waiting_or_turns_away() {
    story(
        &WITH_BOT.replace("\"escalate\"", "\"queue\""),
        &[&[0.0, 1.0, 2.0]],
        "0 staff 0 is 9
         0 arrives a
         0 session a
         1 arrives b
         1 waits-for-bot b
         2 arrives c
         2 waits-for-bot c
         5 escalated a
         5 answered a by 0 for 10
         5 session b
         10 escalated b
         10 answered b by 0 for 10
         10 session c
         15 released 0
         15 escalated c
         15 answered c by 0 for 10",
    );
    story(
        &WITH_BOT.replace("\"escalate\"", "\"reject\""),
        &[&[0.0, 1.0]],
        "0 staff 0 is 9
         0 arrives a
         0 session a
         1 arrives b
         1 bot-full b
         1 blocked b
         5 escalated a
         5 answered a by 0 for 10",
    );
}

#[test]
fn during_an_outage_nobody_begins_a_session_and_those_in_one_go_on() {
    story(
        &WITH_BOT.replace("capacity = 1", "outages = [{ start = \"3s\", length = \"7s\" }]"),
        &[&[0.0, 3.0, 10.0]],
        "0 staff 0 is 9
         0 arrives a
         0 session a
         3 arrives b
         3 bot-full b
         3 answered b by 0 for 6.666667
         5 escalated a
         5 answered a by 0 for 10
         9.666667 released 0
         10 arrives c
         10 session c
         15 released 0
         15 escalated c
         15 answered c by 0 for 10",
    );
}

#[test]
fn what_was_solved_only_seemingly_returns_past_the_bot() {
    story(
        &WITH_BOT.replace(
            "deflection = 0.0",
            "deflection = 1.0\nfalse_resolution = { probability = 1.0, \
             recontact_after = { fixed = { value = \"40s\" } } }",
        ),
        &[&[0.0]],
        "0 staff 0 is 9
         0 arrives a
         0 session a
         99 seemingly a
         139 arrives a'
         139 answered a' by 0 for 6.666667",
    );
}

#[test]
fn overlapping_outages_leave_the_least_capacity_and_the_product_of_their_factors() {
    let outages = r#"capacity = 12
        outages = [
            { start = "10s", length = "30s", capacity = 4, deflection_factor = 0.5 },
            { start = "20s", length = "30s", capacity = 9, deflection_factor = 0.6 },
        ]"#;
    let model = Model::compile(&scenario(&WITH_BOT.replace("capacity = 1", outages)));
    let bot = model.changes.iter().filter_map(|(at, change)| match change {
        Change::Bot { capacity, deflection_factor } => {
            Some((at.as_seconds(), *capacity, *deflection_factor))
        }
        _ => None,
    });
    let expected =
        [(0.0, 12, 1.0), (10.0, 4, 0.5), (20.0, 4, 0.5 * 0.6), (40.0, 9, 0.6), (50.0, 12, 1.0)];
    assert_eq!(bot.collect::<Vec<_>>(), expected);
}
