//! `[options.NAME]`: what-ifs of a scenario, each laid over it like a file that `extends` it.

use super::merge::Grammar;
use super::near::suggestion;
use super::node::{Entry, Node, Value};
use super::problem::Problem;
use super::source::{Place, SourceText, Sources};
use super::units::shorten;

/// What an option cannot contain, and why.
const REFUSED: [(&str, &str); 2] = [
    ("extends", "write it at the top of the file"),
    ("options", "an option has no options of its own"),
];

/// Takes `[options]` out of the document: what is left, and what its digest is of, is the scenario
/// without any of them. Problems are those of the form; what an option says is checked by reading
/// the scenario with it.
pub(crate) fn take(document: &mut Node, problems: &mut Vec<Problem>) -> Vec<Entry> {
    let Value::Table(table) = &mut document.value else {
        return Vec::new();
    };
    let Some(at) = table.position("options") else {
        return Vec::new();
    };
    let section = table.entries.remove(at);
    let options = match section.node.value {
        Value::Table(options) => options.entries,
        Value::Broken => return Vec::new(),
        _ => {
            problems.push(no_table(&section.node, "a table of tables"));
            return Vec::new();
        }
    };
    for option in &options {
        check(option, problems);
    }
    options
}

/// Reports an option that is no table, or that contains what it cannot.
fn check(option: &Entry, problems: &mut Vec<Problem>) {
    let Some(table) = option.node.table() else {
        if !matches!(option.node.value, Value::Broken) {
            problems.push(no_table(&option.node, "a table"));
        }
        return;
    };
    for (key, help) in REFUSED {
        if let Some(entry) = table.get(key) {
            let message = format!("`{key}` cannot be part of option `{}`", shorten(&option.key));
            problems.push(Problem::new("option-key", &entry.place, message).help(help));
        }
    }
}

fn no_table(node: &Node, wanted: &str) -> Problem {
    let message = format!("{} stands here, {wanted} is expected", node.kind());
    Problem::new("wrong-type", &node.place, message)
        .help("write `[options.NAME]` and what it changes below")
}

/// An option that is asked for, and those there are.
pub(crate) struct ChosenOption<'o> {
    pub(crate) name: &'o str,
    pub(crate) options: Vec<Entry>,
}

/// Lays an option over the document. `None` when there is no such option; the problem then
/// stands at the text of the flag.
pub(crate) fn apply(
    document: &mut Node,
    chosen: ChosenOption<'_>,
    grammar: Grammar,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Option<()> {
    let ChosenOption { name, options } = chosen;
    let known: Vec<String> = options.iter().map(|option| option.key.clone()).collect();
    if let Some(option) = options.into_iter().find(|option| option.key == name) {
        // A wrong form has been reported; laid over the scenario it would hide it.
        if option.node.table().is_some() {
            let place = document.place.clone();
            grammar.merge(document, option.node, Some(&grammar.document()));
            document.place = place;
        }
        return Some(());
    }
    let place = Place {
        source: sources.add(SourceText::new(format!("--option {name}"), name)),
        span: 0..name.len(),
    };
    let message = format!("the scenario has no option `{}`", shorten(name));
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let help = if known.is_empty() {
        "write one as `[options.NAME]`, with what it changes below".to_owned()
    } else {
        suggestion(name, &known, "options")
    };
    problems.push(Problem::new("unknown-option", &place, message).help(help));
    None
}
