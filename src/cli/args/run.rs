//! What `simulate run` takes.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{MOST_REPLICATIONS, outputs, refuse};

/// What `run` takes beside the shared flags.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct RunArgs {
    /// Scenario files (TOML); `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Write all figures as CSV to the folder DIR, made if missing: `intervals.csv`,
    /// `group_intervals.csv`, `contacts.csv`, `groups.csv`, `handled_by.csv`, `run.csv`
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) csv: Option<PathBuf>,
    /// Write the report as a page with charts to FILE; `-` prints it instead of the text
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) html: Option<PathBuf>,
    /// Write the distributions of waits to the folder DIR, made if missing, as percentile files
    /// (`overall.wait.hgrm` and others) that the tools of `HdrHistogram` read; one scenario at a time
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) histogram: Option<PathBuf>,
    /// Write one CSV row per attempt of a contact to FILE; `-` prints it instead of the report
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) trace: Option<PathBuf>,
    /// Trace so many replications [default: 1]
    #[arg(long, value_name = "N", requires = "trace", allow_negative_numbers = true,
          value_parser = clap::value_parser!(u32).range(1..=MOST_REPLICATIONS))]
    pub(in crate::cli) trace_replications: Option<u32>,
}

fn all(run: &RunArgs) -> [(&'static str, &Option<PathBuf>); 4] {
    [
        ("--csv", &run.csv),
        ("--histogram", &run.histogram),
        ("--html", &run.html),
        ("--trace", &run.trace),
    ]
}

/// The outputs that were asked for beside the report, by their flags.
pub(super) fn outputs(run: &RunArgs) -> impl Iterator<Item = (&'static str, &Path)> {
    all(run).into_iter().filter_map(|(flag, path)| Some((flag, path.as_deref()?)))
}

/// Outputs that would end up in the same place by their names.
pub(super) fn clashes(run: &RunArgs, is_json: bool) -> Result<(), clap::Error> {
    outputs::clashes(&all(run), is_json)?;
    if run.trace.is_some() && run.files.len() > 1 {
        return Err(refuse("--trace takes one scenario at a time"));
    }
    if run.histogram.is_some() && run.files.len() > 1 {
        return Err(refuse("--histogram takes one scenario at a time"));
    }
    Ok(())
}
