//! The standard normal distribution and its inverse.

use statrs::function::erf::erfc;

use super::elementary::ln;

/// P(Z ≤ `x`) of the standard normal law, to about 1e-10.
pub(super) fn normal_cdf(x: f64) -> f64 {
    0.5 * erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// The z with P(Z ≤ z) = `u`, for 0 < `u` < 1, to about 1 part in 10^16.
///
/// Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", Applied
/// Statistics 37, routine PPND16: three rational approximations, the central one (85 % of all
/// draws) without a logarithm.
#[inline]
pub fn inverse_normal(u: f64) -> f64 {
    let from_center = u - 0.5;
    if from_center.abs() <= 0.425 {
        let r = 0.180_625 - from_center * from_center;
        return from_center * polynomial(&CENTER_OVER, r) / polynomial(&CENTER_UNDER, r);
    }
    inverse_in_tail(u, from_center)
}

#[inline(never)]
fn inverse_in_tail(u: f64, from_center: f64) -> f64 {
    let tail = if from_center < 0.0 { u } else { 1.0 - u };
    let r = (-ln(tail)).sqrt();
    let magnitude = if r <= 5.0 {
        polynomial(&MIDDLE_OVER, r - 1.6) / polynomial(&MIDDLE_UNDER, r - 1.6)
    } else {
        polynomial(&FAR_OVER, r - 5.0) / polynomial(&FAR_UNDER, r - 5.0)
    };
    magnitude.copysign(from_center)
}

/// Coefficients by rising power, taken together in pairs (Estrin's scheme): a third of the way from
/// the first multiplication to the last that Horner's rule has.
#[inline]
fn polynomial([a0, a1, a2, a3, a4, a5, a6, a7]: &[f64; 8], x: f64) -> f64 {
    let square = x * x;
    let low = (a0 + a1 * x) + (a2 + a3 * x) * square;
    let high = (a4 + a5 * x) + (a6 + a7 * x) * square;
    low + high * (square * square)
}

// The coefficients as printed in the paper (a, b, c, d, e, f).
const CENTER_OVER: [f64; 8] = [
    3.387_132_872_796_366_608_0,
    1.331_416_678_917_843_774_5e2,
    1.971_590_950_306_551_442_7e3,
    1.373_169_376_550_946_112_5e4,
    4.592_195_393_154_987_145_7e4,
    6.726_577_092_700_870_085_3e4,
    3.343_057_558_358_812_810_5e4,
    2.509_080_928_730_122_672_7e3,
];
const CENTER_UNDER: [f64; 8] = [
    1.0,
    4.231_333_070_160_091_125_2e1,
    6.871_870_074_920_579_083_0e2,
    5.394_196_021_424_751_107_7e3,
    2.121_379_430_158_659_586_7e4,
    3.930_789_580_009_271_061_0e4,
    2.872_908_573_572_194_267_4e4,
    5.226_495_278_852_854_561_0e3,
];
const MIDDLE_OVER: [f64; 8] = [
    1.423_437_110_749_683_577_34,
    4.630_337_846_156_545_295_90,
    5.769_497_221_460_691_405_50,
    3.647_848_324_763_204_605_04,
    1.270_458_252_452_368_382_58,
    2.417_807_251_774_506_117_70e-1,
    2.272_384_498_926_918_458_33e-2,
    7.745_450_142_783_414_076_40e-4,
];
const MIDDLE_UNDER: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_821_87,
    1.676_384_830_183_803_849_40,
    6.897_673_349_851_000_045_50e-1,
    1.481_039_764_274_800_745_90e-1,
    1.519_866_656_361_645_719_66e-2,
    5.475_938_084_995_344_946_00e-4,
    1.050_750_071_644_416_843_24e-9,
];
const FAR_OVER: [f64; 8] = [
    6.657_904_643_501_103_777_20,
    5.463_784_911_164_114_369_90,
    1.784_826_539_917_291_335_80,
    2.965_605_718_285_048_912_30e-1,
    2.653_218_952_657_612_309_30e-2,
    1.242_660_947_388_078_438_60e-3,
    2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
];
const FAR_UNDER: [f64; 8] = [
    1.0,
    5.998_322_065_558_879_376_90e-1,
    1.369_298_809_227_358_053_10e-1,
    1.487_536_129_085_061_485_25e-2,
    7.868_691_311_456_132_591_00e-4,
    1.846_318_317_510_054_681_80e-5,
    1.421_511_758_316_445_888_70e-7,
    2.044_263_103_389_939_785_64e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// (u, z), z computed with mpmath for the `f64` nearest to u.
    const KNOWN: [(f64, f64); 16] = [
        (0.5, 0.0),
        (0.6, 2.533_471_031_357_997_4e-1),
        (0.07, -1.475_791_028_179_170_7),
        (0.925, 1.439_531_470_938_456_2),
        (0.93, 1.475_791_028_179_171_1),
        (0.95, 1.644_853_626_951_472_3),
        (0.975, 1.959_963_984_540_053_9),
        (0.999, 3.090_232_306_167_813_3),
        (1.0 - f64::EPSILON / 2.0, 8.209_536_151_601_386_9),
        (1e-6, -4.753_424_308_822_899),
        (1e-10, -6.361_340_902_404_056_2),
        (1e-11, -6.706_023_155_495_136_3),
        (1e-13, -7.348_796_102_800_677_5),
        (f64::EPSILON / 2.0, -8.209_536_151_601_386_9),
        (1e-100, -2.127_345_356_096_532_4e1),
        (1e-300, -3.704_709_629_936_119_9e1),
    ];

    #[test]
    fn the_inverse_is_good_to_fourteen_digits() {
        for (u, expected) in KNOWN {
            let z = inverse_normal(u);
            assert!((z - expected).abs() <= 1e-14 * expected.abs(), "{u}: {z}, not {expected}");
        }
    }

    #[test]
    fn the_inverse_grows_and_undoes_the_cdf() {
        let mut before = f64::NEG_INFINITY;
        for step in 1..100_000u32 {
            let u = f64::from(step) / 100_000.0;
            let z = inverse_normal(u);
            assert!(z > before, "at {u}");
            let back = normal_cdf(z);
            assert!((back - u).abs() < 1e-10, "{u} gives {back}");
            before = z;
        }
    }
}
