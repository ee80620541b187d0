//! What got worse: for which contact type, and in which interval first.

use super::expression::Guard;
use crate::experiment::Summary;
use crate::experiment::summary::IntervalStart;

/// The values of one figure where it can be told apart: by contact type and by interval.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Breakdown {
    /// By contact type, in order of listing; only the one where the figure is of one.
    pub contacts: Vec<TypeFigure>,
}

/// The figure of one contact type.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeFigure {
    /// Name of the contact type.
    pub contact: String,
    /// Over the whole day.
    pub value: Option<f64>,
    /// In each interval; empty where the figure is not reported for intervals.
    pub intervals: Vec<Option<f64>>,
}

/// Significant digits of the numbers of a breakdown: it is stored, and small.
const DIGITS: usize = 5;

impl Breakdown {
    /// What a summary tells of the figure at `path`; nothing for figures of groups, channels and
    /// the bot, which are not told apart by contact type.
    pub fn of(path: &str, summary: &Summary) -> Self {
        let path = path.strip_prefix("overall.").unwrap_or(path);
        let named = path.strip_prefix("contacts.");
        let is_scoped =
            ["channels.", "groups.", "bot."].iter().any(|scope| path.starts_with(scope));
        if is_scoped {
            return Self::default();
        }
        let of_type = |name: &str| match named {
            None => Some(path.to_owned()),
            Some(rest) => {
                let rest = rest.strip_prefix(name)?.strip_prefix('.')?;
                Some(rest.to_owned())
            }
        };
        let contacts = summary.contacts.iter().enumerate();
        let parts = contacts.filter_map(|(index, contact)| {
            let path = of_type(&contact.name)?;
            let figure = contact.figures.get(&path)?;
            let intervals = summary.intervals.iter().map(|interval| {
                let figures = &interval.contacts.get(index)?.value;
                Some(figures.get(&path)?.estimate.value)
            });
            let intervals: Option<Vec<_>> = intervals.collect();
            Some(TypeFigure {
                contact: contact.name.clone(),
                value: figure.estimate.value.map(rounded),
                intervals: intervals
                    .unwrap_or_default()
                    .into_iter()
                    .map(|value| value.map(rounded))
                    .collect(),
            })
        });
        Self { contacts: parts.collect() }
    }
}

fn rounded(value: f64) -> f64 {
    let digits = DIGITS - 1;
    format!("{value:.digits$e}").parse().unwrap_or(value)
}

/// A contact type for which a figure got worse.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeLoss {
    /// Its name.
    pub contact: String,
    /// The figure in the baseline.
    pub baseline: f64,
    /// The figure now.
    pub now: f64,
    /// Where it got worse first.
    pub first: Option<IntervalLoss>,
}

/// An interval in which a figure got worse.
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalLoss {
    /// When it starts.
    pub start: IntervalStart,
    /// The figure in the baseline.
    pub baseline: f64,
    /// The figure now.
    pub now: f64,
}

/// The contact types for which a guarded figure got worse, the worst first, each with the first
/// interval in which the loss is at least half the largest loss of an interval: what goes wrong
/// shows there, and what follows may be its consequence.
///
/// Both breakdowns are of the same customers, so that what differs is the system's doing.
pub fn worse(
    guard: &Guard,
    baseline: &Breakdown,
    now: &Breakdown,
    summary: &Summary,
) -> Vec<TypeLoss> {
    let sign = if guard.op.is_upper_limit() { 1.0 } else { -1.0 };
    let loss = |before: f64, now: f64| sign * (now - before);
    let mut all = Vec::new();
    for part in &now.contacts {
        let mut others = baseline.contacts.iter();
        let Some(before) = others.find(|before| before.contact == part.contact) else {
            continue;
        };
        let (Some(was), Some(is)) = (before.value, part.value) else {
            continue;
        };
        if loss(was, is) <= 0.0 {
            continue;
        }
        let pairs = before.intervals.iter().zip(&part.intervals);
        let pairs: Vec<Option<(f64, f64)>> = pairs.map(|(was, is)| was.zip(*is)).collect();
        let losses = pairs.iter().flatten().map(|(was, is)| loss(*was, *is));
        let most = losses.fold(0.0, f64::max);
        let found = pairs.iter().enumerate().find_map(|(at, pair)| {
            let (was, is) = (*pair)?;
            (most > 0.0 && loss(was, is) >= most / 2.0).then_some((at, was, is))
        });
        all.push(TypeLoss {
            contact: part.contact.clone(),
            baseline: was,
            now: is,
            first: found.and_then(|(at, baseline, now)| {
                Some(IntervalLoss { start: summary.intervals.get(at)?.moment(), baseline, now })
            }),
        });
    }
    // The sort is stable: equal losses stay in order of listing.
    all.sort_by(|a, b| loss(b.baseline, b.now).total_cmp(&loss(a.baseline, a.now)));
    all
}

#[cfg(test)]
mod tests {
    use super::super::expression::tests::model;
    use super::*;
    use crate::experiment::{Catalog, Control, Options, run};

    fn summary() -> Summary {
        let options = Options { replications: Some(10), seed: None };
        run(&model(), &options, &Control::new(1)).unwrap()
    }

    fn type_figure(contact: &str, value: f64, intervals: &[f64]) -> TypeFigure {
        TypeFigure {
            contact: contact.to_owned(),
            value: Some(value),
            intervals: intervals.iter().copied().map(Some).collect(),
        }
    }

    #[test]
    fn the_worst_contact_type_comes_first_with_the_interval_where_it_began() {
        let catalog = Catalog::new(&model());
        let guard = |text| Guard::parse(text, &catalog).unwrap();
        let before = Breakdown {
            contacts: vec![
                type_figure("refund", 0.8, &[0.8, 0.8, 0.8, 0.8]),
                type_figure("late fee", 0.9, &[0.9, 0.9, 0.9, 0.9]),
            ],
        };
        let after = Breakdown {
            contacts: vec![
                type_figure("refund", 0.79, &[0.8, 0.79, 0.78, 0.79]),
                type_figure("late fee", 0.7, &[0.9, 0.85, 0.65, 0.4]),
            ],
        };
        let level = guard("service_level >= baseline");
        let found = worse(&level, &before, &after, &summary());
        let names: Vec<&str> = found.iter().map(|worse| worse.contact.as_str()).collect();
        assert_eq!(names, ["late fee", "refund"]);
        // A loss of 0.25 is half of 0.5; the one of 0.05 before it is not.
        let first = found[0].first.as_ref().unwrap();
        assert!((first.start.start.as_seconds() - 3600.0).abs() < 1e-9);
        assert!((first.now - 0.65).abs() < 1e-9 && (first.baseline - 0.9).abs() < 1e-9);
        // For a figure of which less is better these are gains.
        let waits = guard("wait.p95 <= baseline");
        assert_eq!(worse(&waits, &before, &after, &summary()), []);
        assert_eq!(worse(&level, &before, &before, &summary()), []);
    }

    #[test]
    fn figures_of_contacts_are_told_apart_and_those_of_groups_are_not() {
        let summary = summary();
        let of = |path| Breakdown::of(path, &summary).contacts;
        let names = |path| {
            let parts = of(path);
            parts.into_iter().map(|part| part.contact).collect::<Vec<_>>()
        };
        assert_eq!(names("service_level"), ["refund", "late fee"]);
        assert_eq!(names("overall.wait.p95"), ["refund", "late fee"]);
        assert_eq!(names("contacts.late fee.wait.p95"), ["late fee"]);
        assert!(names("groups.team.cost").is_empty());
        assert!(names("bot.sessions").is_empty());
        assert_eq!(of("service_level")[0].intervals.len(), 4);
        assert!(of("backlog.work")[0].intervals.is_empty(), "it is of days only");
    }
}
