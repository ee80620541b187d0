//! One replication: a pure function of the model and its random streams.
//!
//! [`replicate`] moves the center from event to event and tells an [`Observer`] what happens. It
//! knows no names, no text, no statistics and no files. Memory is that of the contacts that wait
//! for something: in a bot session, in a queue, or on their way back. Whoever is served by an
//! agent with nothing else open is only an entry in a calendar.
//!
//! - `calendar`: pending events of one kind, a heap of integers;
//! - `demand`: first attempts, one pending contact a source;
//! - `lane`: queues and groups, with all that is asked of them at every event side by side;
//! - `contact`, `queue`: contacts in slots that are used again, lists through them;
//! - `agents`: numbers where agents are alike, lists of those who are told apart;
//! - `chats`: agents with several contacts open at once;
//! - `attempts`: how an attempt arrives, reaches the human side, comes again;
//! - `bot`: sessions, capacity, outages;
//! - `waiting`: patience, stages of routes;
//! - `router`: which contact an agent takes, which agent a contact takes;
//! - `work`: how long a contact takes an agent;
//! - `staff`: shifts, breaks, opening hours;
//! - `world`: the state, the loop and its tie rule.

#![expect(
    clippy::inline_always,
    reason = "what happens to a contact at one event is one function: a tenth fewer instructions"
)]

use std::sync::atomic::AtomicBool;

use crate::model::Model;
use crate::random::Streams;
use crate::time::SimTime;

mod agents;
mod attempts;
mod bot;
mod calendar;
mod chats;
mod contact;
mod demand;
mod lane;
pub mod observer;
mod queue;
mod router;
mod staff;
mod waiting;
mod work;
mod world;

pub use contact::{Before, Cause, Contact, Leg};
pub use observer::{Answer, Observer, Service, SessionEnd, Staff};

/// Contacts in the system at which a replication gives up: some 3 GB of memory a thread.
pub const MOST_IN_SYSTEM: usize = 20_000_000;

/// What one replication took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events that happened.
    pub events: u64,
    /// First attempts.
    pub contacts: u64,
}

/// Why a replication did not finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The stop signal was given.
    Asked,
    /// More than [`MOST_IN_SYSTEM`] contacts were in the system.
    TooMany {
        /// When.
        at: SimTime,
    },
}

/// Runs one replication of `model` on the draws of `streams`.
///
/// # Errors
/// When `stop` is set while it runs, or the contacts in the system outgrow memory.
pub fn replicate(
    model: &Model,
    streams: Streams,
    observer: &mut impl Observer,
    stop: &AtomicBool,
) -> Result<Tally, Stopped> {
    world::World::new(model, streams, observer).run(stop)
}
