//! `[run]` and `[service_level]`.

use std::fmt::Write as _;

use jiff::tz::TimeZone;

use crate::time::SimSpan;

use super::moment::{self, Calendar, Start};
use super::section::{Context, Section};
use super::values;
use super::{Formula, Located, MOST_REPLICATIONS, MOST_SEED, Replications, Run, ServiceLevel};
use crate::format::Problem;
use crate::format::near::suggestion;
use crate::format::node::{Entry, Node};
use crate::format::units::short;

/// Most reporting intervals of a run.
const MOST_INTERVALS: f64 = 100_000.0;

/// Most reporting intervals times what has figures of its own: each contact type, each group, and
/// the whole. Each takes about 20 KB.
const MOST_FIGURES: f64 = 150_000.0;

/// Lengths of reporting intervals that people choose, in seconds, from short to long.
const ROUND: &[u32] = &[
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    10_800,
    14_400,
    21_600,
    28_800,
    43_200,
    86_400,
    172_800,
    604_800,
    1_209_600,
    2_419_200,
    7_257_600,
    31_536_000,
    315_360_000,
];

/// Reads `[run]`, which must come first: it gives the calendar that all moments need. Of a run with
/// problems only the calendar is left.
pub(crate) fn run(root: &Section<'_>) -> (Option<Run>, Calendar) {
    let broken = Calendar {
        start: Start::Broken,
        run_timezone: TimeZone::UTC,
        timezone: TimeZone::UTC,
        duration: None,
    };
    root.section("run", "run", |section| {
        let calendar = calendar(section);
        let run = settings(section, &calendar);
        (run, calendar)
    })
    .unwrap_or((None, broken))
}

fn calendar(section: &Section<'_>) -> Calendar {
    let timezone = section.get_or("timezone", TimeZone::UTC, timezone);
    let start = match section.entry("start") {
        None => Start::Missing,
        Some(entry) => {
            moment::date(section.context, &entry.node, &timezone).map_or(Start::Broken, Start::At)
        }
    };
    let duration = section.required("duration", values::run_span);
    Calendar { start, run_timezone: timezone.clone(), timezone, duration }
}

fn settings(section: &Section<'_>, calendar: &Calendar) -> Option<Run> {
    let warm_up = section.get_or("warm_up", SimSpan::ZERO, values::span);
    let drain = section.get_or("drain", SimSpan::DAY, values::drain_span);
    let quarter = SimSpan::from_seconds(900.0);
    let interval = section.get_or("interval", quarter, values::positive_span);
    let seed =
        section.get_or("seed", 1, |context, node| values::whole(context, node, 0, MOST_SEED));
    section.exclude("replications", "precision", "give a number of replications, or a precision");
    let fixed = section.get_or("replications", 100, |context, node| {
        values::count(context, node, 1, MOST_REPLICATIONS)
    });
    let precision = section.optional_section("precision", "run.precision", precision);
    let replications = precision.map(|given| given.unwrap_or(Replications::Fixed(fixed)));
    let busyness = section.get_or("busyness", 0.0, values::busyness);
    let duration = calendar.duration?;
    check_lengths(section, duration, warm_up);
    Some(Run {
        start: match calendar.start {
            Start::At(start) => Some(start),
            Start::Missing | Start::Broken => None,
        },
        timezone: calendar.timezone.clone(),
        duration,
        warm_up,
        drain,
        interval,
        seed,
        replications: replications.ok()?,
        busyness,
    })
}

fn check_lengths(section: &Section<'_>, duration: SimSpan, warm_up: SimSpan) {
    let place = |key| section.entry(key).map_or(&section.place, |entry: &Entry| &entry.node.place);
    let length = place("duration");
    if warm_up >= duration {
        let message = format!("a warm-up of `{warm_up}` leaves nothing of a run of `{duration}`");
        section.context.report(
            Problem::new("warm-up-too-long", place("warm_up"), message)
                .related(length, "the length of the run")
                .help("write a shorter `warm_up` or a longer `duration`"),
        );
    }
}

/// Reports more reporting intervals than a run can have, when the figures of each are kept for so
/// many things.
pub(crate) fn check_figures(root: &Section<'_>, duration: SimSpan, interval: SimSpan, kept: usize) {
    let count = |interval: SimSpan| (duration.as_seconds() / interval.as_seconds()).ceil();
    let fits = |interval| {
        let count = count(interval);
        count <= MOST_INTERVALS && count * kept as f64 <= MOST_FIGURES
    };
    if fits(interval) {
        return;
    }
    let Some(run) = root.entry("run") else {
        return;
    };
    let key = |key| run.node.table().and_then(|table| table.get(key));
    let at = key("interval").or_else(|| key("duration")).unwrap_or(run);
    let number = short(count(interval));
    let mut message = format!("`{duration}` has {number} intervals of `{interval}`");
    let limit = if count(interval) > MOST_INTERVALS {
        format!("a run has at most {MOST_INTERVALS} of them")
    } else {
        let _ = write!(
            message,
            ", each with figures for {kept} things: every contact type, every group, and the whole"
        );
        format!("intervals times things are at most {MOST_FIGURES}")
    };
    let round = ROUND
        .iter()
        .map(|seconds| SimSpan::from_seconds(f64::from(*seconds)))
        .find(|round| fits(*round));
    let help = match round {
        Some(round) => format!("write `interval = \"{round}\"` into `[run]`: {limit}"),
        None => format!("describe fewer contact types and groups: {limit}"),
    };
    root.context.report(Problem::new("too-many-intervals", &at.node.place, message).help(help));
}

fn precision(section: &Section<'_>) -> Option<Replications> {
    let of = section.required("of", |context, node| {
        let value = values::name(context, node)?;
        Some(Located { value, place: node.place.clone() })
    });
    let relative = section.required("relative", |context, node| {
        let share = values::share_below_one(context, node)?;
        if share > 0.0 {
            return Some(share);
        }
        let problem = Problem::new("out-of-range", &node.place, "no interval has a width of 0");
        context.report(problem.help("write more than 0, such as `0.02`"));
        None
    });
    let at_most = section.get_or("at_most", 2000, |context, node| {
        values::count(context, node, 2, MOST_REPLICATIONS)
    });
    Some(Replications::Precision { of: of?, relative: relative?, at_most })
}

/// An IANA time zone of the bundled database.
pub(crate) fn timezone(context: &Context<'_>, node: &Node) -> Option<TimeZone> {
    let name = values::name(context, node)?;
    let database = jiff::tz::TimeZoneDatabase::bundled();
    if let Ok(zone) = database.get(&name) {
        return Some(zone);
    }
    let known: Vec<String> = database.available().map(|name| name.to_string()).collect();
    // The city alone is what people remember.
    let city = |zone: &str| zone.rsplit('/').next().unwrap_or(zone).to_lowercase();
    let wanted = city(&name).replace(' ', "_");
    let same_city = known.iter().find(|zone| city(zone) == wanted);
    let list: Vec<&str> = known.iter().map(String::as_str).collect();
    let near = suggestion(&name, &list, "zones");
    let help = if let Some(zone) = same_city {
        format!("did you mean `{zone}`?")
    } else if near.starts_with("did you mean") {
        near
    } else {
        "write an IANA name, such as `\"Asia/Shanghai\"` or `\"UTC\"`".to_owned()
    };
    let message = format!("there is no time zone `{}`", crate::format::units::shorten(&name));
    context.report(Problem::new("unknown-timezone", &node.place, message).help(help));
    None
}

/// A section that says what waits are held against; what it leaves out is as in `default`.
pub(crate) fn service_level(
    parent: &Section<'_>,
    pattern: &'static str,
    default: ServiceLevel,
) -> ServiceLevel {
    let formulas = [
        ("excl_quick_abandons", Formula::ExclQuickAbandons),
        ("strict", Formula::Strict),
        ("answered_only", Formula::AnsweredOnly),
        ("abandon_in_time_ok", Formula::AbandonInTimeOk),
    ];
    let read = parent.section("service_level", pattern, |section| ServiceLevel {
        answer_within: section.get_or("answer_within", default.answer_within, values::span),
        goal: section.get_or("goal", default.goal, values::share),
        formula: section.get_or("formula", default.formula, |context, node| {
            values::choice(context, node, &formulas)
        }),
    });
    read.unwrap_or(default)
}
