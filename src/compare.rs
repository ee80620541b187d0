//! Options side by side on the same customers.
//!
//! - [`paired`]: differences with intervals, where streams match.

pub mod paired;
