//! Recorded logs and counts from files, the way a user gives them.

use crate::support::Simulate;

/// Replays `log.csv` with one agent, and two from 5 minutes on.
const REPLAY: &str = r#"
[run]
duration = "1h"
replications = 1

[contacts.call]
recorded = { file = "log.csv", time = "at", handling = "took", patience = "stayed" }
wrap_up = { fixed = { value = "10s" } }
queue_limit = 2

[groups.team]
skills = ["call"]
staff = [{ from = "0s", agents = 1 }, { from = "5m", agents = 2 }]
"#;

#[test]
fn a_recorded_day_is_replayed_event_by_event() {
    // 1 talks until 100, and is wrapped up until 110. 2 leaves at 15. 3 is answered at 110 for 200 s,
    // 4 when the second agent comes at 300, and 5 finds two who wait.
    let log = "at,took,stayed\n0,100,\n5,50,10\n20,200,\n30.25,60,400\n40,10,500\n3000.5,1.5,0\n";
    let trace =
        Simulate::new().file("log.csv", log).scenario(REPLAY).args(["--trace", "-"]).ok().stdout;
    let expected = "\
replication,contact,attempt,type,priority,arrived,queued,answered,ended,outcome,group,wait,handling,wrap_up
1,1,1,call,5,0.000000,0.000000,0.000000,100.000000,answered,team,0.000000,100.000000,10.000000
1,2,1,call,5,5.000000,5.000000,,15.000000,abandoned,,10.000000,,
1,3,1,call,5,20.000000,20.000000,110.000000,310.000000,answered,team,90.000000,200.000000,10.000000
1,4,1,call,5,30.250000,30.250000,300.000000,360.000000,answered,team,269.750000,60.000000,10.000000
1,5,1,call,5,40.000000,,,40.000000,blocked,,,,
1,6,1,call,5,3000.500000,3000.500000,3000.500000,3002.000000,answered,team,0.000000,1.500000,10.000000
";
    assert_eq!(trace, expected);
}

/// Replays its own trace: what was drawn is read, and whoever was answered waits at least so long.
#[test]
fn a_trace_replayed_as_a_log_reproduces_its_own_run() {
    let text = |demand: &str| {
        format!(
            r#"
            [run]
            duration = "3h"
            drain = "10m"
            replications = 1
            [contacts.call]
            {demand}
            wrap_up = {{ fixed = {{ value = "7s" }} }}
            handling = {{ lognormal = {{ mean = "4m", cv = 1.2 }} }}
            queue_limit = 4
            [groups.first]
            skills = ["call"]
            staff = [{{ from = "0s", agents = 4 }}, {{ from = "1h", agents = 2 }}, {{ from = "2h", agents = 5 }}]
            [groups.second]
            skills = ["call"]
            shifts = [{{ start = "0s", length = "2h", agents = 2,
                         breaks = [{{ after = "50m", length = "15m" }}] }}]
            "#
        )
    };
    let drawn = text("rate = \"110/h\"\npatience = { exponential = { mean = \"3m\" } }");
    let trace = |simulate: Simulate| simulate.args(["--trace", "-"]).ok().stdout;
    let first = trace(Simulate::new().scenario(&drawn));
    for outcome in ["answered", "abandoned", "blocked"] {
        let rows = first.lines().filter(|row| row.contains(outcome)).count();
        assert!(rows > 4, "{rows} {outcome}:\n{first}");
    }
    let log = "recorded = { file = \"day/trace.csv\", time = \"arrived\", handling = \"handling\", \
               patience = \"wait\" }";
    let again = trace(Simulate::new().file("day/trace.csv", &first).scenario(text(log)));
    assert!(first.lines().count() > 250);
    assert_eq!(first, again);
    // And so does the replay of a replay, whatever the seed.
    let third =
        Simulate::new().file("day/trace.csv", &again).scenario(text(log)).args(["--seed", "99"]);
    assert_eq!(first, trace(third));
}

#[test]
fn counts_and_logs_are_looked_for_beside_the_scenario() {
    let text = REPLAY
        .replace(
            "recorded = { file = \"log.csv\", time = \"at\", handling = \"took\", patience = \"stayed\" }",
            "counts = { file = \"data/counts.csv\", column = \"calls\", interval = \"20m\" }\n\
             handling = { fixed = { value = \"1s\" } }",
        )
        .replace("replications = 1", "replications = 400")
        .replace("queue_limit = 2", "");
    let report = Simulate::new()
        .file("plans/data/counts.csv", "mails,calls\n7,30\n7,0\n7,12.5\n7,1000\n")
        .file("plans/monday.toml", text)
        .args(["plans/monday.toml", "--json", "--set", "run.interval=\"20m\""])
        .ok()
        .json();
    // Poisson: four standard errors of the mean of 400 days are 0.2 times the root of the count.
    for (interval, expected) in [(0, 30.0), (1, 0.0), (2, 12.5)] {
        let arrivals = &report["intervals"][interval]["overall"]["arrivals"]["value"];
        let arrivals = arrivals.as_f64().unwrap();
        let error = 0.2 * f64::sqrt(expected);
        assert!((arrivals - expected).abs() <= error, "{interval}: {arrivals}");
    }
    assert_eq!(report["intervals"].as_array().unwrap().len(), 3);
}

#[test]
fn broken_rows_are_all_told_at_once_with_their_lines() {
    let log = "at,took,stayed\n0,100,\nsoon,50,10\n20,,\n30,-5,400\n40,10\n50,10,5\n";
    let told = Simulate::new().file("log.csv", log).scenario(REPLAY).unusable().stderr;
    for line in ["line 3", "line 4", "line 5", "line 6"] {
        assert!(told.contains(line), "{line} is missing:\n{told}");
    }
    for fine in ["line 2", "line 7"] {
        assert!(!told.contains(fine), "{fine} is right:\n{told}");
    }
    assert!(told.contains("soon") && told.contains("log.csv"), "{told}");
}

#[test]
fn a_log_that_is_not_there_is_named() {
    let told = Simulate::new().scenario(REPLAY).unusable().stderr;
    assert!(told.contains("log.csv"), "{told}");
}
