//! Scenarios and their results, held against exact values.

use surgecast::experiment::{Control, Options, Summary, run};
use surgecast::format::{Files, SourceText};
use surgecast::model::Model;
use surgecast::scenario::{Scenario, parse};
use surgecast::stats::{Estimate, student_t};

/// Files by name, with their text.
struct Named<'f>(&'f [(&'f str, &'f str)]);

impl Files for Named<'_> {
    fn read(&self, _base: &str, name: &str) -> Result<(String, Vec<u8>), String> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        let (name, text) = found.ok_or("there is no such file")?;
        Ok(((*name).to_owned(), (*text).into()))
    }
}

/// The scenario of a text that is right.
#[track_caller]
pub(crate) fn scenario(text: &str) -> Scenario {
    scenario_with(&[], text)
}

/// The scenario of a text that is right, and names these files.
#[track_caller]
pub(crate) fn scenario_with(files: &[(&str, &str)], text: &str) -> Scenario {
    match parse(SourceText::new("test.toml", text), &[], &Named(files)) {
        Ok(parsed) => parsed.scenario,
        Err(problems) => panic!("{}\n{text}", problems.render(false)),
    }
}

/// The results of a text that is right, on so many threads.
#[track_caller]
pub(crate) fn simulate_on(threads: usize, text: &str) -> Summary {
    let model = Model::compile(&scenario(text));
    run(&model, &Options::default(), &Control::new(threads)).unwrap()
}

/// The results of a text that is right.
#[track_caller]
pub(crate) fn simulate(text: &str) -> Summary {
    simulate_on(2, text)
}

/// Probability that one comparison of a right figure with its exact value fails.
pub(crate) const FALSE_ALARM: f64 = 1e-5;

/// Figures held against exact values. Each comparison is in standard errors, two-sided, by
/// Student's t with the degrees of freedom of the replications, and fails for a right figure with
/// probability [`FALSE_ALARM`]: seeds are fixed, so a test that passes once passes always.
#[derive(Debug)]
pub(crate) struct Comparison<'s> {
    summary: &'s Summary,
    limit: f64,
    lines: Vec<String>,
    failed: bool,
}

impl<'s> Comparison<'s> {
    /// Nothing compared yet.
    pub(crate) fn new(summary: &'s Summary) -> Self {
        let degrees = f64::from(summary.run.replications - 1);
        Self {
            summary,
            limit: student_t(degrees, 1.0 - FALSE_ALARM / 2.0),
            lines: Vec::new(),
            failed: false,
        }
    }

    /// The figure at a path of the report.
    #[track_caller]
    pub(crate) fn of(&mut self, path: &str, exact: f64) -> &mut Self {
        let figure = self.summary.figure(path);
        let figure = figure.unwrap_or_else(|| panic!("there is no figure `{path}`"));
        self.estimate(path, figure.estimate, exact)
    }

    /// The figure at a path of one interval, of all contacts together.
    #[track_caller]
    pub(crate) fn of_interval(&mut self, index: usize, path: &str, exact: f64) -> &mut Self {
        let interval = &self.summary.intervals[index];
        let figures = match path.strip_prefix("group.") {
            None => interval.overall.get(path),
            Some(path) => interval.groups[0].value.get(path),
        };
        let figure = figures.unwrap_or_else(|| panic!("there is no figure `{path}`"));
        let name = format!("intervals[{index}].{path}");
        self.estimate(&name, figure.estimate, exact)
    }

    /// Any estimate.
    #[track_caller]
    pub(crate) fn estimate(&mut self, name: &str, estimate: Estimate, exact: f64) -> &mut Self {
        let value = estimate.value.unwrap_or_else(|| panic!("{name} is unknown"));
        let error = standard_error(self.summary, estimate);
        self.add(name, value, error, exact)
    }

    /// The variance of the daily values of a figure that is a mean over days; `excess` is their
    /// excess kurtosis. The sample variance of n values has standard error
    /// σ² √((2 + excess) / n).
    #[track_caller]
    pub(crate) fn daily_variance(&mut self, path: &str, exact: f64, excess: f64) -> &mut Self {
        let estimate = self.summary.figure(path).unwrap().estimate;
        let days = f64::from(self.summary.run.replications);
        let variance = standard_error(self.summary, estimate).powi(2) * days;
        let error = exact * ((2.0 + excess) / days).sqrt();
        self.add(&format!("variance of {path}"), variance, error, exact)
    }

    /// Several figures at once.
    #[track_caller]
    pub(crate) fn all(&mut self, exact: &[(String, f64)]) -> &mut Self {
        for (path, exact) in exact {
            self.of(path, *exact);
        }
        self
    }

    fn add(&mut self, name: &str, value: f64, error: f64, exact: f64) -> &mut Self {
        // A figure that is the same on every day has no error and must be exact.
        let rounding = 1e-9 * exact.abs().max(1e-3);
        let z = (value - exact) / error.max(rounding);
        let fails = z.is_nan() || z.abs() > self.limit;
        let mark = if fails { " <<<" } else { "" };
        self.failed |= fails;
        let line = format!("{name}: {value:.6} for {exact:.6}, z = {z:.2}{mark}");
        self.lines.push(line);
        self
    }

    /// Fails unless all comparisons hold.
    #[track_caller]
    pub(crate) fn holds(&self) {
        assert!(!self.failed, "beyond {:.2}:\n{}", self.limit, self.lines.join("\n"));
    }

    /// Fails if all comparisons hold: for figures that must not be these, which shows that the
    /// comparison tells one from the other.
    #[track_caller]
    pub(crate) fn is_refuted(&self) {
        assert!(self.failed, "all of it holds:\n{}", self.lines.join("\n"));
    }
}

/// Standard error of an estimate, from its 95 % interval.
fn standard_error(summary: &Summary, estimate: Estimate) -> f64 {
    let degrees = f64::from(summary.run.replications - 1);
    let (value, low, high) = (estimate.value, estimate.low, estimate.high);
    let (value, low, high) = (value.unwrap(), low.unwrap(), high.unwrap());
    // One end may be cut at 0 or 1.
    (value - low).max(high - value) / student_t(degrees, 0.975)
}
