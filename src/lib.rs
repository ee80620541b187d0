//! A contact-center load simulator and capacity planner.

pub mod erlang;
pub mod random;
pub mod scenario;
pub mod stats;
pub mod time;
