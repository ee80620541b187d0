//! A grid of scenarios, each simulated as soon as a thread is free, checked as the sweep goes.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::{Draft, Prepared, TaskError};
use crate::compare;
use crate::experiment::parallel::{self, Unfinished};
use crate::experiment::{self, COST, Catalog, Control, Options};
use crate::format::{Files, Override, Problems};
use crate::judge::Target;
use crate::judge::expression::{self, Extent, Op};
use crate::metrics::definition::{Better, Unit};
use crate::model::Model;
use crate::scenario::Replications;
use crate::sweep::journal::JournalRow;
use crate::sweep::{HEADLINES, PointRow, Points, ShownFigure};

/// Points that are looked at before the first is simulated: a mistyped value is told at once, and
/// a scenario takes a few milliseconds to read.
const FIRST_LOOK: usize = 100;

/// What is wanted of a sweep beside its points.
#[derive(Clone, Debug, Default)]
pub struct SweepRequest {
    /// Paths of the figures of a row; empty: the headline figures.
    pub show: Vec<String>,
    /// What the first figure is to keep to.
    pub limit: Option<String>,
    /// The option that is varied.
    pub option: Option<String>,
    /// What is set at every point.
    pub overrides: Vec<Override>,
    /// What goes before the scenario.
    pub options: Options,
}

/// A sweep that can be run.
#[derive(Debug)]
pub struct Sweeping<F> {
    /// Its points.
    pub points: Points,
    /// The figures of a row.
    pub shown: Vec<ShownFigure>,
    /// What the numbers of the first figure mean.
    pub unit: Unit,
    /// What the first figure is to keep to.
    pub limit: Option<(Op, f64)>,
    draft: Draft<F>,
    request: SweepRequest,
    /// Names of contact types, channels and groups at the first point.
    names: [Vec<String>; 3],
}

impl<F: Files + Sync> Sweeping<F> {
    /// Looks at the first points of a sweep, and so at every value that is tried if there are few.
    ///
    /// # Errors
    /// All that is wrong with them; when it is to stop.
    pub fn new(
        draft: Draft<F>,
        points: Points,
        request: SweepRequest,
        control: &Control<'_>,
    ) -> Result<Self, TaskError> {
        let shown = shown(&request.show)?;
        let (unit, names) = (Unit::Count, <[Vec<String>; 3]>::default());
        let mut sweep = Self { points, shown, unit, limit: None, draft, request, names };
        let mut wrong = Vec::new();
        let mut is_first = true;
        let looked_at: Vec<usize> = sweep.points.with_new_values().take(FIRST_LOOK).collect();
        for point in looked_at {
            if control.is_over() {
                return Err(stopped());
            }
            match sweep.prepare(point) {
                Ok(prepared) if is_first => {
                    let catalog = Catalog::new(&prepared.model);
                    sweep.check_shown(point, &catalog)?;
                    sweep.read_limit(&catalog)?;
                    sweep.names = names_of(&prepared.model);
                    is_first = false;
                }
                Ok(prepared) => sweep.check_figures(point, &prepared.model)?,
                Err(problems) => wrong.push((None, problems)),
            }
        }
        Problems::together(wrong).map_or(Ok(sweep), |problems| Err(problems.into()))
    }

    /// Simulates the points that are not in a journal and gives the rows of all to `receive`, in
    /// order, telling how many there are. Rows of a journal are held against the scenarios of their
    /// points.
    ///
    /// # Errors
    /// Where a point is no scenario or its row is of another one, it is to stop, or memory would not
    /// do. All rows before were received.
    pub fn run(
        &self,
        journaled: &BTreeMap<usize, JournalRow>,
        control: &Control<'_>,
        receive: &mut (dyn FnMut(usize, PointRow) -> ControlFlow<()> + Send),
    ) -> Result<(), TaskError> {
        let all = self.points.points().len();
        let left = all.saturating_sub(journaled.len()).max(1);
        let each = control.quiet((control.threads / control.threads.min(left)).max(1));
        let job = |point: usize| match journaled.get(&point) {
            Some(journaled) => self.hold(point, journaled),
            None => self.simulate(point, &each),
        };
        let count = |points: usize| u32::try_from(points).unwrap_or(u32::MAX);
        let mut receive = |point: usize, row: PointRow| {
            (control.progress)(count(point + 1), count(all));
            receive(point, row)
        };
        let done = parallel::in_order(0..all, control, &job, &mut receive);
        done.map_err(|unfinished| match unfinished {
            Unfinished::Stopped => stopped(),
            Unfinished::Failed { error, .. } => error,
            Unfinished::Panicked { job, message } => {
                TaskError::Panicked(format!("{}: {message}", self.place(job)))
            }
        })
    }

    /// The file as the user named it.
    pub fn file(&self) -> &str {
        &self.draft.file
    }

    /// What messages call a point.
    fn place(&self, point: usize) -> String {
        format!("{}: {}", self.draft.file, self.points.name(point))
    }

    fn prepare(&self, point: usize) -> Result<Prepared, Problems> {
        let all = [self.request.overrides.as_slice(), &self.points.overrides(point)].concat();
        self.draft.prepare(self.request.option.as_deref(), &all)
    }

    fn simulate(&self, point: usize, control: &Control<'_>) -> Result<PointRow, TaskError> {
        let model = self.prepare(point)?.model;
        self.check_figures(point, &model)?;
        match experiment::run(&model, &self.request.options, control) {
            Ok(summary) if summary.run.partial => Err(stopped()),
            Ok(summary) => Ok(PointRow::new(&self.shown, summary)),
            Err(error) => Err(TaskError::run(&self.place(point), error)),
        }
    }

    /// The row of a journal, if it is what the point would give.
    fn hold(&self, point: usize, journaled: &JournalRow) -> Result<PointRow, TaskError> {
        let model = self.prepare(point)?.model;
        let JournalRow { line, row } = journaled;
        let options = &self.request.options;
        let seed = options.seed.unwrap_or(model.seed);
        let fixed = options.replications.or(match model.replications {
            Replications::Fixed(fixed) => Some(fixed),
            Replications::Precision { .. } => None,
        });
        let (digest, wanted) = (&row.digest, &model.digest);
        let differs = if digest != wanted {
            format!("comes from another scenario: digest {digest}, now it is {wanted}")
        } else if row.seed != seed {
            format!("has seed {}, this sweep has {seed}", row.seed)
        } else if let Some(fixed) = fixed.filter(|fixed| *fixed != row.replications) {
            format!("has {} replications, this sweep has {fixed}", row.replications)
        } else {
            return Ok(row.clone());
        };
        Err(TaskError::Unusable(format!(
            "cannot go on with the rows that are kept: line {line} {differs}; name another file to \
             begin anew"
        )))
    }

    /// The figures of a report depend on names alone: where these are others, they are checked again.
    fn check_figures(&self, point: usize, model: &Model) -> Result<(), TaskError> {
        if self.names == names_of(model) {
            return Ok(());
        }
        self.check_shown(point, &Catalog::new(model))
    }

    fn check_shown(&self, point: usize, catalog: &Catalog) -> Result<(), TaskError> {
        let is_known = |shown: &ShownFigure| compare::meaning(&shown.figure, catalog).is_some();
        let Some(unknown) = self.shown.iter().find(|shown| !is_known(shown)) else {
            return Ok(());
        };
        let help = expression::suggest(&unknown.figure, catalog);
        let (text, name) = (&unknown.text, self.points.name(point));
        let message = format!("the report has no figure `{text}` at {name}; {help}");
        Err(TaskError::Unusable(message))
    }

    /// What the first figure means and is to keep to.
    fn read_limit(&mut self, catalog: &Catalog) -> Result<(), TaskError> {
        let first = &self.shown[0].figure;
        let Some((unit, better)) = compare::meaning(first, catalog) else {
            return Ok(());
        };
        self.unit = unit;
        let Some(limit) = &self.request.limit else {
            return Ok(());
        };
        let op = match better {
            Better::Higher => ">=",
            Better::Lower | Better::Neither => "<=",
        };
        // The sum has no expression; what one group costs is such a number too.
        let figure = catalog
            .figures()
            .iter()
            .find(|known| known.path == *first || (first == COST && known.unit == Unit::Money));
        let figure = figure.map_or(first.as_str(), |known| &known.path);
        let parsed = Target::parse(&format!("{figure} {op} {limit}"), catalog);
        let found = match parsed.map(|parsed| (parsed.op, parsed.limit, parsed.extent)) {
            Ok((op, value, Extent::Whole)) => Ok((op, value)),
            Ok(_) => Err("write a number with its unit".to_owned()),
            Err(error) => Err(error.help),
        };
        let found = found.map_err(|help| {
            TaskError::Unusable(format!("`{limit}` is no limit of `{first}`; {help}"))
        })?;
        self.limit = Some(found);
        Ok(())
    }
}

fn stopped() -> TaskError {
    TaskError::Stopped("interrupted: these are the points that were finished".to_owned())
}

/// Names of contact types, channels and groups.
fn names_of(model: &Model) -> [Vec<String>; 3] {
    [
        model.contact_types.iter().map(|kind| kind.name.clone()).collect(),
        model.channels.clone(),
        model.groups.iter().map(|group| group.name.clone()).collect(),
    ]
}

/// The figures asked for, or the headlines.
fn shown(asked: &[String]) -> Result<Vec<ShownFigure>, TaskError> {
    let asked = asked.iter().map(|path| path.trim()).filter(|path| !path.is_empty());
    let shown: Vec<ShownFigure> = asked.map(ShownFigure::new).collect();
    if let Some(at) = (1..shown.len()).find(|at| shown[..*at].contains(&shown[*at])) {
        return Err(TaskError::Unusable(format!("`{}` is shown twice", shown[at].text)));
    }
    if shown.is_empty() {
        return Ok(HEADLINES.iter().map(|path| ShownFigure::new(path)).collect());
    }
    Ok(shown)
}
