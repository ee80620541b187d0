//! The simulator against queueing theory: closed formulas, chains that are solved in the test, and
//! differential equations. Every comparison states its false-alarm rate: see
//! [`FALSE_ALARM`](crate::support::FALSE_ALARM).

mod bot;
mod chains;
mod chats;
mod days;
mod designs;
mod desks;
mod drops;
mod floor;
mod policies;
mod queues;
mod routes;
mod service;
mod shrinkage;
mod triage;

/// A run in steady state: replications of `hours`, the first tenth of each not counted.
fn steady(hours: u32, replications: u32, rest: &str) -> String {
    let warm_up = hours * 6;
    format!(
        "[run]\nduration = \"{hours}h\"\nwarm_up = \"{warm_up}m\"\ninterval = \"{hours}h\"\n\
         replications = {replications}\n{rest}"
    )
}
