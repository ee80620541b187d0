//! A plan on days that the search for it never saw.
//!
//! A target for every interval of the day holds if it holds in each; that each of them is
//! confident enough makes all of them so (an intersection-union test: Berger 1982, Technometrics
//! 24). It is missed if one of them is missed for sure, at an error divided by their number
//! (Bonferroni). Several targets are tested one after the other at the levels of Holm 1979.
//!
//! What is short is raised and looked at again, and so is what is more than enough lowered. Where one
//! pool of agents serves everybody, on the same days: as a target is met no worse with more agents,
//! on the same days too, the head count of a step that is too small is called good only if the test
//! of the largest that is too small errs, as if it had been fixed beforehand. That bounds the error
//! of each step, not that of all steps together, which were each taken to where these days just
//! do: so it is told with the plan that its last changes were made by them. Other days have then said
//! the same of the reference days of one pool, 96 steps each. Where agents of several skills share
//! the work, or more agents may do harm, the raised plan is verified on yet other days, with a
//! share of the error allowed to each round.
//!
//! Figures are shown as they are, and that is what a run of the same days shows too. Verdicts are
//! found with the effect of how many contacts happened to come taken off (see
//! [`sample`](super::sample)): they need fewer days.

use super::evaluator::Evaluator;
use super::in_time;
use super::sample::{ExpectedArrivals, Sample, TargetEstimate};
use super::staffing::whole;
use super::targets::PlanTargets;
use crate::experiment::summary::{Expectation, Verdict};
use crate::experiment::{Catalog, Control, Options, RunError, Study, Summary};
use crate::judge::Target;
use crate::model::Model;
use crate::stats::{Estimate, normal_quantile};
use crate::time::SimTime;

mod verdicts;

use verdicts::{Verdicts, is_sum};

/// What is not sure enough for other days is raised until it is by so many standard errors more: of
/// hundreds of places none may turn out short there.
const MORE: f64 = 2.0;
/// Part of the days after which a plan that is clearly short is given up.
const GLANCE: u32 = 4;
/// Standard errors of those days that chance may be against it.
const FOR_IT: f64 = 0.7;
/// Fewest days to verify on, however few are asked for.
pub const FEWEST: u32 = 20;
/// Most days for the figures beside the targets.
const SUMMARIZED: u32 = 1000;
/// Fewest of them.
const FEWEST_SUMMARIZED: u32 = 100;
/// Contacts of all those days together that are enough, where no target is about such figures.
const SUMMARIZED_CONTACTS: f64 = 2.5e6;

/// What verification found.
#[derive(Clone, Debug)]
pub struct Verified {
    /// All figures, of the first days or all of them.
    pub summary: Summary,
    /// By target.
    pub outcomes: Vec<Expectation>,
    /// By target, what its verdict was found by; `None` where that is the estimate of the outcome.
    pub judged: Vec<Option<JudgedBy>>,
    /// Seed of the days.
    pub seed: u64,
    /// How many days.
    pub days: u32,
    /// Whether agents were added or taken out by what these days said.
    pub fitted: bool,
}

/// What a verdict was found by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JudgedBy {
    /// What was targeted, with the effect of what happened to come taken off. The target is met if
    /// all of the interval is on its side: as confident as all targets together ask for.
    pub estimate: Estimate,
    /// Where it is met least surely; `None`: over the whole day.
    pub at: Option<SimTime>,
}

/// What the days of one round say.
#[derive(Clone, Debug)]
pub struct Round {
    sample: Sample,
    /// By interval, the effect of what came taken off.
    known: Vec<Option<TargetEstimate>>,
    summary: Option<Summary>,
    seed: u64,
    /// By target, the figure that the report shows and its verdict.
    pub outcomes: Vec<Expectation>,
    judged: Vec<Option<JudgedBy>>,
    /// By interval, by how much the target is met more than it has to be to be sure enough, negative
    /// where it is not.
    pub slacks: Vec<Option<f64>>,
}

/// What came of looking at a plan.
#[derive(Clone, Debug)]
pub enum Verification {
    /// The first days have shown that targets are not met surely enough: by interval, by how much.
    Short(Vec<Option<f64>>),
    /// All days were simulated, or as many as there was time for.
    Whole(Box<Round>),
}

impl Round {
    fn days(&self) -> u32 {
        u32::try_from(self.sample.days()).unwrap_or(u32::MAX)
    }

    /// In how many intervals a target is not met by the days as they are, and in how many it is to
    /// be met.
    pub fn missed(&self, target: usize, targets: &PlanTargets) -> (usize, usize) {
        let own = targets.intervals.iter().enumerate();
        let own: Vec<usize> =
            own.filter(|(_, own)| own.target == target).map(|(index, _)| index).collect();
        let is_missed = |index: &&usize| {
            let known = self.sample.plain(**index);
            known.is_some_and(|known| targets.standard(**index).slack(known.value) < 0.0)
        };
        (own.iter().filter(is_missed).count(), own.len())
    }

    /// The verdict on all targets together.
    pub fn verdict(&self) -> Verdict {
        Verdict::all(self.outcomes.iter().map(|outcome| outcome.verdict))
    }
}

impl Verified {
    /// The verdict on all targets together.
    pub fn verdict(&self) -> Verdict {
        Verdict::all(self.outcomes.iter().map(|outcome| outcome.verdict))
    }
}

/// What a changed plan is verified on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reverify {
    /// Nothing: it is the first plan, for the case that there is no time for more.
    First,
    /// The same days.
    SameDays,
    /// Other days.
    OtherDays,
}

impl Reverify {
    /// Times that a plan may be verified.
    pub const fn rounds(self) -> u32 {
        match self {
            Self::First => 1,
            Self::SameDays => 6,
            Self::OtherDays => 3,
        }
    }

    /// The share of the error allowed in all that one round may make.
    pub fn share(self) -> f64 {
        /// Of the first plan, which is far on the safe side.
        const FIRST: f64 = 0.05;

        match self {
            Self::First => FIRST,
            Self::SameDays => 1.0 - FIRST,
            Self::OtherDays => (1.0 - FIRST) / f64::from(self.rounds()),
        }
    }
}

/// How to verify.
#[derive(Debug)]
pub struct Verifier<'a> {
    /// What is targeted, as it was read.
    pub expressions: &'a [Target],
    /// The same, as sums over days.
    pub targets: &'a PlanTargets,
    /// How sure all targets have to be together.
    pub confidence: f64,
    /// What a raised plan is verified on.
    pub again: Reverify,
    /// How many days.
    pub days: u32,
    /// Threads that simulate, when the days so far have to do, and when everything is to end.
    pub control: Control<'a>,
}

impl Verifier<'_> {
    /// Simulates a staffing on the days of `seed`: `model` has the reporting intervals of the
    /// scenario, `fine` those of the targets.
    ///
    /// # Errors
    /// When everything is to end, or memory would not do.
    pub fn evaluate(
        &self,
        (model, fine): (&Model, &Model),
        evaluator: &Evaluator<'_>,
        expected: &ExpectedArrivals,
        seed: u64,
    ) -> Result<Verification, RunError> {
        let own = Evaluator {
            seed,
            control: self.control.without_deadline(),
            simulated: std::cell::Cell::new(0),
            ..*evaluator
        };
        let glance = match self.again {
            Reverify::SameDays => self.days / GLANCE,
            Reverify::First | Reverify::OtherDays => 0,
        };
        let is_late = || (self.control.deadline)();
        let mut sample = own.sample_model(fine, 0..0)?;
        let mut done = 0;
        while let Some(batch) = in_time::next_batch(done, self.days, &self.control) {
            let next = if done < glance { batch.min(glance) } else { batch };
            sample.extend(own.sample_model(fine, done..next)?);
            evaluator.count(next - done);
            done = next;
            if done == glance && !is_late() {
                let short = self.clearly_short(&sample, expected)?;
                if short.iter().flatten().any(|slack| *slack < 0.0) {
                    return Ok(Verification::Short(short));
                }
            }
        }
        let known = sample.all_adjusted(self.targets, expected, &own.control)?;
        let mut round = Round {
            sample,
            known,
            summary: None,
            seed,
            outcomes: Vec::new(),
            judged: Vec::new(),
            slacks: Vec::new(),
        };
        let list = &self.targets.list;
        if list.iter().any(|found| !is_sum(found) || found.quantile().is_some()) {
            self.summarize(&mut round, model, evaluator, SUMMARIZED)?;
        }
        self.judge(&mut round);
        Ok(Verification::Whole(Box::new(round)))
    }

    /// By interval, how much a target will be met more than it has to be when all days are done,
    /// if chance is as much for it as can be expected of the days so far.
    fn clearly_short(
        &self,
        sample: &Sample,
        expected: &ExpectedArrivals,
    ) -> Result<Vec<Option<f64>>, RunError> {
        let reserve = self.reserve() / f64::from(self.days).sqrt();
        let known =
            sample.all_adjusted(self.targets, expected, &self.control.without_deadline())?;
        let of_cell = |(interval, known): (usize, Option<TargetEstimate>)| {
            let known = known?;
            let slack = self.targets.standard(interval).slack(known.value);
            Some(slack - reserve * known.spread + FOR_IT * known.error)
        };
        Ok(known.into_iter().enumerate().map(of_cell).collect())
    }

    /// The verified plan, with figures beside its targets.
    ///
    /// # Errors
    /// When everything is to end, or memory would not do.
    pub fn finish(
        &self,
        mut round: Round,
        model: &Model,
        evaluator: &Evaluator<'_>,
    ) -> Result<Verified, RunError> {
        if round.summary.is_none() {
            let days = whole(SUMMARIZED_CONTACTS / model.expected_arrivals().max(1.0));
            let days = days.clamp(FEWEST_SUMMARIZED, SUMMARIZED);
            self.summarize(&mut round, model, evaluator, days)?;
            self.judge(&mut round);
        }
        let days = round.days();
        Ok(Verified {
            summary: round.summary.ok_or(RunError::NothingFinished)?,
            outcomes: round.outcomes,
            judged: round.judged,
            seed: round.seed,
            days,
            fitted: false,
        })
    }

    fn summarize(
        &self,
        round: &mut Round,
        model: &Model,
        evaluator: &Evaluator<'_>,
        days: u32,
    ) -> Result<(), RunError> {
        let days = days.min(round.days());
        let options = Options { replications: Some(days), seed: Some(round.seed) };
        let control = self.control.without_deadline();
        let asked = Target::asked(self.expressions, &Catalog::new(model));
        let mut study = Study::new(model, &options, &asked);
        let mut done = 0;
        while let Some(next) = in_time::next_batch(done, days, &self.control) {
            done = next;
            study.advance(done, &control)?;
            if study.replications() < done {
                return Err(RunError::NothingFinished);
            }
        }
        let days = done;
        evaluator.count(days);
        round.summary = Some(study.summary(days));
        Ok(())
    }

    fn judge(&self, round: &mut Round) {
        let looked = Verdicts { verifier: self, round };
        let ((outcomes, judged), slacks) = (looked.judge(), looked.slacks());
        round.outcomes = outcomes;
        round.judged = judged;
        round.slacks = slacks;
    }

    /// Standard errors that a target is to be met by, where it is the hardest of all.
    pub fn reserve(&self) -> f64 {
        normal_quantile(1.0 - self.error() / self.targets.list.len() as f64)
    }

    /// The error that one round may make.
    fn error(&self) -> f64 {
        (1.0 - self.confidence) * self.again.share()
    }
}
