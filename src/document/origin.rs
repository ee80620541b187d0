//! What a document tells beside the results.

use crate::time::SimSpan;

/// What a report tells beside the results: facts that only the caller knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The scenario file as the user named it; `-`: standard input.
    pub file: String,
    /// The option of the file that was laid over it, if one was.
    pub option: Option<String>,
    /// Version of the program.
    pub version: &'static str,
    /// Seconds the simulation took, by the clock on the wall; `None`: not measured.
    pub wall_seconds: Option<f64>,
    /// The promise for all contact types together.
    pub promise: Option<ServicePromise>,
    /// From when on it counts how long a backlog takes to clear.
    pub clears_from: ClearsFrom,
}

impl Origin {
    /// What the user writes for standard input: nothing to be read again.
    pub const STDIN: &str = "-";

    /// What reports call the file.
    pub fn name(&self) -> &str {
        if self.file == Self::STDIN { "standard input" } else { &self.file }
    }
}

/// From when on `clear_time` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClearsFrom {
    /// From the end of the last surge's hold.
    LastSurge,
    /// From the end of the arrivals, in scenarios without a surge.
    LastArrival,
}

/// The service level that was promised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServicePromise {
    /// Contacts are to be answered within this wait.
    pub answer_within: SimSpan,
    /// Share of contacts for which that shall hold.
    pub goal: f64,
}
