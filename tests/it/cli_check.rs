//! `simulate check`: verdicts and exit statuses, baselines, what CI systems read.

use serde_json::Value;

use crate::support::{Ran, SMALL, Simulate};

/// [`SMALL`] with keys before its first table.
fn expecting(lines: &str) -> String {
    format!("{lines}\n{SMALL}")
}

fn check(content: &str, args: &[&str]) -> Ran {
    Simulate::new().args(["check"]).scenario(content).args(args.iter().copied()).run()
}

#[test]
fn the_exit_status_tells_the_verdict() {
    for (expect, code, word) in [
        (r#"expect = ["service_level >= 1%", "wait.p95 <= 1h"]"#, 0, "holds"),
        (r#"expect = ["service_level >= 1%", "wait.p95 <= 0s"]"#, 1, "fails"),
        (r#"expect = ["arrivals <= 120", "service_level >= 1%"]"#, 4, "undecided"),
        (r#"expect = ["arrivals <= 120", "wait.p95 <= 0s"]"#, 1, "fails"),
    ] {
        let ran = check(&expecting(expect), &[]);
        assert_eq!(ran.code, code, "{expect}\n{}\n{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.starts_with(&format!("scenario.toml: {word} after")), "{}", ran.stdout);
        assert_eq!(ran.stderr, "");
        assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80));
    }
}

#[test]
fn what_is_undecided_is_looked_at_again_up_to_the_cap() {
    let text = expecting(r#"expect = ["arrivals <= 120"]"#);
    let replications = |args: &[&str]| {
        check(&text, &[args, &["--json"]].concat()).json()["files"][0]["replications"].clone()
    };
    assert_eq!(replications(&[]), 20, "four times those of the scenario");
    assert_eq!(replications(&["--at-most", "7"]), 7);
    assert_eq!(replications(&["--at-most", "5"]), 5);
    let clear = expecting(r#"expect = ["arrivals <= 500"]"#);
    let ran = check(&clear, &["--json"]);
    assert_eq!(ran.json()["files"][0]["replications"], 5, "decided at once");
    let ran = check(&text, &["--at-most", "4"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--at-most 4 is less than the 5 replications"), "{}", ran.stderr);
    let precise = text.replace(
        "replications = 5",
        r#"precision = { of = "wait.mean", relative = 0.9, at_most = 40 }"#,
    );
    assert_eq!(check(&precise, &["--json"]).json()["files"][0]["replications"], 40);
}

#[test]
fn json_has_every_expectation_with_what_was_compared() {
    let text = expecting(
        r#"expect = ["service_level >= 1% in every 1h", "backlog.peak <= 100 in 50% of days", "bot.deflection_rate >= 0.5"]"#,
    );
    let ran = check(&text, &["--json"]);
    assert_eq!(ran.code, 4);
    let report = ran.json();
    assert_eq!(report["check"], 1);
    let file = &report["files"][0];
    assert_eq!(file["file"], "scenario.toml");
    assert_eq!(file["verdict"], "undecided");
    assert_eq!(file["baseline"], Value::Null);
    assert_eq!(file["guards"], Value::Array(Vec::new()));
    let [every, days, null] = [0, 1, 2].map(|at| &file["expectations"][at]);
    assert_eq!(every["verdict"], "holds");
    assert!(every["interval"]["start"].as_f64().unwrap() % 3600.0 == 0.0);
    assert!(every["estimate"]["low"].as_f64() < every["estimate"]["value"].as_f64());
    assert_eq!(days["estimate"]["value"], 1);
    assert_eq!(null["verdict"], "undecided");
    assert_eq!(null["estimate"]["value"], Value::Null);
    assert!(null["reason"].as_str().unwrap().contains("null"));
}

#[test]
fn the_report_of_a_run_tells_expectations_too() {
    let text = expecting(r#"expect = ["wait.p95 <= 0s", "service_level >= 1%"]"#);
    let run = || Simulate::new().scenario(&text);
    let report = run().ok().stdout;
    assert!(report.contains("EXPECTED\n  ! fails      wait.p95 <= 0s: "), "{report}");
    assert!(report.contains("    holds      service_level >= 1%: "), "{report}");
    let json = run().args(["--json"]).ok().json();
    assert_eq!(json["expectations"][0]["text"], "wait.p95 <= 0s");
    assert_eq!(json["expectations"][0]["verdict"], "fails");
    assert_eq!(
        json["expectations"][0]["estimate"],
        json["overall"]["wait"]["p95"]
            .as_object()
            .map(|p95| {
                let mut p95 = p95.clone();
                p95.remove("days");
                Value::Object(p95)
            })
            .unwrap()
    );
    assert_eq!(
        Simulate::new().scenario(SMALL).args(["--json"]).ok().json()["expectations"],
        Value::Array(Vec::new())
    );
}

#[test]
fn problems_point_into_the_expression() {
    let expect = "expect = [\"wait.p95 <= 15s\", \"wait.p59 <= 15s\",\n  'service_level >= 80']";
    let guard = "[check]\nguard = [\"queued >= \\u0062aseline / 2\"]";
    let text = format!("{}{guard}\n", expecting(expect));
    let line = 1 + text.lines().position(|line| line.starts_with("guard")).unwrap();
    let guard = format!("scenario.toml:{line}:35");
    for command in ["check", "run", "validate"] {
        let ran = Simulate::new().args([command]).scenario(&text).unusable();
        for part in [
            "unknown-figure",
            "scenario.toml:1:31",
            "did you mean `wait.p50`?",
            "scenario.toml:2:21",
            "write `80%` or `0.8`",
            "invalid-expression",
            &guard,
        ] {
            assert!(ran.stderr.contains(part), "{part} is not in\n{}", ran.stderr);
        }
    }
}

#[test]
fn a_file_that_expects_nothing_is_no_check() {
    for (content, advice) in [
        (SMALL.to_owned(), "write `expect"),
        (format!("{SMALL}\n[check]\nguard = [\"queued >= baseline\"]\n"), "need --baseline DIR"),
    ] {
        let ran = check(&content, &[]);
        assert_eq!(ran.code, 2);
        assert!(
            ran.stderr.contains("expects nothing") && ran.stderr.contains(advice),
            "{}",
            ran.stderr
        );
        assert_eq!(ran.stdout, "");
    }
    for (args, message) in [
        (&["--update"][..], "--baseline"),
        (&["--at-most", "0"], "0 is not in 1.."),
        (&["--baseline", "b", "--false-alarms", "50%"], "from 0.0001% to 20%"),
        (&["--junit", "-", "--json"], "standard output"),
    ] {
        let ran = check(SMALL, args);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(message), "{args:?}: {}", ran.stderr);
    }
}

/// A folder in which the baseline of `scenario` is stored as `baselines/scenario.json`.
fn stored(scenario: &str, args: &[&str]) -> String {
    let ran = check(scenario, &[&["--baseline", "baselines", "--update"], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("baselines/scenario.json"), "{}", ran.stdout);
    ran.read("baselines/scenario.json")
}

/// A check against that baseline.
fn against(baseline: &str, scenario: &str, args: &[&str]) -> Ran {
    Simulate::new()
        .file("baselines/scenario.json", baseline)
        .args(["check"])
        .scenario(scenario)
        .args(["--baseline", "baselines"])
        .args(args.iter().copied())
        .run()
}

#[test]
fn an_unchanged_scenario_passes_at_once_and_a_worse_one_is_told_apart() {
    let baseline = stored(SMALL, &["--replications", "40"]);
    let same = against(&baseline, SMALL, &["--replications", "40"]);
    assert_eq!(same.code, 0, "{}", same.stderr);
    assert!(same.stdout.contains("all events are the same"), "{}", same.stdout);
    let worse = ["--replications", "40", "--set", "groups.team.staff=3"];
    let ran = against(&baseline, SMALL, &worse);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("! fails      service_level >= baseline - 1%"), "{}", ran.stdout);
    let json = against(&baseline, SMALL, &[&worse[..], &["--json"]].concat()).json();
    let guard = &json["files"][0]["guards"][0];
    assert_eq!(guard["verdict"], "fails");
    assert!(guard["difference"]["high"].as_f64().unwrap() < 0.0);
    let part = &guard["worse"][0];
    assert_eq!(part["contact"], "chat");
    assert!(part["now"].as_f64() < part["baseline"].as_f64());
    assert!(part["first"]["now"].as_f64() < part["first"]["baseline"].as_f64());
    let better = ["--replications", "40", "--set", "groups.team.staff=5"];
    assert_eq!(against(&baseline, SMALL, &better).code, 0);
}

/// Two languages that one team serves.
const LANGUAGES: &str = r#"
run = { duration = "4h", replications = 40 }
contacts.en = { rate = "60/h", patience = { exponential = { mean = "2m" } }, handling = { exponential = { mean = "3m" } } }
contacts.es = { rate = "20/h", patience = { exponential = { mean = "2m" } }, handling = { exponential = { mean = "3m" } } }
groups.team = { skills = ["en", "es"], staff = 5 }
"#;

#[test]
fn a_policy_that_starves_one_language_fails_though_the_totals_hold() {
    let baseline = stored(LANGUAGES, &[]);
    let ran = against(&baseline, LANGUAGES, &["--set", "contacts.en.priority=1", "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    let report = ran.json();
    let guards = report["files"][0]["guards"].as_array().unwrap().clone();
    let verdict = |text: &str| {
        let guard = guards.iter().find(|guard| guard["text"].as_str().unwrap().starts_with(text));
        guard.unwrap()["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict("contacts.es.abandonment_rate"), "fails");
    assert_ne!(verdict("service_level"), "fails");
    assert_eq!(verdict("contacts.en.service_level"), "holds");
    // Of 1 % for 11 guards at 3 looks, each has its share.
    let confidence = guards[0]["confidence"].as_f64().unwrap();
    assert!((confidence - (1.0 - 0.02 / 33.0)).abs() < 1e-9, "{confidence}");
}

#[test]
fn the_same_events_hold_even_where_a_figure_is_unknown() {
    let nobody = LANGUAGES.replace("20/h", "0/h");
    let own = format!("{nobody}\n[check]\nguard = [\"contacts.*.wait.p95 <= baseline * 1.1\"]\n");
    let baseline = stored(&own, &[]);
    let ran = against(&baseline, &own, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("contacts.es.wait.p95"), "{}", ran.stdout);
}

#[test]
fn own_guards_go_before_the_default_ones() {
    let own = format!(
        "{SMALL}\n[check]\nguard = [\"contacts.chat.wait.p95 <= baseline * 3 + 10s\", \"service_level >= baseline - 60%\"]\n"
    );
    let baseline = stored(&own, &["--replications", "40"]);
    let args = ["--replications", "40", "--set", "groups.team.staff=3", "--json"];
    let report = against(&baseline, &own, &args).json();
    let guards = report["files"][0]["guards"].as_array().unwrap();
    assert_eq!(guards.len(), 2);
    assert_eq!(guards[1]["text"], "service_level >= baseline - 60%");
    assert_eq!(guards[1]["verdict"], "holds");
    // A guard of a figure that was not stored.
    let other = own.replace("contacts.chat.wait.p95", "contacts.chat.wait.p99");
    let ran = against(&baseline, &other, &["--replications", "40"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("does not hold `contacts.chat.wait.p99`"), "{}", ran.stderr);
}

#[test]
fn an_improvement_that_is_asked_for_is_not_given_by_standing_still() {
    let own = format!("{SMALL}\n[check]\nguard = [\"wait.p95 <= baseline * 0.5\"]\n");
    let baseline = stored(&own, &["--replications", "40"]);
    let ran = against(&baseline, &own, &["--replications", "40"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
}

#[test]
fn the_same_inputs_give_the_same_bytes_on_any_number_of_threads() {
    let text = expecting(r#"expect = ["arrivals <= 120", "wait.p95 <= 2m in every 1h"]"#);
    let one = stored(&expecting(r#"expect = ["arrivals <= 500"]"#), &["--threads", "1"]);
    let three = stored(&expecting(r#"expect = ["arrivals <= 500"]"#), &["--threads", "3"]);
    assert_eq!(one, three);
    assert!(one.len() < 20_000, "a baseline is small: {}", one.len());
    assert!(one.lines().all(|line| line.len() < 200), "and has short lines");
    let worse = ["--set", "groups.team.staff=3", "--junit", "junit.xml", "--json"];
    let runs = ["1", "3"].map(|threads| {
        let ran = against(&one, &text, &[&worse[..], &["--threads", threads]].concat());
        (ran.read("junit.xml"), ran.stdout)
    });
    assert_eq!(runs[0], runs[1]);
}

#[test]
fn a_baseline_that_cannot_be_used_is_refused_and_left_as_it_is() {
    let good = stored(SMALL, &[]);
    let cut = &good[..good.len() / 2];
    let other = good.replacen("{\"baseline\":1,", "{\"baseline\":2,", 1);
    let hollow = good.replacen("\"seed\":1,\n", "", 1);
    for (baseline, args, message) in [
        (cut, &[][..], "is damaged or cut off"),
        ("", &[], "is damaged or cut off"),
        (other.as_str(), &[], "is of format 2, this version reads format 1"),
        (hollow.as_str(), &[], "`seed` is missing"),
        (good.as_str(), &["--seed", "7"], "has seed 1, the present run 7"),
        (good.as_str(), &["--seed", "7"], "--seed 1"),
        (good.as_str(), &["--replications", "6"], "--replications 5 --at-most 20"),
        (good.as_str(), &["--at-most", "50"], "--replications 5 --at-most 20"),
    ] {
        let ran = against(baseline, SMALL, args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.stdout);
        assert!(ran.stderr.contains(message), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("--update"), "{}", ran.stderr);
        assert_eq!(ran.read("baselines/scenario.json"), baseline);
        assert_eq!(ran.stdout, "");
    }
}

#[test]
fn a_baseline_that_is_not_there_is_told_with_how_to_store_it() {
    let ran = check(SMALL, &["--baseline", "none"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no folder `none`"), "{}", ran.stderr);
    let ran = Simulate::new()
        .file("baselines/other.json", "{}")
        .args(["check"])
        .scenario(SMALL)
        .args(["--baseline", "baselines"])
        .run();
    assert_eq!(ran.code, 2);
    let told = "simulate check scenario.toml --baseline baselines --update";
    assert!(ran.stderr.contains("has no baseline") && ran.stderr.contains(told), "{}", ran.stderr);
    // Two files that would share one.
    let ran = Simulate::new()
        .file("a/day.toml", SMALL)
        .file("b/day.toml", SMALL)
        .args(["check", "a/day.toml", "b/day.toml", "--baseline", "x", "--update"])
        .run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("would have the same baseline"), "{}", ran.stderr);
}

#[test]
fn nothing_is_stored_where_something_stands_in_the_way() {
    let good = stored(SMALL, &[]);
    // A misspelt path beside a scenario that is fine: neither is stored.
    let ran = Simulate::new()
        .file("baselines/fine.json", &good)
        .file("fine.toml", SMALL)
        .file("wrong.toml", expecting(r#"expect = ["wiat.p95 <= 15s"]"#))
        .args(["check", "fine.toml", "wrong.toml", "--seed", "9"])
        .args(["--baseline", "baselines", "--update"])
        .run();
    assert_eq!(ran.code, 2);
    assert_eq!(ran.read("baselines/fine.json"), good);
    // Where there is a file instead of a folder.
    let ran = Simulate::new()
        .file("baselines", "mine")
        .args(["check"])
        .scenario(SMALL)
        .args(["--baseline", "baselines", "--update"])
        .unfinished();
    assert!(ran.stderr.contains("cannot make the folder `baselines`"), "{}", ran.stderr);
    assert_eq!(ran.read("baselines"), "mine");
}

#[test]
fn a_baseline_that_cannot_be_written_is_told_before_anything_is_simulated() {
    // A folder in its place keeps out even those who may write everywhere.
    let ran = Simulate::new()
        .file("baselines/scenario.json/mine", "old")
        .args(["check"])
        .scenario(SMALL)
        .args(["--baseline", "baselines", "--update"])
        // It would take half an hour to simulate them first.
        .args(["--replications", "1000000"])
        .unfinished();
    assert!(ran.stderr.contains("cannot write `baselines/scenario.json`: "), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
    assert_eq!(ran.read("baselines/scenario.json/mine"), "old");
}

#[test]
fn ci_systems_get_a_suite_per_file_and_notes_at_the_lines() {
    let text = expecting(
        r#"expect = ["service_level >= 1%",
  "wait.p95 <= 0s", "deflection_rate >= 5%"]"#,
    );
    let simulate = || {
        Simulate::new()
            .file("other.toml", expecting(r#"expect = ["queued <= 1e6"]"#))
            .args(["check"])
            .scenario(&text)
            .args(["other.toml", "--junit", "junit.xml"])
    };
    let ran = simulate().env("GITHUB_ACTIONS", "true").run();
    assert_eq!(ran.code, 1);
    let xml = ran.read("junit.xml");
    for part in [
        "<testsuite name=\"scenario.toml\" tests=\"3\" skipped=\"0\" errors=\"0\" failures=\"2\">",
        "<testsuite name=\"other.toml\" tests=\"1\"",
        "<testcase name=\"service_level &gt;= 1%\" classname=\"scenario.toml\"/>",
        "type=\"fails\"",
        "type=\"undecided\"",
        "scenario.toml: `wait.p95 &lt;= 0s` fails: ",
    ] {
        assert!(xml.contains(part), "{part} is not in\n{xml}");
    }
    let notes: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(notes.len(), 2, "{}", ran.stderr);
    assert!(notes[0].starts_with(
        "::error file=scenario.toml,line=2,col=3,title=check failed::`wait.p95 <= 0s` fails"
    ));
    assert!(
        notes[1].starts_with("::warning file=scenario.toml,line=2,col=21,title=check undecided::")
    );
    assert!(notes[1].contains("5%25"), "{}", notes[1]);
    assert_eq!(simulate().run().stderr, "", "elsewhere there are no notes");
}

#[test]
fn a_check_reads_standard_input() {
    let text = expecting(r#"expect = ["service_level >= 1%"]"#);
    let ran = Simulate::new().args(["check", "-"]).stdin(text).ok();
    assert!(ran.stdout.starts_with("standard input: holds after 5 replications"), "{}", ran.stdout);
}

#[cfg(unix)]
#[test]
fn an_interrupted_check_shows_the_files_before_it() {
    use std::io::Read;
    use std::process::Command;
    use std::time::Duration;
    let fine = expecting(r#"expect = ["service_level >= 1%"]"#);
    // Its first look is after so many days that nobody waits for them.
    let endless = fine.replace("replications = 5", "replications = 1000000");
    let simulate = Simulate::new()
        .args(["check"])
        .scenario(&fine)
        .file("endless.toml", endless)
        .args(["endless.toml"]);
    let mut child = simulate.start();
    std::thread::sleep(Duration::from_millis(1500));
    let pid = child.id().to_string();
    let kill = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(kill.success());
    let status = child.wait().unwrap();
    let (mut shown, mut told) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut shown).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!(status.code(), Some(130), "{told}");
    assert!(shown.starts_with("scenario.toml: holds after 5 "), "{shown}");
    assert!(told.contains("error: endless.toml: stopped after "), "{told}");
    assert!(told.contains(" of 1000000 replications, too early"), "{told}");
    assert!(told.contains("interrupted: this is what was finished"), "{told}");
}
