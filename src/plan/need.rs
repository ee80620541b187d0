//! What each set of contact types needs in each step: by formulas at first, then corrected by what
//! simulated days say.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::cover::{Cover, Row, present_at};
use super::load::Load;
use super::promise::{Promise, Promises, Sense, Standard};
use super::requirement::{Analytic, Pool};
use super::staffing::{Grid, Planned, Staffing};
use crate::model::{Formula, Model};

mod correct;
mod formula;

pub use correct::Look;

/// A promise that no formula knows is begun like this service level.
const PROXY: (Analytic, f64) = (Analytic::Level(Formula::Strict), 0.8);

/// Formulas, what they say, and what was learned since.
#[derive(Debug)]
pub struct Needs<'a> {
    /// The model, for names, thresholds and patience.
    pub model: &'a Model,
    /// What reaches agents.
    pub load: &'a Load,
    /// Sets of types, and who serves them.
    pub rows: &'a [Row],
    /// Groups that may be staffed.
    pub planned: &'a [Planned],
    /// Steps of the day.
    pub grid: &'a Grid,
    levels: &'a [f64],
    /// By promise: what a formula computes for it.
    analytic: Vec<(Analytic, bool)>,
    /// By type: the strictest limits that are to hold in every stretch.
    limits: Vec<Vec<(Analytic, Standard)>>,
    /// By row, then step.
    need: Vec<Vec<u32>>,
    /// By step, then group of the scenario: who is there anyway.
    present: Vec<Vec<u32>>,
    /// What formulas have said about promises over the day, by promise, row, step and agents: how
    /// much an agent is worth is found by asking for the same ones again and again.
    values: RefCell<BTreeMap<(usize, usize, usize, u32), f64>>,
    /// By promise over the day: how many losses a second one agent must prevent to be worth having.
    pub worth: Vec<Option<f64>>,
}

impl<'a> Needs<'a> {
    /// What formulas say.
    pub fn new(
        promises: &Promises,
        (model, load): (&'a Model, &'a Load),
        (rows, planned): (&'a [Row], &'a [Planned]),
        grid: &'a Grid,
        levels: &'a [f64],
    ) -> Self {
        let analytic = |promise: &Promise| match Analytic::of(promise, model) {
            Some(analytic) => (analytic, true),
            None => (PROXY.0, false),
        };
        let steps = grid.steps();
        let mut needs = Self {
            model,
            load,
            rows,
            planned,
            grid,
            levels,
            analytic: promises.list.iter().map(analytic).collect(),
            limits: vec![Vec::new(); model.contact_types.len()],
            need: Vec::new(),
            present: (0..steps).map(|step| present_at(model, grid.start(step))).collect(),
            values: RefCell::default(),
            worth: vec![None; promises.list.len()],
        };
        for (index, promise) in promises.list.iter().enumerate() {
            if is_within_steps(promise, grid) {
                needs.limit(index, promise);
            }
        }
        needs.need = rows
            .iter()
            .map(|row| (0..steps).map(|step| needs.by_formula(row, step, 0.0)).collect())
            .collect();
        needs
    }

    /// Takes a promise for every stretch into the limits of its types, the stricter where there is
    /// one of the kind already.
    fn limit(&mut self, index: usize, promise: &Promise) {
        let (analytic, known) = self.analytic[index];
        let standard = standard(promise, known);
        for member in promise.members(self.model) {
            let limits = &mut self.limits[member];
            match limits.iter_mut().find(|(other, _)| *other == analytic) {
                Some((_, other)) => {
                    let is_stricter = match standard.sense {
                        Sense::AtLeast => standard.limit > other.limit,
                        Sense::AtMost => standard.limit < other.limit,
                    };
                    if is_stricter {
                        *other = standard;
                    }
                }
                None => limits.push((analytic, standard)),
            }
        }
    }

    /// The pool of a row in a step.
    pub fn pool(&self, row: &Row, step: usize) -> Pool<'_> {
        Pool::new(&row.types, step, self.load, self.model, self.levels)
    }

    /// The fewest agents by formulas with whom every promise for a stretch has a margin of `extra`.
    /// Where types have different limits, the mean of them weighted by load holds for the row.
    pub fn by_formula(&self, row: &Row, step: usize, extra: f64) -> u32 {
        let pool = self.pool(row, step);
        let mut kinds: Vec<(Analytic, Standard, f64)> = Vec::new();
        for member in &row.types {
            let weight = self.load.offered[*member][step].max(1e-12);
            for (analytic, standard) in &self.limits[*member] {
                match kinds.iter_mut().find(|(other, ..)| other == analytic) {
                    Some((_, mean, total)) => {
                        *total += weight;
                        mean.limit += (standard.limit - mean.limit) * weight / *total;
                    }
                    None => kinds.push((*analytic, *standard, weight)),
                }
            }
        }
        let fewest = |(analytic, standard, _): &(Analytic, Standard, f64)| {
            pool.fewest(*analytic, *standard, extra)
        };
        kinds.iter().map(fewest).max().unwrap_or(0)
    }

    /// What a row needs in a step, with what promises over the day make worth having.
    fn need(&self, row: usize, step: usize, promises: &Promises) -> u32 {
        let mut need = self.need[row][step];
        for (index, worth) in self.worth.iter().enumerate() {
            let Some(worth) = worth else { continue };
            let promise = &promises.list[index];
            let members = promise.members(self.model);
            let types = &self.rows[row].types;
            if types.iter().any(|member| members.contains(member)) {
                let sense = standard(promise, self.analytic[index].1).sense;
                let pool = self.pool(&self.rows[row], step);
                let value = |agents| self.value(index, (row, step), agents);
                need = need.max(pool.worthwhile(sense, *worth, &value));
            }
        }
        need
    }

    /// What the formula says that the ratio of a promise is, with so many agents in a row.
    fn value(&self, promise: usize, (row, step): (usize, usize), agents: u32) -> f64 {
        let mut values = self.values.borrow_mut();
        let value = values.entry((promise, row, step, agents));
        *value.or_insert_with(|| {
            self.pool(&self.rows[row], step).value(self.analytic[promise].0, agents)
        })
    }

    /// The cheapest staffing that covers the needs.
    pub fn cover(&self, promises: &Promises) -> Staffing {
        self.cover_with(&|row, step| self.need(row, step, promises))
    }

    /// The cheapest staffing that gives each row so many agents in each step.
    pub fn cover_with(&self, need: &dyn Fn(usize, usize) -> u32) -> Staffing {
        let mut cover = Cover::new(self.rows, self.planned);
        let mut staffing = Staffing(vec![Vec::new(); self.planned.len()]);
        for step in 0..self.grid.steps() {
            let needs: Vec<u32> = (0..self.rows.len()).map(|row| need(row, step)).collect();
            let found = cover.step(&needs, &self.present[step]);
            for (counts, agents) in staffing.0.iter_mut().zip(found) {
                counts.push(agents);
            }
        }
        staffing
    }

    /// Agents who are there anyway and count for a row, by speed.
    pub fn fixed(&self, row: &Row, step: usize) -> f64 {
        let fixed = row.fixed.iter();
        fixed.map(|(group, speed)| speed * f64::from(self.present[step][*group])).sum()
    }

    /// Agents of a staffing who count for a row, by speed.
    pub(super) fn staff(&self, row: &Row, step: usize, staffing: &Staffing) -> f64 {
        let planned = row.planned.iter();
        let planned: f64 =
            planned.map(|(place, speed)| speed * f64::from(staffing.0[*place][step])).sum();
        planned + self.fixed(row, step)
    }

    /// The same in whole agents, by place of the row.
    pub fn staff_of(&self, row: usize, step: usize, staffing: &Staffing) -> u32 {
        whole(self.staff(&self.rows[row], step, staffing))
    }

    /// Agents of the first group of a row whom it needs in a step by formula, where they serve it alone.
    pub fn staff_for(&self, row: usize, step: usize) -> u32 {
        let found = &self.rows[row];
        let (speed, fixed) = (found.planned[0].1, self.fixed(found, step));
        let need = f64::from(self.by_formula(found, step, 0.0));
        whole(((need - fixed) / speed).ceil())
    }

    /// What one agent more in a row adds to the margin of a promise, by formula.
    pub fn slope(
        &self,
        promise: usize,
        row: &Row,
        step: usize,
        agents: u32,
        all: &Promises,
    ) -> f64 {
        let (analytic, known) = self.analytic[promise];
        let standard = standard(&all.list[promise], known);
        self.pool(row, step).slope(analytic, standard, agents)
    }

    /// How many agents more a row needs for a promise, where a staffing has left this margin.
    pub(super) fn more(
        &self,
        (row, step): (usize, usize),
        promise: usize,
        staffing: &Staffing,
        margin: f64,
        promises: &Promises,
    ) -> u32 {
        let agents = whole(self.staff(&self.rows[row], step, staffing));
        self.wanted((row, step), promise, agents, margin, promises).saturating_sub(agents)
    }

    /// How many agents a row needs for a promise, where so many have left this margin.
    pub(super) fn wanted(
        &self,
        (row, step): (usize, usize),
        promise: usize,
        agents: u32,
        margin: f64,
        promises: &Promises,
    ) -> u32 {
        let (analytic, known) = self.analytic[promise];
        let standard = standard(&promises.list[promise], known);
        let pool = self.pool(&self.rows[row], step);
        let fitted = pool.fitted(analytic, standard, agents, margin);
        fitted.fewest(analytic, standard, 0.0)
    }

    /// Needs by row and step, those of promises over the day included.
    pub fn all(&self, promises: &Promises) -> Vec<Vec<u32>> {
        (0..self.rows.len())
            .map(|row| (0..self.grid.steps()).map(|step| self.need(row, step, promises)).collect())
            .collect()
    }
}

/// Whether what is promised is about single steps, so that agents needed in a step tell whether it
/// is kept: in every stretch of the day, or of a day of one step.
pub fn is_within_steps(promise: &Promise, grid: &Grid) -> bool {
    promise.every.is_some() || grid.steps() == 1 && promise.days.is_none()
}

/// What a formula holds a promise against, on average over days.
fn standard(promise: &Promise, known: bool) -> Standard {
    if known {
        let mut average = promise.clone();
        average.days = None;
        average.standard()
    } else {
        Standard { sense: Sense::AtLeast, limit: PROXY.1 }
    }
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
