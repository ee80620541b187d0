//! Which option is best: what the data can tell, and when they tell enough to pick one.

use crate::judge::paired;
use crate::metrics::definition::Better;
use crate::stats::Influence;

/// The options that cannot be told from the best, by index: all that no other beats.
///
/// Multiple comparisons with the best (Hsu 1984, "Constrained simultaneous confidence intervals
/// for multiple comparisons with the best", Ann. Stat. 12): option i is not the best if for some j
/// the upper end of the interval of its lead D(i, j) is below 0. The intervals are those of the
/// paired differences, at a level that holds for all pairs together (Bonferroni), so that the best
/// option is among the answer with the given confidence, whatever the correlation. Options of which
/// the figure is unknown are left out.
///
/// # Panics
/// When `confidence` does not lie within 0 to 1.
pub fn best(figures: &[Option<Influence>], better: Better, confidence: f64) -> Vec<usize> {
    let known: Vec<usize> = (0..figures.len()).filter(|i| figures[*i].is_some()).collect();
    let pairs = (known.len() * known.len().saturating_sub(1) / 2).max(1);
    let confidence = 1.0 - (1.0 - confidence) / pairs as f64;
    let is_beaten = |i: usize, j: usize| {
        let lead = paired::difference(figures[i].as_ref(), figures[j].as_ref(), confidence);
        match better {
            Better::Higher => lead.high.is_some_and(|high| high < 0.0),
            Better::Lower => lead.low.is_some_and(|low| low > 0.0),
            Better::Neither => false,
        }
    };
    let stays = |i: &usize| !known.iter().any(|j| i != j && is_beaten(*i, *j));
    known.iter().copied().filter(stays).collect()
}

/// Picks one of several options, or one that is within an indifference zone of the best, with a
/// given confidence.
///
/// The fully sequential procedure of Kim and Nelson (2001, "A fully sequential procedure for
/// indifference-zone selection in simulation", ACM TOMACS 11), which allows common random numbers:
/// with S²(i, j) the variance of the differences over the first n₀ replications,
/// η = ½ [(2α/(k−1))^(−2/(n₀−1)) − 1] and h² = 2 η (n₀ − 1), option i is dropped after r
/// replications if for some j still left its mean is worse than that of j by more than
/// W = max(0, δ/(2r) · (h² S²(i, j)/δ² − r)). Looking less often than after each replication can only
/// make it drop less. Figures that are not means enter by their influences, which is right for
/// large numbers of replications.
#[derive(Clone, Debug)]
pub struct Selection {
    better: Better,
    zone: f64,
    confidence: f64,
    first: Option<First>,
    left: Vec<usize>,
}

/// What the first look has told.
#[derive(Clone, Debug)]
struct First {
    /// h².
    reach: f64,
    /// Variances of the differences, by pair.
    spread: Vec<Vec<f64>>,
}

impl Selection {
    /// Nothing has been looked at yet. Options are as good as the best where they are no more than
    /// `zone` (more than 0) worse.
    pub fn new(better: Better, zone: f64, confidence: f64) -> Self {
        Self { better, zone, confidence, first: None, left: Vec::new() }
    }

    /// Which options are left, by index; none before the first look.
    pub fn left(&self) -> &[usize] {
        &self.left
    }

    /// Looks at the figures of all options after so many replications, more at each look, and drops
    /// those that are worse. Options whose figure is unknown at the first look are dropped. Gives
    /// the options left; once it is one, it is picked.
    pub fn look(&mut self, figures: &[Option<Influence>], replications: u32) -> &[usize] {
        if self.first.is_none() {
            let known = (0..figures.len()).filter(|i| figures[*i].is_some());
            self.left = known.collect();
            self.first = Some(self.begin(figures, replications));
        }
        let Some(first) = &self.first else {
            return &self.left;
        };
        let r = f64::from(replications);
        let value = |i: usize| match (&figures[i], self.better) {
            (Some(figure), Better::Lower) => -figure.value,
            (Some(figure), _) => figure.value,
            (None, _) => f64::NAN,
        };
        let is_worse = |i: usize, j: usize| {
            let width = self.zone / (2.0 * r)
                * (first.reach * first.spread[i][j] / (self.zone * self.zone) - r);
            value(i) < value(j) - width.max(0.0)
        };
        let before = self.left.clone();
        let stays = |i: &usize| !before.iter().any(|j| i != j && is_worse(*i, *j));
        self.left = before.iter().copied().filter(stays).collect();
        &self.left
    }

    fn begin(&self, figures: &[Option<Influence>], replications: u32) -> First {
        let degrees = f64::from(replications.max(2)) - 1.0;
        let others = (self.left.len().max(2) - 1) as f64;
        let alpha = 1.0 - self.confidence;
        let eta = 0.5 * ((2.0 * alpha / others).powf(-2.0 / degrees) - 1.0);
        let variance = |i: usize, j: usize| {
            let lead = figures[i].as_ref().zip(figures[j].as_ref());
            let error = lead.and_then(|(i, j)| i.minus(j)?.standard_error());
            // Where the spread is unknown nothing is ever dropped.
            error.map_or(f64::INFINITY, |error| error * error * f64::from(replications))
        };
        let all = 0..figures.len();
        First {
            reach: 2.0 * eta * degrees,
            spread: all.clone().map(|i| all.clone().map(|j| variance(i, j)).collect()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Observations;

    /// `SplitMix64` as standard normals: sums of twelve uniforms, which is near enough.
    struct Normals(u64);

    impl Normals {
        fn uniform(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let a = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let b = (a ^ (a >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((b ^ (b >> 31)) >> 12) as f64 / (1u64 << 52) as f64
        }

        fn next(&mut self) -> f64 {
            (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
        }
    }

    /// Days of options with these means and standard deviation 1, correlated by 0.5: all see the
    /// same customers.
    struct Days<'t> {
        normals: Normals,
        means: &'t [f64],
        values: Vec<Vec<f64>>,
    }

    impl<'t> Days<'t> {
        fn new(seed: u64, means: &'t [f64]) -> Self {
            Self { normals: Normals(seed), means, values: vec![Vec::new(); means.len()] }
        }

        fn grow(&mut self, until: u32) -> Vec<Option<Influence>> {
            while self.values[0].len() < until as usize {
                let shared = self.normals.next();
                for (values, mean) in self.values.iter_mut().zip(self.means) {
                    values.push(mean + (shared + self.normals.next()) * 0.5f64.sqrt());
                }
            }
            let figure = |values: &Vec<f64>| Observations::Mean(values.clone()).influence();
            self.values.iter().map(figure).collect()
        }
    }

    /// The last of ten options is better than the others by the zone, the least favorable case.
    const SLIPPAGE: [f64; 10] = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.25];

    #[test]
    fn the_best_of_ten_is_picked_as_often_as_promised() {
        // At most 5 % of 300 repetitions may err, and the procedure is known to err less often
        // than it is allowed to. Seeds are fixed; where it erred in 3 %, other seeds would give more
        // than 15 errors one time in 50.
        let mut wrong = 0;
        for repetition in 0..300 {
            let mut days = Days::new(1_000 + repetition, &SLIPPAGE);
            let mut selection = Selection::new(Better::Higher, 0.25, 0.95);
            let mut replications = 30;
            while selection.look(&days.grow(replications), replications).len() > 1 {
                replications += replications / 10;
                assert!(replications < 3_000, "it must come to an end");
            }
            wrong += u32::from(selection.left() != [9]);
        }
        assert!(wrong <= 15, "{wrong} of 300 picks are wrong");
    }

    #[test]
    fn the_best_of_ten_is_hardly_ever_ruled_out() {
        // At 95 % the best is ruled out in at most 5 % of the repetitions; more than 40 of 500
        // would come up for one set of seeds in 700 if it were exactly 5 %.
        let mut lost = 0;
        let mut kept = 0;
        for repetition in 0..500 {
            let mut days = Days::new(5_000 + repetition, &SLIPPAGE);
            let left = best(&days.grow(100), Better::Higher, 0.95);
            lost += u32::from(!left.contains(&9));
            kept += left.len();
        }
        assert!(lost <= 40, "the best was ruled out {lost} times");
        assert!(kept < 500 * 10, "some are told from the best");
    }

    #[test]
    fn the_more_options_the_more_it_takes_to_rule_one_out() {
        // The lead has a standard error of 1 / √99 = 0.1005. Of two options one interval has to
        // exclude 0, at t(99, 0.975) = 1.984, of ten 45, at t(99, 1 - 0.025/45) = 3.36.
        let sides = (0..100).map(|at| if at % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let worse = Some(Influence { value: 0.0, units: sides });
        let better = Some(Influence { value: 0.25, units: vec![0.0; 100] });
        let two = [worse.clone(), better.clone()];
        assert_eq!(best(&two, Better::Higher, 0.95), [1]);
        let mut ten = vec![better; 9];
        ten.push(worse);
        assert!(best(&ten, Better::Higher, 0.95).contains(&9));
    }

    #[test]
    fn lower_is_better_where_the_figure_says_so() {
        let mut days = Days::new(3, &[1.0, 3.0, 0.0]);
        let figures = days.grow(100);
        assert_eq!(best(&figures, Better::Lower, 0.95), [2]);
        assert_eq!(best(&figures, Better::Higher, 0.95), [1]);
        assert_eq!(best(&figures, Better::Neither, 0.95), [0, 1, 2]);
        let mut selection = Selection::new(Better::Lower, 0.2, 0.95);
        assert_eq!(selection.look(&figures, 100), [2]);
    }

    #[test]
    fn equal_options_and_unknown_figures_are_handled() {
        let same = Observations::Mean(vec![2.0, 3.0, 4.0]).influence();
        let figures = [same.clone(), None, same.clone()];
        assert_eq!(best(&figures, Better::Lower, 0.95), [0, 2]);
        let mut selection = Selection::new(Better::Lower, 0.1, 0.95);
        assert_eq!(selection.left(), [0; 0]);
        assert_eq!(selection.look(&figures, 3), [0, 2]);
        assert_eq!(best(&[None, None], Better::Lower, 0.95), [0; 0]);
    }
}
