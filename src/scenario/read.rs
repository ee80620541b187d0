//! Text to scenario: loads the document, reads its sections, checks what they mean together.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;

use super::checks;
use super::contacts::{self, Known};
use super::load::Request;
use super::names::{Names, Of};
use super::plan;
use super::section::{Context, Section};
use super::{Located, Scenario, ServiceLevel};
use super::{bots, groups, load, policy, profiles, run, surges, together, values};
use crate::format::digest;
use crate::format::node::Node;
use crate::format::{Files, Override, SourceText, Sources};
use crate::format::{Place, Problem, Problems};
use crate::time::SimSpan;

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
        Problems::new(list, self.sources.clone())
    }

    /// The place of a part of a string value: `span` counts the bytes of the string, which may be
    /// written with quotes and escapes.
    pub fn inside(&self, text: &Located<String>, span: Range<usize>) -> Place {
        self.sources.inside(&text.place, &text.value, span)
    }
}

/// Reads a scenario: `root`, the files it extends, then each override in order.
///
/// # Errors
/// All the problems of the texts, in order of source and place.
pub fn parse(
    root: SourceText,
    overrides: &[Override],
    files: &dyn Files,
) -> Result<Parsed, Problems> {
    parse_option(root, None, overrides, files)
}

/// Reads a scenario with one of its `[options]` laid over it: `root`, the files it extends, the
/// option, then each override in order.
///
/// # Errors
/// All the problems of the texts, in order of source and place; among them that there is no such
/// option.
pub fn parse_option(
    root: SourceText,
    option: Option<&str>,
    overrides: &[Override],
    files: &dyn Files,
) -> Result<Parsed, Problems> {
    parse_offered(root, option, overrides, files).0
}

/// Reads a scenario as it is, and once more with each of the `[options]` that it offers: names with
/// what [`parse_option`] gives, the scenario itself first.
pub fn parse_every(
    root: &SourceText,
    overrides: &[Override],
    files: &dyn Files,
) -> Vec<(Option<String>, Result<Parsed, Problems>)> {
    let (parsed, offered) = parse_offered(root.clone(), None, overrides, files);
    let with = |option: String| {
        let parsed = parse_option(root.clone(), Some(&option), overrides, files);
        (Some(option), parsed)
    };
    let mut every = vec![(None, parsed)];
    every.extend(offered.into_iter().map(with));
    every
}

/// What [`parse_option`] gives, and the options on offer: known even where the scenario has problems.
fn parse_offered(
    root: SourceText,
    option: Option<&str>,
    overrides: &[Override],
    files: &dyn Files,
) -> (Result<Parsed, Problems>, Vec<String>) {
    let request = Request { root, option, overrides };
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let document = load::load(request, files, &mut sources, &mut problems);
    let Some((document, options)) = document else {
        return (Err(Problems::new(problems, sources)), Vec::new());
    };
    let context = Context {
        problems: RefCell::new(problems),
        sources: RefCell::new(sources),
        files,
        data: RefCell::default(),
        read: RefCell::default(),
        strays: RefCell::default(),
        calendar: OnceCell::new(),
    };
    let scenario = read(&context, &document);
    let (problems, sources) = (context.problems.into_inner(), context.sources.into_inner());
    let parsed = match scenario {
        Some(scenario) if problems.is_empty() => Ok(Parsed { scenario, sources }),
        _ => Err(Problems::new(problems, sources)),
    };
    (parsed, options)
}

/// Reads the whole document. `None` only after a problem was reported.
fn read<'a>(context: &'a Context<'a>, document: &'a Node) -> Option<Scenario> {
    let top = Place { source: 0, span: 0..0 };
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
        let profiles = profiles::profiles(root);
        let (bot_enabled, bot) = bots::bot(root);
        let (contact_names, group_names) = (names(root, "contacts"), names(root, "groups"));
        let contact_names = Names::new(Of::Contacts, contact_names);
        let group_names = Names::new(Of::Groups, group_names);
        let known = Known {
            profiles: &profiles,
            service_level,
            bot_enabled,
            contacts: &contact_names,
            groups: &group_names,
        };
        let contacts = root.named("contacts", "contacts.*", |section, entry| {
            contacts::contact(section, entry, &known)
        });
        let recorded = contacts.iter().filter(|read| read.is_recorded);
        let recorded = recorded.filter_map(|read| contact_names.index(&read.entry.key));
        let recorded: BTreeSet<usize> = recorded.collect();
        let surges = root.named("surges", "surges.*", |section, entry| {
            surges::surge(section, &entry.key, &contact_names, &recorded)
        });
        let groups = root.named("groups", "groups.*", |section, entry| {
            groups::group(section, &entry.key, &contact_names)
        });
        let plan = plan::plan(root, &group_names);
        let routing = policy::routing(root, &contact_names);
        together::check(root, &contacts, &groups, &known);
        let checks = checks::checks(root);
        let run = run?;
        let kept = contact_names.list.len() + groups.len() + 1;
        run::check_figures(root, run.duration, run.interval, kept);
        let contacts = contacts.into_iter().map(|read| read.contact);
        let scenario = Scenario {
            title,
            digest: digest::digest(document, &context.data.borrow()),
            run,
            contacts: contacts.collect::<Option<_>>()?,
            bot: bot?,
            surges: surges.into_iter().collect::<Option<_>>()?,
            groups: groups.into_iter().map(|group| group.group).collect::<Option<_>>()?,
            routing,
            service_level,
            plan,
            checks,
        };
        together::check_arrivals(root, &scenario);
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
pub(crate) fn names<'a>(root: &Section<'a>, key: &'static str) -> Vec<&'a str> {
    let table = root.entry(key).and_then(|entry| entry.node.table());
    table
        .map(|table| table.entries.iter().map(|entry| entry.key.as_str()).collect())
        .unwrap_or_default()
}
