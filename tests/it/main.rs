//! Integration tests.
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod coupling;
mod coverage;
mod exact;
mod laws;
mod mutated;
mod problems;
mod repeat;
mod story;
mod support;
mod theory;
