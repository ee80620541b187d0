//! Promises: figures of the report held against limits, on average over days or in most days, for
//! the whole day or in every stretch of it.
//!
//! To a search every promise is a ratio of two sums over days against a limit: answered in time
//! over queued; good days over all days; waits of at most L over all waits, where the p95 of
//! waits shall be at most L. One day gives a numerator and a denominator for each [`Cell`].

use std::ops::Range;

use crate::check::expression::{Expression, Limit, Part, Scope as Extent};
use crate::metrics::Day;
use crate::metrics::day::{IntervalDay, Sketches};
use crate::metrics::definition::{
    BOT_METRICS, BotTotals, Definition, GROUP_METRICS, METRICS, Measure, Waits,
};
use crate::metrics::totals::{GroupTotals, Totals};
use crate::metrics::watch::{Watch, Watched};
use crate::model::{Formula, Model, ServiceLevel};
use crate::time::{SimSpan, SimTime};

/// Which side of the limit is the promised one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// At the limit or above it.
    AtLeast,
    /// At the limit or below it.
    AtMost,
}

/// A figure of the report and the limit it is held against.
#[derive(Clone, Debug)]
pub struct Promise {
    /// As it is written in the scenario.
    pub text: String,
    /// Path of the figure in the report, a leading `overall.` taken off.
    pub path: String,
    /// Whose figure it is.
    pub what: What,
    /// Which side of the limit is promised.
    pub sense: Sense,
    /// The limit, in the unit of the figure.
    pub limit: f64,
    /// Held in every stretch of this length; `None`: over the whole day.
    pub every: Option<SimSpan>,
    /// Held in at least this share of days; `None`: on average over days.
    pub days: Option<f64>,
}

/// Whose figure, and which.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// Of contacts.
    Contacts(Scope, &'static Definition<Totals>),
    /// Of the agent group at this place.
    Group(usize, &'static Definition<GroupTotals>),
    /// Of the bot.
    Bot(&'static Definition<BotTotals>),
    /// Contacts of a type that a group answers.
    Handled {
        /// The type.
        contact: usize,
        /// The group.
        group: usize,
    },
}

/// Which contacts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All.
    Overall,
    /// Those of the channel at this place.
    Channel(usize),
    /// Those of the type at this place.
    Type(usize),
}

/// A ratio of sums over days, and the limit it is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standard {
    /// Which side of the limit is promised.
    pub sense: Sense,
    /// The limit.
    pub limit: f64,
}

impl Standard {
    /// By how much `value` keeps the promise; negative where it does not.
    pub fn margin(&self, value: f64) -> f64 {
        match self.sense {
            Sense::AtLeast => value - self.limit,
            Sense::AtMost => self.limit - value,
        }
    }
}

/// One place where a promise is to hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Place in the list of promises.
    pub promise: usize,
    /// When it begins.
    pub from: SimTime,
    /// When it ends.
    pub to: SimTime,
    /// The stretches of the common grid that it consists of; `None`: the whole day, what ends
    /// after the last arrival included.
    pub stretches: Option<Range<usize>>,
}

/// All promises of a plan on one grid of time.
#[derive(Clone, Debug)]
pub struct Promises {
    /// The promises, in the order of the file.
    pub list: Vec<Promise>,
    /// Where they are to hold, by promise and then by time.
    pub cells: Vec<Cell>,
    /// What is counted; `None`: some promise needs every figure of the report.
    pub watch: Option<Watch>,
    /// Length of a stretch of the grid.
    pub grid: SimSpan,
}

impl Promise {
    /// The promise that an expression of `[plan] meet` makes for a model.
    ///
    /// # Panics
    /// When the limit is relative to a baseline, or the figure is none of the model: the language
    /// refuses both.
    pub fn new(expression: &Expression, model: &Model) -> Self {
        let Limit::Number(limit) = expression.limit else {
            panic!("a promise needs a number: {}", expression.text);
        };
        let sense = if expression.op.is_upper_limit() {
            Sense::AtMost
        } else {
            Sense::AtLeast
        };
        let days = match (expression.scope, expression.part, sense) {
            (Extent::Days(share), ..) => Some(share),
            // The p95 over days is at most L where 95 % of days are.
            (_, Part::Days(p), Sense::AtMost) => Some(p),
            (_, Part::Days(p), Sense::AtLeast) => Some(1.0 - p),
            _ => None,
        };
        Self {
            text: expression.text.clone(),
            what: Self::what(&expression.path, model).expect("the language knows all figures"),
            path: expression.path.clone(),
            sense,
            limit,
            every: match expression.scope {
                Extent::Every(length) => Some(length),
                Extent::Whole | Extent::Days(_) => None,
            },
            days,
        }
    }

    /// Whose figure stands at `path` of the report of `model`; `None` if it has no such figure.
    fn what(path: &str, model: &Model) -> Option<What> {
        if let Some(rest) = path.strip_prefix("bot.") {
            return Some(What::Bot(find(BOT_METRICS, rest)?));
        }
        let of = |prefix: &str, names: &mut dyn Iterator<Item = &String>| {
            let rest = path.strip_prefix(prefix)?;
            names.enumerate().find_map(|(index, name)| {
                let rest = rest.strip_prefix(name.as_str())?.strip_prefix('.')?;
                Some((index, rest.to_owned()))
            })
        };
        let types = &mut model.contact_types.iter().map(|kind| &kind.name);
        if let Some((index, rest)) = of("contacts.", types) {
            if let Some(name) = rest.strip_prefix("handled_by.") {
                let mut groups = model.groups.iter();
                let group = groups.position(|group| group.name == name)?;
                let contact = index;
                return Some(What::Handled { contact, group });
            }
            return Some(What::Contacts(Scope::Type(index), find(METRICS, &rest)?));
        }
        if let Some((index, rest)) = of("channels.", &mut model.channels.iter()) {
            return Some(What::Contacts(Scope::Channel(index), find(METRICS, &rest)?));
        }
        let groups = &mut model.groups.iter().map(|group| &group.name);
        if let Some((index, rest)) = of("groups.", groups) {
            return Some(What::Group(index, find(GROUP_METRICS, &rest)?));
        }
        let rest = path.strip_prefix("overall.").unwrap_or(path);
        Some(What::Contacts(Scope::Overall, find(METRICS, rest)?))
    }

    /// What the ratio of sums is held against.
    pub fn standard(&self) -> Standard {
        if let Some(share) = self.days {
            let sense = Sense::AtLeast;
            return Standard {
                sense,
                limit: share,
            };
        }
        self.within_a_day()
    }

    /// What the figure itself, on average over days, is held against.
    pub fn average(&self) -> Standard {
        Standard {
            sense: self.sense,
            limit: self.limit,
        }
    }

    fn within_a_day(&self) -> Standard {
        match self.quantile() {
            // The p95 is at most L where 95 % are at most L.
            Some((_, p)) => Standard {
                sense: match self.sense {
                    Sense::AtMost => Sense::AtLeast,
                    Sense::AtLeast => Sense::AtMost,
                },
                limit: p,
            },
            None => Standard {
                sense: self.sense,
                limit: self.limit,
            },
        }
    }

    /// Whether more agents help to keep it: a limit on what had better be small, or large.
    pub fn is_helped(&self) -> bool {
        use crate::metrics::definition::Better;
        let better = match self.what {
            What::Contacts(_, definition) => definition.better,
            What::Bot(definition) => definition.better,
            What::Group(_, definition) if definition.path.contains("occupancy") => Better::Lower,
            What::Group(..) | What::Handled { .. } => Better::Neither,
        };
        matches!(
            (better, self.sense),
            (Better::Higher, Sense::AtLeast) | (Better::Lower, Sense::AtMost)
        )
    }

    /// The waits and the level, where the figure is a quantile.
    pub fn quantile(&self) -> Option<(Waits, f64)> {
        match self.what {
            What::Contacts(
                _,
                Definition {
                    measure: Measure::Quantile(waits, p),
                    ..
                },
            )
            | What::Bot(Definition {
                measure: Measure::Quantile(waits, p),
                ..
            }) => Some((*waits, *p)),
            _ => None,
        }
    }

    /// The contact types it is about.
    pub fn members(&self, model: &Model) -> Vec<usize> {
        let types = 0..model.contact_types.len();
        match self.what {
            What::Contacts(Scope::Type(index), _) | What::Handled { contact: index, .. } => {
                vec![index]
            }
            What::Contacts(Scope::Channel(channel), _) => types
                .filter(|index| model.contact_types[*index].channel == channel)
                .collect(),
            What::Contacts(Scope::Overall, _) | What::Bot(_) => types.collect(),
            What::Group(group, _) => types
                .filter(|index| {
                    let groups = &model.contact_types[*index].groups;
                    groups.iter().any(|id| id.index() == group)
                })
                .collect(),
        }
    }

    /// Where the figure is a service level, its formula and the promises of the types.
    pub fn formula(&self, model: &Model) -> Option<Formula> {
        let What::Contacts(scope, definition) = self.what else {
            return None;
        };
        match definition.path {
            "service_level" => Some(promise_of(scope, model).formula),
            "service_levels.excl_quick_abandons" => Some(Formula::ExclQuickAbandons),
            "service_levels.strict" => Some(Formula::Strict),
            "service_levels.answered_only" => Some(Formula::AnsweredOnly),
            "service_levels.abandon_in_time_ok" => Some(Formula::AbandonInTimeOk),
            _ => None,
        }
    }

    /// Whether counting waits and losses is enough to know it.
    fn is_counted(&self) -> bool {
        const COUNTED: [&str; 20] = [
            "arrivals",
            "offered",
            "queued",
            "answered",
            "abandoned",
            "blocked",
            "unfinished",
            "abandonment_rate",
            "blocking_rate",
            "delay_probability",
            "service_level",
            "service_levels.excl_quick_abandons",
            "service_levels.strict",
            "service_levels.answered_only",
            "service_levels.abandon_in_time_ok",
            "goal_met",
            "wait.mean",
            "wait_all.mean",
            "wait_abandoned.mean",
            "excess_wait",
        ];
        match self.what {
            What::Contacts(_, definition) => {
                self.quantile().is_some() || COUNTED.contains(&definition.path)
            }
            What::Group(..) | What::Bot(_) | What::Handled { .. } => false,
        }
    }

    /// Of one day, the numerator and denominator of what is held against the standard.
    fn finish(&self, pair: Option<(f64, f64)>) -> (f64, f64) {
        let (x, y) = pair.unwrap_or((0.0, 0.0));
        if self.days.is_none() {
            return (x, y);
        }
        if y <= 0.0 {
            return (0.0, 0.0);
        }
        // The tolerance keeps 8 of 10 at a limit of 0.8 in floating point.
        let good = self.within_a_day().margin(x / y) >= -1e-12;
        (f64::from(u8::from(good)), 1.0)
    }

    fn of_day(&self, day: &Day, stretches: Option<&Range<usize>>, model: &Model) -> (f64, f64) {
        let pair = match (self.what, stretches) {
            (What::Bot(definition), _) => self.of_bot(definition, day),
            (What::Handled { contact, group }, _) => {
                let place = contact * model.groups.len() + group;
                Some((day.handled_by[place], 1.0))
            }
            (What::Group(group, definition), None) => {
                measured(&definition.measure, &day.groups[group])
            }
            (What::Group(group, definition), Some(stretches)) => {
                let mut totals = GroupTotals::default();
                for interval in &day.intervals[stretches.clone()] {
                    totals.extend(&interval.groups[group]);
                }
                measured(&definition.measure, &totals)
            }
            (What::Contacts(scope, definition), None) => {
                let day = match scope {
                    Scope::Overall => &day.overall,
                    Scope::Channel(channel) => &day.channels[channel],
                    Scope::Type(index) => &day.types[index],
                };
                match definition.measure {
                    Measure::Quantile(waits, _) => Some(self.at_most(&day.waits, waits)),
                    _ => measured(&definition.measure, &day.totals),
                }
            }
            (What::Contacts(scope, definition), Some(stretches)) => {
                let intervals = &day.intervals[stretches.clone()];
                match definition.measure {
                    Measure::Quantile(waits, _) => Some(self.within_of(intervals, waits, model)),
                    _ => measured(
                        &definition.measure,
                        &self.totals_of(intervals, scope, model),
                    ),
                }
            }
        };
        self.finish(pair)
    }

    fn of_bot(&self, definition: &Definition<BotTotals>, day: &Day) -> Option<(f64, f64)> {
        if let Measure::Quantile(waits, _) = definition.measure {
            return Some(self.at_most(&day.session_lengths, waits));
        }
        let totals = BotTotals {
            totals: day.overall.totals.clone(),
            sessions: day.sessions,
        };
        measured(&definition.measure, &totals)
    }

    /// How many waits are at most the limit, and how many there are.
    fn at_most(&self, sketches: &Sketches, waits: Waits) -> (f64, f64) {
        let sketch = sketches.of(waits);
        (
            sketch.count_at_most(self.limit * 1e6),
            sketch.count() as f64,
        )
    }

    fn within_of(&self, intervals: &[IntervalDay], waits: Waits, model: &Model) -> (f64, f64) {
        let mut sum = (0.0, 0.0);
        for interval in intervals {
            for member in self.members(model) {
                let (x, y) = self.at_most(&interval.types[member].waits, waits);
                sum = (sum.0 + x, sum.1 + y);
            }
        }
        sum
    }

    fn totals_of(&self, intervals: &[IntervalDay], scope: Scope, model: &Model) -> Totals {
        let mut totals = Totals {
            promise: Some(promise_of(scope, model)),
            ..Totals::default()
        };
        let members = self.members(model);
        for interval in intervals {
            for member in &members {
                totals.add_counts(&interval.types[*member].totals);
            }
            let levels = match scope {
                Scope::Type(index) => &interval.types[index].totals,
                Scope::Overall | Scope::Channel(_) => &interval.overall,
            };
            totals.backlog.join(&levels.backlog);
            totals.escalation_backlog.join(&levels.escalation_backlog);
        }
        totals
    }

    fn of_watched(
        &self,
        watched: &Watched,
        stretches: Option<&Range<usize>>,
        limit: Option<usize>,
        model: &Model,
    ) -> (f64, f64) {
        let What::Contacts(scope, definition) = self.what else {
            return (0.0, 0.0);
        };
        let stretches = stretches.cloned().unwrap_or(0..watched.stretches() + 1);
        let mut totals = Totals {
            promise: Some(promise_of(scope, model)),
            ..Totals::default()
        };
        let mut within = 0.0;
        for stretch in stretches {
            let mut add = |index| {
                watched.add_to(&mut totals, stretch, index);
                if let Some(limit) = limit {
                    within += f64::from(watched.within(limit, stretch, index));
                }
            };
            match scope {
                Scope::Type(index) => add(index),
                Scope::Overall => (0..model.contact_types.len()).for_each(add),
                Scope::Channel(channel) => (0..model.contact_types.len())
                    .filter(|index| model.contact_types[*index].channel == channel)
                    .for_each(add),
            }
        }
        let pair = match definition.measure {
            Measure::Quantile(Waits::All, _) => {
                Some((within, totals.wait.count + totals.wait_abandoned.count))
            }
            Measure::Quantile(..) => Some((within, totals.wait.count)),
            _ => measured(&definition.measure, &totals),
        };
        self.finish(pair)
    }
}

impl Promises {
    /// The promises of a plan for `model`.
    pub fn new(list: Vec<Promise>, model: &Model) -> Self {
        let grid = list
            .iter()
            .filter_map(|promise| promise.every)
            .reduce(common)
            .unwrap_or(model.horizon.interval);
        let limits = list
            .iter()
            .filter_map(|promise| {
                let (waits, _) = promise.quantile()?;
                Some((waits, SimSpan::from_seconds(promise.limit)))
            })
            .collect();
        let is_counted = list.iter().all(Promise::is_counted);
        let cells = list
            .iter()
            .enumerate()
            .flat_map(|(index, promise)| cells(index, promise, grid, model))
            .collect();
        Self {
            cells,
            watch: is_counted.then_some(Watch { grid, limits }),
            list,
            grid,
        }
    }

    /// The standard of a cell.
    pub fn standard(&self, cell: usize) -> Standard {
        self.list[self.cells[cell].promise].standard()
    }

    /// The pairs of all cells on one day. The intervals of the day must be those of the grid.
    pub fn of_day(&self, day: &Day, model: &Model) -> Vec<(f64, f64)> {
        let first = model.horizon.first_interval;
        let of_cell = |cell: &Cell| {
            let stretches = cell
                .stretches
                .as_ref()
                .map(|range| range.start - first..range.end - first);
            self.list[cell.promise].of_day(day, stretches.as_ref(), model)
        };
        self.cells.iter().map(of_cell).collect()
    }

    /// The pairs of all cells of a replication that was only watched.
    pub fn of_watched(&self, watched: &Watched, model: &Model) -> Vec<(f64, f64)> {
        // The limits of the watch are those of the quantiles, in order.
        let limits: Vec<Option<usize>> = self
            .list
            .iter()
            .scan(0, |next, promise| {
                let own = promise.quantile().map(|_| *next);
                *next += usize::from(own.is_some());
                Some(own)
            })
            .collect();
        let of_cell = |cell: &Cell| {
            let promise = &self.list[cell.promise];
            promise.of_watched(
                watched,
                cell.stretches.as_ref(),
                limits[cell.promise],
                model,
            )
        };
        self.cells.iter().map(of_cell).collect()
    }
}

/// The cells of one promise.
fn cells(index: usize, promise: &Promise, grid: SimSpan, model: &Model) -> Vec<Cell> {
    let horizon = &model.horizon;
    let Some(every) = promise.every else {
        return vec![Cell {
            promise: index,
            from: horizon.warm_up,
            to: horizon.duration,
            stretches: None,
        }];
    };
    let per_cell = usize::try_from(every.as_micros() / grid.as_micros()).unwrap_or(1);
    let length = (horizon.duration - SimTime::START).as_micros();
    let all = usize::try_from(length / grid.as_micros()).unwrap_or(0)
        + usize::from(length % grid.as_micros() != 0);
    let warm_up = (horizon.warm_up - SimTime::START).as_micros() / every.as_micros();
    let first = usize::try_from(warm_up).unwrap_or(0);
    (first..all.div_ceil(per_cell))
        .map(|number| {
            let stretches = number * per_cell..((number + 1) * per_cell).min(all);
            #[expect(clippy::cast_possible_wrap, reason = "stretches are few")]
            let at = |stretch: usize| SimTime::from_micros(grid.as_micros() * stretch as i64);
            Cell {
                promise: index,
                from: at(stretches.start),
                to: at(stretches.end).min(horizon.duration),
                stretches: Some(stretches),
            }
        })
        .collect()
}

/// The longest length that divides both.
pub(super) fn common(one: SimSpan, other: SimSpan) -> SimSpan {
    let (mut a, mut b) = (one.as_micros(), other.as_micros());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    SimSpan::from_micros(a)
}

fn promise_of(scope: Scope, model: &Model) -> ServiceLevel {
    match scope {
        Scope::Type(index) => model.contact_types[index].service_level,
        Scope::Overall | Scope::Channel(_) => model.service_level,
    }
}

fn find<T>(metrics: &'static [Definition<T>], path: &str) -> Option<&'static Definition<T>> {
    metrics.iter().find(|definition| definition.path == path)
}

/// Numerator and denominator of a figure on one day. A deviation and a maximum, which are no
/// ratios of sums, count as the mean over days of the day's own: that of the report is of all
/// days together, and decides when the plan is verified.
fn measured<T>(measure: &Measure<T>, totals: &T) -> Option<(f64, f64)> {
    match measure {
        Measure::Total(value) => Some((value(totals), 1.0)),
        Measure::Known(value) => value(totals).map(|value| (value, 1.0)),
        Measure::Until(value) => Some((value(totals).unwrap_or(f64::INFINITY), 1.0)),
        Measure::Ratio(ratio) | Measure::Share(ratio) | Measure::TimeShare(ratio) => {
            Some(ratio(totals))
        }
        Measure::Deviation(moments) => {
            let moments = moments(totals);
            let mean = moments.sum / moments.count.max(1.0);
            let variance = moments.squares / moments.count.max(1.0) - mean * mean;
            Some((variance.max(0.0).sqrt(), 1.0))
        }
        Measure::Maximum(moments) => Some((moments(totals).max, 1.0)),
        Measure::Quantile(..) => None,
    }
}
