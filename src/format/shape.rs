//! What values may be, as data: the schema, the reference, the layers and the tests go by it.

use crate::time::SimSpan;

/// What a value may be.
#[derive(Clone, Debug)]
pub(crate) enum ValueShape {
    /// Any string.
    Text,
    /// A string with characters.
    Name,
    /// `true` or `false`.
    Flag,
    /// A whole number from the first to the second.
    Whole(u64, u64),
    /// A number from the first to the second.
    Number(f64, f64),
    /// A share within these limits.
    Share(ShareLimits),
    /// A duration.
    Duration(SpanLimits),
    /// A number per time.
    Rate,
    /// A local date-time.
    Date,
    /// An offset, a clock time or a local date-time; `true`: `"24:00"` is one as well.
    Moment {
        /// Whether `"24:00"` is midnight.
        midnight: bool,
    },
    /// One of these words.
    Choice(Vec<&'static str>),
    /// A list.
    List {
        /// What each entry may be.
        item: Box<ValueShape>,
        /// Fewest entries.
        least: usize,
        /// Whether they differ.
        distinct: bool,
    },
    /// A table with these keys.
    Table(&'static TableKeys),
    /// A table of such tables under names that the user chooses.
    Named(&'static TableKeys),
    /// The whole document again, as often as the user has names for.
    Documents,
    /// A table from names to such values.
    ByName(Box<ValueShape>),
    /// One value, or a list of tables with `from` and the value under this key.
    Steps {
        /// What each value may be.
        value: Box<ValueShape>,
        /// Its key in a list.
        key: &'static str,
        /// What it is called.
        noun: &'static str,
        /// Examples of `from` and of the value.
        examples: (&'static str, &'static str),
    },
    /// An entry of such a list: `from`, and the value under this key.
    StepEntry(Box<ValueShape>, &'static str),
    /// One of several, told apart by their TOML types.
    Either(Vec<ValueShape>),
    /// One that stands once in the schema, under this name.
    Shared(&'static str, fn() -> ValueShape),
    /// The same under another description.
    Called(&'static str, Box<ValueShape>),
}

/// Which shares are accepted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ShareLimits {
    /// The least.
    pub(crate) least: f64,
    /// Whether the least is accepted.
    pub(crate) with_least: bool,
    /// Whether 1 is accepted.
    pub(crate) with_one: bool,
}

/// Which durations are accepted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SpanLimits {
    /// Whether 0 is accepted.
    pub(crate) with_zero: bool,
    /// The longest.
    pub(crate) most: SimSpan,
}

/// What holds when a key is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    /// It must not be.
    Required,
    /// This TOML value.
    Value(&'static str),
    /// What these words say.
    Words(&'static str),
    /// Nothing.
    Nothing,
}

/// A key as its declaration says.
#[derive(Clone, Debug)]
pub(crate) struct DeclaredKey {
    pub(crate) name: &'static str,
    pub(crate) shape: ValueShape,
    pub(crate) absent: Absent,
    pub(crate) meaning: &'static str,
    pub(crate) example: &'static str,
    pub(crate) note: &'static str,
}

/// A key of any kind.
pub(crate) trait AnyKey: Sync {
    /// What its declaration says.
    fn declared(&self) -> DeclaredKey;

    /// Its name.
    fn name(&self) -> &'static str;
}

/// The keys of a table, and what they say of each other.
pub(crate) struct TableKeys {
    pub(crate) keys: &'static [&'static dyn AnyKey],
    pub(crate) rules: &'static [KeyRule],
}

impl std::fmt::Debug for TableKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// What keys of one table say of each other.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KeyRule {
    /// At most one of these. Without a default, that none is there is told of the first.
    OneOf {
        /// The keys, the usual one first.
        keys: &'static [&'static str],
        /// Whether one must be there.
        needed: bool,
        /// What to write.
        help: &'static str,
    },
    /// Beside the first none of the others.
    Excludes(&'static str, &'static [&'static str], &'static str),
    /// The first says something only beside the second: why, and what to write.
    Needs(&'static str, &'static str, &'static str, &'static str),
    /// The table has one key, whichever, beside these.
    Single {
        /// Keys that do not count.
        beside: &'static [&'static str],
        /// What to write where it has more.
        help: &'static str,
    },
}

impl TableKeys {
    /// The names of the keys.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.keys.iter().map(|key| key.name())
    }

    /// All keys, as declared.
    pub(crate) fn declared(&self) -> impl Iterator<Item = DeclaredKey> + '_ {
        self.keys.iter().map(|key| key.declared())
    }

    /// The key of this name.
    pub(crate) fn find(&self, name: &str) -> Option<DeclaredKey> {
        self.keys.iter().find(|key| key.name() == name).map(|key| key.declared())
    }
}

impl DeclaredKey {
    /// Whether it must be there whatever else is.
    pub(crate) fn is_required(&self) -> bool {
        self.absent == Absent::Required
    }
}

impl ValueShape {
    /// What stands under `name` within a value of this shape; lists count their entries from 0.
    pub(crate) fn child(&self, name: &str, root: &'static TableKeys) -> Option<Self> {
        let entry = |shape: &Self| name.parse::<usize>().ok().map(|_| shape.clone());
        match self {
            Self::Table(keys) => keys.find(name).map(|key| key.shape),
            Self::List { item, .. } => entry(item),
            Self::Named(keys) => Some(Self::Table(keys)),
            Self::Documents => Some(Self::Table(root)),
            Self::ByName(value) => Some((**value).clone()),
            Self::Steps { value, key, .. } => entry(&Self::StepEntry(value.clone(), key)),
            Self::StepEntry(value, key) if name == *key => Some((**value).clone()),
            Self::StepEntry(..) if name == "from" => Some(Self::Moment { midnight: false }),
            Self::Either(shapes) => shapes.iter().find_map(|shape| shape.child(name, root)),
            Self::Shared(_, shape) => shape().child(name, root),
            Self::Called(_, shape) => shape.child(name, root),
            _ => None,
        }
    }

    /// The rules of the table that this is or may be.
    pub(crate) fn rules(&self, root: &'static TableKeys) -> &'static [KeyRule] {
        match self {
            Self::Table(keys) => keys.rules,
            Self::Documents => root.rules,
            Self::Either(shapes) => shapes
                .iter()
                .map(|shape| shape.rules(root))
                .find(|rules| !rules.is_empty())
                .unwrap_or(&[]),
            Self::Shared(_, shape) => shape().rules(root),
            Self::Called(_, shape) => shape.rules(root),
            _ => &[],
        }
    }
}

impl std::fmt::Display for SpanLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let most = self.most;
        match (self.with_zero, most < SimSpan::LONGEST) {
            (true, true) => write!(f, "duration of at most `{most}`"),
            (true, false) => write!(f, "duration"),
            (false, true) => write!(f, "duration of more than 0, at most `{most}`"),
            (false, false) => write!(f, "duration of more than 0"),
        }
    }
}

impl std::fmt::Display for ShareLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.least, self.with_least, self.with_one) {
            (0.0, true, true) => write!(f, "from 0 to 1"),
            (0.0, true, false) => write!(f, "less than 1"),
            (least, true, true) => write!(f, "from {least} to 1"),
            (least, false, true) => write!(f, "more than {least}, at most 1"),
            (least, true, false) => write!(f, "from {least}, less than 1"),
            (least, false, false) => write!(f, "more than {least}, less than 1"),
        }
    }
}
