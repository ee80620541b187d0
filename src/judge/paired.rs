//! Differences of figures between two runs on the same customers.
//!
//! Two [studies](crate::experiment::Study) of the same seed and as many replications see the same
//! customers, whatever their staffing and routing. What makes a day hard makes it hard in both; in
//! the difference, replication by replication, it cancels, and the interval is that of what the
//! options do. Where streams do not match, say with other seeds, the same arithmetic is right too:
//! the influences are then independent, and the interval is as long as it has to be.

use crate::metrics::definition::Better;
use crate::stats::{Estimate, Influence};

/// What a difference means for customers or costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Better than the first, beyond what chance explains.
    Better,
    /// Worse than the first, beyond what chance explains.
    Worse,
    /// The same on every day: there is nothing left to decide.
    Equal,
    /// The interval of the difference contains 0, or nothing is known.
    Undecided,
}

impl Standing {
    /// As reports spell it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Equal => "equal",
            Self::Undecided => "undecided",
        }
    }

    /// What a difference from the first option means for a figure of which `better` says which
    /// direction is better; `None` for figures that only describe. An interval of exactly 0 to 0,
    /// such as that of a cost, means equal.
    pub fn of(difference: Estimate, better: Better) -> Option<Self> {
        let (up, down) = match better {
            Better::Higher => (Self::Better, Self::Worse),
            Better::Lower => (Self::Worse, Self::Better),
            Better::Neither => return None,
        };
        Some(match (difference.low, difference.high) {
            (Some(low), _) if low > 0.0 => up,
            (_, Some(high)) if high < 0.0 => down,
            (Some(0.0), Some(0.0)) => Self::Equal,
            _ => Self::Undecided,
        })
    }
}

/// Option minus first, with the paired interval of Student's t; unknown where one of them is.
///
/// # Panics
/// When `confidence` does not lie within 0 to 1.
pub fn difference(
    option: Option<&Influence>,
    first: Option<&Influence>,
    confidence: f64,
) -> Estimate {
    let difference = option.zip(first).and_then(|(a, b)| a.minus(b));
    difference.map_or(Estimate::UNKNOWN, |d| d.estimate(confidence))
}

/// Option divided by first, with the paired interval of the delta method; unknown where one of
/// them is, or the first is 0.
///
/// # Panics
/// When `confidence` does not lie within 0 to 1.
pub fn ratio(option: Option<&Influence>, first: Option<&Influence>, confidence: f64) -> Estimate {
    let ratio = option.zip(first).and_then(|(a, b)| a.over(b));
    ratio.map_or(Estimate::UNKNOWN, |r| r.estimate(confidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::catalog::Statistic;
    use crate::experiment::{Asked, CONFIDENCE, Catalog, Control, Keep, Options, Study};
    use crate::format::{NoFiles, Override, SourceText};
    use crate::model::Model;
    use crate::scenario::parse;

    const DAY: &str = r#"
        [run]
        duration = "3h"
        interval = "30m"
        busyness = 0.2
        [contacts.refund]
        rate = "60/h"
        handling = { exponential = { mean = "3m" } }
        patience = { exponential = { mean = "2m" } }
        queue_limit = 6
        [contacts.order]
        rate = "90/h"
        channel = "phone"
        handling = { exponential = { mean = "4m" } }
        patience = { exponential = { mean = "3m" } }
        bot = { deflection = 0.5, session = { exponential = { mean = "1m" } }, opt_out = 0.1 }
        [groups.team]
        skills = ["refund", "order"]
        staff = 6
        cost_per_hour = 30
    "#;

    fn model(staff: u32) -> Model {
        let set = [Override::new("groups.team.staff", staff.to_string())];
        let parsed = parse(SourceText::new("day.toml", DAY), &set, &NoFiles).unwrap();
        Model::compile(&parsed.scenario)
    }

    fn study(model: &Model, seed: u64, replications: u32) -> Study<'_> {
        let options = Options { replications: None, seed: Some(seed) };
        let asked = Asked { keep: Keep::Observations, ..Asked::NOTHING };
        let mut study = Study::new(model, &options, &asked);
        study.advance(replications, &Control::new(2)).unwrap();
        study
    }

    /// Equal up to rounding.
    fn near(a: Option<f64>, b: Option<f64>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * (a.abs() + b.abs()) + 1e-9,
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    #[test]
    fn influences_give_every_figure_of_the_report_with_its_interval() {
        let model = model(6);
        let study = study(&model, 1, 45);
        let summary = study.summary(45);
        let catalog = Catalog::new(&model);
        let mut compared = 0;
        for known in catalog.figures().iter().filter(|known| known.is_of_day) {
            let figure = summary.figure(&known.path).unwrap().estimate;
            let influence = study.influence(&known.path);
            assert_eq!(influence.is_some(), figure.value.is_some(), "{}", known.path);
            let Some(influence) = influence else { continue };
            let own = influence.estimate(CONFIDENCE);
            assert!(near(own.value, figure.value), "{}: {own:?} {figure:?}", known.path);
            // The report cuts shares to 0 to 1 and asks Wilson where one is exactly 0 or 1.
            let is_cut = [Some(0.0), Some(1.0)].contains(&figure.value)
                || [figure.low, figure.high].contains(&Some(0.0))
                || [figure.low, figure.high].contains(&Some(1.0));
            if !is_cut && known.statistic != Statistic::Maximum {
                let half = (own.half_width(), figure.half_width());
                assert!(near(half.0, half.1), "{}: {half:?}", known.path);
                compared += 1;
            }
        }
        assert!(compared > 150, "only {compared} figures were compared");
    }

    #[test]
    fn one_agent_more_is_told_from_none_because_the_customers_are_the_same() {
        let (six, seven) = (model(6), model(7));
        let (first, option) = (study(&six, 1, 60), study(&seven, 1, 60));
        let other = study(&seven, 2, 60);
        for path in ["service_level", "wait.mean", "wait.p95", "wait.sd", "abandonment_rate"] {
            let base = first.influence(path);
            let change = difference(option.influence(path).as_ref(), base.as_ref(), 0.95);
            let unpaired = difference(other.influence(path).as_ref(), base.as_ref(), 0.95);
            let gain = unpaired.half_width().unwrap() / change.half_width().unwrap();
            assert!(gain > 1.5, "{path}: pairing gains only {gain}");
            let better = if path == "service_level" { Better::Higher } else { Better::Lower };
            assert_eq!(Standing::of(change, better), Some(Standing::Better), "{path}");
            let turned = ratio(option.influence(path).as_ref(), base.as_ref(), 0.95);
            let one = if better == Better::Higher { turned.low } else { turned.high };
            assert_eq!(one.unwrap() > 1.0, better == Better::Higher, "{path}: {turned:?}");
        }
        // Arrivals do not depend on staff: the difference is nothing, for sure.
        let (a, b) = (option.influence("arrivals"), first.influence("arrivals"));
        let none = difference(a.as_ref(), b.as_ref(), 0.95);
        assert_eq!(none, Estimate::between(0.0, 0.0, 0.0));
        assert_eq!(Standing::of(none, Better::Lower), Some(Standing::Equal));
        // One day alone tells a difference, but not whether it is one.
        let single = Estimate::without_interval(0.0);
        assert_eq!(Standing::of(single, Better::Lower), Some(Standing::Undecided));
        assert_eq!(Standing::of(none, Better::Neither), None);
        assert_eq!(difference(None, b.as_ref(), 0.95), Estimate::UNKNOWN);
    }

    #[test]
    fn without_observations_there_are_no_influences() {
        let model = model(6);
        let mut study = Study::new(&model, &Options::default(), &Asked::NOTHING);
        study.advance(3, &Control::new(1)).unwrap();
        assert_eq!(study.influence("wait.mean"), None);
        assert_eq!(study.influence("no.such.figure"), None);
    }
}
