//! Rosters of whole people, from the fractional one that the relaxed program gives.
//!
//! Diving: the program is solved again and again, each time with the columns that were nearly whole
//! rounded up, until all are whole. Then people are exchanged for fewer or cheaper ones wherever
//! needs stay covered, at the cost of those who have to be scheduled: with a shrinkage of 10 %, two
//! for one to be present, and ten for nine. That takes about a second, and comes to the same
//! roster each time, where branching over whole people is cut off by the clock.

use std::sync::atomic::Ordering;

use super::program::Cover;
use crate::plan::need::whole;

/// A count that is nearer to a whole one than this is one.
const WHOLE: f64 = 1e-6;
/// What counts as nothing, in people and in money.
const LITTLE: f64 = 1e-9;
/// People who may be exchanged at once.
const MOST_OUT: usize = 3;
/// Places that exchanges may look at: a second or so.
const MOST_LOOKED: u64 = 100_000_000;
/// A part of a person from which on columns are rounded up together.
const NEARLY: f64 = 0.8;
/// Programs that a dive may take; what is not whole then is filled up.
const MOST_DIVES: usize = 200;

/// People on each column, and what is short with them.
struct Filling<'c> {
    cover: &'c Cover<'c>,
    counts: Vec<u32>,
    /// By row and step, one after the other; less than 0 where people are to spare.
    short: Vec<f64>,
    /// By column, what one person on it adds, and where.
    adds: Vec<Vec<(usize, f64)>>,
    /// Places looked at in search of exchanges.
    looked: u64,
}

impl Cover<'_> {
    /// The cheaper of what diving and filling up come to.
    pub(super) fn rounded(&self) -> Vec<u32> {
        let cost = |filling: &Filling<'_>| filling.missing() * self.penalty() + filling.cost();
        let begins = [self.dived(), Some(vec![0; self.columns.len()])];
        let all = begins.into_iter().flatten().map(|counts| {
            let mut filling = Filling::new(self, counts);
            filling.fill_up();
            while filling.exchange() {}
            filling
        });
        let best = all.min_by(|a, b| cost(a).total_cmp(&cost(b)));
        best.map_or_else(Vec::new, |filling| filling.counts)
    }

    /// Without any solver: filled up where most is short for the money.
    pub(super) fn filled_up(&self) -> Vec<u32> {
        let mut filling = Filling::new(self, vec![0; self.columns.len()]);
        filling.fill_up();
        filling.counts
    }

    /// What diving comes to, whole people; `None` where the solver gives up.
    fn dived(&self) -> Option<Vec<u32>> {
        let mut bounds = vec![(0.0, f64::INFINITY); self.columns.len()];
        let (_, mut counts) = self.relaxed(&bounds)?;
        for _ in 0..MOST_DIVES {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let part = |count: f64| count - count.floor();
            let is_open = |count: f64| (count - count.round()).abs() > WHOLE;
            let open = counts.iter().enumerate().filter(|(_, count)| is_open(**count));
            let best = open.max_by(|a, b| part(*a.1).total_cmp(&part(*b.1)).then(b.0.cmp(&a.0)));
            let Some((best, _)) = best else { break };
            let before = bounds.clone();
            for (column, count) in counts.iter().enumerate() {
                if column == best || is_open(*count) && part(*count) > NEARLY {
                    bounds[column].0 = count.ceil();
                }
            }
            counts = if let Some((_, counts)) = self.relaxed(&bounds) {
                counts
            } else {
                // There is no room for one more.
                bounds = before;
                bounds[best].1 = counts[best].floor();
                self.relaxed(&bounds)?.1
            };
        }
        let down = |count: f64| whole((count + WHOLE).floor());
        Some(counts.into_iter().map(down).collect())
    }
}

impl<'c> Filling<'c> {
    fn new(cover: &'c Cover<'c>, counts: Vec<u32>) -> Self {
        let steps = cover.needs.first().map_or(0, Vec::len);
        let adds = |column: usize| {
            let cells = (0..cover.needs.len() * steps).map(|cell| {
                let adds = cover.adds(column, cell / steps, cell % steps);
                (cell, adds)
            });
            cells.filter(|(_, adds)| *adds > 0.0).collect()
        };
        let mut filling = Self {
            cover,
            short: cover.needs.iter().flatten().copied().collect(),
            adds: (0..counts.len()).map(adds).collect(),
            counts: vec![0; counts.len()],
            looked: 0,
        };
        for (column, count) in counts.into_iter().enumerate() {
            for _ in 0..count {
                // Programs know nothing of whole people who are scheduled.
                if cover.has_room(column, &filling.counts) {
                    filling.put(column);
                }
            }
        }
        filling
    }

    /// Puts a person on a column.
    fn put(&mut self, column: usize) {
        self.counts[column] += 1;
        for (cell, adds) in &self.adds[column] {
            self.short[*cell] -= adds;
        }
    }

    /// Takes a person out.
    fn take(&mut self, column: usize) {
        self.counts[column] -= 1;
        for (cell, adds) in &self.adds[column] {
            self.short[*cell] += adds;
        }
    }

    /// What is short in all.
    fn missing(&self) -> f64 {
        self.short.iter().filter(|short| **short > LITTLE).sum()
    }

    fn cost(&self) -> f64 {
        let columns = 0..self.counts.len();
        columns.map(|column| self.price(column, self.counts[column])).sum()
    }

    /// What so many people on a column cost: of few of them many have to be scheduled.
    fn price(&self, column: usize, count: u32) -> f64 {
        let column = &self.cover.columns[column];
        f64::from(self.cover.planned[column.group].scheduled(count)) * column.cost
    }

    /// What one person more on a column costs.
    fn more(&self, column: usize, counts: &[u32]) -> f64 {
        let count = counts[column];
        self.price(column, count + 1) - self.price(column, count)
    }

    /// Puts people where they help most for the money, until nothing is short or there is no room,
    /// and takes out those who are not needed then, the dearest first.
    fn fill_up(&mut self) {
        while let Some(column) = self.most_wanted() {
            self.put(column);
        }
        let before = self.missing();
        let mut order: Vec<usize> = (0..self.counts.len()).collect();
        let price = |column: &usize| self.cover.price(&self.cover.columns[*column]);
        order.sort_by(|a, b| price(b).total_cmp(&price(a)));
        for column in order {
            while self.counts[column] > 0 {
                self.take(column);
                if self.missing() > before + LITTLE {
                    self.put(column);
                    break;
                }
            }
        }
    }

    /// The column on which one person more helps most for the money.
    fn most_wanted(&self) -> Option<usize> {
        let gain = |column: usize| -> f64 {
            let adds = self.adds[column].iter();
            let helps = adds.map(|(cell, adds)| {
                let short = self.short[*cell];
                if short > LITTLE { short.min(*adds) } else { 0.0 }
            });
            let price = self.cover.price(&self.cover.columns[column]);
            helps.sum::<f64>() / price.max(LITTLE)
        };
        let open = 0..self.counts.len();
        let open = open.filter(|column| self.cover.has_room(*column, &self.counts));
        let best = open.map(|column| (gain(column), column));
        let best = best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        best.filter(|(gain, _)| *gain > 0.0).map(|(_, column)| column)
    }

    /// Exchanges up to [`MOST_OUT`] people for up to two others who cost less and leave no more
    /// missing. Returns whether that was possible.
    fn exchange(&mut self) -> bool {
        let before = (self.cost(), self.missing());
        let mut out = Vec::new();
        self.exchange_from(0, before, &mut out)
    }

    /// The same, with these people out already and others from this column on to be tried.
    fn exchange_from(&mut self, from: usize, before: (f64, f64), out: &mut Vec<usize>) -> bool {
        for column in from..self.counts.len() {
            if self.counts[column] == 0 {
                continue;
            }
            self.take(column);
            out.push(column);
            let deeper = out.len() < MOST_OUT;
            if self.looked > MOST_LOOKED {
                self.put(column);
                out.pop();
                return false;
            }
            if self.replace(before) || deeper && self.exchange_from(column, before, out) {
                return true;
            }
            out.pop();
            self.put(column);
        }
        false
    }

    /// Puts up to two people on columns so that the cost is less and no more is missing.
    fn replace(&mut self, (cost, missing): (f64, f64)) -> bool {
        let left = cost - self.cost() - LITTLE;
        let missing = missing + LITTLE;
        if left <= 0.0 {
            return false;
        }
        let cells = self.short.iter().enumerate();
        let short: Vec<(usize, f64)> = cells
            .filter(|(_, short)| **short > LITTLE)
            .map(|(cell, short)| (cell, *short))
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

    /// What is left of what is short with one person more on a column.
    fn rest(&self, short: &[(usize, f64)], column: usize) -> Vec<(usize, f64)> {
        let steps = self.cover.needs.first().map_or(1, Vec::len);
        let of = |(cell, short): &(usize, f64)| {
            let left = short - self.cover.adds(column, cell / steps, cell % steps);
            (left > LITTLE).then_some((*cell, left))
        };
        short.iter().filter_map(of).collect()
    }
}

fn total(short: &[(usize, f64)]) -> f64 {
    short.iter().map(|(_, short)| short).sum()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::plan::cover::Row;
    use crate::plan::roster::{Column, Moment, Roster};
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
        rows: [Row; 1],
        columns: Vec<Column>,
        shifts: [PlanShift; 1],
        stop: AtomicBool,
    }

    impl Example {
        /// At most so many scheduled on the shift and in the group.
        fn new(on_shift: Option<u32>, in_group: Option<u32>) -> Self {
            let column = |cover: &[f64; 6]| Column {
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
                rows: [Row { types: vec![0], planned: vec![(0, 1.0)], fixed: Vec::new() }],
                columns: COVERS.iter().map(column).collect(),
                shifts: [PlanShift {
                    name: String::new(),
                    groups: vec![0],
                    starts: Vec::new(),
                    length: SimSpan::HOUR,
                    breaks: Vec::new(),
                    at_most: on_shift,
                    cost: None,
                }],
                stop: AtomicBool::new(false),
            }
        }

        fn rounded(&self, needs: &[f64]) -> Vec<u32> {
            Cover {
                columns: &self.columns,
                shifts: &self.shifts,
                planned: &self.planned,
                rows: &self.rows,
                needs: &[needs.to_vec()],
                stop: &self.stop,
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
            let price = |counts: Vec<u32>| Roster(counts).cost(&example.columns, &example.planned);
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
        // One of ten scheduled is not there: one person on each of two columns is four scheduled.
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
