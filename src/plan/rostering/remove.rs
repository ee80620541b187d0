//! People taken out of a roster again.

use super::{RosterPlan, evaluate};
use crate::experiment::RunError;
use crate::plan::roster::ShiftPattern;
use crate::plan::search::{Evaluation, Search};
use crate::plan::staffing::HeadCounts;
use crate::plan::targets::TargetInterval;

/// Simulations that it may cost.
const MOST_LOOKS: usize = 12;
/// Part of what formulas think that a person less costs, at which it is worth a try.
const LIKELY: f64 = 0.7;

/// Takes out people wherever that breaks nothing, those first who save most: as many at once as
/// formulas think possible, half as many where that was too much.
pub(super) fn remove_superfluous(
    search: &mut Search<'_, '_>,
    found: &mut RosterPlan,
    mut evaluation: Evaluation,
    best: &mut Option<RosterPlan>,
) -> Result<(), RunError> {
    let mut tried = vec![false; found.patterns.len()];
    let mut most = usize::MAX;
    for _ in 0..MOST_LOOKS {
        let out = superfluous(search, found, (&evaluation, &tried), most);
        let Some(first) = out.first().copied() else {
            break;
        };
        search.tell("trimming the roster");
        for pattern in &out {
            found.roster.0[*pattern] -= 1;
        }
        let now = evaluate(search, found)?;
        if now.meets() {
            evaluation = now;
            *best = Some(found.clone());
            continue;
        }
        for pattern in &out {
            found.roster.0[*pattern] += 1;
        }
        most = out.len() / 2;
        if most == 0 {
            tried[first] = true;
            most = 1;
        }
    }
    Ok(())
}

/// Up to `most` people without whom targets may still be met, by formula, one entry for each, on
/// patterns that have not been tried alone.
fn superfluous(
    search: &Search<'_, '_>,
    found: &RosterPlan,
    (evaluation, tried): (&Evaluation, &[bool]),
    most: usize,
) -> Vec<usize> {
    let mut left = found.clone();
    let mut slacks = evaluation.slacks.clone();
    let mut out = Vec::new();
    while out.len() < most {
        let saves = |pattern: usize| {
            let (own, count) = (&left.patterns[pattern], left.roster.0[pattern]);
            let group = &search.evaluator.planned[own.group];
            let scheduled = group.scheduled(count) - group.scheduled(count - 1);
            f64::from(scheduled) * own.cost
        };
        let there = (0..left.patterns.len()).filter(|pattern| left.roster.0[*pattern] > 0);
        let mut order: Vec<usize> = there.filter(|pattern| !tried[*pattern]).collect();
        order.sort_by(|a, b| saves(*b).total_cmp(&saves(*a)));
        let mut without = order.into_iter().filter_map(|pattern| {
            let slacks = without(search, &left, pattern, &slacks)?;
            Some((pattern, slacks))
        });
        let Some((pattern, now)) = without.next() else {
            break;
        };
        slacks = now;
        left.roster.0[pattern] -= 1;
        out.push(pattern);
    }
    out
}

/// Margins with a person less on a pattern, by formula; `None` where targets would be broken, or
/// the group has no agents to spare.
fn without(
    search: &Search<'_, '_>,
    found: &RosterPlan,
    pattern: usize,
    slacks: &[Option<f64>],
) -> Option<Vec<Option<f64>>> {
    let staffing = found.coverage(search, f64::round);
    let lost = &found.patterns[pattern];
    let group = &search.evaluator.planned[lost.group];
    let mut steps = staffing.0[lost.group].iter().zip(&lost.cover);
    if !steps.all(|(there, cover)| *cover <= 0.0 || *there > group.fewest()) {
        return None;
    }
    let intervals = search.evaluator.targets.intervals.iter().zip(slacks);
    let of_cell = |(interval, slack): (&TargetInterval, &Option<f64>)| -> Option<Option<f64>> {
        let Some(slack) = *slack else {
            return Some(None);
        };
        let left = slack - LIKELY * loss(search, interval, lost, &staffing);
        (left >= 0.0).then_some(Some(left))
    };
    intervals.map(of_cell).collect()
}

/// What formulas think that a target loses in an interval with a person less on a pattern: over the
/// day the sum of what each step loses, by the contacts that come in it.
fn loss(
    search: &Search<'_, '_>,
    interval: &TargetInterval,
    lost: &ShiftPattern,
    staffing: &HeadCounts,
) -> f64 {
    let (grid, needs) = (search.evaluator.grid, &search.needs);
    let Some(index) = search.set_of(interval.target) else { return 0.0 };
    let set = &needs.sets[index];
    let speed = set.planned.iter().find(|(place, _)| *place == lost.group);
    let Some((_, speed)) = speed else { return 0.0 };
    if interval.bins.is_none() && !needs.is_known(interval.target) {
        return 0.0;
    }
    let end = grid.last_step_before(interval.to);
    let weight = |step: usize| needs.pool(set, step).rate() * grid.hours(step);
    let (mut sum, mut total) = (0.0, 0.0);
    for step in grid.step_at(interval.from)..=end {
        total += weight(step);
        if lost.cover[step] > 0.0 {
            let agents = needs.staff_of(index, step, staffing);
            let slope = needs.slope(interval.target, set, step, agents, search.evaluator.targets);
            sum += weight(step) * slope * speed * lost.cover[step];
        }
    }
    if total > 0.0 { sum / total } else { 0.0 }
}
