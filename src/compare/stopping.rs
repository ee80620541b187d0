//! When a comparison is decided.

use std::collections::BTreeSet;

use super::best::Selection;
use super::field::Field;
use super::{Settings, Standing, StopWhen, meaning};
use crate::experiment::{CONFIDENCE, Catalog};
use crate::metrics::definition::{Better, Unit};
use crate::stats::{Estimate, Influence};

/// Shares whose difference is known to less than this are as good as decided.
const CLOSE_SHARE: f64 = 0.002;
/// The same for all other figures, as a part of the first option's.
const CLOSE: f64 = 0.01;

/// Says when it is decided.
pub(super) struct StoppingRule {
    confidence: f64,
    /// Figures that decide, with what they mean.
    decisive: Vec<(String, Unit, Better)>,
    selection: Option<Selection>,
    pub(super) undecided: Vec<String>,
}

impl StoppingRule {
    pub(super) fn new(settings: &Settings, catalog: &Catalog, confidence: f64) -> Self {
        let known = |path: &String| {
            let (unit, better) = meaning(path, catalog)?;
            Some((path.clone(), unit, better))
        };
        let (decisive, selection) = match &settings.stop_when {
            StopWhen::Decided(paths) => (paths.iter().filter_map(known).collect(), None),
            StopWhen::Picked { path, zone } => {
                let decisive: Vec<_> = known(path).into_iter().collect();
                let better = decisive.first().map_or(Better::Neither, |known| known.2);
                (decisive, Some(Selection::new(better, *zone, CONFIDENCE)))
            }
        };
        Self { confidence, decisive, selection, undecided: Vec::new() }
    }

    /// Looks at the results; `true`: nothing more is to be known.
    pub(super) fn look(&mut self, field: &Field<'_>, replications: u32) -> bool {
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
                let figures: Vec<Option<Influence>> =
                    (0..field.studies.len()).map(|option| field.influence(option, path)).collect();
                selection.look(&figures, replications).len() == 1
            }
            _ => self.undecided.is_empty(),
        }
    }

    pub(super) fn pick(&self) -> Option<usize> {
        match self.selection.as_ref()?.left() {
            [one] => Some(*one),
            _ => None,
        }
    }
}

/// Whether a difference is known to be better or worse, or to be too small to matter. What is
/// unknown does not become known by more replications.
fn is_decided(difference: Estimate, first: Option<f64>, unit: Unit, better: Better) -> bool {
    let standing = Standing::of(difference, better);
    let (Some(half), Some(first)) = (difference.half_width(), first) else {
        return difference.value.is_none();
    };
    let close = match unit {
        Unit::Share => CLOSE_SHARE,
        _ => CLOSE * first.abs(),
    };
    matches!(standing, Some(Standing::Better | Standing::Worse)) || half <= close
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_too_small_to_matter_is_decided_too() {
        let decided = |value, half, first, unit| {
            is_decided(Estimate::around(value, half), Some(first), unit, Better::Lower)
        };
        assert!(decided(-3.0, 2.0, 10.0, Unit::Seconds));
        assert!(!decided(-1.0, 2.0, 10.0, Unit::Seconds));
        assert!(decided(-0.01, 0.1, 10.0, Unit::Seconds), "1 % of 10 s");
        assert!(!decided(0.001, 0.003, 0.8, Unit::Share));
        assert!(decided(0.001, 0.002, 0.8, Unit::Share));
        assert!(is_decided(Estimate::UNKNOWN, None, Unit::Share, Better::Lower));
        let single = Estimate::without_interval(1.0);
        assert!(!is_decided(single, Some(1.0), Unit::Share, Better::Lower));
    }
}
