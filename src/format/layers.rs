//! From the root file to one document: `extends` chains merged, every `--set` applied.
//!
//! What is set within an option is there before the option is laid over the file.

use super::merge::Grammar;
use super::node::{Node, Value};
use super::problem::Problem;
use super::source::{Files, Override, SourceText, Sources};
use super::{options, set, syntax};

/// Longest chain of `extends`.
const DEEPEST_CHAIN: usize = 16;

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
    grammar: Grammar,
    files: &dyn Files,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<(Node, Vec<String>)> {
    let mut merged = chain(request.root, grammar, files, sources, problems)?;
    let (within, after): (Vec<&Override>, Vec<&Override>) = request
        .overrides
        .iter()
        .partition(|item| item.path == "options" || item.path.starts_with("options."));
    for item in within {
        set::apply(&mut merged, item, grammar, sources, problems);
    }
    let entries = options::take(&mut merged, problems);
    let offered = entries.iter().map(|option| option.key.clone()).collect();
    if let Some(name) = request.option {
        let option = options::ChosenOption { name, options: entries };
        options::apply(&mut merged, option, grammar, sources, problems)?;
    }
    for item in after {
        set::apply(&mut merged, item, grammar, sources, problems);
    }
    Some((merged, offered))
}

/// The root file laid over all that it extends.
fn chain(
    root: SourceText,
    grammar: Grammar,
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
        grammar.merge(&mut merged, over, Some(&grammar.document()));
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
