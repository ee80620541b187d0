//! What was found in a file that was checked.

use super::block::Block;
use super::{Origin, verdicts};
use crate::judge::Findings;

/// A checked file and its baselines.
#[derive(Clone, Copy, Debug)]
pub struct CheckedFile<'a> {
    /// The file as the user named it; `-`: standard input.
    pub file: &'a str,
    /// What was found.
    pub findings: &'a Findings,
    /// What the baseline is called that it was compared with.
    pub baseline: Option<&'a str>,
    /// What the baseline is called that it has become.
    pub stored: Option<&'a str>,
}

/// The file with its verdict, its expectations and its guards.
pub fn check(checked: &CheckedFile<'_>) -> Vec<Block> {
    let CheckedFile { file, findings, baseline, stored } = *checked;
    let file = if file == Origin::STDIN { "standard input" } else { file };
    if let (Some(place), true) = (stored, findings.expectations.is_empty()) {
        return vec![Block::Title(format!("{file}: stored as the baseline {place}"))];
    }
    let times = super::numbers::counted(u64::from(findings.replications), "replication");
    let verdict = findings.verdict.word();
    let expectations = findings.expectations.iter().map(verdicts::expectation).collect();
    let mut blocks = vec![
        Block::Title(format!("{file}: {verdict} after {times}")),
        Block::Verdicts(None, expectations),
    ];
    if let Some(place) = stored {
        blocks.push(Block::Note(format!("stored as the baseline {place}")));
    }
    if let Some(baseline) = baseline {
        let same = if findings.same_events { ": all events are the same" } else { "" };
        blocks.push(Block::Note(format!("against {baseline}{same}")));
        let guards = findings.guards.iter();
        let guards = guards.map(|(found, worse)| verdicts::guard(found, worse)).collect();
        blocks.push(Block::Verdicts(None, guards));
    }
    blocks
}
