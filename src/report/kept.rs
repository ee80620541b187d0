//! Where a figure keeps to a bound: in words, for pictures of every kind.

use super::block::{FigureLimit, Picture};
use super::numbers;
use crate::metrics::definition::Unit;
use crate::stats::Estimate;

/// Whether a figure keeps to a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    /// The whole interval does.
    Yes,
    /// The whole interval does not.
    No,
    /// The interval straddles the bound, or nothing is known.
    Open,
}

impl Keeping {
    /// The sign of a point.
    pub(super) fn sign(self) -> char {
        match self {
            Self::Yes => '●',
            Self::Open => '?',
            Self::No => '·',
        }
    }
}

impl FigureLimit {
    pub(super) fn value(self) -> f64 {
        match self {
            Self::AtMost(value) | Self::AtLeast(value) => value,
        }
    }

    fn keeps(self, value: f64) -> bool {
        match self {
            Self::AtMost(bound) => value <= bound,
            Self::AtLeast(bound) => value >= bound,
        }
    }

    pub(super) fn is_kept(self, estimate: &Estimate) -> Keeping {
        let ends = [estimate.low, estimate.high].map(|end| end.or(estimate.value));
        match ends.map(|end| end.map(|end| self.keeps(end))) {
            [Some(true), Some(true)] => Keeping::Yes,
            [Some(false), Some(false)] => Keeping::No,
            _ => Keeping::Open,
        }
    }

    /// `at most 15s`.
    pub(super) fn words(self, unit: Unit) -> String {
        let value = exact(self.value(), unit);
        match self {
            Self::AtMost(_) => format!("at most {value}"),
            Self::AtLeast(_) => format!("at least {value}"),
        }
    }

    /// What the signs mean.
    pub(super) fn legend(self, unit: Unit) -> String {
        format!(
            "{} {}   {} not   {} the interval straddles it",
            Keeping::Yes.sign(),
            self.words(unit),
            Keeping::No.sign(),
            Keeping::Open.sign()
        )
    }
}

impl Picture {
    /// What is drawn: `wait.p95 over groups.team.staff`.
    pub(super) fn title(&self) -> String {
        let paths: Vec<&str> = self.scales.iter().map(|scale| scale.path.as_str()).collect();
        match paths.as_slice() {
            [down, across] => format!("{} over {down} (down) and {across} (across)", self.figure),
            paths => format!("{} over {}", self.figure, paths.join(", ")),
        }
    }

    /// The values below the picture, and the estimates of each row of it.
    pub(super) fn rows(&self) -> (&[String], std::slice::Chunks<'_, Estimate>) {
        let across = self.scales.last().map_or([].as_slice(), |scale| scale.values.as_slice());
        (across, self.estimates.chunks(across.len().max(1)))
    }

    /// Where the figure keeps to its bound: an introduction, and where in each row.
    pub(super) fn reaches(&self) -> Option<(String, Vec<String>)> {
        let bound = self.limit?;
        let (across, rows) = self.rows();
        let reached = rows.map(|row| reach(across, row, bound));
        let words = format!("{} {}", self.figure, bound.words(self.unit));
        Some(match self.scales.as_slice() {
            [down, right] => {
                let named = down.values.iter().zip(reached);
                let each = named.map(|(value, reach)| format!("{value}: {reach}")).collect();
                (format!("{words}, {} by {}:", right.path, down.path), each)
            }
            _ => (format!("{words}: {}", reached.collect::<Vec<_>>().join(", ")), Vec::new()),
        })
    }
}

/// From which value on a figure keeps to its bound, in words: `180`, `up to 40`, `all`, `none`.
/// Where the interval leaves it open, it is not kept.
fn reach(values: &[String], estimates: &[Estimate], bound: FigureLimit) -> String {
    let kept: Vec<bool> =
        estimates.iter().map(|estimate| bound.is_kept(estimate) == Keeping::Yes).collect();
    let first = kept.iter().position(|kept| *kept);
    let last = kept.iter().rposition(|kept| *kept);
    let (Some(first), Some(last)) = (first, last) else {
        return "none".to_owned();
    };
    let is_one_piece = kept[first..=last].iter().all(|kept| *kept);
    match (first, last + 1 == kept.len()) {
        (0, true) if is_one_piece => "all".to_owned(),
        (_, true) if is_one_piece => format!("from {}", values[first]),
        (0, _) if is_one_piece => format!("up to {}", values[last]),
        _ => {
            let pairs = values.iter().zip(&kept).filter(|(_, kept)| **kept);
            let values: Vec<&str> = pairs.map(|(value, _)| value.as_str()).collect();
            values.join(" ")
        }
    }
}

/// A number that stands alone.
pub(super) fn exact(value: f64, unit: Unit) -> String {
    numbers::plain(Some(value), unit).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_told_in_words() {
        let values = ["80", "90", "100", "110"].map(str::to_owned);
        let told = |kept: [f64; 4]| {
            let estimates = kept.map(|value| Estimate::around(value, 0.1));
            reach(&values, &estimates, FigureLimit::AtMost(5.0))
        };
        assert_eq!(told([9.0, 9.0, 1.0, 1.0]), "from 100");
        assert_eq!(told([1.0, 9.0, 9.0, 9.0]), "up to 80");
        assert_eq!(told([1.0; 4]), "all");
        assert_eq!(told([9.0; 4]), "none");
        assert_eq!(told([9.0, 1.0, 5.05, 1.0]), "90 110");
        let estimates = [Estimate::UNKNOWN; 4];
        assert_eq!(reach(&values, &estimates, FigureLimit::AtLeast(5.0)), "none");
    }
}
