//! What the whole simulation was for, in words and numbers: waits, losses, backlogs; and what the
//! bot took.

use crate::experiment::Summary;
use crate::experiment::summary::{Figure, Figures, Verdict};
use crate::metrics::definition::Unit;
use crate::report::block::{
    FigureTable, Heading, KeyFigure, NameColumn, ShownOn, TableCell, TableColumn, TableRow,
};
use crate::report::{ClearsFrom, Origin, is_something, numbers};

/// Which end of the spread over days is the bad one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BadEnd {
    /// Much is bad.
    Higher,
    /// Little is bad.
    Lower,
    /// It has none.
    Neither,
}

/// One line of figures.
#[derive(Clone, Debug)]
struct FigureLine {
    label: String,
    figure: Figure,
    unit: Unit,
    worse: BadEnd,
}

/// Replications below which nobody can say what happens in 1 of 20.
const ENOUGH_FOR_BAD_DAYS: u32 = 20;

/// Whether there are enough days to say what happens on 1 in 20.
fn tells_bad_days(summary: &Summary) -> bool {
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
    /// Whether most of it leaves unserved.
    is_lost: bool,
}

impl Backlog {
    fn sentence(&self) -> Option<String> {
        let name = self.name.to_lowercase();
        if self.peak.estimate.value == Some(0.0) {
            return Some(format!("There is never an {name}.").replace("an backlog", "a backlog"));
        }
        let peak = numbers::value(&self.peak, Unit::Count)?;
        let cleared = match numbers::value(&self.clear_time, Unit::Seconds) {
            None => String::new(),
            Some(_) if self.clear_time.estimate.value == Some(0.0) => {
                format!(", and nothing of it is left {}", self.since)
            }
            Some(time) => format!(" and is gone {time} {}", self.since),
        };
        // That a queue gets shorter is no good news where people hang up.
        let lost = if self.is_lost { "; most of those who leave it give up" } else { "" };
        Some(format!("The {name} peaks at {peak}{cleared}{lost}."))
    }
}

/// What the two columns beside the average say.
pub(super) fn note(summary: &Summary) -> String {
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
        "± is the 95 % interval of the average: more replications shrink it. The last column {says}"
    )
}

/// What the bot took from the agents; `None` where there is no bot.
fn bot_lines(summary: &Summary) -> Option<Vec<FigureLine>> {
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
    let is_lost = summary.lost_after_peak().is_some_and(|share| share > 0.5);
    let of = |name, path: &str| {
        let figure = |part| summary.overall.figure(&format!("{path}.{part}"));
        Backlog {
            name,
            peak: figure("peak"),
            end: figure("end"),
            clear_time: figure("clear_time"),
            since,
            is_lost,
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
    let of = |path, unit| numbers::value(&all.figure(path), unit);
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
    let text = numbers::rough(Some(share), Unit::Share)?;
    (share > 0.1).then(|| format!("Those who try again add {text} to the contacts that arrive."))
}

fn promise(summary: &Summary, origin: &Origin) -> Option<String> {
    let all = &summary.overall;
    let level = numbers::value(&all.figure("service_level"), Unit::Share)?;
    let Some(promise) = origin.promise else {
        return Some(format!("The service level is {level}."));
    };
    let goal = numbers::plain(Some(promise.goal), Unit::Share)?;
    let word = summary.run.word();
    let on = if word == "day" { "on" } else { "in" };
    let met = numbers::value(&all.figure("goal_met"), Unit::Share)
        .map_or_else(String::new, |met| format!(", met {on} {met} of {word}s"));
    Some(format!("{level} are answered within {} (goal {goal}{met}).", promise.answer_within))
}

/// The answer in numbers.
fn answer_lines(summary: &Summary, origin: &Origin) -> Vec<FigureLine> {
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
pub(super) fn keys(summary: &Summary, origin: &Origin) -> Vec<KeyFigure> {
    let of = |path| summary.overall.figure(path);
    let mut lines = vec![
        wait("Mean wait for an agent", of("wait.mean")),
        level(summary, origin),
        share("Give up waiting", of("abandonment_rate")),
    ];
    if is_something(&of("blocked")) {
        lines.push(share("Turned away: no room", of("blocking_rate")));
    }
    let backlogs = backlogs(summary, origin).into_iter().take(1);
    lines.extend(
        backlogs.map(|backlog| count(format!("{} at its peak", backlog.name), backlog.peak)),
    );
    lines.into_iter().map(|line| key(line, summary, origin)).collect()
}

fn key(line: FigureLine, summary: &Summary, origin: &Origin) -> KeyFigure {
    let word = summary.run.word();
    let bad_day = line.bad_day().filter(|_| tells_bad_days(summary));
    KeyFigure {
        value: numbers::value(&line.figure, line.unit),
        half: numbers::half_width(&line.figure, line.unit),
        more: bad_day.map(|bad| format!("1 {word} in 20: {bad}")),
        promise: promise_kept(&line, origin),
        label: line.label,
    }
}

/// Whether the promise is kept, as far as the interval tells.
fn promise_kept(line: &FigureLine, origin: &Origin) -> Option<(Verdict, &'static str)> {
    let estimate = &line.figure.estimate;
    let (BadEnd::Lower, Some(promise), Some(value)) = (line.worse, origin.promise, estimate.value)
    else {
        return None;
    };
    let (low, high) = (estimate.low, estimate.high);
    Some(if low.is_some_and(|low| low >= promise.goal) {
        (Verdict::Holds, "✓ meets the goal on average")
    } else if high.is_some_and(|high| high < promise.goal) {
        (Verdict::Fails, "✗ misses the goal on average")
    } else if value >= promise.goal {
        (Verdict::Holds, "≈ meets the goal, if narrowly")
    } else {
        (Verdict::Fails, "≈ misses the goal, if narrowly")
    })
}

/// The answer in numbers.
pub(super) fn answer(summary: &Summary, origin: &Origin) -> FigureTable {
    table("The answer", &answer_lines(summary, origin), summary)
}

/// What the bot took from the agents; `None` where there is no bot.
pub(super) fn bot(summary: &Summary) -> Option<FigureTable> {
    bot_lines(summary).map(|lines| table("The bot", &lines, summary))
}

fn table(title: &str, lines: &[FigureLine], summary: &Summary) -> FigureTable {
    let word = summary.run.word();
    FigureTable {
        heading: Heading::new(title),
        names: NameColumn::Rest,
        columns: vec![
            TableColumn::number(format!("average {word}"), 12),
            TableColumn::number("± (95 %)", 11),
            TableColumn::number(format!("1 {word} in 20"), 15),
        ],
        rows: lines.iter().map(|line| line.row(summary)).collect(),
        left_out: None,
        place: ShownOn::Everywhere,
    }
}

fn level(summary: &Summary, origin: &Origin) -> FigureLine {
    let label = origin.promise.map_or_else(
        || "Service level".to_owned(),
        |promise| {
            let goal = numbers::plain(Some(promise.goal), Unit::Share).unwrap_or_default();
            format!("Answered within {} (goal {goal})", promise.answer_within)
        },
    );
    share(label, summary.overall.figure("service_level")).worse_if_lower()
}

fn count(label: impl Into<String>, figure: Figure) -> FigureLine {
    FigureLine::new(label, figure, Unit::Count)
}

fn share(label: impl Into<String>, figure: Figure) -> FigureLine {
    FigureLine::new(label, figure, Unit::Share)
}

fn wait(label: impl Into<String>, figure: Figure) -> FigureLine {
    FigureLine::new(label, figure, Unit::Seconds)
}

impl FigureLine {
    /// An entry of which much is bad.
    fn new(label: impl Into<String>, figure: Figure, unit: Unit) -> Self {
        Self { label: label.into(), figure, unit, worse: BadEnd::Higher }
    }

    fn worse_if_lower(self) -> Self {
        Self { worse: BadEnd::Lower, ..self }
    }

    fn without_days(self) -> Self {
        Self { worse: BadEnd::Neither, ..self }
    }

    /// Value, interval and bad day.
    fn row(&self, summary: &Summary) -> TableRow {
        let half = numbers::half_width(&self.figure, self.unit);
        let half = half.map_or_else(String::new, |half| format!("± {half}"));
        let bad_day = match self.worse {
            BadEnd::Neither => Some(String::new()),
            BadEnd::Higher | BadEnd::Lower => self.bad_day().filter(|_| tells_bad_days(summary)),
        };
        let value = numbers::value(&self.figure, self.unit);
        let cells = vec![TableCell::Text(value), TableCell::words(half), TableCell::Text(bad_day)];
        TableRow::new(self.label.clone(), cells)
    }

    /// What 1 day in 20 goes beyond.
    fn bad_day(&self) -> Option<String> {
        let days = self.figure.days?;
        let (word, day) = match self.worse {
            BadEnd::Higher => ("over ", days.p95),
            BadEnd::Lower => ("under ", days.p05),
            BadEnd::Neither => return None,
        };
        // "over 0s" would read as a warning where there is nothing to warn of.
        let word = if day == 0.0 { "" } else { word };
        Some(format!("{word}{}", numbers::alike(&self.figure, day, self.unit)?))
    }
}
