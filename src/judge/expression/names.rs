//! Names in paths: plain, or in quotes where dots or comparisons are in them.

use crate::experiment::catalog::SCOPES;

/// How long the quoted name is that `text` begins with; `None`: it begins with none. Inside, `\"`
/// is a quote and `\\` a backslash.
fn quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    let inside = text.strip_prefix('"')?;
    let end = inside.char_indices().find_map(|(at, c)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at)
    })?;
    Some(end + 2)
}

/// Where the `*` is that stands in a path for the names of a scope, and the word of the scope.
pub(super) fn star(text: &str) -> Option<(&'static str, usize)> {
    let path = text.trim_start();
    let blank = text.len() - path.len();
    SCOPES.iter().find_map(|scope| {
        let rest = path.strip_prefix(scope)?.strip_prefix('.')?;
        rest.starts_with("*.").then_some((*scope, blank + scope.len() + 1))
    })
}

/// A name as it may stand in a path: in quotes where more than letters, digits, `_` and `-` are in it.
pub(super) fn quoted_name(name: &str) -> String {
    if name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Where the first character outside quotes is for which `is_wanted` holds.
pub(super) fn outside_quotes(text: &str, is_wanted: impl Fn(char) -> bool) -> Option<usize> {
    let mut skipped = 0;
    let mut starts = true;
    text.char_indices().find_map(|(at, c)| {
        if at < skipped {
            return None;
        }
        // A quote within a name is a character like any other.
        if starts && let Some(length) = quoted(&text[at..]) {
            skipped = at + length;
        }
        starts = c == '.' || starts && c.is_whitespace();
        is_wanted(c).then_some(at).filter(|at| *at >= skipped)
    })
}

/// The path without quotes around names.
pub(super) fn unquoted(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    loop {
        let length = quoted(rest).filter(|length| {
            let after = &rest[*length..];
            after.is_empty() || after.starts_with('.')
        });
        let end = if let Some(length) = length {
            unescape(&rest[1..length - 1], &mut plain);
            length
        } else {
            let end = rest.find('.').unwrap_or(rest.len());
            plain.push_str(&rest[..end]);
            end
        };
        let Some(next) = rest[end..].strip_prefix('.') else {
            return plain;
        };
        plain.push('.');
        rest = next;
    }
}

fn unescape(name: &str, plain: &mut String) {
    let mut rest = name;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        rest = if after.starts_with(['"', '\\']) {
            plain.push_str(&after[..1]);
            &after[1..]
        } else {
            plain.push('\\');
            after
        };
    }
    plain.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_with_and_without_quotes() {
        for (written, path) in [
            ("wait.p95", "wait.p95"),
            (r#"contacts."late fee".wait"#, "contacts.late fee.wait"),
            (r#"contacts."a.b".wait"#, "contacts.a.b.wait"),
            (r#"contacts.3" pipe.wait"#, r#"contacts.3" pipe.wait"#),
            (r#"contacts."3\" pipe".wait"#, r#"contacts.3" pipe.wait"#),
            (r#"contacts."a\\".wait"#, r"contacts.a\.wait"),
            (r#"contacts."a\b".wait"#, r"contacts.a\b.wait"),
            (r#"contacts."open.wait"#, r#"contacts."open.wait"#),
            (r#"groups."x""#, "groups.x"),
            (r#"groups."x" y"#, r#"groups."x" y"#),
        ] {
            assert_eq!(unquoted(written), path, "{written}");
        }
    }

    #[test]
    fn comparisons_inside_quotes_are_part_of_the_name() {
        let comparison = |text| outside_quotes(text, |c| c == '<');
        for (text, at) in [
            ("wait < 3", Some(5)),
            (r#"contacts."a<b".wait < 3"#, Some(20)),
            (r#"contacts."a\"<b".wait < 3"#, Some(22)),
            (r#"contacts.a"b.wait < 3"#, Some(18)),
            (r#" "a<b"<"#, Some(6)),
            (r#""a<b""#, None),
        ] {
            assert_eq!(comparison(text), at, "{text}");
        }
    }
}
