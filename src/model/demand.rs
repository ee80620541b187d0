//! Rates, profiles and surges to tables of smooth pieces.

use jiff::ToSpan;

use super::civil::Civil;
use super::surge::{Decay, HALF_LIVES, Shape};
use crate::random::arrivals::Piece;
use crate::scenario::{ContactSection, Demand, Profile, ProfileShape};
use crate::time::{SimSpan, SimTime};

/// The base rate of a contact type over the run, before busyness and surges.
pub(super) fn base(contact: &ContactSection, civil: &Civil, duration: SimTime) -> Vec<Piece> {
    let profile = contact.profile.as_ref();
    let weights = profile.map_or_else(
        || vec![constant(0.0, duration.as_seconds(), 1.0)],
        |profile| weights(profile, civil, duration),
    );
    let rates = match &contact.demand {
        Demand::Rate(steps) => held(&civil.expand(steps, 0.0, duration), duration),
        Demand::Counts { interval, counts } => counted(*interval, counts, duration),
        Demand::Recorded(_) => Vec::new(),
        Demand::Daily(daily) => {
            let mean =
                profile.map_or(1.0, |p| p.weights.iter().sum::<f64>() / p.weights.len() as f64);
            vec![constant(0.0, duration.as_seconds(), daily / SimSpan::DAY.as_seconds() / mean)]
        }
    };
    product(&rates, &weights)
}

/// Expected counts of intervals as pieces, cut at the end of the run.
fn counted(interval: SimSpan, counts: &[f64], duration: SimTime) -> Vec<Piece> {
    let (length, end) = (interval.as_seconds(), duration.as_seconds());
    let starts = (0..counts.len()).map(|index| length * index as f64);
    let pieces = starts
        .zip(counts)
        .map(|(start, count)| constant(start, length.min(end - start), count / length));
    pieces.filter(|piece| piece.length > 0.0).collect()
}

/// A step function as pieces.
fn held(steps: &[(SimTime, f64)], duration: SimTime) -> Vec<Piece> {
    let ends = steps.iter().skip(1).map(|(at, _)| *at).chain([duration]);
    let spans = steps.iter().zip(ends).map(|((from, rate), to)| {
        let to = to.min(duration);
        constant(from.as_seconds(), (to - *from).as_seconds(), *rate)
    });
    spans.filter(|piece| piece.length > 0.0).collect()
}

/// The weights of a profile over the run.
fn weights(profile: &Profile, civil: &Civil, duration: SimTime) -> Vec<Piece> {
    let knots = knots(profile, civil, duration);
    let pieces = knots.windows(2).map(|pair| {
        let ((from, weight), (to, next)) = (pair[0], pair[1]);
        let slope = match profile.shape {
            ProfileShape::Step => 0.0,
            ProfileShape::Linear => (next - weight) / (to - from),
        };
        Piece { start: from, length: to - from, rate: [weight, slope, 0.0], fall: 0.0 }
    });
    pieces.collect()
}

/// Where each weight starts to hold, or where the line passes through it; in seconds, and
/// reaching past both ends of the run.
fn knots(profile: &Profile, civil: &Civil, duration: SimTime) -> Vec<(f64, f64)> {
    let count = profile.weights.len();
    #[expect(clippy::cast_possible_wrap, reason = "a profile covers a week at most")]
    let period = profile.interval.as_micros() * count as i64;
    let weekly = period > SimSpan::DAY.as_micros();
    let into = match profile.shape {
        ProfileShape::Step => 0,
        ProfileShape::Linear => profile.interval.as_micros() / 2,
    };
    let mut knots: Vec<(f64, f64)> = Vec::new();
    for midnight in civil.midnights(duration, weekly) {
        let mut offset = into;
        for weight in &profile.weights {
            let Ok(local) = midnight.checked_add(offset.microseconds()) else {
                break;
            };
            let at = civil.instant(local).as_seconds();
            // A clock change may put two knots on one instant, or out of order: the later holds.
            while knots.last().is_some_and(|(last, _)| *last >= at) {
                knots.pop();
            }
            knots.push((at, *weight));
            offset += profile.interval.as_micros();
        }
    }
    knots
}

/// The strength of a surge as pieces.
pub(super) fn strength(shape: &Shape) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let hold_start = shape.start + shape.ramp;
    let line = |start, length, from: f64, to: f64| Piece {
        start,
        length,
        rate: [from, (to - from) / length, 0.0],
        fall: 0.0,
    };
    if shape.ramp > 0.0 {
        pieces.push(line(shape.start, shape.ramp, 0.0, 1.0));
    }
    if shape.hold > 0.0 {
        pieces.push(constant(hold_start, shape.hold, 1.0));
    }
    match shape.decay {
        Decay::Linear(length) if length > 0.0 => {
            pieces.push(line(shape.hold_end(), length, 1.0, 0.0));
        }
        Decay::Linear(_) => {}
        Decay::HalfLife(half) => pieces.extend((0..HALF_LIVES).map(|passed| Piece {
            start: shape.hold_end() + half * f64::from(passed),
            length: half,
            rate: [0.5f64.powi(passed.cast_signed()), 0.0, 0.0],
            fall: 2f64.ln() / half,
        })),
    }
    pieces
}

/// The product of two lists of pieces in order of time, each at most linear (times an
/// exponential); where either has a gap the product is zero.
pub(super) fn product(left: &[Piece], right: &[Piece]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut i, mut j) = (0, 0);
    while let (Some(a), Some(b)) = (left.get(i), right.get(j)) {
        let start = a.start.max(b.start);
        let (a_end, b_end) = (a.start + a.length, b.start + b.length);
        let end = a_end.min(b_end);
        if end > start {
            let ([a0, a1], [b0, b1]) = (line_from(a, start), line_from(b, start));
            pieces.push(Piece {
                start,
                length: end - start,
                rate: [a0 * b0, a0 * b1 + a1 * b0, a1 * b1],
                fall: a.fall + b.fall,
            });
        }
        if a_end <= b_end {
            i += 1;
        } else {
            j += 1;
        }
    }
    pieces
}

/// The line of a piece, seen from an instant within it.
fn line_from(piece: &Piece, start: f64) -> [f64; 2] {
    let into = start - piece.start;
    let [r0, r1, _] = piece.rate;
    let left = if piece.fall == 0.0 { 1.0 } else { (-piece.fall * into).exp() };
    [(r0 + r1 * into) * left, r1 * left]
}

fn constant(start: f64, length: f64, rate: f64) -> Piece {
    Piece { start, length, rate: [rate, 0.0, 0.0], fall: 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::arrivals::RateTable;

    #[test]
    fn a_week_of_few_long_weights_covers_every_day() {
        use crate::scenario::Replications;
        use crate::time::{SimSpan, SimTime};

        for (hours, weights) in [(168, 1), (84, 2), (56, 3), (24, 7)] {
            let civil = Civil::new(&crate::scenario::Run {
                start: None,
                timezone: jiff::tz::TimeZone::UTC,
                duration: SimSpan::DAY,
                warm_up: SimSpan::ZERO,
                drain: SimSpan::ZERO,
                interval: SimSpan::HOUR,
                seed: 1,
                replications: Replications::Fixed(1),
                busyness: 0.0,
            });
            for shape in [ProfileShape::Step, ProfileShape::Linear] {
                let profile = Profile {
                    interval: SimSpan::from_micros(SimSpan::HOUR.as_micros() * hours),
                    weights: vec![1.0; weights],
                    shape,
                };
                for days in [1, 4, 6, 7, 8, 13, 20] {
                    let duration = SimTime::from_micros(SimSpan::DAY.as_micros() * days);
                    let day = constant(0.0, duration.as_seconds(), 1.0);
                    let pieces = product(&[day], &super::weights(&profile, &civil, duration));
                    let total = RateTable::new(pieces).total();
                    let missed = duration.as_seconds() - total;
                    assert!(missed.abs() < 1e-6, "{hours}h over {days} days: {missed} s missed");
                }
            }
        }
    }

    #[test]
    fn a_product_is_the_product_everywhere() {
        let left = [
            constant(0.0, 100.0, 2.0),
            Piece { start: 100.0, length: 200.0, rate: [2.0, 0.01, 0.0], fall: 0.0 },
        ];
        let shape = Shape { start: 50.0, ramp: 60.0, hold: 40.0, decay: Decay::HalfLife(30.0) };
        let pieces = product(&left, &strength(&shape));
        for t in [49.0, 55.0, 99.0, 105.0, 120.0, 160.0, 200.0, 290.0] {
            let base: f64 = if t < 100.0 { 2.0 } else { 2.0 + 0.01 * (t - 100.0) };
            let expected = base * shape.at(t);
            let found = pieces
                .iter()
                .find(|p| p.start <= t && t < p.start + p.length)
                .map_or(0.0, |p| p.rate_at(t - p.start));
            assert!((found - expected).abs() < 1e-12, "{t}: {found} {expected}");
        }
    }

    #[test]
    fn a_trapezoid_surge_adds_half_its_ramps_and_all_its_hold() {
        let shape = Shape { start: 0.0, ramp: 900.0, hold: 7200.0, decay: Decay::Linear(1800.0) };
        let table = RateTable::new(product(&[constant(0.0, 1e5, 3.0)], &strength(&shape)));
        assert!((table.total() - 3.0 * (450.0 + 7200.0 + 900.0)).abs() < 1e-6);
    }
}
