//! What steps need on their own, found by simulation, where one group serves everybody.

use crate::experiment::RunError;
use crate::plan::load;
use crate::plan::need::is_within_steps;
use crate::plan::promise::Sense;
use crate::plan::requirement::Analytic;
use crate::plan::sample::{Expected, Sample};
use crate::plan::search::Search;
use crate::plan::staffing::Staffing;

/// Share that counts as abandoned before, where nothing is promised about it.
const ABANDONED: f64 = 0.05;
/// Standard errors in favor of a smaller need: it shall be a bound in spite of chance.
const LENIENT: f64 = 1.0;
/// What is known up to so many agents is left at that where formulas see no more in it.
const NEAR: u32 = 3;
/// Times that needs are looked at; what is not known then counts for what is.
const MOST_LOOKS: usize = 6;

/// The largest share that may abandon.
pub(super) fn abandoned(search: &Search<'_, '_>) -> f64 {
    let list = search.bench.promises.list.iter();
    let all = search.needs.model.contact_types.len();
    list.filter(|promise| promise.sense == Sense::AtMost && promise.days.is_none())
        // In a part of the day more may abandon than over all of it, and of one type than of all.
        .filter(|promise| promise.every.is_some())
        .filter(|promise| promise.members(search.needs.model).len() == all)
        .filter(|promise| Analytic::of(promise, search.needs.model) == Some(Analytic::Abandoned))
        .map(|promise| promise.limit)
        .reduce(f64::min)
        .unwrap_or(ABANDONED)
}

/// By step, agents of the one group without whom promises are broken whatever is done elsewhere, of
/// the head counts up to those of a staffing, where this share of those before has gone unserved.
pub(super) fn needs(
    search: &Search<'_, '_>,
    staffing: &Staffing,
    gone: f64,
) -> Result<Vec<u32>, RunError> {
    let mut least = staffing.clone();
    for color in 0..2 {
        lower(search, &mut least, color, gone)?;
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

/// Lowers the steps of one color as far as their promises can be kept in the best of worlds.
fn lower(
    search: &Search<'_, '_>,
    least: &mut Staffing,
    color: usize,
    gone: f64,
) -> Result<(), RunError> {
    let grid = search.bench.grid;
    let ample = load::ample(search.bench);
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
            between.next = between.after(agents, worst.map(|(_, margin)| margin), &|| {
                let (promise, margin) = worst?;
                Some(search.wanted_alone(*step, promise, agents, margin))
            });
        }
    }
    for (step, between) in steps.iter().zip(between) {
        // Where all that were tried would do, so might the one that was not.
        let found = if between.is_shown { between.low + 1 } else { between.low };
        let found = found.min(between.high);
        least.0[0][*step] = found.max(search.bench.planned[0].fewest());
    }
    Ok(())
}

impl Between {
    /// What to look at after so many have left this margin, unknown counting as kept; `wanted` is
    /// what the formula makes of it.
    fn after(
        &mut self,
        agents: u32,
        margin: Option<f64>,
        wanted: &dyn Fn() -> Option<u32>,
    ) -> Option<u32> {
        if margin.is_some_and(|margin| margin < 0.0) {
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
    tried: &Staffing,
    steps: &[usize],
    gone: f64,
) -> Result<(Sample, Expected), RunError> {
    let (bench, grid) = (search.bench, search.bench.grid);
    let whole_rate: Vec<(f64, f64)> = steps
        .iter()
        .map(|step| (grid.start(*step).as_seconds(), grid.end(*step).as_seconds()))
        .collect();
    let mut model = bench.model(tried);
    for kind in &mut model.contact_types {
        for source in &mut kind.sources {
            source.schedule = source.schedule.thinned_outside(&whole_rate, 1.0 - gone);
        }
    }
    let sample = bench.sample_model(&model, 0..search.effort.middle)?;
    let expected = Expected::new(&model, bench.promises.grid).confirmed(&sample);
    Ok((sample, expected))
}

/// The promise within a step that is kept least, and its margin in spite of chance.
fn worst(
    search: &Search<'_, '_>,
    (sample, expected): (&Sample, &Expected),
    step: usize,
) -> Option<(usize, f64)> {
    let (promises, grid) = (search.bench.promises, search.bench.grid);
    let (start, end) = (grid.start(step), grid.end(step));
    let cells = promises.cells.iter().enumerate();
    cells
        .filter(|(_, cell)| is_within_steps(&promises.list[cell.promise], grid))
        .filter(|(_, cell)| cell.from >= start && cell.to <= end)
        .filter_map(|(index, cell)| {
            let known = sample.adjusted(index, promises, expected)?;
            let margin = promises.standard(index).margin(known.value);
            Some((cell.promise, margin + LENIENT * known.error))
        })
        .min_by(|a, b| a.1.total_cmp(&b.1))
}
