use super::*;
use crate::format::{NoFiles, SourceText};
use crate::model::Model;
use crate::scenario::parse as read;

/// Two hours in half-hours, one contact type with a name in two words.
pub(crate) fn model() -> Model {
    let text = r#"
        [run]
        duration = "2h"
        interval = "30m"
        [contacts.refund]
        rate = "60/h"
        handling = { exponential = { mean = "3m" } }
        patience = { exponential = { mean = "2m" } }
        [contacts."late fee"]
        rate = "6/h"
        handling = { exponential = { mean = "3m" } }
        [groups.team]
        skills = ["refund", "late fee"]
        staff = 4
        cost_per_hour = 30
    "#;
    let parsed = read(SourceText::new("test.toml", text), &[], &NoFiles).unwrap();
    Model::compile(&parsed.scenario)
}

fn catalog() -> Catalog {
    Catalog::new(&model())
}

fn expect(text: &str) -> Target {
    let parsed = Target::parse(text, &catalog());
    parsed.unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

#[test]
fn figures_of_every_scope_are_compared_in_their_own_unit() {
    for (text, path, op, limit) in [
        ("wait.p95 <= 15s", "wait.p95", Op::AtMost, 15.0),
        ("overall.wait.p95<1m30s", "wait.p95", Op::Below, 90.0),
        ("service_level.value >= 80%", "service_level", Op::AtLeast, 0.8),
        (" contacts.refund.queued > 100 ", "contacts.refund.queued", Op::Above, 100.0),
        (
            "contacts.\"late fee\".abandonment_rate ≤ 0.05",
            "contacts.late fee.abandonment_rate",
            Op::AtMost,
            0.05,
        ),
        (
            "contacts.refund.handled_by.team >= 10",
            "contacts.refund.handled_by.team",
            Op::AtLeast,
            10.0,
        ),
        ("channels.chat.wait.mean <= 20s", "channels.chat.wait.mean", Op::AtMost, 20.0),
        ("groups.team.overtime_hours <= 90m", "groups.team.overtime_hours", Op::AtMost, 1.5),
        ("groups.team.scheduled_hours <= 8", "groups.team.scheduled_hours", Op::AtMost, 8.0),
        ("groups.team.cost <= 250.5", "groups.team.cost", Op::AtMost, 250.5),
        ("bot.full_probability <= 1%", "bot.full_probability", Op::AtMost, 0.01),
        ("automation_rate >= 120%", "automation_rate", Op::AtLeast, 1.2),
    ] {
        let read = expect(text);
        assert_eq!((read.figure.path.as_str(), read.op), (path, op), "{text}");
        assert!((read.limit - limit).abs() < 1e-12, "{text}");
        assert_eq!((read.extent, read.aspect), (Extent::Whole, Aspect::Value));
        assert_eq!(read.text, text.trim());
    }
}

#[test]
fn scopes_say_when_and_how_often() {
    let half_hour = SimSpan::from_seconds(1800.0);
    for (text, scope) in [
        ("service_level >= 80% in every interval", Extent::Every(half_hour)),
        ("service_level >= 80% in every 30m", Extent::Every(half_hour)),
        ("wait.p95 <= 5 min in every 1h 30 min", Extent::Every(SimSpan::from_seconds(5400.0))),
        ("groups.team.busy <= 4 in every 1h", Extent::Every(SimSpan::HOUR)),
        ("events.queued <= 60 in every interval", Extent::Every(half_hour)),
        ("backlog.peak <= 30 in 95% of days", Extent::Days(0.95)),
    ] {
        assert_eq!(expect(text).extent, scope, "{text}");
    }
    let expressions = [
        expect("backlog.peak.days.p95 <= 30"),
        expect("wait.p95 <= 5m in every 1h"),
        expect("wait.p95 <= 5m in every interval"),
        expect("backlog.peak <= 30 in 9% of days"),
    ];
    assert_eq!(expressions[0].aspect, Aspect::Days(0.95));
    let asked = Target::asked(&expressions, &catalog());
    assert_eq!(asked.stretches, [SimSpan::HOUR]);
    assert_eq!(asked.day_values, ["backlog.peak"]);
}

#[test]
fn guards_are_relative_to_the_baseline() {
    for (text, factor, offset) in [
        ("service_level >= baseline - 0.5%", 1.0, -0.005),
        ("wait.p95 <= baseline * 1.05", 1.05, 0.0),
        ("wait.p95 <= baseline*110% + 2s", 1.1, 2.0),
        ("queued >= baseline", 1.0, 0.0),
        ("backlog.peak <= baseline + 5", 1.0, 5.0),
    ] {
        let read = Guard::parse(text, &catalog()).unwrap();
        let Allowance { factor: f, offset: o } = read.allowance;
        assert!((f - factor).abs() < 1e-12 && (o - offset).abs() < 1e-12, "{text}");
    }
}

#[test]
fn a_star_in_a_guard_stands_for_every_name() {
    let each = |text| Guard::parse_each(text, &catalog());
    let guards = each("contacts.*.service_level >= baseline - 1%").unwrap();
    let texts: Vec<&str> = guards.iter().map(|guard| guard.text.as_str()).collect();
    let wanted = [
        "contacts.refund.service_level >= baseline - 1%",
        "contacts.\"late fee\".service_level >= baseline - 1%",
    ];
    assert_eq!(texts, wanted);
    assert_eq!(guards[1].figure.path, "contacts.late fee.service_level");
    assert_eq!(each("groups.*.occupancy <= baseline + 2%").unwrap().len(), 1);
    assert_eq!(each("wait.p95 <= baseline").unwrap().len(), 1);
    for (text, part) in [
        (" contacts.*.wiat.p95 <= baseline", "contacts.*.wiat.p95"),
        ("contacts.*.wait.p95 <= base", "base"),
        ("contacts.*.wait.p95 <= 9s", "9s"),
    ] {
        let error = each(text).unwrap_err();
        assert_eq!(&text[error.span.clone()], part, "{error:?}");
    }
}

/// What is wrong in a text, and something of message or help.
fn refused<T: std::fmt::Debug>(
    text: &str,
    parse: fn(&str, &Catalog) -> Result<T, ExpressionError>,
) -> (&str, String) {
    let error = parse(text, &catalog()).expect_err(text);
    let end = error.span.end.min(text.len());
    let shown = format!("{}: {} ({})", error.code, error.message, error.help);
    (&text[error.span.start.min(end)..end], shown)
}

/// Text, the part that is wrong, and something of message or help.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "wait.p59 <= 15s",
        "wait.p59",
        "unknown-figure: the report has no figure `wait.p59` (did you mean `wait.p50`?)",
    ),
    ("contacts.refnd.queued <= 1", "contacts.refnd.queued", "`contacts.refund.queued`"),
    ("p95 <= 15s", "p95", "`wait.p95`"),
    ("x <= 15s", "x", "write the path of a figure such as"),
    ("wait.p95.high <= 15s", "wait.p95.high", "name the figure itself"),
    ("backlog.peak.days.p90 <= 3", "backlog.peak.days.p90", "in 90% of days"),
    ("wait.p95 is 15s", "wait.p95 is 15s", "no `<=`"),
    ("", "", "no `<=`"),
    ("wait.p95 == 15s", "=", "never exactly equal"),
    ("wait.p95 => 15s", "=", "`<=`, `<`, `>=`"),
    (" <= 15s", "<", "no figure before"),
    ("wait.p95 <= 15", "15", "has no unit of time (write, for example, `15s`)"),
    ("wait.p95 <= 15%", "15%", "is not a duration"),
    ("wait.p95 <=", "", "the limit is missing"),
    ("service_level >= 80", "80", "write `80%` or `0.8`"),
    ("service_level >= 15s", "15s", "not a share"),
    ("backlog.peak <= 3000 contacts", "3000 contacts", "no plain number"),
    ("backlog.peak <= -3", "-3", "no plain number"),
    ("groups.team.cost <= 3h", "3h", "no plain number"),
    ("wait.p95 <= baseline * 2", "baseline * 2", "[check] guard"),
    ("wait.p95 <= 9s in every 45m", "in every 45m", "not a multiple"),
    ("wait.p95 <= 9s in every 3h", "in every 3h", "longer than the run"),
    ("wait.p95 <= 9s in every", "in every", "neither when nor how often"),
    ("wait.p95 <= 9s in most days", "in most days", "neither when nor how often"),
    ("wait.p95 <= 9s in 0% of days", "in 0% of days", "anything holds"),
    ("wait.p95.days.p95 <= 9s in every 1h", "in every 1h", "no scope of its own"),
    ("bot.sessions <= 9 in every 1h", "in every 1h", "not reported for intervals"),
    ("events.queued <= 9", "events.queued", "for intervals only"),
];

#[test]
fn errors_point_to_the_part_that_is_wrong_and_say_what_to_write() {
    for (text, part, says) in WRONG {
        let (found, message) = refused(text, Target::parse);
        assert_eq!(found, *part, "{text}: {message}");
        assert!(message.contains(says), "{text}: {message}");
    }
}

#[test]
fn guards_without_sense_are_refused() {
    for (text, part, says) in [
        ("wait.p95 <= 15s", "15s", "a fixed limit belongs into `expect`"),
        ("wait.p95 <= baseline + 5%", "5%", "`baseline * 1.05`"),
        ("wait.p95 <= baseline * 0", "0", "no factor over 0"),
        ("wait.p95 <= baseline / 2", "/ 2", "cannot follow"),
        ("wait.p95 <= baseline + ", " ", "the limit is missing"),
        ("wait.p95 <= baseline in every 1h", "in every 1h", "all days together"),
        ("wait.max <= baseline", "wait.max", "`wait.p99`"),
    ] {
        let (found, message) = refused(text, Guard::parse);
        assert_eq!(found, part, "{text}: {message}");
        assert!(message.contains(says), "{text}: {message}");
    }
}

#[test]
fn every_figure_of_the_report_can_be_named() {
    let (model, catalog) = (model(), catalog());
    for path in crate::experiment::paths(&model) {
        let known = catalog.get(&path).unwrap();
        let limit = match known.unit {
            Unit::Share => "50%",
            Unit::Seconds => "5s",
            _ => "5",
        };
        let read = Target::parse(&format!("{path} <= {limit}"), &catalog);
        assert_eq!(read.unwrap().figure.path, path);
    }
}
