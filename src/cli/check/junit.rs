//! What CI systems read: a suite per scenario, a case per expectation or guard. There are no times
//! in it, so that the same results give the same bytes.

use std::io;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::super::Failure;
use super::super::output::Destination;
use super::Shown;
use crate::experiment::summary::Verdict;
use crate::report;

/// Writes the file.
///
/// # Errors
///
/// Where that cannot be done; then there is no new file.
pub(super) fn write(shown: &[Shown], mut target: Destination) -> Result<(), Failure> {
    let mut report = Report::new("simulate check");
    report.add_test_suites(shown.iter().map(suite));
    if let Err(error) = report.serialize(&mut target) {
        return Err(target.failure(&io::Error::other(error.to_string())));
    }
    target.finish()
}

fn suite(Shown { checked, .. }: &Shown) -> TestSuite {
    let mut suite = TestSuite::new(checked.file.as_str());
    let findings = &checked.findings;
    let expectations = findings.expectations.iter().map(|found| {
        let about = report::about_expectation(found);
        case(&checked.file, &found.text, found.verdict, &about)
    });
    suite.add_test_cases(expectations);
    let guards = findings.guards.iter().map(|(found, worse)| {
        let about = report::about_guard(found, worse);
        case(&checked.file, &found.text, found.verdict, &about)
    });
    suite.add_test_cases(guards);
    suite
}

fn case(file: &str, name: &str, verdict: Verdict, about: &str) -> TestCase {
    let status = match verdict {
        Verdict::Holds => TestCaseStatus::success(),
        Verdict::Fails | Verdict::Undecided => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let first = about.lines().next().unwrap_or_default();
            status
                .set_type(verdict.word())
                .set_message(format!("{file}: {first}"))
                .set_description(format!("{file}: {about}"));
            status
        }
    };
    let mut case = TestCase::new(name, status);
    case.set_classname(file);
    case
}
