//! `[plan]`: promises, whose staffing may change, and which shifts there are.

use std::collections::BTreeMap;

use jiff::civil::Time;

use crate::time::SimSpan;

use super::groups::MOST_AGENTS;
use super::moment;
use super::names::Names;
use super::section::{Context, Section, join};
use super::values;
use super::{Bounds, Break, Located, Moment, Plan, PlanShift};
use crate::format::node::{Entry, Node, Value};
use crate::format::units::shorten;
use crate::format::{Place, Problem};

/// Most starts of one shift.
const MOST_STARTS: usize = 1440;

/// Reads `[plan]`. `None`: there is none, or it has problems.
pub(super) fn plan(root: &Section<'_>, groups: &Names<'_>) -> Option<Plan> {
    let read = root.optional_section("plan", "plan", |section| {
        let meet = section.required("meet", meet);
        let all = || (0..groups.list.len()).collect();
        let planned = match section.entry("groups") {
            None => Some(all()),
            Some(entry) => members(section.context, &entry.node, groups),
        };
        let step = SimSpan::from_seconds(1800.0);
        let step = section.get_or("step", step, values::positive_span);
        let confidence = section.get_or("confidence", 0.95, confidence);
        let bounds = bounds(section, groups);
        let shifts = match section.entry("shifts") {
            None => Some(Vec::new()),
            Some(entry) => shifts(section.context, &entry.node, groups, planned.as_deref()),
        };
        Some(Plan {
            meet: meet?,
            groups: planned?,
            step,
            bounds: bounds?,
            confidence,
            shifts: shifts?,
        })
    });
    read.ok().flatten()
}

fn meet(context: &Context<'_>, node: &Node) -> Option<Vec<Located<String>>> {
    let help = "write what is promised, such as `[\"service_level >= 80% in every 30m\"]`";
    values::each(values::list(context, node, help)?, |item| {
        Some(Located { value: values::name(context, item)?, place: item.place.clone() })
    })
}

fn confidence(context: &Context<'_>, node: &Node) -> Option<f64> {
    let share = values::share_below_one(context, node)?;
    if share >= 0.5 {
        return Some(share);
    }
    let problem = Problem::new("out-of-range", &node.place, "this confidence is under 0.5");
    context.report(problem.help("write how sure the promises are to hold, such as `0.95`"));
    None
}

/// A list of different groups.
fn members(context: &Context<'_>, node: &Node, groups: &Names<'_>) -> Option<Vec<usize>> {
    let read = groups.several(context, node)?;
    Some(read.into_iter().map(|(index, _)| index).collect())
}

fn bounds(section: &Section<'_>, groups: &Names<'_>) -> Option<Vec<Bounds>> {
    let mut all = vec![Bounds::default(); groups.list.len()];
    let Some(entry) = section.entry("bounds") else {
        return Some(all);
    };
    let Some(table) = entry.node.table() else {
        let help = "write `bounds = { general = { at_most = 300 } }`";
        section.context.wrong_type(&entry.node, "a table of agent groups", help);
        return None;
    };
    let mut complete = true;
    for entry in &table.entries {
        let index = groups.find(section.context, &entry.place, &entry.key);
        let path = join(&section.child_path("bounds"), &entry.key);
        let at = ("plan.bounds.*", path, &entry.place);
        let read = Section::read(section.context, at, &entry.node, between).flatten();
        match index.zip(read) {
            Some((index, bounds)) => all[index] = bounds,
            None => complete = false,
        }
    }
    complete.then_some(all)
}

fn between(section: &Section<'_>) -> Option<Bounds> {
    let count = |context: &Context<'_>, node: &Node| values::count(context, node, 0, MOST_AGENTS);
    let at_least = section.get_or("at_least", 0, count);
    let at_most = section.get("at_most", count);
    if let (Some(most), Some(entry)) = (at_most, section.entry("at_most"))
        && most < at_least
    {
        let message = format!("at least {at_least} and at most {most} cannot both be");
        let problem = Problem::new("out-of-range", &entry.node.place, message);
        let help = format!("write {at_least} or more");
        section.context.report(problem.help(help));
        return None;
    }
    Some(Bounds { at_least, at_most })
}

fn shifts(
    context: &Context<'_>,
    node: &Node,
    groups: &Names<'_>,
    planned: Option<&[usize]>,
) -> Option<Vec<PlanShift>> {
    let list = values::list(context, node, "write `[[plan.shifts]]` and its keys below")?;
    let mut names: BTreeMap<&str, &Place> = BTreeMap::new();
    let mut read = Vec::new();
    for (at, item) in list.iter().enumerate() {
        let place = ("plan.shifts[]", format!("plan.shifts[{at}]"), &item.place);
        let shift = Section::read(context, place, item, |section| shift(section, groups, planned));
        read.push(shift.flatten());
        let name = item.table().and_then(|table| table.get("name"));
        if let Some(Entry { node, .. }) = name
            && let Value::Text(text) = &node.value
            && let Some(first) = names.insert(text, &node.place)
        {
            let message = format!("two shifts are called `{}`", shorten(text));
            context.report(
                Problem::new("duplicate-name", &node.place, message)
                    .related(first, "the first one")
                    .help("give each a name of its own"),
            );
        }
    }
    read.into_iter().collect()
}

fn shift(
    section: &Section<'_>,
    groups: &Names<'_>,
    planned: Option<&[usize]>,
) -> Option<PlanShift> {
    let name = section.required("name", values::name);
    let members = match section.entry("groups") {
        None => planned.map(<[usize]>::to_vec),
        Some(entry) => members(section.context, &entry.node, groups),
    };
    let length = section.required("length", |context, node| {
        let span = values::positive_span(context, node)?;
        if span <= SimSpan::DAY {
            return Some(span);
        }
        let problem = Problem::new("out-of-range", &node.place, "the shift is over 24 hours");
        context.report(problem.help("write a length such as `\"9h\"`"));
        None
    });
    let starts = section.required("starts", |context, node| {
        let path = section.child_path("starts");
        let at = ("plan.shifts[].starts", path, &node.place);
        Section::read(context, at, node, starts).flatten()
    });
    let breaks = match section.entry("breaks") {
        None => Some(Vec::new()),
        Some(entry) => length.and_then(|length| breaks(section, &entry.node, length)),
    };
    let at_most =
        section.get("at_most", |context, node| values::count(context, node, 0, MOST_AGENTS));
    let cost = section.get("cost", values::number);
    Some(PlanShift {
        name: name?,
        groups: members?,
        starts: starts?,
        length: length?,
        breaks: breaks?,
        at_most,
        cost,
    })
}

/// Every start from the first to the last, clock times around midnight too.
fn starts(section: &Section<'_>) -> Option<Vec<Moment>> {
    let from = section.required("from", moment::moment);
    let to = match section.entry("to") {
        None => from,
        Some(entry) => moment::moment(section.context, &entry.node),
    };
    let half_hour = SimSpan::from_seconds(1800.0);
    let every = section.get_or("every", half_hour, values::positive_span);
    let place = section.entry("to").map_or(&section.place, |entry| &entry.node.place);
    let wrong = |message: &str, help: &str| {
        let problem = Problem::new("out-of-range", place, message);
        section.context.report(problem.help(help));
        None
    };
    let day = SimSpan::DAY.as_micros();
    let (first, last) = match (from?, to?) {
        (Moment::Offset(first), Moment::Offset(last)) => (first.as_micros(), last.as_micros()),
        (Moment::Clock(first), Moment::Clock(last)) => {
            let (first, last) = (of_clock(first), of_clock(last));
            (first, if last < first { last + day } else { last })
        }
        _ => {
            let help = "write two clock times, or two offsets from the start";
            return wrong("first and last start are moments of different kinds", help);
        }
    };
    let count = (last - first) / every.as_micros() + 1;
    let count = usize::try_from(count).unwrap_or(0);
    if count == 0 {
        return wrong("the last start is before the first", "write a later one");
    }
    if count > MOST_STARTS {
        return wrong("there are over 1440 starts", "write a longer `every`");
    }
    let is_clock = matches!(from, Some(Moment::Clock(_)));
    #[expect(clippy::cast_possible_wrap, reason = "at most 1440")]
    let moment = |at: usize| {
        let micros = first + every.as_micros() * at as i64;
        if is_clock {
            Moment::Clock(clock_of(micros % day))
        } else {
            Moment::Offset(SimSpan::from_micros(micros))
        }
    };
    Some((0..count).map(moment).collect())
}

/// Microseconds since midnight.
fn of_clock(time: Time) -> i64 {
    let micros = time.duration_since(Time::midnight()).as_micros();
    i64::try_from(micros).unwrap_or(0)
}

fn clock_of(micros: i64) -> Time {
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    let part = |value: i64| i8::try_from(value).unwrap_or(0);
    let nanos = i32::try_from(rest * 1000).unwrap_or(0);
    jiff::civil::time(part(seconds / 3600), part(seconds / 60 % 60), part(seconds % 60), nanos)
}

fn breaks(section: &Section<'_>, node: &Node, length: SimSpan) -> Option<Vec<Break>> {
    let help = "write entries such as `{ after = \"4h\", length = \"1h\" }`";
    let list = values::list(section.context, node, help)?;
    let path = section.child_path("breaks");
    let mut read: Vec<(Break, &Place)> = Vec::new();
    let mut complete = true;
    for (at, item) in list.iter().enumerate() {
        let place = ("plan.shifts[].breaks[]", format!("{path}[{at}]"), &item.place);
        let one = Section::read(section.context, place, item, |entry| {
            let after = entry.required("after", values::span);
            let length = entry.required("length", values::positive_span);
            let paid = entry.get_or("paid", true, values::boolean);
            Some(Break { after: after?, length: length?, paid })
        });
        match one.flatten() {
            Some(one) => read.push((one, &item.place)),
            None => complete = false,
        }
    }
    read.sort_by_key(|(one, _)| one.after);
    let mut free = SimSpan::ZERO;
    for (one, place) in &read {
        let message = if one.after < free {
            "the break begins before the one before it ends"
        } else if one.after + one.length > length {
            "the break ends after the shift"
        } else {
            free = one.after + one.length;
            continue;
        };
        let problem = Problem::new("invalid-break", place, message);
        let help = "`after` counts from the start of the shift";
        section.context.report(problem.help(help));
        complete = false;
    }
    complete.then(|| read.into_iter().map(|(one, _)| one).collect())
}
