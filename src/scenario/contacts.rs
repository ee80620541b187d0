//! `[contacts.*]`: who comes, what they want, and what those do who are lost.

use crate::format::{
    Key, KeyRule, Located, Place, Problem, ReadChoice, ReadCount, ReadFlag, ReadList, ReadName,
    ReadNameOf, ReadNumber, ReadShare, ReadTable, Reader, Record, Section, TableKeys, Value,
    ValueAt, ValueShape, count, key, name_of, share, some_tables, table,
};
use crate::random::Distribution;

use super::bots::{self, ContactBot, ReadBot};
use super::demand::{COUNTS, DAILY, Demand, RATE, RECORDED};
use super::distribution::{ReadDistribution, durations};
use super::hours::{self, AT_CLOSE, HOURS, Hours, WHEN_CLOSED};
use super::limits::{DAY_FACTOR, LIMIT, PRIORITIES};
use super::names::PROFILES;
use super::policy::{AGENT_CHOICES, AgentChoice};
use super::profiles::Profile;
use super::route::{self, ReadStage, Stage};
use super::run::{OwnServiceLevel, ServiceLevel};

/// Most contacts that can wait at the start.
const MOST_INITIAL: u32 = 10_000_000;

/// One kind of contact.
#[derive(Clone, Debug)]
pub struct ContactSection {
    /// Its name, the key in the file.
    pub name: String,
    /// Label to report by.
    pub channel: String,
    /// How many come when.
    pub demand: Demand,
    /// What multiplies the rate over the day.
    pub profile: Option<Profile>,
    /// Coefficient of variation of this type's own day factor; 0: none.
    pub busyness: f64,
    /// 1 is served first.
    pub priority: u32,
    /// How long a contact waits in a human queue; `None`: for ever.
    pub patience: Option<Distribution>,
    /// Agent time without wrap-up, at speed 1; `None` only where a log gives that of its contacts.
    pub handling: Option<Distribution>,
    /// Agent time after the customer has left; `None`: none.
    pub wrap_up: Option<Distribution>,
    /// What those do who abandoned or were blocked.
    pub retry: Option<Retry>,
    /// Most waiting contacts of this type; `None`: no limit.
    pub queue_limit: Option<u32>,
    /// The promise, defaults filled in.
    pub service_level: ServiceLevel,
    /// Contacts that already wait at the start.
    pub initial_backlog: u32,
    /// When humans take this type; `None`: always.
    pub hours: Option<Hours>,
    /// Where contacts of this type may go, in which order and when; `None`: at once to every
    /// group with the skill, in order of listing.
    pub route: Option<Vec<Stage>>,
    /// Which free agent a contact takes; `None`: as in `[routing]`.
    pub agents: Option<AgentChoice>,
    /// The bot in front; `None` also when `bot.enabled = false`.
    pub bot: Option<ContactBot>,
}

/// What lost contacts do.
#[derive(Clone, Debug)]
pub struct Retry {
    /// Probability of a further attempt after abandoning.
    pub after_abandoning: f64,
    /// Probability of a further attempt after being blocked.
    pub after_blocking: f64,
    /// How long until then.
    pub after: Distribution,
    /// Most further attempts of one contact; `None`: no limit.
    pub at_most: Option<u32>,
    /// Whether an attempt keeps patience and handling of the first.
    pub keep_draws: bool,
}

/// A contact type as it is written: others complete it, and it says things of others, which are
/// known even if the rest has problems.
pub(super) struct ReadContact {
    pub(super) name: String,
    /// Where its name stands.
    pub(super) place: Place,
    /// Without what stands in other tables.
    contact: Option<ContactSection>,
    profile: Option<Located<usize>>,
    service_level: OwnServiceLevel,
    /// Whether it replays a log.
    pub(super) is_recorded: bool,
    /// Whether it has a `handling` of its own.
    pub(super) has_handling: bool,
    /// The groups of its route.
    pub(super) route: Vec<Located<usize>>,
    /// The type that some of its escalations are taken for.
    pub(super) mistaken_for: Option<Located<usize>>,
}

impl ReadContact {
    /// The contact type with its profile and with what `all` says of service levels; `None` where
    /// one of them has problems.
    pub(super) fn complete(
        self,
        profiles: &[Option<Profile>],
        all: ServiceLevel,
        has_bots: bool,
    ) -> Option<ContactSection> {
        let contact = self.contact?;
        let profile = match self.profile {
            Some(named) => Some(profiles.get(named.value)?.clone()?),
            None => None,
        };
        let service_level = self.service_level.over(all);
        Some(ContactSection {
            profile,
            service_level,
            bot: contact.bot.filter(|_| has_bots),
            ..contact
        })
    }
}

const CHANNEL: Key<ReadName> =
    key("channel", ReadName).or("\"chat\"").means("a label to report by").example("\"phone\"");
const PROFILE: Key<ReadNameOf> = key("profile", name_of(&PROFILES))
    .optional()
    .means("name of the profile that multiplies the rate")
    .example("\"shop_day\"");
const BUSYNESS: Key<ReadNumber> = key("busyness", DAY_FACTOR)
    .or("0")
    .means("coefficient of variation of a factor on the rate, drawn once per replication")
    .example("0.1");
const PRIORITY: Key<ReadCount> =
    key("priority", PRIORITIES).or("5").means("1 is served first").example("1");
const PATIENCE: Key<ReadDistribution> = key("patience", durations())
    .without("waits for ever")
    .means("how long a contact waits in a human queue")
    .example("{ exponential = { mean = \"4m\" } }");
const HANDLING: Key<ReadDistribution> = key("handling", durations())
    .without("required, unless a log has a column for it")
    .means("agent time without wrap-up, at speed 1")
    .example("{ lognormal = { mean = \"5m\", cv = 0.8 } }");
const WRAP_UP: Key<ReadDistribution> = key("wrap_up", durations())
    .optional()
    .means("agent time after the customer has left")
    .example("{ fixed = { value = \"20s\" } }");
const RETRY: Key<ReadTable<Retry>> =
    key("retry", table()).optional().means("what those do who abandoned or were blocked");
const QUEUE_LIMIT: Key<ReadCount> = key("queue_limit", LIMIT)
    .without("no limit")
    .means("waiting contacts of this type; 0: served at once or blocked")
    .example("5000");
const INITIAL_BACKLOG: Key<ReadCount> = key("initial_backlog", count(0, MOST_INITIAL))
    .or("0")
    .means("contacts already waiting at the start, from when they arrive, queue and count")
    .example("25");
const SERVICE_LEVEL: Key<ReadTable<OwnServiceLevel>> = key("service_level", table())
    .optional()
    .means("overrides keys of `[service_level]` for this type");
const ROUTE: Key<ReadList<ReadTable<ReadStage>>> = key("route", some_tables())
    .optional()
    .means("stages of groups that may serve this type; left out: every group with the skill, at once")
    .example("[{ groups = [\"general\"] }, { after = \"30s\", groups = [\"senior\"] }]")
    .note(
        "Stages add up: a contact that nobody has answered when a stage begins may from then on be served\n\
         by its groups as well. `after` counts from the stage before it, so that `30s` and then `30s` is a\n\
         minute after joining the queue. Every group of a route needs the skill for the type; a group\n\
         with the skill that no stage names never serves it. Order matters for `agents = \"listed\"`.",
    );
const AGENTS: Key<ReadChoice<AgentChoice>> = key("agents", AGENT_CHOICES)
    .without("`routing.agents`")
    .means("which free agent a contact of this type takes")
    .example("\"listed\"")
    .note(
        "`longest_idle`: who has been idle for the longest time; never busy yet goes before, in order of\n\
         listing. `least_busy`, `most_busy`: who has the fewest, the most contacts open, of those who can\n\
         take one more. `fastest`: who would serve it in the shortest time. `listed`: of the group that\n\
         stands first in the route, or in the file. `random`: any, with equal probability.",
    );
const BOT: Key<ReadTable<ReadBot>> =
    key("bot", table()).optional().means("the bot in front; left out: straight to a human");

impl Record for ReadContact {
    const KEYS: &'static TableKeys = &TableKeys {
        keys: &[
            &CHANNEL,
            &RATE,
            &DAILY,
            &COUNTS,
            &RECORDED,
            &PROFILE,
            &BUSYNESS,
            &PRIORITY,
            &PATIENCE,
            &HANDLING,
            &WRAP_UP,
            &RETRY,
            &QUEUE_LIMIT,
            &INITIAL_BACKLOG,
            &HOURS,
            &WHEN_CLOSED,
            &AT_CLOSE,
            &SERVICE_LEVEL,
            &ROUTE,
            &AGENTS,
            &BOT,
        ],
        rules: &[
            KeyRule::OneOf {
                keys: &["rate", "daily", "counts", "recorded"],
                needed: true,
                help: "give a rate, a number per day, counts per interval, or a log",
            },
            KeyRule::Excludes("counts", &["profile"], "counts have a shape of their own"),
            KeyRule::Excludes("recorded", &["profile"], "a log has a shape of its own"),
            KeyRule::Excludes("recorded", &["busyness"], "a log is the same on every day"),
            hours::NEEDED[0],
            hours::NEEDED[1],
        ],
    };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (has_handling, is_recorded) = (section.has(&HANDLING), section.has(&RECORDED));
        let demand = Demand::read(section, has_handling);
        if !has_handling && !logs_handling(section) {
            section.missing(&HANDLING);
        }
        let (channel, busyness) = (section.take(&CHANNEL), section.take(&BUSYNESS));
        let priority = section.take(&PRIORITY);
        let (patience, handling) = (section.take(&PATIENCE), section.take(&HANDLING));
        let (wrap_up, retry) = (section.take(&WRAP_UP), section.take(&RETRY));
        let (queue_limit, agents) = (section.take(&QUEUE_LIMIT), section.take(&AGENTS));
        let initial_backlog = initial_backlog(section);
        let hours = hours::hours(section);
        let stages = section.take(&ROUTE).unwrap_or_default();
        route::check_once(section.context, &stages);
        let bot = section.take(&BOT);
        if let Some(bot) = &bot {
            bots::check_misroute(section, bot);
        }
        let mistaken_for = bot.as_ref().and_then(|bot| bot.mistaken_for.clone());
        let contact = || {
            Some(ContactSection {
                name: section.name.to_owned(),
                channel: channel?,
                demand: demand?,
                profile: None,
                busyness: busyness?,
                priority: priority?,
                patience,
                handling,
                wrap_up,
                retry,
                queue_limit,
                service_level: ServiceLevel::UNKNOWN,
                initial_backlog: initial_backlog?,
                hours,
                route: section.has(&ROUTE).then(|| stages.iter().map(ReadStage::stage).collect()),
                agents,
                bot: bot.map(|bot| bot.bot),
            })
        };
        Some(Self {
            name: section.name.to_owned(),
            place: section.place.clone(),
            contact: contact(),
            profile: section.take(&PROFILE),
            service_level: section.take(&SERVICE_LEVEL).unwrap_or_default(),
            is_recorded,
            has_handling,
            route: stages.into_iter().flat_map(|stage| stage.groups).collect(),
            mistaken_for,
        })
    }
}

/// Whether a log has a column for handling.
fn logs_handling(section: &Section<'_>) -> bool {
    let log = section.entry(&RECORDED).and_then(|entry| entry.node.table());
    log.is_some_and(|log| log.get("handling").is_some())
}

/// Contacts that already wait at the start; a log tells nothing of their handling.
fn initial_backlog(section: &Section<'_>) -> Option<u32> {
    let count = section.take(&INITIAL_BACKLOG)?;
    if count > 0 && !section.has(&HANDLING) && logs_handling(section) {
        let path = section.path_of(&HANDLING);
        let message = format!("`{path}` is missing: the log does not tell that of the backlog");
        let place = section.place_of(&INITIAL_BACKLOG);
        let help = format!("for example `handling = {}`", HANDLING.example);
        section.report(Problem::new("missing-key", place, message).help(help));
    }
    Some(count)
}

/// Probabilities of a further attempt: after abandoning, after being blocked.
#[derive(Clone, Copy, Debug)]
struct ReadProbability;

const AFTER_ABANDONING: Key<ReadShare> =
    key("abandoned", share()).or("0").means("after abandoning").example("0.5");
const AFTER_BLOCKING: Key<ReadShare> =
    key("blocked", share()).or("0").means("after being blocked").example("0.8");
const PROBABILITY: Key<ReadProbability> = key("probability", ReadProbability)
    .means("probability of a further attempt; one number holds for both")
    .example("{ abandoned = 0.5, blocked = 0.8 }");
const AFTER: Key<ReadDistribution> = key("after", durations())
    .means("how long until the next attempt")
    .example("{ exponential = { mean = \"10m\" } }");
const AT_MOST: Key<ReadCount> = key("at_most", LIMIT)
    .without("no limit")
    .means("most further attempts of one contact")
    .example("3");
const KEEP_DRAWS: Key<ReadFlag> = key("keep_draws", ReadFlag)
    .or("false")
    .means("whether patience and handling stay those of the first attempt")
    .example("true");

const BY_LOSS: &TableKeys = &TableKeys { keys: &[&AFTER_ABANDONING, &AFTER_BLOCKING], rules: &[] };

impl Reader for ReadProbability {
    type Value = (f64, f64);

    fn shape(&self) -> ValueShape {
        let one = vec![share().shape(), ValueShape::Table(BY_LOSS)];
        ValueShape::Called("share, or a table of two", Box::new(ValueShape::Either(one)))
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<(f64, f64)> {
        let Value::Table(_) = &value.node.value else {
            return share().read(value).map(|share| (share, share));
        };
        Section::open(value, BY_LOSS, |section| {
            let abandoned = section.take(&AFTER_ABANDONING);
            Some((abandoned?, section.take(&AFTER_BLOCKING)?))
        })
    }
}

impl Record for Retry {
    const KEYS: &'static TableKeys =
        &TableKeys { keys: &[&PROBABILITY, &AFTER, &AT_MOST, &KEEP_DRAWS], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (probability, after) = (section.take(&PROBABILITY), section.take(&AFTER));
        let (at_most, keep_draws) = (section.take(&AT_MOST), section.take(&KEEP_DRAWS));
        let certain = probability.is_some_and(|(abandoned, blocked)| abandoned.max(blocked) >= 1.0);
        let endless = after.as_ref().and_then(|after| {
            if after.is_zero() {
                Some("retries without delay may never end")
            } else if certain && after.mean() < 1.0 {
                Some(
                    "nobody gives up, and each retries within a second on average: this never ends",
                )
            } else {
                None
            }
        });
        if let (false, Some(message)) = (section.has(&AT_MOST), endless) {
            let problem = Problem::new("endless-retry", section.place_of(&AFTER), message);
            let help = "limit the attempts with `at_most`, or give a delay of some seconds or more";
            section.report(problem.help(help));
        }
        let (after_abandoning, after_blocking) = probability?;
        let (after, keep_draws) = (after?, keep_draws?);
        Some(Self { after_abandoning, after_blocking, after, at_most, keep_draws })
    }
}
