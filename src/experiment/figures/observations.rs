//! What is kept of a figure in each replication, for comparisons of paired runs.

use crate::metrics::definition::Measure;
use crate::stats::Observations;

/// Nothing yet; `None`: a quantile or a maximum, of which other things are kept.
pub(super) fn begin<T>(measure: &Measure<T>) -> Option<Observations> {
    match measure {
        Measure::Total(_) | Measure::Known(_) | Measure::Until(_) => {
            Some(Observations::Mean(Vec::new()))
        }
        Measure::Ratio(_) | Measure::Share(_) | Measure::TimeShare(_) => {
            Some(Observations::Ratio(Vec::new()))
        }
        Measure::Deviation(_) => Some(Observations::Deviation(Vec::new())),
        Measure::Maximum(_) | Measure::Quantile(..) => None,
    }
}

/// Adds a replication. One that has no value makes the figure unknown for good: the values of the
/// others would no longer pair with those of another run.
pub(super) fn observe<T>(kept: &mut Option<Observations>, measure: &Measure<T>, totals: &T) {
    let missing = match (measure, kept.as_mut()) {
        (Measure::Total(value), Some(Observations::Mean(kept))) => {
            kept.push(value(totals));
            false
        }
        (Measure::Known(value) | Measure::Until(value), Some(Observations::Mean(kept))) => {
            let value = value(totals);
            kept.extend(value);
            value.is_none()
        }
        (
            Measure::Ratio(ratio) | Measure::Share(ratio) | Measure::TimeShare(ratio),
            Some(Observations::Ratio(kept)),
        ) => {
            let (x, y) = ratio(totals);
            kept.push([x, y]);
            false
        }
        (Measure::Deviation(moments), Some(Observations::Deviation(kept))) => {
            let moments = moments(totals);
            kept.push([moments.count, moments.sum, moments.squares]);
            false
        }
        _ => false,
    };
    if missing {
        *kept = None;
    }
}
