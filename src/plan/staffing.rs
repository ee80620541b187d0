//! How many agents of each group are present in each step of the day, and what that costs.

use crate::scenario::{self, Moment, Scenario, Steps};
use crate::time::{SimSpan, SimTime};

/// Steps of the day in which head counts may differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepGrid {
    /// Length of a step.
    pub step: SimSpan,
    /// End of the arrivals.
    pub duration: SimTime,
}

/// Present agents by planned group, then step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadCounts(pub Vec<Vec<u32>>);

/// A group whose staffing may change.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Place among the groups of the scenario.
    pub group: usize,
    /// Its name.
    pub name: String,
    /// Share of the scheduled who are not present.
    pub shrinkage: f64,
    /// Cost of a scheduled hour.
    pub cost_per_hour: f64,
    /// Fewest and most scheduled.
    pub at_least: u32,
    /// Most scheduled; `None`: as many as it takes.
    pub at_most: Option<u32>,
}

/// The nearest head count.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "cut to the range of head counts"
)]
pub(super) fn whole(agents: f64) -> u32 {
    agents.round().clamp(0.0, 1e9) as u32
}

impl StepGrid {
    /// How many steps.
    pub fn steps(&self) -> usize {
        let length = (self.duration - SimTime::START).as_micros();
        let step = self.step.as_micros();
        usize::try_from(length / step).unwrap_or(0) + usize::from(length % step != 0)
    }

    /// When a step begins.
    #[expect(clippy::cast_possible_wrap, reason = "steps are few")]
    pub fn start(&self, step: usize) -> SimTime {
        SimTime::from_micros(self.step.as_micros() * step as i64)
    }

    /// When it ends.
    pub fn end(&self, step: usize) -> SimTime {
        self.start(step + 1).min(self.duration)
    }

    /// Its length in hours.
    pub fn hours(&self, step: usize) -> f64 {
        (self.end(step) - self.start(step)).as_hours()
    }

    /// The last step that begins before an instant.
    pub fn last_step_before(&self, at: SimTime) -> usize {
        self.step_at(at - SimSpan::from_micros(1))
    }

    /// The step that holds an instant.
    pub fn step_at(&self, at: SimTime) -> usize {
        let step = (at - SimTime::START).as_micros() / self.step.as_micros();
        usize::try_from(step).unwrap_or(0).min(self.steps().saturating_sub(1))
    }
}

impl Planned {
    /// Agents present of those scheduled.
    pub fn present(&self, scheduled: u32) -> u32 {
        crate::model::present(scheduled, self.shrinkage)
    }

    /// The fewest scheduled of whom so many are present.
    pub fn scheduled(&self, present: u32) -> u32 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "head counts are far below 2^32"
        )]
        let mut scheduled = (f64::from(present) / (1.0 - self.shrinkage)).floor() as u32;
        while self.present(scheduled) < present {
            scheduled += 1;
        }
        while scheduled > 0 && self.present(scheduled - 1) >= present {
            scheduled -= 1;
        }
        scheduled
    }

    /// The fewest present within the bounds.
    pub fn fewest(&self) -> u32 {
        self.present(self.at_least)
    }

    /// The most present within the bounds.
    pub fn most(&self) -> Option<u32> {
        self.at_most.map(|most| self.present(most))
    }

    /// Cost of one present for an hour, those who are scheduled and not present included.
    pub fn cost_of_present(&self) -> f64 {
        self.cost_per_hour / (1.0 - self.shrinkage)
    }

    /// Cost of so many present for an hour.
    pub fn cost(&self, present: u32) -> f64 {
        f64::from(self.scheduled(present).max(self.at_least)) * self.cost_per_hour
    }
}

impl HeadCounts {
    /// Cost of the schedule.
    pub fn cost(&self, planned: &[Planned], grid: &StepGrid) -> f64 {
        let of_group = |(group, steps): (&Planned, &Vec<u32>)| -> f64 {
            let of_step = |(step, present): (usize, &u32)| group.cost(*present) * grid.hours(step);
            steps.iter().enumerate().map(of_step).sum()
        };
        planned.iter().zip(&self.0).map(of_group).sum()
    }

    /// The schedule of one group: when each head count begins to hold, and how many are scheduled.
    pub fn schedule(
        &self,
        index: usize,
        planned: &[Planned],
        grid: &StepGrid,
    ) -> Vec<(SimSpan, u32)> {
        let group = &planned[index];
        let mut entries: Vec<(SimSpan, u32)> = Vec::new();
        for (step, present) in self.0[index].iter().enumerate() {
            let scheduled = group.scheduled(*present).max(group.at_least);
            if entries.last().is_none_or(|(_, held)| *held != scheduled) {
                entries.push((grid.start(step) - SimTime::START, scheduled));
            }
        }
        entries
    }

    /// The scenario with this staffing.
    pub fn apply(&self, scenario: &Scenario, planned: &[Planned], grid: &StepGrid) -> Scenario {
        let mut staffed = scenario.clone();
        for (index, group) in planned.iter().enumerate() {
            let entries = self.schedule(index, planned, grid);
            let entries = entries.into_iter().map(|(from, agents)| (Moment::Offset(from), agents));
            staffed.groups[group.group].staffing =
                scenario::Staffing::HeadCount(Steps::List(entries.collect()));
        }
        staffed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheduled_are_the_fewest_of_whom_enough_are_present() {
        for percent in 0..60u32 {
            let group = Planned {
                group: 0,
                name: String::new(),
                shrinkage: f64::from(percent) / 100.0,
                cost_per_hour: 1.0,
                at_least: 0,
                at_most: None,
            };
            for present in 0..300 {
                let scheduled = group.scheduled(present);
                assert!(group.present(scheduled) >= present);
                assert!(scheduled == 0 || group.present(scheduled - 1) < present);
            }
        }
    }

    #[test]
    fn the_last_step_may_be_cut() {
        let grid = StepGrid { step: SimSpan::HOUR, duration: SimTime::from_seconds(9000.0) };
        assert_eq!(grid.steps(), 3);
        assert!((grid.hours(2) - 0.5).abs() < 1e-12);
        assert_eq!(grid.step_at(SimTime::from_seconds(8999.0)), 2);
    }
}
