//! The question turned round: the smallest or largest value of something in the scenario with which
//! the promises are kept, everything else as it is.
//!
//! All values are looked at on the same days, so that what is a little more differs from what is a
//! little less by its effect alone. First a grid over the whole range tells which side keeps the
//! promises, and whether that changes more than once; then the change is closed in by halving.

use super::promise::Promises;
use super::sample::Sample;

/// Points of the first look.
const POINTS: usize = 9;
/// Halvings after it.
const HALVINGS: usize = 12;
/// Relative width at which a value is known well enough.
const CLOSE: f64 = 1e-3;

/// Where the promises begin or cease to be kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// The last value found that keeps the promises.
    pub value: f64,
    /// The change lies between this
    pub low: f64,
    /// and this.
    pub high: f64,
    /// Which side keeps them.
    pub keeps: Side,
    /// Whether the promises are kept on one side only, as far as the grid shows.
    pub is_monotone: bool,
}

/// Which values keep the promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Those above: the smallest was found.
    Above,
    /// Those below: the largest was found.
    Below,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// A change was found.
    Found(Found),
    /// The promises are kept at every value looked at.
    Always,
    /// They are kept at none.
    Never,
}

/// The range in which a value is sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The smallest value.
    pub low: f64,
    /// The largest.
    pub high: f64,
    /// Whether only whole numbers make sense.
    pub whole: bool,
}

/// Whether a sample keeps every promise, by the plain values.
pub fn keeps(sample: &Sample, promises: &Promises) -> bool {
    (0..promises.cells.len()).all(|cell| {
        let known = sample.plain(cell);
        known.is_none_or(|known| promises.standard(cell).margin(known.value) >= 0.0)
    })
}

/// Seeks the value at which `keeps` changes; where it gives `None`, the scenario does not allow the
/// value. Of several changes, that of the widest side counts,
/// and the answer says that it is not the only one.
///
/// # Errors
/// Those of `keeps`.
pub fn find<E>(
    range: Range,
    keeps: &mut dyn FnMut(f64) -> Result<Option<bool>, E>,
) -> Result<Answer, E> {
    let mut values = Vec::new();
    let mut kept = Vec::new();
    for value in grid(range) {
        if let Some(keeps) = keeps(value)? {
            values.push(value);
            kept.push(keeps);
        }
    }
    let changes: Vec<usize> = (1..kept.len()).filter(|at| kept[*at] != kept[at - 1]).collect();
    if changes.is_empty() {
        return Ok(if kept.first() == Some(&true) { Answer::Always } else { Answer::Never });
    }
    // Whoever wants the most of something, or the least, asks from the end that keeps.
    let last = kept.len() - 1;
    let (at, side) = if kept[last] {
        (changes[changes.len() - 1], Side::Above)
    } else if kept[0] {
        (changes[0], Side::Below)
    } else {
        (changes[changes.len() - 1], Side::Below)
    };
    let (mut low, mut high) = (values[at - 1], values[at]);
    for _ in 0..HALVINGS {
        let middle = between(low, high, range);
        let is_close = (high - low) <= CLOSE * low.abs().max(high.abs());
        if middle <= low || middle >= high || is_close {
            break;
        }
        let Some(is_kept) = keeps(middle)? else { break };
        if is_kept == (side == Side::Above) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(Answer::Found(Found {
        value: if side == Side::Above { high } else { low },
        low,
        high,
        keeps: side,
        is_monotone: changes.len() == 1,
    }))
}

fn grid(range: Range) -> Vec<f64> {
    let step = (range.high - range.low) / (POINTS - 1) as f64;
    let mut values: Vec<f64> =
        (0..POINTS).map(|at| round(range.low + step * at as f64, range)).collect();
    values.dedup_by(|a, b| a.to_bits() == b.to_bits());
    values
}

fn between(low: f64, high: f64, range: Range) -> f64 {
    round(f64::midpoint(low, high), range)
}

fn round(value: f64, range: Range) -> f64 {
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

    fn run(range: Range, mut keeps: impl FnMut(f64) -> bool) -> (Answer, usize) {
        let mut asked = 0;
        let answer: Result<Answer, ()> = find(range, &mut |value| {
            asked += 1;
            Ok(Some(keeps(value)))
        });
        (answer.unwrap(), asked)
    }

    #[test]
    fn a_single_change_is_found_exactly() {
        for threshold in 1u32..=200 {
            let range = Range { low: 0.0, high: 200.0, whole: true };
            let (answer, asked) = run(range, |value| value >= f64::from(threshold));
            let Answer::Found(found) = answer else { panic!("{answer:?}") };
            assert!((found.value - f64::from(threshold)).abs() < 1e-9);
            assert_eq!((found.keeps, found.is_monotone), (Side::Above, true));
            assert!(asked <= 15);
        }
    }

    #[test]
    fn shares_are_found_to_a_thousandth_from_both_sides() {
        let range = Range { low: 0.0, high: 1.0, whole: false };
        let (answer, _) = run(range, |value| value <= 0.737);
        let Answer::Found(found) = answer else { panic!("{answer:?}") };
        assert_eq!(found.keeps, Side::Below);
        assert!(found.value <= 0.737 && found.value > 0.735, "{found:?}");
    }

    #[test]
    fn it_says_when_nothing_changes_or_more_than_once() {
        let range = Range { low: 0.0, high: 80.0, whole: true };
        assert_eq!(run(range, |_| true).0, Answer::Always);
        assert_eq!(run(range, |_| false).0, Answer::Never);
        let (answer, _) = run(range, |value| !(25.0..=55.0).contains(&value));
        let Answer::Found(found) = answer else { panic!("{answer:?}") };
        assert!(!found.is_monotone);
        assert!((found.value - 56.0).abs() < 1e-9);
    }
}
