use super::*;
use crate::experiment::Summary;
use crate::experiment::summary::{Expectation, Figures, Verdict};
use crate::report::{Origin, fixture, run};

fn written(summaries: &[Summary], titles: &[&str]) -> String {
    let titles = titles.iter().map(|title| (*title).to_owned()).collect();
    let mut page = Page::new(Vec::new(), titles);
    for summary in summaries {
        page.push(&run(summary, &fixture::origin())).unwrap();
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
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{tag}");
        } else if !tag.starts_with('!') && !tag.ends_with('/') && !["meta", "wbr"].contains(&&*name)
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
        "<h3>Warnings</h3>",
        "its backlog only grows. 74 agents",
        "<h3>The answer</h3>",
        "<h3>The bot</h3>",
        "<h3>Contact types</h3>",
        "<h3>Agent groups</h3>",
        "<h3>How it goes over time</h3>",
        "Contacts that arrive, every 15m",
        "Wait for an agent",
        "<h3>Hour by hour</h3>",
        "<tr class=\"worst\"><th scope=\"row\">11 Nov, 00:00 ◀</th>",
        "seed 11 · 100 replications",
        "surgecast 0.1.0 · scenario 9b1c7d0a52e4f833 · scenarios/double11.toml",
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
    page.push(&run(&summary, &origin)).unwrap();
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
    assert!(!one(summary.clone()).contains("<h3>Expected</h3>"));
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
