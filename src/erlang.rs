//! Erlang B, C and A as plain functions: closed queueing formulas for one queue in steady state.
//!
//! `load` is the offered load in erlangs, arrival rate times mean handling time; times are in
//! seconds. All recurrences and integrals are stable for loads and agents up to at least 10^5.

mod impatient;
mod staffing;

pub use impatient::{Impatient, exponential_patience, general_patience};
pub use staffing::{agents_for_occupancy, modified_offered_load, square_root_staffing};

/// Probability that an arrival is blocked in M/G/n/n: all `agents` busy and no room to wait.
///
/// Erlang 1917, by the recurrence B₀ = 1, Bₘ = R Bₘ₋₁ / (m + R Bₘ₋₁) in the load R (Jagerman
/// 1974, Bell System Technical Journal 53), which neither overflows nor cancels.
pub fn blocking(load: f64, agents: u32) -> f64 {
    let mut blocked = 1.0;
    for agent in 1..=agents {
        blocked = load * blocked / (f64::from(agent) + load * blocked);
    }
    blocked
}

/// Probability that an arrival waits in M/M/n, Erlang C; 1 where the queue has no steady state.
///
/// C = n B / (n − R (1 − B)) with Erlang B (Cooper 1981, "Introduction to queueing theory",
/// section 3.4).
pub fn delay_probability(load: f64, agents: u32) -> f64 {
    let n = f64::from(agents);
    if load >= n {
        return 1.0;
    }
    let blocked = blocking(load, agents);
    n * blocked / (n - load * (1.0 - blocked))
}

/// Mean wait of all contacts in M/M/n, C · S / (n − R) with the mean handling time S; `None`
/// where the queue has no steady state.
pub fn mean_wait(load: f64, agents: u32, handling: f64) -> Option<f64> {
    let spare = f64::from(agents) - load;
    (spare > 0.0).then(|| delay_probability(load, agents) * handling / spare)
}

/// Share answered within `threshold` in M/M/n, 1 − C · exp(−(n − R) T / S) with the mean handling
/// time S; 0 where the queue has no steady state.
pub fn service_level(load: f64, agents: u32, handling: f64, threshold: f64) -> f64 {
    let spare = f64::from(agents) - load;
    if spare <= 0.0 {
        return 0.0;
    }
    1.0 - delay_probability(load, agents) * (-spare * threshold / handling).exp()
}

/// The fewest agents that keep a queue without abandonment from growing for ever: the smallest
/// n with `load` < n.
pub fn agents_to_hold(load: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "a load beyond u32 stops at its maximum")]
    #[expect(clippy::cast_sign_loss, reason = "a negative load counts as 0")]
    let whole = load.floor() as u32;
    whole.saturating_add(1)
}

/// The fewest agents with which M/M/n answers at least the share `goal`, less than 1, within
/// `threshold`.
///
/// ```
/// // 100 erlangs, 360 s of handling, 80 % within 20 s.
/// assert_eq!(surgecast::erlang::agents_for_service_level(100.0, 360.0, 20.0, 0.8), 109);
/// ```
pub fn agents_for_service_level(load: f64, handling: f64, threshold: f64, goal: f64) -> u32 {
    let enough = |agents| service_level(load, agents, handling, threshold) >= goal;
    fewest_agents(agents_to_hold(load), enough)
}

/// The smallest number from `least` on that is `enough`, for any condition that stays true once
/// it is true: found in steps that double, then by halving. `u32::MAX` if none is.
pub fn fewest_agents(least: u32, mut enough: impl FnMut(u32) -> bool) -> u32 {
    let (mut too_few, mut step) = (least, 1u32);
    if enough(least) {
        return least;
    }
    let mut suffices = loop {
        let next = too_few.saturating_add(step);
        if next == u32::MAX || enough(next) {
            break next;
        }
        too_few = next;
        step = step.saturating_mul(2);
    };
    while suffices - too_few > 1 {
        let middle = too_few + (suffices - too_few) / 2;
        if enough(middle) {
            suffices = middle;
        } else {
            too_few = middle;
        }
    }
    suffices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_close(actual: f64, expected: f64, tolerance: f64) {
        assert!((actual - expected).abs() <= tolerance, "{actual} is not {expected}");
    }

    /// Erlang B as the plain sum R^n/n! / Σ R^k/k!.
    fn blocking_by_definition(load: f64, agents: u32) -> f64 {
        let (mut term, mut sum) = (1.0, 1.0);
        for k in 1..=agents {
            term *= load / f64::from(k);
            sum += term;
        }
        term / sum
    }

    #[test]
    fn blocking_is_its_definition() {
        for (load, agents) in [(0.0, 0), (0.5, 1), (5.0, 6), (20.0, 22), (100.0, 90), (3.0, 30)] {
            let expected = blocking_by_definition(load, agents);
            assert_close(blocking(load, agents), expected, 1e-13);
        }
    }

    #[test]
    fn a_textbook_queue_waits_as_it_should() {
        // M/M/1: C = R, mean wait = R S / (1 - R). M/M/2 with R = 1: C = 1/3.
        assert_close(delay_probability(0.7, 1), 0.7, 1e-15);
        assert_close(mean_wait(0.7, 1, 10.0).unwrap(), 7.0 / 0.3, 1e-12);
        assert_close(delay_probability(1.0, 2), 1.0 / 3.0, 1e-15);
        assert_close(service_level(1.0, 2, 60.0, 60.0), 1.0 - (-1.0f64).exp() / 3.0, 1e-15);
        assert_eq!(mean_wait(2.0, 2, 60.0), None);
        assert_close(service_level(2.0, 2, 60.0, 60.0), 0.0, 0.0);
        assert_close(delay_probability(2.0, 2), 1.0, 0.0);
    }

    #[test]
    fn huge_centers_stay_finite() {
        // Halfin and Whitt 1981: with n = R + b √R, C tends to 1 / (1 + b Φ(b) / φ(b)).
        let (load, b) = (1e5, 1.0);
        let agents = 100_316;
        let limit = 1.0 / (1.0 + b * 0.841_344_746 / 0.241_970_725);
        assert_close(delay_probability(load, agents), limit, 2e-3);
        assert_close(blocking(1.0, 100_000), 0.0, 1e-300);
        assert_close(blocking(1e5, 10), 0.9999, 1e-6);
    }

    #[test]
    fn the_fewest_agents_are_the_fewest() {
        assert_eq!(agents_to_hold(0.0), 1);
        assert_eq!(agents_to_hold(4.999), 5);
        assert_eq!(agents_to_hold(5.0), 6);
        assert_eq!(agents_to_hold(f64::INFINITY), u32::MAX);
        for answer in [0, 1, 2, 7, 1000, 123_457] {
            for least in [0, 1, 5] {
                assert_eq!(fewest_agents(least, |n| n >= answer), answer.max(least));
            }
        }
        assert_eq!(fewest_agents(3, |_| false), u32::MAX);
        let needed = agents_for_service_level(37.0, 240.0, 15.0, 0.9);
        assert!(service_level(37.0, needed, 240.0, 15.0) >= 0.9);
        assert!(service_level(37.0, needed - 1, 240.0, 15.0) < 0.9);
    }
}
