//! The keys of the format, in one table: it tells the reader what is unknown, and gives the JSON
//! Schema and the reference text.

mod keys;
mod notes;
mod schema;
mod text;

use keys::keys;
pub use schema::schema;
pub use text::reference;

/// One key of the format.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// Its path; `*` stands for a name that the user chooses, `[]` for the entries of a list.
    pub(crate) path: &'static str,
    /// What its value is.
    pub(crate) kind: Kind,
    /// What holds when it is left out; `None`: it is required.
    pub(crate) default: Option<&'static str>,
    /// What it means, in one line.
    pub(crate) meaning: &'static str,
    /// A value as it is written in the file; empty for tables.
    pub(crate) example: &'static str,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A table of the keys that follow it.
    Table,
    /// A table of tables under names that the user chooses.
    Named,
    /// A table of scenarios under names that the user chooses.
    Options,
    /// A list of tables.
    Tables,
    Text,
    Duration,
    Rate,
    Share,
    /// A number from 0.
    Number,
    /// A whole number from 0.
    Whole,
    Boolean,
    Moment,
    Date,
    /// A distribution of durations.
    Distribution,
    /// A distribution of pure numbers, or a number.
    Factor,
    Choice(&'static [&'static str]),
    /// One value, or a list of tables with `from` and the named key.
    RateSteps,
    ShareSteps,
    AgentSteps,
    Names,
    /// A list of expressions.
    Expressions,
    Numbers,
    Skills,
    RetryProbability,
    /// A distribution for each named contact type.
    DistributionByType,
    /// One rate, or one for each named contact type.
    RateByType,
    /// A number for each named contact type.
    NumberByType,
    /// A name, or a table with one name and its parameters.
    Policy(&'static [&'static str]),
    /// A number or a duration: a parameter of a distribution.
    Quantity,
    /// A list of them.
    Quantities,
    /// A list of tables with a weight and a distribution.
    Mixture,
}

/// The laws that a distribution can have.
pub(crate) const LAWS: &[&str] = &[
    "fixed",
    "exponential",
    "lognormal",
    "gamma",
    "hyperexponential",
    "weibull",
    "erlang",
    "uniform",
    "triangular",
    "empirical",
    "mixture",
];

/// What the value at a path is, given as its segments; `None`: no key of the format.
pub(crate) fn kind_at(segments: &[String]) -> Option<Kind> {
    let matches = |pattern: &str| {
        let mut parts = segments.iter();
        let fits = pattern.split('.').all(|wanted| {
            let (name, is_entry) = match wanted.strip_suffix("[]") {
                Some(name) => (name, true),
                None => (wanted, false),
            };
            let named = parts.next().is_some_and(|part| name == "*" || part == name);
            named && (!is_entry || parts.next().is_some_and(|at| at.parse::<usize>().is_ok()))
        });
        fits && parts.next().is_none()
    };
    keys().find(|key| matches(key.path)).map(|key| key.kind)
}

/// The keys directly under a path pattern, with their last segment.
pub(crate) fn children(pattern: &str) -> impl Iterator<Item = (&'static str, &'static Key)> + '_ {
    keys().filter_map(move |key| {
        let rest = if pattern.is_empty() {
            key.path
        } else {
            key.path.strip_prefix(pattern)?.strip_prefix('.')?
        };
        (!rest.contains('.')).then_some((rest, key))
    })
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::format::{Files, Override, SourceText};

    #[test]
    fn every_path_is_listed_once_and_under_a_listed_parent() {
        let keys: Vec<&Key> = keys().collect();
        for (at, key) in keys.iter().enumerate() {
            assert!(keys[..at].iter().all(|other| other.path != key.path), "{}", key.path);
            if let Some((parent, _)) = key.path.rsplit_once('.') {
                let parent = parent.trim_end_matches("[]").trim_end_matches(".*");
                let listed = keys[..at].iter().any(|other| other.path == parent);
                assert!(listed || parent == "DISTRIBUTION", "{}", key.path);
            }
        }
    }

    #[test]
    fn laws_are_those_of_the_table() {
        let listed: Vec<&str> = children("DISTRIBUTION").map(|(name, _)| name).collect();
        assert_eq!(listed, LAWS);
    }

    /// Where the pattern of a key leads in the scenario with every key.
    fn path(pattern: &str) -> String {
        let names = [
            ("profiles.*", "profiles.shop_day"),
            ("contacts.*.counts", "contacts.invoices.counts"),
            ("contacts.*.recorded", "contacts.complaints.recorded"),
            ("contacts.*", "contacts.order_status"),
            ("surges.*", "surges.opening"),
            ("groups.*.skills.*", "groups.general.skills.promotion"),
            ("groups.*.shifts", "groups.night.shifts"),
            ("groups.*.timezone", "groups.night.timezone"),
            ("groups.*", "groups.general"),
            ("plan.bounds.*", "plan.bounds.general"),
            ("[]", ".0"),
        ];
        names.iter().fold(pattern.to_owned(), |path, (from, to)| path.replace(from, to))
    }

    /// The data files of the scenario with every key.
    struct Data;

    impl Files for Data {
        fn read(&self, _base: &str, name: &str) -> Result<(String, Vec<u8>), String> {
            let text = match name {
                "counts.csv" => include_str!("every_key/counts.csv"),
                "log.csv" => include_str!("every_key/log.csv"),
                _ => return Err("no such file".to_owned()),
            };
            Ok((name.to_owned(), text.into()))
        }
    }

    fn set(path: &str, value: &str) -> Vec<&'static str> {
        let text = include_str!("every_key.toml");
        let mut items = vec![Override::new(path, value)];
        if path.starts_with("routing.policy.") {
            items.insert(0, Override::new("routing.policy", "{}"));
        }
        match parse(SourceText::new("every_key.toml", text), &items, &Data) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.list().iter().map(|problem| problem.code).collect(),
        }
    }

    #[test]
    fn every_example_is_accepted() {
        let outside = |key: &&Key| key.example.is_empty() || key.path.starts_with("DISTRIBUTION");
        let mut refused = Vec::new();
        for key in keys().filter(|key| !outside(key) && key.path != "extends") {
            let found = set(&path(key.path), key.example);
            if !found.is_empty() {
                refused.push(format!("{} = {}: {found:?}", key.path, key.example));
            }
        }
        assert!(refused.is_empty(), "{}", refused.join("\n"));
    }

    #[test]
    fn every_law_takes_its_examples() {
        for law in LAWS.iter().filter(|law| !matches!(**law, "lognormal" | "empirical" | "mixture"))
        {
            let parameters: Vec<String> = children(&format!("DISTRIBUTION.{law}"))
                .map(|(name, key)| format!("{name} = {}", key.example))
                .collect();
            let value = format!("{{ {law} = {{ {} }} }}", parameters.join(", "));
            assert_eq!(set("contacts.promotion.handling", &value), [""; 0], "{value}");
            assert_ne!(set("surges.opening.factor", &value), [""; 0], "{value}");
        }
    }
}
