//! The levels of a day: backlogs by scope, agents by group.

use crate::engine::Staff;
use crate::metrics::level::RunningLevel;
use crate::metrics::totals::{GroupTotals, MOST_OPEN};
use crate::model::{Group, Model};
use crate::time::{SimSpan, SimTime};

/// Where the levels of a scope stand. Scopes of the same contact types have the same levels, and
/// share a place: most centers have fewer places than scopes.
#[derive(Clone, Debug)]
pub(super) struct Scopes {
    /// By scope: all, then channels, then contact types.
    places: Vec<u32>,
    /// By contact type: the places of its scopes, and how many there are.
    of_type: Vec<([u32; 3], usize)>,
}

impl Scopes {
    pub(super) fn new(model: &Model) -> Self {
        let types = 0..model.contact_types.len();
        let channel = |index: usize| model.contact_types[index].channel;
        let channels = (0..model.channels.len())
            .map(|own| types.clone().filter(|index| channel(*index) == own).collect());
        let mut scopes: Vec<Vec<usize>> = vec![types.clone().collect()];
        scopes.extend(channels);
        scopes.extend(types.clone().map(|index| vec![index]));
        let mut known: Vec<&[usize]> = Vec::new();
        let places: Vec<u32> = scopes
            .iter()
            .map(|members| {
                let place = known.iter().position(|other| *other == members.as_slice());
                let place = place.unwrap_or_else(|| {
                    known.push(members);
                    known.len() - 1
                });
                u32::try_from(place).expect("scopes are few")
            })
            .collect();
        let of_type = types.map(|index| {
            let mut own = ([0; 3], 0);
            for (members, place) in scopes.iter().zip(&places) {
                if members.contains(&index) && !own.0[..own.1].contains(place) {
                    own.0[own.1] = *place;
                    own.1 += 1;
                }
            }
            own
        });
        Self { of_type: of_type.collect(), places }
    }

    /// How many places there are.
    pub(super) fn count(&self) -> usize {
        self.places.iter().max().map_or(0, |last| *last as usize + 1)
    }

    /// The place of a scope.
    pub(super) fn place(&self, scope: usize) -> usize {
        self.places[scope] as usize
    }

    /// The places of the scopes that a contact type belongs to, and how many there are.
    pub(super) fn of_type(&self, contact_type: usize) -> ([u32; 3], usize) {
        self.of_type[contact_type]
    }
}

/// The levels of one scope.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ScopeLevels {
    pub(super) backlog: RunningLevel,
    pub(super) escalated: RunningLevel,
    pub(super) retrying: RunningLevel,
    pub(super) clear: Option<SimTime>,
    pub(super) escalated_clear: Option<SimTime>,
    pub(super) work: f64,
    pub(super) escalated_work: f64,
}

impl ScopeLevels {
    pub(super) fn start_clearing(&mut self, at: SimTime) {
        self.clear = None;
        self.escalated_clear = None;
        self.clear_if_empty(at);
    }

    pub(super) fn clear_if_empty(&mut self, at: SimTime) {
        if self.backlog.value() == 0 && self.clear.is_none() {
            self.clear = Some(at);
        }
        if self.escalated.value() == 0 && self.escalated_clear.is_none() {
            self.escalated_clear = Some(at);
        }
    }
}

/// Levels of one group.
#[derive(Clone, Debug, Default)]
pub(super) struct GroupLevel {
    scheduled: RunningLevel,
    staffed: RunningLevel,
    busy: RunningLevel,
    overtime: RunningLevel,
    open: RunningLevel,
    /// Agents by the contacts they have open, 1 and more; empty where that is at most one.
    by_open: Vec<RunningLevel>,
}

impl GroupLevel {
    pub(super) fn new(group: &Group) -> Self {
        let slots = if group.slots() > 1 { group.slots() } else { 0 };
        Self { by_open: vec![RunningLevel::default(); slots], ..Self::default() }
    }

    pub(super) fn staff(&mut self, since: i64, staff: Staff) {
        self.scheduled.set(since, staff.scheduled.into());
        self.staffed.set(since, staff.staffed.into());
        self.overtime.set(since, staff.overtime.into());
    }

    /// An agent who had so many contacts open takes one more.
    #[inline(always)]
    pub(super) fn take(&mut self, since: i64, open: u32) {
        if open == 0 {
            self.busy.up(since);
        }
        if self.by_open.is_empty() {
            return;
        }
        self.open.up(since);
        self.by_open[open as usize].up(since);
        if open > 0 {
            self.by_open[open as usize - 1].down(since);
        }
    }

    /// An agent who had so many contacts open ends one.
    #[inline(always)]
    pub(super) fn end(&mut self, since: i64, open: u32) {
        if open == 1 {
            self.busy.down(since);
        }
        if self.by_open.is_empty() {
            return;
        }
        self.open.down(since);
        self.by_open[open as usize - 1].down(since);
        if open > 1 {
            self.by_open[open as usize - 2].up(since);
        }
    }

    pub(super) fn cut(&mut self, group: &Group, span: SimSpan) -> GroupTotals {
        let hours = |level: &mut RunningLevel| level.cut(span.as_micros()).hours();
        let (staffed, busy) = (hours(&mut self.staffed), hours(&mut self.busy));
        let is_shared = !self.by_open.is_empty();
        let mut by_open = is_shared.then(|| Box::new([0.0; MOST_OPEN]));
        for (agents, level) in
            by_open.iter_mut().flat_map(|all| all.iter_mut()).zip(&mut self.by_open)
        {
            *agents = hours(level);
        }
        GroupTotals {
            scheduled: hours(&mut self.scheduled),
            staffed,
            busy,
            overtime: hours(&mut self.overtime),
            open: if is_shared { hours(&mut self.open) } else { busy },
            slots: staffed * group.slots() as f64,
            by_open,
            handled: 0.0,
            hours: span.as_hours(),
            cost_per_hour: group.cost_per_hour,
        }
    }
}
