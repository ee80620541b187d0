use super::*;
use crate::experiment::summary::{Figure, Figures};
use crate::report::glyphs::width;
use crate::report::{Charset, Style, fixture, terminal};
use crate::time::SimSpan;

fn render(summary: &Summary, style: Style) -> String {
    let mut out = Vec::new();
    terminal(&run(summary, &fixture::origin()), &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut summary = fixture::peak_day();
    summary.title = Some("退款".repeat(70));
    summary.contacts[2].name = "a_very_long_name_".repeat(9);
    summary.warnings[0].message = format!("{} no blanks", "x".repeat(300));
    for name in ["overall", "bot"] {
        let figures = if name == "bot" { &mut summary.bot } else { &mut summary.overall };
        let mut huge = Figures::default();
        for (path, _) in figures.iter() {
            huge.push(path, fixture::figure(98_765_432_109.6, 1_234_567.0));
        }
        *figures = huge;
    }
    for charset in [Charset::Unicode, Charset::Ascii] {
        for columns in [72, 80, 100] {
            let style = Style { width: columns, charset, ..Style::default() };
            for line in render(&summary, style).lines() {
                assert!(width(line) <= columns, "{} columns: {line}", width(line));
            }
        }
    }
}

#[test]
fn color_adds_nothing_but_color() {
    let summary = fixture::peak_day();
    let colored = render(&summary, Style { color: true, ..Style::default() });
    assert!(colored.contains("\u{1b}["));
    let stripped = anstream::adapter::strip_str(&colored).to_string();
    assert_eq!(stripped, render(&summary, Style::default()));
}

#[test]
fn plain_charset_is_plain() {
    let mut summary = fixture::peak_day();
    summary.contacts[5].name = "account".into();
    summary.warnings[0].message = "± 3.7s – at ≥ 2 × the load".into();
    assert!(render(&summary, Style { charset: Charset::Ascii, ..Style::default() }).is_ascii());
}

#[test]
fn the_answer_comes_first() {
    let report = render(&fixture::peak_day(), Style::default());
    let places: Vec<_> =
        ["wait 12.4s on average", "THE ANSWER", "THE BOT", "CONTACT TYPES", "AGENT GROUPS"]
            .into_iter()
            .chain(["HOUR BY HOUR", "WARNINGS", "next: simulate run"])
            .map(|part| report.find(part).unwrap_or_else(|| panic!("no {part}:\n{report}")))
            .collect();
    assert!(places.is_sorted(), "{places:?}\n{report}");
}

#[test]
fn unknown_is_a_dash_and_never_zero() {
    let mut summary = fixture::peak_day();
    summary.overall = Figures::default();
    summary.bot = Figures::default();
    for interval in &mut summary.intervals {
        interval.overall = Figures::default();
        interval.groups.clear();
        interval.clock = None;
    }
    let report = render(&summary, Style::default());
    assert!(!report.contains("NaN") && !report.contains("inf"), "{report}");
    let wait = report.lines().find(|line| line.contains("Mean wait")).unwrap();
    assert!(wait.contains('–') && !wait.contains('0'), "{wait}");
}

/// Puts the `value` at `path` of all contacts and of the first contact type.
fn put(summary: &mut Summary, path: &'static str, value: Option<f64>) {
    for figures in [&mut summary.overall, &mut summary.contacts[0].figures] {
        let mut changed = Figures::default();
        for (at, kept) in figures.iter().filter(|(at, _)| *at != path) {
            changed.push(at, kept);
        }
        let figure = value.map_or_else(Figure::default, |value| fixture::figure(value, 0.001));
        changed.push(path, figure);
        *figures = changed;
    }
}

fn one_line(report: &str) -> String {
    report.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn who_is_turned_away_is_in_the_answer() {
    let mut summary = fixture::peak_day();
    assert!(!render(&summary, Style::default()).contains("turned"));
    put(&mut summary, "blocked", Some(940.0));
    put(&mut summary, "blocking_rate", Some(0.084));
    let report = render(&summary, Style::default());
    let told = one_line(&report);
    assert!(told.contains("8.4 % find no room and are turned away."), "{report}");
    let row = |name| report.lines().find(|line| line.contains(name)).unwrap();
    assert!(row("  order_status").ends_with("8.4 %"), "{report}");
    assert!(row("  promotion").ends_with('–'), "{report}");
    assert!(report.lines().all(|line| width(line) <= 80), "{report}");
    put(&mut summary, "wait.mean", None);
    let told = one_line(&render(&summary, Style::default()));
    assert!(told.contains("Nobody is answered by an agent"), "{told}");
}

#[test]
fn repeats_are_never_hidden() {
    let mut summary = fixture::peak_day();
    assert!(!render(&summary, Style::default()).contains("repeats"));
    let arrivals = summary.overall.value("arrivals").unwrap();
    for (share, is_grave) in [(0.08, false), (0.22, true)] {
        put(&mut summary, "retries", Some(arrivals * share));
        put(&mut summary, "recontacts", Some(1234.0));
        let report = render(&summary, Style::default());
        assert!(report.contains("  and repeats after giving up "), "{report}");
        assert!(report.contains("  and returns after a false resolution "), "{report}");
        let told = one_line(&report);
        let said = told.contains("Those who try again add 22 % to the contacts that arrive.");
        assert_eq!(said, is_grave, "{report}");
    }
}

#[test]
fn a_week_is_no_day() {
    let mut summary = fixture::peak_day();
    summary.run.duration = SimSpan::from_seconds(7.0 * 86_400.0);
    summary.warnings.clear();
    let report = render(&summary, Style::default());
    let titles = "average run   ± (95 %)    1 run in 20";
    assert!(report.contains(titles), "{report}");
    let told = one_line(&report);
    assert!(told.contains("met in 38 % of runs") && told.contains("1 run in 20 gets"));
    assert!(!report.contains(" day") && !report.contains("Days"), "{report}");
}

#[test]
fn few_replications_say_nothing_of_1_day_in_20() {
    let mut summary = fixture::peak_day();
    summary.run.replications = 19;
    let report = render(&summary, Style::default());
    assert!(!report.contains("over "), "{report}");
    assert!(one_line(&report).contains("takes at least 20 replications"), "{report}");
    summary.run.replications = 20;
    assert!(render(&summary, Style::default()).contains("over "));
}

#[test]
fn what_does_not_happen_is_told_in_words() {
    let mut summary = fixture::peak_day();
    summary.run.replications = 1;
    put(&mut summary, "wait.p95", Some(0.0));
    put(&mut summary, "escalation_backlog.clear_time", Some(0.0));
    let report = one_line(&render(&summary, Style::default()));
    for part in [
        "until an agent answers, 19 in 20 of them not at all.",
        ", and nothing of it is left after the last surge's hold.",
        "simulated 1 time ",
        " 1 replication ",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    put(&mut summary, "wait.mean", Some(0.0));
    let report = one_line(&render(&summary, Style::default()));
    assert!(report.contains("is answered at once."), "{report}");
    summary.run.partial = true;
    let report = one_line(&render(&summary, Style::default()));
    assert!(report.contains("this is the 1 replication that was finished"), "{report}");
}

#[test]
fn nothing_in_a_scenario_steers_the_terminal() {
    let mut summary = fixture::peak_day();
    summary.title = Some("\u{1b}]0;title\u{7}\u{202e}".into());
    summary.groups[0].name = "\u{1b}[31m".into();
    summary.warnings[0].message = "\u{1b}[2J".into();
    let report = render(&summary, Style::default());
    assert!(!report.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{report:?}");
}

/// The peak day with so many contact types and groups, whose names are alike for long.
fn large(types: usize, groups: usize) -> Summary {
    let mut summary = fixture::peak_day();
    let (kind, group) = (summary.contacts[0].clone(), summary.groups[0].clone());
    summary.contacts = (0..types)
        .map(|at| {
            let mut kind = kind.clone();
            kind.name = format!("returns_and_refunds_after_delivery_{at:03}");
            let mut figures = Figures::default();
            for (path, figure) in kind.figures.iter() {
                let count = fixture::figure(1e6 + at as f64, 1.0);
                figures.push(path, if path == "offered" { count } else { figure });
            }
            kind.figures = figures;
            kind
        })
        .collect();
    summary.groups = (0..groups)
        .map(|at| {
            let mut group = group.clone();
            group.name = format!("a_team_that_{at:03}_works_at_night_and_on_weekends");
            group
        })
        .collect();
    summary
}

#[test]
fn of_very_many_rows_those_that_matter_are_shown() {
    let report = render(&large(30, 30), Style::default());
    assert!(!report.contains("Left out"), "{report}");
    let report = render(&large(200, 60), Style::default());
    let said = one_line(&report);
    assert!(said.contains("Left out: 170 with the fewest people not served in time."), "{report}");
    assert!(said.contains("Left out: 30 that handle the least."), "{report}");
    assert!(report.contains("livery_199 ") && report.contains("livery_170 "));
    assert!(!report.contains("livery_169 "), "{report}");
}

#[test]
fn long_names_stay_apart() {
    let report = render(&large(9, 9), Style::default());
    assert!(report.contains("  returns_and…livery_008 "), "{report}");
    assert!(report.contains("  a_team_that_008_works… "), "{report}");
    let mut summary = large(2, 2);
    for (at, group) in summary.groups.iter_mut().enumerate() {
        group.name = format!("a team of the long name with {at} in it, far from both ends");
    }
    let report = render(&summary, Style::default());
    assert!(
        report.contains("\n  a team of the long name with 1 in it, far from both ends\n   "),
        "{report}"
    );
    assert!(report.lines().all(|line| width(line) <= 80), "{report}");
}

#[test]
fn many_warnings_of_a_kind_are_folded() {
    let mut summary = fixture::peak_day();
    let first = summary.warnings[0].clone();
    summary.warnings = vec![first; 4];
    let shown = |summary: &Summary| {
        let report = render(summary, Style::default());
        (report.matches("  ! ").count(), one_line(&report))
    };
    assert_eq!(shown(&summary).0, 4);
    summary.warnings = vec![summary.warnings[0].clone(); 9];
    let (count, said) = shown(&summary);
    assert_eq!(count, 4);
    assert!(said.contains("! 6 more of this kind: --json has them all. [backlog-grows]"), "{said}");
}

#[test]
fn a_partial_run_says_so() {
    let mut summary = fixture::peak_day();
    summary.run.partial = true;
    assert!(render(&summary, Style::default()).contains("! Interrupted: these are the 100"));
}

#[test]
fn file_names_are_quoted_for_the_shell() {
    assert_eq!(quoted("scenarios/double11.toml"), "scenarios/double11.toml");
    assert_eq!(quoted("my day's.toml"), r"'my day'\''s.toml'");
}

#[test]
fn an_empty_summary_can_be_written() {
    let mut summary = fixture::peak_day();
    summary.intervals.clear();
    summary.contacts.clear();
    summary.groups.clear();
    summary.warnings.clear();
    summary.title = None;
    assert!(render(&summary, Style::default()).starts_with("scenarios/double11.toml\n"));
}
