//! Integration tests.

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
