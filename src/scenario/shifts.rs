//! Shifts of named people, with their breaks.

use crate::format::{
    Context, Key, Located, Moment, Place, Problem, ReadCount, ReadFlag, ReadList, ReadLocated,
    ReadMoment, ReadName, ReadSpan, ReadTable, Record, Section, TableKeys, duration, key, located,
    moment, tables,
};
use crate::time::SimSpan;

use super::limits::{AGENTS, MOST_AGENTS};

/// Agents who work the same hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// Its name, for messages.
    pub name: Option<String>,
    /// When it starts; a clock time repeats daily.
    pub start: Moment,
    /// Its length, breaks included; more than 0, and at most 24 hours where it repeats.
    pub length: SimSpan,
    /// How many agents are scheduled.
    pub agents: u32,
    /// Breaks in order of time; they lie within the shift and do not overlap.
    pub breaks: Vec<Break>,
}

/// A break of a shift; it starts when the agent is free, and lasts its length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Break {
    /// When it is due, from the start of the shift.
    pub after: SimSpan,
    /// Its length; more than 0.
    pub length: SimSpan,
    /// Whether it counts as scheduled time.
    pub paid: bool,
}

/// A shift and where it is written.
pub(super) struct ReadShift {
    shift: Shift,
    place: Place,
}

const NAME: Key<ReadName> =
    key("name", ReadName).optional().means("what messages call it").example("\"day\"");
const START: Key<ReadMoment> =
    key("start", moment()).means("when it starts; a clock time repeats daily").example("\"08:00\"");
const LENGTH: Key<ReadLocated<ReadSpan>> = key("length", located(duration().positive()))
    .means("its length, breaks included; at most 24 hours where it repeats daily")
    .example("\"9h\"");
const SHIFT_AGENTS: Key<ReadCount> = key("agents", AGENTS)
    .means("scheduled agents; at most 10000000 in all shifts of a group")
    .example("60");
const BREAKS: Key<ReadList<ReadTable<ReadBreak>>> = key("breaks", tables())
    .optional()
    .means("breaks in order of time, within the shift")
    .example("[{ after = \"4h\", length = \"1h\" }]");

impl Record for ReadShift {
    const KEYS: &'static TableKeys =
        &TableKeys { keys: &[&NAME, &START, &LENGTH, &SHIFT_AGENTS, &BREAKS], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (name, start) = (section.take(&NAME), section.take(&START));
        let (length, agents) = (section.take(&LENGTH), section.take(&SHIFT_AGENTS));
        let breaks = section.take(&BREAKS).unwrap_or_default();
        let length = length?;
        if matches!(start, Some(Moment::Clock(_))) && length.value > SimSpan::DAY {
            let message = format!("a shift that repeats daily lasts `{}`", length.value);
            let help = "write at most `\"24h\"`, or a date as its `start`";
            let problem = Problem::new("out-of-range", &length.place, message);
            section.report(problem.help(help));
        }
        check_breaks(section.context, &breaks, &length);
        let breaks = breaks.into_iter().map(|read| read.pause).collect();
        let length = length.value;
        let shift = Shift { name, start: start?, length, agents: agents?, breaks };
        Some(Self { shift, place: section.place.clone() })
    }
}

/// A break and where it is written.
pub(super) struct ReadBreak {
    pub(super) pause: Break,
    place: Place,
}

const AFTER: Key<ReadLocated<ReadSpan>> = key("after", located(duration()))
    .means("when it is due, from the start of the shift")
    .example("\"4h\"");
const BREAK_LENGTH: Key<ReadSpan> =
    key("length", duration().positive()).means("its length").example("\"30m\"");
const PAID: Key<ReadFlag> = key("paid", ReadFlag)
    .or("true")
    .means("whether it is scheduled time; an unpaid break costs nothing")
    .example("false");

impl Record for ReadBreak {
    const KEYS: &'static TableKeys =
        &TableKeys { keys: &[&AFTER, &BREAK_LENGTH, &PAID], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (after, length) = (section.take(&AFTER), section.take(&BREAK_LENGTH));
        let (paid, after) = (section.take(&PAID), after?);
        let pause = Break { after: after.value, length: length?, paid: paid? };
        Some(Self { pause, place: after.place })
    }
}

/// Reports breaks that are not within their shift or not one after the other.
pub(super) fn check_breaks(context: &Context<'_>, breaks: &[ReadBreak], length: &Located<SimSpan>) {
    let mut free: Option<(SimSpan, &Place)> = None;
    for ReadBreak { pause, place } in breaks {
        let end = pause.after + pause.length;
        let refuse = |message: String, other: &Place, label: &str, help: &str| {
            context.report(
                Problem::new("invalid-break", place, message).related(other, label).help(help),
            );
        };
        if end > length.value {
            let message = format!(
                "this break ends after the shift: `{end}` from the start of a shift of `{}`",
                length.value
            );
            let help = "`after` counts from the start of the shift; a break lies within it";
            refuse(message, &length.place, "the length of the shift", help);
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

/// The shifts of a group, whose list stands at `place`; reports too many agents, and shifts of which
/// none is within the run.
pub(super) fn checked(
    context: &Context<'_>,
    read: Vec<ReadShift>,
    place: &Place,
) -> Option<Vec<Shift>> {
    let agents: u64 = read.iter().map(|read| u64::from(read.shift.agents)).sum();
    if agents > u64::from(MOST_AGENTS) {
        let problem =
            Problem::new("out-of-range", place, format!("the shifts have {agents} agents"));
        context.report(problem.help(format!("a group has at most {MOST_AGENTS} agents")));
        return None;
    }
    let calendar = context.calendar()?;
    let is_outside = |ReadShift { shift, .. }: &ReadShift| {
        calendar.offsets(shift.start).zip(calendar.duration).is_some_and(|(offsets, duration)| {
            let length = shift.length.as_micros();
            let outside = |at: &i64| at.saturating_add(length) <= 0 || *at >= duration.as_micros();
            offsets.iter().all(outside)
        })
    };
    if let (true, Some(first), Some(duration)) =
        (read.iter().all(is_outside), read.first(), calendar.duration)
    {
        let message = format!("no shift is within the run of `{duration}`: nobody would ever work");
        let help = "write clock times, such as `\"08:00\"`, for shifts of every day";
        context.report(Problem::new("shifts-outside-run", &first.place, message).help(help));
    }
    Some(read.into_iter().map(|read| read.shift).collect())
}
