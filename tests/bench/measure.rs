//! How costs are taken: CPU time in pairs, instructions, memory.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Pairs whose median counts.
const PAIRS: usize = 9;
/// Least CPU seconds of one side of a pair: the clock ticks a hundred times a second.
const LEAST: f64 = 0.6;

/// The cost of two ways to do a thing, taken in turns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paired {
    /// CPU seconds a contact of the first, median.
    pub(crate) first: f64,
    /// CPU seconds a contact of the second, median.
    pub(crate) second: f64,
    /// First over second: median of the ratios of neighbors.
    pub(crate) ratio: f64,
}

/// Takes the cost of two ways in turns, A B A B, so that whatever else the machine does hits both.
/// Both tell how many contacts they simulated.
pub(crate) fn paired(mut first: impl FnMut() -> u64, mut second: impl FnMut() -> u64) -> Paired {
    let mut costs = [(); PAIRS].map(|()| (cost(&mut first), cost(&mut second)));
    let mut median = |of: fn(&(f64, f64)) -> f64| {
        costs.sort_by(|a, b| of(a).total_cmp(&of(b)));
        of(&costs[PAIRS / 2])
    };
    Paired {
        first: median(|pair| pair.0),
        second: median(|pair| pair.1),
        ratio: median(|pair| pair.0 / pair.1),
    }
}

/// CPU seconds a contact, over as many runs as it takes to tell.
fn cost(run: &mut impl FnMut() -> u64) -> f64 {
    let start = cpu_seconds();
    let mut contacts = 0;
    loop {
        contacts += run();
        let spent = cpu_seconds() - start;
        if spent >= LEAST {
            return spent / contacts as f64;
        }
    }
}

/// Seconds on the clock of the wall that a run takes: the least of a few.
pub(crate) fn wall_seconds(mut run: impl FnMut()) -> f64 {
    let times = [(); PAIRS].map(|()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    });
    times.into_iter().fold(f64::INFINITY, f64::min)
}

/// CPU seconds of this process so far, all its threads together.
///
/// # Panics
/// Where `/proc/self/stat` is not that of Linux.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("CPU time is read from Linux's /proc");
    // See proc(5): the name may hold anything, the fields after it are numbers; utime and stime
    // are the 14th and 15th, in hundredths of a second.
    let (_, fields) = stat.rsplit_once(')').expect("the name is in parentheses");
    let ticks = |field: &str| field.parse::<u32>().expect("a number of ticks");
    let spent: u32 = fields.split_whitespace().skip(11).take(2).map(ticks).sum();
    f64::from(spent) / 100.0
}

/// The most memory this process has had resident; bytes.
///
/// # Panics
/// Where `/proc/self/status` is not that of Linux.
pub(crate) fn peak_memory() -> u64 {
    let status =
        fs::read_to_string("/proc/self/status").expect("memory is read from Linux's /proc");
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().strip_suffix("kB"))
        .and_then(|number| number.trim().parse::<u64>().ok());
    1024 * kib.expect("a number of kibibytes")
}

/// What a process of its own takes that runs this program with these arguments: it prints contacts
/// and peak memory.
///
/// # Panics
/// When it cannot be started, or fails.
pub(crate) fn apart(arguments: &[&str]) -> (u64, u64) {
    let output = Command::new(this_program()).args(arguments).output();
    let output = output.expect("this program can be started");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    numbers(&output.stdout)
}

/// Instructions that a process of its own executes with these arguments, and the contacts that it
/// simulates; `None` without valgrind.
///
/// # Panics
/// When valgrind is there, and fails.
pub(crate) fn instructions(arguments: &[&str]) -> Option<(u64, u64)> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(this_program())
        .args(arguments)
        .output()
        .ok()?;
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    let told = String::from_utf8_lossy(&output.stderr);
    let collected = told
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, number)| number.trim().parse().ok());
    let (contacts, _) = numbers(&output.stdout);
    Some((collected.expect("callgrind tells what it collected"), contacts))
}

fn this_program() -> impl AsRef<Path> + AsRef<std::ffi::OsStr> {
    std::env::current_exe().expect("a running program has a path")
}

fn numbers(printed: &[u8]) -> (u64, u64) {
    let text = String::from_utf8_lossy(printed);
    let mut numbers = text.split_whitespace().map(|word| word.parse().ok());
    let mut next = || numbers.next().flatten().expect("two numbers are printed");
    (next(), next())
}
