//! The scenarios that are measured.

use surgecast::experiment::{self, Control, Options};
use surgecast::format::{NoFiles, Override, SourceText};
use surgecast::model::Model;
use surgecast::scenario::parse;

/// A scenario file of this folder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct File {
    name: &'static str,
    text: &'static str,
}

/// A queue with impatient customers: 100 agents at 100 erlangs, a million customers.
pub(crate) const ERLANG_A: File =
    File { name: "erlang-a.toml", text: include_str!("erlang-a.toml") };

/// A bot, three types and a roster on a day with a surge: a million contacts.
pub(crate) const SURGE_DAY: File =
    File { name: "surge-day.toml", text: include_str!("surge-day.toml") };

/// Five types and eleven groups.
pub(crate) const FIVE_SKILLS: File =
    File { name: "five-skills.toml", text: include_str!("five-skills.toml") };

/// The main example of the documentation.
pub(crate) const DOUBLE11: File =
    File { name: "double11.toml", text: include_str!("../../scenarios/double11.toml") };

/// What was simulated.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Done {
    /// First attempts.
    pub(crate) contacts: u64,
    /// Events.
    pub(crate) events: u64,
}

/// A model that can be run again and again, each time on other draws.
#[derive(Debug)]
pub(crate) struct Workload {
    model: Model,
    seed: u64,
}

impl Workload {
    /// Reads a file, with some of its values set otherwise.
    ///
    /// # Panics
    /// When the scenario is refused: the files of this folder are valid.
    pub(crate) fn new(file: File, settings: &[(&str, &str)]) -> Self {
        let overrides: Vec<Override> =
            settings.iter().map(|(path, value)| Override::new(*path, *value)).collect();
        let source = SourceText::new(file.name, file.text);
        let parsed = parse(source, &overrides, &NoFiles)
            .unwrap_or_else(|problems| panic!("{}", problems.render(false)));
        Self { model: Model::compile(&parsed.scenario), seed: 0 }
    }

    /// Simulates so many replications with all their figures, up to the summary.
    pub(crate) fn run(&mut self, replications: u32, threads: usize) -> Done {
        self.seed += 1;
        let options = Options { replications: Some(replications), seed: Some(self.seed) };
        let summary = experiment::run(&self.model, &options, &Control::new(threads))
            .expect("nobody stops it, and its contacts fit the memory");
        Done { contacts: summary.run.contacts, events: summary.run.events }
    }
}
