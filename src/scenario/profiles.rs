//! `[profiles.*]`: shapes of the day or week.

use crate::format::{
    Key, Place, Problem, ReadChoice, ReadList, ReadLocated, ReadNumber, ReadSpan, Record, Section,
    TableKeys, choice, duration, key, located, number_between, some,
};
use crate::time::SimSpan;

/// Largest weight of a profile, and its inverse the least that one of them must have: so products
/// and quotients of rates and weights stay finite.
const MOST_WEIGHT: f64 = 1e9;

/// Weights over the day or week.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Length that each weight covers; `interval × weights.len()` is 24 hours or 7 days.
    pub interval: SimSpan,
    /// At least one is positive, none negative. A week starts on Monday.
    pub weights: Vec<f64>,
    /// Between the weights.
    pub shape: ProfileShape,
}

/// How a profile goes from weight to weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileShape {
    /// Each weight holds for its interval.
    Step,
    /// Straight lines between interval midpoints, around midnight too.
    Linear,
}

const INTERVAL: Key<ReadSpan> = key("interval", duration().positive())
    .means("length that each weight covers")
    .example("\"6h\"");
const WEIGHTS: Key<ReadLocated<ReadList<ReadNumber>>> =
    key("weights", located(some(number_between(0.0, MOST_WEIGHT, "write weights around 1"))))
        .means("one per interval of 24 hours or 7 days (from Monday)")
        .example("[0.2, 1.0, 1.5, 0.6]");
const SHAPE: Key<ReadChoice<ProfileShape>> =
    key("shape", choice(&[("step", ProfileShape::Step), ("linear", ProfileShape::Linear)]))
        .or("\"step\"")
        .means("between weights: steps, or straight lines between interval midpoints")
        .example("\"linear\"");

impl Record for Profile {
    const KEYS: &'static TableKeys =
        &TableKeys { keys: &[&INTERVAL, &WEIGHTS, &SHAPE], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (interval, weights) = (section.take(&INTERVAL), section.take(&WEIGHTS));
        let shape = section.take(&SHAPE);
        let weights = weights?;
        let most = weights.value.iter().copied().fold(0.0, f64::max);
        let refuse = |code, message: String, help: &str| {
            section.report(Problem::new(code, &weights.place, message).help(help));
        };
        if most == 0.0 {
            let help = "write at least one weight of more than 0";
            refuse("empty-profile", "all weights are 0".to_owned(), help);
        } else if most < 1.0 / MOST_WEIGHT {
            let message = format!("all weights are less than {:e}", 1.0 / MOST_WEIGHT);
            refuse("out-of-range", message, "write weights around 1");
        } else {
            fills_a_period(section, interval?, weights.value.len(), &weights.place)?;
        }
        Some(Self { interval: interval?, weights: weights.value, shape: shape? })
    }
}

/// Whether the weights fill a day or a week; reports when they do not.
fn fills_a_period(
    section: &Section<'_>,
    interval: SimSpan,
    count: usize,
    place: &Place,
) -> Option<()> {
    let micros = interval.as_micros();
    let (day, week) = (SimSpan::DAY.as_micros(), 7 * SimSpan::DAY.as_micros());
    let filled = i64::try_from(count).ok()?.checked_mul(micros);
    if filled == Some(day) || filled == Some(week) {
        return Some(());
    }
    let message = format!("{count} weights of `{interval}` fill neither 24 hours nor 7 days");
    let help = match (day % micros, week % micros) {
        (0, 0) => {
            format!("write {} weights for a day or {} for a week", day / micros, week / micros)
        }
        (_, 0) => format!("write {} weights for a week", week / micros),
        _ => "write an interval that divides a day, such as `\"1h\"` with 24 weights".to_owned(),
    };
    section.report(
        Problem::new("profile-length", place, message)
            .related(section.place_of(&INTERVAL), "the length of each")
            .help(help),
    );
    None
}
