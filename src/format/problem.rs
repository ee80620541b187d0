//! What is wrong with a scenario, where, and what to write instead.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::source::{Place, Sources};

/// Most problems that are shown one by one; the others are counted.
const SHOWN: usize = 50;

/// Longest stretch of a source line that is shown around a problem, in bytes.
const SHOWN_LINE: usize = 400;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable short name, such as `unknown-key`; unique among all codes.
    pub code: &'static str,
    /// Where, if a place can be named.
    pub place: Option<Place>,
    /// What is wrong: lower case, no final period, values in backticks.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The other places that take part, each with what it is.
    pub related: Vec<(Place, String)>,
}

impl Problem {
    /// A problem at `place`.
    pub fn new(code: &'static str, place: &Place, message: impl Into<String>) -> Self {
        Self {
            code,
            place: Some(place.clone()),
            message: message.into(),
            help: None,
            related: Vec::new(),
        }
    }

    /// The same, with what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same, with another place that takes part.
    #[must_use]
    pub fn related(mut self, place: &Place, label: impl Into<String>) -> Self {
        self.related.push((place.clone(), label.into()));
        self
    }
}

/// All that is wrong with a scenario, and the texts it was made of. Never empty.
#[derive(Clone, Debug)]
pub struct Problems {
    list: Vec<Problem>,
    sources: Sources,
}

impl Problems {
    /// Sorts by source and place; what is said twice is kept once.
    pub fn new(mut list: Vec<Problem>, sources: Sources) -> Self {
        let key = |problem: &Problem| {
            let place = problem.place.as_ref();
            place.map(|place| (place.source, place.span.start, place.span.end))
        };
        list.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.code.cmp(b.code)));
        list.dedup();
        Self { list, sources }
    }

    /// The problems of a scenario (under `None`) and of the same scenario under its options, each
    /// told once; those that only an option has say which. `None` where there are none.
    pub(crate) fn together(all: impl IntoIterator<Item = (Option<String>, Self)>) -> Option<Self> {
        let mut together: Option<Self> = None;
        for (option, problems) in all {
            let known = together
                .get_or_insert_with(|| Self { list: Vec::new(), sources: Sources::default() });
            let added = known.adopt(option.as_deref(), problems);
            known.list.extend(added);
        }
        together
    }

    /// The problems that are not here already, with their places in the sources here.
    fn adopt(&mut self, option: Option<&str>, other: Self) -> Vec<Problem> {
        let Self { list, sources } = other;
        let index: Vec<usize> = sources.iter().map(|text| self.sources.index(text)).collect();
        let moved = |place: &mut Place| place.source = index[place.source];
        let mut added = Vec::new();
        for mut problem in list {
            problem.place.iter_mut().for_each(moved);
            problem.related.iter_mut().for_each(|(place, _)| moved(place));
            if self.list.contains(&problem) {
                continue;
            }
            if let Some(option) = option {
                let option = super::units::shorten(option);
                problem.message = format!("option `{option}`: {}", problem.message);
            }
            added.push(problem);
        }
        added
    }

    /// The problems in order of source and place.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// The texts that the places point into.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// File label, line and column (both from 1, columns in characters) of a problem.
    pub fn position(&self, problem: &Problem) -> Option<(&str, usize, usize)> {
        self.sources.position(problem.place.as_ref()?)
    }

    /// What a person reads: code, message, `file:line:column`, the source line, help. At most 50
    /// problems are shown, then a count. Ends with a line break.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut text = String::new();
        for problem in self.list.iter().take(SHOWN) {
            text.push_str(&renderer.render(&self.report(problem)));
            text.push_str("\n\n");
        }
        let count = self.list.len();
        if count > SHOWN {
            let _ = writeln!(text, "… and {} more problems", count - SHOWN);
        } else {
            text.pop();
        }
        text
    }

    /// One problem as the renderer wants it.
    fn report<'a>(&'a self, problem: &'a Problem) -> Vec<Group<'a>> {
        let title = Level::ERROR.primary_title(&problem.message).id(problem.code);
        let mut group = Group::with_title(title);
        if let Some(place) = &problem.place {
            let primary = Excerpt::new(&self.sources, place, None);
            let mut same_line = primary.snippet();
            let mut others = Vec::new();
            for (place, label) in &problem.related {
                let excerpt = Excerpt::new(&self.sources, place, Some(label));
                if excerpt.starts_like(&primary) {
                    same_line = same_line.annotation(excerpt.annotation());
                } else {
                    others.push(excerpt.snippet());
                }
            }
            group = group.element(same_line).elements(others);
        }
        let mut report = vec![group];
        if let Some(help) = &problem.help {
            report.push(Group::with_title(Level::HELP.secondary_title(help)));
        }
        report
    }
}

/// The line in which a place starts. Only it is handed to the renderer, which would otherwise walk
/// through a large file once per problem.
struct Excerpt<'a> {
    label: &'a str,
    text: &'a str,
    line: usize,
    offset: usize,
    span: Range<usize>,
    note: Option<&'a str>,
}

impl<'a> Excerpt<'a> {
    fn new(sources: &'a Sources, place: &Place, note: Option<&'a str>) -> Self {
        let (label, text) = sources.get(place.source);
        let start = floor_boundary(text, place.span.start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let offset = line_start.max(floor_boundary(text, start.saturating_sub(SHOWN_LINE / 2)));
        // A line cut at its start would get a wrong column: such lines show from their beginning.
        let offset = if line_end - line_start > 4 * SHOWN_LINE { offset } else { line_start };
        let shown_end = line_end.min(floor_boundary(text, start.saturating_add(SHOWN_LINE)));
        let end = floor_boundary(text, place.span.end).clamp(start, shown_end.max(start));
        Self {
            label,
            text: &text[offset..shown_end.max(start)],
            line: 1 + text[..line_start].matches('\n').count(),
            offset,
            span: start - offset..end - offset,
            note,
        }
    }

    fn starts_like(&self, other: &Self) -> bool {
        self.label == other.label
            && self.line == other.line
            && self.offset == other.offset
            && self.text.len() == other.text.len()
    }

    fn annotation(&self) -> annotate_snippets::Annotation<'a> {
        let kind =
            if self.note.is_some() { AnnotationKind::Context } else { AnnotationKind::Primary };
        kind.span(self.span.clone()).label(self.note)
    }

    fn snippet(&self) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        Snippet::source(self.text)
            .line_start(self.line)
            .path(self.label)
            .fold(false)
            .annotation(self.annotation())
    }
}

/// The last character boundary at or before `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::source::SourceText;

    fn problems(list: impl FnOnce(&str) -> Vec<Problem>, text: &str) -> Problems {
        let mut sources = Sources::default();
        sources.add(SourceText::new("day.toml", text));
        Problems::new(list(text), sources)
    }

    #[test]
    fn a_problem_shows_code_place_line_and_help() {
        let text = "[run]\nduration = 90\n";
        let shown = problems(
            |_| {
                let place = Place { source: 0, span: 17..19 };
                vec![
                    Problem::new("bare-number", &place, "`90` has no unit").help("write `\"90s\"`"),
                ]
            },
            text,
        )
        .render(false);
        for part in ["bare-number", "`90` has no unit", "day.toml:2:12", "duration = 90", "\"90s\""]
        {
            assert!(shown.contains(part), "{part} is not in\n{shown}");
        }
    }

    #[test]
    fn places_outside_the_text_and_huge_lines_do_no_harm() {
        let text = format!("é{}", "x".repeat(100_000));
        for span in [0..1, 1..2, 50_000..90_000, 99_999..usize::MAX, usize::MAX..usize::MAX] {
            let place = Place { source: 0, span };
            let shown = problems(
                |_| vec![Problem::new("syntax", &place, "odd").related(&place, "here")],
                &text,
            );
            assert!(shown.render(true).len() < 10_000);
        }
    }

    #[test]
    fn many_problems_are_counted_not_listed() {
        let shown = problems(
            |_| {
                let at = |at| Place { source: 0, span: at..at + 1 };
                (0..200).map(|i| Problem::new("syntax", &at(i), format!("p{i}"))).collect()
            },
            &"x\n".repeat(200),
        )
        .render(false);
        assert!(shown.contains("150 more problems"));
    }
}
