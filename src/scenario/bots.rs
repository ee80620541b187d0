//! `[bot]`, and the bot in front of a contact type.

use crate::format::units::{short, shorten};
use crate::format::{
    Key, Located, Moment, Problem, ReadChoice, ReadCount, ReadFlag, ReadList, ReadMoment,
    ReadNameOf, ReadShare, ReadSpan, ReadSteps, ReadTable, Record, Section, Steps, TableKeys,
    choice, duration, key, moment, name_of, share, steps, table, tables,
};
use crate::random::Distribution;
use crate::time::SimSpan;

use super::distribution::{ReadDistribution, durations};
use super::limits::{LIMIT, PRIORITIES};
use super::names::CONTACTS;
use super::surges::check_inside;

/// What all sessions share.
#[derive(Clone, Debug, PartialEq)]
pub struct BotCapacity {
    /// Most sessions at once; `None`: no limit.
    pub capacity: Option<u32>,
    /// What happens to whoever finds it full.
    pub when_full: WhenFull,
    /// When it is down or weak.
    pub outages: Vec<Outage>,
}

/// What happens to a contact that finds the bot full or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenFull {
    /// On to a human.
    Escalate,
    /// Waits for a session, first come first served, without losing patience.
    Queue,
    /// Turned away.
    Reject,
}

/// A time in which the bot can do less.
#[derive(Clone, Debug, PartialEq)]
pub struct Outage {
    /// When it starts; a clock time repeats daily.
    pub start: Moment,
    /// How long it lasts; more than 0.
    pub length: SimSpan,
    /// Sessions that may be begun at once during it; sessions in progress go on.
    pub capacity: Option<u32>,
    /// Share of its deflection that the bot keeps.
    pub deflection_factor: f64,
}

/// What the bot does for one contact type.
#[derive(Clone, Debug)]
pub struct ContactBot {
    /// Share of sessions that end with no human; with `abandonment` at most 1.
    pub deflection: Steps<f64>,
    /// Length of a session.
    pub session: Distribution,
    /// Length of a session that ends with a human.
    pub escalation_session: Distribution,
    /// Share that asks for a human at once.
    pub opt_out: f64,
    /// Share of sessions that end unserved.
    pub abandonment: f64,
    /// What is solved only seemingly.
    pub false_resolution: Option<FalseResolution>,
    /// Handling of what the bot could not solve; `None`: the type's handling.
    pub escalation_handling: Option<Distribution>,
    /// Share of that handling that the hand-off summary saves; less than 1.
    pub context_saving: f64,
    /// Escalations that are first served as another type.
    pub misroute: Option<Misroute>,
    /// Escalations whose priority triage raises.
    pub urgent: Option<UrgentEscalation>,
}

/// Escalations that are first served as another type, then transferred back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Misroute {
    /// Share of the escalated.
    pub probability: f64,
    /// Index of the contact type they are taken for.
    pub to: usize,
}

/// Escalations that triage puts first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UrgentEscalation {
    /// Share of the escalated.
    pub probability: f64,
    /// Their priority, whatever the type's or a group's own is.
    pub priority: u32,
}

/// What is solved only seemingly comes back, to a human.
#[derive(Clone, Debug)]
pub struct FalseResolution {
    /// Share of the deflected.
    pub probability: f64,
    /// How long until they return.
    pub recontact_after: Distribution,
}

/// `[bot]`: whether there are any bots, and what their sessions share.
pub(super) struct Bots {
    pub(super) enabled: bool,
    pub(super) capacity: BotCapacity,
}

const ENABLED: Key<ReadFlag> = key("enabled", ReadFlag)
    .or("true")
    .means("false: everyone goes straight to a human")
    .example("false");
const CAPACITY: Key<ReadCount> =
    key("capacity", LIMIT).without("no limit").means("concurrent sessions").example("20000");
const WHEN_FULL: Key<ReadChoice<WhenFull>> = key(
    "when_full",
    choice(&[
        ("escalate", WhenFull::Escalate),
        ("queue", WhenFull::Queue),
        ("reject", WhenFull::Reject),
    ]),
)
.or("\"escalate\"")
.means("what happens to whoever finds the bot full or down")
.example("\"queue\"");
const OUTAGES: Key<ReadList<ReadTable<Outage>>> =
    key("outages", tables()).optional().means("when the bot is down or weak");

impl Record for Bots {
    const KEYS: &'static TableKeys =
        &TableKeys { keys: &[&ENABLED, &CAPACITY, &WHEN_FULL, &OUTAGES], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (enabled, capacity) = (section.take(&ENABLED), section.take(&CAPACITY));
        let when_full = section.take(&WHEN_FULL);
        let outages = section.take(&OUTAGES).unwrap_or_default();
        let capacity = BotCapacity { capacity, when_full: when_full?, outages };
        Some(Self { enabled: enabled?, capacity })
    }
}

const START: Key<ReadMoment> =
    key("start", moment()).means("when it starts; a clock time repeats daily").example("\"6h\"");
const LENGTH: Key<ReadSpan> =
    key("length", duration().positive()).means("how long it lasts").example("\"20m\"");
const OUTAGE_CAPACITY: Key<ReadCount> = key("capacity", LIMIT)
    .without("0; with a `deflection_factor`: as outside the outage")
    .means("sessions that may be begun at once during it; sessions in progress go on")
    .example("0");
const DEFLECTION_FACTOR: Key<ReadShare> = key("deflection_factor", share())
    .or("1")
    .means("share of its deflection that the bot keeps")
    .example("0.5");

impl Record for Outage {
    const KEYS: &'static TableKeys =
        &TableKeys { keys: &[&START, &LENGTH, &OUTAGE_CAPACITY, &DEFLECTION_FACTOR], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (start, length) = (section.take(&START), section.take(&LENGTH));
        // One that says nothing else is a bot that is down; one that only weakens the bot is not.
        let is_down = !section.has(&DEFLECTION_FACTOR);
        let capacity = section.take(&OUTAGE_CAPACITY).or(is_down.then_some(0));
        let deflection_factor = section.take(&DEFLECTION_FACTOR);
        let (start, length) = (start?, length?);
        let at = section.place_of(&START);
        check_inside(section.context, at, "outage-outside-run", start, Some(length));
        Some(Self { start, length, capacity, deflection_factor: deflection_factor? })
    }
}

/// The bot in front of a contact type, and the type that it takes some escalations for.
pub(super) struct ReadBot {
    pub(super) bot: ContactBot,
    pub(super) mistaken_for: Option<Located<usize>>,
}

const DEFLECTION: Key<ReadSteps<ReadShare>> =
    key("deflection", steps(share(), "deflection", "share", ("\"6h\"", "0.7")))
        .means("share of sessions that end with no human; a step function too")
        .example("0.85");
const SESSION: Key<ReadDistribution> = key("session", durations())
    .means("length of a session")
    .example("{ lognormal = { mean = \"75s\", cv = 0.7 } }");
const ESCALATION_SESSION: Key<ReadDistribution> = key("escalation_session", durations())
    .without("`session`")
    .means("length of a session that ends with a human")
    .example("{ lognormal = { mean = \"25s\", cv = 0.5 } }");
const OPT_OUT: Key<ReadShare> = key("opt_out", share())
    .or("0")
    .means("share that asks for a human at once, with no session")
    .example("0.05");
const ABANDONMENT: Key<ReadShare> = key("abandonment", share())
    .or("0")
    .means("share of sessions left unserved; with `deflection` at most 1")
    .example("0.02");
const FALSE_RESOLUTION: Key<ReadTable<FalseResolution>> =
    key("false_resolution", table()).optional().means("deflected contacts that return, to a human");
const MISROUTE: Key<ReadTable<ReadMisroute>> = key("misroute", table())
    .optional()
    .means("escalations that are first served as another type, then transferred back")
    .example("{ probability = 0.04, to = \"promotion\" }");
const ESCALATION_HANDLING: Key<ReadDistribution> = key("escalation_handling", durations())
    .without("`handling`")
    .means("handling of what the bot could not solve")
    .example("{ lognormal = { mean = \"6m\", cv = 0.8 } }");
const CONTEXT_SAVING: Key<ReadShare> = key("context_saving", share().below_one())
    .or("0")
    .means("share of that handling that the hand-off summary saves")
    .example("0.2");
const URGENT: Key<ReadTable<UrgentEscalation>> = key("urgent", table())
    .optional()
    .means("escalations whose priority triage raises")
    .example("{ probability = 0.1, priority = 1 }");

impl Record for ReadBot {
    const KEYS: &'static TableKeys = &TableKeys {
        keys: &[
            &DEFLECTION,
            &SESSION,
            &ESCALATION_SESSION,
            &OPT_OUT,
            &ABANDONMENT,
            &FALSE_RESOLUTION,
            &MISROUTE,
            &ESCALATION_HANDLING,
            &CONTEXT_SAVING,
            &URGENT,
        ],
        rules: &[],
    };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (deflection, session) = (section.take(&DEFLECTION), section.take(&SESSION));
        let escalation_session = section.take(&ESCALATION_SESSION);
        let (opt_out, abandonment) = (section.take(&OPT_OUT), section.take(&ABANDONMENT));
        let false_resolution = section.take(&FALSE_RESOLUTION);
        let misroute = section.take(&MISROUTE);
        let escalation_handling = section.take(&ESCALATION_HANDLING);
        let (context_saving, urgent) = (section.take(&CONTEXT_SAVING), section.take(&URGENT));
        if let (Some(deflection), Some(abandonment)) = (&deflection, abandonment) {
            check_sum(section, deflection, abandonment);
        }
        let session = session?;
        let bot = ContactBot {
            deflection: deflection?,
            escalation_session: escalation_session.unwrap_or_else(|| session.clone()),
            session,
            opt_out: opt_out?,
            abandonment: abandonment?,
            false_resolution,
            escalation_handling,
            context_saving: context_saving?,
            misroute: misroute
                .as_ref()
                .map(|read| Misroute { probability: read.probability, to: read.to.value }),
            urgent,
        };
        Some(Self { bot, mistaken_for: misroute.map(|read| read.to) })
    }
}

/// Reports a deflection that leaves too little room for those who abandon the bot.
fn check_sum(section: &Section<'_>, deflection: &Steps<f64>, abandonment: f64) {
    let most = match deflection {
        Steps::Constant(share) => *share,
        Steps::List(list) => list.iter().map(|(_, share)| *share).fold(0.0, f64::max),
    };
    // Shares such as 0.9 + 0.1 may miss 1 by a rounding error.
    if most + abandonment > 1.0 + 1e-9 {
        let message =
            format!("deflection `{most}` and abandonment `{abandonment}` add up to more than 1");
        // Rounded down, so that what it advises is accepted.
        let room = ((1.0 - most) * 1e6 + 1e-3).floor() / 1e6;
        section.report(
            Problem::new("share-sum", section.place_of(&ABANDONMENT), message)
                .related(section.place_of(&DEFLECTION), "`deflection` is here")
                .help(format!("write an `abandonment` of at most `{}`", short(room))),
        );
    }
}

/// [`Misroute`], with the place of its name.
pub(super) struct ReadMisroute {
    probability: f64,
    to: Located<usize>,
}

const MISROUTED: Key<ReadShare> =
    key("probability", share()).means("share of the escalated").example("0.04");
const TO: Key<ReadNameOf> = key("to", name_of(&CONTACTS))
    .means("the contact type that they are taken for")
    .example("\"promotion\"");

impl Record for ReadMisroute {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&MISROUTED, &TO], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (probability, to) = (section.take(&MISROUTED), section.take(&TO));
        Some(Self { probability: probability?, to: to? })
    }
}

/// Reports escalations that are taken for what they are.
pub(super) fn check_misroute(section: &Section<'_>, bot: &ReadBot) {
    let names = section.context.names(&CONTACTS);
    if let Some(to) = &bot.mistaken_for
        && names.index(section.name) == Some(to.value)
    {
        let message = format!("`{}` cannot be mistaken for itself", shorten(section.name));
        let problem = Problem::new("misroute-to-itself", &to.place, message);
        section.report(problem.help("write the contact type that it is mistaken for"));
    }
}

const FALSELY_RESOLVED: Key<ReadShare> =
    key("probability", share()).means("share of the deflected").example("0.06");
const RECONTACT_AFTER: Key<ReadDistribution> = key("recontact_after", durations())
    .means("how long until they return")
    .example("{ exponential = { mean = \"3h\" } }");

impl Record for FalseResolution {
    const KEYS: &'static TableKeys =
        &TableKeys { keys: &[&FALSELY_RESOLVED, &RECONTACT_AFTER], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let probability = section.take(&FALSELY_RESOLVED);
        let recontact_after = section.take(&RECONTACT_AFTER);
        Some(Self { probability: probability?, recontact_after: recontact_after? })
    }
}

const RAISED: Key<ReadShare> =
    key("probability", share()).means("share of the escalated").example("0.1");
const RAISED_TO: Key<ReadCount> = key("priority", PRIORITIES)
    .or("1")
    .means("their priority, before a group's own and the type's")
    .example("1");

impl Record for UrgentEscalation {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&RAISED, &RAISED_TO], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (probability, priority) = (section.take(&RAISED), section.take(&RAISED_TO));
        Some(Self { probability: probability?, priority: priority? })
    }
}
