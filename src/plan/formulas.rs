//! Agents that contact types need, by queueing formulas: the start of a search, its sense of what
//! one agent more is worth, and what a spreadsheet would have bought.
//!
//! A set is a set of contact types served by one pool of agents, M/M/n+G with their rates added
//! up. With agents of several skills, every set of types needs at least so many agents who serve
//! one of them: those are the sets of the covering problem (methods of Cezik, L'Ecuyer 2008,
//! Management Science 54, and Pot, Bhulai, Koole 2008, M&SOM 10).

use super::load::Load;
use super::targets::{PlanTarget, RatioLimit, Sense, TargetFigure};
use crate::erlang::{self, Impatient};
use crate::metrics::definition::{ContactMetric, Waits};
use crate::model::{ContactType, Formula, Model};

/// Points at which a random level of the day is averaged.
const LEVELS: usize = 5;
/// More agents than this are never needed.
const MOST: u32 = 5_000_000;

mod fitted;

/// Contact types served by one pool of agents, in one step of the day.
#[derive(Clone, Debug)]
pub struct Pool<'a> {
    parts: Vec<(f64, &'a ContactType)>,
    /// Shares of the contacts by their patience, and a type that has it: types alike in it are one
    /// to the formulas, whose integrals ask for it again and again.
    patience: Vec<(f64, &'a ContactType)>,
    /// Contacts per second, on the mean day.
    rate: f64,
    /// Mean agent time, seconds.
    handling: f64,
    /// Factors of the day on the rate.
    levels: &'a [f64],
}

/// What queueing formulas say about a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum QueueFigure {
    /// A service level.
    Level(Formula),
    /// Abandoned of queued.
    Abandoned,
    /// Turned away, where nobody can wait.
    Blocked,
    /// Not answered at once.
    Delayed,
    /// Waits of at most so many seconds.
    Within(Waits, f64),
    /// Mean wait; whose is told apart by the simulation.
    Wait,
    /// Busy of staffed.
    Occupancy,
}

impl QueueFigure {
    /// What to compute for a target; `None`: there is no formula for it.
    pub fn of(target: &PlanTarget, model: &Model) -> Option<Self> {
        if let Some((waits, _)) = target.quantile() {
            return match target.what {
                TargetFigure::Contacts(..) if waits != Waits::ToHuman => {
                    Some(Self::Within(waits, target.limit))
                }
                _ => None,
            };
        }
        if let Some(formula) = target.formula(model) {
            return Some(Self::Level(formula));
        }
        match target.what {
            TargetFigure::Contacts(_, metric) => match metric {
                ContactMetric::AbandonmentRate => Some(Self::Abandoned),
                ContactMetric::BlockingRate => Some(Self::Blocked),
                ContactMetric::DelayProbability => Some(Self::Delayed),
                ContactMetric::WaitMean
                | ContactMetric::WaitAllMean
                | ContactMetric::ExcessWait => Some(Self::Wait),
                _ => None,
            },
            TargetFigure::Group(_, definition) if definition.path == "occupancy" => {
                Some(Self::Occupancy)
            }
            TargetFigure::Group(..) | TargetFigure::Bot(_) | TargetFigure::Handled { .. } => None,
        }
    }
}

/// Factors of the day at which formulas are averaged: the means of equally likely slices would be
/// exact to second order; their medians are simpler and as good here.
pub fn busyness_levels(model: &Model) -> Vec<f64> {
    let own = model.contact_types.iter().map(|kind| kind.busyness).fold(0.0, f64::max);
    let cv = ((1.0 + own * own) * (1.0 + model.busyness * model.busyness) - 1.0).sqrt();
    if cv <= 0.0 {
        return vec![1.0];
    }
    let quantile = |at: usize| {
        let p = (at as f64 + 0.5) / LEVELS as f64;
        crate::stats::gamma_quantile(cv, p)
    };
    let levels: Vec<f64> = (0..LEVELS).map(quantile).collect();
    let mean = levels.iter().sum::<f64>() / LEVELS as f64;
    levels.iter().map(|level| level / mean).collect()
}

impl<'a> Pool<'a> {
    /// The pool for some types in one step.
    pub fn new(
        types: &[usize],
        step: usize,
        load: &Load,
        model: &'a Model,
        levels: &'a [f64],
    ) -> Self {
        let mut pool =
            Self { parts: Vec::new(), patience: Vec::new(), rate: 0.0, handling: 0.0, levels };
        let mut busy = 0.0;
        for index in types {
            let offered = load.offered[*index][step];
            let rate = offered / load.handling[*index];
            if rate > 0.0 {
                pool.parts.push((rate, &model.contact_types[*index]));
                pool.rate += rate;
                busy += offered;
            }
        }
        if pool.rate > 0.0 {
            pool.handling = busy / pool.rate;
        }
        for (rate, kind) in &pool.parts {
            let share = rate / pool.rate;
            let mut known = pool.patience.iter_mut();
            match known.find(|(_, known)| known.patience == kind.patience) {
                Some((sum, _)) => *sum += share,
                None => pool.patience.push((share, kind)),
            }
        }
        pool
    }

    /// The pool with the rates of the step itself, on the mean day: what a spreadsheet knows.
    pub fn of_rates(types: &[usize], step: usize, load: &Load, model: &'a Model) -> Self {
        const MEAN: &[f64] = &[1.0];
        let mut plain = load.clone();
        for index in types {
            plain.offered[*index][step] = load.rates[*index][step] * load.handling[*index];
        }
        Pool::new(types, step, &plain, model, MEAN)
    }

    /// Offered load, erlangs.
    pub fn offered(&self) -> f64 {
        self.rate * self.handling
    }

    /// Contacts per second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Mean agent time, seconds.
    pub fn handling(&self) -> f64 {
        self.handling
    }

    /// The ratio that a target is about with so many agents, in the terms of its standard.
    pub fn value(&self, analytic: QueueFigure, agents: u32) -> f64 {
        let (mut x, mut y) = (0.0, 0.0);
        for level in self.levels {
            let (numerator, denominator) = self.pair(analytic, agents, *level);
            x += level * numerator;
            y += level * denominator;
        }
        if y > 0.0 { x / y } else { 0.0 }
    }

    fn pair(&self, analytic: QueueFigure, agents: u32, level: f64) -> (f64, f64) {
        match analytic {
            QueueFigure::Blocked => (erlang::blocking(self.offered() * level, agents), 1.0),
            QueueFigure::Occupancy => {
                let found = self.at(agents, level, 0.0);
                let busy = self.offered() * level * (1.0 - found.abandoned);
                (busy.min(f64::from(agents)) / level, f64::from(agents) / level)
            }
            QueueFigure::Abandoned => (self.at(agents, level, 0.0).abandoned, 1.0),
            QueueFigure::Delayed => (1.0 - self.at(agents, level, 0.0).no_wait, 1.0),
            QueueFigure::Wait => (self.mean_wait(agents, level), 1.0),
            QueueFigure::Within(waits, limit) => {
                let found = self.at(agents, level, limit);
                match waits {
                    Waits::All => (found.answered_within + found.abandoned_within, 1.0),
                    Waits::Answered | Waits::ToHuman => {
                        (found.answered_within, 1.0 - found.abandoned)
                    }
                }
            }
            QueueFigure::Level(formula) => self.level(formula, agents, level),
        }
    }

    fn level(&self, formula: Formula, agents: u32, level: f64) -> (f64, f64) {
        let (mut x, mut y) = (0.0, 0.0);
        let mut last: Option<(f64, Impatient)> = None;
        for (rate, kind) in &self.parts {
            let threshold = kind.service_level.answer_within.as_seconds();
            let found = match last {
                Some((same, found)) if same.to_bits() == threshold.to_bits() => found,
                _ => self.at(agents, level, threshold),
            };
            last = Some((threshold, found));
            let (numerator, denominator) = match formula {
                Formula::ExclQuickAbandons => (found.answered_within, 1.0 - found.abandoned_within),
                Formula::Strict => (found.answered_within, 1.0),
                Formula::AnsweredOnly => (found.answered_within, 1.0 - found.abandoned),
                Formula::AbandonInTimeOk => (found.answered_within + found.abandoned_within, 1.0),
            };
            x += rate * numerator;
            y += rate * denominator;
        }
        (x, y)
    }

    /// Exact for exponential patience, where contacts leave at the rate at which they wait; and
    /// Erlang C where everybody waits for ever.
    fn mean_wait(&self, agents: u32, level: f64) -> f64 {
        let offered = self.offered() * level;
        let known: Option<f64> =
            self.parts.iter().map(|(rate, kind)| Some(rate * kind.patience.as_ref()?.mean())).sum();
        match known {
            Some(sum) => self.at(agents, level, 0.0).abandoned * sum / self.rate,
            None => erlang::mean_wait(offered, agents, self.handling).unwrap_or(1e9),
        }
    }

    fn at(&self, agents: u32, level: f64, threshold: f64) -> Impatient {
        let never =
            Impatient { no_wait: 0.0, abandoned: 1.0, answered_within: 0.0, abandoned_within: 0.0 };
        if agents == 0 {
            return never;
        }
        let rate = self.rate * level;
        if self.parts.iter().all(|(_, kind)| kind.patience.is_none()) {
            let offered = rate * self.handling;
            let answered_within = erlang::service_level(offered, agents, self.handling, threshold);
            return Impatient {
                no_wait: 1.0 - erlang::delay_probability(offered, agents),
                abandoned: 0.0,
                answered_within,
                abandoned_within: 0.0,
            };
        }
        let survival = |wait: f64| -> f64 {
            let patient = |(share, kind): &(f64, &ContactType)| {
                let law = kind.patience.as_ref();
                share * law.map_or(1.0, |law| 1.0 - law.cdf(wait))
            };
            self.patience.iter().map(patient).sum()
        };
        erlang::general_patience(rate, agents, self.handling, survival, threshold).unwrap_or(never)
    }

    /// The fewest agents with whom the slack is at least `extra`; a target that more agents do
    /// not help, such as a high occupancy, asks for none.
    pub fn fewest(&self, analytic: QueueFigure, standard: RatioLimit, extra: f64) -> u32 {
        if self.rate <= 0.0 {
            return 0;
        }
        let enough = |agents| standard.slack(self.value(analytic, agents)) >= extra;
        // Nobody is never too busy, and yet not enough for those who come.
        if analytic != QueueFigure::Occupancy && enough(0) {
            return 0;
        }
        // A little below the load is where a search that doubles its steps begins well.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "loads are far below 2^32 erlangs"
        )]
        let near = (self.offered() - 2.0 * self.offered().sqrt()).max(0.0) as u32;
        let least = if near > 0 && !enough(near) { near } else { 0 };
        if least == 0 && near > 0 {
            return erlang::fewest_agents(0, |agents| agents >= MOST || enough(agents));
        }
        erlang::fewest_agents(least, |agents| agents >= MOST || enough(agents))
    }

    /// What one agent more adds to the slack; at least a trifle, so that it can be divided by.
    pub fn slope(&self, analytic: QueueFigure, standard: RatioLimit, agents: u32) -> f64 {
        let at = |agents| standard.slack(self.value(analytic, agents));
        (at(agents + 1) - at(agents)).abs().max(1e-6)
    }

    /// Loss per second where the ratio that a target is about is this: contacts that it would rather
    /// not see, or the seconds that they wait.
    fn loss(&self, sense: Sense, value: f64) -> f64 {
        let loss = match sense {
            Sense::AtLeast => 1.0 - value,
            Sense::AtMost => value,
        };
        self.rate * loss
    }

    /// The fewest agents beyond whom one more takes less than `shadow_price` losses per second away; `value`
    /// is the ratio that the target is about with so many agents.
    pub fn agents_at_price(
        &self,
        sense: Sense,
        shadow_price: f64,
        value: &dyn Fn(u32) -> f64,
    ) -> u32 {
        if self.rate <= 0.0 {
            return 0;
        }
        // Below the load the loss falls in a nearly straight line, above it faster and faster to
        // nothing: the last agent worth having is found from above.
        let offered = self.offered();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "loads are far below 2^32 erlangs"
        )]
        let (low, stable, high) = (
            (offered * 0.7) as u32,
            offered as u32 + 1,
            (offered + 6.0 * offered.sqrt()) as u32 + 12,
        );
        let loss = |agents| self.loss(sense, value(agents));
        let gain = |agents| loss(agents) - loss(agents + 1);
        let last = |mut few: u32, mut many: u32| {
            while many - few > 1 {
                let middle = few + (many - few) / 2;
                if gain(middle) >= shadow_price {
                    few = middle;
                } else {
                    many = middle;
                }
            }
            many
        };
        if gain(low) < shadow_price {
            // Where nobody gives up, fewer agents than the load do nothing for anybody, and the first
            // beyond it much: worth having are all of them or none.
            let enough = last(stable, high);
            let all = loss(low) - loss(enough);
            return if all >= shadow_price * f64::from(enough - low) { enough } else { low.min(1) };
        }
        last(low, high)
    }
}
