//! Text to scenario: loads the document, reads its sections, checks what they mean together.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use super::contacts::{self, Known};
use super::node::Node;
use super::operations;
use super::plan;
use super::problem::{Place, Problem, Problems};
use super::run;
use super::section::{Context, Section};
use super::source::{Files, Override, Source, Sources};
use super::values;
use super::{ContactType, Decay, Moment, Scenario, ServiceLevel, Surge};
use super::{digest, load};
use crate::time::SimSpan;

/// Most contacts that a replication may be expected to have.
const MOST_ARRIVALS: f64 = 2e9;

/// A checked scenario and the texts it was made of.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The scenario.
    pub scenario: Scenario,
    /// The texts, for problems that later stages find.
    pub sources: Sources,
}

impl Parsed {
    /// Problems that a later stage has found at places of this scenario.
    pub fn problems(&self, list: Vec<Problem>) -> Problems {
        self.sources.problems(list)
    }
}

/// Reads a scenario: `root`, the files it extends, then each override in order.
///
/// # Errors
/// All the problems of the texts, in order of source and place.
pub fn parse(root: Source, overrides: &[Override], files: &dyn Files) -> Result<Parsed, Problems> {
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let document = load::load(root, overrides, files, &mut sources, &mut problems);
    let Some(document) = document else {
        return Err(Problems::new(problems, sources));
    };
    let context = Context {
        problems: RefCell::new(problems),
        sources: RefCell::new(sources),
        files,
        data: RefCell::default(),
        strays: RefCell::default(),
        calendar: OnceCell::new(),
    };
    let scenario = read(&context, &document);
    let (problems, sources) = (context.problems.into_inner(), context.sources.into_inner());
    match scenario {
        Some(scenario) if problems.is_empty() => Ok(Parsed { scenario, sources }),
        _ => Err(Problems::new(problems, sources)),
    }
}

/// Reads the whole document. `None` only after a problem was reported.
fn read<'a>(context: &'a Context<'a>, document: &'a Node) -> Option<Scenario> {
    let top = Place {
        source: 0,
        span: 0..0,
    };
    Section::read(context, ("", String::new(), &top), document, |root| {
        let title = root.get("title", values::text);
        // Only a `--set` can have left one, and then the file would not be read.
        if let Some(entry) = root.entry("extends") {
            let message = "`extends` cannot be set from outside";
            let help = "write it into the file";
            context.report(Problem::new("set-path", &entry.place, message).help(help));
        }
        let (run, calendar) = run::run(root);
        // The cell is empty: this is the only place that fills it.
        let _ = context.calendar.set(calendar);
        let service_level = run::service_level(root, "service_level", DEFAULT_LEVEL);
        let profiles = run::profiles(root);
        let (bot_enabled, bot) = operations::bot(root);
        let known = Known {
            profiles: &profiles,
            service_level,
            bot_enabled,
        };
        let contacts = root.named("contacts", "contacts.*", |section, entry| {
            (
                &entry.key,
                &entry.place,
                contacts::contact(section, &entry.key, &known),
            )
        });
        let names = names(root, "contacts");
        let known_names = operations::Names::new(names.clone());
        let surges = root.named("surges", "surges.*", |section, entry| {
            operations::surge(section, &entry.key, &known_names)
        });
        let groups = root.named("groups", "groups.*", |section, entry| {
            operations::group(section, &entry.key, &known_names)
        });
        let routing = run::routing(root);
        let group_names = operations::Names::new(self::names(root, "groups"));
        let plan = plan::plan(root, &group_names);
        check_presence(root, &names);
        let serves: Option<Vec<&Vec<usize>>> =
            groups.iter().map(|group| group.serves.as_ref()).collect();
        if let Some(serves) = serves {
            check_served(root, &serves.into_iter().flatten().copied().collect());
        }
        let run = run?;
        let kept = names.len() + groups.len() + 1;
        run::check_figures(root, run.duration, run.interval, kept);
        let contacts = contacts.into_iter().map(|(_, _, contact)| contact);
        let scenario = Scenario {
            title,
            digest: digest::digest(document, &context.data.borrow()),
            run,
            contacts: contacts.collect::<Option<_>>()?,
            bot: bot?,
            surges: surges.into_iter().collect::<Option<_>>()?,
            groups: groups
                .into_iter()
                .map(|group| group.group)
                .collect::<Option<_>>()?,
            routing,
            service_level,
            plan,
        };
        check_arrivals(root, &scenario);
        Some(scenario)
    })
    .flatten()
}

/// What holds where the scenario says nothing.
const DEFAULT_LEVEL: ServiceLevel = ServiceLevel {
    answer_within: SimSpan::from_micros(20_000_000),
    goal: 0.8,
    formula: super::Formula::ExclQuickAbandons,
};

/// The names in a table of tables.
fn names<'a>(root: &Section<'a>, key: &'static str) -> Vec<&'a str> {
    let table = root.entry(key).and_then(|entry| entry.node.table());
    table
        .map(|table| {
            table
                .entries
                .iter()
                .map(|entry| entry.key.as_str())
                .collect()
        })
        .unwrap_or_default()
}

/// Reports a scenario without contacts or without groups.
fn check_presence(root: &Section<'_>, contacts: &[&str]) {
    let report = |key: &'static str, code, message: &str, help: &str| {
        let place = root.entry(key).map_or(&root.place, |entry| &entry.place);
        root.context
            .report(Problem::new(code, place, message).help(help));
    };
    let is_table = |key| {
        root.entry(key)
            .is_none_or(|entry| entry.node.table().is_some())
    };
    if contacts.is_empty() && is_table("contacts") {
        let help = "write `[contacts.NAME]` with `rate` and `handling` below";
        report(
            "contacts",
            "no-contacts",
            "the scenario has no contact type",
            help,
        );
    }
    if names(root, "groups").is_empty() && is_table("groups") {
        let help = "write `[groups.NAME]` with `skills` and `staff` below";
        report(
            "groups",
            "no-groups",
            "the scenario has no agent group",
            help,
        );
    }
}

/// Reports contact types that no group serves.
fn check_served(root: &Section<'_>, served: &BTreeSet<usize>) {
    if names(root, "groups").is_empty() {
        return;
    }
    let contacts = root.entry("contacts").and_then(|entry| entry.node.table());
    for (index, entry) in contacts.iter().flat_map(|table| &table.entries).enumerate() {
        let stray = root.context.strays.borrow().contains(&entry.key);
        if !served.contains(&index) && !stray {
            let message = format!("no group serves `{}`", super::units::shorten(&entry.key));
            let help = format!(
                "add `{}` to the `skills` of a group",
                super::units::shorten(&entry.key)
            );
            root.context
                .report(Problem::new("unserved-contact", &entry.place, message).help(help));
        }
    }
}

/// An upper bound of the strength of a surge that may come again before it is over.
fn most_at_once(surge: &Surge, duration: SimSpan) -> f64 {
    if !matches!(surge.start, Moment::Clock(_)) {
        return 1.0;
    }
    let full = surge.ramp + surge.hold;
    let days = match surge.decay {
        Decay::Linear(decay) => (full + decay).as_hours() / 24.0,
        // The halves of a day, of two days and so on add up to so much.
        Decay::HalfLife(half) => (full.as_hours() + half.as_hours() / 2f64.ln()) / 24.0,
    };
    (days + 1.0).min(duration.as_hours() / 24.0 + 2.0)
}

/// Reports more contacts than a replication can hold.
fn check_arrivals(root: &Section<'_>, scenario: &Scenario) {
    let surge = |index: usize| {
        let touching = |surge: &&Surge| surge.contacts.contains(&index);
        let sizes =
            scenario.surges.iter().filter(touching).map(|surge| {
                (surge.factor.mean() - 1.0) * most_at_once(surge, scenario.run.duration)
            });
        1.0 + sizes.map(|size| size.max(0.0)).sum::<f64>()
    };
    let most = |(index, contact): (usize, &ContactType)| {
        contacts::most_arrivals(contact, scenario.run.duration) * surge(index)
    };
    let expected: f64 = scenario.contacts.iter().enumerate().map(most).sum();
    if expected > MOST_ARRIVALS || expected.is_nan() {
        let place = root
            .entry("contacts")
            .map_or(&root.place, |entry| &entry.place);
        let message =
            format!("a replication may have {expected:.1e} contacts, at most 2e9 are possible");
        let help = "shorten `run.duration`, lower the rates, or split the scenario";
        root.context
            .report(Problem::new("too-many-arrivals", place, message).help(help));
    }
}
