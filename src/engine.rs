//! One replication: a pure function of the model and its random streams.
//!
//! [`replicate`] moves the center from event to event and tells an [`Observer`] what happens. It
//! knows no names, no text, no statistics and no files. Memory is that of the contacts that wait
//! for something: in a bot session, in a queue, or on their way back. Whoever is served by an
//! agent with nothing else open is only an entry in a calendar.
//!
//! - `calendar`: pending events of one kind, a heap of integers;
//! - `tournament`: which of many is next, where one changes at a time;
//! - `demand`: first attempts, drawn ahead by source;
//! - `lane`: queues and groups, with all that is asked of them at every event side by side;
//! - `contact`: an attempt and what happened to it; `kept`, `queue`: contacts in slots that are used
//!   again, lists through them;
//! - `agents`: numbers where agents are alike, lists of those who are told apart;
//! - `chats`: agents with several contacts open at once;
//! - `attempts`: how an attempt arrives, reaches the human side, comes again; `returns`: who will;
//! - `bot`: capacity and outages; `sessions`: how they begin and end; `triage`: where they lead;
//! - `waiting`: patience, stages of routes;
//! - `router`: which contact an agent takes, which agent a contact takes;
//! - `work`: how long a contact takes an agent;
//! - `staff`: shifts, breaks, opening hours;
//! - `world`: the state, the loop and its tie rule.
//!
//! # What makes it fast
//!
//! - **Nothing is scheduled that nobody waits for.** A source of contacts has one key in the tournament
//!   whatever its volume. The end of a bot session that the bot can resolve is told when the session
//!   begins, as long as the bot has room for everybody; so is the service of a contact whose agent has
//!   nothing else open. Those who leave the queue early leave their deadline behind; such deadlines are
//!   dropped many at a time.
//! - **What a contact brings does not depend on what happens before it comes.** So a source draws its
//!   next 32 contacts together, with the bot session, or the patience and handling, that each will
//!   probably need (`demand`). A draw is two multiplications ([`crate::random`]) and a law by inversion,
//!   with logarithm and exponential function from small tables of our own: some 70 cycles from the first
//!   to the last operation, which a contact no longer has to wait for. This was worth more than any
//!   other single step.
//! - **Each kind of event has a calendar of its own**, small and of one sort. A key is one integer,
//!   instant above kind above order: the least of the first keys is the next event and the tie rule at
//!   once. Calendars that most centers hardly use share one such key. A calendar is a heap; what stands
//!   below an event goes up as soon as it is taken, and a release that makes the agent take the next
//!   contact puts the next release into the gap at the bottom.
//! - **Agents are numbers** where they are alike, and so is what stands for them in the calendar.
//!   Where they are told apart they stand in lists by open contacts.
//! - **A contact is kept only while it waits**, in a slot that is used again; queues are lists through
//!   the slots. Of those who will come again only what makes them the same person is kept. Nothing is
//!   allocated per contact.
//! - **What a scenario does not ask for costs a comparison at most**: whether there are stages, lines,
//!   logs, a choice of groups is looked up beside the queue (`lane`), compiled once.
//! - The observer of a report ([`crate::metrics::Collector`]) counts in the open interval, cuts levels
//!   at its borders, and derives at the end whatever follows from something counted.
//!
//! Tried, and not worth it: a ring of time slots in place of the heaps (level at 100 pending events;
//! ten thousand agents cost under 1.1 times as much per contact with heaps); keys of 128 bits (twice the
//! work of 64); families of four children aligned to cache lines (no gain, more arithmetic); sorting
//! the ends of bot sessions (three times the work of slices of time). Fewer instructions alone: 23 of 1,577
//! a contact less in the tournament of sources changed no time, since the processor had them done
//! while it waited for a draw or guessed the next event wrong.
//!
//! One day is not cut over several threads. What happens next depends on all that happened: a free
//! agent, a queue, a retry. Groups and types that share no agent, no bot capacity, no line and no
//! waiting room could run apart, but their events would have to be merged again, in order, for the
//! numbers of contacts and for levels of the center; the platforms that are large enough to gain by it
//! share a bot. Replications are independent and use all threads.

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
mod kept;
mod lane;
pub mod observer;
mod queue;
mod returns;
mod router;
mod sessions;
mod staff;
mod tournament;
mod triage;
mod waiting;
mod work;
mod world;

pub use contact::{Before, Cause, Contact, Leg, Service, SessionEnd};
pub use observer::{Answer, Ended, How, Observer, Staff};

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
