//! What no plan can be cheaper than.
//!
//! A step cannot do with fewer agents than it would need if everybody before had been served at
//! once, so that it begins with an empty queue, and if the largest share that may abandon had
//! abandoned before, so that it begins with few contacts in service. That need is found by
//! simulation: every other step has few agents, all others have plenty, and arrivals outside of the
//! steps looked at are thinned by that share. Nothing that a plan does elsewhere can then lower the
//! need, and the cheapest cover of these needs costs at most what any plan does. It assumes that a
//! promise is kept better with more agents and with less work at the beginning of a step, as first
//! come, first served has it.
//!
//! Where types share agents in several ways, or promises span several steps, the needs are those
//! of formulas, and the assumption is that these hold.

use super::cover::least_cost;
use super::need::{is_within_steps, whole};
use super::promise::Sense;
use super::requirement::Analytic;
use super::sample::{Expected, Sample};
use super::search::Search;
use super::staffing::Staffing;
use crate::experiment::RunError;
use crate::time::SimSpan;

/// Share that counts as abandoned before, where nothing is promised about it.
const ABANDONED: f64 = 0.05;
/// Standard errors in favor of a smaller need: it shall be a bound in spite of chance.
const LENIENT: f64 = 1.0;
/// Share of a plan's agents that the bound is sought in: it is no more below it than this, and
/// three agents.
const SEARCHED: f64 = 0.2;

/// A lower bound on the cost of any plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// No plan costs less.
    pub cost: f64,
    /// If this is so: goes on after "assuming that".
    pub assumption: String,
}

/// What each row needs in each step at least.
#[derive(Clone, Debug, PartialEq)]
pub struct Least {
    /// By row, then step.
    pub needs: Vec<Vec<u32>>,
    /// If this is so: goes on after "assuming that".
    pub assumption: String,
}

/// The least needs for a plan with this staffing; `None` where nothing can be said. Promises over
/// the whole day are left out: without them a plan can only be cheaper.
///
/// # Errors
/// When the search is to end, or memory would not do.
pub fn least(search: &Search<'_, '_>, staffing: &Staffing) -> Result<Option<Least>, RunError> {
    let promises = search.bench.promises;
    let of_stretches = promises
        .list
        .iter()
        .filter(|promise| is_within_steps(promise, search.bench.grid));
    if of_stretches.clone().count() == 0 {
        return Ok(None);
    }
    let step = search.bench.grid.step.as_micros();
    let within_steps = of_stretches.clone().all(|promise| {
        let every = promise.every.map_or(step, SimSpan::as_micros);
        promise.is_helped() && step % every == 0
    });
    if search.needs.rows.len() == 1 && search.bench.planned.len() == 1 && within_steps {
        return by_simulation(search, staffing).map(Some);
    }
    Ok(Some(by_formulas(search)))
}

/// The least cost of head counts for these needs; `None` where the solver gives up.
pub fn of_head_counts(search: &Search<'_, '_>, least: &Least) -> Option<f64> {
    let needs = super::rostering::beyond(search, &least.needs);
    let mut cost = 0.0;
    for step in 0..search.bench.grid.steps() {
        let of_rows: Vec<f64> = needs.iter().map(|steps| steps[step]).collect();
        let hourly = least_cost(search.needs.rows, &of_rows, search.bench.planned)?;
        cost += hourly * search.bench.grid.hours(step);
    }
    Some(cost)
}

fn by_simulation(search: &Search<'_, '_>, staffing: &Staffing) -> Result<Least, RunError> {
    let promises = search.bench.promises;
    let abandoned = promises
        .list
        .iter()
        .filter(|promise| promise.sense == Sense::AtMost && promise.days.is_none())
        .filter(|promise| Analytic::of(promise, search.needs.model) == Some(Analytic::Abandoned))
        .map(|promise| promise.limit)
        .reduce(f64::min)
        .unwrap_or(ABANDONED);
    let mut least = staffing.clone();
    for color in 0..2 {
        lower(search, &mut least, color, abandoned)?;
    }
    let speed = search.needs.rows[0].planned[0].1;
    let fixed = |step: usize| search.needs.fixed(&search.needs.rows[0], step);
    let need = |(step, agents): (usize, &u32)| whole(f64::from(*agents) * speed + fixed(step));
    Ok(Least {
        needs: vec![least.0[0].iter().enumerate().map(need).collect()],
        assumption: format!(
            "at most {:.0} % abandon before, and promises are kept no worse with more agents or \
             with less work left from before",
            abandoned * 100.0
        ),
    })
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
    abandoned: f64,
) -> Result<(), RunError> {
    let grid = search.bench.grid;
    let ample = super::load::ample(search.bench);
    let steps: Vec<usize> = (color..grid.steps()).step_by(2).collect();
    let begin = |step: &usize| {
        let high = least.0[0][*step];
        let low = high.saturating_sub(whole(f64::from(high) * SEARCHED) + 3);
        Between {
            low,
            is_shown: false,
            high,
            next: (high > low).then(|| high - 1),
        }
    };
    let mut between: Vec<Between> = steps.iter().map(begin).collect();
    while between.iter().any(|between| between.next.is_some()) {
        let mut tried = ample.clone();
        for (step, between) in steps.iter().zip(&between) {
            tried.0[0][*step] = between.next.unwrap_or(between.high);
        }
        let (sample, expected) = alone(search, &tried, &steps, abandoned)?;
        for (step, between) in steps.iter().zip(&mut between) {
            let Some(agents) = between.next else { continue };
            let worst = worst(search, (&sample, &expected), *step);
            between.next = between.after(agents, worst.map(|(_, margin)| margin), &|| {
                let (promise, margin) = worst?;
                Some(wanted(search, *step, promise, agents, margin))
            });
        }
    }
    for (step, between) in steps.iter().zip(between) {
        // Where all that were tried would do, so might the one that was not.
        let found = if between.is_shown {
            between.low + 1
        } else {
            between.low
        };
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
            return None;
        }
        // One fewer than what is needed is what has to be shown to be too few.
        Some((wanted.max(1) - 1).clamp(self.low + 1, self.high - 1))
    }
}

/// Days on which the steps of one color have so many agents and all others more than enough,
/// arrivals outside of them thinned.
fn alone(
    search: &Search<'_, '_>,
    tried: &Staffing,
    steps: &[usize],
    abandoned: f64,
) -> Result<(Sample, Expected), RunError> {
    let (bench, grid) = (search.bench, search.bench.grid);
    let whole_rate: Vec<(f64, f64)> = steps
        .iter()
        .map(|step| (grid.start(*step).as_seconds(), grid.end(*step).as_seconds()))
        .collect();
    let mut model = bench.model(tried);
    for kind in &mut model.contact_types {
        for source in &mut kind.sources {
            source.schedule = source
                .schedule
                .thinned_outside(&whole_rate, 1.0 - abandoned);
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

/// How many agents of the one group a step needs, where so many have left this margin.
fn wanted(search: &Search<'_, '_>, step: usize, promise: usize, agents: u32, margin: f64) -> u32 {
    let row = &search.needs.rows[0];
    let (speed, fixed) = (row.planned[0].1, search.needs.fixed(row, step));
    let together = whole(f64::from(agents) * speed + fixed);
    let promises = search.bench.promises;
    let wanted = search
        .needs
        .wanted((0, step), promise, together, margin, promises);
    whole(((f64::from(wanted) - fixed) / speed).ceil())
}

fn by_formulas(search: &Search<'_, '_>) -> Least {
    let needs = &search.needs;
    let of_row = |row: &super::cover::Row| {
        let steps = 0..search.bench.grid.steps();
        steps
            .map(|step| needs.least_by_formula(row, step, search.bench.promises))
            .collect()
    };
    Least {
        needs: needs.rows.iter().map(of_row).collect(),
        assumption: "agents who serve all of some contact types do no worse than those who serve \
                     some of them, and Erlang A holds for them together"
            .to_owned(),
    }
}
