//! How documents are laid out: compact, but with a line for each thing a reader compares.
//!
//! Each member of the outermost object has a line, and so has each entry of its long lists and
//! objects, such as `contacts` and `intervals`. So two reports can be compared line by line.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Writes a document in lines, without a line feed at its end.
///
/// # Errors
/// Those of the writer.
pub(super) fn write(document: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    document.serialize(&mut Serializer::with_formatter(&mut out, Lines::default()))?;
    out.flush()
}

/// How the members of an object or a list are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// A line for each member; the first stands behind the brace.
    Record,
    /// A line for each entry.
    Rows,
    /// A line for each entry, which is a [`Layout::Record`].
    Records,
    /// All in the line that it began in.
    Inline,
}

impl Layout {
    /// How the value of a member named `key` is laid out.
    fn of_member(self, key: &[u8]) -> Self {
        match self {
            Self::Inline | Self::Rows => Self::Inline,
            Self::Records => Self::Record,
            Self::Record => match key {
                b"report" => Self::Record,
                b"files" | b"options" => Self::Records,
                b"contacts" | b"channels" | b"groups" | b"intervals" | b"warnings"
                | b"expectations" | b"differences" | b"guards" | b"points" => Self::Rows,
                _ => Self::Inline,
            },
        }
    }
}

/// Puts line feeds before members, by the names of the objects they are in.
#[derive(Debug, Default)]
struct Lines {
    /// The objects and lists around the present place, those within a line only counted.
    open: Vec<Layout>,
    inline: usize,
    /// The key of the present member, where the layout depends on it.
    key: Vec<u8>,
    is_key: bool,
}

impl Lines {
    fn enter(&mut self) {
        if self.inline > 0 {
            self.inline += 1;
            return;
        }
        let layout = match self.open.last() {
            None => Layout::Record,
            Some(around) => around.of_member(&self.key),
        };
        if layout == Layout::Inline {
            self.inline = 1;
        } else {
            self.open.push(layout);
        }
    }

    fn leave(&mut self) {
        if self.inline > 0 {
            self.inline -= 1;
        } else {
            self.open.pop();
        }
    }

    fn separate<W: ?Sized + Write>(&self, out: &mut W, is_first: bool) -> io::Result<()> {
        if self.inline > 0 {
            return if is_first { Ok(()) } else { out.write_all(b",") };
        }
        match (is_first, self.open.last()) {
            (true, Some(Layout::Rows | Layout::Records)) => out.write_all(b"\n"),
            (true, _) => Ok(()),
            (false, _) => out.write_all(b",\n"),
        }
    }
}

impl Formatter for Lines {
    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.enter();
        out.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.leave();
        out.write_all(b"}")
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.enter();
        out.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.leave();
        out.write_all(b"]")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.is_key = self.inline == 0;
        self.key.clear();
        self.separate(out, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.is_key = false;
        Ok(())
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.separate(out, first)
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if self.is_key {
            self.key.extend_from_slice(fragment.as_bytes());
        }
        out.write_all(fragment.as_bytes())
    }
}
