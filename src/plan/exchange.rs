//! Moves that make a staffing cheaper: an agent less, or a dearer one for a cheaper one. Moves in
//! steps that are far enough apart do not feel each other and are tried on the same days.

use super::search::{Evaluation, SURE, Search};
use super::staffing::HeadCounts;
use super::targets::Sense;
use crate::experiment::RunError;
use crate::time::SimSpan;

/// Days that moves may be tried on, as a multiple of those of a middle effort. Three groups and one
/// step have 24 moves that save cost: each can be tried twice. Chosen so, not tuned.
const MOST_LOOKS: f64 = 48.0;
/// Standard errors of a difference that chance may be against a move on few days.
const AGAINST: f64 = 1.0;

/// Changes of head counts, by planned group.
type Move = Vec<(usize, i32)>;

impl Search<'_, '_> {
    /// Makes moves that save cost as long as there are any.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn exchange(&mut self, mut staffing: HeadCounts) -> Result<HeadCounts, RunError> {
        let moves = self.moves();
        let steps = self.evaluator.grid.steps();
        let spacing = self.spacing().min(steps);
        let begun = self.evaluator.simulated.get();
        let most = MOST_LOOKS * f64::from(self.effort.middle);
        let mut evaluation = self.evaluate(&staffing, self.effort.middle, SURE)?;
        loop {
            let before = staffing.clone();
            for change in &moves {
                for color in 0..spacing {
                    let places: Vec<usize> = (color..steps)
                        .step_by(spacing)
                        .filter(|step| self.may(change, *step, &staffing, &evaluation, spacing))
                        .collect();
                    if places.is_empty() {
                        continue;
                    }
                    let (next, now) =
                        self.tried(&staffing, change, &places, &evaluation, spacing)?;
                    if let Some(now) = now {
                        evaluation = now;
                    }
                    staffing = next;
                    self.remember(&staffing);
                    if (self.evaluator.simulated.get() - begun) as f64 >= most {
                        return Ok(staffing);
                    }
                }
                self.tell("exchanging agents");
            }
            if staffing == before {
                return Ok(staffing);
            }
        }
    }

    /// Moves that save cost, those that save most first: one agent out, or one for another; with one
    /// head count for the day up to two for up to two others.
    fn moves(&self) -> Vec<Move> {
        let planned = self.evaluator.planned;
        let cost = |change: &Move| -> f64 {
            let of =
                |(group, by): &(usize, i32)| f64::from(*by) * planned[*group].cost_of_present();
            change.iter().map(of).sum()
        };
        let single = (0..planned.len()).map(|group| vec![group]);
        let pairs = (0..planned.len())
            .flat_map(|one| (one..planned.len()).map(move |other| vec![one, other]));
        let pairs = pairs.filter(|_| self.evaluator.grid.steps() == 1);
        let some: Vec<Vec<usize>> = single.chain(pairs).collect();
        let mut moves: Vec<Move> = (0..planned.len()).map(|group| vec![(group, -1)]).collect();
        for out in &some {
            let others = some.iter().filter(|into| into.iter().all(|group| !out.contains(group)));
            moves.extend(others.map(|into| exchanged(out, into)));
        }
        moves.retain(|change| cost(change) < -1e-9);
        moves.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
        moves
    }

    /// Steps after which a move is hardly felt.
    fn spacing(&self) -> usize {
        let handling = self.needs.load.handling.iter().copied().fold(0.0, f64::max);
        let step = self.evaluator.grid.step.as_seconds();
        let longest = self
            .evaluator
            .targets
            .list
            .iter()
            .filter_map(|target| target.every)
            .map(SimSpan::as_seconds)
            .fold(step, f64::max);
        let spacing = ((2.0 * handling + longest) / step).ceil();
        usize::try_from(super::staffing::whole(spacing)).unwrap_or(2).clamp(2, 12)
    }

    /// Whether a move is within the bounds, and there is something to be had in its step.
    fn may(
        &self,
        change: &Move,
        step: usize,
        staffing: &HeadCounts,
        evaluation: &Evaluation,
        spacing: usize,
    ) -> bool {
        let planned = self.evaluator.planned;
        let fits = |(group, by): &(usize, i32)| {
            let Some(count) = staffing.0[*group][step].checked_add_signed(*by) else {
                return false;
            };
            let most = planned[*group].most();
            count >= planned[*group].fewest() && most.is_none_or(|most| count <= most)
        };
        change.iter().all(fits) && self.holds(evaluation, step, spacing)
    }

    /// Whether the targets of the time that a move in a step is felt are met.
    fn holds(&self, evaluation: &Evaluation, step: usize, spacing: usize) -> bool {
        let grid = self.evaluator.grid;
        let (from, to) = (grid.start(step), grid.start((step + spacing).min(grid.steps())));
        let intervals = self.evaluator.targets.intervals.iter().zip(&evaluation.slacks);
        intervals
            .filter(|(interval, _)| {
                interval.bins.is_none() || (interval.from < to && from < interval.to)
            })
            .all(|(_, slack)| slack.is_none_or(|slack| slack >= 0.0))
    }

    /// Looks at a staffing that a move has made. What is unknown now and was known before is broken:
    /// nobody is left of whom anything could be targeted.
    fn evaluate_after(
        &self,
        staffing: &HeadCounts,
        before: &Evaluation,
    ) -> Result<Evaluation, RunError> {
        let mut now = self.evaluate(staffing, self.effort.middle, SURE)?;
        for (slack, before) in now.slacks.iter_mut().zip(&before.slacks) {
            if slack.is_none() && before.is_some() {
                *slack = Some(-1.0);
            }
        }
        Ok(now)
    }

    /// The places where a move may do no harm, by what it changes on few of the days.
    fn promising(
        &self,
        moved: &HeadCounts,
        places: &[usize],
        evaluation: &Evaluation,
        spacing: usize,
    ) -> Result<Vec<usize>, RunError> {
        let few = self.effort.coarse.min(self.effort.middle);
        let now = self.evaluator.sample(moved, 0..few)?;
        let mut guess = evaluation.clone();
        for (interval, slack) in guess.slacks.iter_mut().enumerate() {
            let Some(before) = *slack else { continue };
            *slack = match now.change(interval, &evaluation.sample) {
                Some((change, error)) => {
                    let sense = match self.evaluator.targets.standard(interval).sense {
                        Sense::AtLeast => 1.0,
                        Sense::AtMost => -1.0,
                    };
                    Some(before + sense * change + AGAINST * error)
                }
                None => Some(-1.0),
            };
        }
        let holds = |step: &&usize| self.holds(&guess, **step, spacing);
        Ok(places.iter().filter(holds).copied().collect())
    }

    /// Tries a move in several steps at once and takes back those that break something. Gives what
    /// is known of the result, if that was seen.
    fn tried(
        &mut self,
        staffing: &HeadCounts,
        change: &Move,
        places: &[usize],
        evaluation: &Evaluation,
        spacing: usize,
    ) -> Result<(HeadCounts, Option<Evaluation>), RunError> {
        let mut moved = staffing.clone();
        for step in places {
            apply(&mut moved, change, *step);
        }
        // Most moves break something, and a few days are enough to see it.
        let promising = self.promising(&moved, places, evaluation, spacing)?;
        if promising.is_empty() {
            return Ok((staffing.clone(), None));
        }
        if promising.len() < places.len() {
            moved = staffing.clone();
            for step in &promising {
                apply(&mut moved, change, *step);
            }
        }
        let places = promising.as_slice();
        let now = self.evaluate_after(&moved, evaluation)?;
        let day_broken = self
            .evaluator
            .targets
            .intervals
            .iter()
            .zip(now.slacks.iter().zip(&evaluation.slacks))
            .any(|(interval, (now, before))| {
                let is_short = |slack: &Option<f64>| slack.is_some_and(|slack| slack < 0.0);
                interval.bins.is_none() && is_short(now) && !is_short(before)
            });
        if day_broken {
            // One of several moves may still be possible: the first half of them, then.
            if places.len() > 1 {
                let half = &places[..places.len() / 2];
                return self.tried(staffing, change, half, evaluation, spacing);
            }
            return Ok((staffing.clone(), None));
        }
        let broken: Vec<usize> =
            places.iter().copied().filter(|step| !self.holds(&now, *step, spacing)).collect();
        if broken.is_empty() {
            return Ok((moved, Some(now)));
        }
        if broken.len() == places.len() {
            return Ok((staffing.clone(), None));
        }
        for step in &broken {
            let back: Move = change.iter().map(|(group, by)| (*group, -by)).collect();
            apply(&mut moved, &back, *step);
        }
        let now = self.evaluate_after(&moved, evaluation)?;
        Ok((moved, Some(now)))
    }
}

/// One agent less for each of `out`, one more for each of `into`.
fn exchanged(out: &[usize], into: &[usize]) -> Move {
    let mut change: Move = Vec::new();
    let all = out.iter().map(|group| (*group, -1)).chain(into.iter().map(|group| (*group, 1)));
    for (group, by) in all {
        match change.iter_mut().find(|(own, _)| *own == group) {
            Some((_, sum)) => *sum += by,
            None => change.push((group, by)),
        }
    }
    change
}

fn apply(staffing: &mut HeadCounts, change: &Move, step: usize) {
    for (group, by) in change {
        let count = &mut staffing.0[*group][step];
        *count = count.saturating_add_signed(*by);
    }
}
