//! From what was collected to the numbers of the day.

use super::Collector;
use super::waits::RecordedWaits;
use crate::engine::Tally;
use crate::metrics::day::{Day, IntervalDay, Sketches, TypeDay};
use crate::metrics::totals::{GroupTotals, LevelTotals, Totals};
use crate::time::SimTime;

impl Collector<'_> {
    /// The numbers of the replication.
    ///
    /// # Panics
    /// When an attempt of some contact type did not end in exactly one way: then the engine is
    /// wrong, and no figure may leave it.
    pub fn finish(mut self, tally: Tally) -> Day {
        let types = self.model.contact_types.len();
        self.derive();
        let by_type: Vec<Totals> = (0..types).map(|index| self.type_totals(index)).collect();
        for (kind, totals) in self.model.contact_types.iter().zip(&by_type) {
            assert!(totals.conserves(), "attempts of `{}` got lost: {totals:?}", kind.name);
        }
        let kinds = &self.model.contact_types;
        let has_bot: Vec<bool> = kinds.iter().map(|kind| kind.bot.is_some()).collect();
        let empty = RecordedWaits::new(0, 0);
        let mut waits = std::mem::replace(&mut self.waits, empty).finish(&has_bot);
        let sketches: Vec<Sketches> = (0..types)
            .map(|index| {
                let mut all = Sketches::default();
                for interval in waits.iter().skip(index).step_by(types) {
                    all.merge(interval);
                }
                all
            })
            .collect();
        let channels = (0..self.model.channels.len()).map(|channel| {
            let inside = |index: &usize| self.model.contact_types[*index].channel == channel;
            let members: Vec<usize> = (0..types).filter(inside).collect();
            self.together(1 + channel, &members, &by_type, &sketches)
        });
        let channels = channels.collect();
        let everyone: Vec<usize> = (0..types).collect();
        let overall = self.together(0, &everyone, &by_type, &sketches);
        let intervals = (self.model.horizon.first_interval..self.model.horizon.intervals)
            .map(|interval| {
                let own = &mut waits[interval * types..(interval + 1) * types];
                self.interval_day(interval, own)
            })
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
            session_lengths: Sketches { answered: self.session.to_sketch(), ..Sketches::default() },
            sessions,
            groups: self.group_day(),
            handled_by: self.handled_by,
            intervals,
        }
    }

    /// Fills in what follows from what was counted.
    fn derive(&mut self) {
        let types = self.model.contact_types.len();
        for (place, cell) in self.cells.iter_mut().enumerate() {
            cell.events_queued = cell.queued;
            cell.events_blocked = cell.blocked;
            cell.wanted_bot += cell.bot_sessions;
            let ended_at_bot = cell.resolved + cell.falsely_resolved + cell.bot_abandoned;
            cell.sessions_ended = ended_at_bot + cell.escalated;
            cell.ended += ended_at_bot;
            // Waits of 0 add to nothing but the count.
            cell.wait.count = cell.answered;
            if self.model.contact_types[place % types].bot.is_none() {
                cell.time_to_human = cell.wait;
            }
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
        let place = self.scopes.place(scope);
        for cell in self.level_cells.iter().skip(place).step_by(self.levels.len()) {
            totals.backlog.join(&cell[0]);
            totals.escalation_backlog.join(&cell[1]);
        }
        let levels = &self.levels[place];
        let since = |at: SimTime| (at - self.model.horizon.clear_from).as_seconds();
        totals.backlog.work = levels.work;
        totals.backlog.clear = levels.clear.map(since);
        totals.escalation_backlog.work = levels.escalated_work;
        totals.escalation_backlog.clear = levels.escalated_clear.map(since);
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
        let mut waits = Sketches::default();
        for member in members {
            totals.add_counts(&by_type[*member]);
            waits.merge(&sketches[*member]);
        }
        totals.promise = Some(self.model.service_level);
        self.day_levels(scope, &mut totals);
        TypeDay { totals, waits }
    }

    /// Takes the waits of the interval, by contact type.
    fn interval_day(&self, interval: usize, waits: &mut [Sketches]) -> IntervalDay {
        let types = self.model.contact_types.len();
        let (scopes, channels) = (self.levels.len(), self.model.channels.len());
        let levels = |scope: usize, totals: &mut Totals| {
            let cell = &self.level_cells[interval * scopes + self.scopes.place(scope)];
            (totals.backlog, totals.escalation_backlog) = (cell[0], cell[1]);
        };
        let mut overall = Totals { promise: Some(self.model.service_level), ..Totals::default() };
        let mut by_type = Vec::with_capacity(types);
        for (index, kind) in self.model.contact_types.iter().enumerate() {
            let place = interval * types + index;
            let mut totals = self.cells[place].clone();
            totals.promise = Some(kind.service_level);
            levels(1 + channels + index, &mut totals);
            let waits = std::mem::take(&mut waits[index]);
            overall.add_counts(&totals);
            by_type.push(TypeDay { totals, waits });
        }
        levels(0, &mut overall);
        let groups = self.model.groups.len();
        let groups = self.group_cells[interval * groups..(interval + 1) * groups].to_vec();
        IntervalDay { overall, types: by_type, groups }
    }
}
