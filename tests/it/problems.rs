//! One tiny bad scenario per problem code: code, place and message.

use std::collections::BTreeMap;

use surgecast::scenario::codes::CODES;
use surgecast::scenario::{
    Decay, Demand, Files, NoFiles, Override, Parsed, Problems, Replications, Source, Steps, parse,
};
use surgecast::time::SimSpan;

/// A scenario that uses every key this version supports.
pub(crate) const FULL: &str = r#"
title = "Double 11"

[run]
start = 2026-11-10T18:00:00
timezone = "Asia/Shanghai"
duration = "30h"
warm_up = "1h"
drain = "12h"
interval = "30m"
seed = 11
busyness = 0.1
precision = { of = "wait.mean", relative = 0.02, at_most = 500 }

[service_level]
answer_within = "15s"
goal = "90%"
formula = "strict"

[profiles.shop_day]
interval = "6h"
weights = [0.2, 1.0, 1.5, 0.6]
shape = "linear"

[contacts.order_status]
channel = "app"
rate = [{ from = "0s", rate = "6/min" }, { from = "20:00", rate = "9000/h" }, { from = 2026-11-11T08:00:00, rate = "3/s" }]
profile = "shop_day"
busyness = 0.1
priority = 2
patience = { mixture = [{ weight = 0.1, fixed = { value = "0s" } }, { weight = 0.9, weibull = { mean = "4m", shape = 0.7 } }] }
handling = { lognormal = { mean = "5m", cv = 0.8 } }
wrap_up = { fixed = { value = "20s" } }
retry = { probability = { abandoned = 0.5, blocked = "80%" }, after = { exponential = { mean = "10m" } }, at_most = 3, keep_draws = true }
queue_limit = 5000
service_level = { answer_within = "30s" }

[contacts.order_status.bot]
deflection = [{ from = "0s", deflection = 0.85 }, { from = "2h", deflection = "70%" }]
session = { lognormal = { median = "75s", p95 = "3m" } }
escalation_session = { gamma = { mean = "25s", cv = 0.5 } }
opt_out = 0.05
abandonment = 0.02
false_resolution = { probability = 0.06, recontact_after = { hyperexponential = { mean = "3h", cv = 2 } } }
escalation_handling = { erlang = { mean = "6m", stages = 3 } }
context_saving = 0.2

[contacts.promotion]
daily = 5000
handling = { triangular = { low = "1m", mode = "2m", high = "5m" } }
patience = { uniform = { low = "1m", high = "3m" } }
wrap_up = { empirical = { values = ["10s", "20s"] } }
retry = { probability = 0.4, after = { lognormal = { median = "10m", cv = 1 } } }

[bot]
enabled = true
capacity = 20000
when_full = "queue"
outages = [{ start = 2026-11-11T00:10:00, length = "20m", capacity = 0, deflection_factor = 1.0 }]

[surges.opening]
contacts = ["order_status", "promotion"]
start = 2026-11-10T20:00:00
ramp = "15m"
hold = "2h"
decay = "3h"
factor = { triangular = { low = 3, mode = 4, high = 5 } }
deflection_factor = 0.9

[surges.coupons]
start = "2h"
half_life = "25m"
factor = 2

[groups.general]
skills = { promotion = { speed = 0.9, priority = 6 }, order_status = 1.0 }
staff = [{ from = "00:00", agents = 30 }, { from = "08:00", agents = 120 }]
shrinkage = 0.12
cost_per_hour = 38.0

[groups.senior]
skills = ["order_status"]
staff = 12

[routing]
policy = "fcfs"
agents = "longest_idle"
waiting_room = 300
lines = 400
"#;

/// Parses with these overrides and no other files.
pub(crate) fn parsed(text: &str, overrides: &[(&str, &str)]) -> Result<Parsed, Problems> {
    let overrides: Vec<Override> = overrides
        .iter()
        .map(|(path, value)| Override::new(*path, *value))
        .collect();
    parse(Source::new("day.toml", text), &overrides, &NoFiles)
}

#[test]
fn a_scenario_with_every_supported_key_is_read() {
    let scenario = match parsed(FULL, &[]) {
        Ok(parsed) => parsed.scenario,
        Err(problems) => panic!("{}", problems.render(false)),
    };
    assert_eq!(scenario.title.as_deref(), Some("Double 11"));
    let names: Vec<&str> = scenario
        .contacts
        .iter()
        .map(|contact| contact.name.as_str())
        .collect();
    assert_eq!(names, ["order_status", "promotion"]);
    assert_eq!(scenario.groups[0].skills[0].contact, 1);
    assert_eq!(scenario.surges[1].contacts, [0, 1]);
}

/// A scenario with nothing but what is required.
const SMALL: &str = r#"[run]
duration = "8h"
[contacts.a]
rate = "60/h"
handling = { exponential = { mean = "5m" } }
[groups.g]
skills = ["a"]
staff = 5
"#;

/// Files that exist only here.
struct Drawer(BTreeMap<&'static str, Vec<u8>>);

impl Files for Drawer {
    fn read(&self, _base: &str, name: &str) -> Result<(String, Vec<u8>), String> {
        let found = self.0.get(name).ok_or("no such file")?;
        Ok((name.to_owned(), found.clone()))
    }
}

fn drawer() -> Drawer {
    let mut files: BTreeMap<&'static str, Vec<u8>> = BTreeMap::new();
    files.insert("loop.toml", b"extends = \"loop.toml\"\n".to_vec());
    files.insert("base.toml", SMALL.into());
    files.insert("latin.toml", b"title = \"caf\xe9\"\n".to_vec());
    files.insert("times.csv", b"id,seconds\n1,30\n2,1m 30s\n".to_vec());
    files.insert("bad.csv", b"id,seconds\n1,30\n2,soon\n3\n".to_vec());
    Drawer(files)
}

fn with_files(text: &[u8], overrides: &[Override]) -> Result<Parsed, Problems> {
    parse(Source::new("day.toml", text), overrides, &drawer())
}

/// One bad scenario: its code, what is replaced by what in [`SMALL`], where the problem is, and a
/// piece of what is said.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const CASES: &[Case] = &[
    (
        "file-unreadable",
        r#"[run]"#,
        r#"extends = "none.toml"
[run]"#,
        "1:11",
        r#"no such file"#,
    ),
    (
        "syntax",
        r#"duration = "8h""#,
        r#"duration = "#,
        "2:12",
        r#""#,
    ),
    (
        "syntax",
        r#"[run]"#,
        r#"größe = 1
[run]"#,
        "1:3",
        r#"quotes"#,
    ),
    (
        "too-deep",
        r#"[run]"#,
        r#"[x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x]
[run]"#,
        "1:17",
        r#"parts"#,
    ),
    (
        "extends-cycle",
        r#"[run]"#,
        r#"extends = "loop.toml"
[run]"#,
        "1:11",
        r#"loop.toml"#,
    ),
    (
        "unknown-key",
        r#"[run]"#,
        r#"[run]
duratoin = "8h""#,
        "2:1",
        r#"did you mean `duration`"#,
    ),
    (
        "unknown-key",
        r#"handling = { exponential = { mean = "5m" } }"#,
        r#"handling = { exponentail = { mean = "5m" } }"#,
        "5:14",
        r#"did you mean `exponential`"#,
    ),
    (
        "not-supported-yet",
        r#"[groups.g]"#,
        r#"[plan]
meet = ["x"]
[groups.g]"#,
        "6:2",
        r#"not supported yet"#,
    ),
    (
        "not-supported-yet",
        r#"[groups.g]"#,
        r#"[routing]
policy = "weighted"
[groups.g]"#,
        "7:10",
        r#"choices of this version"#,
    ),
    (
        "not-supported-yet",
        r#"rate = "60/h""#,
        r#"rate = "60/h"
hours = [{ from = "08:00", to = "22:00" }]"#,
        "5:1",
        r#"not supported yet"#,
    ),
    (
        "missing-key",
        r#"duration = "8h""#,
        r#""#,
        "1:2",
        r#"`run.duration` is missing"#,
    ),
    (
        "missing-key",
        r#"rate = "60/h""#,
        r#""#,
        "3:11",
        r#"`contacts.a.rate` is missing"#,
    ),
    (
        "missing-key",
        r#"handling = { exponential = { mean = "5m" } }"#,
        r#""#,
        "3:11",
        r#"`contacts.a.handling` is missing"#,
    ),
    (
        "missing-key",
        r#"staff = 5"#,
        r#""#,
        "6:9",
        r#"`groups.g.staff` is missing"#,
    ),
    (
        "missing-key",
        r#"handling = { exponential = { mean = "5m" } }"#,
        r#"handling = { gamma = { mean = "5m" } }"#,
        "5:22",
        r#"cv"#,
    ),
    (
        "missing-key",
        r#"rate = "60/h""#,
        r#"rate = "60/h"
retry = { probability = 0.5 }"#,
        "5:1",
        r#"retry.after"#,
    ),
    (
        "missing-key",
        r#"staff = 5"#,
        r#"staff = [{ from = "0s" }]"#,
        "8:10",
        r#"agents"#,
    ),
    (
        "missing-key",
        r#"staff = 5"#,
        r#"staff = [{ agents = 3 }]"#,
        "8:10",
        r#"from"#,
    ),
    (
        "conflicting-keys",
        r#"rate = "60/h""#,
        r#"rate = "60/h"
daily = 500"#,
        "5:1",
        r#"exclude each other"#,
    ),
    (
        "conflicting-keys",
        r#"duration = "8h""#,
        r#"duration = "8h"
replications = 5
precision = { of = "wait.mean", relative = 0.1 }"#,
        "4:1",
        r#"exclude"#,
    ),
    (
        "conflicting-keys",
        r#"handling = { exponential = { mean = "5m" } }"#,
        r#"handling = { exponential = { mean = "5m" }, fixed = { value = "5m" } }"#,
        "5:45",
        r#"one law"#,
    ),
    (
        "empty-name",
        r#"skills = ["a"]"#,
        r#"skills = ["a"]
[groups.""]
skills = ["a"]"#,
        "8:9",
        r#"no characters"#,
    ),
    (
        "wrong-type",
        r#"staff = 5"#,
        r#"staff = "5""#,
        "8:9",
        r#"a whole number is expected"#,
    ),
    (
        "wrong-type",
        r#"staff = 5"#,
        r#"staff = 5.0"#,
        "8:9",
        r#"write `5`"#,
    ),
    (
        "wrong-type",
        r#"handling = { exponential = { mean = "5m" } }"#,
        r#"handling = "5m""#,
        "5:12",
        r#"fixed"#,
    ),
    (
        "wrong-type",
        r#"[contacts.a]"#,
        r#"[[contacts]]"#,
        "3:3",
        r#"a table of tables"#,
    ),
    (
        "bare-number",
        r#"duration = "8h""#,
        r#"duration = 90"#,
        "2:12",
        r#"`"90s"`"#,
    ),
    (
        "bare-number",
        r#"rate = "60/h""#,
        r#"rate = 60"#,
        "4:8",
        r#"`"60/h"`"#,
    ),
    (
        "invalid-duration",
        r#"duration = "8h""#,
        r#"duration = "8 hours""#,
        "2:12",
        r#"not a unit"#,
    ),
    (
        "invalid-duration",
        r#"duration = "8h""#,
        r#"duration = "1y""#,
        "2:12",
        r#"differ in length"#,
    ),
    (
        "invalid-duration",
        r#"duration = "8h""#,
        r#"duration = "-8h""#,
        "2:12",
        r#"negative"#,
    ),
    (
        "invalid-rate",
        r#"rate = "60/h""#,
        r#"rate = "60/m""#,
        "4:8",
        r#"`"60/min"`"#,
    ),
    (
        "invalid-share",
        r#"staff = 5"#,
        r#"staff = 5
shrinkage = 85"#,
        "9:13",
        r#""85%""#,
    ),
    (
        "invalid-share",
        r#"staff = 5"#,
        r#"staff = 5
shrinkage = "120%""#,
        "9:13",
        r#"from 0 to 1"#,
    ),
    (
        "invalid-moment",
        r#"staff = 5"#,
        r#"staff = [{ from = "25:00", agents = 3 }]"#,
        "8:19",
        r#"clock time"#,
    ),
    (
        "invalid-date-time",
        r#"[run]"#,
        r#"[run]
start = 2026-11-10T18:00:00+08:00"#,
        "2:9",
        r#"run.timezone"#,
    ),
    (
        "invalid-date-time",
        r#"[run]"#,
        r#"[run]
start = 2026-11-10"#,
        "2:9",
        r#"2026-11-10T00:00:00"#,
    ),
    (
        "invalid-date-time",
        r#"[run]"#,
        r#"[run]
start = "2026-11-10T18:00:00""#,
        "2:9",
        r#"without quotes: `2026-11-10T18:00:00`"#,
    ),
    (
        "invalid-choice",
        r#"[groups.g]"#,
        r#"[routing]
policy = "prioritty"
[groups.g]"#,
        "7:10",
        r#"did you mean `priority`"#,
    ),
    (
        "out-of-range",
        r#"duration = "8h""#,
        r#"duration = "0s""#,
        "2:12",
        r#"0"#,
    ),
    (
        "out-of-range",
        r#"duration = "8h""#,
        r#"duration = "4000d""#,
        "2:12",
        r#"3660"#,
    ),
    (
        "out-of-range",
        r#"duration = "8h""#,
        r#"duration = "8h"
replications = 0"#,
        "3:16",
        r#"from 1 to 1000000"#,
    ),
    (
        "out-of-range",
        r#"duration = "8h""#,
        r#"duration = "8h"
replications = 1000001"#,
        "3:16",
        r#"from 1 to 1000000"#,
    ),
    (
        "out-of-range",
        r#"duration = "8h""#,
        r#"duration = "8h"
seed = -1"#,
        "3:8",
        r#"from 0 to"#,
    ),
    (
        "out-of-range",
        r#"duration = "8h""#,
        r#"duration = "8h"
seed = 9223372036854775808"#,
        "3:8",
        r#"9223372036854775807"#,
    ),
    (
        "out-of-range",
        r#"staff = 5"#,
        r#"staff = 10000001"#,
        "8:9",
        r#"10000000"#,
    ),
    (
        "out-of-range",
        r#"staff = 5"#,
        r#"staff = 5
shrinkage = 1"#,
        "9:13",
        r#"less than 1"#,
    ),
    (
        "out-of-range",
        r#"skills = ["a"]"#,
        r#"skills = { a = 0 }"#,
        "7:16",
        r#"more than 0"#,
    ),
    (
        "out-of-range",
        r#"staff = 5"#,
        r#"staff = 5
[[bot.outages]]
start = "1h"
length = "0s""#,
        "11:10",
        r#"more than 0"#,
    ),
    (
        "not-finite",
        r#"rate = "60/h""#,
        r#"daily = inf"#,
        "4:9",
        r#"finite"#,
    ),
    (
        "not-finite",
        r#"staff = 5"#,
        r#"staff = 5
cost_per_hour = nan"#,
        "9:17",
        r#"finite"#,
    ),
    (
        "unknown-timezone",
        r#"[run]"#,
        r#"[run]
timezone = "Asia/Shangai""#,
        "2:12",
        r#"Asia/Shanghai"#,
    ),
    (
        "unknown-timezone",
        r#"[run]"#,
        r#"[run]
timezone = "Berlin""#,
        "2:12",
        r#"Europe/Berlin"#,
    ),
    (
        "time-gap",
        r#"[run]"#,
        r#"[run]
timezone = "Europe/Berlin"
start = 2026-03-29T02:30:00"#,
        "3:9",
        r#"skip"#,
    ),
    (
        "time-fold",
        r#"[run]"#,
        r#"[run]
timezone = "Europe/Berlin"
start = 2026-10-25T02:30:00"#,
        "3:9",
        r#"twice"#,
    ),
    (
        "date-without-start",
        r#"staff = 5"#,
        r#"staff = [{ from = 2026-11-10T18:00:00, agents = 3 }]"#,
        "8:19",
        r#"run.start"#,
    ),
    (
        "empty-list",
        r#"staff = 5"#,
        r#"staff = []"#,
        "8:9",
        r#"no entries"#,
    ),
    (
        "empty-list",
        r#"skills = ["a"]"#,
        r#"skills = {}"#,
        "7:10",
        r#"no contact type"#,
    ),
    (
        "duplicate-moment",
        r#"staff = 5"#,
        r#"staff = [{ from = "1h", agents = 3 }, { from = "60m", agents = 4 }]"#,
        "8:48",
        r#"same moment"#,
    ),
    (
        "duplicate-name",
        r#"skills = ["a"]"#,
        r#"skills = ["a", "a"]"#,
        "7:16",
        r#"twice"#,
    ),
    (
        "invalid-distribution",
        r#"handling = { exponential = { mean = "5m" } }"#,
        r#"handling = { uniform = { low = "5m", high = "1m" } }"#,
        "5:24",
        r#"high"#,
    ),
    (
        "invalid-distribution",
        r#"handling = { exponential = { mean = "5m" } }"#,
        r#"handling = {}"#,
        "5:12",
        r#"no law"#,
    ),
    (
        "invalid-data",
        r#"handling = { exponential = { mean = "5m" } }"#,
        r#"handling = { empirical = { file = "times.csv", column = "secs" } }"#,
        "5:57",
        r#"seconds"#,
    ),
    (
        "unknown-contact",
        r#"skills = ["a"]"#,
        r#"skills = ["a", "aa"]"#,
        "7:16",
        r#"did you mean `a`"#,
    ),
    (
        "unknown-contact",
        r#"staff = 5"#,
        r#"staff = 5
[surges.s]
contacts = ["b"]
start = "1h"
hold = "1h"
factor = 2"#,
        "10:13",
        r#"`b`"#,
    ),
    (
        "unknown-profile",
        r#"rate = "60/h""#,
        r#"rate = "60/h"
profile = "day""#,
        "5:11",
        r#"profiles.day"#,
    ),
    (
        "profile-length",
        r#"staff = 5"#,
        r#"staff = 5
[profiles.p]
interval = "1h"
weights = [1, 2, 3]"#,
        "11:11",
        r#"24 weights for a day or 168 for a week"#,
    ),
    (
        "empty-profile",
        r#"staff = 5"#,
        r#"staff = 5
[profiles.p]
interval = "12h"
weights = [0, 0.0]"#,
        "11:11",
        r#"all weights are 0"#,
    ),
    (
        "warm-up-too-long",
        r#"duration = "8h""#,
        r#"duration = "8h"
warm_up = "8h""#,
        "3:11",
        r#"leaves nothing"#,
    ),
    (
        "too-many-intervals",
        r#"duration = "8h""#,
        r#"duration = "8h"
interval = "1ms""#,
        "3:12",
        r#"100000"#,
    ),
    (
        "share-sum",
        r#"staff = 5"#,
        r#"staff = 5
[contacts.a.bot]
session = { fixed = { value = "1m" } }
deflection = 0.9
abandonment = 0.2"#,
        "12:15",
        r#"at most `0.1"#,
    ),
    (
        "endless-retry",
        r#"rate = "60/h""#,
        r#"rate = "60/h"
retry = { probability = 1, after = { fixed = { value = "0s" } } }"#,
        "5:36",
        r#"at_most"#,
    ),
    (
        "surge-outside-run",
        r#"staff = 5"#,
        r#"staff = 5
[surges.s]
start = "8h"
hold = "1h"
factor = 2"#,
        "10:9",
        r#"after the run"#,
    ),
    (
        "surge-without-length",
        r#"staff = 5"#,
        r#"staff = 5
[surges.s]
start = "1h"
factor = 2"#,
        "9:9",
        r#"no length"#,
    ),
    (
        "conflicting-keys",
        r#"staff = 5"#,
        r#"staff = 5
[surges.s]
start = "1h"
factor = 2
decay = "1h"
half_life = "1h""#,
        "13:1",
        r#"exclude"#,
    ),
    (
        "bare-number",
        r#"staff = 5"#,
        r#"staff = 5
[surges.s]
start = "1h"
hold = 60
factor = 2"#,
        "11:8",
        r#"60s"#,
    ),
    (
        "wrong-type",
        r#"staff = 5"#,
        r#"staff = 5
[surges.s]
start = "1h"
hold = "1h"
factor = { fixed = { value = "2s" } }"#,
        "12:30",
        r#"a number is expected"#,
    ),
    (
        "outage-outside-run",
        r#"staff = 5"#,
        r#"staff = 5
[[bot.outages]]
start = "9h"
length = "1h""#,
        "10:9",
        r#"after the run"#,
    ),
    (
        "unserved-contact",
        r#"handling = { exponential = { mean = "5m" } }"#,
        r#"handling = { exponential = { mean = "5m" } }
[contacts.b]
rate = "1/h"
handling = { exponential = { mean = "5m" } }"#,
        "6:11",
        r#"no group serves `b`"#,
    ),
    (
        "too-many-arrivals",
        r#"rate = "60/h""#,
        r#"rate = "1000000/s""#,
        "3:2",
        r#"2e9"#,
    ),
    (
        "out-of-range",
        r#"rate = "60/h""#,
        r#"rate = "60/h"
busyness = -1"#,
        "5:12",
        r#"negative"#,
    ),
    (
        "no-contacts",
        r#"[contacts.a]
rate = "60/h"
handling = { exponential = { mean = "5m" } }
"#,
        "",
        "1:1",
        "[contacts.NAME]",
    ),
    (
        "syntax",
        r#"[groups.g]"#,
        "[groups.g]\nstaff = 4",
        "9:1",
        "duplicate key",
    ),
    ("syntax", "[run]", "\u{0}[run]", "1:1", ""),
    (
        "no-groups",
        r#"[groups.g]
skills = ["a"]
staff = 5
"#,
        r#"[groups]
"#,
        "6:2",
        r#"[groups.NAME]"#,
    ),
];

#[test]
fn each_problem_is_told_with_its_code_and_place() {
    let mut wrong = Vec::new();
    for (code, from, to, position, piece) in CASES {
        assert!(SMALL.contains(from), "{from}");
        let text = SMALL.replacen(from, to, 1);
        let problems = match with_files(text.as_bytes(), &[]) {
            Err(problems) => problems,
            Ok(_) => {
                wrong.push(format!("{code}: `{to}` is accepted"));
                continue;
            }
        };
        let [problem] = problems.list() else {
            wrong.push(format!("{code}: `{to}` gives\n{}", problems.render(false)));
            continue;
        };
        let at = problems
            .position(problem)
            .map(|(_, line, column)| format!("{line}:{column}"));
        let said = format!(
            "{} {}",
            problem.message,
            problem.help.as_deref().unwrap_or("")
        );
        if problem.code != *code || at.as_deref() != Some(*position) || !said.contains(piece) {
            wrong.push(format!(
                "{code} {position} {piece}: {} {at:?} {said}",
                problem.code
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_is_unique_and_has_a_case() {
    let elsewhere = ["not-utf8", "file-too-large", "set-path"];
    for (at, (code, _)) in CODES.iter().enumerate() {
        assert!(
            CODES[..at].iter().all(|(other, _)| other != code),
            "{code} is listed twice"
        );
        let covered = CASES.iter().any(|case| case.0 == *code) || elsewhere.contains(code);
        assert!(covered, "{code} has no case");
    }
    for (code, ..) in CASES {
        assert!(
            CODES.iter().any(|(known, _)| known == code),
            "{code} is not documented"
        );
    }
}

/// Code and position of each problem.
fn told(parsed: Result<Parsed, Problems>) -> Vec<String> {
    let problems = parsed.expect_err("the scenario has problems");
    let list = problems.list().iter();
    list.map(|problem| match problems.position(problem) {
        Some((label, line, column)) => format!("{} {label}:{line}:{column}", problem.code),
        None => problem.code.to_owned(),
    })
    .collect()
}

#[test]
fn all_problems_are_told_at_once_in_order_of_place() {
    let text = r#"
[run]
duration = 90
timzone = "UTC"
[contacts.a]
rate = "60/m"
profile = "day"
handling = { lognormal = { mean = 5, cv = "x" } }
[groups.g]
skills = { b = 1.0 }
staff = [{ from = "8:00", agents = -1 }, { agents = 3 }]
"#;
    assert_eq!(
        told(parsed(text, &[])),
        [
            "bare-number day.toml:3:12",
            "unknown-key day.toml:4:1",
            "invalid-rate day.toml:6:8",
            "unknown-profile day.toml:7:11",
            "bare-number day.toml:8:35",
            "wrong-type day.toml:8:43",
            "unknown-contact day.toml:10:12",
            "out-of-range day.toml:11:36",
            "missing-key day.toml:11:42",
        ]
    );
}

#[test]
fn keys_under_a_refused_key_are_not_told_again() {
    let text = format!("{SMALL}[options.x]\nnonsense.y = 1\n[options.x.z]\nw = inf_\n");
    assert_eq!(told(parsed(&text, &[])).len(), 1);
    let text = format!("{SMALL}[options.x]\nnonsense.y = 1\n");
    assert_eq!(told(parsed(&text, &[])), ["not-supported-yet day.toml:9:2"]);
}

#[test]
fn text_in_other_encodings_is_refused_with_its_line() {
    let problems = with_files(b"title = 1\ntitle2 = \"caf\xe9\"\n", &[]).unwrap_err();
    assert_eq!(problems.list()[0].code, "not-utf8");
    assert!(problems.list()[0].message.contains("byte 23, in line 2"));
    assert_eq!(
        told(with_files(b"extends = \"latin.toml\"\n", &[])),
        ["not-utf8 latin.toml:1:13"]
    );
}

#[test]
fn files_of_more_than_16_mib_are_refused() {
    let text = "#".repeat((16 << 20) + 1);
    assert_eq!(told(parsed(&text, &[])), ["file-too-large day.toml:1:1"]);
}

#[test]
fn a_file_is_laid_over_the_one_it_extends() {
    let text = r#"
extends = "base.toml"
[contacts.b]
daily = 10
handling = { fixed = { value = "1m" } }
[contacts.a]
daily = 500
handling = { fixed = { value = "1m" } }
[groups.g]
skills = ["b", "a"]
"#;
    let scenario = with_files(text.as_bytes(), &[]).unwrap().scenario;
    let names: Vec<&str> = scenario
        .contacts
        .iter()
        .map(|contact| contact.name.as_str())
        .collect();
    assert_eq!(names, ["a", "b"], "the base's contacts keep their position");
    assert_eq!(scenario.contacts[0].handling.as_ref().unwrap().mean(), 60.0);
    assert_eq!(scenario.groups[0].skills[0].contact, 1);
}

#[test]
fn problems_of_a_base_are_told_at_the_base() {
    let text = b"extends = \"base.toml\"\n[run]\nwarm_up = \"9h\"\n[groups.h]\nstaff = 1\n";
    assert_eq!(
        told(with_files(text, &[])),
        ["warm-up-too-long day.toml:3:11", "missing-key day.toml:4:9"]
    );
    let set = [Override::new("run.duration", "5")];
    assert_eq!(
        told(with_files(b"extends = \"base.toml\"\n", &set)),
        ["bare-number --set run.duration=5:1:14"]
    );
}

#[test]
fn overrides_replace_single_values() {
    let set = [
        ("groups.senior.staff", "7"),
        ("run.replications", "10"),
        ("run.timezone", "UTC"),
        ("contacts.order_status.rate.0.rate", "12/min"),
        ("contacts.\"promotion\".daily", "6000"),
        (
            "contacts.promotion.handling",
            "{ fixed = { value = \"1m\" } }",
        ),
        ("surges.coupons.decay", "1h"),
        ("bot.outages.0.length", "\"1h\""),
    ];
    let scenario = match parsed(FULL, &set) {
        Ok(parsed) => parsed.scenario,
        Err(problems) => panic!("{}", problems.render(false)),
    };
    assert_eq!(scenario.groups[1].staff, Steps::Constant(7));
    assert!(matches!(scenario.run.replications, Replications::Fixed(10)));
    assert_eq!(scenario.surges[1].decay, Decay::Linear(SimSpan::HOUR));
    assert_eq!(scenario.bot.outages[0].length, SimSpan::HOUR);
    let Demand::Rate(Steps::List(rates)) = &scenario.contacts[0].demand else {
        panic!("a list")
    };
    assert_eq!(rates[0].1, 0.2);
}

#[test]
fn problems_of_overrides_name_them() {
    for (path, value, expected) in [
        (
            "groups.g.staf",
            "3",
            "unknown-key --set groups.g.staf=3:1:10",
        ),
        (
            "groups.g.staff",
            "-3",
            "out-of-range --set groups.g.staff=-3:1:16",
        ),
        (
            "groups.g.staff.x",
            "3",
            "set-path --set groups.g.staff.x=3:1:16",
        ),
        (
            "groups.g.skills.4",
            "a",
            "set-path --set groups.g.skills.4=a:1:17",
        ),
        ("groups..staff", "3", "set-path --set groups..staff=3:1:1"),
        (
            "groups.\"g.staff",
            "3",
            "set-path --set groups.\"g.staff=3:1:1",
        ),
        ("", "3", "set-path --set =3:1:1"),
        (
            "groups.g.skills",
            "[\"a\"",
            "syntax --set groups.g.skills=[\"a\":1:21",
        ),
        (
            "extends",
            "base.toml",
            "set-path --set extends=base.toml:1:1",
        ),
        (
            "run.duration",
            "",
            "invalid-duration --set run.duration=:1:14",
        ),
    ] {
        assert_eq!(told(parsed(SMALL, &[(path, value)])), [expected]);
    }
}

#[test]
fn columns_of_data_files_are_read_and_their_bad_rows_told() {
    let law = |file| {
        format!("handling = {{ empirical = {{ file = \"{file}\", column = \"seconds\" }} }}")
    };
    let text = |file| SMALL.replace("handling = { exponential = { mean = \"5m\" } }", &law(file));
    let scenario = with_files(text("times.csv").as_bytes(), &[])
        .unwrap()
        .scenario;
    assert_eq!(scenario.contacts[0].handling.as_ref().unwrap().mean(), 60.0);
    assert_eq!(
        told(with_files(text("bad.csv").as_bytes(), &[])),
        ["invalid-data bad.csv:3:1", "invalid-data bad.csv:4:1"]
    );
    assert_eq!(
        told(with_files(text("none.csv").as_bytes(), &[])),
        ["file-unreadable day.toml:5:35"]
    );
}

#[test]
fn the_digest_is_of_what_the_file_says() {
    let digest = |text: &str, set: &[(&str, &str)]| parsed(text, set).unwrap().scenario.digest;
    let plain = digest(SMALL, &[]);
    assert_eq!(plain.len(), 16);
    let moved = r#"
groups.g = { staff = 5, skills = [ "a" ] } # five
contacts.a.handling.exponential.mean = '5m'
contacts.a.rate = "60/h"
[run]
duration = "8h"
"#;
    assert_eq!(digest(moved, &[]), plain);
    assert_eq!(digest(SMALL, &[("groups.g.staff", "5")]), plain);
    assert_ne!(digest(SMALL, &[("groups.g.staff", "6")]), plain);
    let extended = with_files(b"extends = \"base.toml\"\n", &[])
        .unwrap()
        .scenario
        .digest;
    assert_eq!(extended, plain);
}

#[test]
fn two_keys_that_disagree_are_both_shown() {
    let text = SMALL.replace("[contacts.a]", "[contacts.a]\ndaily = 7");
    let shown = parsed(&text, &[]).unwrap_err().render(false);
    for part in [
        "conflicting-keys",
        "day.toml:5:1",
        "4 | daily = 7",
        "`rate` is here",
    ] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
}
