//! Every figure of the report: path, estimator, unit, and which direction is better. What is not in
//! this table is not reported, and what names a figure names a path of it.

/// Declares the metrics of a scope: an enum, and the table of their definitions. Figures by a
/// number, such as the shares of time with so many contacts open, stand behind the others.
macro_rules! metrics {
    (
        $(#[$of:meta])* $name:ident, $table:ident, $totals:ty:
        $($(#[$doc:meta])* $metric:ident = $definition:expr,)*
        $(=> $more:ident $($number:literal)*)?
    ) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$doc])* $metric,)*
        }

        $(#[$of])*
        pub const $table: &[Definition<$totals>] =
            &[$($definition,)* $($($more!($number),)*)?];

        impl $name {
            /// In the order of the report.
            pub const ALL: &'static [Self] = &[$(Self::$metric,)*];

            /// How it is computed, and what its numbers mean.
            pub fn definition(self) -> &'static Definition<$totals> {
                &$table[self as usize]
            }

            /// The metric at a path within its scope.
            pub fn parse(path: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|metric| metric.definition().path == path)
            }
        }
    };
}

mod center;
mod contacts;

pub use center::{BOT_METRICS, BotMetric, BotTotals, GROUP_METRICS, GroupMetric, open_share};
pub use contacts::{CONTACT_METRICS, ContactMetric};

use super::totals::{LevelTotals, Moments};

/// A figure computed from sums of type `T`.
#[derive(Clone, Copy, Debug)]
pub struct Definition<T: 'static> {
    /// Place in the report, within its scope.
    pub path: &'static str,
    /// How it is computed and estimated.
    pub measure: Measure<T>,
    /// What its numbers mean.
    pub unit: Unit,
    /// Which direction serves customers or costs.
    pub better: Better,
    /// Where it is reported.
    pub reported: Reported,
    /// It is of agents who can have so many contacts open.
    pub least_slots: usize,
}

/// How a figure is estimated from replications.
#[derive(Clone, Copy, Debug)]
pub enum Measure<T: 'static> {
    /// Mean over replications of a number of the day.
    Total(fn(&T) -> f64),
    /// The same for a number that some days do not have; those are left out.
    Known(fn(&T) -> Option<f64>),
    /// The same for the time until something happens: unknown as soon as it did not happen on some
    /// day, since the mean of the others would be too low.
    Until(fn(&T) -> Option<f64>),
    /// Ratio of expectations: totals over replications divided; interval by the delta method.
    Ratio(fn(&T) -> (f64, f64)),
    /// The same where the ratio is a share, within 0 to 1.
    Share(fn(&T) -> (f64, f64)),
    /// The same for a share of time.
    TimeShare(fn(&T) -> (f64, f64)),
    /// Standard deviation of all observations of all replications.
    Deviation(fn(&T) -> Moments),
    /// The largest observation of all replications; it has no interval.
    Maximum(fn(&T) -> Moments),
    /// Quantile of all observations of all replications; Woodruff's interval.
    Quantile(Waits, f64),
}

/// Whose waits a quantile is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Answered contacts.
    Answered,
    /// All that queued.
    All,
    /// Bot time and wait of answered contacts.
    ToHuman,
}

/// What numbers mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Contacts, sessions or agents.
    Count,
    /// 0 to 1.
    Share,
    /// Seconds.
    Seconds,
    /// Agent hours.
    Hours,
    /// The currency of `cost_per_hour`.
    Money,
}

/// Which direction is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More of it.
    Higher,
    /// Less of it.
    Lower,
    /// Neither: it describes.
    Neither,
}

/// Where a figure is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    /// For the day and for each interval.
    Both,
    /// For the day only.
    Day,
    /// For each interval only.
    Interval,
}

impl<T> Definition<T> {
    /// Whether it is reported for the day (else: for an interval).
    pub fn is_of_day(&self) -> bool {
        self.reported != Reported::Interval
    }

    /// Whether it is reported for an interval.
    pub fn is_of_interval(&self) -> bool {
        self.reported != Reported::Day
    }
}

/// An integral as a mean over its time.
fn per_second(area: f64, level: &LevelTotals) -> f64 {
    if level.seconds > 0.0 { area / level.seconds } else { 0.0 }
}
