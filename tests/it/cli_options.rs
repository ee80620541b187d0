//! `[options]` and `--option`: what-ifs of one file.

use crate::support::{SMALL, Simulate};

/// One good option and one with two mistakes.
const OPTIONS: &str = r#"
[options.temps]
title = "Two temps"
groups.temps = { staff = 2, skills = ["chat"] }

[options.wrong]
contacts.chat.rate = "90/m"
groups.team.skills = ["chat", "call"]
"#;

fn good() -> String {
    format!("{SMALL}{}", OPTIONS.split("[options.wrong]").next().unwrap())
}

#[test]
fn an_option_is_run_and_named() {
    let ran = Simulate::new().scenario(good()).args(["--option", "temps", "--quiet"]).ok();
    let head: Vec<&str> = ran.stdout.lines().take(2).collect();
    assert_eq!(head, ["Two temps", "2h · option temps · simulated 5 times"]);
    let next = "next: simulate run scenario.toml --option temps --json";
    assert!(ran.stdout.contains(next), "{}", ran.stdout);
}

#[test]
fn programs_are_told_which_option_it_was() {
    let run = |args: &[&str]| {
        let simulate = Simulate::new().scenario(good()).args(["--json"]);
        simulate.args(args.iter().copied()).ok().json()
    };
    let (plain, temps) = (run(&[]), run(&["--option", "temps"]));
    assert!(plain["scenario"].get("option").is_none());
    assert_eq!(temps["scenario"]["option"], "temps");
    assert_eq!(temps["scenario"]["title"], "Two temps");
    assert_ne!(plain["scenario"]["digest"], temps["scenario"]["digest"]);
    assert!(temps["groups"].get("temps").is_some());
    let arrivals = |report: &serde_json::Value| report["overall"]["arrivals"].clone();
    assert_eq!(arrivals(&plain), arrivals(&temps), "the same customers");
}

#[test]
fn validate_tells_all_problems_of_all_options() {
    let ran = Simulate::new().args(["validate", "s.toml"]).file("s.toml", good()).ok();
    assert!(ran.stdout.trim_end().ends_with(", 1 option"), "{}", ran.stdout);
    let both = format!("{SMALL}{OPTIONS}");
    let ran = Simulate::new()
        .args(["validate", "s.toml"])
        .file("s.toml", both.replace("staff = 4", "staff = -4"))
        .unusable();
    let titles: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("error")).collect();
    let place = |line: usize| format!("s.toml:{line}:");
    assert_eq!(titles.len(), 3, "{}", ran.stderr);
    assert!(titles[0].starts_with("error[out-of-range]"), "{titles:?}");
    assert!(titles[1].contains("option `wrong`: "), "{titles:?}");
    assert!(titles[2].contains("option `wrong`: "), "{titles:?}");
    for line in [16, 23, 24] {
        assert!(ran.stderr.contains(&place(line)), "{line}:\n{}", ran.stderr);
    }
}

#[test]
fn a_run_does_not_mind_the_options_it_does_not_use() {
    let both = format!("{SMALL}{OPTIONS}");
    Simulate::new().scenario(&both).ok();
    Simulate::new().scenario(&both).args(["--option", "temps"]).ok();
    let ran = Simulate::new().scenario(&both).args(["--option", "wrong"]).unusable();
    assert_eq!(ran.stderr.matches("error[").count(), 2, "{}", ran.stderr);
}

#[test]
fn a_misspelt_option_is_refused_with_the_nearest_name() {
    let ran = Simulate::new()
        .args(["--option", "tems", "run", "s.toml"])
        .file("s.toml", good())
        .unusable();
    assert!(ran.stderr.contains("unknown-option"), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `temps`?"), "{}", ran.stderr);
}
