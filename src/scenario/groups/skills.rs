//! `groups.*.skills`: which contact types a group serves, how fast and how urgently.

use crate::format::{
    Key, ReadCount, ReadNumber, Reader, Section, TableKeys, Value, ValueAt, ValueShape, by_name,
    key, names_of, number_between,
};
use crate::random::Distribution;
use crate::scenario::limits::PRIORITIES;
use crate::scenario::names::CONTACTS;

/// What a group can do for one contact type.
#[derive(Clone, Debug)]
pub struct SkillSection {
    /// Index of the contact type.
    pub contact: usize,
    /// Handling is divided by it; more than 0.
    pub speed: f64,
    /// The group's own priority of the type; `None`: the type's.
    pub priority: Option<u32>,
    /// The group's own handling of the type, whatever its speed; `None`: the type's over `speed`.
    pub handling: Option<Distribution>,
}

/// How fast agents work, relative to others.
pub(super) const SPEEDS: ReadNumber = number_between(
    0.001,
    1000.0,
    "write a speed from 0.001 to 1000: `1.0` is the usual one, with `0.8` handling takes 25 % longer",
);

/// A table of contact types, or a list of their names.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReadSkills;

/// What a group can do for one contact type: a speed, or a table.
#[derive(Clone, Copy, Debug)]
struct ReadSkill;

const SKILL_SPEED: Key<ReadNumber> =
    key("speed", SPEEDS).or("1").means("handling is divided by it").example("0.9");
const SKILL_PRIORITY: Key<ReadCount> = key("priority", PRIORITIES)
    .without("the contact type's")
    .means("priority of the type in this group")
    .example("6");

const OF_SKILL: &TableKeys = &TableKeys { keys: &[&SKILL_SPEED, &SKILL_PRIORITY], rules: &[] };

impl Reader for ReadSkill {
    type Value = (f64, Option<u32>);

    fn shape(&self) -> ValueShape {
        ValueShape::Either(vec![SPEEDS.shape(), ValueShape::Table(OF_SKILL)])
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<(f64, Option<u32>)> {
        let Value::Table(_) = &value.node.value else {
            return SPEEDS.read(value).map(|speed| (speed, None));
        };
        Section::open(value, OF_SKILL, |section| {
            let (speed, priority) = (section.take(&SKILL_SPEED), section.take(&SKILL_PRIORITY));
            Some((speed?, priority))
        })
    }
}

impl Reader for ReadSkills {
    type Value = Vec<SkillSection>;

    fn shape(&self) -> ValueShape {
        let shapes = vec![by_name(&CONTACTS, ReadSkill).shape(), names_of(&CONTACTS).shape()];
        let shape = Box::new(ValueShape::Either(shapes));
        ValueShape::Called("table or list of contact types", shape)
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Vec<SkillSection>> {
        let skill =
            |contact, speed, priority| SkillSection { contact, speed, priority, handling: None };
        match &value.node.value {
            Value::List(_) => {
                let named = names_of(&CONTACTS).read(value)?;
                Some(named.into_iter().map(|contact| skill(contact.value, 1.0, None)).collect())
            }
            Value::Table(table) if table.entries.is_empty() => {
                value.refuse("empty-list", "the group serves no contact type", value.help())
            }
            Value::Table(_) => {
                let read = by_name(&CONTACTS, ReadSkill).read(value)?;
                let skills = read.into_iter();
                Some(
                    skills
                        .map(|(contact, (speed, own))| skill(contact.value, speed, own))
                        .collect(),
                )
            }
            _ => value.wrong_type("a table or list of contact types", value.help()),
        }
    }
}
