//! How many contacts of a type come, and when.

use crate::format::{
    Key, ReadLocated, ReadName, ReadNumber, ReadRate, ReadSpan, ReadSteps, ReadTable, Record,
    Section, Steps, TableKeys, duration, key, located, number, steps, table,
};
use std::sync::Arc;

use crate::time::SimSpan;

use super::data::{self, Dimension};
use super::recorded::{self, LogColumns, MustTell, Recorded};

/// How many contacts come.
#[derive(Clone, Debug)]
pub enum Demand {
    /// Contacts per second, times the profile's weight.
    Rate(Steps<f64>),
    /// Contacts per day of 24 hours, spread over the profile's shape (evenly without a profile).
    Daily(f64),
    /// Contacts expected in each interval from the start on; after the last one nobody comes.
    Counts {
        /// Length of an interval; more than 0.
        interval: SimSpan,
        /// Expected contacts, none negative.
        counts: Vec<f64>,
    },
    /// The contacts of a log, as they were, on every day.
    Recorded(Arc<Recorded>),
}

pub(super) const RATE: Key<ReadSteps<ReadRate>> =
    key("rate", steps(ReadRate, "rate", "rate", ("\"08:00\"", "\"6/min\"")))
        .without("`daily`, `counts` or `recorded` instead")
        .means("arrivals, times the profile's weight; a step function too")
        .example("\"9000/h\"");
pub(super) const DAILY: Key<ReadNumber> = key("daily", number())
    .without("`rate` instead")
    .means("arrivals per day, spread over the profile's shape")
    .example("216000");
pub(super) const COUNTS: Key<ReadTable<ReadCounts>> = key("counts", table())
    .optional()
    .means("arrivals expected per interval, from a CSV file; instead of `rate`, without `profile`")
    .example("{ file = \"counts.csv\", column = \"refund\", interval = \"30m\" }")
    .note(
        "Row 1 of the file is the interval from the start of the run, row 2 the next one, whatever the\n\
         other columns say. Each is an expected number, spread evenly over its interval: `6.5` is fine.\n\
         After the last row nobody comes; rows after the end of the run do not count. `busyness` and\n\
         surges work on counts as on a rate.",
    );
pub(super) const RECORDED: Key<ReadTable<LogColumns>> = key("recorded", table())
    .optional()
    .means("replays a log; instead of `rate`, without `profile` and `busyness`")
    .example("{ file = \"log.csv\", time = \"arrived\", handling = \"handled\", patience = \"waited\" }")
    .note(
        "Every replication has the contacts of the log, at their times, whatever their order in the\n\
         file; all else is drawn. A time is a number of seconds from the start, a duration such as\n\
         `1h 30m`, or a date-time such as `2026-11-10 20:00:03.5`, with `T` or a space between date and\n\
         time. Date-times need `run.start`; they are local times of `run.timezone` unless they carry an\n\
         offset such as `+08:00` or `Z`. A local time that clocks show twice counts as the first. Rows\n\
         outside of the run, before its start or from its end on, are left out and not read further.\n\
         Where a log knows the handling of a contact, groups divide it by their speed, as they do with\n\
         what is drawn; a blank is drawn from `handling`. A blank patience waits for ever. A retry keeps\n\
         what the log says. Surges and busyness leave logs as they are: a surge that names such a type is\n\
         a problem, and one that names no types (with its `deflection_factor`) passes over it.",
    );

impl Demand {
    /// Reads it out of a contact type. `has_handling`: a log need not tell that of its contacts.
    pub(super) fn read(section: &Section<'_>, has_handling: bool) -> Option<Self> {
        let (rate, daily) = (section.take(&RATE), section.take(&DAILY));
        let counts = section.take(&COUNTS).map(|read| read.0);
        let must_tell = if has_handling { MustTell::Nothing } else { MustTell::Handling };
        let log = section.take(&RECORDED);
        let log = log.and_then(|columns| recorded::recorded(section.context, &columns, must_tell));
        let log = log.map(|log| Self::Recorded(Arc::new(log)));
        rate.map(Self::Rate).or(daily.map(Self::Daily)).or(counts).or(log)
    }
}

/// [`Demand::Counts`].
pub(super) struct ReadCounts(Demand);

const FILE: Key<ReadLocated<ReadName>> = key("file", located(ReadName))
    .means("a CSV file with a header, relative to the folder of this file")
    .example("\"counts.csv\"");
const COLUMN: Key<ReadLocated<ReadName>> = key("column", located(ReadName))
    .means("the column with the counts: numbers from 0, the first row from the start")
    .example("\"refund\"");
const INTERVAL: Key<ReadSpan> =
    key("interval", duration().positive()).means("length that each row covers").example("\"30m\"");

impl Record for ReadCounts {
    const KEYS: &'static TableKeys = &TableKeys { keys: &[&FILE, &COLUMN, &INTERVAL], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (file, column) = (section.take(&FILE), section.take(&COLUMN));
        let interval = section.take(&INTERVAL);
        let counts = data::column(section.context, &file?, &column?, Dimension::Number);
        Some(Self(Demand::Counts { interval: interval?, counts: counts? }))
    }
}
