//! `simulate sweep`: rows of a grid, the same however they come about, and how it goes on.

use std::fs;

use crate::support::{SMALL, Simulate};

const STAFF: &str = "groups.team.staff=3..5:1";
const RATE: &str = "contacts.chat.rate=50/h,70/h";

fn sweep<'a>(args: impl IntoIterator<Item = &'a str>) -> Simulate {
    let simulate = Simulate::new().args(["sweep", "s.toml", "--quiet"]);
    simulate.file("s.toml", SMALL).args(args)
}

fn grid<'a>(args: impl IntoIterator<Item = &'a str>) -> Simulate {
    sweep(["--vary", STAFF, "--vary", RATE]).args(args)
}

#[test]
fn a_grid_gives_one_row_a_point_in_order() {
    let ran = grid(["--show", "wait.mean,backlog.peak.days.p95"]).ok();
    let mut lines = ran.stdout.lines();
    assert_eq!(
        lines.next().unwrap(),
        "groups.team.staff,contacts.chat.rate,wait.mean,wait.mean.low,wait.mean.high,\
         backlog.peak.days.p95,backlog.peak.days.p95.low,backlog.peak.days.p95.high,\
         replications,seed,digest"
    );
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let points: Vec<String> = rows.iter().map(|row| row[..2].join(" ")).collect();
    assert_eq!(points, ["3 50/h", "3 70/h", "4 50/h", "4 70/h", "5 50/h", "5 70/h"]);
    for row in rows {
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        assert!(number(3) <= number(2) && number(2) <= number(4), "{row:?}");
        assert_eq!((row[6], row[7]), ("", ""), "percentiles have no interval");
        assert_eq!((row[8], row[9]), ("5", "1"));
    }
}

#[test]
fn a_row_shows_what_all_groups_cost() {
    let more = format!(
        "{SMALL}cost_per_hour = 30\n[groups.night]\nskills = [\"chat\"]\nstaff = 1\ncost_per_hour = 10\n"
    );
    let rows = |text: &str, args: &[&str]| {
        let simulate = Simulate::new().args(["sweep", "s.toml", "--quiet", "--vary", STAFF]);
        let simulate = simulate.file("s.toml", text).args(args.iter().copied());
        let ran = simulate.args(["--show", "cost,groups.team.cost"]).ok();
        ran.stdout
    };
    let priced = rows(&more, &[]);
    for (row, (all, team)) in priced.lines().skip(1).zip([(200, 180), (260, 240), (320, 300)]) {
        let cells: Vec<&str> = row.split(',').collect();
        let expected = [all, all, all, team, team, team].map(|cost| cost.to_string());
        assert_eq!(cells[1..7], expected, "2 hours of 3, 4 and 5 agents and one");
    }
    let partly = more.replace("cost_per_hour = 10\n", "");
    let partly = rows(&partly, &[]);
    let first = partly.lines().nth(1).unwrap();
    assert!(first.starts_with("3,,,,180,"), "one has no price: {first}");
    let picture = rows(&more, &["--picture", "--limit", "260"]);
    assert!(picture.contains("260"), "{picture}");
}

#[test]
fn rows_are_those_of_single_runs_on_the_same_customers() {
    let rows = grid(["--json", "--show", "wait.mean,arrivals"]).ok().json();
    let points = rows["points"].as_array().unwrap();
    assert_eq!((points.len(), &rows["partial"]), (6, &false.into()));
    let last = Simulate::new()
        .scenario(SMALL)
        .args(["--set", "groups.team.staff=5", "--set", "contacts.chat.rate=70/h", "--json"])
        .ok()
        .json();
    for path in ["mean"] {
        let single = &last["overall"]["wait"][path];
        let row = &points[5]["figures"]["wait.mean"];
        for end in ["value", "low", "high"] {
            assert_eq!(row[end], single[end]);
        }
    }
    assert_eq!(points[5]["digest"], last["scenario"]["digest"]);
    assert_eq!(points[5]["values"]["groups.team.staff"], "5");
    let arrivals = |at: usize| &points[at]["figures"]["arrivals"];
    assert_eq!(arrivals(1), arrivals(5), "staff does not change who comes");
    assert_ne!(arrivals(0), arrivals(1));
}

#[test]
fn the_bytes_are_the_same_for_any_number_of_threads() {
    let one = grid(["--threads", "1"]).ok().stdout;
    for threads in ["2", "8"] {
        assert_eq!(grid(["--threads", threads]).ok().stdout, one, "{threads}");
    }
}

#[test]
fn points_may_come_from_a_table() {
    let points = "groups.team.staff,\"contacts.chat.rate\"\r\n3,50/h\r\n5,70/h\r\n";
    let ran = sweep(["--vary-csv", "points.csv"]).file("points.csv", points).ok();
    let whole = grid([]).ok().stdout;
    let whole: Vec<&str> = whole.lines().collect();
    let expected = [whole[0], whole[1], whole[6]];
    assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), expected);
    for (table, piece) in [
        ("groups.team.staff\n3,4\n", "line 2 has 2 values"),
        ("groups.team.staff,b\n3,\n", "no value for `b`"),
        ("groups.team.staff\n", "no point"),
        ("", "empty"),
        ("a,a\n1,2\n", "varied twice"),
    ] {
        let ran = sweep(["--vary-csv", "points.csv"]).file("points.csv", table).unusable();
        assert!(ran.stderr.contains(piece), "{piece}: {}", ran.stderr);
    }
}

#[test]
fn all_points_that_are_no_scenarios_are_told_before_anything_runs() {
    let ran = sweep(["--vary", "groups.team.staff=3,-1,x", "--vary", "contacts.chat.rate=50/h,60"])
        .unusable();
    assert_eq!(ran.stderr.matches("error[").count(), 3, "{}", ran.stderr);
    for value in ["=-1", "=x", "contacts.chat.rate=60"] {
        assert!(ran.stderr.contains(value), "{value}: {}", ran.stderr);
    }
    assert!(ran.stderr.contains("--vary groups.team.staff=x:1:19"), "{}", ran.stderr);
}

#[test]
fn what_is_asked_wrongly_is_refused_with_advice() {
    for (args, piece) in [
        (&["--vary", "groups.team.staff=3..5"][..], "no step"),
        (&["--vary", "groups.team.staff"], "PATH=VALUES"),
        (&["--vary", STAFF, "--vary", STAFF], "varied twice"),
        (&["--vary", STAFF, "--show", "wait.p5"], "did you mean `wait.p50`?"),
        (&["--vary", STAFF, "--show", "wait.mean,wait.mean"], "shown twice"),
        (&["--vary", STAFF, "--limit", "15"], "`15s`"),
        (&["--vary", STAFF, "--picture", "--json"], "cannot be used with"),
        (&["--vary", "groups.tem.staff=3,4"], "did you mean `team`?"),
        (&[], "--vary"),
    ] {
        let ran = sweep(args.iter().copied()).unusable();
        assert!(ran.stderr.contains(piece), "{args:?}: {}", ran.stderr);
    }
    let three = grid(["--vary", "run.seed=1,2", "--picture"]).unusable();
    assert!(three.stderr.contains("one or two"), "{}", three.stderr);
}

/// What `--resume` has written when the sweep is done.
fn journal() -> String {
    grid(["--resume", "rows.csv"]).ok().read("rows.csv")
}

/// The journal line of these fields, with the checksum that the program would give it: FNV-1a with
/// 64 bits over the fields, each but the last followed by a line break.
fn line(fields: &[&str]) -> String {
    let hash = fields.join("\n").bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{},{hash:016x}\n", fields.join(","))
}

#[test]
fn a_sweep_goes_on_where_it_was_stopped() {
    let whole = grid([]).ok().stdout;
    let kept = journal();
    let lines: Vec<&str> = kept.split_inclusive('\n').collect();
    // Stopped in the middle of a row, of the header, before anything, and not at all.
    let stops = [
        format!("{}{}{}{}", lines[0], lines[1], lines[2], &lines[3][..20]),
        lines[0][..30].to_owned(),
        lines[..5].concat(),
        String::new(),
        kept.clone(),
        // Another editor's line ends.
        lines[..4].concat().replace('\n', "\r\n"),
    ];
    for stopped in stops {
        let ran = grid(["--resume", "rows.csv"]).file("rows.csv", &stopped).ok();
        assert_eq!(ran.stdout, whole, "after {stopped}");
        assert_eq!(ran.read("rows.csv"), kept, "after {stopped}");
    }
}

#[test]
fn finished_points_are_not_simulated_again() {
    let kept = journal();
    // A row that no simulation gives is kept as it stands.
    let lines: Vec<&str> = kept.lines().collect();
    let mut fields: Vec<&str> = lines[1].split(',').collect();
    fields.pop();
    fields[2] = "123.5";
    let changed = line(&fields);
    let stopped = format!("{}\n{changed}", lines[0]);
    let ran = grid(["--resume", "rows.csv", "--json"]).file("rows.csv", &stopped).ok();
    let wait = &ran.json()["points"][0]["figures"]["wait.mean"]["value"];
    assert_eq!(wait, 123.5);
    assert_eq!(ran.read("rows.csv"), kept.replace(lines[1], changed.trim_end()));
}

#[test]
fn a_damaged_row_is_told_and_simulated_again_when_asked() {
    let whole = grid([]).ok().stdout;
    let kept = journal();
    let lines: Vec<&str> = kept.split_inclusive('\n').collect();
    let row = lines[2];
    let digit = row.rfind(|c: char| c.is_ascii_digit() && c != '1').unwrap();
    for damaged in [
        row.replacen(&row[digit..=digit], "1", 1),
        row.replacen(",1,", ",NaN,", 1),
        row.replacen(',', "\"", 1),
        "3,70/h,1\n".to_owned(),
    ] {
        let file = kept.replace(row, &damaged);
        let ran = grid(["--resume", "rows.csv"]).file("rows.csv", &file).unusable();
        assert!(ran.stderr.contains("`rows.csv`: line 3 is damaged"), "{damaged}: {}", ran.stderr);
        assert!(ran.stderr.contains("--repair"), "{}", ran.stderr);
        assert_eq!(ran.read("rows.csv"), file, "it stays as it is");
        let ran = grid(["--resume", "rows.csv", "--repair"]).file("rows.csv", &file).ok();
        assert_eq!(ran.stdout, whole, "{damaged}");
        // The new row stands last.
        let repaired = format!("{}{row}", kept.replace(row, ""));
        assert_eq!(ran.read("rows.csv"), repaired);
    }
    assert!(grid(["--repair"]).run().stderr.contains("--resume"));
}

#[test]
fn a_file_of_another_sweep_is_refused_and_kept() {
    let kept = journal();
    let rows = grid([]).ok().stdout;
    let row = kept.lines().nth(1).unwrap();
    let longer = format!("{kept}{row}\n");
    let fields = |from: &str, to: &str| {
        let changed = row.replace(from, to);
        let fields: Vec<&str> = changed.split(',').collect();
        kept.replace(&format!("{row}\n"), &line(&fields[..fields.len() - 1]))
    };
    for (text, args, piece) in [
        (kept.as_str(), &["--show", "wait.mean"][..], "column 6 is `wait.p95`"),
        (&kept, &["--set", "contacts.chat.priority=2"], "line 2 comes from another scenario"),
        (&kept, &["--seed", "2"], "seed 1"),
        (&kept, &["--replications", "4"], "5 replications"),
        (&longer, &[], "line 8 is of the same point as line 2"),
        (&fields("3,50/h", "2,50/h"), &[], "`2` for `groups.team.staff` and `50/h`"),
        (&fields(env!("CARGO_PKG_VERSION"), "0.0.9"), &[], "version 0.0.9"),
        (&rows, &[], "this sweep has `version` there"),
        ("something else\n", &[], "column 1 is `something else`"),
        ("something else", &[], "first line"),
    ] {
        let ran = grid(["--resume", "rows.csv"])
            .file("rows.csv", text)
            .args(args.iter().copied())
            .unusable();
        assert!(ran.stderr.contains(piece), "{piece}: {}", ran.stderr);
        assert_eq!(ran.read("rows.csv"), text, "{piece}");
    }
}

#[cfg(unix)]
#[test]
fn rows_are_kept_in_files_only() {
    for path in ["/dev/zero", "/dev/null", "."] {
        let ran = grid(["--resume", path]).unusable();
        assert!(ran.stderr.contains("no file that rows can be kept in"), "{}", ran.stderr);
    }
}

#[test]
fn a_point_that_is_no_scenario_ends_the_sweep_where_it_is_met() {
    // Each value is fine beside the first ones of the others; together the last ones are not.
    let bot = "[contacts.chat.bot]\ndeflection = 0.5\nsession = { fixed = { value = \"1m\" } }\n";
    let vary = ["contacts.chat.bot.deflection=0.5,0.9", "contacts.chat.bot.abandonment=0,0.3"];
    let ran = Simulate::new()
        .args(["sweep", "s.toml", "--quiet", "--vary", vary[0], "--vary", vary[1]])
        .file("s.toml", format!("{SMALL}{bot}"))
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 1 + 3, "{}", ran.stdout);
    assert!(ran.stderr.contains("error["), "{}", ran.stderr);
}

#[test]
fn a_journal_that_cannot_be_written_is_named() {
    let ran = grid(["--resume", "no/such/folder.csv"]).unfinished();
    assert!(ran.stderr.contains("no/such/folder.csv"), "{}", ran.stderr);
}

#[test]
fn a_picture_takes_the_place_of_the_rows() {
    let args = ["--show", "wait.mean", "--picture", "--limit", "30s"];
    for (locale, dot) in [("C.UTF-8", '●'), ("C", '*')] {
        let map = grid(args).env("LC_ALL", locale).ok().stdout;
        assert!(map.starts_with("wait.mean over groups.team.staff (down)"), "{map}");
        assert!(map.contains(&format!("{dot} at most 30s")), "{map}");
        assert!(map.lines().all(|line| line.chars().count() <= 80), "{map}");
        assert!(locale == "C.UTF-8" || map.is_ascii(), "{map}");
    }
    let curve = sweep(["--vary", STAFF]).args(args).ok().stdout;
    assert!(curve.starts_with("wait.mean over groups.team.staff\n"), "{curve}");
    assert_eq!(curve.lines().filter(|line| line.contains('│')).count(), 13);
}

#[cfg(unix)]
#[test]
fn an_interrupted_sweep_leaves_what_was_finished_and_goes_on() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Command;

    let args = ["--vary", "groups.team.staff=3..40:1", "--set", "run.replications=2000"];
    let simulate = sweep(args).args(["--resume", "rows.csv", "--threads", "2"]);
    let path = simulate.folder().join("rows.csv");
    let mut child = simulate.start();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // The header and two rows are there; then it is interrupted.
    for _ in 0..3 {
        lines.next().unwrap().unwrap();
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let rest = lines.map_while(Result::ok).count();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(3 + rest < 39, "it was done too soon");
    let kept = fs::read_to_string(&path).unwrap();
    assert!(kept.ends_with('\n'));
    assert_eq!(kept.lines().count(), 3 + rest);
}
