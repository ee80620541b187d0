//! Figures in reports, Ctrl-C.

use std::io::Read as _;
use std::process::Command;
use std::time::Duration;

use crate::support::{SMALL, Simulate};

/// Columns of a line without wide characters.
fn columns(line: &str) -> usize {
    line.chars().count()
}

#[test]
fn the_report_fits_eighty_columns_and_answers_first() {
    let report = Simulate::new().scenario(SMALL).ok().stdout;
    assert!(report.lines().all(|line| columns(line) <= 80), "{report}");
    let places: Vec<_> =
        ["People wait", "THE ANSWER", "CONTACT TYPES", "AGENT GROUPS", "EVERY 30m"]
            .map(|part| report.find(part).unwrap_or_else(|| panic!("no {part}:\n{report}")))
            .into();
    assert!(places.is_sorted(), "{report}");
    assert!(!report.contains("THE BOT"), "there is none");
}

#[test]
fn the_json_report_has_the_figures() {
    let report = Simulate::new().scenario(SMALL).args(["--json"]).ok().json();
    for path in ["arrivals", "offered", "abandonment_rate", "service_level", "goal_met"] {
        assert!(report["overall"][path]["value"].is_number(), "{path}");
        assert!(report["contacts"]["chat"][path]["low"].is_number(), "{path}");
    }
    assert!(report["overall"]["wait"]["p95"]["value"].is_number());
    assert!(report["overall"]["backlog"]["peak"]["days"]["p95"].is_number());
    assert!(report["contacts"]["chat"]["handled_by"]["team"]["value"].is_number());
    assert!(report["groups"]["team"]["occupancy"]["value"].is_number());
    assert_eq!(report["bot"]["deflection_rate"]["value"], serde_json::Value::Null);
    assert_eq!(report["intervals"].as_array().unwrap().len(), 4);
    assert_eq!(report["intervals"][1]["start"], 1800);
    assert_eq!(report["run"]["duration"], 7200);
    assert_eq!(report["run"]["partial"], false);
}

#[test]
fn one_replication_has_no_interval() {
    let ran = Simulate::new().scenario(SMALL).args(["--json", "--replications", "1"]).ok();
    let mean = &ran.json()["overall"]["arrivals"];
    assert!(mean["value"].is_number() && mean["low"].is_null() && mean["high"].is_null());
}

#[test]
fn threads_change_nothing_but_the_time() {
    let report = |threads: &str| {
        let mut json =
            Simulate::new().scenario(SMALL).args(["--json", "--threads", threads]).ok().json();
        json["run"]["wall_seconds"] = serde_json::Value::Null;
        json.to_string()
    };
    assert_eq!(report("1"), report("2"));
}

#[test]
fn trace_rows_are_exact_and_in_order_of_arrival() {
    let trace = Simulate::new().scenario(SMALL).args(["--trace", "-"]).ok().stdout;
    let arrived: Vec<String> = csv::Reader::from_reader(trace.as_bytes())
        .records()
        .map(|record| record.unwrap()[5].to_owned())
        .collect();
    assert!(arrived.len() > 60, "{}", arrived.len());
    assert!(arrived.iter().all(|at| at.split_once('.').unwrap().1.len() == 6));
    assert!(arrived.is_sorted_by_key(|at| at.parse::<f64>().unwrap()));
}

/// The warnings of SMALL with other values, by code.
fn warnings(set: &[&str]) -> Vec<(String, String)> {
    let overrides = set.iter().flat_map(|set| ["--set", set]);
    let ran = Simulate::new().scenario(SMALL).args(["--json", "-q"]);
    let report = ran.args(overrides).ok().json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let list = report["warnings"].as_array().unwrap().iter();
    list.map(|warning| (text(&warning["code"]), text(&warning["message"]))).collect()
}

fn warning(code: &str, set: &[&str]) -> String {
    let all = warnings(set);
    let found = all.iter().find(|warning| warning.0 == code);
    found.unwrap_or_else(|| panic!("no {code}: {all:?}")).1.clone()
}

#[test]
fn whoever_is_turned_away_is_warned_of_with_what_to_raise() {
    let set = ["contacts.chat.queue_limit=0", "routing.lines=2", "groups.team.staff=3"];
    let message = warning("turned-away", &set);
    let limits = "Raise `contacts.chat.queue_limit` or `routing.lines`, or staff more agents.";
    assert!(message.contains("of the attempts of `chat`"), "{message}");
    assert!(message.contains(limits), "{message}");
    let bot = [
        "contacts.chat.bot={ deflection = 0.5, session = { fixed = { value = \"5m\" } } }",
        "bot={ capacity = 1, when_full = \"reject\" }",
    ];
    let message = warning("turned-away", &bot);
    assert!(message.contains("Raise `bot.capacity`, or"), "{message}");
    assert!(warnings(&[]).iter().all(|warning| warning.0 != "turned-away"));
}

#[test]
fn nobody_arriving_is_one_warning() {
    let all = warnings(&["contacts.chat.rate=0/h"]);
    let codes: Vec<&str> = all.iter().map(|warning| &*warning.0).collect();
    assert_eq!(codes, ["no-arrivals"]);
}

#[test]
fn a_growing_queue_is_told_what_only_stops_it_growing() {
    let set = [
        "run.interval=5m",
        "contacts.chat.rate=300/h",
        "contacts.chat.patience={ fixed = { value = \"9h\" } }",
    ];
    let message = warning("growing-queue", &set);
    assert!(message.contains("at least "), "{message}");
    assert!(message.contains("to stop it growing"), "{message}");
}

#[test]
fn a_growing_queue_is_told_how_many_agents_it_lacks() {
    // 70 an hour for 3 minutes are 3.5 erlangs, of which one agent takes 1: 2.5 agents are missing,
    // and so they are over every half of every day up to noise of 0.2 (5 days).
    let set = [
        "run.interval=5m",
        "contacts.chat.rate=70/h",
        "contacts.chat.patience={ fixed = { value = \"9h\" } }",
        "contacts.chat.handling={ fixed = { value = \"3m\" } }",
        "groups.team.staff=1",
        "run.replications=40",
    ];
    let message = warning("growing-queue", &set);
    assert!(message.contains("at least 3 more agents present in `team`"), "{message}");
    let set = [&set[..4], &["groups.team.staff=3", "run.replications=40"]].concat();
    let message = warning("growing-queue", &set);
    assert!(message.contains("at least 1 more agent present in `team`"), "{message}");
}

#[test]
fn hours_with_nobody_on_duty_are_warned_of_and_no_good_news() {
    let set = [
        "run.interval=5m",
        "contacts.chat.rate=600/h",
        "groups.team.staff=[{ from = \"00:00\", agents = 20 }, { from = \"01:00\", agents = 0 }]",
    ];
    let message = warning("nobody-on-duty", &set);
    let said = "nobody who serves `chat` is on duty from 01:00 to 02:00, though about 600 contacts \
                arrive there";
    assert!(message.contains(said), "{message}");
    let args = || set.iter().flat_map(|set| ["--set", set]);
    let checked = Simulate::new().args(["validate", "s.toml"]).args(args()).file("s.toml", SMALL);
    let heard = checked.ok().stderr;
    let heard = heard.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(heard.contains(said), "{heard}");
    let report = Simulate::new().scenario(SMALL).args(args()).ok().stdout;
    let told = report.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("; most of those who leave it give up."), "{report}");
    let calm = Simulate::new().scenario(SMALL).ok().stdout;
    assert!(!calm.contains("most of those") && !calm.contains("on duty"), "{calm}");
}

#[test]
fn the_columns_of_the_text_are_the_figures_of_the_json_report() {
    // Where people give up, the formulas of the service level differ by several points.
    let set = ["--set", "groups.team.staff=3", "--set", "run.replications=40"];
    for formula in ["strict", "answered_only", "abandon_in_time_ok", "excl_quick_abandons"] {
        let formula = format!("service_level.formula=\"{formula}\"");
        let run = || Simulate::new().scenario(SMALL).args(set).args(["--set", &formula]);
        let (text, json) = (run().ok().stdout, run().args(["--json"]).ok().json());
        let table = text.split("CONTACT TYPES").nth(1).unwrap();
        let row = table.lines().find(|line| line.trim_start().starts_with("chat ")).unwrap();
        let words: Vec<&str> = row.split_whitespace().collect();
        let shares: Vec<f64> = words
            .windows(2)
            .filter(|pair| pair[1] == "%")
            .map(|pair| pair[0].parse::<f64>().unwrap() / 100.0)
            .collect();
        let figures = &json["contacts"]["chat"];
        for (shown, figure) in shares.iter().zip(["service_level", "abandonment_rate"]) {
            let exact = figures[figure]["value"].as_f64().unwrap();
            assert!((shown - exact).abs() < 0.006, "{formula}: {figure} {shown}, {exact}\n{text}");
        }
        let arrivals: f64 = words[1].parse().unwrap();
        let exact = figures["arrivals"]["value"].as_f64().unwrap();
        assert!((arrivals - exact).abs() < 0.06 * exact, "{arrivals} {exact}");
    }
}

#[test]
fn the_precision_that_is_warned_of_is_the_one_in_the_table() {
    let report = Simulate::new().scenario(SMALL).ok().stdout;
    let row = report.lines().find(|line| line.contains("Mean wait")).unwrap();
    let half = row.split('±').nth(1).unwrap().split_whitespace().next().unwrap();
    let message = warning("coarse", &["run.replications=5"]);
    assert!(message.contains(&format!("± {half} only")), "{row}: {message}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_reports_what_is_finished_and_leaves_no_trace() {
    let args = ["--json", "--replications", "1000000", "--trace", "t.csv"];
    let busy = ["--set", "contacts.chat.rate=36000/h"];
    let simulate = Simulate::new().scenario(SMALL).args(args).args(busy);
    let mut child = simulate.start();
    // The report is longer than a pipe holds: somebody has to read while it is waited for.
    let mut stdout = child.stdout.take().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).map(|_| text)
    });
    std::thread::sleep(Duration::from_millis(1500));
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let status = (0..600).find_map(|_| {
        std::thread::sleep(Duration::from_millis(50));
        child.try_wait().unwrap()
    });
    if status.is_none() {
        child.kill().unwrap();
    }
    assert_eq!(status.expect("it ends, even on a busy machine").code(), Some(130));
    let report: serde_json::Value = serde_json::from_str(&reader.join().unwrap().unwrap()).unwrap();
    assert_eq!(report["run"]["partial"], true);
    assert!(report["run"]["replications"].as_u64().unwrap() > 0);
    let files = std::fs::read_dir(simulate.folder()).unwrap();
    assert_eq!(files.count(), 1, "only the scenario");
    let mut told = String::new();
    stderr.read_to_string(&mut told).unwrap();
    assert!(told.contains("`t.csv` was not written"), "{told}");
}

#[test]
fn an_outage_shows_in_the_whole_backlog_though_nobody_escalates() {
    // All but a few sessions are solved; while the bot is down everybody needs one of two agents.
    let report = Simulate::new()
        .scenario(
            r#"
            run = { duration = "3h", replications = 5 }
            [bot]
            outages = [{ start = "1h", length = "30m" }]
            [contacts.chat]
            rate = "300/h"
            handling = { exponential = { mean = "3m" } }
            bot = { deflection = 0.95, session = { fixed = { value = "1m" } } }
            [groups.team]
            skills = ["chat"]
            staff = 4
            "#,
        )
        .ok()
        .stdout;
    assert!(report.contains("Escalation backlog at its peak"), "{report}");
    assert!(report.contains("Whole backlog at its peak"), "{report}");
    assert!(report.contains("The whole backlog peaks at"), "{report}");
}
