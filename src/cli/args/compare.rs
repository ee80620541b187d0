//! What `simulate compare` takes.

use std::path::PathBuf;

use clap::Args;

use super::MOST_REPLICATIONS;

/// What stands below its help.
pub(super) const EXAMPLES: &str = "\
Examples:
  simulate compare peak.toml                   the file and each of its options
  simulate compare peak.toml --option temps    the file and one of them
  simulate compare before.toml after.toml      the first file and the others
  simulate compare rosters.toml --pick wait.mean --within 2s";

/// What `compare` takes beside the shared flags.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct CompareArgs {
    /// Scenario files (TOML); one file is compared with its own [options]
    #[arg(value_name = "FILE", required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Write the comparison as a page to FILE; `-` prints it instead of the text
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) html: Option<PathBuf>,
    /// Figures to show, by their paths in the JSON report, or `cost` of all groups [default: the
    /// headline figures]
    #[arg(long, value_name = "PATHS", value_delimiter = ',')]
    pub(in crate::cli) show: Vec<String>,
    /// Run until the differences of these figures are decided
    #[arg(
        long,
        value_name = "PATHS",
        value_delimiter = ',',
        help = "Run until the differences of these figures are decided [default: wait.mean, \
                service_level, abandonment_rate]"
    )]
    pub(in crate::cli) decide: Vec<String>,
    /// Run at most so many replications of each [default: 10 times the scenario's, or exactly
    /// those of --replications]
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u32).range(1..=MOST_REPLICATIONS))]
    pub(in crate::cli) at_most: Option<u32>,
    /// Run until the best option by this figure can be picked
    #[arg(long, value_name = "PATH", requires = "within", conflicts_with = "decide")]
    pub(in crate::cli) pick: Option<String>,
    /// Differences up to VALUE do not matter for --pick, such as 2s or 0.5%
    #[arg(long, value_name = "VALUE", requires = "pick")]
    pub(in crate::cli) within: Option<String>,
}
