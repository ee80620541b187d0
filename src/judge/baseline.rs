//! What is stored of a run, so that a later one can be compared with it customer by customer.
//!
//! A baseline holds, for each guarded figure and each number of replications at which a check
//! looks, the value with the influence of every replication (of a quantile: of every section), and
//! the figure by contact type and interval at the first look. It names seed, replications and
//! digests, because only the same customers can be compared. It is text with short lines in a
//! fixed order and rounded numbers: small, the same on every machine that simulates the same, and
//! readable as a difference between two commits.

use std::fmt::{self, Write as _};

use serde_json::{Map, Value};

use super::attribution::{Breakdown, TypeFigure};
use crate::experiment::Study;
use crate::stats::Influence;

/// Version of the format, the only one that is read.
const FORMAT: u64 = 1;

/// Significant digits of what is stored and compared: far below any interval, and no more than a
/// small file has room for.
const DIGITS: usize = 7;

/// Influences in a line of the file.
const PER_LINE: usize = 10;

/// A stored run.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// Version of the program that made it.
    pub version: String,
    /// Title of the scenario.
    pub title: Option<String>,
    /// Digest of the scenario.
    pub digest: String,
    /// Seed of all draws.
    pub seed: u64,
    /// Length of the reporting interval in seconds.
    pub interval: f64,
    /// Numbers of replications at which a check looks, rising.
    pub looks: Vec<u32>,
    /// Digest of all events at each look.
    pub events: Vec<String>,
    /// The guarded figures.
    pub figures: Vec<Stored>,
}

/// A figure of a stored run.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its path.
    pub path: String,
    /// At each look; `None` where it is null.
    pub looks: Vec<Option<Influence>>,
    /// At the first look, by contact type and interval.
    pub breakdown: Breakdown,
}

/// Why a text is not a baseline that can be used. Each tells what to do, in one sentence that goes
/// on from the name of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaselineError {
    /// It is no JSON, perhaps because it is cut off.
    Broken(String),
    /// It is of another version of the format.
    Format(String),
    /// Something is missing or of another type.
    Malformed(&'static str),
    /// It is of other customers than the present run.
    Mismatch(String),
}

impl fmt::Display for BaselineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(cause) => write!(
                f,
                "is damaged or cut off ({cause}): restore it, or write it again with --update"
            ),
            Self::Format(found) => write!(
                f,
                "is of format {found}, this version reads format {FORMAT}: write it again with \
                 --update"
            ),
            Self::Malformed(what) => write!(
                f,
                "is damaged: `{what}` is missing or not what it should be; restore it, or write it \
                 again with --update"
            ),
            Self::Mismatch(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for BaselineError {}

/// What stays of an influence when it is stored; the present run is compared as if it had been.
pub(super) fn as_stored(influence: Influence) -> Influence {
    influence.rounded(DIGITS)
}

impl Baseline {
    /// Nothing recorded yet of a run of `study` that looks at `looks`, with the figures at `paths`.
    pub fn new(version: &str, study: &Study<'_>, looks: &[u32], paths: &[String]) -> Self {
        let model = study.model();
        Self {
            version: version.to_owned(),
            title: model.title.clone(),
            digest: model.digest.clone(),
            seed: study.seed(),
            interval: model.horizon.interval.as_seconds(),
            looks: looks.to_vec(),
            events: Vec::new(),
            figures: paths
                .iter()
                .map(|path| Stored {
                    path: path.clone(),
                    looks: Vec::new(),
                    breakdown: Breakdown::default(),
                })
                .collect(),
        }
    }

    /// Records the next look: `study` has as many replications as it says.
    pub fn record(&mut self, study: &Study<'_>) {
        let is_first = self.events.is_empty();
        self.events.extend(study.events_digest());
        let summary = is_first.then(|| study.summary(study.replications()));
        for figure in &mut self.figures {
            figure.looks.push(study.influence(&figure.path).map(as_stored));
            if let Some(summary) = &summary {
                figure.breakdown = Breakdown::of(&figure.path, summary);
            }
        }
    }

    /// The figure at `path`, if it is stored.
    pub fn figure(&self, path: &str) -> Option<&Stored> {
        self.figures.iter().find(|figure| figure.path == path)
    }

    /// Whether a run with this seed and these looks sees the same customers.
    ///
    /// # Errors
    /// When it does not: what differs and what to do.
    pub fn match_run(&self, seed: u64, looks: &[u32]) -> Result<(), BaselineError> {
        if self.seed != seed {
            return Err(BaselineError::Mismatch(format!(
                "has seed {}, the present run {seed}: other customers cannot be compared one by \
                 one; run with --seed {}, or write it again with --update",
                self.seed, self.seed
            )));
        }
        if self.looks != looks {
            let (first, last) = (self.looks[0], self.looks[self.looks.len() - 1]);
            return Err(BaselineError::Mismatch(format!(
                "holds {first} replications and {last} at most, the present run {} and {} at \
                 most: run with --replications {first} --at-most {last}, or write it again with \
                 --update",
                looks.first().copied().unwrap_or_default(),
                looks.last().copied().unwrap_or_default(),
            )));
        }
        Ok(())
    }

    /// Reads a stored run.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| BaselineError::Broken(error.to_string()))?;
        let format = &value["baseline"];
        if format.as_u64() != Some(FORMAT) {
            return Err(if format.is_null() {
                BaselineError::Malformed("baseline")
            } else {
                BaselineError::Format(format.to_string())
            });
        }
        let looks = numbers(&value, "looks", |n| n.as_u64()?.try_into().ok())?;
        let events = numbers(&value, "events", |n| n.as_str().map(str::to_owned))?;
        let rising = looks.windows(2).all(|pair| pair[0] < pair[1]);
        if looks.is_empty() || !rising || events.len() != looks.len() {
            return Err(BaselineError::Malformed("looks"));
        }
        let figures = value["figures"].as_object();
        let figures = figures.ok_or(BaselineError::Malformed("figures"))?;
        Ok(Self {
            version: text_of(&value, "version")?,
            title: value["title"].as_str().map(str::to_owned),
            digest: text_of(&value, "digest")?,
            seed: value["seed"].as_u64().ok_or(BaselineError::Malformed("seed"))?,
            interval: value["interval"].as_f64().ok_or(BaselineError::Malformed("interval"))?,
            figures: figures
                .iter()
                .map(|(path, figure)| stored(path, figure, looks.len()))
                .collect::<Result<_, _>>()?,
            looks,
            events,
        })
    }

    /// The text that is stored; ends with a line break.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        let json = |value: Value| value.to_string();
        writeln!(out, "{{\"baseline\":{FORMAT},")?;
        writeln!(out, "\"version\":{},", json(self.version.clone().into()))?;
        writeln!(out, "\"title\":{},", json(self.title.clone().into()))?;
        writeln!(out, "\"digest\":{},", json(self.digest.clone().into()))?;
        writeln!(out, "\"seed\":{},", self.seed)?;
        writeln!(out, "\"interval\":{},", self.interval)?;
        writeln!(out, "\"looks\":{},", json(self.looks.clone().into()))?;
        writeln!(out, "\"events\":{},", json(self.events.clone().into()))?;
        write!(out, "\"figures\":{{")?;
        for (at, figure) in self.figures.iter().enumerate() {
            let before = if at == 0 { "" } else { "," };
            let path = json(figure.path.clone().into());
            writeln!(out, "{before}\n{path}:{{\"looks\":[")?;
            for (at, look) in figure.looks.iter().enumerate() {
                write_look(out, look.as_ref())?;
                writeln!(out, "{}", if at + 1 < figure.looks.len() { "," } else { "" })?;
            }
            write!(out, "],\"contacts\":{{")?;
            for (at, part) in figure.breakdown.contacts.iter().enumerate() {
                let before = if at == 0 { "" } else { "," };
                write!(
                    out,
                    "{before}\n{}:{{\"value\":{},\"intervals\":{}}}",
                    json(part.contact.clone().into()),
                    json(part.value.into()),
                    json(part.intervals.clone().into()),
                )?;
            }
            write!(out, "}}}}")?;
        }
        writeln!(out, "}}}}")
    }
}

fn write_look(out: &mut String, look: Option<&Influence>) -> fmt::Result {
    let Some(influence) = look else {
        return write!(out, "null");
    };
    write!(out, "{{\"value\":{},\"units\":[", influence.value)?;
    for (at, unit) in influence.units.iter().enumerate() {
        let before = match at {
            0 => "\n",
            _ if at % PER_LINE == 0 => ",\n",
            _ => ",",
        };
        // As JSON writes it: numbers that are very small take an exponent.
        write!(out, "{before}{}", Value::from(*unit))?;
    }
    write!(out, "]}}")
}

/// The entries of a list.
fn numbers<T>(
    value: &Value,
    key: &'static str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, BaselineError> {
    let list = value[key].as_array().ok_or(BaselineError::Malformed(key))?;
    let read: Option<Vec<T>> = list.iter().map(read).collect();
    read.ok_or(BaselineError::Malformed(key))
}

fn text_of(value: &Value, key: &'static str) -> Result<String, BaselineError> {
    let text = value[key].as_str().map(str::to_owned);
    text.ok_or(BaselineError::Malformed(key))
}

fn stored(path: &str, value: &Value, looks: usize) -> Result<Stored, BaselineError> {
    let look = |value: &Value| {
        if value.is_null() {
            return Ok(None);
        }
        let of = value["value"].as_f64();
        Ok(Some(Influence {
            value: of.ok_or(BaselineError::Malformed("value"))?,
            units: numbers(value, "units", Value::as_f64)?,
        }))
    };
    let list = value["looks"].as_array();
    let list = list.filter(|list| list.len() == looks);
    let list = list.ok_or(BaselineError::Malformed("looks"))?;
    let none = Map::new();
    let contacts = value["contacts"].as_object().unwrap_or(&none);
    let part = |(name, value): (&String, &Value)| {
        Ok(TypeFigure {
            contact: name.clone(),
            value: value["value"].as_f64(),
            intervals: numbers(value, "intervals", |n| {
                (n.is_number() || n.is_null()).then(|| n.as_f64())
            })?,
        })
    };
    Ok(Stored {
        path: path.to_owned(),
        looks: list.iter().map(look).collect::<Result<_, _>>()?,
        breakdown: Breakdown { contacts: contacts.iter().map(part).collect::<Result<_, _>>()? },
    })
}

#[cfg(test)]
mod tests {
    use super::super::expression::tests::model;
    use super::*;
    use crate::experiment::{Asked, Control, Keep, Options};

    fn baseline(threads: usize, staff: Option<u32>) -> Baseline {
        let mut model = model();
        if let Some(staff) = staff {
            for (_, change) in &mut model.changes {
                if let crate::model::Change::Staff { scheduled, .. } = change {
                    *scheduled = staff;
                }
            }
        }
        let options = Options { replications: None, seed: Some(3) };
        let asked = Asked { keep: Keep::ObservationsAndEvents, ..Asked::NOTHING };
        let mut study = Study::new(&model, &options, &asked);
        let paths = ["service_level", "wait.p95", "bot.deflection_rate"].map(str::to_owned);
        let mut baseline = Baseline::new("1.2.3", &study, &[5, 9], &paths);
        for look in [5, 9] {
            study.advance(look, &Control::new(threads)).unwrap();
            baseline.record(&study);
        }
        baseline
    }

    #[test]
    fn what_is_stored_reads_back_as_the_same() {
        let baseline = baseline(1, None);
        let text = baseline.to_text();
        assert_eq!(Baseline::parse(&text), Ok(baseline.clone()));
        assert_eq!(Baseline::parse(&text).unwrap().to_text(), text);
        let level = baseline.figure("service_level").unwrap();
        assert_eq!(level.looks.len(), 2);
        assert_eq!(level.looks[1].as_ref().unwrap().units.len(), 9);
        assert_eq!(level.breakdown.contacts.len(), 2);
        assert_eq!(level.breakdown.contacts[0].intervals.len(), 4);
        let null = baseline.figure("bot.deflection_rate").unwrap();
        assert_eq!(null.looks, [None, None]);
    }

    #[test]
    fn events_are_the_same_on_any_number_of_threads_and_others_with_other_staff() {
        let (one, three) = (baseline(1, None), baseline(3, None));
        assert_eq!(one, three);
        assert_ne!(one.events[0], one.events[1]);
        let other = baseline(1, Some(1));
        assert_ne!(one.events, other.events);
    }

    #[test]
    fn no_damage_is_overlooked_and_none_does_harm() {
        let text = baseline(1, None).to_text();
        for end in (0..text.len() - 2).step_by(23) {
            assert!(Baseline::parse(&text[..end]).is_err(), "cut at {end}");
        }
        for (what, with) in [
            ("\"looks\":[5,9]", "\"looks\":[9,5]"),
            ("\"looks\":[5,9]", "\"looks\":[]"),
            ("\"looks\":[5,9]", "\"looks\":[5]"),
            ("\"seed\":3", "\"seed\":-3"),
            ("\"interval\":1800", "\"interval\":null"),
            ("\"version\":\"1.2.3\"", "\"version\":1"),
            ("\"units\":[", "\"units\":[null,"),
            ("\"figures\":", "\"fugires\":"),
            ("\"baseline\":1", "\"baseline\":\"1\""),
        ] {
            let broken = text.replacen(what, with, 1);
            assert_ne!(broken, text, "{what} is not in it");
            assert!(Baseline::parse(&broken).is_err(), "{with}");
        }
        assert!(matches!(Baseline::parse("[]"), Err(BaselineError::Malformed("baseline"))));
    }

    #[test]
    fn other_customers_are_refused() {
        let baseline = baseline(1, None);
        assert_eq!(baseline.match_run(3, &[5, 9]), Ok(()));
        for (seed, looks) in [(4, &[5, 9][..]), (3, &[5, 10]), (3, &[5])] {
            let error = baseline.match_run(seed, looks).unwrap_err();
            assert!(error.to_string().contains("--update"), "{error}");
        }
    }
}
