//! What planners make of the formulas: load over a day, and head counts by rule.

use statrs::function::erf::erfc;

/// Agent times of so many means count as over.
const LONGEST: f64 = 12.0;
/// Most pieces of the past that are looked at.
const MOST_PIECES: f64 = 20_000.0;

/// The modified offered load m(t) = ∫ λ(t − u) P(S > u) du: agents that would be busy if there
/// were always a free one, in a center that starts empty (Eick, Massey, Whitt 1993, "The physics
/// of the Mt/G/∞ queue", Operations Research 41, equation 2; as staffing load: Jennings,
/// Mandelbaum, Massey, Whitt 1996, Management Science 42).
///
/// `rates` are arrivals per second in pieces of `piece` seconds, `handling` is the mean agent time
/// and `survival` the probability that one is longer than so many seconds. The load is that at the
/// end of each piece, with the past of at most 12 mean agent times; what a longer tail holds back
/// counts as if it came at once.
pub fn modified_offered_load(
    rates: &[f64],
    piece: f64,
    handling: f64,
    survival: impl Fn(f64) -> f64,
) -> Vec<f64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to 20,000")]
    let pieces = (LONGEST * handling / piece).ceil().clamp(0.0, MOST_PIECES) as usize + 1;
    let mut weights: Vec<f64> =
        (0..pieces).map(|at| survival((at as f64 + 0.5) * piece) * piece).collect();
    let left = handling - weights.iter().sum::<f64>();
    weights[0] += left.max(-weights[0]);
    (0..rates.len())
        .map(|now| {
            let past = rates[..=now].iter().rev();
            past.zip(&weights).map(|(rate, weight)| rate * weight).sum()
        })
        .collect()
}

/// The square-root rule: R + β √R agents, with the β at which in a large center the probability
/// of waiting is `delay`, between 0 and 1 (Halfin, Whitt 1981, Operations Research 29: the
/// probability is 1 / (1 + β Φ(β) / φ(β))).
///
/// ```
/// // Half wait at β = 0.51: with 100 erlangs, 106 agents; Erlang C says 0.4996.
/// let agents = surgecast::erlang::square_root_staffing(100.0, 0.5);
/// assert!((agents - 105.06).abs() < 0.02);
/// ```
pub fn square_root_staffing(load: f64, delay: f64) -> f64 {
    let waits = |beta: f64| {
        let below = 0.5 * erfc(-beta / 2f64.sqrt());
        let density = (-beta * beta / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
        1.0 / (1.0 + beta * below / density)
    };
    let (mut low, mut high) = (0.0, 8.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if waits(middle) > delay {
            low = middle;
        } else {
            high = middle;
        }
    }
    load + low * load.sqrt()
}

/// The fewest agents who are busy at most the share `occupancy` of their time when everybody
/// waits for ever: the smallest whole n with `load` / n ≤ `occupancy`, and n > `load`.
pub fn agents_for_occupancy(load: f64, occupancy: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a load beyond u32 stops at its maximum"
    )]
    let agents = (load / occupancy - 1e-9).ceil() as u32;
    agents.max(super::agents_to_hold(load))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_load_of_a_constant_rate_grows_to_rate_times_handling() {
        // Exponential agent times: m(t) = λ S (1 − e^(−t/S)).
        let (rate, handling, piece) = (0.2, 300.0, 15.0);
        let survival = |age: f64| (-age / handling).exp();
        let load = modified_offered_load(&[rate; 400], piece, handling, survival);
        for (at, found) in load.iter().enumerate() {
            let t = (at as f64 + 1.0) * piece;
            let exact = rate * handling * (1.0 - (-t / handling).exp());
            assert!((found - exact).abs() < 0.02, "{t}: {found} {exact}");
        }
    }

    #[test]
    fn a_pulse_lasts_as_long_as_agent_times() {
        let mut rates = vec![0.0; 40];
        rates[3] = 1.0;
        // Everybody takes 100 s: 10 pieces.
        let survival = |age: f64| f64::from(u8::from(age < 100.0));
        let load = modified_offered_load(&rates, 10.0, 100.0, survival);
        for (at, found) in load.iter().enumerate() {
            let expected = if (3..13).contains(&at) { 10.0 } else { 0.0 };
            assert!((found - expected).abs() < 1e-9, "{at}: {found}");
        }
    }

    #[test]
    fn the_square_root_rule_is_near_erlang_c_where_it_should_be() {
        for (load, delay) in [(50.0, 0.3), (100.0, 0.5), (1000.0, 0.1), (5000.0, 0.8)] {
            let exact = crate::erlang::fewest_agents(crate::erlang::agents_to_hold(load), |n| {
                crate::erlang::delay_probability(load, n) <= delay
            });
            let rule = square_root_staffing(load, delay);
            assert!((rule - f64::from(exact)).abs() < 1.3, "{load}: {rule} {exact}");
        }
    }

    #[test]
    fn occupancy_is_load_over_agents() {
        assert_eq!(agents_for_occupancy(70.0, 0.7), 100);
        assert_eq!(agents_for_occupancy(70.1, 0.7), 101);
        assert_eq!(agents_for_occupancy(10.0, 1.0), 11);
    }
}
