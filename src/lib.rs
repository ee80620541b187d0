//! A contact-center load simulator and capacity planner.
//!
//! A scenario says who comes when, what the bot in front solves, who works when and how contacts
//! are routed. `surgecast` simulates many such days, contact by contact, and tells how long people
//! wait, how many give up, and how far the escalation backlog grows, with honest uncertainty.
//!
//! # The path of a scenario
//!
//! Modules in reading order; each uses only those named before it, and not all of them (a test
//! holds the table).
//!
//! | module | what goes in | what comes out |
//! |---|---|---|
//! | [`time`] | | instants and lengths in whole microseconds |
//! | [`random`] | seed, replication, contact, purpose | the same draw, always; distributions; arrivals |
//! | [`stats`], [`erlang`] | observations; loads | estimates with intervals; closed forms |
//! | [`mod@format`] | text | TOML whose values know their places; units; problems as they are shown |
//! | [`scenario`] | text | a checked [`Scenario`](scenario::Scenario), or all its problems with their places |
//! | [`model`] | a scenario | a [`Model`](model::Model): ids, instants, rate tables; shared, never changed |
//! | [`engine`] | a model and the streams of one replication | events, told to an [`Observer`](engine::Observer) |
//! | [`metrics`] | events | the sums of one [`Day`](metrics::Day); the table of all figures |
//! | [`experiment`] | a model | days in parallel, merged in order to a [`Summary`](experiment::Summary) |
//! | [`judge`] | expectations, guards, a summary, a baseline | verdicts: holds, fails, undecided |
//! | [`compare`] | the same customers under two options | differences with paired intervals |
//! | [`plan`] | a scenario, promises | the least-cost staffing that keeps them, verified |
//! | [`sweep`] | a scenario and values to vary | one row of figures a point, in order, resumable |
//! | [`task`] | a scenario's text | a [`Prepared`](task::Prepared) scenario: checked completely and ready for all of the above |
//! | [`report`] | a summary | text, JSON, tables as CSV, a page; a trace as CSV |
//! | [`cli`] | arguments | all of the above, with files and a terminal |
//!
//! Where to look first: the rules of the simulated center are in [`engine`] (the loop and the tie
//! rule in `world`, routing in `router`, the bot in `bot`); what a figure means is one row in
//! [`metrics::definition`]; what a key of the file means is told in
//! [`scenario::format`], made of the same table as the schema.
//!
//! # What holds everywhere
//!
//! - One replication is a pure function of the model and its random streams. Only [`cli`] touches
//!   files, the clock, the environment or the terminal; the engine knows no names and no statistics.
//! - A draw depends on the seed, the replication, the contact and what it is for, never on what
//!   the system did before. Options that differ in staffing see the same customers.
//! - Time is an integer, ties have a rule, nothing iterates in the order of a hash, floats are
//!   merged in the order of replications: the same scenario and seed give the same bytes on any
//!   number of threads.
//! - Memory is that of the contacts in the system and of the figures (with one number per figure
//!   and day for their spread), not of all who ever arrive. A trace also holds the rows behind the
//!   oldest contact in the system.
//! - What is unknown is `None`, `null`, an empty cell or `–`, never 0.
//! - Every attempt ends in exactly one way; each replication is checked for it.
//!
//! # Example
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use surgecast::experiment::{self, Control, Options};
//! use surgecast::model::Model;
//! use surgecast::format::{NoFiles, SourceText};
//! use surgecast::scenario;
//!
//! let text = r#"
//!     [run]
//!     duration = "4h"
//!     replications = 20
//!
//!     [contacts.chat]
//!     rate = "120/h"
//!     patience = { exponential = { mean = "3m" } }
//!     handling = { lognormal = { mean = "4m", cv = 0.9 } }
//!
//!     [groups.team]
//!     skills = ["chat"]
//!     staff = 9
//! "#;
//! let parsed = scenario::parse(SourceText::new("example.toml", text), &[], &NoFiles)
//!     .map_err(|problems| problems.render(false))?;
//! let model = Model::compile(&parsed.scenario);
//! let summary = experiment::run(&model, &Options::default(), &Control::new(2))?;
//! let wait = summary.overall.figure("wait.mean").estimate;
//! assert!(wait.low < wait.value && wait.value < wait.high);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cli;
pub mod compare;
pub mod document;
pub mod engine;
pub mod erlang;
pub mod experiment;
pub mod format;
pub mod judge;
pub mod metrics;
pub mod model;
pub mod plan;
pub mod random;
pub mod report;
pub mod scenario;
pub mod stats;
pub mod sweep;
pub mod task;
pub mod time;
