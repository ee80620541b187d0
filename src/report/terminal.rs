//! Blocks in the lines of a terminal.
//!
//! No line is wider than the terminal. Nothing is told by color alone, and nothing from a scenario
//! can steer the terminal.

use std::io::{self, Write};

use anstyle::{AnsiColor, Color, Style as Paint};

use super::block::{Block, Foot, Heading, Tone, VerdictItem, WarningKind};
use super::glyphs::{Charset, harmless, pad_right, width, wrap};
use crate::experiment::summary::Verdict;

mod picture;
mod table;

/// How the text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns of a line; below 72 or above 120 these hold.
    pub width: usize,
    /// Whether to emphasize with color; nothing is told by color alone.
    pub color: bool,
    /// Which characters to use.
    pub charset: Charset,
}

impl Default for Style {
    /// 80 columns without color.
    fn default() -> Self {
        Self { width: 80, color: false, charset: Charset::default() }
    }
}

/// Writes blocks as text.
///
/// # Errors
///
/// Those of the writer.
pub fn terminal(blocks: &[Block], style: &Style, out: &mut impl Write) -> io::Result<()> {
    let width = style.width.clamp(72, 120);
    let mut page = Lines { out, style, width, is_ruled: false };
    for block in blocks {
        page.block(block)?;
        page.is_ruled = *block == Block::Rule;
    }
    Ok(())
}

/// Where the lines go and how they look.
struct Lines<'a, W> {
    out: &'a mut W,
    style: &'a Style,
    width: usize,
    /// Whether the last block was a rule: then there is no need for room.
    is_ruled: bool,
}

const PLAIN: Paint = Paint::new();
const STRONG: Paint = Paint::new().bold();
const FAINT: Paint = Paint::new().dimmed();
const ALARM: Paint = Paint::new().bold().fg_color(Some(Color::Ansi(AnsiColor::Yellow)));
const BAD: Paint = Paint::new().bold().fg_color(Some(Color::Ansi(AnsiColor::Red)));
const UNSURE: Paint = Paint::new().fg_color(Some(Color::Ansi(AnsiColor::Yellow)));

impl<W: Write> Lines<'_, W> {
    fn block(&mut self, block: &Block) -> io::Result<()> {
        match block {
            Block::Title(text) | Block::Sentence(Tone::Strong, text) => {
                self.paragraph(STRONG, "", text)
            }
            Block::Facts(text) | Block::Sentence(Tone::Faint, text) => {
                self.paragraph(FAINT, "", text)
            }
            Block::Alarm(text) => self.paragraph(ALARM, "! ", text),
            Block::Rule => self.line(FAINT, &"─".repeat(self.width)),
            Block::Lead(text) | Block::Sentence(Tone::Plain, text) => {
                self.paragraph(PLAIN, "", text)
            }
            Block::Heading(heading) => self.heading(heading),
            Block::Note(text) => self.paragraph(FAINT, "  ", text),
            Block::Gap => self.line(PLAIN, ""),
            Block::Verdicts(heading, items) => {
                heading.iter().try_for_each(|heading| self.heading(heading))?;
                items.iter().try_for_each(|item| self.verdict(item))
            }
            Block::Warnings(heading, kinds) => self.warnings(heading, kinds),
            Block::Table(table) => self.table(table),
            Block::Picture(picture) => self.picture(picture),
            Block::Foot(foot) => self.foot(foot),
            Block::Keys(_) | Block::Timeline(_) => Ok(()),
        }
    }

    fn line(&mut self, paint: Paint, text: &str) -> io::Result<()> {
        let charset = self.style.charset;
        let text = &charset.shorten(charset.spell(text).trim_end(), self.width);
        if self.style.color && paint != PLAIN && !text.is_empty() {
            writeln!(self.out, "{paint}{text}{paint:#}")
        } else {
            writeln!(self.out, "{text}")
        }
    }

    /// An empty line before a new part, and its heading.
    fn heading(&mut self, heading: &Heading) -> io::Result<()> {
        if !self.is_ruled {
            self.line(PLAIN, "")?;
        }
        self.line(STRONG, &self.title(heading))
    }

    fn title(&self, heading: &Heading) -> String {
        let title = format!("{}{}", heading.loud.to_uppercase(), harmless(&heading.rest));
        self.style.charset.spell(&title)
    }

    /// Wrapped text; lines after the first are indented as `first` is wide.
    fn paragraph(&mut self, paint: Paint, first: &str, text: &str) -> io::Result<()> {
        let (indent, charset) = (width(first), self.style.charset);
        let text = charset.spell(&harmless(text));
        for (at, line) in wrap(&text, self.width - indent, charset).iter().enumerate() {
            let start = if at == 0 { first.to_owned() } else { " ".repeat(indent) };
            self.line(paint, &format!("{start}{line}"))?;
        }
        Ok(())
    }

    fn verdict(&mut self, item: &VerdictItem) -> io::Result<()> {
        let (mark, paint) = match item.verdict {
            Verdict::Holds => (" ", PLAIN),
            Verdict::Fails => ("!", BAD),
            Verdict::Undecided => ("?", UNSURE),
        };
        let first = format!("  {mark} {}", pad_right(item.word, 11));
        self.paragraph(paint, &first, &format!("{}: {}", item.text, item.found))?;
        let indent = " ".repeat(width(&first));
        item.parts.iter().try_for_each(|part| self.paragraph(PLAIN, &indent, part))
    }

    fn warnings(&mut self, heading: &Heading, kinds: &[WarningKind]) -> io::Result<()> {
        self.heading(heading)?;
        for kind in kinds {
            let code = kind.code.map_or_else(String::new, |code| format!(" [{code}]"));
            for text in &kind.shown {
                self.paragraph(ALARM, "  ! ", &format!("{text}{code}"))?;
            }
            if !kind.rest.is_empty() {
                let count = kind.rest.len();
                let text = format!("{count} more of this kind: --json has them all.{code}");
                self.paragraph(ALARM, "  ! ", &text)?;
            }
        }
        Ok(())
    }

    fn foot(&mut self, foot: &Foot) -> io::Result<()> {
        self.line(PLAIN, "")?;
        self.line(FAINT, &"─".repeat(self.width))?;
        for (at, facts) in foot.facts.iter().enumerate() {
            let passing = foot.passing.iter().filter(|_| at == 0);
            let facts: Vec<&str> = facts.iter().chain(passing).map(String::as_str).collect();
            self.paragraph(FAINT, "", &facts.join(" · "))?;
        }
        match foot.next.as_deref().map(harmless) {
            // A command that was cut would be none.
            Some(next) if width(&next) <= self.width => self.line(FAINT, &next),
            _ => Ok(()),
        }
    }
}
