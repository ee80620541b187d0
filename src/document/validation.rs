//! Whether files are scenarios.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Number;

/// Whether a file is a scenario: of what size, or what is wrong with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ValidationDocument<'a> {
    /// The file as the user named it.
    pub file: Cow<'a, str>,
    /// Whether it is one.
    pub ok: bool,
    /// What it holds, where it is one.
    #[serde(flatten)]
    pub size: Option<ScenarioSize<'a>>,
    /// All that is wrong with it.
    pub problems: Vec<ProblemRecord<'a>>,
}

/// What a scenario holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScenarioSize<'a> {
    /// Names of its options.
    pub options: Vec<Cow<'a, str>>,
    /// How many contact types it has.
    pub contact_types: usize,
    /// How many agent groups it has.
    pub groups: usize,
    /// Length of the arrivals in seconds.
    pub duration: Number,
    /// First attempts of a replication, on average.
    pub expected_contacts: Number,
}

/// Something that is wrong with a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProblemRecord<'a> {
    /// Stable short name of its kind.
    pub code: Cow<'a, str>,
    /// What is wrong.
    pub message: Cow<'a, str>,
    /// What to write instead.
    pub help: Option<Cow<'a, str>>,
    /// The file, which may be one that the scenario extends.
    pub file: Option<Cow<'a, str>>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column, from 1.
    pub column: Option<usize>,
}
