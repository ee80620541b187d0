//! Replications in parallel, merged in replication order.

pub mod summary;

pub use summary::Summary;
