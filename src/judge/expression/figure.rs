//! The figure that an expression names.

use super::excerpt::Excerpt;
use super::names::unquoted;
use super::{Aspect, ExpressionError, UNKNOWN_FIGURE};
use crate::experiment::Catalog;
use crate::experiment::catalog::KnownFigure;
use crate::format::units::shorten;

/// The figure that a path names, and what of it.
pub(super) fn figure<'c>(
    excerpt: Excerpt<'_>,
    catalog: &'c Catalog,
) -> Result<(Aspect, &'c KnownFigure), ExpressionError> {
    let path = unquoted(excerpt.text);
    let path = path.strip_suffix(".value").unwrap_or(&path);
    if let Some(known) = catalog.get(path) {
        return Ok((Aspect::Value, known));
    }
    for (ending, p) in [(".days.p05", 0.05), (".days.p50", 0.5), (".days.p95", 0.95)] {
        if let Some(known) = path.strip_suffix(ending).and_then(|path| catalog.get(path)) {
            return Ok((Aspect::Days(p), known));
        }
    }
    let last = path.rsplit('.').next().unwrap_or(path);
    let help = if matches!(last, "low" | "high") {
        "name the figure itself: its interval decides the verdict anyway".to_owned()
    } else if path.contains(".days") {
        "percentiles over days are `days.p05`, `days.p50` and `days.p95`; \
         for others write `in 90% of days` at the end"
            .to_owned()
    } else {
        suggest(path, catalog)
    };
    Err(ExpressionError {
        code: UNKNOWN_FIGURE,
        span: excerpt.span(),
        message: format!("the report has no figure `{}`", shorten(excerpt.text)),
        help,
    })
}

/// Characters of a path that are compared with the paths of figures.
const LONGEST: usize = 300;

/// What to say of a path that names no figure: the nearest one.
pub fn suggest(path: &str, catalog: &Catalog) -> String {
    let path = path.strip_prefix("overall.").unwrap_or(path);
    // A distance costs the product of both lengths, and of a text without end the start is enough.
    let path = path.char_indices().nth(LONGEST).map_or(path, |(end, _)| &path[..end]);
    let distance = |known: &&KnownFigure| strsim::damerau_levenshtein(&known.path, path);
    // Somebody may have left out the scope, or named another one's figure.
    let inside = |known: &&KnownFigure| {
        path.len() >= 3 && known.path.split('.').any(|segment| segment == path)
    };
    let all = || catalog.figures().iter();
    let nearest = all().min_by_key(distance);
    let near = nearest.filter(|known| distance(known) <= (path.len() / 3).max(1));
    match near.or_else(|| all().find(inside)) {
        Some(known) => format!("did you mean `{}`?", known.path),
        None => format!(
            "write the path of a figure such as `{}`",
            nearest.map_or("wait.p95", |known| known.path.as_str())
        ),
    }
}
