//! Integration tests.

mod exact;
mod laws;
mod mutated;
mod problems;
mod story;
mod support;
mod theory;
