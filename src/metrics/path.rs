//! Paths of figures: which metric, and of whom.
//!
//! A path is the place of a figure in the report: `wait.p95`, `contacts.refund.service_level`,
//! `channels.chat.queued`, `bot.sessions`, `groups.day.occupancy`,
//! `contacts.refund.handled_by.day`. It is parsed here and nowhere else.

use super::definition::{BotMetric, ContactMetric, GroupMetric, open_share};
use super::totals::MOST_OPEN;
use crate::model::Model;

/// A figure of the report: a scope and a metric that is told of such a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigurePath {
    /// Of contacts.
    Contacts(ContactScope, ContactMetric),
    /// Of the bot.
    Bot(BotMetric),
    /// Of the agent group at this place.
    Group(usize, GroupMetric),
    /// Share of the staffed time of a group with so many contacts open.
    OpenShare {
        /// Place of the group.
        group: usize,
        /// How many contacts.
        open: usize,
    },
    /// Contacts of a type that a group answers.
    HandledBy {
        /// Place of the contact type.
        contact: usize,
        /// Place of the group.
        group: usize,
    },
}

/// Which contacts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContactScope {
    /// All.
    Overall,
    /// Those of the channel at this place.
    Channel(usize),
    /// Those of the type at this place.
    Type(usize),
}

/// What the parts of a center are called, by their places; `None` from the first place on where
/// nothing is.
pub trait CenterNames {
    /// The contact type at a place.
    fn contact(&self, place: usize) -> Option<&str>;
    /// The channel at a place.
    fn channel(&self, place: usize) -> Option<&str>;
    /// The agent group at a place.
    fn group(&self, place: usize) -> Option<&str>;
}

impl CenterNames for Model {
    fn contact(&self, place: usize) -> Option<&str> {
        self.contact_types.get(place).map(|kind| kind.name.as_str())
    }

    fn channel(&self, place: usize) -> Option<&str> {
        self.channels.get(place).map(String::as_str)
    }

    fn group(&self, place: usize) -> Option<&str> {
        self.groups.get(place).map(|group| group.name.as_str())
    }
}

impl FigurePath {
    /// The figure that a text names; `None` where a name or the metric is not known. Names may
    /// have dots in them: of two that fit, the longer is meant.
    pub fn parse(text: &str, names: &impl CenterNames) -> Option<Self> {
        let contacts = |scope| {
            move |rest: &str| ContactMetric::parse(rest).map(|metric| Self::Contacts(scope, metric))
        };
        if let Some(rest) = text.strip_prefix("bot.") {
            return BotMetric::parse(rest).map(Self::Bot);
        }
        if let Some(rest) = text.strip_prefix("contacts.") {
            return longest(
                rest,
                |place| names.contact(place),
                |contact, rest| {
                    let Some(name) = rest.strip_prefix("handled_by.") else {
                        return contacts(ContactScope::Type(contact))(rest);
                    };
                    let mut groups = (0..).map_while(|group| names.group(group));
                    let group = groups.position(|group| group == name)?;
                    Some(Self::HandledBy { contact, group })
                },
            );
        }
        if let Some(rest) = text.strip_prefix("channels.") {
            return longest(
                rest,
                |place| names.channel(place),
                |channel, rest| contacts(ContactScope::Channel(channel))(rest),
            );
        }
        if let Some(rest) = text.strip_prefix("groups.") {
            return longest(
                rest,
                |place| names.group(place),
                |group, rest| {
                    let metric = GroupMetric::parse(rest).map(|metric| Self::Group(group, metric));
                    metric.or_else(|| {
                        let is_it =
                            |open: &usize| open_share(*open).is_some_and(|d| d.path == rest);
                        let open = (0..=MOST_OPEN).find(is_it)?;
                        Some(Self::OpenShare { group, open })
                    })
                },
            );
        }
        contacts(ContactScope::Overall)(text.strip_prefix("overall.").unwrap_or(text))
    }

    /// The text that names it; an `overall.` is left out.
    ///
    /// # Panics
    /// When it is of another center than the names.
    pub fn text(&self, names: &impl CenterNames) -> String {
        let known = |name: Option<&str>| name.expect("the names are of the same center").to_owned();
        let metric = self.metric();
        match *self {
            Self::Contacts(ContactScope::Overall, _) => metric.to_owned(),
            Self::Contacts(ContactScope::Channel(channel), _) => {
                format!("channels.{}.{metric}", known(names.channel(channel)))
            }
            Self::Contacts(ContactScope::Type(contact), _) => {
                format!("contacts.{}.{metric}", known(names.contact(contact)))
            }
            Self::Bot(_) => format!("bot.{metric}"),
            Self::Group(group, _) | Self::OpenShare { group, .. } => {
                format!("groups.{}.{metric}", known(names.group(group)))
            }
            Self::HandledBy { contact, group } => {
                let (contact, group) = (known(names.contact(contact)), known(names.group(group)));
                format!("contacts.{contact}.{metric}.{group}")
            }
        }
    }

    /// Its metric as the report spells it.
    ///
    /// # Panics
    /// When it is the share of more open contacts than an agent can have.
    pub fn metric(&self) -> &'static str {
        match self {
            Self::Contacts(_, metric) => metric.definition().path,
            Self::Bot(metric) => metric.definition().path,
            Self::Group(_, metric) => metric.definition().path,
            Self::OpenShare { open, .. } => {
                open_share(*open).expect("no agent has more contacts open").path
            }
            Self::HandledBy { .. } => "handled_by",
        }
    }
}

/// What `found` makes of the longest name that `text` begins with, and of the rest behind the dot.
fn longest<'n>(
    text: &str,
    name: impl Fn(usize) -> Option<&'n str>,
    found: impl Fn(usize, &str) -> Option<FigurePath>,
) -> Option<FigurePath> {
    let named = (0..).map_while(name).enumerate().filter_map(|(place, name)| {
        let rest = text.strip_prefix(name)?.strip_prefix('.')?;
        Some((rest.len(), found(place, rest)?))
    });
    named.min_by_key(|(rest, _)| *rest).map(|(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{NoFiles, SourceText};
    use crate::scenario::parse;

    #[test]
    fn names_with_dots_in_them_are_told_apart() {
        use ContactMetric::{Queued, WaitP95};
        use ContactScope::{Channel, Overall, Type};
        use FigurePath::{Bot, Contacts, Group, HandledBy, OpenShare};

        let text = r#"
            run.duration = "1h"
            contacts.a = { rate = "9/h", channel = "x", handling = { fixed = { value = "1m" } } }
            contacts."a.b" = { rate = "9/h", channel = "x.y", handling = { fixed = { value = "1m" } } }
            contacts."a.wait" = { rate = "9/h", handling = { fixed = { value = "1m" } } }
            groups.g = { skills = ["a", "a.b", "a.wait"], staff = 3 }
            groups."g.h" = { skills = ["a.b"], staff = 3 }
        "#;
        let parsed = parse(SourceText::new("a.toml", text), &[], &NoFiles).unwrap();
        let model = Model::compile(&parsed.scenario);
        for (text, path) in [
            ("wait.p95", Contacts(Overall, WaitP95)),
            ("contacts.a.wait.p95", Contacts(Type(0), WaitP95)),
            ("contacts.a.b.wait.p95", Contacts(Type(1), WaitP95)),
            ("contacts.a.wait.wait.p95", Contacts(Type(2), WaitP95)),
            ("contacts.a.b.handled_by.g.h", HandledBy { contact: 1, group: 1 }),
            ("channels.x.queued", Contacts(Channel(0), Queued)),
            ("channels.x.y.queued", Contacts(Channel(1), Queued)),
            ("bot.sessions", Bot(BotMetric::Sessions)),
            ("groups.g.occupancy", Group(0, GroupMetric::Occupancy)),
            ("groups.g.h.busy", Group(1, GroupMetric::Busy)),
            ("groups.g.open_chats.share.20", OpenShare { group: 0, open: 20 }),
        ] {
            assert_eq!(FigurePath::parse(text, &model), Some(path), "{text}");
            assert_eq!(path.text(&model), text);
        }
        let overall = FigurePath::parse("overall.wait.p95", &model);
        assert_eq!(overall, Some(Contacts(Overall, WaitP95)));
        for text in [
            "",
            "wait",
            "contacts.b.queued",
            "contacts.a.b",
            "groups.g.open_chats.share.21",
            "bot.x",
        ] {
            assert_eq!(FigurePath::parse(text, &model), None, "{text}");
        }
    }
}
