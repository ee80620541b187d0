//! When a run starts, and by which clocks: what moments are held against.

use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use crate::time::SimSpan;

/// When something holds: an entry of a step function, the start of a surge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    /// So long after the start of the simulation.
    Offset(SimSpan),
    /// At this clock time of every day, in the zone of whoever it belongs to.
    Clock(civil::Time),
    /// At this local date and time.
    Local(civil::DateTime),
}

/// A step function: each value holds from its moment to the next.
#[derive(Clone, Debug, PartialEq)]
pub enum Steps<T> {
    /// One value throughout.
    Constant(T),
    /// At least one entry, in file order. Before the first moment nothing holds (zero), except
    /// that clock times repeat daily, so the last of a day holds into the next.
    List(Vec<(Moment, T)>),
}

/// What moments are held against.
#[derive(Clone, Debug)]
pub(crate) struct RunClock {
    /// In the zone of the run.
    pub(crate) start: Start,
    pub(crate) run_timezone: TimeZone,
    /// Zone of the moments.
    pub(crate) timezone: TimeZone,
    /// Length of the run, where it is known.
    pub(crate) duration: Option<SimSpan>,
}

/// `run.start`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Start {
    /// Left out.
    Missing,
    /// Written, but a problem.
    Broken,
    /// This local time.
    At(civil::DateTime),
}

impl RunClock {
    /// That of a run of which nothing is known, for want of a readable one.
    pub(crate) fn unknown() -> Self {
        let (run_timezone, timezone) = (TimeZone::UTC, TimeZone::UTC);
        Self { start: Start::Broken, run_timezone, timezone, duration: None }
    }

    /// The same run with the clocks of another zone.
    pub(crate) fn in_zone(&self, timezone: TimeZone) -> Self {
        Self { timezone, ..self.clone() }
    }

    /// The instant at which the run starts.
    pub(crate) fn begin(&self) -> Option<Timestamp> {
        let Start::At(start) = self.start else {
            return None;
        };
        instant(&self.run_timezone, start)
    }

    /// The offset from the start of a moment that happens once, in microseconds; may be negative.
    pub(crate) fn offset(&self, moment: Moment) -> Option<i64> {
        match moment {
            Moment::Offset(span) => Some(span.as_micros()),
            Moment::Clock(_) => None,
            Moment::Local(date) => {
                let begin = self.begin()?.as_microsecond();
                Some(instant(&self.timezone, date)?.as_microsecond() - begin)
            }
        }
    }

    /// The offsets of a moment from the day before the run to the end of the run, or that of one
    /// that happens once; in microseconds. `None`: unknown.
    pub(crate) fn offsets(&self, moment: Moment) -> Option<Vec<i64>> {
        let Moment::Clock(time) = moment else {
            return self.offset(moment).map(|offset| vec![offset]);
        };
        let (begin, zone) = match self.start {
            Start::At(_) => (self.begin()?, &self.timezone),
            // The clock is plain then.
            Start::Missing => {
                let midnight = civil::date(2001, 1, 1).at(0, 0, 0, 0);
                (instant(&TimeZone::UTC, midnight)?, &TimeZone::UTC)
            }
            Start::Broken => return None,
        };
        let days = self.duration?.as_micros() / SimSpan::DAY.as_micros() + 2;
        let first = zone.to_datetime(begin).date();
        // Two whole days hold every clock time: more need not be looked at.
        (-1..=days.min(3))
            .map(|day| {
                let date = first.checked_add(day.days()).ok()?;
                let at = instant(zone, date.to_datetime(time))?;
                Some(at.as_microsecond() - begin.as_microsecond())
            })
            .collect()
    }

    /// Whether a moment comes only when the run is over.
    pub(crate) fn is_after_run(&self, moment: Moment) -> bool {
        match (self.offset(moment), self.duration) {
            (Some(offset), Some(duration)) => offset >= duration.as_micros(),
            _ => false,
        }
    }
}

/// The instant of a local time: one that the clocks skip is the instant of the change, one that
/// occurs twice is the first.
pub(crate) fn instant(timezone: &TimeZone, local: civil::DateTime) -> Option<Timestamp> {
    let ambiguous = timezone.to_ambiguous_timestamp(local);
    let AmbiguousOffset::Gap { after, .. } = ambiguous.offset() else {
        return ambiguous.compatible().ok();
    };
    // Clocks that had been put forward already would show it before the change.
    let before = after.to_timestamp(local).ok()?;
    timezone.following(before).next().map(|change| change.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(zone: &str) -> RunClock {
        let timezone = TimeZone::get(zone).unwrap();
        RunClock {
            start: Start::At(civil::date(2026, 10, 24).at(12, 0, 0, 0)),
            run_timezone: timezone.clone(),
            timezone,
            duration: Some(SimSpan::DAY),
        }
    }

    #[test]
    fn a_date_is_so_far_from_the_start_as_clocks_of_the_zone_run() {
        let moment = Moment::Local(civil::date(2026, 10, 25).at(12, 0, 0, 0));
        let hours = |zone| calendar(zone).offset(moment).map(|micros| micros / 3_600_000_000);
        assert_eq!(hours("UTC"), Some(24));
        assert_eq!(hours("Europe/Berlin"), Some(25), "clocks are put back that night");
    }

    #[test]
    fn moments_of_another_zone_are_those_of_its_clocks() {
        let berlin = calendar("Asia/Shanghai").in_zone(TimeZone::get("Europe/Berlin").unwrap());
        let noon = civil::date(2026, 10, 24).at(12, 0, 0, 0);
        let hours = |micros: i64| micros / 3_600_000_000;
        assert_eq!(berlin.offset(Moment::Local(noon)).map(hours), Some(6));
        let daily = berlin.offsets(Moment::Clock(noon.time())).unwrap();
        let daily: Vec<i64> = daily.into_iter().map(hours).collect();
        assert_eq!(daily, [-18, 6, 31, 55, 79], "clocks are put back on the 25th");
    }

    #[test]
    fn a_clock_time_has_no_single_offset() {
        assert_eq!(calendar("UTC").offset(Moment::Clock(civil::Time::midnight())), None);
    }
}
