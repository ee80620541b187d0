//! `simulate FILE` and `simulate run FILE`: arguments, streams, files, exit status.

use std::io::{BufRead as _, BufReader};

use crate::support::{SMALL, Simulate};

const HEADER: &str = "replication,contact,attempt,type,priority,arrived,queued,answered,ended,\
                      outcome,group,wait,handling,wrap_up";

#[test]
fn the_short_form_and_run_say_the_same() {
    let report = |args: &[&str]| {
        let ran = Simulate::new().file("s.toml", SMALL).args(args).ok();
        assert_eq!(ran.stderr, "");
        // All but the line with the time it took.
        ran.stdout.lines().filter(|line| !line.contains(" events")).map(str::to_owned).collect()
    };
    let short: Vec<String> = report(&["s.toml"]);
    assert_eq!(short, report(&["run", "s.toml"]));
    assert_eq!(short[0], "Two hours");
    assert_eq!(short.last().unwrap(), "next: simulate run s.toml --json");
}

#[test]
fn without_arguments_help_is_shown_as_an_error() {
    let ran = Simulate::new().unusable();
    assert!(ran.stderr.contains("Usage: simulate [OPTIONS] <FILE>..."), "{}", ran.stderr);
}

#[test]
fn help_and_version_are_results() {
    let help = Simulate::new().args(["--help"]).ok();
    assert!(help.stdout.contains("simulate peak.toml --json > peak.json"), "{}", help.stdout);
    for args in [&["--help"][..], &["-h"], &["run", "--help"], &["completions", "--help"]] {
        let help = Simulate::new().args(args).env("COLUMNS", "200").ok().stdout;
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
    }
    let version = Simulate::new().args(["--version"]).ok();
    assert_eq!(version.stdout, format!("simulate {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_file_that_is_not_there_is_named_and_a_mistyped_command_guessed() {
    let ran = Simulate::new().args(["none.toml"]).unusable();
    assert!(ran.stderr.starts_with("error: cannot read `none.toml`:"), "{}", ran.stderr);
    let ran = Simulate::new().file("s.toml", SMALL).args(["vaildate", "s.toml"]).unusable();
    assert!(ran.stderr.contains("did you mean the command `validate`?"), "{}", ran.stderr);
}

#[test]
fn nothing_is_simulated_unless_all_files_are_good() {
    let ran = Simulate::new()
        .scenario(SMALL)
        .file("bad.toml", "= oops")
        .args(["bad.toml", "none.toml"])
        .unusable();
    assert!(ran.stderr.contains("bad.toml") && ran.stderr.contains("none.toml"), "{}", ran.stderr);
}

#[test]
fn a_folder_and_what_has_no_end_are_no_scenarios() {
    for path in ["/", "/dev/zero"] {
        let ran = Simulate::new().args([path]).unusable();
        assert!(ran.stderr.contains(&format!("cannot read `{path}`")), "{}", ran.stderr);
    }
}

#[test]
fn a_scenario_may_come_from_standard_input() {
    let ran = Simulate::new().args(["-"]).stdin(SMALL).ok();
    assert!(ran.stdout.starts_with("Two hours\n"));
    assert!(!ran.stdout.contains("next: "), "it cannot be read again");
    let json = Simulate::new().args(["-", "--json", "--quiet"]).stdin(SMALL).ok().json();
    assert_eq!(json["scenario"]["file"], "-");
    Simulate::new().args(["-", "-"]).stdin(SMALL).unusable();
}

#[test]
fn extends_is_found_beside_the_file_that_names_it() {
    let ran = Simulate::new()
        .file("deep/base.toml", SMALL)
        .file("deep/peak.toml", "extends = \"base.toml\"\ntitle = \"Peak\"")
        .args(["deep/peak.toml"])
        .ok();
    assert!(ran.stdout.starts_with("Peak\n"));
    let ran = Simulate::new()
        .file("base.toml", SMALL)
        .args(["-"])
        .stdin("extends = \"base.toml\"\ntitle = \"Piped\"")
        .ok();
    assert!(ran.stdout.starts_with("Piped\n"));
}

#[test]
fn overrides_count_before_and_after_the_command() {
    let ran = Simulate::new()
        .file("s.toml", SMALL)
        .args(["--set", "title=Other", "--seed", "7", "run", "s.toml", "--seed", "8"])
        .ok();
    assert!(ran.stdout.starts_with("Other\n") && ran.stdout.contains("seed 8"), "{}", ran.stdout);
}

#[test]
fn one_file_makes_one_document_and_several_a_list() {
    let one = Simulate::new().scenario(SMALL).args(["--json", "-q"]).ok().json();
    assert_eq!(one["report"], 1);
    assert_eq!(one["scenario"]["file"], "scenario.toml");
    assert_eq!(one["run"]["replications"], 5);
    let two = Simulate::new()
        .scenario(SMALL)
        .file("b.toml", SMALL)
        .args(["b.toml", "--json", "-q"])
        .ok()
        .json();
    assert_eq!(two[1]["scenario"]["file"], "b.toml");
    assert_eq!(two.as_array().unwrap().len(), 2);
}

#[test]
fn color_is_for_terminals_unless_it_is_asked_for() {
    let stdout = |args: &[&str], color: &'static str| {
        Simulate::new().scenario(SMALL).args(args).env("NO_COLOR", color).ok().stdout
    };
    assert!(!stdout(&[], "").contains('\u{1b}'), "a pipe is no terminal");
    assert!(stdout(&["--color", "always"], "").contains('\u{1b}'));
    assert!(!stdout(&["--color", "never"], "").contains('\u{1b}'));
    assert!(!stdout(&[], "1").contains('\u{1b}'));
    assert!(stdout(&["--color", "always"], "1").contains('\u{1b}'), "asked for by name");
    let ran = Simulate::new().args(["none.toml", "--color", "always"]).unusable();
    assert!(ran.stderr.contains('\u{1b}'));
}

#[test]
fn a_locale_without_utf8_gets_plain_characters() {
    let plain = Simulate::new().scenario(SMALL).env("LC_ALL", "C").ok();
    assert!(plain.stdout.is_ascii(), "{}", plain.stdout);
    let rich = Simulate::new().scenario(SMALL).ok();
    assert!(rich.stdout.contains('─'));
}

#[test]
fn the_trace_is_a_file_or_takes_the_place_of_the_report() {
    let ran = Simulate::new().scenario(SMALL).args(["--trace", "t.csv"]).ok();
    assert!(ran.stdout.starts_with("Two hours\n"));
    let trace = ran.read("t.csv");
    assert_eq!(trace.lines().next(), Some(HEADER));
    assert!(trace.lines().skip(1).all(|row| row.starts_with("1,")));
    assert_eq!(ran.files().len(), 2, "nothing else stays behind");
    let printed = Simulate::new().scenario(SMALL).args(["--trace", "-"]).ok();
    assert_eq!(printed.stdout, trace);
    let more = Simulate::new()
        .scenario(SMALL)
        .args(["--trace", "t.csv", "--trace-replications", "2"])
        .ok();
    assert!(more.read("t.csv").starts_with(&trace), "one replication does not change another");
    assert!(more.read("t.csv").lines().any(|row| row.starts_with("2,")));
}

#[test]
fn a_trace_that_cannot_be_written_is_noticed_before_the_simulation() {
    for path in ["no/such/folder.csv", "."] {
        let ran = Simulate::new().scenario(SMALL).args(["--trace", path]).unfinished();
        assert_eq!(ran.stdout, "");
        assert!(ran.stderr.contains("cannot write `"), "{}", ran.stderr);
        assert_eq!(ran.files().len(), 1, "nothing half-written");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_that_names_the_file() {
    let ran = Simulate::new().scenario(SMALL).args(["--trace", "/dev/full"]).unfinished();
    assert!(ran.stderr.contains("cannot write `/dev/full`: No space left"), "{}", ran.stderr);
}

#[test]
fn a_reader_that_leaves_ends_the_program_quietly() {
    for args in [&["--trace", "-", "--trace-replications", "300"][..], &["--json"], &[]] {
        let simulate = Simulate::new().scenario(SMALL).args(args);
        let mut child = simulate.start();
        let stdout = child.stdout.take().unwrap();
        if args.contains(&"-") {
            let mut line = String::new();
            BufReader::with_capacity(64, stdout).read_line(&mut line).unwrap();
            assert!(line.starts_with("replication,"), "{line}");
        } else {
            drop(stdout);
        }
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {stderr}");
        assert!(!stderr.contains("error") && !stderr.contains("panicked"), "{stderr}");
    }
}

#[test]
fn warnings_beside_json_are_wrapped() {
    let ran = Simulate::new().scenario(SMALL).args(["--json", "--replications", "2"]).ok();
    assert!(ran.stderr.contains("warning: scenario.toml: "), "{}", ran.stderr);
    assert!(ran.stderr.lines().all(|line| line.chars().count() <= 80), "{}", ran.stderr);
}

#[test]
fn what_contradicts_itself_is_refused() {
    for (args, message) in [
        (&["a", "run", "b"][..], "'a' cannot stand before a command"),
        (&["--trace", "t", "run", "b"], "--trace cannot stand before a command"),
        (&["a", "b", "--trace", "t"], "one scenario at a time"),
        (&["a", "--trace", "-", "--json"], "standard output"),
        (&["a", "--replications", "0"], "0 is not in 1.."),
        (&["a", "--replications", "-1"], "-1 is not in 1..=1000000"),
        (&["a", "--seed", "-1"], "-1 is not in 0..=9223372036854775807"),
        (&["a", "--threads", "0"], "0 is not in 1.."),
        (&["a", "--set", "x"], "write PATH=VALUE"),
        (&["a", "--colour", "never"], "--color"),
    ] {
        let ran = Simulate::new().args(args.iter().copied()).unusable();
        assert!(ran.stderr.contains(message), "{args:?}: {}", ran.stderr);
    }
}
