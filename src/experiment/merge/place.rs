//! Where a path of the report leads.

use crate::model::Model;

/// Where a path of the report leads, with the path of the figure there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::experiment) enum Place<'p> {
    Overall(&'p str),
    Contact(usize, &'p str),
    Channel(usize, &'p str),
    Bot(&'p str),
    Group(usize, &'p str),
    /// Contact type, then group.
    HandledBy(usize, usize),
}

impl<'p> Place<'p> {
    /// As [`Summary::figure`] reads it; `None` where a name is not known.
    pub(in crate::experiment) fn of(path: &'p str, model: &Model) -> Option<Self> {
        let after = |rest: &'p str, name: &str| rest.strip_prefix(name)?.strip_prefix('.');
        if let Some(rest) = path.strip_prefix("overall.") {
            return Some(Self::Overall(rest));
        }
        if let Some(rest) = path.strip_prefix("bot.") {
            return Some(Self::Bot(rest));
        }
        if let Some(rest) = path.strip_prefix("contacts.") {
            let mut types = model.contact_types.iter().enumerate();
            return types.find_map(|(index, kind)| {
                let rest = after(rest, &kind.name)?;
                let Some(group) = rest.strip_prefix("handled_by.") else {
                    return Some(Self::Contact(index, rest));
                };
                let group = model.groups.iter().position(|g| g.name == group)?;
                Some(Self::HandledBy(index, group))
            });
        }
        if let Some(rest) = path.strip_prefix("channels.") {
            let mut channels = model.channels.iter().enumerate();
            return channels
                .find_map(|(index, name)| Some(Self::Channel(index, after(rest, name)?)));
        }
        if let Some(rest) = path.strip_prefix("groups.") {
            let mut groups = model.groups.iter().enumerate();
            return groups
                .find_map(|(index, group)| Some(Self::Group(index, after(rest, &group.name)?)));
        }
        Some(Self::Overall(path))
    }
}
