//! Blocks as one page that stands alone: for whoever decides and does not open a terminal.
//!
//! It needs no network, no script and no fonts, and says so to the browser. It follows the reader's
//! light or dark surroundings, the width of a phone and of paper. Everything from a scenario is
//! escaped by construction (see `Markup`). The same scenario, seed and version give the same bytes:
//! nothing on it tells when or how fast it was made.

use std::io::{self, Write};

use super::block::{Block, Foot, Heading, KeyFigure, Tone, VerdictItem, WarningKind};
use crate::experiment::summary::Verdict;
use markup::Markup;

mod chart;
mod markup;
mod picture;
mod table;

#[cfg(test)]
mod tests;

const TEMPLATE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");

/// Writes a page with a part for each report.
#[derive(Debug)]
pub struct Page<W> {
    out: W,
    /// Titles of the reports that were announced.
    titles: Vec<String>,
    /// Parts written so far.
    parts: usize,
}

impl<W: Write> Page<W> {
    /// A page of reports with these titles, of which nothing is written yet.
    pub fn new(out: W, titles: Vec<String>) -> Self {
        Self { out, titles, parts: 0 }
    }

    /// Adds a report.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn push(&mut self, blocks: &[Block]) -> io::Result<()> {
        let mut markup = Markup::default();
        if self.is_empty() {
            head(&mut markup, &self.titles);
        }
        self.parts += 1;
        part(&mut markup, self.parts, blocks);
        self.out.write_all(markup.as_str().as_bytes())
    }

    /// Whether nothing is written yet.
    pub fn is_empty(&self) -> bool {
        self.parts == 0
    }

    /// Ends the page and gives the writer back. Where parts are missing, it says so.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn end(mut self) -> io::Result<W> {
        let mut markup = Markup::default();
        if self.is_empty() {
            head(&mut markup, &self.titles);
        }
        if self.parts < self.titles.len() {
            let (missing, all) = (self.titles.len() - self.parts, self.titles.len());
            let text = format!("Interrupted: {missing} of the {all} scenarios were not simulated.");
            alarm(&mut markup, &text);
        }
        markup.raw(halves(TEMPLATE, "{{sections}}").1);
        self.out.write_all(markup.as_str().as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }

    /// Where the page goes.
    pub fn target(&self) -> &W {
        &self.out
    }
}

/// All that stands before the reports.
fn head(out: &mut Markup, titles: &[String]) {
    let (before, rest) = halves(TEMPLATE, "{{title}}");
    let (between, rest) = halves(rest, "{{style}}");
    let (after, _) = halves(rest, "{{sections}}");
    out.raw(before);
    match titles {
        [title] => out.text(title),
        titles => out.index(titles.len()).raw(" scenarios"),
    };
    out.raw(between).raw(STYLE).raw(after);
    if titles.len() > 1 {
        contents(out, titles);
    }
}

fn halves(template: &'static str, place: &str) -> (&'static str, &'static str) {
    template.split_once(place).expect("the template has each place once")
}

fn contents(out: &mut Markup, titles: &[String]) {
    out.raw("<nav aria-label=\"Scenarios\">\n<ol class=\"contents\">\n");
    for (at, title) in titles.iter().enumerate() {
        out.raw("<li><a href=\"#scenario-").index(at + 1).raw("\">").text(title).raw("</a></li>\n");
    }
    out.raw("</ol>\n</nav>\n");
}

/// A report. What is to be known before the figures are relied on stands before the tables: a
/// terminal shows its last lines first, a page its first ones.
fn part(out: &mut Markup, number: usize, blocks: &[Block]) {
    out.raw("<article class=\"scenario\" id=\"scenario-").index(number).raw("\">\n");
    let is_urgent = |block: &&Block| matches!(block, Block::Warnings(..) | Block::Verdicts(..));
    let keys = blocks.iter().position(|block| matches!(block, Block::Keys(_)));
    let (first, later) = blocks.split_at(keys.map_or(blocks.len(), |at| at + 1));
    let urgent = later.iter().filter(is_urgent);
    let others = later.iter().filter(|block| !is_urgent(block));
    for (at, block) in first.iter().chain(urgent).chain(others).enumerate() {
        let mut id = Markup::default();
        id.raw("c").index(number).raw("-").index(at + 1);
        one(out, &id, block);
    }
    out.raw("</article>\n");
}

fn one(out: &mut Markup, id: &Markup, block: &Block) {
    match block {
        Block::Title(text) => out.raw("<h2>").text(text).raw("</h2>\n"),
        Block::Facts(text) | Block::Sentence(Tone::Faint, text) => {
            out.raw("<p class=\"faint\">").text(text).raw("</p>\n")
        }
        Block::Alarm(text) => alarm(out, text),
        Block::Lead(text) | Block::Sentence(Tone::Strong, text) => {
            out.raw("<p class=\"lead\">").text(text).raw("</p>\n")
        }
        Block::Sentence(Tone::Plain, text) => out.raw("<p>").text(text).raw("</p>\n"),
        Block::Heading(heading) => self::heading(out, heading),
        Block::Note(text) => out.raw("<p class=\"note\">").text(text).raw("</p>\n"),
        Block::Keys(keys) => self::keys(out, keys),
        Block::Verdicts(heading, items) => verdicts(out, heading.as_ref(), items),
        Block::Warnings(heading, kinds) => warnings(out, heading, kinds),
        Block::Table(table) => table::table(out, table),
        Block::Timeline(timeline) if timeline.times.is_empty() => out,
        Block::Timeline(timeline) => {
            heading(out, &timeline.heading);
            chart::timeline(out, id, timeline)
        }
        Block::Picture(picture) => picture::picture(out, id, picture),
        Block::Foot(foot) => self::foot(out, foot),
        Block::Rule | Block::Gap => out,
    };
}

fn heading<'m>(out: &'m mut Markup, heading: &Heading) -> &'m mut Markup {
    if heading.loud.is_empty() {
        return out;
    }
    out.raw("<h3>").text(&heading.loud).text(&heading.rest).raw("</h3>\n")
}

fn alarm<'m>(out: &'m mut Markup, text: &str) -> &'m mut Markup {
    out.raw("<div class=\"alarm\"><p>").text(text).raw("</p></div>\n")
}

fn keys<'m>(out: &'m mut Markup, keys: &[KeyFigure]) -> &'m mut Markup {
    out.raw("<ul class=\"keys\">\n");
    for key in keys {
        out.raw("<li><span class=\"label\">")
            .text(&key.label)
            .raw("</span> <span class=\"value\">")
            .text(key.value.as_deref().unwrap_or("–"))
            .raw("</span>");
        if let Some(half) = &key.half {
            out.raw(" <span class=\"half\">± ").text(half).raw("</span>");
        }
        if let Some(more) = &key.more {
            out.raw(" <span class=\"more\">").text(more).raw("</span>");
        }
        if let Some((verdict, words)) = &key.promise {
            let class = if *verdict == Verdict::Holds { "met" } else { "missed" };
            out.raw(" <span class=\"verdict ").raw(class).raw("\">").text(words).raw("</span>");
        }
        out.raw("</li>\n");
    }
    out.raw("</ul>\n")
}

fn verdicts<'m>(
    out: &'m mut Markup,
    heading: Option<&Heading>,
    items: &[VerdictItem],
) -> &'m mut Markup {
    if items.is_empty() {
        return out;
    }
    if let Some(heading) = heading {
        self::heading(out, heading);
    }
    table::begin(out, "Verdicts", &["asked for", "", "found"]);
    for item in items {
        let (class, mark) = match item.verdict {
            Verdict::Holds => ("holds", "✓ "),
            Verdict::Fails => ("fails", "✗ "),
            Verdict::Undecided => ("undecided", "? "),
        };
        out.raw("<tr class=\"").raw(class).raw("\"><th scope=\"row\">").name(&item.text);
        out.raw("</th><td>").text(mark).text(item.word).raw("</td><td>").text(&item.found);
        for part in &item.parts {
            out.raw("<br>").text(part);
        }
        out.raw("</td></tr>\n");
    }
    table::end(out)
}

fn warnings<'m>(out: &'m mut Markup, heading: &Heading, kinds: &[WarningKind]) -> &'m mut Markup {
    out.raw("<section class=\"alarm\">\n<h3>").text(&heading.loud).text(&heading.rest);
    out.raw("</h3>\n<ul>\n");
    for kind in kinds {
        kind.shown.iter().for_each(|text| warning(out, text, kind.code));
        if !kind.rest.is_empty() {
            out.raw("<li><details><summary>")
                .index(kind.rest.len())
                .raw(" more of this kind</summary>\n<ul>\n");
            kind.rest.iter().for_each(|text| warning(out, text, kind.code));
            out.raw("</ul></details></li>\n");
        }
    }
    out.raw("</ul>\n</section>\n")
}

fn warning(out: &mut Markup, text: &str, code: Option<&str>) {
    out.raw("<li>").text(text);
    if let Some(code) = code {
        out.raw(" <code>").text(code).raw("</code>");
    }
    out.raw("</li>\n");
}

fn foot<'m>(out: &'m mut Markup, foot: &Foot) -> &'m mut Markup {
    let facts: Vec<String> = foot.facts.iter().flatten().chain(&foot.file).cloned().collect();
    out.raw("<footer>").text(&facts.join(" · ")).raw("</footer>\n")
}
