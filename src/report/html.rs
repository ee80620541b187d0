//! The report as one page that stands alone: for whoever decides and does not open a terminal.
//!
//! It needs no network, no script and no fonts, and says so to the browser. It follows the reader's
//! light or dark surroundings, the width of a phone and of paper. Everything from a scenario is
//! escaped by construction (see `Markup`). The same scenario, seed and version give the same bytes:
//! nothing on it tells when or how fast it was made.

use std::io::{self, Write};

use super::Origin;
use super::answer::{self, Entry, Worse};
use super::day::{Row, Rows, worst};
use super::format::{self, Unit};
use crate::experiment::Summary;
use crate::experiment::summary::Warning;
use crate::time::SimSpan;
use chart::{Axis, Chart, Curve, Look, MOST_POINTS};
use markup::Markup;

mod chart;
mod markup;
mod tables;

const TEMPLATE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");

/// Writes a page with a part for each scenario.
#[derive(Debug)]
pub struct Page<W> {
    out: W,
    /// Titles of the scenarios that were announced.
    titles: Vec<String>,
    /// Parts written so far.
    parts: usize,
}

impl<W: Write> Page<W> {
    /// A page of scenarios with these titles, of which nothing is written yet.
    pub fn new(out: W, titles: Vec<String>) -> Self {
        Self { out, titles, parts: 0 }
    }

    /// Adds the results of a scenario.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn push(&mut self, summary: &Summary, origin: &Origin) -> io::Result<()> {
        let mut markup = Markup::default();
        if self.is_empty() {
            head(&mut markup, &self.titles);
        }
        self.parts += 1;
        scenario(&mut markup, self.parts, summary, origin);
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
            alarm(
                &mut markup,
                &format!("Interrupted: {missing} of the {all} scenarios were not simulated."),
            );
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

/// All that stands before the scenarios.
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

fn scenario(out: &mut Markup, number: usize, summary: &Summary, origin: &Origin) {
    let title = summary.title.as_deref().unwrap_or_else(|| origin.name());
    out.raw("<article class=\"scenario\" id=\"scenario-")
        .index(number)
        .raw("\">\n<h2>")
        .text(title)
        .raw("</h2>\n<p class=\"faint\">")
        .text(&super::day::extent(summary, origin.option.as_deref(), " · "))
        .raw("</p>\n");
    if summary.run.partial {
        alarm(out, &answer::interrupted(summary));
    }
    out.raw("<p class=\"lead\">").text(&answer::sentences(summary, origin)).raw("</p>\n");
    keys(out, summary, origin);
    tables::expectations(out, summary);
    warnings(out, summary);
    day(out, number, summary);
    out.raw("<h3>The answer in numbers</h3>\n");
    tables::entries(out, "The answer", &answer::entries(summary, origin), summary);
    out.raw("<p class=\"note\">")
        .text(&answer::note(summary, "±", "The last column"))
        .raw("</p>\n");
    if let Some(entries) = answer::bot(summary) {
        out.raw("<h3>The bot</h3>\n");
        tables::entries(out, "The bot", &entries, summary);
    }
    tables::contacts(out, summary);
    tables::groups(out, summary);
    foot(out, summary, origin);
    out.raw("</article>\n");
}

fn alarm(out: &mut Markup, text: &str) {
    out.raw("<div class=\"alarm\"><p>").text(text).raw("</p></div>\n");
}

/// The few numbers that matter, large.
fn keys(out: &mut Markup, summary: &Summary, origin: &Origin) {
    out.raw("<ul class=\"keys\">\n");
    for entry in answer::key(summary, origin) {
        out.raw("<li><span class=\"label\">")
            .text(&entry.label)
            .raw("</span> <span class=\"value\">")
            .text(&format::value(&entry.figure, entry.unit).unwrap_or_else(|| "–".to_owned()))
            .raw("</span>");
        if let Some(half) = format::half_width(&entry.figure, entry.unit) {
            out.raw(" <span class=\"half\">± ").text(&half).raw("</span>");
        }
        if answer::tells_bad_days(summary)
            && let Some(bad) = entry.bad_day()
        {
            let word = summary.run.word();
            out.raw(" <span class=\"more\">")
                .text(&format!("1 {word} in 20: {bad}"))
                .raw("</span>");
        }
        verdict(out, &entry, origin);
        out.raw("</li>\n");
    }
    out.raw("</ul>\n");
}

/// Whether the promise is kept, as far as the interval tells.
fn verdict(out: &mut Markup, entry: &Entry, origin: &Origin) {
    let estimate = &entry.figure.estimate;
    let (Worse::Lower, Some(promise), Some(value)) = (entry.worse, origin.promise, estimate.value)
    else {
        return;
    };
    let (low, high) = (estimate.low, estimate.high);
    let (class, text) = if low.is_some_and(|low| low >= promise.goal) {
        ("met", "✓ meets the goal on average")
    } else if high.is_some_and(|high| high < promise.goal) {
        ("missed", "✗ misses the goal on average")
    } else if value >= promise.goal {
        ("met", "≈ meets the goal, if narrowly")
    } else {
        ("missed", "≈ misses the goal, if narrowly")
    };
    out.raw(" <span class=\"verdict ").raw(class).raw("\">").text(text).raw("</span>");
}

fn warnings(out: &mut Markup, summary: &Summary) {
    if summary.warnings.is_empty() {
        return;
    }
    out.raw("<section class=\"alarm\">\n<h3>Before you rely on it</h3>\n<ul>\n");
    for kind in answer::warnings(summary) {
        kind.shown.iter().for_each(|warning| item(out, warning));
        if !kind.rest.is_empty() {
            out.raw("<li><details><summary>")
                .index(kind.rest.len())
                .raw(" more of this kind</summary>\n<ul>\n");
            kind.rest.iter().for_each(|warning| item(out, warning));
            out.raw("</ul></details></li>\n");
        }
    }
    out.raw("</ul>\n</section>\n");
}

fn item(out: &mut Markup, warning: &Warning) {
    out.raw("<li>").text(&warning.message).raw(" <code>").text(warning.code).raw("</code></li>\n");
}

/// How the day goes: charts, then their numbers.
fn day(out: &mut Markup, number: usize, summary: &Summary) {
    let Rows { list: rows, per_row, length } = Rows::finest(summary, MOST_POINTS);
    if rows.is_empty() {
        return;
    }
    out.raw("<h3>How it goes, hour by hour</h3>\n");
    let axis = Axis::new(&rows, worst(&rows));
    for (at, chart) in charts(&rows, per_row, length).iter().enumerate() {
        let mut id = Markup::default();
        id.raw("c").index(number).raw("-").index(at + 1);
        chart::draw(out, &id, chart, &axis);
    }
    tables::day(out, summary);
}

fn charts(rows: &[Row], per_row: usize, length: SimSpan) -> Vec<Chart> {
    let curve = |name, look, class, of| Curve { name, look, class, of };
    let mut waits = vec![curve("on average", Look::Area, "wait", |row: &Row| row.wait)];
    if rows.iter().any(|row| row.wait_p95.is_some()) {
        waits.push(curve("1 in 20 waits longer", Look::Dashed, "wait", |row| row.wait_p95));
    }
    let peaks = if per_row == 1 {
        "Backlog: people waiting for an agent, at the peak"
    } else {
        "Backlog: people waiting for an agent, at the highest peak"
    };
    let mut charts = vec![
        Chart {
            title: format!("Contacts that arrive, every {length}"),
            highest: "Most arrive, ",
            unit: Unit::Count,
            curves: vec![curve("", Look::Area, "arrive", |row| row.arrivals)],
        },
        Chart {
            title: "Wait for an agent".to_owned(),
            highest: "The longest mean wait is",
            unit: Unit::Seconds,
            curves: waits,
        },
        Chart {
            title: peaks.to_owned(),
            highest: "The highest is",
            unit: Unit::Count,
            curves: vec![curve("", Look::Area, "backlog", |row| row.backlog)],
        },
    ];
    if rows.iter().any(|row| row.staff.is_some()) {
        charts.push(Chart {
            title: "Agents".to_owned(),
            highest: "Most are busy,",
            unit: Unit::Count,
            curves: vec![
                curve("busy", Look::Area, "busy", |row| row.busy),
                curve("present", Look::Line, "staff", |row| row.staff),
            ],
        });
    }
    charts
}

fn foot(out: &mut Markup, summary: &Summary, origin: &Origin) {
    let run = &summary.run;
    let facts = [
        format::counted(u64::from(run.replications), "replication"),
        format::counted(run.contacts, "contact"),
        format::counted(run.events, "event"),
        format!("seed {}", run.seed),
        format!("surgecast {}", origin.version),
        format!("scenario {}, {}", origin.name(), summary.digest),
    ];
    out.raw("<footer>").text(&facts.join(" · ")).raw("</footer>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::summary::{Expectation, Figures, Verdict};
    use crate::report::fixture;

    fn written(summaries: &[Summary], titles: &[&str]) -> String {
        let titles = titles.iter().map(|title| (*title).to_owned()).collect();
        let mut page = Page::new(Vec::new(), titles);
        for summary in summaries {
            page.push(summary, &fixture::origin()).unwrap();
        }
        String::from_utf8(page.end().unwrap()).unwrap()
    }

    fn one(summary: Summary) -> String {
        written(&[summary], &["Double 11"])
    }

    /// Panics unless every tag is closed by its own, in order.
    #[track_caller]
    fn assert_balanced(page: &str) {
        const VOID: [&str; 5] = ["meta", "line", "rect", "path", "wbr"];
        let mut open = Vec::new();
        for part in page.split('<').skip(1) {
            let (tag, _) = part.split_once('>').expect("a tag ends");
            let name: String = tag
                .trim_start_matches('/')
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name), "{tag}");
            } else if !tag.starts_with('!')
                && !tag.ends_with('/')
                && !["meta", "wbr"].contains(&&*name)
            {
                open.push(name);
            } else {
                assert!(tag.starts_with('!') || VOID.contains(&&*name), "{tag}");
            }
        }
        assert_eq!(open, [] as [String; 0]);
    }

    #[test]
    fn the_page_has_the_answer_the_charts_and_the_tables() {
        let page = one(fixture::peak_day());
        assert_balanced(&page);
        let places: Vec<_> = [
            "<title>Double 11</title>",
            "<h2>Double 11: openings at 20:00 and 00:00, bot first</h2>",
            "<p class=\"lead\">People wait 12.4s on average",
            "<span class=\"value\">84.2\u{a0}%</span> <span class=\"half\">± 1.1 pt</span>",
            "Before you rely on it",
            "its backlog only grows. 74 agents",
            "Contacts that arrive, every 15m",
            "Wait for an agent",
            "The same in numbers",
            "<tr class=\"worst\"><th scope=\"row\">11 Nov, 00:00 ◀</th>",
            "The answer in numbers",
            "<h3>The bot</h3>",
            "<h3>Contact types</h3>",
            "<h3>Agent groups</h3>",
            "100 replications",
            "seed 11 · surgecast 0.1.0 · scenario scenarios/double11.toml, 9b1c7d0a52e4f833",
            "How to read the numbers",
        ]
        .map(|part| page.find(part).unwrap_or_else(|| panic!("no {part}:\n{page}")))
        .into();
        assert!(places.is_sorted(), "{places:?}");
        assert_eq!(page.matches("<figure").count(), 4);
        assert_eq!(page.matches("class=\"hit\"").count(), 4 * 120);
        assert!(!page.contains("<h3>Channels</h3>"), "there is one only");
    }

    #[test]
    fn the_page_stands_alone() {
        let page = one(fixture::peak_day());
        for word in ["http:", "https:", "src=", "<script", "<link", "@import", "url("] {
            assert!(!page.contains(word), "{word}");
        }
        assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    }

    #[test]
    fn nothing_from_a_scenario_becomes_markup() {
        const EVIL: &str = "\"><script>alert('x')</script>&{{sections}}\u{202e}";
        let mut summary = fixture::peak_day();
        // Where a name may be broken is another matter.
        let tags = |page: &str| page.replace("<wbr>", "").matches('<').count();
        let clean = tags(&one(fixture::peak_day()));
        summary.title = Some(EVIL.into());
        summary.digest = EVIL.into();
        summary.contacts[0].name = EVIL.into();
        summary.groups[0].name = EVIL.into();
        summary.warnings[0].message = EVIL.into();
        let origin = Origin { file: EVIL.into(), option: Some(EVIL.into()), ..fixture::origin() };
        let mut page = Page::new(Vec::new(), vec![EVIL.into()]);
        page.push(&summary, &origin).unwrap();
        let page = String::from_utf8(page.end().unwrap()).unwrap();
        assert_balanced(&page);
        assert_eq!(tags(&page), clean, "as many tags as with plain names");
        let escaped = "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;{{sections}}?";
        assert_eq!(page.replace("<wbr>", "").matches(escaped).count(), 8);
    }

    #[test]
    fn unknown_is_a_dash_and_nothing_is_not_drawn() {
        let mut summary = fixture::peak_day();
        summary.overall = Figures::default();
        for interval in &mut summary.intervals {
            interval.overall = Figures::default();
            interval.groups.clear();
            interval.clock = None;
        }
        let page = one(summary);
        assert_balanced(&page);
        assert!(!page.contains("NaN") && !page.contains("inf"), "{page}");
        assert!(page.contains("<span class=\"value\">–</span>"));
        assert!(page.contains("<path class=\"line\" d=\"\"/>"));
        assert!(page.contains(">Nothing is known.</desc>"));
        assert_eq!(page.matches("<figure").count(), 3, "no agents to draw");
    }

    #[test]
    fn an_empty_summary_makes_a_page() {
        let mut summary = fixture::peak_day();
        summary.intervals.clear();
        summary.contacts.clear();
        summary.channels.clear();
        summary.groups.clear();
        summary.warnings.clear();
        summary.title = None;
        let page = one(summary);
        assert_balanced(&page);
        assert!(page.contains("<h2>scenarios/double11.toml</h2>"));
        assert!(!page.contains("<figure") && !page.contains("Contact types"));
    }

    #[test]
    fn the_goal_is_missed_or_met_only_beyond_doubt() {
        for (value, half, said) in [
            (0.842, 0.0114, "✗ misses the goal on average"),
            (0.89, 0.02, "≈ misses the goal, if narrowly"),
            (0.91, 0.02, "≈ meets the goal, if narrowly"),
            (0.95, 0.02, "✓ meets the goal on average"),
        ] {
            let mut summary = fixture::peak_day();
            let mut overall = Figures::default();
            overall.push("service_level", fixture::figure(value, half));
            summary.overall = overall;
            assert!(one(summary).contains(said), "{value} ± {half}");
        }
    }

    #[test]
    fn expectations_are_told_with_their_verdicts() {
        let mut summary = fixture::peak_day();
        assert!(!one(summary.clone()).contains("What was expected"));
        summary.expectations = [
            ("wait.p95 <= 15s", Verdict::Fails),
            ("<b> >= 1", Verdict::Holds),
            ("backlog.peak <= 400", Verdict::Undecided),
        ]
        .map(|(text, verdict)| Expectation {
            text: text.into(),
            verdict,
            estimate: fixture::figure(58.0, 4.0).estimate,
            unit: crate::metrics::definition::Unit::Seconds,
            interval: None,
            reason: None,
        })
        .into();
        let page = one(summary);
        assert_balanced(&page);
        for part in [
            "<tr class=\"fails\"><th scope=\"row\">wait.<wbr>p95 &lt;= 15s</th>\
             <td>✗ fails</td><td>58s (54s to 1m 2s)</td></tr>",
            "&lt;b&gt; &gt;= 1</th><td>✓ holds</td>",
            "<td>? undecided</td>",
        ] {
            assert!(page.contains(part), "no {part}:\n{page}");
        }
    }

    #[test]
    fn many_warnings_of_a_kind_are_folded_away() {
        let mut summary = fixture::peak_day();
        let first = summary.warnings[0].clone();
        summary.warnings = vec![first; 9];
        let page = one(summary);
        assert_balanced(&page);
        assert!(page.contains("<summary>6 more of this kind</summary>"));
        assert_eq!(page.matches("its backlog only grows").count(), 9);
    }

    #[test]
    fn several_scenarios_are_parts_of_one_page() {
        let mut partial = fixture::peak_day();
        partial.run.partial = true;
        let summaries = [fixture::peak_day(), partial];
        let page = written(&summaries, &["one", "two & a half"]);
        assert_balanced(&page);
        assert!(page.contains("<title>2 scenarios</title>"));
        assert!(page.contains("<a href=\"#scenario-2\">two &amp; a half</a>"));
        assert!(page.contains("Interrupted: these are the 100 replications"));
        assert!(!page.contains("were not simulated"));
        let mut ids: Vec<&str> =
            page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "every id is there once");
        let page = written(&summaries[..1], &["one", "two", "three"]);
        assert_balanced(&page);
        assert!(page.contains("2 of the 3 scenarios were not simulated"));
    }
}
