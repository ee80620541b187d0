//! Clock times on days on which clocks change, against a calendar of the test's own: a table of what
//! the clock shows at each minute of a run.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use surgecast::model::{Change, Model};
use surgecast::time::SimTime;

use crate::support::scenario;

const DAY: i64 = 24 * 60;
const DAYS: i64 = 3;

/// A zone around a change of its clocks.
struct Zone {
    name: &'static str,
    /// The day before the change; the run starts with it.
    first: Date,
    /// Minutes that its clocks are ahead of UTC before the change.
    ahead: i64,
    /// The minute of the second day, by the clocks before the change, at which they change.
    change: i64,
    /// Minutes by which they are put forward.
    forward: i64,
}

const ZONES: [Zone; 6] = [
    Zone { name: "Europe/Berlin", first: date(2026, 3, 28), ahead: 60, change: 120, forward: 60 },
    Zone {
        name: "Europe/Berlin",
        first: date(2026, 10, 24),
        ahead: 120,
        change: 180,
        forward: -60,
    },
    Zone {
        name: "America/New_York",
        first: date(2026, 3, 7),
        ahead: -300,
        change: 120,
        forward: 60,
    },
    Zone {
        name: "America/New_York",
        first: date(2026, 10, 31),
        ahead: -240,
        change: 120,
        forward: -60,
    },
    Zone {
        name: "Australia/Lord_Howe",
        first: date(2026, 10, 3),
        ahead: 630,
        change: 120,
        forward: 30,
    },
    Zone {
        name: "Australia/Lord_Howe",
        first: date(2026, 4, 4),
        ahead: 660,
        change: 120,
        forward: -30,
    },
];

impl Zone {
    /// What the clocks show a minute of the run: minutes since the midnight of its start.
    fn shown(&self, minute: i64) -> i64 {
        if minute < DAY + self.change { minute } else { minute + self.forward }
    }

    /// The first minute at which the clocks show so much, or more because they skip it.
    fn minute(&self, day: i64, clock: &str) -> i64 {
        let target = day * DAY + clock_minutes(clock);
        let mut all = -2 * DAY..(DAYS + 2) * DAY;
        all.find(|minute| self.shown(*minute) >= target).unwrap()
    }

    /// When entries with clock times begin, in the order of the clock.
    fn begin<T: Copy>(&self, entries: &[(&str, T)]) -> Vec<(i64, T)> {
        let mut entries = entries.to_vec();
        entries.sort_by_key(|(clock, _)| clock_minutes(clock));
        let days = -1..=DAYS;
        let all = days.flat_map(|day| {
            entries.iter().map(move |(clock, value)| (self.minute(day, clock), *value))
        });
        all.collect()
    }

    /// When windows begin and end; one that ends before it begins ends on the next day.
    fn spans(&self, windows: &[(&str, &str)]) -> Vec<std::ops::Range<i64>> {
        let all = (-1..=DAYS).flat_map(|day| {
            windows.iter().map(move |(from, to)| {
                let last = day + i64::from(clock_minutes(to) <= clock_minutes(from));
                self.minute(day, from)..self.minute(last, to)
            })
        });
        all.collect()
    }

    /// The start of the run on the clocks of a zone that is so many minutes ahead of UTC.
    fn start(&self, ahead: i64) -> String {
        let midnight = self.first.at(0, 0, 0, 0);
        midnight.checked_add((ahead - self.ahead).minutes()).unwrap().to_string()
    }
}

/// Of entries in the order of the clock the last that has begun.
fn held<T: Copy>(entries: &[(i64, T)], minute: i64) -> T {
    let begun = entries.iter().filter(|(from, _)| *from <= minute);
    begun.last().unwrap().1
}

fn clock_minutes(clock: &str) -> i64 {
    let (hours, minutes) = clock.split_once(':').unwrap();
    hours.parse::<i64>().unwrap() * 60 + minutes.parse::<i64>().unwrap()
}

fn at(minute: i64) -> SimTime {
    SimTime::from_micros(minute * 60_000_000)
}

/// The state after all changes up to a minute.
fn after<T>(model: &Model, minute: i64, start: T, state: impl Fn(&Change) -> Option<T>) -> T {
    let until = at(minute);
    let changes = model.changes.iter().take_while(|(when, _)| *when <= until);
    changes.filter_map(|(_, change)| state(change)).last().unwrap_or(start)
}

/// Entries that fall before, into and behind the changes, not in the order of the clock.
const STEPS: [(&str, u32); 8] = [
    ("02:50", 5),
    ("00:00", 1),
    ("02:10", 3),
    ("03:15", 6),
    ("02:20", 4),
    ("01:45", 2),
    ("02:00", 9),
    ("12:00", 7),
];

const WINDOWS: [(&str, &str); 6] = [
    ("01:30", "02:10"),
    ("02:12", "02:25"),
    ("02:40", "02:55"),
    ("03:00", "03:10"),
    ("03:20", "05:00"),
    ("22:00", "01:00"),
];

fn steps(key: &str, unit: &str) -> String {
    let quote = if unit.is_empty() { "" } else { "\"" };
    let entries = STEPS.map(|(clock, value)| {
        format!("{{ from = \"{clock}\", {key} = {quote}{value}{unit}{quote} }}")
    });
    format!("[{}]", entries.join(", "))
}

fn model(zone: &Zone, minutes: i64, more: &str) -> Model {
    Model::compile(&scenario(&format!(
        "run = {{ start = {}, timezone = \"{}\", duration = \"{minutes}m\", drain = \"0s\" }}\n{more}",
        zone.start(zone.ahead),
        zone.name,
    )))
}

const GROUP: &str = "[groups.g]\nskills = [\"c\"]\n";

#[test]
fn staff_holds_by_the_clock_of_the_run_and_of_the_group() {
    for zone in &ZONES {
        let contact = "[contacts.c]\nrate = \"1/h\"\nhandling = { fixed = { value = \"1s\" } }\n";
        let staff = format!("{contact}{GROUP}staff = {}\n", steps("agents", ""));
        let own = model(zone, DAYS * DAY, &staff);
        // The same instants, in a run of another zone.
        let other = Model::compile(&scenario(&format!(
            "run = {{ start = {}, timezone = \"Asia/Shanghai\", duration = \"{}m\", drain = \"0s\" }}\n\
             {staff}timezone = \"{}\"",
            zone.start(480),
            DAYS * DAY,
            zone.name
        )));
        let begin = zone.begin(&STEPS);
        for minute in 0..DAYS * DAY {
            let expected = held(&begin, minute);
            for model in [&own, &other] {
                let staff = after(model, minute, 0, |change| match change {
                    Change::Staff { scheduled, .. } => Some(*scheduled),
                    _ => None,
                });
                assert_eq!(staff, expected, "{} at {minute}", zone.name);
            }
        }
    }
}

#[test]
fn hours_open_and_close_by_the_clock() {
    let windows =
        WINDOWS.map(|(from, to)| format!("{{ from = \"{from}\", to = \"{to}\" }}")).join(", ");
    let contact = format!(
        "[contacts.c]\nrate = \"1/h\"\nhandling = {{ fixed = {{ value = \"1s\" }} }}\n\
         hours = [{windows}]\n{GROUP}staff = 1"
    );
    for zone in &ZONES {
        let model = model(zone, DAYS * DAY, &contact);
        let spans = zone.spans(&WINDOWS);
        for minute in 0..DAYS * DAY {
            let open = after(&model, minute, false, |change| match change {
                Change::Hours { open, .. } => Some(*open),
                _ => None,
            });
            let expected = spans.iter().any(|span| span.contains(&minute));
            assert_eq!(open, expected, "{} at {minute}", zone.name);
        }
    }
}

#[test]
fn rates_profiles_and_shares_hold_by_the_clock() {
    let quarters: Vec<u32> = (0..96).map(|quarter| 1 + quarter * quarter % 7).collect();
    let clocks: Vec<String> =
        (0..96).map(|quarter| format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15)).collect();
    let weights: Vec<(&str, u32)> =
        clocks.iter().map(String::as_str).zip(quarters.iter().copied()).collect();
    let with_rate = format!(
        "[contacts.c]\nrate = {}\nhandling = {{ fixed = {{ value = \"1s\" }} }}\n\
         [contacts.c.bot]\ndeflection = {}\nsession = {{ fixed = {{ value = \"1s\" }} }}\n\
         {GROUP}staff = 1",
        steps("rate", "/min"),
        steps("deflection", "%"),
    );
    let with_profile = format!(
        "[profiles.p]\ninterval = \"15m\"\nweights = {quarters:?}\n\
         [contacts.c]\nrate = \"1/min\"\nprofile = \"p\"\n\
         handling = {{ fixed = {{ value = \"1s\" }} }}\n{GROUP}staff = 1"
    );
    for zone in &ZONES {
        let (mut rates, mut profile) = (0.0, 0.0);
        let (by_step, by_weight) = (zone.begin(&STEPS), zone.begin(&weights));
        for minute in 0..DAYS * DAY {
            rates += f64::from(held(&by_step, minute));
            profile += f64::from(held(&by_weight, minute));
            let is_close = (DAY + 60..DAY + 300).contains(&minute);
            if is_close && minute % 5 != 4 || !is_close && minute % 240 != 239 {
                continue;
            }
            let by_rate = model(zone, minute + 1, &with_rate);
            for (model, expected) in
                [(&by_rate, rates), (&model(zone, minute + 1, &with_profile), profile)]
            {
                let found = model.expected_arrivals();
                assert!((found - expected).abs() < 1e-6, "{}: {found} {expected}", zone.name);
            }
            let bot = by_rate.contact_types[0].bot.as_ref().unwrap();
            let expected = f64::from(held(&by_step, minute)) / 100.0;
            assert!((bot.deflection.at(at(minute)) - expected).abs() < 1e-12);
        }
    }
}

#[test]
fn shifts_breaks_and_outages_begin_by_the_clock_and_last_their_length() {
    for zone in &ZONES {
        let model = model(
            zone,
            DAYS * DAY,
            "[contacts.c]\nrate = \"1/h\"\nhandling = { fixed = { value = \"1s\" } }\n\
             [bot]\noutages = [{ start = \"02:25\", length = \"10m\", capacity = 0 }]\n\
             [groups.g]\nskills = [\"c\"]\nshifts = [{ start = \"02:20\", length = \"2h\", \
             agents = 2, breaks = [{ after = \"10m\", length = \"5m\" }] }]",
        );
        let happens = |is: fn(&Change) -> bool| -> Vec<SimTime> {
            let all = model.changes.iter().filter(|(_, change)| is(change));
            all.map(|(at, _)| *at).collect()
        };
        let days = |clock: &str, later: i64| -> Vec<SimTime> {
            (0..DAYS).map(|day| at(zone.minute(day, clock) + later)).collect()
        };
        assert_eq!(happens(|change| matches!(change, Change::ShiftStart(_))), days("02:20", 0));
        assert_eq!(happens(|change| matches!(change, Change::ShiftEnd(_))), days("02:20", 120));
        assert_eq!(happens(|change| matches!(change, Change::BreakDue(..))), days("02:20", 10));
        let is_down = |change: &Change| matches!(change, Change::Bot { capacity: 0, .. });
        assert_eq!(happens(is_down), days("02:25", 0), "{}", zone.name);
    }
}
