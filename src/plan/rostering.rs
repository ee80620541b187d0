//! From needs to a roster that simulated days agree with.

use super::need::{ObservedSlacks, is_within_steps};
use super::roster::{CoveringProgram, Roster, ShiftPattern, patterns};
use super::search::{Evaluation, SURE, Search, UNKNOWN};
use super::skill_sets::SkillSet;
use super::staffing::HeadCounts;
use crate::experiment::RunError;
use crate::model::Model;
use crate::scenario::{PlanShift, Scenario, Shift};

mod remove;

use remove::remove_superfluous;

/// Times that a roster is found anew for corrected needs.
const MOST_ROUNDS: usize = 6;
/// Times that the first roster is raised.
const MOST_FIRST: usize = 4;
/// Most people more that a step is given at once.
const MOST_MORE: f64 = 8.0;

/// A roster and what it is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct RosterPlan {
    /// The shifts that there are.
    pub shifts: Vec<PlanShift>,
    /// The patterns.
    pub patterns: Vec<ShiftPattern>,
    /// People on them.
    pub roster: Roster,
}

impl RosterPlan {
    /// The model of a scenario with this roster.
    pub fn model(&self, scenario: &Scenario, search: &Search<'_, '_>) -> Model {
        let planned = search.evaluator.planned;
        let staffed = self.roster.apply(scenario, &self.patterns, &self.shifts, planned);
        Model::compile(&staffed)
    }

    /// Agents on duty.
    pub fn coverage(&self, search: &Search<'_, '_>, whole: fn(f64) -> f64) -> HeadCounts {
        let (planned, grid) = (search.evaluator.planned, search.evaluator.grid);
        self.roster.coverage(&self.patterns, planned, grid, whole)
    }

    /// What it costs.
    pub fn cost(&self, search: &Search<'_, '_>) -> f64 {
        self.roster.cost(&self.patterns, search.evaluator.planned)
    }

    /// The shifts of a planned group.
    pub fn of_group(&self, group: usize, planned: &[super::staffing::Planned]) -> Vec<Shift> {
        self.roster.shifts(group, &self.patterns, &self.shifts, planned)
    }
}

/// A roster for the needs as they are, found by filling up.
pub fn filled(search: &Search<'_, '_>, shifts: &[PlanShift]) -> RosterPlan {
    let mut found = empty(search, shifts);
    let wanted = RosterNeeds::new(search, &search.needs.all(search.evaluator.targets));
    found.roster = wanted.cover(search, &found).filled();
    found
}

/// A first roster that is surely enough on days of which there are few.
///
/// # Errors
/// When the search is to end, or memory would not do.
pub fn first(
    search: &mut Search<'_, '_>,
    shifts: &[PlanShift],
    days: u32,
    sure: f64,
) -> Result<RosterPlan, RunError> {
    let mut found = filled(search, shifts);
    for _ in 0..MOST_FIRST {
        let model = found.model(search.evaluator.scenario, search);
        let evaluation = search.evaluate_model(&model, days, sure)?;
        if evaluation.meets() || !add(search, &mut found, &evaluation.slacks) {
            break;
        }
    }
    Ok(found)
}

/// Finds a roster for the needs that a search has come to. What it has found so far is left in
/// `best`, which begins with a roster that is dearer than it has to be.
///
/// # Errors
/// When the search is to end, or memory would not do.
pub fn roster(
    search: &mut Search<'_, '_>,
    shifts: &[PlanShift],
    best: &mut Option<RosterPlan>,
) -> Result<RosterPlan, RunError> {
    let mut found = empty(search, shifts);
    let mut cheapest: Option<(RosterPlan, Evaluation)> = None;
    for _ in 0..MOST_ROUNDS {
        search.tell("covering with shifts");
        found.roster = solve(search, &found);
        let evaluation = evaluate(search, &found)?;
        if evaluation.meets() {
            if !is_cheaper(search, &found, cheapest.as_ref()) {
                break;
            }
            *best = Some(found.clone());
            cheapest = Some((found.clone(), evaluation.clone()));
        }
        if !corrected(search, &found, &evaluation) {
            break;
        }
    }
    // The last needs were a little too low, perhaps: a few people more may be all they lack.
    let evaluation = repair(search, &mut found)?;
    let is_better = evaluation.meets() && is_cheaper(search, &found, cheapest.as_ref());
    let (mut found, evaluation) = match cheapest {
        Some(other) if !is_better => other,
        _ => (found, evaluation),
    };
    *best = Some(found.clone());
    remove_superfluous(search, &mut found, evaluation, best)?;
    Ok(found)
}

/// Whether a roster costs less than another, if there is one.
fn is_cheaper(
    search: &Search<'_, '_>,
    found: &RosterPlan,
    other: Option<&(RosterPlan, Evaluation)>,
) -> bool {
    other.is_none_or(|(other, _)| found.cost(search) < other.cost(search) - 1e-9)
}

/// Raises and lowers needs by what a roster has shown. Returns whether anything changed.
fn corrected(search: &mut Search<'_, '_>, found: &RosterPlan, evaluation: &Evaluation) -> bool {
    let targets = search.evaluator.targets;
    let before = search.needs.all(targets);
    let staffing = found.coverage(search, f64::round);
    search.needs.correct(&ObservedSlacks {
        slacks: &evaluation.slacks,
        targets,
        staffing: &staffing,
        is_roster: true,
    });
    for (interval, slack) in targets.intervals.iter().zip(&evaluation.slacks) {
        let is_within = is_within_steps(&targets.list[interval.target], search.evaluator.grid);
        if !is_within {
            search.correct_shadow_price(interval.target, slack.unwrap_or(UNKNOWN));
        }
    }
    search.needs.all(targets) != before
}

/// Nobody on any shift yet.
fn empty(search: &Search<'_, '_>, shifts: &[PlanShift]) -> RosterPlan {
    let evaluator = search.evaluator;
    RosterPlan {
        patterns: patterns(evaluator.scenario, shifts, evaluator.planned, evaluator.grid),
        shifts: shifts.to_vec(),
        roster: Roster(Vec::new()),
    }
}

/// What a roster has to cover: needs beyond the agents who are there anyway, and the fewest agents
/// of each group.
struct RosterNeeds {
    sets: Vec<SkillSet>,
    needs: Vec<Vec<f64>>,
}

impl RosterNeeds {
    fn new(search: &Search<'_, '_>, needs: &[Vec<u32>]) -> Self {
        Self::of_sets(search, search.needs.sets.to_vec(), search.needs.beyond_fixed(needs))
    }

    fn of_sets(search: &Search<'_, '_>, sets: Vec<SkillSet>, needs: Vec<Vec<f64>>) -> Self {
        let mut wanted = Self { sets, needs };
        for (place, group) in search.evaluator.planned.iter().enumerate() {
            if group.fewest() > 0 {
                wanted.sets.push(SkillSet {
                    types: Vec::new(),
                    planned: vec![(place, 1.0)],
                    fixed: Vec::new(),
                });
                let steps = search.evaluator.grid.steps();
                wanted.needs.push(vec![f64::from(group.fewest()); steps]);
            }
        }
        wanted
    }

    fn cover<'c>(
        &'c self,
        search: &'c Search<'_, '_>,
        found: &'c RosterPlan,
    ) -> CoveringProgram<'c> {
        CoveringProgram {
            patterns: &found.patterns,
            shifts: &found.shifts,
            planned: search.evaluator.planned,
            sets: &self.sets,
            needs: &self.needs,
            control: search.evaluator.control,
        }
    }
}

/// The cheapest roster for the needs that could be found.
fn solve(search: &Search<'_, '_>, found: &RosterPlan) -> Roster {
    let wanted = RosterNeeds::new(search, &search.needs.all(search.evaluator.targets));
    wanted.cover(search, found).solve()
}

/// The least that a roster for these needs costs.
pub fn least_cost(
    search: &Search<'_, '_>,
    found: &RosterPlan,
    (sets, needs): (&[SkillSet], &[Vec<f64>]),
) -> Option<f64> {
    let wanted = RosterNeeds::of_sets(search, sets.to_vec(), needs.to_vec());
    wanted.cover(search, found).least()
}

fn evaluate(search: &Search<'_, '_>, found: &RosterPlan) -> Result<Evaluation, RunError> {
    let model = found.model(search.evaluator.scenario, search);
    search.evaluate_model(&model, search.effort.middle, SURE)
}

/// Puts a person more on shifts as long as something is short.
fn repair(search: &mut Search<'_, '_>, found: &mut RosterPlan) -> Result<Evaluation, RunError> {
    let mut evaluation = evaluate(search, found)?;
    for _ in 0..2 * MOST_ROUNDS {
        if evaluation.meets() || !add(search, found, &evaluation.slacks) {
            break;
        }
        search.tell("mending the roster");
        evaluation = evaluate(search, found)?;
    }
    Ok(evaluation)
}

/// Puts people on the shifts that help where something is short: as many as formulas think it takes
/// in each such step. Returns whether anybody could be put on.
pub fn add(search: &Search<'_, '_>, found: &mut RosterPlan, slacks: &[Option<f64>]) -> bool {
    let mut short = short(search, found, slacks);
    let before = found.roster.clone();
    while short.iter().any(|short| *short > 0.0) {
        let shadow_price = |pattern: &ShiftPattern| -> f64 {
            let steps = pattern.cover.iter().zip(&short);
            let helped: f64 = steps.map(|(cover, short)| cover.min(short.max(0.0))).sum();
            helped / pattern.cost.max(1e-9)
        };
        let open = found.patterns.iter().enumerate();
        let best = open
            .filter(|(index, _)| has_room(search, found, *index))
            .map(|(index, pattern)| (shadow_price(pattern), index))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        match best {
            Some((shadow_price, index)) if shadow_price > 0.0 => {
                found.roster.0[index] += 1;
                for (short, cover) in short.iter_mut().zip(&found.patterns[index].cover) {
                    *short -= cover;
                    // Half an hour of somebody is not worth another person.
                    if *short < 0.5 {
                        *short = 0.0;
                    }
                }
            }
            _ => break,
        }
    }
    found.roster != before
}

/// By step, how many people are short.
fn short(search: &Search<'_, '_>, found: &RosterPlan, slacks: &[Option<f64>]) -> Vec<f64> {
    let (grid, targets) = (search.evaluator.grid, search.evaluator.targets);
    let staffing = found.coverage(search, f64::round);
    let mut short = vec![0.0f64; grid.steps()];
    for (interval, slack) in targets.intervals.iter().zip(slacks) {
        let Some(slack) = slack.filter(|slack| *slack < 0.0) else {
            continue;
        };
        let last = grid.last_step_before(interval.to);
        let is_within = is_within_steps(&targets.list[interval.target], grid);
        let set = search.set_of(interval.target).filter(|_| is_within);
        for (step, short) in short.iter_mut().enumerate().take(last + 1) {
            if step < grid.step_at(interval.from) {
                continue;
            }
            // Agents by speed to people, of whom each is worth several.
            let people = set.map_or(1.0, |set| {
                let more =
                    search.needs.more((set, step), interval.target, &staffing, slack, targets);
                let planned = search.needs.sets[set].planned.iter();
                let speed = planned.map(|(_, speed)| *speed).fold(0.0, f64::max);
                (f64::from(more) / speed.max(1e-9)).clamp(1.0, MOST_MORE)
            });
            *short = short.max(people);
        }
    }
    short
}

fn has_room(search: &Search<'_, '_>, found: &RosterPlan, pattern: usize) -> bool {
    let cover = CoveringProgram {
        patterns: &found.patterns,
        shifts: &found.shifts,
        planned: search.evaluator.planned,
        sets: &[],
        needs: &[],
        control: search.evaluator.control,
    };
    cover.has_room(pattern, &found.roster.0)
}
