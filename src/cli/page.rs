//! `--html` of the commands that print one text: the same blocks as a page.

use std::path::Path;

use super::Failure;
use super::interrupt::Interrupt;
use super::output::Destination;
use crate::report::block::Block;
use crate::report::html::Page;

/// A page in the making, where one is wanted.
pub(super) struct HtmlFile(Option<Destination>);

impl HtmlFile {
    /// Makes sure that the page can be written.
    ///
    /// # Errors
    ///
    /// Where it cannot be, naming the file.
    pub(super) fn open(path: Option<&Path>, interrupt: &Interrupt) -> Result<Self, Failure> {
        Ok(Self(path.map(|path| Destination::open(path, interrupt)).transpose()?))
    }

    /// Whether the page goes where the text would go.
    pub(super) fn has_stdout(&self) -> bool {
        self.0.as_ref().is_some_and(Destination::is_stdout)
    }

    /// Writes a page of this title with a part for each report, and puts it in its place.
    ///
    /// # Errors
    ///
    /// Where that cannot be done.
    pub(super) fn write<'b>(
        self,
        title: &str,
        parts: impl IntoIterator<Item = &'b [Block]>,
    ) -> Result<(), Failure> {
        let Some(target) = self.0 else {
            return Ok(());
        };
        let name = target.name();
        let mut page = Page::new(target, vec![title.to_owned()]);
        for part in parts {
            page.push(part).map_err(|error| page.target().failure(&error))?;
        }
        let target = page.end().map_err(|error| Failure::writing(&name, &error))?;
        target.finish()
    }
}
