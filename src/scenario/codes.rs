//! The codes of all problems: stable, unique, each with a test case in `tests/it/problems.rs`.

/// Code and meaning of every problem that a scenario can have.
pub const CODES: &[(&str, &str)] = &[
    // files and syntax
    (
        "file-unreadable",
        "a file that the scenario names cannot be read",
    ),
    (
        "file-too-large",
        "a scenario file has more than 16 MiB, a data file more than 256 MiB",
    ),
    ("not-utf8", "a file is not UTF-8 text"),
    ("syntax", "the text is not TOML"),
    (
        "too-deep",
        "tables, lists, mixtures or `extends` are nested too deeply",
    ),
    (
        "extends-cycle",
        "a file extends itself, directly or through others",
    ),
    ("set-path", "the path of a `--set` leads nowhere"),
    ("unknown-option", "`--option` names no option of the file"),
    (
        "option-key",
        "an option that contains `options` or `extends`",
    ),
    // keys
    ("unknown-key", "no such key"),
    ("missing-key", "a required key is missing"),
    ("conflicting-keys", "two keys that exclude each other"),
    (
        "needs-other-key",
        "a key that says something only beside another one",
    ),
    ("empty-name", "a name without characters"),
    // values
    ("wrong-type", "a value of another type"),
    ("bare-number", "a number without its unit"),
    ("invalid-duration", "not a duration"),
    ("invalid-rate", "not a rate"),
    ("invalid-share", "not a share from 0 to 1"),
    (
        "invalid-moment",
        "neither offset nor clock time nor local date-time",
    ),
    ("invalid-date-time", "not a local date-time of the calendar"),
    ("invalid-choice", "not one of the choices"),
    ("out-of-range", "a number outside its range"),
    ("not-finite", "infinite or not a number"),
    ("unknown-timezone", "no such IANA time zone"),
    ("time-gap", "a local time that the zone skips"),
    ("time-fold", "a local time that the zone has twice"),
    (
        "date-without-start",
        "a date in a scenario without `run.start`",
    ),
    (
        "timezone-without-start",
        "a group with a zone of its own in a scenario without `run.start`",
    ),
    ("empty-list", "a list or table without entries"),
    (
        "steps-outside-run",
        "a step function whose entries all begin after the run",
    ),
    (
        "duplicate-moment",
        "two entries of a step function at the same moment",
    ),
    ("duplicate-name", "a name listed twice"),
    (
        "invalid-distribution",
        "a distribution whose parameters do not fit",
    ),
    (
        "invalid-data",
        "a row or header of a data file that cannot be used",
    ),
    // checks
    ("unknown-figure", "no such figure in the report"),
    (
        "invalid-expression",
        "not a figure, a comparison and a limit that go together",
    ),
    // what names and numbers mean together
    ("unknown-contact", "no such contact type"),
    ("unknown-group", "no such group"),
    ("unknown-profile", "no such profile"),
    ("profile-length", "weights that do not fill a day or a week"),
    ("empty-profile", "a profile whose weights are all 0"),
    ("warm-up-too-long", "a warm-up as long as the run"),
    (
        "too-many-intervals",
        "more reporting intervals than there is memory for",
    ),
    ("share-sum", "shares that add up to more than 1"),
    (
        "endless-retry",
        "retries without limit, and without delay or with nobody who gives up",
    ),
    (
        "surge-outside-run",
        "a surge that is over before the run or begins after it",
    ),
    (
        "surge-without-length",
        "a surge with neither ramp nor hold nor decay",
    ),
    (
        "outage-outside-run",
        "an outage that is over before the run or begins after it",
    ),
    (
        "recorded-outside-run",
        "a log of which no contact arrives within the run",
    ),
    ("surge-on-log", "a surge of contacts that a log replays"),
    (
        "invalid-hours",
        "opening hours that end before they begin, or whose ends do not fit",
    ),
    (
        "overlapping-hours",
        "two windows of opening hours that overlap",
    ),
    (
        "hours-outside-run",
        "opening hours of which none is within the run",
    ),
    (
        "missing-skill",
        "a group that has no skill for what it is to serve",
    ),
    (
        "misroute-to-itself",
        "escalations taken for the type that they are of",
    ),
    (
        "invalid-break",
        "a break that is not within its shift, or not after the one before it",
    ),
    (
        "shifts-outside-run",
        "shifts of which none is within the run",
    ),
    ("speed-count", "not as many speeds as chats"),
    ("no-contacts", "no contact type at all"),
    ("no-groups", "no agent group at all"),
    ("unserved-contact", "a contact type that no group serves"),
    (
        "too-many-arrivals",
        "more contacts than a replication can hold",
    ),
];
