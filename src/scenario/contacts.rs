//! `[contacts.*]` with their retries.

use super::bots;
use super::demand;
use super::distribution;
use super::hours;
use super::names::Names;
use super::policy::AGENT_CHOICES;
use super::route;
use super::run;
use super::section::{Context, Section};
use super::values;
use super::{ContactType, Profile, Retry, ServiceLevel};
use crate::format::node::{Entry, Node, Value};
use crate::format::{Place, Problem};

/// Most contacts that can wait at the start.
const MOST_INITIAL: u32 = 10_000_000;

/// What contact types refer to.
pub(crate) struct Known<'k> {
    pub(crate) profiles: &'k [(String, Option<Profile>)],
    pub(crate) service_level: ServiceLevel,
    pub(crate) bot_enabled: bool,
    pub(crate) contacts: &'k Names<'k>,
    pub(crate) groups: &'k Names<'k>,
}

/// A contact type, and what it says of others, known even if the rest has problems.
pub(crate) struct ReadContact<'a> {
    pub(crate) entry: &'a Entry,
    pub(crate) contact: Option<ContactType>,
    /// Whether it replays a log.
    pub(crate) is_recorded: bool,
    /// Whether it has a `handling` of its own.
    pub(crate) has_handling: bool,
    /// The groups of its route.
    pub(crate) route: Vec<(usize, Place)>,
    /// The type that some of its escalations are taken for.
    pub(crate) mistaken_for: Option<(usize, &'a Place)>,
}

/// Reads one contact type.
pub(crate) fn contact<'a>(
    section: &Section<'a>,
    entry: &'a Entry,
    known: &Known<'_>,
) -> ReadContact<'a> {
    let channel = section.get_or("channel", "chat".to_owned(), values::name);
    let demand = demand::demand(section);
    let profile = demand::profile(section, known.profiles);
    let busyness = section.get_or("busyness", 0.0, values::busyness);
    let priority = section.get_or("priority", 5, priority);
    let patience = section.get("patience", distribution::duration);
    let handling = section.get("handling", distribution::duration);
    let has_handling = section.entry("handling").is_some();
    if !has_handling && !demand::logs_handling(section) {
        section.missing("handling");
    }
    let wrap_up = section.get("wrap_up", distribution::duration);
    let retry = section.optional_section("retry", "contacts.*.retry", retry);
    let queue_limit = section.get("queue_limit", limit);
    let initial_backlog = initial_backlog(section);
    let hours = hours::hours(section);
    let service_level =
        run::service_level(section, "contacts.*.service_level", known.service_level);
    let route = route::route(section, known.groups);
    let agents =
        section.get("agents", |context, node| values::choice(context, node, AGENT_CHOICES));
    let bot = section.optional_section("bot", "contacts.*.bot", |section| {
        bots::of_type(section, known.contacts, &entry.key)
    });
    let is_recorded = demand::is_recorded(section);
    let named = route.as_ref().ok().and_then(Option::as_ref);
    let named = named.map_or_else(Vec::new, |read| read.groups.clone());
    let mistaken = bot.as_ref().ok().and_then(Option::as_ref);
    let mistaken_for = mistaken.and_then(|(_, mistaken)| *mistaken);
    let contact = || {
        let bot = bot.ok()?.map(|(bot, _)| bot);
        Some(ContactType {
            name: entry.key.clone(),
            channel,
            demand: demand?,
            profile,
            busyness,
            priority,
            patience,
            handling,
            wrap_up,
            retry: retry.ok()?,
            queue_limit,
            service_level,
            initial_backlog,
            hours: hours.ok()?,
            route: route.ok()?.map(|read| read.stages),
            agents,
            bot: bot.filter(|_| known.bot_enabled),
        })
    };
    ReadContact { entry, contact: contact(), is_recorded, has_handling, route: named, mistaken_for }
}

/// Contacts that already wait at the start; a log tells nothing of their handling.
fn initial_backlog(section: &Section<'_>) -> u32 {
    let count = section.get_or("initial_backlog", 0, |context, node| {
        values::count(context, node, 0, MOST_INITIAL)
    });
    if let Some(entry) = section.entry("initial_backlog")
        && count > 0
        && section.entry("handling").is_none()
        && demand::logs_handling(section)
    {
        let path = section.child_path("handling");
        let message = format!("`{path}` is missing: the log does not tell that of the backlog");
        let help = "for example `handling = { lognormal = { mean = \"5m\", cv = 0.8 } }`";
        let problem = Problem::new("missing-key", &entry.node.place, message);
        section.context.report(problem.help(help));
    }
    count
}

/// A priority; 1 is served first.
pub(crate) fn priority(context: &Context<'_>, node: &Node) -> Option<u32> {
    values::count(context, node, 1, 1_000_000)
}

/// A limit that may be 0.
pub(crate) fn limit(context: &Context<'_>, node: &Node) -> Option<u32> {
    values::count(context, node, 0, u32::MAX)
}

fn retry(section: &Section<'_>) -> Option<Retry> {
    let probability = section.required("probability", |context, node| match &node.value {
        Value::Table(_) => {
            let at =
                ("contacts.*.retry.probability", section.child_path("probability"), &node.place);
            Section::read(context, at, node, |section| {
                let share = |key| section.get_or(key, 0.0, values::share);
                (share("abandoned"), share("blocked"))
            })
        }
        _ => values::share(context, node).map(|share| (share, share)),
    });
    let after = section.required("after", distribution::duration);
    let at_most = section.get("at_most", limit);
    let keep_draws = section.get_or("keep_draws", false, values::boolean);
    let certain = probability.is_some_and(|(abandoned, blocked)| abandoned.max(blocked) >= 1.0);
    let endless = after.as_ref().and_then(|after| {
        if after.is_zero() {
            Some("retries without delay may never end")
        } else if certain && after.mean() < 1.0 {
            Some("nobody gives up, and each retries within a second on average: this never ends")
        } else {
            None
        }
    });
    if let (None, Some(message)) = (section.entry("at_most"), endless) {
        let place = section.entry("after").map_or(&section.place, |entry| &entry.node.place);
        let problem = Problem::new("endless-retry", place, message);
        section
            .context
            .report(problem.help(
                "limit the attempts with `at_most`, or give a delay of some seconds or more",
            ));
    }
    let (after_abandoning, after_blocking) = probability?;
    Some(Retry { after_abandoning, after_blocking, after: after?, at_most, keep_draws })
}
