//! What a name that nobody knows was probably meant to be.

use super::units::shorten;

/// Most names that a suggestion is sought among.
const MOST_CANDIDATES: usize = 1000;

/// The one of the `known` names that `name` is probably a misspelling of.
pub(crate) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let name = name.chars().take(60).collect::<String>().to_lowercase();
    let distance = |other: &str| strsim::damerau_levenshtein(&name, &other.to_lowercase());
    let nearest = known.iter().take(MOST_CANDIDATES).min_by_key(|other| distance(other))?;
    let (length, other) = (name.chars().count(), nearest.chars().count());
    let part = other > 3
        && length > 3
        && (name.starts_with(nearest) || nearest.starts_with(name.as_str()));
    // Names of one or two letters are all near each other: that says nothing.
    let typo = length >= 3 && other >= 3 && distance(nearest) <= (other / 3).max(1);
    (distance(nearest) == 0 || typo || part).then_some(nearest)
}

/// The nearest of the `known` names, or what there is if none is near.
pub(crate) fn suggestion(name: &str, known: &[&str], what: &str) -> String {
    if let Some(nearest) = nearest(name, known) {
        return format!("did you mean `{}`?", shorten(nearest));
    }
    if known.is_empty() {
        return format!("there are no {what} here");
    }
    // Of the format's own words all are shown: they are few, and nobody knows them by heart.
    let most = if matches!(what, "keys" | "choices" | "distributions") { 30 } else { 8 };
    let mut listed: Vec<String> =
        known.iter().take(most).map(|name| format!("`{}`", shorten(name))).collect();
    if known.len() > listed.len() {
        listed.push("…".to_owned());
    }
    format!("known {what}: {}", listed.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_list_what_there_is() {
        let known = ["replications", "duration", "drain"];
        assert_eq!(suggestion("duratoin", &known, "keys"), "did you mean `duration`?");
        assert_eq!(suggestion("Drain", &known, "keys"), "did you mean `drain`?");
        assert_eq!(suggestion("replication", &known, "keys"), "did you mean `replications`?");
        assert!(suggestion("colour", &known, "keys").starts_with("known keys: `replications`"));
        assert_eq!(suggestion("x", &[], "keys"), "there are no keys here");
        for (name, known) in [("b", "a"), ("aa", "a"), ("zz", "z1"), ("ab", "abc")] {
            assert!(suggestion(name, &[known], "keys").starts_with("known"));
        }
        assert_eq!(nearest("A", &["a"]), Some("a"));
        let many = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
        assert!(suggestion("general", &many, "groups").ends_with("`eight`, …"));
    }
}
