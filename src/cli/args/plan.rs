//! What `simulate plan` takes.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::format::units;

/// What stands below its help.
pub(super) const EXAMPLES: &str = "\
Examples:
  simulate plan day.toml                         the cheapest staffing or roster
  simulate plan day.toml --out planned.toml      and a scenario to run it with
  simulate plan day.toml --time-limit 60s        the best that a minute finds
  simulate plan day.toml --find surges.a.factor  the surge that staff survives

Exit status: 0 every promise is met, 1 no plan meets them, 4 undecided.";

/// What `plan` takes beside the shared flags.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct PlanArgs {
    /// Scenario file (TOML) with a `[plan]`; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,
    /// Write the plan to FILE as a scenario that extends the one planned
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Write the plan as a page with charts to FILE; `-` prints it instead of the text
    #[arg(long, value_name = "FILE", conflicts_with = "find")]
    pub(in crate::cli) html: Option<PathBuf>,
    /// Instead of a staffing, find the value of PATH with which the promises are just kept
    #[arg(long, value_name = "PATH", conflicts_with = "out")]
    pub(in crate::cli) find: Option<String>,
    /// Stop searching so that about this time is spent in all, such as 60s or 5m
    #[arg(long, value_name = "TIME", value_parser = time_limit)]
    pub(in crate::cli) time_limit: Option<Duration>,
}

/// A length of time over 0.
fn time_limit(text: &str) -> Result<Duration, String> {
    match units::duration(text) {
        Ok(seconds) if seconds > 0.0 => Ok(Duration::from_secs_f64(seconds.min(1e8))),
        Ok(_) => Err("write more than 0".to_owned()),
        Err(error) => Err(format!("{}; {}", error.message, error.help)),
    }
}
