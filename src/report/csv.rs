//! The figures as tables, in six CSV files: every figure of the JSON report is in one of them.
//!
//! | file | one row per |
//! |---|---|
//! | `intervals.csv` | interval, and all contacts together or one contact type |
//! | `group_intervals.csv` | interval and agent group |
//! | `contacts.csv` | all contacts together, channel, or contact type |
//! | `groups.csv` | agent group |
//! | `handled_by.csv` | contact type and agent group that may serve it |
//! | `run.csv` | scenario: what was run, and the figures of the bot |
//!
//! Which row it is stand first: `scope` is the key of the JSON report under which the figures are
//! (`overall`, `channels`, `contacts`), `name` that of the contact type, channel or group there,
//! `start` and `length` are seconds. Then come the figures. A column is named by the path of its
//! figure in the JSON report: `wait.p95` is the value, `wait.p95.low` and `wait.p95.high` its 95 %
//! interval, and in tables of whole days `wait.p95.days.p05`, `.days.p50` and `.days.p95` its
//! spread over days. Numbers are written with the digits that JSON has, always with a decimal
//! point; what is unknown is an empty cell, never 0.
//!
//! Each kind of row has a file of its own, since its figures are its own: in one file most cells
//! would be empty, and those of a sum over the column could not be told apart.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Origin;
use crate::document::{Number, RunRecord, ScenarioRecord};
use crate::experiment::Summary;
use crate::experiment::summary::{Figure, Figures, IntervalSummary};
use crate::metrics::definition::{BOT_METRICS, CONTACT_METRICS, Definition, GROUP_METRICS};

/// Names of the files, in the order in which [`Tables::begin`] takes what they are written to.
pub const FILES: [&str; 6] = [
    "intervals.csv",
    "group_intervals.csv",
    "contacts.csv",
    "groups.csv",
    "handled_by.csv",
    "run.csv",
];

/// What `run.csv` tells of a run, by its path in the JSON report.
///
/// Not how long it took: the same scenario, seed and version give the same bytes.
const FACTS: [&str; 11] = [
    "scenario.title",
    "scenario.file",
    "scenario.option",
    "scenario.digest",
    "run.seed",
    "run.replications",
    "run.duration",
    "run.version",
    "run.events",
    "run.contacts",
    "run.partial",
];

/// Whether one scenario is written or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenarios {
    /// One: its name is in `run.csv` only.
    One,
    /// Several: a first column `scenario` of every table names the file.
    Several,
}

/// Writes the tables, scenario by scenario.
#[derive(Debug)]
pub struct Tables<W: Write> {
    scenarios: Scenarios,
    intervals: Table<W>,
    group_intervals: Table<W>,
    contacts: Table<W>,
    groups: Growing<W>,
    handled_by: Table<W>,
    run: Table<W>,
}

impl<W: Write> Tables<W> {
    /// Begins the tables that [`FILES`] names.
    ///
    /// # Errors
    ///
    /// Those of the writers.
    pub fn begin(outs: [W; 6], scenarios: Scenarios) -> io::Result<Self> {
        let [intervals, group_intervals, contacts, groups, handled_by, run] = outs;
        let first: &[&str] = match scenarios {
            Scenarios::One => &[],
            Scenarios::Several => &["scenario"],
        };
        let ids = |names: &[&'static str]| [first, names].concat();
        let when = ["start", "length", "clock"];
        let bot = paths(BOT_METRICS, Definition::is_of_day);
        Ok(Self {
            scenarios,
            intervals: Table::begin(
                intervals,
                &ids(&[&when[..], &["scope", "name"]].concat()),
                Columns::new(paths(CONTACT_METRICS, Definition::is_of_interval), Spread::Interval),
            )?,
            group_intervals: Table::begin(
                group_intervals,
                &ids(&[&when[..], &["name"]].concat()),
                Columns::new(paths(GROUP_METRICS, Definition::is_of_interval), Spread::Interval),
            )?,
            contacts: Table::begin(
                contacts,
                &ids(&["scope", "name"]),
                Columns::new(paths(CONTACT_METRICS, Definition::is_of_day), Spread::Days),
            )?,
            groups: Growing::new(groups, ids(&["name"])),
            handled_by: Table::begin(
                handled_by,
                &ids(&["contact", "group"]),
                Columns::new(vec!["handled_by".to_owned()], Spread::Days),
            )?,
            run: Table::begin(run, &ids(&FACTS), Columns::new(bot, Spread::Days).under("bot."))?,
        })
    }

    /// Adds the results of a scenario.
    ///
    /// # Errors
    ///
    /// Those of the writers.
    pub fn push(&mut self, summary: &Summary, origin: &Origin) -> io::Result<()> {
        let scenario = match self.scenarios {
            Scenarios::One => None,
            Scenarios::Several => Some(origin.file.as_str()),
        };
        let first: Vec<String> = scenario.map(str::to_owned).into_iter().collect();
        for interval in &summary.intervals {
            self.push_interval(&first, interval)?;
        }
        let overall = ("overall", "", &summary.overall);
        let channels = summary.channels.iter();
        let channels = channels.map(|c| ("channels", c.name.as_str(), &c.value));
        let types = summary.contacts.iter();
        let types = types.map(|c| ("contacts", c.name.as_str(), &c.figures));
        for (scope, name, figures) in std::iter::once(overall).chain(channels).chain(types) {
            self.contacts.push(&with(&first, &[scope, name]), figures)?;
        }
        for group in &summary.groups {
            let ids = with(&first, &[&group.name]);
            self.groups.push(ids, &group.value);
        }
        for contact in &summary.contacts {
            for group in &contact.handled_by {
                let ids = with(&first, &[&contact.name, &group.name]);
                self.handled_by.row(&ids, |_| Some(group.value))?;
            }
        }
        let facts = facts(summary, origin);
        self.run.push(&[first, facts].concat(), &summary.bot)
    }

    fn push_interval(&mut self, first: &[String], interval: &IntervalSummary) -> io::Result<()> {
        let [start, length] =
            [interval.start, interval.length].map(|span| cell(Some(span.as_seconds())));
        let clock = interval.clock.as_deref().unwrap_or_default();
        let when = with(first, &[&start, &length, clock]);
        self.intervals.push(&with(&when, &["overall", ""]), &interval.overall)?;
        for contact in &interval.contacts {
            let ids = with(&when, &["contacts", &contact.name]);
            self.intervals.push(&ids, &contact.value)?;
        }
        for group in &interval.groups {
            self.group_intervals.push(&with(&when, &[&group.name]), &group.value)?;
        }
        Ok(())
    }

    /// Writes what is left and gives the writers back.
    ///
    /// # Errors
    ///
    /// Those of the writers.
    pub fn end(self) -> io::Result<[W; 6]> {
        Ok([
            self.intervals.end()?,
            self.group_intervals.end()?,
            self.contacts.end()?,
            self.groups.end()?,
            self.handled_by.end()?,
            self.run.end()?,
        ])
    }
}

fn paths<T>(definitions: &[Definition<T>], is_there: fn(&Definition<T>) -> bool) -> Vec<String> {
    let there = definitions.iter().filter(|definition| is_there(definition));
    there.map(|definition| definition.path.to_owned()).collect()
}

fn with(ids: &[String], more: &[&str]) -> Vec<String> {
    let more = more.iter().map(|id| (*id).to_owned());
    ids.iter().cloned().chain(more).collect()
}

/// The cells of [`FACTS`], taken from the JSON report.
fn facts(summary: &Summary, origin: &Origin) -> Vec<String> {
    let report = json!({
        "scenario": ScenarioRecord::new(summary, origin),
        "run": RunRecord::new(summary, origin),
    });
    let at = |path: &str| path.split('.').fold(&report, |value, key| &value[key]);
    FACTS
        .map(|path| match at(path) {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
        .into()
}

/// A number that reads back as the same; empty where it is unknown.
fn cell(number: Option<f64>) -> String {
    number.map_or_else(String::new, |number| json!(Number::from(number)).to_string())
}

/// Which columns a figure has beside its value and interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spread {
    /// None: it is of one interval.
    Interval,
    /// Its spread over days.
    Days,
}

/// The figures of a table.
#[derive(Clone, Debug)]
struct Columns {
    prefix: &'static str,
    paths: Vec<String>,
    spread: Spread,
}

impl Columns {
    fn new(paths: Vec<String>, spread: Spread) -> Self {
        Self { prefix: "", paths, spread }
    }

    /// Puts `prefix` before the names of all columns.
    fn under(self, prefix: &'static str) -> Self {
        Self { prefix, ..self }
    }

    fn titles(&self) -> impl Iterator<Item = String> {
        let parts: &[&str] = match self.spread {
            Spread::Interval => &["", ".low", ".high"],
            Spread::Days => &["", ".low", ".high", ".days.p05", ".days.p50", ".days.p95"],
        };
        self.paths.iter().flat_map(move |path| {
            parts.iter().map(move |part| format!("{}{path}{part}", self.prefix))
        })
    }

    fn cells(&self, figure: &Figure) -> impl Iterator<Item = String> {
        let estimate = &figure.estimate;
        let days = match self.spread {
            Spread::Interval => None,
            Spread::Days => Some(
                figure
                    .days
                    .map_or([None; 3], |days| [Some(days.p05), Some(days.p50), Some(days.p95)]),
            ),
        };
        [estimate.value, estimate.low, estimate.high]
            .into_iter()
            .chain(days.into_iter().flatten())
            .map(cell)
    }
}

/// A table whose columns are known before its rows.
#[derive(Debug)]
struct Table<W: Write> {
    csv: ::csv::Writer<W>,
    columns: Columns,
}

impl<W: Write> Table<W> {
    fn begin(out: W, ids: &[&str], columns: Columns) -> io::Result<Self> {
        let mut csv = ::csv::Writer::from_writer(out);
        let titles = ids.iter().map(|id| (*id).to_owned()).chain(columns.titles());
        csv.write_record(titles).map_err(super::trace::cause)?;
        Ok(Self { csv, columns })
    }

    fn push(&mut self, ids: &[String], figures: &Figures) -> io::Result<()> {
        // They come in the order of the columns: nothing has to be searched for.
        let mut rest = figures.iter().peekable();
        self.row(ids, |path| match rest.next_if(|(next, _)| *next == path) {
            Some((_, figure)) => Some(figure),
            None => figures.get(path),
        })
    }

    fn row(
        &mut self,
        ids: &[String],
        mut figure: impl FnMut(&str) -> Option<Figure>,
    ) -> io::Result<()> {
        for id in ids {
            self.csv.write_field(id).map_err(super::trace::cause)?;
        }
        for path in &self.columns.paths {
            for cell in self.columns.cells(&figure(path).unwrap_or_default()) {
                self.csv.write_field(cell).map_err(super::trace::cause)?;
            }
        }
        self.csv.write_record(None::<&[u8]>).map_err(super::trace::cause)
    }

    fn end(self) -> io::Result<W> {
        self.csv.into_inner().map_err(::csv::IntoInnerError::into_error)
    }
}

/// A table whose columns are known with its last row only: lists in it are of different length.
#[derive(Debug)]
struct Growing<W> {
    out: W,
    ids: Vec<&'static str>,
    paths: Vec<String>,
    rows: Vec<(Vec<String>, Figures)>,
}

impl<W: Write> Growing<W> {
    fn new(out: W, ids: Vec<&'static str>) -> Self {
        let paths = paths(GROUP_METRICS, Definition::is_of_day);
        Self { out, ids, paths, rows: Vec::new() }
    }

    fn push(&mut self, ids: Vec<String>, figures: &Figures) {
        admit(&mut self.paths, figures);
        self.rows.push((ids, figures.clone()));
    }

    fn end(self) -> io::Result<W> {
        let columns = Columns::new(self.paths, Spread::Days);
        let mut table = Table::begin(self.out, &self.ids, columns)?;
        for (ids, figures) in &self.rows {
            table.push(ids, figures)?;
        }
        table.end()
    }
}

/// Adds the paths that are missing, each behind the one that it follows in `figures`.
fn admit(paths: &mut Vec<String>, figures: &Figures) {
    let mut place = 0;
    for (path, _) in figures.iter() {
        if let Some(known) = paths.iter().position(|known| known == path) {
            place = known + 1;
        } else {
            paths.insert(place, path.to_owned());
            place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::report::fixture;

    fn written(summaries: &[Summary], scenarios: Scenarios) -> BTreeMap<&'static str, String> {
        let outs = std::array::from_fn(|_| Vec::new());
        let mut tables = Tables::begin(outs, scenarios).unwrap();
        for summary in summaries {
            tables.push(summary, &fixture::origin()).unwrap();
        }
        let outs = tables.end().unwrap();
        let texts = outs.into_iter().map(|out| String::from_utf8(out).unwrap());
        FILES.into_iter().zip(texts).collect()
    }

    /// Rows as maps from title to cell.
    fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().map(|row| row.unwrap()).collect()
    }

    #[test]
    fn each_kind_of_row_has_its_table() {
        let files = written(&[fixture::peak_day()], Scenarios::One);
        let count = |name: &str| rows(&files[name]).len();
        assert_eq!(FILES.map(count), [120, 240, 1 + 1 + 7, 2, 7, 1]);
        let contacts = rows(&files["contacts.csv"]);
        assert_eq!(contacts[0]["scope"], "overall");
        assert_eq!(contacts[0]["wait.mean"], "12.42");
        assert_eq!(contacts[0]["wait.mean.days.p95"], (12.42 * 2.5).to_string());
        assert_eq!(contacts[3]["name"], "returns_and_refunds_after_delivery");
        let interval = &rows(&files["intervals.csv"])[4];
        assert_eq!(interval["start"], "3600");
        assert_eq!(interval["length"], "900");
        assert_eq!(interval["clock"], "2026-11-10T19:00:00+08:00");
        assert!(!interval.contains_key("wait.mean.days.p95"));
        let handled = &rows(&files["handled_by.csv"])[0];
        assert_eq!((&*handled["contact"], &*handled["group"]), ("order_status", "chat"));
        assert_eq!(handled["handled_by"], "120");
        let run = &rows(&files["run.csv"])[0];
        assert_eq!(run["run.partial"], "false");
        assert_eq!(run["scenario.option"], "", "none was chosen");
        assert_eq!(run["bot.sessions.days.p05"], "83900");
    }

    #[test]
    fn unknown_is_empty_and_never_zero() {
        let mut summary = fixture::peak_day();
        summary.overall = Figures::default();
        summary.intervals[0].overall = Figures::default();
        let files = written(&[summary], Scenarios::One);
        for name in ["contacts.csv", "intervals.csv"] {
            let row = &rows(&files[name])[0];
            assert_eq!(row["wait.mean"], "");
            assert_eq!(row["wait.mean.low"], "");
        }
    }

    #[test]
    fn names_are_quoted() {
        let mut summary = fixture::peak_day();
        let name = "a,\"b\"\n<c>";
        summary.contacts[0].name = name.into();
        summary.groups[0].name = name.into();
        let files = written(&[summary], Scenarios::One);
        assert_eq!(rows(&files["contacts.csv"])[2]["name"], name);
        assert_eq!(rows(&files["groups.csv"])[0]["name"], name);
    }

    #[test]
    fn several_scenarios_share_the_tables() {
        let files = written(&[fixture::peak_day(), fixture::peak_day()], Scenarios::Several);
        for (name, text) in files {
            assert!(text.starts_with("scenario,"), "{name}: {text}");
            let rows = rows(&text);
            assert!(rows.iter().all(|row| row["scenario"] == "scenarios/double11.toml"));
            assert_eq!(rows.len() % 2, 0);
        }
    }

    #[test]
    fn lists_of_different_length_share_a_table() {
        let mut summary = fixture::peak_day();
        let longer = &mut summary.groups[1].value;
        longer.push("open_chats.share.2", fixture::figure(0.25, 0.01));
        longer.push("new", fixture::figure(3.0, 0.01));
        let files = written(&[summary], Scenarios::One);
        let rows = rows(&files["groups.csv"]);
        assert_eq!(rows[0]["open_chats.share.2"], "");
        assert_eq!(rows[1]["open_chats.share.2"], "0.25");
        let header = files["groups.csv"].lines().next().unwrap();
        let place = |title: &str| header.split(',').position(|t| t == title).unwrap();
        assert!(place("open_chats.share.1") < place("open_chats.share.2"));
        assert_eq!(place("new"), place("open_chats.share.2.days.p95") + 1);
    }
}
