//! One tiny bad scenario per problem code: code, place and message.

use std::collections::BTreeMap;

use surgecast::format::{Files, Override, Problems, SourceText};
use surgecast::random::Distribution;
use surgecast::scenario::codes::CODES;
use surgecast::scenario::{
    Demand, Parsed, Replications, Scenario, Staffing, Steps, SurgeDecay, parse, parse_option,
};
use surgecast::time::SimSpan;

/// A scenario that uses every key this version supports.
pub(crate) const FULL: &str = include_str!("../../src/scenario/every_key.toml");

/// The data files that it names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FullFiles;

impl Files for FullFiles {
    fn read(&self, _base: &str, name: &str) -> Result<(String, Vec<u8>), String> {
        let text = match name {
            "counts.csv" => include_str!("../../src/scenario/every_key/counts.csv"),
            "log.csv" => include_str!("../../src/scenario/every_key/log.csv"),
            _ => return Err("no such file".to_owned()),
        };
        Ok((name.to_owned(), text.into()))
    }
}

/// Parses with these overrides and the data files of [`FULL`].
pub(crate) fn parsed(text: &str, overrides: &[(&str, &str)]) -> Result<Parsed, Problems> {
    let overrides: Vec<Override> =
        overrides.iter().map(|(path, value)| Override::new(*path, *value)).collect();
    parse(SourceText::new("day.toml", text), &overrides, &FullFiles)
}

#[test]
fn a_scenario_with_every_supported_key_is_read() {
    let scenario = match parsed(FULL, &[]) {
        Ok(parsed) => parsed.scenario,
        Err(problems) => panic!("{}", problems.render(false)),
    };
    assert_eq!(scenario.title.as_deref(), Some("Double 11"));
    let names: Vec<&str> = scenario.contacts.iter().map(|contact| contact.name.as_str()).collect();
    assert_eq!(names, ["order_status", "promotion", "invoices", "complaints"]);
    assert_eq!(scenario.groups[0].skills[0].contact, 1);
    assert_eq!(scenario.surges[1].contacts, [0, 1, 2], "no log is touched");
}

/// A scenario with nothing but what is required.
pub(crate) const SMALL: &str = r#"[run]
duration = "8h"
[contacts.a]
rate = "60/h"
handling = { exponential = { mean = "5m" } }
[groups.g]
skills = ["a"]
staff = 5
"#;

/// Files that exist only here.
struct Drawer(BTreeMap<&'static str, Vec<u8>>);

impl Files for Drawer {
    fn read(&self, _base: &str, name: &str) -> Result<(String, Vec<u8>), String> {
        let found = self.0.get(name).ok_or("no such file")?;
        Ok((name.to_owned(), found.clone()))
    }
}

fn drawer() -> Drawer {
    let mut files: BTreeMap<&'static str, Vec<u8>> = BTreeMap::new();
    files.insert("loop.toml", b"extends = \"loop.toml\"\n".to_vec());
    files.insert("base.toml", SMALL.into());
    files.insert("options.toml", format!("{SMALL}{OPTIONS}").into());
    files.insert("latin.toml", b"title = \"caf\xe9\"\n".to_vec());
    files.insert("times.csv", b"id,seconds\n1,30\n2,1m 30s\n".to_vec());
    files.insert("bad.csv", b"id,seconds\n1,30\n2,soon\n3\n".to_vec());
    files.insert("log.csv", b"at,took\n0,60\n90000,\n".to_vec());
    files.insert("blank.csv", b"at,took\n0,60\n5,\n".to_vec());
    files.insert("late.csv", b"at\n90000\n-5\n28800\n".to_vec());
    files.insert("dates.csv", b"at\n2026-11-10 18:00:00\n".to_vec());
    files.insert("gap.csv", b"at\n2026-03-29 02:30:00\n2026-03-29\n".to_vec());
    Drawer(files)
}

fn with_files(text: &[u8], overrides: &[Override]) -> Result<Parsed, Problems> {
    parse(SourceText::new("day.toml", text), overrides, &drawer())
}

/// One bad scenario: its code, what is replaced by what in [`SMALL`], where the problem is, and a
/// piece of what is said.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);

// The lines of [`SMALL`] that cases replace.
const RUN: &str = "[run]";
const DURATION: &str = r#"duration = "8h""#;
const RATE: &str = r#"rate = "60/h""#;
const HANDLING: &str = r#"handling = { exponential = { mean = "5m" } }"#;
const SKILLS: &str = r#"skills = ["a"]"#;
const STAFF: &str = "staff = 5";

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("file-unreadable", RUN, "extends = \"none.toml\"\n[run]", "1:11", "no such file"),
    ("syntax", DURATION, "duration = ", "2:12", ""),
    ("syntax", RUN, "größe = 1\n[run]", "1:3", "quotes"),
    ("too-deep", RUN, "[x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x]\n[run]", "1:17", "parts"),
    ("extends-cycle", RUN, "extends = \"loop.toml\"\n[run]", "1:11", "loop.toml"),
    ("unknown-key", RUN, "[run]\nduratoin = \"8h\"", "2:1", "did you mean `duration`"),
    ("unknown-key", HANDLING, r#"handling = { exponentail = { mean = "5m" } }"#, "5:14", "did you mean `exponential`"),
    ("unknown-group", "[groups.g]", "[plan]\nmeet = [\"x\"]\ngroups = [\"gg\"]\n[groups.g]", "8:11", "there is no group `gg`"),
    ("invalid-break", "[groups.g]", "[[plan.shifts]]\nname = \"d\"\nstarts = { from = \"08:00\" }\nlength = \"9h\"\nbreaks = [{ after = \"8h\", length = \"2h\" }]\n[plan]\nmeet = [\"x\"]\n[groups.g]", "10:21", "ends after the shift"),
    ("missing-key", DURATION, "", "1:2", "`run.duration` is missing"),
    ("missing-key", RATE, "", "3:11", "`contacts.a.rate` is missing"),
    ("missing-key", HANDLING, "", "3:11", "`contacts.a.handling` is missing"),
    ("missing-key", STAFF, "", "6:9", "`groups.g.staff` is missing"),
    ("missing-key", HANDLING, r#"handling = { gamma = { mean = "5m" } }"#, "5:22", "cv"),
    ("missing-key", RATE, "rate = \"60/h\"\nretry = { probability = 0.5 }", "5:1", "retry.after"),
    ("missing-key", STAFF, r#"staff = [{ from = "0s" }]"#, "8:10", "agents"),
    ("missing-key", STAFF, "staff = [{ agents = 3 }]", "8:10", "from"),
    ("conflicting-keys", RATE, "rate = \"60/h\"\ndaily = 500", "5:1", "exclude each other"),
    ("conflicting-keys", DURATION, "duration = \"8h\"\nreplications = 5\nprecision = { of = \"wait.mean\", relative = 0.1 }", "4:1", "exclude"),
    ("conflicting-keys", HANDLING, r#"handling = { exponential = { mean = "5m" }, fixed = { value = "5m" } }"#, "5:45", "one law"),
    ("empty-name", STAFF, "staff = 5\n[groups.\"\"]\nstaff = 1\nskills = [\"a\"]", "9:9", "no characters"),
    ("wrong-type", STAFF, r#"staff = "5""#, "8:9", "a whole number is expected"),
    ("wrong-type", STAFF, "staff = 5.0", "8:9", "write `5`"),
    ("wrong-type", HANDLING, r#"handling = "5m""#, "5:12", "fixed"),
    ("wrong-type", "[contacts.a]", "[[contacts]]", "3:1", "a table of tables"),
    ("bare-number", DURATION, "duration = 90", "2:12", r#"`"90s"`"#),
    ("bare-number", RATE, "rate = 60", "4:8", r#"`"60/h"`"#),
    ("invalid-duration", DURATION, r#"duration = "8 hours""#, "2:12", "not a unit"),
    ("invalid-duration", DURATION, r#"duration = "1y""#, "2:12", "differ in length"),
    ("invalid-duration", DURATION, r#"duration = "-8h""#, "2:12", "negative"),
    ("invalid-rate", RATE, r#"rate = "60/m""#, "4:8", r#"`"60/min"`"#),
    ("invalid-share", STAFF, "staff = 5\nshrinkage = 85", "9:13", r#""85%""#),
    ("invalid-share", STAFF, "staff = 5\nshrinkage = \"120%\"", "9:13", "from 0 to 1"),
    ("invalid-moment", STAFF, r#"staff = [{ from = "25:00", agents = 3 }]"#, "8:19", "clock time"),
    ("invalid-date-time", RUN, "[run]\nstart = 2026-11-10T18:00:00+08:00", "2:9", "run.timezone"),
    ("invalid-date-time", RUN, "[run]\nstart = 2026-11-10", "2:9", "2026-11-10T00:00:00"),
    ("invalid-date-time", RUN, "[run]\nstart = \"2026-11-10T18:00:00\"", "2:9", "without quotes: `2026-11-10T18:00:00`"),
    ("invalid-choice", "[groups.g]", "[routing]\npolicy = \"prioritty\"\n[groups.g]", "7:10", "did you mean `priority`"),
    ("out-of-range", DURATION, r#"duration = "0s""#, "2:12", "0"),
    ("out-of-range", DURATION, r#"duration = "4000d""#, "2:12", "3660"),
    ("out-of-range", DURATION, "duration = \"8h\"\nreplications = 0", "3:16", "from 1 to 1000000"),
    ("out-of-range", DURATION, "duration = \"8h\"\nreplications = 1000001", "3:16", "from 1 to 1000000"),
    ("out-of-range", DURATION, "duration = \"8h\"\nseed = -1", "3:8", "from 0 to"),
    ("out-of-range", DURATION, "duration = \"8h\"\nseed = 9223372036854775808", "3:8", "9223372036854775807"),
    ("out-of-range", STAFF, "staff = 10000001", "8:9", "10000000"),
    ("out-of-range", STAFF, "staff = 5\nshrinkage = 1", "9:13", "less than 1"),
    ("out-of-range", STAFF, "staff = 5\nshrinkage_every = \"10s\"", "9:19", "at least `\"1m\"`"),
    ("invalid-choice", STAFF, "staff = 5\nrounding = \"floor\"", "9:12", "down"),
    ("out-of-range", SKILLS, "skills = { a = 0 }", "7:16", "from 0.001 to 1000"),
    ("out-of-range", STAFF, "staff = 5\n[[bot.outages]]\nstart = \"1h\"\nlength = \"0s\"", "11:10", "more than 0"),
    ("out-of-range", SKILLS, "skills = { a = 1001 }", "7:16", "from 0.001 to 1000"),
    ("out-of-range", RATE, "rate = \"60/h\"\nbusyness = 1e300", "5:12", "`1e300` is over 10"),
    ("bare-number", DURATION, "duration = 1e300", "2:12", "`1e300` has no unit"),
    ("bare-number", RATE, "rate = 1e300", "4:8", "`\"1200/h\"`"),
    ("invalid-share", STAFF, "staff = 5\nshrinkage = 1.4", "9:13", "a share is from 0 to 1"),
    ("invalid-share", STAFF, "staff = 5\nshrinkage = 1e300", "9:13", "`1e300` is not"),
    ("too-many-intervals", DURATION, "duration = \"8h\"\ninterval = \"500ms\"", "3:12", "write `interval = \"1s\"`"),
    ("too-many-intervals", DURATION, "duration = \"360d\"\ninterval = \"6m\"", "3:12", "write `interval = \"15m\"`"),
    ("too-many-intervals", DURATION, "duration = \"3660d\"", "2:12", "write `interval = \"2h\"`"),
    ("steps-outside-run", STAFF, "staff = [{ from = \"8h\", agents = 3 }, { from = \"9h\", agents = 4 }]", "8:19", "nothing would ever hold"),
    ("steps-outside-run", RATE, "rate = [{ from = \"9h\", rate = \"60/h\" }]", "4:18", "run of `8h`"),
    ("share-sum", STAFF, "staff = 5\n[contacts.a.bot]\nsession = { fixed = { value = \"1m\" } }\ndeflection = 0.99999\nabandonment = 0.2", "12:15", "at most `0.00001`"),
    ("not-finite", RATE, "daily = inf", "4:9", "finite"),
    ("not-finite", STAFF, "staff = 5\ncost_per_hour = nan", "9:17", "finite"),
    ("unknown-timezone", RUN, "[run]\ntimezone = \"Asia/Shangai\"", "2:12", "Asia/Shanghai"),
    ("unknown-timezone", RUN, "[run]\ntimezone = \"Berlin\"", "2:12", "Europe/Berlin"),
    ("time-gap", RUN, "[run]\ntimezone = \"Europe/Berlin\"\nstart = 2026-03-29T02:30:00", "3:9", "skip"),
    ("time-fold", RUN, "[run]\ntimezone = \"Europe/Berlin\"\nstart = 2026-10-25T02:30:00", "3:9", "twice"),
    ("date-without-start", STAFF, "staff = [{ from = 2026-11-10T18:00:00, agents = 3 }]", "8:19", "run.start"),
    ("empty-list", STAFF, "staff = []", "8:9", "no entries"),
    ("empty-list", SKILLS, "skills = {}", "7:10", "no contact type"),
    ("duplicate-moment", STAFF, r#"staff = [{ from = "1h", agents = 3 }, { from = "60m", agents = 4 }]"#, "8:48", "same moment"),
    ("duplicate-name", SKILLS, r#"skills = ["a", "a"]"#, "7:16", "twice"),
    ("invalid-distribution", HANDLING, r#"handling = { uniform = { low = "5m", high = "1m" } }"#, "5:24", "high"),
    ("invalid-distribution", HANDLING, r#"handling = { gamma = { mean = "5m", cv = 1e300 } }"#, "5:22", "`cv` is `1e300`"),
    ("invalid-distribution", HANDLING, "handling = {}", "5:12", "no law"),
    ("invalid-data", HANDLING, r#"handling = { empirical = { file = "times.csv", column = "secs" } }"#, "5:57", "seconds"),
    ("unknown-contact", SKILLS, r#"skills = ["a", "aa"]"#, "7:16", "known contact types: `a`"),
    ("unknown-contact", STAFF, "staff = 5\n[surges.s]\ncontacts = [\"b\"]\nstart = \"1h\"\nhold = \"1h\"\nfactor = 2", "10:13", "`b`"),
    ("unknown-profile", RATE, "rate = \"60/h\"\nprofile = \"day\"", "5:11", "profiles.day"),
    ("profile-length", STAFF, "staff = 5\n[profiles.p]\ninterval = \"1h\"\nweights = [1, 2, 3]", "11:11", "24 weights for a day or 168 for a week"),
    ("empty-profile", STAFF, "staff = 5\n[profiles.p]\ninterval = \"12h\"\nweights = [0, 0.0]", "11:11", "all weights are 0"),
    ("warm-up-too-long", DURATION, "duration = \"8h\"\nwarm_up = \"8h\"", "3:11", "leaves nothing"),
    ("too-many-intervals", DURATION, "duration = \"8h\"\ninterval = \"1ms\"", "3:12", "100000"),
    ("share-sum", STAFF, "staff = 5\n[contacts.a.bot]\nsession = { fixed = { value = \"1m\" } }\ndeflection = 0.9\nabandonment = 0.2", "12:15", "at most `0.1"),
    ("endless-retry", RATE, "rate = \"60/h\"\nretry = { probability = 1, after = { fixed = { value = \"0s\" } } }", "5:36", "at_most"),
    ("endless-retry", RATE, "rate = \"60/h\"\nretry = { probability = { blocked = 1 }, after = { fixed = { value = \"900ms\" } } }", "5:50", "at_most"),
    ("surge-outside-run", STAFF, "staff = 5\n[surges.s]\nstart = \"23:00\"\nhold = \"1h\"\nfactor = 2", "10:9", "never within the run"),
    ("outage-outside-run", STAFF, "staff = 5\n[[bot.outages]]\nstart = \"08:00\"\nlength = \"1h\"", "10:9", "never within the run"),
    ("surge-outside-run", STAFF, "staff = 5\n[surges.s]\nstart = \"8h\"\nhold = \"1h\"\nfactor = 2", "10:9", "after the run"),
    ("surge-without-length", STAFF, "staff = 5\n[surges.s]\nstart = \"1h\"\nfactor = 2", "9:9", "no length"),
    ("conflicting-keys", STAFF, "staff = 5\n[surges.s]\nstart = \"1h\"\nfactor = 2\ndecay = \"1h\"\nhalf_life = \"1h\"", "13:1", "exclude"),
    ("bare-number", STAFF, "staff = 5\n[surges.s]\nstart = \"1h\"\nhold = 60\nfactor = 2", "11:8", "60s"),
    ("wrong-type", STAFF, "staff = 5\n[surges.s]\nstart = \"1h\"\nhold = \"1h\"\nfactor = { fixed = { value = \"2s\" } }", "12:30", "a number is expected"),
    ("outage-outside-run", STAFF, "staff = 5\n[[bot.outages]]\nstart = \"9h\"\nlength = \"1h\"", "10:9", "after the run"),
    ("unserved-contact", HANDLING, "handling = { exponential = { mean = \"5m\" } }\n[contacts.b]\nrate = \"1/h\"\nhandling = { exponential = { mean = \"5m\" } }", "6:11", "no group serves `b`"),
    ("too-many-arrivals", RATE, r#"rate = "1000000/s""#, "3:2", "2e9"),
    ("out-of-range", RATE, "rate = \"60/h\"\nbusyness = -1", "5:12", "negative"),
    ("no-contacts", "[contacts.a]\nrate = \"60/h\"\nhandling = { exponential = { mean = \"5m\" } }\n", "", "1:1", "[contacts.NAME]"),
    ("syntax", "[groups.g]", "[groups.g]\nstaff = 4", "9:1", "`staff` is written twice"),
    ("no-groups", "[groups.g]\nskills = [\"a\"]\nstaff = 5\n", "", "1:1", "[groups.NAME]"),
    ("syntax", DURATION, "duration = 8h", "2:12", r#"`"8h"`"#),
    ("syntax", RUN, "[groups.Früh]\n[run]", "1:11", r#"`"Früh"`"#),
    ("syntax", DURATION, "duration = \"8h", "2:15", "not closed"),
    ("wrong-type", RUN, "extends = 5\n[run]", "1:11", "name of a file"),
    ("too-many-arrivals", RATE, "daily = 1e308", "3:2", "2e9"),
    ("too-many-arrivals", RATE, "daily = 7e9", "3:2", "2e9"),
    ("too-many-arrivals", RATE, "rate = \"1e300/h\"", "3:2", "2e9"),
    ("too-many-arrivals", STAFF, "staff = 5\n[surges.s]\nstart = \"1h\"\nhold = \"1h\"\nfactor = 1e8", "3:2", "2e9"),
    ("too-many-arrivals", DURATION, "duration = \"720d\"\ninterval = \"1d\"\n[surges.s]\nstart = \"08:00\"\nhold = \"720d\"\nfactor = 1e4", "8:2", "2e9"),
    ("out-of-range", STAFF, "staff = 5\n[profiles.p]\ninterval = \"12h\"\nweights = [1, 1e308]", "11:15", "`1e308` is over 1e9"),
    ("out-of-range", STAFF, "staff = 5\n[profiles.p]\ninterval = \"12h\"\nweights = [0, 1e-300]", "11:11", "less than 1e-9"),
    ("surge-outside-run", RUN, "[surges.s]\nstart = 2026-11-09T00:00:00\nramp = \"1h\"\nfactor = 2\n[run]\nstart = 2026-11-09T02:00:00", "2:9", "before the run"),
    ("outage-outside-run", RUN, "[[bot.outages]]\nstart = 2026-11-10T02:00:00\nlength = \"1h\"\n[run]\nstart = 2026-11-09T02:00:00", "2:9", "after the run"),
    ("date-without-start", RUN, "[surges.s]\nstart = 2026-11-09T00:00:00\nramp = \"1h\"\nfactor = 2\n[run]", "2:9", "run.start"),
    ("out-of-range", SKILLS, "skills = { a = { speed = 1e-300 } }", "7:26", "`1e-300` is not between 0.001 and 1000"),
    ("out-of-range", RATE, "rate = \"60/h\"\npriority = 0", "5:12", "from 1"),
    ("unknown-key", SKILLS, "skills = { a = { sped = 1 } }", "7:18", "did you mean `speed`"),
    ("unknown-key", STAFF, "staff = 5\n[groups.g.shfts]\nx = 1", "9:11", "did you mean `shifts`"),
    ("unknown-key", STAFF, "staff = 5\n[groups.g.zzzzz]\nx = 1", "9:11", "known keys"),
    ("missing-key", RATE, "rate = \"60/h\"\nbot = { deflection = 0.5 }", "5:1", "contacts.a.bot.session"),
    ("option-key", STAFF, "staff = 5\n[options.x]\nextends = \"base.toml\"", "10:1", "`extends` cannot be part of option `x`"),
    ("option-key", STAFF, "staff = 5\n[options.x.options.y]\ntitle = \"y\"", "9:12", "options of its own"),
    ("wrong-type", STAFF, "staff = 5\n[options]\nx = 3", "10:5", "[options.NAME]"),
    ("wrong-type", RUN, "options = [1]\n[run]", "1:11", "a table of tables"),
    ("missing-key", STAFF, "staff = 5\n[surges.s]\nfactor = 2\nhold = \"1h\"", "9:9", "surges.s.start"),
    ("conflicting-keys", RATE, "rate = \"60/h\"\ncounts = { file = \"log.csv\", column = \"at\", interval = \"1h\" }", "5:1", "exclude"),
    ("conflicting-keys", RATE, "daily = 5\nrecorded = { file = \"log.csv\", time = \"at\" }", "5:1", "exclude"),
    ("conflicting-keys", RATE, "recorded = { file = \"log.csv\", time = \"at\" }\nbusyness = 0.1", "5:1", "same on every day"),
    ("conflicting-keys", STAFF, "staff = 5\nshifts = [{ start = \"00:00\", length = \"8h\", agents = 3 }]", "9:1", "named people"),
    ("conflicting-keys", STAFF, "staff = 5\n[routing.policy]\nweighted = {}\npriority_aging = {}", "11:1", "one policy"),
    ("missing-key", RATE, "counts = { file = \"log.csv\", column = \"at\" }", "4:1", "counts.interval"),
    ("missing-key", RATE, "recorded = { file = \"log.csv\" }", "4:1", "recorded.time"),
    ("missing-key", "rate = \"60/h\"\nhandling = { exponential = { mean = \"5m\" } }", "recorded = { file = \"log.csv\", time = \"at\" }", "3:11", "`contacts.a.handling` is missing"),
    ("missing-key", "rate = \"60/h\"\nhandling = { exponential = { mean = \"5m\" } }", "recorded = { file = \"log.csv\", time = \"at\", handling = \"took\" }\ninitial_backlog = 2", "5:19", "`contacts.a.handling` is missing"),
    ("missing-key", "rate = \"60/h\"\nhandling = { exponential = { mean = \"5m\" } }", "recorded = { file = \"log.csv\", time = \"at\", handling = \"took\" }\n[contacts.b]\ndaily = 9\nhandling = { fixed = { value = \"1m\" } }\n[contacts.b.bot]\nsession = { fixed = { value = \"1m\" } }\ndeflection = 0.5\nmisroute = { probability = 0.1, to = \"a\" }\n[groups.h]\nstaff = 1\nskills = [\"b\"]", "11:38", "`contacts.a.handling` is missing"),
    ("missing-key", STAFF, "shifts = [{ start = \"00:00\", agents = 3 }]", "8:11", "shifts[0].length"),
    ("missing-key", STAFF, "staff = 5\nconcurrency = { speed = [1.0] }", "9:1", "concurrency.chats"),
    ("missing-key", STAFF, "staff = 5\nreserve = { agents = 3 }", "9:1", "reserve.contacts"),
    ("invalid-data", RATE, "counts = { file = \"bad.csv\", column = \"secs\", interval = \"1h\" }", "4:39", "seconds"),
    ("invalid-data", RATE, "recorded = { file = \"log.csv\", time = \"att\" }", "4:39", "known columns"),
    ("needs-other-key", RATE, "rate = \"60/h\"\nwhen_closed = \"reject\"", "5:1", "never closed"),
    ("needs-other-key", RATE, "rate = \"60/h\"\nat_close = \"keep\"", "5:1", "never closed"),
    ("date-without-start", RATE, "recorded = { file = \"dates.csv\", time = \"at\" }", "4:41", "run.start"),
    ("timezone-without-start", STAFF, "staff = 5\ntimezone = \"Asia/Shanghai\"", "9:12", "run.start"),
    ("unknown-timezone", STAFF, "staff = 5\ntimezone = \"Berlin\"", "9:12", "Europe/Berlin"),
    ("unknown-group", RATE, "rate = \"60/h\"\nroute = [{ groups = [\"gg\"] }]", "5:22", "known groups: `g`"),
    ("unknown-contact", STAFF, "staff = 5\nhandling = { refund = { fixed = { value = \"1m\" } } }", "9:14", "known contact types: `a`"),
    ("unknown-contact", STAFF, "staff = 5\n[routing]\npolicy = { weighted = { weight = { refund = 3 } } }", "10:36", "known contact types: `a`"),
    ("unknown-contact", STAFF, "staff = 5\n[contacts.a.bot]\nsession = { fixed = { value = \"1m\" } }\ndeflection = 0.5\nmisroute = { probability = 0.1, to = \"b\" }", "12:38", "`b`"),
    ("misroute-to-itself", STAFF, "staff = 5\n[contacts.a.bot]\nsession = { fixed = { value = \"1m\" } }\ndeflection = 0.5\nmisroute = { probability = 0.1, to = \"a\" }", "12:38", "itself"),
    ("out-of-range", STAFF, "staff = 5\n[contacts.a.bot]\nsession = { fixed = { value = \"1m\" } }\ndeflection = 0.5\nurgent = { probability = 0.1, priority = 0 }", "12:42", "from 1"),
    ("empty-list", RATE, "rate = \"60/h\"\nhours = []", "5:9", "08:00"),
    ("empty-list", RATE, "rate = \"60/h\"\nroute = []", "5:9", "general"),
    ("empty-list", RATE, "rate = \"60/h\"\nroute = [{ groups = [] }]", "5:21", "general"),
    ("empty-list", STAFF, "shifts = []", "8:10", "agents = 60"),
    ("empty-list", STAFF, "staff = 5\nreserve = { contacts = [], agents = 3 }", "9:24", "no entries"),
    ("empty-list", STAFF, "staff = 5\n[routing]\npolicy = {}", "10:10", "no name"),
    ("duplicate-name", RATE, "rate = \"60/h\"\nroute = [{ groups = [\"g\"] }, { after = \"1m\", groups = [\"g\"] }]", "5:56", "two stages"),
    ("duplicate-name", RATE, "rate = \"60/h\"\nroute = [{ groups = [\"g\", \"g\"] }]", "5:27", "twice"),
    ("missing-skill", STAFF, "staff = 5\n[contacts.b]\ndaily = 1\nhandling = { fixed = { value = \"1m\" } }\nroute = [{ groups = [\"g\"] }]", "12:22", "add `b` to the `skills` of `g`"),
    ("missing-skill", STAFF, "staff = 5\nhandling = { b = { fixed = { value = \"1m\" } } }\n[groups.h]\nskills = [\"b\"]\nstaff = 1\n[contacts.b]\ndaily = 1\nhandling = { fixed = { value = \"1m\" } }", "9:14", "no skill for `b`"),
    ("missing-skill", STAFF, "staff = 5\nreserve = { contacts = [\"b\"], agents = 1 }\n[groups.h]\nskills = [\"b\"]\nstaff = 1\n[contacts.b]\ndaily = 1\nhandling = { fixed = { value = \"1m\" } }", "9:25", "no skill for `b`"),
    ("invalid-hours", RATE, "rate = \"60/h\"\nhours = [{ from = \"08:00\", to = \"2h\" }]", "5:33", "repeats daily"),
    ("invalid-hours", RATE, "rate = \"60/h\"\nhours = [{ from = \"3h\", to = \"2h\" }]", "5:30", "ends before it begins"),
    ("invalid-moment", RATE, "rate = \"60/h\"\nhours = [{ from = \"24:00\", to = \"02:00\" }]", "5:19", "write `\"00:00\"`"),
    ("overlapping-hours", RATE, "rate = \"60/h\"\nhours = [{ from = \"20:00\", to = \"02:00\" }, { from = \"01:00\", to = \"05:00\" }]", "5:53", "two windows"),
    ("overlapping-hours", RATE, "rate = \"60/h\"\nhours = [{ from = \"1h\", to = \"3h\" }, { from = \"2h\", to = \"5h\" }]", "5:47", "two windows"),
    ("hours-outside-run", RATE, "rate = \"60/h\"\nhours = [{ from = \"9h\", to = \"10h\" }]", "5:19", "run of `8h`"),
    ("recorded-outside-run", RATE, "recorded = { file = \"late.csv\", time = \"at\" }", "4:40", "run of `8h`"),
    ("surge-on-log", STAFF, "staff = 5\n[contacts.b]\nrecorded = { file = \"log.csv\", time = \"at\" }\nhandling = { fixed = { value = \"1m\" } }\n[groups.h]\nskills = [\"b\"]\nstaff = 1\n[surges.s]\ncontacts = [\"b\"]\nstart = \"1h\"\nhold = \"1h\"\nfactor = 2", "16:13", "replays a log"),
    ("surge-on-log", "[contacts.a]\nrate = \"60/h\"\n", "[surges.s]\nstart = \"1h\"\nhold = \"1h\"\nfactor = 2\n[contacts.a]\nrecorded = { file = \"log.csv\", time = \"at\" }\n", "3:9", "every contact type replays a log"),
    ("invalid-break", STAFF, "shifts = [{ start = \"00:00\", length = \"8h\", agents = 3, breaks = [{ after = \"7h\", length = \"2h\" }] }]", "8:77", "shift of `8h`"),
    ("invalid-break", STAFF, "shifts = [{ start = \"00:00\", length = \"8h\", agents = 3, breaks = [{ after = \"4h\", length = \"1h\" }, { after = \"2h\", length = \"15m\" }] }]", "8:110", "in order"),
    ("out-of-range", STAFF, "shifts = [{ start = \"00:00\", length = \"25h\", agents = 3 }]", "8:39", "at most `\"24h\"`"),
    ("out-of-range", STAFF, "shifts = [{ start = \"0s\", length = \"0s\", agents = 3 }]", "8:36", "more than 0"),
    ("out-of-range", STAFF, "shifts = [{ start = \"00:00\", length = \"8h\", agents = 6000000 }, { start = \"08:00\", length = \"8h\", agents = 6000000 }]", "8:10", "at most 10000000"),
    ("shifts-outside-run", STAFF, "shifts = [{ start = \"9h\", length = \"8h\", agents = 3 }]", "8:11", "nobody would ever work"),
    ("shifts-outside-run", STAFF, "shifts = [{ start = \"08:00\", length = \"8h\", agents = 3 }]", "8:11", "run of `8h`"),
    ("speed-count", STAFF, "staff = 5\nconcurrency = { chats = 3, speed = [1.0, 0.9] }", "9:36", "one per chat"),
    ("out-of-range", STAFF, "staff = 5\nconcurrency = { chats = 21 }", "9:25", "from 1 to 20"),
    ("out-of-range", STAFF, "staff = 5\nconcurrency = { chats = 1, speed = [0] }", "9:37", "from 0.001 to 1000"),
    ("out-of-range", RATE, "rate = \"60/h\"\ninitial_backlog = 10000001", "5:19", "10000000"),
    ("out-of-range", STAFF, "staff = 5\n[routing]\npolicy = { priority_aging = { rate = \"1e9/s\" } }", "10:38", ""),
    ("bare-number", STAFF, "staff = 5\n[routing]\npolicy = { priority_aging = { rate = { a = 2 } } }", "10:44", "no unit"),
    ("out-of-range", STAFF, "staff = 5\n[routing]\npolicy = { weighted = { weight = { a = 1e10 } } }", "10:40", "over 1e9"),
    ("wrong-type", STAFF, "staff = 5\n[routing]\npolicy = { generalized_c_mu = { cost = 2 } }", "10:40", "table of contact types"),
    ("unknown-key", STAFF, "staff = 5\n[routing]\npolicy = { wieghted = {} }", "10:12", "did you mean `weighted`"),
    ("invalid-choice", RATE, "rate = \"60/h\"\nagents = \"longest_idl\"", "5:10", "did you mean `longest_idle`"),
    ("too-many-arrivals", RATE, "daily = 5.999e9\ninitial_backlog = 1000000", "3:2", "2e9"),
];

#[test]
fn each_problem_is_told_with_its_code_and_place() {
    let mut wrong = Vec::new();
    for (code, from, to, position, piece) in CASES {
        assert!(SMALL.contains(from), "{from}");
        let text = SMALL.replacen(from, to, 1);
        let Err(problems) = with_files(text.as_bytes(), &[]) else {
            wrong.push(format!("{code}: `{to}` is accepted"));
            continue;
        };
        let [problem] = problems.list() else {
            wrong.push(format!("{code}: `{to}` gives\n{}", problems.render(false)));
            continue;
        };
        let at = problems.position(problem).map(|(_, line, column)| format!("{line}:{column}"));
        let said = format!("{} {}", problem.message, problem.help.as_deref().unwrap_or(""));
        if problem.code != *code || at.as_deref() != Some(*position) || !said.contains(piece) {
            wrong.push(format!("{code} {position} {piece}: {} {at:?} {said}", problem.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_is_unique_and_has_a_case() {
    let elsewhere = [
        "not-utf8",
        "file-too-large",
        "set-path",
        "unknown-option",
        // Found when the figures of the report are known: `cli_check.rs`.
        "unknown-figure",
        "invalid-expression",
    ];
    for (at, (code, _)) in CODES.iter().enumerate() {
        assert!(CODES[..at].iter().all(|(other, _)| other != code), "{code} is listed twice");
        let covered = CASES.iter().any(|case| case.0 == *code) || elsewhere.contains(code);
        assert!(covered, "{code} has no case");
    }
    for (code, ..) in CASES {
        assert!(CODES.iter().any(|(known, _)| known == code), "{code} is not documented");
    }
}

/// The mean handling time of the first contact type, in seconds.
fn mean_handling(scenario: &Scenario) -> String {
    let handling = scenario.contacts[0].handling.as_ref();
    format!("{:.1}", handling.map_or(0.0, Distribution::mean))
}

/// Code and position of each problem.
pub(crate) fn told(parsed: Result<Parsed, Problems>) -> Vec<String> {
    let problems = parsed.expect_err("the scenario has problems");
    let list = problems.list().iter();
    list.map(|problem| match problems.position(problem) {
        Some((label, line, column)) => format!("{} {label}:{line}:{column}", problem.code),
        None => problem.code.to_owned(),
    })
    .collect()
}

#[test]
fn all_problems_are_told_at_once_in_order_of_place() {
    let text = r#"
[run]
duration = 90
timzone = "UTC"
[contacts.a]
rate = "60/m"
profile = "day"
handling = { lognormal = { mean = 5, cv = "x" } }
[groups.g]
skills = { b = 1.0 }
staff = [{ from = "8:00", agents = -1 }, { agents = 3 }]
"#;
    assert_eq!(
        told(parsed(text, &[])),
        [
            "bare-number day.toml:3:12",
            "unknown-key day.toml:4:1",
            "unserved-contact day.toml:5:11",
            "invalid-rate day.toml:6:8",
            "unknown-profile day.toml:7:11",
            "bare-number day.toml:8:35",
            "wrong-type day.toml:8:43",
            "unknown-contact day.toml:10:12",
            "out-of-range day.toml:11:36",
            "missing-key day.toml:11:42",
        ]
    );
}

/// Two options of [`SMALL`].
const OPTIONS: &str = r#"
[options.temps]
title = "with temps"
groups.temps = { staff = 2, skills = { a = 0.7 } }
[options.calls]
contacts.a = { daily = 900, handling = { gamma = { mean = "4m", cv = 1 } } }
run.precision = { of = "wait.mean", relative = 0.1 }
"#;

fn with_option(text: &str, option: &str, set: &[Override]) -> Result<Parsed, Problems> {
    parse_option(SourceText::new("day.toml", text), Some(option), set, &drawer())
}

#[test]
fn an_option_is_laid_over_the_file_as_another_file_would_be() {
    let text = format!("{SMALL}{OPTIONS}");
    let temps = with_option(&text, "temps", &[]).unwrap().scenario;
    assert_eq!(temps.title.as_deref(), Some("with temps"));
    let names: Vec<&str> = temps.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["g", "temps"]);
    let calls = with_option(&text, "calls", &[]).unwrap().scenario;
    assert!(matches!(calls.contacts[0].demand, Demand::Daily(900.0)));
    assert_eq!(mean_handling(&calls), "240.0");
    assert!(matches!(calls.run.replications, Replications::Precision { .. }));
}

#[test]
fn the_digest_is_that_of_what_an_option_gives() {
    let text = format!("{SMALL}{OPTIONS}");
    let plain = parsed(SMALL, &[]).unwrap().scenario.digest;
    assert_eq!(parsed(&text, &[]).unwrap().scenario.digest, plain);
    let temps = with_option(&text, "temps", &[]).unwrap().scenario.digest;
    assert_ne!(temps, plain);
    let whole = format!(
        "title = \"with temps\"\n{SMALL}[groups.temps]\nskills = {{ a = 0.7 }}\nstaff = 2\n"
    );
    assert_eq!(parsed(&whole, &[]).unwrap().scenario.digest, temps);
}

#[test]
fn what_is_set_comes_after_the_option_or_into_it() {
    let text = format!("{SMALL}{OPTIONS}");
    for path in ["groups.temps.staff", "options.temps.groups.temps.staff"] {
        let item = [Override::new(path, "7")];
        let scenario = with_option(&text, "temps", &item).unwrap().scenario;
        assert_eq!(scenario.groups[1].staffing, Staffing::HeadCount(Steps::Constant(7)), "{path}");
    }
}

#[test]
fn a_star_in_a_path_is_every_name_that_has_what_follows() {
    let two = "[contacts.b]\nrate = \"9/h\"\nhandling.fixed.value = \"1m\"\n\
               bot = { deflection = 0.5, session = { fixed = { value = \"1m\" } } }\n";
    let text = format!("{two}{}", SMALL.replace(SKILLS, "skills = [\"a\", \"b\"]"));
    let set = [("contacts.*.bot.deflection", "70%"), ("contacts.*.priority", "2")];
    let scenario = parsed(&text, &set).unwrap().scenario;
    let [a, b] = scenario.contacts.as_slice() else {
        panic!("there are two");
    };
    assert!((a.priority, b.priority) == (2, 2) && [&a.bot, &b.bot].iter().any(|bot| bot.is_none()));
    let bot = a.bot.as_ref().or(b.bot.as_ref()).unwrap();
    assert_eq!(bot.deflection, Steps::Constant(0.7));
    assert_eq!(
        told(parsed(SMALL, &[("contacts.*.bot.deflection", "70%")])),
        ["set-path --set contacts.*.bot.deflection=70%:1:10"]
    );
    assert_eq!(
        told(parsed(SMALL, &[("contacts.\"*\".rate", "7/h")])),
        ["set-path --set contacts.\"*\".rate=7/h:1:10"]
    );
}

#[test]
fn options_of_one_name_in_two_files_are_merged_with_the_rules_of_scenarios() {
    let above = r#"extends = "options.toml"
[options.calls.contacts.a]
rate = "70/h"
handling.fixed.value = "3m"
"#;
    let calls = with_option(above, "calls", &[]).unwrap().scenario;
    assert!(matches!(calls.contacts[0].demand, Demand::Rate(_)));
    assert_eq!(mean_handling(&calls), "180.0");
    assert!(matches!(calls.run.replications, Replications::Precision { .. }));
}

#[test]
fn an_option_that_is_not_there_is_told_with_the_nearest_one() {
    let text = format!("{SMALL}{OPTIONS}");
    let item = [Override::new("groups.temps.staff", "7")];
    let problems = with_option(&text, "tmps", &item).unwrap_err();
    let shown = problems.render(false);
    assert_eq!(problems.list().len(), 1, "{shown}");
    assert_eq!(problems.list()[0].code, "unknown-option");
    assert!(shown.contains("--option tmps:1:1") && shown.contains("did you mean `temps`?"));
    let shown = with_option(SMALL, "temps", &[]).unwrap_err().render(false);
    assert!(shown.contains("[options.NAME]"), "{shown}");
}

#[test]
fn text_in_other_encodings_is_refused_with_its_line() {
    let problems = with_files(b"title = 1\ntitle2 = \"caf\xe9\"\n", &[]).unwrap_err();
    assert_eq!(problems.list()[0].code, "not-utf8");
    assert!(problems.list()[0].message.contains("byte 23, in line 2"));
    assert_eq!(told(with_files(b"extends = \"latin.toml\"\n", &[])), ["not-utf8 latin.toml:1:13"]);
}

#[test]
fn files_of_more_than_16_mib_are_refused() {
    let text = "#".repeat((16 << 20) + 1);
    assert_eq!(told(parsed(&text, &[])), ["file-too-large day.toml:1:1"]);
}

#[test]
fn a_file_is_laid_over_the_one_it_extends() {
    let text = r#"
extends = "base.toml"
[contacts.b]
daily = 10
handling = { fixed = { value = "1m" } }
[contacts.a]
daily = 500
handling = { fixed = { value = "1m" } }
[groups.g]
skills = ["b", "a"]
"#;
    let scenario = with_files(text.as_bytes(), &[]).unwrap().scenario;
    let names: Vec<&str> = scenario.contacts.iter().map(|contact| contact.name.as_str()).collect();
    assert_eq!(names, ["a", "b"], "the base's contacts keep their position");
    assert_eq!(mean_handling(&scenario), "60.0");
    assert_eq!(scenario.groups[0].skills[0].contact, 1);
}

#[test]
fn problems_of_a_base_are_told_at_the_base() {
    let text = b"extends = \"base.toml\"\n[run]\nwarm_up = \"9h\"\n[groups.h]\nstaff = 1\n";
    assert_eq!(
        told(with_files(text, &[])),
        ["warm-up-too-long day.toml:3:11", "missing-key day.toml:4:9"]
    );
    let set = [Override::new("run.duration", "5")];
    assert_eq!(
        told(with_files(b"extends = \"base.toml\"\n", &set)),
        ["bare-number --set run.duration=5:1:14"]
    );
}

#[test]
fn overrides_replace_single_values() {
    let set = [
        ("groups.senior.staff", "7"),
        ("run.replications", "10"),
        ("run.timezone", "UTC"),
        ("contacts.order_status.rate.0.rate", "12/min"),
        ("contacts.\"promotion\".daily", "6000"),
        ("contacts.promotion.handling", "{ fixed = { value = \"1m\" } }"),
        ("surges.coupons.decay", "1h"),
        ("bot.outages.0.length", "\"1h\""),
    ];
    let scenario = match parsed(FULL, &set) {
        Ok(parsed) => parsed.scenario,
        Err(problems) => panic!("{}", problems.render(false)),
    };
    assert_eq!(scenario.groups[1].staffing, Staffing::HeadCount(Steps::Constant(7)));
    assert!(matches!(scenario.run.replications, Replications::Fixed(10)));
    assert_eq!(scenario.surges[1].decay, SurgeDecay::Linear(SimSpan::HOUR));
    assert_eq!(scenario.bot.outages[0].length, SimSpan::HOUR);
    let Demand::Rate(Steps::List(rates)) = &scenario.contacts[0].demand else { panic!("a list") };
    assert_eq!(format!("{:?}", rates[0].1), "0.2");
}

#[test]
fn problems_of_overrides_name_them() {
    for (path, value, expected) in [
        ("groups.g.staf", "3", "unknown-key --set groups.g.staf=3:1:10"),
        ("groups.g.staff", "-3", "out-of-range --set groups.g.staff=-3:1:16"),
        ("groups.g.staff.x", "3", "set-path --set groups.g.staff.x=3:1:16"),
        ("groups.g.skills.4", "a", "set-path --set groups.g.skills.4=a:1:17"),
        ("groups..staff", "3", "set-path --set groups..staff=3:1:1"),
        ("groups.\"g.staff", "3", "set-path --set groups.\"g.staff=3:1:1"),
        ("", "3", "set-path --set =3:1:1"),
        ("groups.g.skills", "[\"a\"", "syntax --set groups.g.skills=[\"a\":1:21"),
        ("extends", "base.toml", "set-path --set extends=base.toml:1:1"),
        ("run.duration", "", "invalid-duration --set run.duration=:1:14"),
    ] {
        assert_eq!(told(parsed(SMALL, &[(path, value)])), [expected]);
    }
}

#[test]
fn columns_of_data_files_are_read_and_their_bad_rows_told() {
    let law = |file| {
        format!("handling = {{ empirical = {{ file = \"{file}\", column = \"seconds\" }} }}")
    };
    let text = |file| SMALL.replace("handling = { exponential = { mean = \"5m\" } }", &law(file));
    let scenario = with_files(text("times.csv").as_bytes(), &[]).unwrap().scenario;
    assert_eq!(mean_handling(&scenario), "60.0");
    assert_eq!(
        told(with_files(text("bad.csv").as_bytes(), &[])),
        ["invalid-data bad.csv:3:1", "invalid-data bad.csv:4:1"]
    );
    assert_eq!(
        told(with_files(text("none.csv").as_bytes(), &[])),
        ["file-unreadable day.toml:5:35"]
    );
}

#[test]
fn the_digest_is_of_what_the_file_says() {
    let digest = |text: &str, set: &[(&str, &str)]| parsed(text, set).unwrap().scenario.digest;
    let plain = digest(SMALL, &[]);
    assert_eq!(plain.len(), 16);
    let moved = r#"
groups.g = { staff = 5, skills = [ "a" ] } # five
contacts.a.handling.exponential.mean = '5m'
contacts.a.rate = "60/h"
[run]
duration = "8h"
"#;
    assert_eq!(digest(moved, &[]), plain);
    assert_eq!(digest(SMALL, &[("groups.g.staff", "5")]), plain);
    assert_ne!(digest(SMALL, &[("groups.g.staff", "6")]), plain);
    let extended = with_files(b"extends = \"base.toml\"\n", &[]).unwrap().scenario.digest;
    assert_eq!(extended, plain);
}

#[test]
fn two_keys_that_disagree_are_both_shown() {
    let text = SMALL.replace("[contacts.a]", "[contacts.a]\ndaily = 7");
    let shown = parsed(&text, &[]).unwrap_err().render(false);
    for part in ["conflicting-keys", "day.toml:5:1", "4 | daily = 7", "`rate` is here"] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
}

#[test]
fn a_type_without_group_is_told_beside_a_skill_nobody_knows() {
    let text = |skill: &str| {
        let more = "[contacts.billing]\nrate = \"1/h\"\nhandling.fixed.value = \"5m\"\n";
        let skills = format!("skills = [\"a\", \"{skill}\"]");
        format!("{more}{}", SMALL.replace(SKILLS, &skills))
    };
    assert_eq!(
        told(parsed(&text("zz"), &[])),
        ["unserved-contact day.toml:1:11", "unknown-contact day.toml:10:16"]
    );
    assert_eq!(told(parsed(&text("biling"), &[])), ["unknown-contact day.toml:10:16"]);
}

#[test]
fn overrides_of_names_that_the_file_lacks_say_so() {
    let general = SMALL.replace("groups.g", "groups.general");
    let said = |text: &str, path: &str, value: &str| {
        let problems = parsed(text, &[(path, value)]).unwrap_err();
        let [problem] = problems.list() else {
            panic!("{}", problems.render(false));
        };
        assert_eq!(problem.code, "set-path");
        (problem.message.clone(), problem.help.clone().unwrap())
    };
    for (text, path, value, message, help) in [
        (SMALL, "groups.h.staff", "3", "there is no group `h`", "known groups: `g`"),
        (
            &general,
            "groups.genral.staff",
            "3",
            "there is no group `genral`",
            "did you mean `general`?",
        ),
        (
            SMALL,
            "contacts.b.rate",
            "9/h",
            "there is no contact type `b`",
            "known contact types: `a`",
        ),
        (
            SMALL,
            "profiles.day.shape",
            "linear",
            "there is no profile `day`",
            "the file has no profiles",
        ),
        (SMALL, "surges.s.factor", "3", "there is no surge `s`", "the file has no surges"),
    ] {
        assert_eq!(said(text, path, value), (message.to_owned(), help.to_owned()));
    }
    let whole = [("groups.h", "{ skills = [\"a\"], staff = 3 }")];
    assert!(parsed(SMALL, &whole).is_ok());
    let parts = [("groups.h.skills", "[\"a\"]"), ("groups.h.staff", "3")];
    assert!(parsed(SMALL, &parts).is_ok());
    let lacking = [("groups.h", "{ skills = [\"a\"] }")];
    assert_eq!(
        told(parsed(SMALL, &lacking)),
        ["missing-key --set groups.h={ skills = [\"a\"] }:1:8"]
    );
}
