//! How many of the people of a group are present at a moment.

use crate::random::{NameKey, Purpose, Streams};
pub use crate::scenario::Rounding;
use crate::time::{SimSpan, SimTime};

/// Parts of one person: as many decimals as a share in a file keeps in floating point.
const PARTS: u64 = 1_000_000_000_000_000_000;

/// Shrinkage of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shrinkage {
    /// What is left of each person, in [`PARTS`].
    kept: u64,
    rounding: Rounding,
    /// How long a draw holds.
    every: SimSpan,
    key: NameKey,
}

impl Shrinkage {
    /// The shrinkage of a group of the scenario; `None`: everybody is present.
    pub(super) fn of(group: &crate::scenario::GroupSection) -> Option<Self> {
        (group.shrinkage > 0.0).then(|| Self {
            kept: kept(group.shrinkage),
            rounding: group.rounding,
            every: group.shrinkage_every,
            key: NameKey::new(&["groups", &group.name, "shrinkage"]),
        })
    }

    /// Agents present of so many people. What is left after whole agents is one more if `draw`, from
    /// 0 to 1, is below it, or as the rounding has it.
    pub fn present(&self, people: u32, draw: f64) -> u32 {
        let (whole, rest) = split(people, self.kept);
        let is_there = match self.rounding {
            Rounding::Expected => draw < rest as f64 / PARTS as f64,
            Rounding::Down => false,
            Rounding::Nearest => rest >= PARTS - rest,
            Rounding::Up => rest > 0,
        };
        whole + u32::from(is_there)
    }

    /// The draw that holds at an instant: the same in all options, whatever the head count.
    pub fn draw(&self, streams: Streams, at: SimTime) -> f64 {
        let period = (at - SimTime::START).as_micros() / self.every.as_micros();
        let draw = streams.named(self.key).draw(Purpose::Shrinkage);
        draw.child(period.unsigned_abs()).uniform()
    }

    /// How long a draw holds; `None`: there is nothing to draw.
    pub(super) fn period(&self) -> Option<SimSpan> {
        (self.rounding == Rounding::Expected).then_some(self.every)
    }

    /// Whether it depends on the draw how many of so many are present.
    pub(super) fn is_drawn(&self, people: u32) -> bool {
        self.rounding == Rounding::Expected && split(people, self.kept).1 > 0
    }
}

/// Whole agents present of those scheduled, after shrinkage: so many are there at all times.
pub fn present(scheduled: u32, shrinkage: f64) -> u32 {
    split(scheduled, kept(shrinkage)).0
}

/// Whole persons, and parts of one more.
fn split(people: u32, kept: u64) -> (u32, u64) {
    let product = u128::from(people) * u128::from(kept);
    let whole = u32::try_from(product / u128::from(PARTS)).expect("no more than there are");
    let rest = u64::try_from(product % u128::from(PARTS)).expect("less than a whole");
    (whole, rest)
}

/// What a shrinkage leaves of a person, exactly as it is written: 50 people at 0.34 are 33.
fn kept(shrinkage: f64) -> u64 {
    // The shortest decimal that stands for the number; never with an exponent.
    let text = shrinkage.to_string();
    let decimals = text.split_once('.').map_or("", |(_, decimals)| decimals);
    let digits = decimals.chars().chain(std::iter::repeat('0')).take(18);
    let lost = digits.fold(0, |sum, digit| sum * 10 + u64::from(digit.to_digit(10).unwrap_or(0)));
    PARTS - lost
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shrinkage(share: f64, rounding: Rounding) -> Shrinkage {
        let key = NameKey::new(&["g"]);
        Shrinkage { kept: kept(share), rounding, every: SimSpan::HOUR, key }
    }

    #[test]
    fn whole_agents_are_exact_in_decimal() {
        assert_eq!(present(10, 0.3), 7);
        assert_eq!(present(50, 0.34), 33);
        assert_eq!(present(120, 0.12), 105);
        assert_eq!(present(100, 0.0), 100);
        assert_eq!(present(1, 0.5), 0);
        assert_eq!(present(10_000_000, 1e-300), 10_000_000);
        for scheduled in 0..2000 {
            for percent in 0..100u32 {
                let exact = scheduled * (100 - percent) / 100;
                assert_eq!(present(scheduled, f64::from(percent) / 100.0), exact);
            }
        }
    }

    #[test]
    fn the_rest_is_present_by_its_share_or_rounded() {
        // 36 people at 12 %: 31.68.
        for (rounding, below, above) in [
            (Rounding::Expected, 32, 31),
            (Rounding::Down, 31, 31),
            (Rounding::Nearest, 32, 32),
            (Rounding::Up, 32, 32),
        ] {
            let shrinkage = shrinkage(0.12, rounding);
            assert_eq!(shrinkage.present(36, 0.679), below);
            assert_eq!(shrinkage.present(36, 0.681), above);
            assert_eq!(shrinkage.present(25, 0.0), 22, "whole: nothing is drawn");
        }
        assert_eq!(shrinkage(0.3, Rounding::Nearest).present(7, 0.5), 5, "4.9");
        assert_eq!(shrinkage(0.35, Rounding::Nearest).present(10, 0.5), 7, "6.5");
        assert_eq!(shrinkage(0.36, Rounding::Nearest).present(10, 0.5), 6, "6.4");
    }
}
