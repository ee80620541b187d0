//! Notes at the lines of the scenario, where the environment shows them: GitHub's workflow commands.

use std::io::{self, Write};

use super::Shown;
use crate::experiment::summary::Verdict;
use crate::report;
use crate::task::Spot;

/// Writes a line per expectation or guard that does not hold to standard error, which the runner
/// reads as well as standard output; nothing outside of a workflow.
pub(super) fn annotate(shown: &[Shown]) {
    let is_workflow = std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
    if !is_workflow {
        return;
    }
    let mut stderr = io::stderr().lock();
    for line in shown.iter().flat_map(lines) {
        // Nobody is left to tell where that fails.
        let _ = writeln!(stderr, "{line}");
    }
}

fn lines(Shown { checked, .. }: &Shown) -> Vec<String> {
    let findings = &checked.findings;
    let mut lines = Vec::new();
    for (found, spot) in findings.expectations.iter().zip(&checked.expect) {
        let about = report::about_expectation(found);
        lines.extend(line(found.verdict, &checked.file, spot.as_ref(), &about));
    }
    for ((found, worse), spot) in findings.guards.iter().zip(&checked.guard) {
        let about = report::about_guard(found, worse);
        lines.extend(line(found.verdict, &checked.file, spot.as_ref(), &about));
    }
    lines
}

/// `::error file=day.toml,line=3,col=5,title=…::…`; `None` for what holds.
fn line(verdict: Verdict, file: &str, spot: Option<&Spot>, about: &str) -> Option<String> {
    let (command, title) = match verdict {
        Verdict::Holds => return None,
        Verdict::Fails => ("error", "check failed"),
        Verdict::Undecided => ("warning", "check undecided"),
    };
    let place = match spot {
        Some(spot) => {
            format!("file={},line={},col={}", property(&spot.file), spot.line, spot.column)
        }
        None => format!("file={}", property(file)),
    };
    Some(format!("::{command} {place},title={title}::{}", message(about)))
}

/// Characters that would end a message are written as the runner reads them.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// In a property two more would.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_line_or_a_property_is_escaped() {
        let spot = Spot { file: "a,b: 5%.toml".to_owned(), line: 3, column: 5 };
        assert_eq!(
            line(Verdict::Fails, "x", Some(&spot), "80 %: no\nworse"),
            Some(
                "::error file=a%2Cb%3A 5%25.toml,line=3,col=5,title=check failed::80 %25: no%0Aworse"
                    .to_owned()
            )
        );
        assert_eq!(
            line(Verdict::Undecided, "x.toml", None, "who knows"),
            Some("::warning file=x.toml,title=check undecided::who knows".to_owned())
        );
        assert_eq!(line(Verdict::Holds, "x", None, ""), None);
    }
}
