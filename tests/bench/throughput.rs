//! What the engine costs, with all its statistics, on one thread: `cargo bench`.
//!
//! Two workloads run beside a bare kernel of themselves, written for the purpose: their ratio is
//! the distance to what this machine allows, whatever the machine does besides. Then the engine
//! runs beside itself: how the cost of a contact changes with the number of agents, the length of
//! the run, the groups, chats at once, and threads.
//!
//! Costs are CPU seconds, taken in turns, the median of nine pairs. Instructions are counted where
//! valgrind is installed; they are those of one replication more, without start and report. Memory
//! is the most that a process of its own has resident, program included. That the kernel simulates
//! what it should is a test: `tests/it/kernel.rs`.
//!
//! `cargo bench -- agents chats` runs only the rows named so.

#![expect(clippy::print_stdout, reason = "a benchmark prints its results")]
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark looks at the clock and at its arguments"
)]

use std::hint::black_box;

mod kernel;
mod measure;
mod workload;

use measure::{apart, instructions, paired, peak_memory, wall_seconds};
use workload::{DOUBLE11, ERLANG_A, FIVE_SKILLS, File, SURGE_DAY, Workload};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, side, name, times] = &arguments[..]
        && first == "alone"
    {
        return alone(side, name, times.parse().expect("a number of replications"));
    }
    // Cargo adds `--bench`.
    let wanted: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let asked = |row: &str| wanted.is_empty() || wanted.contains(&row);
    for name in NAMES {
        if asked(name) {
            beside_the_kernel(name);
        }
    }
    for row in ROWS.iter().filter(|row| asked(row.name)) {
        beside_itself(row);
    }
    if asked("threads") {
        on_two_threads();
    }
}

/// The workloads that have a kernel.
const NAMES: [&str; 2] = ["erlang-a", "surge-day"];

fn file_of(name: &str) -> File {
    if name == NAMES[0] { ERLANG_A } else { SURGE_DAY }
}

/// The kernel's contacts. All that it counts is wanted, or the compiler would leave it out.
fn kernel_run(name: &str, seed: u64) -> u64 {
    if name == NAMES[0] {
        black_box(kernel::erlang_a(seed, 1_000_000)).customers
    } else {
        black_box(kernel::surge_day(seed)).contacts
    }
}

/// What a child process does: simulates and prints contacts and peak memory.
fn alone(side: &str, name: &str, times: u32) {
    let contacts = match side {
        "kernel" => (0..times).map(|seed| kernel_run(name, seed.into())).sum(),
        _ => Workload::new(file_of(name), &[]).run(times, 1).contacts,
    };
    println!("{contacts} {}", peak_memory());
}

/// Engine and kernel on the same workload.
fn beside_the_kernel(name: &str) {
    println!("{name}");
    let mut engine = Workload::new(file_of(name), &[]);
    let events = engine.run(1, 1);
    let events = events.events as f64 / events.contacts as f64;
    let mut seed = 0;
    let costs = paired(
        || engine.run(1, 1).contacts,
        || {
            seed += 1;
            kernel_run(name, seed)
        },
    );
    let millions = |cost: f64| 1e-6 / cost;
    println!(
        "  engine  {:6.2} M contacts/s {:6.2} M events/s",
        millions(costs.first),
        millions(costs.first) * events,
    );
    println!("  kernel  {:6.2} M contacts/s", millions(costs.second));
    println!("  CPU     {:6.2} times the kernel's", costs.ratio);
    let counted = ["engine", "kernel"].map(|side| instructions_per_contact(side, name));
    match counted {
        [Some(engine), Some(kernel)] => println!(
            "  instructions per contact {engine:.0}, the kernel's {kernel:.0}: {:.2} times",
            engine / kernel,
        ),
        _ => println!("  instructions are not counted: valgrind is not installed"),
    }
    let memory = ["engine", "kernel"].map(|side| apart(&["alone", side, name, "1"]).1);
    let [engine, kernel] = memory.map(|bytes| bytes as f64 / f64::from(1 << 20));
    println!("  peak memory {engine:.1} MiB, the kernel's {kernel:.1} MiB");
}

/// Those of one replication more.
fn instructions_per_contact(side: &str, name: &str) -> Option<f64> {
    let (once, contacts) = instructions(&["alone", side, name, "1"])?;
    let (twice, more) = instructions(&["alone", side, name, "2"])?;
    Some((twice - once) as f64 / (more - contacts) as f64)
}

/// Two scenarios whose cost per contact is compared.
struct Row {
    name: &'static str,
    says: &'static str,
    first: Scenario,
    second: Scenario,
}

/// A file, with these values set otherwise.
type Scenario = (File, &'static [(&'static str, &'static str)]);

const ROWS: [Row; 4] = [
    Row {
        name: "agents",
        says: "10,000 agents over 100, at the same load each",
        first: (
            ERLANG_A,
            &[
                ("run.duration", "100m"),
                ("contacts.call.rate", "10000/min"),
                ("groups.agents.staff", "10000"),
            ],
        ),
        second: (ERLANG_A, &[]),
    },
    Row {
        name: "length",
        says: "10,000,000 contacts over 100,000",
        first: (ERLANG_A, &[("run.duration", "100000m")]),
        second: (ERLANG_A, &[("run.duration", "1000m")]),
    },
    Row {
        name: "groups",
        says: "five skills in eleven overlapping groups over one group",
        first: (FIVE_SKILLS, &[]),
        second: (
            FIVE_SKILLS,
            &[("groups", r#"{ all = { skills = ["a", "b", "c", "d", "e"], staff = 100 } }"#)],
        ),
    },
    Row {
        name: "chats",
        says: "three chats at once over one",
        // Three open chats go at 0.8 each, so 42 agents do about what 100 did.
        first: (
            ERLANG_A,
            &[
                ("groups.agents.staff", "42"),
                ("groups.agents.concurrency", "{ chats = 3, speed = [1.0, 0.9, 0.8] }"),
            ],
        ),
        second: (ERLANG_A, &[]),
    },
];

fn beside_itself(row: &Row) {
    let [mut first, mut second] =
        [row.first, row.second].map(|(file, settings)| Workload::new(file, settings));
    let costs = paired(|| first.run(1, 1).contacts, || second.run(1, 1).contacts);
    println!("{:8} {:5.2} times the CPU: {}", row.name, costs.ratio, row.says);
}

/// The main example with one thread more.
fn on_two_threads() {
    let mut workload = Workload::new(DOUBLE11, &[]);
    let [two, one] = [2, 1].map(|threads| wall_seconds(|| _ = workload.run(100, threads)));
    println!("threads  {:5.2} times as quick on two: 100 days of double11", one / two);
}
