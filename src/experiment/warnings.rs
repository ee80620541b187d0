//! What a planner should know before trusting or acting on the figures.

use super::summary::{Figures, IntervalSummary, Named, Summary, Warning};
use crate::model::{Group, Model, Unattended, WhenFull};
use crate::stats::Estimate;
use crate::time::{SimSpan, SimTime};

/// All warnings, the gravest first.
pub(super) fn all(model: &Model, summary: &Summary) -> Vec<Warning> {
    if summary.overall.value("arrivals") == Some(0.0) {
        return vec![nobody()];
    }
    let types = 0..model.contact_types.len();
    let growing = types.clone().filter_map(|at| growing(model, summary, at));
    let turned_away = types.filter_map(|at| turned_away(model, summary, at));
    let mut warnings = nobody_on_duty(model);
    warnings.extend(gravest_first(growing.collect()));
    warnings.extend(gravest_first(turned_away.collect()));
    warnings.extend(unfinished(model, summary));
    warnings.extend(never_clear(model, summary));
    warnings.extend(bot_full(summary));
    for (group, figures) in model.groups.iter().zip(&summary.groups) {
        warnings.extend(unused(group, figures));
    }
    warnings.extend(coarse(summary));
    warnings
}

/// Warnings of one kind by how grave they are; those alike in order of listing.
fn gravest_first(mut warnings: Vec<(f64, Warning)>) -> Vec<Warning> {
    warnings.sort_by(|a, b| b.0.total_cmp(&a.0));
    warnings.into_iter().map(|(_, warning)| warning).collect()
}

fn nobody() -> Warning {
    Warning {
        code: "no-arrivals",
        message: "nobody arrives, so there is nothing to report. Check the `rate` of the contact \
                  types, and that `run.duration` is longer than `run.warm_up`."
            .into(),
    }
}

/// Contacts that arrive while nobody is on duty who could serve them: a warning for each type, the
/// one with the most of them first. It depends on the scenario alone.
pub fn nobody_on_duty(model: &Model) -> Vec<Warning> {
    let missed = model.unattended();
    let by_type = missed.chunk_by(|a, b| a.contact_type == b.contact_type);
    let warnings = by_type.filter_map(|missed| {
        let contacts: f64 = missed.iter().map(|one| one.contacts).sum();
        // Fewer are a matter of seconds.
        (contacts >= 1.0).then(|| (contacts, unattended(model, missed, contacts)))
    });
    gravest_first(warnings.collect())
}

fn unattended(model: &Model, missed: &[Unattended], contacts: f64) -> Warning {
    const FEW: usize = 3;
    let time = |one: &Unattended| {
        format!("from {} to {}", time_of_day(model, one.from), time_of_day(model, one.to))
    };
    let mut times: Vec<String> = missed.iter().take(FEW).map(time).collect();
    match missed.len().saturating_sub(FEW) {
        0 => {}
        more => times.push(format!("{} more", counted(more as f64, "time"))),
    }
    let name = &model.contact_types[missed[0].contact_type.index()].name;
    Warning {
        code: "nobody-on-duty",
        message: format!(
            "nobody who serves `{name}` is on duty {}, though about {} there. Staff these hours, \
             or give the type `hours`.",
            times.join(", "),
            match number(contacts.round()).as_str() {
                "1" => "1 contact arrives".to_owned(),
                several => format!("{several} contacts arrive"),
            }
        ),
    }
}

/// The clock time at an instant, with the day where there are several: `20:40`, `day 2 08:00`.
fn time_of_day(model: &Model, at: SimTime) -> String {
    let horizon = &model.horizon;
    let minutes = |at: SimTime| (at - SimTime::START).as_micros() / SimSpan::MINUTE.as_micros();
    let first = horizon.clocks.as_ref().and_then(|clocks| clocks.first()?.get(11..16));
    let begun = first.and_then(|clock| {
        let (hours, minutes) = clock.split_once(':')?;
        Some(hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?)
    });
    let minute = begun.unwrap_or(0) + minutes(at);
    let (day, minute) = (minute.div_euclid(1440) + 1, minute.rem_euclid(1440));
    let clock = format!("{:02}:{:02}", minute / 60, minute % 60);
    let is_long = begun.unwrap_or(0) + minutes(horizon.duration) > 1440;
    if is_long { format!("day {day} {clock}") } else { clock }
}

/// So many of something: `1 agent`, `1,000 agents`.
fn counted(count: f64, one: &str) -> String {
    let number = number(count);
    if number == "1" { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// A queue that only grows: over the last half of the run its mean rises from third to third, and
/// at the end it is no mere fluctuation. What it grows by each second, times the agent time of a
/// contact, is the agents that are missing; the more of them, the graver.
fn growing(model: &Model, summary: &Summary, index: usize) -> Option<(f64, Warning)> {
    let kind = &model.contact_types[index];
    let figures = &summary.contacts[index].figures;
    let backlog = |interval: &IntervalSummary| interval.contacts[index].value.value("backlog.mean");
    let late = &summary.intervals[summary.intervals.len() / 2..];
    let third = late.len() / 3;
    if third == 0 {
        return None;
    }
    let (early, rest) = late.split_at(late.len() - 2 * third);
    let (middle, last) = rest.split_at(third);
    let (early, middle, last) =
        (mean_over(early, backlog)?, mean_over(middle, backlog)?, mean_over(last, backlog)?);
    let end = figures.value("backlog.end")?;
    if !(early < middle && middle * 1.1 < last && last <= end && end >= 10.0) {
        return None;
    }
    let span = rest[0].length.as_seconds() * third as f64;
    let missing = (last - middle) / span * agent_time(model, index, figures);
    let names: Vec<&str> =
        kind.groups.iter().map(|g| model.groups[g.index()].name.as_str()).collect();
    let warning = Warning {
        code: "growing-queue",
        message: format!(
            "the queue of `{}` only grows: {} wait when arrivals end. It takes at least {} present in \
             {} over the second half of the run to stop it growing, and \
             more than that to shorten it.",
            kind.name,
            counted(end.round(), "contact"),
            counted(missing.floor() + 1.0, "more agent"),
            list(&names),
        ),
    };
    Some((missing, warning))
}

/// Agent seconds for a contact of a type: as measured, or as the scenario says where none was
/// answered.
fn agent_time(model: &Model, index: usize, figures: &Figures) -> f64 {
    figures.value("handling.mean").unwrap_or_else(|| {
        let skills = model.groups.iter().filter_map(|group| group.skills[index].as_ref());
        skills.map(|skill| skill.agent_time).fold(0.0, f64::max)
    })
}

/// Contacts that find no room, and which limits keep them out; the more of them, the graver.
fn turned_away(model: &Model, summary: &Summary, index: usize) -> Option<(f64, Warning)> {
    let kind = &model.contact_types[index];
    let rate = summary.contacts[index].figures.value("blocking_rate")?;
    let queue_limit = format!("contacts.{}.queue_limit", kind.name);
    let is_bot_full = summary.bot.value("full_probability").unwrap_or(0.0) > 0.0;
    let limits = [
        (kind.queue_limit != u32::MAX, queue_limit.as_str()),
        (model.limits.waiting_room != u32::MAX, "routing.waiting_room"),
        (model.limits.lines != u32::MAX, "routing.lines"),
        (
            kind.bot.is_some() && is_bot_full && model.bot.when_full == WhenFull::Reject,
            if model.bot.capacity == u32::MAX { "bot.outages" } else { "bot.capacity" },
        ),
    ];
    let limits: Vec<&str> =
        limits.into_iter().filter_map(|(limits_it, name)| limits_it.then_some(name)).collect();
    let warning = || Warning {
        code: "turned-away",
        message: format!(
            "{:.1} % of the attempts of `{}` that reach the agents' side find no room and are \
             turned away. Raise {}, or staff more agents.",
            rate * 100.0,
            kind.name,
            list(&limits),
        ),
    };
    let blocked = summary.contacts[index].figures.value("blocked")?;
    (rate >= 0.01).then(|| (blocked, warning()))
}

/// Who is still in a queue or at the bot when the simulation ends.
fn unfinished(model: &Model, summary: &Summary) -> Option<Warning> {
    let word = summary.run.word();
    let queued = summary.overall.value("unfinished").unwrap_or(0.0);
    let at_bot = summary.bot.value("unfinished").unwrap_or(0.0);
    let mut places = Vec::new();
    if queued > 0.0 {
        places.push(format!("{} a {word} in a queue", counted(queued, "contact")));
    }
    if at_bot > 0.0 {
        places.push(format!("{} a {word} at the bot", counted(at_bot, "attempt")));
    }
    let advice = if queued > 0.0 {
        "their waits are missing from the figures. Staff the hours after the end, or lengthen \
         `run.drain`"
    } else {
        "how they end is missing from the figures. Lengthen `run.drain`"
    };
    (!places.is_empty()).then(|| Warning {
        code: "unfinished",
        message: format!(
            "the run ends with {}, {} after arrivals end, and {advice}.",
            places.join(" and "),
            model.horizon.end - model.horizon.duration,
        ),
    })
}

fn never_clear(model: &Model, summary: &Summary) -> Option<Warning> {
    let since = if model.surges.is_empty() { "arrivals end" } else { "the last surge" };
    let unknown = summary.overall.value("backlog.clear_time").is_none();
    let unfinished = summary.overall.value("unfinished").unwrap_or(0.0) > 0.0;
    (unknown && !unfinished).then(|| Warning {
        code: "never-clears",
        message: format!(
            "in some {}s the backlog is never 0 after {since}, so the time until it clears is \
             unknown. Lengthen `run.drain`, or staff more agents after that.",
            summary.run.word(),
        ),
    })
}

fn bot_full(summary: &Summary) -> Option<Warning> {
    let full = summary.bot.value("full_probability")?;
    let peak = summary.bot.value("concurrent.peak")?;
    (full >= 0.01).then(|| Warning {
        code: "bot-full",
        message: format!(
            "{:.1} % of those who ask for the bot find it full or down; at its peak it holds {}. \
             More `bot.capacity`, or agents for those who overflow, would help.",
            full * 100.0,
            counted(peak, "session"),
        ),
    })
}

fn unused(group: &Group, figures: &Named<Figures>) -> Option<Warning> {
    let idle = figures.value.value("handled")? <= 0.0;
    let hours = figures.value.value("scheduled_hours")?;
    (idle && hours > 0.0).then(|| Warning {
        code: "unused-group",
        message: format!(
            "group `{}` is scheduled for {} and answers nobody. Check its `skills`, \
             or leave it out.",
            group.name,
            counted(hours, "agent hour"),
        ),
    })
}

/// Half-widths that are too wide to decide by, and the replications that would do.
fn coarse(summary: &Summary) -> Option<Warning> {
    let done = f64::from(summary.run.replications);
    if summary.run.replications < 2 {
        return Some(Warning {
            code: "one-replication",
            message: "one replication says nothing about its own uncertainty. Run at least 30."
                .into(),
        });
    }
    let wait = summary.overall.figure("wait.mean").estimate;
    let level = summary.overall.figure("service_level").estimate;
    let wait_off = wait.half_width()? / (wait.value? * 0.1).max(0.5);
    let level_off = level.half_width().unwrap_or(0.0) / 0.02;
    let off = wait_off.max(level_off);
    (off > 1.0).then(|| {
        let what = if wait_off >= level_off {
            let half = seconds(wait.half_width().unwrap_or(0.0));
            format!("the mean wait is known to ± {half} only")
        } else {
            let half = level.half_width().unwrap_or(0.0) * 100.0;
            let decimals = usize::from(half < 3.0);
            format!("the service level is known to ± {half:.decimals$} points only")
        };
        Warning {
            code: "coarse",
            message: format!(
                "{what}: {}s differ a lot. About {} replications would bring it to a tenth of \
                 the wait and 2 points of service level.",
                summary.run.word(),
                number((done * off * off).ceil().max(done + 1.0)),
            ),
        }
    })
}

/// The replications that were allowed did not bring the precision that was asked for.
pub(super) fn imprecise(path: &str, estimate: Estimate, relative: f64, done: u32) -> Warning {
    let asked = number(relative * 100.0);
    let message = match (estimate.half_width(), estimate.value) {
        (Some(half), Some(value)) if value != 0.0 => {
            let reached = half / value.abs();
            let needed = f64::from(done) * (reached * (1.0 + relative) / relative).powi(2);
            format!(
                "`{path}` is known to ± {} % after {done} replications, not to the {asked} % \
                 asked for. Raise `at_most` to about {}.",
                number(reached * 100.0),
                number(needed.ceil()),
            )
        }
        _ => format!(
            "`{path}` is unknown or zero after {done} replications, so its precision of {asked} % \
             cannot be judged. Ask for another figure."
        ),
    };
    Warning { code: "imprecise", message }
}

/// Half an interval with the digits that the report gives it: the last one stands for at most a
/// third of it.
fn seconds(half: f64) -> String {
    match half {
        _ if half < 0.3 => format!("{half:.2}s"),
        _ if half < 30.0 => format!("{half:.*}s", usize::from(half < 3.0)),
        _ => {
            let step = [3600.0, 600.0, 60.0, 10.0]
                .into_iter()
                .find(|step| half >= 3.0 * step)
                .unwrap_or(1.0);
            SimSpan::from_seconds((half / step).round() * step).to_string()
        }
    }
}

/// `a`, `b` or `c`, in backticks; of many, the first few.
fn list(names: &[&str]) -> String {
    const FEW: usize = 3;
    let quoted =
        |names: &[&str]| -> Vec<String> { names.iter().map(|name| format!("`{name}`")).collect() };
    match names {
        [] => String::new(),
        [name] => format!("`{name}`"),
        names if names.len() > FEW + 1 => {
            format!("{} or one of {} others", quoted(&names[..FEW]).join(", "), names.len() - FEW)
        }
        [others @ .., last] => format!("{} or `{last}`", quoted(others).join(", ")),
    }
}

/// A number as a person writes it: thousands apart, no false digits.
fn number(value: f64) -> String {
    if value < 9.95 && value.fract().abs() > 0.005 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What a stretch of intervals says about a level: its mean, weighted by length.
fn mean_over(
    intervals: &[IntervalSummary],
    value: impl Fn(&IntervalSummary) -> Option<f64>,
) -> Option<f64> {
    let (mut sum, mut length) = (0.0, SimSpan::ZERO);
    for interval in intervals {
        sum += value(interval)? * interval.length.as_seconds();
        length += interval.length;
    }
    (length > SimSpan::ZERO).then(|| sum / length.as_seconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_names_the_first_few_are_listed() {
        for (names, text) in [
            (&["a"][..], "`a`"),
            (&["a", "b"], "`a` or `b`"),
            (&["a", "b", "c", "d"], "`a`, `b`, `c` or `d`"),
            (&["a", "b", "c", "d", "e"], "`a`, `b`, `c` or one of 2 others"),
        ] {
            assert_eq!(list(names), text);
        }
    }

    #[test]
    fn the_gravest_warning_of_a_kind_comes_first() {
        let warning = |message: &str| Warning { code: "x", message: message.into() };
        let sorted = gravest_first(vec![
            (1.0, warning("mild")),
            (3.0, warning("grave")),
            (1.0, warning("mild too")),
        ]);
        let messages: Vec<&str> = sorted.iter().map(|w| w.message.as_str()).collect();
        assert_eq!(messages, ["grave", "mild", "mild too"]);
    }
}
