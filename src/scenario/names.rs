//! Names that stand for other parts of the scenario: contact types and groups.

use std::collections::BTreeMap;

use super::section::Context;
use super::values;
use crate::format::near::{nearest, suggestion};
use crate::format::node::{Node, Value};
use crate::format::units::shorten;
use crate::format::{Place, Problem};

/// What names stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    /// Contact types.
    Contacts,
    /// Groups.
    Groups,
}

impl Of {
    /// The code of an unknown one, one of them, several, and how a list of them is written.
    fn words(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Contacts => (
                "unknown-contact",
                "contact type",
                "contact types",
                "write names of contact types, such as `[\"refund\"]`",
            ),
            Self::Groups => (
                "unknown-group",
                "group",
                "groups",
                "write names of groups, such as `[\"general\"]`",
            ),
        }
    }
}

/// The names that others can refer to.
pub(crate) struct Names<'n> {
    of: Of,
    /// In order of listing.
    pub(crate) list: Vec<&'n str>,
    index: BTreeMap<&'n str, usize>,
}

impl<'n> Names<'n> {
    pub(crate) fn new(of: Of, list: Vec<&'n str>) -> Self {
        let index = list.iter().enumerate().map(|(index, name)| (*name, index)).collect();
        Self { of, list, index }
    }

    /// The index of a name, nothing said.
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// The index of a name, or of what a misspelt one probably means.
    pub(crate) fn probable(&self, name: &str) -> Option<usize> {
        self.index(name).or_else(|| self.index(nearest(name, &self.list)?))
    }

    /// The index of a name; reports one that nothing has.
    pub(crate) fn find(&self, context: &Context<'_>, place: &Place, name: &str) -> Option<usize> {
        let found = self.index(name);
        // A scenario without contact types, or without groups, is told so once.
        if found.is_none() && !self.list.is_empty() {
            let (code, one, all, _) = self.of.words();
            let message = format!("there is no {one} `{}`", shorten(name));
            let help = suggestion(name, &self.list, all);
            context.report(Problem::new(code, place, message).help(help));
        }
        found
    }

    /// The index that a value names.
    pub(crate) fn one(&self, context: &Context<'_>, node: &Node) -> Option<usize> {
        let Value::Text(name) = &node.value else {
            let (_, one, _, _) = self.of.words();
            context.wrong_type(node, &format!("the name of a {one}"), "put it into quotes");
            return None;
        };
        self.find(context, &node.place, name)
    }

    /// A list of different names, each with its place.
    pub(crate) fn several<'p>(
        &self,
        context: &Context<'_>,
        node: &'p Node,
    ) -> Option<Vec<(usize, &'p Place)>> {
        let (_, _, _, help) = self.of.words();
        let list = values::list(context, node, help)?;
        let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
        values::each(list, |item| {
            if let Value::Text(name) = &item.value
                && let Some(first) = seen.insert(name, &item.place)
            {
                let message = format!("`{}` is listed twice", shorten(name));
                context.report(
                    Problem::new("duplicate-name", &item.place, message)
                        .related(first, "the first time")
                        .help("leave one of them out"),
                );
                return None;
            }
            self.one(context, item).map(|index| (index, &item.place))
        })
    }
}
