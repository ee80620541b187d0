//! `[contacts.*]` with their retries and bots.

use crate::time::SimSpan;

use super::distribution;
use super::moment;
use super::near::suggestion;
use super::node::{Node, Value};
use super::problem::Problem;
use super::run;
use super::section::{Context, Section};
use super::units::short;
use super::values;
use super::{ContactType, Demand, FalseResolution, Profile, Retry, ServiceLevel, Steps, TypeBot};

/// What contact types refer to.
pub(crate) struct Known<'k> {
    pub(crate) profiles: &'k [(String, Option<Profile>)],
    pub(crate) service_level: ServiceLevel,
    pub(crate) bot_enabled: bool,
}

/// Reads one contact type; `None`: it has problems.
pub(crate) fn contact(section: &Section<'_>, name: &str, known: &Known<'_>) -> Option<ContactType> {
    let channel = section.get_or("channel", "chat".to_owned(), values::name);
    let demand = demand(section);
    let profile = profile(section, known.profiles);
    let busyness = section.get_or("busyness", 0.0, values::busyness);
    let priority = section.get_or("priority", 5, priority);
    let patience = section.get("patience", distribution::duration);
    let handling = section.required("handling", distribution::duration);
    let wrap_up = section.get("wrap_up", distribution::duration);
    let retry = section.optional_section("retry", "contacts.*.retry", retry);
    let queue_limit = section.get("queue_limit", limit);
    let service_level =
        run::service_level(section, "contacts.*.service_level", known.service_level);
    let bot = section.optional_section("bot", "contacts.*.bot", bot);
    Some(ContactType {
        name: name.to_owned(),
        channel,
        demand: demand?,
        profile,
        busyness,
        priority,
        patience,
        handling: Some(handling?),
        wrap_up,
        retry: retry.ok()?,
        queue_limit,
        service_level,
        initial_backlog: 0,
        hours: None,
        route: None,
        agents: None,
        bot: bot.ok()?.filter(|_| known.bot_enabled),
    })
}

/// A priority; 1 is served first.
pub(crate) fn priority(context: &Context<'_>, node: &Node) -> Option<u32> {
    values::count(context, node, 1, 1_000_000)
}

/// A limit that may be 0.
pub(crate) fn limit(context: &Context<'_>, node: &Node) -> Option<u32> {
    values::count(context, node, 0, u32::MAX)
}

fn demand(section: &Section<'_>) -> Option<Demand> {
    section.exclude("rate", "daily", "give a rate, or a number per day");
    let given = |key| section.entry(key).is_some();
    // `counts` and `recorded` are refused already: they would have given the demand.
    let later = ["counts", "recorded"];
    let refused = section
        .entries()
        .iter()
        .any(|entry| later.contains(&entry.key.as_str()));
    if !given("rate") && !given("daily") && !refused {
        section.missing("rate");
    }
    let rate = section.get("rate", |context, node| {
        moment::steps(
            context,
            node,
            ("contacts.*.rate[]", &section.child_path("rate"), "rate"),
            values::rate,
        )
    });
    let daily = section.get("daily", values::number);
    rate.map(Demand::Rate).or(daily.map(Demand::Daily))
}

fn profile(section: &Section<'_>, profiles: &[(String, Option<Profile>)]) -> Option<Profile> {
    section.get("profile", |context, node| {
        let name = values::name(context, node)?;
        if let Some((_, profile)) = profiles.iter().find(|(known, _)| *known == name) {
            return profile.clone();
        }
        let known: Vec<&str> = profiles.iter().map(|(name, _)| name.as_str()).collect();
        let message = format!("there is no profile `{}`", super::units::shorten(&name));
        let help = if known.is_empty() {
            format!("describe it in `[profiles.{name}]`")
        } else {
            suggestion(&name, &known, "profiles")
        };
        context.report(Problem::new("unknown-profile", &node.place, message).help(help));
        None
    })
}

fn retry(section: &Section<'_>) -> Option<Retry> {
    let probability = section.required("probability", |context, node| match &node.value {
        Value::Table(_) => {
            let at = (
                "contacts.*.retry.probability",
                section.child_path("probability"),
                &node.place,
            );
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
        let place = section
            .entry("after")
            .map_or(&section.place, |entry| &entry.node.place);
        let problem = Problem::new("endless-retry", place, message);
        section
            .context
            .report(problem.help(
                "limit the attempts with `at_most`, or give a delay of some seconds or more",
            ));
    }
    let (after_abandoning, after_blocking) = probability?;
    Some(Retry {
        after_abandoning,
        after_blocking,
        after: after?,
        at_most,
        keep_draws,
    })
}

fn bot(section: &Section<'_>) -> Option<TypeBot> {
    let deflection = section.required("deflection", |context, node| {
        moment::steps(
            context,
            node,
            (
                "contacts.*.bot.deflection[]",
                &section.child_path("deflection"),
                "deflection",
            ),
            values::share,
        )
    });
    let session = section.required("session", distribution::duration);
    let escalation_session = section.get("escalation_session", distribution::duration);
    let opt_out = section.get_or("opt_out", 0.0, values::share);
    let abandonment = section.get_or("abandonment", 0.0, values::share);
    let false_resolution = section.optional_section(
        "false_resolution",
        "contacts.*.bot.false_resolution",
        false_resolution,
    );
    let escalation_handling = section.get("escalation_handling", distribution::duration);
    let context_saving = section.get_or("context_saving", 0.0, values::share_below_one);
    if let Some(deflection) = &deflection {
        check_sum(section, deflection, abandonment);
    }
    let session = session?;
    Some(TypeBot {
        deflection: deflection?,
        escalation_session: escalation_session.unwrap_or_else(|| session.clone()),
        session,
        opt_out,
        abandonment,
        false_resolution: false_resolution.ok()?,
        escalation_handling,
        context_saving,
        misroute: None,
        urgent: None,
    })
}

/// Reports a deflection that leaves too little room for those who abandon the bot.
fn check_sum(section: &Section<'_>, deflection: &Steps<f64>, abandonment: f64) {
    let most = match deflection {
        Steps::Constant(share) => *share,
        Steps::List(list) => list.iter().map(|(_, share)| *share).fold(0.0, f64::max),
    };
    let (Some(first), Some(second)) = (section.entry("deflection"), section.entry("abandonment"))
    else {
        return;
    };
    // Shares such as 0.9 + 0.1 may miss 1 by a rounding error.
    if most + abandonment > 1.0 + 1e-9 {
        let message =
            format!("deflection `{most}` and abandonment `{abandonment}` add up to more than 1");
        // Rounded down, so that what it advises is accepted.
        let room = ((1.0 - most) * 1e6 + 1e-3).floor() / 1e6;
        section.context.report(
            Problem::new("share-sum", &second.node.place, message)
                .related(&first.node.place, "`deflection` is here")
                .help(format!(
                    "write an `abandonment` of at most `{}`",
                    short(room)
                )),
        );
    }
}

fn false_resolution(section: &Section<'_>) -> Option<FalseResolution> {
    let probability = section.required("probability", values::share);
    let recontact_after = section.required("recontact_after", distribution::duration);
    Some(FalseResolution {
        probability: probability?,
        recontact_after: recontact_after?,
    })
}

/// An upper bound of the contacts that arrive within `duration`, surges aside.
pub(crate) fn most_arrivals(contact: &ContactType, duration: SimSpan) -> f64 {
    let weights = contact.profile.iter().flat_map(|profile| &profile.weights);
    let peak = weights
        .copied()
        .fold(if contact.profile.is_some() { 0.0 } else { 1.0 }, f64::max);
    match &contact.demand {
        Demand::Counts { counts, .. } => counts.iter().sum(),
        Demand::Recorded(log) => log.times.len() as f64,
        Demand::Daily(daily) => match &contact.profile {
            // Of a period that the run covers in part, it may be the busy part.
            Some(profile) => {
                let period = profile.interval.as_hours() * profile.weights.len() as f64;
                daily * (duration.as_hours() / period).ceil() * (period / 24.0)
            }
            None => daily * duration.as_hours() / 24.0,
        },
        Demand::Rate(Steps::Constant(rate)) => rate * peak * duration.as_seconds(),
        Demand::Rate(Steps::List(list)) => {
            let most = list.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
            most * peak * duration.as_seconds()
        }
    }
}
