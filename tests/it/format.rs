//! What the keys of the format give: shifts, hours, routes, logs, policies and what they refer to.

use std::cell::Cell;

use jiff::civil::{date, time};

use surgecast::format::{Files, Problems, SourceText};
use surgecast::scenario::{
    AgentChoice, AtClose, Break, Concurrency, Demand, Hours, Misroute, Moment, PolicyChoice,
    Recorded, Reserve, Scenario, Shift, Staffing, Stage, UrgentEscalation, WhenClosed, parse,
};
use surgecast::time::{SimSpan, SimTime};

use crate::problems::{FULL, SMALL, parsed, told};

/// Data files by name, and how often one was read.
struct Folder {
    files: &'static [(&'static str, &'static str)],
    reads: Cell<usize>,
}

impl Files for Folder {
    fn read(&self, _base: &str, name: &str) -> Result<(String, Vec<u8>), String> {
        self.reads.set(self.reads.get() + 1);
        let found = self.files.iter().find(|(known, _)| *known == name);
        let (_, text) = found.ok_or("no such file")?;
        Ok((name.to_owned(), (*text).into()))
    }
}

fn folder(files: &'static [(&'static str, &'static str)]) -> Folder {
    Folder { files, reads: Cell::new(0) }
}

fn read(text: &str, files: &'static [(&'static str, &'static str)]) -> Result<Scenario, Problems> {
    let parsed = parse(SourceText::new("day.toml", text), &[], &folder(files));
    parsed.map(|parsed| parsed.scenario)
}

#[track_caller]
fn good(read: Result<Scenario, Problems>) -> Scenario {
    read.unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

fn full() -> Scenario {
    good(parsed(FULL, &[]).map(|parsed| parsed.scenario))
}

fn minutes(minutes: f64) -> SimSpan {
    SimSpan::from_seconds(60.0 * minutes)
}

fn at(seconds: f64) -> SimTime {
    SimTime::from_seconds(seconds)
}

#[test]
fn shifts_have_breaks_and_the_clocks_of_their_group() {
    let night = &full().groups[2];
    let zone = night.timezone.as_ref().and_then(|zone| zone.iana_name());
    assert_eq!(zone, Some("Europe/Berlin"));
    let first = Shift {
        name: Some("first".to_owned()),
        start: Moment::Clock(time(7, 0, 0, 0)),
        length: minutes(480.0),
        agents: 4,
        breaks: vec![
            Break { after: minutes(120.0), length: minutes(15.0), paid: true },
            Break { after: minutes(300.0), length: minutes(30.0), paid: false },
        ],
    };
    let second = Shift {
        name: None,
        start: Moment::Local(date(2026, 11, 10).at(15, 30, 0, 0)),
        length: minutes(1800.0),
        agents: 2,
        breaks: Vec::new(),
    };
    assert_eq!(night.staffing, Staffing::Shifts(vec![first, second]));
}

#[test]
fn hours_end_at_midnight_where_they_say_24_00() {
    let scenario = full();
    let clock = |hour, minute| Moment::Clock(time(hour, minute, 0, 0));
    let day = |day, hour| Moment::Local(date(2026, 11, day).at(hour, 0, 0, 0));
    assert_eq!(
        scenario.contacts[0].hours,
        Some(Hours {
            windows: vec![(clock(8, 0), clock(0, 0)), (day(11, 0), day(11, 2))],
            when_closed: WhenClosed::Queue,
            at_close: AtClose::Keep,
        })
    );
    assert_eq!(
        scenario.contacts[3].hours,
        Some(Hours {
            windows: vec![(clock(20, 0), clock(2, 0)), (clock(9, 0), clock(12, 30))],
            when_closed: WhenClosed::Reject,
            at_close: AtClose::Disconnect,
        })
    );
    assert_eq!(scenario.contacts[1].hours, None);
}

#[test]
fn windows_that_touch_do_not_overlap() {
    let hours = |windows: &str| {
        let rate = format!("rate = \"60/h\"\nhours = [{windows}]");
        SMALL.replace("rate = \"60/h\"", &rate)
    };
    for windows in [
        "{ from = \"08:00\", to = \"12:00\" }, { from = \"12:00\", to = \"20:00\" }",
        "{ from = \"22:00\", to = \"06:00\" }, { from = \"06:00\", to = \"22:00\" }",
        "{ from = \"2h\", to = \"3h\" }, { from = \"1h\", to = \"2h\" }",
        "{ from = \"20:00\", to = \"24:00\" }, { from = \"00:00\", to = \"03:00\" }",
    ] {
        good(read(&hours(windows), &[]));
    }
    for windows in [
        "{ from = \"08:00\", to = \"08:00\" }, { from = \"12:00\", to = \"13:00\" }",
        "{ from = \"12:00\", to = \"13:00\" }, { from = \"22:00\", to = \"21:00\" }",
        "{ from = \"1h\", to = \"9h\" }, { from = \"2h\", to = \"3h\" }",
    ] {
        let problems = read(&hours(windows), &[]).expect_err("they overlap");
        let codes: Vec<&str> = problems.list().iter().map(|found| found.code).collect();
        assert_eq!(codes, ["overlapping-hours"], "{windows}");
    }
}

#[test]
fn routes_skills_and_reserves_refer_to_each_other() {
    let scenario = full();
    let order = &scenario.contacts[0];
    let stage = |after, group| Stage { after, groups: vec![group] };
    let route = vec![stage(SimSpan::ZERO, 0), stage(minutes(0.5), 1)];
    assert_eq!(order.route, Some(route));
    assert_eq!(order.agents, Some(AgentChoice::Listed));
    assert_eq!(order.initial_backlog, 3);
    let bot = order.bot.as_ref().unwrap();
    let misroute = Misroute { probability: 0.04, to: 1 };
    let urgent = UrgentEscalation { probability: 0.1, priority: 1 };
    assert_eq!((bot.misroute, bot.urgent), (Some(misroute), Some(urgent)));
    let general = &scenario.groups[0];
    let own = general.skills.iter().map(|skill| {
        let handling = skill.handling.as_ref();
        (skill.contact, handling.map(|law| law.mean().round()))
    });
    let own: Vec<(usize, Option<f64>)> = own.collect();
    assert_eq!(own, [(1, Some(180.0)), (0, None), (2, None)]);
    let reserve = Reserve { contacts: vec![1], agents: 5 };
    assert_eq!(general.reserve, Some(reserve));
    let concurrency = Concurrency { speeds: vec![1.0, 0.9, 0.8] };
    assert_eq!(general.concurrency, Some(concurrency));
    assert_eq!(scenario.routing.agents, AgentChoice::LeastBusy);
}

#[test]
fn chats_without_speeds_go_at_full_speed() {
    let text = SMALL.replace("staff = 5", "staff = 5\nconcurrency = { chats = 3 }");
    let concurrency = good(read(&text, &[])).groups[0].concurrency.clone();
    assert_eq!(concurrency.unwrap().speeds, [1.0; 3]);
}

#[test]
fn policies_have_a_number_for_every_contact_type() {
    let policy = |value: &str| {
        let parsed = parsed(FULL, &[("routing.policy", value)]);
        good(parsed.map(|parsed| parsed.scenario)).routing.policy
    };
    let minute = 1.0 / 60.0;
    for (value, expected) in [
        ("fcfs", PolicyChoice::Fcfs),
        ("priority", PolicyChoice::Priority),
        ("longest_queue", PolicyChoice::LongestQueue),
        ("priority_aging", PolicyChoice::PriorityAging(vec![minute; 4])),
        ("weighted", PolicyChoice::Weighted(vec![1.0; 4])),
        ("generalized_c_mu", PolicyChoice::GeneralizedCMu(vec![1.0; 4])),
        ("{ priority_aging = { rate = \"3/min\" } }", PolicyChoice::PriorityAging(vec![0.05; 4])),
        (
            "{ priority_aging = { rate = { promotion = \"1/s\" } } }",
            PolicyChoice::PriorityAging(vec![minute, 1.0, minute, minute]),
        ),
        (
            "{ weighted = { weight = { invoices = 3, complaints = 0 } } }",
            PolicyChoice::Weighted(vec![1.0, 1.0, 3.0, 0.0]),
        ),
        (
            "{ generalized_c_mu = { cost = { order_status = 2.5 } } }",
            PolicyChoice::GeneralizedCMu(vec![2.5, 1.0, 1.0, 1.0]),
        ),
        ("{ generalized_c_mu = {} }", PolicyChoice::GeneralizedCMu(vec![1.0; 4])),
    ] {
        assert_eq!(policy(value), expected, "{value}");
    }
}

/// The small scenario whose contacts a log replays.
fn replaying(recorded: &str) -> String {
    let from = "rate = \"60/h\"\nhandling = { exponential = { mean = \"5m\" } }";
    assert!(SMALL.contains(from));
    SMALL.replace(from, recorded)
}

fn log(scenario: &Scenario) -> Recorded {
    match &scenario.contacts[0].demand {
        Demand::Recorded(log) => Recorded::clone(log),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_log_is_sorted_by_time_and_cut_to_the_run() {
    let files = &[(
        "log.csv",
        "agent, at , took,waited\nx,90.5,60,\ny,0,1m 30s,10\n\nz,90.5, 30 ,0\n\"z\",-1,5,5\nz,28800,5,5\nz,\"28799.999999\",0.25,\n",
    )];
    let text = replaying(
        "recorded = { file = \"log.csv\", time = \"at\", handling = \"took\", patience = \"waited\" }",
    );
    let scenario = good(read(&text, files));
    assert!(scenario.contacts[0].handling.is_none());
    let spans = |list: [Option<f64>; 4]| Some(list.map(|s| s.map(SimSpan::from_seconds)).to_vec());
    assert_eq!(
        log(&scenario),
        Recorded {
            times: vec![at(0.0), at(90.5), at(90.5), at(28_799.999_999)],
            handling: spans([Some(90.0), Some(60.0), Some(30.0), Some(0.25)]),
            patience: spans([Some(10.0), None, Some(0.0), None]),
        }
    );
}

#[test]
fn dates_of_a_log_are_local_unless_they_carry_an_offset() {
    let scenario = full();
    // The run starts at 18:00 in Shanghai; 12:45 UTC is 20:45 there.
    assert_eq!(
        log(&Scenario { contacts: vec![scenario.contacts[3].clone()], ..scenario }),
        Recorded {
            times: vec![at(5400.25), at(7203.0), at(9900.0)],
            handling: Some(vec![Some(minutes(4.0)), Some(SimSpan::from_seconds(185.5)), None]),
            patience: Some(vec![Some(minutes(1.5)), None, Some(minutes(2.5))]),
        }
    );
}

#[test]
fn dates_of_a_log_follow_the_clock_changes_of_the_zone() {
    let files = &[(
        "log.csv",
        "at\n2026-10-25T01:30\n2026-10-25T02:30:00\n2026-10-25 02:30:00+01:00\n2026-10-25T03:00:00\n",
    )];
    let text = replaying(
        "recorded = { file = \"log.csv\", time = \"at\" }\nhandling = { fixed = { value = \"1m\" } }",
    );
    let run = "[run]\nstart = 2026-10-25T00:00:00\ntimezone = \"Europe/Berlin\"";
    let scenario = good(read(&text.replace("[run]", run), files));
    let hours: Vec<f64> =
        log(&scenario).times.iter().map(|time| time.as_seconds() / 3600.0).collect();
    assert_eq!(hours, [1.5, 2.5, 3.5, 4.0]);
}

#[test]
fn broken_rows_of_a_log_are_told_at_once_and_counted() {
    let files = &[
        ("blank.csv", "at,took\n0,60\n5,\n9,x\n99999,x\n"),
        ("gap.csv", "at\n2026-03-29 02:30:00\n2026-03-29\n2026-02-30 00:00:00\n\nsoon\ninf\n"),
    ];
    let blank =
        replaying("recorded = { file = \"blank.csv\", time = \"at\", handling = \"took\" }");
    let problems = read(&blank, files).expect_err("two cells are wrong");
    assert_eq!(
        problems.list()[0].message,
        "line 3, column `took`: the cell is empty, and the contact type has no `handling`"
    );
    assert_eq!(problems.list()[1].message, "line 4, column `took`: `x` is no number of seconds");
    assert_eq!(problems.list().len(), 2, "rows outside of the run are left out");

    let law = "handling = { fixed = { value = \"1m\" } }";
    let gap = replaying(&format!("recorded = {{ file = \"gap.csv\", time = \"at\" }}\n{law}"));
    let run = "[run]\nstart = 2026-03-29T00:00:00\ntimezone = \"Europe/Berlin\"";
    let problems = read(&gap.replace("[run]", run), files).expect_err("all cells are wrong");
    let said: Vec<&str> = problems.list().iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        said,
        [
            "line 2, column `at`: clocks in `Europe/Berlin` skip `2026-03-29T02:30:00`",
            "line 3, column `at`: `2026-03-29` has no time of day",
            "line 4, column `at`: `2026-02-30 00:00:00` is no date-time of the calendar",
            "line 6, column `at`: `soon` is neither seconds nor a date-time",
            "line 7, column `at`: `inf` is neither seconds nor a date-time",
        ]
    );
}

#[test]
fn of_many_broken_rows_the_first_are_told_and_the_others_counted() {
    let files: &[_] = &[("log.csv", "at\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\n0\nx\nx\n0\nx\n")];
    let text = replaying(
        "recorded = { file = \"log.csv\", time = \"at\" }\nhandling = { fixed = { value = \"1m\" } }",
    );
    let problems = read(&text, files).expect_err("most cells are wrong");
    assert_eq!(problems.list().len(), 11);
    assert_eq!(problems.list()[10].message, "line 13 and 2 further rows cannot be used");
}

#[test]
fn a_data_file_is_read_once() {
    let files = folder(&[("counts.csv", "a,b\n1,2\n3,4.5\n")]);
    let contact = |name: &str| {
        format!(
            "[contacts.{name}]\ncounts = {{ file = \"counts.csv\", column = \"{name}\", interval = \"2h\" }}\n\
             handling = {{ fixed = {{ value = \"1m\" }} }}\n"
        )
    };
    let text = format!(
        "run.duration = \"8h\"\n{}{}[groups.g]\nstaff = 1\nskills = [\"a\", \"b\"]\n",
        contact("a"),
        contact("b")
    );
    let parsed = parse(SourceText::new("day.toml", text), &[], &files);
    let scenario = good(parsed.map(|parsed| parsed.scenario));
    assert_eq!(files.reads.get(), 1);
    for (index, expected) in [[1.0, 3.0], [2.0, 4.5]].iter().enumerate() {
        let Demand::Counts { interval, counts } = &scenario.contacts[index].demand else {
            panic!("counts")
        };
        assert_eq!((*interval, counts.as_slice()), (minutes(120.0), &expected[..]));
    }
}

#[test]
fn a_later_file_ends_what_its_choice_excludes() {
    const BASE: &str = r#"
[run]
duration = "8h"
[profiles.p]
interval = "12h"
weights = [1, 2]
[contacts.a]
rate = "60/h"
profile = "p"
busyness = 0.1
handling = { exponential = { mean = "5m" } }
[groups.g]
skills = ["a"]
handling = { a = { gamma = { mean = "1m", cv = 1 } } }
staff = 5
[routing]
policy = { weighted = { weight = { a = 2 } } }
"#;
    const LOG: &str = "at,count\n5,7\n";
    let over = |text: &str| {
        let text = format!("extends = \"base.toml\"\n{text}");
        good(read(&text, &[("base.toml", BASE), ("log.csv", LOG)]))
    };
    let log = over("[contacts.a]\nrecorded = { file = \"log.csv\", time = \"at\" }");
    assert!(matches!(log.contacts[0].demand, Demand::Recorded(_)));
    assert!(log.contacts[0].profile.is_none());
    let counts = over(
        "[contacts.a]\ncounts = { file = \"log.csv\", column = \"count\", interval = \"1h\" }",
    );
    assert!(matches!(counts.contacts[0].demand, Demand::Counts { .. }));
    assert!(counts.contacts[0].profile.is_none());
    assert_eq!(format!("{}", counts.contacts[0].busyness), "0.1");
    let shifts = over("[groups.g]\nshifts = [{ start = \"00:00\", length = \"8h\", agents = 3 }]");
    assert!(matches!(shifts.groups[0].staffing, Staffing::Shifts(_)));
    let law = over("[groups.g]\nhandling = { a = { fixed = { value = \"2m\" } } }");
    let own = law.groups[0].skills[0].handling.as_ref();
    assert_eq!(own.map(|law| law.mean().round()), Some(120.0));
    let aging = over("[routing]\npolicy = { priority_aging = { rate = \"1/s\" } }");
    assert_eq!(aging.routing.policy, PolicyChoice::PriorityAging(vec![1.0]));
    let same = over("[routing]\npolicy = { weighted = { weight = {} } }");
    assert_eq!(same.routing.policy, PolicyChoice::Weighted(vec![2.0]), "merged");
}

#[test]
fn dates_of_a_group_are_held_against_its_own_zone() {
    // 02:30 is skipped in Berlin on that day, and is there in UTC.
    let text = |zone: &str, start: &str| {
        let shifts = format!("{zone}shifts = [{{ start = {start}, length = \"8h\", agents = 3 }}]");
        let run = "[run]\nstart = 2026-03-29T00:00:00\n";
        SMALL.replace("staff = 5", &shifts).replace("[run]\n", run)
    };
    let berlin = "timezone = \"Europe/Berlin\"\n";
    good(read(&text("", "2026-03-29T02:30:00"), &[]));
    let problems = read(&text(berlin, "2026-03-29T02:30:00"), &[]).expect_err("a gap");
    assert_eq!(problems.list()[0].code, "time-gap");
    assert!(problems.list()[0].message.contains("Europe/Berlin"));
    // 17:59 in Shanghai is 09:59 in UTC, after the end at 08:00; 15:59 is one minute before it.
    let shanghai = "timezone = \"Asia/Shanghai\"\n";
    good(read(&text(shanghai, "2026-03-29T15:59:00"), &[]));
    let problems = read(&text(shanghai, "2026-03-29T17:59:00"), &[]).expect_err("too late");
    assert_eq!(problems.list()[0].code, "shifts-outside-run");
}

#[test]
fn overrides_reach_into_the_new_tables() {
    let set = [
        ("groups.night.shifts.0.agents", "9"),
        ("contacts.order_status.route.1.after", "1m"),
        ("contacts.complaints.hours.0.to", "24:00"),
        ("groups.general.shifts", "[{ start = \"00:00\", length = \"8h\", agents = 1 }]"),
    ];
    let scenario = good(parsed(FULL, &set).map(|parsed| parsed.scenario));
    let Staffing::Shifts(shifts) = &scenario.groups[2].staffing else { panic!("shifts") };
    assert_eq!(shifts[0].agents, 9);
    assert!(matches!(scenario.groups[0].staffing, Staffing::Shifts(_)));
    assert_eq!(scenario.contacts[0].route.as_ref().unwrap()[1].after, minutes(1.0));
    assert_eq!(
        told(parsed(FULL, &[("groups.nihgt.shifts.0.agents", "9")])),
        ["set-path --set groups.nihgt.shifts.0.agents=9:1:8"]
    );
}
