//! Clock times and dates to instants.

use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

use crate::scenario::{Moment, Run, Steps, instant};
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
        let start = instant(&zone, local).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { start: start.to_zoned(zone), dated: run.start.is_some() }
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

    /// The instant of a local date and time, as [`instant`] has it.
    pub(super) fn instant(&self, local: DateTime) -> SimTime {
        let Some(at) = instant(self.start.time_zone(), local) else {
            return SimTime::NEVER;
        };
        SimTime::from_micros(at.as_microsecond() - self.start.timestamp().as_microsecond())
    }

    /// What the clocks show at an instant.
    fn local(&self, at: SimTime) -> DateTime {
        let zoned = self.start.checked_add(at.as_micros().microseconds());
        zoned.map_or(DateTime::MAX, |zoned| zoned.datetime())
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
        self.by_clock(moment, end).into_iter().map(|(at, _)| at).collect()
    }

    /// The same, each with what the clock was to show.
    fn by_clock(&self, moment: Moment, end: SimTime) -> Vec<(SimTime, DateTime)> {
        match moment {
            Moment::Offset(offset) => {
                let at = SimTime::START + offset;
                vec![(at, self.local(at))]
            }
            Moment::Local(local) => vec![(self.instant(local), local)],
            Moment::Clock(time) => {
                let all = self.dates(end).map(|date| date.to_datetime(time));
                let all = all.map(|local| (self.instant(local), local));
                all.filter(|(at, _)| *at <= end).collect()
            }
        }
    }

    /// The windows from one moment to another that begin up to `end`. A daily window that ends
    /// before it begins, by the clock, ends on the next day; one that a clock change skips has no
    /// length, and is left out.
    pub(super) fn windows(
        &self,
        (from, to): (Moment, Moment),
        end: SimTime,
    ) -> Vec<(SimTime, SimTime)> {
        let starts = self.by_clock(from, end).into_iter();
        let last = |local: DateTime| match (from, to) {
            (Moment::Clock(begin), Moment::Clock(close)) => {
                let days = i64::from(close <= begin);
                let date = local.date().saturating_add(days.days());
                self.instant(date.to_datetime(close))
            }
            _ => self.occurrences(to, SimTime::NEVER).first().copied().unwrap_or(SimTime::NEVER),
        };
        let windows = starts.map(|(start, local)| (start, last(local)));
        windows.filter(|(start, last)| start < last).collect()
    }

    /// A step function as instants in order of time; of entries that a clock change puts on one
    /// instant, the latest by the clock holds. The first entry is at or before the start.
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
        let mut all: Vec<((SimTime, DateTime), T)> = Vec::new();
        for (moment, value) in list {
            all.extend(self.by_clock(*moment, end).into_iter().map(|place| (place, *value)));
        }
        all.sort_by_key(|(place, _)| *place);
        let mut all: Vec<(SimTime, T)> =
            all.into_iter().map(|((at, _), value)| (at, value)).collect();
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
