//! Days of a handful of contacts, traced by hand, with ties on purpose.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;

use surgecast::engine::{self, Answer, Contact, Observer, Service, SessionEnd, Staff};
use surgecast::model::{GroupId, Model};
use surgecast::random::arrivals::Schedule;
use surgecast::random::{NameKey, Streams};
use surgecast::time::{SimSpan, SimTime};

use crate::support::scenario;

/// Writes what the engine tells, one line an event: seconds, then what, then which contact.
#[derive(Default)]
struct Log {
    text: String,
    /// By group: who should be there.
    present: Vec<Option<u32>>,
}

impl Log {
    fn line(&mut self, at: SimTime, text: &str) {
        writeln!(self.text, "{} {text}", at.as_seconds()).unwrap();
    }

    fn contact(&mut self, at: SimTime, what: &str, contact: &Contact) {
        let name = char::from(b'a' + u8::try_from(contact.number).unwrap());
        let attempt = "'".repeat(contact.attempt as usize);
        self.line(at, &format!("{what} {name}{attempt}"));
    }
}

impl Observer for Log {
    fn on_arrival(&mut self, at: SimTime, contact: &Contact) {
        self.contact(at, "arrives", contact);
    }
    fn on_opted_out(&mut self, at: SimTime, contact: &Contact) {
        self.contact(at, "opts-out", contact);
    }
    fn on_bot_full(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        self.contact(
            at,
            if waits { "waits-for-bot" } else { "bot-full" },
            contact,
        );
    }
    fn on_session(&mut self, at: SimTime, contact: &Contact) {
        self.contact(at, "session", contact);
    }
    fn on_session_end(&mut self, at: SimTime, contact: &Contact, end: SessionEnd, _: SimSpan) {
        let what = match end {
            SessionEnd::Resolved => "resolved",
            SessionEnd::FalselyResolved => "seemingly",
            SessionEnd::Abandoned => "left-bot",
            SessionEnd::Escalated => "escalated",
        };
        self.contact(at, what, contact);
    }
    fn on_queued(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        if waits {
            self.contact(at, "waits", contact);
        }
    }
    fn on_blocked(&mut self, at: SimTime, contact: &Contact) {
        self.contact(at, "blocked", contact);
    }
    fn on_answered(&mut self, at: SimTime, contact: &Contact, answer: Answer) {
        let group = answer.group.index();
        let name = char::from(b'a' + u8::try_from(contact.number).unwrap());
        let attempt = "'".repeat(contact.attempt as usize);
        let how = match answer.service {
            Some(service) => format!("for {}", service.handling.as_seconds()),
            None => format!("beside {}", answer.open),
        };
        self.line(at, &format!("answered {name}{attempt} by {group} {how}"));
    }
    fn on_served(&mut self, at: SimTime, contact: &Contact, service: Service) {
        let (handling, wrap_up) = (service.handling, service.wrap_up);
        let text = format!(
            "served({}s and {}s)",
            handling.as_seconds(),
            wrap_up.as_seconds()
        );
        self.contact(at, &text, contact);
    }
    fn on_transferred(&mut self, at: SimTime, contact: &Contact, _waits: bool) {
        self.contact(at, "transferred", contact);
    }
    fn on_abandoned(&mut self, at: SimTime, contact: &Contact) {
        self.contact(at, "abandons", contact);
    }
    fn on_retry_planned(&mut self, at: SimTime, contact: &Contact) {
        self.contact(at, "will-retry", contact);
    }
    fn on_released(&mut self, at: SimTime, group: GroupId, _open: u32) {
        self.line(at, &format!("released {}", group.index()));
    }
    fn on_staff(&mut self, at: SimTime, group: GroupId, staff: Staff) {
        let group = group.index();
        self.present.resize(self.present.len().max(group + 1), None);
        // Who stays on beyond the head count leaves without being named again.
        if self.present[group].replace(staff.present) != Some(staff.present) {
            self.line(at, &format!("staff {group} is {}", staff.present));
        }
    }
    fn on_left_waiting(&mut self, at: SimTime, contact: &Contact, work: SimSpan) {
        self.contact(
            at,
            &format!("left-waiting({}s)", work.as_seconds()),
            contact,
        );
    }
    fn on_unfinished(&mut self, contact: &Contact, queued: bool) {
        let what = if queued {
            "unfinished"
        } else {
            "unfinished-at-bot"
        };
        self.contact(SimTime::START, what, contact);
    }
    fn on_end(&mut self, _at: SimTime) {}
}

/// Runs a scenario with these arrivals, in seconds, for each contact type in order of listing, and
/// compares what the engine tells with `expected`, one event a line, up to the last that is not an
/// agent's release.
#[track_caller]
fn story(text: &str, arrivals: &[&[f64]], expected: &str) {
    let mut model = Model::compile(&scenario(text));
    for (kind, instants) in model.contact_types.iter_mut().zip(arrivals) {
        kind.sources.truncate(1);
        let instants = instants
            .iter()
            .map(|at| SimTime::from_seconds(*at))
            .collect();
        kind.sources[0].schedule = Schedule::Listed(instants);
        kind.sources[0].key = NameKey::new(&[&kind.name]);
    }
    let mut log = Log::default();
    let stop = AtomicBool::new(false);
    engine::replicate(&model, Streams::new(1, 0), &mut log, &stop).unwrap();
    let mut told: Vec<&str> = log.text.lines().collect();
    while told.last().is_some_and(|line| line.contains("released")) {
        told.pop();
    }
    let expected: Vec<&str> = expected
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    assert_eq!(told, expected, "\n{}", log.text);
}

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
         4 staff 0 is 1
         10 released 0
         11 released 0
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
         10 staff 0 is 0
         10 arrives c
         10 waits c
         20 released 0
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
        &WITH_BOT.replace(
            "capacity = 1",
            "outages = [{ start = \"3s\", length = \"7s\" }]",
        ),
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
fn who_is_not_served_within_the_drain_is_unfinished() {
    story(
        &ONE_AGENT
            .replace("staff = 1", "staff = 0")
            .replace(r#"patience = { fixed = { value = "10s" } }"#, "")
            .replace(
                "duration = \"100s\"",
                "duration = \"20s\"\n    drain = \"30s\"",
            ),
        &[&[5.0]],
        "0 staff 0 is 0
         5 arrives a
         5 waits a
         20 left-waiting(10s) a
         0 unfinished a",
    );
}
