//! The observer that turns one replication into a [`Day`].
//!
//! Contacts are counted in the interval they belong to, and nowhere else: sums over the day are
//! taken once at the end. Levels are cut at the borders of the intervals. Time is checked against
//! the next border with one comparison per event.

use super::day::{Day, IntervalDay, Sketches, TypeDay};
use super::level::{Level, area};
use super::totals::{GroupTotals, LevelTotals, Totals};
use crate::engine::observer::{Answer, Observer, SessionEnd};
use crate::engine::{Cause, Contact, Tally};
use crate::model::{ContactTypeId, GroupId, Model};
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
    fn new(resolution: Resolution) -> Self {
        let empty = Histogram::new(resolution);
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
            interval_waits: vec![Waits::new(Resolution::COARSE); intervals * types],
            waits: vec![Waits::new(Resolution::FINE); types],
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

impl Observer for Collector<'_> {
    fn on_arrival(&mut self, at: SimTime, contact: &Contact) {
        self.reach(at);
        if contact.cause == Cause::Retry {
            self.levels(contact, |levels| levels.retrying.down(at));
        }
        let Some(cell) = self.at_arrival(contact) else {
            return;
        };
        match contact.cause {
            Cause::Arrival => cell.arrivals += 1.0,
            Cause::Retry => cell.retries += 1.0,
            Cause::Recontact => cell.recontacts += 1.0,
        }
    }

    fn on_opted_out(&mut self, _at: SimTime, contact: &Contact) {
        if let Some(cell) = self.at_arrival(contact) {
            cell.opted_out += 1.0;
        }
    }

    fn on_bot_full(&mut self, _at: SimTime, contact: &Contact, waits: bool) {
        if let Some(cell) = self.at_arrival(contact) {
            cell.wanted_bot += 1.0;
            cell.bot_full += 1.0;
            if !waits {
                cell.overflowed += 1.0;
            }
        }
    }

    fn on_session(&mut self, at: SimTime, contact: &Contact) {
        self.reach(at);
        self.sessions.up(at);
        if let Some(cell) = self.at_arrival(contact) {
            // Who waited for the session was counted on finding the bot full.
            if contact.arrived_at == at {
                cell.wanted_bot += 1.0;
            }
            cell.bot_sessions += 1.0;
        }
    }

    fn on_session_end(&mut self, at: SimTime, contact: &Contact, end: SessionEnd, length: SimSpan) {
        self.reach(at);
        self.sessions.down(at);
        if contact.counted {
            self.session.record(length.as_micros().unsigned_abs());
        }
        if let Some(cell) = self.at_arrival(contact) {
            cell.sessions_ended += 1.0;
            cell.session_time += length.as_seconds();
            match end {
                SessionEnd::Resolved => cell.resolved += 1.0,
                SessionEnd::FalselyResolved => cell.falsely_resolved += 1.0,
                SessionEnd::Abandoned => cell.bot_abandoned += 1.0,
                SessionEnd::Escalated => cell.escalated += 1.0,
            }
        }
        if end != SessionEnd::Escalated {
            self.ends(contact, at - contact.arrived_at);
        }
    }

    fn on_queued(&mut self, at: SimTime, contact: &Contact, waits: bool) {
        self.reach(at);
        if waits {
            self.levels(contact, |levels| {
                levels.backlog.up(at);
                if contact.escalated {
                    levels.escalated.up(at);
                }
            });
        }
        if let Some(cell) = self.at_queue(contact) {
            cell.queued += 1.0;
            cell.events_queued += 1.0;
        }
    }

    fn on_blocked(&mut self, at: SimTime, contact: &Contact) {
        self.reach(at);
        if let Some(cell) = self.at_moment(at, contact) {
            cell.blocked += 1.0;
            cell.events_blocked += 1.0;
        }
        self.ends(contact, at - contact.arrived_at);
    }

    fn on_answered(&mut self, at: SimTime, contact: &Contact, answer: Answer, waited: bool) {
        self.reach(at);
        let group = &mut self.groups[answer.group.index()];
        group.pass(at);
        group.busy += 1;
        if waited {
            self.leaves_queue(at, contact);
        }
        if !contact.counted {
            return;
        }
        let wait = contact.wait(at);
        let to_human = at - contact.arrived_at;
        let threshold = self.threshold(contact);
        let has_bot = self.has_bot(contact);
        let intervals = self.model.horizon.intervals;
        let place = self.place(contact.queued_at, contact.contact_type);
        let cell = &mut self.cells[place];
        cell.answered += 1.0;
        if wait == SimSpan::ZERO {
            cell.answered_at_once += 1.0;
        }
        if wait <= threshold {
            cell.answered_in_time += 1.0;
        } else {
            cell.excess_wait += (wait - threshold).as_seconds();
        }
        cell.wait.push(wait.as_seconds());
        cell.time_to_human.push(to_human.as_seconds());
        cell.service += answer.handling.as_seconds();
        cell.handling += (answer.handling + answer.wrap_up).as_seconds();
        let day = &mut self.waits[contact.contact_type.index()];
        let in_interval = place < intervals * self.model.contact_types.len();
        let interval = in_interval.then(|| &mut self.interval_waits[place]);
        for waits in [Some(day), interval].into_iter().flatten() {
            waits.answered.record(wait.as_micros().unsigned_abs());
            if has_bot {
                waits.to_human.record(to_human.as_micros().unsigned_abs());
            }
        }
        let groups = self.model.groups.len();
        self.handled_by[contact.contact_type.index() * groups + answer.group.index()] += 1.0;
        if let Some(cell) = self.at_moment(at, contact) {
            cell.events_answered += 1.0;
        }
        self.ends(contact, to_human + answer.handling);
    }

    fn on_abandoned(&mut self, at: SimTime, contact: &Contact) {
        self.reach(at);
        self.leaves_queue(at, contact);
        if !contact.counted {
            return;
        }
        let wait = contact.wait(at);
        let threshold = self.threshold(contact);
        let intervals = self.model.horizon.intervals;
        let place = self.place(contact.queued_at, contact.contact_type);
        let cell = &mut self.cells[place];
        cell.abandoned += 1.0;
        if wait <= threshold {
            cell.abandoned_in_time += 1.0;
        } else {
            cell.excess_wait += (wait - threshold).as_seconds();
        }
        cell.wait_abandoned.push(wait.as_seconds());
        let micros = wait.as_micros().unsigned_abs();
        self.waits[contact.contact_type.index()]
            .abandoned
            .record(micros);
        if place < intervals * self.model.contact_types.len() {
            self.interval_waits[place].abandoned.record(micros);
        }
        if let Some(cell) = self.at_moment(at, contact) {
            cell.events_abandoned += 1.0;
        }
        self.ends(contact, at - contact.arrived_at);
    }

    fn on_retry_planned(&mut self, at: SimTime, contact: &Contact) {
        self.reach(at);
        self.levels(contact, |levels| levels.retrying.up(at));
    }

    fn on_released(&mut self, at: SimTime, group: GroupId) {
        self.reach(at);
        let level = &mut self.groups[group.index()];
        level.pass(at);
        level.busy -= 1;
    }

    fn on_staff(&mut self, at: SimTime, group: GroupId, scheduled: u32, present: u32) {
        self.reach(at);
        let level = &mut self.groups[group.index()];
        level.pass(at);
        level.scheduled = scheduled;
        level.present = present;
    }

    fn on_left_waiting(&mut self, at: SimTime, contact: &Contact, work: SimSpan) {
        self.reach(at);
        let work = work.as_seconds();
        self.levels(contact, |levels| {
            levels.work += work;
            if contact.escalated {
                levels.escalated_work += work;
            }
        });
    }

    fn on_unfinished(&mut self, contact: &Contact, queued: bool) {
        if queued {
            if let Some(cell) = self.at_queue(contact) {
                cell.unfinished += 1.0;
            }
        } else if let Some(cell) = self.at_arrival(contact) {
            cell.unfinished_at_bot += 1.0;
        }
    }

    fn on_end(&mut self, at: SimTime) {
        self.reach(at.max(self.model.horizon.duration));
    }
}

impl Collector<'_> {
    /// The numbers of the replication.
    ///
    /// # Panics
    /// When an attempt of some contact type did not end in exactly one way: then the engine is
    /// wrong, and no figure may leave it.
    pub fn finish(self, tally: Tally) -> Day {
        let types = self.model.contact_types.len();
        let by_type: Vec<Totals> = (0..types).map(|index| self.type_totals(index)).collect();
        for (kind, totals) in self.model.contact_types.iter().zip(&by_type) {
            assert!(
                totals.conserves(),
                "attempts of `{}` got lost: {totals:?}",
                kind.name
            );
        }
        let sketches: Vec<Sketches> = (0..types).map(|index| self.sketches(index)).collect();
        let channels = (0..self.model.channels.len()).map(|channel| {
            let inside = |index: &usize| self.model.contact_types[*index].channel == channel;
            let members: Vec<usize> = (0..types).filter(inside).collect();
            self.together(1 + channel, &members, &by_type, &sketches)
        });
        let channels = channels.collect();
        let everyone: Vec<usize> = (0..types).collect();
        let overall = self.together(0, &everyone, &by_type, &sketches);
        let intervals = (self.model.horizon.first_interval..self.model.horizon.intervals)
            .map(|interval| self.interval_day(interval))
            .collect();
        let mut sessions = LevelTotals::default();
        for cell in &self.session_cells {
            sessions.join(cell);
        }
        Day {
            tally,
            overall,
            channels,
            types: by_type
                .into_iter()
                .zip(sketches)
                .map(|(totals, waits)| TypeDay { totals, waits })
                .collect(),
            session_lengths: self.session.to_sketch(),
            sessions,
            groups: self.group_day(),
            handled_by: self.handled_by,
            intervals,
        }
    }

    fn group_day(&self) -> Vec<GroupTotals> {
        let groups = self.model.groups.len();
        let total = |group: usize| {
            let mut total = GroupTotals::default();
            for cell in self.group_cells.iter().skip(group).step_by(groups) {
                total.extend(cell);
            }
            total.cost_per_hour = self.model.groups[group].cost_per_hour;
            total.handled = self.handled_by.iter().skip(group).step_by(groups).sum();
            total
        };
        (0..groups).map(total).collect()
    }

    fn type_totals(&self, index: usize) -> Totals {
        let types = self.model.contact_types.len();
        let mut totals = Totals::default();
        for cell in self.cells.iter().skip(index).step_by(types) {
            totals.add_counts(cell);
        }
        totals.promise = Some(self.model.contact_types[index].service_level);
        self.day_levels(1 + self.model.channels.len() + index, &mut totals);
        totals
    }

    /// Levels of the day: those of its intervals joined, and what is told at its end.
    fn day_levels(&self, scope: usize, totals: &mut Totals) {
        for cell in self
            .level_cells
            .iter()
            .skip(scope)
            .step_by(self.levels.len())
        {
            totals.backlog.join(&cell[0]);
            totals.escalation_backlog.join(&cell[1]);
        }
        let levels = &self.levels[scope];
        let since = |at: SimTime| (at - self.model.horizon.clear_from).as_seconds();
        totals.backlog.work = levels.work;
        totals.backlog.clear = levels.clear.map(since);
        totals.escalation_backlog.work = levels.escalated_work;
        totals.escalation_backlog.clear = levels.escalated_clear.map(since);
    }

    fn sketches(&self, index: usize) -> Sketches {
        let has_bot = self.model.contact_types[index].bot.is_some();
        self.waits[index].sketches(has_bot)
    }

    /// Several contact types together.
    fn together(
        &self,
        scope: usize,
        members: &[usize],
        by_type: &[Totals],
        sketches: &[Sketches],
    ) -> TypeDay {
        let mut totals = Totals::default();
        let mut waits = Sketches::new(Resolution::FINE);
        for member in members {
            totals.add_counts(&by_type[*member]);
            waits.merge(&sketches[*member]);
        }
        totals.promise = Some(self.model.service_level);
        self.day_levels(scope, &mut totals);
        TypeDay { totals, waits }
    }

    fn interval_day(&self, interval: usize) -> IntervalDay {
        let types = self.model.contact_types.len();
        let (scopes, channels) = (self.levels.len(), self.model.channels.len());
        let levels = |scope: usize, totals: &mut Totals| {
            let cell = &self.level_cells[interval * scopes + scope];
            (totals.backlog, totals.escalation_backlog) = (cell[0], cell[1]);
        };
        let mut overall = TypeDay {
            totals: Totals {
                promise: Some(self.model.service_level),
                ..Totals::default()
            },
            waits: Sketches::new(Resolution::COARSE),
        };
        let mut by_type = Vec::with_capacity(types);
        for (index, kind) in self.model.contact_types.iter().enumerate() {
            let place = interval * types + index;
            let mut totals = self.cells[place].clone();
            totals.promise = Some(kind.service_level);
            levels(1 + channels + index, &mut totals);
            let waits = self.interval_waits[place].sketches(kind.bot.is_some());
            overall.totals.add_counts(&totals);
            overall.waits.merge(&waits);
            by_type.push(TypeDay { totals, waits });
        }
        levels(0, &mut overall.totals);
        let groups = self.model.groups.len();
        let groups = self.group_cells[interval * groups..(interval + 1) * groups].to_vec();
        IntervalDay {
            overall,
            types: by_type,
            groups,
        }
    }
}

impl Waits {
    fn sketches(&self, has_bot: bool) -> Sketches {
        let answered = self.answered.to_sketch();
        let mut all = answered.clone();
        all.merge(&self.abandoned.to_sketch());
        let to_human = if has_bot {
            self.to_human.to_sketch()
        } else {
            answered.clone()
        };
        Sketches {
            answered,
            all,
            to_human,
        }
    }
}
