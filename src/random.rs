//! Randomness: keyed streams, distributions, arrival processes.

pub mod arrivals;
pub mod distribution;
pub mod stream;

pub use distribution::{Distribution, DistributionError, gamma_factor};
pub use stream::{ContactKey, Draw, NameKey, Purpose, Stream, Streams};
