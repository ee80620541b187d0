//! Where a path of the report leads.

use crate::metrics::definition::{GROUP_METRICS, METRICS};
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
        // Names may have dots in them: only with the figure behind it a name is found.
        let of_type = |rest: &str| METRICS.iter().any(|d| d.is_of_day() && d.path == rest);
        if let Some(rest) = path.strip_prefix("contacts.") {
            let mut types = model.contact_types.iter().enumerate();
            return types.find_map(|(index, kind)| {
                let rest = after(rest, &kind.name)?;
                if let Some(group) = rest.strip_prefix("handled_by.") {
                    let group = model.groups.iter().position(|g| g.name == group)?;
                    return Some(Self::HandledBy(index, group));
                }
                of_type(rest).then_some(Self::Contact(index, rest))
            });
        }
        if let Some(rest) = path.strip_prefix("channels.") {
            let mut channels = model.channels.iter().enumerate();
            return channels.find_map(|(index, name)| {
                let rest = after(rest, name)?;
                of_type(rest).then_some(Self::Channel(index, rest))
            });
        }
        if let Some(rest) = path.strip_prefix("groups.") {
            let of_group = |rest: &str| GROUP_METRICS.iter().any(|d| d.path == rest);
            let mut groups = model.groups.iter().enumerate();
            return groups.find_map(|(index, group)| {
                let rest = after(rest, &group.name)?;
                of_group(rest).then_some(Self::Group(index, rest))
            });
        }
        Some(Self::Overall(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{NoFiles, SourceText};
    use crate::scenario::parse;

    #[test]
    fn names_with_dots_in_them_are_found_by_the_figure_behind_them() {
        let text = r#"
            run.duration = "1h"
            contacts.a = { rate = "9/h", channel = "x", handling = { fixed = { value = "1m" } } }
            contacts."a.b" = { rate = "9/h", channel = "x.y", handling = { fixed = { value = "1m" } } }
            groups.g = { skills = ["a", "a.b"], staff = 3 }
            groups."g.h" = { skills = ["a.b"], staff = 3 }
        "#;
        let parsed = parse(SourceText::new("a.toml", text), &[], &NoFiles).unwrap();
        let model = Model::compile(&parsed.scenario);
        for (path, place) in [
            ("wait.p95", Place::Overall("wait.p95")),
            ("contacts.a.wait.p95", Place::Contact(0, "wait.p95")),
            ("contacts.a.b.wait.p95", Place::Contact(1, "wait.p95")),
            ("contacts.a.b.handled_by.g.h", Place::HandledBy(1, 1)),
            ("channels.x.queued", Place::Channel(0, "queued")),
            ("channels.x.y.queued", Place::Channel(1, "queued")),
            ("groups.g.occupancy", Place::Group(0, "occupancy")),
            ("groups.g.h.occupancy", Place::Group(1, "occupancy")),
        ] {
            assert_eq!(Place::of(path, &model), Some(place), "{path}");
        }
        assert_eq!(Place::of("contacts.b.wait.p95", &model), None);
    }
}
