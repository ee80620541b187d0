//! Scheduled hours straight from the file, by plain sums.

use surgecast::scenario::{Moment, Scenario, Shift, Staffing, Steps};
use surgecast::time::{SimSpan, SimTime};

use super::ledger::{Span, overlap};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// Who is scheduled when, by group: spans with so many agents more, or less.
#[derive(Debug)]
pub(super) struct Schedule {
    groups: Vec<Vec<(Span, f64)>>,
}

impl Schedule {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let start = scenario.run.start.map_or(0.0, |start| seconds(start.time()));
        let instants = |moment: Moment| -> Vec<f64> {
            match moment {
                Moment::Offset(offset) => vec![offset.as_seconds()],
                Moment::Clock(time) => {
                    let first = seconds(time) - start;
                    (-2..4).map(|day| first + DAY * f64::from(day)).collect()
                }
                Moment::Local(_) => unreachable!("no scenario has a date"),
            }
        };
        let groups = scenario.groups.iter().map(|group| match &group.staffing {
            Staffing::HeadCount(Steps::Constant(agents)) => {
                vec![((SimTime::START, SimTime::NEVER), f64::from(*agents))]
            }
            Staffing::HeadCount(Steps::List(steps)) => {
                let from = |moment| SimTime::from_seconds(instants(moment)[0]);
                let ends = steps.iter().skip(1).map(|(moment, _)| from(*moment));
                let ends = ends.chain([SimTime::NEVER]);
                let spans = steps.iter().zip(ends);
                spans
                    .map(|((moment, agents), to)| ((from(*moment), to), f64::from(*agents)))
                    .collect()
            }
            Staffing::Shifts(shifts) => {
                shifts.iter().flat_map(|shift| of_shift(shift, &instants(shift.start))).collect()
            }
        });
        Self { groups: groups.collect() }
    }

    /// Agent hours on the schedule of a group within a span.
    pub(super) fn hours(&self, group: usize, span: Span) -> f64 {
        let hours = self.groups[group]
            .iter()
            .map(|(scheduled, agents)| agents * overlap(*scheduled, span) / 3600.0);
        hours.sum()
    }
}

/// The people of a shift, less those on unpaid breaks.
fn of_shift(shift: &Shift, starts: &[f64]) -> Vec<(Span, f64)> {
    let agents = f64::from(shift.agents);
    let mut spans = Vec::new();
    for start in starts.iter().map(|start| SimTime::from_seconds(*start)) {
        let during = |after: SimSpan, length: SimSpan| (start + after, start + after + length);
        spans.push((during(SimSpan::ZERO, shift.length), agents));
        for pause in shift.breaks.iter().filter(|pause| !pause.paid) {
            spans.push((during(pause.after, pause.length), -agents));
        }
    }
    spans
}

fn seconds(time: jiff::civil::Time) -> f64 {
    f64::from(time.hour()) * 3600.0 + f64::from(time.minute()) * 60.0 + f64::from(time.second())
}
