//! What was expected of the results, and whether it is so.

use std::io::{self, Write};

use super::{ALARM, PLAIN, Page, moment};
use crate::experiment::Summary;
use crate::experiment::summary::{Expectation, Verdict};
use crate::report::format;
use crate::report::glyphs::harmless;

/// One line per expectation, with a second where there is more to say.
pub(super) fn expectations<W: Write>(summary: &Summary, page: &mut Page<'_, W>) -> io::Result<()> {
    if summary.expectations.is_empty() {
        return Ok(());
    }
    page.heading("EXPECTED")?;
    for expected in &summary.expectations {
        let (mark, paint) = match expected.verdict {
            Verdict::Holds => ("", PLAIN),
            Verdict::Fails => ("! ", ALARM),
            Verdict::Undecided => ("? ", PLAIN),
        };
        let first = format!("  {mark:<2}{:<11}", expected.verdict.word());
        let text = format!("{}: {}", harmless(&expected.text), found(expected));
        page.paragraph(paint, &first, &page.style.charset.spell(&text))?;
    }
    Ok(())
}

/// What was found: `79.1 % (78.2 % to 80.1 %), worst from 10 Nov 20:30`, or why it is not known.
pub(in crate::report) fn found(expected: &Expectation) -> String {
    let unit = format::unit(expected.unit);
    let measured = format::measured(&expected.estimate, unit);
    let of_days = expected.text.ends_with("of days");
    let measured = measured.map(|text| if of_days { format!("{text} of days") } else { text });
    let interval = expected.interval.as_ref().map(|interval| {
        let word = match expected.verdict {
            Verdict::Holds => "at worst",
            _ => "worst",
        };
        format!("{word} from {}", moment(interval))
    });
    let said: Vec<String> = measured.into_iter().chain(interval).collect();
    match (&expected.reason, said.is_empty()) {
        (Some(reason), true) => reason.clone(),
        (Some(reason), false) => format!("{}; {reason}", said.join(", ")),
        (None, _) => said.join(", "),
    }
}
