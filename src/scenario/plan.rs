//! `[plan]`: promises, whose staffing may change, and which shifts there are.

use std::collections::BTreeMap;

use jiff::civil::{self, Time};

use crate::format::units::shorten;
use crate::format::{
    Key, Located, Moment, Place, Problem, ReadByName, ReadCount, ReadList, ReadLocated, ReadMoment,
    ReadName, ReadNamesOf, ReadNumber, ReadShare, ReadSpan, ReadTable, Record, Section, TableKeys,
    by_name, clock_micros, duration, key, located, moment, names_of, number, share, some,
    some_tables, table, tables,
};
use crate::time::SimSpan;

use super::limits::AGENTS;
use super::names::GROUPS;
use super::shifts::{Break, ReadBreak, check_breaks};

/// Most starts of one shift.
const MOST_STARTS: usize = 1440;

/// What `simulate plan` is to find.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Promises, in the language of `expect`; at least one.
    pub meet: Vec<Located<String>>,
    /// Indices of the groups whose staffing may change; at least one.
    pub groups: Vec<usize>,
    /// The head count may change this often; more than 0.
    pub step: SimSpan,
    /// Fewest and most scheduled at any time, by group of the scenario.
    pub bounds: Vec<Bounds>,
    /// How surely all promises hold on average over days; less than 1.
    pub confidence: f64,
    /// Shifts that rosters are made of; empty: head counts are found.
    pub shifts: Vec<PlanShift>,
}

/// Fewest and most scheduled agents of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// At any time at least so many.
    pub at_least: u32,
    /// And at most so many; `None`: no limit.
    pub at_most: Option<u32>,
}

/// A shift that people may be put on.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanShift {
    /// Its name, different from those of the others.
    pub name: String,
    /// Indices of the groups that work it.
    pub groups: Vec<usize>,
    /// When it may start, by clock or offset, in order; at least one. A clock time repeats daily.
    pub starts: Vec<Moment>,
    /// Its length, breaks included; more than 0, at most 24 hours.
    pub length: SimSpan,
    /// Breaks in order of time; they lie within the shift and do not overlap.
    pub breaks: Vec<Break>,
    /// Most people on it, over all its starts of a day; `None`: no limit.
    pub at_most: Option<u32>,
    /// What one person on it costs; `None`: the paid hours at the group's cost.
    pub cost: Option<f64>,
}

const MEET: Key<ReadList<ReadLocated<ReadName>>> = key("meet", some(located(ReadName)))
    .means("promises, in the language of `expect`")
    .example("[\"service_level >= 80% in every 30m\", \"abandonment_rate <= 5%\"]");
const PLANNED: Key<ReadNamesOf> = key("groups", names_of(&GROUPS))
    .without("all")
    .means("the groups whose staffing may change")
    .example("[\"general\"]");
const STEP: Key<ReadSpan> = key("step", duration().positive())
    .or("\"30m\"")
    .means("without shifts: the head count may change this often")
    .example("\"30m\"");
const CONFIDENCE: Key<ReadShare> = key("confidence", share().from(0.5).below_one())
    .or("0.95")
    .means("how surely all promises hold on average over days")
    .example("0.95");
const BOUNDS: Key<ReadByName<ReadTable<Bounds>>> = key("bounds", by_name(&GROUPS, table()))
    .optional()
    .means("fewest and most scheduled agents, by group");
const SHIFTS: Key<ReadList<ReadTable<ReadPlanShift>>> = key("shifts", some_tables())
    .optional()
    .means("shifts that a roster is made of; left out: a head count is found");

impl Record for Plan {
    const KEYS: &'static TableKeys =
        &TableKeys { keys: &[&MEET, &PLANNED, &STEP, &CONFIDENCE, &BOUNDS, &SHIFTS], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let count = section.context.names(&GROUPS).list.len();
        let (meet, planned) = (section.take(&MEET), section.take(&PLANNED));
        let (step, confidence) = (section.take(&STEP), section.take(&CONFIDENCE));
        let mut bounds = vec![Bounds::default(); count];
        for (group, own) in section.take(&BOUNDS).unwrap_or_default() {
            bounds[group.value] = own;
        }
        let shifts = section.take(&SHIFTS).unwrap_or_default();
        check_names(section, &shifts);
        let groups = planned.map_or_else(|| (0..count).collect(), indices);
        let whole = |read: ReadPlanShift| {
            let groups = read.groups.unwrap_or_else(|| groups.clone());
            PlanShift { groups, ..read.shift }
        };
        let shifts = shifts.into_iter().map(whole).collect();
        Some(Self { meet: meet?, step: step?, confidence: confidence?, groups, bounds, shifts })
    }
}

fn indices(names: Vec<Located<usize>>) -> Vec<usize> {
    names.into_iter().map(|name| name.value).collect()
}

/// Reports two shifts of one name.
fn check_names(section: &Section<'_>, shifts: &[ReadPlanShift]) {
    let mut names: BTreeMap<&str, &Place> = BTreeMap::new();
    for ReadPlanShift { shift, place, .. } in shifts {
        if let Some(first) = names.insert(&shift.name, place) {
            let message = format!("two shifts are called `{}`", shorten(&shift.name));
            section.report(
                Problem::new("duplicate-name", place, message)
                    .related(first, "the first one")
                    .help("give each a name of its own"),
            );
        }
    }
}

const AT_LEAST: Key<ReadCount> =
    key("at_least", AGENTS).or("0").means("at any time at least so many").example("10");
const AT_MOST: Key<ReadCount> =
    key("at_most", AGENTS).without("no limit").means("at any time at most so many").example("300");

impl Record for Bounds {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&AT_LEAST, &AT_MOST], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (at_least, at_most) = (section.take(&AT_LEAST), section.take(&AT_MOST));
        let at_least = at_least?;
        if let Some(most) = at_most
            && most < at_least
        {
            let message = format!("at least {at_least} and at most {most} cannot both be");
            let problem = Problem::new("out-of-range", section.place_of(&AT_MOST), message);
            section.report(problem.help(format!("write {at_least} or more")));
        }
        Some(Self { at_least, at_most })
    }
}

/// A shift as it is written: which groups the plan has stands elsewhere.
struct ReadPlanShift {
    /// Without its groups.
    shift: PlanShift,
    groups: Option<Vec<usize>>,
    /// Where its name stands.
    place: Place,
}

const NAME: Key<ReadLocated<ReadName>> =
    key("name", located(ReadName)).means("what reports call it").example("\"day\"");
const GROUPS_OF_SHIFT: Key<ReadNamesOf> = key("groups", names_of(&GROUPS))
    .without("plan.groups")
    .means("the groups that work it")
    .example("[\"general\"]");
const STARTS: Key<ReadTable<Starts>> = key("starts", table())
    .means("when it may start")
    .example("{ from = \"07:00\", to = \"11:00\", every = \"30m\" }");
const LENGTH: Key<ReadLocated<ReadSpan>> =
    key("length", located(duration().positive().at_most(SimSpan::DAY)))
        .means("from start to end, breaks included")
        .example("\"9h\"");
const BREAKS: Key<ReadList<ReadTable<ReadBreak>>> =
    key("breaks", tables()).optional().means("breaks, each of which begins when its agent is free");
const MOST_PEOPLE: Key<ReadCount> = key("at_most", AGENTS)
    .without("no limit")
    .means("most people on it, over all its starts of a day")
    .example("80");
const COST: Key<ReadNumber> = key("cost", number())
    .without("paid hours × the group's `cost_per_hour`")
    .means("what one person on it costs")
    .example("320.0");

impl Record for ReadPlanShift {
    const KEYS: &'static TableKeys = &TableKeys {
        keys: &[&NAME, &GROUPS_OF_SHIFT, &STARTS, &LENGTH, &BREAKS, &MOST_PEOPLE, &COST],
        rules: &[],
    };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (name, groups) = (section.take(&NAME), section.take(&GROUPS_OF_SHIFT));
        let (starts, length) = (section.take(&STARTS), section.take(&LENGTH));
        let mut breaks = section.take(&BREAKS).unwrap_or_default();
        let (at_most, cost) = (section.take(&MOST_PEOPLE), section.take(&COST));
        let length = length?;
        breaks.sort_by_key(|read| read.pause.after);
        check_breaks(section.context, &breaks, &length);
        let name = name?;
        let shift = PlanShift {
            name: name.value,
            groups: Vec::new(),
            starts: starts?.0,
            length: length.value,
            breaks: breaks.into_iter().map(|read| read.pause).collect(),
            at_most,
            cost,
        };
        Some(Self { shift, groups: groups.map(indices), place: name.place })
    }
}

/// Every start from the first to the last, clock times around midnight too.
struct Starts(Vec<Moment>);

const FROM: Key<ReadMoment> = key("from", moment())
    .means("the first start: a clock time, which repeats daily, or an offset")
    .example("\"07:00\"");
const TO: Key<ReadMoment> =
    key("to", moment()).without("the first start").means("the last start").example("\"11:00\"");
const EVERY: Key<ReadSpan> = key("every", duration().positive())
    .or("\"30m\"")
    .means("from one start to the next")
    .example("\"30m\"");

impl Record for Starts {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&FROM, &TO, &EVERY], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (from, to) = (section.take(&FROM), section.take(&TO));
        let every = section.take(&EVERY)?.as_micros();
        let from = from?;
        let wrong = |message: &str, help: &str| {
            let problem = Problem::new("out-of-range", section.place_of(&TO), message);
            section.report(problem.help(help));
            None
        };
        let day = SimSpan::DAY.as_micros();
        let (first, last) = match (from, to.unwrap_or(from)) {
            (Moment::Offset(first), Moment::Offset(last)) => (first.as_micros(), last.as_micros()),
            (Moment::Clock(first), Moment::Clock(last)) => {
                let (first, last) = (clock_micros(first), clock_micros(last));
                (first, if last < first { last + day } else { last })
            }
            _ => {
                let help = "write two clock times, or two offsets from the start";
                return wrong("first and last start are moments of different kinds", help);
            }
        };
        let count = usize::try_from((last - first) / every + 1).unwrap_or(0);
        if last < first {
            return wrong("the last start is before the first", "write a later one");
        }
        if count > MOST_STARTS {
            return wrong("there are over 1440 starts", "write a longer `every`");
        }
        let starts = (0..).map(|at| first + every * at).take(count);
        let starts = starts.map(|micros| match from {
            Moment::Clock(_) => Moment::Clock(clock_at(micros % day)),
            _ => Moment::Offset(SimSpan::from_micros(micros)),
        });
        Some(Self(starts.collect()))
    }
}

/// The clock time so many microseconds after midnight.
fn clock_at(micros: i64) -> Time {
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    let part = |value: i64| i8::try_from(value).unwrap_or(0);
    let nanos = i32::try_from(rest * 1000).unwrap_or(0);
    civil::time(part(seconds / 3600), part(seconds / 60 % 60), part(seconds % 60), nanos)
}
