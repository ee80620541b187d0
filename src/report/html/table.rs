//! Tables of the page.

use super::heading;
use super::markup::Markup;
use crate::report::block::{FigureTable, RowLook, RowName, ShownOn, TableCell, TableRow};

/// Begins a table; `label` is what is heard of it.
pub(super) fn begin(out: &mut Markup, label: &str, heads: &[&str]) {
    out.raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
        .text(label)
        .raw("\">\n<table>\n<thead><tr>");
    for head in heads {
        out.raw("<th scope=\"col\">").text(head).raw("</th>");
    }
    out.raw("</tr></thead>\n<tbody>\n");
}

/// Ends a table.
pub(super) fn end(out: &mut Markup) -> &mut Markup {
    out.raw("</tbody>\n</table>\n</div>\n")
}

/// All rows of a table, without its bars: charts stand for them.
pub(super) fn table<'m>(out: &'m mut Markup, table: &FigureTable) -> &'m mut Markup {
    if table.place == ShownOn::Terminal || table.rows.is_empty() {
        return out;
    }
    heading(out, &table.heading);
    let columns = || {
        let columns = table.columns.iter().enumerate();
        columns.filter(|(_, column)| column.place != ShownOn::Terminal)
    };
    let heads: Vec<String> =
        columns().map(|(_, column)| column.head.join(" ").trim().to_owned()).collect();
    let heads: Vec<&str> = [""].into_iter().chain(heads.iter().map(String::as_str)).collect();
    begin(out, &format!("{}{}", table.heading.loud, table.heading.rest), &heads);
    for row in &table.rows {
        name(out, row);
        for (at, _) in columns() {
            cell(out, &row.cells[at]);
        }
        out.raw("</tr>\n");
    }
    end(out)
}

fn name(out: &mut Markup, row: &TableRow) {
    let (class, mark) = match row.look {
        RowLook::Plain => ("", ""),
        RowLook::Total => ("total", ""),
        RowLook::Pointed => ("", " ◀"),
        RowLook::Worst => ("worst", " ◀"),
        RowLook::Faint => ("faint", ""),
    };
    out.raw("<tr class=\"").raw(class).raw("\">");
    match &row.name {
        RowName::Words(name) => {
            let is_deep = name.starts_with(' ');
            let begin = "<th scope=\"row\">";
            out.raw(if is_deep { "<th scope=\"row\" class=\"deep\">" } else { begin });
            out.name(name.trim());
        }
        RowName::Time { date, time } => {
            out.raw("<th scope=\"row\">");
            if let Some(date) = date {
                out.text(date).raw(", ");
            }
            out.text(time);
        }
    }
    out.raw(mark).raw("</th>");
}

fn cell(out: &mut Markup, cell: &TableCell) {
    out.raw("<td>");
    match cell {
        TableCell::Text(text) | TableCell::Figure(text, None) => {
            out.text(text.as_deref().unwrap_or("–"));
        }
        TableCell::Figure(text, Some(half)) => {
            out.text(text.as_deref().unwrap_or("–"));
            out.raw("<small>± ").text(half).raw("</small>");
        }
        TableCell::Bar(_) | TableCell::Staff(_) => {}
    }
    out.raw("</td>");
}
