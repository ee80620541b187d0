//! An error of the program ends every command with status 3 and a message, and nothing hangs.

use std::time::{Duration, Instant};

use crate::support::{SMALL, Simulate};

/// A scenario that every command can take.
fn scenario() -> String {
    format!(
        "expect = [\"wait.mean <= 1h\"]\n{SMALL}\n[plan]\nmeet = [\"abandonment_rate <= 50%\"]\n\
         [options.more]\ngroups.team.staff = 5\n"
    )
}

const COMMANDS: &[&[&str]] = &[
    &["run", "s.toml"],
    &["run", "s.toml", "--threads", "1"],
    &["run", "s.toml", "--json", "--threads", "4"],
    &["compare", "s.toml"],
    &["check", "s.toml"],
    &["sweep", "s.toml", "--vary", "groups.team.staff=3,4", "--threads", "2"],
    &["plan", "s.toml"],
    &["plan", "s.toml", "--find", "groups.team.staff"],
];

fn assert_told(place: &'static str, args: &[&str]) {
    #[expect(clippy::disallowed_methods, reason = "a hang is what this is about")]
    let started = Instant::now();
    let simulate = Simulate::new().file("s.toml", scenario()).args(args.iter().copied());
    let ran = simulate.env("SIMULATE_PANIC", place).run();
    assert_eq!(ran.code, 3, "{args:?}: {}", ran.stderr);
    assert!(ran.stderr.contains("an error of this program"), "{args:?}: {}", ran.stderr);
    assert!(
        ran.stderr.contains("progress.rs") || ran.stderr.contains("panics.rs"),
        "{}",
        ran.stderr
    );
    assert!(started.elapsed() < Duration::from_secs(60), "{args:?}");
    assert_eq!(ran.files().len(), 1, "{args:?} left {:?}", ran.files());
}

#[test]
fn a_panic_while_something_is_simulated_ends_the_command() {
    for args in COMMANDS {
        assert_told("progress", args);
    }
}

#[test]
fn a_panic_on_the_first_thread_ends_the_command() {
    for args in COMMANDS.iter().copied().chain([&["validate", "s.toml"][..], &["schema"]]) {
        assert_told("start", args);
    }
}
