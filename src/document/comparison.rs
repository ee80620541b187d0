//! Options side by side.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::words::{StandingWord, Version};
use super::{FigureRecord, Members, Origin, ReportDocument};
use crate::compare::{Compared, Comparison, Difference};
use crate::judge::paired::Standing;

/// How options differ on the same customers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ComparisonDocument<'a> {
    compare: Version<1>,
    /// The options; the first is what the others are held against.
    pub options: Vec<OptionRecord<'a>>,
    /// By figure, the options that cannot be told from the best.
    pub best: Members<'a, Vec<Cow<'a, str>>>,
    /// The option picked, where that was asked for and reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pick: Option<Cow<'a, str>>,
}

/// One option.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OptionRecord<'a> {
    /// What it is called.
    pub name: Cow<'a, str>,
    /// What its run found.
    pub report: ReportDocument<'a>,
    /// By figure, how it differs from the first option.
    pub differences: Members<'a, DifferenceRecord>,
}

/// How a figure differs from that of the first option.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DifferenceRecord {
    /// This option minus the first, with the paired interval.
    #[serde(flatten)]
    pub estimate: FigureRecord,
    /// What that means.
    #[serde(with = "StandingWord")]
    pub verdict: Standing,
}

impl<'a> ComparisonDocument<'a> {
    /// The comparison of options; `origins` belong to them.
    pub fn new(comparison: &'a Comparison, origins: &'a [Origin]) -> Self {
        let options = comparison.options.iter().zip(origins);
        let name = |option: usize| Cow::Borrowed(comparison.options[option].name.as_str());
        let best = comparison.best.iter();
        Self {
            compare: Version,
            options: options.map(|(option, origin)| OptionRecord::new(option, origin)).collect(),
            best: Members::new(best.map(|(path, best)| {
                (path.as_str(), best.iter().map(|option| name(*option)).collect())
            })),
            pick: comparison.pick.map(name),
        }
    }
}

impl<'a> OptionRecord<'a> {
    fn new(option: &'a Compared, origin: &'a Origin) -> Self {
        let differences = option.differences.iter();
        Self {
            name: option.name.as_str().into(),
            report: ReportDocument::new(&option.summary, origin),
            differences: Members::new(differences.map(|one| (one.path.as_str(), one.into()))),
        }
    }
}

impl From<&Difference> for DifferenceRecord {
    fn from(difference: &Difference) -> Self {
        Self { estimate: difference.estimate.into(), verdict: difference.standing }
    }
}
