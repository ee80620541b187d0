//! The load that reaches agents when nobody has to wait: rates, agent time, and the modified
//! offered load.
//!
//! Rates and agent times are observed on days with more agents than could ever be busy. So bots,
//! surges, opening hours, returns and whatever else a scenario holds are in them as simulated, and
//! no second model of them can disagree. Where contacts reach agents at once and come back from
//! nowhere, the rate is known exactly, and the observed one is not used.

use super::evaluator::Evaluator;
use super::in_time;
use super::skill_sets::wrap_up_time;
use super::staffing::{HeadCounts, StepGrid};
use super::targets::common;
use crate::erlang;
use crate::experiment::RunError;
use crate::experiment::each::{self, Series};
use crate::metrics::totals::Totals;
use crate::metrics::watch::{Watch, Watched};
use crate::model::{ContactType, Model, SourceKind};
use crate::time::{SimSpan, SimTime};

/// Longest piece of time over which the rate counts as constant in the modified offered load.
const FINEST: f64 = 15.0;

/// What reaches agents when nobody waits, by contact type.
#[derive(Clone, Debug)]
pub struct Load {
    /// Mean agent time in seconds, wrap-up included.
    pub handling: Vec<f64>,
    /// By type, then step: contacts per second that reach agents.
    pub rates: Vec<Vec<f64>>,
    /// By type, then step: mean over the step of the agents that would be busy were there always
    /// a free one, the modified offered load.
    pub offered: Vec<Vec<f64>>,
}

impl Load {
    /// Observes it on so many days.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn observe(evaluator: &Evaluator<'_>, days: u32) -> Result<Self, RunError> {
        // At usual speed and one at a time, so that a load is the same whoever takes it.
        let mut usual = evaluator.scenario.clone();
        for group in &mut usual.groups {
            group.concurrency = None;
            for skill in &mut group.skills {
                skill.speed = 1.0;
                skill.handling = None;
            }
        }
        let ample = ample(evaluator);
        let mut model = Model::compile(&ample.apply(&usual, evaluator.planned, evaluator.grid));
        // The steps of the warm-up are staffed too.
        model.horizon.warm_up = SimTime::START;
        let grid = common(evaluator.grid.step, SimSpan::from_seconds(900.0));
        let watch = Watch { grid, limits: Vec::new() };
        let extract = |day: &Watched| day.clone();
        let control = evaluator.control.without_deadline();
        let mut all: Vec<Watched> = Vec::new();
        let mut done = 0;
        while let Some(next) = in_time::next_batch(done, days, &evaluator.control) {
            let series = Series { seed: evaluator.seed, replications: done..next };
            all.extend(each::watched(&model, &watch, &series, &extract, &control)?);
            done = next;
        }
        evaluator.count(done);
        Ok(Self::of_days(&all, &model, evaluator.grid, grid))
    }

    fn of_days(days: &[Watched], model: &Model, grid: &StepGrid, fine: SimSpan) -> Self {
        let count = days.len() as f64;
        let bins = days[0].stretches();
        let mut load = Self { handling: Vec::new(), rates: Vec::new(), offered: Vec::new() };
        for (index, kind) in model.contact_types.iter().enumerate() {
            let mut queued = vec![0.0; bins];
            let mut whole = Totals::default();
            for day in days {
                for (bin, queued) in queued.iter_mut().enumerate() {
                    let mut totals = Totals::default();
                    day.add_to(&mut totals, bin, index);
                    *queued += totals.offered() / count;
                    whole.add_counts(&totals);
                }
            }
            if let Some(exact) = exact(kind, model, fine, bins) {
                queued = exact;
            }
            let handling = if whole.answered > 0.0 {
                whole.handling / whole.answered
            } else {
                kind.handling.mean()
            };
            let rates: Vec<f64> = queued
                .iter()
                .enumerate()
                .map(|(bin, queued)| queued / length(bin, fine, grid.duration))
                .collect();
            let offered = modified(&rates, fine, kind, handling);
            load.rates.push(by_step(&rates, fine, grid));
            load.offered.push(by_step(&offered, fine, grid));
            load.handling.push(handling);
        }
        load
    }
}

/// A staffing with more agents than can be busy.
pub fn ample(evaluator: &Evaluator<'_>) -> HeadCounts {
    let model = Model::compile(evaluator.scenario);
    let quarter = SimSpan::from_seconds(900.0);
    let mut most = 0.0;
    for (index, kind) in model.contact_types.iter().enumerate() {
        let wrap_up = wrap_up_time(kind);
        let escalated = &kind.escalation_handling;
        let longest = kind.handling.mean().max(escalated.handling.mean() * escalated.factor);
        let skills = model.groups.iter().map(|group| group.skills[index].as_ref());
        let slowest =
            skills.flatten().map(|skill| skill.agent_time / longest.max(1e-9)).fold(1.0, f64::max);
        let (mut peak, mut at) = (0.0f64, SimTime::START);
        while at < model.horizon.duration {
            let came: f64 = kind
                .sources
                .iter()
                .map(|source| {
                    let factor = match source.kind {
                        SourceKind::Surge(surge) => {
                            (model.surges[surge.index()].factor.mean() - 1.0).max(0.0)
                        }
                        SourceKind::Backlog | SourceKind::Base => 1.0,
                    };
                    let schedule = &source.schedule;
                    (schedule.expected_before(at + quarter) - schedule.expected_before(at)) * factor
                })
                .sum();
            peak = peak.max(came / 900.0);
            at = at + quarter;
        }
        most += peak * (longest + wrap_up) * slowest;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "loads are far below 2^32 erlangs"
    )]
    let agents = (3.0 * most) as u32 + 60;
    HeadCounts(vec![vec![agents; evaluator.grid.steps()]; evaluator.planned.len()])
}

/// Contacts by bin, where they reach agents as they arrive and nothing else does.
fn exact(kind: &ContactType, model: &Model, fine: SimSpan, bins: usize) -> Option<Vec<f64>> {
    if kind.bot.is_some() || !kind.surges.is_empty() {
        return None;
    }
    let at = |bin: usize| {
        #[expect(clippy::cast_possible_wrap, reason = "bins are few")]
        let micros = fine.as_micros() * bin as i64;
        SimTime::from_micros(micros).min(model.horizon.duration)
    };
    let before = |at: SimTime| -> f64 {
        let sources = kind.sources.iter();
        sources.map(|source| source.schedule.expected_before(at)).sum()
    };
    let of_stretch = |bin| before(at(bin + 1)) - before(at(bin));
    Some((0..bins).map(of_stretch).collect())
}

fn length(bin: usize, fine: SimSpan, duration: SimTime) -> f64 {
    let start = fine.as_seconds() * bin as f64;
    (duration.as_seconds() - start).min(fine.as_seconds())
}

/// Agents that would be busy, on average over each bin. The law of agent times is that of the
/// type's handling, stretched to the mean observed.
fn modified(rates: &[f64], fine: SimSpan, kind: &ContactType, handling: f64) -> Vec<f64> {
    let parts = (fine.as_seconds() / FINEST).ceil().max(1.0);
    let batch = fine.as_seconds() / parts;
    let parts = usize::try_from(super::staffing::whole(parts)).unwrap_or(1);
    let bin = kind.handling.mean() / handling.max(1e-9);
    let survival = |age: f64| 1.0 - kind.handling.cdf(age * bin);
    let fine_rates: Vec<f64> =
        rates.iter().flat_map(|rate| std::iter::repeat_n(*rate, parts)).collect();
    let levels = erlang::modified_offered_load(&fine_rates, batch, handling, survival);
    levels.chunks(parts).map(|chunk| chunk.iter().sum::<f64>() / chunk.len() as f64).collect()
}

/// Means over the steps of what is known by bin; bins divide steps.
fn by_step(values: &[f64], fine: SimSpan, grid: &StepGrid) -> Vec<f64> {
    let per_step = usize::try_from(grid.step.as_micros() / fine.as_micros()).unwrap_or(1);
    values.chunks(per_step).map(|chunk| chunk.iter().sum::<f64>() / chunk.len() as f64).collect()
}
