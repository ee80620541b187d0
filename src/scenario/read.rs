//! Text to scenario: loads the document, reads its tables, checks what they mean together.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use crate::format::{
    Context, Files, Grammar, Key, Located, Node, Override, Place, Problem, Problems, ReadList,
    ReadLocated, ReadName, ReadNamed, ReadTable, ReadText, Reader, Record, Request, RunClock,
    Section, SourceText, Sources, TableKeys, ValueAt, ValueShape, key, list, located, named, table,
};
use crate::format::{digest, layers};

use super::bots::Bots;
use super::contacts::ReadContact;
use super::groups::ReadGroup;
use super::names::{CONTACTS, GROUPS, PROFILES, SURGES};
use super::plan::Plan;
use super::policy::Routing;
use super::profiles::Profile;
use super::run::{Run, ServiceLevel, check_figures};
use super::surges::ReadSurge;
use super::together;
use super::{Checks, Scenario};

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
    let (mut sources, mut problems) = (Sources::default(), Vec::new());
    let grammar = Grammar(Scenario::KEYS);
    let document = layers::load(request, grammar, files, &mut sources, &mut problems);
    let Some((document, options)) = document else {
        return (Err(Problems::new(problems, sources)), Vec::new());
    };
    let context = Context::new(&document, files, sources, problems);
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
    context.set_calendar(Rc::new(RunClock::unknown()));
    let (key_place, path) = (Place { source: 0, span: 0..0 }, String::new());
    table().read(&ValueAt { context, node: document, key: "", key_place, path, example: "" })
}

/// Reads nothing: `[options]` are laid over the document before it is read.
#[derive(Clone, Copy, Debug)]
struct ReadOptions;

impl Reader for ReadOptions {
    type Value = ();

    fn shape(&self) -> ValueShape {
        ValueShape::Documents
    }

    fn read(&self, _value: &ValueAt<'_>) -> Option<()> {
        None
    }
}

/// A list of expressions, each with its place; what they say is read when the figures of the report
/// are known.
const EXPRESSIONS: ReadExpressions = ReadExpressions(list(located(ReadText)));

/// Reads expressions.
#[derive(Clone, Copy, Debug)]
struct ReadExpressions(ReadList<ReadLocated<ReadText>>);

impl Reader for ReadExpressions {
    type Value = Vec<Located<String>>;

    fn shape(&self) -> ValueShape {
        let item = Box::new(ValueShape::Called("expressions", Box::new(ValueShape::Text)));
        ValueShape::List { item, least: 0, distinct: false }
    }

    fn read(&self, value: &ValueAt<'_>) -> Option<Vec<Located<String>>> {
        self.0.read(value)
    }
}

const TITLE: Key<ReadText> = key("title", ReadText)
    .optional()
    .means("what reports call the scenario")
    .example("\"Double 11\"");
const EXTENDS: Key<ReadName> = key("extends", ReadName)
    .optional()
    .means("a file that this one is laid over: tables merge, everything else is replaced")
    .example("\"base.toml\"");
const EXPECT: Key<ReadExpressions> = key("expect", EXPRESSIONS)
    .optional()
    .means("what the results shall be: a figure of the report, a comparison and a limit")
    .example("[\"wait.p95 <= 15s\", \"service_level >= 80% in every 30m\"]");
const RUN: Key<ReadTable<Run>> =
    key("run", table()).optional().means("when the simulation runs and how often");
const SERVICE_LEVEL: Key<ReadTable<ServiceLevel>> = key("service_level", table())
    .optional()
    .means("the promise that waits are held against, for all contact types");
const PROFILE_TABLES: Key<ReadNamed<Profile>> = key("profiles", named(&PROFILES))
    .optional()
    .means("shapes of the day or week that multiply rates");
const CONTACT_TABLES: Key<ReadNamed<ReadContact>> =
    key("contacts", named(&CONTACTS)).optional().means("contact types; at least one");
const BOT: Key<ReadTable<Bots>> =
    key("bot", table()).optional().means("what all bot sessions share");
const SURGE_TABLES: Key<ReadNamed<ReadSurge>> =
    key("surges", named(&SURGES)).optional().means("times of more, or fewer, arrivals");
const GROUP_TABLES: Key<ReadNamed<ReadGroup>> =
    key("groups", named(&GROUPS)).optional().means("agent groups; at least one");
const ROUTING: Key<ReadTable<Routing>> =
    key("routing", table()).optional().means("how contacts and agents find each other");
const OPTIONS: Key<ReadOptions> = key("options", ReadOptions).optional().means(
    "what-ifs: each holds any key of a scenario but `extends` and `options`, and `--option` lays \
         it over the file, as `extends` would",
);
const CHECK: Key<ReadTable<Guards>> =
    key("check", table()).optional().means("what `simulate check` does");
const PLAN: Key<ReadTable<Plan>> =
    key("plan", table()).optional().means("what `simulate plan` is to find");

impl Record for Scenario {
    const KEYS: &'static TableKeys = &TableKeys {
        keys: &[
            &TITLE,
            &EXTENDS,
            &EXPECT,
            &RUN,
            &SERVICE_LEVEL,
            &PROFILE_TABLES,
            &CONTACT_TABLES,
            &BOT,
            &SURGE_TABLES,
            &GROUP_TABLES,
            &ROUTING,
            &OPTIONS,
            &CHECK,
            &PLAN,
        ],
        rules: &[],
    };

    fn read(root: &Section<'_>) -> Option<Self> {
        let context = root.context;
        let title = root.take(&TITLE);
        // Only a `--set` can have left one, and then the file would not be read.
        if let Some(entry) = root.entry(&EXTENDS) {
            let message = "`extends` cannot be set from outside";
            let problem = Problem::new("set-path", &entry.place, message);
            root.report(problem.help("write it into the file"));
        }
        // First: it gives the calendar.
        let run = root.take_table(&RUN);
        let service_level = root.take_table(&SERVICE_LEVEL);
        let profiles = root.take(&PROFILE_TABLES).unwrap_or_default();
        let bots = root.take_table(&BOT);
        let contacts = root.take(&CONTACT_TABLES).unwrap_or_default();
        let is_recorded =
            |read: &Option<ReadContact>| read.as_ref().is_some_and(|it| it.is_recorded);
        let recorded: BTreeSet<usize> =
            (0..contacts.len()).filter(|index| is_recorded(&contacts[*index])).collect();
        let surges = root.take(&SURGE_TABLES).unwrap_or_default().into_iter();
        let surges = surges.map(|read| read.map(|read| read.touching(context, &recorded)));
        let surges: Vec<_> = surges.collect();
        let groups = root.take(&GROUP_TABLES).unwrap_or_default();
        let (plan, routing) = (root.take(&PLAN), root.take_table(&ROUTING));
        together::check(root, &contacts, &groups);
        let (expect, guards) = (root.take(&EXPECT), root.take_table(&CHECK));
        let run = run?;
        check_figures(root, &RUN, &run, contacts.len() + groups.len() + 1);
        let (service_level, bots) = (service_level?, bots?);
        let complete =
            |read: Option<ReadContact>| read?.complete(&profiles, service_level, bots.enabled);
        let scenario = Self {
            title,
            digest: digest::digest(context.document, &context.data.borrow()),
            run,
            contacts: contacts.into_iter().map(complete).collect::<Option<_>>()?,
            bot: bots.capacity,
            surges: surges.into_iter().collect::<Option<_>>()?,
            groups: groups.into_iter().map(|read| read?.group).collect::<Option<_>>()?,
            routing: routing?,
            service_level,
            plan,
            checks: Checks {
                expect: expect.unwrap_or_default(),
                guard: guards.map(|read| read.0).unwrap_or_default(),
            },
        };
        together::check_arrivals(root, &scenario.run, &scenario.contacts, &scenario.surges);
        Some(scenario)
    }
}

/// `[check]`.
struct Guards(Vec<Located<String>>);

const GUARD: Key<ReadExpressions> = key("guard", EXPRESSIONS)
    .without("service level, waits, abandonment and backlog")
    .means("how far a figure may be from the stored baseline")
    .example("[\"service_level >= baseline - 0.5%\", \"wait.p95 <= baseline * 1.05\"]");

impl Record for Guards {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&GUARD], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        Some(Self(section.take(&GUARD).unwrap_or_default()))
    }
}
