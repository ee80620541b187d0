//! `--html` of every command that tells of results: the page says what the text says, stands alone
//! and lets nothing from a scenario become markup.

use super::support::Simulate;

/// Names that would be markup, on a center that is compared, checked, planned and varied.
const NAMED: &str = r#"
title = "<script>alert(1)</script>"
expect = ["wait.mean <= 10m", 'groups."x</td>".occupancy <= 10%']

[run]
duration = "2h"
interval = "30m"
replications = 30

[contacts."<i>chat"]
rate = "30/h"
patience = { exponential = { mean = "5m" } }
handling = { exponential = { mean = "4m" } }

[groups."x</td>"]
skills = ["<i>chat"]
staff = 5
cost_per_hour = 30

[plan]
meet = ["service_level >= 70%"]

[options."<b>more"]
title = "<img src=x> & more"
groups."x</td>".staff = 6
"#;

const STAFF: &str = "groups.\"x</td>\".staff=3..5:1";

/// What is read of a page: its text without markup.
fn read(page: &str) -> String {
    let mut text = String::new();
    for part in page.replace("<wbr>", "").split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
        text.push(' ');
    }
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("\u{a0}", " "),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text, |text, (escaped, plain)| text.replace(escaped, plain))
}

/// The numbers of a text, with their units where these stand behind them without a blank.
fn numbers(text: &str) -> Vec<&str> {
    let ends = |c: char| !c.is_alphanumeric() && c != '%';
    text.split_whitespace()
        .map(|word| word.trim_matches(ends))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .collect()
}

/// The text of a command, and its page.
fn both(args: &[&str]) -> (String, String) {
    let ran = Simulate::new()
        .file("<u>.toml", NAMED)
        .args(args.iter().copied())
        .args(["--html", "page.html"])
        .env("LC_ALL", "C.UTF-8")
        .run();
    assert!([0, 1, 4].contains(&ran.code), "{}", ran.stderr);
    (ran.stdout.clone(), ran.read("page.html"))
}

const COMMANDS: [&[&str]; 5] = [
    &["run", "<u>.toml"],
    &["compare", "<u>.toml", "--at-most", "30"],
    &["check", "<u>.toml", "--at-most", "30"],
    &["plan", "<u>.toml", "--replications", "300"],
    &["sweep", "<u>.toml", "--vary", STAFF, "--picture", "--limit", "30s", "--show", "wait.mean"],
];

#[test]
fn a_page_stands_alone_and_escapes_names() {
    for args in COMMANDS {
        let (_, page) = both(args);
        let page = page.to_ascii_lowercase();
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"), "{args:?}");
        for word in ["<script", "<i>", "<b>", "<u>", "<img", "x</td>", "src=\"", "<link", "http"] {
            // The security policy of the page names no address.
            let found = page.replace("http-equiv", "").contains(word);
            assert!(!found, "{word} in the page of {args:?}");
        }
        let allows_nothing = "content=\"default-src 'none'; style-src 'unsafe-inline'\"";
        assert!(page.contains(allows_nothing), "{args:?}");
    }
}

#[test]
fn a_page_has_every_number_of_the_text() {
    for args in COMMANDS {
        let (text, page) = both(args);
        // Where a column is narrow, the text leaves blanks out.
        let page: String = read(&page).split_whitespace().collect();
        // How long it took is not on the page, which is the same every time.
        let lasting: Vec<&str> = text.lines().filter(|line| !line.contains(" · in ")).collect();
        // The drawing of a sweep has a scale of its own.
        let skipped = if args[0] == "sweep" { 16 } else { 0 };
        let lasting = lasting[skipped.min(lasting.len())..].join("\n");
        let all = numbers(&lasting);
        assert!(!all.is_empty(), "{args:?}: {text}");
        for number in all {
            assert!(page.contains(number), "{number} of {args:?} is not in\n{page}");
        }
    }
}

#[test]
fn a_page_is_printed_instead_of_the_text() {
    for args in COMMANDS {
        let ran = Simulate::new()
            .file("<u>.toml", NAMED)
            .args(args.iter().copied())
            .args(["--html", "-"])
            .run();
        assert!(ran.stdout.starts_with("<!doctype html>"), "{args:?}: {}", ran.stdout);
        assert!(ran.stdout.ends_with("</html>\n"), "{args:?}: {}", ran.stdout);
    }
}

#[test]
fn a_page_replaces_neither_a_scenario_nor_other_output() {
    for args in COMMANDS {
        for (html, also, why) in [
            ("<u>.toml", None, "is read by this run and would be replaced"),
            ("-", Some("--json"), "--html - and --json both want standard output"),
        ] {
            let ran = Simulate::new()
                .file("<u>.toml", NAMED)
                .args(args.iter().copied().filter(|arg| *arg != "--picture"))
                .args(["--html", html])
                .args(also)
                .run();
            assert_eq!(ran.code, 2, "{args:?}");
            assert!(ran.stderr.contains(why), "{args:?}: {}", ran.stderr);
            assert_eq!(ran.read("<u>.toml"), NAMED);
        }
    }
}
