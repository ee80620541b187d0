//! What steps need on their own, found by simulation, where one group serves everybody.

use crate::experiment::RunError;
use crate::plan::formulas::QueueFigure;
use crate::plan::load;
use crate::plan::need::is_within_steps;
use crate::plan::sample::{ExpectedArrivals, Sample};
use crate::plan::search::Search;
use crate::plan::staffing::HeadCounts;
use crate::plan::targets::Sense;

/// Share that counts as abandoned before, where nothing is targeted about it.
const ABANDONED: f64 = 0.05;
/// Standard errors in favor of a smaller need: it shall be a bound in spite of chance.
const LENIENT: f64 = 1.0;
/// What is known up to so many agents is left at that where formulas see no more in it.
const NEAR: u32 = 3;
/// Times that needs are looked at; what is not known then counts for what is.
const MOST_LOOKS: usize = 6;

/// The largest share that may abandon.
pub(super) fn abandoned(search: &Search<'_, '_>) -> f64 {
    let list = search.evaluator.targets.list.iter();
    let all = search.needs.model.contact_types.len();
    list.filter(|target| target.sense == Sense::AtMost && target.days.is_none())
        // In a part of the day more may abandon than over all of it, and of one type than of all.
        .filter(|target| target.every.is_some())
        .filter(|target| target.members(search.needs.model).len() == all)
        .filter(|target| {
            QueueFigure::of(target, search.needs.model) == Some(QueueFigure::Abandoned)
        })
        .map(|target| target.limit)
        .reduce(f64::min)
        .unwrap_or(ABANDONED)
}

/// By step, agents of the one group without whom targets are broken whatever is done elsewhere, of
/// the head counts up to those of a staffing, where this share of those before has gone unserved.
pub(super) fn needs(
    search: &Search<'_, '_>,
    staffing: &HeadCounts,
    gone: f64,
) -> Result<Vec<u32>, RunError> {
    let mut least = staffing.clone();
    for color in 0..2 {
        remove(search, &mut least, color, gone)?;
    }
    Ok(least.0.swap_remove(0))
}

/// What is known of the need of one step.
#[derive(Clone, Copy, Debug)]
struct Between {
    /// Too few.
    low: u32,
    /// Whether days have shown that, or nobody looked.
    is_shown: bool,
    /// Enough, as far as is known.
    high: u32,
    /// To be looked at next; `None`: the need is known.
    next: Option<u32>,
}

/// Lowers the steps of one color as far as their targets can be met in the best of worlds.
fn remove(
    search: &Search<'_, '_>,
    least: &mut HeadCounts,
    color: usize,
    gone: f64,
) -> Result<(), RunError> {
    let grid = search.evaluator.grid;
    let ample = load::ample(search.evaluator);
    let steps: Vec<usize> = (color..grid.steps()).step_by(2).collect();
    let begin = |step: &usize| {
        let high = least.0[0][*step];
        // A head count is about what its step needs; what a roster covers may be far more.
        let formula = search.needs.staff_for(0, *step);
        Between {
            low: 0,
            is_shown: false,
            high,
            next: (high > 0).then(|| (high - 1).min(formula.saturating_sub(1)).max(1).min(high)),
        }
    };
    let mut between: Vec<Between> = steps.iter().map(begin).collect();
    for _ in 0..MOST_LOOKS {
        if between.iter().all(|between| between.next.is_none()) {
            break;
        }
        let mut tried = ample.clone();
        for (step, between) in steps.iter().zip(&between) {
            tried.0[0][*step] = between.next.unwrap_or(between.high);
        }
        let (sample, expected) = alone(search, &tried, &steps, gone)?;
        for (step, between) in steps.iter().zip(&mut between) {
            let Some(agents) = between.next else { continue };
            let worst = worst(search, (&sample, &expected), *step);
            between.next = between.after(agents, worst.map(|(_, slack)| slack), &|| {
                let (target, slack) = worst?;
                Some(search.wanted_alone(*step, target, agents, slack))
            });
        }
    }
    for (step, between) in steps.iter().zip(between) {
        // Where all that were tried would do, so might the one that was not.
        let found = if between.is_shown { between.low + 1 } else { between.low };
        let found = found.min(between.high);
        least.0[0][*step] = found.max(search.evaluator.planned[0].fewest());
    }
    Ok(())
}

impl Between {
    /// What to look at after so many have left this slack, unknown counting as met; `wanted` is
    /// what the formula makes of it.
    fn after(
        &mut self,
        agents: u32,
        slack: Option<f64>,
        wanted: &dyn Fn() -> Option<u32>,
    ) -> Option<u32> {
        if slack.is_some_and(|slack| slack < 0.0) {
            self.low = agents;
            self.is_shown = true;
        } else {
            self.high = agents;
        }
        if self.high <= self.low + 1 {
            // Nobody has looked at the lower one, and this one would do.
            return None;
        }
        let wanted = wanted().unwrap_or(self.high);
        if self.is_shown && wanted <= self.low + 1 {
            // Far from what is needed formulas say little.
            let is_near = self.high - self.low <= NEAR;
            return (!is_near).then(|| u32::midpoint(self.low, self.high));
        }
        // One fewer than what is needed is what has to be shown to be too few.
        let next = (wanted.max(1) - 1).max(agents - agents / 2);
        Some(next.clamp(self.low + 1, self.high - 1))
    }
}

/// Days on which the steps of one color have so many agents and all others more than enough,
/// arrivals outside of them thinned.
fn alone(
    search: &Search<'_, '_>,
    tried: &HeadCounts,
    steps: &[usize],
    gone: f64,
) -> Result<(Sample, ExpectedArrivals), RunError> {
    let (evaluator, grid) = (search.evaluator, search.evaluator.grid);
    let whole_rate: Vec<(f64, f64)> = steps
        .iter()
        .map(|step| (grid.start(*step).as_seconds(), grid.end(*step).as_seconds()))
        .collect();
    let mut model = evaluator.model(tried);
    for kind in &mut model.contact_types {
        for source in &mut kind.sources {
            source.schedule = source.schedule.thinned_outside(&whole_rate, 1.0 - gone);
        }
    }
    let sample = evaluator.sample_model(&model, 0..search.effort.middle)?;
    let expected = ExpectedArrivals::new(&model, evaluator.targets.grid).confirmed(&sample);
    Ok((sample, expected))
}

/// The target within a step that is met least, and its slack in spite of chance.
fn worst(
    search: &Search<'_, '_>,
    (sample, expected): (&Sample, &ExpectedArrivals),
    step: usize,
) -> Option<(usize, f64)> {
    let (targets, grid) = (search.evaluator.targets, search.evaluator.grid);
    let (start, end) = (grid.start(step), grid.end(step));
    let intervals = targets.intervals.iter().enumerate();
    intervals
        .filter(|(_, interval)| is_within_steps(&targets.list[interval.target], grid))
        .filter(|(_, interval)| interval.from >= start && interval.to <= end)
        .filter_map(|(index, interval)| {
            let known = sample.adjusted(index, targets, expected)?;
            let slack = targets.standard(index).slack(known.value);
            Some((interval.target, slack + LENIENT * known.error))
        })
        .min_by(|a, b| a.1.total_cmp(&b.1))
}
