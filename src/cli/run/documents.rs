//! What is written beside the report and from the same results: the tables and the page.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::args::RunArgs;
use crate::cli::interrupt::Interrupt;
use crate::cli::output::{Destination, cannot_write};
use crate::cli::{Failure, tell};
use crate::experiment::Summary;
use crate::experiment::summary::WaitDistribution;
use crate::report::csv::{self, Scenarios, Tables};
use crate::report::histogram::{self, HistogramFile};
use crate::report::html::Page;
use crate::report::{self, Origin};
use crate::task::Prepared;
use crate::task::run::Detail;

/// Files in the making: all are there at the end, or none.
pub(super) struct Documents {
    tables: Option<Csv>,
    histograms: Option<Histograms>,
    page: Option<Page<Destination>>,
}

/// The tables and the folder that they are in.
struct Csv {
    tables: Tables<Destination>,
    folder: PathBuf,
}

/// The percentile files and the folder that they are in.
struct Histograms {
    files: Vec<(HistogramFile, Destination)>,
    folder: PathBuf,
}

impl Documents {
    /// Makes sure that all that was asked for can be written; the folder of the tables is there.
    ///
    /// # Errors
    ///
    /// Where it cannot, naming the first place.
    pub(super) fn open(
        task: &RunArgs,
        scenarios: &[Prepared],
        interrupt: &Interrupt,
    ) -> Result<Self, Failure> {
        let tables = match &task.csv {
            Some(path) => Some(Csv::open(path, scenarios.len(), interrupt)?),
            None => None,
        };
        let histograms = match (&task.histogram, scenarios) {
            (Some(path), [scenario, ..]) => Some(Histograms::open(path, scenario, interrupt)?),
            _ => None,
        };
        let page = match &task.html {
            Some(path) => {
                let titles = scenarios.iter().map(title).collect();
                Some(Page::new(Destination::open(path, interrupt)?, titles))
            }
            None => None,
        };
        Ok(Self { tables, histograms, page })
    }

    /// Whether there is anything to write.
    pub(super) fn are_wanted(&self) -> bool {
        self.tables.is_some() || self.histograms.is_some() || self.page.is_some()
    }

    /// What they need of the results.
    pub(super) fn detail(&self) -> Detail {
        if self.histograms.is_some() { Detail::Distributions } else { Detail::Report }
    }

    /// Whether the page goes where the report would go.
    pub(super) fn have_stdout(&self) -> bool {
        let page = self.page.as_ref();
        page.is_some_and(|page| page.target().is_stdout())
    }

    /// Adds the results of a scenario.
    ///
    /// # Errors
    ///
    /// Where they cannot be written.
    pub(super) fn push(&mut self, summary: &Summary, origin: &Origin) -> Result<(), Failure> {
        if let Some(csv) = &mut self.tables {
            let pushed = csv.tables.push(summary, origin);
            pushed.map_err(|error| cannot_write(&csv.folder, &error))?;
        }
        if let Some(histograms) = &mut self.histograms {
            histograms.push(summary)?;
        }
        if let Some(page) = &mut self.page {
            let pushed = page.push(&report::run(summary, origin));
            pushed.map_err(|error| page.target().failure(&error))?;
        }
        Ok(())
    }

    /// Puts everything in its place.
    ///
    /// # Errors
    ///
    /// Where that cannot be done.
    pub(super) fn finish(self) -> Result<(), Failure> {
        // All is written before anything is replaced.
        let page = self.page.map(end_page).transpose()?;
        let tables = self.tables.map(Csv::end).transpose()?;
        if let Some(page) = page {
            page.finish()?;
        }
        let histograms = self.histograms.into_iter().flat_map(|histograms| histograms.files);
        let files = tables.into_iter().flatten().chain(histograms.map(|(_, file)| file));
        files.into_iter().try_for_each(Destination::finish)
    }

    /// Puts the page in its place, which says that not all of it is there. The tables cannot say it.
    ///
    /// # Errors
    ///
    /// Where that cannot be done.
    pub(super) fn finish_interrupted(mut self) -> Result<(), Failure> {
        let page = self.page.take().filter(|page| !page.is_empty());
        self.abandon();
        page.map(end_page).transpose()?.map_or(Ok(()), Destination::finish)
    }

    /// Leaves everything as it was before, and says so.
    pub(super) fn abandon(self) {
        let tables = self.tables.map(|csv| format!("`{}`", csv.folder.display()));
        let folder = self.histograms.map(|histograms| format!("`{}`", histograms.folder.display()));
        let page = self.page.map(|page| page.target().name());
        for name in tables.into_iter().chain(folder).chain(page) {
            tell("warning", &format!("{name} was not written"));
        }
    }
}

impl Histograms {
    fn open(folder: &Path, scenario: &Prepared, interrupt: &Interrupt) -> Result<Self, Failure> {
        let mut files = Vec::new();
        for file in histogram::files(&scenario.model) {
            let target = Destination::open(&folder.join(&file.name), interrupt)?;
            files.push((file, target));
        }
        Ok(Self { files, folder: folder.to_owned() })
    }

    fn push(&mut self, summary: &Summary) -> Result<(), Failure> {
        for (file, target) in &mut self.files {
            let is_its =
                |one: &&WaitDistribution| one.scope == file.scope && one.waits == file.waits;
            let Some(distribution) = summary.distributions.iter().find(is_its) else { continue };
            let written = histogram::write(distribution, target).and_then(|()| target.flush());
            written.map_err(|error| target.failure(&error))?;
        }
        Ok(())
    }
}

impl Csv {
    fn open(folder: &Path, scenarios: usize, interrupt: &Interrupt) -> Result<Self, Failure> {
        let mut targets = Vec::new();
        for name in csv::FILES {
            targets.push(Destination::open(&folder.join(name), interrupt)?);
        }
        let targets = <[Destination; csv::FILES.len()]>::try_from(targets);
        let targets = targets.expect("there is one for each of them");
        let scenarios = if scenarios == 1 { Scenarios::One } else { Scenarios::Several };
        let tables = Tables::begin(targets, scenarios);
        Ok(Self {
            tables: tables.map_err(|error| cannot_write(folder, &error))?,
            folder: folder.to_owned(),
        })
    }

    fn end(self) -> Result<[Destination; csv::FILES.len()], Failure> {
        let tables = self.tables.end();
        let mut tables = tables.map_err(|error| cannot_write(&self.folder, &error))?;
        for table in &mut tables {
            table.flush().map_err(|error| table.failure(&error))?;
        }
        Ok(tables)
    }
}

fn end_page(page: Page<Destination>) -> Result<Destination, Failure> {
    let whose = page.target().name();
    page.end().map_err(|error| Failure::writing(&whose, &error))
}

fn title(scenario: &Prepared) -> String {
    let title = scenario.model.title.clone();
    title.unwrap_or_else(|| scenario.file.clone())
}
