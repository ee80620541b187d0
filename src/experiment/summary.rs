//! The results document: all that leaves a simulation.
//!
//! Every number is a [`Figure`] with a path; the path is its place in the JSON report and what
//! expectations and targets name. Nothing downstream computes: reports only choose and format.

pub use super::asked::{DayValues, WaitDistribution};
use crate::metrics::definition::Unit;
use crate::metrics::path::{CenterNames, ContactScope, FigurePath};
use crate::stats::Estimate;
use crate::time::SimSpan;

/// Results of all replications of one scenario.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Title of the scenario, if it has one.
    pub title: Option<String>,
    /// Digest of the scenario.
    pub digest: String,
    /// How the figures came about.
    pub run: RunFacts,
    /// All contact types together.
    pub overall: Figures,
    /// Each contact type, in order of listing.
    pub contacts: Vec<ContactSummary>,
    /// Each channel, in order of first use.
    pub channels: Vec<Named<Figures>>,
    /// The bot; its rates are unknown where nobody uses it.
    pub bot: Figures,
    /// Each agent group, in order of listing.
    pub groups: Vec<Named<Figures>>,
    /// The reporting intervals in order of time.
    pub intervals: Vec<IntervalSummary>,
    /// What a planner should know before trusting or acting on the figures.
    pub warnings: Vec<Warning>,
    /// What was expected, with verdicts; whoever evaluates expectations fills it.
    pub expectations: Vec<Expectation>,
    /// Several reporting intervals at a time, where that was asked for.
    pub stretches: Vec<Stretches>,
    /// Values of the single days, where they were asked for.
    pub day_values: Vec<DayValues>,
    /// How long contacts waited over all replications, where that was asked for: of all, of each
    /// channel, of each contact type.
    pub distributions: Vec<WaitDistribution>,
}

/// Figures of the day in pieces of several reporting intervals.
#[derive(Clone, Debug)]
pub struct Stretches {
    /// Length of a piece; the last may be shorter.
    pub length: SimSpan,
    /// The pieces that lie after the warm-up, in order of time.
    pub intervals: Vec<IntervalSummary>,
}

/// Something that was expected, and whether it is so.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// As it stands in the scenario.
    pub text: String,
    /// Whether it is so.
    pub verdict: Verdict,
    /// What was compared with the limit: the figure, its percentile over days, or a share of days.
    pub estimate: Estimate,
    /// What its numbers mean.
    pub unit: Unit,
    /// Start of the interval that decided, for expectations of every interval.
    pub interval: Option<IntervalStart>,
    /// Why it is undecided where the interval does not say it.
    pub reason: Option<String>,
}

/// The start of an interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntervalStart {
    /// From the start of the simulation.
    pub start: SimSpan,
    /// Local date and time with offset (RFC 3339), if the scenario has a start.
    pub clock: Option<String>,
}

/// Whether something is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is, beyond what chance explains.
    Holds,
    /// It is not, beyond what chance explains.
    Fails,
    /// The interval straddles the limit, or nothing is known.
    Undecided,
}

impl Verdict {
    /// As reports spell it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Fails => "fails",
            Self::Undecided => "undecided",
        }
    }

    /// Of several verdicts together: one that fails decides, then one that is undecided.
    pub fn all(verdicts: impl IntoIterator<Item = Self>) -> Self {
        verdicts.into_iter().fold(Self::Holds, |all, one| match (all, one) {
            (Self::Fails, _) | (_, Self::Fails) => Self::Fails,
            (Self::Undecided, _) | (_, Self::Undecided) => Self::Undecided,
            _ => Self::Holds,
        })
    }
}

/// How the figures came about.
#[derive(Clone, Debug)]
pub struct RunFacts {
    /// Seed of all draws.
    pub seed: u64,
    /// Replications that are in the figures.
    pub replications: u32,
    /// Length of the arrivals.
    pub duration: SimSpan,
    /// The start that is not counted.
    pub warm_up: SimSpan,
    /// The reporting interval.
    pub interval: SimSpan,
    /// Events of all replications together.
    pub events: u64,
    /// First attempts, counted or not, of all replications together.
    pub contacts: u64,
    /// Whether fewer replications were finished than asked for.
    pub partial: bool,
}

impl RunFacts {
    /// What people call one replication: `day`, or `run` where its counted part is far from one.
    pub fn word(&self) -> &'static str {
        let hours = (self.duration - self.warm_up).as_seconds() / 3600.0;
        if (6.0..=36.0).contains(&hours) { "day" } else { "run" }
    }
}

/// Something with a name from the scenario.
#[derive(Clone, Debug)]
pub struct Named<T> {
    /// The name.
    pub name: String,
    /// What belongs to it.
    pub value: T,
}

/// One contact type.
#[derive(Clone, Debug)]
pub struct ContactSummary {
    /// Its name.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
    /// Answered contacts by agent group, for the groups with the skill.
    pub handled_by: Vec<Named<Figure>>,
}

/// One reporting interval.
#[derive(Clone, Debug)]
pub struct IntervalSummary {
    /// From the start of the simulation to the start of the interval.
    pub start: SimSpan,
    /// Its length; the last may be shorter than the others.
    pub length: SimSpan,
    /// Local date and time with offset (RFC 3339), if the scenario has a start.
    pub clock: Option<String>,
    /// All contact types together.
    pub overall: Figures,
    /// Each contact type, in order of listing.
    pub contacts: Vec<Named<Figures>>,
    /// `staffed`, `busy` and `occupancy` of each agent group.
    pub groups: Vec<Named<Figures>>,
}

impl IntervalSummary {
    /// The figure at a path such as `wait.p95`, `contacts.refund.queued` or `groups.day.busy`.
    pub fn figure(&self, path: &str) -> Option<Figure> {
        self.at(FigurePath::parse(path, self)?)
    }

    /// The figure at a path of the same center.
    pub fn at(&self, path: FigurePath) -> Option<Figure> {
        let figures = match path {
            FigurePath::Contacts(ContactScope::Overall, _) => &self.overall,
            FigurePath::Contacts(ContactScope::Type(contact), _) => {
                &self.contacts.get(contact)?.value
            }
            FigurePath::Group(group, _) => &self.groups.get(group)?.value,
            _ => return None,
        };
        figures.get(path.metric())
    }

    /// When it starts.
    pub fn moment(&self) -> IntervalStart {
        IntervalStart { start: self.start, clock: self.clock.clone() }
    }
}

/// One number with its uncertainty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figure {
    /// Value and 95 % confidence interval over replications.
    pub estimate: Estimate,
    /// Spread over simulated days, for figures that describe a whole day.
    pub days: Option<Days>,
}

/// Percentiles of a figure over simulated days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Days {
    /// 1 in 20 days is at or below it.
    pub p05: f64,
    /// The median day.
    pub p50: f64,
    /// 1 in 20 days is above it.
    pub p95: f64,
}

/// Figures by path, in the order of the report.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    paths: Vec<&'static str>,
    estimates: Vec<Estimate>,
    /// By figure, up to the last that describes a whole day: most figures are of intervals.
    days: Vec<Option<Days>>,
}

impl Figures {
    /// None yet, with room for so many.
    pub fn with_capacity(count: usize) -> Self {
        Self {
            paths: Vec::with_capacity(count),
            estimates: Vec::with_capacity(count),
            days: Vec::new(),
        }
    }

    /// Adds a figure under a path such as `wait.p95`; a number as segment is a place in a list.
    pub fn push(&mut self, path: &'static str, figure: Figure) {
        if figure.days.is_some() {
            self.days.resize(self.estimates.len(), None);
            self.days.push(figure.days);
        }
        self.paths.push(path);
        self.estimates.push(figure.estimate);
    }

    /// The paths of all figures, in order.
    pub fn paths(&self) -> &[&'static str] {
        &self.paths
    }

    /// The figure at a place among [`Figures::paths`].
    ///
    /// # Panics
    /// When there are not so many.
    pub fn at(&self, place: usize) -> Figure {
        Figure { estimate: self.estimates[place], days: self.days.get(place).copied().flatten() }
    }

    /// The figure at `path`, if there is one.
    pub fn get(&self, path: &str) -> Option<Figure> {
        let place = self.paths.iter().position(|p| *p == path);
        place.map(|place| self.at(place))
    }

    /// The figure at `path`; unknown where there is none.
    pub fn figure(&self, path: &str) -> Figure {
        self.get(path).unwrap_or_default()
    }

    /// The value at `path`, if it is known.
    pub fn value(&self, path: &str) -> Option<f64> {
        self.get(path)?.estimate.value
    }

    /// All figures with their paths, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Figure)> {
        let places = 0..self.paths.len();
        places.map(|place| (self.paths[place], self.at(place)))
    }
}

/// Something that a planner should know, with advice.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// Stable short name.
    pub code: &'static str,
    /// One or two sentences: what, and what to do.
    pub message: String,
}

/// Name of the sum of what all groups cost: no figure of the report, but what options are held
/// against each other by. See [`Summary::cost`].
pub const COST: &str = "cost";

impl Summary {
    /// Of the contacts that leave a queue from the interval on in which the backlog is highest, the
    /// share that gives up; unknown where there are no such contacts.
    pub fn lost_after_peak(&self) -> Option<f64> {
        let peak = |interval: &IntervalSummary| interval.overall.value("backlog.peak");
        let highest = self.intervals.iter().filter_map(peak).reduce(f64::max)?;
        let later = self.intervals.iter().skip_while(|one| peak(one) != Some(highest));
        let (mut lost, mut answered) = (0.0, 0.0);
        for interval in later {
            lost += interval.overall.value("events.abandoned").unwrap_or(0.0);
            answered += interval.overall.value("events.answered").unwrap_or(0.0);
        }
        (lost + answered > 0.0).then(|| lost / (lost + answered))
    }

    /// What all groups cost together; unknown unless each of them has a price. What is scheduled
    /// is the same on every day, so that the ends of the intervals add up too.
    pub fn cost(&self) -> Estimate {
        let costs: Vec<Estimate> =
            self.groups.iter().map(|group| group.value.figure("cost").estimate).collect();
        let sum = |part: fn(&Estimate) -> Option<f64>| {
            let all = costs.iter().map(part);
            all.sum::<Option<f64>>().filter(|_| !costs.is_empty())
        };
        Estimate {
            value: sum(|cost| cost.value),
            low: sum(|cost| cost.low),
            high: sum(|cost| cost.high),
        }
    }

    /// The figure at a path of the report: `contacts.refund.service_level`, `groups.day.occupancy`,
    /// `bot.sessions`; a path whose first word is none of the report's keys is one of `overall`.
    pub fn figure(&self, path: &str) -> Option<Figure> {
        self.at(FigurePath::parse(path, self)?)
    }

    /// The figure at a path of the same center.
    pub fn at(&self, path: FigurePath) -> Option<Figure> {
        let figures = match path {
            FigurePath::Contacts(ContactScope::Overall, _) => &self.overall,
            FigurePath::Contacts(ContactScope::Channel(channel), _) => {
                &self.channels.get(channel)?.value
            }
            FigurePath::Contacts(ContactScope::Type(contact), _) => {
                &self.contacts.get(contact)?.figures
            }
            FigurePath::Bot(_) => &self.bot,
            FigurePath::Group(group, _) | FigurePath::OpenShare { group, .. } => {
                &self.groups.get(group)?.value
            }
            FigurePath::HandledBy { contact, group } => {
                let (name, contact) = (self.group(group)?, self.contacts.get(contact)?);
                return contact.handled_by.iter().find(|g| g.name == name).map(|g| g.value);
            }
        };
        figures.get(path.metric())
    }
}

impl CenterNames for Summary {
    fn contact(&self, place: usize) -> Option<&str> {
        self.contacts.get(place).map(|contact| contact.name.as_str())
    }

    fn channel(&self, place: usize) -> Option<&str> {
        name(&self.channels, place)
    }

    fn group(&self, place: usize) -> Option<&str> {
        name(&self.groups, place)
    }
}

/// Intervals tell nothing of channels.
impl CenterNames for IntervalSummary {
    fn contact(&self, place: usize) -> Option<&str> {
        name(&self.contacts, place)
    }

    fn channel(&self, _: usize) -> Option<&str> {
        None
    }

    fn group(&self, place: usize) -> Option<&str> {
        name(&self.groups, place)
    }
}

fn name<T>(list: &[Named<T>], place: usize) -> Option<&str> {
    list.get(place).map(|named| named.name.as_str())
}
