//! Where contacts of a type may go, in which order and when.

use std::collections::BTreeMap;

use crate::time::SimSpan;

use super::Stage;
use super::groups::ReadGroup;
use super::names::Names;
use super::section::{Context, Reported, Section};
use super::values;
use crate::format::node::Node;
use crate::format::units::shorten;
use crate::format::{Place, Problem};

/// A route, and the groups that it names with their places.
pub(crate) struct ReadRoute {
    pub(crate) stages: Vec<Stage>,
    pub(crate) groups: Vec<(usize, Place)>,
}

/// Reads `route` of a contact type.
pub(crate) fn route(
    section: &Section<'_>,
    groups: &Names<'_>,
) -> Result<Option<ReadRoute>, Reported> {
    if section.entry("route").is_none() {
        return Ok(None);
    }
    let read = section.get("route", |context, node| stages(context, section, node, groups));
    read.map(Some).ok_or(Reported)
}

fn stages<'a>(
    context: &'a Context<'a>,
    section: &Section<'_>,
    node: &'a Node,
    groups: &Names<'_>,
) -> Option<ReadRoute> {
    let help =
        "write `route = [{ groups = [\"general\"] }, { after = \"30s\", groups = [\"senior\"] }]`";
    let list = values::list(context, node, help)?;
    let mut seen: BTreeMap<usize, &Place> = BTreeMap::new();
    let mut at = 0;
    let stages = values::each(list, |item| {
        let path = format!("{}[{at}]", section.child_path("route"));
        at += 1;
        let at = ("contacts.*.route[]", path, &item.place);
        let (after, named) = Section::read(context, at, item, |stage| {
            let after = stage.get_or("after", SimSpan::ZERO, values::span);
            let named = stage.required("groups", |context, node| groups.several(context, node));
            (after, named)
        })?;
        let named = named?;
        for (index, place) in &named {
            if let Some(first) = seen.insert(*index, place) {
                let name = shorten(groups.list[*index]);
                let message = format!("`{name}` is in two stages");
                context.report(
                    Problem::new("duplicate-name", place, message)
                        .related(first, "the first time")
                        .help(
                            "stages add up: who may serve from one on may serve in all later ones",
                        ),
                );
            }
        }
        Some((after, named))
    })?;
    let groups = stages.iter().flat_map(|(_, named)| named);
    Some(ReadRoute {
        groups: groups.map(|(index, place)| (*index, (*place).clone())).collect(),
        stages: stages
            .iter()
            .map(|(after, named)| Stage {
                after: *after,
                groups: named.iter().map(|(index, _)| *index).collect(),
            })
            .collect(),
    })
}

/// Reports groups of a route that lack the skill for its contact type; whether there are any.
pub(crate) fn check_skills(
    context: &Context<'_>,
    (contact, name): (usize, &str),
    route: &[(usize, Place)],
    groups: &BTreeMap<&str, &ReadGroup<'_>>,
    names: &Names<'_>,
) -> bool {
    let mut lacking = false;
    for (index, place) in route {
        let group = names.list[*index];
        let Some(read) = groups.get(group) else {
            continue;
        };
        let Some(serves) = &read.serves else {
            continue;
        };
        if serves.contains(&contact) {
            continue;
        }
        lacking = true;
        let (group, name) = (shorten(group), shorten(name));
        let message = format!("`{group}` has no skill for `{name}`");
        let mut problem = Problem::new("missing-skill", place, message).help(format!(
            "add `{name}` to the `skills` of `{group}`, or leave `{group}` out of the route"
        ));
        if let Some(skills) = read.skills {
            problem = problem.related(skills, "its `skills`");
        }
        context.report(problem);
    }
    lacking
}
