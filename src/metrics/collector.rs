//! The observer that turns one replication into a [`Day`](super::Day).
//!
//! Contacts are counted in the interval they belong to, and nowhere else: sums over the day are
//! taken once at the end. Levels are cut at the borders of the intervals. Time is checked against
//! the next border with one comparison per event.

mod finish;
mod observe;

use super::level::{Level, area};
use super::totals::{GroupTotals, LevelTotals, Totals};
use crate::engine::Contact;
use crate::model::{ContactTypeId, Model};
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

/// Head counts of one group, and their integrals since the last cut.
#[derive(Clone, Copy, Debug, Default)]
struct GroupLevel {
    scheduled: u32,
    present: u32,
    busy: u32,
    since: SimTime,
    scheduled_area: u128,
    staffed_area: u128,
    busy_area: u128,
    overtime_area: u128,
}

impl GroupLevel {
    fn pass(&mut self, at: SimTime) {
        let span = at - self.since;
        self.since = at;
        let over = |level: u32| area(u64::from(level), span);
        self.scheduled_area += over(self.scheduled);
        self.staffed_area += over(self.present.max(self.busy));
        self.busy_area += over(self.busy);
        self.overtime_area += over(self.busy.saturating_sub(self.present));
    }

    fn cut(&mut self, at: SimTime, cost_per_hour: Option<f64>, span: SimSpan) -> GroupTotals {
        self.pass(at);
        let hours = |area: u128| area as f64 / 3.6e9;
        let totals = GroupTotals {
            scheduled: hours(self.scheduled_area),
            staffed: hours(self.staffed_area),
            busy: hours(self.busy_area),
            overtime: hours(self.overtime_area),
            handled: 0.0,
            hours: span.as_hours(),
            cost_per_hour,
        };
        *self = Self {
            scheduled: self.scheduled,
            present: self.present,
            busy: self.busy,
            since: at,
            ..Self::default()
        };
        totals
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
            groups: vec![GroupLevel::default(); model.groups.len()],
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
                    total.extend(cut.area, cut.peak, cut.end, span);
                }
                cell[0].retrying_area += retrying.area;
            }
            if at == horizon.clear_from {
                levels.start_clearing(at);
            }
        }
        let sessions = self.sessions.cut(at);
        if counted {
            let cell = &mut self.session_cells[self.interval];
            cell.extend(sessions.area, sessions.peak, sessions.end, span);
        }
        let groups = self.model.groups.iter().zip(&mut self.groups).enumerate();
        for (index, (group, level)) in groups {
            let totals = level.cut(at, group.cost_per_hour, span);
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
