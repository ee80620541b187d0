//! For what an expression shall hold.

use super::excerpt::Excerpt;
use super::{ExpressionError, Extent};
use crate::experiment::Catalog;
use crate::format::units;
use crate::time::SimSpan;

/// Where the scope starts: at a free-standing `in`.
pub(super) fn extent_at(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text[from..].find("in") {
        let at = from + found;
        let starts = at == 0 || text[..at].ends_with(char::is_whitespace);
        let after = &text[at + 2..];
        if starts && (after.is_empty() || after.starts_with(char::is_whitespace)) {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

/// What stands behind the limit.
pub(super) fn read_extent(
    excerpt: Excerpt<'_>,
    catalog: &Catalog,
) -> Result<Extent, ExpressionError> {
    let usual = "write `in every interval`, `in every 30m` or `in 95% of days`";
    let mut words = excerpt.text.split_whitespace();
    words.next();
    let rest: Vec<&str> = words.collect();
    match rest.as_slice() {
        ["every", "interval"] => Ok(Extent::Every(catalog.interval)),
        ["every", length @ ..] if !length.is_empty() => {
            let text = length.join(" ");
            let seconds = units::duration(&text)
                .map_err(|error| excerpt.wrong(error.message, error.help.replace('"', "")))?;
            every(excerpt, SimSpan::from_seconds(seconds), catalog)
        }
        [share, "of", "days"] => match units::share(share) {
            Ok(share) if share > 0.0 => Ok(Extent::Days(share)),
            Ok(_) => Err(excerpt.wrong("on 0 % of days anything holds", usual)),
            Err(error) => Err(excerpt.wrong(error.message, error.help.replace('"', ""))),
        },
        _ => Err(excerpt.wrong("this says neither when nor how often", usual)),
    }
}

fn every(
    excerpt: Excerpt<'_>,
    length: SimSpan,
    catalog: &Catalog,
) -> Result<Extent, ExpressionError> {
    let interval = catalog.interval;
    if length == SimSpan::ZERO || length.as_micros() % interval.as_micros() != 0 {
        let message = format!("{length} is not a multiple of the reporting interval, {interval}");
        let help = format!("write a multiple of {interval}, or change `run.interval`");
        return Err(excerpt.wrong(message, help));
    }
    if length > catalog.duration {
        let message = format!("{length} is longer than the run, {}", catalog.duration);
        return Err(excerpt.wrong(message, "leave the scope out to ask for the whole run"));
    }
    Ok(Extent::Every(length))
}
