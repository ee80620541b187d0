//! Integration tests.

mod exact;
mod mutated;
mod problems;
mod story;
mod support;
mod theory;
