//! What `simulate run` writes beside the report: tables and a page.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::{Ran, SMALL, Simulate};

const TABLES: [&str; 6] = [
    "contacts.csv",
    "group_intervals.csv",
    "groups.csv",
    "handled_by.csv",
    "intervals.csv",
    "run.csv",
];

/// Two channels, a bot, two groups, and names that have to be quoted.
const NAMES: &str = r#"
title = "<script>alert(1)</script> & \"more\""

[run]
start = 2026-11-11T18:00:00
duration = "100m"
interval = "30m"
replications = 4

[contacts."a,\"b\" <i>"]
rate = "120/h"
patience = { exponential = { mean = "2m" } }
handling = { exponential = { mean = "3m" } }
bot = { deflection = 0.5, session = { fixed = { value = "1m" } } }

[contacts.voice]
channel = "voice"
rate = "20/h"
handling = { exponential = { mean = "3m" } }

[groups."x</td>"]
skills = ["a,\"b\" <i>", "voice"]
staff = 4

[groups.nobody]
skills = ["voice"]
staff = 0
"#;

type Row = BTreeMap<String, String>;

fn rows(ran: &Ran, name: &str) -> Vec<Row> {
    let text = ran.read(name);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// The number in a cell; `None`: unknown.
fn number(row: &Row, column: &str) -> Option<f64> {
    let cell = row.get(column).unwrap_or_else(|| panic!("no column {column}: {row:?}"));
    (!cell.is_empty()).then(|| cell.parse().unwrap())
}

/// Every figure below `value`, by path.
fn figures(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    if value.get("value").is_some() {
        found.push((path.to_owned(), value.clone()));
        return;
    }
    let mut below = |key: &str, value: &Value| {
        let dot = if path.is_empty() { "" } else { "." };
        figures(value, &format!("{path}{dot}{key}"), found);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| below(key, value)),
        Value::Array(list) => {
            let list = list.iter().enumerate();
            list.for_each(|(at, value)| below(&at.to_string(), value));
        }
        _ => {}
    }
}

/// A cell as JSON: both are read by the same parser, so that equal digits give equal numbers.
#[track_caller]
fn json(row: &Row, column: &str) -> Value {
    number(row, column).map_or(Value::Null, |_| serde_json::from_str(&row[column]).unwrap())
}

/// Panics unless `row` has every figure of `value`, digit by digit. Returns how many there are.
#[track_caller]
fn assert_has(row: &Row, value: &Value, prefix: &str) -> usize {
    let mut found = Vec::new();
    figures(value, "", &mut found);
    for (path, figure) in &found {
        let column = format!("{prefix}{path}");
        assert_eq!(json(row, &column), figure["value"], "{column}");
        for end in ["low", "high"] {
            let column = format!("{column}.{end}");
            assert_eq!(json(row, &column), figure[end], "{column}");
        }
        if let Some(days) = figure.get("days") {
            for p in ["p05", "p50", "p95"] {
                let column = format!("{column}.days.{p}");
                assert_eq!(json(row, &column), days[p], "{column}");
            }
        }
    }
    found.len()
}

fn find<'r>(rows: &'r [Row], cells: &[(&str, &str)]) -> &'r Row {
    let is_it = |row: &&Row| cells.iter().all(|(column, cell)| row[*column] == *cell);
    let mut found = rows.iter().filter(is_it);
    let row = found.next().unwrap_or_else(|| panic!("no row {cells:?}"));
    assert!(found.next().is_none(), "several rows {cells:?}");
    row
}

#[test]
fn the_tables_have_every_figure_of_the_json_report() {
    let ran = Simulate::new().scenario(NAMES).args(["--json", "--csv", "out/tables"]).ok();
    let mut report = ran.json();
    let table = |name: &str| rows(&ran, &format!("out/tables/{name}"));
    let (intervals, groups) = (table("intervals.csv"), table("group_intervals.csv"));
    assert_eq!((intervals.len(), groups.len()), (4 * 3, 4 * 2));
    let mut compared = 0;
    for interval in report["intervals"].as_array().unwrap() {
        let start = interval["start"].to_string();
        let row =
            |scope, name| find(&intervals, &[("start", &start), ("scope", scope), ("name", name)]);
        assert_eq!(row("overall", "")["clock"], interval["clock"].as_str().unwrap());
        compared += assert_has(row("overall", ""), &interval["overall"], "");
        for (name, figures) in interval["contacts"].as_object().unwrap() {
            compared += assert_has(row("contacts", name), figures, "");
        }
        for (name, figures) in interval["groups"].as_object().unwrap() {
            let row = find(&groups, &[("start", &start), ("name", name)]);
            compared += assert_has(row, figures, "");
        }
    }
    assert_eq!(find(&intervals, &[("start", "5400"), ("scope", "overall")])["length"], "600");
    let handled = table("handled_by.csv");
    for (contact, figures) in report["contacts"].as_object_mut().unwrap() {
        let by = figures.as_object_mut().unwrap().remove("handled_by").unwrap();
        for (group, figure) in by.as_object().unwrap() {
            let row = find(&handled, &[("contact", contact), ("group", group)]);
            compared += assert_has(row, figure, "handled_by");
        }
    }
    let contacts = table("contacts.csv");
    compared += assert_has(find(&contacts, &[("scope", "overall")]), &report["overall"], "");
    for scope in ["contacts", "channels"] {
        for (name, figures) in report[scope].as_object().unwrap() {
            let row = find(&contacts, &[("scope", scope), ("name", name)]);
            compared += assert_has(row, figures, "");
        }
    }
    for (name, figures) in report["groups"].as_object().unwrap() {
        compared += assert_has(find(&table("groups.csv"), &[("name", name)]), figures, "");
    }
    let run = &table("run.csv")[0];
    compared += assert_has(run, &report["bot"], "bot.");
    let mut all = Vec::new();
    figures(&report, "", &mut all);
    // Taken out above.
    assert_eq!(compared, all.len() + handled.len());
    assert_eq!(run["scenario.digest"], report["scenario"]["digest"].as_str().unwrap());
    assert_eq!(run["run.seed"], "1");
    assert_eq!(run["run.partial"], "false");
}

#[test]
fn unknown_cells_are_empty() {
    let ran = Simulate::new()
        .scenario(NAMES)
        .args(["--csv", "t", "--replications", "1", "--set", "contacts.voice.rate=0/h"])
        .ok();
    let contacts = rows(&ran, "t/contacts.csv");
    let voice = find(&contacts, &[("scope", "contacts"), ("name", "voice")]);
    assert_eq!(number(voice, "arrivals"), Some(0.0));
    assert_eq!(number(voice, "arrivals.low"), None, "one replication has no interval");
    assert_eq!(number(voice, "wait.mean"), None);
    assert_eq!(number(voice, "service_level.days.p95"), None);
    let groups = rows(&ran, "t/group_intervals.csv");
    let nobody = find(&groups, &[("start", "0"), ("name", "nobody")]);
    assert_eq!(number(nobody, "staffed"), Some(0.0));
    assert_eq!(number(nobody, "occupancy"), None);
}

#[test]
fn several_scenarios_share_tables_and_page() {
    let ran = Simulate::new()
        .scenario(SMALL)
        .file("other.toml", NAMES)
        .args(["other.toml", "--csv", "t", "--html", "page.html", "--json"])
        .ok();
    assert_eq!(ran.json().as_array().unwrap().len(), 2);
    for name in TABLES {
        let text = ran.read(&format!("t/{name}"));
        assert!(text.starts_with("scenario,"), "{name}: {text}");
        for file in ["scenario.toml", "other.toml"] {
            let all = rows(&ran, &format!("t/{name}"));
            assert!(all.iter().any(|row| row["scenario"] == file), "{name}: {file}");
        }
    }
    let page = ran.read("page.html");
    for part in ["<title>2 scenarios</title>", "id=\"scenario-2\"", "<h2>Two hours</h2>"] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn the_page_escapes_whatever_a_scenario_says() {
    let ran = Simulate::new().scenario(NAMES).args(["--html", "p.html"]).ok();
    assert!(ran.stdout.contains("THE ANSWER"), "the report is printed too");
    let page = ran.read("p.html");
    assert!(!page.contains("<script") && !page.contains("<i>") && !page.contains("x</td>"));
    for name in [
        "<h2>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;</h2>",
        ">a,&quot;b&quot; &lt;i&gt;</th>",
        ">x&lt;/<wbr>td&gt;</th>",
    ] {
        assert!(page.contains(name), "{name}");
    }
    assert!(page.trim_end().ends_with("</html>"));
}

#[test]
fn the_same_scenario_gives_the_same_bytes() {
    let written = |threads: &str| {
        let ran = Simulate::new()
            .scenario(NAMES)
            .args(["--html", "p.html", "--csv", "t", "--threads", threads])
            .ok();
        let mut all: Vec<String> = TABLES.map(|name| ran.read(&format!("t/{name}"))).into();
        all.push(ran.read("p.html"));
        all
    };
    assert_eq!(written("1"), written("3"));
}

#[test]
fn the_page_can_have_standard_output() {
    let ran = Simulate::new().scenario(SMALL).args(["--html", "-"]).ok();
    assert!(ran.stdout.starts_with("<!doctype html>"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("</html>\n"));
    let page = Simulate::new()
        .scenario(SMALL)
        .args(["--html", "p.html", "--trace", "-", "--csv", "t"])
        .ok();
    assert!(page.stdout.starts_with("replication,contact,"));
    assert_eq!(page.read("p.html"), ran.stdout);
    assert!(page.read("t/run.csv").contains("Two hours"));
}

#[test]
fn a_new_folder_can_hold_everything() {
    let args = ["--csv", "out", "--html", "out/page.html", "--trace", "out/trace.csv"];
    let ran = Simulate::new().scenario(SMALL).args(args).ok();
    assert!(ran.read("out/page.html").ends_with("</html>\n"));
    assert!(ran.read("out/trace.csv").lines().count() > 50);
    assert!(ran.read("out/run.csv").contains("Two hours"));
    let args = ["--csv", "a/b", "--trace", "a/b/trace.csv", "--html", "no/such/page.html"];
    let ran = Simulate::new().scenario(SMALL).args(args).unfinished();
    assert_eq!(ran.files().len(), 1, "the folder is gone: {:?}", ran.files());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_replaces_nothing() {
    let ran = Simulate::new()
        .scenario(SMALL)
        .file("t/run.csv", "old")
        .args(["--csv", "t", "--html", "/dev/full"])
        .unfinished();
    assert!(ran.stderr.contains("cannot write `/dev/full`"), "{}", ran.stderr);
    assert!(ran.stdout.contains("THE ANSWER"), "the report is there all the same");
    assert_eq!(ran.read("t/run.csv"), "old");
    assert_eq!(fs::read_dir(ran.folder().join("t")).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_written_is_told_before_anything_is_simulated() {
    // Simulating this would take hours.
    let endless = ["--replications", "1000000", "--set", "contacts.chat.rate=36000/h"];
    for (args, named) in [
        (["--csv", "scenario.toml/t"], "`scenario.toml/t`"),
        (["--csv", "folder.html"], "`folder.html`"),
        (["--html", "no/such/folder/p.html"], "`no/such/folder/p.html`"),
        (["--html", "t"], "`t`"),
    ] {
        let ran = Simulate::new()
            .scenario(SMALL)
            .file("folder.html", "a file")
            .file("t/kept.txt", "a file in a folder")
            .args(endless)
            .args(["--csv", "new/tables"].into_iter().filter(|_| args[0] == "--html"))
            .args(args)
            .unfinished();
        assert!(ran.stderr.contains(&format!("cannot write {named}")), "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
        let files: Vec<_> = ran.files();
        assert_eq!(files.len(), 3, "nothing else is left: {files:?}");
    }
}

#[test]
fn a_bad_scenario_leaves_what_was_there() {
    let ran = Simulate::new()
        .scenario("nonsense = 1")
        .file("t/run.csv", "old")
        .args(["--csv", "t", "--html", "p.html"])
        .unusable();
    assert_eq!(ran.read("t/run.csv"), "old");
    assert_eq!(ran.files().len(), 2, "no page");
}

#[test]
fn tables_are_replaced_and_other_files_stay() {
    let ran = Simulate::new()
        .scenario(SMALL)
        .file("t/run.csv", "old")
        .file("t/notes.txt", "mine")
        .args(["--csv", "t"])
        .ok();
    assert!(ran.read("t/run.csv").starts_with("scenario.title,"));
    assert_eq!(ran.read("t/notes.txt"), "mine");
}

#[test]
fn whoever_closes_the_pipe_still_gets_the_files() {
    let simulate = Simulate::new().scenario(SMALL).file("other.toml", NAMES).args([
        "other.toml",
        "--html",
        "p.html",
        "--csv",
        "t",
    ]);
    let mut child = simulate.start();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let page = fs::read_to_string(simulate.folder().join("p.html")).unwrap();
    assert!(page.contains("id=\"scenario-2\"") && page.ends_with("</html>\n"));
    assert!(simulate.folder().join("t/run.csv").exists());
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_a_page_that_says_so_and_no_tables() {
    let simulate = Simulate::new()
        .scenario(SMALL)
        .args(["--replications", "1000000", "--set", "contacts.chat.rate=3600/h"])
        .args(["--html", "p.html", "--csv", "new/tables"]);
    let child = simulate.start();
    std::thread::sleep(Duration::from_millis(1500));
    let kill =
        Command::new("kill").args(["-INT", &child.id().to_string()]).stdin(Stdio::null()).status();
    assert!(kill.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("`new/tables` was not written"), "{told}");
    let page = fs::read_to_string(simulate.folder().join("p.html")).unwrap();
    assert!(page.contains("<div class=\"alarm\"><p>Interrupted: these are the "));
    assert!(page.ends_with("</html>\n"));
    let files = fs::read_dir(simulate.folder()).unwrap().count();
    assert_eq!(files, 2, "the scenario and the page");
}

/// The first value of a percentile file at or above a share of the waits.
fn at_percentile(text: &str, share: f64) -> f64 {
    let lines = text.lines().skip(2).filter(|line| !line.starts_with('#'));
    let mut steps = lines.map(|line| {
        let mut numbers = line.split_whitespace().map(|number| number.parse::<f64>().unwrap());
        (numbers.next().unwrap(), numbers.next().unwrap())
    });
    steps.find(|(_, reached)| *reached >= share).unwrap().0
}

#[test]
fn percentile_files_have_the_waits_of_the_report() {
    let args = ["--histogram", "waits", "--json", "--replications", "20"];
    let ran = Simulate::new().scenario(NAMES).args(args).ok();
    let report = ran.json();
    let folder = ran.folder().join("waits");
    assert_eq!(fs::read_dir(folder).unwrap().count(), 3 * (1 + 2 + 2));
    for (scope, place) in [
        ("overall", &report["overall"]),
        ("contacts.voice", &report["contacts"]["voice"]),
        ("contacts.a%2C%22b%22%20%3Ci%3E", &report["contacts"]["a,\"b\" <i>"]),
    ] {
        for kind in ["wait", "wait_all", "time_to_human"] {
            let text = ran.read(&format!("waits/{scope}.{kind}.hgrm"));
            let known = place[kind]["p95"]["value"].as_f64().unwrap();
            // A line every fifth of the way from 93.75 to 96.875 %: the next one is a bit above.
            let (low, high) = (at_percentile(&text, 0.9375), at_percentile(&text, 0.9625));
            assert!(low * 0.99 <= known && known <= high * 1.01, "{scope} {kind}: {known}\n{text}");
        }
    }
    let two = ["scenario.toml", "--histogram", "waits"];
    Simulate::new().scenario(NAMES).args(two).unusable();
    Simulate::new().scenario(NAMES).args(["--histogram", "-"]).unusable();
}
