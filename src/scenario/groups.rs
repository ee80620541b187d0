//! `[groups.*]`: who serves what, when, and how much at once.

mod skills;

use std::rc::Rc;

use jiff::tz::TimeZone;

use crate::format::units::shorten;
use crate::format::{
    Context, Key, KeyRule, Located, Place, Problem, ReadByName, ReadChoice, ReadCount, ReadList,
    ReadLocated, ReadNamesOf, ReadNumber, ReadShare, ReadSpan, ReadSteps, ReadTable, ReadZone,
    Record, Section, Start, Steps, TableKeys, by_name, choice, count, duration, key, located,
    names_of, number, share, some, some_tables, steps, table,
};
use crate::random::Distribution;
use crate::time::SimSpan;

use super::distribution::{ReadDistribution, durations};
use super::limits::AGENTS;
use super::names::CONTACTS;
use super::shifts::{self, ReadShift, Shift};
pub use skills::SkillSection;
use skills::{ReadSkills, SPEEDS};

/// Most contacts that an agent serves at once.
const MOST_CHATS: u32 = 20;

/// Agents alike in skills and schedule.
#[derive(Clone, Debug)]
pub struct GroupSection {
    /// Its name, the key in the file.
    pub name: String,
    /// What it serves, in file order.
    pub skills: Vec<SkillSection>,
    /// Who is scheduled when.
    pub staffing: Staffing,
    /// Zone of the group's clock times; `None`: the run's.
    pub timezone: Option<TimeZone>,
    /// Share of the scheduled who are not present.
    pub shrinkage: f64,
    /// What becomes of the rest after whole agents.
    pub rounding: Rounding,
    /// How long the last agent is present or not; more than 0.
    pub shrinkage_every: SimSpan,
    /// How many contacts an agent serves at once; `None`: one.
    pub concurrency: Option<Concurrency>,
    /// Agents held back for some contact types.
    pub reserve: Option<Reserve>,
    /// Per scheduled agent; `None`: unknown.
    pub cost_per_hour: Option<f64>,
}

/// Who is scheduled when.
#[derive(Clone, Debug, PartialEq)]
pub enum Staffing {
    /// A head count. When it falls, the surplus take no further contact, finish what they have, and
    /// leave: those with the fewest contacts open. With one contact at a time nobody starts another
    /// until fewer than the head count are busy.
    HeadCount(Steps<u32>),
    /// Named people; at least one shift.
    Shifts(Vec<Shift>),
}

/// What becomes of the rest after whole agents are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// One more agent is present for that share of the time.
    Expected,
    /// It is lost.
    Down,
    /// One more agent from one half on.
    Nearest,
    /// One more agent.
    Up,
}

/// Several contacts at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Concurrency {
    /// Speed of each contact while 1, 2, … are open; as long as the most that may be open, and at
    /// least one. All more than 0.
    pub speeds: Vec<f64>,
}

/// Agents held back.
#[derive(Clone, Debug, PartialEq)]
pub struct Reserve {
    /// Indices of the contact types they are held back for.
    pub contacts: Vec<usize>,
    /// Other types may take an agent only while more than this many could take a contact.
    pub agents: u32,
}

/// A group and the contact types that its skills name, known even if the rest has problems.
pub(super) struct ReadGroup {
    pub(super) group: Option<GroupSection>,
    pub(super) served: ServedTypes,
}

/// What a group serves, for the keys that refer to it.
pub(super) struct ServedTypes {
    name: String,
    /// What its skills name or probably mean; `None`: they cannot be read.
    pub(super) contacts: Option<Vec<usize>>,
    skills: Place,
}

impl ServedTypes {
    /// Whether the group lacks the skill for a contact type, which is reported at `place`.
    pub(super) fn lacks(&self, context: &Context<'_>, contact: usize, place: &Place) -> bool {
        if self.contacts.as_ref().is_none_or(|contacts| contacts.contains(&contact)) {
            return false;
        }
        let names = context.names(&CONTACTS);
        let (group, contact) = (shorten(&self.name), shorten(&names.list[contact]));
        let message = format!("`{group}` has no skill for `{contact}`");
        let help = format!("add `{contact}` to the `skills` of `{group}`, or leave it out here");
        let problem = Problem::new("missing-skill", place, message).help(help);
        context.report(problem.related(&self.skills, "its `skills`"));
        true
    }
}

const SKILLS: Key<ReadSkills> = key("skills", ReadSkills)
    .means("contact types it serves, with speed; a list of names means speed 1")
    .example("{ order_status = 1.0, promotion = { speed = 0.9, priority = 6 } }");
const HANDLING: Key<ReadByName<ReadDistribution>> =
    key("handling", by_name(&CONTACTS, durations()))
        .without("the contact type's, divided by `speed`")
        .means("handling of contact types in this group, whatever its `speed`")
        .example("{ promotion = { exponential = { mean = \"3m\" } } }");
const STAFF: Key<ReadSteps<ReadCount>> =
    key("staff", steps(AGENTS, "agents", "head count", ("\"09:00\"", "30")))
        .without("`shifts` instead")
        .means("scheduled head count; a step function too")
        .example("120");
const SHIFTS: Key<ReadList<ReadTable<ReadShift>>> = key("shifts", some_tables())
    .optional()
    .means("instead of `staff`: named people, with their breaks")
    .example("[{ name = \"day\", start = \"08:00\", length = \"9h\", agents = 60, breaks = [{ after = \"4h\", length = \"1h\" }] }]")
    .note(
        "A group has `staff` or `shifts`. `staff` is a head count: when it falls, the surplus take no further\n\
         contact, finish what they have and leave, and the others go on. The surplus are those with the\n\
         fewest contacts open; of agents with one contact at a time, those who are done first. `shifts` are\n\
         named people: whoever is idle at the end of the shift leaves at once, whoever is busy finishes\n\
         contact and wrap-up (overtime) while the others go on. A break begins when it is due and the agent\n\
         is free, and lasts its length. Clock times and dates are in the group's `timezone`; a shift may\n\
         span midnight. An unpaid break is no scheduled time: it costs nothing.",
    );
const TIMEZONE: Key<ReadLocated<ReadZone>> = key("timezone", located(ReadZone))
    .without("`run.timezone`")
    .means("IANA time zone of the clock times and dates of this group; needs `run.start`")
    .example("\"Europe/Berlin\"");
const SHRINKAGE: Key<ReadShare> = key("shrinkage", share().below_one())
    .or("0")
    .means("share of the scheduled people not present, of all of the group together")
    .example("0.12")
    .note(
        "Shrinkage takes its share of all people of the group who are scheduled at a moment, over all\n\
         shifts and steps together; who is on a break is not counted. 36 people at 12 % are 31.68: 31 are\n\
         there, and one more for 68 % of the time, drawn for each replication and period of\n\
         `shrinkage_every`, the same in all options. `rounding` makes whole agents of it instead. Who is\n\
         lost to shrinkage is scheduled and paid.",
    );
const ROUNDING: Key<ReadChoice<Rounding>> = key(
    "rounding",
    choice(&[
        ("expected", Rounding::Expected),
        ("down", Rounding::Down),
        ("nearest", Rounding::Nearest),
        ("up", Rounding::Up),
    ]),
)
.or("\"expected\"")
.means(
    "what becomes of the rest after whole agents: one more is present for that share of the time, or it is rounded",
)
.example("\"down\"");
const SHRINKAGE_EVERY: Key<ReadLocated<ReadSpan>> = key(
    "shrinkage_every",
    located(duration().positive()),
)
.or("\"30m\"")
.means(
    "how long the agent of that rest is present or not, from the start of the run; at least 1 min",
)
.example("\"1h\"");
const CONCURRENCY: Key<ReadTable<Concurrency>> = key("concurrency", table())
    .optional()
    .means("several contacts at once; left out: one at a time")
    .example("{ chats = 3, speed = [1.0, 0.9, 0.8] }")
    .note(
        "`speed = [1.0, 0.9, 0.8]` says how fast each contact goes while 1, 2 or 3 are open: an agent with\n\
         three works off each of them at 0.8 of the pace of a single one, and the pace changes as others\n\
         come and go. Wrap-up counts as an open contact. All contact types of the group count together.",
    );
const COST_PER_HOUR: Key<ReadNumber> = key("cost_per_hour", number())
    .without("unknown")
    .means("per scheduled agent hour")
    .example("38.0");
const RESERVE: Key<ReadTable<ReadReserve>> = key("reserve", table())
    .optional()
    .means("agents held back for some contact types")
    .example("{ contacts = [\"promotion\"], agents = 5 }")
    .note(
        "`{ contacts = [\"refund\"], agents = 5 }`: while 5 or fewer agents of the group could take a\n\
         contact, they take only refunds. The others wait, even though an agent is free.",
    );

impl Record for ReadGroup {
    const KEYS: &'static TableKeys = &TableKeys {
        keys: &[
            &SKILLS,
            &HANDLING,
            &STAFF,
            &SHIFTS,
            &TIMEZONE,
            &SHRINKAGE,
            &ROUNDING,
            &SHRINKAGE_EVERY,
            &CONCURRENCY,
            &COST_PER_HOUR,
            &RESERVE,
        ],
        rules: &[KeyRule::OneOf {
            keys: &["staff", "shifts"],
            needed: true,
            help: "give a head count over time, or shifts of named people",
        }],
    };

    fn read(section: &Section<'_>) -> Option<Self> {
        let context = section.context;
        let skills = section.take(&SKILLS);
        let names = context.names(&CONTACTS);
        let contacts = section.entry(&SKILLS).and_then(|entry| names.probably_named(&entry.node));
        let place = section.entry(&SKILLS).map_or(&section.place, |entry| &entry.place);
        let served = ServedTypes { name: section.name.to_owned(), contacts, skills: place.clone() };
        let handling = section.take(&HANDLING).unwrap_or_default();
        for (contact, _) in &handling {
            served.lacks(context, contact.value, &contact.place);
        }
        let timezone = section.take(&TIMEZONE).map(|zone| checked_zone(context, zone));
        let staffing = staffing(section, timezone.as_ref());
        let (shrinkage, concurrency) = (section.take(&SHRINKAGE), section.take(&CONCURRENCY));
        let (rounding, every) = (section.take(&ROUNDING), section.take(&SHRINKAGE_EVERY));
        let every = every.map(|every| period(section, &every));
        let reserve = section.take(&RESERVE);
        for contact in reserve.iter().flat_map(|reserve| &reserve.contacts) {
            served.lacks(context, contact.value, &contact.place);
        }
        let cost_per_hour = section.take(&COST_PER_HOUR);
        let group = || {
            Some(GroupSection {
                name: section.name.to_owned(),
                skills: with_handling(skills?, handling),
                staffing: staffing?,
                timezone,
                shrinkage: shrinkage?,
                rounding: rounding?,
                shrinkage_every: every?,
                concurrency,
                reserve: reserve.map(ReadReserve::reserve),
                cost_per_hour,
            })
        };
        Some(Self { group: group(), served })
    }
}

/// A period; reports one of under a minute: something happens as often.
fn period(section: &Section<'_>, every: &Located<SimSpan>) -> SimSpan {
    if every.value.as_seconds() < 60.0 {
        let problem = Problem::new("out-of-range", &every.place, "the duration is under a minute");
        section.report(problem.help("write at least `\"1m\"`, such as `\"30m\"`"));
    }
    every.value
}

/// A zone of a group's own; reports one whose clocks nothing ties to those of the run.
fn checked_zone(context: &Context<'_>, zone: Located<TimeZone>) -> TimeZone {
    if context.calendar().is_some_and(|calendar| calendar.start == Start::Missing) {
        let message = "the clocks of two zones differ by what day it is";
        let help = "write `run.start`, or leave the group's `timezone` out";
        let problem = Problem::new("timezone-without-start", &zone.place, message);
        context.report(problem.help(help));
    }
    zone.value
}

/// A head count or shifts, with the clocks of `timezone`.
fn staffing(section: &Section<'_>, timezone: Option<&TimeZone>) -> Option<Staffing> {
    let context = section.context;
    let run = context.calendar()?;
    if let Some(zone) = timezone {
        context.set_calendar(Rc::new(run.in_zone(zone.clone())));
    }
    let (staff, shifts) = (section.take(&STAFF), section.take(&SHIFTS));
    let shifts = shifts.and_then(|read| {
        let place = section.place_of(&SHIFTS);
        shifts::checked(context, read, place)
    });
    context.set_calendar(run);
    staff.map(Staffing::HeadCount).or(shifts.map(Staffing::Shifts))
}

/// Gives each skill the group's own handling of its contact type.
fn with_handling(
    mut skills: Vec<SkillSection>,
    handling: Vec<(Located<usize>, Distribution)>,
) -> Vec<SkillSection> {
    for (contact, law) in handling {
        if let Some(skill) = skills.iter_mut().find(|skill| skill.contact == contact.value) {
            skill.handling = Some(law);
        }
    }
    skills
}

const CHATS: Key<ReadLocated<ReadCount>> = key("chats", located(count(1, MOST_CHATS)))
    .means("the most that an agent has open, wrap-up included")
    .example("3");
const SPEED: Key<ReadLocated<ReadList<ReadNumber>>> = key("speed", located(some(SPEEDS)))
    .without("1 each")
    .means("speed of each contact while 1, 2, … are open: one per chat")
    .example("[1.0, 0.9, 0.8]");

impl Record for Concurrency {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&CHATS, &SPEED], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (chats, speeds) = (section.take(&CHATS), section.take(&SPEED));
        let (chats, is_given) = (chats?, section.has(&SPEED));
        let count = usize::try_from(chats.value).ok()?;
        let Some(speeds) = speeds else {
            return (!is_given).then(|| Self { speeds: vec![1.0; count] });
        };
        if speeds.value.len() != count {
            let message = format!("{} speeds are given for {count} chats", speeds.value.len());
            let help = "write the speed of each chat while 1, 2, … are open: one per chat";
            section.report(
                Problem::new("speed-count", &speeds.place, message)
                    .related(&chats.place, "the most that may be open")
                    .help(help),
            );
        }
        Some(Self { speeds: speeds.value })
    }
}

/// [`Reserve`], with the places of its names.
struct ReadReserve {
    contacts: Vec<Located<usize>>,
    agents: u32,
}

const RESERVED_FOR: Key<ReadNamesOf> = key("contacts", names_of(&CONTACTS))
    .means("the contact types that they are held back for; the group has the skills")
    .example("[\"promotion\"]");
const RESERVED: Key<ReadCount> = key("agents", AGENTS)
    .means("other types may take an agent only while more than this many could take a contact")
    .example("5");

impl Record for ReadReserve {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&RESERVED_FOR, &RESERVED], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (contacts, agents) = (section.take(&RESERVED_FOR), section.take(&RESERVED));
        Some(Self { contacts: contacts?, agents: agents? })
    }
}

impl ReadReserve {
    fn reserve(self) -> Reserve {
        let contacts = self.contacts.into_iter().map(|contact| contact.value).collect();
        Reserve { contacts, agents: self.agents }
    }
}
