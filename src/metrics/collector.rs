//! The observer that turns one replication into a [`Day`](super::Day).
//!
//! Contacts are counted in the interval they belong to, and nowhere else: sums over the day are
//! taken once at the end. Levels are cut at the borders of the intervals. Time is checked against
//! the next border with one comparison per event.

mod finish;
mod levels;
mod observe;
mod sessions;
mod waits;

use super::totals::{GroupTotals, LevelTotals, Totals};
use crate::engine::Contact;
use crate::model::{ContactTypeId, Model};
use crate::stats::quantile::{Histogram, Resolution};
use crate::time::SimTime;
use levels::{GroupLevel, ScopeLevels, Scopes};
use sessions::Sessions;
use waits::Waits;

/// Fills the numbers of one replication.
#[derive(Debug)]
pub struct Collector<'m> {
    model: &'m Model,
    /// By interval, then contact type; the last interval is the time after `duration`.
    cells: Vec<Totals>,
    waits: Waits,
    session: Histogram,
    scopes: Scopes,
    /// By place that [`Scopes`] tells.
    levels: Vec<ScopeLevels>,
    /// By interval, then place that [`Scopes`] tells.
    level_cells: Vec<[LevelTotals; 2]>,
    sessions: Sessions,
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

impl<'m> Collector<'m> {
    /// An empty collector for one replication of `model`.
    pub fn new(model: &'m Model) -> Self {
        let types = model.contact_types.len();
        let intervals = model.horizon.intervals;
        let scopes = Scopes::new(model);
        let levels = vec![ScopeLevels::default(); scopes.count()];
        let mut collector = Self {
            model,
            cells: vec![Totals::default(); (intervals + 1) * types],
            waits: Waits::new(types, intervals + 1),
            session: Histogram::new(Resolution::FINE),
            level_cells: vec![[LevelTotals::default(); 2]; intervals * levels.len()],
            levels,
            scopes,
            sessions: Sessions::new(),
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
        let since = span.as_micros();
        let scopes = self.levels.len();
        for (scope, levels) in self.levels.iter_mut().enumerate() {
            let (backlog, escalated) = (levels.backlog.cut(since), levels.escalated.cut(since));
            let retrying = levels.retrying.cut(since);
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
            let totals = level.cut(group, span);
            if counted {
                self.group_cells[self.interval * self.model.groups.len() + index].extend(&totals);
            }
        }
        self.cut_at = at;
        if at == self.interval_start + horizon.interval || at == horizon.duration {
            self.interval += 1;
            self.interval_start = at;
            self.waits.close();
        }
        self.border = self.next_border();
    }

    /// Microseconds since the last cut.
    #[inline]
    fn since_cut(&self, at: SimTime) -> i64 {
        at.as_micros() - self.cut_at.as_micros()
    }

    /// Index of the interval that holds an instant; the time after `duration` is one interval.
    #[inline]
    fn interval_of(&self, at: SimTime) -> usize {
        if at >= self.interval_start {
            return self.interval;
        }
        let index = at.as_micros() / self.model.horizon.interval.as_micros();
        usize::try_from(index).unwrap_or(0)
    }

    #[inline]
    fn place(&self, at: SimTime, contact_type: ContactTypeId) -> usize {
        self.interval_of(at) * self.model.contact_types.len() + contact_type.index()
    }

    /// Where a contact's figures go that belong to the interval of its arrival; nowhere if it is
    /// not counted.
    #[inline]
    fn at_arrival(&mut self, contact: &Contact) -> Option<&mut Totals> {
        self.at_moment(contact.arrived_at, contact)
    }

    /// The same for the interval in which it reached the human side.
    #[inline]
    fn at_queue(&mut self, contact: &Contact) -> Option<&mut Totals> {
        self.at_moment(contact.queued_at, contact)
    }

    /// The same for the interval of another moment.
    #[inline]
    fn at_moment(&mut self, at: SimTime, contact: &Contact) -> Option<&mut Totals> {
        if !contact.counted {
            return None;
        }
        let place = self.place(at, contact.contact_type);
        Some(&mut self.cells[place])
    }

    /// Applies a change to the levels of all scopes that a contact belongs to.
    #[inline]
    fn levels(&mut self, contact: &Contact, mut change: impl FnMut(&mut ScopeLevels)) {
        for place in self.scopes.of_type(contact.contact_type) {
            change(&mut self.levels[*place as usize]);
        }
    }

    #[inline]
    fn joins_queue(&mut self, at: SimTime, contact: &Contact) {
        let since = self.since_cut(at);
        self.levels(contact, |levels| {
            levels.backlog.up(since);
            if contact.escalated {
                levels.escalated.up(since);
            }
        });
    }

    #[inline]
    fn leaves_queue(&mut self, at: SimTime, contact: &Contact) {
        let since = self.since_cut(at);
        let may_clear = at >= self.model.horizon.clear_from;
        self.levels(contact, |levels| {
            levels.backlog.down(since);
            if contact.escalated {
                levels.escalated.down(since);
            }
            if may_clear {
                levels.clear_if_empty(at);
            }
        });
    }
}
