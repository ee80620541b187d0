//! A contact-center load simulator and capacity planner.

pub mod cli;
pub mod engine;
pub mod erlang;
pub mod experiment;
pub mod metrics;
pub mod model;
pub mod random;
pub mod report;
pub mod scenario;
pub mod stats;
pub mod time;
