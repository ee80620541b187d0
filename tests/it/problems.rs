//! One tiny bad scenario per problem code: code, place and message.

use surgecast::scenario::{Files, NoFiles, Override, Parsed, Problems, Source, parse};

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
