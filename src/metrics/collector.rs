//! The observer that turns one replication into a [`Day`](super::Day).
//!
//! Contacts are counted in the interval they belong to, and nowhere else: sums over the day are
//! taken once at the end. Levels are cut at the borders of the intervals. Time is checked against
//! the next border with one comparison per event.

mod finish;
mod observe;

use super::level::Level;
use super::totals::{GroupTotals, LevelTotals, MOST_OPEN, Totals};
use crate::engine::{Contact, Service, Staff};
use crate::model::{ContactTypeId, Group, Model};
use crate::stats::quantile::{Histogram, Resolution};
use crate::time::{SimSpan, SimTime};

/// Fills the numbers of one replication.
#[derive(Debug)]
pub struct Collector<'m> {
    model: &'m Model,
    /// By interval, then contact type; the last interval is the time after `duration`.
    cells: Vec<Totals>,
    /// Waits by interval and contact type.
    interval_waits: Vec<Waits>,
    /// Waits of the day by contact type.
    waits: Vec<Waits>,
    session: Histogram,
    /// By scope: all, then channels, then contact types.
    levels: Vec<ScopeLevels>,
    /// By interval, then scope.
    level_cells: Vec<[LevelTotals; 2]>,
    sessions: Level,
    session_cells: Vec<LevelTotals>,
    groups: Vec<GroupLevel>,
    /// By interval, then group.
    group_cells: Vec<GroupTotals>,
    /// By contact type, then group.
    handled_by: Vec<f64>,
    /// The interval that is open, and its start.
    interval: usize,
    interval_start: SimTime,
    /// Start of the stretch since the last cut.
    cut_at: SimTime,
    /// The next instant at which something is cut.
    border: SimTime,
}

/// Waits of one scope.
#[derive(Clone, Debug)]
struct Waits {
    answered: Histogram,
    abandoned: Histogram,
    to_human: Histogram,
}

impl Waits {
    fn new() -> Self {
        let empty = Histogram::new(Resolution::FINE);
        Self {
            answered: empty.clone(),
            abandoned: empty.clone(),
            to_human: empty,
        }
    }
}

/// The levels of one scope.
#[derive(Clone, Copy, Debug)]
struct ScopeLevels {
    backlog: Level,
    escalated: Level,
    retrying: Level,
    clear: Option<SimTime>,
    escalated_clear: Option<SimTime>,
    work: f64,
    escalated_work: f64,
}

/// Levels of one group.
#[derive(Clone, Debug, Default)]
struct GroupLevel {
    scheduled: Level,
    staffed: Level,
    busy: Level,
    overtime: Level,
    open: Level,
    /// Agents by the contacts they have open, 1 and more; empty where that is at most one.
    by_open: Vec<Level>,
}

impl GroupLevel {
    fn new(group: &Group) -> Self {
        let slots = if group.slots() > 1 { group.slots() } else { 0 };
        Self {
            by_open: vec![Level::default(); slots],
            ..Self::default()
        }
    }

    fn staff(&mut self, at: SimTime, staff: Staff) {
        self.scheduled.set(at, staff.scheduled.into());
        self.staffed.set(at, staff.staffed.into());
        self.overtime.set(at, staff.overtime.into());
    }

    /// An agent who had so many contacts open takes one more.
    fn take(&mut self, at: SimTime, open: u32) {
        if open == 0 {
            self.busy.up(at);
        }
        if self.by_open.is_empty() {
            return;
        }
        self.open.up(at);
        self.by_open[open as usize].up(at);
        if open > 0 {
            self.by_open[open as usize - 1].down(at);
        }
    }

    /// An agent who had so many contacts open ends one.
    fn end(&mut self, at: SimTime, open: u32) {
        if open == 1 {
            self.busy.down(at);
        }
        if self.by_open.is_empty() {
            return;
        }
        self.open.down(at);
        self.by_open[open as usize - 1].down(at);
        if open > 1 {
            self.by_open[open as usize - 2].up(at);
        }
    }

    fn cut(&mut self, at: SimTime, group: &Group, span: SimSpan) -> GroupTotals {
        let hours = |level: &mut Level| level.cut(at).hours();
        let (staffed, busy) = (hours(&mut self.staffed), hours(&mut self.busy));
        let is_shared = !self.by_open.is_empty();
        let mut by_open = is_shared.then(|| Box::new([0.0; MOST_OPEN]));
        for (agents, level) in by_open
            .iter_mut()
            .flat_map(|all| all.iter_mut())
            .zip(&mut self.by_open)
        {
            *agents = hours(level);
        }
        GroupTotals {
            scheduled: hours(&mut self.scheduled),
            staffed,
            busy,
            overtime: hours(&mut self.overtime),
            open: if is_shared {
                hours(&mut self.open)
            } else {
                busy
            },
            slots: staffed * group.slots() as f64,
            by_open,
            handled: 0.0,
            hours: span.as_hours(),
            cost_per_hour: group.cost_per_hour,
        }
    }
}

impl<'m> Collector<'m> {
    /// An empty collector for one replication of `model`.
    pub fn new(model: &'m Model) -> Self {
        let types = model.contact_types.len();
        let scopes = 1 + model.channels.len() + types;
        let intervals = model.horizon.intervals;
        let levels = ScopeLevels {
            backlog: Level::default(),
            escalated: Level::default(),
            retrying: Level::default(),
            clear: None,
            escalated_clear: None,
            work: 0.0,
            escalated_work: 0.0,
        };
        let mut collector = Self {
            model,
            cells: vec![Totals::default(); (intervals + 1) * types],
            interval_waits: vec![Waits::new(); intervals * types],
            waits: vec![Waits::new(); types],
            session: Histogram::new(Resolution::FINE),
            levels: vec![levels; scopes],
            level_cells: vec![[LevelTotals::default(); 2]; intervals * scopes],
            sessions: Level::default(),
            session_cells: vec![LevelTotals::default(); intervals],
            groups: model.groups.iter().map(GroupLevel::new).collect(),
            group_cells: vec![GroupTotals::default(); intervals * model.groups.len()],
            handled_by: vec![0.0; types * model.groups.len()],
            interval: 0,
            interval_start: SimTime::START,
            cut_at: SimTime::START,
            border: SimTime::START,
        };
        collector.border = collector.next_border();
        if model.horizon.clear_from == SimTime::START {
            collector
                .levels
                .iter_mut()
                .for_each(|levels| levels.start_clearing(SimTime::START));
        }
        collector
    }

    /// The next of: the end of the open interval, the end of the warm-up, the instant from which
    /// clearing is timed, the end of arrivals.
    fn next_border(&self) -> SimTime {
        let horizon = &self.model.horizon;
        if self.cut_at >= horizon.duration {
            return SimTime::NEVER;
        }
        let mut border = (self.interval_start + horizon.interval).min(horizon.duration);
        for other in [horizon.warm_up, horizon.clear_from] {
            if other > self.cut_at {
                border = border.min(other);
            }
        }
        border
    }

    /// Every event comes through here first: whatever ends before it is closed.
    #[inline]
    fn reach(&mut self, at: SimTime) {
        while at >= self.border {
            self.cut();
        }
    }

    #[cold]
    fn cut(&mut self) {
        let at = self.border;
        let horizon = &self.model.horizon;
        let counted = at > horizon.warm_up;
        let span = at - self.cut_at;
        let scopes = self.levels.len();
        for (scope, levels) in self.levels.iter_mut().enumerate() {
            let (backlog, escalated) = (levels.backlog.cut(at), levels.escalated.cut(at));
            let retrying = levels.retrying.cut(at);
            if counted {
                let cell = &mut self.level_cells[self.interval * scopes + scope];
                for (total, cut) in cell.iter_mut().zip([backlog, escalated]) {
                    total.extend(cut.seconds(), cut.peak, cut.end, span);
                }
                cell[0].retrying_area += retrying.seconds();
            }
            if at == horizon.clear_from {
                levels.start_clearing(at);
            }
        }
        let sessions = self.sessions.cut(at);
        if counted {
            let cell = &mut self.session_cells[self.interval];
            cell.extend(sessions.seconds(), sessions.peak, sessions.end, span);
        }
        let groups = self.model.groups.iter().zip(&mut self.groups).enumerate();
        for (index, (group, level)) in groups {
            let totals = level.cut(at, group, span);
            if counted {
                self.group_cells[self.interval * self.model.groups.len() + index].extend(&totals);
            }
        }
        self.cut_at = at;
        if at == self.interval_start + horizon.interval || at == horizon.duration {
            self.interval += 1;
            self.interval_start = at;
        }
        self.border = self.next_border();
    }

    /// Index of the interval that holds an instant; the time after `duration` is one interval.
    fn interval_of(&self, at: SimTime) -> usize {
        if at >= self.interval_start {
            return self.interval;
        }
        let index = at.as_micros() / self.model.horizon.interval.as_micros();
        usize::try_from(index).unwrap_or(0)
    }

    fn place(&self, at: SimTime, contact_type: ContactTypeId) -> usize {
        self.interval_of(at) * self.model.contact_types.len() + contact_type.index()
    }

    /// Where a contact's figures go that belong to the interval of its arrival; nowhere if it is
    /// not counted.
    fn at_arrival(&mut self, contact: &Contact) -> Option<&mut Totals> {
        let place = self.place(contact.arrived_at, contact.contact_type);
        contact.counted.then(|| &mut self.cells[place])
    }

    /// The same for the interval in which it reached the human side.
    fn at_queue(&mut self, contact: &Contact) -> Option<&mut Totals> {
        let place = self.place(contact.queued_at, contact.contact_type);
        contact.counted.then(|| &mut self.cells[place])
    }

    /// The same for the interval of this moment.
    fn at_moment(&mut self, at: SimTime, contact: &Contact) -> Option<&mut Totals> {
        let place = self.place(at, contact.contact_type);
        contact.counted.then(|| &mut self.cells[place])
    }

    /// Applies a change to the levels of all scopes that a contact belongs to.
    fn levels(&mut self, contact: &Contact, mut change: impl FnMut(&mut ScopeLevels)) {
        let index = contact.contact_type.index();
        let channels = self.model.channels.len();
        change(&mut self.levels[0]);
        change(&mut self.levels[1 + self.model.contact_types[index].channel]);
        change(&mut self.levels[1 + channels + index]);
    }

    fn joins_queue(&mut self, at: SimTime, contact: &Contact) {
        self.levels(contact, |levels| {
            levels.backlog.up(at);
            if contact.escalated {
                levels.escalated.up(at);
            }
        });
    }

    fn leaves_queue(&mut self, at: SimTime, contact: &Contact) {
        let clear_from = self.model.horizon.clear_from;
        self.levels(contact, |levels| {
            levels.backlog.down(at);
            if contact.escalated {
                levels.escalated.down(at);
            }
            if at >= clear_from {
                levels.clear_if_empty(at);
            }
        });
    }

    fn threshold(&self, contact: &Contact) -> SimSpan {
        self.model.contact_types[contact.contact_type.index()]
            .service_level
            .answer_within
    }

    /// An agent is done with a contact, which adds so much to its service.
    fn serves(&mut self, contact: &Contact, service: Service) {
        if let Some(cell) = self.at_queue(contact) {
            let before = contact.before.service;
            cell.served += 1.0;
            cell.service += (before.handling + service.handling).as_seconds();
            cell.handling += (before.agent_time() + service.agent_time()).as_seconds();
        }
    }

    fn ends(&mut self, contact: &Contact, sojourn: SimSpan) {
        if let Some(cell) = self.at_arrival(contact) {
            cell.ended += 1.0;
            cell.sojourn += sojourn.as_seconds();
        }
    }

    fn has_bot(&self, contact: &Contact) -> bool {
        self.model.contact_types[contact.contact_type.index()]
            .bot
            .is_some()
    }
}

impl ScopeLevels {
    fn start_clearing(&mut self, at: SimTime) {
        self.clear = None;
        self.escalated_clear = None;
        self.clear_if_empty(at);
    }

    fn clear_if_empty(&mut self, at: SimTime) {
        if self.backlog.value() == 0 && self.clear.is_none() {
            self.clear = Some(at);
        }
        if self.escalated.value() == 0 && self.escalated_clear.is_none() {
            self.escalated_clear = Some(at);
        }
    }
}
