//! Staffed agents per group over time, and what else changes at a given instant.

use super::civil::Civil;
use super::shrinkage::{Shrinkage, present};
use super::{ContactTypeId, GroupId};
use crate::scenario::{BotCapacity, GroupSection, Hours, Outage, Shift, Staffing};
use crate::time::{SimSpan, SimTime};

/// Whether the agents of a group have to be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Team {
    /// A head count of agents who serve one contact at a time: only how many are busy matters.
    Count {
        /// Whether it matters who has been idle for how long.
        is_ordered: bool,
    },
    /// A head count of agents with several contacts at once; never more than this many.
    Heads(u32),
    /// So many people on shifts.
    Shifts(u32),
}

/// Something that changes at a given instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// The head count of a group.
    Staff {
        /// The group.
        group: GroupId,
        /// Head count on the schedule.
        scheduled: u32,
        /// Those of them who are present for certain, after shrinkage.
        present: u32,
    },
    /// A new draw holds of who is present.
    Shrinkage(GroupId),
    /// How many of a group's people are on the schedule.
    Scheduled {
        /// The group.
        group: GroupId,
        /// People whose shift it is, without those on an unpaid break.
        agents: u32,
    },
    /// People of a group come on shift.
    ShiftStart(People),
    /// A break of theirs is due.
    BreakDue(People, SimSpan),
    /// Their shift is over.
    ShiftEnd(People),
    /// Humans take a contact type from now on, or take it no longer.
    Hours {
        /// The type.
        contact_type: ContactTypeId,
        /// Whether they take it.
        open: bool,
    },
    /// What the bot can do.
    Bot {
        /// Sessions that may be begun at once.
        capacity: u32,
        /// Share of its deflection that it keeps.
        deflection_factor: f64,
    },
}

/// People of one group with the same shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct People {
    /// Their group.
    pub group: GroupId,
    /// The first of them among the people of the group.
    pub first: u32,
    /// How many.
    pub count: u32,
}

impl People {
    /// Their places among the people of the group.
    pub fn agents(self) -> std::ops::Range<u32> {
        self.first..self.first + self.count
    }
}

impl Change {
    /// Order among changes at one instant: who comes comes before who goes.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Staff { .. }
            | Self::Scheduled { .. }
            | Self::ShiftStart(_)
            | Self::Hours { open: true, .. } => 0,
            Self::BreakDue(..) => 1,
            Self::ShiftEnd(_) | Self::Hours { open: false, .. } => 2,
            Self::Bot { .. } | Self::Shrinkage(_) => 3,
        }
    }
}

/// The changes of a group's staff up to `end`, and who its agents are.
pub(super) fn staff(
    (id, group): (GroupId, &GroupSection),
    is_ordered: bool,
    civil: &Civil,
    end: SimTime,
) -> (Team, Vec<(SimTime, Change)>) {
    let civil = civil.in_zone(group.timezone.as_ref());
    let shrinkage = Shrinkage::of(group);
    match &group.staffing {
        Staffing::HeadCount(steps) => {
            let counts = civil.expand(steps, 0, end);
            let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
            let team = match group.concurrency {
                None => Team::Count { is_ordered },
                Some(_) => {
                    Team::Heads(shrinkage.map_or(most, |shrinkage| shrinkage.present(most, 0.0)))
                }
            };
            let mut changes = Vec::new();
            if let Some(shrinkage) = shrinkage {
                let is_drawn = |at: SimTime| {
                    let held = counts.partition_point(|(from, _)| *from <= at);
                    shrinkage.is_drawn(counts[held - 1].1)
                };
                let drawn = periods(shrinkage, end).filter(|at| is_drawn(*at));
                changes.extend(drawn.map(|at| (at, Change::Shrinkage(id))));
            }
            let staff = |(at, scheduled): (SimTime, u32)| {
                let present = present(scheduled, group.shrinkage);
                (at, Change::Staff { group: id, scheduled, present })
            };
            changes.extend(counts.into_iter().map(staff));
            (team, changes)
        }
        Staffing::Shifts(shifts) => {
            let (mut first, mut changes) = (0, Vec::new());
            let mut scheduled = Vec::new();
            for shift in shifts {
                let people = People { group: id, first, count: shift.agents };
                first += people.count;
                for start in civil.occurrences(shift.start, end) {
                    occurrence(shift, people, start, &mut changes);
                    schedule(shift, start, &mut scheduled);
                }
            }
            changes.extend(levels(id, scheduled));
            let periods = shrinkage.into_iter().flat_map(|shrinkage| periods(shrinkage, end));
            changes.extend(periods.map(|at| (at, Change::Shrinkage(id))));
            (Team::Shifts(first), changes)
        }
    }
}

/// When a new draw of who is present holds, after the start.
fn periods(shrinkage: Shrinkage, end: SimTime) -> impl Iterator<Item = SimTime> {
    let first = shrinkage.period().map(|every| SimTime::START + every);
    std::iter::successors(first, move |at| shrinkage.period().map(|every| *at + every))
        .take_while(move |at| *at <= end)
}

/// One occurrence of a shift, cut to what lies after the start of the run.
fn occurrence(shift: &Shift, people: People, start: SimTime, changes: &mut Vec<(SimTime, Change)>) {
    let over = start + shift.length;
    if over <= SimTime::START || people.count == 0 {
        return;
    }
    changes.push((start.max(SimTime::START), Change::ShiftStart(people)));
    changes.push((over, Change::ShiftEnd(people)));
    for rest in &shift.breaks {
        let due = start + rest.after;
        let left = due + rest.length - due.max(SimTime::START);
        if left > SimSpan::ZERO {
            changes.push((due.max(SimTime::START), Change::BreakDue(people, left)));
        }
    }
}

/// When how many more, or fewer, people are on the schedule because of one occurrence of a shift.
fn schedule(shift: &Shift, start: SimTime, scheduled: &mut Vec<(SimTime, i64)>) {
    let mut within = |from: SimTime, to: SimTime, agents: i64| {
        if to > SimTime::START {
            scheduled.push((from.max(SimTime::START), agents));
            scheduled.push((to, -agents));
        }
    };
    let agents = i64::from(shift.agents);
    within(start, start + shift.length, agents);
    for rest in shift.breaks.iter().filter(|rest| !rest.paid) {
        let due = start + rest.after;
        within(due, due + rest.length, -agents);
    }
}

/// From ups and downs to levels.
fn levels(group: GroupId, mut scheduled: Vec<(SimTime, i64)>) -> Vec<(SimTime, Change)> {
    scheduled.sort_unstable();
    let mut level = 0;
    let instants = scheduled.chunk_by(|a, b| a.0 == b.0);
    let after = instants.map(|instant| {
        level += instant.iter().map(|(_, change)| change).sum::<i64>();
        let agents = u32::try_from(level).unwrap_or(0);
        (instant[0].0, Change::Scheduled { group, agents })
    });
    after.collect()
}

/// When humans begin to take a contact type and when they cease to, up to `end`.
pub(super) fn hours(
    contact_type: ContactTypeId,
    hours: &Hours,
    civil: &Civil,
    end: SimTime,
) -> Vec<(SimTime, Change)> {
    let mut windows: Vec<(SimTime, SimTime)> = Vec::new();
    for (from, to) in &hours.windows {
        windows.extend(civil.windows((*from, *to), end));
    }
    windows.sort_unstable();
    // Windows that touch are one: nobody is disconnected between them.
    windows.dedup_by(|later, earlier| {
        let touches = later.0 <= earlier.1;
        if touches {
            earlier.1 = earlier.1.max(later.1);
        }
        touches
    });
    let change = |at: SimTime, open| (at, Change::Hours { contact_type, open });
    let inside = windows.into_iter().filter(|(_, to)| *to > SimTime::START);
    inside
        .flat_map(|(from, to)| [change(from.max(SimTime::START), true), change(to, false)])
        .collect()
}

/// What the bot can do from when on: the least capacity and the product of the factors of all
/// outages in progress.
pub(super) fn bot(bot: &BotCapacity, civil: &Civil, end: SimTime) -> Vec<(SimTime, Change)> {
    let mut outages: Vec<(SimTime, SimTime, &Outage)> = Vec::new();
    for outage in &bot.outages {
        for start in civil.occurrences(outage.start, end) {
            outages.push((start, start + outage.length, outage));
        }
    }
    let mut instants: Vec<SimTime> = outages
        .iter()
        .flat_map(|(start, stop, _)| [*start, *stop])
        .map(|at| at.max(SimTime::START))
        .chain([SimTime::START])
        .collect();
    instants.sort_unstable();
    instants.dedup();
    let state = |at: SimTime| {
        let mut capacity = bot.capacity.unwrap_or(u32::MAX);
        let mut deflection_factor = 1.0;
        for (_, _, outage) in outages.iter().filter(|(start, stop, _)| *start <= at && at < *stop) {
            capacity = capacity.min(outage.capacity.unwrap_or(u32::MAX));
            deflection_factor *= outage.deflection_factor;
        }
        (at, Change::Bot { capacity, deflection_factor })
    };
    instants.into_iter().map(state).collect()
}
