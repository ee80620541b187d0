//! The results of a scenario: the answer first, then what it is made of.
//!
//! Two kinds of uncertainty are shown and kept apart. `±` is the 95 % confidence interval, which
//! more replications shrink. `1 day in 20` is the spread over simulated days, which they do not; it
//! is told from 20 replications on. Where the time simulated is far from a day, a day is a `run`.
//! Digits follow the interval: the last one shown is about a third of the `±`.

use super::block::{Block, Foot, Heading, WarningKind};
use super::glyphs::harmless;
use super::{Origin, numbers, verdicts};
use crate::experiment::Summary;
use crate::experiment::summary::Warning;
use crate::metrics::definition::Unit;

mod answer;
pub(super) mod day;
mod tables;

#[cfg(test)]
mod tests;

/// Warnings of a kind beyond which they are folded.
const FEW: usize = 3;

/// The report of a scenario.
pub fn run(summary: &Summary, origin: &Origin) -> Vec<Block> {
    let title = summary.title.as_deref().unwrap_or_else(|| origin.name());
    let mut blocks = vec![
        Block::Title(title.to_owned()),
        Block::Facts(super::day::extent(summary, origin.option.as_deref())),
    ];
    if summary.run.partial {
        blocks.push(Block::Alarm(interrupted(summary)));
    }
    blocks.push(Block::Rule);
    blocks.push(Block::Lead(answer::sentences(summary, origin)));
    blocks.push(Block::Keys(answer::keys(summary, origin)));
    blocks.push(Block::Table(answer::answer(summary, origin)));
    blocks.push(Block::Note(answer::note(summary)));
    blocks.extend(answer::bot(summary).map(Block::Table));
    blocks.extend(tables::contacts(summary));
    blocks.push(tables::groups(summary));
    blocks.extend(day::day(summary));
    if !summary.expectations.is_empty() {
        let items = summary.expectations.iter().map(verdicts::expectation).collect();
        blocks.push(Block::Verdicts(Some(Heading::new("Expected")), items));
    }
    if !summary.warnings.is_empty() {
        blocks.push(Block::Warnings(Heading::new("Warnings"), warnings(&summary.warnings)));
    }
    blocks.push(Block::Foot(foot(summary, origin)));
    blocks
}

/// What is said of a run that was stopped before its end.
fn interrupted(summary: &Summary) -> String {
    let finished = match summary.run.replications {
        1 => "this is the 1 replication that was".to_owned(),
        several => format!("these are the {several} replications that were"),
    };
    format!("Interrupted: {finished} finished, fewer than asked for.")
}

/// The warnings by kind, in their order: of one kind there may be one for each contact type.
fn warnings(warnings: &[Warning]) -> Vec<WarningKind> {
    let kinds = warnings.chunk_by(|a, b| a.code == b.code);
    kinds
        .map(|kind| {
            // Instead of a fourth nothing would be gained by saying that there is one.
            let shown = if kind.len() <= FEW + 1 { kind.len() } else { FEW };
            let texts = |kind: &[Warning]| kind.iter().map(|one| one.message.clone()).collect();
            let (shown, rest) = kind.split_at(shown);
            WarningKind { code: Some(kind[0].code), shown: texts(shown), rest: texts(rest) }
        })
        .collect()
}

fn foot(summary: &Summary, origin: &Origin) -> Foot {
    let run = &summary.run;
    let seconds = numbers::plain(origin.wall_seconds, Unit::Seconds);
    let option = |name: &String| format!(" --option {}", quoted(&harmless(name)));
    let option = origin.option.as_ref().map_or_else(String::new, option);
    let file = quoted(&harmless(&origin.file));
    Foot {
        facts: vec![
            vec![
                format!("seed {}", run.seed),
                numbers::counted(u64::from(run.replications), "replication"),
                numbers::counted(run.contacts, "contact"),
                numbers::counted(run.events, "event"),
            ],
            vec![format!("surgecast {}", origin.version), format!("scenario {}", summary.digest)],
        ],
        passing: seconds.map(|time| format!("in {time}")),
        file: Some(origin.name().to_owned()),
        next: (origin.file != Origin::STDIN)
            .then(|| format!("next: simulate run {file}{option} --json")),
    }
}

/// A file name as a shell takes it.
fn quoted(file: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./+:@%,=".contains(c);
    if !file.is_empty() && file.chars().all(plain) {
        file.to_owned()
    } else {
        format!("'{}'", file.replace('\'', r"'\''"))
    }
}
