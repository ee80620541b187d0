//! How documents spell what is one of a few, and which version of a document is read.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use crate::experiment::summary::Verdict;
use crate::judge::paired::Standing;
use crate::plan::CostUnit;

/// The version of a document: only this one is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version<const N: u64>;

impl<const N: u64> Serialize for Version<N> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(N)
    }
}

impl<'de, const N: u64> Deserialize<'de> for Version<N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match u64::deserialize(from)? {
            found if found == N => Ok(Self),
            found => Err(D::Error::custom(format!("it is of version {found}, only {N} is read"))),
        }
    }
}

/// [`Verdict`] as reports spell it.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "Verdict", rename_all = "lowercase")]
pub(super) enum VerdictWord {
    Holds,
    Fails,
    Undecided,
}

/// [`Standing`] as comparisons spell it.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "Standing", rename_all = "lowercase")]
pub(super) enum StandingWord {
    Better,
    Worse,
    Equal,
    Undecided,
}

/// [`Verdict`] as plans spell it.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "Verdict", rename_all = "lowercase")]
pub(super) enum KeptWord {
    #[serde(rename = "met")]
    Holds,
    #[serde(rename = "missed")]
    Fails,
    Undecided,
}

/// [`CostUnit`] as plans spell it.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "CostUnit", rename_all = "lowercase")]
pub(super) enum CostUnitWord {
    Money,
    Hours,
}
