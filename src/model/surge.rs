//! Surges: how strong they are when.

use crate::random::{Distribution, NameKey};
use crate::time::SimTime;

/// After so many half-lives nothing is left of a surge.
pub(super) const HALF_LIVES: u32 = 50;

/// A surge: a factor drawn once per replication and a shape over time.
#[derive(Clone, Debug)]
pub struct Surge {
    /// Its name.
    pub name: String,
    /// What its factor is keyed by.
    pub key: NameKey,
    /// Its factor.
    pub factor: Distribution,
    /// Share of its deflection that the bot keeps at full strength.
    pub deflection_factor: f64,
    /// When it comes, in order of time; more than one where it starts at a clock time.
    pub shapes: Vec<Shape>,
}

/// The strength of one occurrence of a surge over time, 0 to 1; all in seconds from the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Start of the ramp.
    pub start: f64,
    /// Length of the rise.
    pub ramp: f64,
    /// Length at full strength.
    pub hold: f64,
    /// The fall.
    pub decay: Decay,
}

/// The fall of a surge; in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decay {
    /// In a straight line within this length.
    Linear(f64),
    /// By half in each of these lengths.
    HalfLife(f64),
}

impl Shape {
    /// End of the hold.
    pub fn hold_end(&self) -> f64 {
        self.start + self.ramp + self.hold
    }

    /// When nothing is left of it.
    pub fn end(&self) -> f64 {
        self.hold_end()
            + match self.decay {
                Decay::Linear(length) => length,
                Decay::HalfLife(half) => half * f64::from(HALF_LIVES),
            }
    }

    /// Strength at `t` seconds.
    pub fn at(&self, t: f64) -> f64 {
        let since = t - self.start;
        if since < 0.0 {
            return 0.0;
        }
        if since < self.ramp {
            return since / self.ramp;
        }
        let falling = since - self.ramp - self.hold;
        if falling < 0.0 {
            return 1.0;
        }
        match self.decay {
            Decay::Linear(length) if falling < length => 1.0 - falling / length,
            Decay::Linear(_) => 0.0,
            Decay::HalfLife(half) => (-falling / half).exp2(),
        }
    }
}

impl Surge {
    /// Strength at an instant; occurrences that overlap add up.
    pub fn strength(&self, at: SimTime) -> f64 {
        let t = at.as_seconds();
        let begun = self.shapes.partition_point(|shape| shape.start <= t);
        let recent = self.shapes[..begun].iter().rev();
        recent.take_while(|shape| t < shape.end()).map(|shape| shape.at(t)).sum()
    }

    /// Share of its deflection that the bot keeps at an instant.
    pub fn deflection_kept(&self, at: SimTime) -> f64 {
        1.0 - (1.0 - self.deflection_factor) * self.strength(at).min(1.0)
    }
}
