//! `[bot]`, and the bot in front of a contact type.

use super::contacts::{limit, priority};
use super::distribution;
use super::moment;
use super::names::Names;
use super::section::{Context, Section};
use super::surges::check_inside;
use super::values;
use super::{BotCapacity, FalseResolution, Misroute, Outage, Steps, TypeBot, Urgent, WhenFull};
use crate::format::node::{Node, Value};
use crate::format::units::{short, shorten};
use crate::format::{Place, Problem};

/// Reads `[bot]`: whether it is enabled, and the rest.
pub(crate) fn bot(root: &Section<'_>) -> (bool, Option<BotCapacity>) {
    let choices = [
        ("escalate", WhenFull::Escalate),
        ("queue", WhenFull::Queue),
        ("reject", WhenFull::Reject),
    ];
    let read = root.section("bot", "bot", |section| {
        let enabled = section.get_or("enabled", true, values::boolean);
        let capacity = section.get("capacity", limit);
        let when_full = section.get_or("when_full", WhenFull::Escalate, |context, node| {
            values::choice(context, node, &choices)
        });
        let outages = match section.entry("outages") {
            None => Some(Vec::new()),
            Some(entry) => outages(section.context, &entry.node),
        };
        (enabled, outages.map(|outages| BotCapacity { capacity, when_full, outages }))
    });
    read.unwrap_or((true, None))
}

fn outages<'a>(context: &'a Context<'a>, node: &'a Node) -> Option<Vec<Outage>> {
    let Value::List(list) = &node.value else {
        let help = "for example `outages = [{ start = \"6h\", length = \"20m\", capacity = 0 }]`";
        context.wrong_type(node, "a list of tables", help);
        return None;
    };
    let read: Vec<Option<Outage>> = list
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let path = format!("bot.outages[{at}]");
            let at = ("bot.outages[]", path, &item.place);
            Section::read(context, at, item, outage).flatten()
        })
        .collect();
    read.into_iter().collect()
}

fn outage(section: &Section<'_>) -> Option<Outage> {
    let start = section.required("start", moment::moment);
    let length = section.required("length", values::positive_span);
    // An outage that says nothing else is a bot that is down; one that only weakens the bot is not.
    let is_down = section.entry("deflection_factor").is_none();
    let capacity = section.get("capacity", limit).or(is_down.then_some(0));
    let deflection_factor = section.get_or("deflection_factor", 1.0, values::share);
    let (start, length) = (start?, length?);
    check_inside(section, "outage-outside-run", start, Some(length));
    Some(Outage { start, length, capacity, deflection_factor })
}

/// The bot in front of a contact type, and the type that it takes some escalations for with the
/// place of its name.
pub(crate) fn of_type<'a>(
    section: &Section<'a>,
    contacts: &Names<'_>,
    this: &str,
) -> Option<(TypeBot, Option<(usize, &'a Place)>)> {
    let deflection = section.required("deflection", |context, node| {
        let path = section.child_path("deflection");
        let keys = ("contacts.*.bot.deflection[]", path, "deflection");
        moment::steps(context, context.calendar()?, node, keys, values::share)
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
    let misroute = section.optional_section("misroute", "contacts.*.bot.misroute", |section| {
        misroute(section, contacts, this)
    });
    let urgent = section.optional_section("urgent", "contacts.*.bot.urgent", urgent);
    let context_saving = section.get_or("context_saving", 0.0, values::share_below_one);
    if let Some(deflection) = &deflection {
        check_sum(section, deflection, abandonment);
    }
    let session = session?;
    let misroute = misroute.ok()?;
    let bot = TypeBot {
        deflection: deflection?,
        escalation_session: escalation_session.unwrap_or_else(|| session.clone()),
        session,
        opt_out,
        abandonment,
        false_resolution: false_resolution.ok()?,
        escalation_handling,
        context_saving,
        misroute: misroute.map(|(misroute, _)| misroute),
        urgent: urgent.ok()?,
    };
    Some((bot, misroute.map(|(misroute, place)| (misroute.to, place))))
}

/// Escalations that are first served as another type, and the place of its name.
fn misroute<'a>(
    section: &Section<'a>,
    contacts: &Names<'_>,
    this: &str,
) -> Option<(Misroute, &'a Place)> {
    let probability = section.required("probability", values::share);
    let to = section.required("to", |context, node| {
        let to = contacts.one(context, node)?;
        if contacts.index(this) == Some(to) {
            let message = format!("`{}` cannot be mistaken for itself", shorten(this));
            let problem = Problem::new("misroute-to-itself", &node.place, message);
            context.report(problem.help("write the contact type that it is mistaken for"));
            return None;
        }
        Some((to, &node.place))
    });
    let (to, place) = to?;
    Some((Misroute { probability: probability?, to }, place))
}

/// Escalations whose priority triage raises.
fn urgent(section: &Section<'_>) -> Option<Urgent> {
    let probability = section.required("probability", values::share);
    let priority = section.get_or("priority", 1, priority);
    Some(Urgent { probability: probability?, priority })
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
                .help(format!("write an `abandonment` of at most `{}`", short(room))),
        );
    }
}

fn false_resolution(section: &Section<'_>) -> Option<FalseResolution> {
    let probability = section.required("probability", values::share);
    let recontact_after = section.required("recontact_after", distribution::duration);
    Some(FalseResolution { probability: probability?, recontact_after: recontact_after? })
}
