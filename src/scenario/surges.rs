//! `[surges.*]`, and whether what happens once happens within the run.

use std::collections::BTreeSet;

use crate::time::SimSpan;

use super::distribution;
use super::moment::{self, Start};
use super::names::Names;
use super::section::Section;
use super::values;
use super::{Decay, Moment, Surge};
use crate::format::Problem;
use crate::format::node::{Entry, Value};
use crate::format::units::shorten;

/// Reports what is over before the run (`length` is `None` when it never is) or begins after it,
/// or happens daily but never within it.
pub(crate) fn check_inside(
    section: &Section<'_>,
    code: &'static str,
    start: Moment,
    length: Option<SimSpan>,
) {
    let Some(calendar) = section.context.calendar() else {
        return;
    };
    let (Some(offsets), Some(duration)) = (calendar.offsets(start), calendar.duration) else {
        return;
    };
    let at = section.entry("start").map_or(&section.place, |entry: &Entry| &entry.node.place);
    let begins = match (start, calendar.start) {
        (Moment::Local(_) | Moment::Clock(_), Start::At(run)) => {
            format!("the run starts at `{run}` and lasts `{duration}`")
        }
        (Moment::Clock(_), _) => {
            format!("the run starts at `00:00` and lasts `{duration}`, for want of a `run.start`")
        }
        _ => format!("the run lasts `{duration}`"),
    };
    let is_after = |offset: i64| offset >= duration.as_micros();
    let is_before = |offset: i64| {
        let over = length.is_some_and(|length| offset.saturating_add(length.as_micros()) <= 0);
        offset < 0 && over
    };
    if offsets.iter().any(|at| !is_after(*at) && !is_before(*at)) {
        return;
    }
    let message = match offsets.as_slice() {
        [offset] if is_after(*offset) => format!("this begins after the run: {begins}"),
        [_] => format!("this is over before the run: {begins}"),
        _ => format!("this is never within the run: {begins}"),
    };
    let help = "write a `start` within the run, or leave it out";
    section.context.report(Problem::new(code, at, message).help(help));
}

/// Reads one surge; `None`: it has problems.
pub(crate) fn surge(
    section: &Section<'_>,
    name: &str,
    contacts: &Names<'_>,
    recorded: &BTreeSet<usize>,
) -> Option<Surge> {
    let touched = touched(section, contacts, recorded);
    let start = section.required("start", moment::moment);
    let ramp = section.get_or("ramp", SimSpan::ZERO, values::span);
    let hold = section.get_or("hold", SimSpan::ZERO, values::span);
    section.exclude(
        "decay",
        "half_life",
        "give `decay` (a straight line) or `half_life` (exponential)",
    );
    let decay = section.get_or("decay", SimSpan::ZERO, values::span);
    let decay = match section.get("half_life", values::positive_span) {
        Some(half_life) => Decay::HalfLife(half_life),
        None => Decay::Linear(decay),
    };
    let factor = section.required("factor", distribution::factor);
    let deflection_factor = section.get_or("deflection_factor", 1.0, values::share);
    let length = match decay {
        Decay::Linear(decay) => Some(ramp + hold + decay),
        Decay::HalfLife(_) => None,
    };
    let lengths = ["ramp", "hold", "decay", "half_life"];
    let broken = lengths.iter().any(|key| {
        section.entry(key).is_some_and(|entry| match &entry.node.value {
            Value::Text(text) => crate::format::units::duration(text).is_err(),
            _ => true,
        })
    });
    if length == Some(SimSpan::ZERO) && !broken {
        let message = "the surge has no length";
        let help = "give it a `ramp`, `hold`, `decay` or `half_life`, such as `hold = \"2h\"`";
        section
            .context
            .report(Problem::new("surge-without-length", &section.place, message).help(help));
    }
    let start = start?;
    check_inside(section, "surge-outside-run", start, length.filter(|_| !broken));
    Some(Surge {
        name: name.to_owned(),
        contacts: touched?,
        start,
        ramp,
        hold,
        decay,
        factor: factor?,
        deflection_factor,
    })
}

/// The contact types that a surge touches: those it names, or all but those that replay a log, to
/// which it cannot add. Reports those that it cannot touch.
fn touched(
    section: &Section<'_>,
    contacts: &Names<'_>,
    recorded: &BTreeSet<usize>,
) -> Option<Vec<usize>> {
    let refuse = |place, message: String| {
        let problem = Problem::new("surge-on-log", place, message);
        let help = "a log has its surges already: leave the surge out, or give a `rate`";
        section.context.report(problem.help(help));
    };
    if section.entry("contacts").is_some() {
        let named = section.get("contacts", |context, node| contacts.several(context, node))?;
        for (index, place) in &named {
            if recorded.contains(index) {
                let name = shorten(contacts.list[*index]);
                refuse(place, format!("`{name}` replays a log: no surge can add to it"));
            }
        }
        return Some(named.into_iter().map(|(index, _)| index).collect());
    }
    let all = 0..contacts.list.len();
    let touched: Vec<usize> = all.filter(|index| !recorded.contains(index)).collect();
    if touched.is_empty() && !recorded.is_empty() {
        let message = "every contact type replays a log: no surge can add to it";
        refuse(&section.place, message.to_owned());
    }
    Some(touched)
}
