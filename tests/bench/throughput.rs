//! Contacts and events per second of the whole pipeline, statistics included: `cargo bench`.
//!
//! Each workload runs on one thread until it has taken a second; the fastest of five rounds counts,
//! since other programs on the machine can only slow it down.

#![expect(clippy::print_stdout, reason = "a benchmark prints its results")]
#![expect(clippy::disallowed_methods, reason = "a benchmark looks at the clock")]

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use surgecast::experiment::{self, Options};
use surgecast::model::Model;
use surgecast::scenario::{Files, NoFiles, Source, parse};

/// A queue with impatient customers: 100 agents at 100 erlangs, a million customers.
const ERLANG_A: &str = r#"
[run]
duration = "10000m"
interval = "60m"

[contacts.call]
rate = "100/min"
patience = { exponential = { mean = "2m" } }
handling = { exponential = { mean = "1m" } }

[groups.agents]
skills = ["call"]
staff = 100
"#;

fn main() {
    measure(
        "Erlang A, 100 agents",
        &Source::new("erlang-a", ERLANG_A),
        1,
        &NoFiles,
    );
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios/double11.toml");
    let text = std::fs::read(&path).expect("the flagship scenario is in the tree");
    measure(
        "double11",
        &Source::new("double11.toml", text),
        10,
        &NoFiles,
    );
}

fn measure(name: &str, source: &Source, replications: u32, files: &dyn Files) {
    let parsed = parse(source.clone(), &[], files).expect("the workload is a valid scenario");
    let model = Model::compile(&parsed.scenario);
    let options = Options {
        threads: 1,
        replications: Some(replications),
        seed: None,
    };
    let stop = AtomicBool::new(false);
    let mut best: Option<(f64, u64, u64)> = None;
    for _ in 0..5 {
        let start = Instant::now();
        let summary =
            experiment::run(&model, &options, &|_, _| {}, &stop).expect("nothing stops it");
        let seconds = start.elapsed().as_secs_f64();
        if best.is_none_or(|(least, ..)| seconds < least) {
            best = Some((seconds, summary.run.contacts, summary.run.events));
        }
    }
    if let Some((seconds, contacts, events)) = best {
        println!(
            "{name:24} {:6.2} M contacts/s  {:6.2} M events/s  ({contacts} contacts in {seconds:.3} s)",
            contacts as f64 / seconds / 1e6,
            events as f64 / seconds / 1e6,
        );
    }
}
