//! The first Ctrl-C ends what waits or checks for long, before anything is simulated.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::support::{SMALL, Simulate};

const MOMENT: Duration = Duration::from_millis(20);

/// Waits until the program listens to Ctrl-C: the second bit of the signals that it catches.
fn listens(child: &Child) {
    let is_listening = || {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        u64::from_str_radix(caught.unwrap().trim(), 16).unwrap() & 2 != 0
    };
    while !is_listening() {
        sleep(MOMENT);
    }
    // It goes on to what it is to be interrupted in.
    sleep(10 * MOMENT);
}

/// Interrupts a run once and gives its status; killed when that takes more than ten seconds, which
/// even a busy machine does not need.
fn interrupted(mut child: Child) -> Option<i32> {
    listens(&child);
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    for _ in 0..500 {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        sleep(MOMENT);
    }
    child.kill().unwrap();
    None
}

fn start(simulate: &Simulate, args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_simulate"));
    command.args(args).current_dir(simulate.folder());
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

#[test]
fn waiting_for_standard_input_or_a_pipe_ends_at_the_first_signal() {
    let folder = Simulate::new();
    let pipe = folder.folder().join("pipe.toml");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for args in [
        &["run", "-"][..],
        &["run", "pipe.toml"],
        &["validate", "-"],
        &["check", "pipe.toml"],
        &["compare", "-"],
        &["plan", "-"],
        &["sweep", "-", "--vary", "groups.team.staff=3,4"],
    ] {
        assert_eq!(interrupted(start(&folder, args)), Some(130), "{args:?}");
    }
}

#[test]
fn checking_thousands_of_options_ends_at_the_first_signal() {
    let options: Vec<String> =
        (1..3000).map(|at| format!("[options.o{at}]\ngroups.team.staff = {at}\n")).collect();
    let options = options.concat();
    let folder = Simulate::new().file("s.toml", format!("{SMALL}{options}"));
    assert_eq!(interrupted(start(&folder, &["validate", "s.toml"])), Some(130));
    assert_eq!(interrupted(start(&folder, &["compare", "s.toml"])), Some(130));
}
