//! `expect` and `[check]`: texts that are read when the figures of the report are known.

use super::section::{Context, Section};
use super::values;
use super::{Checks, Located};
use crate::format::node::{Node, Value};

/// Reads them. `None` only after a problem was reported.
pub(crate) fn checks(root: &Section<'_>) -> Checks {
    let expect = root.get_or("expect", Vec::new(), expressions);
    let guard = root
        .section("check", "check", |section| section.get_or("guard", Vec::new(), expressions))
        .unwrap_or_default();
    Checks { expect, guard }
}

/// A list of texts, each with its place; it may be empty.
pub(crate) fn expressions(context: &Context<'_>, node: &Node) -> Option<Vec<Located<String>>> {
    let Value::List(list) = &node.value else {
        let help = "write a list, such as `[\"wait.p95 <= 15s\"]`";
        context.wrong_type(node, "a list of expressions", help);
        return None;
    };
    values::each(list, |node| {
        values::text(context, node).map(|value| Located { value, place: node.place.clone() })
    })
}
