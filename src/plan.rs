//! x
pub mod bench;
pub mod cover;
pub mod load;
pub mod need;
mod polish;
pub mod promise;
pub mod requirement;
pub mod sample;
pub mod search;
pub mod staffing;
