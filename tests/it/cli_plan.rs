//! `simulate plan`: what it finds, what it writes, and what it says when nothing can be found.

use serde_json::Value;

use super::support::Simulate;

/// Four hours, twice as busy in the second half.
const DAY: &str = r#"
title = "Four hours"
[run]
duration = "4h"
drain = "1h"
interval = "30m"
seed = 5
[contacts.call]
rate = [{ from = "0s", rate = "60/h" }, { from = "2h", rate = "120/h" }]
patience = { exponential = { mean = "5m" } }
handling = { exponential = { mean = "6m" } }
[groups.team]
skills = ["call"]
staff = 10
shrinkage = 0.2
cost_per_hour = 30
[plan]
meet = ["service_level >= 80% in every 30m", "abandonment_rate <= 6%"]
"#;

fn plan(scenario: &str, args: &[&str]) -> Simulate {
    let fixed = ["plan", "scenario.toml", "--json", "--replications", "1500"];
    Simulate::new().file("scenario.toml", scenario).args(fixed.iter().chain(args).copied())
}

fn cost(plan: &Value) -> f64 {
    plan["cost"].as_f64().unwrap()
}

#[test]
fn a_plan_says_whether_the_days_that_verify_it_made_its_last_changes() {
    // On these days the plan that was found is good as it is; on those agents go or come.
    let others = DAY.replace("seed = 5", "seed = 2");
    for (scenario, is_fitted) in [(DAY, false), (others.as_str(), true)] {
        let found = plan(scenario, &[]).ok().json();
        assert_eq!(found["verified"]["fitted"], is_fitted);
        let text = Simulate::new()
            .file("scenario.toml", scenario)
            .args(["plan", "scenario.toml", "--replications", "1500"])
            .ok()
            .stdout;
        let says = text.contains("that only the last changes were made by");
        assert_eq!(says, is_fitted, "{text}");
        assert_eq!(text.contains("that the search never saw"), !is_fitted);
    }
}

#[test]
fn people_who_cost_nothing_are_staffed_all_the_same() {
    let found = plan(&DAY.replace("cost_per_hour = 30", "cost_per_hour = 0"), &[]).ok();
    assert_eq!(found.json()["promises"][0]["verdict"], "met");
}

#[test]
fn whoever_never_gives_up_gets_agents_for_promises_over_the_day() {
    // 6 and 12 erlangs: with fewer agents queues grow all day, and no agent more seems to help.
    let patient = DAY
        .replace("patience = { exponential = { mean = \"5m\" } }\n", "")
        .replace("shrinkage = 0.2\n", "");
    for promise in ["service_level >= 80%", "wait.mean <= 30s in 90% of days"] {
        let meet = format!("meet = [\"{promise}\"]");
        let scenario = patient.replace(
            "meet = [\"service_level >= 80% in every 30m\", \"abandonment_rate <= 6%\"]",
            &meet,
        );
        assert!(scenario.contains(&meet));
        let found = plan(&scenario, &[]).ok().json();
        assert_eq!(found["promises"][0]["verdict"], "met", "{promise}");
        let staff = found["groups"]["team"]["staff"].as_array().unwrap();
        let agents = |step: &Value| step["agents"].as_u64().unwrap();
        assert!(staff.iter().map(agents).max() < Some(30), "{staff:?}");
    }
}

#[test]
fn a_plan_is_verified_and_can_be_run_with_the_same_figures() {
    let ran = plan(DAY, &["--out", "planned.toml"]).ok();
    let found = ran.json();
    assert_eq!(found["plan"], 1);
    assert_eq!(found["feasible"], true);
    assert_eq!(found["promises"][0]["verdict"], "met");
    assert_eq!(found["promises"][1]["verdict"], "met");
    let (bound, gap) = (found["bound"].as_f64().unwrap(), found["gap"].as_f64().unwrap());
    assert!(bound <= cost(&found) && gap < 0.25, "{bound} of {}", cost(&found));
    let written = ran.read("planned.toml");
    let again = Simulate::new()
        .file("scenario.toml", DAY)
        .file("planned.toml", written)
        .args(["run", "planned.toml", "--json"])
        .ok()
        .json();
    assert_eq!(again["run"]["seed"], found["verified"]["seed"]);
    let run_cost = again["groups"]["team"]["cost"]["value"].as_f64().unwrap();
    assert!((run_cost - cost(&found)).abs() < 1e-6, "{run_cost}");
    let worst = &found["promises"][0];
    let at = worst["where"].as_f64().unwrap();
    let intervals = again["intervals"].as_array().unwrap();
    let interval = intervals.iter().find(|one| one["start"] == at).unwrap();
    for end in ["value", "low", "high"] {
        let run = interval["overall"]["service_level"][end].as_f64().unwrap();
        let told = worst["worst"][end].as_f64().unwrap();
        assert!((run - told).abs() < 1e-9, "{end}: {run} {told}");
    }
    let lost = again["overall"]["abandonment_rate"]["value"].as_f64().unwrap();
    let told = found["promises"][1]["worst"]["value"].as_f64().unwrap();
    assert!((lost - told).abs() < 1e-9, "{lost} {told}");
}

#[test]
fn formulas_are_told_with_what_they_would_have_bought() {
    let found = plan(DAY, &[]).ok().json();
    for rule in ["erlang_c", "erlang_a", "offered_load", "square_root"] {
        let sheet = &found["analytic"][rule];
        assert!(cost(sheet) > 0.5 * cost(&found), "{rule}: {sheet}");
        assert_eq!(sheet["promises"][0]["places"], 8, "{rule}");
    }
    // Erlang C knows of nobody who gives up: it buys more than Erlang A.
    assert!(cost(&found["analytic"]["erlang_c"]) > cost(&found["analytic"]["erlang_a"]));
}

#[test]
fn the_plan_is_the_same_for_any_number_of_threads() {
    let timeless = |threads: &str| {
        let mut found = plan(DAY, &["--threads", threads]).ok().json();
        found["searched"]["seconds"] = Value::Null;
        found
    };
    assert_eq!(timeless("1"), timeless("3"));
}

#[test]
fn what_cannot_be_kept_is_named_with_the_nearest_that_can() {
    let bounded = format!("{DAY}bounds = {{ team = {{ at_most = 14 }} }}\n");
    let ran = plan(&bounded, &["--out", "planned.toml"]).run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let found = ran.json();
    assert_eq!(found["feasible"], false);
    let row = &found["infeasible"][0];
    assert_eq!(row["text"], "service_level >= 80% in every 30m");
    assert!(row["where"].as_f64().unwrap() >= 7200.0, "{row}");
    let nearest = row["nearest"].as_f64().unwrap();
    assert!(nearest > 0.2 && nearest < 0.8, "{nearest}");
    assert!(ran.stderr.contains("`planned.toml` was not written"), "{}", ran.stderr);
    let text = Simulate::new()
        .file("scenario.toml", &bounded)
        .args(["plan", "scenario.toml", "--replications", "300"])
        .run();
    assert_eq!(text.code, 1);
    assert!(text.stdout.contains("No staffing within the bounds"), "{}", text.stdout);
    assert!(text.stdout.contains("WHAT CANNOT BE KEPT"), "{}", text.stdout);
}

#[test]
fn the_text_fits_a_terminal_and_shows_every_step() {
    for locale in ["C", "C.UTF-8"] {
        let ran = Simulate::new()
            .file("scenario.toml", DAY)
            .args(["plan", "scenario.toml", "--replications", "1500"])
            .env("LC_ALL", locale)
            .ok();
        for line in ran.stdout.lines() {
            assert!(line.chars().count() <= 80, "{line}");
            assert!(locale != "C" || line.is_ascii(), "{line}");
        }
        for time in ["00:00", "00:30", "03:30", "1 run in 20", "Every promise is met"] {
            assert!(ran.stdout.contains(time), "{time} in\n{}", ran.stdout);
        }
    }
}

#[test]
fn a_missing_plan_and_misspelt_promises_are_bad_usage() {
    let without = DAY.split("[plan]").next().unwrap();
    let ran = plan(without, &[]).unusable();
    assert!(ran.stderr.contains("there is no `[plan]`"), "{}", ran.stderr);
    let wrong = DAY.replace("service_level >=", "servicelevel >=");
    let ran = plan(&wrong, &[]).unusable();
    assert!(ran.stderr.contains("service_level"), "{}", ran.stderr);
}

#[test]
fn shifts_cover_the_day_and_can_be_run() {
    let head = DAY.split("[plan]").next().unwrap();
    let shifts = format!(
        "{head}[plan]\nmeet = [\"service_level >= 75% in every 30m\"]\n\
         [[plan.shifts]]\nname = \"long\"\nstarts = {{ from = \"0s\", to = \"2h\" }}\nlength = \"2h\"\n\
         [[plan.shifts]]\nname = \"short\"\nstarts = {{ from = \"0s\", to = \"3h\" }}\nlength = \"1h\"\n\
         breaks = [{{ after = \"15m\", length = \"15m\", paid = false }}]\n"
    );
    let ran = plan(&shifts, &["--out", "planned.toml"]).ok();
    let found = ran.json();
    let list = found["groups"]["team"]["shifts"].as_array().unwrap();
    assert!(!list.is_empty());
    // Paid hours: a short shift has an unpaid quarter.
    let hours = |shift: &Value| {
        let paid = if shift["name"] == "short" { 0.75 } else { 2.0 };
        paid * shift["agents"].as_f64().unwrap()
    };
    let paid: f64 = list.iter().map(hours).sum();
    assert!((paid * 30.0 - cost(&found)).abs() < 1e-6, "{paid} h, {}", cost(&found));
    let again = Simulate::new()
        .file("scenario.toml", &shifts)
        .file("planned.toml", ran.read("planned.toml"))
        .args(["run", "planned.toml", "--json"])
        .ok()
        .json();
    let worst = &found["promises"][0];
    let at = worst["where"].as_f64().unwrap();
    let intervals = again["intervals"].as_array().unwrap();
    let interval = intervals.iter().find(|one| one["start"] == at).unwrap();
    let run = interval["overall"]["service_level"]["value"].as_f64().unwrap();
    let told = worst["worst"]["value"].as_f64().unwrap();
    assert!((run - told).abs() < 1e-9, "{run} {told}");
}

#[test]
fn the_question_turned_round_finds_the_fewest_agents_and_the_largest_rate() {
    let steady = DAY.replace(
        r#"rate = [{ from = "0s", rate = "60/h" }, { from = "2h", rate = "120/h" }]"#,
        r#"rate = "90/h""#,
    );
    let find = |path: &str| plan(&steady, &["--find", path]).ok().json();
    let keeps = |set: String| {
        let code = plan(&steady, &["--set", &set, "--find", "run.drain"]).run();
        code.json()["keeps"].as_str().unwrap().to_owned()
    };
    let staff = find("groups.team.staff");
    assert_eq!((&staff["find"], &staff["keeps"]), (&1.into(), &"above".into()));
    let value = staff["value"].as_f64().unwrap();
    assert_eq!(keeps(format!("groups.team.staff={value}")), "always");
    assert_eq!(keeps(format!("groups.team.staff={}", value - 1.0)), "never");
    let rate = find("contacts.call.rate");
    assert_eq!((&rate["keeps"], &rate["monotone"]), (&"below".into(), &true.into()));
    assert!(rate["high"].as_f64().unwrap() / rate["low"].as_f64().unwrap() < 1.002);
    let ran = plan(&steady, &["--find", "title"]).unusable();
    assert!(ran.stderr.contains("no number stands there"), "{}", ran.stderr);
}

#[test]
fn a_search_out_of_time_still_gives_a_verified_plan() {
    let ran = plan(DAY, &["--time-limit", "20ms"]).run();
    let found = ran.json();
    assert_eq!(found["partial"], true);
    assert!(
        ["met", "undecided", "missed"].contains(&found["promises"][0]["verdict"].as_str().unwrap())
    );
    assert!(cost(&found) > 0.0);
}

/// A day takes a minute here, so that nothing can be verified.
#[test]
fn a_day_that_takes_longer_than_the_time_limit_is_cut_off() {
    let args = ["plan", "scenario.toml", "--time-limit", "1s"];
    let ran = Simulate::new().file("scenario.toml", DAY_OF_MILLIONS).args(args).run();
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(ran.stderr.contains("no plan could be verified in that time"), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
}

const DAY_OF_MILLIONS: &str = r#"
[run]
duration = "24h"
[contacts.a]
rate = "3000000/h"
patience = { exponential = { mean = "3m" } }
handling = { exponential = { mean = "3m" } }
[groups.g]
skills = ["a"]
staff = 150000
[plan]
meet = ["abandonment_rate <= 5%"]
"#;

/// Two types, a group of specialists for each, and dearer agents who serve both.
const THREE_GROUPS: &str = r#"
[run]
duration = "1h"
interval = "1h"
[contacts.a]
rate = "90/h"
handling = { exponential = { mean = "2m" } }
patience = { exponential = { mean = "2m" } }
[contacts.b]
rate = "20/h"
handling = { exponential = { mean = "5m" } }
patience = { exponential = { mean = "2m" } }
[groups.ga]
skills = ["a"]
staff = 1
cost_per_hour = 20
[groups.gb]
skills = ["b"]
staff = 1
cost_per_hour = 20
[groups.gx]
skills = ["a", "b"]
staff = 1
cost_per_hour = 30
[plan]
meet = ["contacts.a.service_level >= 90%", "contacts.b.service_level >= 60%"]
step = "1h"
"#;

#[test]
fn two_generalists_are_exchanged_for_two_specialists_at_once() {
    // On 12,000 days five and two specialists keep both promises; nothing cheaper does.
    let found = plan(THREE_GROUPS, &[]).ok().json();
    assert!((cost(&found) - 140.0).abs() < 1e-6, "{}", found["groups"]);
}

#[test]
fn a_name_that_begins_with_another_name_and_a_dot_is_told_from_it() {
    let head = DAY.split("[groups.team]").next().unwrap();
    let scenario = format!(
        "{head}[contacts.\"call.vip\"]\nrate = \"20/h\"\n\
         patience = {{ exponential = {{ mean = \"5m\" }} }}\n\
         handling = {{ exponential = {{ mean = \"6m\" }} }}\n\
         [groups.team]\nskills = [\"call\", \"call.vip\"]\nstaff = 10\ncost_per_hour = 30\n\
         [plan]\nmeet = [\"contacts.call.vip.service_level >= 0.8\"]\nstep = \"4h\"\n"
    );
    let found = plan(&scenario, &[]).ok().json();
    assert_eq!(found["promises"][0]["verdict"], "met");
}

#[test]
fn an_hour_that_no_shift_covers_is_named_before_any_search() {
    let scenario = r#"
run = { start = 2026-03-02T00:00:00, duration = "24h", interval = "1h" }
[contacts.c]
rate = [
  { from = "00:00", rate = "0/h" }, { from = "03:00", rate = "20/h" },
  { from = "04:00", rate = "0/h" }, { from = "08:00", rate = "60/h" },
  { from = "18:00", rate = "0/h" },
]
patience = { exponential = { mean = "3m" } }
handling = { exponential = { mean = "4m" } }
[groups.a]
skills = ["c"]
staff = 5
cost_per_hour = 1
[plan]
meet = ["service_level >= 80% in every 1h"]
[[plan.shifts]]
name = "day"
length = "8h"
starts = { from = "08:00", to = "10:00", every = "1h" }
"#;
    let ran = plan(scenario, &[]).run();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("on duty from 03:00 to 04:00"), "{}", ran.stderr);
    assert!(ran.stderr.contains("`c`"), "{}", ran.stderr);
}

#[test]
fn what_formulas_would_have_bought_is_told_in_the_unit_of_the_promise() {
    // From empty, the 95th percentile with the 4 agents of Erlang C is 70 s.
    let scenario = r#"
[run]
duration = "1h"
[contacts.chat]
rate = "60/h"
handling = { exponential = { mean = "2m" } }
[groups.g]
skills = ["chat"]
staff = 5
[plan]
meet = ["wait.p95 <= 20s"]
step = "1h"
"#;
    let found = plan(scenario, &[]).ok().json();
    let row = &found["analytic"]["erlang_c"]["promises"][0];
    let worst = row["worst"].as_f64().unwrap();
    assert!((60.0..80.0).contains(&worst), "{row}");
    assert_eq!(row["missed_places"], 1, "{row}");
}

#[test]
fn days_that_are_all_alike_need_no_error_margin() {
    // Three contacts at one moment: with two agents one of them gives up, on every day.
    let scenario = |promise: &str| {
        format!(
            "run = {{ duration = \"1h\", interval = \"1h\" }}\n\
             [contacts.c]\nrecorded = {{ file = \"three.csv\", time = \"t\", handling = \"h\" }}\n\
             patience = {{ fixed = {{ value = \"5m\" }} }}\n\
             [groups.a]\nskills = [\"c\"]\nstaff = 3\ncost_per_hour = 1\n\
             [plan]\nmeet = [\"{promise}\"]\nstep = \"1h\"\n"
        )
    };
    for promise in ["service_level >= 100%", "abandonment_rate <= 0%", "service_level >= 99%"] {
        let log = "t,h\n600,3500\n600,3500\n600,3500\n";
        let found = plan(&scenario(promise), &[]).file("three.csv", log);
        let found = found.ok().json();
        assert!((cost(&found) - 3.0).abs() < 1e-6, "{promise}: {}", found["groups"]);
        assert_eq!(found["bound"], Value::Null, "a log has no certificate");
    }
}
