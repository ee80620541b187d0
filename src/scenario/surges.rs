//! `[surges.*]`, and whether what happens once happens within the run.

use std::collections::BTreeSet;

use crate::format::units::shorten;
use crate::format::{
    Context, Key, KeyRule, Located, Moment, Place, Problem, ReadMoment, ReadNamesOf, ReadShare,
    ReadSpan, Record, Section, Start, TableKeys, duration, key, moment, names_of, share,
};
use crate::random::Distribution;
use crate::time::SimSpan;

use super::distribution::{ReadDistribution, numbers};
use super::names::CONTACTS;

/// A time of more (or fewer) arrivals.
#[derive(Clone, Debug)]
pub struct SurgeSection {
    /// Its name, the key in the file.
    pub name: String,
    /// Indices of the contact types it touches.
    pub contacts: Vec<usize>,
    /// When it starts; a clock time repeats daily.
    pub start: Moment,
    /// Rise from 0 to full, in a straight line.
    pub ramp: SimSpan,
    /// At full strength.
    pub hold: SimSpan,
    /// Fall back to 0.
    pub decay: SurgeDecay,
    /// Size, drawn once per replication: the rate is multiplied by 1 + (factor − 1) · shape.
    pub factor: Distribution,
    /// Share of its deflection that the bot keeps at full surge.
    pub deflection_factor: f64,
}

/// How a surge falls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SurgeDecay {
    /// In a straight line within this length; zero: at once.
    Linear(SimSpan),
    /// Exponentially, by half in this length; more than 0.
    HalfLife(SimSpan),
}

/// A surge as it is written: which types a log replays is known later.
pub(super) struct ReadSurge {
    surge: SurgeSection,
    /// What it names; `None`: all that it can touch.
    named: Option<Vec<Located<usize>>>,
    place: Place,
}

const TOUCHED: Key<ReadNamesOf> = key("contacts", names_of(&CONTACTS))
    .without("all but those that replay a log")
    .means("the contact types it touches")
    .example("[\"order_status\"]");
const START: Key<ReadMoment> =
    key("start", moment()).means("when it starts; a clock time repeats daily").example("\"2h\"");
const RAMP: Key<ReadSpan> =
    key("ramp", duration()).or("\"0s\"").means("rise in a straight line").example("\"15m\"");
const HOLD: Key<ReadSpan> =
    key("hold", duration()).or("\"0s\"").means("time at full strength").example("\"2h\"");
const DECAY: Key<ReadSpan> =
    key("decay", duration()).or("\"0s\"").means("fall in a straight line").example("\"3h\"");
const HALF_LIFE: Key<ReadSpan> = key("half_life", duration().positive())
    .without("`decay` instead")
    .means("exponential fall, by half in this time")
    .example("\"25m\"");
const FACTOR: Key<ReadDistribution> = key("factor", numbers())
    .means("size, drawn once per replication: rate × (1 + Σ (factor − 1) · shape(t))")
    .example("{ triangular = { low = 3, mode = 4, high = 5 } }");
const DEFLECTION_FACTOR: Key<ReadShare> = key("deflection_factor", share())
    .or("1")
    .means("share of its deflection that the bot keeps at full surge")
    .example("0.9");

impl Record for ReadSurge {
    const KEYS: &'static TableKeys = &TableKeys {
        keys: &[&TOUCHED, &START, &RAMP, &HOLD, &DECAY, &HALF_LIFE, &FACTOR, &DEFLECTION_FACTOR],
        rules: &[KeyRule::OneOf {
            keys: &["decay", "half_life"],
            needed: false,
            help: "give `decay` (a straight line) or `half_life` (exponential)",
        }],
    };

    fn read(section: &Section<'_>) -> Option<Self> {
        let named = section.take(&TOUCHED);
        let (start, factor) = (section.take(&START), section.take(&FACTOR));
        let (ramp, hold) = (section.take(&RAMP), section.take(&HOLD));
        let (decay, half_life) = (section.take(&DECAY), section.take(&HALF_LIFE));
        let deflection_factor = section.take(&DEFLECTION_FACTOR);
        let is_known = ramp.is_some() && hold.is_some() && decay.is_some();
        let is_known = is_known && half_life.is_some() == section.has(&HALF_LIFE);
        let length = ramp.zip(hold).zip(decay).map(|((ramp, hold), decay)| ramp + hold + decay);
        let length = length.filter(|_| is_known && half_life.is_none());
        if length == Some(SimSpan::ZERO) {
            let problem =
                Problem::new("surge-without-length", &section.place, "the surge has no length");
            let help = "give it a `ramp`, `hold`, `decay` or `half_life`, such as `hold = \"2h\"`";
            section.report(problem.help(help));
        }
        let start = start?;
        check_inside(section.context, section.place_of(&START), "surge-outside-run", start, length);
        let surge = SurgeSection {
            name: section.name.to_owned(),
            contacts: Vec::new(),
            start,
            ramp: ramp?,
            hold: hold?,
            decay: half_life.map_or(SurgeDecay::Linear(decay?), SurgeDecay::HalfLife),
            factor: factor?,
            deflection_factor: deflection_factor?,
        };
        if named.is_none() && section.has(&TOUCHED) {
            return None;
        }
        Some(Self { surge, named, place: section.place.clone() })
    }
}

impl ReadSurge {
    /// The surge of the contact types that it names, or of all but those that replay a log, to
    /// which it cannot add. Reports those that it cannot touch.
    pub(super) fn touching(
        self,
        context: &Context<'_>,
        recorded: &BTreeSet<usize>,
    ) -> SurgeSection {
        let names = context.names(&CONTACTS);
        let refuse = |place, message: String| {
            let problem = Problem::new("surge-on-log", place, message);
            let help = "a log has its surges already: leave the surge out, or give a `rate`";
            context.report(problem.help(help));
        };
        let contacts: Vec<usize> = match &self.named {
            Some(touched) => {
                for contact in touched.iter().filter(|contact| recorded.contains(&contact.value)) {
                    let name = shorten(&names.list[contact.value]);
                    let message = format!("`{name}` replays a log: no surge can add to it");
                    refuse(&contact.place, message);
                }
                touched.iter().map(|contact| contact.value).collect()
            }
            None => (0..names.list.len()).filter(|index| !recorded.contains(index)).collect(),
        };
        if contacts.is_empty() && !recorded.is_empty() {
            let message = "every contact type replays a log: no surge can add to it";
            refuse(&self.place, message.to_owned());
        }
        SurgeSection { contacts, ..self.surge }
    }
}

/// Reports what is over before the run (`length` is `None` when it never is) or begins after it,
/// or happens daily but never within it; `at` is where its start is written.
pub(super) fn check_inside(
    context: &Context<'_>,
    at: &Place,
    code: &'static str,
    start: Moment,
    length: Option<SimSpan>,
) {
    let Some(calendar) = context.calendar() else {
        return;
    };
    let (Some(offsets), Some(duration)) = (calendar.offsets(start), calendar.duration) else {
        return;
    };
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
    context.report(Problem::new(code, at, message).help(help));
}
