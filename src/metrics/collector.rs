//! The observer that turns one replication into a [`Day`](super::Day).
//!
//! Contacts are counted in the interval they belong to, and nowhere else: sums over the day are
//! taken once at the end. Levels are cut at the borders of the intervals. Time is checked against
//! the next border with one comparison per event.

#![expect(clippy::inline_always, reason = "each is called at one place of the event loop")]

mod finish;
mod levels;
mod observe;
mod sessions;
mod waits;

use super::totals::{GroupTotals, LevelTotals, Totals};
use crate::engine::Contact;
use crate::model::{ContactTypeId, Model};
use crate::stats::quantile::{Histogram, Resolution};
use crate::time::{SimSpan, SimTime};
use levels::{GroupLevel, ScopeLevels, Scopes};
use sessions::Sessions;
use waits::RecordedWaits;

/// What is asked of a contact type at every event.
#[derive(Clone, Debug)]
struct Kind {
    /// The threshold of its service level.
    answer_within: SimSpan,
    has_bot: bool,
    /// The places of the levels that it counts in: the first `scopes` of them.
    places: [u32; 3],
    scopes: usize,
}

/// Fills the numbers of one replication.
#[derive(Debug)]
pub struct Collector<'m> {
    model: &'m Model,
    /// By interval, then contact type; the last interval is the time after `duration`.
    cells: Vec<Totals>,
    waits: RecordedWaits,
    session: Histogram,
    scopes: Scopes,
    /// By contact type.
    kinds: Vec<Kind>,
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
    /// The interval that is open, the place of its first cell, and its start.
    interval: usize,
    first_cell: usize,
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
        let kinds = model.contact_types.iter().enumerate().map(|(index, kind)| {
            let (places, count) = scopes.of_type(index);
            Kind {
                answer_within: kind.service_level.answer_within,
                has_bot: kind.bot.is_some(),
                places,
                scopes: count,
            }
        });
        let mut collector = Self {
            model,
            cells: vec![Totals::default(); (intervals + 1) * types],
            waits: RecordedWaits::new(types, intervals + 1),
            session: Histogram::new(Resolution::FINE),
            level_cells: vec![[LevelTotals::default(); 2]; intervals * levels.len()],
            kinds: kinds.collect(),
            levels,
            scopes,
            sessions: Sessions::new(),
            session_cells: vec![LevelTotals::default(); intervals],
            groups: model.groups.iter().map(GroupLevel::new).collect(),
            group_cells: vec![GroupTotals::default(); intervals * model.groups.len()],
            handled_by: vec![0.0; types * model.groups.len()],
            interval: 0,
            first_cell: 0,
            interval_start: SimTime::START,
            cut_at: SimTime::START,
            border: SimTime::START,
        };
        collector.border = collector.next_border();
        if model.horizon.clear_from == SimTime::START {
            collector.levels.iter_mut().for_each(|levels| levels.start_clearing(SimTime::START));
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
    #[inline(always)]
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
            self.first_cell += self.model.contact_types.len();
            self.interval_start = at;
            self.waits.close();
        }
        self.border = self.next_border();
    }

    /// Microseconds since the last cut.
    #[inline(always)]
    fn since_cut(&self, at: SimTime) -> i64 {
        at.as_micros() - self.cut_at.as_micros()
    }

    /// Place of the cell of a contact type in the interval that holds an instant; the time after
    /// `duration` is one interval.
    #[inline(always)]
    fn place(&self, at: SimTime, contact_type: ContactTypeId) -> usize {
        if at >= self.interval_start {
            self.first_cell + contact_type.index()
        } else {
            self.earlier_place(at, contact_type)
        }
    }

    fn earlier_place(&self, at: SimTime, contact_type: ContactTypeId) -> usize {
        let interval = at.as_micros() / self.model.horizon.interval.as_micros();
        let interval = usize::try_from(interval).unwrap_or(0);
        interval * self.model.contact_types.len() + contact_type.index()
    }

    /// Where a contact's figures go that belong to the interval of its arrival; nowhere if it is
    /// not counted.
    #[inline(always)]
    fn at_arrival(&mut self, contact: &Contact) -> Option<&mut Totals> {
        self.at_moment(contact.arrived_at, contact)
    }

    /// The same for the interval in which it reached the human side.
    #[inline(always)]
    fn at_queue(&mut self, contact: &Contact) -> Option<&mut Totals> {
        self.at_moment(contact.queued_at, contact)
    }

    /// The same for the interval of another moment.
    #[inline(always)]
    fn at_moment(&mut self, at: SimTime, contact: &Contact) -> Option<&mut Totals> {
        if !contact.counted {
            return None;
        }
        let place = self.place(at, contact.contact_type);
        Some(&mut self.cells[place])
    }

    /// Applies a change to the levels of all scopes that a contact belongs to.
    #[inline(always)]
    fn levels(&mut self, contact: &Contact, mut change: impl FnMut(&mut ScopeLevels)) {
        let kind = &self.kinds[contact.contact_type.index()];
        for place in &kind.places[..kind.scopes] {
            change(&mut self.levels[*place as usize]);
        }
    }

    #[inline(always)]
    fn joins_queue(&mut self, at: SimTime, contact: &Contact) {
        let since = self.since_cut(at);
        self.levels(contact, |levels| {
            levels.backlog.up(since);
            if contact.escalated {
                levels.escalated.up(since);
            }
        });
    }

    #[inline(always)]
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
