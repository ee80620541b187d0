//! Exact numbers for models small enough to solve: stationary chains and Kolmogorov's equations.

/// The stationary distribution of a Markov chain in continuous time, given its transitions (from,
/// to, rate): Grassmann, Taksar, Heyman 1985, "Regenerative analysis and steady state
/// distributions for Markov chains", Operations Research 33. It never subtracts, so all digits
/// hold.
pub(crate) fn stationary(states: usize, transitions: &[(usize, usize, f64)]) -> Vec<f64> {
    let mut rate = vec![0.0; states * states];
    for (from, to, by) in transitions {
        rate[from * states + to] += by;
    }
    for last in (1..states).rev() {
        let (above, from_last) = rate.split_at_mut(last * states);
        let from_last = &from_last[..last];
        let out: f64 = from_last.iter().sum();
        for row in above.chunks_exact_mut(states) {
            row[last] /= out;
            let share = row[last];
            if share > 0.0 {
                for (to, by) in row[..last].iter_mut().zip(from_last) {
                    *to += share * by;
                }
            }
        }
    }
    let mut weight = vec![0.0; states];
    weight[0] = 1.0;
    for state in 1..states {
        weight[state] = (0..state).map(|from| weight[from] * rate[from * states + state]).sum();
    }
    let total: f64 = weight.iter().sum();
    weight.iter().map(|weight| weight / total).collect()
}

/// The stationary distribution of a birth-and-death chain on 0 to `most`.
pub(crate) fn birth_and_death(
    most: usize,
    birth: impl Fn(usize) -> f64,
    death: impl Fn(usize) -> f64,
) -> Vec<f64> {
    let mut weight = vec![1.0];
    for state in 0..most {
        weight.push(weight[state] * birth(state) / death(state + 1));
    }
    let total: f64 = weight.iter().sum();
    weight.iter().map(|weight| weight / total).collect()
}

/// The mean of a function of the state.
pub(crate) fn mean(distribution: &[f64], value: impl Fn(usize) -> f64) -> f64 {
    distribution.iter().enumerate().map(|(state, p)| p * value(state)).sum()
}

/// M(t)/M/n(t)+M from an empty start, first come first served, with the head-count rule: when the
/// staff falls below the number busy, agents finish, and nobody starts until fewer than the head
/// count are busy.
#[derive(Clone, Debug)]
pub(crate) struct Center<R> {
    /// Arrivals per second at an instant.
    pub(crate) rate: R,
    /// Completions per busy agent and second.
    pub(crate) served: f64,
    /// Abandonments per waiting contact and second.
    pub(crate) lost: f64,
    /// Head counts, each from an instant on, the first from 0.
    pub(crate) staff: Vec<(f64, usize)>,
    /// Most waiting contacts that are followed.
    pub(crate) most_waiting: usize,
    /// Step of the integration; divides all instants.
    pub(crate) step: f64,
}

/// What is expected of one interval.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    /// Contacts that join.
    pub(crate) joined: f64,
    /// Those of them that wait.
    pub(crate) delayed: f64,
    /// Those of them that abandon, whenever that is.
    pub(crate) abandoned: f64,
    /// Sum of their waits.
    pub(crate) waited: f64,
    /// Abandonments within the interval.
    pub(crate) abandonments: f64,
    /// Time averages.
    pub(crate) backlog: f64,
    pub(crate) busy: f64,
    pub(crate) staffed: f64,
    /// Waiting at the end of the interval.
    pub(crate) backlog_end: f64,
}

impl Window {
    /// Adds `weight` times another one.
    pub(crate) fn add(&mut self, other: &Self, weight: f64) {
        self.joined += weight * other.joined;
        self.delayed += weight * other.delayed;
        self.abandoned += weight * other.abandoned;
        self.waited += weight * other.waited;
        self.abandonments += weight * other.abandonments;
        self.backlog += weight * other.backlog;
        self.busy += weight * other.busy;
        self.staffed += weight * other.staffed;
    }

    /// Several intervals together: sums of contacts; averages are left out.
    pub(crate) fn total(windows: &[Self]) -> Self {
        let mut total = Self::default();
        for window in windows {
            total.add(window, 1.0);
        }
        total
    }
}

/// By state: the probability of abandoning, and the mean wait.
type Prospects = [Vec<f64>; 2];

/// Runge and Kutta's method of order 4 for an equation without explicit time within the step.
pub(crate) fn advance(values: &mut [f64], step: f64, slope: impl Fn(f64, &[f64], &mut [f64])) {
    let count = values.len();
    let (mut sum, mut moved, mut k) = (vec![0.0; count], values.to_vec(), vec![0.0; count]);
    for (into, weight, reach) in
        [(0.0, 1.0, 0.5), (0.5, 2.0, 0.5), (0.5, 2.0, 1.0), (1.0, 1.0, 0.0)]
    {
        k.fill(0.0);
        slope(into * step, &moved, &mut k);
        for index in 0..count {
            sum[index] += weight * k[index];
            moved[index] = values[index] + reach * step * k[index];
        }
    }
    for (value, sum) in values.iter_mut().zip(sum) {
        *value += step / 6.0 * sum;
    }
}

impl<R: Fn(f64) -> f64> Center<R> {
    /// What is expected of `count` intervals of `length` seconds from 0 on. Contacts are followed
    /// for `tail` seconds beyond.
    pub(crate) fn windows(&self, count: usize, length: f64, tail: f64) -> Vec<Window> {
        let steps = self.steps(length);
        let ahead = self.prospects(count * steps, tail);
        let mut p = vec![0.0; self.states()];
        p[0] = 1.0;
        let mut windows = vec![Window::default(); count];
        for now in 0..count * steps {
            let at = self.at(now);
            self.change_forward(now, &mut p);
            let staff = self.staff_at(now);
            let window = &mut windows[now / steps];
            let half = self.step / 2.0;
            window.add(&self.moment(at, staff, &p, &ahead[now].0), half);
            advance(&mut p, self.step, |into, p, dp| {
                self.forward(at + into, staff, p, dp);
            });
            window.add(&self.moment(at + self.step, staff, &p, &ahead[now].1), half);
            window.backlog_end = self.waiting(&p);
        }
        for window in &mut windows {
            window.backlog /= length;
            window.busy /= length;
            window.staffed /= length;
        }
        windows
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few steps")]
    fn steps(&self, length: f64) -> usize {
        (length / self.step).round() as usize
    }

    fn at(&self, now: usize) -> f64 {
        now as f64 * self.step
    }

    fn staff_at(&self, now: usize) -> usize {
        let begun = self.staff.iter().take_while(|(from, _)| self.steps(*from) <= now);
        begun.last().expect("the first holds from 0").1
    }

    fn most_busy(&self) -> usize {
        self.staff.iter().map(|(_, staff)| *staff).max().unwrap_or(0)
    }

    fn states(&self) -> usize {
        (self.most_busy() + 1) * (self.most_waiting + 1)
    }

    fn place(&self, busy: usize, waiting: usize) -> usize {
        busy * (self.most_waiting + 1) + waiting
    }

    /// All states, as (place, busy, waiting).
    fn each(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let row = self.most_waiting + 1;
        (0..self.states()).map(move |place| (place, place / row, place % row))
    }

    fn waiting(&self, p: &[f64]) -> f64 {
        self.each().map(|(place, _, waiting)| p[place] * waiting as f64).sum()
    }

    /// Whoever comes on shift takes from the queue.
    fn change_forward(&self, now: usize, p: &mut [f64]) {
        if !self.staff.iter().any(|(from, _)| self.steps(*from) == now) {
            return;
        }
        let staff = self.staff_at(now);
        for (place, busy, waiting) in self.each() {
            let taken = waiting.min(staff.saturating_sub(busy));
            if taken > 0 {
                let mass = std::mem::take(&mut p[place]);
                p[self.place(busy + taken, waiting - taken)] += mass;
            }
        }
    }

    fn forward(&self, at: f64, staff: usize, p: &[f64], dp: &mut [f64]) {
        let rate = (self.rate)(at);
        for (place, busy, waiting) in self.each() {
            let mass = p[place];
            if mass == 0.0 {
                continue;
            }
            let mut flow = |to: usize, by: f64| {
                dp[place] -= by * mass;
                dp[to] += by * mass;
            };
            if busy < staff {
                flow(self.place(busy + 1, waiting), rate);
            } else if waiting < self.most_waiting {
                flow(self.place(busy, waiting + 1), rate);
            }
            if busy > 0 {
                let to = if busy == staff && waiting > 0 {
                    self.place(busy, waiting - 1)
                } else {
                    self.place(busy - 1, waiting)
                };
                flow(to, busy as f64 * self.served);
            }
            if waiting > 0 {
                flow(self.place(busy, waiting - 1), waiting as f64 * self.lost);
            }
        }
    }

    /// What a contact may expect that joins behind `waiting` others: the probability that it
    /// abandons and its mean wait, by the backward equations; at each instant after a change of
    /// staff, and just before the next instant's.
    fn prospects(&self, steps: usize, tail: f64) -> Vec<(Prospects, Prospects)> {
        let mut next = [vec![0.0; self.states()], vec![0.0; self.states()]];
        let mut found = Vec::with_capacity(steps);
        for now in (0..steps + self.steps(tail)).rev() {
            self.change_backward(now + 1, &mut next);
            let before = next.clone();
            let staff = self.staff_at(now);
            for (values, reward) in next.iter_mut().zip([self.lost, 1.0]) {
                advance(values, self.step, |_, v, dv| {
                    self.backward(staff, reward, v, dv);
                });
            }
            if now < steps {
                found.push((next.clone(), before));
            }
        }
        found.reverse();
        found
    }

    fn backward(&self, staff: usize, reward: f64, v: &[f64], dv: &mut [f64]) {
        for (place, busy, ahead) in self.each() {
            if busy < staff {
                continue;
            }
            let next = match (busy > staff, ahead) {
                (_, _) if busy == 0 => 0.0,
                (true, _) => v[self.place(busy - 1, ahead)],
                (false, 0) => 0.0,
                (false, _) => v[self.place(busy, ahead - 1)],
            };
            let mut slope = reward - self.lost * v[place];
            slope += busy as f64 * self.served * (next - v[place]);
            if ahead > 0 {
                slope += ahead as f64 * self.lost * (v[place - 1] - v[place]);
            }
            dv[place] = slope;
        }
    }

    /// Whoever is behind fewer than the agents that become free is answered.
    fn change_backward(&self, now: usize, prospects: &mut Prospects) {
        if !self.staff.iter().any(|(from, _)| self.steps(*from) == now) {
            return;
        }
        let staff = self.staff_at(now);
        for values in prospects {
            let after = values.clone();
            for (place, busy, ahead) in self.each() {
                let free = staff.saturating_sub(busy);
                values[place] = match ahead.checked_sub(free) {
                    None => 0.0,
                    Some(ahead) => after[self.place(busy.max(staff), ahead)],
                };
                if free == 0 {
                    values[place] = after[place];
                }
            }
        }
    }

    /// Rates of what is summed, at an instant.
    fn moment(&self, at: f64, staff: usize, p: &[f64], ahead: &Prospects) -> Window {
        let rate = (self.rate)(at);
        let mut window = Window { joined: rate, ..Window::default() };
        for (place, busy, waiting) in self.each() {
            let mass = p[place];
            if mass == 0.0 {
                continue;
            }
            if busy >= staff {
                window.delayed += rate * mass;
                window.abandoned += rate * mass * ahead[0][place];
                window.waited += rate * mass * ahead[1][place];
            }
            window.abandonments += mass * waiting as f64 * self.lost;
            window.backlog += mass * waiting as f64;
            window.busy += mass * busy as f64;
            window.staffed += mass * busy.max(staff) as f64;
        }
        window
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elimination_solves_a_birth_and_death_chain() {
        let (rate, served) = (2.0, 1.0);
        let known = birth_and_death(12, |_| rate, |n| served * n.min(3) as f64);
        let mut transitions = Vec::new();
        for n in 0..12 {
            transitions.push((n, n + 1, rate));
            transitions.push((n + 1, n, served * (n + 1).min(3) as f64));
        }
        for (a, b) in stationary(13, &transitions).iter().zip(&known) {
            assert!((a - b).abs() < 1e-14, "{a} {b}");
        }
    }

    #[test]
    fn the_equations_tend_to_erlang_a() {
        let center = Center {
            rate: |_| 0.05,
            served: 0.01,
            lost: 0.02,
            staff: vec![(0.0, 4)],
            most_waiting: 30,
            step: 1.0,
        };
        let windows = center.windows(2, 1000.0, 1000.0);
        let late = windows[1];
        let exact = birth_and_death(
            34,
            |_| 0.05,
            |n| 0.01 * n.min(4) as f64 + 0.02 * n.saturating_sub(4) as f64,
        );
        let backlog = mean(&exact, |n| n.saturating_sub(4) as f64);
        assert!((late.backlog - backlog).abs() < 1e-4, "{} {backlog}", late.backlog);
        let abandoned = 0.02 * backlog / 0.05;
        assert!((late.abandoned / late.joined - abandoned).abs() < 1e-5);
        assert!((late.waited / late.joined - backlog / 0.05).abs() < 1e-3);
    }
}
