//! Logs that are replayed: arrival times, and what is known of each contact.

use std::cell::Cell;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::AmbiguousOffset;

use crate::format::units::{self, shorten};
use crate::format::{
    Context, Key, Located, Problem, ReadLocated, ReadName, Record, RunClock, Section, Start,
    TableKeys, key, located, looks_like_date,
};
use crate::time::{SimSpan, SimTime};

use super::data::{self, DataFile, Dimension, Refusal};

/// What to write into a cell of the time column.
const TIMES: &str = "write seconds from the start, such as `95.5`, or a date-time, such as \
                     `2026-11-10T18:00:00`";

/// Reads the dates of RFC 3339 and ISO 8601, with `T` or a space before the time.
static DATES: DateTimeParser = DateTimeParser::new();

/// A log to replay.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// When contacts arrive, in order of time; all within the run.
    pub times: Vec<SimTime>,
    /// The agent time at speed 1 of each, as far as the log tells; `None`: it has no such column.
    pub handling: Option<Vec<Option<SimSpan>>>,
    /// The patience of each, `None`: waits for ever. Without such a column it is drawn.
    pub patience: Option<Vec<Option<SimSpan>>>,
}

/// The columns of a log, as they are written.
pub(super) struct LogColumns {
    file: Located<String>,
    time: Located<String>,
    handling: Option<Located<String>>,
    patience: Option<Located<String>>,
}

const FILE: Key<ReadLocated<ReadName>> = key("file", located(ReadName))
    .means("a CSV file with a header and a row per contact, relative to the folder of this file")
    .example("\"log.csv\"");
const TIME: Key<ReadLocated<ReadName>> = key("time", located(ReadName))
    .means("the column with arrival times: seconds from the start, or date-times")
    .example("\"arrived\"");
const HANDLING: Key<ReadLocated<ReadName>> = key("handling", located(ReadName))
    .without("drawn from `handling`")
    .means(
        "the column with agent times at speed 1, wrap-up aside: seconds, or durations with a unit",
    )
    .example("\"handled\"");
const PATIENCE: Key<ReadLocated<ReadName>> = key("patience", located(ReadName))
    .without("drawn from `patience`")
    .means("the column with patience: seconds, or durations with a unit; blank waits for ever")
    .example("\"waited\"");

impl Record for LogColumns {
    const KEYS: &'static TableKeys =
        &TableKeys { keys: &[&FILE, &TIME, &HANDLING, &PATIENCE], rules: &[] };

    fn read(section: &Section<'_>) -> Option<Self> {
        let (file, time) = (section.take(&FILE), section.take(&TIME));
        let (handling, patience) = (section.take(&HANDLING), section.take(&PATIENCE));
        Some(Self { file: file?, time: time?, handling, patience })
    }
}

/// Reads the log. `must_tell`: that contacts take their handling from nowhere else, so that no cell
/// of it may be blank.
pub(super) fn recorded(
    context: &Context<'_>,
    names: &LogColumns,
    must_tell: MustTell,
) -> Option<Recorded> {
    let calendar = context.calendar()?;
    let file = DataFile::open(context, &names.file)?;
    let column = |name: &Option<Located<String>>| match name {
        None => Some(None),
        Some(name) => file.column(context, name).map(Some),
    };
    let time = &names.time;
    let columns = (file.column(context, time), column(&names.handling), column(&names.patience));
    let columns = Columns { time: columns.0?, handling: columns.1?, patience: columns.2? };
    let label = file.label().to_owned();
    let clock =
        Clock { calendar: &calendar, begin: calendar.begin(), needs_start: Cell::new(false) };
    let mut rows = Rows::default();
    let read = file.rows(context, |row| rows.read(row, &columns, &clock, must_tell));
    if clock.needs_start.get() && calendar.start == Start::Missing {
        let message = format!("`{label}` has dates: they need to know when the run starts");
        let help = "write `run.start`, or give seconds from the start";
        context.report(Problem::new("date-without-start", &time.place, message).help(help));
    }
    read?;
    if rows.times.is_empty() {
        let length = calendar.duration?;
        let message = format!("no contact of `{label}` arrives within the run of `{length}`");
        let help = match calendar.start {
            Start::At(start) => format!("the run starts at `{start}`: see `run.start`"),
            _ => "times are seconds from the start, or dates with a `run.start`".to_owned(),
        };
        context.report(Problem::new("recorded-outside-run", &time.place, message).help(help));
        return None;
    }
    Some(rows.sorted(&columns))
}

/// Whether the log is all that tells how long handling takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MustTell {
    /// Blank handling is a problem.
    Handling,
    /// Blank handling is drawn.
    Nothing,
}

/// Where cells stand in a row.
struct Columns {
    time: usize,
    handling: Option<usize>,
    patience: Option<usize>,
}

/// The rows within the run so far; lists of columns that the log lacks stay empty.
#[derive(Default)]
struct Rows {
    times: Vec<SimTime>,
    handling: Vec<Option<SimSpan>>,
    patience: Vec<Option<SimSpan>>,
}

impl Rows {
    fn read(
        &mut self,
        row: &csv::ByteRecord,
        columns: &Columns,
        clock: &Clock<'_>,
        must_tell: MustTell,
    ) -> Result<(), Refusal> {
        let time = data::text(row, columns.time).and_then(|text| clock.time(text));
        let Some(time) = time.map_err(|why| Refusal::Cell(columns.time, why, TIMES))? else {
            return Err(Refusal::Stop);
        };
        if !clock.is_within(time) {
            return Ok(());
        }
        let handling = columns.handling.map(|at| span(row, at)).transpose()?;
        if let (Some(at), Some(None), MustTell::Handling) = (columns.handling, handling, must_tell)
        {
            let why = "the cell is empty, and the contact type has no `handling`".to_owned();
            return Err(Refusal::Cell(at, why, Dimension::Time.cells()));
        }
        let patience = columns.patience.map(|at| span(row, at)).transpose()?;
        self.times.push(time);
        self.handling.extend(handling);
        self.patience.extend(patience);
        Ok(())
    }

    /// All rows in order of time, those of the same time in order of the file.
    fn sorted(self, columns: &Columns) -> Recorded {
        let Self { times, handling, patience } = self;
        let mut log = Recorded {
            times,
            handling: columns.handling.map(|_| handling),
            patience: columns.patience.map(|_| patience),
        };
        if !log.times.is_sorted() {
            let mut order: Vec<usize> = (0..log.times.len()).collect();
            order.sort_by_key(|row| log.times[*row]);
            log.times = order.iter().map(|row| log.times[*row]).collect();
            for column in [&mut log.handling, &mut log.patience].into_iter().flatten() {
                *column = order.iter().map(|row| column[*row]).collect();
            }
        }
        log
    }
}

/// A cell with a length of time; `None`: it is blank.
fn span(row: &csv::ByteRecord, at: usize) -> Result<Option<SimSpan>, Refusal> {
    let seconds = data::text(row, at).and_then(|text| data::number(text, Dimension::Time));
    let seconds = seconds.map_err(|why| Refusal::Cell(at, why, Dimension::Time.cells()))?;
    Ok(seconds.map(SimSpan::from_seconds))
}

/// What the times of a log are held against.
struct Clock<'c> {
    calendar: &'c RunClock,
    /// When the run starts.
    begin: Option<Timestamp>,
    /// Whether a date was met without it.
    needs_start: Cell<bool>,
}

impl Clock<'_> {
    fn is_within(&self, time: SimTime) -> bool {
        let before_end = |length| time < SimTime::START + length;
        time >= SimTime::START && self.calendar.duration.is_none_or(before_end)
    }

    /// The instant that a cell means; `None`: it is a date, and nobody knows when the run starts.
    fn time(&self, text: &str) -> Result<Option<SimTime>, String> {
        if looks_like_date(text) {
            let Some(begin) = self.begin else {
                self.needs_start.set(true);
                return Ok(None);
            };
            let at = self.date(text)?;
            let micros = at.as_microsecond() - begin.as_microsecond();
            return Ok(Some(SimTime::from_micros(micros)));
        }
        if text.is_empty() {
            return Err("the cell is empty".to_owned());
        }
        let wrong = || format!("`{}` is neither seconds nor a date-time", shorten(text));
        let seconds = match text.parse::<f64>() {
            Ok(seconds) if seconds.is_finite() => seconds,
            Ok(_) => return Err(wrong()),
            Err(_) => units::duration(text).map_err(|_| wrong())?,
        };
        Ok(Some(SimTime::from_seconds(seconds)))
    }

    /// A date-time with an offset from UTC, or a local one of the run's zone.
    fn date(&self, text: &str) -> Result<Timestamp, String> {
        let wrong = || format!("`{}` is no date-time of the calendar", shorten(text));
        let Some(time) = text.get(10..).filter(|time| !time.is_empty()) else {
            return Err(format!("`{}` has no time of day", shorten(text)));
        };
        if time.contains(['Z', 'z', '+', '-']) {
            return DATES.parse_timestamp(text).map_err(|_| wrong());
        }
        let local = DATES.parse_datetime(text).map_err(|_| wrong())?;
        let zone = &self.calendar.run_timezone;
        let at = zone.to_ambiguous_timestamp(local);
        if let AmbiguousOffset::Gap { .. } = at.offset() {
            let zone = zone.iana_name().unwrap_or("UTC");
            return Err(format!("clocks in `{zone}` skip `{local}`"));
        }
        at.compatible().map_err(|_| wrong())
    }
}
