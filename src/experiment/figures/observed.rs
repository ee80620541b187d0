//! Waits of one scope, or of several together, over the replications so far.

use super::MICROS;
use crate::metrics::day::Sketches;
use crate::metrics::definition::Waits;
use crate::stats::{Influence, Sections, Together};

/// Waits of one scope over the replications so far.
#[derive(Clone, Debug)]
pub(in crate::experiment) struct Observed {
    answered: Sections,
    abandoned: Sections,
    /// `None` without a bot: the same as `answered`.
    to_human: Option<Sections>,
}

impl Observed {
    /// Nothing yet.
    pub(in crate::experiment) const fn new() -> Self {
        Self { answered: Sections::new(), abandoned: Sections::new(), to_human: None }
    }

    /// Adds replication `index`, from 0.
    pub(in crate::experiment) fn push(&mut self, index: usize, day: Sketches) {
        self.answered.push(index, day.answered);
        self.abandoned.push(index, day.abandoned);
        if let Some(to_human) = day.to_human {
            self.to_human.get_or_insert_default().push(index, to_human);
        }
    }
}

/// The observations of all of `scopes` that a quantile is of.
pub(in crate::experiment) fn together<'o>(scopes: &[&'o Observed], waits: Waits) -> Together<'o> {
    let scopes = scopes.iter();
    Together::new(match waits {
        Waits::Answered => scopes.map(|scope| &scope.answered).collect(),
        Waits::ToHuman => {
            scopes.map(|scope| scope.to_human.as_ref().unwrap_or(&scope.answered)).collect()
        }
        Waits::All => scopes.flat_map(|scope| [&scope.answered, &scope.abandoned]).collect(),
    })
}

/// A quantile of all of `scopes`, in seconds, with its influences.
pub(super) fn influence(scopes: &[&Observed], waits: Waits, p: f64) -> Option<Influence> {
    let influence = together(scopes, waits).influence(p)?;
    Some(influence.scaled(1.0 / MICROS))
}
