//! Integration tests.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod agree;
mod calendar;
mod cli_check;
mod cli_compare;
mod cli_completions;
mod cli_interrupt;
mod cli_options;
mod cli_pages;
mod cli_panics;
mod cli_places;
mod cli_plan;
mod cli_recorded;
mod cli_results;
mod cli_run;
mod cli_run_outputs;
mod cli_schema;
mod cli_sweep;
mod cli_validate;
mod conformance;
mod coupling;
mod coverage;
mod documents;
mod exact;
mod format;
mod kernel;
mod laws;
mod mutated;
mod naive;
mod plans;
mod problems;
mod repeat;
mod story;
mod support;
mod theory;
mod tidy;
