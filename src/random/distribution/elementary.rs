//! Logarithm and exponential function for samplers: from tables and short series.
//!
//! They take two thirds of what those of the C library take. And they are the same everywhere: those of
//! the C library differ in their last bits from machine to machine, and with them would the draws.
//! The tables are computed when this is compiled, from series that stop changing in the last bit.

use std::f64::consts::LN_2;

/// Parts of a doubling in each table.
const PARTS: usize = 256;
const PART_BITS: u32 = PARTS.ilog2();
/// Bits of a mantissa.
const MANTISSA: u32 = f64::MANTISSA_DIGITS - 1;
/// Where the doubling begins that the table of logarithms is for: 1 is well within it, so that no
/// large numbers cancel around it.
const ORIGIN: u64 = 0.6875f64.to_bits();

/// The middle of each part of [0.6875, 1.375): one over it, and its logarithm.
static LOGARITHMS: [(f64, f64); PARTS] = logarithms();
/// 2^(i/256).
static POWERS: [f64; PARTS] = powers();

const fn logarithms() -> [(f64, f64); PARTS] {
    let mut table = [(0.0, 0.0); PARTS];
    let mut part = 0;
    while part < PARTS {
        let half = 1 << (MANTISSA - PART_BITS - 1);
        let middle = f64::from_bits(ORIGIN + (2 * part as u64 + 1) * half);
        // ln x = 2 artanh((x − 1) / (x + 1)), whose argument is at most 0.19.
        let ratio = (middle - 1.0) / (middle + 1.0);
        let mut power = ratio;
        let mut sum = 0.0;
        let mut term = 1;
        while term < 41 {
            sum += power / term as f64;
            power *= ratio * ratio;
            term += 2;
        }
        table[part] = (1.0 / middle, 2.0 * sum);
        part += 1;
    }
    table
}

const fn powers() -> [f64; PARTS] {
    let mut table = [0.0; PARTS];
    let mut part = 0;
    while part < PARTS {
        let x = LN_2 * part as f64 / PARTS as f64;
        let mut power = 1.0;
        let mut sum = 0.0;
        let mut term = 1;
        while term < 24 {
            sum += power;
            power *= x / term as f64;
            term += 1;
        }
        table[part] = sum;
        part += 1;
    }
    table
}

/// The natural logarithm of a normal number over 0, off by less than 5e-16 times the larger of 1 and
/// the result: near 1 the error does not shrink with the result.
#[inline]
pub(in crate::random) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let offset = bits.wrapping_sub(ORIGIN);
    let exponent = offset.cast_signed() >> MANTISSA;
    let part = (offset >> (MANTISSA - PART_BITS)) as usize & (PARTS - 1);
    let mantissa = f64::from_bits(bits.wrapping_sub(offset & !0 << MANTISSA));
    let (inverse, logarithm) = LOGARITHMS[part];
    // At most 1/352 either way: the sixth power no longer counts.
    let r = mantissa * inverse - 1.0;
    let square = r * r;
    let (low, high) = (-0.5 + r * (1.0 / 3.0), -0.25 + r * 0.2);
    (exponent as f64 * LN_2 + logarithm) + (r + square * (low + square * high))
}

/// e to the power of `x`, to 4 parts in 10^16 and a little more for large `x`.
#[inline]
pub(in crate::random) fn exp(x: f64) -> f64 {
    /// What this added to a number cuts off all but its whole part.
    const WHOLE: f64 = 1.5 * (1u64 << MANTISSA) as f64;
    const PER_PART: f64 = PARTS as f64 / LN_2;
    /// ln 2 / 256 in two parts: whole multiples of the first are exact.
    const FIRST: f64 = f64::from_bits((LN_2 / PARTS as f64).to_bits() & !0 << 21);
    /// The rest of ln 2 (0.693147180559945309417232121458...) / 256.
    const REST: f64 = (LN_2 / PARTS as f64 - FIRST) + 2.319_046_813_846_299_6e-17 / PARTS as f64;

    if !(x > -700.0 && x < 700.0) {
        return x.exp();
    }
    let shifted = x * PER_PART + WHOLE;
    let whole = shifted - WHOLE;
    let r = (x - whole * FIRST) - whole * REST;
    // The low bits of the sum are those of the whole part, in two's complement.
    let bits = shifted.to_bits();
    #[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
    let power = POWERS[bits as usize & (PARTS - 1)];
    let doublings = (bits >> PART_BITS) << MANTISSA;
    let scale = f64::from_bits(power.to_bits().wrapping_add(doublings));
    let square = r * r;
    // At most 1/738 either way: the fifth power no longer counts.
    let series = r + square * ((0.5 + r * (1.0 / 6.0)) + square * (1.0 / 24.0));
    scale + scale * series
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points of every magnitude, borders of parts and numbers next to them among them.
    fn points() -> Vec<f64> {
        let mut points = vec![f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0, 1.0, 1e300];
        let mut x = 1e-18;
        while x < 4.0 {
            points.extend([x, 1.0 - x / 5.0]);
            x *= 1.000_37;
        }
        for part in 0..=PARTS {
            let border = 0.5 + part as f64 / (2 * PARTS) as f64;
            points.extend([border.next_down(), border, border.next_up()]);
        }
        points
    }

    #[test]
    fn the_logarithm_is_that_of_the_c_library() {
        for x in points() {
            let (own, expected) = (ln(x), x.ln());
            let error = (own - expected).abs();
            assert!(error <= 5e-16 * expected.abs().max(1.0), "{x}: {own} {expected}");
        }
    }

    #[test]
    fn the_exponential_function_is_that_of_the_c_library() {
        for point in points() {
            for x in [point, -point, 30.0 * point, -30.0 * point, 170.0 * point] {
                let (own, expected) = (exp(x), x.exp());
                let error =
                    if own.total_cmp(&expected).is_eq() { 0.0 } else { (own - expected).abs() };
                assert!(
                    error <= (6e-16 + 3e-16 * x.abs().sqrt()) * expected,
                    "{x}: {own} {expected}"
                );
            }
        }
        assert!(exp(f64::NAN).is_nan());
        assert_eq!(exp(0.0).to_bits(), 1f64.to_bits());
    }

    #[test]
    fn both_grow() {
        let mut points: Vec<f64> = points().into_iter().filter(|x| *x > 1e-3 && *x < 4.0).collect();
        points.sort_by(f64::total_cmp);
        points.dedup_by(|a, b| (*a - *b).abs() < 1e-14);
        for pair in points.windows(2) {
            assert!(ln(pair[0]) < ln(pair[1]) && exp(pair[0]) < exp(pair[1]), "{pair:?}");
        }
    }
}
