//! Moves that make a staffing cheaper: an agent less, or a dearer one for a cheaper one. Moves in
//! steps that are far enough apart do not feel each other and are tried on the same days.

use super::promise::Sense;
use super::search::{SURE, Search, Seen};
use super::staffing::Staffing;
use crate::experiment::RunError;
use crate::time::SimSpan;

/// Days that moves may be tried on, in looks of middle effort at one staffing.
const MOST_LOOKS: f64 = 24.0;
/// Standard errors of a difference that chance may be against a move on few days.
const AGAINST: f64 = 1.0;

/// Changes of head counts, by planned group.
type Move = Vec<(usize, i32)>;

impl Search<'_, '_> {
    /// Makes moves that save cost as long as there are any.
    ///
    /// # Errors
    /// When the search is to end, or memory would not do.
    pub fn polish(&mut self, mut staffing: Staffing) -> Result<Staffing, RunError> {
        let moves = self.moves();
        let steps = self.bench.grid.steps();
        let spacing = self.spacing().min(steps);
        let begun = self.bench.simulated.get();
        let most = MOST_LOOKS * f64::from(self.effort.middle);
        let mut seen = self.look(&staffing, self.effort.middle, SURE)?;
        loop {
            let before = staffing.clone();
            for change in &moves {
                for color in 0..spacing {
                    let places: Vec<usize> = (color..steps)
                        .step_by(spacing)
                        .filter(|step| self.may(change, *step, &staffing, &seen, spacing))
                        .collect();
                    if places.is_empty() {
                        continue;
                    }
                    let (next, now) = self.tried(&staffing, change, &places, &seen, spacing)?;
                    if let Some(now) = now {
                        seen = now;
                    }
                    staffing = next;
                    self.keep(&staffing);
                    if (self.bench.simulated.get() - begun) as f64 >= most {
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

    /// Drops, dearest first, then exchanges, then two for one; each saves cost.
    fn moves(&self) -> Vec<Move> {
        let planned = self.bench.planned;
        let cost = |change: &Move| -> f64 {
            let of = |(group, by): &(usize, i32)| {
                let group = &planned[*group];
                f64::from(*by) * group.cost_per_hour / (1.0 - group.shrinkage)
            };
            change.iter().map(of).sum()
        };
        let groups = 0..planned.len();
        let mut moves: Vec<Move> = groups.clone().map(|group| vec![(group, -1)]).collect();
        for from in groups.clone() {
            for to in groups.clone().filter(|to| *to != from) {
                moves.push(vec![(from, -1), (to, 1)]);
            }
        }
        if self.bench.grid.steps() == 1 {
            for from in groups.clone() {
                for other in from..planned.len() {
                    for to in groups.clone().filter(|to| *to != from && *to != other) {
                        let change = if from == other {
                            vec![(from, -2), (to, 1)]
                        } else {
                            vec![(from, -1), (other, -1), (to, 1)]
                        };
                        moves.push(change);
                    }
                    for to in groups.clone().filter(|to| *to != from && *to != other) {
                        for too in to..planned.len() {
                            if too != from && too != other && from != other && to != too {
                                moves.push(vec![(from, -1), (other, -1), (to, 1), (too, 1)]);
                            }
                        }
                    }
                }
            }
        }
        moves.retain(|change| cost(change) < -1e-9);
        moves.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
        moves
    }

    /// Steps after which a move is hardly felt.
    fn spacing(&self) -> usize {
        let handling = self.needs.load.handling.iter().copied().fold(0.0, f64::max);
        let step = self.bench.grid.step.as_seconds();
        let longest = self
            .bench
            .promises
            .list
            .iter()
            .filter_map(|promise| promise.every)
            .map(SimSpan::as_seconds)
            .fold(step, f64::max);
        let spacing = ((2.0 * handling + longest) / step).ceil();
        usize::try_from(super::need::whole(spacing)).unwrap_or(2).clamp(2, 12)
    }

    /// Whether a move is within the bounds, and there is something to be had in its step.
    fn may(
        &self,
        change: &Move,
        step: usize,
        staffing: &Staffing,
        seen: &Seen,
        spacing: usize,
    ) -> bool {
        let planned = self.bench.planned;
        let fits = |(group, by): &(usize, i32)| {
            let Some(count) = staffing.0[*group][step].checked_add_signed(*by) else {
                return false;
            };
            let most = planned[*group].most();
            count >= planned[*group].fewest() && most.is_none_or(|most| count <= most)
        };
        change.iter().all(fits) && self.holds(seen, step, spacing)
    }

    /// Whether the promises of the time that a move in a step is felt are kept.
    fn holds(&self, seen: &Seen, step: usize, spacing: usize) -> bool {
        let grid = self.bench.grid;
        let (from, to) = (grid.start(step), grid.start((step + spacing).min(grid.steps())));
        let cells = self.bench.promises.cells.iter().zip(&seen.margins);
        cells
            .filter(|(cell, _)| cell.stretches.is_none() || (cell.from < to && from < cell.to))
            .all(|(_, margin)| margin.is_none_or(|margin| margin >= 0.0))
    }

    /// Looks at a staffing that a move has made. What is unknown now and was known before is broken:
    /// nobody is left of whom anything could be promised.
    fn look_after(&self, staffing: &Staffing, before: &Seen) -> Result<Seen, RunError> {
        let mut now = self.look(staffing, self.effort.middle, SURE)?;
        for (margin, before) in now.margins.iter_mut().zip(&before.margins) {
            if margin.is_none() && before.is_some() {
                *margin = Some(-1.0);
            }
        }
        Ok(now)
    }

    /// The places where a move may do no harm, by what it changes on few of the days.
    fn promising(
        &self,
        moved: &Staffing,
        places: &[usize],
        seen: &Seen,
        spacing: usize,
    ) -> Result<Vec<usize>, RunError> {
        let few = self.effort.coarse.min(self.effort.middle);
        let now = self.bench.sample(moved, 0..few)?;
        let mut guess = seen.clone();
        for (cell, margin) in guess.margins.iter_mut().enumerate() {
            let Some(before) = *margin else { continue };
            *margin = match now.change(cell, &seen.sample) {
                Some((change, error)) => {
                    let sense = match self.bench.promises.standard(cell).sense {
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
        staffing: &Staffing,
        change: &Move,
        places: &[usize],
        seen: &Seen,
        spacing: usize,
    ) -> Result<(Staffing, Option<Seen>), RunError> {
        let mut moved = staffing.clone();
        for step in places {
            apply(&mut moved, change, *step);
        }
        // Most moves break something, and a few days are enough to see it.
        let promising = self.promising(&moved, places, seen, spacing)?;
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
        let now = self.look_after(&moved, seen)?;
        let day_broken =
            self.bench.promises.cells.iter().zip(now.margins.iter().zip(&seen.margins)).any(
                |(cell, (now, before))| {
                    let is_short = |margin: &Option<f64>| margin.is_some_and(|margin| margin < 0.0);
                    cell.stretches.is_none() && is_short(now) && !is_short(before)
                },
            );
        if day_broken {
            // One of several moves may still be possible: the first half of them, then.
            if places.len() > 1 {
                let half = &places[..places.len() / 2];
                return self.tried(staffing, change, half, seen, spacing);
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
        let now = self.look_after(&moved, seen)?;
        Ok((moved, Some(now)))
    }
}

fn apply(staffing: &mut Staffing, change: &Move, step: usize) {
    for (group, by) in change {
        let count = &mut staffing.0[*group][step];
        *count = count.saturating_add_signed(*by);
    }
}
