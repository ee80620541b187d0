//! The trace: one CSV row per attempt of a contact.

use std::io::{self, Write};

use crate::metrics::trace::TraceRow;
use crate::time::{SimSpan, SimTime};

/// The columns, in order.
const HEADER: [&str; 14] = [
    "replication",
    "contact",
    "attempt",
    "type",
    "priority",
    "arrived",
    "queued",
    "answered",
    "ended",
    "outcome",
    "group",
    "wait",
    "handling",
    "wrap_up",
];

/// Writes trace rows as CSV with a header.
///
/// Times are seconds with exactly six decimals, made from whole microseconds, and empty where they
/// do not apply.
#[derive(Debug)]
pub struct Trace<W: Write> {
    csv: csv::Writer<W>,
    record: csv::ByteRecord,
    field: Vec<u8>,
}

impl<W: Write> Trace<W> {
    /// Begins a trace with its header.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn begin(out: W) -> io::Result<Self> {
        let mut csv = csv::WriterBuilder::new().buffer_capacity(1 << 20).from_writer(out);
        csv.write_byte_record(&csv::ByteRecord::from(HEADER.to_vec())).map_err(cause)?;
        Ok(Self { csv, record: csv::ByteRecord::new(), field: Vec::new() })
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn push(&mut self, row: &TraceRow<'_>) -> io::Result<()> {
        self.record.clear();
        self.number(u64::from(row.replication));
        self.number(row.contact);
        self.number(u64::from(row.attempt));
        self.record.push_field(row.contact_type.as_bytes());
        self.number(u64::from(row.priority));
        self.time(Some(row.arrived));
        self.time(row.queued);
        self.time(row.answered);
        self.time(row.ended);
        self.record.push_field(row.outcome.as_bytes());
        self.record.push_field(row.group.unwrap_or_default().as_bytes());
        self.span(row.wait);
        self.span(row.handling);
        self.span(row.wrap_up);
        self.csv.write_byte_record(&self.record).map_err(cause)
    }

    /// Where the trace goes.
    pub fn target(&self) -> &W {
        self.csv.get_ref()
    }

    /// Writes what is left.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn flush(&mut self) -> io::Result<()> {
        self.csv.flush()
    }

    /// Writes what is left and gives the writer back.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn end(self) -> io::Result<W> {
        self.csv.into_inner().map_err(csv::IntoInnerError::into_error)
    }

    fn number(&mut self, number: u64) {
        self.with_field(|field| write!(field, "{number}"));
    }

    fn time(&mut self, at: Option<SimTime>) {
        self.micros(at.map(SimTime::as_micros));
    }

    fn span(&mut self, span: Option<SimSpan>) {
        self.micros(span.map(SimSpan::as_micros));
    }

    fn micros(&mut self, micros: Option<i64>) {
        self.with_field(|field| micros.map_or(Ok(()), |micros| write_seconds(micros, field)));
    }

    fn with_field(&mut self, write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) {
        self.field.clear();
        write(&mut self.field).expect("writing to memory does not fail");
        self.record.push_field(&self.field);
    }
}

/// The writer's own error, so that a closed pipe is still known as one.
pub(super) fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Seconds with six decimals, without a float in between.
fn write_seconds(micros: i64, out: &mut impl Write) -> io::Result<()> {
    let sign = if micros < 0 { "-" } else { "" };
    let micros = micros.unsigned_abs();
    write!(out, "{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> TraceRow<'static> {
        TraceRow {
            replication: 1,
            contact: 42,
            attempt: 2,
            contact_type: "refund, \"urgent\"",
            priority: 5,
            arrived: SimTime::from_micros(-1),
            queued: Some(SimTime::from_micros(90_000_001)),
            answered: None,
            ended: Some(SimTime::from_micros(100_500_000)),
            outcome: "abandoned",
            group: None,
            wait: Some(SimSpan::from_micros(10_499_999)),
            handling: None,
            wrap_up: None,
        }
    }

    #[test]
    fn rows_are_exact_quoted_and_empty_where_nothing_applies() {
        let mut trace = Trace::begin(Vec::new()).unwrap();
        trace.push(&row()).unwrap();
        let text = String::from_utf8(trace.end().unwrap()).unwrap();
        assert_eq!(
            text,
            "replication,contact,attempt,type,priority,arrived,queued,answered,ended,outcome,\
             group,wait,handling,wrap_up\n\
             1,42,2,\"refund, \"\"urgent\"\"\",5,-0.000001,90.000001,,100.500000,abandoned,,\
             10.499999,,\n"
        );
    }

    #[test]
    fn seconds_have_six_decimals_at_both_ends() {
        for (micros, text) in [
            (0, "0.000000"),
            (i64::MAX, "9223372036854.775807"),
            (i64::MIN, "-9223372036854.775808"),
        ] {
            let mut out = Vec::new();
            write_seconds(micros, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}
