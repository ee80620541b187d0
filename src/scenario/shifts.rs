//! Shifts of named people, with their breaks.

use crate::time::SimSpan;

use super::groups::MOST_AGENTS;
use super::moment::{self, Calendar};
use super::section::{Context, Section};
use super::values;
use super::{Break, Moment, Shift};
use crate::format::node::{Node, Value};
use crate::format::{Place, Problem};

/// Reads the shifts of a group, whose clocks are those of `calendar`.
pub(crate) fn shifts<'a>(
    context: &'a Context<'a>,
    calendar: &Calendar,
    node: &'a Node,
    path: &str,
) -> Option<Vec<Shift>> {
    let help = "write `shifts = [{ start = \"08:00\", length = \"9h\", agents = 60 }]`";
    let list = values::list(context, node, help)?;
    let mut at = 0;
    let shifts = values::each(list, |item| {
        let path = format!("{path}[{at}]");
        at += 1;
        let at = ("groups.*.shifts[]", path, &item.place);
        Section::read(context, at, item, |section| shift(section, calendar)).flatten()
    })?;
    let agents: u64 = shifts.iter().map(|shift| u64::from(shift.agents)).sum();
    if agents > u64::from(MOST_AGENTS) {
        let message = format!("the shifts have {agents} agents");
        let problem = Problem::new("out-of-range", &node.place, message);
        context.report(problem.help(format!("a group has at most {MOST_AGENTS} agents")));
        return None;
    }
    check_within(context, calendar, &shifts, &list[0].place);
    Some(shifts)
}

fn shift(section: &Section<'_>, calendar: &Calendar) -> Option<Shift> {
    let name = section.get("name", values::name);
    let start =
        section.required("start", |context, node| moment::moment_on(context, calendar, node));
    let length = section.required("length", |context, node| {
        values::positive_span(context, node).map(|length| (length, &node.place))
    });
    let agents =
        section.required("agents", |context, node| values::count(context, node, 0, MOST_AGENTS));
    let breaks = match section.entry("breaks") {
        None => Some(Vec::new()),
        Some(entry) => {
            let path = section.child_path("breaks");
            breaks(section.context, &entry.node, &path)
        }
    };
    if let (Some(Moment::Clock(_)), Some((length, place))) = (start, length)
        && length > SimSpan::DAY
    {
        let message = format!("a shift that repeats daily lasts `{length}`");
        let help = "write at most `\"24h\"`, or a date as its `start`";
        let problem = Problem::new("out-of-range", place, message);
        section.context.report(problem.help(help));
    }
    if let (Some(breaks), Some((length, place))) = (&breaks, length) {
        check_breaks(section.context, breaks, length, place);
    }
    Some(Shift {
        name,
        start: start?,
        length: length?.0,
        agents: agents?,
        breaks: breaks?.into_iter().map(|(pause, _)| pause).collect(),
    })
}

/// Breaks with the places where they start.
fn breaks<'a>(
    context: &'a Context<'a>,
    node: &'a Node,
    path: &str,
) -> Option<Vec<(Break, &'a Place)>> {
    let Value::List(list) = &node.value else {
        let help = "write `breaks = [{ after = \"4h\", length = \"1h\" }]`";
        context.wrong_type(node, "a list of tables", help);
        return None;
    };
    let mut at = 0;
    values::each(list, |item| {
        let path = format!("{path}[{at}]");
        at += 1;
        let at = ("groups.*.shifts[].breaks[]", path, &item.place);
        Section::read(context, at, item, |section| {
            let after = section.required("after", |context, node| {
                values::span(context, node).map(|after| (after, &node.place))
            });
            let length = section.required("length", values::positive_span);
            let paid = section.get_or("paid", true, values::boolean);
            let (after, place) = after?;
            let length = length?;
            Some((Break { after, length, paid }, place))
        })
        .flatten()
    })
}

/// Reports breaks that are not within their shift or not one after the other.
fn check_breaks(context: &Context<'_>, breaks: &[(Break, &Place)], length: SimSpan, shift: &Place) {
    let mut free: Option<(SimSpan, &Place)> = None;
    for (pause, place) in breaks {
        let end = pause.after + pause.length;
        let refuse = |message: String, other: &Place, label: &str, help: &str| {
            context.report(
                Problem::new("invalid-break", place, message).related(other, label).help(help),
            );
        };
        if end > length {
            let message =
                format!("this break ends `{end}` after the start of a shift of `{length}`");
            let help = "`after` counts from the start of the shift; a break lies within it";
            refuse(message, shift, "the length of the shift", help);
        } else if let Some((before, first)) = free
            && pause.after < before
        {
            let message = format!("this break begins before the one before it ends, at `{before}`");
            let help = "write breaks in order of time, with work between them";
            refuse(message, first, "the one before it", help);
        }
        free = Some((end, place));
    }
}

/// Reports shifts of which none is within the run.
fn check_within(context: &Context<'_>, calendar: &Calendar, shifts: &[Shift], first: &Place) {
    let Some(duration) = calendar.duration else {
        return;
    };
    let is_outside = |shift: &Shift| {
        calendar.offsets(shift.start).is_some_and(|offsets| {
            let length = shift.length.as_micros();
            let outside = |at: &i64| at.saturating_add(length) <= 0 || *at >= duration.as_micros();
            offsets.iter().all(outside)
        })
    };
    if shifts.iter().all(is_outside) {
        let message = format!("no shift is within the run of `{duration}`: nobody would ever work");
        let help = "write clock times, such as `\"08:00\"`, for shifts of every day";
        context.report(Problem::new("shifts-outside-run", first, message).help(help));
    }
}
