//! From the root file to one document: `extends` chains merged, every `--set` applied.
//!
//! Tables merge key by key and everything else is replaced, with two exceptions that make what a
//! file says true: a distribution replaces one of another law (a policy one of another name), and a
//! key replaces those it excludes (`daily` over `rate`, `recorded` over `rate` and `profile`).

use super::reference::LAWS;
use super::{options, set};
use crate::format::Problem;
use crate::format::node::{Entry, Node, Table, Value};
use crate::format::syntax;
use crate::format::{Files, Override, SourceText, Sources};

/// Longest chain of `extends`.
const DEEPEST_CHAIN: usize = 16;

/// Keys of which a section has one: a later file's choice ends the earlier one's.
struct Alternatives {
    section: &'static str,
    /// How many names lead to the table that has them.
    depth: usize,
    keys: &'static [&'static str],
    /// What a choice ends besides: keys that it excludes.
    ends: &'static [(&'static str, &'static [&'static str])],
}

/// All of them.
const ALTERNATIVES: &[Alternatives] = &[
    Alternatives { section: "run", depth: 1, keys: &["replications", "precision"], ends: &[] },
    Alternatives {
        section: "contacts",
        depth: 2,
        keys: &["rate", "daily", "counts", "recorded"],
        ends: &[("counts", &["profile"]), ("recorded", &["profile", "busyness"])],
    },
    Alternatives { section: "surges", depth: 2, keys: &["decay", "half_life"], ends: &[] },
    Alternatives { section: "groups", depth: 2, keys: &["staff", "shifts"], ends: &[] },
];

/// What is to be read: a file, one of its options if one is wanted, and what is set on top.
#[derive(Clone, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) root: SourceText,
    pub(crate) option: Option<&'a str>,
    pub(crate) overrides: &'a [Override],
}

/// The merged document and the names of the options it offers. `None` when nothing could be read; `problems`
/// then says why.
pub(crate) fn load(
    request: Request<'_>,
    files: &dyn Files,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<(Node, Vec<String>)> {
    let mut merged = chain(request.root, files, sources, problems)?;
    // What is set within an option is there before the option is laid over the file.
    let (within, after): (Vec<&Override>, Vec<&Override>) = request
        .overrides
        .iter()
        .partition(|item| item.path == "options" || item.path.starts_with("options."));
    for item in within {
        set::apply(&mut merged, item, sources, problems);
    }
    let entries = options::take(&mut merged, problems);
    let offered = entries.iter().map(|option| option.key.clone()).collect();
    if let Some(name) = request.option {
        options::apply(&mut merged, entries, name, sources, problems)?;
    }
    for item in after {
        set::apply(&mut merged, item, sources, problems);
    }
    Some((merged, offered))
}

/// The root file laid over all that it extends.
fn chain(
    root: SourceText,
    files: &dyn Files,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<Node> {
    let mut labels = vec![root.label.clone()];
    let mut chain = Vec::new();
    let mut broken = false;
    let mut next = Some(root);
    while let Some(source) = next.take() {
        let Some(node) = syntax::read(source, sources, problems) else {
            broken = true;
            break;
        };
        let found = match node.table().and_then(|table| table.get("extends")) {
            None => Ok(None),
            Some(entry) => base(&entry.node, &mut labels, files).map(Some),
        };
        match found {
            Ok(source) => next = source,
            Err(problem) => {
                problems.push(problem);
                broken = true;
            }
        }
        chain.push(node);
    }
    // What the readable files lack may stand in the unreadable one: say nothing about them.
    if broken {
        return None;
    }
    let mut merged = chain.pop()?;
    while let Some(over) = chain.pop() {
        merge(&mut merged, over, &mut Vec::new());
    }
    // It has done its work, and the digest is of what it gave.
    if let Value::Table(table) = &mut merged.value {
        table.entries.retain(|entry| entry.key != "extends");
    }
    Some(merged)
}

/// The file that `extends = NODE` means, unless it is already part of the chain.
fn base(node: &Node, labels: &mut Vec<String>, files: &dyn Files) -> Result<SourceText, Problem> {
    let place = &node.place;
    let Value::Text(name) = &node.value else {
        let message = format!("{} stands here, the name of a file is expected", node.kind());
        let problem = Problem::new("wrong-type", place, message);
        return Err(problem.help("write one name, for example `extends = \"base.toml\"`"));
    };
    let from = labels.last().cloned().unwrap_or_default();
    let (label, bytes) = files.read(&from, name).map_err(|why| {
        Problem::new("file-unreadable", place, format!("`{name}` cannot be read: {why}"))
            .help("the name is relative to the folder of this file")
    })?;
    if labels.contains(&label) {
        let message = format!("`{label}` extends itself: {} → {label}", labels.join(" → "));
        return Err(Problem::new("extends-cycle", place, message).help("leave out one `extends`"));
    }
    if labels.len() >= DEEPEST_CHAIN {
        let message = format!("more than {DEEPEST_CHAIN} files extend each other");
        return Err(Problem::new("too-deep", place, message).help("merge some of them"));
    }
    labels.push(label.clone());
    Ok(SourceText { label, bytes })
}

/// Lays `over` over `base`, both at `path`: the base's keys keep their position, new ones follow.
pub(crate) fn merge(base: &mut Node, over: Node, path: &mut Vec<String>) {
    match (&mut base.value, over.value) {
        (Value::Table(below), Value::Table(above)) if !other_law(below, &above, path) => {
            base.place = over.place;
            drop_alternatives(below, path, |key| above.get(key).is_some());
            for entry in above.entries {
                insert(below, entry, path);
            }
        }
        (value, above) => {
            *value = above;
            base.place = over.place;
        }
    }
}

/// Merges one entry into the table at `path`.
fn insert(table: &mut Table, entry: Entry, path: &mut Vec<String>) {
    match table.position(&entry.key) {
        Some(at) => {
            let below = &mut table.entries[at];
            below.place = entry.place;
            path.push(entry.key);
            merge(&mut below.node, entry.node, path);
            path.pop();
        }
        None => table.entries.push(entry),
    }
}

/// Removes from the table at `path` what a key among the `new` ones excludes, unless that is new
/// as well.
pub(crate) fn drop_alternatives<S: AsRef<str>>(
    table: &mut Table,
    path: &[S],
    new: impl Fn(&str) -> bool,
) {
    let path = in_scenario(path);
    let section = path.first().map(AsRef::as_ref);
    for choice in ALTERNATIVES
        .iter()
        .filter(|choice| section == Some(choice.section) && path.len() == choice.depth)
    {
        let chosen: Vec<&str> = choice.keys.iter().copied().filter(|key| new(key)).collect();
        if chosen.is_empty() {
            continue;
        }
        let is_ended = |key: &str| {
            let ends = choice.ends.iter();
            let ended = |(by, ends): &(&str, &[&str])| chosen.contains(by) && ends.contains(&key);
            choice.keys.contains(&key) || ends.clone().any(ended)
        };
        table.entries.retain(|entry| new(&entry.key) || !is_ended(&entry.key));
    }
}

/// The part of a path that leads through a scenario: options of one name in two files are merged as
/// the scenarios that they are parts of.
fn in_scenario<S: AsRef<str>>(path: &[S]) -> &[S] {
    match path {
        [first, _, rest @ ..] if first.as_ref() == "options" => rest,
        _ => path,
    }
}

/// Whether both are distributions, but not of the same law, or both policies, but not the same one.
/// Names that users choose stand at most two levels deep in `contacts` and `surges`, so that none is
/// taken for a law; those of `groups` that do not name distributions are passed over.
fn other_law(below: &Table, above: &Table, path: &[String]) -> bool {
    let path: Vec<&str> = in_scenario(path).iter().map(String::as_str).collect();
    let (below, above) = match (below.entries.as_slice(), above.entries.as_slice()) {
        ([below], [above]) if below.key != above.key => (&below.key, &above.key),
        _ => return false,
    };
    match path.as_slice() {
        ["routing", "policy"] => true,
        ["contacts" | "surges", _, _, ..] | ["groups", _, "handling", _] => {
            LAWS.contains(&below.as_str()) && LAWS.contains(&above.as_str())
        }
        _ => false,
    }
}
