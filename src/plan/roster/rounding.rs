//! Rosters of whole people, from the fractional one that the relaxed program gives.
//!
//! Diving: the program is solved again and again, each time with the patterns that were nearly whole
//! rounded up, until all are whole. Then people are exchanged for fewer or cheaper ones wherever
//! needs stay covered, at the cost of those who have to be scheduled: with a shrinkage of 10 %, two
//! for one to be present, and ten for nine. That takes about a second, and comes to the same
//! roster each time, where branching over whole people is cut off by the clock.

use super::program::CoveringProgram;
use crate::plan::staffing::whole;

/// A count that is nearer to a whole one than this is one.
const WHOLE: f64 = 1e-6;
/// What counts as nothing, in people and in money.
const LITTLE: f64 = 1e-9;
/// People who may be exchanged at once.
const MOST_OUT: usize = 3;
/// Places that exchanges may look at: a second or so.
const MOST_LOOKED: u64 = 100_000_000;
/// A part of a person from which on patterns are rounded up together.
const NEARLY: f64 = 0.8;
/// Programs that a dive may take; what is not whole then is filled up.
const MOST_DIVES: usize = 200;

/// People on each pattern, and what is short with them.
struct Rounding<'c> {
    cover: &'c CoveringProgram<'c>,
    counts: Vec<u32>,
    /// By set and step, one after the other; less than 0 where people are to spare.
    short: Vec<f64>,
    /// By pattern, what one person on it adds, and where.
    adds: Vec<Vec<(usize, f64)>>,
    /// Places looked at in search of exchanges.
    looked: u64,
}

impl CoveringProgram<'_> {
    /// The cheaper of what diving and filling up come to.
    pub(super) fn rounded(&self) -> Vec<u32> {
        let cost = |filling: &Rounding<'_>| filling.missing() * self.penalty() + filling.cost();
        let begins = [self.dived(), Some(vec![0; self.patterns.len()])];
        let all = begins.into_iter().flatten().map(|counts| {
            let mut filling = Rounding::new(self, counts);
            filling.fill_up();
            while !self.control.is_over() && filling.exchange() {}
            filling
        });
        let best = all.min_by(|a, b| cost(a).total_cmp(&cost(b)));
        best.map_or_else(Vec::new, |filling| filling.counts)
    }

    /// Without any solver: filled up where most is short for the money.
    pub(super) fn filled_up(&self) -> Vec<u32> {
        let mut filling = Rounding::new(self, vec![0; self.patterns.len()]);
        filling.fill_up();
        filling.counts
    }

    /// Divisible people on each pattern, within these bounds.
    fn present(&self, bounds: &[(f64, f64)]) -> Option<Vec<f64>> {
        let mut values = self.relaxed(bounds)?.values;
        values.truncate(self.patterns.len());
        Some(values)
    }

    /// What diving comes to, whole people; `None` where the solver gives up.
    fn dived(&self) -> Option<Vec<u32>> {
        let mut bounds = vec![(0.0, f64::INFINITY); self.patterns.len()];
        let mut counts = self.present(&bounds)?;
        for _ in 0..MOST_DIVES {
            if self.control.is_over() {
                break;
            }
            let part = |count: f64| count - count.floor();
            let is_open = |count: f64| (count - count.round()).abs() > WHOLE;
            let open = counts.iter().enumerate().filter(|(_, count)| is_open(**count));
            let best = open.max_by(|a, b| part(*a.1).total_cmp(&part(*b.1)).then(b.0.cmp(&a.0)));
            let Some((best, _)) = best else { break };
            let before = bounds.clone();
            for (pattern, count) in counts.iter().enumerate() {
                if pattern == best || is_open(*count) && part(*count) > NEARLY {
                    bounds[pattern].0 = count.ceil();
                }
            }
            counts = if let Some(counts) = self.present(&bounds) {
                counts
            } else {
                // There is no room for one more.
                bounds = before;
                bounds[best].1 = counts[best].floor();
                self.present(&bounds)?
            };
        }
        let down = |count: f64| whole((count + WHOLE).floor());
        Some(counts.into_iter().map(down).collect())
    }
}

impl<'c> Rounding<'c> {
    fn new(cover: &'c CoveringProgram<'c>, counts: Vec<u32>) -> Self {
        let steps = cover.needs.first().map_or(0, Vec::len);
        let adds = |pattern: usize| {
            let places = (0..cover.needs.len() * steps).map(|place| {
                let adds = cover.adds(pattern, place / steps, place % steps);
                (place, adds)
            });
            places.filter(|(_, adds)| *adds > 0.0).collect()
        };
        let mut filling = Self {
            cover,
            short: cover.needs.iter().flatten().copied().collect(),
            adds: (0..counts.len()).map(adds).collect(),
            counts: vec![0; counts.len()],
            looked: 0,
        };
        for (pattern, count) in counts.into_iter().enumerate() {
            for _ in 0..count {
                // Programs know nothing of whole people who are scheduled.
                if cover.has_room(pattern, &filling.counts) {
                    filling.put(pattern);
                }
            }
        }
        filling
    }

    /// Puts a person on a pattern.
    fn put(&mut self, pattern: usize) {
        self.counts[pattern] += 1;
        for (place, adds) in &self.adds[pattern] {
            self.short[*place] -= adds;
        }
    }

    /// Takes a person out.
    fn take(&mut self, pattern: usize) {
        self.counts[pattern] -= 1;
        for (place, adds) in &self.adds[pattern] {
            self.short[*place] += adds;
        }
    }

    /// What is short in all.
    fn missing(&self) -> f64 {
        self.short.iter().filter(|short| **short > LITTLE).sum()
    }

    fn cost(&self) -> f64 {
        let patterns = 0..self.counts.len();
        patterns.map(|pattern| self.price(pattern, self.counts[pattern])).sum()
    }

    /// What so many people on a pattern cost: of few of them many have to be scheduled.
    fn price(&self, pattern: usize, count: u32) -> f64 {
        let pattern = &self.cover.patterns[pattern];
        f64::from(self.cover.planned[pattern.group].scheduled(count)) * pattern.cost
    }

    /// What one person more on a pattern costs.
    fn more(&self, pattern: usize, counts: &[u32]) -> f64 {
        let count = counts[pattern];
        self.price(pattern, count + 1) - self.price(pattern, count)
    }

    /// Puts people where they help most for the money, until nothing is short or there is no room,
    /// and takes out those who are not needed then, the dearest first.
    fn fill_up(&mut self) {
        while let Some(pattern) = self.most_wanted() {
            self.put(pattern);
        }
        let before = self.missing();
        let mut order: Vec<usize> = (0..self.counts.len()).collect();
        let price = |pattern: &usize| self.cover.price(&self.cover.patterns[*pattern]);
        order.sort_by(|a, b| price(b).total_cmp(&price(a)));
        for pattern in order {
            while self.counts[pattern] > 0 {
                self.take(pattern);
                if self.missing() > before + LITTLE {
                    self.put(pattern);
                    break;
                }
            }
        }
    }

    /// The pattern on which one person more helps most for the money.
    fn most_wanted(&self) -> Option<usize> {
        let gain = |pattern: usize| -> f64 {
            let adds = self.adds[pattern].iter();
            let helps = adds.map(|(place, adds)| {
                let short = self.short[*place];
                if short > LITTLE { short.min(*adds) } else { 0.0 }
            });
            let price = self.cover.price(&self.cover.patterns[pattern]);
            helps.sum::<f64>() / price.max(LITTLE)
        };
        let open = 0..self.counts.len();
        let open = open.filter(|pattern| self.cover.has_room(*pattern, &self.counts));
        let best = open.map(|pattern| (gain(pattern), pattern));
        let best = best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        best.filter(|(gain, _)| *gain > 0.0).map(|(_, pattern)| pattern)
    }

    /// Exchanges up to [`MOST_OUT`] people for up to two others who cost less and leave no more
    /// missing. Returns whether that was possible.
    fn exchange(&mut self) -> bool {
        let before = (self.cost(), self.missing());
        let mut out = Vec::new();
        self.exchange_from(0, before, &mut out)
    }

    /// The same, with these people out already and others from this pattern on to be tried.
    fn exchange_from(&mut self, from: usize, before: (f64, f64), out: &mut Vec<usize>) -> bool {
        for pattern in from..self.counts.len() {
            if self.counts[pattern] == 0 {
                continue;
            }
            self.take(pattern);
            out.push(pattern);
            let deeper = out.len() < MOST_OUT;
            if self.looked > MOST_LOOKED {
                self.put(pattern);
                out.pop();
                return false;
            }
            if self.replace(before) || deeper && self.exchange_from(pattern, before, out) {
                return true;
            }
            out.pop();
            self.put(pattern);
        }
        false
    }

    /// Puts up to two people on patterns so that the cost is less and no more is missing.
    fn replace(&mut self, (cost, missing): (f64, f64)) -> bool {
        let left = cost - self.cost() - LITTLE;
        let missing = missing + LITTLE;
        if left <= 0.0 {
            return false;
        }
        let places = self.short.iter().enumerate();
        let short: Vec<(usize, f64)> = places
            .filter(|(_, short)| **short > LITTLE)
            .map(|(place, short)| (place, *short))
            .collect();
        if total(&short) <= missing {
            return true;
        }
        let mut counts = self.counts.clone();
        for one in 0..self.counts.len() {
            let first = self.more(one, &counts);
            if first > left || !self.cover.has_room(one, &counts) {
                continue;
            }
            let rest = self.rest(&short, one);
            self.looked += short.len() as u64;
            if total(&rest) <= missing {
                self.put(one);
                return true;
            }
            if rest.len() == short.len() && total(&rest) >= total(&short) {
                continue;
            }
            counts[one] += 1;
            let other = (one..self.counts.len()).find(|other| {
                self.more(*other, &counts) <= left - first
                    && total(&self.rest(&rest, *other)) <= missing
                    && self.cover.has_room(*other, &counts)
            });
            counts[one] -= 1;
            self.looked += (rest.len() * counts.len()) as u64;
            if let Some(other) = other {
                self.put(one);
                self.put(other);
                return true;
            }
        }
        false
    }

    /// What is left of what is short with one person more on a pattern.
    fn rest(&self, short: &[(usize, f64)], pattern: usize) -> Vec<(usize, f64)> {
        let steps = self.cover.needs.first().map_or(1, Vec::len);
        let of = |(place, short): &(usize, f64)| {
            let left = short - self.cover.adds(pattern, place / steps, place % steps);
            (left > LITTLE).then_some((*place, left))
        };
        short.iter().filter_map(of).collect()
    }
}

fn total(short: &[(usize, f64)]) -> f64 {
    short.iter().map(|(_, short)| short).sum()
}

#[cfg(test)]
mod tests {
    use crate::experiment::Control;

    use super::*;
    use crate::plan::roster::{Moment, Roster, ShiftPattern};
    use crate::plan::skill_sets::SkillSet;
    use crate::plan::staffing::Planned;
    use crate::scenario::PlanShift;
    use crate::time::SimSpan;

    /// Numbers that look random, below `below`.
    fn numbers() -> impl FnMut(u64) -> u64 {
        let mut word = 11u64;
        move |below| {
            word = word
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (word >> 33) % below
        }
    }

    const COVERS: [[f64; 6]; 4] = [
        [1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 1.0, 1.0, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0, 1.0, 1.0],
        [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
    ];

    /// One group on one shift that starts at four times.
    struct Example {
        planned: [Planned; 1],
        sets: [SkillSet; 1],
        patterns: Vec<ShiftPattern>,
        shifts: [PlanShift; 1],
    }

    impl Example {
        /// At most so many scheduled on the shift and in the group.
        fn new(on_shift: Option<u32>, in_group: Option<u32>) -> Self {
            let pattern = |cover: &[f64; 6]| ShiftPattern {
                shift: 0,
                group: 0,
                start: Moment::Offset(SimSpan::ZERO),
                cover: cover.to_vec(),
                cost: 1.0,
            };
            Self {
                planned: [Planned {
                    group: 0,
                    name: String::new(),
                    shrinkage: 0.1,
                    cost_per_hour: 1.0,
                    at_least: 0,
                    at_most: in_group,
                }],
                sets: [SkillSet { types: vec![0], planned: vec![(0, 1.0)], fixed: Vec::new() }],
                patterns: COVERS.iter().map(pattern).collect(),
                shifts: [PlanShift {
                    name: String::new(),
                    groups: vec![0],
                    starts: Vec::new(),
                    length: SimSpan::HOUR,
                    breaks: Vec::new(),
                    at_most: on_shift,
                    cost: None,
                }],
            }
        }

        fn rounded(&self, needs: &[f64]) -> Vec<u32> {
            CoveringProgram {
                patterns: &self.patterns,
                shifts: &self.shifts,
                planned: &self.planned,
                sets: &self.sets,
                needs: &[needs.to_vec()],
                control: Control::new(1),
            }
            .rounded()
        }
    }

    fn there(counts: &[u32], step: usize) -> f64 {
        let covers = counts.iter().zip(&COVERS);
        covers.map(|(count, cover)| f64::from(*count) * cover[step]).sum()
    }

    #[test]
    fn rosters_cover_the_needs_and_are_hardly_dearer_than_the_best_of_all() {
        let example = Example::new(None, None);
        let mut number = numbers();
        let (mut cost, mut least) = (0.0, 0.0);
        for _ in 0..40 {
            let need = |_| f64::from(u32::try_from(number(7)).unwrap());
            let needs: Vec<f64> = (0..6).map(need).collect();
            let enough = |counts: &[u32]| (0..6).all(|step| there(counts, step) >= needs[step]);
            let found = example.rounded(&needs);
            assert!(enough(&found), "{found:?} for {needs:?}");
            let price = |counts: Vec<u32>| Roster(counts).cost(&example.patterns, &example.planned);
            let all = (0..7u32.pow(4)).map(|number| {
                let digit = |place| number / 7u32.pow(place) % 7;
                (0..4).map(digit).collect::<Vec<u32>>()
            });
            let best = all.filter(|counts| enough(counts)).map(price);
            least += best.fold(f64::INFINITY, f64::min);
            cost += price(found);
        }
        // Of rosters of a dozen people one in three has one too many: people left over are rarer in
        // larger ones.
        assert!(cost <= 1.03 * least, "{cost} for {least}");
    }

    #[test]
    fn bounds_are_about_people_scheduled_whatever_is_short() {
        // One of ten scheduled is not there: one person on each of two patterns is four scheduled.
        let example = Example::new(Some(10), Some(8));
        let mut number = numbers();
        for _ in 0..40 {
            let need = |_| f64::from(u32::try_from(number(7)).unwrap());
            let needs: Vec<f64> = (0..6).map(need).collect();
            let present = example.rounded(&needs).into_iter();
            let scheduled: Vec<u32> =
                present.map(|present| example.planned[0].scheduled(present)).collect();
            assert!(scheduled.iter().sum::<u32>() <= 10, "{scheduled:?}");
            for step in 0..6 {
                assert!(there(&scheduled, step) <= 8.0, "{scheduled:?}");
            }
        }
    }
}
