//! Integration tests.

mod mutated;
mod problems;
mod story;
mod support;
