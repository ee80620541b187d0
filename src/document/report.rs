//! The report of one scenario.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::words::{VerdictWord, Version};
use super::{FigureRecord, FigureTree, Members, Number, Origin};
use crate::experiment::Summary;
use crate::experiment::summary::{
    ContactSummary, Expectation, Figures, IntervalStart, IntervalSummary, Named, Verdict, Warning,
};

/// What a run found: see the section on the JSON report in the reference.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportDocument<'a> {
    report: Version<1>,
    /// What was run.
    pub scenario: ScenarioRecord<'a>,
    /// How it was run.
    pub run: RunRecord<'a>,
    /// All contact types together.
    pub overall: FigureTree<'a>,
    /// Each contact type.
    pub contacts: Members<'a, ContactRecord<'a>>,
    /// Each channel.
    pub channels: Members<'a, FigureTree<'a>>,
    /// The bot.
    pub bot: FigureTree<'a>,
    /// Each agent group.
    pub groups: Members<'a, FigureTree<'a>>,
    /// The reporting intervals in order of time.
    pub intervals: Vec<IntervalRecord<'a>>,
    /// What a planner should know before trusting or acting on the figures.
    pub warnings: Vec<WarningRecord<'a>>,
    /// What was expected, with verdicts.
    pub expectations: Vec<ExpectationRecord<'a>>,
}

/// What was run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScenarioRecord<'a> {
    /// Its title.
    pub title: Option<Cow<'a, str>>,
    /// The file as the user named it.
    pub file: Cow<'a, str>,
    /// The option that was laid over the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option: Option<Cow<'a, str>>,
    /// Digest of the scenario.
    pub digest: Cow<'a, str>,
}

/// How it was run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunRecord<'a> {
    /// Seed of all draws.
    pub seed: u64,
    /// Replications that are in the figures.
    pub replications: u32,
    /// Length of the arrivals in seconds.
    pub duration: Number,
    /// Version of the program.
    pub version: Cow<'a, str>,
    /// Events of all replications together.
    pub events: u64,
    /// First attempts of all replications together.
    pub contacts: u64,
    /// Whether fewer replications were finished than asked for.
    pub partial: bool,
    /// Seconds the simulation took, by the clock on the wall.
    pub wall_seconds: Number,
}

/// A contact type.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ContactRecord<'a> {
    /// Its figures.
    #[serde(flatten)]
    pub figures: FigureTree<'a>,
    /// Answered contacts by agent group.
    pub handled_by: Members<'a, FigureRecord>,
}

/// A reporting interval.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IntervalRecord<'a> {
    /// Seconds from the start of the simulation.
    pub start: Number,
    /// Local date and time with offset, if the scenario has a start.
    pub clock: Option<Cow<'a, str>>,
    /// All contact types together.
    pub overall: FigureTree<'a>,
    /// Each contact type.
    pub contacts: Members<'a, FigureTree<'a>>,
    /// Each agent group.
    pub groups: Members<'a, FigureTree<'a>>,
}

/// Something that a planner should know, with advice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WarningRecord<'a> {
    /// Stable short name.
    pub code: Cow<'a, str>,
    /// What, and what to do.
    pub message: Cow<'a, str>,
}

/// Something that was expected, and whether it is so.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExpectationRecord<'a> {
    /// As it stands in the scenario.
    pub text: Cow<'a, str>,
    /// Whether it is so.
    #[serde(with = "VerdictWord")]
    pub verdict: Verdict,
    /// What was compared with the limit.
    pub estimate: FigureRecord,
    /// The interval that decided, for expectations of every interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<MomentRecord<'a>>,
    /// Why it is undecided where the estimate does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
}

/// The start of an interval.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MomentRecord<'a> {
    /// Seconds from the start of the simulation.
    pub start: Number,
    /// Local date and time with offset, if the scenario has a start.
    pub clock: Option<Cow<'a, str>>,
}

impl<'a> ReportDocument<'a> {
    /// The report on `summary`.
    pub fn new(summary: &'a Summary, origin: &'a Origin) -> Self {
        Self {
            report: Version,
            scenario: ScenarioRecord::new(summary, origin),
            run: RunRecord::new(summary, origin),
            overall: (&summary.overall).into(),
            contacts: Members::new(
                summary.contacts.iter().map(|one| (one.name.as_str(), one.into())),
            ),
            channels: trees(&summary.channels),
            bot: (&summary.bot).into(),
            groups: trees(&summary.groups),
            intervals: summary.intervals.iter().map(IntervalRecord::from).collect(),
            warnings: summary.warnings.iter().map(WarningRecord::from).collect(),
            expectations: summary.expectations.iter().map(ExpectationRecord::from).collect(),
        }
    }
}

impl<'a> ScenarioRecord<'a> {
    pub(crate) fn new(summary: &'a Summary, origin: &'a Origin) -> Self {
        Self {
            title: summary.title.as_deref().map(Cow::Borrowed),
            file: origin.file.as_str().into(),
            option: origin.option.as_deref().map(Cow::Borrowed),
            digest: summary.digest.as_str().into(),
        }
    }
}

impl<'a> RunRecord<'a> {
    pub(crate) fn new(summary: &'a Summary, origin: &'a Origin) -> Self {
        let run = &summary.run;
        Self {
            seed: run.seed,
            replications: run.replications,
            duration: run.duration.into(),
            version: origin.version.into(),
            events: run.events,
            contacts: run.contacts,
            partial: run.partial,
            wall_seconds: origin.wall_seconds.into(),
        }
    }
}

fn trees(named: &[Named<Figures>]) -> Members<'_, FigureTree<'_>> {
    Members::new(named.iter().map(|one| (one.name.as_str(), (&one.value).into())))
}

impl<'a> From<&'a ContactSummary> for ContactRecord<'a> {
    fn from(contact: &'a ContactSummary) -> Self {
        let handled_by = contact.handled_by.iter();
        Self {
            figures: (&contact.figures).into(),
            handled_by: Members::new(
                handled_by.map(|group| (group.name.as_str(), group.value.into())),
            ),
        }
    }
}

impl<'a> From<&'a IntervalSummary> for IntervalRecord<'a> {
    fn from(interval: &'a IntervalSummary) -> Self {
        Self {
            start: interval.start.into(),
            clock: interval.clock.as_deref().map(Cow::Borrowed),
            overall: (&interval.overall).into(),
            contacts: trees(&interval.contacts),
            groups: trees(&interval.groups),
        }
    }
}

impl<'a> From<&'a Warning> for WarningRecord<'a> {
    fn from(warning: &'a Warning) -> Self {
        Self { code: warning.code.into(), message: warning.message.as_str().into() }
    }
}

impl<'a> From<&'a Expectation> for ExpectationRecord<'a> {
    fn from(expected: &'a Expectation) -> Self {
        Self {
            text: expected.text.as_str().into(),
            verdict: expected.verdict,
            estimate: expected.estimate.into(),
            interval: expected.interval.as_ref().map(MomentRecord::from),
            reason: expected.reason.as_deref().map(Cow::Borrowed),
        }
    }
}

impl<'a> From<&'a IntervalStart> for MomentRecord<'a> {
    fn from(moment: &'a IntervalStart) -> Self {
        Self { start: moment.start.into(), clock: moment.clock.as_deref().map(Cow::Borrowed) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::document::{List, write};
    use crate::report::fixture;

    fn written(summary: &Summary) -> String {
        let mut out = Vec::new();
        let origin = fixture::origin();
        write(&ReportDocument::new(summary, &origin), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn paths_nest_and_numbers_make_lists() {
        let report: Value = serde_json::from_str(&written(&fixture::peak_day())).unwrap();
        assert_eq!(report["report"], 1);
        assert_eq!(report["run"]["duration"], 108_000);
        assert_eq!(report["run"]["wall_seconds"], 1.93);
        assert_eq!(report["overall"]["wait"]["mean"]["value"], 12.42);
        assert_eq!(report["overall"]["wait"]["mean"]["days"]["p95"], 12.42 * 2.5);
        assert_eq!(report["overall"]["wait"]["p50"]["days"], Value::Null);
        assert_eq!(report["groups"]["chat"]["open_chats"]["share"][1]["value"], 0.8);
        assert_eq!(report["contacts"]["complaint"]["handled_by"]["chat"]["value"], 120);
        assert_eq!(report["intervals"][119]["start"], 107_100);
        assert_eq!(report["intervals"][4]["clock"], "2026-11-10T19:00:00+08:00");
        assert_eq!(report["intervals"][4]["groups"]["chat"]["staffed"]["value"], 34.0 * 0.7);
        assert_eq!(report["expectations"], json!([]));
        let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            keys.join(" "),
            "report scenario run overall contacts channels bot groups \
             intervals warnings expectations"
        );
    }

    #[test]
    fn names_from_a_scenario_are_escaped() {
        let mut summary = fixture::peak_day();
        summary.title = Some("a\"b\n</script>\u{1b}".into());
        summary.contacts[0].name = "x\"},{".into();
        let report: Value = serde_json::from_str(&written(&summary)).unwrap();
        assert_eq!(report["scenario"]["title"], "a\"b\n</script>\u{1b}");
        assert!(report["contacts"]["x\"},{"].is_object());
    }

    #[test]
    fn one_line_per_interval_contact_type_and_group() {
        let text = written(&fixture::peak_day());
        assert_eq!(text.lines().count(), 11 + 7 + 1 + 2 + 120 + 1);
    }

    #[test]
    fn several_reports_are_one_list() {
        let (summary, origin, mut out) = (fixture::peak_day(), fixture::origin(), Vec::new());
        for count in 0..3 {
            out.clear();
            let mut list = List::begin(&mut out).unwrap();
            for _ in 0..count {
                list.push(&ReportDocument::new(&summary, &origin)).unwrap();
            }
            list.end().unwrap();
            let reports: Value = serde_json::from_slice(&out).unwrap();
            assert_eq!(reports.as_array().unwrap().len(), count);
        }
    }

    #[test]
    fn a_report_reads_back_as_it_was_written() {
        let mut summary = fixture::peak_day();
        summary.title = None;
        let text = written(&summary);
        let read: ReportDocument<'_> = serde_json::from_str(&text).unwrap();
        let mut again = Vec::new();
        write(&read, &mut again).unwrap();
        assert_eq!(String::from_utf8(again).unwrap(), text);
        assert_eq!(read.contacts.get("complaint").unwrap().handled_by.iter().count(), 1);
        let other = text.replace("\"report\":1", "\"report\":2");
        let error = serde_json::from_str::<ReportDocument<'_>>(&other).unwrap_err();
        assert!(error.to_string().contains("of version 2, only 1 is read"), "{error}");
    }
}
