//! `[run]` and `[service_level]`.

use std::fmt::Write as _;
use std::rc::Rc;

use jiff::civil;
use jiff::tz::TimeZone;

use crate::format::units::short;
use crate::format::{
    Key, KeyRule, Located, Problem, ReadChoice, ReadCount, ReadDate, ReadLocated, ReadName,
    ReadNumber, ReadShare, ReadSpan, ReadTable, ReadWhole, ReadZone, Record, RunClock, Section,
    Start, TableKeys, choice, count, duration, key, located, share, table, whole,
};
use crate::time::SimSpan;

use super::limits::DAY_FACTOR;

/// Largest seed, wherever it is given: the largest whole number that TOML has.
pub const MOST_SEED: u64 = i64::MAX.unsigned_abs();

/// Most replications, wherever they are given; the fewest are 1.
pub const MOST_REPLICATIONS: u32 = 1_000_000;

/// Longest run, and longest time that contacts are followed after it.
const TEN_YEARS: SimSpan = SimSpan::from_micros(3660 * SimSpan::DAY.as_micros());

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

/// When the simulation runs and how often.
#[derive(Clone, Debug)]
pub struct Run {
    /// Local date and time of the start; `None`: clock times count from 00:00.
    pub start: Option<civil::DateTime>,
    /// Zone of the clock times.
    pub timezone: TimeZone,
    /// Length of the arrivals; more than 0.
    pub duration: SimSpan,
    /// Start that is not counted; less than `duration`.
    pub warm_up: SimSpan,
    /// How long counted contacts are followed after `duration`.
    pub drain: SimSpan,
    /// Reporting interval; more than 0.
    pub interval: SimSpan,
    /// Seed of all draws.
    pub seed: u64,
    /// How many days.
    pub replications: Replications,
    /// Coefficient of variation of the factor that all contact types share; 0: none.
    pub busyness: f64,
}

/// How many replications to run.
#[derive(Clone, Debug)]
pub enum Replications {
    /// Exactly so many; at least 1.
    Fixed(u32),
    /// Until the interval of a figure is narrow enough.
    Precision {
        /// Path of the figure in the report, with its place for messages.
        of: Located<String>,
        /// Half-width over value that is narrow enough; more than 0, less than 1.
        relative: f64,
        /// Cap on the replications; at least 2.
        at_most: u32,
    },
}

/// The promise a wait is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServiceLevel {
    /// The threshold T.
    pub answer_within: SimSpan,
    /// The share that a good day reaches.
    pub goal: f64,
    /// What happens to abandoned contacts.
    pub formula: Formula,
}

/// The four service level formulas; S answered, A queued, T the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// S(≤T) ÷ (A − abandoned(≤T)).
    ExclQuickAbandons,
    /// S(≤T) ÷ A.
    Strict,
    /// S(≤T) ÷ S.
    AnsweredOnly,
    /// (S(≤T) + abandoned(≤T)) ÷ A.
    AbandonInTimeOk,
}

const START: Key<ReadDate> = key("start", ReadDate)
    .without("clock times count from 00:00")
    .means("local date and time of the start")
    .example("2026-11-10T18:00:00");
const TIMEZONE: Key<ReadZone> = key("timezone", ReadZone)
    .or("\"UTC\"")
    .means("IANA time zone of clock times and dates")
    .example("\"Asia/Shanghai\"");
const DURATION: Key<ReadSpan> = key("duration", duration().positive().at_most(TEN_YEARS))
    .means("how long contacts arrive")
    .example("\"30h\"");
const WARM_UP: Key<ReadSpan> = key("warm_up", duration())
    .or("\"0s\"")
    .means("start that is not counted; less than `duration`")
    .example("\"2h\"");
const DRAIN: Key<ReadSpan> = key("drain", duration().at_most(TEN_YEARS))
    .or("\"24h\"")
    .means("how long counted contacts are followed after `duration`")
    .example("\"24h\"");
const INTERVAL: Key<ReadSpan> = key("interval", duration().positive())
    .or("\"15m\"")
    .means("reporting interval")
    .example("\"15m\"");
const SEED: Key<ReadWhole> =
    key("seed", whole(0, MOST_SEED)).or("1").means("seed of all draws").example("11");
const REPLICATIONS: Key<ReadCount> = key("replications", count(1, MOST_REPLICATIONS))
    .or("100")
    .means("how many independent days")
    .example("100");
const PRECISION: Key<ReadTable<Precision>> = key("precision", table())
    .optional()
    .means("instead of `replications`: until a figure is precise enough");
const BUSYNESS: Key<ReadNumber> = key("busyness", DAY_FACTOR)
    .or("0")
    .means("coefficient of variation of a factor on all rates, drawn once per replication")
    .example("0.1");

impl Record for Run {
    const KEYS: &'static TableKeys = &TableKeys {
        keys: &[
            &START,
            &TIMEZONE,
            &DURATION,
            &WARM_UP,
            &DRAIN,
            &INTERVAL,
            &SEED,
            &REPLICATIONS,
            &PRECISION,
            &BUSYNESS,
        ],
        rules: &[KeyRule::OneOf {
            keys: &["replications", "precision"],
            needed: false,
            help: "give a number of replications, or a precision",
        }],
    };

    /// Must be read first: it gives the calendar that all moments need.
    fn read(section: &Section<'_>) -> Option<Self> {
        let run_timezone = section.take(&TIMEZONE).unwrap_or(TimeZone::UTC);
        let hold_against = |start, duration| {
            let timezone = run_timezone.clone();
            let run_timezone = timezone.clone();
            let calendar = RunClock { start, run_timezone, timezone, duration };
            section.context.set_calendar(Rc::new(calendar));
        };
        hold_against(Start::Broken, None);
        let (start, duration) = (section.take(&START), section.take(&DURATION));
        hold_against(
            match start {
                Some(start) => Start::At(start),
                None if section.has(&START) => Start::Broken,
                None => Start::Missing,
            },
            duration,
        );
        let fixed = section.take(&REPLICATIONS);
        let precision = section.take(&PRECISION);
        let is_precise = section.has(&PRECISION);
        let (warm_up, drain) = (section.take(&WARM_UP), section.take(&DRAIN));
        let (interval, seed) = (section.take(&INTERVAL), section.take(&SEED));
        let busyness = section.take(&BUSYNESS);
        let run = Self {
            start,
            timezone: run_timezone.clone(),
            warm_up: warm_up?,
            drain: drain?,
            interval: interval?,
            seed: seed?,
            busyness: busyness?,
            replications: match precision {
                Some(Precision(precision)) => precision,
                None if is_precise => return None,
                None => Replications::Fixed(fixed?),
            },
            duration: duration?,
        };
        let (warm_up, duration) = (run.warm_up, run.duration);
        if warm_up >= duration {
            let message =
                format!("a warm-up of `{warm_up}` leaves nothing of a run of `{duration}`");
            section.report(
                Problem::new("warm-up-too-long", section.place_of(&WARM_UP), message)
                    .related(section.place_of(&DURATION), "the length of the run")
                    .help("write a shorter `warm_up` or a longer `duration`"),
            );
        }
        Some(run)
    }
}

/// [`Replications::Precision`].
struct Precision(Replications);

const OF: Key<ReadLocated<ReadName>> =
    key("of", located(ReadName)).means("path of the figure in the report").example("\"wait.mean\"");
const RELATIVE: Key<ReadShare> = key("relative", share().above().below_one())
    .means("half-width of its interval over its value")
    .example("0.02");
const AT_MOST: Key<ReadCount> = key("at_most", count(2, MOST_REPLICATIONS))
    .or("2000")
    .means("cap on the replications")
    .example("2000");

impl Record for Precision {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&OF, &RELATIVE, &AT_MOST], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (of, relative) = (section.take(&OF), section.take(&RELATIVE));
        let at_most = section.take(&AT_MOST)?;
        Some(Self(Replications::Precision { of: of?, relative: relative?, at_most }))
    }
}

const FORMULAS: ReadChoice<Formula> = choice(&[
    ("excl_quick_abandons", Formula::ExclQuickAbandons),
    ("strict", Formula::Strict),
    ("answered_only", Formula::AnsweredOnly),
    ("abandon_in_time_ok", Formula::AbandonInTimeOk),
]);

const ANSWER_WITHIN: Key<ReadSpan> =
    key("answer_within", duration()).or("\"20s\"").means("the threshold T").example("\"15s\"");
const GOAL: Key<ReadShare> =
    key("goal", share()).or("0.8").means("the share that a good day reaches").example("0.9");
const FORMULA: Key<ReadChoice<Formula>> = key("formula", FORMULAS)
    .or("\"excl_quick_abandons\"")
    .means("what happens to abandoned contacts")
    .example("\"strict\"");

impl Record for ServiceLevel {
    const KEYS: &'static TableKeys =
        &TableKeys { keys: &[&ANSWER_WITHIN, &GOAL, &FORMULA], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let answer_within = section.take(&ANSWER_WITHIN);
        let (goal, formula) = (section.take(&GOAL), section.take(&FORMULA));
        Some(Self { answer_within: answer_within?, goal: goal?, formula: formula? })
    }
}

impl ServiceLevel {
    /// Stands where the right one is not known yet.
    pub(super) const UNKNOWN: Self =
        Self { answer_within: SimSpan::ZERO, goal: 0.0, formula: Formula::Strict };
}

/// What a contact type says of its own service level.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OwnServiceLevel {
    answer_within: Option<SimSpan>,
    goal: Option<f64>,
    formula: Option<Formula>,
}

const OWN_ANSWER_WITHIN: Key<ReadSpan> = key("answer_within", duration())
    .without("`service_level.answer_within`")
    .means("the threshold T")
    .example("\"30s\"");
const OWN_GOAL: Key<ReadShare> = key("goal", share())
    .without("`service_level.goal`")
    .means("the share that a good day reaches")
    .example("0.9");
const OWN_FORMULA: Key<ReadChoice<Formula>> = key("formula", FORMULAS)
    .without("`service_level.formula`")
    .means("what happens to abandoned contacts")
    .example("\"strict\"");

impl Record for OwnServiceLevel {
    const KEYS: &'static TableKeys =
        &TableKeys { keys: &[&OWN_ANSWER_WITHIN, &OWN_GOAL, &OWN_FORMULA], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        Some(Self {
            answer_within: section.take(&OWN_ANSWER_WITHIN),
            goal: section.take(&OWN_GOAL),
            formula: section.take(&OWN_FORMULA),
        })
    }
}

impl OwnServiceLevel {
    /// This, and what `all` says where it says nothing.
    pub(super) fn over(self, all: ServiceLevel) -> ServiceLevel {
        ServiceLevel {
            answer_within: self.answer_within.unwrap_or(all.answer_within),
            goal: self.goal.unwrap_or(all.goal),
            formula: self.formula.unwrap_or(all.formula),
        }
    }
}

/// Reports more reporting intervals than a run can have, when the figures of each are kept for so
/// many things.
pub(super) fn check_figures(
    root: &Section<'_>,
    run: &Key<ReadTable<Run>>,
    read: &Run,
    kept: usize,
) {
    let (duration, interval) = (read.duration, read.interval);
    let count = |interval: SimSpan| (duration.as_seconds() / interval.as_seconds()).ceil();
    let fits = |interval| {
        let count = count(interval);
        count <= MOST_INTERVALS && count * kept as f64 <= MOST_FIGURES
    };
    if fits(interval) {
        return;
    }
    let Some(run) = root.entry(run) else {
        return;
    };
    let entry = |key| run.node.table().and_then(|table| table.get(key));
    let at = entry(INTERVAL.name).or_else(|| entry(DURATION.name)).unwrap_or(run);
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
    let round = ROUND.iter().map(|seconds| SimSpan::from_seconds(f64::from(*seconds)));
    let help = match round.into_iter().find(|round| fits(*round)) {
        Some(round) => format!("write `interval = \"{round}\"` into `[run]`: {limit}"),
        None => format!("describe fewer contact types and groups: {limit}"),
    };
    root.report(Problem::new("too-many-intervals", &at.node.place, message).help(help));
}
