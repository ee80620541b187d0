//! What a sweep is to do, checked at every point before anything runs.

use super::super::args::{Shared, SweepArgs};
use super::super::load::{self, Draft};
use super::super::{Failure, Outcome, run};
use crate::compare;
use crate::experiment::{COST, Catalog, Options};
use crate::format::{Override, Problems};
use crate::judge::expression::{self, Op, Setting};
use crate::metrics::definition::{Better, Unit};
use crate::model::Model;
use crate::report::chart::Limit;
use crate::scenario::Replications;
use crate::sweep::{Axis, Grid, HEADLINES, Shown, table};
use crate::task::Prepared;

/// A sweep whose points are all scenarios.
pub(super) struct Plan<'a> {
    /// The file as the user named it.
    pub(super) file: String,
    pub(super) grid: Grid,
    pub(super) shown: Vec<Shown>,
    /// What the numbers of the first figure mean.
    pub(super) unit: Unit,
    /// What the first figure is to keep to.
    pub(super) limit: Option<Limit>,
    /// Digest of the scenario of each point.
    pub(super) digests: Vec<String>,
    /// Seed of each point, and its replications where they are fixed.
    pub(super) runs: Vec<(u64, Option<u32>)>,
    pub(super) options: Options,
    axes: Option<Vec<Axis>>,
    draft: Draft,
    pub(super) shared: &'a Shared,
}

impl<'a> Plan<'a> {
    /// # Errors
    ///
    /// After all that is wrong with any point has been told.
    pub(super) fn new(task: &SweepArgs, shared: &'a Shared) -> Result<Self, Failure> {
        let (grid, axes) = grid(task)?;
        if task.picture && axes.is_none() {
            let message = "a picture needs one or two varied values, each given with --vary";
            return Err(Failure::new(Outcome::Unusable, message));
        }
        let mut plan = Self {
            file: task.file.display().to_string(),
            grid,
            shown: shown(task)?,
            unit: Unit::Count,
            limit: None,
            digests: Vec::new(),
            runs: Vec::new(),
            options: run::options(shared),
            axes,
            draft: load::draft(&task.file)?,
            shared,
        };
        plan.check(task.limit.as_deref())?;
        Ok(plan)
    }

    /// The one or two axes that can be drawn.
    pub(super) fn axes(&self) -> Option<&[Axis]> {
        self.axes.as_deref()
    }

    /// The model of a point.
    pub(super) fn model(&self, point: usize) -> Model {
        let loaded = self.load(point);
        loaded.expect("every point was read before, and the texts are kept").model
    }

    fn load(&self, point: usize) -> Result<Prepared, Problems> {
        let fixed = self.shared.overrides.iter().cloned();
        let all: Vec<Override> = fixed.chain(self.grid.overrides(point)).collect();
        self.draft.prepare(self.shared.option.as_deref(), &all)
    }

    /// Reads the scenario of every point.
    fn check(&mut self, limit: Option<&str>) -> Result<(), Failure> {
        let mut wrong = Vec::new();
        let mut names = None;
        for point in 0..self.grid.points().len() {
            let model = match self.load(point) {
                Ok(loaded) => loaded.model,
                Err(problems) => {
                    wrong.push((None, problems));
                    continue;
                }
            };
            // The figures of a report depend on names alone.
            if names.as_ref() != Some(&names_of(&model)) {
                let catalog = Catalog::new(&model);
                self.check_shown(point, &catalog)?;
                if names.is_none() {
                    self.read_limit(limit, &catalog)?;
                }
                names = Some(names_of(&model));
            }
            let replications = match (self.shared.replications, &model.replications) {
                (Some(fixed), _) => Some(fixed),
                (None, Replications::Fixed(fixed)) => Some(*fixed),
                (None, Replications::Precision { .. }) => None,
            };
            let seed = self.shared.seed.unwrap_or(model.seed);
            self.runs.push((seed, replications));
            self.digests.push(model.digest);
        }
        match Problems::together(wrong) {
            None => Ok(()),
            Some(problems) => Err(problems.into()),
        }
    }

    fn check_shown(&self, point: usize, catalog: &Catalog) -> Result<(), Failure> {
        let is_known = |shown: &Shown| compare::meaning(&shown.figure, catalog).is_some();
        let Some(unknown) = self.shown.iter().find(|shown| !is_known(shown)) else {
            return Ok(());
        };
        let help = expression::suggest(&unknown.figure, catalog);
        let (text, name) = (&unknown.text, self.grid.name(point));
        let message = format!("the report has no figure `{text}` at {name}; {help}");
        Err(Failure::new(Outcome::Unusable, message))
    }

    /// What the first figure means and is to keep to, which the picture tells.
    fn read_limit(&mut self, limit: Option<&str>, catalog: &Catalog) -> Result<(), Failure> {
        let first = &self.shown[0];
        let Some((unit, better)) = compare::meaning(&first.figure, catalog) else {
            return Ok(());
        };
        self.unit = unit;
        let Some(limit) = limit else {
            return Ok(());
        };
        let op = match better {
            Better::Higher => ">=",
            Better::Lower | Better::Neither => "<=",
        };
        // The sum has no expression; what one group costs is such a number too.
        let figure = catalog.figures().iter().find(|known| {
            known.path == first.figure || (first.figure == COST && known.unit == Unit::Money)
        });
        let figure = figure.map_or(first.figure.as_str(), |known| &known.path);
        let text = format!("{figure} {op} {limit}");
        let wrong = |help: String| {
            let message = format!("`{limit}` is no limit of `{}`; {help}", first.figure);
            Failure::new(Outcome::Unusable, message)
        };
        let parsed = expression::parse(&text, catalog, Setting::Target);
        let parsed = parsed.map_err(|error| wrong(error.help))?;
        let (expression::Limit::Number(value), expression::Extent::Whole) =
            (parsed.limit, parsed.extent)
        else {
            return Err(wrong("write a number with its unit".to_owned()));
        };
        self.limit = Some(match parsed.op {
            Op::AtLeast | Op::Above => Limit::AtLeast(value),
            Op::AtMost | Op::Below => Limit::AtMost(value),
        });
        Ok(())
    }
}

/// Names of contact types, channels and groups.
fn names_of(model: &Model) -> [Vec<String>; 3] {
    [
        model.contact_types.iter().map(|kind| kind.name.clone()).collect(),
        model.channels.clone(),
        model.groups.iter().map(|group| group.name.clone()).collect(),
    ]
}

/// The points, and the axes if they can be drawn.
fn grid(task: &SweepArgs) -> Result<(Grid, Option<Vec<Axis>>), Failure> {
    let unusable = |message: String| Failure::new(Outcome::Unusable, message);
    let Some(file) = &task.vary_csv else {
        let grid = Grid::cross(&task.vary).map_err(unusable)?;
        let axes = (task.vary.len() <= 2).then(|| task.vary.clone());
        return Ok((grid, axes));
    };
    let (name, bytes) = load::read(file)?;
    let grid = table::grid(&bytes).map_err(|why| unusable(format!("{name}: {why}")))?;
    let axes = match grid.paths() {
        [path] => Some(vec![Axis { path: path.clone(), values: grid.points().concat() }]),
        _ => None,
    };
    Ok((grid, axes))
}

/// The figures asked for, or the headlines.
fn shown(task: &SweepArgs) -> Result<Vec<Shown>, Failure> {
    let asked = task.show.iter().map(|path| path.trim());
    let shown: Vec<Shown> = asked.filter(|path| !path.is_empty()).map(Shown::new).collect();
    if let Some(at) = (1..shown.len()).find(|at| shown[..*at].contains(&shown[*at])) {
        let message = format!("`{}` is shown twice", shown[at].text);
        return Err(Failure::new(Outcome::Unusable, message));
    }
    if shown.is_empty() {
        return Ok(HEADLINES.iter().map(|path| Shown::new(path)).collect());
    }
    Ok(shown)
}
