//! No output replaces a file that is read, or another output, whatever their names.

use crate::support::{Ran, SMALL, Simulate};

/// A folder with a scenario that extends another and replays a log.
fn files() -> Simulate {
    let log = "at,handling\n60,60\n120,90\n";
    let own = format!(
        "extends = \"base.toml\"\nexpect = [\"wait.mean <= 1h\"]\n\
         [plan]\nmeet = [\"abandonment_rate <= 50%\"]\n{}",
        "[contacts.log]\nrecorded = { file = \"log.csv\", time = \"at\", handling = \"handling\" }\n\
         [groups.log]\nskills = [\"log\"]\nstaff = 1\n"
    );
    Simulate::new()
        .file("s.toml", own)
        .file("base.toml", SMALL)
        .file("log.csv", log)
        .file("csv/intervals.csv", "mine\n")
        .file("past/s.json", "{}")
}

fn refused(args: &[&str], kept: &str) -> Ran {
    let simulate = files();
    let before = std::fs::read_to_string(simulate.folder().join(kept)).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("s.toml", simulate.folder().join("link.toml")).unwrap();
    let ran = simulate.args(args.iter().copied()).unusable();
    assert_eq!(ran.read(kept), before, "{args:?}");
    ran
}

#[test]
fn what_a_command_reads_is_never_replaced() {
    for (args, kept) in [
        (&["run", "s.toml", "--html", "./s.toml"][..], "s.toml"),
        (&["run", "s.toml", "--html", "csv/../base.toml"], "base.toml"),
        (&["run", "s.toml", "--trace", "log.csv"], "log.csv"),
        (&["check", "s.toml", "--junit", "./s.toml"], "s.toml"),
        (&["plan", "s.toml", "--out", "s.toml"], "s.toml"),
        (&["plan", "s.toml", "--out", "base.toml"], "base.toml"),
        (&["sweep", "s.toml", "--vary", "groups.team.staff=3,4", "--resume", "s.toml"], "s.toml"),
    ] {
        let ran = refused(args, kept);
        assert!(ran.stderr.contains("is read by this run"), "{args:?}: {}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn links_and_absolute_paths_are_seen_through() {
    let ran = refused(&["run", "s.toml", "--html", "link.toml"], "s.toml");
    assert!(ran.stderr.contains("which is `s.toml`"), "{}", ran.stderr);
    let ran = refused(&["run", "link.toml", "--trace", "s.toml"], "s.toml");
    assert!(ran.stderr.contains("is read by this run"), "{}", ran.stderr);
    let simulate = files();
    let path = simulate.folder().join("s.toml").display().to_string();
    let ran = simulate.args(["run", "s.toml", "--html", path.as_str()]).unusable();
    assert!(ran.stderr.contains("is read by this run"), "{}", ran.stderr);
}

#[test]
fn two_outputs_have_two_files() {
    for args in [
        &["run", "s.toml", "--html", "csv/intervals.csv", "--csv", "csv"][..],
        &["run", "s.toml", "--trace", "csv/new", "--html", "./csv/new"],
        &["check", "s.toml", "--baseline", "past", "--update", "--junit", "past/./s.json"],
    ] {
        let ran = refused(args, "csv/intervals.csv");
        assert!(ran.stderr.contains("is an output already"), "{args:?}: {}", ran.stderr);
        assert_eq!(ran.read("past/s.json"), "{}", "{args:?}");
    }
}

#[test]
fn a_baseline_that_is_compared_with_is_not_replaced() {
    let stored = files().args(["check", "s.toml", "--baseline", "past", "--update"]).ok();
    let past = stored.read("past/s.json");
    let ran = files()
        .file("past/s.json", &past)
        .args(["check", "s.toml", "--baseline", "past", "--junit", "past/s.json"])
        .unusable();
    assert_eq!(ran.read("past/s.json"), past);
}
