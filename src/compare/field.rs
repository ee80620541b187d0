//! The options while they run.

use std::sync::atomic::Ordering;

use super::{Compared, Contender, Difference, Settings, Standing, best, meaning, notes};
use crate::experiment::catalog::Statistic;
use crate::experiment::{Asked, COST, Catalog, Control, Keep, Options, RunError, Study};
use crate::judge::paired;
use crate::metrics::definition::Better;
use crate::stats::{Estimate, Influence};

/// The options while they run.
pub(super) struct Field<'m> {
    names: Vec<String>,
    pub(super) studies: Vec<Study<'m>>,
    pub(super) catalogs: Vec<Catalog>,
}

impl<'m> Field<'m> {
    pub(super) fn new(contenders: &[Contender<'m>], settings: &Settings) -> Self {
        let asked = Asked { keep: Keep::Observations, ..Asked::NOTHING };
        // One seed for all: that of the first.
        let seed = settings.options.seed.unwrap_or(contenders[0].model.seed);
        let options = Options { seed: Some(seed), ..settings.options.clone() };
        let all = contenders.iter();
        Self {
            names: all.clone().map(|one| one.name.clone()).collect(),
            studies: all.clone().map(|one| Study::new(one.model, &options, &asked)).collect(),
            catalogs: all.map(|one| Catalog::new(one.model)).collect(),
        }
    }

    /// Brings all options to so many replications, a few at a time. When it is stopped, those that
    /// lag behind the furthest are brought up to it: only as many days of all can be compared.
    pub(super) fn advance(
        &mut self,
        until: u32,
        at_most: u32,
        control: &Control<'_>,
    ) -> Result<(), RunError> {
        let batch = u32::try_from(control.threads.saturating_mul(2)).unwrap_or(u32::MAX).max(4);
        let count = u32::try_from(self.studies.len()).unwrap_or(u32::MAX);
        let mut done = self.studies[0].replications();
        while done < until && !control.stop.load(Ordering::Relaxed) {
            let next = done.saturating_add(batch).min(until);
            for (at, study) in self.studies.iter_mut().enumerate() {
                let before = done.saturating_mul(count);
                let others = u32::try_from(at).unwrap_or(u32::MAX).saturating_mul(next - done);
                let tell = |own: u32, _: u32| {
                    let all = at_most.saturating_mul(count);
                    (control.progress)(before + others + (own - done), all);
                };
                study.advance(next, &control.telling(&tell))?;
            }
            done = next;
        }
        let most = self.studies.iter().map(Study::replications).max();
        for study in &mut self.studies {
            study.advance(most.unwrap_or(0), &Control::new(control.threads))?;
        }
        Ok(())
    }

    pub(super) fn is_stopped(&self, look: u32) -> bool {
        self.studies[0].replications() < look
    }

    /// The figure of an option with its influences.
    pub(super) fn influence(&self, option: usize, path: &str) -> Option<Influence> {
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

    pub(super) fn difference(&self, option: usize, path: &str, confidence: f64) -> Estimate {
        let (own, first) = (self.influence(option, path), self.influence(0, path));
        paired::difference(own.as_ref(), first.as_ref(), confidence)
    }

    pub(super) fn compared(&self, confidence: f64, partial: bool) -> Vec<Compared> {
        let replications = self.studies[0].replications();
        // A summary is partial when it has fewer replications than wanted.
        let wanted = replications + u32::from(partial);
        let one = |option: usize| Compared {
            name: self.names[option].clone(),
            summary: self.studies[option].summary(wanted),
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
                standing: Standing::of(estimate, better)?,
            })
        };
        paths.filter_map(difference).collect()
    }

    /// Which options cannot be told from the best, by each figure that all of them have.
    pub(super) fn best(&self, show: &[String], confidence: f64) -> Vec<(String, Vec<usize>)> {
        let best = |path: &String| {
            let meanings = self.catalogs.iter().map(|catalog| meaning(path, catalog));
            let (unit, better) = meanings.collect::<Option<Vec<_>>>()?.first().copied()?;
            let first = self.studies[0].model();
            let mut models = self.studies.iter().map(Study::model);
            if better == Better::Neither || !models.all(|m| notes::is_comparable(unit, (m, first)))
            {
                return None;
            }
            let figures: Vec<Option<Influence>> =
                (0..self.studies.len()).map(|option| self.influence(option, path)).collect();
            // Who has not cleared the backlog is not the best; but of figures that one option cannot
            // have, such as a cost that nobody wrote down, none is.
            let is_until =
                self.catalogs[0].get(path).is_some_and(|known| known.statistic == Statistic::Until);
            let is_known = figures.iter().all(Option::is_some);
            (is_known || is_until).then(|| {
                let best = best::best(&figures, better, confidence);
                (path.clone(), best)
            })
        };
        show.iter().filter_map(best).collect()
    }
}
