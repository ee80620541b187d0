//! Erlang A and its generalization to any patience law: the queue M/M/n+G in steady state.
//!
//! Baccelli, Hebuterne 1981, "On queues with impatient customers"; Zeltyn, Mandelbaum 2005, "Call
//! centers with impatient customers", Queueing Systems 51. With arrival rate λ, service rate μ,
//! load R = λ/μ, n agents, patience longer than x with probability G(x) and H(x) = ∫₀ˣ G, the
//! virtual wait has density proportional to λ e^φ(x), φ(x) = λ H(x) − n μ x, beside the mass
//! E = 1 / B(n − 1, R) at 0.

use super::blocking;

/// Relative disagreement of Simpson's and Boole's rule allowed to a panel; the error of Boole's is
/// far less where the patience law is smooth.
const TOLERANCE: f64 = 1e-7;
/// An exponent so far below its maximum contributes nothing: e^−50 is 2e-22.
const NEGLIGIBLE: f64 = -50.0;
/// More panels than any patience that ends needs: at this point the integral does not converge.
const MOST_PANELS: u32 = 200_000;

/// What contacts meet in M/M/n+G; shares of all arrivals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impatient {
    /// Answered at once.
    pub no_wait: f64,
    /// Abandoned.
    pub abandoned: f64,
    /// Answered within the threshold: the strict service level.
    pub answered_within: f64,
    /// Abandoned within the threshold.
    pub abandoned_within: f64,
}

/// M/M/n+M, Erlang A: patience is exponential with mean `patience`.
///
/// `arrival_rate` is per second, `handling` the mean handling time, `threshold` that of the
/// service level.
///
/// # Panics
/// When `handling` or `patience` is not a positive number, or `arrival_rate` not a number.
pub fn exponential_patience(
    arrival_rate: f64,
    agents: u32,
    handling: f64,
    patience: f64,
    threshold: f64,
) -> Impatient {
    assert!(patience > 0.0 && patience.is_finite(), "mean patience of {patience} s");
    let survival = |wait: f64| (-wait / patience).exp();
    general_patience(arrival_rate, agents, handling, survival, threshold)
        .expect("exponential patience ends, so there is a steady state")
}

/// M/M/n+G: `survival` gives the probability that patience is longer than so many seconds.
///
/// `None` where there is no steady state, that is when a share of the contacts waits for ever
/// and the agents cannot serve that share. Shares are good to about 1e-8 where
/// `survival` is smooth, to about 1e-5 where it has thousands of steps (recorded patience).
///
/// # Panics
/// When `handling` is not a positive number, or `arrival_rate` not a finite one.
pub fn general_patience(
    arrival_rate: f64,
    agents: u32,
    handling: f64,
    survival: impl Fn(f64) -> f64,
    threshold: f64,
) -> Option<Impatient> {
    assert!(handling > 0.0 && handling.is_finite(), "mean handling of {handling} s");
    assert!(arrival_rate.is_finite(), "{arrival_rate} arrivals per second");
    if agents == 0 {
        let abandoned_within = 1.0 - survival(threshold);
        let nobody =
            Impatient { no_wait: 0.0, abandoned: 1.0, answered_within: 0.0, abandoned_within };
        return Some(nobody);
    }
    if arrival_rate <= 0.0 {
        let at_once =
            Impatient { no_wait: 1.0, abandoned: 0.0, answered_within: 1.0, abandoned_within: 0.0 };
        return Some(at_once);
    }
    let service_rate = f64::from(agents) / handling;
    let peak = peak_of(arrival_rate, service_rate, &survival, handling)?;
    // φ is concave: it falls to both sides of its maximum. All is relative to that maximum, which
    // in overload is far beyond the range of f64.
    let rates = (arrival_rate, service_rate);
    let mut down = Path::new(rates, -1.0, |y| survival((peak - y).max(0.0)));
    let mut up = Path::new(rates, 1.0, |y| survival(peak + y));
    let (early, late) = if threshold <= peak {
        let late = down.advance(peak - threshold)?;
        (down.advance(peak)?, late.plus(up.advance(f64::INFINITY)?))
    } else {
        let early = down.advance(peak)?.plus(up.advance(threshold - peak)?);
        (early, up.advance(f64::INFINITY)?)
    };
    // Numerator and denominator of the formulas, divided by E e^φ(peak).
    let at_zero = down.exponent.exp();
    let factor = arrival_rate * blocking(arrival_rate * handling, agents - 1);
    let total = at_zero + factor * (early.mass + late.mass);
    let gone_by_threshold = 1.0 - survival(threshold);
    Some(Impatient {
        no_wait: at_zero / total,
        abandoned: factor * (early.lost + late.lost) / total,
        answered_within: (at_zero + factor * (early.mass - early.lost)) / total,
        abandoned_within: factor * (early.lost + gone_by_threshold * late.mass) / total,
    })
}

/// Where φ is greatest: at 0, or in overload where the arrivals who are still patient are just
/// what the agents can serve. `None` if that never happens.
fn peak_of(
    arrival_rate: f64,
    service_rate: f64,
    survival: impl Fn(f64) -> f64,
    handling: f64,
) -> Option<f64> {
    let rises = |wait: f64| arrival_rate * survival(wait) > service_rate;
    if !rises(0.0) {
        return Some(0.0);
    }
    let (mut low, mut high) = (0.0, handling);
    while rises(high) {
        low = high;
        high *= 2.0;
        if high > 1e18 {
            return None;
        }
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if rises(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low)
}

/// Integrals over a piece of the virtual wait x.
#[derive(Clone, Copy, Debug, Default)]
struct Integrals {
    /// ∫ e^φ.
    mass: f64,
    /// ∫ (1 − G) e^φ: who would have to wait x has lost patience before. λ times it is the
    /// numerator of P(abandon), without the cancellation of 1 + (λ − nμ) J.
    lost: f64,
}

impl Integrals {
    fn plus(self, other: Self) -> Self {
        Self { mass: self.mass + other.mass, lost: self.lost + other.lost }
    }
}

/// A walk along the virtual wait, away from the maximum of φ.
struct Path<S> {
    arrival_rate: f64,
    service_rate: f64,
    /// Survival of the patience at a distance from the start.
    survival: S,
    /// 1 when the virtual wait grows along the path, −1 when it shrinks.
    orientation: f64,
    at: f64,
    /// φ here less φ at the start.
    exponent: f64,
    step: f64,
    /// ∫ e^φ so far.
    mass: f64,
}

impl<S: Fn(f64) -> f64> Path<S> {
    fn new((arrival_rate, service_rate): (f64, f64), orientation: f64, survival: S) -> Self {
        let step = 0.1 / (arrival_rate + service_rate);
        Self {
            arrival_rate,
            service_rate,
            survival,
            orientation,
            at: 0.0,
            exponent: 0.0,
            step,
            mass: 0.0,
        }
    }

    /// Integrates up to the distance `to`, or until nothing more is to come; panels are halved
    /// where Boole's and Simpson's rule disagree. `None`: does not converge.
    fn advance(&mut self, to: f64) -> Option<Integrals> {
        let mut sum = Integrals::default();
        // |φ'| is at most the larger rate, so the integral along a path is at least about this.
        let least_mass = 0.5 / (self.arrival_rate + self.service_rate);
        for _ in 0..MOST_PANELS {
            if self.at >= to || self.exponent < NEGLIGIBLE {
                return Some(sum);
            }
            let step = self.step.min(to - self.at);
            let panel = self.panel(step);
            let allowed = TOLERANCE * self.mass.max(least_mass);
            let error = (panel.error / allowed).max(panel.exponent_error / TOLERANCE);
            let tiny = step <= 1e-13 * (self.at + least_mass);
            if error > 1.0 && !tiny {
                self.step = step / 2.0;
                continue;
            }
            sum = sum.plus(panel.integrals);
            self.mass += panel.integrals.mass;
            self.exponent += panel.rise;
            self.at = if step < self.step { to } else { self.at + step };
            if error < 1.0 / 64.0 {
                self.step *= 2.0;
            }
        }
        None
    }

    /// One panel of five equally spaced points: Newton-Cotes for φ at each of them and for the
    /// integrals (Abramowitz, Stegun 1964, 25.4.14 and table 25.3).
    fn panel(&self, step: f64) -> Panel {
        let quarter = step / 4.0;
        let patient: [f64; 5] =
            std::array::from_fn(|i| (self.survival)(self.at + quarter * i as f64));
        let slope = patient.map(|g| self.orientation * (self.arrival_rate * g - self.service_rate));
        let [s0, s1, s2, s3, s4] = slope;
        let rise = [
            0.0,
            quarter / 720.0 * (251.0 * s0 + 646.0 * s1 - 264.0 * s2 + 106.0 * s3 - 19.0 * s4),
            quarter / 90.0 * (29.0 * s0 + 124.0 * s1 + 24.0 * s2 + 4.0 * s3 - s4),
            quarter / 80.0 * (27.0 * s0 + 102.0 * s1 + 72.0 * s2 + 42.0 * s3 - 3.0 * s4),
            boole(slope, quarter),
        ];
        let density = rise.map(|rise| (self.exponent + rise).exp());
        let lost: [f64; 5] = std::array::from_fn(|i| (1.0 - patient[i]) * density[i]);
        let mass = boole(density, quarter);
        Panel {
            integrals: Integrals { mass, lost: boole(lost, quarter) },
            rise: rise[4],
            error: (mass - simpson(density, quarter)).abs(),
            exponent_error: (rise[4] - simpson(slope, quarter)).abs(),
        }
    }
}

/// What a panel adds.
struct Panel {
    integrals: Integrals,
    /// φ at its end less φ at its start.
    rise: f64,
    /// Disagreement about `integrals.mass`.
    error: f64,
    /// Disagreement about `rise`.
    exponent_error: f64,
}

/// Boole's rule over four intervals of this width.
fn boole([first, second, third, fourth, last]: [f64; 5], width: f64) -> f64 {
    width * 2.0 / 45.0 * (7.0 * (first + last) + 32.0 * (second + fourth) + 12.0 * third)
}

/// Simpson's rule over the same points, the second and fourth left out.
fn simpson([first, _, third, _, last]: [f64; 5], width: f64) -> f64 {
    width * 2.0 / 3.0 * (first + 4.0 * third + last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{delay_probability, service_level};
    use super::*;

    #[track_caller]
    fn assert_close(actual: f64, expected: f64, tolerance: f64) {
        assert!((actual - expected).abs() <= tolerance, "{actual} is not {expected}");
    }

    /// Birth-death chain of M/M/n+M: P(W = 0) and P(abandon) from its stationary law.
    fn by_the_chain(rate: f64, agents: u32, handling: f64, patience: f64) -> (f64, f64) {
        let n = f64::from(agents);
        let (mut log_weight, mut logs) = (0.0f64, vec![0.0f64]);
        for state in 1..400_000u32 {
            let busy = f64::from(state).min(n);
            let waiting = (f64::from(state) - n).max(0.0);
            log_weight += (rate / (busy / handling + waiting / patience)).ln();
            logs.push(log_weight);
            if waiting > 0.0 && log_weight < logs[agents as usize] - 80.0 {
                break;
            }
        }
        let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (mut total, mut free, mut queue) = (0.0, 0.0, 0.0);
        for (state, log) in logs.iter().enumerate() {
            let weight = (log - top).exp();
            total += weight;
            free += if (state as f64) < n { weight } else { 0.0 };
            queue += weight * (state as f64 - n).max(0.0);
        }
        (free / total, queue / total / patience / rate)
    }

    #[test]
    fn erlang_a_gives_the_check_values() {
        // methods.md section 8; its last digit is off by one here and there, by the chain below.
        for (load, agents, patience, expected) in [
            (100.0, 100, 300.0, [0.508_828, 0.041_673, 0.720_119]),
            (20.0, 22, 300.0, [0.657_330, 0.052_129, 0.744_267]),
            (5.0, 6, 120.0, [0.690_060, 0.134_588, 0.738_682]),
        ] {
            let found = exponential_patience(load / 360.0, agents, 360.0, patience, 20.0);
            assert_close(found.no_wait, expected[0], 1.5e-6);
            assert_close(found.abandoned, expected[1], 1.5e-6);
            assert_close(found.answered_within, expected[2], 1.5e-6);
        }
    }

    #[test]
    fn erlang_a_is_its_birth_death_chain_from_idle_to_hopeless() {
        for (load, agents, patience) in [
            (0.3, 1, 60.0),
            (5.0, 6, 120.0),
            (50.0, 200, 30.0),
            (200.0, 100, 300.0),
            (100.0, 90, 1e5),
            (1000.0, 10, 600.0),
            (1e5, 100_000, 300.0),
            (2e5, 100_000, 300.0),
            (9e4, 100_000, 300.0),
        ] {
            let (no_wait, abandoned) = by_the_chain(load / 360.0, agents, 360.0, patience);
            let found = exponential_patience(load / 360.0, agents, 360.0, patience, 20.0);
            assert_close(found.no_wait, no_wait, 1e-8);
            assert_close(found.abandoned, abandoned, 1e-8);
            assert!(found.answered_within >= found.no_wait - 1e-12, "{found:?}");
            assert!(found.abandoned_within <= found.abandoned + 1e-12, "{found:?}");
        }
    }

    #[test]
    fn who_waits_for_ever_makes_it_erlang_c() {
        let found = general_patience(95.0 / 360.0, 100, 360.0, |_| 1.0, 20.0).unwrap();
        assert_close(found.no_wait, 1.0 - delay_probability(95.0, 100), 1e-9);
        assert_close(found.answered_within, service_level(95.0, 100, 360.0, 20.0), 1e-9);
        assert_close(found.abandoned, 0.0, 0.0);
        assert_eq!(general_patience(105.0 / 360.0, 100, 360.0, |_| 1.0, 20.0), None);
        // A tenth waits for ever: enough agents for that tenth are a steady state.
        let tenth = |wait: f64| 0.1 + 0.9 * (-wait / 60.0).exp();
        assert!(general_patience(105.0 / 360.0, 100, 360.0, tenth, 20.0).is_some());
        assert_eq!(general_patience(1005.0 / 360.0, 100, 360.0, tenth, 20.0), None);
    }

    #[test]
    fn fixed_patience_is_the_closed_form_of_m_m_n_d() {
        // With patience d, all integrals are of exponentials: J = (1 − e^−ad)/a + e^−ad/(n μ)
        // with a = n μ − λ; P(abandon) = λ e^−ad / (n μ) / D.
        for (load, agents, d) in [(95.0, 100, 40.0), (105.0, 100, 40.0), (8.0, 5, 300.0)] {
            let (rate, served) = (load / 360.0, f64::from(agents) / 360.0);
            let spare = served - rate;
            let decay = (-spare * d).exp();
            let masses = [(1.0 - decay) / spare, decay / served];
            let empty = 1.0 / blocking(load, agents - 1);
            let total = empty + rate * (masses[0] + masses[1]);
            let patient = |wait: f64| f64::from(u8::from(wait < d));
            let found = general_patience(rate, agents, 360.0, patient, d).unwrap();
            assert_close(found.no_wait, empty / total, 1e-8);
            assert_close(found.abandoned, rate * masses[1] / total, 1e-8);
            assert_close(found.answered_within, 1.0 - rate * masses[1] / total, 1e-8);
        }
    }

    #[test]
    fn no_agents_and_no_arrivals_have_answers() {
        let nobody = exponential_patience(1.0, 0, 360.0, 300.0, 20.0);
        assert_eq!((nobody.abandoned, nobody.answered_within), (1.0, 0.0));
        let idle = exponential_patience(0.0, 5, 360.0, 300.0, 20.0);
        assert_eq!((idle.no_wait, idle.abandoned, idle.answered_within), (1.0, 0.0, 1.0));
    }

    proptest! {
        #[test]
        fn any_center_has_a_steady_state_that_adds_up(
            load in (-2.0..4.0f64).prop_map(|power| 10f64.powf(power)),
            staffing in 0.3..3.0f64,
            patience in (0.0..7.0f64).prop_map(|power| 10f64.powf(power)),
            threshold in 0.0..600.0f64,
        ) {
            #[expect(clippy::cast_possible_truncation, reason = "at most 30,000")]
            #[expect(clippy::cast_sign_loss, reason = "a load is positive")]
            let agents = (load * staffing).ceil() as u32;
            let found = exponential_patience(load / 240.0, agents, 240.0, patience, threshold);
            let Impatient { no_wait, abandoned, answered_within, abandoned_within } = found;
            let within = -1e-9..=1.0 + 1e-9;
            for share in [no_wait, abandoned, answered_within, abandoned_within] {
                prop_assert!(within.contains(&share), "{:?}", found);
            }
            prop_assert!(answered_within >= no_wait - 1e-9 && abandoned_within <= abandoned + 1e-9);
            prop_assert!(within.contains(&(answered_within + abandoned)), "{:?}", found);
            // Busy agents serve no more than there are: answered load is at most the agents.
            prop_assert!(load * (1.0 - abandoned) <= f64::from(agents) * (1.0 + 1e-9));
            let more = exponential_patience(load / 240.0, agents + 1, 240.0, patience, threshold);
            prop_assert!(more.abandoned <= abandoned + 1e-9);
            prop_assert!(more.answered_within >= answered_within - 1e-9);
        }
    }
}
