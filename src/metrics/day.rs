//! The numbers of one replication.

use std::borrow::Cow;

use super::definition::Waits;
use super::totals::{GroupTotals, LevelTotals, Totals};
use crate::engine::Tally;
use crate::stats::quantile::{Resolution, Sketch};
use crate::time::SimSpan;

/// One simulated day.
#[derive(Clone, Debug)]
pub struct Day {
    /// What it took.
    pub tally: Tally,
    /// All contact types together.
    pub overall: TypeDay,
    /// Each channel.
    pub channels: Vec<TypeDay>,
    /// Each contact type.
    pub types: Vec<TypeDay>,
    /// Lengths of ended bot sessions, in the place of waits of answered contacts.
    pub session_lengths: Sketches,
    /// Bot sessions in progress.
    pub sessions: LevelTotals,
    /// Each agent group.
    pub groups: Vec<GroupTotals>,
    /// Answered contacts by contact type, then group.
    pub handled_by: Vec<f64>,
    /// The reported intervals.
    pub intervals: Vec<IntervalDay>,
}

/// One contact type, or several together.
#[derive(Clone, Debug)]
pub struct TypeDay {
    /// Counts and sums.
    pub totals: Totals,
    /// Waits.
    pub waits: Sketches,
}

/// One interval of one day.
#[derive(Clone, Debug)]
pub struct IntervalDay {
    /// Counts and sums of all contact types together.
    pub overall: Totals,
    /// Each contact type.
    pub types: Vec<TypeDay>,
    /// Each agent group.
    pub groups: Vec<GroupTotals>,
}

/// How waits are distributed; microseconds.
#[derive(Clone, Debug)]
pub struct Sketches {
    /// Of answered contacts.
    pub answered: Sketch,
    /// Of abandoned contacts.
    pub abandoned: Sketch,
    /// Bot time and wait of answered contacts; `None` without a bot: the same as `answered`.
    pub to_human: Option<Sketch>,
}

impl Default for Sketches {
    /// Nothing yet.
    fn default() -> Self {
        let empty = Sketch::new(Resolution::FINE);
        Self { answered: empty.clone(), abandoned: empty, to_human: None }
    }
}

impl Sketches {
    /// Adds the waits of another contact type.
    pub fn merge(&mut self, other: &Self) {
        if let Some(to_human) = &other.to_human {
            let own = self.answered.clone();
            self.to_human.get_or_insert(own).merge(to_human);
        } else if let Some(own) = &mut self.to_human {
            own.merge(&other.answered);
        }
        self.answered.merge(&other.answered);
        self.abandoned.merge(&other.abandoned);
    }

    /// The observations that a quantile is of.
    pub fn of(&self, waits: Waits) -> Cow<'_, Sketch> {
        match waits {
            Waits::Answered => Cow::Borrowed(&self.answered),
            Waits::ToHuman => Cow::Borrowed(self.to_human.as_ref().unwrap_or(&self.answered)),
            Waits::All => {
                let mut all = self.answered.clone();
                all.merge(&self.abandoned);
                Cow::Owned(all)
            }
        }
    }
}

impl IntervalDay {
    /// The interval that follows belongs to the same stretch of time.
    pub fn join(&mut self, next: &Self) {
        join(&mut self.overall, &next.overall);
        for (own, next) in self.types.iter_mut().zip(&next.types) {
            join(&mut own.totals, &next.totals);
            own.waits.merge(&next.waits);
        }
        for (own, next) in self.groups.iter_mut().zip(&next.groups) {
            own.extend(next);
        }
    }
}

/// Counts of both parts together; levels one after the other.
fn join(own: &mut Totals, next: &Totals) {
    own.add_counts(next);
    own.backlog.join(&next.backlog);
    own.escalation_backlog.join(&next.escalation_backlog);
}

impl LevelTotals {
    /// The stretch that follows goes on for `span`, with this integral, maximum and last value.
    pub fn extend(&mut self, area: f64, peak: f64, end: f64, span: SimSpan) {
        self.area += area;
        self.seconds += span.as_seconds();
        self.peak = self.peak.max(peak);
        self.end = end;
    }

    /// Another stretch follows.
    pub fn join(&mut self, next: &Self) {
        if next.seconds > 0.0 {
            self.area += next.area;
            self.seconds += next.seconds;
            self.peak = self.peak.max(next.peak);
            self.end = next.end;
            self.retrying_area += next.retrying_area;
        }
    }
}

impl GroupTotals {
    /// Another stretch of the same group follows.
    pub fn extend(&mut self, next: &Self) {
        self.scheduled += next.scheduled;
        self.staffed += next.staffed;
        self.busy += next.busy;
        self.overtime += next.overtime;
        self.open += next.open;
        self.slots += next.slots;
        match (&mut self.by_open, &next.by_open) {
            (Some(all), Some(more)) => {
                for (hours, more) in all.iter_mut().zip(more.iter()) {
                    *hours += more;
                }
            }
            (all, more) => *all = all.take().or_else(|| more.clone()),
        }
        self.handled += next.handled;
        self.hours += next.hours;
        self.cost_per_hour = next.cost_per_hour.or(self.cost_per_hour);
    }
}
