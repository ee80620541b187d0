//! What `check` takes.

use std::path::PathBuf;

use clap::Args;

use super::MOST_REPLICATIONS;
use crate::format::units;

/// What stands below its help.
pub(super) const EXAMPLES: &str = "\
Examples:
  simulate check peak.toml                           what `expect` asks for
  simulate check peak.toml --baseline past --update  store the present figures
  simulate check peak.toml --baseline past           has anything got worse?

Exit status: 0 all holds, 1 something fails, 4 something is undecided,
2 bad usage or bad scenario, 3 could not finish, 130 interrupted.";

/// What `check` takes beside the shared flags.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct CheckArgs {
    /// Scenario files (TOML); `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Also compare with what is stored in DIR, by `[check] guard` or default guards
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Store the present results in the baseline's DIR instead of comparing with it
    #[arg(long, requires = "baseline")]
    pub(in crate::cli) update: bool,
    /// Simulate at most so many days while something is undecided [default: four times as many]
    #[arg(long, value_name = "N", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u32).range(1..=MOST_REPLICATIONS))]
    pub(in crate::cli) at_most: Option<u32>,
    /// Share of checks of an unchanged system that may fail by chance [default: 1%]
    #[arg(long, value_name = "SHARE", requires = "baseline", value_parser = false_alarms)]
    pub(in crate::cli) false_alarms: Option<f64>,
    /// Write what CI systems read to FILE: a suite per scenario, a case per expectation or guard
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) junit: Option<PathBuf>,
    /// Write what was found as a page to FILE; `-` prints it instead of the text
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) html: Option<PathBuf>,
}

/// A share that a test can be sure of.
fn false_alarms(text: &str) -> Result<f64, String> {
    match units::share(text) {
        Ok(share) if (1e-6..=0.2).contains(&share) => Ok(share),
        Ok(_) => Err("write a share from 0.0001% to 20%".to_owned()),
        Err(error) => Err(error.message),
    }
}
