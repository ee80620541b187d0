//! What `simulate sweep` takes.

use std::path::PathBuf;

use clap::Args;

use super::assignment;
use crate::sweep::{Varied, values};

/// What stands below its help.
pub(super) const EXAMPLES: &str = "\
Examples:
  simulate sweep peak.toml --vary groups.day.staff=80..200:10
  simulate sweep peak.toml --vary groups.day.staff=80..200:10 \\
    --vary contacts.order.bot.deflection=50%..95%:5% \\
    --show wait.mean --limit 15s --picture
  simulate sweep peak.toml --vary-csv points.csv --resume rows.csv";

/// What `sweep` takes beside the shared flags.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct SweepArgs {
    /// Scenario file (TOML); `-` is standard input
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,
    /// Try each of VALUES at PATH: `a,b,c` or `from..to:step`, with units; several make a grid
    #[arg(long, value_name = "PATH=VALUES", value_parser = varied,
          required_unless_present = "vary_csv")]
    pub(in crate::cli) vary: Vec<Varied>,
    /// Try the rows of a CSV file, whose first row has the paths
    #[arg(long, value_name = "FILE", conflicts_with = "vary")]
    pub(in crate::cli) vary_csv: Option<PathBuf>,
    /// Figures of a row, by their paths in the JSON report, or `cost` of all groups [default: the
    /// headline figures]
    #[arg(long, value_name = "PATHS", value_delimiter = ',')]
    pub(in crate::cli) show: Vec<String>,
    /// Keep the rows in FILE too, and go on behind those that are there already
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) resume: Option<PathBuf>,
    /// Simulate again where a row that `--resume FILE` keeps is damaged
    #[arg(long, requires = "resume")]
    pub(in crate::cli) repair: bool,
    /// Print a picture of the first figure instead of rows (on a terminal: below them)
    #[arg(long, conflicts_with = "json")]
    pub(in crate::cli) picture: bool,
    /// Write the picture of the first figure as a page to FILE; `-` prints it instead of the rows
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) html: Option<PathBuf>,
    /// Mark in the picture where the first figure keeps to VALUE, such as 15s or 80%
    #[arg(long, value_name = "VALUE")]
    pub(in crate::cli) limit: Option<String>,
}

/// A path and the values to try there.
fn varied(text: &str) -> Result<Varied, String> {
    let example = "write PATH=VALUES, such as groups.day.staff=80..200:10";
    let (path, listed) = assignment(text).map_err(|_| example.to_owned())?;
    let values = values::values(&listed)?;
    Ok(Varied { path, values })
}
