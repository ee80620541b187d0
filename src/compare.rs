//! Options side by side on the same customers.
//!
//! All options run the same replications with the same seed, so that they see the same customers.
//! Each is held against the first, replication by replication ([`paired`]); all of them against
//! each other ([`best`]). Replications are added until the differences that matter are decided, at
//! looks planned beforehand: the errors of all looks together stay within 5 % for each difference,
//! because every look has its share of them (Bonferroni).

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::experiment::catalog::Statistic;
use crate::experiment::summary::Summary;
use crate::experiment::{Asked, CONFIDENCE, Catalog, Keep, Options, RunError, Study};
use crate::metrics::definition::{Better, Unit};
use crate::model::Model;
use crate::stats::{Estimate, Influence};

pub mod best;
mod notes;
pub mod paired;

use best::Selection;
pub use paired::Change;

/// The sum of what all groups cost, unknown unless each of them has a price: no figure of one report,
/// but what every option is held against.
pub const COST: &str = "cost";

/// Figures whose differences are decided where nothing else is asked for.
pub const DECISIVE: [&str; 3] = ["wait.mean", "service_level", "abandonment_rate"];

/// Figures of which the best options are told where nothing else is asked for.
pub const HEADLINES: [&str; 6] = [
    "wait.mean",
    "wait.p95",
    "service_level",
    "abandonment_rate",
    "backlog.peak",
    COST,
];

/// Shares whose difference is known to less than this are as good as decided.
const CLOSE_SHARE: f64 = 0.002;
/// The same for all other figures, as a part of the first option's.
const CLOSE: f64 = 0.01;

/// Most looks at the results.
const MOST_LOOKS: usize = 8;

/// One of the options.
#[derive(Debug)]
pub struct Contender<'m> {
    /// What it is called; unique.
    pub name: String,
    /// Its model.
    pub model: &'m Model,
}

/// How to compare.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Threads and seed; the first model's seed where there is none.
    pub options: Options,
    /// Replications before the first look; at least 2 tell something.
    pub first_look: u32,
    /// No more replications than this.
    pub at_most: u32,
    /// Figures of which the best options are told.
    pub show: Vec<String>,
    /// When to stop before `at_most`.
    pub goal: Goal,
}

/// When a comparison is decided.
#[derive(Clone, Debug, PartialEq)]
pub enum Goal {
    /// As soon as the differences of these figures from the first option are.
    Differences(Vec<String>),
    /// As soon as one option is picked.
    Pick {
        /// By this figure.
        path: String,
        /// Options that are so near to the best are as good.
        zone: f64,
    },
}

/// The results of all options.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// In the order given; the first is what the others are held against.
    pub options: Vec<Compared>,
    /// For each figure shown that has a direction: which options cannot be told from the best, by
    /// index. Figures that some option does not have are left out.
    pub best: Vec<(String, Vec<usize>)>,
    /// The option picked, where that was the goal and it was reached.
    pub pick: Option<usize>,
    /// Confidence of each interval: so that those of all looks together reach 95 %.
    pub confidence: f64,
    /// Replications of each option.
    pub replications: u32,
    /// Figures whose difference is still undecided for some option.
    pub undecided: Vec<String>,
    /// Whether it was stopped before it was decided.
    pub partial: bool,
    /// What cannot be compared, in sentences.
    pub notes: Vec<String>,
}

/// One option.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What it is called.
    pub name: String,
    /// Its results.
    pub summary: Summary,
    /// Its cost, as [`COST`].
    pub cost: Estimate,
    /// How it differs from the first; empty for the first. In the order of the report.
    pub differences: Vec<Difference>,
}

/// How a figure differs from that of the first option.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Path of the figure.
    pub path: String,
    /// What its numbers mean.
    pub unit: Unit,
    /// This option minus the first, with the paired interval.
    pub estimate: Estimate,
    /// What that means.
    pub change: Change,
}

impl Compared {
    /// The difference at a path, if both options have the figure.
    pub fn difference(&self, path: &str) -> Option<&Difference> {
        self.differences.iter().find(|known| known.path == path)
    }

    /// The estimate at a path of the report, or of [`COST`].
    pub fn estimate(&self, path: &str) -> Estimate {
        if path == COST {
            return self.cost;
        }
        let figure = self.summary.figure(path);
        figure.map_or(Estimate::UNKNOWN, |figure| figure.estimate)
    }
}

/// What is known of a figure that can be compared: its unit and which direction is better.
pub fn meaning(path: &str, catalog: &Catalog) -> Option<(Unit, Better)> {
    if path == COST {
        return Some((Unit::Money, Better::Lower));
    }
    let known = catalog.get(path).filter(|known| known.is_of_day)?;
    Some((known.unit, known.better))
}

/// Runs all options until the goal is reached. `progress` is told how many replications of all
/// options are done, of how many at most.
///
/// # Errors
/// When `stop` is set before anything is finished, or memory would not do.
///
/// # Panics
/// Without a contender.
pub fn run(
    contenders: &[Contender<'_>],
    settings: &Settings,
    progress: &(dyn Fn(u32, u32) + Sync),
    stop: &AtomicBool,
) -> Result<Comparison, RunError> {
    let mut field = Field::new(contenders, settings);
    let looks = looks(settings.first_look, settings.at_most);
    let confidence = 1.0 - (1.0 - CONFIDENCE) / looks.len() as f64;
    let mut referee = Referee::new(settings, &field.catalogs[0], confidence);
    let mut is_settled = false;
    for look in looks {
        field.advance(look, settings.at_most, progress, stop)?;
        if field.is_stopped(look) {
            break;
        }
        is_settled = referee.look(&field, look);
        if is_settled {
            break;
        }
    }
    let replications = field.studies[0].replications();
    if replications == 0 {
        return Err(RunError::NothingFinished);
    }
    let partial = stop.load(Ordering::Relaxed) && !is_settled && replications < settings.at_most;
    Ok(Comparison {
        options: field.compared(confidence, partial),
        best: field.best(&settings.show, confidence),
        pick: referee.pick(),
        confidence,
        replications,
        undecided: referee.undecided,
        partial,
        notes: notes::notes(contenders),
    })
}

/// How many replications to have at each look: twice as many as before, as long as there are few
/// looks; the last is at `at_most`.
fn looks(first: u32, at_most: u32) -> Vec<u32> {
    let doubled = std::iter::successors(Some(first), |look| look.checked_mul(2));
    let mut looks: Vec<u32> = doubled
        .take_while(|look| look.saturating_mul(3) / 2 < at_most)
        .take(MOST_LOOKS - 1)
        .collect();
    looks.push(at_most);
    looks
}

/// The options while they run.
struct Field<'m> {
    names: Vec<String>,
    studies: Vec<Study<'m>>,
    catalogs: Vec<Catalog>,
    threads: usize,
}

impl<'m> Field<'m> {
    fn new(contenders: &[Contender<'m>], settings: &Settings) -> Self {
        let asked = Asked {
            keep: Keep::Observations,
            ..Asked::NOTHING
        };
        // One seed for all: that of the first.
        let seed = settings.options.seed.unwrap_or(contenders[0].model.seed);
        let options = Options {
            seed: Some(seed),
            ..settings.options.clone()
        };
        let all = contenders.iter();
        Self {
            names: all.clone().map(|one| one.name.clone()).collect(),
            studies: all
                .clone()
                .map(|one| Study::new(one.model, &options, &asked))
                .collect(),
            catalogs: all.map(|one| Catalog::new(one.model)).collect(),
            threads: options.threads.max(1),
        }
    }

    /// Brings all options to so many replications, a few at a time. When it is stopped, those that
    /// lag behind the furthest are brought up to it: only as many days of all can be compared.
    fn advance(
        &mut self,
        until: u32,
        at_most: u32,
        progress: &(dyn Fn(u32, u32) + Sync),
        stop: &AtomicBool,
    ) -> Result<(), RunError> {
        let step = u32::try_from(2 * self.threads).unwrap_or(u32::MAX).max(4);
        let count = u32::try_from(self.studies.len()).unwrap_or(u32::MAX);
        let mut done = self.studies[0].replications();
        while done < until && !stop.load(Ordering::Relaxed) {
            let next = done.saturating_add(step).min(until);
            for (at, study) in self.studies.iter_mut().enumerate() {
                let before = done.saturating_mul(count);
                let others = u32::try_from(at)
                    .unwrap_or(u32::MAX)
                    .saturating_mul(next - done);
                let tell = |own: u32| {
                    progress(
                        before + others + (own - done),
                        at_most.saturating_mul(count),
                    );
                };
                study.advance(next, &tell, stop)?;
            }
            done = next;
        }
        let most = self.studies.iter().map(Study::replications).max();
        let never = AtomicBool::new(false);
        for study in &mut self.studies {
            study.advance(most.unwrap_or(0), &|_| {}, &never)?;
        }
        Ok(())
    }

    fn is_stopped(&self, look: u32) -> bool {
        self.studies[0].replications() < look
    }

    /// The figure of an option with its influences.
    fn influence(&self, option: usize, path: &str) -> Option<Influence> {
        let study = &self.studies[option];
        if path != COST {
            return study.influence(path);
        }
        let groups = study.model().groups.iter();
        let mut costs = groups.map(|group| study.influence(&format!("groups.{}.cost", group.name)));
        // What one group costs is unknown: so is the sum.
        let first = costs.next()??;
        costs.try_fold(first, |sum, cost| sum.combine(1.0, &cost?, 1.0))
    }

    fn difference(&self, option: usize, path: &str, confidence: f64) -> Estimate {
        let (own, first) = (self.influence(option, path), self.influence(0, path));
        paired::difference(own.as_ref(), first.as_ref(), confidence)
    }

    fn compared(&self, confidence: f64, partial: bool) -> Vec<Compared> {
        let replications = self.studies[0].replications();
        // A summary is partial when it has fewer replications than wanted.
        let wanted = replications + u32::from(partial);
        let one = |option: usize| Compared {
            name: self.names[option].clone(),
            summary: self.studies[option].summary(wanted),
            cost: self
                .influence(option, COST)
                .map_or(Estimate::UNKNOWN, |cost| cost.estimate(CONFIDENCE)),
            differences: self.differences(option, confidence),
        };
        (0..self.studies.len()).map(one).collect()
    }

    /// All figures with a direction that this option and the first both have.
    fn differences(&self, option: usize, confidence: f64) -> Vec<Difference> {
        if option == 0 {
            return Vec::new();
        }
        let models = (self.studies[option].model(), self.studies[0].model());
        let paths = self.catalogs[option].figures().iter();
        let paths = paths.map(|known| known.path.as_str()).chain([COST]);
        let difference = |path: &str| {
            let (unit, better) = meaning(path, &self.catalogs[option])?;
            meaning(path, &self.catalogs[0])?;
            if !notes::is_comparable(unit, models) {
                return None;
            }
            let estimate = self.difference(option, path, confidence);
            Some(Difference {
                path: path.to_owned(),
                unit,
                estimate,
                change: Change::of(estimate, better)?,
            })
        };
        paths.filter_map(difference).collect()
    }

    /// Which options cannot be told from the best, by each figure that all of them have.
    fn best(&self, show: &[String], confidence: f64) -> Vec<(String, Vec<usize>)> {
        let best = |path: &String| {
            let meanings = self.catalogs.iter().map(|catalog| meaning(path, catalog));
            let (unit, better) = meanings.collect::<Option<Vec<_>>>()?.first().copied()?;
            let first = self.studies[0].model();
            let mut models = self.studies.iter().map(Study::model);
            if better == Better::Neither || !models.all(|m| notes::is_comparable(unit, (m, first)))
            {
                return None;
            }
            let figures: Vec<Option<Influence>> = (0..self.studies.len())
                .map(|option| self.influence(option, path))
                .collect();
            // Who has not cleared the backlog is not the best; but of figures that one option cannot
            // have, such as a cost that nobody wrote down, none is.
            let is_until = self.catalogs[0]
                .get(path)
                .is_some_and(|known| known.statistic == Statistic::Until);
            let is_known = figures.iter().all(Option::is_some);
            (is_known || is_until).then(|| {
                let best = best::best(&figures, better, confidence);
                (path.clone(), best)
            })
        };
        show.iter().filter_map(best).collect()
    }
}

/// Says when it is decided.
struct Referee {
    confidence: f64,
    /// Figures that decide, with what they mean.
    decisive: Vec<(String, Unit, Better)>,
    selection: Option<Selection>,
    undecided: Vec<String>,
}

impl Referee {
    fn new(settings: &Settings, catalog: &Catalog, confidence: f64) -> Self {
        let known = |path: &String| {
            let (unit, better) = meaning(path, catalog)?;
            Some((path.clone(), unit, better))
        };
        let (decisive, selection) = match &settings.goal {
            Goal::Differences(paths) => (paths.iter().filter_map(known).collect(), None),
            Goal::Pick { path, zone } => {
                let decisive: Vec<_> = known(path).into_iter().collect();
                let better = decisive.first().map_or(Better::Neither, |known| known.2);
                (decisive, Some(Selection::new(better, *zone, CONFIDENCE)))
            }
        };
        Self {
            confidence,
            decisive,
            selection,
            undecided: Vec::new(),
        }
    }

    /// Looks at the results; `true`: nothing more is to be known.
    fn look(&mut self, field: &Field<'_>, replications: u32) -> bool {
        let mut undecided = BTreeSet::new();
        for (at, (path, unit, better)) in self.decisive.iter().enumerate() {
            let first = field.influence(0, path).map(|figure| figure.value);
            for option in 1..field.studies.len() {
                let difference = field.difference(option, path, self.confidence);
                if !is_decided(difference, first, *unit, *better) {
                    undecided.insert(at);
                }
            }
        }
        let named = undecided.into_iter().map(|at| self.decisive[at].0.clone());
        self.undecided = named.collect();
        match (&mut self.selection, self.decisive.first()) {
            (Some(selection), Some((path, ..))) => {
                let figures: Vec<Option<Influence>> = (0..field.studies.len())
                    .map(|option| field.influence(option, path))
                    .collect();
                selection.look(&figures, replications).len() == 1
            }
            _ => self.undecided.is_empty(),
        }
    }

    fn pick(&self) -> Option<usize> {
        match self.selection.as_ref()?.left() {
            [one] => Some(*one),
            _ => None,
        }
    }
}

/// Whether a difference is known to be better or worse, or to be too small to matter. What is
/// unknown does not become known by more replications.
fn is_decided(difference: Estimate, first: Option<f64>, unit: Unit, better: Better) -> bool {
    let change = Change::of(difference, better);
    let (Some(half), Some(first)) = (difference.half_width(), first) else {
        return difference.value.is_none();
    };
    let close = match unit {
        Unit::Share => CLOSE_SHARE,
        _ => CLOSE * first.abs(),
    };
    matches!(change, Some(Change::Better | Change::Worse)) || half <= close
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_few_and_end_at_the_cap() {
        assert_eq!(looks(100, 100), [100]);
        assert_eq!(looks(100, 120), [120]);
        assert_eq!(looks(100, 1000), [100, 200, 400, 1000]);
        assert_eq!(looks(30, 20), [20]);
        assert_eq!(looks(1, 1_000_000).len(), MOST_LOOKS);
    }

    #[test]
    fn a_difference_too_small_to_matter_is_decided_too() {
        let decided = |value, half, first, unit| {
            is_decided(
                Estimate::around(value, half),
                Some(first),
                unit,
                Better::Lower,
            )
        };
        assert!(decided(-3.0, 2.0, 10.0, Unit::Seconds));
        assert!(!decided(-1.0, 2.0, 10.0, Unit::Seconds));
        assert!(decided(-0.01, 0.1, 10.0, Unit::Seconds), "1 % of 10 s");
        assert!(!decided(0.001, 0.003, 0.8, Unit::Share));
        assert!(decided(0.001, 0.002, 0.8, Unit::Share));
        assert!(is_decided(
            Estimate::UNKNOWN,
            None,
            Unit::Share,
            Better::Lower
        ));
        let single = Estimate::without_interval(1.0);
        assert!(!is_decided(single, Some(1.0), Unit::Share, Better::Lower));
    }
}
