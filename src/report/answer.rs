//! What the whole simulation was for, in words and numbers: waits, losses, backlogs; and what the
//! bot took. How it is laid out is the business of each report.

use super::format::{self, Unit};
use super::{ClearsFrom, Origin, is_something};
use crate::experiment::Summary;
use crate::experiment::summary::{Figure, Figures, Warning};

/// Which end of the spread over days is the bad one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worse {
    /// Much is bad.
    Higher,
    /// Little is bad.
    Lower,
    /// It has none.
    Neither,
}

/// One line of figures.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) label: String,
    pub(super) figure: Figure,
    pub(super) unit: Unit,
    pub(super) worse: Worse,
}

/// Replications below which nobody can say what happens in 1 of 20.
const ENOUGH_FOR_BAD_DAYS: u32 = 20;

/// Whether there are enough days to say what happens on 1 in 20.
pub(super) fn tells_bad_days(summary: &Summary) -> bool {
    summary.run.replications >= ENOUGH_FOR_BAD_DAYS
}

/// The backlog that matters: of escalated contacts where there is a bot.
struct Backlog {
    name: &'static str,
    peak: Figure,
    end: Figure,
    clear_time: Figure,
    /// From when on `clear_time` counts.
    since: &'static str,
}

impl Backlog {
    fn sentence(&self) -> Option<String> {
        let name = self.name.to_lowercase();
        if self.peak.estimate.value == Some(0.0) {
            return Some(format!("There is never an {name}.").replace("an backlog", "a backlog"));
        }
        let peak = format::value(&self.peak, Unit::Count)?;
        let cleared = match format::value(&self.clear_time, Unit::Seconds) {
            None => String::new(),
            Some(_) if self.clear_time.estimate.value == Some(0.0) => {
                format!(", and nothing of it is left {}", self.since)
            }
            Some(time) => format!(" and is gone {time} {}", self.since),
        };
        Some(format!("The {name} peaks at {peak}{cleared}."))
    }
}

/// What is said of a run that was stopped before its end.
pub(super) fn interrupted(summary: &Summary) -> String {
    let finished = match summary.run.replications {
        1 => "this is the 1 replication that was".to_owned(),
        several => format!("these are the {several} replications that were"),
    };
    format!("Interrupted: {finished} finished, fewer than asked for.")
}

/// How to read the day in rows of so many intervals; `pointer` points at the worst row, if any.
pub(super) fn day_note(summary: &Summary, per_row: usize, pointer: Option<&str>) -> String {
    let (word, interval) = (summary.run.word(), summary.run.interval);
    let worst = pointer
        .map_or_else(String::new, |pointer| format!("{pointer} is where people wait longest. "));
    let backlog = if per_row == 1 {
        format!("its peak, on an average {word}.")
    } else {
        format!("its average-{word} peak in the highest of the {per_row} intervals of {interval}.")
    };
    format!("{worst}Wait: mean of the contacts that joined the queue then. Backlog: {backlog}")
}

/// Warnings of one kind.
pub(super) struct Kind<'s> {
    /// Those to be read.
    pub(super) shown: &'s [Warning],
    /// More of them than a reader takes in, the less grave ones.
    pub(super) rest: &'s [Warning],
}

/// The warnings by kind, in their order: of one kind there may be one for each contact type.
pub(super) fn warnings(summary: &Summary) -> impl Iterator<Item = Kind<'_>> {
    const FEW: usize = 3;
    let kinds = summary.warnings.chunk_by(|a, b| a.code == b.code);
    kinds.map(|kind| {
        // Instead of a fourth nothing would be gained by saying that there is one.
        let shown = if kind.len() <= FEW + 1 { kind.len() } else { FEW };
        let (shown, rest) = kind.split_at(shown);
        Kind { shown, rest }
    })
}

/// What the two columns beside the average say; `last` is what the second of them is called.
pub(super) fn note(summary: &Summary, plus_minus: &str, last: &str) -> String {
    let word = summary.run.word();
    let says = if tells_bad_days(summary) {
        format!(
            "is the luck of the {word}: 1 {word} in 20 gets that bad or worse, however many \
             replications are run."
        )
    } else {
        format!(
            "tells how bad 1 {word} in 20 gets: for that it takes at least {ENOUGH_FOR_BAD_DAYS} \
             replications."
        )
    };
    format!(
        "{plus_minus} is the 95 % interval of the average: more replications shrink it. {last} \
         {says}"
    )
}

/// What the bot took from the agents; `None` where there is no bot.
pub(super) fn bot(summary: &Summary) -> Option<Vec<Entry>> {
    let (bot, all) = (&summary.bot, &summary.overall);
    has_bot(summary).then(|| {
        vec![
            count("Sessions", bot.figure("sessions")),
            share("Deflected: ended without an agent", bot.figure("deflection_rate"))
                .worse_if_lower(),
            share("Resolved: and did not come back", all.figure("resolution_rate"))
                .worse_if_lower(),
            count("Escalated to agents", all.figure("escalated")),
            count("Asked for an agent at once", all.figure("opted_out")),
            share("Found the bot full or down", bot.figure("full_probability")),
            count("Sessions at once, at the peak", bot.figure("concurrent.peak")),
        ]
    })
}

fn has_bot(summary: &Summary) -> bool {
    is_something(&summary.bot.figure("sessions"))
        || is_something(&summary.overall.figure("escalated"))
}

/// The backlogs to tell of. Where there is a bot, the one of escalated contacts comes first; the
/// whole one follows where many more wait: past the bot, or while it was full or down.
fn backlogs(summary: &Summary, origin: &Origin) -> Vec<Backlog> {
    let since = match origin.clears_from {
        ClearsFrom::LastSurge => "after the last surge's hold",
        ClearsFrom::LastArrival => "after the last arrival",
    };
    let of = |name, path: &str| {
        let figure = |part| summary.overall.figure(&format!("{path}.{part}"));
        Backlog {
            name,
            peak: figure("peak"),
            end: figure("end"),
            clear_time: figure("clear_time"),
            since,
        }
    };
    if !has_bot(summary) {
        return vec![of("Backlog", "backlog")];
    }
    let escalated = of("Escalation backlog", "escalation_backlog");
    let whole = of("Whole backlog", "backlog");
    let peak = |backlog: &Backlog| backlog.peak.estimate.value.unwrap_or(0.0);
    if peak(&whole) > 1.1 * peak(&escalated) { vec![escalated, whole] } else { vec![escalated] }
}

/// The answer as it would be told; parts that are not known are left out.
pub(super) fn sentences(summary: &Summary, origin: &Origin) -> String {
    let all = &summary.overall;
    let of = |path, unit| format::value(&all.figure(path), unit);
    let mut said = Vec::new();
    match (of("wait.mean", Unit::Seconds), of("wait.p95", Unit::Seconds)) {
        _ if all.value("wait.mean") == Some(0.0) => {
            said.push("Everybody whom an agent answers is answered at once.".to_owned());
        }
        (Some(mean), Some(_)) if all.value("wait.p95") == Some(0.0) => said.push(format!(
            "People wait {mean} on average until an agent answers, 19 in 20 of them not at all."
        )),
        (Some(mean), Some(p95)) => said.push(format!(
            "People wait {mean} on average until an agent answers, 1 in 20 of them longer than \
             {p95}."
        )),
        (Some(mean), None) => {
            said.push(format!("People wait {mean} on average until an agent answers."));
        }
        (None, _) => {
            said.push("Nobody is answered by an agent: there is no wait to report.".to_owned());
        }
    }
    said.extend(promise(summary, origin));
    said.extend(of("abandonment_rate", Unit::Share).map(|rate| format!("{rate} give up waiting.")));
    if is_something(&all.figure("blocked")) {
        said.extend(
            of("blocking_rate", Unit::Share)
                .map(|rate| format!("{rate} find no room and are turned away.")),
        );
    }
    said.extend(inflation(all));
    said.extend(backlogs(summary, origin).iter().filter_map(Backlog::sentence));
    said.join(" ")
}

/// Repeats that swell the demand: part of the answer as soon as they are more than a tenth of it.
fn inflation(all: &Figures) -> Option<String> {
    let share = all.value("retries")? / all.value("arrivals")?;
    let text = format::rough(Some(share), Unit::Share)?;
    (share > 0.1).then(|| format!("Those who try again add {text} to the contacts that arrive."))
}

fn promise(summary: &Summary, origin: &Origin) -> Option<String> {
    let all = &summary.overall;
    let level = format::value(&all.figure("service_level"), Unit::Share)?;
    let Some(promise) = origin.promise else {
        return Some(format!("The service level is {level}."));
    };
    let goal = format::plain(Some(promise.goal), Unit::Share)?;
    let word = summary.run.word();
    let on = if word == "day" { "on" } else { "in" };
    let met = format::value(&all.figure("goal_met"), Unit::Share)
        .map_or_else(String::new, |met| format!(", met {on} {met} of {word}s"));
    Some(format!("{level} are answered within {} (goal {goal}{met}).", promise.answer_within))
}

/// The answer in numbers.
pub(super) fn entries(summary: &Summary, origin: &Origin) -> Vec<Entry> {
    let of = |path| summary.overall.figure(path);
    let runs = match summary.run.word() {
        "day" => "Day",
        _ => "Run",
    };
    let is_blocked = is_something(&of("blocked"));
    let mut entries = vec![count("Contacts that arrive", of("arrivals"))];
    if is_something(&of("retries")) {
        let cause = match (is_something(&of("abandoned")), is_blocked) {
            (true, true) => "and repeats: gave up or found no room",
            (false, true) => "and repeats after finding no room",
            _ => "and repeats after giving up",
        };
        entries.push(count(format!("  {cause}"), of("retries")));
    }
    if is_something(&of("recontacts")) {
        let label = "  and returns after a false resolution";
        entries.push(count(label, of("recontacts")));
    }
    entries.extend([
        count("Attempts that reach the agents' side", of("offered")),
        wait("Mean wait for an agent", of("wait.mean")),
        wait("95th percentile of the wait", of("wait.p95")),
        level(summary, origin),
        share(format!("{runs}s that meet the goal"), of("goal_met")).without_days(),
        share("Give up waiting", of("abandonment_rate")),
    ]);
    if is_blocked {
        entries.push(share("Turned away: no room", of("blocking_rate")));
    }
    for backlog in backlogs(summary, origin) {
        entries.push(count(format!("{} at its peak", backlog.name), backlog.peak));
        entries.push(wait(format!("  gone {}", backlog.since), backlog.clear_time));
        if is_something(&backlog.end) {
            entries.push(count("  left when the last contact has arrived", backlog.end));
        }
    }
    entries
}

/// The few numbers that a reader with no time looks at.
pub(super) fn key(summary: &Summary, origin: &Origin) -> Vec<Entry> {
    let of = |path| summary.overall.figure(path);
    let mut entries = vec![
        wait("Mean wait for an agent", of("wait.mean")),
        level(summary, origin),
        share("Give up waiting", of("abandonment_rate")),
    ];
    if is_something(&of("blocked")) {
        entries.push(share("Turned away: no room", of("blocking_rate")));
    }
    let backlogs = backlogs(summary, origin).into_iter();
    entries.extend(
        backlogs
            .take(1)
            .map(|backlog| count(format!("{} at its peak", backlog.name), backlog.peak)),
    );
    entries
}

fn level(summary: &Summary, origin: &Origin) -> Entry {
    let label = origin.promise.map_or_else(
        || "Service level".to_owned(),
        |promise| {
            let goal = format::plain(Some(promise.goal), Unit::Share).unwrap_or_default();
            format!("Answered within {} (goal {goal})", promise.answer_within)
        },
    );
    share(label, summary.overall.figure("service_level")).worse_if_lower()
}

fn count(label: impl Into<String>, figure: Figure) -> Entry {
    Entry::new(label, figure, Unit::Count)
}

fn share(label: impl Into<String>, figure: Figure) -> Entry {
    Entry::new(label, figure, Unit::Share)
}

fn wait(label: impl Into<String>, figure: Figure) -> Entry {
    Entry::new(label, figure, Unit::Seconds)
}

impl Entry {
    /// An entry of which much is bad.
    fn new(label: impl Into<String>, figure: Figure, unit: Unit) -> Self {
        Self { label: label.into(), figure, unit, worse: Worse::Higher }
    }

    fn worse_if_lower(self) -> Self {
        Self { worse: Worse::Lower, ..self }
    }

    fn without_days(self) -> Self {
        Self { worse: Worse::Neither, ..self }
    }

    /// What 1 day in 20 goes beyond.
    pub(super) fn bad_day(&self) -> Option<String> {
        let days = self.figure.days?;
        let (word, day) = match self.worse {
            Worse::Higher => ("over ", days.p95),
            Worse::Lower => ("under ", days.p05),
            Worse::Neither => return None,
        };
        // "over 0s" would read as a warning where there is nothing to warn of.
        let word = if day == 0.0 { "" } else { word };
        Some(format!("{word}{}", format::alike(&self.figure, day, self.unit)?))
    }
}
