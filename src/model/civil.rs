//! Clock times and dates to instants.

use jiff::civil::{Date, DateTime, Time, date};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

use crate::scenario::{Moment, Run, Steps};
use crate::time::{SimSpan, SimTime};

/// The civil time of a simulation.
#[derive(Clone, Debug)]
pub(super) struct Civil {
    start: Zoned,
    /// Whether the scenario names a date.
    dated: bool,
}

impl Civil {
    /// The civil time of a run. Without a start the clock is plain: it begins at 00:00 on a
    /// Monday, and every day has 24 hours.
    pub(super) fn new(run: &Run) -> Self {
        let plain = || date(2001, 1, 1).at(0, 0, 0, 0);
        let (local, zone) = match run.start {
            Some(start) => (start, run.timezone.clone()),
            None => (plain(), TimeZone::UTC),
        };
        let start = zone.to_ambiguous_zoned(local).compatible().unwrap_or_else(|_| {
            TimeZone::UTC.to_ambiguous_zoned(plain()).compatible().expect("exists")
        });
        Self { start, dated: run.start.is_some() }
    }

    /// The same instants in the local time of another zone. Without a date every clock is plain.
    pub(super) fn in_zone(&self, zone: Option<&TimeZone>) -> Self {
        match zone {
            Some(zone) if self.dated => {
                Self { start: self.start.with_time_zone(zone.clone()), dated: true }
            }
            _ => self.clone(),
        }
    }

    /// The instant of a local date and time; one that a clock change skips counts as the same
    /// distance after the change, one that occurs twice as the first.
    pub(super) fn instant(&self, local: DateTime) -> SimTime {
        let zone = self.start.time_zone();
        let Ok(zoned) = zone.to_ambiguous_zoned(local).compatible() else {
            return SimTime::NEVER;
        };
        let micros = zoned.timestamp().as_microsecond() - self.start.timestamp().as_microsecond();
        SimTime::from_micros(micros)
    }

    /// The local dates from the day before the start to the day after `end`.
    fn dates(&self, end: SimTime) -> impl Iterator<Item = Date> + '_ {
        let first = self.start.date().saturating_sub(1.day());
        let days = end.as_micros() / SimSpan::DAY.as_micros() + 4;
        (0..days).map_while(move |day| first.checked_add(day.days()).ok())
    }

    /// Midnight at the start of each local day from the one before the start, or of each Monday
    /// for weeks, to the one after `end`.
    pub(super) fn midnights(&self, end: SimTime, weekly: bool) -> Vec<DateTime> {
        let back = if weekly { self.start.date().weekday().to_monday_zero_offset() + 7 } else { 1 };
        let first = self.start.date().saturating_sub(i64::from(back).days());
        let step: i64 = if weekly { 7 } else { 1 };
        let last = self.dates(end).last().unwrap_or(first).saturating_add(step.days());
        let mut all = Vec::new();
        let mut day = first;
        while day <= last {
            all.push(day.at(0, 0, 0, 0));
            let Ok(next) = day.checked_add(step.days()) else {
                break;
            };
            day = next;
        }
        all
    }

    /// The instants at which a moment occurs up to `end`, the last one before the start included
    /// where it repeats.
    pub(super) fn occurrences(&self, moment: Moment, end: SimTime) -> Vec<SimTime> {
        match moment {
            Moment::Offset(offset) => vec![SimTime::START + offset],
            Moment::Local(local) => vec![self.instant(local)],
            Moment::Clock(time) => self.daily(time, end),
        }
    }

    fn daily(&self, time: Time, end: SimTime) -> Vec<SimTime> {
        let all = self.dates(end).map(|date| self.instant(date.to_datetime(time)));
        all.filter(|at| *at <= end).collect()
    }

    /// A step function as instants in order of time; where two entries fall on one instant the
    /// later in the list holds. The first entry is at or before the start.
    pub(super) fn expand<T: Copy>(
        &self,
        steps: &Steps<T>,
        zero: T,
        end: SimTime,
    ) -> Vec<(SimTime, T)> {
        let list = match steps {
            Steps::Constant(value) => return vec![(SimTime::START, *value)],
            Steps::List(list) => list,
        };
        let mut all: Vec<(SimTime, T)> = Vec::new();
        for (moment, value) in list {
            all.extend(self.occurrences(*moment, end).into_iter().map(|at| (at, *value)));
        }
        all.sort_by_key(|(at, _)| *at);
        let started = all.partition_point(|(at, _)| *at <= SimTime::START);
        let held = started.checked_sub(1).map_or(zero, |last| all[last].1);
        all.drain(..started);
        all.insert(0, (SimTime::START, held));
        all.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                earlier.1 = later.1;
            }
            same
        });
        all
    }

    /// Local date and time with offset at an instant, if the scenario names a date.
    pub(super) fn clock(&self, at: SimTime) -> Option<String> {
        if !self.dated {
            return None;
        }
        let zoned = self.start.checked_add(at.as_micros().microseconds()).ok()?;
        Some(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Replications;
    use jiff::civil::time;

    fn civil(start: Option<DateTime>, zone: &str) -> Civil {
        Civil::new(&Run {
            start,
            timezone: TimeZone::get(zone).unwrap(),
            duration: SimSpan::DAY,
            warm_up: SimSpan::ZERO,
            drain: SimSpan::DAY,
            interval: SimSpan::HOUR,
            seed: 1,
            replications: Replications::Fixed(1),
            busyness: 0.0,
        })
    }

    fn hours(list: &[SimTime]) -> Vec<f64> {
        list.iter().map(|at| at.as_seconds() / 3600.0).collect()
    }

    #[test]
    fn a_clock_time_repeats_daily_and_reaches_back_to_the_day_before() {
        let civil = civil(Some(date(2026, 11, 10).at(18, 0, 0, 0)), "Asia/Shanghai");
        let end = SimTime::START + SimSpan::DAY;
        let eight = civil.occurrences(Moment::Clock(time(20, 0, 0, 0)), end);
        assert_eq!(hours(&eight), [-22.0, 2.0]);
        assert_eq!(civil.clock(SimTime::START).unwrap(), "2026-11-10T18:00:00+08:00");
    }

    #[test]
    fn a_day_of_a_clock_change_has_23_or_25_hours() {
        let end = SimTime::START + SimSpan::DAY + SimSpan::DAY;
        let noon = Moment::Clock(time(12, 0, 0, 0));
        let spring = civil(Some(date(2026, 3, 28).at(12, 0, 0, 0)), "Europe/Berlin");
        assert_eq!(hours(&spring.occurrences(noon, end)), [-24.0, 0.0, 23.0, 47.0]);
        let autumn = civil(Some(date(2026, 10, 24).at(12, 0, 0, 0)), "Europe/Berlin");
        assert_eq!(hours(&autumn.occurrences(noon, end)), [-24.0, 0.0, 25.0]);
    }

    #[test]
    fn clock_steps_hold_from_the_day_before() {
        let civil = civil(None, "UTC");
        let steps = Steps::List(vec![
            (Moment::Clock(time(8, 0, 0, 0)), 10),
            (Moment::Clock(time(22, 0, 0, 0)), 2),
        ]);
        let table = civil.expand(&steps, 0, SimTime::START + SimSpan::DAY);
        let seen: Vec<_> = table.iter().map(|(at, n)| (at.as_seconds() / 3600.0, *n)).collect();
        assert_eq!(seen, [(0.0, 2), (8.0, 10), (22.0, 2)]);
    }

    #[test]
    fn nothing_holds_before_the_first_offset() {
        let civil = civil(None, "UTC");
        let steps = Steps::List(vec![(Moment::Offset(SimSpan::HOUR), 3)]);
        let table = civil.expand(&steps, 0, SimTime::START + SimSpan::DAY);
        assert_eq!(table, [(SimTime::START, 0), (SimTime::START + SimSpan::HOUR, 3)]);
    }
}
