//! Where contacts of a type may go, in which order and when.

use std::collections::BTreeMap;

use crate::format::units::shorten;
use crate::format::{
    Context, Key, Located, Place, Problem, ReadNamesOf, ReadSpan, Record, Section, TableKeys,
    duration, key, names_of,
};
use crate::time::SimSpan;

use super::names::GROUPS;

/// A stage of a route: further groups that may serve from then on.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// How long after the stage before it begins; that of the first stage counts from joining the
    /// queue.
    pub after: SimSpan,
    /// Indices of the groups, in order of preference; each has the skill.
    pub groups: Vec<usize>,
}

/// A stage as it is written.
pub(super) struct ReadStage {
    after: SimSpan,
    pub(super) groups: Vec<Located<usize>>,
}

const AFTER: Key<ReadSpan> = key("after", duration())
    .or("\"0s\"")
    .means("how long after the stage before it a stage begins; the first counts from joining the queue")
    .example("\"30s\"");
const GROUPS_OF_STAGE: Key<ReadNamesOf> = key("groups", names_of(&GROUPS))
    .means("groups that may serve from then on, in order of preference; each has the skill")
    .example("[\"general\"]");

impl Record for ReadStage {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&AFTER, &GROUPS_OF_STAGE], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (after, groups) = (section.take(&AFTER), section.take(&GROUPS_OF_STAGE));
        Some(Self { after: after?, groups: groups? })
    }
}

impl ReadStage {
    /// The stage without places.
    pub(super) fn stage(&self) -> Stage {
        let groups = self.groups.iter().map(|group| group.value).collect();
        Stage { after: self.after, groups }
    }
}

/// Reports groups that stand in two stages.
pub(super) fn check_once(context: &Context<'_>, stages: &[ReadStage]) {
    let names = context.names(&GROUPS);
    let mut seen: BTreeMap<usize, &Place> = BTreeMap::new();
    for group in stages.iter().flat_map(|stage| &stage.groups) {
        if let Some(first) = seen.insert(group.value, &group.place) {
            let message = format!("`{}` is in two stages", shorten(&names.list[group.value]));
            let help = "stages add up: who may serve from one on may serve in all later ones";
            context.report(
                Problem::new("duplicate-name", &group.place, message)
                    .related(first, "the first time")
                    .help(help),
            );
        }
    }
}
