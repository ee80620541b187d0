//! What the whole simulation was for: waits, losses, backlogs; and what the bot took.

use std::io::{self, Write};

use super::{FAINT, PLAIN, Page, STRONG, is_something};
use crate::experiment::Summary;
use crate::experiment::summary::{Figure, Figures};
use crate::report::format::{self, Unit};
use crate::report::glyphs::{pad_left, pad_right};
use crate::report::{ClearsFrom, Origin};

/// Which end of the spread over days is the bad one.
#[derive(Clone, Copy)]
enum Worse {
    Higher,
    Lower,
    Neither,
}

/// One line of figures.
struct Entry {
    label: String,
    figure: Figure,
    unit: Unit,
    worse: Worse,
}

/// Columns of value, half-width and worst day.
const COLUMNS: [usize; 3] = [12, 11, 15];

/// Replications below which nobody can say what happens in 1 of 20.
const ENOUGH_FOR_BAD_DAYS: u32 = 20;

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
}

impl Backlog {
    fn sentence(&self) -> Option<String> {
        let name = self.name.to_lowercase();
        if self.peak.estimate.value == Some(0.0) {
            return Some(format!("There is never an {name}.").replace("an backlog", "a backlog"));
        }
        let peak = format::value(&self.peak, Unit::Count)?;
        let cleared = format::value(&self.clear_time, Unit::Seconds)
            .map_or_else(String::new, |time| {
                format!(" and is gone {time} {}", self.since)
            });
        Some(format!("The {name} peaks at {peak}{cleared}."))
    }
}

/// The answer in sentences, then in numbers.
pub(super) fn answer<W: Write>(
    summary: &Summary,
    origin: &Origin,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let backlogs = backlogs(summary, origin);
    page.paragraph(PLAIN, "", &sentences(summary, origin, &backlogs))?;
    page.line(PLAIN, "")?;
    titles("THE ANSWER", summary, page)?;
    for entry in entries(summary, origin, &backlogs) {
        write(&entry, summary, page)?;
    }
    let plus_minus = page.style.charset.plus_minus();
    let word = summary.run.word();
    let last = if tells_bad_days(summary) {
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
    let note = format!(
        "{plus_minus} is the 95 % interval of the average: more replications shrink it. The last \
         column {last}"
    );
    page.paragraph(FAINT, "  ", &note)
}

/// What the bot took from the agents; nothing where there is no bot.
pub(super) fn bot<W: Write>(summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let (bot, all) = (&summary.bot, &summary.overall);
    if !has_bot(summary) {
        return Ok(());
    }
    page.line(PLAIN, "")?;
    titles("THE BOT", summary, page)?;
    let entries = [
        share(
            "Deflected: ended without an agent",
            bot.figure("deflection_rate"),
        )
        .worse_if_lower(),
        share(
            "Resolved: and did not come back",
            all.figure("resolution_rate"),
        )
        .worse_if_lower(),
        count("Escalated to agents", all.figure("escalated")),
        count("Asked for an agent at once", all.figure("opted_out")),
        share("Found the bot full or down", bot.figure("full_probability")),
        count(
            "Sessions at once, at the peak",
            bot.figure("concurrent.peak"),
        ),
    ];
    write(&count("Sessions", bot.figure("sessions")), summary, page)?;
    entries
        .iter()
        .try_for_each(|entry| write(entry, summary, page))
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
    if peak(&whole) > 1.1 * peak(&escalated) {
        vec![escalated, whole]
    } else {
        vec![escalated]
    }
}

/// The answer as it would be told; parts that are not known are left out.
fn sentences(summary: &Summary, origin: &Origin, backlogs: &[Backlog]) -> String {
    let all = &summary.overall;
    let of = |path, unit| format::value(&all.figure(path), unit);
    let mut said = Vec::new();
    match (
        of("wait.mean", Unit::Seconds),
        of("wait.p95", Unit::Seconds),
    ) {
        (Some(mean), Some(p95)) => said.push(format!(
            "People wait {mean} on average until an agent answers, 1 in 20 of them longer than \
             {p95}."
        )),
        (Some(mean), None) => {
            said.push(format!(
                "People wait {mean} on average until an agent answers."
            ));
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
    said.extend(backlogs.iter().filter_map(Backlog::sentence));
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
    Some(format!(
        "{level} are answered within {} (goal {goal}{met}).",
        promise.answer_within
    ))
}

fn entries(summary: &Summary, origin: &Origin, backlogs: &[Backlog]) -> Vec<Entry> {
    let of = |path| summary.overall.figure(path);
    let level = origin.promise.map_or_else(
        || "Service level".to_owned(),
        |promise| {
            let goal = format::plain(Some(promise.goal), Unit::Share).unwrap_or_default();
            format!("Answered within {} (goal {goal})", promise.answer_within)
        },
    );
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
        share(level, of("service_level")).worse_if_lower(),
        share(format!("{runs}s that meet the goal"), of("goal_met")).without_days(),
        share("Give up waiting", of("abandonment_rate")),
    ]);
    if is_blocked {
        entries.push(share("Turned away: no room", of("blocking_rate")));
    }
    for backlog in backlogs {
        entries.push(count(format!("{} at its peak", backlog.name), backlog.peak));
        entries.push(wait(
            format!("  gone {}", backlog.since),
            backlog.clear_time,
        ));
        if is_something(&backlog.end) {
            entries.push(count(
                "  left when the last contact has arrived",
                backlog.end,
            ));
        }
    }
    entries
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
        Self {
            label: label.into(),
            figure,
            unit,
            worse: Worse::Higher,
        }
    }

    fn worse_if_lower(self) -> Self {
        Self {
            worse: Worse::Lower,
            ..self
        }
    }

    fn without_days(self) -> Self {
        Self {
            worse: Worse::Neither,
            ..self
        }
    }

    /// What 1 day in 20 goes beyond.
    fn bad_day(&self) -> Option<String> {
        let days = self.figure.days?;
        let (word, day) = match self.worse {
            Worse::Higher => ("over ", days.p95),
            Worse::Lower => ("under ", days.p05),
            Worse::Neither => return None,
        };
        // "over 0s" would read as a warning where there is nothing to warn of.
        let word = if day == 0.0 { "" } else { word };
        Some(format!(
            "{word}{}",
            format::alike(&self.figure, day, self.unit)?
        ))
    }
}

fn titles<W: Write>(title: &str, summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let [value, half, worst] = COLUMNS;
    let word = summary.run.word();
    let line = format!(
        "{}{}{}{}",
        pad_right(title, page.width - value - half - worst),
        pad_left(&format!("average {word}"), value),
        pad_left(&format!("{} (95 %)", page.style.charset.plus_minus()), half),
        pad_left(&format!("1 {word} in 20"), worst),
    );
    page.line(STRONG, &line)
}

fn write<W: Write>(entry: &Entry, summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    let charset = page.style.charset;
    let [value, half, worst] = COLUMNS;
    let days = match entry.worse {
        Worse::Neither => String::new(),
        _ if tells_bad_days(summary) => page.cell(entry.bad_day(), worst),
        _ => page.cell(None, worst),
    };
    let plus_minus = format::half_width(&entry.figure, entry.unit)
        .map_or_else(String::new, |half| {
            format!("{} {half}", charset.plus_minus())
        });
    let label_columns = page.width - 2 - value - half - worst;
    let line = format!(
        "  {}{}{}{days}",
        pad_right(&charset.shorten(&entry.label, label_columns), label_columns),
        page.cell(format::value(&entry.figure, entry.unit), value),
        pad_left(&plus_minus, half),
    );
    page.line(PLAIN, &line)
}
