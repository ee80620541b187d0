//! The question turned round: the smallest or largest value of something in the scenario with which
//! the targets are met, everything else as it is.
//!
//! All values are looked at on the same days, so that what is a little more differs from what is a
//! little less by its effect alone. First a grid over the whole range tells which side meets the
//! targets, and whether that changes more than once; then the change is closed in by halving.

use super::sample::Sample;
use super::targets::PlanTargets;

/// Points of the first look.
const POINTS: usize = 9;
/// Halvings after it.
const HALVINGS: usize = 12;
/// Relative width at which a value is known well enough.
const CLOSE: f64 = 1e-3;

/// Where the targets begin or cease to be met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// The last value found that meets the targets.
    pub value: f64,
    /// The change lies between this
    pub low: f64,
    /// and this.
    pub high: f64,
    /// Which side meets them.
    pub meets: MetSide,
    /// Whether the targets are met on one side only, as far as the grid shows.
    pub is_monotone: bool,
}

/// Which values meet the targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetSide {
    /// Those above: the smallest was found.
    Above,
    /// Those below: the largest was found.
    Below,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FindAnswer {
    /// A change was found.
    Crossing(Crossing),
    /// The targets are met at every value looked at.
    Always,
    /// They are met at none.
    Never,
}

/// The range in which a value is sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FindRange {
    /// The smallest value.
    pub low: f64,
    /// The largest.
    pub high: f64,
    /// Whether only whole numbers make sense.
    pub whole: bool,
}

/// Whether a sample meets every target, by the plain values.
pub fn meets(sample: &Sample, targets: &PlanTargets) -> bool {
    (0..targets.intervals.len()).all(|interval| {
        let known = sample.plain(interval);
        known.is_none_or(|known| targets.standard(interval).slack(known.value) >= 0.0)
    })
}

/// Seeks the value at which `meets` changes; where it gives `None`, the scenario does not allow the
/// value. Of several changes, that of the widest side counts,
/// and the answer says that it is not the only one.
///
/// # Errors
/// Those of `meets`.
pub fn find<E>(
    range: FindRange,
    meets: &mut dyn FnMut(f64) -> Result<Option<bool>, E>,
) -> Result<FindAnswer, E> {
    let mut values = Vec::new();
    let mut met = Vec::new();
    for value in grid(range) {
        if let Some(meets) = meets(value)? {
            values.push(value);
            met.push(meets);
        }
    }
    let changes: Vec<usize> = (1..met.len()).filter(|at| met[*at] != met[at - 1]).collect();
    if changes.is_empty() {
        return Ok(if met.first() == Some(&true) { FindAnswer::Always } else { FindAnswer::Never });
    }
    // Whoever wants the most of something, or the least, asks from the end that meets.
    let last = met.len() - 1;
    let (at, side) = if met[last] {
        (changes[changes.len() - 1], MetSide::Above)
    } else if met[0] {
        (changes[0], MetSide::Below)
    } else {
        (changes[changes.len() - 1], MetSide::Below)
    };
    let (mut low, mut high) = (values[at - 1], values[at]);
    for _ in 0..HALVINGS {
        let middle = between(low, high, range);
        let is_close = (high - low) <= CLOSE * low.abs().max(high.abs());
        if middle <= low || middle >= high || is_close {
            break;
        }
        let Some(is_kept) = meets(middle)? else { break };
        if is_kept == (side == MetSide::Above) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(FindAnswer::Crossing(Crossing {
        value: if side == MetSide::Above { high } else { low },
        low,
        high,
        meets: side,
        is_monotone: changes.len() == 1,
    }))
}

fn grid(range: FindRange) -> Vec<f64> {
    let step = (range.high - range.low) / (POINTS - 1) as f64;
    let mut values: Vec<f64> =
        (0..POINTS).map(|at| round(range.low + step * at as f64, range)).collect();
    values.dedup_by(|a, b| a.to_bits() == b.to_bits());
    values
}

fn between(low: f64, high: f64, range: FindRange) -> f64 {
    round(f64::midpoint(low, high), range)
}

fn round(value: f64, range: FindRange) -> f64 {
    if range.whole {
        value.floor()
    } else {
        // Values that can be read, and written into a scenario.
        let magnitude = value.abs().max(1e-6).log10().ceil();
        let scale = 10f64.powf((5.0 - magnitude).clamp(0.0, 11.0));
        (value * scale).round() / scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(range: FindRange, mut meets: impl FnMut(f64) -> bool) -> (FindAnswer, usize) {
        let mut asked = 0;
        let answer: Result<FindAnswer, ()> = find(range, &mut |value| {
            asked += 1;
            Ok(Some(meets(value)))
        });
        (answer.unwrap(), asked)
    }

    #[test]
    fn a_single_change_is_found_exactly() {
        for threshold in 1u32..=200 {
            let range = FindRange { low: 0.0, high: 200.0, whole: true };
            let (answer, asked) = run(range, |value| value >= f64::from(threshold));
            let FindAnswer::Crossing(found) = answer else { panic!("{answer:?}") };
            assert!((found.value - f64::from(threshold)).abs() < 1e-9);
            assert_eq!((found.meets, found.is_monotone), (MetSide::Above, true));
            assert!(asked <= 15);
        }
    }

    #[test]
    fn shares_are_found_to_a_thousandth_from_both_sides() {
        let range = FindRange { low: 0.0, high: 1.0, whole: false };
        let (answer, _) = run(range, |value| value <= 0.737);
        let FindAnswer::Crossing(found) = answer else { panic!("{answer:?}") };
        assert_eq!(found.meets, MetSide::Below);
        assert!(found.value <= 0.737 && found.value > 0.735, "{found:?}");
    }

    #[test]
    fn it_says_when_nothing_changes_or_more_than_once() {
        let range = FindRange { low: 0.0, high: 80.0, whole: true };
        assert_eq!(run(range, |_| true).0, FindAnswer::Always);
        assert_eq!(run(range, |_| false).0, FindAnswer::Never);
        let (answer, _) = run(range, |value| !(25.0..=55.0).contains(&value));
        let FindAnswer::Crossing(found) = answer else { panic!("{answer:?}") };
        assert!(!found.is_monotone);
        assert!((found.value - 56.0).abs() < 1e-9);
    }
}
