//! `simulate compare`: options and files side by side, and what the data can tell.

use serde_json::Value;

use crate::support::{SMALL, Simulate};

/// [`SMALL`] with a price and three options: clearly better, clearly worse, and the same.
fn options() -> String {
    format!(
        "{SMALL}cost_per_hour = 30\n{}",
        r#"
[options.more]
title = "Two agents more"
groups.team.staff = 6
[options.fewer]
groups.team.staff = 2
[options.same]
groups.team.shrinkage = 0
"#
    )
}

fn compare<'a>(args: impl IntoIterator<Item = &'a str>) -> Simulate {
    let simulate = Simulate::new().args(["compare", "s.toml", "--quiet"]);
    simulate.file("s.toml", options()).args(args)
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

#[test]
fn programs_get_reports_differences_and_the_best() {
    let whole = compare(["--json", "--replications", "40"]).ok().json();
    let keys: Vec<&String> = whole.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["compare", "options", "best"]);
    let options = whole["options"].as_array().unwrap();
    let called: Vec<&str> = options.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(called, ["Two hours", "more", "fewer", "same"]);
    assert_eq!(options[0]["differences"], serde_json::json!({}));
    for one in options {
        assert_eq!(one["report"]["run"]["replications"], 40);
        assert_eq!(
            one["report"]["overall"]["arrivals"],
            options[0]["report"]["overall"]["arrivals"]
        );
    }
    let verdict =
        |option: usize, path: &str| options[option]["differences"][path]["verdict"].clone();
    for path in ["wait.mean", "service_level", "abandonment_rate", "backlog.peak"] {
        assert_eq!(verdict(1, path), "better", "{path}");
        assert_eq!(verdict(2, path), "worse", "{path}");
        assert_eq!(verdict(3, path), "equal", "{path}");
    }
    assert_eq!((verdict(1, "cost"), verdict(2, "cost")), ("worse".into(), "better".into()));
    let cost = &options[1]["differences"]["cost"];
    for end in ["value", "low", "high"] {
        assert_eq!(cost[end].as_f64(), Some(120.0), "2 agents for 2 hours at 30");
    }
    let wait = &options[1]["differences"]["wait.mean"];
    let report =
        |option: usize| options[option]["report"]["overall"]["wait"]["mean"]["value"].as_f64();
    let difference = report(1).unwrap() - report(0).unwrap();
    assert!((wait["value"].as_f64().unwrap() - difference).abs() < 1e-9);
    assert!(wait["high"].as_f64().unwrap() < 0.0);
    assert_eq!(options[1]["differences"].get("arrivals"), None, "it has no direction");
    assert_eq!(names(&whole["best"]["wait.mean"]), ["more"]);
    assert_eq!(names(&whole["best"]["cost"]), ["fewer"]);
}

#[test]
fn a_table_fits_a_slide() {
    for (locale, better, worse) in [("C.UTF-8", "✓", "✗"), ("C", "v", "x")] {
        let ran = compare(["--replications", "40"]).env("LC_ALL", locale).ok();
        let table = &ran.stdout;
        assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
        assert!(locale == "C.UTF-8" || table.is_ascii(), "{table}");
        let heading = table.lines().find(|line| line.contains("wait p95")).unwrap();
        for column in ["wait", "in time", "give up", "peak", "cost"] {
            assert!(heading.contains(column), "{table}");
        }
        let below = |name: &str| {
            let mut lines = table.lines().skip_while(|line| !line.starts_with(name));
            lines.nth(1).unwrap().to_owned()
        };
        assert_eq!(below("more ").matches(better).count(), 5, "{table}");
        assert!(below("more ").ends_with(&format!("+120 {worse}")), "{table}");
        assert_eq!(below("fewer ").matches(worse).count(), 5, "{table}");
        assert_eq!(below("same ").matches(" =").count(), 6, "{table}");
        assert!(table.contains("Best by cost: fewer."), "{table}");
        assert!(table.contains("more: Two agents more"), "{table}");
    }
}

#[test]
fn the_bytes_are_the_same_for_any_number_of_threads() {
    let bytes = |threads: &str| {
        let ran = compare(["--json", "--at-most", "60", "--threads", threads]).ok();
        let mut whole = ran.json();
        for option in whole["options"].as_array_mut().unwrap() {
            option["report"]["run"]["wall_seconds"] = 0.into();
        }
        whole.to_string()
    };
    let one = bytes("1");
    assert_eq!(bytes("2"), one);
    assert_eq!(bytes("8"), one);
}

#[test]
fn replications_are_added_until_it_is_decided_or_the_cap_is_reached() {
    // The file asks for 5 days, which say little; `same` never differs, which is known at once.
    let replications = |args: &[&str]| {
        let ran = compare(args.iter().copied().chain(["--json"])).ok().json();
        ran["options"][0]["report"]["run"]["replications"].as_u64().unwrap()
    };
    let decided = replications(&["--option", "fewer", "--decide", "wait.mean"]);
    assert!((5..50).contains(&decided), "{decided}");
    assert_eq!(replications(&["--replications", "7"]), 7, "exactly those");
    // Another law with nearly the same spread: a few days cannot tell.
    let near = [
        "--option",
        "same",
        "--set",
        "options.same.contacts.chat.handling={ gamma = { mean = '3m', cv = 1.02 } }",
        "--decide",
        "wait.p95",
        "--at-most",
        "23",
    ];
    assert_eq!(replications(&near), 23);
    let told = compare(near).ok().stdout;
    assert!(told.contains("Undecided after 23 replications: wait.p95."), "{told}");
}

#[test]
fn an_option_can_be_picked() {
    let ran =
        compare(["--pick", "abandonment_rate", "--within", "2%", "--at-most", "400", "--json"]);
    let whole = ran.ok().json();
    assert_eq!(whole["pick"], "more");
    let told = compare(["--pick", "cost", "--within", "5"]).ok().stdout;
    assert!(told.contains("Picked: fewer."), "{told}");
}

#[test]
fn several_files_are_compared_by_their_names() {
    let other = SMALL
        .replace("duration = \"2h\"", "duration = \"3h\"\nseed = 4")
        .replace("interval = \"30m\"", "interval = \"1h\"")
        .replace("chat", "talk");
    let ran = Simulate::new()
        .args(["compare", "a.toml", "b.toml", "a.toml", "--json", "--replications", "20"])
        .file("a.toml", SMALL)
        .file("b.toml", other)
        .ok();
    let whole = ran.json();
    let options = whole["options"].as_array().unwrap();
    let called: Vec<&str> = options.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(called, ["a.toml", "b.toml", "a.toml (2)"]);
    for one in options {
        assert_eq!(one["report"]["run"]["seed"], 1, "one seed for all");
    }
    let differences = &options[1]["differences"];
    assert!(differences.get("wait.mean").is_some());
    for path in ["backlog.peak", "contacts.chat.wait.mean", "contacts.talk.wait.mean"] {
        assert!(differences.get(path).is_none(), "{path}");
    }
    assert!(whole["best"].get("backlog.peak").is_none());
    let same = &options[2]["differences"]["wait.mean"];
    assert_eq!(same["value"].as_f64(), Some(0.0));
    assert_eq!(same["verdict"], "equal");
    for piece in [
        "counts, hours and cost are not",
        "only `a.toml` has the contact types `chat`",
        "only `b.toml` has the contact types `talk`",
        "reporting intervals",
        "another seed",
    ] {
        let told = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(piece), "{piece}: {told}");
    }
}

#[test]
fn of_a_long_path_the_end_is_shown() {
    let folder = "a/long/way/from/here/to/there";
    let (one, two) = (format!("{folder}/one.toml"), format!("{folder}/two.toml"));
    let ran = Simulate::new()
        .args(["compare", &one, &two, "--quiet", "--replications", "5"])
        .file(&one, SMALL)
        .file(&two, SMALL)
        .ok();
    let told = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "Against …/here/to/there/one.toml: ",
        "peak: …/here/to/there/one.toml, …/here/to/there/two.toml, all the same.",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!ran.stdout.contains("\n\n\n"), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let plain = Simulate::new().args(["compare", "s.toml"]).file("s.toml", SMALL).unusable();
    assert!(plain.stderr.contains("no [options]"), "{}", plain.stderr);
    for (args, piece) in [
        (&["--option", "mor"][..], "did you mean `more`?"),
        (&["--show", "wait.mea"], "did you mean `wait.mean`?"),
        (&["--decide", "wait.p9"], "did you mean"),
        (&["--pick", "wait.mean"], "--within"),
        (&["--pick", "wait.mean", "--within", "3"], "`3s`"),
        (&["--pick", "wait.mean", "--within", "0s"], "more than 0"),
        (&["--pick", "arrivals", "--within", "3"], "neither more nor less"),
        (&["--set", "options.fewer.groups.team.staff=-2"], "option `fewer`"),
        (&["--at-most", "0"], "is not in"),
    ] {
        let ran = compare(args.iter().copied()).unusable();
        assert!(ran.stderr.contains(piece), "{args:?}: {}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_comparison_reports_what_was_finished() {
    // On a busy machine the first day may take longer than the first wait.
    let interrupted = [1, 2, 4, 8, 16].into_iter().find_map(interrupted_after);
    let whole = interrupted.expect("some day is finished within 16 seconds");
    let runs: Vec<&Value> =
        whole["options"].as_array().unwrap().iter().map(|one| &one["report"]["run"]).collect();
    assert_eq!(runs[0]["partial"], true);
    assert!(runs.iter().all(|run| run["replications"] == runs[0]["replications"]));
}

/// What a comparison without end says when it is interrupted after so many seconds.
#[cfg(unix)]
fn interrupted_after(seconds: u64) -> Option<Value> {
    use std::process::Command;
    use std::time::Duration;

    let simulate = compare(["--replications", "1000000", "--json"]);
    let child = simulate.start();
    std::thread::sleep(Duration::from_secs(seconds));
    let pid = child.id().to_string();
    let kill = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(kill.success());
    let output = child.wait_with_output().unwrap();
    if output.stdout.is_empty() {
        return None;
    }
    assert_eq!(output.status.code(), Some(130));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}
