//! Numbers of one replication by contact type, channel, group and interval.

pub mod collector;
pub mod day;
pub mod definition;
pub mod digest;
mod level;
pub mod path;
pub mod totals;
pub mod trace;
pub mod watch;

pub use collector::Collector;
pub use day::Day;
