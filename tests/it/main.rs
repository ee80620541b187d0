//! Integration tests.

mod mutated;
mod problems;
