//! A run that goes on for as long as somebody wants to know more.

use super::advance::advance;
use super::merge::Merged;
use super::{Asked, Control, Options, RunError, Summary};
use crate::model::Model;
use crate::stats::{Estimate, Influence};

/// The replications of one model so far; more can follow at any time.
#[derive(Debug)]
pub struct Study<'m> {
    model: &'m Model,
    seed: u64,
    merged: Merged<'m>,
    /// As many as made the last replications make the summary.
    threads: usize,
}

impl<'m> Study<'m> {
    /// No replications yet.
    pub fn new(model: &'m Model, options: &Options, asked: &Asked) -> Self {
        let seed = options.seed(model);
        Self { model, seed, merged: Merged::new(model, asked), threads: 1 }
    }

    /// The model.
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// The seed of all draws.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Replications so far.
    pub fn replications(&self) -> u32 {
        self.merged.replications()
    }

    /// Runs replications until there are `until` of them, or it is to stop. `progress` is told how
    /// many there are.
    ///
    /// # Errors
    /// When memory would not do.
    pub fn advance(&mut self, until: u32, control: &Control<'_>) -> Result<(), RunError> {
        self.threads = control.threads;
        advance(&mut self.merged, self.seed, until, control)
    }

    /// The estimate at a path, as in [`Summary::figure`].
    pub fn estimate(&self, path: &str) -> Estimate {
        self.merged.estimate(path)
    }

    /// The figure at a path, as in [`Summary::figure`], with the influence of every replication
    /// (quantiles: of every section of replications), to be subtracted from or divided by that of
    /// another study with the same seed and as many replications. `None` where the figure is not
    /// known, or no observations are kept.
    pub fn influence(&self, path: &str) -> Option<Influence> {
        self.merged.influence(path)
    }

    /// Sixteen hex digits over the events of all replications so far, in order: the same for any
    /// number of threads, and another as soon as anything happens otherwise. `None` where they are
    /// not kept.
    pub fn events_digest(&self) -> Option<String> {
        let digest = self.merged.events_digest()?;
        Some(format!("{digest:016x}"))
    }

    /// The results so far; `wanted` replications were asked for.
    pub fn summary(&self, wanted: u32) -> Summary {
        self.merged.summary(self.seed, wanted, self.threads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Catalog;
    use crate::format::{NoFiles, SourceText};
    use crate::scenario::parse;

    #[test]
    fn the_wait_beyond_the_threshold_counts_those_who_gave_up() {
        let text = r#"
            run.duration = "2h"
            contacts.a = { rate = "90/h", handling = { fixed = { value = "1m" } }, patience = { fixed = { value = "50s" } } }
            groups.g = { skills = ["a"], staff = 0 }
        "#;
        let parsed = parse(SourceText::new("a.toml", text), &[], &NoFiles).unwrap();
        let model = Model::compile(&parsed.scenario);
        let mut study = Study::new(&model, &Options::default(), &Asked::NOTHING);
        study.advance(2, &Control::new(1)).unwrap();
        // All wait for 50 s, and 20 s are promised.
        assert_eq!(study.estimate("excess_wait").value, Some(30.0));
        assert_eq!(study.estimate("wait_abandoned.mean").value, Some(50.0));
    }

    #[test]
    fn a_single_estimate_is_that_of_the_summary() {
        let text = r#"
            run.duration = "2h"
            contacts.a = { rate = "90/h", handling = { exponential = { mean = "1m" } } }
            contacts."a.b" = { rate = "30/h", channel = "voice", handling = { fixed = { value = "1m" } } }
            groups.g = { skills = ["a", "a.b"], staff = 2 }
            groups."g.h" = { skills = ["a.b"], staff = 1, cost_per_hour = 9 }
        "#;
        let parsed = parse(SourceText::new("a.toml", text), &[], &NoFiles).unwrap();
        let model = Model::compile(&parsed.scenario);
        let mut study = Study::new(&model, &Options::default(), &Asked::NOTHING);
        study.advance(7, &Control::new(2)).unwrap();
        let summary = study.summary(7);
        let catalog = Catalog::new(&model);
        for figure in catalog.figures().iter().filter(|known| known.is_of_day) {
            let told = summary.figure(&figure.path).unwrap().estimate;
            assert_eq!(study.estimate(&figure.path), told, "{}", figure.path);
        }
    }
}
