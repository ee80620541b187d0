//! Figures nested along their dotted paths.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use super::Number;
use crate::experiment::summary::{Days, Figure, Figures};
use crate::metrics::definition::{BOT_METRICS, CONTACT_METRICS, GROUP_METRICS, Unit};
use crate::stats::Estimate;

/// A figure and what its numbers mean: who writes it for people need not know what it is of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// Value and interval, and the spread over days where it describes a whole day.
    pub figure: Figure,
    /// What the numbers mean.
    pub unit: Unit,
}

/// A figure as `{ "value", "low", "high" }`, with `days` where it describes a whole day.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct FigureRecord {
    value: Number,
    low: Number,
    high: Number,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<DaysRecord>,
}

#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct DaysRecord {
    p05: Number,
    p50: Number,
    p95: Number,
}

impl FigureRecord {
    /// The figure, if its spread over days is known whole or not at all.
    fn read(self) -> Option<Figure> {
        let days = match self.days {
            None => None,
            Some(days) => Some(Days { p05: days.p05.0?, p50: days.p50.0?, p95: days.p95.0? }),
        };
        let estimate = Estimate { value: self.value.0, low: self.low.0, high: self.high.0 };
        Some(Figure { estimate, days })
    }
}

impl From<Figure> for FigureRecord {
    fn from(Figure { estimate, days }: Figure) -> Self {
        let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(Number);
        let days = days.map(|Days { p05, p50, p95 }| DaysRecord {
            p05: p05.into(),
            p50: p50.into(),
            p95: p95.into(),
        });
        Self { value, low, high, days }
    }
}

impl From<Estimate> for FigureRecord {
    fn from(estimate: Estimate) -> Self {
        Figure { estimate, days: None }.into()
    }
}

/// All figures of one scope: `wait.p95` is the member `p95` of the member `wait`, and numbers are
/// places in a list.
#[derive(Clone, Debug)]
pub struct FigureTree<'a>(Cow<'a, Figures>);

impl FigureTree<'_> {
    /// The figure at a path such as `wait.p95`, with its unit.
    pub fn get(&self, path: &str) -> Option<Quantity> {
        let (_, unit) = defined(path)?;
        self.0.get(path).map(|figure| Quantity { figure, unit })
    }

    /// The figures themselves.
    pub fn figures(&self) -> &Figures {
        &self.0
    }
}

impl<'a> From<&'a Figures> for FigureTree<'a> {
    fn from(figures: &'a Figures) -> Self {
        Self(Cow::Borrowed(figures))
    }
}

/// The path as its definition has it, with the unit of its numbers.
fn defined(path: &str) -> Option<(&'static str, Unit)> {
    let of_contacts = CONTACT_METRICS.iter().map(|known| (known.path, known.unit));
    let of_bot = BOT_METRICS.iter().map(|known| (known.path, known.unit));
    let of_groups = GROUP_METRICS.iter().map(|known| (known.path, known.unit));
    of_contacts.chain(of_bot).chain(of_groups).find(|(known, _)| *known == path)
}

impl Serialize for FigureTree<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let figures = self.figures();
        Branch { figures, places: 0..figures.paths().len(), depth: 0 }.serialize(to)
    }
}

/// Figures whose paths begin with the same `depth` bytes: they stand together in the tables.
struct Branch<'f> {
    figures: &'f Figures,
    places: Range<usize>,
    depth: usize,
}

impl<'f> Branch<'f> {
    /// Each word that follows, with the figures below it.
    fn entries(&self) -> impl Iterator<Item = (&'static str, Branch<'f>)> {
        let Self { figures, ref places, depth } = *self;
        let (mut start, end) = (places.start, places.end);
        let paths = figures.paths();
        std::iter::from_fn(move || {
            let path: &'static str = paths[..end].get(start)?;
            let word = path[depth..].split('.').next()?;
            let (first, length) = (start, depth + word.len() + 1);
            start += 1;
            if length <= path.len() {
                let is_below = |other: &&&str| {
                    other.as_bytes().get(..length) == Some(&path.as_bytes()[..length])
                };
                start += paths[start..end].iter().take_while(is_below).count();
            }
            Some((word, Branch { figures, places: first..start, depth: length }))
        })
    }
}

impl Serialize for Branch<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let first = self.figures.paths()[self.places.clone()].first();
        // A path that has ended is a figure.
        let Some(rest) = first.map_or(Some(""), |path| path.get(self.depth..)) else {
            return FigureRecord::from(self.figures.at(self.places.start)).serialize(to);
        };
        if rest.starts_with(|first: char| first.is_ascii_digit()) {
            let mut list = to.serialize_seq(None)?;
            self.entries().try_for_each(|(_, below)| list.serialize_element(&below))?;
            return list.end();
        }
        let mut map = to.serialize_map(None)?;
        self.entries().try_for_each(|(word, below)| map.serialize_entry(word, &below))?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for FigureTree<'_> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut figures = Figures::default();
        read(Value::deserialize(from)?, "", &mut figures).map_err(D::Error::custom)?;
        Ok(Self(Cow::Owned(figures)))
    }
}

/// Adds what stands below a path.
fn read(value: Value, path: &str, figures: &mut Figures) -> Result<(), String> {
    let below =
        |word: &str| if path.is_empty() { word.to_owned() } else { format!("{path}.{word}") };
    match value {
        Value::Object(members) if !members.contains_key("value") => {
            members.into_iter().try_for_each(|(word, value)| read(value, &below(&word), figures))
        }
        Value::Array(entries) => entries
            .into_iter()
            .enumerate()
            .try_for_each(|(at, value)| read(value, &below(&at.to_string()), figures)),
        value => {
            let (path, _) = defined(path).ok_or_else(|| format!("there is no figure `{path}`"))?;
            let figure = serde_json::from_value(value).ok().and_then(FigureRecord::read);
            figures.push(path, figure.ok_or_else(|| format!("`{path}` is no figure"))?);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Figures {
        let mut figures = Figures::default();
        for (place, path) in CONTACT_METRICS.iter().map(|known| known.path).enumerate() {
            let value = place as f64 / 8.0;
            let days = (place % 3 == 0).then_some(Days { p05: 0.0, p50: value, p95: 1e9 });
            figures.push(path, Figure { estimate: Estimate::around(value, 0.1), days });
        }
        figures
    }

    #[test]
    fn figures_with_the_same_beginning_stand_together_in_the_tables() {
        let tables: [Vec<&str>; 3] = [
            CONTACT_METRICS.iter().map(|known| known.path).collect(),
            BOT_METRICS.iter().map(|known| known.path).collect(),
            GROUP_METRICS.iter().map(|known| known.path).collect(),
        ];
        for paths in tables {
            // Else a member would be written twice, and whoever reads takes the last for all.
            let mut left: Vec<&str> = Vec::new();
            for pair in paths.windows(2) {
                let words: Vec<&str> = pair[0].split('.').collect();
                let beginnings = (1..words.len()).map(|count| {
                    let length = words[..count].iter().map(|word| word.len() + 1).sum::<usize>();
                    &pair[0][..length]
                });
                left.extend(beginnings.filter(|beginning| !pair[1].starts_with(beginning)));
                let again = left.iter().find(|beginning| pair[1].starts_with(**beginning));
                assert_eq!(again, None, "{}", pair[1]);
            }
        }
    }

    #[test]
    fn figures_whose_paths_share_words_stand_together_and_read_back() {
        let figures = tree();
        let text = serde_json::to_string(&FigureTree::from(&figures)).unwrap();
        let read: FigureTree<'_> = serde_json::from_str(&text).unwrap();
        let (before, after): (Vec<_>, Vec<_>) =
            (figures.iter().collect(), read.figures().iter().collect());
        assert_eq!(before, after);
    }

    #[test]
    fn numbers_in_paths_are_places_in_a_list() {
        let mut figures = Figures::default();
        for path in ["open_chats.mean", "open_chats.share.0", "open_chats.share.1"] {
            figures.push(path, Figure::default());
        }
        let text = serde_json::to_string(&FigureTree::from(&figures)).unwrap();
        let unknown = r#"{"value":null,"low":null,"high":null}"#;
        assert_eq!(
            text,
            format!(r#"{{"open_chats":{{"mean":{unknown},"share":[{unknown},{unknown}]}}}}"#)
        );
    }

    #[test]
    fn a_figure_brings_its_unit() {
        let figures = tree();
        let tree = FigureTree::from(&figures);
        assert_eq!(tree.get("wait.p95").unwrap().unit, Unit::Seconds);
        assert_eq!(tree.get("service_level").unwrap().unit, Unit::Share);
        assert_eq!(tree.get("wait.p96"), None);
    }

    #[test]
    fn what_is_no_figure_is_told() {
        for (text, message) in [
            (r#"{"waiting":{"value":1,"low":null,"high":null}}"#, "there is no figure `waiting`"),
            (r#"{"wait":{"mean":{"value":"1"}}}"#, "`wait.mean` is no figure"),
        ] {
            let error = serde_json::from_str::<FigureTree<'_>>(text).unwrap_err();
            assert!(error.to_string().contains(message), "{error}");
        }
    }
}
