//! Which queue an escalation of the bot joins.

use super::contact::{Contact, Leg};
use crate::model::{ClassId, Model, TypeBot, Urgent};
use crate::random::Purpose;

/// What an escalation is taken for, and how urgent it is.
pub(super) fn triage(contact: &mut Contact, bot: &TypeBot) {
    let draws = contact.draws();
    if let Some((probability, class)) = bot.misroute
        && draws.draw(Purpose::Misroute).uniform() < probability
    {
        contact.leg = Leg::Misrouted;
        contact.class = class;
    }
    if let Some(urgent) = &bot.urgent
        && is_urgent(contact, urgent)
    {
        contact.class = match urgent.misrouted {
            Some(class) if contact.leg == Leg::Misrouted => class,
            _ => urgent.class,
        };
    }
}

fn is_urgent(contact: &Contact, urgent: &Urgent) -> bool {
    let draw = contact.draws().draw(Purpose::Urgent);
    draw.uniform() < urgent.probability
}

/// The queue of an escalated contact among its own.
pub(super) fn own_class(contact: &Contact, bot: &TypeBot, model: &Model) -> ClassId {
    match &bot.urgent {
        Some(urgent) if is_urgent(contact, urgent) => urgent.class,
        _ => model.contact_types[contact.contact_type.index()].class,
    }
}
