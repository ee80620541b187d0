//! Quantiles of observations that come in clusters, with honest intervals.
//!
//! The waits of one day share its fate, so a million of them are not a million independent
//! observations. Whole replications are the independent unit; they are dealt to a few sections,
//! which keeps memory bounded for any number of replications.

use std::borrow::Cow;

use super::quantile::{Resolution, Sketch};
use super::{Estimate, Influence, Observations, RatioAccumulator};

/// Most sections. 19 degrees of freedom make an interval only 7 % longer than infinitely many.
const SECTIONS: usize = 20;

/// Pooled observations of many replications, and the same dealt to sections. How far a quantile
/// may be off is read from coarse buckets, the quantile itself from fine ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sections {
    pooled: Sketch,
    sections: Vec<Sketch>,
}

impl Default for Sections {
    fn default() -> Self {
        Self::new()
    }
}

impl Sections {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self { pooled: Sketch::new(Resolution::FINE), sections: Vec::new() }
    }

    /// Adds replication `index`, from 0, which may be empty. Sketches merge in integers, so the
    /// order does not matter; push every index once.
    ///
    /// # Panics
    /// When the sketch is not of [`Resolution::FINE`].
    pub fn push(&mut self, index: usize, replication: Sketch) {
        assert!(replication.is_fine(), "quantiles are read from fine buckets");
        let section = index % SECTIONS;
        if section >= self.sections.len() {
            self.sections.resize(section + 1, Sketch::new(Resolution::COARSE));
        }
        self.sections[section].merge(&replication);
        if self.pooled.count() == 0 {
            self.pooled = replication;
        } else {
            self.pooled.merge(&replication);
        }
    }
}

/// The observations of several scopes in the same replications, such as contact types, together.
#[derive(Clone, Debug)]
pub struct Together<'s> {
    /// All observations of all replications.
    pooled: Cow<'s, Sketch>,
    /// Their sections are never merged: all that is asked of them is where a few values lie.
    parts: Vec<&'s Sections>,
}

impl<'s> Together<'s> {
    /// All observations of these.
    pub fn new(parts: Vec<&'s Sections>) -> Self {
        let sketches = parts.iter().map(|part| &part.pooled);
        let sketches: Vec<&Sketch> = sketches.filter(|sketch| sketch.count() > 0).collect();
        let pooled = match sketches.as_slice() {
            [only] => Cow::Borrowed(*only),
            several => Cow::Owned(Sketch::together(several)),
        };
        Self { pooled, parts }
    }

    /// All observations of all replications.
    pub fn pooled(&self) -> &Sketch {
        &self.pooled
    }

    /// How many observations of each section are at most `micros`, and how many there are.
    fn counts(&self, micros: f64) -> impl Iterator<Item = [f64; 2]> {
        let sections = self.parts.iter().map(|part| part.sections.len()).max();
        (0..sections.unwrap_or(0)).map(move |section| {
            let sketches = || {
                let parts = self.parts.iter();
                parts.filter_map(move |part| part.sections.get(section))
            };
            let all: u64 = sketches().map(Sketch::count).sum();
            let counted = Sketch::count_at_most_together(sketches(), micros);
            [counted, all as f64]
        })
    }

    /// The quantiles of the pooled observations at each of `levels`, in microseconds.
    ///
    /// The interval is Woodruff's (1952, "Confidence intervals for medians and other position
    /// measures", JASA 47): at the quantile q̂ the share F(q̂) of observations up to it is a ratio
    /// of means over sections with the half-width h of [`RatioAccumulator`]; what the quantile
    /// function makes of p − h and p + h are the ends. One replication gives no interval.
    ///
    /// In an atom, such as the many waits of exactly 0, F(q̂) is more than p, and h is the
    /// uncertainty of the atom's share; as long as p ± h stays inside the atom both ends are the
    /// atom, rightly: a change of its share by h does not move the quantile.
    ///
    /// # Panics
    /// When `confidence` does not lie within 0 to 1.
    pub fn quantiles(&self, levels: &[f64], confidence: f64) -> Vec<Estimate> {
        // In quiet times several are the same, mostly 0.
        let mut last: Option<(f64, Option<f64>)> = None;
        let mut half_width_at = |value: f64| match last {
            Some((known, half_width)) if known.to_bits() == value.to_bits() => half_width,
            _ => {
                let mut shares = RatioAccumulator::default();
                for [counted, all] in self.counts(value) {
                    shares.push(counted, all);
                }
                let half_width = shares.estimate(confidence).half_width();
                last = Some((value, half_width));
                half_width
            }
        };
        let estimate = |&p| self.quantile(p, &mut half_width_at);
        levels.iter().map(estimate).collect()
    }

    fn quantile(&self, p: f64, half_width_at: &mut dyn FnMut(f64) -> Option<f64>) -> Estimate {
        let pooled = &self.pooled;
        let Some(value) = pooled.quantile(p) else {
            return Estimate::UNKNOWN;
        };
        half_width_at(value)
            .and_then(|half| pooled.quantile(p - half).zip(pooled.quantile(p + half)))
            .map_or(Estimate::without_interval(value), |(low, high)| {
                Estimate::between(value, low, high)
            })
    }

    /// The quantile of the pooled observations at `p`, in microseconds, as a mean of influences of
    /// the sections; `None` without observations.
    ///
    /// After Bahadur (1966, "A note on quantiles in large samples", Ann. Math. Stat. 37) the error
    /// of a quantile is that of the share F(q̂) of observations up to it, divided by minus the
    /// density there. The density is read off the quantile function over the reach p ± h of
    /// Woodruff's interval, so that the interval of this influence is as long as that of
    /// [`Together::quantiles`].
    pub fn influence(&self, p: f64) -> Option<Influence> {
        let pooled = &self.pooled;
        let value = pooled.quantile(p)?;
        let shares = Observations::Ratio(self.counts(value).collect()).influence()?;
        // The 95 % of every report: the slope is to be that of its intervals.
        let reach = shares.estimate(0.95).half_width().unwrap_or_default();
        let (from, to) = ((p - reach).max(0.0), (p + reach).min(1.0));
        let slope = match (pooled.quantile(from), pooled.quantile(to)) {
            (Some(low), Some(high)) if to > from => (high - low) / (to - from),
            _ => 0.0,
        };
        let mut influence = shares.scaled(-slope);
        influence.value = value;
        Some(influence)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Histogram;
    use super::super::testing::Uniforms;
    use super::*;

    /// A day on which each of `count` contacts waits with probability `waits`, exponentially with
    /// mean 60 s divided by a factor that all share: gamma with mean 1 and variance 1/25.
    fn day(uniforms: &mut Uniforms, count: u32, waits: f64) -> Sketch {
        let busyness = uniforms.busyness(25);
        let mut histogram = Histogram::new(Resolution::FINE);
        for _ in 0..count {
            let wait = 60e6 / busyness * uniforms.exponential();
            let waited = uniforms.next() < waits;
            #[expect(clippy::cast_possible_truncation, reason = "rounding is wanted")]
            #[expect(clippy::cast_sign_loss, reason = "waits are not negative")]
            histogram.record(if waited { wait as u64 } else { 0 });
        }
        histogram.to_sketch()
    }

    fn quantiles(sections: &Sections, levels: &[f64], confidence: f64) -> Vec<Estimate> {
        Together::new(vec![sections]).quantiles(levels, confidence)
    }

    /// The p quantile of such waits: P(W > x) = waits · (1 + x / (60 s · 25))^−25.
    fn truth(p: f64, waits: f64) -> f64 {
        60e6 * 25.0 * (((1.0 - p) / waits).powf(-1.0 / 25.0) - 1.0)
    }

    #[test]
    fn intervals_of_clustered_quantiles_cover_what_they_should() {
        // 1,000 repetitions: an interval that covers 95 % leaves the band for one seed in 250.
        let mut uniforms = Uniforms(3);
        let levels = [0.5, 0.9, 0.95];
        for days in [20, 50, 100] {
            let mut covered = [0u32; 3];
            for _ in 0..1000 {
                let mut sections = Sections::new();
                for index in 0..days {
                    sections.push(index, day(&mut uniforms, 200, 0.8));
                }
                let estimates = quantiles(&sections, &levels, 0.95);
                for ((estimate, p), covered) in estimates.iter().zip(levels).zip(&mut covered) {
                    let truth = truth(p, 0.8);
                    let inside = estimate.low.unwrap() <= truth && truth <= estimate.high.unwrap();
                    *covered += u32::from(inside);
                }
            }
            let honest = covered.iter().all(|count| (930..=970).contains(count));
            assert!(honest, "{covered:?} of 1000 with {days} days");
        }
    }

    #[test]
    fn an_atom_is_its_own_interval_while_it_holds_the_level() {
        let mut uniforms = Uniforms(4);
        let mut sections = Sections::new();
        assert_eq!(quantiles(&sections, &[0.5], 0.95), [Estimate::UNKNOWN]);
        sections.push(0, day(&mut uniforms, 500, 0.3));
        assert_eq!(quantiles(&sections, &[0.5], 0.95), [Estimate::without_interval(0.0)]);
        for index in 1..40 {
            sections.push(index, day(&mut uniforms, 500, 0.3));
        }
        let estimates = quantiles(&sections, &[0.5, 0.7], 0.95);
        assert_eq!(estimates[0], Estimate::between(0.0, 0.0, 0.0));
        // At the edge of the atom: zero is possible, and so is a little more.
        assert_eq!(estimates[1].low, Some(0.0));
        assert!(estimates[1].high.unwrap() > 0.0);
        assert_eq!(sections.pooled.count(), 40 * 500);
    }
}
